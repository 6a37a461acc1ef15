"""What a page says of itself: title, byline, site, date, language."""

from __future__ import annotations

import html as entities
import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, NamedTuple

from lxml.html import HtmlElement

from reader.text import one_line

_SEPARATOR = re.compile(r"\s+(?:[|\-–—·•:»]|::)\s+")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{1,8})*\Z")
_ARTICLE_TYPES = re.compile(r"Article|Posting|Report|Review|WebPage")
_BY = re.compile(r"^(?:written |posted |published )?by:?\s+", re.I)
_NOT_A_NAME = re.compile(r"https?:|www\.|@\w|\.com\b|^[\W\d]*$|^(?:admin|author|editor|staff|guest)$", re.I)
_AUTHOR_METAS = ("author", "article:author", "parsely-author", "sailthru.author", "dc.creator", "byl")
_AUTHOR_CLASSES = frozenset(
    ["author", "author-name", "author__name", "byline", "byline-name", "byline__name", "post-author"]
)
_DATE_METAS = (
    *("article:published_time", "og:published_time", "datepublished", "parsely-pub-date"),
    *("dc.date", "dc.date.issued", "date", "pubdate", "publish-date", "citation_publication_date"),
)
_TITLE_LENGTH = 500
_AGREEMENT = 0.4
"""The share of a heading's words that must be in the stated titles for it to be the article's headline."""
_NAME_LENGTH = 100
_MOST_NAMES = 50


class Metadata(NamedTuple):
    """What a page says of itself, cleaned; what it does not say is None (or, for the title, empty)."""

    title: str
    byline: str | None
    site: str | None
    published: datetime | None
    language: str | None
    body: str
    """The article's text as the page's JSON-LD repeats it; empty where it does not."""


def read(root: HtmlElement) -> Metadata:
    """The metadata of a page, from its JSON-LD, its meta elements, then its visible elements."""
    metas = _metas(root)
    linked = list(_json_ld(root))
    articles = [item for item in linked if _ARTICLE_TYPES.search(_text(item.get("@type")))]
    articles.sort(key=lambda item: "WebPage" in _text(item.get("@type")))
    site = metas.get("og:site_name") or _first(_names(item.get("publisher")) for item in articles) or None
    return Metadata(
        title=_title(root, metas, site),
        byline=_byline(root, metas, articles),
        site=site,
        published=_published(root, metas, articles),
        language=_language(root),
        body=next((body for item in articles if isinstance(body := item.get("articleBody"), str)), ""),
    )


def _metas(root: HtmlElement) -> dict[str, str]:
    """The page's meta elements by lower-case name; the first of a name counts."""
    found: dict[str, str] = {}
    for meta in root.iter("meta"):
        name = meta.get("property") or meta.get("name") or meta.get("itemprop")
        content = _string(meta.get("content"))
        if name and content:
            found.setdefault(name.strip().lower(), content)
    return found


def _title(root: HtmlElement, metas: dict[str, str], site: str | None) -> str:
    """The headline the page shows, if it speaks of what the stated titles do; else a stated title without the site."""
    element = next(root.iter("title"), None)
    page_title = one_line(element.text_content()) if element is not None else ""
    stated = _without_site(metas.get("og:title") or metas.get("twitter:title") or page_title, site)
    headings = [text for h1 in root.iter("h1") if (text := one_line(h1.text_content())) and text != site]
    words = set(fold(f"{stated} {page_title}").split())
    for heading in headings:
        own = fold(heading).split()
        agrees = sum(word in words for word in own) >= _AGREEMENT * len(own) and 2 * len(heading) >= len(stated)
        if own and (agrees or not words):
            return heading[:_TITLE_LENGTH]
    return (stated or page_title)[:_TITLE_LENGTH]


def _without_site(title: str, site: str | None) -> str:
    """`title` less the site's name at its end."""
    cuts = list(_SEPARATOR.finditer(title))
    for cut in cuts:
        tail = title[cut.end() :]
        if site and fold(tail) == fold(site):
            return title[: cut.start()]
    if cuts and len(title[cuts[-1].end() :].split()) <= 4 and len(title[: cuts[-1].start()].split()) >= 4:
        return title[: cuts[-1].start()]
    return title


