"""A parsed feed as the JSON that `newsreader feed` writes."""

from __future__ import annotations

from typing import Any

from reader.model import ParsedFeed


def feed_json(feed: ParsedFeed) -> dict[str, Any]:
    """`feed` as one JSON object: title, link, entries, warnings; instants are ISO 8601 in UTC or None."""
    return {
        "title": feed.title,
        "link": feed.site,
        "entries": [
            {
                "id": entry.guid,
                "title": entry.title,
                "link": entry.url,
                "published": entry.published.isoformat() if entry.published else None,
                "author": entry.author,
                "summary": entry.summary,
                "content": entry.content,
                "image": entry.image,
                "enclosures": [
                    {"url": one.url, "type": one.type, "length": one.length, "duration": one.duration}
                    for one in entry.enclosures
                ],
            }
            for entry in feed.entries
        ],
        "warnings": list(feed.warnings),
    }
