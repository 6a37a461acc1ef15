"""Pages with the truth beside them + what was extracted from each -> Scores.

The measures are those of the benchmarks that such pages come from:

- shingle: runs of four words (of all words, where there are fewer). A page's runs that are right, too many and missing
  are scaled to sum to one and then added up over the pages, so that each page counts the same;
- words: F1 of a page's words, case aside, each as often as it occurs; the mean over the pages;
- empty: pages with no text, whether none was found or the page could not be extracted;
- with, without: the snippets that must, and must not, be in the text, once case, punctuation and space are folded;
- title, author, date: of the pages whose truth states one, those where it is the same, folded likewise; of dates the
  day. Where the truth says that there is no date, one that was found is invented.

A word is a run of letters, digits and underscores.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NotRequired, TypedDict

import msgspec

from reader.model import Share

_WORD = re.compile(r"\w+")
_RUN = 4


class TruthError(ValueError):
    """What was given is not the truth of a page; the message says why."""


Truth = TypedDict(
    "Truth",
    {
        "id": str,
        "text": str,
        "url": NotRequired[str | None],
        "title": NotRequired[str | None],
        "author": NotRequired[str | None],
        "date": NotRequired[str | None],  # none: the page is known to state none; absent: nobody looked
        "with": NotRequired[list[str] | None],
        "without": NotRequired[list[str] | None],
    },
)
"""What a page says, by those who read it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Overlap:
    """What was found beside what there was to find; each page adds one to the sum of the three."""

    right: float = 0.0
    extra: float = 0.0
    missed: float = 0.0

    @property
    def precision(self) -> float:
        """The share of what was found that is right, in per cent."""
        return round(100 * _ratio(self.right, self.right + self.extra), 1)

    @property
    def recall(self) -> float:
        """The share of what there was that was found, in per cent."""
        return round(100 * _ratio(self.right, self.right + self.missed), 1)

    @property
    def f1(self) -> float:
        """The harmonic mean of the two, in per cent."""
        precision = _ratio(self.right, self.right + self.extra)
        recall = _ratio(self.right, self.right + self.missed)
        return round(_ratio(200 * precision * recall, precision + recall), 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class PageScore:
    """How much of one page's text was found."""

    id: str
    url: str | None
    words: float
    """The F1 of its words, 0 to 1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scores:
    """What a set of pages scores."""

    shingle: Overlap
    empty: int
    shares: Mapping[str, Share]
    """By what can be right or wrong: with, without, title, author, date."""
    invented: Share
    """The pages known to state no date for which one was found."""
    pages: tuple[PageScore, ...]

    @property
    def words(self) -> float:
        """The mean F1 of the pages' words, in per cent."""
        return round(_ratio(100 * sum(page.words for page in self.pages), len(self.pages)), 1)

    def worst(self, count: int) -> tuple[PageScore, ...]:
        """The pages whose words were found least, the worst first."""
        return tuple(sorted(self.pages, key=lambda page: page.words)[:count])


def read_truth(line: bytes) -> Truth:
    """The truth of a page from its line of JSON; raises TruthError."""
    try:
        return msgspec.json.decode(line, type=Truth)
    except msgspec.ValidationError as error:
        raise TruthError(str(error).replace("`", "'")) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise TruthError("it is not JSON") from None


def score(truths: Sequence[Truth], articles: Sequence[Mapping[str, Any] | None]) -> Scores:
    """Compare pages with the article found on each, in the form of `article_json`; None where there was none."""
    shingle, empty, pages = Overlap(), 0, []
    right: Counter[str] = Counter()
    of: Counter[str] = Counter()
    for truth, found in zip(truths, articles, strict=True):
        article = found or {}
        text = article.get("text") or ""
        shingle = _added(shingle, _runs(truth["text"]), _runs(text))
        empty += not text.strip()
        pages.append(PageScore(id=truth["id"], url=truth.get("url"), words=_likeness(truth["text"], text)))
        for name, is_right in _judgements(truth, article, _folded(text)):
            of[name] += 1
            right[name] += is_right
    shares = {name: Share(right=right[name], of=of[name]) for name in ("with", "without", "title", "author", "date")}
    invented = Share(right=right["invented"], of=of["invented"])
    return Scores(shingle=shingle, empty=empty, shares=shares, invented=invented, pages=tuple(pages))


def scores_json(scores: Scores, *, worst: int = 0) -> dict[str, Any]:
    """The scores as the plain JSON that `newsreader eval extract --json` prints."""
    shingle = scores.shingle
    told: dict[str, Any] = {
        "pages": len(scores.pages),
        "shingle": {"precision": shingle.precision, "recall": shingle.recall, "f1": shingle.f1},
        "words": scores.words,
        "empty": scores.empty,
    }
    told |= {name: {"percent": share.percent, "of": share.of} for name, share in scores.shares.items()}
    told["dates_invented"] = {"count": scores.invented.right, "of": scores.invented.of}
    if worst:
        told["worst"] = [
            {"id": page.id, "url": page.url, "words": round(100 * page.words, 1)} for page in scores.worst(worst)
        ]
    return told


def _judgements(truth: Truth, article: Mapping[str, Any], text: str) -> list[tuple[str, bool]]:
    """What the truth asks of an article, by name, and whether it is so; `text` is the article's, folded."""
    asked = [("with", _folded(words) in text) for words in truth.get("with") or ()]
    asked += [("without", _folded(words) not in text) for words in truth.get("without") or ()]
    for name, key in (("title", "title"), ("author", "byline")):
        if stated := truth.get(name):
            asked.append((name, _folded(str(stated)) == _folded(article.get(key))))
    published = article.get("published") or ""
    if date := truth.get("date"):
        asked.append(("date", date[:10] == published[:10]))
    elif "date" in truth:
        asked.append(("invented", bool(published)))
    return asked


def _added(sum_: Overlap, truth: Counter[tuple[str, ...]], found: Counter[tuple[str, ...]]) -> Overlap:
    """The sum with one more page."""
    right = (truth & found).total()
    extra, missed = found.total() - right, truth.total() - right
    whole = right + extra + missed or 1
    return Overlap(
        right=sum_.right + right / whole, extra=sum_.extra + extra / whole, missed=sum_.missed + missed / whole
    )


def _runs(text: str) -> Counter[tuple[str, ...]]:
    words = _WORD.findall(text)
    return Counter(tuple(words[at : at + _RUN]) for at in range(max(1, len(words) - _RUN + 1)) if words)


def _likeness(truth: str, text: str) -> float:
    """The F1 of a text's words."""
    one, other = Counter(_WORD.findall(truth.casefold())), Counter(_WORD.findall(text.casefold()))
    return _ratio(2 * (one & other).total(), one.total() + other.total())


def _folded(text: str | None) -> str:
    return " ".join(_WORD.findall((text or "").casefold()))


def _ratio(part: float, whole: float) -> float:
    return part / whole if whole else 0.0
