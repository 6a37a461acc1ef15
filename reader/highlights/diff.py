"""What became of words: which of them were kept, which were taken out, and which were put in."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import StrEnum
from itertools import groupby
from typing import NamedTuple

_WORD = re.compile(r"\S+")
_ALIKE = str.maketrans("“”„«»‘’‚‐‑–—−", '"""""\'\'\'-----')
_MOST = 4_000
"""Words of either text, beyond which the differences are more than anybody reads."""


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

    old, new = _WORD.findall(before)[:_MOST], _WORD.findall(now)[:_MOST]
    parts: list[tuple[Became, Sequence[str]]] = []
    for step in Indel.opcodes([word.translate(_ALIKE) for word in old], [word.translate(_ALIKE) for word in new]):
        match step.tag:
            case "equal":
                parts.append((Became.KEPT, new[step.dest_start : step.dest_end]))
            case "delete":
                parts.append((Became.OUT, old[step.src_start : step.src_end]))
            case _:
                parts.append((Became.IN, new[step.dest_start : step.dest_end]))
    return tuple(_joined(parts))


def _joined(parts: Sequence[tuple[Became, Sequence[str]]]) -> list[Part]:
    """Between words that were kept, all that was taken out before all that was put in."""
    joined: list[Part] = []
    for kept, group in groupby(parts, key=lambda part: part[0] is Became.KEPT):
        run = list(group)
        for became in (Became.KEPT,) if kept else (Became.OUT, Became.IN):
            if words := [word for what, those in run if what is became for word in those]:
                joined.append(Part(became, " ".join(words)))
    return joined
