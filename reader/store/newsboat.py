"""newsboat's cache.db, read to move in from there."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from reader.feeds.entries import plausible
from reader.feeds.links import absolute
from reader.model import Moved, Outline, ParsedEntry
from reader.store.schema import StoreError
from reader.text import clean, one_line

_ARTICLES = """
    SELECT rssurl, rss_feed.title AS feed, rss_feed.url AS site, guid, rss_item.title AS title, author,
           rss_item.url AS url, pubDate, content, unread, flags
    FROM rss_item JOIN rss_feed ON rssurl = feedurl WHERE NOT deleted ORDER BY rss_item.id
"""


def articles(cache: Path) -> Iterator[Moved]:
    """The articles of a cache.db; those with flags are starred, and tagged `newsboat-` with each of their flags.

    The file is only read. Raises `StoreError` when it is none of newsboat's.
    """
    try:
        uri = f"{cache.absolute().as_uri()}?mode=ro"
        with contextlib.closing(sqlite3.connect(uri, uri=True)) as db:
            db.row_factory = sqlite3.Row
            db.text_factory = lambda data: data.decode("utf-8", "replace")
            for row in db.execute(_ARTICLES):
                if feed := absolute(str(row["rssurl"] or "")):
                    yield _moved(feed, row)
    except sqlite3.Error as error:
        raise StoreError(f"The file {cache} can't be read as newsboat's cache.db: {error}.") from None


def _moved(feed: str, row: sqlite3.Row) -> Moved:
    words = {key: str(row[key] or "") for key in row.keys()}  # noqa: SIM118 - a row iterates over its values
    flags = "".join(sorted({flag for flag in words["flags"] if flag.isascii() and flag.isalpha()}))
    url, title = absolute(words["url"]), one_line(words["title"])
    return Moved(
        feed=Outline(url=feed, title=one_line(words["feed"]), site=absolute(words["site"])),
        entry=ParsedEntry(
            guid=one_line(words["guid"]) or url or title,
            url=url,
            title=title,
            author=one_line(words["author"]) or None,
            published=_instant(row["pubDate"]),
            content=clean(words["content"]),
        ),
        read=not row["unread"],
        starred=bool(flags),
        tags=tuple(f"newsboat-{flag}" for flag in flags),
    )


def _instant(seconds: object) -> datetime | None:
    try:
        return plausible(datetime.fromtimestamp(seconds, UTC)) if isinstance(seconds, int) and seconds else None
    except (ValueError, OverflowError, OSError):
        return None
