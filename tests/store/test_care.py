"""What keeps a library well: copies while it is in use (28), a look at its health (32), what is saved of it (31, see
test_damage.py too)."""

import contextlib
import sqlite3
import stat
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from arrivals import NOW, arrival, came, filled, found, highlight, rows

from reader.model import Action, ActionKind, Analysis, Claim, Enclosure, Source, Span
from reader.store.care import salvage
from reader.store.schema import StoreError
from reader.store.store import Store

TABLES = ("feeds", "entries", "states", "articles", "highlights", "tags", "queries", "checks", "claims")


def full(store: Store, count: int = 60, *, per: int = 1) -> list[int]:
    """A library with something in every table that is the person's; returns its entries."""
    words = " ".join(f"word{n} of the long report on what became of ship number {n * 7919}" for n in range(20))
    _, ids = filled(store, *(arrival(str(n), title=f"Headline {n}", text=f"{n} {words}") for n in range(count)))
    store.mark(ids[::2], read=True, now=NOW)
    store.star(ids[1::5], starred=True, now=NOW)
    store.tag(ids[::7], "sea", tagged=True)
    store.queries.keep("Ships", "ship", [Action(ActionKind.READ)])
    for entry_id in ids:
        for n in range(per):
            store.highlights.add(highlight(entry_id, exact=f"what became of ship number {n} in {entry_id}" * 5))
    return ids


def at_rest(store: Store) -> Path:
    """Close a library; its file alone is then all of it."""
    store._at.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    store.close()
    return store.path


# --- copies


@pytest.mark.scorecard(28)
def test_a_copy_is_equal_and_nobody_elses(store: Store, tmp_path: Path):
    full(store)
    copy = tmp_path / "copy.sqlite"
    store.care.backup(copy)
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert {table: rows(copy, table) for table in TABLES} == {table: rows(store.path, table) for table in TABLES}
    with contextlib.closing(Store(copy)) as other:
        assert other.care.faults() == []
        assert found(other, "ship number*") == found(store, "ship number*")
    assert [path.name for path in tmp_path.iterdir() if "part" in path.name] == []


@pytest.mark.scorecard(28)
def test_a_copy_made_while_others_write_is_one_moment_of_the_library(
    store: Store, tmp_path: Path, record_property: Callable[[str, object], None]
):
    feed_id, _ = filled(store)
    stopped = threading.Event()

    def write() -> None:
        n = 0
        while not stopped.is_set():  # an entry and its highlight, always together
            (entry_id,) = came(store, feed_id, arrival(str(n)))
            store.highlights.add(highlight(entry_id, exact=str(n)))
            n += 1

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for n in range(5):
            store.care.backup(tmp_path / f"{n}")
    finally:
        stopped.set()
        writer.join()
    sizes = []
    for n in range(5):
        with contextlib.closing(Store(tmp_path / f"{n}")) as copy:
            assert copy.care.faults() == []
            sizes.append((len(copy.headlines()), len(copy.highlights.all())))
            assert sorted(copy.headlines()) == sorted(store.headlines())[: sizes[-1][0]]
    assert all(0 <= entries - highlights <= 1 for entries, highlights in sizes)
    assert sizes == sorted(sizes)
    assert sizes[-1][0] > 0
    record_property("figure", f"5 copies while {len(store.headlines())} entries came: each one moment, rows equal")


@pytest.mark.parametrize("name", ["there", "file/within", "nowhere/within", "nul\0", "x" * 300, "folder"])
def test_a_copy_never_takes_anothers_place_and_what_can_not_be_written_is_said(store: Store, tmp_path: Path, name: str):
    full(store, 3)
    for file in ("there", "file"):
        (tmp_path / file).write_text("mine")
    (tmp_path / "folder").mkdir()
    before = sorted(path.name for path in tmp_path.rglob("*"))
    with pytest.raises(StoreError) as refused:
        store.care.backup(tmp_path / name)
    assert str(refused.value).isprintable()
    assert (tmp_path / "there").read_text() == (tmp_path / "file").read_text() == "mine"
    assert sorted(path.name for path in tmp_path.rglob("*")) == before


