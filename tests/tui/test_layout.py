import re
import time
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from wcwidth import iter_graphemes

from reader.model import BLANK_LINE, Article, Block, BlockKind, Span
from reader.text import clean
from reader.tui.layout import Line, ago, cut, drawn, glyphs, lay_out, paragraph, wrap

MIXED = "ab c–-.“”\n新聞社。「」 é\u0301👩\u200d🚀🇩🇪\ufe0f❤🏽각क्षि\tกำ\u200b\u00a0"
texts = st.text(st.sampled_from(MIXED), max_size=200).map(clean)


def article_of(*blocks: tuple[BlockKind, str]) -> Article:
    text, kinds = "", []
    for kind, words in blocks:
        kinds.append(Block(kind=kind, span=Span(len(text), len(text) + len(words))))
        text += words + BLANK_LINE
    return Article(url=None, title="", text=text.removesuffix(BLANK_LINE), blocks=tuple(kinds))


def shown(article: Article, width: int, *, justify: bool = False) -> list[str]:
    """The lines as they are drawn."""
    lines = []
    for line in lay_out(article, width):
        placed = glyphs(article.text, line, width if justify else None)
        indent = " " * placed[0].x if placed else ""
        lines.append(line.prefix + indent + "".join(drawn(article.text, glyph) for glyph in placed))
    return lines


@given(texts, st.integers(2, 40))
def test_wrapping_keeps_every_word_and_no_line_is_too_wide(text, width):
    lines = wrap(text, Span(0, len(text)), width)
    assert "".join(span.of(text) for span in lines).split() == [] or "".join(
        "".join(span.of(text).split()) for span in lines
    ) == "".join(text.split())
    for span in lines:
        assert 0 <= span.start <= span.end <= len(text)
        # A joiner swallows the blank after it when widths are measured, so words are measured alone.
        words = re.split("([ \t])", span.of(text))
        cells = sum(cell_len(word) if word.strip() else len(word) for word in words)
        assert cells <= width or len(list(iter_graphemes(span.of(text)))) == 1
    assert all(one.end <= other.start for one, other in pairwise(lines))


@given(texts, st.integers(2, 12))
def test_what_is_drawn_as_one_is_never_broken(text, width):
    edges, at = {len(text)}, 0
    for cluster in iter_graphemes(text):
        edges.add(at)
        at += len(cluster)
    for span in wrap(text, Span(0, len(text)), width):
        for edge in span:
            # What should stand on another character but follows white space stands alone.
            assert edge in edges or text[edge - 1].isspace(), (span, text[max(0, edge - 3) : edge + 3])


@given(texts.filter(str.strip), st.integers(8, 40), st.sampled_from(BlockKind))
def test_every_cell_of_a_line_belongs_to_the_character_drawn_there(text, width, kind):
    article = article_of((kind, text))
    for line in lay_out(article, width):
        placed = glyphs(text, line, width)
        x = placed[0].x if placed else 0
        at = line.start
        for glyph in placed:
            assert glyph.x == x, "no gap and no overlap"
            assert line.start <= at <= glyph.start < glyph.end <= line.end, "in the order of the text"
            assert cell_len(drawn(text, glyph)) == glyph.cells
            x, at = glyph.x + glyph.cells, glyph.end
        kept = "".join(text[glyph.start : glyph.end] for glyph in placed)
        assert cell_len(line.prefix) + x <= width or len(placed) == 1
        lost = set(text[line.start : line.end]) - set(kept)
        assert not any(char.isalnum() for char in lost)


words = st.lists(
    st.sampled_from(["who", "said", "what", "a", "negotiations", "“so,”", "état", "€5"]), min_size=1, max_size=80
)


@given(words, st.integers(12, 72), st.sampled_from((BlockKind.PARAGRAPH, BlockKind.QUOTE, BlockKind.LIST_ITEM)))
def test_running_text_is_drawn_out_to_the_measure_but_for_last_and_short_lines(words, width, kind):
    article = article_of((kind, " ".join(words)))
    ragged, justified = shown(article, width), shown(article, width, justify=True)
    for number, (plain, drawn_out) in enumerate(zip(ragged, justified, strict=True)):
        assert drawn_out.split() == plain.split()
        prefix = cell_len(lay_out(article, width)[number].prefix)
        is_full = (cell_len(plain) - prefix) >= 0.85 * (width - prefix) and " " in plain[prefix:]
        if number < len(ragged) - 1 and is_full:
            assert cell_len(drawn_out) == width
        else:
            assert drawn_out == plain
        gaps = [len(gap) for gap in re.findall(" +", drawn_out[prefix:].strip())]
        assert not gaps or max(gaps) - min(gaps) <= 1, "gaps are as even as can be"


