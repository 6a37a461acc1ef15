"""The panes: how one walks them, how wide they are, and what is handed on from them."""

import sys

import pytest
from textual.geometry import Offset

from reader.library.library import Library
from reader.tui.memory import Memory
from reader.tui.screens.reading import ReadingScreen
from reader.tui.widgets.panel import Claims, RelatedArticles
from reader.tui.widgets.sidebar import Sidebar

pytestmark = pytest.mark.anyio

SHELLS = "declassified intelligence says"


def width(reader, pane: str) -> int:
    return reader.screen.query_one(f"#{pane}").outer_size.width


@pytest.mark.parametrize("size", [(200, 60), (160, 45), (100, 30), (60, 20)])
async def test_tab_walks_all_panes_and_comes_round(start, size):
    async with start(size=size) as reader:
        await reader.open(SHELLS)
        walked = []
        for _ in range(7):
            pane = reader.app.focused
            assert pane.display
            assert pane.region.width > 5, f"{pane.id} can't be seen"
            walked.append(pane.id)
            await reader.press("tab")
        assert walked == ["article", "claims", "sources", "story", "related", "sidebar", "headlines"]
        await reader.press("h")
        assert reader.app.focused.id == "headlines"
        await reader.press("left")
        assert isinstance(reader.app.focused, Sidebar)
        await reader.press("left")
        assert isinstance(reader.app.focused, RelatedArticles)


async def test_a_hidden_sidebar_is_not_walked(start):
    async with start() as reader:
        await reader.press("b")
        assert not reader.screen.query_one(Sidebar).display
        await reader.press("h")
        assert isinstance(reader.app.focused, RelatedArticles)
        await reader.press("b", "escape", "h")
        assert isinstance(reader.app.focused, Sidebar)


async def test_hiding_the_sidebar_from_within_leaves_the_keys_somewhere(start):
    async with start() as reader:
        await reader.press("h", "b")
        assert reader.headlines.has_focus


async def test_panes_are_made_wider_and_narrower_and_stay_so(start):
    async with start() as reader:
        await reader.open(SHELLS)
        await reader.press("tab")
        assert isinstance(reader.app.focused, Claims)
        before = width(reader, "panel")
        await reader.press("greater_than_sign")
        assert width(reader, "panel") == before + 4
        await reader.pilot.press("3", "less_than_sign")
        await reader.settle()
        assert width(reader, "panel") == before - 8
        text = width(reader, "article")
        await reader.press("shift+tab", "greater_than_sign")
        assert width(reader, "article") == text + 4
        assert width(reader, "panel") == before - 12
        await reader.pilot.resize_terminal(100, 45)
        await reader.settle()
        await reader.pilot.resize_terminal(160, 45)
        await reader.settle()
        assert width(reader, "panel") == before - 12


async def test_no_pane_is_made_so_narrow_or_wide_that_another_is_lost(start):
    async with start() as reader:
        await reader.press("9", "9", "greater_than_sign")
        assert 16 <= width(reader, "headlines") <= 80
        await reader.press("9", "9", "less_than_sign")
        assert width(reader, "headlines") == 16
        await reader.open(SHELLS)
        await reader.press("9", "9", "greater_than_sign", "tab", "9", "9", "greater_than_sign", "escape")
        await reader.press("9", "9", "greater_than_sign", "enter")
        assert width(reader, "article") >= 30


async def test_a_border_is_dragged_with_the_mouse(start, tmp_path):
    path = tmp_path / "screen.json"
    async with start(memory=Memory(path)) as reader:
        await reader.open(SHELLS)
        before = width(reader, "panel")
        splitter = reader.screen.query_one("#panel-splitter")
        at = splitter.region.offset + Offset(0, 5)
        await reader.pilot.mouse_down(offset=at)
        await reader.pilot.hover(offset=at - Offset(7, 0))
        assert not path.exists(), "nothing is written at each step"
        await reader.pilot.mouse_up(offset=at - Offset(7, 0))
        await reader.settle()
        assert width(reader, "panel") == before + 7
        assert reader.app.session.memory.width("panel") == before + 7
        assert f'"panel-width": {before + 7}' in path.read_text(), "and it is kept"


