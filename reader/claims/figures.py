"""Numbers that a reader could check: money, counts, percentages, measures, dates.

A figure's span is the number with its sign and the unit or head noun beside it; the words that bound it stay outside.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from reader.claims.lexicon import AUXILIARIES, DETERMINERS, MODALS, MONTHS, PREPOSITIONS, STOPS, VERBS, Form, word_set
from reader.claims.numerals import (
    CLOCK,
    DATE,
    FRACTION,
    HALF_A,
    HEIGHT,
    MONTH,
    NUMBER,
    ONE_IN,
    ONES,
    PARTS,
    SCALES,
    SIGNS,
    VAGUE,
    YEAR,
    currency_of,
    looks_like_year,
    percent_of,
    value_of,
)  # fmt: skip
from reader.claims.units import CURRENCIES, MEASURES, RATES
from reader.model import Bound, Figure, Span

_BOUNDS = {
    Bound.ABOUT: (
        "close to", "nearly", "almost", "about", "around", "roughly", "approximately", "some", "estimated", "approx",
        "approx.", "circa", "near", "nearing", "approaching", "~", "≈", "in the region of",
    ),
    Bound.AT_LEAST: (
        "no fewer than", "no less than", "not less than", "at least", "more than", "greater than", "higher than",
        "longer than", "larger than", "bigger than", "older than", "over", "above", "exceeding", "topped", "topping",
        "exceeded", "exceeds", "exceed", "surpassed", "surpassing", "minimum of", "upwards of", "upward of",
        "excess of", "beyond", "as little as", "as low as", "as few as", "starting at", "north of", ">", "≥",
    ),
    Bound.AT_MOST: (
        "no more than", "not more than", "no longer than", "at most", "less than", "fewer than", "lower than",
        "smaller than", "shorter than", "younger than", "up to", "as many as", "as much as", "as high as", "as long as",
        "under", "below", "within", "maximum of", "<", "≤", "not exceeding",
    ),
}  # fmt: skip
_BOUND_BY_LAST: dict[str, list[tuple[str, Bound]]] = {}
"""Last word of a bound -> the bounds that end in it, the longest first."""
for _bound_kind, _phrases in _BOUNDS.items():
    for _phrase in _phrases:
        _BOUND_BY_LAST.setdefault(_phrase.split()[-1], []).append((_phrase, _bound_kind))
for _choices in _BOUND_BY_LAST.values():
    _choices.sort(key=lambda choice: -len(choice[0]))
_FILLERS = word_set("a an the another just further additional only its his her their these those next")
_PLACED = word_set("over under above below about around near beyond")
"""Bounds that are prepositions of place before an article, and of time before a period: "over the $640 million"."""
_ARTICLE = re.compile(r"\bthe $|\b(?:over|under) an? $", re.I)
_PERIODS = word_set("seconds minutes hours days weeks months years decades centuries")
_LASTING = re.compile(
    r"\b(?:for|has|have|had|with|of|is|was|were|aged?|took|takes?|taken|last\w*|spent|after|in|just|well|and)"
    r"\s(?:just\s|well\s)?over\s$"
)
"""Before a period that "over" bounds rather than spans: "for over 20 years"."""
_BOUND_AFTER = (
    (re.compile(r"\+|-plus\b|\s(?:plus|or (?:more|above|higher|older|over|longer|greater)|and (?:up|above|over|older)"
                r"|at least)\b"), Bound.AT_LEAST),
    (re.compile(r"\sor (?:less|fewer|below|younger|under|lower|shorter)\b|\sat (?:the )?most\b"), Bound.AT_MOST),
    (re.compile(r"-odd\b|\sor so\b|\sor thereabouts\b"), Bound.ABOUT),
)  # fmt: skip
_MAYBE_BOUND = re.compile(r"\+|-[po]|\s[poa]")
"""A quick look for those."""

_YEAR_BEFORE = word_set(
    """in since from to until till by during early late mid before after and between through around of for year circa
    than as"""
)
_OF_THEM = re.compile(r" of (?:them|us|those|these|the|its|his|her|their)\b")
_MONTH_AFTER = re.compile(r"\b(?:in|since|until|till|last|next|by|of|early|late|mid)[ -]$", re.I)
_PART = re.compile(r"half|Half|third|quarter|fourth|fifth|sixth|seventh|eighth|ninth|tenth")
"""A quick look for `FRACTION`."""
_HALF_TIME = re.compile(r"\b(?:first|second|other|1st|2nd|last|latter)\s$", re.I)
_WORD = re.compile(r"[^\W\d_](?:[\w²³]|[-'’.&/](?=\w))*|°\s?[CF]\b")
_DATELINE = re.compile(rf"(?:\w+day,?\s)?(?:{DATE.pattern})\.?$")
_DATELINE_HEAD = re.compile(rf"\w+day,\s{MONTH}\s\d{{1,2}},\s\d{{4}}")
_COUNTED = word_set(
    """people men women children lives feet dead police staff votes jobs geese sheep fish cattle troops percent vote
    goal point personnel aircraft spacecraft crew folk deer salmon teeth mice media bacteria species series kbps mbps
    gbps tons ton barrel barrels euro livestock poultry offspring alumni pct cent degrees °c °f horsepower hp bhp
    kcal microns"""
) | (MEASURES.keys() - {"second", "mi", "ha", "min", "sec", "in"})  # fmt: skip
"""What is counted without a plural's s."""
_PLURAL = re.compile(r"(?:\w*(?:people|children|(?:wo|[a-z]{3})men)|..(?<!s)(?<!u)(?<!i)(?<!['’])s)$")
_SINGULAR = re.compile(r"[a-z]+(?:-[a-z]+)*(?<!ed)(?<!al)(?<!ic)(?<!ous)(?<!ive)(?<!ful)(?<!ing)(?<!ly)(?<!made)")
"""What may be counted by "one"; by their endings adjectives and participles are not."""
_NO_SINGULAR = word_set(
    """day thing way time side more other single big small large new old young particular specific major key final long
    short good great bad high low black white red senior former current local public private human main extra good
    well here out up down too person's another simple important different common few hand such just even still"""
)
"""What "one" precedes without counting it, or before what it counts."""
_NAMES_A_LOT = word_set("news sports sales arms rights savings securities goods women men operations systems services")
"""Plurals that are as often the first half of a name: "rights groups"."""
_NO_COUNTED = (
    (DETERMINERS - {"three", "two"}) | AUXILIARIES | MODALS | STOPS | MONTHS | PREPOSITIONS
    | {word for word, verb in VERBS.items() if verb.form is Form.PRESENT and verb.lemma in ("say", "tell", "add")}
    | word_set(
        """first third last hundred and or times things ways am pm p.m a.m via per plus minus versus vs not also only
        comes gets makes goes takes gives wants begins includes brings becomes keeps sees knows thinks seems appears
        remains requires allows happens arrives always perhaps besides towards upwards afterwards sometimes overseas
        outdoors indoors nowadays never thus runs us his ours yours theirs
        died fell rose came went got took made left killed he she it they we you i him them me is's
        o'clock monday tuesday wednesday thursday friday saturday sunday yesterday today tomorrow ago"""
    )
)  # fmt: skip
"""Words that end the search for what is counted."""
_PASSED = word_set("more other others additional further")
_LONGEST_WORD = 40
_SCORE_BEFORE = re.compile(
    r"\b(?:won|wins?|winning|beat|beats|beating|lost|loses?|losing|drew|draws?|defeat\w*|victory|leads?|led|leading"
    r"|scored?|ahead|by|trail\w*|up|down|tied|outscored|vot\w+|ruled|pass\w+|approved|rout\w*|edged|thrash\w*|loss|final"
    r"|go|went|made it|a|of)\s[^.;]{0,24}$",
    re.I,
)
_SCORE_AFTER = re.compile(
    r"\s(?:\w+\s){0,2}(?:win|victory|defeat|loss|lead|draw|votes?|ruling|decision|triumph|advantage|deficit|rout|success"
    r"|scoreline|tie|at half|half-?time|in overtime|on aggregate|thrashing|bulge|away|home|against|over"
    r"|on (?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)",
    re.I,
)
_NO_QUANTITY = re.compile(r"[^\W\d]|[:/]\d|[-–]\d|\(\w|[’'](?:s|ers)\b|-[A-Z]")
"""After a number: the end of an ordinal or a code, a clock time, a date in slashes, a name."""
_ATTACHED = re.compile(
    r"(?:k[mg]|kms|kgs|[cm]m|mg|mph|kph|km/h|kmh|lbs?|oz|ft|in|ml|[GMKT]B|[kMG]Wh?|[kMG]?Hz|fps|[cm]?m|g|hrs?|mins?|secs?"
    r"|[CF]|sq\s?(?:km|ft|m)|m[²³]|p)\b"
)
"""Units that stand against their number."""
_ATTACHED_NAMES = {"C": "degrees Celsius", "F": "degrees Fahrenheit", "p": "pence"}
_HYPHENED = re.compile(r"-([a-z]{2,})(?:-old|-(?:long|high|wide|tall|deep|thick))?(?![\w-]*\d)")
_NO_HYPHENED = word_set(
    """time times way sided fold star part piece tier step dimensional party ish on off to and in of plus odd up down
    nil all out by for with or the one two three four five six seven eight nine ten something figure hander wheeler"""
) | set(SCALES) | set(PARTS) | {part + "s" for part in PARTS}  # fmt: skip
_AGE_BEFORE = re.compile(r"[A-Z][\w’'.-]+, $")
_AGE_AFTER = re.compile(r"\s?,|\s?$|\s(?:and|who|from|of)\b")
_AGED = re.compile(r"\bage[sd]?(?: of| between| from)?(?: the ages? of)?(?: about| over| under| just| only)?\s$", re.I)
_LABELS = word_set(
    """no nos number numbers page pages p pp chapter chapters section sections article articles room rooms flight route
    routes act posts post step steps phase phases level levels week weeks type class grade title highway interstate
    channel pier area platform apartment suite block lot exit version volume vol issue episode season series part round
    stage group division ward district zone sector schedule form rule clause paragraph amendment resolution proposition
    prop bill item figure fig table appendix question verse psalm tip lesson module gate terminal bus mark model formula
    top fortune windows galaxy note pixel boeing airbus playstation xbox core ryzen falcon apollo artemis soyuz nikkei
    nasdaq russell stoxx dax dow s&p day python java catch ligue category tier under-"""
)
"""Words that a number names rather than counts: "Article 5", "Boeing 737"."""
_LABEL_CASED = re.compile(r"(?:[B-HJ-Z]|[A-Z]{2,}|[a-z]+[A-Z]\w*|[A-Za-z]*\d[A-Za-z]\w*)$")
"""And what looks like a product: RTX, iPhone, PS5."""
_WORD_BEFORE = re.compile(r"[\w,;:–—(“\"]\s?$")
_LEFT_OUT = re.compile(
    r"\s(?:(?:others?|more|were|was|had|have|has|are|is|died|dead|remain\w*|survived|killed|injured|wounded|arrested"
    r"|missing|still|of whom|of which)\b|in (?:hospital|total|all)\b"
    r"|of (?:the|those|these|them|his|her|its|their|our|us|you|\d|two|three|four|five|six|seven|eight|nine|ten)\b)"
)
"""What follows a number whose noun is left out: "200 more", "three of the five"."""
_COUNTING = re.compile(
    r"\b(?:kill|injur|wound|arrest|detain|murder|rescu|hospitali[sz]|evacuat|displac|execut|total|reach|number|averag"
    r"|rais|count|all but|shot|leav|left|rose|risen|fell|fallen|grew|grown|drop|declin|climb|slipp|jump|increas|decreas"
    r"|reduc|cut|edged|gain|up|down|toll|magnitude|record|drew|draw|attract|employ)"
    r"[a-z]*(?:\s(?:of|at|was|is|to|by|from|the|its|on|as|him|more)){0,3}(?:\s\w+){0,2}?\s$",
    re.I,
)
"""What goes before one: "killing 12", "rose to 4,500"."""
_DIALLED = re.compile(r"[\d)]\s$")
_NAMED_AFTER = re.compile(r"\s[A-Z]|[.-]?\d")
_MEASURED = re.compile(r"\b(?:of|to|at|by|from|was|is|averaged)\s$")
_FROM_TO = re.compile(r"\bfrom (?:about )?[\w,.]+ [a-z]+ to (?:about )?$")
"""From 60 days to seven."""
_GOES_ON = re.compile(r"\s(?:and|in|on|at|by|to|from|as|after|when|since|last)\b")
_IN_TITLE = re.compile(r"[a-z] [“‘\"]?$")
_CHANGE = re.compile(
    r"\b(?:rose|risen|rise|fell|fallen|fall|grew|grow\w*|drop\w*|declin\w+|climb\w*|slipp\w*|jump\w*|increas\w+|decreas\w+"
    r"|reduc\w+|rais\w+|cut|up|down|went|go\w*|mov\w+|chang\w+)\s(?:\S+\s){0,4}?from\s(?:\S+\s)?$",
    re.I,
)
"""Before "12 to 18" that are two figures, not the ends of a range."""
_BETWEEN = re.compile(r"\bbetween\s(?:the\s)?(?:ages\sof\s)?(?:about\s|an\s)?$", re.I)
_PER = re.compile(r"(?P<slash>/)\s?|\s(?P<per>per|each|every|an?)\s(?:(?P<number>\d[\d,]*|head)\s?)?")
_EACH = (MEASURES.keys() - {"second", "m", "in", "g"}) | word_set(
    "barrel ton share head night person piece ticket unit"
)
_NO_RATE = re.compile(r"\s(?:earlier|ago|later|before|after|since|old|and a half)\b|-\w")
_TIMES = re.compile(r"\stimes\b")
_MULTIPLE = re.compile(r"\stimes (?:as|more|the|higher|larger|bigger|faster|greater|better|likely|that|less|longer)\b")
_LIST_NUMBER = re.compile(r"\s?\(?\d{1,3}[.)](?!\d)|\s?\d{1,3}\s*$")
_LINE = re.compile(r"[^\n]+")

