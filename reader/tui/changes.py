"""What the person changed, so that each change can be undone, the latest first."""

from __future__ import annotations

from collections import deque
from collections.abc import Awaitable, Callable

_KEPT = 200


class Changes:
    """The changes of a sitting, in whatever screen they were made."""

    def __init__(self) -> None:
        self._made: deque[tuple[str, Callable[[], Awaitable[None]]]] = deque(maxlen=_KEPT)

    def made(self, what: str, undo: Callable[[], Awaitable[None]]) -> None:
        """Keep a change that was made: what it was, as in "Undone: the mark.", and what takes it back."""
        self._made.append((what, undo))

    async def undo(self) -> str | None:
        """Take the latest change back and say what it was; None where nothing is left. One that fails stays."""
        if not self._made:
            return None
        change = self._made[-1]
        what, undo = change
        await undo()
        if change in self._made:  # others may have been made meanwhile
            self._made.remove(change)
        return what
