"""Texts made of the same words."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reader.stories.copies import ENOUGH, containment, copies, runs

WIRE = (
    "The fire brigade pumped forty tonnes of oil out of the basin at Orde by Monday evening and closed the quay to "
    "walkers until divers have looked at the wreck of the crane, which fell after its cables rusted through."
)
GOATS = (
    "A farmer from Tolm took first prize with three goats at the autumn fair in Skerra, where judges praised their "
    "coats, their horns and a temper that no other animal on the hill could match this year."
)
TRAMS = (
    "Twelve trams burned in the depot behind the station last night and the company asked passengers to walk, to cycle "
    "or to stay at home while its engineers search the blackened hall for the cause of the blaze."
)


# --- groups


@pytest.mark.parametrize(
    "copy",
    [
        WIRE,
        WIRE.upper(),
        f"By our own staff. {WIRE} The mayor was not to be reached.",
        WIRE.partition(" until ")[0],
        WIRE.replace("forty", "40").replace("wreck", "remains"),
    ],
    ids=["whole", "in capitals", "with words around it", "cut", "with words replaced"],
)
def test_a_copy_is_found_among_texts_of_others(copy):
    assert copies([GOATS, WIRE, TRAMS, copy]) == [[1, 3]]


@pytest.mark.parametrize(
    "texts",
    [
        [],
        [WIRE],
        [WIRE, GOATS, TRAMS],
        ["", ""],
        ["The quay is closed today", "The quay is closed today"],
        [WIRE, " ".join(sorted(WIRE.split()))],
    ],
    ids=["none", "one", "three hands", "no words", "too short to tell", "the words in another order"],
)
def test_what_was_written_apart_is_in_no_group(texts):
    assert copies(texts) == []


def test_a_common_quotation_does_not_make_two_texts_copies():
    quotation = " “The crane had not been inspected for six long years,” said Falk."
    assert 0 < containment(runs(WIRE + quotation), runs(GOATS + quotation)) < ENOUGH
    assert copies([WIRE + quotation, GOATS + quotation]) == []


def test_copies_of_a_copy_are_of_one_group():
    first, last = f"{WIRE} {GOATS}", f"{TRAMS} {GOATS}"
    assert copies([WIRE, TRAMS]) == []
    assert copies([WIRE, last, first]) == [[0, 1, 2]]


def test_groups_and_their_texts_are_in_the_order_given():
    assert copies([GOATS, WIRE, GOATS, TRAMS, WIRE, GOATS]) == [[0, 2, 5], [1, 4]]


def test_copies_are_found_in_a_script_without_spaces():
    text = "東京で震度五弱の地震があり、新幹線が一時運転を見合わせた。気象庁によると津波の心配はない。"
    other = "大阪の動物園で生まれたパンダの赤ちゃんの名前が決まった。来月から一般に公開される予定だ。"
    assert copies([text, other, f"速報。{text}"]) == [[0, 2]]


TEXTS = st.sampled_from([WIRE, GOATS, TRAMS, f"{WIRE} {GOATS}", "", "short"]) | st.text(
    st.characters(exclude_categories=()), max_size=80
)


@given(st.lists(TEXTS, max_size=7))
def test_groups_are_apart_and_hold_all_that_are_equal(texts):
    found = copies(texts)
    members = [at for group in found for at in group]
    assert len(members) == len(set(members))
    assert set(members) <= set(range(len(texts)))
    for group in found:
        assert len(group) >= 2
        assert group == sorted(group)
        for at in group:
            assert any(containment(runs(texts[at]), runs(texts[n])) >= ENOUGH for n in group if n != at)
    for text in {WIRE, GOATS, TRAMS}:
        same = {at for at, other in enumerate(texts) if other == text}
        assert len(same) < 2 or any(same <= set(group) for group in found)


# --- runs


@given(TEXTS)
def test_runs_are_each_once_in_rising_order(text):
    assert all(one < other for one, other in pairwise(runs(text).tolist()))


@pytest.mark.parametrize(("text", "count"), [("one two three four", 0), ("one two three four five", 1), (WIRE, 36)])
def test_a_run_is_five_words(text, count):
    assert len(runs(text)) == count


@given(TEXTS, TEXTS)
def test_containment_is_a_share_whichever_comes_first(one, other):
    share = containment(runs(one), runs(other))
    assert 0 <= share <= 1
    assert share == containment(runs(other), runs(one))


@given(TEXTS, TEXTS)
def test_what_stands_in_another_text_is_contained_in_it_whole(before, after):
    assert containment(runs(WIRE), runs(f"{before} {WIRE} {after}")) == 1


def test_half_of_a_text_is_half_contained():
    half = " ".join(WIRE.split()[:22])
    assert containment(runs(f"{half} {TRAMS}"), runs(WIRE)) == 18 / 36
