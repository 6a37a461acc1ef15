"""What of a text is compared: its words and letters, however they are typeset."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from dataclasses import replace
from functools import lru_cache

from reader.model import Quote, Span


def in_word(character: str) -> bool:
    """Whether a character, if there is one, is a letter, a digit or what is put on one."""
    return character.isalnum() or _is_mark(character)


def _is_mark(character: str) -> bool:
    """Whether a character, if there is one, is an accent, vowel or tone put on the one before."""
    return character > "\u02ff" and unicodedata.category(character)[0] == "M"


_ONE_FOR_ONE = str.maketrans(
    {
        **dict.fromkeys([*"\t\n\r\u00a0\u2028\u2029\u202f\u205f\u3000", *map(chr, range(0x2000, 0x200B))], " "),
        **dict.fromkeys("\u201c\u201d\u201e\u201f\u00ab\u00bb\u2033", '"'),
        **dict.fromkeys("\u2018\u2019\u201a\u201b\u2032\u02bc`\u00b4", "'"),
        **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-"),
    }
)
_TYPESET = "(?P<space> {2,})|(?P<dots>\u2026)|(?P<nothing>[\u00ad\u200b-\u200d\u2060\ufeff]+)"
_PLAINLY = {"space": " ", "dots": "...", "nothing": ""}
_SYLLABLE = "[\u1100-\u1112][\u1161-\u1175][\u11a8-\u11c2]?"
"""One of Korean, taken apart."""


class Plain:
    """A text with all spaces, quotation marks and dashes of one kind and letters in one piece, and the way back."""

    def __init__(self, text: str) -> None:
        pieces: list[str] = []
        self._starts, self._ends = [0], [0]
        """Where what is not as long as in the text begins in the plain text, and where it ends."""
        self._stood, self._stood_to = [0], [0]
        """Where it stands in the text, and to where."""
        text = text.translate(_ONE_FOR_ONE)
        done = length = 0
        for match in _typeset(_marks(text), unicodedata.is_normalized("NFC", text)).finditer(text):
            plain = _PLAINLY[match.lastgroup] if match.lastgroup else unicodedata.normalize("NFC", match[0])
            start, end = match.span()
            pieces += (text[done:start], plain)
            length += start - done
            self._starts.append(length)
            length += len(plain)
            self._ends.append(length)
            self._stood.append(start)
            self._stood_to.append(end)
            done = end
        self.text = "".join([*pieces, text[done:]])

    def original(self, span: Span) -> Span:
        """Where a span of the plain text stands in the text."""
        start = self._back(span.start).start
        return Span(start, self._back(span.end - 1).end if span.end > span.start else start)

    def _back(self, offset: int) -> Span:
        """Where a character of the plain text stands in the text."""
        piece = bisect_right(self._starts, offset) - 1
        if offset < self._ends[piece]:
            return Span(self._stood[piece], self._stood_to[piece])
        stands = self._stood_to[piece] + offset - self._ends[piece]
        return Span(stands, stands + 1)


@lru_cache(64)
def _typeset(marks: str, composed: bool) -> re.Pattern[str]:
    letters = "" if composed else f"|{_SYLLABLE}" + (f"|[^{marks}][{marks}]+" if marks else "")
    return re.compile(_TYPESET + letters)


def _marks(text: str) -> str:
    """The marks on letters that a text has as characters of their own."""
    return "" if text.isascii() else "".join(sorted(filter(_is_mark, set(text))))


def plainly(quote: Quote) -> Quote:
    """A quote as it stands in a plain text."""
    prefix, suffix = quote.prefix, quote.suffix
    if not unicodedata.is_normalized("NFC", prefix + quote.exact + suffix):
        # What surrounds it may have been cut between a letter and its accent.
        prefix, suffix = prefix.lstrip(_marks(prefix)), suffix[:-1]
    exact, prefix, suffix = (Plain(part).text for part in (quote.exact, prefix, suffix))
    return replace(quote, exact=exact.strip(), prefix=prefix, suffix=suffix)


def folded(text: str) -> str:
    """A text as it is compared as a whole."""
    return Plain(text).text.casefold()


_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"
"""Scripts of South-East Asia, which have no spaces between words: those end with any vowel or tone above or below."""
_SIGNS = (
    "\u2e80-\u2fdf\u3005-\u3007\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff\u3400-\u4dbf\u4e00-\u9fff"
    "\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff"
)
"""Those of Chinese and Japanese, which have none either: each sign is a word."""


def words(text: str) -> list[Span]:
    """Where the words and numbers of a text stand."""
    return [Span(*match.span()) for match in _word(_marks(text)).finditer(text)]


def pieces(text: str) -> list[str]:
    """The words of a text with the marks beside them and the space before them: joined, they are the text."""
    return _piece(_marks(text)).findall(text)


def cut(text: str) -> list[str]:
    """The words of a text as they are compared, as many as `words` finds."""
    found = map(str.casefold, _word(_marks(text)).findall(text.replace("’", "'")))
    composed = unicodedata.is_normalized("NFC", text)
    return [*found] if composed else [unicodedata.normalize("NFC", word) for word in found]


@lru_cache(64)
def _word(marks: str) -> re.Pattern[str]:
    """Numbers and words; a word goes on after marks on its letters and after an apostrophe between them."""
    ending = "".join(re.findall(f"[{_UNSPACED}]", marks))
    within = marks.translate(dict.fromkeys(map(ord, ending)))
    letter = rf"[^\W\d_{_SIGNS}]"
    letters = letter + "+" + (f"(?:[{within}]+{letter}*)*" if within else "") + (f"[{ending}]*" if ending else "")
    sign = f"[{_SIGNS}]" + (f"[{within}]*" if within else "")
    return re.compile(rf"\d+(?:[.,]\d+)*|{letters}(?:['’]{letters})*|{sign}")


@lru_cache(64)
def _piece(marks: str) -> re.Pattern[str]:
    """What stands between spaces; of scripts without them each sign, or each letter with the marks on it."""
    own = f"[{_SIGNS}{_UNSPACED}]" + (f"[{marks}]*" if marks else "")
    return re.compile(rf"\s*(?:{own}|[^\s{_SIGNS}{_UNSPACED}]+)|\s+")
