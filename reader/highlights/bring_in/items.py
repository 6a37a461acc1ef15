"""The objects of a JSON file, as many as can be read of one that is damaged or breaks off."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

from reader.highlights.bring_in.fields import Refused
from reader.highlights.bring_in.shapes import shape
from reader.words import _

_HOLDERS = ("highlights", "items", "rows", "annotations", "@graph")
_HOLDER = re.compile(rf'"({"|".join(_HOLDERS)})"\s*+:\s*+\[')
_KEY = re.compile(r'"([^"\\]{1,40})"\s*+:')
# What may stand behind the array's end, so that a bracket too many in an item is not taken for it.
_AFTER = re.compile(r'\s*+(?:\}|\Z|,\s*+"[^"\\]*+"\s*+:)')
# Behind an item; that it has no comma harms nothing.
_FOLLOWS = re.compile(r"\s*+(?:[,\]{]|\Z)")
# Where an item may begin, which has no name as what is within one has.
_START = re.compile(r'[^:\s]\s*+(?=\{\s*+")')
_MOST_READ = 200_000_000
"""Characters read, over and again, before the rest of a damaged file is given up."""
_DEEP = 10_000
"""For how many a value counts that is nested too deep."""
_DECODER = json.JSONDecoder()


@dataclass(frozen=True, slots=True, kw_only=True)
class Items:
    """What a JSON file holds."""

    keys: frozenset[str]
    """Of the object around its array; none of a bare array."""
    version: object
    """Under `newsreader`; None where the file is not whole or has none."""
    items: list[object]
    """Values as JSON has them, and a `Refused` for each that can't be read."""
    whole: bool
    """Whether the file goes to its end."""


def items(text: str) -> Items | None:
    """The items of a JSON file: of its array, of the array in the object around it, or that object alone.

    None where the text is no JSON, or JSON of which nothing can be read.
    """
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        return _damaged(text)
    if isinstance(document, list):
        return Items(keys=frozenset(), version=None, items=document, whole=True)
    if not isinstance(document, dict):
        return None
    keys, version = frozenset(document), document.get("newsreader")
    first = document.get("first")
    for holder in (document, first if isinstance(first, dict) else {}):
        for key in _HOLDERS:
            if isinstance(holder.get(key), list):
                return Items(keys=keys, version=version, items=holder[key], whole=True)
    return Items(keys=keys, version=version, items=[document], whole=True)


def _damaged(text: str) -> Items | None:
    """Item by item; after one that can't be read, on from the next place where something like a highlight can be."""
    begins = text.lstrip()[:1]
    holder = _HOLDER.search(text) if begins == "{" else re.match(r"\s*+(\[)", text) if begins == "[" else None
    if holder is None:
        return None
    reading = _Reading(text)
    found: list[object] = []
    at: int | None = holder.end()
    whole = False
    while at is not None and at < len(text):
        if text[at] in ", \t\r\n}":
            at += 1
        elif text[at] == "]":
            at += 1
            if _AFTER.match(text, at):
                whole = (at := reading.next_item(at)) is None  # or the bracket is one too many
        else:
            value, end = reading.value(at)
            if end and (_FOLLOWS.match(text, end) or shape(value)):
                found.append(value)
                at = end
                continue
            at = reading.next_item(end or at)
            whole = at is None and text.rstrip().endswith("}" if begins == "{" else "]")
            if whole or at is not None:
                found.append(Refused(_("it is damaged and can't be read.")))
    keys = frozenset(_KEY.findall(text, 0, holder.end()))
    return Items(keys=keys, version=None, items=found, whole=whole)


class _Reading:
    """A damaged file, read here and there, but no more of it than is worth it."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._left = _MOST_READ

    def value(self, at: int) -> tuple[object, int | None]:
        """The value that begins there, and where it ends; None where it can't be read."""
        try:
            value, end = _DECODER.raw_decode(self._text, at)
        except json.JSONDecodeError as error:
            self._left -= error.pos - at + len(self._text) // 32  # for it counts the lines up to there
        except (ValueError, RecursionError):
            self._left -= _DEEP
        else:
            self._left -= end - at
            return value, end
        return None, None

    def next_item(self, at: int) -> int | None:
        """The next place where something like a highlight can be read; None where there is none."""
        for start in _START.finditer(self._text, at):
            if self._left < 0:
                return None
            if shape(self.value(start.end())[0]):
                return start.end()
        return None
