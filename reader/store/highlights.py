"""What the person saved, as it is kept: nothing else changes it, and removing one only marks it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone

import msgspec

from reader.model import Color, Entry, Highlight, HighlightKind, Quote
from reader.query import Ago, And, Claimed, ClaimType, Field, Has, Not, Or, Query, State, Where, Words
from reader.store.connections import Connections, explained, instant, seconds
from reader.store.search import Sql, cases, matching

_COLUMNS = (
    "uid", "entry_id", "kind", "exact", "prefix", "suffix", "start", "speaker", "source", "via", "outlet", "title",
    "author", "url", "published", "zone", "retrieved", "created", "changed", "text_hash", "note", "tags", "color",
)  # fmt: skip
_READ = f"id, {', '.join(_COLUMNS)}"
_SAVED = {Where.TITLE: "title", Where.TEXT: "exact", Where.CLAIM: "exact", Where.SPEAKER: "speaker"}
_KINDS = {str(kind): kind for kind in HighlightKind}
_COLORS = {str(color): color for color in Color}
_LINK = """
    UPDATE highlights SET entry_id = found.id
    FROM (
        SELECT url, min(id) AS id FROM entries
        WHERE url IN (SELECT url FROM highlights WHERE entry_id IS NULL) GROUP BY url
    ) AS found
    WHERE entry_id IS NULL AND found.url = highlights.url
