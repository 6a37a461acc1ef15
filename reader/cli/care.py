"""The commands that keep a library well."""

from __future__ import annotations

import argparse
import contextlib
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from reader.cli.commands import Commands, duration
from reader.cli.output import FAILED, OK, Failure, count, library_path, opened, settings, tell

if TYPE_CHECKING:
    from reader.store.store import Store

_KIB = 1024
_DAY = timedelta(days=1)


def offer(commands: Commands) -> None:
    """Declare them."""
    one = commands.add("doctor", examine, "look for faults in the library", _DOCTOR_EXAMPLES)
    text = "make the indexes anew; of a file that stays damaged, save what can be read into a new one beside it"
    one.add_argument("--mend", action="store_true", help=text)
    one = commands.add("backup", back_up, "write a copy of the library into a new file, while it is in use too")
    one.add_argument("file", metavar="FILE", type=Path, help="the new file")
    one = commands.add("cleanup", clean_up, "let go of old articles, and give back the space", _CLEANUP_EXAMPLES)
    one.add_argument(
        "--keep",
        type=duration,
        metavar="TIME",
        help="how long articles are kept that you did not save, tag or save from, from 1d on; if not given,"
        " as configured",
    )


def examine(arguments: argparse.Namespace) -> int:
    """Look for faults, and mend them if asked to."""
    from reader import config
    from reader.library import log

    path = library_path(arguments)
    found = _faults(path)
    tell(f"The log is {config.log_path()}; reports of crashes are put into {config.crashes_path()}.")
    if not found:
        print(f"The library {path} is well.")
        return OK
    for fault in found:
        print(fault)
    if not arguments.mend:
        tell("newsreader doctor --mend makes the indexes anew, and of a damaged file a new one of what can be read.")
        return FAILED
    if not _faults(path, mend=True):
        print("It is mended.")
        with log.kept(config.log_path()):
            log.LOG.warning("Mended: %s", " ".join(found))
        return OK
    _salvage(path)
    with log.kept(config.log_path()):
        log.LOG.warning("Damaged, and what could be read saved into a new library: %s", " ".join(found))
    return FAILED


def _faults(path: Path, *, mend: bool = False) -> list[str]:
    """What is wrong with a library, or what was left wrong when it was to be mended."""
    from reader.store.schema import StoreError, StoreRefused, StoreUnavailable
    from reader.store.store import Store

    try:
        with contextlib.closing(Store(path)) as store:
            return store.care.mend() if mend else store.care.faults()
    except (StoreRefused, StoreUnavailable):
        raise
    except StoreError as error:
        return [str(error)]


def _salvage(path: Path) -> None:
    """Save what can be read of a damaged library into a new one beside it."""
    from reader.library.library import utc_now
    from reader.store.care import salvage

    to = path.with_name(f"{path.stem}-salvaged-{utc_now():%Y%m%d-%H%M%S}{path.suffix}")
    rows = salvage(path, to)
    came = ", ".join(f"{name} {number:,}" for name, number in rows.items() if number)
    print(f"It can't be mended. {to} holds what could be read of it: {came}.")
    tell(f"{path} was left as it is; put the new file in its place, or name it with --library.")


def back_up(arguments: argparse.Namespace) -> int:
    """Write a copy of the library."""
    with opened(arguments) as library:
        try:
            library.store.care.backup(arguments.file)
        except (OSError, ValueError) as error:  # a name that no file can have
            why = getattr(error, "strerror", None) or "it is no name of a file"
            raise Failure(f"{arguments.file} can't be written: {why}.") from None
    print(f"{arguments.file} is a copy of the library, of {_size(arguments.file.stat().st_size)}.")
    return OK


def clean_up(arguments: argparse.Namespace) -> int:
    """Let go of what is old."""
    keep = arguments.keep or settings(arguments).library.keep
    if keep and keep < _DAY:
        raise Failure("Articles are kept for a day at least; name a time such as 30d.")
    with opened(arguments) as library:
        store: Store = library.store
        gone = store.care.forget(before=library.now() - keep) if keep else 0
        smaller = store.care.tidy()
    if keep is None:
        tell("Articles are kept for ever, as nothing else is configured; --keep 90d lets go of older ones.")
    went = f"{count(gone, 'article')} let go" if keep else "No article was let go"
    print(f"{went}; the library is {_size(smaller) if smaller > 0 else 'no'} smaller.")
    return OK


def _size(size: float) -> str:
    """A number of bytes as a person reads it."""
    for unit in ("bytes", "KB", "MB"):
        if size < _KIB:
            return f"{size:,.0f} {unit}"
        size /= _KIB
    return f"{size:,.1f} GB"


_DOCTOR_EXAMPLES = """\
  newsreader doctor             exit code 1 when something is wrong
  newsreader doctor --mend
"""
_CLEANUP_EXAMPLES = """\
  newsreader cleanup --keep 90d
  newsreader cleanup            as [library] keep says
"""
