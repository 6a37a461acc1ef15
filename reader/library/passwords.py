"""Passwords that a command prints, so that none stands in a file of ours."""

from __future__ import annotations

import shlex
import threading
from concurrent.futures import Future
from subprocess import TimeoutExpired

from reader.library.programs import SECONDS, BrokenOff, Programs


class PasswordError(Exception):
    """No password could be had; the message is one plain sentence that holds none."""


class Passwords:
    """Asks each command once, and remembers what it printed as long as the program runs."""

    def __init__(self, programs: Programs, *, terminal: bool = False) -> None:
        """`terminal` lets commands ask the person on the terminal, which they can't where screens are drawn on it."""
        self._programs, self._terminal = programs, terminal
        self._asked: dict[str, Future[str]] = {}
        self._remembering = threading.Lock()
        """Never held while a command runs, for the network's loop wants it."""
        self._turn = threading.Lock()
        """One command asks at a time: a person can't answer two."""

    def printed_by(self, command: str) -> str:
        """The first line that a command prints; empty for no command. It is run without a shell."""
        return self.asked(command).result() if command else ""

    def asked(self, command: str) -> Future[str]:
        """What a command printed, or is going to; those who wait share it, and one that failed is asked again.

        The future fails with PasswordError. It can't be cancelled, for it is not one's own.
        """
        with self._remembering:
            asked = self._asked.get(command)
            if asked is None or (asked.done() and asked.exception()):
                asked = self._asked[command] = Future()
                asked.set_running_or_notify_cancel()
                # A thread of its own: a person takes time, in which whoever shares threads would go without.
                threading.Thread(target=self._ask, args=(command, asked), name="password", daemon=True).start()
            return asked

    def forget(self, command: str) -> None:
        """Ask a command again the next time: what it printed is no longer the password."""
        with self._remembering:
            if command in self._asked and self._asked[command].done():
                del self._asked[command]

    def _ask(self, command: str, asked: Future[str]) -> None:
        with self._turn:
            try:
                printed = self._first_line(command)
            except BaseException as error:
                asked.set_exception(error)
            else:
                asked.set_result(printed)

    def _first_line(self, command: str) -> str:
        try:
            run = self._programs.run(shlex.split(command), apart=not self._terminal)
        except BrokenOff:
            raise PasswordError("the command for its password was broken off") from None
        except TimeoutExpired:
            raise PasswordError(f"the command for its password took longer than {SECONDS} s") from None
        except (OSError, ValueError, IndexError) as error:
            why = getattr(error, "strerror", None) or error
            raise PasswordError(f"the command for its password can't be run: {why}") from None
        if run.returncode:
            raise PasswordError(f"the command for its password failed with status {run.returncode}")
        lines = run.stdout.decode("utf-8", "replace").splitlines()
        if not lines or not lines[0]:
            raise PasswordError("the command for its password printed none")
        return lines[0]
