"""Speakers over several articles: one person under several names, without making one of two.

"Raimondo", "Gina Raimondo" and "US Commerce Secretary Gina Raimondo" are one speaker where nobody else in the articles
bears the name; two given names that differ are two people, and a surname alone that two bear stays apart.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from reader.claims.lexicon import ORGANISATION_WORDS, ROLES, STYLES, TITLES, word_set
from reader.model import Source, SourceKind, Voice

_WORD = re.compile(r"[^\W\d_](?:[\w'.-]*[^\W_])?")
_WORD_OR_NUMBER = re.compile(r"[^\W_](?:[\w'.-]*[^\W_])?")
_PREFIXES = (
    TITLES
    | ROLES
    | STYLES
    | word_set("us u.s uk u.k eu the a an former then deputy chief senior sir dame lord lady dr")
)
_SUFFIXES = word_set("jr sr ii iii iv md phd qc kc mp mep obe cbe")
_SHORT = {
    "bill": "william", "bob": "robert", "dick": "richard", "jim": "james", "joe": "joseph", "mike": "michael",
    "tom": "thomas", "dave": "david", "steve": "steven", "chris": "christopher", "dan": "daniel", "ben": "benjamin",
    "tony": "anthony", "liz": "elizabeth", "kate": "katherine", "sue": "susan", "nick": "nicholas", "matt": "matthew",
    "andy": "andrew", "ted": "edward", "ed": "edward", "ron": "ronald", "ken": "kenneth", "greg": "gregory",
    "pat": "patrick", "sam": "samuel", "alex": "alexander", "jeff": "jeffrey", "rick": "richard", "rob": "robert",
    "will": "william", "don": "donald", "tim": "timothy", "charlie": "charles", "chuck": "charles", "jack": "john",
    "maggie": "margaret", "peggy": "margaret", "kathy": "katherine", "debbie": "deborah", "barb": "barbara",
}  # fmt: skip
"""Short forms of given names that a newspaper may use for the whole."""
_ALIASES = {
    "nyt": "the new york times", "times": "the new york times", "wsj": "the wall street journal",
    "ap": "the associated press", "afp": "agence france-presse", "bbc news": "bbc", "wapo": "the washington post",
    "u.s": "united states", "us": "united states", "u.s. government": "united states", "the us": "united states",
    "america": "united states", "uk": "united kingdom", "britain": "united kingdom", "dprk": "north korea",
}  # fmt: skip


def voices(sources: Iterable[Source]) -> tuple[Voice, ...]:
    """The distinct speakers among sources, those with most names first; the unnamed are one by the same words alone."""
    groups: list[list[Source]] = []
    known: dict[str, list[int]] = {}
    # The fullest names come first, so that a surname finds all that bear it before it must choose.
    for source in sorted({(source.name, source.kind, source.named): source for source in sources}.values(), key=_order):
        near = dict.fromkeys(at for key in _keys(source) for at in known.get(key, ()))
        fitting = [at for at in near if all(same(source, other) for other in groups[at])]
        if len(fitting) != 1:
            groups.append([])
            fitting = [len(groups) - 1]
        groups[fitting[0]].append(source)
        for key in _keys(source):
            known.setdefault(key, []).append(fitting[0])
    found = [
        Voice(
            name=group[0].name,
            kind=group[0].kind,
            named=group[0].named,
            names=tuple(dict.fromkeys(source.name for source in group)),
        )
        for group in groups
    ]
    return tuple(sorted(found, key=lambda voice: -len(voice.names)))


def _order(source: Source) -> tuple[int, int, bool, str, str]:
    """Fullest first: by the names of a person, no titles nor initials, and the named before the unnamed."""
    words = source.name.split()
    names = _person(source.name) if source.kind is SourceKind.PERSON else words
    return -sum(len(name) > 1 for name in names), -len(words), not source.named, source.name, source.kind


def _keys(source: Source) -> set[str]:
    """What any two sources that are the same have one of in common: without it all would have to be compared."""
    keys = {source.name.casefold()}
    if source.kind is SourceKind.PERSON:
        return keys | {f"person {name}" for name in _person(source.name)[-1:]}
    words = _institution(source.name)
    bare = words[: next((at for at in range(len(words), 1, -1) if words[at - 1] not in _LEGAL), 1)]
    keys.add(f"institution {' '.join(bare).replace('.', '')}")
    return keys | {f"institution {letters}" for letters in _initials(words)}


def same(one: Source, other: Source) -> bool:
    """Whether two sources can be one speaker."""
    person = SourceKind.PERSON in (one.kind, other.kind)
    if one.name.casefold() == other.name.casefold():
        apart = person and one.named and other.named and one.kind is not other.kind
        return not apart and (one.named or other.named or one.kind is other.kind)
    if not (one.named and other.named):
        return False
    if person:
        return one.kind is other.kind and same_person(one.name, other.name)
    return same_institution(one.name, other.name)


def same_person(one: str, other: str) -> bool:
    """Whether two names of people can be one's: the surname is the same and no given name speaks against it."""
    a, b = _person(one), _person(other)
    if not a or not b or a[-1] != b[-1]:
        return False
    given, theirs = a[:-1], b[:-1]
    if not given or not theirs:
        return True
    return _fits(given[0], theirs[0]) and all(
        any(_fits(name, another) for another in more[1:])
        for fewer, more in ((given, theirs), (theirs, given))
        if len(fewer) <= len(more)
        for name in fewer[1:]
    )


