"""Which numbers count, what they count and how they are bounded."""

from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

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
        ("almost half of all children", ("half", 50, None, "percent", "about")),
        # money
        ("fined $1.5bn by", ("$1.5bn", 1.5e9, None, "USD", "exact")),
        ("raised £20m for", ("£20m", 20e6, None, "GBP", "exact")),
        ("a $250,000 fine", ("$250,000", 250_000, None, "USD", "exact")),
        ("worth US$40 now", ("US$40", 40, None, "USD", "exact")),
        ("paid Rs 5 crore for", ("Rs 5 crore", 5e7, None, "INR", "exact")),
        ("lost 1.2 trillion yen", ("1.2 trillion yen", 1.2e12, None, "JPY", "exact")),
        ("paying $3 a gallon", ("$3", 3, None, "USD per gallon", "exact")),
        ("made $54 million a year earlier", ("$54 million", 54e6, None, "USD", "exact")),
        ("between $5 million and $10 million", ("$5 million and $10 million", 5e6, 10e6, "USD", "range")),
        ("costs $5-10 million", ("$5-10 million", 5e6, 10e6, "USD", "range")),
        # how numbers are written
        ("about 2,50,000 voters", ("2,50,000 voters", 250_000, None, "voters", "about")),
        ("100 000 people", ("100 000 people", 100_000, None, "people", "exact")),
        ("some 3,5 percent", ("3,5 percent", 3.5, None, "percent", "about")),
        ("a dozen eggs", ("a dozen eggs", 12, None, "eggs", "exact")),
        ("half a million voters", ("half a million voters", 500_000, None, "voters", "exact")),
        ("two hundred and fifty thousand men", ("two hundred and fifty thousand men", 250_000, None, "men", "exact")),
        ("two and a half hours", ("two and a half hours", 2.5, None, "hours", "exact")),
        ("2½ years", ("2½ years", 2.5, None, "years", "exact")),
        ("minus 10 degrees Celsius", ("minus 10 degrees Celsius", -10, None, "degrees Celsius", "exact")),
        ("it was 31C outside", ("31C", 31, None, "degrees Celsius", "exact")),
        ("he is 6ft 3in tall", ("6ft 3in", 6.25, None, "feet", "exact")),
        ("it is 20km away", ("20km", 20, None, "km", "exact")),
        ("he ran 100m in heats", ("100m", 100, None, "m", "exact")),
        # ranges, shares, bounds
        ("between 5 and 10 people", ("5 and 10 people", 5, 10, "people", "range")),
        ("2 to 3 million people", ("2 to 3 million people", 2e6, 3e6, "people", "range")),
        ("growth of 5-10%", ("5-10%", 5, 10, "percent", "range")),
        ("between the ages of 22 and 25", ("22 and 25", 22, 25, "years", "range")),
        ("two-thirds of voters", ("two-thirds of voters", 0.6667, None, "of voters", "exact")),
        ("one in five women", ("one in five women", 0.2, None, "of women", "exact")),
        ("five out of ten", ("five out of ten", 0.5, None, "share", "exact")),
        ("up by 50 basis points", ("50 basis points", 50, None, "basis points", "exact")),
        ("12 percentage points", ("12 percentage points", 12, None, "percentage points", "exact")),
        ("20+ languages", ("20+ languages", 20, None, "languages", "at_least")),
        ("60 people or more", ("60 people", 60, None, "people", "at_least")),
        ("the row over the $640 million", ("$640 million", 640e6, None, "USD", "exact")),
        ("cost a lot over 10 years", ("10 years", 10, None, "years", "exact")),
        ("he served for over 10 years", ("10 years", 10, None, "years", "at_least")),
        ("at 60 miles per hour", ("60 miles per hour", 60, None, "miles per hour", "exact")),
        # what is counted
        ("two customs officials", ("two customs officials", 2, None, "customs officials", "exact")),
        ("three U.S. soldiers", ("three U.S. soldiers", 3, None, "U.S. soldiers", "exact")),
        ("killing at least 12 in Gaza", ("12", 12, None, None, "at_least")),
        ("the blast killed 14 and", ("14", 14, None, None, "exact")),
        ("the toll rose to 4,500.", ("4,500", 4500, None, None, "exact")),
        ("it rang nine times", ("nine times", 9, None, "times", "exact")),
        ("dozens were hurt", ("dozens", None, None, None, "about")),
        ("several hundred people", ("several hundred people", None, None, "people", "about")),
        ("the court ruled 5-4 against", ("5-4", 5, 4, "score", "exact")),
        # when
        ("it closed in September,", ("September", None, None, "date", "exact")),
        ("in spring 2020", ("spring 2020", None, None, "date", "exact")),
        ("an 1887 portrait", ("1887", None, None, "date", "exact")),
        ("the call came at 2.40am", ("2.40am", None, None, "time", "exact")),
        ("It began at 10:30", ("10:30", None, None, "time", "exact")),
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
        "one of them, on the one hand",
        "Thursday, May 7, 2015",
        "room 101 was locked",
        "Boeing 747 and F-16",
        "Boeing 737 jets, iPhone 15 models, Covid-19 cases and G7 nations",
        "under Article 5, Section 230 and Formula 1",
        "version 6.4.102 of it",
        "they may march on",
        "1. Read this",
        "a 401(k) plan",
        "a one-time offer",
        "his “Three Amigos” up front",
        "the first half of next year",
        "call 911 at once, or +49 40 890 85-433",
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


def test_years_are_two_dates_and_a_number_beside_a_date_is_its_own():
    assert [words for words, *_ in figures("between 2016 and 2021")] == ["2016", "2021"]
    assert [words for words, *_ in figures("on November 3—nine days before")] == ["November 3", "nine days"]


def test_a_change_is_two_figures():
    assert [words for words, *_ in figures("it fell from 30 to 20 percent")] == ["30", "20 percent"]


@given(st.text(max_size=200))
def test_spans_of_any_text_are_in_order_and_inside(text):
    ends = [0]
    for figure in find_figures(text):
        assert ends[-1] <= figure.span.start < figure.span.end <= len(text)
        ends.append(figure.span.end)


PIECES = st.sampled_from(
    ["5", "12,000", " ", " ", "-", "–", "$", "£", "million", "two", " and ", "half", " a ", "a hundred", "percent",
     "%", "people",
     "1.5", "½", "²", "٣",
     "bn", " to ", "May", "2019", "in ", " of ", "one", "dozens", "6ft", "2in", "m", "at least "]
)  # fmt: skip


@given(st.lists(PIECES, max_size=30).map("".join))
def test_spans_of_number_like_text(text):
    test_spans_of_any_text_are_in_order_and_inside.hypothesis.inner_test(text)


@pytest.mark.parametrize(
    "piece", ["1", "1,111,", "111 ", "5-", "twenty ", "two and ", "up from 5 to ", "May 5 ", "half a ", "1 of ", "6ft "]
)
def test_long_text_takes_no_longer_than_its_length(piece):
    def seconds(size):
        text = piece * (size // len(piece))
        start = perf_counter()
        find_figures(text)
        return perf_counter() - start

    seconds(1000)
    assert min(seconds(80_000) for _ in range(2)) < 0.05 + 10 * min(seconds(20_000) for _ in range(2))
