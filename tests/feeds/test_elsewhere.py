from __future__ import annotations

import json
import time
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reader.feeds import FeedError
from reader.feeds.elsewhere import read
from reader.model import Enclosure, Moved, Outline, ParsedEntry
from reader.text import clean, one_line

GOOGLE: dict[str, Any] = {
    "id": "tag:google.com,2005:reader/item/0000000000000001",
    "crawlTimeMsec": "1741080600000",
    "published": 1741080600,
    "title": "Q&amp;A: the dam",
    "author": "Ana Ruiz",
    "canonical": [{"href": "https://news.example/dam"}],
    "alternate": [{"href": "https://other.example/dam", "type": "text/html"}],
    "categories": [
        "user/-/state/com.google/reading-list",
        "user/1234/state/com.google/starred",
        "user/-/state/com.google/read",
        "user/-/label/Water",
        "user/-/label/ To  read ",
        "user/-/label/Water",
    ],
    "origin": {"streamId": "feed/https://news.example/rss", "title": "The News", "htmlUrl": "https://news.example/"},
    "summary": {"content": "Short."},
    "content": {"content": "<p>It holds.</p>"},
    "enclosure": [{"href": "https://news.example/a.mp3", "type": "audio/mpeg", "length": "12"}, {"href": "file:///x"}],
}
MINIFLUX: dict[str, Any] = {
    "id": 888,
    "hash": "abcdef",
    "title": "The dam",
    "url": "https://news.example/dam",
    "author": "Ana Ruiz",
    "content": "<p>It holds.</p>",
    "published_at": "2025-03-04T10:30:00.123456789+01:00",
    "status": "unread",
    "starred": True,
    "tags": ["Water"],
    "feed": {
        "feed_url": "https://news.example/rss",
        "site_url": "https://news.example/",
        "title": "The News",
        "category": {"id": 1, "title": "World"},
    },
    "enclosures": [{"url": "https://news.example/a.mp3", "mime_type": "audio/mpeg", "size": 12}],
}


def google(*items: object) -> bytes:
    return json.dumps({"id": "user/-/state/com.google/starred", "title": "Starred", "items": items}).encode()


def miniflux(*entries: object) -> bytes:
    return json.dumps({"total": len(entries), "entries": entries}).encode()


def test_google_reader() -> None:
    assert read(google(GOOGLE)) == (
        (
            Moved(
                feed=Outline(url="https://news.example/rss", title="The News", site="https://news.example/"),
                entry=ParsedEntry(
                    guid="https://news.example/dam",
                    url="https://news.example/dam",
                    title="Q&A: the dam",
                    author="Ana Ruiz",
                    published=datetime(2025, 3, 4, 9, 30, tzinfo=UTC),
                    content="<p>It holds.</p>",
                    enclosures=(Enclosure(url="https://news.example/a.mp3", type="audio/mpeg", length=12),),
                ),
                read=True,
                starred=True,
                tags=("Water", "To read"),
            ),
        ),
        (),
    )


def test_freshrss_tells_the_feeds_own_guid_and_address() -> None:
    origin = {"streamId": "feed/52", "feedUrl": "https://news.example/atom"}
    ((moved,), refused) = read(google(GOOGLE | {"guid": "urn:dam", "origin": origin, "categories": []}))
    assert (moved.entry.guid, moved.feed.url, moved.read, moved.starred, moved.tags, refused) == (
        "urn:dam",
        "https://news.example/atom",
        False,
        False,
        (),
        (),
    )


def test_miniflux() -> None:
    assert read(miniflux(MINIFLUX)) == (
        (
            Moved(
                feed=Outline(
                    url="https://news.example/rss", title="The News", site="https://news.example/", folder="World"
                ),
                entry=ParsedEntry(
                    guid="https://news.example/dam",
                    url="https://news.example/dam",
                    title="The dam",
                    author="Ana Ruiz",
                    published=datetime(2025, 3, 4, 9, 30, 0, 123456, tzinfo=UTC),
                    content="<p>It holds.</p>",
                    enclosures=(Enclosure(url="https://news.example/a.mp3", type="audio/mpeg", length=12),),
                ),
                starred=True,
                tags=("Water",),
            ),
        ),
        (),
    )


