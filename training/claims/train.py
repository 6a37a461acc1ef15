"""Lessons -> a trained tagger. Goes on where it stopped; the same seed gives the same lessons in the same order.

python -m training.claims.train --base DIR --work build/claims [--epochs 8] [--seed 1]
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import time
from collections.abc import Iterable, Sequence
from pathlib import Path

import torch
from torch import Tensor
from torch.nn import functional as F
from tqdm import tqdm

from reader.claims.tagger import START, STOP
from training.claims.lessons import Article, Lesson, batches, load
from training.claims.network import LABELS, LINK, Tagger, of_words
from training.claims.spans import agreement, spans_of

RATE, DECAY, HEAD_RATE = 3e-4, 0.9, 1e-3
"""Learning rate of the last layer, what each layer below it gets of the one above, and the rate of the heads."""
BATCH = 2112
WARM = 0.06
WEIGHTS = {"labels": 0.3, "entities": 0.1, "tags": 0.05, "heads": 0.05, "links": 0.1, "sentences": 0.2}
"""Of each lesson beside the chain's own."""


def losses(tagger: Tagger, lesson: Lesson, sentences: Tensor | None) -> dict[str, Tensor]:
    """What each head has still to learn of a batch."""
    batch = lesson.batch
    with torch.autocast("cpu", dtype=torch.bfloat16):
        pieces, early = tagger.encoder(batch.ids, batch.shapes, batch.states)
    vectors = tagger.dropout(of_words(pieces, batch.firsts).float())
    syntax = tagger.dropout(of_words(early, batch.firsts).float())
    scores = tagger.labels(vectors)
    gold = torch.where(batch.words, lesson.labels, -1)
    found = {
        "chain": tagger.crf(scores, lesson.labels, batch.words) / batch.words.sum(),
        "labels": F.cross_entropy(scores.flatten(0, 1), gold.flatten(), ignore_index=-1),
        "entities": _known(tagger.entities(vectors), lesson.entities),
        "tags": _known(tagger.tags(syntax), lesson.tags),
        "heads": _known(_pairs(tagger.head_from(syntax), tagger.head_to(syntax), batch.words), lesson.heads),
    }
    if len(lesson.links):
        found["links"] = link_loss(tagger, vectors, lesson)
    if sentences is not None and len(lesson.sentences):
        rows, first, after, place = lesson.sentences.T
        summed = F.pad(vectors.cumsum(1), (0, 0, 1, 0))
        mean = (summed[rows, after] - summed[rows, first]) / (after - first)[:, None]
        found["sentences"] = 1 - F.cosine_similarity(tagger.sentence(mean), sentences[place].float()).mean()
    return found


def link_loss(tagger: Tagger, vectors: Tensor, lesson: Lesson) -> Tensor:
    """Each source and content chooses among the window's cues and none."""
    rows, first, last, cue = lesson.links.T
    asked = tagger.link_from((vectors[rows, first] + vectors[rows, last]) / 2)
    offered = tagger.link_to(vectors)[rows]  # (N, W, LINK)
    scores = (offered @ asked[:, :, None]).squeeze(2) / LINK**0.5
    cues = lesson.labels[rows] == LABELS.index("B-cue")
    scores = scores.masked_fill(~(cues & lesson.batch.words[rows]), -1e4)
    none = (asked @ tagger.unlinked)[:, None] / LINK**0.5
    return F.cross_entropy(torch.cat([none, scores], 1), cue + 1)


def _known(scores: Tensor, gold: Tensor) -> Tensor:
    if not (gold >= 0).any():
        return scores.sum() * 0
    return F.cross_entropy(scores.flatten(0, 1), gold.flatten(), ignore_index=-1)


def _pairs(a: Tensor, b: Tensor, words: Tensor) -> Tensor:
    return (a @ b.transpose(1, 2) / LINK**0.5).masked_fill(~words[:, None, :], -1e4)


