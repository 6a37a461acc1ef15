"""A disk that is full: it is said, what is there can be read, and writing goes on when there is room (26)."""

import contextlib
import shutil
import subprocess
import sys
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest
from arrivals import NOW, arrival, came, filled, found, highlight
from hostile_server import HostileServer, reply
from terminal import environment

from reader.store.schema import StoreError
from reader.store.store import Store


def prose(number: int) -> str:
    """Words that compression can do little with."""
    return " ".join(sha256(f"{number} {place}".encode()).hexdigest() for place in range(60))


MANY = [arrival(f"new {n}", title=f"Headline {n}", text=prose(n)) for n in range(60)]
POINTS = 20


def pages(store: Store) -> int:
    count: int = store._at.db.execute("PRAGMA page_count").fetchone()[0]
    return count


@pytest.mark.scorecard(26)
@pytest.mark.parametrize("point", range(POINTS))
def test_a_refresh_that_finds_no_room_leaves_the_library_as_it_was(tmp_path: Path, point: int):
    store = Store(tmp_path / "library.sqlite")
    feed_id, (entry_id,) = filled(store, arrival("1"))
    store.highlights.add(highlight(entry_id))
    before = "\n".join(store._at.db.iterdump())
    grown = Store(tmp_path / "other.sqlite")
    filled(grown, arrival("1"))
    begun = pages(grown)
    came(grown, 1, *MANY)
    grows = pages(grown) - begun
    grown.close()
    assert grows > POINTS
    store._at.db.execute(f"PRAGMA max_page_count = {pages(store) + grows * point // POINTS}")
    with pytest.raises(StoreError, match="The disk is full") as full:
        came(store, feed_id, *MANY)
    assert str(store.path) in str(full.value)
    assert "\n".join(store._at.db.iterdump()) == before
    assert (store.headlines(), len(store.highlights.all()), found(store, "twelve")) == ([entry_id], 1, [entry_id])
    assert store.article(entry_id).text == "Twelve people died."
    store._at.db.execute("PRAGMA max_page_count = 1000000")
    assert len(came(store, feed_id, *MANY)) == 60
    assert store.care.faults() == []
    store.close()


LIMITED = """
import resource, sys
from pathlib import Path
from arrivals import *
from reader.store.schema import StoreError
store = Store(Path(sys.argv[1]))
feed_id, _ = filled(store, arrival("1"))
texts = [arrival(f"new {n}", text=f"{n} " + " ".join(str(m * n) for m in range(900))) for n in range(200)]
sizes = []
for limit in range(50_000, 1_000_000, 100_000):
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))
    try:
        came(store, feed_id, *texts)
    except StoreError as error:
        print(error)
    assert len(store.headlines()) == 1, "what is there can be read"
    try:
        store.care.backup(Path(sys.argv[1] + ".copy"))
    except StoreError as error:
        sizes.append(limit)
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
assert len(came(store, feed_id, *texts)) == 200
assert store.care.faults() == []
store.close()
"""


@pytest.mark.scorecard(26)
def test_a_file_that_may_not_grow_is_said_too(tmp_path: Path):
    run = subprocess.run(
        [sys.executable, "-c", LIMITED, str(tmp_path / "library.sqlite")],
        env={"PYTHONPATH": str(Path(__file__).parent)},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert run.returncode == 0, run.stderr
    said = set(run.stdout.splitlines())
    assert said
    assert all(str(tmp_path / "library.sqlite") in line and line.endswith(".") for line in said)


SMALL = """
mount -t tmpfs -o size=6m none "$1" && mkdir "$1/out" && mount -t tmpfs -o size=64k none "$1/out" || exit 77
cp "$2" "$1/library.sqlite" && shift 2 && exec "$@"
"""


@pytest.mark.scorecard(26)
@pytest.mark.skipif(not shutil.which("unshare"), reason="a disk is mounted by unshare")
@pytest.mark.timeout(600)
def test_commands_on_a_disk_that_is_full_say_so_and_recover(
    tmp_path: Path, full: bool, record_property: Callable[[str, object], None]
):
    home, path = tmp_path / "home", tmp_path / "library.sqlite"
    home.mkdir()
    with HostileServer() as server:
        items = "".join(
            f"<item><guid>{n}</guid><title>Ferry {n}</title><description>{prose(n) * 3}</description></item>"
            for n in range(100)
        )
        server.routes["/feed"] = reply(body=f"<rss version='2.0'><channel>{items}</channel></rss>".encode())
        with contextlib.closing(Store(path)) as store:
            one, _ = store.add_feed(server.url("/feed"), title="", site=None, folder=None, now=NOW)
            store.highlights.add(highlight(came(store, one.id, arrival("first"))[0]))
            pages = dict(store._at.db.execute("SELECT name, rootpage FROM sqlite_schema").fetchall())
        program = [
            sys.executable,
            Path(__file__).with_name("small_disk.py"),
            home,
            POINTS if full else 3,
            pages["entries"],
        ]
        # A disk of its own, gone with the process.
        run = subprocess.run(
            ["unshare", "--mount", "--map-root-user", "sh", "-c", SMALL, "sh", home, path, *map(str, program)],
            env=environment(home) | {"PYTHONPATH": str(Path(__file__).parents[2])},
            capture_output=True,
            text=True,
            timeout=500,
        )
    if run.returncode == 77 or "unshare" in run.stderr:
        pytest.skip("no disk can be mounted here")
    assert run.returncode == 0, run.stdout + run.stderr
    record_property("figure", f"commands on a small disk: said and recovered at {run.stdout.strip()}")
