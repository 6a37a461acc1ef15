"""One reading of a text: the reports that rules find in its sentences, its headline and its quotations."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from reader.claims.attribute import Report, reports_in
from reader.claims.lexicon import word_set
from reader.claims.segment import Paragraph, Sentence, sentences_within
from reader.model import Span

_REPORT_HEADLINE = re.compile(
    r"(?P<content>[^\n]{8,300}?)\s?[:–—-]\s(?P<source>Reports?|Officials?|Police|Study|Poll|Survey)$"
)
_REPORT_FIRST = re.compile(r"(?P<source>Reports?|Officials?|Police|Study|Poll|Survey):\s(?P<content>[^\n]{8,300})$")
_SAYS_FIRST = re.compile(
    r"(?P<source>[A-Z][^\n:,;\"“‘]{2,50}): (?P<content>(?:‘[^\n]{8,160}’|“[^\n]{8,160}”|'[^\n]{8,160}'))$"
)
_HEADLINES = (_REPORT_HEADLINE, _REPORT_FIRST, _SAYS_FIRST)
LONE_CHARS = 25
"""A shorter quotation that stands alone is a title or a scare quote."""
_SPEAKERS_OWN = word_set("i we you me us i'm i've i'd we're we've i’m i’ve i’d we’re we’ve who which that this it")
"""Sources inside quotation marks that are the speaker himself, or nobody that the words name."""


def ruled(text: str, story: Sequence[Paragraph], title: str) -> list[Report]:
    """All reports that the rules find; `title` tells whether the first paragraph is the headline."""
    return [*_reports(text, story, title), *_inner(text, story)]


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
            elif (here or last) and lone.end - lone.start >= LONE_CHARS:
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


def _inner(text: str, story: Sequence[Paragraph]) -> Iterator[Report]:
    """The reports inside quotation marks of what others than the speaker said: "People were saying it was a bomb"."""
    for paragraph in story:
        for quotation in paragraph.quotations:
            for sentence in sentences_within(text, quotation.span):
                for report in reports_in(sentence):
                    if report.source and not any(t.low in _SPEAKERS_OWN for t in report.source):
                        report.inner = True
                        yield report


def _lone_quotation(sentence: Sentence) -> Span | None:
    """The quotations of a sentence that holds nothing else."""
    quoted = [t for t in sentence.tokens if t.quoted]
    if not quoted or any(not t.quoted and t.text not in ".,;:!?…" for t in sentence.tokens):
        return None
    return Span(quoted[0].start, quoted[-1].end)


def _headline(text: str, paragraph: Paragraph) -> Report | None:
    """The report that a headline is: "…: Report" or "Report: …"."""
    line = text[paragraph.span.start : paragraph.span.end].split("\n", 1)[0]
    if len(line) > 320 or not (match := next(filter(None, (form.fullmatch(line) for form in _HEADLINES)), None)):
        return None
    start = paragraph.span.start
    content, source = (Span(start + match.start(g), start + match.end(g)) for g in ("content", "source"))
    words = tuple(t for s in paragraph.sentences for t in s.tokens if source.start <= t.start < source.end)
    return Report([content], source=words, lemma="headline") if words else None


def _ends_quoted(text: str, report: Report) -> bool:
    return text[report.content[-1].end - 1] in "\"”»’'"
