"""Two articles of a story: the claims that both make, how they tell them apart, and what one of them leaves out."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import NamedTuple, TypeVar

from rich.cells import cell_len, set_cell_size
from textual.content import Content
from textual.widget import Widget

from reader.library.answers import StoryTold
from reader.model import Cell, Claim, Clash, Figure, Row, Span, Verdict
from reader.stories.speakers import same
from reader.stories.wording import differences
from reader.tui import layout
from reader.tui.keyboard import Keymap
from reader.tui.widgets.marks import Mark
from reader.words import _, ngettext

_T = TypeVar("_T")
Lines = tuple[int, int]
"""A line of the one text and the line of the other that stands beside it."""

_NARROW = 80
"""Columns below which words are spared."""
MISSING = "+"
_DENIES, _CLASH, _UPDATED, _SOURCE, _REWORDED = "✗", "≠", "↻", "◐", "≈"


class Contrast(NamedTuple):
    """One way in which two articles tell a claim differently; whom they have it from needs no reason."""

    sign: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """A claim that both articles make, or one that one of them leaves out."""

    spans: tuple[tuple[Span, ...], tuple[Span, ...]]
    """Where each of them makes it; nowhere where it does not."""
    row: Row | None = None
    """None: words that both quote, and that stand in no row of the ledger with both."""
    cells: tuple[Cell | None, Cell | None] = (None, None)
    number: int = 0
    """Its place among those that both make, from 1; 0: only one of them makes it."""
    contrasts: tuple[Contrast, ...] = ()
    figures: tuple[tuple[Figure, ...], tuple[Figure, ...]] = ((), ())
    """Those that differ."""

    @property
    def sign(self) -> str:
        """What stands beside it in the margin."""
        return self.contrasts[0].sign if self.contrasts else " " if self.number else MISSING

    @property
    def figure_sign(self) -> str:
        """What stands beside the figures that differ."""
        return next((one.sign for one in self.contrasts if one.sign in (_CLASH, _UPDATED)), " ")

    @property
    def is_otherwise_sourced(self) -> bool:
        """Whether the two have it from different mouths."""
        return any(one.sign == _SOURCE for one in self.contrasts)

    def start(self, side: int) -> int:
        """Where a side that makes it begins to."""
        return self.spans[side][0].start

    def touches(self, side: int, span: Span) -> bool:
        """Whether a side makes it in a stretch of its text."""
        return any(one.start < span.end and span.start < one.end for one in self.spans[side])


class Pair:
    """Two articles of a story, told apart as side 0 and side 1."""

    def __init__(self, told: StoryTold, one: int, other: int) -> None:
        self.told = told
        self.entry_ids = (one, other)
        self.ids = (str(one), str(other))
        self.entries = tuple(map(told.entry, self.ids))
        self.articles = tuple(told.articles[id] for id in self.entry_ids)
        self.outlets = tuple(told.outlets[id] for id in self.ids)
        self.claims: Mapping[int, Sequence[Claim]] = MappingProxyType({})
        """By entry what was found in its text, as soon as that is known."""
        self._reworded: list[tuple[Span, Span]] = []
        """Quotations that the two give in other words."""
        self.matches = self._matches()
        """What both claim, in the order of side 0."""
        self.missing = (self._only(0), self._only(1))
        """For each side what it claims and the other leaves out, though more outlets claim it; as its text has them."""

    def is_opening(self, side: int) -> bool:
        """Whether a side is known by its feed's opening words alone."""
        return self.articles[side].extractor == "teaser"

    # What they have in common.

    def _sides(self, one: tuple[str, _T], other: tuple[str, _T]) -> tuple[_T, _T] | None:
        """Something of two articles by side; None where they are others."""
        if (one[0], other[0]) == self.ids:
            return one[1], other[1]
        return (other[1], one[1]) if (other[0], one[0]) == self.ids else None

    def _of_row(self, row: Row) -> Point:
        one, other = (row.cells.get(id) for id in self.ids)
        return Point(spans=(one.spans if one else (), other.spans if other else ()), row=row, cells=(one, other))

    def _matches(self) -> tuple[Point, ...]:
        rows = map(self._of_row, self.told.ledger.rows)
        points = [self._contrasted(point) for point in rows if all(point.spans)]
        for one in self.told.ledger.quotations:
            if not (spans := self._sides(one.one, one.other)):
                continue
            contrasts = () if one.same_words else (Contrast(_REWORDED, _("quoted in other words")),)
            if contrasts:
                self._reworded.append(spans)
            for at, point in enumerate(points):
                if point.touches(0, spans[0]) and point.touches(1, spans[1]):
                    points[at] = replace(point, contrasts=tuple(dict.fromkeys((*point.contrasts, *contrasts))))
                    break
            else:
                points.append(Point(spans=((spans[0],), (spans[1],)), contrasts=contrasts))
        points.sort(key=lambda point: (point.start(0), point.start(1)))
        return tuple(replace(point, number=at) for at, point in enumerate(points, 1))

    def _contrasted(self, point: Point) -> Point:
        """A claim of both with how they differ in it, the gravest first."""
        assert point.row
        denying = [side for side, cell in enumerate(point.cells) if cell and cell.verdict is Verdict.DENIES]
        found: list[Contrast] = []
        if len(denying) == 1:
            found.append(Contrast(_DENIES, _("{outlet} denies it").format(outlet=self.outlets[denying[0]])))
        figures: list[tuple[Figure, Figure]] = []
        for clash, its in self._clashes(point.row):
            why = " ".join(clash.why.split())
            updated = Contrast(_UPDATED, _("updated: {why}").format(why=why))
            found.append(updated if clash.updated else Contrast(_CLASH, why))
            figures.append(its)
        if self._differ_in_source(*point.cells):
            found.append(Contrast(_SOURCE, ""))
        ones, others = (tuple(dict.fromkeys(pair[side] for pair in figures)) for side in (0, 1))
        return replace(point, contrasts=tuple(found), figures=(ones, others))

    def _clashes(self, row: Row) -> list[tuple[Clash, tuple[Figure, Figure]]]:
        """What the two give different figures for in a row, those that can't both be true first."""
        found = [
            (clash, its)
            for clash in self.told.ledger.clashes
            if clash.row == row.id and (its := self._sides(clash.one, clash.other))
        ]
        return sorted(found, key=lambda one: one[0].updated)

    def _differ_in_source(self, one: Cell | None, other: Cell | None) -> bool:
        if one is None or other is None or one.root == self.ids[1] or other.root == self.ids[0]:
            return False  # where one has it from the other, both have it on one authority
        if one.speaker is None or other.speaker is None:
            return one.speaker is not other.speaker
        # Of two that bear no name it can't be told.
        return (one.speaker.named or other.speaker.named) and not same(one.speaker, other.speaker)

    def _only(self, side: int) -> tuple[Point, ...]:
        rows = set(self.told.ledger.missing.get(self.ids[1 - side], ()))
        points = [self._of_row(row) for row in self.told.ledger.rows if row.id in rows and self.ids[side] in row.cells]
        return tuple(sorted(points, key=lambda point: point.start(side)))

    # Where things are.

    def points(self, side: int) -> tuple[Point, ...]:
        """All that is marked in a side's text."""
        return (*self.matches, *self.missing[side])

    def of_row(self, row: int) -> Point | None:
        """A row of the ledger, by its id; None where neither article makes that claim."""
        for point in (*self.matches, *self.missing[0], *self.missing[1], *map(self._of_row, self.told.ledger.rows)):
            if point.row and point.row.id == row and any(point.spans):
                return point
        return None

    def at(self, side: int, offset: int) -> Point | None:
        """What is claimed at a character of a side's text."""
        return next((one for one in self.points(side) if one.touches(side, Span(offset, offset + 1))), None)

    def marks(self, side: int) -> Iterator[Mark]:
        """What is marked in a side's text: claims, then what differs within them."""
        for point in self.missing[side]:
            yield from (Mark(span, "missing") for span in point.spans[side])
        for point in self.matches:
            style = "differs" if point.contrasts else "match"
            yield from (Mark(span, style) for span in point.spans[side])
        for point in self.matches:
            cell = point.cells[side]
            if point.is_otherwise_sourced and cell and cell.speaker:
                yield from (Mark(span, "source") for span in cell.speaker.spans if point.touches(side, span))
            yield from (Mark(figure.span, "clash") for figure in point.figures[side])
        yield from (Mark(span, "only") for span in self._own_words(side))

    def _own_words(self, side: int) -> Iterator[Span]:
        """The words of quotations that the other article does not have in them."""
        for spans in self._reworded:
            one, other = (span.of(article.text) for span, article in zip(spans, self.articles, strict=True))
            for part in differences(one, other):
                if (part.one, part.other)[side].start < (part.one, part.other)[side].end:
                    yield (part.one, part.other)[side].shifted(spans[side].start)

    # What there is to tell.

    def words(self, side: int, spans: Sequence[Span]) -> str:
        """The words of some spans in one line."""
        return " … ".join(" ".join(span.of(self.articles[side].text).split()) for span in spans)

    def who(self, point: Point, side: int) -> str:
        """Whom a side has a claim from, who is behind that, and whose report it goes back to."""
        cell, claims = point.cells[side], self.claims_at(point, side)
        if cell is None:  # words in quotation marks, whoever said them
            return next((claim.speaker.name for claim in claims if claim.speaker), _("speaker not said"))
        said = [cell.speaker.name if cell.speaker else _("in its own voice")]
        its = [claim for claim in claims if (claim.speaker.name if claim.speaker else "") == said[0]]
        if via := next((claim.via for claim in its if claim.via), ()):
            said.append(_("← citing {names}").format(names=", ".join(via)))
        root = self.told.outlets.get(cell.root) or cell.root.removeprefix("outlet ")
        if root and root not in (self.outlets[side], said[0]):
            said.append(_("← from {outlet}").format(outlet=root))
        return " ".join(said)

    def claims_at(self, point: Point, side: int) -> list[Claim]:
        """The claims found in a side's text where it makes this one, those with most of its words first."""

        def common(claim: Claim) -> int:
            return sum(
                max(0, min(own.end, span.end) - max(own.start, span.start))
                for own in claim.content
                for span in point.spans[side]
            )

        found = [claim for claim in self.claims.get(self.entry_ids[side], ()) if common(claim)]
        return sorted(found, key=common, reverse=True)

    def others(self, point: Point) -> list[str]:
        """The outlets that make a claim, beside these two."""
        cells = point.row.cells if point.row else {}
        return list(dict.fromkeys(self.told.outlets[id] for id in cells if self.told.outlets[id] not in self.outlets))


