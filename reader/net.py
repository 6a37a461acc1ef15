"""The one door to the network: limits, validators, politeness.

One thread runs one event loop, and every request of the program runs there. A server can make a fetch fail, but it
can't make it last, grow, leak a password or a validator to somebody else, or reach into the person's own network.
"""

from __future__ import annotations

import asyncio
import base64
import re
import socket
import ssl
import threading
import zlib
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator, Sequence
from concurrent.futures import Future
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from types import TracebackType
from typing import Any, Self, TypeVar
from urllib.request import getproxies, proxy_bypass
from weakref import WeakValueDictionary

import httpcore
import httpx

from reader import __version__
from reader.text import one_line

T = TypeVar("T")
Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

USER_AGENT = f"newsreader/{__version__} (+https://pypi.org/project/newsreader-tui/; terminal news reader)"
FEED = "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, */*;q=0.5"
"""What to accept when asking for a feed."""
PAGE = "text/html, application/xhtml+xml, */*;q=0.5"
"""What to accept when asking for an article."""

_REDIRECTS = 10
_PERMANENT = frozenset({301, 308})
_TEMPORARY = frozenset({302, 303, 307})
_PER_HOST = 2
_AT_ONCE = 32
_LONGEST_WAIT = timedelta(days=30)
_LONGEST_AGE = 365 * 86400
_CONNECT = 4.0
"""Seconds for one of a host's several addresses, so that a dead one leaves time for the next."""


