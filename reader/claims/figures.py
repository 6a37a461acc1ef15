"""Numbers that a reader could check: money, counts, percentages, measures, dates.

A figure's span is the number with its sign and the unit or head noun beside it; the words that bound it stay outside.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from reader.claims.lexicon import AUXILIARIES, DETERMINERS, MODALS, MONTHS, PREPOSITIONS, STOPS, VERBS, word_set
from reader.model import Bound, Figure, Span

_UNITS = {
    "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16,
    "seventeen": 17, "eighteen": 18, "nineteen": 19,
}  # fmt: skip
_TENS = {
    "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90,
}  # fmt: skip
_SCALES = {
    "hundred": 1e2, "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12,
    "m": 1e6, "mn": 1e6, "bn": 1e9, "tn": 1e12, "k": 1e3, "b": 1e9,
}  # fmt: skip
_FRACTIONS = {
    "half": 1 / 2, "third": 1 / 3, "thirds": 1 / 3, "quarter": 1 / 4, "quarters": 1 / 4,
    "fifth": 1 / 5, "fifths": 1 / 5,
}  # fmt: skip
_VAGUE = "dozens hundreds thousands millions billions trillions scores tens"
_CURRENCIES = {"$": "USD", "£": "GBP", "€": "EUR", "¥": "JPY", "₹": "INR"}
_CURRENCY_WORDS = {
    "dollars": "USD", "dollar": "USD", "euros": "EUR", "euro": "EUR", "pounds": "GBP", "pence": "GBP", "yen": "JPY",
    "rupees": "INR", "yuan": "CNY", "rubles": "RUB", "roubles": "RUB", "francs": "CHF", "cents": "USD",
}  # fmt: skip
_DOLLARS = {"us": "USD", "nz": "NZD", "a": "AUD", "au": "AUD", "c": "CAD", "ca": "CAD", "hk": "HKD", "s": "SGD"}
_BOUNDS = {
    Bound.ABOUT: (
        "close to", "nearly", "almost", "about", "around", "roughly", "approximately", "some", "estimated",
    ),
    Bound.AT_LEAST: (
        "no fewer than", "no less than", "at least", "more than", "greater than", "higher than", "over", "above",
        "exceeding", "topped", "exceeded", "minimum of",
    ),
    Bound.AT_MOST: (
        "no more than", "not more than", "at most", "less than", "fewer than", "lower than", "up to", "as many as",
        "as much as", "under", "below", "within", "maximum of",
    ),
}  # fmt: skip
_BOUND_BY_LAST: dict[str, list[tuple[str, Bound]]] = {}
"""Last word of a bound -> the bounds that end in it, the longest first."""
for _bound_kind, _phrases in _BOUNDS.items():
    for _phrase in _phrases:
        _BOUND_BY_LAST.setdefault(_phrase.split()[-1], []).append((_phrase, _bound_kind))
for _choices in _BOUND_BY_LAST.values():
    _choices.sort(key=lambda choice: -len(choice[0]))
_FILLERS = word_set("a an the another just")

_NUMBER_WORD = rf"(?:{'|'.join(sorted((*_UNITS, *_TENS), key=len, reverse=True))})"
_NUMBER = (
    r"(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
    rf"|{_NUMBER_WORD}(?:[- ]{_NUMBER_WORD})?|a (?=hundred|thousand|million|billion))"
)
_SCALE = r"(?:(?:[ -](?:hundred|thousand|million|billion|trillion)){1,2}|\s?(?:bn|tn|mn)\b|(?<=\d)[mkb]\b)"
_MONEY = r"(?:\b(?:US|NZ|AU|CA|HK|A|C|S)\s?\$|[$£€¥₹])"
_MONTH = (
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December"
    r"|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)"
)

_DATE = re.compile(
    rf"\b{_MONTH}\.?\s\d{{1,2}}(?:st|nd|rd|th)?\b(?:,?\s(?:1[5-9]|20)\d\d\b)?"
    rf"|\b\d{{1,2}}(?:st|nd|rd|th)?\s(?:of\s)?{_MONTH}\b(?:,?\s(?:1[5-9]|20)\d\d\b)?"
    rf"|\b{_MONTH}\.?\s(?:1[5-9]|20)\d\d\b|\b(?:19|20)\d\d-\d\d-\d\d\b"
)
_YEAR = re.compile(r"\b(?:1[5-9]|20)\d\d\b(?![\d,.]*\d|\s?%|-\w)")
_YEAR_BEFORE = word_set(
    """in since from to until till by during early late mid before after and between through around"""
)
_VAGUE_NUMBER = re.compile(rf"\b(?:{_VAGUE.replace(' ', '|')})(?: of (?:{_VAGUE.replace(' ', '|')}))?\b", re.I)
_NUMERIC = re.compile(
    rf"(?<![\w.,$£€#/])(?=[-−+$£€¥₹\dacefhnostuz])(?P<sign>[-−+](?=\d))?(?P<money>{_MONEY}\s?)?(?P<low>{_NUMBER})(?P<scale1>{_SCALE})?"
    rf"(?:(?P<to>\s?(?:–|-|to|or|and)\s?)(?:{_MONEY})?(?P<high>{_NUMBER})(?P<scale2>{_SCALE})?(?![\w]))?"
    rf"(?P<percent>\s?%|\s?(?:percent|per cent|percentage points?)\b)?",
    re.I,
)
_FRACTION = re.compile(
    r"\b(?:(?P<n>a|one|two|three)[ -])?(?P<part>half|quarters?|thirds?|fifths?)\b"
    r"(?P<of> of (?:all )?(?:the )?[a-z]+s\b| as (?:much|many)\b)?",
    re.I,
)
_WORD = re.compile(r"[^\W\d_](?:[\w]|[-'’.](?=\w))*")
_DATELINE = re.compile(rf"(?:\w+day,?\s)?(?:{_DATE.pattern})\.?$")
_DATELINE_HEAD = re.compile(rf"\w+day,\s{_MONTH}\s\d{{1,2}},\s\d{{4}}")
_COUNTED = word_set(
    """people men women children lives feet dead police staff votes jobs geese sheep fish cattle troops percent km mi
    mile kg g lb ton hour minute second day week month year decade century metre meter cm mm foot ft inch mw gw kwh mph
    kph point vote goal"""
)
"""What is counted without a plural's s."""
_PLURAL = re.compile(r"(?:people|children|women|fishermen|..(?<!s)(?<!u)(?<!i)(?<!['’])s)$")
_SINGULAR = re.compile(r"[a-z]+(?<!ed)(?<!al)(?<!ic)(?<!ous)(?<!ive)(?<!ful)(?<!ing)(?<!ly)(?<!made)")
"""What may be counted by "one"; by their endings adjectives and participles are not."""
_NO_COUNTED = (
    DETERMINERS | AUXILIARIES | MODALS | STOPS | MONTHS | PREPOSITIONS
    | word_set("first third last other hundred more and or times things ways")
)  # fmt: skip
"""Words that end the search for what is counted."""
_LONGEST_WORD = 40
_MOST_DIGITS = 30
_SCORED = re.compile(
    r"\b(?:won|wins?|beat|beats|lost|lose|drew|draws?|defeat\w*|victory|lead|led|score|ahead|by)\b", re.I
)
_NO_QUANTITY = re.compile(r"[^\W\d]|[:/]\d")
"""After a number: the end of an ordinal or a code, a clock time, a date in slashes."""
_HYPHENED = re.compile(r"\s?-\s?([a-z]+)(?:-old)?")
_AGE_BEFORE = re.compile(r"[A-Z][\w’'-]+, $")
_AGE_AFTER = re.compile(r"\s?,|\s?$")
_WORD_BEFORE = re.compile(r"[A-Za-z]\s$")
_LABEL_BEFORE = re.compile(r"\b(?:No\.?|number|page|chapter|section|article|room|flight|route|act|posts?)\s$", re.I)
_LEFT_OUT = re.compile(r"\s?(?:more|others|were|have|are)\b")
"""What follows a number whose noun is left out: "200 more"."""
_LINE = re.compile(r"[^\n]+")


