"""Reporting verbs and who stands beside them: the skeleton of "X said", ", said X", ", adding" and "with X saying"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from reader.claims.lexicon import (
    ADVERBS,
    AUXILIARIES,
    DETERMINERS,
    MODALS,
    NEGATIONS,
    NO_ADVERBS,
    NOUN_LIKE,
    PASSIVES,
    PERIODS,
    PREPOSITIONS,
    SPEAKING_NOUNS,
    VERBS,
    WEEKDAYS,
    Form,
    Sort,
    Verb,
    word_set,
)
from reader.claims.phrases import Phrase, names, phrase_after, phrase_before, plausible
from reader.claims.segment import Token
from reader.claims.speakers import tells

MAX_CUES = 16
"""A sentence with more reporting verbs is no prose; the rest of them is passed over."""

COMPLEMENTIZERS = word_set("that whether")
_RELATIVES = word_set("to what how as which")
"""Before a verb: "to say", "as he said", "which said" open no report of their own."""
_FUSED = word_set("what which whom as how")
_SUBJECT_SHARING = word_set("and while whilst before but")
_COUNT_WORDS = word_set("all both some many most few")
_AFTER_NOUNS = PREPOSITIONS | AUXILIARIES | word_set("and or where which who")
"""What follows a noun rather than a verb that reports."""
_AFTER_SUBJECTS = WEEKDAYS | PREPOSITIONS | word_set("who while as when")
"""What may follow X in ", said X"; anything else makes X the beginning of the content."""
_NO_SUBJECTS = WEEKDAYS | word_set("that it in on")
_OPENING_TOKENS = 16
"""How far from its beginning a sentence's fronted adverbial may reach."""


_NOBODY = Phrase(0, 0)


@dataclass(slots=True)
class Cue:
    """A reporting verb with its group and subject, as token indices into the sentence."""

    verb: int
    group: int
    """First token of the verb group, auxiliaries and adverbs included."""
    entry: Verb
    subject: Phrase = _NOBODY
    inverted: bool = False
    """The subject stands after the verb: ", said X"."""
    shared: bool = False
    """The subject is that of the report before: "…, adding that"."""
    negation: int | None = None
    """The token that negates, if one does."""

    @property
    def left(self) -> int:
        """First token that belongs to the attribution rather than to the words before it."""
        apart = self.inverted or self.shared or self.subject.start > self.group
        return self.group if apart else self.subject.start

    @property
    def right(self) -> int:
        """First token after the attribution's own words."""
        return self.subject.end if self.inverted else self.verb + 1


class VerbGroup(NamedTuple):
    """What stands between a subject and its verb."""

    start: int
    negation: int | None
    passive: bool
    modal: bool


def find_cues(tokens: Sequence[Token]) -> list[Cue]:
    """The reporting verbs of a sentence that have a subject, in order."""
    found: list[Cue] = []
    for i, token in enumerate(tokens):
        entry = VERBS.get(token.low)
        if entry is None or token.quoted or (token.capital and i > 0):
            continue
        if len(found) == MAX_CUES:
            break
        if (cue := _cue(tokens, i, entry, found)) is not None:
            found.append(cue)
    return found


def marked(tokens: Sequence[Token], i: int) -> bool:
    """True when what begins at `i` is marked as a report: "that", a colon, a quotation."""
    ahead = tokens[i : i + 3]
    return any(t.quoted for t in ahead[:2]) or any(t.low in COMPLEMENTIZERS or t.text == ":" for t in ahead)


def verb_group(tokens: Sequence[Token], verb: int) -> VerbGroup:
    """Walk left from a verb over auxiliaries, adverbs and "on Monday"."""
    i, negation, passive, modal = verb, None, False, False
    while i > 0:
        low = tokens[i - 1].low
        if low in AUXILIARIES or low in MODALS or low in NEGATIONS:
            negation = i - 1 if low in NEGATIONS else negation
            passive = passive or low in PASSIVES
            modal = modal or low in MODALS
        elif low in PERIODS and i > 1 and tokens[i - 2].low in ("last", "this", "next"):
            i -= 1
        elif low in WEEKDAYS and i > 1:
            i -= tokens[i - 2].low == "on"
        elif not (low in ADVERBS or (low.endswith("ly") and low not in NO_ADVERBS and not tokens[i - 1].capital)):
            break
        i -= 1
    return VerbGroup(i, negation, passive, modal)


def _cue(tokens: Sequence[Token], i: int, entry: Verb, earlier: Sequence[Cue]) -> Cue | None:
    group = verb_group(tokens, i)
    before = tokens[group.start - 1] if group.start else None
    by_agent = entry.form is Form.PAST and i + 1 < len(tokens) and tokens[i + 1].low == "by"
    if (group.modal and group.negation is None) or by_agent:
        return None
    cue = Cue(verb=i, group=group.start, entry=entry, negation=group.negation)
    if entry.form is Form.PARTICIPLE and not group.passive:
        return _participial(tokens, cue, earlier)
    if group.passive and entry.form is not Form.PARTICIPLE:
        return None
    if before is not None and before.low in _RELATIVES and entry.form is not Form.PARTICIPLE:
        return None
    if entry.form is not Form.PAST and _is_noun(tokens, i):
        return None
    if before is not None and before.text == "who":
        relative = group.start - 1
        return _with(cue, tokens, phrase_before(tokens, relative - (tokens[relative - 1].text == ",")))
    if _inverts(tokens, cue):
        return cue
    subject = phrase_before(tokens, group.start)
    if before is not None and before.low in ("and", "but", "then") and earlier and not plausible(tokens, subject):
        cue.subject, cue.shared = earlier[-1].subject, True
        return cue
    if subject is None or tokens[subject.end - 1].possessive:
        return None
    if subject.start and tokens[subject.start - 1].low in _FUSED:
        return None
    return _with(cue, tokens, subject)


