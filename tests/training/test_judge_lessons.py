"""What the model of an article's blocks is taught, and how it is written down."""

import gzip
import importlib.util
import json
import random
import subprocess
import sys
import tomllib
from pathlib import Path

import numpy as np
import pytest

from reader.articles.judge import FEATURES
from reader.trees import trees as read_trees
from training.articles.judge import _shares
from training.trees import flat as flattened

ROOT = Path(__file__).resolve().parents[2]
OWN = ROOT / "tests" / "articles" / "pages"
TRUTH = """The council voted on Tuesday to close the baths by the river.
Why now?
“Nobody asked us,” said Ada Byrne. It was late, she said, and cold."""


@pytest.mark.parametrize(
    ("text", "share"),
    [
        ("The council voted on Tuesday to close the baths by the river.", 1),
        ("THE COUNCIL — voted, on Tuesday", 1),
        ("council voted on Monday to close the baths", 1 / 5),
        ("Sign up for our morning letter", 0),
        ("Why now?", 1),
        ("why now", 1),
        ("Ada Byrne", 0.3),
        ("Ada", 0),
        ("Tuesday Monday", 0),
        ("* * *", 0.5),
        ("— —", 0.5),
    ],
)
def test_how_much_of_a_block_the_truth_has(text, share):
    assert _shares([text], TRUTH) == [pytest.approx(share)]


def test_shares_of_nothing():
    assert _shares([], TRUTH) == []
    assert _shares(["The council voted on it", "Why?", "!"], "") == [0, 0, 0.5]


def grown(chance: random.Random, depth: int) -> dict:
    """A tree as LightGBM dumps one."""
    if depth == 0 or chance.random() < 0.2:
        return {"leaf_value": round(chance.uniform(-2, 2), 4)}
    return {
        "split_feature": chance.randrange(len(FEATURES)),
        "threshold": round(chance.uniform(-3, 3), 3),
        "decision_type": "<=",
        "left_child": grown(chance, depth - 1),
        "right_child": grown(chance, depth - 1),
    }


def walked(node: dict, row: list[float]) -> float:
    while "leaf_value" not in node:
        node = node["left_child" if row[node["split_feature"]] <= node["threshold"] else "right_child"]
    return node["leaf_value"]


LEAF, OTHER = {"leaf_value": 0.5}, {"leaf_value": -1.0}
STUMP = {"split_feature": 3, "threshold": 0.25, "left_child": LEAF, "right_child": OTHER}
DEEP = {"split_feature": 0, "threshold": 1.0, "left_child": STUMP, "right_child": {**STUMP, "split_feature": 7}}
RANDOM = random.Random(7)


@pytest.mark.parametrize(
    ("trees", "depth"),
    [([LEAF], 0), ([STUMP], 1), ([LEAF, DEEP, STUMP], 2), ([grown(RANDOM, 6) for _ in range(30)], 6)],
)
def test_dumped_trees_say_the_same_once_they_are_flat(trees, depth):
    flat = json.loads(json.dumps(flattened([{"tree_structure": tree} for tree in trees], FEATURES)))
    assert flat["depth"] == depth
    assert len(flat["roots"]) == len(trees)
    rows = np.random.default_rng(1).normal(size=(50, len(FEATURES)))
    rows[0, 3] = rows[0, 0] = 0.25  # on the threshold, which is the left
    told = read_trees(flat, FEATURES).chances(rows)
    assert told == pytest.approx([1 / (1 + np.exp(-sum(walked(tree, row) for tree in trees))) for row in rows.tolist()])


@pytest.mark.skipif(
    importlib.util.find_spec("lightgbm") is None, reason="lightgbm is not installed: make judge does it"
)
def test_the_same_pages_teach_the_same_trees(tmp_path):
    folder = tmp_path / "own"
    (folder / "html").mkdir(parents=True)
    truths = []
    for name in ("court_report", "code_blog", "election_tables"):
        page = tomllib.loads((OWN / f"{name}.toml").read_text("utf-8"))
        truths.append({"id": name, "url": page["url"], "text": "\n".join(page["must"])})
        (folder / "html" / f"{name}.html.gz").write_bytes(gzip.compress((OWN / f"{name}.html").read_bytes()))
    (folder / "truth.jsonl").write_text("".join(f"{json.dumps(truth)}\n" for truth in truths), "utf-8")
    made = []
    for out in (tmp_path / "one.json", tmp_path / "two.json"):
        # Not in this process: it forks.
        done = subprocess.run(
            [sys.executable, "-m", "training.articles.judge", folder, "--out", out],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        )
        assert done.stdout.count("by trees learned from the other") == 2
        made.append(out.read_bytes())
    assert made[0] == made[1]
    trees = read_trees(json.loads(made[0]), FEATURES)
    assert trees.depth > 0, "something was learned"
