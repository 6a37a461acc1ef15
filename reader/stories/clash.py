"""Figures that can't both be true: of one quantity, at one time, in two articles of a story.

Precision comes first: a conflict that is none costs more trust than ten that are missed. Two figures clash only if they
count the same thing in clauses that otherwise say the same, no bound, rounding or scope explains the difference, and
neither the passing of time nor the article itself does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from reader.claims.units import agree, normal
from reader.model import Bound, Clash, Figure, Source, Span, Telling
from reader.stories.phrase import Phrase, meeting, phrase
from reader.stories.speakers import same
from reader.stories.statements import Statement

_REACH = 7
"""Words on either side of a figure that tell what it counts."""
_STOPS = re.compile(r"[;:–—]\s|\.\s|,?\s(?:while|whereas|but|although|compared with|up from|down from)\s")
"""Where the clause of a figure ends."""
_WORDS = re.compile(r"\S+")
_MET, _MET_SPECIFIC = 0.62, 0.34
"""The share of a clause's words, by weight, that the other has: of what may count anything, and of jobs or hectares."""
_NAMED = 0.99
"""How well a name has to be met."""
_GENERIC = frozenset(
    """#person #time #case #point #year #day #week #month #thing #part #member #other #share percentage
    share second meter USD EUR GBP""".split()
)
"""Kinds of quantity that a story has several of."""
_SCOPES = re.compile(
    r"\b(?:today|yesterday|overnight|so far|in all|altogether|in total|total|overall|each|every|per|another|additional"
    r"|further|others?|more|remaining|initial(?:ly)?|first|second|third|last|next|previous(?:ly)?|earlier|original(?:ly)?"
    r"|since|annual(?:ly)?|daily|weekly|monthly|yearly|nationwide|worldwide|global(?:ly)?|average|median|record|former"
    r"|only|half|quarter|by 20\d\d|in (?:19|20)\d\d|capacity|maximum|minimum|expected|forecast|planned|proposed|estimated)\b",
    re.I,
)
"""Words that change what a figure counts; both clauses have them or neither."""
_CHANGES = re.compile(
    r"\b(?:ris(?:e|es|en|ing)|rose|rais(?:e|es|ed)|climb(?:s|ed)?|grow[ns]?|grew|increas(?:e|es|ed)|updat(?:e|es|ed)"
    r"|revis(?:e|es|ed)|now|up to|fell|fall(?:s|en)?|narrow(?:s|ed)?|widen(?:s|ed)?|shr(?:ink|ank|unk)|meanwhile)\b",
    re.I,
)
"""Words of a figure that has taken another's place."""
_AT_ONCE = timedelta(hours=1)
"""Within which two articles tell the same state of affairs."""
_GROWS = re.compile(
    r"\b(?:dead|die[ds]?|death|deaths|killed|toll|bod(?:y|ies)|injur\w+|wounded|hurt|missing|arrest\w*|evacuat\w*"
    r"|displaced|infected|cases|casualt\w+|victims|counted|ballots|votes?|homes|hectares|acres|rescued|recovered)\b",
    re.I,
)
"""What is counted while the news goes on."""


class _Place(NamedTuple):
    """A figure where it stands."""

    figure: Figure
    words: str
    """Its clause without the figure's number."""
    read: Phrase
    statement: Statement


def clashes(
    row: int, members: Sequence[Statement], linked: set[tuple[int, int]], tellings: Sequence[Telling]
) -> Iterator[Clash]:
    """The clashes among a row's statements, at most one a pair of articles and quantity.

    `linked` are the pairs of members, by place, that say the same by themselves and not only by way of others.
    """
    places = [[_place(tellings[s.article].text, s, f) for f in s.figures] for s in members]
    told: set[tuple[int, int, str]] = set()
    for a, b in sorted(linked):
        for one in places[a]:
            for other in places[b]:
                kind = _kind(one.figure)
                key = (members[a].article, members[b].article, kind)
                if key in told or not _differ(one, other):
                    continue
                found = _told(row, one, other, tellings)
                if found is not None:
                    told.add(key)
                    yield found


