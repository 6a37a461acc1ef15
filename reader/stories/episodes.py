"""Related articles beyond the story: earlier episodes of what runs on, and others in which the same people speak."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from reader.model import Related, StoryDoc
from reader.stories import meaning
from reader.stories.speakers import same_person
from reader.stories.terms import OPENING, TITLE, terms
from reader.stories.why import why

ASKED = 12
"""Terms that candidates are looked for by, the most telling."""
_ENOUGH = 0.35
"""What an article must come to: half of what both mean, and the telling terms they share."""
_SPEAKER = 0.2
"""What each speaker in common adds …"""
_SPEAKERS = 2
"""… up to so many."""
_MOST = 10


def asked(doc: StoryDoc) -> list[str]:
    """The terms to look for an article's relatives by: names and rare words, a name as much as a word said twice."""
    found = terms(doc.title, doc.text)
    known = meaning.shipped()

    def telling(term: str) -> float:
        return found.counts[term] * known.rarity(term) * (2 if found.names.get(term) else 1)

    return sorted((term for term in found.counts if " " not in term), key=telling, reverse=True)[:ASKED]


def episodes(
    doc: StoryDoc, others: Sequence[StoryDoc], speakers: Mapping[str, Sequence[str]] | None = None
) -> tuple[Related, ...]:
    """Those of `others` that are related to an article, the most related first, each with its reason.

    `speakers` are the named people whom each article cites, by its id. Neither `doc` nor its story is among `others`.
    """
    cited = speakers or {}
    mine, vector = terms(doc.title, doc.text), _meaning(doc)
    known = meaning.shipped()
    own = {term: known.rarity(term) * (2 if mine.names.get(term) else 1) for term in mine.counts}
    total = sum(sorted(own.values(), reverse=True)[: 2 * ASKED]) or 1.0
    found = []
    for other in others:
        theirs = terms(other.title, other.text)
        shared = sorted((t for t in own if t in theirs.counts), key=lambda t: -own[t])
        names = [t for t in shared if t in mine.names and t in theirs.names and (mine.names[t] or theirs.names[t])]
        voices = [
            name for name in cited.get(doc.id, ()) if any(same_person(name, their) for their in cited.get(other.id, ()))
        ]
        score = 0.5 * max(0.0, float(vector @ _meaning(other))) + sum(own[t] for t in shared) / total
        score += _SPEAKER * min(len(voices), _SPEAKERS)
        if score < _ENOUGH or not (voices or names):
            continue
        reason = _spoken(voices) or why(shared, names, mine.shown, copied=False)
        found.append(Related(id=other.id, score=round(min(score, 1.0), 3), why=_dated(reason, doc, other)))
    return tuple(sorted(found, key=lambda one: (-one.score, one.id))[:_MOST])


def _meaning(doc: StoryDoc) -> meaning.Floats:
    return meaning.shipped().of(f"{doc.title[:TITLE]} {doc.text[:OPENING]}")


def _spoken(voices: Sequence[str]) -> str | None:
    if not voices:
        return None
    return f"{' and '.join(voices[:2])} {'speak' if len(voices) > 1 else 'speaks'} in both"


def _dated(reason: str, doc: StoryDoc, other: StoryDoc) -> str:
    """The reason, and how much earlier that was."""
    days = _days(other.published, doc.published)
    if days is None or days < 1:
        return reason
    return f"{days} day{'s' * (days != 1)} before: {reason}"


def _days(earlier: datetime | None, later: datetime | None) -> int | None:
    return None if earlier is None or later is None else (later - earlier).days
