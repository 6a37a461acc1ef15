"""What feedparser's own fixtures say of themselves; needs the folder `shared` beside the repository.

Each states in a comment what is to be read from it. We read the same titles, links, ids, dates, authors, files and
bodies but for what is done on purpose:
 - texts are cleaned; titles, ids and authors are one line;
 - a title is plain text: its markup is left out, its references are resolved;
 - an address is absolute http(s) or None;
 - a body of plain text is escaped, as a body is HTML;
 - nothing is sanitised, for nothing of a feed is ever rendered.
"""

from __future__ import annotations

import ast
import re
from calendar import timegm
from collections.abc import Iterator
from datetime import UTC, datetime
from html import escape
from pathlib import Path
from typing import Any

import pytest
from lxml import html

from reader.feeds.parse import parse
from reader.model import ParsedFeed
from reader.text import clean, one_line

FIXTURES = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "feeds" / "feedparser" / "tests"
EXPECTED = re.compile(rb"^\s*Expect:\s*(.+?)\s*(?:-->)?$", re.MULTILINE)
HEADER = re.compile(rb"^\s*Header:\s*([\w-]+):\s*(.+?)\s*$", re.MULTILINE)
SERVED = "http://127.0.0.1:8097/tests/feed.xml"
"""Where feedparser's own tests serve the fixtures whose names begin with http_."""
BODIES = {"description", "summary", "content"}
EXCUSED = {
    "wellformed/atom/entry_author_map_author.xml": "an author is a name, without the address behind it",
    "wellformed/atom10/entry_author_map_author.xml": "the same",
    "wellformed/atom10/entry_content_base64.xml": "it calls its content a file of bytes, which is no body",
    "wellformed/atom10/entry_content_base64_2.xml": "the same",
    "wellformed/base/http_entry_id_base_content_location.xml": "an id is a name and not resolved",
    "wellformed/base/http_entry_id_base_docuri.xml": "the same",
    "wellformed/rss/item_description_and_summary.xml": "of two bodies the longer one is taken",
    "encoding/demoronize-3.xml": "markup is left as it is written where no address in it is relative",
    "wellformed/rss/item_description_br.xml": "the same",
    "wellformed/rss/item_description_br_shorttag.xml": "the same",
    "wellformed/sgml/charref_uppercase_x.xml": "the same",
    "wellformed/sanitize/xml_unclosed_comment.xml": "a comment that never ends may be words, and words are not dropped",
    "wellformed/namespace/atommathml.xml": "its sanitiser adds a namespace",
    "wellformed/namespace/rss2.0mathml.xml": "the same",
    "wellformed/namespace/atomsvg.xml": "its sanitiser restores the case of attributes",
    "wellformed/namespace/atomsvgdesc.xml": "the same",
    "wellformed/namespace/atomsvgtitle.xml": "the same",
    "wellformed/namespace/atomxlink.xml": "the same",
    "wellformed/namespace/rss2.0svg.xml": "the same",
    "wellformed/namespace/rss2.0svg5.xml": "the same",
    "wellformed/namespace/rss2.0svgtitle.xml": "the same",
    "wellformed/namespace/rss2.0xlink.xml": "the same",
}

pytestmark = pytest.mark.skipif(not FIXTURES.is_dir(), reason="the shared collections are not here")


def expectations(body: bytes) -> Iterator[tuple[tuple[Any, ...], Any]]:
    """What a fixture states by equality: the path of keys and the value; never evaluated, only read."""
    match = EXPECTED.search(body)
    try:
        stated = ast.parse(match[1].decode(), mode="eval").body if match else None
    except (SyntaxError, ValueError):
        return
    for part in stated.values if isinstance(stated, ast.BoolOp) and isinstance(stated.op, ast.And) else [stated]:
        if isinstance(part, ast.Compare) and [type(op) for op in part.ops] == [ast.Eq]:
            keys: list[Any] = []
            node = part.left
            try:
                while isinstance(node, ast.Subscript):
                    keys.append(ast.literal_eval(node.slice))
                    node = node.value
                value = ast.literal_eval(part.comparators[0])
            except ValueError:
                continue
            if isinstance(node, ast.Name):
                yield (node.id, *reversed(keys)), value


def in_plain_words(markup: str) -> str:
    return one_line(html.fromstring(f"<div>{markup}</div>").text_content())


def instant(fields: tuple[int, ...]) -> datetime:
    return datetime.fromtimestamp(timegm(fields), UTC)


def read(feed: ParsedFeed, path: tuple[Any, ...], value: Any) -> tuple[Any, set[Any]] | None:
    """What we read at a path, and what it may be given what feedparser reads there; None for what we do not keep."""
    match path:
        case ("feed", "title") | ("feed", "title_detail", "value"):
            return feed.title, {one_line(value), in_plain_words(value)}
        case ("feed", "link"):
            return feed.site, {value if value.startswith("http") else None}
        case ("feed", "ttl"):
            return feed.ttl, {int(value)}
        case ("entries", n, "title") | ("entries", n, "title_detail", "value"):
            return feed.entries[n].title, {one_line(value), in_plain_words(value)}
        case ("entries", n, "link"):
            return feed.entries[n].url, {value if value.startswith("http") else None}
        case ("entries", n, "id" | "guid"):
            return feed.entries[n].guid, {one_line(value)}
        case ("entries", n, "description" | "summary") | ("entries", n, "summary_detail", "value"):
            return feed.entries[n].summary, {clean(value)}
        case ("entries", n, "content", 0, "value"):
            return feed.entries[n].content, {clean(value), escape(clean(value), quote=False)}
        case ("entries", n, "author") | ("entries", n, "author_detail", "name"):
            return feed.entries[n].author, {one_line(value)}
        case ("entries", n, "published_parsed" | "created_parsed"):
            return feed.entries[n].published, {instant(value)}
        case ("entries", n, "updated_parsed"):
            return feed.entries[n].updated, {instant(value)}
        case ("entries", n, "enclosures", at, "href" | "url"):
            return feed.entries[n].enclosures[at].url, {value}
        case ("entries", n, "enclosures", at, "type"):
            return feed.entries[n].enclosures[at].type, {value}
        case ("entries", n, "enclosures", at, "length"):
            return feed.entries[n].enclosures[at].length, {int(value)}
    return None


def test_what_is_read_is_what_feedparser_expects() -> None:
    checked, differing = 0, set()
    for path in sorted(path for path in FIXTURES.rglob("*") if path.is_file()):
        name, body = path.relative_to(FIXTURES).as_posix(), path.read_bytes()
        plain = body.replace(b"\0", b"")
        sanitised = BODIES if name.startswith("wellformed/sanitize/") else set()
        stated = [(keys, value) for keys, value in expectations(plain) if not sanitised.intersection(keys)]
        if not stated:
            continue
        headers = {name.decode().lower(): value.decode() for name, value in HEADER.findall(plain)}
        url = headers.get("content-location", SERVED if path.name.startswith("http_") else "")
        feed = parse(body, url=url, content_type=headers.get("content-type"))
        for keys, value in stated:
            if compared := read(feed, keys, value):
                checked += 1
                if compared[0] not in compared[1]:
                    differing.add(name)
    assert differing == set(EXCUSED)
    assert checked >= 660