"""
"""Gives highlights that came without their articles those that are here, all in one reading of the entries."""
_OF_ENTRY = "(entry_id = :id OR (url IS NOT NULL AND url = :url))"
"""What was saved from an entry, or from its page as another feed, or the same one under another id, brought it."""


@explained
class HighlightStore:
    """What was saved in a library; reached as `Store.highlights`, safe to use from any thread.

    Every method raises `StoreError` with a plain sentence when the file can't be read or written; what writes has
    written to the disk when it returns.
    """

    def __init__(self, at: Connections) -> None:
        self._at = at

    # --- asking ---

    def all(self, *, removed: bool = False) -> list[Highlight]:
        """All that is saved, newest first, or all that was removed."""
        rows = self._at.db.execute(
            f"SELECT {_READ} FROM highlights WHERE removed IS {'NOT' if removed else ''} NULL"
            " ORDER BY created DESC, id DESC"
        )
        return [_highlight(row) for row in rows]

    def count(self) -> int:
        """How many are saved."""
        count: int = self._at.db.execute("SELECT count(*) FROM highlights WHERE removed IS NULL").fetchone()[0]
        return count

    def of_entry(self, entry: Entry) -> list[Highlight]:
        """What was saved from an entry, or from its address in another feed, newest first."""
        rows = self._at.db.execute(
            f"SELECT {_READ} FROM highlights WHERE removed IS NULL AND {_OF_ENTRY} ORDER BY created DESC, id DESC",
            {"id": entry.id, "url": entry.url},
        )
        return [_highlight(row) for row in rows]

    def find(
        self, query: Query, *, now: datetime, since: datetime | None = None, removed: bool = False
    ) -> list[Highlight]:
        """Those that match, newest first: words in the quote, title, speaker, outlet and note.

        `tag:` and `has:note` are of the highlight, days those on which it was saved; what is asked of claims is asked
        of its words, and all else of its article. `since` leaves out what nothing was done to in this library since.
        """
        sql = _Sql(self._at.db, now)
        touched = f"AND touched >= {sql.given(seconds(since))}" if since else ""
        rows = self._at.db.execute(
            f"SELECT {_READ} FROM highlights WHERE removed IS {'NOT' if removed else ''} NULL {touched}"
            f" AND {sql.condition(query)} ORDER BY created DESC, id DESC",
            sql.values,
        )
        return [_highlight(row) for row in rows]

    def tags(self) -> list[str]:
        """The tags that highlights have, those most used first."""
        rows = self._at.db.execute(
            "SELECT value FROM highlights, json_each(tags) WHERE removed IS NULL"
            " GROUP BY value ORDER BY count(*) DESC, value"
        )
        return [row[0] for row in rows]

    def stories(self) -> dict[int, tuple[int, str]]:
        """The story of each entry that something was saved from, and the headline that the story began with."""
        rows = self._at.db.execute(
            "SELECT told.entry_id, told.story, coalesce(entries.title, '') FROM told"
            " LEFT JOIN entries ON entries.id = told.story"
            " WHERE told.entry_id IN (SELECT entry_id FROM highlights WHERE removed IS NULL)"
        )
        return {row[0]: (row[1], row[2]) for row in rows}

    def feeds(self) -> dict[int, str]:
        """The name of the feed of each entry that something was saved from."""
        rows = self._at.db.execute(
            "SELECT entries.id, feeds.title FROM entries JOIN feeds ON feeds.id = feed_id"
            " WHERE entries.id IN (SELECT entry_id FROM highlights WHERE removed IS NULL)"
        )
        return {row[0]: row[1] for row in rows}

    # --- saving ---

    def add(self, highlight: Highlight) -> Highlight:
        """Keep one; returns it with the id it got, or the one that is there where just that is saved already."""
        quote = highlight.quote
        with self._at.transaction() as db:
            same = db.execute(
                f"SELECT {_READ} FROM highlights WHERE removed IS NULL AND entry_id IS ? AND url IS ? AND kind = ?"
                " AND start = ? AND text_hash = ? AND exact = ?",
                (highlight.entry_id, highlight.url, highlight.kind, quote.start, highlight.text_hash, quote.exact),
            ).fetchone()
            return _highlight(same) if same else replace(highlight, id=_add(db, highlight, now=highlight.changed))

    def take_in(self, highlights: Iterable[Highlight], *, now: datetime) -> tuple[int, int]:
        """Keep those that come from elsewhere and are not here yet, nor were removed here.

        Returns how many that are, and how many were removed here.
        """
        new = removed = 0
        with self._at.transaction() as db:
            for one in highlights:
                here = db.execute("SELECT removed IS NOT NULL FROM highlights WHERE uid = ?", (one.uid,)).fetchone()
                if here is None:
                    _add(db, one, now=now)
                new += here is None
                removed += here is not None and here[0]
            db.execute(_LINK)
        return new, removed

    def change(self, changes: Iterable[tuple[Highlight, Highlight]], *, now: datetime) -> tuple[Highlight, ...] | None:
        """Keep what differs between each highlight as it was seen and as it is to be, of note, tags and colour.

        Tags are put on and taken off what is kept. Returns all as they are kept; None, and nothing is changed, where a
        note that differs is no longer as it was seen.
        """
        changed = []
        with self._at.transaction() as db:
            for before, after in changes:
                row = db.execute(f"SELECT {_READ} FROM highlights WHERE id = ?", (before.id,)).fetchone()
                if row is None:
                    continue
                kept = _highlight(row)
                if after.note != before.note and kept.note not in (before.note, after.note):
                    return None
                changed.append(
                    replace(
                        kept,
                        note=after.note if after.note != before.note else kept.note,
                        color=after.color if after.color != before.color else kept.color,
                        tags=_tags(kept.tags, before.tags, after.tags),
                        changed=now.replace(microsecond=0),
                    )
                )
            db.executemany(
                "UPDATE highlights SET note = ?, tags = ?, color = ?, changed = ?, touched = ? WHERE id = ?",
                [(one.note, _json(one.tags), one.color, seconds(now), seconds(now), one.id) for one in changed],
            )
        return tuple(changed)

    def attribute(self, told: Iterable[Highlight], *, now: datetime) -> None:
        """Keep whose words highlights are that were nobody's so far."""
        with self._at.transaction() as db:
            db.executemany(
                "UPDATE highlights SET speaker = ?, source = ?, via = ?, touched = ?"
                " WHERE id = ? AND speaker IS NULL AND source IS NULL",
                [(one.speaker, one.source, _json(one.via), seconds(now), one.id) for one in told],
            )

    def remove(self, ids: Sequence[int], *, now: datetime) -> None:
        """Put some away at their owner's wish; `restore` brings them back."""
        self._put(ids, removed=seconds(now), now=now)

    def restore(self, ids: Sequence[int], *, now: datetime) -> None:
        """Undo a removal."""
        self._put(ids, removed=None, now=now)

    def _put(self, ids: Sequence[int], *, removed: int | None, now: datetime) -> None:
        with self._at.transaction() as db:
            db.executemany(
                "UPDATE highlights SET removed = ?, touched = ? WHERE id = ?",
                [(removed, seconds(now), id) for id in ids],
            )


def _tags(kept: Sequence[str], before: Sequence[str], after: Sequence[str]) -> tuple[str, ...]:
    """The tags that are kept, with those that were put on, and without those taken off."""
    off = {*before} - {*after}
    on = [tag for tag in after if tag not in before and tag not in kept]
    return tuple(after) if tuple(kept) == tuple(before) else (*(tag for tag in kept if tag not in off), *on)


