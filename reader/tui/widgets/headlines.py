"""The headlines: a list of ids, whose entries are looked up a page at a time as they come into sight."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Container, Iterable, Sequence
from datetime import datetime
from typing import NamedTuple, overload

from reader.model import Entry
from reader.tui import layout
from reader.tui.widgets.rows import Piece, Rows
from reader.words import _, ngettext

_PAGE = 64
_TWO_LINES_FROM = 70  # cells: wide enough for most titles in one line


class Headline(NamedTuple):
    """One row: an entry, and its place in its story."""

    entry_id: int
    first: bool = True
    """False for the other tellings below a story's newest one."""
    tellings: int = 1
    """How many entries the story has."""


class HeadlineList(Sequence[Headline]):
    """Rows as numbers: collections of garbage would go through 100,000 objects, and the screen would wait."""

    def __init__(self, groups: Iterable[Sequence[int]] = ()) -> None:
        """Take entries by story, each story's newest first; or each alone."""
        self.ids: list[int] = []
        self._tellings = array("i")
        """How many entries the story of a first one has; 0 for the others."""
        for group in groups:
            self.ids += group
            self._tellings.append(len(group))
            self._tellings.extend([0] * (len(group) - 1))

    @classmethod
    def flat(cls, ids: Sequence[int]) -> HeadlineList:
        """Entries, each alone."""
        rows = cls()
        rows.ids, rows._tellings = list(ids), array("i", [1]) * len(ids)
        return rows

    def __len__(self) -> int:
        return len(self.ids)

    @overload
    def __getitem__(self, at: int) -> Headline: ...
    @overload
    def __getitem__(self, at: slice) -> list[Headline]: ...
    def __getitem__(self, at: int | slice) -> Headline | list[Headline]:
        if isinstance(at, slice):
            return [self[index] for index in range(*at.indices(len(self)))]
        tellings = self._tellings[at]
        return Headline(self.ids[at], first=tellings > 0, tellings=max(1, tellings))

    def with_kept(self, kept: Container[int], before: HeadlineList) -> HeadlineList:
        """These, and those of `kept` that were there `before` and are missing, each after the row that it followed."""
        there = set(self.ids)
        if not any(entry_id in kept and entry_id not in there for entry_id in before.ids):
            return self
        follow: dict[int | None, list[Headline]] = {}
        anchor: int | None = None
        for row in before:
            if row.entry_id in there:
                anchor = row.entry_id
            elif row.entry_id in kept:
                follow.setdefault(anchor, []).append(row)
        rows = HeadlineList()
        for row in (*follow.get(None, ()), *(one for own in self for one in (own, *follow.get(own.entry_id, ())))):
            rows.ids.append(row.entry_id)
            rows._tellings.append(row.tellings if row.first else 0)
        return rows


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
        self.rows = HeadlineList()
        self._at: dict[int, int] | None = None
        """The rows by entry, once somebody asks."""
        self._entries: dict[int, Entry] = {}
        self._nothing = ""

    def show(self, rows: HeadlineList, *, nothing: str, anew: bool) -> None:
        """Show `rows`, or the words `nothing`.

        Anew it is shown from the top; else nothing moves: the row under the cursor stays in its line of the screen.
        """
        here = self.rows.ids[self.cursor] if self.rows and not anew else None
        line = self._place(self.cursor)[0] - int(self.scroll_offset.y) if here is not None else 0
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
            self._at = {entry_id: at for at, entry_id in enumerate(self.rows.ids)}
        return self._at.get(entry_id)

    def forget(self) -> None:
        """Look the entries up again: their states have changed."""
        self._entries.clear()
        self.redraw()

    def entry(self, index: int) -> Entry | None:
        """The entry of a row; None when it is gone."""
        if not 0 <= index < len(self.rows):
            return None
        wanted = self.rows.ids[index]
        if wanted not in self._entries:
            page = index - index % _PAGE
            self._entries |= self._fetch(self.rows.ids[page : page + _PAGE])
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
            return [[(_("This entry is gone."), "faint")]]
        margin = "" if row.first else "  "
        dot = "  " if entry.read else "● "
        title = layout.paragraph(entry.title or _("Untitled"), width - 2 - len(margin), most=self.row_height() - 1)
        lines: list[list[Piece]] = [
            [(margin, ""), (dot if at == 0 else "  ", "mark"), (part, "plain" if entry.read else "strong")]
            for at, part in enumerate(title)
        ]
        said = layout.ago(entry.when, self._now())
        if row.first and row.tellings > 1:
            said += " · " + ngettext("{n} telling", "{n} tellings", row.tellings).format(n=row.tellings)
        said += f" · ★{entry.highlights}" if entry.highlights else ""
        below = layout.cut(f"{said} · {entry.feed_title}", width - 2 - len(margin))
        return [*lines, [(margin + "  ", ""), (below, "faint")]]
