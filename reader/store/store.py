"""Questions asked of the library, and what is written to it."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

from reader.model import (
    Analysis,
    Arrival,
    Article,
    Brought,
    Carried,
    Enclosure,
    Entry,
    Feed,
    FeedCheck,
    FeedSettings,
    Landed,
    Moved,
    Order,
    Outline,
)
from reader.store import arriving, schema
from reader.store.care import Care
from reader.store.connections import KEPT, PAGE, Connections, explained, instant, marks, seconds
from reader.store.highlights import HighlightStore
from reader.store.lists import ListStore
from reader.store.packed import pack, unpack
from reader.store.queries import QueryStore
from reader.store.search import Search
from reader.store.states import set_state, set_tag
from reader.store.stories import StoryStore
from reader.text import shown_url

_ENTRY = """
    SELECT entries.id, feed_id, feeds.title AS feed_title, guid, entries.url, entries.title, author, published,
           entries.added, coalesce(read, 0) AS read, coalesce(starred, 0) AS starred, coalesce(muted, 0) AS muted,
           (SELECT story FROM told WHERE told.entry_id = entries.id) AS story, -- as a join it would read all of `told`
           (
               SELECT count(*) FROM highlights
               WHERE (entry_id = entries.id OR highlights.url = entries.url) AND removed IS NULL
           ) AS highlights
    FROM entries JOIN feeds ON feeds.id = feed_id
    LEFT JOIN states ON states.entry_id = entries.id
