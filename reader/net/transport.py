"""By which way a request goes: on a connection of its own, or through the proxy that the environment names."""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator
from functools import cached_property
from urllib.request import getproxies, proxy_bypass

import httpcore
import httpx

from reader.net.addresses import Guard, Line
from reader.net.errors import NetError


class Transport(httpx.AsyncBaseTransport):
    """What httpx sends by: every request has a connection of its own, to where the guard lets it."""

    def __init__(self, guard: Guard) -> None:
        self._guard = guard
        self._proxies = getproxies()  # once, for reading the environment takes as long as a request
        self._ways: dict[str, httpcore.AsyncHTTPProxy] = {}

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """The beginning of the answer; its body is still to come."""
        url = request.url
        question = httpcore.Request(
            request.method,
            httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path),
            headers=request.headers.raw,
            content=request.stream,
            extensions=request.extensions,
        )
        own, way = None, self._proxy(url)
        if way is None:
            host, origin = url.raw_host.decode("ascii"), question.url.origin
            own = _Stream(await self._guard.dial(host, origin.port, self._tls if url.scheme == "https" else None))
            way = httpcore.AsyncHTTP11Connection(origin=origin, stream=own)
        try:
            came = await way.handle_async_request(question)
        except BaseException:
            if own:
                own.hang_up()
            raise
        return _Answer(came.status, headers=came.headers, stream=_Body(came, own))

    async def aclose(self) -> None:
        """Let go of the connections to proxies."""
        for way in self._ways.values():
            await way.aclose()

    def _proxy(self, url: httpx.URL) -> httpcore.AsyncHTTPProxy | httpcore.AsyncHTTP11Connection | None:
        """The proxy that `url` is to be asked through, if any."""
        host, proxy = url.raw_host.decode("ascii"), self._proxies.get(url.scheme) or self._proxies.get("all")
        if not proxy or proxy_bypass(host):
            return None
        # The proxy looks names up, out of our sight; what can be told from the name alone is still refused.
        self._guard.check_name(host)
        if proxy not in self._ways:
            self._ways[proxy] = self._by_proxy(proxy)
        return self._ways[proxy]

    def _by_proxy(self, address: str) -> httpcore.AsyncHTTPProxy:
        try:
            proxy = httpx.Proxy(address if "://" in address else f"http://{address}")
        except (ValueError, httpx.InvalidURL):
            proxy = None
        if proxy is None or proxy.url.scheme not in ("http", "https"):
            raise NetError("the proxy that the environment names is not an HTTP proxy")
        return httpcore.AsyncHTTPProxy(
            proxy_url=httpcore.URL(
                scheme=proxy.url.raw_scheme, host=proxy.url.raw_host, port=proxy.url.port, target=b"/"
            ),
            proxy_auth=proxy.raw_auth,
            ssl_context=self._tls,
            proxy_ssl_context=self._tls if proxy.url.scheme == "https" else None,
            max_connections=None,
        )

    @cached_property
    def _tls(self) -> ssl.SSLContext:
        """Made when it is first needed, for reading the certificates takes a while."""
        try:
            context = httpx.create_ssl_context()
        except OSError:
            raise NetError("the certificates that SSL_CERT_FILE names can't be read") from None
        context.set_alpn_protocols(["http/1.1"])
        return context


class _Answer(httpx.Response):
    """An answer whose redirect httpx leaves alone, for where it leads is ours to judge."""

    has_redirect_location = False


class _Body(httpx.AsyncByteStream):
    """A body as it comes from httpcore, in the form in which httpx takes it."""

    def __init__(self, came: httpcore.Response, own: _Stream | None) -> None:
        self._came = came
        self._own = own

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self._came.aiter_stream()

    async def aclose(self) -> None:
        try:
            await self._came.aclose()
        finally:
            if self._own:
                self._own.hang_up()


class _Stream(httpcore.AsyncNetworkStream):
    """A connection in the form in which httpcore takes it; the deadline stands around the whole request."""

    def __init__(self, line: Line) -> None:
        self._reader, self._writer = line

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002, ASYNC109
        return await self._reader.read(max_bytes)

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002, ASYNC109
        self._writer.write(buffer)
        await self._writer.drain()

    async def aclose(self) -> None:
        self.hang_up()

    def hang_up(self) -> None:
        """Close it at once; httpcore waits for a lock first, and a request broken off there would stay connected."""
        # Nothing is left to say, and a server that says no goodbye in TLS would keep the connection.
        self._writer.transport.abort()
