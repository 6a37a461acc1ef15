"""The connections to a library: one a thread for reading, one writer at a time."""

from __future__ import annotations

import functools
import sqlite3
import threading
from collections.abc import Callable, Iterator, Sized
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from reader.store import schema

_C = TypeVar("_C")

KEPT = """(
    EXISTS (SELECT 1 FROM states WHERE entry_id = entries.id AND starred)
    OR EXISTS (SELECT 1 FROM highlights WHERE entry_id = entries.id)
    OR EXISTS (SELECT 1 FROM tags WHERE entry_id = entries.id)
)"""
"""Whether an entry is kept for ever: saved, tagged, or something in it highlighted, be it put away again."""

PAGE = 500
"""Bound variables a statement; SQLite's oldest limit is 999."""


class Connections:
    """The library at one path; safe to use from any thread, each with a connection of its own."""

    def __init__(self, path: Path) -> None:
        schema.prepare(path)
        self.path = path
        self._mine = threading.local()
        self._all: list[sqlite3.Connection] = []
        self._writing = threading.Lock()
        self.written = 0
        """How often this program has written, so that it can tell others' writing from its own."""

    def close(self) -> None:
        """Close every thread's connection."""
        for db in self._all:
            db.close()

    @property
    def db(self) -> sqlite3.Connection:
        """This thread's connection."""
        if not hasattr(self._mine, "db"):
            self._mine.db = self.another()
        db: sqlite3.Connection = self._mine.db
        return db

    def another(self) -> sqlite3.Connection:
        """A connection more, closed with the others."""
        db = schema.connect(self.path)
        db.row_factory = sqlite3.Row
        self._all.append(db)
        return db

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """A transaction that writes; undone whole when anything in it fails."""
        # IMMEDIATE: a deferred transaction that turns to writing can fail with "locked" however long it waits.
        with self._writing:
            db = self.db
            db.execute("BEGIN IMMEDIATE")
            try:
                yield db
                db.execute("COMMIT")
                self.written += 1
            except BaseException:
                if db.in_transaction:
                    db.execute("ROLLBACK")
                raise


def explained(cls: type[_C]) -> type[_C]:
    """Make every public method of `cls` say what an SQLite error means to the person; `cls` has `_at: Connections`."""

    def explaining(method: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(method)
        def call(self: Any, *args: Any, **kwargs: Any) -> Any:
            try:
                return method(self, *args, **kwargs)
            except sqlite3.Error as error:
                raise schema.explain(error, self._at.path) from error

        return call

    for name, method in list(vars(cls).items()):
        if not name.startswith("_") and callable(method):
            setattr(cls, name, explaining(method))
    return cls


def seconds(instant: datetime) -> int:
    """An instant as the library keeps it."""
    return int(instant.timestamp())


def instant(seconds: int | None) -> datetime | None:
    """What was kept as an instant again."""
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)


def marks(values: Sized) -> str:
    """The placeholders of so many bound values."""
    return ",".join("?" * len(values))
