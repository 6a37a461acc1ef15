import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reader.text import clean, one_line, shown_url

any_text = st.text(st.characters(exclude_categories=()))


@given(any_text)
def test_clean_never_shifts_and_is_idempotent(text):
    once = clean(text)
    assert len(once) == len(text)
    assert clean(once) == once


def test_no_code_point_that_steers_a_terminal_gets_through():
    for point in range(0x110000):
        char = chr(point)
        kept = clean(char) == char
        steers = (unicodedata.category(char) in {"Cc", "Cs", "Zl", "Zp"} and char not in "\n\t") or (
            unicodedata.bidirectional(char) in {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
        )
        if steers:
            assert not kept, hex(point)


def test_what_languages_and_emoji_need_is_kept():
    text = "naïve 新聞 👩\u200d🚀 שלום\tcafé\u00a0£5\n"
    assert clean(text) == text


@given(any_text)
def test_one_line_is_one_line(text):
    line = one_line(text)
    assert line == " ".join(line.split())
    assert one_line(line) == line


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://a.example/feed?x=1", "https://a.example/feed?x=1"),
        ("https://ada:s3cret@a.example:8080/feed", "https://a.example:8080/feed"),
        ("https://ada:p@ss@a.example/", "https://a.example/"),
        ("http://ada:s3cret@[::1/", "[::1/"),
        ("https://a.example/\x1b[31m", "https://a.example/ [31m"),
    ],
)
def test_an_address_is_shown_without_its_password(url, shown):
    assert shown_url(url) == shown


@given(any_text)
def test_any_address_can_be_shown(url):
    assert clean(shown_url(url)) == shown_url(url)
