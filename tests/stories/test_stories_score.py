"""How stories and ledgers are scored, by hand on tiny cases and against the scorers that others use."""

import importlib
import json
from datetime import UTC, datetime
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from reader.claims.find import find
from reader.cli.evaluate_stories import score_ledger
from reader.model import StoryDoc, Telling
from reader.stories.ledger import ledger, ledger_json
from reader.stories.score import (
    Agreement,
    Link,
    Links,
    StreamError,
    is_link,
    links,
    links_of,
    read_ledger,
    read_stream,
    score,
    story_doc,
)

SHARED = Path(__file__).resolve().parents[2].parent / "shared" / "eval"
needs_shared = pytest.mark.skipif(not SHARED.is_dir(), reason="the shared scorers are not here")
CASES = sorted(Path(__file__).with_name("ledgers").iterdir())


def scorer(name, monkeypatch):
    monkeypatch.syspath_prepend(str(SHARED))
    return importlib.import_module(name)


def figures(one: Agreement):
    return pytest.approx((one.precision, one.recall, one.f1), abs=0.01)


# --- stories


def test_all_in_its_place_is_a_hundred():
    told = score({"a": "x", "b": "x", "c": "y"}, {"a": "1", "b": "1", "c": "2"})
    assert figures(told.bcubed) == (100, 100, 100)
    assert figures(told.pairs) == (100, 100, 100)
    assert (told.articles, told.stories, told.predicted) == (3, 2, 2)
    assert str(told) == "BCubed 100.0, pairs 100.0"


def test_all_in_one_story_costs_precision():
    told = score(dict.fromkeys("abc", "x"), {"a": "1", "b": "1", "c": "2"})
    # a and b see 2 of 3 that are theirs, c sees 1 of 3; of three pairs one is right
    assert figures(told.bcubed) == (100 * 5 / 9, 100, 100 * 5 / 7)
    assert figures(told.pairs) == (100 / 3, 100, 50)


def test_each_for_itself_costs_recall():
    told = score({"a": "a", "b": "b", "c": "c"}, {"a": "1", "b": "1", "c": "2"})
    assert figures(told.bcubed) == (100, 100 * 2 / 3, 80)
    assert figures(told.pairs) == (0, 0, 0)


def test_one_article_in_the_wrong_story():
    told = score({"a": "x", "b": "x", "c": "y", "d": "y", "e": "y"}, {"a": "1", "b": "1", "c": "1", "d": "2", "e": "2"})
    # precision 1, 1, 1/3, 2/3, 2/3; recall 2/3, 2/3, 1/3, 1, 1
    assert figures(told.bcubed) == (100 * 11 / 15, 100 * 11 / 15, 100 * 11 / 15)
    # ab, cd, ce, de told; ab, ac, bc, de known; ab and de both
    assert figures(told.pairs) == (50, 50, 50)


def test_articles_whose_story_is_not_known_do_not_count():
    gold = {"a": "1", "b": "1"}
    assert score({"a": "x", "b": "x", "c": "x", "d": "z"}, gold) == score({"a": "x", "b": "x"}, gold)


def test_of_nothing_nothing_is_reached():
    told = score({}, {"a": "1"})
    assert (told.bcubed.f1, told.pairs.f1, told.articles) == (0, 0, 0)


names = st.sampled_from("vwxyz")
streams = st.dictionaries(st.integers(0, 30).map(str), st.tuples(names, st.none() | names), min_size=1)


@given(streams)
def test_names_of_stories_do_not_matter(stream):
    told, gold = {id: one for id, (one, _) in stream.items()}, {id: two for id, (_, two) in stream.items() if two}
    assert score({id: f"story {one}" for id, one in told.items()}, gold) == score(told, gold)
    back = score(gold, {id: told[id] for id in gold})
    forth = score(told, gold)
    assert (back.bcubed.precision, back.pairs.precision) == pytest.approx((forth.bcubed.recall, forth.pairs.recall))


