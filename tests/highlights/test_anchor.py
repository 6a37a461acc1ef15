import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reader.highlights import find, quote, text_hash
from reader.model import Quote, Span

TEXT = (
    "The minister denied it. “We have no such plan,” she said on Tuesday.\n\n"
    "Her deputy was less sure. “We have no such plan,” he said, “but plans change.”\n\n"
    "Neither would say more."
)
WORDS = "We have no such plan"
FIRST = TEXT.index(WORDS)
SECOND = TEXT.index(WORDS, FIRST + 1)


@st.composite
def texts_with_spans(draw, *, alphabet="ab .\n"):
    text = draw(st.text(alphabet, max_size=80) | st.text(max_size=80))
    start = draw(st.integers(0, len(text)))
    return text, start, draw(st.integers(start, len(text)))


@given(texts_with_spans(), st.integers(0, 40))
def test_words_are_found_where_they_were_quoted(case, context):
    text, start, end = case
    assert find(text, quote(text, start, end, context=context)) == Span(start, end)


@given(texts_with_spans(), st.text(max_size=50))
def test_words_are_found_after_text_is_put_before_them(case, before):
    text, start, end = case
    made, longer = quote(text, start, end), before + text
    if longer.count(made.exact) == 1:
        assert find(longer, made) == Span(start + len(before), end + len(before))


@given(texts_with_spans(), st.text(max_size=80))
def test_words_that_are_gone_are_not_found(case, other):
    text, start, end = case
    made = quote(text, start, end)
    found = find(other, made)
    assert made.exact in other or found is None
    assert found is None or found.of(other) == made.exact


@given(st.text(max_size=30), st.integers(), st.integers())
def test_any_span_is_clipped_to_the_text(text, start, end):
    made = quote(text, start, end)
    assert find(text, made) == Span(made.start, made.start + len(made.exact))


QUOTES = st.builds(Quote, exact=st.text("ab", max_size=3), prefix=st.text(), suffix=st.text(), start=st.integers())


@given(st.text("abc", max_size=30), QUOTES)
def test_any_quote_is_found_or_not_but_never_raises(text, any_quote):
    found = find(text, any_quote)
    assert found is None or found.of(text) == any_quote.exact


def test_a_quote_keeps_its_surroundings():
    made = quote(TEXT, FIRST, FIRST + len(WORDS), context=11)
    assert made == Quote(exact=WORDS, prefix="enied it. “", suffix=",” she said", start=FIRST)


@pytest.mark.parametrize("start", [FIRST, SECOND])
def test_of_equal_words_those_in_the_same_surroundings_are_found(start):
    made = quote(TEXT, start, start + len(WORDS))
    before = "Updated at noon. The cabinet met in the morning, and talked of little else.\n\n"
    assert find(before + TEXT, made) == Span(len(before) + start, len(before) + start + len(WORDS))


def test_the_same_words_of_another_speaker_do_not_stand_in_for_those_removed():
    made = quote(TEXT, FIRST, FIRST + len(WORDS))
    without = TEXT[TEXT.index("Her deputy") :]
    assert WORDS in without
    assert find(without, made) is None


def test_words_on_the_old_place_by_chance_lose_to_those_in_the_old_surroundings():
    made = quote(TEXT, FIRST, FIRST + len(WORDS))
    before = "x" * FIRST + WORDS + " at all.\n\n"
    assert find(before + TEXT, made) == Span(len(before) + FIRST, len(before) + FIRST + len(WORDS))


def test_words_stay_found_when_the_rest_of_the_sentence_is_edited():
    made = quote(TEXT, FIRST, FIRST + len(WORDS))
    edited = "Updated. " + TEXT.replace("she said on Tuesday", "the minister told reporters")
    assert find(edited, made) == Span(FIRST + 9, FIRST + 9 + len(WORDS))


def test_a_whole_sentence_is_found_wherever_it_has_moved():
    sentence = "The committee will publish its report before the end of the month."
    old = f"It met on Monday. {sentence} Nobody objected."
    made = quote(old, old.index(sentence), old.index(sentence) + len(sentence))
    assert find(f"{sentence}\n\nThat is what its chair promised.", made) == Span(0, len(sentence))


def test_two_places_as_likely_as_each_other_are_none():
    made = Quote(exact="yes", prefix="", suffix="", start=5)
    assert find("..yes...yes", made) is None
    assert find(".yes....yes", made) == Span(8, 11)


def test_a_megabyte_of_repeats_is_searched():
    text = "he said. " * 120_000
    assert find("New. " + text, quote(text, 900_000, 900_007)) is not None


def test_the_hash_is_sha256_of_utf8():
    assert text_hash("naïve") == hashlib.sha256("naïve".encode()).hexdigest()
    assert text_hash("\ud800") != text_hash("?")