def sentence_vectors(base: Path, articles: Sequence[Article]) -> Tensor:
    """What the base model makes of each sentence of the lessons by itself, in their order, as unit vectors."""
    tagger = Tagger.of_base(base).eval()
    sentences = [
        [piece for word in range(*sentence) for piece in pieces[word]]
        for article in articles
        for pieces in [_by_word(article)]
        for sentence in article.sentences
    ]
    order = sorted(range(len(sentences)), key=lambda i: len(sentences[i]))
    found = torch.zeros(len(sentences), 384, dtype=torch.float16)
    for start in tqdm(range(0, len(order), 64), desc="sentences"):
        group = order[start : start + 64]
        rows = [[START, *sentences[i][:190], STOP] for i in group]
        ids = torch.zeros(len(rows), max(map(len, rows)), dtype=torch.long)
        for n, row in enumerate(rows):
            ids[n, : len(row)] = torch.tensor(row)
        with torch.no_grad(), torch.autocast("cpu", dtype=torch.bfloat16):
            vectors = tagger.encoder(ids, torch.zeros_like(ids), torch.zeros_like(ids))[0]
        there = (ids != 0)[:, :, None]
        mean = (vectors.float() * there).sum(1) / there.sum(1)
        found[group] = F.normalize(mean).half()
    return found


def _by_word(article: Article) -> list[list[int]]:
    return [
        unit.ids[first:after]
        for unit in article.units
        for first, after in zip(unit.firsts, [*unit.firsts[1:], len(unit.ids)], strict=True)
    ]


@torch.no_grad()
def examine(tagger: Tagger, articles: Sequence[Article]) -> dict[str, float]:
    """Exact F1 of each role, over words, and how many links are right."""
    tagger.eval()
    predicted = [[0] * len(a.words["labels"]) for a in articles]
    right = asked = 0
    for lesson in batches(articles, [0] * len(articles), 4 * BATCH, None):
        batch = lesson.batch
        with torch.autocast("cpu", dtype=torch.bfloat16):
            pieces, _ = tagger.encoder(batch.ids, batch.shapes, batch.states)
        vectors = of_words(pieces, batch.firsts).float()
        for row, path in enumerate(best_paths(tagger, tagger.labels(vectors), batch.words)):
            for (a, word), label in zip(lesson.origin[row], path, strict=True):
                predicted[a][word] = label
        if len(lesson.links):
            n = len(lesson.links)
            asked += n
            right += _links_right(tagger, vectors, lesson)
    tagger.train()
    told = [[LABELS[x] for x in p] for p in predicted]
    gold = [[LABELS[x] for x in a.words["labels"]] for a in articles]
    scores = agreement([spans_of(x) for x in gold], [spans_of(x) for x in told])
    return {**{role: s["exact"]["F1"] for role, s in scores.items()}, "links": round(100 * right / max(1, asked), 1)}


def _links_right(tagger: Tagger, vectors: Tensor, lesson: Lesson) -> int:
    rows, first, last, cue = lesson.links.T
    asked = tagger.link_from((vectors[rows, first] + vectors[rows, last]) / 2)
    scores = (tagger.link_to(vectors)[rows] @ asked[:, :, None]).squeeze(2)
    cues = lesson.labels[rows] == LABELS.index("B-cue")
    scores = scores.masked_fill(~(cues & lesson.batch.words[rows]), -1e4)
    none = (asked @ tagger.unlinked)[:, None]
    return int((torch.cat([none, scores], 1).argmax(1) == cue + 1).sum())


def best_paths(tagger: Tagger, scores: Tensor, words: Tensor) -> list[list[int]]:
    """The most likely labels of each window."""
    turns, begins, end = tagger.crf.turns(), tagger.crf.begins(), tagger.crf.end
    at, back = scores[:, 0] + begins, []
    for t in range(1, scores.shape[1]):
        best, come = (at[:, :, None] + turns).max(1)
        here = words[:, t : t + 1]
        back.append(torch.where(here, come, torch.arange(len(LABELS))))
        at = torch.where(here, best + scores[:, t], at)
    label = (at + end).argmax(1)
    path = [label]
    for come in reversed(back):
        label = come.gather(1, label[:, None]).squeeze(1)
        path.append(label)
    rows = torch.stack(path[::-1], 1)
    return [row[: int(n)].tolist() for row, n in zip(rows, words.sum(1), strict=True)]


def groups(tagger: Tagger) -> list[dict[str, object]]:
    """Parameters by layer, each with its rate: what is nearer to the input learns slower."""
    encoder = tagger.encoder
    depth = len(encoder.layers)
    made: list[dict[str, object]] = []
    for n, layer in enumerate(encoder.layers):
        made += _split(layer.named_parameters(), RATE * DECAY ** (depth - 1 - n))
    encoder.pieces.weight.requires_grad_(False)  # half of all weights, and nothing is lost by leaving them
    early = [("places", encoder.places.weight), *encoder.norm.named_parameters()]
    made += _split(early, RATE * DECAY**depth)
    features = [("shapes", encoder.shapes.weight), ("states", encoder.states.weight)]
    rest = [(name, p) for name, p in tagger.named_parameters() if not name.startswith("encoder.")]
    return made + _split([*features, *rest], HEAD_RATE)


