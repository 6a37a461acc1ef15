"""Feeds of every format, and what is wrong with them in the wild."""

from __future__ import annotations

import contextlib
import dataclasses
import json
import pickle
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from reader.feeds import FeedError, opml
from reader.feeds.as_json import feed_json
from reader.feeds.parse import parse
from reader.model import Enclosure, ParsedEntry, ParsedFeed
from reader.text import clean, one_line

ROOT = Path(__file__).resolve().parents[2]
URL = "https://news.example/feeds/world.xml"


def read(body: bytes | str, **header: str | None) -> ParsedFeed:
    return parse(body if isinstance(body, bytes) else body.encode(), url=URL, **header)


def rss(items: str, *, channel: str = "", declaration: str = "") -> str:
    return (
        f'{declaration}<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<channel><title>World</title><link>https://news.example/</link>{channel}{items}</channel></rss>"
    )


def atom(entries: str) -> str:
    return f'<feed xmlns="http://www.w3.org/2005/Atom"><title>World</title><id>urn:world</id>{entries}</feed>'


def only(feed: ParsedFeed) -> ParsedEntry:
    (entry,) = feed.entries
    return entry


def titled(title: str) -> str:
    return only(read(rss(f"<item><title>{title}</title></item>"))).title


# --- formats ---------------------------------------------------------------------------------------------------------


def test_rss_2_with_namespaces_and_cdata() -> None:
    feed = read(
        rss(
            """<item><guid isPermaLink="false">w-1</guid><link>https://news.example/1</link>
            <title><![CDATA[Dam <em>holds</em> & town waits]]></title><dc:creator>Ana Ruiz</dc:creator>
            <dc:creator>Li Wei</dc:creator><pubDate>Tue, 04 Mar 2025 09:30:00 +0100</pubDate>
            <description>Short.</description><content:encoded><![CDATA[<p>The whole story.</p>]]></content:encoded>
            <enclosure url="/a.mp3" type="audio/mpeg" length="1234"/></item>""",
            channel="<ttl>90</ttl>",
        )
    )
    assert (feed.title, feed.site, feed.url, feed.ttl, feed.warnings) == ("World", "https://news.example/", URL, 90, ())
    entry = only(feed)
    assert (entry.guid, entry.url, entry.title) == ("w-1", "https://news.example/1", "Dam holds & town waits")
    assert entry.author == "Ana Ruiz, Li Wei"
    assert entry.published == datetime(2025, 3, 4, 8, 30, tzinfo=UTC)
    assert (entry.summary, entry.content) == ("Short.", "<p>The whole story.</p>")
    (enclosure,) = entry.enclosures
    assert (enclosure.url, enclosure.type, enclosure.length) == ("https://news.example/a.mp3", "audio/mpeg", 1234)


def test_rss_0_91() -> None:
    feed = read(
        '<?xml version="1.0"?><!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN"'
        ' "http://my.netscape.com/publish/formats/rss-0.91.dtd"><rss version="0.91"><channel><title>Old</title>'
        "<link>http://old.example/</link><item><title>One</title><link>http://old.example/1</link></item></channel></rss>"
    )
    assert (feed.title, only(feed).guid) == ("Old", "http://old.example/1")


def test_rdf() -> None:
    feed = read(
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="http://a.example/"><title>RDF</title>'
        '<link>http://a.example/</link></channel><item rdf:about="http://a.example/1"><title>One</title>'
        "<link>http://a.example/1</link><dc:date>2025-03-04T09:30Z</dc:date></item></rdf:RDF>"
    )
    assert (feed.title, only(feed).title) == ("RDF", "One")
    assert only(feed).published == datetime(2025, 3, 4, 9, 30, tzinfo=UTC)


def test_atom_resolves_against_xml_base_and_inherits_the_author() -> None:
    feed = read(
        atom(
            """<author><name>The Desk</name></author><entry xml:base="https://news.example/2025/"><id>urn:1</id>
            <title type="html">AT&amp;amp;T &lt;b&gt;sues&lt;/b&gt;</title><link href="att"/>
            <updated>2025-03-04T10:00:00Z</updated>
            <content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><a href="more">More</a></div></content>
            </entry>"""
        )
    )
    entry = only(feed)
    assert (entry.guid, entry.url, entry.title) == ("urn:1", "https://news.example/2025/att", "AT&T sues")
    assert entry.author == "The Desk"
    assert entry.published == entry.updated == datetime(2025, 3, 4, 10, tzinfo=UTC)
    assert 'href="https://news.example/2025/more"' in entry.content


