"""Libraries of every earlier version: copied, then upgraded whole or not at all (29)."""

import contextlib
import json
import random
import signal
import sqlite3
import stat
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from arrivals import NOW, arrival, came, found, rows

from reader.model import Article, Block, BlockKind, Span
from reader.store import schema
from reader.store.care import salvage
from reader.store.connections import seconds
from reader.store.migrations import MIGRATIONS
from reader.store.packed import unzipped, zipped
from reader.store.schema import APPLICATION_ID, StoreError
from reader.store.store import Store

AT = seconds(NOW)
EVER = ("feeds", "checks", "entries", "states", "articles", "highlights")
"""The tables that the first version had, and that are the person's."""


def text_of(entry: int) -> str:
    return f"Café number {entry} closes.\n\n" + " ".join(f"word{n * entry}" for n in range(entry % 50 * 10))


def earlier(path: Path, version: int, *, count: int = 40) -> Path:
    """A library as a program of some version left it."""
    db = sqlite3.connect(path, isolation_level=None)
    db.create_function("zipped", 1, zipped)
    db.create_function("unzipped", 1, unzipped)
    db.execute("PRAGMA journal_mode = WAL")
    db.executescript("BEGIN;" + "".join(MIGRATIONS[:version]) + "COMMIT;")
    db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    db.execute(f"PRAGMA user_version = {version}")
    packed = "zipped(?)" if version > 2 else "?"
    db.execute("BEGIN")
    db.execute(
        "INSERT INTO feeds (id, url, title, site, folder, added)"
        " VALUES (1, 'https://a.example/feed', 'The Courier', NULL, 'Sea', ?)",
        (AT,),
    )
    db.execute(
        "INSERT INTO checks (feed_id, etag, modified, body_hash, checked_at, next_at, failures, error)"
        " VALUES (1, ?, 'Thu', 'ab', ?, ?, 2, 'it failed')",
        ('"e"', AT, AT),
    )
    for entry in range(1, count + 1):
        db.execute(
            "INSERT INTO entries (id, feed_id, guid, url, title, author, published, added, sorted)"
            " VALUES (?, 1, ?, ?, ?, 'Ada', ?, ?, ?)",
            (entry, str(entry), f"https://a.example/{entry}", f"Headline {entry}", AT - entry, AT, AT - entry),
        )
        text = text_of(entry)
        rest = {
            "url": None, "title": f"Headline {entry}", "text": "", "extractor": "feed",
            "blocks": [{"kind": "paragraph", "span": [0, 4]}],
        }  # fmt: skip
        db.execute(
            f"INSERT INTO articles (entry_id, title, text, extractor, rest) VALUES (?, ?, {packed}, 'feed', {packed})",
            (entry, f"Headline {entry}", text, json.dumps(rest)),
        )
        db.execute("INSERT INTO analyses VALUES (?, 'm', '{}')", (entry,))
        if entry % 2:
            db.execute("INSERT INTO states (entry_id, read, changed_at) VALUES (?, 1, ?)", (entry, AT))
        if entry % 3 == 0:
            db.execute(
                "INSERT INTO highlights VALUES (NULL, ?, 'exact', 'p', 's', 3, 'Ada Lind', 'she', '[\"who\"]', 'Post',"
                " 't', NULL, ?, ?, 'hash', 'note', '[\"tag\"]', ?)",
                (entry, AT, AT, AT if entry % 2 else None),
            )
    if version > 1:
        db.execute("UPDATE entries SET carried = 'c' || id")
        db.execute("INSERT INTO revisions VALUES (1, 1, 'Headline', 'An earlier text.')")
        db.execute("INSERT INTO story_choices VALUES (2, 1, ?)", (AT,))
        db.execute("INSERT INTO sketches VALUES (1, 1, 1, x'00ff')")
    if version > 2:
        db.execute("INSERT INTO search (search) VALUES ('rebuild')")
    db.execute("COMMIT")
    db.close()
    return path


