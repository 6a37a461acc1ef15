"""When an article was published and last changed, by a ranked rule; a date the page does not state is never made up.

First what its JSON-LD and meta elements state of an article, then the lines around its headline, then the one day that
its markup calls a date, then its address. Site builders date every page: what a template states of a bare "web page",
or of one that calls itself a website, counts only where the page shows that day. Of a stated day and a shown one, the
older is the first publication; but a page that shows the day of its last change, and does not call it that, passes it
for its date, and readers cite it by that.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from itertools import islice
from typing import NamedTuple

from lxml.html import HtmlElement

from reader.articles import dates
from reader.articles.head import Line, is_comments, names, words, xpath
from reader.articles.stated import Stated, string

_PUBLISHED_METAS = (
    *("article:published_time", "og:published_time", "datepublished", "parsely-pub-date", "published_time"),
    *("dc.date.issued", "dcterms.created", "dcterms.date", "dc.date.created", "dc.date", "date", "pubdate"),
    *("publishdate", "publish-date", "publish_date", "published", "publication_date", "article_date_original"),
    *("date-pub", "cxenseparse:recs:publishtime", "sailthru.date", "citation_publication_date", "citation_date"),
    *("originalpublicationdate", "datecreated"),
)
_MODIFIED_METAS = (
    *("article:modified_time", "og:updated_time", "datemodified", "last-modified", "lastmod", "dcterms.modified"),
    *("dc.date.modified", "revised", "updated_time"),
)
_CHANGED = re.compile(
    r"\b(?:updated?|modified|revised|reviewed|edited|checked|stand|aktualisiert|geändert|mis à jour|modifié|actualizado"
    r"|modificado|aggiornato|atualizado|bijgewerkt|gewijzigd|oppdatert|uppdaterad|opdateret|обновлено|zaktualizowano)\b"
    r"|güncellen|更新|수정",
    re.I,
)
_ISSUED = re.compile(
    r"\b(?:publi(?:shed|é|cado|cato|cerat|ceret|sert)|posted|erschienen|veröffentlicht|gepubliceerd|опубликовано"
    r"|opublikowano)|yayın|発行|公開|掲載|发布|입력",
    re.I,
)
_OTHER = re.compile(
    r"©|\(c\)|\b(?:copyright|all rights|since|born|expires?|until|deadline|events?|webinars?|join us)\b", re.I
)
_IN_ADDRESS = re.compile(r"/((?:19|20)\d\d)[/-](0?[1-9]|1[0-2])[/-](0?[1-9]|[12]\d|3[01])(?=[/_+.-]|\Z)")
_LINE = 130
"""Characters that a line may have to be about a date."""
_RANGE = re.compile(r"\s*(?:-|–|—|to|bis|au)\s*", re.I)
_RANGE_OF_DAYS = re.compile(r"(?<![\d:.])\d{1,2}[–—]\Z")
"""What stands before the second day of "3–5 May 2024"."""
_YEAR = re.compile(r"(?:19|20)\d\d")
_PARTS = re.compile(r"[|•·,;–—]|\s-\s")
_HEADINGS = ("h2", "h3", "h4", "h5", "h6")
_SENTENCE = 7
"""Words before a date, in one stretch, from which the line tells a story rather than its day."""
_LIST = 3
"""Different days shown, none of them labelled, from which they are a list's."""
_LONG = 2_000
_FEW = 8
_MOST = 50
_MARK = re.compile(r"(?<![a-z])(?:date|pub-?date|published|posted|post-?date|entry-?date|timestamp)(?![a-z])", re.I)
_with_year = xpath("//body//text()[contains(., '20') or contains(., '19')][not(ancestor::script or ancestor::style)]")
_MASTHEAD = re.compile(r"(?<![a-z])(?:masthead|site-?header|top-?bar)(?![a-z])", re.I)


class Day(NamedTuple):
    """An instant and where it was read."""

    when: datetime | None
    origin: str | None


class Shown(NamedTuple):
    """A day in a line near the headline."""

    when: datetime
    origin: str
    changed: bool
    """The page calls it the day of a change."""
    labelled: bool
    """The page says what happened on it."""


