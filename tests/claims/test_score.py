"""The scorer: by hand on small cases, perfect on a perfect answer, and the guide's own numbers on its articles."""

import importlib.util
import json
from pathlib import Path

import pytest

from reader.claims.find import find
from reader.claims.score import GoldError, read_gold, same_name, score, scores_json
from reader.claims.view import claims_json

CASES = sorted((Path(__file__).parent / "cases").glob("*.json"))
SHARED = Path(__file__).resolve().parents[2].parent / "shared" / "eval"

TEXT = "“The wall leaks,” Mayor Ada Lund said. Officials expect 40 to 50 days of rain.\n\nRelated Articles"


def span(words: str, text: str = TEXT) -> list[int]:
    start = text.index(words)
    return [start, start + len(words)]


def said(**fields):
    """An attribution as both annotators and the extractor write it."""
    plain = {"content": [span("The wall leaks")], "cue": [span("said")], "source": [span("Mayor Ada Lund")]}
    told = {"speaker": "Ada Lund", "kind": "person", "named": True, "quotation": "direct", "via": [], "denied": False}
    return plain | told | fields


def scored(golds, claims, *, text=TEXT, figures=((), ()), boilerplate=((), ())):
    gold = {"id": "x", "text": text, "attributions": golds, "figures": figures[0], "boilerplate": boilerplate[0]}
    found = {"text": text, "claims": claims, "figures": figures[1], "boilerplate": boilerplate[1]}
    return score([read_gold(json.dumps(gold).encode())], [found])


def counts(scores, name):
    found = scores.found[name]
    return found.right, found.gold, found.predicted


def share(scores, name):
    return scores.accuracy[name].right, scores.accuracy[name].of


@pytest.mark.parametrize(
    ("start", "end", "right"),
    [
        (0, 10, 1),
        (0, 5, 1),  # five of ten characters
        (0, 4, 0),
        (5, 15, 0),  # five of fifteen
        (3, 13, 1),  # seven of thirteen
        (0, 20, 1),  # ten of twenty
        (0, 21, 0),
        (10, 20, 0),
    ],
)
def test_contents_match_from_one_half_on(start, end, right):
    scores = scored([said(content=[[0, 10]])], [said(content=[[start, end]])])
    assert counts(scores, "attribution") == counts(scores, "content") == (right, 1, 1)


@pytest.mark.parametrize(
    ("gold", "found", "right"),
    [
        ([[18, 32]], [[24, 27]], 1),
        ([[18, 32]], [[32, 35]], 0),
        ([[18, 32]], [], 0),
        ([], [[18, 32]], 0),
        ([], [], 1),
    ],
)
def test_sources_overlap_or_are_both_left_out(gold, found, right):
    scores = scored([said(source=gold)], [said(source=found)])
    assert counts(scores, "attribution") == (right, 1, 1)
    assert counts(scores, "content") == (1, 1, 1)


def test_a_claim_matches_one_attribution_and_the_best():
    near, exact = said(content=[[0, 12]]), said(content=[[0, 10]], speaker="Nobody")
    scores = scored([said(content=[[0, 10]])], [near, exact])
    assert counts(scores, "attribution") == (1, 1, 2)
    assert share(scores, "speaker") == (0, 1), "the exact one was taken"
    scores = scored([near, exact], [said(content=[[0, 10]])])
    assert counts(scores, "attribution") == (1, 2, 1)
    found = scores.found["attribution"]
    assert (found.precision, found.recall, found.f1) == (100.0, 50.0, 66.7)


@pytest.mark.parametrize(
    ("gold", "found", "same"),
    [
        ("Ada Lund", "Mayor Ada Lund", True),
        ("Gina Raimondo", "Secretary Gina Raimondo", True),
        ("Ada Lund", "lund", True),
        ("The Coast Herald", "Coast Herald’s", True),
        ("Ada Lund", "Eva Lund", False),
        ("Minister", "Secretary", True),  # titles alone are no name
        ("Ada Lund", None, False),
        (None, "Ada Lund", False),
        (None, None, True),
        (None, "", True),
    ],
)
def test_names_agree_but_for_titles(gold, found, same):
    assert same_name(gold, found) is same
    assert share(scored([said(speaker=gold)], [said(speaker=found)]), "speaker") == (same, 1)


def test_far_speakers_are_those_whose_name_is_not_beside_the_cue():
    far, near = said(source=[span("Officials")], content=[[40, 50]]), said()
    scores = scored([near, far], [near, far | {"speaker": "Eva Moe"}])
    assert share(scores, "speaker") == (1, 2)
    assert share(scores, "speaker_far") == (1, 2), "“Mayor” is not among the titles that don't count"
    assert share(scored([said(source=[span("Ada Lund")])], [near]), "speaker_far") == (0, 0)
    assert share(scored([said(speaker=None)], [near]), "speaker_far") == (0, 0)


def test_exact_spans_are_trimmed():
    scores = scored(
        [said()], [said(content=[span("“The wall leaks,” ")], cue=[span("said.")], source=[span("Ada Lund")])]
    )
    assert counts(scores, "exact_content") == (1, 1, 1)
    assert counts(scores, "exact_cue") == (1, 1, 1)
    assert counts(scores, "exact_source") == (0, 1, 1)


def test_fields_are_judged_on_matches_alone():
    other = said(kind="group", named=False, quotation="mixed", denied=True)
    scores = scored([said(), said(content=[[40, 50]])], [other])
    assert [share(scores, name) for name in ("kind", "named", "quotation", "denied")] == [(0, 1)] * 4
    assert scores.accuracy["speaker"].percent == 100.0


