"""Programs of the person's own: ended with all that they began, in time, and by nobody but their own thread."""

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from pathlib import Path
from typing import TypeVar

import pytest
from fifo import Fifo

from reader.library import commands, programs
from reader.library.answers import LibraryError
from reader.library.library import Library
from reader.library.programs import Programs

T = TypeVar("T")


@pytest.fixture
def fifo(tmp_path: Path) -> Iterator[Fifo]:
    fifo = Fifo(tmp_path / "fifo")
    yield fifo
    fifo.close()


def begun(does: Callable[[], T]) -> Future[T]:
    """Something that a thread of its own does."""
    outcome: Future[T] = Future()

    def do() -> None:
        try:
            outcome.set_result(does())
        except BaseException as error:
            outcome.set_exception(error)

    threading.Thread(target=do, daemon=True).start()
    return outcome


def living(fifo: Fifo) -> str:
    """A command whose grandchild says that it is there, and would live for half a minute with all its pipes open."""
    return f"sh -c 'exec 3>{fifo.path}; (echo up >&3; sleep 30); echo done'"


def test_what_runs_when_the_library_is_closed_is_ended_with_all_that_it_began(library: Library, fifo: Fifo):
    running = begun(lambda: library.commands.run(living(fifo)))
    assert fifo.said() == "up\n"
    began = time.monotonic()
    library.close()
    assert time.monotonic() - began < 1
    assert fifo.said(seconds=0) == "", "when it is closed nobody is left"
    with pytest.raises(LibraryError, match="broken off"):
        running.result(1)


def test_what_takes_too_long_is_ended_with_all_that_it_began(library: Library, fifo: Fifo, monkeypatch):
    monkeypatch.setattr(programs, "SECONDS", 0.3)
    with pytest.raises(LibraryError, match="took longer than"):
        library.commands.run(living(fifo))
    assert (fifo.said(), fifo.said(seconds=1)) == ("up\n", "")


def test_what_a_command_leaves_in_the_background_is_left_alone_and_nobody_waits_for_it(library: Library, fifo: Fifo):
    began = time.monotonic()
    number = library.commands.run(f"sh -c 'exec 3>{fifo.path}; sleep 30 & echo $!'")
    assert time.monotonic() - began < 2
    library.close()
    assert fifo.is_quiet()
    os.kill(int(number), signal.SIGKILL)
    assert fifo.said() == ""


def test_a_long_text_is_given_whole_and_what_is_said_is_taken_whole_however_long_it_takes(library: Library):
    text = "who said what\n" * 40_000
    said = library.commands.run("sh -c 'sleep .3; cat; sleep .3; echo done'", given=text)
    assert said == f"{text}done"


def test_after_the_end_only_what_lasts_is_begun_and_has_its_grace(library: Library, fifo: Fifo, tmp_path, monkeypatch):
    library.stop()
    made = tmp_path / "made"
    with pytest.raises(LibraryError, match="broken off"):
        library.commands.run(f"touch {made}")
    assert not made.exists()
    assert library.commands.run("sh -c 'sleep .2; cat'", given="said", lasting=True) == "said"
    monkeypatch.setattr(commands, "_GRACE", 0.3)
    with pytest.raises(LibraryError, match="broken off"):
        library.commands.run(living(fifo), lasting=True)
    assert (fifo.said(), fifo.said(seconds=1)) == ("up\n", "")


def test_a_stop_waits_for_nothing_that_lasts(library: Library, fifo: Fifo, monkeypatch):
    monkeypatch.setattr(commands, "_GRACE", 0.5)
    running = begun(lambda: library.commands.run(living(fifo), lasting=True))
    assert fifo.said() == "up\n"
    began = time.monotonic()
    library.stop()
    assert time.monotonic() - began < 0.4
    assert fifo.is_quiet()
    assert fifo.said(seconds=2) == ""
    with pytest.raises(LibraryError, match="broken off"):
        running.result(1)


def test_one_that_is_to_ask_on_the_terminal_stays_on_it():
    """A session of its own has none."""
    asked = ["sh", "-c", "ps -o sid= -p $$"]
    assert int(Programs().run(asked, apart=False).stdout) == os.getsid(0)
    assert int(Programs().run(asked).stdout) != os.getsid(0)
