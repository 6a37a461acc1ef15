"""What is asked of whom, and when: one thread runs one event loop, and every request of the program runs there."""

from __future__ import annotations

import asyncio
import base64
import re
import threading
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from concurrent.futures import Future
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from types import TracebackType
from typing import Any, Self, TypedDict, TypeVar, Unpack
from weakref import WeakValueDictionary

import httpx

from reader import __version__
from reader.net.addresses import Guard, Network, is_at_home
from reader.net.errors import CLOSED, FAILURES, NetError, sentence, short
from reader.net.patience import Patience
from reader.net.wire import Answer, Wire
from reader.text import LONGEST_URL, one_line

T = TypeVar("T")

USER_AGENT = f"newsreader/{__version__} (+https://pypi.org/project/newsreader-tui/; terminal news reader)"
FEED = "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, */*;q=0.5"
"""What to accept when asking for a feed."""
PAGE = "text/html, application/xhtml+xml, */*;q=0.5"
"""What to accept when asking for an article."""

_REDIRECTS = 10
_PERMANENT = frozenset({301, 308})
_TEMPORARY = frozenset({302, 303, 307})
_BUSY = frozenset({429, 503})
_PER_HOST = 2
_AT_ONCE = 32
_LONGEST_WAIT = timedelta(days=30)
_LONGEST_AGE = 365 * 86400


class Asking(TypedDict, total=False):
    """How to ask for a URL; what the person gives goes to the URL's own origin only, but for `user_agent`."""

    accept: str
    """FEED unless given."""
    etag: str | None
    """Of the last answer, to be given only what is new."""
    modified: str | None
    """The Last-Modified header, likewise."""
    validators_of: str | None
    """The URL that these came from, the only one that they are sent to; None: the URL asked for."""
    user_agent: str | None
    """In place of our own."""
    cookie: str | None
    auth: tuple[str, str] | None
    """User and password, in place of those in the URL."""
    patience: Patience
    """Of the round of asking that this belongs to."""


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
    """Byte for byte as Latin-1; on 304 the one that follows the one sent, if the server names one."""
    modified: str | None = None
    """The Last-Modified header, likewise."""
    validators_of: str | None = None
    """The URL that `etag` and `modified`, or on 304 those sent, belong to; None when there are none."""
    max_age: int | None = None
    """Seconds for which the server says that asking again is idle."""
    moved_to: str | None = None
    """The new address, when every redirect was permanent and no password or cookie was left behind on the way."""


def host_of(url: str) -> str:
    """The host that `url` is fetched from, as `NetError.host` has it; "" when it is no address."""
    try:
        return httpx.URL(url).host.rstrip(".")
    except (httpx.InvalidURL, ValueError):
        return ""


class Net:
    """Fetches over http and https from the net's own thread; used as a context manager or with `start` and `close`."""

    def __init__(
        self,
        *,
        now: Callable[[], datetime],
        allow_private: Sequence[Network] = (),
        deadline: float = 30.0,
        max_body: int = 10 * 2**20,
        spacing: float = 0.1,
    ) -> None:
        self._now = now
        self._deadline = deadline
        self._spacing = spacing
        self._wire = Wire(Guard(tuple(allow_private)), max_body=max_body)
        self._hosts: WeakValueDictionary[str, _Host] = WeakValueDictionary()
        self._slots = asyncio.Semaphore(_AT_ONCE)
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
            raise NetError(CLOSED) from None

    def fetch(self, url: str, **asking: Unpack[Asking]) -> Response:
        """Wait for `get` from any other thread."""
        future = self.submit(self.get(url, **asking))
        try:
            return future.result()
        except BaseException:
            future.cancel()
            raise

    async def get(self, url: str, **asking: Unpack[Asking]) -> Response:
        """Fetch `url`; runs on the net's loop.

        A user name and password in `url` are sent as basic authentication to its own origin only.

        Raises:
            NetError: whatever went wrong.
        """
        try:
            return await self._follow(url, asking)
        except FAILURES as error:
            # The originals can hold passwords in URLs, so they are not chained.
            raise NetError(sentence(error)) from None

    async def _serve(self) -> None:
        self._ready.set_result(asyncio.get_running_loop())
        await self._stop.wait()
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._wire.close()

    async def _follow(self, url: str, asking: Asking) -> Response:
        """Ask, and ask again where the answer points, within one deadline; waiting for a free slot does not count."""
        asked = _checked(httpx.URL(url), "the address")
        first = target = _bare(asked)
        everywhere = {
            "User-Agent": _sendable(asking.get("user_agent"), "user agent") or USER_AGENT,
            "Accept": asking.get("accept", FEED),
            "Accept-Encoding": "gzip",
        }
        personal = {
            "Authorization": _basic(asked, asking.get("auth")),
            "Cookie": _sendable(asking.get("cookie"), "cookie"),
        }
        validators = {"If-None-Match": asking.get("etag"), "If-Modified-Since": asking.get("modified")}
        validators_of = asking.get("validators_of") or str(first)
        own, permanent, left = personal, True, self._deadline
        patience = asking.get("patience") or Patience()
        clock = asyncio.get_running_loop().time
        for _ in range(_REDIRECTS + 1):
            conditional = any(validators.values()) and str(target) == validators_of
            headers = everywhere | own | (validators if conditional else {})
            host = target.host.rstrip(".")
            patience.for_host(host, self._deadline)  # what is not to be asked for need not wait for its turn
            async with self._slot(host):
                began, given = clock(), patience.for_host(host, self._deadline)
                try:
                    async with asyncio.timeout(min(left, given)):
                        answer = await self._wire.ask(target, headers)
                except TimeoutError:
                    patience.kept_waiting(host)
                    raise NetError(f"the server did not answer within {given:g} s") from None
                patience.answered(host)
                left -= clock() - began
            if answer.status not in _PERMANENT | _TEMPORARY:
                break
            permanent &= answer.status in _PERMANENT
            onward = _redirect(target, answer)
            if not _same_site(target, onward):
                own = {}
            target = onward
        else:
            raise NetError(f"the server redirected more than {_REDIRECTS} times")
        self._check_status(answer, target, conditional=conditional)
        kind, etag, modified = (answer.header(name) for name in ("content-type", "etag", "last-modified"))
        left_behind = asked.userinfo or (any(personal.values()) and own != personal)
        return Response(
            url=str(target),
            status=answer.status,
            body=answer.body,
            content_type=one_line(kind) if kind else None,
            etag=etag,
            modified=modified,
            validators_of=str(target) if etag or modified or answer.status == 304 else None,
            max_age=_max_age(answer.header("cache-control")),
            moved_to=str(target) if target != first and permanent and not left_behind else None,
        )

    @asynccontextmanager
    async def _slot(self, host: str) -> AsyncIterator[None]:
        """At most two requests at a time for a host, each begun a while after the last, and not too many for all."""
        place = self._hosts.setdefault(host, _Host())
        # The person's own machines need no sparing.
        spacing = 0.0 if is_at_home(host) else self._spacing
        async with place.two:
            if spacing:
                await place.turn.acquire()
            try:
                await self._slots.acquire()
            finally:
                if spacing:
                    asyncio.get_running_loop().call_later(spacing, place.pass_on)
            try:
                yield
            finally:
                self._slots.release()

    def _check_status(self, answer: Answer, url: httpx.URL, *, conditional: bool) -> None:
        """Refuse all but 200, and 304 where it answers the question."""
        status, host = answer.status, url.host.rstrip(".")
        if status == 304 and not conditional:
            raise NetError("the server answered 304 Not Modified to an unconditional request", status=status, host=host)
        if status not in (200, 304):
            wait = _retry_after(answer.header("retry-after"), self._now()) if status in _BUSY else None
            raise NetError(f"the server answered {_status(status)}", status=status, retry_after=wait, host=host)


