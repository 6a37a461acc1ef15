"""Articles that are related beyond the story: earlier episodes, and the same people elsewhere."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reader.model import StoryDoc
from reader.stories.episodes import ASKED, asked, episodes
from reader.stories.terms import terms

NOON = datetime(2026, 5, 10, 12, tzinfo=UTC)


def doc(id: str, title: str, text: str, *, days: float | None = 0) -> StoryDoc:
    """An article of so many days before noon."""
    return StoryDoc(id=id, title=title, text=text, published=None if days is None else NOON - timedelta(days=days))


NEW = doc(
    "new",
    "Orde tram depot burns again",
    "A fire broke out in the Orde tram depot on Sunday night, the second in a month. Ilse Brandt, who leads the tram "
    "company, said the wiring was to blame. Nobody was hurt at the depot.",
)
EARLIER = doc(
    "earlier",
    "Fire damages Orde tram depot",
    "Twelve trams were lost in a fire at the depot in Orde. Ilse Brandt of the tram company said the cause was not "
    "known.",
    days=24,
)
FARES = doc(
    "fares",
    "Tram fares to rise",
    "Tickets will cost more from June, Ilse Brandt told the council of Orde on Friday. She called the rise small.",
    days=1,
)
GOATS = doc(
    "goats",
    "Goats win prize at Skerra fair",
    "A farmer from Tolm took first prize with three goats at the fair in Skerra.",
    days=2,
)
OTHERS = (GOATS, FARES, EARLIER)


# --- related


def test_an_earlier_episode_comes_before_the_same_people_elsewhere_and_the_rest_is_left_out():
    assert [one.id for one in episodes(NEW, OTHERS)] == ["earlier", "fares"]


def test_the_reason_tells_how_much_earlier_and_what_both_name():
    earlier, fares = episodes(NEW, OTHERS)
    assert earlier.why == "24 days before: both name Orde and Ilse Brandt"
    assert fares.why.startswith("1 day before: both name ")


@pytest.mark.parametrize("days", [0.5, -3, None])
def test_what_is_not_a_day_earlier_has_no_days_in_its_reason(days):
    (one,) = episodes(NEW, [doc("other", EARLIER.title, EARLIER.text, days=days)])
    assert one.why == "both name Orde and Ilse Brandt"


def test_the_same_subject_is_no_relative_without_a_name_or_a_speaker_in_common():
    new = doc("new", "Why goats climb trees", "Goats climb trees because the best leaves grow where no sheep can go.")
    other = doc(
        "other", "Why goats climb walls", "Goats climb walls because the best leaves grow where no sheep can go."
    )
    assert episodes(new, [other]) == ()
    assert [one.id for one in episodes(new, [other], {"new": ["Ola Moe"], "other": ["Moe"]})] == ["other"]


def test_nothing_is_related_to_nothing():
    assert episodes(NEW, []) == ()
    assert episodes(doc("blank", "", ""), OTHERS) == ()
    assert episodes(NEW, [doc("blank", "", "")]) == ()


# --- speakers


def test_who_speaks_in_both_is_the_reason():
    speakers = {"new": ["Ilse Brandt", "Ola Moe"], "earlier": ["Brandt", "Mr Moe"], "fares": ["Ilse Brandt"]}
    assert [one.why for one in episodes(NEW, OTHERS, speakers)] == [
        "24 days before: Ilse Brandt and Ola Moe speak in both",
        "1 day before: Ilse Brandt speaks in both",
    ]


def test_another_of_the_same_surname_is_not_the_same_speaker():
    speakers = {"new": ["Ilse Brandt"], "earlier": ["Olaf Brandt"], "fares": ["Ilse Moe"]}
    assert episodes(NEW, OTHERS, speakers) == episodes(NEW, OTHERS)


def test_a_speaker_in_common_makes_an_article_more_related():
    (bare,) = episodes(NEW, [FARES])
    (spoken,) = episodes(NEW, [FARES], {"new": ["Ilse Brandt"], "fares": ["Ilse Brandt"]})
    assert spoken.score > bare.score


PEOPLE = st.lists(st.sampled_from(["Ilse Brandt", "Brandt", "Olaf Brandt", "Ola Moe", "Moe", ""]), max_size=3)
DOCS = st.builds(
    doc,
    st.uuids().map(str),
    st.sampled_from([one.title for one in (NEW, *OTHERS)]) | st.text(max_size=30),
    st.sampled_from([one.text for one in (NEW, *OTHERS)]) | st.text(st.characters(exclude_categories=()), max_size=60),
    days=st.none() | st.integers(-9, 900),
)


@settings(max_examples=60)
@given(DOCS, st.lists(DOCS, max_size=12), st.data())
def test_any_relatives_are_of_the_others_the_most_related_first(new, others, data):
    speakers = {one.id: data.draw(PEOPLE) for one in (new, *others)}
    found = episodes(new, others, speakers)
    ids = [one.id for one in found]
    assert len(ids) == len(set(ids))
    assert set(ids) <= {one.id for one in others}
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)
    assert all(0 < one.score <= 1 and one.why for one in found)
    assert found == episodes(new, others[::-1], speakers)


# --- what is asked for


def test_names_are_asked_for_before_words_that_are_as_rare():
    assert {"orde", "ilse", "brandt"} <= set(asked(NEW))
    found = asked(doc("a", "Heard today", "There the stevedores met Pontoon."))
    assert found.index("pontoon") < found.index("stevedore")
    found = asked(doc("a", "Heard today", "There the pontoon met Stevedore."))
    assert found.index("stevedore") < found.index("pontoon")


def test_rare_words_are_asked_for_before_common_ones():
    found = asked(doc("a", "The stevedores", "People near the house saw good work by stevedores with a pontoon."))
    assert set(found[:2]) == {"stevedore", "pontoon"}


def test_a_word_of_the_title_is_asked_for_before_its_like_in_the_text():
    found = asked(doc("a", "Pontoon", "The stevedores left."))
    assert found.index("pontoon") < found.index("stevedore")
    found = asked(doc("a", "Stevedores", "The pontoon left."))
    assert found.index("stevedore") < found.index("pontoon")


@given(DOCS)
def test_what_is_asked_for_are_single_terms_of_the_article_each_once(one):
    found = asked(one)
    assert len(found) <= ASKED
    assert len(found) == len(set(found))
    assert set(found) <= set(terms(one.title, one.text).counts)
    assert not [term for term in found if " " in term]
    assert bool(found) is bool(terms(one.title, one.text).counts)
