"""Figures that can't both be true: of one quantity, at one time, in two articles of a story.

Precision comes first: a conflict that is none costs more trust than ten that are missed. Two figures clash only if they
count the same thing in clauses that otherwise say the same, no bound, rounding or scope explains the difference, and
neither the passing of time nor the article itself does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence, Set
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import product
from math import isclose
from typing import NamedTuple

import numpy as np

from reader.claims.lexicon import word_set
from reader.claims.units import agree, normal
from reader.model import Bound, Clash, Figure, Source, Span, Telling
from reader.stories.phrase import Phrase, meeting, phrase, reweighed
from reader.stories.speakers import outlet_name, same, same_institution
from reader.stories.statements import Statement

_NEAR, _WIDE = 4, 12
"""Telling words on either side of a figure that say what it counts, and among which the other's are looked for."""
_TELLING = 0.54
"""Rarity from which a word is telling: no article, no auxiliary."""
_STOPS = re.compile(
    r"[,;:–—]\s|\.\s|\s(?:while|whereas|but|although|compared with|up from|down from|after|as|because|when|since"
    r"|following|if|who|which|that)\s"
)
_STOPS_OF_MANY = re.compile(rf"{_STOPS.pattern}|\s(?:and|or)\s")
"""Where the clause of a figure ends; of people, of whom a story counts several lots, at each of them."""
_MET, _MET_BACK = 0.7, 0.3
"""The share of the words near one figure, by weight, that the other has, and of those near the other: of people and
things, which are counted by what befalls them."""
_MET_THINGS = 0.5
"""The first, of a kind of thing that a story has few of: jobs, hectares."""
_MET_MEASURES = 0.6
"""The second, of measures, shares and money, of which a story has many."""
_NAMED = 0.99
"""How well a name has to be met."""
_MEASURES = word_set("#time #point #million #billion #crown #pound #rate #level #age")
_MANY = word_set("#person #case #thing #part #member #other #way #place #group #vote #point")
"""Things that a story has several counts of."""
_BEFALLS = _MANY | word_set("#worker USD GBP EUR")
"""What is counted by what befalls it: killed or hurt, hired or dismissed, made or lost."""
_AGE = re.compile(r"[- ](?:years?|months?)(?:[- ]old| of age)\b|\b(?:aged?|age of) $", re.I)
_BRACKET = re.compile(r"[(\[][^)\]]*$")
_SCOPES = re.compile(
    r"\b(?:today|yesterday|overnight|so far|in all|altogether|in total|total|overall|each|every|per|another|additional"
    r"|this (?:year|month|week)|to date|in an? (?:day|week|month|year)|further|others?|more(?! than)|remaining"
    r"|initial(?:ly)?|first|second|third|last|next|previous(?:ly)?|earlier|original(?:ly)?"
    r"|since|annual(?:ly)?|daily|weekly|monthly|yearly|nationwide|worldwide|global(?:ly)?|average|median|record|former"
    r"|would have|if|could|might|monday|tuesday|wednesday|thursday|friday|saturday|sunday"
    r"|only|half|quarter|by 20\d\d|in (?:19|20)\d\d|capacity|maximum|minimum|expect(?:s|ed)?|forecasts?|planned"
    r"|predict(?:s|ed)?|proposed|estimated|may|plan(?:s|ning)|project(?:s|ed)|hopes?|intends?|likely|set to"
    r"|anticipat(?:es|ed)|foresees?)\b",
    re.I,
)
"""Words that change what a figure counts; both clauses have them or neither."""
_FORESEEN = re.compile(r"^(?:expect|forecast|predict|project|foresee|anticipat|plan|hope)", re.I)
_FORESAID = re.compile(r"\b(?:anticipat|foresee|plan|hope)\w*\sthat\s", re.I)
"""Words that attribute what is not yet so."""
_WAY = re.compile(r"\b(?:by|to|from)(?=\s$)")
_EXTENT = re.compile(r"^\s\w+\s(long|wide|deep|high|tall|thick)\b")
"""What changes the sense of a measure right beside it: "rose by" and "rose to", "metres long" and "metres wide"."""
_CHANGES = re.compile(
    r"\b(?:ris(?:e|es|en|ing)|rose|rais(?:e|es|ed)|climb(?:s|ed)?|grow[ns]?|grew|increas(?:e|es|ed)|updat(?:e|es|ed)"
    r"|revis(?:e|es|ed)|now|up to|fell|fall(?:s|en)?|narrow(?:s|ed)?|widen(?:s|ed)?|shr(?:ink|ank|unk)|meanwhile)\b",
    re.I,
)
"""Words of a figure that has taken another's place."""
_STANDS_FOR = 0.6
"""How well a word is met that another stands for."""
_FIGURES = 12
"""Figures of a statement beyond which it is a table, not a sentence."""
_ROUGHLY = 1.17
"""How many times as large one figure must be as another that is said to be approximate."""
_AT_ONCE = timedelta(hours=1)
"""Within which two articles tell the same state of affairs."""
_GROWS = re.compile(
    r"\b(?:dead|die[ds]?|death|deaths|killed|toll|bod(?:y|ies)|injur\w+|wounded|hurt|missing|arrest\w*|evacuat\w*"
    r"|displaced|infected|cases|casualt\w+|victims|counted|ballots|votes?|precincts|reporting|homes|hectares|acres|rescued"
    r"|recovered|polls?|polling)\b",
    re.I,
)
"""What is counted while the news goes on."""


