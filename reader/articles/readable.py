"""What readability-lxml keeps of a page."""

from __future__ import annotations

import copy
import logging
from collections.abc import Sequence
from functools import lru_cache

import lxml.html
from lxml import etree
from lxml.etree import XPath
from lxml.html import HtmlElement
from readability import Document
from readability.readability import REGEXES

from reader.articles.render import SKIPPED, Piece

# readability reports what it gives up on; the caller hears of it from us.
logging.getLogger("readability").setLevel(logging.CRITICAL + 1)

_LARGEST = 3_000_000
"""Characters beyond which readability is not asked, for it reads them many times over."""
_MOST_ELEMENTS = 40_000
"""Elements beyond which it is not asked either; the largest of 531 captured pages has a tenth of that."""
_LONG = 500
"""Characters of a name that are read."""
_MARK = "data-newsreader-block"
"""The attribute by which a block is known again in readability's copy of the tree."""
_COMMENT = "<!--"
"""What libxml2 looks for the end of, each time anew, when it writes an attribute."""
_commented = XPath(f"descendant-or-self::*[@*[contains(., '{_COMMENT}')]]")


def chosen(root: HtmlElement, page: Sequence[Piece]) -> list[bool] | None:
    """Which blocks of a page readability keeps; None where it gives up, or would take too long."""
    if len(root.text_content()) > _LARGEST or sum(1 for _ in root.iter()) > _MOST_ELEMENTS:
        return None
    marks = {piece.element: str(number) for number, piece in enumerate(page) if piece.element is not None}
    for element, mark in marks.items():
        element.set(_MARK, mark)
    document = _Page(root)
    try:
        document.summary(html_partial=True)
    except ValueError:
        return None
    kept = {element.get(_MARK) for element in document.html.iter()}
    return [marks.get(piece.element) in kept for piece in page]


_SPEECHLESS = tuple(SKIPPED - {"head", "title", "img", "input", "embed"})
"""What holds none of a page's blocks and only costs time; images and forms readability counts."""


_INLINE = frozenset(["a", "b", "cite", "code", "em", "font", "i", "small", "span", "strong", "sub", "sup", "u"])
_BLOCKS = ("blockquote", "dl", "div", "img", "ol", "p", "pre", "table", "ul")


@lru_cache(maxsize=4096)
def _is_unlikely(names: str) -> bool:
    return bool(REGEXES["unlikelyCandidatesRe"].search(names) and not REGEXES["okMaybeItsACandidateRe"].search(names))


class _Page(Document):  # type: ignore[misc]  # readability has no types
    """readability on a tree that is clean already, with its slowest steps done in less time: it reads a name of a class
    once, and asks the tree, not the serialised page, what stands in an element.
    """

    def _parse(self, input: HtmlElement) -> HtmlElement:
        page = copy.deepcopy(input)
        etree.strip_elements(page, *_SPEECHLESS, with_tail=False)
        elements: list[HtmlElement] = _commented(page)  # type: ignore[assignment]  # of an XPath's many results
        for element in elements:
            for name in [name for name, value in element.items() if _COMMENT in value]:
                del element.attrib[name]
        return page

    def get_clean_html(self) -> str:
        return str(lxml.html.tostring(self.html, encoding="unicode"))

    def remove_unlikely_candidates(self) -> None:
        for element in self.html.xpath(".//*[@class or @id]"):
            if (
                not _is_unlikely(f"{element.get('class', '')[:_LONG]} {element.get('id', '')[:_LONG]}")
                or element.tag == "body"
            ):
                continue
            is_code = any(around.tag in ("pre", "code") for around in (element, *element.iterancestors()))
            if not is_code and next(element.iter("main", "article", "math"), None) is None:
                element.drop_tree()

    def transform_misused_divs_into_paragraphs(self) -> None:
        for div in list(self.html.iter("div")):
            if next(div.iterdescendants(*_BLOCKS), None) is None:
                div.tag = "p"
            else:
                _wrap_loose_text(div)

    def get_link_density(self, elem: HtmlElement) -> float:
        links = sum(len(link.text_content()) for link in elem.iter("a"))
        return links / max(len(elem.text_content()), 1)


def _wrap_loose_text(div: HtmlElement) -> None:
    """Put each run of words and inline elements between a div's blocks into a paragraph."""
    run = None
    children = list(div)
    if div.text and div.text.strip():
        run = div.makeelement("p")
        run.text, div.text = div.text, None
        div.insert(0, run)
    for child in children:
        if child.tag in _INLINE and next(child.iterdescendants(*_BLOCKS), None) is None:
            if run is None:
                run = div.makeelement("p")
                child.addprevious(run)
            run.append(child)
            continue
        run = None
        if child.tail and child.tail.strip():
            run = div.makeelement("p")
            run.text, child.tail = child.tail, None
            child.addnext(run)
