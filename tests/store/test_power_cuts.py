"""The power goes at any moment: what was acknowledged is there, all else whole or not at all (24)."""

import os
import random
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

import pytest
from arrivals import NOW, arrival, came, filled, found, highlight, rows
from power import Disk, Op, recorded

from reader.model import Color, Highlight
from reader.store import schema
from reader.store.schema import StoreError
from reader.store.store import Store

NAME = "library.sqlite"
TABLES = ("feeds", "entries", "articles", "states", "tags", "checks", "forgotten", "revisions")


class Held(NamedTuple):
    """What a library holds."""

    highlights: list[Highlight]
    removed: list[Highlight]
    rest: list[list[tuple[object, ...]]]


class Work(NamedTuple):
    """What was done to the disk, and what the library held whenever a call had returned."""

    log: list[Op]
    acknowledged: list[tuple[int, Held | None]]
    """By how much of the log had been written by then."""


def held(store: Store) -> Held:
    return Held(
        store.highlights.all(), store.highlights.all(removed=True), [rows(store.path, table) for table in TABLES]
    )


def words(number: int) -> str:
    return " ".join(f"word{number * place % 9973}" for place in range(1, 400))


def used(path: Path, chance: random.Random) -> Iterator[Store]:
    """Use a library as a person does for months, in each of its ways; yields whenever something has returned.

    Each of its ways is one transaction: what is under way when the power goes is there whole or not at all.
    """
    store = Store(path)
    yield store
    feed, _ = store.add_feed("https://a.example/feed", title="A", site=None, folder=None, now=NOW)
    feed_id = feed.id
    yield store
    for number in range(2, 12):
        # What has been written goes from the log into the file as soon as it would after a day.
        store._at.db.execute("PRAGMA wal_autocheckpoint = 40")
        came(store, feed_id, *(arrival(f"{number}-{n}", text=words(number * 50 + n), carried="a") for n in range(15)))
        yield store
        ids = store.headlines()
        for _ in range(4):
            store.highlights.add(highlight(chance.choice(ids), exact=words(chance.randrange(999))[:200]))
            yield store
        saved = store.highlights.all()
        one = chance.choice(saved)
        store.highlights.change([(one, replace(one, note=words(number)[:300], color=Color.PINK))], now=NOW)
        yield store
        store.highlights.remove([chance.choice(saved).id for _ in range(2)], now=NOW)
        yield store
        store.highlights.restore([one.id for one in store.highlights.all(removed=True)[:1]], now=NOW)
        yield store
        store.highlights.take_in([highlight(None, exact=f"from elsewhere {number} {n}") for n in range(3)], now=NOW)
        yield store
        store.mark(ids[::3], read=True, now=NOW)
        yield store
        store.star(chance.sample(ids, 2), starred=True, now=NOW)
        yield store
        came(store, feed_id, arrival(f"{number}-1", text=words(number * 50 + 30), carried="b"))  # edited
        yield store
        if number == 5:
            store.care.forget(before=NOW + timedelta(days=1))
            yield store
        if number == 6:
            store.care.tidy()
            yield store
        if number == 9:
            store.remove_feed(feed_id, now=NOW)
            yield store
            feed, _ = store.add_feed("https://b.example/feed", title="B", site=None, folder=None, now=NOW)
            feed_id = feed.id
            yield store
        if number % 3 == 0:
            store.close()
            store = Store(path)
            yield store
    store.close()


def worked(folder: Path) -> Work:
    folder.mkdir()
    with recorded(folder) as log:
        acknowledged: list[tuple[int, Held | None]] = [(0, None)]
        for store in used(folder / NAME, random.Random(24)):
            acknowledged.append((len(log), held(store)))
    return Work(log, acknowledged)


def cuts(work: Work, count: int) -> list[int]:
    """Points of the log to cut at: anywhere, and every other right behind what was acknowledged."""
    chance = random.Random(count)
    return sorted(
        chance.randrange(len(work.log) + 1) if number % 2 else chance.choice(work.acknowledged)[0]
        for number in range(count)
    )


