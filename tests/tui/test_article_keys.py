"""What keys and the mouse do in the article: find words, follow links, select text."""

import re
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual import events

from reader.library.library import Library
from reader.model import (
    BLANK_LINE,
    Arrival,
    Article,
    Block,
    BlockKind,
    Brought,
    FeedCheck,
    Link,
    ParsedEntry,
    Span,
)
from reader.store.packed import pack
from reader.tui.actions import Place
from reader.tui.keyboard import places_of
from reader.tui.widgets.find import FindLine, Folded
from reader.tui.widgets.hints import Hints, labels
from reader.tui.widgets.selection import Selection

pytestmark = pytest.mark.anyio

PARAGRAPHS = (
    "The old harbour of Skerra lies open to the north. Nobody lived there before the war; few live there now.",
    "“Nobody will cross the bridge before spring,” said Ada Lind, the harbour master of Skerra. It was built in 1904.",
    *(
        f"Paragraph {n} tells of ferries, of Café Möwe and of the naïve café owner who doesn’t leave."
        for n in range(30)
    ),
    "The harbour froze. The last line of it all.",
)
TEXT = BLANK_LINE.join(PARAGRAPHS)
SIZES = pytest.mark.parametrize("size", [(160, 45), (60, 20)])


def span(words: str, after: str = "") -> Span:
    start = TEXT.index(words, TEXT.index(after))
    return Span(start, start + len(words))


def article(url: str = "https://a.example/1", title: str = "Bridge closes", links: tuple[Link, ...] = ()) -> Article:
    blocks, at = [], 0
    for words in PARAGRAPHS:
        blocks.append(Block(kind=BlockKind.PARAGRAPH, span=Span(at, at + len(words))))
        at += len(words) + len(BLANK_LINE)
    return Article(url=url, title=title, text=TEXT, blocks=tuple(blocks), links=links, extractor="readability")


def store(library: Library, *articles: Article) -> None:
    feed, _ = library.store.add_feed(
        "https://a.example/feed", title="The Post", site=None, folder=None, now=library.now()
    )
    arrivals = tuple(
        Arrival(
            entry=ParsedEntry(guid=one.url, url=one.url, title=one.title, published=datetime(2026, 11, 3, tzinfo=UTC)),
            article=pack(one),
        )
        for one in articles
    )
    library.store.save([Brought(check=FeedCheck(feed_id=feed.id), arrivals=arrivals)], now=library.now())


def place_of(view, offset: int) -> tuple[int, int]:
    """The cell of the view in which a character is drawn."""
    y = view.line_of(offset) - int(view.scroll_offset.y)
    return next((x, y) for x in range(view.size.width) if view.offset_at(x, y) == offset)


def drawn_as(view, words: Span) -> list:
    """The styles that a stretch is drawn in, character by character; it must be in sight."""
    found = []
    for offset in range(*words):
        if TEXT[offset] != " ":
            x, y = place_of(view, offset)
            assert 0 <= y < view.size.height
            (segment,) = view.render_line(y).crop(x, x + 1)
            assert segment.text == TEXT[offset]
            found.append(segment.style)
    return found


# --- finding ---------------------------------------------------------------------------------------------------------


@SIZES
async def test_words_are_found_while_they_are_typed_and_walked_through_after(start, empty_library: Library, size):
    store(empty_library, article())
    async with start(size=size, on=empty_library) as reader:
        await reader.open("Bridge closes")
        view = reader.article
        await reader.press("f", *"HARBOUR")
        assert "1 of 3" in reader.shown()
        assert all(style.reverse for style in drawn_as(view, span("harbour")))
        second = drawn_as(view, span("harbour", "Lind"))
        assert all(style.underline and not style.reverse for style in second), "marked, but less than the one at hand"
        await reader.press("enter")
        assert not reader.app.screen.query(FindLine)
        assert view.has_focus
        assert view.finding
        await reader.press("n", "n")
        assert all(style.reverse for style in drawn_as(view, span("harbour", "Paragraph 29")))
        assert view.scroll_offset.y > 0
        await reader.press("n")
        assert view.opened.entry.title == "Bridge closes", "after the last comes the first"
        assert all(style.reverse for style in drawn_as(view, span("harbour")))
        await reader.press("N")
        assert all(style.reverse for style in drawn_as(view, span("harbour", "Paragraph 29")))
        await reader.press("escape")
        assert not view.finding
        assert view.has_focus, "the first Esc forgets the hits only"
        assert not any(style.reverse or style.underline for style in drawn_as(view, span("harbour", "Paragraph 29")))


