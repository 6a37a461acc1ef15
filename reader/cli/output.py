"""What the commands share: where things are, how results and failures are written."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reader.text import escaped, one_line

if TYPE_CHECKING:
    from tqdm import tqdm

    from reader.config import Settings
    from reader.library.library import Library

OK, FAILED, USAGE, SOME_FAILED, UNAVAILABLE = range(5)


class Failure(Exception):
    """The command can't go on; the message is one plain sentence."""


def tell(words: str) -> None:
    """Say something on standard error, as one clean line."""
    print(one_line(f"newsreader: {words}"), file=sys.stderr)


def count(number: int, noun: str) -> str:
    """A number with its noun: "1 feed", "2 feeds", "3 entries"."""
    plural = f"{noun[:-1]}ies" if noun.endswith("y") else f"{noun}s"
    return f"{number:,} {noun if number == 1 else plural}"


def local(instant: datetime) -> str:
    """An instant in the person's own time zone."""
    return f"{instant.astimezone():%Y-%m-%d %H:%M}"


def progress(total: int, noun: str, *, quiet: bool = False) -> tqdm[Any]:
    """A bar of what is done on standard error, where that is a terminal."""
    from tqdm import tqdm

    return tqdm(total=total, unit=noun, leave=False, disable=quiet or not sys.stderr.isatty())


def settings(arguments: argparse.Namespace) -> Settings:
    """The person's settings, from `--config` if it was given."""
    from reader import config

    path = getattr(arguments, "config", None)
    return config.load(path or config.config_path(), required=path is not None)


def library_path(arguments: argparse.Namespace, *, new: bool = False) -> Path:
    """Where the person's library is; one that is not there is refused, unless a `new` one may be made."""
    from reader import config

    path: Path = getattr(arguments, "library", None) or config.library_path()
    if not new and not path.exists():
        raise Failure(f"There is no library at {path} yet; newsreader add URL begins one.")
    return path


def opened(arguments: argparse.Namespace, *, new: bool = False, terminal: bool = True) -> Library:
    """The person's library; where there is none, a `new` one is made only by commands that fill it.

    Commands for passwords may ask on the `terminal` unless it is another's to draw on.
    """
    from reader import config
    from reader.library.library import Library

    own = settings(arguments)
    path = library_path(arguments, new=new)
    return Library(path, settings=own, pictures=config.pictures_path(), terminal=terminal)


def read_bytes(name: str) -> bytes:
    """The bytes of a file, or of standard input for "-"."""
    try:
        return sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
    except (OSError, ValueError) as error:
        raise Failure(f"{name} can't be read: {getattr(error, 'strerror', None) or error}.") from None


def write_json(value: Any) -> None:
    """Write one JSON document, indented for a person when one is looking."""
    value = list(value) if isinstance(value, Iterator) else value
    _print(value, indent=2 if sys.stdout.isatty() else None)


def write_line(value: Any) -> None:
    """Write one line of JSON Lines, at once."""
    _print(value, indent=None)
    sys.stdout.flush()


def _print(value: Any, *, indent: int | None) -> None:
    # What a line is known by goes out as it came, whatever it holds, and a terminal may be what reads it.
    text = escaped(json.dumps(value, ensure_ascii=False, indent=indent)) + "\n"
    sys.stdout.buffer.write(text.encode())
