import contextlib
import os
import random
import sqlite3
import stat
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from arrivals import NOW, arrival, came, filled, found, highlight

from reader.model import (
    Analysis,
    Arrival,
    Article,
    Assignment,
    Block,
    BlockKind,
    Brought,
    Cell,
    Citation,
    Claim,
    Clash,
    FeedCheck,
    Figure,
    Ledger,
    Link,
    ParsedEntry,
    Provenance,
    Quotation,
    Related,
    Row,
    SameQuotation,
    Source,
    SourceKind,
    Span,
    Verdict,
)
from reader.store import schema
from reader.store.migrations import MIGRATIONS
from reader.store.schema import APPLICATION_ID, StoreError, StoreUnavailable
from reader.store.store import Store


@pytest.mark.scorecard(25)
def test_the_pragmas_that_were_promised_are_in_force_on_every_connection(store: Store, record_property):
    def pragmas(db: sqlite3.Connection) -> dict[str, object]:
        return {name: db.execute(f"PRAGMA {name}").fetchone()[0] for name in promised}

    promised = {
        "journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 10_000,
        "application_id": APPLICATION_ID, "user_version": len(MIGRATIONS), "wal_autocheckpoint": 1000,
        "journal_size_limit": 16 * 2**20,
    }  # fmt: skip
    with ThreadPoolExecutor(1) as thread, contextlib.closing(Store(store.path)) as other:
        dbs = [store._at.db, store._at.another(), thread.submit(lambda: store._at.db).result(), other._at.db]
        assert len(set(map(id, dbs))) == 4
        assert [pragmas(db) for db in dbs] == [promised] * 4
    opened = {
        path.name for path in Path(schema.__file__).parents[1].rglob("*.py") if "sqlite3.connect(" in path.read_text()
    }
    assert opened == {"schema.py", "care.py", "newsboat.py"}, "but for these, which only read what is no library"
    record_property("figure", f"{len(promised)} pragmas on connections of every kind")


@pytest.mark.scorecard(25)
def test_whatever_writes_takes_its_place_before_it_reads(store: Store, tmp_path: Path, record_property):
    said: list[str] = []
    with contextlib.closing(schema.connect(tmp_path / "upgraded.sqlite")) as db:
        db.set_trace_callback(said.append)
        schema._upgrade(db, tmp_path / "upgraded.sqlite")
    store._at.db.set_trace_callback(said.append)
    feed_id, (one, two) = filled(store, arrival("1"), arrival("2", text="“Ships sank,” he said."))
    store.mark([one], read=True, now=NOW)
    store.star([one], starred=True, now=NOW)
    store.tag([two], "sea", tagged=True)
    store.save_analysis(one, Analysis(claims=(), model="m"), text="Twelve people died.")
    store.stories.save([Assignment(id=str(two), story=str(one))])
    kept = store.highlights.add(highlight(one))
    store.highlights.change([(kept, replace(kept, note="mine"))], now=NOW)
    store.highlights.remove([kept.id], now=NOW)
    store.highlights.restore([kept.id], now=NOW)
    store.hold("a.example", until=NOW, now=NOW)
    came(store, feed_id, arrival("1", text="Thirteen people died."), arrival("3"))
    found(store, "died")
    store.care.mend()
    assert store.care.faults() == []
    store.care.forget(before=NOW + timedelta(days=1))
    store.care.tidy()
    store.remove_feed(feed_id, now=NOW)
    within, writes, begun = False, 0, 0
    for statement in said:
        first = statement.split(None, 1)[0].upper()
        if first == "BEGIN":
            assert (statement, within) == ("BEGIN IMMEDIATE", False)
            begun += 1
        elif first in ("INSERT", "UPDATE", "DELETE", "REPLACE", "CREATE", "DROP"):
            assert within, statement
            writes += 1
        within = first not in ("COMMIT", "ROLLBACK") and (within or first == "BEGIN")
    assert begun >= 15
    record_property("figure", f"{writes:,} statements that write, all within {begun} transactions begun IMMEDIATE")