# --- health


def test_a_library_that_is_well_has_no_faults(store: Store):
    full(store)
    assert store.care.faults() == []


@pytest.mark.parametrize(
    "drift",
    [
        "INSERT INTO search (search, rowid, text, title) SELECT 'delete', entry_id, text, title FROM texts LIMIT 1",
        "INSERT INTO search (search) VALUES ('delete-all')",
        "INSERT INTO search (rowid, text, title) VALUES (99999, 'stray', 'stray')",
    ],
)
def test_an_index_that_has_drifted_is_seen_and_mended(store: Store, drift: str):
    ids = full(store)
    store._at.db.execute(drift)
    assert store._at.db.execute("PRAGMA integrity_check").fetchone()[0] == "ok", "SQLite itself sees nothing"
    assert store.care.faults() == ["The index search does not fit the texts."]
    store.care.mend()
    assert store.care.faults() == []
    assert sorted(found(store, "ship")) == ids


@pytest.mark.scorecard(31)
@pytest.mark.parametrize(
    ("harm", "said"),
    [
        ("UPDATE articles SET rest = x'00' WHERE entry_id = 2", "1 articles can't be read."),
        ("UPDATE feeds SET settings = '{'", "The settings of 1 feeds can't be read."),
    ],
)
def test_what_can_not_be_mended_whole_is_left_as_it_was(store: Store, harm: str, said: str):
    full(store)
    store._at.db.execute("DROP INDEX entries_by_feed")
    store._at.db.execute(harm)
    path = at_rest(store)
    before = path.read_bytes()
    with contextlib.closing(Store(path)) as again:
        assert again.care.mend() == [said]
        assert again.care.faults() == ["The index entries_by_feed is gone.", said]
    assert path.read_bytes() == before


def test_the_index_of_claims_is_seen_and_mended_as_well(store: Store):
    (entry_id, *_) = full(store, 3)
    text = store.article(entry_id).text
    claim = Claim(id=0, content=(Span(0, 30),), speaker=Source(name="Ada Lind"))
    store.save_analysis(entry_id, Analysis(claims=(claim,), model="m"), text=text)
    assert found(store, "speaker:lind") == [entry_id]
    store._at.db.execute("INSERT INTO claim_search (claim_search) VALUES ('delete-all')")
    assert store.care.faults() == ["The index claim_search does not fit the texts."]
    store.care.mend()
    assert store.care.faults() == []
    assert found(store, "speaker:lind") == [entry_id]


@pytest.mark.parametrize("name", ["entries_by_feed", "articles", "entries", "highlights"])
def test_pages_that_are_damaged_are_seen(store: Store, tmp_path: Path, name: str):
    full(store)
    (page,) = store._at.db.execute("SELECT rootpage FROM sqlite_schema WHERE name = ?", (name,)).fetchone()
    body = bytearray(at_rest(store).read_bytes())
    body[(page - 1) * 8192 : page * 8192] = bytes(byte ^ 0x5A for byte in body[(page - 1) * 8192 : page * 8192])
    (tmp_path / "damaged").write_bytes(body)
    with contextlib.closing(Store(tmp_path / "damaged")) as damaged:
        try:
            faults = damaged.care.faults()
        except StoreError as error:
            faults = [str(error)]
    assert faults
    assert all("damaged" in fault and fault.endswith(".") for fault in faults[:1])


def test_rows_that_refer_to_nothing_are_seen(store: Store):
    full(store, 3)
    store._at.db.execute("PRAGMA foreign_keys = OFF")
    store._at.db.execute("DELETE FROM feeds")
    assert store.care.faults() == ["4 rows refer to others that are gone."]