def test_json_feed() -> None:
    feed = read(
        json.dumps(
            {
                "version": "https://jsonfeed.org/version/1.1",
                "title": "J",
                "home_page_url": "/",
                "authors": [{"name": "Desk"}],
                "items": [
                    {
                        "id": 7,
                        "url": "/7",
                        "title": "a < b",
                        "content_text": "One & two.\n\nThree.",
                        "date_published": "2025-03-04T09:30:00+01:00",
                        "attachments": [{"url": "a.mp3", "mime_type": "audio/mpeg", "size_in_bytes": 5}, {"url": []}],
                    },
                    "not an item",
                ],
            }
        )
    )
    assert (feed.title, feed.site) == ("J", "https://news.example/")
    entry = only(feed)
    assert (entry.guid, entry.url, entry.title, entry.author) == ("7", "https://news.example/7", "a < b", "Desk")
    assert entry.content == "One &amp; two.\n<p>Three."
    assert entry.published == datetime(2025, 3, 4, 8, 30, tzinfo=UTC)
    assert [e.url for e in entry.enclosures] == ["https://news.example/feeds/a.mp3"]


def test_json_feed_version_1_has_one_author() -> None:
    feed = read('{"version": "https://jsonfeed.org/version/1", "author": {"name": "Ana"}, "items": [{"id": "1"}]}')
    assert only(feed).author == "Ana"


def test_no_entries_is_fine() -> None:
    assert read(rss("")).entries == ()
    assert read(atom("")).title == "World"
    assert read('{"version": "https://jsonfeed.org/version/1", "title": "J", "items": []}').title == "J"


def test_feed_json_is_what_the_filter_documents() -> None:
    feed = read(rss("<item><guid>g</guid><title>T</title><pubDate>Tue, 04 Mar 2025 09:30:00 GMT</pubDate></item>"))
    assert json.loads(json.dumps(feed_json(feed))) == {
        "title": "World",
        "link": "https://news.example/",
        "entries": [
            {
                "id": "g",
                "title": "T",
                "link": "https://news.example/feeds/g",
                "published": "2025-03-04T09:30:00+00:00",
                "author": None,
                "summary": "",
                "content": "",
                "image": None,
                "enclosures": [],
            }
        ],
        "warnings": [],
    }


# --- titles, links, dates --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("AT&amp;T", "AT&T"),
        ("AT&amp;amp;T", "AT&T"),
        ("x &lt; y", "x < y"),
        ("x &lt; y &amp;amp;&amp;amp; z", "x < y && z"),
        ("&lt;b&gt;Bold&lt;/b&gt; move", "Bold move"),
        ("Two&lt;br/&gt;lines &lt;i&gt;here&lt;/i&gt;", "Two lines here"),
        ("\n  Folded \t into\n one  ", "Folded into one"),
        ("caf&#233; &#8220;q&#8221;", "café “q”"),
        ("&amp;#8217;tis", "’tis"),
        ("[/foo] [@click=app.bell]", "[/foo] [@click=app.bell]"),
    ],
)
def test_titles_are_plain_text(written: str, shown: str) -> None:
    assert titled(written) == shown


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("&#55357;&#56832; &#xD83D;&#xde00;", "😀 😀"),
        ("a&#xD800;b &#56832; &#057005;", "a\ufffdb \ufffd \ufffd"),
        ("&#x110000; &#1114112; &#99999999999999999999999; &#x00000000000110000;", "\ufffd \ufffd \ufffd \ufffd"),
        ("&#54620;&#44397; &#x1F600; &#0128512; &#55203;", "한국 😀 😀 힣"),
        (f"&#{'9' * 5000}; &#x{'f' * 5000};", "\ufffd \ufffd"),
    ],
)
def test_references_to_no_character_cost_no_feed(written: str, shown: str) -> None:
    assert titled(written) == shown
    assert titled(f"<![CDATA[{written}]]>") == shown


def test_scripts_and_comments_are_no_part_of_a_title() -> None:
    title = "<title type='html'>&lt;script&gt;alert(1)&lt;/script&gt;Sa&lt;!-- > --&gt;fe</title>"
    assert only(read(atom(f"<entry><id>1</id>{title}</entry>"))).title == "Safe"


def test_an_atom_text_title_is_taken_literally() -> None:
    title = "<title type='text'>Use &amp;amp;, not &amp;</title>"
    assert only(read(atom(f"<entry><id>1</id>{title}</entry>"))).title == "Use &amp;, not &"


