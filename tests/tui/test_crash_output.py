"""Wherever a fault of ours is, the reader ends in good order, and what it prints and leaves has no secret in it (6)."""

import re
import stat
import sys
from pathlib import Path

import pytest

from tests.tui.test_deaths import PROMPT, command, reader, unsettled

CANARY = "canary-7f3a"
NEWS = "The minister said that the bridge would stay closed until spring"
HOSTILE = (
    f"https://ada:{CANARY}@host.example/?key={CANARY} \x1b]52;c;aGFja2Vk\x07\x1b[31mF\x9b5m '{NEWS}' [/foo] [@click=x]"
)
BROKEN = """
import sys
from pathlib import Path
from textual.screen import Screen
from textual.widgets import Static
from reader.cli import main
from reader.tui import app

KIND = sys.argv.pop()

def breaks(*_):
    secret = "canary-" + "7f3a"
    raise ZeroDivisionError({hostile!r} + str(Path.home() / "news" / "library.sqlite"))

async def breaks_later():
    breaks()

class Rich(Exception):
    def __rich__(self):
        return str(self)

class Blank(Static):
    render = breaks

class Broken(app.NewsApp):
    CSS_PATH = Path(app.__file__).with_name("newsreader.tcss")

    def action_help(self):
        match KIND:
            case "action":
                breaks()
            case "timer":
                self.set_timer(0.01, breaks)
            case "thread":
                self.run_worker(breaks, thread=True)
            case "worker":
                self.run_worker(breaks_later())
            case "message":
                self.call_later(breaks)
            case "render":
                self.screen.mount(Blank())
            case "screen":
                screen = Screen()
                screen.compose = breaks
                self.push_screen(screen)
            case "rich":
                raise Rich({hostile!r})

    def on_mount(self):
        super().on_mount()
        if KIND == "start":
            breaks()

if __name__ == "__main__":
    if KIND == "keys":
        app.TerminalDriver.run_input_thread = breaks
    app.NewsApp = Broken
    sys.exit(main())
"""
KINDS = ("thread", "timer", "worker", "message", "render", "screen", "rich", "action", "start", "keys")


@pytest.mark.scorecard(5, 6)
def test_wherever_it_breaks_down_the_terminal_is_whole_and_nothing_secret_is_told(
    tmp_path: Path, full, record_property
):
    kinds = KINDS if full else KINDS[:1]
    for kind in kinds:
        home = tmp_path / kind
        home.mkdir()
        breaks_down(home, kind)
    record_property("figure", f"{len(kinds)} kinds of faults in the reader: a sentence and a report each, 0 secrets")


def breaks_down(home: Path, kind: str) -> None:
    (home / "config.toml").write_text("[refresh]\non_start = false\n")
    (home / "broken.py").write_text(BROKEN.format(hostile=HOSTILE))
    with reader(home, run=[sys.executable, str(home / "broken.py"), *command(home)[3:], kind]) as terminal:
        if kind not in ("start", "keys"):
            terminal.until("begin")
            terminal.press("?")
        assert terminal.ended() == 1, terminal.text
        assert unsettled(bytes(terminal.output)) == {}
        assert terminal.settings == terminal.before
        output, (prompt, *lines) = bytes(terminal.output), terminal.lines
    assert prompt == PROMPT
    said = "".join(lines).strip()  # the lines are full where a sentence goes on
    told = re.fullmatch(
        r"newsreader: The reader broke down \((ZeroDivisionError|Rich)\); nothing that was saved is lost\."
        r" To report it, look through (.*) and send it with an issue at https://\S+\.",
        said,
    )
    assert told, terminal.text
    (report,) = (home / "XDG_STATE_HOME/newsreader/crashes").iterdir()
    assert Path(told[2].replace(" ", "")) == report
    text = report.read_text()
    log = (home / "XDG_STATE_HOME/newsreader/log").read_text()
    for secret in (CANARY, NEWS[:45]):
        assert secret not in text
        assert secret not in log
        assert secret.encode() not in output
    for planted in (b"\x1b]52;", b"\x1b[31mF", "\x9b".encode()):
        assert planted not in output
    for words in (text, log):
        assert str(home) not in words
        assert words.replace("\n", "").isprintable()
    assert re.search(rf"^{told[1]}: https://host\.example/\?… \]52;", text, re.MULTILINE)
    assert re.search(r"^  (broken\.py|textual/\S+):\d+ in \S+", text, re.MULTILINE)
    assert re.search(r"^terminal 100 x 30, library [\d,]+ bytes$", text, re.MULTILINE)
    assert re.search(r" error The reader broke down: \w+ at broken\.py:\d+$", log, re.MULTILINE)
    assert stat.S_IMODE(report.stat().st_mode) == 0o600
