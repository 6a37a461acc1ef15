"""What stories are learned from, and that it is learned: on streams, pairs and ledgers of our own."""

import importlib.util
import json
import random
import re
import sys
from datetime import UTC, datetime, timedelta
from importlib import resources
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reader.model import StoryDoc
from reader.stories import cluster, meaning, score, statements
from reader.stories.merge import ENOUGH, FEATURES
from reader.stories.merge import shipped as shipped_trees
from reader.stories.phrase import FEATURES as OF_PHRASES
from reader.stories.weighed import Weighed
from reader.trees import trees
from training.claims.vectors import Pairs
from training.stories import link, merge, same, words
from training.trees import learn

ROOT = Path(__file__).resolve().parents[2]
WIKINEWS = ROOT.parent / "shared" / "eval" / "stories_dev" / "wikinews.jsonl"
LEDGERS = json.loads((ROOT / "training" / "stories" / "ledgers.json").read_text("utf-8"))
CASES = sorted((ROOT / "tests" / "stories" / "ledgers").iterdir())
NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
needs_lightgbm = pytest.mark.skipif(
    importlib.util.find_spec("lightgbm") is None, reason="lightgbm is not installed: make stories does it"
)


def doc(id, *, title="A crane fell", text="", published=NOON):
    return StoryDoc(id=str(id), title=title, text=text, published=published)


def newsroom(*, titles_only=False):
    """Five stories as three outlets tell them."""
    lines = (ROOT / "tests" / "stories" / "newsroom.jsonl").read_text("utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    docs = [
        doc(
            at,
            title=row["title"],
            text="" if titles_only else row["text"],
            published=NOON + timedelta(hours=row["hours"]),
        )
        for at, row in enumerate(rows)
    ]
    return merge.Stream(docs, {str(at): row["story"] for at, row in enumerate(rows)})


# --- merge: halves


runs = st.lists(st.tuples(st.none() | st.just("story"), st.integers(1, 4)), min_size=1, max_size=6)


@given(runs)
def test_halves_are_the_whole_and_share_no_story_that_comes_at_one_go(runs):
    stories = [(story and f"{story} {at}") for at, (story, count) in enumerate(runs) for _ in range(count)]
    stream = merge.Stream([doc(at) for at in range(len(stories))], {str(at): s for at, s in enumerate(stories) if s})
    one, other = merge._halved(stream)
    assert one.docs + other.docs == stream.docs
    assert one.gold == other.gold == stream.gold
    told = [{stream.gold[each.id] for each in half.docs if each.id in stream.gold} for half in (one, other)]
    assert not told[0] & told[1]


def test_a_stream_is_halved_in_the_middle_or_at_the_next_story():
    for stories, middle in (("aabbcc", 4), ("aabb", 2), ("abcdef", 3), ("abbbbc", 5)):
        stream = merge.Stream([doc(at) for at in range(len(stories))], {str(at): s for at, s in enumerate(stories)})
        assert len(merge._halved(stream)[0].docs) == middle, stories


# --- merge: variants


def test_a_stream_with_texts_is_read_also_without_dates_without_texts_and_in_no_language():
    docs, gold, _ = stream = newsroom()
    whole, undated, titles, foreign = merge._variants([stream])
    assert whole == merge.Stream(docs, gold, 1)
    assert {one.published for one in undated.docs} == {None}
    assert [one.text for one in undated.docs] == [one.text for one in docs]
    assert {one.text for one in titles.docs} == {""}
    assert [one.title for one in titles.docs] == [one.title for one in docs]
    known = meaning.shipped()
    assert sum(known.of(one.title).any() for one in docs) > sum(known.of(one.title).any() for one in foreign.docs)
    assert [len(one.title) for one in foreign.docs] == [len(one.title) for one in docs]
    assert (undated.weight, titles.weight, foreign.weight) == (0.5, 0.5, merge.FOREIGN)


def test_a_stream_of_titles_is_read_also_without_dates_and_in_no_language_and_counts_for_more():
    variants = merge._variants([newsroom(titles_only=True)])
    assert [one.weight for one in variants] == [merge.TITLES, merge.TITLES / 2, merge.TITLES * merge.FOREIGN]
    assert [{one.published for one in variant.docs} == {None} for variant in variants] == [False, True, False]


