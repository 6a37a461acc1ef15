"""PolNeAR as spans of its articles, and CofeNet's token layout of it as text.

PolNeAR: Newell, Margolin and Ruths, "An attribution relations corpus for political news" (LREC 2018). The texts are
their publishers' and never enter the repository; the caller says where they lie.
"""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from reader.claims.tagger import ROLES
from reader.model import Span


class Attribution(NamedTuple):
    """Who said what, as character spans; a discontinuous role has several."""

    source: list[Span]
    cue: list[Span]
    content: list[Span]


class Word(NamedTuple):
    """A token of the corpus's own syntax: its span, part of speech, entity and the place of its head (-1: none)."""

    span: Span
    tag: str
    entity: str
    head: int


class Document(NamedTuple):
    """An article as one annotator read it."""

    id: str
    name: str
    """The article's name, the same for all its annotators."""
    text: str
    units: list[Span]
    """Paragraphs."""
    attributions: list[Attribution]
    syntax: list[list[Word]]
    """Sentences; empty where the mirror lacks them."""


def documents(polnear: Path, split: str) -> Iterator[Document]:
    """The annotated articles of a split ("train", "dev"), one for each annotator."""
    syntax = dict(_syntax(polnear / "corenlp_compact" / f"{split}.jsonl.gz"))
    texts = polnear / "data" / split / "text"
    for path in sorted((polnear / "data" / split / "attributions").glob("*.ann")):
        name = path.stem.rsplit("_", 1)[0]
        text = (texts / f"{name}.txt").read_text("utf-8")
        yield Document(path.stem, name, text, paragraphs(text), _attributions(path), syntax.get(name, []))


def paragraphs(text: str) -> list[Span]:
    """The lines of a text that hold something."""
    return [Span(m.start(), m.end()) for m in re.finditer(r"\S(?:[^\n]*\S)?", text)]


def _attributions(path: Path) -> list[Attribution]:
    """brat's standoff: T lines name spans, E lines group them; a T line may run over several lines."""
    records: list[str] = []
    for line in path.read_text("utf-8").split("\n"):
        if re.match(r"[A-Z]\d+\t", line):
            records.append(line)
        elif records:
            records[-1] += "\n" + line
    spans: dict[str, list[Span]] = {}
    events = []
    for record in records:
        name, rest, *_ = record.split("\t", 2)
        if name[0] == "T":
            places = rest.split(" ", 1)[1].split(";")
            spans[name] = [Span(*map(int, place.split())) for place in places]
        elif name[0] == "E":
            events.append([part.split(":") for part in rest.split()])
    found = []
    for event in events:
        roles: dict[str, list[Span]] = {role: [] for role in ROLES}
        for role, name in event:
            if (plain := role.rstrip("0123456789").lower()) in roles:
                roles[plain] += spans[name]
        found.append(Attribution(**{role: sorted(places) for role, places in roles.items()}))
    return found


def _syntax(path: Path) -> Iterator[tuple[str, list[list[Word]]]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            document = json.loads(line)
            yield (
                document["doc"],
                [
                    [
                        Word(Span(start, end), tag, entity, head - 1)
                        for (_, _, start, end, tag, entity), head in zip(sentence["t"], sentence["h"], strict=True)
                    ]
                    for sentence in document["s"]
                ],
            )


# --- CofeNet's layout -------------------------------------------------------------------------------------------------


class Instance(NamedTuple):
    """A line of CofeNet's layout within the text made of its document's lines."""

    tokens: list[Span]
    labels: list[str]


_BRACKETS = {
    "``": "“", "''": "”", "`": "‘", "-LRB-": "(", "-RRB-": ")", "-LSB-": "[", "-RSB-": "]", "-LCB-": "{", "-RCB-": "}",
    "--": "–", "...": "…",
}  # fmt: skip
_NO_SPACE_BEFORE = re.compile(r"[”’)\]},.;:!?%…]|n't|'(?:s|S|m|d|ll|re|ve|LL|RE|VE)?|’\w+")
_NO_SPACE_AFTER = frozenset("“‘([{$£€#")


def lines(path: Path) -> Iterator[tuple[str, list[Instance]]]:
    """Text and instances of each document of a file in CofeNet's layout: JSON lines of tokens, labels and id.

    The lines of one document follow each other; its text is its tokens with the white space that English puts between.
    """
    held: list[dict[str, list[str]]] = []
    last = None
    with path.open(encoding="utf-8") as source:
        for row in map(json.loads, filter(str.strip, source)):
            if held and row.get("id") != last:
                yield _joined(held)
                held = []
            last = row.get("id")
            held.append(row)
    if held:
        yield _joined(held)


def _joined(rows: Sequence[dict[str, list[str]]]) -> tuple[str, list[Instance]]:
    text = ""
    instances = []
    for row in rows:
        spans: list[Span] = []
        for token in row["tokens"]:
            word = _BRACKETS.get(token, token)
            tight = not text or text[-1] in _NO_SPACE_AFTER or (spans and _NO_SPACE_BEFORE.fullmatch(word))
            if not tight:
                text += " "
            spans.append(Span(len(text), len(text) + len(word)))
            text += word
        instances.append(Instance(spans, row["labels"]))
    return text, instances
