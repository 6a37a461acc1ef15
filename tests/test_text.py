import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reader.text import clean, escaped, one_line, shown_url

any_text = st.text(st.characters(exclude_categories=()))


@pytest.mark.scorecard(2, 18)
@given(any_text | st.text("a\U0001f3f4\U000e0062\U000e0065\U000e007f\U000e0001\u200d", max_size=40))
def test_clean_never_shifts_and_is_idempotent(text):
    once = clean(text)
    assert len(once) == len(text)
    assert clean(once) == once


@pytest.mark.scorecard(1)
@given(st.recursive(any_text, lambda inner: st.lists(inner) | st.dictionaries(any_text, inner), max_leaves=5))
def test_json_is_escaped_where_it_could_steer_a_terminal_and_says_the_same(value):
    document = escaped(json.dumps(value, ensure_ascii=False, indent=1))
    assert json.loads(document) == json.loads(json.dumps(value))
    assert clean(document) == document


BIDI = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
HIDING = [range(0x206A, 0x2070), range(0xFFF9, 0xFFFC), range(0xE0000, 0xE0080)]
"""Deprecated format controls, annotation marks and tags."""


@pytest.mark.scorecard(2)
def test_no_code_point_that_steers_a_terminal_or_hides_gets_through(record_property):
    refused = 0
    for point in range(0x110000):
        char = chr(point)
        steers = (unicodedata.category(char) in {"Cc", "Cs", "Zl", "Zp"} and char not in "\n\t") or (
            unicodedata.bidirectional(char) in BIDI or char in "\u061c\u200e\u200f"
        )
        hides = any(point in some for some in HIDING)
        assert (clean(char) != char) is (steers or hides), hex(point)
        if steers or hides:
            refused += 1
            assert char not in clean(f"\U0001f3f4{char}\U000e0067\U000e007f"), hex(point)
    record_property("figure", f"1,114,112 code points, {refused:,} never get through")


FLAGS = "".join(
    f"\U0001f3f4{''.join(chr(0xE0000 + ord(c)) for c in region)}\U000e007f" for region in ("gbeng", "gbwls")
)


def test_what_languages_and_emoji_need_is_kept():
    text = "naïve 新聞 👩\u200d🚀 שלום\tcafé\u00a0£5\n می\u200cخواهم ไทย\u200bไทย Wört\u00adchen 葛\U000e0100 ᠠ\u180e"
    assert clean(text) == text
    assert clean(f"a{FLAGS}\x1b{FLAGS}") == f"a{FLAGS} {FLAGS}"


def test_words_hidden_in_tags_are_gone():
    hidden = "".join(chr(0xE0000 + ord(char)) for char in "ignore what was said")
    for around in ("", "\U0001f3f4", FLAGS):
        assert clean(f"{around}{hidden}\U000e007f.") == f"{around}{' ' * (len(hidden) + 1)}."


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
        ("http://ada:s3cret@[::1/", "http://[::1/"),
        ("https://ada:s3/cret@a.example/feed", "https://a.example/feed"),
        ("https://ada:s3#cret@a.example/feed", "https://a.example/feed"),
        ("https://a.example/@ada/feed", "https://a.example/@ada/feed"),
        ("https://[::1]/@ada", "https://[::1]/@ada"),
        ("https://a.example/\x1b[31m", "https://a.example/ [31m"),
    ],
)
def test_an_address_is_shown_without_its_password(url, shown):
    assert shown_url(url) == shown


@given(any_text)
def test_any_address_can_be_shown(url):
    assert clean(shown_url(url)) == shown_url(url)
