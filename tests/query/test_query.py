from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from reader.query import (
    DEEPEST,
    LONGEST,
    MOST,
    Ago,
    And,
    Claimed,
    ClaimType,
    Field,
    Has,
    Not,
    Or,
    QueryError,
    State,
    Where,
    Words,
    fields_of,
    parse,
    words_of,
    written,
)

ODD = [
    "c++", "don't", '"unclosed', "(((", "-", "OR OR", "a\0b", "😀", "NEAR(", "AND", "*", ":", '""', "a:b:c", '-"x y"*',
    "", " ", ")", "()", "(-)", "--", "-(", "NOT", "NOT NOT", "a OR", "OR a", "a AND OR b", '"', '"""', '""""', "***",
    "a*b*", "https://x.example/?a=b", "10:30", "::", "feed:", 'feed:"', "is:", "is:x", "newer:99999y", "on:2026-02-30",
    "story:99999999999999999999", "in:", "in:title in:text", "\ud800", "\x1b[31m", "' OR 1=1 --", "{title} : x",
    "^a", "a NEAR/2 b", "title:*", "speaker:-", "٣:٤", "é" * 20, "x" * LONGEST, "x" * (LONGEST + 1), "a " * MOST,
    "a " * (MOST + 1), "(" * 5000, "-" * 5000, "NOT " * 2000, "a OR " * 150 + "a", "(a OR -" * DEEPEST,
]  # fmt: skip

PIECES = r"""
a b é c++ don't "c d" "e"* f* g:h - NOT OR AND ( ) speaker:x type:figure claim:y in:claims in:title in:text is:read
-is:muted title:t text:"u_v"* newer:3d on:2026-01-02 tag:"q""r" feed:z has:story story:4
"""
pieces = st.sampled_from(PIECES.split())
soups = st.lists(st.tuples(pieces, st.sampled_from(["", " ", " "]))).map(lambda some: "".join(map("".join, some)))
queries = st.recursive(
    st.sampled_from(sorted({*PIECES.split()} - {"-", "NOT", "OR", "AND", "(", ")", '"c', 'd"'})),
    lambda inner: st.tuples(
        st.sampled_from(["{} {}", "{} OR {}", "({}) ({})", "-{} {}", "-({} {})"]), inner, inner
    ).map(lambda made: made[0].format(made[1], made[2])),
    max_leaves=12,
)


def word(text: str, where: Where | None = None, *, prefix: bool = False) -> Words:
    return Words(text=text, where=where, prefix=prefix)


def speaker(text: str) -> Words:
    return word(text, Where.SPEAKER)


FIGURE = Field(name="type", value=ClaimType.FIGURE)
A, B, C, D = map(word, "abcd")


@pytest.mark.parametrize(
    ("source", "tree"),
    [
        ("", And()),
        ("a b", And(parts=(A, B))),
        ("a AND b", And(parts=(A, B))),
        ("a b OR c -d", Or(parts=(And(parts=(A, B)), And(parts=(C, Not(part=D)))))),
        ("a (b OR c)", And(parts=(A, Or(parts=(B, C))))),
        ("(a b) c", And(parts=(A, B, C))),
        ("-(a b)", Not(part=And(parts=(A, B)))),
        ("NOT a", Not(part=A)),
        ("NOT -a", A),
        ("or not and", And(parts=(word("or"), word("not"), word("and")))),
        ('"OR"', word("OR")),
        ('"New  York"', word("New York")),
        ('"say ""no"""', word('say "no"')),
        ("infl*", word("infl", prefix=True)),
        ('"white hou"*', word("white hou", prefix=True)),
        ('"a*"', word("a*")),
        ("c++", word("c++")),
        ("https://x.example/a", word("https://x.example/a")),
        ("10:30", word("10:30")),
        ("Putin: a", And(parts=(word("Putin:"), A))),
        ("Feed:Guardian", Field(name="feed", value="Guardian")),
        ('folder:"a b" author:x"y', And(parts=(Field(name="folder", value="a b"), Field(name="author", value='x"y')))),
        ("tag:x*", Field(name="tag", value="x*")),
        ("newer:3D", Field(name="newer", value=Ago(count=3, unit="d"))),
        ("older:2026-11-01", Field(name="older", value=date(2026, 11, 1))),
        ("is:Read has:story", And(parts=(Field(name="is", value=State.READ), Field(name="has", value=Has.STORY)))),
        ("entry:012", Field(name="entry", value=12)),
        ("title:a text:b", And(parts=(word("a", Where.TITLE), word("b", Where.TEXT)))),
    ],
)
def test_what_is_typed_is_understood(source, tree):
    assert parse(source) == tree


@pytest.mark.parametrize(
    ("source", "same"),
    [
        ("a - b", "a b"),
        ("a 😀 + b", "a b"),
        ("a OR +", "a"),
        ("-* ()", ""),
        ("in:title a b", "title:a title:b"),
        ("a in:title text:b OR c", "title:a text:b OR title:c"),
        ("in:title a (b in:text c)", "title:a (text:b text:c)"),
        ("(in:title a) b", "title:a b"),
        ("in:claims a (b OR c)", "claim:a (claim:b OR claim:c)"),
        ('in:text "a b"*', 'text:"a b"*'),
    ],
)
def test_what_asks_for_the_same_is_the_same(source, same):
    assert parse(source) == parse(same)


