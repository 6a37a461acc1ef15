"""Questions asked of the library, and what is written to it."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

from reader.model import (
    Analysis,
    Arrival,
    Article,
    Entry,
    Feed,
    FeedCheck,
    Highlight,
    Quote,
)
from reader.store.connections import PAGE, Connections, explained, instant, marks, seconds
from reader.store.stories import StoryStore
from reader.text import shown_url

_ENTRY = """
    SELECT entries.id, feed_id, feeds.title AS feed_title, guid, entries.url, entries.title, author, published,
           entries.added, coalesce(read, 0) AS read,
           (SELECT story FROM told WHERE told.entry_id = entries.id) AS story, -- as a join it would read all of `told`
           (SELECT count(*) FROM highlights WHERE entry_id = entries.id AND removed IS NULL) AS highlights
    FROM entries JOIN feeds ON feeds.id = feed_id
    LEFT JOIN states ON states.entry_id = entries.id
"""


@explained
class Store:
    """The library at one path; safe to use from any thread, each reading through a connection of its own.

    Every method raises `StoreError` with a plain sentence when the file can't be read or written.
    """

    def __init__(self, path: Path) -> None:
        self._at = Connections(path)
        self.path = path
        self.stories = StoryStore(self._at, entries=self.entries)

    def close(self) -> None:
        """Close every thread's connection."""
        self._at.close()

    # --- feeds ---

    def feeds(self) -> list[Feed]:
        """All feeds, by folder and title; those in no folder first."""
        rows = self._at.db.execute(
            "SELECT id, url, title, site, folder FROM feeds ORDER BY folder NULLS FIRST, title COLLATE NOCASE, id"
        )
        return [Feed(**row) for row in rows]

    def add_feed(
        self, url: str, *, title: str, site: str | None, folder: str | None, now: datetime
    ) -> tuple[Feed, bool]:
        """Follow the feed at `url`; one followed already is returned as it is, with False."""
        with self._at.transaction() as db:
            added = db.execute(
                "INSERT INTO feeds (url, title, site, folder, added) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
                (url, title, site, folder, seconds(now)),
            ).rowcount
            row = db.execute("SELECT id, url, title, site, folder FROM feeds WHERE url = ?", (url,)).fetchone()
        return Feed(**row), bool(added)

    def checks(self) -> dict[int, FeedCheck]:
        """What is remembered of each feed's last check, by feed."""
        rows = self._at.db.execute("SELECT * FROM checks")
        return {
            row["feed_id"]: FeedCheck(
                **{**row, "checked_at": instant(row["checked_at"]), "next_at": instant(row["next_at"])}
            )
            for row in rows
        }

    def record_check(self, check: FeedCheck) -> None:
        """Remember a check that brought nothing to store: nothing new, or a failure."""
        with self._at.transaction() as db:
            _record_check(db, check)

    def carried(self, feed_id: int) -> dict[str, str | None]:
        """The identities of a feed's entries that the library holds, with the hash of what the feed said of each."""
        return dict(self._at.db.execute("SELECT guid, carried FROM entries WHERE feed_id = ?", (feed_id,)).fetchall())

    def save_arrivals(
        self, check: FeedCheck, arrivals: Sequence[Arrival], *, title: str, site: str | None, now: datetime
    ) -> list[int]:
        """Store what a check brought, in one transaction; returns the ids of the entries that are new.

        Of an entry that is there already only the text is taken, and only in the place of one that the feed carried.
        """
        new: list[int] = []
        with self._at.transaction() as db:
            # A feed that was subscribed without a title is named by its address until it tells.
            row = db.execute("SELECT url, title FROM feeds WHERE id = ?", (check.feed_id,)).fetchone()
            if row and title and row["title"] == shown_url(row["url"]):
                db.execute("UPDATE feeds SET title = ? WHERE id = ?", (title, check.feed_id))
            db.execute("UPDATE feeds SET site = ? WHERE id = ? AND site IS NULL", (site, check.feed_id))
            for arrival in arrivals:
                entry = arrival.entry
                published = seconds(entry.published) if entry.published else None
                row = db.execute(
                    "INSERT INTO entries (feed_id, guid, url, title, author, published, added, sorted, carried)"
                    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING RETURNING id",
                    (
                        check.feed_id, entry.guid, entry.url, entry.title, entry.author, published,
                        seconds(now), min(seconds(now), seconds(now) if published is None else published),
                        arrival.carried,
                    ),
                ).fetchone()  # fmt: skip
                if row:
                    new.append(row[0])
                    _save_article(db, row[0], arrival.article)
                else:
                    _take_edited(db, check.feed_id, arrival)
            _record_check(db, check)
        return new

    # --- entries ---

    def headlines(self, *, feed_id: int | None = None) -> list[int]:
        """The ids of all entries, or of one feed's, newest first."""
        where, given = ("WHERE feed_id = ?", (feed_id,)) if feed_id is not None else ("", ())
        return [
            row[0]
            for row in self._at.db.execute(f"SELECT id FROM entries {where} ORDER BY sorted DESC, id DESC", given)
        ]

    def story_headlines(self) -> list[list[int]]:
        """The ids of all entries by story, the story with the newest entry first, and newest first within."""
        groups: dict[int, list[int]] = {}
        rows = self._at.db.execute(
            "SELECT id, coalesce(story, id) FROM entries LEFT JOIN told ON entry_id = id ORDER BY sorted DESC, id DESC"
        )
        for entry_id, story in rows:
            groups.setdefault(story, []).append(entry_id)
        return list(groups.values())

    def entries(self, ids: Sequence[int]) -> dict[int, Entry]:
        """The entries of `ids`, by id; those that are gone are left out."""
        found: dict[int, Entry] = {}
        for at in range(0, len(ids), PAGE):
            page = ids[at : at + PAGE]
            for row in self._at.db.execute(f"{_ENTRY} WHERE entries.id IN ({marks(page)})", page):
                found[row["id"]] = _entry(row)
        return found

    def unread(self) -> dict[int, int]:
        """How many entries of each feed are unread; feeds with none are left out."""
        rows = self._at.db.execute(
            "SELECT feed_id, count(*) FROM entries LEFT JOIN states ON entry_id = id"
            " WHERE coalesce(read, 0) = 0 GROUP BY feed_id"
        )
        return dict(rows.fetchall())

    def unread_ids(self) -> frozenset[int]:
        """The ids of all unread entries."""
        rows = self._at.db.execute(
            "SELECT id FROM entries LEFT JOIN states ON entry_id = id WHERE coalesce(read, 0) = 0"
        )
        return frozenset(row[0] for row in rows)

    def mark(self, ids: Iterable[int], *, read: bool, now: datetime) -> None:
        """Mark entries read or unread."""
        with self._at.transaction() as db:
            db.executemany(
                "INSERT INTO states (entry_id, read, changed_at) SELECT id, ?, ? FROM entries WHERE id = ?"
                " ON CONFLICT (entry_id) DO UPDATE SET read = excluded.read, changed_at = excluded.changed_at",
                [(read, seconds(now), entry_id) for entry_id in ids],
            )

    def search(self, query: str, *, limit: int = 500) -> list[int]:
        """The ids of entries that hold all words of `query`, the last as a beginning, best first."""
        # Each word is quoted: bare FTS5 syntax raises on most natural queries ("c++", "don't").
        words = ['"' + word.replace('"', '""') + '"' for word in query.replace("\0", " ").split()]
        if not words:
            return []
        rows = self._at.db.execute(
            "SELECT rowid FROM search WHERE search MATCH ? ORDER BY bm25(search, 4.0, 1.0), rowid DESC LIMIT ?",
            (" ".join(words) + "*", limit),
        )
        return [row[0] for row in rows]

    # --- articles and what was found in them ---

    def article(self, entry_id: int) -> Article | None:
        """The stored text of an entry."""
        row = self._at.db.execute("SELECT text, rest FROM articles WHERE entry_id = ?", (entry_id,)).fetchone()
        return replace(msgspec.json.decode(row["rest"], type=Article), text=row["text"]) if row else None

    def save_article(self, entry_id: int, article: Article) -> None:
        """Keep `article` as the text of an entry; an analysis of another text goes."""
        with self._at.transaction() as db:
            _save_article(db, entry_id, article)

    def analysis(self, entry_id: int, *, model: str) -> Analysis | None:
        """What `model` found in the entry's stored text, if it was asked already."""
        row = self._at.db.execute(
            "SELECT body FROM analyses WHERE entry_id = ? AND model = ?", (entry_id, model)
        ).fetchone()
        try:
            return msgspec.json.decode(row["body"], type=Analysis) if row else None
        except msgspec.MsgspecError:  # kept by a program with other types: it can be found again
            return None

    def save_analysis(self, entry_id: int, analysis: Analysis, *, text: str) -> None:
        """Keep what was found in `text`, unless the entry's stored text is another by now."""
        with self._at.transaction() as db:
            db.execute(
                "INSERT OR REPLACE INTO analyses (entry_id, model, body)"
                " SELECT entry_id, ?, ? FROM articles WHERE entry_id = ? AND text = ?",
                (analysis.model, msgspec.json.encode(analysis).decode(), entry_id, text),
            )
            cited = Counter(
                (claim.speaker.name, claim.speaker.kind)
                for claim in analysis.claims
                if claim.speaker and claim.speaker.named
            )
            db.execute("DELETE FROM speakers WHERE entry_id = ?", (entry_id,))
            db.executemany(
                "INSERT OR IGNORE INTO speakers (entry_id, name, kind, claims)"
                " SELECT entry_id, ?, ?, ? FROM analyses WHERE entry_id = ?",
                [(name, str(kind), count, entry_id) for (name, kind), count in cited.items()],
            )

    def revision(self, entry_id: int) -> str | None:
        """The text that an entry's article had before its present one, if it was changed."""
        row = self._at.db.execute(
            "SELECT text FROM revisions WHERE entry_id = ? ORDER BY id DESC LIMIT 1", (entry_id,)
        ).fetchone()
        return row[0] if row else None

    # --- highlights ---

    def highlights(self, *, entry_id: int | None = None) -> list[Highlight]:
        """What the person saved, or saved from one entry, newest first."""
        where, given = ("AND entry_id = ?", (entry_id,)) if entry_id is not None else ("", ())
        rows = self._at.db.execute(
            f"SELECT * FROM highlights WHERE removed IS NULL {where} ORDER BY created DESC, id DESC", given
        )
        return [_highlight(row) for row in rows]

    def add_highlight(self, highlight: Highlight) -> Highlight:
        """Keep a highlight; returns it with the id it got. On return it is on disk."""
        with self._at.transaction() as db:
            row = db.execute(
                "INSERT INTO highlights (entry_id, exact, prefix, suffix, start, speaker, source, via, outlet, title,"
                " url, published, created, text_hash, note, tags)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id",
                (
                    highlight.entry_id, highlight.quote.exact, highlight.quote.prefix, highlight.quote.suffix,
                    highlight.quote.start, highlight.speaker, highlight.source, _json(highlight.via), highlight.outlet,
                    highlight.title, highlight.url, seconds(highlight.published) if highlight.published else None,
                    seconds(highlight.created), highlight.text_hash, highlight.note, _json(highlight.tags),
                ),
            ).fetchone()  # fmt: skip
        return replace(highlight, id=row[0])

    def remove_highlight(self, highlight_id: int, *, now: datetime) -> None:
        """Put a highlight away at its owner's wish; `restore_highlight` brings it back."""
        with self._at.transaction() as db:
            db.execute("UPDATE highlights SET removed = ? WHERE id = ?", (seconds(now), highlight_id))

    def restore_highlight(self, highlight_id: int) -> None:
        """Undo the removal of a highlight."""
        with self._at.transaction() as db:
            db.execute("UPDATE highlights SET removed = NULL WHERE id = ?", (highlight_id,))


