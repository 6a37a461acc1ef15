"""A reader's morning with the real program, from an empty library to what was saved: in tmux, and on a bare pty."""

import contextlib
import json
import os
import shlex
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from ipaddress import ip_network
from typing import ClassVar, Protocol

import pytest

from benchmarks.terminal import Terminal, surroundings
from reader.config import Network, Settings
from reader.library.library import Library, utc_now
from reader.newsroom import Newsroom

SIZE = (160, 45)
PATIENCE = 20.0
"""Seconds within which each step must be seen."""
CONFIG = '[refresh]\non_start = false\n[network]\nallow_private = ["127.0.0.0/8"]\n'
LOOPBACK = Settings(network=Network(allow_private=(ip_network("127.0.0.0/8"),)))
POST = "The Meridian Post"
AGENCY = "Concord: top news"
TELLING = "Russia buying North Korean shells"


class Screen(Protocol):
    """What a person has before them: keys to press, and a screen to look at."""

    def press(self, *keys: str) -> None:
        """Press keys, by name or as they are; several characters are typed."""

    def until(self, seen: Callable[[str], bool]) -> str:
        """Wait until that is on the screen; returns the screen."""

    def ended(self) -> int:
        """Wait until the program has ended; returns its exit status."""


class OnPty:
    """The emulator's screen."""

    NAMES: ClassVar[dict[str, str]] = {"Enter": "\r", "Escape": "\x1b"}

    def __init__(self, terminal: Terminal) -> None:
        self._terminal = terminal

    def press(self, *keys: str) -> None:
        for key in keys:
            self._terminal.press(self.NAMES.get(key, key))

    def until(self, seen: Callable[[str], bool]) -> str:
        while True:
            self._terminal.until(lambda terminal: seen(terminal.text), PATIENCE)
            self._terminal.rest(0.05)  # half a screen may have come
            if seen(self._terminal.text):
                return self._terminal.text

    def ended(self) -> int:
        return self._terminal.ended(PATIENCE)


class InTmux:
    """A pane of a tmux server of its own."""

    def __init__(self, socket: str) -> None:
        self._command = ("tmux", "-L", socket, "-f", "/dev/null")

    def tmux(self, *words: str) -> str:
        done = subprocess.run(
            [*self._command, *words], env=surroundings(), capture_output=True, text=True, timeout=10, check=True
        )
        return done.stdout

    def press(self, *keys: str) -> None:
        for key in keys:
            self.tmux("send-keys", *(() if key in OnPty.NAMES else ("-l",)), key)

    def until(self, seen: Callable[[str], bool]) -> str:
        return self._poll(lambda: self.tmux("capture-pane", "-p"), seen)

    def ended(self) -> int:
        shown = self._poll(lambda: self.tmux("list-panes", "-F", "#{pane_dead} #{pane_dead_status}"), dead)
        return int(shown.split()[1])

    def _poll(self, look: Callable[[], str], seen: Callable[[str], bool]) -> str:
        end, before = time.monotonic() + PATIENCE, ""
        while not seen(shown := look()) or shown != before:  # half a screen may have come
            assert time.monotonic() < end, f"the terminal never showed what was awaited; it shows\n{shown}"
            before = shown
            time.sleep(0.05)
        return shown


def dead(pane: str) -> bool:
    return pane.startswith("1 ")


@contextlib.contextmanager
def on_pty(command: Sequence[str], environment: dict[str, str]) -> Iterator[Screen]:
    with Terminal(command, size=SIZE, environment=environment) as terminal:
        yield OnPty(terminal)


@contextlib.contextmanager
def in_tmux(command: Sequence[str], environment: dict[str, str]) -> Iterator[Screen]:
    if not shutil.which("tmux"):
        pytest.skip("there is no tmux")
    screen = InTmux(f"test-{os.getpid()}")
    settings = [f"{name}={value}" for name, value in environment.items()]
    run = shlex.join(["env", "-u", "TMUX", *settings, *command])
    columns, rows = map(str, SIZE)
    screen.tmux(
        "start-server",
        ";",
        "set",
        "-g",
        "remain-on-exit",
        "on",
        ";",
        "new-session",
        "-d",
        "-x",
        columns,
        "-y",
        rows,
        run,
    )
    try:
        yield screen
    finally:
        screen.tmux("kill-server")


def shows(*words: str) -> Callable[[str], bool]:
    return lambda shown: all(word in shown for word in words)


def marked(shown: str, pane: int) -> list[str]:
    """What a bar stands before in a pane of the main screen, line by line."""
    rows = (line.split("│") for line in shown.splitlines())
    lines = [row[pane].strip() for row in rows if len(row) == 3]
    return [" ".join(line.lstrip("▌›”“★ ").split()) for line in lines if line.startswith("▌")]


def agree(shown: str) -> bool:
    """Whether the text has its bar at the sentence of the claim that has the panel's."""
    text, claim = " ".join(marked(shown, 1)), [line for line in marked(shown, 2) if len(line.split()) > 3]
    return any(line in text for line in claim)


