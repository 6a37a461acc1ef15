"""Themes: Textual's, our own and Base16's, and whether the terminal is dark."""

import os
import pty
import select
import subprocess
import sys
import termios
import threading
import time
import tty
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.color import Color
from textual.theme import BUILTIN_THEMES, Theme

from reader.tui.terminal import is_dark, is_light
from reader.tui.theme import AA, AUTO, DARK, LIGHT, ThemeError, base16, contrast, named, names, settle_auto, use

ROOT = Path(__file__).parents[2]
NOWHERE = Path("/nowhere")
TEXTS = (
    "foreground",
    "accent",
    "text-success",
    "text-warning",
    "text-error",
    "text-accent",
    "text-primary",
    "text-muted",
)
GROUNDS = ("background", "surface", "panel", "primary-muted")

OCEAN = """\
# A scheme in the old layout.
scheme: "Ocean"
author: "Chris Kempson (http://chriskempson.com)"
base00: "2b303b"
base01: "343d46"
base02: "4f5b66"
base03: "65737e"
base04: "a7adba"
base05: "c0c5ce"
base06: "dfe1e8"
base07: "eff1f5"
base08: "bf616a"
base09: "d08770"
base0A: "ebcb8b"
base0B: "a3be8c"
base0C: "96b5b4"
base0D: "8fa1b3"
base0E: "b48ead"
base0F: "ab7967"
"""
SOLARIZED_LIGHT = """\
system: "base16"
name: "Solarized Light"
slug: "solarized-light"
author: "Ethan Schoonover (modified by aramisgithub)"
variant: "light"
palette:
  base00: "#fdf6e3" # paper
  base01: "#eee8d5"
  base02: "#93a1a1"
  base03: "#839496"
  base04: "#657b83"
  base05: "#586e75"
  base06: "#073642"
  base07: "#002b36"
  base08: "#dc322f"
  base09: "#cb4b16"
  base0A: "#b58900"
  base0B: "#859900"
  base0C: "#2aa198"
  base0D: "#268bd2"
  base0E: "#6c71c4"
  base0F: "#d33682"
"""
DEFAULT_DARK = """\
scheme: 'Default Dark'
base00: 181818
base01: 282828
base02: 383838
base03: 585858
base04: b8b8b8
base05: d8d8d8
base06: e8e8e8
base07: f8f8f8
base08: 'ab4642'
base09: 'dc9656'
base0a: 'f7ca88'
base0b: 'a1b56c'
base0c: '86c1b9'
base0d: '7cafc2'
base0e: 'ba8baf'
base0f: 'a16946'
"""


def scheme(*colours: str) -> str:
    return "".join(f'base{at:02X}: "{colour}"\n' for at, colour in enumerate(colours))


def colours(theme: Theme) -> dict[str, Color]:
    """What Textual makes of a theme, as it is shown."""
    made = {**theme.to_color_system().generate(), **theme.variables}
    return {key: Color.parse(made[key]) for key in (*TEXTS, *GROUNDS)}


def assert_readable(theme: Theme) -> None:
    shown = colours(theme)
    for text in TEXTS:
        for ground in GROUNDS:
            assert contrast(shown[text], shown[ground]) >= AA, (theme.name, text, ground)


def test_contrast_is_reckoned_as_wcag_does():
    assert contrast(Color.parse("#000000"), Color.parse("#ffffff")) == pytest.approx(21)
    assert contrast(Color.parse("#777777"), Color.parse("#ffffff")) == pytest.approx(4.48, abs=0.01)
    assert contrast(Color.parse("#ff0000"), Color.parse("#ffffff")) == pytest.approx(4.0, abs=0.01)


@pytest.mark.parametrize("name", [DARK, LIGHT, *(name for name, theme in BUILTIN_THEMES.items() if not theme.ansi)])
def test_all_text_of_every_theme_can_be_read(name):
    assert_readable(named(name, NOWHERE))


@pytest.mark.parametrize("name", [DARK, LIGHT])
def test_our_own_themes_can_be_read_as_they_are_meant(name):
    from reader.tui import theme

    meant = next(one for one in theme._OWN if one.name == name)
    shown = {**meant.to_color_system().generate()}
    assert all(contrast(Color.parse(shown[text]), Color.parse(shown["background"])) >= AA for text in TEXTS[:-1])
    shown = colours(named(name, NOWHERE))
    for key in ("foreground", "accent", "background", "surface", "panel"):
        wanted, got = Color.parse(getattr(meant, key)).rgb, shown[key].rgb
        assert all(abs(one - other) <= 2 for one, other in zip(wanted, got, strict=True)), key


@pytest.mark.parametrize("source", [OCEAN, SOLARIZED_LIGHT, DEFAULT_DARK])
def test_all_text_of_a_base16_scheme_can_be_read(source):
    assert_readable(base16(source, name="mine"))


