"""A sum of weighed features as a chance: what the comparisons of statements are judged by."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache
from importlib import resources
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray


class Weighed(NamedTuple):
    """A logistic model, learned by `training.stories.link` and `same`."""

    weights: NDArray[np.float64]
    bias: float

    def chances(self, rows: NDArray[np.float64]) -> NDArray[np.float64]:
        """The chance, 0 to 1, of each row of features."""
        found: NDArray[np.float64] = 1 / (1 + np.exp(-np.clip(rows @ self.weights + self.bias, -40, 40)))
        return found


@cache
def shipped(name: str, features: Sequence[str]) -> Weighed:
    """The model `name` in the package; ValueError if it was learned from other features."""
    held = json.loads(resources.files("reader.stories").joinpath(f"data/{name}.json").read_bytes())
    if tuple(held["features"]) != tuple(features):
        raise ValueError("the model was learned from other features than this program's")
    return Weighed(np.array(held["weights"]), held["bias"])