async def test_zen_shows_the_text_alone(start):
    async with start() as reader:
        await reader.press("z")
        assert reader.headlines.display, "there is no text yet"
        await reader.open(SHELLS)
        await reader.press("z")
        shown = reader.shown()
        assert not reader.headlines.display
        assert not reader.screen.query_one("#panel").display
        assert "Enter" not in shown
        assert reader.article.opened.article.text.split()[0] in shown
        await reader.press("right_square_bracket")
        assert reader.article.claim
        await reader.press("escape")
        assert reader.headlines.display
        assert reader.article.has_focus


async def test_the_text_is_handed_to_a_command(start, tmp_path):
    path = tmp_path / "text"
    async with start() as reader:
        await reader.press("vertical_line", *"cat", "enter")
        assert "Enter opens an article" in reader.said()[-1]
        await reader.open(SHELLS)
        script = f"{sys.executable} -c 'import sys; open(sys.argv[1], \"w\").write(sys.stdin.read())' {path}"
        await reader.press("vertical_line")
        reader.app.screen.query_one("Input").value = script
        await reader.press("enter")
        opened = reader.article.opened
        assert path.read_text() == f"{opened.entry.title}\n\n{opened.article.text}\n"


async def test_the_address_is_handed_to_a_command_as_one_argument_of_no_shell(start, tmp_path, library: Library):
    path = tmp_path / "address"
    async with start() as reader:
        await reader.press("O")
        code = "import sys, json; json.dump(sys.argv[2:], open(sys.argv[1], 'w'))"
        reader.app.screen.query_one("Input").value = f'{sys.executable} -c "{code}" {path}'
        await reader.press("enter")
        entry = reader.headlines.entry(reader.headlines.cursor)
        assert path.read_text() == f'["{entry.url}"]'


@pytest.mark.parametrize(("command", "says"), [("nowhere-such-a-command", "No such file"), ("false", "false failed")])
async def test_a_command_that_fails_says_why(start, command, says):
    async with start() as reader:
        await reader.open(SHELLS)
        await reader.press("vertical_line")
        reader.app.screen.query_one("Input").value = command
        await reader.press("enter")
        assert says in reader.said()[-1]


async def test_what_a_command_prints_steers_nothing(start):
    async with start() as reader:
        await reader.open(SHELLS)
        await reader.press("vertical_line")
        reader.app.screen.query_one("Input").value = "printf 'a\\033]0;b\\007[red]c'"
        await reader.press("enter")
        assert reader.said()[-1] == "a ]0;b [red]c"


async def test_a_command_of_the_settings_is_not_asked_for(start, library: Library, tmp_path):
    from dataclasses import replace

    from reader.config import Commands

    path = tmp_path / "given"
    library.settings = replace(library.settings, commands=Commands(pipe=f"tee {path}"))
    async with start() as reader:
        await reader.open(SHELLS)
        await reader.press("vertical_line")
        assert isinstance(reader.app.screen, ReadingScreen)
        assert path.read_text().startswith(reader.article.opened.entry.title)


async def test_escape_leaves_what_was_looked_for_before_it_leaves_the_article(start):
    async with start() as reader:
        await reader.press("slash", *"shells", "enter", "enter")
        assert reader.article.finding, "what the search found is marked"
        await reader.press("escape")
        assert not reader.article.finding
        assert reader.article.has_focus
        await reader.press("escape")
        assert reader.headlines.has_focus


async def test_n_walks_what_a_search_found_and_then_reads_on(start):
    async with start() as reader:
        await reader.press("slash", *"shells", "enter", "enter")
        first = reader.article.opened.entry.id
        for _ in range(60):
            await reader.press("n")
            if reader.article.opened.entry.id != first:
                break
        else:
            raise AssertionError("n never went on")
