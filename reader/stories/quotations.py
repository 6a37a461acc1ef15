"""The same quotation in several articles: whole, trimmed or in other words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from rapidfuzz.distance import LCSseq

from reader.claims.segment import blocks, paragraphs
from reader.model import SameQuotation, Span, Telling
from reader.stories import meaning
from reader.stories.wording import words

_LEAST = 4
"""Words that two quotations share in their order when they are one; fewer are a phrase of the day."""
_MOSTLY = 0.7
"""The share of the shorter one's words that stands in the longer."""
_TELLING = 1.3
"""What the words in common must come to, by how rare each is: "I think it is" says nothing."""
_MOST = 200


class Quoted(NamedTuple):
    """A quotation of an article."""

    article: int
    span: Span
    words: tuple[str, ...]
    """In lower case."""


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


def _quotations(at: int, telling: Telling) -> Iterator[Quoted]:
    litter = set(telling.analysis.boilerplate)
    for paragraph in paragraphs(telling.text, [block for block in blocks(telling.text) if block not in litter]):
        for mark in paragraph.quotations:
            said = words(mark.span.of(telling.text))
            if len(said) >= _LEAST:
                yield Quoted(at, mark.span, said)


def _is_one(one: Sequence[str], other: Sequence[str]) -> bool:
    run = LCSseq.similarity(one, other)
    return run >= _LEAST and run >= _MOSTLY * min(len(one), len(other))
