"""The score of a claim is a chance: checked on the articles that nobody looked at while it was fitted."""

import json
from pathlib import Path
from typing import Any

from reader.claims.agree import share
from reader.claims.candidates import candidates, quotation_of
from reader.claims.find import find
from reader.claims.trust import ENOUGH, features, sureness
from reader.model import Claim, Span

CASES = Path(__file__).parent / "cases"


def alike(claim: Claim, gold: dict[str, Any]) -> bool:
    """Contents that share half of their characters, sources that overlap or are both left out."""
    source = [Span(*span) for span in gold["source"]]
    meet = any(x.start < y.end and y.start < x.end for x in claim.source for y in source)
    return share(claim.content, [Span(*span) for span in gold["content"]]) >= 0.5 and (
        meet or not (claim.source or source)
    )


def weighed() -> list[tuple[float, bool]]:
    """Score of each claim of the held-out cases, and whether it is right."""
    found = []
    for path in sorted(CASES.glob("*.json")):
        gold = json.loads(path.read_text("utf-8"))
        if not gold.get("held_out"):
            continue
        left = list(gold["attributions"])
        for claim in find(gold["text"], title=gold["title"]).claims:
            match = next((a for a in left if alike(claim, a)), None)
            found.append((claim.score, match is not None))
            if match is not None:
                left.remove(match)
    return found


def test_scores_are_chances():
    found = weighed()
    assert len(found) > 100
    expected = sum(score for score, _ in found) / len(found)
    assert abs(expected - sum(right for _, right in found) / len(found)) < 0.12
    sure = [right for score, right in found if score >= 0.8]
    unsure = [right for score, right in found if score < 0.7]
    assert sum(sure) / len(sure) >= 0.8
    assert sum(unsure) / len(unsure) < sum(sure) / len(sure)


def test_what_both_readings_found_is_surer_than_what_one_did():
    text = "“It leaks,” Ada Lund said on Monday.\n\nThe wall reportedly leaks."
    found = candidates(text)
    said, hearsay = (sureness(r, quotation_of(r, found)) for r in found.reports[:2])
    assert said > hearsay > ENOUGH


def test_every_feature_is_a_number_from_0_to_1():
    found = candidates("“It leaks,” Ada Lund said. Police believe that it was late, the paper wrote, citing officials.")
    for report in found.reports:
        assert all(0 <= value <= 1 for value in features(report, quotation_of(report, found)).values())
