"""Every screen as it is kept in `snapshots`, at three sizes, dark and light: a change to one shows as a diff.

A kept file has the lines of the screen, then a legend of its styles in both themes, then line by line how many cells
each style goes on. SNAPSHOTS=write keeps what is shown now.
"""

from __future__ import annotations

import asyncio
import difflib
import hashlib
import itertools
import os
import re
import shutil
import string
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from hostile_server import HostileServer, reply
from rich.segment import Segment
from textual.color import Color
from textual.geometry import Region
from textual.screen import ModalScreen
from textual.strip import Strip
from textual.widgets import Input
from tui.conftest import LOOPBACK, NOW, Reader

from reader.library.library import Library
from reader.newsroom import Newsroom
from reader.tui.actions import ACTIONS
from reader.tui.app import NewsApp
from reader.tui.theme import AA, DARK, LIGHT, contrast, use

pytestmark = pytest.mark.timeout(240)

KEPT = Path(__file__).parent / "snapshots"
READ = KEPT / "read_as"
"""How the newsroom was read when the screens were kept."""
WRITE = os.environ.get("SNAPSHOTS") == "write"
ACCEPT = "To keep it as it is now: SNAPSHOTS=write pytest tests/tui/test_snapshots.py"
SIZES = ((60, 20), (100, 30), (200, 60))
SCREENS = (
    "welcome", "stories", "reading", "claims", "sources", "story", "related", "zen", "find", "links", "selecting",
    "compare", "ledger", "coverage", "speakers", "speaker", "saved",
    "saved_edit", "export", "feeds", "feed_edit", "failures", "settings",
    "help", "palette", "command", "add", "search",
)  # fmt: skip
KEYLESS = ("welcome", "zen")
"""Screens without a line of keys: the first tells them in a sentence, the other shows the text alone."""
NO_JUNK = ("^p", "⭘", "▔", "▊")
"""What Textual's own footer, header and borders look like."""

LARGE, MOST = 3.0, 0.95
"""The contrast that all letters have, and the part of them that has that of small text, too."""
SHOWN = 60
"""Lines of a diff that are still read."""
TOTAL = 1_500_000
"""Bytes that may be kept."""
VARYING = re.compile(r"(?<=127\.0\.0\.1:)\d{1,5}|(?<=\bworth 0\.)\d\d")
"""Ports are others in each run, and processors differ in the last digit of what the model reckons."""
TELLING = (
    "COLORTERM", "FORCE_COLOR", "NO_COLOR", "TERM", "TERM_PROGRAM", "TEXTUAL_FILTERS", "TMUX", "KITTY_WINDOW_ID",
    "BROWSER", "EDITOR", "PAGER", "VISUAL",
)  # fmt: skip
"""What of the environment may be seen on a screen."""

SETTINGS = replace(LOOPBACK, reading=replace(LOOPBACK.reading, images=False))

_ITEM = (
    "<item><guid>{n}</guid><title>Day {n}: the ferry sails [again]</title>"
    "<pubDate>{n:02} Nov 2026 09:00:00 GMT</pubDate><description>The ferry …</description></item>"
)
_FEED = (
    "<rss version='2.0'><channel><title>The Harbour Post</title><link>http://harbour.example/</link>"
    f"{''.join(_ITEM.format(n=n) for n in range(1, 12))}</channel></rss>"
)


# --- what a screen shows ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Look:
    """How a character looks."""

    front: str
    back: str
    how: str

    def __str__(self) -> str:
        return f"{self.front} on {self.back} {self.how}".rstrip()

    @property
    def contrast(self) -> float:
        return contrast(Color.parse(self.front), Color.parse(self.back))


def look(segment: Segment) -> Look:
    style = segment.style
    assert style is not None
    front, back = (colour.get_truecolor().hex if colour else "none" for colour in (style.color, style.bgcolor))
    if style.reverse:
        front, back = back, front
    how = " ".join(name for name in ("bold", "dim", "italic", "underline", "strike") if getattr(style, name))
    return Look(front, back, how)


