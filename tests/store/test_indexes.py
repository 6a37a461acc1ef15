"""Indexes, triggers and views that are gone, broken or stale: seen, said, and made anew (32)."""

import contextlib
import random
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from arrivals import arrival, came, filled, found, highlight
from terminal import newsreader

from reader.model import Analysis, Claim, Source, Span
from reader.query import parse
from reader.store import indexes, schema
from reader.store.migrations import MIGRATIONS
from reader.store.store import Store

COUNT = 12
SHADOWS = ("data", "idx", "docsize", "config")


def full(path: Path) -> None:
    """A library with articles, their claims and what was saved of them."""
    with contextlib.closing(Store(path)) as store:
        _, ids = filled(
            store, *(arrival(str(n), text=f"Ship {n} sank, said Ada Lind. It was pier {n}.") for n in range(COUNT))
        )
        for entry_id in ids:
            claim = Claim(id=0, content=(Span(0, 10),), speaker=Source(name="Ada Lind"))
            text = store.article(entry_id).text
            store.save_analysis(entry_id, Analysis(claims=(claim,), model="m"), text=text)
            store.highlights.add(highlight(entry_id, exact=f"Ship {entry_id} sank"))
        store.mark(ids[::2], read=True, now=store.entries(ids)[ids[0]].added)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("made") / "library.sqlite"
    full(path)
    return path.read_bytes()


@pytest.fixture
def path(tmp_path: Path, made: bytes) -> Path:
    path = tmp_path / "library.sqlite"
    path.write_bytes(made)
    return path


def harm(path: Path, *statements: str) -> None:
    """What befalls a library while the reader is away."""
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute("PRAGMA writable_schema = ON")
        for statement in statements:
            db.execute(statement)


def all_of(path: Path) -> tuple[list[tuple[str, ...]], dict[str, list[tuple[object, ...]]]]:
    """All things of a library, and the rows of its tables but for those that an index keeps itself in."""
    with contextlib.closing(sqlite3.connect(path)) as db:
        things = sorted(db.execute("SELECT type, name, tbl_name, coalesce(sql, '') FROM sqlite_schema"))
        tables = [name for kind, name, _, sql in things if kind == "table" and not sql.startswith("CREATE VIRTUAL")]
        own = tuple(f"{index}_" for index in indexes.WORDS)
        return things, {
            name: db.execute(f"SELECT * FROM {name} ORDER BY 1, 2").fetchall()
            for name in tables
            if not name.startswith((*own, "sqlite_"))
        }


def answers(store: Store) -> list[object]:
    """What is asked of every index."""
    return [
        sorted(found(store, "ship")),
        sorted(found(store, "speaker:lind")),
        len(store.highlights.find(parse("sank"), now=store.highlights.all()[0].created)),
        store.unread(),
        store.arranged(None, order="time", grouped=True),
    ]


def mended(path: Path, before: object, asked: object) -> None:
    """Make all anew, and look that it is; the library then goes on as ever."""
    with contextlib.closing(Store(path)) as store, contextlib.closing(Store(path)) as other:
        others = other.feeds()
        store.care.mend()
        assert store.care.faults() == []
        assert answers(store) == asked
        assert (other.feeds(), answers(other)) == (others, asked), "another program that has it open goes on"
        assert all_of(path) == before
        (new,) = came(other, 1, arrival("new", text="Ship 99 sank as well."))
        assert new in found(store, "ship")
        other.remove_feed(1, now=store.highlights.all()[0].created)
        assert store.care.faults() == []


