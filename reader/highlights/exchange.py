"""Highlights as other programs take them: JSON, W3C Web Annotations as JSON-LD, and CSV.

Nothing is lost in any of them: `bring_in.read` makes equal highlights of each. All are in the order in which they were
saved, whatever the order given, and say nothing of when they were written: the same highlights are the same file.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import msgspec

from reader.model import Highlight, HighlightKind
from reader.text import clean

VERSION = 1
"""Of our own JSON: another one only where a present key would change its meaning."""
CONTEXT = ["http://www.w3.org/ns/anno.jsonld", {"nr": "urn:newsreader:terms#", "nr:via": {"@container": "@list"}}]
NOWHERE = "urn:newsreader:nowhere"
"""The source of what has no address, as the standard asks for one."""

# Readwise's first, by the names that its import asks for; it passes over the others.
COLUMNS = (
    "Highlight", "Title", "Author", "URL", "Note", "Location", "Date",
    "Tags", "Color", "Speaker", "Source", "Via", "Outlet", "Published", "Retrieved", "Changed", "Kind",
    "Prefix", "Suffix", "Start", "Text hash", "UID",
)  # fmt: skip

# What a spreadsheet takes for the beginning of a formula, also behind what it may strip off.
_FORMULA = re.compile("[\\s'\"\u200b-\u200d\u2060\ufeff]*[=+\\-@|%\t\r\n＝＋－＠｜％]")
_SEPARATES = re.compile(r"[\\;]")


def to_json(highlights: Iterable[Highlight]) -> str:
    """Write highlights as `{"newsreader": 1, "highlights": [...]}`; what is not known is null."""
    return _json({"newsreader": VERSION, "highlights": [_object(one) for one in _in_order(highlights)]})


def to_annotations(highlights: Iterable[Highlight]) -> str:
    """Write highlights as a W3C AnnotationCollection in JSON-LD, its one page inside it.

    What the Web Annotation vocabulary has no word for is in the namespace `nr`; what is not known is left out.
    """
    annotations = [_annotation(one) for one in _in_order(highlights)]
    page = {
        "id": "urn:newsreader:highlights:1",
        "type": "AnnotationPage",
        "startIndex": 0,
        "items": annotations,
    }
    return _json(
        {
            "@context": CONTEXT,
            "id": "urn:newsreader:highlights",
            "type": "AnnotationCollection",
            "label": "Highlights",
            "total": len(annotations),
            "first": page,
        }
    )


def to_csv(highlights: Iterable[Highlight]) -> str:
    """Write highlights as CSV (RFC 4180) that Readwise imports, with a header; lists are joined by `; `.

    No cell is a formula to a spreadsheet: one that could be begins with an apostrophe more than its text.
    """
    file = io.StringIO(newline="")
    rows = csv.writer(file, lineterminator="\r\n")
    rows.writerow(COLUMNS)
    for one in _in_order(highlights):
        start = str(one.quote.start) if one.quote.start >= 0 else ""
        cells = (
            one.quote.exact, one.title, one.author or "", one.url or "", one.note, start, _utc(one.created),
            joined(one.tags), one.color or "", one.speaker or "", one.source or "", joined(one.via), one.outlet,
            _instant(one.published) or "", _utc(one.retrieved) or "", _utc(one.changed), one.kind,
            one.quote.prefix, one.quote.suffix, start, one.text_hash, one.uid,
        )  # fmt: skip
        rows.writerow([guarded(clean(cell)) if cell else "" for cell in cells])
    return file.getvalue()


def guarded(text: str) -> str:
    """A text as the cell of a spreadsheet that is no formula; `unguarded` makes it the same text again."""
    return f"'{text}" if _FORMULA.match(text) else text


def unguarded(cell: str) -> str:
    """The text of a cell that `guarded` made."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell


def joined(names: Iterable[str]) -> str:
    """Names in one cell, from which `parted` takes them; none is empty or begins or ends with a blank."""
    return "; ".join(_SEPARATES.sub(r"\\\g<0>", name) for name in names)


