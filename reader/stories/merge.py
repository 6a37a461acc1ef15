"""Which story an article joins: small learned trees that weigh each of the likeliest.

What they see is plain: how like the article is to the story's nearest member and to all of it together, in words and in
what the words mean; the names, numbers and rare words they share; the days between; how large the story is, and how
much better than the next best. Learned from streams of news whose stories are known (`training.stories.merge`).
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources
from math import log, log1p, log2, sqrt
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from reader.stories.sketch import TERMS, Sketch, filled, is_set, numbers, shared
from reader.trees import Trees, trees

FEATURES = (
    *("nearest", "central", "three", "title", "title_central", "lead", "lead_central", "opening", "opening_central"),
    *("names", "names_share", "sure_names", "titles", "rarest", "terms", "numbers", "numbers_share"),
    *("gap", "story_gap", "size", "texts", "margin", "crowd", "seen", "length"),
)
ENOUGH, ENOUGH_OF_TITLES = 0.3, 0.2
"""The chance at which an article joins a story; of titles alone, which say less, less is asked."""
_LITTLE, _ELSEWHERE, _SURE = 0.17, 0.65, 0.7
"""Likeness of words, and of what the leads mean, below both of which so much is asked: two events of one town, say."""
AS_LIKELY = 0.15
"""Of stories whose chances are no further apart the largest is joined: what once was split does not split further."""
_COPY = 0.95
"""Likeness of words from which an article is a member's copy if it is of the same day, whatever else is seen."""
LARGE = 400
"""Members from which a story gets harder to join, so that none swallows the stream."""
LARGER = 0.4
"""What each doubling beyond that adds to the chance wanted."""
_CLOSE = 8
"""Members looked at one by one."""
_FAR = 10.0
"""Days that count as no more than this."""


class Candidate(NamedTuple):
    """A story that an article may join."""

    id: str
    slots: NDArray[np.int64]
    """Its members among the article's nearest, the nearest first."""
    members: NDArray[np.int64]
    """The slots of all its members."""
    known: float
    """The squared length of the sum of their terms."""


def joined(
    new: Sketch,
    idf: NDArray[np.float64],
    dots: NDArray[np.float64],
    rows: Sketch,
    candidates: Sequence[Candidate],
    trees: Trees,
) -> Candidate | None:
    """The story that an article joins, if any; `idf` is of its terms, `dots` and `rows` by slot."""
    if not candidates:
        return None
    seen = features(new, idf, dots, rows, candidates)
    told: list[float] = trees.chances(np.array(seen)).tolist()
    fitting = []
    for chance, candidate, row in zip(told, candidates, seen, strict=True):
        figures = dict(zip(FEATURES, row, strict=True))
        chance = 1.0 if figures["nearest"] >= _COPY and figures["gap"] < 1 else chance
        if chance >= _wanted(len(candidate.members), figures):
            fitting.append((chance, candidate))
    if not fitting:
        return None
    best = max(chance for chance, _ in fitting)
    near = [candidate for chance, candidate in fitting if chance >= best - AS_LIKELY]
    return max(near, key=lambda candidate: len(candidate.members))


def _wanted(size: int, seen: Mapping[str, float]) -> float:
    """The chance from which an article joins a story of that size."""
    if not seen["texts"]:
        least = ENOUGH_OF_TITLES
    elif seen["nearest"] < _LITTLE and seen["lead"] < _ELSEWHERE:
        least = _SURE
    else:
        least = ENOUGH
    return least + LARGER * log2(max(1.0, size / LARGE))


