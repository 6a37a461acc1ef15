"""A named pipe between a test and the programs that are run: no signal of theirs is missed, and none is waited for."""

import os
import select
from pathlib import Path


class Fifo:
    """A test's end of a named pipe; whoever writes to it lives for as long as it is open."""

    def __init__(self, path: Path) -> None:
        os.mkfifo(path)
        self.path = path
        self._end = os.open(path, os.O_RDONLY | os.O_NONBLOCK)

    def close(self) -> None:
        os.close(self._end)

    def said(self, *, seconds: float = 5) -> str:
        """What was written to it next; empty once all are gone who had it open."""
        ready, _, _ = select.select([self._end], [], [], seconds)
        assert ready, f"nothing was said within {seconds} s, and somebody lives who may"
        return os.read(self._end, 1000).decode()

    def is_quiet(self) -> bool:
        """Whether somebody has it open and says nothing."""
        return not select.select([self._end], [], [], 0)[0]
