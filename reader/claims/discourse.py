"""Looking back: whose name stands behind "he", "the outlet" or "the report", reading reports in order."""

from __future__ import annotations

from collections.abc import Sequence

from reader.claims.lexicon import (
    DOCUMENT_REFERENCES,
    GROUPS,
    ORGANISATION_REFERENCES,
    OUTLET_REFERENCES,
    PRONOUNS,
    ROLES,
    word_set,
)
from reader.claims.segment import Token
from reader.claims.speakers import Register, Speaker, is_name, read, until_preposition
from reader.model import SourceKind

_DEFINITE = word_set("the this that these those same")
_ANY_ORGANISATION = word_set("company firm agency organisation organization group institute carrier maker manufacturer")
"""References so general that the last organisation of whatever name will do; "the court" needs a court."""
_PEOPLE_BACK = 6
"""How many people a pronoun may look back over."""


class Discourse:
    """The speakers so far."""

    def __init__(self, register: Register, outlet: str | None = None) -> None:
        self._register = register
        self._outlet = outlet
        self._last: dict[SourceKind, Speaker] = {}
        self._by_word: dict[tuple[SourceKind, str], Speaker] = {}
        """Kind and a word of the name -> the last speaker of both: "the ministry" finds the Health Ministry."""
        self._people: list[str] = []
        self.latest: Speaker | None = None
        """Who spoke last, whatever their kind."""

    def mention(self, person: str) -> None:
        """Make a person, named as the subject of a sentence, the nearest one for "he" and "she"."""
        self._people.append(person)

    def note(self, speaker: Speaker) -> None:
        """Make `speaker` the latest, and the last of its kind."""
        self.hint(speaker)
        self.latest = speaker

    def hint(self, speaker: Speaker) -> None:
        """Make one who stands behind a source the last of its kind: "the intelligence" finds it, "it" does not."""
        self._last[speaker.kind] = speaker
        for word in speaker.name.lower().split():
            self._by_word[speaker.kind, word] = speaker
        if speaker.kind is SourceKind.PERSON and speaker.named:
            self._people.append(speaker.name)

    def resolve(self, source: Sequence[Token]) -> Speaker | None:
        """The speaker of a source, who then is the latest; None for a pronoun that points at nobody."""
        words = [t for t in source if t.word]
        if len(words) == 1 and words[0].low in PRONOUNS:
            speaker = self._pronoun(words[0].low)
        else:
            speaker = self._definite(words) or read(source, self._register)
        if speaker is not None:
            self.note(speaker)
        return speaker

    def _definite(self, words: Sequence[Token]) -> Speaker | None:
        """The one whom "the outlet", "the ministry", "the minister" has been named before."""
        if not 1 < len(words) <= 3 or words[0].low not in _DEFINITE or any(is_name(t) for t in words[1:]):
            return None
        noun = until_preposition(words)[-1].low
        phrase = " ".join(t.text for t in words)
        if words[0].low == "this" and noun in OUTLET_REFERENCES and self._outlet:
            return Speaker(self._outlet, SourceKind.OUTLET, True, f"“{phrase}” is the article's own outlet")
        found: Speaker | None = None
        if noun in OUTLET_REFERENCES:
            found = self._last.get(SourceKind.OUTLET)
        if found is None and noun in DOCUMENT_REFERENCES:
            found = self._by_word.get((SourceKind.DOCUMENT, noun)) or self._last.get(SourceKind.DOCUMENT)
        if found is None and noun in ORGANISATION_REFERENCES:
            found = self._by_word.get((SourceKind.ORGANISATION, noun))
            if found is None and noun in _ANY_ORGANISATION:
                found = self._last.get(SourceKind.ORGANISATION)
            found = found or self._by_word.get((SourceKind.OUTLET, noun))
        if found is None and noun in ROLES and (name := self._register.roles.get(noun)):
            found = Speaker(name, SourceKind.PERSON, True)
        if found is None and noun in GROUPS:
            found = self._by_word.get((SourceKind.GROUP, noun))
        if found is None or found.name.casefold() == phrase.casefold():
            return None
        return found._replace(how=f"“{phrase}” read as {found.name}")

    def _pronoun(self, low: str) -> Speaker | None:
        found = self._person(low) if low in ("he", "she") else self._thing(low)
        return None if found is None else found._replace(how=f"pronoun “{low}” read as {found.name}")

    def _person(self, low: str) -> Speaker | None:
        """The nearest person whom nothing told to be of the other gender; the pronoun tells from then on."""
        for name in reversed(self._people[-_PEOPLE_BACK:]):
            if self._register.genders.setdefault(name, low) == low:
                return Speaker(name, SourceKind.PERSON, True)
        last = self._last.get(SourceKind.PERSON)
        return last if last is not None and not last.named else None

    def _thing(self, low: str) -> Speaker | None:
        """Who "it" or "they" is."""
        if low == "they":
            return self._last.get(SourceKind.GROUP) or self._last.get(SourceKind.ORGANISATION)
        if self.latest is not None and self.latest.kind not in (SourceKind.PERSON, SourceKind.GROUP):
            return self.latest
        return self._last.get(SourceKind.ORGANISATION) or self._last.get(SourceKind.OUTLET)
