"""A reader's morning in the demo newsroom, key by key."""

from dataclasses import replace

import pytest

from reader.library.library import Library
from reader.model import Claim, HighlightKind, Quotation
from reader.tui.actions import ACTIONS, Place
from reader.tui.screens.feeds import FeedsScreen
from reader.tui.screens.help import HelpScreen
from reader.tui.screens.reading import ReadingScreen
from reader.tui.screens.saved import SavedRows, SavedScreen
from reader.tui.widgets.article import ArticleView
from reader.tui.widgets.panel import RelatedArticles, Sources
from reader.tui.widgets.rows import Rows

pytestmark = pytest.mark.anyio

SHELLS = "declassified intelligence says"


async def test_the_first_screen_is_the_stories(start):
    async with start() as reader:
        assert reader.headlines.has_focus
        assert reader.headlines.row_count() > 35
        assert any(not row.first for row in reader.headlines.rows)
        assert "tellings" in reader.shown()
        assert "unread" in reader.shown()


async def test_opening_shows_the_text_with_its_claims_beside_it(start):
    async with start() as reader:
        await reader.open(SHELLS)
        opened = reader.article.opened
        assert opened is not None
        assert opened.article.extractor == "readability"
        assert len(opened.analysis.claims) >= 5
        assert reader.claims.row_count() == len(opened.analysis.claims)
        assert reader.article.has_focus
        shown = reader.shown()
        assert opened.analysis.claims[1].speaker.name in shown
        assert "Back to top" not in opened.article.text
        assert opened.entry.id == reader.headlines.entry(reader.headlines.cursor).id
        assert reader.headlines.entry(reader.headlines.cursor).read


async def test_claims_and_text_move_together_both_ways(start):
    async with start(size=(160, 24)) as reader:
        await reader.open(SHELLS)
        claims = reader.article.opened.analysis.claims
        for claim in claims:
            await reader.press("right_square_bracket")
            assert reader.article.claim == reader.claims.claim() == claim
        await reader.press("left_square_bracket")
        assert reader.article.claim == reader.claims.claim() == claims[-2]
        await reader.press("tab")
        assert reader.claims.has_focus
        await reader.press("G")
        last = reader.claims.claims[-1]
        assert reader.article.claim == last
        line = reader.article.line_of(last.start)
        assert reader.article.scroll_offset.y <= line < reader.article.scroll_offset.y + reader.article.size.height
        await reader.press("enter")
        assert reader.article.has_focus


async def test_the_claims_most_worth_checking_come_first_until_w_puts_them_as_the_text_does(start, library: Library):
    async with start() as reader:
        await reader.open(SHELLS)
        claims = list(reader.article.opened.analysis.claims)
        ranked = sorted(claims, key=lambda claim: (-claim.worth, claim.start))
        assert ranked != claims, "this text would show nothing"
        assert reader.claims.claims == ranked
        assert "Most worth checking first" in reader.shown()
        assert ranked[0].telling[0] in reader.shown()
        await reader.press("tab", "j")
        assert reader.article.claim == ranked[1]
        await reader.press("w")
        assert reader.claims.claims == claims
        assert "In the order of the text" in reader.shown()
        assert reader.claims.claim() == ranked[1], "the cursor stays at its claim"
        await reader.press("g", "g")
        assert reader.article.claim == claims[0]
        await reader.open("Moscow is said to be buying")
        assert reader.claims.claims == list(reader.article.opened.analysis.claims), "the order chosen stays"
        await reader.press("w")
        assert "Most worth checking first" in reader.shown()


async def test_what_is_saved_in_the_panel_is_the_claim_under_its_cursor(start, library: Library):
    async with start() as reader:
        await reader.open(SHELLS)
        await reader.press("tab")
        claim = reader.claims.claim()
        assert claim.worth == max(claim.worth for claim in reader.article.opened.analysis.claims)
        await reader.press("s")
        (saved,) = library.store.highlights.all()
        assert saved.quote.start == claim.start
        assert reader.claims.claim() == claim


