"""The feeds, with what is unread in each and what went wrong."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.screen import Screen
from textual.widgets import Static

from reader.library.answers import LibraryError
from reader.model import Feed, FeedCheck, SavedQuery
from reader.store.schema import StoreError
from reader.tui import layout
from reader.tui.actions import Place
from reader.tui.messages import RefreshEnded, telling
from reader.tui.session import Session
from reader.tui.widgets.keys import KeysLine
from reader.tui.widgets.rows import Piece, Rows

Followed = Feed | SavedQuery
"""What stands in the list: smart feeds first, then feeds."""


class FeedRows(Rows):
    """Smart feeds, and feeds by folder."""

    @property
    def empty(self) -> str:
        """What an empty list says."""
        return "No feed is followed yet. Esc goes back, and a adds one there."

    feeds: Sequence[Followed] = ()
    unread: Mapping[int, int] = MappingProxyType({})
    checks: Mapping[int, FeedCheck] = MappingProxyType({})
    waiting: Mapping[str, int] = MappingProxyType({})
    """How much a smart feed finds that is unread, by its name."""

    cut_short: frozenset[int] = frozenset()
    """Feeds that carry mostly openings."""

    def state(self, feed: Feed) -> str:
        """What there is to say of a feed beside its name."""
        told = {
            "paused": feed.settings.paused,
            "muted": feed.settings.muted,
            "openings only": feed.id in self.cut_short,
        }
        return ", ".join(word for word, holds in told.items() if holds)

    def row_count(self) -> int:
        """How many feeds there are."""
        return len(self.feeds)

    def draw(self, index: int, width: int) -> list[list[Piece]]:
        """The folder where it begins, the feed with its unread, and its last failure."""
        feed = self.feeds[index]
        lines: list[list[Piece]] = []
        if index == 0 or _folder(self.feeds[index - 1]) != _folder(feed):
            lines += [[]] if index else []
            lines.append([(layout.cut(_folder(feed), width), "faint")])
        if isinstance(feed, SavedQuery):
            name, unread, check = feed.name, self.waiting.get(feed.name, 0), None
        else:
            name = f"{feed.title} ({told})" if (told := self.state(feed)) else feed.title
            unread, check = self.unread.get(feed.id, 0), self.checks.get(feed.id)
        lines.append([(f"{unread or '':>5} ", "mark"), (layout.cut(name, width - 6), "strong" if unread else "plain")])
        if check and check.error:
            lines += [[("      " + part, "warn")] for part in layout.paragraph(f"! {check.error}", width - 6)]
        return lines


def _folder(feed: Followed) -> str:
    return "Smart feeds" if isinstance(feed, SavedQuery) else feed.folder or "In no folder"


class FeedsScreen(Screen[Followed | None]):
    """The list; Enter shows one feed's headlines."""

    PLACES: ClassVar[tuple[Place, ...]] = (Place.FEEDS,)

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self.library = session.library

    def compose(self) -> ComposeResult:
        """The list between a line of state and the keys."""
        yield Static(id="state", markup=False)
        yield FeedRows(id="feeds")
        yield KeysLine(self.session.keymap)

    async def on_mount(self) -> None:
        """Show the feeds."""
        self.query_one(FeedRows).focus()
        await self._reload()

    async def _reload(self) -> None:
        rows, store = self.query_one(FeedRows), self.library.store

        def ask() -> tuple[Any, ...]:
            smart = store.queries.all()
            waiting = {query.name: self.library.rules.waiting(query) for query in smart}
            return [*smart, *store.feeds()], store.unread(), store.checks(), self.library.feeds.cut_short(), waiting

        with telling(self):
            rows.feeds, rows.unread, rows.checks, rows.cut_short, rows.waiting = await asyncio.to_thread(ask)
        rows.redraw()
        failing = sum(1 for check in rows.checks.values() if check.error)
        count = sum(isinstance(feed, Feed) for feed in rows.feeds)
        failed = f" · {failing} failed at their last check" if failing else ""
        self.query_one("#state", Static).update(f" Feeds · {count}{failed}")

    @on(Rows.Chosen)
    def _chosen(self, event: Rows.Chosen) -> None:
        self.dismiss(self.query_one(FeedRows).feeds[event.index])

    def action_close_feeds(self) -> None:
        """Go back to reading."""
        self.dismiss(None)

    def action_refresh_one(self) -> None:
        """Fetch what is new in the feed under the cursor."""
        rows = self.query_one(FeedRows)
        if rows.feeds and isinstance(feed := rows.feeds[rows.cursor], Feed):
            self._refresh(feed)

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
