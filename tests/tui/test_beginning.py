"""The first start: four ways to begin, and what happens when feeds fail."""

import threading

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


async def type_(reader, words: str) -> None:
    """Type words at once, and Enter."""
    await reader.pilot.press(*words)
    await reader.press("enter")


def dated(guid: int, day: int, title: str, text: str = "") -> str:
    published = f"<pubDate>{day:02} Nov 2026 09:00:00 GMT</pubDate>"
    return f"<item><guid>{guid}</guid><title>{title}</title>{published}<description>{text}</description></item>"


def rss(*items: str, title: str = "The Harbour Post") -> bytes:
    site = "<link>http://harbour.example/</link>"
    body = f"<rss version='2.0'><channel><title>{title}</title>{site}{''.join(items)}</channel></rss>"
    return reply(body=body.encode())


async def test_the_ways_to_begin_are_walked_with_the_keys_of_lists_in_a_small_window(start, empty_library: Library):
    async with start((60, 20), on=empty_library) as reader:
        shown = reader.shown()
        for words in ("Look around", "Add a feed", "Start with a list", "Import OPML", "Enter begins"):
            assert words in shown
        await reader.press("G", "k", "k", "enter")
        assert isinstance(reader.app.screen, AddScreen)
        await reader.press("escape", "q")
    assert reader.app.return_value is None


async def test_adding_a_feed_from_a_page_that_has_two(start, empty_library: Library, server):
    async with start(on=empty_library) as reader:
        await reader.press("j", "enter")
        assert isinstance(reader.app.screen, AddScreen)
        await type_(reader, server.url("/page"))
        assert "can't be followed" in reader.shown()
        await reader.pilot.press(*(["backspace"] * 5))
        await type_(reader, "/")
        assert "several feeds" in reader.shown()
        assert "News [/x]" in reader.shown()
        assert server.url("/more").removeprefix("http://") in reader.shown()
        await reader.press("enter")
        assert "The Harbour Post" in reader.shown()
        assert "Bridge closes" in reader.shown()
        assert empty_library.store.feeds() == []
        await reader.press("enter")
        assert isinstance(reader.app.screen, ReadingScreen)
        assert "Bridge closes" in reader.shown()
        assert [feed.title for feed in empty_library.store.feeds()] == ["The Harbour Post"]
        assert server.targets().count("/feed") == 1


async def test_a_feed_is_looked_at_before_it_is_followed(start, empty_library: Library, server):
    items = [dated(day, day, f"Day {day} [b]bold[/b]", "Only the opening …") for day in range(1, 12)]
    server.routes["/feed"] = rss(*items, title="Post [red]&lt;b&gt;")
    async with start((100, 30), on=empty_library) as reader:
        await reader.press("j", "enter")
        await type_(reader, server.url("/feed"))
        shown = reader.shown()
        assert "Post [red]" in shown
        assert "harbour.example" in shown
        assert "11 entries · about 1 a day" in shown
        assert "openings only: pages will be fetched when they are opened" in shown
        lines = [line for line in shown.splitlines() if "[b]bold[/b]" in line]
        assert [f"Day {day} [b]bold[/b]" in line for day, line in zip(range(11, 3, -1), lines, strict=True)] == [
            True
        ] * 8
        assert "1d  Day 11" in lines[0]


async def test_the_look_fits_a_small_window(start, empty_library: Library, server):
    server.routes["/feed"] = rss(*(dated(day, day, f"Day {day} " + "long " * 30, "Opening …") for day in range(1, 12)))
    async with start((60, 20), on=empty_library) as reader:
        await reader.press("j", "enter")
        await type_(reader, server.url("/feed"))
        shown = reader.shown()
        for words in (
            "The Harbour Post",
            "about 1 a day",
            "Day 11",
            "Folder",
            "[ ] Fetch whole pages",
            "Enter follows",
        ):
            assert words in shown


async def test_a_feed_is_followed_in_a_folder_with_its_whole_pages(start, empty_library: Library, server):
    server.routes |= {"/one": rss(dated(1, 9, "One")), "/two": rss(dated(1, 9, "Two"))}
    empty_library.feeds.add(server.url("/one"), folder="Sea / [North]")
    async with start(on=empty_library) as reader:
        await reader.press("a")
        await type_(reader, server.url("/two"))
        await reader.press("down")
        assert "Sea / [North]" in reader.shown()
        await reader.press("tab", "space")
        assert "[x] Fetch whole pages" in reader.shown()
        await reader.press("enter")
        (feed,) = [feed for feed in empty_library.store.feeds() if feed.url.endswith("/two")]
        assert feed.folder == "Sea / [North]"
        assert feed.settings.full_text
        assert any("Following The Harbour Post, with 1 entry." in said for said in reader.said())
        assert server.targets().count("/two") == 1
        await reader.press("u")
        assert [feed.url for feed in empty_library.store.feeds()] == [server.url("/one")]
        assert any("Undone: following The Harbour Post" in said for said in reader.said())


