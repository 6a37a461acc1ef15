"""The ledger of a story: what its articles claim, lined up, and what of it they share, change, deny and leave out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from math import log2
from typing import Any, NamedTuple

import numpy as np

from reader.model import Cell, Clash, Ledger, Row, Source, SourceKind, Span, Telling, Verdict
from reader.stories import chosen, weighed
from reader.stories.clash import clashes
from reader.stories.copies import copies
from reader.stories.provenance import cited, provenance
from reader.stories.quotations import shared_quotations
from reader.stories.speakers import outlet_name, same, same_institution
from reader.stories.statements import FEATURES, Cover, Statement, cover, features, in_story, leads, statements
from reader.stories.weighed import Weighed

LINKED = 0.3
"""The chance from which two statements are one claim; where F1 was best on stories lined up by hand."""
_MANY, _SURER = 3, 0.05
"""Articles that were lined up; each doubling beyond wants so much more, for chance has more to choose from."""
_TOGETHER = 0.3
"""The share of it that all pairs of two groups must have on average before they are one row."""
_ALIKE = 0.25
"""Likeness (shares of words both ways, half the meaning) below which two statements are not compared at all."""
_NEAREST = 3
"""Statements of another article that one is compared with …"""
_FEW = 6
"""… in a story of so many articles; in larger ones, one."""
_PAIRS = 5_000
"""Pairs compared in full, the likeliest."""
_CELL = 5
"""Statements of one article in a row."""
_WORTH = 0.3
"""A claim of one article alone is a row if it is worth checking by so much."""
_SURE = 0.2
"""The chance from which a pair is sure enough to set figures against each other."""


_Cited = list[tuple[str, Span, tuple[str, ...]]]


class _Linked(NamedTuple):
    pairs: list[tuple[int, int]]
    chances: dict[tuple[int, int], float]


def ledger(tellings: Iterable[Telling], *, judge: Weighed | None = None) -> Ledger:
    """Line up the articles of one story; never raises. Of more than stories.ARTICLES the first and the latest count.

    The same articles give the same ledger in whatever order they are given.
    """
    told = chosen(tellings)
    groups = copies([telling.text for telling in told])
    found = in_story([s for at, telling in enumerate(told) for s in statements(at, telling)])
    linked = _link(found, len(told), judge or weighed.shipped("link", FEATURES))
    rows, clashing = _rows(found, linked, told, _roots(told, groups))
    return Ledger(
        rows=rows,
        clashes=clashing,
        copies=tuple(tuple(told[at].id for at in group) for group in groups),
        origin=provenance(told, groups),
        quotations=shared_quotations(told),
        missing=_missing(rows, told),
    )


# --- which statements are one claim ----------------------------------------------------------------------------------


def _link(found: Sequence[Statement], articles: int, judge: Weighed) -> _Linked:
    """The chance of each likely pair of statements that they are one claim."""
    if len(found) < 2:
        return _Linked([], {})
    covered = cover(found)
    pairs = likely(found, covered, articles)
    if not pairs:
        return _Linked([], {})
    lead = leads(found, covered, articles)
    seen = np.array([features(found[a], found[b], (a, b), covered, lead) for a, b in pairs])
    told = judge.chances(seen).tolist()
    return _Linked(pairs, dict(zip(pairs, told, strict=True)))


def likely(found: Sequence[Statement], covered: Cover, articles: int) -> list[tuple[int, int]]:
    """The pairs worth comparing: each statement with the likest of every other article."""
    alike = covered.words + covered.words.T + 0.5 * np.clip(covered.meaning, 0, 1)
    of = np.array([statement.article for statement in found])
    most = _NEAREST if articles <= _FEW else 1
    pairs: dict[tuple[int, int], float] = {}
    for article in range(articles):
        theirs = np.flatnonzero(of == article)
        if not len(theirs):
            continue
        block = alike[:, theirs]
        best = np.argsort(-block, axis=1, kind="stable")[:, :most]
        for a in np.flatnonzero(of != article).tolist():
            for at in best[a].tolist():
                if block[a, at] >= _ALIKE:
                    b = int(theirs[at])
                    pairs[min(a, b), max(a, b)] = float(block[a, at])
    kept = sorted(pairs, key=lambda pair: (-pairs[pair], pair))[:_PAIRS]
    return sorted(kept)


def _grouped(found: Sequence[Statement], linked: _Linked) -> list[list[int]]:
    """Statements put into rows: the surest pair first, two rows made one where all their pairs are sure on average."""
    group: dict[int, list[int]] = {}
    enough = LINKED + _SURER * log2(max(1.0, len({s.article for s in found}) / _MANY))
    for pair in sorted(linked.pairs, key=lambda pair: (-linked.chances[pair], pair)):
        if linked.chances[pair] < enough:
            break
        one, other = (group.get(at, [at]) for at in pair)
        if one is other:
            continue
        across = [
            linked.chances.get((min(a, b), max(a, b)), 0.0)
            for a in one
            for b in other
            if found[a].article != found[b].article
        ]
        held = Counter(found[at].article for at in (*one, *other))
        if sum(across) >= _TOGETHER * enough * len(across) and max(held.values()) <= _CELL:
            joined = one + other
            group.update(dict.fromkeys(joined, joined))
    return [sorted(members) for members in {id(members): members for members in group.values()}.values()]


# --- rows ------------------------------------------------------------------------------------------------------------


def _rows(
    found: Sequence[Statement], linked: _Linked, told: Sequence[Telling], roots: Sequence[int]
) -> tuple[tuple[Row, ...], tuple[Clash, ...]]:
    """The rows in the order of the ledger, and the figures that clash in them."""
    shared = _grouped(found, linked)
    taken = {at for members in shared for at in members}
    alone = [[at] for at, s in enumerate(found) if at not in taken and s.claim and s.claim.worth >= _WORTH]
    citing = [cited(told, at) for at in range(len(told))]
    drawn = []
    for members in (*shared, *alone):
        statements = [found[at] for at in members]
        reports = _reports(statements, told, roots, citing)
        independent = max(1, len(set(reports.values())))
        worth = max((s.claim.worth for s in statements if s.claim), default=0.0)
        articles = len({s.article for s in statements})
        drawn.append(
            (-independent, -articles, -worth, statements[0].article, statements[0].span.start, members, reports)
        )
    rows, clashing = [], []
    for number, (independent, *_, members, reports) in enumerate(sorted(drawn, key=lambda one: one[:6])):
        sure = {
            (a, b)
            for a, one in enumerate(members)
            for b, other in enumerate(members)
            if one < other and linked.chances.get((one, other), 0.0) >= _SURE
        }
        theirs = list(clashes(number, [found[at] for at in members], sure, told))
        clashing += theirs
        rows.append(_row(number, [found[at] for at in members], -independent, theirs, told, reports))
    return tuple(rows), tuple(clashing)


def _row(
    number: int,
    members: Sequence[Statement],
    independent: int,
    clashing: Sequence[Clash],
    told: Sequence[Telling],
    reports: Mapping[int, str],
) -> Row:
    by_article: dict[int, list[Statement]] = {}
    for statement in members:
        by_article.setdefault(statement.article, []).append(statement)
    speakers = {article: _speaker(theirs) for article, theirs in by_article.items()}
    denying = {article for article, theirs in by_article.items() if any(s.claim and s.claim.denied for s in theirs)}
    differing = {id for clash in clashing if not clash.updated for id in (clash.one[0], clash.other[0])}
    usual = _usual(list(speakers.values()))
    cells = {}
    for article, theirs in sorted(by_article.items()):
        verdict = Verdict.STATES
        if article in denying and len(denying) < len(by_article):
            verdict = Verdict.DENIES
        elif told[article].id in differing:
            verdict = Verdict.DIFFERS
        elif not _alike(speakers[article], usual):
            verdict = Verdict.ATTRIBUTES_OTHERWISE
        spans = tuple(Span(*s.span) for s in sorted(theirs, key=lambda s: s.span))
        cells[told[article].id] = Cell(
            spans=spans, verdict=verdict, speaker=speakers[article], root=reports.get(article, "")
        )
    return Row(id=number, cells=cells, independent=independent)


def _speaker(statements: Sequence[Statement]) -> Source | None:
    """Whom an article has a claim from; one that it also makes in its own voice it makes itself."""
    said = [s.claim.speaker if s.claim else None for s in statements]
    return said[0] if all(one is not None for one in said) else None


def _usual(speakers: Sequence[Source | None]) -> Source | None:
    """The speaker that most articles have a claim from, of equals the first's."""
    return max(speakers, key=lambda one: sum(_alike(one, other) for other in speakers), default=None)


