"""Stories: articles that tell of the same event, found as they arrive.

An article is a sparse vector of TF-IDF weights. It joins the story for which the mean of two cosines is highest, one
with the story's nearest member and one with the story's centroid, both fading with the days between; where none reaches
the threshold it opens a story of its own. Nothing later is looked at, so a story once told stays told. This is the
single-pass clustering of topic detection and tracking (Allan, Papka and Lavrenko 1998).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from heapq import nlargest
from math import exp, floor, log, log2, sqrt
from typing import Any

from reader.model import Assignment, Related, StoryDoc
from reader.stories.terms import OPENING, Terms, terms
from reader.stories.why import NEARLY_THE_SAME, containment, why

# Tried out on development streams of news: titles alone, openings, whole articles.
THRESHOLD = 0.15
"""Similarity that joins an article to a story."""
LARGE = 128
"""Members from which a story gets harder to join, so that none swallows the stream."""
LARGER = 0.05
"""What each doubling beyond that adds to the threshold."""
FADE = 2.5
"""Days after which similarity counts 1/e: the story may be the same, but news of it is another's."""
WINDOW = 10
"""Days beyond which articles are not compared."""

TERMS = 64
"""Terms kept of an article, the weightiest."""
PRIOR = 100
"""Articles imagined before the first, so that weights are sane from the start; half had each short lower-case word."""
SHORT = 3
"""Letters of a short word: mostly articles and prepositions, whatever the language."""
FLOOR = 0.5
"""Added to each IDF, so that the words of a burst of news do not lose all weight."""

POSTINGS = 64
"""Latest articles at least that a term leads to; what bounds the time an article takes."""
NEAREST = 32
"""Candidates compared in full."""
REMEMBERED = 20_000
"""Articles that can still be found; what bounds the memory."""

RELATED = 10
RARE = 2.0
"""IDF from which a shared name is a reason: fewer than one article in seven has it."""

_FIRST_FEEDS = datetime(1999, 1, 1)


@dataclass(slots=True)
class _Member:
    id: str
    story: str
    vector: dict[str, float]
    names: dict[str, bool]
    opening: str
    day: float | None
    window: int


@dataclass(slots=True)
class _Story:
    centroid: dict[str, float] = field(default_factory=dict)
    """The sum of the members' vectors."""
    square: float = 0.0
    """The centroid's squared length."""
    size: int = 0
    remembered: int = 0


