"""Articles as the corpus and its mirror lay them out; all texts here are our own."""

import gzip
import json

import pytest

from reader.model import Span
from training.claims import polnear

TEXT = "The mill leaks, Ada Lund said.\n\nShe blamed  \n  “old pipes” on Monday.\n"
SYNTAX = {
    "doc": "mill",
    "s": [
        {
            "t": [["She", "she", 32, 35, "PRP", "O"], ["blamed", "blame", 36, 42, "VBD", "O"]],
            "h": [2, 0],
        }
    ],
}


@pytest.fixture
def corpus(tmp_path):
    """One article by two annotators, one of whom found nothing."""
    texts, found = tmp_path / "data" / "train" / "text", tmp_path / "data" / "train" / "attributions"
    texts.mkdir(parents=True)
    found.mkdir()
    (texts / "mill.txt").write_text(TEXT, encoding="utf-8")
    lines = [
        "T1\tContent 0 14\tThe mill leaks",
        "T2\tSource 16 24\tAda Lund",
        "T3\tCue 25 29\tsaid",
        "T4\tCue 36 42;58 60\tblamed",
        "  on",
        "T5\tContent 47 57\t“old pipes”",
        "E1\tContent:T1 Source1:T2 Cue:T3",
        "E2\tContent:T5 Cue:T4",
        "A1\tNested E2",
    ]
    (found / "mill_ada.ann").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (found / "mill_bo.ann").write_text("", encoding="utf-8")
    (tmp_path / "corenlp_compact").mkdir()
    with gzip.open(tmp_path / "corenlp_compact" / "train.jsonl.gz", "wt", encoding="utf-8") as kept:
        kept.write(json.dumps(SYNTAX) + "\n")
    return tmp_path


def test_one_document_for_each_annotator(corpus):
    ada, bo = polnear.documents(corpus, "train")
    assert (ada.id, bo.id) == ("mill_ada", "mill_bo")
    assert ada.name == bo.name == "mill"
    assert ada.text == TEXT
    assert bo.attributions == []
    assert ada.syntax == bo.syntax == [
        [polnear.Word(Span(32, 35), "PRP", "O", 1), polnear.Word(Span(36, 42), "VBD", "O", -1)]
    ]  # fmt: skip


def test_numbered_roles_and_one_span_each(corpus):
    first = next(polnear.documents(corpus, "train")).attributions[0]
    assert [span.of(TEXT) for span in (*first.source, *first.cue, *first.content)] == [
        "Ada Lund",
        "said",
        "The mill leaks",
    ]


def test_a_discontinuous_span_on_two_lines(corpus):
    second = next(polnear.documents(corpus, "train")).attributions[1]
    assert second.cue == [Span(36, 42), Span(58, 60)]
    assert second.content == [Span(47, 57)]
    assert second.source == []


def test_paragraphs_are_the_lines_that_hold_something():
    assert [span.of(TEXT) for span in polnear.paragraphs(TEXT)] == [
        "The mill leaks, Ada Lund said.",
        "She blamed",
        "“old pipes” on Monday.",
    ]
    assert polnear.paragraphs(" \n\n") == []
    assert polnear.paragraphs("x") == [Span(0, 1)]


# --- CofeNet's layout -------------------------------------------------------------------------------------------------


def read(tmp_path, *rows):
    path = tmp_path / "rows.jsonl"
    told = [
        json.dumps({"tokens": tokens.split(), "labels": ["O"] * len(tokens.split()), "id": id}) for id, tokens in rows
    ]
    path.write_text("\n".join(told) + "\n\n", encoding="utf-8")
    return list(polnear.lines(path))


@pytest.mark.parametrize(
    ("tokens", "text"),
    [
        ("The mill leaks , she said .", "The mill leaks, she said."),
        ("`` Old pipes , '' said Ms. Lund .", "“Old pipes,” said Ms. Lund."),
        ("They do n't say it 's Ada 's .", "They don't say it's Ada's."),
        ("It cost $ 40 million -LRB- 30 % -RRB- !", "It cost $40 million (30%)!"),
        ("` Soon , ' he said -- twice ...", "‘Soon,' he said – twice…"),
        ("the workers ' mill", "the workers' mill"),
        ("Pipes -LSB- of lead -RSB- ; tin", "Pipes [of lead]; tin"),
    ],
)
def test_tokens_become_text(tmp_path, tokens, text):
    ((told, (instance,)),) = read(tmp_path, ("a", tokens))
    assert told == text
    assert [span.of(told) for span in instance.tokens] == [polnear._BRACKETS.get(t, t) for t in tokens.split()]


def test_lines_of_one_document_make_one_text(tmp_path):
    (one, two), (three,) = (
        text[1] for text in read(tmp_path, ("a", "It leaks ."), ("a", "`` No . ''"), ("b", "Yes ."))
    )
    texts = [text for text, _ in read(tmp_path, ("a", "It leaks ."), ("a", "`` No . ''"), ("b", "Yes ."))]
    assert texts == ["It leaks. “No.”", "Yes."]
    assert [span.of(texts[0]) for span in (one.tokens[-1], two.tokens[0])] == [".", "“"]
    assert three.tokens == [Span(0, 3), Span(3, 4)]


def test_no_lines_no_texts(tmp_path):
    assert read(tmp_path) == []
