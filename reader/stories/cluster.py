"""Stories: articles that tell of the same event, found as they arrive.

An article is a sparse vector of TF-IDF weights (`sketch`). Those nearest to it by cosine, within some days, make its
candidates; small trees (`merge`) say how likely it tells the story of each, and it joins the likeliest or opens a story
of its own. Nothing later is looked at, so a story once told stays told. This is the single-pass clustering of topic
detection and tracking (Allan, Papka and Lavrenko 1998) with a learned decision.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain
from sys import intern
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from reader.model import Assignment, Related, StoryDoc
from reader.stories import merge
from reader.stories.index import Index
from reader.stories.sketch import Reading, Sketch, copied, filled, is_set, read, shared, sketch
from reader.stories.terms import Terms
from reader.stories.why import NEARLY_THE_SAME, why
from reader.trees import Trees

WINDOW = 10
"""Days beyond which articles are not compared."""
FADE = 2.5
"""Days after which a relative counts 1/e: the story may be the same, but news of it is another's."""
PRIOR = 100
"""Articles imagined before the first, so that weights are sane from the start; half had each short lower-case word."""
SHORT = 3
"""Letters of a short word: mostly articles and prepositions, whatever the language."""
FLOOR = 0.5
"""Added to each IDF, so that the words of a burst of news do not lose all weight."""

NEAREST = 48
"""Articles compared one by one."""
CANDIDATES = 8
"""Stories weighed."""
RELATED = 10
ALIKE = 0.15
"""Cosine, faded, from which an article of another story is related."""
RARE = 2.0
"""IDF from which a shared name is a reason: fewer than one article in seven has it."""
_LATEST = 15


class Kept(NamedTuple):
    """An article as it is kept from one run to the next."""

    id: str
    story: str
    number: int
    """Its place in the order of arrival, from 1 on without a gap."""
    sketch: bytes


