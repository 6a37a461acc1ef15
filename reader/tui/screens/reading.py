"""The main screen: headlines, the article, and beside it who said what.

Whatever asks the library more than a page of rows does so in a thread, and state changes when the answer is back.
"""

from __future__ import annotations

import asyncio
import webbrowser
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import ClassVar

from textual import events, on, work
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static, TabbedContent

from reader.config import NotifyBy, reports_path
from reader.library.answers import Checked, LibraryError, Opened
from reader.model import Claim, Entry, Feed, Highlight, SavedQuery, Span
from reader.store.schema import StoreError
from reader.tui.actions import Place
from reader.tui.messages import (
    EntryOpened,
    FeedChecked,
    OpenFailed,
    PageReported,
    RefreshEnded,
    StoriesSorted,
    say,
    telling,
)
from reader.tui.screens import views
from reader.tui.screens.add import AddScreen
from reader.tui.screens.feeds import FeedsScreen
from reader.tui.screens.saved import SavedScreen
from reader.tui.screens.story import StoryScreen
from reader.tui.session import Session
from reader.tui.widgets.article import ArticleView
from reader.tui.widgets.headlines import Headline, Headlines
from reader.tui.widgets.keys import KeysLine
from reader.tui.widgets.panel import Claims, Panel, RelatedArticles, Sources
from reader.tui.widgets.rows import Rows
from reader.tui.widgets.search import SearchLine
from reader.tui.widgets.story import StoryPlace, StoryRows

_LOOK = 0.8
"""Seconds between two looks at what other programs have written."""


