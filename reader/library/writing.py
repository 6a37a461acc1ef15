"""Files that are written whole or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path


def write_whole(path: Path, body: bytes) -> bool:
    """Write a file, readable to its owner, in the place of one of that name; False where it holds just that already.

    Raises OSError; whatever stops it, the file is then as it was. The folder must be there.
    """
    with suppress(OSError):
        if path.read_bytes() == body:
            return False
    part = _part(path.parent, body, sync=True)
    try:
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    _sync(path.parent)
    return True


def write_many(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write files of a folder, each whole or not at all, in the place of those of their names; raises OSError.

    All are on the disk before the first takes its place: to ask the disk once takes a tenth of asking it for each.
    """
    parts: dict[str, Path] = {}
    try:
        for name, body in files.items():
            parts[name] = _part(folder, body, sync=False)
        if parts:
            os.sync()
        for name, part in parts.items():
            part.replace(folder / name)
    finally:
        for part in parts.values():
            part.unlink(missing_ok=True)
    _sync(folder)


def _part(folder: Path, body: bytes, *, sync: bool) -> Path:
    """A new file of a name that nobody has, with what is to be written."""
    number, name = tempfile.mkstemp(dir=folder, prefix=".newsreader-", suffix=".part")
    try:
        with open(number, "wb") as file:  # noqa: PTH123 - a number is no path
            file.write(body)
            if sync:
                file.flush()
                os.fsync(file.fileno())
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return Path(name)


def _sync(folder: Path) -> None:
    """Make sure of a folder's names, or a power cut could take them back; some file systems can't be asked."""
    with suppress(OSError):
        number = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(number)
        finally:
            os.close(number)