def _alike(one: Source | None, other: Source | None) -> bool:
    """Whether two articles have a claim from one mouth, as far as can be told."""
    if one is None or other is None:
        return one is other
    return same(one, other) or not (one.named and other.named)


# --- who is independent of whom --------------------------------------------------------------------------------------


def _roots(told: Sequence[Telling], groups: Sequence[Sequence[int]]) -> list[int]:
    """For each article the first one of its outlet or of those it shares its words with."""
    roots = list(range(len(told)))
    for group in groups:
        for at in group:
            roots[at] = group[0]
    names = [outlet_name(telling.outlet).casefold() for telling in told]
    for at, telling in enumerate(told):
        first = names.index(names[at])
        roots = [roots[first] if root == roots[at] else root for root in roots] if telling.outlet else roots
    return roots


def _reports(
    statements: Sequence[Statement], told: Sequence[Telling], roots: Sequence[int], citing: Sequence[_Cited]
) -> dict[int, str]:
    """What each article of a row goes back to: itself, what it copied, an article or outlet that it cites for it."""
    names: dict[int, str | None] = {}
    for statement in statements:
        if statement.claim and statement.claim.denied:
            continue
        # One that cites another for any of it has it from there, whatever else it says in its own voice.
        at = statement.article
        here = (
            name for name, span, _ in citing[at] if span.start < statement.span.end and statement.span.start < span.end
        )
        names[at] = names.get(at) or _speaking(statement, told[at].outlet) or next(here, None)
    reports: dict[int, str] = {}
    outside: list[str] = []
    for at, name in names.items():
        origin = at
        if name is not None:
            same_name = (n for n, one in enumerate(told) if same_institution(outlet_name(one.outlet), name))
            origin = next(same_name, -1)
        if origin < 0 and name is not None:
            known = next((one for one in outside if same_institution(one, name)), name)
            outside.append(known)
            reports[at] = f"outlet {known}"
        else:
            reports[at] = told[roots[origin]].id
    return reports


