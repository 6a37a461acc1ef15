"""Stories lined up by hand -> the weights that say which statements of two articles are one claim.

    python -m training.stories.link DIR... [--held DIR...] [--out reader/stories/data/link.json]

Each DIR holds the annotated articles of one story ({"id", "title", "text", "published", "outlet", "attributions"}) and
LEDGER_….json, {"rows": [{"cells": {ID: {"attributions": [n], "span"}}}]}. Every DIR is also scored by weights that were
learned from the others, those `--held` by what all of DIR taught. Keeps no text. Half a minute.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from itertools import combinations
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from reader.claims.find import find
from reader.model import Telling
from reader.stories import ledger, score, statements, weighed
from reader.text import clean
from training.claims.calibrate import fit

PENALTY = 100.0
Floats = NDArray[np.float64]


class Sample(NamedTuple):
    """A story, its gold links and what is seen of its likely pairs."""

    tellings: list[Telling]
    gold: list[score.Link]
    rows: Floats
    truth: Floats


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("stories", nargs="+", type=Path)
    ask.add_argument("--held", nargs="*", type=Path, default=[])
    ask.add_argument("--out", type=Path, default=Path("reader/stories/data/link.json"))
    told = ask.parse_args()
    samples = {folder.name: _sample(folder) for folder in told.stories}
    apart = [
        _scored(name, sample, weigh([other for other in samples.values() if other is not sample]))
        for name, sample in samples.items()
    ]
    print("each by what the others taught:", score.links_of(apart))
    model = weigh(list(samples.values()))
    if told.held:
        print("held out:", score.links_of([_scored(f.name, _sample(f), model) for f in told.held]))
    told.out.write_text(json.dumps(model) + "\n", encoding="utf-8")


def weigh(samples: Sequence[Sample]) -> dict[str, Any]:
    """The weights that samples teach, in the layout of link.json."""
    rows, truth = np.concatenate([s.rows for s in samples]), np.concatenate([s.truth for s in samples])
    return folded(rows, truth, np.ones(len(truth)), statements.FEATURES, PENALTY)


def folded(rows: Floats, truth: Floats, weights: Floats, features: Sequence[str], penalty: float) -> dict[str, Any]:
    """Logistic weights for features as they are, learned where each is scaled to the same spread."""
    mean, spread = rows.mean(0), rows.std(0)
    spread[spread == 0] = 1
    scaled = np.hstack([np.ones((len(rows), 1)), (rows - mean) / spread])
    learned = fit(scaled, truth, weights, penalty)
    own = learned[1:] / spread
    return {
        "features": list(features),
        "weights": [float(f"{weight:.5g}") for weight in own],
        "bias": float(f"{learned[0] - own @ mean:.5g}"),
    }


def _sample(folder: Path) -> Sample:
    story = score.read_ledger([path.read_bytes() for path in sorted(folder.glob("*.json"))])
    tellings = [
        Telling(
            id=doc.id,
            title=doc.title,
            text=doc.text,
            outlet=doc.outlet or "",
            published=doc.published,
            analysis=find(clean(doc.text), title=doc.title),
        )
        for doc in story.docs
    ]
    tellings = ledger.chosen(tellings)
    found = statements.in_story([s for at, one in enumerate(tellings) for s in statements.statements(at, one)])
    covered = statements.cover(found)
    pairs = ledger.likely(found, covered, len(tellings))
    lead = statements.leads(found, covered, len(tellings))
    rows = [statements.features(found[a], found[b], (a, b), covered, lead) for a, b in pairs]
    truth = []
    for a, b in pairs:
        ids = [tellings[found[at].article].id for at in (a, b)]
        said = [set(range(*found[at].span)) for at in (a, b)]
        truth.append(float(any(score.is_link(gold, ids, said) for gold in story.links)))
    return Sample(tellings, story.links, np.array(rows), np.array(truth))


def _scored(name: str, sample: Sample, model: dict[str, Any]) -> score.Links:
    judge = weighed.Weighed(np.array(model["weights"]), model["bias"])
    told = ledger.ledger(sample.tellings, judge=judge)
    found = [
        (ids, [{at for s in row.cells[id].spans for at in range(*s)} for id in ids])
        for row in told.rows
        for ids in combinations(sorted(row.cells), 2)
    ]
    links = score.links(sample.gold, found)
    print(f"  {name:<18} {links}  conflicts {sum(not clash.updated for clash in told.clashes)}")
    return links


if __name__ == "__main__":
    main()
