"""The politeness list (H1 to H24), as a server sees the whole library over days, its restarts included."""

import ast
from collections.abc import Callable
from datetime import timedelta
from email.utils import format_datetime
from itertools import count, pairwise
from pathlib import Path

import pytest
from hostile_server import HostileServer, hang, reply, say
from press import SETTINGS, Clock, asked, feed, followed, item, redirect, titles

from reader.library.answers import LibraryError
from reader.library.library import Library
from reader.model import FeedSettings
from reader.net import Net

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


@pytest.mark.scorecard("H1")
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


@pytest.mark.scorecard("H3", "H4")
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


@pytest.mark.scorecard("H5")
def test_h5_an_etag_that_comes_with_a_304_is_the_next_to_be_sent(library: Library, server):
    server.routes["/feed"] = feed(item("1"), headers=[ETAG, MODIFIED])
    library.feeds.add(server.url("/feed"))
    server.routes["/feed"] = reply("304 Not Modified", headers=['ETag: "c"'])
    library.refresh(force=True)
    library.refresh(force=True)
    assert server.asked[-1].header("If-None-Match") == '"c"'
    assert server.asked[-1].header("If-Modified-Since") == "Thu, 12 Nov 2026 08:00:00 GMT"


@pytest.mark.scorecard("H6")
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


@pytest.mark.scorecard("H7", "H8")
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


@pytest.mark.scorecard("H9")
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


@pytest.mark.scorecard("H9", "H23")
def test_h9_h23_a_hold_that_a_clock_set_back_leaves_behind_ends(library: Library, server, clock):
    server.routes["/feed"] = reply("503 Service Unavailable", headers=["Retry-After: 3600"])
    followed(library, server.url("/feed"))
    library.refresh()
    clock.now -= timedelta(days=365)
    server.routes["/feed"] = feed(item("1"))
    assert library.refresh().new == 1


@pytest.mark.scorecard("H10")
@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(reply("403 Forbidden"), id="403"),
        pytest.param(reply("404 Not Found"), id="404"),
        pytest.param(reply("500 Internal Server Error"), id="500"),
        pytest.param(hang, id="hangs"),
        pytest.param(say(), id="hangs up"),
        pytest.param(say(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n<rss>"), id="breaks off"),
        pytest.param(reply(body=b"<p>Back soon"), id="no feed"),
        pytest.param(None, id="refused"),
    ],
)
def test_h10_a_failure_is_not_tried_again_at_once_and_ever_more_seldom(
    start: Start, server, clock, answer, record_property
):
    server.routes["/feed"] = answer
    if answer is None:
        server.__exit__()
    at, asked_by_hand = [], 0
    for days in range(2):
        with start() as library:
            library._net_or_none = Net(now=clock, allow_private=SETTINGS.network.allow_private, deadline=0.1)
            library._net_or_none.start()
            if days == 0:
                followed(library, server.url("/feed"))
            for hour in range(28 * days, 28 * (days + 1)):
                at += [hour] * library.refresh().checked
                clock.now += HOUR
            if days == 1:
                asked_by_hand = sum(library.refresh(force=True).checked for _ in range(3))
                assert library.refresh().checked == 0
    waits = [later - earlier for earlier, later in pairwise(at)]
    assert waits == [2, 4, 8, 16, 24], "a day at most"
    assert asked_by_hand == 3
    if answer is not None:
        assert len(server.asked) == server.connections == len(at) + 3, "one request each, by hand too"
    record_property("figure", f"pauses of {', '.join(map(str, waits))} hours")


@pytest.mark.scorecard("H11")
def test_h11_following_a_feed_by_its_page_takes_one_request_for_each(library: Library, server):
    link = '<link rel="alternate" type="application/rss+xml" href="/feed">'
    server.routes |= {"/home": reply(body=f"<html><head>{link}</head>".encode()), "/feed": feed(item("1"))}
    library.feeds.add(server.url("/home"))
    library.refresh()
    assert server.targets() == ["/home", "/feed"]


