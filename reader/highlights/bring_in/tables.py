"""The rows of a CSV file: our own, and both layouts of Readwise, that which it imports and that which it exports."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator

from reader.highlights.bring_in.fields import Facts, Refused, is_uid
from reader.highlights.exchange import parted, unguarded
from reader.model import HighlightKind
from reader.words import _

_OURS = {"uid", "kind", "start"}
_NUMBER = re.compile(r"[0-9]{1,9}")
_LONGEST_HEADER = 10_000
_PROBES = 10
"""Lines read, for each that a file has, to find where sound rows go on after one that is not."""


def rows(text: str) -> Iterator[Facts | Refused] | None:
    """What each row states, and a `Refused` for each that is damaged; None where the text is no such table."""
    header = next(iter(text[:_LONGEST_HEADER].splitlines()), "")
    for delimiter in ",;\t":  # the middle one is what spreadsheets write where the comma is the decimal point
        names = [name.strip().casefold() for name in next(csv.reader([header], delimiter=delimiter), [])]
        if "highlight" in names:
            return _rows(text, names, delimiter)
    return None


def _rows(text: str, names: list[str], delimiter: str) -> Iterator[Facts | Refused]:
    csv.field_size_limit(2**31 - 1)  # the usual one is less than an article; what is too long, the gate refuses
    are_ours = set(names) >= _OURS
    ends = text.endswith(("\n", "\r"))
    for cells, is_last in _sound(list(io.StringIO(text, newline="")), len(names), delimiter):
        try:
            if isinstance(cells, Refused):
                raise cells
            row = dict(zip(names, cells, strict=False))
            if are_ours and is_last and not ends and not is_uid(row["uid"]):
                # The last column is cut off: it would come in by another name, and once more from the whole file.
                raise Refused(_("the file breaks off here."))
            yield _ours(row) if are_ours else _readwise(row)
        except Refused as refused:
            yield refused


def _sound(lines: list[str], columns: int, delimiter: str) -> Iterator[tuple[list[str] | Refused, bool]]:
    """The cells of each row, and whether it is the last; of lines that make no row, one `Refused` with the reason.

    A quotation mark that is never closed, or was never opened, makes one row of many: they are left alone up to the
    next line at which a sound row begins.
    """

    def row(at: int) -> tuple[list[str] | None, int]:
        """The cells of the row that begins at a line, None where its marks don't match, and the line after it."""
        reader = csv.reader((lines[number] for number in range(at, len(lines))), delimiter=delimiter, strict=True)
        try:
            return next(reader), at + reader.line_num
        except csv.Error:
            return None, at + max(1, reader.line_num)

    def is_sound(cells: list[str] | None) -> bool:
        return cells is not None and len(cells) >= columns and not any(cells[columns:])

    at, left = 1, _PROBES * len(lines)
    while at < len(lines):
        cells, after = row(at)
        if cells is None:
            begin = at + 1
            while begin < after and left > 0 and not is_sound((probe := row(begin))[0]):
                left -= probe[1] - begin
                begin += 1
            after = begin if left > 0 else len(lines)
            words = _("its quotation marks don't match; lines left out from line {line} of the file: {n}.")
            yield Refused(words.format(line=at + 1, n=after - at)), False
        elif is_sound(cells) and any(cells):
            yield cells, after == len(lines)
        elif any(cells):
            counts = {"cells": len(cells), "columns": columns}
            yield Refused(_("it has {cells} cells, but there are {columns} columns.").format(**counts)), False
        at = after


def _ours(row: dict[str, str]) -> Facts:
    cells = {name: unguarded(cell) for name, cell in row.items()}
    start = cells["start"]
    if start and not _NUMBER.fullmatch(start):
        raise Refused(_("its “{field}” is not a place in a text.").format(field="start"))
    return cells | {
        "exact": cells["highlight"],
        "start": int(start) if start else None,
        "created": cells.get("date"),
        "via": parted(cells.get("via", "")),
        "tags": parted(cells.get("tags", "")),
        "text_hash": cells.get("text hash"),
    }


def _readwise(row: dict[str, str]) -> Facts:
    """A row of Readwise; its location is a place in the text only where it says no other thing."""
    place = row.get("location", "") if row.get("location type", "offset") == "offset" else ""
    tags = f"{row.get('tags', '')},{row.get('document tags', '')}".split(",")
    return {
        "exact": row["highlight"],
        "title": row.get("title") or row.get("book title"),
        "author": row.get("author") or row.get("book author"),
        "url": row.get("url"),
        "note": row.get("note"),
        "start": int(place) if _NUMBER.fullmatch(place) else None,
        "created": row.get("date") or row.get("highlighted at"),
        "tags": tags,
        "color": row.get("color"),
        "kind": HighlightKind.WORDS,
    }
