"""Boosted regression trees as plain arrays: what the small learned judges of this program are read with.

They are learned by `training.trees`, which alone needs LightGBM.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray


class Trees(NamedTuple):
    """The trees of one model, their nodes one after the other; a leaf is a node that leads to itself."""

    roots: NDArray[np.int32]
    feature: NDArray[np.int32]
    threshold: NDArray[np.float64]
    left: NDArray[np.int32]
    right: NDArray[np.int32]
    value: NDArray[np.float64]
    depth: int

    def chances(self, rows: NDArray[np.float64]) -> NDArray[np.float64]:
        """The chance, 0 to 1, of what the trees tell, for each row of features."""
        each = np.arange(len(rows))[:, None]
        at = np.broadcast_to(self.roots, (len(rows), len(self.roots)))
        for _ in range(self.depth):
            goes_left = rows[each, self.feature[at]] <= self.threshold[at]
            at = np.where(goes_left, self.left[at], self.right[at])
        chances: NDArray[np.float64] = 1 / (1 + np.exp(-self.value[at].sum(axis=1)))
        return chances


def trees(model: dict[str, Any], features: Sequence[str]) -> Trees:
    """The trees that a model file holds, as `training.trees` writes it; ValueError if it saw other features."""
    if tuple(model["features"]) != tuple(features):
        raise ValueError("the model was learned from other features than this program's")
    return Trees(
        roots=np.array(model["roots"], np.int32),
        feature=np.array(model["feature"], np.int32),
        threshold=np.array(model["threshold"]),
        left=np.array(model["left"], np.int32),
        right=np.array(model["right"], np.int32),
        value=np.array(model["value"]),
        depth=model["depth"],
    )
