"""The words that a reporting verb reports: before it, after it or around it.

Token ranges `(start, stop)` of a sentence; `span_of` turns one into a span of the text.
"""

from __future__ import annotations

from collections.abc import Sequence

from reader.claims.cues import COMPLEMENTIZERS, Cue, accompanied, marked
from reader.claims.lexicon import (
    ADVERBIALS,
    ADVERBS,
    AUXILIARIES,
    CITING,
    DETERMINERS,
    MODALS,
    NOUN_LIKE,
    POSSESSIVES,
    PREPOSITIONS,
    PRONOUNS,
    VERBS,
    WEEKDAYS,
    Form,
    Sort,
    word_set,
)
from reader.claims.phrases import ends_phrase, names
from reader.claims.segment import Token
from reader.claims.speakers import tells
from reader.model import Span

Range = tuple[int, int]

_AHEAD = 16
"""Tokens after the verb within which "that" or a quotation still belongs to it."""
_STRONG = word_set("say tell add warn write announce claim argue insist reveal state explain deny")
"""Verbs that report even from a subject we know nothing of."""
_REMARKS = word_set("sign move step claim charge decision development accusation allegation figure")
"""Heads of the reporter's own afterthought: "…, a sign that sanctions bite"."""
_DETACHED = PREPOSITIONS | WEEKDAYS | ADVERBS
"""Words that set the scene between a verb and its content."""
_JOINING = word_set("and but while whereas with though although")
_AFTER_QUOTATIONS = word_set("but and while which who though although as a after")
_AFTERWARDS = word_set("in at during after on by last this while as when")
"""What may follow "A, X said" at the end of a sentence without being content."""
_EMPTY = word_set("so no yes it nothing anything something much this that as")
"""Single words that are no claim: "he said so"."""
_HEARERS = PRONOUNS | word_set("him her them me us reporters journalists lawmakers police")


def span_of(tokens: Sequence[Token], start: int, stop: int) -> Span | None:
    """The span of a range without the punctuation at its edges; None where no word is left."""
    while start < stop and not (tokens[start].quoted or tokens[start].word or tokens[start].text in "(["):
        start += 1
    final = ",;:—–-(" if stop < len(tokens) else ",;:—–-(.…"
    while stop > start and not tokens[stop - 1].quoted and tokens[stop - 1].text in final:
        stop -= 1
    if not any(t.quoted or t.word for t in tokens[start:stop]):
        return None
    return Span(tokens[start].start, tokens[stop - 1].end)


def sentence_end(tokens: Sequence[Token]) -> int:
    """Index after the last token that is not closing punctuation."""
    end = len(tokens)
    while end and not tokens[end - 1].quoted and tokens[end - 1].text in ".!?…:;":
        end -= 1
    return end


def content_of(tokens: Sequence[Token], cue: Cue, earlier: Sequence[Cue], later: Sequence[Cue]) -> list[Range]:
    """What a cue reports; empty where it turns out to report nothing."""
    end = sentence_end(tokens)
    is_marked = True
    floor = max((c.right for c in earlier), default=0)
    named = cue.entry.sort is Sort.FRAME and not cue.inverted and cue.right < end and tokens[cue.right].word
    quotation = None if cue.shared or named else _quotation_before(tokens, cue)
    if quotation is not None:
        pieces = [(_clause_start(tokens, floor, quotation), quotation + 1), *_resumed(tokens, cue, later, end)]
    elif fronted := _fronted(tokens, cue, floor, end):
        pieces = fronted
    else:
        start, is_marked = _start_after(tokens, cue, end)
        pieces = [(start, end_after(tokens, start, end, later))]
    start, stop = pieces[0]
    if stop == start + 1 and tokens[start].low in _EMPTY:
        return []
    if start >= stop or tokens[start].low == "by" or not _reports(tokens, cue, start, stop, is_marked):
        return []
    return pieces


# --- before the cue --------------------------------------------------------------------------------------------------


