"""The names of an article: who is called what, in full and in short, and what tells a person from an organisation.

Made before any source is read, so "Raimondo" and "KCNA" find the full name wherever in the article it stands.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from reader.claims.lexicon import (
    ADVERBS,
    AUXILIARIES,
    BUSINESS_WORDS,
    COMMON_VERBS,
    DETERMINERS,
    DOCUMENTS,
    FEMININE_NAMES,
    GROUPS,
    MASCULINE_NAMES,
    MODALS,
    MONTHS,
    ORGANISATION_NOUNS,
    ORGANISATION_REFERENCES,
    ORGANISATION_WORDS,
    OUTLET_NAMES,
    OUTLET_REFERENCES,
    OUTLET_WORDS,
    PARTICLES,
    PASTS,
    PLACES,
    PORTFOLIOS,
    POSSESSIVES,
    PREPOSITIONS,
    ROLES,
    STOPS,
    TITLES,
    VERBS,
    word_set,
)
from reader.claims.names import (
    bare,
    between_possessives,
    bracketed,
    gender_of,
    initialled,
    is_name,
    join,
    lows,
    personal_name,
    run_end,
    styles,
)
from reader.claims.segment import Paragraph, Sentence, Token
from reader.model import SourceKind

_LONGEST_NAME = 9
_NAMESAKES = 8
"""How many names that share a word are kept apart."""
_REACH = 6
"""How far around a name a description of it is looked for, in tokens."""
_OUTLETS = OUTLET_WORDS | OUTLET_NAMES
_ORGANISED = ORGANISATION_WORDS | BUSINESS_WORDS | _OUTLETS
_STAFFED = word_set(
    """chief ceo shares stock board headquarters investors customers workers shareholders bankers profits employees
    users executives spokesman spokeswoman spokesperson officials researchers engineers products sales stores factory"""
)
"""What an organisation has and a person has not: "Orrery's chief executive"."""
_OF_PERSONS = word_set("he she his her him himself herself")
_TAKEN_UP = _OF_PERSONS | {"it", "its"}
_DIVIDING = AUXILIARIES | MODALS | STOPS | PREPOSITIONS | ADVERBS | {"and", "or"}
"""Words that do not follow a name that stands before a noun: "the Trump administration"."""
_ACTING = VERBS.keys() | AUXILIARIES | MODALS | COMMON_VERBS | PASTS
_ORGANISING = ORGANISATION_NOUNS | ORGANISATION_REFERENCES
_INDIVIDUAL = ROLES - word_set("co partner source firm counsel prime vice deputy former acting general major chief")
ABBREVIATED = {
    "sen": "senator", "rep": "congressman", "gov": "governor", "gen": "general", "prof": "professor", "dr": "doctor",
    "sgt": "sergeant", "capt": "captain", "col": "colonel", "rev": "pastor", "boss": "manager", "insp": "inspector",
}  # fmt: skip
"""Titles as they stand before a name -> the noun that refers back to one who bears them."""
_OPENERS = GROUPS | DOCUMENTS | ROLES | ORGANISATION_REFERENCES


@dataclass(slots=True)
class Name:
    """Somebody or something that the article names, with what the text tells about it."""

    full: str
    words: tuple[str, ...]
    person: int = 0
    organisation: int = 0
    outlet: int = 0
    gender: str = ""
    """ "he" or "she", where a title, a role or the first name tells."""
    described: set[str] = field(default_factory=set)
    """Words of titles and appositions: "the former trade minister, Osk Belan"."""
    whole: bool = False
    """Never shortened: "Obama" is not "the Obama administration"."""
    sure: bool = False
    """Seen with a capital where none was due, or of several words."""
    count: int = 0
    """How often it is mentioned in full."""
    seen: int = -1
    """Sentence of the latest mention, while the text is read."""

    @property
    def kind(self) -> SourceKind:
        """What the evidence says; without any, two or three words are a person's name."""
        if all(w in PLACES for w in self.words):
            return SourceKind.ORGANISATION
        if self.outlet and self.outlet >= max(self.person, self.organisation):
            return SourceKind.OUTLET
        if self.person != self.organisation:
            return SourceKind.PERSON if self.person > self.organisation else SourceKind.ORGANISATION
        return SourceKind.PERSON if 1 < len(self.words) <= 4 else SourceKind.ORGANISATION


class Mention(NamedTuple):
    """A name, or a description without one, where it stands."""

    start: int
    sentence: int
    name: Name | None
    words: tuple[Token, ...]
    subject: bool


