"""Whom a source's own words name or describe: the fullest name in the article, the kind, and whether there is one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from reader.claims.lexicon import (
    BUSINESS_WORDS,
    DETERMINERS,
    DOCUMENTS,
    FEMININE_KIN,
    FEMININE_NAMES,
    GROUPS,
    INSTITUTIONS,
    MASCULINE_KIN,
    MASCULINE_NAMES,
    ORGANISATION_NOUNS,
    ORGANISATION_REFERENCES,
    ORGANISATION_WORDS,
    ORGANISED_GROUPS,
    OUTLET_NAMES,
    OUTLET_REFERENCES,
    OUTLET_WORDS,
    PAPERS,
    PARTICLES,
    PLACES,
    PREPOSITIONS,
    ROLES,
    SPEAKING_NOUNS,
    WEEKDAYS,
    word_set,
)
from reader.claims.names import bare, gender_of, is_name, join, lows, personal_name
from reader.claims.register import Register
from reader.claims.segment import Token
from reader.model import Source, SourceKind, Span

_TELLING = SPEAKING_NOUNS | INSTITUTIONS
_OUTLETS = OUTLET_WORDS | OUTLET_NAMES
_NO_SURNAMES = INSTITUTIONS | DOCUMENTS | GROUPS
_ORGANISING = ORGANISATION_WORDS | PLACES | BUSINESS_WORDS
_GENERIC = (ORGANISATION_REFERENCES | GROUPS | ORGANISATION_NOUNS | DOCUMENTS) - {"congress", "parliament", "senate"}
_UNNAMED = ORGANISATION_REFERENCES | ORGANISATION_WORDS | ORGANISATION_NOUNS
_PERSONS = ROLES | FEMININE_KIN | MASCULINE_KIN | {"person", "teenager", "caller", "tenant", "pensioner", "child"}
_PAPERS = DOCUMENTS | PAPERS
_NEWS = word_set("television radio media tv press")
_CLOSING = SPEAKING_NOUNS | _PAPERS | _PERSONS
_AMOUNTS = word_set("number majority handful group dozen couple pair series growing coalition")
_WITHIN_NAMES = PREPOSITIONS | PARTICLES | {"and", "&", ".", "the", "'", "’"}
_LOOSE = word_set(
    """both others some many hundreds dozens thousands few most allies liberals conservatives two three four none one
    anyone everyone public audience crowd community electorate pair duo trio couple staff"""
)
_NO_AGENTS = word_set(
    """number order matter offer power center computer disaster weather error labor behavior factor sector rumor floor
    door water summer winter chapter character container poster border corner dinner ladder monitor mirror motor river
    shelter theater tower trailer winner's committee"""
)
PARTISANS = word_set("democrat republican conservative liberal american briton russian ukrainian iranian israeli")
"""Capitalised nouns for one person: "one Democrat familiar with the talks"."""
_ONE = word_set("a an one another")
_AGENTS = ("er", "or", "ist", "ian", "eer", "ee", "man", "woman", "year-old", "mate")
_COUNTS = word_set(
    "two three four five six seven eight nine ten dozens scores hundreds thousands several many some both"
)


class Speaker(NamedTuple):
    """Who a source is: `name` as the article gives it most fully."""

    name: str
    kind: SourceKind
    named: bool
    how: str = ""
    """How it was resolved, in plain words; empty when the source's own words name it."""

    def source(self, spans: tuple[Span, ...]) -> Source:
        """The speaker as other rooms know it, mentioned at `spans`."""
        return Source(name=self.name, kind=self.kind, named=self.named, spans=spans)


def tells(subject: Sequence[Token]) -> bool:
    """True of a subject that finds and shows in words: a document, an institution, people of study."""
    return any(bare(t.low) in _TELLING or (len(t.text) > 1 and t.text.isupper()) for t in subject)


def speaks(source: Sequence[Token]) -> bool:
    """True of somebody or something that can be cited, unlike "privacy rules"."""
    return tells(source) or any(is_name(t) for t in source)


