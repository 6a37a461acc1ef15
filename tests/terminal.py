"""A real terminal to run the program in: a pty, with an emulator that keeps the screen."""

import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable
from pathlib import Path

import pyte

KEYS = {"enter": "\r", "escape": "\x1b", "tab": "\t", "down": "\x1b[B"}


class Terminal:
    """The program `newsreader` in a terminal of its own; `output` keeps every byte it wrote."""

    def __init__(self, *arguments: str, home: Path, size: tuple[int, int] = (80, 24)) -> None:
        self.columns, self.lines = size
        self.output = b""
        self.screen = pyte.Screen(*size)
        self._stream = pyte.ByteStream(self.screen)
        self._master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", self.lines, self.columns, 0, 0))
        self.before = termios.tcgetattr(slave)
        self.process = subprocess.Popen(
            [sys.executable, "-m", "reader", *arguments],
            stdin=slave,
            stdout=slave,
            stderr=slave,
            start_new_session=True,
            env=environment(home) | {"TERM": "xterm-256color", "COLORTERM": "truecolor"},
        )
        self.slave = slave

    def __enter__(self) -> "Terminal":
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        os.close(self._master)
        os.close(self.slave)

    def press(self, *keys: str) -> None:
        """Press keys, named or as they are."""
        for key in keys:
            os.write(self._master, KEYS.get(key, key).encode())

    def shown(self) -> str:
        """What stands on the screen."""
        # Not pyte's own `display`: it fails on the second half of a wide character that was written over.
        rows = (self.screen.buffer[y] for y in range(self.lines))
        return "\n".join("".join(row[x].data for x in range(self.columns)).rstrip() for row in rows)

    def until(self, condition: str | Callable[[str], bool], *, seconds: float = 30) -> str:
        """Read until the screen shows what is awaited; returns the screen."""
        met = condition if callable(condition) else lambda shown: condition in shown
        end = time.monotonic() + seconds
        while not met(shown := self.shown()):
            if not self._read(end - time.monotonic()):
                raise AssertionError(f"the terminal never showed {condition!r}; it shows:\n{self.shown()}")
        return shown

    def wait(self, *, seconds: float = 30) -> int:
        """Read until the program ends; returns its exit code."""
        end = time.monotonic() + seconds
        while self.process.poll() is None and self._read(min(0.2, end - time.monotonic())) is not None:
            assert time.monotonic() < end, f"the program did not end; it shows:\n{self.shown()}"
        while self._read(0.1):
            pass
        return self.process.wait(timeout=5)

    def _read(self, seconds: float) -> bool | None:
        """Take what the program wrote; False when nothing came in time, None when it can write no more."""
        ready, _, _ = select.select([self._master], [], [], max(0, seconds))
        if not ready:
            return False
        try:
            written = os.read(self._master, 65536)
        except OSError:
            return None
        self.output += written
        self._stream.feed(written)
        return True


def environment(home: Path) -> dict[str, str]:
    """An environment in which the program finds nothing of the person who runs the tests."""
    kept = {
        key: os.environ[key] for key in ("PATH", "LANG", "PYTHONPATH", "VIRTUAL_ENV", "BROWSER") if key in os.environ
    }
    return kept | {"HOME": str(home), "TMPDIR": str(home)}


def newsreader(
    *arguments: str, home: Path, stdin: bytes = b"", cwd: Path | None = None
) -> subprocess.CompletedProcess[bytes]:
    """Run a command to its end, which must not be a fault of ours."""
    done = subprocess.run(
        [sys.executable, "-m", "reader", *arguments],
        input=stdin,
        capture_output=True,
        env=environment(home),
        cwd=cwd,
        timeout=100,
    )
    assert b" broke down (" not in done.stderr, done.stderr.decode()
    return done
