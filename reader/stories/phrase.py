"""A sentence as what can be compared: its words by stem, meaning and weight; and what two of them have in common."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz
from rapidfuzz.distance import LCSseq, Levenshtein

from reader.claims.lexicon import word_set
from reader.claims.numerals import ONES
from reader.claims.units import agree
from reader.model import Figure
from reader.stories import meaning

MOST = 120
"""Words of a sentence that are looked at."""
_TOKEN = re.compile(r"(?P<number>\d(?:[\d,.]*\d)?)|(?P<word>[^\W\d_]+(?:['’.&-](?=[^\W\d_])[^\W\d_]+)*)")
_NEGATIONS = word_set(
    """no not never nobody none nothing neither nor without cannot deny denies denied denying refuse refuses refused
    reject rejects rejected rejecting dispute disputes disputed fail fails failed unlikely false untrue hardly barely
    refute refuted"""
)
_ENDINGS = ("ings", "ing", "edly", "ies", "ied", "ed", "es", "s", "ly", "er", "ers", "ion", "ions", "ment", "al")
_CLITIC = re.compile(r"n['’]t$|['’](?:s|re|ve|ll|d|m)?$")
_ALIKE = 0.6
"""Cosine of two words from which one can stand for the other."""
_COMMON = 0.5
"""Rarity below which a word is a small one: articles, prepositions, auxiliaries."""
_EDGE = 4
"""Words at either end of a sentence, where its subject and its object stand."""
_LIGHT = 0.62
"""Rarity below which a word is one of the few hundred that stand everywhere."""

Floats = NDArray[np.float32]
_NONE = np.zeros(0, np.float32)


class Phrase(NamedTuple):
    """The words of a sentence in their order."""

    text: str
    words: tuple[str, ...]
    """In lower case, without possessive endings."""
    stems: NDArray[np.uint32]
    weights: Floats
    """How telling each word is, 0 to 1."""
    vectors: Floats
    """(words, 64), each of length one or all noughts."""
    whole: Floats
    """The sum of the weighed vectors, of length one."""
    named: NDArray[np.bool_]
    """Words that begin with a capital where no sentence starts."""
    numbers: frozenset[str]
    negated: int
    """How many words turn the sense."""
    pairs: frozenset[tuple[int, int]]
    triples: frozenset[tuple[int, int, int]]
    figures: tuple[Figure, ...]
    squares: Floats
    """The weights squared."""
    kinds: Floats
    """(5, words), 1 where a word is a name, a number, a small word, another one, one that tells and is no name."""


def reweighed(read: Phrase, weights: Floats) -> Phrase:
    """A phrase with other weights, and all that follows from them."""
    squares = weights**2
    light = weights < _COMMON
    numbers = np.array([word[0].isdigit() for word in read.words], bool)
    kinds = np.array([read.named, numbers, light, ~light & ~read.named, (weights >= _LIGHT) & ~read.named], np.float32)
    whole = meaning.of_length_one((read.vectors * squares[:, None]).sum(0))
    return read._replace(weights=weights, squares=squares, kinds=kinds, whole=whole)


def phrase(text: str, figures: Sequence[Figure] = ()) -> Phrase:
    """Read a sentence with the figures that were found in it."""
    known = meaning.shipped()
    words: list[str] = []
    named: list[bool] = []
    numbers: list[str] = []
    negated = 0
    for match in _TOKEN.finditer(text):
        written = match[0]
        low = written.casefold()
        negated += low in _NEGATIONS or low.endswith(("n't", "n’t"))
        low = _CLITIC.sub("", low) or low
        spelled = ONES.get(low, 0)
        if match["number"] or spelled > 1:  # "one" is as often no number
            low = str(spelled) if spelled > 1 else low.replace(",", "")
            numbers.append(low)
        words.append(low)
        starts = match.start() == 0 or text[: match.start()].rstrip(" \"“”'‘(")[-1:] in ("", ".", "!", "?", ":", "\n")
        named.append(written[0].isupper() and not starts)
        if len(words) == MOST:
            break
    rows = [known.row(word) for word in words]
    vectors = np.zeros((len(words), meaning.WIDTH), np.float32)
    there = [at for at, row in enumerate(rows) if row is not None]
    if there:
        found = known.vectors[[row for row in rows if row is not None]]
        vectors[there] = found / np.maximum(np.sqrt((found**2).sum(1, keepdims=True)), 1e-9)
    weights = np.array([known.rarity(word) for word in words], np.float32)
    stems = np.array([_stem(word) for word in words], np.uint32)
    order = stems.tolist()
    bare = Phrase(
        text=text,
        words=tuple(words),
        stems=stems,
        weights=weights,
        vectors=vectors,
        whole=_NONE,
        named=np.array(named, bool),
        numbers=frozenset(numbers),
        negated=negated,
        pairs=frozenset(pairwise(order)),
        triples=frozenset(zip(order, order[1:], order[2:], strict=False)),
        figures=tuple(figures),
        squares=_NONE,
        kinds=_NONE,
    )
    return reweighed(bare, weights)


@lru_cache(maxsize=65_536)
def _stem(word: str) -> int:
    """A word without its ending, as a number."""
    from zlib import crc32

    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            word = word[: -len(ending)]
            break
    return crc32(word.rstrip("e").encode("utf-8", "replace"))


class Meeting(NamedTuple):
    """How the words of two phrases meet."""

    one: Floats
    """For each word of the first, how well the likest word of the other stands for it, 0 to 1."""
    other: Floats
    """The same of the other's words."""


