"""The gate: the extractor on the annotated cases beside this file, against the floors kept in floors.toml.

    python tests/claims/gate.py            print the tables, and what lies below its floor; exit code 1 then
    python tests/claims/gate.py --write    measure anew and write the floors

Cases that say `"held_out": true` are a set of their own, with floors of their own. The floors are good for the cases
they were measured on and no other.
"""

import argparse
import hashlib
import sys
import tomllib
from pathlib import Path

from reader.claims.score import Scores, read_gold
from reader.cli.evaluate import score_claims, table

CASES = Path(__file__).parent / "cases"
FLOORS = Path(__file__).parent / "floors.toml"
MARGIN = 1.0
"""What a change may cost before the gate closes, in points."""

REMEASURE = "measure again with: make eval FLOORS=write"


def main() -> int:
    parser = argparse.ArgumentParser(description="Score the extractor on our own cases and compare with the floors.")
    parser.add_argument("--write", action="store_true", help="write the floors instead: measured minus a margin")
    write = parser.parse_args().write
    sets = measure()
    for name, scores in sets.items():
        print(f"{name}: {table(scores)}\n")
    if write:
        FLOORS.write_text(as_toml(sets), encoding="utf-8")
        print(f"Floors written to {FLOORS}.")
        return 0
    wrong = compare(sets, FLOORS.read_text(encoding="utf-8"))
    print("\n".join(wrong) or "Everything is above its floor.")
    return 1 if wrong else 0


def measure() -> dict[str, Scores]:
    """The scores of each set that there is."""
    golds = [read_gold(path.read_bytes()) for path in sorted(CASES.glob("*.json"))]
    sets = {"cases": [], "held_out": []}
    for gold in golds:
        sets["held_out" if gold.get("held_out") else "cases"].append(gold)
    return {name: score_claims(members) for name, members in sets.items() if members}


def corpus() -> str:
    """The SHA-256 of all cases, with their names, in the order of their names."""
    digest = hashlib.sha256()
    for path in sorted(CASES.glob("*.json")):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def figures(scores: Scores) -> dict[str, float]:
    """What is kept above a floor: the F1 of what is found, the share of what is right, where there is any."""
    shares = {name: share.percent for name, share in scores.accuracy.items() if share.percent is not None}
    return {name: found.f1 for name, found in scores.found.items() if found.gold} | shares


def margins(scores: Scores) -> dict[str, float]:
    """How far each figure may fall: a point, and two of the things that it counts.

    Processors round the model's 8 bits differently, which decides a close case either way.
    """
    counts = {name: share.of for name, share in scores.accuracy.items()}
    counts |= {name: found.gold for name, found in scores.found.items()}
    return {name: MARGIN + 200 / max(1, count) for name, count in counts.items()}


def as_toml(sets: dict[str, Scores]) -> str:
    """The floors of what was measured."""
    lines = [
        "# What the extractor reaches on tests/claims/cases, less a margin; `make eval FLOORS=write` writes this file.",
        f'corpus = "{corpus()}"',
    ]
    for name, scores in sets.items():
        lines += ["", f"[{name}]"]
        less = margins(scores)
        lines += [f"{figure} = {max(0.0, value - less[figure]):.1f}" for figure, value in figures(scores).items()]
    return "\n".join(lines) + "\n"


def compare(sets: dict[str, Scores], toml: str) -> list[str]:
    """What is wrong, in plain sentences; nothing when the gate is open."""
    floors = tomllib.loads(toml)
    if floors["corpus"] != corpus():
        return [f"The cases are not those that the floors were measured on; look at the tables, then {REMEASURE}"]
    wrong = []
    for name, scores in sets.items():
        measured = figures(scores)
        wrong += [
            f"{name}: {figure} is {measured[figure]}, below its floor of {floor}."
            for figure, floor in floors[name].items()
            if measured[figure] < floor
        ]
    return wrong


if __name__ == "__main__":
    sys.exit(main())
