"""An element tree to plain text: blocks one blank line apart, with blocks and links as spans of the text.

The trees are those of `page.tree`, whose strings are clean.
"""

from __future__ import annotations

import re
from itertools import islice
from typing import NamedTuple
from urllib.parse import urljoin, urlsplit

from lxml import etree
from lxml.html import HtmlElement

from reader.model import BLANK_LINE, Block, BlockKind, Emphasis, EmphasisKind, Link, Span
from reader.text import LONGEST_URL, base_of, clean

_KINDS = {
    "blockquote": BlockKind.QUOTE,
    "li": BlockKind.LIST_ITEM,
    "pre": BlockKind.CODE,
    "table": BlockKind.TABLE,
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), BlockKind.HEADING),
}
BLOCKS = frozenset(_KINDS) | frozenset(
    [
        *("address", "article", "aside", "body", "caption", "center", "dd", "details", "dialog", "div", "dl", "dt"),
        *("fieldset", "figure", "footer", "form", "header", "hgroup", "hr", "html", "main", "nav", "ol", "p"),
        *("section", "summary", "tbody", "td", "tfoot", "th", "thead", "tr", "ul"),
    ]
)
SKIPPED = frozenset(
    [
        *("applet", "audio", "base", "button", "canvas", "datalist", "embed", "figcaption", "frame", "frameset"),
        *("head", "iframe", "img", "input", "link", "map", "meta", "noframes", "noscript", "object", "option"),
        *("picture", "script", "select", "source", "style", "svg", "template", "textarea", "title", "track", "video"),
    ]
)
"""Elements whose content is not prose."""

_EMPHASIS = {
    **dict.fromkeys(("strong", "b"), EmphasisKind.STRONG),
    **dict.fromkeys(("em", "i", "cite", "dfn", "var"), EmphasisKind.EM),
}
_WHOLE = frozenset((BlockKind.TABLE, BlockKind.CODE))
"""Kinds that stay one block whatever elements they hold."""

_SPACE = re.compile(r"\s+")
INVISIBLE = re.compile("[\N{SOFT HYPHEN}\N{ZERO WIDTH SPACE}\N{WORD JOINER}\N{ZERO WIDTH NO-BREAK SPACE}]")
"""Characters that say where a word may break, and nothing else."""
_FOLLOWS = re.compile(r"[.,)](?:\s|\Z)")
"""What stands right behind a word, whatever markup stood between."""
_OPENS, _CLOSES = "“”"
"""What browsers put around an element `q`."""
_FEW = 5
_CELL = " | "


class Rendered(NamedTuple):
    """A text and what is where in it."""

    text: str
    blocks: tuple[Block, ...]
    links: tuple[Link, ...]
    emphasis: tuple[Emphasis, ...]


class Piece(NamedTuple):
    """One block before it has its place: its own text, links and emphasis as spans of that.

    Links have their addresses as the page writes them; those that lead nowhere a reader could go are among them, for
    they too tell prose from menus.
    """

    kind: BlockKind
    text: str
    links: tuple[Link, ...] = ()
    emphasis: tuple[Emphasis, ...] = ()
    element: HtmlElement | None = None
    """The innermost block element that holds it."""


class Figure(NamedTuple):
    """A picture's caption and the picture, if the page has it at hand."""

    before: int
    """How many blocks were read before it."""
    caption: str
    image: str
    """Absolute http(s) address; empty where there is none."""


class Flow(NamedTuple):
    """What a page reads like from top to bottom: its blocks, and the figures between them."""

    pieces: list[Piece]
    figures: list[Figure]


def join(pieces: list[Piece], *, base: str | None = None) -> Rendered:
    """The text the pieces make, each pair of them one blank line apart.

    Addresses are resolved against `base`; links to anything but http(s), or within the page, are left out.
    """
    blocks: list[Block] = []
    links: list[Link] = []
    emphasis: list[Emphasis] = []
    at = 0
    for piece in pieces:
        blocks.append(Block(kind=piece.kind, span=Span(at, at + len(piece.text))))
        links += (Link(span=link.span.shifted(at), url=url) for link in piece.links if (url := address(link.url, base)))
        emphasis += (Emphasis(span=one.span.shifted(at), kind=one.kind) for one in piece.emphasis)
        at += len(piece.text) + len(BLANK_LINE)
    return Rendered(BLANK_LINE.join(piece.text for piece in pieces), tuple(blocks), tuple(links), tuple(emphasis))


def pieces(root: HtmlElement) -> list[Piece]:
    """The blocks of `root` in reading order."""
    return flow(root).pieces


