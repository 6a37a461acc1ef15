"""Stretches of an article that are not the story."""

from __future__ import annotations

import re

from reader.model import Span

_CAPTION_CHARS = 420
"""A longer block is a paragraph, whatever it ends in."""
_CREDIT = re.compile(
    r"(?:\b(?:Photo|Photograph|Picture|Image|Credit|Illustration|Screenshot)s?(?:\s?:\s?|\sby\s)[A-Z©@][^\n]{1,60}"
    r"|\([^()\n]{0,60}(?:Getty|AFP|Reuters|AP)(?: Images| Photo)?[^()\n]{0,30}\)"
    r"|(?:/|\|)\s?(?:AFP|AP|Reuters|Getty Images|EPA|PA)[^\n]{0,30})$"
)
_CREDIT_LINE = re.compile(r"(?:photo|photograph|image|picture|credit|caption|source|video)s?\s?:\s?\S", re.I)
_FURNITURE = re.compile(
    r"related (?:articles?|stories|content|links|posts|news|topics)|back to top(?: button)?"
    r"|read (?:more|next|also)\b|most (?:read|popular)|see also|you may also like|more (?:on this story|from)\b"
    r"|sign up|sign in|log in|subscribe|newsletters?\b|advertisements?$|share this|click here"
    r"|follow us|follow .{0,40} on (?:twitter|facebook|instagram|x)\b"
    r"|(?:recommended|trending|sponsored)(?: .{0,30})?:?$|comments?$|leave a comment|skip to|print$|email$|tags?:"
    r"|all rights reserved|©|copyright (?:©|\(c\)|\d{4})"
    r"|\((?:additional )?(?:reporting|writing|editing|compiled)\b"
    r"|this (?:article|story) (?:was )?(?:originally|first)\b"
    r"|download (?:the|our) app|support (?:us|our journalism)|listen to this article|watch:",
    re.I,
)
_FURNITURE_CHARS = 160


def is_boilerplate(block: str) -> bool:
    """True of a block that is a caption, a credit, a link list's head or a call to subscribe."""
    line = block.strip()
    if len(line) <= _FURNITURE_CHARS and _FURNITURE.match(line) and not line.endswith(("”", '"')):
        return True
    if len(line) > _CAPTION_CHARS:
        return False
    if len(line) <= _FURNITURE_CHARS and _CREDIT_LINE.match(line):
        return True
    return bool(_CREDIT.search(line.rstrip(". "), max(0, len(line) - 120)))


def find_boilerplate(text: str, blocks: list[Span]) -> tuple[Span, ...]:
    """The blocks that are not the story, in order."""
    return tuple(span for span in blocks if is_boilerplate(text[span.start : span.end]))
