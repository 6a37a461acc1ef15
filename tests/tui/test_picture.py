"""An article's lead picture: what it shows, the room it takes, and that the terminal is never asked about it."""

import asyncio
import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hostile_server import HostileServer, reply
from hypothesis import given
from hypothesis import strategies as st
from textual.geometry import Size
from tui.conftest import LOOPBACK, Reader, Start

from reader.config import Settings
from reader.library.library import Library
from reader.newsroom import seeds_folder
from reader.tui.widgets.picture import HalfBlocks, LeadPicture, Way, box_for, way_of

pytestmark = pytest.mark.anyio

FERRY = seeds_folder() / "newsroom" / "pictures" / "ferry.webp"
PICTURED = "Seventeen dead in Skerra ferry disaster"


async def drawn(reader: Reader) -> LeadPicture:
    """The picture, once it is there; it comes after the text."""
    async with asyncio.timeout(20):
        while True:
            for picture in reader.screen.query(LeadPicture):
                if picture.query(HalfBlocks) and not reader.app.workers:
                    await reader.settle()
                    return picture
            await reader.pilot.pause(0.02)


def colours(picture: LeadPicture) -> set[str]:
    """The colours that its cells are drawn in."""
    blocks = picture.query_one(HalfBlocks)
    strips = [blocks.render_line(y) for y in range(blocks.size.height)]
    return {str(style.color.triplet.hex) for strip in strips for _, style, _ in strip if style and style.color}


# --- in the reader ---------------------------------------------------------------------------------------------------


async def test_an_article_shows_its_picture_between_head_and_text_with_its_caption(start: Start):
    async with start(size=(200, 60)) as reader:
        await reader.open(PICTURED)
        picture = await drawn(reader)
        blocks = picture.query_one(HalfBlocks)
        lines = reader.shown().splitlines()
        row = lines[blocks.region.y + 3]
        assert row[blocks.region.x : blocks.region.right] == "▀" * blocks.size.width
        assert len(colours(picture)) > 50
        assert blocks.region.x == reader.article.region.x + 3, "where the text begins"
        caption = " ".join(line[blocks.region.x :] for line in lines[blocks.region.bottom : blocks.region.bottom + 2])
        assert "The Stella Vik on its side" in caption
        text = next(y for y, line in enumerate(lines) if "hospital counts" in line and y > blocks.region.bottom)
        assert text > picture.region.bottom, "nothing is drawn over the text"


