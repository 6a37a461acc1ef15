"""What can be done to a feed from any list of feeds; each change can be undone."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from textual import on, work
from textual.message import Message
from textual.screen import ScreenResultType

from reader.library.answers import Checked, LibraryError, Refreshed
from reader.model import Feed, FeedCheck
from reader.store.schema import StoreError
from reader.tui import layout
from reader.tui.messages import FeedChecked, RefreshEnded, say, telling
from reader.tui.screens.ask import SureScreen
from reader.tui.screens.base import Page
from reader.tui.screens.feed_edit import FeedEditScreen
from reader.tui.session import Session
from reader.tui.widgets.keys import KeysLine
from reader.words import _, ngettext

_FAR = timedelta(days=7)


class _Asked(Message):
    """Some feeds were asked for news; `why` says so when that broke off."""

    def __init__(self, feeds: Sequence[Feed], refreshed: Refreshed | None, why: str | None = None) -> None:
        self.feeds, self.refreshed, self.why = feeds, refreshed, why
        super().__init__()


class FollowingScreen(Page[ScreenResultType]):
    """A list of feeds; a subclass says how it is filled."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self.library = session.library
        self.asked: set[int] = set()
        """The feeds that are being asked for news now."""

    async def reload(self) -> None:
        """Show what the library holds now."""
        raise NotImplementedError

    # What is changed.

    def edit(self, feed: Feed) -> None:
        """Change a feed's address, name, folder and settings."""

        async def edited(now: Feed | None) -> None:
            await self.reload()
            if now and (check := (await asyncio.to_thread(self.library.store.checks)).get(now.id)) and check.error:
                self.ask([now])  # it may work the way it is now

        self.app.push_screen(FeedEditScreen(self.session, feed, undo=self._put_back), edited)

    async def change(self, before: Feed, after: Feed, told: str) -> None:
        """Keep a feed as it is `after`, and say so."""
        with telling(self):
            await asyncio.to_thread(self.library.feeds.change, after)
            what = _("the change to {feed}").format(feed=before.title)
            self.session.changes.made(what, partial(self._put_back, before, before.url))
            say(self, told.format(feed=before.title))
        await self.reload()

    async def pause(self, feed: Feed) -> None:
        """Stop asking a feed for news, or ask again."""
        paused = not feed.settings.paused
        told = _("{feed} is paused: it is not asked for news.") if paused else _("{feed} is asked for news again.")
        await self.change(feed, replace(feed, settings=replace(feed.settings, paused=paused)), told)

    async def mute(self, feed: Feed) -> None:
        """Keep a feed's entries out of the lists, or show them again."""
        muted = not feed.settings.muted
        told = _("{feed} is muted: its entries stand in no list.") if muted else _("{feed} is heard again.")
        await self.change(feed, replace(feed, settings=replace(feed.settings, muted=muted)), told)

    async def drop(self, feed: Feed) -> None:
        """Follow a feed no more, having asked where entries go with it."""

        async def sure(yes: bool | None) -> None:
            if yes:
                with telling(self):
                    kept = await asyncio.to_thread(self.library.feeds.remove, feed)
                    what = _("the removal of {feed}; its entries come with the next refresh")
                    self.session.changes.made(what.format(feed=feed.title), partial(self._put_back, feed, feed.url))
                    words = _("{feed} is removed; u follows it again.").format(feed=feed.title)
                    saved = ngettext("{n} entry stays, for it is saved.", "{n} entries stay, for they are saved.", kept)
                    say(self, f"{words} {saved.format(n=kept)}" if kept else words)
                await self.reload()

        with telling(self):
            entries = len(await asyncio.to_thread(self.library.store.headlines, feed_id=feed.id))
            if not entries:
                await sure(True)
                return
            question = ngettext(
                "Remove {feed} with its {n} entry? What you saved stays.",
                "Remove {feed} with its {n} entries? What you saved stays.",
                entries,
            )
            asked = SureScreen(question.format(feed=feed.title, n=f"{entries:,}"), yes=_("remove"))
            self.app.push_screen(asked, sure)

    async def _put_back(self, feed: Feed, at: str) -> None:
        """Have a feed again as it was before it was changed or removed, and is now at an address."""
        restored = await asyncio.to_thread(self.library.feeds.restore, feed, at=at)
        if self.is_attached:
            await self.reload()
            if restored.id not in await asyncio.to_thread(self.library.store.checks):
                self.ask([restored])

    # What is new.

    def ask(self, feeds: Sequence[Feed]) -> None:
        """Ask some feeds for news."""
        if feeds := [feed for feed in feeds if feed.id not in self.asked]:
            self.asked.update(feed.id for feed in feeds)
            self._tell_asked()
            self._ask(feeds)

    def _tell_asked(self) -> None:
        words = ngettext("asking {n} feed", "asking {n} feeds", len(self.asked)).format(n=len(self.asked))
        self.query_one(KeysLine).progress = words if self.asked else ""

    @work(thread=True, group="refresh")
    def _ask(self, feeds: Sequence[Feed]) -> None:
        def report(checked: Checked) -> None:
            self.post_message(FeedChecked(checked))

        try:
            self.post_message(_Asked(feeds, self.library.refresh(feeds, force=True, report=report)))
        except (LibraryError, StoreError) as error:
            self.post_message(_Asked(feeds, None, str(error)))

    @on(FeedChecked)
    async def _checked(self, event: FeedChecked) -> None:
        self.asked.discard(event.checked.feed.id)
        self._tell_asked()
        await self.reload()

    @on(_Asked)
    async def _was_asked(self, event: _Asked) -> None:
        self.asked.difference_update(feed.id for feed in event.feeds)
        self._tell_asked()
        await self.reload()
        RefreshEnded(event.refreshed, event.why).tell(self)
        if event.refreshed and event.refreshed.postponed:
            feed, until = event.refreshed.postponed[0]
            words = _("{feed}: its server asked to be left alone until {time}.")
            say(self, words.format(feed=feed.title, time=f"{until.astimezone():%H:%M, %d %b}"))


def last_asked(check: FeedCheck | None, now: datetime) -> str:
    """When a feed was last asked for news, in a word or two."""
    if check is None or check.checked_at is None:
        return _("not asked yet")
    when = layout.ago(check.checked_at, now)
    return when if now - check.checked_at > _FAR else _("{time} ago").format(time=when)


def next_asked(check: FeedCheck | None, now: datetime) -> str:
    """When a feed is next asked for news, in a word or two."""
    if check and check.gone:
        return _("gone for good")
    if check is None or check.next_at is None or check.next_at <= now:
        return _("due")
    if check.next_at - now > _FAR:
        return _("on {day}").format(day=layout.date(check.next_at))
    return _("in {time}").format(time=layout.ago(now, check.next_at))