def _quotation_before(tokens: Sequence[Token], cue: Cue) -> int | None:
    """Index of the quotation that the attribution leans on from behind."""
    i = cue.left - 1
    while i >= 0 and not tokens[i].quoted and (tokens[i].text in ",;—–-" or tokens[i].low in ("and", "but")):
        i -= 1
    if i < 0 or not tokens[i].quoted:
        return None
    last = tokens[i].text.rstrip("\"”’'»")[-1:]
    if i == cue.left - 1 and not cue.inverted and last not in (",", "!", "?", "—", "–", "-"):
        return None if _content_follows(tokens, cue) else i  # the "A" that X said …: "B"
    return i


def _content_follows(tokens: Sequence[Token], cue: Cue) -> bool:
    if cue.right >= sentence_end(tokens):
        return False
    return marked(tokens, cue.right) or (tokens[cue.right].text != "," and tokens[cue.right].low not in _DETACHED)


def _resumed(tokens: Sequence[Token], cue: Cue, later: Sequence[Cue], end: int) -> list[Range]:
    """The second half of "A," X said, "B", unless a later cue claims it."""
    i = next((k for k in range(cue.right, min(end, cue.right + 12)) if tokens[k].quoted), None)
    if i is None or any(i < c.left <= i + 3 or c.left <= i < c.right for c in later):
        return []
    if i > _skip(tokens, cue.right, end, ",;:—–") and tokens[i - 1].text not in ",:;" and tokens[i - 1].low != "that":
        return []
    stop = i + 1
    while stop + 1 < end and tokens[stop].low == "and" and tokens[stop + 1].quoted:
        stop += 2
    return [(i, stop)]


def _skip(tokens: Sequence[Token], i: int, end: int, marks: str) -> int:
    while i < end and not tokens[i].quoted and tokens[i].text in marks:
        i += 1
    return i


def _clause_start(tokens: Sequence[Token], floor: int, end: int) -> int:
    while floor < end and not tokens[floor].quoted:
        if tokens[floor].text not in ".,;:—–)" and tokens[floor].low not in ("and", "but"):
            break
        floor += 1
    return floor


def _fronted(tokens: Sequence[Token], cue: Cue, floor: int, end: int) -> list[Range]:
    """Content before the attribution, "A, X said[, B]"; empty where it stands after."""
    if cue.shared or cue.left < 3 or tokens[cue.left - 1].text not in ",—–-":
        return []
    if cue.entry.sort not in (Sort.SAY, Sort.MARKED, Sort.TELL):
        return []
    start = _clause_start(tokens, floor, cue.left)
    stop = cue.left - 1
    length = stop - start
    if length < 2:
        return []
    opener = tokens[start].low
    adverbial = opener in ADVERBIALS or opener in PREPOSITIONS or opener.endswith("ing")
    rest = _after_dating(tokens, cue.right, end)
    if rest >= end:
        return [(start, stop)]
    if tokens[rest].text == ",":
        return _around(tokens, cue, (start, stop), rest, end, adverbial=adverbial)
    if cue.inverted:
        return [(start, stop)]
    unmarked = not any(t.quoted or t.low == "that" for t in tokens[rest : rest + 14])
    if length >= 4 and unmarked and not adverbial and tokens[rest].low in _AFTERWARDS:
        return [(start, stop)]
    if length >= 4 and unmarked and cue.entry.sort is Sort.TELL and end - rest <= 4:
        return [(start, stop)]
    return []


def _around(tokens: Sequence[Token], cue: Cue, front: Range, comma: int, end: int, *, adverbial: bool) -> list[Range]:
    """The content of "A, X said, B": both sides, unless A only sets the scene or B is the next attribution."""
    if marked(tokens, comma + 1) and (adverbial or front[1] - front[0] < 6):
        return []
    if comma + 1 >= end:
        return [front]
    after = tokens[comma + 1].low
    if after in VERBS or after in CITING or after in ("according", "who") or cue.inverted:
        return [front]
    return [front, (comma + 1, end)]


