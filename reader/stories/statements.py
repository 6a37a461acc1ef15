"""The statements of a story's articles, and which of them are likely to say the same.

A statement is a sentence, or one of a long quotation's: what an outlet says in its own voice counts as much as what it
puts in somebody's mouth. It is compared without the words that attribute it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from math import log1p
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from reader.claims.segment import Sentence, blocks, paragraphs, sentences_within
from reader.model import Claim, Figure, Span, Telling
from reader.stories import phrase as phrases
from reader.stories.phrase import Phrase, phrase, reweighed

_LEAST = 4
"""Words of a statement, and …"""
_MOST = 60
"""… statements of an article that are looked at; news says first what it says."""
_LONG = 100
"""Characters of a quotation that is cut at its sentences."""
_NAME = 0.25
"""What a word of a name weighs beside another: who and where is not yet what."""
_MOSTLY = 0.5
"""The share of a statement that stands in a claim's content when it is the claim."""

Floats = NDArray[np.float32]


class Statement(NamedTuple):
    """Something an article says."""

    article: int
    """Its place among the story's articles."""
    span: Span
    phrase: Phrase
    claim: Claim | None
    """The claim that it is, None when the outlet says it itself."""
    figures: tuple[Figure, ...]


def statements(article: int, telling: Telling, most: int = _MOST) -> list[Statement]:
    """The first `most` statements of one article, boilerplate left out."""
    found = []
    for span in _spans(telling):
        claim = _claim(telling, span)
        figures = tuple(f for f in telling.analysis.figures if span.start <= f.span.start and f.span.end <= span.end)
        read = phrase(_bare(telling, span), figures)
        if len(read.words) < _LEAST:
            continue
        found.append(Statement(article, span, read, claim, figures))
        if len(found) == most:
            break
    return found


def _spans(telling: Telling) -> Iterator[Span]:
    litter = set(telling.analysis.boilerplate)
    story = [block for block in blocks(telling.text) if block not in litter]
    for paragraph in paragraphs(telling.text, story):
        for sentence in paragraph.sentences:
            yield from _cut(telling.text, sentence)


def _cut(text: str, sentence: Sentence) -> Iterator[Span]:
    """A sentence, cut after each that ends inside a long quotation."""
    start = sentence.span.start
    for token in sentence.tokens:
        if token.quoted and token.end - token.start > _LONG:
            for inner in sentences_within(text, Span(token.start, token.end))[:-1]:
                yield from _trimmed(text, start, inner.span.end)
                start = inner.span.end
    yield from _trimmed(text, start, sentence.span.end)


def _trimmed(text: str, start: int, end: int) -> Iterator[Span]:
    while start < end and text[start].isspace():
        start += 1
    if start < end:
        yield Span(start, end)


def _claim(telling: Telling, span: Span) -> Claim | None:
    """The claim that holds most of a statement's own words."""
    best, most = None, _MOSTLY
    for claim in telling.analysis.claims:
        said = _overlap(claim.content, span)
        if not said:
            continue
        around = _overlap((*claim.cue, *claim.source), span)
        share = said / max(1, span.end - span.start - around)
        if share > most:
            best, most = claim, share
    return best


def _bare(telling: Telling, span: Span) -> str:
    """A statement's words without those that attribute any claim in it."""
    words = list(span.of(telling.text))
    for claim in telling.analysis.claims:
        for start, end in (*claim.cue, *claim.source):
            for at in range(max(start, span.start), min(end, span.end)):
                words[at - span.start] = " "
    return "".join(words)


def _overlap(spans: Sequence[Span], span: Span) -> int:
    return sum(max(0, min(end, span.end) - max(start, span.start)) for start, end in spans)


# --- which may say the same ------------------------------------------------------------------------------------------


class Cover(NamedTuple):
    """How far each statement is covered by each other, (statements, statements)."""

    words: Floats
    """[a, b] is the share of a's words that stand in b, by their weight in this story, 0 to 1."""
    meaning: Floats
    """The cosine of what they mean."""


def in_story(found: Sequence[Statement]) -> list[Statement]:
    """Statements whose words weigh the less the more of the story's statements have them: a ferry's name tells nothing
    where all is about the ferry."""
    holders = Counter(stem for statement in found for stem in set(statement.phrase.stems.tolist()))
    most = log1p(len(found)) if found else 1.0
    fitted = []
    for statement in found:
        read = statement.phrase
        rare = np.array([log1p(len(found) / holders[stem]) / most for stem in read.stems.tolist()], np.float32)
        weights = read.weights * np.sqrt(np.where(read.named, _NAME * rare, rare))
        fitted.append(statement._replace(phrase=reweighed(read, weights.astype(np.float32))))
    return fitted


def cover(found: Sequence[Statement]) -> Cover:
    """Lay all statements of a story over each other."""
    count = len(found)
    holders: dict[int, list[int]] = {}
    for at, statement in enumerate(found):
        for stem in set(statement.phrase.stems.tolist()):
            holders.setdefault(stem, []).append(at)
    words = np.zeros((count, count), np.float32)
    where = {stem: np.array(places) for stem, places in holders.items()}
    for at, statement in enumerate(found):
        read = statement.phrase
        weights = dict(zip(read.stems.tolist(), (read.weights**2).tolist(), strict=True))
        total = sum(weights.values()) or 1.0
        for stem, weight in weights.items():
            words[at, where[stem]] += weight / total
    whole = np.array([statement.phrase.whole for statement in found]) if count else np.zeros((0, 1), np.float32)
    return Cover(words, whole @ whole.T)


FEATURES = (
    *phrases.FEATURES,
    *("cover_least", "cover_most", "meaning", "first_a", "first_b", "lead_least", "lead_most"),
    *("quoted", "same_speaker", "places"),
)


def features(one: Statement, other: Statement, at: tuple[int, int], covered: Cover, lead: Floats) -> list[float]:
    """What two statements have in common, in the order of FEATURES.

    `lead` is [a, article]: how far ahead the best of an article is for a statement; see `leads`.
    """
    a, b = at
    both = sorted((float(covered.words[a, b]), float(covered.words[b, a])))
    alike = float(both[0] + both[1])
    ahead = sorted((alike - float(lead[a, other.article]), alike - float(lead[b, one.article])))
    quoted = [bool(s.claim and s.claim.quotation != "indirect") for s in (one, other)]
    speakers = [_surname(s) for s in (one, other)]
    return [
        *phrases.features(one.phrase, other.phrase),
        *both,
        float(covered.meaning[a, b]),
        float(ahead[0] >= 0),
        float(ahead[1] >= 0),
        *ahead,
        float(sum(quoted)),
        float(bool(speakers[0]) and speakers[0] == speakers[1]) - float(all(speakers) and speakers[0] != speakers[1]),
        float(abs(one.span.start - other.span.start)) / 1000,
    ]


def _surname(statement: Statement) -> str:
    """The last word of a speaker's name, empty where the outlet speaks."""
    speaker = statement.claim.speaker if statement.claim else None
    words = speaker.name.split() if speaker else []
    return words[-1].casefold() if words else ""


def leads(found: Sequence[Statement], covered: Cover, articles: int) -> Floats:
    """[a, article]: the second best likeness of a statement of that article to a; what the best has to beat."""
    alike = covered.words + covered.words.T
    second = np.zeros((len(found), articles), np.float32)
    of = np.array([statement.article for statement in found])
    for article in range(articles):
        theirs = alike[:, of == article]
        if theirs.shape[1] > 1:
            second[:, article] = np.partition(theirs, -2, axis=1)[:, -2]
    return second
