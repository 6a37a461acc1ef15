"""Words that are selected are the speaker's who said them, and nobody's where that can't be told."""

import time

import pytest

from reader.claims.find import find
from reader.claims.whose import claim_of
from reader.model import Claim, Source, SourceKind, Span

TEXT = """The harbour council met. “Nobody will cross the north bridge before spring,” Ada Lind, the mayor, said.

Repairs will cost 40 million euros, Lind said. She said that the work would take two years.

In spite of all that had been written and said about the bridge since it was opened in 1932, it was safe, Lind said.

“It is a scandal,” Bo Ek told the council. Ek added that the money had been there for years.

Officials said that the ministry had warned of cracks in 2019.

Lind said the council had known, but Ek denied that it had been told.

「橋は閉鎖されます。」"""


@pytest.fixture(scope="module")
def claims() -> tuple[Claim, ...]:
    return find(TEXT, title="Bridge closed", outlet="The Harbour Post").claims


def whose(claims: tuple[Claim, ...], words: str) -> str | None:
    start = TEXT.index(words)
    claim = claim_of(TEXT, Span(start, start + len(words)), claims)
    return claim.speaker.name if claim and claim.speaker else None


@pytest.mark.parametrize(
    ("words", "speaker"),
    [
        ("before spring", "Ada Lind"),
        ("“Nobody will cross the north bridge before spring,”", "Ada Lind"),
        ("“Nobody will cross the north bridge before spring,” Ada Lind, the mayor, said.", "Ada Lind"),
        ("Repairs will cost 40 million euros, Lind said.", "Ada Lind"),
        ("40 million euros, Lind said", "Ada Lind"),
        ("Repairs will cost 40 million euros, Lind said. She said that the work would take two years.", "Ada Lind"),
        ("“It is a scandal,” Bo Ek told the council. Ek added that the money had been there for years.", "Bo Ek"),
        ("that the work would take two years.\n\nIn spite", "Ada Lind"),
        ("The harbour council met.", None),
        ("The harbour council met. “Nobody will cross the north bridge before spring,”", None),
        (TEXT[TEXT.index("In spite") : TEXT.index("safe, Lind said.") + len("safe, Lind said.")], "Ada Lind"),
        ("Lind said the council had known, but Ek denied that it had been told.", None),
        ("said. She said that the work would take two years.\n\nIn spite of all that had been written", None),
        (TEXT, None),
    ],
)
def test_the_sentence_is_its_speakers_with_she_said_and_all(claims, words, speaker):
    assert whose(claims, words) == speaker


def test_what_an_official_says_another_has_said_is_the_officials(claims):
    """The claim within is the ministry's, and its own words alone are, too."""
    sentence = "Officials said that the ministry had warned of cracks in 2019."
    assert whose(claims, sentence) not in (None, whose(claims, "cracks in 2019"))


def claim(number: int, start: int, end: int, who: str, via: tuple[str, ...] = ()) -> Claim:
    speaker = Source(name=who, kind=SourceKind.PERSON, named=True, spans=())
    return Claim(id=number, content=(Span(start, end),), speaker=speaker, via=via)


def test_of_claims_as_close_around_it_the_words_are_nobodys():
    text = "The north bridge is closed."
    one, other = claim(0, 0, 26, "One"), claim(1, 0, 26, "Other")
    assert claim_of(text, Span(4, 16), (one, claim(1, 2, 20, "Inner"))).speaker.name == "Inner"
    assert claim_of(text, Span(4, 16), (one, other)) is None
    assert claim_of(text, Span(4, 16), (one, claim(1, 0, 26, "One"))) == one


def test_what_one_says_by_two_ways_is_nobodys():
    text = "It is closed. It is open."
    one = claim(0, 0, 12, "Ada")
    assert claim_of(text, Span(0, 25), (one, claim(1, 14, 24, "Ada"))) == one
    assert claim_of(text, Span(0, 25), (one, claim(1, 14, 24, "Ada", via=("The Post",)))) is None


def test_of_a_long_selection_the_words_are_nobodys_at_once():
    text = "Ada Lind said that the bridge was safe. " * 5_000
    said = [claim(n, 40 * n, 40 * n + 38, "Ada Lind") for n in range(5_000)]
    began = time.perf_counter()
    assert claim_of(text, Span(0, len(text)), said) is None
    assert time.perf_counter() - began < 1
    assert claim_of(text, Span(0, 1_000), said) == said[0]


def test_every_stretch_of_a_text_has_an_answer(claims):
    for start in range(0, len(TEXT), 7):
        for length in (0, 1, 2, 40, 200):
            span = Span(start, min(len(TEXT), start + length))
            assert claim_of(TEXT, span, ()) is None
            assert claim_of(TEXT, span, claims) in (None, *claims)
