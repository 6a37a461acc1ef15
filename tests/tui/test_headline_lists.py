"""The lists of the main screen: where one can go, how headlines are sorted, and that nothing moves by itself."""

import asyncio
import sqlite3
from datetime import timedelta

import pytest
from textual import events

from reader.library.library import Library
from reader.model import Order
from reader.tui.memory import Memory
from reader.tui.screens.help import HelpScreen
from reader.tui.screens.reading import ReadingScreen
from reader.tui.widgets.sidebar import Kind, Sidebar
from tests.tui.conftest import NOW

pytestmark = pytest.mark.anyio

SHELLS = "declassified intelligence says"


def entries(reader):
    rows = range(reader.headlines.row_count())
    return [reader.headlines.entry(row) for row in rows]


def sidebar(reader) -> Sidebar:
    return reader.screen.query_one(Sidebar)


async def choose(reader, kind: Kind, label: str = "") -> None:
    """Go to a place of the sidebar."""
    side = sidebar(reader)
    rows = range(side.row_count())
    at = next(row for row in rows if side.item(row).kind == kind and (not label or side.item(row).label == label))
    side.focus()
    side.cursor = at
    await reader.press("enter")


async def test_headlines_are_sorted_by_time_by_outlet_and_by_how_many_tell_them(start, library: Library):
    async with start() as reader:
        await reader.press("g", "t")
        assert "one by one" not in reader.shown()
        times = [entry.when for entry in entries(reader)]
        assert times == sorted(times, reverse=True)
        await reader.press("g", "s")
        assert "by outlet" in reader.shown()
        outlets = [entry.feed_title.casefold() for entry in entries(reader)]
        assert outlets == sorted(outlets)
        assert len(set(outlets)) > 3
        await reader.press("g", "s")
        assert "most told first" in reader.shown()
        told: dict[int, set[int]] = {}
        for entry in entries(reader):
            told.setdefault(entry.story, set()).add(entry.feed_id)
        counts = [len(told[entry.story]) for entry in entries(reader)]
        assert counts == sorted(counts, reverse=True)
        assert counts[0] > counts[-1]


async def test_the_cursor_stays_at_its_entry_when_the_order_changes(start):
    async with start() as reader:
        await reader.press("5", "j")
        here = reader.headlines.entry(reader.headlines.cursor).id
        await reader.press("g", "s", "g", "t")
        assert reader.headlines.entry(reader.headlines.cursor).id == here


async def test_stories_most_outlets_tell_come_first_with_their_tellings(start, library: Library):
    async with start() as reader:
        await reader.press("g", "s", "g", "s")
        groups = library.store.arranged(None, order=Order.TOLD, grouped=True)
        assert [row.entry_id for row in reader.headlines.rows] == [id for group in groups for id in group]
        assert reader.headlines.rows[0].tellings == len(groups[0]) > 1


async def test_today_is_what_came_in_the_last_day(start):
    async with start() as reader:
        await reader.press("1")
        assert "Today" in reader.shown()
        shown = entries(reader)
        assert shown
        assert all(entry.when >= NOW - timedelta(days=1) for entry in shown)
        await reader.press("2")
        assert len(entries(reader)) > len(shown)


async def test_the_sidebar_leads_everywhere_and_counts_what_is_unread(start, library: Library):
    feed, other = library.store.feeds()[:2]
    library.store.change_feed(type(feed)(**{**_fields(feed), "folder": "Papers"}))
    library.rules.keep("Shells", "shells")
    async with start() as reader:
        side = sidebar(reader)
        labels = [side.item(row).label for row in range(side.row_count())]
        assert labels[:5] == ["Today", "Stories", "Unread", "Saved", "Speakers"]
        assert {"Shells", "Papers", feed.title, other.title} <= set(labels)
        waiting = library.store.unread()[other.id]
        assert any(other.title[:15] in line and str(waiting) in line for line in reader.shown().splitlines())
        await choose(reader, Kind.FEED, other.title)
        assert {entry.feed_id for entry in entries(reader)} == {other.id}
        assert reader.headlines.has_focus
        await choose(reader, Kind.FOLDER, "Papers")
        assert {entry.feed_id for entry in entries(reader)} == {feed.id}
        await choose(reader, Kind.SMART, "Shells")
        assert [entry.id for entry in entries(reader)] == library.search("shells")
        await reader.press("escape")
        assert {entry.feed_id for entry in entries(reader)} == {feed.id}, "back to the list before"
        await reader.press("escape", "escape")
        assert len(entries(reader)) == len(library.store.headlines())