_NONE = Day(None, None)


def read(root: HtmlElement, facts: Stated, lines: Sequence[Line], url: str | None) -> tuple[Day, Day]:
    """When the article was published, and when it was changed after that."""
    published, modified = _read(root, facts, lines, url)
    is_later = modified.when and (published.when is None or modified.when > published.when)
    return published, modified if is_later else _NONE


def _read(root: HtmlElement, facts: Stated, lines: Sequence[Line], url: str | None) -> tuple[Day, Day]:
    shown = list(_shown(lines, facts.language))
    issued = [one for one in shown if not one.changed]
    changed = [one for one in shown if one.changed]
    modified = next(_modified(facts), _NONE)
    if not modified.when and changed:
        modified = Day(changed[0].when, changed[0].origin)
    every = list(islice(_stated(root, facts), _MOST))
    stated = every[0] if every else _NONE
    is_site = facts.metas.get("og:type") == "website"
    if stated.when and not (is_site and not _is_shown(root, stated.when, facts)):
        return _first(every, issued, modified) or Day(_in_its_zone(root, stated.when), stated.origin), modified
    template = next(_template(facts), _NONE)
    if any(_is_same(one, template) for one in issued):
        return template, modified
    # A page that shows only when it was changed says by that how old it is.
    is_list = len({one.when for one in issued if one.origin == "shown"}) >= _LIST and not any(
        one.labelled for one in issued
    )
    if day := next(iter((*([] if is_list else issued), *changed)), None):
        return Day(day.when, day.origin), modified
    return next(_elsewhere(root, facts), None) or _address(url), modified


def _first(stated: Sequence[Day], issued: Sequence[Shown], modified: Day) -> Day | None:
    """The day that the page shows, where that rather than the first one stated is when the article appeared."""
    shown = next((one for one in issued if one.labelled or len({one.when for one in issued}) == 1), None)
    if shown is None or _is_same(shown, stated[0]):
        return None
    is_borne_out = any(_is_same(shown, other) for other in (*stated, modified))
    is_first = stated[0].when is not None and shown.when < stated[0].when
    return Day(shown.when, shown.origin) if is_first or (is_borne_out and not shown.labelled) else None


def _is_same(day: Shown, stated: Day) -> bool:
    """True if an instant may fall on a day that is shown."""
    return stated.when is not None and abs(day.when - stated.when) < dates.ZONES


def _is_shown(root: HtmlElement, when: datetime, facts: Stated) -> bool:
    """True if the page shows the day of `when` anywhere."""
    times = (dates.stated(element.get("datetime") or "") for element in root.iter("time"))
    words = (one.when for text in _with_year(root) for one in dates.written(text[:_LONG], language=facts.language))
    return any(day and abs(day - when) < dates.ZONES for day in (*times, *words))


def _elsewhere(root: HtmlElement, facts: Stated) -> Iterator[Day]:
    """The one day that the page's markup calls a date, wherever that stands."""
    found: set[date] = set()
    for element in root.iter("time", "p", "span", "div", "li"):
        is_time = element.tag == "time"
        if not is_time and not (element.attrib and _MARK.search(names(element, "class", "itemprop"))):
            continue
        text = words(element, _LINE) if is_time or len(element) < _FEW else ""
        if len(text) > _LINE or _OTHER.search(text):
            continue
        day = next((one.when for one in dates.written(text, language=facts.language)), None)
        if day is None and is_time and not _YEAR.search(text):  # or it means the month, or the year
            day = dates.stated(element.get("datetime") or "")
        if day and day.date() not in found and not _is_apart(element):
            found.add(day.date())
            if len(found) > 1:
                return
    if found:
        yield Day(datetime.combine(found.pop(), datetime.min.time(), UTC), "markup")


def _is_apart(element: HtmlElement) -> bool:
    """True for what stands beside an article, in a part that all pages have, or among what readers say of it."""
    for around in (element, *element.iterancestors()):
        if (
            around.tag in ("aside", "nav", "footer")
            or is_comments(around)
            or _MASTHEAD.search(names(around, "class", "id"))
        ):
            return True
    return False


