"""The one gate for untrusted strings."""

from __future__ import annotations

import html
import json
import re
from urllib.parse import urlsplit

# C0 but newline and tab, DEL, C1, the line and paragraph separators (terminals and str.splitlines disagree on them),
# bidi embeddings, overrides and isolates (they reorder what a terminal shows), and lone surrogates (not encodable). So
# too what nobody sees and no script needs: deprecated format controls, annotation marks, and tags that hide words.
_UNCLEAN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u206f\ufff9-\ufffb\ud800-\udfff"
    "\U000e0000-\U000e007f]"
)
_BLACK_FLAG = "\U0001f3f4"
# Of a black flag the tags behind it make that of England, say: a region's letters and digits, and their end.
_REGION = re.compile(f"({_BLACK_FLAG}[\U000e0030-\U000e0039\U000e0061-\U000e007a]{{3,6}}\U000e007f)")


# Python refuses to read numbers of some thousand digits.
_ENDLESS = re.compile(r"&#[0-9]{1000,}+;?")


LONGEST_URL = 8_000
"""Characters of an address, of which every server must take as many (RFC 9110, section 4.1)."""
_LONGEST_BASE = 1_000


def clean(text: str) -> str:
    """Replace every character that could steer a terminal or hides by a space; the length stays, so offsets hold."""
    if _BLACK_FLAG not in text:
        return _UNCLEAN.sub(" ", text)
    parts = _REGION.split(text)
    parts[::2] = [_UNCLEAN.sub(" ", part) for part in parts[::2]]
    return "".join(parts)


def escaped(document: str) -> str:
    """A JSON document with what could steer a terminal written as JSON has it: its strings stay what they are."""
    return _UNCLEAN.sub(lambda unclean: json.dumps(unclean[0])[1:-1], document)


def one_line(text: str) -> str:
    """Clean `text` and fold all its white space into single spaces: for titles, names and messages."""
    return " ".join(clean(text).split())


def unescaped(text: str) -> str:
    """Text with what HTML's references in it stand for in their place."""
    return html.unescape(_ENDLESS.sub("\ufffd", text))


def base_of(url: str) -> str:
    """What links are relative to: too long, without what they don't take from it, and empty if it is so even then.

    With a long one, a few bytes a link would become as many megabytes.
    """
    base = url if len(url) <= _LONGEST_BASE else re.split("[?#]", url, maxsplit=1)[0]
    return base if len(base) <= _LONGEST_BASE else ""


def shown_url(url: str) -> str:
    """An address fit to be shown: cleaned, and without the user name and password it may carry."""
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018 - of no number: a password with / or # in it stands there, and goes on behind
        return one_line(parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl())
    except ValueError:
        scheme = url[: url.index("//") + 2] if url.lower().startswith(("http://", "https://")) else ""
        return one_line(scheme + url[len(scheme) :].rpartition("@")[2])