ONE_BY_ONE = {
    "DROP TABLE search": ["The index search is gone."],
    "DROP TABLE claim_search": ["The index claim_search is gone."],
    "DROP TABLE saved_search": ["The index saved_search is gone."],
    "DELETE FROM search_data": ["The index search does not fit the texts."],
    "DROP TABLE search_data": ["The index search does not fit the texts."],
    "DELETE FROM saved_search_config": ["The index saved_search does not fit the texts."],
    "DELETE FROM claim_search_docsize": ["The index claim_search does not fit the texts."],
    "UPDATE search_data SET block = zeroblob(9)": ["The index search does not fit the texts."],
    "INSERT INTO search (search) VALUES ('delete-all')": ["The index search does not fit the texts."],
    "DROP INDEX entries_by_feed": ["The index entries_by_feed is gone."],
    "DROP INDEX highlights_by_uid": ["The index highlights_by_uid is gone."],
    "DROP TRIGGER search_change": ["The trigger search_change is gone."],
    "DROP VIEW told": ["The view told is gone."],
    "DELETE FROM sqlite_schema WHERE name = 'search'": ["The index search is gone."],
    "DROP INDEX entries_by_time": ["The index entries_by_time is gone."],
    "UPDATE sqlite_schema SET sql = replace(sql, 'DESC, id DESC, feed_id', 'DESC, id ASC, feed_id')"
    " WHERE name = 'entries_by_time'": ["The index entries_by_time is not as it must be."],
}


@pytest.mark.scorecard(32)
@pytest.mark.parametrize("loss", ONE_BY_ONE)
def test_what_is_gone_broken_or_stale_is_said_and_made_anew(path: Path, loss: str):
    before = all_of(path)
    with contextlib.closing(Store(path)) as store:
        asked = answers(store)
    if "search" in loss and "DROP" not in loss and "sqlite_schema" not in loss:
        with contextlib.closing(Store(path)) as store:  # where its texts can be unpacked
            store._at.db.execute(loss)
    else:
        harm(path, loss)
    with contextlib.closing(Store(path)) as store:
        assert [fault for fault in store.care.faults() if "damaged" not in fault] == ONE_BY_ONE[loss]
        assert len(store.headlines()) == COUNT, "it opens"
    mended(path, before, asked)


@pytest.mark.scorecard(32)
def test_an_ordinary_index_that_misses_rows_is_made_anew(path: Path):
    before, (row,) = all_of(path), rows_of_schema(path, "states_muted")
    harm(path, "DELETE FROM sqlite_schema WHERE name = 'states_muted'")
    harm(path, "UPDATE states SET muted = 1")
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute("PRAGMA writable_schema = ON")
        db.execute("INSERT INTO sqlite_schema VALUES (?, ?, ?, ?, ?)", row)
    with contextlib.closing(Store(path)) as store:
        faults = store.care.faults()
        assert faults
        assert all("index states_muted" in fault for fault in faults)
        store.care.mend()
        assert store.care.faults() == []
    assert all_of(path)[0] == before[0]


def rows_of_schema(path: Path, name: str) -> list[tuple[object, ...]]:
    with contextlib.closing(sqlite3.connect(path)) as db:
        return db.execute("SELECT * FROM sqlite_schema WHERE name = ?", (name,)).fetchall()