async def test_finding_begins_where_the_person_reads_and_esc_goes_back_there(start, empty_library: Library):
    store(empty_library, article())
    async with start(size=(100, 20), on=empty_library) as reader:
        await reader.open("Bridge closes")
        view = reader.article
        await reader.press("ctrl+d", "ctrl+d")
        before = view.scroll_offset.y
        await reader.press("f", *"harbour")
        assert "3 of 3" in reader.shown()
        assert all(style.reverse for style in drawn_as(view, span("harbour", "Paragraph 29")))
        await reader.press("up")
        assert "2 of 3" in reader.shown()
        await reader.press("escape")
        assert view.scroll_offset.y == before
        assert not view.finding
        assert view.has_focus


async def test_another_window_takes_neither_the_words_nor_the_links(start, empty_library: Library):
    store(empty_library, article(links=LINKS))
    async with start(size=(100, 20), on=empty_library) as reader:
        await reader.open("Bridge closes")
        for key, still in (("f", lambda: reader.app.screen.query(FindLine)), (";", lambda: reader.article.takes_keys)):
            await reader.press(key)
            reader.app.post_message(events.AppBlur())
            await reader.settle()
            reader.app.post_message(events.AppFocus())
            await reader.settle()
            assert still()
            await reader.press("escape")
            assert not still()
            assert reader.article.has_focus


async def test_a_click_elsewhere_closes_the_line_and_keeps_the_hits(start, empty_library: Library):
    store(empty_library, article())
    async with start(size=(160, 30), on=empty_library) as reader:
        await reader.open("Bridge closes")
        await reader.press("f", *"harbour")
        reader.headlines.focus()
        await reader.settle()
        assert not reader.app.screen.query(FindLine)
        assert reader.article.finding
        assert reader.headlines.has_focus


async def test_words_that_are_not_there_are_said_to_be_missing(start, empty_library: Library):
    store(empty_library, article())
    async with start(size=(100, 20), on=empty_library) as reader:
        await reader.open("Bridge closes")
        await reader.press("f", *"zeppelin")
        assert "not found" in reader.shown()
        await reader.press("enter")
        assert not reader.article.finding


async def test_keys_typed_to_find_mean_nothing_else(start, empty_library: Library):
    store(empty_library, article())
    async with start(size=(100, 20), on=empty_library) as reader:
        await reader.open("Bridge closes")
        await reader.press("f", *"q4smn")
        assert reader.article.opened is not None
        assert len(reader.app.screen_stack) == 2
        assert reader.app.screen.query_one(FindLine).query_one("Input").value == "q4smn"


async def test_hits_of_a_search_end_with_the_last(start, empty_library: Library):
    store(empty_library, article())
    async with start(size=(100, 20), on=empty_library) as reader:
        await reader.open("Bridge closes")
        view = reader.article
        view.show_hits([span("harbour", "Lind"), span("harbour")])
        assert view.finding
        assert view.scroll_offset.y == 0
        assert view.find_next(1)
        assert all(style.reverse for style in drawn_as(view, span("harbour")))
        assert view.find_next(1)
        assert not view.find_next(1)
        assert all(style.reverse for style in drawn_as(view, span("harbour", "Lind")))
        assert view.find_next(-1)
        assert not view.find_next(-1)
        view.forget_hits()
        assert not view.finding
        assert not view.find_next(1)


