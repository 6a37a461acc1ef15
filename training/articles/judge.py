"""Pages with the text of their articles -> the trees that judge a page's blocks.

    python -m training.articles.judge DIR... --out reader/articles/data/judge.json

DIR holds truth.jsonl ({"id", "url", "text"} a line) and html/ID.html.gz. Learns from WCXB's and Scrapinghub's pages
(Murrough-Foley, web-content-extraction-benchmark, CC BY 4.0; article-extraction-benchmark, MIT); keeps no text.
First each half of the pages is scored by trees that were learned from the other, then all of them teach those shipped.
A minute on two cores; the same pages give the same file.
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
from collections.abc import Sequence
from functools import cache, partial
from multiprocessing import Pool
from multiprocessing.pool import Pool as Workers
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from reader.articles import ExtractError, judge, metadata, page, readable
from reader.articles.as_json import article_json
from reader.articles.extract import body, extract
from reader.articles.score import Truth, read_truth, score
from reader.model import BlockKind
from reader.trees import Trees, trees
from training.trees import learn

ROUNDS, LEAVES, DEPTH, RATE = 150, 20, 6, 0.07
_GRAM = 4
_WORD = re.compile(r"\w+")
_IN_RUNNING_TEXT = 0.3
"""How far a line of a few words counts as article where the truth has its words, but not as a line."""
_LEAST_WEIGHT = 0.02
"""Of a block, beside the share of its page's words (in per cent) that it holds."""


class Rows(NamedTuple):
    """The blocks of one page as the trees see them."""

    features: NDArray[np.float64]
    shares: NDArray[np.float64]
    """How much of each block the truth has, 0 to 1."""
    weights: NDArray[np.float64]


class Sample(NamedTuple):
    """A page and its truth."""

    html: Path
    truth: Truth


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("pages", nargs="+", type=Path, help="folders with truth.jsonl and html/")
    parser.add_argument("--out", type=Path, default=Path("reader/articles/data/judge.json"))
    arguments = parser.parse_args()
    sets = {folder.name: _samples(folder) for folder in arguments.pages}
    with Pool() as pool:
        rows = {name: pool.map(_rows, samples, chunksize=8) for name, samples in sets.items()}
        for half in (0, 1):
            model = _learn([row for found in rows.values() for row in found[1 - half :: 2]])
            for name, samples in sets.items():
                print(f"{name}, half {half}, by trees learned from the other: {_scored(samples[half::2], pool, model)}")
    model = _learn([row for found in rows.values() for row in found])
    arguments.out.write_text(json.dumps(model, separators=(",", ":")) + "\n", encoding="utf-8")


def _samples(folder: Path) -> list[Sample]:
    lines = (folder / "truth.jsonl").read_bytes().splitlines()
    truths = [read_truth(line) for line in lines if line.strip()]
    return [Sample(folder / "html" / f"{truth['id']}.html.gz", truth) for truth in truths]


def _rows(sample: Sample) -> Rows | None:
    """What is seen of a page's blocks, and what is true of them; None for a page without any."""
    root = page.read(gzip.decompress(sample.html.read_bytes()))
    url = sample.truth.get("url")
    base = page.base(root, url)
    title = metadata.read(root, url, base=base).title
    blocks, _ = body(root, base=base)
    chosen = readable.chosen(root, blocks)
    if not blocks or chosen is None:
        return None
    features = np.array(judge.features(blocks, chosen, title=title))
    words = np.array([len(_WORD.findall(piece.text)) for piece in blocks], float) + 1
    weights = 100 * words / words.sum() + _LEAST_WEIGHT
    # Truths are of two minds about code: whether it belongs is to be seen from what stands around it.
    weights *= [piece.kind is not BlockKind.CODE for piece in blocks]
    return Rows(features, np.array(_shares([piece.text for piece in blocks], sample.truth["text"])), weights)


def _shares(texts: Sequence[str], truth: str) -> list[float]:
    """The share of each text's runs of four words that the truth has; of shorter ones, whether it has the line."""
    words = _WORD.findall(truth.casefold())
    grams = {tuple(words[i : i + _GRAM]) for i in range(len(words) - _GRAM + 1)}
    lines = {" ".join(_WORD.findall(line.casefold())) for line in truth.splitlines()}
    running = f" {' '.join(words)} "
    shares = []
    for text in texts:
        own = _WORD.findall(text.casefold())
        line = " ".join(own)
        if not own:
            shares.append(0.5)
        elif len(own) < _GRAM:
            shares.append(1.0 if line in lines else _IN_RUNNING_TEXT * (len(own) > 1 and f" {line} " in running))
        else:
            runs = [tuple(own[i : i + _GRAM]) for i in range(len(own) - _GRAM + 1)]
            shares.append(sum(run in grams for run in runs) / len(runs))
    return shares


def _learn(pages: Sequence[Rows | None]) -> dict[str, Any]:
    """Trees in the layout of judge.json."""
    rows = [row for row in pages if row]
    return learn(
        np.concatenate([row.features for row in rows]),
        np.concatenate([row.shares for row in rows]),
        np.concatenate([row.weights for row in rows]),
        features=judge.FEATURES,
        rounds=ROUNDS,
        num_leaves=LEAVES,
        max_depth=DEPTH,
        learning_rate=RATE,
        min_data_in_leaf=15,
        feature_fraction=0.5,
        bagging_fraction=0.7,
        bagging_freq=1,
        lambda_l2=5,
    )


def _scored(samples: Sequence[Sample], pool: Workers, model: dict[str, Any]) -> str:
    """How the whole extraction does on pages with these trees."""
    found = pool.map(partial(_extracted, model=model), samples, chunksize=8)
    scores = score([sample.truth for sample in samples], found)
    shares = ", ".join(f"{name} {share.percent}" for name, share in scores.shares.items() if share.of)
    return f"shingle {scores.shingle.f1}, words {scores.words}, empty {scores.empty}, {shares}"


def _extracted(sample: Sample, model: dict[str, Any]) -> dict[str, Any] | None:
    html = gzip.decompress(sample.html.read_bytes())
    try:
        return article_json(extract(html, url=sample.truth.get("url"), trees=_trees(json.dumps(model))), id=None)
    except ExtractError:
        return None


@cache
def _trees(model: str) -> Trees:
    return trees(json.loads(model), judge.FEATURES)


if __name__ == "__main__":
    main()
