"""By which way a request goes: on a connection of its own, or through the proxy that the environment names."""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator
from functools import cached_property
from typing import Any
from urllib.request import getproxies, proxy_bypass

import httpcore
import httpx

from reader.net.addresses import Guard, Line, dial_proxy
from reader.net.errors import NetError


class Transport(httpx.AsyncBaseTransport):
    """What httpx sends by: every request has a connection of its own, to where the guard lets it."""

    def __init__(self, guard: Guard) -> None:
        self._guard = guard
        self._proxies = getproxies()  # once, for reading the environment takes as long as a request

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
        lines = _Lines()
        try:
            way = await self._way(url, question.url.origin, lines)
            came = await way.handle_async_request(question)
        except BaseException:
            lines.hang_up()
            raise
        return _Answer(came.status, headers=came.headers, stream=_Body(came, lines))

    async def _way(
        self, url: httpx.URL, origin: httpcore.Origin, lines: _Lines
    ) -> httpcore.AsyncHTTP11Connection | httpcore.AsyncHTTPProxy:
        """The way to a server, directly or by the proxy for `url`."""
        host, proxy = url.raw_host.decode("ascii"), self._proxies.get(url.scheme) or self._proxies.get("all")
        if proxy and not proxy_bypass(host):
            # The proxy looks names up, out of our sight; what can be told from the name alone is still refused.
            self._guard.check_name(host)
            return self._by_proxy(proxy, lines)
        line = await self._guard.dial(host, origin.port, self._tls if url.scheme == "https" else None)
        return httpcore.AsyncHTTP11Connection(origin=origin, stream=lines.kept(line))

    def _by_proxy(self, address: str, lines: _Lines) -> httpcore.AsyncHTTPProxy:
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
            network_backend=lines,
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

    def __init__(self, came: httpcore.Response, lines: _Lines) -> None:
        self._came = came
        self._lines = lines

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self._came.aiter_stream()

    async def aclose(self) -> None:
        try:
            await self._came.aclose()
        finally:
            self._lines.hang_up()


class _Lines(httpcore.AsyncNetworkBackend):
    """The connections that are made for a request, and end with it.

    httpcore waits for a lock before it closes one: a request that is broken off there would leave it open.
    """

    def __init__(self) -> None:
        self._streams: list[_Stream] = []

    async def connect_tcp(self, host: str, port: int, *_: Any, **__: Any) -> httpcore.AsyncNetworkStream:
        """A connection to a proxy."""
        return self.kept(await dial_proxy(host, port))

    def kept(self, line: Line) -> httpcore.AsyncNetworkStream:
        """A connection in the form in which httpcore takes it."""
        self._streams.append(_Stream(line))
        return self._streams[-1]

    def hang_up(self) -> None:
        """End them at once."""
        for stream in self._streams:
            stream.hang_up()


class _Stream(httpcore.AsyncNetworkStream):
    """A connection; the deadline stands around the whole request."""

    def __init__(self, line: Line) -> None:
        self._reader, self._writer = line

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002, ASYNC109
        return await self._reader.read(max_bytes)

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002, ASYNC109
        self._writer.write(buffer)
        await self._writer.drain()

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ARG002, ASYNC109
    ) -> httpcore.AsyncNetworkStream:
        await self._writer.start_tls(ssl_context, server_hostname=server_hostname)
        return self

    async def aclose(self) -> None:
        self.hang_up()

    def hang_up(self) -> None:
        """Nothing is left to say, and a server that says no goodbye in TLS would keep the connection."""
        self._writer.transport.abort()