HEX = st.integers(0, 0xFFFFFF).map("{:06x}".format)


@given(st.lists(HEX, min_size=16, max_size=16))
def test_all_text_of_any_scheme_can_be_read_however_its_colours_clash(colours):
    assert_readable(base16(scheme(*colours), name="mine"))


def test_a_scheme_gives_its_colours_and_is_dark_or_light_by_its_background():
    ocean = base16(OCEAN, name="ocean")
    assert (ocean.name, ocean.dark) == ("ocean", True)
    assert (ocean.background, ocean.surface, ocean.primary) == ("#2B303B", "#343D46", "#8FA1B3")
    light = base16(SOLARIZED_LIGHT, name="light")
    assert (light.background, light.dark) == ("#FDF6E3", False)
    assert base16(DEFAULT_DARK, name="dark").background == "#181818"


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("", "base00, base01, base02 can't be found"),
        (OCEAN.replace('base0F: "ab7967"\n', ""), "base0F can't be found"),
        (OCEAN + 'base0F: "000000"\n', "base0F twice, again in line 20"),
        (OCEAN.replace('"2b303b"', '"2b303"'), 'line 4: a colour is written base00: "181818"'),
        (OCEAN.replace('"2b303b"', "#2b303b"), "line 4"),
        (OCEAN.replace('"2b303b"', "\"2b303b'"), "line 4"),
        (OCEAN.replace('"2b303b"', '!!python/object:os.system "x"'), "line 4"),
        (OCEAN.replace('"2b303b"', "*anchor"), "line 4"),
        (OCEAN + "#" * 70_000, "longer than a scheme"),
    ],
)
def test_what_is_no_scheme_is_refused_with_a_sentence(source, words):
    with pytest.raises(ThemeError) as refused:
        base16(source, name="mine", file="mine.yaml")
    assert words in str(refused.value)
    assert "mine.yaml" in str(refused.value)


def test_schemes_of_the_folder_are_themes_by_the_name_of_their_file(tmp_path: Path):
    (tmp_path / "ocean.yaml").write_text(OCEAN)
    (tmp_path / "nord.yml").write_text(SOLARIZED_LIGHT)
    (tmp_path / "notes.txt").write_text("not a theme")
    (tmp_path / "folder.yaml").mkdir()
    os.mkfifo(tmp_path / "endless.yaml")
    listed = names(tmp_path)
    assert listed[:3] == [AUTO, DARK, LIGHT]
    assert set(listed) == {AUTO, DARK, LIGHT, "ocean", *BUILTIN_THEMES}
    assert named("ocean", tmp_path).background == "#2B303B"
    assert named("nord", tmp_path).dark is False  # the person's own comes first


def test_a_theme_that_is_not_there_is_named_with_what_was_perhaps_meant(tmp_path: Path):
    with pytest.raises(ThemeError, match="there is no theme 'nrod'; did you mean 'nord'"):
        named("nrod", tmp_path)
    with pytest.raises(ThemeError, match="schemes are looked for in"):
        named("../../x", tmp_path)
    (tmp_path / "bytes.yaml").write_bytes(b"\xff\xfe")
    with pytest.raises(ThemeError, match="can't be read"):
        named("bytes", tmp_path)


@pytest.mark.anyio
async def test_a_theme_is_taken_and_taken_again_when_its_file_has_changed(start, tmp_path: Path):
    (tmp_path / "mine.yaml").write_text(OCEAN)
    async with start() as reader:
        settle_auto(reader.app, dark=False)
        use(reader.app, AUTO, tmp_path)
        await reader.settle()
        assert reader.app.screen.styles.background.hex == named(LIGHT, tmp_path).background.upper()
        use(reader.app, "mine", tmp_path)
        await reader.settle()
        assert reader.app.screen.styles.background.hex == "#2B303B"
        (tmp_path / "mine.yaml").write_text(SOLARIZED_LIGHT)
        use(reader.app, "mine", tmp_path)
        await reader.settle()
        assert reader.app.screen.styles.background.hex == "#FDF6E3"
        with pytest.raises(ThemeError):
            use(reader.app, "none", tmp_path)
        assert reader.app.theme == "mine"


# Whether the terminal is dark.


@contextmanager
def terminal(*answers: bytes) -> Iterator[int]:
    """A terminal that gives its answers when it is asked; what it is asked with is checked."""
    master, slave = pty.openpty()
    tty.setcbreak(slave)
    asked = b""

    def answer() -> None:
        nonlocal asked
        while b"\x1b[c" not in asked:
            if not select.select([master], [], [], 5)[0]:
                return
            asked += os.read(master, 1024)
        for one in answers:
            os.write(master, one)

    thread = threading.Thread(target=answer)
    thread.start()
    try:
        yield slave
        thread.join()
        assert b"\x1b]11;?" in asked
    finally:
        os.close(slave)
        os.close(master)


