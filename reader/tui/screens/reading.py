"""The main screen: headlines, the article, and beside it who said what."""

from __future__ import annotations

import webbrowser
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import ClassVar

from textual import events, on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Footer, Static

from reader.library.library import Checked, Library, LibraryError, Opened
from reader.model import Entry, Feed, Highlight
from reader.store.schema import StoreError
from reader.tui.actions import Place, bindings
from reader.tui.messages import EntryOpened, FeedChecked, OpenFailed, RefreshEnded, say
from reader.tui.screens.add import AddScreen
from reader.tui.screens.feeds import FeedsScreen
from reader.tui.screens.saved import SavedScreen
from reader.tui.widgets.article import ArticleView
from reader.tui.widgets.headlines import Headline, Headlines
from reader.tui.widgets.panel import Claims, Panel, RelatedArticles, Sources
from reader.tui.widgets.rows import Rows
from reader.tui.widgets.search import SearchLine

_LIBRARY_ERRORS = (LibraryError, StoreError)


class ReadingScreen(Screen[None]):
    """Headlines on the left, the article in the middle, the panel on the right, as far as they fit."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Place.READER, priority=True)]

    def __init__(self, library: Library) -> None:
        super().__init__()
        self.library = library
        self._wanted: int | None = None
        """The entry asked for last; what arrives for another is dropped."""
        self._arrive_at: Highlight | None = None
        """What to scroll to when the wanted entry arrives."""
        self._view: Callable[[], list[Headline]] = self._by_story
        self._view_name = "Stories"
        self._undo: list[tuple[str, Callable[[], object]]] = []
        self._refreshing = False
        self._pane: Widget | None = None
        """The pane that has the focus, or is about to."""

    def compose(self) -> ComposeResult:
        """The three panes between a line of state and the keys."""
        yield Static(id="state", markup=False)
        with Horizontal(id="panes"):
            yield Headlines(self.library.store.entries, self.library.now, id="headlines")
            yield ArticleView(id="article")
            yield Panel(self.library.now, id="panel")
        yield SearchLine()
        yield Footer(show_command_palette=False)

    def on_mount(self) -> None:
        """Show what the library holds."""
        self.query_one(SearchLine).display = False
        self._turn_to("Stories", self._by_story)
        self.query_one(Headlines).focus()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool:  # noqa: ARG002
        """While a search is typed, its letters are letters."""
        return not self.query_one(SearchLine).has_focus

    # What the list shows.

    def _by_story(self) -> list[Headline]:
        return [
            Headline(entry_id, first=place == 0, tellings=len(group))
            for group in self.library.store.story_headlines()
            for place, entry_id in enumerate(group)
        ]

    def _by_time(self, feed: Feed | None = None) -> list[Headline]:
        return [Headline(entry_id) for entry_id in self.library.store.headlines(feed_id=feed.id if feed else None)]

    def _found(self, query: str) -> list[Headline]:
        return [Headline(entry_id) for entry_id in self.library.store.search(query)]

    def _turn_to(self, name: str, view: Callable[[], list[Headline]]) -> None:
        """Show another list."""
        self._view_name, self._view = name, view
        self._reload()

    def _reload(self) -> None:
        """Show the list as the library has it now."""
        try:
            found = self._view_name.startswith("Search")
            self.query_one(Headlines).show(self._view(), nothing="Nothing found." if found else "No headlines yet.")
        except StoreError as error:
            say(self, str(error), error=True)
        self._tell_state()

    def _tell_state(self, progress: str = "") -> None:
        shown, unread = len(self.query_one(Headlines).rows), sum(self.library.store.unread().values())
        words = f" {self.app.title} · {self._view_name} · {shown:,} shown · {unread:,} unread"
        self.query_one("#state", Static).update(Content(words + (f" · {progress}" if progress else "")))

    def action_headlines(self) -> None:
        """Show all headlines by time."""
        self._turn_to("Headlines", self._by_time)

    def action_stories(self) -> None:
        """Show headlines grouped by story."""
        self._turn_to("Stories", self._by_story)

    def action_feeds(self) -> None:
        """Show the feeds; one that is chosen is shown alone."""

        def chosen(feed: Feed | None) -> None:
            if feed:
                self._turn_to(feed.title, partial(self._by_time, feed))
                self._leave_article()

        self.app.push_screen(FeedsScreen(self.library), chosen)

    def action_saved(self) -> None:
        """Show what was saved; one that is chosen is opened at its place."""

        def chosen(highlight: Highlight | None) -> None:
            self.query_one(Headlines).forget()
            if highlight and highlight.entry_id is not None:
                self._arrive_at = highlight
                self.open_entry(highlight.entry_id)
            elif (opened := self._article.opened) is not None:
                self._show(replace(opened, highlights=self.library.located(opened.entry.id, opened.article.text)))

        self.app.push_screen(SavedScreen(self.library), chosen)

    def action_search(self) -> None:
        """Ask what to search for."""
        self._leave_article()
        query = self.query_one(SearchLine)
        query.display = True
        self.set_focus(query)  # at once: what is typed next is already meant for it

    @on(SearchLine.Submitted)
    def _search(self, event: SearchLine.Submitted) -> None:
        words = event.value.strip()
        self._close_search()
        if words:
            self._turn_to(f"Search “{words}”", partial(self._found, words))
        else:
            self.action_stories()

    @on(SearchLine.Left)
    def _close_search(self) -> None:
        self.query_one(SearchLine).display = False
        self.set_focus(self.query_one(Headlines))

    # Opening.

    @on(Rows.Chosen, "#headlines")
    def _open_headline(self, event: Rows.Chosen) -> None:
        if entry := self.query_one(Headlines).entry(event.index):
            self.open_entry(entry.id)

    @on(Rows.Chosen, "#related")
    def _open_related(self, event: Rows.Chosen) -> None:
        entry_id = self.query_one(RelatedArticles).entry_id(event.index)
        if entry_id is not None:
            self.open_entry(entry_id)

    def open_entry(self, entry_id: int) -> None:
        """Open an entry: at once when its text is kept, else when its page has come."""
        self._wanted = entry_id
        headlines = self.query_one(Headlines)
        place = next((index for index, row in enumerate(headlines.rows) if row.entry_id == entry_id), None)
        if place is not None:
            headlines.cursor = place
        if self._article.opened is None or self._article.opened.entry.id != entry_id:
            self._article.wait("Fetching the article…")
        self.add_class("-reading")
        self.set_focus(self._article)
        self._open(entry_id)

    @work(thread=True, exclusive=True, group="open")
    def _open(self, entry_id: int) -> None:
        try:
            self.post_message(EntryOpened(self.library.open(entry_id)))
        except _LIBRARY_ERRORS as error:
            self.post_message(OpenFailed(entry_id, str(error)))

    @on(EntryOpened)
    def _entry_opened(self, event: EntryOpened) -> None:
        opened = event.opened
        if opened.entry.id != self._wanted:
            return
        self._show(opened)
        if not opened.entry.read:
            self._mark([opened.entry.id], read=True)
        if self._arrive_at:
            self._arrive(opened, self._arrive_at)
            self._arrive_at = None

    def _arrive(self, opened: Opened, highlight: Highlight) -> None:
        """Go to where a highlight stands."""
        span = next((span for saved, span in opened.highlights if saved.id == highlight.id), None)
        if span is None:
            say(self, "The saved words no longer stand in this text.", error=True)
            return
        claim = next((claim for claim in opened.analysis.claims if claim.start == span.start), None)
        if claim:
            self._article.go_to(claim)
            self.query_one(Claims).cursor = claim.id
        else:
            self._article.reveal(span)

    @on(OpenFailed)
    def _open_failed(self, event: OpenFailed) -> None:
        if event.entry_id == self._wanted:
            self._article.wait(event.why)

    @property
    def _article(self) -> ArticleView:
        return self.query_one(ArticleView)

    def _show(self, opened: Opened) -> None:
        from reader.claims.find import sources

        said = [claim.speaker.name for claim in opened.analysis.claims if claim.speaker]
        self._article.show(opened)
        self.query_one(Panel).show(opened, tuple((one, said.count(one.name)) for one in sources(opened.analysis)))

    def _leave_article(self) -> None:
        self.remove_class("-reading")
        self.set_focus(self.query_one(Headlines))

    # Claims and text move together.

    @on(Rows.Moved, "#claims")
    @on(Rows.Chosen, "#claims")
    def _claim_in_panel(self, event: Rows.Moved) -> None:
        if claim := self.query_one(Claims).claim():
            self._article.go_to(claim)
            if isinstance(event, Rows.Chosen):
                self._article.focus()

    @on(ArticleView.ClaimMoved)
    def _claim_in_text(self, event: ArticleView.ClaimMoved) -> None:
        self.query_one(Claims).cursor = event.claim.id

    @on(Rows.Chosen, "#sources")
    def _source_chosen(self, event: Rows.Chosen) -> None:
        source, _ = self.query_one(Sources).sources[event.index]
        claims = self._article.opened.analysis.claims if self._article.opened else ()
        for claim in claims:
            if claim.speaker and claim.speaker.name == source.name:
                self._article.go_to(claim)
                self.query_one(Claims).cursor = claim.id
                return

    def action_next_claim(self) -> None:
        """Go to the next claim."""
        self._article.step(1)

    def action_previous_claim(self) -> None:
        """Go to the claim before."""
        self._article.step(-1)

    # Panes.

    def _panes(self) -> list[Widget]:
        reading = [self._article, *self.query(Claims), *self.query(Sources), *self.query(RelatedArticles)]
        headlines: list[Widget] = [self.query_one(Headlines)]
        return reading if self.has_class("-reading") and self.has_class("-narrow") else headlines + reading

    def _turn_pane(self, by: int) -> None:
        panes = self._panes()
        here = panes.index(self._pane) if self._pane in panes else 0
        self._pane = pane = panes[(here + by) % len(panes)]
        self.set_class(not isinstance(pane, Headlines), "-reading")
        if isinstance(pane, Rows) and not isinstance(pane, Headlines):
            self.query_one(Panel).turn_to(pane)
        # A pane that is only now coming to the front can't take the focus before it is drawn.
        self.call_after_refresh(lambda: self.set_focus(self._pane) if self._pane is pane else None)

    @on(events.DescendantFocus)
    def _focused(self, event: events.DescendantFocus) -> None:
        self._pane = event.widget

    def action_next_pane(self) -> None:
        """Go to the next pane."""
        self._turn_pane(1)

    def action_previous_pane(self) -> None:
        """Go to the pane before."""
        self._turn_pane(-1)

    def action_back(self) -> None:
        """One step back: out of the article, then the list shown, and last the reader."""
        if self.focused is not self.query_one(Headlines):
            self._leave_article()
        elif self._view_name not in ("Stories", "Headlines"):
            self.action_stories()
        else:
            self.app.exit()

    # Reading on.

    def _next_unread(self, by: int) -> None:
        headlines = self.query_one(Headlines)
        index = headlines.cursor + by
        while entry := headlines.entry(index):
            if not entry.read:
                headlines.cursor = index
                self.open_entry(entry.id)
                return
            index += by
        say(self, "No unread entry " + ("below." if by > 0 else "above."))

    def action_next_unread(self) -> None:
        """Open the next unread entry."""
        self._next_unread(1)

    def action_previous_unread(self) -> None:
        """Open the unread entry before."""
        self._next_unread(-1)

    def action_page_or_next(self) -> None:
        """Move a page down; at the end of the text, open the next unread."""
        if self._article.opened is None or self._article.at_end:
            self._next_unread(1)
        else:
            self._article.action_page_down()

    def _current(self) -> Entry | None:
        """The open entry, or the one under the cursor while the headlines have the focus."""
        headlines = self.query_one(Headlines)
        if not headlines.has_focus and self._article.opened:
            return self._article.opened.entry
        return headlines.entry(headlines.cursor)

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

    # Changes of state.

    def _mark(self, ids: list[int], *, read: bool) -> None:
        try:
            self.library.mark(ids, read=read)
        except StoreError as error:
            say(self, str(error), error=True)
        self.query_one(Headlines).forget()
        self._tell_state()

    def action_toggle_read(self) -> None:
        """Mark the entry read or unread."""
        if current := self._current():
            entry = self.library.store.entries([current.id])[current.id]
            self._mark([entry.id], read=not entry.read)
            self._undo.append(("the mark", partial(self._mark, [entry.id], read=entry.read)))

    def action_read_all(self) -> None:
        """Mark all the headlines shown as read."""
        ids = [row.entry_id for row in self.query_one(Headlines).rows]
        unread = [entry.id for entry in self.library.store.entries(ids).values() if not entry.read]
        if unread:
            self._mark(unread, read=True)
            self._undo.append((f"the marks of {len(unread)}", partial(self._mark, unread, read=False)))
            say(self, f"{len(unread)} marked read; u undoes it.")

    def action_undo(self) -> None:
        """Undo the last change."""
        if not self._undo:
            say(self, "Nothing to undo.")
            return
        what, undo = self._undo.pop()
        undo()
        say(self, f"Undone: {what}.")

    def action_save(self) -> None:
        """Save the claim under the cursor."""
        opened = self._article.opened
        claim = self._article.claim or self.query_one(Claims).claim()
        if opened is None or claim is None:
            say(self, "Open an article and go to a claim with ], then s saves it.")
            return
        saved = next((one for one, span in opened.highlights if span and span.start == claim.start), None)
        if saved:
            say(self, "This claim is saved already; 4 shows what you saved.")
            return
        try:
            highlight = self.library.save_claim(opened, claim)
        except StoreError as error:
            say(self, str(error), error=True)
            return
        self._saved_changed()
        self._undo.append(("the highlight", partial(self._unsave, highlight)))
        say(self, f"Saved: {highlight.speaker or 'speaker not said'}. 4 shows what you saved.")

    def _unsave(self, highlight: Highlight) -> None:
        self.library.remove_highlight(highlight.id)
        self._saved_changed()

    def _saved_changed(self) -> None:
        if opened := self._article.opened:
            self._show(replace(opened, highlights=self.library.located(opened.entry.id, opened.article.text)))
        self.query_one(Headlines).forget()

    def action_copy(self) -> None:
        """Copy the claim with its citation, or the link."""
        opened, claim = self._article.opened, self._article.claim
        if opened and claim and not self.query_one(Headlines).has_focus:
            self.app.copy_to_clipboard(self.library.citation(self.library.highlight_of(opened, claim)))
            say(self, "Copied the claim with its citation.")
        elif (entry := self._current()) and entry.url:
            self.app.copy_to_clipboard(entry.url)
            say(self, "Copied the link.")

    # Feeds.

    def action_add_feed(self) -> None:
        """Follow another feed."""
        self.app.push_screen(AddScreen(self.library), lambda added: self._reload() if added else None)

    def welcomed(self, outcome: str | None) -> None:
        """What the first steps came to."""
        if outcome == "demo":
            self.app.exit("demo")
        elif outcome == "quit":
            self.app.exit()
        else:
            self._reload()
            self.refresh_feeds()

    def action_refresh_all(self) -> None:
        """Fetch what is new in all feeds."""
        self.refresh_feeds(force=True)

    def refresh_feeds(self, *, force: bool = False) -> None:
        """Check the feeds that are due, or all of them."""
        if not self._refreshing:
            self._refreshing = True
            self._refresh(force)

    @work(thread=True, group="refresh")
    def _refresh(self, force: bool) -> None:
        def report(checked: Checked) -> None:
            self.post_message(FeedChecked(checked))

        try:
            ended = self.library.refresh(force=force, report=report)
        except _LIBRARY_ERRORS as error:
            self.post_message(RefreshEnded(None, str(error)))
        else:
            self.post_message(RefreshEnded(ended))

    @on(FeedChecked)
    def _feed_checked(self, event: FeedChecked) -> None:
        checked = event.checked
        self._tell_state(f"refreshing {checked.done}/{checked.total}: {checked.feed.title}")

    @on(RefreshEnded)
    def _refresh_ended(self, event: RefreshEnded) -> None:
        self._refreshing = False
        self._reload()
        if event.refreshed is None:
            say(self, event.why or "The refresh broke off.", error=True)
        elif event.refreshed.failed:
            feed, why = event.refreshed.failed[0]
            others = len(event.refreshed.failed) - 1
            more = f" {others} other feed{'s' * (others > 1)} failed too; 3 shows which." if others else ""
            say(self, f"{feed.title}: {why}.{more}", error=True)
        elif event.refreshed.checked:
            say(self, f"{event.refreshed.new} new in {event.refreshed.checked} feeds.")
