"""The sidebar: where to go, each place with what is unread in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from rich.cells import cell_len

from reader.model import Feed, SavedQuery
from reader.tui import layout
from reader.tui.widgets.rows import Piece, Rows
from reader.words import _


class Kind(StrEnum):
    """What a row of the sidebar leads to."""

    TODAY = "today"
    ALL = "all"
    UNREAD = "unread"
    SAVED = "saved"
    SPEAKERS = "speakers"
    SMART = "smart"
    FOLDER = "folder"
    FEED = "feed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A row of the sidebar."""

    kind: Kind
    label: str
    folder: str = ""
    feed: Feed | None = None
    saved: SavedQuery | None = None
    depth: int = 0

    @property
    def key(self) -> tuple[str, str | int]:
        """What tells it from others."""
        if self.feed:
            return (self.kind, self.feed.id)
        return (self.kind, self.saved.name if self.saved else self.folder)


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """What there is to go to, with what is unread in each."""

    feeds: Sequence[Feed] = ()
    smart: Sequence[SavedQuery] = ()
    unread: Mapping[int, int] = field(default_factory=dict)
    """By feed."""
    waiting: Mapping[str, int] = field(default_factory=dict)
    """By smart feed."""
    today: int = 0
    saved: int = 0
    failing: frozenset[int] = frozenset()
    """Feeds whose last check failed."""


class Sidebar(Rows):
    """Today, stories, smart feeds, folders and feeds, and what was saved."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._places = Places()
        self._items: list[Item] = []
        self._folded: set[str] = set()
        self.shown: tuple[str, str | int] = (Kind.ALL, "")
        """The key of what the headlines show."""

    def show(self, places: Places) -> None:
        """Show places; the cursor stays at its own."""
        here = self.item(self.cursor)
        self._places = places
        self._arrange(here)

    def point_at(self, key: tuple[str, str | int]) -> None:
        """Mark what the headlines show, and put the cursor there unless the person is walking the sidebar."""
        self.shown = key
        if not self.has_focus:
            at = next((at for at, item in enumerate(self._items) if item.key == key), None)
            if at is not None:
                self.cursor = at
        self.redraw()

    def fold(self, folder: str) -> None:
        """Hide a folder's feeds, or show them again."""
        self._folded ^= {folder}
        self._arrange(self.item(self.cursor))

    def item(self, index: int) -> Item | None:
        """The item of a row."""
        return self._items[index] if 0 <= index < len(self._items) else None

    def _arrange(self, here: Item | None) -> None:
        items = [
            Item(kind=Kind.TODAY, label=_("Today")),
            Item(kind=Kind.ALL, label=_("Stories")),
            Item(kind=Kind.UNREAD, label=_("Unread")),
            Item(kind=Kind.SAVED, label=_("Saved")),
            Item(kind=Kind.SPEAKERS, label=_("Speakers")),
        ]
        items += [Item(kind=Kind.SMART, label=one.name, saved=one) for one in self._places.smart]
        folders: dict[str, list[Feed]] = {}
        for feed in self._places.feeds:
            folders.setdefault(feed.folder or "", []).append(feed)
        for folder in sorted(folders, key=lambda name: (name == "", name.casefold())):
            if folder:
                items.append(Item(kind=Kind.FOLDER, label=folder, folder=folder))
            if folder not in self._folded:
                items += [
                    Item(kind=Kind.FEED, label=feed.title, folder=folder, feed=feed, depth=bool(folder))
                    for feed in folders[folder]
                ]
        self._items = items
        keys = [item.key for item in items]
        at = keys.index(here.key) if here and here.key in keys else min(self.cursor, len(items) - 1)
        self.set_reactive(Sidebar.cursor, at)
        self.redraw()

    def row_count(self) -> int:
        """How many places there are."""
        return len(self._items)

    def _count(self, item: Item) -> int:
        unread = self._places.unread
        match item.kind:
            case Kind.FEED:
                return unread.get(item.feed.id, 0) if item.feed else 0
            case Kind.FOLDER:
                inside = item.folder, f"{item.folder} / "
                return sum(unread.get(feed.id, 0) for feed in self._places.feeds if _is_in(feed.folder, *inside))
            case Kind.SMART:
                return self._places.waiting.get(item.label, 0)
            case Kind.TODAY:
                return self._places.today
            case Kind.ALL | Kind.UNREAD:
                return sum(unread.values())
            case Kind.SAVED:
                return self._places.saved
        return 0

    def draw(self, index: int, width: int) -> list[list[Piece]]:
        """A heading where a group begins, then the name and its count."""
        item, count = self._items[index], self._count(self._items[index])
        before = self._items[index - 1] if index else item
        lines: list[list[Piece]] = []
        if item.kind is Kind.SMART and before.kind is not Kind.SMART:
            lines += [[], [(layout.cut(_("Smart feeds"), width), "faint")]]
        elif item.kind in (Kind.FOLDER, Kind.FEED) and before.kind not in (Kind.FOLDER, Kind.FEED):
            lines += [[], [(layout.cut(_("Feeds"), width), "faint")]]
        sign = {Kind.FOLDER: "▸ " if item.folder in self._folded else "▾ "}.get(item.kind, "  " * item.depth)
        if item.feed and item.feed.id in self._places.failing:
            sign = sign[:-2] + "! "
        number = f"{count:,}" if count else ""
        label = layout.cut(sign + item.label, max(1, width - len(number) - 1))
        style = "strong" if count and item.kind is not Kind.SAVED else "plain"
        chosen = "→" if item.key == self.shown else " "
        gap = " " * max(1, width - 1 - cell_len(label) - len(number))
        lines.append([(chosen, "mark"), (label, style), (gap, ""), (number, "mark" if style == "strong" else "faint")])
        return lines


def _is_in(folder: str | None, name: str, within: str) -> bool:
    return folder is not None and (folder == name or folder.startswith(within))