class _Unit(NamedTuple):
    """What is counted: words after the number, and where they end."""

    name: str | None
    end: int


def find_figures(text: str) -> tuple[Figure, ...]:
    """Figures of a text in order; they do not overlap."""
    found: list[Figure] = []
    for match in _LINE.finditer(text):
        start, end = match.span()
        line = match[0].strip()
        if len(line) < 60 and _DATELINE.fullmatch(line):
            continue
        if head := _DATELINE_HEAD.match(text, start, end):
            start = head.end()
        found += _in_line(text, start, end)
    return tuple(found)


def _in_line(text: str, start: int, end: int) -> list[Figure]:
    kinds = (_dates, _vague, _numbers, _fractions, _years)
    found = [figure for kind in kinds for figure in kind(text, start, end)]
    found.sort(key=lambda f: f.span.start)  # stable: earlier kinds win where two begin together
    result: list[Figure] = []
    for figure in found:
        if result and figure.span.start < result[-1].span.end:
            if figure.unit == "date" and result[-1].unit != "date":
                result[-1] = figure
            continue
        if result and text[result[-1].span.end : figure.span.start] == " (":  # 500 miles (800 km): one bound for both
            figure = replace(figure, bound=result[-1].bound)
        result.append(figure)
    return result


def _dates(text: str, start: int, end: int) -> Iterator[Figure]:
    for m in _DATE.finditer(text, start, end):
        yield Figure(span=Span(*m.span()), value=None, unit="date")


