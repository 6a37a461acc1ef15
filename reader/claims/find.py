"""Text -> Analysis: who said what, how sure that is and why.

Rules in five steps: cut boilerplate away, segment, find the reports of each sentence, join quotations that stand alone
to the report before them, then resolve sources to speakers in the order of the text.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from typing import Any, NamedTuple

from reader.claims.attribute import Report, reports_in
from reader.claims.boilerplate import find_boilerplate
from reader.claims.discourse import Discourse
from reader.claims.figures import find_figures
from reader.claims.lexicon import CITING, word_set
from reader.claims.segment import Paragraph, Sentence, blocks, paragraphs
from reader.claims.speakers import Register, Speaker, read
from reader.model import Analysis, Claim, Figure, Quotation, Source, SourceKind, Span

MODEL = "rules-1"
"""Name and version of the extractor."""

_REPORT_HEADLINE = re.compile(
    r"(?P<content>[^\n]{8,300}?)\s?[:–—-]\s(?P<source>Reports?|Officials?|Police|Study|Poll|Survey)$"
)
_REPORT_FIRST = re.compile(r"(?P<source>Reports?|Officials?|Police|Study|Poll|Survey):\s(?P<content>[^\n]{8,300})$")
_PLAIN = word_set("say tell add write warn announce reveal state report") | {"according to", "in the words of"}
"""Cues that hardly ever mean anything but a report."""
_LONE_CHARS = 25
"""A shorter quotation that stands alone is a title or a scare quote."""


def find(text: str, *, title: str = "", outlet: str | None = None) -> Analysis:
    """Find the claims, figures and boilerplate of a clean text.

    `title` is the article's headline, told apart from its first paragraph where the text repeats it; `outlet` the name
    of the article's own outlet, for what it reports in its own name ("this newspaper"). Linear in the length of the
    text. Never raises.
    """
    spans = list(blocks(text))
    boilerplate = find_boilerplate(text, spans)
    passed_over = set(boilerplate)
    story = list(paragraphs(text, [s for s in spans if s not in passed_over]))
    figures = tuple(f for f in find_figures(text) if not _inside(f.span, boilerplate))
    register = Register.of(story)
    claimed = _resolve(_reports(text, story, title), story, register, outlet)
    quotations = [q.span for paragraph in story for q in paragraph.quotations]
    return Analysis(
        claims=_claims(text, claimed, quotations, figures, register),
        figures=figures,
        boilerplate=boilerplate,
        model=MODEL,
    )


def claims_json(analysis: Analysis, *, id: str | None, text: str) -> dict[str, Any]:
    """The analysis as the plain JSON that `newsreader claims` prints: a gold annotation's fields, flattened."""
    return {
        "id": id,
        "text": text,
        "claims": [_claim_json(claim) for claim in analysis.claims],
        "figures": [_figure_json(figure) for figure in analysis.figures],
        "boilerplate": [list(span) for span in analysis.boilerplate],
        "model": analysis.model,
    }


def sources(analysis: Analysis) -> tuple[Source, ...]:
    """The distinct speakers with all their mentions, the one with most claims first."""
    claims: dict[str, int] = {}
    merged: dict[str, Source] = {}
    spans: dict[str, dict[Span, None]] = {}
    for claim in analysis.claims:
        if claim.speaker is None:
            continue
        key = claim.speaker.name.casefold()
        merged.setdefault(key, claim.speaker)
        claims[key] = claims.get(key, 0) + 1
        spans.setdefault(key, {}).update(dict.fromkeys(claim.source))
    order = sorted(merged, key=lambda key: -claims[key])
    return tuple(
        Source(name=s.name, kind=s.kind, named=s.named, spans=tuple(sorted(spans[key])))
        for key in order
        for s in (merged[key],)
    )


def _claim_json(claim: Claim) -> dict[str, Any]:
    return {
        "id": claim.id,
        "content": [list(span) for span in claim.content],
        "cue": [list(span) for span in claim.cue],
        "source": [list(span) for span in claim.source],
        "speaker": claim.speaker.name if claim.speaker else None,
        "kind": str(claim.speaker.kind if claim.speaker else SourceKind.UNKNOWN),
        "named": bool(claim.speaker and claim.speaker.named),
        "quotation": str(claim.quotation),
        "via": list(claim.via),
        "denied": claim.denied,
        "figures": [_figure_json(figure) for figure in claim.figures],
        "score": claim.score,
        "reasons": list(claim.reasons),
    }