@dataclass(slots=True)
class Register:
    """Names of an article, to find the full form of a short one."""

    names: dict[tuple[str, ...], Name] = field(default_factory=dict)
    by_word: dict[str, list[Name]] = field(default_factory=dict)
    ages: dict[str, Name] = field(default_factory=dict)
    """The age that a person is given: "the 32-year-old" is whoever is 32."""
    documents: dict[str, str] = field(default_factory=dict)
    """Head noun -> the fullest capitalised title with it: study -> Australian National Iodine Nutrition Study."""
    articled: set[str] = field(default_factory=set)
    """Names that bear a capital "The" within a sentence: The Guardian."""
    acronyms: dict[str, Name] = field(default_factory=dict)
    """KCNA -> Korean Central News Agency."""
    mentions: list[Mention] = field(default_factory=list)
    """In the order of the text; short forms are given their full names once all of it is read."""
    starts: list[int] = field(default_factory=list)
    """Where each sentence begins."""
    _subject: Name | None = None
    """Whom the sentence before is about, where its name opens it."""
    _kinds: Mapping[int, SourceKind | None] = field(default_factory=dict)

    @classmethod
    def of(cls, paragraphs: Iterable[Paragraph], kinds: Mapping[int, SourceKind | None] | None = None) -> Register:
        """Read every run of capitals outside quotations.

        `kinds` may tell for the offset of a word what sort of thing it names; it is weighed with what the text says.
        """
        register = cls(_kinds=kinds or {})
        for paragraph in paragraphs:
            for sentence in paragraph.sentences:
                register._read(sentence)
        register._settle()
        return register

    def _read(self, sentence: Sentence) -> None:
        tokens, number = sentence.tokens, len(self.starts)
        self.starts.append(sentence.span.start)
        if _title_case(tokens):
            return
        i = 0
        subject = True
        if self._subject is not None:  # "It said …" takes up whom the sentence before was about
            self._subject.person += tokens[0].low in _OF_PERSONS
            organised = tokens[0].low in ("it", "its") or (
                tokens[0].low == "the" and len(tokens) > 1 and tokens[1].low == "company"
            )
            self._subject.organisation += organised
        self._subject = None
        if (opening := _description(tokens)) is not None:
            self.mentions.append(Mention(opening[0].start, number, None, opening, True))
        while i < len(tokens):
            if not is_name(tokens[i]):
                subject = subject and not (
                    tokens[i].low in _DIVIDING or tokens[i].low in VERBS or tokens[i].low in COMMON_VERBS
                )
                i += 1
                continue
            end = run_end(tokens, i)
            if i > 1 and tokens[i].low in PORTFOLIOS and tokens[i - 1].low == "of" and tokens[i - 2].low in TITLES:
                i += i + 1 < end  # Secretary of State Mike Pompeo
            if i > 1 and tokens[i - 1].text == "The" and not tokens[i - 2].quoted:
                self.articled.add(join(tokens[i:end]))
            self._add(tokens, i, end, number, subject=subject)
            i = end

    def _add(self, tokens: Sequence[Token], start: int, end: int, number: int, *, subject: bool) -> None:
        for a, b in between_possessives(tokens, start, end):
            part = tokens[a:b]
            words = [t for t in part if t.word]
            if not words or len(words) > _LONGEST_NAME:
                continue
            if a == 0 and len(words) > 1 and words[0].low.endswith("ing"):  # Debating Clinton, …
                a, part, words = a + 1, tokens[a + 1 : b], words[1:]
            if len(words) == 1 and a == 0 and bare(words[0].low) in _OPENERS:
                continue  # "Police said": a capital of place, not of name
            owner = part[-1].possessive
            head = bare(words[-1].low)
            if head in DOCUMENTS and len(words) > 2 and len(self.documents.get(head, "")) < len(join(part)):
                self.documents[head] = join(part)
            named = self._name(tokens, a, b)
            whose = part if named is None else named
            own = subject and not owner and not _modifies(tokens, b)
            if own and self._subject is None:
                self._subject = self.names.get(lows(whose))
            self.mentions.append(Mention(whose[0].start, number, None, tuple(whose), own))

    def _name(self, tokens: Sequence[Token], a: int, b: int) -> Sequence[Token] | None:
        """The words of the run `[a, b)` that are its name, once what is told about it is noted."""
        part = tokens[a:b]
        person = personal_name(part)
        titles = [t for t in part if person and t.start < person[0].start]
        titled = any(styles(bare(t.low)) for t in titles)
        if person and len(lows(person)) == 1 and bare(person[-1].low) in ROLES:
            return None  # the Prime Minister
        if titled and person and len(lows(person)) == 1:
            known = self._known(lows(person), join(person))
            known.person += 3
            known.described.update(ABBREVIATED.get(w, w) for w in lows(titles))
            known.gender = known.gender or gender_of(lows(titles))
            return person
        words = person if titled and person else part
        kept = lows(words)
        organised = any(w in _ORGANISED for w in kept) or any(t.text == "&" for t in words)
        if not titled and person and not organised and len(lows(person)) > 1:  # without what stands around a name
            words, kept = person, lows(person)
        acronym = bracketed(tokens[b : b + 3])
        after = tokens[b] if b < len(tokens) else None
        if after is not None and bare(after.low) in _ORGANISING and not after.capital and not titled and not acronym:
            if len(kept) > 4 or bare(after.low) in OUTLET_REFERENCES:
                return None
            words, kept = tokens[a : b + 1], (*kept, bare(after.low))
            name = self._known(kept, join(words))  # the New Zealand government
            name.organisation += 3
            name.whole = True
            return words
        if acronym is not None:
            spelt = initialled(part, acronym.text)
            words, kept = (spelt, lows(spelt)) if spelt else (words, kept)
            self.acronyms.setdefault(acronym.low, self._known(kept, join(words))).organisation += 4
        if len(kept) > 4 and not organised and not titled and not any(w in PARTICLES for w in kept):
            return words  # a heading, no name
        if len(kept) < 2 and (
            kept[0] in MONTHS or kept[0] in GROUPS or _modifies(tokens, b) or not (a or _acts(tokens, b))
        ):
            return words
        name = self._known(kept, join(words))
        first = kept[0] in FEMININE_NAMES or kept[0] in MASCULINE_NAMES
        outlet = not first and bool({t.low.strip(".") for t in words if t.capital} & _OUTLETS)
        name.outlet += 9 * outlet
        name.organisation += 3 * any(w in ORGANISATION_WORDS for w in kept) or 2 * organised
        name.count += 1
        said = b < len(tokens) and tokens[b].low in VERBS
        name.sure = name.sure or a > 0 or len(kept) > 1 or tokens[b - 1].possessive or said or name.count > 1
        self._weigh(name, tokens, next(i for i in range(a, b) if tokens[i] is words[0]), b, titles)
        return words

    def _known(self, words: tuple[str, ...], full: str) -> Name:
        name = self.names.get(words)
        if name is None:
            name = self.names[words] = Name(full, words)
            for word in set(words):
                namesakes = self.by_word.setdefault(word, [])
                if len(namesakes) < _NAMESAKES:
                    namesakes.append(name)
            if words[0] in FEMININE_NAMES or words[0] in MASCULINE_NAMES:
                name.person += 4
                name.gender = "she" if words[0] in FEMININE_NAMES else "he"
            if any(len(w) == 1 for w in words[1:-1]):
                name.person += 2
        return name

    def _weigh(self, name: Name, tokens: Sequence[Token], a: int, b: int, titles: Sequence[Token]) -> None:
        """Note what stands around a name: titles, ages, appositions, an article."""
        told = self._kinds.get(tokens[a].start)
        if told is not None:
            name.person += told is SourceKind.PERSON
            name.organisation += told is SourceKind.ORGANISATION
            name.outlet += told is SourceKind.OUTLET
        before = [*_describing(tokens, a - len(titles)), *lows(titles)]
        after, age = _apposed(tokens, b)
        last = before[-1] if before else ""
        if last in OUTLET_REFERENCES or last == "journal":
            name.outlet += 3
        elif last in _ORGANISING:
            name.organisation += 3
        told_of = [w for w in (*before, *after) if w in _INDIVIDUAL]
        if told_of and last not in _ORGANISING:
            name.person += 3
            name.described.update(ABBREVIATED.get(w, w) for w in (*before, *after))
            name.gender = name.gender or gender_of((*before, *after))
        elif any(w in _ORGANISING for w in after):
            name.organisation += 3
            name.described.update(after)
        if age:
            name.person += 3
            self.ages.setdefault(age, name)
        following = tokens[b + 1].low if b + 1 < len(tokens) and tokens[b].text == "," else ""
        name.person += 2 * (following == "who")
        name.organisation += 2 * (following == "which")
        if b < len(tokens) and tokens[b].low in _STAFFED:
            name.organisation += 2
        taken_up = next((i for i in range(b, min(b + 2 + _REACH, len(tokens))) if _takes_up(tokens, i)), None)
        if taken_up is not None:
            name.person += tokens[taken_up].low in _OF_PERSONS
            name.organisation += tokens[taken_up].low in ("it", "its")
        name.organisation += a > 0 and tokens[a - 1].low == "at"
        if a and tokens[a - 1].low == "the" and not titles and not _modifies(tokens, b):
            name.organisation += 2

    def _settle(self) -> None:
        """Give the short forms among the mentions their names, and what "Mrs" tells to the one it can mean."""
        for (word, *more), name in self.names.items():
            longer = [n for n in self.by_word[word] if n.words[-1] == word and n is not name] if not more else ()
            people = [n for n in longer if not (name.gender and n.gender and n.gender != name.gender)]
            for full in longer:
                full.person += name.person * (full in people)
                full.organisation += name.organisation * (not full.person)
            if len(people) == 1:  # the one whom "Mrs Rees", "Senator Cole" can mean
                people[0].gender = people[0].gender or name.gender
                people[0].described |= name.described
        self._spell_out()
        for i, mention in enumerate(self.mentions):
            if mention.name is None and mention.words and is_name(mention.words[0]):
                found = self.find(lows(mention.words))
                sure = found is not None and (found.sure or found.person + found.organisation > 0)
                self.mentions[i] = mention._replace(name=found if sure else None)

    def _spell_out(self) -> None:
        """Take "IEA" for the International Energy Agency even where no brackets say so."""
        initials: dict[str, Name] = {}
        for name in self.names.values():
            if len(name.words) > 2 and name.kind is SourceKind.ORGANISATION:
                initials.setdefault("".join(w[0] for w in name.full.split() if w[0].isupper()).lower(), name)
        for words, short in self.names.items():
            if len(words) == 1 and short.full.isupper() and words[0] in initials:
                self.acronyms.setdefault(words[0], initials[words[0]])

    def find(self, words: tuple[str, ...], gender: str = "") -> Name | None:
        """The name that these words are, or are short for: of several, the one of the gender, spoken of last."""
        if not words:
            return None
        if len(words) == 1 and words[0] in self.acronyms:
            return self.acronyms[words[0]]
        exact = self.names.get(words)
        found = [n for n in self.by_word.get(words[-1], ()) if n is exact or _shortens(words, n)]
        if exact is not None and exact.kind is not SourceKind.PERSON:
            found = [n for n in found if n.kind is not SourceKind.PERSON or n.words[-1] == words[-1]]
        found = [n for n in found if not (gender and n.gender and n.gender != gender)] or found
        if words[0] in PARTICLES and len(found) > 1:
            found = [n for n in found if n is not exact]
        if not found:
            return exact
        whole = len(words) > 1 and words[0] not in PARTICLES  # "De la Cruz" is short for somebody
        if exact is not None and whole and exact.kind is SourceKind.PERSON:
            return exact
        found.sort(key=lambda n: (n.words[-1] == words[-1], len(n.words) > 1, n.seen, len(n.words)))
        best = found[-1]
        chief = max(found, key=lambda n: n.count)  # one Clinton among many is the one whom the article is about
        same = len(chief.words) > 1 and (chief.words[-1] == words[-1]) == (best.words[-1] == words[-1])
        return chief if same and chief.count >= 3 * max(1, best.count) else best


