"""Pairs of sentences that are paraphrases or not -> the weights that say whether two sentences say the same.

    python -m training.stories.same MRPC [--out reader/stories/data/same.json]

MRPC holds msr_paraphrase_train.txt and msr_paraphrase_test.txt (Dolan, Quirk and Brockett 2004), of which the first
teaches and the second measures; keeps no text. Half a minute.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from reader.claims.figures import find_figures
from reader.stories.compare import SAME
from reader.stories.phrase import FEATURES, features, phrase
from reader.stories.weighed import Weighed
from training.claims.vectors import Pairs, paraphrases
from training.stories.link import folded

PENALTY = 3.0


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("mrpc", type=Path)
    ask.add_argument("--out", type=Path, default=Path("reader/stories/data/same.json"))
    told = ask.parse_args()
    learnt, tested = (paraphrases(told.mrpc / f"msr_paraphrase_{part}.txt") for part in ("train", "test"))
    rows = _rows(learnt)
    model = folded(rows, learnt.gold, np.ones(len(rows)), FEATURES, PENALTY)
    judge = Weighed(np.array(model["weights"]), model["bias"])
    right = (judge.chances(_rows(tested)) >= SAME) == (tested.gold == 1)
    print(f"right of the test pairs: {100 * right.mean():.1f} %")
    told.out.write_text(json.dumps(model) + "\n", encoding="utf-8")


def _rows(pairs: Pairs) -> NDArray[np.float64]:
    sides = ([phrase(text, find_figures(text)) for text in texts] for texts in (pairs.left, pairs.right))
    return np.array([features(a, b) for a, b in zip(*sides, strict=True)])


if __name__ == "__main__":
    main()
