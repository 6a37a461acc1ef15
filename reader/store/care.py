"""What keeps a library well for years: backups, a check of its health, and letting go of what is old."""

from __future__ import annotations

import contextlib
import sqlite3
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import msgspec

from reader.model import Color, HighlightKind
from reader.store import indexes, schema
from reader.store.carved import carved
from reader.store.connections import KEPT, Connections, explained, seconds
from reader.store.packed import unpack, zipped

_AT_ONCE = 500
"""Entries let go in one transaction, so that no other program waits long."""
_PROBED = 100_000
"""Rows looked for one by one where a table can't be read from either end."""
_OWN = (
    "feeds", "entries", "articles", "highlights", "states", "tags", "queries", "story_choices", "lists", "checks",
    "revisions", "enclosures", "forgotten",
)  # fmt: skip
"""What is salvaged, what others refer to first; the rest is found again."""
_PACKED = ("title", "text", "rest")
_JSON = (
    ("highlights", "via", "[]"),
    ("highlights", "tags", "[]"),
    ("feeds", "settings", "{}"),
    ("queries", "actions", "[]"),
)
"""What is kept as JSON of what is salvaged, and what takes its place where that is damaged."""


@explained
class Care:
    """The care of a library; reached as `Store.care`, safe to use from any thread."""

    def __init__(self, at: Connections) -> None:
        self._at = at

    def backup(self, to: Path) -> None:
        """Write a copy of the library as it is now into a new file; others may write to it meanwhile.

        Raises `StoreError` when the file is there already or can't be written.
        """
        schema.copy(self._at.db, to)

    def faults(self) -> list[str]:
        """What is wrong with the library, a plain sentence each."""
        return _faults(self._at.db, self._at.transaction)

    def mend(self) -> list[str]:
        """Make everything anew that can be made of the tables, and return what is wrong then.

        Where anything is, nothing was changed: of a damaged file all that can be read is to be saved as it is.
        """
        try:
            with self._at.transaction() as db:
                if not indexes.lost(db):
                    indexes.make_anew(db)
                if left := _faults(db, lambda: nullcontext(db)):
                    raise _StillWrong(left)
        except _StillWrong as error:
            return error.faults
        self._at.shrink_log()
        return []

    def forget(self, *, before: datetime) -> int:
        """Let go of the entries that came before an instant, but for those kept for ever; returns how many.

        They don't come again, though their feeds may still carry them.
        """
        gone = 0
        while True:
            with self._at.transaction() as db:
                rows = db.execute(
                    f"SELECT id, feed_id, guid FROM entries WHERE added < ? AND NOT {KEPT} LIMIT ?",
                    (seconds(before), _AT_ONCE),
                ).fetchall()
                db.executemany(
                    "INSERT OR IGNORE INTO forgotten (feed_id, guid) VALUES (?, ?)",
                    [(row["feed_id"], row["guid"]) for row in rows],
                )
                db.executemany("DELETE FROM entries WHERE id = ?", [(row["id"],) for row in rows])
            gone += len(rows)
            if len(rows) < _AT_ONCE:
                return gone

    def tidy(self) -> int:
        """Give back the space that is no longer used; returns how many bytes smaller the file is."""
        self._at.shrink_log()
        before = self._at.path.stat().st_size
        with self._at.transaction() as db:
            for index in indexes.WORDS:
                db.execute(f"INSERT INTO {index} ({index}) VALUES ('optimize')")
        self._at.db.execute("VACUUM")  # which writes all of the library into the log
        self._at.shrink_log()
        return before - self._at.path.stat().st_size


class _StillWrong(Exception):
    """After all was made anew there are faults."""

    def __init__(self, faults: list[str]) -> None:
        self.faults = faults
        super().__init__()


