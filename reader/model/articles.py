"""Articles: one text, and what is where in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from reader.model.spans import Span

BLANK_LINE = "\n\n"
"""What stands between an article's blocks."""


class BlockKind(StrEnum):
    """What a stretch of an article is.

    The title and the captions of pictures are an article's too, but stand apart from its text: see `Article`.
    """

    PARAGRAPH = "paragraph"
    HEADING = "heading"
    QUOTE = "quote"
    LIST_ITEM = "list_item"
    TABLE = "table"
    CODE = "code"


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A paragraph-like piece of an article; blocks are in order and do not overlap."""

    kind: BlockKind
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A hyperlink within an article; `url` is absolute http(s)."""

    span: Span
    url: str


class EmphasisKind(StrEnum):
    """How strongly words are set off from those around them."""

    EM = "em"
    STRONG = "strong"


@dataclass(frozen=True, slots=True, kw_only=True)
class Emphasis:
    """Words that the page sets off: bold or italic."""

    span: Span
    kind: EmphasisKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """An image of an article; `url` is absolute http(s)."""

    url: str
    caption: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Caption:
    """What stood under a picture: kept apart from the text, for nobody in the story says it."""

    text: str
    at: int
    """The offset in the article's text where the picture stood."""


class Wall(StrEnum):
    """What keeps a page's article from being read there."""

    PAYWALL = "paywall"
    CONSENT = "consent"


@dataclass(frozen=True, slots=True, kw_only=True)
class Origins:
    """Where on the page a fact about its article was read: `json-ld`, `meta og:title`, `h1`, …; None if it was not."""

    title: str | None = None
    byline: str | None = None
    published: str | None = None
    modified: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """An article as one plain text; everything else about it is spans of that text."""

    url: str | None
    title: str
    text: str
    """Its blocks, with BLANK_LINE between them."""
    blocks: tuple[Block, ...] = ()
    links: tuple[Link, ...] = ()
    emphasis: tuple[Emphasis, ...] = ()
    captions: tuple[Caption, ...] = ()
    lead: Picture | None = None
    """The picture the page puts first, or names as the article's."""
    byline: str | None = None
    """Who wrote it: names only, joined by ", "."""
    site: str | None = None
    """The outlet's name as the page states it."""
    published: datetime | None = None
    """In the page's own zone, whose day is the one to cite."""
    modified: datetime | None = None
    canonical: str | None = None
    """The address the page says is its own; absolute http(s)."""
    next_page: str | None = None
    """Where the page says that the article goes on; absolute http(s)."""
    origins: Origins = Origins()
    language: str | None = None
    """BCP 47 tag as the page states it."""
    extractor: str = ""
    """How the text was got: `readability`, `feed`, `teaser` (a feed's opening words only), …"""
    wall: Wall | None = None
    notice: str | None = None
    """One plain sentence for the reader when this is not the page's own full text."""
