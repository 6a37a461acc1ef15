"""How long an article takes to find its story, and a story's claims to be lined up.

    python benchmarks/stories.py [--articles 100000]

A stream made by a seeded script: events of a few to some hundred articles, told in a few invented words' worth of
vocabulary by many outlets, some of them titles alone. Time and memory are of the process that sorts, at 10,000 articles
and at the end; the ledger is of 40 articles of one story, once cold (its claims known, its ledger not) and once kept in
a library. Results go to benchmarks/results.json.
"""

import argparse
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections import deque
from datetime import UTC, datetime, timedelta
from pathlib import Path

from keep import keep, row, show

NOW = datetime(2026, 11, 12, 9, 0, tzinfo=UTC)
ARTICLES = 40
WINDOW = 500
"""Articles over which a time is taken."""


def stream(count: int, seed: int = 7):
    """Articles of a busy reader, in order of time: some 3,000 a day."""
    from reader.model import StoryDoc

    draw = random.Random(seed)
    letters = "abcdefghijklmnoprstuvwz"
    vocabulary = ["".join(draw.choices(letters, k=draw.randint(4, 9))) for _ in range(12_000)]
    names = [word.capitalize() for word in vocabulary[:6_000]]
    common = vocabulary[6_000:6_400]
    live: list[tuple[list[str], list[str]]] = []
    for number in range(count):
        if not live or draw.random() < 0.3:
            live.append((draw.sample(names, 5), draw.sample(vocabulary, 30)))
            live = live[-400:]
        people, words = live[-1 - min(int(draw.expovariate(1 / 40)), len(live) - 1)]

        def sentence(people=people, words=words) -> str:
            told = draw.sample(words, 6) + draw.sample(common, 6) + draw.sample(people, 2)
            draw.shuffle(told)
            return " ".join(told).capitalize() + "."

        title = " ".join(draw.sample(people, 2) + draw.sample(words, 4))
        text = " ".join(sentence() for _ in range(8)) if draw.random() < 0.8 else ""
        yield StoryDoc(
            id=str(number),
            title=title,
            text=text,
            published=NOW + timedelta(seconds=28.8 * number),
            outlet=f"Outlet {draw.randrange(200)}",
        )


def sort(articles: int) -> None:
    """In a process of its own: prints milliseconds an article at the marks, stories, and megabytes."""
    from reader.stories.cluster import Stories

    stories, times, told = Stories(), deque(maxlen=4 * WINDOW), set()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for number, doc in enumerate(stream(articles), 1):
        begun = time.process_time()
        told.add(int(stories.add(doc).story))
        times.append(time.process_time() - begun)
        if number in (10_000, articles):
            print("at", number, 1000 * statistics.fmean(times), 1000 * sorted(times)[-20])
    print("stories", len(told), "memory", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, before / 1024)


def tellings():
    """Forty articles of one story: the demo newsroom's ferry, told by forty outlets in other orders and words."""
    from reader.claims.find import find
    from reader.model import Telling
    from reader.newsroom import read_pieces, seeds_folder

    pieces = read_pieces(seeds_folder() / "newsroom")
    draw, found = random.Random(3), []
    bodies = [piece for piece in pieces.values() if piece.story in ("ferry", "shells", "wildfire", "election")]
    blocks = [block for piece in bodies for block in piece.body.split("\n\n") if len(block) > 80]
    for number in range(ARTICLES):
        text = "\n\n".join(" ".join(block.split()) for block in draw.sample(blocks, 12))
        found.append(
            Telling(
                id=str(number),
                title=bodies[number % len(bodies)].title,
                text=text,
                outlet=f"Outlet {number}",
                published=NOW + timedelta(minutes=number),
                analysis=find(text),
            )
        )
    return found


def ledger_times() -> tuple[float, float, int]:
    """Seconds to line up forty articles, and to have the ledger from a library that kept it; and how many rows."""
    from reader.store.store import Store
    from reader.stories.ledger import ledger

    given = tellings()
    ledger(given[:2])  # what is loaded once is another matter
    cold = []
    for _ in range(3):
        begun = time.perf_counter()
        made = ledger(given)
        cold.append(time.perf_counter() - begun)
    with tempfile.TemporaryDirectory() as folder:
        store = Store(Path(folder) / "library.sqlite")
        store.stories.save_ledger(1, made, made_of="these")
        kept = []
        for _ in range(20):
            begun = time.perf_counter()
            assert store.stories.ledger(1, made_of="these") is not None
            kept.append(time.perf_counter() - begun)
        store.close()
    return statistics.median(cold), statistics.median(kept), len(made.rows)


def resumed(articles: int) -> float:
    """Seconds for a worker to go on from what a library kept: forty thousand sketches."""
    from reader.stories.cluster import Stories
    from reader.stories.index import REMEMBERED

    stories = Stories()
    kept = []
    for doc in stream(min(articles, REMEMBERED)):
        stories.add(doc)
    kept = [stories.kept(str(number)) for number in range(min(articles, REMEMBERED))]
    begun = time.perf_counter()
    Stories(kept)
    return time.perf_counter() - begun


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--sort", action="store_true", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.sort:
        sort(asked.articles)
        return
    command = [sys.executable, __file__, "--sort", "--articles", str(asked.articles)]
    lines = [
        line.split() for line in subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()
    ]
    at = {int(number): (float(mean), float(slow)) for word, number, mean, slow in lines[:-1] if word == "at"}
    cold, kept, count = ledger_times()
    first, last = at[10_000], at[asked.articles]
    rows = [
        row("an article's story, at 10,000 articles", first[0], "ms", 3),
        row("… the slowest of a hundred", first[1], "ms"),
        row(f"… at {asked.articles:,}, times that", last[0] / first[0], "", 1.5),
        row("memory of the process that sorts them", float(lines[-1][3]), "MB", 150),
        row("going on from 40,000 that a library kept", resumed(asked.articles), "s"),
        row(f"a ledger of {ARTICLES} articles, claims known", cold, "s", 1.5),
        row("… kept in the library", 1000 * kept, "ms"),
    ]
    show(rows)
    print(f"{lines[-1][1]} stories of {asked.articles:,} articles; {count} rows in the ledger")
    keep("stories", rows)


if __name__ == "__main__":
    main()
