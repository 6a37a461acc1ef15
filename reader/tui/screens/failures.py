"""The feeds that failed: why, since when, and what to do."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Container, Sequence
from datetime import datetime
from typing import ClassVar, NamedTuple

from rich.cells import cell_len
from textual import on
from textual.app import ComposeResult
from textual.widgets import Static

from reader.feeds.advice import advice
from reader.model import Feed, FeedCheck
from reader.text import shown_url
from reader.tui import layout
from reader.tui.actions import Place
from reader.tui.messages import say, telling
from reader.tui.screens.following import FollowingScreen, last_asked, next_asked
from reader.tui.widgets.keys import KeysLine
from reader.tui.widgets.rows import Piece, Rows
from reader.words import _, ngettext

_OFTEN = 3
"""Seconds after which is looked whether feeds work again that are asked elsewhere."""
_WIDEST = 100
"""Cells; longer lines of prose are hard to read."""


class Failed(NamedTuple):
    """A feed that failed at its last check."""

    feed: Feed
    check: FeedCheck
    latest: datetime | None
    """When its latest entry came; None for one that never brought any."""


class FailedRows(Rows):
    """Feeds that failed, those longest in trouble first."""

    failed: Sequence[Failed] = ()

    def __init__(self, now: Callable[[], datetime], asked: Container[int], *, id: str) -> None:
        """`asked` has the feeds that are being asked for news."""
        super().__init__(id=id)
        self._now, self._asked = now, asked

    @property
    def empty(self) -> str:
        """What an empty list says."""
        return _("All feeds work.")

    def row_count(self) -> int:
        """How many there are."""
        return len(self.failed)

    def draw(self, index: int, width: int) -> list[list[Piece]]:
        """Which it is, how long it has failed, why, what to do, and when it is tried next."""
        feed, check, latest = self.failed[index]
        now, width = self._now(), min(width, _WIDEST)
        times = ngettext("failed once, {last}", "failed {n} times, last {last}", check.failures)
        told = times.format(n=check.failures, last=last_asked(check, now))
        told = _("trying…") if feed.id in self._asked else told
        title = layout.cut(feed.title, width - cell_len(told) - 2)
        gap = " " * (width - cell_len(title) - cell_len(told))
        due = _("not tried again: it is gone for good") if check.gone else _("next try {due}")
        came = _("its latest entry came {time} ago").format(time=layout.ago(latest, now)) if latest else ""
        below = " · ".join(filter(None, [due.format(due=next_asked(check, now)), came, shown_url(feed.url)]))
        return [
            [(title, "strong"), (gap, ""), (told, "faint")],
            *_paragraph("! ", check.error or "", width, "warn"),
            *_paragraph("→ ", advice(check.error or "", feed.settings), width, "good"),
            *_paragraph("  ", below, width, "faint"),
            [],
        ]


def _paragraph(mark: str, words: str, width: int, style: str) -> list[list[Piece]]:
    lines = layout.paragraph(words, width - 4)
    return [[("  " + (mark if at == 0 else "  "), style), (line, style)] for at, line in enumerate(lines)]


class FailuresScreen(FollowingScreen[None]):
    """The list; Enter changes a feed's address and what is set for it."""

    PLACES: ClassVar[tuple[Place, ...]] = (Place.FAILURES,)
    DEFAULT_CSS = """
    FailuresScreen #failures { height: 1fr; padding: 0 1; }
    """

    def compose(self) -> ComposeResult:
        """The list between a line of state and the keys."""
        yield Static(id="state", markup=False)
        yield FailedRows(self.library.now, self.asked, id="failures")
        yield KeysLine(self.session.keymap)

    async def on_mount(self) -> None:
        """Show them, and let those go that work again."""
        self._rows.focus()
        await self.reload()
        self.set_interval(_OFTEN, self.reload)

    @property
    def _rows(self) -> FailedRows:
        return self.query_one(FailedRows)

    async def reload(self) -> None:
        """Show what the library holds now; the cursor stays on its feed, or on the one in its place."""
        with telling(self):
            failed = await asyncio.to_thread(self._failed)
            if not self.is_attached:
                return  # the person has gone back meanwhile
            rows = self._rows
            here = self._here
            rows.failed = failed
            rows.redraw()
            if here:
                rows.cursor = next((at for at, one in enumerate(failed) if one.feed.id == here.id), rows.cursor)
            n = len(failed)
            words = ngettext("{n} feed failed at its last check", "{n} feeds failed at their last check", n)
            told = f" · {words.format(n=n)} · {_('Enter changes its address or settings')}" if n else ""
            self.query_one("#state", Static).update(f" {_('Failures')}{told}")

    def _failed(self) -> list[Failed]:
        store = self.library.store
        checks = store.checks()
        failed = []
        for feed in store.feeds():
            check = checks.get(feed.id)
            if check and check.error and not feed.settings.paused:
                newest = store.headlines(feed_id=feed.id)[:1]
                latest = [entry.added for entry in store.entries(newest).values()]
                failed.append(Failed(feed, check, latest[0] if latest else None))
        return sorted(failed, key=lambda one: -one.check.failures)

    @property
    def _here(self) -> Feed | None:
        rows = self._rows
        return rows.failed[rows.cursor].feed if rows.failed else None

    @on(Rows.Chosen)
    def _chosen(self, event: Rows.Chosen) -> None:
        self.edit(self._rows.failed[event.index].feed)

    def action_close_failures(self) -> None:
        """Go back to reading."""
        self.dismiss(None)

    def action_try_again(self) -> None:
        """Fetch the feed again."""
        rows = self._rows
        if rows.failed:
            self._try([rows.failed[rows.cursor]])

    def action_try_all_again(self) -> None:
        """Fetch all of them again."""
        self._try(self._rows.failed)

    def _try(self, failed: Sequence[Failed]) -> None:
        if feeds := [one.feed for one in failed if not one.check.gone]:
            self.ask(feeds)
            self._rows.redraw()
        elif failed:
            say(self, _("{feed} is gone for good; Enter gives it a new address.").format(feed=failed[0].feed.title))

    def action_edit_failed(self) -> None:
        """Change the feed's address and what is set for it."""
        if feed := self._here:
            self.edit(feed)

    async def action_pause_failed(self) -> None:
        """Stop asking the feed for news."""
        if feed := self._here:
            await self.pause(feed)

    async def action_remove_failed(self) -> None:
        """Follow the feed no more."""
        if feed := self._here:
            await self.drop(feed)
