"""RSS, RDF, Atom and JSON Feed: bytes to entries."""

from __future__ import annotations

import calendar
import io
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from functools import lru_cache
from itertools import chain
from typing import Any, TypeVar
from xml.sax import SAXParseException

import chardet
import feedparser.api
import feedparser.encodings
import feedparser.mixin
import feedparser.sanitizer
import feedparser.urls

from reader.feeds import FeedError, jsonfeed
from reader.feeds.entries import distinct, files, guid, inherited, paragraphs, plausible, seconds, whole
from reader.feeds.links import absolute
from reader.model import Enclosure, ParsedEntry, ParsedFeed
from reader.text import base_of, clean, one_line, unescaped


def _all_kept(element: str) -> Callable[[Any], None]:
    """What feedparser is to do at the end of an element of which it would keep the last alone."""

    def end(parser: Any) -> None:
        if words := parser.pop(element):
            parser._get_context().setdefault(f"{element}s", []).append(words)

    return end


def _name_and_address(parser: Any, key: str = "author") -> None:
    if len(parser._get_context().get(key) or "") <= _LONGEST_NAME:
        feedparser.mixin._FeedParserMixin._sync_author_detail(parser, key)


@lru_cache(256)
def _base(around: str, own: str) -> str:
    """What an element's addresses are relative to; empty, for that of the element around it, where it is too long."""
    found: str = feedparser.urls.make_safe_absolute_uri(around, own)
    return base_of(found)


def _guessed(body: bytes) -> str:
    return chardet.detect(_NO_WORD.sub(b" ", body[:_SAMPLE]))["encoding"] or ""


_LONGEST_NAME = 500
"""Characters of an author's name in which an address is looked for, which takes the square of their number."""
_ORIGIN = 500
"""Characters that scheme and host of an address fit into."""
_SAMPLE = 50_000
_NO_WORD = re.compile(rb"[a-zA-Z]{64,}")
"""Runs of letters that guessing an encoding would take the square of their length to pass over."""

# What of feedparser takes more than the length of a feed in time, done in time.
feedparser.encodings.lazy_chardet_encoding = _guessed
feedparser.encodings.RE_XML_PI_ENCODING = re.compile(rb"<\?[^>]{0,200}?encoding=['\"]([^'\">]{0,40})['\"]")
feedparser.sanitizer.RE_ENTITY_PATTERN = re.compile(rb"^[^\S\n]*+<!ENTITY([^>]{0,500}+)>", re.MULTILINE)
feedparser.sanitizer.RE_DOCTYPE_PATTERN = re.compile(rb"^[^\S\n]*+<!DOCTYPE([^>]{0,500}+)>", re.MULTILINE)
# It resolves the base of every element anew, though a feed has one or two.
feedparser.mixin.make_safe_absolute_uri = _base

# An id is a name, not an address. feedparser resolves it against the feed's own address, and when that moves from http
# to https every entry would come back as new.
for _parser in (feedparser.api.StrictFeedParser, feedparser.api.LooseFeedParser):
    _parser._sync_author_detail = _name_and_address
    _parser.can_be_relative_uri = _parser.can_be_relative_uri - {"id"}
    for _element in ("hour", "day"):  # of skipHours and skipDays
        setattr(_parser, f"_end_{_element}", _all_kept(_element))

