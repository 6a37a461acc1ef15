"""What is fuzzed: all that reads what others wrote. Each target takes any bytes and fails when a promise is broken.

A promise is broken by any exception but the one that the reader of that kind of file is said to raise, and by what
must hold of whatever it gives back.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

from reader.articles import ExtractError
from reader.articles.as_json import article_json
from reader.articles.extract import extract, from_feed, truncated
from reader.articles.teaser import plain
from reader.claims.boilerplate import find_boilerplate
from reader.claims.figures import find_figures
from reader.claims.segment import Sentence, blocks, paragraphs, sentences_within, tokens_of
from reader.claims.words import shape, states
from reader.feeds import FeedError, elsewhere, newsboat, opml
from reader.feeds.as_json import feed_json
from reader.feeds.discovery import discover
from reader.feeds.links import absolute, plainest
from reader.feeds.parse import parse
from reader.highlights import bring_in
from reader.highlights.anchor import Anchoring
from reader.highlights.anchor import quote as quoted
from reader.highlights.exchange import to_json
from reader.model import Article, Quote
from reader.query import QueryError, words_of, written
from reader.query import parse as parse_query
from reader.text import clean, one_line, shown_url

ROOT = Path(__file__).resolve().parents[2]
FOUND = Path(__file__).parent / "found"
"""Inputs that once broke a promise, in a folder for each target."""
SLOWEST = 2.0
"""Seconds of the processor that nothing may take."""

URL = "https://news.example/feeds/world.xml"
NOW = datetime(2026, 11, 12, 9, 0, tzinfo=UTC)
_TYPES = (
    None,
    "text/xml",
    "text/html; charset=utf-8",
    "application/rss+xml; charset=utf-16",
    "text/xml; charset=",
    "\0",
)


def strings(value: object) -> Iterator[str]:
    """All text in what a reader gave back."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple | list | frozenset):
        for part in value:
            yield from strings(part)
    elif is_dataclass(value):
        for field in fields(value):
            yield from strings(getattr(value, field.name))


def _check_clean(value: object) -> None:
    for text in strings(value):
        assert clean(text) == text
        text.encode()


def _typed(data: bytes) -> tuple[str | None, bytes]:
    """The first byte chooses a Content-Type, so that each is tried with everything."""
    kind = data[0] % len(_TYPES) if data[:1] not in (b"<", b"{", b"") else 0
    return _TYPES[kind], data[1:] if kind else data


def _text(data: bytes) -> str:
    return data.decode("utf-8", "surrogatepass" if b"\xed" in data else "replace")


def _any_text(data: bytes) -> str:
    try:
        return _text(data)
    except UnicodeDecodeError:
        return data.decode("latin-1")


def feed(data: bytes) -> None:
    """RSS, Atom, JSON Feed."""
    content_type, body = _typed(data)
    try:
        read = parse(body, url=URL, content_type=content_type)
    except FeedError as error:
        _check_clean(str(error))
        return
    _check_clean(read)
    assert len({entry.guid for entry in read.entries}) == len(read.entries)
    for entry in read.entries:
        assert entry.guid
        assert entry.title == one_line(entry.title)
        addresses = [entry.url, entry.image, *(file.url for file in entry.enclosures)]
        assert all(url.startswith(("http://", "https://")) for url in addresses if url)
    json.dumps(feed_json(read))


def page(data: bytes) -> None:
    """A page of the web."""
    content_type, body = _typed(data)
    try:
        article = extract(body, url=URL, content_type=content_type)
    except ExtractError as error:
        _check_clean(str(error))
        return
    assert article.text
    _check_article(article)


def carried(data: bytes) -> None:
    """The text that a feed carries."""
    content = _any_text(data)
    _check_article(from_feed(content, url=URL, title=content[:80], byline=content[-80:], site=content[40:80]))
    truncated(content)
    assert one_line(plain(content, limit=80)) == plain(content, limit=80)


def _check_article(article: Article) -> None:
    _check_clean(article)
    at, texts = 0, []
    for block in article.blocks:
        assert block.span.start == at
        texts.append(block.span.of(article.text))
        assert texts[-1].strip() == texts[-1] != ""
        at = block.span.end + 2
    assert "\n\n".join(texts) == article.text
    at = 0
    for link in article.links:
        assert at <= link.span.start < link.span.end <= len(article.text)
        assert link.url.startswith(("http://", "https://"))
        at = link.span.end
    for stretch in article.emphasis:
        assert 0 <= stretch.span.start < stretch.span.end <= len(article.text)
    assert all(0 <= caption.at <= len(article.text) and caption.text for caption in article.captions)
    json.dumps(article_json(article, id="1")).encode()


def text(data: bytes) -> None:
    """The gate for strings, and addresses."""
    given = _any_text(data)
    once = clean(given)
    assert len(once) == len(given)
    assert clean(once) == once
    line = one_line(given)
    assert one_line(line) == line
    assert "\n" not in line
    once.encode()
    assert clean(shown_url(given)) == shown_url(given)
    url = absolute(given, URL)
    if url:
        assert url.startswith(("http://", "https://"))
        assert clean(url) == url
        assert plainest(plainest(url)) == plainest(url)