@pytest.mark.parametrize(
    ("written", "url"),
    [
        ("https://a.example/1?a=1&amp;b=2", "https://a.example/1?a=1&b=2"),
        ("/1", "https://news.example/1"),
        ("//cdn.example/1", "https://cdn.example/1"),
        ("\n https://a.example/a b \n", "https://a.example/a%20b"),
        ("javascript:alert(1)", None),
        ("file:///etc/passwd", None),
        ("mailto:desk@news.example", None),
        ("https://[::1", None),
        ("http://?q", None),
        ("", None),
        (f"https://a.example/{'a' * 7_900}", f"https://a.example/{'a' * 7_900}"),
        (f"https://a.example/{'a' * 8_000}", None),
    ],
)
def test_links_are_absolute_http_or_none(written: str, url: str | None) -> None:
    assert only(read(rss(f"<item><title>T</title><link>{written}</link></item>"))).url == url


FAR = f"https://news.example/{'far/' * 15_000}"


@pytest.mark.scorecard(9)
@pytest.mark.parametrize(
    "body",
    [
        f'<rss version="2.0" xml:base="{FAR}"><channel><title>A</title>'
        + "".join(f"<item><guid>{n}</guid><title>T</title><link>{n}</link></item>" for n in range(1000))
        + "</channel></rss>",
        f'<feed xmlns="http://www.w3.org/2005/Atom" xml:base="{FAR}"><author><name>{"N" * 60_000}</name>'
        "</author>" + "".join(
            f'<entry><id>{n}</id><title>T</title><link href="{n}"/><link rel="enclosure" href="e{n}"/>'
            '<content type="html">&lt;p&gt;&lt;a href="z"&gt;Words&lt;/a&gt; &lt;img src="i.jpg"&gt;</content></entry>'
            for n in range(1000)
        ) + "</feed>",
        json.dumps({"version": "https://jsonfeed.org/version/1", "author": {"name": "N" * 60_000},
                    "items": [{"id": str(n), "url": str(n), "content_text": "Words"} for n in range(1000)]}),
    ],
    ids=["rss", "atom", "json"],
)  # fmt: skip
def test_a_small_feed_is_not_large_when_it_is_read(body: str) -> None:
    """Each of its links would be as long as what they are relative to, each entry have its author's name."""
    for url in (URL, FAR):
        feed = parse(body.encode(), url=url)
        assert len(feed.entries) == 1000
        assert len(pickle.dumps(feed)) < 4 * len(body)
    item = b"<item><link>1</link><title>T</title></item>"
    for more in (b"", f' xml:base="https://news.example/a/b?{"q" * 5000}"'.encode()):
        feed = parse(b'<rss version="2.0"' + more + b"><channel>" + item + b"</channel></rss>",
                     url=f"https://news.example/a/b?{'q' * 5000}")  # fmt: skip
        assert only(feed).url == "https://news.example/a/1"


