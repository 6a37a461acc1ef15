"""How numbers, money, dates and times are written in English: patterns, and the values they stand for."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from reader.claims.units import CURRENCIES, MEASURES

ONES = {
    "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16,
    "seventeen": 17, "eighteen": 18, "nineteen": 19,
}  # fmt: skip
_TENS = {
    "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90,
}  # fmt: skip
SCALES = {
    "hundred": 1e2, "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12, "dozen": 12.0,
    "lakh": 1e5, "lakhs": 1e5, "crore": 1e7, "crores": 1e7,
    "m": 1e6, "mn": 1e6, "bn": 1e9, "tn": 1e12, "k": 1e3, "b": 1e9,
}  # fmt: skip
PARTS = {
    "half": 2, "third": 3, "quarter": 4, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9,
    "tenth": 10,
}  # fmt: skip
_GLYPHS = {"½": 0.5, "¼": 0.25, "¾": 0.75, "⅓": 1 / 3, "⅔": 2 / 3}
SIGNS = {"$": "USD", "£": "GBP", "€": "EUR", "¥": "JPY", "₹": "INR", "₦": "NGN", "₩": "KRW", "₽": "RUB", "₺": "TRY",
          "₪": "ILS", "฿": "THB", "₫": "VND", "₱": "PHP", "₴": "UAH", "₿": "BTC"}  # fmt: skip
_PREFIXES = {"US": "USD", "NZ": "NZD", "A": "AUD", "AU": "AUD", "C": "CAD", "CA": "CAD", "HK": "HKD", "S": "SGD",
             "R": "BRL", "Rs": "INR", "N": "NGN"}  # fmt: skip
_MOST_DIGITS = 30
_GROUPING = re.compile(r"(?<=\d)[ \u00a0\u202f\u2009]|,(?=\d{3})|,(?=\d\d,)")


def _any(words: Iterable[str]) -> str:
    """A pattern for one of some words, the longest first."""
    return rf"(?:{'|'.join(sorted(map(re.escape, words), key=len, reverse=True))})"


_BIG = r"(?:hundred|thousand|million|billion|trillion|dozen|lakhs?|crores?)\b"
_SMALL = rf"(?:{_any(_TENS)}(?:[ -]{_any(list(ONES)[1:10])})?|{_any(ONES)})\b"
_HUNDREDS = rf"(?:{_SMALL}(?:[ -]hundred(?:[ -](?:and[ -])?{_SMALL}(?![ -]hundred))?)?)"
_SPELLED = (
    rf"(?:{_HUNDREDS}(?:[ -]and[ -]a[ -]half\b)?"
    rf"(?:[ -]thousand[ -](?:and[ -])?{_HUNDREDS}(?![ -]{_BIG})|(?:[ -]{_BIG}){{0,2}})"
    rf"|an?[ ]hundred[ ]and[ ]{_SMALL}(?![ -]{_BIG})|(?:half[ -]an?|an?)(?:[ -]{_BIG}){{1,2}})"
)
_DIGITS = (
    r"(?>\d{1,2}(?:,\d\d){1,4},\d{3}(?![,\d])|\d{1,3}(?:,\d{3}){1,8}(?!\d)(?:\.\d+)?"
    r"|\d{1,3}(?:[ \u00a0\u202f\u2009]\d{3}){1,4}(?![ ]?\d)|\d+,\d{1,2}(?![,\d])"
    r"|\d+(?:\.\d+)?[½¼¾⅓⅔]?|[½¼¾⅓⅔])(?![.,]?\d)"
)
_NUMERAL = rf"(?:{_DIGITS}|{_SPELLED})"
_SCALE = rf"(?:(?:[ \u00a0-]{_BIG}){{1,2}}|\s?(?:bn|tn|mn)\b|(?<=\d)[mkb]\b)"
_MONEY = (
    r"(?:(?-i:\b(?:US|NZ|AU|CA|HK|[ACSR])\$|\b(?:US|NZ|AU|CA|HK)\s\$|\bRs\.?"
    r"|\bN(?=\d[\d.,]*\s?(?:m|b|bn|tn|million|billion|trillion)\b)"
    rf"|\b{_any(set(CURRENCIES.values()))}(?=\s?\d))|[{''.join(SIGNS)}])"
)
_PERCENT = r"(?:\s?%|[ -](?:percent(?:age)?(?: points?)?|per cent|pct)\b)"
MONTH = (
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December"
    r"|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)"
)
_DAY = r"\d{1,2}(?:st|nd|rd|th)?(?!\d)"
_ERA = r"(?:1[5-9]|20)\d\d(?![\d,.]*\d)"

DATE = re.compile(
    r"\b(?=[\dADFJMNOQSWafsw])(?:"
    rf"{MONTH}\.?\s{_DAY}(?:\s?(?:-|–|to)\s?{_DAY})?(?![:\w]|[.,]\d|\s?%)(?:,?\s{_ERA}\b)?"
    rf"|{_DAY}(?:\s?(?:-|–|to|and)\s?{_DAY})?\s(?:of\s)?{MONTH}\b(?:,?\s{_ERA}\b)?"
    rf"|{MONTH}\.?,?\s{_ERA}\b|(?:19|20)\d\d-\d\d-\d\d\b|\d{{1,2}}[/.]\d{{1,2}}[/.](?:19|20)\d\d\b"
    rf"|(?:[Ss]pring|[Ss]ummer|[Aa]utumn|[Ff]all|[Ww]inter|Q[1-4])(?:\sof)?\s{_ERA}\b"
    rf"|(?P<month>{MONTH})\b(?![’'-]))"
)
YEAR = re.compile(rf"(?<![\w$£€.,/:#]){_ERA}(?:\s?[–-]\s?(?:(?:1[5-9]|20)\d\d|\d\d)\b)?(?!\s?%|[-/]?\w)")
CLOCK = re.compile(
    r"(?<![\w.,:/$£€-])(?:(?:1?\d|2[0-4])(?:[:.][0-5]\d)?\s?(?:[ap]\.m\.|[ap]m\b|GMT\b|UTC\b)"
    r"|(?:(?<=at )|(?<=around )|(?<=about ))(?:[01]?\d|2[0-3]):[0-5]\d\b)",
    re.I,
)
_PLURAL_SCALE = r"(?:dozens|hundreds|thousands|millions|billions|trillions)"
VAGUE = re.compile(
    rf"\b(?:(?:tens|scores|{_PLURAL_SCALE}) of {_PLURAL_SCALE}\b|{_PLURAL_SCALE}\b|(?:tens|scores)(?= of\b)"
    r"|(?:several|a few|many) (?:hundred|thousand|million|billion|dozen)\b)",
    re.I,
)
NUMBER = re.compile(
    r"(?<![\w.,/#&’'])(?<![A-Za-z]-)(?<!\d[–-])(?=[-−+$£€¥₹₦₩₽₺₪฿₫₱₴₿\dacefhnostuzAB-Z½¼¾⅓⅔])"
    rf"(?P<sign>[-−+](?=[\d$£€])|minus )?(?P<money>{_MONEY}\s?)?"
    rf"(?P<low>{_NUMERAL})(?P<scale1>{_SCALE})?(?P<percent1>{_PERCENT})?"
    rf"(?:(?P<to>\s?[–—-]\s?|-?\s(?:to|or|and)\s|-to-)(?:{_MONEY}\s?)?"
    rf"(?P<high>{_NUMERAL})(?P<scale2>{_SCALE})?(?P<percent2>{_PERCENT})?)?",
    re.I,
)
"""A number with its sign, and with the second one that "to", "or", "and" or a dash joins to it."""
FRACTION = re.compile(
    rf"\b(?:(?P<n>an?|{_any(list(ONES)[1:10])})[ -])?(?P<part>{_any(PARTS)})(?P<several>s)?\b"
    r"(?P<of> of (?!all\b)(?:the |its |their )?(?!the|its|their)(?:[A-Za-z]+s|(?<=the )[a-z]+)\b(?![’'])"
    r"| as (?:much|many)\b)?",
    re.I,
)
HALF_A = re.compile(rf"half[ -]an? ({_any(sorted(w for w in MEASURES if len(w) > 3 and '-' not in w))})\b", re.I)
ONE_IN = re.compile(
    rf"\b(?=\w+ (?:in|out) )(?P<n>\d{{1,3}}|{_any(list(ONES)[1:])})(?P<joint> in | out of )(?:every )?"
    rf"(?P<m>\d{{1,3}}(?![\d:,.]*\d)|{_any(list(ONES)[2:])}|{_any(_TENS)})\b",
    re.I,
)
"""One in five, three out of ten."""
HEIGHT = re.compile(
    r"(?<![\w.])(?P<feet>\d)(?:\s?(?:ft|feet|foot|['’′])|-foot)[\s-]?(?P<inches>\d{1,2})"
    r"(?:\s?(?:in\b|inch(?:es)?\b|[\"”″])|(?![\w.]))"
)


@lru_cache(4096)
def value_of(words: str, scale: str = "") -> float | None:
    """The number that digits or number words and their scale spell."""
    words = words.strip().lower()
    if len(words) > 4 * _MOST_DIGITS or sum(map(str.isdigit, words)) > _MOST_DIGITS:
        return None
    if words[0].isalpha():
        value = _spelled(words)
    else:
        glyph = _GLYPHS.get(words[-1], 0.0)
        digits = _GROUPING.sub("", words.rstrip("".join(_GLYPHS)))
        value = (float(digits.replace(",", ".")) if digits else 0.0) + glyph
    for word in re.findall(r"[a-z]+", scale.lower()):
        value *= SCALES.get(word, 1.0)
    return round(value, 6) if value < 1e6 else value


def _spelled(words: str) -> float:
    """The number that words of `_SPELLED` make."""
    total, current = 0.0, 0.0
    words, half, rest = words.replace("-", " ").partition(" and a half")
    for word in f"{words}{' ½' if half else ''}{rest}".split():
        if word == "½":
            current += 0.5
        elif word == "half":
            current = 0.5
        elif word in ("a", "an"):
            current = current or 1.0
        elif word in SCALES:
            if word in ("hundred", "dozen") and current:
                current *= SCALES[word]
            else:
                total, current = (total + current * SCALES[word], 0.0) if current else (total * SCALES[word], 0.0)
        else:
            current += _TENS.get(word, ONES.get(word, 0))
    return total + current


def looks_like_year(digits: str) -> bool:
    """Whether a number may be a year, by its digits."""
    return len(digits) == 4 and digits.isdigit() and 1500 <= int(digits) <= 2099


def percent_of(words: str) -> str:
    """The unit that a per cent sign or its words stand for."""
    return "percentage points" if "point" in words.lower() else "percent"


def currency_of(money: str) -> str:
    """ISO code of a sign or an abbreviation before a number."""
    if money[-1] in SIGNS:
        return _PREFIXES.get(money[:-1].strip(), SIGNS[money[-1]])
    return _PREFIXES.get(money.rstrip(".").title() if len(money) < 4 and money[0] in "Rr" else money, money.upper())
