"""What became of an article's claims when its text was changed: added, removed, softened, or said otherwise."""

from __future__ import annotations

import numpy as np

from reader.claims.lexicon import word_set
from reader.claims.units import agree, normal
from reader.model import Bound, Change, Edit, Telling
from reader.stories import weighed
from reader.stories.phrase import FEATURES, features
from reader.stories.statements import Statement, statements

_ONE = 0.5
"""The chance from which two statements of an article's versions are one, said otherwise."""
_HEDGES = word_set(
    """may might could would appears appear seems seem apparently allegedly reportedly alleged suspected possible
    possibly perhaps likely probably believed thought claimed claims said"""
)
"""What a figure is hedged by, its bound tells."""
_ALL = 2_000
"""Statements of each version, and …"""
_MOST = 150
"""… those that only it has, that are looked at: every one of them with every one of the other's."""


def edits(before: Telling, after: Telling) -> tuple[Edit, ...]:
    """What two versions of an article do not share, in the order of the later one, then what was removed."""
    old, new = statements(0, before, _ALL), statements(1, after, _ALL)
    said = [{_words(s, telling) for s in found} for found, telling in ((old, before), (new, after))]
    old = [s for s in old if _words(s, before) not in said[1]][:_MOST]
    new = [s for s in new if _words(s, after) not in said[0]][:_MOST]
    pairs = _pairs(old, new)
    found = []
    for at, statement in enumerate(new):
        if at not in pairs:
            found.append(Edit(change=Change.ADDED, before=None, after=statement.span, why="was not there before"))
            continue
        earlier = old[pairs[at]]
        why = _softened(earlier, statement)
        change = Change.SOFTENED if why else Change.REWORDED
        found.append(Edit(change=change, before=earlier.span, after=statement.span, why=why or "is said otherwise"))
    taken = set(pairs.values())
    found += [
        Edit(change=Change.REMOVED, before=s.span, after=None, why="is gone")
        for at, s in enumerate(old)
        if at not in taken
    ]
    return tuple(found)


def _words(statement: Statement, telling: Telling) -> str:
    return " ".join(statement.span.of(telling.text).split())


def _pairs(old: list[Statement], new: list[Statement]) -> dict[int, int]:
    """For each new statement the old one that it takes the place of, the likeliest pair first."""
    if not old or not new:
        return {}
    rows = np.array([features(s.phrase, t.phrase) for s in old for t in new])
    chances = weighed.shipped("same", FEATURES).chances(rows).reshape(len(old), len(new))
    pairs: dict[int, int] = {}
    for flat in np.argsort(-chances, axis=None, kind="stable").tolist():
        a, b = divmod(flat, len(new))
        if chances[a, b] < _ONE:
            break
        if b not in pairs and a not in pairs.values():
            pairs[b] = a
    return pairs


def _softened(old: Statement, new: Statement) -> str | None:
    """Why the new statement says less than the old one, if it does."""
    if old.claim is None and new.claim is not None:
        who = new.claim.speaker.name if new.claim.speaker else "somebody"
        return f"is now put in the mouth of {who}"
    if new.claim is not None and new.claim.denied and not (old.claim and old.claim.denied):
        return "is now denied"
    for figure in new.figures:
        for earlier in old.figures:
            now, then = normal(figure), normal(earlier)
            if agree(figure, earlier) is False and now and then and now.high < then.low:
                return "gives a lower figure"
            if agree(figure, earlier) and earlier.bound is Bound.EXACT and figure.bound is not Bound.EXACT:
                return "gives a figure less exactly"
    heard = zip(new.phrase.words, new.phrase.named.tolist(), strict=True)
    hedges = [w for w, is_name in heard if w in _HEDGES and not is_name and w not in old.phrase.words]
    return f"is hedged: “{hedges[0]}”" if hedges else None
