"""Which blocks of a page are its article: a small learned model that weighs each block by where it stands.

readability chooses one box of the page and is mostly right; what it cuts off and what it lets in shows in plain
figures: how long and how linked a block is, whether readability kept it, how much of the page's prose stands in the
boxes around it and in blocks of the same make. Boosted trees learned from annotated pages (`training/articles`) put
them together. No name of a class is among the figures, for those change with every site, and no word of any language
but in the two that tell a page's labels and last lines by what they say (`clutter.is_label`, `clutter.is_closing`).
"""

from __future__ import annotations

import json
import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from functools import cache
from importlib import resources
from itertools import accumulate

import numpy as np
from lxml.html import HtmlElement

from reader.articles.clutter import is_closing, is_label
from reader.articles.headline import fold
from reader.articles.prose import container, linked, weight
from reader.articles.render import Piece
from reader.model import BlockKind
from reader.trees import Trees, trees

_ENOUGH = 0.5
"""The chance of being article at which a block is kept."""

_AMONG = 0.35
"""The chance at which a block of prose is kept that stands between two blocks that are."""

_ENDS = re.compile(r"""[.!?。！？…]["”’»)\]」]*$""")
_PUNCTUATION = re.compile(r"[.!?,;。、，！？]")
_CAPITAL = re.compile(r"[^\W\d_a-zß-öø-ÿ]")
_DIGIT = re.compile(r"\d")
_FAR = 50
_LEVELS = 4
"""How many boxes around a block are looked at, its own element the first."""
_WINDOW = 5
_HALF = 0.5
_NAMES = 200
_OPENING = 400
"""Characters of a block whose letters are counted."""

_OWN = ("length", "words", "linked", "punctuation", "ends", "lower", "capitals", "digits", "prose", "chosen")
_PLACE = (
    *("label", "closing", "headline", "of_title"),
    *("depth", "position", "between", "from_first", "from_last", "from_headline", "since_chosen", "until_chosen"),
    *("make_share", "make_blocks", "in_container", "repeats"),
    *("page_chosen", "page_blocks", "page_prose"),
)
_KINDS = {kind: tuple(float(kind is other) for other in BlockKind) for kind in BlockKind}
_BOX = ("share", "density", "linked", "blocks", "chosen")
FEATURES = (
    *_OWN,
    *(f"is_{kind}" for kind in BlockKind),
    *_PLACE,
    *(f"{level}_{name}" for level in range(_LEVELS) for name in _BOX),
    *(f"box_{name}" for name in (*_BOX, "length")),
    *(f"{side}_{name}" for side in ("previous", "next") for name in ("length", "linked", "ends", "chosen", "heading")),
    *(f"{side}_{name}" for side in ("before", "after") for name in ("density", "chosen", "linked")),
)
"""What is seen of a block, in the order of the model's columns."""


class Box:
    """What an element of the page holds: sums over its blocks."""

    __slots__ = ("blocks", "chosen", "length", "linked", "prose", "shares")

    def __init__(self) -> None:
        self.prose = self.chosen = self.length = self.linked = 0.0
        self.blocks = 0
        self.shares: tuple[float, ...] = ()
        """Its figures in the order of `_BOX`, once they are added up."""

    def add(self, inner: Box) -> None:
        """Count what a box within this one holds, once that is counted up."""
        self.prose += inner.prose
        self.chosen += inner.chosen
        self.length += inner.length
        self.linked += inner.linked
        self.blocks += inner.blocks

    def close(self, total: float) -> None:
        """Work out the shares; `total` is the page's prose."""
        self.shares = (
            self.prose / total,
            self.prose / self.length,
            self.linked / self.length,
            math.log1p(self.blocks),
            self.chosen / (self.prose + 1),
        )


@cache
def shipped() -> Trees:
    """The trees that come with the program."""
    return trees(json.loads(resources.files("reader.articles").joinpath("data/judge.json").read_bytes()), FEATURES)