def test_nobody_else_can_read_the_library(store: Store):
    assert stat.S_IMODE(store.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(store.path.parent.stat().st_mode) == 0o700
    filled(store, arrival("1"))
    assert stat.S_IMODE(store.path.with_name(store.path.name + "-wal").stat().st_mode) == 0o600


def test_one_url_is_one_feed(store: Store):
    first, new = store.add_feed("https://a.example/feed", title="A", site=None, folder=None, now=NOW)
    again, newer = store.add_feed("https://a.example/feed", title="B", site=None, folder=None, now=NOW)
    assert (new, newer) == (True, False)
    assert first == again
    assert store.feeds() == [first]


def test_a_feed_named_by_its_address_takes_the_title_it_tells_and_keeps_one_that_was_given(store: Store):
    filled(store, arrival("1"))
    assert [feed.title for feed in store.feeds()] == ["The Courier"]
    came(store, 1, title="Renamed by its publisher")
    assert [feed.title for feed in store.feeds()] == ["The Courier"]


def test_a_feed_named_by_an_address_with_a_password_takes_its_title_too(store: Store):
    feed, _ = store.add_feed(
        "https://ada:s3cret@a.example/f", title="https://a.example/f", site=None, folder=None, now=NOW
    )
    came(store, feed.id, title="The Courier")
    assert [feed.title for feed in store.feeds()] == ["The Courier"]


def test_an_entry_arrives_once(store: Store):
    feed_id, new = filled(store, arrival("1"), arrival("2"))
    assert len(new) == 2
    assert came(store, feed_id, arrival("1"), arrival("3")) == [max(new) + 1]
    assert {one.guid for one in store.carried(feed_id)} == {"1", "2", "3"}


def test_headlines_are_newest_first_and_a_date_in_the_future_does_not_stay_on_top(store: Store):
    _, new = filled(store, arrival("old", hours=5), arrival("new", hours=2), arrival("future", hours=-24 * 365))
    later = came(store, 1, arrival("later", hours=-1), now=NOW + timedelta(hours=2))
    assert store.headlines() == [*later, new[2], new[1], new[0]]
    assert store.entries([new[2]])[new[2]].when == NOW


def test_reading_survives_a_refresh(store: Store):
    feed_id, (one, _) = filled(store, arrival("1"), arrival("2"))
    store.mark([one], read=True, now=NOW)
    came(store, feed_id, arrival("1", title="Edited"))
    assert store.entries([one])[one].read
    assert store.unread() == {feed_id: 1}
    store.mark([one], read=False, now=NOW)
    assert store.unread() == {feed_id: 2}


def test_a_check_is_remembered_to_the_byte(store: Store):
    feed_id, _ = filled(store)
    check = FeedCheck(
        feed_id=feed_id, etag='W/"a\xe9"', modified="Thu, 12 Nov 2026 08:00:00 GMT", body_hash="ab", checked_at=NOW,
        next_at=NOW + timedelta(hours=1), failures=2, error="the server did not answer",
        validators_of="https://a.example/there", moved_to="https://b.example/feed", moved=2, gone=True, ttl=90,
        skip_hours=frozenset({0, 23}), skip_days=frozenset({0, 6}),
    )  # fmt: skip
    store.save([Brought(check=check)], now=NOW)
    assert store.checks() == {feed_id: check}


def test_an_article_and_its_analysis_come_back_equal(store: Store):
    _, (entry_id,) = filled(store, arrival("1"))
    text = "“Twelve people died,” he said."
    article = Article(
        url="https://a.example/1", title="Ferry sinks", text=text, byline="A. Writer", site="The Courier",
        published=NOW, language="en", extractor="readability", notice="The page asks for a subscription.",
        blocks=(Block(kind=BlockKind.PARAGRAPH, span=Span(0, len(text))),), links=(Link(span=Span(1, 7), url="https://b.example"),),
    )  # fmt: skip
    store.save_article(entry_id, article)
    assert store.article(entry_id) == article
    speaker = Source(name="the harbour master", kind=SourceKind.PERSON, spans=(Span(22, 24),))
    figure = Figure(span=Span(1, 14), value=12.0, unit="people")
    claim = Claim(
        id=0, content=(Span(0, 21),), cue=(Span(25, 29),), source=(Span(22, 24),), speaker=speaker,
        via=("a radio message",), quotation=Quotation.DIRECT, figures=(figure,), score=0.9,
        reasons=("quotation marks",),
    )  # fmt: skip
    analysis = Analysis(claims=(claim,), figures=(figure,), boilerplate=(Span(0, 1),), model="rules-1")
    store.save_analysis(entry_id, analysis, text=text)
    assert store.analysis(entry_id, model="rules-1") == analysis
    assert store.analysis(entry_id, model="rules-2") is None


def test_spans_of_an_earlier_text_are_never_shown_over_another(store: Store):
    _, (entry_id,) = filled(store, arrival("1", text="first"))
    store.save_analysis(entry_id, Analysis(model="m"), text="another text")
    assert store.analysis(entry_id, model="m") is None
    store.save_analysis(entry_id, Analysis(model="m"), text="first")
    assert store.analysis(entry_id, model="m") == Analysis(model="m")
    store.save_article(entry_id, replace(store.article(entry_id), text="second"))
    assert store.analysis(entry_id, model="m") is None


def test_search_finds_words_beginnings_and_accents_and_follows_the_text(store: Store):
    _, (one, two) = filled(store, arrival("1", title="Café closes"), arrival("2", text="The ferry’s captain"))
    assert found(store, "cafe") == [one]
    assert found(store, "ferry cap*") == [two]
    assert found(store, "Courier") == []
    store.save_article(one, Article(url=None, title="Café closes", text="Nobody drank coffee"))
    assert found(store, "coffee") == [one]
    assert found(store, "twelve") == []
    store._at.db.execute("INSERT INTO search (search, rank) VALUES ('integrity-check', 1)")


def test_stories_group_entries_and_relate_both_ways(store: Store):
    _, (one, two, three) = filled(store, arrival("1", hours=3), arrival("2", hours=2), arrival("3", hours=1))
    assert [doc.id for doc in store.stories.unsorted(at_once=500)] == ["1", "2", "3"]
    assert [doc.id for doc in store.stories.unsorted(at_once=2)] == ["1", "2"]
    assert store.stories.save(
        [
            Assignment(id="1", story="1"),
            Assignment(id="2", story="2"),
            Assignment(id="3", story="1", related=(Related(id="1", score=0.8, why="both name Harbour"),)),
        ],
        [(1, b"first"), (2, b"second"), (3, b"third")],
    )
    assert store.story_headlines() == [[three, one], [two]]
    assert [entry.id for entry in store.stories.story_entries(1)] == [one, three]
    assert [(entry.id, other.why) for entry, other in store.stories.related(one)] == [(three, "both name Harbour")]
    assert [entry.id for entry, _ in store.stories.related(three)] == [one]
    assert store.stories.unsorted(at_once=500) == []
    store.stories.save([Assignment(id="3", story="2")])
    assert store.story_headlines() == [[three, one], [two]], "a story once given is never changed"


def test_sketches_come_back_in_order_and_the_oldest_are_dropped(store: Store):
    filled(store, arrival("1"), arrival("2"))
    told = [Assignment(id="1", story="1"), Assignment(id="2", story="1")]
    assert store.stories.last_sketch() == 0
    assert store.stories.save(told, [(1, b"one"), (2, b"two")])
    assert list(store.stories.sketches(first=1)) == [("1", "1", 1, b"one"), ("2", "1", 2, b"two")]
    assert list(store.stories.sketches(first=2)) == [("2", "1", 2, b"two")]
    assert store.stories.save([], [], keep=2)
    assert [number for _, _, number, _ in store.stories.sketches(first=1)] == [2]
    assert store.stories.last_sketch() == 2


def test_two_programs_that_sort_at_once_do_not_both_number(store: Store):
    filled(store, arrival("1"), arrival("2"))
    assert store.stories.save([Assignment(id="1", story="1")], [(1, b"one")])
    assert not store.stories.save([Assignment(id="2", story="2")], [(1, b"again")])
    assert [doc.id for doc in store.stories.unsorted(at_once=5)] == ["2"]
    assert store.stories.save([Assignment(id="2", story="2")], [(2, b"two")])


def test_what_the_person_chose_stands_over_what_the_machine_found(store: Store):
    _, (one, two, three) = filled(store, arrival("1", hours=3), arrival("2", hours=2), arrival("3", hours=1))
    told = [Assignment(id=str(n), story="1") for n in (one, two, three)]
    store.stories.save(told, [(1, b"a"), (2, b"b"), (3, b"c")])
    before = store.stories.choices([three])
    store.stories.choose({three: three}, now=NOW)
    assert store.story_headlines() == [[three], [two, one]]
    assert (store.stories.story_of(three), store.stories.story_of(one)) == (three, one)
    assert store.entries([three])[three].story == three
    assert [story for _, story, _, _ in store.stories.sketches(first=1)] == ["1", "1", "3"], (
        "what comes next joins it there"
    )
    store.stories.save([Assignment(id=str(three), story="1")])
    assert store.stories.story_of(three) == three
    store.stories.choose(before, now=NOW)
    assert store.story_headlines() == [[three, two, one]]
    assert [story for _, story, _, _ in store.stories.sketches(first=1)] == ["1", "1", "1"]


def test_a_story_outlives_the_feed_of_its_first_entry(store: Store):
    _, (one, two) = filled(store, arrival("1", hours=2), arrival("2", hours=1))
    store.stories.save([Assignment(id=str(n), story="1") for n in (one, two)], [(1, b"a"), (2, b"b")])
    with store._at.transaction() as db:
        db.execute("DELETE FROM entries WHERE id = ?", (one,))
    assert [entry.id for entry in store.stories.story_entries(1)] == [two]
    assert list(store.stories.sketches(first=1)) == [("gone 1", "1", 1, b"a"), ("2", "1", 2, b"b")]


def test_a_ledger_is_kept_with_what_it_was_made_of(store: Store):
    source = Source(name="Ada Lind", kind=SourceKind.PERSON, named=True)
    cell = Cell(spans=(Span(0, 4),), verdict=Verdict.DENIES, speaker=source)
    figure = Figure(span=Span(0, 2), value=12.0, unit="people")
    ledger = Ledger(
        rows=(Row(id=0, cells={"1": cell}, independent=1),),
        clashes=(Clash(row=0, one=("1", figure), other=("2", figure), updated=False, why="12 against 15"),),
        copies=(("1", "2"),),
        origin=Provenance(
            article="1", name=None, all=True,
            chain=(Citation(article="2", span=Span(1, 3), cites="Post", origin="1", behind=("officials",)),),
        ),
        quotations=(SameQuotation(one=("1", Span(0, 1)), other=("2", Span(2, 3)), same_words=False),),
        missing={"2": (0,)},
    )  # fmt: skip
    store.stories.save_ledger(7, ledger, made_of="these")
    assert store.stories.ledger(7, made_of="these") == ledger
    assert store.stories.ledger(7, made_of="others") is None
    store.stories.save_ledger(7, Ledger(), made_of="others")
    assert store.stories.ledger(7, made_of="others") == Ledger()


def test_an_edit_leaves_the_text_that_was_there_and_a_page_in_the_place_of_a_teaser_does_not(store: Store):
    _, (entry_id,) = filled(store, arrival("1"))
    first = store.article(entry_id)
    assert first is not None
    assert store.revision(entry_id) is None
    store.save_article(entry_id, replace(first, text="Changed."))
    assert store.revision(entry_id) == first.text
    store.save_article(entry_id, replace(first, text="Changed again."))
    assert store.revision(entry_id) == "Changed."
    _, (other,) = filled(store, arrival("2", extractor="teaser"), url="https://b.example/")
    store.save_article(other, replace(first, text="The whole page.", extractor="readability"))
    assert store.revision(other) is None


def test_a_highlight_comes_back_equal_outlives_its_entry_and_its_removal_can_be_undone(store: Store):
    feed_id, (entry_id,) = filled(store, arrival("1"))
    saved = store.highlights.add(highlight(entry_id))
    assert (
        store.highlights.all()
        == store.highlights.of_entry(store.entries([entry_id])[entry_id])
        == [saved]
        == [replace(highlight(entry_id), id=saved.id, uid=saved.uid)]
    )
    assert store.entries([entry_id])[entry_id].highlights == 1
    store.highlights.remove([saved.id], now=NOW)
    assert store.highlights.all() == []
    store.highlights.restore([saved.id], now=NOW)
    assert store.highlights.all() == [saved]
    store._at.db.execute("DELETE FROM feeds WHERE id = ?", (feed_id,))
    assert store.headlines() == []
    assert store.highlights.all() == [replace(saved, entry_id=None)]


@pytest.mark.scorecard(27)
def test_many_threads_write_without_a_locked_error(store: Store):
    feed_id, _ = filled(store)
    other = Store(store.path)
    failed: list[BaseException] = []

    def write(which: Store, name: str) -> None:
        try:
            for n in range(20):
                came(which, feed_id, arrival(f"{name}-{n}"))
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=write, args=(store if n % 2 else other, str(n))) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    other.close()
    assert failed == []
    assert len(store.headlines()) == 80