@pytest.mark.parametrize("written", ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59-12:00", "yesterday", "", "1" * 400])
def test_dates_that_cannot_be_are_none(written: str) -> None:
    assert only(read(rss(f"<item><title>T</title><pubDate>{written}</pubDate></item>"))).published is None
    item = {"id": "1", "date_published": written}
    feed = read(json.dumps({"version": "https://jsonfeed.org/version/1", "items": [item]}))
    assert only(feed).published is None


def test_content_is_the_fullest_body() -> None:
    long = "<p>" + "long " * 20 + "</p>"
    item = f"<content:encoded>{long.replace('<', '&lt;')}</content:encoded>"
    entry = only(read(rss(f"<item><title>T</title><description>short</description>{item}</item>")))
    assert (entry.summary, entry.content) == ("short", long)
    entry = only(read(rss("<item><title>T</title><description>&lt;p&gt;all there is&lt;/p&gt;</description></item>")))
    assert entry.summary == entry.content == "<p>all there is</p>"


def test_plain_text_content_becomes_html() -> None:
    entry = only(read(atom("<entry><id>1</id><content type='text'>a &lt; b\n\nnext</content></entry>")))
    assert entry.content == "a &lt; b\n<p>next"


# --- how often to ask ------------------------------------------------------------------------------------------------

SYNDICATION = 'xmlns:s="http://purl.org/rss/1.0/modules/syndication/"'


def test_hours_and_days_to_be_left_alone_in() -> None:
    feed = read(
        rss(
            "<item><title>T</title></item>",
            channel="""<!-- <skipHours><hour>9</hour></skipHours> --><skipHours><hour>0</hour><hour> 7 </hour>
            <hour>24</hour><hour>25</hour><hour>-1</hour><hour>noon</hour><hour/><hour>99999999999999999999</hour>words</skipHours>
            <skipDays><day>Sunday</day><day>sat</day><day>MONDAY</day><day>Someday</day><day/></skipDays>""",
        )
    )
    assert feed.skip_hours == {0, 7}
    assert feed.skip_days == {0, 5, 6}
    assert (feed.title, only(feed).title) == ("World", "T")
    broken = read(rss("", channel="<skipHours><hour>5</hour><hours>x</hours><hour>6</skipHours><b>"))
    assert broken.skip_hours <= {5, 6}
    assert read(atom("")).skip_hours == read(atom("")).skip_days == frozenset()


@pytest.mark.parametrize(
    ("channel", "minutes"),
    [
        ("", None),
        ("<ttl>90</ttl>", 90),
        ("<ttl>0</ttl>", None),
        (f"<s:updatePeriod {SYNDICATION}>hourly</s:updatePeriod>", 60),
        ("<sy:updatePeriod>\n\thourly\t</sy:updatePeriod><sy:updateFrequency>\n\t1</sy:updateFrequency>", 60),
        ("<sy:updatePeriod>Daily</sy:updatePeriod><sy:updateFrequency>2</sy:updateFrequency>", 720),
        ("<sy:updatePeriod>weekly</sy:updatePeriod>", 10080),
        ("<sy:updatePeriod>hourly</sy:updatePeriod><sy:updateFrequency>0</sy:updateFrequency>", 60),
        ("<sy:updatePeriod>hourly</sy:updatePeriod><sy:updateFrequency>9999999</sy:updateFrequency>", 1),
        ("<sy:updatePeriod>hourly</sy:updatePeriod><sy:updateFrequency>-3</sy:updateFrequency>", 60),
        ("<sy:updatePeriod>always</sy:updatePeriod>", None),
        ("<sy:updatePeriod>hourly</sy:updatePeriod><ttl>15</ttl>", 15),
    ],
)
def test_ttl_or_the_syndication_modules_period(channel: str, minutes: int | None) -> None:
    body = rss("", channel=channel).replace("<rss", f"<rss {SYNDICATION.replace(':s=', ':sy=')}", 1)
    assert read(body).ttl == minutes


# --- files and pictures ----------------------------------------------------------------------------------------------


def media(inner: str) -> ParsedEntry:
    names = 'xmlns:media="http://search.yahoo.com/mrss/" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"'
    return only(read(rss(f"<item><title>T</title>{inner}</item>").replace("<rss", f"<rss {names}", 1)))


def test_a_podcast() -> None:
    entry = media(
        """<enclosure url="/1.mp3" type="audio/mpeg" length="12"/><itunes:duration>1:02:03</itunes:duration>
        <itunes:image href="/cover.jpg"/><media:thumbnail url="/thumb.jpg"/>"""
    )
    file = Enclosure(url="https://news.example/1.mp3", type="audio/mpeg", length=12, duration=3723)
    assert (entry.enclosures, entry.image) == ((file,), "https://news.example/cover.jpg")


def test_media_rss() -> None:
    entry = media(
        """<enclosure url="https://a.example/1.mp4"/><enclosure url="/photo" type="image/jpeg"/>
        <media:group><media:content url="https://a.example/1.mp4" type="video/mp4" fileSize="34" duration="56.7">
        <media:thumbnail url="/thumb.jpg" width="9999"/></media:content>
        <media:content url="/small.jpg" medium="image" width="140"/>
        <media:content url="/Big.JPG?w=1" width="460"/></media:group>
        <media:content url="https://a.example/v/1" type="application/x-shockwave-flash"/>
        <media:content url="javascript:x" type="audio/mpeg"/><media:content/><media:player url="https://a.example/p"/>"""
    )
    assert entry.enclosures == (
        Enclosure(url="https://a.example/1.mp4", type="video/mp4", length=34, duration=56),
        Enclosure(url="https://news.example/photo", type="image/jpeg"),
    )
    assert entry.image == "https://news.example/Big.JPG?w=1"
    assert media('<media:thumbnail url="/a.jpg"/><media:thumbnail url="/b.jpg" width="9"/>').image == (
        "https://news.example/b.jpg"
    )
    assert media('<enclosure url="/photo" type="image/jpeg"/>').image == "https://news.example/photo"
    assert media("").image is None


@pytest.mark.parametrize(
    ("stated", "seconds"),
    [("45", 45), ("62:03", 3723), ("01:02:03", 3723), ("3723.9", 3723), (" 7 ", 7), ("0", None), ("", None)]
    + [(odd, None) for odd in ("-5", "1:2:3:4", "an hour", "PT1H", "1" * 400, ":", "١٢")],
)
def test_durations(stated: str, seconds: int | None) -> None:
    (file,) = media(f'<enclosure url="/1.mp3"/><itunes:duration>{stated}</itunes:duration>').enclosures
    assert file.duration == seconds


def test_a_flood_of_files_is_cut() -> None:
    flood = "".join(f'<media:content url="/{n}.mp3" type="audio/mpeg"/>' * 2 for n in range(1000))
    assert [file.url for file in media(flood).enclosures] == [f"https://news.example/{n}.mp3" for n in range(50)]
    items = [{"id": "1", "attachments": [{"url": f"/{n}"} for n in range(1000)]}]
    feed = read(json.dumps({"version": "https://jsonfeed.org/version/1", "items": items}))
    assert len(only(feed).enclosures) == 50


def test_pictures_and_durations_of_a_json_feed() -> None:
    item = {"id": "1", "image": "/a.jpg", "attachments": [{"url": "/1.mp3", "duration_in_seconds": 61.5}]}
    entry = only(read(json.dumps({"version": "https://jsonfeed.org/version/1.1", "items": [item]})))
    assert entry.image == "https://news.example/a.jpg"
    assert [file.duration for file in entry.enclosures] == [61]
    banner = {"id": "1", "banner_image": "/b.jpg", "image": "javascript:x"}
    entry = only(read(json.dumps({"version": "https://jsonfeed.org/version/1.1", "items": [banner]})))
    assert entry.image == "https://news.example/b.jpg"


# --- identity --------------------------------------------------------------------------------------------------------


def test_guid_is_the_id_else_the_link_else_a_hash() -> None:
    feed = read(rss("<item><guid>a</guid></item><item><link>/b</link></item><item><title>c</title></item>"))
    first, second, third = (entry.guid for entry in feed.entries)
    assert (first, second) == ("a", "https://news.example/b")
    assert len(third) == 64
    assert only(read(rss("<item><title>c</title></item>"))).guid == third


def test_an_id_does_not_change_when_the_feed_moves() -> None:
    body = rss("<item><guid>post-1</guid><title>T</title></item>").encode()
    here, there = (parse(body, url=url) for url in ("http://a.example/feed", "https://a.example/rss"))
    assert only(here).guid == only(there).guid == "post-1"
    assert only(there).url == "https://a.example/post-1"


def item(guid: str, title: str) -> str:
    return f"<item><guid isPermaLink='false'>{guid}</guid><title>{title}</title></item>"


def test_a_repeated_entry_is_dropped() -> None:
    assert [entry.title for entry in read(rss(item("x", "A") + item("x", "A") + item("y", "B"))).entries] == ["A", "B"]


def test_entries_that_share_an_id_are_told_apart_and_stay_so() -> None:
    seen: set[str] = set()
    for titles, new in [("A", 1), ("BA", 1), ("CBA", 1), ("CB", 0), ("DCB", 1)]:
        guids = {entry.guid for entry in read(rss("".join(item("x", title) for title in titles))).entries}
        assert len(guids) == len(titles)
        assert len(guids - seen) == new
        seen |= guids


# --- encodings -------------------------------------------------------------------------------------------------------

WORDS = "Žižek – “naïve” 東京"


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "shift_jisx0213", "gb18030"])
def test_declared_encodings(codec: str) -> None:
    words = WORDS if codec.startswith(("utf", "gb")) else "東京の"
    name = codec.removesuffix("-sig")
    body = rss(f"<item><title>{words}</title></item>", declaration=f'<?xml version="1.0" encoding="{name}"?>')
    assert only(read(body.encode(codec))).title == words


