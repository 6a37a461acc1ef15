"""Lessons -> batches: articles packed into windows, windows of like length side by side."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Sequence
from itertools import accumulate
from pathlib import Path
from typing import Any, NamedTuple

import torch
from torch import Tensor

from reader.claims.tagger import PIECES, START, STOP
from reader.claims.words import Stretch, Unit, windows
from training.claims.network import Batch

MASK = 103
"""BERT's mark for a piece that is hidden."""
_CURLY, _STRAIGHT = (1523, 1524), 1000
"""The pieces of “ ” and of "."""


class Article(NamedTuple):
    """A lesson: what `prepare` wrote, its words numbered through all paragraphs."""

    name: str
    units: list[Unit]
    offsets: list[int]
    """Number of the first word of each unit."""
    words: dict[str, list[int]]
    links: list[list[int]]
    sentences: list[list[int]]


class Lesson(NamedTuple):
    """A batch with what is to be learned of it; -1 where nothing is known."""

    batch: Batch
    labels: Tensor
    tags: Tensor
    entities: Tensor
    heads: Tensor
    """Place of each word's head in its window."""
    links: Tensor
    """Rows of window, first word, last word and the cue's first word (-1: none)."""
    sentences: Tensor
    """Rows of window, first word, word after the last, and place among the sentences of the lessons."""
    origin: list[list[tuple[int, int]]]
    """For each window the words of the article that it holds: article, word."""


def load(path: Path) -> list[Article]:
    """The lessons that `prepare` wrote."""
    return [_article(raw) for raw in json.loads(path.read_text())]


def _article(raw: dict[str, Any]) -> Article:
    units = [Unit(u["ids"], u["firsts"], [], u["shapes"], u["states"]) for u in raw["units"]]
    offsets = [0, *accumulate(len(u.firsts) for u in units)][:-1]
    words = {kind: raw[kind] for kind in ("labels", "tags", "entities", "heads")}
    return Article(raw["name"], units, offsets, words, raw["links"], raw["sentences"])


def batches(
    articles: Sequence[Article], firsts: Sequence[int], pieces: int, chance: random.Random | None
) -> Iterator[Lesson]:
    """All articles once, in batches of about `pieces` word pieces.

    `firsts` gives the place of each article's first sentence among all. With `chance` windows begin anywhere, one
    annotator is drawn for each article, and pieces, paragraph marks and curly quotes are hidden now and then.
    """
    chosen = list(range(len(articles)))
    if chance:
        by_name: dict[str, list[int]] = {}
        for i in chosen:
            by_name.setdefault(articles[i].name, []).append(i)
        chosen = [chance.choice(group) for group in by_name.values()]
    packed: list[tuple[int, list[Stretch], int]] = []
    for a in chosen:
        units = articles[a].units
        if chance:
            cut = chance.randrange(len(units)) if units else 0
            parts = [*windows(units[:cut], PIECES - 2), *_moved(windows(units[cut:], PIECES - 2), cut)]
        else:
            parts = windows(units, PIECES - 2)
        packed += [(a, part, sum(_size(units[s.unit], s) for s in part)) for part in parts]
    packed.sort(key=lambda item: item[2])
    groups: list[list[tuple[int, list[Stretch], int]]] = [[]]
    for item in packed:
        if groups[-1] and (len(groups[-1]) + 1) * (item[2] + 2) > pieces:
            groups.append([])
        groups[-1].append(item)
    if chance:
        chance.shuffle(groups)
    for group in groups:
        yield _lesson(articles, firsts, group, chance)


def _moved(parts: list[list[Stretch]], by: int) -> list[list[Stretch]]:
    return [[s._replace(unit=s.unit + by) for s in part] for part in parts]


def _pieces(unit: Unit, stretch: Stretch) -> tuple[int, int]:
    end = unit.firsts[stretch.last] if stretch.last < len(unit.firsts) else len(unit.ids)
    return unit.firsts[stretch.first], end


def _size(unit: Unit, stretch: Stretch) -> int:
    start, end = _pieces(unit, stretch)
    return end - start


def _lesson(
    articles: Sequence[Article],
    firsts: Sequence[int],
    group: Sequence[tuple[int, list[Stretch], int]],
    chance: random.Random | None,
) -> Lesson:
    length = max(size for _, _, size in group) + 2
    count = max(sum(s.last - s.first for s in part) for _, part, _ in group)
    ids, shapes, states = (torch.zeros(len(group), length, dtype=torch.long) for _ in range(3))
    places = torch.zeros(len(group), count, dtype=torch.long)
    known = {
        kind: torch.full((len(group), count), -1, dtype=torch.long) for kind in ("labels", "tags", "entities", "heads")
    }
    links, sentences, origin = [], [], []
    for row, (a, part, _) in enumerate(group):
        article = articles[a]
        marked = not chance or chance.random() > 0.35
        straight = chance is not None and chance.random() < 0.2
        ids[row, 0] = START
        at, held = 1, []
        for stretch in part:
            unit = article.units[stretch.unit]
            start, end = _pieces(unit, stretch)
            here = unit.ids[start:end]
            if straight:
                here = [_STRAIGHT if i in _CURLY else i for i in here]
            if chance:
                here = [MASK if chance.random() < 0.06 else i for i in here]
            ids[row, at : at + len(here)] = torch.tensor(here)
            for word in range(stretch.first, stretch.last):
                place = at + unit.firsts[word] - start
                stop = (unit.firsts[word + 1] if word + 1 < len(unit.firsts) else len(unit.ids)) - unit.firsts[word]
                shapes[row, place : place + stop] = unit.shapes[word]
                states[row, place : place + stop] = unit.states[word] % (8 if marked else 4)
                places[row, len(held)] = place
                held.append(article.offsets[stretch.unit] + word)
            at += len(here)
        ids[row, at] = STOP
        here_at = {word: n for n, word in enumerate(held)}
        for kind, values in known.items():
            source = article.words[kind]
            numbers = [source[word] for word in held]
            if kind == "heads":
                numbers = [here_at.get(head, -1) if head >= 0 else -1 for head in numbers]
            elif kind == "labels" and numbers[0] and numbers[0] % 2 == 0:
                numbers[0] -= 1  # a span that begins in the window before begins here anew
            values[row, : len(held)] = torch.tensor(numbers)
        for first, last, cue in article.links:
            if first in here_at and last in here_at and (cue == -1 or cue in here_at):
                links.append([row, here_at[first], here_at[last], here_at[cue] if cue >= 0 else -1])
        for n, (first, after) in enumerate(article.sentences):
            if first in here_at and after - 1 in here_at:
                sentences.append([row, here_at[first], here_at[after - 1] + 1, firsts[a] + n])
        origin.append([(a, word) for word in held])
    return Lesson(
        Batch(ids, shapes, states, places, known["labels"] >= 0),
        known["labels"].clamp(min=0),
        known["tags"],
        known["entities"],
        known["heads"],
        torch.tensor(links, dtype=torch.long).view(-1, 4),
        torch.tensor(sentences, dtype=torch.long).view(-1, 4),
        origin,
    )
