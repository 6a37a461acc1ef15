"""HTML to blocks, links and emphasis."""

from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from markup import TREES, html, root

from reader.articles.render import Piece, flow, join, pieces, plain_pieces
from reader.model import Block, BlockKind, Emphasis, EmphasisKind, Link, Span


def read(markup: str) -> list[Piece]:
    return pieces(root(markup))


def texts(markup: str) -> list[tuple[str, str]]:
    return [(str(piece.kind), piece.text) for piece in read(markup)]


def emphasis(markup: str) -> list[tuple[str, str]]:
    """What is set off in the article that some HTML makes, in the order in which it is told."""
    article = join(read(markup))
    return [(str(one.kind), one.span.of(article.text)) for one in article.emphasis]


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("<p>One <b>bold</b>, <i>leaning</i> word</p>", [("strong", "bold"), ("em", "leaning")]),
        ("<p>One <strong>two</strong> <em>three</em> <cite>four</cite></p>", ["strong two", "em three", "em four"]),
        ("<p><b>one <b>two</b> three</b></p>", [("strong", "one two three")]),
        ("<p><i>one <b>two</b> three</i></p>", [("em", "one two three"), ("strong", "two")]),
        ("<p><b><i>both</i></b> <i><b>again</b></i></p>", ["em both", "strong both", "strong again", "em again"]),
        ("<b><div>One.</div><div>Two.</div></b>", [("strong", "One."), ("strong", "Two.")]),
        ("<p>One <b>two<p>Three</b> four</p>", [("strong", "two"), ("strong", "Three")]),
        ("<p><i>see <a href=x>the plan</a> now</i></p>", [("em", "see the plan now")]),
        ("<p><a href=x>see <b>the plan</b></a></p>", [("strong", "the plan")]),
        ("<p>One<b>,</b> two <i>—</i> three<b>.</b></p>", []),
        ("<p>One <b></b><b> </b><i>\u00ad\u200b</i>two</p>", []),
        ("<h2><strong>Beams</strong></h2><p>x</p>", [("strong", "Beams")]),
        ("<p>One <b>two<i>three", [("strong", "twothree"), ("em", "three")]),
        ("<p>  <b> bold </b> word</p>", [("strong", "bold")]),
        ("<p>One <b> two </b>, three</p>", [("strong", "two")]),
        ("<p><b>one<br>two</b> three</p>", [("strong", "one\ntwo")]),
        ("<p><b>one<br><br>two</b> three</p>", [("strong", "one"), ("strong", "two")]),
        ("<ul><li><b>One</b>: two</li></ul>", [("strong", "One")]),
        ("<table><tr><th>a<th><b>b</b><tr><td>c<td><i>d e</i></table>", [("strong", "b"), ("em", "d e")]),
        ("<pre>  <b>if</b> wet</pre>", [("strong", "if")]),
    ],
)
def test_emphasis(markup, expected):
    assert emphasis(markup) == [tuple(one.split(" ", 1)) if isinstance(one, str) else one for one in expected]


def test_spans_are_those_of_the_stripped_block():
    (piece,) = read("<pre>\n   <b>  if </b><a href=/x> wet: </a>  \n</pre>")
    assert piece.text == "if  wet:"
    assert piece.emphasis == (Emphasis(span=Span(0, 2), kind=EmphasisKind.STRONG),)
    assert piece.links == (Link(span=Span(4, 8), url="/x"),)


def test_join_moves_spans_and_resolves_links():
    article = join(
        read("<p>One.</p><p>See <a href=y>the <b>plan</b></a>, <a href=#n>note</a></p>"), base="https://a.test/n/"
    )
    assert article.text == "One.\n\nSee the plan, note"
    assert article.blocks[1] == Block(kind=BlockKind.PARAGRAPH, span=Span(6, 24))
    assert article.links == (Link(span=Span(10, 18), url="https://a.test/n/y"),)
    assert article.emphasis == (Emphasis(span=Span(14, 18), kind=EmphasisKind.STRONG),)


@pytest.mark.parametrize(
    ("href", "base", "url"),
    [
        ("y?a=1#b", "https://a.test/n/1", "https://a.test/n/y?a=1#b"),
        (" /y ", "https://a.test/n/1", "https://a.test/y"),
        ("//c.test", "https://a.test/", "https://c.test"),
        ("HTTPS://A.test/X", None, "https://A.test/X"),
        ("/a b", "http://a.test", "http://a.test/a%20b"),
        ("y", None, None),
        ("#top", "https://a.test/", None),
        ("", "https://a.test/", None),
        ("javascript:alert(1)", "https://a.test/", None),
        ("data:text/html,x", "https://a.test/", None),
        ("ftp://a.test/x", None, None),
        ("http:///x", None, None),
        ("http://[", "https://a.test/", None),
    ],
)
def test_addresses(href, base, url):
    links = join(read(f"<p><a href='{href}'>word</a> more</p>"), base=base).links
    assert [link.url for link in links] == ([url] if url else [])


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<b>The end</b> .", "The end."),
        ("<b>Rents</b> , he said", "Rents, he said"),
        ("(<b>so</b> ) it goes", "(so) it goes"),
        ("He uses <b>C#</b> .NET now", "He uses C# .NET now"),
        ("It cost <b>about</b> .5 of it", "It cost about .5 of it"),
        ("<b>Why</b> ? <b>So</b> !", "Why ? So !"),
        ("One<br> two<br>\n three", "One\ntwo\nthree"),
        ("a<span>b</span>c <span> d</span> ", "abc d"),
        ("soft\u00adhyphen zero\u200bwidth\ufeff", "softhyphen zerowidth"),
        ("He said <q>no</q>.", "He said “no”."),
        ("He said <q> no </q> .", "He said “no”."),
    ],
)
def test_white_space(markup, text):
    assert texts(f"<p>{markup}</p>") == [("paragraph", text)]


