"""Faults, backups, and letting go of what is old."""

import json
import sqlite3
import stat
from pathlib import Path

import pytest


def count(path: Path, table: str) -> int:
    with sqlite3.connect(path) as db:
        number: int = db.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
    db.close()
    return number


def test_a_library_that_is_well(run, library):
    done = run("doctor")
    assert (done.returncode, done.stdout.decode()) == (0, f"The library {library} is well.\n")
    assert run("doctor", "--mend").stdout == done.stdout


def test_an_index_that_has_drifted_is_found_and_mended(run, library):
    db = sqlite3.connect(library)
    db.execute("INSERT INTO search (search) VALUES ('delete-all')")
    db.commit()
    db.close()
    done = run("doctor")
    assert done.returncode == 1
    assert done.stdout.decode().splitlines() == ["The index search does not fit the texts."]
    assert b"newsreader doctor --mend" in done.stderr
    assert json.loads(run("search", "ferry", "--json").stdout) == []
    done = run("doctor", "--mend")
    assert (done.returncode, done.stdout.decode().splitlines()[-1]) == (0, "It is mended.")
    assert run("doctor").returncode == 0
    assert len(json.loads(run("search", "café", "--json").stdout)) == 1


def test_a_damaged_library_is_saved_into_a_new_file(run, library, tmp_path: Path):
    run("mark", "saved", "bridge")
    db = sqlite3.connect(library)
    (page,) = db.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'articles'").fetchone()
    (size,) = db.execute("PRAGMA page_size").fetchone()
    db.close()
    body = bytearray(library.read_bytes())
    body[(page - 1) * size : page * size] = b"\xa5" * size
    library.write_bytes(body)
    done = run("doctor")
    assert done.returncode == 1
    assert b"damaged" in done.stdout
    assert library.read_bytes() == body
    done = run("doctor", "--mend")
    assert done.returncode == 1, "the library that is used has its faults still"
    (saved,) = library.parent.glob("library-salvaged-*.sqlite")
    assert str(saved) in done.stdout.decode()
    assert "feeds 2, entries 4, states 1" in done.stdout.decode()
    assert library.read_bytes() == body
    assert stat.S_IMODE(saved.stat().st_mode) == 0o600
    rows = json.loads(run("--library", str(saved), "list", "--feeds", "--json").stdout)
    assert {row["title"] for row in rows} == {"The Harbour Post", "Courier"}
    assert run("--library", str(saved), "doctor").returncode == 0


def test_what_is_no_library_is_left_alone(run, library):
    library.write_bytes(b"these are my notes, not a library\n" * 200)
    done = run("doctor", "--mend")
    assert done.returncode == 1
    assert library.read_bytes().startswith(b"these are my notes")
    assert [path.name for path in library.parent.iterdir()] == ["library.sqlite"]


def test_a_newer_library_is_not_examined(run, library):
    db = sqlite3.connect(library)
    db.execute("PRAGMA user_version = 1000")
    db.close()
    for command in (["doctor", "--mend"], ["backup", "x"], ["cleanup"], ["list"], ["remove", "x"]):
        assert run(*command).returncode == 4


def test_a_busy_library_is_exit_code_4(run, library):
    """Another program writes, and does not come to an end."""
    db = sqlite3.connect(library, isolation_level=None)
    db.execute("BEGIN IMMEDIATE")
    try:
        done = run("rename", "courier", "Kurier")
        assert done.returncode == 4
        assert b"busy" in done.stderr
        assert run("list", "--limit", "1").returncode == 0, "reading goes on"
    finally:
        db.close()


def test_a_backup_is_a_library(run, library, tmp_path: Path):
    done = run("backup", "copy.sqlite")
    assert done.returncode == 0
    assert done.stdout.decode().startswith("copy.sqlite is a copy of the library, of ")
    copy = tmp_path / "copy.sqlite"
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    listed = run("list", "--json").stdout
    assert run("--library", str(copy), "list", "--json").stdout == listed
    before = copy.read_bytes()
    done = run("backup", "copy.sqlite")
    assert done.returncode == 1
    assert b"is there already" in done.stderr
    assert copy.read_bytes() == before
    for name in ("no/such/folder", ".", "", "x" * 300, "\udcff"):
        done = run("backup", name)
        assert (done.returncode, done.stderr.count(b"\n")) == (1, 1)


def test_what_is_old_goes_and_what_is_saved_stays(run, library, tmp_path: Path):
    db = sqlite3.connect(library)
    db.execute("UPDATE entries SET added = added - 100 * 86400")
    db.commit()
    db.close()
    run("mark", "saved", "bridge")
    done = run("cleanup")
    assert done.returncode == 0
    assert b"No article was let go" in done.stdout
    assert b"--keep 90d" in done.stderr
    assert run("cleanup", "--keep", "15w").stdout.startswith(b"0 articles let go")
    config = tmp_path / "config.toml"
    config.write_text('[library]\nkeep = "99d"\n')
    done = run("cleanup")
    assert done.stdout.startswith(b"3 articles let go; the library is ")
    assert done.stderr == b""
    assert [row["title"] for row in json.loads(run("list", "--json").stdout)] == ["Bridge closes"]
    assert count(library, "forgotten") == 3


@pytest.mark.parametrize(("time", "code"), [("12h", 1), ("x", 2), ("0d", 2), ("", 2), ("999999w", 2)])
def test_a_time_that_keeps_nothing_is_refused(run, library, time, code):
    assert run("cleanup", f"--keep={time}").returncode == code
    assert run("unread", "--count").stdout == b"4\n"
