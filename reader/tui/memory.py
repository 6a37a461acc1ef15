"""What the screen remembers for the next sitting: how wide panes are, what is hidden, how lists are sorted."""

from __future__ import annotations

import json
import os
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Any

_WIDTHS = (8, 300)
"""Columns: what a pane can have been dragged to."""


class Memory:
    """A few values in a file; one that is lost or damaged costs a few keys, so it is never complained of."""

    def __init__(self, path: Path | None = None) -> None:
        """Read what is kept; without a path everything is forgotten at the end."""
        self._path = path
        self._kept: dict[str, Any] = {}
        if path:
            with suppress(OSError, ValueError, RecursionError):
                kept = json.loads(path.read_bytes())
                self._kept = kept if isinstance(kept, dict) else {}

    def width(self, pane: str) -> int | None:
        """How many columns the person gave a pane, if any."""
        columns = self._kept.get(f"{pane}-width")
        return columns if isinstance(columns, int) and _WIDTHS[0] <= columns <= _WIDTHS[1] else None

    def hold_width(self, pane: str, columns: int) -> None:
        """Know how wide a pane is while its border is dragged; `write` keeps it."""
        self._kept[f"{pane}-width"] = max(_WIDTHS[0], min(_WIDTHS[1], columns))

    def flag(self, name: str, default: bool) -> bool:
        """Something that is on or off."""
        kept = self._kept.get(name)
        return kept if isinstance(kept, bool) else default

    def keep_flag(self, name: str, on: bool) -> None:
        """Remember whether something is on."""
        self._keep(name, on)

    def word(self, name: str, default: str) -> str:
        """A choice by its name."""
        kept = self._kept.get(name)
        return kept if isinstance(kept, str) else default

    def keep_word(self, name: str, chosen: str) -> None:
        """Remember a choice."""
        self._keep(name, chosen)

    def _keep(self, name: str, value: int | bool | str) -> None:
        if self._kept.get(name) == value:
            return
        self._kept[name] = value
        self.write()

    def write(self) -> None:
        """Keep everything for the next sitting."""
        if self._path is None:
            return
        with suppress(OSError):
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            handle, temporary = tempfile.mkstemp(dir=self._path.parent, prefix=".screen-")
            try:
                with os.fdopen(handle, "w", encoding="utf-8") as file:
                    json.dump(self._kept, file, indent=1, sort_keys=True)
                Path(temporary).replace(self._path)
            except OSError:  # a full disk, say
                Path(temporary).unlink()
