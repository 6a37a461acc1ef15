"""The feeds, with what is unread in each and what went wrong."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.screen import Screen
from textual.widgets import Footer, Static

from reader.library.answers import LibraryError
from reader.library.library import Library
from reader.model import Feed, FeedCheck
from reader.store.schema import StoreError
from reader.tui import layout
from reader.tui.actions import Place, bindings
from reader.tui.messages import RefreshEnded, telling
from reader.tui.widgets.rows import Piece, Rows


class FeedRows(Rows):
    """Feeds by folder."""

    @property
    def empty(self) -> str:
        """What an empty list says."""
        return "No feed is followed yet. Esc goes back, and a adds one there."

    feeds: Sequence[Feed] = ()
    unread: Mapping[int, int] = MappingProxyType({})
    checks: Mapping[int, FeedCheck] = MappingProxyType({})

    def row_count(self) -> int:
        """How many feeds there are."""
        return len(self.feeds)

    def draw(self, index: int, width: int) -> list[list[Piece]]:
        """The folder where it begins, the feed with its unread, and its last failure."""
        feed = self.feeds[index]
        lines: list[list[Piece]] = []
        if index == 0 or self.feeds[index - 1].folder != feed.folder:
            lines += [[]] if index else []
            lines.append([(layout.cut(feed.folder or "In no folder", width), "faint")])
        unread = self.unread.get(feed.id, 0)
        lines.append(
            [(f"{unread or '':>5} ", "mark"), (layout.cut(feed.title, width - 6), "strong" if unread else "plain")]
        )
        check = self.checks.get(feed.id)
        if check and check.error:
            lines += [[("      " + part, "warn")] for part in layout.paragraph(f"! {check.error}", width - 6)]
        return lines


class FeedsScreen(Screen[Feed | None]):
    """The list; Enter shows one feed's headlines."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Place.FEEDS)]

    def __init__(self, library: Library) -> None:
        super().__init__()
        self.library = library

    def compose(self) -> ComposeResult:
        """The list between a line of state and the keys."""
        yield Static(id="state", markup=False)
        yield FeedRows(id="feeds")
        yield Footer(show_command_palette=False)

    async def on_mount(self) -> None:
        """Show the feeds."""
        self.query_one(FeedRows).focus()
        await self._reload()

    async def _reload(self) -> None:
        rows, store = self.query_one(FeedRows), self.library.store

        def ask() -> tuple[list[Feed], dict[int, int], dict[int, FeedCheck]]:
            return store.feeds(), store.unread(), store.checks()

        with telling(self):
            rows.feeds, rows.unread, rows.checks = await asyncio.to_thread(ask)
        rows.redraw()
        failing = sum(1 for check in rows.checks.values() if check.error)
        self.query_one("#state", Static).update(
            f" Feeds · {len(rows.feeds)}" + (f" · {failing} failed at their last check" if failing else "")
        )

    @on(Rows.Chosen)
    def _chosen(self, event: Rows.Chosen) -> None:
        self.dismiss(self.query_one(FeedRows).feeds[event.index])

    def action_close(self) -> None:
        """Go back to reading."""
        self.dismiss(None)

    def action_refresh_one(self) -> None:
        """Fetch what is new in the feed under the cursor."""
        rows = self.query_one(FeedRows)
        if rows.feeds:
            self._refresh(rows.feeds[rows.cursor])

    @work(thread=True, exclusive=True, group="refresh")
    def _refresh(self, feed: Feed) -> None:
        try:
            self.post_message(RefreshEnded(self.library.refresh([feed], force=True)))
        except (LibraryError, StoreError) as error:
            self.post_message(RefreshEnded(None, str(error)))

    @on(RefreshEnded)
    async def _refreshed(self, event: RefreshEnded) -> None:
        await self._reload()
        event.tell(self)
