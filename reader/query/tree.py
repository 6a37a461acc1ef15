"""A query as a tree of what is looked for.

What is asked of claims stands under a `Claimed`: all of it is true of one claim, so that whoever answers the query need
not guess.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypeAlias

OPERATORS = ("OR", "AND", "NOT")
"""In capitals only."""
UNITS = {"h": 3600, "d": 86_400, "w": 7 * 86_400, "m": 30 * 86_400, "y": 365 * 86_400}
"""The seconds of each unit of an age."""


class Where(StrEnum):
    """Where words are looked for, when not in titles and texts alike."""

    TITLE = "title"
    TEXT = "text"
    CLAIM = "claim"
    SPEAKER = "speaker"


class State(StrEnum):
    """What the person, or a rule of theirs, did to an article."""

    READ = "read"
    UNREAD = "unread"
    STARRED = "starred"
    SAVED = "saved"
    """Starred, or something was saved from it."""
    MUTED = "muted"


class Has(StrEnum):
    """What an article comes with."""

    CLAIMS = "claims"
    FIGURES = "figures"
    """A claim that states a figure."""
    CONFLICT = "conflict"
    """Its story gives figures that can't both be true."""
    NOTE = "note"
    TAG = "tag"
    MEDIA = "media"
    STORY = "story"
    """Other articles tell the same."""


class ClaimType(StrEnum):
    """What kind of claim is meant."""

    FIGURE = "figure"
    DIRECT = "direct"
    INDIRECT = "indirect"
    MIXED = "mixed"
    QUOTATION = "quotation"
    """Direct or mixed: any of it stands in quotation marks."""
    DENIED = "denied"
    NAMED = "named"
    """Of somebody who can be looked up by name."""
    ANONYMOUS = "anonymous"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ago:
    """A time counted back from now."""

    count: int
    unit: str
    """One of h, d, w, m (30 days), y (365 days)."""

    @property
    def seconds(self) -> int:
        """How long ago it is."""
        return self.count * UNITS[self.unit]


@dataclass(frozen=True, slots=True, kw_only=True)
class And:
    """All of some; of none: everything."""

    parts: tuple[Query, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Or:
    """Any of some."""

    parts: tuple[Query, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Not:
    """What does not match another query."""

    part: Query


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """A word, or several in a row."""

    text: str
    prefix: bool = False
    """The last is the beginning of a word."""
    where: Where | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A property of an article, or `type` of a claim."""

    name: str
    value: str | int | date | Ago | State | Has | ClaimType


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """There is one claim of which all of this is true."""

    what: Query
    """Words in claims and of speakers, and types; of `And` and `Or` only."""


Query: TypeAlias = And | Or | Not | Words | Field | Claimed


def written(query: Query) -> str:
    """The query as one would type it; it is parsed to the same tree again."""
    match query:
        case And(parts=parts):
            # What is asked of one claim needs no brackets; another claim does.
            claims = (Claimed,) if sum(isinstance(part, Claimed) for part in parts) > 1 else (Or,)
            return " ".join(_within(part, claims if isinstance(part, Claimed) else (And, Or)) for part in parts)
        case Or(parts=parts):
            return " OR ".join(_within(part, (Or,)) for part in parts)
        case Not(part=part):
            return "-" + _within(part, (And, Or, Not))
        case Claimed(what=what):
            return written(what)
        case Words(text=text, prefix=prefix, where=where):
            return (f"{where}:" if where else "") + _quoted(text) + ("*" if prefix else "")
        case Field(name=name, value=Ago(count=count, unit=unit)):
            return f"{name}:{count}{unit}"
        case Field(name=name, value=value):
            return f"{name}:{_quoted(str(value))}"


def words_of(query: Query) -> tuple[Words, ...]:
    """The words that an article is found by, in their order, each once: those to be marked in it."""
    match query:
        case And(parts=parts) | Or(parts=parts):
            return tuple(dict.fromkeys(words for part in parts for words in words_of(part)))
        case Claimed(what=what):
            return words_of(what)
        case Words(where=where) if where is not Where.SPEAKER:
            return (query,)
    return ()


def fields_of(query: Query) -> Iterator[Field]:
    """All fields of a query, also those it leaves out."""
    match query:
        case And(parts=parts) | Or(parts=parts):
            for part in parts:
                yield from fields_of(part)
        case Not(part=part) | Claimed(what=part):
            yield from fields_of(part)
        case Field():
            yield query


# Words that are the same within quotation marks and without.
_PLAIN = re.compile(r"\w+(?:[-.’'/]\w+)*")


def _quoted(text: str) -> str:
    if _PLAIN.fullmatch(text) and text not in OPERATORS:
        return text
    return '"' + text.replace('"', '""') + '"'


def _within(part: Query, kinds: tuple[type, ...]) -> str:
    """A part as it stands in a whole: in brackets if it is of these kinds."""
    inner = part.what if isinstance(part, Claimed) else part
    return f"({written(part)})" if isinstance(part, kinds) or isinstance(inner, kinds) else written(part)
