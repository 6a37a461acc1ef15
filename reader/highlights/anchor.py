"""Quotes: words of a text that can be found again after the text has changed.

A quote is two selectors of the W3C Web Annotation model in one: the exact words with what stands before and after them
(TextQuoteSelector), and where they stood (TextPositionSelector). They are looked for as they are, then however they
are typeset, then by the words that are left of them; where no one place is the likeliest, they are nowhere. The numbers
below were chosen on edits of one half of 486 pages (tests/highlights/edit_cases.py) and hold on the other half.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from hashlib import sha256
from itertools import islice
from math import log
from typing import NamedTuple, TypeAlias

from reader.highlights.spelling import Plain, cut, folded, in_word, plainly
from reader.highlights.spelling import words as words_of
from reader.model import Anchor, Fit, Highlight, HighlightKind, Quote, Span

LONG = 40
"""Characters from which words do not recur by chance, so that they need no surroundings to be known by."""
_SEEN = 3
"""The part of the surroundings, as 1 in so many, that shows that they are the same."""
_BESIDE = 6
"""Characters next to few words, on either side, that must be the same, or they may be of another sentence."""
_COMMON = 60
"""Places of a word in a text from which on it tells nothing of where others stand."""
_AROUND = 24
"""Words looked at beyond a place on either side: a clause may have been put in."""
_PLACES = 4
"""The likeliest places that are looked at closely."""
_MANY = 1000
"""Places of the same words in a text from which on only those around the old one are looked at."""
_CONTEXT = 256
"""Characters of the surroundings that are looked at; other programs may keep any number."""
_END = 12_000
"""Characters, some 2,000 words, of either end of words of more than twice that, by which they are looked for."""
_LIKE = 1000
"""Characters of words that are gone, by which the sentence most like them is told."""


def quote(text: str, start: int, end: int, *, context: int = 64) -> Quote:
    """Quote `[start, end)` of a text, with up to `context` characters on either side; the span is clipped."""
    start = min(max(start, 0), len(text))
    end = min(max(end, start), len(text))
    return Quote(
        exact=text[start:end],
        prefix=text[max(start - context, 0) : start],
        suffix=text[end : end + context],
        start=start,
    )


def find(text: str, quote: Quote) -> Anchor | None:
    """Find where the words of a quote stand now; None where they are gone, or where no one place is the likeliest."""
    return Anchoring(text).find(quote)


def text_hash(text: str) -> str:
    """The SHA-256 of a text in hexadecimal: equal where every offset still holds."""
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


class Anchoring:
    """A text in which quotes are looked for; what several of them need is made once."""

    def __init__(self, text: str) -> None:
        self.text = text

    def of(self, highlight: Highlight) -> Anchor | None:
        """Where what was saved stands; that of a whole article is the whole text, whatever became of it."""
        quote = highlight.quote
        same = highlight.text_hash == self._hash
        if highlight.kind is HighlightKind.ARTICLE:
            if not quote.exact:  # another program's note on a page: it has no words that could change
                return Anchor(span=Span(0, 0), fit=Fit.EXACT)
            same = same or (not highlight.text_hash and quote.exact == self.text)
            return Anchor(span=Span(0, len(self.text)), fit=Fit.EXACT if same else Fit.REWORDED)
        if same and quote.start >= 0 and self.text.startswith(quote.exact, quote.start):
            return Anchor(span=Span(quote.start, quote.start + len(quote.exact)), fit=Fit.EXACT)
        return self.find(quote)

    def find(self, quote: Quote) -> Anchor | None:
        """Where the words of a quote stand; None where they are gone, or where no one place is the likeliest."""
        quote = replace(quote, prefix=quote.prefix[-_CONTEXT:], suffix=quote.suffix[:_CONTEXT])
        if found := _standing(self.text, quote):
            return found[0] if len(found) == 1 else None
        if not quote.exact.strip():
            return None
        if found := _standing(self._plain.text, plainly(quote)):
            original = Anchor(span=self._plain.original(found[0].span), fit=found[0].fit)
            return original if len(found) == 1 else None
        return self._ends(quote) if len(quote.exact) > 2 * _END else self._reworded(quote)

    def nearest(self, quote: Quote) -> Span | None:
        """The sentence that is most like a quote whose words are gone; None where none has a word of it."""
        from rapidfuzz import fuzz, process

        sentences = [Span(*found.span()) for found in _SENTENCE.finditer(self.text) if found.end() > found.start() + 1]
        wanted = folded(quote.exact[:_LIKE])
        like = (span.of(self.text).casefold().replace("’", "'") for span in sentences)
        best = process.extractOne(wanted, like, scorer=fuzz.ratio, processor=None)
        return sentences[best[2]] if best and best[1] > 0 else None

    @cached_property
    def _hash(self) -> str:
        return text_hash(self.text)

    @cached_property
    def _plain(self) -> Plain:
        return Plain(self.text)

    @cached_property
    def _words(self) -> _Words:
        return _Words(self.text)

    def _ends(self, long: Quote) -> Anchor | None:
        """Where long words stand, by their beginning and their end."""
        around, start = long.prefix + long.exact + long.suffix, len(long.prefix)
        end = start + len(long.exact)
        first = self.find(replace(quote(around, start, start + _END), start=long.start))
        last = self.find(replace(quote(around, end - _END, end), start=long.start + len(long.exact) - _END))
        if first is None or last is None:
            return None
        span = Span(first.span.start, last.span.end)
        likely = len(long.exact) <= 2 * (span.end - span.start) <= 4 * len(long.exact)
        return Anchor(span=span, fit=Fit.REWORDED) if likely else None

    def _reworded(self, quote: Quote) -> Anchor | None:
        """Where the most of a quote's words stand, in their order and among what stood around them."""
        likely = self._words.tries(quote)
        if len(cut(quote.exact)) >= _ALONE and (not likely or likely[0].score < _ENOUGH):
            # They may have moved away from what stood around them, which has stayed where it was, and is the more.
            likely = self._words.tries(replace(quote, prefix="", suffix=""))
        if not likely or likely[0].score < _ENOUGH:
            return None
        best, *rest = likely
        others = [one for one in rest if one.span.end <= best.span.start or best.span.end <= one.span.start]
        if any(one.score > best.score - _CLEAR for one in others):
            return None
        same = folded(best.span.of(self.text)) == folded(quote.exact.strip())
        return Anchor(span=best.span, fit=Fit.MOVED if same else Fit.REWORDED)


