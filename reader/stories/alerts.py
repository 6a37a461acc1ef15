"""What has changed in a story that is worth telling: a second source, a conflict, a denial."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import NamedTuple

from reader.model import AlertRule, Ledger, Row, Verdict


class Alert(NamedTuple):
    """Something that changed."""

    rule: AlertRule
    row: int
    """In the new ledger."""
    article: str
    """The article that changed it."""
    why: str
    """One plain phrase, without the claim's words, which the article has."""


def alerts(before: Ledger, after: Ledger, rules: Collection[AlertRule] = tuple(AlertRule)) -> tuple[Alert, ...]:
    """What a story's new articles changed, of what `rules` ask for, in the order of the new ledger."""
    known = {article for row in before.rows for article in row.cells}
    found = []
    for row in after.rows:
        earlier = _earlier(row, before)
        new = [article for article in row.cells if article not in known]
        if not new:
            continue
        if earlier is not None and earlier.independent < 2 <= row.independent:
            ends = [(clash.one[0], clash.other[0]) for clash in after.clashes if clash.row == row.id]
            differing = {two[not at] for two in ends for at in (0, 1) if two[at] in earlier.cells}
            there = {row.cells[article].root or article for article in row.cells if article in earlier.cells}
            own = [
                article
                for article in new
                if row.cells[article].verdict is not Verdict.DENIES
                and article not in differing
                and (row.cells[article].root or article) not in there
            ]
            if own:
                found.append(Alert(AlertRule.SECOND_SOURCE, row.id, own[0], "a second independent source states it"))
        denied = [article for article in new if row.cells[article].verdict is Verdict.DENIES]
        if denied and earlier is not None:
            found.append(Alert(AlertRule.DENIAL, row.id, denied[0], "it is denied"))
    conflicting = set()
    for clash in after.clashes:
        new = [article for article, _ in (clash.one, clash.other) if article not in known]
        # One article's figure may stand against those of several; that is told once.
        if new and not clash.updated and (clash.row, new[-1]) not in conflicting:
            conflicting.add((clash.row, new[-1]))
            found.append(Alert(AlertRule.CONFLICT, clash.row, new[-1], clash.why))
    order = sorted(set(found), key=lambda alert: (alert.row, alert.rule, alert.article))
    return tuple(alert for alert in order if alert.rule in rules)


def _earlier(row: Row, before: Ledger) -> Row | None:
    """The row of the earlier ledger that makes the same claim: an article has it in the same place."""
    for other in before.rows:
        for article, cell in row.cells.items():
            if article in other.cells and any(_meet(cell.spans, other.cells[article].spans)):
                return other
    return None


def _meet(one: Collection[tuple[int, int]], other: Collection[tuple[int, int]]) -> Iterator[bool]:
    for start, end in one:
        for their_start, their_end in other:
            yield start < their_end and their_start < end
