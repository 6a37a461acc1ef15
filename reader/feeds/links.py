"""Addresses as feeds and pages write them, made absolute."""

from __future__ import annotations

import re
from urllib.parse import quote, urljoin, urlsplit

from reader.text import LONGEST_URL, base_of, clean

_BLANK = "".join(map(chr, range(33)))
_PLAIN = re.compile(r"https?://[a-zA-Z0-9.-]+(?:[/?][!-~]*)?")
_PLAINEST = re.compile(r"https?://[a-z0-9.-]+/[a-zA-Z0-9._~/%+,=&-]*(?:\?[a-zA-Z0-9._~/%+,=&-]+)?")
_BREAKS = dict.fromkeys(map(ord, "\t\n\r"))


def plainest(url: str) -> str:
    """An address as it is kept, host in small letters, no usual port, no fragment: no feed is followed twice."""
    if _PLAINEST.fullmatch(url):
        return url
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:  # no address, as whoever asks for it will say
        return url
    named = f"[{host}]" if ":" in host else host
    user = f"{parts.netloc.rpartition('@')[0]}@" if "@" in parts.netloc else ""
    usual = {"http": 80, "https": 443}.get(parts.scheme)
    netloc = user + named + (f":{port}" if port and port != usual else "")
    return parts._replace(netloc=netloc, path=parts.path or "/", fragment="").geturl()


def absolute(address: str, base: str = "") -> str | None:
    """Resolve `address` against `base`: an http(s) address, or None where it is anything else, or longer than any is.

    Space and line breaks around and within are treated as browsers do (WHATWG URL, section 4.4): breaks are dropped,
    blanks are percent-encoded, a \\ in front of the query is a /. What `text.clean` would blank out is encoded, too.
    """
    if len(address) > LONGEST_URL:
        return None
    if _PLAIN.fullmatch(address):  # nearly all are, and lists of subscriptions hold hundreds of thousands
        return address
    address = address.strip(_BLANK).translate(_BREAKS)
    if "\\" in address:
        path = re.split(r"[?#]", address, maxsplit=1)[0]
        address = path.replace("\\", "/") + address[len(path) :]
    if clean(address) != address or " " in address:
        address = "".join(quote(c, errors="replace") if c == " " or clean(c) != c else c for c in address)
    try:
        url = urljoin(base_of(base), address)
        parts = urlsplit(url)
        host, scheme = parts.hostname, parts.scheme
    except ValueError:  # an IPv6 host that is none, or one that changes under normalisation
        return None
    if not address or not host or scheme not in ("http", "https") or len(url) > LONGEST_URL:
        return None
    return scheme + url[len(scheme) :]