_PROLOG = re.compile(
    rb"""(?: \s+ | \xef\xbb\xbf | \xff\xfe | \xfe\xff        # byte order marks
      | <\?.*?\?> | <!--.*?--> | <!(?!--)[^<>\[]*(?:\[.*?\]\s*)?> )*""",
    re.DOTALL | re.VERBOSE,
)
_ROOT = re.compile(rb"<(?:[\w.-]+:)?([\w.-]+)")
# References to halves of characters, which some software writes for emoji, and to what is no character at all.
_ODD_REFERENCE = rb"&#(?:0*+(?:5[5-7]\d{3}|\d{7,}+)|[xX]0*+(?:[dD][89a-fA-F][0-9a-fA-F]{2}|[0-9a-fA-F]{6,}+));"
_ODD_REFERENCES = re.compile(rb"(?:%s)+" % _ODD_REFERENCE)
_FEED_ROOTS = {"rss", "rdf", "feed", "channel"}
_FEED_TAG = re.compile(rb"<(?:[\w.-]+:)?(?:rss|rdf|feed|channel)[\s/>]", re.IGNORECASE)
_ENTRY_TAG = re.compile(rb"<(/?)(?:[\w.-]+:)?(?:item|entry)(?:\s[^<>]*)?>", re.IGNORECASE)
_FEED_END = re.compile(rb"</(?:[\w.-]+:)?(?:rss|rdf|feed)\s*>", re.IGNORECASE)
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]+)", re.IGNORECASE)
_MARKUP = re.compile(r"<(script|style)\b.{0,500}?</\1\s*>|<!--.{0,500}?-->|<[a-z/!?][^<>]*>", re.DOTALL | re.IGNORECASE)
_BREAKING_TAG = re.compile(r"</?(?:br|p|div|li|h[1-6])\b[^<>]*>", re.IGNORECASE)
_HTML = ("text/html", "application/xhtml+xml")
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_PERIODS = {"hourly": 60, "daily": 1440, "weekly": 7 * 1440, "monthly": 30 * 1440, "yearly": 365 * 1440}
# feedparser takes every entry's markup apart to resolve its addresses, half of all its time; in most feeds all are
# absolute. In doubt one is relative. A pattern for each attribute, for the search for words that begin alike is quick.
_RELATIVE = tuple(
    re.compile(
        rb"%s(?<=[\s\"']%s)\s*=\s*(?:[\"']|&(?:amp;)?(?:quot|apos|#34|#39|#x22|#x27);)?+"
        rb"(?!\s*(?:https?:|mailto:|data:|tel:|#|[\"']|&quot;))" % (attribute, attribute)
    )
    for attribute in (
        *(b"href", b"src", b"cite", b"poster", b"action", b"data", b"background"),
        *(b"longdesc", b"usemap", b"codebase", b"classid", b"profile"),
    )
)
_PICTURE = re.compile(r"\.(?:jpe?g|png|gif|webp|avif)(?:[?#]|$)", re.IGNORECASE)
_PLAYERS = ("text/html", "application/x-shockwave-flash")
"""What Media RSS calls content though it is a page that plays it."""
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
    author = inherited(_author(feed)) if result["version"].startswith("atom") else None  # RFC 4287, section 4.2.1
    return ParsedFeed(
        title=_plain(feed, "title"),
        url=url,
        site=absolute(_get(feed, "link", str), url),
        entries=distinct(_entry(entry, url, author) for entry in entries),
        ttl=_ttl(feed),
        skip_hours=frozenset(
            hour % 24 for hour in map(whole, _strings(feed, "hours")) if hour is not None and hour < 25
        ),
        skip_days=frozenset(_DAYS.index(day) for name in _strings(feed, "days") if (day := name.lower()[:3]) in _DAYS),
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
    body = _ODD_REFERENCES.sub(_possible, body)
    base = base_of(url) or absolute("/", url[:_ORIGIN]) or ""
    # feedparser opens anything but a stream as a file or an address when it looks like one. Its sanitiser is off
    # because nothing of a feed is ever rendered: articles are extracted from it later.
    try:
        result: dict[str, Any] = feedparser.api.parse(
            io.BytesIO(body),
            response_headers={"content-location": base, "content-type": f"application/xml{charset}"},
            resolve_relative_uris=_has_relative(body),
            sanitize_html=False,
        )
    except Exception as fault:  # it raises nearly anything on odd input: codecs it looks up, sizes that are no numbers
        raise FeedError("it is not a feed: it is too broken to read") from fault
    return result


def _possible(references: re.Match[bytes]) -> bytes:
    """References to the characters that were meant, where feedparser would give up on the whole feed."""
    stated = references[0].decode().replace("&#", "").lower().rstrip(";").split(";")
    numbers = (int(one.replace("x", "0x", 1)[:20], 0) if one[0] == "x" else int(one[:20]) for one in stated)
    meant = "".join(chr(number) if number <= sys.maxunicode else "\ufffd" for number in numbers)
    return meant.encode("utf-16", "surrogatepass").decode("utf-16", "replace").encode("ascii", "xmlcharrefreplace")


def _has_relative(body: bytes) -> bool:
    """Whether the markup in a feed may hold addresses that are relative."""
    lowered = body.lower()
    return b"base64" in lowered or any(attribute.search(lowered) for attribute in _RELATIVE)


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
        enclosures=_enclosures(entry, base),
        image=_image(entry, base),
    )


# feedparser's dictionaries warn when asked for a date that is not there, and hold an element's attributes in place of
# its words where it does not know the element: hence `_get`.


def _get(node: dict[str, Any], key: str, kind: type[_T]) -> _T:
    value = dict.get(node, key)
    return value if isinstance(value, kind) else kind()


