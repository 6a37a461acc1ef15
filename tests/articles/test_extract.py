import contextlib
import gzip
import json
import re
import subprocess
import sys
import time
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reader.articles import ExtractError
from reader.articles.as_json import article_json
from reader.articles.extract import better, extract, from_feed, truncated
from reader.articles.teaser import plain
from reader.model import BlockKind
from reader.text import clean

PAGES = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "pages"

PARAGRAPHS = [
    "The council voted on Tuesday to close the swimming baths, which have stood by the river since 1911.",
    "“Nobody asked the people who swim there,” said Ada Byrne, who leads the residents’ committee in the old town.",
    "Repairs would cost 4.2 million, according to the mayor’s office, and take at least three winters to finish.",
    "A petition against the closure, opened in March, had gathered 6,100 names by the time the meeting began.",
    "The baths were last renovated in 1974, when the boilers were replaced and a second basin was added for children.",
    "Engineers who inspected the roof in January found that eleven of its beams had rusted through at the ends.",
]
BODY = "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)


def page(body: str, *, head: str = "<title>Baths to close - The Courier</title>") -> bytes:
    return f"<!doctype html><html lang=en><head>{head}</head><body>{body}</body></html>".encode()


def check(article) -> None:
    """What holds of every article."""
    assert clean(article.text) == article.text
    at = 0
    texts = []
    for block in article.blocks:
        assert block.span.start == at
        text = block.span.of(article.text)
        assert text
        assert text == text.strip()
        texts.append(text)
        at = block.span.end + 2
    assert "\n\n".join(texts) == article.text
    at = 0
    for link in article.links:
        assert at <= link.span.start < link.span.end <= len(article.text)
        assert re.match(r"https?://[^\s]+\Z", link.url)
        assert any(b.span.start <= link.span.start and link.span.end <= b.span.end for b in article.blocks)
        at = link.span.end
    for field in (article.title, article.byline, article.site, article.language):
        assert field is None or (field == clean(field) and "\n" not in field)
    for when in (article.published, article.modified):
        assert when is None or when.utcoffset() is not None
    for stretch in article.emphasis:
        assert stretch.span.of(article.text).strip() == stretch.span.of(article.text) != ""
    for caption in article.captions:
        assert caption.at in {0, len(article.text), *(block.span.start for block in article.blocks)}
        assert caption.text == clean(caption.text) != ""
    json.dumps(article_json(article, id="1")).encode()


def blocks(article) -> list[tuple[str, str]]:
    return [(str(block.kind), block.span.of(article.text)) for block in article.blocks]


def test_a_clean_article_is_its_paragraphs():
    article = extract(page(f"<article><h1>Baths to close</h1>{BODY}</article>"), url="https://courier.test/baths")
    check(article)
    assert article.text == "\n\n".join(PARAGRAPHS)
    assert article.title == "Baths to close"
    assert article.language == "en"
    assert article.url == "https://courier.test/baths"
    assert {block.kind for block in article.blocks} == {BlockKind.PARAGRAPH}


def test_div_soup_with_breaks_for_paragraphs():
    soup = "<div><div class=x><div>" + "<br><br>".join(PARAGRAPHS) + "</div></div></div>"
    article = extract(page(soup))
    check(article)
    assert article.text == "\n\n".join(PARAGRAPHS)


def test_unclosed_tags():
    article = extract(page("<div><p>" + "<p>".join(PARAGRAPHS) + "<b><i>"))
    check(article)
    assert article.text == "\n\n".join(PARAGRAPHS)


def test_clutter_does_not_appear():
    article = extract(
        page(
            f"""<header><nav><a href=/>Home</a> <a href=/sport>Sport</a></nav></header>
            <div class="cookie-consent"><p>We use cookies to improve your experience.</p></div>
            <article><h1>Baths to close</h1><p class=byline>By Tom Reed</p><p>Published on 3 May 2024</p>
            <figure><img src=a.jpg><figcaption>The baths from the bridge. Photo: Lena Ost</figcaption></figure>
            {"".join(f"<p>{p}</p>" for p in PARAGRAPHS[:3])}
            <div class="wp-caption-text">A bather in 1920</div>
            <p>Advertisement</p>
            <p>Read more: <a href=/other>The pool that never was</a></p>
            <div class="newsletter-signup"><p>Get our morning briefing straight to your inbox, every day.</p></div>
            {"".join(f"<p>{p}</p>" for p in PARAGRAPHS[3:])}
            <h2>Related Articles</h2>
            <ul><li><a href=/1>Library to open late</a></li><li><a href=/2>Bridge repaired</a></li></ul>
            <p><a href="#top">Back to top</a></p></article>
            <footer><p>© The Courier, all rights reserved, whatever the court may say.</p></footer>"""
        )
    )
    check(article)
    assert article.text == "\n\n".join(PARAGRAPHS)
    assert article.byline == "Tom Reed"