async def test_a_new_folder_can_be_typed(start, empty_library: Library, server):
    async with start(on=empty_library) as reader:
        await reader.press("j", "enter")
        await type_(reader, server.url("/feed"))
        await type_(reader, "Islands")
        (feed,) = empty_library.store.feeds()
        assert (feed.folder, feed.settings.full_text) == ("Islands", False)


async def test_esc_goes_back_from_the_look_to_the_address(start, empty_library: Library, server):
    async with start(on=empty_library) as reader:
        await reader.press("j", "enter")
        await type_(reader, server.url("/feed"))
        assert "Enter follows" in reader.shown()
        await reader.press("escape")
        assert "Which feed" in reader.shown()
        assert "Bridge closes" not in reader.shown()
        assert server.url("/feed") in reader.shown()
        await reader.press("escape")
        assert isinstance(reader.app.screen, WelcomeScreen)
        assert empty_library.store.feeds() == []


async def test_what_is_followed_already_can_be_gone_to(start, empty_library: Library, server):
    feed, _ = empty_library.feeds.add(server.url("/feed"))
    outcomes = []
    async with start(on=empty_library) as reader:
        reader.app.push_screen(AddScreen(reader.app.session), outcomes.append)
        await reader.settle()
        await type_(reader, server.url("/feed"))
        assert "The Harbour Post is followed already. Enter goes to it" in reader.shown()
        await reader.press("enter")
        assert isinstance(reader.app.screen, ReadingScreen)
    assert outcomes == [feed]
    assert server.targets() == ["/feed"]


async def test_asking_is_told_and_can_be_stopped_and_what_comes_later_is_dropped(start, empty_library: Library, server):
    waits = threading.Event()

    def slow(server: HostileServer, connection) -> None:
        waits.wait(20)
        connection.sendall(reply(body=FEED))

    server.routes["/slow"] = slow
    async with start(on=empty_library) as reader:
        await reader.press("j", "enter")
        await reader.pilot.press(*server.url("/slow"), "enter")
        assert f"Asking {server.url('').removeprefix('http://')}…" in reader.shown()
        await reader.pilot.press("escape")
        assert "Stopped." in reader.shown()
        waits.set()
        await reader.settle()
        assert isinstance(reader.app.screen, AddScreen)
        assert "Stopped." in reader.shown()
        assert "Bridge closes" not in reader.shown()


@pytest.mark.scorecard(8)
async def test_a_feed_whose_address_looks_like_anothers_says_where_it_leads(start, empty_library: Library, server):
    page = b'<html><link rel="alternate" type="application/rss+xml" href="//xn--80ak6aa92e.example/feed" title="News">'
    server.routes["/"] = reply(body=page + b'<link rel="alternate" type="application/rss+xml" href="/feed"></html>')
    warned = "xn--80ak6aa92e.example ⚠ looks like аррӏе.example"
    async with start(on=empty_library) as reader:
        reader.app.push_screen(AddScreen(reader.app.session))
        await reader.settle()
        await type_(reader, server.url("/"))
        assert warned in reader.shown()
        assert reader.shown().count("⚠") == 1


async def test_an_address_that_is_given_is_looked_at_once(start, empty_library: Library, server):
    async with start(on=empty_library) as reader:
        reader.app.push_screen(AddScreen(reader.app.session, server.url("/feed")))
        await reader.settle()
        assert "Enter follows" in reader.shown()
        assert "Bridge closes" in reader.shown()


async def test_importing_opml(start, empty_library: Library, server, tmp_path):
    outlines = "".join(
        f"<outline text='{name}' xmlUrl='{server.url(path)}'/>"
        for name, path in (("Post", "/feed"), ("Gone [/]", "/gone"))
    )
    (tmp_path / "feeds.opml").write_text(f"<opml version='2.0'><body>{outlines}</body></opml>")
    async with start(on=empty_library, size=(120, 30)) as reader:
        await reader.press("j", "j", "j", "enter")
        await type_(reader, "/nowhere.opml")
        assert "can't be read" in reader.shown()
        await reader.pilot.press(*(["backspace"] * 13))
        await type_(reader, str(tmp_path / "feeds.opml"))
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
        assert "The page is back" in " ".join(reader.shown().split())  # lines are justified
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
