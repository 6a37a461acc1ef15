"""A refresh as a whole: many feeds of which some fail, pages fetched ahead, and what is left running."""

import os
import signal
from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta
from time import monotonic

import pytest
from hostile_server import HostileServer, hang, reply
from press import PARAGRAPHS, SETTINGS, asked, feed, followed, item

from reader.library.library import Library
from reader.library.workers import Workers
from reader.model import FeedSettings
from reader.net import Net


class Struck(Workers):
    """Some that are killed from outside at their first tasks."""

    def __init__(self, times: int) -> None:
        super().__init__()
        self._times = times

    def submit(self, fn, /, *args, **kwargs):
        self._times -= 1
        return super().submit(*((fn, *args) if self._times < 0 else (die,)), **kwargs)


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


@pytest.mark.parametrize(("times", "failures"), [(1, 0), (2, 1)])
def test_a_feed_whose_worker_is_killed_from_outside_is_read_by_another(library: Library, server, times, failures):
    """Once: a machine that is short of memory is not to be asked forever."""
    server.routes["/feed"] = feed(item("1"))
    followed(library, server.url("/feed"))
    library._workers_or_none = Struck(times)
    came = library.refresh()
    (check,) = library.store.checks().values()
    assert (came.new, check.failures, check.error) == (
        (0, failures, "a worker process was killed") if failures else (1, 0, None)
    )
    assert server.targets() == ["/feed"]


@pytest.mark.scorecard(22)
@pytest.mark.parametrize("many", [True, False], ids=["many hosts", "one host"])
def test_22_feeds_that_hang_fail_or_are_broken_cost_the_others_nothing(
    library: Library, many: bool, full: bool, record_property
):
    count, hosts, entries, deadline = 200, (50 if many else 1), 50, 30.0
    if not full:
        count, hosts, entries, deadline = (100, 25, 3, 3.0) if many else (60, 1, 3, 4.5)
        library._net_or_none = Net(now=library.now, allow_private=SETTINGS.network.allow_private, deadline=deadline)
        library._net_or_none.start()
    bad = {3: hang, 13: hang, 7: reply("503 Oh no"), 8: reply(body=b"\0\xff" * 99)}  # 10 %, 5 % and 5 %
    failing, seen = set(), []
    with ExitStack() as running:
        servers = [running.enter_context(HostileServer(host=f"127.0.0.{2 + host}")) for host in range(hosts)]
        for n in range(count):
            server = servers[n % hosts]
            good = feed(*(item(f"{n}-{i}", title=f"News {i} of {n}") for i in range(entries)), title=str(n))
            server.routes[f"/{n}"] = bad.get(n % 20, good)
            if followed(library, server.url(f"/{n}")) and n % 20 in bad:
                failing.add(server.url(f"/{n}"))
        began = monotonic()
        came = library.refresh(report=seen.append)
        took = monotonic() - began
        asked_for = [target for server in servers for target in server.targets()]
    record_property(
        "figure",
        f"{count} feeds of {entries} on {hosts} {'hosts' if hosts > 1 else 'host'}, of {deadline:g} s each:"
        f" {took:.1f} s, {came.new} of {(count - len(failing)) * entries} entries",
    )
    assert took <= 60 * deadline / 30
    assert {feed.url for feed, _ in came.failed} == failing
    assert came.new == (count - len(failing)) * entries
    assert (came.checked, [one.done for one in seen], {one.total for one in seen}) == (
        count, [*range(1, count + 1)], {count},
    )  # fmt: skip
    assert sorted(asked_for) == sorted(f"/{n}" for n in range(count)), "each once"
    checks = library.store.checks().values()
    assert {check.error for check in checks} - {None} == {why for _, why in came.failed}
    assert all(why.isprintable() for _, why in came.failed)
    assert len({check.feed_id for check in checks if check.failures}) == len(failing)
    assert library.store.care.faults() == []


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
