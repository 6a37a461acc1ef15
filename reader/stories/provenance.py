"""Whose report a story goes back to: which articles cite another outlet or copy an agency, and what that leads to."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime

from reader.claims.lexicon import word_set
from reader.claims.segment import blocks, paragraphs
from reader.model import Citation, Provenance, SourceKind, Span, Telling
from reader.stories import meaning
from reader.stories.phrase import meeting, phrase
from reader.stories.speakers import outlet_name, same_institution

_REPORTS = re.compile(
    r"\b(?:report(?:s|ed|ing)?|reveal(?:s|ed)?|according to|cit(?:es|ed|ing)|quot(?:es|ed|ing)|publish(?:es|ed)?|said"
    r"|says|wrote|writes|disclos(?:es|ed)|obtain(?:s|ed)|told|broke the (?:story|news)|first|learned|found|interview"
    r"|investigation|citing)\b",
    re.I,
)
"""Words beside an outlet's name that make it a source, not a party to the story."""
_SAYS_SO = re.compile(
    r"[,’'”\"]{0,2}s? (?:has |had |first |also |itself )*"
    r"(?:report|reveal|cit|quot|publish|said|says|wrote|learn|found)"
)
_ASKED = re.compile(r"(?:according to|told|\bby|\bto|citing|reports? in|report by|interview with) $", re.I)
"""What stands right after the name of an outlet that reports, or right before it."""
_RARE = 0.85
"""Rarity of a word from which it stands for nothing but an outlet of that name: "Reuters", not "Time"."""
_LEAD = 600
"""Characters in which a report says whom it has it from."""
_NO_OUTLETS = word_set("journal paper newspaper magazine publication media press outlet website report")


def provenance(tellings: Sequence[Telling], copied: Sequence[Sequence[int]]) -> Provenance | None:
    """Whose report the articles of a story, in order of time, go back to; None of an empty story.

    The origin is what most of them lead to by citing it, citing one that does, or copying it: an article of the story,
    or an outlet that two or more cite and that is not among them. Where none leads to any it is the first article.
    """
    if not tellings:
        return None
    citations = [citation for at in range(len(tellings)) for citation in _citations(tellings, at)]
    place = {telling.id: at for at, telling in enumerate(tellings)}
    above: dict[int, list[int]] = {}
    for citation in citations:
        if citation.origin is not None:
            above.setdefault(place[citation.article], []).append(place[citation.origin])
    for group in copied:
        for at in group[1:]:
            above.setdefault(at, []).append(group[0])
    below: dict[int, set[int]] = {}
    for at in range(len(tellings)):
        for origin in _origins(at, above):
            below.setdefault(origin, set()).add(at)
    outside: dict[str, set[int]] = {}
    for citation in citations:
        if citation.origin is None:
            cited = next((known for known in outside if same_institution(known, citation.cites)), citation.cites)
            at = place[citation.article]
            outside.setdefault(cited, set()).update({at, *below.get(at, ())})
    # That one article of several cites another makes nobody the story's origin.
    led = {at for at, those in below.items() if len(those) >= 2 or len(those) == len(tellings) - 1}
    inside = max(led, key=lambda at: (len(below[at]), -at), default=None)
    name = max(outside, key=lambda name: len(outside[name]), default=None)
    if name is not None and len(outside[name]) >= 2 and (inside is None or len(outside[name]) > len(below[inside]) + 1):
        chain = tuple(c for c in citations if place[c.article] in outside[name])
        return Provenance(article=None, name=name, chain=chain, all=len(outside[name]) == len(tellings))
    if inside is None:
        return Provenance(article=tellings[0].id, name=None, chain=tuple(citations), all=False)
    chain = (*_own_source(tellings[inside]), *(c for c in citations if place[c.article] in below[inside]))
    return Provenance(article=tellings[inside].id, name=None, chain=chain, all=len(below[inside]) == len(tellings) - 1)


def _own_source(telling: Telling) -> Iterator[Citation]:
    """Whom the first report itself has it from: the first speaker of its opening that is no person."""
    for claim in telling.analysis.claims:
        if claim.start > _LEAD:
            return
        if claim.speaker and claim.speaker.kind is not SourceKind.PERSON and claim.source:
            spans = (*claim.source, *claim.cue)
            span = Span(min(s.start for s in spans), max(s.end for s in spans))
            yield Citation(article=telling.id, span=span, cites=claim.speaker.name, origin=None, behind=claim.via)
            return


