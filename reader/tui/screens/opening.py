"""What the main screen does with an article: opening it, and walking its claims."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import ExitStack, suppress

from textual import on, work
from textual.message import Message
from textual.timer import Timer
from textual.worker import get_current_worker

from reader.library.answers import LibraryError, Opened
from reader.model import Claim, Entry, Fit, Highlight, HighlightKind, Picture, Span
from reader.query import QueryError, parse
from reader.store.schema import StoreError
from reader.tui.messages import EntryOpened, OpenFailed, PictureCame, say, telling
from reader.tui.screens.story import StoryScreen
from reader.tui.session import Session
from reader.tui.widgets.article import ArticleView
from reader.tui.widgets.headlines import Headlines
from reader.tui.widgets.panel import Claims, Panel, RelatedArticles, Sources
from reader.tui.widgets.rows import Rows
from reader.tui.widgets.sidebar import Sidebar
from reader.tui.widgets.story import StoryPlace
from reader.words import _, ngettext

_AT_ONCE = 0.15
"""Seconds in which an article that is kept is there, so that nothing need be said of waiting."""


class OpeningScreen(StoryScreen):
    """The part of the main screen that knows of the open article."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._wanted: int | None = None
        """The entry asked for last; what arrives for another is dropped."""
        self._arrive_at: Highlight | StoryPlace | None = None
        """What to go to when the wanted entry arrives."""
        self._held: tuple[ExitStack, Timer] | None = None
        """Holds the screen as it is until the wanted entry is there, or until it is said that it is being fetched."""
        self._text_first: Opened | None = None
        """The wanted entry without its claims, until it is shown: in most cases they come at once."""
        self._text_before: str | None = None
        """The text of the wanted entry before its page was asked for again."""

    def _enter_article(self) -> None:
        raise NotImplementedError

    @property
    def _in_lists(self) -> bool:
        """Whether a list has the focus, so that keys are about the entry under its cursor."""
        return isinstance(self.focused, Headlines | Sidebar)

    def _current(self) -> Entry | None:
        if not self._in_lists and self._article.opened:
            return self._article.opened.entry
        return self._headlines.entry(self._headlines.cursor)

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
        self._wanted, self._arrive_at, self._text_before, self._told = entry_id, at, None, None
        self._text_first = None
        self._looked_at.add(entry_id)
        place = self._headlines.row_of(entry_id)
        if place is not None:
            self._headlines.cursor = place
        self._hold_still()
        self._enter_article()
        self._open(entry_id)

    def _hold_still(self) -> None:
        """Draw nothing until the article is there, which one that is kept is at once: or all would be drawn twice."""
        self._no_more_held()
        held = ExitStack()
        held.enter_context(self.app.batch_update())
        self._held = held, self.set_timer(_AT_ONCE, self._say_fetching)

    def _say_fetching(self) -> None:
        """Show what there is by now: the text, if it is here, or that it is being fetched."""
        self._no_more_held()
        if self._text_first:
            self._begin_reading(self._text_first)
        elif self._article.opened is None or self._article.opened.entry.id != self._wanted:
            self._wait(_("Fetching the article…"))

    def _no_more_held(self) -> None:
        if self._held:
            held, timer = self._held
            self._held = None
            timer.stop()
            held.close()

    def _wait(self, words: str) -> None:
        """Show `words` for an article, and nothing beside it."""
        self._article.wait(words)
        self.query_one(Panel).show(None, ())

    async def action_fetch_again(self) -> None:
        """Fetch the page of the open entry again."""
        if opened := self._article.opened:
            say(self, _("Fetching the page again…"))
            self._no_more_held()
            self._text_first = self._arrive_at = None
            self._wanted, self._text_before = opened.entry.id, opened.article.text
            self._open(self._wanted, again=True)
        else:
            say(self, _("Enter opens an article, and E fetches its page again."))

    @work(thread=True, exclusive=True, group="open")
    def _open(self, entry_id: int, *, again: bool = False) -> None:
        worker = get_current_worker()

        def post(message: Message) -> None:
            if not worker.is_cancelled:  # it was opened again meanwhile, or another
                self.post_message(message)

        try:
            post(EntryOpened(self.library.open(entry_id, again=again, text_first=lambda text: post(EntryOpened(text)))))
        except (LibraryError, StoreError) as error:
            post(OpenFailed(entry_id, str(error)))

    @on(EntryOpened)
    def _entry_opened(self, event: EntryOpened) -> None:
        opened, here = event.opened, self._article.opened
        if opened.entry.id != self._wanted:
            return
        self._text_first = None if opened.analysed else opened
        if opened.analysed and here and not here.analysed and here.article is opened.article:
            self._claims_came(opened)
        elif opened.analysed or not self._held:
            self._begin_reading(opened)

    def _begin_reading(self, opened: Opened) -> None:
        """Show what was wanted, and go to where it was wanted at."""
        self._text_first = None
        self._show(opened)
        self._no_more_held()
        arrived = self._arrive_at is not None
        if self._arrive_at:
            self._arrive(opened, self._arrive_at)
            self._arrive_at = None
        if self._text_before is not None:
            same = opened.article.text == self._text_before
            self._text_before = None
            unlike = _("The page has not changed.") if same else _("The text is another now; Story tells of edits.")
            say(self, opened.notice or unlike)
        if changed := _changed(opened):
            say(self, changed)
        self._article.forget_hits()
        self._article.show_picture(None)
        self.call_after_refresh(self._shown, opened, arrived)

    def _claims_came(self, opened: Opened) -> None:
        """Show the claims of the text that is being read."""
        self._show(opened)
        if claim := self._article.claim:  # of a saved one that was opened
            self.query_one(Claims).point_at(claim)
        self.tell_story(opened.entry.id)

    # Textual would describe the worker by what it is given, and write out the whole article for it.
    @work(exclusive=True, group="shown", description="shown")
    async def _shown(self, opened: Opened, arrived: bool) -> None:
        """What can be done when the text is on the screen."""
        entry_id = opened.entry.id
        self._fetch_picture(opened)
        if opened.analysed:
            self.tell_story(entry_id)
        with telling(self):
            if self._view.query and not arrived:
                await self._show_hits(opened, self._view.query)
            self._tags_changed(entry_id, await asyncio.to_thread(self.library.store.tags, entry_id))
            if entry_id in self._unread:
                await self._mark([entry_id], read=True)

    @on(OpenFailed)
    def _open_failed(self, event: OpenFailed) -> None:
        if event.entry_id == self._wanted:
            self._no_more_held()
            self._wait(event.why)

    def _tags_changed(self, entry_id: int, tags: Sequence[str]) -> None:
        if self._article.opened and self._article.opened.entry.id == entry_id:
            self._article.show_tags(tags)

    def _show(self, opened: Opened) -> None:
        from reader.claims.view import sources

        said = [claim.speaker.name for claim in opened.analysis.claims if claim.speaker]
        self._article.show(opened)
        self.query_one(Panel).show(opened, tuple((one, said.count(one.name)) for one in sources(opened.analysis)))

    def _arrive(self, opened: Opened, at: Highlight | StoryPlace) -> None:
        """Go to where a highlight stands, or to some words."""
        if isinstance(at, StoryPlace):  # by its words: the text may be fuller by now
            text = opened.article.text
            start = at.span.start if at.span.of(text) == at.words else text.find(at.words)
            if start >= 0:
                self._article.reveal(Span(start, start + len(at.words)))
            else:
                say(self, _("The text is another by now, and those words no longer stand in it."))
            return
        span = next((one.span for one in opened.highlights if one.highlight.id == at.id), None)
        if span is None:
            say(
                self,
                _("The saved words no longer stand in this text; 4 shows what comes nearest."),
                error=True,
            )
            return
        claim = next((claim for claim in opened.analysis.claims if claim.start == span.start), None)
        if claim:
            self._go_to(claim)
        else:
            self._article.reveal(span)

    # The lead picture, and the words that a search found.

    def _fetch_picture(self, opened: Opened) -> None:
        if opened.article.lead and self.library.settings.reading.images:
            self._picture(opened.entry.id, opened.article.lead)

    @work(thread=True, exclusive=True, group="picture")
    def _picture(self, entry_id: int, picture: Picture) -> None:
        try:
            self.post_message(PictureCame(entry_id, self.library.pictures.fetch(picture), picture.caption))
        except (LibraryError, StoreError):
            return  # an article reads well without

    @on(PictureCame)
    def _picture_came(self, event: PictureCame) -> None:
        from reader.tui.widgets.picture import LeadPicture

        if self._article.opened and self._article.opened.entry.id == event.entry_id:
            measure = self.library.settings.reading.measure
            self._article.show_picture(LeadPicture(event.image, event.caption, measure=measure))

    async def _show_hits(self, opened: Opened, query: str) -> None:
        """Mark the words that the list was searched for."""
        with suppress(QueryError, StoreError):
            ask = self.library.store.search.hits
            _title, hits = await asyncio.to_thread(ask, parse(query), opened.entry.id)
            if self._article.opened and self._article.opened.entry.id == opened.entry.id:
                self._article.show_hits(hits)

    def _walking_hits(self, by: int) -> bool:
        """Go to the next of the words that are looked for; False where none is left that way."""
        return not self._in_lists and self._article.finding and self._article.find_next(by)

    def action_next_unread(self) -> None:
        """Go to the next of the words looked for, or open the next unread entry."""
        if not self._walking_hits(1):
            self._next_unread(1, self._article.opened.entry.id if self._article.opened else None)

    def action_previous_unread(self) -> None:
        """Go to those before, or open the unread entry before."""
        if not self._walking_hits(-1):
            self._next_unread(-1, self._article.opened.entry.id if self._article.opened else None)

    def action_page_or_next(self) -> None:
        """Move a page down; from the end of the text or from the list, open the next unread."""
        if self._in_lists or self._article.opened is None or self._article.at_end:
            self._next_unread(1, self._article.opened.entry.id if self._article.opened else None)
        else:
            self._article.action_page_down()

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
        if self.has_class("-narrow"):  # where there is room for one list, it is the one with the claim
            self.query_one(Panel).turn_to(self.query_one(Claims))
        self.query_one(Claims).point_at(event.claim)

    @on(Rows.Chosen, "#sources")
    def _source_chosen(self, event: Rows.Chosen) -> None:
        cited = self.query_one(Sources).sources
        if event.index >= len(cited):  # another article is there by now
            return
        source, _claims = cited[event.index]
        claims = self._article.opened.analysis.claims if self._article.opened else ()
        first = next((claim for claim in claims if claim.speaker and claim.speaker.name == source.name), None)
        if first:
            self._go_to(first)

    def action_next_claim(self, times: int = 1) -> None:
        """Go to the next claim."""
        if self._article.opened and self._in_lists:
            self._enter_article()
        self._article.step(times)
        if claim := self._article.claim:  # at once: the next key may be about it
            self.query_one(Claims).point_at(claim)

    def action_previous_claim(self, times: int = 1) -> None:
        """Go to the claim before."""
        self.action_next_claim(-times)

    def action_order_claims(self) -> None:
        """List the claims in the other order."""
        self.query_one(Panel).turn_claims()

    def _claim(self) -> Claim | None:
        """The current claim, or the one under the panel's cursor while the panel has the focus."""
        if self._in_lists:
            return None
        claims = self.query_one(Claims)
        return claims.claim() if claims.has_focus else self._article.claim


def _changed(opened: Opened) -> str:
    """What there is to say of what was saved from an article whose text has changed since."""
    gone = sum(1 for one in opened.highlights if one.anchor is None)
    kept = (one for one in opened.highlights if one.highlight.kind is not HighlightKind.ARTICLE)
    reworded = sum(1 for one in kept if one.anchor and one.anchor.fit is Fit.REWORDED)
    said = []
    if reworded:
        said.append(ngettext("{n} is reworded", "{n} are reworded", reworded).format(n=reworded))
    if gone:
        said.append(ngettext("{n} is no longer there", "{n} are no longer there", gone).format(n=gone))
    words = _("Of what you saved: {what}. 4 shows it.")
    return words.format(what=", ".join(said)) if said else ""