def _record_check(db: sqlite3.Connection, check: FeedCheck) -> None:
    db.execute(
        "INSERT OR REPLACE INTO checks (feed_id, etag, modified, body_hash, checked_at, next_at, failures, error)"
        " SELECT id, ?, ?, ?, ?, ?, ?, ? FROM feeds WHERE id = ?",
        (
            check.etag, check.modified, check.body_hash, seconds(check.checked_at) if check.checked_at else None,
            seconds(check.next_at) if check.next_at else None, check.failures, check.error, check.feed_id,
        ),
    )  # fmt: skip


def _take_edited(db: sqlite3.Connection, feed_id: int, arrival: Arrival) -> None:
    """Take the text that a feed now carries for an entry it carried before; a page's text stays."""
    kept = db.execute(
        "SELECT id, carried, extractor, text FROM entries JOIN articles ON entry_id = id"
        " WHERE feed_id = ? AND guid = ?",
        (feed_id, arrival.entry.guid),
    ).fetchone()
    if kept is None:
        return
    db.execute("UPDATE entries SET carried = ? WHERE id = ?", (arrival.carried, kept["id"]))
    # What a feed said before that was kept can't be told from what another version of this program made of it.
    edited = kept["carried"] is not None and kept["text"] != arrival.article.text
    if edited and kept["extractor"] in ("teaser", arrival.article.extractor):
        _save_article(db, kept["id"], arrival.article)