def test_a_box_with_most_of_the_page_is_the_article_whatever_its_name():
    article = extract(page(f"<div class='sponsored related'>{BODY}</div><p>Short.</p>"))
    assert all(paragraph in article.text for paragraph in PARAGRAPHS)


def test_hidden_text_is_shown_when_it_is_the_article():
    article = extract(page(f"<article hidden>{BODY}</article><div hidden><p>You have no free articles left.</p></div>"))
    assert article.text == "\n\n".join(PARAGRAPHS)


def test_a_quoted_post_stays():
    post = '<blockquote class="twitter-tweet"><p>The baths are ours and we will swim in them.</p></blockquote>'
    article = extract(page(f"<article>{BODY}{post}{BODY}</article>"))
    assert ("quote", "The baths are ours and we will swim in them.") in blocks(article)


def test_structure_becomes_blocks():
    article = from_feed(
        """<h2>What  was
        found</h2><p>One <b>bold</b>, <i>exact</i>ly.<br>Second line</p>
        <ul><li>Beams<ul><li>Eleven rusted</li></ul></li><li><p>Boilers</p></li></ul>
        <blockquote><p>Close it.</p><p>Close it now.</p></blockquote>
        <pre>if wet:
    swim()

done</pre>
        <table><tr><th>Year</th><th>Visitors</th></tr><tr><td>1911</td><td><p>12,000</p></td></tr></table>
        <dl><dt>Basin</dt><dd>A pool.</dd></dl><p>He said <q>no</q>.</p>""",
        url=None,
        title="",
    )
    check(article)
    assert blocks(article) == [
        ("heading", "What was found"),
        ("paragraph", "One bold, exactly.\nSecond line"),
        ("list_item", "Beams"),
        ("list_item", "Eleven rusted"),
        ("list_item", "Boilers"),
        ("quote", "Close it."),
        ("quote", "Close it now."),
        ("code", "if wet:\n    swim()\n\ndone"),
        ("table", "Year | Visitors\n1911 | 12,000"),
        ("paragraph", "Basin"),
        ("paragraph", "A pool."),
        ("paragraph", "He said “no”."),
    ]


def test_a_table_that_lays_out_the_page_is_not_one():
    article = extract(page(f"<table><tr><td><h2>Baths</h2>{BODY}</td><td><a href=/>Home</a></td></tr></table>"))
    assert not any(block.kind is BlockKind.TABLE for block in article.blocks)
    assert all(paragraph in article.text for paragraph in PARAGRAPHS)


def test_links_are_spans_with_absolute_addresses():
    article = from_feed(
        """<p>See <a href="/plan?a=1&amp;b=2"> the <b>plan</b></a>, <a href="https://b.test/é x">B</a>,
        <a href="javascript:alert(1)">no</a>, <a href="mailto:a@b.test">no</a>, <a href="#note">no</a>,
        <a href="http://[bad">no</a>, <a href="//c.test/">C</a>.</p>
        <a href="d"><p>One.</p><p>Two.</p></a><p>End.</p>""",
        url="https://a.test/news/1",
        title="",
    )
    check(article)
    assert [(link.span.of(article.text), link.url) for link in article.links] == [
        ("the plan", "https://a.test/plan?a=1&b=2"),
        ("B", "https://b.test/é%20x"),
        ("C", "https://c.test/"),
        ("One.", "https://a.test/news/d"),
        ("Two.", "https://a.test/news/d"),
    ]
    assert article.text.startswith("See the plan, B,")


def test_links_follow_the_base_element():
    head = "<title>Baths</title><base href='https://cdn.test/x/'>"
    article = extract(page(f"<article>{BODY}<p>More is in <a href=y>the plan</a> of March.</p></article>", head=head))
    assert [link.url for link in article.links] == ["https://cdn.test/x/y"]


JAPANESE = "市議会は火曜日、川沿いの市営プールを閉鎖することを決めた。住民は「誰も私たちに聞かなかった」と話している。"
RUSSIAN = (
    "Городской совет во вторник решил закрыть бассейн у реки, который стоит там с 1911 года, и жители не согласны. "
)