@needs_shared
@given(streams)
def test_stories_are_scored_as_the_shared_scorer_does(stream):
    gold = {id: known for id, (_, known) in stream.items()}
    assume(any(gold.values()))
    with pytest.MonkeyPatch.context() as patch:
        theirs = scorer("score_stories", patch).bcubed({id: told for id, (told, _) in stream.items()}, gold)
    ours = score({id: told for id, (told, _) in stream.items()}, {id: known for id, known in gold.items() if known})
    for name in ("bcubed", "pairs"):
        agreed = getattr(ours, name)
        told = (agreed.precision, agreed.recall, agreed.f1)
        assert told == pytest.approx((theirs[name]["P"], theirs[name]["R"], theirs[name]["F1"]), abs=0.051), name
    assert (ours.articles, ours.stories, ours.predicted) == (theirs["articles"], theirs["stories"], theirs["predicted"])


# --- streams as files


def test_a_stream_is_read_in_its_order_with_the_stories_that_are_known():
    rows = [
        {"id": "b", "title": "Crane falls", "text": None, "published": "2026-05-04T09:00:00", "story": "s"},
        {"id": 7, "title": "Rates", "outlet": "Vik Radio", "published": "2026-05-04T11:00:00+02:00", "story": None},
        {"id": "a", "published": "some day"},
    ]
    docs, gold = read_stream("\n".join(map(json.dumps, rows)).encode() + b"\n\n")
    nine = datetime(2026, 5, 4, 9, tzinfo=UTC)
    assert docs == [
        StoryDoc(id="b", title="Crane falls", text="", published=nine, outlet=None, url=None),
        StoryDoc(id="7", title="Rates", text="", published=nine, outlet="Vik Radio", url=None),
        StoryDoc(id="a", title="", text="", published=None, outlet=None, url=None),
    ]
    assert gold == {"b": "s"}


def test_what_a_stream_gives_is_cleaned():
    ((doc,), _) = read_stream(json.dumps({"id": "a", "title": "Crane\u202e\x1b\ud800 falls"}).encode())
    assert doc.title.split() == ["Crane", "falls"]


@pytest.mark.parametrize("line", [b"{", b"[1]", b"7", b'{"title": "no id"}', b'{"id": null}', b"\xff", b"[" * 100_000])
def test_a_line_that_is_no_article_is_told_with_its_number(line):
    with pytest.raises(StreamError, match="line 3 is not an article"):
        read_stream(b'{"id": "a"}\n\n' + line)


def test_an_article_without_an_id_is_none():
    with pytest.raises(ValueError, match="no id"):
        story_doc({"title": "Crane falls"})


# --- links


def link(a, b, here, there):
    return Link((a, b), (frozenset(range(*here)), frozenset(range(*there))))


KNOWN = [link("a", "b", (0, 10), (0, 10)), link("a", "c", (0, 10), (20, 40))]


@pytest.mark.parametrize(
    ("ids", "places", "right"),
    [
        (("a", "b"), ((0, 10), (0, 10)), True),
        (("b", "a"), ((0, 10), (0, 10)), True),
        (("a", "b"), ((5, 60), (0, 10)), True),
        (("a", "b"), ((6, 60), (0, 10)), False),
        (("a", "b"), ((0, 10), (8, 12)), True),
        (("a", "b"), ((0, 10), (20, 40)), False),
        (("a", "c"), ((0, 10), (20, 40)), True),
        (("c", "a"), ((20, 40), (0, 10)), True),
        (("c", "a"), ((0, 10), (20, 40)), False),
        (("b", "c"), ((0, 10), (20, 40)), False),
        (("a", "b"), ((0, 0), (0, 10)), False),
    ],
)
def test_a_link_is_known_where_both_its_places_meet_by_half_of_the_shorter(ids, places, right):
    assert any(is_link(known, ids, [set(range(*one)) for one in places]) for known in KNOWN) is right


def test_links_found_and_links_right_are_counted():
    told = [
        (("a", "b"), [set(range(10)), set(range(5))]),
        (("a", "b"), [set(range(10)), set(range(5, 10))]),
        (("b", "c"), [set(range(10)), set(range(20, 40))]),
    ]
    found = links(KNOWN, told)
    assert found == Links(known=2, known_found=1, told=3, told_right=2)
    assert figures(found.agreement) == (200 / 3, 50, 400 / 7)
    assert str(found) == "precision 66.7, recall 50.0, F1 57.1 (2 links)"


def test_stories_taken_together_count_by_their_links():
    one = Links(known=2, known_found=1, told=3, told_right=2)
    other = Links(known=8, known_found=8, told=1, told_right=1)
    assert links_of([one, other]) == Links(known=10, known_found=9, told=4, told_right=3)
    assert links_of([]).agreement.f1 == 0