@pytest.mark.parametrize("titles_only", [True, False])
def test_variants_are_of_the_same_articles_and_stories(titles_only):
    stream = newsroom(titles_only=titles_only)
    for docs, gold, weight in merge._variants([stream]):
        assert sorted(one.id for one in docs) == sorted(one.id for one in stream.docs)
        assert gold == stream.gold
        assert weight > 0


@given(st.lists(st.none() | st.integers(0, 200), max_size=30))
def test_shuffling_moves_an_article_within_a_day(hours):
    docs = [doc(at, published=None if h is None else NOON + timedelta(hours=h)) for at, h in enumerate(hours)]
    moved = merge._shuffled(docs)
    before = {one.id: one for one in docs}
    assert sorted(one.id for one in moved) == sorted(before)
    for one in moved:
        was = before[one.id].published
        assert (one.published is None) == (was is None)
        assert was is None or was <= one.published < was + timedelta(days=1)
    dated = [one.published for one in moved if one.published]
    assert dated == sorted(dated)
    assert merge._shuffled(docs) == moved, "the same each time"


def test_shuffling_draws_another_order_of_a_day():
    docs = [doc(at, published=NOON + timedelta(minutes=at)) for at in range(100)]
    assert [one.id for one in merge._shuffled(docs)] != [one.id for one in docs]


# --- merge: what is seen


def test_what_is_seen_of_each_candidate_is_noted_with_how_much_of_it_is_right():
    docs, gold, _ = newsroom()
    watched = merge.Watched(gold, merge.Rule())
    for one in docs:
        watched.add(one)
    assert len(watched.rows) == len(watched.truth) > 0
    assert {len(row) for row in watched.rows} == {len(FEATURES)}
    assert np.isfinite(np.array(watched.rows)).all()
    truth = np.array(watched.truth)
    assert ((truth >= 0) & (truth <= 1)).all()
    nearest = np.array(watched.rows)[:, FEATURES.index("nearest")]
    assert nearest[truth == 1].mean() > 2 * nearest[truth == 0].mean()


def test_articles_whose_story_is_not_known_teach_nothing():
    watched = merge.Watched({}, merge.Rule())
    for one in newsroom().docs:
        watched.add(one)
    assert watched.rows == watched.truth == []


def test_watching_changes_no_story():
    docs, gold, _ = newsroom()
    watched, plain = merge.Watched(gold, shipped_trees()), cluster.Stories()
    assert [watched.add(one).story for one in docs] == [plain.add(one).story for one in docs]


def test_the_rule_before_anything_is_learned_joins_what_is_near_in_words_and_days():
    def told(**seen):
        return float(merge.Rule().chances(np.array([[seen.get(name, 0.0) for name in FEATURES]]))[0])

    assert told(nearest=0.5, central=0.5) > ENOUGH > told(nearest=0.05, central=0.05)
    assert told(nearest=0.5, central=0.5, gap=1) > told(nearest=0.5, central=0.5, gap=6)
    assert merge._scored(newsroom(), merge.Rule()).bcubed.f1 > 80


def test_a_stream_is_read_from_its_file(tmp_path):
    (tmp_path / "own.jsonl").write_text('{"id": "a", "story": "s"}\n{"id": "b", "story": null}\n', "utf-8")
    stream = merge._stream(tmp_path / "own.jsonl")
    assert ([one.id for one in stream.docs], stream.gold, stream.weight) == (["a", "b"], {"a": "s"}, 1)


# --- trees


def made_rows():
    """Two features that tell together and one that does not."""
    draw = np.random.default_rng(1)
    rows = draw.normal(size=(600, 3))
    return rows, (rows[:, 0] + rows[:, 1] > 0).astype(float)


@needs_lightgbm
@pytest.mark.parametrize("several", [1, 3])
def test_the_same_rows_teach_the_same_trees_and_they_tell(several):
    rows, truth = made_rows()
    names = ("x", "y", "noise")
    made = [
        learn(rows, truth, np.ones(600), features=names, rounds=20, several=several, num_leaves=6) for _ in range(2)
    ]
    assert made[0] == json.loads(json.dumps(made[1]))
    assert len(made[0]["roots"]) == 20 * several
    right = (trees(made[0], names).chances(rows) >= 0.5) == (truth == 1)
    assert right.mean() > 0.9


@needs_lightgbm
def test_several_models_are_put_together_as_their_mean():
    rows, truth = made_rows()
    names = ("x", "y", "noise")
    one, three = (
        trees(learn(rows, truth, np.ones(600), features=names, rounds=20, several=count), names) for count in (1, 3)
    )
    assert np.abs(one.chances(rows) - three.chances(rows)).max() < 0.05, "without draws they are alike"