@pytest.mark.parametrize("quoted", [True, False])
async def test_of_a_text_in_another_language_the_panel_says_that_only_quotations_are_found(start, quoted):
    async with start() as reader:
        await reader.open(SHELLS)
        opened = reader.article.opened
        claims = tuple(Claim(id=n, content=claim.content) for n, claim in enumerate(opened.analysis.claims))
        foreign = replace(opened.analysis, claims=claims if quoted else (), language="de")
        reader.screen._show(replace(opened, analysis=foreign))
        await reader.settle()
        assert "Not English (de): quotations only." in reader.shown()
        assert "Most worth checking first" not in reader.shown()
        assert reader.claims.row_count() == len(foreign.claims)
        reader.screen._show(opened)
        await reader.settle()
        assert "Not English" not in reader.shown()


async def test_saving_a_claim_and_finding_it_again(start, library: Library):
    async with start() as reader:
        await reader.open(SHELLS)
        await reader.press("right_square_bracket", "right_square_bracket", "s")
        claim, text = reader.article.claim, reader.article.opened.article.text
        (saved,) = library.store.highlights.all()
        assert saved.quote.exact == text[claim.content[0].start : claim.content[-1].end]
        assert saved.speaker == claim.speaker.name
        assert saved.url.startswith("http://127.0.0.1:")
        assert "★" in reader.shown()
        await reader.press("s")
        assert len(library.store.highlights.all()) == 1
        await reader.press("escape", "4")
        assert isinstance(reader.app.screen, SavedScreen)
        assert claim.speaker.name in reader.shown()
        await reader.press("enter")
        assert isinstance(reader.app.screen, ReadingScreen)
        assert reader.article.claim == claim
        assert reader.claims.claim() == claim


async def test_what_was_saved_can_be_removed_and_brought_back(start, library: Library):
    async with start() as reader:
        await reader.open(SHELLS)
        await reader.press("right_square_bracket", "s", "4", "d")
        assert library.store.highlights.all() == []
        assert reader.app.screen.query_one(SavedRows).row_count() == 0
        await reader.press("u")
        assert len(library.store.highlights.all()) == 1
        await reader.press("escape")
        assert "★" in reader.shown()
        await reader.press("u")
        assert library.store.highlights.all() == []
        assert "Undone: the highlight." in reader.said()


async def test_sources_and_related_lead_back_into_the_text(start):
    async with start() as reader:
        await reader.open(SHELLS)
        await reader.press("tab", "tab")
        sources = reader.screen.query_one(Sources)
        assert sources.has_focus
        assert sources.row_count() >= 3
        await reader.press("enter")
        assert reader.article.claim.speaker.name == sources.sources[0][0].name
        await reader.press("tab", "tab")
        related = reader.screen.query_one(RelatedArticles)
        assert related.has_focus
        assert related.row_count() >= 2
        wanted = related.entry_id(0)
        await reader.press("enter")
        assert reader.article.opened.entry.id == wanted


async def test_keys_typed_faster_than_panes_are_drawn_all_count(start):
    async with start(size=(80, 24)) as reader:
        await reader.open(SHELLS)
        for _ in range(4):
            reader.screen.action_next_pane()
        await reader.settle()
        assert reader.screen.query_one(RelatedArticles).has_focus


async def test_searching_and_coming_back(start):
    async with start() as reader:
        everything = reader.headlines.row_count()
        await reader.press("slash", *"ferry", "enter")
        assert 1 < reader.headlines.row_count() < everything
        assert "ferry" in reader.headlines.entry(0).title.lower()
        assert "Search “ferry”" in reader.shown()
        await reader.press("escape")
        assert reader.headlines.row_count() == everything
        await reader.press("slash", "escape")
        assert reader.headlines.has_focus
        await reader.press("slash", *"quara", "escape")
        assert reader.headlines.row_count() == everything, "a letter of a search is never a command"
        await reader.press("slash", *"[/zzz]", "enter")
        assert reader.headlines.row_count() == 0
        assert "Nothing found." in reader.shown()


