"""The feeds that a web page advertises."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from lxml import etree

from reader.feeds.links import absolute
from reader.model import FoundFeed
from reader.text import one_line

_TYPES = {
    "application/rss+xml",
    "application/atom+xml",
    "application/rdf+xml",
    "application/feed+json",
    "application/xml",
    "text/xml",
}
_FEED_PATH = re.compile(r"\.(?:rss|atom)$|/(?:rss|atom|feed|feeds|index)\.(?:xml|rdf|json)$|/(?:rss|atom|feed)/?$")
_YOUTUBE_CHANNEL = re.compile(r"UC[\w-]{22}")


def discover(html: bytes, *, url: str) -> tuple[FoundFeed, ...]:
    """The feeds that the page fetched from `url` names, in its own order; no address is guessed.

    Those it links as its alternates; a YouTube page without them is followed by the channel it states; failing that,
    the feeds of its own site that it links in its text.
    """
    root = _tree(html)
    if root is None:
        return ()
    bases = (absolute(base.get("href", ""), url) for base in root.iter("base") if base.get("href"))
    base = next(bases, None) or url
    for find in (_alternates, _youtube, _anchors):
        found: dict[str, FoundFeed] = {}
        for feed in find(root, base):
            found.setdefault(feed.url, feed)
        if found:
            return tuple(found.values())
    return ()


def _tree(html: bytes) -> etree._Element | None:
    try:
        html.decode()
        encoding = "utf-8"
    except UnicodeDecodeError:
        encoding = None  # what the page says of itself
    try:
        root: etree._Element | None = etree.fromstring(html, etree.HTMLParser(encoding=encoding, no_network=True))
    except (etree.XMLSyntaxError, ValueError):  # nothing in it
        return None
    return root


def _alternates(root: etree._Element, base: str) -> Iterator[FoundFeed]:
    for link in root.iter("link", "a"):
        relations = link.get("rel", "").lower().split()
        address = link.get("href", "")
        if ("feed" in relations or ("alternate" in relations and _is_feed(link.get("type", ""), address))) and (
            feed := absolute(address, base)
        ):
            yield FoundFeed(url=feed, title=one_line(link.get("title", "")))


def _is_feed(media_type: str, address: str) -> bool:
    """JSON Feed 1.0 called itself application/json; so do interfaces that are no feeds."""
    media_type = media_type.partition(";")[0].strip().lower()
    return media_type in _TYPES or (media_type == "application/json" and "feed" in address.lower())


def _youtube(root: etree._Element, base: str) -> Iterator[FoundFeed]:
    if _site(base) not in ("youtube.com", "m.youtube.com"):
        return
    for meta in root.iter("meta"):
        channel = meta.get("content", "")
        if meta.get("itemprop") in ("channelId", "identifier") and _YOUTUBE_CHANNEL.fullmatch(channel):
            yield FoundFeed(url=f"https://www.youtube.com/feeds/videos.xml?channel_id={channel}")


def _anchors(root: etree._Element, base: str) -> Iterator[FoundFeed]:
    site = _site(base)
    for anchor in root.iter("a"):
        feed = absolute(anchor.get("href", ""), base)
        if feed and f".{_site(feed)}".endswith(f".{site}") and _FEED_PATH.search(urlsplit(feed).path.lower()):
            yield FoundFeed(url=feed, title=one_line(anchor.get("title") or "".join(map(str, anchor.itertext()))))


def _site(url: str) -> str:
    return (urlsplit(url).hostname or "").removeprefix("www.")