@pytest.mark.scorecard(31)
def test_an_article_that_can_not_be_unpacked_is_said_and_costs_no_other(store: Store, tmp_path: Path):
    entry_id, *_ = full(store, 3)
    store._at.db.execute("DROP TRIGGER search_change")
    store._at.db.execute("DROP TRIGGER revisions_keep_text")
    store._at.db.execute("DROP TRIGGER analyses_follow_text")
    store._at.db.execute("UPDATE articles SET text = x'789c00' WHERE entry_id = ?", (entry_id,))
    with pytest.raises(StoreError, match="is damaged"):
        store.article(entry_id)
    assert "1 articles can't be read." in store.care.faults()
    salvage(at_rest(store), tmp_path / "saved")
    with contextlib.closing(Store(tmp_path / "saved")) as saved:
        assert (saved.article(entry_id), len(saved.headlines())) == (None, 3)
        assert saved.care.faults() == []


# --- what is saved of a damaged library; test_damage.py damages them by chance


@pytest.mark.scorecard(31)
def test_what_is_salvaged_is_a_library_to_go_on_with(store: Store, tmp_path: Path):
    ids = full(store)
    one = arrival("pod")
    came(store, 1, one.__class__(
        entry=one.entry.__class__(guid="pod", title="Pod", enclosures=(Enclosure(url="https://a.example/p.mp3"),)),
        article=one.article,
    ))  # fmt: skip
    store.save_article(ids[0], store.article(ids[0]).__class__(url=None, title="Else", text="Else", extractor="feed"))
    store.care.forget(before=NOW)
    store._at.db.execute("INSERT INTO forgotten VALUES (1, 'let go')")
    damaged = at_rest(store)
    counts = salvage(damaged, tmp_path / "saved")
    assert counts["highlights"] == 60
    with contextlib.closing(Store(tmp_path / "saved")) as saved:
        own = (*(table for table in TABLES if table != "claims"), "revisions", "enclosures", "forgotten")
        assert {table: rows(saved.path, table) for table in own} == {table: rows(damaged, table) for table in own}
        assert sorted(found(saved, "ship")) == ids[1:]
        assert saved.care.faults() == []
        assert came(saved, 1, arrival("let go"), arrival("new")) == [max(ids) + 2]


@pytest.mark.scorecard(31)
def test_a_highlight_outlives_the_loss_of_its_feed(store: Store, tmp_path: Path):
    full(store, 5)
    damaged = at_rest(store)
    with contextlib.closing(sqlite3.connect(damaged)) as db:
        db.execute("PRAGMA foreign_keys = OFF")
        db.execute("DELETE FROM feeds")
        db.commit()
    salvage(damaged, tmp_path / "saved")
    with contextlib.closing(Store(tmp_path / "saved")) as saved:
        assert [one.entry_id for one in saved.highlights.all()] == [None] * 5
        assert saved.care.faults() == []


@pytest.mark.scorecard(31)
def test_nothing_to_be_saved_is_said_and_leaves_no_file(tmp_path: Path):
    (tmp_path / "notes").write_text("not a database at all" * 1000)
    with pytest.raises(StoreError, match="Nothing could be read"):
        salvage(tmp_path / "notes", tmp_path / "saved")
    assert [path.name for path in tmp_path.iterdir()] == ["notes"]
    (tmp_path / "saved").write_text("mine")
    with pytest.raises(StoreError, match="is there already"):
        salvage(tmp_path / "notes", tmp_path / "saved")
    assert (tmp_path / "saved").read_text() == "mine"


# --- copies