def subscriptions(data: bytes) -> None:
    """OPML, and newsboat's list."""
    for read in (opml.read, newsboat.read):
        try:
            found, refused = read(data)
        except FeedError as error:
            _check_clean(str(error))
            continue
        _check_clean((found, refused))
        for outline in found:
            assert outline.url.startswith(("http://", "https://"))
            assert one_line(outline.title) == outline.title
        if found:
            body = opml.write(found, title="x", created=NOW)
            again, refused = opml.read(body)
            assert [one.url for one in again] == [one.url for one in found]
            assert not refused
            assert opml.write(again, title="x", created=NOW) == body


def moved(data: bytes) -> None:
    """What other readers export as JSON."""
    try:
        found, refused = elsewhere.read(data)
    except FeedError as error:
        _check_clean(str(error))
        return
    _check_clean((found, refused))


def advertised(data: bytes) -> None:
    """The feeds that a page names."""
    for one in discover(data, url=URL):
        _check_clean(one)
        assert one.url.startswith(("http://", "https://"))


def query(data: bytes) -> None:
    """What is searched for."""
    source = _any_text(data)
    try:
        tree = parse_query(source)
    except QueryError as error:
        _check_pointed(error, source)
        return
    assert parse_query(written(tree)) == tree
    words_of(tree)


def _check_pointed(error: QueryError, source: str) -> None:
    assert 0 <= error.span.start < error.span.end <= len(source)
    assert len(error.pointed().splitlines()) == 2


