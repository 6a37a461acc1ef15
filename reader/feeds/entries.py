"""What the formats share on the way to an entry: its identity, dates, files and plain-text bodies."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from html import escape

from reader.model import Enclosure, ParsedEntry

_LAST = datetime.max.replace(tzinfo=UTC)
_MOST_FILES = 50
_LONGEST_AUTHOR = 500
_DURATION = re.compile(r"(?:(?:(\d{1,4}):)?(\d{1,4}):)?(\d{1,7})(?:\.\d*)?", re.ASCII)


def guid(stated: str, *, url: str | None, title: str, published: datetime | None, summary: str) -> str:
    """The id the feed states, else the link, else a hash of the entry's words."""
    return stated or url or _digest(title, published.isoformat() if published else "", summary)


def distinct(entries: Iterable[ParsedEntry]) -> tuple[ParsedEntry, ...]:
    """Drop entries that repeat an earlier one; give those that merely share its guid one of their own.

    The oldest of several keeps the guid as stated: it is the one that may be known already, so that nothing read comes
    back as new when a newer entry takes over its guid.
    """
    kept: dict[tuple[str, str | None, str], ParsedEntry] = {}
    for entry in entries:
        kept.setdefault((entry.guid, entry.url, entry.title), entry)
    oldest: dict[str, ParsedEntry] = {}
    for entry in reversed(kept.values()):  # feeds put the newest first
        if entry.guid not in oldest or (entry.published or _LAST) < (oldest[entry.guid].published or _LAST):
            oldest[entry.guid] = entry
    named = (
        entry
        if oldest[entry.guid] is entry
        else replace(entry, guid=f"{entry.guid}#{_digest(entry.url or '', entry.title)[:16]}")
        for entry in kept.values()
    )
    return tuple({entry.guid: entry for entry in named}.values())


def plausible(instant: datetime) -> datetime | None:
    """`instant` in UTC, or None where it is a slip of the pen: no feed carries news from before 1900 or after 2200."""
    try:
        instant = instant.astimezone(UTC)
    except OverflowError:
        return None
    return instant if 1900 <= instant.year <= 2200 else None


def whole(number: str) -> int | None:
    """A whole number that a feed states, if it is one that fits into 53 bits."""
    number = number.strip()
    return int(number) if number.isascii() and number.isdigit() and len(number) < 16 else None


def seconds(duration: str) -> int | None:
    """How long something lasts that a feed states as "1:02:03", "62:03" or "3723"; None where it is nothing or odd."""
    match = _DURATION.fullmatch(duration.strip())
    hours, minutes, rest = (int(part or 0) for part in match.groups()) if match else (0, 0, 0)
    return hours * 3600 + minutes * 60 + rest or None


def inherited(author: str | None) -> str | None:
    """The author of entries that state none, as their feed has it; none where that is no name, and would be in each."""
    return author if author and len(author) <= _LONGEST_AUTHOR else None


def files(stated: Iterable[Enclosure]) -> tuple[Enclosure, ...]:
    """Each file once, with all that is said of it, and of a flood of files the first ones."""
    kept: dict[str, Enclosure] = {}
    for file in stated:
        if same := kept.get(file.url):
            kept[file.url] = Enclosure(
                url=file.url,
                type=same.type or file.type,
                length=same.length or file.length,
                duration=same.duration or file.duration,
            )
        elif len(kept) < _MOST_FILES:
            kept[file.url] = file
    return tuple(kept.values())


def paragraphs(text: str) -> str:
    """Plain text as HTML: escaped, an empty line starting a paragraph."""
    return re.sub(r"\n[ \t]*\n\s*", "\n<p>", escape(text, quote=False))


def _digest(*words: str) -> str:
    return sha256("\0".join(words).encode()).hexdigest()
