"""The list of feeds: what it tells of each, and what can be done to one; every change can be undone."""

from datetime import timedelta

import pytest
from hostile_server import HostileServer, reply
from tui.conftest import NOW

from reader.library.library import Library
from reader.model import FeedSettings
from reader.tui.screens.ask import SureScreen
from reader.tui.screens.feed_edit import FeedEditScreen, QueryEditScreen
from reader.tui.screens.feeds import FeedRows, FeedsScreen
from reader.tui.screens.reading import ReadingScreen

pytestmark = pytest.mark.anyio


def rss(title: str, *items: str) -> bytes:
    entries = "".join(f"<item><guid>{one}</guid><title>{one}</title></item>" for one in items)
    return reply(body=f"<rss version='2.0'><channel><title>{title}</title>{entries}</channel></rss>".encode())


@pytest.fixture
def server():
    with HostileServer() as server:
        server.routes |= {
            "/post": rss("Harbour Post", "Bridge closes", "Ferry runs"),
            "/times": rss("The [b]Times[/b] [/]", "Budget passes"),
            "/new": rss("Harbour Post", "Bridge closes", "Ferry runs", "Tide turns"),
        }
        yield server


@pytest.fixture
def two(empty_library: Library, server: HostileServer) -> Library:
    """A library with two feeds, the first of them in a folder."""
    empty_library.feeds.add(server.url("/times"))
    empty_library.feeds.add(server.url("/post"), folder="Sea")
    return empty_library


def feed_of(library: Library, path: str):
    return next(feed for feed in library.store.feeds() if feed.url.endswith(path))


async def at(reader, title: str) -> None:
    """Go to the feeds, and there to one."""
    await reader.press("3")
    assert isinstance(reader.app.screen, FeedsScreen)
    rows = reader.app.screen.query_one(FeedRows)
    names = [getattr(feed, "title", None) or feed.name for feed in rows.feeds]
    rows.cursor = next(index for index, name in enumerate(names) if title in name)
    await reader.settle()


async def fill(reader, **fields: str) -> None:
    """Type into the fields of a form in the place of what stands there."""
    for field, words in fields.items():
        line = reader.app.screen.query_one(f"#{field}")
        line.focus()
        line.value = ""
        await reader.pilot.press(*words)


async def test_a_row_tells_what_there_is_to_say_of_a_feed(start, two: Library, server):
    server.routes["/times"] = reply("503 Service Unavailable")
    two.now = lambda: NOW + timedelta(hours=2)
    two.refresh(force=True)
    two.refresh(force=True)
    two.feeds.change(type(feed := feed_of(two, "/post"))(
        id=feed.id, url=feed.url, title=feed.title, folder=feed.folder, settings=FeedSettings(paused=True, muted=True)
    ))  # fmt: skip
    two.now = lambda: NOW + timedelta(hours=3)
    async with start(on=two) as reader:
        await reader.press("3")
        lines = reader.shown().splitlines()
        (times,) = [line for line in lines if "The [b]Times[/b] [/]" in line]
        assert "asked 1h ago, next in" in times
        assert "    1 " in times
        assert any("! the server answered 503 Service Unavailable (2 times in a row)" in line for line in lines)
        (post,) = [line for line in lines if "Harbour Post" in line]
        assert "(paused, muted" in post
        assert "next" not in post
        assert "Feeds · 2 · 1 failed at their last check" in lines[0]
        assert [line.strip() for line in lines if line.strip() == "Sea"]


@pytest.mark.parametrize("size", [(60, 20), (40, 15), (200, 60)])
async def test_a_row_fits_its_window(start, two: Library, size):
    async with start(size, on=two) as reader:
        await reader.press("3")
        assert "Harbour Post" in reader.shown()
        assert all(len(line) <= size[0] for line in reader.shown().splitlines())


async def test_adding_one_there_goes_to_it(start, two: Library, server):
    async with start(on=two) as reader:
        await reader.press("3", "a")
        await reader.pilot.press(*server.url("/new"))
        await reader.press("enter", "enter")
        rows = reader.app.screen.query_one(FeedRows)
        assert rows.feeds[rows.cursor].url == server.url("/new")
        assert server.targets().count("/new") == 1


async def test_a_feed_is_edited_and_it_is_undone(start, two: Library):
    before = feed_of(two, "/post")
    async with start(on=two) as reader:
        await at(reader, "Harbour")
        await reader.press("e")
        assert isinstance(reader.app.screen, FeedEditScreen)
        await fill(reader, title="Post [/] of old", folder="News", interval="90m", agent="Reader/1")
        for tick in ("full-text", "muted"):
            reader.app.screen.query_one(f"#{tick}").focus()
            await reader.press("space")
        await reader.press("enter")
        after = feed_of(two, "/post")
        assert (after.title, after.folder) == ("Post [/] of old", "News")
        assert after.settings == FeedSettings(interval=90, user_agent="Reader/1", full_text=True, muted=True)
        assert "Post [/] of old (muted, whole pages)" in reader.shown()
        await reader.press("u")
        assert feed_of(two, "/post") == before
        assert "Post [/] of old" not in reader.shown()
        assert any("Undone: the change to Harbour Post" in said for said in reader.said())


