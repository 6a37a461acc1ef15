"""Quotes: words of a text that can be found again after the text has changed.

A quote is two selectors of the W3C Web Annotation model in one: the exact words with what stands before and after them
(TextQuoteSelector), and where they stood (TextPositionSelector). They are looked for as they are, then however they
are typeset, then by the words that are left of them; where no one place is the likeliest, they are nowhere. The numbers
below were chosen on edits of one half of 486 pages (tests/highlights/edit_cases.py) and hold on the other half.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import cached_property
from hashlib import sha256
from math import log
from typing import NamedTuple

from reader.model import Anchor, Fit, Highlight, HighlightKind, Quote, Span

LONG = 40
"""Characters from which words do not recur by chance, so that they need no surroundings to be known by."""
_SEEN = 3
"""The part of the surroundings, as 1 in so many, that shows that they are the same."""
_SURE = 0.75
"""The part of the surroundings of long words that shows that nothing became of them; of few, all do."""
_BESIDE = 6
"""Characters next to few words, on either side, that must be the same, or they may be of another sentence."""
_COMMON = 60
"""Places of a word in a text from which on it tells nothing of where others stand."""
_STRIDE = 48
"""Characters within which words that agree on a place may differ about it."""
_AROUND = 24
"""Words looked at beyond a place on either side: a clause may have been put in."""
_PLACES = 4
"""The likeliest places that are looked at closely."""


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
        same = highlight.text_hash == self._hash
        if highlight.kind is HighlightKind.ARTICLE:
            return Anchor(span=Span(0, len(self.text)), fit=Fit.EXACT if same else Fit.REWORDED)
        quote = highlight.quote
        if same and quote.start >= 0 and self.text.startswith(quote.exact, quote.start):
            return Anchor(span=Span(quote.start, quote.start + len(quote.exact)), fit=Fit.EXACT)
        return self.find(quote)

    def find(self, quote: Quote) -> Anchor | None:
        """Where the words of a quote stand; None where they are gone, or where no one place is the likeliest."""
        if found := _standing(self.text, quote):
            return found
        if not quote.exact.strip():
            return None
        if found := _standing(self._plain.text, _plainly(quote)):
            return Anchor(span=self._plain.original(found.span), fit=found.fit)
        return self._reworded(quote)

    def nearest(self, quote: Quote) -> Span | None:
        """The sentence that is most like a quote whose words are gone; None where none has a word of it."""
        from rapidfuzz import fuzz, process

        sentences = [Span(*match.span()) for match in _SENTENCE.finditer(self.text)]
        words = _folded(quote.exact)
        best = process.extractOne(
            words, [_folded(span.of(self.text)) for span in sentences], scorer=fuzz.ratio, processor=None
        )
        return sentences[best[2]] if best and best[1] > 0 else None

    @cached_property
    def _hash(self) -> str:
        return text_hash(self.text)

    @cached_property
    def _plain(self) -> _Plain:
        return _Plain(self.text)

    @cached_property
    def _words(self) -> _Words:
        return _Words(self.text)

    def _reworded(self, quote: Quote) -> Anchor | None:
        """Where the most of a quote's words stand, in their order and among what stood around them."""
        likely = sorted(self._words.tries(quote), key=lambda one: one.score, reverse=True)
        if not likely:
            return None
        best = likely[0]
        others = [one for one in likely[1:] if one.span.end <= best.span.start or best.span.end <= one.span.start]
        if best.score < _ENOUGH or any(one.score > best.score - _CLEAR for one in others):
            return None
        same = _folded(best.span.of(self.text)) == _folded(quote.exact.strip())
        return Anchor(span=best.span, fit=Fit.MOVED if same else Fit.REWORDED)


# The same words.


def _standing(text: str, quote: Quote) -> Anchor | None:
    """Where the very words stand.

    The occurrence wins whose surroundings agree best with the quote's, and of equals the nearest to the old place. One
    whose surroundings mostly differ is another sentence's, unless the words are long.
    """
    end, context = quote.start + len(quote.exact), len(quote.prefix) + len(quote.suffix)
    stays = quote.start >= 0 and text.startswith(quote.exact, quote.start)
    if stays and sum(_agreement(text, quote.start, quote)) == context:
        return Anchor(span=Span(quote.start, end), fit=Fit.EXACT)
    ranked: list[tuple[int, int, int]] = []
    for start in _occurrences(text, quote):
        before, after = _agreement(text, start, quote)
        agreement = before + after
        beside = before >= min(_BESIDE, len(quote.prefix)) and after >= min(_BESIDE, len(quote.suffix))
        if len(quote.exact) >= LONG or (beside and _SEEN * agreement >= context):
            ranked.append((-agreement, abs(start - quote.start), start))
    ranked.sort()
    if not ranked or (len(ranked) > 1 and ranked[0][:2] == ranked[1][:2]):
        return None
    agreement, distance, start = ranked[0]
    twin = len(ranked) > 1 and ranked[1][0] == agreement and distance
    sure = _SURE if len(quote.exact) >= LONG else 1
    seen = -agreement >= sure * context and not twin
    return Anchor(span=Span(start, start + len(quote.exact)), fit=Fit.EXACT if seen else Fit.MOVED)