@pytest.mark.parametrize(
    ("text", "encoding", "head", "content_type"),
    [
        ("Café déçu à Orléans", "latin-1", "<meta charset=iso-8859-1>", None),
        (
            "“Smart” quotes – dashes",
            "cp1252",
            '<meta http-equiv=content-type content="text/html; charset=latin-1">',
            None,
        ),
        ("Café “déçu”", "utf-8", "<meta charset=iso-8859-1>", "text/html; charset=ISO-8859-1"),
        ("Café “déçu”", "cp1252", "", "text/html; charset=windows-1252"),
        ("Café “déçu”", "cp1252", "<meta charset=utf-8>", "text/html; charset=utf-8"),
        ("Café “déçu”", "utf-16", "", "text/html; charset=utf-8"),
        ("Café “déçu”", "utf-8-sig", "<meta charset=latin-1>", None),
        (JAPANESE, "shift_jis", "<meta charset=shift_jis>", None),
        (JAPANESE, "euc_jp", "", "text/html; charset=euc-jp"),
        (JAPANESE, "iso2022_jp", "<meta charset=iso-2022-jp>", None),
        (RUSSIAN * 5, "cp1251", "", None),
        ("Café “déçu”", "utf-8", "<meta charset=rot13>", "text/html; charset=zlib"),
    ],
)
def test_encodings(text, encoding, head, content_type):
    ascii_body = "".join(f"<p>{p}</p>" for p in PARAGRAPHS[:1] + PARAGRAPHS[3:])
    ascii_body = ascii_body.encode("ascii").decode()
    html = f"<html><head>{head}<title>x</title></head><body><article>{ascii_body}<p>{text}</p></article></body></html>"
    article = extract(html.encode(encoding), content_type=content_type)
    check(article)
    assert article.text.endswith(text.strip())


@pytest.mark.parametrize(
    ("html", "content_type", "reason"),
    [
        (b"", None, "the page is empty"),
        (b" \n\t ", None, "the page is empty"),
        (b"\x89PNG\r\n\x1a\n" + bytes(200), None, "it is an image, not a page"),
        (b"anything", "image/webp", "it is an image, not a page"),
        (b"%PDF-1.7\n...", "text/html", "it is a PDF document, not a page"),
        (bytes(range(32)) * 40, None, "it is a binary file, not a page"),
        (b"<!-- only a comment -->", None, "no article text was found on the page"),
        (b"<html><body><script>let a = 1</script></body></html>", None, "no article text was found on the page"),
        (b"\0\0\0", None, "it is a binary file, not a page"),
    ],
)
def test_what_is_no_article_is_refused_in_plain_words(html, content_type, reason):
    with pytest.raises(ExtractError) as caught:
        extract(html, content_type=content_type)
    assert str(caught.value) == reason


@pytest.mark.scorecard(20)
@pytest.mark.parametrize("depth", [254, 1_100, 5_000, 60_000])
@pytest.mark.parametrize("tag", ["div", "blockquote", "li", "span"])
def test_deep_nesting_loses_nothing(depth, tag):
    article = extract(page(f"<{tag}>" * depth + BODY + f"</{tag}>" * depth))
    check(article)
    assert all(paragraph in article.text for paragraph in PARAGRAPHS)


def test_a_text_of_many_readings_is_not_taken_for_nesting():
    said = "<ruby>渡<rb>橋<rt>はし</ruby>" * 500
    told = [f"<blockquote><p>{said}、{n}。</p></blockquote><p>{said}と{n}人が言った。</p>" for n in range(6)]
    article = extract(page("".join(told)))
    assert [block.kind for block in article.blocks].count(BlockKind.QUOTE) == 6
    check(article)


@pytest.mark.scorecard(20)
def test_a_huge_text_node():
    started = time.process_time()
    article = extract(page("<p>" + "word " * 4_000_000 + "</p>"))
    assert time.process_time() - started < 5
    assert len(article.text) == 4_000_000 * 5 - 1


@pytest.mark.parametrize(
    "html",
    [
        b"<p>" * 100_000,
        b"<div>a" * 30_000,
        b"<rt>" * 100_000,
        b"<ruby></ruby><rb>" * 50_000,
        b"<rb></ruby>" * 50_000,
        b"<!--" * 200_000,
        b"<a <a <a" * 100_000,
        b"<table><tr><td>" * 3_000,
        b"<blockquote class=tweet>" * 3_000 + b"x" * 500,
        b"<ul><li><a href=x>link</a>" * 5_000,
        b"<script type=application/ld+json>" + b"[" * 100_000 + b"</script>",
    ],
)
def test_hostile_pages_are_quick(html):
    started = time.process_time()
    with contextlib.suppress(ExtractError):
        check(extract(html))
    assert time.process_time() - started < 5


