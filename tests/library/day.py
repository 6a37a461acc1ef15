"""A program that keeps a library open for a day, an hour a line that it reads; run by test_a_day.py.

python day.py LIBRARY FEEDS ENTRIES HIGHLIGHTS OPENED < hours      # the addresses of the feeds come first, a line
"""

import json
import random
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

from press import SETTINGS, Clock

from benchmarks.newsstand import Writer
from reader.library.library import Library
from reader.model import (
    Arrival,
    Article,
    Assignment,
    Brought,
    FeedCheck,
    Highlight,
    HighlightKind,
    Outline,
    ParsedEntry,
    Quote,
    Span,
)
from reader.store.packed import pack
from reader.stories.index import oldest

TOGETHER = 40
"""Feeds that a refresh writes together."""
LARGEST = 5_000
"""Entries of the largest feed; of 5 MB in all."""
SORTED = 3_000
"""Articles that the workers sort before the day begins, so that each of them has done it."""
QUOTES = (
    "“Nobody will cross it before spring,” said Ada Lind, the harbour master, who inspected the piers herself.",
    "According to the ministry, repairs will cost 14 million crowns and take at least five months of work.",
)


def link(feed: int, number: int) -> str:
    return f"https://outlet{feed}.example/{number}"


class Words:
    """An article's texts of some 2,400 characters, always the same; their paragraphs come again in other articles."""

    def __init__(self) -> None:
        writer = Writer(36)
        self._paragraphs = writer.paragraphs(600_000)
        self._titles = [writer.title() for _ in range(3_000)]

    def title(self, url: str) -> str:
        return random.Random(f"title {url}").choice(self._titles)

    def paragraphs(self, url: str) -> list[str]:
        return [*QUOTES, *random.Random(url).choices(self._paragraphs, k=6)]


def fill(library: Library, feeds: int, entries: int, highlights: int) -> None:
    """What a first refresh brings, written as it is written: forty feeds at a time, the largest among them."""
    words, now = Words(), library.now()

    def arrival(feed: int, number: int, large: bool) -> Arrival:
        url, when = link(feed, number), now - timedelta(minutes=47 * (entries - number) + feed % 47)
        paragraphs = words.paragraphs(url)[: 4 if large else None]
        article = Article(url=url, title=words.title(url), text="\n\n".join(paragraphs), extractor="feed")
        entry = ParsedEntry(guid=url, url=url, title=article.title, published=when)
        return Arrival(entry=entry, article=pack(article), carried=None)

    def brought(feed: int) -> Brought:
        large = feeds * entries > LARGEST and feed == TOGETHER
        numbers = range(entries - LARGEST if large else 0, entries)
        return Brought(check=FeedCheck(feed_id=feed + 1), arrivals=tuple(arrival(feed, n, large) for n in numbers))

    ids: list[int] = []
    for first in range(0, feeds, TOGETHER):
        batch = [brought(feed) for feed in range(first, min(feeds, first + TOGETHER))]
        for new in library.store.save(batch, now=now).new:
            ids += new
    sort(library, ids)
    library.mark(ids[::2], read=True)
    saved = [
        Highlight(
            id=0, uid=str(uuid4()), entry_id=id, kind=HighlightKind.WORDS,
            quote=Quote(exact=f"Words that were saved from {id}, some sixty of them.", prefix="", suffix="", start=0),
            speaker=None, source=None, via=(), outlet="The Courier", title="A headline", url=None, published=now,
            created=now, changed=now, text_hash="0" * 64,
        )
        for id in ids[:: max(1, len(ids) // highlights)][:highlights]
    ]  # fmt: skip
    for one in saved:
        library.store.highlights.add(one)


def sort(library: Library, ids: list[int]) -> None:
    """Let all articles join stories: the last by themselves, those before them as if they were like the first."""
    stories = library.store.stories
    early, late = ids[:SORTED], ids[SORTED:-SORTED]
    if late:
        stories.save([Assignment(id=str(id), story=str(id)) for id in ids[len(early) :]])
        library.stories.sort()
        sketches = [sketch for *_, sketch in stories.sketches(first=1)]
        library.store._at.db.execute("DELETE FROM stories WHERE entry_id > ?", (early[-1],))
        last = stories.last_sketch()
        for at in range(0, len(late), 1000):
            some = late[at : at + 1000]
            numbered = [(last + n, sketches[n % len(sketches)]) for n in range(1, len(some) + 1)]
            last += len(some)
            stories.save([Assignment(id=str(id), story=str(id)) for id in some], numbered, keep=oldest(last))
    library.stories.sort()


def hour(library: Library, words: Iterator[str], wanted: int) -> dict[str, object]:
    """What a person and the reader do in an hour: a refresh, lists, searches, some articles read and saved from."""
    came = library.refresh()
    newest = library.store.story_headlines()[:wanted]
    library.store.unread()
    library.store.entries([id for story in newest for id in story])
    found = sum(len(library.search(next(words), limit=200)) for _ in range(3))
    claims = 0
    for story in newest:
        opened = library.open(story[0])
        claims += len(opened.analysis.claims)
        library.saved.keep(library.saved.of(opened, Span(0, 30)))
        library.mark(story, read=True)
    library.saved.found("headline")
    failed = [why for _, why in came.failed]
    return {"checked": came.checked, "new": came.new, "failed": failed, "found": found, "claims": claims}


def main() -> None:
    path, *numbers = sys.argv[1:]
    feeds, entries, highlights, opened = map(int, numbers)
    clock = Clock()
    words = iter(random.Random(5).choices(Writer(36).words[:8_000], k=1_000))
    with Library(Path(path), settings=SETTINGS, now=clock) as library:
        addresses = [Outline(url=sys.stdin.readline().strip(), title=f"Outlet {n}") for n in range(feeds)]
        library.store.add_feeds(addresses, now=clock())
        fill(library, feeds, entries, highlights)
        kept = len(library.store.headlines()), len(library.store.highlights.all())
        print(json.dumps({"articles": kept[0], "highlights": kept[1]}), flush=True)
        for _ in sys.stdin:
            print(json.dumps(hour(library, words, opened)), flush=True)
            clock.now += timedelta(hours=1)
        faults = library.store.care.faults()
        print(json.dumps({"faults": faults, "articles": len(library.store.headlines())}), flush=True)


if __name__ == "__main__":  # worker processes import this again
    main()