def _shortens(words: tuple[str, ...], name: Name) -> bool:
    """True when the words can be short for the name: a surname, a first name, either end of an institution's."""
    if len(words) > len(name.words) or name.whole:
        return False
    at_end, at_start = name.words[-len(words) :] == words, name.words[: len(words)] == words
    if name.kind is SourceKind.PERSON:
        whole = len(words) > 1 and name.words[-1] == words[-1] and set(words) <= set(name.words)
        return at_end or whole or (len(words) == 1 and at_start)
    return (at_end or at_start) and words[-1] not in PLACES


def _modifies(tokens: Sequence[Token], b: int) -> bool:
    """True when the name that ends at `b` stands before a noun: "the Trump administration"."""
    if b >= len(tokens) or not tokens[b].word or tokens[b].capital:
        return False
    low = tokens[b].low
    return (
        low not in VERBS
        and low not in COMMON_VERBS
        and low not in PASTS
        and low not in _DIVIDING
        and not low.endswith(("ed", "s"))
    )


def _title_case(tokens: Sequence[Token]) -> bool:
    """True of a headline in capitals: its runs are no names."""
    words = [t for t in tokens if t.word and len(t.text) > 3]
    return len(words) > 4 and tokens[-1].text != "." and sum(not t.capital for t in words) <= len(words) // 6


