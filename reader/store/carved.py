"""Rows read from the pages of a file as they lie, where SQLite can't be led to them any more.

What leads to a table's rows is its first page and the library's; where those are damaged, the pages with the rows are
whole all the same, and their rows can be told by the kinds of values that they have.
https://www.sqlite.org/fileformat2.html is what this reads.
"""

from __future__ import annotations

import mmap
import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path

_Value = int | float | str | bytes | None
_SIZES = (8192, 4096)
"""Of pages, where the file does not say it any more: what this program sets, and what SQLite would."""
_LEAF = 0x0D
_HEADER = 100
_INTEGERS = (0, 1, 2, 3, 4, 6, 8)
_KINDS: dict[str, type] = {"INTEGER": int, "TEXT": str, "BLOB": bytes}


def carved(file: Path, columns: Sequence[sqlite3.Row | tuple[object, ...]]) -> Iterator[tuple[_Value, ...]]:
    """The rows of a table that `PRAGMA table_info` tells of as `columns`, whose first is its rowid.

    Rows may come twice, as they are now and as they were; those written before the last columns were added are shorter.
    """
    if not file.stat().st_size:
        return
    with file.open("rb") as opened, mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ) as body:
        said = int.from_bytes(body[16:18], "big")
        for size in dict.fromkeys((said, *_SIZES)):
            if size < 512 or size & (size - 1):
                continue
            found = False
            for row in _rows(body, size):
                if _fits(row, columns):
                    found = True
                    yield row
            if found:
                return


def _fits(row: Sequence[_Value], columns: Sequence[sqlite3.Row | tuple[object, ...]]) -> bool:
    """Whether a row can be one of a table: of every value the kind that its column is declared to have."""
    for number, (_, _, kind, needed, default, _) in enumerate(columns):
        if number >= len(row):
            if needed and default is None:
                return False
        elif row[number] is None:
            if needed:
                return False
        elif type(row[number]) is not _KINDS.get(str(kind)):
            return False
    return len(row) <= len(columns)


def _rows(body: mmap.mmap, size: int) -> Iterator[tuple[_Value, ...]]:
    """All rows in the pages of a file, of whatever table."""
    for start in range(0, len(body) - size + 1, size):
        head = start + (0 if start else _HEADER)
        if body[head] != _LEAF:
            continue
        for place in range(head + 8, head + 8 + 2 * int.from_bytes(body[head + 3 : head + 5], "big"), 2):
            try:
                cell = start + int.from_bytes(body[place : place + 2], "big")
                length, at = _varint(body, cell)
                rowid, at = _varint(body, at)
                yield _row(_payload(body, size, at, length), rowid)
            except (IndexError, ValueError):  # UnicodeDecodeError is one
                continue


def _payload(body: mmap.mmap, size: int, at: int, length: int) -> bytes:
    """The bytes of a row, gathered from the pages that it runs over to."""
    most, least = size - 35, (size - 12) * 32 // 255 - 23
    if length <= most:
        return body[at : at + length]
    here = least + (length - least) % (size - 4)
    here = here if here <= most else least
    if length > len(body):
        raise ValueError(length)
    pieces, left = [body[at : at + here]], length - here
    page = int.from_bytes(body[at + here : at + here + 4], "big")
    while left > 0:
        start = (page - 1) * size
        if page < 1 or start + size > len(body):
            raise ValueError(page)
        pieces.append(body[start + 4 : start + 4 + min(left, size - 4)])
        page = int.from_bytes(body[start : start + 4], "big")
        left -= size - 4
    return b"".join(pieces)


def _row(payload: bytes, rowid: int) -> tuple[_Value, ...]:
    """The values of a row; its rowid in the place of the first, which is not written twice."""
    end, at = _varint(payload, 0)
    values: list[_Value] = []
    place = end
    while at < end:
        kind, at = _varint(payload, at)
        value: _Value
        if kind < len(_INTEGERS):
            width = _INTEGERS[kind]
            value = int.from_bytes(payload[place : place + width], "big", signed=True) if kind else None
        elif kind in (8, 9):  # 0 and 1, which take no room
            width, value = 0, kind - 8
        elif kind >= 12:
            width = (kind - 12) // 2
            held = payload[place : place + width]
            value = held.decode() if kind % 2 else held
        else:  # a number with a fraction, which no table has that is carved
            raise ValueError(kind)
        place += width
        values.append(value)
    if at != end or place != len(payload):
        raise ValueError(payload)
    if not values or values[0] is not None:
        raise ValueError(values)
    values[0] = rowid
    return tuple(values)


def _varint(body: bytes | mmap.mmap, at: int) -> tuple[int, int]:
    """A number of one to nine bytes, and where it ends."""
    value = 0
    for _ in range(8):
        byte = body[at]
        at += 1
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            return value, at
    return value << 8 | body[at], at + 1