@pytest.mark.scorecard("H12")
def test_h12_starting_again_and_again_asks_nothing(start: Start, server, full, record_property):
    count = 200 if full else 5
    for n in range(count):
        server.routes[f"/{n}"] = feed(item("1"))
    with start() as library:
        for n in range(count):
            followed(library, server.url(f"/{n}"))
        assert library.refresh().checked == count
    for _ in range(4):
        with start() as library:
            assert library.refresh().checked == 0
    assert len(server.asked) == count
    record_property("figure", f"{count} feeds, 4 restarts, {len(server.asked) - count} requests")


@pytest.mark.scorecard("H13")
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


@pytest.mark.scorecard("H13")
@pytest.mark.parametrize("status", [302, 303, 307])
def test_h13_a_feed_that_is_elsewhere_for_now_keeps_its_address(library: Library, server, status):
    server.routes |= {"/old": redirect(status, "/new"), "/new": feed(item("1"))}
    followed(library, server.url("/old"))
    for _ in range(5):
        library.refresh(force=True)
    assert [feed.url for feed in library.store.feeds()] == [server.url("/old")]


@pytest.mark.scorecard("H13")
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


@pytest.mark.scorecard("H13")
def test_h13_a_move_to_where_another_feed_is_leaves_both_as_they_are(library: Library, server):
    server.routes |= {"/old": redirect(301, "/new"), "/new": feed(item("1"))}
    for path in ("/old", "/new"):
        followed(library, server.url(path))
    for _ in range(4):
        assert library.refresh(force=True).failed == ()
    assert {feed.url for feed in library.store.feeds()} == {server.url("/new"), server.url("/old")}


@pytest.mark.scorecard("H14")
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


@pytest.mark.scorecard("H20")
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


@pytest.mark.scorecard("H17", "H18", "H21", "H24")
def test_h18_h21_h24_nothing_but_the_feed_is_asked_for_and_nothing_personal_sent(library: Library, server, clock):
    html = f"<a href='{server.url('/page')}'>more</a><img src='{server.url('/pixel')}'>"
    server.routes["/feed"] = feed(item("1", link=server.url("/page"), text=html), headers=["Set-Cookie: a=b"])
    followed(library, server.url("/feed"))
    for _ in range(3):
        library.refresh(force=True)
    assert server.targets() == ["/feed"] * 3
    assert {request.header(name) for request in server.asked for name in ("Cookie", "Referer")} == {None}
    assert len({request.header("User-Agent") for request in server.asked}) == 1


@pytest.mark.scorecard("H22")
def test_h22_one_address_is_one_feed_and_one_fetch(library: Library, server):
    server.routes["/feed"] = feed(item("1"))
    spellings = [server.url("/feed"), server.url("/feed"), server.url("/feed#top"), server.url("/feed").upper()[:4]]
    spellings[-1] += server.url("/feed")[4:]
    outlines = "".join(f"<outline type='rss' xmlUrl='{url}'/>" for url in spellings)
    came = library.feeds.take_in(f"<opml version='2.0'><body>{outlines}</body></opml>".encode())
    assert (came.added, len(library.store.feeds())) == (1, 1)
    library.refresh()
    for url in spellings:
        with pytest.raises(LibraryError, match="followed already"):
            library.feeds.add(url)
    assert server.targets() == ["/feed"]


