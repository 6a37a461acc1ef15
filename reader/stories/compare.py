"""Two sentences: do they say the same, the same with a difference that can't be, or things that are unrelated?"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np

from reader.claims.figures import find_figures
from reader.claims.units import agree, normal
from reader.model import Figure
from reader.stories import weighed
from reader.stories.phrase import FEATURES, Phrase, features, meeting, phrase

SAME = 0.5
"""The chance from which two sentences say the same."""
MATTER = 0.45
"""How much of both must be met, by weight, for two sentences to be of one matter."""
_SAID = FEATURES.index("plain_met_most")
_SAYS = 0.4
"""How much of one's words must be met beside the names: that two are about one place makes them no claim in common."""
_FIGURES = 40
"""Figures of a sentence that are looked at; of more it is a table."""
_MET = 0.6
"""How well a word is met that another stands for."""


class Relation(StrEnum):
    """How two sentences stand to each other."""

    SAME = "same"
    DIFFERS = "differs"
    """The same matter with a figure, a polarity or a name that cannot both hold."""
    UNRELATED = "unrelated"


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """What a comparison came to."""

    verdict: Relation
    score: float
    """The chance, 0 to 1, that they say the same, differences aside."""
    why: str
    """One plain phrase."""


def compare(a: str, b: str) -> Compared:
    """Compare two clean sentences, whichever comes first; never raises."""
    one, other = phrase(a, find_figures(a)[:_FIGURES]), phrase(b, find_figures(b)[:_FIGURES])
    if not one.words or not other.words:
        return Compared(verdict=Relation.UNRELATED, score=0.0, why="one of them has no words")
    met = meeting(one, other)
    seen = features(one, other, met)
    chance = float(weighed.shipped("same", FEATURES).chances(np.array([seen]))[0])
    said = seen[_SAID]
    matter = min(_share(one, met.one), _share(other, met.other))
    difference = _difference(a, b, one, other) if max(matter, chance) >= MATTER else None
    if difference:
        return Compared(verdict=Relation.DIFFERS, score=round(max(chance, matter), 3), why=difference)
    if chance >= SAME and (said >= _SAYS or one.words == other.words):
        return Compared(verdict=Relation.SAME, score=round(chance, 3), why=_in_common(one, met.one))
    return Compared(verdict=Relation.UNRELATED, score=round(chance, 3), why=_apart(one, other, met.one, met.other))


def compared_json(found: Compared, *, id: Any) -> dict[str, Any]:
    """A comparison as the JSON object that the command line prints."""
    return {"id": id, "verdict": str(found.verdict), "score": found.score, "why": found.why}


def _difference(a: str, b: str, one: Phrase, other: Phrase) -> str | None:
    """The figure, polarity or name in which two sentences of one matter can't both hold."""
    if said := _figures(a, b, one, other) or _polarity(one, other):
        return said
    return _names(one, other) if _names(other, one) else None


def _figures(a: str, b: str, one: Phrase, other: Phrase) -> str | None:
    mine, theirs = one.figures, other.figures
    # A number that counts nothing named is of the same only where all else is the same.
    alike = len({tuple(word for word in read.words if not word[0].isdigit()) for read in (one, other)}) == 1
    for figure in mine:
        for their in theirs:
            if not (alike and _bare(a, figure) and _bare(b, their) and _words(a, figure) != _words(b, their)) and (
                not _same_kind(figure, their) or agree(figure, their) is not False
            ):
                continue
            settled = any(agree(figure, f) for f in theirs) or any(agree(their, f) for f in mine)
            if not settled:
                return f"{_words(a, figure)} against {_words(b, their)}"
    return None


def _bare(text: str, figure: Figure) -> bool:
    """Whether a figure counts nothing named: a lone number, a year."""
    return figure.unit in (None, "date") and _words(text, figure).isdigit()


def _same_kind(one: Figure, other: Figure) -> bool:
    if one.unit == other.unit == "score":
        return True
    kinds = [normal(figure) for figure in (one, other)]
    return bool(kinds[0] and kinds[1] and kinds[0].kind == kinds[1].kind)


def _polarity(one: Phrase, other: Phrase) -> str | None:
    """One sentence denies what the other says: all else is met."""
    if bool(one.negated) == bool(other.negated):
        return None
    met = meeting(one, other)
    if min(_share(one, met.one), _share(other, met.other)) < _POLAR:
        return None
    return "one of them denies it"


_POLAR = 0.75


def _names(one: Phrase, other: Phrase) -> str | None:
    """All else is the same, and one name stands where the other sentence has another."""
    met = meeting(one, other)
    mine = [at for at, how in enumerate(met.one) if how < _MET and one.weights[at] >= 0.5]
    theirs = [at for at, how in enumerate(met.other) if how < _MET and other.weights[at] >= 0.5]
    if not mine or not theirs or not _is_run(mine) or not _is_run(theirs):
        return None
    first_a, first_b = mine[0] == 0, theirs[0] == 0
    if not all(one.named[at] or (at == 0 and first_a) for at in mine):
        return None
    if not all(other.named[at] or (at == 0 and first_b) for at in theirs):
        return None
    rest = [at for at in range(len(one.words)) if at not in mine]
    if len(rest) < 2 or float(met.one[rest].mean()) < 0.9:
        return None
    return f"{' '.join(one.words[at] for at in mine)} against {' '.join(other.words[at] for at in theirs)}"


def _is_run(places: list[int]) -> bool:
    return places == list(range(places[0], places[-1] + 1)) and len(places) <= 4


def _share(read: Phrase, how: np.ndarray) -> float:
    weights = read.weights**2
    return float((how * weights).sum()) / max(float(weights.sum()), 1e-6)


def _words(text: str, figure: Figure) -> str:
    return " ".join(figure.span.of(text).split())


def _in_common(one: Phrase, how: np.ndarray) -> str:
    """The most telling words that both have."""
    order = np.argsort(-(one.weights * (how >= _MET)), kind="stable")
    words = list(dict.fromkeys(one.words[at] for at in order.tolist() if how[at] >= _MET))[:3]
    return f"both say {', '.join(words)}" if words else "alike in their words"


def _apart(one: Phrase, other: Phrase, mine: np.ndarray, theirs: np.ndarray) -> str:
    """The most telling words that only one has."""
    missing = [
        (float(weight), word)
        for read, how in ((one, mine), (other, theirs))
        for weight, word, met in zip(read.weights.tolist(), read.words, how.tolist(), strict=True)
        if met < _MET
    ]
    words = list(dict.fromkeys(word for _, word in sorted(missing, key=lambda one: -one[0])))[:3]
    return f"only one says {', '.join(words)}" if words else "too little in common"
