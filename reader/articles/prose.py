"""Where a page's prose is: the plain rule that checks readability and stands in for it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from lxml.html import HtmlElement

from reader.articles.render import Piece

_LEAST = 60
"""Characters below which a block is a label, not prose."""
_LINKED = 0.4
_MOST = 0.85
"""The share of the page's prose its article is taken to hold."""


def length(pieces: list[Piece]) -> int:
    """Characters of prose in `pieces`: of the blocks long enough to be sentences and not mostly links."""
    return sum(map(weight, pieces))


def container(pieces: Sequence[Piece]) -> HtmlElement | None:
    """The innermost element that holds nearly all the prose of a page's `pieces`; None where there is none."""
    held: Counter[HtmlElement] = Counter()
    total = 0
    for piece in pieces:
        prose = weight(piece)
        element = piece.element if prose else None
        total += prose
        while element is not None:
            held[element] += prose
            element = element.getparent()
    # Elements that each hold most of it lie one within the other.
    most = [element for element, prose in held.items() if prose >= _MOST * total]
    return max(most, key=lambda element: sum(1 for _ in element.iterancestors()), default=None) if total else None


def linked(piece: Piece) -> float:
    """The share of a block that is links."""
    if not piece.links:
        return 0.0
    return sum(link.span.end - link.span.start for link in piece.links) / len(piece.text)


def weight(piece: Piece) -> int:
    """The characters of prose that a block counts for: all of it, or none."""
    return len(piece.text) if len(piece.text) >= _LEAST and linked(piece) < _LINKED else 0
