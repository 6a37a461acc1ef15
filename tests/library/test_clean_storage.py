"""2: whatever comes in by whichever door, nothing unclean stands in the library: all text of all rows is looked at."""

import json
import re
import sqlite3
from xml.sax.saxutils import quoteattr

import msgspec
import pytest
from hostile_server import reply
from test_moving_in import newsboat

from reader.library.library import Library
from reader.store.packed import unpack
from reader.store.schema import connect
from reader.text import clean

# Of the Big List of Naughty Strings and of Trojan Source (CVE-2021-42574) what could matter to a terminal or a library.
NAUGHTY = [
    "\x1b]0;owned\x07", "\x1b[2J\x1b[3J", "\x1b]52;c;aGk=\x07", "\x9b31m\x9d0;x\x9c", "\x1bP+q\x1b\\",
    "Roses are \x1b[0;31mred", "\x07\x08\x7f\x00", "\r\n\x0b\x0c\x1c\x85\u2028\u2029",
    "\u202e\u0074\u0073\u0065\u0054\u202c", "\u2066/* \u202e } \u2069if", "\u200e\u200f\u061c\u2067\u2068",
    "\ud800 \udfff", "\ufffe\uffff", "\U000e0001\U000e0069\U000e0067\U000e006e", "\u206a\u206f",
    "\ufff9a\ufffab\ufffb", "Z\u0351\u036b\u0343\u036a\u0302\u036b\u033da", "' OR 1=1; DROP TABLE entries; --",
    "<script>alert(1)</script>", "[/foo][@click=app.bell]x[/]", "../../etc/passwd", "%s%n{0}${x}",
    "=cmd|' /C calc'!A0", "NULL", "1e999", "test\u00a0\u3000\u180e\u2060",
    "👩\u200d🚀\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f", "\u0e47" * 40, "\ufdfd",
    "ﷺ\u200b\ufeff",
]  # fmt: skip
POINTS = "".join(map(chr, range(0x110000)))
_AT_ONCE = 40
"""Words in one feed, so that none is larger than a feed may be."""
XML = str.maketrans(dict.fromkeys([*range(9), 11, 12, *range(14, 32), *range(0xD800, 0xE000), 0xFFFE, 0xFFFF], " "))
"""What XML can't hold, though it can be referred to."""


def referred(text: str) -> str:
    """Text for markup, as references to all that needs one."""
    return "".join(c if c.isalnum() and c.isascii() else f"&#{ord(c)};" for c in text)


def everything() -> list[str]:
    """Each naughty string, and every code point in turn."""
    return [*NAUGHTY, *(POINTS[at : at + 4096] for at in range(0, len(POINTS), 4096))]


def rss(words: list[str]) -> bytes:
    items = "".join(
        f"<item><guid>g{number}{one[:99]}</guid><title>{one}</title><author>{one[:200]}</author><link>http://a/{one[:50]}</link>"
        f"<category>{one[:99]}</category><description>{one}</description>"
        f"<enclosure url={quoteattr('http://a/' + one[:50])} type={quoteattr(one[:30])}/></item>"
        for number, one in enumerate(words)
    )
    title = words[0]
    return f"<rss version='2.0'><channel><title>{title}</title><link>http://a/{title}</link>{items}</channel></rss>".encode(
        "utf-8", "replace"
    )


def atom(words: list[str]) -> bytes:
    entries = "".join(
        f"<entry><id>{number}</id><title type='html'>{one}</title><content type='html'>{one}</content></entry>"
        for number, one in enumerate(words)
    )
    feed = f"<feed xmlns='http://www.w3.org/2005/Atom'><title>{words[0]}</title>{entries}</feed>"
    return feed.encode("utf-8", "replace")


def as_json(words: list[str]) -> bytes:
    items = [
        {
            "id": f"{number}{one[:99]}", "url": f"http://a/{one[:50]}", "title": one, "content_html": one,
            "content_text": one,
            "authors": [{"name": one[:200]}], "image": f"http://a/{one[:9]}", "tags": [one[:99]],
            "attachments": [{"url": f"http://a/{one[:50]}", "mime_type": one[:30]}],
        }
        for number, one in enumerate(words)
    ]  # fmt: skip
    return json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": words[0], "items": items}).encode()


def texts(library: Library) -> list[tuple[str, str]]:
    """Every text of the library, with where it stands; articles and analyses unpacked."""
    found: list[tuple[str, str]] = []
    db = connect(library.store.path)
    db.row_factory = sqlite3.Row
    tables = [
        row[0] for row in db.execute("SELECT name FROM sqlite_schema WHERE type = 'table' AND sql LIKE '%STRICT%'")
    ]
    for table in tables:
        for row in db.execute(f"SELECT * FROM {table}"):
            found += [(f"{table}.{key}", row[key]) for key in row.keys() if isinstance(row[key], str)]  # noqa: SIM118
            if table == "articles":
                article = unpack(row["title"], row["text"], row["rest"])
                found.append(("articles.text", article.text))
                found += [("articles", text) for text in within(msgspec.to_builtins(article))]
    db.close()
    found += [(where, text) for where, one in list(found) if one[:1] in "[{" for text in within(loaded(one))]
    return found


def loaded(kept: str) -> object:
    try:
        return json.loads(kept)
    except ValueError:
        return None


