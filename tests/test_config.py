from datetime import timedelta
from ipaddress import ip_network
from pathlib import Path

import pytest

from reader.config import ConfigError, NotifyBy, Settings, load, parse
from reader.model import AlertRule


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


def test_what_can_be_told_is_what_the_page_of_settings_lists():
    page = (Path(__file__).parents[1] / "docs" / "configuration.md").read_text(encoding="utf-8")
    listed = next(line for line in page.splitlines() if line.startswith("tell = "))
    assert parse(f"[alerts]\n{listed}\n").alerts.tell == tuple(AlertRule)


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