_STREET = re.compile(r"\s[A-Z]\w+ (?:\w+ )?(?:St|Rd|Ave|Dr|Street|Road|Avenue|Drive|Lane|Boulevard|Way|Court|Place)\b")
_OWNING = word_set("the a an this that his her its their")
_POSSESSIVE = re.compile(r"[’']s?$")
_EVENT_AFTER = re.compile(r"\s[a-z]{3,}")
_DOLLARS = {
    "hong kong dollars": "HKD", "canadian dollars": "CAD", "australian dollars": "AUD", "new zealand dollars": "NZD",
    "singapore dollars": "SGD",
}  # fmt: skip
_PLUS = re.compile(r"\+|-plus(?=\s)|-odd(?=\s)")
_NOT_ONE = word_set("this that the each every any no which someone another a only not than number anyone everyone")
_PLURAL_OF = {"foot": "feet", "man": "men", "woman": "women", "person": "people", "child": "children",
              "century": "centuries", "inch": "inches", "horsepower": "horsepower"}  # fmt: skip


class _Unit(NamedTuple):
    """What is counted: words after the number, and where they end."""

    name: str | None
    end: int


class _Number(NamedTuple):
    """A numeral with its scale and, if it is one, the range it opens."""

    start: int
    stop: int
    low: float
    high: float | None
    plain: bool
    """Mere digits, as years, labels and scores are written."""
    spelled: bool
    dashed: bool
    """Two numerals joined by a mere dash, as scores, records and codes are."""


