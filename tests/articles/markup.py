"""Random pages for the tests of this room: trees of tags, so that words and names can be swapped."""

from __future__ import annotations

import codecs
from collections.abc import Callable

from hypothesis import strategies as st

from reader.articles import page

WORDS = (
    "Read more",
    "Advertisement",
    "Baths to close",
    "— Ada Byrne",
    "They are these:",
    "4 May 1911",
    ".",
    "and",
    " ",
    "The council voted on Tuesday to close the baths, which have stood by the river since 1911.",
    "“Nobody asked the people who swim there,” said Ada Byrne, who leads the residents’ committee of the old town.",
)
_BLOCKS = ("p", "div", "section", "article", "ul", "li", "h1", "h2", "blockquote", "table", "tr", "td", "pre", "figure")
_INLINE = ("a", "b", "em", "i", "strong", "span", "q", "br", "figcaption")
NAMES = ("", "story", "story text", "promo-text", "wp-caption")

Tree = str | tuple[str, str, list["Tree"]]
"""A word, or a tag, its class and what it holds."""

WORD = st.sampled_from(WORDS)
TREES = st.lists(
    st.recursive(
        WORD,
        lambda inner: st.tuples(
            st.sampled_from(_BLOCKS + _INLINE), st.sampled_from(NAMES), st.lists(inner, min_size=1, max_size=5)
        ),
        max_leaves=40,
    ),
    min_size=1,
    max_size=6,
)


def same(word: str) -> str:
    return word


def others(word: str) -> str:
    """Other letters for a word: as many, each of its case; all else stays."""
    return codecs.encode(word, "rot13")


def html(trees: list[Tree], *, words: Callable[[str], str] = same, names: Callable[[str], str] = same) -> str:
    """The trees as HTML, every word and every class put through a function."""

    def one(tree: Tree) -> str:
        if isinstance(tree, str):
            return f" {words(tree)} "
        tag, name, inner = tree
        link = " href=/x" if tag == "a" else ""
        return f'<{tag}{link} class="{names(name)}">{"".join(map(one, inner))}</{tag}>'

    return f"<html><body>{''.join(map(one, trees))}</body></html>"


def root(markup: str):
    """The tree that the reader makes of some HTML."""
    found = page.tree(markup)
    assert found is not None
    return found