@pytest.mark.parametrize("content_type", [None, "text/xml", "application/rss+xml", "text/plain", "text/html", ";;="])
def test_utf_8_needs_no_declaration(content_type: str | None) -> None:
    assert only(read(rss(f"<item><title>{WORDS}</title></item>"), content_type=content_type)).title == WORDS


@pytest.mark.parametrize("charset", ["iso-8859-1", "us-ascii", "windows-1251", "punycode", "utf-16", "no-such", "\0"])
def test_utf_8_under_a_wrong_charset(charset: str) -> None:
    body = rss(f"<item><title>{WORDS}</title></item>", declaration=f'<?xml version="1.0" encoding="{charset}"?>')
    if charset != "\0":
        assert only(read(body)).title == WORDS
    assert only(read(body.replace("\0", "x"), content_type=f"text/xml; charset={charset}")).title == WORDS


HOSTILE_CHARSETS = [
    "utf-7", "utf-16", "utf-32", "punycode", "idna", "rot13", "zlib", "base64", "hex", "unicode_escape", "quopri", "uu",
    "raw_unicode_escape", "undefined", "mbcs", "oem", "x\0y", "bz2", "x-user-defined", "hz", "iso-2022-kr",
    "💥", "cp65001", "a" * 5000, "replacement", "iso-2022-jp-ext", "koi8-t", "ebcdic-cp-us", "cp037", "", "/etc/passwd",
]  # fmt: skip


