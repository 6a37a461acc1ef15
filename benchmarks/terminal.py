"""A terminal that a program runs in: a pty with pyte's emulator behind it, which answers what terminals are asked."""

import contextlib
import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import termios
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pyte

PATIENCE = 30.0
"""Seconds within which something that is awaited must be seen."""


class Terminal:
    """A program in a terminal of its own; what it shows is in `lines`."""

    def __init__(
        self,
        command: Sequence[str | Path],
        *,
        size: tuple[int, int] = (160, 45),
        environment: Mapping[str, str] | None = None,
        light: bool = False,
    ) -> None:
        columns, rows = size
        self.master, self._slave = pty.openpty()
        fcntl.ioctl(self._slave, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        self.before = termios.tcgetattr(self._slave)
        """The terminal's settings when the program was started."""
        self.output = bytearray()
        """All that was written to it."""
        self._screen = pyte.Screen(columns, rows)
        self._stream = pyte.ByteStream(self._screen)
        self._shade = b"ffff/ffff/ffff" if light else b"0000/0000/0000"
        self.process = subprocess.Popen(
            list(command),
            stdin=self._slave,
            stdout=self._slave,
            stderr=self._slave,
            env={**os.environ, "TERM": "xterm-256color", "COLORTERM": "truecolor", **(environment or {})},
            start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
        )

    def __enter__(self) -> "Terminal":
        return self

    def __exit__(self, *_: object) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        os.close(self.master)
        os.close(self._slave)

    @property
    def lines(self) -> list[str]:
        """What is shown, line by line."""
        return self._screen.display

    @property
    def text(self) -> str:
        """What is shown."""
        return "\n".join(self.lines)

    @property
    def settings(self) -> list[object]:
        """The terminal's settings now."""
        return termios.tcgetattr(self._slave)

    def press(self, keys: str | bytes) -> float:
        """Press keys; returns when, by `time.perf_counter`."""
        os.write(self.master, keys.encode() if isinstance(keys, str) else keys)
        return time.perf_counter()

    def read(self, seconds: float) -> float | None:
        """Take what is written within so many seconds; returns when it came, None where nothing did."""
        if not select.select([self.master], [], [], seconds)[0]:
            return None
        at = time.perf_counter()
        try:
            came = os.read(self.master, 1 << 20)
        except OSError:  # the program is gone
            return None
        self.output += came
        if b"\x1b]11;?" in came:
            os.write(self.master, b"\x1b]11;rgb:" + self._shade + b"\x1b\\")
        if b"\x1b[c" in came:
            os.write(self.master, b"\x1b[?62;22c")
        self._stream.feed(came)
        return at

    def timed(self, keys: str | bytes, seen: Callable[["Terminal"], bool], seconds: float = PATIENCE) -> float:
        """Press keys; returns after how many seconds the bytes came that showed what is awaited.

        What comes is only looked at when nothing more does: the emulator is slower than the programs that it is fed by.
        """
        begun = self.press(keys)
        while time.perf_counter() - begun < seconds:
            came: list[tuple[float, bytes]] = []
            while select.select([self.master], [], [], 0.12 if came else 1.0)[0]:
                came.append((time.perf_counter(), os.read(self.master, 1 << 16)))
            for at, part in came:
                self.output += part
                self._stream.feed(part)
                if seen(self):
                    for _later, rest in came[came.index((at, part)) + 1 :]:
                        self.output += rest
                        self._stream.feed(rest)
                    return at - begun
        raise AssertionError(f"the terminal never showed what was awaited; it shows\n{self.text}")

    def until(self, seen: str | Callable[["Terminal"], bool], seconds: float = PATIENCE) -> float:
        """Wait until something is shown; returns when the bytes came that showed it."""
        holds = (lambda terminal: seen in terminal.text) if isinstance(seen, str) else seen
        begun = at = time.perf_counter()
        while not holds(self):
            left = begun + seconds - time.perf_counter()
            came = self.read(max(0.0, left))
            if came is not None:
                at = came
            elif left <= 0 or self.process.poll() is not None:
                raise AssertionError(f"the terminal never showed {seen!r}; it shows\n{self.text}")
        return at

    def rest(self, seconds: float = 0.3, most: float = 10.0) -> None:
        """Wait until nothing has been written for so long, or for the most that one waits."""
        begun = time.perf_counter()
        while time.perf_counter() - begun < most and self.read(seconds) is not None:
            pass

    def ended(self, seconds: float = PATIENCE) -> int:
        """Wait until the program has ended; returns its exit status."""
        begun = time.perf_counter()
        while self.process.poll() is None:
            if time.perf_counter() - begun > seconds:
                raise AssertionError(f"the program goes on; it shows\n{self.text}")
            self.read(0.05)
        self.rest(0.05)
        return self.process.returncode