def _after_dating(tokens: Sequence[Token], i: int, end: int) -> int:
    """Skip "on Monday", "later", "Tuesday" after the verb."""
    while i < end:
        on_day = tokens[i].low == "on" and i + 1 < end and tokens[i + 1].low in WEEKDAYS
        if tokens[i].low not in WEEKDAYS and tokens[i].low not in ADVERBS and not on_day:
            break
        i += 1
    return i


# --- after the cue ---------------------------------------------------------------------------------------------------


def _start_after(tokens: Sequence[Token], cue: Cue, end: int) -> tuple[int, bool]:
    """First token of what follows the verb, and whether it is marked as a report."""
    i, sort, lemma = cue.right, cue.entry.sort, cue.entry.lemma
    if i >= end:
        return end, False
    if tokens[i].low in COMPLEMENTIZERS or tokens[i].quoted:
        return i + (not tokens[i].quoted), True
    if tokens[i].text in ":,":
        after = _skip(tokens, i, end, ":,")
        if after < end and (tokens[after].quoted or tokens[i].text == ":"):
            return after, True
    if sort is Sort.TELL:
        i = _hearer_end(tokens, i, end)
        if i < end and tokens[i].text in ":,":
            return _skip(tokens, i, end, ":,"), True
        if i >= end:
            return end, False
    first = tokens[i].low
    detached = first in _DETACHED or tokens[i].text == "," or first.endswith("ly")
    if detached or sort in (Sort.TELL, Sort.MARKED) or lemma in ("warn", "announce", "promise", "write"):
        at = _mark_ahead(tokens, i, end)
        if at is not None:
            return at, True
    if sort is Sort.ASK and (asked := _asked(tokens, i, end)) is not None:
        return asked, True
    if sort is Sort.ACCUSE:
        of = next((k for k in range(i, min(end - 1, i + 12)) if tokens[k].low in ("of", "for")), None)
        return (i, False) if of is None else (of + 1, True)
    if lemma == "call" and first in ("for", "on"):
        return i + 1, True
    if lemma == "warn" and first not in ("of", "against", "about"):
        near = (k for k in range(i, min(end, i + 5)) if tokens[k].low in ("of", "against", "about", "to"))
        return next(((k, True) for k in near), (i, False))
    if first in WEEKDAYS or (first == "on" and i + 1 < end and tokens[i + 1].low in WEEKDAYS):
        i = _skip(tokens, i + 1 + (first == "on"), end, ",")
    return i, i > cue.right and sort is Sort.TELL


def _asked(tokens: Sequence[Token], i: int, end: int) -> int | None:
    """Where what is asked begins, past the one who is asked: "urged the two sides not *to* leave"."""
    if tokens[i].low in ("for", "on"):
        i += 1
    for k in range(i + 1, min(end, i + _AHEAD)):
        if tokens[k].low == "to":
            return k - (tokens[k - 1].low == "not" and k - 1 > i)
        if not (tokens[k].word or tokens[k].text in "’.") or tokens[k].low in VERBS or tokens[k].low in COMPLEMENTIZERS:
            return None
    return None


def _mark_ahead(tokens: Sequence[Token], i: int, end: int) -> int | None:
    """Where "that" or a quotation after a comma opens the content, past "on Monday" or "in a statement"."""
    for k in range(i, min(end, i + _AHEAD)):
        if tokens[k].low in COMPLEMENTIZERS:
            return k + 1
        if tokens[k].quoted:
            return k if tokens[k - 1].text in ":," else None
        if (tokens[k].low in VERBS and k > i) or tokens[k].text == ";":
            return None
    return None


def _hearer_end(tokens: Sequence[Token], i: int, end: int) -> int:
    """Index after the one who was told."""
    first = tokens[i]
    if first.low in _HEARERS:
        return i + 1
    i += first.low in DETERMINERS
    while i < end and tokens[i].capital:
        i += 1
        if i + 1 < end and tokens[i].text == "." and tokens[i + 1].capital:
            i += 1
    if not first.capital and i < end and tokens[i].word and not ends_phrase(tokens[i]):
        i += 1
    return i