def meeting(a: Phrase, b: Phrase) -> Meeting:
    """Put the words of two phrases beside each other."""
    if not len(a.stems) or not len(b.stems):
        return Meeting(np.zeros(len(a.stems), np.float32), np.zeros(len(b.stems), np.float32))
    alike = np.clip(a.vectors @ b.vectors.T, 0, 0.95)
    alike[a.stems[:, None] == b.stems] = 1
    return Meeting(alike.max(1), alike.max(0))


_PAIRED = (
    *("weighed", "met", "name", "name_gone", "lost", "lost_next", "lost_all", "telling", "telling_share"),
    *("plain", "plain_met", "alone_weight", "alone_run", "alone_runs"),
    *(f"unmet_{what}" for what in ("names", "numbers", "light", "heavy", "first", "last")),
)
"""What is seen of each of two phrases."""
FEATURES = (
    *(f"{name}_{side}" for name in ("same", *_PAIRED, "pairs", "triples") for side in ("least", "most")),
    *("order", "order_short", "longer", "shorter", "shape"),
    *("numbers", "numbers_missing_least", "numbers_missing_most", "numbers_same", "negated", "met_both", "whole"),
    *("letters", "sorted", "set", "partial", "steps", "replaced", "left_out", "run"),
    *("figures_alone", "figures_apart", "shorter_by", "letters_most", "quoted"),
)


def features(a: Phrase, b: Phrase, met: Meeting | None = None) -> list[float]:
    """What two sentences have in common, in the order of FEATURES; the same whichever comes first."""
    if not len(a.stems) or not len(b.stems):
        return [0.0] * len(FEATURES)
    if b.text < a.text:  # so that it is the same whichever comes first, to the last step of an alignment
        a, b, met = b, a, Meeting(met.other, met.one) if met else None
    sides = [_side(read, how) for read, how in zip((a, b), met or meeting(a, b), strict=True)]
    found: list[float] = []
    for name in ("same", *_PAIRED):
        found += _sides(sides[0][name], sides[1][name])
    for mine, theirs in ((a.pairs, b.pairs), (a.triples, b.triples)):
        common = len(mine & theirs)
        found += _sides(common / max(len(mine), 1), common / max(len(theirs), 1))
    run = LCSseq.similarity(a.stems.tolist(), b.stems.tolist())
    long, short = max(len(a.stems), len(b.stems)), min(len(a.stems), len(b.stems))
    found += [run / long, run / short, float(long), float(short), short / long]
    left, right = len(a.numbers - b.numbers), len(b.numbers - a.numbers)
    found += [float(len(a.numbers & b.numbers)), *_sides(left, right), float(a.numbers == b.numbers)]
    found.append(float(bool(a.negated) != bool(b.negated)))
    found += [sides[0]["met"] * sides[1]["met"], float(a.whole @ b.whole)]
    return [*found, *_steps(a, b), *_figures(a, b)]