def _add(db: sqlite3.Connection, highlight: Highlight, *, now: datetime) -> int:
    quote, published = highlight.quote, highlight.published
    zone = published.utcoffset() if published else None
    values: Mapping[str, object] = {
        "uid": highlight.uid, "entry_id": highlight.entry_id, "kind": highlight.kind, "exact": quote.exact,
        "prefix": quote.prefix, "suffix": quote.suffix, "start": quote.start, "speaker": highlight.speaker,
        "source": highlight.source, "via": _json(highlight.via), "outlet": highlight.outlet, "title": highlight.title,
        "author": highlight.author, "url": highlight.url, "published": seconds(published) if published else None,
        "zone": int(zone.total_seconds()) if zone is not None else None,
        "retrieved": seconds(highlight.retrieved) if highlight.retrieved else None,
        "created": seconds(highlight.created), "changed": seconds(highlight.changed),
        "text_hash": highlight.text_hash, "note": highlight.note, "tags": _json(highlight.tags),
        "color": highlight.color, "touched": seconds(now),
    }  # fmt: skip
    row = db.execute(
        f"INSERT INTO highlights ({', '.join(values)}) VALUES ({', '.join(f':{name}' for name in values)})"
        " RETURNING id",
        values,
    ).fetchone()
    id: int = row[0]
    return id


def _highlight(row: sqlite3.Row) -> Highlight:
    # Not by name: it takes three times as long, for ten thousand that are listed at once.
    (
        id, uid, entry_id, kind, exact, prefix, suffix, start, speaker, source, via, outlet, title, author, url,
        published, zone, retrieved, created, changed, text_hash, note, tags, color,
    ) = row  # fmt: skip
    when = instant(published)
    return Highlight(
        id=id, uid=uid, entry_id=entry_id, kind=_KINDS.get(kind, HighlightKind.WORDS),
        quote=Quote(exact=exact, prefix=prefix, suffix=suffix, start=start), speaker=speaker, source=source,
        via=_words(via), outlet=outlet, title=title, author=author, url=url,
        published=when.astimezone(timezone(timedelta(seconds=zone))) if when and zone else when,
        retrieved=instant(retrieved), created=datetime.fromtimestamp(created, UTC),
        changed=datetime.fromtimestamp(changed, UTC), text_hash=text_hash, note=note, tags=_words(tags),
        color=_COLORS.get(color),
    )  # fmt: skip


def _json(words: Sequence[str]) -> str:
    return msgspec.json.encode(words).decode()


def _words(kept: str) -> tuple[str, ...]:
    return () if kept == "[]" else tuple(msgspec.json.decode(kept, type=list[str]))


class _Sql:
    """Conditions on `highlights`, with the values that they bind."""

    def __init__(self, db: sqlite3.Connection, now: datetime) -> None:
        self._entries = Sql(db, now)
        self.values, self.given = self._entries.values, self._entries.given

    def condition(self, query: Query) -> str:
        match query:
            case And(parts=parts):
                return f"({' AND '.join(map(self.condition, parts)) or 1})"
            case Or(parts=parts):
                return f"({' OR '.join(map(self.condition, parts))})"
            case Not(part=part):
                return f"NOT {self.condition(part)}"
            case Claimed(what=what):  # a highlight is of one claim
                return self.condition(what)
            case Words():
                words = self._entries.given(matching(query, _SAVED))
                return f"highlights.id IN (SELECT rowid FROM saved_search WHERE saved_search MATCH {words})"
            case Field():
                return f"coalesce({self._field(query)}, 0)"
        raise AssertionError(query)

    def _field(self, field: Field) -> str:
        ask = self._entries
        match field.name, field.value:
            case _, State.SAVED:
                return "1"
            case _, Has.NOTE:
                return "note <> ''"
            case _, Has.TAG:
                return "tags <> '[]'"
            case _, ClaimType.FIGURE:
                return f"(kind = 'figure' OR {self._of_claim(field)})"
            case _, ClaimType():
                return self._of_claim(field)
            case "tag", str() as tag:
                written = ", ".join(map(ask.given, cases(tag)))
                return f"EXISTS (SELECT 1 FROM json_each(tags) WHERE value COLLATE NOCASE IN ({written}))"
            case "author", str() as author:
                return ask.holds("author", author)
            case "newer" | "older" | "on", date() | Ago() as when:
                return ask.when(field.name, when, column="created")
            case "feed", str() as feed:
                return f"({ask.holds('outlet', feed)} OR {self._of_entry(field)})"
        return self._of_entry(field)

    def _of_claim(self, field: Field) -> str:
        """What is true of a claim whose words were saved, as long as the claims of its article are known."""
        told = self._entries.field(field)
        return (
            "EXISTS (SELECT 1 FROM claims WHERE claims.entry_id = highlights.entry_id"
            f" AND instr(highlights.exact, claims.content) AND {told})"
        )

    def _of_entry(self, field: Field) -> str:
        return (
            "highlights.entry_id IN (SELECT entries.id FROM entries LEFT JOIN states ON states.entry_id = entries.id"
            f" WHERE {self._entries.field(field)})"
        )