class _Host:
    """The two places that a host has for requests, and the turn to begin one."""

    def __init__(self) -> None:
        self.two = asyncio.Semaphore(_PER_HOST)
        self.turn = asyncio.Lock()

    def pass_on(self) -> None:
        """Let the next request begin; being due to be called keeps the host in mind until then."""
        self.turn.release()


# --- URLs and headers ------------------------------------------------------------------------------------------------


def _checked(url: httpx.URL, name: str) -> httpx.URL:
    if url.scheme not in ("http", "https"):
        scheme = f"{short(url.scheme)}:" if url.scheme else "neither"
        raise NetError(f"{name} must begin with http: or https:, not {scheme}")
    if not url.host:
        raise NetError(f"{name} names no server")
    if len(str(url)) > LONGEST_URL:
        raise NetError(f"{name} is longer than {LONGEST_URL:,} characters")
    if url.port is not None and not 0 < url.port < 65536:
        raise NetError(f"{name} names a port that does not exist")
    return url


def _bare(url: httpx.URL) -> httpx.URL:
    """As it is asked for: without user name, password and fragment."""
    return url.copy_with(userinfo=b"", fragment=None) if url.userinfo or url.fragment else url


def _redirect(url: httpx.URL, answer: Answer) -> httpx.URL:
    """Where a redirect leads; a user name and password that the server puts there are dropped."""
    location = answer.header("location")
    if not location:
        raise NetError(f"the server answered {_status(answer.status)} without saying where")
    try:
        onward = url.join(location)
    except (httpx.InvalidURL, ValueError):
        raise NetError("the server redirects to something that is no address") from None
    return _bare(_checked(onward, "the address that the server redirects to"))


def _same_site(url: httpx.URL, onward: httpx.URL) -> bool:
    """Whether what is for `url` alone may go `onward`: to the same origin, or to the same host once it turns to TLS."""
    if url.host != onward.host:
        return False
    if (url.scheme, url.port) == (onward.scheme, onward.port):
        return True
    return (url.scheme, url.port, onward.scheme, onward.port) == ("http", None, "https", None)


def _basic(url: httpx.URL, auth: tuple[str, str] | None) -> str | None:
    if auth is None and not url.userinfo:
        return None
    user, password = auth or (url.username, url.password)
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


def _sendable(value: str | None, name: str) -> str | None:
    """A header's value as the person wrote it; refused when it would not arrive as it stands, or as a header more."""
    if value is not None and not re.fullmatch(r"[\t\x20-\x7e\xa0-\xff]*", value):
        raise NetError(f"the {name} can't be sent, for it holds a line break or characters beyond Latin-1")
    return value.strip() if value else None


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
    if re.fullmatch(r"[0-9]+", value):
        return now + min(timedelta(seconds=int(value.lstrip("0")[:12] or 0)), _LONGEST_WAIT)
    try:
        when = parsedate_to_datetime(value)
        return min(when.replace(tzinfo=when.tzinfo or UTC).astimezone(UTC), now + _LONGEST_WAIT)
    except (ValueError, OverflowError):
        return None
