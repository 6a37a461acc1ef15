"""Quick looks at HTML that need no tree: its plain words, and whether a feed carries only the opening of an article."""

from __future__ import annotations

import re

from reader.text import one_line, unescaped

# Each alternative ends at the end of the text if need be, so that the search stays linear on hostile input.
_UNSEEN = re.compile(r"<!--.*?(?:-->|\Z)|<(script|style)\b.*?(?:</\1\s*>|\Z)", re.I | re.S)
_INLINE = re.compile(
    r"</?(?:a|abbr|b|bdi|bdo|cite|code|del|em|font|i|ins|mark|q|s|small|span|strong|sub|sup|time|u|wbr)(?=[\s/>])[^<>]*>?",
    re.I,
)
_TAG = re.compile(r"<[a-z/!?][^<>]*>?", re.I)
_MARKUP = re.compile(r"<[a-z/!]|&(?:#\d+|#x[\da-f]+|[a-z]+\d*);", re.I)

_FOOTER = re.compile(r"\s*The post .{1,300} (?:appeared first on|first appeared on) .{1,200}\Z", re.S)
_CUT_OFF = re.compile(
    r"(?:…|\.\.\.|\[…\]|\[\.\.\.\]|\[&hellip;\]|[([]?\b(?:read|continue|keep|view|see|full)\s(?:more|on|reading|the\s|full\s|article|story)"
    r"[^.!?]{0,80})[\s\])»→>]*\Z",
    re.I,
)
_FROM_WITHIN_A_TAG = re.compile(r"\A[^<>]*>")
_MAY_BE_CUT_OFF = re.compile(
    r"…|\.\.\.|&hellip|&#8230|&#x2026|"
    r"\b(?:read|continue|keep|view|see|full)(?:\s|<[^<>]*>|&nbsp;)+(?:more|on|reading|the|full|article|story)",
    re.I,
)
"""What such an end has in it as HTML, …"""
_LAST = 500
"""… among its last characters, where no footer follows."""
_TEASER = 400
"""Characters that an article's text surely exceeds."""
_END = 1600
"""Characters of HTML among which its last words surely are."""
_WHOLE = 3000
"""Characters past which a text counts as whole whatever its last words are."""


def is_markup(text: str) -> bool:
    """True for text that is HTML, false for plain text."""
    return bool(_MARKUP.search(text))


def plain(html: str, *, limit: int) -> str:
    """The words of `html` on one line, at most `limit` characters of them."""
    text = _TAG.sub(" ", _INLINE.sub("", _UNSEEN.sub(" ", html)))
    return one_line(unescaped(text))[:limit].rstrip()


def truncated(content: str, *, read: str = "") -> bool:
    """True if `content`, a feed's HTML or text, is only the opening of its article.

    Where what was `read` from it is known, only its end need be looked at again.
    """
    if len(read) > _WHOLE:
        return False
    if len(read) > _TEASER and len(content) > _END:
        content = _FROM_WITHIN_A_TAG.sub("", content[-_END:])
        if "first on" not in content and not _MAY_BE_CUT_OFF.search(content, max(0, len(content) - _LAST)):
            return False
        return bool(_CUT_OFF.search(_FOOTER.sub("", plain(content, limit=_END))[-120:]))
    text = _FOOTER.sub("", plain(content, limit=_WHOLE + 1000))
    if len(text) > _WHOLE:
        return False
    return len(text) < _TEASER or bool(_CUT_OFF.search(text[-120:]))