@pytest.mark.scorecard(30)
def test_a_library_of_a_newer_program_is_refused_and_untouched(store: Store, tmp_path: Path):
    store.close()
    db = sqlite3.connect(store.path)
    db.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
    db.close()
    before = store.path.read_bytes()
    with pytest.raises(StoreUnavailable, match="newer newsreader"):
        Store(store.path)
    assert store.path.read_bytes() == before


def test_what_is_not_a_library_is_refused_and_untouched(tmp_path: Path):
    foreign = tmp_path / "foreign.sqlite"
    db = sqlite3.connect(foreign)
    db.execute("CREATE TABLE recipes (name)")
    db.commit()
    db.close()
    before = foreign.read_bytes()
    with pytest.raises(StoreError, match="another program"):
        Store(foreign)
    assert foreign.read_bytes() == before
    (tmp_path / "notes.txt").write_text(
        "not a database at all, only text that is long enough to be read as a header" * 20
    )
    with pytest.raises(StoreError, match="not a library"):
        Store(tmp_path / "notes.txt")
    with pytest.raises(StoreError, match="can't be opened"):
        Store(tmp_path)


@pytest.mark.skipif(os.geteuid() == 0 and not Path("/dev/full").exists(), reason="needs a place that can't be written")
def test_a_folder_that_can_not_be_made_is_said_plainly():
    with pytest.raises(StoreError, match="can't be opened"):
        Store(Path("/dev/full/newsreader/library.sqlite"))