class NetError(Exception):
    """A fetch that failed; the message is one plain sentence without secrets."""

    def __init__(self, message: str, *, status: int | None = None, retry_after: datetime | None = None) -> None:
        super().__init__(message)
        self.status = status
        """What the server answered, if it answered."""
        self.retry_after = retry_after
        """The server asks not to be asked again before this instant."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """What a server gave."""

    url: str
    """Where the body came from, after redirects and without user name and password."""
    status: int
    """200, or 304 when the validators sent still hold."""
    body: bytes
    """Decompressed; empty on 304."""
    content_type: str | None = None
    etag: str | None = None
    """Byte for byte as Latin-1; None after a redirect, for it belongs to another URL than the one asked for."""
    modified: str | None = None
    """The Last-Modified header, likewise."""
    max_age: int | None = None
    """Seconds for which the server says that asking again is idle."""
    moved_to: str | None = None
    """The new address, when every redirect was permanent and the old address carries no password."""


class Net:
    """Fetches over http and https from the net's own thread; used as a context manager or with `start` and `close`."""

    def __init__(
        self,
        *,
        now: Callable[[], datetime],
        allow_private: Sequence[Network] = (),
        deadline: float = 30.0,
        max_body: int = 10 * 2**20,
    ) -> None:
        self._now = now
        self._guard = _Guard(tuple(allow_private))
        self._deadline = deadline
        self._max_body = max_body
        self._hosts: WeakValueDictionary[str, asyncio.Semaphore] = WeakValueDictionary()
        self._slots = asyncio.Semaphore(_AT_ONCE)
        self._transports: dict[str | None, httpx.AsyncHTTPTransport] = {}
        self._stop = asyncio.Event()
        self._ready: Future[asyncio.AbstractEventLoop] = Future()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()), name="net", daemon=True)

    def start(self) -> None:
        """Start the thread; nothing is sent before the first fetch."""
        self._thread.start()
        self._ready.result()

    def close(self) -> None:
        """Break off every fetch under way and end the thread."""
        if self._thread.is_alive():
            self._ready.result().call_soon_threadsafe(self._stop.set)
            self._thread.join()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def submit(self, coro: Coroutine[Any, Any, T]) -> Future[T]:
        """Run `coro`, such as `get(url)`, on the net's loop; call from any other thread."""
        try:
            return asyncio.run_coroutine_threadsafe(coro, self._ready.result(timeout=0))
        except (RuntimeError, TimeoutError):
            coro.close()
            raise NetError("the network is not in use at the moment") from None

    def fetch(self, url: str, *, etag: str | None = None, modified: str | None = None, accept: str = FEED) -> Response:
        """Wait for `get` from any other thread."""
        future = self.submit(self.get(url, etag=etag, modified=modified, accept=accept))
        try:
            return future.result()
        except BaseException:
            future.cancel()
            raise

    async def get(
        self, url: str, *, etag: str | None = None, modified: str | None = None, accept: str = FEED
    ) -> Response:
        """Fetch `url`, asking only for what is new if the last answer's validators are given; runs on the net's loop.

        A user name and password in `url` are sent as basic authentication to its own origin only.

        Raises:
            NetError: whatever went wrong.
        """
        try:
            return await self._follow(url, etag, modified, accept)
        except _FAILURES as error:
            # The originals can hold passwords in URLs, so they are not chained.
            raise NetError(_sentence(error)) from None

    async def _serve(self) -> None:
        self._ready.set_result(asyncio.get_running_loop())
        await self._stop.wait()
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for transport in self._transports.values():
            await transport.aclose()

    async def _follow(self, url: str, etag: str | None, modified: str | None, accept: str) -> Response:
        """Ask, and ask again where the answer points, within one deadline; waiting for a free slot does not count."""
        asked = _checked(httpx.URL(url), "the address")
        first = target = asked.copy_with(userinfo=b"", fragment=None)
        secret, permanent, left = _basic(asked), True, self._deadline
        clock = asyncio.get_running_loop().time
        for _ in range(_REDIRECTS + 1):
            unmoved = target == first
            headers = {"User-Agent": USER_AGENT, "Accept": accept, "Accept-Encoding": "gzip", "Authorization": secret}
            # On a kept connection, bytes left over from one answer would pass for the next one, of another feed.
            headers["Connection"] = "close"
            if unmoved:
                headers |= {"If-None-Match": etag, "If-Modified-Since": modified}
            async with self._slot(target.host):
                began = clock()
                try:
                    async with asyncio.timeout(left):
                        answer, body = await self._ask(target, headers)
                except TimeoutError:
                    raise NetError(f"the server did not answer within {self._deadline:g} s") from None
                left -= clock() - began
            if answer.status_code not in _PERMANENT | _TEMPORARY:
                break
            permanent &= answer.status_code in _PERMANENT
            onward = _redirect(target, answer)
            if not _same_site(target, onward):
                secret = None
            target = onward
        else:
            raise NetError(f"the server redirected more than {_REDIRECTS} times")
        _check_status(answer, conditional=unmoved and bool(etag or modified), now=self._now())
        kind = _header(answer, "content-type")
        return Response(
            url=str(target),
            status=answer.status_code,
            body=body,
            content_type=one_line(kind) if kind else None,
            etag=_header(answer, "etag") if unmoved else None,
            modified=_header(answer, "last-modified") if unmoved else None,
            max_age=_max_age(_header(answer, "cache-control")),
            moved_to=None if unmoved or not permanent or asked.userinfo else str(target),
        )

    @asynccontextmanager
    async def _slot(self, host: str) -> AsyncIterator[None]:
        """At most two requests at a time for a host, and not too many for all."""
        at_host = self._hosts.setdefault(host.rstrip("."), asyncio.Semaphore(_PER_HOST))
        async with at_host, self._slots:
            yield

    async def _ask(self, url: httpx.URL, headers: dict[str, str | None]) -> tuple[httpx.Response, bytes]:
        """One request and its answer; the body is read where it is wanted."""
        # Latin-1 on the way in and out: validators go back byte for byte.
        given = httpx.Headers({name: value for name, value in headers.items() if value}, encoding="latin-1")
        answer = await self._transport(url).handle_async_request(httpx.Request("GET", url, headers=given))
        try:
            return answer, await self._read(answer) if answer.status_code in (200, 304) else b""
        except httpx.TransportError:
            raise NetError("the server broke off its answer") from None
        finally:
            await answer.aclose()

    async def _read(self, answer: httpx.Response) -> bytes:
        """The body, decompressed piece by piece, so that a few bytes can't become gigabytes."""
        codings = [coding.strip().lower() for coding in (_header(answer, "content-encoding") or "").split(",")]
        codings = [coding for coding in codings if coding not in ("", "identity")]
        if codings not in ([], ["gzip"], ["x-gzip"]):
            raise NetError(f"the server sent an encoding that was not asked for ({_short(', '.join(codings))})")
        gzip = zlib.decompressobj(wbits=31) if codings else None
        body, chunk = bytearray(), b""
        async for chunk in answer.aiter_raw():
            body += gzip.decompress(chunk, self._max_body + 1 - len(body)) if gzip else chunk
            if len(body) > self._max_body:
                raise NetError(f"the answer is larger than {self._max_body / 2**20:g} MB")
        if gzip and chunk and not gzip.eof:
            raise NetError("the server broke off its answer")
        return bytes(body)

    def _transport(self, url: httpx.URL) -> httpx.AsyncHTTPTransport:
        """The way to `url`: direct, or by the proxy that the environment names for it."""
        proxies = getproxies()
        proxy = None if proxy_bypass(url.host) else proxies.get(url.scheme) or proxies.get("all")
        if proxy:
            # The proxy looks names up, out of our sight; what can be told from the name alone is still refused.
            self._guard.check_name(url.host)
        if proxy not in self._transports:
            self._transports[proxy] = _by_proxy(proxy) if proxy else _Direct(self._guard)
        return self._transports[proxy]


