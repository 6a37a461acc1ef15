"""What was saved: listed in groups, told of, marked, tagged, noted, searched, removed and taken elsewhere."""

import csv
import io
import json
import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from textual.widgets import Input, TextArea

from reader.library.library import Library
from reader.model import Article, Color, Highlight, HighlightKind, Quote, Span
from reader.tui.memory import Memory
from reader.tui.screens.export import ExportScreen
from reader.tui.screens.highlight_edit import HighlightEditScreen, WhatRows, tagged, tags_of, typed_of
from reader.tui.screens.reading import ReadingScreen
from reader.tui.screens.saved import SavedScreen
from reader.tui.widgets.choice import ChoiceLine
from reader.tui.widgets.saved import By, SavedRows, figure_of, grouped
from reader.tui.widgets.saved_detail import SavedDetail, standing
from tests.tui.conftest import NOW

pytestmark = pytest.mark.anyio


def made(number: int = 0, **other) -> Highlight:
    """A highlight of words, as no article has them."""
    words = other.pop("words", f"Words number {number} that somebody said")
    given = {
        "id": 0, "uid": str(UUID(int=number)), "entry_id": None, "kind": HighlightKind.CLAIM,
        "quote": Quote(exact=words, prefix="", suffix="", start=-1), "speaker": f"Speaker {number % 3}",
        "source": None, "via": (), "outlet": "The Meridian Post", "title": f"Title {number}",
        "url": f"https://news.example/{number}", "published": NOW - timedelta(days=number),
        "created": NOW - timedelta(days=number), "changed": NOW - timedelta(days=number), "text_hash": "",
    }  # fmt: skip
    return Highlight(**(given | other))


def kept(library: Library, highlights: list[Highlight]) -> list[Highlight]:
    """Keep highlights; that they are of entries stays."""
    return [library.saved.keep(one) for one in highlights]


def rows(reader) -> SavedRows:
    return reader.app.screen.query_one(SavedRows)


def detail(reader) -> str:
    """All lines of the detail, also those that are not in sight."""
    return "\n".join(
        "".join(words for words, _style in line) for line in reader.app.screen.query_one(SavedDetail)._made
    )


def state(reader) -> str:
    return reader.shown().splitlines()[0]


def headings(reader) -> list[tuple[str, int]]:
    return [row.heading for row in rows(reader).rows if row.heading]


def listed(reader) -> list[str]:
    return [row.highlight.title for row in rows(reader).rows]


def plain(text: str) -> str:
    return " ".join(text.replace("│", " ").replace("┃", " ").split())


# --- without an app --------------------------------------------------------------------------------------------------


def names(highlights, by: By, **known) -> list[tuple[str, int]]:
    return [row.heading for row in grouped(highlights, by, now=NOW, **known) if row.heading]


def test_by_time_there_are_days_then_the_week_then_months():
    days = [made(day) for day in (0, 0, 1, 3, 6, 8, 20, 40)]
    assert names(days, By.TIME) == [
        ("Today", 2), ("Yesterday", 1), ("This week", 2), ("November 2026", 1), ("October 2026", 2),
    ]  # fmt: skip


def test_speakers_come_by_how_much_they_said_and_those_without_a_name_last():
    said = [made(1, speaker=None), made(2, speaker="Ek"), made(3, speaker="Voss"), made(4, speaker="ek")]
    assert names(said, By.SPEAKER) == [("Ek", 2), ("Voss", 1), ("Speaker not said", 1)]


def test_one_with_several_tags_is_under_each_and_once_under_one_written_in_two_ways():
    tagged_ones = [made(1, tags=("vote", "ferry")), made(2), made(3, tags=("Ferry", "ferry"))]
    assert names(tagged_ones, By.TAG) == [("#ferry", 2), ("#vote", 1), ("No tag", 1)]


