"""Saved queries as the front ends see them: smart feeds, and rules for what comes in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from reader.library.answers import LibraryError
from reader.model import Action, ActionKind, Entry, SavedQuery
from reader.query import And, Field, QueryError, State, parse
from reader.store.store import Store
from reader.text import one_line


class Rules:
    """The saved queries of a library; reached as `Library.rules`. Methods block.

    They raise QueryError for a query that means nothing, LibraryError for what else can't be done.
    """

    def __init__(self, store: Store, *, now: Callable[[], datetime]) -> None:
        self._store, self._now = store, now

    def keep(self, name: str, query: str, actions: Sequence[str] = ()) -> SavedQuery:
        """Save a query as a smart feed, or with actions (`mute`, `read`, `save`, `tag:NAME`, `notify`) as a rule."""
        name, query = one_line(name), one_line(query)
        if not name:
            raise LibraryError("A saved query needs a name.")
        parse(query)
        return self._store.queries.keep(name, query, [_action(action) for action in actions])

    def named(self, name: str) -> SavedQuery:
        """The saved query of a name."""
        name = one_line(name)
        for saved in self._store.queries.all():
            if saved.name == name:
                return saved
        raise LibraryError(f"No saved query is named “{name}”.")

    def remove(self, name: str) -> SavedQuery:
        """Drop a saved query; what it did stays done."""
        saved = self.named(name)
        self._store.queries.remove(saved.name)
        return saved

    def found_by(self, query: str) -> list[Entry]:
        """The entries that a rule with this query would act on, newest first; nothing is done to them."""
        ids = self._store.search.find(parse(query), now=self._now())
        entries = self._store.entries(ids)
        return [entries[id] for id in ids if id in entries]

    def waiting(self, saved: SavedQuery) -> int:
        """How many unread entries a saved query finds; 0 where it can't be understood any more."""
        try:
            query = And(parts=(parse(saved.query), Field(name="is", value=State.UNREAD)))
        except QueryError:
            return 0
        return len(self._store.search.find(query, now=self._now()))

    def apply(self, rule: SavedQuery) -> int:
        """Let a rule act on all that is in the library; returns on how many entries it did. Nothing is told."""
        ids = self._store.search.find(parse(rule.query), now=self._now())
        self._store.queries.apply(rule, ids, now=self._now())
        return len(ids)


def _action(written: str) -> Action:
    name, _, tag = written.strip().partition(":")
    known = ", ".join(f"{kind}:NAME" if kind is ActionKind.TAG else str(kind) for kind in ActionKind)
    try:
        kind = ActionKind(name)
    except ValueError:
        raise LibraryError(f"“{one_line(written)}” is nothing that a rule can do; it can {known}.") from None
    tag = one_line(tag)
    if bool(tag) != (kind is ActionKind.TAG):
        raise LibraryError(f"“{one_line(written)}” is nothing that a rule can do; it can {known}.")
    return Action(kind, tag)