def within(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [text for key, part in value.items() for text in [*within(key), *within(part)]]
    return [text for part in value for text in within(part)] if isinstance(value, list | tuple) else []


@pytest.mark.scorecard(2)
def test_nothing_unclean_is_stored_by_any_door(library: Library, server, tmp_path, full, record_property) -> None:
    words = (
        everything()
        if full
        else [*NAUGHTY, POINTS[:0x3000], POINTS[0xD700:0xE100], POINTS[0xFE00:0x10100], POINTS[0xE0000:0xE0200]]
    )
    escaped = [one.translate(XML).replace("&", "&amp;").replace("<", "&lt;") for one in words]
    prose = "".join(f"<p>It was said that {one} and then no more of it.</p>" for one in words)
    page = f"<html><head><title>{NAUGHTY[0]}</title><meta name=author content={quoteattr(NAUGHTY[1])}></head><body>"
    page += f"<article><h1>{NAUGHTY[2]}</h1>{prose}</article>"
    item = f"<item><guid>p</guid><title>P</title><link>{server.url('/page')}</link></item>"
    bodies = {
        "/page": page.encode("utf-8", "surrogatepass"),
        "/opens": f"<rss version='2.0'><channel>{item}</channel></rss>".encode(),
        "/cdata": rss([f"<![CDATA[{one.translate(XML).replace(']]>', '')}]]>" for one in NAUGHTY]),
    }
    for at in range(0, len(words), _AT_ONCE):
        some, as_xml = words[at : at + _AT_ONCE], escaped[at : at + _AT_ONCE]
        bodies[f"/rss/{at}"] = rss(as_xml)
        bodies[f"/references/{at}"] = rss([referred(one) for one in some])
        bodies[f"/atom/{at}"] = atom(as_xml)
        bodies[f"/json/{at}"] = as_json(some)
    server.routes |= {path: reply(body=body) for path, body in bodies.items()}
    for path in [path for path in bodies if path != "/page"]:
        library.feeds.add(server.url(path))
    (opens,) = (one.id for one in library.store.entries(library.store.headlines()).values() if one.title == "P")
    assert "It was said" in library.open(opens).article.text
    outlines = "".join(
        f"<outline text={quoteattr(one[:500])}><outline text={quoteattr(one[:500])}"
        f" xmlUrl={quoteattr(f'http://o{n}.example/{one[:40]}')}/>"
        "</outline>"
        for n, one in enumerate(escaped)
    )
    came = library.feeds.take_in(f"<opml version='2.0'><body>{outlines}</body></opml>".encode("utf-8", "replace"))
    assert came.added >= len(words) // 2
    urls = "\n".join(f'http://n{n}.example/{one[:40]} "{one[:99]}" "~{one[:99]}"' for n, one in enumerate(words))
    library.feeds.take_in(urls.encode("utf-8", "surrogatepass"))
    cache = newsboat(server, tmp_path)
    db = sqlite3.connect(cache)
    for number, one in enumerate(words):
        data = [value.encode("utf-8", "surrogatepass") for value in (one, one[:99], f"http://a/{one[:50]}", one[:200])]
        db.execute(
            "INSERT INTO rss_item (guid, title, author, url, feedurl, pubDate, content, unread, flags) VALUES"
            " (?, CAST(? AS TEXT), CAST(? AS TEXT), CAST(? AS TEXT), ?, 5, CAST(? AS TEXT), 1, CAST(? AS TEXT))",
            (f"w{number}", *data[:3], server.url("/feed"), data[0], data[3]),
        )
    db.commit()
    db.close()
    assert library.feeds.move_from_newsboat(cache).articles >= len(words)
    items = [
        {
            "id": number, "title": one, "url": f"http://a/{number}{one[:50]}", "content": one,
            "tags": [one[:99]], "author": one[:99],
            "feed": {"feed_url": f"http://m.example/{one[:20]}", "title": one, "category": {"title": one[:99]}},
        }
        for number, one in enumerate(words)
    ]  # fmt: skip
    library.feeds.move_in(json.dumps({"total": 1, "entries": items}).encode())
    saved = [
        {
            "quote": {"exact": f"x{one}", "prefix": one, "suffix": one}, "note": one, "title": one[:999],
            "speaker": one[:99], "author": one[:99], "outlet": one[:99],
            "tags": [one[:99]],
            "url": f"http://h/{one[:50]}", "source": one[:99], "via": [one[:99]],
            "created": "2026-01-01",
        }
        for one in words
    ]  # fmt: skip
    taken = library.saved.take_in(json.dumps({"newsreader": 1, "highlights": saved}).encode())
    assert taken.new == sum(not re.search("[\ud800-\udfff]", one) for one in words), taken.refused
    library.saved.take_in(
        "\n".join(["Highlight,Note,Title", *(f'"{one[:99]}","{one[:99]}","t"' for one in NAUGHTY)]).encode(
            "utf-8", "replace"
        )
    )
    library.feeds.restore(library.store.feeds()[0])
    kept = texts(library)
    unclean = [(where, text[:80]) for where, text in kept if clean(text) != text]
    assert unclean == []
    stored = {where for where, _ in kept}
    assert {
        "feeds.title",
        "feeds.folder",
        "entries.title",
        "entries.author",
        "articles.text",
        "enclosures.url",
    } <= stored
    assert {"tags.tag", "highlights.exact", "highlights.note", "highlights.speaker", "highlights.tags"} <= stored
    tried = len({point for one in words for point in one})
    record_property(
        "figure", f"{tried:,} code points by 11 doors, {len(kept):,} texts of {len(stored)} columns, 0 unclean"
    )
