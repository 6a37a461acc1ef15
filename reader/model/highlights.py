"""What a person saves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


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
