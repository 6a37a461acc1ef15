"""The real reader on a disk that gets full: it says so, reading goes on, and it recovers when there is room (26)."""

import contextlib
import shutil
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from hashlib import sha256
from ipaddress import ip_network
from pathlib import Path

import pytest
from hostile_server import HostileServer, reply
from terminal import environment

from benchmarks.terminal import Terminal
from reader.config import Network, Settings
from reader.library.library import Library

LOOPBACK = Settings(network=Network(allow_private=(ip_network("127.0.0.0/8"),)))
CONFIG = '[network]\nallow_private = ["127.0.0.0/8"]\n[refresh]\non_start = false\n'
SMALL = """
mount -t tmpfs -o size=4m none "$1" && cp "$2" "$1/library.sqlite" || { echo no disk; exit 77; }
shift 2
exec "$@"
"""
TEXT = (
    "<p>“Nobody will cross it before spring,” said Ada Lind, the harbour master, who inspected the piers herself.</p>"
    "<p>According to the ministry, repairs will cost 14 million crowns and take at least five months of work.</p>"
)


def feed(*items: tuple[str, str]) -> bytes:
    told = "".join(
        f"<item><guid>{title}</guid><title>{title}</title><description><![CDATA[{text}]]></description></item>"
        for title, text in items
    )
    return reply(body=f"<rss version='2.0'><channel><title>The Post</title>{told}</channel></rss>".encode())


def prose(number: int) -> str:
    """Words that compression can do little with."""
    return " ".join(sha256(f"{number} {place}".encode()).hexdigest() for place in range(60))


@pytest.mark.scorecard(26)
@pytest.mark.skipif(not shutil.which("unshare"), reason="a disk is mounted by unshare")
def test_a_full_disk_is_said_on_the_screen_reading_goes_on_and_writing_recovers(
    tmp_path: Path, record_property: Callable[[str, object], None]
):
    kept, home = tmp_path / "kept.sqlite", tmp_path / "home"
    home.mkdir()
    config = tmp_path / "config.toml"
    config.write_text(CONFIG)
    with HostileServer() as server:
        server.routes["/feed"] = feed(("Bridge closes", TEXT))
        with Library(kept, settings=LOOPBACK) as library:
            library.store.add_feed(server.url("/feed"), title="", site=None, folder=None, now=datetime.now(UTC))
            assert library.refresh().new == 1
        server.routes["/feed"] = feed(("Bridge closes", TEXT), *((f"Ferry {n}", prose(n)) for n in range(200)))
        reader = [sys.executable, "-m", "reader", "--library", home / "library.sqlite", "--config", config]
        shell = ["unshare", "--mount", "--map-root-user", "sh", "-c", SMALL, "sh", home, kept, *reader]
        there = environment(tmp_path) | {"PYTHONPATH": str(Path(__file__).parents[2])}
        with Terminal(shell, size=(160, 45), environment=there) as terminal:
            terminal.until(
                lambda shown: "Bridge closes" in shown.text or "unshare:" in shown.text or "no disk" in shown.text
            )
            if "Bridge closes" not in terminal.text:
                pytest.skip("no disk can be mounted here")
            disk = Path(f"/proc/{terminal.process.pid}/root{home}")  # which only that process sees

            def fill() -> None:
                with (disk / "ballast").open("wb", buffering=0) as ballast, contextlib.suppress(OSError):
                    while ballast.write(bytes(4096)):
                        pass

            def said(terminal: Terminal) -> bool:
                return "The disk is full" in terminal.text

            fill()
            terminal.press("R")
            terminal.until(said)
            terminal.press("\r")
            terminal.until("Nobody will cross it before spring")
            terminal.press("]s4")
            terminal.until("Saved · 0")
            (disk / "ballast").unlink()
            terminal.press("\x1b")
            terminal.until("Bridge closes")
            terminal.press("R")
            terminal.until("Ferry 7")
            terminal.press("Q")
            assert terminal.ended() == 0
    record_property(
        "figure", "the reader on a full disk: said at a refresh, articles are read, what comes later is written"
    )
