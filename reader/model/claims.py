"""Who said what."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from reader.model.spans import Span


class SourceKind(StrEnum):
    """What sort of speaker a source is."""

    PERSON = "person"
    ORGANISATION = "organisation"
    OUTLET = "outlet"
    DOCUMENT = "document"
    GROUP = "group"
    UNKNOWN = "unknown"


class Quotation(StrEnum):
    """How much of a claim stands in quotation marks: all, none or some."""

    DIRECT = "direct"
    INDIRECT = "indirect"
    MIXED = "mixed"


class Bound(StrEnum):
    """How a figure limits the quantity it states."""

    EXACT = "exact"
    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    ABOUT = "about"
    RANGE = "range"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Who an article cites, resolved to the fullest name the article gives."""

    name: str
    kind: SourceKind = SourceKind.UNKNOWN
    named: bool = False
    """True when a reader could look the speaker up by name."""
    spans: tuple[Span, ...] = ()
    """Where the article mentions this source as one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A number that can be checked."""

    span: Span
    value: float | None
    """None for a vague number ("millions") and for dates."""
    high: float | None = None
    """The upper end of a range or a score."""
    unit: str | None = None
    bound: Bound = Bound.EXACT


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What an article puts in somebody's mouth, mind or document."""

    id: int
    """Place in the article's order of claims, from 0."""
    content: tuple[Span, ...]
    cue: tuple[Span, ...] = ()
    """The words that attribute: "said", "according to"."""
    source: tuple[Span, ...] = ()
    """The source's noun phrase as it stands beside the cue; empty when the text leaves it out."""
    speaker: Source | None = None
    """The source resolved; None when the article never says."""
    via: tuple[str, ...] = ()
    """Those behind the speaker, nearest first: the paper *citing US officials*."""
    quotation: Quotation = Quotation.INDIRECT
    denied: bool = False
    figures: tuple[Figure, ...] = ()
    score: float = 0.0
    """How sure the extractor is, 0 to 1."""
    reasons: tuple[str, ...] = ()
    """Why it was found, in words a person can read."""
    worth: float = 0.0
    """How much it is worth checking beside the other claims of its article, 0 to 1: what orders the panel."""
    telling: tuple[str, ...] = ()
    """What makes it so, in words."""

    @property
    def start(self) -> int:
        """Where the claim's own words begin."""
        return self.content[0].start

    def words(self, text: str) -> str:
        """The claim's own words, the pieces of a broken quotation joined by an ellipsis."""
        return " … ".join(span.of(text) for span in self.content)


@dataclass(frozen=True, slots=True, kw_only=True)
class Analysis:
    """All that was found in one text."""

    claims: tuple[Claim, ...] = ()
    figures: tuple[Figure, ...] = ()
    boilerplate: tuple[Span, ...] = ()
    """Stretches that are not the story: captions, "Related Articles", calls to subscribe."""
    model: str = ""
    """Name and version of the extractor; another one re-analyses."""
    language: str | None = None
    """ISO 639-1, None where that is not plain; of any but English only quotations are found."""
