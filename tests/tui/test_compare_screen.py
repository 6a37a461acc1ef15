"""Two articles of a story side by side: claims on one line, in step, what differs in them, and every key."""

import random
import time
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import pytest
from textual import events

from reader.library.answers import StoryTold
from reader.library.library import Library
from reader.model import Article, Cell, Ledger, Row, SameQuotation, Source, Span, Verdict
from reader.tui.screens.compare import CompareScreen
from reader.tui.widgets.compare import Beside, Side
from reader.tui.widgets.pair import Pair, Point, Told, follow, in_step, with_ends
from reader.tui.widgets.story import StoryPlace

pytestmark = pytest.mark.anyio
SHELLS, VANTAGE, CHIPS = "declassified intelligence says", "Report: Sanctions", "Chip controls"
BUYING, DENIES = "Russia buying", "North Korea denies"
FERRY, FIFTEEN, TWELVE = "Seventeen dead in Skerra", "Fifteen dead", "12 dead"
_told: dict[str, StoryTold] = {}
"""Stories lined up once: each test's library is a copy of the same one."""


def story(library: Library, words: str = SHELLS) -> StoryTold:
    if words not in _told:
        entries = library.store.entries(library.store.headlines()).values()
        _told[words] = library.stories.told(next(entry.id for entry in entries if words in entry.title))
    return _told[words]


def entry_of(told: StoryTold, words: str) -> int:
    return next(entry.id for entry in told.entries if words in entry.title)


class Compared:
    """A comparison that somebody looks at."""

    def __init__(self, reader) -> None:
        self.reader = reader
        self.left: list[StoryPlace | None] = []
        """What the screen was left with."""

    @property
    def beside(self) -> Beside:
        return self.reader.app.screen.query_one(Beside)

    @property
    def sides(self) -> Sequence[Side]:
        return self.beside.sides

    @property
    def pair(self) -> Pair:
        return self.beside.pair

    @property
    def current(self) -> Point:
        assert self.beside.current
        return self.beside.current

    @property
    def strip(self) -> str:
        return self.reader.app.screen.query_one(Told).render().plain

    @property
    def told(self) -> str:
        """What the strip says, in one line."""
        return " ".join(self.strip.split())

    def drawn(self, side: int, y: int) -> str:
        """A line of a side as the terminal shows it."""
        return self.sides[side].render_line(y).text

    def rows(self, point: Point) -> list[int]:
        """By side the line, from the side's top, on which a claim's first words are drawn."""
        rows = []
        for side in self.sides:
            text = self.pair.articles[side.index].text
            first = text[point.start(side.index) :].split()[0]
            row = side.row_of(point.start(side.index))
            assert first in self.drawn(side.index, row), "it is drawn where it is said to stand"
            rows.append(row)
        return rows

    def styled(self, side: int, what: str) -> set[str]:
        """The words of a side that are drawn in sight as `what` has it: "underline", "reverse"."""
        return {
            segment.text
            for y in range(self.sides[side].size.height)
            for segment in self.sides[side].render_line(y)
            if segment.style and getattr(segment.style, what) and segment.text.strip()
        }


async def show(
    reader, library: Library, one: str, other: str, *, told: StoryTold | None = None, row: int | None = None
) -> Compared:
    told = told or story(library, FERRY if one in (FERRY, FIFTEEN, TWELVE) else SHELLS)
    compared = Compared(reader)
    screen = CompareScreen(reader.app.session, told, entry_of(told, one), entry_of(told, other), row=row)
    await reader.app.push_screen(screen, compared.left.append)
    await reader.settle()
    return compared


def alone(told: StoryTold, ledger: Ledger) -> StoryTold:
    return replace(told, ledger=ledger)


# --- matches ---


@pytest.mark.parametrize("size", [(160, 45), (100, 30), (60, 20)])
@pytest.mark.parametrize(("one", "other"), [(SHELLS, VANTAGE), (FERRY, TWELVE)])
async def test_a_claim_that_both_make_stands_on_one_line_of_both(start, library, size, one, other):
    async with start(size=size) as reader:
        compared = await show(reader, library, one, other)
        count = len(compared.pair.matches)
        assert count
        for at in range(count):
            await reader.press("]")
            assert compared.current is compared.pair.matches[at]
            first, second = compared.rows(compared.current)
            assert first == second
            heights = [side.height for side in compared.sides]
            assert first - (compared.sides[0].size.height - heights[0]) == min(heights) // 3
            assert f"{at + 1} of {count}" in compared.strip or f"{at + 1}/{count}" in compared.strip


