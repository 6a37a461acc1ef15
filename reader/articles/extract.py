"""HTML to `Article`: the face of this room."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from reader.articles import ExtractError, clutter, judge, metadata, page, prose, readable, walls
from reader.articles.fragment import plain_fragment
from reader.articles.render import Figure, Piece, flow, join, plain_pieces, source
from reader.articles.teaser import is_markup, truncated
from reader.model import BLANK_LINE, Article, Caption, Picture, Wall
from reader.text import one_line
from reader.trees import Trees

__all__ = ["ExtractError", "better", "extract", "from_feed", "truncated"]

_FAILED = 250
"""Characters of prose below which an extraction is taken to have missed the article."""
_PARTIAL = 0.85
"""The share of the prose in the page's own article element below which an extraction is taken to be partial."""
_LINK_LIST = 0.6
_MUCH_SHORTER = 0.5
_EMBLEM = re.compile(r"(?<![a-z])(?:logos?|icons?|favicon|defaults?|avatar|gravatar|placeholder|blank|emblem)(?![a-z])")
"""Names of images that stand for the site, not the article."""
_PRESSED = re.compile(r"\s*[.…]*\s*(?:more|less)?\Z")
_BEGINNING = 40
_FEW = 6
"""Blocks before an article's first one among which its lead picture may stand."""


class Found(NamedTuple):
    """The blocks of a page that are its article, and how they were found."""

    extractor: str
    pieces: list[Piece]
    captions: list[tuple[Figure, Piece | None]]
    """The captions between them, each with the block that follows it."""


