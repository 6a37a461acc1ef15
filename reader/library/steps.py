"""What runs in the worker processes: bytes in, plain types out; each step only puts domains in sequence.

The heavy parsers are imported inside the steps, so that a program that only names a step does not load them.
"""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from reader.model import (
    Analysis,
    Arrival,
    Article,
    Assignment,
    Carried,
    Edit,
    FoundFeed,
    Ledger,
    Moved,
    Outline,
    ParsedEntry,
    Related,
    Source,
    StoryDoc,
    Telling,
    Voice,
)

if TYPE_CHECKING:
    from reader.highlights.bring_in import Came


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A feed's body, read: what is new to the library or edited, each with the text the feed carries."""

    title: str
    site: str | None
    arrivals: tuple[Arrival, ...]
    ttl: int | None = None
    skip_hours: frozenset[int] = frozenset()
    skip_days: frozenset[int] = frozenset()


def read_feed(body: bytes, url: str, content_type: str | None, known: Sequence[Carried]) -> Reading:
    """Parse a feed and extract the text of its entries that are not `known` or are edited; raises FeedError."""
    from reader.feeds.identity import Known, renamed
    from reader.feeds.parse import parse

    feed = parse(body, url=url, content_type=content_type)
    kept = {one.guid: one for one in known}
    said = {entry.guid: _hashed(entry) for entry in feed.entries}
    was = renamed([Known(*one[:4]) for one in known if one.kept], feed.entries) if known else {}
    new = [entry for entry in feed.entries if entry.guid not in kept or kept[entry.guid].says_else(said[entry.guid])]
    return Reading(
        title=feed.title,
        site=feed.site,
        ttl=feed.ttl,
        skip_hours=feed.skip_hours,
        skip_days=feed.skip_days,
        arrivals=tuple(
            arrival(entry, site=feed.title, carried=said[entry.guid], was=was.get(entry.guid)) for entry in new
        ),
    )


def _hashed(entry: ParsedEntry) -> str:
    said = f"{entry.title}\0{entry.content or entry.summary}"
    return hashlib.sha256(said.encode("utf-8", "replace")).hexdigest()[:16]


def arrival(entry: ParsedEntry, *, site: str, carried: str | None = None, was: str | None = None) -> Arrival:
    """An entry with the text that its feed carries, and whether that is only a teaser, as it is kept."""
    from reader.articles.extract import from_feed, truncated
    from reader.store.packed import pack

    html = entry.content or entry.summary
    article = from_feed(
        html, url=entry.url, title=entry.title, byline=entry.author, published=entry.published, site=site
    )
    return Arrival(
        entry=replace(entry, summary="", content=""),
        article=pack(replace(article, extractor="teaser") if truncated(html, read=article.text) else article),
        carried=carried,
        was=was,
    )


def read_page(html: bytes, url: str | None, content_type: str | None) -> Article:
    """Extract a page; raises ExtractError."""
    from reader.articles.extract import extract

    return extract(html, url=url, content_type=content_type)


def read_picture(body: bytes) -> bytes:
    """A picture of the web as one of our own making; raises PictureError."""
    from reader.library.pictures import redrawn

    return redrawn(body)


def best_text(page: Article, carried: Article | None) -> Article:
    """The better of what an entry's page says, all its pages joined, and the text that the feed carried."""
    from reader.articles.extract import better

    best = better(page, carried) or page
    if best is not carried:
        return best
    if best.extractor != "teaser":
        return best
    # No longer a teaser, whose page would be asked for again: that page had nothing better, and may say why.
    return replace(best, wall=page.wall, notice=page.notice, extractor="feed")


def find_feeds(html: bytes, url: str) -> tuple[FoundFeed, ...]:
    """The feeds that a page advertises."""
    from reader.feeds.discovery import discover

    return discover(html, url=url)


def read_list(body: bytes) -> tuple[tuple[Outline, ...], tuple[str, ...]]:
    """The subscriptions of an OPML file or of newsboat's, and a line for each that is refused; raises FeedError."""
    from reader.feeds import newsboat, opml

    is_markup = body.lstrip(b"\xef\xbb\xbf\xff\xfe\0 \t\r\n").startswith(b"<")
    return opml.read(body) if is_markup else newsboat.read(body)


def read_elsewhere(body: bytes) -> tuple[tuple[Moved, ...], tuple[str, ...]]:
    """The articles of another reader's export, and a line for each that is refused; raises FeedError."""
    from reader.feeds.elsewhere import read

    return read(body)


def arrivals(moved: Sequence[Moved]) -> list[Arrival]:
    """Articles of other readers as they are kept."""
    return [arrival(one.entry, site=one.feed.title) for one in moved]


_CHARACTERS_A_SECOND = 6_000
"""Of a text whose claims are found; a machine reads 30,000 of prose, 9,500 of mere punctuation."""


def longer_for(text: str) -> float:
    """The seconds beyond a task's own that a text's claims may take."""
    return len(text) / _CHARACTERS_A_SECOND


def find_claims(text: str, title: str, outlet: str | None) -> Analysis:
    """The claims of a text."""
    from reader.claims.find import find

    return find(text, title=title, outlet=outlet)


class Sorted(NamedTuple):
    """New articles with the story each joined, and what is to be kept of them."""

    assignments: tuple[Assignment, ...]
    sketches: tuple[tuple[int, bytes], ...]
    keep: int
    """The number before which sketches are no longer needed."""
    chosen: tuple[int, int, int]
    """What the person had chosen by then; see `StoryStore.chosen`."""


def sort_stories(library: Path, at_once: int) -> Sorted:
    """The story that each of the next `at_once` articles of a library joins; reads its file, writes nothing."""
    from reader.store.store import Store
    from reader.stories.cluster import Kept, Stories
    from reader.stories.index import oldest

    with contextlib.closing(Store(library)) as store:
        new = store.stories.unsorted(at_once=at_once)
        if not new:
            return Sorted((), (), 0, (0, 0, 0))
        chosen = store.stories.chosen()
        stories = Stories(Kept(*one) for one in store.stories.sketches(first=oldest(store.stories.last_sketch())))
    assignments = tuple(stories.add(doc) for doc in new)
    kept = [stories.kept(one.id) for one in assignments]
    return Sorted(assignments, tuple((one.number, one.sketch) for one in kept), oldest(kept[-1].number), chosen)


def line_up(tellings: Sequence[Telling]) -> Ledger:
    """The ledger of one story's articles."""
    from reader.stories.ledger import ledger

    return ledger(tellings)


def asked_for(doc: StoryDoc) -> list[str]:
    """The terms to look for an article's relatives by."""
    from reader.stories.episodes import asked

    return asked(doc)


def find_episodes(doc: StoryDoc, others: list[StoryDoc], cited: dict[str, list[str]]) -> tuple[Related, ...]:
    """Those of some articles that are related to one beyond its story."""
    from reader.stories.episodes import episodes

    return episodes(doc, others, cited)


def find_edits(before: Telling, after: Telling) -> tuple[Edit, ...]:
    """What became of an article's claims when its text was changed."""
    from reader.stories.edits import edits

    return edits(before, after)


def find_voices(sources: Sequence[Source]) -> tuple[Voice, ...]:
    """The distinct speakers among sources."""
    from reader.stories.speakers import voices

    return voices(sources)


def read_highlights(body: bytes, format: str | None, now: datetime) -> Came:
    """Read a file of highlights; raises ValueError for one that is none."""
    from reader.highlights.bring_in import read

    return read(body, now=now, format=format)
