"""Two sentences: the same, the same with a difference, or unrelated."""

import json
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from reader.stories.compare import Compared, Relation, compare, compared_json

PAIRS = [json.loads(line) for line in Path(__file__).with_name("pairs.jsonl").read_text("utf-8").splitlines()]
SENTENCES = sorted({pair[side] for pair in PAIRS for side in "ab"})
ODD = (
    "",
    " \n\t",
    "— … !",
    "7",
    "Übergrößenträger dürfen nicht ins Hafenbecken von Orde.",
    "Паром затонул у Скерры, погибли 12 человек.",
    "東京で震度5弱の地震があった。",
    "غرقت العبارة ومات ١٢ شخصا.",
    "🚢💥 x̴̧̛ ½ ² ٣ ßẞ İı \ufeff\u200d\u00ad\ufffd",
    "1,,,2...3-4–5 %%% $€£ 99999999999999999999999999999999999999",
)
NAMES = ["Ilse", "Falk", "Orde", "Skerra", "Monday", "June"]
SMALL = ["has", "been", "will", "in", "the", "on", "of", "be", "now", "not"]
PLAIN = ["won", "met", "held", "closed", "gold", "harbour", "ships", "people", "12", "15", "40"]
WORDS = [*NAMES, *SMALL, *PLAIN, "at least", "per cent", "miles", "km"]
TEXTS = st.sampled_from(SENTENCES + list(ODD)) | st.lists(st.sampled_from(WORDS), max_size=9).map(" ".join) | st.text()


@st.composite
def sentence_and_version(draw):
    """A few words, and the same with another name and small words put in."""
    words = draw(st.lists(st.sampled_from(PLAIN), min_size=2, max_size=4))
    name, other = draw(st.sampled_from(NAMES)), draw(st.sampled_from(NAMES))
    at = draw(st.integers(0, len(words)))
    version = [*words[:at], other, *words[at:]]
    for small in draw(st.lists(st.sampled_from(SMALL), max_size=3)):
        version.insert(draw(st.integers(0, len(version))), small)
    return " ".join([*words[:at], name, *words[at:]]), " ".join(version)


# --- known pairs


def test_the_known_pairs_are_thirty_of_three_kinds():
    assert Counter(pair["verdict"] for pair in PAIRS) == {"same": 10, "differs": 12, "unrelated": 8}


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: f"{pair['verdict']}: {pair['a'][:40]}")
def test_a_known_pair_is_judged_right_whichever_comes_first(pair):
    told = compare(pair["a"], pair["b"]), compare(pair["b"], pair["a"])
    assert [one.verdict for one in told] == [pair["verdict"]] * 2
    assert told[0].score == pytest.approx(told[1].score, abs=0.002)
    assert all(0 <= one.score <= 1 for one in told)


@pytest.mark.parametrize("text", [*SENTENCES, "He said so.", "The home side won the final."])
def test_a_sentence_says_the_same_as_itself(text):
    told = compare(text, text)
    assert told.verdict == Relation.SAME
    assert told.score > 0.9


# --- why


@pytest.mark.parametrize(
    ("a", "b", "why"),
    [
        ("The storm killed 12 people in Orde.", "The storm killed 17 people in Orde.", "12 people against 17 people"),
        ("The quay is 3 miles long.", "The quay is 9 km long.", "3 miles against 9 km"),
        ("Orde won the final 3-1.", "Orde won the final 3-2.", "3-1 against 3-2"),
        ("The mayor of Orde will resign.", "The mayor of Orde will not resign.", "one of them denies it"),
        ("The summit will be held in Orde.", "The summit will be held in Skerra.", "orde against skerra"),
        ("Divers found the door open.", "", "one of them has no words"),
        ("Divers found the door open.", "— 🚢 —", "one of them has no words"),
    ],
)  # fmt: skip
def test_the_difference_is_told(a, b, why):
    assert compare(a, b).why == why


def test_what_both_say_is_the_reason_that_they_say_the_same():
    told = compare("Police arrested two men in Orde over the theft.", "Two men have been arrested in Orde for theft.")
    assert told.verdict == Relation.SAME
    said = told.why.removeprefix("both say ").split(", ")
    assert 1 <= len(said) <= 3
    assert set(said) <= {"police", "arrested", "2", "men", "in", "orde", "theft"}


