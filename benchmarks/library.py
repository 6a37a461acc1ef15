"""What a library costs: a refresh of a thousand feeds, and a hundred thousand articles to start with, search and mark.

    python benchmarks/library.py [--quick] [--work build/library]

The feeds come from a newsstand on loopback (newsstand.py). A refresh is the whole command, in turn with newsboat's on
the same feeds where newsboat is installed, with its default configuration; memory is that of all processes, each page
that some of them share counted once (PSS). Libraries are filled through the store with articles of a seeded writer and
kept in the folder `--work`, so that the next run finds them; what is measured is a copy. Results go to
benchmarks/results.json, but for those of `--quick`, which measures little and promises nothing.
"""

import argparse
import contextlib
import fcntl
import hashlib
import itertools
import math
import os
import pty
import random
import select
import shutil
import signal
import statistics
import struct
import subprocess
import sys
import tempfile
import termios
import time
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import timedelta
from ipaddress import ip_network
from pathlib import Path
from typing import Any, NamedTuple

from keep import keep, row, show
from newsstand import NOW, Newsstand, Writer, make, opml

from reader.config import Network, Settings
from reader.library.library import Library
from reader.model import Arrival, Article, Assignment, Block, BlockKind, Brought, FeedCheck, Outline, ParsedEntry, Span
from reader.model import Related as Relative
from reader.store.migrations import MIGRATIONS
from reader.store.packed import pack
from reader.store.store import Store

NEWSBOAT = shutil.which("newsboat")
ENTRIES = 30
SIZES = (1_000, 10_000, 100_000)
A_FEED = 100
"""Articles of a feed in a filled library."""
PAGE = 50
QUERIES = 200
LIMIT = 200
LONGEST = 1800
"""Seconds after which a command is given up, …"""
REST = 3
"""… and without a change of its screen after which it is at rest."""
LOOPBACK = Settings(network=Network(allow_private=(ip_network("127.0.0.0/8"),)))
CONFIG = '[network]\nallow_private = ["127.0.0.0/8"]\n[refresh]\non_start = false\n'


# --- commands, their time and their memory ----------------------------------------------------------------------------


class Ran(NamedTuple):
    """What a command took."""

    seconds: float
    megabytes: float
    """Its processes' memory together: at its most, or at rest."""


def ran(work: Path, *command: str | Path) -> Ran:
    """Run a command to its end, looking at its memory ten times a second."""
    said = work / "said"
    begun, peak = time.perf_counter(), 0.0
    with said.open("wb") as told:
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=told, stderr=told, env=environment(work), start_new_session=True
        )
    ended = os.pidfd_open(process.pid)
    try:
        while not select.select([ended], [], [], 0.1)[0]:
            peak = max(peak, memory(process.pid))
            if time.perf_counter() - begun > LONGEST:
                raise SystemExit(f"{command[0]} did not end within {LONGEST} s")
        seconds = time.perf_counter() - begun
        if process.wait():
            raise SystemExit(f"{command[0]} failed: {said.read_text()[:500]}")
        return Ran(seconds, peak)
    finally:
        os.close(ended)
        end(process)


def memory(pid: int) -> float:
    """Megabytes that a process and all below it hold: PSS, which parts what they share."""
    total, pids = 0.0, [pid]
    while pids:
        at = Path(f"/proc/{pids.pop()}")
        with contextlib.suppress(OSError):  # it may end at any time
            for task in (at / "task").iterdir():
                pids += map(int, (task / "children").read_text().split())
            held = (at / "smaps_rollup").read_text().partition("\nPss:")[2]
            total += int(held.split()[0]) / 1024 if held else 0
    return total


def environment(work: Path) -> dict[str, str]:
    home = work / "home"
    home.mkdir(exist_ok=True)
    return os.environ | {"HOME": str(home), "TERM": "xterm-256color"}


