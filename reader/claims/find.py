"""Text -> Analysis: who said what, how sure that is and why.

Two readings of a text, by rules and by the shipped model, are put together (`candidates`) and weighed (`trust`); what
is sure enough is given its speaker (`resolve`), its figures and its rank (`worth`).
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence

from reader.claims import MODEL
from reader.claims.attribute import Report
from reader.claims.candidates import Candidates, candidates, quotation_of
from reader.claims.figures import find_figures
from reader.claims.lexicon import CITING
from reader.claims.register import Register
from reader.claims.resolve import Claimed, inside, nested, resolve
from reader.claims.rules import LONE_CHARS
from reader.claims.speakers import Speaker
from reader.claims.trust import ENOUGH, sureness
from reader.claims.worth import worth
from reader.model import Analysis, Claim, Figure, Quotation, Span

_UNREAD = 0.5
"""How sure a quotation in a language that nobody read here is."""


def find(text: str, *, title: str = "", outlet: str | None = None) -> Analysis:
    """Find the claims, figures and boilerplate of a clean text.

    `title` is the article's headline, told apart from its first paragraph where the text repeats it; `outlet` the name
    of the article's own outlet, for what it reports in its own name ("this newspaper"). Linear in the length of the
    text. Never raises. A text that is not English gives its quotations and no speakers.
    """
    found = candidates(text, title=title)
    figures = tuple(f for f in find_figures(text) if not inside(f.span, found.boilerplate))
    register = Register.of(found.story, kinds=found.kinds)
    if found.foreign:
        claims = _quotations_only(found, figures)
    else:
        sure = [r for r in found.reports if sureness(r, quotation_of(r, found)) >= ENOUGH]
        claims = _claims(text, resolve(sure, found.story, register, outlet), found, figures)
    return Analysis(claims=claims, figures=figures, boilerplate=found.boilerplate, model=MODEL, language=found.language)


# --- claims ----------------------------------------------------------------------------------------------------------


def _claims(
    text: str,
    claimed: Sequence[Claimed],
    found: Candidates,
    figures: Sequence[Figure],
) -> tuple[Claim, ...]:
    """The claims in the order of their content, each told once."""
    behind = nested(claimed)
    told = {(*sorted(c.report.content), *c.report.cue): c for c in reversed(claimed)}
    ordered = sorted(told.values(), key=lambda c: (min(c.report.content), c.report.at))
    claims = []
    for i, (report, speaker, _) in enumerate(ordered):
        content = tuple(sorted(report.content))
        source = (Span(report.source[0].start, report.source[-1].end),) if report.source else ()
        quotation = quotation_of(report, found)
        said = tuple(f for span in content for f in _within(span, figures))
        rank = worth(" … ".join(span.of(text) for span in content), said, quotation)
        claims.append(
            Claim(
                id=i,
                content=content,
                cue=tuple(report.cue),
                source=source,
                speaker=speaker.source(source) if speaker else None,
                via=tuple(behind[id(report)]),
                quotation=quotation,
                denied=report.denied,
                figures=said,
                score=round(sureness(report, quotation), 2),
                reasons=tuple(_reasons(text, report, speaker, quotation)),
                worth=round(rank.score, 2),
                telling=rank.reasons,
            )
        )
    return tuple(claims)


def _quotations_only(found: Candidates, figures: Sequence[Figure]) -> tuple[Claim, ...]:
    """What a text in another language than the model's can still be asked for: who speaks is left open."""
    return tuple(
        Claim(
            id=i,
            content=(span,),
            quotation=Quotation.DIRECT,
            figures=tuple(_within(span, figures)),
            score=_UNREAD,
            reasons=("not English: quotations only",),
        )
        for i, span in enumerate(s for s in found.quotations if s.end - s.start >= LONE_CHARS)
    )


def _within(span: Span, figures: Sequence[Figure]) -> Sequence[Figure]:
    """The figures inside a span."""
    first = bisect_left(figures, span.start, key=lambda f: f.span.start)
    last = bisect_right(figures, span.end, lo=first, key=lambda f: f.span.end)
    return figures[first:last]


def _reasons(text: str, report: Report, speaker: Speaker | None, quotation: Quotation) -> Iterator[str]:
    """What a claim rests on, in words."""
    cues = [span.of(text) for span in report.cue]
    words = [cue for cue in cues if cue.lower() not in CITING] or cues
    if quotation is not Quotation.INDIRECT:
        yield "quotation marks"
    if report.follows:
        yield "follows a quotation of the same speaker"
    elif report.lemma == "headline":
        yield "the headline names its source"
    elif not report.source:
        yield f"“{words[0] if words else report.lemma}” reports without saying who"
    else:
        yield f"“{words[0]}” beside the source"
    if report.via:
        yield f"“{next(cue for cue in cues if cue.lower() in CITING)}” names who is behind it"
    if speaker is not None and speaker.how:
        yield speaker.how
    if not report.evidence.seen and not report.follows:
        yield "found by rule alone"
    elif not report.evidence.ruled:
        yield "found by the model alone"
