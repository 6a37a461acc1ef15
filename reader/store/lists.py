"""Lists of feeds that are followed as they change."""

from __future__ import annotations

from datetime import datetime

import msgspec

from reader.model import FollowedList
from reader.store.connections import Connections, explained, instant, seconds

Named = tuple[str, ...]


@explained
class ListStore:
    """The followed lists of a library; reached as `Store.lists`, safe to use from any thread."""

    def __init__(self, at: Connections) -> None:
        self._at = at

    def all(self) -> list[FollowedList]:
        """All followed lists, by address."""
        rows = self._at.db.execute("SELECT * FROM lists ORDER BY url")
        return [
            FollowedList(
                **{**row, "next_at": instant(row["next_at"]), "named": msgspec.json.decode(row["named"], type=Named)}
            )
            for row in rows
        ]

    def keep(self, followed: FollowedList) -> None:
        """Keep what is known of a list."""
        at: datetime | None = followed.next_at
        with self._at.transaction() as db:
            db.execute(
                "INSERT OR REPLACE INTO lists"
                " (url, folder, etag, modified, validators_of, body_hash, next_at, failures, error, named)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    followed.url, followed.folder, followed.etag, followed.modified, followed.validators_of,
                    followed.body_hash, seconds(at) if at else None, followed.failures, followed.error,
                    msgspec.json.encode(followed.named).decode(),
                ),
            )  # fmt: skip

    def remove(self, url: str) -> bool:
        """Follow a list no more; its feeds stay. False when it is not followed."""
        with self._at.transaction() as db:
            return bool(db.execute("DELETE FROM lists WHERE url = ?", (url,)).rowcount)
