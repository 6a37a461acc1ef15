"""Noun phrases beside a verb, by walking from it to the next word that cannot belong to one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from reader.claims.lexicon import (
    ADVERBIALS,
    ADVERBS,
    AUXILIARIES,
    CITING,
    CLITICS,
    COMMON_VERBS,
    DETERMINERS,
    LINKS,
    MODALS,
    MONTHS,
    NO_SOURCES,
    NOUN_LIKE,
    PARTICLES,
    PERIODS,
    PREPOSITIONS,
    PRONOUNS,
    ROLES,
    SPEAKING_NOUNS,
    STOPS,
    VERBS,
    WEEKDAYS,
    word_set,
)
from reader.claims.segment import Token

_NOUNS = SPEAKING_NOUNS | word_set("police media management congress parliament")
"""Lower-case words that may speak without an article."""
_CLITICS = tuple(CLITICS)
_VERBAL = ("ing", "ed", "ly", "tten", "llen")
"""Endings of words that do not open a noun phrase: "developing a task", "written music"."""
_OPENING = (PRONOUNS | word_set("i we you who what it's")) - DETERMINERS
"""Words that open a clause where more than a name follows."""
_SILENT = word_set("i we you this that these those there who what it's")
_DATES = PERIODS | WEEKDAYS
_REACH = 28
"""Longest noun phrase looked for, in tokens."""
_SETTINGS = word_set(
    """statement interview email e-mail letter speech tweet post blog report rally hearing conference briefing press
    release condition message call video testimony court"""
)
"""What a source speaks in: "in a statement" is not part of the source."""


class Phrase(NamedTuple):
    """Token range `[start, end)` of a sentence."""

    start: int
    end: int


def ends_phrase(token: Token) -> bool:
    """True of a word that cannot stand in a noun phrase: a verb we know, a conjunction, an auxiliary, a weekday."""
    low = token.low
    if token.text in ("WHO", "US"):
        return False
    if low.startswith(_CLITICS):
        return True
    if low in STOPS or low in CITING or low in AUXILIARIES or low in MODALS or low in WEEKDAYS:
        return True
    return not token.capital and (low in COMMON_VERBS or (low in VERBS and low not in NOUN_LIKE))


def names(tokens: Sequence[Token], phrase: Phrase) -> bool:
    """True when the whole phrase is a run of capitals, initials and particles: a bare name."""
    return phrase.end > phrase.start and all(
        t.capital or t.low in PARTICLES or t.text == "." for t in tokens[phrase.start : phrase.end]
    )


def plausible(tokens: Sequence[Token], phrase: Phrase | None) -> bool:
    """True when the phrase may name somebody who speaks."""
    if phrase is None or phrase.start >= phrase.end:
        return False
    span = tokens[phrase.start : phrase.end]
    first, last = span[0], span[-1]
    if len(span) == 1:
        return _speaks_alone(first)
    if last.low in WEEKDAYS or last.low in PREPOSITIONS or last.low in DETERMINERS:
        return False
    if (last.low in MONTHS and last.low != "may") or (first.low in MONTHS and span[1].text.isdigit()):
        return False
    if last.low.isdigit() and span[-2].text != ",":
        return False
    if last.low in _SILENT and last.text != "WHO":
        return False
    if last.low in NO_SOURCES and len(span) < 4 and not last.capital:
        return False
    if first.low in ("there", "what") or (first.low in _OPENING and len(span) > 2):
        return False
    if "-" in last.low and last.low.endswith("ed") and not last.capital:
        return False  # an adjective whose noun was taken for a verb: "London-based reports"
    if not first.capital and last.low not in _NOUNS and first.low.endswith(_VERBAL):
        return False
    return any(t.text[0].isalpha() for t in span)


def _speaks_alone(token: Token) -> bool:
    """True of one word that may be a source: a pronoun, a name, "officials", "police"."""
    low = token.low
    if token.text in ("WHO", "US"):
        return True
    if low in NO_SOURCES or low in DETERMINERS or low in ADVERBS or low in WEEKDAYS or low in PREPOSITIONS:
        return False
    if (low in MONTHS and low != "may") or not low[0].isalpha():
        return False
    return token.capital or low in PRONOUNS or low.endswith("s") or low in _NOUNS


def phrase_before(tokens: Sequence[Token], end: int) -> Phrase | None:
    """The noun phrase that ends right before token `end`: "X", "X, a Y,", "the Y, X"."""
    if end <= 0:
        return None
    if tokens[end - 1].text == ",":
        return _apposed_before(tokens, end - 1)
    start = _walk_back(tokens, end)
    if start is None:
        return None
    phrase = Phrase(start, end)
    if start > 1 and tokens[start - 1].text == "," and names(tokens, phrase):  # Malaysia's Prime Minister, Najib Razak
        title = _walk_back(tokens, start - 1)
        if (
            title is not None
            and tokens[title - 1].low not in CITING
            and (tokens[start - 2].low in ROLES or _has_role(tokens, Phrase(title, start - 1)))
        ):
            return Phrase(title, end)
    return phrase


def _walk_back(tokens: Sequence[Token], end: int) -> int | None:
    i = end
    while i > 0 and end - i < _REACH:
        token = tokens[i - 1]
        if token.text == ")":
            opening = next((k for k in range(i - 2, max(-1, i - 14), -1) if tokens[k].text == "("), None)
            if opening is None or opening == 0:
                break
            i = opening
            continue
        if token.text == "." and i > 1 and _abbreviates(tokens[i - 2], last=i == end):
            i -= 1
            continue
        if token.text == "&" or (token.text in "'’" and i < end and tokens[i - 2].low.endswith("s")):
            i -= 1
            continue
        if token.low in PREPOSITIONS and token.low not in LINKS:
            return _last_name(tokens, i, end)  # after legal consultation | Washington
        if token.low.endswith("ed") and not token.capital and i > 1 and i < end and tokens[i - 2].capital:
            break  # the League condemned
        if not token.word or token.quoted or ends_phrase(token):
            break
        if token.low in ("and", "or"):
            if i < 2 or i >= end or tokens[i - 2].capital != tokens[i].capital or not tokens[i - 2].word:
                break
            if not tokens[i].capital and tokens[i].low not in _NOUNS:
                break
        elif (token.low in ADVERBS and token.low not in ("all", "both") and not token.capital) or (
            token.low in PRONOUNS and i != end
        ):
            break
        i -= 1
    start = _without_opener(tokens, i, end)
    return start if start < end else None


def _abbreviates(token: Token, *, last: bool) -> bool:
    """True of a word whose full stop is its own: "W.", "Mr."; at a phrase's end only "Corp." and its like."""
    return token.low in ("corp", "inc", "co", "ltd", "jr", "sr") if last else len(token.text) <= 4