def _takes_up(tokens: Sequence[Token], i: int) -> bool:
    """True of a name, which ends the search, and of a pronoun; not of the "it" of "it was cold"."""
    low = tokens[i].low
    idle = low == "it" and tokens[i + 1 : i + 2] and tokens[i + 1].low in ("was", "is", "would", "'s", "’s")
    return is_name(tokens[i]) or (low in _TAKEN_UP and not idle)


def _acts(tokens: Sequence[Token], b: int) -> bool:
    """True when a verb, a comma or what it owns follows the one word that opens a sentence: it may be a name."""
    if b >= len(tokens) or tokens[b - 1].possessive:
        return b < len(tokens)
    low = tokens[b].low
    return low in _ACTING or low.endswith("ed") or low in (",", "'s", "’s")


def _describing(tokens: Sequence[Token], a: int) -> list[str]:
    """The words of a description before a name: "lead author", "the former trade minister,", "His wife,"."""
    end = a
    if a > 1 and tokens[a - 1].text == ",":
        a -= 1
        if bare(tokens[a - 1].low) not in _INDIVIDUAL or tokens[a - 1].possessive:
            a = _office(tokens, a)
            if not a:
                return []
        end = a
    while a > 0 and end - a < _REACH and tokens[a - 1].word and not tokens[a - 1].possessive:
        low = tokens[a - 1].low
        if low in DETERMINERS or low in STOPS or low in PREPOSITIONS or low in VERBS or low in AUXILIARIES:
            break
        a -= 1
    words = [bare(t.low) for t in tokens[a:end]]
    known = bool(words) and (
        words[-1] in ROLES or words[-1] in _ORGANISING or words[-1] in OUTLET_REFERENCES or words[-1] == "journal"
    )
    return words if known else []


