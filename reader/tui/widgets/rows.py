"""A list whose rows are drawn while they are rendered.

Where all rows are of one height, 100,000 of them cost what a screenful costs; others are all measured once a width,
which means drawn unless a subclass can tell their heights.
"""

from __future__ import annotations

from bisect import bisect_right
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

from reader.tui.actions import Place
from reader.words import _

Piece = tuple[str, str]
"""Words, and the name of the component style they are shown in; plain text always, never markup."""


_KEPT = 2000
"""Rows whose drawing is kept."""


class Rows(ScrollView, can_focus=True):
    """A list with a cursor; a subclass says how many rows there are and draws one."""

    PLACES: ClassVar[tuple[Place, ...]] = (Place.LISTS,)
    COMPONENT_CLASSES: ClassVar[set[str]] = {"cursor", "strong", "plain", "faint", "good", "warn", "mark", "figure"}
    DEFAULT_CSS = """
    Rows {
        overflow-x: hidden;
        scrollbar-size-vertical: 1;
        & > .cursor { background: $panel; }
        &:focus > .cursor { background: $primary-muted; }
        & > .strong { text-style: bold; color: $foreground; }
        & > .plain { color: $foreground; }
        & > .faint { color: $text-muted; }
        & > .good { color: $text-success; }
        & > .warn { color: $text-warning; }
        & > .mark { color: $accent; text-style: bold; }
        & > .figure { color: $text-warning; text-style: bold; }
    }
    """

    cursor: reactive[int] = reactive(0, repaint=False)

    class Moved(Message):
        """The person moved the cursor to another row."""

        def __init__(self, rows: Rows, index: int) -> None:
            self.rows, self.index = rows, index
            super().__init__()

        @property
        def control(self) -> Rows:
            """The list, for `@on` selectors."""
            return self.rows

    class Chosen(Moved):
        """The person pressed Enter on a row or clicked it."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._tops: list[int] = [0]
        self._drawn: dict[int, list[list[Piece]]] = {}
        self._styles: dict[str, Style] = {}
        self._strips: dict[tuple[int, int], Strip] = {}
        """Lines of rows as they were drawn, but for those under the cursor."""

    # What a subclass says.

    @property
    def empty(self) -> str:
        """What an empty list says."""
        return _("Nothing here.")

    def row_count(self) -> int:
        """How many rows there are."""
        raise NotImplementedError

    def row_height(self) -> int:
        """The height of every row in lines; 0 where each has its own."""
        return 0

    def height_of(self, index: int, width: int) -> int:
        """The height of a row that has its own, where that can be told without drawing it."""
        return len(self._lines(index, width))

    def draw(self, index: int, width: int) -> list[list[Piece]]:
        """The lines of one row at `width` cells."""
        raise NotImplementedError

    # Drawing.

    def redraw(self) -> None:
        """Measure and draw again: the rows, or what they show, have changed."""
        self._drawn.clear()
        self._styles.clear()
        self._strips.clear()
        width, count = self._row_width, self.row_count()
        if height := self.row_height():
            total = count * height
        else:
            self._tops = [0]
            for index in range(count):
                self._tops.append(self._tops[-1] + self.height_of(index, width))
            total = self._tops[-1]
        self.virtual_size = Size(self.size.width, total)
        self.set_reactive(Rows.cursor, max(0, min(self.cursor, count - 1)))
        self.refresh()

    @property
    def _row_width(self) -> int:
        return max(4, self.scrollable_content_region.width - 2)

    def _lines(self, index: int, width: int) -> list[list[Piece]]:
        if index not in self._drawn:
            if len(self._drawn) > _KEPT:
                self._drawn.clear()
                self._strips.clear()
            self._drawn[index] = self.draw(index, width)
        return self._drawn[index]

    def _place(self, index: int) -> tuple[int, int]:
        """The first line of a row and its height."""
        if height := self.row_height():
            return index * height, height
        if index + 1 >= len(self._tops):  # not measured yet
            return self._tops[-1], 0
        return self._tops[index], self._tops[index + 1] - self._tops[index]

    def _index_at(self, y: int) -> int:
        if height := self.row_height():
            return y // height
        return bisect_right(self._tops, y) - 1

    def _style(self, name: str) -> Style:
        if name not in self._styles:
            self._styles[name] = self.get_component_rich_style(name, partial=True) if name else Style()
        return self._styles[name]

    def render_line(self, y: int) -> Strip:
        """One line of the visible part."""
        width = self.size.width
        y += int(self.scroll_offset.y)
        count = self.row_count()
        if not count:
            base = self.rich_style
            words = self.empty if y == 0 else ""
            return Strip([Segment(f" {words}", base + self._style("faint"))]).adjust_cell_length(width, base)
        index = self._index_at(y)
        if index >= count:
            return Strip.blank(width, self.rich_style)
        at = y - self._place(index)[0]
        if index == self.cursor:
            return self._row_line(index, at, width, on_cursor=True)
        if (index, at) not in self._strips:
            self._strips[index, at] = self._row_line(index, at, width, on_cursor=False)
        return self._strips[index, at]

    def _row_line(self, index: int, at: int, width: int, *, on_cursor: bool) -> Strip:
        base = self.rich_style + self._style("cursor") if on_cursor else self.rich_style
        lines = self._lines(index, self._row_width)
        pieces = lines[at] if at < len(lines) else []
        # The bar shows the cursor where there are no colours.
        bar = "▌" if on_cursor and (self.has_focus or not self.can_focus) and pieces else " "
        segments = [Segment(bar, base + self._style("mark"))]
        segments += [Segment(words, base + self._style(name)) for words, name in pieces]
        return Strip(segments).adjust_cell_length(width, base)

    def on_resize(self) -> None:
        """Rows are measured again at another width."""
        self.redraw()
        self.show_cursor()

    def notify_style_update(self) -> None:
        """Styles are looked up again after a change of theme or focus."""
        super().notify_style_update()
        self._styles.clear()
        self._strips.clear()

    # Moving.

    def watch_cursor(self, before: int, now: int) -> None:
        """Keep the cursor in sight; only the rows that it left and came to are drawn again, if nothing else moves."""
        top = self.scroll_offset.y
        self.show_cursor()
        if self.scroll_offset.y != top or not self.is_mounted:
            self.refresh()
            return
        for index in (before, now):
            if index < self.row_count():
                self.refresh_lines(*self._place(index))

    def show_cursor(self) -> None:
        """Scroll so that the cursor's row is seen whole."""
        if self.row_count() and self.is_mounted:
            top, height = self._place(self.cursor)
            self.scroll_to_region(Region(0, top, 1, height), animate=False, force=True)

    def go(self, index: int) -> None:
        """Move the cursor and say so."""
        index = max(0, min(index, self.row_count() - 1))
        if self.row_count() and index != self.cursor:
            self.cursor = index
            self.post_message(self.Moved(self, index))

    def _page(self) -> int:
        """About how many rows a page holds."""
        return max(1, self.size.height // max(1, self._place(self.cursor)[1])) if self.row_count() else 1

    def action_down(self, count: int = 1) -> None:
        """Move down."""
        self.go(self.cursor + count)

    def action_up(self, count: int = 1) -> None:
        """Move up."""
        self.go(self.cursor - count)

    def action_first(self, row: int = 1) -> None:
        """Go to the first row, or to the one with that number."""
        self.go(row - 1)

    def action_last(self, row: int | None = None) -> None:
        """Go to the last row, or to the one with that number."""
        self.go((row or self.row_count()) - 1)

    def action_half_down(self) -> None:
        """Move half a page down."""
        self.go(self.cursor + max(1, self._page() // 2))

    def action_half_up(self) -> None:
        """Move half a page up."""
        self.go(self.cursor - max(1, self._page() // 2))

    def action_page_down(self) -> None:
        """Move a page down."""
        self.go(self.cursor + self._page())

    def action_page_up(self) -> None:
        """Move a page up."""
        self.go(self.cursor - self._page())

    def action_choose(self) -> None:
        """Choose the row under the cursor."""
        if self.row_count():
            self.post_message(self.Chosen(self, self.cursor))

    def on_click(self, event: events.Click) -> None:
        """Choose the row that was clicked."""
        index = self._index_at(event.y + int(self.scroll_offset.y))
        if 0 <= index < self.row_count():
            self.cursor = index
            self.post_message(self.Chosen(self, index))
