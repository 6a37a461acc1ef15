"""Names: who an article names, and whom a source's own words mean.

A register of the article's names is made first, so "Raimondo" and "KCNA" find the full name wherever in the article
it stands.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from reader.claims.lexicon import (
    CLITICS,
    DOCUMENTS,
    FEMININE,
    GROUPS,
    INSTITUTIONS,
    MASCULINE,
    NO_NAMES,
    ORGANISATION_REFERENCES,
    ORGANISATION_WORDS,
    OUTLET_REFERENCES,
    OUTLET_WORDS,
    PARTICLES,
    PLACES,
    PORTFOLIOS,
    PREPOSITIONS,
    ROLES,
    SPEAKING_NOUNS,
)
from reader.claims.segment import Paragraph, Token
from reader.model import Source, SourceKind, Span

_CLITICS = tuple(CLITICS)
_POSSESSIVE = ("'s", "’s", "'", "’")
_LONGEST_NAME = 9
_TELLING = SPEAKING_NOUNS | INSTITUTIONS
_NO_SURNAMES = INSTITUTIONS | DOCUMENTS | GROUPS
_ORGANISING = ORGANISATION_WORDS | PLACES
_GENERIC = ORGANISATION_REFERENCES | GROUPS
_UNNAMED = ORGANISATION_REFERENCES | ORGANISATION_WORDS
_BEFORE_NO_NAME = PREPOSITIONS | {"the"}
_WITHIN_NAMES = PREPOSITIONS | PARTICLES | {"and", "&", ".", "the"}


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


def _bare(word: str) -> str:
    """A word without its possessive ending."""
    if word.endswith(_POSSESSIVE):
        return word[:-1] if word[-1] in "'’" else word[:-2]
    return word


def is_name(token: Token) -> bool:
    """True of a capitalised word that is no sentence opener, day or month."""
    return (
        token.capital
        and not token.low.startswith(_CLITICS)
        and (token.low not in NO_NAMES or token.text in ("WHO", "US"))
    )


def tells(subject: Sequence[Token]) -> bool:
    """True of a subject that finds and shows in words: a document, an institution, people of study."""
    return any(_bare(t.low) in _TELLING or (len(t.text) > 1 and t.text.isupper()) for t in subject)


def speaks(source: Sequence[Token]) -> bool:
    """True of somebody or something that can be cited, unlike "privacy rules"."""
    return tells(source) or any(is_name(t) for t in source)


# --- the article's names ---------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Register:
    """Names of an article, to find the full form of a short one."""

    people: dict[str, str] = field(default_factory=dict)
    """Surname, lower case -> the first full name with it."""
    genders: dict[str, str] = field(default_factory=dict)
    """Full name -> "he" or "she", where a title or role tells."""
    roles: dict[str, str] = field(default_factory=dict)
    """Role word -> the last full name it stood before."""
    institutions: dict[tuple[str, ...], str] = field(default_factory=dict)
    """Any beginning or end of an institution's name, lower case -> its fullest form."""
    documents: dict[str, str] = field(default_factory=dict)
    """Head noun -> the fullest capitalised title with it: study -> Australian National Iodine Nutrition Study."""
    articled: set[str] = field(default_factory=set)
    """Names that bear a capital "The" within a sentence: The Guardian."""
    acronyms: dict[str, str] = field(default_factory=dict)
    """KCNA -> Korean Central News Agency."""

    @classmethod
    def of(cls, paragraphs: Iterable[Paragraph]) -> Register:
        """Read every run of capitals outside quotations."""
        register = cls()
        for paragraph in paragraphs:
            for sentence in paragraph.sentences:
                register._read(sentence.tokens)
        return register

    def _read(self, tokens: Sequence[Token]) -> None:
        i = 0
        while i < len(tokens):
            if not is_name(tokens[i]):
                i += 1
                continue
            end = _run_end(tokens, i)
            if i > 1 and tokens[i - 1].text == "The" and not tokens[i - 2].quoted:
                self.articled.add(_join(tokens[i:end]))
            self._add(tokens, i, end)
            i = end

    def _add(self, tokens: Sequence[Token], start: int, end: int) -> None:
        run = tokens[start:end]
        if (acronym := _bracketed(tokens[end : end + 3])) is not None:
            self.acronyms.setdefault(acronym.low, _initialled(run, acronym.text) or _join(run))
        if len(run) > _LONGEST_NAME:
            return
        for part in _between_possessives(run):
            words = [t for t in part if t.word]
            if any(_bare(t.low) in ORGANISATION_WORDS or _bare(t.low) in OUTLET_WORDS for t in words):
                name = _join(part)
                lows = tuple(t.low for t in words)
                for k in range(len(lows)):
                    for key in {lows[k:], lows[: len(lows) - k]}:
                        if len(key) > 1 and len(self.institutions.get(key, "")) < len(name):
                            self.institutions[key] = name
            head = _bare(words[-1].low) if words else ""
            if head in DOCUMENTS and len(words) > 2 and len(self.documents.get(head, "")) < len(_join(part)):
                self.documents[head] = _join(part)
            person = personal_name(part)
            if person and len(person) > 1 and not any(_bare(t.low) in INSTITUTIONS for t in person):
                self._add_person(part, person)

    def _add_person(self, part: Sequence[Token], person: Sequence[Token]) -> None:
        name = _join(person)
        known = self.people.setdefault(_bare(person[-1].low), name)
        before = [t.low for t in part if t.start < person[0].start]
        if not any(len(w) > 1 for w in (t.text for t in person[:-1])):
            return
        for low in before:
            if low in ROLES:
                self.roles[low] = known
            if low in FEMININE or low in MASCULINE:
                self.genders[known] = "she" if low in FEMININE else "he"

    def subjects(self, paragraphs: Iterable[Paragraph]) -> Iterator[tuple[int, str]]:
        """Where a known person opens a sentence: (offset, full name)."""
        for paragraph in paragraphs:
            for sentence in paragraph.sentences:
                tokens = sentence.tokens
                if is_name(tokens[0]):
                    run = tokens[: _run_end(tokens, 0)]
                    name = personal_name(run)
                    if name and (full := self.people.get(_bare(name[-1].low))):
                        yield tokens[0].start, full

    def person(self, words: Sequence[Token]) -> str | None:
        """The full name behind a surname or a full name."""
        if not words:
            return None
        name = _join(words)
        full = self.people.get(_bare(words[-1].low))
        if full is None or (len(words) > 1 and not set(name.lower().split()) <= set(full.lower().split())):
            return name if len(words) > 1 else None
        return full

    def institution(self, words: Sequence[Token]) -> str:
        """The fullest form of an institution's name."""
        lows = tuple(t.low for t in words if t.word)
        if len(lows) == 1 and lows[0] in self.acronyms:
            return self.acronyms[lows[0]]
        name = _join(words)
        full = self.institutions.get(lows)
        name = full if full is not None and len(full) > len(name) else name
        return f"The {name}" if name in self.articled else name


