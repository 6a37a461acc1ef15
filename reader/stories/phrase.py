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
    return Phrase(
        text=text,
        words=tuple(words),
        stems=stems,
        weights=weights,
        vectors=vectors,
        whole=meaning.of_length_one((vectors * weights[:, None] ** 2).sum(0)),
        named=np.array(named, bool),
        numbers=frozenset(numbers),
        negated=negated,
        pairs=frozenset(pairwise(order)),
        triples=frozenset(zip(order, order[1:], order[2:], strict=False)),
        figures=tuple(figures),
    )


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


FEATURES = (
    *(f"{n}_{side}" for n in ("words", "pairs", "triples") for side in ("least", "most")),
    *("weighed_least", "weighed_most", "order", "order_short", "longer", "shorter", "shape"),
    *("numbers", "numbers_missing_least", "numbers_missing_most", "numbers_same"),
    *("names", "names_missing_least", "names_missing_most", "negated"),
    *("met_least", "met_most", "met_both", "whole"),
    *("missing_1_least", "missing_1_most", "missing_2_least", "missing_2_most", "missing_least", "missing_most"),
    *("telling", "telling_share", "plain", "plain_least", "plain_most"),
    *(f"alone_{what}_{side}" for what in ("weight", "run", "runs") for side in ("least", "most")),
    *(
        f"unmet_{what}_{side}"
        for what in ("names", "numbers", "light", "heavy", "first", "last")
        for side in ("least", "most")
    ),
    *("letters", "sorted", "set", "partial", "steps", "replaced", "left_out", "run"),
    *("figures_alone", "figures_apart", "shorter_by", "letters_most", "quoted"),
)


def features(a: Phrase, b: Phrase, met: Meeting | None = None) -> list[float]:
    """What two sentences have in common, in the order of FEATURES; the same whichever comes first."""
    if not len(a.stems) or not len(b.stems):
        return [0.0] * len(FEATURES)
    one, other = met or meeting(a, b)
    same_a, same_b = one == 1, other == 1
    found: list[float] = []
    found += _sides(float(same_a.mean()), float(same_b.mean()))
    for mine, theirs in ((a.pairs, b.pairs), (a.triples, b.triples)):
        common = len(mine & theirs)
        found += _sides(common / max(len(mine), 1), common / max(len(theirs), 1))
    wa, wb = a.weights**2, b.weights**2
    ta, tb = max(float(wa.sum()), 1e-6), max(float(wb.sum()), 1e-6)
    found += _sides(float(wa[same_a].sum()) / ta, float(wb[same_b].sum()) / tb)
    run = LCSseq.similarity(a.stems.tolist(), b.stems.tolist())
    long, short = max(len(a.stems), len(b.stems)), min(len(a.stems), len(b.stems))
    found += [run / long, run / short, float(long), float(short), short / long]
    left, right = len(a.numbers - b.numbers), len(b.numbers - a.numbers)
    found += [float(len(a.numbers & b.numbers)), *_sides(left, right), float(a.numbers == b.numbers)]
    found.append(float(wa[a.named & same_a].sum()))
    found += _sides(float(wa[a.named & ~same_a].sum()), float(wb[b.named & ~same_b].sum()))
    found.append(float(bool(a.negated) != bool(b.negated)))
    ma, mb = float((one * wa).sum()) / ta, float((other * wb).sum()) / tb
    found += [*_sides(ma, mb), ma * mb, float(a.whole @ b.whole)]
    lost_a, lost_b = np.sort((1 - one) * wa)[::-1], np.sort((1 - other) * wb)[::-1]
    found += _sides(float(lost_a[0]), float(lost_b[0]))
    found += _sides(float(lost_a[1]) if len(lost_a) > 1 else 0.0, float(lost_b[1]) if len(lost_b) > 1 else 0.0)
    found += _sides(float(lost_a.sum()), float(lost_b.sum()))
    heavy_a, heavy_b = a.weights >= _LIGHT, b.weights >= _LIGHT
    telling = float(wa[heavy_a & (one >= _ALIKE)].sum())
    found += [telling, telling / max(min(float(wa[heavy_a].sum()), float(wb[heavy_b].sum())), 1e-6)]
    # A name in common makes no claim: what is said of it has to be met, too.
    plain_a, plain_b = heavy_a & ~a.named, heavy_b & ~b.named
    said = float(wa[plain_a & (one >= _ALIKE)].sum())
    met_a, met_b = (
        float((how * w)[plain].sum()) / max(float(w[plain].sum()), 1e-6)
        for how, w, plain in ((one, wa, plain_a), (other, wb, plain_b))
    )
    return [*found, said, *_sides(met_a, met_b), *_unmet(a, b, one, other), *_steps(a, b), *_figures(a, b)]


def _unmet(a: Phrase, b: Phrase, one: Floats, other: Floats) -> Iterator[float]:
    """What words only one of two phrases has: in runs, of which kind, where."""
    missing = (one < _ALIKE, other < _ALIKE)
    for pair in zip(*(_alone(read, gone) for read, gone in zip((a, b), missing, strict=True)), strict=True):
        yield from _sides(*pair)
    kinds = []
    for read, gone in zip((a, b), missing, strict=True):
        light = read.weights < _COMMON
        numbers = np.array([word[0].isdigit() for word in read.words])
        heavy = ~light & ~read.named
        kinds.append([float((gone & kind).sum()) for kind in (read.named, numbers, light, heavy)])
        kinds[-1] += [float(gone[:_EDGE].sum()), float(gone[-_EDGE:].sum())]
    for pair in zip(*kinds, strict=True):
        yield from _sides(*pair)


def _alone(read: Phrase, gone: NDArray[np.bool_]) -> list[float]:
    """The heaviest run of words that only one has, by weight, the longest, and how many there are."""
    weights = (read.weights**2).tolist()
    heaviest = weight = 0.0
    longest = length = runs = 0
    for at, is_gone in enumerate(gone.tolist()):
        if is_gone:
            runs += not length
            length += 1
            weight += weights[at]
            heaviest, longest = max(heaviest, weight), max(longest, length)
        else:
            weight, length = 0.0, 0
    return [heaviest, float(longest), float(runs)]


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
