"""Streams of news whose stories are known -> the trees that say which story an article joins.

    python -m training.stories.merge DIR [--out reader/stories/data/merge.json] [--halves]

DIR holds allsides.jsonl, uci.jsonl and wikinews.jsonl, lines {"id", "title", "text", "published", "outlet", "story"} in
order of time; a story of null is not known. Keeps no text. Each half of a stream is read as it is and as others might
be: without texts, without dates, in letters that make it no language known here, and uci's, whose stories were gathered
one after the other, in an order drawn anew within a day, so that its clock teaches nothing. With `--halves` trees are
learned from one half and scored on the other, and nothing is written. The trees are learned in rounds, each from the
mistakes that the last one's lead to. Some ten minutes.
"""

from __future__ import annotations

import argparse
import codecs
import contextlib
import json
import random
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from reader.model import StoryDoc
from reader.stories import cluster, merge
from reader.stories.score import Scores, read_stream, score
from reader.trees import trees
from training.trees import learn

NAMES = ("allsides", "uci", "wikinews")
ROUNDS = 3
THRESHOLDS = {"ENOUGH": 0.4, "ENOUGH_OF_TITLES": 0.2, "AS_LIKELY": 0.1}
"""Of `reader.stories.merge`, while it learns; those the reader has were chosen with what was learned."""
SEVERAL, TREES, LEAVES = 4, 60, 12
TITLES = 2.0
"""How much a stream of titles counts: one stands for the many feeds that carry no more."""
FOREIGN = 0.2
SERIES, IN_SERIES = 2_000, 0.5
"""Articles of a made stream of series, and how much it counts."""
_NEW, _LATELY = 0.6, 20
"""The share of them that are new items, and how many items back one may be told again."""
_NOON = datetime(2026, 11, 12, 12, tzinfo=UTC)
_TEMPLATES = (
    ("{one}: minimum temperature {figure} degrees", "The night was clear in {one}. Winds were light."),
    ("Cold night in {one} with {figure} degrees", "In {one} it was {figure} degrees at the lowest. Winds were light."),
    ("Traffic in {one}: {figure} kilometres of queues", "Drivers in {one} had to wait. The {other} road was shut."),
    (
        "Queues on the {other} road in {one}",
        "Cars stood for {figure} kilometres in {one} as the {other} road was shut.",
    ),
    ("{one} draw with {other} in cup tie", "It ended level. {one} led by {figure} points before {other} came back."),
    ("{other} come back to hold {one}", "{other} were {figure} points behind {one} and still drew their cup tie."),
    ("{one} elected to board of {other}", "The shareholders of {other} chose {one} with {figure} per cent of votes."),
    ("{other} shareholders back {one}", "With {figure} per cent of the votes {one} joins the board of {other}."),
    ("Recipe of the week: {one} soup", "Serves {figure}. Chop the {other} and boil it with salt and pepper."),
    ("How to make {one} soup with {other}", "For {figure} people, chop some {other} and boil it with salt."),
    ("Obituary: {one} {other}, teacher", "{one} {other} has died after teaching for {figure} years."),
    ("Teacher {one} {other} dies", "The funeral of {one} {other}, who taught for {figure} years, is private."),
    (
        "{one} third-quarter net income falls",
        "{one} said its net income fell {figure} per cent. {other} had hoped for more.",
    ),
    ("Profit at {one} down {figure} per cent", "The third quarter disappointed {other}, an analyst of {one}."),
    ("What is on in {one} tonight", "Music at the {other}. Doors open at seven, tickets cost {figure}."),
    ("Tonight in {one}: music at the {other}", "The {other} opens its doors at seven. Tickets cost {figure}."),
    ("Man fined {figure} over parking in {one}", "A court in {one} fined {other}. The judge called it a small matter."),
    ("{other} must pay {figure} for parking", "A judge in {one} fined {other} for where he left his car."),
    ("{one} {figure}.{figure} released", "Version {figure} of {one} mends faults that {other} found."),
    ("New version of {one} mends faults", "{one} {figure}.{figure} is out. {other} had found the faults."),
)
"""Two wordings of each, one after the other."""
Floats = NDArray[np.float64]


class Stream(NamedTuple):
    """Articles in order, the story of each where it is known, and how much the stream counts."""

    docs: list[StoryDoc]
    gold: dict[str, str]
    weight: float = 1.0


class Rule:
    """What joins articles before anything is learned: likeness that fades with the days."""

    def chances(self, rows: Floats) -> Floats:
        """Not chances, but near enough to be asked for the same threshold."""
        of = dict(zip(merge.FEATURES, rows.T, strict=True))
        alike: Floats = (of["nearest"] + of["central"]) / 2 * np.exp(-((np.maximum(of["gap"], 0) / 2.5) ** 2))
        return alike / 0.15 * merge.ENOUGH