def _occurrences(text: str, quote: Quote) -> Iterator[int]:
    """Where the words stand, as whole words if they were."""
    words = quote.exact
    if not words:
        return
    whole_before = words[0].isalnum() and not quote.prefix[-1:].isalnum()
    whole_after = words[-1].isalnum() and not quote.suffix[:1].isalnum()
    start = text.find(words)
    while start >= 0:
        end = start + len(words)
        cut = (whole_before and text[start - 1 : start].isalnum()) or (whole_after and text[end : end + 1].isalnum())
        if not cut:
            yield start
        start = text.find(words, start + 1)


def _agreement(text: str, start: int, quote: Quote) -> tuple[int, int]:
    """How many characters before and after an occurrence, outwards from it, are those of the quote."""
    end = start + len(quote.exact)
    before = text[max(start - len(quote.prefix), 0) : start]
    after = text[end : end + len(quote.suffix)]
    return _common(before[::-1], quote.prefix[::-1]), _common(after, quote.suffix)


def _common(one: str, other: str) -> int:
    """How many characters two strings begin alike."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((index for index, (a, b) in pairs if a != b), min(len(one), len(other)))


# The same words, typeset otherwise.

_SPACE = " \t\n\r\u00a0\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
_TYPESET = re.compile(
    rf"(?P<space>[{_SPACE}]{{2,}}|[{_SPACE[1:]}])"  # a blank alone is as it should be
    "|(?P<double>[\u201c-\u201f\u00ab\u00bb\u2033])|(?P<single>[\u2018-\u201b\u2032\u02bc`\u00b4])"
    "|(?P<dash>[\u2010-\u2015\u2212])|(?P<dots>\u2026)|(?P<nothing>[\u00ad\u200b-\u200d\u2060\ufeff])"
)
_PLAINLY = {"space": " ", "double": '"', "single": "'", "dash": "-", "dots": "...", "nothing": ""}


class _Plain:
    """A text with all spaces, quotation marks and dashes of one kind, and the way back to its offsets."""

    def __init__(self, text: str) -> None:
        pieces: list[str] = []
        self._at = [0]
        """Where in the plain text its way back changes, and by how much from there on."""
        self._by = [0]
        done = length = 0
        for match in _TYPESET.finditer(text):
            start, end = match.span()
            plain = _PLAINLY[match.lastgroup or "nothing"]
            pieces += (text[done:start], plain)
            length += start - done + len(plain)
            done = end
            if len(plain) != end - start:
                self._at.append(length)
                self._by.append(end - length)
        self.text = "".join([*pieces, text[done:]])

    def original(self, span: Span) -> Span:
        """Where a span of the plain text stands in the text."""
        start = self._back(span.start)
        return Span(start, self._back(span.end - 1) + 1 if span.end > span.start else start)

    def _back(self, offset: int) -> int:
        return offset + self._by[bisect_right(self._at, offset) - 1]


def _plainly(quote: Quote) -> Quote:
    """A quote as it stands in a plain text."""
    return Quote(
        exact=_Plain(quote.exact).text.strip(),
        prefix=_Plain(quote.prefix).text,
        suffix=_Plain(quote.suffix).text,
        start=quote.start,
    )


# Other words in their place.

_WORD = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+(?:['’][^\W\d_]+)*")
_SENTENCE = re.compile(r"\S(?:[^\n.!?…]|[.!?…](?!\s))*(?:[.!?…]+[\"'”’»)]*(?=\s|$))?")
_ENOUGH = 0.5
"""The score of a place from which on words stand there."""
_FEW = 4
"""Words whose surroundings tell as much as they do themselves."""
_CLEAR = 0.08
"""By how much the likeliest place must be likelier than the next."""


class _Word(NamedTuple):
    """A word of a text, as it is compared, and where it stands."""

    folded: str
    start: int
    end: int


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


def _folded(text: str) -> str:
    return _Plain(text).text.casefold()


def _cut(text: str) -> list[_Word]:
    return [_Word(match[0].replace("’", "'").casefold(), *match.span()) for match in _WORD.finditer(text)]


class _Words:
    """The words of a text, and where each stands in it."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._all = _cut(text)
        self._places: dict[str, list[int]] = defaultdict(list)
        self._weights: dict[str, float] = {}
        for number, word in enumerate(self._all):
            self._places[word.folded].append(number)

    def _weight(self, word: str) -> float:
        """How much it tells that a word is there: rare ones more."""
        if word not in self._weights:
            self._weights[word] = 1 / (1 + log(1 + len(self._places.get(word, ()))))
        return self._weights[word]

    def tries(self, quote: Quote) -> Iterator[_Try]:
        """The likeliest places, looked at closely."""
        before, exact, after = _cut(quote.prefix), _cut(quote.exact), _cut(quote.suffix)
        # A word that the surroundings were cut in is none.
        before = before[1:] if len(quote.prefix) >= 32 else before
        after = after[:-1] if len(quote.suffix) >= 32 else after
        wanted = [word.folded for word in (*before, *exact, *after)]
        if not exact:
            return
        for first in self._likely(wanted):
            low = max(0, first - _AROUND)
            words = self._all[low : first + len(wanted) + _AROUND]
            if tried := self._look(wanted, len(before), len(before) + len(exact), words, quote):
                yield tried

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

    def _look(self, wanted: Sequence[str], start: int, end: int, words: Sequence[_Word], quote: Quote) -> _Try | None:
        """How well words of the text do for those wanted, of which `[start, end)` were quoted."""
        pairs = [*_pairs(wanted, [word.folded for word in words])]
        own = _together([pair for pair in pairs if start <= pair[0] < end])
        before = [pair for pair in pairs if pair[0] < start and (not own or pair[1] < own[0][1])]
        after = [pair for pair in pairs if pair[0] >= end and (not own or pair[1] > own[-1][1])]
        first, last = _edges(own, before[-1:], after[:1], start, end, len(words))
        if first is None or last is None:
            return None
        before, after = _beside(before, start, first, -1), _beside(after, end - 1, last - 1, 1)
        found = words[first:last]
        quoted = wanted[start:end]
        weigh = self._weight
        shared = sum(weigh(wanted[i]) for i, _ in own)
        like = 2 * shared / (sum(map(weigh, quoted)) + sum(weigh(word.folded) for word in found))
        around = [*wanted[:start], *wanted[end:]]
        seen = sum(weigh(wanted[i]) for i, _ in (*before, *after)) / (sum(map(weigh, around)) or 1)
        span = self._span(found, quote)
        return _Try(span, like, seen, len(quoted))

    def _span(self, found: Sequence[_Word], quote: Quote) -> Span:
        """From the first to the last word, with the marks before and after them if the quote had such."""
        start, end, text = found[0].start, found[-1].end, self._text
        if not quote.exact[:1].isalnum():
            while start and not text[start - 1].isalnum() and not text[start - 1].isspace():
                start -= 1
        if not quote.exact[-1:].isalnum():
            while end < len(text) and not text[end].isalnum() and not text[end].isspace():
                end += 1
        return Span(start, end)


