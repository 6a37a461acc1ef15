"""What a person types, understood."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date
from difflib import get_close_matches
from typing import NamedTuple, TypeVar

from reader.model import Span
from reader.query.tree import OPERATORS, Ago, And, Claimed, ClaimType, Field, Has, Not, Or, Query, State, Where, Words
from reader.text import clean, one_line

_T = TypeVar("_T")

LONGEST = 10_000
"""Characters of a query."""
MOST = 200
"""Words and fields of a query."""
DEEPEST = 8
"""Brackets within brackets; the search index can't parse many more."""


class QueryError(ValueError):
    """A query that can't be understood; the message is one plain sentence."""

    def __init__(self, message: str, *, source: str, span: Span) -> None:
        super().__init__(message)
        self.source = source
        self.span = span
        """The characters of the query that it is about."""

    def pointed(self, *, around: int = 30) -> str:
        """The query, or what stands `around` the error in a long one, with carets below the very characters."""
        start, end = self.span
        before, words, after = self.source[:start], self.source[start:end], self.source[end:]
        if len(before) > around:
            before = "…" + before[-around:]
        if len(words) > around:
            words = words[:around] + "…"
        if len(after) > around:
            after = after[:around] + "…"
        line = re.sub(r"\s", " ", before + words + after)
        return f"{line}\n{' ' * _cells(before)}{'^' * max(_cells(words), 1)}"


def parse(source: str) -> Query:
    """Understand a query; raises only `QueryError`."""
    if len(source) > LONGEST:
        raise QueryError(
            f"The query is longer than {LONGEST:,} characters; shorten it.",
            source=clean(source),
            span=Span(LONGEST, LONGEST + 1),
        )
    return _Parser(clean(source)).query()


def _cells(text: str) -> int:
    """How many cells of a terminal a text takes."""
    return sum(0 if unicodedata.combining(char) else 1 + (unicodedata.east_asian_width(char) in "WF") for char in text)


# --- tokens ----------------------------------------------------------------------------------------------------------

_QUOTATION = re.compile(r'"((?:[^"]|"")*+)"(\*?)')  # "" in it is a quotation mark
_END = re.compile(r"[\s()]")
_NAME = re.compile(r"([A-Za-z]+):(?!//)")


class _Token(NamedTuple):
    """A piece of a query: a bracket, a minus, an operator, or something to look for."""

    kind: str
    """`(`, `)`, `-`, `OR`, `AND`, `NOT`, the name of a field, or empty for words."""
    span: Span
    text: str = ""
    """The words, or the field's value, without quotation marks and star."""
    prefix: bool = False
    """A star stood at its end."""
    value: Span = Span(0, 0)
    """Where a field's value stands."""


def _tokens(source: str) -> Iterator[_Token]:
    at = 0
    while at < len(source):
        if source[at].isspace():
            at += 1
            continue
        if source[at] in "()":
            token = _Token(source[at], Span(at, at + 1))
        elif source[at] == "-" and source[at + 1 : at + 2].strip() not in ("", ")"):  # or it is a dash
            token = _Token("-", Span(at, at + 1))
        else:
            token = _sought(source, at)
        at = token.span.end
        yield token


def _sought(source: str, start: int) -> _Token:
    """The words, operator or field that begins at `start`."""
    named = _NAME.match(source, start)
    name, at = (named[1].lower(), named.end()) if named else ("", start)
    if source.startswith('"', at):
        found = _QUOTATION.match(source, at)
        if found is None:
            message = "The quotation is not closed; end it with a quotation mark."
            raise QueryError(message, source=source, span=Span(at, at + 1))
        text, prefix, end = one_line(found[1].replace('""', '"')), bool(found[2]), found.end()
    else:
        ended = _END.search(source, at)
        end = ended.start() if ended else len(source)
        text = source[at:end].rstrip("*")
        prefix = at + len(text) < end
    # "Putin: we …" is no field.
    if name in _FIELDS or (name and end > at):
        return _Token(name, Span(start, end), text, prefix, Span(at, end))
    if at > start:
        return _Token("", Span(start, end), source[start:end])
    operator = text if source[at:end] in OPERATORS else ""
    return _Token(operator, Span(start, end), text, prefix)


# --- parser ----------------------------------------------------------------------------------------------------------