@pytest.mark.scorecard(27, 28)
def test_of_two_that_write_a_copy_by_one_name_one_does_and_the_other_is_told(store: Store, tmp_path: Path):
    ids = full(store, 50)
    for number in range(10):
        to, said, ready = tmp_path / f"copy {number}", [], threading.Barrier(2)

        def write(to: Path = to, said: list[str] = said, ready: threading.Barrier = ready) -> None:
            with contextlib.closing(Store(store.path)) as own:
                ready.wait()
                try:
                    own.care.backup(to)
                except StoreError as error:
                    said.append(str(error))

        both = [threading.Thread(target=write) for _ in range(2)]
        for one in both:
            one.start()
        for one in both:
            one.join()
        assert said == [f"The file {to} is there already; name another."]
        with contextlib.closing(Store(to)) as copied:
            assert sorted(found(copied, "ship")) == sorted(ids)
            assert copied.care.faults() == []
    assert list(tmp_path.glob("*.part")) == []


def test_what_a_program_that_died_has_left_of_a_copy_is_in_nobodys_way(store: Store, tmp_path: Path):
    full(store, 3)
    part, to = tmp_path / "copy.part", tmp_path / "copy"
    part.write_bytes(b"half of it" * 1000)
    store.care.backup(to)
    assert (part.exists(), stat.S_IMODE(to.stat().st_mode)) == (False, 0o600)
    mine = tmp_path / "mine"
    mine.write_text("mine")
    (tmp_path / "other.part").symlink_to(mine)
    store.care.backup(tmp_path / "other")
    assert mine.read_text() == "mine"
    with contextlib.closing(Store(to)) as copied:
        assert copied.care.faults() == []
    with pytest.raises(StoreError, match="its name is not UTF-8"):
        store.care.backup(tmp_path / "c\udcff")
    assert not list(tmp_path.glob("c\udcff*"))


# --- room


def test_tidying_gives_back_the_room_and_loses_nothing(store: Store):
    ids = full(store, 200)
    with store._at.transaction() as db:
        db.execute("DELETE FROM entries WHERE id > 20")
    before = {table: rows(store.path, table) for table in TABLES}
    assert store.care.tidy() > 0
    assert {table: rows(store.path, table) for table in TABLES} == before
    assert sorted(found(store, "ship")) == ids[:20]
    assert store.care.faults() == []


def test_closing_waits_for_what_is_being_written(store: Store):
    """Or SQLite would go on in memory that is freed."""
    _, (entry,) = filled(store, arrival("1"))
    begun, on = threading.Event(), threading.Event()

    def write() -> None:
        with store._at.transaction() as db:
            begun.set()
            on.wait(10)
            db.execute("INSERT INTO tags VALUES (?, 'written')", (entry,))

    writing, closing = threading.Thread(target=write), threading.Thread(target=store.close)
    writing.start()
    assert begun.wait(10)
    closing.start()
    closing.join(0.2)
    assert closing.is_alive()
    on.set()
    writing.join(10)
    closing.join(10)
    assert not closing.is_alive()
    with contextlib.closing(Store(store.path)) as again:
        assert again.tags(entry) == ("written",)


def test_looking_for_anothers_news_says_plainly_what_is_wrong(store: Store):
    filled(store, arrival("1"))
    changed = store.watch()
    store._at._more[-1].close()
    with pytest.raises(StoreError):
        changed()


def test_what_a_refresh_brings_for_a_feed_that_was_removed_meanwhile_is_not_taken(store: Store):
    feed_id, (kept, _) = filled(store, arrival("1"), arrival("2"))
    store.star([kept], starred=True, now=NOW)
    store.remove_feed(feed_id, now=NOW)
    assert came(store, feed_id, arrival("3")) == []
    assert store.checks() == {}


def test_an_entry_whose_article_was_lost_gets_it_again(store: Store):
    feed_id, (entry,) = filled(store, arrival("1", carried="a"))
    with store._at.transaction() as db:
        db.execute("DELETE FROM articles")
    came(store, feed_id, arrival("1", carried="b"))
    article = store.article(entry)
    assert article is not None
    assert article.text == "Twelve people died."
    assert found(store, "twelve") == [entry]
