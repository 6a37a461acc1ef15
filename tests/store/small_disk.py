"""What the commands say on a disk that gets full; run by test_disk_full.py where such a disk is mounted.

python small_disk.py HOME POINTS PAGE      # HOME is the disk, HOME/out another; PAGE, of the library, is damaged
"""

import contextlib
import io
import json
import os
import sys
from pathlib import Path

from reader import config
from reader.cli import main

HOME = Path(sys.argv[1])
LIBRARY, BALLAST, OUT = HOME / "library.sqlite", HOME / "ballast", HOME / "out"
FULL = f"The disk is full: the library {LIBRARY} could not be written; free some space and try again."
NO_SPACE = "can't be written: No space left on device."
TO_OPEN = 2**17
"""Bytes that do to open a library."""


def command(*words: str | Path) -> tuple[int, str, str]:
    """Run a command: its exit code and what it prints and says."""
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8") for _ in range(2))
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = main([*map(str, words), "--library", str(LIBRARY), "--config", str(HOME / "config.toml")])
        out.flush()
        err.flush()
    return code, out.buffer.getvalue().decode(), err.buffer.getvalue().decode()


def quietly(*words: str | Path) -> str:
    """What a command that must go well prints."""
    code, out, said = command(*words)
    assert (code, said) == (0, ""), said
    return out


def free(disk: Path = HOME) -> int:
    found = os.statvfs(disk)
    return found.f_bavail * found.f_frsize


def leave(room: int) -> None:
    """Fill the disk but for some bytes."""
    BALLAST.unlink(missing_ok=True)
    BALLAST.write_bytes(bytes(max(0, free() - room)))


def renew(before: bytes) -> None:
    """Put the library back to what it was."""
    BALLAST.unlink(missing_ok=True)
    for left in HOME.glob("library.sqlite*"):
        left.unlink()
    LIBRARY.write_bytes(before)


def read() -> tuple[str, str]:
    """What is read of the library."""
    return quietly("list", "--json"), quietly("saved", "list", "--json")


def refreshes(before: bytes, points: int) -> str:
    """Refresh with less and less room; what came of it."""
    was, room = read(), free()
    quietly("refresh", "--force", "--quiet")
    grows, grown = room - free(), read()
    count = len(json.loads(grown[0]))
    assert count > len(json.loads(was[0]))
    refused = 0
    for point in range(points):
        renew(before)
        left = grows * point // points
        leave(left)
        code, _, said = command("refresh", "--force", "--quiet")
        if code == 0:  # SQLite can do with less than it takes where it may
            assert said == ""
        else:
            refused += 1
            assert (code, said) == (1, f"newsreader: {FULL}\n"), said
            if left > TO_OPEN:
                assert read() == was, "reading goes on"
        BALLAST.unlink()
        assert read() == was or code == 0
        quietly("refresh", "--force", "--quiet")
        assert len(json.loads(quietly("list", "--json"))) == count, "writing goes on when there is room"
        assert read()[1] == was[1]
    assert refused >= points // 2
    assert quietly("unread", "--count").strip() == str(count)
    return f"{refused} of {points} points of a refresh that takes {grows >> 10} KB"


def outputs() -> None:
    """Give things out onto a disk that takes nothing."""
    page = HOME / "page.html"
    page.write_text("<p>A page of some words that reads badly.</p>" * 400)
    (OUT / "old.md").write_text("what was there")
    (OUT / "config.toml").write_text("[refresh]\non_start = false\n")
    (OUT / "ballast").write_bytes(bytes(free(OUT)))

    def files() -> dict[Path, bytes]:
        return {path: path.read_bytes() for path in OUT.rglob("*") if path.is_file()}

    there = files()
    for words, says in (
        (["backup", OUT / "copy.sqlite"], f"The disk is full: the library {OUT / 'copy.sqlite'} could not be written"),
        (["saved", "export", "-o", OUT / "old.md"], f"{OUT / 'old.md'} {NO_SPACE}"),
        (["saved", "export", "--notes", OUT / "notes"], f"{OUT / 'notes'} {NO_SPACE}"),
        (["export", OUT / "feeds.opml"], f"{OUT / 'feeds.opml'} {NO_SPACE}"),
        (["report", page, "--output", OUT / "report.zip"], f"{OUT / 'report.zip'} {NO_SPACE}"),
    ):
        code, _, said = command(*words)
        assert (code, said.count("\n"), says in said) == (1, 1, True), said
    said = ""
    try:
        config.save(OUT / "config.toml", "refresh", "on_start", True)
    except config.ConfigError as error:
        said = str(error)
    assert said == f"The configuration {OUT / 'config.toml'} {NO_SPACE}"
    assert files() == there, "nothing half written, nothing taken away"


def salvage(before: bytes, page: int) -> None:
    """A damaged library stays as it is where what can be read of it has no room."""
    renew(before)
    size = int.from_bytes(before[16:18], "big")
    LIBRARY.write_bytes(before[: (page - 1) * size] + b"\xa5" * size + before[page * size :])
    damaged = LIBRARY.read_bytes()
    leave(TO_OPEN)
    code, _, said = command("doctor", "--mend")
    assert (code, "The disk is full" in said) == (1, True), said
    assert LIBRARY.read_bytes() == damaged
    assert not list(HOME.glob("*salvaged*"))
    BALLAST.unlink()
    code, out, _ = command("doctor", "--mend")
    assert (code, "highlights 1" in out) == (1, True), out


if __name__ == "__main__":  # worker processes import this again
    (HOME / "config.toml").write_text('[network]\nallow_private = ["127.0.0.0/8"]\n')
    whole = LIBRARY.read_bytes()
    print(refreshes(whole, int(sys.argv[2])))
    outputs()
    salvage(whole, int(sys.argv[3]))