@needs_lightgbm
def test_the_same_streams_teach_the_same_trees():
    stream = newsroom()
    made = [merge._model([stream]) for _ in range(2)]
    assert made[0] == made[1]
    assert trees(made[0], FEATURES).chances(np.zeros((2, len(FEATURES)))).shape == (2,)


# --- same


SAID = (
    ("{who} opened the new {what} in {where} on {day}.", "On {day} the new {what} was opened in {where} by {who}."),
    ("{who} closed the old {what} near {where}.", "The old {what} near {where} has been closed by {who}."),
    ("{who} said the {what} in {where} was unsafe.", "The {what} in {where} was not safe, {who} said."),
    ("{who} will repair the {what} of {where} by {day}.", "By {day} {who} is to mend the {what} of {where}."),
)


def pairs(seed, count=60):
    """As many pairs that say the same as others that only share their names."""
    draw = random.Random(seed)
    rows = []
    for at in range(count):
        fill = {
            "who": draw.choice(("Ilse Brandt", "Nils Falk", "the council", "the port authority")),
            "what": draw.choice(("harbour", "bridge", "school", "hospital", "library")),
            "where": draw.choice(("Orde", "Skerra", "Vik")),
            "day": draw.choice(("Monday", "Friday")),
        }
        one, other = draw.sample(SAID, 2)
        rows.append((one[0], (one if at % 2 else other)[1], fill, at % 2))
    return Pairs(
        [a.format(**fill) for a, _, fill, _ in rows],
        [b.format(**fill) for _, b, fill, _ in rows],
        np.array([gold for *_, gold in rows], float),
    )


def written(path, given):
    lines = ["Quality\t#1 ID\t#2 ID\t#1 String\t#2 String"]
    lines += [f"{int(gold)}\t1\t2\t{a}\t{b}" for a, b, gold in zip(*given, strict=True)]
    path.write_text("\n".join(lines) + "\n", "utf-8")


def test_pairs_teach_what_says_the_same(tmp_path, monkeypatch, capsys):
    written(tmp_path / "msr_paraphrase_train.txt", pairs(1))
    written(tmp_path / "msr_paraphrase_test.txt", pairs(2, 40))
    made = []
    for name in ("one.json", "two.json"):
        monkeypatch.setattr(sys, "argv", ["same", str(tmp_path), "--out", str(tmp_path / name)])
        same.main()
        made.append((tmp_path / name).read_text("utf-8"))
    assert made[0] == made[1]
    held = json.loads(made[0])
    assert set(held) == {"features", "weights", "bias"}, "no text"
    assert tuple(held["features"]) == OF_PHRASES
    assert len(held["weights"]) == len(OF_PHRASES)
    (right,) = set(re.findall(r"right of the test pairs: ([\d.]+) %", capsys.readouterr().out))
    assert float(right) > 75


# --- link: weights


def test_weights_for_features_as_they_are_tell_what_those_for_scaled_ones_do():
    rows, truth = made_rows()
    far = rows * [1000, 0.01, 1] + [5000, 0, 7]
    made = [link.folded(each, truth, np.ones(600), ("x", "y", "noise"), 1.0) for each in (rows, far)]
    told = [
        Weighed(np.array(model["weights"]), model["bias"]).chances(each)
        for model, each in zip(made, (rows, far), strict=True)
    ]
    assert told[0] == pytest.approx(told[1], abs=0.01)
    assert ((told[0] >= 0.5) == (truth == 1)).mean() > 0.95


def test_a_feature_that_never_changes_weighs_nothing():
    rows, truth = made_rows()
    rows[:, 2] = 4.0
    model = link.folded(rows, truth, np.ones(600), ("x", "y", "still"), 1.0)
    assert np.isfinite(model["weights"]).all()
    assert model["weights"][2] == pytest.approx(0, abs=1e-6)


def test_what_counts_for_nothing_teaches_nothing():
    rows, truth = made_rows()
    lies = np.concatenate([truth, 1 - truth])
    weights = np.concatenate([np.ones(600), np.zeros(600)])
    one = link.folded(rows, truth, np.ones(600), ("x", "y", "noise"), 1.0)
    other = link.folded(np.concatenate([rows, rows]), lies, weights, ("x", "y", "noise"), 1.0)
    assert one["weights"] == pytest.approx(other["weights"], rel=1e-3, abs=1e-3)


