"""Lists of feeds at an address, followed as they change."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from hostile_server import reply
from press import Clock, asked, feed, item

from reader.library.answers import LibraryError
from reader.library.library import Library

DAY = timedelta(days=1)


def listing(server, *names: str, headers=(), folder: str = "") -> bytes:
    feeds = "".join(f"<outline type='rss' text='{name}' xmlUrl='{server.url(f'/{name}')}'/>" for name in names)
    grouped = f"<outline text='{folder}'>{feeds}</outline>" if folder else feeds
    return reply(body=f"<opml version='2.0'><body>{grouped}</body></opml>".encode(), headers=headers)


@pytest.fixture(autouse=True)
def feeds_of_it(server):
    for name in ("a", "b", "c"):
        server.routes[f"/{name}"] = feed(item(name, title=f"News of {name}"), title=name)


def test_a_feed_that_comes_into_a_list_is_followed_at_the_next_refresh_and_one_that_left_stays(
    start: Callable[..., Library], server, clock: Clock
):
    server.routes["/list"] = listing(server, "a", "b")
    with start() as library:
        came = library.feeds.follow_list(server.url("/list"), folder="Shared")
        assert (came.added, came.known) == (2, 0)
        library.refresh()
        assert {(feed.title, feed.folder) for feed in library.store.feeds()} == {("a", "Shared"), ("b", "Shared")}
        server.routes["/list"] = listing(server, "b", "c", folder="Harbour")
        library.refresh()
        assert len(library.store.feeds()) == 2, "a list rests for a day"
    clock.now += DAY
    with start() as library:
        assert library.refresh().new == 1
        assert {(feed.title, feed.folder) for feed in library.store.feeds()} == {
            ("a", "Shared"), ("b", "Shared"), ("c", "Harbour"),
        }  # fmt: skip
    assert len(asked(server, "/list")) == 2


def test_a_list_is_asked_for_what_is_new_and_a_304_changes_nothing(start: Callable[..., Library], server, clock):
    server.routes["/list"] = listing(server, "a", headers=['ETag: "l"'])
    with start() as library:
        library.feeds.follow_list(server.url("/list"))
        (one,) = library.store.feeds()
        library.feeds.remove(one)
    server.routes["/list"] = reply("304 Not Modified")
    for _ in range(2):
        clock.now += DAY
        with start() as library:
            assert library.refresh().lists == ()
            assert library.store.feeds() == []
    assert [request.header("If-None-Match") for request in server.asked] == [None, '"l"', '"l"']


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (reply("500 Oh no"), "the server answered 500"),
        (reply(body=b"<html>no list"), "it is"),
    ],
)
def test_a_list_that_fails_is_told_stops_no_feed_and_is_asked_again_later(library: Library, server, clock, answer, why):
    with pytest.raises(LibraryError, match="404"):
        library.feeds.follow_list(server.url("/list"))
    assert library.store.lists.all() == []
    server.routes["/list"] = listing(server, "a")
    library.feeds.follow_list(server.url("/list"))
    library.refresh()
    server.routes |= {"/list": answer, "/a": feed(item("a"), item("more"), title="a")}
    clock.now += DAY
    came = library.refresh()
    ((url, told),) = came.lists
    assert url == server.url("/list")
    assert why in told
    assert came.new == 1
    (kept,) = library.store.lists.all()
    assert (kept.failures, kept.error) == (1, told)
    before = len(asked(server, "/list"))
    assert library.refresh().lists == ()
    assert len(asked(server, "/list")) == before
    server.routes["/list"] = listing(server, "b")
    clock.now += 2 * DAY
    assert library.refresh().lists == ()
    assert {feed.title for feed in library.store.feeds()} == {"a", "b"}
    assert [(one.failures, one.error) for one in library.store.lists.all()] == [(0, None)]


def test_a_list_followed_no_more_leaves_its_feeds(library: Library, server, clock):
    server.routes["/list"] = listing(server, "a")
    library.feeds.follow_list(server.url("/list"))
    assert library.store.lists.remove(server.url("/list"))
    assert not library.store.lists.remove(server.url("/list"))
    clock.now += DAY
    library.refresh()
    assert len(asked(server, "/list")) == 1
    assert [feed.title for feed in library.store.feeds()] == ["a"]


def test_a_feed_that_was_removed_does_not_come_back_when_its_list_changes(library: Library, server, clock):
    server.routes["/list"] = listing(server, "a", "b")
    library.feeds.follow_list(server.url("/list"))
    (a, _) = library.store.feeds()
    library.feeds.remove(a)
    server.routes["/list"] = listing(server, "a", "b", "c")
    clock.now += DAY
    library.refresh()
    assert [feed.title for feed in library.store.feeds()] == ["b", "c"]