class Watched(cluster.Stories):
    """Stories that note what was seen of each candidate and whether it was right."""

    def __init__(self, gold: dict[str, str], trees: Any) -> None:
        super().__init__(trees=trees)
        self._gold = gold
        self.rows: list[list[float]] = []
        self.truth: list[float] = []
        self._asked: str | None = None

    def add(self, doc: StoryDoc) -> Any:
        """Take in one article."""
        self._asked = self._gold.get(doc.id)
        return super().add(doc)

    def _choose(self, row: Any, idf: Any, dots: Any, near: Any) -> str | None:
        if self._asked and (candidates := self._candidates(near)):
            seen = merge.features(row, idf, dots, self._index.rows, candidates)
            for candidate, figures in zip(candidates, seen, strict=True):
                members = Counter(self._gold.get(self._ids[number]) for number in self._members[candidate.id])
                del members[None]  # type: ignore[arg-type]
                if members:
                    self.rows.append(figures)
                    self.truth.append(members[self._asked] / members.total())
        return super()._choose(row, idf, dots, near)


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("streams", type=Path)
    ask.add_argument("--out", type=Path, default=Path("reader/stories/data/merge.json"))
    ask.add_argument("--halves", action="store_true")
    told = ask.parse_args()
    whole = {name: _stream(told.streams / f"{name}.jsonl") for name in NAMES}
    if told.halves:
        halves = {name: _halved(stream) for name, stream in whole.items()}
        for half in (0, 1):
            model = trees(_model([two[half] for two in halves.values()]), merge.FEATURES)
            for name, two in halves.items():
                print(f"{name}, half {1 - half}, by trees learned from the other: {_scored(two[1 - half], model)}")
        return
    streams = [half for stream in whole.values() for half in _halved(stream)]
    told.out.write_text(json.dumps(_model(streams), separators=(",", ":")) + "\n", encoding="utf-8")


def _stream(path: Path) -> Stream:
    docs, gold = read_stream(path.read_bytes())
    return Stream(docs, gold)


def _series() -> Stream:
    """Items of series, a feed's daily bread: all alike but for names and a number, and some of them told again."""
    draw = random.Random(1)
    letters = "aaabcdeeefghiiijklmnooopqrrsssttuuvwyz"
    names = ["".join(draw.choices(letters, k=draw.randint(4, 8))).capitalize() for _ in range(1_500)]
    docs, gold = list[StoryDoc](), dict[str, str]()
    items: list[tuple[int, dict[str, Any]]] = []
    for number in range(SERIES):
        if not items or draw.random() < _NEW:
            said = {"one": draw.choice(names), "other": draw.choice(names), "figure": draw.randint(2, 90)}
            items.append((draw.randrange(len(_TEMPLATES)), said))
        item = draw.randrange(max(0, len(items) - _LATELY), len(items))
        wording, said = items[item]
        title, text = (part.format(**said) for part in _TEMPLATES[wording ^ draw.randint(0, 1)])
        published = _NOON + timedelta(minutes=7 * number)
        docs.append(StoryDoc(id=f"s{number}", title=title, text=draw.choice(("", text)), published=published))
        gold[docs[-1].id] = f"item {item}"
    return Stream(docs, gold, IN_SERIES)


def _halved(stream: Stream) -> tuple[Stream, Stream]:
    """The first half and the second, no story in both where they come one after the other."""
    docs, gold = stream.docs, stream.gold
    middle = len(docs) // 2
    while 0 < middle < len(docs) and gold.get(docs[middle].id, "") == gold.get(docs[middle - 1].id):
        middle += 1
    return Stream(docs[:middle], gold), Stream(docs[middle:], gold)


def _variants(streams: Sequence[Stream]) -> list[Stream]:
    """The streams to learn from."""
    found = []
    for docs, gold, _ in streams:
        has_texts = any(doc.text for doc in docs)
        weight = 1.0 if has_texts else TITLES
        docs = docs if has_texts else _shuffled(docs)
        found.append(Stream(docs, gold, weight))
        found.append(Stream([replace(doc, published=None) for doc in docs], gold, weight / 2))
        if has_texts:
            found.append(Stream([replace(doc, text="") for doc in docs], gold, weight / 2))
        foreign = [
            replace(doc, title=codecs.encode(doc.title, "rot13"), text=codecs.encode(doc.text, "rot13")) for doc in docs
        ]
        found.append(Stream(foreign, gold, weight * FOREIGN))
    return found


def _shuffled(docs: Sequence[StoryDoc]) -> list[StoryDoc]:
    draw = random.Random(0)
    moved = [replace(doc, published=doc.published and doc.published + timedelta(days=draw.random())) for doc in docs]
    return sorted(moved, key=lambda doc: (doc.published is not None and doc.published.timestamp(), doc.id))


@contextlib.contextmanager
def _thresholds() -> Iterator[None]:
    usual = {name: getattr(merge, name) for name in THRESHOLDS}
    try:
        vars(merge).update(THRESHOLDS)
        yield
    finally:
        vars(merge).update(usual)


@_thresholds()
def _model(streams: Sequence[Stream]) -> dict[str, Any]:
    variants = [*_variants(streams), _series()]
    judge: Any = Rule()
    rows: list[Floats] = []
    truth: list[Floats] = []
    weights: list[Floats] = []
    model: dict[str, Any] = {}
    for _ in range(ROUNDS):
        for docs, gold, weight in variants:
            watched = Watched(gold, judge)
            for doc in docs:
                watched.add(doc)
            rows.append(np.array(watched.rows))
            truth.append(np.array(watched.truth))
            weights.append(np.full(len(watched.rows), weight * 10_000 / len(watched.rows)))
        model = learn(
            np.concatenate(rows),
            np.concatenate(truth),
            np.concatenate(weights),
            features=merge.FEATURES,
            rounds=TREES,
            several=SEVERAL,
            num_leaves=LEAVES,
            learning_rate=0.08,
            min_data_in_leaf=100,
            lambda_l2=5,
            feature_fraction=0.8,
            bagging_fraction=0.8,
            bagging_freq=1,
        )
        judge = trees(model, merge.FEATURES)
    return model


def _scored(stream: Stream, model: Any) -> Scores:
    stories = cluster.Stories(trees=model)
    return score({doc.id: stories.add(doc).story for doc in stream.docs}, stream.gold)


if __name__ == "__main__":
    main()