def find_figures(text: str) -> tuple[Figure, ...]:
    """Figures of a text in order; they do not overlap."""
    found: list[Figure] = []
    for match in _LINE.finditer(text):
        start, end = match.span()
        line = match[0].strip()
        if len(line) < 60 and _DATELINE.fullmatch(line):
            continue
        if head := _DATELINE_HEAD.match(text, start, end) or _LIST_NUMBER.match(text, start, end):
            start = head.end()
        found += _in_line(text, start, end)
    return tuple(found)


def _in_line(text: str, start: int, end: int) -> list[Figure]:
    kinds = (_dates, _times, _heights, _shares, _vague)
    found = [figure for kind in kinds for figure in kind(text, start, end)]
    found.sort(key=lambda f: f.span.start)  # stable: earlier kinds win where two begin together
    found += [*_numbers(text, start, end, [f.span for f in found]), *_years(text, start, end)]
    found.sort(key=lambda f: f.span.start)
    result: list[Figure] = []
    for figure in found:
        if result and figure.span.start < result[-1].span.end:
            continue
        if result and text[result[-1].span.end : figure.span.start] == " (":  # 500 miles (800 km): one bound for both
            figure = replace(figure, bound=result[-1].bound if figure.high is None else Bound.RANGE)
        result.append(figure)
    return result


