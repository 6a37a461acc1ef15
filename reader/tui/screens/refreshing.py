"""What the main screen does about feeds: refreshing them behind the screen, adding one, showing those that failed."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

from textual import on, work

from reader.config import NotifyBy
from reader.library.answers import Checked, LibraryError
from reader.model import Feed
from reader.store.schema import StoreError
from reader.tui.messages import FeedChecked, RefreshEnded, StoriesSorted
from reader.tui.screens import views
from reader.tui.screens.add import AddScreen
from reader.tui.screens.listing import ListingScreen
from reader.tui.widgets.keys import KeysLine
from reader.words import _


class RefreshingScreen(ListingScreen):
    """The part of the main screen that fetches what is new."""

    _progress = ""
    """What a running refresh has come to; empty when none runs."""

    @property
    def _busy(self) -> bool:
        return bool(self._progress)

    def _tell_progress(self, words: str) -> None:
        self._progress = words
        if self.is_mounted:
            self.query_one(KeysLine).progress = words

    def action_add_feed(self) -> None:
        """Follow another feed."""
        self.add_feed(AddScreen(self.session))

    def add_feed(self, screen: AddScreen) -> None:
        """Ask which feed to follow, and show what it brought."""

        async def added(feed: Feed | None) -> None:
            if feed:
                await self.turn_to(views.of_feed(feed))
                self._sort()
            else:
                await self._reload()

        self.app.push_screen(screen, added)

    def action_failures(self) -> None:
        """Show which feeds failed, why, and what to do."""
        from reader.tui.screens.failures import FailuresScreen

        async def left(_outcome: object) -> None:
            await self._reload()

        self.app.push_screen(FailuresScreen(self.session), left)

    async def welcomed(self, outcome: str | None) -> None:
        """What the first steps came to."""
        if outcome == "demo":
            self.app.exit("demo")
        elif outcome == "quit":
            self.app.exit()
        else:
            await self._reload()
            self.refresh_feeds()

    def action_refresh_here(self) -> None:
        """Fetch what is new in the feed that is shown, or in all."""
        self.refresh_feeds([self._view.feed] if self._view.feed else None, force=True)

    def action_refresh_all(self) -> None:
        """Fetch what is new in all feeds."""
        self.refresh_feeds(force=True)

    def refresh_feeds(self, feeds: list[Feed] | None = None, *, force: bool = False) -> None:
        """Check some feeds, or all; those that are due, or whether they are or not."""
        if not self._progress:
            self._tell_progress(_("refreshing"))
            self._refresh(feeds, force)

    @work(thread=True, group="refresh")
    def _refresh(self, feeds: list[Feed] | None, force: bool) -> None:
        def report(checked: Checked) -> None:
            self.post_message(FeedChecked(checked))

        try:
            ended = self.library.refresh(feeds, force=force, report=report)
        except (LibraryError, StoreError) as error:
            self.post_message(RefreshEnded(None, str(error)))
        else:
            self.post_message(RefreshEnded(ended))
            if self.library.settings.notify.by is NotifyBy.DESKTOP:
                self.library.tell_desktop(ended)

    @work(thread=True, exclusive=True, group="sort")
    def _sort(self) -> None:
        """Let articles that wait for it join stories, however long that takes."""
        with suppress(LibraryError, StoreError):  # another time, then
            if self.library.stories.sort():
                self.post_message(StoriesSorted())

    @on(StoriesSorted)
    async def _stories_sorted(self) -> None:
        await self._reload()

    @on(FeedChecked)
    def _feed_checked(self, event: FeedChecked) -> None:
        checked = event.checked
        if self._progress:
            words = _("refreshing {done}/{total}: {feed}")
            self._tell_progress(words.format(done=checked.done, total=checked.total, feed=checked.feed.title))

    @on(RefreshEnded)
    async def _refresh_ended(self, event: RefreshEnded) -> None:
        failed = len(event.refreshed.failed) if event.refreshed else 0
        self._tell_progress("")
        if failed and self._view.home:
            words = _("No headlines yet. Feeds that failed: {n}; F shows why.")
            self._view = replace(self._view, nothing=words.format(n=failed))
        await self._reload()
        if failed:  # stays to be seen when the message is gone
            self.query_one(KeysLine).progress = _("failed: {n}, F shows why").format(n=failed)
        event.tell(self)
        if self.library.settings.notify.by in (NotifyBy.AUTO, NotifyBy.TERMINAL):
            event.tell_terminal(self.app)
        self._sort()
