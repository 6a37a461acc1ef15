"""`newsreader ledger`, `compare`, `stories` and `eval stories`, as a script would call them."""

import json
from pathlib import Path

import pytest

LEDGERS = Path(__file__).parents[1] / "stories" / "ledgers"

POST = (
    "Seventeen people have died after the ferry Stella Vik was wrecked off Skerra, the hospital in Port Ansel said on "
    "Friday.\n\n"
    "“The number we have is seventeen, and we have informed the families,” said the director, Nasrin Tehrani."
)
WIRE = (
    "Fifteen people are known to have died in the wreck of the Stella Vik off Skerra, the coastguard said on Friday."
    "\n\n"
    "The search will go on at dawn, the coastguard said."
)
COURIER = (
    "The hospital in Port Ansel counts 17 dead, The Harbour Post reported on Friday.\n\n"
    "“The number we have is seventeen,” said Nasrin Tehrani, the director."
)
ARTICLES = [
    {
        "id": "post",
        "title": "Seventeen dead",
        "text": POST,
        "outlet": "The Harbour Post",
        "published": "2026-11-12T09:00:00Z",
    },
    {"id": "wire", "title": "Fifteen dead", "text": WIRE, "outlet": "Concord", "published": "2026-11-12T09:10:00Z"},
    {"id": "courier", "title": "Toll", "text": COURIER, "outlet": "Courier", "published": "2026-11-12T12:00:00Z"},
]


def lines(rows) -> bytes:
    return "".join(f"{row if isinstance(row, str) else json.dumps(row)}\n" for row in rows).encode()


def test_a_ledger_lines_up_the_articles_of_a_story(run):
    done = run("ledger", "--jsonl", stdin=lines(ARTICLES))
    assert done.returncode == 0
    told = json.loads(done.stdout)
    texts = {one["id"]: one["text"] for one in ARTICLES}
    for row in told["rows"]:
        for id, cell in row["cells"].items():
            assert all(0 <= start < end <= len(texts[id]) for start, end in cell["spans"])
            assert cell["verdict"] in {"states", "differs", "attributes_otherwise", "denies"}
    (conflict,) = told["conflicts"]
    assert {conflict["a"], conflict["b"]} == {"post", "wire"}
    assert "Seventeen people" in conflict["why"]
    assert "Fifteen people" in conflict["why"]
    assert {cell["verdict"] for cell in told["rows"][conflict["row"]]["cells"].values()} >= {"differs"}
    (link,) = [one for one in told["origin"]["chain"] if one["article"] == "courier"]
    assert (link["cites"], link["origin"]) == ("The Harbour Post", "post")
    (quotation,) = told["quotations"]
    assert not quotation["same_words"]
    for side in ("a", "b"):
        id, (start, end) = quotation[side]
        assert "The number we have is seventeen" in texts[id][start:end]
    assert set(told["missing"]) == set(texts)
    assert told["copies"] == []


def test_lines_that_are_no_articles_are_told_and_the_rest_is_lined_up(run):
    done = run("ledger", "--jsonl", stdin=lines([ARTICLES[0], "{", {"title": "no id"}, ARTICLES[0], ARTICLES[1]]))
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 3
    assert b"comes twice" in done.stderr
    assert {id for row in json.loads(done.stdout)["rows"] for id in row["cells"]} == {"post", "wire"}


def test_no_article_at_all_is_a_failure(run):
    done = run("ledger", "--jsonl", stdin=b"\n")
    assert (done.returncode, done.stdout) == (1, b"")
    assert b"There is no article to line up." in done.stderr


def test_sentences_are_compared_line_by_line(run):
    pairs = [
        {"id": 1, "a": "The ferry accident killed 12 people.", "b": "The ferry accident killed 17 people."},
        {"id": "two", "a": "He will resign, the minister said.", "b": "The minister said that he will resign."},
        {"id": 3, "a": "The ferry sank off Skerra.", "b": "The central bank cut its rate by half a point."},
        {"id": 4, "a": "Only one."},
        "nonsense",
    ]
    done = run("compare", "--jsonl", stdin=lines(pairs))
    assert done.returncode == 1
    told = [json.loads(line) for line in done.stdout.splitlines()]
    assert [one.get("verdict") for one in told] == ["differs", "same", "unrelated", None, None]
    assert [one["id"] for one in told] == [1, "two", 3, 4, None]
    assert told[0]["why"] == "12 people against 17 people"
    assert all(set(one) == {"id", "verdict", "score", "why"} and 0 <= one["score"] <= 1 for one in told[:3])
    assert all("error" in one for one in told[3:])


def test_articles_are_sorted_into_stories_line_by_line(run):
    other = {
        "id": "bank",
        "title": "Central bank cuts rate",
        "text": "The bank cut its key rate by half a point on Friday.",
    }
    done = run("stories", "--jsonl", stdin=lines([*ARTICLES[:2], other, ARTICLES[2]]))
    told = {one["id"]: one for one in map(json.loads, done.stdout.splitlines())}
    assert {id: one["story"] for id, one in told.items()} == {
        "post": "post",
        "wire": "post",
        "bank": "bank",
        "courier": "post",
    }
    assert {one["id"] for one in told["courier"]["related"]} == {"post", "wire"}
    assert all(one["why"] for one in told["courier"]["related"])


@pytest.fixture
def stream(tmp_path):
    rows = [one | {"story": "ferry"} for one in ARTICLES]
    rows.append({"id": "x", "title": "Central bank cuts rate", "text": "The bank cut its rate.", "story": None})
    (tmp_path / "harbour.jsonl").write_bytes(lines(rows))
    return tmp_path / "harbour.jsonl"


def test_streams_and_ledgers_are_scored(run, stream):
    done = run("eval", "stories", str(stream), str(LEDGERS / "rate"), str(LEDGERS / "verdict"), "--json")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["streams"]["harbour"]["bcubed"] == {"precision": 100.0, "recall": 100.0, "f1": 100.0}
    assert (told["streams"]["harbour"]["articles"], told["streams"]["harbour"]["stories"]) == (3, 1)
    assert set(told["ledgers"]) == {"rate", "verdict"}
    assert told["links"]["known"] == sum(one["known"] for one in told["ledgers"].values())
    table = run("eval", "stories", str(stream), str(LEDGERS / "rate")).stdout.decode()
    assert "harbour" in table
    assert "BCubed" in table
    assert "rate" in table


@pytest.mark.parametrize(
    ("name", "body"),
    [("x.jsonl", b"{}\n"), ("x.jsonl", b'{"id": "a"}\nnothing\n'), ("x.jsonl", b"[1]\n"), ("missing.jsonl", None)],
)
def test_a_stream_that_is_none_is_told_with_its_line(run, tmp_path, name, body):
    if body is not None:
        (tmp_path / name).write_bytes(body)
    done = run("eval", "stories", name)
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
    assert name.encode() in done.stderr


@pytest.mark.parametrize(
    "files", [{}, {"a.json": "{"}, {"a.json": '{"rows": [{"cells": {"b": {"attributions": []}}}]}'}]
)
def test_a_folder_that_holds_no_story_is_told(run, tmp_path, files):
    folder = tmp_path / "story"
    folder.mkdir()
    for name, text in files.items():
        (folder / name).write_text(text)
    done = run("eval", "stories", "story")
    assert done.returncode == (1 if len(files) != 1 or "rows" not in next(iter(files.values())) else 0)
    assert b"Traceback" not in done.stderr
