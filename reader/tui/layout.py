"""Text to lines of terminal cells. Every line is a span of the text it came from, so offsets hold on the screen too."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from rich.cells import cell_len

from reader.model import Article, Block, BlockKind, Span

# CJK is set without spaces and may break anywhere; other words break at white space.
_CJK = "\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef"
_WORD = re.compile(rf"[{_CJK}]\s*|[^\s{_CJK}]+\s*|\s+")

_FIRST_PREFIX = {BlockKind.QUOTE: "│ ", BlockKind.LIST_ITEM: "• ", BlockKind.CODE: "  ", BlockKind.TABLE: "  "}
_NEXT_PREFIX = _FIRST_PREFIX | {BlockKind.LIST_ITEM: "  "}


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a laid-out article: the span it shows, and our own mark before it."""

    start: int
    end: int
    prefix: str = ""
    kind: BlockKind = BlockKind.PARAGRAPH


def wrap(text: str, span: Span, width: int) -> list[Span]:
    """Break `span` of `text` into spans of at most `width` cells, at newlines, between words, and within long words."""
    lines: list[Span] = []
    start = span.start
    while start <= span.end:
        newline = text.find("\n", start, span.end)
        end = span.end if newline < 0 else newline
        lines.extend(_fill(text, start, end, max(2, width)))
        start = end + 1
    return lines


def _fill(text: str, start: int, end: int, width: int) -> Iterator[Span]:
    line, at, x = start, start, 0
    for word in _WORD.finditer(text, start, end):
        bare = word[0].rstrip()
        cells = cell_len(bare)
        if x + cells > width and at > line:
            yield _stripped(text, line, at)
            line, x = word.start(), 0
        if cells > width:
            for char_at in range(word.start(), word.start() + len(bare)):
                cells = cell_len(text[char_at])
                if x + cells > width:
                    yield Span(line, char_at)
                    line, x = char_at, 0
                x += cells
            x += len(word[0]) - len(bare)
        else:
            x += cells + len(word[0]) - len(bare)  # white space is drawn one cell wide, tabs too
        at = word.end()
    yield _stripped(text, line, end)


def _stripped(text: str, start: int, end: int) -> Span:
    return Span(start, start + len(text[start:end].rstrip()))


def lay_out(article: Article, width: int) -> list[Line]:
    """The lines of an article at `width` cells, one blank line between blocks but none within a list."""
    lines: list[Line] = []
    before: BlockKind | None = None
    for block in article.blocks or (Block(kind=BlockKind.PARAGRAPH, span=Span(0, len(article.text))),):
        if before and not before == block.kind == BlockKind.LIST_ITEM:
            lines.append(Line(block.span.start, block.span.start))
        prefix = _FIRST_PREFIX.get(block.kind, "")
        for span in wrap(article.text, block.span, width - cell_len(prefix)):
            lines.append(Line(span.start, span.end, prefix, block.kind))
            prefix = _NEXT_PREFIX.get(block.kind, "")
        before = block.kind
    return lines


def cut(text: str, width: int) -> str:
    """`text` in at most `width` cells, with an ellipsis where it was cut."""
    if cell_len(text) <= width:
        return text
    room = max(0, width - 1)
    while cell_len(text) > room:
        text = text[: min(len(text) - 1, room)] if len(text) > room else text[:-1]
    return text + "…" if width > 0 else ""


def paragraph(text: str, width: int, most: int | None = None) -> list[str]:
    """`text` wrapped to `width`, at most `most` lines, with an ellipsis where it was cut."""
    spans = wrap(text, Span(0, len(text)), width)
    lines = [span.of(text) for span in spans]
    if most is not None and len(lines) > most:
        lines = [*lines[: most - 1], cut(" ".join(text[spans[most - 1].start :].split()), width)]
    return lines


def ago(when: datetime, now: datetime) -> str:
    """How long ago, as short as it can be said: "4m", "3h", "2d", then the date."""
    minutes = int((now - when).total_seconds() // 60)
    if minutes < 60:
        return f"{max(0, minutes)}m"
    if minutes < 24 * 60:
        return f"{minutes // 60}h"
    if minutes < 7 * 24 * 60:
        return f"{minutes // (24 * 60)}d"
    return date(when)


def date(when: datetime) -> str:
    """A date as the person's place has it: "12 Nov 2026"."""
    return day(when.astimezone())


def day(when: datetime) -> str:
    """A date as it was where it was written down, so that it is the one to cite: "12 Nov 2026"."""
    return f"{when.day} {when:%b %Y}"
