"""The headlines: a list of ids, whose entries are looked up a page at a time as they come into sight."""

from __future__ import annotations

from collections.abc import Callable, Container, Sequence
from datetime import datetime
from typing import NamedTuple

from reader.model import Entry
from reader.tui import layout
from reader.tui.widgets.rows import Piece, Rows

_PAGE = 64
_TWO_LINES_FROM = 70  # cells: wide enough for most titles in one line


class Headline(NamedTuple):
    """One row: an entry, and its place in its story."""

    entry_id: int
    first: bool = True
    """False for the other tellings below a story's newest one."""
    tellings: int = 1
    """How many entries the story has."""


class Headlines(Rows):
    """Entries by time or by story."""

    @property
    def empty(self) -> str:
        """What an empty list says."""
        return self._nothing

    def __init__(
        self, fetch: Callable[[Sequence[int]], dict[int, Entry]], now: Callable[[], datetime], *, id: str | None = None
    ) -> None:
        super().__init__(id=id)
        self._fetch = fetch
        self._now = now
        self.rows: list[Headline] = []
        self._at: dict[int, int] | None = None
        """The rows by entry, once somebody asks."""
        self._entries: dict[int, Entry] = {}
        self._nothing = ""

    def show(self, rows: list[Headline], *, nothing: str, anew: bool, keep: Container[int] = ()) -> None:
        """Show `rows`, or the words `nothing`.

        Anew it is shown from the top; else nothing moves: the row under the cursor stays in its line of the screen, and
        entries to `keep` stay where they were though they are in `rows` no more.
        """
        here = self.rows[self.cursor].entry_id if self.rows and not anew else None
        line = self._place(self.cursor)[0] - int(self.scroll_offset.y) if here is not None else 0
        if not anew:
            rows = _with_kept(rows, [row for row in self.rows if row.entry_id in keep], self.rows)
        self.rows, self._nothing, self._at = rows, nothing, None
        self._entries.clear()
        place = 0 if here is None else self.row_of(here) or 0
        self.redraw()
        self.cursor = place
        if here is not None and rows:
            self.scroll_to(y=max(0, self._place(self.cursor)[0] - line), animate=False, force=True)
        self.show_cursor()

    def row_of(self, entry_id: int) -> int | None:
        """The row of an entry; None where it is not in the list."""
        if self._at is None:
            self._at = {row.entry_id: at for at, row in enumerate(self.rows)}
        return self._at.get(entry_id)

    def forget(self) -> None:
        """Look the entries up again: their states have changed."""
        self._entries.clear()
        self.redraw()

    def entry(self, index: int) -> Entry | None:
        """The entry of a row; None when it is gone."""
        if not 0 <= index < len(self.rows):
            return None
        wanted = self.rows[index].entry_id
        if wanted not in self._entries:
            page = index - index % _PAGE
            self._entries |= self._fetch([row.entry_id for row in self.rows[page : page + _PAGE]])
        return self._entries.get(wanted)

    def row_count(self) -> int:
        """How many headlines there are."""
        return len(self.rows)

    def row_height(self) -> int:
        """Two lines, or three where titles need two."""
        return 2 if self._row_width >= _TWO_LINES_FROM else 3

    def draw(self, index: int, width: int) -> list[list[Piece]]:
        """The title, then who published it and when."""
        row, entry = self.rows[index], self.entry(index)
        if entry is None:
            return [[("This entry is gone.", "faint")]]
        margin = "" if row.first else "  "
        dot = "  " if entry.read else "● "
        title = layout.paragraph(entry.title or "Untitled", width - 2 - len(margin), most=self.row_height() - 1)
        lines: list[list[Piece]] = [
            [(margin, ""), (dot if at == 0 else "  ", "mark"), (part, "plain" if entry.read else "strong")]
            for at, part in enumerate(title)
        ]
        said = layout.ago(entry.when, self._now())
        said += f" · {row.tellings} tellings" if row.first and row.tellings > 1 else ""
        said += f" · ★{entry.highlights}" if entry.highlights else ""
        below = layout.cut(f"{said} · {entry.feed_title}", width - 2 - len(margin))
        return [*lines, [(margin + "  ", ""), (below, "faint")]]


def _with_kept(rows: list[Headline], kept: list[Headline], before: list[Headline]) -> list[Headline]:
    """`rows` with those of `kept` that are missing, each after the row that it stood after."""
    there = {row.entry_id for row in rows}
    missing = {row.entry_id for row in kept} - there
    if not missing:
        return rows
    follow: dict[int | None, list[Headline]] = {}
    anchor: int | None = None
    for row in before:
        if row.entry_id in missing:
            follow.setdefault(anchor, []).append(row)
        elif row.entry_id in there:
            anchor = row.entry_id
    shown = follow.get(None, [])
    for row in rows:
        shown += [row, *follow.get(row.entry_id, ())]
    return shown
