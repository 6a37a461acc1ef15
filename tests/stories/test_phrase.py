"""A sentence as what can be compared, and what two of them have in common."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reader.claims.figures import find_figures
from reader.stories.phrase import FEATURES, MOST, features, meeting, phrase, reweighed

SENTENCES = (
    "The crane fell into the harbour at Orde on Monday.",
    "On Monday a crane fell into Orde's harbour.",
    "Nils Falk said 40 people were hurt, not 60.",
    "Between 30 and 50 people were hurt, and 12 people died.",
    "Nobody was hurt when the crane fell.",
    "“We don't know,” said Ilse Brandt, who didn't inspect it.",
    "The Orde Port Authority will pay $4.2 million by 2027.",
    "aa bb aa cc bb aa",
    "bb aa cc aa bb",
    "Der Kran fiel am Montag in das Hafenbecken von Orde.",
    "東京で震度5弱の地震があった。",
    "",
    "— … !",
)
TEXTS = (
    st.sampled_from(SENTENCES)
    | st.lists(st.sampled_from(" ".join(SENTENCES).split()), max_size=14).map(" ".join)
    | st.text(st.characters(exclude_categories=()), max_size=40)
)


def read(text):
    return phrase(text, find_figures(text))


def seen(one, other):
    return dict(zip(FEATURES, features(read(one), read(other)), strict=True))


# --- a phrase


def test_words_are_in_lower_case_without_possessive_endings():
    assert phrase("Orde's Crane, the board’s own, DIDN'T fall").words == (
        "orde", "crane", "the", "board", "own", "did", "fall"
    )  # fmt: skip


def test_numbers_are_read_in_figures_and_in_words():
    assert phrase("Six of 1,200 people and 4.5 tonnes").numbers == {"6", "1200", "4.5"}
    assert phrase("No one of them came").numbers == frozenset()


def test_names_begin_with_a_capital_where_no_sentence_starts():
    one = phrase("Divers went to Orde. Fishermen told Nils Falk: “Nobody came.”")
    assert [word for word, named in zip(one.words, one.named, strict=True) if named] == ["orde", "nils", "falk"]


@pytest.mark.parametrize(
    ("text", "negated"),
    [
        ("The crane fell.", 0),
        ("The crane did not fall.", 1),
        ("The crane didn’t fall.", 1),
        ("Nobody denied that it fell.", 2),
    ],
)
def test_words_that_turn_the_sense_are_counted(text, negated):
    assert phrase(text).negated == negated


def test_a_sentence_is_looked_at_so_far_and_no_further():
    assert len(phrase("crane " * (MOST - 1)).words) == MOST - 1
    assert len(phrase("crane " * (MOST + 50)).words) == MOST


def test_rare_words_weigh_more_than_small_ones():
    the, of, stevedores = phrase("the of stevedores").weights
    assert max(the, of) < stevedores <= 1


def is_one_or_nought(length):
    return length == 0 or length == pytest.approx(1, abs=1e-3)


@given(TEXTS)
def test_any_text_is_read_word_by_word(text):
    one = phrase(text)
    count = len(one.words)
    assert count <= MOST
    assert len(one.stems) == len(one.weights) == len(one.vectors) == len(one.named) == len(one.squares) == count
    assert one.kinds.shape == (5, count)
    assert all(0 <= weight <= 1 for weight in one.weights)
    assert all(word and word == word.casefold() for word in one.words)
    assert all(is_one_or_nought(float(np.linalg.norm(vector))) for vector in one.vectors)
    assert is_one_or_nought(float(np.linalg.norm(one.whole)))
    assert len(one.pairs) <= max(0, count - 1)
    assert len(one.triples) <= max(0, count - 2)


@given(TEXTS, st.floats(0, 1, width=16))
def test_other_weights_change_what_follows_from_them_and_nothing_else(text, weight):
    one = phrase(text)
    again = reweighed(one, np.full(len(one.words), weight, np.float32))
    assert again.squares == pytest.approx(np.full(len(one.words), weight**2))
    assert is_one_or_nought(float(np.linalg.norm(again.whole)))
    assert (again.text, again.words, again.numbers, again.pairs) == (one.text, one.words, one.numbers, one.pairs)
    back = reweighed(again, one.weights)
    assert np.array_equal(back.kinds, one.kinds)
    assert np.array_equal(back.whole, one.whole)


# --- two phrases


@given(TEXTS, TEXTS)
def test_how_words_meet_is_a_share_whichever_comes_first(one, other):
    met, back = meeting(phrase(one), phrase(other)), meeting(phrase(other), phrase(one))
    assert (len(met.one), len(met.other)) == (len(phrase(one).words), len(phrase(other).words))
    assert all(0 <= how <= 1 for side in met for how in side)
    assert met.one == pytest.approx(back.other, abs=1e-6)
    assert met.other == pytest.approx(back.one, abs=1e-6)


@given(TEXTS)
def test_each_word_meets_itself(text):
    assert [how for side in meeting(phrase(text), phrase(text)) for how in side] == [1] * 2 * len(phrase(text).words)


def test_a_word_is_met_by_its_forms_and_better_by_its_like_than_by_others():
    met = meeting(phrase("killed fishermen near cranes"), phrase("a crane kills"))
    assert (met.one[0], met.one[3]) == (1, 1)
    assert max(met.one[1:3]) < 1
    (like,), (unlike,) = (meeting(phrase("bread"), phrase(other)).one for other in ("loaf", "ministry"))
    assert unlike < like < 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("30 people were hurt", "40 people or 50 people were hurt"),
        ("Police arrested two men in Orde over the theft.", "Two men have been arrested in Orde by police for theft."),
        ("fell know into", "Authority 60 by fell On"),
        ("", "The crane fell."),
    ],
)
def test_features_of_two_sentences_are_the_same_whichever_comes_first(one, other):
    assert seen(one, other) == pytest.approx(seen(other, one), abs=1e-4)


@settings(max_examples=200)
@given(TEXTS, TEXTS)
def test_features_of_any_texts_are_the_same_whichever_comes_first(one, other):
    assert seen(one, other) == pytest.approx(seen(other, one), abs=1e-4)


SHARES = (
    *("same", "weighed", "met", "lost", "lost_next", "telling_share", "plain_met", "pairs", "triples"),
    *("order", "order_short", "shape", "numbers_same", "negated", "met_both", "quoted"),
)


@given(TEXTS, TEXTS)
def test_features_are_within_their_bounds(one, other):
    found = seen(one, other)
    assert len(found) == len(FEATURES)
    assert all(np.isfinite(value) for value in found.values())
    for name, value in found.items():
        if name.removesuffix("_least").removesuffix("_most") in SHARES:
            assert -1e-5 <= value <= 1 + 1e-5, name
        if name in ("letters", "sorted", "set", "partial"):
            assert 0 <= value <= 100, name
        if name.endswith("_most") and f"{name.removesuffix('_most')}_least" in found:
            assert value >= found[f"{name.removesuffix('_most')}_least"], name
        assert value >= (-1 - 1e-5 if name == "whole" else -1e-5), name


def test_no_feature_has_the_name_of_another():
    assert len(set(FEATURES)) == len(FEATURES)


@given(TEXTS)
def test_a_sentence_has_all_in_common_with_itself(text):
    found = seen(text, text)
    if not phrase(text).words:
        assert set(found.values()) == {0}
        return
    for name in ("same_least", "order", "order_short", "shape", "numbers_same"):
        assert found[name] == 1, name
    assert found["letters"] == found["sorted"] == 100
    for name in ("lost_all_most", "name_gone_most", "numbers_missing_most", "negated", "figures_apart", "shorter_by"):
        assert found[name] == pytest.approx(0, abs=1e-6), name


def test_what_sets_two_sentences_apart_is_seen():
    found = seen("40 people were hurt in Orde", "60 people were not hurt in Orde")
    assert found["negated"] == 1
    assert found["numbers"] == 0
    assert found["numbers_missing_most"] == 1
    assert found["figures_apart"] == 1
    assert found["same_least"] > 0.5