def test_a_busy_library_is_said_plainly(store: Store, monkeypatch: pytest.MonkeyPatch):
    store.feeds()
    store._at.db.execute("PRAGMA busy_timeout = 50")
    other = sqlite3.connect(store.path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreUnavailable, match="busy"):
        filled(store)
    other.execute("ROLLBACK")
    other.close()
    filled(store)


def test_a_failed_write_leaves_nothing_behind(store: Store):
    feed_id, _ = filled(store)
    bad = Arrival(entry=ParsedEntry(guid="2", title="\ud800"), article=arrival("2").article)
    with pytest.raises(UnicodeEncodeError):
        came(store, feed_id, arrival("1"), bad)
    assert store.headlines() == []
    filled(store, arrival("1"))
    assert len(store.headlines()) == 1


# --- what a feed says anew


def said(text: str, carried: str | None, extractor: str = "feed") -> Arrival:
    return arrival("1", text=text, carried=carried, extractor=extractor)


def test_what_a_feed_edits_is_kept_beside_what_it_said_before(store):
    _, (entry,) = filled(store, said("Twelve died.", "a"))
    assert filled(store, said("Some died.", "b"))[1] == []
    assert (store.article(entry).text, store.revision(entry)) == ("Some died.", "Twelve died.")


@pytest.mark.scorecard(36)
@pytest.mark.parametrize("edited", ["headlines", "texts"])
def test_what_many_edits_at_once_write_to_the_log_is_of_their_size(store, tmp_path, edited):
    draw = random.Random(36)
    words = [f"w{number:x}" for number in range(20_000)]
    texts = [" ".join(draw.choices(words, k=300)) for _ in range(3_000)]
    feed, _ = filled(store)
    log = tmp_path / "data" / "library.sqlite-wal"
    for at in range(0, 3_000, 40):  # as refreshes bring them
        came(store, feed, *(arrival(str(n), text=texts[n], carried="a") for n in range(at, at + 40)))
    store._at.shrink_log()
    title, end = ("Ferry found", "") if edited == "headlines" else ("Ferry sinks", " Corrected.")
    numbers = range(400, 0, -1)  # the newest stand first in a feed
    came(store, feed, *(arrival(str(n), title=title, text=texts[n] + end, carried="b") for n in numbers))
    assert log.stat().st_size < 4 * 2**20
    assert {store.entries([id])[id].title for id in found(store, '"ferry sinks"')} <= {"Ferry sinks"}
    assert len(found(store, '"ferry found"' if end == "" else "corrected")) == 400
    assert store.care.faults() == []


