"""What the main screen does with stories: what others make of the open article, and how the person sorts them."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from functools import partial

from textual import on, work
from textual.screen import Screen
from textual.worker import get_current_worker

from reader.library.answers import LibraryError
from reader.library.stories import Choices
from reader.model import Entry, Highlight, Related
from reader.store.schema import StoreError
from reader.tui.messages import StoryArrived, say, telling
from reader.tui.session import Session
from reader.tui.widgets.article import ArticleView
from reader.tui.widgets.headlines import Headlines
from reader.tui.widgets.panel import Panel
from reader.tui.widgets.rows import Rows
from reader.tui.widgets.story import StoryPlace, StoryRows


class StoryScreen(Screen[None]):
    """The part of the main screen that knows of stories; the rest is in `ReadingScreen`."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self.library = session.library
        self._marked_story: int | None = None
        """The story to be merged into the next one that M is pressed on."""

    @property
    def _headlines(self) -> Headlines:
        return self.query_one(Headlines)

    @property
    def _article(self) -> ArticleView:
        return self.query_one(ArticleView)

    def open_entry(self, entry_id: int, *, at: Highlight | StoryPlace | None = None) -> None:
        """Open an entry and go to some words in it."""
        raise NotImplementedError

    def _current(self) -> Entry | None:
        raise NotImplementedError

    async def _reload(self, *, anew: bool = False) -> None:
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
            self.query_one(Panel).show_story(event)

    @on(Rows.Chosen, "#story")
    def _story_chosen(self, event: Rows.Chosen) -> None:
        place = self.query_one(StoryRows).place(event.index)
        if place is None:
            return
        if self._article.opened and self._article.opened.entry.id == place.entry_id:
            self._article.reveal(place.span)
            self._article.focus()
        else:
            self.open_entry(place.entry_id, at=place)

    # What the person makes of it.

    async def action_split_story(self) -> None:
        """Take the entry out of its story."""
        if entry := self._current():
            await self._choose_stories("the split", partial(self.library.stories.split, [entry.id]), "Taken out")

    async def action_merge_story(self) -> None:
        """Mark a story, or merge the marked one into this."""
        entry = self._current()
        if entry is None:
            return
        with telling(self):
            story = await asyncio.to_thread(self.library.store.stories.story_of, entry.id)
            marked, self._marked_story = self._marked_story, None
            if story is None:
                say(self, "This entry is not sorted into a story yet; the next refresh does that.")
            elif marked is None:
                self._marked_story = story
                say(self, "This story is marked; M on another one merges them.")
            elif marked == story:
                say(self, "The mark is taken away.")
            else:
                await self._choose_stories("the merge", partial(self.library.stories.merge, story, marked), "Merged")

    async def action_pin_story(self) -> None:
        """Keep the entry in its story."""
        if entry := self._current():
            await self._choose_stories("the pin", partial(self.library.stories.pin, [entry.id]), "Pinned")

    async def _choose_stories(self, what: str, choose: Callable[[], Choices], said: str) -> None:
        with telling(self):
            before = await asyncio.to_thread(choose)
            self.session.changes.made(what, partial(self._restore_stories, before))
            await self._stories_changed()
            say(self, f"{said}; u undoes it.")

    async def _restore_stories(self, before: Choices) -> None:
        await asyncio.to_thread(self.library.stories.choose, before)
        await self._stories_changed()

    async def _stories_changed(self) -> None:
        """Show the list and the open entry's story as they are now."""
        self._headlines.forget()
        await self._reload()
        if self._article.opened:
            self.tell_story(self._article.opened.entry.id)
