"""The ledger of a story as a table and as a line of time: what cells say, where they lead, and every key."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from statistics import median

import pytest
from rich.cells import cell_len

from reader.library.answers import StoryTold
from reader.library.library import Library
from reader.model import Article, Cell, Entry, Ledger, Provenance, Row, Source, Span, Verdict
from reader.tui.screens.ledger import Compare, LedgerScreen
from reader.tui.widgets.coverage import Coverage
from reader.tui.widgets.ledger import CellDetail, LedgerTable
from reader.tui.widgets.story import StoryPlace

pytestmark = pytest.mark.anyio
SHELLS = "declassified intelligence says"
FERRY = "Seventeen dead in Skerra"
BUYING, DENIES = "Russia buying", "North Korea denies"
"""Concord's two articles of the story of the shells, …"""
VANTAGE, NORRMARK, LEDGER = "Report: Sanctions", "Moscow is said", "Chip controls"
"""… and the other outlets'."""
WHEN = datetime(2026, 11, 12, 8, 0, tzinfo=UTC)


class Shown:
    """A ledger that somebody looks at."""

    def __init__(self, reader, told: StoryTold, here: int) -> None:
        self.reader, self.told, self.here = reader, told, here
        self.left: list[StoryPlace | Compare | None] = []
        """What the screen was left with."""

    @property
    def table(self) -> LedgerTable:
        return self.reader.app.screen.query_one(LedgerTable)

    @property
    def coverage(self) -> Coverage:
        return self.reader.app.screen.query_one(Coverage)

    @property
    def detail(self) -> str:
        return self.reader.app.screen.query_one(CellDetail).render().plain

    @property
    def lines(self) -> list[str]:
        return self.reader.shown().split("\n")

    def cells(self, words: str) -> dict[str, str]:
        """By outlet what its cell says in the row whose claim begins with `words`, as it is drawn."""
        table = self.table
        index = next(at for at in range(table.row_count()) if words in self.claim(at))
        _claim, _cell, fit = table._widths(table._row_width)
        assert fit == len(table.sheet.columns), "not all outlets fit"
        lines = [line for line in table.draw(index, table._row_width) if line]
        drawn = {}
        for at, column in enumerate(table.sheet.columns):
            of_cell = [line[1 + at][0].strip() for line in lines]
            drawn[column.outlet] = " ".join(filter(None, of_cell))
        return drawn

    def claim(self, index: int) -> str:
        """The first column of a row, in one line."""
        return " ".join(line[0][0].strip() for line in self.table.draw(index, self.table._row_width) if line)


def entry_of(library: Library, words: str) -> int:
    return next(e.id for e in library.store.entries(library.store.headlines()).values() if words in e.title)


def story(library: Library, words: str = SHELLS) -> StoryTold:
    return library.stories.told(entry_of(library, words))


def article(told: StoryTold, words: str) -> str:
    """An article of the story by words of its title, as the ledger names it."""
    return next(str(entry.id) for entry in told.entries if words in entry.title)


async def show(
    reader,
    library: Library,
    words: str = SHELLS,
    *,
    told: StoryTold | None = None,
    saved: Mapping[int, Sequence[Span]] | None = None,
) -> Shown:
    here = entry_of(library, words)
    shown = Shown(reader, told or library.stories.told(here), here)
    screen = LedgerScreen(reader.app.session, shown.told, here, saved=saved or {})
    await reader.app.push_screen(screen, shown.left.append)
    await reader.settle()
    return shown


def as_openings(told: StoryTold, outlet: str) -> StoryTold:
    """The same story, with an outlet known by openings alone, in no row."""
    theirs = {article for article, name in told.outlets.items() if name == outlet}
    articles = {
        entry_id: replace(article, extractor="teaser") if str(entry_id) in theirs else article
        for entry_id, article in told.articles.items()
    }
    rows = tuple(
        replace(row, cells={article: cell for article, cell in row.cells.items() if article not in theirs})
        for row in told.ledger.rows
        if row.cells.keys() - theirs
    )
    return replace(told, articles=articles, ledger=replace(told.ledger, rows=rows))


# --- what it says ---


