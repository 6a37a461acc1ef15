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
_START = re.compile(r'[,}]\s*+(?=\{\s*+")')
_TRIES = 1_000
"""Places at which no item can be read before the rest of a file is given up."""
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
    found: list[object] = []
    at: int | None = holder.end()
    tries = iter(range(_TRIES))
    whole = False
    while at is not None and at < len(text):
        if text[at] in ", \t\r\n":
            at += 1
        elif text[at] == "]":
            at += 1
            if whole := _AFTER.match(text, at) is not None:
                break
        else:
            value, end = _value(text, at)
            if end and _FOLLOWS.match(text, end):
                found.append(value)
                at = end
                continue
            starts = (start.end() for start, _turn in zip(_START.finditer(text, end or at), tries, strict=False))
            at = next((start for start in starts if shape(_value(text, start)[0])), None)
            whole = at is None and text.rstrip().endswith("}" if begins == "{" else "]")
            if whole or at is not None:
                found.append(Refused(_("it is damaged and can't be read.")))
    keys = frozenset(_KEY.findall(text, 0, holder.end()))
    return Items(keys=keys, version=None, items=found, whole=whole)


def _value(text: str, at: int) -> tuple[object, int | None]:
    """The value that begins there, and where it ends; None where it can't be read."""
    try:
        return _DECODER.raw_decode(text, at)
    except (ValueError, RecursionError):
        return None, None