def _save_article(db: sqlite3.Connection, entry_id: int, article: Article) -> None:
    rest = msgspec.json.encode(replace(article, text="")).decode()
    db.execute(
        "INSERT INTO articles (entry_id, title, text, extractor, rest) SELECT id, ?, ?, ?, ? FROM entries WHERE id = ?"
        " ON CONFLICT (entry_id) DO UPDATE SET title = excluded.title, text = excluded.text,"
        " extractor = excluded.extractor, rest = excluded.rest",
        (article.title, article.text, article.extractor, rest, entry_id),
    )


def _entry(row: sqlite3.Row) -> Entry:
    times = {"published": instant(row["published"]), "added": instant(row["added"])}
    return Entry(**{**row, **times, "read": bool(row["read"])})


def _highlight(row: sqlite3.Row) -> Highlight:
    return Highlight(
        id=row["id"], entry_id=row["entry_id"],
        quote=Quote(exact=row["exact"], prefix=row["prefix"], suffix=row["suffix"], start=row["start"]),
        speaker=row["speaker"], source=row["source"], via=tuple(msgspec.json.decode(row["via"], type=list[str])),
        outlet=row["outlet"], title=row["title"], url=row["url"], published=instant(row["published"]),
        created=datetime.fromtimestamp(row["created"], UTC), text_hash=row["text_hash"], note=row["note"],
        tags=tuple(msgspec.json.decode(row["tags"], type=list[str])),
    )  # fmt: skip


def _json(value: Any) -> str:
    return msgspec.json.encode(value).decode()
