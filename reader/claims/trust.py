"""How sure a claim is: the evidence of both readings weighed by a calibrated logistic model.

Weights are fitted by `training.claims.calibrate` so that of the claims scored 0.8 about four in five are right.
"""

from __future__ import annotations

import json
import math
from functools import cache
from importlib.resources import files

from reader.claims.attribute import Report
from reader.claims.lexicon import REPORT_NOUNS, VERBS, Sort, word_set
from reader.model import Quotation

ENOUGH = 0.42
"""What is less sure is no claim."""
_PLAIN = word_set("say tell add write warn announce reveal state report") | {"according to", "in the words of"}
"""Cues that hardly ever mean anything but a report."""


def features(report: Report, quotation: Quotation) -> dict[str, float]:
    """What is known of a report, as numbers from 0 to 1."""
    evidence = report.evidence
    verb = VERBS.get(report.lemma)
    strange = _strange(report)
    known = {
        "source": evidence.source,
        "cue": evidence.cue,
        "content": evidence.content,
        "link": evidence.link,
        "least": min(evidence.content, evidence.cue) if report.cue else evidence.content,
    }
    return {
        "always": 1.0,
        "only ruled": float(evidence.ruled and not evidence.seen and not strange),
        "only seen": float(evidence.seen and not evidence.ruled),
        **{name: 0.0 if strange else value for name, value in known.items()},
        "hearsay": float(strange == "hearsay"),
        "headline": float(strange == "headline"),
        "noun": float(strange == "noun"),
        "inner": float(strange == "inner"),
        "follows": float(report.follows),
        "unsaid": float(not report.source and not report.follows and not strange),
        "direct": float(quotation is Quotation.DIRECT),
        "mixed": float(quotation is Quotation.MIXED),
        "plain": float(report.lemma in _PLAIN),
        **{
            f"sort {sort.value}": float(verb is not None and verb.sort is sort and not strange)
            for sort in (Sort.MARKED, Sort.SHOW, Sort.ASK, Sort.ACCUSE, Sort.FRAME)
        },
    }


def _strange(report: Report) -> str:
    """The kind of a report that the model was never taught, so that it doesn't count that the model saw nothing."""
    if report.inner:
        return "inner"
    if report.lemma == "headline":
        return "headline"
    if report.lemma in REPORT_NOUNS:
        return "noun"
    return "hearsay" if report.agentless and report.evidence.ruled else ""


def sureness(report: Report, quotation: Quotation) -> float:
    """The chance, from 0 to 1, that a report is one."""
    weights = _weights()
    return 1 / (
        1 + math.exp(-sum(weights.get(name, 0.0) * value for name, value in features(report, quotation).items()))
    )


@cache
def _weights() -> dict[str, float]:
    found: dict[str, float] = json.loads((files("reader.claims") / "data" / "trust.json").read_text("utf-8"))
    return found