def _last_name(tokens: Sequence[Token], start: int, end: int) -> int | None:
    """Start of a phrase that a preposition cut off on the left: its own, or that of the bare name at its end."""
    if start < end and not tokens[start].capital and tokens[start].low not in DETERMINERS:
        name = end
        while name > start and tokens[name - 1].capital:
            name -= 1
        if start < name < end and not _has_role(tokens, Phrase(start, name)):
            return name
    return start if start < end else None


def _without_opener(tokens: Sequence[Token], start: int, end: int) -> int:
    """Skip what opens a sentence before its subject: "But", "On Friday", "In the second case"."""
    if tokens[end - 1].low in PRONOUNS:
        return end - 1
    while start < end:
        low = tokens[start].low
        dating = low in ("this", "last", "next")
        if dating and (start + 1 >= end or tokens[start + 1].low not in _DATES):
            break
        if low in PREPOSITIONS or low in ADVERBIALS:
            articles = [k for k in range(start + 2, end) if tokens[k].low in ("the", "a", "an")]
            inner = low in ("of", "for") or not articles or tokens[articles[-1] - 1].low == "of"
            start = start + 1 if inner else articles[-1]
        elif low in ("and", "or", "&", ".", ",") or low in WEEKDAYS or low in PERIODS:
            start += 1
        else:
            break
    return start


def _has_role(tokens: Sequence[Token], phrase: Phrase) -> bool:
    return any(t.low.removesuffix("'s").removesuffix("’s") in ROLES for t in tokens[phrase.start : phrase.end])


def _apposes(tokens: Sequence[Token], segment: Phrase) -> bool:
    """True when a stretch between commas describes the name before it: "a Y", "who …", "42", "QC"."""
    if segment.end <= segment.start:
        return False
    first = tokens[segment.start]
    if first.low == "and":
        return _apposes(tokens, Phrase(segment.start + 1, segment.end))
    if first.low in ("who", "whose", "a", "an", "one", "himself", "herself", "now"):
        return True
    if segment.end - segment.start == 1:
        return first.text.isdigit() or (first.text.isupper() and len(first.text) <= 4) or first.low in ROLES
    if first.low in ("jr", "sr"):
        return True
    head = Phrase(segment.start, min(segment.end, segment.start + 7))
    if first.low in ("of", "from"):
        return True
    return first.low not in ADVERBIALS and not names(tokens, segment) and _has_role(tokens, head)