def _stated(root: HtmlElement, facts: Stated) -> Iterator[Day]:
    for item in facts.articles:
        yield from _day(string(item.get("datePublished")), "json-ld", facts)
    for name in _PUBLISHED_METAS:
        yield from _day(facts.metas.get(name, ""), f"meta {name}", facts)
    for element in root.iter("time", "span", "div", "p", "abbr"):
        if element.get("itemprop") == "datePublished" or element.get("pubdate") is not None:
            yield from _day(
                element.get("datetime") or element.get("content") or element.get("title") or "", "microdata", facts
            )


def _modified(facts: Stated) -> Iterator[Day]:
    for item in facts.articles:
        yield from _day(string(item.get("dateModified")), "json-ld", facts)
    for name in _MODIFIED_METAS:
        yield from _day(facts.metas.get(name, ""), f"meta {name}", facts)


def _template(facts: Stated) -> Iterator[Day]:
    for item in facts.pages:
        yield from _day(string(item.get("datePublished")), "json-ld", facts)


def _day(text: str, origin: str, facts: Stated) -> Iterator[Day]:
    if text and (when := dates.stated(text, language=facts.language)):
        yield Day(when, origin)


def _in_its_zone(root: HtmlElement, when: datetime) -> datetime:
    """The same instant in the zone that a time element gives it, whose day is the one that the page shows."""
    if when.utcoffset():
        return when
    for element in root.iter("time"):
        own = dates.stated(element.get("datetime") or "")
        if own and own.utcoffset() and own == when:
            return own
    return when


def _shown(lines: Sequence[Line], language: str | None) -> Iterator[Shown]:
    """The days that lines near the headline are about, in their order."""
    label = ""
    for line in lines:
        text = line.text
        if len(text) > _LINE or _OTHER.search(text) or _is_of_item(line.element):
            label = ""
            continue
        found = list(dates.written(text, language=language))
        if _is_range(text, found):
            continue  # of an event
        end = 0
        for one in found:
            lead = text[end : one.start] or label
            if len(_PARTS.split(lead)[-1].split()) > _SENTENCE:
                continue  # told of something else
            yield _labelled(one.when, "shown", lead)
            end = one.end
        if not found and (when := _time_element(line)):
            yield _labelled(when, "time", f"{label} {text}")
        # "Published" may stand in a line of its own.
        label = text if not found and len(text) < 40 else ""


def _is_of_item(element: HtmlElement) -> bool:
    """True for a line of a list's item that has a heading of its own: another article's, or an event's."""
    item = next((one for one in (element, *element.iterancestors()) if one.tag == "li"), None)
    return item is not None and next(item.iter(*_HEADINGS), None) is not None and next(item.iter("h1"), None) is None


def _is_range(text: str, found: Sequence[dates.Written]) -> bool:
    """True if the days of a line are the first and the last one of something."""
    if len(found) > 1 and _RANGE.fullmatch(text[found[0].end : found[1].start]):
        return True
    return bool(found) and bool(_RANGE_OF_DAYS.search(text[: found[0].start]))


def _labelled(when: datetime, origin: str, lead: str) -> Shown:
    """A day with what the words before it call it; the label nearest to it counts."""
    changed = max((match.end() for match in _CHANGED.finditer(lead)), default=-1)
    issued = max((match.end() for match in _ISSUED.finditer(lead)), default=-1)
    return Shown(when, origin, changed=changed > issued, labelled=max(changed, issued) >= 0)


def _time_element(line: Line) -> datetime | None:
    """The day of a line's time element, whose words may only say "two hours ago"."""
    for parent in line.parents:
        for element in (parent, *islice(parent.iterancestors(), 2)):
            if element.tag == "time" and (when := dates.stated(element.get("datetime") or "")):
                return when
    return None


def _address(url: str | None) -> Day:
    """The day that an address names, as news sites' do."""
    match = _IN_ADDRESS.search(url or "")
    if not match:
        return _NONE
    try:
        when = datetime(int(match[1]), int(match[2]), int(match[3]), tzinfo=UTC)
    except ValueError:
        return _NONE
    return Day(when, "address")