def test_those_behind_the_speaker():
    gold = [said(via=["US officials", "KCNA"]), said(content=[[40, 50]], via=["Reuters"])]
    found = [said(via=["officials"]), said(content=[[60, 70]], via=["Reuters"])]
    assert counts(scored(gold, found), "via") == (1, 3, 2), "what is not matched is missed, and invented"


def test_speech_is_told_by_the_cue():
    gold = [
        said(),
        said(content=[[40, 50]], quotation="indirect", cue=[span("expect")]),
        said(content=[[52, 62]], quotation="indirect"),
    ]
    scores = scored(gold, gold[:2])
    assert [share(scores, f"speech_{kind}") for kind in ("quoted", "indirect", "all")] == [(1, 1), (0, 1), (1, 2)]


def figure(words, value, bound="exact"):
    return {"span": span(words), "value": value, "bound": bound, "unit": "days", "high": None}


def test_figures():
    gold = [figure("40 to 50 days", 40.0, "range"), figure("rain", None)]
    found = [figure("50 days", 50.0), figure("40 to 50", 40.00001, "range"), figure("rain", 7.0)]
    scores = scored([], [], figures=(gold, found))
    assert counts(scores, "figures") == (2, 2, 3), "each takes the first that covers half"
    assert share(scores, "figure_bound") == (1, 2)
    assert share(scores, "figure_value") == (0, 1), "a value of none asks for none"
    close = figure("40 to 50", 40.00001, "range")
    assert share(scored([], [], figures=(gold, [close])), "figure_value") == (1, 1)


def test_boilerplate_counts_characters():
    start, end = span("Related Articles")
    scores = scored([], [], boilerplate=([[start, end]], [[start + 8, end], [0, 2]]))
    assert counts(scores, "boilerplate") == (8, 16, 10)


def test_nothing_at_all():
    scores = scored([], [])
    assert counts(scores, "attribution") == (0, 0, 0)
    assert scores.found["attribution"].f1 == 0.0
    assert scores.accuracy["speaker"].percent is None
    json.dumps(scores_json(scores), allow_nan=False)


def test_a_perfect_answer_scores_a_hundred():
    golds = [read_gold(path.read_bytes()) for path in CASES]
    scores = score(golds, [gold | {"claims": gold["attributions"]} for gold in golds])
    assert {(found.precision, found.recall, found.f1) for found in scores.found.values()} == {(100.0, 100.0, 100.0)}
    assert {share.percent for share in scores.accuracy.values()} == {100.0}


def test_the_text_must_be_the_annotated_one():
    gold = read_gold(b'{"id": "x", "text": "One.", "attributions": []}')
    with pytest.raises(ValueError, match="not the annotated text"):
        score([gold], [{"text": "Two.", "claims": [], "figures": [], "boilerplate": []}])


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"", "not JSON"),
        (b"\xff\xfe", "not JSON"),
        (b'{"x":' * 100_000, "not JSON"),
        (b"[]", "expected 'object'"),
        (b'{"id": "x", "text": ""}', "'attributions'"),
        (b'{"id": "x", "text": "", "attributions": [{"content": []}]}', r"'cue' at attributions\[0\]"),
        (json.dumps({"id": "x", "text": TEXT, "attributions": [said(kind="poet")]}).encode(), "'poet'"),
        (json.dumps({"id": "x", "text": "short", "attributions": [said()]}).encode(), "no span"),
        (b'{"id": "x", "text": "a", "attributions": [], "boilerplate": [[1, 0]]}', "no span"),
    ],
)
def test_what_is_no_annotated_article(body, why):
    with pytest.raises(GoldError, match=why):
        read_gold(body)


@pytest.mark.skipif(not (SHARED / "claims_dev").is_dir(), reason="shared/eval/claims_dev is not here")
def test_the_guides_own_scorer_agrees():
    spec = importlib.util.spec_from_file_location("score_claims", SHARED / "score_claims.py")
    theirs = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(theirs)
    bodies = [path.read_bytes() for path in [*sorted((SHARED / "claims_dev").glob("*.json")), *CASES]]
    golds = [read_gold(body) for body in bodies]
    found = [claims_json(find(gold["text"]), id=gold["id"], text=gold["text"]) for gold in golds]
    expected = theirs.score([json.loads(body) for body in bodies], {one["id"]: one for one in found})
    scores = score(golds, found)
    names = {"content": "content_only"} | {f"exact_{role}": role for role in ("source", "cue", "content")}
    for name, ours in scores.found.items():
        their = (expected | expected["exact"])[names.get(name, name)]
        assert counts(scores, name)[1:] == (their["gold"], their["predicted"]), name
        assert (ours.precision, ours.recall, ours.f1) == (their["P"], their["R"], their["F1"]), name
    assert {name: ours.percent for name, ours in scores.accuracy.items()} == {
        **{f"speech_{kind}": expected["speech_recall"][kind] for kind in ("quoted", "indirect", "all")},
        "speaker": expected["speaker_accuracy"],
        "speaker_far": expected["speaker_accuracy_far"],
        **{name: expected[f"{name}_accuracy"] for name in ("kind", "named", "quotation", "denied")},
        **{f"figure_{name}": expected["figures"][f"{name}_accuracy"] for name in ("value", "bound")},
    }
    assert scores.articles == expected["articles"]
    assert scores.accuracy["speaker_far"].of == expected["far"]