def _run_end(tokens: Sequence[Token], start: int) -> int:
    """End of the run of capitals, initials, "of" and particles that begins at `start`."""
    i = start + 1
    while i < len(tokens):
        token = tokens[i]
        adjacent = token.start - tokens[i - 1].end <= 1
        nxt = tokens[i + 1] if i + 1 < len(tokens) else None
        if not adjacent or token.quoted:
            break
        stop = token.text == "." and len(tokens[i - 1].text) <= 4 and nxt is not None and is_name(nxt)
        initial = token.capital and len(token.text) == 1 and nxt is not None and nxt.text == "."
        if stop or initial or is_name(token):
            i += 1
        elif (token.low in PARTICLES or token.low in ("of", "for", "and", "the", "&")) and nxt is not None:
            last = tokens[i - 1].low
            joins = token.low in PARTICLES or last in ORGANISATION_WORDS or token.low == "&"
            if not joins or not is_name(nxt):
                break
            i += 2
        else:
            break
    return i


def _bracketed(tokens: Sequence[Token]) -> Token | None:
    """The acronym of "(KCNA)" or "[KPA]"."""
    if len(tokens) < 3 or tokens[0].text not in "([" or tokens[2].text not in ")]" or not tokens[1].text.isupper():
        return None
    return tokens[1]


