"""What the person, or a rule of theirs, did to entries, written within a transaction."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from datetime import datetime
from typing import Literal

from reader.store.connections import seconds

State = Literal["read", "starred", "muted"]


def set_state(db: sqlite3.Connection, state: State, ids: Iterable[int], value: bool, *, now: datetime) -> None:
    """Set one state of entries that are there."""
    db.executemany(
        f"INSERT INTO states (entry_id, {state}, changed_at) SELECT id, ?, ? FROM entries WHERE id = ?"
        f" ON CONFLICT (entry_id) DO UPDATE SET {state} = excluded.{state}, changed_at = excluded.changed_at",
        [(value, seconds(now), entry_id) for entry_id in ids],
    )


def set_tag(db: sqlite3.Connection, ids: Iterable[int], tag: str, tagged: bool) -> None:
    """Give entries that are there a tag, or take it from them."""
    db.executemany(
        "INSERT OR IGNORE INTO tags (entry_id, tag) SELECT id, ? FROM entries WHERE id = ?"
        if tagged
        else "DELETE FROM tags WHERE tag = ? AND entry_id = ?",
        [(tag, entry_id) for entry_id in ids],
    )