async def test_claims_are_walked_as_the_left_text_has_them_with_counts_and_ends(start, library):
    async with start() as reader:
        compared = await show(reader, library, SHELLS, VANTAGE)
        matches = compared.pair.matches
        assert [one.start(0) for one in matches] == sorted(one.start(0) for one in matches)
        rows = [row for row in compared.pair.told.ledger.rows if row.cells.keys() >= set(compared.pair.ids)]
        assert {one.row.id for one in matches if one.row} == {row.id for row in rows}
        await reader.press("3", "]")
        assert compared.current is matches[2]
        await reader.press("2", "[")
        assert compared.current is matches[0]
        assert reader.said() == []
        await reader.press("[")
        assert (compared.current, reader.said()) == (matches[0], ["There is none before it."])
        await reader.press("9", "9", "]")
        assert compared.current is matches[-1]
        await reader.press("]")
        assert reader.said() == ["There is no further claim that both make."]


async def test_every_claim_in_common_has_its_number_in_both_margins(start, library):
    async with start(size=(160, 120)) as reader:
        compared = await show(reader, library, SHELLS, VANTAGE)
        for side in compared.sides:
            begins = {}
            for point in compared.pair.points(side.index):
                for span in point.spans[side.index]:
                    begins.setdefault(side.row_of(span.start), point)
            for row, point in begins.items():
                number = compared.drawn(side.index, row)[1:3].strip()
                assert number == (str(point.number) if point.number else "")


