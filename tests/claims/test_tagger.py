"""What the tagger reads and makes of it: words and windows in order, the same answer whatever else is read."""

from functools import cache
from itertools import pairwise
from time import process_time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizers import Tokenizer

from reader.claims import tagger as module
from reader.claims.find import find
from reader.claims.segment import blocks
from reader.claims.tagger import LABELS, PIECES, laid_out, shipped
from reader.claims.words import SHAPES, STATES, Unit, read_units, states, windows
from reader.model import Span
from reader.text import clean

NEWS = (
    "The wall leaks, Ada Lund said on Monday. “We saw water,” she told reporters, “and nobody came.”\n\n"
    "According to the ministry, 36 people left. Officials denied that the dam's gates were open.\n\n"
    "Mr. Ode, 54, warned of “more rain”. The Coast Herald reported that he had written to the mayor twice."
)
MARKS = [
    "“",
    "”",
    '"',
    "'",
    "‘",
    "’",
    "«",
    "»",
    "„",
    ".",
    ",",
    "?",
    "he",
    "Lund",
    "İ",
    "players",
    "don't",
    "36",
    "é",
    "😀",
]


@cache
def tokenizer() -> Tokenizer:
    return shipped()._tokenizer


def units_of(text):
    return list(blocks(text))


def near(one, two):
    return np.allclose(one.astype(float), two.astype(float), atol=1e-2)


# --- words -----------------------------------------------------------------------------------------------------------


@given(st.lists(st.text(max_size=80).map(clean), max_size=4))
def test_words_lie_in_their_units_one_after_the_other(parts):
    text = "\n\n".join(parts)
    units = units_of(text)
    read = read_units(tokenizer(), text, units)
    assert len(read) == len(units)
    for span, unit in zip(units, read, strict=True):
        assert len(unit.firsts) == len(unit.spans) == len(unit.shapes) == len(unit.states)
        assert all(a < b for a, b in pairwise((*unit.firsts, len(unit.ids))))
        assert not unit.firsts or unit.firsts[0] == 0
        assert all(span.start <= start < end <= span.end for start, end in unit.spans)
        assert all(a.end <= b.start for a, b in pairwise(unit.spans))
        assert all(0 < shape < SHAPES for shape in unit.shapes)
        assert all(0 <= state < STATES for state in unit.states)


@given(st.lists(st.tuples(st.sampled_from(MARKS), st.booleans()), max_size=60))
def test_every_word_has_a_state_and_the_first_is_told_apart(drawn):
    words, spaced = [word for word, _ in drawn], [gap for _, gap in drawn]
    found = states(words, spaced)
    assert len(found) == len(words)
    assert all(state >= 4 for state in found[:1])
    assert all(0 <= state < 4 for state in found[1:])
    marks = {'"', "“", "”", "«", "»", "„"}
    assert all(state % 4 == 3 for word, state in zip(words, found, strict=True) if word in marks)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ('He said " no " .', [4, 0, 3, 1, 3, 0]),
        ("“ We saw ‘ it ’ ” .", [7, 1, 1, 3, 1, 3, 3, 0]),
        ("the players ’ coach", [4, 0, 0, 0]),
        ("“ left open", [7, 1, 1]),
    ],
)
def test_states(words, expected):
    words = words.split()
    assert states(words, [i > 0 for i in range(len(words))]) == expected


# --- windows ---------------------------------------------------------------------------------------------------------


@st.composite
def read(draw):
    """Units of words of one to four pieces, some of them longer than a window."""
    units = []
    for _ in range(draw(st.integers(0, 6))):
        sizes = draw(st.lists(st.integers(1, 4), max_size=60))
        firsts = [sum(sizes[:i]) for i in range(len(sizes))]
        shapes = [draw(st.sampled_from([1, 1, 2, 10])) for _ in sizes]
        spans = [Span(2 * i, 2 * i + 1) for i in range(len(sizes))]
        units.append(Unit([1000] * sum(sizes), firsts, spans, shapes, [0] * len(sizes)))
    return units


@given(read(), st.integers(4, 40))
def test_each_word_is_in_one_window_and_each_window_within_its_limit(units, limit):
    packed = windows(units, limit)
    held = [(s.unit, word) for window in packed for s in window for word in range(s.first, s.last)]
    assert held == [(u, word) for u, unit in enumerate(units) for word in range(len(unit.firsts))]
    for window in packed:
        assert window
        assert all(s.first < s.last for s in window)
        assert sum(module.pieces_of(units[s.unit], s)[1] for s in window) <= limit