def _pairs(wanted: Sequence[str], words: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Which word stands for which, in the order of both, as many as can."""
    from rapidfuzz.distance import Indel

    for step in Indel.opcodes(wanted, words):
        if step.tag == "equal":
            yield from zip(range(step.src_start, step.src_end), range(step.dest_start, step.dest_end), strict=True)


_GAP = 5
"""Words more between two than there were, from which on one of them stands there by chance."""


def _together(pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Pairs without those at either end that stand far from the others."""
    while len(pairs) > 1 and (pairs[1][1] - pairs[0][1]) - (pairs[1][0] - pairs[0][0]) > _GAP:
        pairs = pairs[1:]
    while len(pairs) > 1 and (pairs[-1][1] - pairs[-2][1]) - (pairs[-1][0] - pairs[-2][0]) > _GAP:
        pairs = pairs[:-1]
    return pairs


def _beside(pairs: list[tuple[int, int]], at: int, stands: int, step: int) -> list[tuple[int, int]]:
    """Those pairs, in one direction from where a word is and where it stands, that follow each other closely."""
    near = []
    for pair in pairs[::step]:
        if abs(pair[1] - stands) - abs(pair[0] - at) > _GAP:
            break
        near.append(pair)
        at, stands = pair
    return near


def _edges(
    own: list[tuple[int, int]],
    before: list[tuple[int, int]],
    after: list[tuple[int, int]],
    start: int,
    end: int,
    count: int,
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
