"""JSON that others wrote: broken off here, of another shape than promised there."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from typing import Any

from reader.feeds.entries import plausible

_GAP = re.compile(r"[\s,]*")


def load(body: bytes, *lists: str) -> tuple[Any, bool]:
    """What a body holds, and whether it is whole.

    Of one that breaks off, or nests deeper than can be followed, what stands before the first list with one of the
    names in `lists`, and those of its items that are whole. None where there is no such list.
    """
    text = body.decode(json.detect_encoding(body), "replace").lstrip("\ufeff")
    decoder = json.JSONDecoder(strict=False, parse_int=_integer)
    try:
        return decoder.decode(text), True
    except (ValueError, RecursionError):
        pass
    start = re.search(rf'"({"|".join(lists)})"\s*:\s*\[\s*', text)
    if not start:
        return None, False
    try:
        value = decoder.decode(text[: start.start()].rstrip().removesuffix(",") + "}")
    except (ValueError, RecursionError):
        return None, False
    items, position = [], start.end()
    try:
        while True:
            item, position = decoder.raw_decode(text, position)
            items.append(item)
            position = _GAP.match(text, position).end()  # type: ignore[union-attr]
    except (ValueError, RecursionError):
        return value | {start[1]: items}, False


def _integer(digits: str) -> int | str:
    """Python refuses to read numbers of some thousand digits; what is that long is a name, if anything."""
    return int(digits) if len(digits) < 20 else digits


def string(node: dict[str, Any], key: str) -> str:
    """A string, or a number in its place as sloppy ids are, as a string; anything else is none."""
    value = node.get(key)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    return value if isinstance(value, str) else ""


def strings(node: dict[str, Any], key: str) -> list[str]:
    """The strings of a list."""
    value = node.get(key)
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []


def member(node: dict[str, Any], key: str) -> dict[str, Any]:
    """An object; anything else is an empty one."""
    value = node.get(key)
    return value if isinstance(value, dict) else {}


def objects(node: dict[str, Any], key: str) -> list[dict[str, Any]]:
    """The objects of a list."""
    value = node.get(key)
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def instant(node: dict[str, Any], key: str) -> datetime | None:
    """An instant as ISO 8601 has it, in UTC where no zone is stated."""
    try:
        stated = datetime.fromisoformat(string(node, key).strip())
    except ValueError:
        return None
    return plausible(stated if stated.tzinfo else stated.replace(tzinfo=UTC))
