"""What is marked in an article's text: claims, speakers, figures, links, and what was saved."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from rich.segment import Segment
from rich.style import Style

from reader.library.answers import Opened
from reader.model import BlockKind, Fit, Quotation, Span
from reader.tui import layout
from reader.tui.layout import Glyph


@dataclass(frozen=True, slots=True)
class Mark:
    """A span shown in a style; a later one is laid over an earlier."""

    span: Span
    style: str


class Marks:
    """Many marks, of which those on a line are found at once."""

    def __init__(self, marks: Iterable[Mark] = ()) -> None:
        self._marks = sorted(enumerate(marks), key=lambda one: one[1].span.start)
        self._starts = [mark.span.start for _, mark in self._marks]
        self._reach = list(accumulate((mark.span.end for _, mark in self._marks), max))
        """How far each mark, or any before it, goes on."""

    def within(self, span: Span) -> list[Mark]:
        """The marks that touch a span, in the order they were given."""
        first, last = bisect_right(self._reach, span.start), bisect_left(self._starts, span.end)
        return [mark for _, mark in sorted(one for one in self._marks[first:last] if one[1].span.end > span.start)]


def drawn_with(
    marks: Sequence[Mark], text: str, line: Span, glyphs: Sequence[Glyph], base: Style, style_of: Callable[[str], Style]
) -> Iterator[Segment]:
    """A line of a text as its glyphs are drawn, in the styles of its marks."""
    if glyphs and glyphs[0].x:
        yield Segment(" " * glyphs[0].x, base)
    cuts = sorted({line.end, *(one for mark in marks for one in mark.span if line.start < one < line.end)})
    words, style, until = "", base, line.start
    for glyph in glyphs:
        # What a joiner ends would swallow what follows it when its width is measured.
        if glyph.start >= until or words.endswith("\u200d"):
            if words:
                yield Segment(words, style)
            words, style, until = "", base, next(one for one in cuts if one > glyph.start)
            for mark in marks:
                if mark.span.start <= glyph.start < mark.span.end:
                    style += style_of(mark.style)
        words += layout.drawn(text, glyph)
    if words:
        yield Segment(words, style)


def marks_of(opened: Opened) -> Iterator[Mark]:
    """Everything that is always marked in an article."""
    article, analysis = opened.article, opened.analysis
    headings = [block.span for block in article.blocks if block.kind is BlockKind.HEADING]
    starts = [span.start for span in headings]

    def in_heading(span: Span) -> bool:
        index = bisect_right(starts, span.start) - 1
        return index >= 0 and span.start < headings[index].end

    for span in analysis.boilerplate:
        yield Mark(span, "aside")
    for link in article.links:
        yield Mark(link.span, "link")
    for emphasis in article.emphasis:
        if not in_heading(emphasis.span):  # a heading is set off as a whole
            yield Mark(emphasis.span, emphasis.kind)
    for claim in analysis.claims:
        style = "indirect" if claim.quotation == Quotation.INDIRECT else "direct"
        yield from (Mark(span, style) for span in claim.content)
        yield from (Mark(span, "source") for span in claim.source)
        yield from (Mark(span, "cue") for span in claim.cue)
    for figure in analysis.figures:
        yield Mark(figure.span, "figure")
    for one in opened.marked:
        if one.span:
            color = one.highlight.color
            yield Mark(one.span, f"saved-{color}" if color else "saved")


def signs_of(opened: Opened) -> Iterator[tuple[int, str]]:
    """What the margin says beside an offset: of which kind a claim is; ★ what is saved, ≈ what was reworded since."""
    for claim in opened.analysis.claims:
        yield claim.start, "›" if claim.quotation == Quotation.INDIRECT else "”"
    for one in opened.marked:
        if one.anchor:
            yield one.anchor.span.start, "★" if one.anchor.fit is Fit.EXACT else "≈"
