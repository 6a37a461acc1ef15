"""Spans of labels, and how two readings of one text agree on them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from reader.claims.tagger import ROLES

Spans = set[tuple[str, int, int]]


def spans_of(labels: Sequence[str]) -> Spans:
    """The spans (role, first word, word after the last) that B- and I- labels make."""
    found = set()
    start, role = 0, ""
    for i, label in enumerate([*labels, "O"]):
        mark, _, name = label.partition("-")
        if role and (mark != "I" or name != role):
            found.add((role, start, i))
            role = ""
        if mark == "B" or (mark == "I" and not role):
            start, role = i, name
    return found


def agreement(gold: Sequence[Spans], told: Sequence[Spans]) -> dict[str, dict[str, dict[str, float]]]:
    """Precision, recall and F1 in per cent of each role: of spans that are equal, and of spans that overlap."""
    scores: dict[str, dict[str, dict[str, float]]] = {}
    for role in ROLES:
        equal = told_found = gold_found = told_all = gold_all = 0
        for g, t in zip(gold, told, strict=True):
            a, b = ([span for span in spans if span[0] == role] for spans in (g, t))
            equal += len(set(a) & set(b))
            gold_found += sum(any(x[1] < y[2] and y[1] < x[2] for y in b) for x in a)
            told_found += sum(any(x[1] < y[2] and y[1] < x[2] for x in a) for y in b)
            gold_all, told_all = gold_all + len(a), told_all + len(b)
        scores[role] = {
            "exact": _prf(equal, equal, told_all, gold_all),
            "overlap": _prf(told_found, gold_found, told_all, gold_all),
        }
    return scores


def _prf(told_right: int, gold_right: int, told: int, gold: int) -> dict[str, Any]:
    p, r = (100 * told_right / told if told else 0.0), (100 * gold_right / gold if gold else 0.0)
    return {"P": round(p, 2), "R": round(r, 2), "F1": round(2 * p * r / (p + r), 2) if p + r else 0.0}
