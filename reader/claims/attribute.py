"""Who is put in charge of which words: cue, source and content of each report in a sentence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice
from typing import NamedTuple

from reader.claims.content import content_of, end_after, sentence_end, span_of
from reader.claims.cues import COMPLEMENTIZERS, MAX_CUES, Cue, accompanied, find_cues, verb_group
from reader.claims.lexicon import (
    AGENTLESS,
    CITING,
    DENIALS,
    DETERMINERS,
    HEARSAY,
    PREPOSITIONS,
    REPORT_NOUNS,
    VERBS,
    Form,
    Sort,
    word_set,
)
from reader.claims.phrases import phrase_after, phrase_before, plausible
from reader.claims.segment import Sentence, Token
from reader.claims.speakers import speaks, tells
from reader.model import Span

_ACCUSED = word_set("accused charged")
_VERBLESS = HEARSAY | AGENTLESS | _ACCUSED | REPORT_NOUNS | word_set("according words")
_QUOTING = word_set("quoted quotes quoting")
_TELLTALES = _VERBLESS | _QUOTING | VERBS.keys()
"""A sentence without any of these words reports nothing."""


class Evidence(NamedTuple):
    """What the two readings of a text say of a report; chances are the model's, from 0 to 1."""

    ruled: bool
    """The rules found it."""
    seen: bool
    """The model found it."""
    source: float = 0.0
    cue: float = 0.0
    content: float = 0.0
    link: float = 0.0


_RULED = Evidence(ruled=True, seen=False)


@dataclass(slots=True)
class Report:
    """An attribution as it stands in the text, before its source is resolved to a speaker."""

    content: list[Span]
    cue: list[Span] = field(default_factory=list)
    source: tuple[Token, ...] = ()
    lemma: str = ""
    """The verb's base form, or what stands for one: "according to", "reportedly"; empty for a follow-on quotation."""
    via: list[tuple[Token, ...]] = field(default_factory=list)
    """Those behind the source, in their own words."""
    denied: bool = False
    follows: bool = False
    """A quotation that stands alone: its speaker is that of the report before it."""
    agentless: bool = False
    inner: bool = False
    """Told inside somebody else's quotation marks."""
    evidence: Evidence = _RULED

    @property
    def at(self) -> int:
        """Where the report is told: its source, else its cue, else its content."""
        if self.source:
            return self.source[0].start
        return self.cue[0].start if self.cue else self.content[0].start


def reports_in(sentence: Sentence) -> list[Report]:
    """The reports of one sentence, in the order in which they are told."""
    tokens = sentence.tokens
    words = {t.low for t in tokens}
    if words.isdisjoint(_TELLTALES):
        return []
    cues = find_cues(tokens)
    verbal = _verbals(tokens, cues)
    if None in verbal:  # once more without the verbs that report nothing, so that they bound no content
        cues = [cue for cue, report in zip(cues, verbal, strict=True) if report is not None]
        verbal = _verbals(tokens, cues)
    reports = [report for report in verbal if report is not None]
    if not words.isdisjoint(_VERBLESS):
        others = chain(_according(tokens, cues), _hearsay(tokens, cues), _nominal(tokens, cues))
        reports += islice(others, MAX_CUES)
    if "by" in words:
        reports += islice(_by_agent(tokens, cues), MAX_CUES)
    if not words.isdisjoint(_QUOTING):
        reports += islice(_quoting(tokens, cues), MAX_CUES)
    if not words.isdisjoint(CITING):
        _cite(tokens, reports)
    reports.sort(key=lambda r: r.at)
    return reports


def _verbals(tokens: Sequence[Token], cues: Sequence[Cue]) -> list[Report | None]:
    return [_verbal(tokens, cue, cues[:i], cues[i + 1 :]) for i, cue in enumerate(cues)]


def _verbal(tokens: Sequence[Token], cue: Cue, earlier: Sequence[Cue], later: Sequence[Cue]) -> Report | None:
    """The report of a verb: "X said A" in all its orders."""
    pieces = content_of(tokens, cue, earlier, later)
    content = _spans(tokens, pieces)
    if not content:
        return None
    lemma, after = cue.entry.lemma, tokens[cue.verb + 1 : cue.verb + 2]
    last = cue.verb
    if lemma == "call" and after and after[0].low in ("for", "on"):
        last += 1
    cues = [_words(tokens, cue.verb if cue.negation is None else cue.negation, last + 1)]
    opener = pieces[0][0] - 1
    if cue.entry.sort is Sort.ACCUSE and opener > cue.verb and tokens[opener].low in ("of", "for"):
        cues.append(_words(tokens, opener, opener + 1))
    return Report(
        content=content,
        cue=cues,
        source=tuple(tokens[cue.subject.start : cue.subject.end]),
        lemma=lemma,
        denied=lemma in DENIALS and cue.negation is None,
    )