def _between_possessives(run: Sequence[Token]) -> list[Sequence[Token]]:
    """A run cut after each possessive: "American Enterprise Institute's" | "Frederick W. Kagan"."""
    parts, start = [], 0
    for i, token in enumerate(run):
        if token.possessive and i + 1 < len(run):
            parts.append(run[start : i + 1])
            start = i + 1
    parts.append(run[start:])
    return parts


def _initialled(run: Sequence[Token], acronym: str) -> str | None:
    """The tail of a run whose initials spell the acronym."""
    words = [t for t in run if t.capital]
    tail = words[-len(acronym) :]
    return _join(run[run.index(tail[0]) :]) if tail and "".join(t.text[0] for t in tail) == acronym else None


def _join(tokens: Sequence[Token]) -> str:
    """The tokens as they stand in the text, without a closing possessive."""
    parts: list[str] = []
    for i, token in enumerate(tokens):
        parts.append((" " if i and token.start > tokens[i - 1].end else "") + token.text)
    return _bare("".join(parts))


def personal_name(words: Sequence[Token]) -> Sequence[Token] | None:
    """The name of a person at the end of a phrase, after titles, roles, institutions and possessives."""
    cut = 0
    for i, token in enumerate(words):
        low = _bare(token.low)
        if (
            ((low in ROLES or low in PORTFOLIOS) and i + 1 < len(words))
            or token.possessive
            or low in ORGANISATION_WORDS
            or not (token.capital or token.low in PARTICLES or token.text == "." or token.quoted)
            or (low in PLACES and i + 1 < len(words) and (i == 0 or words[i - 1].low != "."))
        ):
            cut = i + 1
    while cut < len(words) and (words[cut].text == "." or words[cut].low in NO_NAMES):
        cut += 1
    name = words[cut:]
    while name and name[-1].text == ".":
        name = name[:-1]
    if cut and words[cut - 1].low in _BEFORE_NO_NAME and any(t.low in PREPOSITIONS for t in words[:cut]):
        return None  # High Commissioner for Human Rights
    if not name or len(name) > 7 or not name[0].capital or not any(t.capital for t in name):
        return None
    return name


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
        elif token.text == ",":
            parts.append([])
        elif not depth:
            parts[-1].append(token)
    return [p for p in parts if p] or [source]


def _head(words: Sequence[Token]) -> Sequence[Token]:
    """The words up to and with the head noun: before prepositions and participles ("a letter seen by …")."""
    head = [t for t in until_preposition(words) if t.word]
    for i in range(1, len(head)):
        if _bare(head[i - 1].low) in SPEAKING_NOUNS:
            low = head[i].low
            if low.endswith(("ing", "ed")) or low in ("seen", "shown", "known", "familiar", "close"):
                return head[:i]
    return head


def until_preposition(words: Sequence[Token]) -> Sequence[Token]:
    """The words before the first preposition."""
    for i, token in enumerate(words):
        if token.low in PREPOSITIONS and i:
            return words[:i]
    return words


def _person_in(words: Sequence[Token], register: Register) -> str | None:
    """The person a segment names, if it names one."""
    for part in (until_preposition(words), words):
        has_role = any(_bare(t.low) in ROLES for t in part[:-1])
        possessive = any(t.possessive for t in part[:-1])
        if (_bare(part[-1].low) in ROLES and not (has_role and len(part) == 2)) or _bare(part[-1].low) in INSTITUTIONS:
            continue
        name = personal_name(part)
        if name is None or _bare(name[-1].low) in _NO_SURNAMES:
            continue
        if any(_bare(t.low) in OUTLET_WORDS for t in part) and not has_role and len(name) == 1:
            continue
        words_in_name = [t for t in name if t.word]
        if len(words_in_name) == 1:
            known = register.people.get(_bare(name[-1].low))
            if known is not None and not name[-1].text.isupper():
                return known
            if has_role and not name[-1].text.isupper():
                return _join(name)
            continue
        if has_role or possessive or _bare(name[-1].low) in register.people:
            return register.person(name)
    return None