def _apposed_before(tokens: Sequence[Token], comma: int) -> Phrase | None:
    """The phrase of "X, a Y, said" and "the Y, X, said", given the index of its last comma."""
    end, left = comma, comma
    for _ in range(4):
        start = left
        while (
            start > 0
            and left - start < _REACH
            and tokens[start - 1].text not in ",;:—–"
            and not tokens[start - 1].quoted
        ):
            start -= 1
        segment = Phrase(start, left)
        more = start > 1 and tokens[start - 1].text == ","
        if more and _apposes(tokens, segment):
            left = start - 1
            continue
        head = _walk_back(tokens, left)
        if head is None or tokens[head].low in ADVERBIALS or head > start + 3:
            return None
        if left == comma and not names(tokens, Phrase(head, left)) and not tokens[head].capital:
            return None
        if more and head == start and names(tokens, Phrase(head, left)):
            title = _walk_back(tokens, start - 1)
            if title is not None and _has_role(tokens, Phrase(title, start - 1)):
                head = title
        return Phrase(head, end)
    return None


def phrase_after(tokens: Sequence[Token], start: int) -> Phrase | None:
    """The noun phrase that begins at token `start`, with what is apposed to it."""
    i, n = start, len(tokens)
    while i < n and i - start < _REACH:
        token = tokens[i]
        if token.quoted:
            break
        if token.text == "(" and i > start:
            closing = next((k for k in range(i + 1, min(n, i + 14)) if tokens[k].text == ")"), None)
            if closing is None:
                break
            i = closing + 1
            continue
        if token.text == "." and i > start and i + 1 < n and len(tokens[i - 1].text) <= 4:
            i += 1
            continue
        if token.text == ",":
            end = i + 1
            while end < n and end - i < _REACH and tokens[end].text not in ",;:.—–" and not tokens[end].quoted:
                end += 1
            if i == start or not _apposed_after(tokens, Phrase(start, i), Phrase(i + 1, end)):
                break
            i = end
            continue
        if token.text == "&":
            i += 1
            continue
        if not token.word or ends_phrase(token):
            break
        if token.low in ("and", "or"):
            if not (i + 1 < n and tokens[i + 1].capital and tokens[i - 1].capital):
                break
        elif token.low in PREPOSITIONS:
            if i == start or not _attaches(tokens, i):
                break
        elif token.low in PRONOUNS:
            if i == start:
                return Phrase(start, start + 1)
            break
        elif i > start and (
            token.low in ADVERBS or (token.low.endswith("ed") and not token.capital and tokens[i - 1].capital)
        ):
            break
        elif i > start and token.low.endswith(("ed", "en")) and i + 1 < n and tokens[i + 1].low == "by":
            break  # "documents reviewed by The Post"
        i += 1
    while i > start and (tokens[i - 1].low in PREPOSITIONS or tokens[i - 1].low in ("and", "or", "the", ".")):
        if tokens[i - 1].text == ".":
            break
        i -= 1
    return Phrase(start, i) if i > start else None


def _apposed_after(tokens: Sequence[Token], head: Phrase, segment: Phrase) -> bool:
    if segment.end <= segment.start or tokens[segment.start].low in ("who", "whose"):
        return False
    first = tokens[segment.start]
    if segment.end - segment.start == 1 and first.text.isdigit():
        return True
    if names(tokens, segment) and segment.end - segment.start >= 1:
        return (not names(tokens, head) and _has_role(tokens, head)) or (
            first.text.isupper() and len(first.text) in (2, 3)
        )
    window = Phrase(segment.start, min(segment.end, segment.start + 7))
    if any(ends_phrase(t) for t in tokens[window.start : window.end]):
        return False
    return (
        first.low not in ADVERBIALS
        and (first.low not in DETERMINERS or first.low in ("a", "an", "the", "one"))
        and _has_role(tokens, window)
    )


def _attaches(tokens: Sequence[Token], i: int) -> bool:
    """True when the preposition at `i` carries the phrase on: "of Oxford", not "on Monday" or "in a statement"."""
    n = len(tokens)
    after = tokens[i + 1 : i + 6]
    if not after or i + 1 >= n:
        return False
    first = after[0]
    if first.low in WEEKDAYS or (first.low in MONTHS and first.low != "may") or first.text[0].isdigit():
        return False
    if tokens[i].low == "of":
        return True
    if any(t.low in _SETTINGS for t in after[:4]):
        return False
    noun = after[1] if first.low in ("the", "a", "an") and len(after) > 1 else first
    if tokens[i].low in ("for", "at", "from", "with", "in", "to", "behind"):
        return noun.capital or not tokens[i - 1].capital
    return False
