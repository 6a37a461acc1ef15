"""What comes in, on its way into the library."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from reader.model.feeds import FeedCheck, ParsedEntry


class Packed(NamedTuple):
    """An article as it is kept."""

    title: str
    text: bytes
    """UTF-8, compressed."""
    extractor: str
    rest: bytes
    """All but its text, as compressed JSON."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """An entry that is new to the library or edited, with the text its feed carries."""

    entry: ParsedEntry
    """Without its summary and content, which are in the article."""
    article: Packed
    carried: str | None = None
    """A hash of what the feed says of it."""
    was: str | None = None
    """The guid that the library knows it by, where the feed has given it another."""


class Carried(NamedTuple):
    """What the library knows of an entry that a feed may carry again."""

    guid: str
    url: str | None
    title: str
    published: datetime | None
    carried: str | None
    """A hash of what the feed last said of it; None where that was not kept."""
    kept: bool
    """False of one that was let go."""

    def says_else(self, now: str) -> bool:
        """Whether its feed, which says `now` what has that hash, has edited it."""
        return self.kept and self.carried != now


@dataclass(frozen=True, slots=True, kw_only=True)
class Brought:
    """What one check of a feed brought."""

    check: FeedCheck
    arrivals: tuple[Arrival, ...] = ()
    title: str = ""
    """The feed's own name for itself; empty where nothing was read."""
    site: str | None = None
    url: str | None = None
    """Its new address, where it has moved for good."""


class Landed(NamedTuple):
    """What became of what some checks brought."""

    new: tuple[tuple[int, ...], ...]
    """The ids of the entries that are new, by check."""
    told: tuple[tuple[str, int], ...]
    """What the person wants to be told of: the rule's name and the entry."""
