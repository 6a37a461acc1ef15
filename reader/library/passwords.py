"""Passwords that a command prints, so that none stands in a file of ours."""

from __future__ import annotations

import shlex
import subprocess
import threading

_SECONDS = 60
"""A person may have to unlock what keeps their passwords."""


class PasswordError(Exception):
    """No password could be had; the message is one plain sentence that holds none."""


class Passwords:
    """Asks each command once, and remembers what it printed as long as the program runs."""

    def __init__(self) -> None:
        self._known: dict[str, str] = {}
        self._asking = threading.Lock()

    def printed_by(self, command: str) -> str:
        """The first line that a command prints; empty for no command. It is run without a shell."""
        if not command:
            return ""
        with self._asking:
            if command not in self._known:
                self._known[command] = _first_line(command)
            return self._known[command]

    def forget(self, command: str) -> None:
        """Ask a command again the next time: what it printed is no longer the password."""
        with self._asking:
            self._known.pop(command, None)


def _first_line(command: str) -> str:
    try:
        words = shlex.split(command)
        run = subprocess.run(words, stdin=subprocess.DEVNULL, capture_output=True, timeout=_SECONDS, check=False)
    except subprocess.TimeoutExpired:
        raise PasswordError(f"the command for its password took longer than {_SECONDS} s") from None
    except (OSError, ValueError, IndexError) as error:
        why = getattr(error, "strerror", None) or error
        raise PasswordError(f"the command for its password can't be run: {why}") from None
    if run.returncode:
        raise PasswordError(f"the command for its password failed with status {run.returncode}")
    lines = run.stdout.decode("utf-8", "replace").splitlines()
    if not lines or not lines[0]:
        raise PasswordError("the command for its password printed none")
    return lines[0]
