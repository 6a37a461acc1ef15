"""A library whose every field tries to reach the terminal or the app: on all screens, and in all that is printed."""

import asyncio
import contextlib
import fcntl
import json
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from dataclasses import replace
from pathlib import Path

import aiohttp
import pytest
from cli.test_serve import page, serving
from cli.test_serve import serve as serve_command
from hostile_server import HostileServer
from terminal import environment

from reader import config
from reader.cli import main
from reader.library.library import Library
from reader.tui.messages import say
from reader.tui.screens.failures import FailedRows, FailuresScreen
from reader.tui.screens.reading import ReadingScreen
from tests.tui.hostile_walk import FAULTS, MARKUP, PLANTED, fill, serve, words

_NUMBER = r"(?:0|1|2|3|4|7|9|22|23|24|27|29|39|49|[34]8;2;\d{1,3};\d{1,3};\d{1,3})"
OURS = re.compile(
    rf"\x1b\[(?:{_NUMBER}(?:;{_NUMBER})*)?m"  # how letters look
    r"|\x1b\[\d+;\d+H"  # where they go
    r"|\x1b\[\?(?:7|25|1000|1002|1003|1004|1006|1015|1016|1049|2004|2026|2031|2048)[hl]"  # modes of the screen
    r"|\x1b\[\?(?:2026|2048)\$p|\x1b\[>\d*u|\x1b\[<u"  # what it is asked, its keyboard
    r"|\x1b\]22;[a-z-]*\x07"  # the mouse's pointer
    r"|\x1b\]52;c;[A-Za-z0-9+/=]*\x07"  # what was copied, which no terminal reads as anything else
    r"|\x1b\]9;newsreader: [^\x00-\x1f\x7f-\x9f]*\x1b\\"  # what rules found
)
"""All that Textual and we write to a terminal beside letters."""
UNCLEAN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]")
COLOURS = re.compile(r"\x1b\[[\d;]*m")


def foreign(output: bytes, ours: re.Pattern[str] = OURS) -> list[str]:
    """What of an output steers a terminal and is not ours, with what follows; also what isn't UTF-8."""
    text = output.decode("utf-8", "surrogateescape")
    left = ours.sub("", text)
    odd = re.finditer(f"{UNCLEAN.pattern}|[\udc80-\udcff]", left)
    found = [left[match.start() : match.start() + 30] for match in odd]
    return [*found, *(planted for planted in PLANTED if planted in text)]


def on_a_terminal(*command: str, home: Path, size: tuple[int, int] = (140, 45), seconds: float = 900) -> bytes:
    """Run a program on a pty until it ends, which it must well; returns all that it wrote."""
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", size[1], size[0], 0, 0))
    around = environment(home) | {
        "TERM": "xterm-256color", "COLORTERM": "truecolor", "PYTHONPATH": os.pathsep.join(("tests", ".")),
        "BROWSER": "true", "EDITOR": "true", "LANGUAGE": "en",
    }  # fmt: skip
    end = time.monotonic() + seconds
    # What it draws goes to standard error, as Textual has it.
    with subprocess.Popen(
        command, stdin=slave, stdout=slave, stderr=slave, start_new_session=True, env=around
    ) as process:
        os.close(slave)
        written = bytearray()
        with contextlib.suppress(OSError):  # as a pty says that nobody has its other end
            while select.select([master], [], [], max(0, end - time.monotonic()))[0]:
                written += os.read(master, 65536)
        os.close(master)
        if time.monotonic() >= end:
            os.killpg(process.pid, signal.SIGKILL)
        assert process.wait(timeout=30) == 0, written[-3000:].decode(errors="replace")
    return bytes(written)


@pytest.fixture(scope="module")
def server():
    with HostileServer() as server:
        serve(server)
        yield server


