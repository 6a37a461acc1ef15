"""What may be claims in a text: the readings of the rules and of the model put together."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from typing import NamedTuple

from reader.claims.agree import agreed
from reader.claims.attribute import Report
from reader.claims.boilerplate import find_boilerplate
from reader.claims.language import language
from reader.claims.rules import ruled
from reader.claims.segment import Paragraph, blocks, paragraphs
from reader.claims.tagger import ENTITIES, shipped
from reader.model import Quotation, SourceKind, Span

_NAMELESS = re.compile(
    r"(?:(?:not )?to be (?:named|identified|quoted)|to (?:remain|stay) anonymous|anonymity)\b(?! as| by)", re.I
)
"""What a source asks for itself is part of who it is, no claim."""
_KINDS = {ENTITIES.index("person"): SourceKind.PERSON, ENTITIES.index("organisation"): SourceKind.ORGANISATION}


class Candidates(NamedTuple):
    """What may be claims in a text: all that either reading found."""

    story: list[Paragraph]
    boilerplate: tuple[Span, ...]
    quotations: list[Span]
    language: str | None
    """None where that is not plain."""
    reports: list[Report]
    kinds: dict[int, SourceKind]
    """Where a word begins that the model takes for part of a person's or an organisation's name."""

    @property
    def foreign(self) -> bool:
        """True of a language that neither reading knows."""
        return self.language not in (None, "en")


def candidates(text: str, *, title: str = "") -> Candidates:
    """Read a text by rules and by the model, and put the two readings together."""
    spans = list(blocks(text))
    boilerplate = find_boilerplate(text, spans)
    passed_over = set(boilerplate)
    story = list(paragraphs(text, [s for s in spans if s not in passed_over]))
    quotations = [q.span for paragraph in story for q in paragraph.quotations]
    code = language(text)
    reports: list[Report] = []
    kinds: dict[int, SourceKind] = {}
    if code in (None, "en") and story:
        tagged = shipped().tag(text, [p.span for p in story])
        kinds = {
            word.start: _KINDS[entity]
            for word, entity in zip(tagged.words, tagged.entities.tolist(), strict=True)
            if entity in _KINDS
        }
        both = agreed(text, tagged, ruled(text, story, title))
        reports = [r for r in both if not _NAMELESS.match(text, r.content[0].start) and not _acts(text, r)]
    return Candidates(story, boilerplate, quotations, code, reports, kinds)


def _acts(text: str, report: Report) -> bool:
    """Whether a verb that can report tells of a deed here: "agreed to pay", "pleaded guilty"."""
    begins = text[report.content[0].start : report.content[0].start + 3].lower()
    follows = text[report.cue[0].end : report.cue[0].end + 12].lower().split()[:2] if report.cue else []
    return (report.lemma == "agree" and begins == "to ") or (report.lemma == "plead" and "guilty" in follows)


def quotation_of(report: Report, found: Candidates) -> Quotation:
    """How much of a report's content stands in quotation marks; an inner speaker's words are not quoted by anybody."""
    if report.inner:
        return Quotation.INDIRECT
    return _quotation(sorted(report.content), found.quotations)


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
