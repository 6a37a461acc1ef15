from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from reader.model import Article, Block, BlockKind, Span
from reader.text import clean
from reader.tui.layout import ago, cut, lay_out, paragraph, wrap

texts = st.text(st.sampled_from("ab c–\n新聞社 é👩\u200d🚀\t"), max_size=200).map(clean)


@given(texts, st.integers(2, 40))
def test_wrapping_keeps_every_word_and_no_line_is_too_wide(text, width):
    lines = wrap(text, Span(0, len(text)), width)
    assert "".join(span.of(text) for span in lines).split() == [] or "".join(
        "".join(span.of(text).split()) for span in lines
    ) == "".join(text.split())
    for span in lines:
        assert 0 <= span.start <= span.end <= len(text)
        assert sum(cell_len(char) for char in span.of(text).rstrip()) <= width or cell_len(span.of(text)) <= width
    assert all(one.end <= other.start for one, other in pairwise(lines))


@given(texts, st.integers(0, 40))
def test_a_cut_text_fits(text, width):
    assert cell_len(cut(text, width)) <= max(width, 0)


def test_words_are_not_broken_where_a_space_will_do():
    text = "who said what and where"
    assert [span.of(text) for span in wrap(text, Span(0, len(text)), 10)] == ["who said", "what and", "where"]


def test_japanese_breaks_anywhere_at_two_cells_a_character():
    text = "新聞社によると新しい発表"
    assert [span.of(text) for span in wrap(text, Span(0, len(text)), 10)] == ["新聞社によ", "ると新しい", "発表"]


def test_blocks_are_set_apart_and_lists_are_not():
    text = "One\n\ntwo\n\nthree\n\nfour"
    kinds = [BlockKind.PARAGRAPH, BlockKind.LIST_ITEM, BlockKind.LIST_ITEM, BlockKind.QUOTE]
    spans = [Span(0, 3), Span(5, 8), Span(10, 15), Span(17, 21)]
    article = Article(
        url=None, title="", text=text, blocks=tuple(Block(kind=k, span=s) for k, s in zip(kinds, spans, strict=True))
    )
    shown = [line.prefix + text[line.start : line.end] for line in lay_out(article, 20)]
    assert shown == ["One", "", "• two", "• three", "", "│ four"]


def test_a_tab_takes_the_cell_it_is_drawn_in():
    text = "a\tb\tc\td"
    assert all(len(span.of(text)) <= 4 for span in wrap(text, Span(0, len(text)), 4))


def test_a_long_paragraph_is_cut_with_an_ellipsis():
    assert paragraph("one two three four", 9, most=1) == ["one two …"]
    assert paragraph("one two", 9, most=1) == ["one two"]


@pytest.mark.parametrize(
    ("delta", "words"),
    [({"minutes": -5}, "0m"), ({"minutes": 4}, "4m"), ({"hours": 3}, "3h"), ({"days": 2}, "2d")],
)
def test_how_long_ago(delta, words):
    now = datetime(2026, 11, 12, 9, 0, tzinfo=UTC)
    assert ago(now - timedelta(**delta), now) == words