def end(process: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def shown(work: Path, command: Sequence[str | Path], awaited: bytes) -> Ran:
    """How long a command takes to show something on a terminal, and its memory when it has then been left alone."""
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 120, 0, 0))
    begun = time.perf_counter()
    process = subprocess.Popen(
        command, stdin=slave, stdout=slave, stderr=slave, env=environment(work), start_new_session=True
    )
    seen = b""
    try:
        while awaited not in seen:
            if not select.select([master], [], [], LONGEST)[0]:
                raise SystemExit(f"{command[0]} never showed {awaited!r}")
            seen += os.read(master, 65536)
        seconds = time.perf_counter() - begun
        while time.perf_counter() - begun < LONGEST and select.select([master], [], [], REST)[0]:
            os.read(master, 65536)
        return Ran(seconds, memory(process.pid))
    finally:
        end(process)
        os.close(master)
        os.close(slave)


def newsreader(library: Path, work: Path, *arguments: str | Path) -> list[str | Path]:
    return [sys.executable, "-m", "reader", *arguments, "--library", library, "--config", work / "config.toml"]


def newsboat(work: Path, *arguments: str) -> list[str | Path]:
    assert NEWSBOAT
    return [NEWSBOAT, "-C", work / "newsboat.conf", "-u", work / "urls", "-c", work / "cache.db", *arguments]


def timed(call: Callable[[], Any], runs: int = 5) -> float:
    """Milliseconds that a call takes, the median of some."""
    took = []
    for _ in range(runs):
        begun = time.perf_counter()
        call()
        took.append(1000 * (time.perf_counter() - begun))
    return statistics.median(took)


def against(
    what: str, ours: Sequence[Ran], theirs: Sequence[Ran], times: float, *, seconds: float | None = None
) -> list[dict[str, Any]]:
    """Rows of what takes us so long, and newsboat; promised are at most so many `times` of that, and `seconds`."""
    mine = statistics.median(one.seconds for one in ours)
    rows = [row(what, mine, "s", seconds)]
    if not theirs:
        missing = {"what": f"{what}, times newsboat's", "promised": times, "not measured": "newsboat is not installed"}
        return [*rows, missing]
    boat = statistics.median(one.seconds for one in theirs)
    return [*rows, row("… newsboat", boat, "s"), row("… times newsboat's", mine / boat, "", times)]


# --- a refresh --------------------------------------------------------------------------------------------------------


def refreshes(work: Path, stand: Newsstand, rounds: int) -> list[dict[str, Any]]:
    """Rows of the first refresh of all feeds, and of those that bring nothing new; leaves newsboat's cache."""
    library, cache, feeds = work / "first.sqlite", work / "cache.db", len(stand.urls)
    (work / "config.toml").write_text(CONFIG)
    (work / "newsboat.conf").write_text("")
    (work / "urls").write_text("".join(f"{url}\n" for url in stand.urls))
    (work / "feeds.opml").write_bytes(opml(stand.urls))

    def refresh(*, unchanged: int = 0) -> Ran:
        return asked(newsreader(library, work, "refresh", "--force", "--quiet"), unchanged)

    def reload(*, unchanged: int = 0) -> list[Ran]:
        return [asked(newsboat(work, "-x", "reload"), unchanged)] if NEWSBOAT else []

    def asked(command: list[str | Path], unchanged: int) -> Ran:
        before = stand.full, stand.unchanged
        took = ran(work, *command)
        if (stand.full - before[0], stand.unchanged - before[1]) != (feeds - unchanged, unchanged):
            raise SystemExit(f"{command[0]} did not ask for each feed once, as it should have")
        return took

    ours, theirs = [], []
    for _ in range(rounds):
        forget(library)
        forget(cache)
        ran(work, *newsreader(library, work, "import", work / "feeds.opml"))
        ours.append(refresh())
        theirs += reload()
    rows = against(f"first refresh of {feeds:,} feeds", ours, theirs, 0.6)
    rows.append(row("… memory at its most", max(one.megabytes for one in ours), "MB", 250))
    rows += [row("… newsboat's", max(one.megabytes for one in theirs), "MB")] if theirs else []
    rows += [*size(library), *sorting(library)]

    reload()  # newsboat keeps a feed's validators only the second time that it sees it
    ours, theirs = [], []
    for _ in range(rounds):
        ours.append(refresh(unchanged=feeds))
        theirs += reload(unchanged=feeds)
    rows += against("nothing new, told so (304)", ours, theirs, 0.05)

    stand.validators = False
    ours, theirs = [], []
    for _ in range(rounds):
        ours.append(refresh())
        theirs += reload()
    return [*rows, *against("nothing new, from servers without validators", ours, theirs, 0.2)]