async def test_the_head_tells_how_many_outlets_there_are_and_whose_report_it_was(start, library):
    async with start(size=(200, 60)) as reader:
        shown = await show(reader, library)
        assert "5 outlets, 6 articles · Others trace back to The Meridian Post" in shown.lines[0]
        head = " ".join(shown.lines[1:4])
        for outlet in ("▸ The Meridian Post", "Concord", "Norrmark Public", "Vantage", "The Exchange Ledger"):
            assert outlet in head
        assert "◆" in head
        assert "×2" in head, "Concord tells it twice"


async def test_a_cell_has_a_sign_and_whom_the_outlet_has_it_from(start, library):
    async with start(size=(200, 60)) as reader:
        shown = await show(reader, library)
        assert shown.cells("Days earlier the Pentagon said") == {
            "The Meridian Post": "✓ Pentagon",
            "Concord": "✓ Pentagon",
            "Norrmark Public Broadcasting": "✓ Pentagon",
            "Vantage": "✓ Pentagon",
            "The Exchange Ledger": "·",
        }
        bought = shown.cells("Russia is buying millions")
        assert bought["Vantage"] == "✓ The Meridian Post"
        assert bought["The Meridian Post"].startswith("◐ newly declassified")
        assert bought["Norrmark Public Broadcasting"] == "◐ itself"
        assert "5 outlets, 2 independent" in shown.claim(3)


async def test_of_two_articles_of_an_outlet_the_one_that_tells_most_counts(start, library):
    async with start(size=(200, 60)) as reader:
        shown = await show(reader, library)
        bought, denied = article(shown.told, BUYING), article(shown.told, DENIES)
        row = next(row for row in shown.told.ledger.rows if row.cells.keys() >= {bought, denied})
        assert (row.cells[bought].verdict, row.cells[denied].verdict) == (Verdict.STATES, Verdict.ATTRIBUTES_OTHERWISE)
        assert shown.cells("Russia is buying millions")["Concord"].startswith("✓")
        assert shown.cells("He added that the report was consistent")["Concord"] == "✗ A Kremlin spokesman"


async def test_figures_that_differ_stand_in_their_own_words_with_what_is_at_odds_below(start, library):
    async with start(size=(200, 60)) as reader:
        shown = await show(reader, library, FERRY)
        cells = shown.cells("Seventeen people have died")
        assert cells["The Meridian Post"].startswith("≠ Seventeen people, the main hospital")
        assert cells["Norrmark Public Broadcasting"].startswith("≠ Fifteen people, the coastguard")
        assert cells["Concord"].startswith("✓ 12 people")
        ends = ("Fifteen people (the coastguard)", "Seventeen people (the main hospital in Port Ansel)")
        either = [f"≠ {one} and at the same time {other}" for one, other in (ends, ends[::-1])]  # they came at once
        assert any(words in shown.detail for words in either)
        assert "↻ Updated: 12 people, later Seventeen people" in shown.detail
        assert "≠ at odds" in shown.claim(0)


async def test_rows_that_are_missing_here_say_so_and_no_others(start, library):
    async with start(size=(200, 60)) as reader:
        shown = await show(reader, library)
        missing = shown.told.ledger.missing[str(shown.here)]
        said = [row.id for at, row in enumerate(shown.told.ledger.rows) if "! missing here" in shown.claim(at)]
        assert said == list(missing)
        assert said


async def test_the_detail_tells_the_words_the_speaker_and_who_is_behind(start, library):
    async with start(size=(200, 60)) as reader:
        shown = await show(reader, library)
        shown.table.go(3)
        shown.table.go_outlet([column.outlet for column in shown.table.sheet.columns].index("Vantage"))
        await reader.settle()
        vantage = article(shown.told, VANTAGE)
        cell = shown.told.ledger.rows[3].cells[vantage]
        assert cell.spans[0].of(shown.told.articles[int(vantage)].text) in shown.detail.replace("\n", " ")
        assert shown.detail.startswith("✓ states · Vantage")
        assert "The Meridian Post ← citing declassified US intelligence" in shown.detail
        shown.table.go_outlet(2)
        await reader.settle()
        assert "in its own voice ← from The Meridian Post" in shown.detail


