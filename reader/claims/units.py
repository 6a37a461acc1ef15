"""What figures measure, and whether two of them can both be true.

Quantities of one dimension are turned into base units, so that 5 miles and 8 km compare; currencies are not turned into
each other, for rates change.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from reader.model import Bound, Figure

if TYPE_CHECKING:
    from pint import UnitRegistry


def _table(text: str) -> dict[str, str]:
    """Word -> name, from "name: word word" separated by semicolons."""
    rows = (row.split(":") for row in text.split(";"))
    return {word: name.strip() for name, words in rows for word in words.split()}


CURRENCIES = _table(
    """USD: dollar dollars buck bucks usd; EUR: euro euros eur; GBP: gbp sterling; JPY: yen jpy; CNY: yuan renminbi
    cny rmb; INR: rupee rupees inr; RUB: ruble rubles rouble roubles rub; CHF: franc francs chf; KRW: won krw;
    NGN: naira ngn; ZAR: rand zar; BRL: real reais brl; MXN: peso pesos mxn; TRY: lira liras; SEK: krona kronor sek;
    NOK: nok; DKK: dkk; PLN: zloty zlotys pln; UAH: hryvnia hryvnias uah; ILS: shekel shekels ils; THB: baht thb;
    IDR: rupiah idr; MYR: ringgit myr; PHP: php; KES: ksh kes; AUD: aud; CAD: cad; NZD: nzd; HKD: hkd; SGD: sgd;
    AED: dirham dirhams aed; SAR: riyal riyals sar; PKR: pkr; VND: dong vnd; BTC: bitcoin bitcoins btc"""
)
"""Word or code, lower case -> ISO 4217 code."""
_COINS = {"cent": "USD", "cents": "USD", "penny": "GBP", "pence": "GBP"}

MEASURES = _table(
    """kilometer: km kms kilometer kilometers kilometre kilometres; meter: m meter meters metre metres;
    centimeter: cm centimeter centimeters centimetre centimetres; millimeter: mm millimeter millimeters millimetre
    millimetres; mile: mi mile miles; yard: yard yards yd; foot: ft foot feet; inch: in inch inches;
    nautical_mile: nautical-mile nautical-miles; light_year: light-year light-years;
    kilogram: kg kgs kilo kilos kilogram kilograms kilogramme kilogrammes; gram: g gram grams gramme grammes;
    milligram: mg milligram milligrams; tonne: tonne tonnes metric-ton metric-tons metric-tonne metric-tonnes;
    pound: lb lbs pound pounds; ounce: oz ounce ounces;
    second: second seconds sec secs; millisecond: ms millisecond milliseconds; minute: minute minutes min mins;
    hour: hour hours hr hrs; day: day days; week: week weeks; fortnight: fortnight fortnights; month: month months;
    year: year years yr yrs; ten_years: decade decades; century: century centuries;
    liter: liter liters litre litres; milliliter: ml milliliter milliliters millilitre millilitres;
    gallon: gallon gallons; hectare: hectare hectares ha; acre: acre acres;
    kilometer**2: sqkm km² square-km square-kilometer square-kilometers square-kilometre square-kilometres;
    mile**2: square-mile square-miles sq-miles; meter**2: m² sqm square-meter square-meters square-metre square-metres;
    foot**2: square-foot square-feet sq-ft sqft;
    meter**3: m³ cubic-meter cubic-meters cubic-metre cubic-metres; foot**3: cubic-foot cubic-feet;
    watt: watt watts; kilowatt: kw kilowatt kilowatts; megawatt: mw megawatt megawatts; gigawatt: gw gigawatt gigawatts;
    kilowatt_hour: kwh kilowatt-hour kilowatt-hours; megawatt_hour: mwh megawatt-hour megawatt-hours;
    gigawatt_hour: gwh; volt: volt volts; ampere: amp amps; hertz: hz hertz; kilohertz: khz kilohertz;
    megahertz: mhz megahertz; gigahertz: ghz gigahertz;
    kilobyte: kb kilobyte kilobytes; megabyte: mb megabyte megabytes; gigabyte: gb gigabyte gigabytes;
    terabyte: tb terabyte terabytes;
    degC: °c celsius degrees-celsius degrees-centigrade; degF: °f fahrenheit degrees-fahrenheit"""
)
"""Unit word, lower case with hyphens for spaces -> its name in pint; words that mean two units are left out."""
RATES = {
    "mph": "miles per hour", "kph": "km per hour", "kmh": "km per hour", "km/h": "km per hour",
    "mpg": "miles per gallon", "m/s": "metres per second", "bpd": "barrels per day", "fps": "frames per second",
    "knot": "nautical miles per hour", "knots": "nautical miles per hour",
}  # fmt: skip
_SHARES = {"percent": 0.01, "share": 1.0}
_POINTS = {"percentage points": 1.0, "basis points": 0.01}

_PLURALS = {
    "people": "person", "men": "man", "women": "woman", "children": "child", "feet": "foot", "lives": "life",
    "geese": "goose", "teeth": "tooth", "wives": "wife", "knives": "knife", "wolves": "wolf", "movies": "movie",
}  # fmt: skip
_ROUNDED = 0.05
"""A round number may stand for others this far from it, as a share of itself, however many noughts it has."""
_ABOUT = 0.1
"""And one that is said to be approximate, this far."""
_COUNTED_EXACTLY = 100
"""Fewer things than this are counted, not rounded."""


class Quantity(NamedTuple):
    """What a figure leaves possible, in base units of its kind; equal kinds compare."""

    kind: str
    """A dimension, a currency or the singular of what is counted; a rate joins two with "/"."""
    low: float
    high: float
    slack: float
    """How far the number may be off because of how it is rounded."""


@lru_cache(maxsize=65_536)
def normal(figure: Figure) -> Quantity | None:
    """The figure in base units; None for dates, scores, vague numbers and those that count nothing named."""
    if figure.value is None or not figure.unit or figure.unit in ("date", "time", "score"):
        return None
    scale, shift, kind = _base(figure.unit)
    ends = (figure.value, figure.value if figure.high is None else figure.high)
    low, high = sorted(end * scale + shift for end in ends)
    if not (math.isfinite(low) and math.isfinite(high)):
        return None
    slack = scale * max(_slack(end, about=figure.bound is Bound.ABOUT, counted=kind.startswith("#")) for end in ends)
    if figure.bound is Bound.AT_LEAST:
        high = math.inf
    elif figure.bound is Bound.AT_MOST:
        low = -math.inf
    return Quantity(kind, low, high, slack)


def agree(a: Figure, b: Figure) -> bool | None:
    """Whether both can be true, given bounds, ranges and rounding as written; None when they do not compare."""
    if a.unit == b.unit == "score" and None not in (a.value, a.high, b.value, b.high):
        return {a.value, a.high} == {b.value, b.high}  # the winner's goals may stand on either side
    one, other = normal(a), normal(b)
    if one is None or other is None or one.kind != other.kind:
        return None
    gap = max(one.low, other.low) - min(one.high, other.high)
    off = max(one.slack, other.slack)
    return gap <= off + 1e-9 * max(abs(end) for end in (*one[1:3], *other[1:3], 0.0) if math.isfinite(end))


def _slack(value: float, *, about: bool, counted: bool) -> float:
    """Half of the last place written, trailing noughts counting as rounded but not without end."""
    size = abs(value)
    if about:
        return size * _ABOUT
    if counted and size < _COUNTED_EXACTLY and size == int(size):
        return 0.0
    digits, _, exponent = f"{size:.11e}".partition("e")
    last = int(exponent) - len(digits.rstrip("0").rstrip(".").partition(".")[2])  # power of ten of the last digit
    written = 0.5 * 10.0 ** min(last, 0) if not counted or last < 0 else 0.0
    return max(written, min(0.5 * 10.0**last, size * _ROUNDED))


def _base(unit: str) -> tuple[float, float, str]:
    """Scale and shift into base units, and the kind; a kind that counts things starts with "#"."""
    words = " ".join(unit.split()).lower()
    over, _, under = RATES.get(words, words).partition(" per ")
    scale, shift, kind = _plain(over)
    if not under:
        return scale, shift, kind
    each, _, per = _plain(under)
    return scale / each, 0.0, f"{kind}/{per}"


def _plain(words: str) -> tuple[float, float, str]:
    """The same of a unit that is no rate."""
    if words in _SHARES or words.startswith("of "):
        return _SHARES.get(words, 1.0), 0.0, "share"
    if words in _POINTS:
        return _POINTS[words], 0.0, "percentage point"
    if words in _COINS:
        return 0.01, 0.0, _COINS[words]
    if words.upper() in CURRENCIES.values():
        return 1.0, 0.0, words.upper()
    if name := MEASURES.get(words.replace(" ", "-")):
        return _measure(name)
    return 1.0, 0.0, "#" + _singular(words)


def _singular(words: str) -> str:
    """What is counted, by its head: "former aides" -> "aide"; units with a modifier and joined nouns stay whole."""
    thing = words.partition(" of ")[0]
    head = thing.rpartition(" ")[2]
    if " and " in words or head in MEASURES or head in ("points", "point"):
        thing = words
    else:
        thing = head
    last = thing.rpartition(" ")[2]
    if last in _PLURALS:
        return thing.removesuffix(last) + _PLURALS[last]
    if last.endswith("men"):
        return thing[:-2] + "an"
    if last.endswith("children"):
        return thing[:-3]
    if last.endswith("ies") and len(last) > 4:
        return thing[:-3] + "y"
    if last.endswith(("sses", "shes", "ches", "xes", "zzes")):
        return thing[:-2]
    return thing[:-1] if last.endswith("s") and not last.endswith(("ss", "us", "is")) else thing


@lru_cache(maxsize=256)
def _measure(name: str) -> tuple[float, float, str]:
    """Scale, shift and base unit of one of `MEASURES`, never of words from a text: pint evaluates what it is given."""
    nought, one = (_registry().Quantity(value, name).to_base_units() for value in (0.0, 1.0))
    shift = float(nought.magnitude)
    return float(one.magnitude) - shift, shift, str(one.units)


@lru_cache(maxsize=1)
def _registry() -> UnitRegistry[float]:
    """The units that pint knows; half a second to load, so only where two figures first meet."""
    from pint import UnitRegistry

    registry: UnitRegistry[float] = UnitRegistry(cache_folder=None)
    registry.define("ten_years = 10 * year")  # its own "decade" is a ratio of ten
    return registry
