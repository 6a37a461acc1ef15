"""What a page's head and its JSON-LD state, before anything is made of it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from lxml.html import HtmlElement

from reader.text import one_line, unescaped

_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{1,8})*\Z")
_ARTICLE = re.compile(r"Article|Posting|Report|Review")
_WEB_PAGE = re.compile(r"WebPage|ItemPage|CollectionPage|AboutPage")
_MOST_OBJECTS = 2_000
_MOST_ARTICLES = 100
_MOST_TYPES = 10
_LONGEST = 4_000
"""Characters of a string that are read: what is longer is no name, title, date or address."""


class Stated(NamedTuple):
    """What a page's head and JSON-LD state, as it is there."""

    metas: dict[str, str]
    """The meta elements by lower-case name; the first of a name counts."""
    articles: list[dict[str, Any]]
    """JSON-LD objects that are articles."""
    pages: list[dict[str, Any]]
    """Those that are only pages: their dates are often their template's."""
    page_title: str
    site: str | None
    host: str
    language: str | None


def stated(root: HtmlElement, url: str | None) -> Stated:
    """What the page at `url` states."""
    metas = _metas(root)
    objects = list(_json_ld(root))
    articles = [item for item in objects if _ARTICLE.search(kind(item))][:_MOST_ARTICLES]
    element = next(root.iter("title"), None)
    publisher = next((name for item in articles if (name := _name(item.get("publisher")))), None)
    language = (root.get("lang") or root.get("xml:lang") or "")[:_LONGEST].strip()
    return Stated(
        metas=metas,
        articles=articles,
        pages=[item for item in objects if _WEB_PAGE.search(kind(item))][:_MOST_ARTICLES],
        page_title=string(element.text_content()) if element is not None else "",
        site=metas.get("og:site_name") or publisher,
        host=_host(url or metas.get("og:url") or ""),
        language=language.replace("_", "-") if _LANGUAGE.match(language) else None,
    )


def _metas(root: HtmlElement) -> dict[str, str]:
    found: dict[str, str] = {}
    for meta in root.iter("meta"):
        name = meta.get("property") or meta.get("name") or meta.get("itemprop")
        content = string(meta.get("content"))
        if name and content:
            for one in name.lower().split():
                found.setdefault(one, content)
    return found


def _json_ld(root: HtmlElement) -> Iterator[dict[str, Any]]:
    """Every object of the page's JSON-LD, those of @graph and of lists too; what is not JSON is passed over."""
    left = _MOST_OBJECTS
    for script in root.iter("script"):
        if "ld+json" not in (script.get("type") or "").lower():
            continue
        try:
            value = json.loads(script.text or "", strict=False)
        except (ValueError, RecursionError):
            continue
        todo = [value]
        while todo and left:
            item = todo.pop()
            left -= 1
            if isinstance(item, list):
                todo += reversed(item[:left])
            elif isinstance(item, dict):
                yield item
                todo += [item.get("mainEntity"), item.get("@graph")]


def _host(url: str) -> str:
    """The part of an address's host that names its owner: "bbc" of www.bbc.co.uk."""
    match = re.match(r"https?://(?:[^/@]*@)?([^/:?#]+)", url.strip(), re.I)
    labels = [label for label in (match[1].lower().split(".") if match else []) if label != "www"]
    return max(labels[:-1], key=len, default="")


def kind(item: dict[str, Any]) -> str:
    """A JSON-LD object's @type, which is a string or a list of them, as one string."""
    value = item.get("@type")
    items = value if isinstance(value, list) else [value]
    return " ".join(item for item in items[:_MOST_TYPES] if isinstance(item, str))


def _name(value: Any) -> str:
    item = value[0] if isinstance(value, list) and value else value
    return string(item.get("name") if isinstance(item, dict) else item)


def string(value: Any) -> str:
    """A string of the page on one line, without character references; what is no string is empty."""
    if not isinstance(value, str):
        return ""
    value = value[:_LONGEST]
    for _ in range(3):  # many sites escape twice
        if "&" not in value:
            break
        value = unescaped(value)
    return one_line(value)
