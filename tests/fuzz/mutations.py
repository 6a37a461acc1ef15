"""Inputs made of others by chance, the same ones each time: for where atheris is not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from random import Random

_LARGEST = 200_000
"""Bytes of an input that one stretch was repeated in."""


def _words(written: str) -> list[bytes]:
    return [word.replace("~", " ").encode() for word in written.split()]


WORDS = {
    "feed": _words("""
        <rss> <channel> <item> </item> <feed> <entry> </entry> <title> </title> <title~type="html"> <link> <author>
        <link~href="x"/> <guid> <id> <name> <email> <dc:creator> <pubDate> <updated> <description> <content:encoded>
        <content~type="xhtml"> <content~type="base64"> <enclosure~url="x"/> <media:content~url="x"~medium="image"/>
        <media:thumbnail> <itunes:duration> <itunes:image~href="x"/> <skipHours> <hour> <day> <ttl> <rdf:RDF> <source>
        <image> <width> <textInput> <cloud/> <georss:point> <gml:pos> <psc:chapters/> <creativeCommons:license>
        <![CDATA[ ]]> <!-- --> <?xml~version="1.0"~encoding="utf-16"?> <!DOCTYPE~rss~[<!ENTITY~x~"y">]> &x; &amp; &#27;
        &#xD800; &lt; xml:base="x" xmlns:a="b" xml:lang="en" {"version":"https://jsonfeed.org/version/1","items":[
        {"id": "url": "title": "content_html": "authors": "attachments": &# &amp;# &#5 a@b.example ( 2025-03-04T09:30Z
        Tue,~04~Mar~2025~09:30:00~GMT
    """),
    "page": _words("""
        <div> </div> <p> </p> <article> <section> <main> <nav> <aside> <figure> <figcaption> <img~src=x> <a~href=x> </a>
        <h1> <title> <table> <tr> <td> <ul> <li> <pre> <blockquote> <br> <b> <i> <span> <script> </script> <style> <svg>
        <template> <select> <option> <form> <button> <iframe> <body> <html> <head> <time~datetime=2025-01-02> <dl> <dd>
        <meta~charset=utf-16> <meta~property=og:title~content=x> <script~type="application/ld+json"> <base~href=x>
        {"@type":"NewsArticle", "articleBody": "author": "datePublished": hidden class=promo
        itemprop=articleBody
        <!-- --> <![CDATA[ &nbsp; &#27; &#x202e; &# 9; <?x <!doctype~html> <frameset> <math> <plaintext> <font> <center>
        <link~rel=alternate~type=application/rss+xml~href=x> Read~more 2025-01-02 By~Ana
    """),
    "subscriptions": _words(r"""
        <opml> <body> <outline </outline> text=" title=" xmlUrl=" htmlUrl=" type="rss" "/> > & &amp; &#0; http://a/
        &x; <!DOCTYPE~o[<!ENTITY~x~"y">]> exec: filter:x: query: file: " \ # ! <?xml~version="1.0"~encoding="utf-16"?>
    """),
    "moved": _words(r"""
        {"items":[ {"entries":[ ]} {"id": "title": "origin": "feedUrl": "categories": "canonical": "href": "content":
        "published": &# &amp;#
        99999999999999999999 1e999 -1 null true "\ud800" [[ {{ "feed": "feed_url": "published_at": "tags":
    """),
    "query": _words("""
        AND OR NOT - ( ) " * : in: is: has: newer:3d older:2026-11-01 on: title: text: claim: speaker: type: feed: tag:
        folder: author: story: entry: is:read in:claims 99999999999
    """),
    "anchor": [b" ", b"\n", b"\0", *_words("said ministry “ ” ’ \u00ad \u200b \u2060 … — 1,200 .")],
    "highlights": _words(r"""
        {"newsreader":1, "highlights":[ "uid": "kind": "exact": "prefix": "start": "created": "url": "tags": "note": [ ]
        { } "rows":[ "target": "selector": "TextQuoteSelector" "items": "body": null 1e999 -1 "\ud800" Highlight, Title,
        Author, URL, Note, Location, Date, "" =x +1 2026-11-12T09:00:00Z 9999-12-31T23:59:59-12:00 @graph @context
    """),
    "claims": _words("""
        “ ” " ' ‘ ’ « » „ ( ) , . ? ! : ; – said told~reporters according~to denied Ada~Lind Mr. Corp. U.S. $4.2~million
        €1.2bn 55% 3–1 May~7,~2015 half~of nearly 1,200 10:30~a.m. per~cent km/h ½ ² ٣ ſix İ 😀 5ft~6in from~3~to~4
        +49~30 °C
    """),
}
"""What files of each kind are made of, by target."""
WORDS |= {"carried": WORDS["page"], "advertised": WORDS["page"], "text": WORDS["feed"]}


def mutations(target: str, seeds: Sequence[bytes], count: int) -> Iterator[bytes]:
    """So many inputs made of the seeds."""
    chance = Random(target)
    made_of = WORDS[target]
    for number in range(count):
        data = bytearray(chance.choice(seeds))
        if number % 8 == 0:
            data = bytearray(b"".join(chance.choices(made_of, k=chance.randint(1, 40))))
        for _ in range(chance.choice((1, 1, 2, 3, 5, 8, 20))):
            _change(data, chance, seeds, made_of)
        if number % 20 == 7:
            data = _pumped(data, chance, made_of)
        yield bytes(data)


def _change(data: bytearray, chance: Random, seeds: Sequence[bytes], made_of: Sequence[bytes]) -> None:
    at = chance.randint(0, len(data))
    until = min(len(data), at + chance.choice((1, 2, 4, 16, 64, 1000)))
    match chance.randrange(7):
        case 0:
            data[at:at] = chance.choice(made_of)
        case 1:
            data[at:until] = chance.choice(made_of)
        case 2:
            del data[at:until]
        case 3:
            data[at:until] = chance.randbytes(chance.randint(1, 4))
        case 4:
            data[at:at] = data[at:until] * chance.randint(1, 9)
        case 5:
            other = chance.choice(seeds)
            begin = chance.randint(0, len(other))
            data[at:until] = other[begin : begin + chance.choice((8, 64, 512, 4096))]
        case 6:
            del data[at:]


def _pumped(data: bytearray, chance: Random, made_of: Sequence[bytes]) -> bytearray:
    """One stretch or a few words, over and over: what takes its length's square in time shows at that."""
    at = chance.randint(0, len(data))
    stretch = bytes(data[at : at + chance.choice((1, 2, 3, 8, 40))]) or b" "
    if chance.random() < 0.7:
        stretch = b"".join(chance.choices([*made_of, b" ", b"a", b"a.", b"\n"], k=chance.randint(1, 3)))
    data[at:at] = stretch * (chance.choice((2_000, 20_000, _LARGEST)) // len(stretch))
    return data
