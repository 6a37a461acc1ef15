"""An article laid out and drawn line by line, with what is marked in it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.app import ComposeResult
from textual.containers import Container
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.widget import Widget

from reader.config import Reading
from reader.library.answers import Opened
from reader.model import Article, BlockKind, Claim, Color, Span
from reader.tui import layout
from reader.tui.layout import Line
from reader.tui.widgets.header import header
from reader.tui.widgets.marks import Mark, Marks, drawn_with, marks_of, signs_of
from reader.words import _

GUTTER = 3
"""Cells before the text, for signs."""
_MARGIN = 3
"""Cells kept free to the right, whether the scrollbar is there or not."""
_BLOCKS = {BlockKind.HEADING: "heading", BlockKind.QUOTE: "quote", BlockKind.CODE: "code"}


class PictureSlot(Container):
    """Where an article's picture stands: over the blank lines that the text leaves for it."""

    DEFAULT_CSS = """
    PictureSlot { height: auto; width: 1fr; }
    """

    def on_resize(self) -> None:
        """The text makes room for what is in here."""
        if isinstance(self.parent, TextView):
            self.parent.fit_picture()


class TextView(ScrollView, can_focus=True):
    """The head and the text of an opened entry; a picture may stand between them.

    Only lines in sight are drawn. The picture is a widget over lines left blank, so that everything is one
    column of lines and a place in it is a number.
    """

    ALLOW_SELECT = False
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "title", "meta", "notice", "tag", "heading", "quote", "code", "em", "strong", "direct", "indirect",
        "source", "cue", "figure", "link", "saved",
        *(f"saved-{color}" for color in Color), "current", "hit", "at-hit", "selected", "hint", "hosts",
        "gutter", "faint", "aside",
    }  # fmt: skip
    DEFAULT_CSS = """
    TextView {
        layout: vertical;
        overflow-x: hidden;
        scrollbar-size-vertical: 1;
        & > .title { text-style: bold; color: $foreground; }
        & > .meta { text-style: dim; }
        & > .tag { color: $text-secondary; text-style: italic; }
        & > .notice { color: $text-warning; }
        & > .heading { text-style: bold; color: $text-accent; }
        & > .quote { text-style: italic; }
        & > .code { color: $text-secondary; }
        & > .em { text-style: italic; }
        & > .strong { text-style: bold; }
        & > .aside { text-style: dim; }
        & > .direct { color: $text-success; }
        & > .indirect { color: $text-primary; }
        & > .source { text-style: bold; color: $text-accent; }
        & > .cue { text-style: italic; }
        & > .figure { text-style: bold; }
        & > .link { text-style: underline; }
        & > .saved, & > .saved-yellow { background: $warning-muted; }
        & > .saved-blue { background: $primary-muted; }
        & > .saved-pink { background: $error-muted; }
        & > .saved-orange { background: $accent-muted; }
        & > .saved-green { background: $success-muted; }
        & > .saved-purple { background: $secondary-muted; }
        & > .current { background: $primary-muted; text-style: underline; }
        & > .hit { background: $warning-muted; color: $text-warning; text-style: bold underline; }
        & > .at-hit { text-style: bold reverse; }
        & > .selected { color: $foreground; background: $background; text-style: reverse; }
        & > .hint { color: $text-warning; text-style: bold reverse; }
        & > .hosts { color: $foreground; background: $panel; text-style: bold; }
        & > .gutter { color: $accent; text-style: bold; }
        & > .faint { text-style: dim; }
    }
    """

    def __init__(self, reading: Reading, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.opened: Opened | None = None
        self.claim: Claim | None = None
        self._reading = reading
        self._pointed: Span | None = None
        """Words that are no claim and were asked for."""
        self._welcome = _("Choose a headline.")
        self._tags: tuple[str, ...] = ()
        self._room = 0
        """Lines that the picture takes."""
        self._head: list[tuple[str, str]] = []
        """The lines before the text, each with its style."""
        self._lines: list[Line] = []
        self._starts: list[int] = []
        self._laid: tuple[Article, int] | None = None
        """What the lines were made of."""
        self._width = 0
        self._marks = Marks()
        self._signs: dict[int, str] = {}
        """What the margin says of a line: where a claim begins and of which kind, and where something was saved."""
        self._styles: dict[str, Style] = {}

    @property
    def is_container(self) -> bool:
        """It draws its lines itself, and holds widgets all the same."""
        return True

    def compose(self) -> ComposeResult:
        """The place of the picture."""
        yield PictureSlot()

    # Laying out.

    def _lay_out(self) -> None:
        self._width = min(self._reading.measure, self.size.width - GUTTER - _MARGIN)
        shown = self.opened if self._width > 4 else None
        self._head = [*header(shown, self._tags, self._width), ("", "")] if shown else []
        if shown:
            for slot in self.query(PictureSlot):
                slot.styles.margin = (len(self._head), 0, 0, 0)
            self._head += [("", "")] * (self._room + 1 if self._room else 0)
        if shown is None:
            self._lines, self._laid = [], None
        elif self._laid is None or self._laid[0] is not shown.article or self._laid[1] != self._width:
            self._lines = layout.lay_out(shown.article, self._width)
            self._laid = (shown.article, self._width)
        self._starts = [line.start for line in self._lines]
        self._marks = Marks(marks_of(shown) if shown else ())
        self._signs = {self._index_of(offset): sign for offset, sign in signs_of(shown)} if shown else {}
        # A last line of air shows that the text ends here.
        self.virtual_size = Size(self.size.width, len(self._head) + len(self._lines) + 1)
        self.refresh()

    def _lay_out_again(self) -> None:
        """Lay out, keeping the line at the top at the top."""
        top, lines = int(self.scroll_offset.y) - len(self._head), self._lines
        self._lay_out()
        if 0 <= top < len(lines):
            self._scroll_to_line(len(self._head) + top if self._lines is lines else self.line_of(lines[top].start))

    def on_resize(self) -> None:
        """Lay out again, with what the person is at in sight."""
        self._lay_out_again()
        if self.claim:
            self._bring(Span(self.claim.start, self.claim.content[-1].end))

    def set_reading(self, reading: Reading) -> None:
        """Show the text as the settings are now."""
        self._reading = reading
        self._lay_out_again()

    def show_tags(self, tags: Sequence[str]) -> None:
        """Show in the head which tags the entry has."""
        self._tags = tuple(tags)
        self._lay_out_again()

    def show_picture(self, picture: Widget | None) -> None:
        """Show a picture between head and text, or none; the text that is being read stays where it is."""
        self._drop_picture()
        if picture:
            slot = self.query_one(PictureSlot)
            slot.display = True
            slot.mount(picture)
            self.call_after_refresh(self.fit_picture)
        self._lay_out_again()

    def _drop_picture(self) -> None:
        for slot in self.query(PictureSlot):
            slot.display = False
            slot.remove_children()
        self._room = 0

    def fit_picture(self) -> None:
        """Keep as many lines free between head and text as the picture takes."""
        slot = self.query_one(PictureSlot)
        height = slot.outer_size.height if slot.display and slot.children else 0
        if height != self._room:
            self._room = height
            self._lay_out_again()

    def notify_style_update(self) -> None:
        """Styles are looked up again after a change of theme."""
        super().notify_style_update()
        self._styles.clear()

    # Where things are.

    def line_of(self, offset: int) -> int:
        """The line of the view on which a character of the text stands."""
        return len(self._head) + self._index_of(offset)

    def _index_of(self, offset: int) -> int:
        return max(0, bisect_right(self._starts, offset) - 1)

    def _glyphs(self, line: Line) -> list[layout.Glyph]:
        assert self.opened
        return layout.glyphs(self.opened.article.text, line, self._width if self._reading.justify else None)

    def _line_at(self, y: int) -> Line | None:
        index = y + int(self.scroll_offset.y) - len(self._head)
        return self._lines[index] if self.opened and 0 <= index < len(self._lines) else None

    def offset_at(self, x: int, y: int) -> int | None:
        """The character of the text at a cell of the view; None outside the text."""
        if line := self._line_at(y):
            x -= GUTTER + cell_len(line.prefix)
            return next((one.start for one in self._glyphs(line) if one.x <= x < one.x + one.cells), None)
        return None

    def _edge_at(self, x: int, y: int) -> int:
        """The place between characters that a cell of the view is nearest to: the end of a line for what is beyond."""
        index = y + int(self.scroll_offset.y) - len(self._head)
        if not self._lines or index < 0:
            return 0
        if index >= len(self._lines):
            return self._lines[-1].end
        line = self._lines[index]
        x -= GUTTER + cell_len(line.prefix)
        return next((one.start for one in self._glyphs(line) if x < one.x + one.cells), line.end)

    def _in_sight(self) -> Span:
        """The stretch of the text whose lines are in sight; an empty one where none is."""
        top = max(0, int(self.scroll_offset.y) - len(self._head))
        bottom = int(self.scroll_offset.y) - len(self._head) + self._seen_height
        lines = self._lines[top : max(top, bottom)]
        return Span(lines[0].start, lines[-1].end) if lines else Span(0, 0)

    @property
    def _seen_height(self) -> int:
        """How many lines of the view nothing else stands before."""
        return self.size.height

    @property
    def at_end(self) -> bool:
        """Whether the last line is in sight."""
        return self.scroll_offset.y + self.size.height >= self.virtual_size.height

    # Scrolling.

    def _scroll_to_line(self, line: int) -> None:
        self.scroll_to(y=line, animate=False, force=True)

    def _bring(self, span: Span) -> None:
        """Scroll so that a span of the text is seen, in the upper part of the view."""
        first, last = self.line_of(span.start), self.line_of(max(span.start, span.end - 1))
        if first < self.scroll_offset.y + 1 or last >= self.scroll_offset.y + self._seen_height - 1:
            self._scroll_to_line(max(0, first - self.size.height // 4))

    def _keep_in_sight(self, offset: int) -> None:
        """Scroll no further than it takes to see a character."""
        line, top = self.line_of(offset), int(self.scroll_offset.y)
        if line < top:
            self._scroll_to_line(line)
        elif line >= top + self._seen_height:
            self._scroll_to_line(line - self._seen_height + 1)

    def _move(self, lines: int) -> None:
        self._scroll_to_line(int(self.scroll_offset.y) + lines)

    def action_down(self, count: int = 1) -> None:
        """Scroll lines down."""
        self._move(count)

    def action_up(self, count: int = 1) -> None:
        """Scroll lines up."""
        self._move(-count)

    def action_first(self, line: int = 1) -> None:
        """Go to the top, or to a line of the text."""
        self._scroll_to_line(line - 1)

    def action_last(self, line: int | None = None) -> None:
        """Go to the end, or to a line of the text."""
        self._scroll_to_line((line or self.virtual_size.height) - 1)

    def action_half_down(self) -> None:
        """Scroll half a page down."""
        self._move(self.size.height // 2)

    def action_half_up(self) -> None:
        """Scroll half a page up."""
        self._move(-(self.size.height // 2))

    def action_page_down(self) -> None:
        """Scroll a page down, keeping one line."""
        self._move(max(1, self.size.height - 1))

    def action_page_up(self) -> None:
        """Scroll a page up, keeping one line."""
        self._move(-max(1, self.size.height - 1))

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """What stands in the text moves with it."""
        super().watch_scroll_y(old_value, new_value)
        if self._room and round(old_value) != round(new_value):
            self._refresh_scroll()

    # Drawing.

    def _style(self, name: str) -> Style:
        if name not in self._styles:
            self._styles[name] = self.get_component_rich_style(name, partial=True)
        return self._styles[name]

    def render_line(self, y: int) -> Strip:
        """One line of the visible part."""
        width, base = self.size.width, self.rich_style
        y += int(self.scroll_offset.y)
        if self.opened is None:
            words = layout.cut(self._welcome, width - GUTTER) if y == 1 else ""
            segments = [Segment(" " * GUTTER + words, base + self._style("faint"))]
            return Strip(segments).adjust_cell_length(width, base)
        index = y - len(self._head)
        if index < 0:
            words, name = self._head[y]
            # The bar shows the focus where there are no colours.
            bar = "▌  " if self.has_focus and words else " " * GUTTER
            segments = [
                Segment(bar, base + self._style("gutter")),
                Segment(words, base + self._style(name) if name else base),
            ]
        elif index < len(self._lines):
            segments = list(self._text_line(index, base))
        else:
            segments = []
        return Strip(segments).adjust_cell_length(width, base)

    def _pointed_out(self) -> Sequence[Span]:
        """What the person is at."""
        return self.claim.content if self.claim else (self._pointed,) if self._pointed else ()

    def _marks_over(self, line: Span) -> Iterator[Mark]:
        """What is marked over everything else, for it comes and goes."""
        for span in self._pointed_out():
            if span.start < line.end and line.start < span.end:
                yield Mark(span, "current")

    def _text_line(self, index: int, base: Style) -> Iterator[Segment]:
        assert self.opened
        line, text = self._lines[index], self.opened.article.text
        gutter = base + self._style("gutter")
        if name := _BLOCKS.get(line.kind):
            base += self._style(name)
        span = Span(line.start, line.end)
        over = list(self._marks_over(span))
        bar = "▌" if any(mark.style == "current" for mark in over) else " "
        yield Segment(f"{bar}{self._signs.get(index, ' ')} ", gutter)
        yield Segment(line.prefix, base)
        marks = [*self._marks.within(span), *over]
        yield from drawn_with(marks, text, span, self._glyphs(line), base, self._style)
