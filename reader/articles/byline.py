"""Who wrote an article, by a ranked rule: names only.

First persons that the page's JSON-LD and meta elements state, then names that its markup or the word "by" marks near
the headline, then what is stated of companies, accounts and the site itself. An organisation that is the publisher is
nobody: that it published the article says not who wrote it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Any, NamedTuple

from lxml.html import HtmlElement

from reader.articles import dates
from reader.articles.head import Line, names, words, xpath
from reader.articles.headline import fold
from reader.articles.stated import Stated, kind, string

_METAS = (
    *("author", "article:author", "article:author_name", "parsely-author", "sailthru.author", "dc.creator"),
    *("dcterms.creator", "byl", "cxenseparse:author", "citation_author", "og:article:author"),
)
_CATALOGUES = ("dc", "citation_")
"""How the names of meta elements made for libraries begin, which put the family name first."""
_INVERTED = re.compile(r"([^\W\d_][\w'’-]*), ([^\W\d_][\w'’.-]*(?: [A-Z]\.?)?)")
_BY = re.compile(
    r"""(?:(?:(?:(?:story|article|interview|words|text|report|analysis|opinion|guest\ post|recommended|photographs?)
          |written|posted|published|authored|reported|contributed|submitted|created|reviewed)\ )?by
      |von|par|por|di|door|av|af|автор|author|autore?|auteur|words|文|著者|作者|记者|記者)(?:\s*[:：]\s*|\s+)""",
    re.I | re.X,
)
_OTHER_WORK = (
    *("photo", "photos", "image", "images", "picture", "pictures", "photographs", "illustration", "graphic", "video"),
    *("edited", "reviewed", "translated", "checked"),
)
_INNER_BY = re.compile(
    "".join(f"(?<!(?i:{what}) )" for what in _OTHER_WORK)
    + r"\b[Bb]y:?\s+(?=[^\W\d_a-z])|(?:作者|记者|記者|撰文|文)\s*[:：]\s*"
)
"""Within a line: but not "Photo by"."""
_HAN = re.compile(r"[\u3400-\u9fff々·]{2,5}(?=\W|\Z)")
_LABELS = frozenset(["by", "written by", "author", "authors", "posted by", "published by", "words by", "par", "von"])
_NOT_A_NAME = re.compile(
    r"""https?:|www\.|@\w|\.com\b|\.(?:org|net)\b
      |^(?:[\W\d_]*|admin|administrator|author|editor|staff|guest|user|root|webmaster|unknown|anonymous
          |администратор|редакция|redazione|redaktion|redacción|rédaction|none|null|undefined|default|super\ user)$