def _faults(db: sqlite3.Connection, writing: Callable[[], AbstractContextManager[sqlite3.Connection]]) -> list[str]:
    """What is wrong with a library, a plain sentence each; `writing` gives what lets `db` be written to."""
    found = []
    rows = [row[0] for row in db.execute("PRAGMA integrity_check(20)")]
    found += [f"The file is damaged: {row}." for row in rows if row != "ok"]
    if lost := indexes.lost(db):
        return [*found, *(f"The table {name} is gone, with all that it held." for name in lost)]
    found += indexes.faults(db)
    if broken := db.execute("PRAGMA foreign_key_check").fetchall():
        found.append(f"{len(broken)} rows refer to others that are gone.")
    for table, column, _ in _JSON:
        spoilt = db.execute(f"SELECT count(*) FROM {table} WHERE NOT json_valid({column})").fetchone()[0]
        found += [f"The {column} of {spoilt} {table} can't be read."] if spoilt else []
    articles = db.execute("SELECT title, text, rest FROM articles")
    if damaged := sum(not _is_whole(*row) for row in articles):
        return [*found, f"{damaged} articles can't be read."]  # and so no index can be compared with them
    for index in indexes.WORDS:
        if any(f" {index} " in fault for fault in found):
            continue
        with writing():
            if indexes.drifted(db, index):
                found.append(f"The index {index} does not fit the texts.")
    return found


def salvage(damaged: Path, to: Path) -> dict[str, int]:
    """Copy what can be read of a damaged library into a new one; returns the number of rows by table.

    The damaged file is only read. Raises `StoreError` when nothing of it can be read.
    """
    if to.exists():
        raise schema.StoreError(f"The file {to} is there already; name another.")
    part = to.with_name(f"{to.name}.part")
    try:
        part.unlink(missing_ok=True)
        schema.prepare(part)
        saved = _salvaged(damaged, part)
        if not any(saved.values()):
            raise schema.StoreError(f"Nothing could be read of {damaged}; it was left as it is.")
        part.rename(to)
        schema.sync(to.parent)
    except (sqlite3.Error, OSError) as error:
        raise schema.explain(error, to) from None
    finally:
        part.unlink(missing_ok=True)
    return saved


def _salvaged(damaged: Path, to: Path) -> dict[str, int]:
    """Copy what can be read into a library that is empty; returns the number of rows by table."""
    saved: dict[str, int] = {}
    uri = f"{damaged.absolute().as_uri()}?mode=ro"
    with contextlib.closing(schema.connect(to)) as new, contextlib.closing(sqlite3.connect(uri, uri=True)) as old:
        # Or it refuses all of a file that is cut short, or whose schema is damaged anywhere.
        old.execute("PRAGMA writable_schema = ON")
        new.execute("PRAGMA foreign_keys = OFF")
        new.execute("BEGIN IMMEDIATE")
        for table in _OWN:
            known = _columns(old, table)  # fewer in the library of an earlier version
            columns = [column for column in _columns(new, table) if column in known]
            rows = _readable(old, table, columns) if columns else ()
            saved[table] = _take(new, table, (dict(zip(columns, row, strict=True)) for row in rows))
        # What the person saved is looked for in every page; where SQLite could read nothing at all, the rest is too.
        for table in ("highlights",) if any(saved.values()) else _OWN:
            saved[table] += _take(new, table, _lying(damaged, new, table))
        for table, column, instead in _JSON:
            new.execute(f"UPDATE {table} SET {column} = ? WHERE NOT json_valid({column})", (instead,))
        new.execute("INSERT INTO search (search) VALUES ('rebuild')")  # first, for what goes is taken out of it
        for table, column, of in _references(new):
            new.execute(f"DELETE FROM {table} WHERE {column} NOT IN (SELECT id FROM {of})")
        new.execute("UPDATE highlights SET entry_id = NULL WHERE entry_id NOT IN (SELECT id FROM entries)")
        new.execute("COMMIT")
        new.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # all of it is in the file that is renamed
    return saved