def test_what_only_one_says_is_the_reason_that_they_are_unrelated():
    told = compare("The ferry sank off Skerra on Monday.", "The bank cut its key rate on Monday.")
    assert told.verdict == Relation.UNRELATED
    said = told.why.removeprefix("only one says ").split(", ")
    assert set(said) <= {"ferry", "sank", "off", "skerra", "bank", "cut", "its", "key", "rate"}


def test_bounds_roundings_and_units_make_no_difference():
    storm = "The storm in Orde killed {} people."
    for one, other in (("at least 12", "15"), ("more than 500,000", "514,000"), ("about 1,000", "960")):
        assert compare(storm.format(one), storm.format(other)).verdict == Relation.SAME, (one, other)
    quay = "The old quay of Orde is {} long."
    assert compare(quay.format("5 miles"), quay.format("8 km")).verdict == Relation.SAME


def test_a_comparison_is_told_as_json():
    told = Compared(verdict=Relation.DIFFERS, score=0.7, why="12 against 17")
    assert json.loads(json.dumps(compared_json(told, id=3))) == {
        "id": 3, "verdict": "differs", "score": 0.7, "why": "12 against 17"
    }  # fmt: skip


# --- any texts


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("Ilse Brandt won gold.", "Nils Falk has won gold."),
        ("Ilse Brandt runs the harbour.", "Nils Falk may run the harbour then."),
        ("Ships met in Orde.", "Ships will have met in Skerra."),
        ("It closed in Orde.", "It will be closed in Skerra."),
        ("Fifteen people met Nils Falk in Orde.", "Between 10 and 20 people did not meet him."),
    ],
)
def test_the_verdict_is_the_same_whichever_comes_first(a, b):
    assert compare(a, b).verdict == compare(b, a).verdict


@settings(max_examples=400)
@given(sentence_and_version())
def test_the_verdict_of_a_sentence_and_its_version_is_the_same_whichever_comes_first(both):
    a, b = both
    assert compare(a, b).verdict == compare(b, a).verdict


@settings(max_examples=200)
@given(TEXTS, TEXTS)
@example("", "")
@example(ODD[8], ODD[9])
def test_any_two_texts_are_compared(a, b):
    told = compare(a, b)
    assert told.verdict in set(Relation)
    assert 0 <= told.score <= 1
    assert told.why
    assert told.why == " ".join(told.why.split()), "one line"
    assert compare(a, b) == told


@pytest.mark.parametrize("text", ODD)
def test_odd_texts_do_not_differ_from_themselves(text):
    assert compare(text, text).verdict != Relation.DIFFERS


@pytest.mark.parametrize("empty", ["", " \n", "…", "“”"])
def test_a_text_without_words_is_unrelated_to_all(empty):
    for other in ("", "Divers found the door open."):
        told = compare(empty, other)
        assert (told.verdict, told.score) == (Relation.UNRELATED, 0)


COUNTED = ["people", "ships", "houses", "trees", "boats", "cranes"]
LONG = {
    "one word": "harbour " * 10_000,
    "news": " ".join(" ".join(SENTENCES * 30).split()[:10_000]),
    "figures": " ".join(f"{at + 100} {COUNTED[at % 6]} and" for at in range(3_334)),
    "a word of 60,000 letters": "x" * 60_000,
    "a number of 60,000 digits": "the number " + "9" * 60_000,
    "marks": "“(—" * 20_000,
}


@pytest.mark.timeout(5)
@pytest.mark.parametrize("name", LONG)
def test_a_very_long_sentence_is_compared_in_bounded_time(name):
    text = LONG[name]
    for a, b in ((text, "The storm killed 12 people in Orde."), (text, f"Not so: {text[1:]}")):
        assert compare(a, b).verdict in set(Relation)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("The death toll has risen to 40, officials said.", "The death toll has risen to 90, officials said."),
        ("The harbour was built in 1901.", "The harbour was built in 1921."),
    ],
)
def test_numbers_that_count_nothing_named_differ_where_all_else_is_the_same(one, other):
    assert compare(one, other).verdict is Relation.DIFFERS