async def test_what_will_not_do_is_told_and_nothing_typed_is_lost(start, two: Library):
    before = two.store.feeds()
    async with start((60, 20), on=two) as reader:
        await at(reader, "Harbour")
        await reader.press("e")
        for field, words, told in (
            ("interval", "soon", "Write 30m, 2h or 1d"),
            ("interval", "31d", "Write 30m, 2h or 1d"),
            ("interval", "9" * 30 + "d", "Write 30m, 2h or 1d"),
            ("title", "", "needs a name"),
            ("password", "pass show post", "goes with a user name"),
        ):
            kept = reader.app.screen.query_one(f"#{field}").value
            await fill(reader, **{field: words})
            await reader.press("enter")
            assert told in reader.shown()
            assert reader.app.screen.query_one(f"#{field}").value == words
            reader.app.screen.query_one(f"#{field}").value = kept
        await reader.press("escape")
        assert two.store.feeds() == before
        await reader.press("u")
        assert any("Nothing to undo" in said for said in reader.said())


async def test_a_form_that_changes_nothing_is_no_change(start, two: Library):
    async with start(on=two) as reader:
        await at(reader, "Harbour")
        await reader.press("e", "enter", "u")
        assert any("Nothing to undo" in said for said in reader.said())


async def test_a_feed_is_given_another_address_and_it_is_undone(start, two: Library, server):
    before = feed_of(two, "/post")
    async with start(on=two) as reader:
        await at(reader, "Harbour")
        await reader.press("e")
        await fill(reader, address=server.url("/nowhere"))
        await reader.press("enter")
        assert "404 Not Found" in reader.shown()
        assert feed_of(two, "/post") == before
        await fill(reader, address=server.url("/new"))
        await reader.press("enter")
        assert isinstance(reader.app.screen, FeedsScreen)
        assert feed_of(two, "/new").id == before.id
        assert two.store.unread()[before.id] == 3
        assert server.targets().count("/new") == 1
        await reader.press("u")
        assert feed_of(two, "/post") == before


async def test_a_feed_is_paused_and_it_is_undone(start, two: Library, server):
    async with start(on=two) as reader:
        await at(reader, "Harbour")
        await reader.press("p")
        assert feed_of(two, "/post").settings.paused
        assert "Harbour Post (paused" in reader.shown()
        await reader.press("r")
        assert any("is paused; p Pause" in said for said in reader.said())
        assert server.targets().count("/post") == 1
        await reader.press("u")
        assert not feed_of(two, "/post").settings.paused
        await reader.press("p", "p")
        assert not feed_of(two, "/post").settings.paused


async def test_a_feed_is_muted_and_it_is_undone(start, two: Library):
    async with start(on=two) as reader:
        await at(reader, "Harbour")
        await reader.press("m")
        assert feed_of(two, "/post").settings.muted
        assert "(muted" in reader.shown()
        assert len(two.store.headlines()) == 1
        await reader.press("u")
        assert len(two.store.headlines()) == 3


async def test_a_feed_is_removed_after_a_question_and_followed_again_by_undoing(start, two: Library, server):
    before = feed_of(two, "/post")
    async with start(on=two) as reader:
        await at(reader, "Harbour")
        await reader.press("d")
        assert isinstance(reader.app.screen, SureScreen)
        assert "Remove Harbour Post with its 2 entries? What you saved stays." in reader.shown()
        await reader.press("escape")
        assert feed_of(two, "/post") == before
        await reader.press("d", "enter")
        assert [feed.url for feed in two.store.feeds()] == [server.url("/times")]
        assert len(two.store.headlines()) == 1
        await reader.press("u")
        again = feed_of(two, "/post")
        assert (again.title, again.folder, again.settings) == (before.title, before.folder, before.settings)
        # It is asked again at once, so that its entries are there.
        assert len(two.store.headlines()) == 3
        assert server.targets().count("/post") == 2


async def test_what_was_saved_of_a_removed_feed_is_told_of_and_stays(start, two: Library):
    kept = two.store.headlines(feed_id=feed_of(two, "/post").id)[:1]
    two.store.star(kept, starred=True, now=NOW)
    async with start(on=two) as reader:
        await at(reader, "Harbour")
        await reader.press("d", "y")
        assert any("1 entry stays, for it is saved." in said for said in reader.said())
        assert kept[0] in two.store.entries(kept)


