"""Where two wordings of one quotation part. Loads nothing heavy: the screen shows it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from rapidfuzz.distance import Indel

from reader.model import Span

WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")


class Difference(NamedTuple):
    """Where two quotations part: words of the one that are not in the other, or are others there."""

    one: Span
    other: Span


def words(text: str) -> tuple[str, ...]:
    """The words by which two wordings are compared: in lower case, with one kind of apostrophe."""
    return tuple(word.casefold().replace("’", "'") for word in WORD.findall(text))


def differences(one: str, other: str) -> tuple[Difference, ...]:
    """Where two quotations part, word by word; spans are of the two strings, empty where words are left out."""
    mine, theirs = list(WORD.finditer(one)), list(WORD.finditer(other))
    steps = Indel.opcodes(words(one), words(other))
    parted: list[list[int]] = []
    for step in steps:
        if step.tag == "equal":
            continue
        if parted and parted[-1][1] == step.src_start and parted[-1][3] == step.dest_start:
            parted[-1][1], parted[-1][3] = step.src_end, step.dest_end  # words replaced by others
        else:
            parted.append([step.src_start, step.src_end, step.dest_start, step.dest_end])
    return tuple(
        Difference(_span(mine, start, end, one), _span(theirs, other_start, other_end, other))
        for start, end, other_start, other_end in parted
    )


def _span(words: Sequence[re.Match[str]], start: int, end: int, text: str) -> Span:
    """The stretch of some words; of none, the place before the next."""
    if start == end:
        at = words[start].start() if start < len(words) else len(text)
        return Span(at, at)
    return Span(words[start].start(), words[end - 1].end())
