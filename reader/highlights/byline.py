"""Bylines as names: who wrote an article, as citations and bibliographies want it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from reader.text import one_line

_BY = re.compile(r"(?:(?:written|words|reported|story|text)\s+)?by[:\s]\s*|(?:par|por)[:\s]\s*", re.IGNORECASE)
_LISTED = re.compile(r"\s*[;,]\s*(?:(?:and|&)\s+)?|\s+(?:and|&|und|et|och|og|y|e)\s+")
_PLACE = re.compile(r"\s+in\s+[^\W\d_].*$")
_INITIALS = re.compile(r"(?:[^\W\d_]\.-?){1,4}|[^\W\d_]")
_WORD = re.compile(r"[^\W\d_]+(?:['’.-][^\W\d_]+)*\.?")
_SUFFIX = re.compile(r"(?:jr|sr)\.?|ii|iii|iv", re.IGNORECASE)
_ROLE = re.compile(
    r"(?:.*\s)?(?:correspondent|reporter|editor|writer|columnist|producer|critic|analyst|journalist|chief|staff)s?",
    re.IGNORECASE,
)

_PARTICLES = frozenset([
    "af", "al", "ap", "av", "bin", "da", "das", "de", "del", "della", "den", "der", "di", "do", "dos", "du", "el",
    "ibn", "la", "le", "ten", "ter", "van", "von", "zu",
])  # fmt: skip

# Who has one of these words is nobody with a family name.
_HOUSES = frozenset([
    "agence", "agencia", "agency", "agentur", "agenzia", "agência", "association", "board", "bureau", "center",
    "centre", "check", "collaborators", "committee", "company", "contributors", "correspondent", "correspondents",
    "council", "daily", "department", "desk", "digital", "editor", "editorial", "editors", "foundation", "government",
    "group", "inc", "institute", "international", "journal", "llc", "ltd", "magazine", "media", "ministry", "network",
    "news", "newsroom", "office", "online", "organisation", "organization", "presse", "press", "project", "radio",
    "redaktion", "redaction", "redacción", "redação", "rédaction", "report", "reporter", "reporters", "reports",
    "service", "staff", "team", "television", "the", "times", "tribune", "tv", "university", "weekly", "wire",
    "writers", "xinhua",
])  # fmt: skip
_AGENCIES = frozenset([
    "aap", "afp", "agerpres", "anadolu", "ani", "ansa", "ap", "apa", "bbc", "belga", "bloomberg", "bta", "cbs", "cnn",
    "ctk", "dpa", "efe", "hina", "ians", "interfax", "itar-tass", "kna", "kyodo", "lusa", "mti", "nbc", "npr", "ntb",
    "pa", "pap", "pti", "reuters", "ritzau", "rte", "sid", "tanjug", "tass", "tt", "upi", "xinhua", "yle", "yonhap",
])  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Author:
    """Someone who wrote an article; `given` is empty for agencies, and for names that do not plainly have two parts."""

    family: str
    given: str = ""
    suffix: str = ""

    @property
    def name(self) -> str:
        """The name as it is said: Martin Luther King Jr."""
        return " ".join(filter(None, (self.given, self.family, self.suffix)))


@lru_cache(maxsize=4096)
def authors(byline: str, house: str = "") -> tuple[Author, ...]:
    """The authors that a byline names; where it does not plainly name people and agencies, all of it as one name.

    `house` is the outlet, which is nobody with a family name either.
    """
    line = one_line(byline)
    stated = line[found.end() :] if (found := _BY.match(line)) else line
    if not stated:
        return ()
    parts = [part for part in _LISTED.split(stated.strip(" ,;")) if part]
    named: list[Author] = []
    for part in parts:
        if named and named[-1].given and _SUFFIX.fullmatch(part):
            last = named.pop()
            named.append(Author(family=last.family, given=last.given, suffix=part))
        elif named and named[-1].given and _ROLE.fullmatch(part):
            continue
        elif (author := _author(part, one_line(house))) is not None:
            named.append(author)
        else:
            return (Author(family=stated),)
    return tuple(dict.fromkeys(named))


def listed(names: list[str], last: str = "and") -> str:
    """Names in one line: A, A and B, or A, B, and C."""
    if len(names) < 3:
        return f" {last} ".join(names)
    return f"{', '.join(names[:-1])}, {last} {names[-1]}"


def _author(part: str, house: str) -> Author | None:
    """A person or an agency; None where that is not plain."""
    folded = part.casefold()
    if folded == house.casefold() or folded in _AGENCIES or _HOUSES & set(re.split(r"[\W_]+", folded)):
        return Author(family=part)
    words = _PLACE.sub("", part).split()
    suffix = words.pop() if len(words) > 2 and _SUFFIX.fullmatch(words[-1]) else ""
    words = " ".join(words).rstrip(".").split()
    if not 2 <= len(words) <= 6 or not all(_is_name(word) for word in words):
        return None
    if words[0].casefold() in _PARTICLES or not words[-1][0].isupper() or _INITIALS.fullmatch(words[-1]):
        return None
    at = len(words) - 1
    while at > 1 and words[at - 1] in _PARTICLES:
        at -= 1
    return Author(family=" ".join(words[at:]), given=" ".join(words[:at]), suffix=suffix)


def _is_name(word: str) -> bool:
    if word in _PARTICLES or _INITIALS.fullmatch(word):
        return True
    return _WORD.fullmatch(word) is not None and (word[0].isupper() or word[:2] in {"d'", "d’", "o'", "o’"})
