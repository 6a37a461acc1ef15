"""Every feed, page and subscription list of the shared collections; needs the folder `shared` beside the repository.

Other readers' own fixtures: thousands of small files, each odd in its way, and some hundred real feeds as served.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from reader.feeds import FeedError, opml
from reader.feeds.discovery import discover
from reader.feeds.parse import parse
from reader.model import ParsedFeed
from reader.text import clean, one_line

FEEDS = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "feeds"
URL = "https://news.example/feeds/world.xml"

pytestmark = [
    pytest.mark.scorecard(19),
    pytest.mark.skipif(not FEEDS.is_dir(), reason="the shared collections are not here"),
]


def files(*folders: str) -> list[Path]:
    return sorted(path for folder in folders for path in (FEEDS / folder).rglob("*") if path.is_file())


def check(feed: ParsedFeed) -> None:
    assert len({entry.guid for entry in feed.entries}) == len(feed.entries)
    assert one_line(feed.title) == feed.title
    assert feed.ttl is None or feed.ttl > 0
    assert feed.skip_hours <= set(range(24))
    assert feed.skip_days <= set(range(7))
    for entry in feed.entries:
        assert entry.guid
        assert one_line(entry.title) == entry.title
        assert one_line(entry.author or "") == (entry.author or "")
        assert clean(entry.summary) == entry.summary
        assert clean(entry.content) == entry.content
        assert entry.url is None or entry.url.startswith(("http://", "https://"))
        assert entry.published is None or entry.published.tzinfo is UTC
        addresses = [file.url for file in entry.enclosures]
        assert len(set(addresses)) == len(addresses) <= 50
        assert all(url.startswith(("http://", "https://")) for url in [*addresses, entry.image or "https://"])
        assert all(file.duration is None or file.duration > 0 for file in entry.enclosures)


def test_real_feeds_have_entries(record_property: Any) -> None:
    without, pictures, lasting = [], 0, 0
    for path in files("captured"):
        feed = parse(path.read_bytes(), url=URL)
        check(feed)
        if not feed.entries:
            without.append(path.name)
        pictures += sum(entry.image is not None for entry in feed.entries)
        lasting += sum(any(file.duration for file in entry.enclosures) for entry in feed.entries)
    # It writes every element with a prefix it never declares (`<rss:item>`) and attributes without quotation marks.
    assert without == ["7ef13a42fa7e177a"]
    assert pictures >= 900
    assert lasting >= 60
    record_property("figure", f"{len(files('captured'))} captured feeds, 0 raised")


@pytest.mark.parametrize("collection", ["feedparser", "gofeed", "netnewswire", "miniflux"])
def test_fixtures_of_other_readers_give_a_feed_or_a_feed_error(collection: str, record_property: Any) -> None:
    feeds = 0
    for path in files(collection):
        try:
            feed = parse(path.read_bytes(), url=URL)
        except FeedError:
            continue
        check(feed)
        feeds += 1
    assert feeds
    record_property("figure", f"{collection}: {len(files(collection))} files, {feeds} feeds, 0 raised")


def test_subscription_lists_are_read_whole_though_most_are_not_well_formed() -> None:
    for path in files("awesome-rss-feeds"):
        if path.suffix != ".opml":
            continue
        body = path.read_bytes()
        found, refused = opml.read(body)
        assert (len(found), refused) == (body.count(b"xmlUrl="), ()), path.name
        again = opml.read(opml.write(found, title="x", created=datetime(2025, 3, 4, tzinfo=UTC)))
        assert again == (found, ())


def test_pages_advertise_their_feeds() -> None:
    pages = {path.name: discover(path.read_bytes(), url=URL) for path in files("netnewswire") if path.suffix == ".html"}
    assert len(pages) == 6
    assert all(pages.values())
