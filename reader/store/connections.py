"""The connections to a library: one a thread for reading, one writer at a time."""

from __future__ import annotations

import functools
import sqlite3
import threading
import time
import zlib
from collections.abc import Callable, Iterator, Sized
from contextlib import contextmanager, suppress
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

_LEAVING = 2.0
"""Seconds at most that closing waits for those who are reading, …"""
_AGAIN = 0.02
"""… who are broken off again after so many: a statement may have come after the one that was."""


class Connections:
    """The library at one path; safe to use from any thread, each with a connection of its own.

    A connection that is closed while another thread is in it crashes the program. So uses are counted, a question asked
    of the store each, and of whoever closes and those that were under way then the last one closes them all.
    """

    def __init__(self, path: Path) -> None:
        schema.prepare(path)
        self.path = path
        self._of: dict[threading.Thread, sqlite3.Connection] = {}
        self._more: list[sqlite3.Connection] = []
        self._writing = threading.Lock()
        self._changing = threading.Condition()
        """Held while a use begins or ends, or a connection comes or goes; never while anything is read."""
        self._uses = 0
        self._closed = False
        self.written = 0
        """How often this program has written, so that it can tell others' writing from its own."""

    def close(self) -> None:
        """Refuse every use from now on, and close all connections when what is being written is.

        What is being read is broken off. Should somebody not leave in time, they close them when they do.
        """
        with self._writing, self._changing:
            self._closed = True
        end = time.monotonic() + _LEAVING
        with self._changing:
            while self._uses and time.monotonic() < end:
                for db in (*self._of.values(), *self._more):
                    db.interrupt()
                self._changing.wait(_AGAIN)
            if not self._uses:
                self._let_go()

    @contextmanager
    def use(self) -> Iterator[None]:
        """A use of any connections, which are not closed meanwhile; refused once they are to be."""
        with self._changing:
            self._refuse_when_closed()
            self._uses += 1
        try:
            yield
        finally:
            with self._changing:
                self._uses -= 1
                if self._closed and not self._uses:
                    self._let_go()
                    self._changing.notify_all()

    def _let_go(self) -> None:
        for db in (*self._of.values(), *self._more):
            with suppress(sqlite3.Error):
                db.execute("SELECT 1")  # until its next statement it is broken off, and would not put the log in order
            db.close()
        self._of.clear()
        self._more.clear()

    def _refuse_when_closed(self) -> None:
        if self._closed:
            raise schema.closed(self.path)

    @property
    def db(self) -> sqlite3.Connection:
        """This thread's connection, asked for again for each statement: none follows once all are to be closed."""
        self._refuse_when_closed()
        me = threading.current_thread()
        if me not in self._of:
            mine = self._connect()
            with self._changing:
                for thread in [thread for thread in self._of if not thread.is_alive()]:
                    self._of.pop(thread).close()
                self._of[me] = mine
        return self._of[me]

    def another(self) -> sqlite3.Connection:
        """A connection more, closed with the others."""
        more = self._connect()
        with self._changing:
            self._more.append(more)
        return more

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
    """Make every public method of `cls` say what an SQLite error means to the person; `cls` has `_at: Connections`.

    Each is a use of these, but for `close`, which waits for them.
    """

    def explaining(method: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(method)
        def call(self: Any, *args: Any, **kwargs: Any) -> Any:
            with self._at.use():
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
        if not name.startswith("_") and name != "close" and callable(method):
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
