"""What looks like a name: runs of capitals, where they end, and the name of a person at a phrase's end."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from reader.claims.lexicon import (
    BUSINESS_WORDS,
    CLITICS,
    FEMININE,
    FEMININE_KIN,
    GROUPS,
    MASCULINE,
    MASCULINE_KIN,
    NO_NAMES,
    ORGANISATION_WORDS,
    ORGANISED_GROUPS,
    PARTICLES,
    PLACES,
    PORTFOLIOS,
    PREPOSITIONS,
    PRONOUNS,
    ROLES,
    STYLES,
)
from reader.claims.segment import Token

_CLITICS = tuple(CLITICS)
_POSSESSIVE = ("'s", "’s", "'", "’")
_BEFORE_NO_NAME = PREPOSITIONS | {"the"}
_MEMBERS = GROUPS - ORGANISED_GROUPS
_FEMALE, _MALE = (FEMININE | FEMININE_KIN) - PRONOUNS, (MASCULINE | MASCULINE_KIN) - PRONOUNS


def bare(word: str) -> str:
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


def join(tokens: Sequence[Token]) -> str:
    """The tokens as they stand in the text, without a closing possessive."""
    parts: list[str] = []
    for i, token in enumerate(tokens):
        parts.append((" " if i and token.start > tokens[i - 1].end else "") + token.text)
    return bare("".join(parts))


def lows(tokens: Iterable[Token]) -> tuple[str, ...]:
    """The words in lower case, without possessive endings."""
    return tuple(bare(t.low) for t in tokens if t.word)


def gender_of(words: Iterable[str]) -> str:
    """The gender that a title, an office or kin tells: "Mrs", "spokeswoman", "husband"; empty when none does."""
    for word in words:
        if word in _FEMALE or word in _MALE:
            return "she" if word in _FEMALE else "he"
    return ""


def run_end(tokens: Sequence[Token], start: int) -> int:
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
        elif token.text in "'’" and tokens[i - 1].low.endswith("s") and nxt is not None and nxt.capital:
            i += 1  # the Dairy Workers' Union
        elif (token.low in PARTICLES or token.low in ("of", "for", "and", "the", "&")) and nxt is not None:
            last = tokens[i - 1].low
            doubled = token.low in PARTICLES and nxt.low in PARTICLES and i + 2 < len(tokens)  # Ana de la Cruz
            joins = token.low in PARTICLES or last in ORGANISATION_WORDS or token.low == "&"
            if not joins or not is_name(tokens[i + 2] if doubled else nxt):
                break
            i += 3 if doubled else 2
        else:
            break
    return i


def bracketed(tokens: Sequence[Token]) -> Token | None:
    """The acronym of "(KCNA)" or "[KPA]"."""
    if len(tokens) < 3 or tokens[0].text not in "([" or tokens[2].text not in ")]" or not tokens[1].text.isupper():
        return None
    return tokens[1]


def between_possessives(tokens: Sequence[Token], start: int, end: int) -> Iterator[tuple[int, int]]:
    """A run cut after each possessive: "American Enterprise Institute's" | "Frederick W. Kagan"."""
    last = bare(tokens[end - 1].low)
    whole = last in ORGANISATION_WORDS or last in BUSINESS_WORDS  # the Sheriff's Office, Tolvia's Defense Ministry
    for i in range(start, end - 1):
        if tokens[i].possessive and not whole:
            yield start, i + 1
            start = i + 1
    yield start, end


def initialled(run: Sequence[Token], acronym: str) -> Sequence[Token] | None:
    """The tail of a run whose initials spell the acronym."""
    words = [t for t in run if t.capital]
    tail = words[-len(acronym) :]
    return run[run.index(tail[0]) :] if tail and "".join(t.text[0] for t in tail) == acronym else None


def styles(low: str) -> bool:
    """True of a word that stands before a name: a title, a role, "resident"."""
    return low in ROLES or low in STYLES or f"{low}s" in _MEMBERS


def personal_name(words: Sequence[Token]) -> Sequence[Token] | None:
    """The name of a person at the end of a phrase, after titles, roles, institutions and possessives."""
    cut = 0
    for i, token in enumerate(words):
        low = bare(token.low)
        if (
            ((low in PORTFOLIOS or styles(low)) and i + 1 < len(words))
            or (token.possessive and i + 1 < len(words))
            or low in ORGANISATION_WORDS
            or not (token.capital or token.low in PARTICLES or token.text == "." or token.quoted)
            or (low in PLACES and i + 1 < len(words) and (i == 0 or words[i - 1].low != "."))
        ):
            cut = i + 1
    while cut < len(words) and (words[cut].text == "." or words[cut].low in NO_NAMES):
        cut += 1
    name = words[cut:]
    while name and (name[-1].text == "." or name[-1].text in ("KC", "QC", "SC", "MP", "MEP", "MD", "OBE", "CBE")):
        name = name[:-1]
    if cut and words[cut - 1].low in _BEFORE_NO_NAME and any(t.low in PREPOSITIONS for t in words[:cut]):
        return None  # High Commissioner for Human Rights
    if not name or len(name) > 7 or not name[0].capital or not any(t.capital for t in name):
        return None
    return name