def _fields(feed):
    return {name: getattr(feed, name) for name in ("id", "url", "title", "site", "folder", "settings")}


async def test_a_folder_is_folded_by_a_second_enter(start, library: Library):
    feed = library.store.feeds()[0]
    library.store.change_feed(type(feed)(**{**_fields(feed), "folder": "Papers"}))
    async with start() as reader:
        before = sidebar(reader).row_count()
        await choose(reader, Kind.FOLDER, "Papers")
        await choose(reader, Kind.FOLDER, "Papers")
        assert sidebar(reader).row_count() == before - 1
        await reader.press("enter")
        assert sidebar(reader).row_count() == before


async def test_what_is_read_stays_in_the_list_of_the_unread_until_one_leaves_it(start, library: Library):
    async with start() as reader:
        await choose(reader, Kind.UNREAD)
        before = [entry.id for entry in entries(reader)]
        await reader.press("j", "enter", "escape", "r")
        assert [entry.id for entry in entries(reader)] == before
        assert reader.headlines.entry(1).read
        assert reader.headlines.cursor == 1
        await reader.press("2")
        await choose(reader, Kind.UNREAD)
        assert before[1] not in [entry.id for entry in entries(reader)]


async def test_nothing_on_the_screen_moves_when_news_arrives(start, library: Library):
    async with start(size=(160, 20)) as reader:
        await reader.press("g", "t", "1", "2", "j")
        here = reader.headlines.entry(reader.headlines.cursor).id
        line = reader.headlines._place(reader.headlines.cursor)[0] - reader.headlines.scroll_offset.y
        newest = library.store.headlines()[0]
        feed = library.store.feeds()[0]
        with Library(library.store.path, settings=library.settings, now=library.now) as other:
            other.store.bring_in(*_news(other, feed), now=NOW + timedelta(hours=1))
        for _ in range(1000):
            await reader.pilot.pause(0.02)
            if reader.headlines.rows[0].entry_id != newest:
                break
        assert reader.headlines.rows[0].entry_id != newest
        assert reader.headlines.entry(reader.headlines.cursor).id == here
        assert reader.headlines._place(reader.headlines.cursor)[0] - reader.headlines.scroll_offset.y == line


def _news(library: Library, feed):
    from reader.model import Arrival, Article, Moved, Outline, ParsedEntry
    from reader.store.packed import pack

    brought = []
    for number in range(7):
        entry = ParsedEntry(
            guid=f"late-{number}", title=f"Late news {number}", published=NOW + timedelta(minutes=number)
        )
        article = Article(url=None, title=entry.title, text="Something new.", extractor="feed")
        moved = Moved(feed=Outline(url=feed.url, title=feed.title), entry=entry)
        brought.append((moved, Arrival(entry=entry, article=pack(article), carried=str(number))))
    return (brought,)


async def test_a_search_is_kept_as_a_smart_feed_and_forgotten_again(start, library: Library):
    async with start() as reader:
        await reader.press("K")
        assert "/ searches" in reader.said()[-1]
        await reader.press("slash", *"ferry", "enter", "K", *"Boats", "enter")
        assert [query.name for query in library.store.queries.all()] == ["Boats"]
        assert any("Boats" in line for line in reader.shown().splitlines())
        await reader.press("u")
        assert library.store.queries.all() == []


async def test_tags_are_given_taken_and_brought_back(start, library: Library):
    async with start() as reader:
        entry = reader.headlines.entry(0).id
        await reader.press("t", *"later, war", "enter")
        assert library.store.tags(entry) == ("later", "war")
        await reader.press("t", "backspace", "backspace", "backspace", "enter")
        assert library.store.tags(entry) == ("later",)
        await reader.press("u")
        assert library.store.tags(entry) == ("later", "war")
        await reader.press("u")
        assert library.store.tags(entry) == ()


