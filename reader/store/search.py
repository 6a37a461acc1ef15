"""What a query finds: its tree as SQL over the library and its indexes of words."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from types import MappingProxyType
from typing import NamedTuple

from reader.model import Span
from reader.query import (
    Ago,
    And,
    Claimed,
    ClaimType,
    Field,
    Has,
    Not,
    Or,
    Query,
    State,
    Where,
    Words,
    fields_of,
    words_of,
)
from reader.store.connections import KEPT, Connections, explained, seconds


class _Index(NamedTuple):
    """An index of words, and the rows that it is asked about."""

    name: str
    key: str


# The plus keeps SQLite from looking up every entry that holds a common word: it reads them by time, and stops early.
_ARTICLES = _Index("search", "+entries.id")
_CLAIMS = _Index("claim_search", "+claims.id")
_FEW_CLAIMS = _Index("claim_search", "claims.id")
_FEW = 3000
_COLUMNS = {Where.TITLE: "title", Where.TEXT: "text", Where.CLAIM: "content", Where.SPEAKER: "speaker"}


def _highlighted(of: str = "1") -> str:
    """Whether something was saved of an entry, or of its address as another feed has it, of which more is asked."""
    those = f"FROM highlights WHERE removed IS NULL AND {of} AND"
    return (
        f"(entries.id IN (SELECT entry_id {those} entry_id IS NOT NULL)"
        f" OR coalesce(entries.url IN (SELECT url {those} url IS NOT NULL), 0))"
    )


_TAGGED = _highlighted("tags <> '[]'")
_STATES = {
    State.READ: "coalesce(read, 0)",
    State.UNREAD: "NOT coalesce(read, 0)",
    State.STARRED: "coalesce(starred, 0)",
    State.SAVED: f"(coalesce(starred, 0) OR {_highlighted()})",
    State.MUTED: "coalesce(muted, 0)",
}
_HAS = {
    Has.CLAIMS: "EXISTS (SELECT 1 FROM claims WHERE entry_id = entries.id)",
    Has.FIGURES: "EXISTS (SELECT 1 FROM claims WHERE entry_id = entries.id AND figures)",
    Has.CONFLICT: "entries.id IN (SELECT entry_id FROM told WHERE story IN"
    " (SELECT story FROM ledgers WHERE conflicts))",
    Has.NOTE: _highlighted("note <> ''"),
    Has.TAG: f"(EXISTS (SELECT 1 FROM tags WHERE entry_id = entries.id) OR {_TAGGED})",
    Has.MEDIA: "EXISTS (SELECT 1 FROM enclosures WHERE entry_id = entries.id)",
    # All who could tell the same, then those who do: the view read whole would take far longer.
    Has.STORY: """EXISTS (
        SELECT 1 FROM told AS mine JOIN told AS other ON other.story = mine.story
        WHERE mine.entry_id = entries.id AND other.entry_id <> entries.id AND other.entry_id IN (
            SELECT entry_id FROM story_choices WHERE story = mine.story
            UNION ALL SELECT entry_id FROM stories WHERE story = mine.story OR story IN (
                SELECT entry_id FROM stories WHERE story = mine.story
                UNION ALL SELECT entry_id FROM story_choices WHERE story = mine.story
            )
        )
    )""",
}
_TYPES = {
    ClaimType.FIGURE: "figures",
    ClaimType.DIRECT: "quotation = 'direct'",
    ClaimType.INDIRECT: "quotation = 'indirect'",
    ClaimType.MIXED: "quotation = 'mixed'",
    ClaimType.QUOTATION: "quotation <> 'indirect'",
    ClaimType.DENIED: "denied",
    ClaimType.NAMED: "named",
    ClaimType.ANONYMOUS: "NOT named",
}

_BEGIN, _END = "\x01", "\x02"  # no cleaned text has them


@explained
class Search:
    """What queries find in a library; reached as `Store.search`, safe to use from any thread.

    Every method raises `StoreError` with a plain sentence when the file can't be read. Days are those of the time zone
    of `now`.
    """

    def __init__(self, at: Connections) -> None:
        self._at = at

    def find(self, query: Query, *, now: datetime, limit: int | None = None) -> list[int]:
        """The ids of the entries that match, or of the newest `limit` of them, newest first.

        Muted entries are left out unless `is:muted` is in the query, those of removed feeds unless they are kept.
        """
        sql = Sql(self._at.db, now, limited=limit is not None)
        condition = sql.condition(query, _ARTICLES)
        if Field(name="is", value=State.MUTED) not in fields_of(query):
            condition += " AND coalesce(muted, 0) = 0"
        rows = self._at.db.execute(
            f"SELECT entries.id FROM entries LEFT JOIN states ON states.entry_id = entries.id WHERE {condition}"
            f" AND (feed_id NOT IN (SELECT id FROM feeds WHERE removed IS NOT NULL) OR {KEPT})"
            f" ORDER BY sorted DESC, entries.id DESC LIMIT {sql.given(-1 if limit is None else limit)}",
            sql.values,
        )
        return [row[0] for row in rows]

    def matches(self, query: Query, ids: Sequence[int], *, now: datetime) -> set[int]:
        """Those of some entries that match, be they muted or their feeds removed."""
        if not ids:
            return set()
        sql = Sql(self._at.db, now, among=(min(ids), max(ids)))
        rows = self._at.db.execute(
            "SELECT entries.id FROM entries LEFT JOIN states ON states.entry_id = entries.id"
            f" WHERE entries.id IN (SELECT value FROM json_each({sql.given(json.dumps(ids))}))"
            f" AND {sql.condition(query, _ARTICLES)}",
            sql.values,
        )
        return {row[0] for row in rows}

    def hits(self, query: Query, entry_id: int) -> tuple[tuple[Span, ...], tuple[Span, ...]]:
        """Where the words of a query stand in an entry's title and in its text; words in claims anywhere in it."""
        found = [
            replace(words, where=Where.TEXT if words.where is Where.CLAIM else words.where) for words in words_of(query)
        ]
        row = (
            self._at.db.execute(
                "SELECT highlight(search, 1, :begin, :end), highlight(search, 0, :begin, :end)"
                " FROM search WHERE search MATCH :words AND rowid = :id",
                {"begin": _BEGIN, "end": _END, "words": " OR ".join(map(matching, found)), "id": entry_id},
            ).fetchone()
            if found
            else None
        )
        return (_spans(row[0]), _spans(row[1])) if row else ((), ())