def _origins(at: int, above: dict[int, list[int]]) -> set[int]:
    """The reports that an article leads to, those at the top."""
    tops: set[int] = set()
    seen, waiting = {at}, [at]
    while waiting:
        here = waiting.pop()
        over = [one for one in above.get(here, ()) if one not in seen]
        if not over and here != at:
            tops.add(here)
        seen.update(over)
        waiting += over
    return tops


def _citations(tellings: Sequence[Telling], at: int) -> Iterator[Citation]:
    """The outlets that an article has something from, each once, in the order of the text."""
    found: dict[str, tuple[Span, tuple[str, ...]]] = {}
    for name, span, behind in cited(tellings, at):
        known = next((one for one in found if same_institution(one, name)), name)
        before, those = found.get(known, (span, ()))
        found[known] = (min(before, span), those or behind)
    for name, (span, behind) in sorted(found.items(), key=lambda one: one[1]):
        origin = _report(tellings, at, name, span)
        yield Citation(article=tellings[at].id, span=span, cites=name, origin=origin, behind=behind)


def cited(tellings: Sequence[Telling], at: int) -> list[tuple[str, Span, tuple[str, ...]]]:
    """Every place where an article has something from another outlet: its name, where, and who is behind it."""
    telling = tellings[at]
    found = []
    for claim in telling.analysis.claims:
        around = (*claim.source, *claim.cue) or claim.content
        span = Span(min(s.start for s in around), max(s.end for s in around))
        if claim.speaker and claim.speaker.kind is SourceKind.OUTLET and claim.speaker.named:
            found.append((claim.speaker.name, span, claim.via))
    others = list(dict.fromkeys(outlet_name(other.outlet) for other in tellings if other.outlet))
    found += [(name, span, ()) for name, span in _mentions(telling, others)]
    own = outlet_name(telling.outlet)
    return [
        # An outlet of the story goes by its own name.
        (next((one for one in others if same_institution(one, name)), name), span, behind)
        for name, span, behind in found
        if not (same_institution(name, own) or same_institution(name, telling.outlet))
        and name.casefold() not in _NO_OUTLETS
    ]


def _mentions(telling: Telling, outlets: Sequence[str]) -> Iterator[tuple[str, Span]]:
    """Where a text names an outlet of the story beside a word for reporting."""
    patterns = []
    for outlet in outlets:
        bare = outlet.removeprefix("The ").removeprefix("the ")
        if len(bare) >= 3:
            written = bare if bare[0].isupper() else bare.title()
            patterns.append((outlet, re.compile(rf"\b(?:[Tt]he )?{re.escape(written)}\b")))
    litter = set(telling.analysis.boilerplate)
    story = [block for block in blocks(telling.text) if block not in litter]
    for paragraph in paragraphs(telling.text, story):
        for sentence in paragraph.sentences:
            words = sentence.span.of(telling.text)
            for outlet, pattern in patterns:
                if (match := pattern.search(words)) and _REPORTS.search(words) and _is_outlet(match):
                    start = sentence.span.start + match.start()
                    yield outlet, Span(start, start + len(match[0]))


def _is_outlet(match: re.Match[str]) -> bool:
    """Whether a name is an outlet's: a common word may be any other but after "the" or beside a word for reporting."""
    if " " in match[0] or meaning.shipped().rarity(match[0].casefold()) >= _RARE:
        return True
    return bool(_SAYS_SO.match(match.string, match.end()) or _ASKED.search(match.string, 0, match.start()))


def _report(tellings: Sequence[Telling], at: int, name: str, span: Span) -> str | None:
    """The article that a citation means: of that outlet and not later, of several the one most like it."""
    telling = tellings[at]
    theirs = [
        other
        for n, other in enumerate(tellings)
        if n != at
        and _earlier(other.published, telling.published, n < at)
        and (same_institution(outlet_name(other.outlet), name) or same_institution(other.outlet, name))
    ]
    if len(theirs) < 2:
        return theirs[0].id if theirs else None
    start = max(telling.text.rfind("\n", 0, span.start) + 1, span.start - 400)
    said = phrase(telling.text[start : span.end + 400].partition("\n")[0])

    def alike(other: Telling) -> float:
        read = phrase(f"{other.title} {other.text[:1500]}")
        return float((meeting(said, read).one * said.weights**2).sum())

    return max(theirs, key=alike).id


def _earlier(one: datetime | None, other: datetime | None, before: bool) -> bool:
    return before if one is None or other is None or one == other else one < other