def how(pair: Pair, point: Point, side: int) -> tuple[str, str]:
    """How a side takes a claim, beside the other: a sign, and a word or two."""
    cell = point.cells[side]
    if not point.spans[side]:
        return ("t", _("opening only")) if pair.is_opening(side) else ("·", _("silent"))
    if cell and cell.verdict is Verdict.DENIES:
        return _DENIES, _("denies")
    if point.figures[side]:
        sign = point.figure_sign
        figures = ", ".join(f"“{pair.words(side, [figure.span])}”" for figure in point.figures[side])
        return sign, (_("figure at odds: {figures}") if sign == _CLASH else _("figure: {figures}")).format(
            figures=figures
        )
    if point.is_otherwise_sourced:
        return _SOURCE, _("other source")
    return "✓", _("states")


class Told(Widget):
    """What there is to tell of the claim at hand: how each side takes it, on whose word, and what is at odds."""

    DEFAULT_CSS = """
    Told { height: 4; padding: 0 1; background: $panel; color: $foreground; }
    """

    def __init__(self, pair: Pair, keymap: Keymap) -> None:
        super().__init__()
        self.pair, self.keymap = pair, keymap
        self.current: Point | None = None
        self.here = 0
        """The side that has the focus."""

    def render(self) -> Content:
        """What it is and how they differ, then each side; as many lines as there is room for."""
        width, height = self.content_size
        point = self.current
        if point is None:
            lines = [Content.styled(layout.cut(words, width), style) for words, style in self._summary()]
        else:
            parts = layout.paragraph(self._head(point, width), width, most=max(1, height - 2))
            style = "bold $text-warning" if point.contrasts else "bold"
            lines = [Content.styled(part, style) for part in parts]
            lines += [self._side(point, side, width) for side in (0, 1)]
        return Content("\n").join(lines[:height])

    def _head(self, point: Point, width: int) -> str:
        pair = self.pair
        if not point.number:
            lacking = 0 if not point.spans[0] else 1
            missing = point in pair.missing[1 - lacking]
            if not missing:
                return _("Only one of the two says it")
            words = (
                _("+ Missing in the opening of {outlet}") if pair.is_opening(lacking) else _("+ Missing in {outlet}")
            )
            head = words.format(outlet=pair.outlets[lacking])
            others = ", ".join(pair.others(point))
            return " · ".join([head, _("also in {outlets}").format(outlets=others)] if others else [head])
        here, there = (pair.who(point, side) for side in (self.here, 1 - self.here))
        source = _("here: {here} · there: {there}").format(here=here, there=there)
        told = (f"{one.sign} {one.why or source}" for one in point.contrasts)
        count = _("Claim {at} of {all}") if width >= _NARROW else "{at}/{all}"
        return " · ".join((count.format(at=point.number, all=len(pair.matches)), *told))

    def _side(self, point: Point, side: int, width: int) -> Content:
        pair = self.pair
        names = [layout.cut(outlet, max(8, width // 3)) for outlet in pair.outlets]
        name = set_cell_size(names[side], max(map(cell_len, names)))
        sign, words = how(pair, point, side)
        said = f"{sign} {words}" + (f" · {pair.who(point, side)}" if point.spans[side] else "")
        return Content.assemble((name, "bold $text-accent"), "  ", layout.cut(said, width - cell_len(name) - 2))

    def _summary(self) -> Iterator[tuple[str, str]]:
        """What the two have in common, and where to go."""
        pair = self.pair
        matches, differing = len(pair.matches), sum(bool(point.contrasts) for point in pair.matches)
        if not matches:
            yield _("These two have no claim in common, so far as can be told."), "bold"
        else:
            common = ngettext("{n} claim in common", "{n} claims in common", matches).format(n=matches)
            told = _("{n} told differently").format(n=differing) if differing else _("none told differently")
            yield f"{common} · {told}", "bold"
        missing = [
            _("{n} in {outlet}").format(n=len(points), outlet=outlet)
            for points, outlet in zip(reversed(pair.missing), pair.outlets, strict=True)
            if points
        ]
        if missing:
            yield _("+ missing though others have it: {counts}").format(counts=" · ".join(missing)), ""
        actions = [*(["next_match"] if matches else []), *(["next_difference"] if differing else []),
                   *(["next_missing"] if missing else []), "other_outlet"]  # fmt: skip
        yield " · ".join(map(self.keymap.hint, actions)), "$text-muted"


# --- keeping step ----------------------------------------------------------------------------------------------------


def in_step(anchors: Sequence[Lines], held: Lines | None = None) -> list[Lines]:
    """The most of `anchors` that go down in both texts, through `held` if there is one; each line but once."""
    if held is None:
        return _rising(sorted(set(anchors), key=lambda one: (one[0], -one[1])))
    before = [one for one in anchors if one[0] < held[0] and one[1] < held[1]]
    behind = [one for one in anchors if one[0] > held[0] and one[1] > held[1]]
    return [*in_step(before), held, *in_step(behind)]


def _rising(anchors: Sequence[Lines]) -> list[Lines]:
    """A longest run whose second lines rise; of `anchors` with one first line, the highest second line comes first."""
    ends: list[int] = []
    """For each length of a run the lowest second line that one can end with, …"""
    last: list[int] = []
    """… and which anchor that is."""
    before: list[int] = []
    for at, (_one, other) in enumerate(anchors):
        length = bisect_left(ends, other)
        before.append(last[length - 1] if length else -1)
        ends[length : length + 1] = [other]
        last[length : length + 1] = [at]
    found, at = list[Lines](), last[-1] if last else -1
    while at >= 0:
        found.append(anchors[at])
        at = before[at]
    return found[::-1]


def with_ends(chain: Sequence[Lines], ends: Sequence[Lines]) -> list[Lines]:
    """A chain with those of `ends` that keep it going down in both texts."""
    found = list(chain)
    for end in ends:
        if all((end[0] < one[0] and end[1] < one[1]) or (end[0] > one[0] and end[1] > one[1]) for one in found):
            found = sorted([*found, end])
    return found


def follow(chain: Sequence[Lines], line: int, side: int) -> int:
    """The line of the other text that stands beside a line of `side`, by a chain of one pair of lines at least."""
    own, its = [one[side] for one in chain], [one[1 - side] for one in chain]
    at = bisect_right(own, line)
    if at in (0, len(own)):  # beyond the ends both go on line by line
        end = min(at, len(own) - 1)
        return its[end] + line - own[end]
    return its[at - 1] + round((line - own[at - 1]) * (its[at] - its[at - 1]) / (own[at] - own[at - 1]))
