"""The pages of one article, one after another, as one article; no parser is loaded for it."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import urlsplit

from reader.model import BLANK_LINE, Article, Block, BlockKind, Caption, Emphasis, Link, Span

_SHORT = 60
"""Characters below which the same words may well be said twice in an article: "Yes.", a heading."""
_WORD = re.compile(r"\w+")
_PAGE = frozenset(["page", "seite", "página", "pagina", "sida", "side", "strona", "stránka", "страница", "صفحة"])
_OF = frozenset(["of", "von", "sur", "de", "di", "van", "av", "af", "z", "ze", "из", "من"])


def joined(pages: Sequence[Article]) -> Article:
    """The article that `pages` make in their order; what it says of itself is what the first one says.

    Left out is what a later page repeats around its own text, and what counts the pages.
    """
    first, *later = pages
    if not later:
        return first
    text, blocks = "", list[Block]()
    links, emphasis, captions = list[Link](), list[Emphasis](), list[Caption]()
    for page in pages:
        moved = _Moved(text, page, _uncounted(page) if page is first else _new(page, first))
        text, blocks = moved.text, blocks + moved.blocks
        links += (replace(link, span=span) for link in page.links if (span := moved.span(link.span)))
        emphasis += (replace(one, span=span) for one in page.emphasis if (span := moved.span(one.span)))
        known = {caption.text for caption in captions}
        captions += (
            replace(caption, at=moved.place(caption.at)) for caption in page.captions if caption.text not in known
        )
    walled = next((page for page in pages if page.wall), first)
    return replace(
        first,
        text=text,
        blocks=tuple(blocks),
        links=tuple(links),
        emphasis=tuple(emphasis),
        captions=tuple(captions),
        next_page=None,
        wall=walled.wall,
        notice=walled.notice,
    )


def unfinished(article: Article, *, at: str, why: str) -> Article:
    """An article that goes on at an address that was not read, and says so."""
    return replace(
        article,
        next_page=at,
        notice=article.notice or f"The article goes on, but its further pages could not be read: {why}.",
    )


def onward(pages: Sequence[Article]) -> str | None:
    """Where an article goes on of which `pages` are read: on the same host, and at no page that is read already."""
    url = pages[-1].next_page
    if url is None or _place(url)[0] != _place(pages[0].url)[0] or _place(url) in map(_place_of, pages):
        return None
    return url


def is_read(page: Article, pages: Sequence[Article]) -> bool:
    """True of a page that is one of `pages` again: a site may answer for a page it has not with the first or last."""
    return _place_of(page) in map(_place_of, pages) or any(page.text == one.text for one in pages)


def strays(page: Article, asked: str) -> bool:
    """True of a page that came from elsewhere than where it was asked for, and so may be another article's."""
    return _place_of(page) != _place(asked)


def is_another(page: Article, first: Article) -> bool:
    """True of a page whose title is not the first one's: sites number their articles as others number pages."""
    here, there = _named(page), _named(first)
    return bool(here and there) and here[: len(there)] != there and there[: len(here)] != here


def _named(page: Article) -> list[str]:
    words = _WORD.findall(page.title.casefold())
    return [word for word in words if not word.isdecimal() and word not in _PAGE and word not in _OF]


def _place_of(page: Article) -> tuple[str, str, str]:
    return _place(page.url)


def _place(url: str | None) -> tuple[str, str, str]:
    """Host, path and query: what tells pages apart."""
    parts = urlsplit(url or "")
    return parts.netloc.rpartition("@")[2].lower(), parts.path.rstrip("/"), parts.query


def _blocks(page: Article) -> Sequence[Block]:
    return page.blocks or ([Block(kind=BlockKind.PARAGRAPH, span=Span(0, len(page.text)))] if page.text else [])


def _words(block: Block, page: Article) -> str:
    return " ".join(block.span.of(page.text).split())


def _uncounted(page: Article) -> list[Block]:
    """The blocks of a page without those that count pages."""
    return [block for block in _blocks(page) if not _counts(_words(block, page))]


def _counts(said: str) -> bool:
    """True of a line that counts pages: "Page 2 of 3", "Seite 1 2 3"."""
    if len(said) >= _SHORT:
        return False
    words = _WORD.findall(said.lower())
    return len(words) > 1 and words[0] in _PAGE and all(word.isdecimal() or word in _OF for word in words[1:])


def _new(page: Article, first: Article) -> list[Block]:
    """The blocks of a later page without the first page's, which sites repeat: headline, standfirst, byline, bio."""
    blocks = _uncounted(page)
    known = {first.title} | {_words(block, first) for block in _blocks(first)}
    words = [_words(block, page) for block in blocks]
    own = [place for place, said in enumerate(words) if said not in known and len(said) >= _SHORT]
    # Between a page's own paragraphs a short answer or heading is the text's, though the first page has it too.
    within = range(own[0], own[-1]) if own else range(0)
    return [
        block
        for place, (block, said) in enumerate(zip(blocks, words, strict=True))
        if said not in known or (place in within and len(said) < _SHORT)
    ]


class _Moved:
    """Blocks of a page put behind a text, and where spans of that page are then."""

    def __init__(self, before: str, page: Article, blocks: Sequence[Block]) -> None:
        at = len(before) + len(BLANK_LINE) if before else 0
        self.blocks: list[Block] = []
        self._old = [block.span for block in blocks]
        for block in blocks:
            self.blocks.append(replace(block, span=block.span.shifted(at - block.span.start)))
            at += block.span.end - block.span.start + len(BLANK_LINE)
        self.text = BLANK_LINE.join([*([before] if before else []), *(span.of(page.text) for span in self._old)])

    def span(self, span: Span) -> Span | None:
        """Where a span is now; None if its block was left out."""
        index = bisect_right(self._old, span.start, key=lambda old: old.start) - 1
        if index < 0 or span.end > self._old[index].end:
            return None
        return span.shifted(self.blocks[index].span.start - self._old[index].start)

    def place(self, at: int) -> int:
        """Where an offset is now; of a block that was left out, where the next one begins."""
        index = bisect_right(self._old, at, key=lambda old: old.start) - 1
        if index >= 0 and at <= self._old[index].end:
            return at - self._old[index].start + self.blocks[index].span.start
        return self.blocks[index + 1].span.start if index + 1 < len(self.blocks) else len(self.text)
