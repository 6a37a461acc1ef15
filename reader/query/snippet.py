"""Which stretch of a text to show of what was found in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from reader.model import Span


def snippet(text: str, spans: Sequence[Span], width: int) -> Span:
    """The stretch of a text, of at most `width` characters, with the most different hits: where to look first.

    `spans` are in order. It begins and ends at the border of a word where it can.
    """
    first, last, most, held = 0, 0, (0, 0), Counter[str]()
    begin = 0
    for end, span in enumerate(spans):
        held[span.of(text).casefold()] += 1
        while span.end - spans[begin].start > width and begin < end:
            word = spans[begin].of(text).casefold()
            held[word] -= 1
            if not held[word]:
                del held[word]
            begin += 1
        if (found := (len(held), held.total())) > most:
            first, last, most = begin, end, found
    low, high = (spans[first].start, min(spans[last].end, spans[first].start + width)) if spans else (0, 0)
    start = max(min(low - (width - (high - low)) // 3, len(text) - width), 0)
    end = min(start + width, len(text))
    while start < low and start and not text[start - 1].isspace():
        start += 1
    while end > high and end < len(text) and not text[end].isspace():
        end -= 1
    # A single word wider than the window would leave nothing.
    return Span(start, end if end > start else min(start + width, len(text)))