def read(source: Sequence[Token], register: Register) -> Speaker:
    """The speaker that a source's own words name or describe, without looking back."""
    segments = _segments(source)
    words, text = segments[0], _join(source)
    head = _head(words)
    if not head:
        return Speaker(text, SourceKind.UNKNOWN, False)
    generic = words[0].low in _GENERIC  # "Police said": a capital of place, not of name
    own_name = any(is_name(t) for t in words[generic:])
    outlet = own_name and _outlet_like(words)
    if not outlet:
        for segment in segments:
            if person := _person_in(segment, register):
                return Speaker(person, SourceKind.PERSON, True)
    noun, common = _bare(head[-1].low), not head[-1].capital
    plural = common and noun.endswith("s") and not noun.endswith("ss") and head[0].low not in ("the", "a", "an")
    if noun in GROUPS or head[0].text[0].isdigit():
        return Speaker(text, SourceKind.GROUP, False)
    if noun in DOCUMENTS and not outlet:
        if noun == "intelligence" and is_name(words[0]):  # Ukrainian intelligence: a service, not a paper
            return Speaker(text, SourceKind.ORGANISATION, True)
        titled = register.documents.get(noun)
        return Speaker(titled or text, SourceKind.DOCUMENT, titled is not None)
    if noun in ROLES and common:
        return Speaker(text, SourceKind.PERSON, False)
    if own_name and not (plural and noun not in ORGANISATION_WORDS):
        return _institution(words, noun, text, register, outlet=outlet)
    if noun in OUTLET_REFERENCES or noun == "media":
        return Speaker(text, SourceKind.OUTLET, False)
    if noun in _UNNAMED:
        return Speaker(text, SourceKind.ORGANISATION, False)
    return Speaker(text, SourceKind.GROUP if plural else SourceKind.UNKNOWN, False)


def _institution(words: Sequence[Token], noun: str, text: str, register: Register, *, outlet: bool) -> Speaker:
    """The outlet or organisation that a phrase with a name in it stands for, if it is none of a person."""
    name = register.institution(_own_name(words))
    if outlet or _outlet_words(name):
        return Speaker(name, SourceKind.OUTLET, True)
    if any(_bare(t.low) in _ORGANISING for t in words) or words[-1].text.isupper():
        return Speaker(name, SourceKind.ORGANISATION, True)
    if noun in ROLES:
        return Speaker(text, SourceKind.PERSON, False)
    if words[0].low == "the" and len(words) > 1:
        return Speaker(name, SourceKind.ORGANISATION, True)
    full_name = len(words) > 1 and all(is_name(t) or t.text == "." or t.low in PARTICLES for t in words)
    return Speaker(name, SourceKind.PERSON if full_name else SourceKind.UNKNOWN, True)


def _own_name(words: Sequence[Token]) -> Sequence[Token]:
    """An institution's name without what describes it: "the secularist magazine" MicroMega, "Iran's" ISNA."""
    cut = 0
    for i, token in enumerate(words[:-1]):
        possessive = token.possessive
        described = not token.capital and token.low not in _WITHIN_NAMES
        if (possessive or described or (token.low == "the" and i == cut)) and words[i + 1].capital:
            cut = i + 1
    return words[cut:]


def _outlet_words(name: str) -> bool:
    return bool({w.lower().strip(".") for w in name.split() if w[0].isupper()} & OUTLET_WORDS)


def _outlet_like(words: Sequence[Token]) -> bool:
    """True of an outlet's name: The New York Times, ABC News, the secularist magazine MicroMega."""
    head = until_preposition(words)
    if any(t.capital and _bare(t.low) in OUTLET_WORDS for t in head):
        return not any(_bare(t.low) in ROLES for t in head) and not any(t.possessive for t in head[:-1])
    return len(head) > 1 and any(t.low in OUTLET_REFERENCES for t in head[:-1]) and head[-1].capital
