"""What an article is about, as terms: its words, and the pairs of capitalised words that make names."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from sys import intern

TITLE, LEAD, OPENING = 300, 250, 700
"""How many characters of a title and of a text count; news says what it is about at the top, and what is new first."""

# Scripts written without spaces (Thai, Lao, Myanmar, Khmer, kana, Han), and Hangul, whose words change their endings.
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff"
_UNSPACED += "\U00020000-\U0003ffff"
# Vowel signs and joiners, which belong to a word though `\w` does not say so.
_MARKS = "\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0670\u0900-\u0963\u0971-\u0dff\u200c\u200d"
_WORD = re.compile(rf"[^\W{_UNSPACED}]+(?:[{_MARKS}]+[^\W{_UNSPACED}]*)*|[{_UNSPACED}]+")
_is_unspaced = re.compile(f"[{_UNSPACED}]").match

# After one of these a capital may only mean that a sentence starts.
_SENTENCE_ENDS = frozenset('.!?:;…\n"“”‘«»„—–|')

# Between the words of a name.
_JOINS = frozenset({" ", "-"})

# Words that say nothing of the subject. The weights learn as much of any language, but not from the first few articles.
_STOP_WORDS = """
about after against all also am an and any are as at back be because been before being between both but by can could day
did do does down during for from get had has have he her here him his how if in into is it its just last ll like made
make many may me more most much my no not now of off on one only or other our out over own re said same say says she
should so some such than that the their them then there these they this those through time to today told too two under
until up us ve very was we were what when where which while who why will with would year years yesterday you your
monday tuesday wednesday thursday friday saturday sunday
january february march april june july august september october november december
"""
_STOP = frozenset(_STOP_WORDS.split())


@dataclass(slots=True)
class Terms:
    """The terms of one article."""

    counts: dict[str, float] = field(default_factory=dict)
    """How often each term occurs; once in the title counts twice."""
    names: dict[str, bool] = field(default_factory=dict)
    """Terms never seen in lower case; True where the capital can only mean a name, not a sentence that starts."""
    shown: dict[str, str] = field(default_factory=dict)
    """Each term as the article writes it."""


def terms(title: str, text: str) -> Terms:
    """Read the terms of an article off its title and the opening of its text."""
    found = Terms()
    lower: set[str] = set()
    title, text = _opening(title, TITLE), _opening(text, OPENING)
    # A Headline in Title Case tells nothing of names, and where there is no text to outweigh them its pairs mislead.
    title_case = not any(word[0].islower() for word in _WORD.findall(title) if len(word) > 3)
    # A pair goes across "of", as in Bank of England.
    for passage, weight, telling in ((title, 2.0, not title_case), (text, 1.0, True)):
        before, begun, end = "", 0, 0
        for match in _WORD.finditer(passage):
            word, gap = match[0], passage[end : match.start()]
            capital = word[0].isupper()
            starts = end == 0 or not _SENTENCE_ENDS.isdisjoint(gap)
            end = match.end()
            if gap not in _JOINS or (not capital and word != "of"):
                before = ""
            for term, shown in _terms_of(word):
                found.counts[term] = found.counts.get(term, 0.0) + weight
                if not capital:
                    lower.add(term)
                    found.shown[term] = shown
                else:
                    found.shown.setdefault(term, shown)
                    found.names[term] = found.names.get(term, False) or (telling and not starts)
                    if before and text:
                        pair = intern(f"{before} {term}")
                        found.counts[pair] = found.counts.get(pair, 0.0) + weight
                        found.shown.setdefault(pair, passage[begun:end])
                        found.names[pair] = found.names.get(pair, False) or telling
                before, begun = (term, match.start()) if capital else ("", 0)
    for term in lower:
        found.names.pop(term, None)
    return found


def words(text: str, length: int = OPENING) -> list[str]:
    """The words at the opening of a text in order, folded; those of unspaced scripts as single characters."""
    found: list[str] = []
    for word in _WORD.findall(_opening(text, length)):
        if _is_unspaced(word):
            found.extend(word)
        else:
            found.append(word.casefold())
    return found


def _opening(text: str, length: int) -> str:
    return unicodedata.normalize("NFC", text[:length])


def _terms_of(word: str) -> Iterator[tuple[str, str]]:
    """A word without its plural s, a run of an unspaced script as pairs of characters, a stop word not at all."""
    if _is_unspaced(word):
        for start in range(max(1, len(word) - 1)):
            pair = intern(word[start : start + 2])
            yield pair, pair
        return
    folded = word.casefold()
    if not 2 <= len(folded) <= 40 or folded in _STOP:
        return
    if len(folded) > 3 and folded[-1] == "s" and folded[-2] != "s":
        folded = folded[:-1]
    yield intern(folded), word
