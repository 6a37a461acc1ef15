"""Figures that can't both be true, and all that explains why two differ; through the whole of a story's ledger."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reader.claims.find import find
from reader.model import Telling
from reader.stories.ledger import ledger

NINE = datetime(2026, 5, 4, 9, tzinfo=UTC)
NOON, MIDNIGHT = NINE.replace(hour=12), NINE.replace(hour=0)
OUTLETS = ("The Orde Herald", "Skerra Tidings", "Vik Radio")

DEAD = "{} people died when the ferry Stella Vik sank off Skerra on Monday."
JOBS = "The port of Orde will close its shipyard with the loss of {} jobs."
DEAD_SAYS = "{} people died when the ferry Stella Vik sank off Skerra, {} said."
JOBS_SAYS = "The port of Orde will close its shipyard with the loss of {} jobs, {} said."
FELL = "The storm killed {} people in Orde{}."
QUAY = "The old quay at Orde is {} long."


def telling(at, text, published=NINE, outlet=None):
    outlet = outlet or OUTLETS[at]
    return Telling(
        id="abc"[at], title="", text=text, outlet=outlet, published=published, analysis=find(text, outlet=outlet)
    )


def told(*texts, at=(NINE, NINE, NINE), outlets=OUTLETS):
    """What is told of some articles' figures: which are in conflict or updated."""
    tellings = [telling(n, text, at[n], outlets[n]) for n, text in enumerate(texts)]
    text_of = {one.id: one.text for one in tellings}
    return [
        (
            "update" if clash.updated else "conflict",
            *(f"{id} {figure.span.of(text_of[id])}" for id, figure in (clash.one, clash.other)),
        )
        for clash in ledger(tellings).clashes
    ]


def told_both_ways(one, other):
    return told(one, other) + told(other, one)


def whys(*texts, at=(NINE, NINE)):
    return [clash.why for clash in ledger(telling(n, text, at[n]) for n, text in enumerate(texts)).clashes]


def verdicts(*texts, at=(NINE, NINE, NINE)):
    rows = ledger(telling(n, text, at[n]) for n, text in enumerate(texts)).rows
    return [{id: str(cell.verdict) for id, cell in row.cells.items()} for row in rows if len(row.cells) > 1]


# --- conflicts and updates


def test_two_figures_at_one_time_are_a_conflict():
    assert told(DEAD.format(12), DEAD.format(15)) == [("conflict", "a 12 people", "b 15 people")]


def test_what_is_worded_otherwise_is_a_conflict_too():
    other = "When the Stella Vik went down off Skerra on Monday, fifteen people died."
    assert told(DEAD.format(12), other) == [("conflict", "a 12 people", "b fifteen people")]


def test_one_figure_is_no_conflict():
    assert told(DEAD.format(12), DEAD.format("Twelve")) == []


def test_a_later_count_of_the_dead_is_an_update():
    assert told(DEAD.format(12), DEAD.format(15), at=(NINE, NOON)) == [("update", "a 12 people", "b 15 people")]


def test_the_earlier_article_comes_first_in_a_clash():
    assert told(DEAD.format(15), DEAD.format(12), at=(NOON, NINE)) == [("update", "b 12 people", "a 15 people")]


def test_within_an_hour_is_at_one_time():
    kinds = [
        [kind for kind, *_ in told(DEAD.format(12), DEAD.format(15), at=(NINE, NINE + timedelta(minutes=later)))]
        for later in (0, 59, 60)
    ]
    assert kinds == [["conflict"], ["conflict"], ["update"]]


@pytest.mark.parametrize(
    "counted",
    [
        "{} people were killed by the flood at Orde.",
        "{} people were injured by the flood at Orde.",
        "{} people are missing after the flood at Orde.",
        "{} people were rescued from the flood at Orde.",
        "Police in Orde have arrested {} people over the flood.",
        "The fire near Orde has burned {} hectares of forest.",
    ],
)
def test_what_is_counted_while_the_news_goes_on_is_updated(counted):
    clashes = told(counted.format(140), counted.format(310), at=(NINE, NOON))
    assert [kind for kind, *_ in clashes] == ["update"]


def test_of_what_does_not_grow_nothing_is_said_when_time_has_passed():
    assert told(JOBS.format(480), JOBS.format(640)) != []
    assert told(JOBS.format(480), JOBS.format(640), at=(NINE, NOON)) == []


