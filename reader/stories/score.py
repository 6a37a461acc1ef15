"""How well articles are sorted into stories and their claims lined up, measured where both are known.

BCubed (Bagga and Baldwin 1998; Amigó et al. 2009) asks of each article how much of its story was put with it, and how
much of what was put with it is its story; pairs ask the same of each two articles, so that large stories count more.
Of a ledger the links count: two articles in one row, found where the row's spans in both meet those of a known one.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import combinations
from typing import Any, NamedTuple

from reader.model import StoryDoc
from reader.text import clean


class StreamError(ValueError):
    """A stream can't be read; the message says where and why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """Precision, recall and F1 in per cent."""

    precision: float
    recall: float

    @property
    def f1(self) -> float:
        """Their harmonic mean."""
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Scores:
    """What a stream came to."""

    bcubed: Agreement
    pairs: Agreement
    articles: int
    stories: int
    predicted: int
    """Stories that the articles whose own is known were sorted into."""

    def __str__(self) -> str:
        return f"BCubed {self.bcubed.f1:.1f}, pairs {self.pairs.f1:.1f}"


def read_stream(body: bytes) -> tuple[list[StoryDoc], dict[str, str]]:
    """The articles of a stream in its order, and the story of each where it is known; raises StreamError."""
    docs, gold = [], {}
    for number, line in enumerate(body.splitlines(), 1):
        if not line.strip():
            continue
        try:
            given = dict(json.loads(line))
            doc = story_doc(given)
        except (ValueError, TypeError, RecursionError) as error:
            raise StreamError(f"line {number} is not an article: {error}") from None
        docs.append(doc)
        if isinstance(given.get("story"), str):
            gold[doc.id] = given["story"]
    return docs, gold


def story_doc(given: Mapping[str, Any]) -> StoryDoc:
    """An article as a JSON object gives it, cleaned; ValueError when it has no id."""
    if not isinstance(given.get("id"), str | int):
        raise ValueError("the line has no id")  # noqa: TRY004

    def words(key: str) -> str | None:
        return clean(given[key]) if isinstance(given.get(key), str) else None

    return StoryDoc(
        id=str(given["id"]),
        title=words("title") or "",
        text=words("text") or "",
        published=_instant(words("published")),
        outlet=words("outlet"),
        url=words("url"),
    )


def score(told: Mapping[str, str], gold: Mapping[str, str]) -> Scores:
    """Compare the stories told with those known, over the articles whose story is known."""
    ids = [id for id in told if id in gold]
    predicted, known = Counter(told[id] for id in ids), Counter(gold[id] for id in ids)
    both = Counter((told[id], gold[id]) for id in ids)
    return Scores(
        bcubed=Agreement(
            precision=_percent(sum(both[told[id], gold[id]] / predicted[told[id]] for id in ids), len(ids)),
            recall=_percent(sum(both[told[id], gold[id]] / known[gold[id]] for id in ids), len(ids)),
        ),
        pairs=Agreement(
            precision=_percent(_pairs(both), _pairs(predicted)), recall=_percent(_pairs(both), _pairs(known))
        ),
        articles=len(ids),
        stories=len(known),
        predicted=len(predicted),
    )


def _pairs(sizes: Counter[Any]) -> float:
    return sum(size * (size - 1) / 2 for size in sizes.values())


def _percent(part: float, whole: float) -> float:
    return 100 * part / whole if whole else 0.0


def _instant(text: str | None) -> datetime | None:
    try:
        instant = datetime.fromisoformat(text or "")
        return (instant if instant.tzinfo else instant.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


# --- ledgers ---------------------------------------------------------------------------------------------------------


class Link(NamedTuple):
    """Two articles that make one claim: their ids in order, and the characters at which each does."""

    ids: tuple[str, str]
    places: tuple[frozenset[int], frozenset[int]]


class LinedUp(NamedTuple):
    """A story lined up by hand."""

    docs: list[StoryDoc]
    links: list[Link]


@dataclass(frozen=True, slots=True, kw_only=True)
class Links:
    """How many links were found, and how many of those found are right."""

    known: int
    known_found: int
    told: int
    told_right: int

    @property
    def agreement(self) -> Agreement:
        """Precision and recall."""
        return Agreement(precision=_percent(self.told_right, self.told), recall=_percent(self.known_found, self.known))

    def __str__(self) -> str:
        told = self.agreement
        return f"precision {told.precision:.1f}, recall {told.recall:.1f}, F1 {told.f1:.1f} ({self.known} links)"


def read_ledger(bodies: Sequence[bytes]) -> LinedUp:
    """A story from the files of its articles and of its ledger, in any order; raises StreamError."""
    articles: dict[str, dict[str, Any]] = {}
    rows: list[dict[str, Any]] = []
    docs: list[StoryDoc] = []
    for body in bodies:
        try:
            held = json.loads(body)
            if not isinstance(held, dict):
                raise TypeError("it is no object")
            if "rows" in held:
                rows += held["rows"]
            else:
                docs.append(story_doc(held))
                articles[docs[-1].id] = held
        except (ValueError, TypeError, RecursionError) as error:
            raise StreamError(f"a file is neither an article nor a ledger: {error}") from None
    try:
        return LinedUp(docs, [link for row in rows for link in _links_of(row["cells"], articles)])
    except (AttributeError, KeyError, IndexError, TypeError, ValueError) as error:
        raise StreamError(f"a row does not fit its articles: {error!r}") from None


def _links_of(cells: Mapping[str, Any], articles: Mapping[str, Any]) -> list[Link]:
    places = {}
    for id, cell in cells.items():
        spans = [span for at in cell["attributions"] for span in articles[id]["attributions"][at]["content"]]
        spans += [cell["span"]] if cell.get("span") else []
        places[id] = frozenset(at for start, end in spans for at in range(start, end))
    return [Link((a, b), (places[a], places[b])) for a, b in combinations(sorted(cells), 2)]


def links(known: Sequence[Link], told: Sequence[tuple[tuple[str, ...], Sequence[set[int]]]]) -> Links:
    """Compare the links of a ledger with those known; each told is two ids in order and the characters of each."""
    right = [[is_link(link, ids, places) for link in known] for ids, places in told]
    return Links(
        known=len(known),
        known_found=sum(any(row[at] for row in right) for at in range(len(known))),
        told=len(told),
        told_right=sum(map(any, right)),
    )


def is_link(link: Link, ids: Sequence[str], places: Sequence[set[int] | frozenset[int]]) -> bool:
    """Whether two articles' places are a known link, whichever comes first."""
    (a, b), (here, there) = ids, places
    if a > b:
        a, b, here, there = b, a, there, here
    return link.ids == (a, b) and _meets(link.places[0], here) and _meets(link.places[1], there)


def links_of(several: Sequence[Links]) -> Links:
    """The links of several stories taken together."""
    return Links(
        known=sum(one.known for one in several),
        known_found=sum(one.known_found for one in several),
        told=sum(one.told for one in several),
        told_right=sum(one.told_right for one in several),
    )


def _meets(one: frozenset[int] | set[int], other: frozenset[int] | set[int]) -> bool:
    return bool(one and other) and len(one & other) >= 0.5 * min(len(one), len(other))