async def test_only_the_cell_whose_words_were_saved_has_a_star(start, library):
    async with start(size=(200, 60)) as reader:
        told = story(library)
        vantage = article(told, VANTAGE)
        span = told.ledger.rows[0].cells[vantage].spans[0]
        shown = await show(reader, library, saved={int(vantage): [Span(span.end - 3, span.end + 40)]})
        starred = {
            (row.id, outlet)
            for at, row in enumerate(shown.told.ledger.rows[:8])
            for outlet, said in shown.cells(shown.claim(at)[:30]).items()
            if "★" in said
        }
        assert (0, "Vantage") in starred
        assert {outlet for _row, outlet in starred} == {"Vantage"}


async def test_an_outlet_known_by_its_opening_is_not_called_silent(start, library):
    async with start(size=(200, 60)) as reader:
        told = as_openings(story(library), "Vantage")
        shown = await show(reader, library, told=told)
        cells = shown.cells("Days earlier the Pentagon said")
        assert (cells["Vantage"], cells["The Exchange Ledger"]) == ("t", "·")
        assert "1 of them known by a teaser alone" in shown.lines[0]
        await reader.press("3", "l", "enter")
        vantage = int(article(told, VANTAGE))
        assert shown.left == [StoryPlace(vantage, Span(0, 0), "")], "its page may have what the opening leaves out"


async def test_a_story_of_one_outlet_has_one_column(start, library):
    async with start(size=(100, 30)) as reader:
        told = story(library)
        own = article(told, SHELLS)
        alone = replace(
            told,
            entries=tuple(entry for entry in told.entries if str(entry.id) == own),
            articles={int(own): told.articles[int(own)]},
            outlets={own: "The Meridian Post"},
            ledger=Ledger(
                rows=tuple(
                    replace(row, cells={own: row.cells[own]}, independent=1)
                    for row in told.ledger.rows
                    if own in row.cells
                ),
                origin=Provenance(article=own, name=None, chain=(), all=True),
            ),
        )
        shown = await show(reader, library, told=alone)
        assert "1 outlet, 1 article · First: The Meridian Post" in shown.lines[0]
        assert set(shown.cells("Days earlier")) == {"The Meridian Post"}
        await reader.press("l", "n", "c")
        assert shown.left == []
        assert reader.said() == ["There is no other article here to compare this one with."]
        await reader.press("v")
        assert "◆" in reader.shown()


async def test_a_story_without_texts_says_that_nothing_is_known(start, library):
    async with start(size=(100, 30)) as reader:
        told = replace(story(library), articles={}, outlets={}, ledger=Ledger())
        shown = await show(reader, library, told=told)
        assert "No claim of these articles is known." in reader.shown()
        await reader.press("j", "l", "n", "c", "enter", "G")
        assert shown.left == []
        await reader.press("v")
        assert "not read here yet" in reader.shown()


async def test_a_hostile_name_is_shown_as_it_is(start, library):
    async with start(size=(200, 60)) as reader:
        evil = "[red]Evil[/] [@click=app.exit]Post[/]"
        told = story(library)
        told = replace(told, outlets=told.outlets | {article(told, SHELLS): evil})
        shown = await show(reader, library, told=told)
        assert f"trace back to {evil}" in shown.lines[0]
        assert "▸ [red]Evil[/]" in reader.shown()
        assert f"✓ states · {evil}" in shown.detail
        await reader.press("v")
        assert "▸ [red]Evil[/]" in reader.shown()


# --- moving ---


async def test_keys_walk_over_cells_with_counts_and_stop_at_the_edges(start, library):
    async with start(size=(200, 60)) as reader:
        table = (await show(reader, library)).table
        for keys, cell in (
            ("j", (1, 0)),
            ("l", (1, 1)),
            ("2l", (1, 3)),
            ("9l", (1, 4)),
            ("h", (1, 3)),
            ("9h", (1, 0)),
            ("5j", (6, 0)),
            ("2k", (4, 0)),
            ("G", (23, 0)),
            ("gg", (0, 0)),
            ("12G", (11, 0)),
            ("3gg", (2, 0)),
        ):
            await reader.press(*keys)
            assert (table.cursor, table.column) == cell, keys
        for key, cell in (("tab", (2, 1)), ("right", (2, 2)), ("left", (2, 1)), ("shift+tab", (2, 0))):
            await reader.press(key)
            assert (table.cursor, table.column) == cell, key


