"""The same quotation in several articles: whole, trimmed or in other words, and where two of them part."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from rapidfuzz.distance import Indel, LCSseq

from reader.claims.segment import blocks, paragraphs
from reader.model import SameQuotation, Span, Telling
from reader.stories import meaning

_LEAST = 4
"""Words that two quotations share in their order when they are one; fewer are a phrase of the day."""
_MOSTLY = 0.7
"""The share of the shorter one's words that stands in the longer."""
_TELLING = 1.3
"""What the words in common must come to, by how rare each is: "I think it is" says nothing."""
_MOST = 200
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")


class Quoted(NamedTuple):
    """A quotation of an article."""

    article: int
    span: Span
    words: tuple[str, ...]
    """In lower case."""


class Difference(NamedTuple):
    """Where two quotations part: words of the one that are not in the other, or are others there."""

    one: Span
    other: Span


def shared_quotations(tellings: Sequence[Telling]) -> tuple[SameQuotation, ...]:
    """Each pair of articles' quotations that are one, in the order of the articles."""
    quoted = [one for at, telling in enumerate(tellings) for one in _quotations(at, telling)]
    holders: dict[str, list[int]] = {}
    for at, one in enumerate(quoted):
        for word in set(one.words):
            holders.setdefault(word, []).append(at)
    known = meaning.shipped()
    common: dict[tuple[int, int], float] = {}
    for word, places in holders.items():
        rare = known.rarity(word) ** 2
        if len(places) > _MOST:
            continue
        for n, a in enumerate(places):
            for b in places[n + 1 :]:
                if quoted[a].article != quoted[b].article:
                    common[a, b] = common.get((a, b), 0.0) + rare
    found = []
    for (a, b), weight in sorted(common.items()):
        one, other = quoted[a], quoted[b]
        if weight >= _TELLING and _is_one(one.words, other.words):
            found.append(
                SameQuotation(
                    one=(tellings[one.article].id, one.span),
                    other=(tellings[other.article].id, other.span),
                    same_words=one.words == other.words,
                )
            )
    return tuple(found)


def differences(one: str, other: str) -> tuple[Difference, ...]:
    """Where two quotations part, word by word; spans are of the two strings, empty where words are left out."""
    mine, theirs = list(_WORD.finditer(one)), list(_WORD.finditer(other))
    steps = Indel.opcodes([word[0].casefold() for word in mine], [word[0].casefold() for word in theirs])
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


def _quotations(at: int, telling: Telling) -> Iterator[Quoted]:
    litter = set(telling.analysis.boilerplate)
    for paragraph in paragraphs(telling.text, [block for block in blocks(telling.text) if block not in litter]):
        for mark in paragraph.quotations:
            words = tuple(word.casefold() for word in _WORD.findall(mark.span.of(telling.text)))
            if len(words) >= _LEAST:
                yield Quoted(at, mark.span, words)


def _is_one(one: Sequence[str], other: Sequence[str]) -> bool:
    run = LCSseq.similarity(one, other)
    return run >= _LEAST and run >= _MOSTLY * min(len(one), len(other))