async def test_reading_on_through_the_unread(start, library: Library):
    async with start() as reader:
        top = reader.headlines.entry(0).id
        await reader.press("n")
        first = reader.article.opened.entry.id
        assert first == top, "the first unread is not passed over"
        await reader.press("n")
        second = reader.article.opened.entry.id
        assert first != second
        before = sum(library.store.unread().values())
        await reader.press("A")
        assert sum(library.store.unread().values()) == 0
        await reader.press("u")
        assert sum(library.store.unread().values()) == before
        await reader.press("N")
        assert "No unread entry above." in reader.said()
        await reader.press("m")
        assert sum(library.store.unread().values()) == before + 1
        await reader.press("N")
        assert sum(library.store.unread().values()) == before + 1, "the open entry is not the one before"


async def test_space_pages_and_then_goes_on(start):
    async with start(size=(160, 16)) as reader:
        await reader.open(SHELLS)
        here = reader.article.opened.entry.id
        await reader.press("space")
        assert reader.article.opened.entry.id == here
        assert reader.article.scroll_offset.y > 0
        for _ in range(20):
            await reader.press("space")
            if reader.article.opened.entry.id != here:
                break
        assert reader.article.opened.entry.id != here
        assert reader.article.scroll_offset.y == 0


async def test_lists_by_time_by_story_and_by_feed(start):
    async with start() as reader:
        await reader.press("2", "g", "t")
        times = [reader.headlines.entry(index).when for index in range(reader.headlines.row_count())]
        assert times == sorted(times, reverse=True)
        await reader.press("3")
        assert isinstance(reader.app.screen, FeedsScreen)
        await reader.press("j", "enter")
        feeds = {reader.headlines.entry(index).feed_id for index in range(reader.headlines.row_count())}
        assert len(feeds) == 1
        await reader.press("2")
        assert "Stories" in reader.shown()


async def test_a_click_opens_and_a_click_on_a_claim_chooses_it(start):
    async with start() as reader:
        await reader.pilot.click("#headlines", offset=(10, 4))
        await reader.settle()
        assert reader.article.opened.entry.id == reader.headlines.entry(1).id
        claim = reader.article.opened.analysis.claims[1]
        line = reader.article.line_of(claim.start)
        x = next(x for x in range(80) if reader.article.offset_at(x, line) == claim.start)
        await reader.pilot.click("#article", offset=(x, line))
        await reader.settle()
        assert reader.article.claim == reader.claims.claim() == claim


@pytest.mark.parametrize(
    ("size", "list_first", "reading"),
    [
        ((200, 60), {"sidebar", "headlines", "article", "panel"}, {"sidebar", "headlines", "article", "panel"}),
        ((160, 45), {"sidebar", "headlines", "article"}, {"headlines", "article", "panel"}),
        ((120, 30), {"sidebar", "headlines", "article"}, {"headlines", "article", "panel"}),
        ((100, 30), {"headlines", "article"}, {"article", "panel"}),
        ((80, 24), {"headlines"}, {"article", "panel"}),
        ((60, 20), {"headlines"}, {"article", "panel"}),
    ],
)
async def test_as_many_panes_as_fit(start, size, list_first, reading):
    def panes(reader) -> set[str]:
        names = ("sidebar", "headlines", "article", "panel")
        return {name for name in names if reader.screen.query_one(f"#{name}").display}

    async with start(size=size) as reader:
        assert panes(reader) == list_first
        await reader.open(SHELLS)
        assert panes(reader) == reading
        assert all(len(line) <= size[0] for line in reader.shown().splitlines())
        await reader.press("right_square_bracket", "tab", "tab", "tab")
        assert panes(reader) == (reading if size[0] >= 90 else {"panel"}), "the panel has the whole of a narrow screen"
        await reader.press("escape")
        assert panes(reader) == list_first
        assert reader.headlines.has_focus


async def test_a_resize_keeps_the_place(start):
    async with start(size=(160, 20)) as reader:
        await reader.open(SHELLS)
        await reader.press("ctrl+d", "ctrl+d")
        top = reader.article._lines[int(reader.article.scroll_offset.y) - len(reader.article._head)].start
        await reader.pilot.resize_terminal(100, 20)
        await reader.settle()
        again = reader.article._lines[int(reader.article.scroll_offset.y) - len(reader.article._head)]
        assert again.start <= top <= again.end + 1