@pytest.mark.scorecard(16)
@pytest.mark.parametrize("root", ["html", "article", "p"])
def test_entities_of_a_page_are_its_words_and_do_not_grow(root, record_property):
    laughs = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    external = '<!ENTITY x SYSTEM "file:///etc/hostname"><!ENTITY % y SYSTEM "http://127.0.0.1:1/">%y;'
    doctype = f'<?xml version="1.0"?><!DOCTYPE {root} [<!ENTITY e0 "haha">{laughs}{external}]>'
    started = time.process_time()
    article = extract((doctype + f"<{root}>{BODY}<p>They said &e9; and &x; of it, and then they left.</p>").encode())
    took = time.process_time() - started
    assert took < 1
    check(article)
    assert "said &e9; and &x; of it" in article.text
    assert len(article.text) < 5_000
    record_property("figure", f"billion laughs in a page: {took:.2f} s")


def test_other_scripts_are_kept_and_steering_characters_are_not():
    arabic = (
        "قرر المجلس البلدي يوم الثلاثاء إغلاق المسبح الذي يقع على ضفة النهر منذ عام 1911، وقالت السكان إنهم لم يُسألوا."
    )
    head = "<title>\u202eBaths\x1b]52;c;x\x07</title>"
    steering = "Plain \u202ereversed\u202c and &#27;[31mred&#x202e; it said."
    body = f"<article><p>{arabic}</p><p>{JAPANESE}</p><p>{steering}</p></article>"
    article = extract(page(body, head=head))
    check(article)
    assert arabic in article.text
    assert JAPANESE in article.text
    assert "reversed and [31mred it said." in article.text
    assert "\x1b" not in article.title


LONG = "Council votes to close the river baths"


@pytest.mark.parametrize(
    ("head", "body", "title"),
    [
        (f"<title>{LONG} - The Courier</title>", "", LONG),
        (
            f"<title>{LONG} | Local | The Courier</title><meta property=og:site_name content='The Courier'>",
            "",
            LONG + " | Local",
        ),
        (f"<title>x</title><meta property=og:title content='{LONG}'>", "", LONG),
        (f"<title>{LONG} - The Courier</title>", f"<h1>The Courier</h1><h1>{LONG}, again</h1>", f"{LONG}, again"),
        (f"<meta property=og:title content='{LONG}'>", "<h1>The Courier</h1>", LONG),
        ("<meta property=og:title content='Baths &amp;amp; pools of the river'>", "", "Baths & pools of the river"),
        ("", f"<h1>{LONG}</h1>", LONG),
        ("", "", ""),
        (
            "<title>Half-term: a guide - for parents and for pupils and teachers too</title>",
            "",
            "Half-term: a guide - for parents and for pupils and teachers too",
        ),
    ],
)
def test_titles(head, body, title):
    assert extract(page(f"{body}<article>{BODY}</article>", head=head)).title == title


def linked(data: object) -> str:
    text = data if isinstance(data, str) else json.dumps(data)
    return f'<script type="application/ld+json">{text}</script>'


def test_metadata_from_json_ld():
    data = {
        "@graph": [
            {"@type": "WebSite", "name": "no"},
            {
                "@type": ["NewsArticle"],
                "datePublished": "2024-05-03T23:30:00-02:00",
                "author": [{"name": "By Tom Reed"}, {"name": "https://a.test/tom"}, "Ana\nDíaz"],
                "publisher": {"name": "The Courier"},
            },
        ]
    }
    article = extract(page(f"<article>{BODY}</article>", head=linked(data)))
    assert article.byline == "Tom Reed, Ana Díaz"
    assert article.site == "The Courier"
    assert article.published == datetime(2024, 5, 4, 1, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "data",
    [
        "",
        "{",
        "[[[",
        "null",
        "3",
        '{"@type": 3, "author": 4}',
        '{"@type":"Article","author":{"name":[1]},"publisher":[null]}',
        '{"@type":"NewsArticle","datePublished":"0001-01-01T00:00:00+14:00"}',
        '{"@type":"NewsArticle","datePublished":"yesterday"}',
        '{"@graph": "x", "@type": null}',
    ],
)
def test_malformed_json_ld_is_passed_over(data):
    head = (
        linked(data) + "<meta name=author content='Tom Reed'><meta property=article:published_time content=2024-05-03>"
    )
    article = extract(page(f"<article>{BODY}</article>", head=head))
    check(article)
    assert article.byline == "Tom Reed"
    assert article.published == datetime(2024, 5, 3, tzinfo=UTC)