@pytest.mark.scorecard(12)
def test_no_charset_makes_a_feed_or_a_list_raise_anything_else(record_property: Any) -> None:
    for charset in HOSTILE_CHARSETS:
        declared = f'<?xml version="1.0" encoding="{charset}"?>'
        outline = '<opml><body><outline text="é" xmlUrl="http://a/"/></body></opml>'
        for words in ("é 東", "+AGEAYg-"):
            for body in (rss(item("1", words), declaration=declared).encode(), rss(item("1", words)).encode()):
                for odd in (b"", b"\xff", b"\x1b$B\0"):
                    survive(body + odd, f"text/xml; charset={charset}")
        for body in (
            f"{declared}{outline}".encode(),
            f"{declared}{outline}".encode("utf-16"),
            declared.encode() + b"\xff",
        ):
            with contextlib.suppress(FeedError):
                found, refused = opml.read(body)
                assert all(clean(text) == text for text in strings((found, refused)))
    record_property("figure", f"{len(HOSTILE_CHARSETS)} charsets for feeds and lists, 0 uncaught")


def test_latin_1() -> None:
    body = rss("<item><title>Élysée</title></item>").encode("latin-1")
    assert only(read(body, content_type="text/xml; charset=ISO-8859-1")).title == "Élysée"
    declared = b'<?xml version="1.0" encoding="ISO-8859-1"?>' + body
    assert only(read(declared)).title == "Élysée"
    assert only(read(declared, content_type="text/xml")).title == "Élysée"


def test_one_broken_character_does_not_spoil_the_rest() -> None:
    body = rss(f"<item><title>{WORDS}</title><description>cut caf\xe9 here</description></item>").encode()
    body = body.replace("caf\xe9".encode(), b"caf\xc3")
    entry = only(read(body))
    assert (entry.title, entry.summary) == (WORDS, "cut caf\ufffd here")


def test_a_blank_line_before_the_declaration_is_no_fault() -> None:
    feed = read("\n\n" + rss("<item><title>T</title></item>", declaration='<?xml version="1.0"?>'))
    assert (only(feed).title, feed.warnings) == ("T", ())


# --- what is broken --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("body", [b"", b"  \r\n\t", b"\xef\xbb\xbf", b"\0\0", b"\xff\xfe \0"])
def test_empty(body: bytes) -> None:
    with pytest.raises(FeedError, match=r"^it is empty$"):
        read(body)


@pytest.mark.parametrize("content_type", [None, "text/html", "application/rss+xml"])
@pytest.mark.parametrize(
    "page",
    [
        "<!DOCTYPE html><html><head><title>Not found</title></head><body><p>404</p></body></html>",
        '<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><body/></html>',
        "<!-- cached -->\n<!doctype html>\n<p>How to write an &lt;rss&gt;</p>",
        "<html><script>var feed = '<rss><channel><item><title>x</title></item></channel></rss>'</script></html>",
        "\ufeff<HTML><BODY>",
    ],
)
def test_a_web_page(page: str, content_type: str | None) -> None:
    with pytest.raises(FeedError, match=r"^it is a web page, not a feed$"):
        read(page, content_type=content_type)


@pytest.mark.parametrize(
    "body",
    [
        "Just words.",
        "<opml version='2.0'><body/></opml>",
        "<urlset><url><loc>https://a.example/</loc></url></urlset>",
        "{}",
        '{"items": [1',
        '{"version": "https://jsonfeed.org/version/1.1", "title": ',
        "[1, 2]",
        "{" * 100_000,
        '{"version": "https://jsonfeed.org/version/1", "items": ' + "[" * 100_000,
        "GIF89a\x01\x02",
        "/etc/passwd",
        "file:///etc/passwd",
        "http://127.0.0.1:1/feed.xml",
    ],
)
def test_what_is_no_feed(body: str) -> None:
    if body.endswith("[["):
        assert read(body).entries == ()  # begun, and broken off
        return
    with pytest.raises(FeedError, match=r"^it is not a feed: [^/]+$") as caught:
        read(body)
    assert one_line(str(caught.value)) == str(caught.value)


