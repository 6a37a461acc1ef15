"""The one gate for untrusted strings."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

# C0 but newline and tab, DEL, C1, the line and paragraph separators (terminals and str.splitlines disagree on them),
# bidi embeddings, overrides and isolates (they reorder what a terminal shows), and lone surrogates (not encodable).
_UNCLEAN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


def clean(text: str) -> str:
    """Replace every character that could steer a terminal by a space; the length never changes, so offsets hold."""
    return _UNCLEAN.sub(" ", text)


def one_line(text: str) -> str:
    """Clean `text` and fold all its white space into single spaces: for titles, names and messages."""
    return " ".join(clean(text).split())


def shown_url(url: str) -> str:
    """An address fit to be shown: cleaned, and without the user name and password it may carry."""
    try:
        parts = urlsplit(url)
        return one_line(parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl())
    except ValueError:
        return one_line(url.rpartition("@")[2])