async def test_help_shows_every_key_of_the_place(start):
    async with start(size=(140, 150)) as reader:
        await reader.press("question_mark")
        assert isinstance(reader.app.screen, HelpScreen)
        shown = " ".join(reader.shown().split())
        for action in ACTIONS:
            if action.place in (Place.READER, Place.LISTS, Place.EVERYWHERE):
                assert action.help[:60] in shown
        await reader.press("question_mark")
        assert isinstance(reader.app.screen, ReadingScreen)
        await reader.press("question_mark", "enter")
        assert isinstance(reader.app.screen, ReadingScreen)


def test_every_action_can_be_done():
    where = {
        Place.LISTS: (Rows, ArticleView),
        Place.READER: (ReadingScreen,),
        Place.SAVED: (SavedScreen,),
        Place.FEEDS: (FeedsScreen,),
    }
    for action in ACTIONS:
        for owner in where.get(action.place, ()):
            assert hasattr(owner, f"action_{action.id}"), (owner, action.id)


def test_no_key_means_two_things_in_one_place():
    for place in (Place.READER, Place.SAVED, Place.FEEDS):
        keys = [
            key for action in ACTIONS if action.place in (place, Place.LISTS, Place.EVERYWHERE) for key in action.keys
        ]
        assert len(keys) == len(set(keys))


async def test_the_kinds_of_claims_differ_without_colours(start):
    async with start() as reader:
        await reader.open(SHELLS)
        kinds = {claim.quotation for claim in reader.article.opened.analysis.claims}
        assert Quotation.INDIRECT in kinds
        assert len(kinds) > 1
        await reader.press("ctrl+d")  # the lead picture stands over the first of them
        gutters = {line[reader.article.region.x + 1] for line in reader.shown().splitlines() if len(line) > 60}
        assert {"›", "”"} <= gutters


async def test_in_the_list_keys_act_on_the_row_under_the_cursor(start, library: Library):
    async with start(size=(80, 24)) as reader:
        await reader.open(SHELLS)
        await reader.press("right_square_bracket", "escape", "s")
        (saved,) = library.store.highlights.all()
        assert saved.kind is HighlightKind.ARTICLE, "of the row, and not the claim that is not on the screen"
        assert saved.title == reader.headlines.entry(reader.headlines.cursor).title
        await reader.press("s")
        assert len(library.store.highlights.all()) == 1
        assert "saved already" in reader.said()[-1]
        here = reader.headlines.cursor
        await reader.press("space")
        assert reader.article.opened.entry.id == reader.headlines.entry(here + 1).id
        assert reader.article.has_focus


async def test_a_search_starts_at_its_first_hit(start):
    async with start() as reader:
        await reader.press("slash", *"ferry", "enter", "G", "slash", *"the", "enter")
        assert reader.headlines.cursor == 0
        assert reader.headlines.scroll_offset.y == 0
        assert f"{reader.headlines.row_count()} shown" in reader.shown()


async def test_nothing_of_another_article_stands_beside_one_that_is_awaited(start, library: Library):
    async with start() as reader:
        await reader.open(SHELLS)
        assert reader.claims.row_count()
        reader.screen._wait("Fetching the article…")
        await reader.settle()
        assert reader.claims.row_count() == 0


async def test_a_failing_disk_is_told_and_survived(start, library: Library):
    async with start() as reader:
        await reader.open(SHELLS)
        await reader.press("right_square_bracket")
        with library.store._at.transaction() as db:
            db.execute("DROP TABLE highlights")
        await reader.press("s", "m", "4", "escape", "3", "escape", "1")
        assert reader.app.is_running
        assert any("--mend" in said for said in reader.said()), "what is gone, and what to do"


async def test_escape_never_leaves_the_reader(start):
    async with start() as reader:
        await reader.press("escape", "escape", "1", "escape")
        assert reader.app.is_running
        assert not reader.app._exit


async def test_q_leaves_step_by_step(start):
    async with start() as reader:
        await reader.open(SHELLS)
        await reader.press("q")
        assert reader.headlines.has_focus
        await reader.pilot.press("q")
        await reader.pilot.pause()
        assert not reader.app.is_running or reader.app._exit