def _words(tokens: Sequence[Token], start: int, stop: int) -> Span:
    return Span(tokens[start].start, tokens[stop - 1].end)


def _spans(tokens: Sequence[Token], pieces: Sequence[tuple[int, int]]) -> list[Span]:
    return [span for piece in pieces if (span := span_of(tokens, *piece)) is not None]


# --- attributions without a subject and its verb ---------------------------------------------------------------------


def _according(tokens: Sequence[Token], cues: Sequence[Cue]) -> Iterator[Report]:
    """Phrases for verbs: "According to X, A", "A, according to X", "A, according to X, B", "in the words of X, A"."""
    end = sentence_end(tokens)
    lows = [t.low for t in tokens]
    for i in range(len(tokens) - 2):
        if lows[i : i + 2] == ["according", "to"]:
            first, begin, lemma = i, i + 2, "according to"
        elif lows[i : i + 4] == ["in", "the", "words", "of"]:
            first, begin, lemma = i, i + 4, "in the words of"
        else:
            continue
        phrase = phrase_after(tokens, begin)
        if phrase is None or not plausible(tokens, phrase):
            continue
        pieces: list[tuple[int, int]] = []
        if lemma == "according to" and (start := _clause_before(tokens, first)) + 3 <= first:
            pieces.append((start, first))
        after = phrase.end
        cite = after + (after < end and tokens[after].text == ",")
        if cite < end and lows[cite] in CITING and (behind := phrase_after(tokens, cite + 1)):
            after = behind.end
        if after < end and tokens[after].text == "," and (not pieces or tokens[first - 1].text == ","):
            stop = end_after(tokens, after + 1, end, [c for c in cues if c.left > after + 1])
            if not pieces or stop - after > 4:
                pieces.append((after + 1, stop))
        if content := _spans(tokens, pieces):
            source = tuple(tokens[phrase.start : phrase.end])
            yield Report(content=content, cue=[_words(tokens, first, begin)], source=source, lemma=lemma)


def _clause_before(tokens: Sequence[Token], stop: int) -> int:
    """Where the clause that "according to" closes begins."""
    for k in range(stop - 1, -1, -1):
        opens = tokens[k].low in ("and", "but", "which") and k > 0 and tokens[k - 1].text == ","
        if opens or tokens[k].text == ";":
            return 0 if stop - k < 5 else k + (tokens[k].low != "which")
    return 0


def _hearsay(tokens: Sequence[Token], cues: Sequence[Cue]) -> Iterator[Report]:
    """Words that nobody is named for: "X reportedly did A", "X is accused of A", "A was reported"."""
    end = sentence_end(tokens)
    for i, token in enumerate(tokens):
        after = tokens[i + 1].low if i + 1 < end else ""
        left, right = i, i + 1
        if token.low not in HEARSAY:
            accused = token.low in _ACCUSED and after in ("of", "with")
            said = token.low in AGENTLESS and after != "by" and (after == "to" or token.low == "reported")
            if not (accused or said):
                continue
            group = verb_group(tokens, i)
            if not group.passive:
                continue
            left, right = group.start, i + 1 + accused
        pieces = [
            (_joined_clause(tokens, left), left),
            (right, end_after(tokens, right, _clause_end(tokens, right, end), cues)),
        ]
        if content := _spans(tokens, pieces):
            yield Report(content=content, cue=[_words(tokens, i, right)], lemma=token.low, agentless=True)


def _joined_clause(tokens: Sequence[Token], stop: int) -> int:
    for k in range(stop - 1, 0, -1):
        joins = tokens[k].low in ("and", "but", "that", "while") and k + 2 < stop and tokens[k - 1].text == ","
        if joins or tokens[k].text in ";—":
            return k + 1
    return 0


def _clause_end(tokens: Sequence[Token], start: int, end: int) -> int:
    for k in range(start, end):
        turns = tokens[k].text == "," and k + 1 < end and tokens[k + 1].low in ("but", "while", "according")
        if turns or tokens[k].text == ";":
            return k
    return end


def _nominal(tokens: Sequence[Token], cues: Sequence[Cue]) -> Iterator[Report]:
    """Nouns for verbs: "the WHO recommendation that A", "X's warning that A"."""
    taken = {c.verb for c in cues}
    for i, token in enumerate(tokens[:-2]):
        if token.low not in REPORT_NOUNS or i in taken or tokens[i + 1].low != "that":
            continue
        phrase = phrase_before(tokens, i)
        if phrase is None:
            continue
        links = (k + 1 for k in range(phrase.end - 2, phrase.start, -1) if tokens[k].low in PREPOSITIONS | DETERMINERS)
        start = next(links, phrase.start)
        start += tokens[start].low in DETERMINERS and start + 1 < phrase.end
        source = tuple(tokens[start : phrase.end])
        stop = end_after(tokens, i + 2, sentence_end(tokens), [c for c in cues if c.left > i])
        if any(t.capital for t in source) and (content := _spans(tokens, [(i + 2, stop)])):
            yield Report(content=content, cue=[_words(tokens, i, i + 1)], source=source, lemma=token.low)


