"""The types that cross rooms.

Every offset is a half-open code-point span of an article's text; every instant is an aware UTC `datetime`.
All types are frozen; a changed thing is a new thing.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple


class Span(NamedTuple):
    """A half-open stretch `[start, end)` of a text, in code points."""

    start: int
    end: int

    def of(self, text: str) -> str:
        """The words of this span in `text`."""
        return text[self.start : self.end]

    def shifted(self, by: int) -> Span:
        """The same stretch where the text before it is `by` code points longer."""
        return Span(self.start + by, self.end + by)


# --- feeds -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A feed the person follows."""

    id: int
    url: str
    title: str
    site: str | None = None
    """Address of the outlet's own page."""
    folder: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedCheck:
    """What we remember of the last time a feed was asked for."""

    feed_id: int
    etag: str | None = None
    """As the server sent it, byte for byte."""
    modified: str | None = None
    """The Last-Modified header, byte for byte."""
    body_hash: str | None = None
    """SHA-256 of the last body; an equal one is not parsed again."""
    checked_at: datetime | None = None
    next_at: datetime | None = None
    """Not to be asked for before this instant; None: due now."""
    failures: int = 0
    """Failures in a row."""
    error: str | None = None
    """The last failure as one plain sentence; None after a success."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Enclosure:
    """A media file that comes with an entry."""

    url: str
    type: str | None = None
    length: int | None = None
    """Bytes, as the feed claims."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedEntry:
    """An entry as a feed states it, cleaned."""

    guid: str
    """What makes the entry the same one next time: its id, else its link, else a hash of its words."""
    url: str | None = None
    title: str = ""
    author: str | None = None
    published: datetime | None = None
    updated: datetime | None = None
    summary: str = ""
    """HTML or text as the feed gives it; never rendered, only extracted from."""
    content: str = ""
    """The fullest body the feed carries, HTML."""
    enclosures: tuple[Enclosure, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedFeed:
    """A feed's body, parsed and cleaned."""

    title: str
    url: str
    """Where the body came from."""
    site: str | None = None
    entries: tuple[ParsedEntry, ...] = ()
    ttl: int | None = None
    """Minutes between checks that the publisher asks for."""
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundFeed:
    """A feed that a page advertises."""

    url: str
    title: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """One subscription in an OPML file."""

    url: str
    title: str = ""
    site: str | None = None
    folder: str | None = None
    """Nested folders joined by " / "."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An entry as the library keeps it; never changed after it is added."""

    id: int
    feed_id: int
    feed_title: str
    guid: str
    url: str | None
    title: str
    author: str | None
    published: datetime | None
    added: datetime
    read: bool = False
    story: int | None = None
    """The story it belongs to: the id of the entry that opened it, or None as long as it is not sorted."""
    highlights: int = 0
    """How many highlights were saved from it."""

    @property
    def when(self) -> datetime:
        """The instant the entry is sorted by: when it was published, but never later than it was first seen."""
        return min(self.published or self.added, self.added)


# --- articles --------------------------------------------------------------------------------------------------------


BLANK_LINE = "\n\n"
"""What stands between an article's blocks."""


class BlockKind(StrEnum):
    """What a stretch of an article is.

    The title and the captions of pictures are an article's too, but stand apart from its text: see `Article`.
    """

    PARAGRAPH = "paragraph"
    HEADING = "heading"
    QUOTE = "quote"
    LIST_ITEM = "list_item"
    TABLE = "table"
    CODE = "code"


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A paragraph-like piece of an article; blocks are in order and do not overlap."""

    kind: BlockKind
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A hyperlink within an article; `url` is absolute http(s)."""

    span: Span
    url: str


class EmphasisKind(StrEnum):
    """How strongly words are set off from those around them."""

    EM = "em"
    STRONG = "strong"


@dataclass(frozen=True, slots=True, kw_only=True)
class Emphasis:
    """Words that the page sets off: bold or italic."""

    span: Span
    kind: EmphasisKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """An image of an article; `url` is absolute http(s)."""

    url: str
    caption: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Caption:
    """What stood under a picture: kept apart from the text, for nobody in the story says it."""

    text: str
    at: int
    """The offset in the article's text where the picture stood."""


class Wall(StrEnum):
    """What keeps a page's article from being read there."""

    PAYWALL = "paywall"
    CONSENT = "consent"


@dataclass(frozen=True, slots=True, kw_only=True)
class Origins:
    """Where on the page a fact about its article was read: `json-ld`, `meta og:title`, `h1`, …; None if it was not."""

    title: str | None = None
    byline: str | None = None
    published: str | None = None
    modified: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """An article as one plain text; everything else about it is spans of that text."""

    url: str | None
    title: str
    text: str
    """Its blocks, with BLANK_LINE between them."""
    blocks: tuple[Block, ...] = ()
    links: tuple[Link, ...] = ()
    emphasis: tuple[Emphasis, ...] = ()
    captions: tuple[Caption, ...] = ()
    lead: Picture | None = None
    """The picture the page puts first, or names as the article's."""
    byline: str | None = None
    """Who wrote it: names only, joined by ", "."""
    site: str | None = None
    """The outlet's name as the page states it."""
    published: datetime | None = None
    """In the page's own zone, whose day is the one to cite."""
    modified: datetime | None = None
    canonical: str | None = None
    """The address the page says is its own; absolute http(s)."""
    next_page: str | None = None
    """Where the page says that the article goes on; absolute http(s)."""
    origins: Origins = Origins()
    language: str | None = None
    """BCP 47 tag as the page states it."""
    extractor: str = ""
    """How the text was got: `readability`, `feed`, `teaser` (a feed's opening words only), …"""
    wall: Wall | None = None
    notice: str | None = None
    """One plain sentence for the reader when this is not the page's own full text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """An entry that is new to the library or edited, with the text its feed carries."""

    entry: ParsedEntry
    article: Article
    carried: str | None = None
    """A hash of what the feed says of it."""


# --- claims ----------------------------------------------------------------------------------------------------------


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


# --- stories ---------------------------------------------------------------------------------------------------------


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


# --- highlights ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """Words of a text with what stands around them: the W3C TextQuoteSelector and TextPositionSelector in one."""

    exact: str
    prefix: str
    suffix: str
    start: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Highlight:
    """Something a person saved, with its source; complete in itself, whatever becomes of the article."""

    id: int
    entry_id: int | None
    """None once the entry is gone; the highlight stays."""
    quote: Quote
    speaker: str | None
    source: str | None
    """The source as the text names it beside the cue."""
    via: tuple[str, ...]
    outlet: str
    title: str
    url: str | None
    published: datetime | None
    created: datetime
    text_hash: str
    """SHA-256 of the text it was taken from."""
    note: str = ""
    tags: tuple[str, ...] = ()


# --- measures --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """How many of some are right."""

    right: int
    of: int

    @property
    def percent(self) -> float | None:
        """The share in per cent; None of nothing."""
        return round(100 * self.right / self.of, 1) if self.of else None