async def test_after_scrolling_away_the_next_claim_is_the_next_in_sight(start, library):
    async with start(size=(100, 24)) as reader:
        compared = await show(reader, library, SHELLS, VANTAGE)
        await reader.press("]", "G")
        seen = compared.sides[0]
        base = seen.offset_of(seen.top + seen.height // 3)
        await reader.press("[")
        assert compared.current is [one for one in compared.pair.matches if one.start(0) < base][-1]


async def test_it_begins_at_the_row_that_was_asked_for(start, library):
    async with start() as reader:
        told = story(library)
        ids = {str(entry_of(told, SHELLS)), str(entry_of(told, VANTAGE))}
        row = next(row for row in reversed(told.ledger.rows) if row.cells.keys() >= ids)
        compared = await show(reader, library, SHELLS, VANTAGE, row=row.id)
        assert compared.current.row == row
        assert len(set(compared.rows(compared.current))) == 1
    async with start() as reader:
        lonely = next(row for row in told.ledger.rows if len(row.cells.keys() & ids) == 1)
        compared = await show(reader, library, SHELLS, VANTAGE, row=lonely.id)
        assert compared.current.row == lonely, "what only one of them says is shown there"
        assert "silent" in compared.strip


# --- in step ---


async def test_scrolling_one_side_scrolls_the_other_in_step_through_the_claims_in_common(start, library):
    async with start(size=(100, 24)) as reader:
        compared = await show(reader, library, SHELLS, VANTAGE)
        left, right = compared.sides
        assert (left.top, right.top) == (0, 0)
        anchors = in_step([(left.line_of(p.start(0)), right.line_of(p.start(1))) for p in compared.pair.matches])
        assert len(anchors) > 3
        met, lines, third = set(), [], left.height // 3
        for _ in range(left.count):
            before = (left.top, right.top)
            await reader.pilot.press("j")
            row = min(third, left.top)  # at the top, both texts are at theirs
            lines.append(right.top + row)
            assert left.top - before[0] <= 1
            assert right.top >= before[1] - 1
            met |= {one for one, other in anchors if (left.top + row, right.top + row) == (one, other)}
        assert lines == sorted(lines), "it never goes back"
        assert len(met) >= len(anchors) - 3, "all but those beside which the two begin or end"
        await reader.press("9", "9", "k")
        assert (left.top, right.top) == (0, 0)
        await reader.press("9", "j")
        await reader.press("g", "g")
        assert (left.top, right.top) == (0, 0)


async def test_scrolling_on_from_a_claim_goes_on_from_there(start, library):
    async with start(size=(160, 45)) as reader:
        compared = await show(reader, library, SHELLS, DENIES)
        moved = 0
        for _ in compared.pair.matches:
            await reader.press("]")
            left, right = compared.sides
            tops = [left.top, right.top]
            await reader.press("j")
            if left.top != tops[0]:
                moved += 1
                assert right.top >= tops[1]
                await reader.press("k")
            assert [left.top, right.top] == tops
        assert moved


async def test_all_ways_of_scrolling_move_the_side_that_has_the_focus(start, library):
    async with start(size=(100, 24)) as reader:
        compared = await show(reader, library, SHELLS, VANTAGE)
        left, right = compared.sides
        page = min(left.height, right.height)
        for key, top in (("5", 0), ("j", 5), ("k", 4), ("ctrl+d", 4 + page // 2), ("ctrl+u", 4)):
            await reader.press(key)
            assert left.top == top
        await reader.press("pagedown")
        assert left.top == 4 + page - 1
        await reader.press("pageup")
        assert left.top == 4
        await reader.press("1", "2", "g", "g")
        assert left.top == 11
        await reader.press("G")
        assert left.top == left.count - left.height + 1, "with a line of air"
        await reader.press("tab", "g", "g")
        assert right.top == 0
        await reader.press("j")
        assert right.top == 1


async def test_the_wheel_scrolls_both_in_step_whichever_it_is_turned_over(start, library):
    async with start(size=(100, 30)) as reader:
        compared = await show(reader, library, SHELLS, VANTAGE)
        left, right = compared.sides
        for _ in range(3):
            await reader.pilot._post_mouse_events([events.MouseScrollDown], widget=right, offset=(5, 10))
        assert right.top == 9
        assert left.top > 0
        assert left.has_focus, "the wheel asks for no focus"
        for _ in range(5):
            await reader.pilot._post_mouse_events([events.MouseScrollUp], widget=right, offset=(5, 10))
        assert (left.top, right.top) == (0, 0)


async def test_a_click_on_a_claim_brings_the_other_beside_it_where_it_is(start, library):
    async with start(size=(160, 45)) as reader:
        compared = await show(reader, library, SHELLS, VANTAGE)
        point = compared.pair.matches[3]
        row, top = compared.sides[1].row_of(point.start(1)), compared.sides[1].top
        await reader.pilot.click(compared.sides[1], offset=(8, row))
        await reader.settle()
        assert compared.current is point
        assert compared.sides[1].top == top
        assert compared.rows(point) == [row, row]
        assert compared.sides[1].has_focus
        await reader.press("j", "k")
        assert compared.rows(point) == [row, row]
        await reader.pilot.click(compared.sides[1], offset=(1, row))
        assert compared.current is point, "a click beside the text changes nothing"


async def test_another_size_keeps_the_claim_on_one_line_and_the_place(start, library):
    async with start(size=(160, 45)) as reader:
        compared = await show(reader, library, SHELLS, VANTAGE)
        await reader.press("4", "]")
        for size in ((60, 20), (100, 30), (200, 60), (90, 24)):
            await reader.pilot.resize_terminal(*size)
            await reader.settle()
            assert len(set(compared.rows(compared.current))) == 1
        assert compared.sides[0].region.y == compared.sides[1].region.y
        await reader.press("9", "j")
        left = compared.sides[0]
        seen = left.offset_of(left.top + left.height // 3)
        for size in ((60, 20), (90, 24)):
            await reader.pilot.resize_terminal(*size)
            await reader.settle()
            assert left.line_of(seen) == left.top + left.height // 3
        assert compared.sides[1].region.y == left.region.y
        await reader.pilot.resize_terminal(89, 24)
        await reader.settle()
        assert compared.sides[1].region.y > left.region.y, "one over the other"
        assert abs(compared.sides[1].size.height - left.size.height) <= 1


def test_anchors_go_down_in_both_texts_and_through_the_one_that_is_held():
    dice = random.Random(7)
    for _ in range(1000):
        anchors = [(dice.randrange(30), dice.randrange(30)) for _ in range(dice.randrange(1, 12))]
        held = dice.choice([None, dice.choice(anchors)])
        chain = with_ends(in_step(anchors, held), [(0, 0), (40, 35)])
        assert all(a[0] < b[0] and a[1] < b[1] for a, b in pairwise(chain))
        assert held is None or held in chain
        assert set(chain) <= {*anchors, (0, 0), (40, 35)}
        for side in (0, 1):
            lines = [follow(chain, line, side) for line in range(-5, 50)]
            assert lines == sorted(lines)
            assert all(follow(chain, one[side], side) == one[1 - side] for one in chain)
    assert in_step([(1, 9), (2, 2), (3, 3), (4, 1), (5, 5)]) == [(2, 2), (3, 3), (5, 5)]
    assert in_step([(1, 9), (2, 2), (3, 3), (5, 5)], (1, 9)) == [(1, 9)]


# --- differences ---


async def test_figures_that_differ_are_set_off_in_both_and_told_below(start, library):
    async with start() as reader:
        compared = await show(reader, library, FERRY, FIFTEEN)
        await reader.press("n")
        assert "Seventeen people" in compared.styled(0, "reverse")
        assert "Fifteen people" in compared.styled(1, "reverse")
        for side, row in zip(compared.sides, compared.rows(compared.current), strict=True):
            assert "≠" in compared.drawn(side.index, row)[:6]
        one, other = compared.strip.split("\n")[-2:]
        (clash,) = (one for one in compared.pair.told.ledger.clashes if not one.updated)
        assert f"≠ {clash.why}" in compared.told
        assert one.startswith("The Meridian Post ")
        assert "≠ figure at odds: “Seventeen people” · the main hospital in Port Ansel" in one
        assert "≠ figure at odds: “Fifteen people” · the coastguard" in other


async def test_a_figure_that_was_updated_is_no_conflict(start, library):
    async with start() as reader:
        compared = await show(reader, library, FERRY, TWELVE)
        await reader.press("n")
        assert "↻ updated: 12 people, later Seventeen people" in compared.strip
        assert "↻ figure: “12 people”" in compared.strip
        assert "≠" not in compared.strip


async def test_who_says_it_here_and_there_is_told_from_the_side_that_has_the_focus(start, library):
    async with start() as reader:
        compared = await show(reader, library, FERRY, FIFTEEN)
        await reader.press("n")
        assert "◐ here: the main hospital in Port Ansel · there: the coastguard" in compared.told
        await reader.press("tab")
        assert "◐ here: the coastguard · there: the main hospital in Port Ansel" in compared.told


async def test_where_one_has_it_from_the_other_it_says_so_and_that_is_no_difference(start, library):
    async with start() as reader:
        compared = await show(reader, library, SHELLS, BUYING)
        await reader.press("]")
        assert compared.current.contrasts == ()
        assert "Concord" in compared.strip.split("\n")[2]
        assert "The Meridian Post ← citing declassified US intelligence" in compared.strip.split("\n")[2]
        compared.reader.app.pop_screen()
        compared = await show(reader, library, SHELLS, "Moscow is said")
        await reader.press("]")
        assert "in its own voice ← from The Meridian Post" in compared.strip


async def test_differences_are_walked_alone_around_the_end(start, library):
    async with start() as reader:
        compared = await show(reader, library, VANTAGE, CHIPS)
        differing = [point for point in compared.pair.matches if point.contrasts]
        assert len(differing) > 1
        for point in [*differing, differing[0]]:
            await reader.press("n")
            assert compared.current is point
        await reader.press("N")
        assert compared.current is differing[-1]
        assert reader.said() == []


async def test_where_nothing_differs_that_is_said(start, library):
    async with start() as reader:
        compared = await show(reader, library, SHELLS, VANTAGE)
        assert not any(point.contrasts for point in compared.pair.matches)
        assert "none told differently" in compared.strip
        await reader.press("n")
        assert reader.said() == ["What both claim they tell alike, so far as can be told."]
        compared.reader.app.pop_screen()
        compared = await show(reader, library, FERRY, TWELVE)
        while sum(bool(point.contrasts) for point in compared.pair.matches) != 1:
            await reader.press("space")
        await reader.press("n", "N")
        assert reader.said() == ["They tell nothing else differently."]


async def test_words_of_a_quotation_that_the_other_has_not_are_underlined_and_stand_in_the_text(start, library):
    async with start(size=(160, 60)) as reader:
        compared = await show(reader, library, VANTAGE, CHIPS)
        own, other = (article.text for article in compared.pair.articles)
        marked = [[mark.span for mark in compared.pair.marks(side) if mark.style == "only"] for side in (0, 1)]
        assert [span.of(own) for span in marked[0]] == ["those firms [Chinese chipmakers] off from"]
        assert marked[1] == [], "nothing was added there"
        assert "those firms" not in other
        await reader.press("n")
        while "≈ quoted in other words" not in compared.strip:
            await reader.press("n")
        underlined = " ".join(compared.styled(0, "underline"))
        assert {"those", "firms", "[Chinese", "chipmakers]", "off", "from"} <= set(underlined.split())


async def test_a_quotation_in_no_row_of_both_is_a_claim_in_common_with_the_words_that_differ(start, library):
    async with start(size=(160, 60)) as reader:
        told = story(library)
        one, other = entry_of(told, SHELLS), entry_of(told, VANTAGE)
        spans = [
            Span(at, at + len(words))
            for id, words in (
                (one, "turn out the plainest goods an army needs"),
                (other, "turn out the plainest goods"),
            )
            for at in [told.articles[id].text.index(words)]
        ]
        quotation = SameQuotation(one=(str(other), spans[1]), other=(str(one), spans[0]), same_words=False)
        compared = await show(reader, library, SHELLS, VANTAGE, told=alone(told, Ledger(quotations=(quotation,))))
        await reader.press("n")
        assert compared.current.spans == ((spans[0],), (spans[1],))
        assert len(set(compared.rows(compared.current))) == 1
        assert "an army needs" in " ".join(sorted(compared.styled(0, "underline")))
        assert "a senior US official" in compared.strip, "who is quoted is known from the claims"
        assert compared.styled(1, "underline") == set()


async def test_a_denial_is_told(start, library):
    async with start() as reader:
        told = story(library)
        ids = [str(entry_of(told, words)) for words in (SHELLS, VANTAGE)]
        row = next(row for row in told.ledger.rows if row.cells.keys() >= set(ids))
        cells = row.cells | {ids[1]: replace(row.cells[ids[1]], verdict=Verdict.DENIES)}
        compared = await show(
            reader, library, SHELLS, VANTAGE, told=alone(told, Ledger(rows=(replace(row, cells=cells),)))
        )
        await reader.press("n")
        assert "✗ Vantage denies it" in compared.strip
        assert "Vantage            ✗ denies" in compared.strip
        assert "✗" in compared.drawn(1, compared.rows(compared.current)[1])[:6]


async def test_another_speaker_is_told_apart_but_not_one_without_a_name(start, library):
    told = story(library)
    ids = [str(entry_of(told, words)) for words in (SHELLS, VANTAGE)]

    def contrasts(one: Source | None, other: Source | None, root: str = "") -> list[str]:
        cells = {
            ids[0]: Cell(spans=(Span(0, 20),), speaker=one, root=ids[0]),
            ids[1]: Cell(spans=(Span(0, 20),), speaker=other, root=root or ids[1]),
        }
        pair = Pair(alone(told, Ledger(rows=(Row(id=0, cells=cells, independent=2),))), *map(int, ids))
        return [one.sign for one in pair.matches[0].contrasts]

    ann, official = Source(name="Ann Lee", named=True), Source(name="an official")
    assert contrasts(ann, Source(name="Bob Ray", named=True)) == ["◐"]
    assert contrasts(ann, None) == ["◐"]
    assert contrasts(ann, official) == ["◐"]
    assert contrasts(ann, ann) == contrasts(None, None) == []
    assert contrasts(official, Source(name="officials")) == []
    assert contrasts(ann, None, root=ids[0]) == []


# --- what is missing ---


async def test_what_the_other_has_and_this_one_lacks_has_a_plus_and_x_walks_it(start, library):
    async with start(size=(160, 45)) as reader:
        compared = await show(reader, library, SHELLS, VANTAGE)
        told, (one, other) = compared.pair.told, compared.pair.ids
        rows = {row.id: row for row in told.ledger.rows}
        lacking = [rows[id].cells[other].spans[0] for id in told.ledger.missing[one] if other in rows[id].cells]
        assert lacking
        for span in sorted(lacking):
            await reader.press("x")
            assert compared.current.spans == ((), rows[compared.current.row.id].cells[other].spans)
            assert compared.current.spans[1][0] == span
            assert "+" in compared.drawn(1, compared.sides[1].row_of(span.start))[:6]
            assert "+ Missing in The Meridian Post · also in " in compared.strip
            assert "· silent" in compared.strip
        await reader.press("tab", "x")
        theirs = [rows[id].cells[one].spans[0] for id in told.ledger.missing[other] if one in rows[id].cells]
        assert compared.current.spans[0][0] in theirs, "here is the side that has the focus"
        seen = [compared.current]
        for _ in theirs:
            await reader.press("x")
            seen.append(compared.current)
        assert sorted(point.spans[0][0] for point in seen[:-1]) == sorted(theirs)
        assert seen[-1] is seen[0], "from the last to the first"


async def test_where_nothing_is_missing_that_is_said(start, library):
    async with start() as reader:
        told = story(library)
        bare = alone(told, replace(told.ledger, missing={}))
        await show(reader, library, SHELLS, VANTAGE, told=bare)
        await reader.press("x")
        assert reader.said() == ["Nothing that Vantage and others claim is missing in The Meridian Post."]


async def test_an_opening_is_not_called_silent(start, library):
    async with start() as reader:
        told = story(library)
        one = entry_of(told, SHELLS)
        articles = told.articles | {one: replace(told.articles[one], extractor="teaser")}
        compared = await show(reader, library, SHELLS, VANTAGE, told=replace(told, articles=articles))
        assert "opening only" in compared.drawn(0, 0)
        await reader.press("x")
        assert "+ Missing in the opening of The Meridian Post" in compared.strip
        assert "t opening only" in compared.strip
        assert "silent" not in compared.strip


# --- going on ---


async def test_space_shows_each_other_outlet_in_turn_and_keeps_the_claim(start, library):
    async with start() as reader:
        compared = await show(reader, library, SHELLS, VANTAGE)
        told, own, first = compared.pair.told, *compared.pair.entry_ids
        await reader.press("]", "]")
        row = compared.current.row.id
        seen = []
        for _ in range(5):
            await reader.press("space")
            seen.append(compared.pair.entry_ids[1])
            assert compared.pair.entry_ids[0] == own
            assert told.outlets[str(seen[-1])] in compared.drawn(1, 0)
            if str(seen[-1]) in told.ledger.rows[row].cells:
                assert compared.current.row.id == row
                assert len(set(compared.rows(compared.current))) == 1
        assert set(seen) == set(told.articles) - {own}
        assert seen[-1] == first
        await reader.press("tab", "space")
        assert compared.pair.entry_ids[1] == first, "it is the other side that changes"
        assert compared.pair.entry_ids[0] != own


async def test_space_leaves_the_article_at_hand_where_it_is_and_skips_those_without_text(start, library):
    async with start(size=(100, 24)) as reader:
        told = story(library)
        bare = {entry_of(told, words) for words in (DENIES, CHIPS, BUYING)}
        articles = {id: replace(one, text="", blocks=()) if id in bare else one for id, one in told.articles.items()}
        compared = await show(reader, library, SHELLS, VANTAGE, told=replace(told, articles=articles, ledger=Ledger()))
        await reader.press("8", "j")
        top = compared.sides[0].top
        await reader.press("space")
        assert compared.pair.entry_ids[1] == entry_of(told, "Moscow is said")
        assert compared.sides[0].top == top
        await reader.press("space")
        assert compared.pair.entry_ids[1] == entry_of(told, VANTAGE)


async def test_a_story_of_two_has_no_other_outlet(start, library):
    async with start() as reader:
        told = story(library)
        ids = [entry_of(told, words) for words in (SHELLS, VANTAGE)]
        two = replace(told, articles={id: told.articles[id] for id in ids})
        await show(reader, library, SHELLS, VANTAGE, told=two)
        await reader.press("space")
        assert reader.said() == ["No other article of this story is here to compare with."]


async def test_tab_and_the_arrows_go_to_the_other_side_and_a_bar_shows_it(start, library):
    async with start() as reader:
        compared = await show(reader, library, SHELLS, VANTAGE)
        left, right = compared.sides
        assert left.has_focus
        for key in ("tab", "l", "h", "right", "left"):
            before = left.has_focus
            await reader.press(key)
            assert (left.has_focus, right.has_focus) == (not before, before)
            bars = [compared.drawn(side.index, 0)[0] == "▌" for side in compared.sides]
            assert bars == [not before, before]


async def test_enter_leads_to_the_claim_in_the_article_at_hand(start, library):
    async with start() as reader:
        compared = await show(reader, library, SHELLS, VANTAGE)
        await reader.press("]", "]", "tab")
        pair, span = compared.pair, compared.current.spans[1][0]
        await reader.press("enter")
        assert compared.left == [StoryPlace(pair.entry_ids[1], span, span.of(pair.articles[1].text))]
        compared = await show(reader, library, SHELLS, VANTAGE)
        await reader.press("x")
        span = compared.current.spans[1][0]
        await reader.press("enter")
        assert compared.left[0].span == span, "what only the other has can be read there alone"


async def test_enter_without_a_claim_leads_to_what_is_being_read(start, library):
    async with start() as reader:
        compared = await show(reader, library, SHELLS, VANTAGE)
        one = compared.pair.entry_ids[0]
        await reader.press("enter")
        assert compared.left == [StoryPlace(one, Span(0, 0), "")]
        compared = await show(reader, library, SHELLS, VANTAGE)
        await reader.press("1", "0", "j", "enter")
        (place,) = compared.left
        assert place.entry_id == one
        assert place.words == place.span.of(compared_text(library, one))
        assert place.words


def compared_text(library: Library, entry_id: int) -> str:
    article = library.store.article(entry_id)
    assert article
    return article.text


@pytest.mark.parametrize("key", ["escape", "q", "c"])
async def test_it_is_left_for_where_one_came_from(start, library, key):
    async with start() as reader:
        compared = await show(reader, library, SHELLS, VANTAGE)
        await reader.press("]", key)
        assert compared.left == [None]
        assert reader.app.screen is reader.screen


# --- saving ---


async def test_s_saves_the_claim_of_the_side_at_hand_and_u_takes_it_back(start, library):
    async with start() as reader:
        compared = await show(reader, library, SHELLS, VANTAGE)
        await reader.press("]", "]", "tab", "s")
        (saved,) = library.store.highlights.all()
        assert saved.entry_id == compared.pair.entry_ids[1]
        assert (saved.speaker, saved.outlet) == ("Pentagon", "Vantage")
        span = compared.current.spans[1][0]
        assert saved.quote.exact in span.of(compared.pair.articles[1].text)
        assert reader.said() == ["Saved: Pentagon. 4 shows what you saved."]
        assert compared.sides[1].saved, "it is shown as saved"
        assert not compared.sides[0].saved
        await reader.press("u")
        assert library.store.highlights.all() == []
        assert not compared.sides[1].saved


async def test_what_an_article_says_in_its_own_voice_is_saved_as_words(start, library):
    async with start() as reader:
        compared = await show(reader, library, SHELLS, VANTAGE)
        while compared.beside.current is None or compared.pair.claims_at(compared.current, 0):
            await reader.press("]")
        await reader.press("s")
        (saved,) = library.store.highlights.all()
        assert saved.quote.exact == compared.current.spans[0][0].of(compared.pair.articles[0].text)
        assert saved.speaker is None


async def test_saving_needs_a_claim_and_the_text_that_is_shown(start, library):
    async with start() as reader:
        compared = await show(reader, library, SHELLS, VANTAGE)
        await reader.press("s")
        assert reader.said() == ["] goes to a claim, and s saves it."]
        entry_id = compared.pair.entry_ids[0]
        library.store.save_article(entry_id, replace(compared.pair.articles[0], text="Something else.", blocks=()))
        await reader.press("]", "s")
        assert reader.said() == ["The article has another text by now; open the comparison again."]
        assert library.store.highlights.all() == []


async def test_what_was_saved_there_shows_when_one_is_back_and_so_does_its_undoing(start, library):
    async with start() as reader:
        await reader.open(SHELLS)
        await reader.press("c")
        assert isinstance(reader.app.screen, CompareScreen)
        await reader.press("]", "s", "escape")
        opened = reader.article.opened
        assert opened
        assert len(opened.highlights) == 1
        await reader.press("u")
        assert reader.article.opened
        assert reader.article.opened.highlights == ()


# --- whatever comes ---


async def test_two_that_have_nothing_in_common_say_so(start, library):
    async with start(size=(100, 24)) as reader:
        told = story(library)
        compared = await show(reader, library, SHELLS, VANTAGE, told=alone(told, Ledger()))
        assert "These two have no claim in common, so far as can be told." in compared.strip
        await reader.press("]", "[")
        assert reader.said() == ["These two have no claim in common, so far as can be told."]
        await reader.press("n", "x", "s", "5", "j")
        assert [side.top for side in compared.sides] == [5, 5]
        await reader.press("G")
        left, right = compared.sides
        assert right.top == right.count - right.height + 1, "the ends are beside each other, too"
        assert left.top == left.count - left.height + 1


async def test_two_articles_of_one_outlet_can_be_compared(start, library):
    async with start() as reader:
        compared = await show(reader, library, BUYING, DENIES)
        assert [compared.drawn(side, 0).split(" · ")[0].strip("▌ ") for side in (0, 1)] == ["Concord", "Concord"]
        await reader.press("]")
        assert len(set(compared.rows(compared.current))) == 1


async def test_an_article_beside_itself_is_no_trouble(start, library):
    async with start() as reader:
        compared = await show(reader, library, SHELLS, SHELLS)
        await reader.press("]", "3", "j", "n", "x", "space")
        assert compared.pair.entry_ids[0] != compared.pair.entry_ids[1]


def long_story(told: StoryTold, *, claims: int) -> StoryTold:
    """The story with its first two articles a megabyte each, and claims far from each other in them."""
    one, other = entry_of(told, SHELLS), entry_of(told, VANTAGE)
    paragraph = "Of what was said there is much to tell, and more than anybody would read at one sitting. " * 6
    count = 1_000_000 // len(paragraph)
    text = "\n\n".join(f"{at}. {paragraph}" for at in range(count))
    places = [text.index(f"\n{at}. ") + 1 for at in range(20, count, count // claims)]
    rows = tuple(
        Row(
            id=at,
            independent=2,
            cells={
                str(one): Cell(spans=(Span(place, place + 80),)),
                str(other): Cell(spans=(Span(places[at - 1], places[at - 1] + 80),)),
            },
        )
        for at, place in enumerate(places)
    )
    article = Article(url=None, title="Long", text=text)
    return replace(told, articles=told.articles | {one: article, other: replace(article)}, ledger=Ledger(rows=rows))


async def test_a_megabyte_of_text_is_walked_as_fast_as_a_page(start, library):
    async with start(size=(160, 45)) as reader:
        told = long_story(story(library), claims=300)
        compared = await show(reader, library, SHELLS, VANTAGE, told=told)
        assert compared.sides[0].count > 10_000
        began = time.perf_counter()
        for _ in range(20):
            await reader.pilot.press("]")
            assert len(set(compared.rows(compared.current))) == 1
            await reader.pilot.press("j")
        assert time.perf_counter() - began < 8
        began = time.perf_counter()
        for y in range(45):
            compared.sides[0].render_line(y)
        assert time.perf_counter() - began < 0.2


async def test_hostile_words_are_shown_as_they_are(start, library):
    async with start() as reader:
        told = story(library)
        one = entry_of(told, SHELLS)
        entries = tuple(
            replace(entry, title="[bold]Oh[/] [@click=app.quit]no[/]") if entry.id == one else entry
            for entry in told.entries
        )
        outlets = told.outlets | {str(one): "[red]Evil[/] Post"}
        screen = CompareScreen(
            reader.app.session, replace(told, entries=entries, outlets=outlets), one, entry_of(told, VANTAGE)
        )
        await reader.app.push_screen(screen)
        await reader.settle()
        await reader.press("]")
        assert "[bold]Oh[/] [@click=app.quit]no[/]" in reader.shown()
        assert "[red]Evil[/] Post" in screen.query_one(Told).render().plain
