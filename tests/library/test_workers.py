"""The worker processes, at their worst tasks."""

import contextlib
import ctypes
import json
import os
import re
import select
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import CancelledError, Future, wait
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

import pytest

from reader.config import Settings
from reader.feeds import FeedError
from reader.library import steps
from reader.library.library import Library
from reader.library.workers import WorkerDied, WorkerError, Workers, WorkerTimeout, _outcome

# --- tasks; module-level, so that a worker can import them -----------------------------------------------------------


def killed_once(marker: Path) -> str:
    if not marker.exists():
        marker.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return "done"


def orphaned_once(marker: Path) -> str:
    if not marker.exists():
        marker.touch()
        os.kill(os.getppid(), signal.SIGKILL)
        time.sleep(30)
    return "done"


def give(length: int, _given: bytes = b"") -> bytes:
    return bytes(length)


class Unportable(Exception):
    """Can be pickled but not unpickled, as many third-party exceptions are."""

    def __init__(self, one, two):
        super().__init__(f"{one}\x1b[31m and {two}")


class Trap:
    """Can't be pickled."""

    def __reduce__(self):
        raise TypeError("never")


class Mine:
    """Can't be unpickled in the worker."""

    def __reduce__(self):
        return int, ("not a number",)


def double(number, *, plus=0):
    return 2 * number + plus


def refuse(words):
    raise FeedError(words)


def fail_unportably():
    raise Unportable("this", "that")


def give_back(size):
    return bytes(size)


def give_trap():
    return Trap()


def take(_):
    return "taken"


def spin():
    while True:
        pass


def backtrack():
    """Hang inside C code."""
    return re.fullmatch(r"(a*)*b", "a" * 64)


def hoard():
    pieces = []
    while True:
        pieces.append(bytearray(2**24))


def segfault():
    ctypes.string_at(0)


def leave():
    sys.exit(3)


def vanish():
    os._exit(0)


def shout():
    print("from print")
    print("to stderr", file=sys.stderr)
    os.write(1, b"from the depths")
    os.write(2, b"from the depths")
    return sys.stdin.read()


def recurse():
    return recurse()


def pid():
    return os.getpid()


def family():
    return [os.getpid(), os.getppid()]


def nap(seconds):
    time.sleep(seconds)
    return seconds


def modules():
    return set(sys.modules)


def claims_and_threads(text):
    tasks = Path("/proc/self/task")
    return steps.find_claims(text, "", None), len(list(tasks.iterdir())) if tasks.exists() else None


# --- tests -----------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def workers():
    with Workers(timeout=20.0) as workers:
        yield workers


@pytest.fixture
def hasty():
    with Workers(processes=1, timeout=1.5) as workers:
        yield workers


def test_a_task_is_done_in_another_process(workers):
    assert workers.submit(double, 4, plus=1).result() == 9
    assert workers.submit(pid).result() != os.getpid()


def test_many_tasks_and_large_ones_come_back_to_their_own_futures(workers):
    futures = [workers.submit(double, number) for number in range(200)]
    large = workers.submit(give_back, 12 * 2**20)
    assert [future.result() for future in futures] == [2 * number for number in range(200)]
    assert len(large.result()) == 12 * 2**20
    assert workers.submit(take, bytes(12 * 2**20)).result() == "taken"


def test_a_domain_exception_comes_back_as_itself_with_its_traceback(workers):
    with pytest.raises(FeedError) as refused:
        workers.submit(refuse, "no feed").result()
    assert str(refused.value) == "no feed"
    assert "in refuse" in refused.value.__notes__[0]


def test_an_exception_that_nobody_foresaw_becomes_a_plain_one(workers):
    with pytest.raises(WorkerError) as failed:
        workers.submit(fail_unportably).result()
    assert str(failed.value) == "reading it failed: Unportable: this [31m and that"
    assert "in fail_unportably" in failed.value.__notes__[0]


def test_what_can_not_be_pickled_fails_its_own_task_only():
    with Workers(processes=1) as workers:  # one, so that the same one must answer before and after
        before = workers.submit(pid).result()
        with pytest.raises(TypeError, match="never"):
            workers.submit(take, Trap())
        with pytest.raises(WorkerError, match=r"ValueError: .*not a number"):
            workers.submit(take, Mine()).result()
        with pytest.raises(WorkerError, match="TypeError: never"):
            workers.submit(give_trap).result()
        with pytest.raises((AttributeError, TypeError)):
            workers.submit(lambda: 1)
        assert workers.submit(pid).result() == before