class Stories:
    """Sorts articles into stories in the order they arrive.

    The same articles in the same order give the same stories, however they are batched. An id seen before keeps its
    story. The work an article takes is bounded, however many came before.
    """

    def __init__(self) -> None:
        self._seen = 0
        self._frequency: dict[str, int] = {}
        self._members: dict[int, _Member] = {}
        self._numbers: dict[str, int] = {}
        self._stories: dict[str, _Story] = {}
        # Window of days -> term -> numbers of members, in order of arrival.
        self._postings: dict[int, dict[str, list[int]]] = {}
        self._latest: deque[int] = deque(maxlen=15)

    def add(self, doc: StoryDoc, *, story: str | None = None) -> Assignment:
        """Take in one article and say which story it tells.

        With `story` the article is known to belong there and is only remembered; nothing related is looked for.
        """
        if doc.id in self._numbers:
            return Assignment(id=doc.id, story=self._members[self._numbers[doc.id]].story)
        found = terms(doc.title, doc.text)
        vector = self._weigh(found)
        day = _day(doc.published)
        member = _Member(
            id=doc.id,
            story=story if story is not None else doc.id,
            vector=vector,
            names={term: sure for term, sure in found.names.items() if term in vector},
            opening=doc.text[:OPENING],
            day=day,
            window=floor(day / WINDOW) if day is not None else self._usual_window(),
        )
        related: tuple[Related, ...] = ()
        if story is None:
            candidates = self._candidates(member)
            member.story = self._choose(member, candidates)
            related = self._related(member, candidates, found.shown)
        self._remember(member)
        return Assignment(id=doc.id, story=member.story, related=related)

    def _weigh(self, found: Terms) -> dict[str, float]:
        """Count the terms of a new article and weigh them: (1 + log tf) · idf, the weightiest kept, to length 1."""
        self._seen += 1
        weights: dict[str, float] = {}
        for term, count in found.counts.items():
            self._frequency[term] = self._frequency.get(term, 0) + 1
            prior = PRIOR / 2 if len(term) <= SHORT and term not in found.names else 0
            weights[term] = (1 + log(count)) * (self._idf(term, prior) + FLOOR)
        if len(weights) > TERMS:
            weights = dict(nlargest(TERMS, weights.items(), key=lambda weight: weight[1]))
        length = sqrt(sum(weight * weight for weight in weights.values()))
        return {term: weight / length for term, weight in weights.items()}

    def _idf(self, term: str, prior: float = 0) -> float:
        return log((self._seen + PRIOR) / (self._frequency[term] + prior))

    def _usual_window(self) -> int:
        """Where an article without a date belongs: with the latest arrivals; their median, as dates may be wrong."""
        latest = sorted(self._latest)
        return latest[len(latest) // 2] if latest else 0

    def _candidates(self, new: _Member) -> list[tuple[float, float, _Member]]:
        """The members most like `new`, as (similarity faded, fading, member), the most alike first."""
        overlap: dict[int, float] = {}
        for window in (new.window - 1, new.window, new.window + 1):
            if postings := self._postings.get(window):
                for term, weight in new.vector.items():
                    square = weight * weight
                    for number in postings.get(term, ()):
                        overlap[number] = overlap.get(number, 0.0) + square
        found = []
        for number in nlargest(NEAREST, overlap, key=overlap.__getitem__):
            member = self._members[number]
            fading = _fading(new.day, member.day)
            if fading > 0:
                found.append((_dot(new.vector, member.vector) * fading, fading, member))
        return sorted(found, key=lambda candidate: candidate[0], reverse=True)

    def _choose(self, new: _Member, candidates: list[tuple[float, float, _Member]]) -> str:
        """The story that `new` joins: one of the candidates', else its own."""
        nearest: dict[str, float] = {}
        fadings: dict[str, float] = {}
        for similarity, fading, member in candidates:
            nearest.setdefault(member.story, similarity)
            fadings[member.story] = max(fading, fadings.get(member.story, 0.0))
        best, chosen = 0.0, new.id
        for id_, similarity in nearest.items():
            story = self._stories[id_]
            central = _dot(new.vector, story.centroid) / sqrt(story.square) * fadings[id_]
            mean = (similarity + central) / 2
            if mean > best and mean >= THRESHOLD + LARGER * log2(max(1.0, story.size / LARGE)):
                best, chosen = mean, id_
        return chosen

    def _related(
        self, new: _Member, candidates: list[tuple[float, float, _Member]], shown: dict[str, str]
    ) -> tuple[Related, ...]:
        near = [(s, m) for s, _, m in candidates if s >= THRESHOLD or m.story == new.story]
        return tuple(
            Related(id=member.id, score=round(min(1.0, similarity), 3), why=self._why(new, member, shown))
            for similarity, member in near[:RELATED]
        )

    def _why(self, new: _Member, other: _Member, shown: dict[str, str]) -> str:
        shared = [term for term in new.vector if term in other.vector]
        shared.sort(key=lambda term: new.vector[term] * other.vector[term], reverse=True)
        names = [
            term
            for term in shared
            if term in new.names
            and term in other.names
            and (new.names[term] or other.names[term])
            and self._idf(term) >= RARE
        ]
        # Runs of words are costly to compare, and cannot agree where the words do not.
        alike = _dot(new.vector, other.vector) >= NEARLY_THE_SAME
        copied = alike and containment(new.opening, other.opening) >= NEARLY_THE_SAME
        return why(shared, names, shown, copied=copied)

    def _remember(self, new: _Member) -> None:
        number = self._seen
        self._members[number] = new
        self._numbers[new.id] = number
        if new.day is not None:
            self._latest.append(new.window)
        story = self._stories.setdefault(new.story, _Story())
        if new.vector:
            story.square += 1 + 2 * _dot(new.vector, story.centroid)
        story.size += 1
        story.remembered += 1
        postings = self._postings.setdefault(new.window, {})
        for term, weight in new.vector.items():
            story.centroid[term] = story.centroid.get(term, 0.0) + weight
            numbers = postings.setdefault(term, [])
            numbers.append(number)
            if len(numbers) > 2 * POSTINGS:
                del numbers[:POSTINGS]
        if number > REMEMBERED:
            self._forget(number - REMEMBERED)

    def _forget(self, number: int) -> None:
        """Drop the member that arrived first."""
        old = self._members.pop(number)
        del self._numbers[old.id]
        postings = self._postings[old.window]
        for term in old.vector:
            numbers = postings[term]
            if numbers[0] == number:
                del numbers[0]
                if not numbers:
                    del postings[term]
        if not postings:
            self._postings.pop(old.window, None)
        story = self._stories[old.story]
        story.remembered -= 1
        if not story.remembered:
            del self._stories[old.story]


def assign(known: Iterable[tuple[StoryDoc, str]], new: Iterable[StoryDoc]) -> tuple[Assignment, ...]:
    """Sort `new` articles into stories, given `known` ones with theirs; both in order of arrival."""
    stories = Stories()
    for doc, story in known:
        stories.add(doc, story=story)
    return tuple(stories.add(doc) for doc in new)


def story_json(assignment: Assignment) -> dict[str, Any]:
    """An assignment as the JSON object that the command line prints."""
    return {
        "id": assignment.id,
        "story": assignment.story,
        "related": [{"id": other.id, "score": other.score, "why": other.why} for other in assignment.related],
    }


def _day(published: datetime | None) -> float | None:
    """Days since 1999; None for no date, and for one before there were feeds: a clock that was never set."""
    if published is None:
        return None
    since = (published.replace(tzinfo=None) - _FIRST_FEEDS) / timedelta(days=1)
    return since if since >= 0 else None


def _fading(one: float | None, other: float | None) -> float:
    """What time leaves of a similarity, 1 to 0; all of it where a date is missing."""
    if one is None or other is None:
        return 1.0
    days = abs(one - other)
    return exp(-((days / FADE) ** 2)) if days <= WINDOW else 0.0


def _dot(a: dict[str, float], b: dict[str, float]) -> float:
    return sum(weight * b[term] for term, weight in a.items() if term in b)
