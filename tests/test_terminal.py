"""The real program in a real terminal."""

import json
import os
import re
import signal
import socket
import termios
import threading
import time

import pytest
from hostile_server import HostileServer
from terminal import Terminal, newsreader

RESTORED = (b"\x1b[?1049l", b"\x1b[?1000l", b"\x1b[?2004l", b"\x1b[?25h")
"""Alternate screen, mouse and paste modes off, cursor on."""


def assert_restored(terminal: Terminal) -> None:
    for mode in RESTORED:
        on = mode[:-1] + (b"l" if mode.endswith(b"h") else b"h")
        assert terminal.output.rfind(mode) > terminal.output.rfind(on), mode
    assert termios.tcgetattr(terminal.slave)[3] == terminal.before[3], "echo and line mode"


def opened(shown: str) -> bool:
    """Whether an article's claims are on the screen."""
    return re.search(r"Claims \d|worth \d|“said”", shown) is not None


@pytest.mark.parametrize("size", [(80, 24), (200, 60)])
def test_the_demo_from_its_start_to_a_saved_claim(tmp_path, size):
    library = str(tmp_path / "demo.sqlite")
    with Terminal("demo", "--port", "0", "--library", library, home=tmp_path, size=size) as terminal:
        terminal.until("new in 6 feeds")
        terminal.press("/", *"declassified intelligence", "enter")
        terminal.until("Search “declassified intelligence”")
        terminal.press("enter")
        terminal.until(opened)
        terminal.press("]")
        terminal.until(lambda shown: "▌›" in shown or "▌”" in shown)
        terminal.press("s")
        terminal.until("Saved: ")
        terminal.press("4")
        terminal.until("Saved · 1")
        terminal.press("enter")
        terminal.until(lambda shown: "▌★" in shown)
        terminal.press("Q")
        assert terminal.wait() == 0
        assert_restored(terminal)
    saved = json.loads(newsreader("saved", "--json", "--library", library, home=tmp_path).stdout)
    assert len(saved["highlights"] if isinstance(saved, dict) else saved) == 1


def test_the_first_start_offers_four_ways_and_each_can_be_chosen(tmp_path):
    with Terminal(home=tmp_path, size=(80, 24)) as terminal:
        terminal.until("how do you want to begin?")
        for way in ("Look around", "Add a feed", "Start with a list", "Import OPML"):
            terminal.until(way)
        terminal.press("q")
        assert terminal.wait() == 0
        assert_restored(terminal)
    with Terminal(home=tmp_path, size=(80, 24)) as terminal:
        terminal.until("Look around")
        terminal.press("j", "enter")
        terminal.until("Which feed, or whose page")
        terminal.press(*"not a feed", "enter")
        terminal.until("can't be followed")
        terminal.press("escape")
        terminal.until(lambda shown: "whose page" not in shown)
        terminal.press("Q")
        assert terminal.wait() == 0


def test_o_hands_the_page_to_the_browser_and_refresh_shows_its_progress(tmp_path, monkeypatch):
    browser = tmp_path / "browser"
    browser.write_text('#!/bin/sh\necho "$1" > "$HOME/asked.part" && mv "$HOME/asked.part" "$HOME/asked"\n')
    browser.chmod(0o700)
    monkeypatch.setenv("BROWSER", f"{browser} %s")
    with Terminal("demo", "--port", "0", "--library", str(tmp_path / "demo.sqlite"), home=tmp_path) as terminal:
        terminal.until("new in 6 feeds")
        terminal.press("enter")
        terminal.until(opened)
        terminal.press("o")
        terminal.until("Opening")
        end = time.monotonic() + 20
        while not (tmp_path / "asked").exists() and time.monotonic() < end:
            terminal.press("j")
            terminal.until(opened)
        assert (tmp_path / "asked").read_text().startswith("http://127.0.0.1:")
        terminal.press("Q")
        assert terminal.wait() == 0
    with Terminal("refresh", "--force", "--library", str(tmp_path / "demo.sqlite"), home=tmp_path) as terminal:
        assert terminal.wait() == 3, "the demo's server is gone"
        assert b"/6 [" in terminal.output, "a bar over six feeds"
        assert "6 feeds checked, 0 new entries, 6 failed." in terminal.shown()


@pytest.mark.parametrize("way", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_a_signal_leaves_the_terminal_as_it_was(tmp_path, way):
    with Terminal(home=tmp_path) as terminal:
        terminal.until("Look around")
        os.kill(terminal.process.pid, way)
        terminal.wait()
        assert_restored(terminal)


def test_a_server_that_hangs_does_not_keep_the_reader_from_ending(tmp_path):
    with HostileServer() as server:
        asked = threading.Event()
        server.routes["/feed"] = lambda server, _: asked.set() or server.released.wait(60)
        (tmp_path / "config.toml").write_text('[network]\nallow_private = ["127.0.0.0/8"]\n')
        opml = f'<opml version="2.0"><body><outline text="Hangs" xmlUrl="{server.url("/feed")}"/></body></opml>'
        options = ("--library", str(tmp_path / "l.sqlite"), "--config", str(tmp_path / "config.toml"))
        assert newsreader("import", "-", *options, home=tmp_path, stdin=opml.encode()).returncode == 0
        with Terminal(*options, home=tmp_path) as terminal:
            terminal.until("refreshing")
            assert asked.wait(20)
            terminal.press("Q")
            assert terminal.wait(seconds=10) == 0
            assert_restored(terminal)


def test_a_demo_whose_port_is_taken_says_so(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        done = newsreader("demo", "--port", str(taken.getsockname()[1]), home=tmp_path)
    assert done.returncode == 1
    assert b"already in use" in done.stderr
    assert b"Traceback" not in done.stderr


def test_the_reader_without_a_terminal_says_so(tmp_path):
    done = newsreader(home=tmp_path)
    assert done.returncode == 1
    assert b"needs a terminal" in done.stderr
    assert done.stdout == b""
