"""The first start: four ways to begin, and what happens when feeds fail."""

import pytest
from hostile_server import HostileServer, reply

from reader.library.library import Library
from reader.tui.screens.add import AddScreen
from reader.tui.screens.reading import ReadingScreen
from reader.tui.screens.welcome import WelcomeScreen

pytestmark = pytest.mark.anyio

FEED = b"<rss version='2.0'><channel><title>The Harbour Post</title><item><title>Bridge closes</title><guid>1</guid></item></channel></rss>"  # noqa: E501


@pytest.fixture
def server():
    with HostileServer() as server:
        server.routes |= {
            "/feed": reply(body=FEED),
            "/": reply(body=b'<html><link rel="alternate" type="application/rss+xml" href="/feed" title="News [/x]">'
                       b'<link rel="alternate" type="application/rss+xml" href="/more" title="Comments"></html>'),
            "/gone": reply("404 Not Found"),
            "/page": reply(body=b"<html><body><p>Only a page.</p></body></html>"),
        }  # fmt: skip
        yield server


async def test_an_empty_library_offers_the_ways_to_begin(start, empty_library: Library):
    async with start(on=empty_library) as reader:
        assert isinstance(reader.app.screen, WelcomeScreen)
        await reader.pilot.press("enter")
        await reader.pilot.pause()
    assert reader.app.return_value == "demo"


async def test_adding_a_feed_from_a_page_that_has_two(start, empty_library: Library, server):
    async with start(on=empty_library) as reader:
        await reader.press("j", "enter")
        assert isinstance(reader.app.screen, AddScreen)
        await reader.press(*server.url("/page"), "enter")
        assert "can't be followed" in reader.shown()
        await reader.press(*(["backspace"] * 5), "slash", "enter")
        assert "several feeds" in reader.shown()
        assert "News [/x]" in reader.shown()
        await reader.press("enter")
        assert isinstance(reader.app.screen, ReadingScreen)
        assert "Bridge closes" in reader.shown()
        assert [feed.title for feed in empty_library.store.feeds()] == ["The Harbour Post"]
        assert server.targets().count("/feed") == 1


async def test_importing_opml(start, empty_library: Library, server, tmp_path):
    outlines = "".join(
        f"<outline text='{name}' xmlUrl='{server.url(path)}'/>"
        for name, path in (("Post", "/feed"), ("Gone [/]", "/gone"))
    )
    (tmp_path / "feeds.opml").write_text(f"<opml version='2.0'><body>{outlines}</body></opml>")
    async with start(on=empty_library, size=(120, 30)) as reader:
        await reader.press("j", "j", "j", "enter", *"/nowhere.opml", "enter")
        assert "can't be read" in reader.shown()
        await reader.press(*(["backspace"] * 13), *str(tmp_path / "feeds.opml"), "enter")
        assert isinstance(reader.app.screen, ReadingScreen)
        assert "Bridge closes" in reader.shown()
        assert any("Gone [/]: the server answered 404 Not Found." in said for said in reader.said())
        await reader.press("3")
        assert "! the server answered 404 Not Found" in reader.shown()
        assert "1 failed at their last check" in reader.shown()


async def test_starting_with_the_list(start, empty_library: Library):
    empty_library.refresh = lambda *_, **__: (_ for _ in ()).throw(AssertionError("tests stay on loopback"))
    async with start(on=empty_library) as reader:
        reader.screen.refresh_feeds = lambda **_: None
        await reader.press("j", "j", "enter")
        assert 55 <= len(empty_library.store.feeds()) <= 70
        assert len({feed.folder for feed in empty_library.store.feeds()}) > 5


async def test_an_entry_whose_page_is_gone_shows_what_the_feed_said(start, empty_library: Library, server):
    link = f"<link>{server.url('/gone')}</link>"
    item = f"<item><title>Lost</title>{link}<description>Only the opening words …</description></item>"
    server.routes["/lost"] = reply(body=FEED.replace(b"<item>", item.encode() + b"<item>", 1))
    empty_library.feeds.add(server.url("/lost"))
    async with start(on=empty_library) as reader:
        await reader.open("Lost")
        assert reader.article.opened.notice.startswith("The page could not be read: the server answered 404 Not Found.")
        assert "The page could not be read" in reader.shown()
        assert "Only the opening words" in reader.shown()
        server.routes["/gone"] = reply(
            body=b"<html><body><article>"
            + b"<p>The page is back, and its text is long enough to be read as one.</p>" * 8
        )
        await reader.press("escape")
        await reader.open("Lost")
        assert "The page is back" in reader.shown()
        assert reader.article.opened.notice is None


async def test_news_arrives_without_moving_the_reader(start, empty_library: Library, server):
    empty_library.feeds.add(server.url("/feed"))
    async with start(on=empty_library) as reader:
        await reader.press("enter")
        here = reader.article.opened.entry.id
        newer = b"<item><title>Bridge opens</title><guid>2</guid></item><item>"
        server.routes["/feed"] = reply(body=FEED.replace(b"<item>", newer, 1))
        await reader.press("r")
        assert reader.headlines.row_count() == 2
        assert reader.headlines.entry(reader.headlines.cursor).id == here
        assert reader.article.opened.entry.id == here
        assert any("1 new" in said for said in reader.said())