# --- dates, fractions and vague numbers ------------------------------------------------------------------------------


def _dates(text: str, start: int, end: int) -> Iterator[Figure]:
    for m in DATE.finditer(text, start, end):
        if m["month"] and not _MONTH_AFTER.search(text[max(start, m.start() - 8) : m.start()]):
            continue  # a name or a verb: May, March
        yield Figure(span=Span(*m.span()), value=None, unit="date")


def _years(text: str, start: int, end: int) -> Iterator[Figure]:
    """Years that something is dated by: "in 2019", "2004–2009", "an 1887 portrait", "the 2016 election"."""
    for m in YEAR.finditer(text, start, end):
        words = text[max(start, m.start() - 24) : m.start()].split()
        word = words[-1] if words else ""
        dated = word.lower() in _YEAR_BEFORE or (m.end() - m.start() > 4 and "(" not in word)
        owned = word.lower() in _OWNING or _POSSESSIVE.search(word)
        if word.lower() in ("of", "for", "at", "to") and _STREET.match(text, m.end(), end):
            continue
        if word and (dated or (owned and _EVENT_AFTER.match(text, m.end(), end))):
            yield Figure(span=Span(*m.span()), value=None, unit="date")


def _times(text: str, start: int, end: int) -> Iterator[Figure]:
    for m in CLOCK.finditer(text, start, end):
        bound = _bound(text, start, m.start())
        yield Figure(span=Span(*m.span()), value=None, unit="time", bound=bound)


