"""What a check of a feed brought, written within one transaction."""

from __future__ import annotations

import sqlite3
from collections.abc import Container, Iterable, Mapping, Sequence
from datetime import datetime
from typing import TypeAlias

from reader.model import Arrival, Brought, FeedCheck, Moved, Packed
from reader.store.connections import instant, seconds
from reader.store.packed import unzipped
from reader.store.states import set_state, set_tag
from reader.text import shown_url

_CHECK = (
    "etag", "modified", "validators_of", "body_hash", "checked_at", "next_at", "failures", "error",
    "moved_to", "moved", "gone", "ttl", "skip_hours", "skip_days",
)  # fmt: skip
_AT_ONCE = 1_000
"""Edits that a statement takes, of six values each; SQLite allows 32,766 in all."""

_Edit: TypeAlias = tuple[str, bytes | None, str | None, bytes | None, int | None]
"""Headline, text, extractor, rest and time of fetching of an article that is changed; what is None stays."""


def save(
    db: sqlite3.Connection, brought: Sequence[Brought], *, muted: Container[int], now: datetime
) -> tuple[tuple[int, ...], ...]:
    """Store what checks brought; returns the ids of the entries that are new, by check.

    Of an entry that is there already the text is taken, in the place of one that the feed carried, its headline and its
    address; what is forgotten does not come again. What comes from the feeds that are `muted` is muted.
    """
    added: list[dict[int, Packed]] = []
    edits: dict[int, _Edit] = {}
    for one in brought:
        if one.title or one.site or one.url:
            _learn(db, one)
        added.append(
            {
                id: arrival.article
                for arrival in one.arrivals
                if (id := _add(db, one.check.feed_id, arrival, edits, now=now)) is not None
            }
        )
        if one.check.feed_id in muted:
            set_state(db, "muted", added[-1], True, now=now)
        record_check(db, one.check)
    add_articles(db, {id: article for articles in added for id, article in articles.items()}, retrieved=now)
    _edit(db, edits)
    return tuple(tuple(articles) for articles in added)


def add_articles(db: sqlite3.Connection, articles: Mapping[int, Packed], *, retrieved: datetime | None) -> None:
    """Keep the articles of entries that have none, fetched when they were, and put them into the index.

    All at once and not by a trigger: whenever something else is written between, FTS5 writes out what it has gathered,
    and if it did so after each article it would take three times as long.
    """
    db.executemany(
        "INSERT INTO articles (entry_id, title, text, extractor, rest, retrieved) VALUES (?, ?, ?, ?, ?, ?)",
        ((entry_id, *article, seconds(retrieved) if retrieved else None) for entry_id, article in articles.items()),
    )
    db.executemany(
        "INSERT INTO search (rowid, text, title) VALUES (?, ?, ?)",
        ((entry_id, unzipped(article.text), article.title) for entry_id, article in articles.items()),
    )


def _add(
    db: sqlite3.Connection, feed_id: int, arrival: Arrival, edits: dict[int, _Edit], *, now: datetime
) -> int | None:
    """Store one entry but for its article; returns its id when it is new, else there may be one of the `edits` more."""
    entry, at = arrival.entry, seconds(now)
    if arrival.was is not None:
        db.execute(
            "UPDATE OR IGNORE entries SET guid = ? WHERE feed_id = ? AND guid = ?", (entry.guid, feed_id, arrival.was)
        )
    published = seconds(entry.published) if entry.published else None
    row = db.execute(
        "INSERT INTO entries (feed_id, guid, url, title, author, published, added, sorted, carried)"
        " SELECT :feed, :guid, :url, :title, :author, :published, :now, :sorted, :carried FROM feeds"
        " WHERE id = :feed AND removed IS NULL"
        " AND NOT EXISTS (SELECT 1 FROM forgotten WHERE feed_id = :feed AND guid = :guid)"
        " ON CONFLICT DO NOTHING RETURNING id",
        {
            "feed": feed_id, "guid": entry.guid, "url": entry.url, "title": entry.title, "author": entry.author,
            "published": published, "now": at, "sorted": at if published is None else min(at, published),
            "carried": arrival.carried,
        },
    ).fetchone()  # fmt: skip
    if row is None:
        _take_edited(db, feed_id, arrival, edits, now=now)
        return None
    entry_id: int = row[0]
    if entry.enclosures:
        db.executemany(
            "INSERT OR IGNORE INTO enclosures (entry_id, url, type, length, duration) VALUES (?, ?, ?, ?, ?)",
            [(entry_id, one.url, one.type, one.length, one.duration) for one in entry.enclosures],
        )
    return entry_id


def bring_in(db: sqlite3.Connection, moved: Moved, arrival: Arrival, *, now: datetime) -> bool:
    """Keep an article of another reader in the feed that it is of, with its states; True when it is new."""
    feed = db.execute("SELECT id FROM feeds WHERE url = ?", (moved.feed.url,)).fetchone()
    if feed is None:
        return False
    entry = moved.entry
    published = seconds(entry.published) if entry.published else None
    known = (
        db.execute("SELECT id FROM entries WHERE feed_id = ? AND guid = ?", (feed["id"], entry.guid)).fetchone()
        # Several may have one address, such as the episodes of a podcast.
        or db.execute(
            "SELECT id FROM entries WHERE feed_id = ? AND url = ? AND (title = ? OR published = ?) LIMIT 1",
            (feed["id"], entry.url, entry.title, published),
        ).fetchone()
    )
    edits: dict[int, _Edit] = {}
    entry_id = known["id"] if known else _add(db, feed["id"], arrival, edits, now=now)
    _edit(db, edits)
    if entry_id is None:
        return False
    if not known:
        add_articles(db, {entry_id: arrival.article}, retrieved=None)
    if moved.read:
        set_state(db, "read", [entry_id], True, now=now)
    if moved.starred:
        set_state(db, "starred", [entry_id], True, now=now)
    for tag in moved.tags:
        set_tag(db, [entry_id], tag, True)
    return known is None