def end_after(tokens: Sequence[Token], start: int, end: int, later: Sequence[Cue]) -> int:
    """Where content that begins at `start` stops: at the next attribution beside it, or after its quotation."""
    stop = end
    for cue in later:
        if cue.left <= start:
            continue
        before = tokens[cue.left - 1]
        joined = before.low in _JOINING
        mark = tokens[cue.left - 2].text if joined and cue.left > 1 else before.text
        if before.quoted and before.text.rstrip("\"”’'»")[-1:] == ",":  # …"A," X called B
            stop = min(stop, cue.left)
        beside = (
            joined or cue.shared or cue.entry.form is Form.PARTICIPLE or _after_dating(tokens, cue.right, end) >= end
        )
        opener = accompanied(tokens, cue)
        if opener is not None and opener > start:  # …, with X saying
            stop = min(stop, opener)
        elif mark in ",;" and beside:
            stop = min(stop, cue.left - 1 - joined)
        elif joined and (cue.shared or before.low == "but"):
            stop = min(stop, cue.left - 1)
    for k in range(start, stop):
        if tokens[k].text == ";":
            return k
        if tokens[k].text == "," and k + 1 < stop and _breaks_off(tokens, start, k):
            return k
    return stop


def _breaks_off(tokens: Sequence[Token], start: int, comma: int) -> bool:
    """True when the reporter's own words go on after a comma."""
    ahead = [t.low for t in tokens[comma + 1 : comma + 3]]
    if ahead[0] in CITING or ahead == ["according", "to"]:
        return True
    if ahead[0] in ("a", "an") and ahead[-1] in _REMARKS:
        return True
    return start < comma <= start + 2 and tokens[comma - 1].quoted and ahead[0] in _AFTER_QUOTATIONS


# --- does it report? -------------------------------------------------------------------------------------------------


def _reports(tokens: Sequence[Token], cue: Cue, start: int, stop: int, is_marked: bool) -> bool:
    """Whether the verb reports here: the weaker it is, the more it has to show."""
    entry, noun_like = cue.entry, tokens[cue.verb].low in NOUN_LIKE
    subject = tokens[cue.subject.start : cue.subject.end]
    quoted = any(t.quoted for t in tokens[start:stop])
    fronted = start < cue.verb
    clear = is_marked or fronted or _clausal(tokens, start, stop)
    if noun_like and not is_marked and any(t.low in POSSESSIVES for t in subject[-3:]):
        return False
    if entry.lemma == "say":
        return True
    known = subject[-1].low in PRONOUNS or tells(subject) or names(tokens, cue.subject)
    if not (known or quoted or any(t.capital for t in subject[1:])):
        return entry.lemma in _STRONG and (is_marked or fronted)
    if entry.lemma in ("think", "believe"):
        return clear and subject[-1].low not in PRONOUNS
    if entry.lemma in ("rule", "point"):
        return is_marked
    if entry.sort is Sort.SHOW:
        return tells(subject) and (is_marked or quoted or (clear and entry.lemma != "rate"))
    if entry.sort is Sort.MARKED:
        return is_marked and (fronted or quoted or not (noun_like and entry.form is Form.BASE))
    if entry.sort is Sort.FRAME:
        return quoted or any(t.low == "as" for t in tokens[start:stop])
    if entry.sort is Sort.ASK:
        return is_marked or quoted or any(t.low in ("to", "for", "that") for t in tokens[start : start + 14])
    if noun_like and entry.form is not Form.PAST:
        return clear or names(tokens, cue.subject)
    return entry.form is not Form.PARTICIPLE or clear or quoted


def _clausal(tokens: Sequence[Token], start: int, stop: int) -> bool:
    """True when the words hold a finite verb, as far as a short look tells."""
    window = [t.low for t in tokens[start + 1 : min(stop, start + 25)]]
    return any(
        low in AUXILIARIES or low in MODALS or (low in VERBS and low not in NOUN_LIKE) or low.endswith("ed")
        for low in window
    )