@pytest.mark.parametrize(
    ("source", "tree"),
    [
        ("speaker:p", Claimed(what=speaker("p"))),
        ("speaker:p type:figure", Claimed(what=And(parts=(speaker("p"), FIGURE)))),
        (
            "a speaker:p -b type:figure claim:c",
            And(parts=(A, Claimed(what=And(parts=(speaker("p"), FIGURE, word("c", Where.CLAIM)))), Not(part=B))),
        ),
        (
            "(speaker:p OR speaker:q) type:figure",
            Claimed(what=And(parts=(Or(parts=(speaker("p"), speaker("q"))), FIGURE))),
        ),
        # In brackets of its own each is another claim.
        (
            "speaker:p (speaker:q type:figure)",
            And(parts=(Claimed(what=speaker("p")), Claimed(what=And(parts=(speaker("q"), FIGURE))))),
        ),
        # What is left out is left out of the article, not of the claim.
        ("speaker:p -type:figure", And(parts=(Claimed(what=speaker("p")), Not(part=Claimed(what=FIGURE))))),
        ("-(speaker:p type:figure)", Not(part=Claimed(what=And(parts=(speaker("p"), FIGURE))))),
        ("a OR speaker:p", Or(parts=(A, Claimed(what=speaker("p"))))),
        (
            "(a OR speaker:p) type:figure",
            And(parts=(Or(parts=(A, Claimed(what=speaker("p")))), Claimed(what=FIGURE))),
        ),
    ],
)
def test_what_stands_together_tells_of_one_claim(source, tree):
    assert parse(source) == tree
    assert parse(written(tree)) == tree


@pytest.mark.parametrize(
    ("source", "message", "at"),
    [
        ('a "b c', "The quotation is not closed; end it with a quotation mark.", '"'),
        ('feed:"b', "The quotation is not closed; end it with a quotation mark.", '"'),
        ("a (b", "This bracket is not closed; close it or take it out.", "("),
        ("a) b", "This bracket closes none; take it out or open one before it.", ")"),
        ("a OR", "OR needs something beside it; put it in quotation marks to look for it.", "OR"),
        ("(OR a)", "OR needs something beside it; put it in quotation marks to look for it.", "OR"),
        ("a NOT", "NOT needs something beside it; put it in quotation marks to look for it.", "NOT"),
        ("a -OR b", "A minus needs something beside it; put it in quotation marks to look for it.", "-"),
        ("speker:x", "There is no field speker:; did you mean speaker:?", "speker:"),
        ("zzz:x", "There is no field zzz:; put the words in quotation marks to look for them.", "zzz:"),
        ("a feed: b", "feed: needs a value right after the colon.", "feed:"),
        ("is:reed", "is: can't be reed; it is one of read, unread, starred, saved, muted.", "reed"),
        ("in:claim a", "in: can't be claim; it is one of title, text, claims.", "claim"),
        ("-in:title a", "in: tells where to look and can't be left out; take the minus away.", "in:title"),
        ("title:+", "title: needs a word with letters or digits.", "+"),
        ("on:3d", "on: needs a day, as in on:2026-11-01.", "3d"),
        (
            "newer:2026-02-30",
            "newer: needs a day, as in newer:2026-11-01, or an age in h, d, w, m or y, as in newer:3d.",
            "2026-02-30",
        ),
        ("story:x", "story: needs a number, as in story:12.", "x"),
    ],
)
def test_an_error_tells_what_to_do_and_where(source, message, at):
    with pytest.raises(QueryError) as caught:
        parse(source)
    assert str(caught.value) == message
    assert caught.value.span.of(caught.value.source) == at


def test_carets_stand_below_the_very_characters():
    with pytest.raises(QueryError) as caught:
        parse("新聞 cafe\u0301\tis:reed b")
    assert caught.value.pointed() == "新聞 cafe\u0301 is:reed b\n" + " " * 13 + "^^^^"
    with pytest.raises(QueryError) as caught:
        parse("x " * 100 + "foo:y " + "z" * 100)
    assert caught.value.pointed(around=4) == "…x x foo:y zz…\n     ^^^^"


@given(soups | queries)
@example("speaker:p (speaker:q)")
@example("((speaker:p OR speaker:q) a) (speaker:r OR speaker:s)")
@example("-(-(speaker:p OR speaker:q)) (speaker:r OR speaker:s)")
def test_what_is_written_is_parsed_to_the_same_tree(source):
    try:
        query = parse(source)
    except QueryError:
        return
    assert parse(written(query)) == query
    assert written(parse(written(query))) == written(query)


@pytest.mark.scorecard(18, 42)
@given(st.text(st.characters(exclude_categories=())) | soups)
@example("\x1c\x85a\u3000")
def test_nothing_raises_but_a_query_error(source):
    understood(source)


@pytest.mark.scorecard(42)
@pytest.mark.parametrize("source", ODD, ids=range(len(ODD)))
def test_odd_queries(source):
    understood(source)


def understood(source: str) -> None:
    try:
        query = parse(source)
    except QueryError as caught:
        error = caught
    else:
        assert parse(written(query)) == query
        return
    assert 0 <= error.span.start < error.span.end <= len(error.source) == len(source)
    assert len(error.pointed().splitlines()) == 2


def test_the_words_to_mark_are_those_looked_for():
    query = parse('a -b (title:"c d" OR e*) speaker:f claim:g a tag:h')
    assert words_of(query) == (
        A,
        word("c d", Where.TITLE),
        word("e", prefix=True),
        word("g", Where.CLAIM),
    )


def test_fields_are_found_wherever_they_stand():
    assert [field.name for field in fields_of(parse("is:read OR -(tag:a b type:figure)"))] == ["is", "tag", "type"]
