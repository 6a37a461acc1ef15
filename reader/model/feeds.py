"""Feeds, what was remembered of them, and their entries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedSettings:
    """What the person set for one feed; the rest follows the configuration."""

    interval: int | None = None
    """Minutes between two checks, in the place of the configuration's."""
    paused: bool = False
    """It is not asked for, and stays."""
    muted: bool = False
    """What it brings is kept and found, but stands in no list and counts as no news."""
    full_text: bool = False
    """The pages of new entries are fetched as they come."""
    user_agent: str | None = None
    user: str | None = None
    """The user name for HTTP authentication."""
    password_command: str | None = None
    """Prints the password; run without a shell."""
    cookie: str | None = None
    """What is sent as the Cookie header, to the feed's own server alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A feed the person follows."""

    id: int
    url: str
    title: str
    site: str | None = None
    """Address of the outlet's own page."""
    folder: str | None = None
    settings: FeedSettings = FeedSettings()


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedCheck:
    """What we remember of the last time a feed was asked for."""

    feed_id: int
    etag: str | None = None
    """As the server sent it, byte for byte."""
    modified: str | None = None
    """The Last-Modified header, byte for byte."""
    validators_of: str | None = None
    """The address that these two belong to, after redirects; they are sent to no other."""
    body_hash: str | None = None
    """SHA-256 of the last body; an equal one is not parsed again."""
    checked_at: datetime | None = None
    next_at: datetime | None = None
    """Not to be asked for before this instant; None: due now."""
    failures: int = 0
    """Failures in a row."""
    error: str | None = None
    """The last failure as one plain sentence; None after a success."""
    moved_to: str | None = None
    """Where permanent redirects led the last time, and how often in a row they led there."""
    moved: int = 0
    gone: bool = False
    """The server said that it is gone for good; it is not asked for again."""
    ttl: int | None = None
    """What the feed last asked for: minutes between checks, and the hours (GMT) and days (Monday is 0) to leave out."""
    skip_hours: frozenset[int] = frozenset()
    skip_days: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Enclosure:
    """A media file that comes with an entry."""

    url: str
    type: str | None = None
    length: int | None = None
    """Bytes, as the feed claims."""
    duration: int | None = None
    """Seconds, as the feed claims."""


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
    image: str | None = None
    """The picture that stands for the entry; absolute http(s)."""


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
    skip_hours: frozenset[int] = frozenset()
    """Hours of the day, GMT, in which the publisher asks not to be asked: 0 to 23."""
    skip_days: frozenset[int] = frozenset()
    """Days of the week likewise: Monday is 0."""
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

    # Hundreds of thousands may come from a worker at once, and the way that data classes are pickled takes its time.
    def __reduce__(self) -> tuple[object, ...]:
        return _outline, (self.url, self.title, self.site, self.folder)


def _outline(url: str, title: str, site: str | None, folder: str | None) -> Outline:
    return Outline(url=url, title=title, site=site, folder=folder)


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowedList:
    """A list of feeds at an address, whose feeds are followed as it changes."""

    url: str
    folder: str | None = None
    """Where its feeds go that stand in no folder of its own."""
    etag: str | None = None
    modified: str | None = None
    validators_of: str | None = None
    body_hash: str | None = None
    next_at: datetime | None = None
    failures: int = 0
    error: str | None = None
    named: tuple[str, ...] = ()
    """The feeds that it has named so far: one that the person removes does not come back by it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """An article brought along from another reader, with what the person made of it there."""

    feed: Outline
    entry: ParsedEntry
    """Its guid is the feed's own where the other reader tells it, else the article's address."""
    read: bool = False
    starred: bool = False
    tags: tuple[str, ...] = ()


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
    starred: bool = False
    """Saved as a whole: kept for ever."""
    muted: bool = False
    story: int | None = None
    """The story it belongs to: the id of the entry that opened it, or None as long as it is not sorted."""
    highlights: int = 0
    """How many highlights were saved from it."""

    @property
    def when(self) -> datetime:
        """The instant the entry is sorted by: when it was published, but never later than it was first seen."""
        return min(self.published or self.added, self.added)
