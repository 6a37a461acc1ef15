"""Text -> paragraphs, quotations, sentences, tokens: everything an offset into the one text.

A quotation is one token of its sentence, however many sentences stand inside its marks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from reader.claims.lexicon import VERBS, word_set
from reader.model import Span

MAX_TOKENS = 300
"""A longer "sentence" is a table or a list; it is cut so that work stays linear in the length of the text."""

_LINE = re.compile(r"[^\n]+")
_MARK = re.compile("[\"“”„«»‘’'`]")
_TOKEN = re.compile(
    r"(?:[A-Za-z]\.){2,}"  # U.S., D.C.
    r"|[$£€¥]?\d[\d,.]*\d%?|[$£€¥]?\d%?"
    r"|[^\W_](?:[\w&]|[-'’.](?=\w))*"
    r"|[^\w\s]|_"
)
_DATELINE = re.compile(
    r"(?:\((?:Reuters|AP|AFP|UPI|PTI|ANI|Xinhua|Bloomberg|CNN)\)"
    r"|[A-Z][A-Z .’'/-]{2,30}(?:, [A-Z][\w. ]{1,20})?(?:, [A-Z][a-z]{2,8}\.? \d{1,2})?"
    r"(?: ?\([\w ./]{2,30}\))?)\s?(?:—|–|--|-)\s?(?=\S)"
)
"""LONDON (Reuters) -; where and when a report was written is no part of it."""
_ABBREVIATIONS = word_set(
    """mr mrs ms dr prof rev fr sen rep gov gen lt col maj sgt capt cmdr adm st jr sr vs no inc corp ltd co bros dept
    univ assn jan feb mar apr jun jul aug sep sept oct nov dec mon tue wed thu fri sat sun approx est fig vol ave
    blvd mt ft cf etc al hon messrs mme mlle"""
)
_FINAL = word_set("inc corp ltd co jr sr etc")
"""Abbreviations that often end a sentence, too."""
_OPENERS = word_set(
    """the a an he she it they we i you this that these those there in on at but and so if when while as for after
    before since however meanwhile what who why how his her its their our my not no yes some many most all one two
    both another according by with from to even also still now then here"""
)


class Token(NamedTuple):
    """A word, a punctuation mark or a whole quotation."""

    start: int
    end: int
    text: str
    low: str
    """The text in lower case; empty for a quotation."""
    word: bool = False
    """True of words and numbers."""
    capital: bool = False
    """True of words that begin as names do."""
    quoted: bool = False

    @property
    def possessive(self) -> bool:
        """True of a word that ends in 's."""
        return self.text.endswith(("'s", "’s"))


class Quoted(NamedTuple):
    """A quotation with its marks; `open` where the paragraph ends before the quotation does."""

    span: Span
    open: bool = False


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence as its tokens, the closing stop included."""

    span: Span
    tokens: tuple[Token, ...]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A block between blank lines."""

    span: Span
    quotations: tuple[Quoted, ...]
    sentences: tuple[Sentence, ...]


def blocks(text: str) -> Iterator[Span]:
    """Stretches between blank lines, without the white space around them."""
    start = end = -1
    for match in _LINE.finditer(text):
        line = match[0].strip()
        if not line:
            continue
        indent = len(match[0]) - len(match[0].lstrip())
        begin = match.start() + indent
        if start >= 0 and text.count("\n", end, begin) > 1:
            yield Span(start, end)
            start = -1
        start = begin if start < 0 else start
        end = begin + len(line)
    if start >= 0:
        yield Span(start, end)


def paragraphs(text: str, spans: Sequence[Span]) -> Iterator[Paragraph]:
    """Each block of `spans` with its quotations and sentences."""
    for i, span in enumerate(spans):
        following = text[spans[i + 1].start] if i + 1 < len(spans) else ""
        quotations = tuple(_quotations(text, span, following))
        dateline = _DATELINE.match(text, span.start, span.end)
        begin = dateline.end() if dateline else span.start
        yield Paragraph(span, quotations, tuple(_sentences(text, Span(begin, span.end), quotations)))


# --- quotations ------------------------------------------------------------------------------------------------------


def _quotations(text: str, block: Span, following: str) -> Iterator[Quoted]:
    """Outermost quotations of a block. `following` is the first character of the next block: a mark there carries an
    unclosed quotation on."""
    marks = [m.start() for m in _MARK.finditer(text, block.start, block.end)]
    doubles = [i for i in marks if text[i] in '"“”„«»']
    closes = _next_closing_singles(text, block, marks)
    at, i = block.start, 0
    single = iter([i for i in marks if text[i] in "‘'`"])
    pending = next(single, None)
    while i < len(doubles) or pending is not None:
        double = doubles[i] if i < len(doubles) else block.end
        if pending is not None and pending < double:
            if pending >= at and (close := closes.get(pending)) is not None and close > pending + 1:
                yield Quoted(Span(pending, close + 1))
                at = close + 1
            pending = next(single, None)
            continue
        i += 1
        if double < at or not _opens(text, block, double):
            continue
        while i < len(doubles) and not _closes(text, doubles[i], text[double]):
            i += 1
        if i < len(doubles):
            at = doubles[i] + 1
            i += 1
            if text[double + 1 : at - 1].strip():
                yield Quoted(Span(double, at))
        elif following in ('"', "“", "«", "„") and following:
            yield Quoted(Span(double, block.end), open=True)
            return
        else:  # the closing mark was forgotten: believe the opening one only where a quotation would begin
            before = text[block.start : double].rstrip()
            if text[double] != '"' and (not before or before[-1] in ",:"):
                yield Quoted(Span(double, block.end))
                return


