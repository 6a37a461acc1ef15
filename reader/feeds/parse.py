"""RSS, RDF, Atom and JSON Feed: bytes to entries."""

from __future__ import annotations

import calendar
import html
import io
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, TypeVar
from xml.sax import SAXParseException

import feedparser.api

from reader.feeds import FeedError, jsonfeed
from reader.feeds.entries import distinct, guid, paragraphs, plausible, whole
from reader.feeds.links import absolute
from reader.model import Enclosure, ParsedEntry, ParsedFeed
from reader.text import clean, one_line

# An id is a name, not an address. feedparser resolves it against the feed's own address, and when that moves from http
# to https every entry would come back as new.
for _parser in (feedparser.api.StrictFeedParser, feedparser.api.LooseFeedParser):
    _parser.can_be_relative_uri = _parser.can_be_relative_uri - {"id"}

_PROLOG = re.compile(
    rb"""(?: \s+ | \xef\xbb\xbf | \xff\xfe | \xfe\xff        # byte order marks
      | <\?.*?\?> | <!--.*?--> | <!(?!--)[^<>\[]*(?:\[.*?\]\s*)?> )*""",
    re.DOTALL | re.VERBOSE,
)
_ROOT = re.compile(rb"<(?:[\w.-]+:)?([\w.-]+)")
_FEED_ROOTS = {"rss", "rdf", "feed", "channel"}
_FEED_TAG = re.compile(rb"<(?:[\w.-]+:)?(?:rss|rdf|feed|channel)[\s/>]", re.IGNORECASE)
_ENTRY_TAG = re.compile(rb"<(/?)(?:[\w.-]+:)?(?:item|entry)(?:\s[^<>]*)?>", re.IGNORECASE)
_FEED_END = re.compile(rb"</(?:[\w.-]+:)?(?:rss|rdf|feed)\s*>", re.IGNORECASE)
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]+)", re.IGNORECASE)
_MARKUP = re.compile(r"<(script|style)\b.{0,500}?</\1\s*>|<!--.{0,500}?-->|<[a-z/!?][^<>]*>", re.DOTALL | re.IGNORECASE)
_BREAKING_TAG = re.compile(r"</?(?:br|p|div|li|h[1-6])\b[^<>]*>", re.IGNORECASE)
_HTML = ("text/html", "application/xhtml+xml")
_T = TypeVar("_T")


def parse(body: bytes, *, url: str, content_type: str | None = None) -> ParsedFeed:
    """Read a feed of any common format from its `body`, fetched from `url` with the given Content-Type header.

    What is broken is read as far as it goes and said in the feed's warnings. Raises `FeedError` for what is no feed.
    """
    url = clean(url)
    ascii_body = body.replace(b"\0", b"")  # the markup of UTF-16 and UTF-32, near enough to tell what it is
    prolog = _PROLOG.match(ascii_body)
    start = prolog.end() if prolog else 0
    if start == len(ascii_body):
        raise FeedError("it is empty")
    if ascii_body.startswith(b"{", start):
        return jsonfeed.parse(body, url=url)
    match = _ROOT.match(ascii_body, start)
    root = match[1].decode("latin-1").lower() if match else ""
    doctype = b"<!doctype html" in ascii_body[:start].lower()
    if root in ("html", "head", "body") or (doctype and root not in _FEED_ROOTS):
        raise FeedError("it is a web page, not a feed")
    if not _FEED_TAG.search(ascii_body):
        raise _no_feed(root, content_type)
    result = _feedparser(body, url=url, content_type=content_type)
    if root not in _FEED_ROOTS and not result["entries"]:
        raise _no_feed(root, content_type)

    entries, warnings = result["entries"], []
    if isinstance(fault := result.get("bozo_exception"), SAXParseException):
        tags = list(_ENTRY_TAG.finditer(ascii_body))
        if _FEED_END.search(ascii_body, tags[-1].end() if tags else 0):
            reason = one_line(fault.getMessage()).removeprefix("not well-formed ").strip("()")
            warnings.append(f"it is not well-formed XML ({reason}); what could be read was taken")
        else:
            warnings.append("it breaks off before its end; the entries before that were taken")
            # Half an entry would stay half for good, as entries never change; the whole one can still come.
            if tags and not tags[-1][1] and sum(not tag[1] for tag in tags) == len(entries):
                entries = entries[:-1]
    feed = result["feed"]
    author = _author(feed) if result["version"].startswith("atom") else None  # RFC 4287, section 4.2.1
    return ParsedFeed(
        title=_plain(feed, "title"),
        url=url,
        site=absolute(_get(feed, "link", str), url),
        entries=distinct(_entry(entry, url, author) for entry in entries),
        ttl=whole(_get(feed, "ttl", str)) or None,
        warnings=tuple(warnings),
    )


def _no_feed(root: str, content_type: str | None) -> FeedError:
    if "html" in (content_type or "").lower():
        return FeedError("it is a web page, not a feed")
    if root:
        return FeedError(f"it is not a feed: its outermost element is <{one_line(root)[:40]}>")
    return FeedError("it is not a feed: it holds neither RSS, Atom nor JSON Feed")


