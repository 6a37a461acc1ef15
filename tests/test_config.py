from datetime import timedelta
from ipaddress import ip_network
from pathlib import Path

import pytest

from reader.config import (
    SETTINGS,
    ConfigError,
    NotifyBy,
    Reading,
    Settings,
    current,
    example,
    line_of,
    load,
    parse,
    save,
    setting,
    spelled,
)
from reader.model import AlertRule

PAGE = Path(__file__).parents[1] / "docs" / "configuration.md"


@pytest.mark.parametrize(
    ("written", "kept"), [("30d", timedelta(30)), ("2w", timedelta(14)), (" 1d ", timedelta(1)), ("", None)]
)
def test_how_long_to_keep_may_be_nothing_which_is_for_ever(written, kept):
    assert parse(f"[library]\nkeep = '{written}'\n").library.keep == kept
    assert Settings().library.keep is None


@pytest.mark.parametrize("way", list(NotifyBy))
def test_the_ways_to_be_told(way):
    assert parse(f"[notify]\nby = '{way}'\n").notify.by is way


def test_nothing_said_means_the_defaults():
    assert parse("") == Settings()
    assert Settings().refresh.interval == timedelta(hours=1)
    assert Settings().network.allow_private == ()
    assert Settings().alerts.tell == (AlertRule.SECOND_SOURCE, AlertRule.CONFLICT, AlertRule.DENIAL)


def test_every_setting_is_read():
    settings = parse('[network]\nallow_private = ["127.0.0.0/8"]\n[refresh]\ninterval = "30m"\non_start = false\n')
    assert settings.network.allow_private == (ip_network("127.0.0.0/8"),)
    assert settings.refresh.interval == timedelta(minutes=30)
    assert settings.refresh.on_start is False


@pytest.mark.parametrize(
    ("tell", "rules"),
    [
        ("[]", ()),
        ('["denial"]', (AlertRule.DENIAL,)),
        ('["denial", "second source"]', (AlertRule.DENIAL, AlertRule.SECOND_SOURCE)),
        ('["conflict", "conflict"]', (AlertRule.CONFLICT,)),
    ],
)
def test_what_to_tell_is_what_is_listed_each_once(tell, rules):
    assert parse(f"[alerts]\ntell = {tell}\n").alerts.tell == rules


def test_the_page_of_settings_has_every_setting_with_its_default():
    assert f"```toml\n{example()}```\n" in PAGE.read_text(encoding="utf-8")


def test_the_example_is_the_defaults_and_names_every_setting():
    assert parse(example()) == Settings()
    assert parse(example(commented=True)) == Settings()
    assert [line for line in example(commented=True).splitlines() if line and line[0] not in "#["] == []
    tables = {name: table for name in Settings.__slots__ if name != "keys" for table in [getattr(Settings(), name)]}
    assert {(one.table, one.key) for one in SETTINGS} == {
        (name, key) for name, table in tables.items() for key in table.__slots__
    }


@pytest.mark.parametrize("one", SETTINGS, ids=lambda one: f"{one.table}.{one.key}")
def test_what_is_shown_of_a_setting_can_be_typed_again(one):
    value = one.of(Settings())
    assert one.kind.read(one.kind.plain(value)) == value
    if value:  # nothing typed is the default, which is not the kind's affair
        assert one.kind.read(one.kind.typed(one.kind.shown(value))) == value


def test_reading_and_screen_and_commands_are_read():
    source = """
[reading]
measure = 100
justify = false
images = false
[screen]
theme = "nord"
themes = "~/schemes"
[commands]
pipe = "less -R"
open_with = "mpv --quiet"
"""
    settings = parse(source)
    assert settings.reading == Reading(measure=100, justify=False, images=False)
    assert (settings.screen.theme, settings.screen.themes) == ("nord", "~/schemes")
    assert (settings.commands.pipe, settings.commands.open_with) == ("less -R", "mpv --quiet")


def test_keys_are_one_or_several_or_none():
    settings = parse("[keys]\nsave = 'S'\nfirst = ['gg', 'Home']\ntag = ''\ncopy = []\n'next_claim' = 'Ctrl-n'\n")
    assert settings.keys == {
        "save": ("S",),
        "first": ("gg", "Home"),
        "tag": (),
        "copy": (),
        "next_claim": ("Ctrl-n",),
    }


@pytest.mark.parametrize(("seconds", "words"), [(90 * 60, "90m"), (7200, "2h"), (14 * 86400, "14d"), (90, "90s")])
def test_a_time_is_spelled_as_it_is_read(seconds, words):
    assert spelled(timedelta(seconds=seconds)) == words
    assert Settings().refresh.interval == setting("refresh", "interval").kind.read(spelled(timedelta(hours=1)))


