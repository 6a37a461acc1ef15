"""HTML to `Article`: the face of this room."""

from __future__ import annotations

import copy
import logging
import re
from datetime import datetime
from urllib.parse import urljoin

import lxml.html
from lxml.etree import ParserError
from lxml.html import HtmlElement
from readability import Document

from reader.articles import ExtractError, clutter, metadata, prose
from reader.articles.decode import decode
from reader.articles.render import Piece, join, pieces, plain_pieces
from reader.articles.teaser import is_markup, truncated
from reader.model import Article
from reader.text import clean, one_line

__all__ = ["ExtractError", "better", "extract", "from_feed", "truncated"]

# readability reports what it gives up on; the caller hears of it from us.
logging.getLogger("readability").setLevel(logging.CRITICAL + 1)

_FORMATS = (
    (b"\x89PNG", "an image"),
    (b"\xff\xd8\xff", "an image"),
    (b"GIF8", "an image"),
    (b"RIFF", "an image"),
    (b"%PDF", "a PDF document"),
    (b"PK\x03\x04", "an archive"),
    (b"\x1f\x8b", "an archive"),
    (b"ID3", "a sound"),
)
_MEDIA = {"image": "an image", "audio": "a sound", "video": "a video", "font": "a font"}

_DEEPEST = 200
"""Nesting beyond which readability returns nothing, without a word (from 254), and libxml2 drops text (from 2,046)."""
_LARGEST = 3_000_000
"""Characters beyond which readability is not asked, for it reads them many times over."""
_MOST_ELEMENTS = 40_000
"""Elements beyond which it is not asked either; the largest of 531 captured pages has a tenth of that."""
_NEST = re.compile(r"</?(?!(?:p|br|h[1-6]|title|meta|script|style)\b)[a-z][^<>]*>", re.I)

_REFERENCE = re.compile(r"&#(x[\da-f]{1,999}|\d{1,999});?", re.I)
_NONCHARACTER = re.compile("[\ufffe\uffff]")

_FAILED = 250
"""Characters of prose below which an extraction is taken to have missed the article."""
_PARTIAL = 0.85
"""The share of the prose in the page's own article element below which an extraction is taken to be partial."""
_FRAGMENT = 0.18
"""The share of the page's prose below which an extraction is taken to be a side matter, wherever the prose stands."""
_LINK_LIST = 0.6
_MUCH_SHORTER = 0.5


def extract(html: bytes, *, url: str | None = None, content_type: str | None = None) -> Article:
    """The article of a page; `url` is where it came from, `content_type` the HTTP header.

    Raises ExtractError if there is none.
    """
    if not html.strip():
        raise ExtractError("the page is empty")
    if what := _not_a_page(html, content_type):
        raise ExtractError(f"it is {what}, not a page")
    page = decode(html, content_type=content_type)
    if _is_binary(page):
        raise ExtractError("it is a binary file, not a page")
    root = _tree(page)
    if root is None:
        raise ExtractError("no article text was found on the page")
    about = metadata.read(root)
    extractor, found = _main_text(root, base=_base(root, url))
    if prose.length(found) < _FAILED:
        repeated = _fragment(about.body, base=url)
        if prose.length(repeated) > prose.length(found):
            extractor, found = "json-ld", repeated
    found = clutter.prune(found, title=about.title, byline=about.byline)
    if not found:
        raise ExtractError("no article text was found on the page")
    text, blocks, links = join(found)
    return Article(
        url=url,
        title=about.title,
        text=text,
        blocks=blocks,
        links=links,
        byline=about.byline,
        site=about.site,
        published=about.published,
        language=about.language,
        extractor=extractor,
    )


def from_feed(
    content: str,
    *,
    url: str | None,
    title: str,
    byline: str | None = None,
    published: datetime | None = None,
    site: str | None = None,
) -> Article:
    """The article that a feed carries in itself, as HTML or as plain text; its text may be empty."""
    title, byline = one_line(title), one_line(byline or "") or None
    text, blocks, links = join(clutter.prune(_fragment(content, base=url), title=title, byline=byline))
    return Article(
        url=url,
        title=title,
        text=text,
        blocks=blocks,
        links=links,
        byline=byline,
        site=one_line(site or "") or None,
        published=published,
        extractor="feed",
    )


