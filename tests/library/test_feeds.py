"""Looking at a feed before it is followed, giving it another address, and having it again after it was removed."""

from dataclasses import replace

import pytest
from hostile_server import HostileServer, reply
from press import Clock, asked, feed, item, titles

from reader.library.answers import AlreadyFollowed, LibraryError, SeveralFeeds
from reader.library.library import Library
from reader.model import Brought, FeedCheck, FeedSettings

TEXT = "<p>The north bridge has carried the road to the islands for ninety years, said the harbour master.</p>" * 9


def dated(guid: str, day: int, title: str, text: str = TEXT) -> str:
    return item(guid, title=title, text=text, published=f"{day:02} Nov 2026 09:00:00 GMT")


@pytest.mark.scorecard("H11")
def test_a_feed_is_read_once_and_what_was_read_is_kept(library: Library, server: HostileServer):
    server.routes["/feed"] = feed(dated("1", 9, "Old"), dated("2", 11, "New"), dated("3", 10, "Between"))
    preview = library.feeds.preview(server.url("/feed"))
    assert library.store.feeds() == []
    assert preview.title == "The Harbour Post"
    assert [title for title, _ in preview.headlines] == ["New", "Between", "Old"]
    assert preview.count == 3
    assert preview.a_day == pytest.approx(1)
    assert not preview.openings
    followed, new = library.feeds.follow(preview, folder="Sea", settings=FeedSettings(full_text=True))
    assert new == 3
    assert library.store.feeds() == [followed]
    assert (followed.folder, followed.settings.full_text) == ("Sea", True)
    assert titles(library) == ["New", "Between", "Old"]
    assert len(asked(server, "/feed")) == 1


def test_what_was_read_is_asked_for_by_its_validators_the_next_time(
    library: Library, server: HostileServer, clock: Clock
):
    server.routes["/feed"] = feed(item("1"), headers=['ETag: "one"'])
    library.feeds.follow(library.feeds.preview(server.url("/feed")))
    library.refresh(force=True)
    assert [one.header("If-None-Match") for one in asked(server, "/feed")] == [None, '"one"']


def test_a_preview_tells_a_feed_of_openings_and_counts_beyond_what_it_shows(library: Library, server: HostileServer):
    server.routes["/feed"] = feed(*(item(str(n), link=server.url("/page"), text="The bridge …") for n in range(20)))
    preview = library.feeds.preview(server.url("/feed"))
    assert preview.openings
    assert (len(preview.headlines), preview.count, preview.a_day) == (8, 20, None)


def test_an_empty_feed_can_be_looked_at(library: Library, server: HostileServer):
    server.routes["/feed"] = feed()
    preview = library.feeds.preview(server.url("/feed"))
    assert (preview.headlines, preview.count, preview.openings) == ((), 0, False)


def test_a_page_leads_to_its_feed_and_a_choice_is_left_to_the_person(library: Library, server: HostileServer):
    link = '<link rel="alternate" type="application/rss+xml" href="{}">'
    server.routes |= {
        "/feed": feed(item("1")),
        "/one": reply(body=f"<html>{link.format('/feed')}</html>".encode()),
        "/two": reply(body=f"<html>{link.format('/feed')}{link.format('/more')}</html>".encode()),
    }
    assert library.feeds.preview(server.url("/one")).url == server.url("/feed")
    with pytest.raises(SeveralFeeds) as several:
        library.feeds.preview(server.url("/two"))
    assert [found.url for found in several.value.found] == [server.url("/feed"), server.url("/more")]


@pytest.mark.scorecard("H11", "H21")
def test_a_page_that_names_no_feed_is_asked_for_once_and_nothing_is_guessed(library: Library, server: HostileServer):
    page = '<html><head><link rel="icon" href="/icon"><link rel="manifest" href="/app"><title>Post</title></head>'
    page += '<body><a href="/about">About</a><a href="/news">News</a></body></html>'
    server.routes |= {"/": reply(body=page.encode(), headers=["Content-Type: text/html"]), "/feed": feed(item("1"))}
    with pytest.raises(LibraryError, match="it names no feed"):
        library.feeds.add(server.url("/"))
    assert server.targets() == ["/"]
    assert library.store.feeds() == []


def test_a_feed_that_is_followed_already_is_named_and_not_asked_for(library: Library, server: HostileServer):
    server.routes["/feed"] = feed(item("1"))
    preview = library.feeds.preview(server.url("/feed"))
    followed, _ = library.feeds.follow(preview)
    with pytest.raises(AlreadyFollowed, match="is followed already") as refused:
        library.feeds.preview(server.url("/feed"))
    assert refused.value.feed == followed
    with pytest.raises(AlreadyFollowed):
        library.feeds.follow(preview)
    assert len(asked(server, "/feed")) == 1


