"""Two articles side by side, scrolled in step, with what both claim on the same line."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.message import Message

from reader.model import Claim, Span
from reader.tui.actions import Place
from reader.tui.keyboard import Keymap
from reader.tui.widgets.pair import Lines, Pair, Point, Told, follow, in_step, with_ends
from reader.tui.widgets.side import Side


class Beside(Vertical):
    """The two sides and what there is to tell of the claim at hand; what scrolls one scrolls the other."""

    PLACES: ClassVar[tuple[Place, ...]] = (Place.LISTS,)

    class Chosen(Message):
        """The person wants to read on in one of the articles."""

    def __init__(self, pair: Pair, *, measure: int, now: Callable[[], datetime], keymap: Keymap) -> None:
        super().__init__()
        self.pair = pair
        self.current: Point | None = None
        self.here = 0
        """The side that has the focus."""
        self.sides = tuple(Side(index, pair, measure, now, id=f"side-{index}") for index in (0, 1))
        self._told = Told(pair, keymap)
        self._row = 0
        """The line in sight on which the texts are in step, from the top of both: a third down, but at the top."""
        self._third = 0
        self._slides = True
        """Whether that line is yet to come down, as the person leaves the top."""
        self._chain: list[Lines] = [(0, 0)]
        """Lines that stand beside each other, as far as they go down in both texts."""
        self._reach = [(0, 0), (0, 0)]
        """By side between which lines at its top a person scrolls: its text's, and where a claim was gone to."""
        self._held: list[tuple[int, int] | None] = [None, None]
        """By side what stands there: a character, and lines beyond its own. None: what is beside the other's."""
        self._aligns = False
        """Whether the current claim stands on that line, or is to as soon as there are lines."""
        self._sizes: object = None

    def compose(self) -> ComposeResult:
        """The sides, beside or over each other, and the claim at hand below."""
        yield Horizontal(*self.sides, id="sides")
        yield self._told

    # What is shown.

    def show(self, pair: Pair, at: Point | None) -> None:
        """Show another pair and go to a claim of it; or let the article that both pairs have stay where it is."""
        self._held = [
            held if before == after else None
            for held, before, after in zip(self._held, self.pair.entry_ids, pair.entry_ids, strict=True)
        ]
        self.pair = self._told.pair = pair
        for side in self.sides:
            side.pair, side.saved = pair, ()
        self._choose(at)
        self._aligns, self._sizes = at is not None, None
        self._lay_out()

    def know(self, claims: Mapping[int, Sequence[Claim]], saved: Mapping[int, Sequence[Span]]) -> None:
        """Take what was found in the articles, and what was saved of them, by entry."""
        self.pair.claims = claims
        for side in self.sides:
            side.saved = saved.get(self.pair.entry_ids[side.index], ())
            side.mark_up()
        self._told.refresh()

    def _choose(self, point: Point | None) -> None:
        self.current = self._told.current = point
        self._told.refresh()
        for side in self.sides:
            side.current = point
            side.refresh()

    # Laying out.

    @on(Side.Resized)
    def _lay_out(self) -> None:
        """Make the lines anew where they have another width, and keep the place."""
        sizes = [side.size for side in self.sides]
        if sizes == self._sizes:
            return
        self._sizes = sizes
        titles = max(side.titles for side in self.sides)
        for side in self.sides:
            side.set_head(titles)
            if side.is_laid:
                side.mark_up()  # beside another article other claims are in common
            elif not side.is_long:
                side.lay_out()
        if self._is_laid:
            self._restore()
        else:
            self._lay_out_aside()

    @work(exclusive=True)
    async def _lay_out_aside(self) -> None:
        for side in self.sides:
            if not side.is_laid:
                await side.lay_out_aside()
        if self._is_laid:
            self._restore()

    @property
    def _is_laid(self) -> bool:
        return all(side.is_laid for side in self.sides)

    @property
    def _height(self) -> int:
        return min(side.height for side in self.sides)

    def _restore(self) -> None:
        """Put what was in step in step again, among lines that are others."""
        is_third, self._third = self._row == self._third, self._height // 3
        self._row = self._third if is_third and not self._slides else min(self._row, self._height - 1)
        tops = [side.top for side in self.sides]
        self._link()
        if self._aligns and self.current:
            self.go(self.current, None if is_third else self._row)
        elif None not in self._held and tops == [0, 0]:
            self._stand(0, 0)
        else:
            lines = [
                held and side.line_of(held[0]) + held[1] for side, held in zip(self.sides, self._held, strict=True)
            ]
            lead = 0 if lines[0] is not None else 1
            self._lead(lead, (lines[lead] or 0) - self._row, lines[1 - lead])
            if None in self._held:
                self._hold()

    def _link(self) -> None:
        """Find out which lines stand beside each other."""

        def lines(point: Point) -> Lines:
            one, other = (side.line_of(point.start(side.index)) for side in self.sides)
            return one, other

        held = lines(self.current) if self.current and self.current.number else None
        anchors = [lines(point) for point in self.pair.matches]
        lasts = [max(0, side.count - side.height) for side in self.sides]
        end = (self._third + lasts[0], self._third + lasts[1])
        if self._slides:
            self._chain = with_ends([(0, 0), *in_step([one for one in anchors if min(one) > 0])], [end])
        else:
            self._chain = with_ends(in_step(anchors, held), [(self._row, self._row), end])
        self._reach = [(0, last + 1) for last in lasts]  # a line of air shows that the text ends

    def _lead(self, lead: int, top: int, line: int | None = None) -> None:
        """Put a side's text at a line, and the other's beside it or where it is asked to be."""
        row, other = self._row, self.sides[1 - lead]
        if line is None:
            line = follow(self._chain, top + row, lead)
        # Something of the text stays in sight.
        beside = max(0, min(line, max(other.count - 1, row))) - row
        self._stand(*((top, beside) if lead == 0 else (beside, top)))

    def _stand(self, *tops: int) -> None:
        for side, top in zip(self.sides, tops, strict=True):
            side.top = top
            side.refresh()

    def _hold(self) -> None:
        """Remember what stands there, for when the lines are others."""
        for side in self.sides:
            line = side.top + self._row
            offset = side.offset_of(line)
            self._held[side.index] = offset, line - side.line_of(offset)

    # Moving.

    def go(self, point: Point, row: int | None = None) -> None:
        """Make a claim the current one, with its first line on one line of both texts: a third down, unless asked."""
        self._choose(point)
        self._aligns = True
        if not self._is_laid:
            return
        self._row, self._slides = self._third if row is None else row, False
        self._link()
        lines = [side.line_of(point.start(side.index)) if point.spans[side.index] else None for side in self.sides]
        lead = 0 if lines[0] is not None else 1
        self._lead(lead, (lines[lead] or 0) - self._row, lines[1 - lead])
        self._reach = [
            (min(first, side.top), max(last, side.top))
            for side, (first, last) in zip(self.sides, self._reach, strict=True)
        ]
        self._hold()

    def go_to_top(self) -> None:
        """Put both texts at their tops."""
        self._row, self._slides, self._aligns = 0, True, False
        self._link()
        self._stand(0, 0)
        self._hold()

    def step(self, by: int) -> bool:
        """Go to the next claim that both make, or the one before; False where there is none."""
        return self._step(self.pair.matches, 0, by, wrap=False)

    def step_difference(self, by: int) -> bool:
        """Go to the next claim that they tell differently, around the end; False where it is no other."""
        return self._step([point for point in self.pair.matches if point.contrasts], 0, by, wrap=True)

    def step_missing(self) -> bool:
        """Go to the next claim that the side at hand leaves out, around the end; False where it is no other."""
        return self._step(self.pair.missing[1 - self.here], 1 - self.here, 1, wrap=True)

    def _step(self, points: Sequence[Point], side: int, by: int, *, wrap: bool) -> bool:
        if not points:
            return False
        current, view = self.current, self.sides[side]
        if current and current in points and view.sees(current):
            at = points.index(current) + by
        else:  # from what is in sight
            base = 0 if view.top <= 0 else view.offset_of(view.top + self._row)
            if current and view.sees(current):
                base = current.start(side) + (by > 0)
            at = bisect_left([point.start(side) for point in points], base) + by - (by > 0)
        point = points[at % len(points) if wrap else max(0, min(at, len(points) - 1))]
        moves = point is not current
        self.go(point)
        return moves

    def scroll_by(self, side: int, lines: int) -> None:
        """Scroll a side, no further than its text goes, and the other in step; at its top, both to theirs."""
        if not self._is_laid:
            return
        before = self.sides[side].top
        first, last = self._reach[side]
        top = max(min(first, before), min(before + lines, max(last, before)))
        if top == before and lines < 0:
            self.go_to_top()
            return
        if self._slides:
            self._row = min(self._third, max(0, self._row + lines if lines > 0 else min(self._row, top)))
        self._aligns = False
        self._lead(side, top)
        self._hold()

    @on(Side.Wheeled)
    def _wheeled(self, event: Side.Wheeled) -> None:
        self.scroll_by(event.side, event.lines)

    @on(Side.Pointed)
    def _pointed(self, event: Side.Pointed) -> None:
        view = self.sides[event.side]
        row = view.line_of(event.point.start(event.side)) - view.top  # what was clicked stays where it is
        self.go(event.point, max(0, min(row, self._height - 1)))

    def on_descendant_focus(self) -> None:
        """What is missing is missing in the side that has the focus."""
        self.here = self._told.here = next((side.index for side in self.sides if side.has_focus), self.here)
        self._told.refresh()

    def focus_side(self, side: int) -> None:
        """Give a side the focus."""
        self.sides[side].focus()

    @property
    def chosen(self) -> tuple[int, Span]:
        """The side and the words that keys are about: the current claim's, else the first line in sight."""
        if self.current:
            side = self.here if self.current.spans[self.here] else 1 - self.here
            return side, self.current.spans[side][0]
        return self.here, self.sides[self.here].first_in_sight

    def action_down(self, count: int = 1) -> None:
        """Scroll lines down."""
        self.scroll_by(self.here, count)

    def action_up(self, count: int = 1) -> None:
        """Scroll lines up."""
        self.scroll_by(self.here, -count)

    def action_first(self, line: int = 1) -> None:
        """Go to the top, or to a line of the text."""
        if line > 1:
            self.scroll_by(self.here, line - 1 - self.sides[self.here].top)
        else:
            self.go_to_top()

    def action_last(self, line: int | None = None) -> None:
        """Go to the end, or to a line of the text."""
        view = self.sides[self.here]
        self.scroll_by(self.here, (line or view.count) - 1 - view.top)

    def action_half_down(self) -> None:
        """Scroll half a page down."""
        self.scroll_by(self.here, max(1, self._height // 2))

    def action_half_up(self) -> None:
        """Scroll half a page up."""
        self.scroll_by(self.here, -max(1, self._height // 2))

    def action_page_down(self) -> None:
        """Scroll a page down, keeping one line."""
        self.scroll_by(self.here, max(1, self._height - 1))

    def action_page_up(self) -> None:
        """Scroll a page up, keeping one line."""
        self.scroll_by(self.here, -max(1, self._height - 1))

    def action_choose(self) -> None:
        """Read on in the article of the side at hand."""
        self.post_message(self.Chosen())
