from hypothesis import given
from hypothesis import strategies as st

from reader.model import Span
from reader.query import snippet

TEXT = "The bank cut rates. Much later, far from the bank, inflation and rates fell as the bank had said it would."


def spans(text: str, *words: str) -> list[Span]:
    return sorted(
        Span(at, at + len(word)) for word in words for at in range(len(text)) if text.startswith(word, at)
    )  # fmt: skip


def test_the_most_different_hits_are_shown():
    assert (
        snippet(TEXT, spans(TEXT, "bank", "inflation", "rates"), 40).of(TEXT) == "the bank, inflation and rates fell as"
    )
    assert snippet(TEXT, spans(TEXT, "said"), 20).of(TEXT) == "had said it would."


def test_without_hits_the_beginning_is_shown():
    assert snippet(TEXT, [], 12).of(TEXT) == "The bank cut"
    assert snippet("", [], 12) == Span(0, 0)


@given(st.text("ab \n", max_size=80), st.lists(st.tuples(st.integers(0, 80), st.integers(1, 9))), st.integers(1, 40))
def test_it_is_a_stretch_of_the_text_that_holds_a_hit(text, hits, width):
    found = sorted({Span(at, at + long) for at, long in hits if at + long <= len(text)})
    shown = snippet(text, found, width)
    assert 0 <= shown.start <= shown.end <= len(text)
    assert shown.end - shown.start <= width
    assert bool(text) == (shown.end > shown.start)
    if found:
        assert any(shown.start <= hit.start < shown.end for hit in found)
