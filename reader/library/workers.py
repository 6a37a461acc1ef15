"""Worker processes for untrusted bytes: limited in time and memory, silent, and killed when they overstep.

Parsers of the open web hang, crash and devour memory on hostile input; here that costs one task, never the reader. Only
pickled bytes cross Pebble's pipes, so that something that can't be pickled or unpickled fails its own task as well.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import logging
import multiprocessing
import multiprocessing.process
import multiprocessing.util
import os
import pickle
import shutil
import signal
import sys
import tempfile
import threading
import time
import warnings
from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from functools import partial
from multiprocessing import resource_tracker
from multiprocessing.context import BaseContext
from types import TracebackType
from typing import TYPE_CHECKING, Any, ParamSpec, Self, TypeVar

from reader.text import one_line

if TYPE_CHECKING:
    from pebble import ProcessPool

P = ParamSpec("P")
T = TypeVar("T")

_MEMORY = 2**30
"""Bytes of address space for a worker: the claims of a text of 1 MB take half of it, at worst two thirds."""
_ANSWER = 32 * 2**20
"""Bytes of an answer of a worker, and for each byte that it was given so many more, ..."""
_GROWTH = 4
"""... that the reader's own process takes in: what is small must not become large there."""
_OUT_OF_MEMORY = 99
"""The exit status of a worker that reached its limit."""
_UNKNOWN = 255
"""The exit status of one whose end nobody saw: the process that forks the workers was killed itself."""
_PRELOAD = ["__main__", __name__, "reader.library.preload"]
"""What the process that forks the workers imports."""


class WorkerError(Exception):
    """A task that came to nothing; the message is one plain sentence."""


class WorkerTimeout(WorkerError):
    """The task took too long and its worker was killed."""


class WorkerDied(WorkerError):
    """The worker died at the task: it crashed or ran out of memory."""


class WorkerKilled(WorkerDied):
    """The worker was killed from outside, or before it took the task: another may well do it."""


class NoWorker(WorkerError):
    """There is no worker to give a task to; the next task may find one."""


class Workers:
    """A small pool of processes, started at the first task and replaced as they die; usable from any thread."""

    def __init__(self, *, processes: int = 2, timeout: float = 5.0) -> None:
        self._processes = processes
        self._timeout = timeout
        self._lock = threading.RLock()
        self._pool: ProcessPool | None = None
        self._open: set[Future[Any]] = set()
        self._closed = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Run a module-level function in a worker; cancelling the future kills the worker at it.

        The future raises what `fn` refuses by an exception of ours (FeedError, say), or a WorkerError for all else.
        """
        return self.submit_longer(0, fn, *args, **kwargs)

    def submit_longer(self, by: float, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Run a task that may take so many seconds more than others."""
        seconds = self._timeout + by
        task = pickle.dumps((fn, args, kwargs))
        future: Future[T] = Future()
        with self._lock:
            pool = self._running()
            try:
                # The alarm in the worker keeps the time; Pebble's own limit is for one that left without a word.
                inner: Future[bytes] = pool.schedule(_work, args=(task, seconds), timeout=seconds + self._timeout)
            except (OSError, RuntimeError) as error:
                raise NoWorker("no worker process can be started") from error
            self._open.add(future)
        future.add_done_callback(lambda done: inner.cancel() if done.cancelled() else None)
        inner.add_done_callback(partial(self._settle, future, pool, seconds))
        return future

    def close(self) -> None:
        """End every worker at once; tasks that are not done are cancelled."""
        with self._lock:
            self._closed = True
            pool, self._pool = self._pool, None
            left, self._open = self._open, set()
        for future in left:
            future.cancel()
        if pool:
            _end(pool)

    def _running(self) -> ProcessPool:
        from pebble import ProcessPool  # takes 80 ms, which a reader that parses nothing need not wait for

        if self._closed:
            raise NoWorker("the worker processes have been stopped")
        if self._pool and not self._pool.active:
            self._give_up(self._pool)
        if not self._pool:
            # Textual's stand-in for standard error has no descriptor, which the tracker would hand on.
            with contextlib.redirect_stderr(sys.__stderr__):
                resource_tracker.ensure_running()
            self._pool = ProcessPool(self._processes, initializer=_confine, context=_context())
        return self._pool

    def _give_up(self, broken: ProcessPool) -> None:
        """Fail what a broken pool was given, for it forgets its tasks; the next task gets a new pool.

        Pebble's pool breaks when a worker dies that has no task, such as one killed from outside.
        """
        with self._lock:
            if self._pool is not broken:
                return
            self._pool = None
            lost, self._open = self._open, set()
        # Not here: this can be one of the threads that ending the pool waits for.
        threading.Thread(target=_end, args=(broken,), daemon=True).start()
        for future in lost:
            if future.set_running_or_notify_cancel():
                future.set_exception(WorkerKilled("a worker process died"))

    def _settle(self, future: Future[T], pool: ProcessPool, seconds: float, inner: Future[bytes]) -> None:
        """Hand the worker's answer on; runs in a thread of the pool's."""
        if not inner.cancelled() and isinstance(inner.exception(), BrokenProcessPool):
            self._give_up(pool)
        with self._lock:
            if future not in self._open:
                return
            self._open.remove(future)
        if not future.set_running_or_notify_cancel():
            return
        try:
            future.set_result(_outcome(inner, seconds))
        except BaseException as error:
            future.set_exception(error)


