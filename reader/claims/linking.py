"""What the tagger saw -> attributions: each cue with its source and its content."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from reader.claims.attribute import Report
from reader.claims.lexicon import (
    AUXILIARIES,
    DENIALS,
    HEARSAY,
    MODALS,
    NEGATIONS,
    PASSIVES,
    PREPOSITIONS,
    PRO_FORMS,
    PRONOUNS,
    REPORT_NOUNS,
    VERBS,
    WEEKDAYS,
    Form,
    Sort,
    word_set,
)
from reader.claims.segment import tokens_of
from reader.claims.speakers import speaks, tells
from reader.claims.tagger import ROLES, Tagged
from reader.model import Span

_OFFERED = 0.2
"""How likely a source must be a cue's for the cue to take it; one that serves two cues has its chances halved."""
_BELONGS = 0.05
"""A content that is less likely a cue's is not given to it, however free the cue is."""
_TOGETHER = 200
"""Stretches of a paragraph that are linked with each other; one with more is no paragraph and would cost its square."""
_BETWEEN = 6
"""Words between two pieces of a broken quotation that are neither its cue nor its source, at most: "on Monday"."""


class Stretch(NamedTuple):
    """Words [first, last) of one role."""

    role: str
    first: int
    last: int
    chance: float
    """How likely its words have the role, on average."""


@dataclass(slots=True)
class Attribution:
    """A cue with what belongs to it."""

    cue: Stretch
    source: Stretch | None = None
    contents: list[Stretch] = field(default_factory=list)
    link: float = 1.0
    """How likely the weakest of its links is."""

    @property
    def chance(self) -> float:
        """How likely it is that the article attributes this."""
        return math.sqrt(max(c.chance for c in self.contents) * self.link * self.cue.chance)


def attributions(tagged: Tagged) -> list[Attribution]:
    """The attributions of a text in the order of their cues; none reaches beyond its paragraph."""
    stretches = list(_stretches(tagged))
    found: list[Attribution] = []
    at = 0
    for end in tagged.units[1:]:
        start = at
        while at < len(stretches) and stretches[at].first < end:
            at += 1
        for first in range(start, at, _TOGETHER):
            found += _linked(tagged, stretches[first : min(first + _TOGETHER, at)])
    return found


def _linked(tagged: Tagged, stretches: Sequence[Stretch]) -> list[Attribution]:
    """The attributions of one paragraph: each cue takes its likeliest source, each content its likeliest cue that has
    none or only the content's other half."""
    cues, sources, contents = ([s for s in stretches if s.role == role] for role in ("cue", "source", "content"))
    found = [Attribution(cue) for cue in cues]
    if not cues:
        return []
    chances = _links(tagged, sources, cues)
    for c, host in enumerate(found):
        if sources and chances[:, c].max() > _OFFERED:
            best = int(chances[:, c].argmax())
            host.source = sources[best]
            host.link = float(chances[best, :-1].max() / max(1e-6, chances[best, :-1].sum()))
    chances = _links(tagged, contents, cues)
    for x in np.argsort(-chances[:, :-1].max(1), kind="stable"):
        for c in np.argsort(-chances[x], kind="stable"):
            if c == len(cues) or chances[x, c] < _BELONGS:
                break
            host = found[c]
            if not host.contents or _goes_on(host, contents[x]):
                host.contents = sorted([*host.contents, contents[x]], key=lambda s: s.first)
                host.link = min(host.link, float(chances[x, c]))
                break
    return [a for a in found if a.contents]


def _goes_on(host: Attribution, other: Stretch) -> bool:
    """Whether a content is the other half of one that a cue has: little but the attribution stands between."""
    own = [host.cue, host.source] if host.source else [host.cue]
    for content in host.contents:
        start, end = (content.last, other.first) if content.first < other.first else (other.last, content.first)
        between = end - start - sum(max(0, min(end, s.last) - max(start, s.first)) for s in own)
        if between <= _BETWEEN:
            return True
    return False


def _links(tagged: Tagged, stretches: Sequence[Stretch], cues: Sequence[Stretch]) -> NDArray[np.float32]:
    """(stretches, cues and none): how likely each source or content belongs to each cue."""
    if not stretches:
        return np.zeros((0, len(cues) + 1), np.float32)
    asked = (tagged.asks[[s.first for s in stretches]] + tagged.asks[[s.last - 1 for s in stretches]]) / 2
    offered = np.vstack([tagged.offers[[c.first for c in cues]], tagged.unlinked])
    scores = asked @ offered.T / asked.shape[1] ** 0.5
    likely = np.exp(scores - scores.max(1, keepdims=True))
    return np.asarray(likely / likely.sum(1, keepdims=True))


