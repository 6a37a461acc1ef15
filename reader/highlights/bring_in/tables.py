"""The rows of a CSV file: our own, and both layouts of Readwise, that which it imports and that which it exports."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from itertools import chain, pairwise

from reader.highlights.bring_in.fields import Facts, Refused, is_uid
from reader.highlights.exchange import parted, unguarded
from reader.model import HighlightKind
from reader.words import _

_OURS = {"uid", "kind", "start"}
_NUMBER = re.compile(r"[0-9]{1,9}")
_LONGEST_HEADER = 10_000


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
    lines: Iterator[list[str]] = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    next(lines)
    are_ours = set(names) >= _OURS
    ends = text.endswith(("\n", "\r"))
    for cells, following in pairwise(chain(lines, [None])):
        if cells is None or not any(cells):
            continue
        if len(cells) < len(names) or any(cells[len(names) :]):
            counts = {"cells": len(cells), "columns": len(names)}
            yield Refused(_("it has {cells} cells, but there are {columns} columns.").format(**counts))
            continue
        row = dict(zip(names, cells, strict=False))
        if are_ours and following is None and not ends and not is_uid(row["uid"]):
            # The last column is cut off: it would come in by another name, and once more from the whole file.
            yield Refused(_("the file breaks off here."))
            continue
        try:
            yield _ours(row) if are_ours else _readwise(row)
        except Refused as refused:
            yield refused


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