def read(source: Sequence[Token], register: Register) -> Speaker:
    """The speaker that a source's own words name or describe, without looking back."""
    segments = _segments(source)
    words, text = segments[0], join(source)
    head = _head(words)
    if not head:
        return Speaker(text, SourceKind.UNKNOWN, False)
    generic = bare(words[0].low) in _GENERIC and not (len(words) > 1 and words[1].capital)
    own_name = any(is_name(t) for t in words[generic:])
    paper = not head[-1].capital and _paper(bare(head[-1].low))
    outlet = own_name and not paper and _outlet_like(head)
    if not paper and (several := _several(words, register)) is not None:
        return several
    if not outlet and not paper:
        for segment in segments:
            if (person := _person_in(segment, register)) is not None:
                return Speaker(person, SourceKind.PERSON, True)
    noun, common = bare(head[-1].low), (generic and len(head) == 1) or not head[-1].capital
    if (speaker := _described(words, head, text, register)) is not None and not outlet:
        return speaker
    plural = common and noun.endswith("s") and not noun.endswith(("ss", "us")) and head[0].low not in ("a", "an")
    if common and noun in _NEWS:
        return Speaker(text, SourceKind.OUTLET, own_name)
    if own_name and not (plural and noun not in ORGANISATION_WORDS):
        return _institution(words, text, register, outlet=outlet)
    if noun in OUTLET_REFERENCES or noun == "media":
        return Speaker(text, SourceKind.OUTLET, False)
    if noun in _UNNAMED:
        return Speaker(text, SourceKind.ORGANISATION, False)
    if plural:
        return Speaker(text, SourceKind.GROUP, False)
    known = common and (head[0].low in DETERMINERS or head[0].possessive)
    return Speaker(text, SourceKind.ORGANISATION if known else SourceKind.UNKNOWN, False)


def _several(words: Sequence[Token], register: Register) -> Speaker | None:
    """Two people named together: "Roe and Cole"."""
    joined = [i for i, t in enumerate(words) if t.low == "and"]
    if len(joined) != 1 or not 0 < joined[0] < len(words) - 1:
        return None
    people = [_person_in(part, register) for part in (words[: joined[0]], words[joined[0] + 1 :])]
    if None in people:
        return None
    return Speaker(" and ".join(p for p in people if p), SourceKind.PERSON, True)


def _described(words: Sequence[Token], head: Sequence[Token], text: str, register: Register) -> Speaker | None:
    """The speaker that a common noun describes: a group, a paper, somebody without a name."""
    noun, common = bare(head[-1].low), not head[-1].capital or len(head) == 1
    rest = words[len(head) :]
    of_many = len(rest) > 1 and ((noun in _AMOUNTS and rest[0].low == "of") or (noun == "one" and rest[0].low == "in"))
    if of_many or noun == "percent" or (noun in _LOOSE and len(words) <= 2):
        return Speaker(text, SourceKind.GROUP, False)
    if noun.endswith("s") and personal_noun(noun[:-1]) and (common or noun[:-1] in PARTISANS):
        return Speaker(text, SourceKind.GROUP, False)
    if noun in PARTISANS and len(head) > 1:
        return Speaker(text, SourceKind.PERSON, False)
    if noun in GROUPS or head[0].text[0].isdigit() or head[0].low in _COUNTS | {"those"}:
        if noun in GROUPS and not common and head[0].low == "the":
            return None  # the Farmers' Alliance has another head, the Republicans this one
        return Speaker(text, SourceKind.GROUP, False)
    if _paper(noun) and (common or noun in DOCUMENTS):
        if noun == "intelligence" and is_name(words[0]):  # Ukrainian intelligence: a service, not a paper
            return Speaker(text, SourceKind.ORGANISATION, True)
        titled = register.documents.get(noun) if noun in DOCUMENTS else None
        if titled and not {t.text for t in words[1:] if is_name(t)} <= set(titled.split()):
            titled = None  # another poll than the one with a title
        return Speaker(titled or text, SourceKind.DOCUMENT, titled is not None or _published(words, register))
    if common and personal_noun(noun):
        return Speaker(text, SourceKind.PERSON, False)
    return None