class _Place(NamedTuple):
    """A figure where it stands."""

    figure: Figure
    words: str
    """Those of its own clause."""
    near: Phrase
    """The telling words next to it."""
    wide: Phrase
    """Those in reach."""
    before: Phrase
    """Those of them that stand before it, where its subject does."""
    scopes: frozenset[str]
    """Words that change what it counts, and whether it is only foreseen."""
    statement: Statement


def clashes(
    row: int, members: Sequence[Statement], linked: set[tuple[int, int]], tellings: Sequence[Telling]
) -> Iterator[Clash]:
    """The clashes among a row's statements, at most one a pair of articles and kind of quantity.

    `linked` are the pairs of members, by place, that say the same by themselves and not only by way of others. What
    clashes with a figure clashes with every article of the row that gives the same.
    """
    places = [
        [_place(tellings[s.article].text, s, f) for f in s.figures if not _is_aside(tellings[s.article].text, f)]
        if len(s.figures) <= _FIGURES and not (s.claim and s.claim.denied)
        else []
        for s in members
    ]
    found: dict[tuple[int, int, str], tuple[_Place, _Place]] = {}
    for a, b in sorted(linked):
        for one, other in product(places[a], places[b]):
            key = (members[a].article, members[b].article, _kind(one.figure))
            if key not in found and _differ(one, other):
                found[key] = (one, other)
    for (_, _, kind), (one, other) in list(found.items()):
        for same_one, same_other in product(_giving(one, places, kind), _giving(other, places, kind)):
            key = (same_one.statement.article, same_other.statement.article, kind)
            if key[0] != key[1] and key not in found and (key[1], key[0], kind) not in found:
                found[key] = (same_one, same_other)
    for one, other in found.values():
        if (told := _told(row, one, other, tellings)) is not None:
            yield told


def _giving(place: _Place, places: Sequence[Sequence[_Place]], kind: str) -> list[_Place]:
    """The places of a row that give the same figure and no other of its kind, the first of each article."""
    giving: dict[int, _Place] = {}
    for theirs in places:
        for other in theirs:
            if _kind(other.figure) == kind and _is_one(other.figure, place.figure) and not _several(other):
                giving.setdefault(other.statement.article, other)
    return list(giving.values())


def _place(text: str, statement: Statement, figure: Figure) -> _Place:
    """A figure with the words around it, those of its own clause alone and none that attribute."""
    start, end = first, last = statement.span
    for stop in (_STOPS_OF_MANY if _kind(figure) in _MANY else _STOPS).finditer(text, start, end):
        if stop.end() <= figure.span.start:
            first, start = stop.span()
        elif stop.start() >= figure.span.end:
            end, last = stop.span()
            break
    number = min(figure.span.start + len(figure.span.of(text).split(" ", 1)[0]), figure.span.end)
    claim = statement.claim
    taken = [*claim.cue, *claim.source] if claim else []
    unit = {word.casefold() for word in figure.span.of(text).split()}
    sides = []
    for left, right in ((first, last), (start, end), statement.span):
        sides.append((_without(text, Span(left, figure.span.start), taken), _without(text, Span(number, right), taken)))
    return _Place(
        figure,
        " ".join(sides[0]),
        _around(*sides[1], _NEAR, but=unit),
        _around(*sides[2], _WIDE, but=frozenset()),
        _around(sides[2][0], "", _WIDE, but=frozenset()),
        _scopes(text, statement, sides[0], Span(number, last), figure),
        statement,
    )