async def test_pages_move_and_the_head_stays(start, library):
    async with start(size=(100, 30)) as reader:
        shown = await show(reader, library)
        for key, way in (("ctrl+d", 1), ("pagedown", 1), ("ctrl+u", -1), ("pageup", -1)):
            before = shown.table.cursor
            await reader.press(key)
            assert (shown.table.cursor - before) * way > 0, key
        await reader.press("G")
        assert "▸ The" in shown.lines[1]
        assert "Claim 24 of 24" in shown.lines[1]
        last = shown.claim(23).split()[:3]
        assert " ".join(last) in reader.shown(), "the last row is seen below the head"


async def test_on_a_narrow_screen_outlets_come_as_the_cursor_goes_to_them(start, library):
    async with start(size=(60, 20)) as reader:
        shown = await show(reader, library)
        assert "3 more ›" in reader.shown()
        assert "Exchange" not in reader.shown()
        await reader.press("4", "l")
        assert "‹ 3 more" in reader.shown()
        assert "The Exchange" in reader.shown()
        assert "▸ The Meridian" not in reader.shown()
        assert "Days earlier the Pentagon" in reader.shown(), "the claim's words stay"
        assert "· silent · The Exchange Ledger" in shown.detail
        assert all(cell_len(line) <= 60 for line in shown.lines)
        await reader.press("9", "h")
        assert "▸ The Meridian" in reader.shown()


async def test_the_cursor_stays_in_sight_when_the_screen_gets_narrower(start, library):
    async with start(size=(200, 60)) as reader:
        shown = await show(reader, library)
        await reader.press("4", "l", "G")
        await reader.pilot.resize_terminal(60, 20)
        await reader.settle()
        assert "The Exchange" in reader.shown()
        assert "Claim 24 of 24" in reader.shown()
        assert (shown.table.cursor, shown.table.column) == (23, 4)


async def test_the_cell_under_the_cursor_is_marked_without_colour(start, library):
    async with start(size=(100, 30)) as reader:
        table = (await show(reader, library)).table
        await reader.press("l")
        reverse = [
            segment.text.strip()
            for y in range(table.head_height(), table.size.height)
            for segment in table.render_line(y)
            if segment.style and segment.style.reverse
        ]
        assert reverse[0] == "✓ Pentagon"
        assert not any(reverse[1:]), "nothing else is, but for the rest of the cell"


# --- where it leads ---


async def test_enter_on_a_cell_leads_to_its_words_in_its_article(start, library):
    async with start(size=(200, 60)) as reader:
        shown = await show(reader, library)
        await reader.press("l", "enter")
        (place,) = shown.left
        bought = article(shown.told, BUYING)
        (span,) = shown.told.ledger.rows[0].cells[bought].spans
        assert place == StoryPlace(int(bought), span, span.of(shown.told.articles[int(bought)].text))


async def test_enter_on_a_silent_cell_says_so(start, library):
    async with start(size=(200, 60)) as reader:
        shown = await show(reader, library)
        await reader.press("4", "l", "enter")
        assert reader.said() == ["The Exchange Ledger says nothing of it."]
        assert shown.left == []
        assert "Days earlier the Pentagon said that Iran" in shown.detail


async def test_a_click_goes_to_a_cell_and_another_opens_it(start, library):
    async with start(size=(200, 60)) as reader:
        shown = await show(reader, library)
        y = next(at for at, line in enumerate(shown.lines) if "Ukraine’s military" in line)
        x = shown.lines[y].index("◐ itself")
        await reader.pilot.click(offset=(x, y))
        assert (shown.table.cursor, shown.table.sheet.columns[shown.table.column].outlet) == (1, "Vantage")
        assert "Vantage" in shown.detail
        await reader.pilot.click(offset=(x, y))
        await reader.settle()
        assert shown.left[0].entry_id == int(article(shown.told, VANTAGE))


