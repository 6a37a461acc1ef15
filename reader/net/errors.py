"""What went wrong, in words."""

from __future__ import annotations

import socket
import ssl
import zlib
from collections.abc import Iterator
from datetime import datetime

import httpcore
import httpx

from reader.text import one_line


class NetError(Exception):
    """A fetch that failed; the message is one plain sentence without secrets."""

    def __init__(
        self,
        message: str,
        *,
        status: int | None = None,
        retry_after: datetime | None = None,
        host: str | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        """What the server answered, if it answered."""
        self.retry_after = retry_after
        """The server asks not to be asked again before this instant, for anything of its host."""
        self.host = host
        """The host that answered, which after redirects may be another than the one asked; as `host_of` has it."""


CLOSED = "the network is not in use at the moment"

FAILURES = (
    httpcore.NetworkError,
    httpcore.ProtocolError,
    httpcore.ProxyError,
    httpcore.TimeoutException,
    httpx.InvalidURL,
    OSError,
    ValueError,
    zlib.error,
)
"""What a fetch can end in when somebody else is at fault."""

_SENTENCES: tuple[tuple[type[BaseException], str], ...] = (
    (ssl.SSLError, "no secure connection to the server could be made"),
    (socket.gaierror, "the server's name could not be looked up"),
    (ConnectionRefusedError, "the server refused the connection"),
    (ConnectionResetError, "the server broke off the connection"),
    (zlib.error, "the answer is not the gzip it claims to be"),
    (httpcore.ProxyError, "the proxy refused to pass the request on"),
    (httpcore.TimeoutException, "the server did not answer in time"),
    (httpcore.ProtocolError, "the server's answer is not valid HTTP"),
    (httpcore.ReadError, "the server broke off the connection"),
    (httpx.InvalidURL, "the address is not a valid URL"),
    (ValueError, "the address is not a valid URL"),
)


def sentence(error: BaseException) -> str:
    """Plain words for a failure, chosen by the most telling of its causes."""
    causes = list(_causes(error))
    for cause in causes:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return f"the server's certificate can't be trusted ({short(cause.verify_message).rstrip('.')})"
    for kind, words in _SENTENCES:
        if any(isinstance(cause, kind) for cause in causes):
            return words
    return "the server can't be reached"


def _causes(error: BaseException) -> Iterator[BaseException]:
    following: BaseException | None = error
    while following is not None:
        yield following
        following = following.__cause__ or following.__context__


def short(text: str) -> str:
    """Words of the server's own, fit for a message."""
    line = one_line(text[:200])
    return line if len(line) <= 60 else line[:59] + "…"
