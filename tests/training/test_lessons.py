"""Lessons in batches: a tiny article, whole, cut and disturbed."""

import json
import random

import pytest

torch = pytest.importorskip("torch")
lessons = pytest.importorskip("training.claims.lessons")

CURLY = 1523


def raw(name="mill", words=5, units=2):
    """Paragraphs of words of two pieces each: a source, a cue, contents; the second word heads the paragraph."""
    one = {
        "ids": [2000 + n for n in range(2 * words)],
        "firsts": list(range(0, 2 * words, 2)),
        "shapes": [1] * words,
        "states": [4] + [0] * (words - 1),
    }
    firsts = range(0, words * units, words)
    links = [[[u, u, u + 1], [u + 2, u + words - 1, -1]] for u in firsts]
    return {
        "name": name,
        "units": [one] * units,
        "labels": ([1, 3, 5] + [6] * (words - 3)) * units,
        "tags": [7] * words * units,
        "entities": [-1] * words * units,
        "heads": [u + 1 if w != 1 else -1 for u in firsts for w in range(words)],
        "links": [link for pair in links for link in pair],
        "sentences": [[u, u + words] for u in firsts],
    }


@pytest.fixture
def articles(tmp_path):
    (tmp_path / "train.json").write_text(json.dumps([raw(), raw("mill"), raw("dam", 6, 1)]))
    return lessons.load(tmp_path / "train.json")


def test_words_are_numbered_through_all_paragraphs(articles):
    assert [article.offsets for article in articles] == [[0, 5], [0, 5], [0]]


def test_a_lesson(articles):
    (lesson,) = lessons.batches(articles[:1], [40], 1000, None)
    batch = lesson.batch
    assert batch.ids.shape == (1, 22)
    assert batch.ids[0, [0, 1, 20, 21]].tolist() == [101, 2000, 2009, 102]
    assert batch.firsts[0].tolist() == [1, 3, 5, 7, 9, 11, 13, 15, 17, 19]
    assert batch.states[0, [1, 2, 3, 11]].tolist() == [4, 4, 0, 4]
    assert lesson.labels[0].tolist() == [1, 3, 5, 6, 6] * 2
    assert lesson.heads[0].tolist() == [1, -1, 1, 1, 1, 6, -1, 6, 6, 6]
    assert lesson.links.tolist() == [[0, 0, 0, 1], [0, 2, 4, -1], [0, 5, 5, 6], [0, 7, 9, -1]]
    assert lesson.sentences.tolist() == [[0, 0, 5, 40], [0, 5, 10, 41]]
    assert lesson.origin == [[(0, n) for n in range(10)]]


def test_shorter_windows_are_padded(articles):
    (lesson,) = lessons.batches(articles, [0, 2, 4], 1000, None)
    assert lesson.batch.words.sum(1).tolist() == [6, 10, 10]
    assert lesson.batch.ids[0, 14:].tolist() == [0] * 8
    assert lesson.labels[0, 6:].tolist() == [0] * 4
    assert lesson.tags[0, 6:].tolist() == [-1] * 4


def test_batches_keep_to_their_size(articles):
    assert [len(lesson.origin) for lesson in lessons.batches(articles, [0, 2, 4], 44, None)] == [2, 1]


def test_a_long_paragraph_is_cut_and_its_spans_begin_anew():
    article = lessons._article(raw("long", 150, 1))
    lesson, *others = lessons.batches([article], [0], 10_000, None)
    assert not others
    assert lesson.batch.ids.shape[1] <= lessons.PIECES
    assert sorted(word for window in lesson.origin for _, word in window) == list(range(150))
    (later,) = (row for row, window in enumerate(lesson.origin) if window[0][1])
    assert lesson.labels[later, 0] == 5
    assert (lesson.heads[later] == -1).all()
    assert len(lesson.sentences) == 0
    assert [row for row, *_ in lesson.links.tolist()] == [1 - later]


def test_with_chance_one_annotator_is_drawn_and_all_words_are_read(articles):
    read = list(lessons.batches(articles, [0, 2, 4], 1000, random.Random(3)))
    words = sorted(word for lesson in read for window in lesson.origin for word in window)
    drawn = {article for article, _ in words}
    assert 2 in drawn
    assert len(drawn) == 2
    assert words == [(a, n) for a in sorted(drawn) for n in range(6 if a == 2 else 10)]


def test_the_same_chance_gives_the_same_lessons(articles):
    one, two = (list(lessons.batches(articles, [0, 2, 4], 30, random.Random(9))) for _ in range(2))
    assert all(torch.equal(a.batch.ids, b.batch.ids) for a, b in zip(one, two, strict=True))


def test_chance_hides_pieces_and_marks():
    quoted = raw("quoted", 5, 1)
    quoted["units"] = [{**quoted["units"][0], "ids": [CURLY] * 10}]
    seen = set()
    for seed in range(40):
        for lesson in lessons.batches([lessons._article(quoted)], [0], 1000, random.Random(seed)):
            seen |= {*lesson.batch.ids[0, 1:11].tolist(), *(-lesson.batch.states[0, 1:11] - 1).tolist()}
    assert seen == {CURLY, 1000, 103, -1, -5}