class ReadingScreen(StoryScreen):
    """Headlines on the left, the article in the middle, the panel on the right, as far as they fit."""

    PLACES: ClassVar[tuple[Place, ...]] = (Place.READER,)

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._view = views.STORIES
        self._unread: set[int] = set()
        self._counts = ""
        self._wanted: int | None = None
        """The entry asked for last; what arrives for another is dropped."""
        self._arrive_at: Highlight | StoryPlace | None = None
        """What to go to when the wanted entry arrives."""
        self._text_before: str | None = None
        """The text of the wanted entry before its page was asked for again."""
        self._progress = ""
        """What a running refresh has come to; empty when none runs."""
        self._pane: Widget | None = None
        """The pane that has the focus, or is about to."""

    def compose(self) -> ComposeResult:
        """The three panes between a line of state and the keys."""
        yield Static(id="state", markup=False)
        with Horizontal(id="panes"):
            yield Headlines(self._entries, self.library.now, id="headlines")
            yield ArticleView(id="article")
            yield Panel(self.library.now, self.session.keymap, id="panel")
        yield SearchLine()
        yield KeysLine(self.session.keymap)

    async def on_mount(self) -> None:
        """Show what the library holds."""
        self.query_one(SearchLine).display = False
        self._headlines.focus()
        with telling(self):
            self._brought = await asyncio.to_thread(self.library.store.watch)
            self.set_interval(_LOOK, self._look)
        await self._reload()
        self._sort()

    async def _look(self) -> None:
        """Show what another program, a refresh by cron say, has brought."""
        with suppress(StoreError):  # whatever is done next says what is wrong
            if not self._progress and await asyncio.to_thread(self._brought):
                await self._reload()

    # What the list shows.

    def _entries(self, ids: Sequence[int]) -> dict[int, Entry]:
        try:
            return self.library.store.entries(ids)
        except StoreError as error:
            say(self, str(error), error=True)
            return {}

    async def _turn_to(self, view: views.View) -> None:
        """Show another list, from its top."""
        self._view = view
        await self._reload(anew=True)

    async def _reload(self, *, anew: bool = False) -> None:
        """Show the list as the library has it now."""
        view = self._view

        def ask() -> tuple[list[Headline], frozenset[int]]:
            return view.rows(self.library), self.library.store.unread_ids()

        with telling(self):
            rows, unread = await asyncio.to_thread(ask)
            if view is self._view:
                self._unread = set(unread)
                self._headlines.show(rows, nothing=view.nothing, anew=anew)
        self._count()

    def _count(self) -> None:
        rows = self._headlines.rows
        unread = sum(row.entry_id in self._unread for row in rows)
        self._counts = f"{len(rows):,} shown · {unread:,} unread"
        self._tell_state()

    def _tell_state(self) -> None:
        said = (f" {self.app.title}", self._view.name, self._counts, self._progress)
        self.query_one("#state", Static).update(Content(" · ".join(filter(None, said))))

    async def action_today(self) -> None:
        """Show all headlines by time."""
        await self._turn_to(views.HEADLINES)

    async def action_stories(self) -> None:
        """Show headlines grouped by story."""
        await self._turn_to(views.STORIES)

    def action_feeds(self) -> None:
        """Show the feeds; one that is chosen is shown alone."""

        async def chosen(feed: Feed | SavedQuery | None) -> None:
            if feed is None:
                await self._reload()
                return
            self._leave_article()
            with telling(self):
                if isinstance(feed, SavedQuery):
                    await self._turn_to(views.of_query(feed.query, feed.name))
                else:
                    await self._turn_to(views.of_feed(feed))

        self.app.push_screen(FeedsScreen(self.session), chosen)

    def action_saved(self) -> None:
        """Show what was saved; one that is chosen is opened at its place."""

        async def chosen(highlight: Highlight | None) -> None:
            if highlight and highlight.entry_id is not None:
                self.open_entry(highlight.entry_id, at=highlight)
            await self._saved_changed()

        self.app.push_screen(SavedScreen(self.session), chosen)

    def action_search(self) -> None:
        """Ask what to search for."""
        self._leave_article()
        query = self.query_one(SearchLine)
        query.display = True
        self.set_focus(query)  # at once: what is typed next is already meant for it

    @on(SearchLine.Submitted)
    async def _search(self, event: SearchLine.Submitted) -> None:
        self._close_search()
        with telling(self):
            await self._turn_to(views.of_query(event.value) if event.value.strip() else views.STORIES)

    @on(SearchLine.Left)
    def _close_search(self) -> None:
        self.query_one(SearchLine).display = False
        self.set_focus(self._headlines)

    # Opening.

    @on(Rows.Chosen, "#headlines")
    def _open_headline(self, event: Rows.Chosen) -> None:
        if entry := self._headlines.entry(event.index):
            self.open_entry(entry.id)

    @on(Rows.Chosen, "#related")
    def _open_related(self, event: Rows.Chosen) -> None:
        entry_id = self.query_one(RelatedArticles).entry_id(event.index)
        if entry_id is not None:
            self.open_entry(entry_id)

    def open_entry(self, entry_id: int, *, at: Highlight | StoryPlace | None = None) -> None:
        """Open an entry: at once when its text is kept, else when its page has come; then go to some words `at`."""
        self._wanted, self._arrive_at, self._text_before = entry_id, at, None
        rows = self._headlines.rows
        place = next((index for index, row in enumerate(rows) if row.entry_id == entry_id), None)
        if place is not None:
            self._headlines.cursor = place
        if self._article.opened is None or self._article.opened.entry.id != entry_id:
            self._wait("Fetching the article…")
        self._enter_article()
        self._open(entry_id)

    def _wait(self, words: str) -> None:
        """Show `words` for an article, and nothing beside it."""
        self._article.wait(words)
        self.query_one(Panel).show(None, ())

    async def action_fetch_again(self) -> None:
        """Fetch the page of the open entry again."""
        if opened := self._article.opened:
            say(self, "Fetching the page again…")
            self._wanted, self._text_before = opened.entry.id, opened.article.text
            self._open(self._wanted, again=True)
        else:
            say(self, "Enter opens an article, and E fetches its page again.")

    @work(thread=True, exclusive=True, group="open")
    def _open(self, entry_id: int, *, again: bool = False) -> None:
        try:
            self.post_message(EntryOpened(self.library.open(entry_id, again=again)))
        except (LibraryError, StoreError) as error:
            self.post_message(OpenFailed(entry_id, str(error)))

    @on(EntryOpened)
    async def _entry_opened(self, event: EntryOpened) -> None:
        opened = event.opened
        if opened.entry.id != self._wanted:
            return
        self._show(opened)
        if self._arrive_at:
            self._arrive(opened, self._arrive_at)
            self._arrive_at = None
        if self._text_before is not None:
            same = opened.article.text == self._text_before
            self._text_before = None
            say(
                self,
                opened.notice
                or ("The page has not changed." if same else "The text is another now; Story tells of edits."),
            )
        if opened.entry.id in self._unread:
            await self._mark([opened.entry.id], read=True)
        self.tell_story(opened.entry.id)

    def _arrive(self, opened: Opened, at: Highlight | StoryPlace) -> None:
        """Go to where a highlight stands, or to some words."""
        if isinstance(at, StoryPlace):  # by its words: the text may be fuller by now
            text = opened.article.text
            start = at.span.start if at.span.of(text) == at.words else text.find(at.words)
            if start >= 0:
                self._article.reveal(Span(start, start + len(at.words)))
            else:
                say(self, "The text is another by now, and those words no longer stand in it.")
            return
        span = next((span for saved, span in opened.highlights if saved.id == at.id), None)
        if span is None:
            say(self, "The saved words no longer stand in this text.", error=True)
            return
        claim = next((claim for claim in opened.analysis.claims if claim.start == span.start), None)
        if claim:
            self._go_to(claim)
        else:
            self._article.reveal(span)

    @on(OpenFailed)
    def _open_failed(self, event: OpenFailed) -> None:
        if event.entry_id == self._wanted:
            self._wait(event.why)

    def _show(self, opened: Opened) -> None:
        from reader.claims.view import sources

        said = [claim.speaker.name for claim in opened.analysis.claims if claim.speaker]
        self._article.show(opened)
        self.query_one(Panel).show(opened, tuple((one, said.count(one.name)) for one in sources(opened.analysis)))

    def _enter_article(self) -> None:
        self.add_class("-reading")
        self.set_focus(self._article)

    def _leave_article(self) -> None:
        self.remove_class("-reading")
        self.set_focus(self._headlines)

    # Claims and text move together.

    def _go_to(self, claim: Claim) -> None:
        self._article.go_to(claim)
        self.query_one(Claims).point_at(claim)

    @on(Rows.Moved, "#claims")
    @on(Rows.Chosen, "#claims")
    def _claim_in_panel(self, event: Rows.Moved) -> None:
        if claim := self.query_one(Claims).claim():
            self._article.go_to(claim)
            if isinstance(event, Rows.Chosen):
                self._article.focus()

    @on(ArticleView.ClaimMoved)
    def _claim_in_text(self, event: ArticleView.ClaimMoved) -> None:
        self.query_one(Claims).point_at(event.claim)

    @on(Rows.Chosen, "#sources")
    def _source_chosen(self, event: Rows.Chosen) -> None:
        source, _ = self.query_one(Sources).sources[event.index]
        claims = self._article.opened.analysis.claims if self._article.opened else ()
        first = next((claim for claim in claims if claim.speaker and claim.speaker.name == source.name), None)
        if first:
            self._go_to(first)

    def _step(self, by: int) -> None:
        if self._article.opened and self._headlines.has_focus:
            self._enter_article()
        self._article.step(by)

    def action_next_claim(self, count: int = 1) -> None:
        """Go to the next claim."""
        self._step(count)

    def action_previous_claim(self, count: int = 1) -> None:
        """Go to the claim before."""
        self._step(-count)

    def action_order_claims(self) -> None:
        """List the claims in the other order."""
        self.query_one(Panel).turn_claims()

    # Panes.

    def _panes(self) -> list[Widget]:
        reading = [
            self._article,
            *self.query(Claims),
            *self.query(Sources),
            *self.query(StoryRows),
            *self.query(RelatedArticles),
        ]
        return reading if self.has_class("-reading") and self.has_class("-narrow") else [self._headlines, *reading]

    def _turn_pane(self, by: int) -> None:
        panes = self._panes()
        here = panes.index(self._pane) if self._pane in panes else 0
        self._pane = pane = panes[(here + by) % len(panes)]
        self.set_class(not isinstance(pane, Headlines), "-reading")
        if isinstance(pane, Rows) and not isinstance(pane, Headlines):
            self.query_one(Panel).turn_to(pane)
        # A pane that is only now coming to the front can't take the focus before it is drawn.
        self.call_after_refresh(lambda: self.set_focus(self._pane) if self._pane is pane else None)

    @on(TabbedContent.TabActivated)
    def _tab_shown(self, event: TabbedContent.TabActivated) -> None:
        """The pane that was turned to takes the focus, if its tab came to the front only after it was asked to."""
        if self._pane in list(event.pane.query(Rows)) and self.focused is None:
            self.set_focus(self._pane)

    @on(events.DescendantFocus)
    def _focused(self, event: events.DescendantFocus) -> None:
        self._pane = event.widget

    def action_next_pane(self) -> None:
        """Go to the next pane."""
        self._turn_pane(1)

    def action_previous_pane(self) -> None:
        """Go to the pane before."""
        self._turn_pane(-1)

    async def action_back(self) -> None:
        """One step back: out of the article, then to all stories."""
        if self.focused is not self._headlines:
            self._leave_article()
        elif not self._view.home:
            await self.action_stories()

    async def action_back_or_leave(self) -> None:
        """One step back, and at the top out of the reader."""
        if self.focused is self._headlines and self._view.home:
            self.app.exit()
        else:
            await self.action_back()

    # Reading on.

    def _next_unread(self, by: int) -> None:
        rows, at = self._headlines.rows, self._headlines.cursor
        opened = self._article.opened
        # The entry under the cursor comes first, unless it is the one being read.
        if opened and rows and rows[at].entry_id == opened.entry.id:
            at += by
        while 0 <= at < len(rows):
            if rows[at].entry_id in self._unread:
                self._headlines.cursor = at
                self.open_entry(rows[at].entry_id)
                return
            at += by
        say(self, "No unread entry " + ("below." if by > 0 else "above."))

    def action_next_unread(self) -> None:
        """Open the next unread entry."""
        self._next_unread(1)

    def action_previous_unread(self) -> None:
        """Open the unread entry before."""
        self._next_unread(-1)

    def action_page_or_next(self) -> None:
        """Move a page down; from the end of the text or from the list, open the next unread."""
        if self._headlines.has_focus or self._article.opened is None or self._article.at_end:
            self._next_unread(1)
        else:
            self._article.action_page_down()

    def _current(self) -> Entry | None:
        """The open entry, or the one under the cursor while the headlines have the focus."""
        if not self._headlines.has_focus and self._article.opened:
            return self._article.opened.entry
        return self._headlines.entry(self._headlines.cursor)

    def action_browser(self) -> None:
        """Open the article in the browser."""
        entry = self._current()
        if entry is None:
            return
        # Browsers take flags, files and scripts for addresses; only pages are handed on.
        if entry.url is None or not entry.url.startswith(("http://", "https://")):
            say(self, "This entry links to no web page.", error=True)
            return
        self.run_worker(partial(webbrowser.open, entry.url), thread=True, exit_on_error=False)
        say(self, f"Opening {entry.url}")

    def action_report(self) -> None:
        """Pack a page that reads badly, to report it."""
        if entry := self._current():
            say(self, "Packing the page…")
            self._report(entry.id)

    @work(thread=True, group="report")
    def _report(self, entry_id: int) -> None:
        try:
            self.post_message(PageReported(self.library.report(entry_id, reports_path())))
        except (LibraryError, StoreError) as error:
            self.post_message(PageReported(None, str(error)))

    @on(PageReported)
    def _page_reported(self, event: PageReported) -> None:
        event.tell(self)

    # Changes of state.

    async def _mark(self, ids: list[int], *, read: bool) -> None:
        await asyncio.to_thread(self.library.mark, ids, read=read)
        (self._unread.difference_update if read else self._unread.update)(ids)
        self._headlines.forget()
        self._count()

    async def action_toggle_read(self) -> None:
        """Mark the entry read or unread."""
        if entry := self._current():
            unread = entry.id in self._unread
            with telling(self):
                await self._mark([entry.id], read=unread)
                self.session.changes.made("the mark", partial(self._mark, [entry.id], read=not unread))

    async def action_read_all(self) -> None:
        """Mark all the headlines shown as read."""
        unread = [row.entry_id for row in self._headlines.rows if row.entry_id in self._unread]
        if unread:
            with telling(self):
                await self._mark(unread, read=True)
                self.session.changes.made(f"the marks of {len(unread)}", partial(self._mark, unread, read=False))
                say(self, f"{len(unread)} marked read; u undoes it.")

    def _claim(self) -> Claim | None:
        """The current claim, or the one under the panel's cursor while the panel has the focus."""
        if self._headlines.has_focus:
            return None
        claims = self.query_one(Claims)
        return claims.claim() if claims.has_focus else self._article.claim

    async def action_save(self) -> None:
        """Save the current claim."""
        opened, claim = self._article.opened, self._claim()
        if opened is None or claim is None:
            say(self, "Enter opens an article, ] goes to a claim, and s saves it.")
            return
        if any(span and span.start == claim.start for _, span in opened.highlights):
            say(self, "This claim is saved already; 4 shows what you saved.")
            return
        with telling(self):
            highlight = await asyncio.to_thread(self.library.save_claim, opened, claim)
            self.session.changes.made("the highlight", partial(self._unsave, highlight))
            await self._saved_changed()
            say(self, f"Saved: {highlight.speaker or 'speaker not said'}. 4 shows what you saved.")

    async def _unsave(self, highlight: Highlight) -> None:
        await asyncio.to_thread(self.library.remove_highlight, highlight.id)
        await self._saved_changed()

    async def _saved_changed(self) -> None:
        """Show the highlights as they are now, in the text and in the list."""
        with telling(self):
            if opened := self._article.opened:
                highlights = await asyncio.to_thread(self.library.located, opened.entry.id, opened.article.text)
                if self._article.opened is opened:
                    self._article.show(replace(opened, highlights=highlights))
                    self.query_one(Panel).show_saved(self._article.opened)
            self._headlines.forget()

    def action_copy(self) -> None:
        """Copy the claim with its citation, or the link."""
        opened, claim = self._article.opened, self._claim()
        if opened and claim:
            self.app.copy_to_clipboard(self.library.citation(self.library.highlight_of(opened, claim)))
            say(self, "Copied the claim with its citation.")
        elif (entry := self._current()) and entry.url:
            self.app.copy_to_clipboard(entry.url)
            say(self, "Copied the link.")

    # Feeds.

    def action_add_feed(self) -> None:
        """Follow another feed."""

        async def added(_: bool | None) -> None:
            await self._reload()
            self._sort()

        self.app.push_screen(AddScreen(self.session), added)

    async def welcomed(self, outcome: str | None) -> None:
        """What the first steps came to."""
        if outcome == "demo":
            self.app.exit("demo")
        elif outcome == "quit":
            self.app.exit()
        else:
            await self._reload()
            self.refresh_feeds()

    def action_refresh_all(self) -> None:
        """Fetch what is new in all feeds."""
        self.refresh_feeds(force=True)

    def refresh_feeds(self, *, force: bool = False) -> None:
        """Check the feeds that are due, or all of them."""
        if not self._progress:
            self._progress = "refreshing"
            self._refresh(force)
            if self.is_mounted:
                self._tell_state()

    @work(thread=True, group="refresh")
    def _refresh(self, force: bool) -> None:
        def report(checked: Checked) -> None:
            self.post_message(FeedChecked(checked))

        try:
            ended = self.library.refresh(force=force, report=report)
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
        self._progress = f"refreshing {checked.done}/{checked.total}: {checked.feed.title}"
        self._tell_state()

    @on(RefreshEnded)
    async def _refresh_ended(self, event: RefreshEnded) -> None:
        self._progress = ""
        if event.refreshed and event.refreshed.failed and self._view.home:
            failed = len(event.refreshed.failed)
            self._view = replace(self._view, nothing=f"No headlines yet. Feeds that failed: {failed}; 3 shows why.")
        await self._reload()
        event.tell(self)
        if self.library.settings.notify.by in (NotifyBy.AUTO, NotifyBy.TERMINAL):
            event.tell_terminal(self.app)
        self._sort()
