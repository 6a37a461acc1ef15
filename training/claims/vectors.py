"""How well sentence vectors tell like sentences from unlike ones: ours, the base model's, and ours in fewer bits.

    python -m training.claims.vectors --pairs DIR --data reader/claims/data [--base DIR]

STS-B asks for likeness by degrees (Spearman's correlation), MRPC whether two sentences of the news say the same
(accuracy and F1 at the threshold that is most often right on its training pairs). `--base` needs torch.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from reader.claims.tagger import START, STOP, Tagger

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]


class Pairs(NamedTuple):
    """Pairs of sentences with how alike people find them."""

    left: list[str]
    right: list[str]
    gold: NDArray[np.float64]


def likeness(path: Path, genre: str = "") -> Pairs:
    """A file of STS-B, or one genre of it: genre, file, year, number, 0 to 5, and two sentences."""
    rows = [line.split("\t") for line in path.read_text("utf-8").splitlines()]
    rows = [row for row in rows if genre in ("", row[0])]
    return Pairs([row[5] for row in rows], [row[6] for row in rows], np.array([float(row[4]) for row in rows]))


def paraphrases(path: Path) -> Pairs:
    """A file of MRPC: 1 or 0, two numbers, and two sentences."""
    rows = [line.split("\t") for line in path.read_text("utf-8-sig").splitlines()[1:]]
    return Pairs([row[3] for row in rows], [row[4] for row in rows], np.array([float(row[0]) for row in rows]))


def spearman(a: NDArray[np.float64], b: NDArray[np.float64]) -> float:
    """Correlation of ranks; equal values share theirs."""
    return float(np.corrcoef(ranks(a), ranks(b))[0, 1])


def ranks(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """The place of each value among all, the mean place for equal ones."""
    _, which, counts = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    found: NDArray[np.float64] = (last - (counts - 1) / 2)[which]
    return found


def best_threshold(told: NDArray[np.float64], gold: NDArray[np.float64]) -> float:
    """From where on to call a pair the same, so that most pairs are right."""
    order = np.argsort(told)
    same = gold[order] == 1
    right = np.concatenate([[same.sum()], same.sum() + np.cumsum(np.where(same, -1, 1))])
    cut = int(right.argmax())
    ordered = np.concatenate([[told.min() - 1], told[order], [told.max() + 1]])
    return float((ordered[cut] + ordered[cut + 1]) / 2)


def accuracy_and_f1(told: NDArray[np.float64], gold: NDArray[np.float64], threshold: float) -> tuple[float, float]:
    """Share of pairs that are right, and F1 of those called the same."""
    said, same = told >= threshold, gold == 1
    return float((said == same).mean()), float(2 * (said & same).sum() / max(1, said.sum() + same.sum()))


def in_bytes(vectors: Floats) -> Floats:
    """What is left of vectors kept as 8-bit numbers with a scale each."""
    scale = np.maximum(np.abs(vectors).max(1, keepdims=True), 1e-6) / 127
    kept: Floats = np.round(vectors / scale).astype(np.int8).astype(np.float32) * scale
    return kept / np.maximum(np.linalg.norm(kept, axis=1, keepdims=True), 1e-6)


def of_tagger(tagger: Tagger, texts: Sequence[str]) -> Floats:
    """What our model makes of each text."""
    return tagger.vectors(texts).astype(np.float32)


def of_base(base: Path, texts: Sequence[str]) -> Floats:
    """What the base model makes of each text: the mean of its pieces, in 32 bits."""
    import torch
    from torch.nn import functional as F

    from training.claims.network import Tagger as Network
    from training.claims.prepare import tokenizer_of

    encoder, tokenizer = Network.of_base(base).eval().encoder, tokenizer_of(base)
    pieces = [e.ids[:190] for e in tokenizer.encode_batch(list(texts), add_special_tokens=False)]
    found = np.zeros((len(texts), 384), np.float32)
    order = sorted(range(len(texts)), key=lambda i: len(pieces[i]))
    for first in range(0, len(order), 64):
        group = order[first : first + 64]
        rows = [[START, *pieces[i], STOP] for i in group]
        ids = torch.zeros(len(rows), max(map(len, rows)), dtype=torch.long)
        for n, row in enumerate(rows):
            ids[n, : len(row)] = torch.tensor(row)
        with torch.no_grad():
            vectors = encoder(ids, torch.zeros_like(ids), torch.zeros_like(ids))[0]
        there = (ids != 0)[:, :, None]
        found[group] = F.normalize((vectors * there).sum(1) / there.sum(1)).numpy()
    return found


def cosines(vectors: Floats, which: dict[str, int], pairs: Pairs) -> NDArray[np.float64]:
    """How alike the vectors of each pair are."""
    left, right = ([which[text] for text in texts] for texts in (pairs.left, pairs.right))
    found: NDArray[np.float64] = (vectors[left] * vectors[right]).sum(1).astype(np.float64)
    return found


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--pairs", type=Path, required=True)
    ask.add_argument("--data", type=Path, default=Path("reader/claims/data"), help="folder of our model")
    ask.add_argument("--base", type=Path, help="folder of the base model")
    told = ask.parse_args()
    dev, test = (told.pairs / "stsb" / f"sts-{split}.csv" for split in ("dev", "test"))
    graded = [likeness(dev), likeness(test), likeness(test, "main-news")]
    learnt, tested = (paraphrases(told.pairs / "mrpc" / f"msr_paraphrase_{split}.txt") for split in ("train", "test"))
    texts = list(dict.fromkeys(t for p in (*graded, learnt, tested) for t in (*p.left, *p.right)))
    which = {text: n for n, text in enumerate(texts)}
    ours = of_tagger(Tagger(told.data / "tagger.onnx", told.data / "tokenizer.json"), texts)
    made = {"ours, float16": ours, "ours, int8": in_bytes(ours)}
    if told.base:
        base = of_base(told.base, texts)
        halved = base.astype(np.float16).astype(np.float32)
        made |= {"base, float32": base, "base, float16": halved, "base, int8": in_bytes(base)}
    for name, vectors in made.items():
        likes = [100 * spearman(cosines(vectors, which, pairs), pairs.gold) for pairs in graded]
        threshold = best_threshold(cosines(vectors, which, learnt), learnt.gold)
        accuracy, f1 = accuracy_and_f1(cosines(vectors, which, tested), tested.gold, threshold)
        print(
            f"{name:14} STS-B dev {likes[0]:.2f} test {likes[1]:.2f} its news {likes[2]:.2f}"
            f"  MRPC accuracy {100 * accuracy:.1f} F1 {100 * f1:.1f} at {threshold:.3f}"
        )


if __name__ == "__main__":
    main()