def test_stories_and_feeds_are_those_of_the_entry_and_what_has_none_is_told_so():
    some = [made(1, entry_id=7), made(2, entry_id=8), made(3, entry_id=7), made(4)]
    stories = {7: (70, "Ferry sinks"), 8: (80, "Vote is held")}
    assert names(some, By.STORY, stories=stories) == [("Ferry sinks", 2), ("Vote is held", 1), ("In no story", 1)]
    assert names(some, By.FEED, feeds={7: "Vantage", 8: "Concord"}) == [
        ("Concord", 1), ("The Meridian Post", 1), ("Vantage", 2),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "tags"),
    [
        ("ferry vote", ("ferry", "vote")),
        ("#ferry, sea ports ,", ("ferry", "sea ports")),
        ("ferry Ferry", ("Ferry",)),
        ("  ", ()),
        ("sea ports,", ("sea ports",)),
    ],
)
def test_tags_are_typed_with_spaces_or_commas(typed, tags):
    assert tags_of(typed) == tags
    assert tags_of(typed_of(tags)) == tags


def test_tags_are_put_on_and_taken_off_in_one_line_whatever_their_case():
    one = made(tags=("Ferry", "vote"))
    assert tagged(one, "sea -ferry vote").tags == ("vote", "sea")
    assert tagged(one, "-nothing") == one


def test_a_figure_stands_among_the_words_around_it_without_the_halves_at_their_ends():
    around = {"prefix": "rries say that the ferry carried ", "suffix": " and a crew of nineteen when sh"}
    quote = Quote(exact="214 passengers", start=9, **around)
    figure = made(kind=HighlightKind.FIGURE, quote=quote)
    assert "".join(words for words, _style in figure_of(figure, 90)) == (
        "say that the ferry carried 214 passengers and a crew of nineteen when"
    )
    assert "".join(words for words, _style in figure_of(figure, 20)) == "214 passengers and …"


# --- the list --------------------------------------------------------------------------------------------------------


async def test_highlights_are_listed_in_groups_that_are_remembered(start, library: Library, tmp_path):
    first, *others = library.store.headlines()
    entries = library.store.entries([first, *others])
    second = next(id for id in others if entries[id].story != entries[first].story)
    kept(library, [
        made(1, entry_id=first, tags=("ferry", "vote"), note="Ask them.", color=Color.GREEN, via=("Reuters", "AP")),
        made(2, entry_id=second, kind=HighlightKind.FIGURE, words="214 passengers", speaker=None),
        made(3, kind=HighlightKind.ARTICLE, words="word " * 1234, speaker=None, tags=("ferry",)),
    ])  # fmt: skip
    memory = Memory(tmp_path / "screen.json")
    async with start(memory=memory) as reader:
        await reader.press("4")
        assert "Saved · 3 · by time" in state(reader)
        shown = reader.shown()
        top = shown.splitlines()[2]
        assert "” Speaker 1  ← citing Reuters, AP" in top
        assert "● green" in top, "the colour has a name, too"
        assert "│ Title 3" not in shown.splitlines()[2]
        assert "The Meridian Post · Title 1 · 11 Nov 2026 · #ferry #vote · ✎" in shown
        assert "= Figure" in shown
        assert "≡ Whole article" in shown
        assert "The Meridian Post · 1,234 words" in shown
        assert "word word word" not in shown, "never the whole text"
        assert headings(reader) == [("Yesterday", 1), ("This week", 2)]
        for by, expected in [
            ("story", 3), ("speaker", 2), ("tag", 3), ("feed", 3), ("time", 2), ("story", 3),
        ]:  # fmt: skip
            await reader.press("g", "s")
            assert f"by {by}" in state(reader)
            assert len(headings(reader)) == expected, by
            if by == "tag":
                assert headings(reader) == [("#ferry", 2), ("#vote", 1), ("No tag", 1)]
                assert "Saved · 3" in state(reader), "each counts once"
        assert headings(reader)[-1] == ("In no story", 1)
        assert rows(reader).highlight().title == "Title 1", "the cursor stays on its highlight"
        await reader.press("escape", "4")
        assert "by story" in state(reader)
    assert Memory(tmp_path / "screen.json").word("saved-groups", "") == "story"


