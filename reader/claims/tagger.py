"""The shipped model: words of a text -> which are source, cue and content, which belong together, which name whom.

MiniLM's encoder fine-tuned on PolNeAR, quantised to 8 bits, read with onnxruntime; how it is made is in
`training/claims`, what it reaches in docs/claims-model.md. No thread of its own, nothing random: the same text gives
the same answer.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from tokenizers import Tokenizer

from reader.claims.words import Stretch, Unit, read_units, windows
from reader.model import Span

# Unless told before it is loaded, it writes an id of the machine to the home folder and sends how it is used.
os.environ |= dict.fromkeys(("ORT_DISABLE_TELEMETRY", "ORT_TELEMETRY_DISABLED"), "1")
import onnxruntime

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

ROLES = ("source", "cue", "content")
LABELS = ("O", *(f"{mark}-{role}" for role in ROLES for mark in "BI"))
ENTITIES = ("", "person", "organisation", "place", "other")
PIECES = 192
"""Word pieces in a window, its two marks included: what the model was trained on."""
START, STOP = 101, 102
WIDTH = 384
_ABREAST = 256
"""Windows decoded side by side; more gains nothing and holds more memory."""
_OVER = len(LABELS)
"""The state after a window's last word, which every window of the decoder comes to."""
_NEVER, _LEAST = -1e4, 1e-300


class Tagged(NamedTuple):
    """What the model makes of a text, a row for each word."""

    words: list[Span]
    units: list[int]
    """Number of the first word of each unit, and at the end that of all words."""
    labels: NDArray[np.int8]
    """Places in LABELS, the likeliest as a whole."""
    chances: Floats
    """(words, labels): how likely each label is."""
    entities: NDArray[np.int8]
    """Places in ENTITIES."""
    asks: Floats
    """(words, d): a source or content looks for its cue with the mean of its first and last word's row."""
    offers: Floats
    """(words, d): what a cue's first word answers with."""
    unlinked: Floats
    """(d): what a source or content without a cue answers with."""
    vectors: NDArray[np.float16]
    """(sentences, 384), each of length one; like sentences have a high product."""


class Tagger:
    """A loaded model."""

    def __init__(self, model: Path, tokenizer: Path) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(
            str(model),
            options,
            providers=["CPUExecutionProvider"],
            disabled_optimizers=["SkipLayerNormFusion"],  # it makes one slow operation of two fast ones
        )
        held = self._session.get_modelmeta().custom_metadata_map
        chain = json.loads(held["chain"])
        self._unlinked = np.array(chain["unlinked"], np.float32)
        self._begins = np.array([*chain["begins"], _NEVER])
        self._turns = np.full((len(LABELS) + 1, len(LABELS) + 1), _NEVER)
        self._turns[:_OVER, :_OVER] = chain["turns"]
        self._turns[:_OVER, _OVER] = chain["ends"]
        self._turns[_OVER, _OVER] = 0
        self.name = held["name"]
        self._tokenizer = Tokenizer.from_file(str(tokenizer))
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()

    def tag(self, text: str, units: Sequence[Span], sentences: Sequence[Span] = ()) -> Tagged:
        """Read the units (paragraphs) of a text, and make a vector of each sentence; linear in the text's length."""
        read = read_units(self._tokenizer, text, units)
        firsts = [0, *accumulate(len(unit.spans) for unit in read)]
        words = [span for unit in read for span in unit.spans]
        scores = np.zeros((len(words), len(LABELS)), np.float32)
        entities = np.zeros(len(words), np.int8)
        asks, offers = (np.zeros((len(words), len(self._unlinked)), np.float32) for _ in range(2))
        sums = np.zeros((len(sentences), WIDTH), np.float32)
        of = _holders(words, sentences)
        ends = [0]
        for window in windows(read, PIECES - 2):  # which hold the words in their order
            seen = self._see(read, window, vectors=bool(sentences))
            here = slice(ends[-1], ends[-1] + len(seen.scores))
            scores[here] = seen.scores
            entities[here] = seen.entities.argmax(1)
            asks[here], offers[here] = np.split(seen.links, 2, axis=1)
            if sentences:
                inside = of[here] >= 0
                np.add.at(sums, of[here][inside], seen.vectors[inside])
            ends.append(here.stop)
        labels, chances = self._decode(scores, ends)
        for u, unit in enumerate(read):
            _mend(labels, firsts[u], unit, PIECES - 2)
        return Tagged(words, firsts, labels, chances, entities, asks, offers, self._unlinked, _of_length_one(sums))

    def vectors(self, texts: Sequence[str]) -> NDArray[np.float16]:
        """A vector of length one for each text, (texts, 384); of a long text what fits one window counts."""
        sums = np.zeros((len(texts), WIDTH), np.float32)
        for i, text in enumerate(texts):
            read = read_units(self._tokenizer, text, [Span(0, len(text))])
            for window in windows(read, PIECES - 2)[:1]:
                sums[i] = self._see(read, window, vectors=True).vectors.sum(0)
        return _of_length_one(sums)

    def _see(self, units: Sequence[Unit], window: Sequence[Stretch], *, vectors: bool) -> _Seen:
        """What the network sees in the words of a window.

        One window a run: several would be rounded to 8 bits together, so that each changed the others' answers, and a
        processor's cache holds no more; together they are no faster.
        """
        inputs = dict(zip(INPUTS, laid_out(units, window), strict=True))
        asked = OUTPUTS if vectors else OUTPUTS[:-1]
        return _Seen(*(output[0] for output in self._session.run(asked, inputs)))

    def _decode(self, scores: Floats, ends: Sequence[int]) -> tuple[NDArray[np.int8], Floats]:
        """The likeliest labels of each window as a whole (Viterbi), and each label's chance (forward-backward).

        `ends` are the windows' bounds in the rows of `scores`. All windows go step by step side by side.
        """
        labels, chances = np.zeros(len(scores), np.int8), np.zeros((len(scores), len(LABELS)), np.float32)
        for at in range(0, len(ends) - 1, _ABREAST):
            bounds = np.array(ends[at : at + _ABREAST + 1])
            sizes = np.diff(bounds)
            rows = np.repeat(np.arange(len(sizes)), sizes)
            steps = np.arange(bounds[0], bounds[-1]) - np.repeat(bounds[:-1], sizes)
            laid = np.full((sizes.max(initial=0) + 1, len(sizes), len(LABELS) + 1), _NEVER)
            laid[:, :, _OVER] = np.where(np.arange(len(laid))[:, None] < sizes, _NEVER, 0)
            laid[steps, rows, :_OVER] = scores[bounds[0] : bounds[-1]]
            here = slice(bounds[0], bounds[-1])
            labels[here] = self._likeliest(laid)[steps, rows]
            chances[here] = self._chances(laid)[steps, rows]
        return labels, chances

    def _likeliest(self, scores: NDArray[np.float64]) -> NDArray[np.int8]:
        """The best path through the scores (steps, windows, states), as (steps, windows)."""
        best = np.empty_like(scores)
        np.add(scores[0], self._begins, out=best[0])
        moved = np.empty((*scores.shape[1:], len(self._turns)))
        for t in range(1, len(scores)):
            np.add(best[t - 1][:, None, :], self._turns.T, out=moved)
            np.add(moved.max(2), scores[t], out=best[t])
        path = np.full(scores.shape[:2], _OVER, np.int8)
        for t in range(len(scores) - 2, -1, -1):
            path[t] = (best[t] + self._turns.T[path[t + 1]]).argmax(1)
        return path

    def _chances(self, scores: NDArray[np.float64]) -> Floats:
        """How likely each label is, (steps, windows, labels): forward and backward in one loop, the latter reversed."""
        likely = np.exp(scores - scores.max(2, keepdims=True))
        both = np.stack([likely, likely[::-1]], 1)  # (steps, 2, windows, states)
        turns = np.exp(np.stack([self._turns, self._turns.T]))
        sides = np.empty_like(both)  # what comes from before and from behind, the step's own score left out
        sides[0, 0], sides[0, 1] = np.exp(self._begins), 1
        for t in range(1, len(both)):
            np.matmul(sides[t - 1] * both[t - 1], turns, out=sides[t])
            if t % 4 == 0:
                sides[t] /= np.maximum(sides[t].sum(2, keepdims=True), _LEAST)
        chances = (sides[:, 0] * likely * sides[::-1, 1])[:, :, :_OVER]
        found: Floats = (chances / np.maximum(chances.sum(2, keepdims=True), _LEAST)).astype(np.float32)
        return found


