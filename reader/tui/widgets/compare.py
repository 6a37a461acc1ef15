"""Two articles side by side, scrolled in step, with what both claim on the same line."""

from __future__ import annotations

import asyncio
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual import events, on, work
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from reader.model import Article, BlockKind, Claim, Span
from reader.tui import layout
from reader.tui.actions import Place
from reader.tui.keyboard import Keymap
from reader.tui.layout import Line
from reader.tui.widgets.marks import Mark, Marks
from reader.tui.widgets.pair import MISSING, Lines, Pair, Point, Told, follow, in_step, with_ends
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
        & > .faint { text-style: dim; }
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
        drawn = layout.glyphs(text, line)
        if drawn and drawn[0].x:
            yield Segment(" " * drawn[0].x, base)
        marks = [*self._marks.within(span), *(Mark(one, "current") for one in self._current_in(span))]
        cuts = sorted({line.end, *(one for mark in marks for one in mark.span if line.start < one < line.end)})
        words, style, until = "", base, line.start
        for glyph in drawn:
            # What a joiner ends would swallow what follows it when its width is measured.
            if glyph.start >= until or words.endswith("\u200d"):
                if words:
                    yield Segment(words, style)
                words, style, until = "", base, next(one for one in cuts if one > glyph.start)
                for mark in marks:
                    if mark.span.start <= glyph.start < mark.span.end:
                        style += self._style(mark.style)
            words += layout.drawn(text, glyph)
        if words:
            yield Segment(words, style)

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