def _stretches(tagged: Tagged) -> Iterator[Stretch]:
    """The stretches of one role that the labels make; each ends with its paragraph."""
    labels = tagged.labels.tolist()
    ends = set(tagged.units)
    start = -1
    for i in range(len(labels) + 1):
        label = labels[i] if i < len(labels) else 0
        if start >= 0 and (i in ends or label == 0 or label % 2 or (label + 1) // 2 != (labels[start] + 1) // 2):
            role = (labels[start] + 1) // 2
            inside = tagged.chances[start:i, 2 * role - 1 : 2 * role + 1].sum(1)
            yield Stretch(ROLES[role - 1], start, i, float(inside.mean()))
            start = -1
        if label and start < 0:
            start = i


# --- as reports -------------------------------------------------------------------------------------------------------

_REFUSALS = word_set("not declined declines refused refuses")
_NOTHING = PREPOSITIONS | WEEKDAYS | PRO_FORMS | PRONOUNS | word_set("yes no not")
_JOINS = word_set("that whether")
_OPENING = "\"“‘'«„"
_CLOSING = "\"”’'»"


def report_of(text: str, tagged: Tagged, attribution: Attribution) -> Report | None:
    """An attribution as a report, after the annotation guide's conventions rather than the corpus's; None for a cue
    that the guide does not count: a belief, a wish, a judgement."""
    words = tokens_of(text, _span(tagged, attribution.cue))
    verb = next((i for i in range(len(words) - 1, -1, -1) if words[i].low in _REPORTING), None)
    said = {w.low for w in words}
    unsaid = said & {"respond", "responded", "comment", "discuss"} and said & (NEGATIONS | _REFUSALS)
    if verb is None or unsaid or "out" in said:  # "declined to comment", "ruled out"
        return None
    trimmed = (_trimmed(text, _span(tagged, s)) for s in attribution.contents)
    contents = [c for c in trimmed if c is not None and _says_something(text, c)]
    source = tokens_of(text, _span(tagged, attribution.source)) if attribution.source else ()
    if not contents:
        return None
    entry = VERBS.get(words[verb].low)
    if entry and entry.sort is Sort.SHOW and not (tells(source) or all(t.low in PRONOUNS for t in source)):
        return None
    lemma = entry.lemma if entry else words[verb].low
    passive = any(w.low in PASSIVES for w in words[:verb]) and source and source[0].start < words[0].start
    if passive and entry and entry.form is Form.PAST:  # "was told to leave": who stands there is the hearer
        source = ()
    if entry and entry.form is Form.BASE and len(source) == 2 and not speaks(source):
        return None  # "in a separate tweet": a noun
    if lemma in DENIALS and (passive or not _clausal(text, contents[0])):
        return None  # a medal was denied, a plan rejected: acts
    first = verb - 1 if verb and words[verb - 1].low in NEGATIONS else verb
    last = verb + 1 if words[verb + 1 : verb + 2] and words[verb + 1].low in ("to", "of", "for", "with") else verb
    return Report(
        contents,
        cue=[Span(words[first].start, words[last].end)],
        source=source,
        lemma=lemma,
        denied=lemma in DENIALS and first == verb,
        agentless=not source,
    )


def _says_something(text: str, content: Span) -> bool:
    """Whether a content is more than "so", "yes", "him" or "on Monday"."""
    return content.of(text)[0] in _OPENING or any(t.word and t.low not in _NOTHING for t in tokens_of(text, content))


def _clausal(text: str, content: Span) -> bool:
    """Whether a content is a quotation or looks like more than a thing: "that …", "taking bribes"."""
    words = tokens_of(text, content)
    return content.of(text)[0] in _OPENING or any(w.low in AUXILIARIES | MODALS or w.low.endswith("ing") for w in words)


_REPORTING = (
    VERBS.keys()
    | HEARSAY
    | REPORT_NOUNS
    | word_set(
        """according accused charged posted posts posting chanted chanting shouted shouting yelled yelling screamed
        whispered whispering muttered murmured texted texting emailed messaged blogged swore swears signalled signaled
        signalling hinted hints hinting implied implies implying assessed calculated projects projected projecting
        determined documented detailed outlined heard hears learned expects expecting threatened threatens threatening
        apologised apologized confided confides held ordered ruled taught"""
    )
)
"""The corpus has far more cues; these are the ones that report, given that the model sees a source and a content."""


def _span(tagged: Tagged, stretch: Stretch) -> Span:
    return Span(tagged.words[stretch.first].start, tagged.words[stretch.last - 1].end)


def _trimmed(text: str, span: Span) -> Span | None:
    """A content without "that" before it and the stop after it, unless quotation marks hold the stop."""
    tokens = list(tokens_of(text, span))
    while tokens and (tokens[0].low in _JOINS or tokens[0].text in ",;:.–—-"):
        del tokens[0]
    while tokens and tokens[-1].text in ",;:.–—-":
        del tokens[-1]
    return Span(tokens[0].start, tokens[-1].end) if any(t.word for t in tokens) else None
