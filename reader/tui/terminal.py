"""The terminal: what it is like, asked before the app has it, and how it is left."""

from __future__ import annotations

import asyncio
import os
import re
import select
import sys
import termios
import time
import tty
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, TextIO

from textual.app import App
from textual.drivers.linux_driver import LinuxDriver

_ASK = b"\x1b]11;?\x1b\\\x1b[c"
"""What is your background, and what are you? All answer the second question, so that we need not wait for the first."""
_DONE = re.compile(rb"\x1b\[\?[\d;]*c")
_BACKGROUND = re.compile(rb"\x1b\]11;(?:rgba?:|#)([0-9a-fA-F/]{6,19})(?:\x07|\x1b\\)")
_WAIT, _WAIT_FAR = 0.1, 1.0
"""Seconds. What answers later would be taken for keys, so a terminal at the other end of a line gets longer."""


def is_dark(environment: Mapping[str, str] = os.environ, *, given: int | None = None, shown: int | None = None) -> bool:
    """Whether the terminal's background is dark, as far as it can be told; asks the terminal, and waits 0.1 s at most.

    Keys that are typed at that moment are lost. Over SSH it waits for a second at most.
    """
    far = "SSH_CONNECTION" in environment or "SSH_TTY" in environment
    if environment.get("TERM", "dumb") not in ("dumb", "linux"):
        given = sys.stdin.fileno() if given is None else given
        shown = sys.stdout.fileno() if shown is None else shown
        if (light := _asked(given, shown, _WAIT_FAR if far else _WAIT)) is not None:
            return not light
    # As rxvt, Konsole and others set it: the number of the foreground's colour, then the background's.
    number = environment.get("COLORFGBG", "").rpartition(";")[2]
    return number not in ("7", "9", "10", "11", "12", "13", "14", "15")


def _asked(given: int, shown: int, wait: float) -> bool | None:
    """Whether the terminal says that its background is light; None where it does not say."""
    if not (os.isatty(given) and os.isatty(shown)):
        return None
    try:
        before = termios.tcgetattr(given)
        try:
            tty.setcbreak(given, termios.TCSANOW)
            os.write(shown, _ASK)
            said = _read(given, wait)
        finally:
            termios.tcsetattr(given, termios.TCSANOW, before)
    except (OSError, termios.error):
        return None
    match = _BACKGROUND.search(said)
    return is_light(match[1].decode()) if match else None


def _read(given: int, wait: float) -> bytes:
    said, end = b"", time.monotonic() + wait
    while not _DONE.search(said) and len(said) < 4096 and (left := end - time.monotonic()) > 0:
        if not select.select([given], [], [], left)[0] or not (more := os.read(given, 1024)):
            break
        said += more
    return said


def is_light(colour: str) -> bool:
    """Whether a colour as X has it, of one to four hexadecimal digits a part, is nearer to white than to black."""
    parts = colour.split("/")[:3] if "/" in colour else [colour[at : at + 2] for at in (0, 2, 4)]
    if len(parts) < 3 or not all(parts):
        return False
    red, green, blue = (int(part, 16) / int("f" * len(part), 16) for part in parts)
    return 0.299 * red + 0.587 * green + 0.114 * blue > 0.5


class _Output:
    """What a terminal is written to by, until it is gone: Textual would wait for ever for a writer that died of it."""

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self.fileno = file.fileno

    def write(self, text: str) -> None:
        with suppress(OSError):
            self._file.write(text)

    def flush(self) -> None:
        with suppress(OSError):
            self._file.flush()


class TerminalDriver(LinuxDriver):
    """Leaves the terminal as it was where Textual's own does not."""

    def __init__(self, app: App[Any], **more: Any) -> None:
        super().__init__(app, **more)
        self._file: Any = _Output(self._file) if self._file else None

    def _run_input_thread(self) -> None:
        try:
            self.run_input_thread()
        except Exception as error:  # Textual would print every frame with its values, and end as if all were well
            self._app.call_later(self._app._handle_exception, error)

    def stop_application_mode(self) -> None:
        """Leave the terminal as it was."""
        self.disable_input()  # first, for what the terminal answers at this moment would turn a mode on again
        self.write("\x1b]22;\x07")  # the mouse's pointer, which lies on a line to type in perhaps
        super().stop_application_mode()

    def resume_application_mode(self) -> None:
        """Also for who was stopped without being asked to leave the terminal first, as by SIGSTOP."""
        if self._writer_thread and self._writer_thread.is_alive():
            # Not at once: this is a signal's handler, and what it interrupted may be writing.
            asyncio.get_running_loop().call_soon_threadsafe(self._begin_anew)
        else:
            super().resume_application_mode()

    def _begin_anew(self) -> None:
        if self._app.is_running and not self._app._exit:
            self.suspend_application_mode()
            self.start_application_mode()  # type: ignore[no-untyped-call]