def _years(text: str, start: int, end: int) -> Iterator[Figure]:
    for m in _YEAR.finditer(text, start, end):
        before = text[max(start, m.start() - 12) : m.start()].split()
        if before and before[-1].lower() in _YEAR_BEFORE:
            yield Figure(span=Span(*m.span()), value=None, unit="date")


def _vague(text: str, start: int, end: int) -> Iterator[Figure]:
    for m in _VAGUE_NUMBER.finditer(text, start, end):
        after = m.end()
        if not text.startswith(" of ", after):
            continue
        unit = _head_noun(text, after + 4, end, several=True)
        if unit.name:
            yield Figure(span=Span(m.start(), unit.end), value=None, unit=unit.name, bound=Bound.ABOUT)


def _fractions(text: str, start: int, end: int) -> Iterator[Figure]:
    for m in _FRACTION.finditer(text, start, end):
        part, count = m["part"].lower(), (m["n"] or "").lower()
        of = m["of"] or text.startswith(" of ", m.end()) or (count and text.endswith("by ", start, m.start()))
        if of and (count or part == "half"):
            value = _FRACTIONS[part] * _UNITS.get(count, 1)
            unit = (m["of"] or "").strip() or None
            yield Figure(span=Span(*m.span()), value=round(value, 4), unit=unit, bound=_bound(text, start, m.start()))


def _numbers(text: str, start: int, end: int) -> Iterator[Figure]:
    at = start
    while m := _NUMERIC.search(text, at, end):
        if (figure := _number(text, start, end, m)) is not None:
            yield figure
        joined = m["to"] and _range(m) is None  # "12 in 2019 to 18": no range, so the second number is read for itself
        at = m.end("scale1" if m["scale1"] else "low") if joined else m.end()


def _number(text: str, start: int, end: int, m: re.Match[str]) -> Figure | None:
    """The figure that a number makes with the words around it, if it counts anything."""
    low, high = _value(m["low"], m["scale1"] or ""), None
    stop = m.end("scale1") if m["scale1"] else m.end("low")
    if span := _range(m):
        low, high = span
        stop = m.end("scale2") if m["scale2"] else m.end("high")
    percent = bool(m["percent"]) and (high is not None or not m["to"])
    stop = m.end() if percent else stop
    rest = text[stop : min(end, stop + 40)]
    if low is None or _NO_QUANTITY.match(rest):
        return None
    low = -low if m["sign"] in ("-", "−") else low
    figure = Figure(span=Span(m.start(), stop), value=low, high=high)
    if percent:
        unit: str | None = "percent"
    elif m["money"]:
        money = m["money"].strip()
        unit = _DOLLARS.get(money.rstrip("$£€¥₹ ").lower(), _CURRENCIES[money[-1]])
    elif (hyphened := _HYPHENED.match(rest)) and hyphened[1] not in _SCALES:
        unit = hyphened[1].removesuffix("s") + "s"
        figure = replace(figure, span=Span(m.start(), stop + hyphened.end()))
    else:
        counted = _counted(text, start, end, m, figure)
        if counted is None:
            return None
        figure, unit = counted, counted.unit
    scored = unit == "score"
    bound = Bound.EXACT if scored else Bound.RANGE if high is not None else _bound(text, start, m.start())
    return replace(figure, unit=unit, bound=bound)