@pytest.mark.parametrize("size", [(200, 60), (120, 40), (100, 30), (160, 90)])
async def test_it_never_takes_more_than_its_share(start: Start, size: tuple[int, int]):
    async with start(size=size) as reader:
        await reader.open(PICTURED)
        picture = await drawn(reader)
        width, height = picture.query_one(HalfBlocks).size
        pane = reader.article
        assert 8 <= height <= min(14, pane.size.height // 3)
        assert width <= min(72, pane.size.width - 5)
        assert width / (2 * height) == pytest.approx(16 / 9, rel=0.06)
        assert picture.query_one(".caption").size.height <= 2


async def test_it_follows_the_terminal_and_leaves_a_small_one_to_the_text(start: Start):
    async with start(size=(200, 60)) as reader:
        await reader.open(PICTURED)
        picture = await drawn(reader)
        for size, height in (((200, 34), 10), ((80, 24), 0), ((200, 60), 14)):
            await reader.pilot.resize_terminal(*size)
            await reader.settle()
            blocks = picture.query_one(HalfBlocks)
            assert blocks.display is (height > 0), size
            if height:
                assert abs(blocks.size.height - height) <= 1, size
            else:
                assert picture.size.height == 0
                assert "hospital counts" in reader.shown()


async def test_an_article_without_a_picture_follows_one_that_has_it(start: Start):
    async with start(size=(200, 60)) as reader:
        await reader.open(PICTURED)
        await drawn(reader)
        await reader.open("Toll in Skerra ferry accident")
        assert not reader.screen.query(LeadPicture)
        assert "▀" not in reader.shown()


async def test_who_wants_no_pictures_sees_and_fetches_none(library: Library, start: Start):
    library.settings = replace(LOOPBACK, reading=replace(LOOPBACK.reading, images=False))
    async with start(size=(200, 60)) as reader:
        await reader.open(PICTURED)
        async with asyncio.timeout(20):  # its story is told only after the picture is asked for
            while reader.screen._told is None or reader.app.workers:
                await reader.pilot.pause(0.02)
        assert not reader.screen.query(LeadPicture)
    assert Settings().reading.images, "but they are what is usual"


@pytest.mark.parametrize("body", [b"", b"<html>Gone</html>", FERRY.read_bytes()[:2000]])
async def test_a_picture_that_fails_leaves_the_article_as_it_is(empty_library: Library, start: Start, body: bytes):
    paragraph = "<p>“Nobody will cross it before spring,” said Ada Lind, the harbour master of the town of Skerra.</p>"
    page = f"<head><meta property='og:image' content='/lead.jpg'></head><article>{paragraph * 4}</article>"
    item = "<item><guid>1</guid><title>Bridge closes</title><link>{}</link></item>"
    with HostileServer() as server:
        feed = f"<rss version='2.0'><channel><title>Post</title>{item.format(server.url('/page'))}</channel></rss>"
        server.routes["/feed"] = reply(body=feed.encode())
        server.routes["/page"] = reply(body=page.encode(), headers=["Content-Type: text/html"])
        server.routes["/lead.jpg"] = reply(body=body, headers=["Content-Type: image/jpeg"])
        empty_library.feeds.add(server.url("/feed"))
        async with start(size=(160, 45), on=empty_library) as reader:
            await reader.open("Bridge closes")
            async with asyncio.timeout(20):
                while "/lead.jpg" not in server.targets() or reader.app.workers:
                    await reader.pilot.pause(0.02)
            await reader.settle()
            assert "Nobody will cross it" in reader.shown()
            assert not reader.screen.query(LeadPicture)
            assert not reader.said()


async def test_a_snapshot_is_the_same_in_every_terminal(start: Start, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("TERM", "xterm-kitty")
    async with start(size=(200, 60)) as reader:
        await reader.open(PICTURED)
        assert (await drawn(reader)).query(HalfBlocks)


# --- the room it takes -----------------------------------------------------------------------------------------------

SIDES = st.integers(32, 960)


@given(SIDES, SIDES, st.integers(1, 200), st.integers(1, 60), st.integers(4, 40), st.integers(8, 80))
def test_no_picture_leaves_its_room_or_is_enlarged(width, height, columns, rows, cell_width, cell_height):
    box = box_for((width, height), Size(columns, rows), (cell_width, cell_height))
    assert 1 <= box.width <= columns
    assert 1 <= box.height <= rows
    # Half a cell is the most that rounding adds; a sliver has one whole cell.
    assert box.width == 1 or box.width * cell_width <= width + cell_width / 2
    assert box.height == 1 or box.height * cell_height <= height + cell_height / 2


def test_proportions_are_kept():
    assert box_for((960, 540), Size(72, 14)) == (50, 14)
    assert box_for((960, 240), Size(72, 14)) == (72, 9)
    assert box_for((300, 720), Size(72, 14)) == (12, 14)
    assert box_for((960, 540), Size(72, 14), (8, 16)) == (50, 14)
    assert box_for((100, 60), Size(72, 14)) == (10, 3), "not enlarged"


# --- how it is drawn -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("environ", "way"),
    [
        ({"TERM": "xterm-kitty"}, Way.KITTY),
        ({"TERM": "xterm-ghostty"}, Way.KITTY),
        ({"TERM": "xterm-256color", "TERM_PROGRAM": "ghostty"}, Way.KITTY),
        ({"TERM": "xterm-256color", "TERM_PROGRAM": "WezTerm"}, Way.SIXEL),
        ({"TERM": "xterm-256color", "TERM_PROGRAM": "iTerm.app"}, Way.SIXEL),
        ({"TERM": "xterm-256color", "LC_TERMINAL": "iTerm2"}, Way.SIXEL),
        ({"TERM": "foot"}, Way.SIXEL),
        ({"TERM": "xterm-256color", "KONSOLE_VERSION": "230804"}, Way.SIXEL),
        ({"TERM": "xterm-256color", "KONSOLE_VERSION": "210800"}, Way.BLOCKS),
        ({"TERM": "xterm-256color", "KONSOLE_VERSION": "new"}, Way.BLOCKS),
        ({"TERM": "xterm-256color", "TERM_PROGRAM": "Apple_Terminal"}, Way.BLOCKS),
        ({"TERM": "xterm-kitty", "TMUX": "/tmp/tmux-0/default,1,0"}, Way.BLOCKS),
        ({"TERM": "screen-256color", "KONSOLE_VERSION": "230804"}, Way.BLOCKS),
        ({"TERM": "xterm-kitty", "ZELLIJ": "0"}, Way.BLOCKS),
        ({}, Way.BLOCKS),
    ],
)
def test_the_terminals_environment_tells_how_it_draws(environ, way):
    assert way_of(environ) is way


ALONE = """
import sys
from pathlib import Path
from textual.app import App
from reader.config import Reading
from reader.tui.widgets.article import ArticleView
from reader.tui.widgets.picture import LeadPicture

class Alone(App):
    typed = ""

    def compose(self):
        yield ArticleView(Reading())

    def on_mount(self):
        picture = LeadPicture(Path(sys.argv[1]).read_bytes(), "The Stella Vik.")
        self.query_one(ArticleView).show_picture(picture)

    def on_key(self, event):
        self.typed += event.key
        if event.key == "q":
            self.exit(self.typed)

typed = Alone().run()
print("typed:", typed, "loaded:", *sorted({"numpy", "textual_image"} & set(sys.modules)), "end")
"""


def alone(has_come: Callable[[bytes], object], *, pixels: tuple[int, int] = (1600, 900), **environ: str) -> bytes:
    """What a picture alone writes to a terminal until that `has_come`, and what is typed meanwhile comes to."""
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 45, 160, *pixels))
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    process = subprocess.Popen(
        [sys.executable, "-c", ALONE, str(FERRY)],
        stdin=slave,
        stdout=slave,
        stderr=slave,
        env=kept | {"PYTHONPATH": str(Path(__file__).resolve().parents[2]), "COLORTERM": "truecolor"} | environ,
        start_new_session=True,
    )
    os.close(slave)
    output, until, left = b"", time.monotonic() + 40, False
    try:
        while not output.endswith(b"end\r\n"):
            assert time.monotonic() < until, output[-2000:]
            if select.select([master], [], [], 0.05)[0]:
                output += os.read(master, 65536)
            if b"\x1b[?1049h" in output and not left:
                os.write(master, b"k")
                if has_come(output):
                    os.write(master, b"q")
                    left = True
    finally:
        process.kill()
        process.wait()
        os.close(master)
    return output


