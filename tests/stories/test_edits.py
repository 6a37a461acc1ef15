"""What became of an article's statements when its text was changed."""

from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reader.claims.find import find
from reader.model import Change, Telling
from reader.stories.edits import edits

CLOSED = "The harbour at Orde was closed on Monday after a crane fell into the water."
MASTER = "Nils Falk, the harbour master, said the crane had not been inspected for six years."
OIL = "The fire brigade pumped 40 tonnes of oil out of the basin by the evening."
CATCH = "Fishermen from Skerra took their catch to the market at Vorn instead."
SCHOOL = "A school beside the quay sent its pupils home at noon."


@cache
def telling(text: str) -> Telling:
    return Telling(id="a", title="", text=text, outlet="Orde Courier", published=None, analysis=find(text))


def text_of(*sentences: str) -> str:
    return "\n\n".join(sentences)


def told(before: str, after: str) -> list[tuple[Change, str | None, str | None]]:
    return [
        (edit.change, edit.before and edit.before.of(before), edit.after and edit.after.of(after))
        for edit in edits(telling(before), telling(after))
    ]


def only(before: str, after: str) -> tuple[Change, str]:
    """The one change of a sentence among others, and why it is one."""
    (edit,) = edits(telling(text_of(before, CATCH)), telling(text_of(after, CATCH)))
    return edit.change, edit.why


# --- what is the same


@pytest.mark.parametrize(
    "after",
    [
        text_of(CLOSED, MASTER, OIL),
        text_of(OIL, CLOSED, MASTER),
        text_of(CLOSED, MASTER.replace(" the crane", "  the\u00a0crane"), OIL),
        text_of(f"{CLOSED} {MASTER}", OIL),
        text_of(CLOSED, MASTER, OIL, OIL),
    ],
    ids=["nothing is changed", "in another order", "set otherwise", "in other paragraphs", "said twice"],
)
def test_what_both_versions_say_is_no_edit(after):
    assert told(text_of(CLOSED, MASTER, OIL), after) == []


def test_an_empty_text_lost_or_gained_all():
    assert told("", "") == []
    assert told("", text_of(CLOSED, OIL)) == [(Change.ADDED, None, CLOSED), (Change.ADDED, None, OIL)]
    assert told(text_of(CLOSED, OIL), "") == [(Change.REMOVED, CLOSED, None), (Change.REMOVED, OIL, None)]


# --- added and removed


def test_edits_are_in_the_order_of_the_later_version_then_what_was_removed():
    before, after = text_of(SCHOOL, CLOSED, OIL), text_of(CATCH, CLOSED, OIL.replace("40", "30"))
    assert told(before, after) == [
        (Change.ADDED, None, CATCH),
        (Change.SOFTENED, OIL, OIL.replace("40", "30")),
        (Change.REMOVED, SCHOOL, None),
    ]


def test_a_sentence_added_above_a_long_text_is_the_only_edit():
    whats = ("mill", "bakery", "school", "bridge", "tower", "chapel", "library")
    long = text_of(*(f"The {what} of parish number {n} was shut by the storm." for what in whats for n in range(2, 12)))
    new = "A ferry with no lights struck the pier this morning."
    assert told(long, text_of(new, long)) == [(Change.ADDED, None, new)]


# --- softened


@pytest.mark.parametrize(
    ("before", "after", "why"),
    [
        (
            "The crane fell because its cables were rotten.",
            "The crane fell because its cables were rotten, Nils Falk said.",
            "is now put in the mouth of Nils Falk",
        ),
        (
            "Nils Falk said the harbour board took bribes from the crane's owner.",
            "Nils Falk denied that the harbour board took bribes from the crane's owner.",
            "is now denied",
        ),
        (OIL, OIL.replace("40", "30"), "gives a lower figure"),
        (OIL, OIL.replace("40", "about 40"), "gives a figure less exactly"),
        (OIL, OIL.replace("40", "up to 40"), "gives a figure less exactly"),
        (
            "The crane was rotten and its cables had rusted through.",
            "The crane was possibly rotten and its cables had rusted through.",
            "is hedged: “possibly”",
        ),
        (
            "The board will sell the crane to a dealer in Vorn.",
            "The board may sell the crane to a dealer in Vorn.",
            "is hedged: “may”",
        ),
    ],
)
def test_what_says_less_is_softened(before, after, why):
    assert only(before, after) == (Change.SOFTENED, why)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (OIL, OIL.replace("40", "50")),
        (OIL.replace("40", "about 40"), OIL),
        (OIL, OIL.replace("by the evening", "before the night")),
        (
            "The crane was possibly rotten and its cables had rusted through.",
            "The crane was rotten and its cables had rusted through.",
        ),
        (
            "The crane fell because its cables were rotten, Nils Falk said.",
            "The crane fell because its cables were rotten.",
        ),
        ("Bread prices in Orde rose sharply in the spring.", "Bread prices in Orde went up sharply in the spring."),
        ("The bridge at Vorn will be closed from 4 April.", "The bridge at Vorn will be closed from 4 May."),
        ("The council discussed the crane on Monday night.", "The council talked about the crane on Monday night."),
    ],
    ids=["more", "exact", "other words", "a hedge gone", "no mouth", "“up”", "“May”", "“talked about”"],
)
def test_what_says_as_much_or_more_is_not_softened(before, after):
    assert only(before, after) == (Change.REWORDED, "is said otherwise")


# --- any versions

VERSIONS = st.lists(
    st.sampled_from(
        [CLOSED, MASTER, OIL, OIL.replace("40", "30"), CATCH, SCHOOL, "“We will pay them all,” said Ilse Brandt."]
    ),
    max_size=6,
)


@settings(max_examples=60)
@given(VERSIONS, VERSIONS)
def test_every_sentence_that_only_one_version_has_is_told_once(old, new):
    before, after = text_of(*dict.fromkeys(old)), text_of(*dict.fromkeys(new))
    found = told(before, after)
    assert sorted(one for _, one, _ in found if one) == sorted(set(old) - set(new))
    assert [other for *_, other in found if other] == [one for one in dict.fromkeys(new) if one not in old]
    for change, one, other in found:
        assert (one is None) is (change is Change.ADDED)
        assert (other is None) is (change is Change.REMOVED)


@settings(max_examples=60)
@given(st.text(max_size=80), st.text(max_size=80))
def test_the_spans_of_any_two_texts_lie_in_them(before, after):
    for edit in edits(telling(before), telling(after)):
        for text, span in ((before, edit.before), (after, edit.after)):
            assert span is None or 0 <= span.start < span.end <= len(text)
        assert edit.why
    assert edits(telling(before), telling(before)) == ()


def test_a_longer_way_in_larger_units_is_not_softened():
    before = "The ferry drifted 900 metres from the quay before it was caught."
    assert only(before, before.replace("900 metres", "1.2 kilometres")) == (Change.REWORDED, "is said otherwise")
    assert only(before, before.replace("900 metres", "0.2 kilometres"))[0] is Change.SOFTENED