class Stories:
    """Sorts articles into stories in the order they arrive.

    The same articles in the same order give the same stories, however they are batched. An id seen before keeps its
    story. The work an article takes is bounded, and so is the memory, however many came before (`index.REMEMBERED`).
    """

    def __init__(self, kept: Iterable[Kept] = (), *, trees: Trees | None = None) -> None:
        """Go on from `kept`, the articles from number `index.oldest` on, in the order of their numbers."""
        self._trees = trees or merge.shipped()
        self._ids: dict[int, str] = {}
        self._numbers: dict[str, int] = {}
        self._story: dict[int, str] = {}
        self._members: dict[str, list[int]] = {}
        given = iter(kept)
        first = next(given, None)
        self._index = Index(first.number if first else 1)
        if first:
            self._index.load(self._taken(one) for one in chain((first,), given))

    def add(self, doc: StoryDoc) -> Assignment:
        """Take in one article and say which story it tells."""
        if doc.id in self._numbers:
            return Assignment(id=doc.id, story=self._story[self._numbers[doc.id]])
        reading = read(doc)
        rare = self._idf(reading)
        row = sketch(doc, reading, _weights(reading.found, rare))
        by_hash = dict(zip(reading.hashes.tolist(), rare.tolist(), strict=True))
        idf = np.array([by_hash[hash] for hash in row["terms"][: filled(row)].tolist()])
        dots = self._index.dots(row)
        near = self._near(row, dots)
        story = self._choose(row, idf, dots, near) or doc.id
        related = self._related(row, idf, dots, near, reading.found, reading.hashes, story)
        members = self._slots(self._members.get(story, ()))
        row["known"] = dots[members].sum()
        self._remember(doc.id, story, row)
        return Assignment(id=doc.id, story=story, related=related)

    def kept(self, id: str) -> Kept:
        """An article that came, as it is to be kept."""
        number = self._numbers[id]
        return Kept(id, self._story[number], number, self._index.rows[self._index.slot(number)].tobytes())

    # --- weights ---

    def _idf(self, reading: Reading) -> NDArray[np.float64]:
        """The logarithm of how rare each term is among the articles remembered, the one at hand counted in."""
        found = reading.found
        prior = [PRIOR / 2 if len(term) <= SHORT and not found.names.get(term) else 0.0 for term in found.counts]
        frequencies = self._index.frequencies(reading.hashes) + 1 + np.array(prior)
        idf: NDArray[np.float64] = np.log((len(self._index) + 1 + PRIOR) / frequencies)
        return idf

    # --- candidates ---

    def _near(self, row: Sketch, dots: NDArray[np.float64]) -> NDArray[np.int64]:
        """The slots of the articles most like a new one, within the window of days; the most alike first."""
        slots = np.flatnonzero(dots > 0)
        apart = np.abs(self._index.days[slots] - self._day(row))
        slots = slots[~(apart > WINDOW)]  # a date that is missing fits
        if len(slots) > 4 * NEAREST:  # most share a common word and nothing else
            slots = slots[dots[slots] > np.partition(dots[slots], -4 * NEAREST)[-4 * NEAREST] - 1e-12]
        numbers = self._numbers_of(slots)
        order = np.lexsort((-numbers, -np.round(dots[slots], 9)))
        near: NDArray[np.int64] = slots[order[:NEAREST]]
        return near

    def _day(self, row: Sketch) -> float:
        """An article's day; without one that of the latest arrivals, their median, as dates may be wrong."""
        if not np.isnan(row["day"]):
            return float(row["day"])
        latest = range(max(self._index.first, self._index.next - _LATEST), self._index.next)
        days = self._index.days[self._slots(latest)]
        days = np.sort(days[~np.isnan(days)])
        return float(days[len(days) // 2]) if len(days) else float("nan")

    def _choose(
        self, row: Sketch, idf: NDArray[np.float64], dots: NDArray[np.float64], near: NDArray[np.int64]
    ) -> str | None:
        """The story that a new article joins, if any."""
        candidates = self._candidates(near)
        joined = merge.joined(row, idf, dots, self._index.rows, candidates, self._trees)
        return joined.id if joined else None

    def _candidates(self, near: NDArray[np.int64]) -> list[merge.Candidate]:
        """The stories of the nearest articles."""
        slots: dict[str, list[int]] = {}
        for slot, number in zip(near.tolist(), self._numbers_of(near).tolist(), strict=True):
            slots.setdefault(self._story[number], []).append(slot)
        found = []
        for story, theirs in list(slots.items())[:CANDIDATES]:
            members = self._slots(self._members[story])
            known = float(len(members) + 2 * self._index.rows["known"][members].sum())
            found.append(merge.Candidate(story, np.array(theirs), members, known))
        return found

    # --- relatives ---

    def _related(
        self,
        row: Sketch,
        idf: NDArray[np.float64],
        dots: NDArray[np.float64],
        near: NDArray[np.int64],
        found: Terms,
        hashes: NDArray[np.uint32],
        story: str,
    ) -> tuple[Related, ...]:
        apart = np.nan_to_num(np.abs(self._index.rows["day"][near] - row["day"]))
        alike = dots[near] * np.exp(-((apart / FADE) ** 2))
        written = dict(zip(hashes.tolist(), found.counts, strict=True))
        related = []
        for at in np.argsort(-alike, kind="stable"):
            number = int(self._numbers_of(near[at : at + 1])[0])
            if alike[at] < ALIKE and self._story[number] != story:
                continue
            reason = self._why(row, self._index.rows[near[at]], idf, written, found)
            related.append(Related(id=self._ids[number], score=round(min(1.0, float(alike[at])), 3), why=reason))
            if len(related) == RELATED:
                break
        return tuple(related)

    def _why(self, new: Sketch, other: Sketch, idf: NDArray[np.float64], written: dict[int, str], found: Terms) -> str:
        mine, theirs = shared(new, other)
        order = np.argsort(-(new["weights"][mine] * other["weights"][theirs]), kind="stable")
        mine, theirs = mine[order], theirs[order]
        is_name = (
            is_set(new["names"], mine)
            & is_set(other["names"], theirs)
            & (is_set(new["sure"], mine) | is_set(other["sure"], theirs))
            & (idf[mine] >= RARE)
        )
        terms = [written[hash] for hash in new["terms"][mine].tolist()]
        names = [term for term, name in zip(terms, is_name.tolist(), strict=True) if name]
        return why(terms, names, found.shown, copied=copied(new, other) >= NEARLY_THE_SAME)

    # --- memory ---

    def _taken(self, one: Kept) -> bytes:
        self._note(one.number, one.id, one.story)
        return one.sketch

    def _note(self, number: int, id: str, story: str) -> None:
        id, story = intern(id), intern(story)  # one string for the article that names a story and all its others
        self._ids[number], self._numbers[id], self._story[number] = id, number, story
        self._members.setdefault(story, []).append(number)

    def _remember(self, id: str, story: str, row: Sketch) -> None:
        number, forgotten = self._index.add(row)
        for old in forgotten:
            del self._numbers[self._ids.pop(old)]
            members = self._members[self._story.pop(old)]
            members.remove(old)
        if forgotten:
            self._members = {id: members for id, members in self._members.items() if members}
        self._note(number, id, story)

    def _slots(self, numbers: Iterable[int]) -> NDArray[np.int64]:
        slots: NDArray[np.int64] = np.fromiter(numbers, np.int64) % len(self._index.rows)
        return slots

    def _numbers_of(self, slots: NDArray[np.int64]) -> NDArray[np.int64]:
        """The numbers of arrival of what stands in some slots."""
        room = len(self._index.rows)
        first = self._index.first
        numbers: NDArray[np.int64] = first + (slots - first) % room
        return numbers


def _weights(found: Terms, idf: NDArray[np.float64]) -> NDArray[np.float64]:
    """(1 + log tf) · idf of each term."""
    counts = np.fromiter(found.counts.values(), float, len(found.counts))
    weights: NDArray[np.float64] = (1 + np.log(counts)) * (idf + FLOOR)
    return weights


def story_json(assignment: Assignment) -> dict[str, Any]:
    """An assignment as the JSON object that the command line prints."""
    return {
        "id": assignment.id,
        "story": assignment.story,
        "related": [{"id": other.id, "score": other.score, "why": other.why} for other in assignment.related],
    }
