"""The feeds that failed: why, what to do, and trying them again."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from hostile_server import HostileServer, reply
from tui.conftest import NOW

from reader.library.library import Library
from reader.tui.screens.failures import FailedRows, FailuresScreen
from reader.tui.screens.feed_edit import FeedEditScreen
from reader.tui.screens.reading import ReadingScreen

pytestmark = pytest.mark.anyio

ITEM = b"<item><guid>1</guid><title>Bridge closes</title></item>"


def rss(title: str) -> bytes:
    return reply(
        body=b"<rss version='2.0'><channel><title>" + title.encode() + b"</title>" + ITEM + b"</channel></rss>"
    )


@pytest.fixture
def server():
    with HostileServer() as server:
        server.routes |= {f"/{name}": rss(name.title()) for name in ("works", "lost", "shut", "moved")}
        yield server


@pytest.fixture
def failing(empty_library: Library, server: HostileServer) -> Library:
    """A library in which one feed works and three fail."""
    for name in ("works", "lost", "shut", "moved"):
        empty_library.feeds.add(server.url(f"/{name}"))
    server.routes |= {
        "/lost": reply("404 Not Found"),
        "/shut": reply("403 Forbidden"),
        "/moved": reply(body=b'<html><link rel="alternate" type="application/rss+xml" href="/there"></html>'),
        "/there": rss("Moved"),
    }
    assert len(empty_library.refresh(force=True).failed) == 3
    server.asked.clear()
    return empty_library


def names(reader) -> list[str]:
    return [one.feed.title for one in reader.app.screen.query_one(FailedRows).failed]


async def at(reader, title: str) -> None:
    await reader.press("F")
    assert isinstance(reader.app.screen, FailuresScreen)
    reader.app.screen.query_one(FailedRows).cursor = names(reader).index(title)
    await reader.settle()


async def test_each_tells_why_since_when_and_what_to_do(start, failing: Library):
    failing.now = lambda: NOW + timedelta(minutes=10)
    async with start(on=failing) as reader:
        await reader.press("F")
        shown = reader.shown()
        assert "3 feeds failed at their last check" in shown
        for title, why, what in (
            ("Lost", "! the server answered 404 Not Found", "→ There is nothing at its address any more."),
            ("Shut", "! the server answered 403 Forbidden", "→ Its server turns readers away that it doesn't know."),
            ("Moved", "! it is a web page, not a feed", "→ There is a page at this address now, no feed."),
        ):
            assert title in shown
            assert why in shown
            assert what in shown
        assert "Works" not in shown
        assert shown.count("failed once, 10m ago") == 3
        assert "next try in" in shown
        assert "its latest entry came 10m ago" in shown


@pytest.mark.parametrize("size", [(60, 20), (40, 12)])
async def test_it_fits_a_small_window(start, failing: Library, size):
    async with start(size, on=failing) as reader:
        await reader.press("F")
        shown = reader.shown()
        assert "404" in shown
        assert "→" in shown
        assert all(len(line) <= size[0] for line in shown.splitlines())


async def test_one_that_works_again_vanishes(start, failing: Library, server):
    async with start(on=failing) as reader:
        await at(reader, "Shut")
        server.routes["/shut"] = rss("Shut")
        await reader.press("r")
        assert server.targets() == ["/shut"]
        assert set(names(reader)) == {"Lost", "Moved"}


async def test_one_that_fails_again_stays_and_says_how_often(start, failing: Library, server):
    async with start(on=failing) as reader:
        await at(reader, "Lost")
        await reader.press("r")
        assert server.targets() == ["/lost"]
        assert "failed 2 times, last 0m ago" in reader.shown()
        assert any("Lost: the server answered 404" in said for said in reader.said())


async def test_all_are_tried_again(start, failing: Library, server):
    server.routes |= {f"/{name}": rss(name.title()) for name in ("lost", "shut", "moved")}
    async with start(on=failing) as reader:
        await reader.press("F", "R")
        assert sorted(server.targets()) == ["/lost", "/moved", "/shut"]
        assert "All feeds work." in reader.shown()
        for key in ("r", "R", "p", "d", "enter"):
            await reader.press(key)
        assert isinstance(reader.app.screen, FailuresScreen)
        await reader.press("escape")
        assert isinstance(reader.app.screen, ReadingScreen)


async def test_one_that_works_again_elsewhere_vanishes_by_itself(start, failing: Library, server):
    async with start(on=failing) as reader:
        await reader.press("F")
        server.routes["/shut"] = rss("Shut")
        failing.refresh([feed for feed in failing.store.feeds() if feed.title == "Shut"], force=True)
        async with asyncio.timeout(20):
            while "Shut" in names(reader):
                await reader.pilot.pause(0.1)
        assert set(names(reader)) == {"Lost", "Moved"}


async def test_one_is_paused_and_it_is_undone(start, failing: Library):
    async with start(on=failing) as reader:
        await at(reader, "Lost")
        await reader.press("p")
        assert "Lost" not in names(reader)
        assert next(feed for feed in failing.store.feeds() if feed.title == "Lost").settings.paused
        assert any("Lost is paused" in said for said in reader.said())
        await reader.press("u")
        assert "Lost" in names(reader)


async def test_one_is_removed_and_it_is_undone(start, failing: Library):
    async with start(on=failing) as reader:
        await at(reader, "Lost")
        await reader.press("d")
        assert "Remove Lost with its 1 entry?" in reader.shown()
        await reader.press("y")
        assert "Lost" not in {feed.title for feed in failing.store.feeds()}
        await reader.press("u")
        assert "Lost" in {feed.title for feed in failing.store.feeds()}


async def test_one_is_repaired_by_the_address_of_the_page_that_names_its_feed(start, failing: Library, server):
    async with start(on=failing) as reader:
        await at(reader, "Moved")
        await reader.press("enter")
        assert isinstance(reader.app.screen, FeedEditScreen)
        line = reader.app.screen.query_one("#address")
        line.focus()
        server.routes["/site"] = server.routes["/moved"]
        line.value = server.url("/site")
        await reader.press("enter")
        assert set(names(reader)) == {"Lost", "Shut"}
        assert server.targets().count("/there") == 1
        moved = next(feed for feed in failing.store.feeds() if feed.title == "Moved")
        assert moved.url == server.url("/there")


async def test_one_whose_settings_are_changed_is_tried_again(start, failing: Library, server):
    async with start(on=failing) as reader:
        await at(reader, "Shut")
        await reader.press("enter")
        line = reader.app.screen.query_one("#agent")
        line.focus()
        server.routes["/shut"] = rss("Shut")
        await reader.pilot.press(*"Mozilla/5.0")
        await reader.press("enter")
        assert [one.header("User-Agent") for one in server.asked] == ["Mozilla/5.0"]
        assert "Shut" not in names(reader)


async def test_one_that_is_gone_for_good_is_not_tried(start, failing: Library, server):
    server.routes["/lost"] = reply("410 Gone")
    lost = next(feed for feed in failing.store.feeds() if feed.title == "Lost")
    failing.refresh([lost], force=True)
    server.asked.clear()
    async with start(on=failing) as reader:
        await at(reader, "Lost")
        assert "not tried again: it is gone for good" in reader.shown()
        await reader.press("r")
        assert any("Lost is gone for good" in said for said in reader.said())
        assert server.targets() == []


async def test_one_whose_server_wants_to_be_left_alone_says_until_when(start, failing: Library, server):
    server.routes["/shut"] = reply("429 Too Many Requests", headers=["Retry-After: 172800"])
    shut = next(feed for feed in failing.store.feeds() if feed.title == "Shut")
    failing.refresh([shut], force=True)
    server.asked.clear()
    async with start(on=failing) as reader:
        await at(reader, "Shut")
        assert "There is nothing to do: its server asks for fewer visits" in reader.shown()
        assert "next try in 2d" in reader.shown()
        await reader.press("r")
        assert server.targets() == []
        until = (NOW + timedelta(days=2)).astimezone()
        assert any(f"left alone until {until:%H:%M, %d %b}" in said for said in reader.said())


async def test_those_longest_in_trouble_come_first_and_the_cursor_stays_on_its_feed(start, failing: Library, server):
    async with start(on=failing) as reader:
        await at(reader, "Moved")
        moved = next(feed for feed in failing.store.feeds() if feed.title == "Moved")
        failing.refresh([replace(moved)], force=True)
        await reader.app.screen.reload()
        assert names(reader)[0] == "Moved"
        assert reader.app.screen.query_one(FailedRows).cursor == 0
