"""A large library kept open for a day: its log stays small, and neither the program nor its workers grow (36)."""

import json
import random
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from email.utils import format_datetime
from html import escape
from pathlib import Path

import pytest
from day import Words, link
from press import Clock
from terminal import environment

from benchmarks.newsstand import Newsstand

LOG = 64 * 2**20
GROWTH = 0.10
CARRIED = 10
"""Entries that a feed carries at a time."""
CHANGING = 0.12
"""The share of feeds that bring something in an hour; the others are unchanged."""


class Outlets:
    """Feeds that go on from what the library knows of them."""

    def __init__(self, folder: Path, feeds: int, entries: int) -> None:
        self._words, self._draw, self._folder = Words(), random.Random(24), folder
        self._latest = [entries] * feeds
        self._items: list[list[str]] = [[] for _ in range(feeds)]
        self.now = Clock().now
        for feed in range(feeds):
            self._items[feed] = [self._item(feed, number) for number in range(max(0, entries - CARRIED), entries)]
            self._path(feed).write_bytes(self._body(feed))
        self.stand = Newsstand([self._path(feed) for feed in range(feeds)])

    def _path(self, feed: int) -> Path:
        return self._folder / f"{feed}.xml"

    def _item(self, feed: int, number: int) -> str:
        url = link(feed, number)
        text = "".join(f"<p>{one}</p>" for one in self._words.paragraphs(url))
        return (
            f"<item><title>{self._words.title(url)}</title><link>{url}</link><guid>{url}</guid>"
            f"<pubDate>{format_datetime(self.now)}</pubDate><description>{escape(text)}</description></item>"
        )

    def _body(self, feed: int) -> bytes:
        items = "".join(self._items[feed])
        return f"<rss version='2.0'><channel><title>Outlet {feed}</title>{items}</channel></rss>".encode()

    def an_hour_later(self) -> int:
        """Let some feeds bring something; returns how many articles."""
        self.now += timedelta(hours=1)
        brought = 0
        for feed in self._draw.sample(range(len(self._items)), round(CHANGING * len(self._items))):
            for _ in range(self._draw.randint(1, 3)):
                self._items[feed] = [*self._items[feed][1 - CARRIED :], self._item(feed, self._latest[feed])]
                self._latest[feed] += 1
                brought += 1
            self.stand.carry(feed, self._body(feed))
        return brought


def memory(pid: int) -> float:
    """Megabytes that a process and all below it hold, those that they share parted among them."""
    return sum(memories(pid))


def memories(pid: int) -> list[float]:
    """Those of each."""
    found, pids = [], [pid]
    while pids:
        at = Path(f"/proc/{pids.pop()}")
        with suppress(OSError):  # a worker may end at any time
            for task in (at / "task").iterdir():
                pids += map(int, (task / "children").read_text().split())
            held = (at / "smaps_rollup").read_text().partition("\nPss:")[2]
            found.append(int(held.split()[0]) // 1024 if held else 0)
    return found


@contextmanager
def watched(log: Path) -> Iterator[list[int]]:
    """How large a file has been at most, looked at a hundred times a second."""
    most, over = [0], threading.Event()

    def watch() -> None:
        while not over.wait(0.01):
            with suppress(OSError):
                most[0] = max(most[0], log.stat().st_size)

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield most
    finally:
        over.set()
        thread.join()


@pytest.mark.scorecard(36)
@pytest.mark.timeout(1800)
@pytest.mark.skipif(not Path("/proc/self/smaps_rollup").exists(), reason="memory is read from /proc")
def test_a_day_leaves_the_log_small_and_the_memory_as_it_was(
    tmp_path: Path, full: bool, record_property: Callable[[str, object], None]
):
    feeds, entries, highlights, hours, opened = (1_000, 95, 10_000, 24, 6) if full else (40, 10, 50, 3, 0)
    path = tmp_path / "library.sqlite"
    outlets = Outlets(tmp_path, feeds, entries)
    words = list(map(str, (path, feeds, entries, highlights, opened)))
    root = Path(__file__).parents[2]
    with outlets.stand.open(), watched(path.with_name("library.sqlite-wal")) as log:
        process = subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name("day.py")), *words],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=environment(tmp_path) | {"PYTHONPATH": f"{root}:{root / 'tests'}"},
        )
        assert process.stdin
        assert process.stdout

        def told(line: str) -> dict[str, object]:
            process.stdin.write(line)
            process.stdin.flush()
            answer = process.stdout.readline()
            assert answer, "the program broke off"
            return json.loads(answer)

        try:
            kept = told("".join(f"{url}\n" for url in outlets.stand.urls))
            assert kept["articles"] >= feeds * entries
            assert kept["highlights"] == highlights
            filled, held, came = log[0], [], 0
            for hour in range(hours):
                brought = outlets.an_hour_later() if hour else 0
                answer = told("hour\n")
                held.append(memory(process.pid))
                print(hour, answer["new"], *memories(process.pid), f"log {log[0] >> 20}", flush=True)
                came += brought
                assert answer["failed"] == []
                assert (answer["checked"], answer["new"]) == (feeds, brought)
            assert bool(answer["claims"]) == bool(opened)
            process.stdin.close()
            ended = json.loads(process.stdout.readline())
            assert process.wait(60) == 0
        finally:
            process.kill()
            process.wait()
            process.stdout.close()
    assert ended == {"faults": [], "articles": kept["articles"] + came}
    stand, growth = outlets.stand, held[-1] / held[1] - 1
    record_property(
        "figure",
        f"{feeds:,} feeds, {kept['articles']:,} articles, {highlights:,} highlights; {hours} hours with {came:,} new"
        f" articles, {stand.unchanged:,} of {stand.unchanged + stand.full:,} answers unchanged:"
        f" log {log[0] / 2**20:.1f} MB at most ({filled / 2**20:.1f} as it was filled),"
        f" memory {held[1]:.0f} MB after 2 hours, {held[-1]:.0f} MB after {hours} ({growth:+.1%})",
    )
    assert log[0] <= LOG
    assert growth <= GROWTH or not full  # in a few hours of a small library it is the first of everything that counts
