"""Moving in from other readers: what was read, starred and tagged there, once and for all."""

import json
import pickle
import sqlite3
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from xml.sax.saxutils import quoteattr

import pytest
from press import PARAGRAPHS, feed, item

from reader.library import steps
from reader.library.library import Library
from reader.store.schema import StoreError

PUBLISHED = "Wed, 11 Nov 2026 08:00:00 GMT"
AT = datetime(2026, 11, 11, 8, tzinfo=UTC)
WHOLE = PARAGRAPHS * 3
# As newsboat 2.36 makes it, but for its indexes.
CACHE = """
    CREATE TABLE rss_feed (rssurl VARCHAR(1024) PRIMARY KEY NOT NULL, url VARCHAR(1024) NOT NULL,
        title VARCHAR(1024) NOT NULL, lastmodified INTEGER(11) NOT NULL DEFAULT 0, is_rtl INTEGER(1) NOT NULL DEFAULT 0,
        etag VARCHAR(128) NOT NULL DEFAULT '');
    CREATE TABLE rss_item (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, guid VARCHAR(64) NOT NULL,
        title VARCHAR(1024) NOT NULL, author VARCHAR(1024) NOT NULL, url VARCHAR(1024) NOT NULL,
        feedurl VARCHAR(1024) NOT NULL, pubDate INTEGER NOT NULL, content VARCHAR(65535) NOT NULL,
        unread INTEGER(1) NOT NULL, enclosure_url VARCHAR(1024), enclosure_type VARCHAR(1024),
        enqueued INTEGER(1) NOT NULL DEFAULT 0, flags VARCHAR(52), deleted INTEGER(1) NOT NULL DEFAULT 0,
        base VARCHAR(128) NOT NULL DEFAULT '', content_mime_type VARCHAR(255) NOT NULL DEFAULT '',
        enclosure_description VARCHAR(1024) NOT NULL DEFAULT '',
        enclosure_description_mime_type VARCHAR(128) NOT NULL DEFAULT '');
"""
ARTICLES = (
    {"guid": "urn:1", "slug": "ferry-sinks-off-skerra", "title": "Ferry sinks", "read": True, "tags": []},
    {"guid": "urn:2", "slug": "bridge-closes-for-winter", "title": "Bridge closes", "starred": True, "tags": ["b"]},
    {"guid": "urn:3", "slug": "baths-reopen-after-fire", "title": "Baths reopen", "tags": []},
)


def link(server, one) -> str:
    return server.url(f"/2026/11/11/{one['slug']}")


def newsboat(server, folder: Path) -> Path:
    cache = folder / "cache.db"
    cache.unlink(missing_ok=True)
    db = sqlite3.connect(cache)
    db.executescript(CACHE)
    db.execute(
        "INSERT INTO rss_feed (rssurl, url, title) VALUES (?, 'https://post.example/', 'The Harbour Post')",
        (server.url("/feed"),),
    )
    for one in ARTICLES:
        db.execute(
            "INSERT INTO rss_item (guid, title, author, url, feedurl, pubDate, content, unread, flags)"
            " VALUES (?, ?, 'Ada', ?, ?, ?, ?, ?, ?)",
            (
                one["guid"], one["title"], link(server, one), server.url("/feed"), int(AT.timestamp()), WHOLE,
                not one.get("read"), "b" if one.get("starred") else None,
            ),
        )  # fmt: skip
    db.execute(
        "INSERT INTO rss_item (guid, title, author, url, feedurl, pubDate, content, unread, deleted)"
        " VALUES ('gone', 'Deleted there', '', '', ?, 0, '', 1, 1)",
        (server.url("/feed"),),
    )
    db.commit()
    db.close()
    return cache


def freshrss(server) -> bytes:
    state = "user/-/state/com.google/"
    items = [
        {
            "id": f"tag:google.com,2005:reader/item/{number:016x}",
            "guid": one["guid"],
            "title": one["title"],
            "published": int(AT.timestamp()),
            "canonical": [{"href": link(server, one)}],
            "categories": [
                *([f"{state}read"] if one.get("read") else []),
                *([f"{state}starred"] if one.get("starred") else []),
                *(f"user/-/label/{tag}" for tag in one["tags"]),
            ],
            "origin": {"streamId": "feed/52", "feedUrl": server.url("/feed"), "title": "The Harbour Post"},
            "content": {"content": WHOLE},
        }
        for number, one in enumerate(ARTICLES)
    ]
    return json.dumps({"id": "user/-/state/com.google/reading-list", "items": items}).encode()


