"""Sentences of debates marked as worth checking or not -> the weights that order an article's claims.

    python -m training.claims.worth --checkworthy DIR --out reader/claims/data/worth.json [--data reader/claims/data]

With `--data`, the folder of the claims model, it also tells what the sentence vector would add. The vector isn't used:
it orders other debates better but news no better, and would have to be learned anew with every model.

Learns from ClaimBuster alone: Arslan, Hassan, Li and Tremayne, "A benchmark dataset of check-worthy factual claims"
(ICWSM 2020), CC BY 4.0, whose two parts CheckThat! 2024 gives out as train and dev. CheckThat! 2019 and 2024's dev-test
serve to measure only; no text of any is kept. Needs the run-time dependencies alone, and draws nothing by chance.
"""

from __future__ import annotations

import argparse
import csv
import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from reader.claims.figures import find_figures
from reader.claims.tagger import Tagger
from reader.claims.worth import features
from reader.model import Quotation

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

PLAIN_PENALTY, VECTOR_PENALTY = 1.0, 4.0
"""Ridge penalties: the vector is held short, for its numbers know much of debates and little of news."""
QUOTED = -0.7
"""Weight of "quoted", which debates can't teach, for all in them is speech: news quotes colour and retells facts."""
SPLIT = 20_000
"""ClaimBuster's numbers run with the years: from this one on they are of the last debates."""
SHARED = ("20160926_1pres", "20161010_2pres", "20161019_3pres")
"""Debates of CheckThat! 2019 that ClaimBuster holds too."""


class Rows(NamedTuple):
    """Sentences with what is seen of them, and whether each is worth checking."""

    groups: NDArray[np.str_]
    """The debate or article of each."""
    numbers: NDArray[np.int64]
    plain: Floats
    vectors: Floats
    worth: NDArray[np.bool_]

    def whole(self) -> Floats:
        """Plain features and vector side by side."""
        return np.hstack([self.plain, self.vectors])


class Sentence(NamedTuple):
    """A sentence as the data give it."""

    group: str
    number: int
    text: str
    worth: bool
    quotation: Quotation = Quotation.INDIRECT


def checkthat24(path: Path) -> list[Sentence]:
    """A file of CheckThat! 2024: number, text, Yes or No."""
    with path.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))[1:]
    return [Sentence(path.stem, int(number), unquoted(text), label == "Yes") for number, text, label in rows]


def unquoted(text: str) -> str:
    """A field without the quotation marks that the table, not the speaker, put around it."""
    return text[1:-1].replace('""', '"') if len(text) > 1 and text[0] == text[-1] == '"' else text


def checkthat19(folder: Path) -> list[Sentence]:
    """A folder of CheckThat! 2019, number, speaker, text and 0 or 1, without the debates that ClaimBuster holds."""
    found = []
    for path in sorted(folder.glob("*.tsv")):
        if path.stem not in SHARED:
            rows = [line.split("\t") for line in path.read_text("utf-8").splitlines()]
            found += [
                Sentence(path.stem, int(n), text, label == "1") for n, who, text, label in rows if who != "SYSTEM"
            ]
    return found


def news(cases: Path, marks: Path) -> list[Sentence]:
    """The claims of our own articles; `marks` names the first span of each that a reader would want checked."""
    found = []
    for name, wanted in json.loads(marks.read_text("utf-8")).items():
        case = json.loads((cases / f"{name}.json").read_text("utf-8"))
        for number, claim in enumerate(case["attributions"]):
            text = " … ".join(case["text"][start:end] for start, end in claim["content"])
            quotation = Quotation(claim["quotation"])
            found.append(Sentence(name, number, text, claim["content"][0] in wanted, quotation))
    return found


def seen(sentences: Sequence[Sentence], tagger: Tagger | None) -> Rows:
    """What is seen of sentences; without a tagger no vectors."""
    plain = [list(features(s.text, find_figures(s.text), s.quotation).values()) for s in sentences]
    return Rows(
        np.array([s.group for s in sentences]),
        np.array([s.number for s in sentences]),
        np.array(plain),
        np.zeros((len(sentences), 0)) if tagger is None else tagger.vectors([s.text for s in sentences]).astype(float),
        np.array([s.worth for s in sentences]),
    )


