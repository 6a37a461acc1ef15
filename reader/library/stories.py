"""Stories as the front ends see them: every method is one thing a person asks of a story or does to it.

What there is to decide is decided in `reader.stories`, in worker processes; here it is only put in sequence.
"""

from __future__ import annotations

import hashlib
from collections import Counter, deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

from reader.library.answers import Alerted, LibraryError, Opened, Spoke, Statement, StoryTold
from reader.model import (
    AlertRule,
    Analysis,
    Article,
    Assignment,
    Edit,
    Entry,
    Related,
    Source,
    SourceKind,
    Telling,
    Voice,
)
from reader.store.store import Store
from reader.stories import LEDGER, chosen
from reader.text import one_line

Choices = dict[int, int | None]
"""For entries the story that the person wants each in, None where the machine decides."""

_SORTED_AT_ONCE = 500
"""Articles sorted into stories in one step: about a second of a worker's five."""
_LINED_UP_SECONDS = 0.25
"""What a worker gets beyond its own five for each article of a ledger."""
_LIKE = 60
"""Articles looked at for one's relatives; 97.8 % of those of one story were among so many."""


class Stories:
    """The stories of a library; reached as `Library.stories`. Methods block, and raise LibraryError when they can't."""

    def __init__(
        self,
        store: Store,
        *,
        work: Callable[..., Any],
        analysed: Callable[[Entry, Article], tuple[Analysis, str | None]],
        rules: Sequence[AlertRule],
        now: Callable[[], datetime],
    ) -> None:
        """`work` runs a step in a worker and waits for it, `analysed` gives the claims of a kept text."""
        self._store, self._work, self._analysed, self.rules, self._now = store, work, analysed, rules, now
        self._joined = deque[int]()
        """Stories that new articles joined since the person was last told what changed."""
        self._voices: tuple[list[tuple[Source, int]], tuple[Voice, ...]] = ([], ())
        """Whom articles cited when the speakers were last told apart, and what came of it."""

    # --- as articles come in ---

    def unsorted(self, at_most: int) -> int:
        """How many articles have no story yet, counted up to `at_most`."""
        return self._store.stories.count_unsorted(at_most)

    def sort(self) -> int:
        """Let every article without a story join one, the earliest first; returns how many did.

        Where a worker fails at some, fewer are tried at once, and the one that it fails at alone is a story by itself.
        """
        from reader.library import steps
        from reader.library.workers import NoWorker, WorkerError

        at_once, joined = _SORTED_AT_ONCE, 0
        while self.unsorted(1):  # or workers would be started for nothing
            try:
                found = self._work(steps.sort_stories, self._store.path, at_once)
            except NoWorker:
                break
            except WorkerError:
                at_once = len(self._store.stories.unsorted(at_once=at_once)) // 2
                if at_once:
                    continue
                lonely = self._store.stories.unsorted(at_once=1)
                alone = tuple(Assignment(id=doc.id, story=doc.id) for doc in lonely)
                found = steps.Sorted(alone, (), 0, self._store.stories.chosen())
            if not found.assignments:
                break
            if self._store.stories.save(found.assignments, found.sketches, chosen=found.chosen, keep=found.keep):
                at_once = min(_SORTED_AT_ONCE, 2 * at_once + 1)
                joined += len(found.assignments)
                self._joined.extend(int(one.story) for one in found.assignments if one.story != one.id)
        return joined

    def alerts(self) -> tuple[Alerted, ...]:
        """What new articles changed in stories whose ledgers the person has opened, as far as the rules ask for it.

        One whose ledger can't be made is left out; when it is next opened it is made anew.
        """
        from reader.library.workers import WorkerError
        from reader.stories.alerts import alerts

        joined = dict.fromkeys(self._joined.popleft() for _ in range(len(self._joined)))
        kept = self._store.stories.kept_ledgers(list(joined)) if self.rules else {}
        found = []
        for story, before in kept.items():
            try:
                told = self._told(story)
            except (WorkerError, LibraryError):
                continue
            for alert in alerts(before, told.ledger, self.rules):
                entry = told.entry(alert.article)
                cell = next(row for row in told.ledger.rows if row.id == alert.row).cells[alert.article]
                words = " … ".join(span.of(told.articles[entry.id].text) for span in cell.spans)
                found.append(Alerted(entry=entry, rule=alert.rule, words=one_line(words), why=alert.why))
        return tuple(found)

    # --- what is told ---

    def told(self, entry_id: int, *, wanted: Callable[[], bool] = lambda: True) -> StoryTold:
        """The story that an entry belongs to, with its ledger; only texts that are kept count, nothing is fetched.

        Given up, with a LibraryError, as soon as it is not `wanted` any more.
        """
        from reader.library.workers import WorkerError

        story = self._store.stories.story_of(entry_id)
        if story is None:
            raise LibraryError("This entry is not sorted into a story yet; the next refresh does that.")
        try:
            return self._told(story, wanted)
        except WorkerError as error:
            raise LibraryError(f"The story's claims could not be lined up: {error}.") from None

    def _told(self, story: int, wanted: Callable[[], bool] = lambda: True) -> StoryTold:
        from reader.library import steps

        entries = self._store.stories.story_entries(story)
        if not entries:
            raise LibraryError("That story is no longer in the library.")
        read = self._store.stories.with_text([entry.id for entry in entries])
        lined_up = chosen(entry for entry in entries if entry.id in read)
        articles = {entry.id: article for entry in lined_up if (article := self._store.article(entry.id))}
        tellings, names = [], _outlets(lined_up, {id: _site(article) for id, article in articles.items()})
        for entry in lined_up:
            if not wanted():
                raise LibraryError("Another article is wanted by now.")
            if article := articles.get(entry.id):
                tellings.append(_telling(entry, article, self._analysed(entry, article)[0], names[entry.id]))
        made_of = _made_of(tellings)
        ledger = self._store.stories.ledger(story, made_of=made_of)
        if ledger is None:
            ledger = self._work(steps.line_up, tellings, longer=len(tellings) * _LINED_UP_SECONDS)
            self._store.stories.save_ledger(story, ledger, made_of=made_of)
        return StoryTold(
            id=story, entries=tuple(entries), articles=articles, ledger=ledger, outlets=_by_one_name(names)
        )

    def relatives(self, entry_id: int) -> list[tuple[Entry, Related]]:
        """Articles related to an entry beyond its story: earlier episodes, others in which the same people speak."""
        from reader.library import steps
        from reader.library.workers import WorkerError

        shelf = self._store.stories
        docs = shelf.docs([entry_id])
        if not docs:
            raise LibraryError("That entry is no longer in the library.")
        story = shelf.story_of(entry_id)
        own = {entry_id} if story is None else {other.id for other in shelf.story_entries(story)}
        try:
            terms = self._work(steps.asked_for, docs[0])
            ids = [one for one in shelf.like(terms, limit=_LIKE + len(own)) if one not in own][:_LIKE]
            cited = {str(id): names for id, names in shelf.cited([entry_id, *ids]).items()}
            found = self._work(steps.find_episodes, docs[0], shelf.docs(ids), cited)
        except WorkerError as error:
            raise LibraryError(f"Related articles could not be looked for: {error}.") from None
        entries = self._store.entries([int(one.id) for one in found])
        return [(entries[int(one.id)], one) for one in found if int(one.id) in entries]

    def edits(self, entry_id: int) -> tuple[str, tuple[Edit, ...]] | None:
        """What became of an article's claims when its text last changed, with the earlier text; None if it did not."""
        from reader.library import steps
        from reader.library.workers import WorkerError

        before, article = self._store.revision(entry_id), self._store.article(entry_id)
        entry = self._store.entries([entry_id]).get(entry_id)
        if before is None or article is None or entry is None:
            return None
        outlet = article.site or entry.feed_title
        find = partial(self._work, steps.find_claims, longer=steps.longer_for(before))
        try:
            earlier = Article(url=article.url, title=article.title, text=before, site=article.site)
            versions = (
                _telling(entry, earlier, find(before, article.title, outlet), outlet),
                _telling(entry, article, self._analysed(entry, article)[0], outlet),
            )
            return before, self._work(steps.find_edits, *versions)
        except WorkerError as error:
            raise LibraryError(f"The article's versions could not be compared: {error}.") from None

    def speakers(self) -> list[Spoke]:
        """Everybody cited by name in the articles read so far, each once, the one cited most first."""
        from reader.library import steps
        from reader.library.workers import WorkerError

        cited = self._store.stories.speakers()
        before, found = self._voices
        if cited != before:
            try:
                found = self._work(steps.find_voices, [source for source, _ in cited], longer=len(cited) / 2_000)
            except WorkerError as error:
                raise LibraryError(f"The speakers could not be told apart: {error}.") from None
            self._voices = cited, found
        # An institution is one under several kinds, a person is none of them.
        counts = Counter[tuple[str, bool]]()
        for source, claims in cited:
            counts[source.name, source.kind is SourceKind.PERSON] += claims
        spoke = [
            Spoke(voice=voice, claims=sum(counts[name, voice.kind is SourceKind.PERSON] for name in voice.names))
            for voice in found
        ]
        return sorted(spoke, key=lambda one: (-one.claims, one.voice.name))

    def speaker(self, name: str, *, kind: SourceKind | None = None) -> Spoke:
        """The one who is cited by a name, any of those it goes by, in capitals or not.

        A person and a place can share a name: `kind` says which is meant, else it is the one cited most.
        """
        spoke = [
            one
            for one in self.speakers()
            if kind is None or (kind is SourceKind.PERSON) == (one.voice.kind is SourceKind.PERSON)
        ]
        for spelled in (str, str.casefold):
            for one in spoke:
                if spelled(name) in map(spelled, one.voice.names):
                    return one
        raise LibraryError(f"{one_line(name)} is cited by name in none of the articles read so far.")

    def said(self, name: str, *, kind: SourceKind | None = None) -> tuple[Statement, ...]:
        """All that a speaker said in the articles read so far, the newest first; see `speaker` for whose name it is.

        What several articles carry in the same words is one statement, of the time when the first of them came.
        """
        voice = self.speaker(name, kind=kind).voice
        rows = self._store.stories.said(voice.names, person=voice.kind is SourceKind.PERSON)
        ids = list(dict.fromkeys(row.entry_id for row in rows))
        entries = self._store.entries(ids)
        outlets = _by_one_name(_outlets(entries.values(), {row.entry_id: row.site for row in rows}))
        saved = {
            id: [one.quote.exact for one in self._store.highlights.of_entry(entry)]
            for id, entry in entries.items()
            if entry.highlights
        }
        return once(
            Statement(
                entry=entries[row.entry_id],
                outlet=outlets[str(row.entry_id)],
                claim=row.claim,
                passage=row.passage,
                cue=" ".join(row.cue.split()),
                saved=any(exact.startswith(row.passage) for exact in saved.get(row.entry_id, ())),
            )
            for row in rows
            if row.entry_id in entries
        )

    def kept(self, statement: Statement) -> Opened:
        """The article of a statement as it is kept, to cite or save it from; nothing is fetched."""
        opened = self.kept_of(statement.entry.id)
        if statement.span.of(opened.article.text) != statement.passage:
            raise LibraryError("The article has another text by now; open the speaker again.")
        return opened

    def kept_of(self, entry_id: int) -> Opened:
        """An article as it is kept, without what was found in it; nothing is fetched."""
        entry = self._store.entries([entry_id]).get(entry_id)
        article = self._store.article(entry_id)
        if entry is None or article is None:
            raise LibraryError("That article is no longer in the library.")
        return Opened(entry=entry, article=article, analysis=Analysis(), related=(), highlights=(), notice=None)

    # --- what the person makes of it ---

    def merge(self, one: int, other: int) -> Choices:
        """Make two stories one, that of the first; returns what `choose` takes to undo it."""
        return self.choose({entry.id: one for entry in self._store.stories.story_entries(other)})

    def split(self, entry_ids: Sequence[int]) -> Choices:
        """Make some entries of a story one of their own; returns what `choose` takes to undo it.

        A story bears the id of one of its entries, so the part that does not hold that one gets another name.
        """
        stories = {self._store.stories.story_of(entry_id) for entry_id in entry_ids}
        if len(stories) != 1 or (story := stories.pop()) is None:
            raise LibraryError("Only articles of one story can be taken out of it together.")
        whole = [entry.id for entry in self._store.stories.story_entries(story)]
        out = [entry_id for entry_id in whole if entry_id in set(entry_ids)]
        rest = [entry_id for entry_id in whole if entry_id not in set(entry_ids)]
        if not rest:
            raise LibraryError("These articles are a story by themselves already.")
        moved = rest if story in out else out
        return self.choose(dict.fromkeys(moved, min(moved)))

    def pin(self, entry_ids: Sequence[int]) -> Choices:
        """Keep entries in the story they are in, whatever the machine finds; returns what undoes it."""
        stories = {entry_id: self._store.stories.story_of(entry_id) for entry_id in entry_ids}
        return self.choose({entry_id: story for entry_id, story in stories.items() if story is not None})

    def choose(self, wanted: Mapping[int, int | None]) -> Choices:
        """Put entries into the stories that the person wants; None: the machine's. Returns what was chosen before."""
        before = self._store.stories.choices(list(wanted))
        self._store.stories.choose(wanted, now=self._now())
        return before