@pytest.fixture(scope="module")
def hostile(server, tmp_path_factory) -> Path:
    """A folder with the library, and a configuration under which commands say what others wrote, and fail with it."""
    folder = tmp_path_factory.mktemp("hostile")
    (folder / "echo.py").write_text(
        f"import sys\nsys.stdout.write({words('Piped')!r})\nsys.stdout.flush()\n"
        "sys.stdout.buffer.write(b'\\x9b\\xff')\n"
    )
    (folder / "fail.py").write_text(f"import sys\nsys.stderr.write({words('Failed')!r})\nsys.exit(1)\n")
    (folder / "config.toml").write_text(
        '[network]\nallow_private = ["127.0.0.0/8"]\n'
        f"[commands]\npipe = {json.dumps(f'{sys.executable} {folder}/echo.py')}\n"
        f"on_save = {json.dumps(f'{sys.executable} {folder}/fail.py')}\n"
        f"open_with = {json.dumps(f'{sys.executable} {folder}/fail.py')}\n"
    )
    settings = config.load(folder / "config.toml", required=True)
    with Library(folder / "library.sqlite", settings=settings) as library:
        fill(library, server)
    return folder


@pytest.mark.scorecard(1, 3, 4)
@pytest.mark.timeout(1800)
def test_nothing_of_theirs_reaches_the_terminal_from_any_screen(hostile, server, tmp_path, full, record_property):
    for name in ("library.sqlite", "config.toml"):
        (tmp_path / name).write_bytes((hostile / name).read_bytes())
    output = on_a_terminal(
        sys.executable, "-m", "tests.tui.hostile_walk", str(tmp_path / "library.sqlite"), str(tmp_path / "config.toml"),
        str(tmp_path / "report.json"), server.url("/feed"), *(["each"] if full else []), home=tmp_path,
    )  # fmt: skip
    report = json.loads((tmp_path / "report.json").read_text())
    assert report["faults"] == []
    assert report["planted"] == [], "neither did an action of theirs run, nor could a click run one"
    assert report["missed"] == [], "all screens were walked"
    assert report["literal"] > 100, "their words are shown as they are"
    assert foreign(output) == []
    assert len(output) > 100_000
    assert output.count(b"[/foo]") > 100, "their words went through the terminal"
    seen = f"{len(report['screens'])} screens, {len(report['actions'])} actions, {len(output):,} bytes"
    record_property("figure", f"{seen}: 0 foreign sequences, 0 crashes, 0 planted actions")


def test_what_is_foreign_is_told_from_what_is_ours():
    others = ("\x9b31m", "\x85", "\x1b[31;66m", "\x1b[?1049l\x1b[?47h", "\x1b]0;title\x07", "\x08", "\x1b[5n")
    for planted in (*PLANTED, *others, words("x")):
        assert foreign(planted.encode()), planted
    assert foreign(b"\x9b31m"), "nor as a byte"
    assert not foreign(f"{MARKUP}\x1b[38;2;1;2;3;48;2;4;5;6;1m words\x1b[0m\x1b[?2026h\x1b[12;40H\r\n".encode())


@pytest.mark.anyio
@pytest.mark.scorecard(3)
async def test_nothing_of_theirs_is_markup_wherever_it_is_clicked(start, empty_library: Library, server):
    empty_library.feeds.add(server.url("/feed"))
    empty_library.store.add_feed(
        server.url("/reason"), title=words("Broken"), site=None, folder=MARKUP, now=empty_library.now()
    )
    async with start(on=empty_library, refresh=True) as reader:
        assert any("500" in said for said in reader.said())
        await reader.press("enter")
        assert "[@click=app.planted]" in reader.article.opened.article.text
        assert "[/foo]" in reader.shown()
        await reader.press("tab", "tab", "tab", "escape")
        for x in range(0, 160, 20):
            await reader.pilot.click(offset=(x, 2))
            await reader.settle()
        assert isinstance(reader.app.screen, ReadingScreen)
        assert reader.app.is_running


# --- what servers, parsers and commands say --------------------------------------------------------------------------


