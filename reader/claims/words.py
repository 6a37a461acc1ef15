"""Words, their shapes and whether they stand in quotation marks: what the tagger reads beside the word pieces.

Training and reading share this module, so that the model meets in an article what it met in its lessons.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from reader.model import Span

if TYPE_CHECKING:
    from tokenizers import Tokenizer

SHAPES = 11
"""Number of shapes: 0 is for the pieces that are no word."""
STATES = 8
"""Number of states: outside, in double marks, in single marks, a mark itself; each plain or at a unit's start."""

_OPEN_CLOSE = {"“": 1, "”": -1, "«": 1, "»": -1, "„": 1}
_LONE = re.compile("[\ud800-\udfff]")
"""Halves of characters, which the tokenizer refuses."""
_REACH = 400
"""Words that a quotation left open is followed for, at most."""


class Unit(NamedTuple):
    """A paragraph as the tagger reads it: word pieces, and the words that they make."""

    ids: list[int]
    firsts: list[int]
    """For each word the place of its first piece in `ids`."""
    spans: list[Span]
    """For each word its span of the text."""
    shapes: list[int]
    states: list[int]


class Stretch(NamedTuple):
    """Words [first, last) of a unit, the part of it that one window holds."""

    unit: int
    first: int
    last: int


def read_units(tokenizer: Tokenizer, text: str, units: Sequence[Span]) -> list[Unit]:
    """Cut each unit of a text into word pieces and words; spans are of `text`."""
    text = _LONE.sub(" ", text)
    read = []
    for start, end in units:
        encoding = tokenizer.encode(text[start:end], add_special_tokens=False)  # a batch would start threads
        ids, of, offsets = encoding.ids, encoding.word_ids, encoding.offsets
        firsts = [piece for piece in range(len(ids)) if not piece or of[piece] != of[piece - 1]]
        ends = (offsets[first - 1][1] for first in (*firsts, len(ids))[1:])
        spans = [Span(start + offsets[first][0], start + end) for first, end in zip(firsts, ends, strict=True)]
        words = [text[s:e] for s, e in spans]
        spaced = [False, *(a.end < b.start for a, b in pairwise(spans))]
        read.append(Unit(ids, firsts, spans, [shape(w) for w in words], states(words, spaced)))
    return read


def shape(word: str) -> int:
    """How a word is written: lower, Capitalised, CAPITALS, one capital, digits, mixed, or which kind of mark."""
    if word.isalpha():
        if word.islower():
            return 1
        if len(word) == 1:
            return 4 if word.isupper() else 1
        if word.isupper():
            return 3
        return 2 if word[0].isupper() else 6
    if word.isdigit():
        return 5
    if len(word) == 1:
        if word in '"“”«»„':
            return 8
        if word in "'’‘`":
            return 9
        if word in ".!?…":
            return 10
        return 7
    return 6


def states(words: Sequence[str], spaced: Sequence[bool]) -> list[int]:
    """For each word whether it stands in quotation marks; `spaced` says where white space goes before it.

    0 outside, 1 in double marks, 2 in single ones, 3 a mark that opens or closes; 4 more at the first word. A quotation
    that is left open runs to the unit's end, as one does that the next paragraph continues.
    """
    found = [0] * len(words)
    double = single = False
    opened = 0
    for i, word in enumerate(words):
        if word == '"':
            double = not double
            opened = i
            found[i] = 3
        elif (turn := _OPEN_CLOSE.get(word)) is not None:
            double = turn > 0
            opened = i
            found[i] = 3
        elif word == "‘" or (word == "'" and not single and (i == 0 or spaced[i]) and _closes(words, spaced, i)):
            single = True
            found[i] = 3
        elif single and word in "'’" and (i + 1 == len(words) or spaced[i + 1] or not words[i + 1][0].isalpha()):
            single = False
            found[i] = 3
        else:
            if double and i - opened > _REACH:
                double = False
            found[i] = 1 if double else 2 if single else 0
    if found:
        found[0] += 4
    return found


def _closes(words: Sequence[str], spaced: Sequence[bool], at: int) -> bool:
    """Whether a straight single mark that could open a quotation is closed soon."""
    for i in range(at + 2, min(len(words), at + 60)):
        if (
            words[i] == "'"
            and not spaced[i]
            and (i + 1 == len(words) or spaced[i + 1] or not words[i + 1][0].isalpha())
        ):
            return True
    return False


def windows(units: Sequence[Unit], limit: int) -> list[list[Stretch]]:
    """Pack units into windows of at most `limit` pieces; a unit too long for one is cut where a sentence ends."""
    packed: list[list[Stretch]] = []
    room = 0
    for u, unit in enumerate(units):
        first, words = 0, len(unit.firsts)
        while first < words:
            last = _fit(unit, first, limit)
            size = (unit.firsts[last] if last < words else len(unit.ids)) - unit.firsts[first]
            if size > room:
                packed.append([])
                room = limit
            packed[-1].append(Stretch(u, first, last))
            room -= size
            first = last
    return packed


def _fit(unit: Unit, first: int, limit: int) -> int:
    """The word after the last one that fits a window that begins at word `first`."""
    start, words = unit.firsts[first], len(unit.firsts)
    if len(unit.ids) - start <= limit:
        return words
    last = max(first + 1, bisect_right(unit.firsts, start + limit) - 1)
    for end in range(last, first + (last - first) // 2, -1):
        if unit.shapes[end - 1] == 10:
            return end
    return last
