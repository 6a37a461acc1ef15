"""Questions asked about stories, and what is written of them: which articles tell them, their ledgers, who speaks."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

import msgspec

from reader.model import Assignment, Claim, Entry, Ledger, Related, Source, SourceKind, StoryDoc
from reader.store.connections import PAGE, Connections, explained, instant, marks, seconds

_DOC = """
    SELECT entries.id, entries.title, substr(unzipped(text), 1, 1000) AS text, published,
           feeds.title AS outlet, entries.url
    FROM entries JOIN feeds ON feeds.id = feed_id LEFT JOIN articles ON articles.entry_id = entries.id
"""


class Said(NamedTuple):
    """A claim of a kept article, with its words."""

    entry_id: int
    claim: Claim
    passage: str
    """The text from the claim's first word to its last."""
    cue: str
    site: str | None
    """What the article's page calls itself; None of one that only its feed tells."""


class _Claims(msgspec.Struct):
    """An analysis of which few claims are wanted: those are read one by one."""

    claims: tuple[msgspec.Raw, ...] = ()


class _Page(msgspec.Struct):
    """Of an article the name of its page's outlet alone."""

    site: str | None = None


@explained
class StoryStore:
    """The stories of a library; reached as `Store.stories`, safe to use from any thread.

    Every method raises `StoreError` with a plain sentence when the file can't be read or written.
    """

    def __init__(self, at: Connections, *, entries: Callable[[Sequence[int]], dict[int, Entry]]) -> None:
        self._at = at
        self._entries = entries

    def unsorted(self, *, at_once: int) -> list[StoryDoc]:
        """The oldest articles that have no story yet, at most `at_once`, by time."""
        rows = self._at.db.execute(
            f"{_DOC} WHERE NOT EXISTS (SELECT 1 FROM stories WHERE stories.entry_id = entries.id)"
            " ORDER BY sorted, entries.id LIMIT ?",
            (at_once,),
        )
        return [_doc(row) for row in rows]

    def count_unsorted(self, at_most: int) -> int:
        """How many articles have no story yet, counted up to `at_most`."""
        rows = self._at.db.execute(
            "SELECT count(*) FROM (SELECT 1 FROM entries WHERE NOT EXISTS"
            " (SELECT 1 FROM stories WHERE stories.entry_id = entries.id) LIMIT ?)",
            (at_most,),
        )
        count: int = rows.fetchone()[0]
        return count

    def last_sketch(self) -> int:
        """The number of the last sketch kept, 0 of none."""
        last: int = self._at.db.execute("SELECT coalesce(max(number), 0) FROM sketches").fetchone()[0]
        return last

    def sketches(self, *, first: int) -> Iterator[tuple[str, str, int, bytes]]:
        """What is kept of the articles from number `first` on, by number: id, story, number and sketch.

        The id of an article whose entry is gone is no entry's.
        """
        rows = self._at.db.execute(
            "SELECT coalesce(entry_id, 'gone ' || number) AS id, story, number, sketch FROM sketches"
            " WHERE number >= ? ORDER BY number",
            (first,),
        )
        return ((str(row["id"]), str(row["story"]), row["number"], row["sketch"]) for row in rows)

    def chosen(self) -> tuple[int, int, int]:
        """What changes whenever the person puts entries into other stories."""
        row = self._at.db.execute(
            "SELECT count(*), coalesce(sum(entry_id * story), 0), coalesce(max(chosen), 0) FROM story_choices"
        ).fetchone()
        return tuple(row)

    def save(
        self,
        assignments: Sequence[Assignment],
        sketches: Sequence[tuple[int, bytes]] = (),
        *,
        chosen: tuple[int, int, int] | None = None,
        keep: int = 0,
    ) -> bool:
        """Keep which story each article joined, its relatives and its sketch, numbered on from the last one kept.

        False, and nothing kept, when in the meantime another program sorted articles or what the person chose is no
        longer `chosen`. A story once given is never changed here. Sketches before the number `keep` are dropped.
        """
        with self._at.transaction() as db:
            if chosen is not None and chosen != self.chosen():
                return False
            last = db.execute("SELECT coalesce(max(number), 0) FROM sketches").fetchone()[0]
            if sketches and sketches[0][0] != last + 1:
                return False
            for joined in assignments:
                new = db.execute(
                    "INSERT OR IGNORE INTO stories (entry_id, story) SELECT id, ? FROM entries WHERE id = ?",
                    (int(joined.story), int(joined.id)),
                )
                if not new.rowcount:
                    continue
                db.executemany(
                    "INSERT OR REPLACE INTO related (entry_id, other_id, score, why)"
                    " SELECT ?, id, ?, ? FROM entries WHERE id = ?",
                    [
                        (int(joined.id), other.score, other.why, int(other.id))
                        for other in joined.related
                        if other.id.isdecimal()
                    ],
                )
            db.executemany(
                "INSERT INTO sketches (number, entry_id, story, sketch)"
                " VALUES (?, (SELECT id FROM entries WHERE id = ?),"
                " coalesce((SELECT story FROM told WHERE entry_id = ?), ?), ?)",
                [
                    (number, int(joined.id), int(joined.id), int(joined.story), sketch)
                    for joined, (number, sketch) in zip(assignments, sketches, strict=False)
                ],
            )
            db.execute("DELETE FROM sketches WHERE number < ?", (keep,))
        return True

    def story_of(self, entry_id: int) -> int | None:
        """The story an entry belongs to."""
        row = self._at.db.execute("SELECT story FROM told WHERE entry_id = ?", (entry_id,)).fetchone()
        return row[0] if row else None

    def story_entries(self, story: int) -> list[Entry]:
        """The entries of a story, the earliest first."""
        rows = self._at.db.execute(
            "WITH held AS (SELECT entry_id FROM stories WHERE story = :story"
            " UNION SELECT entry_id FROM story_choices WHERE story = :story)"
            " SELECT id FROM entries JOIN told ON told.entry_id = id WHERE told.story = :story"
            " AND id IN (SELECT entry_id FROM held"
            " UNION SELECT stories.entry_id FROM stories JOIN held ON stories.story = held.entry_id)"
            " ORDER BY sorted, id",
            {"story": story},
        )
        ids = [row[0] for row in rows]
        found = self._entries(ids)
        return [found[id] for id in ids if id in found]

    def with_text(self, entry_ids: Sequence[int]) -> set[int]:
        """Those of some entries whose article's text is kept."""
        found: set[int] = set()
        for at in range(0, len(entry_ids), PAGE):
            page = entry_ids[at : at + PAGE]
            rows = self._at.db.execute(
                f"SELECT entry_id FROM articles WHERE unzipped(text) != '' AND entry_id IN ({marks(page)})", page
            )
            found.update(row[0] for row in rows)
        return found

    def choices(self, entry_ids: Sequence[int]) -> dict[int, int | None]:
        """Where the person wants each of some entries; None where the machine decides."""
        chosen: dict[int, int | None] = dict.fromkeys(entry_ids)
        for at in range(0, len(entry_ids), PAGE):
            page = entry_ids[at : at + PAGE]
            chosen |= self._at.db.execute(
                f"SELECT entry_id, story FROM story_choices WHERE entry_id IN ({marks(page)})", page
            ).fetchall()
        return chosen

    def choose(self, wanted: Mapping[int, int | None], *, now: datetime) -> None:
        """Put entries into the stories the person wants them in; None leaves it to the machine again."""
        with self._at.transaction() as db:
            for entry_id, story in wanted.items():
                if story is None:
                    db.execute("DELETE FROM story_choices WHERE entry_id = ?", (entry_id,))
                else:
                    db.execute(
                        "INSERT INTO story_choices (entry_id, story, chosen) SELECT id, ?, ? FROM entries WHERE id = ?"
                        " ON CONFLICT (entry_id) DO UPDATE SET story = excluded.story, chosen = excluded.chosen",
                        (story, seconds(now), entry_id),
                    )
                # Articles that come join the story that the person sees.
                db.execute(
                    "UPDATE sketches SET story = (SELECT story FROM told WHERE told.entry_id = sketches.entry_id)"
                    " WHERE entry_id = ? AND EXISTS (SELECT 1 FROM told WHERE told.entry_id = sketches.entry_id)",
                    (entry_id,),
                )

    def ledger(self, story: int, *, made_of: str) -> Ledger | None:
        """The ledger of a story, if it was made of the very same."""
        row = self._at.db.execute(
            "SELECT body FROM ledgers WHERE story = ? AND made_of = ?", (story, made_of)
        ).fetchone()
        try:
            return msgspec.json.decode(row["body"], type=Ledger) if row else None
        except msgspec.MsgspecError:  # kept by a program with other types: it can be made again
            return None

    def save_ledger(self, story: int, ledger: Ledger, *, made_of: str) -> None:
        """Keep the ledger of a story in the place of its last one."""
        with self._at.transaction() as db:
            db.execute(
                "INSERT OR REPLACE INTO ledgers (story, made_of, body, conflicts) VALUES (?, ?, ?, ?)",
                (
                    story,
                    made_of,
                    msgspec.json.encode(ledger).decode(),
                    sum(not clash.updated for clash in ledger.clashes),
                ),
            )

    def kept_ledgers(self, stories: Sequence[int]) -> dict[int, Ledger]:
        """The ledgers kept of some stories, whatever they were made of."""
        found: dict[int, Ledger] = {}
        for story in stories:
            row = self._at.db.execute("SELECT body FROM ledgers WHERE story = ?", (story,)).fetchone()
            if row:
                with contextlib.suppress(msgspec.MsgspecError):
                    found[story] = msgspec.json.decode(row["body"], type=Ledger)
        return found

    def speakers(self) -> list[tuple[Source, int]]:
        """Every named source under each of its names, with how many claims; the one cited most first."""
        rows = self._at.db.execute(
            "SELECT name, kind, sum(claims) AS claims FROM speakers GROUP BY name, kind ORDER BY claims DESC, name"
        )
        return [(Source(name=row["name"], kind=SourceKind(row["kind"]), named=True), row["claims"]) for row in rows]

    def said(self, names: Sequence[str], *, person: bool) -> list[Said]:
        """The claims of a speaker under all its names, be it a person or not, by entry and place in its text."""
        wanted: dict[int, list[int]] = {}
        rows = self._at.db.execute(
            "SELECT entry_id, number FROM claims WHERE named AND speaker IN (SELECT value FROM json_each(:names))"
            " AND entry_id IN (SELECT entry_id FROM speakers WHERE name IN (SELECT value FROM json_each(:names))"
            " AND (kind = 'person') = :person) ORDER BY entry_id, number",
            {"names": msgspec.json.encode(names).decode(), "person": person},
        )
        for entry_id, number in rows:
            wanted.setdefault(entry_id, []).append(number)
        found: list[Said] = []
        ids = list(wanted)
        for at in range(0, len(ids), PAGE):
            page = ids[at : at + PAGE]
            kept = self._at.db.execute(
                "SELECT entry_id, body, unzipped(text) AS text, extractor, unzipped(rest) AS rest"
                f" FROM analyses JOIN articles USING (entry_id) WHERE entry_id IN ({marks(page)}) ORDER BY entry_id",
                page,
            )
            for row in kept:
                with contextlib.suppress(msgspec.MsgspecError):  # kept by a program with other types
                    found += _said(row, wanted[row["entry_id"]], person=person)
        return found

    def cited(self, entry_ids: Sequence[int]) -> dict[int, list[str]]:
        """The named people that each of some entries cites."""
        found: dict[int, list[str]] = {}
        for at in range(0, len(entry_ids), PAGE):
            page = entry_ids[at : at + PAGE]
            for entry_id, name in self._at.db.execute(
                f"SELECT entry_id, name FROM speakers WHERE kind = 'person' AND entry_id IN"
                f" ({marks(page)}) ORDER BY claims DESC, name",
                page,
            ):
                found.setdefault(entry_id, []).append(name)
        return found

    def like(self, terms: Sequence[str], *, limit: int) -> list[int]:
        """The ids of entries that hold any of some words, those that hold most of the rarest first."""
        words = " OR ".join('"' + term.replace('"', '""').replace("\0", " ") + '"' for term in terms)
        if not words:
            return []
        rows = self._at.db.execute(
            "SELECT rowid FROM search WHERE search MATCH ? ORDER BY bm25(search, 1.0, 4.0), rowid DESC LIMIT ?",
            (words, limit),
        )
        return [row[0] for row in rows]

    def docs(self, entry_ids: Sequence[int]) -> list[StoryDoc]:
        """What the stories engine needs of some entries; those that are gone are left out."""
        found: list[StoryDoc] = []
        for at in range(0, len(entry_ids), PAGE):
            page = entry_ids[at : at + PAGE]
            rows = self._at.db.execute(f"{_DOC} WHERE entries.id IN ({marks(page)})", page)
            found += [_doc(row) for row in rows]
        return found

    def related(self, entry_id: int, *, limit: int = 20) -> list[tuple[Entry, Related]]:
        """Articles related to an entry, whichever came first, nearest first."""
        rows = self._at.db.execute(
            "SELECT other, max(score) AS score, why FROM ("
            " SELECT other_id AS other, score, why FROM related WHERE entry_id = :id"
            " UNION ALL SELECT entry_id, score, why FROM related WHERE other_id = :id)"
            " GROUP BY other ORDER BY score DESC, other DESC LIMIT :limit",
            {"id": entry_id, "limit": limit},
        ).fetchall()
        entries = self._entries([row["other"] for row in rows])
        return [
            (entries[row["other"]], Related(id=str(row["other"]), score=row["score"], why=row["why"]))
            for row in rows
            if row["other"] in entries
        ]


def _said(row: sqlite3.Row, numbers: Sequence[int], *, person: bool) -> Iterator[Said]:
    claims, text = msgspec.json.decode(row["body"], type=_Claims).claims, row["text"]
    told = row["extractor"] in ("teaser", "feed")
    site = None if told else msgspec.json.decode(row["rest"], type=_Page).site
    for number in numbers:
        claim = msgspec.json.decode(claims[number], type=Claim)
        # In one article a person and a place may bear the same name.
        if claim.speaker and (claim.speaker.kind is SourceKind.PERSON) == person:
            cue = " … ".join(span.of(text) for span in claim.cue)
            yield Said(row["entry_id"], claim, text[claim.start : claim.content[-1].end], cue, site)


def _doc(row: sqlite3.Row) -> StoryDoc:
    return StoryDoc(
        id=str(row["id"]), title=row["title"], text=row["text"] or "", published=instant(row["published"]),
        outlet=row["outlet"], url=row["url"],
    )  # fmt: skip