def kept(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """What every version keeps of a library, its texts unpacked."""
    with contextlib.closing(schema.connect(path)) as db:
        version = db.execute("PRAGMA user_version").fetchone()[0]
        text = "unzipped(text)" if version > 2 else "text"
        wanted = {
            "feeds": "id, url, title, site, folder, added",
            "checks": "feed_id, etag, modified, body_hash, checked_at, next_at, failures, error",
            "entries": "id, feed_id, guid, url, title, author, published, added, sorted",
            "states": "entry_id, read, changed_at",
            "articles": f"entry_id, title, {text}, extractor",
            "highlights": "id, entry_id, exact, prefix, suffix, start, speaker, source, via, outlet, title, url,"
            " published, created, text_hash, note, tags, removed",
        }
        return {table: db.execute(f"SELECT {columns} FROM {table}").fetchall() for table, columns in wanted.items()}


def version_of(path: Path) -> int:
    with contextlib.closing(sqlite3.connect(path)) as db:
        version: int = db.execute("PRAGMA user_version").fetchone()[0]
        return version


@pytest.mark.scorecard(29)
@pytest.mark.parametrize("version", range(1, len(MIGRATIONS)))
def test_everything_is_there_after_an_upgrade_and_goes_on(tmp_path: Path, version: int):
    path = earlier(tmp_path / "library.sqlite", version)
    before = kept(path)
    with contextlib.closing(Store(path)) as store:
        assert version_of(path) == len(MIGRATIONS)
        assert kept(path) == before
        assert store.article(7) == Article(
            url=None, title="Headline 7", text=text_of(7), extractor="feed",
            blocks=(Block(kind=BlockKind.PARAGRAPH, span=Span(0, 4)),),
        )  # fmt: skip
        assert store.headlines() == [*range(1, 41)]
        assert store.unread() == {1: 20}
        assert [one.entry_id for one in store.highlights.all()] == [36, 30, 24, 18, 12, 6]
        assert store.checks()[1].etag == '"e"'
        assert sorted(found(store, "cafe")) == [*range(1, 41)]
        assert found(store, "title:headline word98") == sorted(
            entry for entry in range(1, 41) if "word98" in text_of(entry).split()
        )
        assert store.care.faults() == []
        if version > 1:
            assert store.revision(1) == "An earlier text."
            assert store.stories.choices([2]) == {2: 1}
            assert list(store.stories.sketches(first=1)) == [("1", "1", 1, b"\0\xff")]
        assert came(store, 1, arrival("1"), arrival("new")) == [41]
        assert 41 in found(store, "twelve")


@pytest.mark.scorecard(29)
def test_a_library_is_copied_before_it_is_upgraded(tmp_path: Path):
    path = earlier(tmp_path / "library.sqlite", 2)
    before = {table: rows(path, table) for table in EVER}
    Store(path).close()
    copy = tmp_path / "library.sqlite.before-2"
    assert {table: rows(copy, table) for table in EVER} == before
    assert version_of(copy) == 2
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    with contextlib.closing(Store(copy)) as again:
        assert len(again.headlines()) == 40


def test_nothing_is_copied_of_a_library_that_is_new_or_up_to_date(tmp_path: Path):
    for _ in range(2):
        Store(tmp_path / "library.sqlite").close()
    assert [path.name for path in tmp_path.iterdir()] == ["library.sqlite"]


@pytest.mark.scorecard(29)
def test_an_upgrade_that_fails_leaves_the_library_as_it_was_and_can_be_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    path = earlier(tmp_path / "library.sqlite", 2)
    copy = tmp_path / "library.sqlite.before-2"
    copy.write_text("of an earlier attempt")
    before = {table: rows(path, table) for table in EVER}
    with monkeypatch.context() as patched:
        patched.setattr(schema, "MIGRATIONS", (*MIGRATIONS[:-1], f"{MIGRATIONS[-1]} INSERT INTO nowhere VALUES (1);"))
        with pytest.raises(StoreError, match="no such table"):
            Store(path)
    assert version_of(path) == 2
    assert {table: rows(path, table) for table in EVER} == before
    with contextlib.closing(Store(path)) as store:
        assert len(store.headlines()) == 40
    assert {table: rows(copy, table) for table in EVER} == before


def test_a_library_with_broken_references_is_left_as_it_was(tmp_path: Path):
    path = earlier(tmp_path / "library.sqlite", 2)
    with contextlib.closing(sqlite3.connect(path)) as db:
        db.execute("DELETE FROM feeds")
        db.commit()
    with pytest.raises(StoreError, match="broken references"):
        Store(path)
    assert version_of(path) == 2


def declared(path: Path) -> set[tuple[str, ...]]:
    """The tables, indexes, views and triggers of a library."""
    with contextlib.closing(schema.connect(path)) as db:
        return set(db.execute("SELECT type, name, sql FROM sqlite_schema"))


@pytest.mark.scorecard(29)
@pytest.mark.timeout(600)
def test_an_upgrade_that_is_killed_leaves_the_old_library_or_the_new_one(
    tmp_path: Path, full: bool, record_property: Callable[[str, object], None]
):
    chance = random.Random(29)
    versions = range(1, len(MIGRATIONS))
    points = -(-(50 if full else 10) // len(versions))
    left: Counter[str] = Counter()
    for version in versions:
        folder = tmp_path / f"{version}"
        folder.mkdir()
        left += killed_upgrading(folder, version, count=1000 if full else 200, points=points, chance=chance)
    assert left["old"] >= len(versions)
    assert not full or left["new"]
    record_property(
        "figure",
        f"{left['old'] + left['new']} kills over versions 1-{len(versions)}: {left['old']} old, {left['new']} new,"
        f" 0 mixed; {left['copy']} copies, all whole",
    )


def killed_upgrading(folder: Path, version: int, *, count: int, points: int, chance: random.Random) -> Counter[str]:
    """Kill the upgrade of a library of some version at points of its whole time; returns what was left, how often."""
    pristine = earlier(folder / "pristine.sqlite", version, count=count)
    before, old = kept(pristine), declared(pristine)
    path, copy = folder / "library.sqlite", folder / f"library.sqlite.before-{version}"
    code = f"from pathlib import Path\nfrom reader.store.store import Store\nprint('go', flush=True)\nStore(Path({str(path)!r})).close()"  # noqa: E501

    def start() -> subprocess.Popen[str]:
        for last in folder.glob("library.sqlite*"):
            last.unlink()
        path.write_bytes(pristine.read_bytes())
        upgrading = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
        upgrading.stdout.readline()
        return upgrading

    upgrading, began = start(), time.monotonic()
    upgrading.communicate(timeout=60)
    assert upgrading.returncode == 0
    takes = time.monotonic() - began
    new = declared(path)
    assert new != old
    left: Counter[str] = Counter()
    for point in range(points):
        upgrading = start()
        with contextlib.suppress(subprocess.TimeoutExpired):
            upgrading.wait(takes * (point + chance.random()) / points)
        upgrading.send_signal(signal.SIGKILL)
        upgrading.wait()
        upgrading.stdout.close()
        upgraded = version_of(path) != version
        assert (version_of(path), declared(path)) == ((len(MIGRATIONS), new) if upgraded else (version, old))
        assert kept(path) == before
        assert copy.exists() or not upgraded
        if copy.exists():
            assert (version_of(copy), kept(copy), declared(copy)) == (version, before, old)
            left["copy"] += 1
        left["new" if upgraded else "old"] += 1
        with contextlib.closing(Store(path)) as store:
            assert (declared(path), kept(path)) == (new, before)
            assert len(found(store, "cafe")) == count
            assert store.care.faults() == []
    return left


@pytest.mark.parametrize("version", range(1, len(MIGRATIONS)))
def test_what_is_salvaged_of_an_earlier_library_has_its_texts(tmp_path: Path, version: int):
    saved = salvage(earlier(tmp_path / "old.sqlite", version), tmp_path / "new.sqlite")
    assert saved["articles"] == 40
    with contextlib.closing(Store(tmp_path / "new.sqlite")) as store:
        assert store.care.faults() == []
        article = store.article(7)
        assert article is not None
        assert (article.title, article.text) == ("Headline 7", text_of(7))


@pytest.mark.scorecard(31)
@pytest.mark.parametrize("version", range(1, len(MIGRATIONS)))
def test_what_was_saved_in_an_earlier_library_outlives_its_first_page(tmp_path: Path, version: int):
    path = earlier(tmp_path / "old.sqlite", version)
    before = kept(path)["highlights"]
    body = path.read_bytes()
    path.write_bytes(bytes(4096) + body[4096:])
    salvage(path, tmp_path / "new.sqlite")
    with contextlib.closing(Store(tmp_path / "new.sqlite")) as store:
        assert kept(store.path)["highlights"] == before
        assert [feed.title for feed in store.feeds()] == ["The Courier"]
        assert store.care.faults() == []