def size(library: Path) -> list[dict[str, Any]]:
    """Rows of how large a library's file is beside the text in it."""
    with contextlib.closing(Store(library)) as store:
        text = sum(len(kept.text.encode()) for id in store.headlines() if (kept := store.article(id)))
    kept = sum(path.stat().st_size for path in library.parent.glob(f"{library.name}*"))
    return [
        row("text of its articles", text / 1e6, "MB"),
        row("… the library's file, times that", kept / text, "", 1.5),
    ]


def sorting(path: Path) -> list[dict[str, Any]]:
    """A row of letting the articles join stories that `refresh` left for the reader."""
    with Library(path, settings=LOOPBACK) as library:
        left = sum(entry.story is None for entry in library.store.entries(library.store.headlines()).values())
        begun = time.perf_counter()
        library.stories.sort()
        return [row(f"sorting the {left:,} articles it left unsorted", time.perf_counter() - begun, "s")]


# --- a filled library -------------------------------------------------------------------------------------------------


def filled(work: Path, articles: int) -> Path:
    """A library of so many articles, a day's worth of 288, made where it is not there yet."""
    kind = hashlib.sha256("".join(MIGRATIONS).encode()).hexdigest()[:8]
    path = work / f"{articles}-{kind}.sqlite"
    if not path.exists():
        part = path.with_suffix(".part")
        forget(part)
        with contextlib.closing(Store(part)) as store:
            fill(store, articles)
        part.rename(path)
    return path