async def test_all_changes_are_undone_one_after_the_other_wherever_they_were_made(start, library: Library):
    async with start() as reader:
        unread = library.store.unread_ids()
        await reader.press("m", "j", "m", "A")
        await reader.open(SHELLS)
        await reader.press("right_square_bracket", "s", "4", "d")
        assert library.store.highlights.all() == []
        await reader.press("u")
        assert len(library.store.highlights.all()) == 1
        await reader.press("escape", "u")
        assert library.store.highlights.all() == []
        await reader.press("u", "u", "u")
        assert library.store.unread_ids() == unread
        await reader.press("u")
        assert reader.said()[-1] == "Nothing to undo."


async def test_an_undo_that_fails_can_be_tried_again(start, library: Library):
    async with start() as reader:
        await reader.press("m")
        reader.app.session.library.store.close()
        await reader.press("u")
        assert reader.app.session.changes._made, "it is still there to be undone"


async def test_what_the_person_chose_is_there_the_next_time(start, library: Library, tmp_path):
    path = tmp_path / "state" / "screen.json"
    async with start(memory=Memory(path)) as reader:
        await reader.press("g", "s", "g", "t", "b")
        reader.headlines.focus()
        await reader.press("greater_than_sign")
        width = reader.headlines.outer_size.width
    async with start(memory=Memory(path)) as reader:
        assert reader.screen._order is Order.OUTLET
        assert not reader.screen._grouped
        assert not sidebar(reader).display
        assert reader.headlines.outer_size.width == width


@pytest.mark.parametrize("damage", [b"", b"{", b"[1]", b'{"order": 7, "sidebar": "x", "headlines-width": -3}', b"\xff"])
async def test_a_damaged_memory_is_no_matter(start, tmp_path, damage):
    path = tmp_path / "screen.json"
    path.write_bytes(damage)
    async with start(memory=Memory(path)) as reader:
        assert sidebar(reader).display
        await reader.press("g", "s")
    assert Memory(path).word("order", "") == "outlet"


async def test_a_list_that_was_left_meanwhile_does_not_come_back(start, library: Library):
    async with start() as reader:
        for key in ("1", "g", "s", "2", "g", "s", "1"):
            await reader.pilot.press(key)
        await reader.settle()
        await asyncio.sleep(0)
        assert "Today" in reader.shown().splitlines()[0]
        assert all(entry.when >= NOW - timedelta(days=1) for entry in entries(reader))


async def test_a_second_answer_to_the_same_question_takes_nothing_away(start):
    async with start() as reader:
        for keys in (["t", *"war"], ["4"], ["3"], ["ctrl+p", *"sort"], ["F"]):
            await reader.press(*keys)
            for _ in range(2):
                reader.app.post_message(events.Key("enter", "\r"))
                reader.app.post_message(events.Key("escape", None))
            await reader.settle()
            await reader.press("escape", "escape")
            assert isinstance(reader.app.screen, ReadingScreen)
            assert reader.headlines.is_attached


async def test_a_library_that_another_program_writes_to_takes_no_key_away(start, library: Library):
    with sqlite3.connect(library.store.path, isolation_level=None, timeout=30) as other:
        async with start() as reader:
            other.execute("BEGIN IMMEDIATE")
            await reader.pilot.press("m")
            await reader.pilot.press("question_mark")
            for _ in range(400):  # eight seconds and more; the mark itself waits for twice that
                if isinstance(reader.app.screen, HelpScreen):
                    break
                await reader.pilot.pause(0.02)
            assert isinstance(reader.app.screen, HelpScreen), "other keys work on"
            other.execute("ROLLBACK")
            await reader.settle()


async def test_a_claim_is_saved_once_however_fast_s_is_pressed(start, library: Library):
    async with start() as reader:
        await reader.open(SHELLS)
        await reader.press("right_square_bracket")
        for _ in range(3):
            reader.app.post_message(events.Key("s", "s"))
        await reader.settle()
        assert len(library.store.highlights.all()) == 1


async def test_what_was_saved_a_moment_ago_can_be_undone_from_the_list_of_it(start, library: Library):
    async with start() as reader:
        await reader.open(SHELLS)
        await reader.press("right_square_bracket", "s", "4", "u")
        assert library.store.highlights.all() == []
        assert "Nothing saved yet" in reader.shown()


async def test_a_mistyped_search_stays_to_be_mended(start):
    async with start() as reader:
        await reader.press("slash", "a", "space", "O", "R", "enter")
        assert reader.screen.query_one("SearchLine").value == "a OR"
        assert reader.screen.query_one("SearchLine").display
