"""Looking back: whose name stands behind "he", "the outlet" or "the report", reading the article in order."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from reader.claims.lexicon import (
    DOCUMENT_REFERENCES,
    DOCUMENTS,
    FEMININE_KIN,
    GROUPS,
    MASCULINE_KIN,
    ORGANISATION_NOUNS,
    ORGANISATION_REFERENCES,
    OUTLET_REFERENCES,
    PLACES,
    PRONOUNS,
    ROLES,
    TITLES,
    word_set,
)
from reader.claims.names import bare, gender_of, is_name, join, lows
from reader.claims.register import Mention, Register
from reader.claims.segment import Token
from reader.claims.speakers import Speaker, personal_noun, read, until_preposition
from reader.model import SourceKind

_DEFINITE = word_set("the this that these those same")
_ANY_ORGANISATION = word_set(
    """company firm agency organisation organization group institute carrier maker manufacturer giant retailer business
    operator supplier airline startup start-up charity nonprofit non-profit"""
)
"""References so general that an organisation of whatever name will do; "the court" needs a court."""
_PUBLIC = word_set(
    """ministry department police government court parliament senate congress council army navy military university
    school hospital committee commission museum nations union party"""
)
"""Words of a name that make its bearer nobody's "company"."""
_OFFICES = TITLES | word_set(
    """spokesman spokeswoman spokesperson official source chairman chairwoman chair aide prosecutor diplomat witness
    suspect defendant judge director ceo executive moderator host reporter officer driver doctor victim juror clerk
    caller interviewer"""
)
"""Roles that "the" may give to somebody not named yet; "the defender" is who was spoken of just before."""
_HEARD = word_set("police coastguard")
"""Organisations that go without an article."""
_RULED = word_set("government military army navy parliament president ministry embassy")
_HIS = {"his": "he", "her": "she", "its": "it"}
_STUDIES = word_set("study paper research analysis survey review experiment trial")
_FINDINGS = _STUDIES | word_set("report data figures findings results statistics poll estimates census")
_ANY_DOCUMENT = word_set("document documents")
_TOLD_APART = ROLES | GROUPS | DOCUMENTS | OUTLET_REFERENCES
_FORMS = {low: low for low in PRONOUNS} | {
    "him": "he", "his": "he", "her": "she", "hers": "she", "its": "it", "them": "they", "their": "they"
}  # fmt: skip
_AIR = ("airlines", "airways", "air")
_ALSO = {
    "lender": ("bank",), "carrier": _AIR, "airline": _AIR, "automaker": ("motors",), "carmaker": ("motors",),
    "force": ("police",), "department": ("police",), "station": ("radio", "television"),
    "agency": ("administration", "bureau", "authority", "service"), "insurer": ("insurance", "mutual"),
    "regulator": ("authority", "commission", "agency"), "watchdog": ("authority", "commission", "agency"),
}  # fmt: skip
"""What an organisation may be called -> the words of its name that allow it."""
_FIRST = word_set("i we me us")
_RELATIVE = word_set("who which whose whom")
_AGE = re.compile(r"\w+ (\d{1,3})-year-old")
_BACK = 12
"""How many of the latest candidates a reference may look back over."""
_DISTANCE = 1.5
"""What each sentence in between takes from how near at hand somebody is."""
_REACHING = 0.5
"""The same for "the company", which reaches further back than "it"."""
_CENTRAL = 0.2
"""What each mention adds to how near at hand somebody is."""
_FADING = 6
"""How many sentences "they" and "the defender" reach back."""


@dataclass(slots=True)
class _Candidate:
    """One who may be meant, with where he was spoken of last."""

    speaker: Speaker
    gender: str
    sentence: int
    weight: float
    count: int = 1
    """How often he was spoken of."""

    def salience(self, sentence: int, gender: str = "", fading: float = _DISTANCE) -> float:
        """How near at hand: subjects and speakers count for more than who is mentioned in passing."""
        known = 0.6 * bool(gender and self.gender == gender)
        return self.weight - fading * (sentence - self.sentence) + known + _CENTRAL * min(self.count, 6)