@pytest.fixture(scope="module")
def samples():
    return {folder.name: link._sample(score.read_ledger(link._files(folder))) for folder in CASES}


def test_a_sample_tells_of_each_likely_pair_whether_it_was_lined_up(samples):
    for sample in samples.values():
        assert sample.rows.shape == (len(sample.truth), len(statements.FEATURES))
        assert np.isfinite(sample.rows).all()
        assert set(sample.truth.tolist()) == {0, 1}
        published = [one.published for one in sample.tellings]
        assert published == sorted(published)


def test_stories_teach_the_links_of_one_they_have_not_seen(samples):
    for name, sample in samples.items():
        model = link.weigh([other for other in samples.values() if other is not sample])
        assert model == link.weigh([other for other in samples.values() if other is not sample])
        assert tuple(model["features"]) == statements.FEATURES
        told = Weighed(np.array(model["weights"]), model["bias"]).chances(sample.rows)
        assert told[sample.truth == 1].mean() > 2 * told[sample.truth == 0].mean(), name


def test_a_story_is_scored_by_what_others_taught(samples, capsys):
    model = link.weigh([sample for name, sample in samples.items() if name != "trial"])
    found = link._scored("trial", samples["trial"], model)
    assert found.known == len(samples["trial"].gold)
    assert found.agreement.f1 > 50
    assert str(found) in capsys.readouterr().out


# --- link: the ledgers made by hand


def test_thirteen_stories_were_lined_up_and_seven_held_out():
    assert len(LEDGERS) == 13
    assert sum(story["held_out"] for story in LEDGERS.values()) == 7
    ids = [id for story in LEDGERS.values() for id in story["articles"]]
    assert len(ids) == len(set(ids)), "no article in two stories"


@pytest.mark.parametrize("name", LEDGERS)
def test_a_ledger_holds_offsets_and_no_words(name):
    story = LEDGERS[name]
    assert set(story) == {"held_out", "articles", "rows"}
    assert all(re.fullmatch(r"[0-9a-f]{16}", hash) for hash in story["articles"].values())
    for row in story["rows"]:
        assert set(row) == {"cells"}
        assert len(row["cells"]) >= 2
        assert set(row["cells"]) <= set(story["articles"])
        for spans in row["cells"].values():
            assert spans
            assert all(type(at) is int for span in spans for at in span)
            assert all(0 <= start < end for start, end in spans)


@pytest.fixture(scope="module")
def texts():
    if not WIKINEWS.is_file():
        pytest.skip("the stream that the ledgers are offsets into is not here")
    return {one.id: one for one in score.read_stream(WIKINEWS.read_bytes())[0]}


@pytest.mark.parametrize("name", LEDGERS)
def test_offsets_lie_within_the_texts_that_were_lined_up(name, texts):
    story = link._looked_up(LEDGERS[name], texts)
    assert [one.id for one in story.docs] == list(LEDGERS[name]["articles"])
    for one in story.links:
        for id, places in zip(one.ids, one.places, strict=True):
            assert max(places) < len(texts[id].text)


def test_another_text_than_the_one_lined_up_is_refused():
    story = next(iter(LEDGERS.values()))
    with pytest.raises(SystemExit, match="not the one that was lined up"):
        link._looked_up(story, {id: doc(id, text="Another text.") for id in story["articles"]})


# --- words


def test_the_shipped_words_are_as_their_maker_writes_them():
    held = np.load(BytesIO(resources.files("reader.stories").joinpath("data/words.npz").read_bytes()))
    known = held["words"].tobytes().decode().split("\n")
    assert len(set(known)) == len(known)
    assert all(word.isascii() and word.isalpha() and word == word.lower() and len(word) > 1 for word in known)
    assert held["vectors"].shape == (len(known), words.WIDTH)
    assert words.WIDTH == meaning.WIDTH
    assert held["vectors"].dtype == np.int8
    assert held["scale"].shape == (len(known),)
    assert (np.abs(held["vectors"].astype(int)).max(1) == 127).all(), "each uses all of a byte"


def test_rare_words_have_long_vectors():
    lengths = np.linalg.norm(meaning.shipped().vectors, axis=1)
    assert lengths[:100].mean() < lengths[1_000:2_000].mean() < lengths[-1_000:].mean()