def test_a_word_of_change_makes_the_later_figure_an_update():
    later = "The port of Orde will now close its shipyard with the loss of 640 jobs."
    assert told(JOBS.format(480), later, at=(NINE, NOON)) == [("update", "a 480 jobs", "b 640 jobs")]


def test_a_later_figure_of_the_same_source_is_an_update():
    texts = JOBS_SAYS.format(480, "the union"), JOBS_SAYS.format(640, "the union")
    assert told(*texts, at=(NINE, NOON)) == [("update", "a 480 jobs", "b 640 jobs")]


def test_two_sources_that_differ_over_what_does_not_grow_are_in_conflict_whenever_they_speak():
    texts = JOBS_SAYS.format(480, "the union"), JOBS_SAYS.format(640, "the ministry")
    for later in (NINE, NOON):
        assert told(*texts, at=(NINE, later)) == [("conflict", "a 480 jobs", "b 640 jobs")]


def test_of_two_sources_the_later_may_have_counted_on():
    texts = DEAD_SAYS.format(12, "the coastguard"), DEAD_SAYS.format(15, "the hospital")
    assert told(*texts, at=(NINE, NOON)) == [("update", "a 12 people", "b 15 people")]


def test_two_sources_are_in_conflict_where_the_later_article_still_gives_the_earlier_figure():
    later = f"{DEAD_SAYS.format(15, 'the hospital')} The coastguard still put the dead at 12 people."
    texts = DEAD_SAYS.format(12, "the coastguard"), later
    assert told(*texts, at=(NINE, NOON)) == [("conflict", "a 12 people", "b 15 people")]


def test_an_article_that_gives_both_figures_of_one_source_is_in_conflict_with_nobody():
    assert told(JOBS.format(480), f"{JOBS.format(640)} A first draft had 480 jobs.") == []
    assert told(f"{JOBS.format(480)} A first draft had 640 jobs.", JOBS.format(640)) == []


def test_an_outlet_is_not_in_conflict_with_itself():
    for outlets in (("Vik Radio", "Vik Radio"), ("The Orde Herald", "Orde Herald")):
        assert told(JOBS.format(480), JOBS.format(640), outlets=outlets) == []
        assert told(DEAD.format(12), DEAD.format(15), outlets=outlets) == []


def test_an_outlet_updates_itself():
    for texts in (
        (DEAD.format(12), DEAD.format(15)),
        (DEAD_SAYS.format(12, "the coastguard"), DEAD_SAYS.format(15, "the hospital")),
    ):
        clashes = told(*texts, at=(NINE, NOON), outlets=("Vik Radio", "Vik Radio"))
        assert clashes == [("update", "a 12 people", "b 15 people")]


@pytest.mark.parametrize("at", [(None, None), (NINE, None), (None, NINE)])
def test_of_what_grows_nothing_is_said_without_dates(at):
    assert told(DEAD.format(12), DEAD.format(15), at=at) == []


@pytest.mark.parametrize("at", [(MIDNIGHT, MIDNIGHT), (MIDNIGHT, NOON), (NOON, MIDNIGHT)])
def test_of_what_grows_nothing_is_said_on_a_date_without_an_hour(at):
    assert told(DEAD.format(12), DEAD.format(15), at=at) == []


def test_dates_without_hours_tell_one_day_from_the_next():
    clashes = told(DEAD.format(12), DEAD.format(15), at=(MIDNIGHT, MIDNIGHT + timedelta(days=1)))
    assert clashes == [("update", "a 12 people", "b 15 people")]


@pytest.mark.parametrize("at", [(None, None), (MIDNIGHT, MIDNIGHT)])
def test_what_does_not_grow_is_in_conflict_though_no_hour_is_known(at):
    assert told(JOBS.format(480), JOBS.format(640), at=at) == [("conflict", "a 480 jobs", "b 640 jobs")]


# --- who clashes, and how it is told


def test_a_pair_of_articles_clashes_once_over_a_kind_of_quantity():
    again = "The sinking of the ferry Stella Vik off Skerra killed {} people."
    texts = [f"{DEAD.format(count)}\n\n{again.format(count)}" for count in (12, 15)]
    assert told(*texts) == [("conflict", "a 12 people", "b 15 people")]


def test_all_that_give_a_figure_clash_with_what_clashes_with_it():
    third = "The sinking of the ferry Stella Vik off Skerra on Monday killed 12 people."
    assert sorted(told(DEAD.format(12), DEAD.format(15), third)) == [
        ("conflict", "a 12 people", "b 15 people"),
        ("conflict", "c 12 people", "b 15 people"),
    ]


