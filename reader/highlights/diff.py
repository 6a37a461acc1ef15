"""What became of words: which of them were kept, which were taken out, and which were put in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from enum import StrEnum
from itertools import groupby
from typing import NamedTuple

from reader.highlights.spelling import pieces

_ALIKE = str.maketrans("“”„«»‘’‚‐‑–—−", '"""""\'\'\'-----')
_MOST = 4_000
"""Words of either text, beyond which the differences are more than anybody reads."""


_NEAR = 4
"""Words that may have changed for each that was kept, for the one text to be told from the other."""


class Became(StrEnum):
    """What became of words."""

    KEPT = "kept"
    OUT = "out"
    IN = "in"


class Part(NamedTuple):
    """Words in a row that the same became of."""

    became: Became
    words: str


def changes(before: str, now: str) -> tuple[Part, ...]:
    """The words of both texts in their order, those taken out before those put in for them.

    How marks are typeset makes no difference. Of texts that are very long only the beginnings are compared.
    """
    from rapidfuzz.distance import Indel

    old, new = pieces(before)[:_MOST], pieces(now)[:_MOST]
    parts: list[tuple[Became, Sequence[str]]] = []
    for step in Indel.opcodes([*map(_alike, old)], [*map(_alike, new)]):
        match step.tag:
            case "equal":
                parts.append((Became.KEPT, new[step.dest_start : step.dest_end]))
            case "delete":
                parts.append((Became.OUT, old[step.src_start : step.src_end]))
            case _:
                parts.append((Became.IN, new[step.dest_start : step.dest_end]))
    return tuple(_joined(parts))


def are_near(parts: Iterable[Part]) -> bool:
    """Whether enough words were kept for the others to be read as changes."""
    counts = Counter[bool]()
    for became, words in parts:
        counts[became is Became.KEPT] += len(pieces(words))
    return counts[True] > 0 and _NEAR * counts[True] >= counts[False]


def _alike(piece: str) -> str:
    return piece.strip().translate(_ALIKE)


def _joined(parts: Sequence[tuple[Became, Sequence[str]]]) -> list[Part]:
    """Between words that were kept, all that was taken out before all that was put in."""
    joined: list[Part] = []
    for kept, group in groupby(parts, key=lambda part: part[0] is Became.KEPT):
        run = list(group)
        for became in (Became.KEPT,) if kept else (Became.OUT, Became.IN):
            if words := "".join(word for what, those in run if what is became for word in those).split():
                joined.append(Part(became, " ".join(words)))
    return joined
