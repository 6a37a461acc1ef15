"""Text to lines of terminal cells. Every line is a span of the text it came from, so offsets hold on the screen too."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import accumulate, pairwise
from typing import NamedTuple
from unicodedata import category

from rich.cells import cell_len, split_graphemes

from reader.model import Article, Block, BlockKind, Span

# Characters that take one cell and join with nothing: most of what is read is made of these alone.
_PLAIN = re.compile(
    "[\t\n -~\u00a0-\u00ac\u00ae-\u02ff\u0370-\u0377\u0384-\u0482\u2010-\u2027\u2030-\u205e\u20a0-\u20bf]*"
)

# CJK is set without spaces and may break anywhere but before what closes and after what opens.
_CJK = "\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff"
_CLOSES = (
    "、。，．・：；？！）］｝〉》」』】〕〗〙〛ー々ゝゞヽヾぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮ”’.,!?:;)\\]}%…—"
)
_OPENS = "（［｛〈《「『【〔〖〘〚“‘(\\[{"
# No-break spaces are none of these.
_BLANKS = " \t\u1680\u2000-\u2006\u2008-\u200b\u205f\u3000"
_BREAK = re.compile(rf"[{_BLANKS}]+|(?<=\w)[—–](?=\w)|(?<=[^\W\d_]{{2}})-(?=[^\W\d_]{{2}})")
_CJK_BREAK = re.compile(
    rf"{_BREAK.pattern}|(?<=[{_CJK}])(?<![{_OPENS}])(?![{_CLOSES}\s])|(?<![{_OPENS}\s])(?=[{_CJK}])(?![{_CLOSES}])"
)
_PIECE = re.compile(r"[ \t]|[^ \t]+")
_LETTERS_OF_FLAGS = "".join(map(chr, range(0x1F1E6, 0x1F200)))
_JOINS_LETTERS = "\u094d\u09cd\u0acd\u0b4d\u0c4d\u0d4d\u17d2"  # the viramas of scripts that write two consonants as one
_JOINS_HANGUL = "".join(map(chr, (*range(0x1100, 0x1160), *range(0xA960, 0xA97D))))
_JOINS_ANY = "\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2"  # signs under what follows them
_TAB = 4
"""Cells between the tab stops of code."""

_FIRST_PREFIX = {BlockKind.QUOTE: "│ ", BlockKind.LIST_ITEM: "• ", BlockKind.CODE: "  ", BlockKind.TABLE: "  "}
_NEXT_PREFIX = _FIRST_PREFIX | {BlockKind.LIST_ITEM: "  "}
_GOES_ON = "↪ "
"""Before the rest of a line of code that is too long."""
_JUSTIFIED = frozenset((BlockKind.PARAGRAPH, BlockKind.QUOTE, BlockKind.LIST_ITEM))
_FULL = 0.85
"""The part of a line that words must fill for it to be drawn out: what is shorter would be mostly holes."""

_NUMBER = re.compile(r"[^\w\s]{0,3}\d[\d.,:/\u00a0 ]*\W{0,2}(?:[a-zA-Z]{1,3}\W?)?")


class Line(NamedTuple):
    """One line of a laid-out article: the span it shows, and our own mark before it."""

    start: int
    end: int
    prefix: str = ""
    kind: BlockKind = BlockKind.PARAGRAPH
    full: bool = False
    """Whether words follow it that would have stood on it if it were longer."""
    stops: tuple[tuple[int, int], ...] = ()
    """Of a row of a table: the offset of each cell and the column it begins at, the prefix not counted."""


class Glyph(NamedTuple):
    """What a terminal draws as one: some characters of the text, where they stand on their line, how wide they are."""

    start: int
    end: int
    x: int
    cells: int


def _is_plain(text: str, start: int, end: int) -> bool:
    match = _PLAIN.match(text, start, end)
    return match is not None and match.end() == end


def _clusters(text: str, start: int, end: int) -> Iterator[tuple[int, int, int]]:
    """The parts of a stretch that are drawn as one, as (start, end, cells): an emoji, a letter with its marks."""
    if _is_plain(text, start, end):
        yield from ((offset, offset + 1, 1) for offset in range(start, end))
        return
    for piece in _PIECE.finditer(text, start, end):
        at = piece.start()
        if piece[0] in (" ", "\t"):
            yield at, at + 1, 1
            continue
        if _is_plain(text, at, piece.end()):
            yield from ((offset, offset + 1, 1) for offset in range(at, piece.end()))
            continue
        before: tuple[int, int, int] | None = None
        for first, last, cells in split_graphemes(piece[0])[0]:
            if before and _join(text, before, text[at + first]):
                before = (before[0], at + last, before[2] + cells)
                continue
            if before:
                yield from _seen(text, before)
            before = (at + first, at + last, cells)
        if before:
            yield from _seen(text, before)


def _seen(text: str, cluster: tuple[int, int, int]) -> Iterator[tuple[int, int, int]]:
    """A cluster, and before it on its own what joins it to nothing, which would hide its first letter."""
    start, end, _ = cluster
    base = next((at for at in range(start, end) if cell_len(text[at])), start)
    if base > start:
        yield start, base, 0
        yield base, end, cell_len(text[base:end])
    else:
        yield cluster


def _join(text: str, before: tuple[int, int, int], char: str) -> bool:
    """Whether a character belongs to what stands before it though it has a width of its own."""
    start, end, _cells = before
    if char in _LETTERS_OF_FLAGS:  # two letters of a country are its flag
        return (end - start - len(text[start:end].rstrip(_LETTERS_OF_FLAGS))) % 2 == 1
    return (
        char in "\u0e33\u0eb3"
        or category(char) == "Mc"
        or (text[end - 1] in _JOINS_LETTERS and "\u0900" <= char <= "\u1cff" and char.isalpha())
        or (text[end - 1] in _JOINS_HANGUL and ("\u1100" <= char <= "\u11ff" or "\ua960" <= char <= "\ud7fb"))
        or text[end - 1] in _JOINS_ANY
    )


# --- wrapping --------------------------------------------------------------------------------------------------------


def wrap(text: str, span: Span, width: int, *, tab: int = 1) -> list[Span]:
    """Break `span` of `text` into spans of at most `width` cells, at newlines, between words, and within long words.

    Tabs are one cell wide, or go on to the next multiple of `tab` cells. Nothing that is drawn as one is broken.
    """
    lines: list[Span] = []
    start = span.start
    while start <= span.end:
        newline = text.find("\n", start, span.end)
        end = span.end if newline < 0 else newline
        lines.extend(_fill(text, start, end, max(2, tab, width), tab))
        start = end + 1
    return lines


def _fill(text: str, start: int, end: int, width: int, tab: int) -> Iterator[Span]:
    end = start + len(text[start:end].rstrip())
    plain = _is_plain(text, start, end) and (tab == 1 or text.find("\t", start, end) < 0)
    if plain and end - start <= width:
        yield Span(start, end)
        return
    # Where clusters begin, and the cells before each; of plain text both are its offsets.
    offsets: Sequence[int] = range(start, end + 1)
    cells: Sequence[int] = offsets
    if not plain:
        clusters = list(_clusters(text, start, end))
        offsets = [*(one[0] for one in clusters), end]
        cells = list(accumulate((one[2] for one in clusters), initial=0))
        if tab > 1 and text.find("\t", start, end) >= 0:
            cells = _tabbed(text, clusters, tab)
    breaks = [
        (match.start() if match[0].strip("—–-") else match.end(), match.end())
        for match in (_BREAK if plain else _CJK_BREAK).finditer(text, start, end)
    ]
    if not plain:
        known = set(offsets)
        breaks = [(last if last in known else first, first) for last, first in breaks if first in known]
    ends = [one[0] for one in breaks]
    line = 0  # an index of offsets
    while cells[-1] - cells[line] > width:
        last = bisect_right(cells, cells[line] + width) - 1
        found = bisect_right(ends, offsets[last]) - 1
        if found >= 0 and ends[found] > offsets[line]:
            yield Span(offsets[line], ends[found])
            line = _index(offsets, breaks[found][1])
        else:
            last = max(last, line + 1)
            yield Span(offsets[line], offsets[last])
            line = last
    yield Span(offsets[line], end)


def _index(offsets: Sequence[int], offset: int) -> int:
    return offset - offsets[0] if isinstance(offsets, range) else bisect_right(offsets, offset) - 1


def _tabbed(text: str, clusters: Sequence[tuple[int, int, int]], tab: int) -> list[int]:
    cells = [0]
    for start, _end, width in clusters:
        cells.append(cells[-1] + (tab - cells[-1] % tab if text[start] == "\t" else width))
    return cells


def lay_out(article: Article, width: int) -> list[Line]:
    """The lines of an article at `width` cells, one blank line between blocks but none within a list."""
    text = article.text
    lines: list[Line] = []
    before: BlockKind | None = None
    for block in article.blocks or (Block(kind=BlockKind.PARAGRAPH, span=Span(0, len(text))),):
        if before and not before == block.kind == BlockKind.LIST_ITEM:
            lines.append(Line(block.span.start, block.span.start))
        if block.kind is BlockKind.HEADING and before not in (None, BlockKind.HEADING):
            lines.append(Line(block.span.start, block.span.start))
        rows = _table(text, block.span, width) if block.kind is BlockKind.TABLE else []
        lines += rows or _block(text, block, width)
        before = block.kind
    return lines


def _block(text: str, block: Block, width: int) -> Iterator[Line]:
    prefix, others = _FIRST_PREFIX.get(block.kind, ""), _NEXT_PREFIX.get(block.kind, "")
    tab = _TAB if block.kind is BlockKind.CODE else 1
    start, end = block.span
    if end - start <= width - len(prefix) and tab == 1 and _is_plain(text, start, end) and "\n" not in text[start:end]:
        yield Line(start, start + len(text[start:end].rstrip()), prefix, block.kind)  # as wrapping has it, but at once
        return
    spans = wrap(text, block.span, width - cell_len(prefix), tab=tab)
    for span, after in pairwise([*spans, None]):
        assert span
        full = after is not None and text.find("\n", span.end, after.start) < 0
        yield Line(span.start, span.end, prefix, block.kind, full)
        prefix = _GOES_ON if full and block.kind is BlockKind.CODE else others


# --- tables ----------------------------------------------------------------------------------------------------------


def _table(text: str, span: Span, width: int) -> list[Line]:
    """A table's rows with their cells in columns; none where they don't fit side by side."""
    prefix = _FIRST_PREFIX[BlockKind.TABLE]
    rows = [list(_cells(text, row)) for row in _split(text, span, "\n")]
    columns = max(map(len, rows))
    if columns < 2:
        return []
    # The corner over the names of the rows is empty more often than the last head, and empty cells leave no trace.
    shifts = [int(index == 0 and {len(row) for row in rows[1:]} == {columns} and len(rows[0]) == columns - 1)
              for index in range(len(rows))]  # fmt: skip
    widths = [0] * columns
    numbers = [len(rows) > 1] * columns
    for index, (row, shift) in enumerate(zip(rows, shifts, strict=True)):
        for column, cell in enumerate(row, shift):
            words = cell.of(text)
            widths[column] = max(widths[column], cell_len(words))
            numbers[column] = numbers[column] and (index == 0 or not words or _NUMBER.fullmatch(words) is not None)
    gap = next((gap for gap in (3, 2) if sum(widths) + gap * (columns - 1) <= width - cell_len(prefix)), 0)
    if not gap:
        return []
    lines = []
    lefts = list(accumulate((one + gap for one in widths), initial=0))
    for row, shift, whole in zip(rows, shifts, _split(text, span, "\n"), strict=True):
        stops = []
        for column, cell in enumerate(row, shift):
            aside = widths[column] - cell_len(cell.of(text)) if numbers[column] else 0
            stops.append((cell.start, lefts[column] + aside))
        end = whole.start + len(whole.of(text).rstrip())
        lines.append(Line(whole.start, end, prefix, BlockKind.TABLE, stops=tuple(stops)))
    return lines


def _split(text: str, span: Span, at: str) -> list[Span]:
    parts, start = [], span.start
    while (end := text.find(at, start, span.end)) >= 0:
        parts.append(Span(start, end))
        start = end + 1
    return [*parts, Span(start, span.end)]


def _cells(text: str, row: Span) -> Iterator[Span]:
    for cell in _split(text, row, "\t"):
        words = cell.of(text)
        start = cell.start + len(words) - len(words.lstrip(" "))
        yield Span(min(start, cell.end), max(start, cell.start + len(words.rstrip(" "))))


# --- drawing ---------------------------------------------------------------------------------------------------------


def glyphs(text: str, line: Line, justify_to: int | None = None) -> list[Glyph]:
    """What is drawn of a line, from left to right without gaps, the prefix not counted.

    A full line of running text is drawn out to `justify_to` cells, its prefix counted, by wider spaces; so its last
    glyph ends there. The first glyph of a table's row may begin further right.
    """
    clusters = list(_clusters(text, line.start, line.end))
    wider: dict[int, int] = {}
    if justify_to is not None and line.full and line.kind in _JUSTIFIED:
        wider = _wider(text, clusters, justify_to - cell_len(line.prefix))
    drawn: list[Glyph] = []
    stops = dict(line.stops)
    x = 0
    for start, end, cells in clusters:
        if start in stops and stops[start] > x:
            if drawn:  # what parts the cells reaches as far as the cell
                drawn[-1] = drawn[-1]._replace(cells=stops[start] - drawn[-1].x)
            x = stops[start]
        if line.kind is BlockKind.CODE and text[start] == "\t":
            cells = _TAB - x % _TAB
        cells += wider.get(start, 0)
        if cells:  # marks that belong to nothing are not drawn
            drawn.append(Glyph(start, end, x, cells))
        x += cells
    return drawn


def _wider(text: str, clusters: Sequence[tuple[int, int, int]], width: int) -> dict[int, int]:
    """By how many cells which spaces grow for a line to be `width` cells wide; nothing for a line better left."""
    used = sum(cells for _, _, cells in clusters)
    spare = width - used
    gaps = [
        one[0]
        for one, after in pairwise(clusters)
        if text[one[0]] in " \t" and text[after[0]] not in " \t" and one[0] > clusters[0][0]
    ]
    if spare <= 0 or not gaps or used < width * _FULL:
        return {}
    # Beginning elsewhere on each line keeps wide gaps from standing one above the other.
    shift = clusters[0][0] % len(gaps)
    shares = [(spare * index + shift) // len(gaps) for index in range(len(gaps) + 1)]
    return {gap: after - before for gap, (before, after) in zip(gaps, pairwise(shares), strict=True)}


def drawn(text: str, glyph: Glyph) -> str:
    """What a glyph is drawn as: white space fills all its cells."""
    return " " * glyph.cells if text[glyph.start] in " \t" else text[glyph.start : glyph.end]


# --- short texts -----------------------------------------------------------------------------------------------------


def cut(text: str, width: int) -> str:
    """`text` in at most `width` cells, with an ellipsis where it was cut."""
    if cell_len(text) <= width:
        return text
    x, end = 0, 0
    for _start, last, cells in _clusters(text, 0, len(text)):
        x += cells
        if x > width - 1:
            break
        end = last
    return text[:end] + "…" if width > 0 else ""


def paragraph(text: str, width: int, most: int | None = None) -> list[str]:
    """`text` wrapped to `width`, at most `most` lines, with an ellipsis where it was cut."""
    spans = wrap(text, Span(0, len(text)), width)
    lines = [span.of(text) for span in spans]
    if most is not None and len(lines) > most:
        lines = [*lines[: most - 1], cut(" ".join(text[spans[most - 1].start :].split()), width)]
    return lines


def ago(when: datetime, now: datetime) -> str:
    """How long ago, as short as it can be said: "4m", "3h", "2d", then the date."""
    minutes = int((now - when).total_seconds() // 60)
    if minutes < 60:
        return f"{max(0, minutes)}m"
    if minutes < 24 * 60:
        return f"{minutes // 60}h"
    if minutes < 7 * 24 * 60:
        return f"{minutes // (24 * 60)}d"
    return date(when)


def date(when: datetime) -> str:
    """A date as the person's place has it: "12 Nov 2026"."""
    return day(when.astimezone())


def day(when: datetime) -> str:
    """A date as it was where it was written down, so that it is the one to cite: "12 Nov 2026"."""
    return f"{when.day} {when:%b %Y}"