def after(left: dict[str, bytes], folder: Path, acknowledged: Held | None, under_way: Held | None) -> str:
    """What has become of a library, which is opened as it always is; "well" where nothing has."""
    folder.mkdir()
    for name, body in left.items():
        (folder / name).write_bytes(body)
    try:
        with closing(Store(folder / NAME)) as store:
            if faults := store.care.faults():
                return f"corrupt: {faults}"
            now = held(store)
            if acknowledged and now != acknowledged and now != under_way:
                lost = [one for one in acknowledged.highlights if one not in now.highlights]
                return "lost highlights" if lost else "lost or half written"
            _, new = filled(store, arrival("later", text="It goes on"), url="https://c.example/feed")
            store.highlights.add(highlight(new[0]))
            assert new[0] in found(store, "goes on")
    except StoreError as error:
        return f"corrupt: {error}"
    return "well"


def outcomes(work: Work, folder: Path, count: int) -> Counter[str]:
    folder.mkdir()
    disk, chance, done = Disk(), random.Random(24), 0
    came_to: Counter[str] = Counter()
    for number, point in enumerate(cuts(work, count)):
        for op in work.log[done:point]:
            disk.do(op)
        done = point
        latest = max(at for at, (end, _) in enumerate(work.acknowledged) if end <= point)
        under_way = work.acknowledged[latest + 1][1] if latest + 1 < len(work.acknowledged) else None
        came_to[after(disk.cut(chance), folder / f"{number}", work.acknowledged[latest][1], under_way)] += 1
    return came_to


@pytest.mark.scorecard(24)
@pytest.mark.timeout(1200)
def test_what_was_acknowledged_survives_every_power_cut(
    tmp_path: Path, full: bool, record_property: Callable[[str, object], None]
):
    count = 500 if full else 40
    came_to = outcomes(worked(tmp_path / "used"), tmp_path / "cut", count)
    assert came_to == {"well": count}
    record_property("figure", f"{count} cuts: 0 corrupt, 0 lost")


@pytest.mark.scorecard(24)
def test_the_names_of_folders_and_copies_are_made_sure_of_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    synced, fsync = [], os.fsync

    def sync(number: int) -> None:
        synced.append(os.fstat(number).st_ino)
        fsync(number)

    monkeypatch.setattr(os, "fsync", sync)
    with closing(Store(tmp_path / "share" / "newsreader" / "library.sqlite")) as store:
        assert synced == [(tmp_path / "share").stat().st_ino, tmp_path.stat().st_ino]
        synced.clear()
        store.care.backup(tmp_path / "copy.sqlite")
        assert synced[-1] == tmp_path.stat().st_ino, "after it has its name"


@pytest.mark.scorecard(24)
@pytest.mark.parametrize(("setting", "kind"), [("NORMAL", "lost"), ("OFF", "corrupt")])
def test_with_less_durability_the_same_cuts_lose_something(
    tmp_path: Path,
    full: bool,
    monkeypatch: pytest.MonkeyPatch,
    record_property: Callable[[str, object], None],
    setting: str,
    kind: str,
):
    """Or what is shown above would show nothing."""
    connect = schema.connect

    def weaker(path: Path) -> sqlite3.Connection:
        db = connect(path)
        db.execute(f"PRAGMA synchronous = {setting}")
        return db

    with monkeypatch.context() as patched:
        patched.setattr(schema, "connect", weaker)
        work = worked(tmp_path / "used")
    count = 100 if full else 20
    came_to = outcomes(work, tmp_path / "cut", count)
    assert [one for one in came_to if one.startswith(kind)]
    assert came_to["well"] < count
    record_property("figure", f"the test of it: with synchronous = {setting} {count - came_to['well']} of {count} fail")