def _figure_json(figure: Figure) -> dict[str, Any]:
    return {
        "span": list(figure.span),
        "value": figure.value,
        "unit": figure.unit,
        "bound": str(figure.bound),
        "high": figure.high,
    }


# --- reports of the whole text ---------------------------------------------------------------------------------------


def _reports(text: str, story: Sequence[Paragraph], title: str) -> list[Report]:
    """The reports of every sentence, with quotations that stand alone joined to the report before them."""
    found: list[Report] = []
    if story and text.startswith(title, story[0].span.start) and (headline := _headline(text, story[0])):
        found.append(headline)
    last: Report | None = None  # the report that the paragraph before ends with
    carried: Report | None = None  # the one whose quotation it leaves open
    unclaimed: list[Span] = []  # quotations left open before anybody is named
    colon = False
    for paragraph in story:
        here: list[Report] = []
        for i, sentence in enumerate(paragraph.sentences):
            reports = reports_in(sentence)
            lone = None if reports else _lone_quotation(sentence)
            if reports and i == 0 and unclaimed and reports[0].content[0].start == paragraph.span.start:
                reports[0].content[:0] = unclaimed
            if lone is None:
                here += reports
            elif i == 0 and carried is not None:
                carried.content.append(lone)
            elif i == 0 and colon and last is not None:
                last.content.append(lone)
            elif here and _ends_quoted(text, here[-1]):
                here[-1].content.append(lone)
            elif (here or last) and lone.end - lone.start >= _LONE_CHARS:
                here.append(Report([lone], follows=True))
        opened = [q.span for q in paragraph.quotations if q.open]
        carried = next((r for r in (*here, carried) if r and opened and r.content[-1].end == opened[0].end), None)
        if opened and not here and carried is None:
            unclaimed += opened
        else:
            unclaimed = []
        last = next((r for r in reversed(here) if not r.agentless), carried)
        colon = text[paragraph.span.end - 1] == ":"
        found += here
    return found


def _lone_quotation(sentence: Sentence) -> Span | None:
    """The quotations of a sentence that holds nothing else."""
    quoted = [t for t in sentence.tokens if t.quoted]
    if not quoted or any(not t.quoted and t.text not in ".,;:!?…" for t in sentence.tokens):
        return None
    return Span(quoted[0].start, quoted[-1].end)


def _headline(text: str, paragraph: Paragraph) -> Report | None:
    """The report that a headline is: "…: Report" or "Report: …"."""
    line = text[paragraph.span.start : paragraph.span.end].split("\n", 1)[0]
    if len(line) > 320 or not (match := _REPORT_HEADLINE.fullmatch(line) or _REPORT_FIRST.fullmatch(line)):
        return None
    start = paragraph.span.start
    content, source = (Span(start + match.start(g), start + match.end(g)) for g in ("content", "source"))
    words = tuple(t for s in paragraph.sentences for t in s.tokens if source.start <= t.start < source.end)
    return Report([content], source=words, lemma="headline")


def _ends_quoted(text: str, report: Report) -> bool:
    return text[report.content[-1].end - 1] in "\"”»’'"


def _inside(span: Span, stretches: Sequence[Span]) -> bool:
    i = bisect_right(stretches, (span.start, float("inf"))) - 1
    return i >= 0 and span.end <= stretches[i].end


# --- speakers --------------------------------------------------------------------------------------------------------


class _Claimed(NamedTuple):
    """A report with its speaker."""

    report: Report
    speaker: Speaker | None


def _resolve(
    reports: Sequence[Report], story: Sequence[Paragraph], register: Register, outlet: str | None
) -> list[_Claimed]:
    """Give each report its speaker, reading on through the text so that pronouns find theirs."""
    discourse = Discourse(register, outlet)
    claimed: list[_Claimed] = []
    subjects = register.subjects(story)
    subject = next(subjects, None)
    for report in sorted(reports, key=lambda r: r.at):
        while subject is not None and subject[0] < report.at:
            discourse.mention(subject[1])
            subject = next(subjects, None)
        if report.follows:
            claimed.append(_Claimed(report, discourse.latest))
        elif report.lemma == "headline":
            claimed.append(_Claimed(report, read(report.source, register)))
        elif report.source:
            claimed.append(_Claimed(report, discourse.resolve(report.source)))
            for behind in report.via:
                discourse.hint(read(behind, register))
        else:
            claimed.append(_Claimed(report, None))
    cited = next((s for _, s in claimed if s and s.named and s.kind is SourceKind.OUTLET), None)
    if cited is not None:  # "…: Report" is the first outlet that the story cites
        how = f"the headline's report read as {cited.name}"
        claimed = [
            c._replace(speaker=cited._replace(how=how))
            if c.report.lemma == "headline" and c.report.source[0].low.startswith("report")
            else c
            for c in claimed
        ]
    return claimed