def _telling(entry: Entry, article: Article, analysis: Analysis, outlet: str) -> Telling:
    return Telling(
        id=str(entry.id),
        title=entry.title or article.title,
        text=article.text,
        outlet=outlet,
        published=entry.published,
        analysis=analysis,
    )


def _made_of(tellings: Sequence[Telling]) -> str:
    """What a ledger is made of, as a hash: another text, another extractor, another way of lining up give another."""
    held = hashlib.sha256(LEDGER.encode())
    for telling in tellings:
        for part in (telling.id, telling.outlet, str(telling.published), telling.analysis.model, telling.text):
            held.update(part.encode("utf-8", "replace") + b"\0")
    return held.hexdigest()


def _site(article: Article) -> str | None:
    """What the page of an article calls itself; None where there is only what a feed tells of it."""
    return article.site if article.extractor not in ("teaser", "feed") else None


def _outlets(entries: Iterable[Entry], sites: Mapping[int, str | None]) -> dict[int, str]:
    """By entry whose article it is: what its page says, else what the other pages of its feed say, else the feed."""
    entries = [entry for entry in entries if entry.id in sites]
    named: dict[int, set[str]] = {}
    for entry in entries:
        if site := sites[entry.id]:
            named.setdefault(entry.feed_id, set()).add(site)
    found = {}
    for entry in entries:
        (site, *others) = named.get(entry.feed_id, {entry.feed_title})
        found[entry.id] = sites[entry.id] or (entry.feed_title if others else site)
    return found


def _by_one_name(outlets: Mapping[int, str]) -> dict[str, str]:
    """By article of a ledger its outlet as others would name it, in one spelling."""
    from reader.stories.speakers import outlet_name

    written: dict[str, str] = {}
    names = {str(entry_id): outlet_name(outlet) for entry_id, outlet in outlets.items()}
    return {article: written.setdefault(name.casefold(), name) for article, name in names.items()}


def once(statements: Iterable[Statement]) -> tuple[Statement, ...]:
    """Statements of one speaker, the newest first, each with those that carry its words in its `also`."""
    from reader.stories.repeats import Saying, repeats

    ordered = sorted(statements, key=lambda one: (one.entry.when, one.entry.id, one.claim.id))
    sayings = [
        Saying(
            words=one.words,
            story=one.entry.story,
            when=one.entry.when,
            denied=one.claim.denied,
            figures=one.claim.figures,
        )
        for one in ordered
    ]
    groups = [[ordered[place] for place in places] for places in repeats(sayings)]
    return tuple(replace(first, also=tuple(also)) for first, *also in reversed(groups))
