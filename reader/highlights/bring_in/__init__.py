"""Highlights brought in from files: those of `exchange`, and those of other programs."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from reader.highlights.bring_in.fields import Facts, Refused, highlight, is_uid, next_uid
from reader.highlights.bring_in.items import Items, items
from reader.highlights.bring_in.shapes import Shape, annotation, hypothesis, ours, shape
from reader.highlights.bring_in.tables import rows
from reader.highlights.exchange import VERSION
from reader.model import Highlight
from reader.words import _

_SHAPES: dict[str, Shape] = {"json": ours, "jsonld": annotation, "hypothesis": hypothesis}
_TABLES = ("csv", "readwise")
FORMATS = (*_SHAPES, *_TABLES)
"""What `read` can be told that a file is."""

_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_BROKEN = re.compile("[\udc80-\udcff]+")
_BEYOND_ASCII = re.compile("[^\x00-\x7f]")


class Came(NamedTuple):
    """What came of a file."""

    highlights: tuple[Highlight, ...]
    """In the order in which they were created, each `uid` once; `id` is 0 and `entry_id` None."""
    refused: tuple[str, ...]
    """A sentence for each item that did not come in, with the reason."""
    repeated: int = 0
    """Items that others of the file state, too."""


def read(body: bytes, *, now: datetime, format: str | None = None) -> Came:
    """Read highlights from a file, of any of `FORMATS` unless one is given; what is damaged never stops the rest.

    What has no `uid` gets one from what it is, so that the same file twice makes the same highlights. What has no date
    was created `now`. Raises `ValueError`, with a sentence to show, for a file that is of none of the formats.
    """
    if format is not None and format not in FORMATS:
        raise ValueError(_("There is no format “{format}”.").format(format=format))
    text = _decoded(body)
    if not text.strip():
        raise ValueError(_("The file is empty."))
    refused: list[str] = []
    found: dict[str, Highlight] = {}
    names = _Names()
    repeated = 0
    for number, facts in enumerate(_facts(text, format), start=1):
        try:
            if isinstance(facts, Refused):
                raise facts
            one = highlight(facts, now=now)
            if not (is_uid(str(facts.get("uid"))) or facts.get("known_as")):
                one = replace(one, uid=names.of(one))
                other = found.get(one.uid)
            elif (other := found.get(one.uid)) and other.quote.exact != one.quote.exact:
                raise Refused(_("another item of the file is known by its name."))
        except Refused as reason:
            refused.append(_("Item {number}: {reason}").format(number=number, reason=reason))
            continue
        repeated += other is not None
        if other is None or other.changed < one.changed:
            found[one.uid] = one
    return Came(tuple(sorted(found.values(), key=lambda one: (one.created, one.uid))), tuple(refused), repeated)


class _Names:
    """What those are known by that have no name: the same words that were marked again get one of their own."""

    def __init__(self) -> None:
        self._known: dict[tuple[object, ...], str] = {}
        self._last: dict[str, str] = {}

    def of(self, one: Highlight) -> str:
        """The name of one by what it is and what a person added to it, always the same in the same file."""
        marked = one.uid, one.note, one.tags, one.color
        if marked not in self._known:
            before = self._last.get(one.uid)
            self._known[marked] = self._last[one.uid] = next_uid(before) if before else one.uid
        return self._known[marked]


def _facts(text: str, format: str | None) -> Iterator[Facts | Refused]:
    """What each item states; raises `ValueError` for a file that is of none of the formats."""
    if format not in _TABLES and text.lstrip()[:1] in ("{", "[") and (held := items(text)):
        reading = _SHAPES[format] if format else _shape(held)
        if reading or (held.whole and not held.items):
            return _of_objects(held, reading or ours)
    elif format not in _SHAPES and (table := rows(text)):
        return table
    raise ValueError(
        _("The file holds no highlights as newsreader, Readwise or Hypothes.is write them, nor Web Annotations.")
    )


def _shape(held: Items) -> Shape | None:
    if "newsreader" in held.keys:
        if isinstance(held.version, int) and held.version > VERSION:
            raise ValueError(_("The file was written by a newer newsreader: update this one, then bring it in again."))
        return ours
    return next(filter(None, map(shape, held.items)), None)


def _of_objects(held: Items, reading: Shape) -> Iterator[Facts | Refused]:
    for item in held.items:
        try:
            if isinstance(item, Refused):
                raise item
            if not isinstance(item, dict):
                raise Refused(_("it is not an object."))
            yield reading(item)
        except Refused as refused:
            yield refused
    if not held.whole:
        yield Refused(_("the file breaks off here."))


def _decoded(body: bytes) -> str:
    """A file as text, in the encoding that it is marked with or that fits: UTF-8, or else that of old Windows files.

    What is broken in it becomes half a character, for which an item is refused: its words would be others.
    """
    for mark, encoding in _MARKS:
        if body.startswith(mark):
            if encoding == "utf-8":
                return body[len(mark) :].decode(errors="surrogateescape")
            return body[len(mark) : len(body) // 2 * 2].decode(encoding, "surrogatepass")
    text = body.decode(errors="surrogateescape")
    broken = len(_BROKEN.findall(text))
    is_utf8 = len(_BEYOND_ASCII.findall(text)) >= 2 * broken or text.lstrip()[:1] in ("{", "[")  # as JSON is
    return text if is_utf8 else body.decode("cp1252", "replace")
