"""How the weights of check-worthiness are learned and measured, on rows of our own."""

import json
from pathlib import Path

import numpy as np
import pytest

from reader.model import Quotation
from training.claims import worth
from training.claims.worth import Rows, Sentence


def test_a_file_of_2024(tmp_path):
    path = tmp_path / "dev.tsv"
    path.write_text(
        'Sentence_id\tText\tclass_label\n7\tRents rose 9%.\tYes\n8\t"He said ""no""."\tNo\n9\t"No" is no.\tNo\n',
        encoding="utf-8",
    )
    assert worth.checkthat24(path) == [
        Sentence("dev", 7, "Rents rose 9%.", True),
        Sentence("dev", 8, 'He said "no".', False),
        Sentence("dev", 9, '"No" is no.', False),
    ]


def test_a_folder_of_2019_without_what_is_shared(tmp_path):
    told = "1\tLUND\tRents rose.\t1\n2\tSYSTEM\t(APPLAUSE)\t0\n3\tODE\tThanks.\t0\n"
    for name in ("20170101_hall", worth.SHARED[0]):
        (tmp_path / f"{name}.tsv").write_text(told, encoding="utf-8")
    assert worth.checkthat19(tmp_path) == [
        Sentence("20170101_hall", 1, "Rents rose.", True),
        Sentence("20170101_hall", 3, "Thanks.", False),
    ]


def test_our_news(tmp_path):
    case = {
        "text": "Rents rose, she said. “Nice,” he said.",
        "attributions": [
            {"content": [[0, 10]], "quotation": "indirect"},
            {"content": [[22, 29]], "quotation": "direct"},
        ],
    }
    (tmp_path / "rents.json").write_text(json.dumps(case), encoding="utf-8")
    (tmp_path / "marks.json").write_text(json.dumps({"rents": [[0, 10]]}), encoding="utf-8")
    assert worth.news(tmp_path, tmp_path / "marks.json") == [
        Sentence("rents", 0, "Rents rose", True, Quotation.INDIRECT),
        Sentence("rents", 1, "“Nice,”", False, Quotation.DIRECT),
    ]


def test_marked_claims_are_claims_of_the_cases():
    root = Path(__file__).resolve().parents[2]
    for name, wanted in json.loads((root / "training" / "claims" / "worth_news.json").read_text("utf-8")).items():
        case = json.loads((root / "tests" / "claims" / "cases" / f"{name}.json").read_text("utf-8"))
        firsts = [claim["content"][0] for claim in case["attributions"]]
        assert [span for span in wanted if span not in firsts] == []
        assert wanted


def test_learning_finds_what_tells():
    chance = np.random.default_rng(1)
    x = chance.random((400, 3))
    y = x[:, 0] - x[:, 1] + 0.1 * chance.standard_normal(400) > 0
    weights = worth.learn(x, y, np.ones(3))
    assert weights[0] > 2
    assert weights[1] < -2
    assert abs(weights[2]) < 1
    assert (weights == worth.learn(x, y, np.ones(3))).all()
    assert (np.abs(worth.learn(x, y, np.full(3, 1e6))[:3]) < 0.01).all()


def test_measures():
    worthy = np.array([True, False, True, False])
    told = np.array([4.0, 3.0, 2.0, 1.0])
    assert worth.average_precision(worthy, told) == pytest.approx((1 + 2 / 3) / 2)
    assert worth.precision_at(1, worthy, told) == 1
    assert worth.precision_at(2, worthy, told) == 0.5


def test_equal_scores_don_t_keep_the_order_of_the_file():
    worthy = np.array([True] * 500 + [False] * 500)
    assert worth.average_precision(worthy, np.zeros(1000)) == pytest.approx(0.5, abs=0.06)


def test_debates_count_alike():
    rows = Rows(
        np.array(["a", "a", "b", "b", "b", "c"]),
        np.arange(6),
        np.array([[1.0], [0.0], [2.0], [1.0], [0.0], [5.0]]),
        np.zeros((6, 2)),
        np.array([True, False, False, False, True, False]),
    )
    told = worth.measure(rows, np.array([1.0, 0.0]))
    assert told["MAP"] == pytest.approx(100 * (1 + 1 / 3) / 2, abs=0.1)
    assert told["share"] == 33.3
    assert worth.measure(rows, np.array([1.0, 0.0, 0.0, 0.0])) == told
