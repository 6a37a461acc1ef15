"""Whose words a stretch of an article is."""

from __future__ import annotations

import string
from collections.abc import Sequence

from reader.claims.segment import blocks, paragraphs
from reader.model import Claim, Span

_MOSTLY = 2 / 3
"""How much of a sentence a claim must be, with who says it, for the sentence to pass for what they say.

Of the 109 sentences with a claim's words in nine annotated articles 93 are told so; of 30 that were read, all rightly.
"""


_MANY = 100
"""Claims from which on words are nobody's: nobody goes on for so long, and each is compared with each."""


def claim_of(text: str, span: Span, claims: Sequence[Claim]) -> Claim | None:
    """The claim whose words a span of a text is; nobody's, where that can't be told.

    It is the narrowest claim around the span, before all one that holds it in one piece; or else the first of those
    that its sentences make, with "she said" and all, if each of them is mostly claims of one and the same speaker.
    """
    words = span.of(text)
    bare = words.strip(string.punctuation + string.whitespace + "“”‘’«»…")  # a claim ends before the full stop
    start = span.start + words.find(bare)
    inner = Span(start, start + len(bare)) if bare else span

    def fit(claim: Claim) -> tuple[bool, int]:
        whole = any(part.start <= inner.start and inner.end <= part.end for part in claim.content)
        return not whole, claim.content[-1].end - claim.start

    around = sorted((one for one in claims if one.start <= inner.start and inner.end <= one.content[-1].end), key=fit)
    if len(around) > 1 and fit(around[0]) == fit(around[1]) and around[0].speaker != around[1].speaker:
        return None
    return around[0] if around else _told(text, span, claims)


def _told(text: str, span: Span, claims: Sequence[Claim]) -> Claim | None:
    """The first claim of the sentences in a span, if they are all its speaker's, by the same way."""
    lines = [Span(span.start + line.start, span.start + line.end) for line in blocks(span.of(text))]
    near = [claim for claim in claims if any(_meet(part, span) for part in claim.content)]
    if len(near) > _MANY:
        return None
    told: list[Claim] = []
    for paragraph in paragraphs(text, lines):
        for sentence in paragraph.sentences:
            its = [claim for claim in near if any(_meet(part, sentence.span) for part in claim.content)]
            its = [claim for claim in its if not any(_holds(other, claim) for other in its)]
            if not its or _extent(its, sentence.span) < _MOSTLY * len(sentence.span.of(text)):
                return None
            told += its
    return told[0] if len({(claim.speaker and claim.speaker.name, claim.via) for claim in told}) == 1 else None


def _extent(claims: Sequence[Claim], sentence: Span) -> int:
    """Characters from the first to the last that claims have in a sentence: their words, cues and sources."""
    parts = [part for claim in claims for part in (*claim.content, *claim.cue, *claim.source) if _meet(part, sentence)]
    return min(sentence.end, max(part.end for part in parts)) - max(sentence.start, min(part.start for part in parts))


def _meet(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end


def _holds(outer: Claim, inner: Claim) -> bool:
    """Whether a claim is what another's speaker says that its own has said."""
    return outer.content != inner.content and any(
        part.start <= inner.start and inner.content[-1].end <= part.end for part in outer.content
    )