@pytest.mark.parametrize(("task", "raised"), [(leave, "SystemExit"), (recurse, "RecursionError")])
def test_a_task_that_leaves_or_recurses_is_just_an_exception(workers, task, raised):
    with pytest.raises(WorkerError, match=raised):
        workers.submit(task).result()


@pytest.mark.scorecard(17)
@pytest.mark.parametrize("task", [spin, backtrack])
def test_a_task_that_hangs_is_killed_and_the_pool_goes_on(hasty, task):
    assert hasty.submit(double, 1).result() == 2
    with pytest.raises(WorkerTimeout, match=r"^reading it took longer than 1.5 s$"):
        hasty.submit(task).result(timeout=10)
    assert hasty.submit(double, 2).result(timeout=10) == 4


def test_a_task_may_be_given_longer_and_is_killed_when_it_takes_longer_still():
    with Workers(processes=1, timeout=0.5) as workers:
        assert workers.submit_longer(18, nap, 0.8).result(timeout=20) == 0.8
        with pytest.raises(WorkerTimeout, match=r"^reading it took longer than 0.5 s$"):
            workers.submit(nap, 0.8).result(timeout=10)
        began = time.monotonic()
        with pytest.raises(WorkerTimeout, match=r"^reading it took longer than 1.5 s$"):
            workers.submit_longer(1, spin).result(timeout=10)
        assert 1.4 < time.monotonic() - began < 10


def test_a_fresh_worker_has_what_it_needs_and_each_loads_the_model_for_itself():
    needed = {"reader.feeds.parse", "reader.articles.extract", "reader.claims.find"}
    said = "“Nobody will cross the {} bridges before spring,” said Ada Lind, the harbour master."
    text = "\n\n".join(said.format(number) for number in range(200))
    with Workers(processes=1, timeout=0.5) as workers:
        for _ in range(2):
            assert needed <= workers.submit_longer(18, modules).result()
            found, threads = workers.submit_longer(18, claims_and_threads, text).result()
            assert len(found.claims) > 150
            assert threads in (1, None), "a thread would be at work beside the alarm"
            with pytest.raises(WorkerTimeout):
                workers.submit(spin).result(timeout=10)


def test_others_finish_while_some_hang():
    with Workers(processes=2, timeout=2.0) as workers:
        stuck = [workers.submit(spin) for _ in range(3)]
        fine = [workers.submit(double, number) for number in range(50)]
        assert [future.result(timeout=20) for future in fine] == [2 * number for number in range(50)]
        assert all(isinstance(future.exception(timeout=20), WorkerTimeout) for future in stuck)


@pytest.mark.scorecard(9)
def test_an_answer_that_is_much_larger_than_what_was_asked_stays_where_it_is(workers):
    with pytest.raises(WorkerError, match=r"^what was read from it is larger than 32 MB\b"):
        workers.submit(give, 33 * 2**20).result(timeout=20)
    assert len(workers.submit(give, 31 * 2**20).result(timeout=20)) == 31 * 2**20
    assert len(workers.submit(give, 60 * 2**20, bytes(8 * 2**20)).result(timeout=20)) == 60 * 2**20


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux limits a process's memory")
def test_a_task_that_hoards_memory_dies_and_the_pool_goes_on(workers):
    with pytest.raises(WorkerDied, match=r"^reading it took more than 1 GB of memory$"):
        workers.submit(hoard).result(timeout=20)
    assert workers.submit(double, 2).result(timeout=10) == 4


def test_a_task_that_crashes_its_worker_fails_and_the_pool_goes_on(workers):
    for _ in range(3):
        with pytest.raises(WorkerDied, match=r"^reading it crashed a worker process$"):
            workers.submit(segfault).result(timeout=10)
    assert workers.submit(double, 2).result(timeout=10) == 4


def test_workers_killed_from_outside_do_not_end_the_pool():
    def done(*task):
        """What comes of a task, by whichever pool: the one that lost a worker may notice so at any of the next ones."""
        for _ in range(20):
            with contextlib.suppress(WorkerDied):
                return workers.submit(*task).result(timeout=10)
        pytest.fail("the pool does not recover")

    with Workers(processes=2) as workers:
        for _ in range(3):
            victim = done(pid)
            gone = os.pidfd_open(victim)
            os.kill(victim, signal.SIGKILL)
            assert select.select([gone], [], [], 10)[0]
            os.close(gone)
            assert done(double, 2) == 4