def after(output: bytes, word: str) -> str:
    return output.decode(errors="replace").rpartition(f"{word}:")[2].split()[0]


QUERIES = (b"a=q", b"\x1b[c", b"\x1b[16t")


def test_kitty_gets_the_picture_once_and_places_for_it():
    place = "\U0010eeee".encode()
    output = alone(lambda seen: seen.count(place) >= 50 * 14, TERM="xterm-kitty")
    assert len(re.findall(rb"\x1b_Ga=p,i=\d+,c=50,r=14,U=1", output)) == 1
    assert not any(query in output for query in QUERIES)
    assert "▀".encode() not in output
    assert after(output, "typed").startswith("k"), "no key was taken for an answer"


def test_a_terminal_with_sixels_gets_those():
    output = alone(lambda seen: re.search(rb"\x1bP[\d;]*q.*?\x1b\\", seen, re.DOTALL), TERM="foot")
    assert b'"1;1;500;280' in output, "fifty cells of ten pixels, fourteen of twenty"
    assert not any(query in output for query in QUERIES)
    assert after(output, "typed").startswith("k")


@pytest.mark.parametrize(
    ("environ", "pixels"),
    [
        ({"TERM": "xterm-256color"}, (1600, 900)),
        ({"TERM": "xterm-kitty", "NO_COLOR": "1"}, (1600, 900)),
        ({"TERM": "xterm-kitty", "COLORTERM": ""}, (1600, 900)),
        ({"TERM": "foot"}, (0, 0)),
    ],
)
def test_all_others_get_half_blocks_and_load_nothing_for_pixels(environ, pixels):
    block = "▀".encode()
    output = alone(lambda seen: seen.count(block) >= 50 * 14, pixels=pixels, **environ)
    assert b"\x1b_G" not in output
    assert b"\x1bP" not in output
    assert after(output, "loaded") == "end"


def test_the_screens_start_without_a_decoder():
    code = (
        "import sys, reader.tui.app, reader.tui.screens.reading, reader.tui.widgets.picture\n"
        "print({'PIL', 'numpy', 'textual_image'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert done.stdout.strip() == "set()", done.stderr