def _heights(text: str, start: int, end: int) -> Iterator[Figure]:
    for m in HEIGHT.finditer(text, start, end):
        if (inches := int(m["inches"])) < 12:
            yield Figure(span=Span(*m.span()), value=round(int(m["feet"]) + inches / 12, 4), unit="feet")


def _vague(text: str, start: int, end: int) -> Iterator[Figure]:
    for m in VAGUE.finditer(text, start, end):
        after = m.end()
        of = text.startswith(" of ", after)
        unit = _head_noun(text, after + 4 if of else after, end, several=of)
        if unit.name or (m[0][-1] == "s" and (not of or _OF_THEM.match(text, after, end))):
            money = CURRENCIES.get((unit.name or "").rpartition(" ")[2].lower())
            stop = unit.end if unit.name else after
            yield Figure(span=Span(m.start(), stop), value=None, unit=money or unit.name, bound=Bound.ABOUT)


def _shares(text: str, start: int, end: int) -> Iterator[Figure]:
    """Fractions in words and "one in five"."""
    for m in ONE_IN.finditer(text, start, end):
        few, many = value_of(m["n"]), value_of(m["m"])
        if few and many and few < many and (m["joint"] != " in " or (few == 1 and many > 2)):
            unit = _head_noun(text, m.end(), end)
            if text[m.end() : m.end() + 1] in ("-", "%") or (unit.name or "").lower() in MEASURES:
                continue  # one in 5 years
            bound = _bound(text, start, m.start())
            name = f"of {unit.name}" if unit.name else "share"
            yield Figure(span=Span(m.start(), unit.end), value=round(few / many, 4), unit=name, bound=bound)
    for m in FRACTION.finditer(text, start, end) if _PART.search(text, start, end) else ():
        part, count = m["part"].lower(), (m["n"] or "").lower()
        several = count not in ("", "a", "an", "one")
        if several != bool(m["several"]) or text.startswith("-", m.end()):
            continue
        by = count and text[max(start, m.start() - 10) : m.start()].endswith(("by ", "than ", "about ", "nearly "))
        if half := HALF_A.match(text, m.start(), end):
            yield Figure(
                span=Span(*half.span()), value=0.5, unit=half[1].lower() + "s", bound=_bound(text, start, m.start())
            )
            continue
        most = part == "half" and not count and _bound(text, start, m.start()) is not Bound.EXACT
        if not (m["of"] or text.startswith(" of ", m.end()) or by or several or most):
            continue
        if (not count and part != "half") or _HALF_TIME.search(text[max(start, m.start() - 8) : m.start()]):
            continue
        value = ONES.get(count, 1) / PARTS[part]
        bound = _bound(text, start, m.start())
        if value < 1:
            unit_name = (m["of"] or "").strip() if (m["of"] or "").startswith(" of") else "share"
            if unit_name == "share" and part == "half":  # the guide gives a half per cent, other parts as decimals
                value, unit_name = 100 * value, "percent"
            yield Figure(span=Span(*m.span()), value=round(value, 4), unit=unit_name, bound=bound)


# --- numbers ---------------------------------------------------------------------------------------------------------


def _numbers(text: str, start: int, end: int, taken: Sequence[Span]) -> Iterator[Figure]:
    """The numbers between the stretches that are taken."""
    at = start
    for span in (*taken, Span(end, end)):
        yield from _between(text, start, end, at, span.start)
        at = max(at, span.end)


def _between(text: str, start: int, end: int, at: int, stop: int) -> Iterator[Figure]:
    while at < stop and (m := NUMBER.search(text, at, stop)):
        ranged = _range(text, start, end, m)
        last = "scale1" if m["scale1"] else "low"
        if ranged is None:  # "12 in 2019 to 18": no range, so the second number is read for itself
            last = "percent1" if m["percent1"] else last
        figure = _number(text, start, end, m, ranged)
        if figure is None and m["to"] and ranged is None:
            figure = _paired(text, start, end, m)
        if figure is not None:
            yield figure
        at = max(m.end() if ranged else m.end(last), figure.span.end if figure else 0)


def _range(text: str, start: int, end: int, m: re.Match[str]) -> tuple[float, float] | None:
    """The ends of "8–10", "ten to 32", "one or two", "between 5 and 10"; not those of "542 and 543"."""
    if not m["to"] or (_NO_QUANTITY.match(text, m.end(), end) and not _ATTACHED.match(text, m.end(), end)):
        return None
    joint, before = m["to"].strip(" -").lower(), text[max(start, m.start() - 40) : m.start()]
    if m["percent1"] and not m["percent2"]:
        return None
    low, high = value_of(m["low"], m["scale1"] or ""), value_of(m["high"], m["scale2"] or "")
    shared = None if m["scale1"] else value_of(m["low"], m["scale2"] or "")
    if low is None or high is None or (looks_like_year(m["low"]) and looks_like_year(m["high"])):
        return None
    low = shared if shared is not None and shared < high else low
    if joint in ("", "–", "—") and not m["scale1"] and not m["scale2"]:
        if m["low"].isdigit() and _DIALLED.search(before):
            return None  # a telephone's
        if _score(text, start, end, m):
            return low, high
    if low >= high or (joint == "and" and not _BETWEEN.search(before)) or (joint == "or" and high > 2 * low + 1):
        return None
    return None if joint == "to" and _CHANGE.search(before) else (low, high)


