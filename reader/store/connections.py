"""The connections to a library: one a thread for reading, one writer at a time."""

from __future__ import annotations

import functools
import sqlite3
import threading
import zlib
from collections.abc import Callable, Iterator, Sized
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import msgspec

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
        self._of: dict[threading.Thread, sqlite3.Connection] = {}
        self._more: list[sqlite3.Connection] = []
        self._writing = threading.Lock()
        self.written = 0
        """How often this program has written, so that it can tell others' writing from its own."""

    def close(self) -> None:
        """Close every thread's connection, when what is being written is."""
        with self._writing:
            for db in (*self._of.values(), *self._more):
                db.close()

    @property
    def db(self) -> sqlite3.Connection:
        """This thread's connection."""
        me = threading.current_thread()
        if me not in self._of:
            for thread in [thread for thread in list(self._of) if not thread.is_alive()]:
                if left := self._of.pop(thread, None):
                    left.close()
            self._of[me] = self._connect()
        return self._of[me]

    def another(self) -> sqlite3.Connection:
        """A connection more, closed with the others."""
        self._more.append(self._connect())
        return self._more[-1]

    def _connect(self) -> sqlite3.Connection:
        db = schema.connect(self.path)
        db.row_factory = sqlite3.Row
        return db

    def is_sound(self) -> bool:
        """Whether the file's rows are what they are declared to be."""
        try:
            sound: bool = self.db.execute("PRAGMA quick_check(1)").fetchone()[0] == "ok"
        except (sqlite3.Error, UnicodeDecodeError):
            return False
        return sound

    def shrink_log(self) -> None:
        """Move all that was written from the log into the file, and empty it; as far as others who read let it."""
        self.db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

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
            except (sqlite3.Error, zlib.error, msgspec.MsgspecError, UnicodeDecodeError) as error:
                raise schema.explain(error, self._at.path) from error
            except (TypeError, ValueError, OverflowError) as error:
                if self._at.is_sound():
                    raise
                raise schema.explain(error, self._at.path) from error  # a row that is damaged can hold anything

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
