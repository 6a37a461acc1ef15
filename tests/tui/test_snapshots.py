"""Every screen as it is kept in `snapshots`, at three sizes, dark and light: what a change does to one shows as a diff."""

from __future__ import annotations

import difflib
import itertools
import os
import re
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from hostile_server import HostileServer, reply
from rich.segment import Segment
from textual.color import Color
from textual.strip import Strip
from textual.widgets import Input
from tui.conftest import NOW, Reader

from reader.library.library import Library
from reader.tui.theme import AA, DARK, LIGHT, contrast, use

pytestmark = [pytest.mark.anyio, pytest.mark.timeout(180)]

KEPT = Path(__file__).parent / "snapshots"
WRITE = os.environ.get("SNAPSHOTS") == "write"
ACCEPT = "SNAPSHOTS=write pytest tests/tui/test_snapshots.py"
SIZES = ((60, 20), (100, 30), (200, 60))
WALKED = (
    "stories", "reading", "claims", "sources", "story", "related", "zen", "find", "links", "selecting", "compare",
    "ledger", "coverage", "speaker", "speakers", "saved", "feeds", "feed_edit", "failures", "settings", "help",
    "palette", "command", "add", "search",
)  # fmt: skip
SCREENS = ("welcome", *WALKED)
KEYLESS = ("welcome", "zen")
"""Screens without a line of keys: the one says them in a sentence, the other shows the text alone."""

LARGE = 3.0
"""The contrast that every character has; all but a few that are not faint have that of ordinary text."""
ENOUGH = 0.95
SHOWN = 80
"""Lines of a diff that are worth reading."""
OURS = ("TERM", "TERM_PROGRAM", "COLORTERM", "NO_COLOR", "FORCE_COLOR", "VISUAL", "EDITOR", "BROWSER", "PAGER")
"""What the environment may say that a screen could tell of."""
ENTRY = (
    "<item><guid>{n}</guid><title>Day {n}: the ferry sails [again]</title>"
    "<pubDate>{n:02} Nov 2026 09:00:00 GMT</pubDate><description>The ferry …</description></item>"
)
FEED = (
    "<rss version='2.0'><channel><title>The Harbour Post</title><link>http://harbour.example/</link>"
    + "".join(ENTRY.format(n=n) for n in range(1, 12))
    + "</channel></rss>"
)


@pytest.fixture(autouse=True)
def same_everywhere(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Nothing of this machine's environment is seen on a screen."""
    for name in OURS:
        monkeypatch.delenv(name, raising=False)
    with monkeypatch.context() as zone:
        zone.setenv("TZ", "UTC")
        time.tzset()
        yield
    time.tzset()


@pytest.fixture
def server() -> Iterator[HostileServer]:
    with HostileServer() as server:
        server.routes |= {"/feed": reply(body=FEED.encode()), "/lost": reply("404 Not Found")}
        yield server


# --- what a screen shows ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Cell:
    """How a character looks."""

    front: str
    back: str
    how: tuple[str, ...]

    def __str__(self) -> str:
        return " ".join((self.front, "on", self.back, *self.how))

    @property
    def contrast(self) -> float:
        return contrast(Color.parse(self.front), Color.parse(self.back))


def looks(segment: Segment) -> Cell:
    style = segment.style
    assert style is not None
    front, back = (colour.get_truecolor().hex if colour else "none" for colour in (style.color, style.bgcolor))
    if style.reverse:
        front, back = back, front
    how = [name for name in ("bold", "dim", "italic", "underline", "strike") if getattr(style, name)]
    return Cell(front, back, tuple(how))


async def strips(reader: Reader, theme: str) -> list[Strip]:
    """The lines of the screen in a theme."""
    use(reader.app, theme, Path())
    await reader.settle()
    for line in reader.app.screen.query(Input):
        line.cursor_blink = False
    await reader.pilot.pause()
    return [strip.simplify() for strip in reader.app.screen._compositor.render_strips()]


@dataclass
class Shot:
    """A screen in the dark and in the light theme."""

    name: str
    size: tuple[int, int]
    dark: list[Strip]
    light: list[Strip]

    @property
    def kept(self) -> Path:
        return KEPT / f"{self.name}-{self.size[0]}x{self.size[1]}.txt"

    def lines(self) -> list[str]:
        return [strip.text.rstrip() for strip in self.dark]

    def written(self, ports: dict[str, str]) -> str:
        """The lines, then how long each style of theirs goes on, and what it is in both themes."""
        text = "\n".join(self.lines())
        for port, zeros in ports.items():
            text = text.replace(port, zeros)
        names: dict[tuple[Cell, Cell], str] = {}
        fresh = ("".join(letters) for n in (1, 2) for letters in itertools.product("abcdefghijklmnopqrstuvwxyz", repeat=n))
        runs = []
        for dark, light in zip(self.dark, self.light, strict=True):
            pairs = zip(cells(dark), cells(light), strict=True)
            told = []
            for pair, run in itertools.groupby(pairs):
                if pair not in names:
                    names[pair] = next(fresh)
                told.append(f"{len(list(run))}{names[pair]}")
            runs.append(" ".join(told))
        legend = [f"{name}: {dark} | {light}" for (dark, light), name in names.items()]
        return "\n".join((text, "", "--- styles, dark | light", *legend, "", "--- runs", *runs, ""))


def cells(strip: Strip) -> Iterator[Cell]:
    for segment in strip:
        yield from itertools.repeat(looks(segment), segment.cell_length)


# --- the walk --------------------------------------------------------------------------------------------------------


async def welcome(reader: Reader) -> AsyncIterator[str]:
    yield "welcome"


async def walk(reader: Reader, server: HostileServer) -> AsyncIterator[str]:
    """Go from screen to screen as a person would, and name each on arrival."""
    press = reader.press
    await press("2")
    yield "stories"
    await reader.open("declassified intelligence says")
    await press("]", "]")
    yield "reading"
    for pane in ("claims", "sources", "story", "related"):
        await press("tab")
        yield pane
    await press("escape")
    await reader.open("Moscow is said to be buying")
    await press("z")
    yield "zen"
    await press("z", "f", *"shells")
    yield "find"
    await press("escape", ";")
    yield "links"
    await press("escape", "g", "g", "v", "j")
    yield "selecting"
    await press("s", "c", "]")
    yield "compare"
    await press("escape", "L")
    yield "ledger"
    await press("v")
    yield "coverage"
    await press("escape", "g", "g", "]", "s", "5")
    yield "speakers"
    await press("enter")
    yield "speaker"
    await press("escape", "escape", "4")
    yield "saved"
    await press("escape", "3")
    yield "feeds"
    await press("j", "j", "e")
    yield "feed_edit"
    await press("escape", "escape", "F")
    yield "failures"
    await press("escape", ",")
    yield "settings"
    await press("escape", "?")
    yield "help"
    await press("escape", "ctrl+p", *"fer")
    yield "palette"
    await press("escape", ":", "s")
    yield "command"
    await press("escape", "escape", "a")
    reader.app.screen.query_one(Input).value = server.url("/feed")
    await press("enter")
    yield "add"
    await press("escape", "escape", "slash", *"tide speaker:", "enter")
    yield "search"


async def shots(reader: Reader, way: AsyncIterator[str]) -> list[Shot]:
    taken = []
    async for name in way:
        if name != "search":  # whose error is told in a corner
            reader.app.clear_notifications()
        dark, light = await strips(reader, DARK), await strips(reader, LIGHT)
        taken.append(Shot(name, tuple(reader.app.size), dark, light))
        await strips(reader, DARK)
    return taken
