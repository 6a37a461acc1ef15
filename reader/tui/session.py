"""What the screens of one sitting share."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from reader.library.library import Library
from reader.tui.changes import Changes
from reader.tui.keyboard import Keymap
from reader.tui.memory import Memory


@dataclass(slots=True, kw_only=True)
class Session:
    """A library, and the person at it."""

    library: Library
    config: Path | None = None
    """The file of the settings; None where there is none to write to."""
    keymap: Keymap = field(default_factory=Keymap)
    changes: Changes = field(default_factory=Changes)
    memory: Memory = field(default_factory=Memory)
