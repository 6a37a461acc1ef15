"""How well a model finds spans in a file of CofeNet's layout (JSON lines of tokens and labels).

    python -m training.claims.evaluate FILE [--json] [--data reader/claims/data]

Needs the run-time dependencies alone.
"""

from __future__ import annotations

import argparse
import json
from bisect import bisect_right
from collections.abc import Sequence
from pathlib import Path

from reader.claims import tagger as shipped
from reader.model import Span
from training.claims.polnear import lines
from training.claims.spans import Spans, agreement, spans_of


def evaluate(path: Path, tagger: shipped.Tagger) -> dict[str, dict[str, dict[str, float]]]:
    """Exact and overlap scores of each role over the lines of a file, in per cent."""
    gold: list[Spans] = []
    told: list[Spans] = []
    for text, instances in lines(path):
        units = [Span(i.tokens[0].start, i.tokens[-1].end) for i in instances]
        tagged = tagger.tag(text, units)
        starts = [span.start for span in tagged.words]
        labels = [shipped.LABELS[label] for label in tagged.labels]
        for instance in instances:
            gold.append(spans_of(instance.labels))
            told.append(spans_of(_of_tokens(instance.tokens, starts, labels)))
    return agreement(gold, told)


def _of_tokens(tokens: Sequence[Span], starts: Sequence[int], labels: Sequence[str]) -> list[str]:
    """The words' labels handed to the corpus's tokens, which cut "U.S." and "don't" otherwise."""
    found = []
    last = -1
    for token in tokens:
        at = max(0, bisect_right(starts, token.start) - 1)
        label = labels[at]
        if label[0] == "B" and at == last:
            label = "I" + label[1:]
        found.append(label)
        last = at
    return found


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("file", type=Path)
    ask.add_argument("--json", action="store_true")
    ask.add_argument("--data", type=Path, default=Path("reader/claims/data"), help="folder of the model")
    told = ask.parse_args()
    scores = evaluate(told.file, shipped.Tagger(told.data / "tagger.onnx", told.data / "tokenizer.json"))
    if told.json:
        print(json.dumps(scores))
        return
    for role, kinds in scores.items():
        for kind, score in kinds.items():
            print(f"{role:8} {kind:8} P {score['P']:5.1f}  R {score['R']:5.1f}  F1 {score['F1']:5.1f}")


if __name__ == "__main__":
    main()