def features(
    new: Sketch,
    idf: NDArray[np.float64],
    dots: NDArray[np.float64],
    rows: Sketch,
    candidates: Sequence[Candidate],
) -> list[list[float]]:
    """What is seen of each candidate, in the order of FEATURES."""
    best = sorted((float(dots[candidate.slots[0]]) for candidate in candidates), reverse=True)
    near = sum(len(candidate.slots) for candidate in candidates)
    title, lead, opening = (new[part].astype(np.float32) for part in ("title", "lead", "opening"))
    own = numbers(new)
    found = []
    for candidate in candidates:
        slots = candidate.slots[:_CLOSE]
        nearest = float(dots[slots[0]])
        member = rows[slots[0]]
        at, there = shared(new, member)
        # In a title every word may have its capital, so that a name need not be sure to count.
        named = is_set(new["names"], at) & is_set(member["names"], there)
        sure = named & (is_set(new["sure"], at) | is_set(member["sure"], there))
        names = float(idf[at][named].sum())
        least = min(_sum_of_names(new, idf), float(idf[at].sum()) + 1e-9)
        theirs = numbers(member)
        members = candidate.members
        gaps = np.abs(rows["day"][candidate.slots] - new["day"])
        other = best[1] if nearest == best[0] and len(best) > 1 else best[0] if nearest != best[0] else 0.0
        found.append(
            [
                nearest,
                float(dots[members].sum()) / sqrt(max(candidate.known, 1e-9)),
                float(dots[slots[:3]].mean()),
                float((rows["title"][slots].astype(np.float32) @ title).max()) / 127**2,
                _central(rows["title"][members], title),
                float((rows["lead"][slots].astype(np.float32) @ lead).max()) / 127**2,
                _central(rows["lead"][members], lead),
                float((rows["opening"][slots].astype(np.float32) @ opening).max()) / 127**2,
                _central(rows["opening"][members], opening),
                names,
                names / least if least > 0 else -1.0,
                float(idf[at][sure].sum()),
                _titles(new, member, at, there),
                float(idf[at].max(initial=0)),
                float(len(at)),
                float(len(own & theirs)),
                len(own & theirs) / min(len(own), len(theirs)) if own and theirs else -1.0,
                _days(float(np.nanmin(gaps)) if not np.isnan(gaps).all() else None),
                _days(_since(rows["day"][members], float(new["day"]))),
                log(len(members)),
                float(new["has_text"] and member["has_text"]),
                nearest - other,
                len(candidate.slots) / near,
                len(candidate.slots) / len(members),
                log1p(filled(new)),
            ]
        )
    return found


@cache
def shipped() -> Trees:
    """The trees that come with the program."""
    return trees(json.loads(resources.files("reader.stories").joinpath("data/merge.json").read_bytes()), FEATURES)


def _titles(new: Sketch, member: Sketch, at: NDArray[np.intp], there: NDArray[np.intp]) -> float:
    """The cosine of the terms of two titles."""
    both = is_set(new["titled"], at) & is_set(member["titled"], there)
    common = float((new["weights"][at[both]].astype(np.float64) * member["weights"][there[both]]).sum())
    lengths = [
        float((row["weights"][is_set(row["titled"], np.arange(TERMS))].astype(np.float64) ** 2).sum())
        for row in (new, member)
    ]
    return common / sqrt(lengths[0] * lengths[1]) if all(lengths) else 0.0


def _sum_of_names(new: Sketch, idf: NDArray[np.float64]) -> float:
    return float(idf[is_set(new["names"], np.arange(filled(new)))].sum())


def _central(vectors: NDArray[np.int8], vector: NDArray[np.float32]) -> float:
    """The cosine of a vector with the sum of several."""
    total = vectors.sum(0, dtype=np.float32)
    length = float(np.sqrt(total @ total))
    return float(total @ vector) / (127 * length) if length else 0.0


def _since(days: NDArray[np.float32], day: float) -> float | None:
    """The days since the story's latest member."""
    known = days[~np.isnan(days)]
    return abs(day - float(known.max())) if len(known) and not np.isnan(day) else None


def _days(gap: float | None) -> float:
    """Days in halves, so that it is news cycles that count and not a stream's own clock; -1 where no date is known."""
    return -1.0 if gap is None else min(_FAR, int(2 * gap) / 2)
