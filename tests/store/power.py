"""Power cuts: SQLite's own file operations, recorded as they happen, and what of them a disk may be left with.

`recorded` puts a layer (a VFS) between the SQLite that the program runs on and the disk. It does nothing but write down
what goes through, so that any library can be used as it is. What a cut leaves is then made up from the record: all that
was synced, and of the rest some, in parts, in any order.
"""

from __future__ import annotations

import _sqlite3
import ctypes
import random
from collections.abc import Iterator
from contextlib import contextmanager
from ctypes import CFUNCTYPE, POINTER, Structure, c_char_p, c_int, c_int64, c_void_p
from dataclasses import dataclass, field
from pathlib import Path

import pytest

SECTOR = 512
_CREATE, _DIRECTORY_SYNC = 0x4, 1
_HELD: list[object] = []
"""What C has been given: it has no hold of it, and a connection may be closed late."""

_Write = CFUNCTYPE(c_int, c_void_p, c_void_p, c_int, c_int64)
_Truncate = CFUNCTYPE(c_int, c_void_p, c_int64)
_Sync = CFUNCTYPE(c_int, c_void_p, c_int)
# Paths as they are, for SQLite keeps them.
_Open = CFUNCTYPE(c_int, c_void_p, c_void_p, c_void_p, c_int, c_void_p)
_Delete = CFUNCTYPE(c_int, c_void_p, c_void_p, c_int)
_OpenDirectory = CFUNCTYPE(c_int, c_void_p, c_void_p)
_SetSystemCall = CFUNCTYPE(c_int, c_void_p, c_char_p, c_void_p)
_GetSystemCall = CFUNCTYPE(c_void_p, c_void_p, c_char_p)


class _Methods(Structure):
    """sqlite3_io_methods."""

    _fields_ = (
        ("version", c_int), ("close", c_void_p), ("read", c_void_p), ("write", c_void_p), ("truncate", c_void_p),
        ("sync", c_void_p), ("rest", c_void_p * 13),
    )  # fmt: skip


class _File(Structure):
    """sqlite3_file."""

    _fields_ = (("methods", POINTER(_Methods)),)


class _Vfs(Structure):
    """sqlite3_vfs."""

    _fields_ = (
        ("version", c_int), ("size_of_file", c_int), ("longest_path", c_int), ("next", c_void_p), ("name", c_char_p),
        ("data", c_void_p), ("open", c_void_p), ("delete", c_void_p), ("rest", c_void_p * 11),
        ("set_system_call", c_void_p), ("get_system_call", c_void_p), ("next_system_call", c_void_p),
    )  # fmt: skip


# --- the record


@dataclass(frozen=True, slots=True)
class Op:
    """Something that was done to a file: created, write, truncate, sync, deleted; or folder: its folder was synced."""

    kind: str
    name: str = ""
    at: int = 0
    body: bytes = b""


def _sqlite() -> ctypes.CDLL:
    """The very SQLite that `sqlite3` runs on, which not every Python lets be reached."""
    sqlite = ctypes.CDLL(getattr(_sqlite3, "__file__", None))
    try:
        sqlite.sqlite3_vfs_find.restype = POINTER(_Vfs)
    except AttributeError:
        pytest.skip("this Python has its SQLite where it can't be reached")
    sqlite.sqlite3_vfs_find.argtypes = (c_char_p,)
    sqlite.sqlite3_vfs_register.argtypes = (POINTER(_Vfs), c_int)
    sqlite.sqlite3_vfs_unregister.argtypes = (POINTER(_Vfs),)
    return sqlite


