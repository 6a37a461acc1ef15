"""What orders an article's claims: facts and figures before courtesies and opinions."""

import json
from importlib.resources import files
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reader.claims.figures import find_figures
from reader.claims.worth import REASONS, features, worth
from reader.model import Bound, Figure, Quotation, Span

DATA = Path(str(files("reader.claims") / "data"))
WORTH = [
    "the plant released 14 tonnes of ammonia into the river in March",
    "unemployment in the province fell from 9 percent to 6.5 percent in two years",
    "the minister had known of the fault since 2019",
    "Larkfield Council paid the contractor £3.2 million for a bridge that was never built",
    "four of the five inspectors had worked for the company they inspected",
    "the vaccine cut hospital admissions among children by a third",
    "police arrested 31 people and charged two officers with assault",
    "the bank moved $80 million to accounts in Cyprus the day before it failed",
    "Senator Hale voted against the same bill three times",
    "the army shelled a school in Dromore, killing nine pupils",
    "rents in the capital have doubled since the law was passed",
    "no other country in the region spends less on hospitals",
    "Ortega Foods sold meat that it had labelled wrongly for six years",
    "the dam had not been inspected since it was opened in 1974",
    "the union's members had rejected the contract by 812 votes to 240",
]
NOT_WORTH = [
    "thank you all for coming tonight",
    "I am so proud of this team and of this town",
    "we will do whatever it takes to win",
    "it is a wonderful day for everybody here",
    "I think we can do better",
    "our thoughts are with the family",
    "what are we going to tell our children?",
    "you have to believe in yourself",
    "it could be a good season for us",
    "let's get back to work",
    "I feel sorry for him, I really do",
    "the right thing to do",
    "hope",
    "I love this place and I want to come back",
    "we should all be honest with one another",
]


def judged(text, quotation=Quotation.INDIRECT):
    return worth(text, find_figures(text), quotation)


def average_precision(scores, labels):
    ordered = [label for _, label in sorted(zip(scores, labels, strict=True), key=lambda pair: (-pair[0], pair[1]))]
    hits = [n for n, label in enumerate(ordered, 1) if label]
    return sum(i / n for i, n in enumerate(hits, 1)) / len(hits)


def test_facts_come_before_courtesies():
    texts = [*WORTH, *NOT_WORTH]
    labels = [True] * len(WORTH) + [False] * len(NOT_WORTH)
    assert average_precision([judged(text).score for text in texts], labels) >= 0.97


@pytest.mark.parametrize(
    ("more", "less"),
    [
        ("the mill emptied 40 tonnes of dye into the lake", "the mill emptied dye into the lake"),
        ("the tax rose to 12 percent", "the tax rose"),
        ("the company hid the report in May 2021", "the company hid the report"),
        ("the company hid the report", "did the company hide the report?"),
        ("the company hid the report", "the company will hide the report"),
        ("the board sacked Petra Lind and Omar Said", "the board sacked them"),
        ("the harvest failed", "I think the harvest is terrible"),
        ("the clinic closed", "thank you, the clinic closed"),
    ],
)
def test_one_thing_more(more, less):
    assert judged(more).score > judged(less).score


def test_a_quotation_comes_after_the_same_words_retold():
    text = "the tax rose to 12 percent"
    assert judged(text, Quotation.DIRECT).score < judged(text).score


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("the firm paid $3 million in fines", "gives money or shares"),
        ("the firm sank 40 ships in Port Ellis", "gives figures"),
        ("the bridge was closed", "about a past event"),
        ("is that so?", "a question"),
        ("thank you so much", "a courtesy"),
        ("it will be fine", "about the future"),
        ("I think it is a terrible shame", "an opinion"),
    ],
)
def test_reasons(text, reason):
    assert reason in judged(text).reasons


def test_money_is_not_told_twice():
    text = "it paid $3 million, $4 million and 30 percent"
    assert judged(text).reasons[0] == "gives money or shares"
    assert "gives figures" not in judged(text).reasons


def test_a_bare_small_number_is_no_figure():
    assert features("one of us, or two", find_figures("one of us, or two"), Quotation.INDIRECT)["counted"] == 0


def test_a_capital_that_opens_a_sentence_is_no_name():
    assert features("Rain fell. Snow followed.", (), Quotation.INDIRECT)["names"] == 0
    assert features("“Rain fell on Oslo.”", (), Quotation.DIRECT)["names"] > 0


def test_every_weight_has_its_feature():
    held = json.loads((DATA / "worth.json").read_text("utf-8"))
    names = list(features("", (), Quotation.INDIRECT))
    assert list(held["weights"]) == names
    assert set(REASONS) <= set(names)


FIGURES = st.builds(
    Figure,
    span=st.just(Span(0, 1)),
    value=st.none() | st.floats(),
    high=st.none() | st.floats(),
    unit=st.none() | st.sampled_from(["USD", "percent", "date", "time", "people", "of them", ""]),
    bound=st.sampled_from(Bound),
)


@given(st.text(max_size=400), st.lists(FIGURES, max_size=6), st.sampled_from(Quotation))
def test_any_claim_has_a_bounded_worth(text, figures, quotation):
    told = worth(text, figures, quotation)
    assert 0 <= told.score <= 1
    assert len(told.reasons) <= 2
    assert set(told.reasons) <= set(REASONS.values())
    assert told == worth(text, figures, quotation)
    assert all(0 <= value <= 1 for value in features(text, figures, quotation).values())
