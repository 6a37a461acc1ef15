"""The library as the front ends see it: every method is one thing a person does.

Methods block and may be called from any thread but the event loop's. The network has one thread with a loop of its own,
parsing has worker processes; both start when they are first needed. Writing is serialised by the store.
"""

from __future__ import annotations

import asyncio
import hashlib
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import CancelledError, Future
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from reader.config import Settings
from reader.library.answers import (
    Checked,
    Imported,
    LibraryError,
    Opened,
    Refreshed,
    SeveralFeeds,
)
from reader.library.stories import Stories
from reader.model import (
    Analysis,
    Article,
    Claim,
    Entry,
    Feed,
    FeedCheck,
    Highlight,
    Outline,
    Span,
)
from reader.store.store import Store
from reader.text import one_line, shown_url

if TYPE_CHECKING:
    from reader.library.workers import Workers
    from reader.net import Net, Response

_T = TypeVar("_T")


def utc_now() -> datetime:
    """The clock of a running program; tests pass their own."""
    return datetime.now(UTC)


class Library:
    """A person's library, with the network and the workers that fill it."""

    def __init__(self, path: Path, *, settings: Settings, now: Callable[[], datetime] = utc_now) -> None:
        self.store = Store(path)
        self._settings = settings
        self.now = now
        self._starting = threading.Lock()
        self._stopped = False
        self._refreshing = threading.Lock()
        self._net_or_none: Net | None = None
        self._workers_or_none: Workers | None = None
        self.stories = Stories(
            self.store, work=self._work, analysed=self._analysis, rules=settings.alerts.tell, now=now
        )

    def stop(self) -> None:
        """Break off the network and the workers; whatever waits for them gets a LibraryError at once."""
        with self._starting:
            self._stopped = True
            net, workers = self._net_or_none, self._workers_or_none
        # Not under the lock, which those that are still running may want.
        if workers:
            workers.close()
        if net:
            net.close()

    def close(self) -> None:
        """Stop, and close the file."""
        self.stop()
        self.store.close()

    def __enter__(self) -> Library:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def _net(self) -> Net:
        with self._starting:
            self._refuse_when_stopped()
            if self._net_or_none is None:
                from reader.net import Net

                self._net_or_none = Net(allow_private=self._settings.network.allow_private, now=self.now)
                self._net_or_none.start()
            return self._net_or_none

    @property
    def _workers(self) -> Workers:
        with self._starting:
            self._refuse_when_stopped()
            if self._workers_or_none is None:
                from reader.library.workers import Workers

                self._workers_or_none = Workers()
            return self._workers_or_none

    def _refuse_when_stopped(self) -> None:
        if self._stopped:
            raise LibraryError("It was broken off, for the library is being closed.")

    def _await(self, future: Future[_T]) -> _T:
        """Wait for the network or a worker."""
        try:
            return future.result()
        except CancelledError:
            raise LibraryError("It was broken off, for the library is being closed.") from None

    # --- refresh ---

    def refresh(
        self,
        feeds: Sequence[Feed] | None = None,
        *,
        force: bool = False,
        report: Callable[[Checked], None] = lambda _: None,
    ) -> Refreshed:
        """Check the feeds that are due, all or those given; `force` ignores when one is due, never its validators.

        `report` is called once a feed, from another thread. A feed that fails never stops the others.
        """
        from reader.feeds.schedule import is_due

        with self._refreshing:
            checks = self.store.checks()
            wanted = self.store.feeds() if feeds is None else feeds
            due = [feed for feed in wanted if force or is_due(checks.get(feed.id), self.now())]
            if not due:
                return Refreshed(checked=0, new=0, failed=())
            return self._await(self._net.submit(self._refresh(due, checks, report)))

    async def _refresh(
        self, due: Sequence[Feed], checks: dict[int, FeedCheck], report: Callable[[Checked], None]
    ) -> Refreshed:
        new, failed = 0, []
        tasks = [
            asyncio.create_task(self._check(feed, checks.get(feed.id, FeedCheck(feed_id=feed.id)))) for feed in due
        ]
        try:
            for done, task in enumerate(asyncio.as_completed(tasks), 1):
                feed, arrived, error = await task
                new += arrived
                if error:
                    failed.append((feed, error))
                report(Checked(feed=feed, new=arrived, error=error, done=done, total=len(due)))
        finally:  # the library itself failed (a full disk, say): nothing more can be stored
            for unfinished in tasks:
                unfinished.cancel()
        await asyncio.to_thread(self.stories.sort)
        alerts = await asyncio.to_thread(self.stories.alerts)
        return Refreshed(checked=len(due), new=new, failed=tuple(failed), alerts=alerts)

    async def _check(self, feed: Feed, check: FeedCheck) -> tuple[Feed, int, str | None]:
        """Ask for one feed and store what is new; a failure is remembered and returned, not raised."""
        from reader.feeds import FeedError
        from reader.library.workers import WorkerError
        from reader.net import NetError

        try:
            response = await self._net.get(feed.url, etag=check.etag, modified=check.modified)
            arrived = await self._take_in(feed, check, response)
        except (NetError, FeedError, WorkerError) as error:
            await asyncio.to_thread(self._record_failure, check, error)
            return feed, 0, str(error)
        return feed, arrived, None

    async def _take_in(self, feed: Feed, check: FeedCheck, response: Response) -> int:
        """Store what a response brings; returns how many entries are new."""
        from reader.library import steps

        succeeded = partial(self._succeeded, check, response)
        digest = hashlib.sha256(response.body).hexdigest()
        if response.status == 304 or digest == check.body_hash:
            await asyncio.to_thread(self.store.record_check, succeeded(body_hash=check.body_hash, ttl=None))
            return 0
        known = await asyncio.to_thread(self.store.carried, feed.id)
        reading = await asyncio.wrap_future(
            self._workers.submit(steps.read_feed, response.body, response.url, response.content_type, known)
        )
        save = partial(
            self.store.save_arrivals,
            succeeded(body_hash=digest, ttl=reading.ttl),
            reading.arrivals,
            title=reading.title,
            site=reading.site,
            now=self.now(),
        )
        return len(await asyncio.to_thread(save))

    def _succeeded(self, check: FeedCheck, response: Response, *, body_hash: str | None, ttl: int | None) -> FeedCheck:
        from reader.feeds.schedule import next_check

        now = self.now()
        return FeedCheck(
            feed_id=check.feed_id,
            etag=response.etag or (check.etag if response.status == 304 else None),
            modified=response.modified or (check.modified if response.status == 304 else None),
            body_hash=body_hash,
            checked_at=now,
            next_at=next_check(
                now=now,
                interval=self._settings.refresh.interval,
                ttl=ttl,
                max_age=response.max_age,
            ),
        )

    def _record_failure(self, check: FeedCheck, error: Exception) -> None:
        from reader.feeds.schedule import next_check

        now, failures = self.now(), check.failures + 1
        self.store.record_check(
            replace(
                check,
                checked_at=now,
                failures=failures,
                error=str(error),
                next_at=next_check(
                    now=now,
                    interval=self._settings.refresh.interval,
                    retry_after=getattr(error, "retry_after", None),
                    failures=failures,
                ),
            )
        )

    def _work(self, step: Callable[..., _T], *args: Any, longer: float = 0) -> _T:
        """Run a step in a worker process and wait for it, `longer` seconds more than for others if need be."""
        return self._await(self._workers.submit_longer(longer, step, *args))

    # --- subscribe ---

    def add(self, address: str, *, folder: str | None = None) -> tuple[Feed, int]:
        """Follow the feed at `address`, or the one that the page there advertises; returns it and how many came.

        The feed is fetched exactly once. Raises SeveralFeeds when the person must choose, LibraryError otherwise.
        """
        from reader.feeds import FeedError
        from reader.library import steps
        from reader.library.workers import WorkerError
        from reader.net import NetError

        address = one_line(address)
        url = address if "://" in address else f"https://{address}"
        self._refuse_when_followed(url)
        try:
            response = self._fetch(url)
            try:
                reading = self._read_feed(response)
            except FeedError as error:
                found = self._work(steps.find_feeds, response.body, response.url)
                if not found:
                    raise LibraryError(f"{shown_url(url)} can't be followed: {error}, and it names no feed.") from None
                if len(found) > 1:
                    raise SeveralFeeds(shown_url(url), found) from None
                url = found[0].url
                self._refuse_when_followed(url)
                response = self._fetch(url)
                reading = self._read_feed(response)
        except (NetError, FeedError, WorkerError) as error:
            raise LibraryError(f"{shown_url(url)} can't be followed: {error}.") from None
        now, url = self.now(), response.moved_to or url
        self._refuse_when_followed(url)
        title = reading.title or shown_url(url)
        feed, _ = self.store.add_feed(url, title=title, site=reading.site, folder=folder, now=now)
        check = self._succeeded(
            FeedCheck(feed_id=feed.id), response, body_hash=hashlib.sha256(response.body).hexdigest(), ttl=reading.ttl
        )
        new = self.store.save_arrivals(check, reading.arrivals, title=reading.title, site=reading.site, now=now)
        self.stories.sort()
        return feed, len(new)

    def _refuse_when_followed(self, url: str) -> None:
        if any(feed.url == url for feed in self.store.feeds()):
            raise LibraryError(f"{shown_url(url)} is followed already.")

    def _fetch(self, url: str, **options: str) -> Response:
        return self._await(self._net.submit(self._net.get(url, **options)))

    def _read_feed(self, response: Response) -> Any:
        from reader.library import steps

        return self._work(steps.read_feed, response.body, response.url, response.content_type, {})

    def import_opml(self, body: bytes) -> Imported:
        """Follow every feed of an OPML file; nothing is fetched until the next refresh."""
        from reader.feeds import FeedError
        from reader.library import steps
        from reader.library.workers import WorkerError

        try:
            outlines, refused = self._work(steps.read_opml, body)
        except (FeedError, WorkerError) as error:
            raise LibraryError(f"The file can't be imported: {error}.") from None
        added = sum(self._follow(outline) for outline in outlines)
        return Imported(added=added, known=len(outlines) - added, refused=refused)

    def _follow(self, outline: Outline) -> bool:
        _, added = self.store.add_feed(
            outline.url,
            title=outline.title or shown_url(outline.url),
            site=outline.site,
            folder=outline.folder,
            now=self.now(),
        )
        return added

    def export_opml(self) -> bytes:
        """All feeds as an OPML file."""
        from reader.feeds.opml import write

        outlines = [
            Outline(url=feed.url, title=feed.title, site=feed.site, folder=feed.folder) for feed in self.store.feeds()
        ]
        return write(outlines, title="newsreader", created=self.now())

    # --- read ---

    def open(self, entry_id: int, *, again: bool = False) -> Opened:
        """An entry with its fullest text and its claims; a page is fetched when the feed carried only a teaser.

        With `again` the page is fetched whatever is kept; a text that it replaces is kept as the one before.
        """
        entry = self._entry(entry_id)
        article, notice = self._text(entry, again=again)
        analysis, failed = self._analysis(entry, article)
        return Opened(
            entry=entry,
            article=article,
            analysis=analysis,
            related=tuple(self.store.stories.related(entry_id)),
            highlights=self.located(entry_id, article.text),
            notice=notice or article.notice or failed,
        )

    def _text(self, entry: Entry, *, again: bool) -> tuple[Article, str | None]:
        from reader.articles import ExtractError
        from reader.library import steps
        from reader.library.pages import whole
        from reader.library.workers import WorkerError
        from reader.net import NetError

        carried = self.store.article(entry.id)
        if carried and carried.extractor != "teaser" and not again:
            return carried, None
        bare = carried or Article(url=entry.url, title=entry.title, text="", extractor="teaser")
        if entry.url is None:
            return bare, "This entry links to no page; this is all its feed says."
        kept = "This is what the feed says." if bare.extractor == "teaser" else "This is the text as it was kept."
        try:
            # Only of the whole can be said whether the feed's text is the better one.
            page = whole(self._page(entry.url), self._page)
            if again and carried and carried.extractor not in ("teaser", "feed"):
                if page.wall:
                    return carried, f"{page.notice} {kept}" if page.notice else kept
                article = page  # also where the outlet has cut it down
            else:
                article = self._work(steps.best_text, page, carried)
        except (NetError, ExtractError, WorkerError) as error:
            # Not kept: the next time the page may be there.
            return bare, f"The page could not be read: {error}. {kept}"
        article = replace(article, title=entry.title or article.title)
        self.store.save_article(entry.id, article)
        return article, None

    def _page(self, url: str) -> Article:
        """Fetch and extract one page."""
        from reader.library import steps
        from reader.net import PAGE

        response = self._fetch(url, accept=PAGE)
        return self._work(steps.read_page, response.body, response.url, response.content_type)

    def _analysis(self, entry: Entry, article: Article) -> tuple[Analysis, str | None]:
        from reader.claims import MODEL
        from reader.library import steps
        from reader.library.workers import WorkerError

        if kept := self.store.analysis(entry.id, model=MODEL):
            return kept, None
        outlet = article.site or entry.feed_title
        try:
            longer = steps.longer_for(article.text)
            found = self._work(steps.find_claims, article.text, article.title, outlet, longer=longer)
        except WorkerError as error:
            return Analysis(), f"Its claims could not be looked for: {error}."
        self.store.save_analysis(entry.id, found, text=article.text)
        return found, None

    def report(self, entry_id: int, folder: Path) -> Path:
        """Pack an entry's page, as it is now, with what is read from it, into a new file in `folder`."""
        from reader.library import steps
        from reader.library.report import Report, ReportError, outcome, write
        from reader.net import PAGE, NetError

        entry = self._entry(entry_id)
        if entry.url is None:
            raise LibraryError("This entry links to no page, so there is none to report.")
        try:
            response = self._fetch(entry.url, accept=PAGE)
        except NetError as error:
            raise LibraryError(f"{shown_url(entry.url)} can't be reported: {error}.") from None
        read = partial(self._work, steps.read_page, response.body, response.url, response.content_type)
        report = Report(
            page=response.body,
            url=entry.url,
            final_url=response.url,
            content_type=response.content_type,
            outcome=outcome(read),
            at=self.now(),
        )
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            return write(report, folder / report.name)
        except ReportError as error:
            raise LibraryError(str(error)) from None
        except OSError as error:
            raise LibraryError(f"{folder} can't be made: {error.strerror or error}.") from None

    def _entry(self, entry_id: int) -> Entry:
        if entry := self.store.entries([entry_id]).get(entry_id):
            return entry
        raise LibraryError("That entry is no longer in the library.")

    def mark(self, ids: Sequence[int], *, read: bool) -> None:
        """Mark entries read or unread."""
        self.store.mark(ids, read=read, now=self.now())

    # --- save ---

    def highlight_of(self, opened: Opened, claim: Claim) -> Highlight:
        """A claim with its words, speaker and source, as it would be saved."""
        from reader.highlights.anchor import quote, text_hash

        entry, article = opened.entry, opened.article
        return Highlight(
            id=0,
            entry_id=entry.id,
            quote=quote(article.text, claim.content[0].start, claim.content[-1].end),
            speaker=claim.speaker.name if claim.speaker else None,
            source=" ".join(span.of(article.text) for span in claim.source) or None,
            via=claim.via,
            outlet=article.site or entry.feed_title,
            title=entry.title or article.title,
            url=entry.url or article.url,
            published=opened.published,
            created=self.now(),
            text_hash=text_hash(article.text),
        )

    def save_claim(self, opened: Opened, claim: Claim) -> Highlight:
        """Save a claim; on return it is on disk."""
        return self.store.add_highlight(self.highlight_of(opened, claim))

    def citation(self, highlight: Highlight) -> str:
        """A highlight as one line to quote it by."""
        from reader.highlights.export import citation

        return citation(highlight)

    def remove_highlight(self, highlight_id: int) -> None:
        """Put a highlight away; `store.restore_highlight` undoes it."""
        self.store.remove_highlight(highlight_id, now=self.now())

    def located(self, entry_id: int, text: str) -> tuple[tuple[Highlight, Span | None], ...]:
        """The highlights of an entry, each with where it stands in `text`; None when its words are gone."""
        from reader.highlights.anchor import find

        saved = self.store.highlights(entry_id=entry_id)
        return tuple((highlight, find(text, highlight.quote)) for highlight in saved)
