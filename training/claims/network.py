"""The tagger: MiniLM's six layers with shape and quotation features, a CRF over words, links, entities, sentences."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import torch
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn import functional as F

from reader.claims.words import SHAPES, STATES
from training.claims.prepare import ENTITIES, LABELS, TAGS

WIDTH, HEADS, LAYERS, POSITIONS = 384, 12, 6, 512
SYNTAX_LAYER = 4
"""Syntax is taught to this layer, so that the last ones are free for attribution."""
LINK = 64
FORBIDDEN = -1e4


class Batch(NamedTuple):
    """Windows side by side. Pieces are (B, T), words (B, W); -1 in a label says that it isn't known."""

    ids: Tensor
    shapes: Tensor
    states: Tensor
    firsts: Tensor
    """Place of each word's first piece; 0 (the opening mark's place) beyond the last word."""
    words: Tensor
    """True where there is a word."""


class Layer(nn.Module):
    """One of BERT's layers."""

    def __init__(self, dropout: float) -> None:
        super().__init__()
        self.query, self.key, self.value, self.out = (nn.Linear(WIDTH, WIDTH) for _ in range(4))
        self.norm = nn.LayerNorm(WIDTH, eps=1e-12)
        self.up, self.down = nn.Linear(WIDTH, 4 * WIDTH), nn.Linear(4 * WIDTH, WIDTH)
        self.norm_out = nn.LayerNorm(WIDTH, eps=1e-12)
        self.dropout = nn.Dropout(dropout)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        """Vectors (B, T, WIDTH) that have looked about; `mask` is added to what each sees of each."""
        batch, length, _ = x.shape
        q, k, v = (
            f(x).view(batch, length, HEADS, WIDTH // HEADS).transpose(1, 2) for f in (self.query, self.key, self.value)
        )
        # By hand: in bf16 on a processor's core twice as fast as scaled_dot_product_attention.
        seen = ((q * (WIDTH // HEADS) ** -0.5) @ k.transpose(2, 3) + mask.to(q.dtype)).softmax(-1) @ v
        seen = self.out(seen.transpose(1, 2).reshape(batch, length, WIDTH))
        x = self.norm(x + self.dropout(seen))
        return self.norm_out(x + self.dropout(self.down(F.gelu(self.up(x)))))


class Encoder(nn.Module):
    """Word pieces with features -> a vector each."""

    def __init__(self, vocabulary: int, dropout: float = 0.1) -> None:
        super().__init__()
        self.pieces = nn.Embedding(vocabulary, WIDTH)
        self.places = nn.Embedding(POSITIONS, WIDTH)
        self.shapes = nn.Embedding(SHAPES, WIDTH)
        self.states = nn.Embedding(STATES, WIDTH)
        nn.init.zeros_(self.shapes.weight)
        nn.init.zeros_(self.states.weight)
        self.norm = nn.LayerNorm(WIDTH, eps=1e-12)
        self.dropout = nn.Dropout(dropout)
        self.layers = nn.ModuleList(Layer(dropout) for _ in range(LAYERS))

    def forward(self, ids: Tensor, shapes: Tensor, states: Tensor) -> tuple[Tensor, Tensor]:
        """The vectors of the last layer and of the one that learns syntax, both (B, T, WIDTH)."""
        places = torch.arange(ids.shape[1], device=ids.device)
        x = self.pieces(ids) + self.places(places) + self.shapes(shapes) + self.states(states)
        x = self.dropout(self.norm(x))
        mask = torch.where(ids != 0, 0.0, FORBIDDEN)[:, None, None, :]
        syntax = x
        for n, layer in enumerate(self.layers, 1):
            x = layer(x, mask)
            if n == SYNTAX_LAYER:
                syntax = x
        return x, syntax


class Crf(nn.Module):
    """A linear chain over the words' labels; a span can't go on that hasn't begun."""

    def __init__(self) -> None:
        super().__init__()
        n = len(LABELS)
        self.turn, self.begin, self.end = (nn.Parameter(torch.zeros(s)) for s in ((n, n), (n,), (n,)))
        barred = torch.zeros(n, n)
        for j, to in enumerate(LABELS):
            if to[0] == "I":
                for i in range(n):
                    if i not in (j, j - 1):
                        barred[i, j] = FORBIDDEN
        self.register_buffer("barred", barred)
        self.register_buffer("unbegun", torch.tensor([FORBIDDEN if x[0] == "I" else 0.0 for x in LABELS]))

    def turns(self) -> Tensor:
        """The score of each label after each, (labels, labels)."""
        return self.turn + self.barred

    def begins(self) -> Tensor:
        """The score of each label at the first word."""
        return self.begin + self.unbegun

    def forward(self, scores: Tensor, labels: Tensor, words: Tensor) -> Tensor:
        """Negative log-likelihood of the labels, summed over the batch."""
        turns, begins = self.turns(), self.begins()
        first = scores[:, 0] + begins
        at = first
        gold = first.gather(1, labels[:, :1]).squeeze(1)
        for t in range(1, scores.shape[1]):
            here = words[:, t]
            step = torch.logsumexp(at[:, :, None] + turns, dim=1) + scores[:, t]
            at = torch.where(here[:, None], step, at)
            moved = turns[labels[:, t - 1], labels[:, t]] + scores[:, t].gather(1, labels[:, t : t + 1]).squeeze(1)
            gold = gold + torch.where(here, moved, torch.zeros_like(moved))
        last = labels.gather(1, words.sum(1, keepdim=True) - 1).squeeze(1)
        return (torch.logsumexp(at + self.end, dim=1) - gold - self.end[last]).sum()


class Tagger(nn.Module):
    """The encoder with its heads."""

    def __init__(self, vocabulary: int, dropout: float = 0.1) -> None:
        super().__init__()
        self.encoder = Encoder(vocabulary, dropout)
        self.dropout = nn.Dropout(dropout)
        self.labels = nn.Linear(WIDTH, len(LABELS))
        self.entities = nn.Linear(WIDTH, len(ENTITIES) + 1)
        self.link_from = nn.Linear(WIDTH, LINK)
        self.link_to = nn.Linear(WIDTH, LINK)
        self.unlinked = nn.Parameter(torch.zeros(LINK))
        self.sentence = nn.Linear(WIDTH, WIDTH)
        self.tags = nn.Linear(WIDTH, len(TAGS) + 1)
        self.head_from, self.head_to = nn.Linear(WIDTH, LINK), nn.Linear(WIDTH, LINK)
        nn.init.eye_(self.sentence.weight)
        nn.init.zeros_(self.sentence.bias)
        self.crf = Crf()

    @classmethod
    def of_base(cls, base: Path, dropout: float = 0.1) -> Tagger:
        """A tagger that begins as the base model."""
        weights = load_file(base / "model.safetensors")
        tagger = cls(weights["embeddings.word_embeddings.weight"].shape[0], dropout)
        encoder = tagger.encoder
        with torch.no_grad():
            encoder.pieces.weight.copy_(weights["embeddings.word_embeddings.weight"])
            encoder.places.weight.copy_(
                weights["embeddings.position_embeddings.weight"] + weights["embeddings.token_type_embeddings.weight"][0]
            )
            names = {"norm": "embeddings.LayerNorm"}
            for n in range(LAYERS):
                old = f"encoder.layer.{n}."
                for new, name in (
                    ("query", "attention.self.query"),
                    ("key", "attention.self.key"),
                    ("value", "attention.self.value"),
                    ("out", "attention.output.dense"),
                    ("norm", "attention.output.LayerNorm"),
                    ("up", "intermediate.dense"),
                    ("down", "output.dense"),
                    ("norm_out", "output.LayerNorm"),
                ):
                    names[f"layers.{n}.{new}"] = old + name
            for new, name in names.items():
                module = encoder.get_submodule(new)
                module.weight.copy_(weights[name + ".weight"])
                module.bias.copy_(weights[name + ".bias"])
        return tagger


def of_words(vectors: Tensor, firsts: Tensor) -> Tensor:
    """The vectors (B, W, D) of the words' first pieces."""
    return vectors.gather(1, firsts[:, :, None].expand(-1, -1, vectors.shape[2]))
