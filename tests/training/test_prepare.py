"""An article as a lesson: what each word is taught."""

import pytest
from tokenizers import Tokenizer
from tokenizers.models import WordPiece
from tokenizers.normalizers import BertNormalizer
from tokenizers.pre_tokenizers import BertPreTokenizer

from reader.model import Span
from training.claims.polnear import Attribution, Document, Word, paragraphs
from training.claims.prepare import ENTITIES, LABELS, TAGS, lesson

TEXT = "Mills leak, Ada Lund said.\n\n“Mended mills too,” she added."


def at(words: str) -> Span:
    start = TEXT.index(words)
    return Span(start, start + len(words))


@pytest.fixture(scope="module")
def told():
    pieces = ["[UNK]", "mill", "##s", "leak", "ada", "lund", "said", "mend", "##ed", "too", "she", "add", *",.“”"]
    tokenizer = Tokenizer(WordPiece({piece: n for n, piece in enumerate(pieces)}, unk_token="[UNK]"))
    tokenizer.normalizer = BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = BertPreTokenizer()
    syntax = [
        [
            Word(at("Mills"), "NNS", "O", 1),
            Word(at("leak"), "VBP", "O", -1),
            Word(at("Ada"), "NNP", "PERSON", 3),
            Word(at("Lund"), "NNP", "PERSON", 1),
            Word(at("said."), "XX", "DATE", 9 - 8),
        ]
    ]
    attributions = [
        Attribution([at("Ada Lund")], [at("said")], [at("Mills leak")]),
        Attribution([at("she")], [], [at("“Mended mills too,”")]),
    ]
    return lesson(Document("mill_ada", "mill", TEXT, paragraphs(TEXT), attributions, syntax), tokenizer)


def test_words_of_paragraphs(told):
    assert [len(unit["firsts"]) for unit in told["units"]] == [7, 9]
    assert told["units"][0]["firsts"] == [0, 2, 3, 4, 5, 6, 7]
    assert told["units"][0]["ids"][:3] == [1, 2, 3]
    assert told["units"][1]["states"][:3] == [7, 1, 1]


def test_labels(told):
    assert [LABELS[n] for n in told["labels"]] == [
        *("B-content", "I-content", "O", "B-source", "I-source", "B-cue", "O"),
        *("B-content", "I-content", "I-content", "I-content", "I-content", "I-content", "B-source", "O", "O"),
    ]


def test_links_lead_to_the_cue_or_to_none(told):
    assert sorted(told["links"]) == [[0, 1, 5], [3, 4, 5], [7, 12, -1], [13, 13, -1]]


def test_syntax_where_it_is_known(told):
    assert [n and TAGS[n - 1] for n in told["tags"][:2]] == ["NNS", "VBP"]
    assert told["tags"][5:] == [0, 0] + [-1] * 9  # a tag that isn't taught; then no syntax
    assert told["entities"][:7] == [0, 0, -1, ENTITIES["PERSON"], ENTITIES["PERSON"], 0, 0]
    assert told["heads"][:7] == [1, -1, -1, 4, 1, 1, -1]


def test_sentences_are_words(told):
    assert told["sentences"] == [[0, 7]]
