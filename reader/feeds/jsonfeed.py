"""JSON Feed 1 and 1.1 (https://www.jsonfeed.org/version/1.1/), read leniently."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from reader.feeds import FeedError
from reader.feeds.entries import distinct, guid, paragraphs, plausible, whole
from reader.feeds.links import absolute
from reader.model import Enclosure, ParsedEntry, ParsedFeed
from reader.text import clean, one_line

_ITEMS = re.compile(r'"items"\s*:\s*\[\s*')
_GAP = re.compile(r"[\s,]*")


def parse(body: bytes, *, url: str) -> ParsedFeed:
    """Read a JSON Feed; raises `FeedError` for JSON that is none and for what is no JSON."""
    text = body.decode(json.detect_encoding(body), "replace")
    warnings = []
    try:
        feed = json.loads(text, strict=False)
    except (ValueError, RecursionError):
        feed = _broken_off(text)
        warnings.append("it breaks off before its end; the entries before that were taken")
    if not isinstance(feed, dict) or "jsonfeed.org/version/" not in _string(feed, "version"):
        raise FeedError("it is not a feed: it is JSON, but no JSON Feed")
    items = _objects(feed, "items")
    author = _author(feed)
    return ParsedFeed(
        title=one_line(_string(feed, "title")),
        url=url,
        site=absolute(_string(feed, "home_page_url"), url),
        entries=distinct(_entry(item, url, author) for item in items),
        warnings=tuple(warnings),
    )


def _broken_off(text: str) -> dict[str, Any]:
    """What stands before the list of items, and those items that are whole."""
    broken = FeedError("it is not a feed: it looks like JSON but is broken")
    start = _ITEMS.search(text)
    if not start:
        raise broken
    try:
        feed: dict[str, Any] = json.loads(text[: start.start()].rstrip().removesuffix(",") + "}", strict=False)
    except (ValueError, RecursionError):
        raise broken from None
    decoder, items, position = json.JSONDecoder(strict=False), [], start.end()
    try:
        while True:
            item, position = decoder.raw_decode(text, position)
            items.append(item)
            position = _GAP.match(text, position).end()  # type: ignore[union-attr]
    except (ValueError, RecursionError):
        return feed | {"items": items}


def _entry(item: dict[str, Any], base: str, default_author: str | None) -> ParsedEntry:
    url = absolute(_string(item, "url"), base) or absolute(_string(item, "external_url"), base)
    title = one_line(_string(item, "title"))
    markup, text = clean(_string(item, "content_html")), clean(_string(item, "content_text"))
    summary = clean(_string(item, "summary"))
    updated = _instant(_string(item, "date_modified"))
    published = _instant(_string(item, "date_published")) or updated
    return ParsedEntry(
        guid=guid(one_line(_string(item, "id")), url=url, title=title, published=published, summary=summary or text),
        url=url,
        title=title,
        author=_author(item) or default_author,
        published=published,
        updated=updated,
        summary=summary,
        content=markup or paragraphs(text or summary),
        enclosures=tuple(_enclosures(item, base)),
    )


def _string(node: dict[str, Any], key: str) -> str:
    """A string, or a number in its place as sloppy ids are, as a string; anything else is none."""
    value = node.get(key)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    return value if isinstance(value, str) else ""


def _objects(node: dict[str, Any], key: str) -> list[dict[str, Any]]:
    value = node.get(key)
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _author(node: dict[str, Any]) -> str | None:
    """Version 1.1 has a list `authors`, version 1 one `author`."""
    people = _objects(node, "authors") or _objects({"author": [node.get("author")]}, "author")
    return ", ".join(filter(None, (one_line(_string(person, "name")) for person in people))) or None


def _instant(stated: str) -> datetime | None:
    try:
        instant = datetime.fromisoformat(stated.strip())
    except ValueError:
        return None
    return plausible(instant if instant.tzinfo else instant.replace(tzinfo=UTC))


def _enclosures(item: dict[str, Any], base: str) -> Iterator[Enclosure]:
    for attachment in _objects(item, "attachments"):
        if url := absolute(_string(attachment, "url"), base):
            yield Enclosure(
                url=url,
                type=one_line(_string(attachment, "mime_type")) or None,
                length=whole(_string(attachment, "size_in_bytes")),
            )