# --- addresses -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Guard:
    """Which addresses may be dialled: the public ones, and those the person allows."""

    allowed: tuple[Network, ...]

    def check(self, addresses: Sequence[Address]) -> list[Address]:
        """Those of a host's addresses that may be dialled; refused when there are none."""
        if open_ := [address for address in addresses if self._permits(address)]:
            return open_
        raise NetError(f"the address is private ({addresses[0]}); allow it under [network] allow_private")

    def check_name(self, host: str) -> None:
        """Refuse a host that its spelling alone gives away: a private address in any notation, or localhost."""
        name = host.rstrip(".").lower()
        if name == "localhost" or name.endswith(".localhost"):
            self.check([IPv4Address("127.0.0.1")])
        try:
            found = socket.getaddrinfo(host, None, flags=socket.AI_NUMERICHOST)
        except socket.gaierror:
            return
        self.check([ip_address(info[4][0]) for info in found])

    def _permits(self, address: Address) -> bool:
        inner = _unwrapped(address)
        return _is_public(inner) or any(address in network or inner in network for network in self.allowed)


_NAT64 = IPv6Network("64:ff9b::/96")
_GLOBAL_UNICAST = IPv6Network("2000::/3")


def _unwrapped(address: Address) -> Address:
    """The IPv4 address that an IPv6 address stands for (mapped, 6to4 or NAT64), for that is where packets end up."""
    if isinstance(address, IPv4Address):
        return address
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or address


def _is_public(address: Address) -> bool:
    if isinstance(address, IPv6Address) and address not in _GLOBAL_UNICAST:
        return False
    return address.is_global and not address.is_multicast


async def _look_up(host: str, port: int) -> list[Address]:
    """The addresses of a host, best first.

    A look-up can't be interrupted and may hang for half a minute: it gets a daemon thread, for which no exit waits.
    """
    found: Future[list[Any]] = Future()
    found.set_running_or_notify_cancel()

    def look_up() -> None:
        try:
            found.set_result(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
        except (OSError, ValueError) as error:  # ValueError: a label that IDNA can't encode
            found.set_exception(error)

    threading.Thread(target=look_up, name=f"look-up {host[:40]}", daemon=True).start()
    infos = await asyncio.wrap_future(found)
    return list(dict.fromkeys(ip_address(info[4][0]) for info in infos))


class _Dialler(httpcore.AsyncNetworkBackend):
    """Looks a host up itself and dials the very address it has checked: no second look-up can give another one."""

    def __init__(self, guard: _Guard) -> None:
        self._guard = guard
        self._backend = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - the interface is httpcore's
        local_address: str | None = None,
        socket_options: Any = None,
    ) -> httpcore.AsyncNetworkStream:
        *others, last = self._guard.check(await _look_up(host, port))
        for address in others:
            try:
                return _Line(
                    await self._backend.connect_tcp(str(address), port, _CONNECT, local_address, socket_options)
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                continue
        return _Line(await self._backend.connect_tcp(str(last), port, timeout, local_address, socket_options))


class _Line(httpcore.AsyncNetworkStream):
    """A connection that is closed when its TLS handshake is broken off, which httpcore 1.0 forgets."""

    def __init__(self, stream: httpcore.AsyncNetworkStream) -> None:
        self._stream = stream
        self.read, self.write, self.aclose = stream.read, stream.write, stream.aclose  # type: ignore[method-assign]
        self.get_extra_info = stream.get_extra_info  # type: ignore[method-assign]

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ASYNC109 - the interface is httpcore's
    ) -> httpcore.AsyncNetworkStream:
        try:
            return await self._stream.start_tls(ssl_context, server_hostname, timeout)
        except BaseException:
            await self._stream.aclose()
            raise


class _Direct(httpx.AsyncHTTPTransport):
    """Connections straight to servers."""

    def __init__(self, guard: _Guard) -> None:
        # httpx has no parameter for the network backend, so the pool is made here as its own __init__ makes it.
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=httpx.create_ssl_context(),
            max_connections=None,
            network_backend=_Dialler(guard),
        )


def _by_proxy(proxy: str) -> httpx.AsyncHTTPTransport:
    try:
        return httpx.AsyncHTTPTransport(proxy=proxy if "://" in proxy else f"http://{proxy}")
    except (ImportError, ValueError, httpx.InvalidURL):
        raise NetError("the proxy that the environment names is not an HTTP proxy") from None


# --- URLs and headers ------------------------------------------------------------------------------------------------


def _checked(url: httpx.URL, name: str) -> httpx.URL:
    if url.scheme not in ("http", "https"):
        scheme = f"{_short(url.scheme)}:" if url.scheme else "neither"
        raise NetError(f"{name} must begin with http: or https:, not {scheme}")
    if not url.host:
        raise NetError(f"{name} names no server")
    if url.port is not None and not 0 < url.port < 65536:
        raise NetError(f"{name} names a port that does not exist")
    return url