def test_one_that_gives_a_figure_among_others_of_its_kind_does_not_clash_by_way_of_another():
    third = "The sinking of the ferry Stella Vik off Skerra on Monday killed 12 people and hurt 15 people."
    assert told(DEAD.format(12), DEAD.format(15), third) == [("conflict", "a 12 people", "b 15 people")]


def test_articles_in_conflict_differ_and_those_that_are_updated_do_not():
    texts = DEAD.format(12), DEAD.format(15)
    assert verdicts(*texts) == [{"a": "differs", "b": "differs"}]
    assert verdicts(*texts, at=(NINE, NOON)) == [{"a": "states", "b": "states"}]


def test_who_gives_which_figure_is_told():
    assert whys(DEAD.format(12), DEAD.format(15)) == [
        "12 people (The Orde Herald) and at the same time 15 people (Skerra Tidings)"
    ]
    assert whys(DEAD.format(12), DEAD.format(15), at=(NINE, NOON)) == ["12 people, later 15 people (Skerra Tidings)"]
    texts = JOBS_SAYS.format(480, "the union"), JOBS_SAYS.format(640, "the ministry")
    assert whys(*texts, at=(NINE, NOON)) == ["480 jobs (the union) against 640 jobs (the ministry)"]


# --- what explains a difference: bounds, roundings, units


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("At least 12", "15"),
        ("15", "At least 12"),
        ("More than 12", "At least 15"),
        ("12 to 20", "15"),
        ("12 or more", "15"),
    ],
)
def test_a_bound_that_leaves_room_is_no_conflict(one, other):
    assert told(DEAD.format(one), DEAD.format(other)) == []


def test_at_least_twelve_and_fifteen_dead_are_no_conflict():
    crash = "The ferry crash off Skerra killed at least 12 people.", "15 dead in the ferry crash off Skerra."
    assert told_both_ways(*crash) == []


@pytest.mark.parametrize(("one", "other"), [("At least 15", "12"), ("12 to 20", "30"), ("More than 30", "12")])
def test_a_bound_that_leaves_no_room_is_a_conflict(one, other):
    assert [kind for kind, *_ in told(DEAD.format(one), DEAD.format(other))] == ["conflict"]


@pytest.mark.parametrize("limit", ["Up to", "No more than", "Fewer than", "As many as"])
def test_a_limit_is_never_in_conflict(limit):
    for one, other in ((12, 15), (15, 12)):
        assert told(DEAD.format(f"{limit} {one}"), DEAD.format(other)) == []


@pytest.mark.parametrize(
    ("one", "other"),
    [("500,000", "514,000"), ("1.2 million", "1,180,000"), ("3,000", "2,950"), ("half a million", "514,000")],
)
def test_a_rounding_is_no_conflict(one, other):
    fled = "{} people have fled the fighting around Orde."
    assert told(fled.format(one), fled.format(other)) == []


def test_what_no_rounding_explains_is_a_conflict():
    fled = "{} people have fled the fighting around Orde."
    assert told(fled.format("500,000"), fled.format("614,000")) == [
        ("conflict", "a 500,000 people", "b 614,000 people")
    ]


def test_a_rough_figure_is_in_conflict_only_with_one_far_from_it():
    assert told_both_ways(JOBS.format("about 400"), JOBS.format(460)) == []
    assert told(JOBS.format(400), JOBS.format(460)) != []
    assert told(JOBS.format("about 400"), JOBS.format(500)) == [("conflict", "a 400 jobs", "b 500 jobs")]


FIRE = "The fire is {} from the village of Orde."
BURNED = "The fire burned {} of forest near Orde."
BASIN = "The water in the harbour of Orde was {} on Monday."


@pytest.mark.parametrize(
    ("text", "one", "other"),
    [
        (FIRE, "3 miles", "5 km"),
        (QUAY, "340 metres", "1,115 feet"),
        (BURNED, "3,400 hectares", "8,400 acres"),
        (BASIN, "12 degrees Celsius", "54 degrees Fahrenheit"),
    ],
)
def test_other_units_of_one_quantity_are_no_conflict(text, one, other):
    assert told(text.format(one), text.format(other)) == []


