"""The scorecard: every promise of docs/reliability.md, the tests that show it, and what they measured.

    python tests/scorecard.py            run them all in their full form, print the table, write docs/reliability.md
    python tests/scorecard.py 23 24      only these; of the others the page has what was last found
    python tests/scorecard.py --short    in the form that `make test` has, which takes no full one's place on the page

A test names the promises it shows with `@pytest.mark.scorecard(23)` and tells its figure with
`record_property("figure", "200 points, 0 lost")`. A promise holds when all of its tests passed and there is one.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
from collections import defaultdict
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "reliability.md"

PROMISES: dict[str, tuple[str, str]] = {}
"""By number: the part of the scorecard, and the promise; those that begin with a * stop a release."""

_PARTS = {
    "Terminal and screens": """
1 *Hostile words in every field reach the terminal on no screen
2 Naughty strings, trojan sources, every code point: nothing unclean is stored
3 *Markup in every field and notification: no crash, no action
4 Errors whose words a server chose: the same
5 The terminal is as it was after every way to end
6 What a crash prints and logs has no secrets, no locals, no escape sequences
7 An article of 1 MB or of 100,000 lines: first paint within 1 s, keys within 100 ms
8 Where a link leads is always seen; user names and look-alike letters in it are pointed out
""",
    "Network and parsing": """
9 *Bombs of 1 GB in every coding: the process grows by 64 MB at most, and says why
10 Bodies end at 10 MB; headers without end are refused
11 A drip ends after 30 s in all
12 Bad addresses and odd charsets: nothing uncaught
13 *Addresses that a feed supplies never reach private networks, by redirect or rebinding neither
14 *Only http and https are fetched or opened
15 *A body that looks like a path or an address opens no file
16 *Entities and document types: nothing read, within 1 s
17 What hangs a parser is ended after 5 s, the screen stays alive, other feeds finish
18 Fuzzing of all that reads: nothing uncaught, nothing over 2 s
19 All published feeds of other projects' tests: nothing raised
20 Nesting without end and huge nodes: the feed's text is shown, never nothing
21 The list of politeness below
22 200 feeds, 10 % hanging, 5 % failing, 5 % malformed: over within 60 s, the rest updated
""",
    "Durability": """
23 *Killed at 200 points of a refresh: the library is sound, nothing saved is lost, nothing doubled
24 *500 power cuts: nothing corrupt, nothing acknowledged lost
25 The library is opened with the durability that is promised
26 A full disk at 20 points: a message, reading goes on, writing recovers
27 Two programs at once: neither sees "locked", nothing is lost
28 *A backup while others write has equal rows
29 Every earlier library is copied, then upgraded; killed at 50 points it is the old or the new one
30 A newer library is refused and left untouched
31 200 damaged files: no traceback, the original kept, 95 % of whole highlights salvaged
32 An index that is gone or stale is made anew
33 A library that can't be written, or is none: a plain message
34 *Articles edited, ids changed, entries gone, feeds removed: every highlight is kept
35 10,000 random steps agree with a plain model
36 1,000 feeds, 100,000 articles for 24 hours: log under 64 MB, memory grows by 10 % at most
""",
    "In and out": """
37 *Lists of feeds with commands, depth and 200,000 outlines: nothing run, within 5 s, a report an item
38 What is exported comes in equal
39 Names of files: inside their folder, whole, nothing overwritten
40 Spreadsheets, Markdown and front matter: no formula, nothing broken out of, no script as a link
41 *A password stands in no log, export, process list or traceback; files are their owner's alone
42 43 odd and 10,000 random searches: no error
43 A hostile server of synchronisation
44 Certificates that are expired, another's or one's own are refused
""",
    "Politeness": """
H1 The first fetch has no conditions, later ones do, over restarts and by hand
H2 Validators go back byte for byte; none is invented
H3 Validators are renewed with every answer
H4 An ETag is renewed though Last-Modified is not
H5 An ETag of a 304 is kept
H6 Validators are of the address that gave them
H7 One conditional fetch an hour, one other a day
H8 max-age is kept to, within bounds
H9 Retry-After is kept to, over restarts, for the whole host
H10 No retry at once after a failure; the pause doubles
H11 Adding a feed is one request
H12 A restart causes no burst
H13 Permanent moves change an address after several in a row, others never
H14 410 ends asking, and articles stay
H15 Ten redirects at most
H16 Two connections a host, with a pause
H17 The program says who it is
H18 No cookies, referrers or parameters of ours
H19 Compression is accepted
H20 ttl, skipHours and skipDays are kept to
H21 No icons, no guessed addresses
H22 One address followed twice is fetched once
H23 A clock set back causes no storm
H24 Nothing is fetched that was not opened or asked for
""",
}
for _part, _lines in _PARTS.items():
    for _line in _lines.strip().splitlines():
        _number, _, _promise = _line.partition(" ")
        PROMISES[_number] = (_part, _promise)

CANNOT = {
    "43": "This program does not synchronise with a server, so there is none to be hostile; lists of feeds that are"
    " followed only ever add.",
}
"""Promises that can't be shown, and why."""


POLITE = [number for number in PROMISES if number.startswith("H")]

