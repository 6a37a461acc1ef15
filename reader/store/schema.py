"""The schema, its migrations, and how a library is opened.

A library is told by its `application_id`; its version is `user_version`. All migrations due run in one transaction with
the version they lead to, so a crash leaves the old schema or the new one, never a mixture.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from reader.store.migrations import MIGRATIONS
from reader.store.packed import unzipped, zipped
from reader.text import one_line

APPLICATION_ID = 0x6E657773  # "news"
_BUSY_SECONDS = 10.0
_LOG = 16 * 2**20
"""Bytes that the log is cut to once what a large transaction left in it stands in the file."""
_ROOM = 2**16
"""Bytes of which half hold where in the log what is."""
_LACKING = ("no such table", "no such index", "vtable constructor failed", "invalid fts5", "ON CONFLICT clause")
"""How what SQLite says of an index or a table that is gone begins."""


class StoreError(Exception):
    """The library can't be used; the message is one plain sentence with its path."""


class StoreUnavailable(StoreError):
    """The library is busy, or newer than this program: nothing is wrong with it, and it was not touched."""


class StoreRefused(StoreError):
    """What is there is no library, or can't be written, for it is read-only or the disk full: it was left as it was."""


def connect(path: Path) -> sqlite3.Connection:
    """A connection to the library at `path`, with the durability that was promised."""
    db = sqlite3.connect(path, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False)
    db.execute("PRAGMA foreign_keys = ON")
    # WAL with FULL lost nothing in 200 simulated power cuts; NORMAL lost acknowledged commits in 128.
    db.execute("PRAGMA synchronous = FULL")
    db.execute(f"PRAGMA journal_size_limit = {_LOG}")
    db.create_function("zipped", 1, zipped, deterministic=True)
    db.create_function("unzipped", 1, unzipped, deterministic=True)
    return db


def empty() -> sqlite3.Connection:
    """A library without a row, in memory: the schema as it must be."""
    db = connect(Path(":memory:"))
    for statement in _statements("".join(MIGRATIONS)):
        db.execute(statement)
    return db


def prepare(path: Path) -> None:
    """Make or upgrade the library at `path`; refuses what is not ours and leaves it untouched."""
    try:
        _make(path.parent)
        _refuse_what_can_not_be_written(path)
        path.touch(mode=0o600, exist_ok=True)  # SQLite itself would create it readable to all
        with contextlib.closing(connect(path)) as db:
            _upgrade(db, path)
    except (sqlite3.DatabaseError, UnicodeDecodeError) as error:  # the latter in SQLite's own words on a damaged schema
        raise explain(error, path) from None
    except (OSError, ValueError) as error:  # ValueError: a name that no file can have
        why = getattr(error, "strerror", None) or error
        raise StoreError(one_line(f"The library {path} can't be opened: {why}; name another with --library.")) from None


def _make(folder: Path) -> None:
    """Make a folder and those that it is in, if need be; SQLite makes sure of what is in it, but not of itself."""
    new = [one for one in (folder, *folder.parents) if not one.exists()]
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for one in new:
        sync(one.parent)


def sync(folder: Path) -> None:
    """Make sure of the names in a folder; some file systems can't be asked."""
    with contextlib.suppress(OSError):
        number = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(number)
        finally:
            os.close(number)


def _refuse_what_can_not_be_written(path: Path) -> None:
    """Refuse what SQLite could at most read, leaving files beside it that get in its owner's way."""
    place = path.resolve()  # SQLite keeps its log beside the file itself
    if place.exists() and not place.is_file():
        what = "a folder" if place.is_dir() else "no ordinary file"
        raise StoreRefused(f"{path} can't be opened as a library, for it is {what}; name a file with --library.")
    if place.exists() and not os.access(place, os.R_OK):
        raise StoreRefused(f"You may not read the library {path}; ask its owner, or name another with --library.")
    for what, part in ((f"The library {path}", place), (f"The folder of the library {path}", place.parent)):
        if part.exists() and not os.access(part, os.W_OK):
            raise StoreRefused(f"{what} is read-only; make it writable or name another with --library.")


def _upgrade(db: sqlite3.Connection, path: Path) -> None:
    ours = db.execute("PRAGMA application_id").fetchone()[0] == APPLICATION_ID
    version = db.execute("PRAGMA user_version").fetchone()[0]
    if not ours and (version or db.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]):
        raise StoreRefused(f"The file {path} is a database of another program; name another with --library.")
    if version > len(MIGRATIONS):
        raise StoreUnavailable(f"The library {path} was made by a newer newsreader; update this one to open it.")
    if version == len(MIGRATIONS):
        return
    if not version:
        db.execute("PRAGMA page_size = 8192")  # articles fill pages of 4 KB badly
    db.execute("PRAGMA journal_mode = WAL")
    db.execute("PRAGMA foreign_keys = OFF")  # or a table made anew would take all that refers to it along
    db.execute("BEGIN IMMEDIATE")
    try:
        # Another program may have upgraded while we waited for the lock.
        version = db.execute("PRAGMA user_version").fetchone()[0]
        if 0 < version < len(MIGRATIONS):
            _set_aside(path, version)
        for statement in _statements("".join(MIGRATIONS[version:])):
            db.execute(statement)
        if broken := db.execute("PRAGMA foreign_key_check").fetchall():
            raise StoreError(f"The library {path} has {len(broken)} broken references; it was left as it was.")
        db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        db.execute(f"PRAGMA user_version = {len(MIGRATIONS)}")
        db.execute("COMMIT")
    except BaseException:
        db.execute("ROLLBACK")
        raise