@pytest.mark.parametrize(
    ("text", "one", "other"),
    [
        (FIRE, "3 miles", "9 km"),
        (FIRE, "3 miles", "3 km"),
        (QUAY, "340 metres", "400 feet"),
        (BURNED, "3,400 hectares", "3,400 acres"),
    ],
)
def test_two_units_that_no_conversion_brings_together_are_a_conflict(text, one, other):
    assert told(text.format(one), text.format(other)) == [("conflict", f"a {one}", f"b {other}")]


def test_one_currency_is_not_set_against_another():
    debts = "The owner of the shipyard at Orde has debts of {}, its books show."
    assert told(debts.format("$40 million"), debts.format("€65 million")) == []
    assert told(debts.format("$40 million"), debts.format("$65 million")) != []


# --- what a figure counts


def test_a_share_is_not_set_against_a_count():
    voted = "{} voted for the new bridge at Orde."
    assert told(voted.format("62 per cent of the people"), voted.format("4,300 people")) == []
    assert told(voted.format("62 per cent of the people"), voted.format("48 per cent of the people")) != []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("The bridge at Orde opened on 4 May 2021.", "The bridge at Orde opened on 9 May 2021."),
        ("The bridge at Orde will open at 4 p.m.", "The bridge at Orde will open at 6 p.m."),
        ("The bridge at Orde was built in 1911.", "The bridge at Orde was built in 1923."),
    ],
)
def test_dates_and_hours_are_no_quantities(one, other):
    assert told(one, other) == []


AGES = (
    "The {}-year-old captain was taken to the hospital in Orde.",
    "The captain, aged {}, was taken to the hospital in Orde.",
    "The captain, Nils Falk, {}, was taken to the hospital in Orde.",
    "The captain, who is {} years old, was taken to the hospital in Orde.",
    "The captain died at the age of {} in the hospital in Orde.",
    "The captain died at {} years of age in the hospital in Orde.",
    "A {}-month-old boy was taken from the ferry to the hospital in Orde.",
)


@pytest.mark.parametrize("text", AGES)
def test_ages_never_clash(text):
    assert told(text.format(52), text.format(38)) == []
    assert told(text.format(52), text.format(38), at=(NINE, NOON)) == []


CREW = "The ferry Stella Vik sank off Skerra on Monday with its crew {}."


@pytest.mark.parametrize("brackets", ["({})", "[{}]"])
@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("12 people", "15 people"),
        ("about 120 people", "about 180 people"),
        ("some 12 people", "some 15 people"),
        ("just 12 people", "just 15 people"),
    ],
)
def test_figures_in_brackets_never_clash(brackets, one, other):
    assert told(CREW.format(f"of {one}"), CREW.format(f"of {other}")) != [], "without brackets they do"
    assert told(CREW.format(brackets.format(one)), CREW.format(brackets.format(other))) == []


@pytest.mark.parametrize(
    "listed",
    [
        "The storm killed 12 people in Orde and 4 people in Vik.",
        "The storm killed 12 people in Orde, 4 people in Vik and 3 people at sea.",
        "The storm killed 12 people in Orde, up from 4 people in the storm before.",
    ],
)
def test_of_a_list_of_a_kind_none_clashes(listed):
    for text in (FELL.format(15, ""), "The storm killed 15 people in Vik."):
        assert told_both_ways(listed, text) == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("{} people died in the storm at Orde.", "{} people were injured in the storm at Orde."),
        ("The storm at Orde killed {} people.", "The storm at Orde hurt {} people."),
        ("The storm at Orde killed {} people.", "The storm at Orde left {} people without homes."),
        ("The storm at Orde killed {} people and hurt many others.", "The storm at Orde hurt {} people."),
        ("Police arrested {} people at the harbour of Orde.", "Police freed {} people at the harbour of Orde."),
        ("The yard at Orde hired {} workers in spring.", "The yard at Orde dismissed {} workers in spring."),
        ("The yard at Orde made a profit of ${} million.", "The yard at Orde made a loss of ${} million."),
        ("The old quay at Orde is {} metres long.", "The old quay at Orde is {} metres wide."),
        ("The harbour at Orde is {} metres long.", "The harbour at Orde is {} metres deep."),
        ("Turnout in Orde was {} per cent.", "Unemployment in Orde was {} per cent."),
        ("Turnout in Orde rose by {} per cent.", "Turnout in Orde rose to {} per cent."),
    ],
)
def test_what_befalls_them_or_is_measured_must_be_the_same(one, other):
    assert told_both_ways(one.format(12), other.format(340)) == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (FELL.format(12, ""), "The storm killed 15 people in Skerra."),
        (QUAY.format("340 metres"), "The old quay at Vik is 500 metres long."),
        ("Turnout in Orde was 71 per cent.", "Turnout in Skerra was 64 per cent."),
    ],
)
def test_other_places_have_other_figures(one, other):
    assert told(one, other) == []


