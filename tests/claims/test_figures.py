"""Which numbers count, what they count and how they are bounded."""

import pytest

from reader.claims.figures import find_figures
from reader.model import Bound


def figures(text):
    return [(f.span.of(text), f.value, f.high, f.unit, f.bound.value) for f in find_figures(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("firing 36 shells at posts", ("36 shells", 36, None, "shells", "exact")),
        ("nearly 8,000 migrants left", ("8,000 migrants", 8000, None, "migrants", "about")),
        ("more than 1,200 people", ("1,200 people", 1200, None, "people", "at_least")),
        ("within twenty working days", ("twenty working days", 20, None, "working days", "at_most")),
        ("up to 40 minutes", ("40 minutes", 40, None, "minutes", "at_most")),
        ("no fewer than 12 ships", ("12 ships", 12, None, "ships", "at_least")),
        ("used 55 percent of it", ("55 percent", 55, None, "percent", "exact")),
        ("rose 3.38% on the day", ("3.38%", 3.38, None, "percent", "exact")),
        ("rates of 5 to 6 per cent", ("5 to 6 per cent", 5, 6, "percent", "range")),
        ("cost $4.2 million", ("$4.2 million", 4_200_000, None, "USD", "exact")),
        ("worth £3bn now", ("£3bn", 3e9, None, "GBP", "exact")),
        ("worth NZ $ 26 million", ("NZ $ 26 million", 26e6, None, "NZD", "exact")),
        ("over 422,000 euros in arrears", ("422,000 euros", 422_000, None, "EUR", "at_least")),
        ("two billion people", ("two billion people", 2e9, None, "people", "exact")),
        ("twenty-five ships sank", ("twenty-five ships", 25, None, "ships", "exact")),
        ("an 11-year lull", ("11-year", 11, None, "years", "exact")),
        ("their nine-month-old child", ("nine-month-old", 9, None, "months", "exact")),
        ("aged 8–10 years", ("8–10 years", 8, 10, "years", "range")),
        ("from ten to 32 pages", ("ten to 32 pages", 10, 32, "pages", "range")),
        ("one or two points", ("one or two points", 1, 2, "points", "range")),
        ("they won 3–1 at home", ("3–1", 3, 1, "score", "exact")),
        ("Thomas Sand, 42, was", ("42", 42, None, "years", "exact")),
        ("millions of artillery rounds and rockets from", ("millions of artillery rounds and rockets", None, None,
         "artillery rounds and rockets", "about")),
        ("on August 10 the", ("August 10", None, None, "date", "exact")),
        ("on 10 August 2015 the", ("10 August 2015", None, None, "date", "exact")),
        ("in July 2003", ("July 2003", None, None, "date", "exact")),
        ("since 1990", ("1990", None, None, "date", "exact")),
        ("a quarter of citizens", ("a quarter of citizens", 0.25, None, "of citizens", "exact")),
        ("almost half of all children", ("half", 0.5, None, None, "about")),
    ],
)  # fmt: skip
def test_figure(text, expected):
    (found,) = figures(text)
    assert found == expected


@pytest.mark.parametrize(
    "text",
    [
        "the first and the 2nd try",
        "Call 555-0199 now",
        "near posts 542 and 543",
        "It began at 10:30",
        "one of them, on the one hand",
        "Thursday, May 7, 2015",
        "room 101 was locked",
        "Boeing 747 and F-16",
        "he tried three times",
        "1" * 500,
        "number " + "million " * 50,
    ],
)
def test_no_figure(text):
    assert figures(text) == []


def test_a_number_that_makes_no_range_is_read_for_itself():
    text = "from 12 per cent in 2019 to 18 per cent"
    assert [words for words, *_ in figures(text)] == ["12 per cent", "2019", "18 per cent"]


def test_a_conversion_in_brackets_shares_its_bound():
    assert [bound for *_, bound in figures("about 500 miles (800 km) away")] == ["about", "about"]


def test_a_dateline_is_no_figure_but_the_text_after_it_is():
    assert figures("Thursday, May 7, 2015 On Tuesday 40 people met.") == [
        ("40 people", 40, None, "people", Bound.EXACT.value)
    ]
