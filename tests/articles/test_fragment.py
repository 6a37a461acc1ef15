"""What is read without a tree is what the tree says."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reader.articles import page
from reader.articles.extract import body
from reader.articles.fragment import plain_fragment
from reader.articles.render import Piece
from reader.feeds.parse import parse

CAPTURED = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "feeds" / "captured"


def by_tree(content: str) -> list[Piece]:
    root = page.tree(content)
    return [] if root is None else [piece._replace(element=None) for piece in body(root, base=None)[0]]


@pytest.mark.parametrize(
    "content",
    [
        "<p>Twelve people died.</p><p>The ferry sank.</p>",
        'Before <p>one<p>two <a href="https://a.example/?a=1&amp;b=2">a link, <em>stressed</em></a>.</p> after',
        "<p>Fish &amp; chips, na&iuml;ve, &#8217;tis, &#x201c;so&#x201d; &lt;p&gt;</p>",
        "one<br>line<br/><br />another paragraph",
        "<p>so<i>f</i>t\u00adhyphen\u200b</p>",
        '<p>a <a>no link</a>, <a href="#top">within</a>, <a href="/else" class="x">else</a></p>',
        "<p>\n  white \t space  <b> in </b> bold </p>\n\n",
    ],
)
def test_plain_markup_is_read_as_the_tree_has_it(content):
    assert plain_fragment(content) == by_tree(content)


@pytest.mark.parametrize(
    "content",
    [
        "<p>a <b>c</p> d</b>",
        "<div>a</div>",
        "<p class='x'>a</p>",
        "<p>a <a href='x'>b</a></p>",
        '<p><a href="x">b<a href="y">c</a></a></p>',
        '<p><b style="display:none">gone</b></p>',
        "<!-- note -->a<br>",
        "<p>&#0;</p>",
        "a < b <br>",
        "</p>a",
        "<em>never closed",
        '<a href="?a=1&b=2">a</a>',
    ],
)
def test_what_is_not_plain_is_left_to_the_tree(content):
    assert plain_fragment(content) is None


parts = st.sampled_from(
    [
        *("<p>", "</p>", "<br>", "<br/>", "<em>", "</em>", "<b>", "</b>", "<i>", "</i>", "<strong>", "</strong>"),
        *(
            '<a href="https://a.example/x">',
            '<a href="/y?a=1&amp;b=2" rel="nofollow">',
            "<a>",
            "</a>",
            "&amp;",
            "&nbsp;",
        ),
        *(
            "&amp;",
            "&nbsp;",
            "&#8217;",
            "&#x1F600;",
            "&hellip;",
            "&copy",
            "&",
            ";",
            " ",
            "\n",
            "\n\n",
            "\u00a0",
            "\u200b",
            "\u00ad",
            "“",
        ),
        *("One word. ", "said", "12", "a", "é", "日本"),
    ]
)


@given(st.lists(parts, max_size=25).map("".join))
def test_it_never_says_anything_else_than_the_tree(content):
    plain = plain_fragment(content)
    assert plain is None or plain == by_tree(content)


@pytest.mark.scorecard(19)
@pytest.mark.skipif(not CAPTURED.is_dir(), reason="the shared collections are not here")
def test_what_real_feeds_carry_is_read_as_the_tree_has_it(full):
    read = 0
    for path in sorted(CAPTURED.rglob("*"))[:: 1 if full else 4]:
        try:
            feed = parse(path.read_bytes(), url="https://a.example/feed") if path.is_file() else None
        except Exception:  # what is no feed is another test's matter
            continue
        for entry in feed.entries if feed else ():
            plain = plain_fragment(entry.content)
            if plain is not None and "<" in entry.content:
                read += 1
                assert plain == by_tree(entry.content), entry.url
    assert read >= (300 if full else 75)
