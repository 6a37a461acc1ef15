"""A sentence encoder's vocabulary -> a short vector for each whole word, to be added up where the encoder is too slow.

    python -m training.stories.words --base DIR [--out reader/stories/data/words.npz]

Each word is read by the encoder alone; the vectors are cut to their first 64 principal components and weighed by how
rare the word is, which the vocabulary's order tells (Tulkens and van Dongen, Model2Vec, 2024; the weights are those of
Arora, Liang and Ma 2017). Needs torch; draws nothing by chance. Half a minute on two cores.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np

from training.claims.prepare import tokenizer_of
from training.claims.vectors import of_base

WIDTH = 64
_FIRST = 1996
"""Place of the vocabulary's first word, after its marks and single characters; from there on words get rarer."""
_COMMON = 1e-3
_ZIPF = 1 / 8
"""The share of the commonest word, under Zipf's law over some 20,000 words …"""
_SHIFT = 50
"""… of which the first few are nearly as common as each other (Mandelbrot)."""


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--base", type=Path, required=True, help="folder of the base model")
    ask.add_argument("--out", type=Path, default=Path("reader/stories/data/words.npz"))
    told = ask.parse_args()
    vocabulary = tokenizer_of(told.base).get_vocab()
    words = [
        word
        for word in sorted(vocabulary, key=vocabulary.__getitem__)[_FIRST:]
        if word.isascii() and word.isalpha() and len(word) > 1
    ]
    vectors = of_base(told.base, words).astype(np.float64)
    vectors -= vectors.mean(0)
    components = np.linalg.svd(vectors, full_matrices=False)[2][:WIDTH]
    components *= np.sign(components.sum(1))[:, None]  # a component's sign is anybody's choice
    share = _ZIPF / (np.arange(len(words)) + 1 + _SHIFT)
    short = vectors @ components.T * (_COMMON / (_COMMON + share))[:, None]
    scale = np.abs(short).max(1) / 127
    np.savez_compressed(
        told.out,
        words=np.frombuffer("\n".join(words).encode(), np.uint8),
        vectors=np.round(short / scale[:, None]).astype(np.int8),
        scale=scale.astype(np.float16),
    )
    print(f"{len(words)} words, {told.out.stat().st_size / 2**20:.2f} MB")


if __name__ == "__main__":
    main()