def _score(text: str, start: int, end: int, m: re.Match[str]) -> bool:
    """Whether "3–1" tells a game or a vote."""
    if not m["to"] or m["to"].strip() not in ("-", "–") or m["money"] or m["percent2"] or m["scale1"] or m["scale2"]:
        return False
    if not (m["low"].isdigit() and m["high"].isdigit()) or m["to"] != m["to"].strip() or len(m["low"] + m["high"]) > 6:
        return False
    before, after = text[max(start, m.start() - 40) : m.start()], text[m.end() : min(end, m.end() + 32)]
    if _AGED.search(before):
        return False
    if _SCORE_AFTER.match(after):
        return True
    ends = not after or after[0] in ".,;:)" or _head_noun(text, m.end(), end).name is None
    return bool(ends and not after.startswith("-") and _SCORE_BEFORE.search(before))


def _paired(text: str, start: int, end: int, m: re.Match[str]) -> Figure | None:
    """The first of "12 and 15 people": it counts what the second does."""
    low = value_of(m["low"], m["scale1"] or "")
    unit = _head_noun(text, m.end(), end)
    label = _label(text, start, m)
    if (
        low is None
        or unit.name is None
        or label
        or _NO_QUANTITY.match(text, m.end("low"), m.end("low") + 1)
        or m["money"]
    ):
        return None
    if m["percent2"] or m["to"].strip().lower() not in ("and", "or", "to") or looks_like_year(m["low"]) or low == 1:
        return None
    stop = m.end("scale1") if m["scale1"] else m.end("low")
    return Figure(span=Span(m.start(), stop), value=low, unit=unit.name, bound=_bound(text, start, m.start()))


def _number(text: str, start: int, end: int, m: re.Match[str], ranged: tuple[float, float] | None) -> Figure | None:
    """The figure that a number makes with the words around it, if it counts anything."""
    if ranged is None:
        low, high = value_of(m["low"], m["scale1"] or ""), None
        stop, percent = m.end("scale1") if m["scale1"] else m.end("low"), m["percent1"]
    else:
        (low, high), stop, percent = ranged, m.end("scale2") if m["scale2"] else m.end("high"), m["percent2"]
    if low is None:
        return None
    negative = bool(m["sign"]) and m["sign"] != "+"
    plain = m["low"].isdigit() and not m["scale1"] and high is None
    dashed = m["low"].isdigit() and high is not None and m["to"].strip() in "-–—"
    if m[0].endswith("m") and not m["money"] and m["scale1"] == "m" and _head_noun(text, stop, end).name is None:
        return Figure(span=Span(m.start(), stop), value=low / 1e6, unit="m", bound=_bound(text, start, m.start()))
    number = _Number(m.start(), stop, -low if negative else low, high, plain, m["low"][0].isalpha(), dashed)
    if high is not None and _score(text, start, end, m):
        return Figure(span=Span(m.start(), stop), value=low, high=high, unit="score")
    if percent:
        unit: _Unit | None = _Unit(percent_of(percent), stop + len(percent))
    elif m["money"]:
        money = m["money"].strip()
        unit = _Unit(currency_of(money), stop)
        if _NO_QUANTITY.match(text, stop, end) and not text.startswith("-", stop):
            return None
    else:
        unit = _unit(text, start, end, m, number)
    if unit is None:
        return None
    unit = _rate(text, end, unit)
    bound = Bound.RANGE if high is not None else _bound(text, start, m.start(), stop, end)
    if bound is Bound.EXACT:
        bound = _bound_after(text, unit.end, end)
    if unit.name in _PERIODS:
        before = text[max(start, m.start() - 24) : m.start()].lower()
        if before.endswith("over ") and not _LASTING.search(before):  # "cost $11 billion over 10 years"
            bound = Bound.EXACT
        elif before.endswith("inside "):
            bound = Bound.AT_MOST
    return Figure(span=Span(m.start(), unit.end), value=number.low, high=high, unit=unit.name, bound=bound)


