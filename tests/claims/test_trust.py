"""The score of a claim is a chance: checked on the articles that nobody looked at while it was fitted."""

import json
from pathlib import Path

from reader.claims.candidates import candidates, quotation_of
from reader.claims.find import find
from reader.claims.trust import ENOUGH, features, sureness

CASES = Path(__file__).parent / "cases"


def weighed() -> list[tuple[float, bool]]:
    """Score of each claim of the held-out cases, and whether it is right."""
    found = []
    for path in sorted(CASES.glob("*.json")):
        gold = json.loads(path.read_text("utf-8"))
        if not gold.get("held_out"):
            continue
        for claim in find(gold["text"]).claims:
            mine = {c for s, e in claim.content for c in range(s, e)}
            right = any(
                2 * len(mine & theirs) >= len(mine | theirs) and bool(claim.source) == bool(a["source"])
                for a in gold["attributions"]
                for theirs in [{c for s, e in a["content"] for c in range(s, e)}]
            )
            found.append((claim.score, right))
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
