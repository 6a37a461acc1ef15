"""What the tests of the store have come in and saved."""

import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

from reader.model import Arrival, Article, Brought, FeedCheck, Highlight, HighlightKind, ParsedEntry, Quote
from reader.query import parse
from reader.store.packed import pack
from reader.store.store import Store

NOW = datetime(2026, 11, 12, 9, 0, tzinfo=UTC)


def arrival(
    guid: str,
    *,
    title: str = "Ferry sinks",
    text: str = "Twelve people died.",
    hours: float = 1,
    extractor: str = "feed",
    carried: str | None = None,
) -> Arrival:
    url = f"https://a.example/{guid}"
    return Arrival(
        entry=ParsedEntry(guid=guid, url=url, title=title, published=NOW - timedelta(hours=hours)),
        article=pack(Article(url=url, title=title, text=text, extractor=extractor)),
        carried=carried,
    )


def came(store: Store, feed_id: int, *arrivals: Arrival, title: str = "", now: datetime = NOW) -> list[int]:
    """What a check of one feed brings, stored; returns the new entries."""
    (new,), _ = store.save([Brought(check=FeedCheck(feed_id=feed_id), arrivals=arrivals, title=title)], now=now)
    return list(new)


def filled(store: Store, *arrivals: Arrival, url: str = "https://a.example/feed") -> tuple[int, list[int]]:
    feed, _ = store.add_feed(url, title=url, site=None, folder=None, now=NOW)
    return feed.id, came(store, feed.id, *arrivals, title="The Courier")


def found(store: Store, query: str) -> list[int]:
    return store.search.find(parse(query), now=NOW)


def highlight(entry_id: int | None, *, exact: str = "Twelve people died") -> Highlight:
    return Highlight(
        id=0, uid=str(uuid4()), entry_id=entry_id, kind=HighlightKind.CLAIM,
        quote=Quote(exact=exact, prefix="", suffix=".", start=0), speaker="the harbour master",
        source="he", via=("a radio message",), outlet="The Courier", title="Ferry sinks", url="https://a.example/1",
        published=NOW, created=NOW, changed=NOW, text_hash="0" * 64, tags=("ferry",),
    )  # fmt: skip


def rows(path: Path, table: str) -> list[tuple[object, ...]]:
    """All that a table of a file holds."""
    db = sqlite3.connect(path)
    try:
        return db.execute(f"SELECT * FROM {table} ORDER BY 1, 2").fetchall()
    finally:
        db.close()
