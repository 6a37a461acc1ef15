"""The queries that the person keeps: smart feeds, and rules for what comes in."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import datetime

import msgspec

from reader.model import Action, ActionKind, SavedQuery
from reader.query import QueryError, parse
from reader.store.connections import Connections, explained
from reader.store.search import Search
from reader.store.states import State, set_state, set_tag

_STATES: dict[ActionKind, State] = {
    ActionKind.MUTE: "muted",
    ActionKind.READ: "read",
    ActionKind.SAVE: "starred",
}


@explained
class QueryStore:
    """The saved queries of a library; reached as `Store.queries`, safe to use from any thread.

    Every method raises `StoreError` with a plain sentence when the file can't be read or written.
    """

    def __init__(self, at: Connections, search: Search) -> None:
        self._at, self._search = at, search

    def all(self) -> list[SavedQuery]:
        """All saved queries, in the person's order."""
        return [_saved(row) for row in self._at.db.execute("SELECT * FROM queries ORDER BY position, id")]

    def keep(self, name: str, query: str, actions: Sequence[Action] = ()) -> SavedQuery:
        """Save a query under a name, in the place of the one that had it."""
        with self._at.transaction() as db:
            row = db.execute(
                "INSERT INTO queries (name, query, actions, position)"
                " VALUES (?, ?, ?, (SELECT coalesce(max(position), 0) + 1 FROM queries))"
                " ON CONFLICT (name) DO UPDATE SET query = excluded.query, actions = excluded.actions RETURNING *",
                (name, query, msgspec.json.encode(actions).decode()),
            ).fetchone()
        return _saved(row)

    def remove(self, name: str) -> bool:
        """Drop the query of a name; False when there is none."""
        with self._at.transaction() as db:
            return bool(db.execute("DELETE FROM queries WHERE name = ?", (name,)).rowcount)

    def act(self, db: sqlite3.Connection, ids: Sequence[int], *, now: datetime) -> tuple[tuple[str, int], ...]:
        """Let every rule act on those of some entries that it finds, within a transaction; returns what is to be told.

        A rule sees what the ones before it did. One whose query can't be understood any more does nothing.
        """
        rules = [rule for rule in self.all() if rule.actions] if ids else []
        return tuple(told for rule in rules for told in self._act(db, rule, ids, now=now))

    def apply(self, rule: SavedQuery, ids: Sequence[int], *, now: datetime) -> None:
        """Let one rule act on entries that it was found to match."""
        with self._at.transaction() as db:
            _do(db, rule, ids, now=now)

    def _act(
        self, db: sqlite3.Connection, rule: SavedQuery, ids: Sequence[int], *, now: datetime
    ) -> list[tuple[str, int]]:
        try:
            found = self._search.matches(parse(rule.query), ids, now=now)
        except QueryError:
            return []
        _do(db, rule, sorted(found), now=now)
        tells = any(action.kind is ActionKind.NOTIFY for action in rule.actions)
        return [(rule.name, entry_id) for entry_id in sorted(found)] if tells else []


def _do(db: sqlite3.Connection, rule: SavedQuery, ids: Sequence[int], *, now: datetime) -> None:
    for action in rule.actions:
        if action.kind in _STATES:
            set_state(db, _STATES[action.kind], ids, True, now=now)
        elif action.kind is ActionKind.TAG:
            set_tag(db, ids, action.tag, True)


def _saved(row: sqlite3.Row) -> SavedQuery:
    actions = msgspec.json.decode(row["actions"], type=tuple[Action, ...])
    return SavedQuery(id=row["id"], name=row["name"], query=row["query"], actions=actions)