@pytest.mark.scorecard(32)
@pytest.mark.timeout(600)
def test_whatever_is_gone_together_is_made_anew(
    path: Path, made: bytes, full: bool, record_property: Callable[[str, object], None]
):
    before = all_of(path)
    with contextlib.closing(Store(path)) as store:
        asked = answers(store)
    chance = random.Random(32)
    things = [(kind, name) for kind, name, _, sql in before[0] if kind != "table" and sql]
    harms = [f"DROP {kind} {name}" for kind, name in things]
    for index in indexes.WORDS:
        harms += [f"DROP TABLE {index}", f"DELETE FROM sqlite_schema WHERE name = '{index}'"]
        harms += [f"{way} {index}_{shadow}" for way in ("DROP TABLE", "DELETE FROM") for shadow in SHADOWS]
    rounds, lost = 300 if full else 12, 0
    for _ in range(rounds):
        for left in path.parent.glob("library.sqlite*"):
            left.unlink()
        path.write_bytes(made)
        for one in chance.sample(harms, chance.randint(1, len(harms) // 2)):
            with contextlib.suppress(sqlite3.DatabaseError):  # it went with another, or that broke it
                harm(path, one)
                lost += 1
        with contextlib.closing(Store(path)) as store:
            assert store.care.faults()
        mended(path, before, asked)
    record_property("figure", f"{rounds} random sets of {len(harms)} losses, {lost:,} in all: each seen and made anew")


@pytest.mark.scorecard(32)
def test_what_has_no_room_to_be_made_anew_is_left_as_it_was(path: Path):
    harm(path, "DROP TABLE search", "DROP VIEW told", "DELETE FROM saved_search_data", "VACUUM")
    before = all_of(path)
    with contextlib.closing(Store(path)) as store:
        faults = store.care.faults()
        store._at.db.execute(f"PRAGMA max_page_count = {store._at.db.execute('PRAGMA page_count').fetchone()[0]}")
        with pytest.raises(schema.StoreError, match="The disk is full"):
            store.care.mend()
        assert store.care.faults() == faults
        assert all_of(path) == before
        store._at.db.execute("PRAGMA max_page_count = 100000")
        store.care.mend()
        assert store.care.faults() == []


@pytest.mark.scorecard(32)
def test_the_commands_say_what_is_gone_and_the_doctor_mends_it(path: Path, tmp_path: Path):
    harm(path, "DROP TABLE search", "DROP INDEX entries_by_feed")

    def run(*words: str) -> tuple[int, str, str]:
        done = newsreader("--library", str(path), *words, home=tmp_path)
        return done.returncode, done.stdout.decode(), done.stderr.decode()

    assert run("list", "--limit", "1")[0] == 0, "what is there is listed"
    code, _, said = run("search", "ship")
    assert (code, said.count("\n")) == (1, 1)
    assert "is not whole (no such table: search); newsreader doctor --mend mends it" in said
    code, out, said = run("doctor")
    gone = ["The index entries_by_feed is gone.", "The index search is gone."]
    assert (code, out.splitlines()) == (1, gone)
    assert "newsreader doctor --mend" in said
    code, out, _ = run("doctor", "--mend")
    assert (code, out.splitlines()) == (0, [*gone, "It is mended."])
    assert run("doctor")[0] == 0
    assert run("search", "ship", "--json")[1].count('"id"') == COUNT


def test_a_table_that_is_gone_is_said_and_not_made_anew_without_its_rows(path: Path):
    harm(path, "DROP TABLE states")
    with contextlib.closing(Store(path)) as store:
        said = ["The table states is gone, with all that it held."]
        assert store.care.faults() == said
        store.care.mend()
        assert store.care.faults() == said


def test_a_table_that_took_the_name_of_an_index_gives_way(path: Path):
    before = all_of(path)
    with contextlib.closing(Store(path)) as store:
        asked = answers(store)
    harm(path, "DROP TABLE claim_search", "CREATE TABLE claim_search (content, speaker)", "DROP VIEW texts",
         "CREATE TABLE texts (entry_id, text, title)")  # fmt: skip
    with contextlib.closing(Store(path)) as store:
        faults = store.care.faults()
    assert "The index claim_search is not as it must be." in faults
    assert "The view texts is not as it must be." in faults
    mended(path, before, asked)


@pytest.mark.parametrize("version", range(1, len(MIGRATIONS) + 1))
def test_a_library_of_any_version_has_all_it_must_have_once_it_is_upgraded(tmp_path: Path, version: int):
    path = tmp_path / "library.sqlite"
    with contextlib.closing(schema.connect(path)) as db:
        db.executescript("".join(MIGRATIONS[:version]))
        db.execute(f"PRAGMA application_id = {schema.APPLICATION_ID}")
        db.execute(f"PRAGMA user_version = {version}")
    with contextlib.closing(Store(path)) as store:
        assert store.care.faults() == []
