"""The feeds: what is unread in each, when it is asked for news, what went wrong, and what is set for it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Container, Mapping, Sequence
from datetime import datetime
from functools import partial
from types import MappingProxyType
from typing import Any, ClassVar

from rich.cells import cell_len
from textual import on
from textual.app import ComposeResult
from textual.widgets import Static

from reader.model import Feed, FeedCheck, SavedQuery
from reader.tui import layout
from reader.tui.actions import Place
from reader.tui.messages import say, telling
from reader.tui.screens.add import AddScreen
from reader.tui.screens.feed_edit import QueryEditScreen
from reader.tui.screens.following import FollowingScreen, last_asked, next_asked
from reader.tui.widgets.keys import KeysLine
from reader.tui.widgets.rows import Piece, Rows
from reader.words import _, ngettext

Followed = Feed | SavedQuery
"""What stands in the list: smart feeds first, then feeds."""

_WIDE = 88
"""Cells from which on there is room for whole words about when a feed is asked."""
_WIDEST = 120
"""Cells; further apart the two ends of a row are no longer seen together."""
_ROOMY = 46
"""Cells from which on there is room for any."""


class FeedRows(Rows):
    """Smart feeds, and feeds by folder."""

    feeds: Sequence[Followed] = ()
    unread: Mapping[int, int] = MappingProxyType({})
    checks: Mapping[int, FeedCheck] = MappingProxyType({})
    waiting: Mapping[str, int] = MappingProxyType({})
    """How much a smart feed finds that is unread, by its name."""
    cut_short: frozenset[int] = frozenset()
    """Feeds that carry mostly openings."""
    nothing: str = ""

    def __init__(self, now: Callable[[], datetime], asked: Container[int], *, id: str) -> None:
        """`asked` has the feeds that are being asked for news."""
        super().__init__(id=id)
        self._now, self._asked = now, asked

    @property
    def empty(self) -> str:
        """What an empty list says."""
        return self.nothing

    def state(self, feed: Feed) -> str:
        """What there is to say of a feed beside its name."""
        told = {
            _("paused"): feed.settings.paused,
            _("muted"): feed.settings.muted,
            _("whole pages"): feed.settings.full_text,
            _("openings only"): feed.id in self.cut_short,
        }
        return ", ".join(word for word, holds in told.items() if holds)

    def row_count(self) -> int:
        """How many feeds there are."""
        return len(self.feeds)

    def draw(self, index: int, width: int) -> list[list[Piece]]:
        """The folder where it begins; the feed with its unread and when it is asked; its last failure."""
        feed, width = self.feeds[index], min(width, _WIDEST)
        lines: list[list[Piece]] = []
        if index == 0 or _folder(self.feeds[index - 1]) != _folder(feed):
            lines += [[]] if index else []
            lines.append([(layout.cut(_folder(feed), width), "faint")])
        if isinstance(feed, SavedQuery):
            return [*lines, _line(feed.name, self.waiting.get(feed.name, 0), feed.query, width)]
        name = f"{feed.title} ({told})" if (told := self.state(feed)) else feed.title
        check = self.checks.get(feed.id)
        lines.append(_line(name, self.unread.get(feed.id, 0), self._when(feed, check, width), width))
        if check and check.error:
            error = f"! {check.error}"
            if check.failures > 1:
                error += " " + _("({n} times in a row)").format(n=check.failures)
            lines += [[("      " + part, "warn")] for part in layout.paragraph(error, width - 6)]
        return lines

    def _when(self, feed: Feed, check: FeedCheck | None, width: int) -> str:
        if feed.id in self._asked:
            return _("asking…")
        now = self._now()
        last, due = last_asked(check, now), next_asked(check, now)
        if width < _ROOMY:
            return ""
        if feed.settings.paused:
            return _("asked {last}").format(last=last) if check and width >= _WIDE else ""
        if check is None or check.checked_at is None:
            return last
        words = _("asked {last}, next {due}") if width >= _WIDE else _("{last}, {due}")
        return words.format(last=last, due=due)


def _line(name: str, unread: int, beside: str, width: int) -> list[Piece]:
    """A name after how much is unread, and words at the right as far as there is room."""
    beside = layout.cut(beside, max(0, width // 2 - 4))
    name = layout.cut(name, width - 6 - (cell_len(beside) + 2 if beside else 0))
    gap = " " * (width - 6 - cell_len(name) - cell_len(beside))
    return [(f"{unread or '':>5} ", "mark"), (name, "strong" if unread else "plain"), (gap, ""), (beside, "faint")]


def _folder(feed: Followed) -> str:
    return _("Smart feeds") if isinstance(feed, SavedQuery) else feed.folder or _("In no folder")


class FeedsScreen(FollowingScreen[Followed | None]):
    """The list; Enter shows one feed's headlines."""

    PLACES: ClassVar[tuple[Place, ...]] = (Place.FEEDS,)

    def compose(self) -> ComposeResult:
        """The list between a line of state and the keys."""
        yield Static(id="state", markup=False)
        yield FeedRows(self.library.now, self.asked, id="feeds")
        yield KeysLine(self.session.keymap)

    async def on_mount(self) -> None:
        """Show the feeds, and keep the times right."""
        rows = self._rows
        rows.nothing = _("No feed is followed yet: {key}.").format(key=self.session.keymap.hint("add_feed_here"))
        rows.focus()
        await self.reload()
        self.set_interval(30, rows.redraw)

    @property
    def _rows(self) -> FeedRows:
        return self.query_one(FeedRows)

    async def reload(self) -> None:
        """Show what the library holds now; the cursor stays on its feed."""
        if not self.query(FeedRows):
            return  # it is no longer shown
        rows, store = self._rows, self.library.store

        def ask() -> tuple[Any, ...]:
            smart = store.queries.all()
            waiting = {query.name: self.library.rules.waiting(query) for query in smart}
            return [*smart, *store.feeds()], store.unread(), store.checks(), self.library.feeds.cut_short(), waiting

        with telling(self):
            came = await asyncio.to_thread(ask)
            if not self.is_attached:
                return  # the person has gone back meanwhile
            here = _key(self._here)
            rows.feeds, rows.unread, rows.checks, rows.cut_short, rows.waiting = came
            rows.redraw()
            self._go_to(here)
        feeds = [feed for feed in rows.feeds if isinstance(feed, Feed)]
        failing = sum(1 for feed in feeds if (check := rows.checks.get(feed.id)) and check.error)
        words = ngettext("{n} failed at their last check", "{n} failed at their last check", failing)
        failed = f" · {words.format(n=failing)}" if failing else ""
        self.query_one("#state", Static).update(f" {_('Feeds')} · {len(feeds)}{failed}")

    @property
    def _here(self) -> Followed | None:
        rows = self._rows
        return rows.feeds[rows.cursor] if rows.feeds else None

    def _go_to(self, key: tuple[str, int | str] | None) -> None:
        rows = self._rows
        rows.cursor = next((at for at, feed in enumerate(rows.feeds) if _key(feed) == key), rows.cursor)

    def _feed(self) -> Feed | None:
        """The feed under the cursor; what is no feed is told of."""
        match self._here:
            case Feed() as feed:
                return feed
            case SavedQuery():
                say(self, _("This is a search that you kept; that is for feeds."))
        return None

    @on(Rows.Chosen)
    def _chosen(self, event: Rows.Chosen) -> None:
        self.dismiss(self._rows.feeds[event.index])

    def action_close_feeds(self) -> None:
        """Go back to reading."""
        self.dismiss(None)

    def action_add_feed_here(self) -> None:
        """Follow another feed."""

        async def added(feed: Feed | None) -> None:
            await self.reload()
            if feed:
                self._go_to(_key(feed))

        self.app.push_screen(AddScreen(self.session), added)

    def action_edit_feed(self) -> None:
        """Change what is under the cursor."""

        async def edited(now: SavedQuery | None) -> None:
            await self.reload()
            if now:
                self._go_to(_key(now))

        match self._here:
            case Feed() as feed:
                self.edit(feed)
            case SavedQuery() as saved:
                self.app.push_screen(QueryEditScreen(self.session, saved, undo=self._keep_again), edited)

    async def action_pause_feed(self) -> None:
        """Stop asking the feed for news, or ask again."""
        if feed := self._feed():
            await self.pause(feed)

    async def action_mute_feed(self) -> None:
        """Keep the feed's entries out of the lists, or show them again."""
        if feed := self._feed():
            await self.mute(feed)

    async def action_remove_feed(self) -> None:
        """Follow the feed no more, or drop the smart feed."""
        match self._here:
            case Feed() as feed:
                await self.drop(feed)
            case SavedQuery() as saved:
                with telling(self):
                    await asyncio.to_thread(self.library.rules.remove, saved.name)
                    what = _("the removal of {feed}").format(feed=saved.name)
                    self.session.changes.made(what, partial(self._keep_again, saved, saved.name))
                    say(self, _("{feed} is removed; u brings it back.").format(feed=saved.name))
                await self.reload()

    async def _keep_again(self, saved: SavedQuery, named: str) -> None:
        """Have a smart feed again as it was, in the place of the one of a name."""
        queries = self.library.store.queries
        await asyncio.to_thread(queries.keep, saved.name, saved.query, saved.actions)
        if named != saved.name:
            await asyncio.to_thread(queries.remove, named)
        if self.is_attached:
            await self.reload()

    def action_refresh_one(self) -> None:
        """Fetch what is new in the feed."""
        if feed := self._feed():
            check = self._rows.checks.get(feed.id)
            if feed.settings.paused:
                key = self.session.keymap.hint("pause_feed")
                say(self, _("{feed} is paused; {key} has it asked again.").format(feed=feed.title, key=key))
            elif check and check.gone:
                key = self.session.keymap.hint("edit_feed")
                say(self, _("{feed} is gone for good; {key} gives it a new address.").format(feed=feed.title, key=key))
            else:
                self.ask([feed])
                self._rows.redraw()


def _key(feed: Followed | None) -> tuple[str, int | str] | None:
    """What tells one from all others though it was changed."""
    if feed is None:
        return None
    return ("smart", feed.name) if isinstance(feed, SavedQuery) else ("feed", feed.id)
