"""Rows of figures with what is true of them -> boosted trees that `reader.trees` reads."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def learn(
    rows: Floats,
    truth: Floats,
    weights: Floats,
    *,
    features: Sequence[str],
    rounds: int,
    several: int = 1,
    **settings: Any,
) -> dict[str, Any]:
    """Trees in the layout of a model file; `truth` may lie between 0 and 1. The same rows give the same trees.

    With `several` so many models are learned, each from other draws, and put together: their mean, before the sigmoid.
    """
    import lightgbm  # which only learning needs

    fixed = {"objective": "cross_entropy", "deterministic": True, "force_row_wise": True, "verbose": -1}
    dumped = []
    for seed in range(1, several + 1):
        data = lightgbm.Dataset(rows, truth, weight=weights)
        dumped += lightgbm.train({**fixed, "seed": seed, **settings}, data, rounds).dump_model()["tree_info"]
    model = flat(dumped, features)
    if several > 1:
        model["value"] = [float(f"{value / several:.5g}") for value in model["value"]]
    return model


def flat(dumped: Sequence[dict[str, Any]], features: Sequence[str]) -> dict[str, Any]:
    """LightGBM's nested trees as lists of nodes."""
    nodes: dict[str, list[Any]] = {name: [] for name in ("feature", "threshold", "left", "right", "value")}
    deepest = 0

    def add(node: dict[str, Any], depth: int) -> int:
        nonlocal deepest
        deepest = max(deepest, depth)
        at = len(nodes["value"])
        leaf = "leaf_value" in node
        for name, value in (
            ("feature", 0 if leaf else node["split_feature"]),
            ("threshold", 0 if leaf else float(f"{node['threshold']:.7g}")),
            ("left", at),
            ("right", at),
            ("value", float(f"{node['leaf_value']:.5g}") if leaf else 0),
        ):
            nodes[name].append(value)
        if not leaf:
            nodes["left"][at] = add(node["left_child"], depth + 1)
            nodes["right"][at] = add(node["right_child"], depth + 1)
        return at

    roots = [add(one["tree_structure"], 0) for one in dumped]
    return {"features": list(features), "roots": roots, "depth": deepest, **nodes}
