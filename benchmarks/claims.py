"""How fast claims are found: words a second, an article, loading, memory, and whether a long text costs its length.

    python benchmarks/claims.py [--runs 10] [--quick]

Texts are the repository's annotated articles (tests/claims/cases), repeated. A word is what stands between white space,
a speed that of one core. Times are the processor's, for it has other work as well; the article's is wall time too. The
network alone, run by onnxruntime on the same windows in the same run, bounds what the whole could reach: that ratio
holds on another machine, the seconds may not. `--quick` leaves out the text of 1 MB. Results go to
benchmarks/results.json.
"""

import argparse
import json
import re
import statistics
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

from keep import keep, row, show

CASES = Path(__file__).parents[1] / "tests" / "claims" / "cases"
LONG = 250
"""Words of a case that is an article rather than an example."""
ARTICLE = 800
SIZES = {"64 kB": 64_000, "256 kB": 256_000, "1 MB": 1_000_000}

ALONE = """
import json, resource, sys, time
text = sys.stdin.read()
begun = time.perf_counter()
from reader.claims.find import find
from reader.claims.tagger import shipped
imported = time.perf_counter()
shipped()
loaded = time.perf_counter()
if text:
    find(text)
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)
print(json.dumps([imported - begun, loaded - imported, peak]))
"""
"""What a fresh process is asked: seconds to import, seconds to load, MB at its peak."""


def articles() -> list[str]:
    texts = [json.loads(path.read_text())["text"] for path in sorted(CASES.glob("*.json"))]
    return [text for text in texts if len(text.split()) > LONG]


def of_words(texts: list[str], count: int) -> str:
    """The first so many words of the texts, one after the other."""
    whole = "\n\n".join(texts)
    return whole[: [m.end() for m in re.finditer(r"\S+", whole)][count - 1]]


def of_size(texts: list[str], size: int) -> str:
    """The texts over and over; each time with another number behind its paragraphs, for none to repeat another."""
    whole, turn = "", 0
    while len(whole) < size:
        turn += 1
        whole += "\n\n".join(texts).replace("\n\n", f" ({turn})\n\n") + "\n\n"
    return whole[:size]


def alone(text: str = "") -> list[float]:
    done = subprocess.run([sys.executable, "-c", ALONE], input=text, check=True, capture_output=True, text=True)
    found: list[float] = json.loads(done.stdout)
    return found


class Stages:
    """Processor seconds by stage, as long as `watch` goes on."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = defaultdict(float)
        self.pieces = 0
        self._busy = False

    def timed(self, stage: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def run(*args: Any, **kwargs: Any) -> Any:
            if self._busy:  # a stage inside another counts as part of that
                return function(*args, **kwargs)
            self._busy, begun = True, time.process_time()
            try:
                return function(*args, **kwargs)
            finally:
                self.seconds[stage] += time.process_time() - begun
                self._busy = False

        return run

    def watch(self) -> None:
        from reader.claims import candidates, find, tagger

        for module, name, stage in (
            (candidates, "find_boilerplate", "boilerplate"),
            (candidates, "language", "language"),
            (candidates, "ruled", "rules"),
            (candidates, "agreed", "linking"),
            (find, "resolve", "speakers"),
            (find, "find_figures", "figures"),
            (find, "sureness", "score and worth"),
            (find, "_claims", "score and worth"),
            (tagger, "read_units", "word pieces"),
            (tagger, "laid_out", "word pieces"),
            (tagger.Tagger, "_decode", "decoding"),
        ):
            setattr(module, name, self.timed(stage, getattr(module, name)))
        paragraphs = candidates.paragraphs
        candidates.paragraphs = self.timed("segmenting", lambda *args: list(paragraphs(*args)))
        shipped = tagger.shipped()
        shipped._session = Watched(shipped._session, self)


class Watched:
    """A session that counts what it reads."""

    def __init__(self, session: Any, stages: Stages) -> None:
        self._run = stages.timed("network", session.run)
        self._stages = stages

    def run(self, outputs: Any, inputs: dict[str, Any]) -> Any:
        self._stages.pieces += inputs["ids"].size
        return self._run(outputs, inputs)


def best(runs: int, work: Callable[[], object], clock: Callable[[], float] = time.process_time) -> list[float]:
    found = []
    for _ in range(runs):
        begun = clock()
        work()
        found.append(clock() - begun)
    return sorted(found)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=10)
    parser.add_argument("--quick", action="store_true")
    asked = parser.parse_args()
    texts = articles()
    words = sum(len(text.split()) for text in texts)
    article = of_words(texts, ARTICLE)
    sizes = {name: size for name, size in SIZES.items() if size < 1_000_000 or not asked.quick}

    fresh = [alone() for _ in range(asked.runs)]
    importing, loading = (statistics.median(figures[i] for figures in fresh) for i in (0, 1))
    memory = {f"{ARTICLE} words": alone(article)[2]}
    memory |= {name: alone(of_size(texts, size))[2] for name, size in sizes.items() if size == max(sizes.values())}

    from reader.claims.find import find

    find(article)
    whole = best(asked.runs, lambda: [find(text) for text in texts])
    wall = best(2 * asked.runs, lambda: find(article), time.perf_counter)
    processor = best(2 * asked.runs, lambda: find(article))
    long = {}
    for name, size in sizes.items():
        text = of_size(texts, size)
        long[name] = best(3 if size < 500_000 else 1, lambda text=text: find(text))[0]  # type: ignore[misc]

    stages = Stages()
    stages.watch()
    watched = best(asked.runs, lambda: [find(text) for text in texts])
    network = stages.seconds["network"]
    least = min(sizes.values())
    rows = [
        row("words a second", words / whole[0], "words/s", 5000, least=True),
        row("the network alone", words * asked.runs / network, "words/s"),
        row("the network alone, word pieces", stages.pieces / network, "pieces/s"),
        row("whole, of the network alone", network / sum(watched), "share"),
        row(f"an article of {ARTICLE} words, median", statistics.median(wall) * 1000, "ms", 150),
        row(f"an article of {ARTICLE} words, best", wall[0] * 1000, "ms"),
        row(f"an article of {ARTICLE} words, processor time", statistics.median(processor) * 1000, "ms"),
        row("importing what is needed", importing * 1000, "ms"),
        row("loading the model", loading * 1000, "ms"),
        row("both", (importing + loading) * 1000, "ms", 400),
        *(row(f"peak memory, {name}", peak, "MB", 300 if "words" in name else None) for name, peak in memory.items()),
        *(row(f"a text of {name}", seconds, "s") for name, seconds in long.items()),
        *(
            row(f"{name}, times its share of 64 kB", seconds / long["64 kB"] * least / sizes[name], "x", 1.25)
            for name, seconds in long.items()
            if sizes[name] > least
        ),
    ]
    other = sum(watched) - sum(stages.seconds.values())
    for stage, seconds in sorted([*stages.seconds.items(), ("the rest", other)], key=lambda s: -s[1]):
        rows.append(row(f"of it: {stage}", seconds / asked.runs / words * 1e6, "µs/word"))
    show(rows)
    keep("claims", rows)


if __name__ == "__main__":
    main()
