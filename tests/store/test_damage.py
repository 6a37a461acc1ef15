"""Libraries that are damaged: it is said, they stay as they are, and what is whole in them is saved (31)."""

import random
import shutil
from collections import Counter
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import pytest
from arrivals import NOW, arrival, came, filled, highlight
from terminal import newsreader

from reader.model import Action, ActionKind, Color
from reader.store.care import salvage
from reader.store.schema import StoreError
from reader.store.store import Store

PAGE, FRAME, LOG_HEADER = 8192, 8192 + 24, 32
HIGHLIGHTS = {f"what became of ship number {n} in {entry}" * 5 for entry in range(1, 101) for n in range(3)}


class Files(NamedTuple):
    """A library, and the log of what was written last."""

    body: bytes
    log: bytes = b""

    def put(self, at: Path) -> Path:
        for left in at.parent.glob(f"{at.name}*"):
            left.unlink()
        at.write_bytes(self.body)
        if self.log:
            at.with_name(f"{at.name}-wal").write_bytes(self.log)
        return at

    def are(self, at: Path) -> bool:
        log = at.with_name(f"{at.name}-wal")
        return at.read_bytes() == self.body and (log.read_bytes() if log.exists() else b"") == self.log


def made(path: Path) -> tuple[Files, Files]:
    """A library at rest, and the same one while a third of what was saved stands in its log."""
    store = Store(path)
    long = " ".join(f"word{n} of the long report on what became of ship number {n * 7919}" for n in range(20))
    _, ids = filled(store, *(arrival(f"{n}", title=f"Headline {n}", text=f"{n} {long}") for n in range(100)))
    store.mark(ids[::2], read=True, now=NOW)
    store.tag(ids[::7], "sea", tagged=True)
    store.queries.keep("Ships", "ship", [Action(ActionKind.READ)])
    came(store, 1, *(arrival(f"later {n}", text=f"{n} no more of it " * 300) for n in range(100)))
    for n in range(3):
        if n == 2:
            store._at.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        for entry_id in ids:
            store.highlights.add(highlight(entry_id, exact=f"what became of ship number {n} in {entry_id}" * 5))
    used = Files(path.read_bytes(), path.with_name(f"{path.name}-wal").read_bytes())
    store._at.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    store.close()
    return Files(path.read_bytes()), used


def flipped(body: bytes, chance: random.Random, *, start: int = 0, end: int | None = None, count: int = 0) -> bytes:
    changed = bytearray(body)
    for _ in range(count or chance.choice((1, 5, 25))):
        changed[chance.randrange(start, end or len(body))] ^= 1 << chance.randrange(8)
    return bytes(changed)


