"""Stories: who tells them, and how."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from reader.model.claims import Analysis, Figure, Source, SourceKind
from reader.model.spans import Span


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryDoc:
    """What the stories engine needs of an article."""

    id: str
    title: str
    text: str = ""
    published: datetime | None = None
    outlet: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Related:
    """Another article of the same story."""

    id: str
    score: float
    why: str
    """One plain phrase: "both name Raimondo and Beijing"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """Which story an article joined when it arrived."""

    id: str
    story: str
    """The id of the story's first article."""
    related: tuple[Related, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """An article of a story with what was found in it."""

    id: str
    title: str
    text: str
    outlet: str
    published: datetime | None
    analysis: Analysis


class Verdict(StrEnum):
    """How an article takes a claim that is made in its story; one that is silent about it has no cell."""

    STATES = "states"
    DIFFERS = "differs"
    """It states it with a figure that can't be true beside another's."""
    ATTRIBUTES_OTHERWISE = "attributes_otherwise"
    """It puts it in another's mouth than the rest do, or in its own voice."""
    DENIES = "denies"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """Where an article makes a claim of the ledger, and how."""

    spans: tuple[Span, ...]
    verdict: Verdict = Verdict.STATES
    speaker: Source | None = None
    """Whom it has it from; None where it says so itself."""
    root: str = ""
    """The article or outlet that it goes back to: those of one root count as one source. Empty: the article itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A claim that articles of a story share, or that one makes alone."""

    id: int
    cells: dict[str, Cell]
    """By article, in the order of the articles."""
    independent: int
    """How many outlets state it that neither copied nor cite one another for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Clash:
    """Two articles that give different figures for one quantity."""

    row: int
    one: tuple[str, Figure]
    """An article and its figure, the earlier article first."""
    other: tuple[str, Figure]
    updated: bool
    """The later figure replaces the earlier one: no conflict."""
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """An article that has something from somebody's report."""

    article: str
    span: Span
    """The words that say so."""
    cites: str
    """The outlet, as it is named there."""
    origin: str | None
    """The article of the story that is meant, if it is among them."""
    behind: tuple[str, ...] = ()
    """Those whose word the report cited hands on, nearest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """Whose report a story goes back to."""

    article: str | None
    """The first report, where it is among the story's articles."""
    name: str | None
    """… or the outlet it is of, where it is not."""
    chain: tuple[Citation, ...]
    """Who cites whom, in order of time."""
    all: bool
    """All other articles trace back to it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SameQuotation:
    """One quotation as two articles give it."""

    one: tuple[str, Span]
    other: tuple[str, Span]
    same_words: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """What the articles of a story claim, lined up."""

    rows: tuple[Row, ...] = ()
    """Those that most independent outlets carry first."""
    clashes: tuple[Clash, ...] = ()
    copies: tuple[tuple[str, ...], ...] = ()
    """Groups of articles with mostly the same words, the earliest first."""
    origin: Provenance | None = None
    quotations: tuple[SameQuotation, ...] = ()
    missing: dict[str, tuple[int, ...]] = field(default_factory=dict)
    """For each article the rows that two or more independent others carry and it does not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """One speaker over all articles."""

    name: str
    """The fullest name that any article gives."""
    kind: SourceKind
    named: bool
    names: tuple[str, ...]
    """All names it goes by, the fullest first."""


class Change(StrEnum):
    """What became of a statement when its article was changed."""

    ADDED = "added"
    REMOVED = "removed"
    SOFTENED = "softened"
    """Hedged, put in another's mouth, or with a figure that says less."""
    REWORDED = "reworded"


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """One change of an article."""

    change: Change
    before: Span | None
    """Where it stood in the earlier text."""
    after: Span | None
    why: str
    """One plain phrase."""


class AlertRule(StrEnum):
    """What a person can ask to be told of when a story they opened changes."""

    SECOND_SOURCE = "second source"
    """A claim that one outlet had alone is stated by another, independently."""
    CONFLICT = "conflict"
    """Two articles give figures that can't both be true."""
    DENIAL = "denial"
    """A claim that was stated is denied."""