class Discourse:
    """Who has been spoken of so far."""

    def __init__(self, register: Register, outlet: str | None = None) -> None:
        self._register = register
        self._outlet = outlet
        self._mentions: Iterator[Mention] = iter(register.mentions)
        self._next = next(self._mentions, None)
        self._sentence = 0
        self._candidates: dict[str, _Candidate] = {}
        """Everybody by name, whoever was spoken of last at the end."""
        self._by_word: dict[tuple[SourceKind, str], Speaker] = {}
        """Kind and a word of the name -> the last of both: "the ministry" finds the Health Ministry."""
        self.latest: Speaker | None = None
        """Who spoke last, whatever their kind."""

    def resolve(self, source: Sequence[Token], *, inner: bool = False, teller: Speaker | None = None) -> Speaker | None:
        """The speaker of a source, None for a pronoun that points at nobody.

        He is the latest from then on, unless the report stands inside another's words. Inside the quotation of a
        `teller`, "I" is the teller and "he" is not.
        """
        self._read_to(source[0].start)
        if teller is not None and source[0].low in _FIRST and len(source) == 1:
            return teller._replace(how=f"“{source[0].text}” is {teller.name}, who is quoted")
        speaker = self._meant(source, "" if teller is None else teller.name)
        if speaker is None:
            return None
        told = [bare(t.low) for t in source if t.word]
        gender = told[0] if told[:1] in (["he"], ["she"]) else "" if speaker.named else gender_of(told[:6])
        self._note(speaker, gender=gender, weight=0.5 if inner else 2.0)
        if not inner:
            self.latest = speaker
        return speaker

    def behind(self, source: Sequence[Token]) -> str:
        """The name of one whose word a source hands on; nobody whom "he" or "it" would mean next."""
        speaker = self.meant(source) or read(source, self._register)
        self._note(speaker, gender="", weight=-1.0)
        return speaker.name

    def meant(self, source: Sequence[Token]) -> Speaker | None:
        """The speaker of a source that stands further on, who is nobody's antecedent yet."""
        return self._meant(source)

    def _meant(self, source: Sequence[Token], teller: str = "") -> Speaker | None:
        words = [t for t in source if t.word]
        low = words[0].low if len(words) == 1 and not is_name(words[0]) else ""  # who, not the WHO
        if low in _FORMS:
            return self._pronoun(_FORMS[low], teller)
        if low in _RELATIVE:
            return self._antecedent()
        if (known := self._definite(source if len(source) < 6 else words) or self._owned(words)) is not None:
            return known
        said = read(source, self._register)
        aside = next((i for i, t in enumerate(source) if t.text in ",—–" or t.low == "who"), 0)
        if said.named or aside < 2:
            return said
        return self._definite(source[:aside]) or said  # the governor, a Republican who …

    # --- who is spoken of ----------------------------------------------------------------------------------------

    def _read_to(self, offset: int) -> None:
        """Take in who is mentioned before `offset`."""
        while self._next is not None and self._next.start < offset:
            self._take(self._next)
            self._next = next(self._mentions, None)
        self._sentence = max(0, bisect_right(self._register.starts, offset) - 1)

    def _take(self, mention: Mention) -> None:
        self._sentence = mention.sentence
        name = mention.name
        if name is not None:
            name.seen = mention.sentence
            named = name.full if name.full not in self._register.articled else f"The {name.full}"
            speaker = Speaker(named, name.kind, True)
            place = all(w in PLACES for w in name.words)
            self._note(speaker, gender=name.gender, weight=1.0 * mention.subject - 2.0 * place)
        elif mention.words and not is_name(mention.words[0]):
            speaker = read(mention.words, self._register)
            if speaker.kind in (SourceKind.PERSON, SourceKind.GROUP):
                known = self._definite(mention.words)
                self._note(known or speaker, gender=gender_of(lows(mention.words)), weight=0.5)

    def _note(self, speaker: Speaker, *, gender: str, weight: float) -> None:
        """Make somebody the last spoken of."""
        key = speaker.name.casefold()
        before = self._candidates.pop(key, None)
        if before is not None:
            gender = before.gender or gender
            if before.sentence == self._sentence:
                weight = max(weight, before.weight)
        plain = speaker._replace(how="")
        count = 1 if before is None else before.count + 1
        self._candidates[key] = _Candidate(plain, gender, self._sentence, weight, count)
        for word in re.findall(r"\w+", key):
            self._by_word[speaker.kind, word] = plain

    def _last(self, kinds: Iterable[SourceKind], count: int = _BACK) -> list[_Candidate]:
        """The latest candidates of these kinds, the last first."""
        wanted = set(kinds)
        recent = islice(reversed(self._candidates.values()), 4 * _BACK)
        return list(islice((c for c in recent if c.speaker.kind in wanted), count))

    # --- pronouns ------------------------------------------------------------------------------------------------

    def _pronoun(self, low: str, teller: str) -> Speaker | None:
        if low == "they":
            found = self._many()
        else:
            found = self._person(low, teller) if low in ("he", "she") else self._thing()
        return None if found is None else found._replace(how=f"pronoun “{low}” read as {found.name}")

    def _antecedent(self) -> Speaker | None:
        """Whom "who" and "which" take up: the last spoken of."""
        last = next(reversed(self._candidates.values()), None)
        return last.speaker if last is not None and last.sentence == self._sentence else None

    def _person(self, low: str, teller: str = "") -> Speaker | None:
        """The one most in mind whom nothing told to be of the other gender; the pronoun tells from then on."""
        people = [c for c in self._last([SourceKind.PERSON]) if c.gender in ("", low) and c.speaker.name != teller]
        if not people:
            return None
        best = max(people, key=lambda c: c.salience(self._sentence, low))
        best.gender = low
        return best.speaker

    def _thing(self, *, places: bool = False) -> Speaker | None:
        """What "it" is: an organisation, an outlet or a document, hardly ever a place."""
        things = self._last([SourceKind.ORGANISATION, SourceKind.OUTLET, SourceKind.DOCUMENT])
        things = [c for c in things if places or not _place(c.speaker.name) or c.weight >= 2]
        return max(things, key=lambda c: c.salience(self._sentence)).speaker if things else None

    def _state(self) -> Speaker | None:
        """Whose government "its government" is: the last named by one word or known for a place."""
        things = self._last([SourceKind.ORGANISATION])
        return next((c.speaker for c in things if _place(c.speaker.name) or " " not in c.speaker.name), None)

    def _many(self) -> Speaker | None:
        """Who "they" are: a group, else an organisation that spoke."""
        groups = [
            c for c in self._last([SourceKind.GROUP, SourceKind.PERSON]) if self._sentence - c.sentence <= _FADING
        ]
        groups = [
            c for c in groups if c.speaker.kind is SourceKind.GROUP or (c.speaker.named and " and " in c.speaker.name)
        ]
        if groups:
            return max(groups, key=lambda c: c.salience(self._sentence)).speaker
        others = self._last([SourceKind.ORGANISATION])
        near = [c for c in others if self._sentence - c.sentence <= 3 and c.weight >= 1]
        return max(near, key=lambda c: c.salience(self._sentence)).speaker if near else None

    def _owned(self, words: Sequence[Token]) -> Speaker | None:
        """One known by whose he is: "His mother", "its government"."""
        if not 1 < len(words) <= 4 or words[0].low not in _HIS or any(is_name(t) for t in words[1:]):
            return None
        noun = bare(words[-1].low)
        if noun not in ROLES | FEMININE_KIN | MASCULINE_KIN | ORGANISATION_NOUNS:
            return None
        if noun in ORGANISATION_NOUNS and (body := self._containing((noun,))) is not None:
            return self._told(words, body)  # his office: the Attorney General's Office
        if words[0].low == "its":
            owner = self._state() if noun in _RULED else self._thing(places=True)
        else:
            owner = self._person(_HIS[words[0].low])
        if owner is None:
            return None
        said = read(words, self._register)
        rest = join(words[1:])
        named = owner.named and said.kind is SourceKind.ORGANISATION
        how = f"“{words[0].text}” read as {owner.name}"
        return Speaker(f"{owner.name}’s {rest}", said.kind, named, how)

    # --- "the minister", "the outlet", "the report" --------------------------------------------------------------

    def _definite(self, words: Sequence[Token]) -> Speaker | None:
        """The one whom "the outlet", "the ministry", "the minister" has been named before."""
        if len(words) == 1 and words[0].low in _HEARD:
            return self._told(words, self._institution(words[0].low))
        if not 1 < len(words) <= 7 or words[0].low not in _DEFINITE:
            return None
        told = until_preposition(words)
        if (joined := next((i for i, t in enumerate(told) if t.low == "and"), 0)) > 1:
            told = told[:joined]  # the Florida senator and Republican candidate
        noun = bare(told[-1].low)
        office = personal_noun(noun) and not told[-1].capital
        capitals = [t.low for t in words[1:] if is_name(t) and "-" not in t.low]
        titles = len(capitals) == 1 or all(low in ROLES for low in capitals)  # the Prime Minister, the Company
        if not office and not (titles and all(low in ROLES | ORGANISATION_NOUNS for low in capitals)):
            return None
        if any(t.possessive for t in told[:-1]):
            return self._told(words, self._containing(lows(told[1:])))
        if len(told) < len(words) and not joined and not (noun in DOCUMENT_REFERENCES or noun in DOCUMENTS):
            return None
        if words[0].low == "this" and noun in OUTLET_REFERENCES and self._outlet:
            how = f"“{' '.join(t.text for t in words)}” is the article's own outlet"
            return Speaker(self._outlet, SourceKind.OUTLET, True, how)
        found: Speaker | None = None
        if (age := _AGE.fullmatch(join(words))) and (aged := self._register.ages.get(age[1])):
            found = Speaker(aged.full, SourceKind.PERSON, True)
        studied = noun == "paper" and any((SourceKind.DOCUMENT, w) in self._by_word for w in _STUDIES)
        if found is None and noun in OUTLET_REFERENCES and not studied:
            found = next((c.speaker for c in self._last([SourceKind.OUTLET])), None)
        if found is None and (noun in DOCUMENT_REFERENCES or noun in DOCUMENTS):
            found = self._by_word.get((SourceKind.DOCUMENT, noun))
            if found is None:
                found = self._paper(noun)
        common = noun in ORGANISATION_REFERENCES | ORGANISATION_NOUNS or noun in _ALSO
        if found is None and (common or (noun not in _TOLD_APART and not noun.endswith("s"))):
            found = self._containing(lows(told[1:])) or (self._institution(noun) if common else None)
        if found is None and personal_noun(noun):
            found = self._holder(lows(told[1:]), plain=not capitals)
        if found is None and noun in GROUPS:
            found = self._by_word.get((SourceKind.GROUP, noun))
        return self._told(words, found)

    def _paper(self, noun: str) -> Speaker | None:
        """The last document that may be called so: a survey "the study", whatever can be read "the document"."""
        for candidate in self._last([SourceKind.DOCUMENT]):
            words = set(re.findall(r"\w+", candidate.speaker.name.lower()))
            if noun in _ANY_DOCUMENT or (noun in _FINDINGS and words & _FINDINGS):
                return candidate.speaker
        return None

    def _told(self, words: Sequence[Token], found: Speaker | None) -> Speaker | None:
        phrase = " ".join(t.text for t in words)
        if found is None or found.name.casefold() == phrase.casefold():
            return None
        return found._replace(how=f"“{phrase}” read as {found.name}")

    def _institution(self, noun: str) -> Speaker | None:
        """The organisation that has the noun in its name or is said to be one; for "the company", the nearest."""
        found = self._by_word.get((SourceKind.ORGANISATION, noun))
        if found is not None and found.named:
            return found
        for word in _ALSO.get(noun, ()):
            if (other := self._by_word.get((SourceKind.ORGANISATION, word))) is not None and other.named:
                return other
        nearest = self._last([SourceKind.ORGANISATION, SourceKind.OUTLET])
        told = [c.speaker for c in nearest if noun in self._descriptions(c.speaker)]
        if told:
            return told[0]
        if noun in _ANY_ORGANISATION:
            fitting = [c for c in nearest if (c.speaker.named and not _place(c.speaker.name)) or c.speaker == found]
            fitting = [c for c in fitting if noun == "agency" or not _PUBLIC & set(c.speaker.name.lower().split())]
            fitting = [c for c in fitting if c.speaker.kind is SourceKind.ORGANISATION]
            if fitting:
                return max(fitting, key=lambda c: c.salience(self._sentence, fading=_REACHING)).speaker
        if found is None and self._sentence <= 1:  # a headline's "police" are named below it
            ahead = [n for n in self._register.by_word.get(noun, ()) if n.kind is SourceKind.ORGANISATION]
            if len(ahead) == 1 and noun in _HEARD:
                found = Speaker(ahead[0].full, SourceKind.ORGANISATION, True)
        return found or self._by_word.get((SourceKind.OUTLET, noun))

    def _containing(self, told: tuple[str, ...]) -> Speaker | None:
        """The organisation with all these words in its name: "the sheriff's office"."""
        nearest = self._last([SourceKind.ORGANISATION], 3 * _BACK)
        parts = ((c.speaker, {bare(w) for w in c.speaker.name.lower().split()}) for c in nearest if c.speaker.named)
        return next((speaker for speaker, words in parts if words.issuperset(told)), None)

    def _descriptions(self, speaker: Speaker) -> set[str]:
        name = self._register.names.get(tuple(re.findall(r"[\w&.'’-]+", speaker.name.lower())))
        return name.described if name is not None else set()

    def _holder(self, told: tuple[str, ...], *, plain: bool) -> Speaker | None:
        """The person who was said to be "the former minister": all the words, or the noun at least, nearest first."""
        noun = told[-1]
        gender = gender_of(told)
        best: tuple[int, float, Speaker] | None = None
        for candidate in self._last([SourceKind.PERSON], 3 * _BACK):
            described = self._descriptions(candidate.speaker)
            if not candidate.speaker.named:
                described = set(re.findall(r"[\w-]+", candidate.speaker.name.lower()))
                if not described.issuperset(told):
                    continue
            if noun not in described or (gender and candidate.gender not in ("", gender)):
                continue
            rank = (sum(w in described for w in told), candidate.salience(self._sentence), candidate.speaker)
            if best is None or rank[:2] > best[:2]:
                best = rank
        if best is not None:
            return best[2]
        if noun in _OFFICES or len(told) > 4 or not plain:
            return None
        people = [
            c for c in self._last([SourceKind.PERSON], 3) if c.speaker.named and c.gender in ("", gender or c.gender)
        ]
        near = [c for c in people if self._sentence - c.sentence <= 2 and c.weight >= 1]
        return max(near, key=lambda c: c.salience(self._sentence)).speaker if near else None


def _place(name: str) -> bool:
    return all(w in PLACES for w in name.lower().split())
