"""What a library has beside its tables (indexes, triggers, views): told from what it must have, and made anew.

How it must be is known by making an empty library in memory. What is made anew is found in the tables, so nothing that
can be lost here is lost for good.
"""

from __future__ import annotations

import contextlib
import functools
import sqlite3
from typing import NamedTuple

from reader.store import schema

WORDS = ("search", "claim_search", "saved_search")
"""The full-text indexes; SQLite keeps each in some tables of its own, which a library may lose as well."""
_BROKEN = (sqlite3.SQLITE_ERROR, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_CONSTRAINT)
"""What a broken index may fail with; of all else, such as a full disk, it says nothing."""


class _Thing(NamedTuple):
    """A row of `sqlite_schema`."""

    kind: str
    name: str
    sql: str


class _Wanted(NamedTuple):
    tables: tuple[str, ...]
    others: tuple[_Thing, ...]
    """Views, indexes and full-text indexes, then triggers, in the order in which they can be made."""
    settings: tuple[tuple[str, str, int], ...]
    """Of full-text indexes: which, what, and its value."""


@functools.cache
def _wanted() -> _Wanted:
    with contextlib.closing(schema.empty()) as db:
        things = _things(db)
        own = [f"{index}_" for index in WORDS]
        tables = [
            one.name for one in things if one.kind == "table" and one.name not in WORDS and not _begins(one.name, own)
        ]
        others = [one for one in things if one.kind != "table" or one.name in WORDS]
        order = {"view": 0, "index": 1, "table": 2, "trigger": 3}
        settings = [
            (index, key, value)
            for index in WORDS
            for key, value in db.execute(f"SELECT k, v FROM {index}_config WHERE k <> 'version'")
        ]
        return _Wanted(tuple(tables), tuple(sorted(others, key=lambda one: order[one.kind])), tuple(settings))


def _things(db: sqlite3.Connection) -> list[_Thing]:
    """All but what SQLite makes by itself."""
    rows = db.execute("SELECT type, name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\'")
    return [_Thing(*row) for row in rows]


def _begins(name: str, with_one_of: list[str]) -> bool:
    return name.startswith(tuple(with_one_of))


def lost(db: sqlite3.Connection) -> list[str]:
    """The tables that are gone: what they held can't be made anew."""
    there = {one.name for one in _things(db) if one.kind == "table"}
    return [name for name in _wanted().tables if name not in there]


def faults(db: sqlite3.Connection) -> list[str]:
    """What is gone or is not as it must be, a plain sentence each."""
    there = {one.name: one for one in _things(db)}
    found = []
    for one in _wanted().others:
        what = f"The {'index' if one.kind == 'table' else one.kind} {one.name}"
        if one.name not in there:
            found.append(f"{what} is gone.")
        elif there[one.name] != one:
            found.append(f"{what} is not as it must be.")
    return found


def drifted(db: sqlite3.Connection, index: str) -> bool:
    """Whether a full-text index does not fit its texts or can't be read; within a transaction.

    A write, and the only check that sees it: to SQLite's own an index that has drifted is sound.
    """
    try:
        db.execute(f"INSERT INTO {index} ({index}, rank) VALUES ('integrity-check', 1)")
    except sqlite3.DatabaseError as error:
        if error.sqlite_errorcode & 0xFF not in _BROKEN:
            raise
        return True
    return False


def make_anew(db: sqlite3.Connection) -> None:
    """Make everything beside the tables anew; within a transaction."""
    wanted = _wanted()
    named = {one.name for one in wanted.others}
    there = [one for one in _things(db) if one.name in named]
    # One that is broken can't be dropped, for SQLite would have to open it.
    db.execute("PRAGMA writable_schema = ON")
    virtual = [one for one in there if one.sql.upper().startswith("CREATE VIRTUAL")]
    db.executemany("DELETE FROM sqlite_schema WHERE type = 'table' AND name = ?", [(one.name,) for one in virtual])
    db.execute("PRAGMA writable_schema = RESET")
    # Triggers first, for they are gone with what they stand on.
    for one in sorted(there, key=lambda one: one.kind != "trigger"):
        if one not in virtual:
            db.execute(f"DROP {one.kind} IF EXISTS {one.name}")
    own = [f"{index}_" for index in WORDS]
    for one in _things(db):
        if one.kind == "table" and _begins(one.name, own):
            db.execute(f"DROP TABLE {one.name}")
    for one in wanted.others:
        db.execute(one.sql)
        if one.name in WORDS:
            for index, key, value in wanted.settings:
                if index == one.name:
                    db.execute(f"INSERT INTO {index} ({index}, rank) VALUES (?, ?)", (key, value))
            db.execute(f"INSERT INTO {one.name} ({one.name}) VALUES ('rebuild')")
    db.execute("REINDEX")  # what SQLite made by itself for what is unique