WHAT_I_AM = b"\x1b[?62;22c"


@pytest.mark.parametrize(
    ("answers", "dark"),
    [
        ([b"\x1b]11;rgb:1e1e/1e1e/1e1e\x1b\\", WHAT_I_AM], True),
        ([b"\x1b]11;rgb:fafa/fafa/fafa\x1b\\", WHAT_I_AM], False),
        ([b"\x1b]11;rgb:ff/ff/ff\x07" + WHAT_I_AM], False),
        ([b"\x1b]11;rgba:ffff/ffff/ffff/ffff\x07", WHAT_I_AM], False),
        ([b"\x1b]11;#fdf6e3\x07", WHAT_I_AM], False),
        ([b"jj\x1b]11;rgb:fdfd/f6f6/e3e3\x1b\\k", WHAT_I_AM], False),  # somebody types meanwhile
        ([b"\x1b]11;rgb:zz/zz/zz\x1b\\", WHAT_I_AM], True),
        ([WHAT_I_AM], True),  # it does not know its background
        ([b"\x1b]11;" + b"f" * 5000], True),
    ],
)
def test_a_terminal_is_asked_and_its_answer_ends_the_waiting(answers, dark):
    with terminal(*answers) as slave:
        before = termios.tcgetattr(slave)
        began = time.monotonic()
        assert is_dark({"TERM": "xterm-256color", "SSH_TTY": "/dev/pts/1"}, given=slave, shown=slave) is dark
        assert time.monotonic() - began < 0.5  # though it would wait a second
        assert termios.tcgetattr(slave) == before


def test_a_terminal_that_says_nothing_is_not_waited_for():
    with terminal() as slave:
        began = time.monotonic()
        assert is_dark({"TERM": "xterm", "COLORFGBG": "0;15"}, given=slave, shown=slave) is False
        assert 0.09 < time.monotonic() - began < 0.5


@pytest.mark.parametrize(
    ("environment", "dark"),
    [
        ({}, True),
        ({"COLORFGBG": "15;0"}, True),
        ({"COLORFGBG": "0;default;15"}, False),
        ({"COLORFGBG": "0;7"}, False),
        ({"COLORFGBG": "12;8"}, True),
        ({"COLORFGBG": "nonsense"}, True),
    ],
)
@pytest.mark.parametrize("term", ["dumb", "linux", "xterm"])
def test_what_is_no_terminal_or_a_simple_one_is_asked_nothing(term, environment, dark, tmp_path: Path):
    with (tmp_path / "file").open("w+b") as file:
        assert is_dark({"TERM": term, **environment}, given=file.fileno(), shown=file.fileno()) is dark
        assert file.seek(0, os.SEEK_END) == 0


def test_a_colour_is_light_or_not_in_each_way_of_writing_it():
    assert is_light("ffff/ffff/ffff")
    assert is_light("f/f/f")
    assert not is_light("0000/0000/0000")
    assert not is_light("1e1e/1e1e/1e1e")
    assert is_light("fdf6e3")
    assert not is_light("//")


def test_a_chosen_theme_costs_no_question(tmp_path: Path):
    program = (
        "import reader.tui.terminal as terminal\n"
        "def asked(*_, **__): raise SystemExit('asked')\n"
        "terminal.is_dark = asked\n"
        "import sys, os\n"
        "from reader.tui.app import NewsApp\n"
        "NewsApp.run = lambda self: print('theme', self.theme)\n"
        "from reader.cli import main\n"
        "if __name__ == '__main__':\n"
        "    sys.exit(main(['--config', sys.argv[1], '--library', sys.argv[2]]))\n"
    )
    (tmp_path / "program.py").write_text(program)
    config = tmp_path / "config.toml"

    def run() -> str:
        master, slave = pty.openpty()
        try:
            process = subprocess.Popen(
                [sys.executable, str(tmp_path / "program.py"), str(config), str(tmp_path / "library.sqlite")],
                stdin=slave, stdout=slave, stderr=subprocess.PIPE, text=True,
                env={**os.environ, "PYTHONPATH": str(ROOT), "XDG_STATE_HOME": str(tmp_path)},
            )  # fmt: skip
            said = process.communicate(timeout=60)[1]
            if select.select([master], [], [], 0)[0]:
                said += os.read(master, 4096).decode()
            return said
        finally:
            os.close(slave)
            os.close(master)

    config.write_text("[screen]\ntheme = 'nord'\n")
    assert "theme nord" in run()
    config.write_text("[screen]\ntheme = 'auto'\n")
    assert "asked" in run()