def _dicts(node: dict[str, Any], key: str) -> list[dict[str, Any]]:
    return [value for value in _get(node, key, list) if isinstance(value, dict)]


def _strings(node: dict[str, Any], key: str) -> list[str]:
    return [value for value in _get(node, key, list) if isinstance(value, str)]


def _ttl(feed: dict[str, Any]) -> int | None:
    """Minutes between checks as RSS states them, else as the syndication module does: so many times a period."""
    if stated := whole(_get(feed, "ttl", str)):
        return stated
    period = _PERIODS.get(_get(feed, "sy_updateperiod", str).strip().lower())
    return max(1, period // (whole(_get(feed, "sy_updatefrequency", str)) or 1)) if period else None


def _plain(node: dict[str, Any], key: str) -> str:
    """A title as one line of text, whatever markup it came in."""
    text = _get(node, key, str)
    if _get(node, f"{key}_detail", dict).get("type") in _HTML:
        text = unescaped(_MARKUP.sub("", _BREAKING_TAG.sub(" ", text)))
    return one_line(text)


def _author(node: dict[str, Any]) -> str | None:
    names = (one_line(_get(person, "name", str) or _get(person, "email", str)) for person in _dicts(node, "authors"))
    return ", ".join(dict.fromkeys(filter(None, names))) or one_line(_get(node, "author", str)) or None


def _instant(node: dict[str, Any], key: str) -> datetime | None:
    fields: tuple[int, ...] = _get(node, f"{key}_parsed", tuple)
    try:
        return plausible(datetime.fromtimestamp(calendar.timegm(fields), UTC)) if fields else None
    except (ValueError, OverflowError, OSError):
        return None


def _fullest(entry: dict[str, Any]) -> str:
    """The longest body among the contents and the summary, as HTML."""
    bodies = _dicts(entry, "content")
    bodies.append({"type": "text/html"} | _get(entry, "summary_detail", dict) | {"value": _get(entry, "summary", str)})
    readable = (body for body in bodies if body.get("type") in ("text/plain", *_HTML))
    fullest = max(readable, key=lambda body: len(_get(body, "value", str)), default={})
    text = clean(_get(fullest, "value", str))
    return paragraphs(text) if fullest.get("type") == "text/plain" else text


def _enclosures(entry: dict[str, Any], base: str) -> tuple[Enclosure, ...]:
    """The files an entry comes with; what iTunes says of its length goes for those that do not say it themselves."""
    lasting = seconds(_get(entry, "itunes_duration", str))
    return tuple(
        file if file.duration or (file.type or "").startswith("image/") else replace(file, duration=lasting)
        for file in files(_files(entry, base))
    )


def _files(entry: dict[str, Any], base: str) -> Iterator[Enclosure]:
    """Those that RSS and Atom enclose, then those of Media RSS."""
    media = (file for file in _dicts(entry, "media_content") if not _is_picture(file))
    for file in chain(_attached(entry), media):
        media_type = one_line(_get(file, "type", str)).lower()
        url = absolute(_get(file, "href", str) or _get(file, "url", str), base)
        if url and media_type not in _PLAYERS:
            length = whole(_get(file, "length", str) or _get(file, "filesize", str))
            duration = seconds(_get(file, "duration", str))
            yield Enclosure(url=url, type=media_type or None, length=length, duration=duration)


def _image(entry: dict[str, Any], base: str) -> str | None:
    """The picture that stands for the entry: its cover, else the widest it comes with, else the widest thumbnail."""
    pictures = [file for file in chain(_dicts(entry, "media_content"), _attached(entry)) if _is_picture(file)]
    for group in ([_get(entry, "image", dict)], pictures, _dicts(entry, "media_thumbnail")):
        for picture in sorted(group, key=lambda picture: whole(_get(picture, "width", str)) or 0, reverse=True):
            if url := absolute(_get(picture, "href", str) or _get(picture, "url", str), base):
                return url
    return None


def _attached(entry: dict[str, Any]) -> Iterator[dict[str, Any]]:
    return (link for link in _dicts(entry, "links") if link.get("rel") == "enclosure")


def _is_picture(file: dict[str, Any]) -> bool:
    """Going by what is stated of it, and where nothing is, by its name."""
    medium, media_type = _get(file, "medium", str).lower(), _get(file, "type", str).lower()
    if medium or media_type:
        return medium == "image" or media_type.startswith("image/")
    return bool(_PICTURE.search(_get(file, "href", str) or _get(file, "url", str)))
