"""Which figures compare, and whether they can both be true."""

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reader.claims.figures import find_figures
from reader.claims.units import CURRENCIES, MEASURES, RATES, agree, normal
from reader.model import Bound, Figure, Span


def figure(value, unit, bound=Bound.EXACT, high=None):
    return Figure(span=Span(0, 1), value=value, high=high, unit=unit, bound=bound)


def read(words):
    (found,) = find_figures(words)
    return found


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("5 miles", "8 km", True),
        ("5 miles", "12 km", False),
        ("100 km", "62 miles", True),
        ("60 miles per hour", "97 km per hour", True),
        ("20 knots", "23 mph", True),
        ("6 feet 2 inches", "188 cm", True),
        ("86 degrees Fahrenheit", "30 degrees Celsius", True),
        ("two decades", "20 years", True),
        ("a quarter of citizens", "25 percent", True),
        ("one in five women", "30 percent", False),
        ("50 basis points", "0.5 percentage points", True),
        ("500,000 people", "514,000 people", True),
        ("2 million people", "2.3 million people", False),
        ("12 people", "14 people", False),
        ("30 soldiers", "31 soldiers", False),
        ("two former aides", "two aides", True),
        ("about 500 homes", "540 homes", True),
        ("at least 40 people", "55 people", True),
        ("at least 40 people", "35 people", False),
        ("up to 40 people", "35 people", True),
        ("between 5 and 10 ships", "7 ships", True),
        ("between 5 and 10 ships", "12 ships", False),
        ("25 percent", "26 percent", False),
        ("$4.2 million", "$4.15 million", True),
        ("$3 a gallon", "$0.79 a litre", True),
        ("won 3–1 at home", "lost 1–3 at home", True),
        ("won 3–1 at home", "won 3–2 at home", False),
        ("$5 million", "£5 million", None),
        ("5 miles", "5 hours", None),
        ("5 soldiers", "5 civilians", None),
        ("5 days", "5 working days", None),
        ("5 percent", "5 percentage points", None),
        ("100 tons", "100 tonnes", None),
        ("$3 a gallon", "$3 million", None),
        ("dozens of people", "24 people", None),
        ("killing at least 12 in Gaza", "12 people", None),
        ("on May 3, 2024", "on May 4, 2024", None),
    ],
)
def test_agree(one, other, expected):
    assert agree(read(one), read(other)) is expected
    assert agree(read(other), read(one)) is expected


def test_normal_is_in_base_units():
    assert normal(read("5 miles")).kind == normal(read("8 km")).kind == "meter"
    assert normal(read("5 miles")).low == pytest.approx(8046.72)
    assert normal(read("$3")).kind == "USD"
    assert normal(read("two former aides")).kind == "#aide"


UNITS = st.one_of(
    st.sampled_from(["people", "percent", "share", "score", "of citizens", *MEASURES, *RATES, *CURRENCIES.values()]),
    st.text(max_size=30),
    st.sampled_from(["__import__('os')", "1/0", "9**9**9", "[length]", "meter.__class__", "a per b per c", " per "]),
)
VALUES = st.one_of(st.none(), st.floats(), st.integers(-(10**9), 10**9).map(float))
FIGURES = st.builds(figure, VALUES, UNITS, st.sampled_from(Bound), VALUES)


@given(FIGURES, FIGURES)
def test_agreement_is_symmetric_and_never_raises(one, other):
    assert agree(one, other) is agree(other, one)


@given(st.floats(-1e12, 1e12), UNITS)
def test_an_exact_figure_agrees_with_itself(value, unit):
    one = figure(value, unit)
    assert agree(one, one) is (None if normal(one) is None else True)


@given(
    st.floats(0.01, 1e6),
    st.sampled_from([("mile", "km", 1.609344), ("kg", "g", 1000), ("hours", "minutes", 60),
                     ("acres", "m²", 4046.8564224)]),
)  # fmt: skip
def test_a_converted_measure_is_the_same_quantity(value, units):
    unit, other, factor = units
    assert normal(figure(value, unit)).low == pytest.approx(normal(figure(value * factor, other)).low, rel=1e-5)


def test_a_hostile_unit_is_a_noun_not_an_expression():
    assert normal(figure(1.0, "9**9**9")).kind == "#9**9**9"
    assert normal(figure(1.0, "a" + " per a" * 5000)).low == 1.0


def test_finding_figures_loads_no_pint():
    code = "import sys; from reader.claims.figures import find_figures as f; f('5 km'); sys.exit('pint' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)
