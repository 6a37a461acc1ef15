"""A refresh that is killed at any moment leaves a library that is sound and that goes on (23)."""

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path

import pytest
from hostile_server import HostileServer
from press import PARAGRAPHS, SETTINGS, feed, item
from terminal import environment

from reader.library.library import Library
from reader.model import Feed, Span
from reader.store.store import Store

SECONDS = 120
"""That a refresh, or what it leaves running, may take at most."""


class Newsstand:
    """Feeds on loopback, of which a library knows an earlier edition from which something was saved."""

    def __init__(self, server: HostileServer, folder: Path, *, feeds: int, per: int, known: int) -> None:
        self.server, self.folder, self.feeds, self.per = server, folder, feeds, per
        self.path = folder / "library.sqlite"
        self.config, self.said = folder / "config.toml", folder / "said"
        self.config.write_text('[network]\nallow_private = ["127.0.0.0/8"]\n')
        self._publish(known)
        with Library(self.path, settings=SETTINGS) as library:
            for n in range(feeds):
                library.store.add_feed(server.url(f"/{n}"), title="", site=None, folder=None, now=library.now())
            assert library.refresh().new == feeds * known
            for entry_id in library.store.headlines()[::7]:
                library.saved.keep(library.saved.of(library.open(entry_id), Span(0, 20)))
            self.saved = library.store.highlights.all()
            library.store.care.tidy()
        self._earlier = self.path.read_bytes()
        self._publish(per)

    def _publish(self, count: int) -> None:
        """Carry so many entries a feed; what was carried before is edited."""
        for n in range(self.feeds):
            items = [
                item(f"{n}-{m}", title=f"Pier {m} of {n}", text=f"<p>Edition {count} of {n} and {m}.</p>{PARAGRAPHS}")
                for m in range(count)
            ]
            self.server.routes[f"/{n}"] = feed(*items, title=f"Post {n}")

    def renew(self) -> None:
        """Put the library back to what it was before the refresh."""
        for left in self.folder.glob("library.sqlite*"):
            left.unlink()
        self.path.write_bytes(self._earlier)

    def begin(self) -> subprocess.Popen[bytes]:
        """Start a refresh; returns when it has asked for its first feed."""
        self.server.asked.clear()
        words = ["--library", str(self.path), "--config", str(self.config), "refresh", "--force", "--quiet"]
        with self.said.open("wb") as said:
            process = subprocess.Popen(
                [sys.executable, "-m", "reader", *words],
                stdout=subprocess.DEVNULL,
                stderr=said,
                start_new_session=True,
                env=environment(self.folder),
            )
        until(lambda: bool(self.server.asked) or process.poll() is not None)
        return process


def until(met: Callable[[], bool]) -> None:
    end = time.monotonic() + SECONDS
    while not met():
        assert time.monotonic() < end
        time.sleep(0.002)


def is_over(group: int) -> bool:
    """Whether nothing is left of a process and of those that it started."""
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return True
    return False


def killed(process: subprocess.Popen[bytes], *, after: float) -> bool:
    """Kill a refresh that is so old, but none of its helpers; returns whether it was still running."""
    with suppress(subprocess.TimeoutExpired):
        process.wait(after)
    running = process.poll() is None
    process.kill()
    process.wait()
    try:
        until(lambda: is_over(process.pid))  # its helpers end by themselves
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    return running


def entries(store: Store) -> Counter[tuple[int, str, str]]:
    return Counter((one.feed_id, one.guid, one.title) for one in store.entries(store.headlines()).values())


def wanted(feeds: list[Feed], per: int) -> Counter[tuple[int, str, str]]:
    numbers = {feed.id: feed.url.rpartition("/")[2] for feed in feeds}
    return Counter((id, f"{n}-{m}", f"Pier {m} of {n}") for id, n in numbers.items() for m in range(per))


@pytest.mark.scorecard(23)
@pytest.mark.timeout(5400)
def test_a_refresh_that_is_killed_loses_and_doubles_nothing_and_the_next_completes(
    tmp_path: Path, server: HostileServer, full: bool, record_property: Callable[[str, object], None]
):
    points, size = (200, {"feeds": 200, "per": 50, "known": 5}) if full else (3, {"feeds": 10, "per": 5, "known": 2})
    stand = Newsstand(server, tmp_path, **size)
    stand.renew()
    process, began = stand.begin(), time.monotonic()
    assert process.wait(SECONDS) == 0, stand.said.read_text()
    takes = time.monotonic() - began
    chance = random.Random(23)
    running, between, every = 0, 0, 10 if full else points
    for point in range(points):
        stand.renew()
        alive = killed(stand.begin(), after=(after := chance.uniform(0, takes)))
        running += alive
        takes = takes if alive else min(takes, 0.7 * after)  # what else runs on this machine has become less
        with closing(Store(stand.path)) as store:
            assert store.care.faults() == []
            assert store.highlights.all() == stand.saved
            came = entries(store)
            everything = wanted(store.feeds(), stand.per)
            assert came <= everything
            between += size["known"] * size["feeds"] < came.total() < everything.total()
        if (point + 1) % every:
            continue
        assert stand.begin().wait(SECONDS) == 0, stand.said.read_text()
        with closing(Store(stand.path)) as store:
            assert entries(store) == everything
            assert store.highlights.all() == stand.saved
    assert running >= points // 2
    assert not full or between >= points // 4
    record_property(
        "figure",
        f"{points} points of {takes:.1f} s for {size['feeds']} feeds x {size['per']}, {between} with a part of the"
        f" entries: sound, {len(stand.saved)} highlights kept, 0 doubled; {points // every} gone on with, complete",
    )
