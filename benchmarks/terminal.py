"""A terminal that a program runs in: a pty with pyte's emulator behind it, which answers what terminals are asked."""

import contextlib
import copy
import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import termios
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pyte

PATIENCE = 30.0
"""Seconds within which something that is awaited must be seen."""
_POP_KEYBOARD = re.compile(rb"\x1b\[<\d*u")
"""Kept from pyte, which would write the letter u."""
_ALTERNATE = 1049


def surroundings() -> dict[str, str]:
    """The environment that programs in a terminal are given: ours, but for the size of our own terminal."""
    return {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "LINES")}


class _Screen(pyte.Screen):
    """With the alternate screen, which pyte does not have."""

    _main: tuple[Any, Any] | None = None

    def set_mode(self, *modes: int, **more: Any) -> None:
        if more.get("private") and _ALTERNATE in modes and not self._main:
            self._main = copy.deepcopy(self.buffer), copy.copy(self.cursor)
            self.erase_in_display(2)
        super().set_mode(*modes, **more)

    def reset_mode(self, *modes: int, **more: Any) -> None:
        super().reset_mode(*modes, **more)
        if more.get("private") and _ALTERNATE in modes and self._main:
            (self.buffer, self.cursor), self._main = self._main, None


class Terminal:
    """A program in a terminal of its own; what it shows is in `lines`."""

    def __init__(
        self,
        command: Sequence[str | Path],
        *,
        size: tuple[int, int] = (160, 45),
        environment: Mapping[str, str] | None = None,
        light: bool = False,
        modern: bool = False,
    ) -> None:
        """A `modern` one knows synchronised updates, and tells of its size in band."""
        columns, rows = size
        self.master, self._slave = pty.openpty()
        self._set_size(columns, rows)
        self.before = termios.tcgetattr(self._slave)
        """The terminal's settings when the program was started."""
        self.output = bytearray()
        """All that was written to it."""
        self._screen = _Screen(columns, rows)
        self._stream = pyte.ByteStream(self._screen)
        shade = b"ffff/ffff/ffff" if light else b"0000/0000/0000"
        self._answers = {b"\x1b]11;?": b"\x1b]11;rgb:" + shade + b"\x1b\\", b"\x1b[c": b"\x1b[?62;22c"}
        if modern:
            self._answers |= {b"\x1b[?2026$p": b"\x1b[?2026;2$y", b"\x1b[?2048$p": b"\x1b[?2048;2$y"}
        self._modern, self._in_band = modern, False
        self.process = subprocess.Popen(
            list(command),
            stdin=self._slave,
            stdout=self._slave,
            stderr=self._slave,
            env={**surroundings(), "TERM": "xterm-256color", "COLORTERM": "truecolor", **(environment or {})},
            start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
        )

    def __enter__(self) -> "Terminal":
        return self

    def __exit__(self, *_: object) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.hang_up()

    def hang_up(self) -> None:
        """Be gone, as when its window is closed."""
        if self.master >= 0:
            os.close(self._slave)
            os.close(self.master)
            self.master = -1

    def resize(self, columns: int, rows: int) -> None:
        """Become larger or smaller."""
        self._set_size(columns, rows)
        self._screen.resize(rows, columns)
        if self._in_band:
            self._tell_size()

    def _set_size(self, columns: int, rows: int) -> None:
        fcntl.ioctl(self._slave, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def _tell_size(self) -> None:
        rows, columns = self._screen.lines, self._screen.columns
        os.write(self.master, f"\x1b[48;{rows};{columns};{rows * 20};{columns * 10}t".encode())

    @property
    def lines(self) -> list[str]:
        """What is shown, line by line."""
        # Not pyte's own `display`: it fails on the second half of a wide character that was written over.
        rows = (self._screen.buffer[row] for row in range(self._screen.lines))
        return ["".join(row[column].data for column in range(self._screen.columns)).rstrip() for row in rows]

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
        self._take(came)
        return at

    def _take(self, came: bytes) -> None:
        self.output += came
        for asked, answer in self._answers.items():
            if asked in came:
                os.write(self.master, answer)
        if self._modern and (b"\x1b[?2048h" in came or b"\x1b[?2048l" in came):
            self._in_band = came.rfind(b"\x1b[?2048h") > came.rfind(b"\x1b[?2048l")
            if self._in_band:
                self._tell_size()
        self._stream.feed(_POP_KEYBOARD.sub(b"", came))

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
                self._take(part)
                if seen(self):
                    for _later, rest in came[came.index((at, part)) + 1 :]:
                        self._take(rest)
                    return at - begun
        raise AssertionError(f"the terminal never showed what was awaited; it shows\n{self.text}")

    def until(self, seen: str | Callable[["Terminal"], bool], seconds: float = PATIENCE) -> float:
        """Wait until something is shown; returns when the bytes came that showed it."""
        holds = (lambda terminal: seen in terminal.text) if isinstance(seen, str) else seen
        begun = at = time.perf_counter()
        while not holds(self):
            left = begun + seconds - time.perf_counter()
            came = self.read(max(0.0, min(left, 0.1)))  # what is awaited need not be written
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
