"""Who is cited by name, and all that one of them said: found, filtered, copied, and led to in its article."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from reader.library.library import Library
from reader.model import SourceKind
from reader.tui.actions import ACTIONS, Place
from reader.tui.screens.speakers import SpeakerScreen, SpeakersScreen
from reader.tui.widgets.speakers import FilterLine, SpeakerRows, StatementRows

pytestmark = pytest.mark.anyio

BRANDVOLD = "Carola Brandvold"


async def show(reader, screen) -> list[Any]:
    """Show a screen; what it is left with is put into the list."""
    left: list[Any] = []
    reader.app.push_screen(screen, left.append)
    await reader.settle()
    return left


def speakers(reader) -> SpeakerRows:
    return reader.app.screen.query_one(SpeakerRows)


def statements(reader) -> StatementRows:
    return reader.app.screen.query_one(StatementRows)


def cursor_at(reader, words: str) -> None:
    """Put the cursor at the first statement that holds some words."""
    rows = statements(reader)
    rows.cursor = next(at for at, said in enumerate(rows._shown) if words in said.words)


async def test_speakers_are_listed_with_how_often_and_as_what_they_are_cited_the_most_cited_first(
    start, library: Library
):
    spoke = library.stories.speakers()
    async with start() as reader:
        await show(reader, SpeakersScreen(reader.app.session))
        lines = reader.shown().splitlines()
    assert str(len(spoke)) in lines[0]
    top = [line.strip(" ▌").split() for line in lines[2 : 2 + 20]]
    assert [int(words[0]) for words in top] == [one.claims for one in spoke[:20]]
    assert " ".join(top[0]).startswith(f"{spoke[0].claims} {spoke[0].voice.name} {spoke[0].voice.kind.value}")
    assert f"also {spoke[0].voice.names[1]}" in lines[2]


async def test_enter_on_a_speaker_shows_what_it_said_and_escape_goes_back_to_the_same_row(start):
    async with start() as reader:
        left = await show(reader, SpeakersScreen(reader.app.session))
        await reader.press("j", "j", "enter")
        third = reader.app.screen_stack[-2].query_one(SpeakerRows).speaker().voice.name
        assert isinstance(reader.app.screen, SpeakerScreen)
        assert third in reader.shown().splitlines()[0]
        await reader.press("escape")
        assert speakers(reader).speaker().voice.name == third
        assert left == []
        await reader.press("escape")
        assert left == [None]


async def test_a_speaker_is_headed_by_its_names_and_how_much_it_said_where_and_when(start, library: Library):
    said = library.stories.said(BRANDVOLD)
    everywhere = [one for first in said for one in (first, *first.also)]
    async with start() as reader:
        await show(reader, SpeakerScreen(reader.app.session, "Brandvold"))
        head = "\n".join(reader.shown().splitlines()[:3])
    assert f"{BRANDVOLD}  person" in head
    assert "also Brandvold" in head
    articles, outlets = {one.entry.id for one in everywhere}, {one.outlet for one in everywhere}
    assert f"{len(said)} statements in {len(articles)} articles of {len(outlets)} outlets" in head
    assert "11 Nov 2026 – 12 Nov 2026" in head


async def test_statements_stand_under_their_days_with_outlet_kind_and_who_is_behind_them(start):
    async with start() as reader:
        await show(reader, SpeakerScreen(reader.app.session, BRANDVOLD))
        lines = reader.shown().splitlines()
        days = [line[2:15].strip() for line in lines[3:] if line[2:15].strip() and "20" in line[2:15]]
        assert days == ["12 Nov 2026", "11 Nov 2026"], "each day once, the newest first"
        shown = reader.shown()
        assert "” “I will not judge a captain from a desk,”" in shown
        assert "› the master was free to decide" in shown
        await show(reader, SpeakerScreen(reader.app.session, "The Meridian Post"))
        assert "← citing two former officers" in reader.shown()


async def test_what_a_speaker_denies_is_not_shown_as_said(start):
    async with start() as reader:
        await show(reader, SpeakerScreen(reader.app.session, "Skerra Line"))
        assert "denies: the account" in reader.shown()


async def test_words_carried_by_several_outlets_are_shown_once_with_those_outlets(start):
    async with start() as reader:
        await show(reader, SpeakerScreen(reader.app.session, "Sunniva Ek"))
        assert reader.shown().count("It jumped the road") == 1
        row = reader.shown().split("It jumped the road")[1].split("\n\n")[0]
        assert "+ also in Norrmark Public Broadcasting, The Meridian Post, Breckfield Courier" in row
        cursor_at(reader, "It jumped the road")
        await reader.settle()
        row = reader.shown().split("It jumped the road")[1]
        for outlet in ("Norrmark Public Broadcasting", "The Meridian Post", "Breckfield Courier"):
            assert f"+ {outlet} · 10 Nov 2026 · " in row, "under the cursor each with its day and title"


@pytest.mark.parametrize("size", [(60, 20), (100, 30), (200, 60)])
async def test_the_statement_under_the_cursor_is_whole_and_in_sight_at_every_size(start, size):
    async with start(size) as reader:
        await show(reader, SpeakerScreen(reader.app.session, "The Meridian Post"))
        rows = statements(reader)
        for _ in range(rows.row_count()):
            squeezed = "".join(reader.shown().replace("▌", " ").replace("▇", " ").split())
            words = rows.statement().words
            assert all("".join(word.split()) in squeezed for word in words.split())
            top, height = rows._place(rows.cursor)
            shown = "".join(
                rows.render_line(y - int(rows.scroll_offset.y)).text.replace("▌", " ") for y in range(top, top + height)
            )
            assert "".join(words.split()) in "".join(shown.split()), "all words, in their order"
            assert rows.scroll_offset.y <= top
            await reader.press("j")
        assert rows.cursor == rows.row_count() - 1


async def test_a_click_chooses_the_statement_that_is_seen_there_though_the_one_above_is_unfolded(start):
    async with start((60, 45)) as reader:
        left = await show(reader, SpeakerScreen(reader.app.session, "The Meridian Post"))
        rows = statements(reader)
        rows.cursor = 2
        await reader.settle()
        assert rows._place(2)[1] > 3
        wanted, top = rows._shown[3], rows._place(3)[0] - int(rows.scroll_offset.y)
        await reader.pilot.click(StatementRows, offset=(20, top + 2))  # beneath the padding of a line
        await reader.settle()
    assert left[0].words == wanted.passage


async def test_enter_on_a_statement_leads_to_its_words_from_the_list_as_well(start, library: Library):
    async with start() as reader:
        left = await show(reader, SpeakersScreen(reader.app.session))
        rows = speakers(reader)
        rows.cursor = next(at for at, one in enumerate(rows._shown) if one.voice.name == BRANDVOLD)
        await reader.press("enter")
        cursor_at(reader, "I will not judge")
        await reader.press("enter")
    (place,) = left
    assert place.span.of(library.store.article(place.entry_id).text) == place.words
    assert "I will not judge a captain from a desk" in place.words


async def test_y_copies_the_statement_with_its_citation_and_in_the_list_the_name(start):
    async with start() as reader:
        await show(reader, SpeakersScreen(reader.app.session))
        await reader.press("y")
        assert reader.app.clipboard == "The Meridian Post"
        await show(reader, SpeakerScreen(reader.app.session, BRANDVOLD))
        cursor_at(reader, "I will not judge")
        await reader.press("y")
        assert reader.said() == ["Copied with its citation."]
        for part in ("I will not judge a captain from a desk", "— Brandvold", "The Meridian Post", "11 November 2026"):
            assert part in reader.app.clipboard


async def test_a_statement_whose_article_has_another_text_by_now_is_not_copied(start, library: Library):
    async with start() as reader:
        await show(reader, SpeakerScreen(reader.app.session, BRANDVOLD))
        entry_id = statements(reader).statement().entry.id
        article = await asyncio.to_thread(library.store.article, entry_id)
        await asyncio.to_thread(library.store.save_article, entry_id, replace(article, text="Nothing was said."))
        await reader.press("y")
        assert "another text" in reader.said()[0]
        assert reader.app.clipboard == ""


@pytest.mark.parametrize("key", ["escape", "q", "5"])
async def test_each_key_that_goes_back_does(start, key):
    async with start() as reader:
        for screen in (SpeakersScreen(reader.app.session), SpeakerScreen(reader.app.session, BRANDVOLD)):
            left = await show(reader, screen)
            await reader.press(key)
            await reader.pilot.pause(0.3 if key == "5" else 0)  # a digit may be a count
            await reader.settle()
            assert left == [None]


async def test_typed_words_leave_the_speakers_that_hold_them_without_case_and_accents(start):
    async with start() as reader:
        await show(reader, SpeakersScreen(reader.app.session))
        everyone = speakers(reader).row_count()
        await reader.press("slash")
        await reader.press(*"lucja wisniewska")
        assert [one.voice.name for one in speakers(reader)._shown] == ["Łucja Wiśniewska"]
        await reader.press("enter")
        assert reader.app.focused is speakers(reader)
        assert speakers(reader).row_count() == 1
        await reader.press("slash")
        await reader.press("q", "escape")
        assert isinstance(reader.app.screen, SpeakersScreen), "keys that are typed do nothing else"
        assert speakers(reader).row_count() == everyone
        assert reader.app.focused is speakers(reader)


async def test_typed_words_leave_the_statements_that_hold_them_all(start):
    async with start() as reader:
        await show(reader, SpeakerScreen(reader.app.session, BRANDVOLD))
        await reader.press("slash")
        await reader.press(*"judge meridian", "down")
        assert [one.outlet for one in statements(reader)._shown] == ["The Meridian Post"]
        assert "11 Nov 2026" in reader.shown(), "with its day, for the one before is not shown"
        reader.app.screen.query_one(FilterLine).value = "zebra"
        await reader.settle()
        assert "Nothing here has those words." in reader.shown()
        await reader.press("enter", "y")
        assert isinstance(reader.app.screen, SpeakerScreen)


async def test_a_statement_that_was_saved_bears_a_star(start, library: Library):
    one = next(one for one in library.stories.said(BRANDVOLD) if "I will not judge" in one.words)
    library.saved.keep(library.saved.of(library.stories.kept(one), one.claim))
    async with start() as reader:
        await show(reader, SpeakerScreen(reader.app.session, BRANDVOLD))
        assert reader.shown().count("★ The Meridian Post") == 1


async def test_a_speaker_whom_nobody_cites_is_said_to_be_unknown(start):
    async with start() as reader:
        left = await show(reader, SpeakerScreen(reader.app.session, "Nobody At All"))
        assert "Nobody At All is cited by name in none of the articles read so far." in reader.shown()
        await reader.press("enter", "y", "escape")
        assert left == [None]


async def test_an_empty_library_says_what_brings_speakers(start, empty_library: Library):
    async with start(on=empty_library) as reader:
        await show(reader, SpeakersScreen(reader.app.session))
        assert "Nobody is cited by name" in reader.shown()
        await reader.press("enter", "y")
        assert isinstance(reader.app.screen, SpeakersScreen)


async def test_the_kind_says_which_of_one_name_is_meant(start):
    async with start() as reader:
        await show(reader, SpeakerScreen(reader.app.session, BRANDVOLD, kind=SourceKind.ORGANISATION))
        assert "is cited by name in none" in reader.shown()


def test_both_screens_do_all_that_the_table_promises_of_speakers():
    for action in ACTIONS:
        if action.place is Place.SPEAKER:
            assert hasattr(SpeakersScreen, f"action_{action.id}")
            assert hasattr(SpeakerScreen, f"action_{action.id}")