def _redirect(url: httpx.URL, answer: httpx.Response) -> httpx.URL:
    """Where a redirect leads; a user name and password that the server puts there are dropped."""
    location = _header(answer, "location")
    if not location:
        raise NetError(f"the server answered {_status(answer.status_code)} without saying where")
    try:
        onward = url.join(location)
    except (httpx.InvalidURL, ValueError):
        raise NetError("the server redirects to something that is no address") from None
    return _checked(onward, "the address that the server redirects to").copy_with(userinfo=b"", fragment=None)


def _same_site(url: httpx.URL, onward: httpx.URL) -> bool:
    """Whether a password for `url` may go `onward`: to the same origin, or to the same host once it turns to TLS."""
    if url.host != onward.host:
        return False
    if (url.scheme, url.port) == (onward.scheme, onward.port):
        return True
    return (url.scheme, url.port, onward.scheme, onward.port) == ("http", None, "https", None)


def _basic(url: httpx.URL) -> str | None:
    if not url.userinfo:
        return None
    return "Basic " + base64.b64encode(f"{url.username}:{url.password}".encode()).decode()


def _header(answer: httpx.Response, name: str) -> str | None:
    """A header, its bytes as Latin-1 so that they can be sent back as they came; lists are joined, others the first."""
    values = [value.decode("latin-1") for key, value in answer.headers.raw if key.lower() == name.encode()]
    if name in ("content-encoding", "cache-control"):
        return ", ".join(values)
    return values[0] if values else None


def _check_status(answer: httpx.Response, *, conditional: bool, now: datetime) -> None:
    """Refuse all but 200, and 304 where it answers the question."""
    status = answer.status_code
    if status == 304 and not conditional:
        raise NetError("the server answered 304 Not Modified to an unconditional request", status=status)
    if status not in (200, 304):
        retry_after = _retry_after(_header(answer, "retry-after"), now)
        raise NetError(f"the server answered {_status(status)}", status=status, retry_after=retry_after)


def _status(status: int) -> str:
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return str(status)


def _max_age(cache_control: str | None) -> int | None:
    match = re.search(r'(?<![\w-])max-age\s*=\s*"?(\d{1,12})', cache_control or "", re.IGNORECASE)
    return min(int(match[1]), _LONGEST_AGE) if match else None


def _retry_after(value: str | None, now: datetime) -> datetime | None:
    """The instant that a Retry-After header means, given in seconds or as a date, at most a month from `now`."""
    if value is None:
        return None
    if re.fullmatch(r"\d{1,12}", value):
        return now + min(timedelta(seconds=int(value)), _LONGEST_WAIT)
    try:
        when = parsedate_to_datetime(value)
        return min(when.replace(tzinfo=when.tzinfo or UTC).astimezone(UTC), now + _LONGEST_WAIT)
    except (ValueError, OverflowError):
        return None


# --- what went wrong, in words ---------------------------------------------------------------------------------------

_FAILURES = (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError, zlib.error)

_SENTENCES: tuple[tuple[type[BaseException], str], ...] = (
    (ssl.SSLError, "no secure connection to the server could be made"),
    (socket.gaierror, "the server's name could not be looked up"),
    (ConnectionRefusedError, "the server refused the connection"),
    (ConnectionResetError, "the server broke off the connection"),
    (zlib.error, "the answer is not the gzip it claims to be"),
    (httpx.ProxyError, "the proxy refused to pass the request on"),
    (httpx.TimeoutException, "the server did not answer in time"),
    (httpx.ProtocolError, "the server's answer is not valid HTTP"),
    (httpx.ReadError, "the server broke off the connection"),
    (httpx.ConnectError, "the server can't be reached"),
    (httpx.InvalidURL, "the address is not a valid URL"),
    (ValueError, "the address is not a valid URL"),
)


def _sentence(error: BaseException) -> str:
    """Plain words for a failure, chosen by the most telling of its causes."""
    causes = list(_causes(error))
    for cause in causes:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return f"the server's certificate can't be trusted ({_short(cause.verify_message).rstrip('.')})"
    for kind, sentence in _SENTENCES:
        if any(isinstance(cause, kind) for cause in causes):
            return sentence
    return "the server can't be reached"


def _causes(error: BaseException) -> Iterator[BaseException]:
    following: BaseException | None = error
    while following is not None:
        yield following
        following = following.__cause__ or following.__context__


def _short(text: str) -> str:
    """Words of the server's own, fit for a message."""
    line = one_line(text[:200])
    return line if len(line) <= 60 else line[:59] + "…"
