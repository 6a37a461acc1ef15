"""How well `newsreader eval stories` finds the claims lined up that were lined up by hand, in stories of the demo."""

import json
from itertools import combinations
from pathlib import Path

import pytest
from terminal import newsreader

from reader.stories.score import read_ledger

FOLDER = Path(__file__).with_name("ledgers")
STORIES = ("rate", "reef", "trial", "verdict")
PRECISION, F1 = 70, 65
"""Floors of the links of all stories together, in per cent."""


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    done = newsreader(
        *("eval", "stories", "--json", *(str(FOLDER / name) for name in STORIES)),
        home=tmp_path_factory.mktemp("home"),
    )
    assert done.returncode == 0, done.stderr.decode()
    return json.loads(done.stdout)


def held(story):
    files = [json.loads(file.read_text("utf-8")) for file in sorted((FOLDER / story).glob("*.json"))]
    (gold,) = [one for one in files if "rows" in one]
    return gold, {one["id"]: one for one in files if "rows" not in one}


# --- what is reached


def test_all_stories_lined_up_by_hand_are_scored(told):
    assert set(told["ledgers"]) == set(STORIES) == {folder.name for folder in FOLDER.iterdir()}
    assert told["links"]["known"] == sum(one["known"] for one in told["ledgers"].values()) == 130


def test_links_reach_their_floors(told):
    assert told["links"]["precision"] >= PRECISION
    assert told["links"]["f1"] >= F1


@pytest.mark.parametrize("story", STORIES)
def test_no_story_is_left_far_behind_the_others(told, story):
    assert told["ledgers"][story]["precision"] >= PRECISION - 10
    assert told["ledgers"][story]["f1"] >= F1 - 10


@pytest.mark.parametrize("story", STORIES)
def test_no_conflict_is_told_where_there_is_none(told, story):
    assert told["ledgers"][story]["conflicts"] == 0


# --- the cases themselves


@pytest.mark.parametrize("story", STORIES)
def test_no_conflict_was_seen_by_hand(story):
    gold, _ = held(story)
    verdicts = {cell["verdict"] for row in gold["rows"] for cell in row["cells"].values()}
    assert verdicts <= {"states", "attributes_otherwise"}


@pytest.mark.parametrize("story", STORIES)
def test_what_was_lined_up_lies_within_its_articles(story):
    gold, articles = held(story)
    assert gold["story"] == story
    for row in gold["rows"]:
        assert len(row["cells"]) >= 2, row["claim"]
        for id, cell in row["cells"].items():
            claims = articles[id]["attributions"]
            assert all(0 <= at < len(claims) for at in cell["attributions"])
            said = [span for at in cell["attributions"] for span in claims[at]["content"]]
            said += [cell["span"]] if cell["span"] else []
            assert said, (row["claim"], id)
            assert all(0 <= start < end <= len(articles[id]["text"]) for start, end in said)


@pytest.mark.parametrize("story", STORIES)
def test_a_case_has_a_link_for_each_two_articles_of_a_row(story):
    gold, _ = held(story)
    known = read_ledger([file.read_bytes() for file in (FOLDER / story).glob("*.json")]).links
    assert len(known) == sum(len(list(combinations(row["cells"], 2))) for row in gold["rows"])