def _place(text: str, statement: Statement, figure: Figure) -> _Place:
    """A figure with the words around it, those of its own clause alone and none that attribute."""
    start, end = statement.span
    for stop in _STOPS.finditer(text, statement.span.start, statement.span.end):
        if stop.end() <= figure.span.start:
            start = stop.end()
        elif stop.start() >= figure.span.end:
            end = stop.start()
            break
    before = [word.start() for word in _WORDS.finditer(text, start, figure.span.start)]
    after = [word.end() for word in _WORDS.finditer(text, figure.span.end, end)]
    start = before[-_REACH] if len(before) >= _REACH else start
    end = after[_REACH - 1] if len(after) >= _REACH else end
    number = re.compile(r"^\S+").match(figure.span.of(text))
    bare = figure.span.start + (number.end() if number else 0)
    words = list(f"{text[start : figure.span.start]} {text[bare:end]}")
    shift = start
    for claim in (statement.claim,) if statement.claim else ():
        for s, e in (*claim.cue, *claim.source):
            for at in range(max(s, start), min(e, figure.span.start)):
                words[at - shift] = " "
            moved = bare - figure.span.start - 1
            for at in range(max(s, bare), min(e, end)):
                words[at - shift - moved] = " "
    clause = "".join(words)
    return _Place(figure, clause, phrase(clause), statement)


def _kind(figure: Figure) -> str:
    quantity = normal(figure)
    return quantity.kind if quantity else ""


def _differ(one: _Place, other: _Place) -> bool:
    """Whether two figures count the same and can't both be true."""
    if agree(one.figure, other.figure) is not False or _kind(one.figure) == "":
        return False
    if _scopes(one.words) != _scopes(other.words):
        return False
    met = meeting(one.read, other.read)
    if not len(met.one) or not len(met.other):
        return False
    wanted = _MET if _kind(one.figure) in _GENERIC else _MET_SPECIFIC
    for read, how in ((one.read, met.one), (other.read, met.other)):
        weights = read.weights**2
        if float((how * weights).sum()) < wanted * float(weights.sum()):
            return False
        if any(named and one < _NAMED for named, one in zip(read.named.tolist(), how.tolist(), strict=True)):
            return False
    return bool(one.read.negated) == bool(other.read.negated) and not one.read.numbers ^ other.read.numbers


def _scopes(words: str) -> frozenset[str]:
    return frozenset(word.lower() for word in _SCOPES.findall(words))


def _told(row: int, one: _Place, other: _Place, tellings: Sequence[Telling]) -> Clash | None:
    """The clash as it is told; None where the later article itself gives both figures of one source."""
    a, b = tellings[one.statement.article], tellings[other.statement.article]
    if _after(a.published, b.published):
        one, other, a, b = other, one, b, a
    sources = (_source(one.statement), _source(other.statement))
    words = (one.figure.span.of(a.text), other.figure.span.of(b.text))
    gap = b.published - a.published if a.published and b.published else None
    between = all(sources) and not same(sources[0], sources[1])  # type: ignore[arg-type]
    updated = False
    if gap is None or gap >= _AT_ONCE:
        whole = other.statement.span.of(b.text)
        if _CHANGES.search(whole) and not between:
            updated = True
        elif between:
            # Two sources: the later one's may have counted on, unless its article still gives the earlier figure.
            updated = bool(_GROWS.search(one.words)) and not _gives(b, one.figure)
        elif _GROWS.search(one.words + other.words) or all(sources):
            updated = True
        elif gap is None:
            return None
    if not updated and _gives_both(a, b, one, other) and not between:
        return None
    return Clash(
        row=row,
        one=(a.id, one.figure),
        other=(b.id, other.figure),
        updated=updated,
        why=_why(words, sources, a, b, gap, updated=updated),
    )


def _gives(telling: Telling, figure: Figure) -> bool:
    """Whether an article gives a figure, too."""
    return any(
        theirs.value == figure.value and theirs.bound in (figure.bound, Bound.EXACT) and _kind(theirs) == _kind(figure)
        for theirs in telling.analysis.figures
    ) or any(
        theirs.value == figure.value and theirs.unit is None for theirs in telling.analysis.figures if figure.value
    )


def _gives_both(a: Telling, b: Telling, one: _Place, other: _Place) -> bool:
    return _gives(b, one.figure) or _gives(a, other.figure)


def _source(statement: Statement) -> Source | None:
    return statement.claim.speaker if statement.claim else None


def _after(one: datetime | None, other: datetime | None) -> bool:
    return one is not None and other is not None and one > other


def _why(
    words: Sequence[str], sources: Sequence[Source | None], a: Telling, b: Telling, gap: timedelta | None, *, updated: bool
) -> str:
    """In one plain phrase who gives which figure, and when."""
    who = [source.name if source else telling.outlet for source, telling in zip(sources, (a, b), strict=True)]
    said = [" ".join(part.split()) for part in words]
    if updated:
        return f"{said[0]}, later {said[1]} ({who[1]})"
    if gap is not None and gap < _AT_ONCE:
        return f"{said[0]} ({who[0]}) and at the same time {said[1]} ({who[1]})"
    return f"{said[0]} ({who[0]}) against {said[1]} ({who[1]})"


def figure_words(telling: Telling, figure: Figure) -> str:
    """A figure as its article writes it."""
    return " ".join(Span(*figure.span).of(telling.text).split())