"""


_FEED = "id, url, title, site, folder, settings"
_CARRIED = 2000
"""A feed's latest entries that are looked at for changes; feeds rarely carry a hundred."""
_FOLLOWED = "entries.feed_id NOT IN (SELECT id FROM feeds WHERE removed IS NOT NULL)"
_HEARD = f"entries.id NOT IN (SELECT entry_id FROM states WHERE muted) AND {_FOLLOWED}"
"""Entries that stand in lists: neither muted, nor what is kept of feeds that are followed no more."""
_UNREAD = f"coalesce(read, 0) = 0 AND coalesce(muted, 0) = 0 AND {_FOLLOWED}"
_OF_FEED = """
    feed_id = ? AND (id NOT IN (SELECT entry_id FROM states WHERE muted)
    OR (SELECT json_extract(settings, '$.muted') FROM feeds WHERE feeds.id = feed_id))
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
        self.search = Search(self._at)
        self.highlights = HighlightStore(self._at)
        self.queries = QueryStore(self._at, self.search)
        self.lists = ListStore(self._at)
        self.care = Care(self._at)

    def close(self) -> None:
        """Close every thread's connection; what is being read is broken off, and whatever is asked then is refused."""
        self._at.close()

    def watch(self) -> Callable[[], bool]:
        """A question to be asked again and again, of one thread at a time: has another program brought something?

        It costs some microseconds, for SQLite counts the changes of a file. What another program only marked, at the
        very time that this one wrote too, is seen with its next change.
        """
        db = self._at.another()

        def state() -> tuple[int, int, int]:
            version = db.execute("PRAGMA data_version").fetchone()[0]
            latest = db.execute("SELECT coalesce(max(id), 0) FROM entries").fetchone()[0]
            return version, latest, self._at.written

        before = state()

        def changed() -> bool:
            nonlocal before
            with self._at.use():
                try:
                    (version, latest, written), before = before, state()
                except sqlite3.Error as error:
                    raise schema.explain(error, self.path) from error
            return before[0] != version and (before[2] == written or before[1] != latest)

        return changed

    # --- feeds ---

    def feeds(self) -> list[Feed]:
        """All feeds, by folder and title; those in no folder first."""
        rows = self._at.db.execute(
            f"SELECT {_FEED} FROM feeds WHERE removed IS NULL ORDER BY folder NULLS FIRST, title COLLATE NOCASE, id"
        )
        return [_feed(row) for row in rows]

    def add_feed(
        self, url: str, *, title: str, site: str | None, folder: str | None, now: datetime
    ) -> tuple[Feed, bool]:
        """Follow the feed at `url`; one followed already is returned as it is, with False."""
        added = self.add_feeds([Outline(url=url, title=title, site=site, folder=folder)], now=now)
        row = self._at.db.execute(f"SELECT {_FEED} FROM feeds WHERE url = ?", (url,)).fetchone()
        return _feed(row), bool(added)

    def add_feeds(self, outlines: Iterable[Outline], *, now: datetime) -> int:
        """Follow feeds from a list, those followed already as they are; returns how many are new."""
        at = seconds(now)
        with self._at.transaction() as db:
            added: int = db.executemany(
                "INSERT INTO feeds (url, title, site, folder, added) VALUES (?, ?, ?, ?, ?) ON CONFLICT (url)"
                " DO UPDATE SET removed = NULL, folder = excluded.folder WHERE removed IS NOT NULL",
                ((one.url, one.title or shown_url(one.url), one.site, one.folder, at) for one in outlines),
            ).rowcount
        return max(0, added)  # without any outlines it is -1

    def bring_in(self, moved: Sequence[tuple[Moved, Arrival]], *, now: datetime) -> int:
        """Keep articles from another reader, in feeds that are here, with what was made of them there.

        Returns how many are new. What the person did here stays: nothing read here turns unread.
        """
        with self._at.transaction() as db:
            return sum(arriving.bring_in(db, one, arrival, now=now) for one, arrival in moved)

    def change_feed(self, feed: Feed) -> None:
        """Keep a feed's title, folder and settings as they are in `feed`; muting it mutes what it has brought."""
        with self._at.transaction() as db:
            before = db.execute("SELECT settings FROM feeds WHERE id = ?", (feed.id,)).fetchone()
            db.execute(
                "UPDATE feeds SET title = ?, folder = ?, settings = ? WHERE id = ?",
                (feed.title, feed.folder, _json(feed.settings), feed.id),
            )
            if before and _settings(before["settings"]).muted != feed.settings.muted:
                db.execute(
                    "INSERT INTO states (entry_id, muted, changed_at) SELECT id, :muted, added FROM entries"
                    " WHERE feed_id = :feed ON CONFLICT (entry_id) DO UPDATE SET muted = excluded.muted",
                    {"muted": feed.settings.muted, "feed": feed.id},
                )

    def remove_feed(self, feed_id: int, *, now: datetime) -> int:
        """Follow a feed no more; its entries go but for those of which something is saved, whose number is returned."""
        with self._at.transaction() as db:
            db.execute(f"DELETE FROM entries WHERE feed_id = ? AND NOT {KEPT}", (feed_id,))
            kept: int = db.execute("SELECT count(*) FROM entries WHERE feed_id = ?", (feed_id,)).fetchone()[0]
            if kept:
                db.execute("UPDATE feeds SET removed = ? WHERE id = ?", (seconds(now), feed_id))
                db.execute("DELETE FROM checks WHERE feed_id = ?", (feed_id,))
            else:
                db.execute("DELETE FROM feeds WHERE id = ?", (feed_id,))
        return kept

    def checks(self) -> dict[int, FeedCheck]:
        """What is remembered of each feed's last check, by feed."""
        return arriving.checks(self._at.db.execute("SELECT * FROM checks"))

    def holds(self) -> dict[str, datetime]:
        """Until when each server that asked for it is not to be asked."""
        rows = self._at.db.execute("SELECT host, until FROM hosts")
        return {row["host"]: datetime.fromtimestamp(row["until"], UTC) for row in rows}

    def hold(self, host: str, *, until: datetime, now: datetime) -> None:
        """Remember that a server asked not to be asked; what is over is forgotten."""
        with self._at.transaction() as db:
            db.execute("DELETE FROM hosts WHERE until <= ?", (seconds(now),))
            db.execute("INSERT OR REPLACE INTO hosts (host, until) VALUES (?, ?)", (host, seconds(until)))

    def carried(self, feed_id: int) -> list[Carried]:
        """The latest entries of a feed that the library holds, and those that it let go."""
        rows = self._at.db.execute(
            "SELECT guid, url, title, published, carried FROM entries WHERE feed_id = ? ORDER BY sorted DESC LIMIT ?",
            (feed_id, _CARRIED),
        )
        forgotten = self._at.db.execute("SELECT guid FROM forgotten WHERE feed_id = ?", (feed_id,))
        return [
            *(
                Carried(row["guid"], row["url"], row["title"], instant(row["published"]), row["carried"], kept=True)
                for row in rows
            ),
            *(Carried(row["guid"], None, "", None, None, kept=False) for row in forgotten),
        ]

    def save(self, brought: Sequence[Brought], *, now: datetime) -> Landed:
        """Store what checks brought, and let the rules act on what is new; all in one transaction."""
        with self._at.transaction() as db:
            rows = db.execute("SELECT id, settings FROM feeds WHERE settings <> '{}'")
            muted = {row["id"] for row in rows if _settings(row["settings"]).muted}
            new = arriving.save(db, brought, muted=muted, now=now)
            told = self.queries.act(db, [id for ids in new for id in ids], now=now)
        return Landed(new, told)

    # --- entries ---

    def headlines(
        self, *, feed_id: int | None = None, folder: str | None = None, since: datetime | None = None
    ) -> list[int]:
        """The ids of all entries, or of a feed's or a folder's, or of those since a time, newest first.

        What is muted stands only in the list of a muted feed; folders within the folder count as of it.
        """
        where, given = (_OF_FEED, (feed_id,)) if feed_id is not None else (_HEARD, ())
        if folder is not None:
            within = folder.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + " / %"
            where += " AND feed_id IN (SELECT id FROM feeds WHERE folder = ? OR folder LIKE ? ESCAPE '\\')"
            given = (*given, folder, within)
        if since is not None:
            where, given = f"{where} AND sorted >= ?", (*given, seconds(since))
        rows = self._at.db.execute(f"SELECT id FROM entries WHERE {where} ORDER BY sorted DESC, id DESC", given)
        return [row[0] for row in rows]

    def story_headlines(self) -> list[list[int]]:
        """The ids of all entries by story, the story with the newest entry first, and newest first within."""
        return self.arranged(None, order=Order.TIME, grouped=True)

    def arranged(self, ids: Sequence[int] | None, *, order: Order, grouped: bool) -> list[list[int]]:
        """Some entries, or all that stand in lists, in order: each alone, or all of a story together."""
        # Where the person chose nothing the view says what the table does, and takes twice as long.
        chosen = self._at.db.execute("SELECT EXISTS (SELECT 1 FROM story_choices)").fetchone()[0]
        where, given = (_HEARD, ()) if ids is None else ("id IN (SELECT value FROM json_each(?))", (json.dumps(ids),))
        rows = self._at.db.execute(
            f"SELECT id, coalesce(story, id), feed_id FROM entries LEFT JOIN {'told' if chosen else 'stories'}"
            f" ON entry_id = id WHERE {where} ORDER BY sorted DESC, id DESC",
            given,
        )
        groups: dict[int, list[int]] = {}
        feeds: dict[int, set[int]] = {}
        first: dict[int, int] = {}
        for entry_id, story, feed_id in rows:
            key = story if grouped else entry_id
            groups.setdefault(key, []).append(entry_id)
            if order is not Order.TIME:
                feeds.setdefault(story, set()).add(feed_id)
                first.setdefault(key, story if order is Order.TOLD else feed_id)
        keys = list(groups)
        if order is Order.TOLD:
            keys.sort(key=lambda key: -len(feeds[first[key]]))
        elif order is Order.OUTLET:
            titles = {feed.id: feed.title.casefold() for feed in self.feeds()}
            keys.sort(key=lambda key: titles.get(first[key], ""))
        return [groups[key] for key in keys]

    def entries(self, ids: Sequence[int]) -> dict[int, Entry]:
        """The entries of `ids`, by id; those that are gone are left out."""
        found: dict[int, Entry] = {}
        for at in range(0, len(ids), PAGE):
            page = ids[at : at + PAGE]
            for row in self._at.db.execute(f"{_ENTRY} WHERE entries.id IN ({marks(page)})", page):
                found[row["id"]] = _entry(row)
        return found

    def entry_at(self, url: str) -> int | None:
        """The latest entry that links to an address, among those that stand in lists."""
        row = self._at.db.execute(
            f"SELECT id FROM entries WHERE url = ? AND {_HEARD} ORDER BY sorted DESC, id DESC LIMIT 1", (url,)
        ).fetchone()
        return row[0] if row else None

    def unread(self) -> dict[int, int]:
        """How many entries of each feed are unread; feeds with none are left out."""
        rows = self._at.db.execute(
            # By time, as states come: by feed each would be met in another place.
            "SELECT feed_id, count(*) FROM entries INDEXED BY entries_by_time LEFT JOIN states ON entry_id = id"
            f" WHERE {_UNREAD} GROUP BY feed_id"
        )
        return dict(rows.fetchall())

    def unread_ids(self) -> frozenset[int]:
        """The ids of all unread entries."""
        rows = self._at.db.execute(f"SELECT id FROM entries LEFT JOIN states ON entry_id = id WHERE {_UNREAD}")
        return frozenset(row[0] for row in rows)

    def mark(self, ids: Iterable[int], *, read: bool, now: datetime) -> None:
        """Mark entries read or unread."""
        with self._at.transaction() as db:
            set_state(db, "read", ids, read, now=now)

    def star(self, ids: Iterable[int], *, starred: bool, now: datetime) -> None:
        """Save entries as a whole, to be kept for ever, or let them be like others."""
        with self._at.transaction() as db:
            set_state(db, "starred", ids, starred, now=now)

    def tag(self, ids: Iterable[int], tag: str, *, tagged: bool) -> None:
        """Give entries a tag, or take it from them."""
        with self._at.transaction() as db:
            set_tag(db, ids, tag, tagged)

    def tags(self, entry_id: int) -> tuple[str, ...]:
        """The tags of an entry, by name."""
        rows = self._at.db.execute("SELECT tag FROM tags WHERE entry_id = ? ORDER BY tag", (entry_id,))
        return tuple(row[0] for row in rows)

    def enclosures(self, entry_id: int) -> list[Enclosure]:
        """The media files that come with an entry."""
        rows = self._at.db.execute(
            "SELECT url, type, length, duration FROM enclosures WHERE entry_id = ? ORDER BY url", (entry_id,)
        )
        return [Enclosure(**row) for row in rows]

    def teasers(self) -> dict[int, float]:
        """For each feed the share of its latest twenty entries of which it carried only the opening."""
        rows = self._at.db.execute(
            "SELECT feeds.id, avg(extractor = 'teaser') FROM feeds JOIN articles ON entry_id IN"
            " (SELECT id FROM entries WHERE feed_id = feeds.id ORDER BY sorted DESC LIMIT 20) GROUP BY feeds.id"
        )
        return dict(rows.fetchall())

    # --- articles and what was found in them ---

    def article(self, entry_id: int) -> Article | None:
        """The stored text of an entry."""
        row = self._at.db.execute("SELECT title, text, rest FROM articles WHERE entry_id = ?", (entry_id,)).fetchone()
        return unpack(*row) if row else None

    def save_article(self, entry_id: int, article: Article, *, retrieved: datetime | None = None) -> None:
        """Keep `article` as the text of an entry, fetched when it was; an analysis of another text goes."""
        with self._at.transaction() as db:
            arriving.save_article(db, entry_id, pack(article), retrieved=retrieved)

    def retrieved(self, entry_id: int) -> datetime | None:
        """When the text of an entry was fetched, if that was kept."""
        row = self._at.db.execute("SELECT retrieved FROM articles WHERE entry_id = ?", (entry_id,)).fetchone()
        return instant(row["retrieved"]) if row else None

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
            db.execute("DELETE FROM analyses WHERE entry_id = ?", (entry_id,))
            kept = db.execute(
                "INSERT INTO analyses (entry_id, model, body)"
                " SELECT entry_id, ?, ? FROM articles WHERE entry_id = ? AND unzipped(text) = ?",
                (analysis.model, msgspec.json.encode(analysis).decode(), entry_id, text),
            ).rowcount
            if not kept:
                return
            cited = Counter(
                (claim.speaker.name, claim.speaker.kind)
                for claim in analysis.claims
                if claim.speaker and claim.speaker.named
            )
            db.executemany(
                "INSERT OR IGNORE INTO speakers (entry_id, name, kind, claims) VALUES (?, ?, ?, ?)",
                [(entry_id, name, str(kind), count) for (name, kind), count in cited.items()],
            )
            db.executemany(
                "INSERT INTO claims (entry_id, number, speaker, named, quotation, denied, figures, content)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                [
                    (
                        entry_id, claim.id, claim.speaker.name if claim.speaker else "",
                        bool(claim.speaker and claim.speaker.named), str(claim.quotation), claim.denied,
                        len(claim.figures), claim.words(text),
                    )
                    for claim in analysis.claims
                ],
            )  # fmt: skip

    def revision(self, entry_id: int) -> str | None:
        """The text that an entry's article had before its present one, if it was changed."""
        row = self._at.db.execute(
            "SELECT text FROM revisions WHERE entry_id = ? AND text <> '' ORDER BY id DESC LIMIT 1", (entry_id,)
        ).fetchone()
        return row[0] if row else None


def _entry(row: sqlite3.Row) -> Entry:
    times = {"published": instant(row["published"]), "added": instant(row["added"])}
    states = {state: bool(row[state]) for state in ("read", "starred", "muted")}
    return Entry(**{**row, **times, **states})


def _feed(row: sqlite3.Row) -> Feed:
    return Feed(**{**row, "settings": _settings(row["settings"])})


def _settings(kept: str) -> FeedSettings:
    return msgspec.json.decode(kept, type=FeedSettings)


def _json(value: Any) -> str:
    return msgspec.json.encode(value).decode()