async def test_many_are_marked_tagged_copied_removed_and_brought_back_at_once(start, library: Library):
    kept(library, [made(number, tags=("ferry",)) for number in range(5)])
    async with start() as reader:
        await reader.press("4", "space", "space")
        assert "2 marked" in state(reader)
        assert rows(reader).cursor == 2, "a mark goes on to the next"
        assert reader.shown().count("✓ ") >= 2
        await reader.press("y")
        assert reader.app.clipboard.count("The Meridian Post") == 2
        assert "“Words number 0 that somebody said” — Speaker 0" in reader.app.clipboard

        await reader.press("t", *"sea", "space", "minus", *"ferry", "enter")
        assert [one.tags for one in library.saved.found()] == [("sea",), ("sea",), *[("ferry",)] * 3]
        assert "Tags of 2 highlights are changed." in reader.said()
        await reader.press("t", *"-nowhere", "enter")
        assert "They have these tags already." in reader.said()
        await reader.press("u")
        assert [one.tags for one in library.saved.found()] == [("ferry",)] * 5

        await reader.press("d")
        assert listed(reader) == ["Title 2", "Title 3", "Title 4"]
        assert "2 highlights are removed; u brings them back." in reader.said()
        assert "marked" not in state(reader)
        await reader.press("u")
        assert len(listed(reader)) == 5, "one undo for all"

        await reader.press("d", "D")
        assert "Removed · 1" in state(reader)
        gone = listed(reader)
        await reader.press("d")
        assert "It is saved again." in reader.said()
        assert "Nothing was removed." in reader.shown()
        await reader.press("u")
        assert listed(reader) == gone, "also bringing back is undone"
        await reader.press("escape")
        assert "Saved · 4" in state(reader)
        assert isinstance(reader.app.screen, SavedScreen)

        await reader.press("A")
        assert "4 marked" in state(reader)
        await reader.press("A")
        assert "marked" not in state(reader)
        await reader.press("escape")
        assert isinstance(reader.app.screen, ReadingScreen)
        await reader.press("u")
        assert len(library.saved.found()) == 5, "undone from where the list is no more"


async def test_a_search_takes_the_query_language_and_says_what_is_wrong_with_one(start, library: Library):
    kept(library, [made(1, note="Ask the harbour"), made(2, tags=("vote",)), made(3, color=Color.PINK)])
    async with start() as reader:
        await reader.press("4", "slash", *"harbour", "enter")
        assert listed(reader) == ["Title 1"]
        assert "Saved · 1 · harbour" in state(reader)
        await reader.press("slash", *([*["backspace"] * 7]), *"speker:x", "enter")
        assert any("There is no field speker:; did you mean speaker:?" in said for said in reader.said())
        assert reader.app.focused.value == "speker:x", "what is mistyped stays to be mended"
        await reader.press(*["backspace"] * 8, *"nobody", "enter")
        assert "Nothing that you saved matches" in reader.shown()
        await reader.press("slash", *["backspace"] * 6, *"tag:vote", "enter")
        assert listed(reader) == ["Title 2"]
        await reader.press("slash", "escape")
        assert listed(reader) == ["Title 2"], "given up, it changes nothing"
        await reader.press("slash", *["backspace"] * 8, "enter")
        assert len(listed(reader)) == 3, "nothing shows all"
        await reader.press("slash", *"harbour", "enter", "escape")
        assert len(listed(reader)) == 3, "Esc goes back to all"
        assert rows(reader).has_focus


# --- one of them -----------------------------------------------------------------------------------------------------


def test_of_words_that_another_program_gave_without_their_place_it_is_told_that_they_stand_there_twice():
    text = "Smith spoke. He denied the charge. Jones spoke. He denied the charge."
    one = made(entry_id=1, quote=Quote(exact="He denied the charge.", prefix="", suffix="", start=-1), text_hash="")
    told = standing(one, Article(url=None, title="", text=text, extractor="feed"))
    assert (told.sign, told.words) == (
        "≈", "The article has these words more than once; which you saved is not known.",
    )  # fmt: skip
    assert standing(one, Article(url=None, title="", text=text[:40], extractor="feed")).sign == "✓"


