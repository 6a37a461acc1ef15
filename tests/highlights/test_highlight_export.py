"""Highlights as Markdown and as a page, by our templates and by a person's own."""

import re
from base64 import b64encode
from hashlib import sha256
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made import HOSTILE, highlight, highlights
from markdown_it import MarkdownIt

from reader.highlights import export
from reader.highlights.export import Format, written
from reader.model.highlights import Color, HighlightKind

BY = "By Ana Duarte and Raj Patel"


def markdown(saved, **template):
    return written(saved, Format.MARKDOWN, **template)


def page(saved, **template):
    return written(saved, Format.HTML, **template)


@pytest.mark.parametrize("format", Format)
@given(st.permutations(range(6)))
def test_the_order_given_does_not_matter(format, order):
    saved = [highlight(n=n, title=f"Article {n % 2}", url=None, start=n // 2) for n in range(6)]
    assert written([saved[n] for n in order], format) == written(saved, format)


@pytest.mark.parametrize("format", Format)
def test_every_format_writes_every_kind_and_nothing(format):
    assert written([highlight(n=n, kind=kind) for n, kind in enumerate(HighlightKind)], format)
    assert isinstance(written([], format), str)
    assert format.suffix.startswith(".")


# --- Markdown


def test_markdown_groups_by_article_in_the_order_of_its_text():
    assert markdown(
        [
            highlight("Second paragraph.", n=1, start=200, note="Compare.", tags=("ports", "budget"), color=Color.PINK),
            highlight("First line.\n\nNext line.", n=2, start=10, speaker=None, source=None, via=(), author=BY),
            highlight("Elsewhere.", n=3, title="Another", url=None, published=None),
        ]
    ) == (
        "# Highlights\n\n"
        "## Report due in spring\n\n"
        "The Harbour Post, by Ana Duarte and Raj Patel, 12 November 2026, <https://harbour.example/report>\n\n"
        "> First line.\n>\n> Next line.\n\n"
        "> Second paragraph.\n\n— Ana Duarte (via Lusa)\n\nNote: Compare.\n\nTags: ports, budget\n\nColour: pink\n\n"
        "## Another\n\nThe Harbour Post\n\n> Elsewhere.\n\n— Ana Duarte (via Lusa)\n"
    )


def test_one_address_is_one_article_whatever_its_title_was_later():
    saved = markdown([highlight(n=1), highlight(n=2, title="Retitled", outlet="Post"), highlight(n=3, url=None)])
    assert re.findall("^## (.*)$", saved, re.MULTILINE) == ["Report due in spring"] * 2


def test_a_highlight_of_nothing_else_known_is_written():
    bare = highlight("", title="", outlet="", url=None, published=None, speaker=None, source=None, via=(), note="Hm.")
    assert markdown([bare]) == "# Highlights\n\n## Untitled\n\nNote: Hm.\n"


def test_a_whole_article_is_there_with_its_text():
    assert "The whole text:\n\n> One.\n>\n> Two.\n" in markdown([highlight("One.\n\nTwo.", kind=HighlightKind.ARTICLE)])


@pytest.mark.scorecard(40)
@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_from_outside_becomes_markup(text):
    saved = markdown(
        [highlight(text, title=text, outlet=text, author=text, speaker=text, note=text, url=None, tags=(text,))]
    )
    for line in saved.splitlines()[2:]:
        own = re.sub(r"^(## |> ?|— |Note: |Tags: )", "", line)
        assert not re.match(r"#|[-+=]|\d+[.)]|\s|>", own), line
        assert not re.search(r"[\[\]<>`*_#|~&\\$]|://|www\.|@|%%|==", unescaped(own)), line


@pytest.mark.scorecard(40)
@given(st.text("<>[]()!&;:/\\`*_-#ahtps \n"))
def test_no_text_becomes_an_html_tag_or_a_link(text):
    bare = unescaped(markdown([highlight(text, note=text, url=None)]))
    assert Page(bare).tags == []
    assert "[" not in bare


@pytest.mark.scorecard(40)
@given(highlights())
def test_a_reader_of_markdown_finds_our_marks_and_no_others(saved):
    found = MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(markdown(saved))
    inside = [child for token in found for child in token.children or ()]
    assert {token.type.removesuffix("_open").removesuffix("_close") for token in found} <= {
        "heading", "paragraph", "blockquote", "inline",
    }  # fmt: skip
    assert {child.type for child in inside} <= {"text", "text_special", "softbreak", "link_open", "link_close"}
    for child in inside:
        assert child.type != "link_open" or child.attrs["href"].startswith(("https://", "http://"))
    assert all(token.tag in {"h1", "h2"} for token in found if token.type == "heading_open")


def unescaped(text):
    """What is left for Markdown to act on: all but the characters that a backslash makes plain."""
    return re.sub(r"\\[!-/:-@\[-`{-~]", "", text)


@pytest.mark.scorecard(40)
@pytest.mark.parametrize(
    "url",
    ["javascript:alert(1)", "file:///etc/passwd", "data:text/html,x", "//host/x", "https://", "http://[", "ftp://x"],
)
def test_only_web_addresses_are_written(url):
    assert url not in markdown([highlight(url=url)])
    assert url not in page([highlight(url=url)])


def test_an_address_cannot_leave_its_brackets():
    assert "<https://a.example/x%3E%20%3Cb%3Ey%0A#%20z>\n" in markdown(
        [highlight(url="https://a.example/x> <b>y\n# z")]
    )


# --- HTML


def test_a_page_has_all_that_was_saved_under_the_title_of_its_article():
    shown = Page(
        page(
            [
                highlight("Yes & <no>.", n=1, note="Ask.", tags=("ports",), color=Color.GREEN, author=BY),
                highlight("All of it.", n=2, title="Another", url=None, kind=HighlightKind.ARTICLE),
            ]
        )
    )
    assert " ".join(shown.text.split()) == (
        "Highlights Highlights 2 highlights, 2 articles Report due in spring Another"
        " Report due in spring The Harbour Post, by Ana Duarte and Raj Patel, 12 November 2026"
        " https://harbour.example/report Yes & <no>. — Ana Duarte (via Lusa) Note: Ask. ports green"
        " Another The Harbour Post, 12 November 2026 The whole text: All of it. — Ana Duarte (via Lusa)"
    )
    assert ("a", {"href": "https://harbour.example/report", "rel": "noreferrer"}) in shown.tags


def test_a_page_runs_nothing_and_fetches_nothing():
    source = page([highlight()])
    (policy,) = (attributes for _, attributes in Page(source).tags if "http-equiv" in attributes)
    assert policy["http-equiv"] == "Content-Security-Policy"
    assert policy["content"].startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in policy["content"]
    assert not re.search(r"<script|<link|@import|url\(| src=", source)


def test_the_style_is_the_one_that_the_policy_lets_in():
    source = page([highlight()])
    (style,) = re.findall(r"<style>(.*?)</style>", source, re.DOTALL)
    (policy,) = (attributes for _, attributes in Page(source).tags if "http-equiv" in attributes)
    assert f"style-src 'sha256-{b64encode(sha256(style.encode()).digest()).decode()}';" in policy["content"]


@pytest.mark.scorecard(40)
@given(highlights())
def test_no_text_becomes_a_tag_or_an_address_of_a_page(saved):
    shown, plain = Page(page(saved)), Page(page([highlight(n=n, url=None) for n in range(len(saved))]))
    assert {tag for tag, _ in shown.tags} <= {tag for tag, _ in plain.tags} | {"a", "nav", "ol", "li", "b", "span"}
    for tag, attributes in shown.tags:
        assert not any(name.startswith("on") or name in {"style", "src", "srcset", "action"} for name in attributes)
        assert tag != "a" or re.match(r"#article-\d+$|https?://", attributes["href"])
        assert set(attributes.get("class", "").split()) <= {
            "origin", "address", "who", "note", "marks", "tag", "color", "whole",
        }  # fmt: skip


class Page(HTMLParser):
    def __init__(self, source):
        super().__init__()
        self.tags, self.text, self.style = [], "", False
        self.feed(source)
        self.close()

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))
        self.style = tag == "style"

    def handle_endtag(self, tag):
        self.style = False

    def handle_data(self, data):
        self.text += "" if self.style else data