async def test_another_article_has_other_words(start, empty_library: Library):
    store(empty_library, article(), article("https://a.example/2", "Another one"))
    async with start(size=(160, 30), on=empty_library) as reader:
        await reader.open("Bridge closes")
        await reader.press("f", *"harbour", "enter")
        await reader.open("Another one")
        assert not reader.article.finding


@pytest.mark.parametrize(
    ("text", "sought", "found"),
    [
        ("Café, CAFE\u0301s and cafe", "café", ["Café", "CAFE\u0301", "cafe"]),
        ("Straße STRASSE", "strasse", ["Straße", "STRASSE"]),
        ("the ﬁrst ofﬁce", "fi", ["ﬁ", "ﬁ"]),
        ("he doesn’t, “he said”", "doesn't, \"he", ["doesn’t, “he"]),
        ("1990–1994", "1990-1994", ["1990–1994"]),
        ("5\u00a0km", "5 km", ["5\u00a0km"]),
        ("ЁЛКА ёлка", "елка", ["ЁЛКА", "ёлка"]),
        ("東京の新聞", "新聞", ["新聞"]),
        ("aaaa", "aa", ["aa", "aa"]),
        ("a b", " ", []),
        ("a b", "", []),
    ],
)
def test_case_and_accents_make_no_difference_and_offsets_hold(text, sought, found):
    assert [one.of(text) for one in Folded(text).find(sought)] == found


@given(st.text("aÀeéE\u0301ﬁßİ’x\n", max_size=40), st.integers(0, 40), st.integers(1, 5))
def test_every_piece_of_a_text_is_found_where_it_stands(text, start, length):
    piece = text[start : start + length]
    hits = Folded(text).find(piece)
    for hit in hits:
        assert 0 <= hit.start < hit.end <= len(text)
        assert Folded(hit.of(text)).find(piece), "what is found holds what was sought"
    assert hits or not re.sub("[\u0301\\s]", "", piece)


# --- links -----------------------------------------------------------------------------------------------------------

LINKS = tuple(
    Link(span=span(words, after), url=f"https://a.example/{n}")
    for n, (words, after) in enumerate(
        [("the war", ""), ("harbour master", "Lind"), ("Café Möwe", "Paragraph 25")], start=2
    )
)


@SIZES
async def test_links_in_sight_are_followed_by_their_letters(start, empty_library: Library, size):
    store(empty_library, article(links=LINKS), article("https://a.example/3", "The harbour master"))
    async with start(size=size, on=empty_library) as reader:
        await reader.open("Bridge closes")
        view = reader.article
        await reader.press(";")
        assert view.takes_keys
        for letter, link in zip("as", LINKS, strict=False):
            x, y = place_of(view, link.span.start)
            label = view.render_line(y).crop(x, x + 1)
            assert label.text == letter
            assert all(segment.style.reverse for segment in label)
        await reader.press("s")
        assert view.opened.entry.title == "The harbour master"
        assert not view.takes_keys


@pytest.mark.parametrize("key", ["escape", "q", "j", "down"])
async def test_any_other_key_leaves_the_links_and_does_nothing_else(start, empty_library: Library, key):
    store(empty_library, article(links=LINKS))
    async with start(size=(100, 20), on=empty_library) as reader:
        await reader.open("Bridge closes")
        await reader.press(";", key)
        assert not reader.article.takes_keys
        assert reader.article.has_focus
        assert reader.article.scroll_offset.y == 0
        assert re.search(r"harbour +master", reader.shown())
        await reader.press("j")
        assert reader.article.scroll_offset.y == 1