def _side(read: Phrase, how: Floats) -> dict[str, float]:
    """What is seen of one phrase beside another, in whose words its own are met as `how` says."""
    squares, same, gone = read.squares, how == 1, how < _ALIKE
    total = float(squares.sum()) or 1e-6
    names, numbers, light, heavy = (read.kinds[:4] @ gone).tolist()
    telling = squares * (read.kinds[4] + read.kinds[0])
    plain = squares * read.kinds[4]
    lost = np.sort((1 - how) * squares)
    heaviest, longest, runs = _alone(squares.tolist(), gone.tolist())
    return {
        "same": float(same.mean()),
        "weighed": float(squares[same].sum()) / total,
        "met": float(how @ squares) / total,
        "name": float((squares * read.kinds[0])[same].sum()),
        "name_gone": float((squares * read.kinds[0])[~same].sum()),
        "lost": float(lost[-1]),
        "lost_next": float(lost[-2]) if len(lost) > 1 else 0.0,
        "lost_all": float(lost.sum()),
        "telling": float(telling[~gone].sum()),
        "telling_share": float(telling[~gone].sum()) / (float(telling.sum()) or 1e-6),
        "plain": float(plain[~gone].sum()),
        "plain_met": float(how @ plain) / (float(plain.sum()) or 1e-6),
        "alone_weight": heaviest,
        "alone_run": longest,
        "alone_runs": runs,
        "unmet_names": names,
        "unmet_numbers": numbers,
        "unmet_light": light,
        "unmet_heavy": heavy,
        "unmet_first": float(gone[:_EDGE].sum()),
        "unmet_last": float(gone[-_EDGE:].sum()),
    }


def _alone(weights: Sequence[float], gone: Sequence[bool]) -> tuple[float, float, float]:
    """The heaviest run of words that only one has, by weight, the longest, and how many there are."""
    heaviest = weight = 0.0
    longest = length = runs = 0
    for at, is_gone in enumerate(gone):
        if is_gone:
            runs += not length
            length += 1
            weight += weights[at]
            heaviest, longest = max(heaviest, weight), max(longest, length)
        else:
            weight, length = 0.0, 0
    return heaviest, float(longest), float(runs)


def _steps(a: Phrase, b: Phrase) -> Iterator[float]:
    """How one sentence becomes the other, by letters and by words."""
    yield fuzz.ratio(a.text, b.text)
    yield fuzz.token_sort_ratio(a.text, b.text)
    yield fuzz.token_set_ratio(a.text, b.text)
    yield fuzz.partial_ratio(a.text, b.text)
    steps = Levenshtein.opcodes(a.stems.tolist(), b.stems.tolist())
    replaced = sum(step.tag == "replace" for step in steps)
    equal = [step.src_end - step.src_start for step in steps if step.tag == "equal"]
    yield from (
        float(len(steps)),
        float(replaced),
        float(len(steps) - replaced - len(equal)),
        float(max(equal, default=0)),
    )


def _figures(a: Phrase, b: Phrase) -> Iterator[float]:
    """The figures that only one has and those that another speaks against, and what the texts look like."""
    alone = apart = 0
    for figure in a.figures:
        told = [agree(figure, their) for their in b.figures]
        alone += not any(told)
        apart += not any(told) and False in told
    alone += sum(not any(agree(figure, their) for their in a.figures) for figure in b.figures)
    lengths = len(a.text), len(b.text)
    yield from (float(alone), float(apart), float(abs(lengths[0] - lengths[1])), float(max(lengths)))
    yield float(bool(a.text.count('"')) != bool(b.text.count('"')))


def _sides(one: float, other: float) -> list[float]:
    """Two numbers, the lesser first."""
    return [float(min(one, other)), float(max(one, other))]
