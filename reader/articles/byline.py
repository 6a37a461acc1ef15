"""Who wrote an article, by a ranked rule: names only.

First persons that the page's JSON-LD and meta elements state, then names that its markup or the word "by" marks near
the headline, then what is stated of organisations and of the site itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Any, NamedTuple

from lxml.html import HtmlElement

from reader.articles import dates
from reader.articles.head import Line
from reader.articles.headline import fold
from reader.articles.stated import Stated, string
from reader.text import one_line

_METAS = (
    *(
        "author",
        "article:author",
        "article:author_name",
        "parsely-author",
        "sailthru.author",
        "dc.creator",
        "dcterms.creator",
    ),
    *("byl", "cxenseparse:author", "citation_author", "og:article:author"),
)
_BY = re.compile(
    r"""^(?:(?:(?:(?:story|article|interview|words|text|report|analysis|opinion|guest\ post|recommended|photographs?)
          |written|posted|published|authored|reported|contributed|submitted|created|reviewed)\ )?by
      |von|par|por|di|door|av|af|автор|author|autore?|auteur|words|文|著者|作者|记者|記者)(?:\s*[:：]\s*|\s+)""",
    re.I | re.X,
)
_INNER_BY = re.compile(
    r"(?<!photo )(?<!image )(?<!picture )(?<!photos )(?<!images )(?<!pictures )(?<!photographs )(?<!illustration )"
    r"(?<!graphic )(?<!video )(?<!edited )(?<!reviewed )(?<!translated )(?<!checked )\b[Bb]y:?\s+(?=[^\W\d_a-z])"
    r"|(?:作者|记者|記者|撰文|文)\s*[:：]\s*"
)
_HAN = re.compile(r"[\u3400-\u9fff々·]{2,5}(?=\W|\Z)")
_LABELS = frozenset(["by", "written by", "author", "authors", "posted by", "published by", "words by", "par", "von"])
_NOT_A_NAME = re.compile(
    r"https?:|www\.|@\w|\.com\b|\.(?:org|net)\b|^[\W\d_]*$|^(?:admin|administrator|author|editor|staff|guest|user|root|webmaster|"
    r"unknown|anonymous|администратор|редакция|redazione|redaktion|redacción|rédaction"
    r"|none|null|undefined|default|super user)$",
    re.I,
)
_LATER = re.compile(
    r"\s*(?:\||•|·|∙|–|—|;|/|\s-\s|\bupdated?\b|\bpublished\b|\bposted\b|\blast\b|\b(?:mon|tues|wednes|thurs|fri|satur|sun)day\b|\bon\s+\w+\s*,?\s*$|\bin\s*$|\bat\s*$|\d+\s+min).*$",
    re.I | re.S,
)
_JOB = re.compile(
    r",?\s+(?:(?:senior|chief|staff|contributing|managing|associate|deputy|assistant|special|national|political|technology|science"
    r"|business|health|lead|guest|freelance|founder|executive|head|former)\s+)*(?:writer|editor|reporter|correspondent|contributor"
    r"|columnist|journalist|author|critic|analyst|producer|founder|ceo|director|manager|president|reviewer)\b.*$",
    re.I | re.S,
)
_PLACES = (
    "/author",
    "/by/",
    "/staff/",
    "/team/",
    "/contributor",
    "/writers/",
    "/journalist",
    "/reporter",
)
_MARKS = re.compile(r"(?<![a-z])(?:post-?|entry-?|article-?|the-?|blog-?)?(?:author|byline|writer|contributor)s?", re.I)
_NOT_MARKS = re.compile(
    r"avatar|image|img|photo|bio|social|share|comment|date|time|desc|title|role|job|position|follow|related", re.I
)
_PARTICLE = (
    r"(?:de|da|di|do|dos|del|della|der|den|du|van|von|zu|ter|ten|la|le|el|al|bin|ibn|ben|bint|and|y|e|of|the|af|av"
    r"|st\.?|dr\.?|prof\.?)"
)
_WORD = r"(?:[^\W\d_a-zß-öø-ÿ][\w'’.-]*)"
_PERSON = re.compile(
    rf"(?:(?:Dr|Prof|Mr|Mrs|Ms|Sir|Dame)\.?\s+)?{_WORD}(?:\s+(?:{_PARTICLE}|{_WORD})){{1,4}}(?:,\s*(?:[A-Z][\w.]{{0,5}}\.?\s?)+)?\Z"
)
_LENGTH = 100
_MOST = 50


class Byline(NamedTuple):
    """The names, joined by ", ", and where they were read."""

    text: str | None
    origin: str | None


def read(root: HtmlElement, facts: Stated, lines: Sequence[Line]) -> Byline:
    """Who wrote the article; nobody where the page does not say."""
    stated = list(_stated(facts))
    persons = (found for found in stated if not _is_house(found.text or "", facts))
    # Each rule is only asked where those before it found nobody.
    return next(chain(persons, _marked(lines), _said(lines), _elsewhere(root), stated), Byline(None, None))


def _stated(facts: Stated) -> Iterator[Byline]:
    for item in facts.articles:
        if names := _names(item.get("author")):
            yield Byline(names, "json-ld")
    for name in _METAS:
        if names := _names(facts.metas.get(name)):
            yield Byline(names, f"meta {name}")


def _is_house(names: str, facts: Stated) -> bool:
    """True for what is no person's name: the site itself, or the name of an account."""
    folded = fold(names)
    houses = [fold(facts.site or ""), *(fold(string(item.get("name"))) for item in _publishers(facts))]
    bare = folded.replace(" ", "")
    return folded in houses or bare == facts.host or (" " not in folded and names.islower())


