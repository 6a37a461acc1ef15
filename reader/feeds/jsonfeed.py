"""JSON Feed 1 and 1.1 (https://www.jsonfeed.org/version/1.1/), read leniently."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from reader.feeds import FeedError
from reader.feeds.entries import distinct, files, guid, inherited, paragraphs, seconds, whole
from reader.feeds.jsontext import instant, load, member, objects, string
from reader.feeds.links import absolute
from reader.model import Enclosure, ParsedEntry, ParsedFeed
from reader.text import clean, one_line


def parse(body: bytes, *, url: str) -> ParsedFeed:
    """Read a JSON Feed; raises `FeedError` for JSON that is none and for what is no JSON."""
    feed, is_whole = load(body, "items")
    if feed is None:
        raise FeedError("it is not a feed: it looks like JSON but is broken")
    if not isinstance(feed, dict) or "jsonfeed.org/version/" not in string(feed, "version"):
        raise FeedError("it is not a feed: it is JSON, but no JSON Feed")
    cut = () if is_whole else ("it breaks off before its end; the entries before that were taken",)
    items = objects(feed, "items")
    author = inherited(_author(feed))
    return ParsedFeed(
        title=one_line(string(feed, "title")),
        url=url,
        site=absolute(string(feed, "home_page_url"), url),
        entries=distinct(_entry(item, url, author) for item in items),
        warnings=cut,
    )


def _entry(item: dict[str, Any], base: str, default_author: str | None) -> ParsedEntry:
    url = absolute(string(item, "url"), base) or absolute(string(item, "external_url"), base)
    title = one_line(string(item, "title"))
    markup, text = clean(string(item, "content_html")), clean(string(item, "content_text"))
    summary = clean(string(item, "summary"))
    updated = instant(item, "date_modified")
    published = instant(item, "date_published") or updated
    return ParsedEntry(
        guid=guid(one_line(string(item, "id")), url=url, title=title, published=published, summary=summary or text),
        url=url,
        title=title,
        author=_author(item) or default_author,
        published=published,
        updated=updated,
        summary=summary,
        content=markup or paragraphs(text or summary),
        enclosures=files(_enclosures(item, base)),
        image=absolute(string(item, "image"), base) or absolute(string(item, "banner_image"), base),
    )


def _author(node: dict[str, Any]) -> str | None:
    """Version 1.1 has a list `authors`, version 1 one `author`."""
    people = objects(node, "authors") or [member(node, "author")]
    return ", ".join(filter(None, (one_line(string(person, "name")) for person in people))) or None


def _enclosures(item: dict[str, Any], base: str) -> Iterator[Enclosure]:
    for attachment in objects(item, "attachments"):
        if url := absolute(string(attachment, "url"), base):
            yield Enclosure(
                url=url,
                type=one_line(string(attachment, "mime_type")) or None,
                length=whole(string(attachment, "size_in_bytes")),
                duration=seconds(string(attachment, "duration_in_seconds")),
            )