def _without(text: str, span: Span, taken: Sequence[Span]) -> str:
    """The words of a span but those that lie in others."""
    kept, at = "", span.start
    for start, end in sorted(taken):
        if start < span.end and end > at:
            kept += text[at : max(start, at)] + " "
            at = min(end, span.end)
    return kept + text[at : span.end]


def _around(before: str, after: str, most: int, *, but: Set[str]) -> Phrase:
    """The last telling words of one stretch and the first of another, those of the figure itself left out."""
    one, other = phrase(before), phrase(after)
    told = [
        np.array([at for at, word in enumerate(read.words) if read.weights[at] >= _TELLING and word not in but], int)
        for read in (one, other)
    ]
    chosen = [told[0][-most:] if len(told[0]) else told[0], told[1][:most]]
    parts = [
        [field[at] for field in (read.stems, read.weights, read.vectors, read.named)]
        for read, at in zip((one, other), chosen, strict=True)
    ]
    stems, weights, vectors, named = (np.concatenate(both) for both in zip(*parts, strict=True))
    words = tuple(read.words[i] for read, at in zip((one, other), chosen, strict=True) for i in at.tolist())
    joined = one._replace(
        words=words,
        stems=stems,
        vectors=vectors,
        named=named,
        numbers=one.numbers | other.numbers,
        negated=one.negated + other.negated,
    )
    return reweighed(joined, weights)


def _is_aside(text: str, figure: Figure) -> bool:
    """Whether a figure tells how old somebody is, or stands in brackets behind a name: of such a story has many."""
    around = text[max(0, figure.span.start - 40) : figure.span.start], text[figure.span.start : figure.span.end + 7]
    return bool(_BRACKET.search(around[0])) or any(_AGE.search(words) for words in around)


def _kind(figure: Figure) -> str:
    quantity = normal(figure)
    return quantity.kind if quantity else ""


def _differ(one: _Place, other: _Place) -> bool:
    """Whether two figures count the same and can't both be true."""
    kind = _kind(one.figure)
    if Bound.AT_MOST in (one.figure.bound, other.figure.bound):  # a limit, which is seldom a count
        return False
    if not kind or kind != _kind(other.figure) or agree(_flat(one.figure), _flat(other.figure)) is not False:
        return False
    if one.scopes != other.scopes or bool(one.wide.negated) != bool(other.wide.negated):
        return False
    if _several(one) or _several(other):
        return False
    if kind in _BEFALLS and _strays(one, other) and _strays(other, one):
        return False
    measured = kind in _MEASURES or not kind.startswith("#")
    least, most = sorted((_met(one, other), _met(other, one)))
    if measured:  # of whom or what it is measured may stand further off
        return most >= _MET and least >= _MET_MEASURES and _named(one, other) and _named(other, one)
    return most >= (_MET if kind in _MANY else _MET_THINGS) and least >= _MET_BACK


def _flat(figure: Figure) -> Figure:
    """A figure as though it were exact: whether a bound explains the difference is asked later."""
    return replace(figure, bound=Bound.EXACT) if figure.bound in (Bound.AT_LEAST, Bound.ABOUT) else figure


def _strays(one: _Place, other: _Place) -> bool:
    """Whether a telling word beside one figure stands for none beside the other: killed, where the other has hurt."""
    near = one.near
    gone = meeting(near, other.near).one < _STANDS_FOR
    return bool((gone & ~near.named & (near.weights >= _TELLING)).any())


def _named(one: _Place, other: _Place) -> bool:
    """Whether the names before one figure all stand in the other's statement."""
    before = one.before
    return bool((meeting(before, other.statement.phrase).one[before.named] >= _NAMED).all())


def _several(place: _Place) -> bool:
    """Whether a statement gives several figures of a kind: each is of something else then, a list, parts of a whole."""
    kind = _kind(place.figure)
    return sum(_kind(figure) == kind for figure in place.statement.figures) > 1


def _met(one: _Place, other: _Place) -> float:
    """How much of what stands next to one figure stands in reach of the other; nothing where a name does not.

    Names are not weighed: that two clauses are about one ferry says nothing of what is counted.
    """
    near = one.near
    if not bool((meeting(near, other.wide).one[near.named] >= _NAMED).all()):
        return 0.0
    weights = np.where(near.named, 0, near.weights**2)
    return float((meeting(near, other.wide).one * weights).sum()) / max(float(weights.sum()), 1e-6)


