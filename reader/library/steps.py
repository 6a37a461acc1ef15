"""What runs in the worker processes: bytes in, plain types out; each step only puts domains in sequence.

The heavy parsers are imported inside the steps, so that a program that only names a step does not load them.
"""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

from reader.model import (
    Analysis,
    Arrival,
    Article,
    Assignment,
    Edit,
    FoundFeed,
    Ledger,
    Outline,
    ParsedEntry,
    Related,
    Source,
    StoryDoc,
    Telling,
    Voice,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A feed's body, read: what is new to the library or edited, each with the text the feed carries."""

    title: str
    site: str | None
    ttl: int | None
    arrivals: tuple[Arrival, ...]


def read_feed(body: bytes, url: str, content_type: str | None, known: Mapping[str, str | None]) -> Reading:
    """Parse a feed and extract the text of its entries that are not `known` or are edited; raises FeedError.

    `known` has, by identity, the hash of what the feed said of an entry, None where that was not kept.
    """
    from reader.feeds.parse import parse

    feed = parse(body, url=url, content_type=content_type)
    said = {entry.guid: _hashed(entry.content or entry.summary) for entry in feed.entries}
    new = [entry for entry in feed.entries if entry.guid not in known or known[entry.guid] != said[entry.guid]]
    return Reading(
        title=feed.title,
        site=feed.site,
        ttl=feed.ttl,
        arrivals=tuple(
            Arrival(entry=entry, article=_carried(entry, site=feed.title), carried=said[entry.guid]) for entry in new
        ),
    )


def _hashed(html: str) -> str:
    return hashlib.sha256(html.encode("utf-8", "replace")).hexdigest()[:16]


def _carried(entry: ParsedEntry, *, site: str) -> Article:
    """The text that a feed carries for an entry, and whether that is only a teaser."""
    from reader.articles.extract import from_feed, truncated

    html = entry.content or entry.summary
    article = from_feed(
        html, url=entry.url, title=entry.title, byline=entry.author, published=entry.published, site=site
    )
    return replace(article, extractor="teaser") if truncated(html) else article


def read_page(html: bytes, url: str | None, content_type: str | None) -> Article:
    """Extract a page; raises ExtractError."""
    from reader.articles.extract import extract

    return extract(html, url=url, content_type=content_type)


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


def read_opml(body: bytes) -> tuple[tuple[Outline, ...], tuple[str, ...]]:
    """The subscriptions of an OPML file, and a line for each that is refused; raises FeedError."""
    from reader.feeds.opml import read

    return read(body)


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