RESULTS = ROOT / "build" / "scorecard.json"
"""What was last found, so that the whole can be run in parts."""


@dataclass
class Shown:
    """What became of the tests of a promise."""

    passed: int = 0
    failed: list[str] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)
    figures: list[str] = field(default_factory=list)
    full: bool = True
    """Whether they were run in their full form."""
    day: str = ""

    @property
    def verdict(self) -> str:
        if self.failed:
            return "falls short"
        if not self.passed:
            return "not run" if self.skipped else "not shown"
        return "in part" if self.skipped else "pass"


class Collected:
    """A pytest plugin that gathers what is told of promises."""

    def __init__(self) -> None:
        self.of: dict[str, Shown] = defaultdict(Shown)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when != "call" and report.passed:
            return
        properties = list(report.user_properties)
        numbers = {number for name, given in properties if name == "scorecard" for number in given}
        for number in numbers:
            shown = self.of[number]
            if report.failed:
                shown.failed.append(report.nodeid)
            elif report.skipped:
                shown.skipped.append(report.nodeid)
            else:
                shown.passed += 1
                shown.figures += [str(figure) for name, figure in properties if name == "figure"]


def main() -> int:
    """Run the tests, print the table, write the page; 1 where a promise falls short."""
    parser = argparse.ArgumentParser(description="Run the scorecard.")
    parser.add_argument("number", nargs="*", help="only these promises")
    parser.add_argument("--short", action="store_true", help="in the form that `make test` has")
    arguments = parser.parse_args()
    if unknown := [one for one in arguments.number if one not in PROMISES]:
        parser.error(f"there is no promise {unknown[0]}")
    numbers = arguments.number or [*PROMISES]
    asked = [*arguments.number, *(POLITE if "21" in arguments.number else ())]
    os.environ |= {"SCORECARD": "" if arguments.short else "full", "SCORECARD_ONLY": " ".join(asked)}
    os.chdir(ROOT)
    collected = Collected()
    pytest.main(["-q", "-m", "scorecard", "-o", "timeout=7200", "-p", "no:cacheprovider"], plugins=[collected])
    if "21" in numbers:  # it is all of them
        collected.of["21"].failed += [number for number in POLITE if collected.of[number].verdict != "pass"]
    for number in numbers:
        one = collected.of[number]
        one.full, one.day = not arguments.short, date.today().isoformat()
        print(f"{number:>4}  {_said(number, one):12} {PROMISES[number][1].lstrip('*')}  {'; '.join(_figures(one))}")
        for failed in one.failed:
            print(f"      {failed}")
    PAGE.write_text(page(_kept({number: collected.of[number] for number in numbers})), encoding="utf-8")
    short = [number for number in numbers if number not in CANNOT and collected.of[number].verdict != "pass"]
    print(f"{len(numbers) - len(short)} of {len(numbers)} hold." + (f" Not: {', '.join(short)}." if short else ""))
    return 1 if short else 0


def _kept(new: dict[str, Shown]) -> dict[str, Shown]:
    """What was found now and before; what was found in full stays where a promise was now run in short and holds."""
    known = {}
    if RESULTS.exists():
        known = {number: Shown(**one) for number, one in json.loads(RESULTS.read_text(encoding="utf-8")).items()}
    for number, one in new.items():
        before = known.get(number)
        if before is None or one.full or not before.full or one.verdict != "pass":
            known[number] = one
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps({number: asdict(one) for number, one in known.items()}), encoding="utf-8")
    return known


def page(shown: dict[str, Shown]) -> str:
    """docs/reliability.md."""
    lines = [
        "# Reliability and security",
        "",
        "What is promised under fault and attack, and how it was shown. Written by `make scorecard`, which runs the",
        "tests that bear a promise's number (`@pytest.mark.scorecard(23)`) on loopback alone; `make test` runs all of",
        "them too, the long ones in a short form. **Bold** promises stop a release.",
        "",
        f"Run on {platform.system()} {platform.machine()} with Python {platform.python_version()}. “Short” is the",
        "form that `make test` has.",
    ]
    part = None
    for number, (of, promise) in PROMISES.items():
        if of != part:
            part = of
            lines += ["", f"## {part}", "", "| | promise | shown by | figure | | run |", "|---|---|---|---|---|---|"]
        one = shown.get(number, Shown())
        words = f"**{promise[1:]}**" if promise.startswith("*") else promise
        tests = f"{one.passed} tests" if one.passed != 1 else "1 test"
        tests += f", {len(one.skipped)} not run" if one.skipped else ""
        figures = CANNOT.get(number) or "; ".join(_figures(one))
        run = "" if number in CANNOT else f"{one.day} {'' if one.full else 'short'}".strip()
        lines.append(f"| {number} | {words} | {tests} | {figures} | {_said(number, one)} | {run} |")
    return "\n".join(lines) + "\n"


def _figures(shown: Shown) -> list[str]:
    return list(dict.fromkeys(shown.figures))


def _said(number: str, shown: Shown) -> str:
    return "can't be" if number in CANNOT else shown.verdict


if __name__ == "__main__":
    sys.exit(main())