def _outcome(inner: Future[bytes], seconds: float) -> Any:
    """What a task came to."""
    from pebble import ProcessExpired

    try:
        returned, value = pickle.loads(inner.result())
    except TimeoutError:
        raise WorkerTimeout(f"reading it took longer than {seconds:g} s") from None
    except ProcessExpired as death:
        if death.exitcode == -signal.SIGALRM:
            raise WorkerTimeout(f"reading it took longer than {seconds:g} s") from None
        if death.exitcode == _OUT_OF_MEMORY:
            raise WorkerDied(f"reading it took more than {_MEMORY / 2**30:g} GB of memory") from None
        if death.exitcode in (-signal.SIGKILL, _UNKNOWN):
            raise WorkerKilled("a worker process was killed") from None
        raise WorkerDied("reading it crashed a worker process") from None
    except BrokenProcessPool:  # of a pool that was given up before it took this task
        raise WorkerKilled("a worker process died") from None
    if not returned:
        raise value
    return value


def _context() -> BaseContext:
    """How workers start: forked from a clean server where there is one, never from this process with its threads."""
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    if len(os.fsencode(tempfile.gettempdir())) > _SOCKETS and os.access("/tmp", os.W_OK):
        # What multiprocessing would make for itself, and take away as it ends, in a place of a shorter name.
        place = tempfile.mkdtemp(prefix="newsreader-", dir="/tmp")
        multiprocessing.util.Finalize(None, shutil.rmtree, args=(place, True), exitpriority=-100)
        multiprocessing.process.current_process()._config.setdefault("tempdir", place)  # type: ignore[attr-defined]
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(_PRELOAD)
    return context


def _end(pool: ProcessPool) -> None:
    pool.stop()  # type: ignore[no-untyped-call]
    with contextlib.suppress(RuntimeError):
        pool.join()


# --- in the worker ---------------------------------------------------------------------------------------------------


def _confine() -> None:
    """Make this process silent, mortal and small; the terminal belongs to the reader."""
    gc.freeze()  # what is loaded stays, and need not be gone through again and again
    signal.signal(signal.SIGTERM, signal.SIG_DFL)  # Pebble's handler would wait for Python code to get a turn
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    void = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(void, stream)
    logging.disable()
    warnings.simplefilter("ignore")
    with contextlib.suppress(ImportError, OSError, ValueError):  # macOS refuses, Windows has none
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))


def _work(task: bytes, timeout: float) -> bytes:
    """Do one task. The alarm kills this process even inside C code, and even when its parent is no more."""
    signal.setitimer(signal.ITIMER_REAL, timeout)
    began = time.monotonic()
    try:
        fn, args, kwargs = pickle.loads(task)
        made = pickle.dumps((True, fn(*args, **kwargs)))
        if len(made) > (most := _ANSWER + _GROWTH * len(task)):
            raise WorkerError(f"what was read from it is larger than {most >> 20} MB")
        return made
    except MemoryError:
        os._exit(_OUT_OF_MEMORY)
    except BaseException as error:
        return _carried(error)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        if time.monotonic() - began > _LONG:
            _give_back()


_SOCKETS = 70
"""Bytes of a folder's name beyond which no socket can be made in it, whose own names are of some thirty."""
_LONG = 0.5
"""Seconds of a task after which it may have taken much memory."""


def _give_back() -> None:
    """Let the system have again what a task took: else it stays with this process, a hundred megabytes of sorting."""
    with contextlib.suppress(AttributeError, OSError, TypeError):  # it is of the GNU C library
        ctypes.CDLL(None).malloc_trim(0)


def _carried(error: BaseException) -> bytes:
    """A domain's own refusal as itself; whatever else a hostile input made go wrong as a WorkerError.

    Either has how it came about as a note, without values. Other people's exceptions often pickle but don't unpickle.
    """
    from reader.library.crash import trace

    note = trace(error)
    if not type(error).__module__.startswith(f"{__package__.partition('.')[0]}."):
        plain = WorkerError(one_line(f"reading it failed: {type(error).__name__}: {error}")[:200])
        plain.__notes__ = getattr(error, "__notes__", [])
        error = plain
    error.add_note(note)
    return pickle.dumps((False, error))
