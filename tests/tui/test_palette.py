"""The palette, the commands after a colon, and settings that count at once."""

import pytest

from reader import config
from reader.library.answers import LibraryError
from reader.library.library import Library
from reader.tui.actions import ACTIONS
from reader.tui.screens.commands import COMMANDS, named
from reader.tui.screens.ledger import LedgerScreen
from reader.tui.screens.palette import Hit, HitRows, PaletteScreen, rank
from reader.tui.screens.reading import ReadingScreen
from reader.tui.screens.saved import SavedScreen
from reader.tui.screens.settings import SettingsScreen
from reader.tui.screens.speakers import SpeakerScreen

pytestmark = pytest.mark.anyio

SHELLS = "declassified intelligence says"


async def find(reader, words: str) -> None:
    """Open the palette, type and take what comes first."""
    await reader.press("ctrl+p", *("space" if char == " " else char for char in words), "enter")


async def command(reader, words: str) -> None:
    await reader.press("colon")
    reader.app.screen.query_one("Input").value = f":{words}"
    await reader.press("enter")


async def test_an_action_is_found_by_a_word_of_its_and_done(start):
    async with start() as reader:
        await find(reader, "sort headlines")
        assert isinstance(reader.app.screen, ReadingScreen)
        assert "by outlet" in reader.shown()


async def test_feeds_stories_saved_claims_and_settings_are_found(start, library: Library):
    feed = library.store.feeds()[1]
    library.rules.keep("Boats at sea", "ferry")
    async with start() as reader:
        await find(reader, feed.title)
        assert {reader.headlines.entry(row).feed_id for row in range(reader.headlines.row_count())} == {feed.id}
        await find(reader, "Boats at sea")
        assert [row.entry_id for row in reader.headlines.rows] == library.search("ferry")
        first = library.store.entries([group[0] for group in library.store.story_headlines()[1:2]])
        (entry,) = first.values()
        await find(reader, entry.title)
        assert reader.article.opened.entry.id == entry.id
        await reader.press("right_square_bracket", "s")
        (saved,) = library.store.highlights.all()
        await reader.press("2")
        await find(reader, " ".join(saved.quote.exact.split()[:4]))
        assert reader.article.opened.entry.id == entry.id
        assert reader.article.claim or reader.article._pointed
        await find(reader, "reading measure")
        assert isinstance(reader.app.screen, SettingsScreen)


async def test_from_another_screen_one_is_led_back_to_the_list(start, library: Library):
    feed = library.store.feeds()[1]
    async with start() as reader:
        await reader.press("4")
        assert isinstance(reader.app.screen, SavedScreen)
        await find(reader, feed.title)
        assert isinstance(reader.app.screen, ReadingScreen)
        assert feed.title in reader.shown().splitlines()[0]


async def test_only_what_works_here_is_offered(start):
    async with start() as reader:
        await reader.press("4", "ctrl+p")
        rows = reader.app.screen.query_one(HitRows)
        offered = {hit.target.id for hit in rows.hits if hasattr(hit.target, "footer")}
        assert "remove_saved" in offered
        assert "toggle_read" not in offered
        await reader.press("escape")
        assert isinstance(reader.app.screen, SavedScreen)


async def test_arrows_choose_while_one_types_and_nothing_found_is_said(start):
    async with start() as reader:
        await reader.press("ctrl+p", "down", "down", "up")
        assert reader.app.screen.query_one(HitRows).cursor == 1
        await reader.press(*"qqqzzzqqq")
        assert "Nothing is called so." in reader.shown()
        await reader.press("enter")
        assert isinstance(reader.app.screen, PaletteScreen)


def hits(*names: str) -> list[Hit]:
    return [Hit("story", name, "", "") for name in names]


def test_what_begins_with_the_words_comes_before_what_merely_has_them():
    ranked = rank("port", hits("A report", "The port", "Port of call", "Sport"))
    assert [hit.words for hit in ranked[:2]] == ["Port of call", "The port"]
    assert rank("port call", hits("The port", "Port of call")) == hits("Port of call")


def test_a_slip_of_the_finger_still_finds():
    assert rank("ledgre", hits("Ledger", "Quit")) == hits("Ledger")


async def test_commands_go_where_they_say(start, library: Library):
    feed = library.store.feeds()[2]
    async with start() as reader:
        await command(reader, "search ferry")
        assert [row.entry_id for row in reader.headlines.rows] == library.search("ferry")
        await command(reader, "keep Boats")
        assert [query.name for query in library.store.queries.all()] == ["Boats"]
        await command(reader, f"feed {feed.title}")
        assert {reader.headlines.entry(row).feed_id for row in range(reader.headlines.row_count())} == {feed.id}
        await command(reader, "sort told")
        await command(reader, "group none")
        assert "most told first" in reader.shown()
        await command(reader, "tag urgent")
        entry = reader.headlines.entry(reader.headlines.cursor)
        assert library.store.tags(entry.id) == ("urgent",)
        await command(reader, "undo")
        assert library.store.tags(entry.id) == ()
        await command(reader, f"open {entry.id}")
        assert reader.article.opened.entry.id == entry.id
        await command(reader, "read")
        assert not library.store.unread_ids() & {row.entry_id for row in reader.headlines.rows}
        await command(reader, "saved")
        assert isinstance(reader.app.screen, SavedScreen)
        await command(reader, "speaker Pentagon")
        assert isinstance(reader.app.screen, SpeakerScreen)