def learn(x: Floats, y: NDArray[np.bool_], penalties: Floats) -> Floats:
    """Ridge logistic regression by Newton's method; the bias is the last weight."""
    x = np.hstack([x, np.ones((len(x), 1))])
    penalties = np.append(penalties, 1e-6)
    weights = np.zeros(x.shape[1])
    for _ in range(12):
        p = 1 / (1 + np.exp(-x @ weights))
        slope = x.T @ (y - p) - penalties * weights
        weights += np.linalg.solve((x * (p * (1 - p))[:, None]).T @ x + np.diag(penalties), slope)
    return weights


def learned(rows: Rows, *, whole: bool) -> Floats:
    """The weights that rows teach to the plain features, or to them and the vector."""
    penalties = np.full(rows.plain.shape[1], PLAIN_PENALTY)
    if whole:
        penalties = np.append(penalties, np.full(rows.vectors.shape[1], VECTOR_PENALTY))
    weights = learn(rows.whole() if whole else rows.plain, rows.worth, penalties)
    weights[_names().index("quoted")] = QUOTED
    return weights


def scores(rows: Rows, weights: Floats) -> Floats:
    """How much each row is worth checking, as the weights see it; without the logistic curve, which keeps the order."""
    x = rows.plain if len(weights) == rows.plain.shape[1] + 1 else rows.whole()
    found: Floats = x @ weights[:-1] + weights[-1]
    return found


def average_precision(worth: NDArray[np.bool_], told: Floats) -> float:
    """Mean of the precision at each that is worth checking, by falling score; equal ones in an order of their own."""
    ordered = worth[np.lexsort((np.arange(len(told)) * 7919 % 104729, -told))]
    return float((np.cumsum(ordered) / np.arange(1, len(ordered) + 1))[ordered].mean())


def precision_at(k: int, worth: NDArray[np.bool_], told: Floats) -> float:
    """Share of the k highest that are worth checking."""
    return float(worth[np.argsort(-told, kind="stable")[:k]].mean())


def measure(rows: Rows, weights: Floats) -> dict[str, float]:
    """Average precision over all and meant over debates or articles, P@10 meant over them, P@50, in per cent."""
    told = scores(rows, weights)
    groups = [rows.groups == group for group in dict.fromkeys(rows.groups) if rows.worth[rows.groups == group].any()]
    found = {
        "AP": average_precision(rows.worth, told),
        "MAP": float(np.mean([average_precision(rows.worth[g], told[g]) for g in groups])),
        "P@10": float(np.mean([precision_at(10, rows.worth[g], told[g]) for g in groups])),
        "P@50": precision_at(50, rows.worth, told),
        "share": float(rows.worth.mean()),
    }
    return {name: round(100 * value, 1) for name, value in found.items()}


def _names() -> list[str]:
    return list(features("", (), Quotation.INDIRECT))


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--checkworthy", type=Path, required=True)
    ask.add_argument("--data", type=Path, help="folder of the model")
    ask.add_argument("--cases", type=Path, default=Path("tests/claims/cases"))
    ask.add_argument("--out", type=Path, default=Path("reader/claims/data/worth.json"))
    told = ask.parse_args()
    tagger = Tagger(told.data / "tagger.onnx", told.data / "tokenizer.json") if told.data else None
    ct24, ct19 = told.checkworthy / "ct24", told.checkworthy / "clef19"
    train = seen(checkthat24(ct24 / "CT24_checkworthy_english_train.tsv"), tagger)
    others = {
        "ct24 dev": checkthat24(ct24 / "CT24_checkworthy_english_dev.tsv"),
        "ct24 dev-test": checkthat24(ct24 / "CT24_checkworthy_english_dev-test.tsv"),
        "ct19 training": checkthat19(ct19 / "training"),
        "ct19 test": checkthat19(ct19 / "test_annotated"),
        "our news": news(told.cases, Path(__file__).with_name("worth_news.json")),
    }
    sets = {name: seen(sentences, tagger) for name, sentences in others.items()}
    early = Rows(*(column[train.numbers < SPLIT] for column in train))
    late = Rows(*(column[train.numbers >= SPLIT] for column in train))
    for kind, whole in (("plain", False), ("vector", True)) if tagger else (("plain", False),):
        weights = learned(train, whole=whole)
        print(f"{kind:7} {'later debates':14} {measure(late, learned(early, whole=whole))}")
        for name, rows in sets.items():
            print(f"{kind:7} {name:14} {measure(rows, weights)}", flush=True)
    weights = learned(train, whole=False)
    made = {
        "bias": round(float(weights[-1]), 3),
        "weights": {name: round(float(weight), 3) for name, weight in zip(_names(), weights[:-1], strict=True)},
    }
    told.out.write_text(json.dumps(made, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
