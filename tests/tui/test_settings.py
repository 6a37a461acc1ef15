"""The settings, shown and changed in the reader and beside it."""

import re
from pathlib import Path

import pytest
import terminal
from terminal import Terminal, environment
from textual.widgets import Static

from reader.config import ConfigError, Settings, load, parse
from reader.tui.actions import ACTIONS
from reader.tui.keyboard import Keymap
from reader.tui.screens.ask import AskScreen
from reader.tui.screens.choose import ChoiceRows, ChooseScreen
from reader.tui.screens.reading import ReadingScreen
from reader.tui.screens.settings import SettingsScreen, as_typed
from reader.tui.setup import ConfigWatch, check, themes_of
from reader.tui.theme import DARK
from reader.tui.widgets.article import ArticleView
from reader.tui.widgets.settings import SettingRows

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.anyio


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "newsreader" / "config.toml"


def rows(reader) -> SettingRows:
    assert isinstance(reader.app.screen, SettingsScreen)
    return reader.app.screen.query_one(SettingRows)


async def go(reader, name: str) -> None:
    """Put the cursor on a setting by its key, or on an action by its name."""
    here = rows(reader)
    at = next(
        at for at, row in enumerate(here.rows) if getattr(row, "key", None) == name or getattr(row, "id", None) == name
    )
    here.go(at)
    await reader.settle()


async def point_at(reader, word: str) -> None:
    """Put the cursor on one of the words that are offered."""
    here = reader.app.screen.query_one(ChoiceRows)
    here.go(here.words.index(word))
    await reader.settle()


async def type_in(reader, words: str) -> None:
    """Type over what stands in the line, and press Enter."""
    assert isinstance(reader.app.screen, AskScreen)
    await reader.press("ctrl+u")
    for character in words:
        await reader.pilot.press({" ": "space"}.get(character, character))
    await reader.press("enter")


def line_of(reader, words: str) -> str:
    return next(line for line in reader.shown().splitlines() if words in line)


async def test_all_settings_and_keys_are_listed_with_what_they_are_now(start, path):
    async with start(config=path) as reader:
        await reader.press("comma")
        assert str(path.name) in reader.shown()
        assert "72" in line_of(reader, "measure")
        listed = {getattr(row, "id", None) for row in rows(reader).rows}
        assert {action.id for action in ACTIONS} <= listed
        await reader.press("G")
        assert "Edit file" in reader.shown()
        await reader.press("escape")
        assert not isinstance(reader.app.screen, SettingsScreen)
    assert not path.exists()


async def test_the_cursor_passes_headings_over_and_shows_them(start, path):
    async with start(config=path, size=(60, 20)) as reader:
        await reader.press("comma")
        here = rows(reader)
        assert here.cursor == 1
        for _ in range(30):
            await reader.press("j")
            assert not isinstance(here.rows[here.cursor], str)
        await reader.press("g", "g")
        assert here.cursor == 1
        assert "[reading]" in reader.shown()


async def test_enter_turns_what_is_true_or_false_and_u_turns_it_back(start, path):
    async with start(config=path) as reader:
        await reader.press("comma", "j", "enter")
        assert load(path).reading.justify is False
        assert reader.app.session.library.settings.reading.justify is False
        assert "•" in line_of(reader, "justify")
        assert "false" in line_of(reader, "justify")
        await reader.press("u")
        assert load(path) == Settings()
        assert reader.app.session.library.settings.reading.justify is True
        assert "•" not in line_of(reader, "justify")


async def test_a_number_is_typed_and_a_wrong_one_is_told_below_the_line(start, path):
    async with start(config=path) as reader:
        await reader.press("comma", "enter")
        await type_in(reader, "200")
        assert isinstance(reader.app.screen, AskScreen)
        assert "must be a whole number from 40 to 120" in reader.shown()
        assert not path.exists()
        await type_in(reader, "100")
        assert load(path).reading.measure == 100
        assert "100" in line_of(reader, "measure")


