"""Articles of the same story: which they are and why, and what each of them says that the others do not.

`cluster` sorts articles into stories, `ledger` lines up what a story's articles claim.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Protocol, TypeVar

from reader.model import Analysis, StoryDoc, Telling

LEDGER = "ledger-1"
"""Name and version of how a ledger is made: another makes kept ones anew. Here, so that asking loads no model."""
ARTICLES = 40
"""Articles of a story that are lined up: its first ones and its latest."""


def telling(doc: StoryDoc, analysis: Analysis) -> Telling:
    """An article with what was found in it, ready to be lined up."""
    return Telling(
        id=doc.id,
        title=doc.title,
        text=doc.text,
        outlet=doc.outlet or "",
        published=doc.published,
        analysis=analysis,
    )


class Dated(Protocol):
    """An article, by whatever type it goes."""

    @property
    def id(self) -> str | int:
        """Its id, one of a kind among those of a story."""

    @property
    def published(self) -> datetime | None:
        """None where nobody knows."""


Article = TypeVar("Article", bound=Dated)


def chosen(articles: Iterable[Article]) -> list[Article]:
    """The articles of a story that are lined up, in order of time, those without a date after the others."""
    ordered = sorted(
        {str(article.id): article for article in articles}.values(),
        key=lambda one: (one.published is None, one.published.timestamp() if one.published else 0.0, str(one.id)),
    )
    half = ARTICLES // 2
    return ordered if len(ordered) <= ARTICLES else ordered[:half] + ordered[-half:]