def _with(cue: Cue, tokens: Sequence[Token], subject: Phrase | None) -> Cue | None:
    """The cue with its subject, or None where that cannot speak."""
    if subject is None or not plausible(tokens, subject):
        return None
    cue.subject = subject
    return cue


def _is_noun(tokens: Sequence[Token], i: int) -> bool:
    """True when a present or base form stands where a noun would: "the reports", "two Arab states where"."""
    token, before = tokens[i], tokens[i - 1].low if i else ""
    determined = before in DETERMINERS and before not in _COUNT_WORDS
    if VERBS[token.low].form is Form.BASE and (not before or determined or before in PREPOSITIONS):
        return True
    if token.low not in NOUN_LIKE or i + 1 >= len(tokens):
        return False
    after = tokens[i + 1]
    calls = token.low in ("call", "calls") and after.low in ("for", "on")
    return not calls and (after.low in _AFTER_NOUNS or after.text in ".;)")


def _participial(tokens: Sequence[Token], cue: Cue, earlier: Sequence[Cue]) -> Cue | None:
    """The cue of a participle: ", adding that …" shares the subject before it; "with X reporting …" has its own."""
    if not cue.group:
        return None
    before = tokens[cue.group - 1]
    if (joined := accompanied(tokens, cue)) is not None:
        return _with(cue, tokens, phrase_after(tokens, joined + 1))
    if before.text == "," or before.low in _SUBJECT_SHARING or before.quoted:
        cue.shared = True
        if cue.entry.sort is Sort.SHOW:
            return None
        if earlier:
            return _with(cue, tokens, earlier[-1].subject)
        if marked(tokens, cue.verb + 1) or cue.entry.sort is Sort.ASK:
            return _with(cue, tokens, _main_subject(tokens, cue.group))
        return None
    subject = phrase_before(tokens, cue.group)
    if subject is None or not subject.start:
        return None
    opener, words = tokens[subject.start - 1], tokens[subject.start : subject.end]
    speaks = names(tokens, subject) or marked(tokens, cue.verb + 1)
    if opener.low == "with" or (opener.text == "," and (speaks or (cue.entry.sort is not Sort.SHOW and tells(words)))):
        return _with(cue, tokens, subject)
    return None


def accompanied(tokens: Sequence[Token], cue: Cue) -> int | None:
    """The "with" of ", with a spokesman, Jon Ferrier, saying"; None of any other participle."""
    if cue.entry.form is not Form.PARTICIPLE:
        return None
    for k in range(cue.group - 1, max(0, cue.group - _OPENING_TOKENS), -1):
        if tokens[k].low == "with" and tokens[k - 1].text == ",":
            phrase = phrase_after(tokens, k + 1)
            rest = tokens[phrase.end : cue.group] if phrase and phrase.end <= cue.group else None
            return k if rest is not None and all(t.text == "," for t in rest) else None
        if tokens[k].quoted or tokens[k].low in VERBS:
            return None
    return None


def _main_subject(tokens: Sequence[Token], end: int) -> Phrase | None:
    """The subject of the clause that a lone participle hangs on: the noun phrase that opens the sentence."""
    comma = next((k for k in range(min(end, _OPENING_TOKENS)) if tokens[k].text == ","), None)
    fronted = tokens[0].low in PREPOSITIONS and comma is not None
    phrase = phrase_after(tokens, comma + 1 if fronted and comma is not None else 0)
    return phrase if phrase and phrase.end < end else None


def _inverts(tokens: Sequence[Token], cue: Cue) -> bool:
    """Set the subject of ", said X" and "… " said X; leave the cue alone otherwise."""
    if cue.entry.sort not in (Sort.SAY, Sort.MARKED, Sort.ASK) or cue.group == 0 or cue.verb + 1 >= len(tokens):
        return False
    before, after = tokens[cue.group - 1], tokens[cue.verb + 1]
    beside_quotation = before.quoted or (before.text == "," and cue.group > 1 and tokens[cue.group - 2].quoted)
    if not (beside_quotation or before.text in ",—–") or (cue.entry.sort is Sort.ASK and not beside_quotation):
        return False
    if after.low in _NO_SUBJECTS:
        return False
    phrase = phrase_after(tokens, cue.verb + 1)
    if phrase is None or not plausible(tokens, phrase):
        return False
    if not beside_quotation:
        end = tokens[phrase.end] if phrase.end < len(tokens) else None
        if end is not None and end.word and end.low not in _AFTER_SUBJECTS:
            return False
        if not tokens[phrase.start].capital and tokens[phrase.end - 1].low not in SPEAKING_NOUNS:
            return False
    cue.subject, cue.inverted = phrase, True
    return True