class Sql:
    """Conditions, with the values that they bind."""

    def __init__(
        self, db: sqlite3.Connection, now: datetime, *, among: tuple[int, int] | None = None, limited: bool = False
    ) -> None:
        self.values: list[str | int] = []
        self._db = db
        self._now = now
        self._among = among
        """The first and last entry in question: the index need not be read beyond them."""
        self._limited = limited
        """Whether only the newest that match are asked for."""

    def given(self, value: str | int) -> str:
        """The place of a value."""
        self.values.append(value)
        return f"?{len(self.values)}"

    def condition(self, query: Query, index: _Index) -> str:
        """What must be true of a row of `entries` beside its `states`, or of `claims` as the index is."""
        if words := _expression(query):
            return self._indexed(words, index)
        match query:
            case And(parts=parts):
                asked = _gathered(And(parts=tuple(filter(_worded, parts))), parts)
                return f"({' AND '.join(self.condition(part, index) for part in asked) or 1})"
            case Or(parts=parts):
                asked = _gathered(Or(parts=tuple(filter(_expression, parts))), parts)
                return f"({' OR '.join(self.condition(part, index) for part in asked)})"
            case Not(part=part):
                return f"NOT {self.condition(part, index)}"
            case Claimed(what=what):
                return self._claimed(what)
            case Field():
                return self.field(query)
        raise AssertionError(query)

    def _indexed(self, words: str, index: _Index) -> str:
        rows = f"SELECT rowid FROM {index.name} WHERE {index.name} MATCH {self.given(words)}"
        if self._among and index is _ARTICLES:
            first, last = map(self.given, self._among)
            rows += f" AND rowid BETWEEN {first} AND {last}"
        return f"{index.key} IN ({rows})"

    def _claimed(self, what: Query) -> str:
        if self._few(what):
            told = self.condition(what, _FEW_CLAIMS)
            return f"+entries.id IN (SELECT entry_id FROM claims WHERE {told})"
        told = self.condition(what, _CLAIMS)
        return f"EXISTS (SELECT 1 FROM claims WHERE entry_id = entries.id AND {told})"

    def _few(self, what: Query) -> bool:
        """Whether the claims are so few that their articles are looked up sooner than each is asked for its own."""
        parts = what.parts if isinstance(what, And) else (what,)
        words = _expression(And(parts=tuple(filter(_expression, parts))))
        if not words or self._among:
            return False
        if not self._limited:
            return True
        counted = "SELECT count(*) FROM (SELECT 1 FROM claim_search WHERE claim_search MATCH ? LIMIT ?)"
        count: int = self._db.execute(counted, (words, _FEW)).fetchone()[0]
        return count < _FEW

    def field(self, field: Field) -> str:
        """What must be true of a row of `entries` beside its `states`, or of `claims` for a type."""
        match field.value:
            case State() as state:
                return _STATES[state]
            case Has() as has:
                return _HAS[has]
            case ClaimType() as type:
                return _TYPES[type]
            case date() | Ago() as when:
                return self.when(field.name, when)
            case str() as text:
                return self._text(field.name, text)
            case number:
                place = self.given(number)
                if field.name == "entry":
                    return f"entries.id = {place}"
                return f"entries.id IN (SELECT entry_id FROM told WHERE story = {place})"

    def when(self, name: str, when: date | Ago, *, column: str = "sorted") -> str:
        """What must be true of an instant that is kept in a column."""
        if isinstance(when, Ago):
            start = end = seconds(self._now) - when.seconds
        else:
            start, end = (
                seconds(datetime.combine(day, time(), self._now.tzinfo)) for day in (when, when + timedelta(1))
            )
        match name:
            case "newer":
                return f"{column} >= {self.given(start)}"
            case "older":
                return f"{column} < {self.given(start)}"
        return f"{column} BETWEEN {self.given(start)} AND {self.given(end - 1)}"

    def _text(self, name: str, text: str) -> str:
        match name:
            case "tag":
                tags = ", ".join(map(self.given, cases(text)))
                own = f"EXISTS (SELECT 1 FROM json_each(tags) WHERE value COLLATE NOCASE IN ({tags}))"
                return (
                    f"(entries.id IN (SELECT entry_id FROM tags WHERE tag COLLATE NOCASE IN ({tags}))"
                    f" OR {_highlighted(own)})"
                )
            case "author":
                return f"coalesce({self.holds('author', text)}, 0)"
            case "folder":
                return f"feed_id IN (SELECT id FROM feeds WHERE {self.holds('folder', text)})"
        return f"feed_id IN (SELECT id FROM feeds WHERE {self.holds('title', text)} OR {self.holds('url', text)})"

    def holds(self, column: str, part: str) -> str:
        """Whether a column holds some words as a part, in whichever case."""
        escaped = "".join("\\" + char if char in "\\%_" else char for char in part)
        return (
            "(" + " OR ".join(f"{column} LIKE {self.given(f'%{case}%')} ESCAPE '\\'" for case in cases(escaped)) + ")"
        )