def _learn(db: sqlite3.Connection, brought: Brought) -> None:
    """Take what a feed says of itself."""
    # A feed that was subscribed without a title is named by its address until it tells.
    row = db.execute("SELECT url, title FROM feeds WHERE id = ?", (brought.check.feed_id,)).fetchone()
    if row and brought.title and row["title"] == shown_url(row["url"]):
        db.execute("UPDATE feeds SET title = ? WHERE id = ?", (brought.title, brought.check.feed_id))
    if brought.site:
        db.execute("UPDATE feeds SET site = ? WHERE id = ? AND site IS NULL", (brought.site, brought.check.feed_id))
    if brought.url:  # where another feed has that address already, both stay as they are
        db.execute("UPDATE OR IGNORE feeds SET url = ? WHERE id = ?", (brought.url, brought.check.feed_id))


def _take_edited(
    db: sqlite3.Connection, feed_id: int, arrival: Arrival, edits: dict[int, _Edit], *, now: datetime
) -> None:
    """Take what a feed now says of an entry that it carried before; a page's text stays."""
    kept = db.execute(
        "SELECT id, carried, entries.title, url, extractor, text FROM entries LEFT JOIN articles ON entry_id = id"
        " WHERE feed_id = ? AND guid = ?",
        (feed_id, arrival.entry.guid),
    ).fetchone()
    if kept is None:
        return
    entry, article = arrival.entry, arrival.article
    db.execute(
        "UPDATE entries SET carried = ?, url = coalesce(?, url), title = CASE ? WHEN '' THEN title ELSE ? END"
        " WHERE id = ?",
        (arrival.carried, entry.url, entry.title, entry.title, kept["id"]),
    )
    if kept["text"] is None:  # it could not be salvaged, say
        add_articles(db, {kept["id"]: article}, retrieved=now)
        return
    # What a feed said before that was kept can't be told from what another version of this program made of it.
    edited = kept["carried"] is not None and unzipped(kept["text"]) != unzipped(article.text)
    if edited and kept["extractor"] in ("teaser", article.extractor):
        edits[kept["id"]] = (*article, seconds(now))
    elif entry.title and entry.title != kept["title"]:
        edits[kept["id"]] = (entry.title, None, None, None, None)


def _edit(db: sqlite3.Connection, edits: Mapping[int, _Edit]) -> None:
    """Change the articles of some entries, in as few statements as may be.

    Of 400 headlines one at a time FTS5 writes the postings of each out alone, and then merges them: 74 MB, not 1.5.
    """
    rows = [(id, *edits[id]) for id in sorted(edits)]
    for at in range(0, len(rows), _AT_ONCE):
        some = rows[at : at + _AT_ONCE]
        db.execute(
            "UPDATE articles SET title = column2, text = coalesce(column3, text),"
            " extractor = coalesce(column4, extractor), rest = coalesce(column5, rest),"
            " retrieved = coalesce(column6, retrieved)"
            f" FROM (VALUES {', '.join(['(?, ?, ?, ?, ?, ?)'] * len(some))}) WHERE entry_id = column1",
            [value for row in some for value in row],
        )


def save_article(db: sqlite3.Connection, entry_id: int, article: Packed, *, retrieved: datetime | None) -> None:
    """Keep an article in the place of the one that an entry has."""
    kept = db.execute(
        "UPDATE articles SET title = ?, text = ?, extractor = ?, rest = ?, retrieved = ? WHERE entry_id = ?",
        (*article, seconds(retrieved) if retrieved else None, entry_id),
    ).rowcount
    if not kept and db.execute("SELECT 1 FROM entries WHERE id = ?", (entry_id,)).fetchone():
        add_articles(db, {entry_id: article}, retrieved=retrieved)


def record_check(db: sqlite3.Connection, check: FeedCheck) -> None:
    """Remember a check of a feed that is still followed."""
    db.execute(
        f"INSERT OR REPLACE INTO checks (feed_id, {', '.join(_CHECK)})"
        f" SELECT id, {', '.join('?' * len(_CHECK))} FROM feeds WHERE id = ? AND removed IS NULL",
        (
            check.etag, check.modified, check.validators_of, check.body_hash,
            seconds(check.checked_at) if check.checked_at else None, seconds(check.next_at) if check.next_at else None,
            check.failures, check.error, check.moved_to, check.moved, check.gone, check.ttl,
            _bits(check.skip_hours), _bits(check.skip_days), check.feed_id,
        ),
    )  # fmt: skip


def checks(rows: Iterable[Mapping[str, object]]) -> dict[int, FeedCheck]:
    """Rows of the table `checks` as what they remember, by feed."""
    found = {}
    for row in rows:
        values: dict[str, object] = dict(row)
        values |= {"checked_at": instant(values["checked_at"]), "next_at": instant(values["next_at"])}  # type: ignore[arg-type]
        values |= {"gone": bool(values["gone"])}
        values |= {name: _numbers(values[name]) for name in ("skip_hours", "skip_days")}  # type: ignore[arg-type]
        found[int(values["feed_id"])] = FeedCheck(**values)  # type: ignore[arg-type, call-overload]
    return found


def _bits(numbers: Sequence[int] | frozenset[int]) -> int:
    return sum(1 << number for number in numbers)


def _numbers(bits: int) -> frozenset[int]:
    return frozenset(number for number in range(bits.bit_length()) if bits >> number & 1)