async def test_lists_and_times_are_typed_and_nothing_is_an_empty_list(start, path):
    async with start(config=path) as reader:
        await reader.press("comma")
        await go(reader, "tell")
        await reader.press("enter")
        await type_in(reader, "denial, conflict")
        assert [rule.value for rule in load(path).alerts.tell] == ["denial", "conflict"]
        await reader.press("enter")
        await type_in(reader, "")
        assert load(path).alerts.tell == ()
        await go(reader, "interval")
        await reader.press("enter")
        await type_in(reader, "30m")
        assert load(path).refresh.interval.total_seconds() == 1800


async def test_d_takes_a_setting_back_to_its_default_and_leaves_comments(start, path):
    path.parent.mkdir()
    path.write_text("# mine\n[reading]\nmeasure = 100\n")
    async with start(config=path) as reader:
        reader.app.apply_settings(load(path))
        await reader.press("comma")
        assert "100" in line_of(reader, "measure")
        await reader.press("d")
        assert path.read_text() == "# mine\n[reading]\n"
        assert "72" in line_of(reader, "measure")
        await reader.press("u")
        assert load(path).reading.measure == 100


async def test_a_choice_is_offered(start, path):
    async with start(config=path) as reader:
        await reader.press("comma")
        await go(reader, "by")
        await reader.press("enter")
        assert isinstance(reader.app.screen, ChooseScreen)
        await reader.press("G", "enter")
        assert load(path).notify.by == "none"


async def test_settings_that_come_before_the_article_has_a_pane_wait_for_it(start, path):
    async with start(config=path) as reader:
        reader.app.push_screen(ReadingScreen(reader.app.session))
        assert not reader.app.screen.query(ArticleView)  # nothing is put together yet
        reader.app.apply_settings(parse("[reading]\nmeasure = 50\n"))
        await reader.settle()
        assert reader.app.screen.query_one(ArticleView)._reading.measure == 50


async def test_themes_are_shown_while_one_moves_and_go_when_one_goes_back(start, path):
    (path.parent / "themes").mkdir(parents=True)
    (path.parent / "themes" / "broken.yaml").write_text("base00: 1\n")
    async with start(config=path) as reader:
        await reader.press("comma")
        await go(reader, "theme")
        await reader.press("enter", "j")
        assert reader.app.theme == DARK
        await point_at(reader, "nord")
        assert reader.app.theme == "nord"
        assert not path.exists()
        await reader.press("escape")
        assert reader.app.theme == "auto"
        await reader.press("enter")
        await point_at(reader, "broken")
        told = str(reader.app.screen.query_one("#outcome", Static).render())
        assert 'line 1: a colour is written base00: "181818"' in told
        await reader.press("enter")
        assert isinstance(reader.app.screen, ChooseScreen)
        await reader.press("j", "enter")
        assert load(path).screen.theme == reader.app.theme == "catppuccin-frappe"
        await reader.press("u")
        assert load(path).screen.theme == reader.app.theme == "auto"


async def test_keys_are_chosen_work_at_once_and_are_given_back(start, path):
    async with start(config=path) as reader:
        await reader.press("comma")
        await go(reader, "close_settings")
        await reader.press("enter")
        await type_in(reader, "Ctrl-x or Z")
        assert load(path).keys == {"close_settings": ("Ctrl-x", "Z")}
        assert "Ctrl-x Back" in reader.shown()
        await reader.press("q")
        assert isinstance(reader.app.screen, SettingsScreen)
        await reader.press("d")
        assert load(path).keys == {}
        await reader.press("u", "Z")
        assert not isinstance(reader.app.screen, SettingsScreen)


async def test_a_key_that_is_taken_is_refused_in_plain_words(start, path):
    async with start(config=path) as reader:
        await reader.press("comma")
        await go(reader, "save")
        await reader.press("enter")
        await type_in(reader, "c")
        assert "The key c is taken by 'compare' where 'save' works." in reader.shown()
        await type_in(reader, "s or")
        assert "there is no key in it" in reader.shown().casefold()
        await type_in(reader, "")
        assert load(path).keys == {"save": ()}