def test_a_figure_is_not_set_against_one_of_a_clause_that_is_denied():
    assert told(JOBS.format(480), "The port of Orde will not close its shipyard with the loss of 640 jobs.") == []


def test_what_stands_in_another_clause_does_not_count():
    homes = "The storm at Orde killed {} people while {} houses lost their roofs."
    assert told(homes.format(12, 400), homes.format(12, 900)) == [("conflict", "a 400 houses", "b 900 houses")]
    assert told(homes.format(12, 400), "The storm at Orde killed nobody while 12 houses lost their doors.") == []


# --- scopes


@pytest.mark.parametrize(
    "scope",
    ["today", "yesterday", "overnight", "so far", "in all", "altogether", "in total", "overall", "each day", "in a day",
     "last year", "this year", "this week", "to date", "since March", "nationwide", "on average", "in 2024"],
)  # fmt: skip
def test_a_figure_of_another_scope_is_no_conflict(scope):
    assert told_both_ways(FELL.format(120, ""), FELL.format(180, f" {scope}")) == []


@pytest.mark.parametrize(
    "scope", ["another", "an additional", "other", "only", "a record", "the first", "an average of", "an estimated"]
)
def test_a_figure_that_is_not_of_all_is_no_conflict(scope):
    assert told(FELL.format(120, ""), FELL.format(f"{scope} 180", "")) == []


def test_all_in_all_and_those_of_today_are_no_conflict():
    fever = "{} people have died of the fever in Orde {}."
    assert told(fever.format("62,000", "in all"), fever.format(25, "today")) == []


@pytest.mark.parametrize("scope", ["", " in all", " last year", " overnight"])
def test_figures_of_one_scope_are_in_conflict(scope):
    clashes = told(FELL.format(120, scope), FELL.format(180, scope))
    assert clashes == [("conflict", "a 120 people", "b 180 people")]


CUT = "The port has cut 640 jobs at Orde."
CUTS = "The port {} cut 480 jobs at Orde."


def test_what_is_counted_in_two_articles_is_in_conflict():
    assert told(CUTS.format("has"), CUT) == [("conflict", "a 480 jobs", "b 640 jobs")]


@pytest.mark.parametrize(
    "foreseen",
    ["is expected to", "expects to", "is forecast to", "is predicted to", "is projected to", "has planned to",
     "plans to", "is planning to", "hopes to", "intends to", "could", "might", "may", "is likely to", "is set to"],
)  # fmt: skip
def test_what_is_foreseen_is_not_set_against_what_is_counted(foreseen):
    assert told_both_ways(CUTS.format(foreseen), CUT) == []


@pytest.mark.parametrize(
    "foresees", ["expects", "forecasts", "predicts", "projects", "anticipates", "foresees", "plans", "hopes"]
)
def test_what_somebody_foresees_is_not_set_against_what_is_counted(foresees):
    text = f"The ministry {foresees} that 480 jobs will be lost at the port of Orde."
    counted = "The ministry says that 640 jobs have been lost at the port of Orde."
    assert told_both_ways(text, counted) == []


# --- any figures


@settings(max_examples=60)
@given(st.integers(2, 5_000), st.integers(2, 5_000), st.sampled_from([JOBS, DEAD]))
def test_clashes_are_the_same_whichever_article_is_given_first(one, other, text):
    tellings = [telling(0, text.format(one)), telling(1, text.format(other))]
    found = ledger(tellings).clashes
    assert ledger(tellings[::-1]).clashes == found
    assert {(clash.one[1].value, clash.other[1].value) for clash in found} <= {(one, other)}
    if one == other:
        assert not found
    if max(one, other) > 1.1 * min(one, other):
        assert [clash.updated for clash in found] == [False]


@pytest.mark.timeout(5)
def test_sentences_of_many_figures_are_lined_up_in_bounded_time():
    things = ("people", "ships", "houses", "trees", "boats", "cranes")
    table = " ".join(f"{at + 100} {things[at % 6]} and" for at in range(300))
    assert told(f"{table} more.", f"Not so: {table} more.") == []
