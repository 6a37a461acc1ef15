"""How fast the screen answers: keys, opening, a long text, a refresh behind it; what it costs at rest.

    python benchmarks/screen.py [--quick]

The reader runs on a pty with a terminal emulator behind it, on a library of 100,000 articles, as in library.py. Times
are from the key to the bytes that changed the screen. The event loop is watched from within, in a process that runs
the application without a terminal. Results go to benchmarks/results.json.
"""

import argparse
import asyncio
import contextlib
import os
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from ipaddress import ip_network
from pathlib import Path
from typing import Any

from keep import keep, row, show
from library import NOW, filled
from newsstand import Newsstand, Writer, make
from terminal import Terminal

from reader.config import Network, Settings
from reader.library.library import Library
from reader.model import Article, Block, BlockKind, Span
from reader.tui.app import NewsApp

SIZE = (160, 45)
LOOPBACK = Settings(network=Network(allow_private=(ip_network("127.0.0.0/8"),)))


def p95(times: Sequence[float]) -> float:
    return statistics.quantiles(times, n=20)[-1] * 1000


@contextlib.contextmanager
def reader(library: Path, work: Path) -> Iterator[Terminal]:
    (work / "config.toml").write_text("[refresh]\non_start = false\n")
    command = [sys.executable, "-m", "reader", "--library", library, "--config", work / "config.toml"]
    with Terminal(command, size=SIZE, environment={"HOME": str(work)}) as terminal:
        yield terminal


def starts(library: Path, work: Path, rounds: int) -> list[dict[str, Any]]:
    times = []
    for _ in range(rounds):
        begun = time.perf_counter()
        with reader(library, work) as terminal:
            times.append(terminal.until("●") - begun)
    return [row("start to the first usable screen", statistics.median(times), "s", 0.8)]