def flow(root: HtmlElement, *, base: str | None = None) -> Flow:
    """The blocks of `root` and the captions between them; `base` is what addresses of pictures are relative to."""
    writer = Writer(base)
    passed_over: HtmlElement | None = None
    walk = etree.iterwalk(root, events=("start", "end"))
    for event, element in walk:
        if event == "start":
            if element is root or (element.tag not in SKIPPED and isinstance(element.tag, str)):
                writer.enter(element)
                continue
            if element.tag == "figcaption":
                writer.picture(element)
            passed_over = element
            walk.skip_subtree()
        else:
            if element is passed_over:
                passed_over = None
            else:
                writer.leave(element)
            if element.tail and element is not root:
                writer.write(element.tail)
    writer.flush()
    return Flow(writer.pieces, writer.figures)


def plain_pieces(text: str) -> list[Piece]:
    """The paragraphs of a plain text, which blank lines separate."""
    return [
        Piece(BlockKind.PARAGRAPH, paragraph)
        for part in re.split(r"\n\s*\n", INVISIBLE.sub("", clean(text)))
        if (paragraph := " ".join(part.split()))
    ]


class Writer:
    """Collects the block being read and turns it into a piece at each block boundary."""

    def __init__(self, base: str | None) -> None:
        self.pieces: list[Piece] = []
        self.figures: list[Figure] = []
        self._base = base
        self._element: HtmlElement | None = None
        self._kinds: list[tuple[HtmlElement, BlockKind]] = []
        """The open elements that say what a block is, and what they say."""
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
        self._emphasis: list[Emphasis] = []
        self._stressed: dict[EmphasisKind, list[int | None]] = {kind: [] for kind in EmphasisKind}
        """The open emphases of each kind, the outer first, likewise."""

    def enter(self, element: HtmlElement) -> None:
        """Begin an element, and read the text at its beginning."""
        tag = element.tag
        if self._kind is BlockKind.TABLE:
            self._enter_in_table(tag)
        elif self._kind is BlockKind.CODE:
            if tag in BLOCKS:
                self._end_line()
        elif tag in BLOCKS:
            self.flush()
            self._element = element
            kind = _KINDS.get(tag)
            if kind and _says(kind, element):
                self._kinds.append((element, kind))
        if tag == "br":
            self._break()
        elif tag == "a" and self._link is None and (href := element.get("href")):
            self._link = (None, href)
        elif tag == "q":
            self._word(_OPENS)
        elif tag in _EMPHASIS:
            self._stressed[_EMPHASIS[tag]].append(None)
        if element.text:
            self.write(element.text)

    def leave(self, element: HtmlElement) -> None:
        """End an element."""
        tag = element.tag
        if tag == "a":
            self._close_link()
            self._link = None
        elif tag == "q":
            self._space = False
            self._word(_CLOSES)
        elif tag in _EMPHASIS:
            self._close_emphasis(_EMPHASIS[tag])
            self._stressed[_EMPHASIS[tag]].pop()
        elif tag in BLOCKS:
            says = bool(self._kinds) and self._kinds[-1][0] is element
            if says or self._kind not in _WHOLE:
                self.flush()
                self._element = element.getparent()
            if says:
                self._kinds.pop()

    @property
    def _kind(self) -> BlockKind:
        """What the block being read is: what the nearest element around it that says so makes it."""
        return self._kinds[-1][1] if self._kinds else BlockKind.PARAGRAPH

    def _enter_in_table(self, tag: str) -> None:
        """Within a table nothing starts a block: rows end lines, cells are set apart, the rest is a space."""
        if tag == "tr":
            self._breaks, self._cells = 1, 0
        elif tag in ("td", "th"):
            self._cells += 1
        elif tag in BLOCKS:
            self._space = True

    def write(self, text: str) -> None:
        """Add running text, its white space folded unless it is code."""
        if text.isspace() and self._kind is not BlockKind.CODE:  # most of a page's strings
            self._space = True
            return
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
        is_apart = self._space and self._parts[-1:] != [_OPENS] and not _FOLLOWS.match(text)
        due = "\n" if self._breaks else _CELL * self._cells or " " * is_apart
        if due and self._length:
            self._parts.append(due)
            self._length += len(due)
        self._space, self._breaks, self._cells = False, 0, 0
        self._append(text)

    def _append(self, text: str) -> None:
        if self._link and self._link[0] is None:
            self._link = (self._length, self._link[1])
        for opened in self._stressed.values():
            if opened and opened[0] is None:
                opened[0] = self._length
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

    def _close_emphasis(self, kind: EmphasisKind) -> None:
        """End the stretch of a kind that the outermost open element of it began."""
        opened = self._stressed[kind]
        if len(opened) == 1 and opened[0] is not None and opened[0] < self._length:
            self._emphasis.append(Emphasis(span=Span(opened[0], self._length), kind=kind))

    def picture(self, caption: HtmlElement) -> None:
        """Note a caption and its picture."""
        inner = flow(caption)
        parts = [*(piece.text for piece in inner.pieces), *(figure.caption for figure in inner.figures)]
        words = " ".join(" ".join(parts).split())
        if words:
            self.figures.append(Figure(len(self.pieces) + bool(self._length), words, _image(caption, self._base)))

    def flush(self) -> None:
        """End the block that is open; a link that goes on goes on in the next one as a link of its own."""
        if not self._parts:  # at most block boundaries nothing was read
            self._space, self._breaks, self._cells = False, 0, 0
            return
        self._close_link()
        for kind, opened in self._stressed.items():
            if opened:
                start = opened[0]
                if start is not None and start < self._length:
                    self._emphasis.append(Emphasis(span=Span(start, self._length), kind=kind))
                opened[0] = None
        if self._link:
            self._link = (None, self._link[1])
        raw = "".join(self._parts)
        text = raw.strip()
        if text:
            links = [Link(span=span, url=one.url) for one in self._links if (span := _within(one.span, raw, text))]
            stress = [
                Emphasis(span=span, kind=one.kind)
                for one in self._emphasis
                if (span := _within(one.span, raw, text)) and any(map(str.isalnum, span.of(text)))
            ]
            stress.sort(key=lambda one: (one.span.start, -one.span.end))
            self.pieces.append(Piece(self._kind, text, tuple(links), tuple(stress), self._element))
        self._parts, self._length, self._links, self._emphasis = [], 0, [], []
        self._space, self._breaks, self._cells = False, 0, 0


