"""Programs of the person's own, run without a shell: for so long and no longer, and none outlives the reader."""

from __future__ import annotations

import contextlib
import os
import select
import selectors
import signal
import subprocess
import threading
import time
from collections.abc import Sequence

SECONDS = 60
"""For a program, after which it is ended."""
_LOOK = 0.1
"""Seconds between two looks at a program, for nothing tells that it has ended while another holds on to its output."""
_MOST = 2**20
"""Bytes read at a time: all that a pipe can hold."""
_REAPED = 1
"""Seconds at most for those that are ended to be gone."""


class BrokenOff(Exception):
    """A program was ended, or not begun, for the reader is being left."""


class Programs:
    """The programs that are running; safe to use from any thread.

    Each is looked after by the thread that runs it, and ended by no other: only who reaps a process knows that its
    number is not another's by now.
    """

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._stopped: float | None = None
        self._graceless = 0
        """Those running that end at once when the reader is left."""

    def run(
        self, words: Sequence[str], *, given: bytes = b"", grace: float = 0, apart: bool = True
    ) -> subprocess.CompletedProcess[bytes]:
        """Run a program to its end with `given` on its standard input; of what it leaves running nobody waits.

        When the reader is left it has so many seconds of `grace`. It is ended with all that it began, unless it is not
        to be `apart`: then it may ask on our terminal, and what it began is left to that. Raises OSError and ValueError
        for what can't be run, TimeoutExpired, and BrokenOff.
        """
        with self._changed:
            if self._stopped is not None and not grace:
                raise BrokenOff
            self._graceless += not grace
        pipe = subprocess.PIPE
        try:
            with subprocess.Popen(words, stdin=pipe, stdout=pipe, stderr=pipe, start_new_session=apart) as running:
                try:
                    said, complained = self._awaited(running, given, grace)
                finally:
                    if running.poll() is None:
                        _end(running, apart=apart)
            return subprocess.CompletedProcess(words, running.returncode, said, complained)
        finally:
            with self._changed:
                self._graceless -= not grace
                self._changed.notify_all()

    def stop(self) -> None:
        """End those that are running and refuse others, but for those with a grace."""
        with self._changed:
            self._stopped = self._stopped or time.monotonic()
            # Else the program could end before the threads that are to end them come to it.
            self._changed.wait_for(lambda: not self._graceless, _REAPED)

    def _awaited(self, running: subprocess.Popen[bytes], given: bytes, grace: float) -> tuple[bytes, bytes]:
        """What a program said and complained of by its end."""
        assert running.stdin
        assert running.stdout
        assert running.stderr
        began = time.monotonic()
        left = memoryview(given)
        heard = {running.stdout.fileno(): bytearray(), running.stderr.fileno(): bytearray()}
        with selectors.DefaultSelector() as pipes:
            for number in heard:
                pipes.register(number, selectors.EVENT_READ)
            pipes.register(running.stdin, selectors.EVENT_WRITE)
            while True:
                # What it left in the background may hold its pipes for ever: all it said itself is in them by its end.
                ended = running.poll() is not None
                for key, _ in pipes.select(0 if ended else _LOOK):
                    if key.fileobj is not running.stdin:
                        heard[key.fd] += (came := os.read(key.fd, _MOST))
                        if not came:
                            pipes.unregister(key.fd)
                    elif not (left := _given(key.fd, left)):
                        pipes.unregister(running.stdin)
                        running.stdin.close()
                if ended:
                    said, complained = heard.values()
                    return bytes(said), bytes(complained)
                self._refuse_to_wait(running, began, grace)
                if not pipes.get_map():
                    with contextlib.suppress(subprocess.TimeoutExpired):
                        running.wait(_LOOK)

    def _refuse_to_wait(self, running: subprocess.Popen[bytes], began: float, grace: float) -> None:
        now = time.monotonic()
        if now - began >= SECONDS:
            raise subprocess.TimeoutExpired(running.args, SECONDS)
        if self._stopped is not None and now - max(began, self._stopped) >= grace:
            raise BrokenOff


def _given(pipe: int, left: memoryview) -> memoryview:
    """Give a program what its pipe takes at once; returns what is left, which is nothing if it wants no more."""
    try:
        return left[os.write(pipe, left[: select.PIPE_BUF]) :]
    except BrokenPipeError:
        return left[:0]


def _end(running: subprocess.Popen[bytes], *, apart: bool) -> None:
    """End a program that was not reaped yet, and with it, where it is apart, all that it began."""
    with contextlib.suppress(OSError):  # macOS doesn't let one that has ended be signalled
        if apart:
            os.killpg(running.pid, signal.SIGKILL)
        else:
            running.kill()