# The same words.


def _standing(text: str, quote: Quote) -> list[Anchor]:
    """Where the very words stand; two places are as likely as each other.

    The occurrence wins whose surroundings agree best with the quote's, and of equals the nearest to the old place. One
    whose surroundings mostly differ is another sentence's, unless the words are long.
    """
    context, place = len(quote.prefix) + len(quote.suffix), quote.start - len(quote.prefix)
    if place >= 0 and text.startswith(quote.prefix + quote.exact + quote.suffix, place):
        return [Anchor(span=Span(quote.start, quote.start + len(quote.exact)), fit=Fit.EXACT)]
    ranked: list[tuple[int, int, int]] = []
    for start in _occurrences(text, quote):
        agreement = _agreement(text, start, quote)
        if len(quote.exact) >= LONG or _SEEN * agreement >= context:
            distance = abs(start - quote.start) if quote.start >= 0 else 0  # another program may not say where it was
            ranked.append((-agreement, distance, start))
    ranked.sort()
    if not ranked:
        return []
    best, *others = ranked
    twins = [place for place in others[:1] if place[0] == best[0]]
    fit = Fit.EXACT if -best[0] == context and not (twins and best[1]) else Fit.MOVED
    likeliest = [best, *(twin for twin in twins if twin[1] == best[1])]
    return [Anchor(span=Span(start, start + len(quote.exact)), fit=fit) for _, _, start in likeliest]


def _occurrences(text: str, quote: Quote) -> Sequence[int]:
    """Where the words stand, as whole words if they were; few words only among what stood next to them.

    Of very many places, those in the very same surroundings, or else those around the old one.
    """
    if not quote.exact:
        return ()
    beside = 0 if len(quote.exact) >= LONG else _BESIDE
    before, after = quote.prefix[-beside:] if beside else "", quote.suffix[:beside]
    found, many = _places(text, quote, before, after)
    return (many and _places(text, quote, quote.prefix, quote.suffix)[0]) or found