def test_a_line_for_each_that_cannot_be_taken() -> None:
    moved, refused = read(
        google(
            "not an item",
            GOOGLE,
            {},
            GOOGLE | {"origin": {"streamId": "feed/52", "title": "Gone"}},
            GOOGLE | {"origin": None, "title": ["x"]},
            GOOGLE | {"canonical": 7, "alternate": [None], "published": "9" * 400, "enclosure": {}, "content": []},
        )
    )
    assert [(m.entry.url, m.entry.published, m.entry.content) for m in moved[1:]] == [(None, None, "Short.")]
    assert refused == (
        "Item 1: it has neither a title nor an address",
        "Item 3: it has neither a title nor an address",
        "Q&A: the dam: the address of its feed is not in the file",
        "Item 5: the address of its feed is not in the file",
    )
    assert read(miniflux(MINIFLUX | {"feed": {"feed_url": "javascript:x"}}))[1] == (
        "The dam: the address of its feed is not in the file",
    )


def test_a_file_that_breaks_off_is_read_as_far_as_it_goes() -> None:
    for body in (google(GOOGLE, GOOGLE, GOOGLE), miniflux(MINIFLUX, MINIFLUX, MINIFLUX)):
        moved, refused = read(body[:-100])
        assert len(moved) == 2
        assert refused == ("The file breaks off after item 2: export it again for the rest",)


def test_huge_numbers_and_deep_nesting_are_survived() -> None:
    start = time.process_time()
    for number in ("1" * 10_000, "1e999", "-1", "NaN", "253402300800", "1741080600000"):
        body = google(GOOGLE).replace(b"1741080600,", number.encode() + b",")
        assert read(body)[0][0].entry.published is None, number
    deep = b"[" * 200_000
    moved, refused = read(google(GOOGLE, "deep").replace(b'"deep"', deep))
    assert (len(moved), len(refused)) == (1, 1)
    with pytest.raises(FeedError):
        read(b'{"total": ' + deep)
    assert time.process_time() - start < 5


@pytest.mark.parametrize(
    "body", [b"words", b"{}", b"[]", b'{"items": {}}', b"\xff\xfe", b"7", b'{"entries": 1', b"<opml/>", b"null"]
)
def test_what_is_no_export(body: bytes) -> None:
    with pytest.raises(FeedError, match=r"^it is not an export of articles: "):
        read(body)
    with pytest.raises(FeedError, match=r"^it is empty$"):
        read(b" \n")


SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9) | st.just("a\x1b\u202e\ud800")
KEYS = st.sampled_from([*GOOGLE, *MINIFLUX, "href", "streamId", "feedUrl", "feed_url", "category"])
JSON = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4), max_leaves=12
)


@given(st.lists(st.dictionaries(KEYS, JSON, max_size=3), max_size=3), JSON)
def test_any_json_gives_articles_or_a_feed_error(changes: list[dict[str, Any]], whole: object) -> None:
    bodies = [
        google(*(GOOGLE | change for change in changes)),
        miniflux(*(MINIFLUX | change for change in changes)),
        json.dumps({"items": whole}).encode(),
        json.dumps({"entries": whole}).encode(),
    ]
    for body in bodies:
        try:
            moved, refused = read(body)
        except FeedError:
            continue
        assert all(one_line(line) == line for line in refused)
        for article in moved:
            assert article.feed.url.startswith(("http://", "https://"))
            assert article.entry.guid
            for text in (article.entry.title, article.feed.title, article.entry.guid, *article.tags):
                assert one_line(text) == text
            assert clean(article.entry.content) == article.entry.content
            assert article.entry.published is None or article.entry.published.tzinfo is UTC


@given(st.binary(max_size=200))
def test_any_bytes_give_articles_or_a_feed_error(tail: bytes) -> None:
    for body in (tail, b'{"items": [{"title": "' + tail, google(GOOGLE)[:-3] + tail):
        try:
            read(body)
        except FeedError:
            continue
