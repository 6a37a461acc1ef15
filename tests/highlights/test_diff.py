"""What became of words, told word by word."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reader.highlights.diff import Became, Part, are_near, changes
from reader.highlights.spelling import pieces


def test_words_taken_out_stand_before_those_put_in_and_how_quotes_are_typeset_is_no_change():
    assert changes("“It was not secured,” he said", '"It was never properly secured," he said') == (
        Part(Became.KEPT, '"It was'),
        Part(Became.OUT, "not"),
        Part(Became.IN, "never properly"),
        Part(Became.KEPT, 'secured," he said'),
    )
    assert changes("", "new") == (Part(Became.IN, "new"),)
    assert changes("the same", "the same") == (Part(Became.KEPT, "the same"),)


@pytest.mark.parametrize(
    ("before", "now", "parts"),
    [
        (
            "桥已经关闭到春天",
            "桥仍然关闭到春天",
            [("kept", "桥"), ("out", "已经"), ("in", "仍然"), ("kept", "关闭到春天")],
        ),
        ("橋は春まで", "橋は夏まで", [("kept", "橋は"), ("out", "春"), ("in", "夏"), ("kept", "まで")]),
        ("สะพานปิดถึงวันจันทร์", "สะพานเปิดถึงวันจันทร์", [("kept", "สะพาน"), ("in", "เ"), ("kept", "ปิดถึงวันจันทร์")]),
        ("In 北京 today", "In 上海 today", [("kept", "In"), ("out", "北京"), ("in", "上海"), ("kept", "today")]),
    ],
)
def test_in_scripts_without_spaces_each_sign_is_a_word_and_none_is_put_in(before, now, parts):
    assert [(became.value, words) for became, words in changes(before, now)] == parts
    assert are_near(changes(before, now))


def test_words_of_which_hardly_one_is_left_are_not_near():
    assert not are_near(changes("The committee met on Monday.", "Rain is expected in the whole north on Friday"))
    assert not are_near(changes("桥已经关闭到春天", "台风周三在广东登陆"))
    assert not are_near(())


@given(st.text("ab 桥橋はป\u0e34、。\n'", max_size=40))
def test_pieces_are_the_text(text):
    assert "".join(pieces(text)) == text