@pytest.mark.anyio
@pytest.mark.scorecard(4)
async def test_what_others_say_went_wrong_is_told_clean_and_plain(
    start, empty_library: Library, server, hostile, record_property
):
    for path in FAULTS:
        empty_library.store.add_feed(server.url(path), title=path, site=None, folder=None, now=empty_library.now())
    empty_library.settings = replace(
        empty_library.settings, commands=config.load(hostile / "config.toml", required=True).commands
    )
    empty_library.feeds.add(server.url("/feed"))
    told: list[str] = []
    async with start(on=empty_library, refresh=True) as reader:
        told += reader.said()
        await reader.open("bridge 0")
        for keys in (("|",), ("O",), ("right_square_bracket", "s")):
            await reader.press(*keys)
            assert any(MARKUP in said for said in reader.said()), (keys, reader.said())
            told += reader.said()
        await reader.press("F")
        assert isinstance(reader.app.screen, FailuresScreen)
        failed = reader.app.screen.query_one(FailedRows).failed
        for at, one in enumerate(failed):
            reader.app.screen.query_one(FailedRows).cursor = at
            await reader.settle()
            told += [one.check.error, reader.shown()]
        assert "not asked for ([/foo] [/ [bold] [@click=app.planted]" in " ".join(told)
    assert len(failed) >= 9
    assert [words for words in told if UNCLEAN.search(words)] == []
    record_property("figure", f"{len(failed)} faults and 3 commands that say what others wrote: 0 unclean, all plain")


@pytest.mark.anyio
@pytest.mark.scorecard(3, 4)
async def test_whatever_is_told_is_cleaned_where_it_is_told(start, empty_library: Library):
    async with start(on=empty_library) as reader:
        for error in (False, True):
            say(reader.app.screen, words("Told\n"), error=error)
            await reader.settle()
            (said,) = reader.said()
            assert not UNCLEAN.search(said)
            assert f"Told\n {MARKUP}" in said


# --- what is printed -------------------------------------------------------------------------------------------------

FORMATS = ("markdown", "html", "bibtex", "csl-json", "json", "jsonld", "csv")
PRINTED = (
    ("list",), ("list", "--json"), ("unread",), ("search", "bridge"), ("search", "bridge", "--json"), ("speakers",),
    ("saved",), ("saved", "list", "--removed"), ("saved", "list", "--style", "apa"),
    *(("saved", "export", "--format", kind) for kind in FORMATS),
    ("read", "1", "--color", "always"), ("read", "1", "--plain"), ("read", "4"), ("read", "PAGE"), ("smart", "list"),
    ("rules", "list"), ("rules", "test", "RULE"), ("set", "1"), ("doctor",), ("export", "-"),
    ("mark", "read", "bridge"), ("feed", "RSS"), ("feed", "JSON"), ("extract", "HTML"), ("claims", "HTML"),
    ("claims", "--jsonl", "ARTICLES"), ("stories", "ARTICLES"), ("ledger", "ARTICLES"), ("compare", "PAIR"),
    ("smart", "add", "\x1b[31;66m", "bridge"),
)  # fmt: skip
COMPLAINING = (
    ("refresh", "--force"), ("add", "/reason"), ("add", "/coding"), ("add", "/script"), ("fetch", "bridge"),
    ("remove", MARKUP + "\x1b[31;66m"), ("compare", "SENTENCES"), ("feed", "--jsonl", "PAGES"),
    ("extract", "--jsonl", "PAGES"), ("import", "LIST"), ("import", "SENTENCES"), ("saved", "import", "SAVED"),
    ("rules", "remove", "\x1b[31;66m\x9b"), ("report", "/nowhere/\x9b31;66m"), ("backup", "/nowhere/\x9b31;66m"),
    ("list", "--config", "BAD"), ("list", "--library", "/nowhere/\x1b[31;66m\x9b"), ("search", "\x1b[31;66m:("),
)  # fmt: skip


def given(server: HostileServer, word: str) -> str:
    """A word of a command line."""
    stands_for = {"PAGE": server.url("/page1"), "RULE": words("Rule")[:60]}
    return server.url(word) if word in FAULTS else stands_for.get(word, word)


