"""Bytes to a tree that is safe to walk, whatever a server sent."""

from __future__ import annotations

import re
from urllib.parse import urljoin

import lxml.html
from lxml import etree
from lxml.etree import ParserError, XPath
from lxml.html import HtmlElement
from selectolax.lexbor import LexborHTMLParser

from reader.articles import ExtractError
from reader.articles.decode import decode
from reader.articles.render import INVISIBLE
from reader.text import clean

_FORMATS = (
    (b"\x89PNG", "an image"),
    (b"\xff\xd8\xff", "an image"),
    (b"GIF8", "an image"),
    (b"%PDF", "a PDF document"),
    (b"PK\x03\x04", "an archive"),
    (b"\x1f\x8b", "an archive"),
    (b"ID3", "a sound"),
)
_MEDIA = {"image": "an image", "audio": "a sound", "video": "a video", "font": "a font"}

_DEEPEST = 200
"""Nesting beyond which readability returns nothing, without a word (from 254), and libxml2 drops text (from 2,046)."""
_MANY = 20_000
"""Tags from which a page's nesting is counted before it is parsed: a browser's parser takes its square in time."""
_BOX = re.compile(
    r"<(/?)(?:(ruby)|(r[tpb]c?)"
    r"|div|section|article|main|nav|aside|header|footer|figure|details|span|font|center|blockquote|table|[uod]l"
    r"|b|i|u|s|em|strong|small|big|code|tt|pre|listing|menu|dir)\b",
    re.I,
)
_is_deep = XPath("boolean(" + "/*" * (_DEEPEST + 1) + ")")
_NEST = re.compile(r"</?(?!(?:p|br|h[1-6]|title|meta|script|style)\b)[a-z][^<>]*>", re.I)

_UNREAD = ("style", "svg", "noscript", "template", "iframe", "textarea", "select")
"""Elements that nobody reads; with the scripts they are more than half of most pages."""
_NONCHARACTER = re.compile("[\ufffe\uffff]")


def read(html: bytes, *, content_type: str | None = None) -> HtmlElement:
    """The tree of a page; `content_type` is the HTTP header. Raises ExtractError for what is no page."""
    if not html.strip():
        raise ExtractError("the page is empty")
    if what := _not_a_page(html, content_type):
        raise ExtractError(f"it is {what}, not a page")
    page = decode(html, content_type=content_type)
    if _is_binary(page):
        raise ExtractError("it is a binary file, not a page")
    root = tree(page)
    if root is None:
        raise ExtractError("no article text was found on the page")
    return root


def tree(html: str) -> HtmlElement | None:
    """The tree of a page or of a part of one; None if there is nothing in it."""
    if html.count("<") < _MANY or not _nests(html):
        root = _parse(html)
        if root is None or not _is_deep(root):
            return root
    # What nests this deep says nothing by nesting: keep only the elements that do not.
    return _parse(_NEST.sub(" ", html))


def _nests(html: str) -> bool:
    """True if the tags of a page stand in each other too deep, as far as that shows before they are parsed."""
    depth = parts = rubies = 0
    for tag in _BOX.finditer(html):
        by = -1 if tag[1] else 1
        if tag[3]:
            parts = max(0, parts + by)
        elif tag[2] and tag[1] and not rubies:
            by = 0  # the end of none
        elif tag[2]:
            rubies += by
            by, parts = (by - parts if tag[1] else by), 0  # its parts need no end of their own
        depth = max(0, depth + by)
        if depth > 10 * _DEEPEST:
            return True
    return False


def base(root: HtmlElement, url: str | None) -> str | None:
    """The address that the page's links are relative to."""
    element = next(root.iter("base"), None)
    try:
        return urljoin(url or "", element.get("href") or "") if element is not None else url
    except ValueError:
        return url


def _not_a_page(data: bytes, content_type: str | None) -> str | None:
    """What `data` is if it is not text, in words; None if it may be a page."""
    for magic, what in _FORMATS:
        if data.startswith(magic):
            return what
    family, _, subtype = (content_type or "").lower().partition(";")[0].strip().partition("/")
    if family in _MEDIA and not subtype.startswith("svg"):
        return _MEDIA[family]
    return None


def _is_binary(text: str) -> bool:
    """True for what decodes to characters that no text is made of."""
    opening = text[:2000]
    odd = sum(char == "\ufffd" or (char < " " and char not in "\t\n\r\f") for char in opening)
    return odd > 0.1 * len(opening)


def _parse(html: str) -> HtmlElement | None:
    parser = etree.HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True)
    # One class for all elements: lxml.html asks a function for each, every time that it is met.
    parser.set_element_class_lookup(etree.ElementDefaultClassLookup(element=HtmlElement))
    # Tags are closed as browsers close them, and references resolved, before lxml reads what it reads in its own way.
    closed = LexborHTMLParser(html.replace("\r\n", "\n"))
    closed.strip_tags(list(_UNREAD))
    for script in closed.css("script"):
        if "ld+json" not in (script.attributes.get("type") or "").lower():
            script.decompose()
    try:
        whole = INVISIBLE.sub("", _NONCHARACTER.sub(" ", clean(closed.html or "")))
        return lxml.html.document_fromstring(whole.encode(), parser=parser)
    except (ParserError, AssertionError):  # nothing but comments or white space
        return None
