"""The gate is open, and it closes when it should."""

from dataclasses import replace

import pytest
from claims import gate

from reader.claims.score import Found


@pytest.fixture(scope="module")
def sets():
    return gate.measure()


def test_the_gate_is_open(sets):
    assert gate.compare(sets, gate.FLOORS.read_text(encoding="utf-8")) == []


def test_other_cases_close_it(sets):
    (wrong,) = gate.compare(sets, gate.as_toml(sets).replace(gate.corpus(), "0" * 64))
    assert "make eval FLOORS=write" in wrong


def test_a_worse_extractor_closes_it(sets):
    floors = gate.as_toml(sets)
    assert gate.compare(sets, floors) == []
    worse = replace(sets["cases"], found=sets["cases"].found | {"attribution": Found(right=0, gold=9, predicted=9)})
    (wrong,) = gate.compare(sets | {"cases": worse}, floors)
    assert wrong.startswith("cases: attribution is 0.0, below its floor of ")


def test_held_out_cases_are_a_set_of_their_own(tmp_path, monkeypatch):
    for name in ("one", "two"):
        case = (gate.CASES / "agentless.json").read_text(encoding="utf-8")
        (tmp_path / f"{name}.json").write_text(case.replace("{", '{"held_out": true,', 1) if name == "two" else case)
    monkeypatch.setattr(gate, "CASES", tmp_path)
    assert {name: scores.articles for name, scores in gate.measure().items()} == {"cases": 1, "held_out": 1}
    assert "[held_out]" in gate.as_toml(gate.measure())
