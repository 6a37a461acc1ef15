"""Who tells each report, and whose word he hands on, reading on through the text so that pronouns find theirs."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from reader.claims.attribute import Report
from reader.claims.discourse import Discourse
from reader.claims.lexicon import REPORT_NOUNS
from reader.claims.register import Register
from reader.claims.segment import Paragraph
from reader.claims.speakers import Speaker, read
from reader.model import SourceKind, Span


class Claimed(NamedTuple):
    """A report with its speaker and the names of those whose word he hands on."""

    report: Report
    speaker: Speaker | None
    behind: tuple[str, ...] = ()


def resolve(
    reports: Sequence[Report], story: Sequence[Paragraph], register: Register, outlet: str | None
) -> list[Claimed]:
    """Give each report its speaker, reading on through the text so that pronouns find theirs."""
    discourse = Discourse(register, outlet)
    claimed: list[Claimed] = []
    ordered = sorted(reports, key=lambda r: r.at)
    outer = {i: o for i, o in _within_contents(ordered) if not ordered[o].agentless}
    quoted = [q.span for paragraph in story for q in paragraph.quotations]
    for i, report in enumerate(ordered):
        if report.follows:
            claimed.append(Claimed(report, discourse.latest))
        elif report.lemma == "headline" and report.source[0].low.startswith("report"):
            claimed.append(Claimed(report, read(report.source, register)))
        elif report.source and i in outer:
            aloud = inside(Span(report.source[0].start, report.source[-1].end), quoted)
            teller = discourse.meant(ordered[outer[i]].source) if aloud and ordered[outer[i]].source else None
            claimed.append(Claimed(report, discourse.resolve(report.source, teller=teller, inner=True)))
        elif report.source:
            speaker = discourse.resolve(report.source)
            claimed.append(Claimed(report, speaker, tuple(discourse.behind(words) for words in report.via)))
        else:
            claimed.append(Claimed(report, None))
    cited = next((s for _, s, _ in claimed if s and s.named and s.kind is SourceKind.OUTLET), None)
    if cited is not None:  # "…: Report" is the first outlet that the story cites
        how = f"the headline's report read as {cited.name}"
        claimed = [
            c._replace(speaker=cited._replace(how=how))
            if c.report.lemma == "headline" and c.report.source[0].low.startswith("report")
            else c
            for c in claimed
        ]
    return claimed


def _within_contents(reports: Sequence[Report]) -> Iterator[tuple[int, int]]:
    """Which report is told inside which other's content: (inner, outer), for reports in the order of `at`."""
    contents = sorted((span.start, span.end, i) for i, report in enumerate(reports) for span in report.content)
    opened: list[tuple[int, int, int]] = []
    following = 0
    for i, report in enumerate(reports):
        while following < len(contents) and contents[following][0] <= report.at:
            opened.append(contents[following])
            following += 1
        opened = [span for span in opened if span[1] > report.at]
        if report.source:
            yield from ((i, outer) for _, _, outer in opened if outer != i)


def nested(claimed: Sequence[Claimed]) -> dict[int, list[str]]:
    """Report -> those whose word it hands on, nearest first: "X, citing Y", "X reported that Y said"."""
    behind: dict[int, dict[str, None]] = {id(c.report): dict.fromkeys(c.behind) for c in claimed}
    ordered = sorted(claimed, key=lambda c: c.report.at)
    pairs = [*_within_contents([c.report for c in ordered]), *_quoted_as_saying([c.report for c in ordered])]
    for i, o in pairs:
        inner, outer = ordered[i], ordered[o]
        if inner.report.content[0].start >= outer.report.content[-1].end:
            continue  # "A letter allegedly written by Roe asked …"
        if inner.report.lemma in REPORT_NOUNS:
            continue  # told in passing, while the outer one speaks of something else
        if inner.speaker is not None and (outer.speaker is None or inner.speaker.name != outer.speaker.name):
            behind[id(outer.report)][inner.speaker.name] = None
    return {report: list(names) for report, names in behind.items()}


def _quoted_as_saying(reports: Sequence[Report]) -> Iterator[tuple[int, int]]:
    """(inner, outer) of "X quoted Y as saying A": two reports of one content."""
    by_content = {r.content[0].start: i for i, r in enumerate(reports) if r.lemma.startswith("quot")}
    for i, report in enumerate(reports):
        outer = by_content.get(report.content[0].start)
        if outer is not None and outer != i and report.source and report.at > reports[outer].at:
            yield i, outer


def inside(span: Span, stretches: Sequence[Span]) -> bool:
    """Whether one of some stretches in order holds a span."""
    i = bisect_right(stretches, (span.start, float("inf"))) - 1
    return i >= 0 and span.end <= stretches[i].end