def walks(library: Path, work: Path, keys: int) -> list[dict[str, Any]]:
    with reader(library, work) as terminal:
        terminal.until("●")
        terminal.rest(1.0)

        def cursor(shown: Terminal) -> list[str]:
            return [line for line in shown.lines if "▌" in line]

        times = []
        for key in "j" * keys + "k" * (keys // 2):
            before = cursor(terminal)
            times.append(terminal.timed(key, lambda shown, was=before: cursor(shown) not in ([], was)))
        jumps = []
        for key in "Gg" * 10:
            before = terminal.text
            jumps.append(terminal.timed(key if key == "G" else "gg", lambda shown, was=before: shown.text != was))
        terminal.rest()
        pid, begun, ticks = terminal.process.pid, time.perf_counter(), spent(terminal.process.pid)
        while time.perf_counter() - begun < 10:
            terminal.read(0.5)
        idle = (spent(pid) - ticks) / (time.perf_counter() - begun) * 100
    return [
        row("j or k among 100,000 headlines, p95", p95(times), "ms", 25),
        row("… to the last of them, or back, p95", p95(jumps), "ms"),
        row("processor at rest", idle, "%", 1),
    ]


def spent(pid: int) -> float:
    """Seconds of processor that a process and all below it have used."""
    total, pids = 0.0, [pid]
    while pids:
        at = Path(f"/proc/{pids.pop()}")
        with contextlib.suppress(OSError):
            for task in (at / "task").iterdir():
                pids += map(int, (task / "children").read_text().split())
            fields = (at / "stat").read_text().rpartition(")")[2].split()
            total += (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return total


def prepare(path: Path, count: int) -> list[str]:
    """Analyse the newest articles, and put a text of 1 MB in the place of the first one's; returns their openings."""
    with Library(path, settings=LOOPBACK, now=lambda: NOW) as library:
        ids = library.store.headlines()[:count]
        writer = Writer(5)
        writer.begin("long")
        paragraphs = writer.paragraphs(1_000_000)
        blocks, at = [], 0
        for paragraph in paragraphs:
            blocks.append(Block(kind=BlockKind.PARAGRAPH, span=Span(at, at + len(paragraph))))
            at += len(paragraph) + 2
        long = Article(
            url=None, title="Long", text="\n\n".join(paragraphs), blocks=tuple(blocks), extractor="readability"
        )
        library.store.save_article(ids[0], long)
        openings = []
        for entry_id in ids:
            if entry_id != ids[0]:
                article = library.store.article(entry_id)
                assert article
                library.store.save_article(entry_id, replace(article, extractor="readability"))
            opened = library.open(entry_id)
            openings.append("".join(opened.article.text[:60].split())[:20])  # lines are drawn out with spaces
        return openings


def opens(path: Path, work: Path, count: int, *, known: bool) -> list[dict[str, Any]]:
    """From Enter to the text, where its claims are known or are to be looked for meanwhile."""
    openings = prepare(path, count)
    if not known:
        with Library(path, settings=LOOPBACK) as library, library.store._at.transaction() as db:
            db.execute("DELETE FROM analyses")
    times, long = [], 0.0
    with reader(path, work) as terminal:
        terminal.until("●")
        terminal.press("gt")  # one by one, as the articles were prepared
        terminal.rest(1.0)
        for number, opening in enumerate(openings):
            taken = terminal.timed("\r", lambda shown, words=opening: words in shown.text.replace(" ", ""))
            if number == 0:
                long = taken
            else:
                times.append(taken)
            terminal.rest(0.15)
            terminal.press("q")
            terminal.rest(0.1)
            if number + 1 < len(openings):
                terminal.press("j")
                terminal.rest(0.1)
    what = "analysed" if known else "new"
    return [
        row(f"opening {what} articles, to the text, p95", p95(times), "ms", 100 if known else None),
        row(f"opening {what} one of 1 MB, to its first paint", long, "s", 1),
    ]


async def watched(path: Path) -> float:
    """The longest that the event loop was busy with one thing while all feeds were refreshed."""
    longest = 0.0
    with Library(path, settings=LOOPBACK) as library:
        app = NewsApp(library, refresh_on_start=False)
        async with app.run_test(size=SIZE) as pilot:
            await app.workers.wait_for_complete()
            await pilot.pause()

            async def beat() -> None:
                nonlocal longest
                while True:
                    before = time.perf_counter()
                    await asyncio.sleep(0.005)
                    longest = max(longest, time.perf_counter() - before - 0.005)

            watching = asyncio.create_task(beat())
            await pilot.press("R")
            await app.workers.wait_for_complete()
            watching.cancel()
            await pilot.pause()
            assert len(library.store.headlines()) >= 200
    return longest


def blocks(work: Path, feeds: int) -> list[dict[str, Any]]:
    stand = Newsstand(make(work / "stand", feeds=feeds, entries=30))
    path = work / "refreshed.sqlite"
    with stand.open(), Library(path, settings=LOOPBACK) as library:
        for url in stand.urls:
            library.store.add_feed(url, title=url, site=None, folder=None, now=NOW)
        longest = asyncio.run(watched(path))
    return [row("longest block of the event loop, refreshing 200 feeds", longest * 1000, "ms", 50)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="1,000 articles and fewer keys, to see that it runs")
    parser.add_argument("--work", type=Path, default=Path(__file__).parents[1] / "build" / "library")
    asked = parser.parse_args()
    asked.work.mkdir(parents=True, exist_ok=True)
    articles, keys, opened, feeds, rounds = (1000, 20, 5, 20, 1) if asked.quick else (100_000, 200, 40, 200, 5)
    with tempfile.TemporaryDirectory(dir=asked.work) as folder:
        work = Path(folder)
        library = work / "library.sqlite"
        shutil.copy(filled(asked.work, articles), library)
        rows = starts(library, work, rounds)
        rows += walks(library, work, keys)
        rows += opens(library, work, opened, known=True)
        (fresh := work / "fresh").mkdir()  # what the screen remembers of one by one would be turned back
        rows += opens(library, fresh, opened, known=False)
        rows += blocks(work, feeds)
    show(rows)
    if asked.quick:
        print("The promises are made of the whole; --quick shows only that it runs.")
    else:
        keep("screen", rows)


if __name__ == "__main__":  # worker processes import this again
    main()
