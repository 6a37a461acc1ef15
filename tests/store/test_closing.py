"""A library that is closed while other threads use it: they are told so, and nothing is closed under them."""

import sqlite3
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from arrivals import NOW, arrival, filled

from reader.store.connections import Connections
from reader.store.schema import StoreError
from reader.store.store import Store

CLOSED = "has been closed"

READERS = """
import sys, threading
from pathlib import Path
from reader.store.schema import StoreError
from reader.store.store import Store

def read(store, reading, said):
    changed = store.watch()
    try:
        while True:
            store.feeds(), store.headlines(), store.entries([1]), changed()
            reading.set()
    except StoreError as error:
        said.append(str(error))

for _ in range(40):
    store, said = Store(Path(sys.argv[1])), []
    begun = [threading.Event() for _ in range(3)]
    threads = [threading.Thread(target=read, args=(store, one, said)) for one in begun]
    [one.start() for one in threads]
    [one.wait() for one in begun]
    store.close()
    [one.join() for one in threads]
    assert len(said) == 3 and all("has been closed" in one for one in said), said
    assert not Path(sys.argv[1] + "-wal").exists(), "the log is in the file"
"""


def test_a_library_is_closed_while_others_read_it(tmp_path: Path):
    """In a program of its own, which it would take along."""
    with_articles(tmp_path / "library.sqlite").close()
    command = [sys.executable, "-W", "error", "-X", "faulthandler", "-c", READERS, str(tmp_path / "library.sqlite")]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert (ran.returncode, ran.stderr) == (0, "")


def with_articles(path: Path) -> Store:
    store = Store(path)
    filled(store, *(arrival(f"a{n}") for n in range(50)))
    return store


def endless(at: Connections, begun: threading.Event) -> None:
    """A use with a statement that does not end, and would be followed by others."""
    with at.use():
        at.db.create_function("begun", 0, begun.set)
        at.db.execute("WITH n(i) AS (SELECT begun() UNION ALL SELECT i FROM n) SELECT count(*) FROM n").fetchall()


def test_a_statement_that_takes_long_is_broken_off(tmp_path: Path):
    at, begun = Connections(tmp_path / "library.sqlite"), threading.Event()
    with ThreadPoolExecutor(1) as threads:
        reading = threads.submit(endless, at, begun)
        assert begun.wait(5)
        began = time.monotonic()
        at.close()
        assert time.monotonic() - began < 1
        assert "interrupted" in str(reading.exception(1))
    assert not (tmp_path / "library.sqlite-wal").exists()


def test_who_does_not_leave_keeps_its_connection_until_it_does(tmp_path: Path, monkeypatch):
    monkeypatch.setattr("reader.store.connections._LEAVING", 0.1)
    at, begun, let = Connections(tmp_path / "library.sqlite"), threading.Event(), threading.Event()
    log = tmp_path / "library.sqlite-wal"
    with at.transaction() as db:
        db.execute("INSERT INTO hosts (host, until) VALUES ('a.example', 0)")

    def use() -> None:
        with at.use():
            rows = at.db.execute("SELECT 1 UNION SELECT 2")
            begun.set()
            let.wait(5)
            with pytest.raises(sqlite3.OperationalError, match="interrupted"):
                rows.fetchall()
            with pytest.raises(StoreError, match=CLOSED):
                _ = at.db

    with ThreadPoolExecutor(1) as threads:
        using = threads.submit(use)
        assert begun.wait(5)
        at.close()
        assert log.exists()
        let.set()
        using.result(5)
        assert not log.exists()


def test_threads_that_live_and_read_nothing_keep_no_file_open(tmp_path: Path):
    store = with_articles(tmp_path / "library.sqlite")
    with ThreadPoolExecutor(3) as threads:
        together = threading.Barrier(3)

        def read() -> None:
            store.feeds()
            together.wait(5)

        for one in [threads.submit(read) for _ in range(3)]:
            one.result(5)
        store.close()
        assert not (tmp_path / "library.sqlite-wal").exists()
        with pytest.raises(StoreError, match=CLOSED):
            threads.submit(store.feeds).result(5)
    store.close()
    with pytest.raises(StoreError, match=CLOSED):
        store.watch()


def test_what_is_being_written_is_and_what_waits_to_be_is_refused_or_written_whole(tmp_path: Path):
    store = with_articles(tmp_path / "library.sqlite")
    ids = store.headlines()
    writing, ended = threading.Event(), threading.Event()

    def write() -> None:
        with store._at.use(), store._at.transaction() as db:
            db.execute("UPDATE feeds SET title = 'written'")
            writing.set()
            ended.wait(5)
            db.execute("UPDATE feeds SET site = 'https://a.example'")

    with ThreadPoolExecutor(3) as threads:
        first = threads.submit(write)
        assert writing.wait(5)
        later = threads.submit(store.mark, ids, read=True, now=NOW)
        closing = threads.submit(store.close)
        ended.set()
        first.result(5)
        closing.result(5)
        refused = later.exception(5)
    assert refused is None or CLOSED in str(refused)
    assert not (tmp_path / "library.sqlite-wal").exists()
    again = Store(tmp_path / "library.sqlite")
    assert [(feed.title, feed.site) for feed in again.feeds()] == [("written", "https://a.example")]
    assert sum(entry.read for entry in again.entries(ids).values()) == (0 if refused else len(ids))
    again.close()