def test_a_date_is_never_invented():
    aside = "<aside><time datetime=2020-01-01>x</time><time datetime=2021-01-01>y</time></aside>"
    assert extract(page(f"<div>{BODY}</div>{aside}")).published is None
    own = "<article><time datetime=2024-05-03T10:00Z>May</time>"
    assert extract(page(f"{own}{BODY}</article>{aside}")).published == datetime(2024, 5, 3, 10, tzinfo=UTC)


def test_text_that_only_the_json_ld_holds():
    data = {"@type": "NewsArticle", "articleBody": "\n\n".join(PARAGRAPHS)}
    article = extract(page("<div id=app><p>Loading the story.</p></div>", head=linked(data)))
    check(article)
    assert article.text == "\n\n".join(PARAGRAPHS)
    assert article.extractor == "json-ld"


def test_from_feed():
    when = datetime(2024, 5, 3, tzinfo=UTC)
    article = from_feed(
        BODY, url="https://a.test/", title=" Baths\n", byline="Tom \x1b", published=when, site="Courier"
    )
    check(article)
    assert (article.text, article.extractor) == ("\n\n".join(PARAGRAPHS), "feed")
    assert (article.title, article.byline, article.published, article.site) == ("Baths", "Tom", when, "Courier")
    assert from_feed("One.\nStill one.\n\nTwo < three.", url=None, title="").text == "One. Still one.\n\nTwo < three."
    assert from_feed("", url=None, title="t").text == ""
    assert from_feed("<img src=x>", url=None, title="t").text == ""


def test_better():
    short = from_feed("A short one.", url=None, title="")
    long = from_feed(BODY, url=None, title="")
    assert better(None, None) is None
    assert better(None, short) is short
    assert better(short, None) is short
    assert better(short, long) is long
    assert better(long, short) is long
    assert better(long, from_feed(BODY + "<p>A little more.</p>", url=None, title="")) is long


@pytest.mark.parametrize(
    ("content", "is_cut"),
    [
        ("", True),
        ("<p>One sentence.</p>", True),
        (BODY, False),
        (BODY + "<p>The council […]</p>", True),
        (BODY + "<p>The council&hellip;</p>", True),
        (BODY + "<a href=x>Read more »</a>", True),
        (BODY + "<p>Continue reading <a href=x>Baths to close</a></p>", True),
        (BODY + "[&#8230;] <p>The post <a>Baths</a> appeared first on <a>Courier</a>.</p>", True),
        (BODY + "<p>The post <a>Baths</a> appeared first on <a>Courier</a>.</p>", False),
        (BODY * 10 + "…", False),
    ],
)
def test_truncated(content, is_cut):
    assert truncated(content) is is_cut


def test_plain():
    html = "<style>p{}</style><p>A&amp;B <b>bo</b>ld</p><p>next &lt;x&gt;\x1b</p><!-- no --><script>no()</script>"
    assert plain(html, limit=100) == "A&B bold next <x>"
    assert plain("1 < 2 and 3 > 2", limit=100) == "1 < 2 and 3 > 2"
    assert plain("word " * 50, limit=8) == "word wor"
    assert plain("<!-- never closed", limit=9) == ""


@given(st.text(), st.integers(0, 50))
def test_plain_is_one_clean_line_within_its_limit(html, limit):
    line = plain(html, limit=limit)
    assert len(line) <= limit
    assert clean(line) == line
    assert "\n" not in line


def test_article_json_has_exactly_the_documented_fields():
    article = extract(page(f"<article>{BODY}<p>See <a href=https://b.test/>the plan</a> of March.</p></article>"))
    data = article_json(article, id="7")
    assert list(data) == [
        *("id", "title", "byline", "published", "site", "language", "text", "blocks", "links", "extractor"),
        *("modified", "origins", "canonical", "next_page", "emphasis", "image", "captions", "wall", "notice"),
    ]
    assert data["blocks"][0] == {"kind": "paragraph", "start": 0, "end": len(PARAGRAPHS[0])}
    assert data["links"] == [
        {"start": article.links[0].span.start, "end": article.links[0].span.end, "url": "https://b.test/"}
    ]
    assert json.loads(json.dumps(data)) == data


# --- properties ------------------------------------------------------------------------------------------------------

