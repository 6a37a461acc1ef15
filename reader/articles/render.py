"""An element tree to plain text: blocks one blank line apart, with blocks and links as spans of the text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import urljoin, urlsplit

from lxml.html import HtmlElement

from reader.model import Block, BlockKind, Link, Span
from reader.text import clean

_KINDS = {
    "blockquote": BlockKind.QUOTE,
    "li": BlockKind.LIST_ITEM,
    "pre": BlockKind.CODE,
    "table": BlockKind.TABLE,
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), BlockKind.HEADING),
}
_BLOCKS = frozenset(_KINDS) | frozenset(
    [
        *("address", "article", "aside", "body", "caption", "center", "dd", "details", "dialog", "div", "dl", "dt"),
        *("fieldset", "figure", "footer", "form", "header", "hgroup", "hr", "html", "main", "nav", "ol", "p"),
        *("section", "summary", "tbody", "td", "tfoot", "th", "thead", "tr", "ul"),
    ]
)
SKIPPED = frozenset(
    [
        *(
            "applet",
            "audio",
            "base",
            "button",
            "canvas",
            "datalist",
            "embed",
            "figcaption",
            "frame",
            "frameset",
            "head",
        ),
        *("iframe", "img", "input", "link", "map", "meta", "noframes", "noscript", "object", "option", "picture"),
        *("script", "select", "source", "style", "svg", "template", "textarea", "title", "track", "video"),
    ]
)
"""Elements whose content is not prose."""

_WHOLE = frozenset((BlockKind.TABLE, BlockKind.CODE))
"""Kinds that stay one block whatever elements they hold."""

_SPACE = re.compile(r"\s+")
_INVISIBLE = re.compile("[\N{SOFT HYPHEN}\N{ZERO WIDTH SPACE}\N{WORD JOINER}\N{ZERO WIDTH NO-BREAK SPACE}]")
_GAP = "\n\n"
_CELL = " | "


class Rendered(NamedTuple):
    """A text and what is where in it."""

    text: str
    blocks: tuple[Block, ...]
    links: tuple[Link, ...]


class Piece(NamedTuple):
    """One block before it has its place: its own text, links as spans of that.

    Links that lead nowhere a reader could go are among them with an empty address: they too tell prose from menus.
    """

    kind: BlockKind
    text: str
    links: tuple[Link, ...] = ()
    element: HtmlElement | None = None
    """The innermost block element that holds it."""


def join(pieces: list[Piece]) -> Rendered:
    """The text the pieces make, each pair of them one blank line apart."""
    blocks: list[Block] = []
    links: list[Link] = []
    at = 0
    for piece in pieces:
        blocks.append(Block(kind=piece.kind, span=Span(at, at + len(piece.text))))
        links += (
            Link(span=Span(at + link.span.start, at + link.span.end), url=link.url) for link in piece.links if link.url
        )
        at += len(piece.text) + len(_GAP)
    return Rendered(_GAP.join(piece.text for piece in pieces), tuple(blocks), tuple(links))


def pieces(root: HtmlElement, *, base: str | None = None) -> list[Piece]:
    """The blocks of `root` in reading order; addresses are resolved against `base`, and kept if they are http(s)."""
    writer = _Writer(base)
    # A stack, not recursion: pages may nest deeper than Python does.
    todo: list[tuple[HtmlElement, bool]] = [(root, False)]
    while todo:
        element, left = todo.pop()
        if left:
            writer.leave(element)
        elif isinstance(element.tag, str) and element.tag not in SKIPPED:
            writer.enter(element)
            todo.append((element, True))
            todo.extend((child, False) for child in reversed(element))
            continue
        if element is not root and element.tail:
            writer.write(element.tail)
    writer.flush()
    return writer.pieces


def plain_pieces(text: str) -> list[Piece]:
    """The paragraphs of a plain text, which blank lines separate."""
    return [
        Piece(BlockKind.PARAGRAPH, paragraph, ())
        for part in re.split(r"\n\s*\n", _INVISIBLE.sub("", clean(text)))
        if (paragraph := " ".join(part.split()))
    ]


class _Writer:
    """Collects the block being read and turns it into a piece at each block boundary."""

    def __init__(self, base: str | None) -> None:
        self.pieces: list[Piece] = []
        self._base = base
        self._element: HtmlElement | None = None
        self._kinds: list[BlockKind] = []
        self._parts: list[str] = []
        self._length = 0
        self._links: list[Link] = []
        self._space = False
        """White space was read since the last word."""
        self._breaks = 0
        """Line breaks since the last word: one is a line's end, two a paragraph's."""
        self._cells = 0
        """Cell boundaries since the last word of the row."""
        self._link: tuple[int | None, str] | None = None
        """The open link: where its first word in this block begins, once there is one, and its address."""

    def enter(self, element: HtmlElement) -> None:
        tag = element.tag
        if self._kind is BlockKind.TABLE:
            self._enter_in_table(tag)
        elif self._kind is BlockKind.CODE:
            if tag in _BLOCKS:
                self._end_line()
        elif tag in _BLOCKS:
            self.flush()
            self._element = element
            kind = _KINDS.get(tag)
            if kind and (kind is not BlockKind.TABLE or _is_data(element)):
                self._kinds.append(kind)
        if tag == "br":
            self._break()
        elif tag == "a" and self._link is None and (href := element.get("href")):
            self._link = (None, _address(href, self._base))
        elif tag == "q":
            self._word("\N{LEFT DOUBLE QUOTATION MARK}")
        if element.text:
            self.write(element.text)

    def leave(self, element: HtmlElement) -> None:
        tag = element.tag
        if tag == "a":
            self._close_link()
            self._link = None
        elif tag == "q":
            self._space = False
            self._word("\N{RIGHT DOUBLE QUOTATION MARK}")
        elif tag in _BLOCKS and (self._kind not in _WHOLE or _KINDS.get(tag) is self._kind):
            self.flush()
            self._element = element.getparent()
            if self._kinds and self._kind is _KINDS.get(tag):
                self._kinds.pop()

    @property
    def _kind(self) -> BlockKind:
        """What the block being read is: what the nearest element around it that says so makes it."""
        return self._kinds[-1] if self._kinds else BlockKind.PARAGRAPH

    def _enter_in_table(self, tag: str) -> None:
        """Within a table nothing starts a block: rows end lines, cells are set apart, the rest is a space."""
        if tag == "tr":
            self._breaks, self._cells = 1, 0
        elif tag in ("td", "th"):
            self._cells += 1
        elif tag in _BLOCKS:
            self._space = True

    def write(self, text: str) -> None:
        """Add running text, its white space folded unless it is code."""
        if text.isspace() and self._kind is not BlockKind.CODE:  # most of a page's strings
            self._space = True
            return
        text = _INVISIBLE.sub("", clean(text))
        if self._kind is BlockKind.CODE:
            if self._length or text.strip():
                self._append(text)
            return
        words = text.split()
        if not words:
            self._space = self._space or bool(text)
            return
        self._space = self._space or text[0].isspace()
        self._word(" ".join(words))
        self._space = text[-1].isspace()

    def _word(self, text: str) -> None:
        """Add text that begins and ends with a word, after the separator that is due."""
        due = "\n" if self._breaks else _CELL * self._cells or " " * self._space
        if due and self._length:
            self._parts.append(due)
            self._length += len(due)
        self._space, self._breaks, self._cells = False, 0, 0
        self._append(text)

    def _append(self, text: str) -> None:
        if self._link and self._link[0] is None:
            self._link = (self._length, self._link[1])
        self._parts.append(text)
        self._length += len(text)

    def _end_line(self) -> None:
        if self._length and not self._parts[-1].endswith("\n"):
            self._parts.append("\n")
            self._length += 1

    def _break(self) -> None:
        if self._kind is BlockKind.CODE:
            self._append("\n")
        elif self._kind is BlockKind.TABLE:
            self._space = True
        elif self._length:
            self._breaks += 1
            if self._breaks > 1:
                self.flush()

    def _close_link(self) -> None:
        if self._link and self._link[0] is not None and self._link[0] < self._length:
            self._links.append(Link(span=Span(self._link[0], self._length), url=self._link[1]))

    def flush(self) -> None:
        """End the block that is open; a link that goes on goes on in the next one as a link of its own."""
        self._close_link()
        if self._link:
            self._link = (None, self._link[1])
        raw = "".join(self._parts)
        text = raw.strip()
        if text:
            lead = len(raw) - len(raw.lstrip())
            self.pieces.append(
                Piece(self._kind, text, tuple(_within(self._links, raw, lead, len(text))), self._element)
            )
        self._parts, self._length, self._links = [], 0, []
        self._space, self._breaks, self._cells = False, 0, 0


def _within(links: list[Link], raw: str, lead: int, length: int) -> Iterator[Link]:
    """The links of a block once it is stripped, none of them empty or with white space at its ends."""
    for link in links:
        words = link.span.of(raw)
        start = link.span.start + len(words) - len(words.lstrip()) - lead
        end = start + len(words.strip())
        if 0 <= start < end <= length:
            yield Link(span=Span(start, end), url=link.url)


def _is_data(table: HtmlElement) -> bool:
    """True for a table of data; false for one that only lays out a page, which is read as if it were not there."""
    rows = cells = 0
    for element in table.iterdescendants():
        if element.tag in ("table", "h1", "h2", "h3", "h4", "ul", "ol", "blockquote", "pre"):
            return False
        rows += element.tag == "tr"
        cells += element.tag in ("td", "th")
    return rows >= 2 and cells >= 2 * rows - 1


def _address(href: str, base: str | None) -> str:
    """`href` as an absolute http(s) address; empty if it is not one, or only points within its own page."""
    href = clean(href).strip()
    if not href or href.startswith("#"):
        return ""
    try:
        url = urljoin(base or "", href)
        parts = urlsplit(url)
    except ValueError:
        return ""
    if parts.scheme not in ("http", "https") or not parts.netloc:
        return ""
    return _SPACE.sub("%20", url)
