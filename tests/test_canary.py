"""A password stands nowhere but in the library and where the person wrote it (41): the real program, all it leaves."""

import base64
import os
import stat
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from cli.harbour import ITEMS, feed
from hostile_server import HostileServer, reply
from terminal import Terminal, environment

from reader.tui.screens.feed_edit import unveiled, veiled

ADDRESS, COMMAND, COOKIE = "canary-address-7f3a", "canary-command-7f3b", "canary-cookie-7f3c"
SECRETS = tuple(
    secret.encode()
    for secret in (
        ADDRESS,
        COMMAND,
        COOKIE,
        *(base64.b64encode(f"ada:{word}".encode()).decode() for word in (ADDRESS, COMMAND)),
    )
)
FORMATS = ("markdown", "html", "bibtex", "csl-json", "jsonld", "csv")
CRASH = """
import sys
from reader.cli import main
from reader.library import refresh

def breaks(self, net, feed):
    password = "{address}"
    raise RuntimeError(f"{{feed!r}} of {{feed.url}} with {{password=}}")

refresh.Refresh._check = breaks
if __name__ == "__main__":
    sys.exit(main())
"""
DUMP = """
import os, sys
with open(os.path.join(os.environ["HOME"], "dumped"), "a") as file:
    print(sys.argv, dict(os.environ), sys.stdin.read(), file=file)
"""


class Watch:
    """What the processes that a program begins were given, for anybody on the computer to read."""

    def __init__(self) -> None:
        self.seen: dict[int, bytes] = {}

    @contextmanager
    def over(self, root: int) -> Iterator[None]:
        """Look again and again at all below a process."""
        done = threading.Event()

        def look() -> None:
            while not done.wait(0.02):
                self._look(root)

        watching = threading.Thread(target=look)
        watching.start()
        try:
            yield
        finally:
            done.set()
            watching.join()

    def _look(self, root: int) -> None:
        parents: dict[int, int] = {}
        for process in Path("/proc").glob("[0-9]*"):
            with suppress(OSError, IndexError):
                parents[int(process.name)] = int((process / "stat").read_text().rpartition(")")[2].split()[1])
        below, more = set(), {root}
        while more:
            more = {pid for pid, parent in parents.items() if parent in more}
            below |= more
        for pid in below:
            with suppress(OSError):
                self.seen[pid] = Path(f"/proc/{pid}/cmdline").read_bytes() + Path(f"/proc/{pid}/environ").read_bytes()


def holds(body: bytes) -> bool:
    return any(secret in body for secret in SECRETS)


def bodies(path: Path) -> Iterator[bytes]:
    """What a file holds, packed things unpacked."""
    yield path.read_bytes()
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            yield from map(archive.read, archive.namelist())


@pytest.fixture
def server() -> Iterator[HostileServer]:
    with HostileServer() as server:
        items = feed("The Harbour Post", ITEMS, at="").replace(b"<link>", b"<link>/page")  # relative to the feed
        rss = reply(body=items, headers=["Content-Type: application/rss+xml"])
        server.routes |= {"/address/feed": rss, "/command/feed": rss, "/fails": reply("500 Oh no")}
        server.routes["/page"] = reply(body=b"<html><body><p>The pier was sold on Monday, the office said.</p>" * 9)
        yield server