@pytest.mark.scorecard(15, 16, 37)
def test_a_body_that_names_a_file_opens_none(record_property: Any) -> None:
    entity = (
        '<!DOCTYPE {0} [<!ENTITY x SYSTEM "file:///etc/hostname"><!ENTITY % y SYSTEM "http://127.0.0.1:1/">%y;'
        '<!ENTITY z "&x;">]>'
    )
    linked = '<?xml-stylesheet href="http://127.0.0.1:1/"?><xi:include href="/etc/hostname" parse="text"/>'
    outlines = '<opml><body>&x;<outline text="&x;" xmlUrl="{0}"/></body></opml>'
    named = ("/etc/hostname", "file:///etc/hostname", "http://127.0.0.1:1/", "ftp://127.0.0.1:1/", "|id", "exec:id")
    bodies = [
        *named,
        rss(item("&x;", "&x; &z;"), declaration=entity.format("rss")),
        atom(f"<entry><title>&x;</title>{linked}</entry>"),
        entity.format("html")
        + f"<html><head><base href='{named[1]}'></head><body><p>&x; &z;{linked}</p></body></html>",
        *(f"<p>a</p><img src='{one}'><link rel=stylesheet href='{one}'><iframe src='{one}'></iframe>" for one in named),
        *(entity.format("opml") + outlines.format(one) for one in named),
        *(f'{one} "Folder" "~{one}"\nexec:id\nfilter:id:http://a/\nquery:x:id' for one in named),
        *(
            json.dumps({"items": [{"title": one, "origin": {"feedUrl": one}, "alternate": [{"href": one}]}]})
            for one in named
        ),
        *(json.dumps([{"exact": one, "url": one, "title": one, "created": one}]) for one in named),
        *(f"Highlight,Title,Author,URL\n{one},{one},{one},{one}\n" for one in named),
    ]
    subprocess.run([sys.executable, Path(__file__).with_name("watched.py"), *bodies], check=True, cwd=ROOT)
    record_property("figure", f"{len(bodies)} bodies through 10 readers: 0 files, connections or programs")


@pytest.mark.scorecard(16)
def test_external_entities_are_not_read() -> None:
    entity = '<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/hostname">]>'
    assert only(read(rss(item("1", "before &x; after"), declaration=entity))).title in (
        "before &x; after",
        "before after",
    )


@pytest.mark.scorecard(16)
def test_billion_laughs_end_at_once() -> None:
    names = "abcdefghij"
    entities = "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in pairwise(names))
    laughs = f'<!DOCTYPE rss [<!ENTITY a "{"ha" * 100}">{entities}]>'
    start = time.process_time()
    for body in (rss(item("1", "&j;")), atom("<entry><title>&j;</title></entry>"), rss(item("1", "&j;"))[:-9]):
        assert len(str(read(laughs + body))) < 10_000
    assert time.process_time() - start < 1


@pytest.mark.parametrize(
    "broken",
    [
        "<image><width>wide</width></width></image>",
        "</width></height></creativeCommons:license>",
        "<creativeCommons:license/></creativeCommons:license>",
        "<title foo='1'><link foo='2'><description a='b'>",
        "<item><published_parsed a='1'/><links>x</links><authors>y</authors><title_detail>z</title_detail></item>",
        "<item><enclosure/><enclosure url='x' length='9e9'/><source/><content src='x'/></item>",
        "<skipHours a='1'/><hour b='2'/><hours>x</hours><hour>3</hour><days c='1'/><day>Monday</day>",
        "<item><media:content/><media:content a='1'>x</media:content><media:thumbnail>x</media:thumbnail></item>",
        "<textInput><name/></textInput><cloud/><media:thumbnail/><psc:chapters/><georss:point>x</georss:point>",
        "<item><content type='image/png'>####</content></item>",
        "&#xD800;&#0;&#x110000;&bogus;",
    ],
)
def test_broken_markup_is_survived(broken: str) -> None:
    for body in (rss(broken), rss(f"<item>{broken}</item>"), atom(broken), rss(broken)[:-20]):
        survive(body.encode())


def test_what_is_not_well_formed_is_read_with_a_warning() -> None:
    feed = read(rss("<item><title>A & B</title><link>https://a.example/?x=1&y=2</link></item>"))
    assert (only(feed).title, only(feed).url) == ("A & B", "https://a.example/?x=1&y=2")
    (warning,) = feed.warnings
    assert warning.startswith("it is not well-formed XML (invalid token); ")


def test_a_feed_cut_anywhere_keeps_its_whole_entries() -> None:
    titles = [f"Item {number} – naïve" for number in range(10)]
    items = "".join(
        f"<item><title>{title}</title><guid>g{title}</guid><description>…</description></item>" for title in titles
    )
    json_items = [{"id": title, "title": title} for title in titles]
    for body, whole in (
        (rss(items).encode(), b"</item>"),
        (rss(items).encode("utf-16"), "</item>".encode("utf-16-le")),
        (atom(items.replace("item", "entry").replace("guid", "id")).encode(), b"</entry>"),
        (json.dumps({"version": "https://jsonfeed.org/version/1", "items": json_items}).encode(), b"}"),
    ):
        for cut in range(len(body) // 20, len(body), 13):
            piece = body[:cut]
            try:
                feed = parse(piece, url=URL)
            except FeedError:
                assert piece.count(whole) == 0
                continue
            assert [entry.title for entry in feed.entries] == titles[: piece.count(whole)]
            assert len(feed.warnings) == (cut < len(body))


# --- cleanliness -----------------------------------------------------------------------------------------------------


def strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for part in value:
            yield from strings(part)
    elif dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):
            yield from strings(getattr(value, field.name))