@pytest.mark.parametrize("place", [in_tmux, on_pty])
def test_a_readers_morning(tmp_path, place):
    (tmp_path / "config.toml").write_text(CONFIG)
    folders = ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME")
    environment = {"HOME": str(tmp_path), **{folder: str(tmp_path / folder) for folder in folders}}
    options = ("--library", str(tmp_path / "library.sqlite"), "--config", str(tmp_path / "config.toml"))
    program = [sys.executable, "-m", "reader"]
    with Newsroom(now=utc_now()) as room, place([*program, *options], environment) as screen:
        claim = morning(screen, room)

    done = subprocess.run(
        [*program, "saved", "--json", *options],
        env={**os.environ, **environment},
        capture_output=True,
        timeout=30,
        check=True,
    )
    (saved,) = json.loads(done.stdout)["highlights"]
    assert saved["quote"]["exact"] in claim
    assert saved["speaker"] in claim
    assert saved["outlet"] == AGENCY
    with Library(tmp_path / "library.sqlite", settings=LOOPBACK) as library:
        assert [feed.title for feed in library.store.feeds()] == [AGENCY, POST]
        (kept,) = library.store.highlights.all()
        assert kept.quote.exact == saved["quote"]["exact"]
        assert library.store.care.faults() == []


def morning(screen: Screen, room: Newsroom) -> str:
    """From the welcome to the end; returns the claim that was saved and kept, as the panel told it."""
    screen.until(shows("Your library is empty; how do you want to begin?", "▌ Look around"))

    screen.press("j")
    screen.until(shows("▌ Add a feed"))
    screen.press("Enter")
    screen.until(shows("Which feed, or whose page, do you want to follow?"))
    screen.press(f"{room.url}/meridian/")
    screen.until(shows(f"{room.url}/meridian/"))
    screen.press("Enter")
    shown = screen.until(shows("Enter follows"))
    assert POST in shown
    assert f"{room.url}/meridian/rs" in shown, "the feed that the page names"
    assert "9 entries" in shown
    assert "Seventeen dead in Skerra ferry disaster" in shown
    screen.press("Enter")
    shown = screen.until(shows(f"Following {POST}, with 9 entries.", "9 shown, 9 unread"))
    assert "how do you want to begin?" not in shown

    screen.press("a")
    screen.until(shows("Which feed, or whose page"))
    screen.press(f"{room.url}/concord/wire.rss", "Enter")
    shown = screen.until(shows("Enter follows"))
    assert AGENCY in shown
    assert "10 entries" in shown
    screen.press("Enter")
    shown = screen.until(shows(f"Following {AGENCY}, with 10 entries.", "10 shown, 10 unread"))
    assert f"→{AGENCY}" in shown, "what was added is gone to"

    screen.press("R")
    screen.until(shows("0 new in 2 feeds."))

    screen.press("j")
    screen.until(lambda shown: any(line.split("│")[1].startswith("▌") and TELLING in line for line in rows(shown)))
    screen.press("Enter")
    shown = screen.until(shows("Claims ", "9 unread", "Concord Washington bureau"))
    screen.press("l")
    before = screen.until(lambda shown: bool(marked(shown, 2)))
    screen.press("]")
    first = screen.until(lambda shown: agree(shown) and marked(shown, 2) != marked(before, 2))
    screen.press("]")
    second = screen.until(lambda shown: agree(shown) and marked(shown, 2) != marked(first, 2))

    screen.press("c")
    shown = screen.until(shows("Concord · ", f"{POST} · ", "in common"))
    assert TELLING in shown
    assert "Russia turns to North Korea" in shown
    screen.press("Escape")
    screen.until(lambda shown: "in common" not in shown and marked(shown, 2) == marked(second, 2))

    screen.press("L")
    shown = screen.until(shows("Ledger · 2 outlets", "Claim 1 of"))
    assert f"All trace back to {POST}" in shown
    screen.press("Escape")
    screen.until(shows("Claims ", "Concord Washington bureau"))

    screen.press("s")
    screen.until(shows("Saved: ", "★1"))
    screen.press("]")
    screen.until(lambda shown: agree(shown) and marked(shown, 2)[1:] != marked(second, 2)[1:])
    screen.press("s")
    screen.until(shows("Saved: ", "★2"))

    screen.press("/")
    screen.until(shows("Search titles and texts"))
    screen.press("declassified intelligence", "Enter")
    screen.until(shows("Search “declassified intelligence”", "3 shown", "Russia turns to North Korea for shells"))

    screen.press("u")
    screen.until(shows("Undone: "))
    screen.until(shows("★1"))

    screen.press("4")
    screen.until(shows("Saved · 1", TELLING))
    screen.press("Q")
    assert screen.ended() == 0
    return " ".join(marked(second, 2))


def rows(shown: str) -> list[str]:
    """The lines of a screen that has panes."""
    return [line for line in shown.splitlines() if "│" in line]