def damaged(kind: str, rest: Files, used: Files, chance: random.Random) -> tuple[Files, bytes]:
    """A library with some damage, and the bytes of it that are whole."""
    body, log = used if kind.startswith("log") else rest
    match kind:
        case "flipped":
            body = flipped(body, chance)
        case "cut short":
            body = body[: chance.randrange(PAGE * 2, len(body))]
        case "zeroed":
            for _ in range(chance.choice((1, 2, 4))):
                at = chance.randrange(1, len(body) // PAGE) * PAGE
                body = body[:at] + bytes(PAGE) + body[at + PAGE :]
        case "header":
            body = flipped(body, chance, end=100)
        case "first page":
            lost = chance.choice((512, 4096, PAGE))
            body = (bytes(lost) if chance.random() < 0.5 else chance.randbytes(lost)) + body[lost:]
        case "log flipped":
            log = flipped(log, chance, start=LOG_HEADER, count=1)
        case "log cut short":
            log = log[: chance.randrange(LOG_HEADER, len(log))]
    if not log:
        return Files(body), body
    # What was written to a log counts as far as it is whole, and up to the last that was complete.
    first = next((at for at, (a, b) in enumerate(zip(log, used.log, strict=False)) if a != b), len(log))
    ends = [
        at + FRAME
        for at in range(LOG_HEADER, len(log) - FRAME + 1, FRAME)
        if at + FRAME <= first and any(log[at + 4 : at + 8])
    ]
    return Files(body, log), body + log[: max(ends, default=0)]


KINDS = ("flipped", "cut short", "flipped", "zeroed", "cut short", "header", "flipped", "first page", "log flipped")
KINDS += ("log cut short",)


@pytest.mark.scorecard(31)
@pytest.mark.timeout(1200)
def test_damage_is_said_never_raised_and_what_is_whole_is_saved(
    tmp_path: Path, full: bool, record_property: Callable[[str, object], None]
):
    chance = random.Random(31)
    rest, used = made(tmp_path / "original.sqlite")
    intact: Counter[str] = Counter()
    saved: Counter[str] = Counter()
    cases = 200 if full else 20
    path, mended = tmp_path / "library.sqlite", tmp_path / "mended.sqlite"
    for case in range(cases):
        kind = KINDS[case % len(KINDS)]
        files, whole = damaged(kind, rest, used, chance)
        with suppress(StoreError), closing(Store(files.put(path))) as store:
            for ask in (store.headlines, store.highlights.all, store.unread, store.care.faults):
                with suppress(StoreError):
                    ask()
        assert files.log or files.are(path), "looking changes nothing"
        mended.unlink(missing_ok=True)
        with suppress(StoreError):
            salvage(files.put(path), mended)
        assert files.are(path)
        there: set[str] = set()
        if mended.exists():
            with closing(Store(mended)) as store:
                assert store.care.faults() == []
                for entry_id in store.headlines():
                    article = store.article(entry_id)
                    assert article is None or article.text
                there = {one.quote.exact for one in store.highlights.all()}
        of_it = {exact for exact in HIGHLIGHTS if exact.encode() in whole}
        intact[kind] += len(of_it)
        saved[kind] += len(of_it & there)
    assert intact.total() > cases * 200
    assert {kind: count for kind, count in saved.items() if count < 0.95 * intact[kind]} == {}, intact
    share = saved.total() / intact.total()
    record_property("figure", f"{cases} files: {share:.2%} of {intact.total():,} whole highlights saved, 0 raised")


@pytest.mark.scorecard(31)
@pytest.mark.parametrize("lost", ["library", "highlights"])
def test_what_nothing_leads_to_any_more_is_found_where_it_lies(tmp_path: Path, lost: str):
    """The first page of a library leads to all of its tables, that of a table to its rows."""
    with closing(Store(tmp_path / "library.sqlite")) as store:
        _, ids = filled(store, *(arrival(f"{n}", text=f"Café {n} " * 50) for n in range(30)))
        for n, entry_id in enumerate(ids * 3):
            one = highlight(entry_id, exact=f"„{n}“ " * (1, 10, 9000)[n % 3])  # the longest run over many pages
            store.highlights.add(replace(one, note="é" * n, color=Color.PINK if n % 2 else None, entry_id=entry_id))
        store.highlights.remove([7, 8], now=NOW)
        saved, removed = store.highlights.all(), store.highlights.all(removed=True)
        feeds, headlines, articles = store.feeds(), store.headlines(), [store.article(id) for id in ids]
        at = store._at.db.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'highlights'").fetchone()[0] - 1
        store._at.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    body = bytearray(store.path.read_bytes())
    start = 0 if lost == "library" else at * PAGE
    body[start : start + PAGE] = bytes(PAGE)
    store.path.write_bytes(body)
    salvage(store.path, tmp_path / "saved")
    with closing(Store(tmp_path / "saved")) as store:
        assert (store.highlights.all(), store.highlights.all(removed=True)) == (saved, removed)
        assert (store.feeds(), store.headlines(), [store.article(id) for id in ids]) == (feeds, headlines, articles)
        assert store.care.faults() == []


@pytest.mark.scorecard(31)
@pytest.mark.timeout(600)
def test_no_command_ends_in_a_traceback_at_a_damaged_library(
    tmp_path: Path, full: bool, record_property: Callable[[str, object], None]
):
    chance = random.Random(131)
    rest, used = made(tmp_path / "original.sqlite")
    kinds = KINDS * 2 if full else ("flipped", "first page")
    salvaged = 0
    for number, kind in enumerate(kinds):
        folder = tmp_path / f"{number}"
        folder.mkdir()
        files, _ = damaged(kind, rest, used, chance)
        path = files.put(folder / "library.sqlite")
        for command in (["list"], ["doctor"], ["doctor", "--mend"]):
            done = newsreader("--library", str(path), *command, home=tmp_path)
            assert b"Traceback" not in done.stderr, done.stderr.decode()
            assert done.returncode in (0, 1)
            assert files.log or files.are(path) or b"It is mended" in done.stdout
        copies = list(folder.glob("library-salvaged-*.sqlite"))
        salvaged += len(copies)
        for copy in copies:
            assert newsreader("--library", str(copy), "doctor", home=tmp_path).returncode == 0
        shutil.rmtree(folder)
    assert salvaged
    record_property("figure", f"{len(kinds)} of them through list, doctor and doctor --mend: 0 tracebacks")
