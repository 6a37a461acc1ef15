"""Articles that other readers export, with what the person made of them there.

Google Reader's JSON, which FreshRSS and most services after it write, and that of Miniflux
(https://miniflux.app/docs/api.html#endpoint-get-entries).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from itertools import chain
from typing import Any

from reader.feeds import FeedError
from reader.feeds.entries import files, guid, plausible, whole
from reader.feeds.jsontext import instant, load, member, objects, string, strings
from reader.feeds.links import absolute
from reader.model import Enclosure, Moved, Outline, ParsedEntry
from reader.text import clean, one_line, unescaped

_STATE, _LABEL = "/state/com.google/", "/label/"
_NAMED_BY_THE_READER = "tag:google.com,2005:reader/item/"


def read(body: bytes) -> tuple[tuple[Moved, ...], tuple[str, ...]]:
    """The articles of an export, and a line for each item that is refused, with the reason.

    A file that breaks off is read as far as it goes. Raises `FeedError` for what is no such export.
    """
    if not body.strip():
        raise FeedError("it is empty")
    export, is_whole = load(body, *_LISTS)
    lists = [name for name in _LISTS if isinstance(export, dict) and isinstance(export.get(name), list)]
    if not lists:
        raise FeedError("it is not an export of articles: it is neither Google Reader's JSON nor that of Miniflux")
    items, taken = export[lists[0]], _LISTS[lists[0]]
    moved: list[Moved] = []
    refused: list[str] = []
    titles: dict[tuple[str, str], str] = {}
    for number, item in enumerate(items, 1):
        article = taken(item if isinstance(item, dict) else {})
        if not (article.entry.title or article.entry.url):
            refused.append(f"Item {number}: it has neither a title nor an address")
        elif not article.feed.url:
            refused.append(f"{article.entry.title or f'Item {number}'}: the address of its feed is not in the file")
        else:
            entry = article.entry
            if titles.setdefault((article.feed.url, entry.guid), entry.title) != entry.title:
                article = replace(article, entry=replace(entry, guid=f"{entry.guid}#{entry.title}"))
            moved.append(article)
    if not is_whole:
        refused.append(f"The file breaks off after item {len(items)}: export it again for the rest")
    return tuple(moved), tuple(refused)


def _of_google(item: dict[str, Any]) -> Moved:
    origin = member(item, "origin")
    links = chain(objects(item, "canonical"), objects(item, "alternate"))
    categories = strings(item, "categories")
    named = one_line(string(item, "guid") or string(item, "id"))
    return Moved(
        feed=Outline(
            url=absolute(string(origin, "feedUrl")) or absolute(string(origin, "streamId").removeprefix("feed/")) or "",
            title=_unescaped(origin, "title"),
            site=absolute(string(origin, "htmlUrl")),
        ),
        entry=_entry(
            stated="" if named.startswith(_NAMED_BY_THE_READER) else named,
            url=next(filter(None, (absolute(string(link, "href")) for link in links)), None),
            title=_unescaped(item, "title"),
            author=_unescaped(item, "author"),
            published=_epoch(string(item, "published")),
            bodies=(string(member(item, "summary"), "content"), string(member(item, "content"), "content")),
            enclosures=(
                (string(e, "href"), string(e, "type"), string(e, "length")) for e in objects(item, "enclosure")
            ),
        ),
        read=any(category.endswith(f"{_STATE}read") for category in categories),
        starred=any(category.endswith(f"{_STATE}starred") for category in categories),
        tags=_tags(category.partition(_LABEL)[2] for category in categories),
    )


def _of_miniflux(item: dict[str, Any]) -> Moved:
    feed = member(item, "feed")
    return Moved(
        feed=Outline(
            url=absolute(string(feed, "feed_url")) or "",
            title=one_line(string(feed, "title")),
            site=absolute(string(feed, "site_url")),
            folder=one_line(string(member(feed, "category"), "title")) or None,
        ),
        entry=_entry(
            stated="",  # its hash is of its own making
            url=absolute(string(item, "url")),
            title=one_line(string(item, "title")),
            author=one_line(string(item, "author")),
            published=instant(item, "published_at"),
            bodies=(string(item, "content"),),
            enclosures=(
                (string(e, "url"), string(e, "mime_type"), string(e, "size")) for e in objects(item, "enclosures")
            ),
        ),
        read=string(item, "status") == "read",
        starred=item.get("starred") is True,
        tags=_tags(strings(item, "tags")),
    )


def _entry(
    *,
    stated: str,
    url: str | None,
    title: str,
    author: str,
    published: datetime | None,
    bodies: tuple[str, ...],
    enclosures: Iterable[tuple[str, str, str]],
) -> ParsedEntry:
    content = clean(max(bodies, key=len))
    return ParsedEntry(
        guid=guid(stated, url=url, title=title, published=published, summary=content),
        url=url,
        title=title,
        author=author or None,
        published=published,
        content=content,
        enclosures=files(
            Enclosure(url=address, type=one_line(media_type) or None, length=whole(length))
            for stated_at, media_type, length in enclosures
            if (address := absolute(stated_at))
        ),
    )


def _unescaped(node: dict[str, Any], key: str) -> str:
    """These readers keep titles and names as HTML."""
    return one_line(unescaped(string(node, key)))


def _epoch(seconds: str) -> datetime | None:
    stated = whole(seconds)
    try:
        return plausible(datetime.fromtimestamp(stated, UTC)) if stated else None
    except (ValueError, OverflowError, OSError):
        return None


def _tags(stated: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, map(one_line, stated))))


_LISTS = {"items": _of_google, "entries": _of_miniflux}
