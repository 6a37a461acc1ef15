"""Quotes: words of a text that can be found again after the text has changed.

A quote is two selectors of the W3C Web Annotation model in one: the exact words with what stands before and after them
(TextQuoteSelector), and where they stood (TextPositionSelector).
"""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256

from reader.model import Quote, Span

LONG = 40
"""Characters from which words do not recur by chance, so that they need no surroundings to be known by."""


def quote(text: str, start: int, end: int, *, context: int = 32) -> Quote:
    """Quote `[start, end)` of a text, with up to `context` characters on either side; the span is clipped."""
    start = min(max(start, 0), len(text))
    end = min(max(end, start), len(text))
    return Quote(
        exact=text[start:end],
        prefix=text[max(start - context, 0) : start],
        suffix=text[end : end + context],
        start=start,
    )


def find(text: str, quote: Quote) -> Span | None:
    """Find where the words of a quote stand now; None where they are gone, or where no one place is the likeliest.

    The occurrence wins whose surroundings agree best with the quote's, and of equals the nearest to the old place. One
    that is not at the old place and whose surroundings mostly differ is another sentence's, unless the words are long.
    """
    context = len(quote.prefix) + len(quote.suffix)
    stays = quote.start >= 0 and text.startswith(quote.exact, quote.start)
    if stays and _agreement(text, quote.start, quote) == context:
        return Span(quote.start, quote.start + len(quote.exact))
    ranked: list[tuple[int, int, int]] = []
    for start in _occurrences(text, quote.exact):
        agreement = _agreement(text, start, quote)
        if start == quote.start or len(quote.exact) >= LONG or 3 * agreement >= context:
            ranked.append((-agreement, abs(start - quote.start), start))
    ranked.sort()
    if not ranked or (len(ranked) > 1 and ranked[0][:2] == ranked[1][:2]):
        return None
    start = ranked[0][2]
    return Span(start, start + len(quote.exact))


def text_hash(text: str) -> str:
    """The SHA-256 of a text in hexadecimal: equal where every offset still holds."""
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _occurrences(text: str, words: str) -> Iterator[int]:
    start = text.find(words)
    while start >= 0:
        yield start
        start = text.find(words, start + 1)


def _agreement(text: str, start: int, quote: Quote) -> int:
    """How many characters on both sides of an occurrence, outwards from it, are those of the quote."""
    end = start + len(quote.exact)
    before = text[max(start - len(quote.prefix), 0) : start]
    after = text[end : end + len(quote.suffix)]
    return _common(before[::-1], quote.prefix[::-1]) + _common(after, quote.suffix)


def _common(one: str, other: str) -> int:
    """How many characters two strings begin alike."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((index for index, (a, b) in pairs if a != b), min(len(one), len(other)))
