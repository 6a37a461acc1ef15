"""One quotation in several articles, and where two of them part."""

import re
from functools import cache
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reader.claims.find import find
from reader.model import Span, Telling
from reader.stories.quotations import shared_quotations
from reader.stories.wording import differences

WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")


@cache
def telling(text: str, id: str = "a") -> Telling:
    return Telling(id=id, title="", text=text, outlet="", published=None, analysis=find(text))


def shared(*texts: str) -> list[tuple[str, str, bool]]:
    """The words of each pair that was found, and whether they are the same."""
    found = shared_quotations([telling(text, str(at)) for at, text in enumerate(texts)])
    return [
        (one.one[1].of(texts[int(one.one[0])]), one.other[1].of(texts[int(one.other[0])]), one.same_words)
        for one in found
    ]


WHOLE = "“The crane had not been inspected for six long years,” said Nils Falk, the harbour master of Orde."


# --- which are one


def test_the_same_words_in_other_marks_are_one():
    other = 'Falk told the council: "The crane had not been inspected for six long years."'
    assert shared(WHOLE, other) == [
        (
            "“The crane had not been inspected for six long years,”",
            '"The crane had not been inspected for six long years."',
            True,
        )
    ]


def test_straight_and_curly_apostrophes_are_the_same_words():
    one = "“Nobody inspected the harbour crane, and that wasn't right,” said Falk."
    ((_, _, same_words),) = shared(one, one.replace("'", "’"))
    assert same_words


@pytest.mark.parametrize(
    ("other", "part"),
    [
        ("Falk said that it “had not been inspected for six” years.", "“had not been inspected for six”"),
        (
            "“The crane had never been inspected in six long years,” Falk said.",
            "“The crane had never been inspected in six long years,”",
        ),
    ],
    ids=["trimmed", "in other words"],
)
def test_a_trimmed_or_reworded_quotation_is_one_but_not_of_the_same_words(other, part):
    assert shared(WHOLE, other) == [("“The crane had not been inspected for six long years,”", part, False)]


@pytest.mark.parametrize(
    "other",
    [
        "“We will pay every fisherman of Skerra for the catch he lost,” said Falk.",
        "Falk spoke of “six long years” on Monday.",
        "The crane had not been inspected for six long years, said Falk.",
        "",
    ],
    ids=["other words", "a phrase of the day", "no quotation marks", "no text"],
)
def test_other_words_and_phrases_are_no_shared_quotation(other):
    assert shared(WHOLE, other) == []


def test_what_anybody_may_say_is_no_shared_quotation():
    assert shared("“I think it is what it is,” said Falk.", "“I think it is what it is,” said Moe.") == []


def test_an_article_shares_no_quotation_with_itself():
    assert shared(f"{WHOLE}\n\n{WHOLE}", "Nobody else was at the harbour on Monday.") == []


def test_three_articles_share_it_pair_by_pair_in_their_order():
    found = shared_quotations([telling(WHOLE, id) for id in ("c", "a", "b")])
    assert [(one.one[0], one.other[0]) for one in found] == [("c", "a"), ("c", "b"), ("a", "b")]


def test_a_quotation_is_found_in_a_language_that_nobody_read():
    one = "„Der Kran ist gestern in das Hafenbecken gefallen“, sagte Falk am Montag in Orde vor dem Rat der Stadt."
    other = "Der Hafenmeister sagte: „Der Kran ist gestern in das Hafenbecken gefallen.“ Niemand war auf dem Kai."
    assert [same_words for *_, same_words in shared(one, other)] == [True]


SENTENCES = (
    WHOLE,
    "Falk said that it “had not been inspected for six” years.",
    "“We will pay every fisherman of Skerra for the catch he lost,” Ilse Brandt said.",
    '"We will pay every fisherman for the catch," the minister said.',
    "A school beside the quay sent its pupils home at noon.",
    "“Go home,” said Falk.",
)


@settings(max_examples=40)
@given(st.lists(st.lists(st.sampled_from(SENTENCES), max_size=4), max_size=4))
def test_what_is_shared_stands_in_two_articles_in_their_order(articles):
    tellings = [telling("\n\n".join(sentences), str(at)) for at, sentences in enumerate(articles)]
    found = shared_quotations(tellings)
    for same in found:
        (one, span), (other, their) = same.one, same.other
        assert int(one) < int(other)
        words, theirs = span.of(tellings[int(one)].text), their.of(tellings[int(other)].text)
        assert words[0] in '“"'
        assert theirs[0] in '“"'
        assert same.same_words is ([*map(str.lower, WORD.findall(words))] == [*map(str.lower, WORD.findall(theirs))])
    assert [(same.one, same.other) for same in found] == sorted((same.one, same.other) for same in found)
    whole = [at for at, sentences in enumerate(articles) if WHOLE in sentences]
    pairs = {(int(same.one[0]), int(same.other[0])) for same in found if same.same_words}
    assert {(a, b) for a in whole for b in whole if a < b} <= pairs


# --- where they part


@pytest.mark.parametrize(
    ("one", "other", "parted"),
    [
        ("the crane fell", "The crane – FELL!", []),
        ("the old crane fell", "the crane fell", [("old", "")]),
        ("the crane fell", "the crane fell twice", [("", "twice")]),
        ("the crane fell", "the mast fell", [("crane", "mast")]),
        ("the old crane fell", "the mast fell", [("old crane", "mast")]),
        ("one two three four", "zero two three five", [("one", "zero"), ("four", "five")]),
        ("", "so it is", [("", "so it is")]),
        ("", "", []),
    ],
)
def test_where_two_quotations_part(one, other, parted):
    assert [(d.one.of(one), d.other.of(other)) for d in differences(one, other)] == parted


def test_words_that_are_left_out_are_missed_in_their_place():
    (left_out,) = differences("the crane fell", "the old crane fell")
    assert left_out.one == Span(4, 4)
    (at_the_end,) = differences("the crane fell", "the crane fell twice")
    assert at_the_end.one == Span(14, 14)


QUOTATIONS = st.text(max_size=40) | st.lists(
    st.sampled_from(["the", "The", "crane", "fell", "wasn't", "—", "six,", "6", "STRASSE", "straße"])
).map(" ".join)


def outside(text: str, spans: list[Span]) -> list[str]:
    """The words of a text that touch none of some spans."""
    return [
        word[0].casefold()
        for word in WORD.finditer(text)
        if not any(span.start < word.end() and word.start() < span.end for span in spans)
    ]


@given(QUOTATIONS, QUOTATIONS)
def test_outside_of_its_differences_two_quotations_are_equal_word_by_word(one, other):
    found = differences(one, other)
    for text, spans in ((one, [d.one for d in found]), (other, [d.other for d in found])):
        assert all(0 <= span.start <= span.end <= len(text) for span in spans)
        assert all(before.end <= after.start for before, after in pairwise(spans))
    assert outside(one, [d.one for d in found]) == outside(other, [d.other for d in found])
    for d in found:
        assert outside(d.one.of(one), []) != outside(d.other.of(other), [])


@given(QUOTATIONS)
def test_a_quotation_parts_nowhere_from_itself(text):
    assert differences(text, text) == ()