def _by_agent(tokens: Sequence[Token], cues: Sequence[Cue]) -> Iterator[Report]:
    """The passive: "it is asserted by X that A"."""
    for i, token in enumerate(tokens[:-4]):
        entry = VERBS.get(token.low)
        if entry is None or entry.form is not Form.PAST or entry.sort is Sort.FRAME or tokens[i + 1].low != "by":
            continue
        phrase = phrase_after(tokens, i + 2)
        if phrase is None or not plausible(tokens, phrase) or tokens[phrase.end : phrase.end + 1] == ():
            continue
        if tokens[phrase.end].low != "that":
            continue
        stop = end_after(tokens, phrase.end + 1, sentence_end(tokens), [c for c in cues if c.left > phrase.end])
        if content := _spans(tokens, [(phrase.end + 1, stop)]):
            source = tuple(tokens[phrase.start : phrase.end])
            yield Report(content=content, cue=[_words(tokens, i, i + 1)], source=source, lemma=entry.lemma)


def _quoting(tokens: Sequence[Token], cues: Sequence[Cue]) -> Iterator[Report]:
    """Two reports of one content: "X quoted Y as saying A"; of "X quoted Y, with Z saying A" the first."""
    for i, token in enumerate(tokens):
        if token.low not in _QUOTING or token.capital:
            continue
        teller = phrase_before(tokens, verb_group(tokens, i).start)
        source = tuple(tokens[teller.start : teller.end]) if teller and plausible(tokens, teller) else ()
        beside = next((k for k, c in enumerate(cues) if c.verb > i and accompanied(tokens, c) is not None), None)
        if beside is not None and source:
            with_them = _verbal(tokens, cues[beside], cues[:beside], cues[beside + 1 :])
            if with_them is not None:
                yield Report(with_them.content.copy(), cue=[_words(tokens, i, i + 1)], source=source, lemma="quote")
        told = phrase_after(tokens, i + 1)
        if told is None or told.end + 1 >= len(tokens) or not plausible(tokens, told):
            continue
        saying = told.end + (tokens[told.end].low == "as")
        entry = VERBS.get(tokens[saying].low)
        if entry is None or entry.form is not Form.PARTICIPLE:
            continue
        start = saying + 1 + (tokens[saying + 1 : saying + 2] != () and tokens[saying + 1].low in COMPLEMENTIZERS)
        stop = end_after(tokens, start, sentence_end(tokens), [c for c in cues if c.left > saying])
        content = _spans(tokens, [(start, stop)])
        if not content:
            continue
        if source:
            yield Report(content.copy(), cue=[_words(tokens, i, i + 1)], source=source, lemma="quote")
        source = tuple(tokens[told.start : told.end])
        yield Report(content=content, cue=[_words(tokens, saying, saying + 1)], source=source, lemma=entry.lemma)


def _cite(tokens: Sequence[Token], reports: list[Report]) -> None:
    """Give "…, citing Y" and "Citing Y, …" to the report beside it: a second cue, and Y behind its source."""
    for i, token in islice(((i, t) for i, t in enumerate(tokens) if t.low in CITING), MAX_CUES):
        phrase = phrase_after(tokens, i + 1)
        if phrase is None or not plausible(tokens, phrase) or not speaks(tokens[phrase.start : phrase.end]):
            continue
        before = (r for r in reversed(reports) if i and r.cue and r.cue[0].start < token.start)
        after = (r for r in reports if r.cue and r.cue[0].start > token.start)
        host = next(before, None) or next(after, None)
        if host is None or host.agentless:
            continue
        host.cue = sorted([*host.cue, Span(token.start, token.end)])
        host.via.append(tuple(tokens[phrase.start : phrase.end]))
        while phrase.end + 1 < len(tokens) and tokens[phrase.end].low == "and":  # citing two aides and shipping records
            more = phrase_after(tokens, phrase.end + 1)
            if more is None or not plausible(tokens, more) or not tells(tokens[more.start : more.end]):
                break
            phrase = more
            host.via.append(tuple(tokens[phrase.start : phrase.end]))
        if i == 0 and host.content[0].start == token.start and phrase.end + 1 < len(tokens):
            begin = tokens[phrase.end + 1].start  # "Citing Y, A, X said": A is what is claimed
            if begin < host.content[0].end:
                host.content[0] = Span(begin, host.content[0].end)