def looks(strip: Strip) -> Iterator[Look]:
    """How each cell looks."""
    for segment in strip:
        yield from itertools.repeat(look(segment), segment.cell_length)


@dataclass(frozen=True)
class Shot:
    """A screen in both themes."""

    name: str
    size: tuple[int, int]
    themes: dict[str, list[Strip]]
    meant: Region
    """Where what is shown is to be read: all of it, or the dialog that stands over the rest."""

    @property
    def path(self) -> Path:
        return KEPT / f"{self.name}-{self.size[0]}x{self.size[1]}.txt"

    def lines(self, theme: str = DARK) -> list[str]:
        text = "\n".join(strip.text.rstrip() for strip in self.themes[theme])
        return VARYING.sub(lambda digits: "0" * len(digits[0]), text).split("\n")

    def written(self) -> str:
        names: dict[tuple[Look, ...], str] = {}
        free = ("".join(letters) for n in (1, 2) for letters in itertools.product(string.ascii_lowercase, repeat=n))
        runs = []
        for strips in zip(*self.themes.values(), strict=True):
            told = []
            for styles, run in itertools.groupby(zip(*map(looks, strips), strict=True)):
                if styles not in names:
                    names[styles] = next(free)
                told.append(f"{sum(1 for _ in run)}{names[styles]}")
            runs.append(" ".join(told))
        legend = [f"{name}: {' | '.join(map(str, styles))}" for styles, name in names.items()]
        parts = [*self.lines(), "", "--- styles, dark | light", *legend, "", "--- cells of each style", *runs]
        return "\n".join(parts) + "\n"

    def letters(self, theme: str) -> Counter[tuple[Look, str]]:
        """How many letters and digits there are of each look, with words that have it."""
        found: Counter[tuple[Look, str]] = Counter()
        words: dict[Look, str] = {}
        for strip in self.themes[theme][self.meant.y : self.meant.bottom]:
            for segment in strip.crop(self.meant.x, self.meant.right):
                if count := sum(map(str.isalnum, segment.text)):
                    how = look(segment)
                    found[how, words.setdefault(how, segment.text.strip()[:30])] += count
        return found


# --- the walk --------------------------------------------------------------------------------------------------------


async def walk(reader: Reader, server: HostileServer) -> AsyncIterator[str]:
    """Go from screen to screen as a person would, and name each on arrival."""
    press = reader.press
    yield "stories"
    await reader.open("declassified intelligence says")
    await press("]", "]")
    yield "reading"
    for pane in ("claims", "sources", "story", "related"):
        await press("tab")
        yield pane
    await press("escape")
    await reader.open("Moscow is said to be buying")
    await press("]", "z")
    yield "zen"
    await press("z", "f")
    await type_(reader, "shells")
    yield "find"
    await press("escape", ";")
    yield "links"
    await press("escape", "v", "j")
    yield "selecting"
    await press("s", "c", "]")
    yield "compare"
    await press("escape", "L")
    yield "ledger"
    await press("v")
    yield "coverage"
    await press("escape", "]", "]", "s", "5")
    yield "speakers"
    await press("enter")
    yield "speaker"
    await press("escape", "escape", "4")
    yield "saved"
    await press("e")
    yield "saved_edit"
    await press("escape", "x")
    yield "export"
    await press("escape", "escape", "3")
    yield "feeds"
    await press("j", "j", "e")
    yield "feed_edit"
    await press("escape", "escape", "F")
    yield "failures"
    await press("escape", ",")
    yield "settings"
    await press("escape", "?")
    yield "help"
    await press("escape", "ctrl+p")
    await type_(reader, "fer")
    yield "palette"
    await press("escape", ":")
    await type_(reader, "s")
    yield "command"
    await press("escape", "escape", "a")
    await type_(reader, server.url("/feed"))
    await press("enter")
    yield "add"
    await press("escape", "escape", "slash")
    await type_(reader, "tide speaker:")
    await press("enter")
    yield "search"