@pytest.mark.parametrize(
    ("source", "line", "words"),
    [
        ("[netwrok]\n", 1, "did you mean 'network'"),
        ("# first\n\n[refresh]\ninterwal = '1h'\n", 4, "did you mean 'interval'"),
        ("[refresh]\ninterval = '1 fortnight'\n", 2, '"30m", "1h" or "2d"'),
        ("[refresh]\ninterval = '1s'\n", 2, "from 1m to 30d"),
        ("[refresh]\ninterval = '99999999999999999d'\n", 2, "from 1m to 30d"),
        ("[refresh]\n\non_start = 'yes'\n", 3, "true or false"),
        ("[network]\nallow_private = ['home']\n", 2, "no network"),
        ("[network]\nallow_private = '10.0.0.0/8'\n", 2, "must be a list"),
        ("network = 3\n", 1, "must be a table"),
        ("refresh.interval = 3\n", 1, "must be a time"),
        ("[alerts]\n\ntell = ['rumour']\n", 3, 'some of "second source", "conflict", "denial"'),
        ("[alerts]\ntell = ['denial', 3]\n", 2, "must be a list of some of"),
        ("[alerts]\ntell = [['denial']]\n", 2, "must be a list of some of"),
        ("[alerts]\ntell = 'denial'\n", 2, "must be a list of some of"),
        ("[alerts]\ntell = true\n", 2, "must be a list of some of"),
        ("[alerts]\ntel = []\n", 2, "did you mean 'tell'"),
        ("alerts = 'denial'\n", 1, "must be a table"),
        ("[library]\nkeep = '1h'\n", 2, "from 1d on"),
        ("[library]\n\nkeep = '99999999d'\n", 3, "from 1d on"),
        ("[library]\nkeep = 30\n", 2, "must be a time"),
        ("[library]\nkep = '30d'\n", 2, "did you mean 'keep'"),
        ("[notify]\nby = 'mail'\n", 2, 'one of "auto", "terminal", "desktop", "none"'),
        ("[notify]\nby = ['none']\n", 2, "must be one of"),
        ("[reading]\nmeasure = 39\n", 2, "a whole number from 40 to 120"),
        ("[reading]\nmeasure = 121\n", 2, "a whole number from 40 to 120"),
        ("[reading]\nmeasure = true\n", 2, "a whole number"),
        ("[reading]\nmeasure = '72'\n", 2, "a whole number"),
        ("[reading]\njustify = 1\n", 2, "true or false"),
        ("[reading]\nmesure = 72\n", 2, "did you mean 'measure'"),
        ("[screen]\ntheme = 3\n", 2, "words on one line"),
        ('[commands]\npipe = "a\\u001bb"\n', 2, "words on one line"),
        ("[comands]\n", 1, "did you mean 'commands'"),
        ("[keys]\nsave = 3\n", 2, 'must be keys such as "gg"'),
        ("[keys]\n\nsave = ['s', 3]\n", 3, "must be keys"),
        ("keys = 's'\n", 1, "must be a table"),
    ],
)
def test_a_wrong_setting_is_refused_with_its_line(source, line, words):
    with pytest.raises(ConfigError) as refused:
        parse(source)
    assert f"line {line}:" in str(refused.value)
    assert words in str(refused.value)
    assert "\n" not in str(refused.value)


def test_broken_toml_is_refused_in_one_sentence():
    with pytest.raises(ConfigError, match="is not valid TOML"):
        parse("[refresh\n")


def test_a_missing_file_means_defaults_unless_it_was_asked_for(tmp_path: Path):
    assert load(tmp_path / "none.toml") == Settings()
    with pytest.raises(ConfigError, match="no configuration file"):
        load(tmp_path / "none.toml", required=True)


