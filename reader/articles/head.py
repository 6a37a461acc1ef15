"""What stands around a page's headline: the lines that name who wrote it and when."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, NamedTuple, cast

from lxml.etree import XPath
from lxml.html import HtmlElement

from reader.articles.render import BLOCKS
from reader.text import one_line


def xpath(expression: str) -> Callable[[HtmlElement], list[Any]]:
    """A compiled path that finds elements, or strings that know where they stand."""
    return cast("Callable[[HtmlElement], list[Any]]", XPath(expression, smart_strings=True))


_after = xpath("following::text()[normalize-space()][position() <= 120]")
_before = xpath("preceding::text()[normalize-space()][position() <= 25]")
_within = xpath("descendant::text()[normalize-space()][position() <= 200]")

_UNSEEN = frozenset(["script", "style", "noscript", "template", "option", "select", "textarea", "title"])
_APART = frozenset(["nav", "footer", "figcaption", "aside"])
_ARTICLE = frozenset(["article", "main"])
_COMMENTS = frozenset(
    ["comment", "comments", "comment-list", "commentlist", "comments-area", "comments-list", "respond", "disqus_thread"]
)
_PROSE = 150
"""Characters from which a line is taken to be a paragraph."""
_PARAGRAPHS = 2
"""Paragraphs after which an article has begun, and nothing is its head any more."""
_LINES = 60
_NAMES = 500
"""Characters of an attribute that are read for words like "author"."""
_NEAR = 5
"""Levels up from the headline within which what stands before it is about the same article."""


class Line(NamedTuple):
    """A short line near the headline."""

    text: str
    element: HtmlElement
    """The block that holds it."""
    parents: tuple[HtmlElement, ...]
    """The elements that its words stand in, in their order."""


def lines(root: HtmlElement, headline: HtmlElement | None) -> list[Line]:
    """The lines after the headline, up to where prose begins, then those close above it, the nearest first."""
    if headline is None:
        body = root.find("body")
        return _until_prose(_lines(_within(body), [])) if body is not None else []
    holding = list(headline.iterancestors())  # a menu that was never closed holds the article too
    after = _until_prose(_lines(_after(headline), holding))
    around = [element for element in holding[:_NEAR] if element.tag not in ("body", "html")]
    if not around:
        return after
    above = _lines(_before(headline), holding)
    return after + [line for line in above if _is_within(line.element, around[-1])][::-1]


def names(element: HtmlElement, *attributes: str) -> str:
    """What attributes of an element say that it is."""
    return " ".join([value[:_NAMES] for attribute in attributes if (value := element.get(attribute))])


def is_comments(element: HtmlElement) -> bool:
    """True for a box of what readers say, or one such word."""
    for mark in (element.get("class"), element.get("id")):
        if mark and not _COMMENTS.isdisjoint(mark[:_NAMES].lower().split()):
            return True
    return False


def words(element: HtmlElement, most: int) -> str:
    """The words of an element on one line, not many more than `most` characters of them."""
    texts: list[str] = []
    length = 0
    for text in element.itertext():
        texts.append(text[:most])
        length += len(text)
        if length > most:
            break
    return one_line("".join(texts))


def _lines(texts: list[Any], holding: Sequence[HtmlElement]) -> Iterator[Line]:
    """Texts in the order of the page, those of one block, or up to a line break, as one line."""
    read: list[str] = []
    parents: list[HtmlElement] = []
    block: HtmlElement | None = None
    holders: dict[HtmlElement, HtmlElement | None] = {}
    for text in texts:
        parent = text.getparent()
        if text.is_tail:
            parent = parent.getparent()
        if parent not in holders:
            holders[parent] = _holder(parent, holding)
        holder = holders[parent]
        if holder is None:
            continue
        if holder is not block or _is_broken(text):
            if block is not None and (line := one_line(" ".join(read))):
                yield Line(line, block, tuple(parents))
            read, parents, block = [], [], holder
        read.append(text)
        parents.append(parent)
    if block is not None and (line := one_line(" ".join(read))):
        yield Line(line, block, tuple(parents))


def _is_broken(text: Any) -> bool:
    """True if a line break stands right before a text."""
    before = text.getparent() if text.is_tail else text.getparent().getprevious()
    return before is not None and before.tag == "br" and (text.is_tail or not (before.tail or "").strip())


def _holder(element: HtmlElement | None, holding: Sequence[HtmlElement]) -> HtmlElement | None:
    """The block that an element's words stand in; None where nobody reads them, or they are another matter."""
    holder = apart = None
    while element is not None and element not in holding:
        tag = element.tag
        if tag in _UNSEEN:
            return None
        if tag in _APART or (tag in BLOCKS and is_comments(element)):
            apart = element
        elif tag in _ARTICLE and apart is not None and apart.tag == "footer":
            apart = None  # the article's own
        if holder is None and tag in BLOCKS:
            holder = element
        element = element.getparent()
    while holder is None and element is not None:
        holder = element if element.tag in BLOCKS else None
        element = element.getparent()
    if apart is not None and apart.tag == "footer" and any(one.tag in _ARTICLE for one in holding):
        return holder
    return holder if apart is None else None


def _until_prose(found: Iterable[Line]) -> list[Line]:
    prose = 0
    kept = []
    for line in islice(found, _LINES):
        if len(line.text) >= _PROSE:
            prose += 1
            if prose == _PARAGRAPHS:
                break
            continue
        kept.append(line)
    return kept


def _is_within(element: HtmlElement, box: HtmlElement) -> bool:
    return element is box or any(one is box for one in element.iterancestors())