@pytest.mark.scorecard(1, 3, 4)
def test_nothing_of_theirs_is_printed_by_any_command(
    hostile, server, tmp_path, monkeypatch, capfdbinary, record_property
):
    for name in ("library.sqlite", "config.toml"):
        (tmp_path / name).write_bytes((hostile / name).read_bytes())
    for name, path in (("RSS", "/feed"), ("JSON", "/json"), ("HTML", "/page0")):
        (tmp_path / name).write_bytes(server.routes[path].partition(b"\r\n\r\n")[2])
    said = f"{words('North bridge')} closes. Ada Lind said that 40 people crossed it on Monday. " * 3
    item = {"title": words("Bridge"), "outlet": words("Outlet"), "published": "2026-11-02T08:00:00Z", "text": said}
    (tmp_path / "ARTICLES").write_text("".join(json.dumps(item | {"id": words(f"Id {n}")}) + "\n" for n in range(3)))
    pair = {"id": words("Id"), "a": words("Ten people died."), "b": words("Twelve people died.")}
    (tmp_path / "PAIR").write_text(json.dumps(pair))
    (tmp_path / "SENTENCES").write_text(f"{json.dumps(pair)}\n{json.dumps([words('Row')])}\n{words('no JSON')!r}\n")
    page = {"id": words("Id"), "url": f"https://news.test/{words('Page')}"}
    (tmp_path / "PAGES").write_text(
        "".join(
            json.dumps(page | {"path": name}) + "\n" for name in ("HTML", "RSS", words("no file").replace("\n", ""))
        )
    )
    (tmp_path / "LIST").write_text(f"# {words('List')}\nftp://{words('Feed')}\n")
    (tmp_path / "SAVED").write_text(
        json.dumps([{"quote": {"exact": words("Words")}, "tags": words("Tags")}, words("x")])
    )
    (tmp_path / "BAD").write_text(f"[reading]\nmeasure = {json.dumps(MARKUP + chr(27) + chr(0x9B))}\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    printed, codes = b"", {}
    for command, *arguments in (*PRINTED, *COMPLAINING):
        line = [command, *(given(server, word) for word in arguments)]
        line += [] if "--library" in line else ["--library", "library.sqlite"]
        line += [] if "--config" in line else ["--config", "config.toml"]
        try:
            code: object = main(line)
        except SystemExit as ended:
            code = ended.code
        out, complaints = capfdbinary.readouterr()
        codes[" ".join([command, *arguments])] = code
        assert b"Traceback" not in complaints, (command, arguments)
        assert b"broke down" not in complaints, (command, arguments)
        assert out or complaints, (command, arguments)
        assert not foreign(out, COLOURS if "always" in arguments else re.compile("(?!)")), (command, arguments)
        assert not foreign(complaints, re.compile("(?!)")), (command, arguments)
        printed += out + complaints
    assert {code for code in codes.values() if code not in (0, 1, 2, 3)} == set()
    assert [line for line, code in codes.items() if code] == [" ".join(line) for line in COMPLAINING], codes
    assert printed.count(b"[/foo]") > 100, "their words are printed as they are"
    record_property("figure", f"{len(codes)} commands, {len(printed):,} bytes printed: 0 foreign sequences")


@pytest.mark.scorecard(1)
def test_nothing_of_theirs_reaches_the_page_that_is_served(hostile, tmp_path, record_property):
    (tmp_path / "library.sqlite").write_bytes((hostile / "library.sqlite").read_bytes())
    written = bytearray()

    async def read(served) -> str:
        async with aiohttp.ClientSession() as client, client.get(served.address) as answer:
            shown = await answer.text()
        async with page(served) as one:
            feed, one.feed = one.feed, lambda frame: (written.extend(frame), feed(frame))
            await one.until("North bridge")
            await one.press("\r")
            await one.until("[/foo]")
            await one.press("4")
            await one.until("Saved")
        return shown

    with serving(serve_command(tmp_path / "library.sqlite", tmp_path), tmp_path) as served:
        assert "[/foo]" not in asyncio.run(read(served))
    assert foreign(bytes(written)) == []
    record_property("figure", f"{len(written):,} bytes to a browser's terminal: 0 foreign sequences")
