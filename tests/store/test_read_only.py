"""A library that can't be written, or is none: one plain sentence by store, commands and reader (33)."""

import contextlib
import io
import os
import sqlite3
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from arrivals import NOW, arrival, filled, highlight
from terminal import Terminal, newsreader

from reader.cli import main
from reader.store.schema import StoreError
from reader.store.store import Store

pytestmark = pytest.mark.scorecard(33)

NOBODY = 65534
SHAPES = {
    "folder and file": (0o555, 0o444, "read-only"),
    "the file": (0o777, 0o444, "read-only"),
    "the folder": (0o555, 0o666, "read-only"),
    "another's": (0o755, 0o000, "may not read"),
}
COMMANDS = (["list"], ["refresh"], ["doctor"], ["mark", "read", "ferry"], [])
"""The last opens the reader."""


def as_another(do: Callable[[], str]) -> str:
    """What a function returns when another user calls it, or we without the rights of root."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            if os.geteuid() == 0:
                os.setgroups([])
                os.setgid(NOBODY)
                os.setuid(NOBODY)
            answer = do()
        except BaseException as error:  # whatever it is, it is to be told, and this process must end
            answer = f"raised {type(error).__name__}: {error}"
        os.write(writing, answer.encode())
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as told:
        answer = told.read().decode()
    os.waitpid(child, 0)
    return answer


def in_store(path: Path) -> str:
    try:
        with contextlib.closing(Store(path)) as store:
            store.mark([1], read=True, now=NOW)
    except StoreError as error:
        return str(error)
    return "it was written"


def by_command(path: Path, *words: str) -> str:
    """The exit code of a command and what it says."""
    out = io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
    err = io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
    sys.stdout, sys.stderr = out, err
    code = main([*words, "--library", str(path)])
    out.flush()
    err.flush()
    return f"{code} {out.buffer.getvalue().decode()}{err.buffer.getvalue().decode()}"


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory) -> None:
    """All that the commands import, which another user may not be able to read."""
    path = tmp_path_factory.mktemp("imported") / "library.sqlite"
    with contextlib.closing(Store(path)) as store:
        filled(store, arrival("1"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HOME", str(path.parent))
        for words in COMMANDS[:-1]:
            main([*words, "--library", str(path)])


@pytest.fixture
def path(tmp_path: Path) -> Path:
    for folder in (tmp_path, *tmp_path.parents):  # pytest's own are closed to others
        if folder.stat().st_uid == os.geteuid() and str(folder).startswith("/tmp/"):
            folder.chmod(folder.stat().st_mode | 0o011)
    path = tmp_path / "data" / "library.sqlite"
    with contextlib.closing(Store(path)) as store:
        _, (entry_id,) = filled(store, arrival("1"))
        store.highlights.add(highlight(entry_id))
    return path


@pytest.mark.parametrize("shape", SHAPES)
def test_a_library_that_is_read_only_is_said_in_one_sentence_and_left_as_it_is(
    path: Path,
    shape: str,
    imported: None,
    monkeypatch: pytest.MonkeyPatch,
    record_property: Callable[[str, object], None],
):
    folder, file, says = SHAPES[shape]
    monkeypatch.setenv("HOME", str(path.parent.parent))
    before = path.read_bytes()
    path.chmod(file)
    path.parent.chmod(folder)
    try:
        said = [as_another(lambda: in_store(path))]
        for words in COMMANDS:
            code, _, line = as_another(lambda words=words: by_command(path, *words)).partition(" ")
            assert code == "1", line
            said.append(line.removeprefix("newsreader: ").removesuffix("\n"))
        assert set(said) == {said[0]}, "the same everywhere"
        assert says in said[0]
        assert str(path) in said[0]
        assert said[0].endswith("--library.")
        assert (said[0].count(". "), said[0].isprintable()) == (0, True)
    finally:
        path.parent.chmod(0o755)
        path.chmod(0o600)
    assert path.read_bytes() == before
    assert [one.name for one in path.parent.iterdir()] == ["library.sqlite"], "nothing stands in its owner's way"
    assert in_store(path) == "it was written"
    record_property(
        "figure", f"{len(SHAPES)} read-only shapes, the store and {len(COMMANDS)} commands each: one sentence"
    )


def foreign(place: Path) -> None:
    with contextlib.closing(sqlite3.connect(place)) as db:
        db.execute("CREATE TABLE recipes (name)")
        db.commit()


NONE = {
    "foreign": (foreign, "is a database of another program; name another with --library."),
    "notes": (
        lambda place: place.write_text("only text, as long as a header\n" * 99),
        "is not a library of newsreader",
    ),
    "folder": (Path.mkdir, "can't be opened as a library, for it is a folder"),
    "device": (lambda place: place.symlink_to("/dev/full"), "for it is no ordinary file"),
    "nowhere": (lambda place: place.symlink_to("/dev/full/library.sqlite"), "can't be opened"),
}


@pytest.mark.parametrize("what", NONE)
def test_what_is_no_library_is_said_in_one_sentence_and_left_alone(tmp_path: Path, what: str):
    make, says = NONE[what]
    place = tmp_path / "place"
    make(place)
    before = place.read_bytes() if place.is_file() else None
    with pytest.raises(StoreError) as refused:
        Store(place)
    said = str(refused.value)
    assert (says in said, str(place) in said, said.endswith(".")) == (True, True, True), said
    assert (place.read_bytes() if place.is_file() else None) == before
    done = newsreader("refresh", "--library", str(place), home=tmp_path)
    assert done.returncode == 1
    assert done.stderr.decode().splitlines() == [f"newsreader: {said}"] or what == "nowhere"
    assert done.stderr.count(b"\n") == 1
    assert sorted(one.name for one in tmp_path.iterdir() if one.name.startswith("place")) == ["place"]


def test_the_reader_says_it_too_and_leaves_the_terminal_alone(tmp_path: Path):
    foreign(tmp_path / "recipes.sqlite")
    with Terminal("--library", str(tmp_path / "recipes.sqlite"), home=tmp_path, size=(200, 10)) as terminal:
        assert terminal.wait() == 1
        assert terminal.shown().strip().endswith("is a database of another program; name another with --library.")
        assert b"\x1b[?1049h" not in terminal.output