def miniflux(server) -> bytes:
    entries = [
        {
            "id": number,
            "hash": "f00",
            "title": one["title"],
            "url": link(server, one),
            "published_at": AT.isoformat(),
            "content": WHOLE,
            "status": "read" if one.get("read") else "unread",
            "starred": bool(one.get("starred")),
            "tags": one["tags"],
            "feed": {"feed_url": server.url("/feed"), "title": "The Harbour Post", "category": {"title": "Sea"}},
        }
        for number, one in enumerate(ARTICLES)
    ]
    return json.dumps({"total": len(entries), "entries": entries}).encode()


@pytest.mark.parametrize("reader", ["newsboat", "freshrss", "miniflux"])
def test_articles_come_with_their_states_stay_once_and_come_once(library: Library, server, tmp_path, reader):
    def move():
        if reader == "newsboat":
            return library.feeds.move_from_newsboat(newsboat(server, tmp_path))
        return library.feeds.move_in({"freshrss": freshrss, "miniflux": miniflux}[reader](server))

    def states() -> dict[str, tuple[object, ...]]:
        entries = library.store.entries(library.store.headlines()).values()
        return {
            entry.title: (entry.id, entry.read, entry.starred, library.store.tags(entry.id), entry.published)
            for entry in entries
        }

    came = move()
    assert (came.added, came.articles, came.articles_known, came.refused) == (1, 3, 0, ())
    there = states()
    tagged = ("newsboat-b",) if reader == "newsboat" else ("b",)
    assert {title: state[1:] for title, state in there.items()} == {
        "Ferry sinks": (True, False, (), AT), "Bridge closes": (False, True, tagged, AT),
        "Baths reopen": (False, False, (), AT),
    }  # fmt: skip
    ferry, bridge, baths = (there[one["title"]][0] for one in ARTICLES)
    assert "ninety years" in library.store.article(ferry).text
    assert len(library.search('"ninety years"')) == 3
    assert server.asked == [], "nothing is fetched until the next refresh"

    # What the person does here stands over what they had done there.
    library.mark([baths], read=True)
    library.store.star([bridge], starred=True, now=library.now())
    there = states()
    again = move()
    assert (again.added, again.articles, again.articles_known) == (0, 0, 3)
    assert states() == there

    # The feed carries them still, by its own guids, and one more.
    server.routes["/feed"] = feed(
        *(item(one["guid"], title=one["title"], link=link(server, one), text=WHOLE, published=PUBLISHED)
          for one in ARTICLES),
        item("urn:4", title="Mayor resigns"),
    )  # fmt: skip
    assert library.refresh().new == 1
    assert states() | there == states()
    assert len(states()) == 4
    assert move().articles == 0
    assert library.refresh(force=True).new == 0
    assert len(library.store.headlines()) == 4
    assert library.store.care.faults() == []


def test_what_was_let_go_does_not_come_by_moving_in_again(library: Library, server):
    library.feeds.move_in(freshrss(server))
    library.store.care.forget(before=datetime(2027, 1, 1, tzinfo=UTC))
    assert library.feeds.move_in(freshrss(server)).articles == 0
    entries = library.store.entries(library.store.headlines())
    assert [entry.title for entry in entries.values()] == ["Bridge closes"]


def test_a_cache_is_only_read_and_what_is_none_is_said(library: Library, server, tmp_path: Path):
    cache = newsboat(server, tmp_path)
    before = cache.read_bytes()
    library.feeds.move_from_newsboat(cache)
    assert cache.read_bytes() == before
    (tmp_path / "notes").write_text("no database" * 1000)
    for path in (tmp_path / "notes", tmp_path / "nowhere", library.store.path, tmp_path):
        with pytest.raises(StoreError, match="can't be read as newsboat's"):
            library.feeds.move_from_newsboat(path)
    assert not (tmp_path / "nowhere").exists()


