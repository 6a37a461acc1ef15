"""Two readings of one text made one: the rules', which know the guide's conventions, and the model's, which knows more
news than any list of verbs."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence

from reader.claims.attribute import Evidence, Report
from reader.claims.linking import Attribution, attributions, report_of
from reader.claims.tagger import Tagged
from reader.model import Span

_SAME = 0.5
"""Contents that share this much of their characters are one."""
_APART, _SURE = 0.15, 0.7
"""Where the readings share less than this of one cue's content, the model is believed if it is this sure."""


def agreed(text: str, tagged: Tagged, ruled: Sequence[Report]) -> list[Report]:
    """The reports of both readings, each once; the rules' come first and keep their bounds.

    Where the model sees somebody else begin to speak inside what a rule takes for one content, it ends there.
    """
    seen = [(a, r) for a in attributions(tagged) if (r := report_of(text, tagged, a)) is not None]
    by_cue = _Lookup((r.cue for _, r in seen))
    by_content = _Lookup((r.content for _, r in seen))
    taken: set[int] = set()
    for report in ruled:
        near = {*by_cue.touching(report.cue), *by_content.touching(report.content)}
        mates = [i for i in near if _same(report, seen[i][1])]
        taken.update(mates)
        best = max(mates, key=lambda i: seen[i][0].chance, default=None)
        if best is not None and not report.inner:
            if share(report.content, seen[best][1].content) < _APART and seen[best][0].chance > _SURE:
                report.content, report.source = [*seen[best][1].content], seen[best][1].source or report.source
                report.agentless = not report.source
            _cut(report, seen[best][1], [seen[i][1] for i in near if i not in mates])
        report.evidence = _evidence(tagged, report, None if best is None else seen[best][0], ruled=True)
    found = list(ruled)
    for i, (attribution, report) in enumerate(seen):
        if i not in taken:
            report.evidence = _evidence(tagged, report, attribution, ruled=False)
            found.append(report)
    return found


def _same(a: Report, b: Report) -> bool:
    if any(x.start < y.end and y.start < x.end for x in a.cue for y in b.cue):
        return True
    return share(a.content, b.content) >= _SAME


def share(a: Sequence[Span], b: Sequence[Span]) -> float:
    """The characters that two contents share, of all that either has."""
    both = sum(max(0, min(x.end, y.end) - max(x.start, y.start)) for x in a for y in b)
    return both / max(1, sum(x.end - x.start for x in (*a, *b)) - both)


def _cut(report: Report, mate: Report, others: Sequence[Report]) -> None:
    """End a content where the model ends it and somebody else begins."""
    last, end = report.content[-1], mate.content[-1].end
    begins = [o.at for o in others if o.source and end <= o.at < last.end]
    if begins and last.start < end < last.end:
        report.content[-1] = Span(last.start, end)


def _evidence(tagged: Tagged, report: Report, attribution: Attribution | None, *, ruled: bool) -> Evidence:
    source = (Span(report.source[0].start, report.source[-1].end),) if report.source else ()
    said_by, cue, content = (
        _chance(tagged, spans, role) for role, spans in enumerate((source, report.cue, report.content))
    )
    link = attribution.link if attribution else 0.0
    return Evidence(ruled=ruled, seen=attribution is not None, source=said_by, cue=cue, content=content, link=link)


def _chance(tagged: Tagged, spans: Iterable[Span], role: int) -> float:
    """How likely the words of some spans have a role, on average; 0 for none."""
    total, count = 0.0, 0
    for span in spans:
        first = bisect_left(tagged.words, span.start, key=lambda word: word.start)
        last = bisect_left(tagged.words, span.end, key=lambda word: word.start)
        total += float(tagged.chances[first:last, 1 + 2 * role : 3 + 2 * role].sum())
        count += last - first
    return total / count if count else 0.0


class _Lookup:
    """Spans by place: which of many lists of spans touch one."""

    def __init__(self, lists: Iterable[Sequence[Span]]) -> None:
        places = sorted((span, i) for i, spans in enumerate(lists) for span in spans)
        self._spans = [span for span, _ in places]
        self._owners = [i for _, i in places]
        self._widest = max((span.end - span.start for span in self._spans), default=0)

    def touching(self, spans: Sequence[Span]) -> set[int]:
        found: set[int] = set()
        for span in spans:
            first = bisect_left(self._spans, span.start - self._widest, key=lambda s: s.start)
            last = bisect_left(self._spans, span.end, key=lambda s: s.start)
            found.update(self._owners[i] for i in range(first, last) if self._spans[i].end > span.start)
        return found