async def test_comparing_takes_the_open_article_and_the_cell_s(start, library):
    async with start(size=(200, 60)) as reader:
        shown = await show(reader, library)
        await reader.press("3", "j", "3", "l", "c")
        assert shown.left == [Compare(one=shown.here, other=int(article(shown.told, VANTAGE)), row=3)]
        again = await show(reader, library)
        await reader.press("j", "c")
        # At its own cell it is the first other that makes the claim.
        assert again.left == [Compare(one=shown.here, other=int(article(shown.told, NORRMARK)), row=1)]


@pytest.mark.parametrize("key", ["q", "escape", "L"])
async def test_the_ledger_is_left_with_nothing(start, library, key):
    async with start(size=(100, 30)) as reader:
        shown = await show(reader, library)
        await reader.press(key)
        assert shown.left == [None]


async def test_the_next_conflict_is_the_next_row_in_which_outlets_differ(start, library):
    async with start(size=(200, 60)) as reader:
        shown = await show(reader, library)
        await reader.press("n")
        row = shown.told.ledger.rows[shown.table.cursor]
        assert row.cells[article(shown.told, DENIES)].verdict is Verdict.DENIES
        assert shown.detail.startswith("✗ denies · Concord")
        await reader.press("n")
        assert reader.said() == ["No other row is at odds."]


async def test_a_story_without_conflict_says_so(start, library):
    async with start(size=(100, 30)) as reader:
        told = story(library)
        rows = tuple(row for row in told.ledger.rows if all(c.verdict is Verdict.STATES for c in row.cells.values()))
        shown = await show(reader, library, told=replace(told, ledger=replace(told.ledger, rows=rows, clashes=())))
        await reader.press("n")
        assert reader.said() == ["Nothing that these outlets say is at odds."]
        assert shown.table.cursor == 0


# --- the line of time ---


async def test_coverage_shows_who_reported_first_and_who_has_it_from_whom(start, library):
    async with start(size=(200, 60)) as reader:
        shown = await show(reader, library)
        await reader.press("v")
        lines = shown.lines
        rows = [line for line in lines if any(f"{sign} " in line for sign in ("◆", "●", "○"))][1:]
        outlets = [row[1:32].strip(" ▸▌◆◂─").split("  ")[0] for row in rows]
        assert outlets == [shown.told.outlets[str(entry.id)] for entry in shown.told.entries]
        marks = [max(row.find(sign) for sign in "◆●○") for row in rows]
        assert marks == sorted(marks), "the later, the further right"
        assert ["◆" in row for row in rows] == [True, False, False, False, False, False]
        assert [row.find("◂") for row in rows if "○" in row] == [marks[0]] * 4, "all point at the first report"
        assert "●" in rows[4], "The Exchange Ledger cites nobody"
        assert "← The Meridian Post ← declassified US intelligence" in reader.shown()
        # Times between the first and the last stand where they belong.
        span = shown.told.entries[-1].when - shown.told.entries[0].when
        share = (shown.told.entries[3].when - shown.told.entries[0].when) / span
        assert abs((marks[3] - marks[0]) / (marks[-1] - marks[0]) - share) < 0.01


async def test_coverage_is_walked_and_leads_to_articles(start, library):
    async with start(size=(60, 20)) as reader:
        shown = await show(reader, library, FERRY)
        await reader.press("v")
        assert shown.coverage.report.entry.id == shown.here, "it begins at the open article"
        assert all(cell_len(line) <= 60 for line in shown.lines)
        await reader.press("g", "g", "j")
        assert shown.coverage.cursor == 1
        assert "rises to 15" in reader.shown()
        await reader.press("k", "l")
        assert shown.coverage.report.outlet == "The Meridian Post", "l goes on to another outlet"
        await reader.press("h")
        assert shown.coverage.report.outlet == "Concord"
        await reader.press("G", "enter")
        assert shown.left == [StoryPlace(int(article(shown.told, "Ferry inquiry")), Span(0, 0), "")]