async def test_a_default_that_another_action_has_taken_is_refused(start, path):
    path.parent.mkdir()
    path.write_text("[keys]\nsave = 'c'\ncompare = 's'\n")
    async with start(config=path) as reader:
        reader.app.apply_settings(load(path))
        await reader.press("comma")
        await go(reader, "save")
        await reader.press("d")
        assert load(path).keys == {"save": ("c",), "compare": ("s",)}
        assert "taken by" in reader.said()[-1]


async def test_without_a_file_the_settings_are_shown_and_a_change_is_refused(start):
    async with start() as reader:
        await reader.press("comma", "j", "enter")
        assert "There is no file to keep settings in." in reader.said()[-1]
        await reader.press("e")
        assert "There is no file to keep settings in." in reader.said()[-1]


async def test_a_file_that_is_broken_meanwhile_is_told_and_left(start, path):
    async with start(config=path) as reader:
        await reader.press("comma")
        path.parent.mkdir()
        path.write_text("[reading\n")
        await reader.press("j", "enter")
        assert "is not valid TOML" in reader.said()[-1]
        assert path.read_text() == "[reading\n"


async def test_the_screen_begins_at_the_setting_that_was_asked_for(start, path):
    async with start(config=path) as reader:
        reader.app.push_screen(SettingsScreen(reader.app.session, at=("refresh", "interval")))
        await reader.settle()
        assert "[refresh] interval" in reader.shown()


@pytest.mark.parametrize(
    ("table", "key", "words", "plain"),
    [
        ("reading", "measure", "80", 80),
        ("reading", "justify", "FALSE", False),
        ("reading", "measure", "", None),
        ("alerts", "tell", "denial , conflict", ["denial", "conflict"]),
        ("network", "allow_private", "10.0.0.0/8", ["10.0.0.0/8"]),
        ("screen", "theme", "nord", "nord"),
        ("keys", "save", "gg or Ctrl-x s", ["gg", "Ctrl-x s"]),
        ("keys", "save", "or", ["or"]),
    ],
)
def test_what_is_typed_becomes_what_the_file_says(table, key, words, plain):
    assert as_typed(table, key, words) == plain


@pytest.mark.parametrize(
    ("table", "key", "words", "why"),
    [
        ("reading", "measure", "8", "reading.measure must be a whole number from 40 to 120."),
        ("reading", "justify", "maybe", "true or false"),
        ("reading", "mesure", "80", "did you mean 'reading.measure'"),
    ],
)
def test_what_is_typed_wrongly_is_refused_with_a_sentence(table, key, words, why):
    with pytest.raises(ConfigError, match=re.escape(why)):
        as_typed(table, key, words)


# The file.


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("[reading]\n[keys]\nsave = 'c'\n", "line 3: [keys] save can't be used: the key c is taken by 'compare'"),
        ("[keys]\nsaev = 'c'\n", "line 2: [keys] saev can't be used: there is no action 'saev'; did you mean 'save'"),
        ("[keys]\nsave = 'Ctrl+'\n", "line 2: [keys] save can't be used"),
        (
            "[screen]\n\ntheme = 'nrod'\n",
            "line 3: [screen] theme can't be used: there is no theme 'nrod'; did you mean",
        ),
    ],
)
def test_keys_and_themes_that_cannot_be_are_refused_with_their_line(source, words, tmp_path):
    path = tmp_path / "config.toml"
    path.write_text(source)
    with pytest.raises(ConfigError) as refused:
        check(load(path), path)
    assert f"{path}, {words}" in str(refused.value)
    assert "\n" not in str(refused.value)


