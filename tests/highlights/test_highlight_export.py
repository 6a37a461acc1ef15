import json
import re
from datetime import UTC, datetime
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reader.highlights import citation, to_json, to_markdown
from reader.model import Highlight, Quote


def highlight(exact="We will publish the report.", *, id=1, start=0, **changes):
    facts = {
        "id": id,
        "entry_id": 7,
        "quote": Quote(exact=exact, prefix="", suffix="", start=start),
        "speaker": "Ana Duarte",
        "source": "the minister",
        "via": ("Lusa",),
        "outlet": "The Harbour Post",
        "title": "Report due in spring",
        "url": "https://harbour.example/report",
        "published": datetime(2026, 11, 12, 23, 30, tzinfo=UTC),
        "created": datetime(2026, 11, 13, 8, 0, 0, id, tzinfo=UTC),
        "text_hash": "0" * 64,
    }
    return Highlight(**{**facts, **changes})


# --- citations


def test_a_citation_is_one_plain_line():
    assert citation(highlight()) == (
        "“We will publish the report.” — Ana Duarte (via Lusa), The Harbour Post, 12 November 2026,"
        " https://harbour.example/report"
    )


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"speaker": None, "via": ()}, "“Yes.” — the minister, The Harbour Post"),
        ({"speaker": None, "source": None, "via": ()}, "“Yes.” — The Harbour Post"),
        ({"speaker": None, "source": None, "via": (), "outlet": ""}, "“Yes.”"),
        ({"via": ("Lusa", "officials")}, "“Yes.” — Ana Duarte (via Lusa, officials), The Harbour Post"),
    ],
)
def test_a_citation_leaves_out_what_is_not_known(changes, expected):
    assert citation(highlight("Yes.", published=None, url=None, **changes)) == expected


def test_a_citation_does_not_double_the_quotation_marks():
    assert citation(highlight("“Yes.”")).startswith("“Yes.” — ")
    assert citation(highlight("“Yes,” she said. “No.”")).startswith("“Yes,” she said. “No.” — ")
    assert citation(highlight('"')).startswith('“"” — ')


@given(st.text(), st.text(), st.text())
def test_a_citation_of_anything_is_one_line(exact, speaker, url):
    assert len(citation(highlight(exact, speaker=speaker, url="https://" + url)).splitlines()) == 1


# --- JSON


def test_json_tells_all_in_the_order_saved():
    rows = json.loads(to_json([highlight(id=2), highlight(id=1, tags=("ports",), note="Ask.")]))
    assert [row["id"] for row in rows] == [1, 2]
    assert rows[0] == {
        "id": 1,
        "quote": {"exact": "We will publish the report.", "prefix": "", "suffix": "", "start": 0},
        "speaker": "Ana Duarte",
        "source": "the minister",
        "via": ["Lusa"],
        "outlet": "The Harbour Post",
        "title": "Report due in spring",
        "url": "https://harbour.example/report",
        "published": "2026-11-12T23:30:00Z",
        "created": "2026-11-13T08:00:00.000001Z",
        "text_hash": "0" * 64,
        "note": "Ask.",
        "tags": ["ports"],
    }


def test_json_of_nothing_is_an_empty_array():
    assert json.loads(to_json([])) == []


@given(st.permutations(range(6)))
def test_the_order_given_does_not_matter(order):
    saved = [highlight(id=n, title=f"Article {n % 2}", start=n // 2) for n in range(6)]
    shuffled = [saved[n] for n in order]
    assert to_json(shuffled) == to_json(saved)
    assert to_markdown(shuffled) == to_markdown(saved)


# --- Markdown


def test_markdown_groups_by_article_in_the_order_of_its_text():
    written = to_markdown(
        [
            highlight("Second paragraph.", id=1, start=200, note="Compare.", tags=("ports", "budget")),
            highlight("First line.\n\nNext line.", id=2, start=10, speaker=None, source=None, via=()),
            highlight("Elsewhere.", id=3, title="Another", url=None, published=None),
        ]
    )
    assert written == (
        "# Highlights\n\n"
        "## Report due in spring\n\n"
        "The Harbour Post, 12 November 2026, <https://harbour.example/report>\n\n"
        "> First line.\n>\n> Next line.\n\n"
        "> Second paragraph.\n\n— Ana Duarte (via Lusa)\n\nCompare.\n\nports, budget\n\n"
        "## Another\n\nThe Harbour Post\n\n> Elsewhere.\n\n— Ana Duarte (via Lusa)\n"
    )


HOSTILE = [
    "[press](javascript:alert(1))",
    "![x](https://tracker.example/p.png)",
    "<script>alert(1)</script>",
    "<https://evil.example>",
    "see https://evil.example or www.evil.example or me@evil.example",
    "&lt;b&gt;",
    "# Heading",
    "text\n===",
    "text\n---",
    "- item",
    "12. item",
    "3) item",
    "+ item",
    "```\ncode",
    "    code",
    "> deeper",
    "*a* _b_ ~c~ `d`",
    "a | b\n--|--",
    "[ref]: https://evil.example",
    "back\\slash \\[x\\](y)",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_from_outside_becomes_markup(text):
    written = to_markdown([highlight(text, title=text, outlet=text, speaker=text, note=text, url=None, tags=(text,))])
    for line in written.splitlines()[2:]:
        own = re.sub(r"^(## |> ?|— )", "", line)
        assert not re.match(r"#|[-+=]|\d+[.)]|\s|>", own), line
        assert not re.search(r"[\[\]<>`*_#|~&\\]|://|www\.|@", unescaped(own)), line


@given(st.text("<>[]()!&;:/\\`*_-#ahtps \n"))
def test_no_text_becomes_an_html_tag_or_a_link(text):
    bare = unescaped(to_markdown([highlight(text, note=text, url=None)]))
    tags = Tags()
    tags.feed(bare)
    assert tags.seen == []
    assert "[" not in bare


def unescaped(markdown):
    """What is left for Markdown to act on: all but the characters that a backslash makes plain."""
    return re.sub(r"\\[!-/:-@\[-`{-~]", "", markdown)


class Tags(HTMLParser):
    def __init__(self):
        super().__init__()
        self.seen = []

    def handle_starttag(self, tag, _attrs):
        self.seen.append(tag)


@pytest.mark.parametrize(
    "url",
    ["javascript:alert(1)", "file:///etc/passwd", "data:text/html,x", "//host/x", "https://", "http://[", "ftp://x"],
)
def test_only_web_addresses_are_written(url):
    assert url not in to_markdown([highlight(url=url)])
    assert citation(highlight(url=url)).endswith("12 November 2026")


def test_an_address_cannot_leave_its_brackets():
    written = to_markdown([highlight(url="https://a.example/x> <b>y\n# z")])
    assert "<https://a.example/x%3E%20%3Cb%3Ey%0A#%20z>\n" in written
