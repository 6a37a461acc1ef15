"""The log: a clean line for each event, so that a person can see later why a feed failed; no secret stands in it."""

from __future__ import annotations

import logging
import os
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reader.library.crash import printed, without_secrets
from reader.text import shown_url

if TYPE_CHECKING:
    from reader.library.answers import Refreshed

LOG = logging.getLogger("newsreader")
LOG.setLevel(logging.INFO)
LOG.addHandler(logging.NullHandler())  # or without a log, warnings would go to standard error

_LARGEST = 1 << 20
"""Bytes of the file, and of each of the two before it."""
_LONGEST = 500
"""Characters of a line."""


@contextmanager
def kept(path: Path) -> Iterator[None]:
    """Keep the log in a file while this lasts; with it, what goes wrong in threads and what libraries warn of."""
    file = _File(path, maxBytes=_LARGEST, backupCount=2, encoding="utf-8", delay=True)
    file.setFormatter(_Line())
    root = logging.getLogger()
    root.addHandler(file)
    before = threading.excepthook, sys.unraisablehook
    threading.excepthook = sys.unraisablehook = _lost
    try:
        yield
    finally:
        threading.excepthook, sys.unraisablehook = before
        root.removeHandler(file)
        file.close()


@contextmanager
def refreshing() -> Iterator[Callable[[Refreshed], None]]:
    """Log what a refresh comes to: what it calls back with, or why it broke off."""
    try:
        yield _refreshed
    except Exception as error:
        LOG.error("The refresh broke off: %s", error)
        raise


def _refreshed(came: Refreshed) -> None:
    for feed, why in came.failed:
        LOG.warning("Feed %d failed: %s; %s, %s", feed.id, why, feed.title, shown_url(feed.url))
    for url, why in came.lists:
        LOG.warning("A list of feeds failed: %s; %s", why, shown_url(url))
    for feed, until in came.postponed:
        LOG.info("Feed %d was put off until %s; %s", feed.id, until.isoformat(timespec="minutes"), feed.title)
    LOG.info("Refreshed: %d checked, %d new, %d failed", came.checked, came.new, len(came.failed))


def _lost(lost: Any) -> None:
    """Something went wrong where nobody waits for it; Python would print it with all that its message says."""
    if lost.exc_value is not None:
        LOG.error("Something broke down in the background: %s", printed(lost.exc_value))


class _Line(logging.Formatter):
    """When, how bad and what, in one line."""

    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created).astimezone().isoformat(timespec="seconds")
        words = without_secrets(record.getMessage())
        if len(words) > _LONGEST:
            words = f"{words[: _LONGEST - 1]}…"
        error = record.exc_info[1] if record.exc_info else None
        return f"{at} {record.levelname.lower()} {words}" + (f" [{printed(error)}]" if error else "")


class _File(RotatingFileHandler):
    """Opened anew for each line, so that it can be turned while another program writes to it, too."""

    def _open(self) -> TextIOWrapper:
        path = Path(self.baseFilename)
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        number = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW, 0o600)
        return open(number, "a", encoding=self.encoding, errors="replace")  # noqa: PTH123 - a number is no path

    def emit(self, record: logging.LogRecord) -> None:
        super().emit(record)
        with suppress(OSError):
            if self.stream:
                self.stream.close()
        self.stream = None  # opened again by the next

    def handleError(self, record: logging.LogRecord) -> None:
        """A log that can't be written stops nothing, and is not complained of in the middle of a screen."""