def _unit(text: str, start: int, end: int, m: re.Match[str], number: _Number) -> _Unit | None:
    """What a bare number counts: a noun, years of age, nothing named; None for a year, a label or a mere numeral."""
    stop = number.stop
    before = text[max(start, number.start - 40) : number.start]
    rest = text[stop : min(end, stop + 48)]
    words = before.rsplit(None, 1)
    lower = words[-1].lower() if words else ""
    apart = rest[:1] == " "
    if not apart and (attached := _ATTACHED.match(rest)):
        unit_name = _ATTACHED_NAMES.get(attached[0], attached[0])
        return _Unit(unit_name, stop + attached.end()) if not number.spelled else None
    if rest[:1] in SIGNS or rest[:2] in (" €", " £"):
        sign = rest.lstrip()[0]
        return _Unit(SIGNS[sign], stop + rest.index(sign) + 1)
    label = _label(text, start, m) or _titled(text, start, number)
    if not apart and (hyphened := _HYPHENED.match(rest)):
        if hyphened[1] in _NO_HYPHENED or hyphened[1] in _NO_COUNTED or label:
            return None
        name = _PLURAL_OF.get(hyphened[1], hyphened[1].removesuffix("s") + "s")
        return _Unit(name, stop + hyphened.end())
    plus = None if apart else _PLUS.match(rest)
    at = stop + plus.end() if plus else stop
    if not apart and _NO_QUANTITY.match(text, at, end):
        return None
    one = number.low == 1 and number.high is None and lower not in _NOT_ONE
    unit = _head_noun(text, at, end, one=one)
    if looks_like_year(m["low"]) and number.plain and not _counts(unit.name, text, start, number.start):
        return None
    if number.plain and number.low < 115 and _AGE_AFTER.match(rest) and _AGE_BEFORE.search(before):
        return _Unit("years", stop)
    if _TIMES.match(text, at, end) and (number.low > 3 or _MULTIPLE.match(text, at, end)):
        return _Unit("times", at + 6)
    if unit.name is not None and not label:
        head = unit.name.rpartition(" ")[2].lower()
        if number.low == 1 and head == "day" and (lower in MODALS or lower in ("to", "that")):  # could one day
            return None
        return _Unit(_money_of(unit.name, text, end, unit.end, number), unit.end)
    if _AGED.search(before) and number.low < 115:
        return _Unit("years", stop)
    bare = not label and number.low != 1 and _bare(text, start, end, number, before)
    return _Unit(None, stop) if bare else None


def _bare(text: str, start: int, end: int, number: _Number, before: str) -> bool:
    """Whether a number with no noun beside it still counts something: "killing 12", "three of the five"."""
    rest = text[number.stop : min(end, number.stop + 24)]
    if number.high is not None and number.dashed:
        return False
    if not before.strip():
        return bool(_LEFT_OUT.match(rest)) and number.low < 1000
    if number.plain and looks_like_year(text[number.start : number.stop]):
        return False
    if _bound(text, start, number.start, number.stop, end) is not Bound.EXACT or _LEFT_OUT.match(rest):
        return before.rstrip().rpartition(" ")[2].lower() not in ("the", "these", "those") or not number.spelled
    if _NAMED_AFTER.match(rest):
        return False
    digits = text[number.start : number.stop]
    if not number.plain and not number.spelled and ("," in digits or " " in digits or number.high is not None):
        return bool(_WORD_BEFORE.search(before))
    if number.spelled and number.low >= 100:
        return True
    if not number.plain and not number.spelled:  # a decimal: an index, a magnitude
        return bool(_MEASURED.search(before))
    if _FROM_TO.search(before):
        return True
    ends = not rest or rest[0] in ".,;:)" or bool(_GOES_ON.match(rest))
    return ends and bool(_COUNTING.search(before))


_THINGS = re.compile(
    r"\s(?:people|men|women|children|dead|deaths|jobs|cases|homes|houses|votes|miles|kilometres|tonnes)\b"
)


def _label(text: str, start: int, m: re.Match[str]) -> bool:
    """Whether a plain number names the word before it: "posts 542", "iPhone 15"."""
    if m["low"] in ("911", "999", "401"):  # "call 911", "a 401(k)", but not "401 jobs"
        return not _THINGS.match(text, m.end())
    if not m["low"].isdigit() or m["scale1"] or start == m.start() or text[m.start() - 1] not in " \u00a0":
        return False
    words = text[max(start, m.start() - 24) : m.start()].split()
    word = words[-1] if words else ""
    return word.lower().rstrip(".") in _LABELS or bool(_LABEL_CASED.match(word)) or word.endswith("&P")


def _titled(text: str, start: int, number: _Number) -> bool:
    """Whether a number word is part of a name: his "Three Amigos"."""
    if not (number.spelled and text[number.start].isupper() and text[number.stop + 1 : number.stop + 2].isupper()):
        return False
    return bool(_IN_TITLE.search(text[max(start, number.start - 3) : number.start]))


