"""One request and its answer: what is sent, and how much is read."""

from __future__ import annotations

import logging
import zlib
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, replace
from http.cookiejar import CookieJar
from typing import Any

import httpcore
import httpx

from reader.net.addresses import Guard
from reader.net.errors import CLOSED, NetError, short
from reader.net.transport import Transport

# What they log below that are URLs and headers, which may hold secrets.
logging.getLogger("httpx").setLevel(logging.WARNING)
logging.getLogger("httpcore").setLevel(logging.WARNING)

_MEMBERS = 1000
"""How many pieces a gzip may be made of: more than any server makes, and few enough to unpack at once."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back for one request."""

    status: int
    headers: tuple[tuple[bytes, bytes], ...]
    body: bytes = b""
    """Unpacked; read for 200 and 304 only."""

    def header(self, name: str) -> str | None:
        """A header's first value, of a list all, as Latin-1, so that its bytes can be sent back as they came."""
        values = [value.decode("latin-1") for key, value in self.headers if key.lower() == name.encode()]
        if name in ("content-encoding", "cache-control"):
            return ", ".join(values)
        return values[0] if values else None


class Wire:
    """Asks servers, with nothing carried over from one request to the next."""

    def __init__(self, guard: Guard, *, max_body: int) -> None:
        self._max_body = max_body
        # The deadline stands around the whole request, so httpx keeps none.
        self._client = httpx.AsyncClient(
            transport=Transport(guard), cookies=_NoCookies(), timeout=None, trust_env=False
        )

    async def ask(self, url: httpx.URL, headers: Mapping[str, str | None]) -> Answer:
        """One request and its answer."""
        if self._client.is_closed:
            raise NetError(CLOSED)
        # On a kept connection, bytes left over from one answer would pass for the next one, of another feed.
        given = {**headers, "Connection": "close"}
        latin = [(name.encode("ascii"), value.encode("latin-1")) for name, value in given.items() if value]
        # Made here and not by the client, which would merge headers and cookies of its own into it.
        came = await self._client.send(httpx.Request("GET", url, headers=latin), stream=True)
        try:
            answer = Answer(came.status_code, tuple(came.headers.raw))
            if answer.status in (200, 304):
                unpacker = _unpacker(answer.header("content-encoding"))
                return replace(answer, body=await self._read(came.aiter_raw(), unpacker))
            return answer
        except (httpcore.NetworkError, httpcore.ProtocolError, OSError):
            raise NetError("the server broke off its answer") from None
        finally:
            await came.aclose()

    async def close(self) -> None:
        """Ask for nothing more."""
        await self._client.aclose()

    async def _read(self, chunks: AsyncIterator[bytes], gzip: _Gzip | None) -> bytes:
        """The body, unpacked piece by piece, so that a few bytes can't become gigabytes."""
        body, came = bytearray(), 0
        async for chunk in chunks:
            came += len(chunk)
            body += gzip.unpacked(chunk, self._max_body + 1 - len(body)) if gzip else chunk
            if max(len(body), came) > self._max_body:
                raise NetError(f"the answer is larger than {self._max_body / 2**20:g} MB")
        if gzip and came and not gzip.is_whole:
            raise NetError("the server broke off its answer")
        return bytes(body)


class _NoCookies(CookieJar):
    """Takes no cookie, and so has none to give."""

    def extract_cookies(self, *_: Any) -> None:
        """Leave what the server would set unread."""


def _unpacker(content_encoding: str | None) -> _Gzip | None:
    codings = [coding.strip().lower() for coding in (content_encoding or "").split(",")]
    codings = [coding for coding in codings if coding not in ("", "identity")]
    if codings not in ([], ["gzip"], ["x-gzip"]):
        raise NetError(f"the server sent an encoding that was not asked for ({short(', '.join(codings))})")
    return _Gzip() if codings else None


class _Gzip:
    """Unpacks gzip, one member after the other; what follows the last and is none is left out."""

    def __init__(self) -> None:
        self._member = zlib.decompressobj(wbits=31)
        self._members = 1
        self._rest = b""
        """The beginning of what follows the last member."""

    @property
    def is_whole(self) -> bool:
        """Whether the last member has come to its end."""
        return self._member.eof

    def unpacked(self, chunk: bytes, most: int) -> bytes:
        """What `chunk` adds, up to `most` bytes."""
        got, rest = bytearray(), self._rest + chunk
        while rest and len(got) < most:
            if self._member.eof:
                if not rest.startswith(b"\x1f\x8b"):
                    break
                self._members += 1
                if self._members > _MEMBERS:
                    raise NetError("the answer is gzip in too many pieces")
                self._member = zlib.decompressobj(wbits=31)
            got += self._member.decompress(rest, most - len(got))
            rest = self._member.unused_data
        self._rest = rest[:2]
        return bytes(got)
