"""Where blocks, quotations and sentences begin and end."""

import pytest

from reader.claims.segment import blocks, paragraphs


def story(text):
    return list(paragraphs(text, list(blocks(text))))


def quotations(text):
    return [q.span.of(text) for p in story(text) for q in p.quotations]


def sentences(text):
    return [s.span.of(text) for p in story(text) for s in p.sentences]


def test_blocks_are_separated_by_blank_lines_and_trimmed():
    text = "\n One \ntwo\n \t\n\nthree  \n"
    assert [span.of(text) for span in blocks(text)] == ["One \ntwo", "three"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("He said “no” and “yes”.", ["“no”", "“yes”"]),
        ('He said "no" and "yes".', ['"no"', '"yes"']),
        ("„Nein“, sagte er. «Non», dit-elle.", ["„Nein“", "«Non»"]),
        ("“She told me ‘run’ twice,” he said.", ["“She told me ‘run’ twice,”"]),
        ("‘The players’ coach left,’ he said.", ["‘The players’ coach left,’"]),
        ("The players' coach didn't go to rock 'n' roll in the '90s.", []),
        ("The dogs’ and cats’ food, rock ’n’ roll", []),
        ('A 5\'10" man with a 12" pipe', []),
        ("“never closed, he said", ["“never closed, he said"]),
        ("an odd “mark in the middle", []),
        ('an odd " mark in the middle', []),
        ("closed” only", []),
        ('""', []),
    ],
)
def test_quotations(text, expected):
    assert quotations(text) == expected


def test_an_unclosed_quotation_runs_on_where_the_next_block_opens_one():
    text = "“One.\n\n“Two.”\n\nThree."
    marks = [q for p in story(text) for q in p.quotations]
    assert [(q.span.of(text), q.open) for q in marks] == [("“One.", True), ("“Two.”", False)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Mr. Lee met Dr. J. R. Moss. They spoke.", ["Mr. Lee met Dr. J. R. Moss.", "They spoke."]),
        ("He left the U.S. The flight was late.", ["He left the U.S.", "The flight was late."]),
        ("The U.S. Senate voted.", ["The U.S. Senate voted."]),
        ("Acme Inc. The firm grew. Acme Inc. grew.", ["Acme Inc.", "The firm grew.", "Acme Inc. grew."]),
        ("It cost 3.5 million. Why? Nobody knew!", ["It cost 3.5 million.", "Why?", "Nobody knew!"]),
        ("“Stop. Go.” He ran.", ["“Stop. Go.”", "He ran."]),
        ("“Why?” Smith asked. He ran.", ["“Why?” Smith asked.", "He ran."]),
        ("“Stop!” he said.", ["“Stop!” he said."]),
        ("One\nTwo", ["One", "Two"]),
        ("He said no. It was No. 7.", ["He said no.", "It was No. 7."]),
    ],
)
def test_sentences(text, expected):
    assert sentences(text) == expected
