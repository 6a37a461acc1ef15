"""Articles made of the same words: wire copy and reprints, found by the runs of words they share."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from reader.stories.sketch import RUN, hashed
from reader.stories.terms import words

ENOUGH = 0.3
"""Share of the shorter text's runs of five words that the other repeats; chance never gives as many, and at 0.1 a
story's common quotations chain articles that were written apart."""
_LEAST = 8
"""Runs of a text that can be told for a copy."""

Runs = NDArray[np.uint32]


def copies(texts: Sequence[str]) -> list[list[int]]:
    """Groups of texts that were copied from one another, each in the order given, of two or more."""
    held = [runs(text) for text in texts]
    group = list(range(len(texts)))

    def first(at: int) -> int:
        while group[at] != at:
            at = group[at]
        return at

    for a in range(len(held)):
        for b in range(a):
            if first(a) != first(b) and containment(held[a], held[b]) >= ENOUGH:
                low, high = sorted((first(a), first(b)))
                group[high] = low
    found: dict[int, list[int]] = {}
    for at in range(len(texts)):
        found.setdefault(first(at), []).append(at)
    return [members for members in found.values() if len(members) > 1]


def runs(text: str) -> Runs:
    """The hashes of a text's runs of five words, each once, in rising order."""
    sequence = words(text, len(text))
    hashes = [hashed(" ".join(sequence[at : at + RUN])) for at in range(len(sequence) - RUN + 1)]
    return np.unique(np.array(hashes, np.uint32))


def containment(one: Runs, other: Runs) -> float:
    """How much of the shorter text stands in the other, 0 to 1."""
    least = min(len(one), len(other))
    return len(np.intersect1d(one, other, assume_unique=True)) / least if least >= _LEAST else 0.0