async def test_only_links_in_sight_have_letters_and_none_is_said(start, empty_library: Library):
    store(empty_library, article(links=LINKS[1:]))
    async with start(size=(100, 20), on=empty_library) as reader:
        await reader.open("Bridge closes")
        await reader.press("ctrl+d", "ctrl+d", ";")
        assert not reader.article.takes_keys
        assert reader.said()[-1] == "No link is in sight."


def test_many_links_have_two_letters_each():
    assert labels(3) == ["a", "s", "d"]
    many = labels(60)
    assert len(set(many)) == 60
    assert {len(one) for one in many} == {2}
    hints = Hints([(n, f"u{n}") for n in range(60)])
    assert hints.press(many[40][0]) == ""
    assert all(label == many[n][1] and many[n][0] == many[40][0] for n, label in hints.labels())
    assert hints.press(many[40][1].upper()) == "u40"
    assert Hints([(0, "u")]).press("x") is None


# --- selecting -------------------------------------------------------------------------------------------------------


def selected(view) -> str:
    return view._selection.span.of(TEXT)


@SIZES
async def test_text_is_selected_by_sentences_and_words_and_saved(start, empty_library: Library, size):
    store(empty_library, article())
    async with start(size=size, on=empty_library) as reader:
        await reader.open("Bridge closes")
        view = reader.article
        await reader.press("v")
        first, second = (
            "The old harbour of Skerra lies open to the north.",
            "Nobody lived there before the war; few live",
        )
        assert selected(view) == first
        assert all(style.reverse for style in drawn_as(view, span(first)))
        assert places_of(reader.app.screen)[0] is Place.SELECTING
        await reader.press("j")
        assert selected(view).startswith(f"{first} {second}")
        await reader.press("w", "w")
        assert selected(view).endswith("now.\n\n“Nobody will")
        await reader.press("b", "b", "k")
        assert selected(view) == first
        await reader.press("k")
        assert selected(view) == first, "one sentence stays"
        await reader.press("o", "b", "b")
        assert selected(view) == "harbour of Skerra lies open to the north."
        await reader.press("s")
        (located,) = view.opened.highlights
        highlight, place = located.highlight, located.span
        assert highlight.quote.exact == "harbour of Skerra lies open to the north."
        assert place == span(highlight.quote.exact)
        assert places_of(reader.app.screen)[0] is Place.TEXT
        assert "★" in reader.shown()


async def test_a_quotation_belongs_whole_to_its_sentence_and_the_claim_at_hand_is_selected(
    start, empty_library: Library
):
    store(empty_library, article())
    async with start(size=(100, 30), on=empty_library) as reader:
        await reader.open("Bridge closes")
        view = reader.article
        await reader.press("right_square_bracket", "v")
        assert selected(view) == view.claim.content[0].of(TEXT)
        await reader.press(")")
        assert selected(view).endswith("said Ada Lind, the harbour master of Skerra.")
        await reader.press("y")
        assert "Ada Lind, the harbour master of Skerra." in reader.app.clipboard
        assert view._selection is None


@pytest.mark.parametrize("key", ["escape", "q", "v"])
async def test_selecting_is_left_without_leaving_the_article(start, empty_library: Library, key):
    store(empty_library, article())
    async with start(size=(100, 30), on=empty_library) as reader:
        await reader.open("Bridge closes")
        await reader.press("v", "j", key)
        assert reader.article._selection is None
        assert reader.article.has_focus
        assert not reader.article.opened.highlights


async def test_the_end_that_moves_stays_in_sight(start, empty_library: Library):
    store(empty_library, article())
    async with start(size=(60, 20), on=empty_library) as reader:
        await reader.open("Bridge closes")
        view = reader.article
        await reader.press("v", "9", "j")
        end = view._selection.span.end - 1
        assert 0 <= view.line_of(end) - view.scroll_offset.y < view.size.height
        assert view.scroll_offset.y > 0
        await reader.press("o", "k")
        assert 0 <= view.line_of(view._selection.span.start) - view.scroll_offset.y < view.size.height