def fill(store: Store, articles: int) -> None:
    """Articles in order of time, 40 % of them read, 40 % further tellings of a story of the last 300."""
    writer, draw = Writer(11), random.Random(12)
    outlines = [Outline(url=f"https://outlet{n}.example/feed", title=f"Outlet {n}") for n in range(articles // A_FEED)]
    store.add_feeds(outlines, now=NOW)
    feeds = [feed.id for feed in store.feeds()]
    recent: deque[int] = deque(maxlen=300)
    for first in range(0, articles, 1000):
        writer.begin(f"articles {first}")
        arrivals: dict[int, list[Arrival]] = defaultdict(list)
        for number in range(first, first + 1000):
            at = NOW - timedelta(minutes=5) * (articles - number)
            arrivals[feeds[number * 7919 % len(feeds)]].append(arrival(writer, number, at))
        checked = [Brought(check=FeedCheck(feed_id=feed), arrivals=tuple(came)) for feed, came in arrivals.items()]
        ids = list(itertools.chain(*store.save(checked, now=at).new))
        joined = []
        for id in ids:
            story = draw.choice(recent) if recent and draw.random() < 0.4 else id
            recent.append(story)
            near = Relative(id=str(story), score=0.7, why="the same names")
            joined.append(Assignment(id=str(id), story=str(story), related=(near,) if story != id else ()))
        store.stories.save(joined)
        store.mark(draw.sample(ids, 400), read=True, now=NOW)
        store.tag(draw.sample(ids, 10), "later", tagged=True)


def arrival(writer: Writer, number: int, at: Any) -> Arrival:
    """One article of some 2,400 characters."""
    paragraphs = writer.paragraphs(2_400)
    ends = list(itertools.accumulate(len(paragraph) + 2 for paragraph in paragraphs))
    url, title = f"https://outlet.example/{number}", writer.title()
    article = Article(
        url=url,
        title=title,
        text="\n\n".join(paragraphs),
        blocks=tuple(
            Block(kind=BlockKind.PARAGRAPH, span=Span(end - 2 - len(paragraph), end - 2))
            for end, paragraph in zip(ends, paragraphs, strict=True)
        ),
        published=at,
        extractor="feed",
    )
    entry = ParsedEntry(guid=url, url=url, title=title, author="A Writer", published=at)
    return Arrival(entry=entry, article=pack(article), carried=f"{number:016x}")


@contextlib.contextmanager
def copied(path: Path) -> Iterator[Library]:
    """A copy of a filled library, at the instant when its last articles came."""
    copy = path.with_name("copy.sqlite")
    forget(copy)
    shutil.copyfile(path, copy)
    try:
        with Library(copy, settings=LOOPBACK, now=lambda: NOW) as library:
            yield library
    finally:
        forget(copy)


def forget(database: Path) -> None:
    for path in database.parent.glob(f"{database.name}*"):
        path.unlink()


def queries(library: Library) -> list[str]:
    """A mix of what people look for: ten of each kind, the same for every library."""
    draw, words = random.Random(5), Writer(11).words
    ids = library.store.headlines()
    kept = filter(None, map(library.store.article, ids[:: len(ids) // 50]))
    texts = [article.text.lower() for article in kept]

    def common() -> str:
        return words[draw.randrange(100)]

    def known() -> str:
        return words[draw.randrange(100, 4_000)]

    def rare() -> str:
        return words[draw.randrange(4_000, len(words))]

    def phrase(count: int) -> str:
        sentence = draw.choice(draw.choice(texts).split(". ")).split()
        start = draw.randrange(max(1, len(sentence) - count))
        return f'"{" ".join(sentence[start : start + count]).strip(".")}"'

    def prefix(letters: int) -> str:
        return draw.choice([word for word in words[:8_000] if len(word) > letters])[:letters] + "*"

    kinds: tuple[Callable[[], str], ...] = (
        common,
        known,
        rare,
        lambda: f"{common()} {common()}",
        lambda: f"{known()} {known()}",
        lambda: f"{common()} {known()} {known()}",
        lambda: f"{rare()} {common()}",
        lambda: f"{common()} OR {rare()}",
        lambda: phrase(2),
        lambda: phrase(3),
        lambda: f"{phrase(2)} {known()}",
        lambda: prefix(3),
        lambda: prefix(5),
        lambda: f"{prefix(3)} {known()}",
        lambda: f'{known()} feed:"Outlet {draw.randrange(10)}"',
        lambda: f"{common()} newer:{draw.choice(['2d', '1w', '3m'])}",
        lambda: f"{known()} is:unread",
        lambda: f"in:title {words[draw.randrange(500, 4_500)]}",
        lambda: f"{known()} -{common()}",
        lambda: f'is:unread newer:1m feed:"Outlet {draw.randrange(10)}" {common()}',
    )
    return [kind() for kind in kinds for _ in range(QUERIES // len(kinds))]


def searched(library: Library, asked: Iterable[str], *, limit: int | None) -> list[float]:
    """Milliseconds that each query takes, ascending."""
    return sorted(timed(lambda one=one: library.search(one, limit=limit), 3) for one in asked)


def starting(work: Path, path: Path, articles: int, rounds: int) -> list[dict[str, Any]]:
    """Rows of the reader's start on a large library, beside newsboat's on the articles of the first refresh."""
    with copied(path) as library:
        first = library.store.story_headlines()[0][0]
        awaited = library.store.entries([first])[first].title.split()[0].encode()
        ours = [shown(work, newsreader(library.store.path, work), awaited) for _ in range(rounds)]
    theirs = [shown(work, newsboat(work), b"Outlet ") for _ in range(rounds)] if NEWSBOAT else []
    rows = against(f"start to the first headline, {articles:,} articles", ours, theirs, 0.05, seconds=0.8)
    return [
        *rows,
        row("… memory at rest, without a refresh", statistics.median(one.megabytes for one in ours), "MB", 150),
    ]


def large(path: Path, articles: int) -> list[dict[str, Any]]:
    """Rows of turning pages, searching and marking in a large library."""
    rows = []
    with copied(path) as library:
        ids, draw = library.store.headlines(), random.Random(6)
        pages = [ids[at : at + PAGE] for at in (draw.randrange(articles - PAGE) for _ in range(100))]
        took = [timed(lambda page=page: library.store.entries(page), 1) for page in pages]
        rows.append(row(f"a page of {PAGE} headlines", statistics.median(took), "ms", 2))
        asked = queries(library)
        mix = searched(library, asked, limit=LIMIT)
        rows.append(row(f"search, {QUERIES} queries, median", statistics.median(mix), "ms"))
        rows.append(row("… the slowest of twenty", mix[int(0.95 * len(mix))], "ms", 30))
        rows.append(row("… the slowest", mix[-1], "ms"))
        whole = searched(library, asked, limit=None)
        rows.append(row("… without a limit, the slowest of twenty", whole[int(0.95 * len(whole))], "ms"))
        count, unread = articles // 10, iter(sorted(library.store.unread_ids()))
        took = [
            timed(lambda some=some: library.mark(some, read=True), 1)
            for some in [list(itertools.islice(unread, count)) for _ in range(3)]
        ]
        rows.append(row(f"marking {count:,} read", statistics.median(took), "ms", 200))
    return rows


# --- how costs grow ---------------------------------------------------------------------------------------------------


def costs(path: Path) -> dict[str, float]:
    """Milliseconds of what a library is asked again and again."""
    with copied(path) as library:
        store = library.store
        newest = store.headlines()[:1000]
        read, writer = itertools.cycle([True, False]), Writer(13)
        feeds, number = iter(store.feeds()), itertools.count(10_000_000)

        def bring() -> Brought:
            came = tuple(arrival(writer, next(number), NOW) for _ in range(ENTRIES))
            return Brought(check=FeedCheck(feed_id=next(feeds).id), arrivals=came)

        brought = iter([bring() for _ in range(5)])
        return {
            "headlines by time": timed(store.headlines),
            "headlines by story": timed(store.story_headlines),
            "what is unread": timed(store.unread_ids),
            "unread counts by feed": timed(store.unread),
            "search": statistics.fmean(searched(library, queries(library), limit=LIMIT)),
            "marking 1,000 read": timed(lambda: store.mark(newest, read=next(read), now=NOW)),
            f"saving a feed's {ENTRIES} new entries": timed(lambda: store.save([next(brought)], now=NOW)),
        }


def growth(work: Path, sizes: Sequence[int]) -> list[dict[str, Any]]:
    """Rows of each cost at the largest size, and of the exponent it grows with."""
    found = [costs(filled(work, articles)) for articles in sizes]
    logs = [math.log(articles) for articles in sizes]
    rows = []
    for what, most in found[-1].items():
        slope = statistics.linear_regression(logs, [math.log(one[what]) for one in found]).slope
        rows += [
            row(f"{what}, at {sizes[-1]:,}", most, "ms"),
            row("… grows with the articles to the power of", slope, "", 1.1),
        ]
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="100 feeds and 10,000 articles, to see that it runs")
    parser.add_argument("--work", type=Path, default=Path(__file__).parents[1] / "build" / "library")
    asked = parser.parse_args()
    feeds, sizes, rounds = (100, SIZES[:-1], 1) if asked.quick else (1000, SIZES, 3)
    stand = Newsstand(make(asked.work / "feeds", feeds=feeds, entries=ENTRIES))
    with tempfile.TemporaryDirectory(dir=asked.work) as folder:
        with stand.open():
            rows = refreshes(Path(folder), stand, rounds)
        rows += starting(Path(folder), filled(asked.work, sizes[-1]), sizes[-1], rounds)
    rows += large(filled(asked.work, sizes[-1]), sizes[-1])
    rows += growth(asked.work, sizes)
    show([told for told in rows if "value" in told])
    for told in rows:
        if "not measured" in told:
            print(f"{told['what']} (promised {told['promised']}): not measured: {told['not measured']}")
    if asked.quick:
        print("The promises are made of the whole; --quick shows only that it runs.")
    else:
        keep("library", rows)


if __name__ == "__main__":  # worker processes import this again
    main()
