"""How much each piece of evidence for a claim weighs: a logistic model fitted on annotated articles.

    python -m training.claims.calibrate --polnear DIR [--guide DIR] [--out reader/claims/data/trust.json]

It learns from the repository's own cases but for those held out, from four of the guide's articles, and from PolNeAR's
dev articles.

A report is right when it matches an annotated attribution: contents that share half of their characters, sources that
overlap. PolNeAR's articles count for less than those annotated after the guide.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from reader.claims.agree import share
from reader.claims.attribute import Report
from reader.claims.candidates import candidates, quotation_of
from reader.claims.trust import features
from reader.model import Span
from training.claims import polnear

_POLNEAR_WEIGHT = 0.2
_RIDGE = 2.0
_CASES = Path(__file__).parents[2] / "tests" / "claims" / "cases"
_LEARNED = ("afghan", "asylum", "flag", "homeopathic")
Gold = list[tuple[list[Span], list[Span]]]
"""Content and source of each attribution."""


def rows(text: str, gold: Gold) -> Iterator[tuple[dict[str, float], bool]]:
    """Each candidate of a text with whether it is right."""
    found = candidates(text)
    pairs = sorted(
        (
            (common, g, n)
            for g, (content, source) in enumerate(gold)
            for n, report in enumerate(found.reports)
            if (common := share(content, report.content)) >= 0.5 and _meets(source, report)
        ),
        reverse=True,
    )
    right: set[int] = set()
    used: set[int] = set()
    for _, g, n in pairs:
        if g not in used and n not in right:
            used.add(g)
            right.add(n)
    for n, report in enumerate(found.reports):
        yield features(report, quotation_of(report, found)), n in right


def _meets(source: Sequence[Span], report: Report) -> bool:
    if not source or not report.source:
        return not source and not report.source
    start, end = report.source[0].start, report.source[-1].end
    return any(s.start < end and start < s.end for s in source)


def fit(x: np.ndarray, y: np.ndarray, weights: np.ndarray, penalty: float = _RIDGE) -> np.ndarray:
    """Weighted logistic regression with a ridge, by Newton's method; the first column is the bias."""
    w = np.zeros(x.shape[1])
    ridge = penalty * np.eye(x.shape[1])
    ridge[0, 0] = 1e-3
    for _ in range(30):
        p = 1 / (1 + np.exp(-x @ w))
        slope = x.T @ (weights * (p - y)) + ridge @ w
        bend = (x * (weights * p * (1 - p))[:, None]).T @ x + ridge
        step = np.linalg.solve(bend, slope)
        w -= step
        if np.abs(step).max() < 1e-6:
            break
    return w


def of_gold(path: Path) -> tuple[str, Gold]:
    """An annotated article of the guide's format."""
    read = json.loads(path.read_text("utf-8"))
    return read["text"], [
        ([Span(*s) for s in a["content"]], [Span(*s) for s in a["source"]]) for a in read["attributions"]
    ]


def of_polnear(folder: Path) -> Iterator[tuple[str, Gold]]:
    """PolNeAR's dev articles, one annotator each."""
    seen = set()
    for document in polnear.documents(folder, "dev"):
        if document.name not in seen:
            seen.add(document.name)
            yield document.text, [(a.content, a.source) for a in document.attributions]


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--polnear", type=Path, required=True)
    ask.add_argument("--guide", type=Path, help="the guide's annotated articles; four of them are learned from")
    ask.add_argument("--out", type=Path, default=Path("reader/claims/data/trust.json"))
    told = ask.parse_args()
    paths = [path for path in sorted(_CASES.glob("*.json")) if not json.loads(path.read_text("utf-8")).get("held_out")]
    paths += [told.guide / f"{name}.json" for name in _LEARNED] if told.guide else []
    held = [(*row, 1.0) for path in paths for row in rows(*of_gold(path))]
    held += [(*row, _POLNEAR_WEIGHT) for text, gold in of_polnear(told.polnear) for row in rows(text, gold)]
    names = list(held[0][0])
    x = np.array([[row[name] for name in names] for row, _, _ in held])
    y, weights = np.array([float(right) for _, right, _ in held]), np.array([weight for *_, weight in held])
    found = dict(zip(names, fit(x, y, weights).round(3).tolist(), strict=True))
    told.out.write_text(json.dumps(found, indent=1) + "\n")
    print(f"{len(held)} candidates, {y.mean():.0%} right: {found}")


if __name__ == "__main__":
    main()