def test_the_folder_of_themes_is_beside_the_file_at_home_or_where_it_says(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", "/home/someone")
    path = tmp_path / "config.toml"
    assert themes_of(Settings(), path) == tmp_path / "themes"
    assert themes_of(parse("[screen]\nthemes = 'base16'\n"), path) == tmp_path / "base16"
    assert themes_of(parse("[screen]\nthemes = '~/base16'\n"), path) == Path("/home/someone/base16")
    assert themes_of(parse("[screen]\nthemes = '/base16'\n"), path) == Path("/base16")


def test_the_keys_of_the_page_on_configuration_can_be_used():
    page = (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")
    block = next(one for one in re.findall(r"```toml\n(.*?)```", page, re.DOTALL) if one.startswith("[keys]"))
    chosen = parse(block).keys
    assert len(chosen) > 3
    assert Keymap(chosen)


def test_a_file_that_changes_is_read_once_and_a_wrong_one_is_told_once(path):
    watch = ConfigWatch(path)
    assert watch.changed() is None
    path.parent.mkdir()
    path.write_text("[reading]\nmeasure = 100\n")
    assert watch.changed().reading.measure == 100
    assert watch.changed() is None
    path.write_text("[reading]\nmeasure = 1\n")
    with pytest.raises(ConfigError, match="line 2"):
        watch.changed()
    assert watch.changed() is None
    path.write_text("[keys]\nsave = 'c'\n")
    with pytest.raises(ConfigError, match="taken by"):
        watch.changed()
    path.unlink()
    assert watch.changed() == Settings()


async def test_what_is_saved_in_the_file_holds_soon_and_what_is_wrong_is_told(start, path):
    path.parent.mkdir()
    path.write_text("")
    async with start(config=path) as reader:
        await reader.press("comma")
        path.write_text("[reading]\nmeasure = 100\n[screen]\ntheme = 'nord'\n")
        for _ in range(1000):
            await reader.pilot.pause(0.02)
            if reader.app.theme == "nord":
                break
        assert reader.app.session.library.settings.reading.measure == 100
        await reader.settle()
        assert "100" in line_of(reader, "measure")
        path.write_text("[reading]\nmeasure = 1000\n")
        for _ in range(1000):
            await reader.pilot.pause(0.02)
            if reader.said():
                break
        assert "line 2: [reading] measure must be a whole number" in reader.said()[-1]
        assert reader.app.session.library.settings.reading.measure == 100


# In a real terminal.


@pytest.fixture
def editor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An editor that notes what it was given, and writes a setting; the person presses Ctrl+C in it."""
    script = tmp_path / "an editor.sh"
    script.write_text(
        f'#!/bin/sh\ncp "$2" {tmp_path}/seen\nprintf "%s" "$1" > "$2"\necho HANDED OVER\nkill -INT $PPID\n'
    )
    script.chmod(0o755)
    command = f"'{script}' '[reading]\nmeasure = 111\n'"
    monkeypatch.setattr(terminal, "environment", lambda home: environment(home) | {"VISUAL": command})
    return script


def test_e_hands_the_terminal_to_the_editor_and_takes_the_file_over(tmp_path, library, editor):
    library.close()
    config = tmp_path / ".config" / "newsreader" / "config.toml"
    with Terminal("--library", str(tmp_path / "library.sqlite"), home=tmp_path, size=(120, 30)) as screen:
        screen.until("Keys")
        screen.press(",")
        screen.until("[reading]")
        screen.press("e")
        screen.until("111")
        assert b"HANDED OVER" in screen.output
        assert "# measure = 72" in (tmp_path / "seen").read_text()
        assert config.exists()
        screen.press("Q")
        assert screen.wait() == 0


def test_a_key_that_is_taken_keeps_the_reader_from_opening_with_one_sentence(tmp_path, library):
    library.close()
    config = tmp_path / "config.toml"
    config.write_text("[keys]\nsave = 'c'\n")
    arguments = ["--config", str(config), "--library", str(tmp_path / "library.sqlite")]
    with Terminal(*arguments, home=tmp_path, size=(400, 10)) as screen:
        assert screen.wait() == 2
        shown = " ".join(screen.shown().split())
        assert "line 2: [keys] save can't be used: the key c is taken by 'compare' where 'save' works." in shown
