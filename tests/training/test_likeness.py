"""How vectors of sentences are measured."""

import numpy as np
import pytest

from training.claims import vectors


def test_the_files(tmp_path):
    (tmp_path / "sts.csv").write_text("news\theadlines\t2014\t0001\t3.5\tRents rise.\tRents are up.\tnote\n", "utf-8")
    graded = vectors.likeness(tmp_path / "sts.csv")
    assert (graded.left, graded.right, graded.gold.tolist()) == (["Rents rise."], ["Rents are up."], [3.5])
    told = '\ufeffQuality\t#1 ID\t#2 ID\t#1 String\t#2 String\n1\t4\t5\t"Up", she said.\tUp it goes.\n'
    (tmp_path / "mrpc.txt").write_text(told, "utf-8")
    same = vectors.paraphrases(tmp_path / "mrpc.txt")
    assert (same.left, same.right, same.gold.tolist()) == (['"Up", she said.'], ["Up it goes."], [1.0])


def test_ranks_are_shared_by_equals():
    assert vectors.ranks(np.array([3.0, 1.0, 3.0, 9.0])).tolist() == [2.5, 1.0, 2.5, 4.0]
    assert vectors.spearman(np.array([1.0, 2, 3]), np.array([1.0, 8, 27])) == pytest.approx(1)
    assert vectors.spearman(np.array([1.0, 2, 3]), np.array([9.0, 4, 1])) == pytest.approx(-1)


@pytest.mark.parametrize(
    ("told", "gold", "right"),
    [
        ([0.1, 0.4, 0.6, 0.9], [0, 0, 1, 1], 1.0),
        ([0.1, 0.4, 0.6, 0.9], [1, 1, 1, 1], 1.0),
        ([0.1, 0.4, 0.6, 0.9], [0, 0, 0, 0], 1.0),
        ([0.1, 0.4, 0.6, 0.9], [0, 1, 0, 1], 0.75),
    ],
)
def test_the_best_threshold(told, gold, right):
    a, b = np.array(told), np.array(gold, float)
    assert vectors.accuracy_and_f1(a, b, vectors.best_threshold(a, b))[0] == right


def test_accuracy_and_f1():
    told = vectors.accuracy_and_f1(np.array([0.9, 0.8, 0.2, 0.1]), np.array([1.0, 0, 1, 0]), 0.5)
    assert told == (0.5, 0.5)


def test_little_is_lost_in_bytes():
    made = np.random.default_rng(1).standard_normal((20, 384)).astype(np.float32)
    made /= np.linalg.norm(made, axis=1, keepdims=True)
    assert ((vectors.in_bytes(made) * made).sum(1) > 0.9995).all()
    assert not vectors.in_bytes(np.zeros((1, 384), np.float32)).any()
