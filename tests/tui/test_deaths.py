"""However the reader ends, the terminal is as it was, and the library is well. The real program on a pty."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from ipaddress import ip_network
from pathlib import Path

import pytest

from benchmarks.terminal import Terminal
from reader.config import Network, Settings
from reader.library.library import Library, utc_now
from reader.newsroom import Newsroom

LOOPBACK = Settings(network=Network(allow_private=(ip_network("127.0.0.0/8"),)))
PROMPT = "$ newsreader"
SHELL = f'echo "{PROMPT}"; exec "$@"'
NORMALLY_ON = {"7", "25"}
"""Lines wrap, the cursor shows."""
PIXELS = "1016"
"""Textual never turns off that the mouse counts pixels; but the format is one, and left with 1006."""
_MODES = re.compile(rb"\x1b\[(?:\?([\d;]+)([hl])|([<>])\d*u)")


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library of one feed that carries its articles whole, so that nobody need serve them; none was opened yet."""
    path = tmp_path_factory.mktemp("kept") / "library.sqlite"
    with Newsroom(now=utc_now()) as room, Library(path, settings=LOOPBACK) as library:
        title, url = next(feed for feed in room.feeds if feed[0].startswith("Concord"))
        library.store.add_feed(url, title=title, site=None, folder=None, now=utc_now())
        assert library.refresh().new == 10
    return path


@pytest.fixture
def library(kept: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(kept, tmp_path / "library.sqlite"))


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "config.toml").write_text("[refresh]\non_start = false\n")
    return tmp_path


def environment(home: Path) -> dict[str, str]:
    folders = ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME")
    return {"HOME": str(home), "TMPDIR": str(home), **{folder: str(home / folder) for folder in folders}}


def command(home: Path, *arguments: str) -> list[str]:
    options = ("--library", str(home / "library.sqlite"), "--config", str(home / "config.toml"))
    return [sys.executable, "-m", "reader", *arguments, *options]


def reader(
    home: Path, *, run: Sequence[str] = (), size: tuple[int, int] = (100, 30), modern: bool = True, **more: str
) -> Terminal:
    """The reader, begun at a prompt."""
    shell = ["/bin/sh", "-c", SHELL, "sh", *(run or command(home))]
    return Terminal(shell, size=size, modern=modern, environment=environment(home) | more)


