"""What the main screen does with lists: which headlines are shown, in what order, and what is read of them."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from functools import partial

from textual import on, work
from textual.content import Content
from textual.message import Message
from textual.widgets import Static
from textual.worker import Worker

from reader.library.answers import LibraryError
from reader.model import Entry, Feed, Order, SavedQuery
from reader.store.schema import StoreError
from reader.text import one_line
from reader.tui.messages import say, telling
from reader.tui.screens import views
from reader.tui.screens.base import Page
from reader.tui.session import Session
from reader.tui.widgets.headlines import HeadlineList, Headlines
from reader.tui.widgets.rows import Rows
from reader.tui.widgets.search import SearchLine
from reader.tui.widgets.sidebar import Item, Kind, Places, Sidebar
from reader.words import _, ngettext

_LOOK = 0.8
"""Seconds between two looks at what other programs have written."""
_ORDERS = {Order.TIME: _("newest first"), Order.OUTLET: _("by outlet"), Order.TOLD: _("most told first")}


class PlacesCounted(Message):
    """What the sidebar shows is there."""

    def __init__(self, places: Places) -> None:
        self.places = places
        super().__init__()

    def can_replace(self, message: Message) -> bool:
        """Only the latest counts matter."""
        return isinstance(message, PlacesCounted)


class ListingScreen(Page[None]):
    """The part of the main screen that knows of lists of headlines."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self.library = session.library
        self._view = views.ALL
        self._came_from: list[views.View] = []
        """The lists shown before, to go back to."""
        self._order = next((one for one in Order if one == session.memory.word("order", "")), Order.TIME)
        self._grouped = session.memory.flag("grouped", True)
        self._unread: set[int] = set()
        self._shown_unread = 0
        self._counting = self._uncounted = False
        """Whether places are being counted, and whether they have to be once more."""
        self._looked_at: set[int] = set()
        """Entries opened or marked since the list was turned to: they stay in it though it shows the unread alone."""

    @property
    def _headlines(self) -> Headlines:
        return self.query_one(Headlines)

    @property
    def _sidebar(self) -> Sidebar:
        return self.query_one(Sidebar)

    # What other parts of the screen do.

    def open_entry(self, entry_id: int) -> None:
        """Open an entry."""
        raise NotImplementedError

    def _current(self) -> Entry | None:
        """The open entry, or the one under the cursor while a list has the focus."""
        raise NotImplementedError

    def _leave_article(self) -> None:
        raise NotImplementedError

    def _sort(self) -> Worker[None]:
        """Let articles that wait for it join stories."""
        raise NotImplementedError

    async def _begin(self) -> None:
        """Show what the library holds, and keep looking at what other programs bring."""
        with telling(self):
            self._brought = await asyncio.to_thread(self.library.store.watch)
            self.set_interval(_LOOK, self._look)
        await self._reload()

    async def _look(self) -> None:
        """Show what another program, a refresh by cron say, has brought."""
        with suppress(StoreError):  # whatever is done next says what is wrong
            if not self._busy and await asyncio.to_thread(self._brought):
                await self._reload()

    @property
    def _busy(self) -> bool:
        """Whether a refresh of our own is running, which says itself when there is something new."""
        raise NotImplementedError

    # What the list shows.

    def _entries(self, ids: Sequence[int]) -> dict[int, Entry]:
        try:
            return self.library.store.entries(ids)
        except StoreError as error:
            say(self, str(error), error=True)
            return {}

    async def turn_to(self, view: views.View, *, back: bool = False) -> None:
        """Show another list, from its top; it can be come back from unless it is itself where one goes `back` to."""
        if not back and view.key != self._view.key:
            self._came_from = [] if view.home else [*self._came_from, self._view][-20:]
        self._view = view
        self._looked_at.clear()
        self._leave_article()
        await self._reload(anew=True)

    async def _go_back(self) -> bool:
        """Show the list before; False where there is none."""
        if self._came_from:
            await self.turn_to(self._came_from.pop(), back=True)
        elif not self._view.home:
            await self.turn_to(views.ALL)
        else:
            return False
        return True

    async def reload(self) -> None:
        """Show everything as the library has it now."""
        await self._reload()

    async def _reload(self, *, anew: bool = False) -> None:
        """Show the list as the library has it now."""
        view, order, grouped = self._view, self._order, self._grouped

        before, kept = self._headlines.rows, set(self._looked_at)

        def ask() -> tuple[HeadlineList, frozenset[int]]:
            rows = view.rows(self.library, order=order, grouped=grouped)
            if not anew and kept:
                rows = rows.with_kept(self.library.store.entries(list(kept)), before)
            return rows, self.library.store.unread_ids()

        with telling(self):
            rows, unread = await asyncio.to_thread(ask)
            if not (self.is_attached and self.query("#state")):  # the program is ending
                return
            if (view, order, grouped) == (self._view, self._order, self._grouped):
                self._unread = set(unread)
                self._headlines.show(rows, nothing=view.nothing, anew=anew)
                self._sidebar.point_at(view.key)
        self._shown_unread = sum(entry_id in self._unread for entry_id in self._headlines.rows.ids)
        self._tell_state()
        self._count_places()

    def _tell_state(self) -> None:
        shown, unread = len(self._headlines.rows), self._shown_unread
        counts = _("{shown} shown, {unread} unread").format(shown=f"{shown:,}", unread=f"{unread:,}")
        order = _ORDERS[self._order] + (_(", by story") if self._grouped else "")
        said = (f" {self.app.title}", self._view.name, counts, order)
        self.query_one("#state", Static).update(Content(" · ".join(filter(None, said))), layout=False)

    def _count_places(self) -> None:
        """Count what is unread in each place of the sidebar, once more if it changes meanwhile."""
        self._uncounted = True
        if not self._counting:
            self._counting = True
            self._ask_places()

    @work(thread=True, group="places")
    def _ask_places(self) -> None:
        """Ask the library, which may mean a search for each smart feed."""
        try:
            while self._uncounted:
                self._uncounted = False
                self.post_message(PlacesCounted(self._places()))
        except (LibraryError, StoreError):
            pass  # whatever is done next says what is wrong
        finally:
            self._counting = False

    def _places(self) -> Places:
        store, rules = self.library.store, self.library.rules
        unread, smart, lately = store.unread(), store.queries.all(), self.library.now() - views.DAY
        return Places(
            feeds=store.feeds(),
            smart=smart,
            unread=unread,
            waiting={query.name: rules.waiting(query) for query in smart},
            today=sum(entry_id in self._unread for entry_id in store.headlines(since=lately)),
            saved=store.highlights.count(),
            failing=frozenset(id for id, check in store.checks().items() if check.error),
        )

    @on(PlacesCounted)
    def _places_counted(self, event: PlacesCounted) -> None:
        self._sidebar.show(event.places)
        if self._uncounted and not self._counting:  # asked for at the very end of the last count
            self._count_places()

    @on(Rows.Chosen, "#sidebar")
    async def _place_chosen(self, event: Rows.Chosen) -> None:
        item = self._sidebar.item(event.index)
        if item is None:
            return
        if item.kind is Kind.FOLDER and self._view.key == item.key:
            self._sidebar.fold(item.folder)
            return
        with telling(self):
            if view := _view_of(item):
                await self.turn_to(view)
                self.set_focus(self._headlines)
            else:
                await self.run_action("saved" if item.kind is Kind.SAVED else "speakers")

    async def action_today(self) -> None:
        """Show what came in the last day."""
        await self.turn_to(views.TODAY)

    async def action_stories(self) -> None:
        """Show all headlines."""
        self._grouped = True
        await self.turn_to(views.ALL)

    def action_feeds(self) -> None:
        """Show the feeds; one that is chosen is shown alone."""

        from reader.tui.screens.feeds import FeedsScreen

        async def chosen(feed: Feed | SavedQuery | None) -> None:
            with telling(self):
                if isinstance(feed, SavedQuery):
                    await self.turn_to(views.of_smart_feed(feed))
                elif feed is not None:
                    await self.turn_to(views.of_feed(feed))
                else:
                    await self._renew_view()

        self.app.push_screen(FeedsScreen(self.session), chosen)

    async def _renew_view(self) -> None:
        """Show the list again whose feed or query may be another by now, or gone."""
        kind, which = self._view.key
        store = self.library.store
        with telling(self):
            feeds, smart = await asyncio.to_thread(store.feeds), await asyncio.to_thread(store.queries.all)
            known: dict[tuple[str, str | int], views.View] = {("feed", feed.id): views.of_feed(feed) for feed in feeds}
            known |= {("smart", saved.name): views.of_smart_feed(saved) for saved in smart}
            if kind in ("feed", "smart"):
                self._view = known.get((kind, which), views.ALL)
        await self._reload()

    async def action_sort_list(self) -> None:
        """Sort the headlines another way."""
        orders = list(Order)
        await self.set_order(order=orders[(orders.index(self._order) + 1) % len(orders)])

    async def action_group_list(self) -> None:
        """Group the headlines by story, or don't."""
        await self.set_order(grouped=not self._grouped)

    async def set_order(self, *, order: Order | None = None, grouped: bool | None = None) -> None:
        """Show the list in another order."""
        self._order = self._order if order is None else order
        self._grouped = self._grouped if grouped is None else grouped
        self.session.memory.keep_word("order", self._order)
        self.session.memory.keep_flag("grouped", self._grouped)
        await self._reload()

    # Searching.

    def action_search(self) -> None:
        """Ask what to search for."""
        self._leave_article()
        line = self.query_one(SearchLine)
        line.value = self._view.query
        line.display = True
        self.set_focus(line)  # at once: what is typed next is already meant for it

    @on(SearchLine.Submitted)
    async def _search(self, event: SearchLine.Submitted) -> None:
        if event.input is not self.query_one(SearchLine):
            return
        with telling(self):
            view = views.of_query(event.value) if event.value.strip() else views.ALL
            self._close_search()  # what is mistyped stays to be mended
            await self.turn_to(view)

    @on(SearchLine.Left)
    def _close_search(self) -> None:
        line = self.query_one(SearchLine)
        line.display = False
        if self.focused in (line, None):
            self.set_focus(self._headlines)

    def action_keep_search(self) -> None:
        """Keep the search as a smart feed."""
        from reader.tui.screens.ask import AskScreen

        if not self._view.query:
            say(self, _("/ searches, and then K keeps the search as a smart feed."))
            return

        async def named(name: str | None) -> None:
            if name:
                with telling(self):
                    await self.keep_search(name)

        self.app.push_screen(AskScreen(_("What shall this search be called?")), named)

    async def keep_search(self, name: str) -> None:
        """Keep the search that is shown as a smart feed of that name."""
        if not self._view.query:
            raise LibraryError(_("No search is shown that could be kept."))
        saved = await asyncio.to_thread(self.library.rules.keep, name, self._view.query)
        self.session.changes.made(_("the smart feed"), partial(self._forget_search, saved))
        await self.turn_to(views.of_smart_feed(saved))
        say(self, _("Kept: {name} stands in the sidebar.").format(name=saved.name))

    async def _forget_search(self, saved: SavedQuery) -> None:
        await asyncio.to_thread(self.library.rules.remove, saved.name)
        await self.turn_to(views.of_query(saved.query))

    # Reading marks.

    async def _mark(self, ids: Sequence[int], *, read: bool) -> None:
        await asyncio.to_thread(self.library.mark, ids, read=read)
        self._looked_at.update(ids)
        for entry_id in ids:
            if (entry_id in self._unread) == read and self._headlines.row_of(entry_id) is not None:
                self._shown_unread += -1 if read else 1
        (self._unread.difference_update if read else self._unread.update)(ids)
        self._headlines.forget()
        self._tell_state()
        self._count_places()

    async def action_toggle_read(self) -> None:
        """Mark the entry read or unread."""
        if entry := self._current():
            unread = entry.id in self._unread
            with telling(self):
                await self._mark([entry.id], read=unread)
                self.session.changes.made(_("the mark"), partial(self._mark, [entry.id], read=not unread))

    async def action_read_all(self) -> None:
        """Mark all the headlines shown as read."""
        unread = [entry_id for entry_id in self._headlines.rows.ids if entry_id in self._unread]
        if unread:
            with telling(self):
                await self._mark(unread, read=True)
                what = ngettext("the mark of {n}", "the marks of {n}", len(unread)).format(n=len(unread))
                self.session.changes.made(what, partial(self._mark, unread, read=False))
                say(self, _("{n} marked read; u undoes it.").format(n=len(unread)))

    async def action_tag(self) -> None:
        """Put tags on the entry, or take them off."""
        from reader.tui.screens.ask import AskScreen

        entry = self._current()
        if entry is None:
            return
        before: tuple[str, ...] = ()
        with telling(self):
            before = await asyncio.to_thread(self.library.store.tags, entry.id)

        async def answered(words: str | None) -> None:
            if words is not None:
                with telling(self):
                    await self._change_tags(entry.id, before, _tags(words))

        question = _("Which tags has this entry? Commas stand between them.")
        self.app.push_screen(AskScreen(question, value=", ".join(before), optional=True), answered)

    async def add_tags(self, words: str) -> None:
        """Put tags on the entry; commas stand between them."""
        if entry := self._current():
            before = await asyncio.to_thread(self.library.store.tags, entry.id)
            await self._change_tags(entry.id, before, (*before, *_tags(words)))

    async def _change_tags(self, entry_id: int, before: Sequence[str], after: Sequence[str]) -> None:
        await self._set_tags(entry_id, before, after)
        self.session.changes.made(_("the tags"), partial(self._set_tags, entry_id, after, before))
        say(self, _("Tags: {tags}.").format(tags=", ".join(after)) if after else _("It has no tags now."))

    async def _set_tags(self, entry_id: int, before: Sequence[str], after: Sequence[str]) -> None:
        for tag in {*before, *after}:
            if (tag in before) != (tag in after):
                await asyncio.to_thread(self.library.store.tag, [entry_id], tag, tagged=tag in after)
        self._headlines.forget()
        self._tags_changed(entry_id, after)

    def _tags_changed(self, entry_id: int, tags: Sequence[str]) -> None:
        """Show an entry's tags as they are now, where it is open."""
        raise NotImplementedError

    # Reading on.

    def _next_unread(self, by: int, opened: int | None) -> None:
        ids, at = self._headlines.rows.ids, self._headlines.cursor
        # The entry under the cursor comes first, unless it is the one being read.
        if ids and ids[at] == opened:
            at += by
        while 0 <= at < len(ids):
            if ids[at] in self._unread:
                self._headlines.cursor = at
                self.open_entry(ids[at])
                return
            at += by
        say(self, _("No unread entry below.") if by > 0 else _("No unread entry above."))


def _tags(words: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, (one_line(tag) for tag in words.split(",")))))


def _view_of(item: Item) -> views.View | None:
    """The list that a place of the sidebar shows; None of one that is a screen of its own."""
    match item.kind:
        case Kind.TODAY:
            return views.TODAY
        case Kind.ALL:
            return views.ALL
        case Kind.UNREAD:
            return views.UNREAD
        case Kind.FOLDER:
            return views.of_folder(item.folder)
        case Kind.FEED if item.feed:
            return views.of_feed(item.feed)
        case Kind.SMART if item.saved:
            return views.of_smart_feed(item.saved)
    return None
