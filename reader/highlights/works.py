"""The articles that highlights were taken from, and what can safely be said of them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from hashlib import sha256
from itertools import chain
from urllib.parse import quote as percent_encoded
from urllib.parse import urlsplit

from reader.highlights.byline import Author, authors
from reader.model import Highlight
from reader.text import clean, one_line

MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip

_WEB = re.compile(r"(https?)://([^/?#]+)", re.IGNORECASE)
_UNSAFE_IN_URL = re.compile(r"[\s<>\"\\^`{|}]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """An article and what was saved of it, in the order in which it stands there.

    Lines without line breaks, empty where nothing is known; `url` is a web address that is safe in angle brackets, in
    quotation marks and at the end of a line.
    """

    key: str
    """Tells this article from all others, whatever else is saved: 64 hexadecimal digits."""
    title: str
    url: str
    outlet: str
    authors: tuple[Author, ...]
    published: datetime | None
    retrieved: datetime
    """When its text was fetched, or failing that, when the first words of it were saved."""
    highlights: tuple[Highlight, ...]

    @property
    def tags(self) -> list[str]:
        """The tags of all that was saved of it, by name."""
        return sorted({one_line(tag) for one in self.highlights for tag in one.tags} - {""})


def works(highlights: Iterable[Highlight]) -> list[Work]:
    """The articles of highlights, in the order in which the first of each was saved; the order given doesn't matter.

    What has an address is one article with all that has the same. Facts are those that came with what was saved first,
    so that neither keys nor names of files change when something is saved after an article was retitled.
    """
    articles: dict[tuple[str, ...], list[Highlight]] = {}
    for one in sorted(highlights, key=lambda one: (one.created, one.uid)):
        articles.setdefault(_identity(one), []).append(one)
    return [_work(identity, saved) for identity, saved in articles.items()]


def work_key(highlight: Highlight) -> str:
    """The key of the article that a highlight was taken from."""
    return digest(*_identity(highlight))


def _identity(highlight: Highlight) -> tuple[str, ...]:
    url = web(highlight.url)
    return (url,) if url else ("", one_line(highlight.outlet), one_line(highlight.title))


def _work(identity: tuple[str, ...], saved: list[Highlight]) -> Work:
    outlet = next(filter(None, (one_line(one.outlet) for one in saved)), "")
    byline = next(filter(None, (one.author for one in saved)), "")
    return Work(
        key=digest(*identity),
        title=next(filter(None, (one_line(one.title) for one in saved)), ""),
        url=identity[0],
        outlet=outlet,
        authors=authors(byline, outlet),
        published=next((one.published for one in saved if one.published), None),
        retrieved=next(chain((one.retrieved for one in saved if one.retrieved), (one.created for one in saved))),
        highlights=tuple(sorted(saved, key=lambda one: (one.quote.start, one.created, one.uid))),
    )


def digest(*parts: str) -> str:
    """A SHA-256 of strings in hexadecimal, another one for other strings."""
    return sha256("".join(f"{len(part)}:{part}" for part in parts).encode("utf-8", "surrogatepass")).hexdigest()


@lru_cache(maxsize=4096)
def web(url: str | None) -> str:
    """An http(s) address without user name and password, fit for angle brackets and quotes; empty for all else."""
    text = clean(url or "").strip()
    found = _WEB.match(text)
    if found is None:
        return ""
    host = found[2].rpartition("@")[2]
    address = f"{found[1].lower()}://{host}{text[found.end() :]}"
    try:
        if not urlsplit(address).hostname:
            return ""
    except ValueError:
        return ""
    return _UNSAFE_IN_URL.sub(lambda match: percent_encoded(match[0]), address)


def day(when: datetime | None) -> str:
    """A day as "12 November 2026", whatever the locale; empty for none."""
    return f"{when.day} {MONTHS[when.month - 1]} {when.year}" if when else ""


def said_by(highlight: Highlight) -> str:
    """Who said it, by name where there is one; empty for nobody."""
    return one_line(highlight.speaker or highlight.source or "")


def through(highlight: Highlight) -> str:
    """Those it came through, as "via Lusa, officials"; empty for none."""
    names = ", ".join(filter(None, (one_line(one) for one in highlight.via)))
    return f"via {names}" if names else ""


def who(highlight: Highlight) -> str:
    """Who said it, with those it came through: Ana Duarte (via Lusa); empty for nobody."""
    via = through(highlight)
    return " ".join(filter(None, (said_by(highlight), f"({via})" if via else "")))