def extract(
    html: bytes, *, url: str | None = None, content_type: str | None = None, trees: Trees | None = None
) -> Article:
    """The article of a page; `url` is where it came from, `content_type` the HTTP header.

    `trees` judge its blocks, those shipped unless told. Raises ExtractError if there is no article.
    """
    root = page.read(html, content_type=content_type)
    base = page.base(root, url)
    about = metadata.read(root, url, base=base)
    found = _main_text(root, base=base, title=about.title, trees=trees or judge.shipped())
    if prose.length(found.pieces) < _FAILED:
        repeated = _fragment(about.body, base=base)
        if prose.length(repeated.pieces) > prose.length(found.pieces):
            found = repeated._replace(extractor="json-ld")
    wall = walls.wall(root, found.pieces, is_free=about.is_free)
    open_to_all = walls.before_offer(found.pieces) if wall is Wall.PAYWALL else found.pieces
    kept = clutter.prune(open_to_all, title=about.title, byline=about.byline)
    if not kept:
        raise ExtractError("no article text was found on the page")
    if walls.asks_consent(kept):
        raise ExtractError("the page asks for consent to its cookies before it shows an article")
    text, blocks, links, emphasis = join(kept, base=base)
    return Article(
        url=url,
        title=about.title,
        text=text,
        blocks=blocks,
        links=links,
        emphasis=emphasis,
        captions=_captions(found, kept),
        lead=_lead(about.image, found, base=base),
        byline=about.byline,
        site=about.site,
        published=about.published,
        modified=about.modified,
        canonical=about.canonical,
        next_page=about.next_page,
        origins=about.origins,
        language=about.language,
        extractor=found.extractor,
        wall=wall,
        notice=walls.NOTICES[wall] if wall else None,
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
    found = _fragment(content, base=url)
    kept = clutter.prune(found.pieces, title=title, byline=byline)
    text, blocks, links, emphasis = join(kept, base=url)
    return Article(
        url=url,
        title=title,
        text=text,
        blocks=blocks,
        links=links,
        emphasis=emphasis,
        captions=_captions(found, kept),
        lead=_lead(None, found, base=url),
        byline=byline,
        site=one_line(site or "") or None,
        published=published,
        extractor="feed",
    )


def better(shown: Article | None, feed: Article | None) -> Article | None:
    """Of an entry's two texts the one to read: the page's, unless it is behind a wall or the feed's says much more."""
    if shown is None or feed is None:
        return shown or feed
    enough = 1.0 if shown.wall else _MUCH_SHORTER
    return feed if len(shown.text) < enough * len(feed.text) else shown


def body(root: HtmlElement, *, base: str | None) -> tuple[list[Piece], list[Figure]]:
    """All blocks of a page but what is surely no article, and its captions; `root` loses the former."""
    clutter.strip(root)
    return flow(root, base=base)


def _main_text(root: HtmlElement, *, base: str | None, title: str, trees: Trees) -> Found:
    """The text of a page: the judge's choice around readability's, or where that fails all its prose."""
    blocks, figures = body(root, base=base)
    if not blocks:
        return Found("prose", [], [])
    chosen = readable.chosen(root, blocks)
    kept = judge.keep(blocks, chosen, title=title, trees=trees) if chosen else []
    # A page of a few words is better shown than judged.
    kept = kept or [piece for piece, is_chosen in zip(blocks, chosen or [], strict=False) if is_chosen]
    extractor = "readability"
    if (got := prose.length(kept)) < _FAILED:
        box = prose.container(blocks)
        rest = [piece for piece in blocks if _is_within(piece, box) and prose.linked(piece) < _LINK_LIST]
        if not kept or got < _PARTIAL * prose.length(rest):
            kept, extractor = rest, "prose"
    return Found(extractor, kept, _between(figures, blocks, kept))


def _is_within(piece: Piece, box: HtmlElement | None) -> bool:
    if box is None:
        return True
    element = piece.element
    while element is not None and element is not box:
        element = element.getparent()
    return element is box


def _between(
    figures: Sequence[Figure], blocks: Sequence[Piece], kept: Sequence[Piece]
) -> list[tuple[Figure, Piece | None]]:
    """The captions among the kept blocks, or right before the first, each with the kept block after it."""
    places = {id(piece): place for place, piece in enumerate(blocks)}
    held = [places[id(piece)] for piece in kept]
    found = []
    for figure in figures:
        at = bisect_left(held, figure.before)
        after = held[at] if at < len(held) else None
        if held and held[0] - _FEW <= figure.before <= held[-1] + 1:
            found.append((figure, None if after is None else blocks[after]))
    return found


def _captions(found: Found, kept: Sequence[Piece]) -> tuple[Caption, ...]:
    """The captions in their order, with the offsets of the blocks that they stand before; `kept` of those found."""
    left, starts, at = {id(piece) for piece in kept}, {}, 0
    for piece in found.pieces:
        starts[id(piece)] = at  # of one that is left out: where the next one begins
        at += (len(piece.text) + len(BLANK_LINE)) * (id(piece) in left)
    end = max(0, at - len(BLANK_LINE))
    told: dict[str, list[Caption]] = {}
    for figure, after in found.captions:
        one = Caption(text=figure.caption, at=min(starts[id(after)] if after else end, end))
        alike = told.setdefault(one.text[:_BEGINNING], [])
        # Some pages write a caption twice, cut and whole: the whole one is told.
        twin = next((place for place, other in enumerate(alike) if _is_cut(one, other) or _is_cut(other, one)), None)
        if twin is None:
            alike.append(one)
        elif _is_cut(alike[twin], one):
            alike[twin] = Caption(text=one.text, at=alike[twin].at)
    return tuple(sorted((one for alike in told.values() for one in alike), key=lambda one: one.at))


def _is_cut(caption: Caption, whole: Caption) -> bool:
    """True if a caption is the beginning of another, or the same; "more" and "less" are what a reader may press."""
    bare = _PRESSED.sub("", caption.text)
    return _PRESSED.sub("", whole.text).startswith(bare)


def _lead(named: str | None, found: Found, *, base: str | None) -> Picture | None:
    """The picture that the page names as the article's, else its first one; with the caption of the same picture."""
    figures = [figure for figure, _ in found.captions]
    if named and not _EMBLEM.search(_file_name(named)):
        name = _file_name(named)
        caption = next((figure.caption for figure in figures if figure.image and _file_name(figure.image) == name), "")
        return Picture(url=named, caption=caption)
    if figures and figures[0].image:
        return Picture(url=figures[0].image, caption=figures[0].caption)
    box = prose.container(found.pieces)
    if box is None:
        return None
    return next((Picture(url=url) for img in box.iter("img") if (url := source(img, base))), None)


def _file_name(url: str) -> str:
    """The name of an image whatever size it is asked for in."""
    return urlsplit(url).path.rpartition("/")[2].lower()


def _fragment(content: str, *, base: str | None) -> Found:
    """The blocks of a piece of HTML, or of plain text, that is all article but for a few boxes in it."""
    if not is_markup(content):
        return Found("feed", plain_pieces(content), [])
    if (plain := plain_fragment(content)) is not None:
        return Found("feed", plain, [])
    root = page.tree(content)
    if root is None:
        return Found("feed", [], [])
    blocks, figures = body(root, base=base)
    return Found("feed", blocks, _between(figures, blocks, blocks))