def test_items_that_were_never_closed():
    markup = "<ul><li>One<li>Two</ul><p>Three</p>"
    assert texts(markup) == [("list_item", "One"), ("list_item", "Two"), ("paragraph", "Three")]
    # Some pages open an item around all that follows, the article with its headings too.
    assert texts("<li><article><h1>Baths</h1><p>One.</p></article>") == [("heading", "Baths"), ("paragraph", "One.")]


def test_code_keeps_its_lines_and_is_one_block_whatever_is_in_it():
    assert texts("<pre>if wet:\n  swim()\n\nend</pre>") == [("code", "if wet:\n  swim()\n\nend")]
    assert texts("<pre><div>if wet:</div><div>  swim()</div></pre>") == [("code", "if wet:\n  swim()")]
    assert texts("<pre>a\n  b<pre>c</pre>\n  d\n</pre><p>e</p>") == [("code", "a\n  b\nc\n  d"), ("paragraph", "e")]


def test_what_a_quote_or_an_item_holds_goes_back_to_what_was_around_it():
    markup = "<blockquote>One<ul><li>two</ul>three<h3>four</h3></blockquote>five"
    assert [kind for kind, _ in texts(markup)] == ["quote", "list_item", "quote", "heading", "paragraph"]


def test_tables_of_data_are_one_block_and_others_none():
    row = "<tr><td><p>a</p><p>b</p><td>c"
    assert texts(f"<table><caption>Rents</caption>{row}{row}</table>") == [("table", "Rents\na b | c\na b | c")]
    assert texts("<table><tr><td>a<td>b</table>") == [("paragraph", "a"), ("paragraph", "b")]
    nested = f"<table><tr><td><table>{row}{row}</table><tr><td>d</table>"
    assert texts(nested) == [("table", "a b | c\na b | c"), ("paragraph", "d")]


def test_plain_text_is_split_at_blank_lines():
    assert [piece.text for piece in plain_pieces(" One\n two\n \n\nThree\u200b \x1b\n\n")] == ["One two", "Three"]


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(TREES)
def test_spans_are_in_bounds_within_one_block_not_empty_and_trimmed(trees):
    found = flow(root(html(trees)), base="https://a.test/")
    for piece in found.pieces:
        assert piece.text == piece.text.strip() != ""
        for one in (*piece.links, *piece.emphasis):
            assert 0 <= one.span.start < one.span.end <= len(piece.text)
            words = one.span.of(piece.text)
            assert words == words.strip() != ""
        assert list(piece.emphasis) == sorted(piece.emphasis, key=lambda one: (one.span.start, -one.span.end))
        for kind in EmphasisKind:
            spans = [one.span for one in piece.emphasis if one.kind is kind]
            assert all(one.end <= after.start for one, after in pairwise(spans))
    article = join(found.pieces, base="https://a.test/")
    assert article.text == "\n\n".join(piece.text for piece in found.pieces)
    assert [block.span.of(article.text) for block in article.blocks] == [piece.text for piece in found.pieces]
    for one in (*article.links, *article.emphasis):
        assert any(block.span.start <= one.span.start < one.span.end <= block.span.end for block in article.blocks)
    assert [one.span.of(article.text) for one in article.emphasis] == [
        one.span.of(piece.text) for piece in found.pieces for one in piece.emphasis
    ]
    for figure in found.figures:
        assert figure.caption == " ".join(figure.caption.split()) != ""
        assert 0 <= figure.before <= len(found.pieces)


def test_a_small_page_is_not_large_when_it_is_read():
    """Each of its links would be as long as what they are relative to."""
    far = f"https://news.example/{'far/' * 2_000}"
    links = "".join(f'<p>Some words and <a href="{n}">a link</a> to more of them.</p>' for n in range(300))
    for base in (far, "https://news.example/", None):
        found = join(pieces(root(links)), base=base)
        assert sum(len(link.url) for link in found.links) < len(links)
        assert len(found.links) == (300 if base == "https://news.example/" else 0)
    for more in (f"?{'q' * 5000}", f"#{'f' * 5000}"):
        (whole,) = join(pieces(root('<p><a href="3">Words</a></p>')), base=f"https://news.example/a/b{more}").links
        assert whole.url == "https://news.example/a/3"
    assert join(pieces(root(f'<p><a href="https://a.example/{"a" * 8_000}">Words</a></p>')), base=None).links == ()