def better(page: Article | None, feed: Article | None) -> Article | None:
    """Of an entry's two texts the one to read: the page's, unless the feed's says much more."""
    if page is None or feed is None:
        return page or feed
    return feed if len(page.text) < _MUCH_SHORTER * len(feed.text) else page


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


def _tree(html: str) -> HtmlElement | None:
    """The page as a tree that is safe to walk; None if there is nothing in it."""
    root = _parse(html)
    if root is not None and _depth(root) > _DEEPEST:
        # What nests this deep says nothing by nesting: keep only the elements that do not.
        root = _parse(_NEST.sub(" ", html))
    return root


def _parse(html: str) -> HtmlElement | None:
    parser = lxml.html.HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True)
    # lxml reads control characters, but refuses to move them about in the tree.
    html = _REFERENCE.sub(_visible, _NONCHARACTER.sub(" ", clean(html.replace("\r\n", "\n"))))
    try:
        return lxml.html.document_fromstring(html.encode(), parser=parser)
    except (ParserError, AssertionError):  # nothing but comments or white space
        return None


def _visible(reference: re.Match[str]) -> str:
    """A character reference as it is; a space for one to a character that no text may hold."""
    digits = reference[1]
    point = int(digits[1:], 16) if digits[0] in "xX" else int(digits)
    is_text = 0x20 <= point < 0xD800 or 0xE000 <= point < 0xFFFE or 0xFFFF < point < 0x110000 or point in (9, 10, 13)
    return reference[0] if is_text else " "


def _depth(root: HtmlElement) -> int:
    depths = {root: 0}
    for element in root.iterdescendants():
        depths[element] = depths[element.getparent()] + 1
    return max(depths.values())


def _base(root: HtmlElement, url: str | None) -> str | None:
    """The address that the page's links are relative to."""
    element = next(root.iter("base"), None)
    try:
        return urljoin(url or "", element.get("href") or "") if element is not None else url
    except ValueError:
        return url


def _main_text(root: HtmlElement, *, base: str | None) -> tuple[str, list[Piece]]:
    """How the text of a page was found, and the text: readability's, unless a plain count of prose proves it wrong."""
    clutter.strip(root)
    page = pieces(root, base=base)
    summary = _readability(root)
    found = pieces(summary, base=base) if summary is not None else []
    got = prose.length(found)
    if got >= _PARTIAL * prose.length(page):
        return ("readability", found) if found else ("prose", page)
    box = prose.container(page)
    rest = [piece for piece in pieces(box, base=base) if prose.linked(piece) < _LINK_LIST]
    there = prose.length(rest)
    if got < _PARTIAL * there and (got < _FAILED or got < _FRAGMENT * there or _is_named(box)):
        return "prose", rest
    return "readability", found


def _is_named(box: HtmlElement) -> bool:
    """True if the page itself says that `box` is its article, or within it."""
    around = {element.tag for element in (box, *box.iterancestors())}
    return clutter.is_content(box) or (box.tag not in ("body", "main") and bool(around & {"article", "main"}))


class _Page(Document):  # type: ignore[misc]  # readability has no types
    """readability on a tree that is clean already: its own cleaning takes a third of its time."""

    def _parse(self, input: HtmlElement) -> HtmlElement:
        return copy.deepcopy(input)

    def get_clean_html(self) -> str:
        return str(lxml.html.tostring(self.html, encoding="unicode"))


def _readability(root: HtmlElement) -> HtmlElement | None:
    """The element that readability makes of a page; None where it gives up, or would take too long."""
    if len(root.text_content()) > _LARGEST or sum(1 for _ in root.iter()) > _MOST_ELEMENTS:
        return None
    page = _Page(root)
    try:
        page.summary(html_partial=True)
    except ValueError:
        return None
    return page.html


def _fragment(content: str, *, base: str | None) -> list[Piece]:
    """The blocks of a piece of HTML, or of plain text, that is all article."""
    if not is_markup(content):
        return plain_pieces(content)
    root = _tree(content)
    return pieces(root, base=base) if root is not None else []