TAGS = st.sampled_from(
    [
        "p",
        "div",
        "span",
        "a",
        "b",
        "br",
        "ul",
        "li",
        "table",
        "tr",
        "td",
        "th",
        "pre",
        "blockquote",
        "h1",
        "h2",
        "article",
        "main",
        "section",
        "q",
        "figure",
        "figcaption",
        "aside",
        "nav",
        "script",
        "style",
        "svg",
        "button",
        "form",
        "input",
        "textarea",
        "template",
        "body",
        "html",
        "head",
        "title",
        "meta",
    ]
)
WORDS = st.sampled_from(
    [
        "word",
        "Read more",
        "  ",
        "\n",
        "\n\n",
        "\u00a0",
        "\u200b",
        "\u202e",
        "\x1b[0m",
        "&#27;",
        "&#x202e;",
        "&nbsp;",
        "é",
        "市議会",
        "A sentence that is long enough to count as prose, with commas, and then some more of it.",
        "<",
        "&",
        "\x00",
        "\ud800",
    ]
)
ATTRIBUTES = st.sampled_from(
    [
        "",
        " class=related",
        " class='article-body'",
        " hidden",
        " href=/x",
        " href='https://b.test/ y'",
        " href='http://['",
        " id='S:1'",
        " style='display:none'",
        " class=caption",
        " itemprop=articleBody",
    ]
)
SNIPPETS = st.one_of(
    WORDS,
    st.builds("<{}{}>".format, TAGS, ATTRIBUTES),
    st.builds("</{}>".format, TAGS),
    st.builds("<{0}{1}>{2}</{0}>".format, TAGS, ATTRIBUTES, WORDS),
)
HTML = st.lists(SNIPPETS, max_size=60).map("".join)
quick = settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@pytest.mark.scorecard(18)
@quick
@given(HTML)
def test_any_html_is_an_article_or_refused(html):
    try:
        article = extract(html.encode("utf-8", "surrogatepass"), url="https://a.test/1")
    except ExtractError:
        return
    check(article)
    assert article.text


@pytest.mark.scorecard(18)
@quick
@given(st.one_of(st.text(st.characters(exclude_categories=())), HTML))
def test_any_feed_content_is_an_article(content):
    article = from_feed(content, url="https://a.test/1", title="Title", byline="By", site="s")
    check(article)
    truncated(content)


@pytest.mark.scorecard(18)
@quick
@given(
    st.binary(max_size=400),
    st.one_of(st.none(), st.text(max_size=40), st.builds("text/html; charset={}".format, st.text(max_size=12))),
)
def test_any_bytes_are_an_article_or_refused(data, content_type):
    for html in (data, b"<html><body><p>" + data):
        with contextlib.suppress(ExtractError):
            check(extract(html, content_type=content_type))


# --- captured pages --------------------------------------------------------------------------------------------------

CAPTURED = [  # folder, id, the least word F1
    ("scrapinghub", "06e5123e4ef7cfb4", 0.95),
    ("scrapinghub", "374ac9a59a85196c", 0.93),
    ("scrapinghub", "65bf3048b500bbd8", 0.95),
    ("scrapinghub", "94fbcc2677208864", 0.93),
    ("scrapinghub", "c467d507551a836e", 0.9),
    ("scrapinghub", "ecb46e3e489d2aac", 0.95),
    ("wcxb", "0007", 0.95),
    ("wcxb", "0416", 0.93),
    ("wcxb", "4101", 0.94),
    ("wcxb", "4587", 0.95),
]


def words(text: str) -> Counter[str]:
    return Counter(re.findall(r"\w+", text.casefold()))


@pytest.mark.parametrize(("folder", "id", "least"), CAPTURED)
def test_captured_pages(folder, id, least):
    if not PAGES.is_dir():
        pytest.skip("the captured pages are not beside the repository")
    lines = (PAGES / folder / "truth.jsonl").read_text(encoding="utf-8").splitlines()
    truth = next(truth for truth in map(json.loads, lines) if truth["id"] == id)
    article = extract(gzip.decompress((PAGES / folder / "html" / f"{id}.html.gz").read_bytes()), url=truth["url"])
    check(article)
    expected, got = words(truth["text"]), words(article.text)
    assert 2 * (expected & got).total() / (expected.total() + got.total()) >= least


def test_naming_the_room_loads_no_parser():
    code = (
        "import sys, reader.articles.as_json; print({'lxml', 'readability', 'chardet'} & sys.modules.keys() or 'none')"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "none"
