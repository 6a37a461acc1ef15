"""Telling the person on their desktop what a rule found."""

from __future__ import annotations

import html
import os
import shutil
import subprocess
from contextlib import suppress

_SESSION = ("DISPLAY", "WAYLAND_DISPLAY", "DBUS_SESSION_BUS_ADDRESS")


def on_desktop(title: str, words: str) -> bool:
    """Show a notification by `notify-send`; False where there is no desktop to show it on.

    Its words are plain text: what looks like markup in them is shown as it is.
    """
    program = shutil.which("notify-send")
    if program is None or not any(map(os.environ.get, _SESSION)):
        return False
    with suppress(OSError, subprocess.TimeoutExpired):
        command = [program, "--app-name=newsreader", "--", title, html.escape(words, quote=False)]
        subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=5, check=False)
        return True
    return False