class Beside(Vertical):
    """The two sides and what there is to tell of the claim at hand; what scrolls one scrolls the other."""

    PLACES: ClassVar[tuple[Place, ...]] = (Place.LISTS,)

    class Chosen(Message):
        """The person wants to read on in one of the articles."""

    def __init__(self, pair: Pair, *, measure: int, now: Callable[[], datetime], keymap: Keymap) -> None:
        super().__init__()
        self.pair = pair
        self.current: Point | None = None
        self.here = 0
        """The side that has the focus."""
        self.sides = tuple(Side(index, pair, measure, now, id=f"side-{index}") for index in (0, 1))
        self._told = Told(pair, keymap)
        self._row = 0
        """The line in sight on which the texts are in step, from the top of both: a third down, but at the top."""
        self._third = 0
        self._slides = True
        """Whether that line is yet to come down, as the person leaves the top."""
        self._chain: list[Lines] = [(0, 0)]
        """Lines that stand beside each other, as far as they go down in both texts."""
        self._reach = [(0, 0), (0, 0)]
        """By side between which lines at its top a person scrolls: its text's, and where a claim was gone to."""
        self._held: list[tuple[int, int] | None] = [None, None]
        """By side what stands there: a character, and lines beyond its own. None: what is beside the other's."""
        self._aligns = False
        """Whether the current claim stands on that line, or is to as soon as there are lines."""
        self._sizes: object = None

    def compose(self) -> ComposeResult:
        """The sides, beside or over each other, and the claim at hand below."""
        yield Horizontal(*self.sides, id="sides")
        yield self._told

    # What is shown.

    def show(self, pair: Pair, at: Point | None) -> None:
        """Show another pair and go to a claim of it; or let the article that both pairs have stay where it is."""
        self._held = [
            held if before == after else None
            for held, before, after in zip(self._held, self.pair.entry_ids, pair.entry_ids, strict=True)
        ]
        self.pair = self._told.pair = pair
        for side in self.sides:
            side.pair, side.saved = pair, ()
        self._choose(at)
        self._aligns, self._sizes = at is not None, None
        self._lay_out()

    def know(self, claims: Mapping[int, Sequence[Claim]], saved: Mapping[int, Sequence[Span]]) -> None:
        """Take what was found in the articles, and what was saved of them, by entry."""
        self.pair.claims = claims
        for side in self.sides:
            side.saved = saved.get(self.pair.entry_ids[side.index], ())
            side.mark_up()
        self._told.refresh()

    def _choose(self, point: Point | None) -> None:
        self.current = self._told.current = point
        self._told.refresh()
        for side in self.sides:
            side.current = point
            side.refresh()

    # Laying out.

    @on(Side.Resized)
    def _lay_out(self) -> None:
        """Make the lines anew where they have another width, and keep the place."""
        sizes = [side.size for side in self.sides]
        if sizes == self._sizes:
            return
        self._sizes = sizes
        titles = max(side.titles for side in self.sides)
        for side in self.sides:
            side.set_head(titles)
            if side.is_laid:
                side.mark_up()  # beside another article other claims are in common
            elif not side.is_long:
                side.lay_out()
        if self._is_laid:
            self._restore()
        else:
            self._lay_out_aside()

    @work(exclusive=True)
    async def _lay_out_aside(self) -> None:
        for side in self.sides:
            if not side.is_laid:
                await side.lay_out_aside()
        if self._is_laid:
            self._restore()

    @property
    def _is_laid(self) -> bool:
        return all(side.is_laid for side in self.sides)

    @property
    def _height(self) -> int:
        return min(side.height for side in self.sides)

    def _restore(self) -> None:
        """Put what was in step in step again, among lines that are others."""
        is_third, self._third = self._row == self._third, self._height // 3
        self._row = self._third if is_third and not self._slides else min(self._row, self._height - 1)
        tops = [side.top for side in self.sides]
        self._link()
        if self._aligns and self.current:
            self.go(self.current, None if is_third else self._row)
        elif None not in self._held and tops == [0, 0]:
            self._stand(0, 0)
        else:
            lines = [
                held and side.line_of(held[0]) + held[1] for side, held in zip(self.sides, self._held, strict=True)
            ]
            lead = 0 if lines[0] is not None else 1
            self._lead(lead, (lines[lead] or 0) - self._row, lines[1 - lead])
            if None in self._held:
                self._hold()

    def _link(self) -> None:
        """Find out which lines stand beside each other."""

        def lines(point: Point) -> Lines:
            one, other = (side.line_of(point.start(side.index)) for side in self.sides)
            return one, other

        held = lines(self.current) if self.current and self.current.number else None
        anchors = [lines(point) for point in self.pair.matches]
        lasts = [max(0, side.count - side.height) for side in self.sides]
        end = (self._third + lasts[0], self._third + lasts[1])
        if self._slides:
            self._chain = with_ends([(0, 0), *in_step([one for one in anchors if min(one) > 0])], [end])
        else:
            self._chain = with_ends(in_step(anchors, held), [(self._row, self._row), end])
        self._reach = [(0, last + 1) for last in lasts]  # a line of air shows that the text ends

    def _lead(self, lead: int, top: int, line: int | None = None) -> None:
        """Put a side's text at a line, and the other's beside it or where it is asked to be."""
        row, other = self._row, self.sides[1 - lead]
        if line is None:
            line = follow(self._chain, top + row, lead)
        # Something of the text stays in sight.
        beside = max(0, min(line, max(other.count - 1, row))) - row
        self._stand(*((top, beside) if lead == 0 else (beside, top)))

    def _stand(self, *tops: int) -> None:
        for side, top in zip(self.sides, tops, strict=True):
            side.top = top
            side.refresh()

    def _hold(self) -> None:
        """Remember what stands there, for when the lines are others."""
        for side in self.sides:
            line = side.top + self._row
            offset = side.offset_of(line)
            self._held[side.index] = offset, line - side.line_of(offset)

    # Moving.

    def go(self, point: Point, row: int | None = None) -> None:
        """Make a claim the current one, with its first line on one line of both texts: a third down, unless asked."""
        self._choose(point)
        self._aligns = True
        if not self._is_laid:
            return
        self._row, self._slides = self._third if row is None else row, False
        self._link()
        lines = [side.line_of(point.start(side.index)) if point.spans[side.index] else None for side in self.sides]
        lead = 0 if lines[0] is not None else 1
        self._lead(lead, (lines[lead] or 0) - self._row, lines[1 - lead])
        self._reach = [
            (min(first, side.top), max(last, side.top))
            for side, (first, last) in zip(self.sides, self._reach, strict=True)
        ]
        self._hold()

    def go_to_top(self) -> None:
        """Put both texts at their tops."""
        self._row, self._slides, self._aligns = 0, True, False
        self._link()
        self._stand(0, 0)
        self._hold()

    def step(self, by: int) -> bool:
        """Go to the next claim that both make, or the one before; False where there is none."""
        return self._step(self.pair.matches, 0, by, wrap=False)

    def step_difference(self, by: int) -> bool:
        """Go to the next claim that they tell differently, around the end; False where it is no other."""
        return self._step([point for point in self.pair.matches if point.contrasts], 0, by, wrap=True)

    def step_missing(self) -> bool:
        """Go to the next claim that the side at hand leaves out, around the end; False where it is no other."""
        return self._step(self.pair.missing[1 - self.here], 1 - self.here, 1, wrap=True)

    def _step(self, points: Sequence[Point], side: int, by: int, *, wrap: bool) -> bool:
        if not points:
            return False
        current, view = self.current, self.sides[side]
        if current and current in points and view.sees(current):
            at = points.index(current) + by
        else:  # from what is in sight
            base = 0 if view.top <= 0 else view.offset_of(view.top + self._row)
            if current and view.sees(current):
                base = current.start(side) + (by > 0)
            at = bisect_left([point.start(side) for point in points], base) + by - (by > 0)
        point = points[at % len(points) if wrap else max(0, min(at, len(points) - 1))]
        moves = point is not current
        self.go(point)
        return moves

    def scroll_by(self, side: int, lines: int) -> None:
        """Scroll a side, no further than its text goes, and the other in step; at its top, both to theirs."""
        if not self._is_laid:
            return
        before = self.sides[side].top
        first, last = self._reach[side]
        top = max(min(first, before), min(before + lines, max(last, before)))
        if top == before and lines < 0:
            self.go_to_top()
            return
        if self._slides:
            self._row = min(self._third, max(0, self._row + lines if lines > 0 else min(self._row, top)))
        self._aligns = False
        self._lead(side, top)
        self._hold()

    @on(Side.Wheeled)
    def _wheeled(self, event: Side.Wheeled) -> None:
        self.scroll_by(event.side, event.lines)

    @on(Side.Pointed)
    def _pointed(self, event: Side.Pointed) -> None:
        view = self.sides[event.side]
        row = view.line_of(event.point.start(event.side)) - view.top  # what was clicked stays where it is
        self.go(event.point, max(0, min(row, self._height - 1)))

    def on_descendant_focus(self) -> None:
        """What is missing is missing in the side that has the focus."""
        self.here = self._told.here = next((side.index for side in self.sides if side.has_focus), self.here)
        self._told.refresh()

    def focus_side(self, side: int) -> None:
        """Give a side the focus."""
        self.sides[side].focus()

    @property
    def chosen(self) -> tuple[int, Span]:
        """The side and the words that keys are about: the current claim's, else the first line in sight."""
        if self.current:
            side = self.here if self.current.spans[self.here] else 1 - self.here
            return side, self.current.spans[side][0]
        return self.here, self.sides[self.here].first_in_sight

    def action_down(self, count: int = 1) -> None:
        """Scroll lines down."""
        self.scroll_by(self.here, count)

    def action_up(self, count: int = 1) -> None:
        """Scroll lines up."""
        self.scroll_by(self.here, -count)

    def action_first(self, line: int = 1) -> None:
        """Go to the top, or to a line of the text."""
        if line > 1:
            self.scroll_by(self.here, line - 1 - self.sides[self.here].top)
        else:
            self.go_to_top()

    def action_last(self, line: int | None = None) -> None:
        """Go to the end, or to a line of the text."""
        view = self.sides[self.here]
        self.scroll_by(self.here, (line or view.count) - 1 - view.top)

    def action_half_down(self) -> None:
        """Scroll half a page down."""
        self.scroll_by(self.here, max(1, self._height // 2))

    def action_half_up(self) -> None:
        """Scroll half a page up."""
        self.scroll_by(self.here, -max(1, self._height // 2))

    def action_page_down(self) -> None:
        """Scroll a page down, keeping one line."""
        self.scroll_by(self.here, max(1, self._height - 1))

    def action_page_up(self) -> None:
        """Scroll a page up, keeping one line."""
        self.scroll_by(self.here, -max(1, self._height - 1))

    def action_choose(self) -> None:
        """Read on in the article of the side at hand."""
        self.post_message(self.Chosen())