async def type_(reader: Reader, words: str) -> None:
    await reader.pilot.press(*words)
    await reader.settle()


async def shots(reader: Reader, names: AsyncIterator[str]) -> list[Shot]:
    taken = []
    async for name in names:
        if name != "search":  # which is about what is told in the corner
            reader.app.clear_notifications()
        screen = reader.app.screen
        first = LIGHT if reader.app.theme == LIGHT else DARK  # a change of theme takes its time
        themes = {theme: await still(reader, theme) for theme in (first, DARK if first == LIGHT else LIGHT)}
        meant = screen.children[0].region if isinstance(screen, ModalScreen) else screen.region
        size = (screen.size.width, screen.size.height)
        taken.append(Shot(name, size, {theme: themes[theme] for theme in (DARK, LIGHT)}, meant))
    return taken


async def still(reader: Reader, theme: str) -> list[Strip]:
    """The lines of the screen in a theme, once nothing moves any more."""
    if reader.app.theme != theme:
        use(reader.app, theme, Path())
    before: list[Strip] = []
    async with asyncio.timeout(20):
        while True:
            await reader.pilot.pause()
            for line in reader.app.screen.query(Input):
                line.cursor_blink = False
            now = [strip.simplify() for strip in reader.app.screen._compositor.render_strips()]
            if now == before:
                return now
            before = now


@asynccontextmanager
async def sitting(library: Library, size: tuple[int, int]) -> AsyncIterator[Reader]:
    app = NewsApp(library, refresh_on_start=False)
    app.animation_level = "none"
    async with app.run_test(size=size, notifications=True) as pilot:
        reader = Reader(pilot, app)
        await reader.settle()
        yield reader


async def see(library: Library, nothing: Library, server: HostileServer, size: tuple[int, int]) -> list[Shot]:
    async def first() -> AsyncIterator[str]:
        yield "welcome"

    async with sitting(nothing, size) as reader:
        seen = await shots(reader, first())
    async with sitting(library, size) as reader:
        return [*seen, *await shots(reader, walk(reader, server))]


@pytest.fixture(scope="module")
def same_everywhere() -> Iterator[None]:
    """Nothing of this machine's environment is seen on a screen."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("textual._wait.SLEEP_GRANULARITY", 0.01)  # there are hundreds of waits
        for name in TELLING:
            patch.delenv(name, raising=False)
        patch.setenv("TZ", "UTC")
        time.tzset()
        yield
    time.tzset()


@pytest.fixture(scope="module")
def newest(newsroom: Newsroom, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library of the newsroom whose entries came in the same order each time, for some are of the same minute."""
    path = tmp_path_factory.mktemp("newest") / "library.sqlite"
    with Library(path, settings=SETTINGS, now=lambda: NOW) as library:
        for title, url in newsroom.feeds:
            feed, _ = library.store.add_feed(url, title=title, site=None, folder=None, now=NOW)
            assert library.refresh([feed]).new
        for entry_id in library.store.headlines():
            assert library.open(entry_id).notice is None
        path.with_suffix(".read").write_text(read_as(library), encoding="utf-8")
    return path


def read_as(library: Library) -> str:
    """How the newsroom is read, as a hash: its stories, its claims in the order of the text and of their worth."""
    held = hashlib.sha256()
    for story in library.store.story_headlines():
        titles = library.store.entries(story)
        held.update(repr([titles[entry_id].title for entry_id in story]).encode())
        for entry_id in story:
            claims = library.open(entry_id).analysis.claims
            said = [(one.content, one.source, one.cue, one.via, one.speaker, one.figures) for one in claims]
            ranked = sorted(range(len(claims)), key=lambda at: -claims[at].worth)
            held.update(repr((said, ranked, [(one.telling, one.reasons) for one in claims])).encode())
    return held.hexdigest()


