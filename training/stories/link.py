"""Stories lined up by hand -> the weights that say which statements of two articles are one claim.

    python -m training.stories.link --streams DIR [--more DIR...] [--out reader/stories/data/link.json]

`ledgers.json` beside this file holds the rows of thirteen stories, as offsets into texts that are wikinews.jsonl's in
the folder of `--streams`; seven of them were held out while the features were made. Each DIR of `--more` is a folder as
`newsreader eval stories` reads it. Those held out are scored by what the others taught, then each story by what all
others taught; all of them teach the weights that ship. The file keeps offsets alone, no text. Half a minute.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from collections.abc import Sequence
from itertools import combinations
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from reader.claims.find import find
from reader.model import StoryDoc, Telling
from reader.stories import chosen, ledger, score, statements, telling, weighed
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
    ask.add_argument("--streams", type=Path, required=True)
    ask.add_argument("--more", nargs="*", type=Path, default=[])
    ask.add_argument("--out", type=Path, default=Path("reader/stories/data/link.json"))
    told = ask.parse_args()
    texts = {doc.id: doc for doc in score.read_stream((told.streams / "wikinews.jsonl").read_bytes())[0]}
    held = json.loads(Path(__file__).with_name("ledgers.json").read_text(encoding="utf-8"))
    samples = {folder.name: _sample(score.read_ledger(_files(folder))) for folder in told.more}
    samples |= {name: _sample(_looked_up(story, texts)) for name, story in held.items()}
    out = {name for name, story in held.items() if story["held_out"]}
    taught = weigh([sample for name, sample in samples.items() if name not in out])
    print("held out, by the others:")
    print(score.links_of([_scored(name, samples[name], taught) for name in sorted(out)]))
    print("each by all others:")
    apart = [
        _scored(name, sample, weigh([other for other in samples.values() if other is not sample]))
        for name, sample in samples.items()
    ]
    print(score.links_of(apart))
    told.out.write_text(json.dumps(weigh(list(samples.values()))) + "\n", encoding="utf-8")


def _files(folder: Path) -> list[bytes]:
    return [path.read_bytes() for path in sorted(folder.glob("*.json"))]


def _looked_up(story: dict[str, Any], texts: dict[str, StoryDoc]) -> score.LinedUp:
    """A story of ledgers.json with its texts."""
    docs = [texts[id] for id in story["articles"]]
    for doc in docs:
        if hashlib.sha256(doc.text.encode()).hexdigest()[:16] != story["articles"][doc.id]:
            raise SystemExit(f"The text of {doc.id} is not the one that was lined up.")
    links = []
    for row in story["rows"]:
        places = {id: frozenset(at for s, e in spans for at in range(s, e)) for id, spans in row["cells"].items()}
        links += [score.Link((a, b), (places[a], places[b])) for a, b in combinations(sorted(places), 2)]
    return score.LinedUp(docs, links)


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


def _sample(story: score.LinedUp) -> Sample:
    tellings = [telling(doc, find(clean(doc.text), title=doc.title)) for doc in story.docs]
    tellings = chosen(tellings)
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