def _within(span: Span, raw: str, text: str) -> Span | None:
    """A span of a block that is stripped to `text`, and the span too; None if nothing is left of it."""
    words = span.of(raw)
    bare = words.strip()
    start = span.start + len(words) - len(words.lstrip()) - raw.index(text[0])
    return Span(start, start + len(bare)) if bare and start >= 0 and start + len(bare) <= len(text) else None


def _image(caption: HtmlElement, base: str | None) -> str:
    """The address of the picture that a caption stands under."""
    around = caption.getparent()
    for _ in range(3):
        if around is None or around.tag in ("article", "main", "body"):
            break
        for img in islice(around.iter("img"), _FEW):
            if found := source(img, base):
                return found
        if around.tag == "figure":  # the next picture is another's
            break
        around = around.getparent()
    return ""


def source(img: HtmlElement, base: str | None) -> str:
    """The address of an image; empty for what is only drawn in the page, or put there to count readers."""
    if any((img.get(side) or "").strip().removesuffix("px") in ("0", "1", "2") for side in ("width", "height")):
        return ""
    for name in ("data-src", "data-lazy-src", "data-original", "src"):
        if found := address(img.get(name) or "", base):
            return found
    for name in ("data-srcset", "srcset"):
        # Addresses end at white space, for they may hold commas.
        first = (img.get(name) or "").split(maxsplit=1)
        if first and (found := address(first[0].rstrip(","), base)):
            return found
    return ""


def _says(kind: BlockKind, element: HtmlElement) -> bool:
    """True if an element means what it is: not every table is one, nor every item of a list."""
    if kind is BlockKind.TABLE:
        return _is_data(element)
    # An item that was never closed goes on to the end of the page.
    return kind is not BlockKind.LIST_ITEM or next(element.iter("h1", "h2", "article", "main"), None) is None


def _is_data(table: HtmlElement) -> bool:
    """True for a table of data; false for one that only lays out a page, which is read as if it were not there."""
    rows = cells = 0
    for element in table.iterdescendants():
        if element.tag in ("table", "h1", "h2", "h3", "h4", "ul", "ol", "blockquote", "pre"):
            return False
        rows += element.tag == "tr"
        cells += element.tag in ("td", "th")
    return rows >= 2 and cells >= 2 * rows - 1


_PLAIN = re.compile(r"https?://[a-z0-9.-]+/[!-?A-Za-z_~-]*")
"""An address that is what it will be: without user name, blanks or capitals in its host."""


def address(href: str, base: str | None) -> str:
    """`href` as an absolute http(s) address without user name and password.

    Empty if it is not one, is longer than any is, or only points within its own page.
    """
    if len(href) > LONGEST_URL:
        return ""
    if _PLAIN.fullmatch(href):  # nearly all are
        return href
    href = clean(href).strip()
    if not href or href.startswith("#"):
        return ""
    if "\\" in href:  # browsers take it for a /, and so for the end of the host
        path = re.split(r"[?#]", href, maxsplit=1)[0]
        href = path.replace("\\", "/") + href[len(path) :]
    try:
        url = urljoin(base_of(base or ""), href)
        parts = urlsplit(url)
    except ValueError:
        return ""
    if parts.scheme not in ("http", "https") or not parts.netloc or len(url) > LONGEST_URL:
        return ""
    if "@" in parts.netloc:
        url = parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()
    return _SPACE.sub("%20", f"{parts.scheme}{url[len(parts.scheme) :]}")