def same_institution(one: str, other: str) -> bool:
    """Whether two names are one institution's: alike but for articles and endings, or one the other's initials."""
    a, b = _institution(one), _institution(other)
    if a == b:
        return True
    for short, long in ((a, b), (b, a)):
        if len(short) == 1 and len(short[0]) > 1 and short[0].replace(".", "") in _initials(long):
            return True
        # "the Fed" and "Federal Reserve" are another matter; "Skerra Line" and "Skerra Line's operator" are not one.
        if len(short) < len(long) and long[: len(short)] == short and set(long[len(short) :]) <= _LEGAL:
            return True
    return False


def _initials(words: Sequence[str]) -> set[str]:
    """The letters an institution's name may be cut down to, of one word none."""
    letters = "".join(word[0] for word in words), "".join(word[0] for word in words if word not in _SMALL)
    return set(letters) if len(words) > 1 else set()


_SMALL = word_set("of the and for")
"""Words that initials may leave out."""
_NAME_ENDS = re.compile(r"\s[-–—|·]\s|:\s")
_HOST = re.compile(r"^(?:https?://)?((?:[a-z0-9-]+\.)+[a-z]{2,})(?::\d+)?(?:/.*)?$")
_BEFORE_COUNTRY = word_set("co com org net gov ac edu")
"""What may stand between the name of a host and its country."""
_SECTIONS = word_set(
    """world news top latest breaking stories headlines politics business technology tech science health sport sports
    opinion culture arts home front page us uk europe international national local feed rss all articles"""
)
"""Words of a feed's title that name a part of an outlet."""
_LEGAL = word_set("inc corp ltd llc plc co company group ag sa gmbh news agency newspaper") | (
    ORGANISATION_WORDS & word_set("corporation incorporated limited")
)


def outlet_name(outlet: str) -> str:
    """An outlet as others would name it: without the section beside a dash or colon, of a host its middle."""
    if match := _HOST.match(outlet):
        labels = match[1].split(".")[:-1]
        return (labels[-2] if len(labels) > 1 and labels[-1] in _BEFORE_COUNTRY else labels[-1]).replace("-", " ")
    parts = [part.strip() for part in _NAME_ENDS.split(outlet)]
    names = [part for part in parts if part and not set(part.casefold().split()) <= _SECTIONS]
    return next(iter(names), outlet)


def _person(name: str) -> list[str]:
    """The names of a person in lower case, without titles and offices."""
    written = _WORD.findall(name.replace("’", "'"))
    words = [word.rstrip(".").casefold() for word in written]
    capital = [word[0].isupper() or word.islower() for word in written]
    while len(words) > 1 and (words[0] in _PREFIXES or not capital[0]):
        words, capital = words[1:], capital[1:]
    while len(words) > 1 and words[-1] in _SUFFIXES:
        words = words[:-1]
    # An office before the name: what stands after the last word that is one.
    for at in range(len(words) - 2, -1, -1):
        if words[at] in _PREFIXES:
            return words[at + 1 :]
    return words


def _institution(name: str) -> list[str]:
    low = name.casefold().strip().replace("’", "'")
    low = _ALIASES.get(low.rstrip("."), low)
    words = [word.rstrip(".").removesuffix("'s") for word in _WORD_OR_NUMBER.findall(low)]
    return words[1:] if len(words) > 1 and words[0] in ("the", "a", "an") else words


def _fits(one: str, other: str) -> bool:
    """Whether two given names can be one's: the same, a short form, an initial."""
    one, other = _SHORT.get(one, one), _SHORT.get(other, other)
    return one == other or (min(len(one), len(other)) == 1 and one[0] == other[0])
