"""The scorer of extraction: by hand on small cases, and the shared script's own figures on the same predictions."""

import importlib.util
import json
from pathlib import Path

import pytest

from reader.articles.score import TruthError, read_truth, score, scores_json

SHARED = Path(__file__).resolve().parents[2].parent / "shared"
SCRIPT = SHARED / "eval" / "score_extract.py"


def truth(text: str = "one two three four five", **fields):
    return read_truth(json.dumps({"id": "x", "url": "https://a.example/", "text": text} | fields).encode())


def scored(*pairs):
    return score([gold for gold, _ in pairs], [found for _, found in pairs])


def test_shingles_weigh_each_page_the_same():
    # Two runs on each side, one of them shared: a third right, a third too many, a third missing.
    shingle = scored((truth("one two three four five"), {"text": "one two three four six"})).shingle
    assert (shingle.right, shingle.extra, shingle.missed) == pytest.approx((1 / 3, 1 / 3, 1 / 3))
    assert (shingle.precision, shingle.recall, shingle.f1) == (50.0, 50.0, 50.0)
    # A long page that is right, and a short one that is empty: half of each is missing.
    long = " ".join(str(number) for number in range(1000))
    shingle = scored((truth(long), {"text": long}), (truth("a few words"), {"text": ""})).shingle
    assert (shingle.right, shingle.extra, shingle.missed) == (1, 0, 1)
    assert (shingle.precision, shingle.recall, shingle.f1) == (100.0, 50.0, 66.7)


@pytest.mark.parametrize(
    ("text", "right"),
    [("one two three", 1), ("One two three", 0), ("one, two: three!", 1), ("one two", 0), ("", 0)],
)
def test_a_text_of_less_than_four_words_is_one_run(text, right):
    assert scored((truth("one two three"), {"text": text})).shingle.right == right


def test_words_are_counted_as_often_as_they_occur_and_averaged_over_pages():
    # Of the four words here and the two there two are shared: 2 · 2 / 6.
    scores = scored((truth("a a B c"), {"text": "A b"}))
    assert scores.pages[0].words == pytest.approx(2 / 3)
    assert scored((truth("a a b c"), {"text": "a b"}), (truth("a"), {"text": "a"})).words == 83.3


def test_a_page_that_could_not_be_extracted_is_empty():
    scores = scored((truth(), None), (truth(), {"text": " \n"}), (truth(), {"text": "one"}))
    assert scores.empty == 2
    assert scores.shares["title"].of == 0


def test_snippets_must_and_must_not_appear_case_and_punctuation_aside():
    gold = truth(**{"with": ["One — two", "two two"], "without": ["Share this!", "three, FOUR"]})
    scores = scored((gold, {"text": "one two\n\nthree four"}))
    assert (scores.shares["with"].right, scores.shares["with"].of) == (1, 2)
    assert (scores.shares["without"].right, scores.shares["without"].of) == (1, 2)


@pytest.mark.parametrize(
    ("name", "stated", "key", "found", "right"),
    [
        ("title", "The wall leaks", "title", "“The Wall: Leaks”", True),
        ("title", "The wall leaks", "title", "The wall", False),
        ("title", "The wall leaks", "title", None, False),
        ("author", "Ada Lund", "byline", "ada  lund", True),
        ("author", "Ada Lund", "byline", "By Ada Lund", False),
        ("date", "2026-11-12", "published", "2026-11-12T23:00:00+00:00", True),
        ("date", "2026-11-12T01:00", "published", "2026-11-12", True),
        ("date", "2026-11", "published", "2026-11-12", False),
        ("date", "2026-11-12", "published", None, False),
    ],
)
def test_what_a_page_states_of_itself(name, stated, key, found, right):
    share = scored((truth(**{name: stated}), {"text": "one", key: found})).shares[name]
    assert (share.right, share.of) == (right, 1)


def test_a_date_is_invented_only_where_the_truth_says_that_there_is_none():
    found = {"text": "one", "published": "2026-11-12"}
    scores = scored((truth(date=None), found), (truth(), found), (truth(date=None), {"text": "one"}))
    assert (scores.invented.right, scores.invented.of) == (1, 2)
    assert scores.shares["date"].of == 0


def test_the_worst_pages_come_first():
    named = [truth("a b", id=name) for name in ("fair", "bad", "good")]
    scores = score(named, [{"text": "a"}, {"text": "c"}, {"text": "a b"}])
    assert [page.id for page in scores.worst(2)] == ["bad", "fair"]
    assert scores_json(scores, worst=1)["worst"] == [{"id": "bad", "url": "https://a.example/", "words": 0.0}]
    assert "worst" not in scores_json(scores)


@pytest.mark.parametrize(
    ("line", "why"),
    [
        (b"{", "it is not JSON"),
        (b"\xff", "it is not JSON"),
        (b'{"id": "x"}', "missing required field 'text'"),
        (b'{"id": "x", "text": "y", "date": 2026}', "at '$.date'"),
    ],
)
def test_what_is_no_truth_is_refused(line, why):
    with pytest.raises(TruthError, match=why.replace("$", r"\$")):
        read_truth(line)


def as_the_script_has_them(told):
    """Our JSON in the script's form."""
    found = told["shingle"]
    return {
        "pages": told["pages"],
        "shingle": {"P": found["precision"], "R": found["recall"], "F1": found["f1"]},
        **{name: told[name] for name in ("words", "empty")},
        **{name: told[name]["percent"] for name in ("with", "without", "title", "author", "date")},
        "dates_invented": told["dates_invented"]["count"],
    }


def made_up(number: int, text: str, gold):
    """A prediction that is right, wrong or nothing by turns."""
    words = text.split()
    kept = [words, words[::2], words[len(words) // 3 :], [*words, "Share", "this"], []][number % 5]
    told = {"id": gold["id"], "text": " ".join(kept), "title": None, "byline": None, "published": None}
    if number % 3:
        told |= {"title": gold.get("title"), "byline": (gold.get("author") or "").upper() or None}
    if number % 4:
        told["published"] = gold.get("date") or "2026-11-12T00:00:00+00:00"
    return told


@pytest.mark.skipif(not SCRIPT.is_file(), reason="shared/eval/score_extract.py is not here")
@pytest.mark.parametrize("name", ["wcxb", "scrapinghub"])
def test_the_figures_are_those_of_the_shared_script(name):
    file = SHARED / "data" / "pages" / name / "truth.jsonl"
    if not file.is_file():
        pytest.skip(f"shared/data/pages/{name} is not here")
    lines = file.read_bytes().splitlines()
    told = [made_up(number, (gold := json.loads(line))["text"], gold) for number, line in enumerate(lines)]
    spec = importlib.util.spec_from_file_location("score_extract", SCRIPT)
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    theirs = script.score([json.loads(line) for line in lines], {one["id"]: one for one in told})
    ours = scores_json(score([read_truth(line) for line in lines], told))
    assert as_the_script_has_them(ours) == theirs