def _split(named: Iterable[tuple[str, torch.nn.Parameter]], rate: float) -> list[dict[str, object]]:
    plain, decayed = [], []
    for name, parameter in named:
        (plain if "norm" in name or name.endswith("bias") or parameter.dim() < 2 else decayed).append(parameter)
    return [
        {"params": decayed, "lr": rate, "peak": rate, "weight_decay": 0.01},
        {"params": plain, "lr": rate, "peak": rate, "weight_decay": 0.0},
    ]


def train(base: Path, work: Path, *, epochs: int, seed: int) -> None:
    """Train to `work`/tagger.pt, a checkpoint after each epoch; log.jsonl keeps the figures."""
    torch.manual_seed(seed)
    articles, dev = load(work / "train.json"), load(work / "dev.json")
    firsts, n = [], 0
    for article in articles:
        firsts.append(n)
        n += len(article.sentences)
    lessons = hashlib.sha256((work / "train.json").read_bytes()).hexdigest()
    kept = work / "sentences.pt"
    if not kept.exists() or torch.load(kept)["lessons"] != lessons:
        _keep({"lessons": lessons, "vectors": sentence_vectors(base, articles)}, kept)
    sentences = torch.load(kept)["vectors"]
    run = {"lessons": lessons, "seed": seed, "of": epochs}
    tagger = Tagger.of_base(base)
    optimizer = torch.optim.AdamW(groups(tagger), betas=(0.9, 0.98), eps=1e-6, fused=True)
    checkpoint = work / "checkpoint.pt"
    done = 0
    if checkpoint.exists():
        held = torch.load(checkpoint)
        if held["run"] != run:
            raise SystemExit(f"{checkpoint} is of another run (lessons, seed or number of epochs); move it away first.")
        tagger.load_state_dict(held["tagger"])
        optimizer.load_state_dict(held["optimizer"])
        done = held["epochs"]
    per_epoch = sum(1 for _ in batches(articles, firsts, BATCH, random.Random(seed)))
    total = per_epoch * epochs
    for epoch in range(done, epochs):
        chance = random.Random(seed * 1000 + epoch)
        torch.manual_seed(seed * 1000 + epoch)
        started, sums, count = time.monotonic(), dict.fromkeys(("chain", *WEIGHTS), 0.0), 0
        tagger.train()
        for n, lesson in enumerate(tqdm(batches(articles, firsts, BATCH, chance), total=per_epoch, mininterval=10)):
            step = min(total - 1, epoch * per_epoch + n)
            warm = min(1.0, (step + 1) / (WARM * total))
            slope = warm * max(0.02, (total - step) / (total * (1 - WARM)) if step > WARM * total else 1.0)
            for group in optimizer.param_groups:
                group["lr"] = group["peak"] * slope
            found = losses(tagger, lesson, sentences)
            loss = found["chain"] + sum(WEIGHTS[name] * value for name, value in found.items() if name != "chain")
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(tagger.parameters(), 1.0)
            optimizer.step()
            for name, value in found.items():
                sums[name] += float(value.detach())
            count += 1
        torch.save(
            {"tagger": tagger.state_dict(), "optimizer": optimizer.state_dict(), "epochs": epoch + 1}, checkpoint
        )
        line = {
            "epoch": epoch + 1,
            "minutes": round((time.monotonic() - started) / 60, 1),
            "loss": {name: round(value / count, 4) for name, value in sums.items()},
            "dev": examine(tagger, dev),
        }
        print(json.dumps(line), flush=True)
        with (work / "log.jsonl").open("a") as log:
            log.write(json.dumps(line) + "\n")
    _keep(tagger.state_dict(), work / "tagger.pt")


def _keep(what: object, path: Path) -> None:
    """Save in one step, so that a run killed meanwhile loses nothing."""
    half = path.with_suffix(".half")
    torch.save(what, half)
    half.replace(path)


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--base", type=Path, required=True)
    ask.add_argument("--work", type=Path, required=True, help="where `prepare` wrote the lessons")
    ask.add_argument("--epochs", type=int, default=8)
    ask.add_argument("--seed", type=int, default=1)
    ask.add_argument("--threads", type=int, default=1)
    told = ask.parse_args()
    torch.set_num_threads(told.threads)
    train(told.base, told.work, epochs=told.epochs, seed=told.seed)


if __name__ == "__main__":
    main()