# --- templates


def test_a_template_sees_articles_and_their_highlights():
    template = (
        "{{ count }} of {{ articles | length }}\n"
        "{% for article in articles %}{{ article | link }} {{ article.day }} {{ article.published | day }}\n"
        "{% for one in article.highlights %}{{ one.words | quoted }}\n"
        "{{ one.kind }} {{ one.uid[-1] }} {{ one.color }}\n"
        "{% endfor %}{% endfor %}"
    )
    assert markdown([highlight(color=Color.BLUE)], template=template) == (
        "1 of 1\n[Report due in spring](https://harbour.example/report) 12 November 2026 12 November 2026\n"
        "> We will publish the report.\nclaim 1 blue\n"
    )


def test_a_template_cites_in_every_style():
    one = highlight("Yes.", via=())
    template = "{% for one in articles[0].highlights %}{{ one | cited }}\n{{ one | cited('markdown') }}\n{% endfor %}"
    plain, linked = markdown([one], template=template).splitlines()
    assert plain == "“Yes.” — Ana Duarte, The Harbour Post, 12 November 2026, https\\://harbour.example/report"
    assert linked == (
        "“Yes.” — Ana Duarte, *The Harbour Post*,"
        " [Report due in spring](https://harbour.example/report), 12 November 2026"
    )