async def test_what_is_seen_is_selected_where_the_person_reads(start, empty_library: Library):
    store(empty_library, article())
    async with start(size=(100, 20), on=empty_library) as reader:
        await reader.open("Bridge closes")
        await reader.press("G", "v")
        assert selected(reader.article).startswith("Paragraph ")
        assert selected(reader.article).endswith("leave.")


async def test_the_footer_tells_the_keys_of_selecting(start, empty_library: Library):
    store(empty_library, article())
    async with start(size=(160, 30), on=empty_library) as reader:
        await reader.open("Bridge closes")
        assert "j More" not in reader.shown().splitlines()[-1]
        await reader.press("v")
        assert "j More" in reader.shown().splitlines()[-1]
        await reader.press("escape")
        assert "j More" not in reader.shown().splitlines()[-1]


async def drag(reader, start: tuple[int, int], end: tuple[int, int]) -> None:
    view = reader.article
    await reader.pilot.mouse_down(view, offset=start)
    await reader.pilot.hover(view, offset=end)
    await reader.pilot.mouse_up(view, offset=end)
    await reader.settle()


async def test_the_mouse_selects_and_nothing_is_saved_until_it_is_asked_for(start, empty_library: Library):
    store(empty_library, article())
    async with start(size=(160, 30), on=empty_library) as reader:
        await reader.open("Bridge closes")
        view = reader.article
        begin, end = span("Skerra lies open")
        await drag(reader, place_of(view, begin), place_of(view, end))
        assert selected(view) == TEXT[begin:end]
        assert view.claim is None
        assert not view.opened.highlights
        await drag(reader, place_of(view, end), place_of(view, begin))
        assert selected(view) == TEXT[begin:end], "from the end to the beginning as well"
        await reader.press("b")
        assert selected(view) == "lies open"
        await reader.press("s")
        assert view.opened.highlights[0].highlight.quote.exact == "lies open"


async def test_a_plain_click_selects_nothing_and_chooses_the_claim(start, empty_library: Library):
    store(empty_library, article())
    async with start(size=(160, 30), on=empty_library) as reader:
        await reader.open("Bridge closes")
        view = reader.article
        await reader.press("v")
        await reader.pilot.click(view, offset=place_of(view, TEXT.index("cross the bridge")))
        await reader.settle()
        assert view._selection is None
        assert view.claim == view.opened.analysis.claims[0]
        assert reader.claims.claim() == view.claim


async def test_beyond_the_edge_the_text_comes_along(start, empty_library: Library):
    store(empty_library, article())
    async with start(size=(160, 20), on=empty_library) as reader:
        await reader.open("Bridge closes")
        view = reader.article
        await reader.pilot.mouse_down(view, offset=place_of(view, 0))
        for _ in range(4):
            view.post_message(
                events.MouseMove(view, 10, view.size.height + 1, 0, 1, 1, False, False, False, 10, view.size.height + 1)
            )
            await reader.pilot.pause()
        await reader.pilot.mouse_up(view, offset=(5, 5))
        assert view.scroll_offset.y >= 3
        assert selected(view).startswith("The old harbour")


@given(
    st.integers(0, len(TEXT) - 1), st.lists(st.sampled_from(["more", "less", "word", "unword", "turn"]), max_size=12)
)
def test_a_selection_is_never_empty_and_begins_and_ends_with_words(at, moves):
    selection = Selection.of_sentence(article(), Span(at, min(len(TEXT), at + 400)))
    if selection is None:
        return
    for move in moves:
        match move:
            case "more" | "less":
                selection.more_sentences(1 if move == "more" else -1)
            case "word" | "unword":
                selection.more_words(1 if move == "word" else -1)
            case "turn":
                selection.turn()
        words = selection.span.of(TEXT)
        assert words
        assert words == words.strip()
        assert selection.offset in (selection.span.start, selection.span.end - 1)