def _paper(noun: str) -> bool:
    """True of what can be read, one or many."""
    return noun in _PAPERS or (noun.endswith("s") and noun[:-1] in _PAPERS)


def personal_noun(noun: str) -> bool:
    """True of a noun for one person, by list or by its ending: "tenant", "welder", "trustee"."""
    if noun in _PERSONS or f"{noun}s" in GROUPS - ORGANISED_GROUPS:
        return True
    return (
        noun.endswith(_AGENTS)
        and noun not in _NO_AGENTS
        and noun not in _UNNAMED
        and noun not in OUTLET_REFERENCES
        and not _paper(noun)
    )


def _published(words: Sequence[Token], register: Register) -> bool:
    """True of a paper that a reader could look up, because its words name who made it or where it stands."""
    for i, token in enumerate(words):
        if not is_name(token) or bare(token.low) in _GENERIC or bare(token.low) in PLACES:
            continue
        end = i + 1
        while end < len(words) and is_name(words[end]):
            end += 1
        run = words[i:end]
        name = register.find(lows(run))
        person = any(bare(t.low) in ROLES for t in run) or (name is not None and name.kind is SourceKind.PERSON)
        described = end == i + 1 and end < len(words) and not words[end].capital and not token.text.isupper()
        if described and not token.possessive and (name is None or not name.organisation + name.outlet):
            continue  # "a Dutch study", "a June report"
        if not person and (i == 0 or not is_name(words[i - 1])):
            return True
    return False


# --- reading a source ------------------------------------------------------------------------------------------------


def _segments(source: Sequence[Token]) -> list[Sequence[Token]]:
    """The source's parts between commas, brackets left out."""
    parts: list[list[Token]] = [[]]
    depth = 0
    for token in source:
        if token.text in ("(", "["):
            depth += 1
        elif token.text in (")", "]"):
            depth = max(0, depth - 1)
        elif token.text in ",—–":
            parts.append([])
        elif not depth:
            parts[-1].append(token)
    return [p for p in parts if p] or [source]


def _head(words: Sequence[Token]) -> Sequence[Token]:
    """The words up to and with the head noun: before prepositions and participles ("a letter seen by …")."""
    last = words[-1]
    if len(words) > 1 and bare(last.low) in _CLOSING and not last.capital and words[-2].capital:
        return [t for t in words if t.word]  # a University of Oslo paper
    head = [t for t in until_preposition(words) if t.word]
    for i in range(1, len(head)):
        low = head[i].low
        if low in ("who", "that", "which", "whose", "like", "such") or low in WEEKDAYS:
            return head[:i]
        before = bare(head[i - 1].low)
        if before in SPEAKING_NOUNS or before in _PERSONS or _paper(before) or _adverb(low):
            participle = low.endswith(("ing", "ed")) or low in (
                "seen",
                "shown",
                "known",
                "familiar",
                "close",
                "written",
            )
            if not head[i].capital and (participle or _adverb(low) or low.endswith("ly")):
                return head[:i]
    while len(head) > 1 and head[-1].low in ("and", "or"):
        head = head[:-1]
    return head


def _adverb(low: str) -> bool:
    return low in ("allegedly", "reportedly", "purportedly", "supposedly")


def until_preposition(words: Sequence[Token]) -> Sequence[Token]:
    """The words before the first preposition."""
    for i, token in enumerate(words):
        if token.low in PREPOSITIONS and i:
            return words[:i]
    return words