def _counts(unit: str | None, text: str, start: int, at: int) -> bool:
    """Whether four digits that could be a year count things for certain."""
    if unit is None:
        return False
    year = 1900 <= int(text[at : at + 4]) <= 2040
    head = unit.rpartition(" ")[2].lower()
    return not year or head in _COUNTED or head in CURRENCIES or _bound(text, start, at) is not Bound.EXACT


def _money_of(unit: str, text: str, end: int, at: int, number: _Number) -> str:
    """The currency that a noun names, if it does; pounds of gold are none."""
    word = unit.rpartition(" ")[2].lower()
    if word in ("pound", "pounds"):
        money = abs(number.low) >= 10_000 and not text.startswith(" of ", at, end)
        return "GBP" if money or unit.lower() == "british pounds" else unit
    if word in ("won", "real") and abs(number.low) < 100:
        return unit
    return _DOLLARS.get(unit.lower(), CURRENCIES.get(word, unit))


def _rate(text: str, end: int, unit: _Unit) -> _Unit:
    """The unit with what it is per; the span takes that in for measures: "60 miles per hour", but "$21" an hour."""
    m = _PER.match(text, unit.end, end)
    word = _WORD.match(text, m.end(), min(end, m.end() + _LONGEST_WORD)) if m else None
    if m is None or word is None or unit.name in (None, "percent", "years") or _NO_RATE.match(text, word.end(), end):
        return unit
    each, number = word[0].lower().rstrip("."), (m["number"] or "").replace(",", "")
    if not (m["per"] == "per" and each not in STOPS) and (number or each not in _EACH):
        return unit
    stop = word.end() if number or (m["per"] in ("per", None) and unit.name in MEASURES) else unit.end
    return _Unit(f"{unit.name} per {number + ' ' if number else ''}{each}", stop)


def _bound(text: str, start: int, at: int, stop: int | None = None, end: int = 0) -> Bound:
    """The bound that the words before a number set, or else those after it."""
    before = text[max(start, at - 32) : at].lower().replace("(", " ").split()
    filled = len(before)
    while before and before[-1] in _FILLERS:
        before.pop()
    if before and before[-1] in _PLACED and len(before) < filled and _ARTICLE.search(text[max(start, at - 10) : at]):
        return Bound.EXACT
    if before and before[-1] in _BOUND_BY_LAST:
        joined = " " + " ".join(before)
        for phrase, bound in _BOUND_BY_LAST[before[-1]]:
            if joined.endswith(" " + phrase):
                return bound
    return Bound.EXACT if stop is None else _bound_after(text, stop, end)


def _bound_after(text: str, stop: int, end: int) -> Bound:
    if not _MAYBE_BOUND.match(text, stop, end):
        return Bound.EXACT
    return next((bound for pattern, bound in _BOUND_AFTER if pattern.match(text, stop, end)), Bound.EXACT)


def _head_noun(text: str, start: int, end: int, *, one: bool = False, several: bool = False) -> _Unit:
    """The noun counted: the first plural or known measure within a few words after the number.

    With `one`, a singular will do; with `several`, nouns joined by "and" and "of" are taken together.
    """
    at, first, found, of = start, -1, _Unit(None, start), False
    for _ in range(6):
        if at < end and text[at] in " \u00a0":
            at += 1
        elif first >= 0 or text[at - 1 : at] not in (" ", "+", "-"):
            break
        if text[at : at + 1] in ("“", "‘", '"') and not found.name:
            at += 1
        m = _WORD.match(text, at, min(end, at + _LONGEST_WORD))
        if m is None:
            break
        word, at = m[0].lower(), m.end()
        if "." in m[0] and text.startswith(".", at):  # U.S. soldiers
            at += 1
        if several and found.name and word in ("and", "of"):
            of = word == "of"
            continue
        if of and word not in _NO_COUNTED:  # rounds of artillery
            return _Unit(text[first:at], at)
        if word in _PASSED and first < 0 and not found.name:
            first, one = m.start(), False
            continue
        if word in _NO_COUNTED or (word in VERBS and not word.endswith("s") and not _PLURAL.search(word)):
            break
        known = word in _COUNTED or word in CURRENCIES or word in RATES
        plural = known or _PLURAL.search(word)
        if found.name and not plural:
            break
        first = m.start() if first < 0 else first
        if plural or (one and word not in _NO_SINGULAR and _SINGULAR.fullmatch(m[0])):
            found = _Unit(text[first:at], at)
            if known and not several and word not in _NAMES_A_LOT and word != "degrees":
                break
    return found
