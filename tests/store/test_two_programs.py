"""Two programs at one library: neither waits in vain, nothing is lost, and each sees what the other did (27)."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from arrivals import NOW, arrival, came, filled, highlight

from reader.store.store import Store

pytestmark = pytest.mark.scorecard(27)

PROGRAM = """
import sys
from pathlib import Path
from arrivals import *
store = Store(Path(sys.argv[1]))
print("ready", flush=True)
for line in sys.stdin:
    exec(line)
    print("done", flush=True)
store.close()
"""


class Other:
    """Another program, which does what it is told line by line."""

    def __init__(self, path: Path) -> None:
        self.program = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, str(path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={"PYTHONPATH": str(Path(__file__).parent)},
        )
        self.wait()

    def begin(self, line: str) -> None:
        print(line, file=self.program.stdin, flush=True)

    def wait(self) -> None:
        assert self.program.stdout.readline(), "it has failed"

    def do(self, line: str) -> None:
        self.begin(line)
        self.wait()


@contextmanager
def beside(path: Path) -> Iterator[Other]:
    other = Other(path)
    try:
        yield other
    finally:
        _, rest = other.program.communicate()
        assert other.program.returncode == 0, rest


def test_both_write_and_read_at_once_and_nothing_is_lost(store: Store, record_property: Callable[[str, object], None]):
    feed_id, _ = filled(store)
    with beside(store.path) as other:
        other.begin(
            f"for n in range(100): (id,) = came(store, {feed_id}, arrival(f'theirs {{n}}'));"
            " store.mark([id], read=True, now=NOW); store.highlights.add(highlight(id)); store.headlines()"
        )
        seen = []
        for n in range(100):
            (entry_id,) = came(store, feed_id, arrival(f"ours {n}"))
            store.star([entry_id], starred=True, now=NOW)
            seen.append(len(store.headlines()))
        other.wait()
    assert len(store.headlines()) == 200
    assert seen == sorted(seen)
    entries = store.entries(store.headlines()).values()
    assert {entry.guid for entry in entries if entry.starred} == {f"ours {n}" for n in range(100)}
    assert {entry.guid for entry in entries if entry.read} == {f"theirs {n}" for n in range(100)}
    assert len(store.highlights.all()) == 100
    assert store.care.faults() == []
    record_property("figure", "200 entries, 200 marks and 100 highlights of two programs at once: 0 refused, 0 lost")


def test_another_programs_writing_is_seen_and_its_reading_is_not(store: Store):
    feed_id, _ = filled(store)
    changed = store.watch()
    assert not changed()
    with beside(store.path) as other:
        assert not changed(), "it has but opened it"
        other.do("store.headlines(); store.feeds()")
        assert not changed()
        other.do(f"came(store, {feed_id}, arrival('1'))")
        assert changed()
        assert not changed(), "once"
        came(store, feed_id, arrival("2"))
        assert changed(), "and our own too"
        with pytest.raises(UnicodeEncodeError):
            came(store, feed_id, arrival("3"), arrival("4", title="\ud800"))
        assert not changed(), "what failed was undone"


def test_an_entry_that_both_bring_is_there_once(store: Store):
    feed_id, _ = filled(store)
    with beside(store.path) as other:
        bring = f"for n in range(50): came(store, {feed_id}, arrival(str(n)), arrival(str(n + 1)))"
        other.begin(bring)
        exec(bring, {"store": store, "came": came, "arrival": arrival})
        other.wait()
    assert len(store.headlines()) == 51
    assert store.care.faults() == []


def test_what_one_removes_the_other_does_not_bring_back(store: Store):
    feed_id, (entry_id,) = filled(store, arrival("1"))
    saved = store.highlights.add(highlight(entry_id))
    with beside(store.path) as other:
        other.do(f"store.remove_feed({feed_id}, now=NOW)")
        assert came(store, feed_id, arrival("2")) in ([], [entry_id + 1])
        assert store.headlines() == []
        other.do(f"store.highlights.remove([{saved.id}], now=NOW)")
        assert store.highlights.all() == []
        store.highlights.restore([saved.id], now=NOW)
        other.do(f"assert len(store.highlights.all()) == 1; store.mark([{entry_id}, 99], read=True, now=NOW)")
    assert store.care.faults() == []