def test_a_feed_is_given_another_address_and_keeps_what_it_brought(library: Library, server: HostileServer):
    server.routes["/old"] = feed(item("1", title="Before"))
    was, _ = library.feeds.add(server.url("/old"), folder="Sea")
    (before,) = library.store.headlines()
    library.mark([before], read=True)
    link = '<html><link rel="alternate" type="application/rss+xml" href="/new"></html>'
    server.routes |= {
        "/old": reply("410 Gone"),
        "/site": reply(body=link.encode()),
        "/new": feed(item("1", title="Before"), item("2", title="After")),
    }
    library.refresh(force=True)
    assert library.store.checks()[was.id].gone
    moved, new = library.feeds.move(was, server.url("/site"))
    assert new == 1
    assert moved == replace(was, url=server.url("/new"))
    assert library.store.feeds() == [moved]
    assert len(asked(server, "/new")) == 1
    assert library.store.entries([before])[before].read
    check = library.store.checks()[was.id]
    assert (check.gone, check.error, check.failures) == (False, None, 0)


def test_an_address_that_leads_nowhere_is_refused_and_the_feed_stays_where_it_was(
    library: Library, server: HostileServer
):
    server.routes["/feed"] = feed(item("1"))
    was, _ = library.feeds.add(server.url("/feed"))
    with pytest.raises(LibraryError, match="404 Not Found"):
        library.feeds.move(was, server.url("/nowhere"))
    assert library.store.feeds() == [was]


def test_a_removed_feed_is_had_again_with_what_was_set(library: Library, server: HostileServer):
    server.routes["/feed"] = feed(item("1", title="Bridge closes"))
    was, _ = library.feeds.add(server.url("/feed"), folder="Sea", settings=FeedSettings(interval=90))
    was = replace(was, title="Harbour")
    library.feeds.change(was)
    library.feeds.remove(was)
    assert titles(library) == []
    again = library.feeds.restore(was)
    assert replace(again, id=was.id) == was
    assert library.store.feeds() == [again]
    library.refresh()
    assert titles(library) == ["Bridge closes"]


def test_what_is_saved_of_a_removed_feed_is_its_again(library: Library, server: HostileServer):
    server.routes["/feed"] = feed(item("1", title="Kept"), item("2", title="Goes"))
    was, _ = library.feeds.add(server.url("/feed"))
    kept = next(id for id, entry in library.store.entries(library.store.headlines()).items() if entry.title == "Kept")
    library.store.star([kept], starred=True, now=library.now())
    assert library.feeds.remove(was) == 1
    assert library.feeds.restore(was) == was
    assert kept in library.store.headlines(feed_id=was.id)


def test_a_change_is_taken_back_from_the_feed_at_the_address_and_no_other(library: Library, server: HostileServer):
    server.routes |= {"/a": feed(item("1"), title="A"), "/b": feed(item("1"), title="B")}
    was, _ = library.feeds.add(server.url("/a"))
    library.feeds.change(replace(was, title="Renamed"))
    library.feeds.remove(was)
    other, _ = library.feeds.add(server.url("/b"))  # may well get the number that is free now
    library.feeds.restore(was)
    assert {feed.url: feed.title for feed in library.store.feeds()} == {was.url: "A", other.url: "B"}


def test_an_address_is_taken_back_and_the_feed_is_due_there(library: Library, server: HostileServer):
    server.routes |= {"/old": feed(item("1")), "/new": feed(item("1"), item("2"))}
    was, _ = library.feeds.add(server.url("/old"))
    moved, _ = library.feeds.move(was, server.url("/new"))
    assert library.feeds.restore(was, at=moved.url) == was
    assert library.store.feeds() == [was]
    assert library.refresh().checked == 1
    assert len(asked(server, "/old")) == 2


def test_what_is_given_to_move_needs_no_check_of_before(library: Library, server: HostileServer):
    server.routes["/new"] = feed(item("1"))
    never, _ = library.store.add_feed(server.url("/old"), title="Never", site=None, folder=None, now=library.now())
    library.store.save([Brought(check=FeedCheck(feed_id=never.id, error="the server answered 404"))], now=library.now())
    moved, new = library.feeds.move(never, server.url("/new"))
    assert (moved.id, moved.title, new) == (never.id, "Never", 1)
