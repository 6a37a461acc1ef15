"""Questions asked of the library, and what is written to it."""

from __future__ import annotations

import functools
import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from reader.model import (
    Analysis,
    Arrival,
    Article,
    Assignment,
    Entry,
    Feed,
    FeedCheck,
    Highlight,
    Ledger,
    Quote,
    Related,
    StoryDoc,
)
from reader.store import schema
from reader.text import shown_url

_C = TypeVar("_C")

_ENTRY = """
    SELECT entries.id, feed_id, feeds.title AS feed_title, guid, entries.url, entries.title, author, published,
           entries.added, coalesce(read, 0) AS read, story,
           (SELECT count(*) FROM highlights WHERE entry_id = entries.id AND removed IS NULL) AS highlights
    FROM entries JOIN feeds ON feeds.id = feed_id
    LEFT JOIN states ON states.entry_id = entries.id
    LEFT JOIN told ON told.entry_id = entries.id
"""
_PAGE = 500  # bound variables a statement; SQLite's oldest limit is 999


def _explained(cls: type[_C]) -> type[_C]:
    """Make every public method of `cls` say what an SQLite error means to the person."""

    def explained(method: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(method)
        def call(self: Store, *args: Any, **kwargs: Any) -> Any:
            try:
                return method(self, *args, **kwargs)
            except sqlite3.Error as error:
                raise schema.explain(error, self.path) from error

        return call

    for name, method in list(vars(cls).items()):
        if not name.startswith("_"):
            setattr(cls, name, explained(method))
    return cls


@_explained
class Store:
    """The library at one path; safe to use from any thread, each reading through a connection of its own.

    Every method raises `StoreError` with a plain sentence when the file can't be read or written.
    """

    def __init__(self, path: Path) -> None:
        schema.prepare(path)
        self.path = path
        self._mine = threading.local()
        self._all: list[sqlite3.Connection] = []
        self._writing = threading.Lock()

    def close(self) -> None:
        """Close every thread's connection."""
        for db in self._all:
            db.close()

    @property
    def _db(self) -> sqlite3.Connection:
        if not hasattr(self._mine, "db"):
            self._mine.db = schema.connect(self.path)
            self._mine.db.row_factory = sqlite3.Row
            self._all.append(self._mine.db)
        db: sqlite3.Connection = self._mine.db
        return db

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        # IMMEDIATE: a deferred transaction that turns to writing can fail with "locked" however long it waits.
        with self._writing:
            db = self._db
            db.execute("BEGIN IMMEDIATE")
            try:
                yield db
                db.execute("COMMIT")
            except BaseException:
                if db.in_transaction:
                    db.execute("ROLLBACK")
                raise

    # --- feeds ---

    def feeds(self) -> list[Feed]:
        """All feeds, by folder and title; those in no folder first."""
        rows = self._db.execute(
            "SELECT id, url, title, site, folder FROM feeds ORDER BY folder NULLS FIRST, title COLLATE NOCASE, id"
        )
        return [Feed(**row) for row in rows]

    def add_feed(
        self, url: str, *, title: str, site: str | None, folder: str | None, now: datetime
    ) -> tuple[Feed, bool]:
        """Follow the feed at `url`; one followed already is returned as it is, with False."""
        with self._transaction() as db:
            added = db.execute(
                "INSERT INTO feeds (url, title, site, folder, added) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
                (url, title, site, folder, _seconds(now)),
            ).rowcount
            row = db.execute("SELECT id, url, title, site, folder FROM feeds WHERE url = ?", (url,)).fetchone()
        return Feed(**row), bool(added)

    def checks(self) -> dict[int, FeedCheck]:
        """What is remembered of each feed's last check, by feed."""
        rows = self._db.execute("SELECT * FROM checks")
        return {
            row["feed_id"]: FeedCheck(
                **{**row, "checked_at": _instant(row["checked_at"]), "next_at": _instant(row["next_at"])}
            )
            for row in rows
        }

    def record_check(self, check: FeedCheck) -> None:
        """Remember a check that brought nothing to store: nothing new, or a failure."""
        with self._transaction() as db:
            _record_check(db, check)

    def guids(self, feed_id: int) -> frozenset[str]:
        """The identities of the feed's entries that the library holds."""
        return frozenset(row[0] for row in self._db.execute("SELECT guid FROM entries WHERE feed_id = ?", (feed_id,)))

    def save_arrivals(
        self, check: FeedCheck, arrivals: Sequence[Arrival], *, title: str, site: str | None, now: datetime
    ) -> list[int]:
        """Store what a check brought, in one transaction; returns the ids of the entries that are new."""
        new: list[int] = []
        with self._transaction() as db:
            # A feed that was subscribed without a title is named by its address until it tells.
            row = db.execute("SELECT url, title FROM feeds WHERE id = ?", (check.feed_id,)).fetchone()
            if row and title and row["title"] == shown_url(row["url"]):
                db.execute("UPDATE feeds SET title = ? WHERE id = ?", (title, check.feed_id))
            db.execute("UPDATE feeds SET site = ? WHERE id = ? AND site IS NULL", (site, check.feed_id))
            for arrival in arrivals:
                entry = arrival.entry
                published = _seconds(entry.published) if entry.published else None
                row = db.execute(
                    "INSERT INTO entries (feed_id, guid, url, title, author, published, added, sorted)"
                    " VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING RETURNING id",
                    (
                        check.feed_id, entry.guid, entry.url, entry.title, entry.author, published,
                        _seconds(now), min(_seconds(now), _seconds(now) if published is None else published),
                    ),
                ).fetchone()  # fmt: skip
                if row:
                    new.append(row[0])
                    _save_article(db, row[0], arrival.article)
            _record_check(db, check)
        return new

    # --- entries ---

    def headlines(self, *, feed_id: int | None = None) -> list[int]:
        """The ids of all entries, or of one feed's, newest first."""
        where, given = ("WHERE feed_id = ?", (feed_id,)) if feed_id is not None else ("", ())
        return [
            row[0] for row in self._db.execute(f"SELECT id FROM entries {where} ORDER BY sorted DESC, id DESC", given)
        ]

    def story_headlines(self) -> list[list[int]]:
        """The ids of all entries by story, the story with the newest entry first, and newest first within."""
        groups: dict[int, list[int]] = {}
        rows = self._db.execute(
            "SELECT id, coalesce(story, id) FROM entries LEFT JOIN told ON entry_id = id"
            " ORDER BY sorted DESC, id DESC"
        )
        for entry_id, story in rows:
            groups.setdefault(story, []).append(entry_id)
        return list(groups.values())

    def entries(self, ids: Sequence[int]) -> dict[int, Entry]:
        """The entries of `ids`, by id; those that are gone are left out."""
        found: dict[int, Entry] = {}
        for at in range(0, len(ids), _PAGE):
            page = ids[at : at + _PAGE]
            for row in self._db.execute(f"{_ENTRY} WHERE entries.id IN ({','.join('?' * len(page))})", page):
                found[row["id"]] = _entry(row)
        return found

    def unread(self) -> dict[int, int]:
        """How many entries of each feed are unread; feeds with none are left out."""
        rows = self._db.execute(
            "SELECT feed_id, count(*) FROM entries LEFT JOIN states ON entry_id = id"
            " WHERE coalesce(read, 0) = 0 GROUP BY feed_id"
        )
        return dict(rows.fetchall())

    def unread_ids(self) -> frozenset[int]:
        """The ids of all unread entries."""
        rows = self._db.execute("SELECT id FROM entries LEFT JOIN states ON entry_id = id WHERE coalesce(read, 0) = 0")
        return frozenset(row[0] for row in rows)

    def mark(self, ids: Iterable[int], *, read: bool, now: datetime) -> None:
        """Mark entries read or unread."""
        with self._transaction() as db:
            db.executemany(
                "INSERT INTO states (entry_id, read, changed_at) SELECT id, ?, ? FROM entries WHERE id = ?"
                " ON CONFLICT (entry_id) DO UPDATE SET read = excluded.read, changed_at = excluded.changed_at",
                [(read, _seconds(now), entry_id) for entry_id in ids],
            )

    def search(self, query: str, *, limit: int = 500) -> list[int]:
        """The ids of entries that hold all words of `query`, the last as a beginning, best first."""
        # Each word is quoted: bare FTS5 syntax raises on most natural queries ("c++", "don't").
        words = ['"' + word.replace('"', '""') + '"' for word in query.replace("\0", " ").split()]
        if not words:
            return []
        rows = self._db.execute(
            "SELECT rowid FROM search WHERE search MATCH ? ORDER BY bm25(search, 4.0, 1.0), rowid DESC LIMIT ?",
            (" ".join(words) + "*", limit),
        )
        return [row[0] for row in rows]

    # --- articles and what was found in them ---

    def article(self, entry_id: int) -> Article | None:
        """The stored text of an entry."""
        row = self._db.execute("SELECT text, rest FROM articles WHERE entry_id = ?", (entry_id,)).fetchone()
        return replace(msgspec.json.decode(row["rest"], type=Article), text=row["text"]) if row else None

    def save_article(self, entry_id: int, article: Article) -> None:
        """Keep `article` as the text of an entry; an analysis of another text goes."""
        with self._transaction() as db:
            _save_article(db, entry_id, article)

    def analysis(self, entry_id: int, *, model: str) -> Analysis | None:
        """What `model` found in the entry's stored text, if it was asked already."""
        row = self._db.execute(
            "SELECT body FROM analyses WHERE entry_id = ? AND model = ?", (entry_id, model)
        ).fetchone()
        try:
            return msgspec.json.decode(row["body"], type=Analysis) if row else None
        except msgspec.MsgspecError:  # kept by a program with other types: it can be found again
            return None

    def save_analysis(self, entry_id: int, analysis: Analysis, *, text: str) -> None:
        """Keep what was found in `text`, unless the entry's stored text is another by now."""
        with self._transaction() as db:
            db.execute(
                "INSERT OR REPLACE INTO analyses (entry_id, model, body)"
                " SELECT entry_id, ?, ? FROM articles WHERE entry_id = ? AND text = ?",
                (analysis.model, msgspec.json.encode(analysis).decode(), entry_id, text),
            )

    # --- stories ---

    def last_sketch(self) -> int:
        """The number of the last sketch kept, 0 of none."""
        last: int = self._db.execute("SELECT coalesce(max(number), 0) FROM sketches").fetchone()[0]
        return last

    def sketches(self, *, first: int) -> list[tuple[str, str, int, bytes]]:
        """What is kept of the articles from number `first` on, by number: id, story, number and sketch.

        The id of an article whose entry is gone is no entry's.
        """
        rows = self._db.execute(
            "SELECT coalesce(entry_id, 'gone ' || number) AS id, story, number, sketch FROM sketches"
            " WHERE number >= ? ORDER BY number",
            (first,),
        )
        return [(str(row["id"]), str(row["story"]), row["number"], row["sketch"]) for row in rows]

    def unsorted(self, *, at_once: int) -> list[StoryDoc]:
        """The oldest articles that have no story yet, at most `at_once`, by time."""
        rows = self._db.execute(
            "SELECT entries.id, entries.title, substr(text, 1, 1000) AS text, published, feeds.title AS outlet,"
            " entries.url FROM entries JOIN feeds ON feeds.id = feed_id"
            " LEFT JOIN articles ON articles.entry_id = entries.id"
            " WHERE NOT EXISTS (SELECT 1 FROM stories WHERE stories.entry_id = entries.id)"
            " ORDER BY sorted, entries.id LIMIT ?",
            (at_once,),
        )
        return [
            StoryDoc(
                id=str(row["id"]), title=row["title"], text=row["text"] or "", published=_instant(row["published"]),
                outlet=row["outlet"], url=row["url"],
            )
            for row in rows
        ]  # fmt: skip

    def save_stories(
        self, assignments: Sequence[Assignment], sketches: Sequence[tuple[int, bytes]] = (), *, keep: int = 0
    ) -> bool:
        """Keep which story each article joined, its relatives and its sketch, numbered on from the last one kept.

        False, and nothing kept, when another program sorted articles in the meantime. A story once given is never
        changed here. With `keep` the sketches before that number are dropped.
        """
        with self._transaction() as db:
            last = db.execute("SELECT coalesce(max(number), 0) FROM sketches").fetchone()[0]
            if sketches and sketches[0][0] != last + 1:
                return False
            for joined in assignments:
                new = db.execute(
                    "INSERT OR IGNORE INTO stories (entry_id, story) SELECT id, ? FROM entries WHERE id = ?",
                    (int(joined.story), int(joined.id)),
                )
                if not new.rowcount:
                    continue
                db.executemany(
                    "INSERT OR REPLACE INTO related (entry_id, other_id, score, why)"
                    " SELECT ?, id, ?, ? FROM entries WHERE id = ?",
                    [
                        (int(joined.id), other.score, other.why, int(other.id))
                        for other in joined.related
                        if other.id.isdecimal()
                    ],
                )
            db.executemany(
                "INSERT INTO sketches (number, entry_id, story, sketch)"
                " VALUES (?, (SELECT id FROM entries WHERE id = ?), ?, ?)",
                [
                    (number, int(joined.id), int(joined.story), sketch)
                    for joined, (number, sketch) in zip(assignments, sketches, strict=False)
                ],
            )
            db.execute("DELETE FROM sketches WHERE number < ?", (keep,))
        return True

    def story_of(self, entry_id: int) -> int | None:
        """The story an entry belongs to."""
        row = self._db.execute("SELECT story FROM told WHERE entry_id = ?", (entry_id,)).fetchone()
        return row[0] if row else None

    def story_entries(self, story: int) -> list[Entry]:
        """The entries of a story, the earliest first."""
        rows = self._db.execute(
            "SELECT id FROM entries WHERE id IN ("
            " SELECT entry_id FROM stories WHERE story = :story"
            " AND NOT EXISTS (SELECT 1 FROM story_choices WHERE story_choices.entry_id = stories.entry_id)"
            " UNION SELECT entry_id FROM story_choices WHERE story = :story) ORDER BY sorted, id",
            {"story": story},
        )
        ids = [row[0] for row in rows]
        found = self.entries(ids)
        return [found[id] for id in ids if id in found]

    def choices(self, entry_ids: Sequence[int]) -> dict[int, int | None]:
        """Where the person wants each of some entries; None where the machine decides."""
        chosen: dict[int, int | None] = dict.fromkeys(entry_ids)
        for at in range(0, len(entry_ids), _PAGE):
            page = entry_ids[at : at + _PAGE]
            chosen |= self._db.execute(
                f"SELECT entry_id, story FROM story_choices WHERE entry_id IN ({','.join('?' * len(page))})", page
            ).fetchall()
        return chosen

    def choose(self, wanted: Mapping[int, int | None], *, now: datetime) -> None:
        """Put entries into the stories the person wants them in; None leaves it to the machine again."""
        with self._transaction() as db:
            for entry_id, story in wanted.items():
                if story is None:
                    db.execute("DELETE FROM story_choices WHERE entry_id = ?", (entry_id,))
                else:
                    db.execute(
                        "INSERT INTO story_choices (entry_id, story, chosen) SELECT id, ?, ? FROM entries WHERE id = ?"
                        " ON CONFLICT (entry_id) DO UPDATE SET story = excluded.story, chosen = excluded.chosen",
                        (story, _seconds(now), entry_id),
                    )
                # Articles that come join the story that the person sees.
                db.execute(
                    "UPDATE sketches SET story = (SELECT story FROM told WHERE told.entry_id = sketches.entry_id)"
                    " WHERE entry_id = ? AND EXISTS (SELECT 1 FROM told WHERE told.entry_id = sketches.entry_id)",
                    (entry_id,),
                )

    def ledger(self, story: int, *, made_of: str) -> Ledger | None:
        """The ledger of a story, if it was made of the very same."""
        row = self._db.execute("SELECT body FROM ledgers WHERE story = ? AND made_of = ?", (story, made_of)).fetchone()
        try:
            return msgspec.json.decode(row["body"], type=Ledger) if row else None
        except msgspec.MsgspecError:  # kept by a program with other types: it can be made again
            return None

    def save_ledger(self, story: int, ledger: Ledger, *, made_of: str) -> None:
        """Keep the ledger of a story in the place of its last one."""
        with self._transaction() as db:
            db.execute(
                "INSERT OR REPLACE INTO ledgers (story, made_of, body) VALUES (?, ?, ?)",
                (story, made_of, msgspec.json.encode(ledger).decode()),
            )

    def revision(self, entry_id: int) -> str | None:
        """The text that an entry's article had before its present one, if it was changed."""
        row = self._db.execute(
            "SELECT text FROM revisions WHERE entry_id = ? ORDER BY id DESC LIMIT 1", (entry_id,)
        ).fetchone()
        return row[0] if row else None

    def related(self, entry_id: int, *, limit: int = 20) -> list[tuple[Entry, Related]]:
        """Articles related to an entry, whichever came first, nearest first."""
        rows = self._db.execute(
            "SELECT other, max(score) AS score, why FROM ("
            " SELECT other_id AS other, score, why FROM related WHERE entry_id = :id"
            " UNION ALL SELECT entry_id, score, why FROM related WHERE other_id = :id)"
            " GROUP BY other ORDER BY score DESC, other DESC LIMIT :limit",
            {"id": entry_id, "limit": limit},
        ).fetchall()
        entries = self.entries([row["other"] for row in rows])
        return [
            (entries[row["other"]], Related(id=str(row["other"]), score=row["score"], why=row["why"]))
            for row in rows
            if row["other"] in entries
        ]

    # --- highlights ---

    def highlights(self, *, entry_id: int | None = None) -> list[Highlight]:
        """What the person saved, or saved from one entry, newest first."""
        where, given = ("AND entry_id = ?", (entry_id,)) if entry_id is not None else ("", ())
        rows = self._db.execute(
            f"SELECT * FROM highlights WHERE removed IS NULL {where} ORDER BY created DESC, id DESC", given
        )
        return [_highlight(row) for row in rows]

    def add_highlight(self, highlight: Highlight) -> Highlight:
        """Keep a highlight; returns it with the id it got. On return it is on disk."""
        with self._transaction() as db:
            row = db.execute(
                "INSERT INTO highlights (entry_id, exact, prefix, suffix, start, speaker, source, via, outlet, title,"
                " url, published, created, text_hash, note, tags)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id",
                (
                    highlight.entry_id, highlight.quote.exact, highlight.quote.prefix, highlight.quote.suffix,
                    highlight.quote.start, highlight.speaker, highlight.source, _json(highlight.via), highlight.outlet,
                    highlight.title, highlight.url, _seconds(highlight.published) if highlight.published else None,
                    _seconds(highlight.created), highlight.text_hash, highlight.note, _json(highlight.tags),
                ),
            ).fetchone()  # fmt: skip
        return replace(highlight, id=row[0])

    def remove_highlight(self, highlight_id: int, *, now: datetime) -> None:
        """Put a highlight away at its owner's wish; `restore_highlight` brings it back."""
        with self._transaction() as db:
            db.execute("UPDATE highlights SET removed = ? WHERE id = ?", (_seconds(now), highlight_id))

    def restore_highlight(self, highlight_id: int) -> None:
        """Undo the removal of a highlight."""
        with self._transaction() as db:
            db.execute("UPDATE highlights SET removed = NULL WHERE id = ?", (highlight_id,))


def _record_check(db: sqlite3.Connection, check: FeedCheck) -> None:
    db.execute(
        "INSERT OR REPLACE INTO checks (feed_id, etag, modified, body_hash, checked_at, next_at, failures, error)"
        " SELECT id, ?, ?, ?, ?, ?, ?, ? FROM feeds WHERE id = ?",
        (
            check.etag, check.modified, check.body_hash, _seconds(check.checked_at) if check.checked_at else None,
            _seconds(check.next_at) if check.next_at else None, check.failures, check.error, check.feed_id,
        ),
    )  # fmt: skip


def _save_article(db: sqlite3.Connection, entry_id: int, article: Article) -> None:
    rest = msgspec.json.encode(replace(article, text="")).decode()
    db.execute(
        "INSERT INTO articles (entry_id, title, text, extractor, rest) SELECT id, ?, ?, ?, ? FROM entries WHERE id = ?"
        " ON CONFLICT (entry_id) DO UPDATE SET title = excluded.title, text = excluded.text,"
        " extractor = excluded.extractor, rest = excluded.rest",
        (article.title, article.text, article.extractor, rest, entry_id),
    )


def _entry(row: sqlite3.Row) -> Entry:
    times = {"published": _instant(row["published"]), "added": _instant(row["added"])}
    return Entry(**{**row, **times, "read": bool(row["read"])})


def _highlight(row: sqlite3.Row) -> Highlight:
    return Highlight(
        id=row["id"], entry_id=row["entry_id"],
        quote=Quote(exact=row["exact"], prefix=row["prefix"], suffix=row["suffix"], start=row["start"]),
        speaker=row["speaker"], source=row["source"], via=tuple(msgspec.json.decode(row["via"], type=list[str])),
        outlet=row["outlet"], title=row["title"], url=row["url"], published=_instant(row["published"]),
        created=datetime.fromtimestamp(row["created"], UTC), text_hash=row["text_hash"], note=row["note"],
        tags=tuple(msgspec.json.decode(row["tags"], type=list[str])),
    )  # fmt: skip


def _seconds(instant: datetime) -> int:
    return int(instant.timestamp())


def _instant(seconds: int | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)


def _json(value: Any) -> str:
    return msgspec.json.encode(value).decode()
