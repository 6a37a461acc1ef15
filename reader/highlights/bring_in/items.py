"""The objects of a JSON file, as many as can be read of one that is damaged or breaks off."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

from reader.highlights.bring_in.fields import Refused
from reader.words import _

_HOLDERS = ("highlights", "items", "rows", "annotations", "@graph")
_HOLDER = re.compile(rf'"({"|".join(_HOLDERS)})"\s*+:\s*+\[')
_KEY = re.compile(r'"([^"\\]{1,40})"\s*+:')
# A string, what opens and closes, a comma, and the quotation mark of a string that never ends.
_TOKEN = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"|[\[\]{},"]', re.DOTALL)
_OPENS = {"]": "[", "}": "{"}
# What may stand behind the array's end, so that a bracket too many in an item is not taken for it.
_AFTER = re.compile(r'\s*+(?:\}|\Z|,\s*+"[^"\\]*+"\s*+:)')


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
    begins = text.lstrip()[:1]
    holder = _HOLDER.search(text) if begins == "{" else re.match(r"\s*+(\[)", text) if begins == "[" else None
    if holder is None:
        return None
    parts, rest = _parts(text, holder.end())
    found = [_value(part) for part in parts if part.strip()]
    if rest is not None and not isinstance(last := _value(rest), Refused):
        found.append(last)
    keys = frozenset(_KEY.findall(text, 0, holder.end()))
    return Items(keys=keys, version=None, items=found, whole=rest is None)


def _parts(text: str, begin: int) -> tuple[list[str], str | None]:
    """The source of each item of the array that begins there, nested however deep, and what the file breaks off in.

    The latter is None where the array ends. A bracket that closes nothing is passed over, one that is missing is
    closed by the next around it, so that an item damaged there takes as few others with it as can be.
    """
    parts: list[str] = []
    open_: list[str] = []
    counts = {"[": 0, "{": 0}
    for token in _TOKEN.finditer(text, begin):
        mark = token[0]
        if mark == '"':
            break
        if mark in counts:
            open_.append(mark)
            counts[mark] += 1
        elif mark == "," and not open_:
            parts.append(text[begin : token.start()])
            begin = token.end()
        elif (opens := _OPENS.get(mark)) and counts[opens]:
            closed = ""
            while closed != opens:
                closed = open_.pop()
                counts[closed] -= 1
        elif mark == "]" and not open_ and _AFTER.match(text, token.end()):
            parts.append(text[begin : token.start()])
            return parts, None
    return parts, text[begin:]


def _value(source: str) -> object:
    try:
        return json.loads(source)
    except (ValueError, RecursionError):
        return Refused(_("it is damaged and can't be read."))