def _opens(text: str, block: Span, i: int) -> bool:
    mark, before = text[i], text[i - 1] if i > block.start else " "
    after = text[i + 1] if i + 1 < block.end else " "
    if mark == '"':  # after a digit and before a space it is an inch
        return not (before.isdigit() and not after.isalnum())
    return mark in "“„«" and not after.isspace()


def _closes(text: str, i: int, opening: str) -> bool:
    if opening == '"':
        return text[i] == '"'
    return text[i] in ("”“" if opening == "„" else "»" if opening == "«" else "”")


def _next_closing_singles(text: str, block: Span, marks: list[int]) -> dict[int, int]:
    """Opening single mark -> its closing one. Apostrophes never open: an opening one stands before a letter and after
    none; one after a comma or stop closes for sure, so a plural's apostrophe ("the players’ coach") is passed over."""
    result: dict[int, int] = {}
    opening: int | None = None
    weak: int | None = None
    for i in marks:
        if text[i] not in "‘’'`":
            continue
        before = text[i - 1] if i > block.start else " "
        after = text[i + 1] if i + 1 < block.end else " "
        if text[i] in "‘'`" and not before.isalnum() and before not in ".,!?…" and after.isalpha():
            if opening is not None and weak is not None:
                result[opening] = weak
            elided = text[i + 1 : i + 5].lower().startswith(("em ", "til ", "tis", "twas", "n' ", "n’ "))
            opening, weak = (None if elided else i), None
        elif opening is not None and text[i] in "’'" and not after.isalnum():
            if before in ",.!?…":
                result[opening] = i
                opening, weak = None, None
            elif before.isalnum() and weak is None:
                weak = i
    if opening is not None and weak is not None:
        result[opening] = weak
    return result


# --- sentences -------------------------------------------------------------------------------------------------------


def _sentences(text: str, block: Span, quotations: Sequence[Quoted]) -> Iterator[Sentence]:
    tokens: list[Token] = []
    for token in _tokens(text, block, quotations):
        if tokens and (len(tokens) >= MAX_TOKENS or _breaks(text, block, tokens[-1], token)):
            yield _sentence(tokens)
            tokens = []
        tokens.append(token)
    if tokens:
        yield _sentence(tokens)


def _sentence(tokens: list[Token]) -> Sentence:
    return Sentence(Span(tokens[0].start, tokens[-1].end), tuple(tokens))


def _tokens(text: str, block: Span, quotations: Sequence[Quoted]) -> Iterator[Token]:
    at = block.start
    for quotation in (*quotations, None):
        end = quotation.span.start if quotation else block.end
        for match in _TOKEN.finditer(text, at, end):
            words, initial = match[0], match[0][0]
            is_word = initial.isalnum() or (initial in "$£€¥" and len(words) > 1)
            yield Token(match.start(), match.end(), words, words.lower(), is_word, initial.isupper())
        if quotation:
            span = quotation.span
            yield Token(span.start, span.end, text[span.start : span.end], "", quoted=True)
            at = span.end


def _breaks(text: str, block: Span, last: Token, token: Token) -> bool:
    """True where a sentence ends between two neighbouring tokens."""
    if last.end == token.start:
        return False
    if "\n" in text[last.end : token.start]:
        return True
    if not last.quoted and last.text[-1] not in ".!?…":
        return False
    if not (token.quoted or token.capital or token.text[0].isdigit() or token.text in "([•*"):
        return False
    if last.quoted:
        return _ends_quotation(text, block, last, token)
    if last.word:  # the U.S. The …
        return token.low in _OPENERS
    return last.text != "." or not _is_abbreviated(text[max(block.start, last.start - 20) : last.start], token)


def _is_abbreviated(before: str, token: Token) -> bool:
    """True when a full stop after `before` belongs to an abbreviation or an initial, seeing what follows."""
    word = (before.split() or [""])[-1].strip("(\"“‘'[").lower()
    if word == "no":
        return token.text[0].isdigit()
    opener = token.low in _OPENERS
    if len(word) == 1 and word.isalpha():
        return not (opener and len(token.low) > 1)
    return word in _ABBREVIATIONS and not (opener and word in _FINAL)


def _ends_quotation(text: str, block: Span, last: Token, token: Token) -> bool:
    """A quotation that ends in a stop ends its sentence, unless its own attribution follows ("Why?" Smith asked)."""
    inside = last.text.rstrip("\"”’'»")
    if not inside or inside[-1] not in ".!?…":
        return False
    if inside[-1] == "." or token.quoted:
        return True
    ahead = text[token.start : min(block.end, token.start + 90)]
    return not any(word.strip(",.;:").lower() in VERBS for word in ahead.split(".")[0].split()[:7])


def tokens_of(text: str, span: Span) -> tuple[Token, ...]:
    """The tokens of a stretch as though no quotation marks stood in it."""
    return tuple(_tokens(text, span, ()))


def sentences_within(text: str, quotation: Span) -> tuple[Sentence, ...]:
    """The sentences inside a quotation's marks, what is quoted in them left as plain words."""
    closed = text[quotation.end - 1] in "\"”»“’'"
    return tuple(_sentences(text, Span(quotation.start + 1, quotation.end - closed), ()))