def _byline(root: HtmlElement, metas: dict[str, str], articles: list[dict[str, Any]]) -> str | None:
    """Who wrote the article, names only, joined by ", "."""

    def stated() -> Iterator[str]:
        yield from (_names(item.get("author")) for item in articles)
        yield from (_names(metas.get(name)) for name in _AUTHOR_METAS)
        yield from (
            _names(element.text_content()) for element in root.iter("a", "span", "p", "div") if _is_author(element)
        )

    return _first(stated()) or None


def _is_author(element: HtmlElement) -> bool:
    """True if the page marks `element` as the author's name and it is short enough to be one."""
    marked = (
        element.get("rel") == "author"
        or element.get("itemprop") == "author"
        or not _AUTHOR_CLASSES.isdisjoint((element.get("class") or "").lower().split())
    )
    return marked and 0 < len(element.text_content().strip()) <= _NAME_LENGTH


def _names(value: Any) -> str:
    """The names in a JSON-LD person, organisation, string, or list of them."""
    items = value if isinstance(value, list) else [value]
    names: list[str] = []
    for item in items[:_MOST_NAMES]:
        name = _BY.sub("", _string(item.get("name")) if isinstance(item, dict) else _string(item))
        if 0 < len(name) <= _NAME_LENGTH and not _NOT_A_NAME.search(name) and name not in names:
            names.append(name)
    return ", ".join(names)


def _published(root: HtmlElement, metas: dict[str, str], articles: list[dict[str, Any]]) -> datetime | None:
    stated = [_string(item.get("datePublished")) for item in articles]
    stated += [metas.get(name, "") for name in _DATE_METAS]
    # Other articles' dates stand on the page too: believe a time only inside the article, or alone on the page.
    times = [time for time in root.iter("time") if time.get("datetime")]
    alone = len({time.get("datetime") for time in times}) == 1
    stated += [time.get("datetime") or "" for time in times if alone or _is_own(time)][:1]
    return next((when for text in stated if (when := _instant(text))), None)


def _is_own(time: HtmlElement) -> bool:
    tags = [element.tag for element in time.iterancestors()]
    return ("article" in tags or "main" in tags) and "aside" not in tags


def _instant(text: str) -> datetime | None:
    """An ISO 8601 date or time as an aware UTC instant; one without a zone is taken to be UTC."""
    text = text.strip()
    if not _DATE.match(text):
        return None
    try:
        when = datetime.fromisoformat(text)
    except ValueError:
        try:
            when = datetime.fromisoformat(text[:10])
        except ValueError:
            return None
    try:
        return when.replace(tzinfo=UTC) if when.tzinfo is None else when.astimezone(UTC)
    except OverflowError:
        return None


def _language(root: HtmlElement) -> str | None:
    stated = (root.get("lang") or root.get("xml:lang") or "").strip()
    return stated.replace("_", "-") if _LANGUAGE.match(stated) else None


def _json_ld(root: HtmlElement) -> Iterator[dict[str, Any]]:
    """Every object of the page's JSON-LD, those of @graph and of lists too; what is not JSON is passed over."""
    for script in root.iter("script"):
        if "ld+json" not in (script.get("type") or "").lower():
            continue
        try:
            value = json.loads(script.text or "", strict=False)
        except (ValueError, RecursionError):
            continue
        todo = [value]
        while todo:
            item = todo.pop()
            if isinstance(item, list):
                todo += reversed(item)
            elif isinstance(item, dict):
                yield item
                todo += [item.get("mainEntity"), item.get("@graph")]


def _string(value: Any) -> str:
    # Many sites escape twice.
    return one_line(entities.unescape(value)) if isinstance(value, str) else ""


def _text(value: Any) -> str:
    """A JSON-LD @type, which is a string or a list of them, as one string."""
    items = value if isinstance(value, list) else [value]
    return " ".join(item for item in items if isinstance(item, str))


def _first(texts: Iterator[str]) -> str:
    return next((text for text in texts if text), "")


def fold(text: str) -> str:
    """`text` as titles and names are compared: words only, without case."""
    return " ".join(re.findall(r"\w+", text.casefold()))
