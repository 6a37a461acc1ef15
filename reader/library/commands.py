"""Commands of the person's own, run without a shell: what they are given is another's, never part of them."""

from __future__ import annotations

import shlex
from subprocess import TimeoutExpired

from reader.library.answers import LibraryError
from reader.library.programs import SECONDS, BrokenOff, Programs
from reader.text import clean
from reader.words import _

_GRACE = 5
"""Seconds that a command which is to end its work has once the program ends."""


class Commands:
    """What runs the person's commands; reached as `Library.commands`, safe to use from any thread."""

    def __init__(self, programs: Programs) -> None:
        self._programs = programs

    def run(self, command: str, *, given: str = "", argument: str | None = None, lasting: bool = False) -> str:
        """Run a command line with `given` on its standard input; returns what it said, cleaned.

        `argument` is its last; one that is `lasting` has some seconds to end its work when the program ends. Raises
        LibraryError, with what it complained of, where it can't be run or fails.
        """
        asked = [*split(command), *([argument] if argument is not None else [])]
        try:
            ran = self._programs.run(asked, given=given.encode(errors="replace"), grace=_GRACE if lasting else 0)
        except BrokenOff:
            raise LibraryError("It was broken off, for the library is being closed.") from None
        except (OSError, ValueError, TimeoutExpired) as error:
            why = getattr(error, "strerror", None) or _("it took longer than {n} s").format(n=SECONDS)
            raise LibraryError(f"{asked[0]}: {why}.") from None
        words = clean((ran.stdout or ran.stderr).decode(errors="replace")).strip()
        if ran.returncode:
            raise LibraryError(words or _("{command} failed.").format(command=asked[0]))
        return words


def split(command: str) -> list[str]:
    """The words of a command line; raises LibraryError for what is none."""
    try:
        words = shlex.split(command)
    except ValueError as error:
        raise LibraryError(_("{command} is no command: {error}").format(command=command, error=error)) from None
    if not words:
        raise LibraryError(_("There is no command in it."))
    return words