def _range(m: re.Match[str]) -> tuple[float, float] | None:
    """The ends of "8–10", "ten to 32", "one or two"; not those of "542 and 543"."""
    joint = (m["to"] or "").strip().lower()
    if not joint or joint == "and":
        return None
    low, high = _value(m["low"], m["scale1"] or m["scale2"] or ""), _value(m["high"], m["scale2"] or "")
    if low is None or high is None or (low >= high and joint != "–"):
        return None
    return low, high


def _counted(text: str, start: int, end: int, m: re.Match[str], figure: Figure) -> Figure | None:
    """A bare number with what it counts: a noun, years of age, goals; None for a year, a label or a mere numeral."""
    low, stop = figure.value or 0.0, figure.span.end
    before, rest = text[max(start, m.start() - 24) : m.start()], text[stop : min(end, stop + 40)]
    plain = m["low"].isdigit() and not m["scale1"] and figure.high is None
    unit = _head_noun(text, stop, end, one=low == 1 and not before.endswith("the "))  # not "on the one hand"
    if plain and 1500 <= low <= 2099:
        preceding = before.split()[-1:] or [""]
        if unit.name is None or preceding[0].lower() in _YEAR_BEFORE:
            return None
    if plain and low < 115 and _AGE_AFTER.match(rest) and _AGE_BEFORE.search(before):
        return replace(figure, unit="years")
    if unit.name is not None:
        name = _CURRENCY_WORDS.get(unit.name.lower(), unit.name)
        return replace(figure, span=Span(m.start(), unit.end), unit=name)
    if (m["to"] or "").strip() == "–" and low <= 20 and (figure.high or 21) <= 20 and _SCORED.search(before):
        return replace(figure, unit="score")
    if m["low"][0].isalpha() or low < 100 or not _WORD_BEFORE.search(before) or _LABEL_BEFORE.search(before):
        return None
    loose = plain and not _LEFT_OUT.match(rest) and _bound(text, start, m.start()) is Bound.EXACT
    return None if loose else figure


def _value(words: str, scale: str) -> float | None:
    """The number that digits or number words and their scale spell."""
    words = words.strip().lower()
    value: float
    if words[0].isdigit():
        if len(words) > _MOST_DIGITS:
            return None
        value = float(words.replace(",", ""))
    elif words == "a":
        value = 1.0
    else:
        parts = re.split(r"[- ]", words)
        if len(parts) == 2 and not (parts[0] in _TENS and 0 < _UNITS.get(parts[1], 0) < 10):
            return None
        value = float(sum(_TENS.get(p, _UNITS.get(p, 0)) for p in parts))
    for word in re.findall(r"[a-z]+", scale.lower()):
        value *= _SCALES.get(word, 1.0)
    return value


def _bound(text: str, start: int, at: int) -> Bound:
    """The bound that the words before a number set."""
    before = text[max(start, at - 28) : at].lower().split()
    while before and before[-1] in _FILLERS:
        before.pop()
    if not before or before[-1] not in _BOUND_BY_LAST:
        return Bound.EXACT
    joined = " " + " ".join(before)
    return next((b for phrase, b in _BOUND_BY_LAST[before[-1]] if joined.endswith(" " + phrase)), Bound.EXACT)


def _head_noun(text: str, start: int, end: int, *, one: bool = False, several: bool = False) -> _Unit:
    """The noun counted: the first plural or known measure within a few words after the number.

    With `one`, a singular will do; with `several`, nouns joined by "and" and "of" are taken together.
    """
    at, first, found = start, -1, _Unit(None, start)
    for _ in range(6 if several else 4):
        if at < end and text[at] == " ":
            at += 1
        elif first >= 0 or text[start - 1] != " ":
            break
        m = _WORD.match(text, at, min(end, at + _LONGEST_WORD))
        if m is None:
            break
        word, at = m[0].lower(), m.end()
        if several and found.name and word in ("and", "of"):
            continue
        if word in _NO_COUNTED or word.endswith("ly") or (word in VERBS and not word.endswith("s")):
            break
        first = m.start() if first < 0 else first
        if word in _COUNTED or _PLURAL.search(word) or (one and _SINGULAR.fullmatch(m[0])):
            found = _Unit(text[first:at], at)
            if not several:
                break
        elif found.name:
            break
    return found