@pytest.fixture(scope="module", params=SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
def seen(
    request: pytest.FixtureRequest, same_everywhere: None, newest: Path, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Shot]:
    """Every screen at one size, by name."""
    folder = tmp_path_factory.mktemp("snapshots")
    shutil.copy(newest, folder / "library.sqlite")

    def opened(name: str) -> Library:
        return Library(folder / name, settings=SETTINGS, now=lambda: NOW)

    with ExitStack() as stack:
        server = stack.enter_context(HostileServer())
        server.routes |= {"/feed": reply(body=_FEED.encode()), "/lost": reply("404 Not Found")}
        library, nothing = (stack.enter_context(opened(name)) for name in ("library.sqlite", "nothing.sqlite"))
        lost, _ = library.store.add_feed(server.url("/lost"), title="The Lost Post", site=None, folder=None, now=NOW)
        library.refresh([lost], force=True)
        return {shot.name: shot for shot in asyncio.run(see(library, nothing, server, request.param))}


@pytest.fixture
def shot(seen: dict[str, Shot], screen: str) -> Shot:
    return seen[screen]


each = pytest.mark.parametrize("screen", SCREENS)


# --- what is asked of it ---------------------------------------------------------------------------------------------


def test_the_walk_comes_by_every_screen(seen: dict[str, Shot]):
    assert tuple(seen) == SCREENS


@each
def test_it_is_as_it_is_kept(shot: Shot, newest: Path):
    now, read = shot.written(), newest.with_suffix(".read").read_text(encoding="utf-8")
    if WRITE:
        KEPT.mkdir(exist_ok=True)
        shot.path.write_text(now, encoding="utf-8")
        READ.write_text(read, encoding="utf-8")
    elif READ.read_text(encoding="utf-8") != read:
        pytest.skip("this processor rounds the claims model otherwise, so the newsroom is read a little otherwise")
    kept = shot.path.read_text(encoding="utf-8") if shot.path.exists() else ""
    diff = list(difflib.unified_diff(kept.splitlines(), now.splitlines(), shot.path.name, "now", lineterm="", n=1))
    if diff:
        more = [f"… and {len(diff) - SHOWN} lines more"] if len(diff) > SHOWN else []
        pytest.fail("\n".join([*diff[:SHOWN], *more, ACCEPT]), pytrace=False)


@each
def test_its_words_are_the_same_in_both_themes(shot: Shot):
    assert shot.lines(DARK) == shot.lines(LIGHT)


@each
def test_no_line_is_wider_than_the_screen(shot: Shot):
    for strips in shot.themes.values():
        assert [strip.cell_length for strip in strips] == [shot.size[0]] * shot.size[1]


@each
def test_its_last_line_tells_the_keys(shot: Shot):
    last = shot.lines()[-1]
    keys = [action for action in ACTIONS if f" {action.keys[0]} {action.label} " in f"{last} "]
    if shot.name in KEYLESS:
        assert not keys
    else:
        assert len(keys) >= 2
        assert "help" in {action.id for action in keys}


@each
def test_nothing_of_textual_s_own_is_shown(shot: Shot):
    text = "\n".join(shot.lines())
    assert [junk for junk in NO_JUNK if junk in text] == []


@each
@pytest.mark.parametrize("theme", [DARK, LIGHT])
def test_it_can_be_read(shot: Shot, theme: str):
    letters = shot.letters(theme)
    below = {(how, words): count for (how, words), count in letters.items() if how.contrast < AA}
    told = "\n".join(
        f"{how}, {how.contrast:.1f}: {count} letters as in {words!r}" for (how, words), count in below.items()
    )
    assert not [how for how, _words in below if how.contrast < LARGE], told
    assert sum(below.values()) <= (1 - MOST) * letters.total(), told


def test_no_kept_file_is_left_over():
    wanted = {f"{screen}-{width}x{height}.txt" for screen in SCREENS for width, height in SIZES} | {READ.name}
    for path in KEPT.iterdir() if WRITE else ():
        if path.name not in wanted:
            path.unlink()
    assert {path.name for path in KEPT.iterdir()} == wanted
    assert sum(path.stat().st_size for path in KEPT.iterdir()) < TOTAL
