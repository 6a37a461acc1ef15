"""Labels to spans, spans against spans, and a model's words against a corpus's tokens."""

import pytest

from reader.model import Span
from training.claims.evaluate import _of_tokens
from training.claims.spans import agreement, spans_of


@pytest.mark.parametrize(
    ("labels", "spans"),
    [
        ("", set()),
        ("O O", set()),
        ("B-cue", {("cue", 0, 1)}),
        ("O B-source I-source O", {("source", 1, 3)}),
        ("B-cue B-cue", {("cue", 0, 1), ("cue", 1, 2)}),
        ("B-source I-cue", {("source", 0, 1), ("cue", 1, 2)}),
        ("I-content I-content O I-content", {("content", 0, 2), ("content", 3, 4)}),
        ("B-content I-content", {("content", 0, 2)}),
    ],
)
def test_spans_of_labels(labels, spans):
    assert spans_of(labels.split()) == spans


def test_what_is_equal_agrees_wholly():
    gold = [{("source", 0, 2), ("cue", 2, 3)}, {("content", 0, 9)}]
    told = agreement(gold, gold)
    assert all(score == 100 for kinds in told.values() for kind in kinds.values() for score in kind.values())


def test_equal_and_overlapping_are_told_apart():
    gold = [{("content", 0, 4), ("content", 6, 8)}]
    told = [{("content", 0, 4), ("content", 7, 9), ("content", 9, 10)}]
    assert agreement(gold, told)["content"] == {
        "exact": {"P": 33.33, "R": 50.0, "F1": 40.0},
        "overlap": {"P": 66.67, "R": 100.0, "F1": 80.0},
    }


def test_a_span_of_another_text_or_role_agrees_with_none():
    told = agreement([{("cue", 0, 2)}, set()], [{("source", 0, 2)}, {("cue", 0, 2)}])
    assert told["cue"]["overlap"] == {"P": 0.0, "R": 0.0, "F1": 0.0}
    assert told["content"]["exact"] == {"P": 0.0, "R": 0.0, "F1": 0.0}


def test_texts_are_compared_one_by_one():
    with pytest.raises(ValueError, match="shorter"):
        agreement([set(), set()], [set()])


def of_tokens(tokens, words, labels):
    return _of_tokens([Span(*t) for t in tokens], words, labels.split())


def test_a_word_cut_in_two_begins_once():
    # "U.S." is one token and four words; "don't" two tokens and three words
    labels = "B-source I-source I-source O B-cue I-cue I-cue"
    assert of_tokens([(0, 4), (5, 7), (7, 10)], [0, 1, 2, 3, 5, 8, 9], labels) == ["B-source", "B-cue", "I-cue"]


def test_two_tokens_of_one_word_make_one_span():
    assert of_tokens([(0, 3), (3, 6), (7, 9)], [0, 7], "B-content B-content") == ["B-content", "I-content", "B-content"]
    assert of_tokens([(0, 3), (3, 6)], [0], "O") == ["O", "O"]