async def test_the_detail_tells_where_the_words_stand_now(start, library: Library, monkeypatch):
    long = re.compile(r"(?<=[.] )[A-Z][^.\n]{120,}[.](?=\s)")
    opened = next(one for id in library.store.headlines() if long.search((one := library.open(id)).article.text))
    sentence = Span(*long.search(opened.article.text).span())
    exact = replace(library.saved.of(opened, sentence), uid=str(UUID(int=1)), title="As it was")
    words = exact.quote.exact.split()
    elsewhere = {"prefix": "Quite other words stood ", "suffix": " before and behind it then.", "start": 3}

    def variant(number: int, title: str, said: str) -> Highlight:
        quote = Quote(exact=said, **elsewhere)
        return replace(
            exact, uid=str(UUID(int=number)), title=title, quote=quote, text_hash="0" * 64,
            created=exact.created - timedelta(minutes=number),
        )  # fmt: skip

    whole = library.saved.of(opened, opened.article)
    at = len(words) // 2
    kept(library, [
        exact,
        variant(2, "Moved", exact.quote.exact),
        variant(3, "Reworded", " ".join([*words[:at], "hitherto", "unseen", *words[at + 1 :]])),
        variant(4, "Near", " ".join(word if n % 3 == 0 else f"zz{n}" for n, word in enumerate(words))),
        variant(5, "Gone", "Zeppelins brought oranges over icebergs."),
        replace(whole, uid=str(UUID(int=6)), title="Whole", created=exact.created - timedelta(minutes=6)),
        replace(whole, uid=str(UUID(int=7)), title="Edited", text_hash="0" * 64,
                created=exact.created - timedelta(minutes=7)),
        made(8, title="Elsewhere", created=NOW - timedelta(minutes=8), author="Eleanor Voss", source="the chair",
             note="First line.\n\nThird line.", tags=("vote",), color=Color.BLUE, retrieved=NOW),
        made(9, title="No web", created=NOW - timedelta(minutes=9), url="javascript:alert(1)"),
    ])  # fmt: skip
    browsed: list[str] = []
    async with start() as reader:
        monkeypatch.setattr(reader.app, "open_url", browsed.append)
        await reader.press("4")
        assert listed(reader) == [
            "As it was",
            "Moved",
            "Reworded",
            "Near",
            "Gone",
            "Whole",
            "Edited",
            "Elsewhere",
            "No web",
        ]
        assert "✓ The article has these words where you saved them." in detail(reader)
        assert plain(exact.quote.exact) in plain(detail(reader)), "all of the words"
        await reader.press("j")
        assert "≈ The article has these words, but among others than before." in plain(detail(reader))
        await reader.press("j")
        assert "≈ The article has reworded it:" in detail(reader)
        assert f"[-hitherto unseen-] {{+{words[at]}+}}" in plain(detail(reader))
        await reader.press("j")
        assert "✗ No longer in the article. What comes nearest there:" in plain(detail(reader))
        assert f"{words[0]} [-zz1 zz2-]" in plain(detail(reader))
        await reader.press("j")
        assert "✗ No longer in the article, and nothing there comes near." in plain(detail(reader))
        assert "[-" not in detail(reader)
        await reader.press("j")
        assert "✓ The article stands as you saved it." in detail(reader)
        assert "… and" in detail(reader), "only its beginning"
        await reader.press("j")
        assert "≈ The article's text has changed since" in plain(detail(reader))

        await reader.press("j")
        told = plain(detail(reader))
        for words in (
            "Speaker 2", "in the text: “the chair”", "○ Its article is not in the library",
            "✎ Your note First line. Third line.",
            "Tags #vote", "Colour ● blue", "Author Eleanor Voss", "Published 4 Nov 2026, 09:00 UTC",
            "Site news.example", "Address https://news.example/8", "Outlet The Meridian Post", "Title Elsewhere",
        ):  # fmt: skip
            assert words in told, words
        await reader.press("enter")
        assert isinstance(reader.app.screen, SavedScreen)
        assert any("no longer in the library" in said for said in reader.said())
        await reader.press("o")
        assert browsed == ["https://news.example/8"]
        await reader.press("j", "o")
        assert browsed == ["https://news.example/8"], "nothing but pages of the web"
        assert "This highlight has no web address." in reader.said()

        await reader.press("tab")
        assert reader.app.screen.query_one(SavedDetail).has_focus
        await reader.press("shift+tab", "g", "g", "enter")
        assert isinstance(reader.app.screen, ReadingScreen)
        assert reader.article.opened.entry.id == opened.entry.id


