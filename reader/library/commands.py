"""Commands of the person's own, run without a shell: what they are given is another's, never part of them."""

from __future__ import annotations

import shlex
import subprocess
import threading

from reader.library.answers import LibraryError
from reader.text import clean
from reader.words import _

_SECONDS = 60
"""For a command, after which it is ended."""
_GRACE = 5
"""Seconds that a command which is to end its work has once the program ends."""


class Commands:
    """The commands that are running; reached as `Library.commands`, safe to use from any thread."""

    def __init__(self) -> None:
        self._running: dict[subprocess.Popen[bytes], bool] = {}
        """Those that run, and whether they are lasting."""
        self._lock = threading.Lock()

    def run(self, command: str, *, given: str = "", argument: str | None = None, lasting: bool = False) -> str:
        """Run a command line with `given` on its standard input; returns what it said, cleaned.

        `argument` is its last; one that is `lasting` has some seconds to end its work when the program ends. Raises
        LibraryError, with what it complained of, where it can't be run or fails.
        """
        asked = [*split(command), *([argument] if argument is not None else [])]
        try:
            with subprocess.Popen(
                asked, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True
            ) as running:
                with self._lock:
                    self._running[running] = lasting
                try:
                    said, complained = running.communicate(given.encode(errors="replace"), timeout=_SECONDS)
                finally:
                    running.kill()
                    with self._lock:
                        self._running.pop(running, None)
        except (OSError, ValueError, subprocess.TimeoutExpired) as error:
            why = getattr(error, "strerror", None) or _("it took longer than {n} s").format(n=_SECONDS)
            raise LibraryError(f"{asked[0]}: {why}.") from None
        words = clean((said or complained).decode(errors="replace")).strip()
        if running.returncode:
            raise LibraryError(words or _("{command} failed.").format(command=asked[0]))
        return words

    def stop(self) -> None:
        """End those that are running, but for lasting ones, which have some seconds more; whoever waits goes on."""
        with self._lock:
            for running, lasting in self._running.items():
                if lasting:
                    later = threading.Timer(_GRACE, running.kill)
                    later.daemon = True
                    later.start()
                else:
                    running.kill()


def split(command: str) -> list[str]:
    """The words of a command line; raises LibraryError for what is none."""
    try:
        words = shlex.split(command)
    except ValueError as error:
        raise LibraryError(_("{command} is no command: {error}").format(command=command, error=error)) from None
    if not words:
        raise LibraryError(_("There is no command in it."))
    return words
