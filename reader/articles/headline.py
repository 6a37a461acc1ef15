"""A page's headline: the heading that speaks of what its stated titles do, else a stated title without the site."""

from __future__ import annotations

import re
from typing import NamedTuple

from lxml.html import HtmlElement

from reader.articles.render import pieces
from reader.articles.stated import Stated, string
from reader.text import one_line

_SEPARATOR = re.compile(r"(?<!\s)\s+(?:[|\-–—·•:»]|::)\s+|(?<!\s)\s*\|\s*")
_LENGTH = 500
_AGREEMENT = 0.4
"""The share of a heading's words that must be in the stated titles for it to be the article's headline."""
_TAIL = 4
"""Words that the end of a stated title may have to be taken for a site's name, where the site says no other."""


class Headline(NamedTuple):
    """The title, where it was read, and the element that shows it, if one does."""

    text: str
    origin: str | None
    element: HtmlElement | None


def read(root: HtmlElement, facts: Stated) -> Headline:
    """The headline of a page; its text is empty where the page has none."""
    name, named = next(
        ((name, title) for name in ("og:title", "twitter:title") if (title := facts.metas.get(name))), ("", "")
    )
    stated = _without_site(named or facts.page_title, facts)
    headings = ((text, h1) for h1 in root.iter("h1") if (text := _words(h1)) and not _is_site(text, facts))
    named_elsewhere = " ".join(string(item.get("headline")) for item in facts.articles)
    words = set(fold(f"{stated} {facts.page_title} {named_elsewhere}").split())
    for heading, element in headings:
        own = fold(heading).split()
        agrees = sum(word in words for word in own) >= _AGREEMENT * len(own) and 2 * len(heading) >= len(stated)
        if own and (agrees or not words):
            return Headline(_without_site(heading, facts)[:_LENGTH].rstrip(), "h1", element)
    origin = f"meta {name}" if named else "title"
    text = (stated or facts.page_title)[:_LENGTH].rstrip()
    # The part that the page shows is the headline, whichever side of the site's name it stands on.
    parts = [part for part in (text, *_SEPARATOR.split(named or facts.page_title)) if len(part.split()) > 1]
    shown = _shown(root, {fold(part) for part in parts})
    for part in parts:
        if (element := shown.get(fold(part))) is not None:
            return Headline(part[:_LENGTH].rstrip(), origin, element)
    return Headline(text, origin, None) if text else Headline("", None, None)


def _without_site(title: str, facts: Stated) -> str:
    """`title` less the site's name at either end, and less the section that "|" sets off."""
    parts = [part for part in _SEPARATOR.split(title) if part]
    cuts = list(_SEPARATOR.finditer(title))
    if not cuts or len(parts) < 2:
        return title
    if _is_site(title[: cuts[0].start()], facts):
        return title[cuts[0].end() :]
    for cut in cuts:
        if _is_site(title[cut.end() :], facts):
            return title[: cut.start()]
    bar = next((cut for cut in cuts if "|" in cut.group()), None)
    if bar and len(title[: bar.start()].split()) >= 2:
        return title[: bar.start()]
    last = cuts[-1]
    if ":" not in last.group() and len(title[last.end() :].split()) <= _TAIL <= len(title[: last.start()].split()):
        return title[: last.start()]
    return title


def fold(text: str) -> str:
    """`text` as titles and names are compared: words only, without case."""
    return " ".join(re.findall(r"\w+", text.casefold()))


def _is_site(text: str, facts: Stated) -> bool:
    """True if `text` is the site's name, as it says itself or as its address does."""
    folded = fold(text)
    bare = folded.replace(" ", "")
    return bool(bare) and ((bool(facts.site) and folded == fold(facts.site or "")) or (bare == facts.host))


def _words(heading: HtmlElement) -> str:
    """The words of a heading; lines that it breaks stay apart."""
    return one_line(" ".join(piece.text for piece in pieces(heading)))[: 2 * _LENGTH]


def _shown(root: HtmlElement, titles: set[str]) -> dict[str, HtmlElement]:
    """The first element that shows each of some folded titles, whatever it is made of."""
    found: dict[str, HtmlElement] = {}
    for element in root.iter("h1", "h2", "h3", "p", "div", "span", "td", "strong", "b", "font") if titles else ():
        text = element.text
        if text and not text.isspace() and len(text) < _LENGTH and (folded := fold(text)) in titles:
            found.setdefault(folded, element)
    return found