@pytest.mark.parametrize("carried", [None, "a"])
def test_what_a_feed_says_otherwise_to_another_version_of_the_program_is_no_edit(store, carried):
    _, (entry,) = filled(store, said("Twelve died.", carried))
    filled(store, said("Twelve  died." if carried is None else "Twelve died.", "b"))
    assert (store.article(entry).text, store.revision(entry)) == ("Twelve died.", None)


def test_a_feeds_edit_leaves_a_page_in_its_place(store):
    feed, (entry,) = filled(store, said("Twelve died …", "a", "teaser"))
    page = Article(url=None, title="", text="Twelve people died when the ferry sank.", extractor="readability")
    store.save_article(entry, page)
    filled(store, said("Twelve people have died.", "b"))
    assert store.article(entry).text == page.text
    assert [(one.guid, one.carried) for one in store.carried(feed)] == [("1", "b")]


def test_a_page_in_the_place_of_what_a_feed_said_is_no_edit(store):
    _, (entry,) = filled(store, said("Twelve died.", "a"))
    page = Article(url=None, title="", text="Twelve people died.", extractor="readability")
    store.save_article(entry, page)
    assert store.revision(entry) is None
    store.save_article(entry, replace(page, text="Some people died."))
    assert store.revision(entry) == page.text


def test_the_last_ten_texts_are_kept(store):
    _, (entry,) = filled(store, said("Text 0", "0"))
    for n in range(1, 25):
        store.save_article(entry, Article(url=None, title="", text=f"Text {n}", extractor="feed"))
    assert store.revision(entry) == "Text 23"
    assert [row[0] for row in store._at.db.execute("SELECT text FROM revisions ORDER BY id")] == [
        f"Text {n}" for n in range(14, 24)
    ]


def test_a_page_of_entries_reads_no_more_than_those_entries(store):
    from reader.store.store import _ENTRY

    plan = store._at.db.execute(f"EXPLAIN QUERY PLAN {_ENTRY} WHERE entries.id IN (1, 2)").fetchall()
    steps = [row["detail"] for row in plan]
    assert not [step for step in steps if step.startswith(("SCAN", "MATERIALIZE"))], steps