def _office(tokens: Sequence[Token], comma: int) -> int:
    """Where the noun of an office ends that stands before a comma with whose it is: "The mayor of Orde,"."""
    found = 0
    for i in range(comma - 1, max(0, comma - 2 - _REACH), -1):
        if not tokens[i].word or tokens[i].low in VERBS or tokens[i].low in STOPS:
            break
        if tokens[i].low in ("of", "for", "at", "in") and tokens[i - 1].low in _INDIVIDUAL:
            found = i
    return found


def _apposed(tokens: Sequence[Token], b: int) -> tuple[list[str], str]:
    """The words of a description after a name, and the age between commas: ", 43, a nurse from Hull"."""
    age = ""
    while b + 1 < len(tokens) and tokens[b].text == "," and tokens[b + 1].text.isdigit() and not age:
        if len(tokens[b + 1].text) > 3:
            return [], ""
        age = tokens[b + 1].text
        b += 2
    if b + 1 >= len(tokens) or tokens[b].text != ",":
        return [], age
    words: list[str] = []
    for token in tokens[b + 1 : b + 2 + _REACH]:
        if token.low in VERBS or token.low in AUXILIARIES or token.low in MODALS:
            return [], age  # "According to the Ledger, an officer said …"
        if not token.word or token.low in PREPOSITIONS or token.low in STOPS:
            break
        words.append(bare(token.low))
    first = words[0] if words else ""
    described = first in ("a", "an", "the", "one") or first in ROLES
    return ([w for w in words if w not in DETERMINERS] if described else []), age


def _description(tokens: Sequence[Token]) -> tuple[Token, ...] | None:
    """Somebody without a name who opens a sentence: "The researchers tracked …"."""
    if tokens[0].low not in DETERMINERS and not tokens[0].text.isdigit():
        return None
    if len(tokens) > 3 and tokens[1].text.isdigit() and tokens[3].low == "year-old":
        return tuple(tokens[:4])
    for i, token in enumerate(tokens[1:_REACH], 1):
        if not token.word or token.capital or token.low in PREPOSITIONS or token.low in STOPS:
            return None
        if token.low in GROUPS or (token.low in ROLES and token.low not in TITLES):
            return tuple(tokens[: i + 1]) if tokens[0].low not in POSSESSIVES else None
    return None