_PLACES = {"title": Where.TITLE, "text": Where.TEXT, "claims": Where.CLAIM}
_WORDED = {place.value: place for place in Where}
_CHOICES: dict[str, type[State | Has | ClaimType]] = {"is": State, "has": Has, "type": ClaimType}
_FIELDS = (
    *_WORDED, *_CHOICES, "in", "feed", "folder", "author", "tag", "newer", "older", "on", "story", "entry",
)  # fmt: skip
_AGO = re.compile(r"([0-9]{1,5})([hdwmy])")
_DAY = re.compile(r"[12][0-9]{3}-[0-9]{2}-[0-9]{2}")
_NUMBER = re.compile(r"[0-9]{1,18}")


class _Parser:
    """OR binds least, then standing side by side, then NOT; a bracket is a query of its own."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._tokens = list(_tokens(source))
        self._at = 0
        self._sought = 0

    def query(self) -> Query:
        found = self._group(None, 0)
        if token := self._next():
            raise self._error("This bracket closes none; take it out or open one before it.", token.span)
        return _settled(found) if found else And()

    def _group(self, where: Where | None, depth: int) -> Query | None:
        """What stands in one bracket, or in none; None if there is nothing in it that can be found."""
        where = self._place() or where
        parts = [self._row(where, depth, after=None)]
        while (token := self._next("OR")) is not None:
            self._at += 1
            parts.append(self._row(where, depth, after=token))
        return _any([part for part in parts if part])

    def _row(self, where: Where | None, depth: int, *, after: _Token | None) -> Query | None:
        """What stands side by side up to an OR or the end; `after` an OR there must be something."""
        parts: list[Query] = []
        first = self._at
        while (token := self._next()) and token.kind not in (")", "OR"):
            if token.kind == "AND":
                if self._at == first:
                    raise self._lonely(token)
                self._at += 1
                after = token
            if part := self._term(where, depth, after=after):
                parts.append(part)
        if self._at == first and (token := after or self._next("OR")):
            raise self._lonely(token)
        return _all(parts)

    def _term(self, where: Where | None, depth: int, *, after: _Token | None) -> Query | None:
        negated = False
        while (token := self._next("-", "NOT")) is not None:
            negated, after = not negated, token
            self._at += 1
        token = self._next()
        if after and (token is None or token.kind in (")", "OR", "AND")):
            raise self._lonely(after)
        assert token
        self._at += 1
        if token.kind == "(":
            found = self._bracket(token, where, depth)
        else:
            found = self._leaf(token, where)
        if negated and token.kind == "in":
            raise self._error("in: tells where to look and can't be left out; take the minus away.", token.span)
        return Not(part=_settled(found)) if negated and found else found

    def _bracket(self, opened: _Token, where: Where | None, depth: int) -> Query | None:
        if depth == DEEPEST:
            raise self._error(f"There are more than {DEEPEST} brackets within each other; take some out.", opened.span)
        found = self._group(where, depth + 1)
        if self._next(")") is None:
            raise self._error("This bracket is not closed; close it or take it out.", opened.span)
        self._at += 1
        # Of a choice of claims in brackets, what stands beside them speaks as well.
        return found if found is None or (isinstance(found, Or) and _of_claim(found)) else _settled(found)

    def _leaf(self, token: _Token, where: Where | None) -> Query | None:
        self._sought += 1
        if self._sought > MOST:
            raise self._error(f"The query has more than {MOST} words and fields; take some out.", token.span)
        name, text = token.kind, token.text
        if not name:
            # The index knows letters and digits only: a dash or a smile is found nowhere, and asks for nothing.
            return Words(text=text, prefix=token.prefix, where=where) if _findable(text) else None
        if name not in _FIELDS:
            raise self._unknown(token)
        if not text:
            raise self._error(f"{name}: needs a value right after the colon.", token.span)
        if name in _WORDED:
            if not _findable(text):
                raise self._error(f"{name}: needs a word with letters or digits.", token.value)
            return Words(text=text, prefix=token.prefix, where=_WORDED[name])
        return None if name == "in" else Field(name=name, value=self._value(token))

    def _value(self, token: _Token) -> str | int | date | Ago | State | Has | ClaimType:
        name, text = token.kind, token.text + "*" * token.prefix
        match name:
            case "is" | "has" | "type":
                return self._chosen(token, {value.value: value for value in _CHOICES[name]})
            case "story" | "entry":
                if _NUMBER.fullmatch(text):
                    return int(text)
                raise self._error(f"{name}: needs a number, as in {name}:12.", token.value)
            case "newer" | "older" | "on":
                if name != "on" and (ago := _AGO.fullmatch(text.lower())):
                    return Ago(count=int(ago[1]), unit=ago[2])
                if _DAY.fullmatch(text):
                    with suppress(ValueError):  # 2026-02-30
                        return date.fromisoformat(text)
                or_age = "" if name == "on" else f", or an age in h, d, w, m or y, as in {name}:3d"
                raise self._error(f"{name}: needs a day, as in {name}:2026-11-01{or_age}.", token.value)
        return text

    def _chosen(self, token: _Token, of: Mapping[str, _T]) -> _T:
        if token.text.lower() in of and not token.prefix:
            return of[token.text.lower()]
        raise self._error(f"{token.kind}: can't be {token.text}; it is one of {', '.join(of)}.", token.value)

    def _place(self) -> Where | None:
        """Where the bracket that begins here says to look, wherever in it that stands."""
        depth, where = 0, None
        for token in self._tokens[self._at :]:
            depth += (token.kind == "(") - (token.kind == ")")
            if depth < 0:
                break
            if depth == 0 and token.kind == "in" and token.text:
                if where:
                    raise self._error("A bracket has one in: only; put the other in brackets of its own.", token.span)
                where = self._chosen(token, _PLACES)
        return where

    def _next(self, *kinds: str) -> _Token | None:
        """The next token, if it is of one of these kinds; any if none is given."""
        token = self._tokens[self._at] if self._at < len(self._tokens) else None
        return token if token and (not kinds or token.kind in kinds) else None

    def _unknown(self, token: _Token) -> QueryError:
        close = get_close_matches(token.kind, _FIELDS, 1)
        advice = f"did you mean {close[0]}:?" if close else "put the words in quotation marks to look for them."
        return self._error(f"There is no field {token.kind}:; {advice}", Span(token.span.start, token.value.start))

    def _lonely(self, token: _Token) -> QueryError:
        name = "A minus" if token.kind == "-" else token.kind
        return self._error(f"{name} needs something beside it; put it in quotation marks to look for it.", token.span)

    def _error(self, message: str, span: Span) -> QueryError:
        return QueryError(message, source=self._source, span=span)


def _findable(text: str) -> bool:
    return any((kind := unicodedata.category(char))[0] in "LN" or kind == "Co" for char in text)


# --- the tree --------------------------------------------------------------------------------------------------------


def _all(parts: Sequence[Query]) -> Query | None:
    flat: list[Query] = []
    for part in parts:
        # A claim in brackets stays there, or it would become one with its neighbours'.
        if isinstance(part, And) and not any(isinstance(inner, Claimed) for inner in part.parts):
            flat += part.parts
        else:
            flat.append(part)
    return And(parts=tuple(flat)) if len(flat) > 1 else next(iter(flat), None)


def _any(parts: Sequence[Query]) -> Query | None:
    if len(parts) < 2:
        return next(iter(parts), None)
    if all(isinstance(part, Claimed) or _of_claim(part) for part in parts):
        return Or(parts=_choices([part.what if isinstance(part, Claimed) else part for part in parts]))
    return Or(parts=tuple(map(_settled, _choices(parts))))


def _choices(parts: Sequence[Query]) -> tuple[Query, ...]:
    return tuple(choice for part in parts for choice in (part.parts if isinstance(part, Or) else (part,)))


def _of_claim(query: Query) -> bool:
    """Whether a query tells of a claim, and of nothing else."""
    match query:
        case And(parts=parts) | Or(parts=parts):
            return all(map(_of_claim, parts))
        case Words(where=where):
            return where in (Where.CLAIM, Where.SPEAKER)
        case Field(name=name):
            return name == "type"
    return False


def _settled(query: Query) -> Query:
    """The query with all that it tells of a claim told of the same one."""
    if _of_claim(query):
        return Claimed(what=query)
    if isinstance(query, And) and (told := _all([part for part in query.parts if _of_claim(part)])):
        first = next(index for index, part in enumerate(query.parts) if _of_claim(part))
        rest = [part for part in query.parts if not _of_claim(part)]
        return And(parts=(*rest[:first], Claimed(what=told), *rest[first:]))
    return query
