"""One of two articles that stand side by side."""

from __future__ import annotations

import asyncio
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from reader.model import Article, BlockKind, Span
from reader.tui import layout
from reader.tui.layout import Line
from reader.tui.widgets.marks import Mark, Marks, drawn_with
from reader.tui.widgets.pair import MISSING, Pair, Point
from reader.words import _

_LONG = 100_000
"""Characters; a longer text is laid out in a thread."""
_LOW = 14
"""Lines of a side below which its head is short."""
_WHEEL = 3
_BLOCKS = {BlockKind.HEADING: "heading", BlockKind.QUOTE: "quote", BlockKind.CODE: "code", BlockKind.TABLE: "table"}


class Side(Widget, can_focus=True):
    """One of the two articles: its head, and the lines of its text from `top` on, which may lie beyond its ends."""

    ALLOW_SELECT = False
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "head", "title", "heading", "quote", "code", "table", "match", "differs", "missing", "source", "clash", "only",
        "saved", "current", "gutter", "faint", "thumb",
    }  # fmt: skip
    DEFAULT_CSS = """
    Side {
        & > .head { background: $panel; color: $foreground; }
        &:focus > .head { background: $primary-muted; }
        & > .title { text-style: bold; }
        & > .heading { text-style: bold; color: $foreground; }
        & > .quote { text-style: italic; }
        & > .code { color: $text-secondary; }
        & > .match { color: $text-primary; }
        & > .differs { color: $text-warning; }
        & > .missing { color: $text-success; }
        & > .source { color: $text-accent; text-style: bold; }
        & > .clash { color: $text-warning; text-style: bold reverse; }
        & > .only { color: $text-error; text-style: underline; }
        & > .saved { background: $warning-muted; }
        & > .current { background: $primary-muted; text-style: bold; }
        & > .gutter { color: $accent; text-style: bold; }
        & > .faint { color: $text-muted; }
        & > .thumb { background: $panel-lighten-2; }
    }
    """

    class Resized(Message):
        """A side has another size."""

    class Wheeled(Message):
        """The wheel was turned over a side."""

        def __init__(self, side: int, lines: int) -> None:
            self.side, self.lines = side, lines
            super().__init__()

    class Pointed(Message):
        """A claim of a side was clicked."""

        def __init__(self, side: int, point: Point) -> None:
            self.side, self.point = side, point
            super().__init__()

    def __init__(self, index: int, pair: Pair, measure: int, now: Callable[[], datetime], *, id: str) -> None:
        super().__init__(id=id)
        self.index = index
        self.pair = pair
        self.top = 0
        self.current: Point | None = None
        self.saved: Sequence[Span] = ()
        self._measure, self._now = measure, now
        self._head: list[tuple[str, str]] = []
        self._lines: list[Line] = []
        self._starts: list[int] = []
        self._laid: tuple[Article, int] | None = None
        """What the lines were made of."""
        self._marks = Marks()
        self._begin: dict[int, list[Point]] = {}
        """The claims that begin on a line, …"""
        self._marked: list[int] = []
        """… and those lines."""
        self._signs: dict[int, str] = {}
        """What else the margin says of a line."""
        self._styles: dict[str, Style] = {}

    # Laying out.

    @property
    def article(self) -> Article:
        """The one that is shown."""
        return self.pair.articles[self.index]

    @property
    def _number(self) -> int:
        """Cells that the numbers of claims take."""
        return max(2, len(str(len(self.pair.matches))))

    @property
    def _gutter(self) -> int:
        return self._number + 3

    @property
    def _width(self) -> int:
        """Of the text: what the margin and the ruler leave."""
        return max(4, min(self._measure, self.size.width - self._gutter - 2))

    @property
    def is_laid(self) -> bool:
        """Whether the lines are those of this text at this width."""
        return self._laid is not None and self._laid[0] is self.article and self._laid[1] == self._width

    @property
    def is_long(self) -> bool:
        """Whether making the lines takes longer than a person should wait for a key."""
        return len(self.article.text) > _LONG

    def lay_out(self) -> None:
        """Make the lines of the text at the width that there is now, and find what is marked on which."""
        self._take(self.article, self._width, layout.lay_out(self.article, self._width))

    async def lay_out_aside(self) -> None:
        """The same in a thread; what is no longer wanted when it comes is dropped."""
        article, width = self.article, self._width
        lines = await asyncio.to_thread(layout.lay_out, article, width)
        if article is self.article and width == self._width:
            self._take(article, width, lines)

    def _take(self, article: Article, width: int, lines: list[Line]) -> None:
        self._lines, self._laid = lines, (article, width)
        self._starts = [line.start for line in lines]
        self.mark_up()

    def mark_up(self) -> None:
        """Find what is marked on which line."""
        marks = list(self.pair.marks(self.index))
        self._marks = Marks([*(Mark(span, "saved") for span in self.saved), *marks])
        self._begin, self._signs = {}, {}
        for point in self.pair.points(self.index):
            for span in point.spans[self.index]:
                self._begin.setdefault(self.line_of(span.start), []).append(point)
            for figure in point.figures[self.index]:
                self._signs[self.line_of(figure.span.start)] = point.figure_sign
        for span in self.saved:
            self._signs.setdefault(self.line_of(span.start), "★")
        self._marked = sorted(self._begin)
        self.refresh()

    def set_head(self, titles: int) -> None:
        """Give the head so many lines for the title."""
        entry, width = self.pair.entries[self.index], self.size.width - 2
        read = [one.id for one in self.pair.told.entries if one.id in self.pair.told.articles]
        facts = [self.pair.outlets[self.index], layout.ago(entry.when, self._now())]
        facts += [_("opening only")] if self.pair.is_opening(self.index) else []
        facts.append(_("{at} of {all}").format(at=read.index(entry.id) + 1, all=len(read)))
        lines = self._titles(titles)
        lines += [""] * (titles - len(lines))
        self._head = [(layout.cut(" · ".join(facts), width), ""), *((line, "title") for line in lines)]
        self.refresh()

    def _titles(self, most: int) -> list[str]:
        title = " ".join((self.pair.entries[self.index].title or self.article.title or _("Untitled")).split())
        return layout.paragraph(title, max(4, self.size.width - 2), most=most)

    @property
    def titles(self) -> int:
        """How many lines the title wants, and may have."""
        return len(self._titles(2 if self.size.height >= _LOW else 1))

    # Where things are.

    @property
    def height(self) -> int:
        """Lines of the text that are in sight."""
        return max(1, self.size.height - len(self._head))

    @property
    def count(self) -> int:
        """Lines of the text."""
        return len(self._lines)

    def line_of(self, offset: int) -> int:
        """The line of the text on which a character stands."""
        return max(0, bisect_right(self._starts, offset) - 1)

    def offset_of(self, line: int) -> int:
        """Where a line begins; the nearest one's for a line beyond the ends."""
        return self._starts[max(0, min(line, self.count - 1))] if self._starts else 0

    def row_of(self, offset: int) -> int:
        """The line of the side, from its top down, on which a character of the text stands now."""
        return len(self._head) + self.line_of(offset) - self.top

    @property
    def first_in_sight(self) -> Span:
        """The first line in sight that has words; an empty span at the top of the text."""
        lines = self._lines[self.top :] if self.top > 0 else []
        return next((Span(line.start, line.end) for line in lines if line.start < line.end), Span(0, 0))

    def sees(self, point: Point) -> bool:
        """Whether the first line of a claim is in sight."""
        spans = point.spans[self.index]
        return bool(spans) and 0 <= self.line_of(spans[0].start) - self.top < self.height

    def offset_at(self, x: int, y: int) -> int | None:
        """The character of the text at a cell of the side; None outside the text."""
        index = y - len(self._head) + self.top
        if y < len(self._head) or not 0 <= index < self.count:
            return None
        line = self._lines[index]
        x -= self._gutter + cell_len(line.prefix)
        drawn = layout.glyphs(self.article.text, line)
        return next((one.start for one in drawn if one.x <= x < one.x + one.cells), None)

    # Drawing.

    def notify_style_update(self) -> None:
        """Styles are looked up again after a change of theme or focus."""
        super().notify_style_update()
        self._styles.clear()

    def _style(self, name: str) -> Style:
        if name not in self._styles:
            self._styles[name] = self.get_component_rich_style(name, partial=True) if name else Style()
        return self._styles[name]

    def render_line(self, y: int) -> Strip:
        """One line of the head or of the text."""
        width, base = self.size.width, self.rich_style
        if y < len(self._head):
            base += self._style("head")
            words, name = self._head[y]
            # The bar shows the focus where there are no colours.
            bar = Segment("▌" if self.has_focus else " ", base + self._style("gutter"))
            return Strip([bar, Segment(words, base + self._style(name))]).adjust_cell_length(width, base)
        index = y - len(self._head) + self.top
        segments = list(self._text_line(index, base)) if 0 <= index < self.count else []
        text = Strip(segments).adjust_cell_length(width - 1, base)
        return Strip([*text, self._ruler_at(y - len(self._head), base)])

    def _text_line(self, index: int, base: Style) -> Iterator[Segment]:
        line, text = self._lines[index], self.article.text
        span = Span(line.start, line.end)
        yield from self._margin(index, span, base)
        base += self._style(_BLOCKS.get(line.kind, ""))
        yield Segment(line.prefix, base)
        marks = [*self._marks.within(span), *(Mark(one, "current") for one in self._current_in(span))]
        yield from drawn_with(marks, text, span, layout.glyphs(text, line), base, self._style)

    def _margin(self, index: int, span: Span, base: Style) -> Iterator[Segment]:
        """A bar beside the claim at hand, the number of a claim that begins here, and its sign."""
        here = self._begin.get(index, [])
        point = self.current if self.current in here else here[0] if here else None
        sign = self._signs.get(index, " ")
        number = ""
        if point:
            number, sign = str(point.number or ""), point.sign if point.sign.strip() else sign
        bar = "▌" if self._current_in(span) else " "
        yield Segment(f"{bar}{number:>{self._number}}", base + self._style("gutter"))
        style = "missing" if sign == MISSING else "differs" if sign.strip() else ""
        yield Segment(f"{sign} ", base + self._style(style))

    def _current_in(self, span: Span) -> list[Span]:
        spans = self.current.spans[self.index] if self.current else ()
        return [one for one in spans if one.start < span.end and span.start < one.end]

    def _ruler_at(self, y: int, base: Style) -> Segment:
        """What of the whole text stands beside a line of the view: claims by their signs, and what is in sight."""
        height, count = self.height, self.count
        if count <= height:
            return Segment(" ", base)
        sees = self.top * height // count <= y < -(-(self.top + height) * height // count)
        style = base + self._style("thumb") if sees else base
        first, last = y * count // height, (y + 1) * count // height
        at = bisect_left(self._marked, first)
        here = [point for line in self._marked[at : bisect_left(self._marked, last)] for point in self._begin[line]]
        if self.current in here:
            return Segment("◆", style + self._style("gutter"))
        signs = sorted((point.sign for point in here), key=lambda sign: (sign == " ", sign == MISSING))
        if not signs:
            return Segment("▕" if sees else " ", style + self._style("faint"))
        name = {MISSING: "missing", " ": "match"}.get(signs[0], "differs")
        return Segment("•" if signs[0] == " " else signs[0], style + self._style(name))

    # What the mouse does.

    def on_click(self, event: events.Click) -> None:
        """Make the claim that was clicked the current one."""
        offset = self.offset_at(event.x, event.y)
        point = None if offset is None else self.pair.at(self.index, offset)
        if point:
            self.post_message(self.Pointed(self.index, point))

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Scroll down."""
        event.stop()
        self.post_message(self.Wheeled(self.index, _WHEEL))

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Scroll up."""
        event.stop()
        self.post_message(self.Wheeled(self.index, -_WHEEL))

    def on_resize(self) -> None:
        """Tell that the lines must be made again."""
        self.post_message(self.Resized())