@pytest.mark.scorecard(41)
@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="there is no /proc to look into")
def test_a_password_stands_in_the_library_and_nowhere_else(server, tmp_path, full, record_property):
    home, outside = tmp_path / "home", tmp_path / "outside"
    home.mkdir()
    outside.mkdir()
    (outside / "secret").write_text(f"{COMMAND}\n")
    (outside / "crash.py").write_text(CRASH.format(address=ADDRESS))
    (outside / "dump.py").write_text(DUMP)
    config = outside / "config.toml"
    on_save = f"{sys.executable} {outside / 'dump.py'}"
    config.write_text(
        '[network]\nallow_private = ["127.0.0.0/8"]\n[refresh]\non_start = false\n'
        f"[commands]\non_save = '{on_save}'\n"
    )
    watch = Watch()
    printed: dict[str, bytes] = {}

    def run(*arguments: str, given: str = "", codes: Sequence[int] = (0,), program: Sequence[str] = ("-m", "reader")):
        with subprocess.Popen(
            [sys.executable, *program, "--config", str(config), *arguments],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            env=environment(home) | {"PYTHONPATH": str(Path(__file__).parents[1])}, cwd=home, umask=0,
        ) as process, watch.over(process.pid):  # fmt: skip
            out, complained = process.communicate(given.encode(), timeout=60)
        assert process.returncode in codes, complained.decode()
        assert (b" broke down (" in complained) is (program != ("-m", "reader")), complained.decode()
        printed[" ".join(arguments)] = out + complained
        return out

    def with_password(path: str) -> str:
        return server.url(path).replace("//", f"//ada:{ADDRESS}@")

    outlines = "".join(f'<outline text="" xmlUrl="{with_password(path)}"/>' for path in ("/address/feed", "/fails"))
    run("import", "-", given=f'<opml version="2.0"><body>{outlines}</body></opml>')
    command = f"cat {outside / 'secret'}"
    run(
        "add",
        server.url("/command/feed"),
        "--user",
        "ada",
        "--password-command",
        command,
        "--cookie",
        "-",
        given=COOKIE,
    )
    run("refresh", "--force", codes=(3,))
    sent = {asked.header("Authorization") for asked in server.asked}
    assert {f"Basic {secret.decode()}" for secret in SECRETS[3:]} <= sent, "the passwords were used"
    assert COOKIE in {asked.header("Cookie") for asked in server.asked}
    in_reader(home, config, watch, printed)
    assert "The Harbour Post" in (home / "dumped").read_text(), "on_save was run"
    run("export", "feeds.opml")
    run("export", "--with-passwords", "whole.opml")
    run("backup", "backup.sqlite")
    run("refresh", "--force", codes=(1,), program=(str(outside / "crash.py"),))
    run("saved", "export", "--output", "saved.json", "--format", "json")
    if full:
        for words in (
            ["list", "--json"], ["list", "--feeds"], ["list", "--feeds", "--json"], ["export"], ["doctor"], ["saved"],
            ["set", "1"], ["set", "3"], ["rename", "3", "Post"], ["pause", "1"], ["search", "pier", "--json"],
            ["saved", "export", "--notes", "notes"], ["backup", "backup.sqlite"], ["add", with_password("/fails")],
            ["feed", with_password("/fails")], ["extract", with_password("/page")], ["report", with_password("/page")],
            *(["saved", "export", "--format", name] for name in FORMATS),
            ["remove", "1"], ["refresh", "nothing"], ["cleanup"], ["doctor", "--mend"],
        ):  # fmt: skip
            run(*words, codes=(0, 1))

    files = [path for path in home.rglob("*") if path.is_file()]
    known = {path for path in files if path.name.startswith(("library.sqlite", "backup.sqlite", "whole.opml"))}
    assert {path.name for path in known if any(map(holds, bodies(path)))} >= {"library.sqlite", "whole.opml"}
    assert [path for path in files if path not in known and any(map(holds, bodies(path)))] == []
    assert [words for words, output in printed.items() if holds(output)] == []
    assert watch.seen
    assert [body for body in watch.seen.values() if holds(body)] == []
    names = {path.name for path in files}
    assert {"feeds.opml", "saved.json", "log"} <= names
    assert [name for name in names if name.startswith("crash-")]

    ours = [path for path in files if path.name != "dumped"]
    assert [path for path in ours if stat.S_IMODE(path.stat().st_mode) != 0o600] == []
    folders = [path for path in home.rglob("newsreader*") if path.is_dir()]
    folders += [below for path in folders for below in path.rglob("*") if below.is_dir()]
    assert len(folders) >= 3
    assert [path for path in folders if stat.S_IMODE(path.stat().st_mode) != 0o700] == []
    record_property(
        "figure",
        f"{len(files)} files, {len(printed)} outputs, {len(watch.seen)} child processes: 0 hits; modes 0600, 0700",
    )


def in_reader(home: Path, config: Path, watch: Watch, printed: dict[str, bytes]) -> None:
    """Save something, and see the feeds, one's settings and the failures."""
    umask = os.umask(0)
    try:
        terminal = Terminal("--config", str(config), home=home, size=(150, 40))
    finally:
        os.umask(umask)
    with terminal, watch.over(terminal.process.pid):
        shown: list[str] = []

        def until(condition: str | Callable[[str], bool]) -> None:
            shown.append(terminal.until(condition))

        until("Bridge closes")
        terminal.press("s")
        until("Saved: ")
        end = time.monotonic() + 30
        while not ((home / "dumped").exists() and (home / "dumped").read_text()):
            assert time.monotonic() < end, "on_save is not run"
            time.sleep(0.05)
        terminal.press("3")
        until("e Edit")
        terminal.press("e")
        until("ada:…@127.0.0.1")
        terminal.press("escape")
        until(lambda now: "Password by" not in now)
        terminal.press("escape")
        terminal.press("F")
        until("500")
        terminal.press("escape", "Q")
        assert terminal.wait() == 0
    printed["the reader's screens"] = "\n".join(shown).encode()
    printed["the reader"] = terminal.output


@pytest.mark.scorecard(41)
@pytest.mark.parametrize(
    ("url", "shown", "typed", "meant"),
    [
        ("https://ada:s3cret@a.example/feed", "https://ada:…@a.example/feed", None, None),
        ("https://s3cret@a.example/feed", "https://…@a.example/feed", None, None),
        ("https://a.example/feed", "https://a.example/feed", None, None),
        ("https://ada:s3@cret@a.example:8/f", "https://ada:…@a.example:8/f", None, None),
        (
            "https://a:s3cret@b.example/",
            "https://a:…@b.example/",
            "https://a:…@b.example/x",
            "https://a:s3cret@b.example/x",
        ),
        ("https://a:s3cret@b.example/", "https://a:…@b.example/", "https://b.example/", "https://b.example/"),
        (
            "https://a:s3cret@b.example/",
            "https://a:…@b.example/",
            "https://a:new@b.example/",
            "https://a:new@b.example/",
        ),
        ("https://a:s3cret@b.example/", "https://a:…@b.example/", "https://a:…@evil.example/", "https://evil.example/"),
        ("https://a:s3cret@b.example/", "https://a:…@b.example/", "http://a:…@b.example/", "http://b.example/"),
        ("https://a:s3cret@b.example/", "https://a:…@b.example/", "https://[", "https://["),
        ("https://ada:s3cret@[", "https://[", None, None),
        ("https://ada:x/s3cret@b.example/", "https://b.example/", None, None),
    ],
)
def test_a_form_shows_an_address_without_its_password_and_keeps_it(url, shown, typed, meant):
    assert veiled(url) == shown
    assert "s3cret" not in shown
    assert unveiled(typed or shown, url) == (meant or url)
