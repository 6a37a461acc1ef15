"""Dates as people and programs write them -> datetime; what may be read in two ways is not read at all."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, NamedTuple

# Names and usual short forms, in lower case and without the dot, by month.
_MONTHS = (
    "january jan januar jänner janvier janv enero ene gennaio gen janeiro januari januar ocak января"
    " styczeń stycznia januára ledna januárja siječnja tammikuuta يناير",
    "february feb februar februar février févr fév fevrier febrero febbraio febr fevereiro fev februari"
    " şubat subat февраля lutego února helmikuuta فبراير",
    "march mar märz maerz mrz mars marzo março marco maart mart marts марта marca března března maaliskuuta مارس",
    "april apr avril avr abril abr aprile april nisan апреля kwietnia dubna huhtikuuta أبريل",
    "may mai mayo maggio mag maio mei mayıs mayis maj мая maja května toukokuuta مايو",
    "june jun juni juin junio giugno giu junho haziran июня czerwca června kesäkuuta يونيو",
    "july jul juli juillet juil julio luglio lug julho temmuz июля lipca července heinäkuuta يوليو",
    "august aug août aout agosto ago augustus augusti ağustos agustos августа sierpnia srpna elokuuta أغسطس",
    "september sept sep septembre septiembre settembre set setembro eylül eylul сентября września září"
    " syyskuuta سبتمبر",
    "october oct oktober okt octobre octubre ottobre ott outubro out ekim октября października října lokakuuta أكتوبر",
    "november nov novembre noviembre novembro kasım kasim ноября listopada listopadu marraskuuta نوفمبر",
    "december dec dezember dez décembre déc decembre diciembre dic dicembre dezembro aralık aralik"
    " desember декабря grudnia prosince joulukuuta ديسمبر",
)
_NUMBER = {name: number for number, names in enumerate(_MONTHS, 1) for name in names.split()}
_NAME = "|".join(sorted(_NUMBER, key=len, reverse=True))
_WRITTEN = re.compile(
    rf"""(?<![\w-])(?:
        (?P<m1>{_NAME})\.?\s+(?P<d1>\d{{1,2}})(?:st|nd|rd|th)?(?:,|\.|\s)\s*(?P<y1>(?:19|20)\d\d)
      | (?P<d2>\d{{1,2}})(?:st|nd|rd|th|er|º|ª|\.)?\s+(?:de\s+|of\s+)?(?P<m2>{_NAME})\.?,?\s+(?:de\s+|del\s+)?
        (?P<y2>(?:19|20)\d\d)
      | (?P<y3>(?:19|20)\d\d)\s?[年년]\s?(?P<m3>\d{{1,2}})\s?[月월]\s?(?P<d3>\d{{1,2}})\s?[日일]?
      | (?P<y4>(?:19|20)\d\d)[-/.](?P<m4>\d{{1,2}})[-/.](?P<d4>\d{{1,2}})
      | (?P<d5>\d{{1,2}})\.(?P<m5>\d{{1,2}})\.(?P<y5>(?:19|20)\d\d)
      | (?P<a6>\d{{1,2}})[/-](?P<b6>\d{{1,2}})[/-](?P<y6>(?:19|20)\d\d)
      | (?P<a7>\d{{1,2}})/(?P<b7>\d{{1,2}})/(?P<y7>\d\d)
        )(?![\d/])""",
    re.I | re.X,
)
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}|\d{8}(?:T\d|\Z)")
_RFC = re.compile(r"[A-Z][a-z]{2}, \d{1,2} [A-Z][a-z]{2} \d{4}")
_DAY_FIRST = frozenset(["gb", "au", "nz", "ie", "in", "za"])
"""Where English writes the day before the month."""
_EARLIEST = 1990
"""The year before which no page of the web was published."""
_LONGEST = 300
ZONES = timedelta(hours=38)
"""How far apart an instant and the day shown for it may be: a day's length, and a zone's distance from UTC."""


class Written(NamedTuple):
    """A date in a line of text."""

    when: datetime
    """Midnight UTC: a line seldom says which zone its clock runs in."""
    start: int
    end: int


def stated(text: str, *, language: str | None = None) -> datetime | None:
    """The instant that a piece of metadata states, in its own zone; one without a zone is taken to be UTC."""
    text = text.strip()[:_LONGEST]
    when = _iso(text) or _rfc(text)
    if when is None:
        found = next(written(text, language=language), None)
        when = found.when if found else None
    if when is None or when.year < _EARLIEST:
        return None
    try:
        aware = (when if when.tzinfo else when.replace(tzinfo=UTC)).replace(microsecond=0)
        aware.astimezone(UTC)  # or what is at the edge of time can't be compared
    except (OverflowError, ValueError):
        return None
    return aware


def written(text: str, *, language: str | None = None) -> Iterator[Written]:
    """The days that a line of text names; "3/4/2026" only where the language tells which is the month."""
    for match in _WRITTEN.finditer(text):
        year, month, day = _parts(match, language)
        try:
            when = datetime(year, month, day, tzinfo=UTC)
        except ValueError:
            continue
        if year >= _EARLIEST:
            yield Written(when, match.start(), match.end())


def _parts(match: re.Match[str], language: str | None) -> tuple[int, int, int]:
    """Year, month and day; a month of 0 where they cannot be told apart."""
    group = match.groupdict()
    for number in "12345":
        if year := group[f"y{number}"]:
            break
    else:
        return _numbers(group, language)
    written, day = group[f"m{number}"], int(group[f"d{number}"])
    # "NİSAN" folds to an i and a dot of its own.
    name = written.casefold().replace("\N{COMBINING DOT ABOVE}", "")
    month = int(written) if written.isdecimal() else _NUMBER.get(name, 0)
    if number == "5" and month > 12:
        return int(year), day, month
    is_unsure = number == "5" and day <= 12 and "-us" in (language or "").lower()
    return int(year), 0 if is_unsure else month, day


def _numbers(group: dict[str, Any], language: str | None) -> tuple[int, int, int]:
    """Year, month and day of "3/4/2026" or "3/4/26"."""
    family, *regions = (language or "").lower().split("-")
    is_day_first = bool(family and family != "en") or not _DAY_FIRST.isdisjoint(regions)
    is_short = group["y6"] is None
    number = "7" if is_short else "6"
    first, second, year = int(group[f"a{number}"]), int(group[f"b{number}"]), int(group[f"y{number}"])
    if is_short:
        year += 2000 if year < _EARLIEST - 1900 else 1900
    # "16/12/20" may begin with its year.
    if is_day_first or (first > 12 and not is_short):
        return year, second, first
    if second > 12 or "us" in regions or (first == second and not is_short):
        return year, first, second
    return year, 0, 0


def _iso(text: str) -> datetime | None:
    if not _ISO.match(text):
        return None
    for form in (text, text[:19], text[:10]):
        try:
            return datetime.fromisoformat(form)
        except ValueError:
            continue
    return None


def _rfc(text: str) -> datetime | None:
    if not _RFC.match(text):
        return None
    try:
        return parsedate_to_datetime(text)
    except (ValueError, TypeError):
        return None


def surer(page: datetime | None, feed: datetime | None) -> datetime | None:
    """Which of two instants to cite: the page's, in its own zone, but where they are days apart the feed's, in UTC."""
    return feed if page and feed and abs(page - feed) > ZONES else page or feed
