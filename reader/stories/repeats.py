"""One statement that several articles carry: told once, not for each of them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from reader.model import Figure
from reader.stories.wording import differences, words

_SAME = 95
"""Per cent that two wordings of one statement have in common."""
_REPEATED = timedelta(days=3)
"""For how long outlets carry a statement; later, and in another story, the same words are said again."""
_PHRASE = 4
"""Words; fewer are a phrase of the day, such as "no comment", unless they stand in one story."""
_LITTLE = frozenset({"the", "that", "also"})
"""Words that one outlet writes and another leaves out."""
_SPELLINGS = {"z": "s", "(?<=..)our": "or", "tre$": "ter", "ll": "l", "ce": "se", "mme": "m", "[ao]e": "e"}
"""What British and American spelling differ by."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Saying:
    """What a speaker said, as an article has it."""

    words: str
    story: int | None
    when: datetime
    denied: bool = False
    figures: tuple[Figure, ...] = ()


def repeats(sayings: Sequence[Saying]) -> list[list[int]]:
    """Sayings of one speaker, the earliest first, as groups of places: a group says one thing, the first first."""
    groups: list[tuple[tuple[str, ...], list[int]]] = []
    holders: dict[tuple[int | None, str], list[int]] = {}
    """Groups by story and word, and by word alone."""
    for place, saying in enumerate(sayings):
        said, since = words(saying.words), saying.when - _REPEATED
        # Wordings that have so much in common share one of their longest words: without it all would be compared.
        longest = sorted(set(said), key=lambda word: (-len(word), word))[:4]
        near = {at for word in longest if saying.story is not None for at in holders.get((saying.story, word), ())}
        for word in longest if len(said) >= _PHRASE else ():
            for at in reversed(holders.get((None, word), ())):
                if sayings[groups[at][1][0]].when < since:
                    break
                near.add(at)
        for at in sorted(near):
            its, places = groups[at]
            first = sayings[places[0]]
            if _agree(first, saying) and (its == said or _same_words(first.words, saying.words)):
                places.append(place)
                break
        else:
            for key in {(of, word) for of in (None, saying.story) for word in longest}:
                holders.setdefault(key, []).append(len(groups))
            groups.append((said, [place]))
    return [places for _said, places in groups]


def _agree(one: Saying, other: Saying) -> bool:
    """Whether what no words tell is the same in two sayings."""
    return one.denied == other.denied and _figures(one) == _figures(other)


def _figures(saying: Saying) -> list[tuple[float | None, float | None, str | None]]:
    return [(figure.value, figure.high, figure.unit) for figure in saying.figures]


def _same_words(one: str, other: str) -> bool:
    """Whether two wordings say the very same: not where a number, a name or a "not" differs, however little that is."""
    from rapidfuzz import fuzz

    if not fuzz.ratio(" ".join(words(one)), " ".join(words(other)), score_cutoff=_SAME):
        return False
    return all(_harmless(part.one.of(one), part.other.of(other)) for part in differences(one, other))


def _harmless(one: str, other: str) -> bool:
    """Whether it is a matter of spelling what stands in one wording and what in the other: "organise", "organize".

    Words that are merely alike, "prevent" and "present", say another thing.
    """
    if not one or not other:
        return set((one or other).casefold().split()) <= _LITTLE
    for pattern, spelled in _SPELLINGS.items():
        one, other = re.sub(pattern, spelled, one), re.sub(pattern, spelled, other)
    return one == other