PRINTS = [
    "{{ articles[0].title }}",
    "{{ articles[0].title | upper | lower }}",
    "{{ [articles[0].title, articles[0].highlights[0].note] | join(' ') }}",
    "{{ 'x ' ~ articles[0].title }}",
    "{% set told %}{{ articles[0].title }}{% endset %}{{ told }}",
    "{% macro say(words) %}{{ words }}{% endmacro %}{{ say(articles[0].title) }}",
    "{{ articles[0].highlights[0].tags | map('markdown') | join(', ') }}",
]


@pytest.mark.parametrize("template", PRINTS)
def test_what_a_template_prints_is_escaped_once_for_markdown(template):
    text = "[a](javascript:x) <b> *c*"
    shown = markdown([highlight(title=text, note=text, tags=(text,))], template=template)
    assert r"\[a\](javascript:x) \<b\> \*c\*" in shown
    assert "\\\\" not in shown


@pytest.mark.parametrize("template", PRINTS[:-1])
def test_what_a_template_prints_is_escaped_once_for_a_page(template):
    shown = page([highlight(title="<b> & c", note="<i>")], template=template)
    assert "&lt;b&gt; &amp; c" in shown
    assert "&amp;lt;" not in shown


@pytest.mark.scorecard(40)
def test_front_matter_of_a_persons_own_is_safe_by_its_filter():
    text = 'a": b\n---\n# c \ud800\uffff'
    shown = markdown(
        [highlight(title=text, tags=(text,))], template="{{ articles[0].title | yaml }}{{ articles[0].tags | yaml }}"
    )
    assert shown == '"a\\": b --- # c \\uffff"["a\\": b --- # c \\uffff"]\n'


@pytest.mark.parametrize("format", [Format.MARKDOWN, Format.HTML])
@pytest.mark.parametrize(
    ("template", "line", "why"),
    [
        ("a\n{% for %}", 2, "Expected an expression"),
        ("a\n\n{{ nothing }}", 3, "'nothing' is undefined"),
        ("{{ articles[0].nothing }}", 1, "'Article object' has no attribute 'nothing'"),
        ("\n{{ 1 / 0 }}", 2, "division by zero"),
        ("{{ articles | nothing }}", 1, "No filter named 'nothing'"),
        ("{{ articles.__class__.__mro__ }}", 1, "unsafe"),
        ("\n{{ articles.append(1) }}", 2, "unsafe"),
        ("{% include 'x' %}", 1, "no loader"),
        ("{% macro a() %}{{ a() }}{% endmacro %}\n{{ a() }}", 1, "recursion"),
        ("{{ range(10 ** 9) | list }}", 1, "Range too big"),
        ("{{ articles[0].highlights[0] | cited('mla') }}", 1, "mla"),
    ],
)
def test_a_wrong_template_is_told_in_one_sentence_with_its_line(format, template, line, why):
    with pytest.raises(ValueError, match=f"^The template is wrong in line {line}: .*{re.escape(why)}.*\\.$") as raised:
        written([highlight()], format, template=template)
    assert len(str(raised.value).splitlines()) == 1


def test_a_template_is_for_markdown_and_pages_alone():
    for format in set(Format) - {Format.MARKDOWN, Format.HTML}:
        with pytest.raises(ValueError, match="A template makes Markdown or HTML"):
            written([], format, template="x")


def test_our_templates_are_beside_the_code():
    assert {path.name for path in (Path(export.__file__).parent / "templates").iterdir()} == {
        "highlights.md.j2", "highlights.html.j2", "highlights.css",
    }  # fmt: skip