def _places(text: str, quote: Quote, before: str, after: str) -> tuple[Sequence[int], bool]:
    """Where the words stand between others, and whether those are only some of very many, around the old place."""
    words = before + quote.exact + after
    whole_before = in_word(quote.exact[0]) and not in_word(quote.prefix[-1:])
    whole_after = in_word(quote.exact[-1]) and not in_word(quote.suffix[:1])

    def standing(at: int) -> Iterator[int | None]:
        while (at := text.find(words, at)) >= 0:
            start = at + len(before)
            end = start + len(quote.exact)
            at += 1
            cut = whole_before and in_word(text[start - 1 : start])
            yield None if cut or (whole_after and in_word(text[end : end + 1])) else start

    # Each step takes as long as the words are, and only text that repeats itself has long words many times.
    most = max(3, min(_MANY, 2_000_000 // len(words)))
    seen = [*islice(standing(0), 20 * most)]
    found = [start for start in seen if start is not None]
    many = len(seen) == 20 * most or len(found) > most
    if many:
        around = islice(standing(max(0, quote.start - 2 * len(words) - most)), 20 * most)
        found = sorted({*found[:most], *islice((start for start in around if start is not None), most)})
    return found, many


def _agreement(text: str, start: int, quote: Quote) -> int:
    """How many characters before and after an occurrence, outwards from it, are those of the quote."""
    end = start + len(quote.exact)
    before = text[max(start - len(quote.prefix), 0) : start]
    after = text[end : end + len(quote.suffix)]
    return _common(before[::-1], quote.prefix[::-1]) + _common(after, quote.suffix)


def _common(one: str, other: str) -> int:
    """How many characters two strings begin alike."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((index for index, (a, b) in pairs if a != b), min(len(one), len(other)))


# Other words in their place.

# No possessive group, of which Python 3.11.2 takes a character too many where its last round fails.
_SENTENCE = re.compile(r"\S(?:[^\n.!?…。！？]++|[.!?…](?!\s))*(?:[.!?…]+[\"'”’»)]*(?=\s|$)|[。！？]+[”’」』）]*)?")
_ENOUGH = 0.5
"""The score of a place from which on words stand there."""
_FEW = 4
"""Words whose surroundings tell as much as they do themselves."""
_ALONE = 8
"""Words from which on they may be known without their surroundings, if most are there."""
_CLEAR = 0.08
"""By how much the likeliest place must be likelier than the next."""


class _Try(NamedTuple):
    """A place where a quote's words may stand now."""

    span: Span
    like: float
    """How much of the weight of its words and of the quote's is that of words that both have, 0 to 1."""
    seen: float
    """The same of the surroundings."""
    length: int
    """How many words were quoted."""

    @property
    def score(self) -> float:
        """How likely the words stand here."""
        own = self.length / (self.length + _FEW)
        return own * self.like + (1 - own) * self.seen


class _Words:
    """The words of a text, and where each stands in it."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._all = cut(text)
        self._places: dict[str, list[int]] = defaultdict(list)
        self._weights: dict[str, float] = {}
        for number, word in enumerate(self._all):
            self._places[word].append(number)

    @cached_property
    def _spans(self) -> list[Span]:
        """Where each word stands."""
        return words_of(self._text)

    def _weight(self, word: str) -> float:
        """How much it tells that a word is there: rare ones more."""
        if word not in self._weights:
            self._weights[word] = 1 / (1 + log(1 + len(self._places.get(word, ()))))
        return self._weights[word]

    def tries(self, quote: Quote) -> list[_Try]:
        """The likeliest places, looked at closely, the best first."""
        before, exact, after = cut(quote.prefix), cut(quote.exact), cut(quote.suffix)
        # A word that the surroundings were cut in is none.
        before = before[1:] if len(quote.prefix) >= 32 else before
        after = after[:-1] if len(quote.suffix) >= 32 else after
        wanted = [*before, *exact, *after]
        start, end = len(before), len(before) + len(exact)
        tried = [self._look(wanted, start, end, first, quote) for first in self._likely(wanted)] if exact else []
        return sorted((one for one in tried if one), key=lambda one: one.score, reverse=True)

    def _likely(self, wanted: Sequence[str]) -> list[int]:
        """Where the first of the wanted words would stand, by most of those that are there."""
        votes: dict[int, float] = defaultdict(float)
        for index, word in enumerate(wanted):
            places = self._places.get(word, ())
            if 0 < len(places) <= _COMMON:
                for place in places:
                    votes[(place - index) // 8] += self._weight(word)
        ranked = sorted(votes, key=lambda one: votes[one] + 0.9 * votes.get(one + 1, 0), reverse=True)
        chosen: list[int] = []
        for one in ranked:
            if all(abs(one - other) > 1 for other in chosen):
                chosen.append(one)
                if len(chosen) == _PLACES:
                    break
        return [one * 8 + 4 for one in chosen]

    def _look(self, wanted: list[str], start: int, end: int, at: int, quote: Quote) -> _Try | None:
        """How well words of the text around the one `at` do for those wanted, of which `[start, end)` were quoted."""
        low = max(0, at - _AROUND)
        words = self._all[low : at + len(wanted) + _AROUND]
        pairs = [*_pairs(wanted, words)]
        own = _together([pair for pair in pairs if start <= pair[0] < end])
        before = [pair for pair in pairs if pair[0] < start and (not own or pair[1] < own[0][1])]
        after = [pair for pair in pairs if pair[0] >= end and (not own or pair[1] > own[-1][1])]
        if own and _are_borrowed(own, before, after, wanted, start, end):
            own = []
        first, last = _edges(own, before[-1:], after[:1], start, end, len(words))
        if first is None or last is None:
            return None
        before, after = _beside(before, start, first, -1), _beside(after, end - 1, last - 1, 1)
        found = words[first:last]
        quoted = wanted[start:end]
        weigh = self._weight
        like = 2 * sum(weigh(wanted[i]) for i, _ in own) / (sum(map(weigh, quoted)) + sum(map(weigh, found)))
        around = wanted[:start] + wanted[end:]
        seen = sum(weigh(wanted[i]) for i, _ in (*before, *after)) / (sum(map(weigh, around)) or 1)
        return _Try(self._span(low + first, low + last - 1, quote), like, seen, len(quoted))

    def _span(self, first: int, last: int, quote: Quote) -> Span:
        """From the first to the last word, with the marks before and after them if the quote had such."""
        start, end, text = self._spans[first].start, self._spans[last].end, self._text
        low, high = max(0, start - _BESIDE), min(len(text), end + _BESIDE)
        if not in_word(quote.exact[:1]):
            while start > low and not in_word(text[start - 1]) and not text[start - 1].isspace():
                start -= 1
        if not in_word(quote.exact[-1:]):
            while end < high and not in_word(text[end]) and not text[end].isspace():
                end += 1
        return Span(start, end)


_Pairs: TypeAlias = list[tuple[int, int]]


def _pairs(wanted: Sequence[str], words: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Which word stands for which, in the order of both, as many as can."""
    from rapidfuzz.distance import Indel

    for step in Indel.opcodes(wanted, words):
        if step.tag == "equal":
            yield from zip(range(step.src_start, step.src_end), range(step.dest_start, step.dest_end), strict=True)


def _are_borrowed(own: _Pairs, before: _Pairs, after: _Pairs, wanted: Sequence[str], start: int, end: int) -> bool:
    """Whether all that stands for `[start, end)` is as well what stood beside it: the "He" of the next sentence."""
    words = [wanted[index] for index, _ in own]
    first, last, count = own[0][1], own[-1][1], len(own)
    if last - first >= count:
        return False
    for index, place in before[-1:]:
        if place == first - 1 and index + count < start and wanted[index + 1 : index + 1 + count] == words:
            return True
    return any(
        place == last + 1 and index - count >= end and wanted[index - count : index] == words
        for index, place in after[:1]
    )


_GAP = 5
"""Words more between two than there were, from which on one of them stands there by chance."""


def _together(pairs: _Pairs) -> _Pairs:
    """Pairs without those at either end that stand far from the others."""
    while len(pairs) > 1 and (pairs[1][1] - pairs[0][1]) - (pairs[1][0] - pairs[0][0]) > _GAP:
        pairs = pairs[1:]
    while len(pairs) > 1 and (pairs[-1][1] - pairs[-2][1]) - (pairs[-1][0] - pairs[-2][0]) > _GAP:
        pairs = pairs[:-1]
    return pairs


def _beside(pairs: _Pairs, at: int, stands: int, step: int) -> _Pairs:
    """Those pairs, in one direction from where a word is and where it stands, that follow each other closely."""
    near = []
    for pair in pairs[::step]:
        if abs(pair[1] - stands) - abs(pair[0] - at) > _GAP:
            break
        near.append(pair)
        at, stands = pair
    return near


def _edges(
    own: _Pairs, before: _Pairs, after: _Pairs, start: int, end: int, count: int
) -> tuple[int | None, int | None]:
    """The first of the words that stand for `[start, end)`, and the one after the last; None where none do."""
    low, high = (before[0][1] + 1 if before else 0), (after[0][1] if after else count)
    if not own:
        # All of the words are others: only what stood next to them on both sides tells where.
        beside = before and after and before[0][0] == start - 1 and after[0][0] == end
        return (low, high) if beside and 0 < high - low <= 2 * (end - start) + 2 else (None, None)
    first, last = own[0][1] - (own[0][0] - start), own[-1][1] + end - own[-1][0]
    if own[0][0] > start and before and before[0][0] == start - 1 and first - _GAP <= low:
        first = low
    if own[-1][0] < end - 1 and after and after[0][0] == end and high <= last + _GAP:
        last = high
    return max(first, low), min(last, high)
