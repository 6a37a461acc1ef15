"""What a person saves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from reader.model.spans import Span


class HighlightKind(StrEnum):
    """What of an article was saved."""

    CLAIM = "claim"
    WORDS = "words"
    """Any stretch of the text."""
    FIGURE = "figure"
    ARTICLE = "article"
    """The whole text."""


class Color(StrEnum):
    """The colours of highlights, those of Readwise."""

    YELLOW = "yellow"
    BLUE = "blue"
    PINK = "pink"
    ORANGE = "orange"
    GREEN = "green"
    PURPLE = "purple"


class CitationStyle(StrEnum):
    """How a quote is told from where it is."""

    PLAIN = "plain"
    MARKDOWN = "markdown"
    APA = "apa"
    """The seventh edition: words, who said them and in what they are cited; then the entry of the reference list."""
    CHICAGO = "chicago"
    """The seventeenth edition: words, who said them; then the note."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """Words of a text with what stands around them: the W3C TextQuoteSelector and TextPositionSelector in one."""

    exact: str
    prefix: str
    suffix: str
    start: int
    """-1 where it was never known, as in what other programs wrote."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Highlight:
    """Something a person saved, with its source; complete in itself, whatever becomes of the article.

    Instants are whole seconds.
    """

    id: int
    """In this library; 0 before it is kept."""
    uid: str
    """A UUID, by which it is known in every library and file that it gets into."""
    entry_id: int | None
    """None while the entry is not in the library; the highlight stays."""
    kind: HighlightKind
    quote: Quote
    speaker: str | None
    source: str | None
    """The source as the text names it beside the cue."""
    via: tuple[str, ...]
    """Those it came through, the nearest to the outlet first."""
    outlet: str
    title: str
    author: str | None = None
    """Who wrote the article, as its byline has it."""
    url: str | None
    published: datetime | None
    """In the zone of the outlet, where that is known."""
    retrieved: datetime | None = None
    """When the text it was taken from was fetched."""
    created: datetime
    changed: datetime
    """When its owner saved it or last changed its note, tags or colour."""
    text_hash: str
    """SHA-256 of the text it was taken from; empty where that was never known."""
    note: str = ""
    tags: tuple[str, ...] = ()
    color: Color | None = None


class Fit(StrEnum):
    """How surely words were found again."""

    EXACT = "exact"
    """The same words, but for how they are typeset, and the same surroundings or none like them anywhere else."""
    MOVED = "moved"
    """The same words among others than before."""
    REWORDED = "reworded"
    """Other words in their place."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchor:
    """Where saved words stand in a text."""

    span: Span
    fit: Fit


@dataclass(frozen=True, slots=True, kw_only=True)
class Located:
    """A highlight and where it stands in its article's text as it is now; nowhere when its words are gone."""

    highlight: Highlight
    anchor: Anchor | None

    @property
    def span(self) -> Span | None:
        """Where it stands."""
        return self.anchor.span if self.anchor else None
