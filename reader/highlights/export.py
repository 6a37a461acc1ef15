"""Highlights as JSON, as Markdown and as plain citations."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from datetime import UTC, datetime
from urllib.parse import quote as percent_encoded
from urllib.parse import urlsplit

from reader.model import Highlight
from reader.text import clean, one_line

_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip

# What means something to Markdown anywhere; then what does so only at the start of a line.
_SPECIAL = re.compile(r"[\\`*_{}\[\]<>#|~&@]|:(?=//)|(?<=[wW])\.")
_OPENS_BLOCK = re.compile(r"^(?:[-+=:]|\d+[.)])")
_UNSAFE_IN_URL = re.compile(r"[\s<>\"\\^`{|}]")


def to_json(highlights: Iterable[Highlight]) -> str:
    """Write highlights as a JSON array in the order they were saved.

    Each object has `id`, `quote` {`exact`, `prefix`, `suffix`, `start`}, `speaker`, `source`, `via`, `outlet`, `title`,
    `url`, `published`, `created` (ISO 8601, UTC), `text_hash`, `note`, `tags`; what is not known is null.
    """
    rows = [
        {
            "id": one.id,
            "quote": {
                "exact": one.quote.exact,
                "prefix": one.quote.prefix,
                "suffix": one.quote.suffix,
                "start": one.quote.start,
            },
            "speaker": one.speaker,
            "source": one.source,
            "via": list(one.via),
            "outlet": one.outlet,
            "title": one.title,
            "url": one.url,
            "published": _instant(one.published),
            "created": _instant(one.created),
            "text_hash": one.text_hash,
            "note": one.note,
            "tags": list(one.tags),
        }
        for one in sorted(highlights, key=lambda one: (one.created, one.id))
    ]
    return json.dumps(rows, ensure_ascii=False, indent=2) + "\n"


def to_markdown(highlights: Iterable[Highlight]) -> str:
    """Write highlights as Markdown, those of one article under its title in the order they stand there.

    Words from outside are escaped, so that none of them turns into markup; only http(s) addresses become links.
    """
    articles: dict[tuple[str, ...], list[Highlight]] = {}
    for one in sorted(highlights, key=lambda one: (one.created, one.id)):
        articles.setdefault((one.url or "", one.outlet, one.title), []).append(one)
    parts = ["# Highlights"]
    for saved in articles.values():
        article = saved[0]
        parts.append(f"## {_escape_line(article.title) or 'Untitled'}")
        address = _web(article.url)
        origin = [_escape_line(article.outlet), _date(article.published), f"<{address}>" if address else ""]
        parts.append(", ".join(filter(None, origin)))
        for one in sorted(saved, key=lambda one: (one.quote.start, one.id)):
            parts.append(_quoted(one.quote.exact))
            parts.append(f"— {speaker}" if (speaker := _escape_line(_speaker(one))) else "")
            parts.append(_escape(one.note))
            parts.append(", ".join(_escape_line(tag) for tag in one.tags))
    return "\n\n".join(filter(None, parts)) + "\n"


def citation(highlight: Highlight) -> str:
    """Cite a highlight in one plain line: “quote” — speaker (via …), outlet, 12 November 2026, URL."""
    words = one_line(highlight.quote.exact)
    if len(words) > 1 and words[0] in '“"' and words[-1] in '”"':
        words = words[1:-1]
    origin = [
        one_line(_speaker(highlight)),
        one_line(highlight.outlet),
        _date(highlight.published),
        _web(highlight.url) or "",
    ]
    return " — ".join(filter(None, (f"“{words}”", ", ".join(filter(None, origin)))))


def _speaker(highlight: Highlight) -> str:
    """Who said it, by name where there is one, with those it came through."""
    who = highlight.speaker or highlight.source or ""
    via = f"(via {', '.join(highlight.via)})" if highlight.via else ""
    return f"{who} {via}".strip()


def _date(when: datetime | None) -> str:
    """A day as "12 November 2026", whatever the locale; empty for none."""
    return f"{when.day} {_MONTHS[when.month - 1]} {when.year}" if when else ""


def _web(url: str | None) -> str | None:
    """An http(s) address that can stand in angle brackets or at the end of a line; None for anything else."""
    try:
        parts = urlsplit(url or "")
    except ValueError:
        return None
    if parts.scheme not in {"http", "https"} or not parts.netloc:
        return None
    return _UNSAFE_IN_URL.sub(lambda match: percent_encoded(match[0]), clean(url or "").strip())


def _escape_line(text: str) -> str:
    return _escape(one_line(text))


def _escape(text: str) -> str:
    """Text as Markdown that shows it and nothing else; its line breaks stay, its indentation does not."""
    lines = []
    for line in clean(text).strip().split("\n"):
        escaped = _SPECIAL.sub(r"\\\g<0>", one_line(line))
        lines.append(_OPENS_BLOCK.sub(lambda match: match[0][:-1] + "\\" + match[0][-1], escaped, count=1))
    return "\n".join(lines)


def _quoted(text: str) -> str:
    return "\n".join(f"> {line}".rstrip() for line in _escape(text).split("\n"))


def _instant(when: datetime | None) -> str | None:
    return when.astimezone(UTC).isoformat().replace("+00:00", "Z") if when else None
