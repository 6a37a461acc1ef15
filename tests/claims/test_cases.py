"""Floors on annotated articles: our own, and the shared development set where it is there."""

import importlib.util
import json
from pathlib import Path

import pytest

from reader.claims.find import claims_json, find

CASES = sorted((Path(__file__).parent / "cases").glob("*.json"))
SHARED = Path(__file__).resolve().parents[2].parent / "shared" / "eval"


def characters(spans):
    return {c for start, end in spans for c in range(start, end)}


def matches(gold, claim):
    """Content overlaps by half or more and the sources overlap, or both are left out."""
    a, b = characters(gold["content"]), characters(claim["content"])
    x, y = characters(gold["source"]), characters(claim["source"])
    return len(a & b) >= 0.5 * len(a | b) and (bool(x & y) or not (x or y))


def analysed(case):
    return claims_json(find(case["text"]), id=case["id"], text=case["text"])


@pytest.mark.parametrize("path", CASES, ids=lambda p: p.stem)
def test_every_annotated_claim_is_found_and_no_other(path):
    case = json.loads(path.read_text("utf-8"))
    claims = analysed(case)["claims"]
    assert len(claims) == len(case["attributions"]), case["shows"]
    for gold, claim in zip(case["attributions"], claims, strict=True):
        assert matches(gold, claim), case["shows"]


def test_fields_of_our_own_cases():
    pairs = []
    for path in CASES:
        case = json.loads(path.read_text("utf-8"))
        pairs += zip(case["attributions"], analysed(case)["claims"], strict=True)
    floors = {"speaker": 0.9, "kind": 0.95, "named": 0.95, "quotation": 1.0, "denied": 1.0, "via": 1.0,
              "content": 0.95, "cue": 0.95, "source": 0.95}  # fmt: skip
    for field, floor in floors.items():
        right = sum(plain(gold[field]) == plain(claim[field]) for gold, claim in pairs)
        assert right >= floor * len(pairs), field


def plain(value):
    """A name without its article: "The Coast Herald" is "Coast Herald"."""
    return value.removeprefix("The ") if isinstance(value, str) else value


def test_figures_and_boilerplate_of_our_own_cases():
    for path in CASES:
        case = json.loads(path.read_text("utf-8"))
        found = analysed(case)
        assert found["boilerplate"] == case["boilerplate"]
        expected = {(tuple(f["span"]), f["value"], f["high"], f["bound"]) for f in case["figures"]}
        assert {(tuple(f["span"]), f["value"], f["high"], f["bound"]) for f in found["figures"]} == expected


@pytest.fixture(scope="module")
def shared_scores():
    if not (SHARED / "claims_dev").is_dir():
        pytest.skip("the shared development set is not beside the repository")
    spec = importlib.util.spec_from_file_location("score_claims", SHARED / "score_claims.py")
    scorer = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(scorer)
    golds = [json.loads(path.read_text("utf-8")) for path in sorted((SHARED / "claims_dev").glob("*.json"))]
    return scorer.score(golds, {g["id"]: analysed(g) for g in golds})


def test_shared_attribution(shared_scores):
    assert shared_scores["attribution"]["F1"] >= 75
    assert shared_scores["speech_recall"]["quoted"] >= 85
    assert shared_scores["speech_recall"]["indirect"] >= 70


def test_shared_fields(shared_scores):
    assert shared_scores["speaker_accuracy"] >= 85
    assert shared_scores["kind_accuracy"] >= 90
    assert shared_scores["quotation_accuracy"] >= 90
    assert shared_scores["via"]["F1"] >= 45


def test_shared_figures_and_boilerplate(shared_scores):
    assert shared_scores["figures"]["F1"] >= 85
    assert shared_scores["boilerplate"]["F1"] >= 85
