"""What the list of headlines can show: the day, everything, a folder, a feed, or what a query finds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial

from reader.library.library import Library
from reader.model import Feed, Order, SavedQuery
from reader.query import parse
from reader.text import one_line
from reader.tui.widgets.headlines import HeadlineList
from reader.words import _

DAY = timedelta(days=1)
"""How long ago what is shown as of today may have come."""


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """One list of headlines."""

    key: tuple[str, str | int]
    """What tells it from others: its kind, and which of the kind."""
    name: str
    ids: Callable[[Library], Sequence[int] | None] | None = None
    """Asks the library, newest first; None: all there is. Takes long enough to be called in a thread."""
    query: str = ""
    """What was searched for, whose words are marked in the articles found."""
    feed: Feed | None = None
    nothing: str = ""
    """What an empty list says."""
    home: bool = False
    """Whether going back from it leads nowhere."""

    def rows(self, library: Library, *, order: Order, grouped: bool) -> HeadlineList:
        """The headlines, each story's further tellings below its newest when they are grouped."""
        ids = self.ids(library) if self.ids else None
        if order is Order.TIME and not grouped:
            return HeadlineList.flat(library.store.headlines() if ids is None else ids)
        return HeadlineList(library.store.arranged(ids, order=order, grouped=grouped))


ALL = View(key=("all", ""), name=_("Stories"), nothing=_("No headlines yet."), home=True)
TODAY = View(
    key=("today", ""),
    name=_("Today"),
    ids=lambda library: library.store.headlines(since=library.now() - DAY),
    nothing=_("Nothing came in the last day. 2 shows all stories."),
)

UNREAD = View(
    key=("unread", ""),
    name=_("Unread"),
    ids=lambda library: library.search("is:unread"),
    nothing=_("Everything is read."),
)


def of_feed(feed: Feed) -> View:
    """One feed's headlines."""
    return View(
        key=("feed", feed.id),
        name=feed.title,
        ids=lambda library: library.store.headlines(feed_id=feed.id),
        feed=feed,
        nothing=_("No headlines yet."),
    )


def of_folder(folder: str) -> View:
    """The headlines of a folder's feeds."""
    return View(
        key=("folder", folder),
        name=folder,
        ids=lambda library: library.store.headlines(folder=folder),
        nothing=_("No headlines yet."),
    )


def of_query(query: str, name: str | None = None) -> View:
    """What a query finds; raises QueryError for one that means nothing."""
    parse(query)
    return View(
        key=("query", query),
        name=name or _("Search “{query}”").format(query=one_line(query)),
        ids=partial(_found, query=query),
        query=query,
        nothing=_("Nothing found."),
    )


def of_smart_feed(saved: SavedQuery) -> View:
    """What a kept query finds."""
    return replace(of_query(saved.query, saved.name), key=("smart", saved.name))


def _found(library: Library, *, query: str) -> Sequence[int]:
    return library.search(query)