def test_a_hostile_cache_brings_nothing_unclean_and_follows_no_command(library: Library, server, tmp_path: Path):
    cache = newsboat(server, tmp_path)
    db = sqlite3.connect(cache)
    for address in ("exec:touch /tmp/x", "file:///etc/passwd", "query:x", "javascript:x"):
        db.execute("INSERT INTO rss_feed (rssurl, url, title) VALUES (?, '', 'x')", (address,))
        db.execute(
            "INSERT INTO rss_item (guid, title, author, url, feedurl, pubDate, content, unread)"
            " VALUES ('x', 'x', '', '', ?, 0, '', 1)",
            (address,),
        )
    db.execute(
        "UPDATE rss_item SET title = ?, guid = CAST(x'80ff1b' AS TEXT), url = 'javascript:alert(1)', pubDate = ?",
        ("a\x1b]52;c;aGk=\x07\u202eb\nc", 2**60),
    )
    db.commit()
    db.close()
    library.feeds.move_from_newsboat(cache)
    assert [one.url for one in library.store.feeds()] == [server.url("/feed")]
    entries = library.store.entries(library.store.headlines()).values()
    assert entries
    for entry in entries:
        assert entry.title.isprintable()
        assert entry.guid.isprintable()
        assert (entry.url, entry.published) == (None, None)


_events: list[str] = []
_watching = False


def _watch(event: str, args: tuple[object, ...]) -> None:
    if _watching and event.startswith(
        ("subprocess.", "os.exec", "os.posix_spawn", "os.system", "socket.connect", "exec")
    ):
        _events.append(event)


@pytest.mark.scorecard(37)
def test_a_list_runs_nothing_and_tells_of_each_item_that_is_refused(library: Library, tmp_path: Path, record_property):
    global _watching
    ran = tmp_path / "ran"
    odd = [
        f"|touch {ran}", f"exec:touch {ran}", f"filter:touch {ran}:http://a/", f"file://{ran}", f"query:`touch {ran}`",
        "javascript:alert(1)", f"$(touch {ran})", f"; touch {ran}", f"--output={ran}", "data:text/xml,<rss/>", f"{ran}",
        "\\\\host\\x",
    ]  # fmt: skip
    outlines = "".join(f'<outline text="x{n}" xmlUrl={quoteattr(one)}/>' for n, one in enumerate(odd))
    good = '<outline text="Good" xmlUrl="http://good.example/feed"/>'
    urls = "\n".join([*(f'"{one}" "Folder"' for one in odd), "http://better.example/feed"])
    deep = '<opml><body><outline text="A" xmlUrl="http://deep.example/"/>' + '<outline text="deep">' * 100_000
    library.feeds.take_in(f"<opml><body>{good}</body></opml>".encode())  # the workers are started by then
    sys.addaudithook(_watch)
    _watching = True
    try:
        came = library.feeds.take_in(f"<opml><body>{outlines}{good}</body></opml>".encode())
        boat = library.feeds.take_in(urls.encode())
        nested = library.feeds.take_in(deep.encode())
    finally:
        _watching = False
    assert (came.added, came.known, len(came.refused)) == (0, 1, len(odd))
    assert (boat.added, len(boat.refused)) == (1, len(odd))
    assert nested.added == 1
    assert not ran.exists()
    assert _events == []
    assert {feed.url for feed in library.store.feeds()} == {
        "http://good.example/feed", "http://better.example/feed", "http://deep.example/",
    }  # fmt: skip
    record_property("figure", f"{2 * len(odd)} commands and odd addresses: {2 * len(odd)} reported, 0 run")


@pytest.mark.scorecard(37)
def test_hundreds_of_thousands_of_feeds_come_in_at_once(library: Library, full: bool, record_property):
    count = 200_000 if full else 20_000
    outlines = "".join(f'<outline text="Feed {n}" xmlUrl="http://a.example/{n}"/>' for n in range(count))
    library.feeds.take_in(b"<opml/>")  # the workers are started by then
    body = f'<opml version="2.0"><body>{outlines}</body></opml>'.encode()
    # What is done in the worker is done here once more: on the clock it would be other programs' time as well.
    began, busy = time.monotonic(), time.process_time()
    came = library.feeds.take_in(body)
    clock = time.monotonic() - began
    pickle.dumps(steps.read_list(body))
    took = time.process_time() - busy
    assert (came.added, came.refused) == (count, ())
    assert took < 5
    record_property("figure", f"{count:,} outlines in {took:.1f} s of the processor, {clock:.1f} s on the clock")


def test_articles_that_share_an_address_are_all_brought(library: Library):
    items = [
        {"title": f"Episode {n}", "url": "https://a.example/show", "feed": {"feed_url": "https://a.example/feed"}}
        for n in range(5)
    ]
    came = library.feeds.move_in(json.dumps({"total": 5, "entries": items}).encode())
    assert (came.articles, came.articles_known) == (5, 0)
    again = library.feeds.move_in(json.dumps({"total": 5, "entries": items}).encode())
    assert (again.articles, again.articles_known) == (0, 5)