async def test_the_ledger_and_commands_of_ones_own_are_commands(start, library: Library, tmp_path):
    async with start() as reader:
        await reader.open(SHELLS)
        await command(reader, f"pipe tee {tmp_path / 'text'}")
        assert (tmp_path / "text").read_text().startswith(reader.article.opened.entry.title)
        await command(reader, f"with {tmp_path}/no-such-command")
        assert "No such file" in reader.said()[-1]
        await command(reader, "ledger")
        assert isinstance(reader.app.screen, LedgerScreen)
        await command(reader, "quit")
    assert reader.app.return_code == 0


async def test_a_folder_and_a_page_to_add_are_commands(start, library: Library):
    feed = library.store.feeds()[0]
    await_folder = {name: getattr(feed, name) for name in ("id", "url", "title", "site", "settings")}
    library.store.change_feed(type(feed)(**await_folder, folder="Papers"))
    async with start() as reader:
        await command(reader, "folder pap")
        assert {reader.headlines.entry(row).feed_id for row in range(reader.headlines.row_count())} == {feed.id}
        await command(reader, f"add {feed.url}")
        assert feed.title in reader.shown(), "it is followed already, and that is said"


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("frobnicate", "There is no command “frobnicate”"),
        ("search", ":search needs QUERY."),
        ("sort colour", "Headlines can be sorted by time, outlet, told."),
        ("group all", "Headlines are grouped by `story` or by `none`."),
        ("folder nowhere", "No folder is called nowhere."),
        ("open x", "x is no entry's number."),
        ("open 99999999999999999999999", "is no entry's number."),
        ("keep Name", "No search is shown that could be kept."),
        ("search a OR", "OR"),
        ("set reading.measure 72", "There is no file to keep settings in."),
    ],
)
async def test_a_command_that_means_nothing_is_refused_in_a_sentence(start, typed, says):
    async with start() as reader:
        await command(reader, typed)
        assert says in reader.said()[-1]


@pytest.mark.parametrize("typed", ["pipe 'x", "with 'x"])
async def test_what_is_no_command_line_is_not_run(start, typed):
    async with start() as reader:
        await reader.open(SHELLS)
        await command(reader, typed)
        assert "is no command" in reader.said()[-1]


async def test_the_beginning_of_a_command_is_enough_and_tab_writes_it_out(start, library: Library):
    assert named("sea ferry")[0].name == "search"
    async with start() as reader:
        await reader.press("colon", *"sea", "tab")
        assert reader.app.screen.query_one("Input").value == ":search "
        await reader.press(*"ferry", "enter")
        assert [row.entry_id for row in reader.headlines.rows] == library.search("ferry")


def test_the_beginning_of_several_commands_is_none_of_them():
    with pytest.raises(LibraryError, match="There is no command “s”"):
        named("s ferry")


def test_commands_are_sorted_and_told_in_a_sentence():
    assert [one.name for one in COMMANDS] == sorted(one.name for one in COMMANDS)
    assert all(one.help.endswith(".") for one in COMMANDS)


# --- settings ---


@pytest.fixture
def settings(tmp_path):
    path = tmp_path / "config.toml"
    path.write_text("# mine\n[reading]\nmeasure = 60  # narrow\n")
    return path


def _drawn(reader) -> list[str]:
    """The lines of the article as they were laid out."""
    text = reader.article.opened.article.text
    return [text[line.start : line.end] for line in reader.article._lines]


async def test_a_setting_counts_at_once_is_kept_and_can_be_undone(start, settings):
    async with start(config=settings) as reader:
        await reader.open(SHELLS)
        longest = max(map(len, _drawn(reader)))
        await command(reader, "set reading.measure 50")
        assert max(map(len, _drawn(reader))) < longest
        assert "measure = 50  # narrow" in settings.read_text()
        assert reader.app.session.library.settings.reading.measure == 50
        await reader.press("u")
        assert settings.read_text() == "# mine\n[reading]\nmeasure = 60  # narrow\n"
        await command(reader, "set reading.measure")
        assert config.load(settings).reading.measure == 72


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("set reading.measure wide", "measure"),
        ("set reading.mesure 60", "did you mean"),
        ("set nope.x", "not a setting"),
        ("set keys.nope", "no action nope"),
        ("theme no-such-theme", "no-such-theme"),
    ],
)
async def test_a_setting_that_can_not_be_is_refused_and_nothing_is_written(start, settings, typed, says):
    before = settings.read_text()
    async with start(config=settings) as reader:
        await command(reader, typed)
        assert says in reader.said()[-1]
        assert settings.read_text() == before


async def test_a_theme_is_put_on_at_once(start, settings):
    async with start(config=settings) as reader:
        await command(reader, "theme nord")
        assert reader.app.theme == "nord"
        await reader.press("u")
        assert reader.app.theme != "nord"


async def test_what_is_changed_in_the_file_counts_within_seconds_and_what_is_wrong_in_it_is_told(start, settings):
    async def until(holds) -> None:
        for _ in range(1000):
            await reader.pilot.pause(0.02)
            if holds():
                return
        raise AssertionError(reader.said())

    async with start(config=settings) as reader:
        settings.write_text('[keys]\nsave = "X"\n[screen]\ntheme = "gruvbox"\n')
        await until(lambda: reader.app.theme == "gruvbox")
        await reader.open(SHELLS)
        await reader.press("right_square_bracket", "X")
        assert "Saved" in reader.said()[-1]
        assert "X Save" in reader.shown().splitlines()[-1]
        settings.write_text('[keys]\nsave = "m"\n')
        await until(lambda: any("toggle_read" in said for said in reader.said()))
        assert "line 2" in reader.said()[-1]
        assert reader.app.theme == "gruvbox"


def test_every_action_has_words_for_the_palette():
    assert all(action.label and action.help for action in ACTIONS)
