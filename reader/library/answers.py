"""What the library answers with, and how it says no."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from reader.model import (
    AlertRule,
    Analysis,
    Article,
    Claim,
    Entry,
    Feed,
    FoundFeed,
    Highlight,
    HighlightKind,
    Ledger,
    Located,
    Related,
    Span,
    Voice,
)

if TYPE_CHECKING:
    from reader.library.steps import Reading
    from reader.net import Response


class LibraryError(Exception):
    """What was asked can't be done; the message is one plain sentence."""


class SeveralFeeds(LibraryError):
    """A page offers more than one feed, and the person must choose."""

    def __init__(self, url: str, found: Sequence[FoundFeed]) -> None:
        super().__init__(f"{url} offers {len(found)} feeds; add one of them.")
        self.found = tuple(found)


class AlreadyFollowed(LibraryError):
    """The feed at an address is followed already."""

    def __init__(self, url: str, feed: Feed) -> None:
        super().__init__(f"{url} is followed already.")
        self.feed = feed


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedPreview:
    """A feed that was read and is not followed yet, with what was read, so that it need not be asked for again."""

    url: str
    title: str
    site: str | None
    headlines: tuple[tuple[str, datetime | None], ...]
    """The newest of its entries, newest first, with when they were published; at most eight."""
    count: int
    """How many entries it carries."""
    openings: bool
    """It carries mostly openings of articles, whose pages are fetched when they are opened."""
    a_day: float | None
    """How many entries it brings a day; None where their dates don't tell."""
    reading: Reading
    response: Response


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """One feed of a refresh is done."""

    feed: Feed
    new: int
    error: str | None
    done: int
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Alerted:
    """Something in a story that the person asked to be told of."""

    entry: Entry
    """The article that brought it."""
    rule: AlertRule
    words: str
    """The claim, as that article has it."""
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Refreshed:
    """What a refresh came to."""

    checked: int
    new: int
    failed: tuple[tuple[Feed, str], ...] = ()
    postponed: tuple[tuple[Feed, datetime], ...] = ()
    """Feeds whose servers asked to be left alone, and until when."""
    lists: tuple[tuple[str, str], ...] = ()
    """Lists of feeds that failed, by address, and why."""
    told: tuple[tuple[str, int], ...] = ()
    """What the rules ask to be told of: the rule's name and the entry."""
    arrived: tuple[int, ...] = ()
    """The new entries."""
    alerts: tuple[Alerted, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What an import came to."""

    added: int
    """Feeds that are followed now and were not before, …"""
    known: int
    """… and those that were."""
    articles: int = 0
    """Articles brought along, …"""
    articles_known: int = 0
    """… and those that were there."""
    refused: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """An entry opened: its text, what was found in it, and what stands beside it."""

    entry: Entry
    article: Article
    analysis: Analysis
    related: tuple[tuple[Entry, Related], ...]
    highlights: tuple[Located, ...]
    """What was saved from it, and where that stands in the text now; None when the words are gone."""
    notice: str | None
    """Why the text is not the page's own, if it is not."""
    analysed: bool = True
    """Whether its claims have been looked for; else that goes on."""

    @property
    def marked(self) -> tuple[Located, ...]:
        """The highlights whose words stand in the text, but for the article saved whole."""
        return tuple(one for one in self.highlights if one.anchor and one.highlight.kind is not HighlightKind.ARTICLE)

    @property
    def whole(self) -> tuple[Highlight, ...]:
        """The highlights of the article as a whole: its text, as it was once, or notes on its page."""
        return tuple(one.highlight for one in self.highlights if one.highlight.kind is HighlightKind.ARTICLE)

    def kept(self, made: Highlight) -> Highlight | None:
        """The highlight that is saved already of just what another was made of."""
        what = (made.kind, made.quote.exact)
        same = (one for one in self.highlights if (one.highlight.kind, one.highlight.quote.exact) == what)
        span = Span(made.quote.start, made.quote.start + len(made.quote.exact))
        return next((one.highlight for one in same if one.span == span), None)

    def saved_at(self, claim: Claim) -> Located | None:
        """The highlight of a claim, or of words that begin where it does."""
        kinds = (HighlightKind.CLAIM, HighlightKind.WORDS)
        found = (one for one in self.marked if one.span and one.span.start == claim.start)
        return next((one for one in found if one.highlight.kind in kinds), None)

    @property
    def published(self) -> datetime | None:
        """When it was published: as the page says, in its own zone, if the feed says the same."""
        from reader.articles.dates import surer

        return surer(self.article.published, self.entry.published)


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryTold:
    """A story with what its articles claim, lined up."""

    id: int
    entries: tuple[Entry, ...]
    """The earliest first."""
    articles: dict[int, Article]
    """By entry, those that are lined up; others have no text, or came between the first and the latest."""
    ledger: Ledger
    """Its articles are entries' ids, as text."""
    outlets: dict[str, str]
    """By article of the ledger the outlet whose it is, by name: two feeds of one are one."""

    def entry(self, article: str) -> Entry:
        """The entry that an article of the ledger is."""
        return next(entry for entry in self.entries if str(entry.id) == article)

    def differ(self, row: int, one: str, other: str) -> bool:
        """Whether the figures that two articles give in a row can't both be true."""
        return any(
            clash.row == row and not clash.updated and {clash.one[0], clash.other[0]} == {one, other}
            for clash in self.ledger.clashes
        )

    def common(self, one: int, other: int) -> int:
        """How many claims two articles have in common."""
        return sum(str(one) in row.cells and str(other) in row.cells for row in self.ledger.rows)

    @property
    def independent(self) -> int:
        """How many outlets did not copy another's words."""
        copied = {id for group in self.ledger.copies for id in group[1:]}
        return len({outlet for id, outlet in self.outlets.items() if id not in copied})


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoke:
    """A speaker over all articles."""

    voice: Voice
    claims: int
    """In how many claims it is cited."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """Something a speaker said, as the first article that carries it has it."""

    entry: Entry
    outlet: str
    """Whose article it is, by the name that others would give it."""
    claim: Claim
    passage: str
    """The article's text from the claim's first word to its last."""
    cue: str
    """The words that attribute it."""
    saved: bool
    """Whether the person saved it."""
    also: tuple[Statement, ...] = ()
    """The same words in other places, the earliest first."""

    @property
    def span(self) -> Span:
        """Where the passage stands in the article's text."""
        return Span(self.claim.start, self.claim.content[-1].end)

    @property
    def words(self) -> str:
        """What was said, on one line; the pieces of a broken quotation joined by an ellipsis."""
        base = self.claim.start
        pieces = (Span(span.start - base, span.end - base).of(self.passage) for span in self.claim.content)
        return " … ".join(" ".join(piece.split()) for piece in pieces)
