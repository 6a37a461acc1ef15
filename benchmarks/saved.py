"""What ten thousand highlights cost: the screen that lists them, finding an article's again, taking all elsewhere.

    python benchmarks/saved.py

The highlights are of 2,000 made-up articles of a library. The screen runs on a pty, as in screen.py; the time is from
the key to the first row. Results go to benchmarks/results.json.
"""

import random
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from keep import keep, row, show
from library import NOW
from newsstand import Writer
from screen import reader

from reader.config import Settings
from reader.highlights.anchor import Anchoring, quote, text_hash
from reader.highlights.export import Format
from reader.highlights.vault import Per
from reader.library.library import Library
from reader.model import Color, Highlight, HighlightKind

COUNT = 10_000
OF_ONE = 100


def article(writer: Writer, name: str, characters: int) -> str:
    """The text of a made-up article."""
    writer.begin(name)
    return "\n\n".join(writer.paragraphs(characters))


def made(library: Library, count: int) -> list[Highlight]:
    """Save so many claims of made-up articles, five of each."""
    rng, writer = random.Random(1), Writer(7)
    saved: list[Highlight] = []
    for number in range(count // 5):
        text = article(writer, f"article {number}", 3000)
        for _ in range(5):
            start = rng.randrange(len(text) - 200)
            saved.append(
                Highlight(
                    id=0, uid=f"00000000-0000-4000-8000-{len(saved):012}", entry_id=None, kind=HighlightKind.CLAIM,
                    quote=quote(text, start, start + rng.randrange(40, 200)), speaker=f"Speaker {rng.randrange(300)}",
                    source="she", via=("officials",) if rng.random() < 0.3 else (), outlet=f"Outlet {number % 40}",
                    title=f"Headline of article {number}", author="Ada Lind", url=f"https://a.example/{number}",
                    published=NOW, created=NOW, changed=NOW, text_hash=text_hash(text),
                    note="Look at this again." if rng.random() < 0.2 else "",
                    tags=("steel", "trade")[: rng.randrange(3)], color=rng.choice([None, *Color]),
                )
            )  # fmt: skip
    library.store.highlights.take_in(saved, now=NOW)
    return saved


def timed(do: Callable[[], object], rounds: int = 5) -> float:
    """The median time of some runs, in seconds."""
    times = []
    for _ in range(rounds):
        begun = time.perf_counter()
        do()
        times.append(time.perf_counter() - begun)
    return statistics.median(times)


def screen(path: Path, work: Path) -> list[dict[str, Any]]:
    """From the key to the list."""
    with reader(path, work) as terminal:
        terminal.rest(2.0)
        times: dict[str, list[float]] = {"4": [], "\r": []}
        for key in ["4", "\r"] * 5:
            if key == "\r":
                terminal.press(":saved")
                terminal.rest(0.3)
            times[key].append(terminal.timed(key, lambda shown: "Saved · 10,000" in shown.text))
            terminal.rest(0.5)
            terminal.press("q")
            terminal.rest(0.5)
        terminal.press("4")
        terminal.rest(0.5)
        walked = []
        for key in "j" * 60:
            before = terminal.text
            walked.append(terminal.timed(key, lambda shown, was=before: shown.text != was))
    return [
        row("10,000 highlights: from :saved to the list", statistics.median(times["\r"]) * 1000, "ms", 300),
        row("… from 4, which waits a quarter of a second for a count", statistics.median(times["4"]) * 1000, "ms"),
        row("… j among them, p95", statistics.quantiles(walked, n=20)[-1] * 1000, "ms", 25),
    ]


def anchoring() -> list[dict[str, Any]]:
    """An article with a hundred highlights, as it was, with news before it, set otherwise, and a fifth reworded."""
    rng = random.Random(2)
    text = article(Writer(8), "long", 12_000)
    quotes = [
        quote(text, start, start + rng.choice([8, 60, 150, 250]))
        for start in (rng.randrange(len(text) - 300) for _ in range(OF_ONE))
    ]
    words = text.split(" ")
    texts = {
        "as it was": text,
        "with news before it": f"Updated at noon.\n\n{text}",
        "set otherwise": text.replace("\n\n", "\n").replace("“", '"').replace("’", "'"),
        "with every fifth word another": " ".join("word" if rng.random() < 0.2 else word for word in words),
    }
    rows = []
    for name, now in texts.items():

        def find(now: str = now) -> None:
            anchoring = Anchoring(now)
            for one in quotes:
                anchoring.find(one)

        rows.append(row(f"100 highlights found in an article {name}", timed(find) * 1000, "ms", 50))
    return rows


def exports(library: Library, work: Path) -> list[dict[str, Any]]:
    """All of them, in every format."""
    rows = []
    for format in Format:
        taken = timed(lambda format=format: library.saved.written(library.saved.found(), format), 3)
        rows.append(row(f"10,000 highlights exported as {format}", taken, "s", 3))
    notes = iter(range(100))
    taken = timed(
        lambda: library.saved.write_notes(library.saved.found(), work / f"notes-{next(notes)}", per=Per.ARTICLE), 1
    )
    rows.append(row("… as 2,000 notes in a folder, each made sure of on the disk", taken, "s"))
    taken = timed(lambda: library.saved.write_notes(library.saved.found(), work / "notes-0", per=Per.ARTICLE), 1)
    rows.append(row("… a second time, when no note has changed", taken, "s", 3))
    return rows


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        path = work / "library.sqlite"
        with Library(path, settings=Settings(), now=lambda: NOW) as library:
            library.store.add_feed("https://a.example/feed", title="A", site=None, folder=None, now=NOW)
            made(library, COUNT)
            rows = [row("10,000 highlights read from the library", timed(library.store.highlights.all) * 1000, "ms")]
            rows.append(row("… searched for a word", timed(lambda: library.saved.found("steel OR look")) * 1000, "ms"))
            rows += exports(library, work)
        rows += anchoring()
        rows += screen(path, work)
    show(rows)
    keep("saved", rows)


if __name__ == "__main__":
    main()