def _set_aside(path: Path, version: int) -> None:
    """Keep the library as it is before an upgrade beside it, in the place of what one that failed has left."""
    before = path.with_name(f"{path.name}.before-{version}")
    before.unlink(missing_ok=True)
    with contextlib.closing(connect(path)) as db:
        copy(db, before)


def copy(db: sqlite3.Connection, to: Path) -> None:
    """Write what a connection sees into a new file, whole or not at all."""
    try:
        part = to.with_name(f"{to.name}.part")
        with _turn_in(to.parent):
            if to.exists():
                raise StoreError(f"The file {to} is there already; name another.")
            part.unlink(missing_ok=True)  # what a program that died has left
            try:
                os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
                _copy_rows(db, part, to)
                with part.open("rb+") as written:
                    os.fsync(written.fileno())
                part.rename(to)
            finally:
                part.unlink(missing_ok=True)
        sync(to.parent)
    except UnicodeError:
        raise StoreError(one_line(f"The file {to} can't be written: its name is not UTF-8.")) from None
    except (OSError, ValueError) as error:  # ValueError: a name that no file can have
        why = getattr(error, "strerror", None) or error
        raise StoreError(one_line(f"The file {to} can't be written: {why}.")) from None


@contextlib.contextmanager
def _turn_in(folder: Path) -> Iterator[None]:
    """One copy at a time in a folder, whichever program writes it.

    It is the folder that is locked: where locks of the two kinds are one, SQLite could not write a file that we lock.
    """
    held = os.open(folder, os.O_RDONLY)
    try:
        with contextlib.suppress(OSError):  # some file systems of other machines lock no folder
            fcntl.flock(held, fcntl.LOCK_EX)
        yield
    finally:
        os.close(held)


def _copy_rows(db: sqlite3.Connection, part: Path, to: Path) -> None:
    try:
        db.execute("VACUUM INTO ?", (str(part),))
    except sqlite3.OperationalError as error:
        if isinstance(told := explain(error, to), StoreRefused):  # it is the copy that has no room, not the library
            raise told from None
        raise


def _statements(script: str) -> list[str]:
    """Split SQL at its statement ends, triggers whole: `executescript` would commit our transaction first."""
    statements, begun = [], ""
    for line in script.splitlines(keepends=True):
        begun += line
        if sqlite3.complete_statement(begun):
            statements.append(begun)
            begun = ""
    return statements


def closed(path: Path) -> StoreError:
    """What is said to whoever still asks something of a library that was closed."""
    return StoreError(f"The library {path} has been closed.")


def explain(error: Exception, path: Path) -> StoreError:
    """What an error of SQLite, or of something kept that can't be unpacked, means to the person."""
    name = getattr(error, "sqlite_errorname", "") or ""
    part = name.split("_")[1] if "_" in name else ""
    if part in ("CANTOPEN", "IOERR") and not _has_room(path):
        part = "FULL"
    if not isinstance(error, sqlite3.Error) or "user-defined function" in str(error):
        return StoreError(f"The library {path} is damaged (something in it can't be unpacked); it was left as it is.")
    match part:
        case "BUSY" | "LOCKED":
            return StoreUnavailable(f"The library {path} is busy: another program has been writing to it; try again.")
        case "NOTADB":
            return StoreError(f"The file {path} is not a library of newsreader; name another with --library.")
        case "CORRUPT":
            return StoreError(
                f"The library {path} is damaged ({error}); it was left as it is:"
                " newsreader doctor --mend mends it or saves what can be read."
            )
        case "ERROR" if str(error).startswith(_LACKING):
            return StoreError(
                f"The library {path} is not whole ({error});"
                " newsreader doctor --mend mends it or saves what can be read."
            )
        case "INTERRUPT":
            return closed(path)
        case "FULL":
            return StoreRefused(
                f"The disk is full: the library {path} could not be written; free some space and try again."
            )
        case "READONLY":
            return StoreRefused(f"The library {path} is read-only; make it writable or name another with --library.")
        case "CANTOPEN" | "IOERR":
            return StoreError(f"The library {path} can't be opened, read or written ({error}).")
    return StoreError(f"The library {path} failed: {error}.")


def _has_room(path: Path) -> bool:
    """Whether the disk takes the little that SQLite needs beside a library to so much as read it."""
    try:
        disk = os.statvfs(path.parent)
    except OSError:
        return True
    return disk.f_bavail * disk.f_frsize >= _ROOM