@pytest.mark.scorecard("H18", "H21", "H24")
@pytest.mark.parametrize("further", [0, 2])
def test_h24_opening_an_article_fetches_its_pages_and_nothing_that_they_name(
    library: Library, server, elsewhere, further, record_property
):
    site = (server.url, elsewhere.url)
    heads = [
        "<link rel='{rel}' href='{url}'>", "<meta property='og:image' content='{url}'>",
        "<meta http-equiv='refresh' content='0; url={url}'>", "<script src='{url}'></script>",
        "<link rel='alternate' type='application/rss+xml' href='{url}'>",
    ]  # fmt: skip
    rels = ["stylesheet", "icon", "apple-touch-icon", "preload", "prefetch", "dns-prefetch", "manifest", "amphtml",
            "canonical", "prev", "author", "search", "modulepreload", "pingback", "webmention"]  # fmt: skip
    bodies = [
        "<img src='{url}' srcset='{url} 2x'>", "<iframe src='{url}'></iframe>", "<embed src='{url}'>",
        "<video src='{url}' poster='{url}'></video>", "<audio src='{url}'></audio>", "<object data='{url}'></object>",
        "<a href='{url}'>more</a>", "<a ping='{url}' href='{url}'>more</a>", "<form action='{url}'></form>",
        "<div style='background: url({url})'>x</div>", "<picture><source srcset='{url}'></picture>",
        "<svg><image href='{url}'/></svg>", "<track src='{url}'>",
    ]  # fmt: skip
    named = count(1)

    def all_of(kinds: list[str], **more: str) -> str:
        return "".join(kind.format(url=at(f"/named{next(named)}"), **more) for kind in kinds for at in site)

    pages = ["/story", *(f"/story?page={n}" for n in range(2, further + 2))]
    for path, onward in zip(pages, [*pages[1:], None], strict=True):
        head = "".join(all_of(heads[:1], rel=rel) for rel in rels) + all_of(heads[1:])
        head += f"<link rel='next' href='{onward}'>" if onward else ""
        own = "".join(
            f"<p>Of {path} and its {n} lamps Ada Lind spoke too, said the harbour office.</p>" for n in range(9)
        )
        text = f"<title>Bridge closes</title>{head}<body><article><h1>Bridge closes</h1>{own}{all_of(bodies)}</article>"
        server.routes[path] = reply(body=text.encode(), headers=["Content-Type: text/html; charset=utf-8"])
    enclosures = "".join(f"<enclosure url='{at('/sound.mp3')}' length='9' type='audio/mpeg'/>" for at in site)
    entry = item("1", link=server.url("/story"), text=all_of(bodies)).replace("</item>", f"{enclosures}</item>")
    icon = f"<image><url>{server.url('/logo')}</url></image><link>{server.url('/')}</link>"
    server.routes["/feed"] = feed(entry, asks=icon)
    library.feeds.add(server.url("/feed"))
    text = library.open(library.store.headlines()[0]).article.text
    assert all(f"Of {path} and its 5 lamps" in text for path in pages)
    assert server.targets() == ["/feed", *pages]
    assert elsewhere.connections == 0
    assert {request.header(name) for request in server.asked for name in ("Cookie", "Referer")} == {None}
    record_property("figure", f"{next(named) - 1} addresses named by {len(pages)} pages and a feed: 0 asked for")


@pytest.mark.scorecard("H23")
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


@pytest.mark.scorecard("H9")
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


@pytest.mark.scorecard(21)
def test_21_each_line_of_the_list_has_tests_that_bear_its_number(record_property):
    bearing: dict[str, list[str]] = {f"H{n}": [] for n in range(1, 25)}
    for path in Path(__file__).parents[1].rglob("test_*.py"):
        source = path.read_text(encoding="utf-8")
        for node in ast.walk(ast.parse(source)) if 'scorecard("H' in source else ():
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_"):
                marks = [one for decorator in node.decorator_list for one in ast.walk(decorator)]
                for call in marks:
                    if isinstance(call, ast.Call) and ast.unparse(call.func) == "pytest.mark.scorecard":
                        for number in map(ast.literal_eval, call.args):
                            bearing.setdefault(str(number), []).append(node.name)
    lines = {number: names for number, names in bearing.items() if number.startswith("H")}
    assert [number for number, names in lines.items() if not names] == []
    assert len(lines) == 24, "and there is no other"
    record_property("figure", f"24 lines, {len({name for names in lines.values() for name in names})} tests")