async def test_note_tags_and_colour_are_changed_in_one_dialog_and_undone(start, library: Library):
    kept(library, [made(1, tags=("sea ports", "ferry")), made(2)])
    async with start() as reader:
        await reader.press("4", "j", "e")
        assert isinstance(reader.app.screen, HighlightEditScreen)
        await reader.press(*"Ask", "enter", *"them")
        await reader.press("tab", *"vote", "comma", *"sea", "right")
        assert reader.app.screen.query_one("#tags", Input).value == "vote,sea ports", "a tag that is known is completed"
        await reader.press("tab", "right", "right", "ctrl+s")
        changed = library.saved.found()[1]
        assert (changed.note, changed.tags, changed.color) == ("Ask\nthem", ("vote", "sea ports"), Color.BLUE)
        assert changed.changed == NOW
        assert "#vote #sea ports" in reader.shown()
        assert "● blue" in reader.shown()
        await reader.press("e", *"x", "escape")
        assert library.saved.found()[1].note == "Ask\nthem", "Esc changes nothing"
        await reader.press("u")
        undone = library.saved.found()[1]
        assert (undone.note, undone.tags, undone.color) == ("", (), None)
        await reader.press("k", "e", "tab", "enter")
        assert library.saved.found()[0].tags == ("sea ports", "ferry"), "Enter keeps what nobody touched"

        choices = [("The claim", made(3)), ("The figure 640", made(4)), ("The whole article", made(5))]
        answers: list[Highlight | None] = []
        reader.app.push_screen(HighlightEditScreen(choices[0][1], title="Save", choices=choices), answers.append)
        await reader.settle()
        assert reader.app.screen.query_one(WhatRows).has_focus
        await reader.press("enter")
        assert answers == [choices[0][1]], "Enter saves the first one"
        reader.app.push_screen(HighlightEditScreen(choices[0][1], title="Save", choices=choices), answers.append)
        await reader.settle()
        await reader.press("j")
        assert "Words number 4" in reader.shown()
        await reader.press("tab", *"Why", "tab", "tab", "left", "tab", "enter")
        assert answers[1] == replace(choices[1][1], note="Why", color=Color.PURPLE)
        reader.app.push_screen(HighlightEditScreen(choices[0][1], title="Save", choices=choices), answers.append)
        await reader.settle()
        await reader.press("escape")
        assert answers[2] is None


# --- taken elsewhere -------------------------------------------------------------------------------------------------


async def test_every_format_is_written_and_nothing_is_replaced_without_a_yes(start, library: Library, tmp_path: Path):
    library.settings = library.saved.settings = replace(
        library.settings, saved=replace(library.settings.saved, folder=str(tmp_path / "out"))
    )
    kept(library, [made(number) for number in range(3)])

    def body(name: str) -> str:
        return (tmp_path / "out" / name).read_text()

    async with start() as reader:
        await reader.press("4")

        async def export(way: int) -> None:
            await reader.press("x")
            assert isinstance(reader.app.screen, ExportScreen)
            await reader.press("g", "g", *["j"] * way, "enter")

        await export(0)
        assert any(f"Wrote 3 highlights to {tmp_path}/out/newsreader-saved.md." in said for said in reader.said())
        assert all(f"Words number {number}" in body("newsreader-saved.md") for number in range(3))
        await export(2)
        assert "<html" in body("newsreader-saved.html")
        await export(3)
        assert body("newsreader-saved.bib").count("@") >= 3
        await export(4)
        assert len(json.loads(body("newsreader-saved.json"))) == 3
        await export(5)
        assert len([*csv.DictReader(io.StringIO(body("newsreader-saved.csv")))]) == 3
        await export(6)
        assert "anno.jsonld" in body("newsreader-saved.jsonld")

        before = body("newsreader-saved.json")
        await export(7)
        assert "is there already. Replace it?" in " ".join(reader.shown().split())
        await reader.press("n")
        assert body("newsreader-saved.json") == before
        assert isinstance(reader.app.screen, ExportScreen)
        await reader.press("enter", "y")
        assert len(json.loads(body("newsreader-saved.json"))["highlights"]) == 3
        await export(7)
        assert isinstance(reader.app.screen, SavedScreen), "what is just the same need not be asked for"

        await reader.press("space", "x")
        assert "Export 1 highlight" in reader.shown()
        await reader.press("g", "g", "j", "tab", "right", "tab", "end", *"/mine", "enter")
        (note,) = (tmp_path / "out" / "notes" / "mine").glob("*.md")
        assert "Speaker 0" in note.name or "Speaker 0" in note.read_text()
        assert any("Wrote 1 note to" in said for said in reader.said())
        await reader.press("x")
        assert reader.app.screen.query_one("WayRows").cursor == 1, "the last choice is offered"
        where = reader.app.screen.query_one("#where", Input)
        where.value = str(tmp_path / "out" / "newsreader-saved.md")
        await reader.press("k", "enter", "escape")
        assert isinstance(reader.app.screen, ExportScreen), "another file is there: one that is marked is not three"
        where.value = str(tmp_path / "out")
        await reader.press("enter")
        assert "can't be written" in " ".join(reader.shown().split())


