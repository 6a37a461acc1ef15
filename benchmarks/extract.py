"""How fast articles are taken out of pages, beside trafilatura in the same run; a page of 10 MB; memory.

    python benchmarks/extract.py [DIR] [--runs 1] [--quick]

DIR holds sets of pages as `newsreader eval extract` reads them (../shared/data/pages unless named); where there are
none, our own test pages stand in. Both are given the same bytes, page by page, each first at every other page, on one
core; of several runs each page's fastest counts. Times are the processor's, for the machine has other work as well; the
ratio holds on another machine, the milliseconds may not. Memory is what a fresh process grows by between its imports
and its peak. trafilatura comes with the extra `bench`; without it our own figures stand alone. `--quick` leaves out the
page of 10 MB. Results go to benchmarks/results.json.
"""

import argparse
import contextlib
import gzip
import json
import logging
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from keep import keep, row, show

from reader.articles import ExtractError
from reader.articles.extract import extract

ROOT = Path(__file__).parents[1]
SHARED = ROOT.parent / "shared" / "data" / "pages"
OWN = ROOT / "tests" / "articles" / "pages"
LARGE = 10_000_000
"""Bytes of the large page."""

GROWTH = """
import gzip, json, re, resource, sys
from pathlib import Path
from reader.articles import ExtractError
from reader.articles.extract import extract

def peak():
    if (status := Path("/proc/self/status")).exists():
        # Here getrusage begins with the peak of the process that started this one.
        return int(re.search(r"VmHWM:\\s*(\\d+)", status.read_text())[1]) / 2**10
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)

files = sys.stdin.read().splitlines()
before = peak()
for name in files:
    body = Path(name).read_bytes()
    try:
        extract(gzip.decompress(body) if name.endswith(".gz") else body)
    except ExtractError:
        pass
print(json.dumps([before, peak()]))
"""
"""What a fresh process is asked, given the names of pages: MB before the first page, MB at its peak."""

Extract = Callable[[bytes], object]


def files(folder: Path) -> list[Path]:
    """The pages of a folder of sets, or our own where there are none."""
    if found := sorted(folder.glob("*/html/*.html.gz")):
        return found
    print(f"There are no pages in {folder}; our own stand in.")
    return sorted(OWN.glob("*.html"))


def body_of(file: Path) -> bytes:
    return gzip.decompress(file.read_bytes()) if file.suffix == ".gz" else file.read_bytes()


def ours(html: bytes) -> object:
    with contextlib.suppress(ExtractError):
        return extract(html)
    return None


def others() -> dict[str, Extract]:
    """What else reads pages here, by name."""
    try:
        import trafilatura
    except ImportError:
        print("trafilatura is not installed (the extra `bench`); our own figures stand alone.")
        return {}
    logging.disable()  # it tells of each page that it gives up on
    return {
        f"trafilatura {trafilatura.__version__}": lambda html: trafilatura.bare_extraction(html, with_metadata=True)
    }


def on_one_core() -> None:
    """Stay on one core, where the system lets us."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})


def timed(work: Extract, html: bytes) -> float:
    begun = time.process_time()
    work(html)
    return time.process_time() - begun


def side_by_side(pages: Sequence[Path], extractors: dict[str, Extract], runs: int) -> dict[str, list[float]]:
    """Each extractor's fastest seconds a page."""
    best = {name: [float("inf")] * len(pages) for name in extractors}
    warm = body_of(pages[0])
    for work in extractors.values():  # whatever is loaded at the first page
        work(warm)
    for run in range(runs):
        for at, page in enumerate(pages):
            html = body_of(page)
            turn = list(extractors.items())
            for name, work in turn if (run + at) % 2 else reversed(turn):
                best[name][at] = min(best[name][at], timed(work, html))
    return best


def large_page(size: int = LARGE) -> bytes:
    """A page of so many bytes: sections with a menu, many paragraphs and a box of links each, no two quite the same."""
    sections, length, turn = [], 0, 0
    while length < size:
        turn += 1
        menu = "".join(f'<li><a href="/section/{turn}/{i}">Section {i} of {turn}</a></li>' for i in range(20))
        prose = "".join(
            f"<p>The council voted on day {turn} to close bath number {i}, which has stood by the river for "
            f"{turn + i} years. “Nobody asked those who swim there,” said <a href='/people/{i}'>Ada Byrne</a>, who "
            f"leads residents’ committee {turn * i}. Repairs would cost {i}.{turn} million, according to the mayor’s "
            "office, and take at least <em>three winters</em> to finish, not counting the roof.</p>"
            for i in range(30)
        )
        links = "".join(f'<a href="/story/{turn}/{i}">Another story, {i} of {turn}</a> ' for i in range(10))
        part = f"<nav><ul>{menu}</ul></nav><h2>Part {turn}</h2>{prose}<aside>Read also: {links}</aside>"
        sections.append(part)
        length += len(part.encode())
    head = "<title>All about the baths</title><meta property='og:site_name' content='The Courier'>"
    body = f"<header><a href='/'>Home</a></header><main><article><h1>All about the baths</h1>{''.join(sections)}"
    return f"<!doctype html><html lang=en><head>{head}</head><body>{body}</article></main></body></html>".encode()


def growth(pages: Sequence[Path]) -> float:
    """MB that a fresh process grows by when it extracts pages."""
    names = "\n".join(map(str, pages))
    done = subprocess.run([sys.executable, "-c", GROWTH], input=names, check=True, capture_output=True, text=True)
    before, peak = json.loads(done.stdout)
    return peak - before


def figures(name: str, seconds: Sequence[float]) -> list[dict[str, Any]]:
    """Mean, median and p99 of the milliseconds a page."""
    cuts = statistics.quantiles(seconds, n=100, method="inclusive") if len(seconds) > 1 else [seconds[0]] * 99
    measures = {"mean": statistics.fmean(seconds), "median": statistics.median(seconds), "p99": cuts[98]}
    return [row(f"{name}, {what} a page", value * 1000, "ms") for what, value in measures.items()]


def of_the_large_page(extractors: dict[str, Extract]) -> list[dict[str, Any]]:
    """Seconds and memory for one page of 10 MB."""
    html = large_page()
    seconds = {name: timed(work, html) for name, work in extractors.items()}
    rows = [row(f"{name}, a page of {LARGE // 10**6} MB", took, "s") for name, took in seconds.items()]
    rows += ratios("a page of 10 MB", seconds)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "large.html"
        file.write_bytes(html)
        return [*rows, row("memory grows by, a page of 10 MB", growth([file]), "MB")]


def ratios(what: str, seconds: dict[str, float]) -> list[dict[str, Any]]:
    """How many times the others' time ours is."""
    mine, *rest = seconds.items()
    return [row(f"ours, times {name}: {what}", mine[1] / took, "x") for name, took in rest]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("pages", nargs="?", type=Path, default=SHARED, metavar="DIR")
    parser.add_argument("--runs", type=int, default=1)
    parser.add_argument("--quick", action="store_true")
    asked = parser.parse_args()
    on_one_core()
    pages = files(asked.pages)
    extractors = {"ours": ours, **others()}
    seconds = side_by_side(pages, extractors, asked.runs)
    rows = [row("pages", len(pages), "pages")]
    for name, took in seconds.items():
        rows += figures(name, took)
    rows += ratios("mean a page", {name: statistics.fmean(took) for name, took in seconds.items()})
    rows.append(row("memory grows by, all pages", growth(pages), "MB"))
    if not asked.quick:
        rows += of_the_large_page(extractors)
    show(rows)
    keep("extract", rows)


if __name__ == "__main__":
    main()
