"""Files that are written whole or not at all."""

from __future__ import annotations

import os
import stat
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from reader.store.schema import sync


def write_whole(path: Path, body: bytes) -> bool:
    """Write a file whole in the place of one of that name; False where it holds just that already.

    A link stays one and the file that it leads to is written; who may read a file stays, and a new one is readable to
    its owner. What is no file, such as a pipe or /dev/stdout, is written to as it is. Raises OSError; whatever stops
    it, a file is then as it was. The folder must be there.
    """
    there = _there(path)
    if there and (not stat.S_ISREG(there.st_mode) or _is_open(path)):
        number = os.open(path, os.O_WRONLY | os.O_APPEND)
        with open(number, "wb") as stream:  # noqa: PTH123 - a number is no path
            stream.write(body)
        return True
    target = Path(os.path.realpath(path))
    if there and there.st_size == len(body):
        with suppress(OSError):
            if target.read_bytes() == body:
                return False
    part = _part(target.parent, body, mode=_mode(there), sync=True)
    try:
        part.replace(target)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    sync(target.parent)
    return True


def write_many(folder: Path, files: Mapping[str, bytes]) -> tuple[str, ...]:
    """Write files of a folder, each whole or not at all, in the place of those of their names; raises OSError.

    Returns the names of those left alone, for what is there is no file but a link or the like: who put it there may
    mean to have another file written. All are on the disk before the first takes its place: to ask the disk once takes
    a tenth of asking it for each.
    """
    parts: dict[str, Path] = {}
    left: list[str] = []
    try:
        for name, body in files.items():
            there = _there(folder / name, follow=False)
            if there and not stat.S_ISREG(there.st_mode):
                left.append(name)
            else:
                parts[name] = _part(folder, body, mode=_mode(there), sync=False)
        if parts:
            os.sync()
        for name, part in parts.items():
            part.replace(folder / name)
    finally:
        for part in parts.values():
            part.unlink(missing_ok=True)
    sync(folder)
    return tuple(left)


def _there(path: Path, *, follow: bool = True) -> os.stat_result | None:
    """What is there by now."""
    try:
        return path.stat(follow_symlinks=follow)
    except FileNotFoundError:
        return None


def _is_open(path: Path) -> bool:
    """Whether a path names what a program has open, as /dev/stdout does: its file must not change under it."""
    return path.is_symlink() and Path(os.path.realpath(path.parent)).parts[1:2] in (("dev",), ("proc",))


def _mode(there: os.stat_result | None) -> int:
    return there.st_mode & 0o777 if there else 0o600


def _part(folder: Path, body: bytes, *, mode: int, sync: bool) -> Path:
    """A new file of a name that nobody has, with what is to be written."""
    number, name = tempfile.mkstemp(dir=folder, prefix=".newsreader-", suffix=".part")
    try:
        with open(number, "wb") as file:  # noqa: PTH123 - a number is no path
            file.write(body)
            Path(name).chmod(mode)
            if sync:
                file.flush()
                os.fsync(file.fileno())
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return Path(name)