def _feedparser(body: bytes, *, url: str, content_type: str | None) -> dict[str, Any]:
    body, charset = _decodable(body, content_type)
    # feedparser opens anything but a stream as a file or an address when it looks like one. Its sanitiser is off
    # because nothing of a feed is ever rendered: articles are extracted from it later.
    try:
        result: dict[str, Any] = feedparser.api.parse(
            io.BytesIO(body),
            response_headers={"content-location": url, "content-type": f"application/xml{charset}"},
            resolve_relative_uris=True,
            sanitize_html=False,
        )
    except Exception as fault:  # it raises nearly anything on odd input: codecs it looks up, sizes that are no numbers
        raise FeedError("it is not a feed: it is too broken to read") from fault
    return result


def _decodable(body: bytes, content_type: str | None) -> tuple[bytes, str]:
    """The body and the charset parameter that make feedparser decode it rightly.

    feedparser follows RFC 3023, where XML sent as text/xml is ASCII; RFC 7303 replaced that by: the charset parameter,
    else the XML declaration, else UTF-8. Both are wrong often enough that bytes which are UTF-8 are taken as such,
    a few broken characters included (software that cuts summaries by bytes). Escapes may mean ISO-2022.
    """
    if b"\0" not in body and b"\x1b" not in body:
        text = body.decode("utf-8", "replace")
        foreign = len(text) - len(text.encode("ascii", "ignore"))
        if text.count("\ufffd") * 4 <= foreign:
            return text.lstrip("\ufeff \t\r\n").encode(), "; charset=utf-8"
    if b"\0" in body:
        body = body[: len(body) // 2 * 2]  # UTF-16 broken off within a character
    match = _CHARSET.search(content_type or "")
    return body, f"; charset={match[1]}" if match else ""


def _entry(entry: dict[str, Any], base: str, default_author: str | None) -> ParsedEntry:
    url = absolute(_get(entry, "link", str), base)
    title = _plain(entry, "title")
    summary = clean(_get(entry, "summary", str))
    updated = _instant(entry, "updated")
    published = _instant(entry, "published") or _instant(entry, "created") or updated
    stated = one_line(_get(entry, "id", str))
    return ParsedEntry(
        guid=guid(stated, url=url, title=title, published=published, summary=summary),
        url=url,
        title=title,
        author=_author(entry) or default_author,
        published=published,
        updated=updated,
        summary=summary,
        content=_fullest(entry),
        enclosures=tuple(_enclosures(entry, base)),
    )


# feedparser's dictionaries warn when asked for a date that is not there, and hold an element's attributes in place of
# its words where it does not know the element: hence `_get`.


def _get(node: dict[str, Any], key: str, kind: type[_T]) -> _T:
    value = dict.get(node, key)
    return value if isinstance(value, kind) else kind()


def _plain(node: dict[str, Any], key: str) -> str:
    """A title as one line of text, whatever markup it came in."""
    text = _get(node, key, str)
    if _get(node, f"{key}_detail", dict).get("type") in _HTML:
        text = html.unescape(_MARKUP.sub("", _BREAKING_TAG.sub(" ", text)))
    return one_line(text)


def _author(node: dict[str, Any]) -> str | None:
    people = (author for author in _get(node, "authors", list) if isinstance(author, dict))
    names = (one_line(_get(person, "name", str) or _get(person, "email", str)) for person in people)
    return ", ".join(dict.fromkeys(filter(None, names))) or one_line(_get(node, "author", str)) or None


def _instant(node: dict[str, Any], key: str) -> datetime | None:
    fields: tuple[int, ...] = _get(node, f"{key}_parsed", tuple)
    try:
        return plausible(datetime.fromtimestamp(calendar.timegm(fields), UTC)) if fields else None
    except (ValueError, OverflowError, OSError):
        return None


def _fullest(entry: dict[str, Any]) -> str:
    """The longest body among the contents and the summary, as HTML."""
    bodies = [body for body in _get(entry, "content", list) if isinstance(body, dict)]
    bodies.append({"type": "text/html"} | _get(entry, "summary_detail", dict) | {"value": _get(entry, "summary", str)})
    readable = (body for body in bodies if body.get("type") in ("text/plain", *_HTML))
    fullest = max(readable, key=lambda body: len(_get(body, "value", str)), default={})
    text = clean(_get(fullest, "value", str))
    return paragraphs(text) if fullest.get("type") == "text/plain" else text


def _enclosures(entry: dict[str, Any], base: str) -> Iterator[Enclosure]:
    for link in _get(entry, "links", list):
        url = absolute(_get(link, "href", str), base) if link.get("rel") == "enclosure" else None
        if url:
            length = _get(link, "length", str).strip()
            yield Enclosure(url=url, type=one_line(_get(link, "type", str)) or None, length=whole(length))
