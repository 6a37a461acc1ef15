"""What is left of a crash: a sentence for the person, and a report with no secret in it for whoever mends it."""

from __future__ import annotations

import os
import platform
import re
import shutil
import sysconfig
import traceback
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from reader import __version__
from reader.text import one_line

REPORT_TO = "https://pypi.org/project/newsreader-tui/"
_KEPT = 10
"""Reports that are kept."""
_MESSAGE = 200
"""Characters of an exception's message."""
_READ = 4000
"""Characters of words that are looked at."""
_OUTER, _INNER = 15, 25
"""Frames of a long traceback that are told."""
_CHAINED = 10
"""Exceptions that led to one another, or notes of one, that are told."""

# A password may hold a slash though an address may not: everything up to the @ goes, once there is a colon before it.
_CREDENTIALS = re.compile(r"(?<=://)(?:[^\s/@]*:\S*|[^\s/@]*)@")
_QUERY = re.compile(r"(?<=://)([^\s?#\"'<>]*)[?#][^\s\"'<>]*")
_NAMED = re.compile(
    r"\b(authorization|cookie|passw(?:or)?d|secret|token|api[_-]?key)(['\"]?\s*[:=]).*", re.IGNORECASE | re.DOTALL
)
_QUOTED_PATH = re.compile(r"(['\"])(?:/|~|[A-Za-z]:\\).*?\1")
_PATH = re.compile(r"(?<![\w:/.])(?:~?/|[A-Za-z]:\\)[^\s'\":,;]+")
_QUOTED_TEXT = re.compile(r"(?<!\w)(?:'[^']{40,}'(?!\w)|\"[^\"]{40,}\"|“[^”]{40,}”)")


def without_secrets(words: str) -> str:
    """Words as one clean line, without what addresses in them carry beside host and path, and without named secrets."""
    if len(words) > _READ:
        words = words[:_READ].rpartition(" ")[0]  # an address that is cut off would hide what in it is a password
    return _NAMED.sub(r"\1\2 …", _QUERY.sub(r"\1?…", _CREDENTIALS.sub("", one_line(words))))


def told(what: str, error: BaseException, folder: Path, *, library: Path | None = None) -> str:
    """Write a report of a crash into `folder`; returns what broke down, what is safe, how to tell of it."""
    kind = one_line(type(error).__name__)
    try:
        path = _write(_report(what, error, library), folder)
    except OSError as refused:
        return (
            f"{what} broke down ({kind}); nothing that was saved is lost. No report of it could be written:"
            f" {refused.strerror or refused}."
        )
    return (
        f"{what} broke down ({kind}); nothing that was saved is lost. To report it, look through {path}"
        f" and send it with an issue at {REPORT_TO}."
    )


def trace(error: BaseException) -> str:
    """How an exception came about: places in programs, lines, and messages without secrets; no values and no code."""
    chain = [error]
    while len(chain) < _CHAINED and (before := _before(chain[-1])) and before not in chain:
        chain.append(before)
    return "which led to\n".join("".join(f"{line}\n" for line in _told(one)) for one in reversed(chain))


def _before(error: BaseException) -> BaseException | None:
    return error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def _told(error: BaseException) -> Iterator[str]:
    frames = [
        f"  {_place(frame.f_code.co_filename)}:{line} in {one_line(frame.f_code.co_qualname)}"
        for frame, line in traceback.walk_tb(error.__traceback__)
    ]
    if (left := len(frames) - _OUTER - _INNER) > 0:
        frames[_OUTER:-_INNER] = [f"  … {left} more"]
    yield from frames
    yield f"{one_line(type(error).__name__)}: {_message(error)}".removesuffix(": ")
    for note in getattr(error, "__notes__", ())[:_CHAINED]:
        yield from (f"  | {_impersonal(line)}" for line in str(note).splitlines()[: _OUTER + _INNER + _CHAINED])
    if isinstance(error, BaseExceptionGroup):
        for one in error.exceptions[:_CHAINED]:
            yield from (f"  + {line}" for line in trace(one).splitlines())


def _message(error: BaseException) -> str:
    try:
        return _impersonal(str(error))
    except Exception:  # a message that can't be had is no reason to have no report
        return "(its message can't be read)"


def _impersonal(words: str) -> str:
    """A message without secrets, places on the person's disk and longer quotes, which may be the news."""
    words = _QUOTED_TEXT.sub("“…”", without_secrets(words))
    return _PATH.sub("(a path)", _QUOTED_PATH.sub("(a path)", words))[:_MESSAGE]


def _place(file: str) -> str:
    """A file of a program, as it is called on every computer."""
    roots = (str(Path(__file__).parents[2]), *map(sysconfig.get_path, ("purelib", "platlib", "stdlib")))
    for root in sorted(roots, key=len, reverse=True):
        if file.startswith(f"{root}{os.sep}"):
            return one_line(file[len(root) + 1 :]).replace("\\", "/")
    return one_line(Path(file).name)


def _report(what: str, error: BaseException, library: Path | None) -> str:
    terminal = shutil.get_terminal_size()
    sizes = [f"terminal {terminal.columns} x {terminal.lines}"]
    with suppress(OSError):
        if library:
            sizes.append(f"library {library.stat().st_size:,} bytes")
    return "\n".join(
        (
            f"{what} broke down, {datetime.now().astimezone().isoformat(timespec='seconds')}",
            f"newsreader {__version__}, Python {platform.python_version()}, {platform.platform()}",
            ", ".join(sizes),
            "",
            trace(error),
        )
    )


def _write(report: str, folder: Path) -> Path:
    """Put a report into a file of its own, for nobody else to read; the oldest go."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / f"crash-{datetime.now():%Y%m%d-%H%M%S-%f}-{os.getpid()}.txt"
    number = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with open(number, "w", encoding="utf-8", errors="replace") as file:  # noqa: PTH123 - a number is no path
        file.write(report)
    for old in sorted(folder.glob("crash-*.txt"))[:-_KEPT]:
        old.unlink(missing_ok=True)
    return path


def printed(error: BaseException) -> str:
    """A crash in one line, for a log: what it was and where."""
    frames = list(traceback.walk_tb(error.__traceback__))
    at = f" at {_place(frames[-1][0].f_code.co_filename)}:{frames[-1][1]}" if frames else ""
    return f"{one_line(type(error).__name__)}{at}"