def _take(new: sqlite3.Connection, table: str, rows: Iterable[dict[str, Any]]) -> int:
    """Keep what can be of the rows of a table, unless it is there already; returns how many."""
    taken = 0
    for row in rows:
        kept = _as_now(table, row)
        if kept is None:
            continue
        with contextlib.suppress(sqlite3.IntegrityError):  # a row that breaks what every row must keep to
            names = ", ".join(kept)
            marks = ", ".join("?" * len(kept))
            new.execute(f"INSERT INTO {table} ({names}) VALUES ({marks})", tuple(kept.values()))
            taken += 1
    return taken


def _lying(damaged: Path, new: sqlite3.Connection, table: str) -> list[dict[str, Any]]:
    """The rows of a table as they lie in the pages of a file, what was changed last first."""
    told = new.execute(f"PRAGMA table_info({table})").fetchall()
    if told[0][2] != "INTEGER" or not told[0][5]:
        return []  # kept as an index is
    names = [column[1] for column in told]
    rows: list[dict[str, Any]] = []
    with contextlib.suppress(OSError):
        rows += (dict(zip(names, row, strict=False)) for row in carved(damaged, told))
    return sorted(rows, key=lambda row: row.get("changed", 0), reverse=True)


def _as_now(table: str, row: dict[str, Any]) -> dict[str, Any] | None:
    """A row of any version's library as this one keeps it; None for an article that can't be read."""
    if table == "articles":
        row |= {name: zipped(row[name]) for name in ("text", "rest") if isinstance(row.get(name), str)}
        return row if _is_whole(*map(row.get, _PACKED)) else None
    if table == "highlights":
        if "uid" not in row:
            row |= {"uid": str(uuid4()), "changed": row.get("created")}
        if row.get("kind") not in list(HighlightKind):
            row["kind"] = HighlightKind.CLAIM if row.get("source") else HighlightKind.WORDS
        if row.get("color") not in list(Color):
            row["color"] = None
    return row


def _columns(db: sqlite3.Connection, table: str) -> list[str]:
    """The columns of a table, as far as they can be told."""
    with contextlib.suppress(sqlite3.DatabaseError):
        return [row[1] for row in db.execute(f"PRAGMA table_info({table})")]
    return []


def _is_whole(title: Any, text: Any, rest: Any) -> bool:
    """Whether what a row keeps of an article can be read again."""
    try:
        unpack(title, text, rest)
    except (zlib.error, msgspec.MsgspecError, TypeError, ValueError):
        return False
    return True


def _references(db: sqlite3.Connection) -> Iterator[tuple[str, str, str]]:
    """Which column of the salvaged tables refers to which table's id, and must."""
    for table in _OWN:
        for row in db.execute(f"PRAGMA foreign_key_list({table})"):
            if row[6] == "CASCADE":
                yield table, row[3], row[2]


def _readable(db: sqlite3.Connection, table: str, columns: list[str]) -> Iterator[tuple[object, ...]]:
    """The rows of a table that can be read: from its beginning, from its end, and one by one between."""
    names, key = ", ".join(columns), columns[0]
    try:
        plain = db.execute(
            f"SELECT name FROM pragma_table_info('{table}') WHERE pk = 1 AND type = 'INTEGER'"
        ).fetchone()
    except sqlite3.DatabaseError:
        return
    first = last = None
    for order in ("ASC", "DESC"):
        reached = None
        try:
            bound = f"WHERE {key} > ?" if order == "DESC" and first is not None else ""
            rows = db.execute(f"SELECT {names} FROM {table} {bound} ORDER BY {key} {order}", (first,) if bound else ())
            for row in rows:
                yield row
                reached = row[0]
        except (sqlite3.DatabaseError, UnicodeDecodeError):
            if order == "ASC":
                first = reached
            else:
                last = reached
            continue
        return
    if plain and first is not None and last is not None:
        for number in range(first + 1, min(last, first + _PROBED)):
            with contextlib.suppress(sqlite3.DatabaseError, UnicodeDecodeError):
                yield from db.execute(f"SELECT {names} FROM {table} WHERE {key} = ?", (number,)).fetchall()
