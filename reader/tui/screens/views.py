"""What the list of headlines can show: everything by story or by time, one feed, or what a search found."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from reader.library.library import Library
from reader.model import Feed
from reader.query import parse
from reader.text import one_line
from reader.tui.widgets.headlines import Headline


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """One list of headlines."""

    name: str
    rows: Callable[[Library], list[Headline]]
    """Asks the library; takes long enough on a large library to be called in a thread."""
    nothing: str = "No headlines yet."
    """What an empty list says."""
    home: bool = False
    """Whether going back from it leads nowhere."""


def _by_story(library: Library) -> list[Headline]:
    return [
        Headline(entry_id, first=place == 0, tellings=len(group))
        for group in library.store.story_headlines()
        for place, entry_id in enumerate(group)
    ]


def _by_time(library: Library, *, feed_id: int | None = None) -> list[Headline]:
    return [Headline(entry_id) for entry_id in library.store.headlines(feed_id=feed_id)]


def _found(library: Library, *, query: str) -> list[Headline]:
    return [Headline(entry_id) for entry_id in library.search(query)]


STORIES = View(name="Stories", rows=_by_story, home=True)
HEADLINES = View(name="Headlines", rows=_by_time, home=True)


def of_feed(feed: Feed) -> View:
    """One feed's headlines, by time."""
    return View(name=feed.title, rows=partial(_by_time, feed_id=feed.id))


def of_query(query: str, name: str | None = None) -> View:
    """What a query finds, newest first; raises QueryError for one that means nothing."""
    parse(query)
    shown = name or f"Search “{one_line(query)}”"
    return View(name=shown, rows=partial(_found, query=query), nothing="Nothing found.")