def article(id, text, *contents):
    return {"id": id, "text": text, "attributions": [{"content": spans} for spans in contents]}


def test_a_ledger_is_read_from_its_files_in_any_order():
    rows = {"a": {"attributions": [0, 1], "span": None}, "b": {"attributions": [], "span": [2, 4]}}
    files = [
        json.dumps(one).encode()
        for one in (article("a", "x" * 20, [[0, 3], [5, 6]], [[9, 10]]), {"rows": [{"cells": rows}]}, article("b", "y"))
    ]
    story = read_ledger(files)
    assert [doc.id for doc in story.docs] == ["a", "b"]
    assert story.links == [Link(("a", "b"), (frozenset({0, 1, 2, 5, 9}), frozenset({2, 3})))]
    assert read_ledger(files[::-1]).links == story.links


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"[]",
        b"7",
        b'{"rows": [{"cells": {"a": {"attributions": []}}}]}',
        b'{"rows": [{"cells": {"z": {"attributions": [0]}, "a": {"attributions": [9]}}}]}',
        b'{"rows": [{"cells": []}]}',
        b'{"rows": [{}]}',
        b'{"rows": 7}',
    ],
)
def test_a_ledger_that_does_not_fit_is_told(body):
    files = [json.dumps(article("a", "x" * 20, [[0, 3]])).encode(), body]
    if b'"attributions": []' in body:
        assert read_ledger(files).links == [], "a row of one article has no link"
    else:
        with pytest.raises(StreamError):
            read_ledger(files)


spans = st.tuples(st.integers(0, 30), st.integers(1, 12)).map(lambda one: [one[0], one[0] + one[1]])
rows_of_spans = st.lists(st.dictionaries(st.sampled_from("abc"), st.lists(spans, min_size=1, max_size=2)), max_size=4)


@needs_shared
@given(rows_of_spans, rows_of_spans)
def test_links_are_scored_as_the_shared_scorer_does(known, told):
    articles = {id: article(id, "x" * 50) for id in "abc"}
    held = {
        "rows": [
            {"cells": {id: {"attributions": [], "span": said[0], "verdict": "states"} for id, said in row.items()}}
            for row in known
        ]
    }
    predicted = {"rows": [{"cells": {id: {"spans": said} for id, said in row.items()}} for row in told]}
    with pytest.MonkeyPatch.context() as patch:
        theirs = scorer("score_ledger", patch).score(held, articles, predicted)["links"]
    ours = links(
        read_ledger([json.dumps(one).encode() for one in (*articles.values(), held)]).links,
        [
            (ids, [{at for span in row[id] for at in range(*span)} for id in ids])
            for row in told
            for ids in combinations(sorted(row), 2)
        ],
    )
    agreed = ours.agreement
    assert (agreed.precision, agreed.recall, agreed.f1) == pytest.approx(
        (theirs["P"], theirs["R"], theirs["F1"]), abs=0.051
    )
    assert (ours.known, ours.told) == (theirs["gold"], theirs["predicted"])


@needs_shared
@pytest.mark.parametrize("folder", [*CASES, SHARED / "ledger_dev"], ids=lambda folder: folder.name)
def test_a_ledger_of_a_real_length_is_scored_as_the_shared_scorer_does(folder, monkeypatch):
    files = sorted(folder.glob("*.json"))
    held = [json.loads(file.read_text("utf-8")) for file in files]
    articles = {one["id"]: one for one in held if "rows" not in one}
    (gold,) = [one for one in held if "rows" in one]
    docs = [story_doc(one) for one in articles.values()]
    told = ledger(
        Telling(
            id=doc.id,
            title=doc.title,
            text=doc.text,
            outlet=doc.outlet or "",
            published=doc.published,
            analysis=find(doc.text, title=doc.title, outlet=doc.outlet),
        )
        for doc in docs
    )
    predicted = json.loads(json.dumps(ledger_json(told)))
    theirs = scorer("score_ledger", monkeypatch).score(gold, articles, predicted)["links"]
    ours, _ = score_ledger(read_ledger([file.read_bytes() for file in files]))
    agreed = ours.agreement
    assert (agreed.precision, agreed.recall, agreed.f1) == pytest.approx(
        (theirs["P"], theirs["R"], theirs["F1"]), abs=0.051
    )
    assert (ours.known, ours.told) == (theirs["gold"], theirs["predicted"])