def _nested(claimed: Sequence[_Claimed]) -> dict[int, list[str]]:
    """Report -> those whose word it hands on: "X reported that Y said"."""
    by_start = {c.report.source[0].start: c.speaker for c in claimed if c.report.source and c.speaker}
    return {
        id(c.report): [inner.name]
        for c in claimed
        if c.report.source
        and (inner := by_start.get(c.report.content[0].start)) is not None
        and inner.name != (c.speaker.name if c.speaker else None)
    }


# --- claims ----------------------------------------------------------------------------------------------------------


def _claims(
    text: str,
    claimed: Sequence[_Claimed],
    quotations: Sequence[Span],
    figures: Sequence[Figure],
    register: Register,
) -> tuple[Claim, ...]:
    """The claims in the order of their content, each told once."""
    nested = _nested(claimed)
    told = {(*sorted(c.report.content), *c.report.cue): c for c in reversed(claimed)}
    ordered = sorted(told.values(), key=lambda c: (min(c.report.content), c.report.at))
    claims = []
    for i, (report, speaker) in enumerate(ordered):
        content = tuple(sorted(report.content))
        source = (Span(report.source[0].start, report.source[-1].end),) if report.source else ()
        quotation = _quotation(content, quotations)
        score, reasons = _judge(text, report, speaker, quotation)
        via = [read(behind, register).name for behind in report.via] or nested.get(id(report), [])
        claims.append(
            Claim(
                id=i,
                content=content,
                cue=tuple(report.cue),
                source=source,
                speaker=speaker.source(source) if speaker else None,
                via=tuple(via),
                quotation=quotation,
                denied=report.denied,
                figures=tuple(f for span in content for f in _within(span, figures)),
                score=score,
                reasons=reasons,
            )
        )
    return tuple(claims)


def _within(span: Span, figures: Sequence[Figure]) -> Sequence[Figure]:
    """The figures inside a span."""
    first = bisect_left(figures, span.start, key=lambda f: f.span.start)
    last = bisect_right(figures, span.end, lo=first, key=lambda f: f.span.end)
    return figures[first:last]


def _quotation(content: Sequence[Span], quotations: Sequence[Span]) -> Quotation:
    """Direct when quotation marks hold all of the content, mixed when they hold some."""
    inside = whole = 0
    for span in content:
        whole += span.end - span.start
        first = max(0, bisect_right(quotations, (span.start, span.start)) - 1)
        last = bisect_left(quotations, (span.end, 0))
        inside += sum(max(0, min(span.end, mark.end) - max(span.start, mark.start)) for mark in quotations[first:last])
    if not inside:
        return Quotation.INDIRECT
    return Quotation.DIRECT if whole - inside <= len(content) else Quotation.MIXED


def _judge(text: str, report: Report, speaker: Speaker | None, quotation: Quotation) -> tuple[float, tuple[str, ...]]:
    """A plain estimate by construction, and what it rests on in words."""
    score, reasons = 0.45, []
    cues = [span.of(text) for span in report.cue]
    words = [cue for cue in cues if cue.lower() not in CITING]
    citing = [cue for cue in cues if cue.lower() in CITING]
    if quotation is not Quotation.INDIRECT:
        score += 0.25 if quotation is Quotation.DIRECT else 0.15
        reasons.append("quotation marks")
    if report.follows:
        reasons.append("follows a quotation of the same speaker")
    elif report.lemma == "headline":
        reasons.append("the headline names its source")
    elif report.agentless:
        score -= 0.1
        reasons.append(f"“{report.lemma}” reports without saying who")
    else:
        score += 0.2 if report.lemma in _PLAIN else 0.05
        reasons.append(f"“{words[0]}” beside the source")
    if report.via:
        score += 0.05
        reasons.append(f"“{citing[0]}” names who is behind it")
    if speaker is not None:
        if speaker.named:
            score += 0.1
        elif speaker.kind is SourceKind.UNKNOWN:
            score -= 0.15
        if speaker.how:
            score -= 0.05
            reasons.append(speaker.how)
    return round(min(0.98, max(0.05, score)), 2), tuple(reasons)