def parted(cell: str) -> list[str]:
    """The names that `joined` put into a cell."""
    if "\\" not in cell:
        return [name for part in cell.split(";") if (name := part.strip())]
    parts = (re.sub(r"\\(.)", r"\1", part.strip(), flags=re.DOTALL) for part in re.findall(r"(?:[^\\;]|\\.?)+", cell))
    return [part for part in parts if part]


def _in_order(highlights: Iterable[Highlight]) -> list[Highlight]:
    return sorted(highlights, key=lambda one: (one.created, one.uid))


def _json(document: object) -> str:
    # The gate once for the whole document: what it would change stands inside strings only, and no length changes.
    return msgspec.json.format(clean(json.dumps(document, ensure_ascii=False)), indent=2) + "\n"


def _object(one: Highlight) -> dict[str, object]:
    return {
        "uid": one.uid,
        "kind": one.kind,
        "quote": {
            "exact": one.quote.exact,
            "prefix": one.quote.prefix,
            "suffix": one.quote.suffix,
            "start": one.quote.start,
        },
        "speaker": one.speaker,
        "source": one.source,
        "via": one.via,
        "outlet": one.outlet,
        "title": one.title,
        "author": one.author,
        "url": one.url,
        "published": _instant(one.published),
        "retrieved": _utc(one.retrieved),
        "created": _utc(one.created),
        "changed": _utc(one.changed),
        "text_hash": one.text_hash,
        "note": one.note,
        "tags": one.tags,
        "color": one.color,
    }


def _annotation(one: Highlight) -> dict[str, object]:
    body = (
        [{"type": "TextualBody", "value": one.note, "format": "text/plain", "purpose": "commenting"}]
        if one.note
        else []
    )
    body += [{"type": "TextualBody", "value": tag, "format": "text/plain", "purpose": "tagging"} for tag in one.tags]
    selectors: list[dict[str, object]] = []
    quote = one.quote
    if quote.exact or quote.prefix or quote.suffix:
        around = {"prefix": quote.prefix, "suffix": quote.suffix}
        selectors.append({"type": "TextQuoteSelector", "exact": quote.exact, **around})
    if quote.start >= 0:
        end = quote.start + len(quote.exact)
        selectors.append({"type": "TextPositionSelector", "start": quote.start, "end": end})
    state = {"type": "TimeState", "sourceDate": _utc(one.retrieved)} if one.retrieved else None
    about = "bookmarking" if one.kind is HighlightKind.ARTICLE else "highlighting"
    return {
        "id": f"urn:uuid:{one.uid}",
        "type": "Annotation",
        "motivation": [about, "commenting"] if one.note else about,
        "created": _utc(one.created),
        "modified": _utc(one.changed),
        **_known(
            {
                "body": body,
                "target": {"type": "SpecificResource", "source": one.url or NOWHERE}
                | _known({"state": state, "selector": selectors}),
                "nr:kind": one.kind,
                "nr:speaker": one.speaker,
                "nr:source": one.source,
                "nr:via": one.via,
            }
        ),
        # Also where it is empty: without one, the host of the address would be taken for it.
        "nr:outlet": one.outlet,
        **_known(
            {
                "nr:title": one.title,
                "nr:author": one.author,
                "nr:published": _instant(one.published),
                "nr:textHash": one.text_hash,
                "nr:color": one.color,
            }
        ),
    }


def _known(facts: dict[str, object]) -> dict[str, object]:
    return {name: fact for name, fact in facts.items() if fact}


def _instant(when: datetime | None) -> str | None:
    """ISO 8601 in the zone that it is in, to the second."""
    if when is None:
        return None
    written = when.isoformat(timespec="seconds")
    return f"{written[:-6]}Z" if when.utcoffset() == timedelta(0) else written


def _utc(when: datetime | None) -> str | None:
    return _instant(when.astimezone(UTC)) if when else None
