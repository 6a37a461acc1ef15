"""What a page says of itself: each fact by a ranked rule, with where it was read."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any, NamedTuple

from lxml.html import HtmlElement

from reader.articles import byline, day, head, headline
from reader.articles.head import xpath
from reader.articles.render import address
from reader.articles.stated import Stated, stated, string
from reader.model import Origins

_PAGE = re.compile(
    r"(?:[?&](?:page|p|pg|seite|pagina)=\d+|/(?:page|seite|pagina)[/-]?\d+|[/_,-]\d{1,2}(?=/?\Z|\.\w{3,5}\Z))/?|/\Z"
)
"""The part of an address that numbers the pages of one article."""
_next = xpath("//link[@rel] | //a[@rel]")


class Metadata(NamedTuple):
    """What a page says of itself, cleaned; what it does not say is None (or, for the title, empty)."""

    title: str
    byline: str | None
    site: str | None
    published: datetime | None
    modified: datetime | None
    language: str | None
    canonical: str | None
    next_page: str | None
    """Where the page says that the same article goes on."""
    image: str | None
    """The picture the page names as the article's."""
    is_free: bool | None
    """Whether the page says that anybody may read the article."""
    body: str
    """The article's text as the page's JSON-LD repeats it; empty where it does not."""
    origins: Origins


def read(root: HtmlElement, url: str | None = None, *, base: str | None = None) -> Metadata:
    """The metadata of the page at `url`, from its JSON-LD, its meta elements, then the lines around its headline.

    Its addresses are relative to `base`, the same unless told.
    """
    base = base or url
    facts = stated(root, url)
    title = headline.read(root, facts)
    lines = head.lines(root, title.element)
    published, modified = day.read(root, facts, lines, url)
    names = byline.read(root, facts, lines)
    articles = facts.articles
    return Metadata(
        title=title.text,
        byline=names.text,
        site=facts.site,
        published=published.when,
        modified=modified.when,
        language=facts.language,
        canonical=_canonical(root, facts, base),
        next_page=_next_page(root, url, base),
        image=_image(facts, base),
        is_free=next(
            (free for item in articles if (free := _truth(item.get("isAccessibleForFree"))) is not None), None
        ),
        body=next((body for item in articles if isinstance(body := item.get("articleBody"), str)), ""),
        origins=Origins(title=title.origin, byline=names.origin, published=published.origin, modified=modified.origin),
    )


def _canonical(root: HtmlElement, facts: Stated, base: str | None) -> str | None:
    for link in root.iter("link"):
        if "canonical" in (link.get("rel") or "").lower().split():
            return address(link.get("href") or "", base) or None
    return address(facts.metas.get("og:url", ""), base) or None


def _next_page(root: HtmlElement, url: str | None, base: str | None) -> str | None:
    """Where rel=next leads, if only a page's number differs: on many sites it leads to another article."""
    bare = _PAGE.sub("", url or "")
    for link in _next(root) if url else ():
        if "next" in (link.get("rel") or "").lower().split():
            there = address(link.get("href") or "", base)
            if there and there != url and _PAGE.sub("", there) == bare:
                return there
    return None


def _image(facts: Stated, base: str | None) -> str | None:
    named = [facts.metas.get(name, "") for name in ("og:image", "og:image:url", "twitter:image", "twitter:image:src")]
    for item in facts.articles:
        image = item.get("image")
        image = image[0] if isinstance(image, list) and image else image
        named.append(string(image.get("url") if isinstance(image, dict) else image))
    return next((found for one in named if (found := address(one, base))), None)


def _truth(value: Any) -> bool | None:
    """A JSON-LD truth, which may be a word or an address of schema.org; None for anything else."""
    if isinstance(value, bool):
        return value
    return {"true": True, "false": False}.get(string(value).lower().rpartition("/")[2])