class _Seen(NamedTuple):
    """The network's outputs, a row for each word of each window."""

    scores: Floats
    entities: Floats
    links: Floats
    vectors: Floats = np.zeros((0, WIDTH), np.float32)


INPUTS = ("ids", "shapes", "states", "firsts")
OUTPUTS = _Seen._fields


@cache
def shipped() -> Tagger:
    """The model in the package, loaded once a process: some tenths of a second and about 100 MB."""
    data = Path(str(files("reader.claims") / "data"))
    return Tagger(data / "tagger.onnx", data / "tokenizer.json")


def pieces_of(unit: Unit, stretch: Stretch) -> tuple[int, int]:
    """The first word piece of a stretch of a unit, and how many there are."""
    end = unit.firsts[stretch.last] if stretch.last < len(unit.firsts) else len(unit.ids)
    return unit.firsts[stretch.first], end - unit.firsts[stretch.first]


def laid_out(units: Sequence[Unit], window: Sequence[Stretch]) -> list[NDArray[np.int64]]:
    """A window as the network's INPUTS, each of one row."""
    ids, shapes, states, firsts = [START], [0], [0], list[int]()
    for stretch in window:
        unit = units[stretch.unit]
        start, size = pieces_of(unit, stretch)
        begins = unit.firsts[stretch.first : stretch.last]
        firsts += [first - start + len(ids) for first in begins]
        for first, end, shape, state in zip(
            begins,
            (*begins[1:], start + size),
            unit.shapes[stretch.first : stretch.last],
            unit.states[stretch.first : stretch.last],
            strict=True,
        ):
            shapes += [shape] * (end - first)
            states += [state] * (end - first)
        ids += unit.ids[start : start + size]
    return [np.array([row]) for row in ([*ids, STOP], [*shapes, 0], [*states, 0], firsts)]


def _holders(words: Sequence[Span], sentences: Sequence[Span]) -> NDArray[np.int64]:
    """For each word the number of the sentence that it begins in, -1 if in none."""
    if not words or not sentences:
        return np.full(len(words), -1)
    at = np.array([span.start for span in words])
    holder = np.searchsorted([s.start for s in sentences], at, side="right") - 1
    return np.where((holder >= 0) & (at < np.array([s.end for s in sentences])[holder]), holder, -1)


def _mend(labels: NDArray[np.int8], first: int, unit: Unit, limit: int) -> None:
    """Join the spans of a unit that was cut into several windows."""
    for window in windows([unit], limit)[1:]:
        cut = first + window[0].first
        if labels[cut] % 2 and labels[cut - 1] in (labels[cut], labels[cut] + 1):
            labels[cut] += 1


def _of_length_one(sums: Floats) -> NDArray[np.float16]:
    found: NDArray[np.float16] = (sums / np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1e-6)).astype(
        np.float16
    )
    return found