def newsreader(home: Path, *arguments: str) -> str:
    """What a command prints; it must go well."""
    done = subprocess.run(
        command(home, *arguments),
        env={**os.environ, **environment(home)},
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def listed(terminal: Terminal) -> bool:
    return "●" in terminal.text


def opened(terminal: Terminal) -> bool:
    """Whether an article is on the screen: the agency's begin with a place and its name."""
    return re.search(r"\( *Concord *\) +-", terminal.text) is not None


def open_article(terminal: Terminal, *, claims: bool = True) -> None:
    """Open one, and wait until its claims are there as well as its text, unless those may go on being looked for."""
    terminal.until(listed)
    terminal.press("\r")
    terminal.until(opened)
    if claims:
        terminal.until(lambda terminal: re.search(r"Claims \d", terminal.text) is not None)


def unsettled(output: bytes) -> dict[str, object]:
    """What a program has turned on in a terminal, or off, and left so."""
    modes: dict[str, bool] = {}
    keyboards = {False: 0, True: 0}  # the main screen and the alternate one have a stack each
    for names, way, keyboard in _MODES.findall(output):
        if keyboard:
            keyboards[modes.get("1049", False)] += 1 if keyboard == b">" else -1
        for name in names.decode().split(";") if names else ():
            modes[name] = way == b"h"
            if name == "1006" and way == b"l":
                modes[PIXELS] = False
    left: dict[str, object] = {name: on for name, on in modes.items() if on != (name in NORMALLY_ON)}
    if any(keyboards.values()):
        left["keyboards"] = keyboards
    shapes = re.findall(rb"\x1b\]22;([^\x07\x1b]*)", output)
    if shapes and shapes[-1] not in (b"", b"default"):
        left["pointer"] = shapes[-1]
    return left


def assert_as_it_was(terminal: Terminal) -> None:
    """The terminal's settings and modes are as before, and nothing stands below the prompt."""
    assert b"\x1b[?1049h" in terminal.output, "the reader was there"
    assert unsettled(bytes(terminal.output)) == {}
    assert terminal.settings == terminal.before
    assert terminal.text.strip() == PROMPT


def below(pid: int) -> list[int]:
    """The processes that a process began, and those that they began."""
    listed = subprocess.run(["ps", "-A", "-o", "pid=,ppid="], capture_output=True, text=True, timeout=10, check=True)
    parents = {int(child): int(parent) for child, parent in map(str.split, listed.stdout.splitlines())}
    found, more = [], [pid]
    while more:
        more = [child for child, parent in parents.items() if parent in more]
        found += more
    return found


def alive(pid: int) -> bool:
    """Whether a process that is no child of ours goes on."""
    asked = ["ps", "-o", "stat=", "-p", str(pid)]
    shown = subprocess.run(asked, capture_output=True, text=True, timeout=10, check=False)
    return bool(shown.stdout.strip()) and "Z" not in shown.stdout


def within(seconds: float, holds: Callable[[], bool]) -> bool:
    end = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True


def sleeps(terminal: Terminal) -> bool:
    return os.waitid(os.P_PID, terminal.process.pid, os.WSTOPPED | os.WNOHANG | os.WNOWAIT) is not None


@pytest.mark.scorecard(5)
@pytest.mark.parametrize("keys", ["Q", "q", "\x03", "/coral\x03", "?Q"])
def test_whatever_key_ends_it_the_terminal_is_as_it_was(library, home, keys, record_property):
    record_property("figure", "5 ways by keys")
    with reader(home) as terminal:
        terminal.until(listed)
        for key in keys:
            terminal.press(key)
            terminal.rest(0.1)
        assert terminal.ended() == 0
        assert_as_it_was(terminal)


@pytest.mark.scorecard(5)
@pytest.mark.parametrize("claims", [True, False], ids=["read", "being read"])
@pytest.mark.parametrize("way", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_a_signal_ends_it_in_good_order_though_an_article_is_open(library, home, way, claims, record_property):
    record_property("figure", "TERM, HUP and INT")
    with reader(home) as terminal:
        open_article(terminal, claims=claims)
        began = below(terminal.process.pid)
        os.kill(terminal.process.pid, way)
        terminal.ended(10)
        assert_as_it_was(terminal)
        assert began or not claims
        assert within(5, lambda: not any(map(alive, began))), "its workers end with it"


@pytest.mark.scorecard(5)
def test_a_signal_at_the_first_moment_ends_it_in_good_order(library, home):
    with reader(home) as terminal:
        terminal.until(lambda terminal: b"\x1b[?1049h" in terminal.output)
        os.kill(terminal.process.pid, signal.SIGTERM)
        terminal.ended(10)
        assert_as_it_was(terminal)


@pytest.mark.scorecard(5)
def test_the_pointer_has_its_own_shape_again(library, home):
    with reader(home, modern=False) as terminal:
        terminal.until(listed)
        terminal.press("/")
        terminal.rest()
        row = next(at for at, line in enumerate(terminal.lines, 1) if "Search" in line)
        for column in range(1, 100):
            terminal.press(f"\x1b[<35;{column};{row}M")
        terminal.until(lambda terminal: b"\x1b]22;text" in terminal.output)
        terminal.press("\x03")
        assert terminal.ended() == 0
        assert_as_it_was(terminal)


BROKEN = """
import sys
from pathlib import Path
from reader.cli import main
from reader.tui import app

class Broken(app.NewsApp):
    CSS_PATH = Path(app.__file__).with_name("newsreader.tcss")

    def action_help(self):
        raise ZeroDivisionError("a fault of ours")

if __name__ == "__main__":
    app.NewsApp = Broken
    sys.exit(main())
"""


@pytest.mark.scorecard(5)
def test_a_fault_of_ours_ends_it_in_good_order_and_says_so(library, home, record_property):
    (home / "broken.py").write_text(BROKEN)
    with reader(home, run=[sys.executable, str(home / "broken.py"), *command(home)[3:]]) as terminal:
        open_article(terminal)
        terminal.press("?")
        assert terminal.ended() == 1
        terminal.until("with an issue at")
        assert unsettled(bytes(terminal.output)) == {}
        assert terminal.settings == terminal.before
        assert "".join(terminal.lines[1:]).startswith(
            "newsreader: The reader broke down (ZeroDivisionError); nothing that was saved is lost."
        )
    record_property("figure", "a fault while an article is open: alternate screen, mouse, paste, cursor as before")


def a_folder(library: Path) -> None:
    library.unlink()
    library.mkdir()


DAMAGE: dict[str, Callable[[Path], object]] = {
    "another file": lambda library: library.write_text("a shopping list\n" * 1000),
    "a folder": a_folder,
    "cut off": lambda library: os.truncate(library, 5000),
    "overwritten but for its first page": lambda library: library.write_bytes(
        library.read_bytes()[:4096] + b"\xaa" * (library.stat().st_size - 4096)
    ),
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_library_is_told_of_in_one_sentence(library, home, damage):
    DAMAGE[damage](library)
    with reader(home) as terminal:
        assert terminal.ended() in (1, 4)
        assert unsettled(bytes(terminal.output)) == {}
        assert terminal.settings == terminal.before
        said = "".join(terminal.lines[1:])  # the lines are full where a sentence goes on
        assert said.startswith("newsreader: ")
        assert "library.sqlite" in said
        assert "Traceback" not in said


def test_a_library_that_vanishes_while_it_is_read_breaks_nothing(library, home):
    with reader(home) as terminal:
        open_article(terminal)
        for file in home.glob("library.sqlite*"):
            file.unlink()
        for key in "jsn4u2":
            terminal.press(key)
            terminal.rest(0.1, 2)
        terminal.press("Q")
        assert terminal.ended() == 0
        assert_as_it_was(terminal)


def test_a_worker_that_is_killed_costs_nothing(library, home):
    with reader(home) as terminal:
        open_article(terminal)
        server = below(terminal.process.pid)
        workers = [one for pid in server for one in below(pid)]
        assert workers
        for worker in workers:
            os.kill(worker, signal.SIGKILL)
        before = terminal.text
        terminal.press("n")
        terminal.until(lambda terminal: opened(terminal) and terminal.text != before)
        terminal.rest()
        assert "crash" not in terminal.text
        terminal.press("Q")
        assert terminal.ended() == 0
        assert_as_it_was(terminal)


@pytest.mark.scorecard(5)
def test_while_it_sleeps_the_terminal_is_as_it_was_and_then_it_is_drawn_again(library, home):
    with reader(home) as terminal:
        open_article(terminal)
        terminal.rest()
        shown = terminal.text
        os.kill(terminal.process.pid, signal.SIGTSTP)
        terminal.until(sleeps)
        terminal.rest(0.1)
        assert_as_it_was(terminal)
        os.kill(terminal.process.pid, signal.SIGCONT)
        terminal.until(lambda terminal: terminal.text == shown)
        terminal.press("Q")
        assert terminal.ended() == 0
        assert_as_it_was(terminal)


@pytest.mark.scorecard(5)
def test_stopped_without_a_word_it_goes_on_and_ends_in_good_order(library, home):
    with reader(home) as terminal:
        terminal.until(listed)
        terminal.rest()
        shown = terminal.text
        os.kill(terminal.process.pid, signal.SIGSTOP)
        terminal.until(sleeps)
        os.kill(terminal.process.pid, signal.SIGCONT)
        terminal.until(lambda terminal: terminal.output.count(b"\x1b[?2004h") > 1)
        terminal.until(lambda terminal: terminal.text == shown)
        terminal.press("Q")
        assert terminal.ended() == 0
        assert_as_it_was(terminal)


def test_ctrl_z_gives_the_shell_back_and_fg_the_reader(library, home):
    if not shutil.which("bash"):
        pytest.skip("there is no bash, which has jobs")
    shell = ["bash", "--norc", "--noprofile", "--noediting", "-i"]
    with Terminal(shell, size=(100, 30), modern=True, environment=environment(home) | {"PS1": "ready> "}) as terminal:
        terminal.until("ready>")
        terminal.press(" ".join(command(home)) + "\n")
        open_article(terminal)
        terminal.rest()
        shown = terminal.text
        terminal.press("\x1a")
        terminal.until("Stopped")
        terminal.rest(0.1)
        assert unsettled(bytes(terminal.output)) == {}
        assert terminal.settings == terminal.before
        terminal.press("fg\n")
        terminal.until(lambda terminal: terminal.text == shown)
        terminal.press("Q")
        terminal.until(lambda terminal: terminal.text.rstrip().endswith("ready>"))
        assert unsettled(bytes(terminal.output)) == {}
        assert terminal.settings == terminal.before
        terminal.press("exit\n")
        assert terminal.ended() == 0


@pytest.mark.scorecard(5)
def test_a_window_that_is_closed_ends_it_and_all_that_it_began(library, home):
    with reader(home) as terminal:
        open_article(terminal)
        began = below(terminal.process.pid)
        terminal.hang_up()
        terminal.process.wait(10)
        assert within(5, lambda: not any(map(alive, began)))
    assert "is well" in newsreader(home, "doctor")


def test_killed_outright_it_keeps_what_was_saved_and_leaves_no_process(library, home):
    with reader(home) as terminal:
        open_article(terminal)
        terminal.press("]")
        terminal.rest()
        terminal.press("s")
        terminal.until("Saved: ")
        began = below(terminal.process.pid)
        os.kill(terminal.process.pid, signal.SIGKILL)
        assert terminal.ended(5) == -signal.SIGKILL
        assert within(5, lambda: not any(map(alive, began)))
    assert "is well" in newsreader(home, "doctor")
    saved = json.loads(newsreader(home, "saved", "--json"))
    assert len(saved["highlights"] if isinstance(saved, dict) else saved) == 1


def test_without_colours_it_writes_none(library, home):
    with reader(home, NO_COLOR="1") as terminal:
        open_article(terminal)
        terminal.press("Q")
        assert terminal.ended() == 0
        assert_as_it_was(terminal)
    written = re.findall(rb"\x1b\[([\d;]*)m", bytes(terminal.output))
    assert written
    # Textual writes its colours as shades of grey then.
    shades = re.compile(rb"[34]8;2;(\d+);\1;\1(?:;|$)")
    rest = [shades.sub(b"", one) for one in written]
    assert not [one for one in rest if re.search(rb"(?:^|;)(?:3\d|4[0-8]|9[0-7]|10[0-7])(?:;|$)", one)]


@pytest.mark.parametrize("name", ["dumb", "linux"])
def test_a_poor_terminal_is_enough(library, home, name):
    with reader(home, modern=False, TERM=name, COLORTERM="") as terminal:
        open_article(terminal)
        terminal.press("Q")
        assert terminal.ended() == 0
        assert_as_it_was(terminal)


SIZES = [(20, 5), (1, 30), (100, 1), (2, 2), (1, 1), (250, 70), (100, 30)]


@pytest.mark.parametrize("modern", [True, False])
def test_it_lives_in_any_size_and_comes_back_from_it(library, home, modern):
    with reader(home, size=(60, 20), modern=modern) as terminal:
        open_article(terminal, claims=False)
        for columns, rows in SIZES:
            written = len(terminal.output)
            terminal.resize(columns, rows)
            terminal.until(lambda terminal, was=written: len(terminal.output) > was)
            for key in ("]", "j", "\t"):
                terminal.press(key)
            terminal.rest(0.1, 3)
        terminal.until(" newsreader · Stories · 10 shown, 9 unread")
        terminal.press("Q")
        assert terminal.ended() == 0
        assert b"Traceback" not in terminal.output


def test_it_begins_in_a_terminal_that_is_hardly_one(library, home):
    with reader(home, size=(20, 5)) as terminal:
        terminal.until("North")
        terminal.press("\r")
        terminal.rest()
        terminal.press("Q")
        assert terminal.ended() == 0
        assert unsettled(bytes(terminal.output)) == {}
        assert terminal.settings == terminal.before
