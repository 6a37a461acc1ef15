"""The politeness list (H1 to H24), as a server sees the whole library over days, its restarts included."""

from collections.abc import Callable
from datetime import timedelta
from email.utils import format_datetime
from itertools import pairwise

import pytest
from hostile_server import HostileServer, reply
from press import Clock, asked, feed, followed, item, redirect, titles

from reader.library.answers import LibraryError
from reader.library.library import Library
from reader.model import FeedSettings

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ETAG, MODIFIED = 'ETag: "a"', "Last-Modified: Thu, 12 Nov 2026 08:00:00 GMT"
GONE = reply("304 Not Modified")

Start = Callable[..., Library]


def hourly(start: Start, clock: Clock, server: HostileServer, hours: int, target: str = "/feed") -> list[int]:
    """The hours from now in which a target is asked for by a program that is started anew half-way."""
    at = []
    for some in (range(hours // 2), range(hours // 2, hours)):
        with start() as library:
            for hour in some:
                before = len(asked(server, target))
                library.refresh()
                at += [hour] * (len(asked(server, target)) - before)
                clock.now += HOUR
    return at


def test_h1_the_first_fetch_is_unconditional_and_all_others_ask_for_what_is_new(start: Start, server, clock):
    server.routes["/feed"] = feed(item("1"), headers=[ETAG, MODIFIED])
    with start() as library:
        library.feeds.add(server.url("/feed"))
        library.refresh(force=True)  # as a person who presses the key
    clock.now += HOUR
    with start() as library:
        library.refresh()
    first, *others = [
        (request.header("If-None-Match"), request.header("If-Modified-Since")) for request in server.asked
    ]
    assert first == (None, None)
    assert others == [('"a"', "Thu, 12 Nov 2026 08:00:00 GMT")] * 2


def test_h3_h4_validators_are_those_of_the_last_answer(library: Library, server, clock):
    server.routes["/feed"] = feed(item("1"), headers=[ETAG, MODIFIED])
    library.feeds.add(server.url("/feed"))
    server.routes["/feed"] = feed(item("2"), headers=['ETag: "b"', MODIFIED])  # H4: the date stayed
    library.refresh(force=True)
    server.routes["/feed"] = feed(item("3"))
    library.refresh(force=True)
    library.refresh(force=True)
    assert [request.header("If-None-Match") for request in server.asked] == [None, '"a"', '"b"', None]
    assert server.asked[-1].header("If-Modified-Since") is None


def test_h5_an_etag_that_comes_with_a_304_is_the_next_to_be_sent(library: Library, server):
    server.routes["/feed"] = feed(item("1"), headers=[ETAG, MODIFIED])
    library.feeds.add(server.url("/feed"))
    server.routes["/feed"] = reply("304 Not Modified", headers=['ETag: "c"'])
    library.refresh(force=True)
    library.refresh(force=True)
    assert server.asked[-1].header("If-None-Match") == '"c"'
    assert server.asked[-1].header("If-Modified-Since") == "Thu, 12 Nov 2026 08:00:00 GMT"


def test_h6_validators_go_to_the_address_that_they_came_from_alone(start: Start, server):
    server.routes |= {"/feed": redirect(302, "/there"), "/there": feed(item("1"), headers=[ETAG])}
    with start() as library:
        library.feeds.add(server.url("/feed"))
    with start() as library:
        library.refresh(force=True)
        server.routes |= {"/feed": redirect(302, "/other"), "/other": feed(item("1"), item("2"), headers=['ETag: "o"'])}
        library.refresh(force=True)
        assert titles(library) == ["Bridge closes"] * 2
    sent = [(request.target, request.header("If-None-Match")) for request in server.asked]
    assert sent == [
        ("/feed", None), ("/there", None), ("/feed", None), ("/there", '"a"'), ("/feed", None), ("/other", None),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("headers", "own", "hours"),
    [
        ([ETAG], None, [*range(1, 26)]),
        ([], None, [24]),
        ([], 120, [*range(2, 26, 2)]),
        (["Cache-Control: max-age=18000", ETAG], None, [5, 10, 15, 20, 25]),  # H8
        (["Cache-Control: max-age=9000000", ETAG], None, [24]),  # H8, clamped
    ],
)
def test_h7_h8_an_hour_between_questions_a_day_without_validators_unless_the_person_says_otherwise(
    start: Start, server, clock, headers, own, hours
):
    server.routes["/feed"] = feed(item("1"), headers=headers)
    with start() as library:
        library.feeds.add(server.url("/feed"), settings=FeedSettings(interval=own))
    assert hourly(start, clock, server, 26) == hours


@pytest.mark.parametrize("status", ["429 Too Many Requests", "503 Service Unavailable"])
@pytest.mark.parametrize("as_date", [False, True])
def test_h9_a_host_that_asks_to_be_left_alone_is_by_all_its_feeds_restarts_and_force_included(
    start: Start, server, elsewhere, clock, status, as_date
):
    until = clock.now + timedelta(hours=5)
    wait = format_datetime(until, usegmt=True) if as_date else "18000"
    server.routes |= {"/busy": reply(status, headers=[f"Retry-After: {wait}"]), "/quiet": feed(item("1"))}
    elsewhere.routes["/feed"] = feed(item("1"))
    with start() as library:
        busy = followed(library, server.url("/busy"))
        library.refresh()
        quiet, _ = library.store.add_feed(server.url("/quiet"), title="Q", site=None, folder=None, now=clock.now)
        followed(library, elsewhere.url("/feed"))
    clock.now = until - timedelta(seconds=1)
    with start() as library:
        assert library.refresh().checked == 1, "another host is asked"
        came = library.refresh(force=True)
        assert [(one.id, held) for one, held in came.postponed] == [(busy.id, until), (quiet.id, until)]
        assert came.failed == ()
        assert server.targets() == ["/busy"]
        clock.now = until
        library.refresh()
    assert sorted(server.targets()) == ["/busy", "/busy", "/quiet"]


def test_h9_h23_a_hold_that_a_clock_set_back_leaves_behind_ends(library: Library, server, clock):
    server.routes["/feed"] = reply("503 Service Unavailable", headers=["Retry-After: 3600"])
    followed(library, server.url("/feed"))
    library.refresh()
    clock.now -= timedelta(days=365)
    server.routes["/feed"] = feed(item("1"))
    assert library.refresh().new == 1


@pytest.mark.parametrize("status", ["403 Forbidden", "404 Not Found", "500 Internal Server Error"])
def test_h10_a_failure_is_not_tried_again_at_once_and_ever_more_seldom(start: Start, server, clock, status):
    server.routes["/feed"] = reply(status)
    with start() as library:
        followed(library, server.url("/feed"))
    at = hourly(start, clock, server, 80)
    waits = [later - earlier for earlier, later in pairwise(at)]
    assert waits == sorted(waits)
    assert waits[0] >= 1
    assert waits[-1] == 24, "a day at most"


def test_h11_following_a_feed_by_its_page_takes_one_request_for_each(library: Library, server):
    link = '<link rel="alternate" type="application/rss+xml" href="/feed">'
    server.routes |= {"/home": reply(body=f"<html><head>{link}</head>".encode()), "/feed": feed(item("1"))}
    library.feeds.add(server.url("/home"))
    library.refresh()
    assert server.targets() == ["/home", "/feed"]


def test_h12_starting_again_and_again_asks_nothing(start: Start, server):
    for n in range(5):
        server.routes[f"/{n}"] = feed(item("1"))
    with start() as library:
        for n in range(5):
            followed(library, server.url(f"/{n}"))
        assert library.refresh().checked == 5
    for _ in range(4):
        with start() as library:
            assert library.refresh().checked == 0
    assert len(server.asked) == 5


@pytest.mark.parametrize("status", [301, 308])
def test_h13_a_feed_that_moved_for_good_three_times_in_a_row_is_asked_for_there(start: Start, server, status):
    server.routes |= {"/old": redirect(status, "/new"), "/new": feed(item("1"), headers=[ETAG])}
    with start() as library:
        followed(library, server.url("/old"))
    for moved in (False, False, True):
        with start() as library:
            library.refresh(force=True)
            assert [feed.url for feed in library.store.feeds()] == [server.url("/new" if moved else "/old")]
    server.asked.clear()
    with start() as library:
        library.refresh(force=True)
        assert len(library.store.headlines()) == 1
    assert [(request.target, request.header("If-None-Match")) for request in server.asked] == [("/new", '"a"')]


@pytest.mark.parametrize("status", [302, 303, 307])
def test_h13_a_feed_that_is_elsewhere_for_now_keeps_its_address(library: Library, server, status):
    server.routes |= {"/old": redirect(status, "/new"), "/new": feed(item("1"))}
    followed(library, server.url("/old"))
    for _ in range(5):
        library.refresh(force=True)
    assert [feed.url for feed in library.store.feeds()] == [server.url("/old")]


@pytest.mark.parametrize(
    "between",
    [{"/old": redirect(302, "/new")}, {"/old": redirect(301, "/other")}, {"/new": reply("500 Oh no")}],
    ids=["temporary", "another target", "a failure"],
)
def test_h13_a_series_of_moves_that_is_broken_starts_anew(library: Library, server, between):
    usual = {"/old": redirect(301, "/new"), "/new": feed(item("1")), "/other": feed(item("1"))}
    followed(library, server.url("/old"))
    for routes in (usual, usual, usual | between, usual, usual):
        server.routes = dict(routes)
        library.refresh(force=True)
    assert [feed.url for feed in library.store.feeds()] == [server.url("/old")]
    library.refresh(force=True)
    assert [feed.url for feed in library.store.feeds()] == [server.url("/new")]


def test_h13_a_move_to_where_another_feed_is_leaves_both_as_they_are(library: Library, server):
    server.routes |= {"/old": redirect(301, "/new"), "/new": feed(item("1"))}
    for path in ("/old", "/new"):
        followed(library, server.url(path))
    for _ in range(4):
        assert library.refresh(force=True).failed == ()
    assert {feed.url for feed in library.store.feeds()} == {server.url("/new"), server.url("/old")}


def test_h14_a_feed_that_is_gone_is_asked_for_no_more_and_its_articles_stay(start: Start, server, clock):
    server.routes["/feed"] = feed(item("1"))
    with start() as library:
        followed(library, server.url("/feed"))
        library.refresh()
        server.routes["/feed"] = reply("410 Gone")
        ((_, why),) = library.refresh(force=True).failed
        assert "gone for good" in why
    clock.now += timedelta(days=400)
    with start() as library:
        assert library.refresh().checked == library.refresh(force=True).checked == 0
        assert titles(library) == ["Bridge closes"]
    assert len(server.asked) == 2


@pytest.mark.parametrize(
    ("asks", "hours"),
    [
        ("<ttl>180</ttl>", [3, 6, 9, 12]),
        # It is nine in the morning of a Thursday.
        ("<skipHours><hour>10</hour><hour>11</hour><hour>14</hour></skipHours>", [3, 4, 6, 7, 8, 9, 10, 11, 12, 13]),
        ("<skipDays><day>Thursday</day></skipDays>", []),
    ],
)
def test_h20_what_a_feed_asks_for_stays_over_answers_that_bring_nothing(start: Start, server, clock, asks, hours):
    server.routes["/feed"] = feed(item("1"), headers=[ETAG], asks=asks)
    with start() as library:
        library.feeds.add(server.url("/feed"))
    server.routes["/feed"] = GONE
    assert hourly(start, clock, server, 14) == hours
    if not hours:
        assert hourly(start, clock, server, 2) == [1], "Friday begins"


def test_h18_h21_h24_nothing_but_the_feed_is_asked_for_and_nothing_personal_sent(library: Library, server, clock):
    html = f"<a href='{server.url('/page')}'>more</a><img src='{server.url('/pixel')}'>"
    server.routes["/feed"] = feed(item("1", link=server.url("/page"), text=html), headers=["Set-Cookie: a=b"])
    followed(library, server.url("/feed"))
    for _ in range(3):
        library.refresh(force=True)
    assert server.targets() == ["/feed"] * 3
    assert {request.header(name) for request in server.asked for name in ("Cookie", "Referer")} == {None}
    assert len({request.header("User-Agent") for request in server.asked}) == 1


def test_h22_one_address_is_one_feed_and_one_fetch(library: Library, server):
    server.routes["/feed"] = feed(item("1"))
    twice = f"<outline type='rss' xmlUrl='{server.url('/feed')}'/>" * 2
    came = library.feeds.take_in(f"<opml version='2.0'><body>{twice}</body></opml>".encode())
    assert (came.added, len(library.store.feeds())) == (1, 1)
    library.refresh()
    with pytest.raises(LibraryError, match="followed already"):
        library.feeds.add(server.url("/feed"))
    assert server.targets() == ["/feed"]


@pytest.mark.parametrize(("back", "most"), [(timedelta(hours=2), 0), (timedelta(days=30), 1), (DAY * 9000, 1)])
def test_h23_a_clock_set_back_causes_no_storm_and_loses_no_feed(start: Start, server, clock, back, most):
    server.routes["/feed"] = feed(item("1"), headers=[ETAG])
    with start() as library:
        library.feeds.add(server.url("/feed"))
    server.asked.clear()
    clock.now -= back
    for _ in range(5):
        with start() as library:
            library.refresh()
    assert len(server.asked) == most
    clock.now += timedelta(hours=3)
    with start() as library:
        library.refresh()
    assert len(server.asked) == most + 1


def test_a_paused_feed_is_not_asked_for_be_it_by_force(library: Library, server):
    server.routes["/feed"] = feed(item("1"))
    paused, _ = library.feeds.add(server.url("/feed"), settings=FeedSettings(paused=True))
    library.refresh(force=True)
    assert server.targets() == ["/feed"]
    assert library.store.feeds() == [paused]


def test_a_page_is_not_asked_for_either_as_long_as_its_server_wants_to_be_left_alone(library: Library, server, clock):
    """H9"""
    links = [item(str(n), link=server.url(f"/page{n}"), title=f"Page {n}") for n in range(5)]
    server.routes["/feed"] = feed(*links)
    for n in range(5):
        server.routes[f"/page{n}"] = reply("429 Too Many Requests", headers=["Retry-After: 3600"])
    library.feeds.add(server.url("/feed"))
    first, *others = library.store.headlines()
    assert "429" in library.open(first).notice
    for entry_id in others:
        assert "its server asked to be left alone until" in library.open(entry_id).notice
    assert sum(len(asked(server, f"/page{n}")) for n in range(5)) == 1
    clock.now += timedelta(hours=2)
    library.open(others[0])
    assert sum(len(asked(server, f"/page{n}")) for n in range(5)) == 2