""",
    re.I | re.X,
)
"""Accounts and addresses."""
_LINK = re.compile(
    r"(?:read|view|see|show|share|sign|log|click|subscribe|follow|add|leave|join|skip|back|learn|watch|listen|print|email"
    r"|save|download|all|more|about|contact|full|our|your|this|the|latest|related|table)\s",
    re.I,
)
"""How links begin that stand where names do, and papers."""
_COMPANY = re.compile(r"\b(?:Inc|LLC|Ltd|GmbH|Corp|Corporation|PLC)\b", re.I)
_LATER = re.compile(
    r"""(?<!\s)\s*(?:\||•|·|∙|–|—|;|/|\s-\s|\b(?:updated?|published|posted|last)\b|\b(?:mon|tues|wednes|thurs|fri|satur
            |sun)day\b|\bon(?:\s+\w+)?\s*,?\s*$|\b(?:in|at)\s*$|(?<!\d)\d+\s+min).*$
      |[,.]\s+(?:the|e-?mail|add|follow|contact)\s.*$
      |,?\s+\w+\s+by\s.*$""",
    re.I | re.S | re.X,
)
"""What stands after a name: the hour, the paper, a call to write to the author."""
_JOB = re.compile(
    r"""(?:,\s+(?:[^\W\d_][\w&'’-]*\s+){0,4}?
         |\s+(?:(?:senior|chief|staff|contributing|managing|associate|deputy|assistant|special|national|political
            |technology|science|business|health|lead|guest|freelance|founder|executive|head|former)\s+)*)
        (?:writer|editor|reporter|correspondent|contributor|columnist|journalist|author|critic|analyst|producer|founder
            |ceo|director|manager|president|reviewer)\b.*$""",
    re.I | re.S | re.X,
)
_PLACES = ("/author", "/by/", "/staff/", "/team/", "/contributor", "/writers/", "/journalist", "/reporter")
_SECTIONS = ("/category/", "/tag/", "/tags/", "/topic/", "/topics/", "/section/")
_MARKS = re.compile(r"(?<![a-z])(?:post-?|entry-?|article-?|the-?|blog-?)?(?:author|byline|writer|contributor)s?", re.I)
_NOT_MARKS = re.compile(
    r"avatar|image|img|photo|bio|social|share|comment|date|time|desc|title|role|job|position|follow|related", re.I
)
_BOX = re.compile(r"author[\w-]*name|name[\w-]*author|(?<!\w)author(?!\S)|byline", re.I)
_KICKER = re.compile(
    r"(?<![a-z])(?:cat(?:egor(?:y|ies))?|tags?|topics?|kicker|eyebrow|section|breadcrumbs?)(?![a-z])", re.I
)
_boxes = xpath(
    "//*[self::a or self::span or self::h3 or self::h4 or self::h5 or self::p or self::div or self::strong or self::dd"
    " or self::li or self::td or self::address or self::cite]"
    "[contains(@class, 'uthor') or contains(@class, 'yline') or @itemprop or @rel]"
)
_PARTICLE = (
    r"(?:de|da|di|do|dos|del|della|der|den|du|van|von|zu|ter|ten|la|le|el|al|bin|ibn|ben|bint|and|y|e|of|the|af|av"
    r"|st\.?|dr\.?|prof\.?)"
)
_WORD = r"(?:[^\W\d_a-zß-öø-ÿ][\w'’.-]*)"
_PERSON = re.compile(  # no possessive group, which Python 3.11.2 reads wrongly
    rf"(?:(?:Dr|Prof|Mr|Mrs|Ms|Sir|Dame)\.?\s+)?{_WORD}(?:\s+(?:{_PARTICLE}|{_WORD})){{1,4}}(?:,\s*+(?:[A-Z][\w.]{{0,5}}+\s?+)+)?\Z"
)
_HANDLE = re.compile(r"\s*[,(]?\s*@\w{2,30}\)?\Z")
_TITLE = re.compile(
    r"(?:[\w&'’/-]+\s+){0,5}(?:writer|editor|reporter|correspondent|contributor|columnist|journalist|author|critic|analyst"
    r"|producer|founder|ceo|director|manager|president)s?(?:\W.{0,40})?",
    re.I,
)
"""A line that only says what somebody is."""
_DEGREE = re.compile(r"(?:[A-Z]\.?){2,5}|Ph\.?D\.?|M\.?D\.?|Jr\.?|Sr\.?")
_AND = re.compile(r",\s+(?:and\s+)?|\s+(?:and|&|und|et|y)\s+")
_LENGTH = 100
_LONG = 3 * _LENGTH
_MOST = 50
_TOP = 5
"""Lines after the headline among which a bare name is somebody's who wrote the article."""


class Byline(NamedTuple):
    """The names, joined by ", ", and where they were read."""

    text: str | None
    origin: str | None


def read(root: HtmlElement, facts: Stated, lines: Sequence[Line]) -> Byline:
    """Who wrote the article; nobody where the page does not say."""
    houses = frozenset(_houses(facts))
    stated = list(_stated(facts, houses))
    person = next((found for found in stated if not _is_house(found.text or "", houses, facts.host)), None)
    if person:
        return next((more for more in _marked(lines) if _goes_on(person, more)), person)
    # Each rule is only asked where those before it found nobody.
    sections = frozenset(_sections(facts))
    said = (found for found in _said(lines) if fold(found.text or "") not in sections)
    return next(chain(_marked(lines), said, _elsewhere(root), stated), Byline(None, None))


def _goes_on(first: Byline, shown: Byline) -> bool:
    """True if the page shows the name that a meta element states, "and" others."""
    return "meta" in (first.origin or "") and _is_more(shown.text or "", first.text or "")


def _stated(facts: Stated, houses: frozenset[str]) -> Iterator[Byline]:
    for item in facts.articles:
        if found := _names([one for one in _listed(item.get("author")) if not _is_publisher(one, houses)]):
            yield Byline(found, "json-ld")
    for name in _METAS:
        if found := _names([facts.metas.get(name, "")]):
            inverted = _INVERTED.fullmatch(found) if name.startswith(_CATALOGUES) else None
            yield Byline(f"{inverted[2]} {inverted[1]}" if inverted else found, f"meta {name}")


def _listed(value: Any) -> list[Any]:
    """The items of what in JSON-LD may be one or a list of them."""
    return value[:_MOST] if isinstance(value, list) else [value]


def _houses(facts: Stated) -> Iterator[str]:
    """The folded names of the site and of those who publish it."""
    yield fold(facts.site or "")
    for item in facts.articles:
        for publisher in _listed(item.get("publisher")):
            if isinstance(publisher, dict):
                yield fold(string(publisher.get("name")))


def _sections(facts: Stated) -> Iterator[str]:
    """The folded names of the sections and subjects that the page states: they stand before dates as names do."""
    stated = [facts.metas.get(name, "") for name in ("article:section", "section", "keywords", "news_keywords")]
    for item in facts.articles:
        for name in ("articleSection", "keywords"):
            stated += (string(one) for one in _listed(item.get(name)))
    for listed in stated:
        yield from (fold(name) for name in listed.split(","))


def _is_publisher(author: Any, houses: frozenset[str]) -> bool:
    """True for an organisation that has the site's name, or begins with it: who else would have published it?"""
    if not isinstance(author, dict) or "Organization" not in kind(author):
        return False
    name = f"{fold(string(author.get('name')))} "
    return any(house and name.startswith(f"{house} ") for house in houses)


def _is_house(found: str, houses: frozenset[str], host: str) -> bool:
    """True for what is no person's name: the site itself, a company, or the name of an account."""
    folded = fold(found)
    is_account = " " not in folded and found.islower()
    return folded in houses or folded.replace(" ", "") == host or is_account or bool(_COMPANY.search(found))


def _names(items: Sequence[Any]) -> str:
    """The names in JSON-LD persons, organisations or strings."""
    found: list[str] = []
    for item in items:
        name = _plain(string(item.get("name") if isinstance(item, dict) else item))
        if name and name not in found:
            found.append(name)
    return ", ".join(found)


def _plain(text: str) -> str:
    """A name without "By", empty if it cannot be one."""
    name = _unlabelled(text)
    return name if 0 < len(name) <= _LENGTH and not _NOT_A_NAME.search(name) else ""


def _marked(lines: Sequence[Line]) -> Iterator[Byline]:
    """The names that the markup near the headline says are the author's."""
    found: list[str] = []
    block: HtmlElement | None = None
    seen: set[HtmlElement] = set()
    for line in lines:
        for parent in line.parents:
            if parent in seen or not _is_mark(parent, line.element):
                continue
            seen.add(parent)
            name = _person(words(parent, _LONG))
            if not name:
                continue
            if block is not None and line.element is not block and line.element.getparent() is not block.getparent():
                break
            found = [known for known in found if not _is_more(name, known)]
            if not any(fold(name) in fold(known) or fold(known) in fold(name) for known in found):
                found.append(name)
                block = line.element
    if found:
        yield Byline(", ".join(found), "markup")


def _is_more(several: str, name: str) -> bool:
    """True if `several` are that one name and another."""
    return several.startswith(f"{name} and ")


def _is_mark(element: HtmlElement, block: HtmlElement) -> bool:
    """True if an element, or one around it up to its line's parent, is marked as naming the author."""
    for around in (element, *element.iterancestors()):
        if _MARKS.search(names(around, "class", "id", "itemprop", "rel")) and not _NOT_MARKS.search(
            names(around, "class")
        ):
            return True
        if around.tag == "a" and any(place in names(around, "href").lower() for place in _PLACES):
            return True
        if around is block:
            parent = around.getparent()
            marks = names(parent, "class", "itemprop") if parent is not None else ""
            return bool(_MARKS.search(marks)) and not _NOT_MARKS.search(marks)
    return False


def _said(lines: Sequence[Line]) -> Iterator[Byline]:
    """The names that a line near the headline gives after "by", before the date, or with what the person is."""
    for i, line in enumerate(lines):
        text = line.text
        by = _BY.match(text) or _INNER_BY.search(text[:_LENGTH])
        if by and (name := _person(text[by.end() :])):
            yield Byline(name, "shown")
        if text.lower().rstrip(" :") in _LABELS and i + 1 < len(lines) and (name := _person(lines[i + 1].text)):
            yield Byline(name, "shown")
        beneath = lines[i + 1].text if i + 1 < len(lines) else ""
        if (
            i < _TOP
            and (_TITLE.fullmatch(beneath) or _HANDLE.search(text))
            and (name := _person(_HANDLE.sub("", text)))
        ):
            yield Byline(name, "shown")
        day = next(dates.written(text), None)
        if day and 3 < day.start < 60 and not _is_section(line) and (name := _person(text[: day.start])):
            yield Byline(name, "shown")


def _is_section(line: Line) -> bool:
    """True if a line's first words lead to a section, or are marked as naming one."""
    first = line.parents[0]
    return bool(_KICKER.search(names(first, "class", "rel"))) or (
        first.tag == "a" and any(place in f"{names(first, 'href').lower()}/" for place in _SECTIONS)
    )


def _elsewhere(root: HtmlElement) -> Iterator[Byline]:
    """The name in the page's one box about its author."""
    found: set[str] = set()
    for element in _boxes(root):
        if _BOX.search(names(element, "class", "itemprop", "rel")) and (name := _person(words(element, _LONG))):
            found.add(name)
            if len(found) > 1:
                return
    if found:
        yield Byline(found.pop(), "markup")


def _person(text: str) -> str:
    """The person's name at the start of a line; empty if there is none."""
    text = text[:_LONG]
    if han := _HAN.match(text):
        return han[0]
    name = _unlabelled(text)
    day = next(dates.written(name), None)
    if day:
        name = name[: day.start]
    name = _JOB.sub("", _LATER.sub("", name)).strip(" ,;:|•·∙-–—")
    if not 3 < len(name) <= _LENGTH or _NOT_A_NAME.search(name) or _LINK.match(name):
        return ""
    first, *rest = _AND.split(name)
    is_person = _PERSON.match(first) and all(_PERSON.match(part) or _DEGREE.fullmatch(part) for part in rest if part)
    return name if is_person else ""


def _unlabelled(text: str) -> str:
    """A name without "By"."""
    by = _BY.match(text)
    return text[by.end() if by else 0 :].strip(" ,;:|•·")