@given(read(), st.integers(4, 40))
def test_a_window_is_laid_out_with_every_word_where_its_first_piece_stands(units, limit):
    for window in windows(units, limit):
        ids, shapes, found, firsts = (row[0] for row in laid_out(units, window))
        assert len(ids) == len(shapes) == len(found) <= limit + 2
        assert ids[0] == module.START
        assert ids[-1] == module.STOP
        assert shapes[0] == shapes[-1] == 0
        assert len(firsts) == sum(s.last - s.first for s in window)
        assert all(a < b for a, b in pairwise((0, *firsts, len(ids) - 1)))
        words = [units[s.unit].shapes[word] for s in window for word in range(s.first, s.last)]
        assert shapes[firsts].tolist() == words


# --- the model -------------------------------------------------------------------------------------------------------


def test_the_same_text_is_read_the_same_whatever_was_read_before():
    first = shipped().tag(NEWS, units_of(NEWS))
    shipped().tag("Something else.", [Span(0, 15)])
    again = shipped().tag(NEWS, units_of(NEWS))
    for one, two in zip(first, again, strict=True):
        assert np.array_equal(one, two)


def test_a_window_is_read_the_same_alone_and_among_others(monkeypatch):
    text = "\n\n".join(f"Paragraph {i}. {NEWS}" for i in range(12))
    units = units_of(text)
    whole = shipped().tag(text, units)
    monkeypatch.setattr(module, "_ABREAST", 1)
    apart = shipped().tag(text, units)
    assert np.array_equal(whole.labels, apart.labels)
    assert np.allclose(whole.chances, apart.chances, atol=1e-6)
    alone = windows(read_units(tokenizer(), text, units), PIECES - 2)[0]
    held = units[: alone[-1].unit + 1]
    one = shipped().tag(text, held)
    n = sum(s.last - s.first for s in alone)
    assert np.array_equal(one.asks[:n], whole.asks[:n])
    assert np.array_equal(one.labels[:n], whole.labels[:n])


def test_vectors_of_several_texts_are_those_of_each_alone():
    texts = [*NEWS.split("\n\n"), "", "No.", NEWS * 4]
    together = shipped().vectors(texts)
    for text, vector in zip(texts, together, strict=True):
        assert near(shipped().vectors([text])[0], vector)
    lengths = np.linalg.norm(together.astype(float), axis=1)
    assert np.allclose(lengths, [bool(text) for text in texts], atol=1e-2)


def test_like_sentences_are_near():
    one, two, other = (
        shipped()
        .vectors(["The dam broke and 36 people fled.", "Thirty-six fled as the dam burst.", "Shares of the bank rose."])
        .astype(float)
    )
    assert one @ two > one @ other


@given(
    st.lists(st.integers(1, 12), max_size=6),
    st.integers(0, 2**32 - 1),
)
def test_paths_are_the_likeliest_and_allowed_and_chances_sum_to_one(sizes, seed):
    tagger = shipped()
    ends = np.cumsum([0, *sizes]).tolist()
    scores = np.random.default_rng(seed).normal(size=(ends[-1], len(LABELS)), scale=3).astype(np.float32)
    labels, chances = tagger._decode(scores, ends)
    assert np.allclose(chances.sum(1), 1, atol=1e-5)
    for start, end in pairwise(ends):
        assert (
            worth(tagger, scores[start:end], labels[start:end])
            >= worth(tagger, scores[start:end], chances[start:end].argmax(1)) - 1e-4
        )
        for before, label in pairwise((0, *labels[start:end].tolist())):
            assert LABELS[label][0] != "I" or before in (label, label - 1)


def worth(tagger, scores, path):
    """The score of a path through one window."""
    if not len(path):
        return 0.0
    turns = sum(tagger._turns[a, b] for a, b in pairwise((*path, len(LABELS))))
    return tagger._begins[path[0]] + turns + sum(row[label] for row, label in zip(scores, path, strict=True))


@settings(max_examples=15)
@given(st.lists(st.sampled_from([*MARKS, "said", "that", "the wall leaks", "\n\n", " "]), max_size=400))
def test_any_text_is_read(parts):
    text = clean(" ".join(parts))
    tagged = shipped().tag(text, units_of(text))
    assert len(tagged.words) == len(tagged.labels) == len(tagged.chances) == tagged.units[-1]
    for before, label in pairwise((0, *tagged.labels.tolist())):
        assert LABELS[label][0] != "I" or before in (label, label - 1)


# --- speed -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("joint", ["\n\n", " "], ids=["paragraphs", "one paragraph"])
def test_four_times_the_text_takes_four_times_as_long(joint):
    """Processor time, and twice the room: a quadratic step would take sixteen times as long."""
    text = joint.join(NEWS.replace("\n\n", joint).replace("36", str(i)) for i in range(10, 50))
    find(NEWS)

    def seconds(whole):
        begun = process_time()
        find(whole)
        return process_time() - begun

    short = max(seconds(text[: len(text) // 4]) for _ in range(2))
    assert seconds(text) < 8 * short
