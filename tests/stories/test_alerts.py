"""What new articles change in a story that is worth telling."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reader.claims.find import find
from reader.model import AlertRule, Cell, Clash, Figure, Ledger, Row, Span, Telling, Verdict
from reader.stories.alerts import alerts
from reader.stories.ledger import ledger

NOON = datetime(2026, 5, 10, 12, tzinfo=UTC)


def row(id: int, independent: int, **cells: tuple[int, int] | Verdict) -> Row:
    """A claim; each article has it in its first forty characters, or where or how it is said to."""
    return Row(
        id=id,
        independent=independent,
        cells={
            article: Cell(spans=(Span(0, 40),), verdict=how)
            if isinstance(how, Verdict)
            else Cell(spans=(Span(*how),), verdict=Verdict.STATES)
            for article, how in cells.items()
        },
    )


STATES, DENIES = Verdict.STATES, Verdict.DENIES
ALONE = Ledger(rows=(row(0, 1, a=STATES),))


def clash(one: str, other: str, *, updated: bool = False) -> Clash:
    figures = [Figure(span=Span(4, 13), value=value, unit="people") for value in (40.0, 60.0)]
    return Clash(row=0, one=(one, figures[0]), other=(other, figures[1]), updated=updated, why="40 people or 60 people")


def rooted(found: Ledger) -> Ledger:
    """Have every copy go back to the first of its group, as a ledger has it."""
    first = {id: group[0] for group in found.copies for id in group}
    rows = [
        replace(one, cells={id: replace(cell, root=cell.root or first.get(id, id)) for id, cell in one.cells.items()})
        for one in found.rows
    ]
    return replace(found, rows=tuple(rows))


def told(before: Ledger, after: Ledger) -> list[tuple[AlertRule, int, str]]:
    return [(alert.rule, alert.row, alert.article) for alert in alerts(rooted(before), rooted(after))]


# --- a second source


def test_a_claim_that_a_second_outlet_states_on_its_own():
    (alert,) = alerts(ALONE, Ledger(rows=(row(0, 2, a=STATES, b=STATES),)))
    assert alert == (AlertRule.SECOND_SOURCE, 0, "b", "a second independent source states it")


def test_a_copy_is_no_second_source():
    assert told(ALONE, Ledger(rows=(row(0, 1, a=STATES, b=STATES),), copies=(("a", "b"),))) == []


def test_a_third_source_is_no_second():
    before = Ledger(rows=(row(0, 2, a=STATES, b=STATES),))
    assert told(before, Ledger(rows=(row(0, 3, a=STATES, b=STATES, c=STATES),))) == []


def test_a_claim_that_nobody_made_before_has_no_second_source():
    after = Ledger(rows=(row(0, 2, b=STATES, c=STATES), row(1, 1, a=STATES)))
    assert told(ALONE, after) == []


def test_a_claim_is_known_again_by_its_place_whatever_its_row():
    before = Ledger(rows=(row(0, 2, a=(50, 90), b=(50, 90)), row(1, 1, a=(0, 40))))
    after = Ledger(rows=(row(0, 3, a=(50, 90), b=(50, 90), c=(50, 90)), row(1, 2, a=(10, 40), c=(0, 40))))
    assert told(before, after) == [(AlertRule.SECOND_SOURCE, 1, "c")]


@pytest.mark.parametrize(
    ("after", "copied"),
    [(row(0, 2, a=STATES, d=DENIES, c=STATES), ()), (row(0, 2, a=STATES, d=STATES, c=STATES), (("a", "d"),))],
    ids=["denied first", "copied first"],
)
def test_the_second_source_is_the_article_that_states_it_on_its_own(after, copied):
    found = told(ALONE, Ledger(rows=(after,), copies=copied))
    assert [one for one in found if one[0] is AlertRule.SECOND_SOURCE] == [(AlertRule.SECOND_SOURCE, 0, "c")]


# --- a denial


def test_a_claim_that_is_denied():
    (alert,) = alerts(ALONE, Ledger(rows=(row(0, 1, a=STATES, b=DENIES),)))
    assert alert == (AlertRule.DENIAL, 0, "b", "it is denied")


def test_a_denial_of_what_nobody_stated_before_is_not_told():
    assert told(Ledger(rows=(row(0, 1, z=STATES),)), Ledger(rows=(row(0, 1, a=STATES, b=DENIES),))) == []


def test_a_denial_that_was_there_is_not_told_again():
    before = Ledger(rows=(row(0, 1, a=STATES, b=DENIES),))
    assert told(before, Ledger(rows=(row(0, 1, a=STATES, b=DENIES, c=STATES),))) == []


# --- a conflict


def test_figures_that_cannot_both_be_true_with_why():
    (alert,) = alerts(ALONE, Ledger(rows=(row(0, 1, a=STATES, b=STATES),), clashes=(clash("a", "b"),)))
    assert alert == (AlertRule.CONFLICT, 0, "b", "40 people or 60 people")


def test_a_figure_that_replaces_another_is_no_conflict():
    after = Ledger(rows=(row(0, 1, a=STATES, b=STATES),), clashes=(clash("a", "b", updated=True),))
    assert told(ALONE, after) == []


def test_a_conflict_that_was_there_is_not_told_again():
    before = Ledger(rows=(row(0, 2, a=STATES, b=STATES),), clashes=(clash("a", "b"),))
    after = Ledger(rows=(row(0, 3, a=STATES, b=STATES, c=STATES),), clashes=(clash("a", "b"),))
    assert told(before, after) == []


# --- all of them

BEFORE = Ledger(rows=(row(0, 1, a=(0, 40)), row(1, 1, a=(50, 90)), row(2, 1, a=(100, 140))))
AFTER = Ledger(
    rows=(
        row(0, 2, a=(100, 140), b=(0, 40)),
        row(1, 1, a=(0, 40), c=DENIES),
        row(2, 1, a=(50, 90), b=(50, 90)),
    ),
    clashes=(replace(clash("a", "b"), row=2),),
)
ALL = [(AlertRule.SECOND_SOURCE, 0, "b"), (AlertRule.DENIAL, 1, "c"), (AlertRule.CONFLICT, 2, "b")]


def test_alerts_are_in_the_order_of_the_new_ledger():
    assert told(BEFORE, AFTER) == ALL


@given(st.sets(st.sampled_from(AlertRule)))
def test_only_what_is_asked_for_is_told(rules):
    assert [(one.rule, one.row, one.article) for one in alerts(BEFORE, AFTER, rules)] == [
        one for one in ALL if one[0] in rules
    ]


# --- real articles

TEXTS = {
    "courier": "The crane that fell into the harbour at Orde cost the board $4 million, Ilse Brandt said.\n\n"
    "The quay was closed to walkers.",
    "times": "Fishermen from Skerra sold nothing at the market this week.\n\nThe crane cost the board $4 million, "
    "according to the prosecutor, Ola Moe.\n\nHer office has searched nine rooms.",
    "post": "Nils Falk spoke to some listeners in Vorn on Wednesday.\n\nHe denied that the crane cost the board "
    "$4 million.\n\nSome of them whistled at him.",
    "herald": "Divers look for the cables, which will be sent to a laboratory abroad.\n\nThe crane that fell into the "
    "harbour at Orde cost the board $9 million, auditors in Tolm said.",
}


@cache
def of(ids: tuple[str, ...]) -> Ledger:
    return ledger(
        Telling(
            id=id,
            title="",
            text=TEXTS[id],
            outlet=f"Orde {id.title()}",
            published=NOON + timedelta(hours=list(TEXTS).index(id)),
            analysis=find(TEXTS[id]),
        )
        for id in ids
    )


@pytest.mark.parametrize(
    ("new", "rule"),
    [("times", AlertRule.SECOND_SOURCE), ("post", AlertRule.DENIAL), ("herald", AlertRule.CONFLICT)],
)
def test_what_a_new_article_changed_is_told(new, rule):
    (alert,) = alerts(of(("courier",)), of(("courier", new)))
    assert (alert.rule, alert.article) == (rule, new)


IDS = st.sets(st.sampled_from(sorted(TEXTS)), min_size=1).map(lambda ids: tuple(sorted(ids, key=list(TEXTS).index)))


@settings(max_examples=50)
@given(IDS, IDS)
def test_only_new_articles_are_named_and_nothing_is_told_twice(one, more):
    before, after = of(one), of(tuple(id for id in TEXTS if id in {*one, *more}))
    found = alerts(before, after)
    assert alerts(after, after) == ()
    assert len(found) == len(set(found))
    for alert in found:
        assert alert.article in set(more) - set(one)
        assert alert.article in {row.id: row.cells for row in after.rows}[alert.row]
        assert alert.why


def test_three_that_print_one_text_bring_no_second_source():
    copied = Ledger(rows=(row(0, 1, a=STATES, b=STATES, c=STATES),), copies=(("a", "b", "c"),))
    assert told(ALONE, copied) == []
    joined = Ledger(rows=(row(0, 2, a=STATES, b=STATES, c=STATES, d=STATES),), copies=(("a", "b", "c"),))
    assert told(ALONE, joined) == [(AlertRule.SECOND_SOURCE, 0, "d")]


def test_one_figure_against_those_of_several_articles_is_told_once():
    before = Ledger(rows=(row(0, 1, a=STATES, b=STATES),))
    after = Ledger(rows=(row(0, 1, a=STATES, b=STATES, c=STATES),), clashes=(clash("a", "c"), clash("b", "c")))
    assert told(before, after) == [(AlertRule.CONFLICT, 0, "c")]


def test_an_article_that_cites_one_that_was_there_is_not_the_second_source():
    cells = {id: Cell(spans=(Span(0, 40),), root=root) for id, root in (("a", "a"), ("x", "a"), ("y", "y"))}
    assert told(ALONE, Ledger(rows=(Row(id=0, cells=cells, independent=2),))) == [(AlertRule.SECOND_SOURCE, 0, "y")]