def survive(body: bytes, content_type: str | None = None) -> None:
    try:
        feed = parse(body, url=URL, content_type=content_type)
    except FeedError:
        return
    for text in strings(feed):
        assert clean(text) == text
        text.encode()
    assert len({entry.guid for entry in feed.entries}) == len(feed.entries)
    json.dumps(feed_json(feed))


HOSTILE = "a&#27;]52;c;x&#7;b\x1b[2J\x07&#x9b;\u202e\u2066&#xD800;\u2028c"


@pytest.mark.scorecard(2)
@pytest.mark.parametrize(
    "name", ["title", "link", "guid", "description", "author", "dc:creator", "content:encoded", "ttl"]
)
def test_nothing_unclean_comes_out_of_any_field(name: str) -> None:
    element = f"<{name}>{HOSTILE}</{name}>"
    for items in (f"<item>{element}</item>", f"{element}<item><enclosure url='{HOSTILE}' type='{HOSTILE}'/></item>"):
        survive(rss(items).encode())
        survive(atom(items.replace("item>", "entry>")).encode())
    hostile = dict.fromkeys(("id", "url", "title", "content_html", "summary"), "a\x1b]52;c\x07\u202e\ud800\x9b")
    survive(
        json.dumps({"version": "https://jsonfeed.org/version/1", "title": "\x1b\udfff", "items": [hostile]}).encode()
    )


def test_the_feeds_own_address_is_cleaned() -> None:
    feed = parse(rss("<item><link>a</link></item>").encode(), url="https://a.example/\x1b[31m/")
    assert all(clean(text) == text for text in strings(feed))


TAGS = [
    "rss",
    "channel",
    "item",
    "feed",
    "entry",
    "title",
    "link",
    "guid",
    "id",
    "pubDate",
    "width",
    "image",
    "author",
    "content",
    "description",
    "html",
    "div",
    "textInput",
    "name",
    "source",
    "category",
    "media:content",
    "media:thumbnail",
    "itunes:image",
    "itunes:duration",
    "skipHours",
    "hour",
    "day",
    "rdf:RDF",
]
PIECES = st.one_of(
    st.sampled_from([f"<{tag}>" for tag in TAGS] + [f"</{tag}>" for tag in TAGS]),
    st.sampled_from(
        ["<![CDATA[", "]]>", "<!--", "-->", "<?xml version='1.0'?>", "&amp;", "&#27;", "<!DOCTYPE x [", "\0"]
    ),
    st.text(max_size=8),
)


@pytest.mark.scorecard(18)
@given(st.binary(max_size=400), st.none() | st.text(max_size=30))
@example(b"<rss><channel></width></channel></rss>", None)
@example(b'<?xml version="1.0" encoding="punycode"?><rss><channel/></rss>\xff', None)
@example(b"<rss><channel><title>\xff</title></channel></rss>", "text/xml; charset=punycode")
@example(b"<rss><channel><title>\xff</title></channel></rss>", "text/xml; charset=idna")
@example(b"\x1b<rss><channel><item>", "text/xml; charset=idna")
def test_any_bytes_give_a_feed_or_a_feed_error(body: bytes, content_type: str | None) -> None:
    survive(body, content_type)
    survive(b"<rss><channel><item><title>" + body, content_type)


@pytest.mark.scorecard(18)
@given(st.lists(PIECES, max_size=40).map("".join))
def test_any_tag_soup_gives_a_feed_or_a_feed_error(soup: str) -> None:
    survive(("<rss><channel>" + soup).encode("utf-8", "replace"))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "id",
                    "url",
                    "title",
                    "content_text",
                    "content_html",
                    "date_published",
                    "author",
                    "authors",
                    "name",
                    "attachments",
                ]
            ),
            inner,
            max_size=5,
        )
    ),
)


@pytest.mark.scorecard(18)
@given(JSON, JSON)
def test_any_json_gives_a_feed_or_a_feed_error(items: object, author: object) -> None:
    survive(json.dumps({"version": "https://jsonfeed.org/version/1", "items": items, "author": author}).encode())
    survive(json.dumps({"version": "https://jsonfeed.org/version/1", "items": [items, author]}).encode())


def test_the_package_alone_loads_no_parser() -> None:
    script = "import sys, reader.feeds, reader.feeds.schedule; assert not {'feedparser', 'lxml'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", script], check=True)