def _publishers(facts: Stated) -> Iterator[dict[str, Any]]:
    for item in facts.articles:
        for name in ("publisher", "author"):
            value = item.get(name)
            for one in value if isinstance(value, list) else [value]:
                if isinstance(one, dict) and (name == "publisher" or "Organization" in str(one.get("@type"))):
                    yield one


def _names(value: Any) -> str:
    """The names in a JSON-LD person, organisation, string, or list of them."""
    items = value if isinstance(value, list) else [value]
    names: list[str] = []
    for item in items[:_MOST]:
        name = _plain(string(item.get("name")) if isinstance(item, dict) else string(item))
        if name and name not in names:
            names.append(name)
    return ", ".join(names)


def _plain(text: str) -> str:
    """A name without "By", empty if it cannot be one."""
    name = _BY.sub("", text).strip(" ,;:|")
    return name if 0 < len(name) <= _LENGTH and not _NOT_A_NAME.search(name) else ""


def _marked(lines: Sequence[Line]) -> Iterator[Byline]:
    """The names that the markup near the headline says are the author's."""
    names: list[str] = []
    block: HtmlElement | None = None
    for line in lines:
        for parent in line.parents:
            if not _is_mark(parent, line.element):
                continue
            name = _person(one_line(parent.text_content()))
            if not name:
                continue
            near = block is None or any(
                line.element is one or line.element.getparent() is one.getparent() for one in (block,)
            )
            if names and not near:
                break
            if not any(fold(name) in fold(known) or fold(known) in fold(name) for known in names):
                names.append(name)
                block = line.element
    if names:
        yield Byline(", ".join(names), "markup")


def _is_mark(element: HtmlElement, block: HtmlElement) -> bool:
    """True if an element, or one around it up to its line's parent, is marked as naming the author."""
    for around in (element, *element.iterancestors()):
        names = f"{around.get('class', '')} {around.get('id', '')} {around.get('itemprop', '')} {around.get('rel', '')}"
        if _MARKS.search(names) and not _NOT_MARKS.search(around.get("class", "")):
            return True
        if around.tag == "a" and any(place in (around.get("href") or "").lower() for place in _PLACES):
            return True
        if around is block:
            parent = around.getparent()
            if parent is None:
                return False
            names = f"{parent.get('class', '')} {parent.get('itemprop', '')}"
            return bool(_MARKS.search(names)) and not _NOT_MARKS.search(names)
    return False


def _said(lines: Sequence[Line]) -> Iterator[Byline]:
    """The names that a line near the headline gives after "by", or before the date."""
    for i, line in enumerate(lines):
        text = line.text
        by = _BY.match(text)
        if by is None and (inner := _INNER_BY.search(text)) and len(text) < _LENGTH:
            by = inner
        if by and (name := _person(text[by.end() :])):
            yield Byline(name, "shown")
        if text.lower().rstrip(" :") in _LABELS and i + 1 < len(lines) and (name := _person(lines[i + 1].text)):
            yield Byline(name, "shown")
        day = next(dates.written(text), None)
        if day and 3 < day.start < 60 and (name := _person(text[: day.start])):
            yield Byline(name, "shown")


def _elsewhere(root: HtmlElement) -> Iterator[Byline]:
    """The name in the page's one box about its author."""
    found = {
        name
        for element in root.iter(
            "a", "span", "h3", "h4", "h5", "p", "div", "strong", "dd", "li", "td", "address", "cite"
        )
        if (marks := f"{element.get('class', '')} {element.get('itemprop', '')} {element.get('rel', '')}").strip()
        and re.search(r"author[\w-]*name|name[\w-]*author|(?<!\w)author(?!\S)|byline", marks, re.I)
        and (name := _person(one_line(element.text_content()[: 2 * _LENGTH])))
    }
    if len(found) == 1:
        yield Byline(found.pop(), "markup")


def _person(text: str) -> str:
    """The person's name at the start of a line; empty if there is none."""
    if han := _HAN.match(text):
        return han[0]
    name = _BY.sub("", text).strip(" ,;:|•·")
    day = next(dates.written(name), None)
    if day:
        name = name[: day.start]
    name = _JOB.sub("", _LATER.sub("", name)).strip(" ,;:|•·∙-–—")
    if not 3 < len(name) <= _LENGTH or _NOT_A_NAME.search(name):
        return ""
    parts = re.split(r",\s+(?:and\s+)?|\s+(?:and|&|und|et|y)\s+", name)
    return name if all(_PERSON.match(part) or _TITLES.fullmatch(part) for part in parts if part) else ""


_TITLES = re.compile(r"(?:[A-Z]\.?){2,5}|Ph\.?D\.?|M\.?D\.?|Jr\.?|Sr\.?")