# --- every size, every text ------------------------------------------------------------------------------------------

HOSTILE = "[bold red]x[/] \x1b[31mred\x1b[0m [@click=app.quit_now]go[/] \u202eevil"


@pytest.mark.parametrize("size", [(60, 20), (100, 30), (200, 60)])
async def test_hostile_words_are_only_words_at_every_size(start, library: Library, size):
    kept(library, [
        made(number, kind=kind, words=f"{HOSTILE} {'long ' * 60}", speaker=HOSTILE, source=f"{HOSTILE} s",
             via=(HOSTILE,), outlet=HOSTILE, title=HOSTILE, author=HOSTILE, note=f"{HOSTILE}\n{HOSTILE}",
             tags=(HOSTILE, "[b]tag[/b]"), url="https://user:secret@news.example/[b]x", color=Color.PINK)
        for number, kind in enumerate(HighlightKind)
    ])  # fmt: skip
    async with start(size) as reader:
        await reader.press("4")

        def check(has_words: bool = True) -> None:
            shown = reader.shown()
            assert "\x1b" not in shown
            assert "\u202e" not in shown
            if has_words:
                assert "[bold red]x[/]" in shown
            assert all(len(line) <= size[0] for line in shown.splitlines())
            assert len(shown.splitlines()) <= size[1]

        for keys in (("g", "s"),) * 5:
            await reader.press(*keys)
            check()
        assert "secret" not in detail(reader)
        for _number in HighlightKind:
            await reader.press("j")
            check()
        wide, low = size[0] >= 110, size[1] < 26
        region = reader.app.screen.query_one(SavedDetail).region
        assert (region.x > 0, region.height == 0) == (wide, low), "beside the list, below it, or nowhere"
        await reader.press("e")
        check()
        button = reader.app.screen.query_one("#keep").region
        assert button.height, "the button is in sight"
        assert button.bottom < size[1]
        assert reader.app.screen.query_one(ChoiceLine).region.bottom <= button.y
        assert "[bold red]x[/]" in reader.app.screen.query_one(TextArea).text
        await reader.press("escape", "x")
        check(has_words=False)
        assert reader.app.screen.query_one("#write").region.bottom < size[1]
        await reader.press("escape", "t", *"[b]x", "enter")
        check()
        await reader.press("y", "d", "D")
        assert "\x1b" not in reader.app.clipboard
        check()


async def test_of_ten_thousand_only_those_in_sight_are_drawn(start, library: Library):
    library.store.highlights.take_in(
        (made(number, title="T", words="Words " * (number % 60)) for number in range(10_000)), now=NOW
    )
    async with start() as reader:
        await reader.press("4")
        assert "Saved · 10,000" in state(reader)
        assert len(rows(reader)._drawn) < 50
        await reader.press("G")
        assert rows(reader).cursor == 9_999
        assert "▌" in reader.shown().splitlines()[-3]
        assert len(rows(reader)._drawn) < 100
        for index in range(0, 10_000, 997):
            width = rows(reader)._row_width
            assert len(rows(reader).draw(index, width)) == rows(reader).height_of(index, width)