def keep(page: Sequence[Piece], chosen: Sequence[bool], *, title: str, trees: Trees) -> list[Piece]:
    """The blocks of a page that belong to its article; `chosen` tells which ones readability kept."""
    chances = trees.chances(np.array(features(page, chosen, title=title)))
    kept = [chance >= _ENOUGH for chance in chances]
    announced = None
    for at in range(1, len(page)):
        piece, before = page[at], page[at - 1]
        box = _list(piece.element)
        if kept[at - 1] and piece.kind is BlockKind.LIST_ITEM and before.text.endswith(":"):
            announced = box
        if kept[at] or not kept[at - 1]:
            continue
        is_among = chances[at] >= _AMONG and kept[min(at + 1, len(page) - 1)] and weight(piece) > 0
        # A list that a sentence announces is read with it, however many links it is; so is who said what is quoted.
        is_announced = piece.kind is BlockKind.LIST_ITEM and box is not None and box is announced
        is_signature = piece.kind is before.kind is BlockKind.QUOTE and piece.text.startswith(("—", "–", "―"))
        kept[at] = is_among or is_announced or is_signature
    return [piece for piece, is_kept in zip(page, kept, strict=True) if is_kept]


def _list(element: HtmlElement | None) -> HtmlElement | None:
    """The list of a block that is one of its items, or a paragraph right in one."""
    for item in () if element is None else (element, element.getparent()):
        if item is not None and item.tag == "li":
            return item.getparent()
    return None


def features(page: Sequence[Piece], chosen: Sequence[bool], *, title: str) -> list[list[float]]:
    """The FEATURES of each block of a page that has any."""
    own = [_own(piece, is_chosen) for piece, is_chosen in zip(page, chosen, strict=True)]
    prose = [float(weight(piece)) for piece in page]
    total = sum(prose) or 1.0
    lines = _Lines(page)
    boxes = _boxes(page, prose, chosen, own, lines, total)
    makes = [lines.make(piece.element) for piece in page]
    make_prose, make_blocks = defaultdict[str, float](float), Counter(makes)
    for make, amount in zip(makes, prose, strict=True):
        make_prose[make] += amount
    main = container(page)
    texts = Counter(piece.text for piece in page)
    headline = fold(title)
    words = frozenset(headline.split())
    folded = [fold(piece.text) if len(piece.text) < 300 else "" for piece in page]
    top = next((i for i, text in enumerate(folded) if text == headline and text), None)
    bearing = (
        [i for i, amount in enumerate(prose) if amount and chosen[i]] or [i for i, p in enumerate(prose) if p] or [0]
    )
    first, last = bearing[0], bearing[-1]
    since, until = _distances(chosen)
    whole = [sum(a for a, c in zip(prose, chosen, strict=True) if c) / total, math.log1p(len(page)), math.log1p(total)]
    before, after = _windows(page, prose, chosen, own)
    rows = []
    for i, piece in enumerate(page):
        line = lines.of(piece.element)
        in_title = folded[i].split()
        row = [
            *own[i],
            *_KINDS[piece.kind],
            float(is_label(piece)),
            float(is_closing(piece)),
            float(i == top),
            sum(word in words for word in in_title) / len(in_title) if in_title else 0.0,
            len(line),
            i / len(page),
            float(first <= i <= last),
            max(-_FAR, min(i - first, _FAR)),
            max(-_FAR, min(i - last, _FAR)),
            -_FAR if top is None else max(-_FAR, min(i - top, 4 * _FAR)),
            since[i],
            until[i],
            make_prose[makes[i]] / total,
            math.log1p(make_blocks[makes[i]]),
            float(main in line),
            texts[piece.text],
            *whole,
        ]
        for level in range(_LEVELS):
            row += boxes[line[min(level, len(line) - 1)]].shares
        side = _side(line, boxes, total)
        row += side.shares
        row.append(math.log1p(side.length))
        for j in (i - 1, i + 1):
            row += (
                [own[j][0], own[j][2], own[j][4], own[j][9], float(page[j].kind is BlockKind.HEADING)]
                if 0 <= j < len(page)
                else [-1.0] * 5
            )
        rows.append(row + before[i] + after[i])
    return rows