@pytest.mark.parametrize("task", [killed_once, orphaned_once])
def test_a_task_whose_worker_is_killed_from_outside_is_done_by_another(tmp_path, task):
    """Or what forks the workers, with which they end."""
    with Library(tmp_path / "library.sqlite", settings=Settings()) as library:
        assert library._work(task, tmp_path / "marker") == "done"


def test_a_task_of_a_pool_that_broke_before_it_fails_in_words():
    given: Future[bytes] = Future()
    given.set_exception(BrokenProcessPool())
    with pytest.raises(WorkerDied, match="a worker process died"):
        _outcome(given, 5)


def test_a_worker_that_leaves_without_a_word_fails_its_task(hasty):
    with pytest.raises(WorkerTimeout):
        hasty.submit(vanish).result(timeout=10)
    assert hasty.submit(double, 2).result(timeout=10) == 4


def test_cancelling_stops_the_work():
    with Workers(processes=1, timeout=60) as patient:
        stuck, next_ = patient.submit(spin), patient.submit(double, 2)
        assert stuck.cancel()
        assert next_.result(timeout=10) == 4
        assert wait([stuck], timeout=5).not_done == set()


def test_closing_is_quick_and_cancels_what_is_not_done():
    workers = Workers(processes=2, timeout=60)
    workers.submit(double, 1).result()
    futures = [workers.submit(spin) for _ in range(4)] + [workers.submit(take, bytes(2**22)) for _ in range(10)]
    began = time.monotonic()
    workers.close()
    assert time.monotonic() - began < 2
    for future in futures:
        with pytest.raises(CancelledError):
            future.result(timeout=5)
    with pytest.raises(WorkerError, match="stopped"):
        workers.submit(double, 1)
    workers.close()


def test_workers_that_were_never_needed_close_too():
    before = threading.active_count()
    Workers().close()
    assert threading.active_count() == before


def test_nothing_that_a_worker_says_reaches_the_terminal(workers, capfd):
    assert workers.submit(shout).result() == ""
    assert capfd.readouterr() == ("", "")


# --- a program with workers ------------------------------------------------------------------------------------------

_PROGRAM = """
import json, sys
sys.path.insert(0, {folder!r})
from test_workers import double, family, shout, spin
from reader.feeds import FeedError
from reader.library.workers import Workers

if __name__ == "__main__":
    workers = Workers(processes=2, timeout=1.0)
    pids = sorted({{pid for _ in range(20) for pid in workers.submit(family).result()}})
    workers.submit(shout).result()
    for _ in range(4):
        workers.submit(spin)
    print(json.dumps(pids), flush=True)
    {ending}
"""


@pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="waiting for a process of others takes Linux")
@pytest.mark.parametrize("ending", ["workers.close()", "pass", "raise SystemExit(3)", "sys.stdin.read()"])
def test_no_process_outlives_the_program(tmp_path, ending):
    script = tmp_path / "program"
    script.write_text(_PROGRAM.format(folder=str(Path(__file__).parent), ending=ending))
    with subprocess.Popen(
        [sys.executable, str(script)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as program:
        line = program.stdout.readline()
        assert line, program.stderr.read()
        left = [os.pidfd_open(pid) for pid in json.loads(line) if _is_alive(pid)]
        if "stdin" in ending:
            program.kill()
        assert program.stdout.read() == ""
        words = program.stderr.read()
        program.wait(timeout=20)
    for process in left:
        assert select.select([process], [], [], 10)[0], "a worker lives on"
        os.close(process)
    assert "Traceback" not in words


def _is_alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_they_start_where_the_place_of_temporary_files_has_a_long_name(tmp_path):
    place = tmp_path / ("x" * 120)
    place.mkdir()
    program = (
        "from reader.library.workers import Workers\n"
        "if __name__ == '__main__':\n"
        "    with Workers() as workers:\n"
        "        print(workers.submit(len, 'abc').result(30))\n"
    )
    (tmp_path / "program.py").write_text(program)
    done = subprocess.run(
        [sys.executable, tmp_path / "program.py"],
        env={**os.environ, "TMPDIR": str(place), "PYTHONPATH": str(Path(__file__).parents[2])},
        capture_output=True,
        timeout=60,
    )
    assert done.stdout == b"3\n", done.stderr.decode()
    assert [*place.iterdir()] == []