def _speaking(statement: Statement, outlet: str) -> str | None:
    """The other outlet in whose mouth a statement is put."""
    speaker = statement.claim.speaker if statement.claim else None
    if speaker is None or speaker.kind is not SourceKind.OUTLET or not speaker.named:
        return None
    return None if same_institution(speaker.name, outlet_name(outlet)) else speaker.name


def _missing(rows: Sequence[Row], told: Sequence[Telling]) -> dict[str, tuple[int, ...]]:
    """For each article the rows that two or more independent others carry and it does not."""
    carried = [row for row in rows if row.independent >= 2]
    return {telling.id: tuple(row.id for row in carried if telling.id not in row.cells) for telling in told}


# --- as JSON ---------------------------------------------------------------------------------------------------------


def ledger_json(found: Ledger) -> dict[str, Any]:
    """A ledger as the JSON object that the command line prints."""
    origin = found.origin
    named = {"article": origin.article} if origin and origin.article else {"name": origin.name if origin else None}
    chain = [
        {"article": c.article, "span": list(c.span), "cites": c.cites, "origin": c.origin, "behind": list(c.behind)}
        for c in (origin.chain if origin else ())
    ]
    return {
        "rows": [
            {
                "id": row.id,
                "cells": {
                    article: {
                        "spans": [list(span) for span in cell.spans],
                        "speaker": cell.speaker.name if cell.speaker else None,
                        "verdict": str(cell.verdict),
                    }
                    for article, cell in row.cells.items()
                },
                "independent": row.independent,
            }
            for row in found.rows
        ],
        "conflicts": [_clash_json(clash) for clash in found.clashes if not clash.updated],
        "updates": [_clash_json(clash) for clash in found.clashes if clash.updated],
        "copies": [list(group) for group in found.copies],
        "origin": {**named, "chain": chain, "all": bool(origin and origin.all)},
        "quotations": [
            {
                "a": [one.one[0], list(one.one[1])],
                "b": [one.other[0], list(one.other[1])],
                "same_words": one.same_words,
            }
            for one in found.quotations
        ],
        "missing": {article: list(rows) for article, rows in found.missing.items()},
    }


def _clash_json(clash: Clash) -> dict[str, Any]:
    return {
        "row": clash.row,
        "a": clash.one[0],
        "b": clash.other[0],
        "why": clash.why,
        "spans": [list(clash.one[1].span), list(clash.other[1].span)],
    }
