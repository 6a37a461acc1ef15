"""What the person saves: made, found again, changed, taken elsewhere and brought in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from reader.config import Settings
from reader.library.answers import LibraryError, Opened
from reader.library.writing import write_many
from reader.model import Article, Claim, Entry, Figure, Highlight, HighlightKind, Located, Span
from reader.store.store import Store
from reader.words import _

if TYPE_CHECKING:
    from reader.highlights.export import Format
    from reader.highlights.vault import Per

_LARGEST = 64 << 20
"""Bytes of a file of highlights; 10,000 are some ten million."""
_MINUTE = 60
"""Seconds more than other steps have, for a file of highlights that large."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenIn:
    """What a file of highlights brought."""

    new: int
    known: int
    """Here already, or removed here, or stated by the file more than once."""
    removed: int
    """How many of those its owner removed here."""
    refused: tuple[str, ...]
    """A sentence for each item that could not be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What an export did to a folder."""

    written: int
    unchanged: int
    left: tuple[Path, ...]
    """Notes that were left alone, for somebody else wrote or changed them."""


class Saved:
    """The person's highlights; reached as `Library.saved`.

    Methods block; all raise `StoreError` or `LibraryError` with a plain sentence.
    """

    def __init__(
        self, store: Store, *, work: Callable[..., Any], settings: Settings, now: Callable[[], datetime]
    ) -> None:
        self._store = store
        self._work = work
        self.settings = settings
        self._now = now

    # --- saving ---

    def of(self, opened: Opened, what: Claim | Figure | Span | Article, *, claim: Claim | None = None) -> Highlight:
        """A claim, a figure, any words or the whole article, with speaker and source, as they would be saved.

        Words and figures are the speaker's whose `claim` they are of; where that is not told, by what `claim_of` finds.
        """
        from reader.claims.whose import claim_of
        from reader.highlights.anchor import quote, text_hash

        entry, article, claims = opened.entry, opened.article, opened.analysis.claims
        match what:
            case Claim():
                kind, span, claim = HighlightKind.CLAIM, Span(what.start, what.content[-1].end), what
            case Figure():
                kind, span, claim = HighlightKind.FIGURE, what.span, claim or claim_of(article.text, what.span, claims)
            case Article():
                kind, span, claim = HighlightKind.ARTICLE, Span(0, len(article.text)), None
            case _:
                kind, span, claim = HighlightKind.WORDS, what, claim or claim_of(article.text, what, claims)
        now = self._now().replace(microsecond=0)
        retrieved = self._store.retrieved(entry.id)
        return Highlight(
            id=0,
            uid=str(uuid4()),
            entry_id=entry.id,
            kind=kind,
            quote=quote(article.text, span.start, span.end),
            speaker=claim.speaker.name if claim and claim.speaker else None,
            source=" ".join(part.of(article.text) for part in claim.source) or None if claim else None,
            via=claim.via if claim else (),
            outlet=article.site or entry.feed_title,
            title=entry.title or article.title,
            author=article.byline or entry.author,
            url=entry.url or article.url,
            published=opened.published.replace(microsecond=0) if opened.published else None,
            retrieved=retrieved,
            created=now,
            changed=now,
            text_hash=text_hash(article.text),
        )

    def attributed(self, opened: Opened) -> Opened:
        """An entry with what was saved of it until its claims were there; words saved so become their speakers'."""
        before = {one.highlight.id for one in opened.highlights}
        now = self._store.highlights.of_entry(opened.entry)
        if {one.id for one in now} == before:
            return opened
        told = []
        for one in now:
            if one.kind is HighlightKind.WORDS and one.id not in before:
                whose = self.of(opened, Span(one.quote.start, one.quote.start + len(one.quote.exact)))
                told.append(replace(one, speaker=whose.speaker, source=whose.source, via=whose.via))
        if told:  # or an article could not be read where nothing can be written
            self._store.highlights.attribute(told, now=self._now())
        return replace(opened, highlights=self.located(opened.entry, opened.article.text))

    def keep(self, highlight: Highlight) -> Highlight:
        """Save one; returns it with the id it got. On return it is on disk.

        Raises LibraryError where just that is saved already.
        """
        kept = self._store.highlights.add(highlight)
        if kept.uid != highlight.uid:
            raise LibraryError(_("This is saved already; 4 shows what you saved."))
        return kept

    def change(self, changes: Sequence[tuple[Highlight, Highlight]]) -> tuple[Highlight, ...]:
        """Keep what became of notes, tags and colours: of each highlight as it was seen, and as it is to be.

        Only what differs is changed, of what is kept by now: tags are put on and taken off, so that what another window
        did meanwhile stays. Raises LibraryError, and changes nothing, where a note was written there meanwhile. Returns
        the highlights as they are kept.
        """
        changed = self._store.highlights.change(changes, now=self._now())
        if changed is None:
            raise LibraryError(_("Its note was changed elsewhere meanwhile; look at it again before you change it."))
        return changed

    def remove(self, ids: Sequence[int]) -> None:
        """Put some away; `restore` brings them back, also years later."""
        self._store.highlights.remove(ids, now=self._now())

    def restore(self, ids: Sequence[int]) -> None:
        """Bring back what was put away."""
        self._store.highlights.restore(ids, now=self._now())

    # --- asking ---

    def located(self, entry: Entry, text: str) -> tuple[Located, ...]:
        """What was saved from an entry, each with where it stands in `text`; nowhere when its words are gone."""
        saved = self._store.highlights.of_entry(entry)
        if not saved:
            return ()
        from reader.highlights.anchor import Anchoring

        anchoring = Anchoring(text)
        return tuple(Located(highlight=one, anchor=anchoring.of(one)) for one in saved)

    def spans(self, entry: Entry, text: str) -> tuple[Span, ...]:
        """Where words that were saved from an entry stand in `text`; what was saved whole stands nowhere."""
        located = self.located(entry, text)
        return tuple(one.span for one in located if one.span and one.highlight.kind is not HighlightKind.ARTICLE)

    def found(self, query: str = "", *, since: datetime | None = None, removed: bool = False) -> list[Highlight]:
        """Those that a query finds, newest first, all for an empty one; raises QueryError for nonsense.

        `since` leaves out those that were neither saved, brought in, changed nor brought back since then; `removed`
        asks for what was removed.
        """
        from reader.query import parse

        now = self._now().astimezone()
        return self._store.highlights.find(parse(query), now=now, since=since, removed=removed)

    def citation(self, highlight: Highlight) -> str:
        """A highlight as one line to quote it by, in the style that the person chose."""
        from reader.highlights.citation import citation

        return citation(highlight, self.settings.saved.citation)

    # --- elsewhere ---

    def written(self, highlights: Iterable[Highlight], format: Format, *, template: str | None = None) -> str:
        """Highlights in a format."""
        from reader.highlights.export import written

        try:
            return written(highlights, format, template=template)
        except ValueError as error:
            raise LibraryError(str(error)) from None

    def write_notes(
        self,
        highlights: Sequence[Highlight],
        folder: Path,
        *,
        per: Per,
        template: str | None = None,
        gone: Sequence[Highlight] = (),
    ) -> Written:
        """Write a note for each article, speaker or outlet into a folder; what stands there of others' stays.

        Each note holds all that is saved of its article, also what is not among `highlights`, and is written anew
        without what is `gone`. One that is there, and of which nothing is saved any more, says so.
        """
        from reader.highlights.vault import Per, emptied, kept_name, key_of, notes, renewed

        saved = [(one, key_of(one, per)) for one in self._store.highlights.all()]
        keys = {key for _one, key in saved}
        wanted = {key_of(one, per) for one in (*highlights, *gone)}
        past = {key_of(one, per) for one in self._store.highlights.all(removed=True)} - keys
        if per is Per.SPEAKER:  # of nobody's words some may have become somebody's when their claims were found
            past |= {key_of(replace(one, speaker=None), per) for one in highlights[:1]}
        renew: dict[str, bytes] = {}
        unchanged = 0
        left: list[Path] = []
        try:
            there = [path.name for path in folder.iterdir()] if folder.exists() else []
            noted = {key: name for key in past if (name := kept_name(f" {key[:10]}.md", there)) in there}
            made = notes([one for one, key in saved if key in {*wanted, *noted}], per=per, template=template)
        except ValueError as error:
            raise LibraryError(str(error)) from None
        except OSError as error:
            raise LibraryError(f"{folder} can't be written: {error.strerror or error}.") from None
        written: dict[str, str | None] = {kept_name(name, there): note for name, note in made.items()}
        written |= {name: None for key, name in noted.items() if key not in keys}
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            for name, note in written.items():
                path = folder / name
                before = path.read_bytes().decode(errors="surrogateescape") if path.is_file() else None
                ours = not path.is_symlink() and (before is not None or not path.exists())
                now = (emptied(before or "") if note is None else renewed(before, note)) if ours else None
                if now is None:
                    left.append(path)
                elif now == before:
                    unchanged += 1
                else:
                    renew[name] = now.encode(errors="surrogateescape")
            skipped = write_many(folder, renew)
            left += [folder / name for name in skipped]
        except OSError as error:
            raise LibraryError(f"{folder} can't be written: {error.strerror or error}.") from None
        return Written(written=len(renew) - len(skipped), unchanged=unchanged, left=tuple(left))

    def take_in(self, body: bytes, *, format: str | None = None) -> TakenIn:
        """Take in what a file of highlights holds; what is here already, or was removed here, stays as it is."""
        from reader.library import steps
        from reader.library.workers import WorkerError

        if len(body) > _LARGEST:
            raise LibraryError(f"A file of highlights may have {_LARGEST >> 20} MB; split it.")
        try:
            came = self._work(steps.read_highlights, body, format, self._now(), longer=_MINUTE)
        except WorkerError as error:
            raise LibraryError(f"The file can't be read: {error}.") from None
        new, removed = self._store.highlights.take_in(came.highlights, now=self._now())
        known = len(came.highlights) + came.repeated - new
        return TakenIn(new=new, known=known, removed=removed, refused=came.refused)