async def test_a_removal_can_be_undone_from_where_one_reads(start, two: Library):
    async with start(on=two) as reader:
        await at(reader, "Harbour")
        await reader.press("d", "y", "escape")
        assert isinstance(reader.app.screen, ReadingScreen)
        await reader.press("u")
        assert {feed.title for feed in two.store.feeds()} == {"Harbour Post", "The [b]Times[/b] [/]"}
        assert any("its entries come with the next refresh" in said for said in reader.said())


async def test_changes_are_undone_across_a_removal(start, two: Library):
    before = feed_of(two, "/post")
    async with start(on=two) as reader:
        await at(reader, "Harbour")
        await reader.press("e")
        await fill(reader, title="Renamed")
        await reader.press("enter")
        await at_again(reader, "Renamed")
        await reader.press("d", "y", "u", "u")
        assert feed_of(two, "/post").title == before.title
        assert feed_of(two, "/times").title == "The [b]Times[/b] [/]"


async def at_again(reader, title: str) -> None:
    rows = reader.app.screen.query_one(FeedRows)
    rows.cursor = next(index for index, feed in enumerate(rows.feeds) if title in feed.title)
    await reader.settle()


async def test_one_feed_is_refreshed(start, two: Library, server):
    async with start(on=two) as reader:
        await at(reader, "Harbour")
        server.routes["/post"] = server.routes["/new"]
        await reader.press("r")
        assert any("1 new in 1 feed" in said for said in reader.said())
        assert [line for line in reader.shown().splitlines() if "3 Harbour Post" in line]
        assert server.targets().count("/times") == 1
        server.routes["/post"] = reply("500 Internal Server Error")
        await reader.press("r")
        assert "! the server answered 500 Internal Server Error" in reader.shown()


async def test_a_feed_that_is_gone_for_good_is_not_asked_for(start, two: Library, server):
    server.routes["/post"] = reply("410 Gone")
    two.refresh([feed_of(two, "/post")], force=True)
    async with start(on=two) as reader:
        await at(reader, "Harbour")
        assert "gone for good" in reader.shown()
        await reader.press("r")
        assert any("is gone for good; e Edit" in said for said in reader.said())
        assert server.targets().count("/post") == 2


async def test_a_smart_feed_is_edited_and_its_mistakes_are_pointed_at(start, two: Library):
    two.rules.keep("At sea", "ferry", ["tag:sea"])
    (before,) = two.store.queries.all()
    async with start(on=two) as reader:
        await at(reader, "At sea")
        assert "ferry" in reader.shown()
        await reader.press("e")
        assert isinstance(reader.app.screen, QueryEditScreen)
        await fill(reader, title="On land", query="spaeker:Ng")
        await reader.press("enter")
        assert "^" * len("spaeker:") in reader.shown()
        await fill(reader, query="bridge")
        await reader.press("enter")
        (after,) = two.store.queries.all()
        assert (after.name, after.query, after.actions) == ("On land", "bridge", before.actions)
        assert "On land" in reader.shown()
        await reader.press("u")
        (again,) = two.store.queries.all()
        assert (again.name, again.query, again.actions) == (before.name, before.query, before.actions)
        assert "At sea" in reader.shown()


async def test_a_smart_feed_does_not_take_the_name_of_another(start, two: Library):
    two.rules.keep("A", "ferry")
    two.rules.keep("B", "bridge")
    async with start(on=two) as reader:
        await at(reader, "A")
        await reader.press("e")
        await fill(reader, title="B")
        await reader.press("enter")
        assert "There is a smart feed of the name B already." in reader.shown()
        assert {(one.name, one.query) for one in two.store.queries.all()} == {("A", "ferry"), ("B", "bridge")}


async def test_a_smart_feed_is_removed_and_it_is_undone(start, two: Library):
    two.rules.keep("At sea", "ferry", ["tag:sea"])
    (before,) = two.store.queries.all()
    async with start(on=two) as reader:
        await at(reader, "At sea")
        for key in ("p", "m", "r"):
            await reader.press(key)
            assert any("that is for feeds" in said for said in reader.said())
        await reader.press("d")
        assert two.store.queries.all() == []
        await reader.press("u")
        (again,) = two.store.queries.all()
        assert (again.name, again.query, again.actions) == (before.name, before.query, before.actions)


async def test_an_empty_list_says_how_to_add_one(start, two: Library):
    async with start(on=two) as reader:
        for feed in two.store.feeds():
            two.feeds.remove(feed)
        await reader.press("3")
        assert "No feed is followed yet: a Add" in reader.shown()
        for key in ("e", "p", "m", "d", "r", "enter"):
            await reader.press(key)
        assert isinstance(reader.app.screen, FeedsScreen)


async def test_enter_shows_the_feed_and_esc_goes_back(start, two: Library):
    async with start(on=two) as reader:
        await at(reader, "Harbour")
        await reader.press("enter")
        assert isinstance(reader.app.screen, ReadingScreen)
        assert reader.headlines.row_count() == 2
        await reader.press("3", "escape")
        assert isinstance(reader.app.screen, ReadingScreen)