def cases(text: str) -> list[str]:
    """A text as it may be written: SQLite knows the case of ASCII only."""
    if text.isascii():
        return [text]
    return list(dict.fromkeys([text, text.lower(), text.upper(), text.title(), text.capitalize()]))


def _gathered(words: And | Or, parts: tuple[Query, ...]) -> tuple[Query, ...]:
    """The parts with those that are words made one, which the index answers without telling of each."""
    return (words, *(part for part in parts if part not in words.parts)) if _expression(words) else parts


def _worded(query: Query) -> bool:
    """Whether a query, as one of several, can be asked of an index of words."""
    return bool(_expression(query.part if isinstance(query, Not) else query))


def _expression(query: Query) -> str:
    """The query in the language of the index; empty where that can't tell it: it knows no NOT alone, and no fields."""
    match query:
        case Words():
            return matching(query)
        case Or(parts=parts):
            found = [_expression(part) for part in parts]
            if found and all(found):
                return f"({' OR '.join(found)})"
        case And(parts=parts):
            held = [_expression(part) for part in parts if not isinstance(part, Not)]
            without = [_expression(part.part) for part in parts if isinstance(part, Not)]
            if held and all(held) and all(without):
                left_out = f" NOT ({' OR '.join(without)})" if without else ""
                return f"(({' AND '.join(held)}){left_out})"
    return ""


def matching(words: Words, columns: Mapping[Where, str] = MappingProxyType(_COLUMNS)) -> str:
    """Words in the language of an index whose columns for each place to look in are these."""
    # Always quoted: bare words raise on most natural queries ("c++", "don't").
    column = f"{columns[words.where]} : " if words.where else ""
    return column + '"' + words.text.replace('"', '""') + '"' + (" *" if words.prefix else "")


def _spans(marked: str) -> tuple[Span, ...]:
    """Where the marks stand in the text that had none."""
    spans: list[Span] = []
    before, *pieces = marked.split(_BEGIN)
    at = len(before)
    for piece in pieces:
        hit, _, rest = piece.partition(_END)
        spans.append(Span(at, at + len(hit)))
        at += len(hit) + len(rest)
    return tuple(spans)
