"""What the main screen does with stories: what others make of the open article, and how the person sorts them."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from textual import on, work
from textual.worker import Worker, get_current_worker

from reader.library.answers import LibraryError, StoryTold
from reader.library.stories import Choices
from reader.model import Claim, Entry, Highlight, Related, Span
from reader.store.schema import StoreError
from reader.tui.messages import StoryArrived, say, telling
from reader.tui.screens.refreshing import RefreshingScreen
from reader.tui.session import Session
from reader.tui.widgets.article import ArticleView
from reader.tui.widgets.panel import Panel
from reader.tui.widgets.rows import Rows
from reader.tui.widgets.story import StoryPlace, StoryRows
from reader.words import _

if TYPE_CHECKING:
    from reader.tui.screens.ledger import Compare


class StoryScreen(RefreshingScreen):
    """The part of the main screen that knows of stories."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._told: StoryTold | None = None
        """The story of the open entry, as soon as it is found out."""
        self._marked_story: int | None = None
        """The story to be merged into the next one that M is pressed on."""

    @property
    def _article(self) -> ArticleView:
        return self.query_one(ArticleView)

    def open_entry(self, entry_id: int, *, at: Highlight | StoryPlace | None = None) -> None:
        """Open an entry and go to some words in it."""
        raise NotImplementedError

    # What the others make of it.

    @work(thread=True, exclusive=True, group="story")
    def tell_story(self, entry_id: int) -> None:
        """Look for what other outlets make of an entry, as long as it is open; what can't be found out is left out."""
        stories, told, edited = self.library.stories, None, None
        relatives: list[tuple[Entry, Related]] = []
        worker = get_current_worker()

        def wanted() -> bool:
            return not worker.is_cancelled

        with contextlib.suppress(LibraryError, StoreError):
            told = stories.told(entry_id, wanted=wanted)  # also of one article: a second may come
        with contextlib.suppress(LibraryError, StoreError):
            relatives = stories.relatives(entry_id) if wanted() else []
        with contextlib.suppress(LibraryError, StoreError):
            edited = stories.edits(entry_id) if wanted() else None
        if wanted():
            self.post_message(StoryArrived(entry_id, told, relatives, edited))

    @on(StoryArrived)
    def _story_arrived(self, event: StoryArrived) -> None:
        if self._article.opened and self._article.opened.entry.id == event.entry_id:
            self._told = event.told
            self.query_one(Panel).show_story(event)

    @on(Rows.Chosen, "#story")
    def _story_chosen(self, event: Rows.Chosen) -> None:
        if place := self.query_one(StoryRows).place(event.index):
            self._go_to_place(place)

    def _go_to_place(self, place: StoryPlace) -> None:
        """Go to some words, in the open article or in another."""
        if self._article.opened and self._article.opened.entry.id == place.entry_id:
            self._article.reveal(place.span)
            self._article.focus()
        else:
            self.open_entry(place.entry_id, at=place)

    async def _story_of(self, entry: Entry) -> StoryTold | None:
        """The story of an entry, lined up; None, and the person is told, where no other outlet tells it."""
        told = self._told
        if told is None or all(one.id != entry.id for one in told.entries):
            say(self, _("Lining up what the outlets say…"))
            with telling(self):
                told = await asyncio.to_thread(self.library.stories.told, entry.id)
        if told is not None and len(told.articles) < 2:
            say(self, _("No other outlet tells this story."))
            return None
        return told

    def action_compare(self) -> None:
        """Read the article beside another outlet's."""
        if entry := self._current():
            self._compare(entry)

    @work(exclusive=True, group="beside")
    async def _compare(self, entry: Entry) -> None:
        told = await self._story_of(entry)
        if told and self.is_current:
            others = [one for one in told.articles if one != entry.id]
            # Who tells the most of what this one does; of another outlet, if any.
            own = told.outlets.get(str(entry.id))
            other = max(others, key=lambda one: (told.outlets.get(str(one)) != own, told.common(entry.id, one)))
            self._push_compare(told, entry.id, other)

    def _push_compare(self, told: StoryTold, one: int, other: int, row: int | None = None) -> None:
        from reader.tui.screens.compare import CompareScreen

        if one not in told.articles:
            say(self, _("The text of this article is not here yet; Enter fetches it."))
            return
        self.app.push_screen(CompareScreen(self.session, told, one, other, row=row), self.left_story)

    def action_ledger(self) -> None:
        """Show the story as a table."""
        if entry := self._current():
            self._show_ledger(entry)

    @work(exclusive=True, group="beside")
    async def _show_ledger(self, entry: Entry) -> None:
        from reader.tui.screens.ledger import LedgerScreen

        if told := await self._story_of(entry):
            with telling(self):
                saved = await asyncio.to_thread(self._saved_in, told)
                if not self.is_current:
                    return
                screen = LedgerScreen(self.session, told, entry.id, saved=saved)
                self.app.push_screen(screen, partial(self._left_ledger, told))

    def _saved_in(self, told: StoryTold) -> dict[int, tuple[Span, ...]]:
        """Where in a story's articles something was saved."""
        return {
            entry.id: self.library.saved.spans(entry, told.articles[entry.id].text)
            for entry in told.entries
            if entry.id in told.articles
        }

    def _left_ledger(self, told: StoryTold, outcome: StoryPlace | Compare | None) -> None:
        if outcome is None or isinstance(outcome, StoryPlace):
            self.left_story(outcome)
        else:
            self._push_compare(told, outcome.one, outcome.other, outcome.row)

    def left_story(self, place: StoryPlace | None) -> None:
        """Go where a screen about stories or speakers leads."""
        if place:
            self._go_to_place(place)
        self._saved_changed()  # a claim may have been saved there

    def _saved_changed(self) -> Worker[None]:
        """Show the highlights as they are now."""
        raise NotImplementedError

    # Speakers.

    def _claim(self) -> Claim | None:
        """The claim that keys are about."""
        raise NotImplementedError

    def action_speaker(self) -> None:
        """Show all that the claim's speaker said."""
        from reader.tui.screens.speakers import SpeakerScreen

        claim = self._claim()
        if claim is None or claim.speaker is None:
            say(self, _("] goes to a claim, and p shows what else its speaker said."))
        elif not claim.speaker.named:
            words = _("{speaker} is not named, so nothing else can be told of them.")
            say(self, words.format(speaker=claim.speaker.name))
        else:
            self.app.push_screen(
                SpeakerScreen(self.session, claim.speaker.name, kind=claim.speaker.kind), self.left_story
            )

    def action_speakers(self) -> None:
        """Show who is cited by name."""
        from reader.tui.screens.speakers import SpeakersScreen

        self.app.push_screen(SpeakersScreen(self.session), self.left_story)

    # What the person makes of it.

    async def action_split_story(self) -> None:
        """Take the entry out of its story."""
        if entry := self._current():
            await self._choose_stories(_("the split"), partial(self.library.stories.split, [entry.id]), _("Taken out"))

    async def action_merge_story(self) -> None:
        """Mark a story, or merge the marked one into this."""
        entry = self._current()
        if entry is None:
            return
        with telling(self):
            story = await asyncio.to_thread(self.library.store.stories.story_of, entry.id)
            marked, self._marked_story = self._marked_story, None
            if story is None:
                say(self, _("This entry is not sorted into a story yet; the next refresh does that."))
            elif marked is None:
                self._marked_story = story
                say(self, _("This story is marked; M on another one merges them."))
            elif marked == story:
                say(self, _("The mark is taken away."))
            else:
                merge = partial(self.library.stories.merge, story, marked)
                await self._choose_stories(_("the merge"), merge, _("Merged"))

    async def action_pin_story(self) -> None:
        """Keep the entry in its story."""
        if entry := self._current():
            await self._choose_stories(_("the pin"), partial(self.library.stories.pin, [entry.id]), _("Pinned"))

    async def _choose_stories(self, what: str, choose: Callable[[], Choices], said: str) -> None:
        with telling(self):
            before = await asyncio.to_thread(choose)
            self.session.changes.made(what, partial(self._restore_stories, before))
            await self._stories_changed()
            say(self, _("{said}; u undoes it.").format(said=said))

    async def _restore_stories(self, before: Choices) -> None:
        await asyncio.to_thread(self.library.stories.choose, before)
        await self._stories_changed()

    async def _stories_changed(self) -> None:
        """Show the list and the open entry's story as they are now."""
        self._headlines.forget()
        await self._reload()
        if self._article.opened:
            self.tell_story(self._article.opened.entry.id)