async def test_coverage_goes_back_to_the_table_and_to_its_conflicts(start, library):
    async with start(size=(100, 30)) as reader:
        shown = await show(reader, library)
        await reader.press("v", "v")
        assert shown.table.has_focus
        assert "Days earlier" in reader.shown()
        await reader.press("v", "n")
        assert shown.table.has_focus
        assert shown.detail.startswith("✗")


async def test_coverage_compares_with_the_article_under_the_cursor(start, library):
    async with start(size=(100, 30)) as reader:
        shown = await show(reader, library)
        await reader.press("v", "c")
        assert reader.said() == ["There is no other article here to compare this one with."]
        await reader.press("3", "j", "c")
        assert shown.left == [Compare(one=shown.here, other=int(article(shown.told, VANTAGE)), row=0)]


async def test_copies_and_texts_that_are_not_here_say_so(start, library):
    async with start(size=(100, 40)) as reader:
        told = story(library)
        gone, pair = article(told, LEDGER), (article(told, BUYING), article(told, DENIES))
        told = replace(
            told,
            articles={id: text for id, text in told.articles.items() if str(id) != gone},
            outlets={id: name for id, name in told.outlets.items() if id != gone},
            ledger=replace(told.ledger, copies=(pair,), rows=()),
        )
        shown = await show(reader, library, told=told)
        await reader.press("v")
        assert "= copy of Concord" in reader.shown()
        assert "not read here yet" in reader.shown()
        await reader.press("G", "k", "enter")
        assert shown.left == [StoryPlace(int(gone), Span(0, 0), "")]


@pytest.mark.parametrize("hours", [0, 0.2, 5, 40, 24 * 9, 24 * 400])
async def test_the_axis_has_a_few_marks_whatever_the_length(start, library, hours):
    async with start(size=(100, 30)) as reader:
        told = story(library)
        last = told.entries[0].when + timedelta(hours=hours)
        entries = (told.entries[0], replace(told.entries[1], published=last, added=last))
        shown = await show(reader, library, told=replace(told, entries=entries))
        await reader.press("v")
        axis = shown.lines[3]
        assert axis.count("┬") <= 9
        assert axis.count("┬") >= (1 if not hours else 2)
        assert shown.lines[2].strip()


# --- how fast ---


def large(articles: int, claims: int) -> StoryTold:
    """A story of many outlets that all make many claims."""
    sentences = [
        f"Sentence {at} tells of the ferry and its {at} boats, as anyone there could see." for at in range(claims)
    ]
    text = "\n\n".join(sentences)
    spans = [Span(text.index(one), text.index(one) + len(one)) for one in sentences]
    ids = range(1, articles + 1)
    entries = tuple(
        Entry(
            id=id, feed_id=id, feed_title=f"Outlet {id}", guid=str(id), url=None, title=f"Ferry {id}", author=None,
            published=WHEN - timedelta(hours=articles - id), added=WHEN,
        )
        for id in ids
    )  # fmt: skip
    rows = tuple(
        Row(
            id=at,
            cells={
                str(id): Cell(spans=(span,), speaker=Source(name=f"Speaker {id}"), root=str(id))
                for id in ids
                if (id + at) % 3
            },
            independent=articles // 2,
        )
        for at, span in enumerate(spans)
    )
    return StoryTold(
        id=1,
        entries=entries,
        articles={id: Article(url=None, title="", text=text, extractor="readability") for id in ids},
        ledger=Ledger(rows=rows),
        outlets={str(id): f"Outlet {id}" for id in ids},
    )


async def test_a_key_costs_little_in_a_story_of_forty_outlets(start, library):
    async with start(size=(200, 60)) as reader:
        screen = LedgerScreen(reader.app.session, large(40, 60), 1)
        await reader.app.push_screen(screen)
        await reader.settle()
        for key in ("j", "l"):
            took = []
            for _time in range(20):
                before = time.process_time()
                await reader.pilot.press(key)
                took.append(time.process_time() - before)
            assert median(took) < 0.025, key
        table = screen.query_one(LedgerTable)
        assert (table.cursor, table.column) == (20, 20)