def _own(piece: Piece, is_chosen: bool) -> list[float]:
    text = piece.text
    words = text.count(" ") + text.count("\n") + 1
    opening = text[:_OPENING]
    return [
        math.log1p(len(text)),
        math.log1p(words),
        linked(piece),
        len(_PUNCTUATION.findall(opening)) / (min(words, opening.count(" ") + 1) + 1),
        float(bool(_ENDS.search(text[-8:]))),
        float(text[0].islower()),
        len(_CAPITAL.findall(opening)) / len(opening),
        len(_DIGIT.findall(opening)) / len(opening),
        float(weight(piece) > 0),
        float(is_chosen),
    ]


class _Lines:
    """The elements around each block, walked once."""

    def __init__(self, page: Sequence[Piece]) -> None:
        self._lines: dict[HtmlElement, tuple[HtmlElement, ...]] = {}
        self._makes: dict[HtmlElement, str] = {}
        for piece in page:
            self.of(piece.element)

    def of(self, element: HtmlElement) -> tuple[HtmlElement, ...]:
        """The element and all that it stands in, the innermost first."""
        if element not in self._lines:
            self._lines[element] = (element, *element.iterancestors())
        return self._lines[element]

    def inside_out(self) -> list[HtmlElement]:
        """All elements of the lines, each before the one that it stands in."""
        depths: dict[HtmlElement, int] = {}
        for line in self._lines.values():
            for above, element in enumerate(line):
                if element in depths:
                    break
                depths[element] = len(line) - above
        return sorted(depths, key=lambda element: -depths[element])

    def make(self, element: HtmlElement) -> str:
        """What blocks of one make share: the tags and classes of their element and of the two around it."""
        if element not in self._makes:
            around = self.of(element)[:3]
            self._makes[element] = "/".join(f"{one.tag}.{(one.get('class') or '')[:_NAMES]}" for one in around)
        return self._makes[element]


def _boxes(
    page: Sequence[Piece],
    prose: Sequence[float],
    chosen: Sequence[bool],
    own: Sequence[Sequence[float]],
    lines: _Lines,
    total: float,
) -> dict[HtmlElement, Box]:
    boxes = {element: Box() for element in lines.inside_out()}
    for piece, amount, is_chosen, figures in zip(page, prose, chosen, own, strict=True):
        box, length = boxes[piece.element], len(piece.text)
        box.prose += amount
        box.chosen += amount * is_chosen
        box.length += length
        box.linked += length * figures[2]
        box.blocks += 1
    for element, box in boxes.items():
        if (around := boxes.get(element.getparent())) is not None:
            around.add(box)
    for box in boxes.values():
        box.close(total)
    return boxes


def _side(line: Sequence[HtmlElement], boxes: dict[HtmlElement, Box], total: float) -> Box:
    """The largest box around a block that does not hold most of the page's prose; its own where that does."""
    side = boxes[line[0]]
    for element in line:
        if boxes[element].prose > _HALF * total:
            break
        side = boxes[element]
    return side


def _distances(chosen: Sequence[bool]) -> tuple[list[int], list[int]]:
    """How many blocks ago readability last kept one, and how many on it next does."""

    def run(flags: Iterator[bool]) -> Iterator[int]:
        away = _FAR
        for flag in flags:
            away = 0 if flag else min(away + 1, _FAR)
            yield away

    return list(run(iter(chosen))), list(run(reversed(chosen)))[::-1]


def _windows(
    page: Sequence[Piece], prose: Sequence[float], chosen: Sequence[bool], own: Sequence[Sequence[float]]
) -> tuple[list[list[float]], list[list[float]]]:
    """Of the few blocks before each one and after it: how much is prose, how many chosen, how linked they are."""
    lengths, amounts = _sums([len(piece.text) for piece in page]), _sums(prose)
    kept, links = _sums(chosen), _sums([figures[2] for figures in own])

    def between(start: int, end: int) -> list[float]:
        start, end = max(0, start), min(len(page), end)
        if start >= end:
            return [0.0, 0.0, 0.0]
        count = end - start
        return [
            (amounts[end] - amounts[start]) / (lengths[end] - lengths[start]),
            (kept[end] - kept[start]) / count,
            (links[end] - links[start]) / count,
        ]

    places = range(len(page))
    return [between(i - _WINDOW, i) for i in places], [between(i + 1, i + 1 + _WINDOW) for i in places]


def _sums(figures: Sequence[float]) -> list[float]:
    return list(accumulate(figures, initial=0.0))