def test_a_file_that_is_not_text_is_refused(tmp_path: Path):
    (tmp_path / "config.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(ConfigError, match="can't be read"):
        load(tmp_path / "config.toml")


def test_a_line_is_found_where_a_name_is_set_and_not_where_it_is_named():
    source = "[keys]\ncopy = \"save\"  # save\nsaved = 'x'\n'save' = ['S']\n[other]\nsave = 1\n"
    assert line_of(source, "keys", "save") == 4
    assert line_of(source, "keys", "saved") == 3
    assert line_of(source, "other", "save") == 6
    assert line_of(source, "other") == 5
    assert line_of("a = 1\nkeys.save = 's'\n", "keys", "save") == 2
    assert line_of("keys = { copy = 'y', save = 's' }\n", "keys", "save") == 1
    assert line_of("", "keys", "save") == 1


# What is written.

WRITTEN = """\
# Mine.

[reading]
measure = 80   # wide
# justify = false

[keys]
save = ["S", 'gS']
"""


def written(path: Path, source: str = WRITTEN) -> Path:
    path = path / "config.toml"
    path.write_bytes(source.encode())
    return path


def test_one_setting_is_changed_and_everything_else_stays(tmp_path: Path):
    path = written(tmp_path)
    assert save(path, "reading", "measure", 90).reading.measure == 90
    assert path.read_text() == WRITTEN.replace("measure = 80", "measure = 90")
    assert save(path, "keys", "save", ["x"]).keys == {"save": ("x",)}
    assert "[reading]\nmeasure = 90   # wide\n# justify = false\n\n[keys]\n" in path.read_text()


def test_a_setting_is_taken_out(tmp_path: Path):
    path = written(tmp_path)
    assert save(path, "reading", "measure", None) == parse(WRITTEN.replace("measure = 80", ""))
    assert "measure" not in path.read_text()
    assert "# justify = false" in path.read_text()
    before = path.read_bytes()
    save(path, "screen", "theme", None)
    assert path.read_bytes() == before


def test_the_file_and_its_folder_are_made(tmp_path: Path):
    path = tmp_path / "new" / "folder" / "config.toml"
    assert current(path, "screen", "theme") is None
    save(path, "screen", "theme", "nord")
    assert path.read_text() == '[screen]\ntheme = "nord"\n'
    assert current(path, "screen", "theme") == "nord"
    assert [one.name for one in path.parent.iterdir()] == ["config.toml"]


@pytest.mark.parametrize(
    "source",
    [
        "reading.measure = 80\n",
        "reading = { measure = 80, justify = true }\n",
        "[reading]\r\nmeasure = 80\r\n\r\n[keys]\r\nsave = 'S'",
        "screen.theme = 'x'\nreading.measure = 80\nscreen.themes = 'y'\n",
        example(),
        example(commented=True),
    ],
)
@pytest.mark.parametrize("value", [66, None])
def test_however_a_file_is_written_only_the_setting_changes(source, value, tmp_path: Path):
    path = written(tmp_path, source)
    before = parse(source)
    after = save(path, "reading", "measure", value)
    assert after == load(path)
    assert after.reading.measure == (value or 72)
    assert (after.reading.justify, after.screen, after.keys) == (before.reading.justify, before.screen, before.keys)
    assert path.read_bytes().count(b"\r\n") >= source.count("\r\n") - 1


@pytest.mark.parametrize(
    ("table", "key", "value"),
    [("reading", "measure", 7), ("reading", "nonsense", 7), ("nonsense", "measure", 7), ("keys", "save", 7)],
)
def test_nothing_is_written_that_could_not_be_read(table, key, value, tmp_path: Path):
    path = written(tmp_path)
    with pytest.raises(ConfigError):
        save(path, table, key, value)
    assert path.read_text() == WRITTEN
    assert [one.name for one in tmp_path.iterdir()] == ["config.toml"]


def test_a_broken_file_is_left_alone_but_a_wrong_setting_can_be_set_right(tmp_path: Path):
    path = written(tmp_path, "[reading\n")
    with pytest.raises(ConfigError, match="not valid TOML"):
        save(path, "reading", "measure", 80)
    assert path.read_text() == "[reading\n"
    path.write_text("[reading]\nmeasure = 7\n")
    assert save(path, "reading", "measure", 80).reading.measure == 80


def test_a_link_and_who_may_read_the_file_stay(tmp_path: Path):
    (tmp_path / "dotfiles").mkdir()
    real = written(tmp_path / "dotfiles")
    real.chmod(0o640)
    link = tmp_path / "config.toml"
    link.symlink_to(real)
    save(link, "reading", "measure", 90)
    assert link.is_symlink()
    assert "measure = 90" in real.read_text()
    assert real.stat().st_mode & 0o777 == 0o640


def test_a_folder_that_cannot_be_written_is_told_in_one_sentence(tmp_path: Path):
    (tmp_path / "file").write_text("")
    with pytest.raises(ConfigError, match=r"can't be (read|written): "):
        save(tmp_path / "file" / "config.toml", "reading", "measure", 90)


def test_an_unknown_setting_is_named_with_what_was_perhaps_meant():
    with pytest.raises(ConfigError, match=r"did you mean 'reading.measure'"):
        setting("reading", "mesure")