def _scopes(text: str, statement: Statement, clause: tuple[str, str], after: Span, figure: Figure) -> frozenset[str]:
    """The words of its clause that change what a figure counts, those who foresee it among them."""
    before = Span(statement.span.start, figure.span.start).of(text)
    found = {word.lower() for word in _SCOPES.findall(" ".join(clause))}
    found |= {*_WAY.findall(before), *_EXTENT.findall(after.of(text))}
    cues = [cue.of(text) for cue in statement.claim.cue] if statement.claim else []
    if _FORESAID.search(before) or any(map(_FORESEEN.search, cues)):
        found.add("foreseen")
    return frozenset(found)


def _told(row: int, one: _Place, other: _Place, tellings: Sequence[Telling]) -> Clash | None:
    """The clash as it is told; None where the later article itself gives both figures of one source."""
    a, b = tellings[one.statement.article], tellings[other.statement.article]
    if _after(a.published, b.published):
        one, other, a, b = other, one, b, a
    sources = (_source(one.statement), _source(other.statement))
    words = (one.figure.span.of(a.text), other.figure.span.of(b.text))
    gap = _gap(a.published, b.published)
    between = all(sources) and not same(sources[0], sources[1])  # type: ignore[arg-type]
    one_outlet = same_institution(outlet_name(a.outlet), outlet_name(b.outlet)) if a.outlet and b.outlet else False
    certain = agree(one.figure, other.figure) is False and _apart(one.figure, other.figure)
    given = _gives(b, one.figure) or _gives(a, other.figure)
    grows = bool(_GROWS.search(one.words))
    later = gap is not None and gap >= _AT_ONCE
    if later and not one_outlet and between and certain:
        # Two sources: the later one may have counted on, unless its article still gives the earlier figure.
        updated = grows and not _gives(b, one.figure)
    elif later:
        if not (grows or all(sources) or _CHANGES.search(other.statement.span.of(b.text))):
            return None
        updated = True
    elif not certain or one_outlet or (given and not between) or (gap is None and grows):
        return None
    else:
        updated = False
    return Clash(
        row=row,
        one=(a.id, one.figure),
        other=(b.id, other.figure),
        updated=updated,
        why=_why(words, sources, a, b, gap, updated=updated),
    )


def _apart(one: Figure, other: Figure) -> bool:
    """Whether two figures are too far apart to be one that is given roughly."""
    if Bound.ABOUT not in (one.bound, other.bound):
        return True
    low, high = sorted(abs(figure.value or 0.0) for figure in (one, other))
    return high > _ROUGHLY * low


def _gives(telling: Telling, figure: Figure) -> bool:
    """Whether an article gives a figure, too."""
    return any(
        theirs.value == figure.value if theirs.unit is None else _is_one(theirs, figure)
        for theirs in telling.analysis.figures
    )


def _is_one(one: Figure, other: Figure) -> bool:
    """Whether two figures are the same in whatever units, bounds aside."""
    a, b = (normal(replace(figure, bound=Bound.EXACT)) for figure in (one, other))
    return bool(a and b and a.kind == b.kind and isclose(a.low, b.low, rel_tol=0.001))


def _source(statement: Statement) -> Source | None:
    return statement.claim.speaker if statement.claim else None


def _gap(one: datetime | None, other: datetime | None) -> timedelta | None:
    """The time between two articles; None where it isn't known: two dates without an hour are of one day at most."""
    if one is None or other is None:
        return None
    hourless = [not (at.hour or at.minute or at.second) for at in (one, other)]
    if any(hourless) and abs(other - one) < timedelta(days=1):
        return None
    return other - one


def _after(one: datetime | None, other: datetime | None) -> bool:
    return one is not None and other is not None and one > other


def _why(
    words: Sequence[str],
    sources: Sequence[Source | None],
    a: Telling,
    b: Telling,
    gap: timedelta | None,
    *,
    updated: bool,
) -> str:
    """In one plain phrase who gives which figure, and when."""
    who = [source.name if source else telling.outlet for source, telling in zip(sources, (a, b), strict=True)]
    said = [" ".join(part.split()) for part in words]
    if updated:
        return f"{said[0]}, later {said[1]} ({who[1]})"
    if gap is not None and gap < _AT_ONCE:
        return f"{said[0]} ({who[0]}) and at the same time {said[1]} ({who[1]})"
    return f"{said[0]} ({who[0]}) against {said[1]} ({who[1]})"
