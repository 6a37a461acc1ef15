"""A refresh as a whole: many feeds of which some fail, pages fetched ahead, and what is left running."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hostile_server import HostileServer, hang, reply
from press import PARAGRAPHS, SETTINGS, asked, feed, followed, item

from reader.library.library import Library
from reader.model import FeedSettings
from reader.net import Net


@pytest.fixture
def hasty(library: Library):
    """A library that waits half a second for a server."""
    library._net_or_none = Net(now=library.now, allow_private=SETTINGS.network.allow_private, deadline=0.5)
    library._net_or_none.start()
    return library


def test_22_feeds_that_hang_fail_or_are_broken_cost_the_others_nothing(hasty: Library, server: HostileServer):
    for n in range(40):
        server.routes[f"/{n}"] = feed(item("1", title=f"News of {n}"), title=str(n))
        followed(hasty, server.url(f"/{n}"))
    bad = {f"/{n}": hang for n in (3, 13, 23, 33)} | {f"/{n}": reply("503 Oh no") for n in (7, 27)}
    server.routes |= bad | {"/18": reply(body=b"<rss><channel><item><title>"), "/38": reply(body=b"\0\xff" * 99)}
    seen = []
    came = hasty.refresh(report=seen.append)
    failed = {feed.url.removeprefix(server.url("")) for feed, _ in came.failed}
    assert failed >= {"/38", *bad}
    assert failed <= {"/18", "/38", *bad}
    assert came.new == 32
    assert (came.checked, [one.done for one in seen], {one.total for one in seen}) == (40, [*range(1, 41)], {40})
    assert sorted(server.targets()) == sorted(f"/{n}" for n in range(40))
    errors = {check.error for check in hasty.store.checks().values()} - {None}
    assert errors == {why for _, why in came.failed}
    assert all(error.isprintable() for error in errors)
    assert hasty.store.care.faults() == []


def test_a_feed_whose_pages_are_wanted_has_those_of_new_entries_fetched_once(library: Library, server):
    server.routes |= {f"/{n}": server.routes["/page"] for n in range(4)}

    def serve(count: int) -> None:
        items = [item(str(n), link=server.url(f"/{n}"), title=f"Headline {n}") for n in range(count)]
        server.routes["/feed"] = feed(*items)

    serve(1)
    one, _ = library.feeds.add(server.url("/feed"), settings=FeedSettings(full_text=True))
    serve(3)
    assert library.refresh(force=True).new == 2
    assert sorted(server.targets()) == ["/1", "/2", "/feed", "/feed"]
    entries = library.store.entries(library.store.headlines(feed_id=one.id))
    texts = {entry.title: library.store.article(id).text for id, entry in entries.items()}
    assert ["ninety years" in texts[f"Headline {n}"] for n in range(3)] == [False, True, True]
    server.routes["/3"] = reply("500 Oh no")
    serve(4)
    assert library.refresh(force=True).new == 1, "a page that fails stops nothing"
    library.refresh(force=True)
    assert [len(asked(server, f"/{n}")) for n in range(4)] == [0, 1, 1, 1]
    (newest,) = set(library.store.headlines(feed_id=one.id)) - set(entries)
    assert library.store.article(newest).extractor == "teaser", "to be fetched when it is opened"


def test_feeds_that_carry_but_openings_are_noticed(library: Library, server):
    server.routes |= {
        "/teasing": feed(*(item(str(n), text="The north bridge …") for n in range(30)), title="Teasing"),
        "/whole": feed(item("1", text=PARAGRAPHS * 4), title="Whole"),
        "/half": feed(item("1", text=PARAGRAPHS * 4), item("2"), title="Half"),
        "/empty": feed(title="Empty"),
    }
    for path in ("/teasing", "/whole", "/half", "/empty"):
        library.feeds.add(server.url(path))
    names = {feed.id: feed.title for feed in library.store.feeds()}
    assert {names[id]: share for id, share in library.store.teasers().items()} == {
        "Teasing": 1.0, "Whole": 0.0, "Half": 0.5,
    }  # fmt: skip


def test_hours_of_refreshing_leave_no_connection_behind(library: Library, server, clock):
    one = followed(library, server.url("/feed"))
    library.feeds.change(replace(one, settings=FeedSettings(full_text=True)))
    counts = []
    for n in range(8):
        server.routes["/feed"] = feed(*(item(f"{n}-{m}", link=server.url("/page"), title=str(n)) for m in range(4)))
        library.refresh(force=True)
        clock.now += timedelta(hours=1)
        counts.append(len(library.store._at._of))
    assert counts[-1] <= counts[2] <= 12
