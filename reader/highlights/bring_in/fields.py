"""The gate for highlights from outside: what an item of a file states, checked, as a highlight."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from urllib.parse import quote as percent_encoded
from urllib.parse import urlsplit
from uuid import UUID, uuid5

from reader.model import Color, Highlight, HighlightKind, Quote
from reader.text import clean, one_line
from reader.words import _

Facts = Mapping[str, object]
"""What an item states, by the names of our own JSON without its `quote`; `known_as` is its name in another program."""

LONGEST_TEXT = 5_000_000
LONGEST_LINE = 10_000
LAST_OFFSET = 1_000_000_000
_MOST_NAMES = 1_000
_NAMESPACE = UUID("9b0f4c1e-63cf-5d0b-8a53-7e0c1f4b2d96")
"""Never another one, or what was brought in once would come in again."""

_UUID = re.compile(r"(?:urn:uuid:)?([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})", re.IGNORECASE | re.ASCII)
_HASH = re.compile(r"[0-9a-f]{64}")
_SURROGATE = re.compile("[\ud800-\udfff]")
_BLANK = "".join(map(chr, range(33)))
_BREAKS = dict.fromkeys(map(ord, "\t\n\r"))


class Refused(ValueError):
    """Why an item does not come in: a sentence to stand behind a colon."""


def highlight(facts: Facts, *, now: datetime) -> Highlight:
    """Make a highlight of what an item states; raises `Refused` where that is damaged.

    Without a date it was created `now`; without an outlet (None, not empty) that is the host of its address.
    """
    exact, url = _text(facts, "exact"), _address(facts.get("url"))
    source = _line(facts, "source") or None
    kind = _kind(facts.get("kind"), source)
    if not exact.strip() and kind is not HighlightKind.ARTICLE:
        raise Refused(_("it has no words that were highlighted."))
    title, start = _line(facts, "title"), _start(facts.get("start"))
    stated = _instant(facts, "created")
    created = stated or now.astimezone(UTC).replace(microsecond=0)
    identity = facts.get("known_as") or [url or title, exact, stated and stated.astimezone(UTC).isoformat(), start]
    return Highlight(
        id=0,
        uid=_uid(facts.get("uid"), identity),
        entry_id=None,
        kind=kind,
        quote=Quote(exact=exact, prefix=_beside(facts, "prefix"), suffix=_beside(facts, "suffix"), start=start),
        speaker=_line(facts, "speaker") or None,
        source=source,
        via=_names(facts, "via"),
        outlet=_line(facts, "outlet") if facts.get("outlet") is not None else _host(url),
        title=title,
        author=_line(facts, "author") or None,
        url=url,
        published=_instant(facts, "published"),
        retrieved=_instant(facts, "retrieved"),
        created=created,
        changed=_instant(facts, "changed") or created,
        text_hash=value if _HASH.fullmatch(value := _line(facts, "text_hash")) else "",
        note=_text(facts, "note"),
        tags=tuple(dict.fromkeys(_names(facts, "tags"))),
        color=_color(facts.get("color")),
    )


def next_uid(uid: str) -> str:
    """What another is known by, of which all is the same that makes this one's name; always the same."""
    return str(uuid5(_NAMESPACE, uid))


def is_uid(text: str) -> bool:
    """Whether a highlight may keep this as what it is known by."""
    return _UUID.fullmatch(text.strip()) is not None


def _string(value: object, name: str, longest: int) -> str:
    if value is None:
        return ""
    if not isinstance(value, str):
        raise Refused(_("its “{field}” is not text.").format(field=name))
    if len(value) > longest:
        raise Refused(_("its “{field}” is too long.").format(field=name))
    return value


def _whole(value: object, name: str, longest: int) -> str:
    text = _string(value, name, longest)
    if _SURROGATE.search(text):
        raise Refused(_("its “{field}” has a broken character in it.").format(field=name))
    return text


def _text(facts: Facts, name: str) -> str:
    return clean(_whole(facts.get(name), name, LONGEST_TEXT))


def _line(facts: Facts, name: str) -> str:
    return one_line(_whole(facts.get(name), name, LONGEST_LINE))


def _beside(facts: Facts, name: str) -> str:
    """What stands beside the words; programs that count in UTF-16 cut characters in two where it ends."""
    return clean(_SURROGATE.sub("", _string(facts.get(name), name, LONGEST_TEXT)))


def _names(facts: Facts, name: str) -> tuple[str, ...]:
    names = facts.get(name)
    if names is None:
        return ()
    if not isinstance(names, list) or len(names) > _MOST_NAMES:
        raise Refused(_("its “{field}” is not a list of names.").format(field=name))
    return tuple(filter(None, (one_line(_whole(one, name, LONGEST_LINE)) for one in names)))


def _start(value: object) -> int:
    if value is None:
        return -1
    if type(value) is not int or not -1 <= value <= LAST_OFFSET:
        raise Refused(_("its “{field}” is not a place in a text.").format(field="start"))
    return value


def _instant(facts: Facts, name: str) -> datetime | None:
    stated = _string(facts.get(name), name, LONGEST_LINE).strip()
    if not stated:
        return None
    try:
        when = datetime.fromisoformat(stated).replace(microsecond=0)
        when = when if when.tzinfo else when.replace(tzinfo=UTC)
        offset = when.utcoffset() or timedelta(0)
        # In the first year and the last one, not every zone has the same instant. The library keeps whole seconds.
        valid = 1 < when.astimezone(UTC).year < 9999 and not offset.microseconds
    except (ValueError, OverflowError):
        valid = False
    if not valid:
        raise Refused(_("its “{field}” is not a date as 2026-11-12T09:30:00Z.").format(field=name))
    return when


def _kind(value: object, source: str | None) -> HighlightKind:
    try:
        return HighlightKind(value)  # type: ignore[arg-type]  # whatever it is
    except (ValueError, TypeError):
        return HighlightKind.CLAIM if source else HighlightKind.WORDS


def _color(value: object) -> Color | None:
    try:
        return Color(value.strip().lower()) if isinstance(value, str) else None
    except ValueError:
        return None


def _uid(value: object, identity: object) -> str:
    if isinstance(value, str) and (match := _UUID.fullmatch(value.strip())):
        return match[1].lower()
    return str(uuid5(_NAMESPACE, json.dumps(identity)))


def _address(value: object) -> str | None:
    """An http(s) address without blanks; None for anything else."""
    address = _string(value, "url", LONGEST_LINE).strip(_BLANK).translate(_BREAKS)
    if clean(address) != address or " " in address:
        address = "".join(percent_encoded(c, errors="replace") if c == " " or clean(c) != c else c for c in address)
    try:
        parts = urlsplit(address)
        return address if parts.scheme in ("http", "https") and parts.hostname else None
    except ValueError:
        return None


def _host(url: str | None) -> str:
    return one_line((urlsplit(url).hostname or "").removeprefix("www.")) if url else ""