def anchor(data: bytes) -> None:
    """A quote, looked for in a text: two stretches of it that a zero byte ends, and the text."""
    words, _, rest = data.partition(b"\0")
    place, _, held = rest.partition(b"\0")
    article, exact, beside = (_any_text(part) for part in (held or data, words, place))
    at = len(place) * 7 % (len(article) + 1)
    for one in (
        Quote(exact=exact, prefix=beside[: len(beside) // 2], suffix=beside[len(beside) // 2 :], start=at - 1),
        quoted(f"{article[:at]}{exact}{article[at:]}", at, at + len(exact)),
    ):
        anchoring = Anchoring(article)
        for place in (anchoring.find(one), anchoring.nearest(one)):
            span = getattr(place, "span", place)
            assert span is None or 0 <= span.start <= span.end <= len(article)
    if own := quoted(article, at, at + len(exact) + 1).exact.strip():
        whole = quoted(article, at, at + len(exact) + 1)
        found = Anchoring(article).find(whole)
        assert found is not None
        assert found.span.of(article) == whole.exact, own


def highlights(data: bytes) -> None:
    """Highlights of this program and of others."""
    for format in (None, *bring_in.FORMATS):
        try:
            came = bring_in.read(data, now=NOW, format=format)
        except ValueError as error:
            if type(error) is not ValueError:
                raise
            _check_clean(str(error))
            continue
        _check_clean(came.refused)
        _check_clean(came.highlights)
        assert len({one.uid for one in came.highlights}) == len(came.highlights)
        if came.highlights:
            again = bring_in.read(to_json(came.highlights).encode(), now=NOW)
            assert (set(again.highlights), again.refused) == (set(came.highlights), ())


def claims(data: bytes) -> None:
    """A text taken apart: what finds claims but for its model."""
    article = clean(_any_text(data))
    spans = list(blocks(article))
    assert all(one.end <= other.start for one, other in pairwise(spans))
    sentences: list[Sentence] = []
    for paragraph in paragraphs(article, spans):
        sentences += paragraph.sentences
        for quotation in paragraph.quotations:
            assert paragraph.span.start <= quotation.span.start < quotation.span.end <= paragraph.span.end
            sentences_within(article, quotation.span)
    last = 0
    for sentence in sentences:
        assert last <= sentence.span.start < sentence.span.end <= len(article)
        last = sentence.span.end
        assert all(token.text == article[token.start : token.end] for token in sentence.tokens)
    words = [token for span in spans for token in tokens_of(article, span)]
    assert all(shape(token.text) >= 0 for token in words)
    states([token.text for token in words], [token.end < len(article) for token in words])
    figures = find_figures(article)
    assert all(one.span.end <= other.span.start for one, other in pairwise(figures))
    assert all(0 <= one.span.start < one.span.end <= len(article) for one in figures)
    find_boilerplate(article, spans)


Target = Callable[[bytes], None]
TARGETS: dict[str, Target] = {
    one.__name__: one
    for one in (feed, page, carried, text, subscriptions, moved, advertised, query, anchor, highlights, claims)
}


def seeds(target: str) -> list[bytes]:
    """What to begin with: what was found before, and files of the kind that lie in this repository."""
    own = [path.read_bytes() for path in sorted((FOUND / target).glob("*"))]
    return own + [data for data in _seeds(target) if data]


_FEEDS = (
    b'<?xml version="1.0"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"'
    b' xmlns:media="http://search.yahoo.com/mrss/" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"'
    b' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"><channel>'
    b"<title>World</title><link>https://news.example/</link><ttl>90</ttl><sy:updatePeriod>hourly</sy:updatePeriod>"
    b"<skipHours><hour>7</hour></skipHours><skipDays><day>Sunday</day></skipDays><item>"
    b"<guid isPermaLink='false'>w</guid><title>Dam &amp; &lt;b&gt;town&lt;/b&gt;</title><link>/1?a=1&amp;b=2</link>"
    b"<dc:creator>ana@a.example (Ana)"
    b"</dc:creator><pubDate>Tue, 04 Mar 2025 09:30:00 +0100</pubDate><description><![CDATA[<p>One <a href='x'>two</a>."
    b"</p>]]></description><content:encoded>&lt;p&gt;All&lt;/p&gt;</content:encoded><enclosure url='/a.mp3'"
    b" type='audio/mpeg' length='12'/><itunes:duration>1:02:03</itunes:duration><media:group>"
    b"<media:content url='/a.jpg' medium='image' width='9'/><media:thumbnail url='/b.jpg'/></media:group>"
    b"</item></channel></rss>",
    b'<feed xmlns="http://www.w3.org/2005/Atom" xml:base="http://a.example/"><title type="html">W</title><id>urn:w</id>'
    b"<author><name>The Desk</name><email>a@b.example</email></author><entry xml:base='2025/'><id>urn:1</id>"
    b"<title type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'>T</div></title><link href='att'/>"
    b"<updated>2025-03-04T10:00:00Z</updated><summary>s</summary><content type='base64'>YQ==</content></entry></feed>",
    b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"><channel'
    b' rdf:about="http://a/"><title>RDF</title></channel><item rdf:about="http://a/1"><title>One</title></item></rdf:RDF>',
    json.dumps(
        {
            "version": "https://jsonfeed.org/version/1.1",
            "title": "J",
            "authors": [{"name": "Desk"}],
            "items": [
                {
                    "id": 7, "url": "/7", "title": "a < b", "content_text": "One & two.\n\nThree.", "image": "/i",
                    "date_published": "2025-03-04T09:30:00+01:00", "content_html": "<p>x",
                    "attachments": [{"url": "a.mp3", "mime_type": "audio/mpeg", "duration_in_seconds": 5}],
                }
            ],
        }
    ).encode(),
)  # fmt: skip
_PROSE = (
    "“Nobody will cross it before spring,” said Ada Lind, the harbour master, who inspected the piers herself.\n\n"
    "According to the ministry, repairs will cost 14 million crowns (€1.2bn), up 3.5% from 1,200 in May 7, 2015.\n\n"
    "Mr. Ode told Reuters that “the ‘old’ wall leaks”. He denied it at 10:30 a.m. Related: Sign up to our newsletter."
)


def _seeds(target: str) -> list[bytes]:
    prose = _PROSE.encode()
    articles = sorted((ROOT / "tests" / "articles" / "pages").glob("*.html"))
    match target:
        case "feed":
            return list(_FEEDS)
        case "page" | "advertised":
            named = b'<head><link rel=alternate type="application/rss+xml" title=x href=/feed><base href=/b></head>'
            return [named, *(path.read_bytes() for path in articles)]
        case "carried" | "text":
            return [*_FEEDS, prose, *(path.read_bytes()[:8000] for path in articles[:12])]
        case "subscriptions":
            boat = b'http://a/ "Sea" ~Title # x\n"exec:x" !\nfilter:x:http://a/\n'
            folded = (
                b'<opml><body><outline text="N"><outline text="A & "b"" xmlUrl="http://a/?x&y" htmlUrl="http://a"/>'
            )
            return [boat, folded, (ROOT / "seeds" / "feeds.opml").read_bytes()]
        case "moved":
            google = {
                "id": "tag:google.com,2005:reader/item/1", "guid": "urn:1", "title": "F &amp; g",
                "published": 1762848000,
                "canonical": [{"href": "https://a/1"}],
                "categories": ["user/-/state/com.google/read", "user/-/label/b"],
                "origin": {"streamId": "feed/52", "feedUrl": "https://a/feed", "title": "P"},
                "content": {"content": "<p>x"},
                "enclosure": [{"href": "https://a/1.mp3", "type": "audio/mpeg", "length": "5"}],
            }  # fmt: skip
            flux = {
                "title": "F", "url": "https://a/1", "published_at": "2026-11-11T08:00:00Z", "content": "<p>x",
                "status": "read", "starred": True, "tags": ["b"],
                "feed": {"feed_url": "https://a/feed", "title": "P", "category": {"title": "Sea"}},
            }  # fmt: skip
            return [json.dumps({"items": [google]}).encode(), json.dumps({"total": 1, "entries": [flux]}).encode()]
        case "query":
            return [
                b'a b OR c -d "e f"* (g h)',
                b"speaker:x type:figure is:unread newer:3d in:claims z",
                b"NOT (a OR -b)",
            ]
        case "anchor":
            return [
                b"cross it before spring\0Nobody will said Ada\0" + prose,
                b"repairs cost\0ministry, 14 m\0" + prose * 3,
            ]
        case "highlights":
            return [path.read_bytes() for path in sorted((ROOT / "tests" / "highlights" / "files").iterdir())]
        case _:
            return [prose, prose * 3]