def _person_in(words: Sequence[Token], register: Register) -> str | None:
    """The person a segment names, if it names one."""
    front = until_preposition(words)
    office = len(front) < len(words) and bare(front[-1].low) in ROLES and front[-1].capital and front[0].low not in _ONE
    for part in (front, words) if office or len(front) == len(words) or words[0].low == "of" else (front,):
        has_role = any(bare(t.low) in ROLES for t in part[:-1])
        possessive = any(t.possessive for t in part[:-1])
        surname = register.find((bare(part[-1].low),)) if part[-1].capital else None
        personal = surname is not None and surname.kind is SourceKind.PERSON  # Michael Bloomberg is no outlet
        if bare(part[-1].low) in ROLES and not (has_role and len(part) == 2):
            continue
        if bare(part[-1].low) in INSTITUTIONS and not personal:
            continue
        name = personal_name(part)
        if name is None or (bare(name[-1].low) in _NO_SURNAMES and not has_role and not personal):
            continue
        if any(bare(t.low) in _OUTLETS for t in part) and not has_role and len(name) == 1 and not personal:
            continue
        before = [t for t in part if t.start < name[0].start]
        known = register.find(lows(name), gender_of(lows(before)))
        articled = bool(before) and before[-1].low == "the"
        lone = len(lows(name)) == 1
        if known is not None and known.kind is SourceKind.PERSON and not (articled and lone):
            return known.full
        if lone:
            if has_role and not name[-1].text.isupper() and known is None and not articled:
                return join(name)
            continue
        if known is None and (has_role or possessive) and not any(t.low in BUSINESS_WORDS for t in name):
            return join(name)
        if has_role and before and bare(before[-1].low) in ROLES:
            return known.full if known is not None else join(name)
    return None


def _institution(words: Sequence[Token], text: str, register: Register, *, outlet: bool) -> Speaker:
    """The outlet or organisation, or the person without any title, that a phrase with a name in it stands for."""
    own = _own_name(words)
    short = until_preposition(own)
    found = register.find(lows(own)) or (register.find(lows(short)) if len(lows(short)) > 1 else None)
    whole = found is None or (lows(own) == found.words and own[-1].text == ".")  # Acme Corp.
    name = join(own) if whole or found is None else found.full
    if name in register.articled:
        name = f"The {name}"
    low = bare(own[-1].low)
    if found is not None and found.kind is not SourceKind.ORGANISATION:
        return Speaker(name, found.kind, True)
    if outlet or _outlet_words(name):
        return Speaker(name, SourceKind.OUTLET, True)
    if found is not None:
        return Speaker(name, found.kind, True)
    if low in _PERSONS:
        return Speaker(text, SourceKind.PERSON, False)
    if own[-1].text.isupper() or any(bare(t.low) in _ORGANISING for t in words) or words[0].low == "the":
        return Speaker(name, SourceKind.ORGANISATION, True)
    first = bare(own[0].low)
    full_name = len(own) > 1 and all(is_name(t) or t.text == "." or t.low in PARTICLES for t in own)
    person = full_name or first in FEMININE_NAMES or first in MASCULINE_NAMES
    return Speaker(name, SourceKind.PERSON if person else SourceKind.ORGANISATION, True)


def _own_name(words: Sequence[Token]) -> Sequence[Token]:
    """An institution's name without what describes it: "the secularist magazine" MicroMega, "Iran's" ISNA."""
    cut = 0
    whole = words[-1].capital and bare(words[-1].low) in ORGANISATION_WORDS | BUSINESS_WORDS
    for i, token in enumerate(words[:-1]):
        possessive = token.possessive and not whole
        described = not token.capital and token.low not in _WITHIN_NAMES
        if (possessive or described or (token.low == "the" and i == cut)) and words[i + 1].capital:
            cut = i + 1
    return words[cut:]


def _outlet_words(name: str) -> bool:
    return bool({w.lower().strip(".") for w in name.split() if w[0].isupper()} & _OUTLETS)


def _outlet_like(words: Sequence[Token]) -> bool:
    """True of an outlet's name: The New York Times, ABC News, the secularist magazine MicroMega."""
    head = until_preposition(words)
    if any(bare(t.low) in ROLES for t in head):
        return False
    if any(t.capital and bare(t.low) in _OUTLETS for t in head):
        return not any(t.possessive for t in head[:-1]) and head[-1].capital
    return len(head) > 1 and any(t.low in OUTLET_REFERENCES for t in head[:-1]) and head[-1].capital
