"""PolNeAR -> lessons: articles cut into word pieces, with labels, links, syntax and entities a word.

python -m training.claims.prepare --polnear DIR --base DIR --out build/claims
"""

from __future__ import annotations

import argparse
import json
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tokenizers import Tokenizer

from reader.claims.tagger import LABELS as LABELS
from reader.claims.words import Unit, read_units
from reader.model import Span
from training.claims import polnear

TAGS = [
    "NN",
    "NNS",
    "NNP",
    "NNPS",
    "VB",
    "VBD",
    "VBG",
    "VBN",
    "VBP",
    "VBZ",
    "IN",
    "DT",
    "JJ",
    "JJR",
    "JJS",
    "RB",
    "RBR",
    "RBS",
    "RP",
    "PRP",
    "PRP$",
    "CC",
    "CD",
    "TO",
    "MD",
    "WDT",
    "WP",
    "WP$",
    "WRB",
    "EX",
    "POS",
    "UH",
    "FW",
    ".",
    ",",
    ":",
    "``",
    "''",
    "-LRB-",
    "-RRB-",
    "$",
    "#",
    "PDT",
]
"""Parts of speech; 0 stands for any other."""
ENTITIES = {"PERSON": 1, "ORGANIZATION": 2, "LOCATION": 3, "MISC": 4}
"""Kinds of entity; 0 is none."""


def tokenizer_of(base: Path) -> Tokenizer:
    """The base model's tokenizer, without its length limit."""
    tokenizer = Tokenizer.from_file(str(base / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


def lesson(document: polnear.Document, tokenizer: Tokenizer) -> dict[str, Any]:
    """An article as lists, a number for each word of each paragraph."""
    units = read_units(tokenizer, document.text, document.units)
    words = [span for unit in units for span in unit.spans]
    starts = [span.start for span in words]
    labels = [0] * len(words)
    links: list[list[int]] = []
    for attribution in document.attributions:
        cue = _words(starts, words, attribution.cue[0]) if attribution.cue else None
        for role, name in enumerate(polnear.ROLES):
            for span in getattr(attribution, name):
                within = _words(starts, words, span)
                for n, word in enumerate(within):
                    labels[word] = 1 + 2 * role + (n > 0)
                if within and role != 1:
                    links.append([within[0], within[-1], cue[0] if cue else -1])
    tags, entities, heads = _syntax(document.syntax, starts, words)
    sentences = [
        [within[0], within[-1] + 1]
        for sentence in document.syntax
        if (within := _words(starts, words, Span(sentence[0].span.start, sentence[-1].span.end)))
    ]
    return {
        "id": document.id,
        "name": document.name,
        "units": [_flat(unit) for unit in units],
        "labels": labels,
        "links": links,
        "tags": tags,
        "entities": entities,
        "heads": heads,
        "sentences": sentences,
    }


def _flat(unit: Unit) -> dict[str, Any]:
    return {"ids": unit.ids, "firsts": unit.firsts, "shapes": unit.shapes, "states": unit.states}


def _words(starts: Sequence[int], words: Sequence[Span], span: Span) -> range:
    """The words that a span touches."""
    first = bisect_right(starts, span.start) - 1
    if first < 0 or words[first].end <= span.start:
        first += 1
    return range(first, bisect_left(starts, span.end))


def _syntax(
    sentences: Sequence[Sequence[polnear.Word]], starts: Sequence[int], words: Sequence[Span]
) -> tuple[list[int], list[int], list[int]]:
    """Part of speech, entity and head of each word; -1 where nothing is known."""
    tags, entities, heads = ([-1] * len(words) for _ in range(3))
    for sentence in sentences:
        within = [_words(starts, words, word.span) for word in sentence]
        for here, word in zip(within, sentence, strict=True):
            for at in here:
                tags[at] = TAGS.index(word.tag) + 1 if word.tag in TAGS else 0
                entities[at] = ENTITIES.get(word.entity, 0)
            if here and word.head >= 0 and within[word.head]:
                heads[here[0]] = within[word.head][0]
    return tags, entities, heads


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--polnear", type=Path, required=True)
    ask.add_argument("--base", type=Path, required=True, help="folder of the base model: tokenizer.json and weights")
    ask.add_argument("--out", type=Path, required=True)
    told = ask.parse_args()
    told.out.mkdir(parents=True, exist_ok=True)
    tokenizer = tokenizer_of(told.base)
    for split in ("train", "dev"):
        lessons = [lesson(document, tokenizer) for document in polnear.documents(told.polnear, split)]
        (told.out / f"{split}.json").write_text(json.dumps(lessons))
        print(f"{split}: {len(lessons)} articles, {sum(len(x['labels']) for x in lessons):,} words")


if __name__ == "__main__":
    main()