@pytest.mark.parametrize("kind", [BlockKind.HEADING, BlockKind.CODE, BlockKind.TABLE])
def test_headings_code_and_tables_are_not_drawn_out(kind):
    article = article_of((kind, "who said what to whom and when it was said, and why"))
    assert shown(article, 20, justify=True) == shown(article, 20)


def test_a_line_that_ends_with_a_break_is_not_drawn_out():
    article = article_of((BlockKind.PARAGRAPH, "who said what\nto whom"))
    assert shown(article, 16, justify=True) == ["who said what", "to whom"]


def test_dashes_and_hyphens_between_words_may_end_a_line_but_not_signs_and_ranges():
    text = "the well-known—and feared—harbour of 1990-1994 at -5"
    lines = [span.of(text) for span in wrap(text, Span(0, len(text)), 9)]
    assert lines == ["the well-", "known—and", "feared—", "harbour", "of", "1990-1994", "at -5"]


def test_a_space_that_does_not_break_holds_words_together():
    text = "about 5\u00a0km away"
    assert [span.of(text) for span in wrap(text, Span(0, len(text)), 8)] == ["about", "5\u00a0km", "away"]


def test_japanese_lines_neither_begin_with_what_closes_nor_end_with_what_opens():
    text = "市長は「誰も渡れない」と述べた。春まで「閉鎖」だ。"
    for width in range(6, 20):
        lines = [span.of(text) for span in wrap(text, Span(0, len(text)), width)]
        assert "".join(lines) == text
        assert not any(line[0] in "」。" or line[-1] == "「" for line in lines), lines


def test_headings_stand_nearer_to_what_they_head():
    article = article_of((BlockKind.PARAGRAPH, "One"), (BlockKind.HEADING, "Two"), (BlockKind.PARAGRAPH, "three"))
    assert shown(article, 20) == ["One", "", "", "Two", "", "three"]


def test_code_keeps_its_tabs_and_says_where_a_line_goes_on():
    article = article_of((BlockKind.CODE, "if a:\n\treturn the_first\nb\tc"))
    assert shown(article, 20) == ["  if a:", "      return", "↪ the_first", "  b   c"]
    assert shown(article, 40) == ["  if a:", "      return the_first", "  b   c"]


def test_a_table_stands_in_columns_with_numbers_at_the_right():
    rows = "Sea\tFerries\tDead\nNorth Sea\t1,204\t3\nBaltic\t98\t17\n東シナ海\t5\t−2 %"
    article = article_of((BlockKind.TABLE, rows))
    assert shown(article, 40) == [
        "  Sea         Ferries   Dead",
        "  North Sea     1,204      3",
        "  Baltic           98     17",
        "  東シナ海          5   −2 %",
    ]
    line = lay_out(article, 40)[2]
    offset_98 = rows.index("98")
    assert next(one.x for one in glyphs(rows, line) if one.start == offset_98) == 9 + 3 + 7 - 2
    cells = {x: one.start for one in glyphs(rows, line) for x in range(one.x, one.x + one.cells)}
    assert cells[10] == offset_98 - 1, "the gap is the tab's"


def test_the_heads_of_a_table_stand_over_their_columns_where_the_corner_is_empty():
    article = article_of((BlockKind.TABLE, "2019\t2020\nFerries\t10\t20\nDead\t3\t17"))
    assert shown(article, 40) == ["            2019   2020", "  Ferries     10     20", "  Dead         3     17"]


def test_a_table_that_is_too_wide_is_wrapped():
    article = article_of((BlockKind.TABLE, "the first cell\tthe second cell\nthe third cell\tthe fourth"))
    assert all(cell_len(line) <= 20 for line in shown(article, 20))
    assert " ".join(" ".join(shown(article, 20)).split()) == "the first cell the second cell the third cell the fourth"


def test_a_mebibyte_is_laid_out_in_line_with_its_length():
    text = "who said what to whom, and when " * 32768
    start = time.process_time()
    lines = lay_out(Article(url=None, title="", text=text), 72)
    assert time.process_time() - start < 2, "it takes about 0.2 s"
    assert isinstance(lines[0], Line)
    assert len(lines) > 14_000


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
    lines = [line.prefix + text[line.start : line.end] for line in lay_out(article, 20)]
    assert lines == ["One", "", "• two", "• three", "", "│ four"]


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