@contextmanager
def recorded(folder: Path) -> Iterator[list[Op]]:
    """Everything that SQLite does to the files in a folder while this is open, in its order.

    Not recorded are the `-shm` files, which are memory and mean nothing after a cut, and what is under other names.
    """
    sqlite, log = _sqlite(), list[Op]()
    real = sqlite.sqlite3_vfs_find(None)
    under = real.contents
    names: dict[int, str] = {}
    there: set[str] = set()
    tables: dict[int, _Methods] = {}

    def known(path: int | None) -> str:
        named = Path(ctypes.string_at(path).decode()) if path else Path()
        return named.name if named.parent == folder else ""

    def watching(methods: _Methods) -> _Methods:
        write, truncate, sync = _Write(methods.write), _Truncate(methods.truncate), _Sync(methods.sync)

        def on_write(file: int, body: int, size: int, at: int) -> int:
            code: int = write(file, body, size, at)
            if code == 0 and names.get(file):
                log.append(Op("write", names[file], at, ctypes.string_at(body, size)))
            return code

        def on_truncate(file: int, size: int) -> int:
            code: int = truncate(file, size)
            if code == 0 and names.get(file):
                log.append(Op("truncate", names[file], size))
            return code

        def on_sync(file: int, flags: int) -> int:
            code: int = sync(file, flags)
            if code == 0 and names.get(file):
                log.append(Op("sync", names[file]))
            return code

        new = _Methods.from_buffer_copy(methods)
        for name, call in (("write", _Write(on_write)), ("truncate", _Truncate(on_truncate)), ("sync", _Sync(on_sync))):
            _HELD.append(call)
            setattr(new, name, ctypes.cast(call, c_void_p))
        return new

    opens, deletes = _Open(under.open), _Delete(under.delete)

    def on_open(_: int, path: int | None, file: int, flags: int, out: int) -> int:
        code: int = opens(ctypes.cast(real, c_void_p), path, file, flags, out)
        methods = _File.from_address(file).methods
        if code or not methods:
            return code
        address = ctypes.addressof(methods.contents)
        if address not in tables:
            tables[address] = watching(methods.contents)
        _File.from_address(file).methods = ctypes.pointer(tables[address])
        names[file] = known(path)
        if names[file] and names[file] not in there and flags & _CREATE:
            there.add(names[file])
            log.append(Op("created", names[file]))
        return code

    def on_delete(_: int, path: int, sync: int) -> int:
        code: int = deletes(ctypes.cast(real, c_void_p), path, 0)
        if code == 0 and (name := known(path)) in there:
            there.discard(name)
            log.append(Op("deleted", name))
            if sync & _DIRECTORY_SYNC:
                log.append(Op("folder"))
        return code

    # SQLite syncs a folder by a call of its own, which no VFS sees but this does.
    find, put = _GetSystemCall(under.get_system_call), _SetSystemCall(under.set_system_call)
    folder_opens = _OpenDirectory(find(ctypes.cast(real, c_void_p), b"openDirectory"))

    def on_folder(path: int, out: int) -> int:
        code: int = folder_opens(path, out)
        if code == 0 and known(path):
            log.append(Op("folder"))
        return code

    layer = _Vfs.from_buffer_copy(under)
    calls = _Open(on_open), _Delete(on_delete), _OpenDirectory(on_folder)
    layer.name, layer.next = b"recorded", None
    layer.open, layer.delete = (ctypes.cast(call, c_void_p) for call in calls[:2])
    put(ctypes.cast(real, c_void_p), b"openDirectory", ctypes.cast(calls[2], c_void_p))
    _HELD.append((layer, calls, tables))
    assert sqlite.sqlite3_vfs_register(ctypes.byref(layer), 1) == 0
    try:
        yield log
    finally:
        sqlite.sqlite3_vfs_register(real, 1)
        sqlite.sqlite3_vfs_unregister(ctypes.byref(layer))
        put(ctypes.cast(real, c_void_p), b"openDirectory", None)


# --- what is left of it


@dataclass(slots=True)
class _Stored:
    """A file: what of it is on the disk for certain, and what was done to it since."""

    synced: bytearray = field(default_factory=bytearray)
    now: bytearray = field(default_factory=bytearray)
    since: list[Op] = field(default_factory=list)


class Disk:
    """A disk that is told what a program does, and can say at any point what a cut of its power might leave."""

    def __init__(self) -> None:
        self._there: dict[str, _Stored] = {}
        self._named: dict[str, list[_Stored | None]] = {}
        """What each name has stood for since the folder was last synced, the last first certain."""

    def do(self, op: Op) -> None:
        """Take one operation."""
        match op.kind:
            case "created":
                self._there[op.name] = _Stored()
                self._named.setdefault(op.name, [None]).append(self._there[op.name])
            case "deleted":
                self._named[op.name].append(None)
                del self._there[op.name]
            case "folder":
                self._named = {name: stood[-1:] for name, stood in self._named.items()}
            case "sync":
                file = self._there[op.name]
                file.synced[:] = file.now
                file.since.clear()
            case _:
                file = self._there[op.name]
                _apply(file.now, op)
                file.since.append(op)

    def cut(self, chance: random.Random) -> dict[str, bytes]:
        """The files, by name, as a cut of the power may leave them now."""
        left = {}
        for name, stood in self._named.items():
            file = chance.choice(stood)
            if file is not None:
                left[name] = _torn(file, chance)
        return left


def _apply(body: bytearray, op: Op) -> None:
    size = op.at + len(op.body)
    if len(body) < size:
        body.extend(bytes(size - len(body)))
    if op.kind == "truncate":
        del body[op.at :]
    else:
        body[op.at : size] = op.body


def _torn(file: _Stored, chance: random.Random) -> bytes:
    """What was synced, with some of what was done since: whole, in part, with sectors of rubbish, or not at all."""
    body = bytearray(file.synced)
    keeping = chance.random()  # of some cuts almost everything has got through, of others almost nothing
    for op in file.since:
        if op.kind == "truncate":
            if chance.random() < keeping:
                _apply(body, op)
            continue
        torn = chance.random() < 0.3
        if not torn:
            if chance.random() < keeping:
                _apply(body, op)
            continue
        start = 0
        while start < len(op.body):
            end = min(len(op.body), start + SECTOR - (op.at + start) % SECTOR)
            draw = chance.random()
            if draw < keeping:
                _apply(body, Op("write", op.name, op.at + start, op.body[start:end]))
            elif draw > 0.95:  # it was being written as the power went
                _apply(body, Op("write", op.name, op.at + start, chance.randbytes(end - start)))
            start = end
    return bytes(body)
