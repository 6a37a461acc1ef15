"""The library as the front ends see it: every method is one thing a person does.

Methods block and may be called from any thread but the event loop's. The network has one thread with a loop of its own,
parsing has worker processes; both start when they are first needed. Writing is serialised by the store.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Coroutine, Sequence
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, Unpack

from reader.config import Settings
from reader.library.answers import (
    Checked,
    LibraryError,
    Opened,
    Refreshed,
)
from reader.library.commands import Commands
from reader.library.feeds import Feeds
from reader.library.passwords import Passwords
from reader.library.pictures import Pictures
from reader.library.programs import Programs
from reader.library.rules import Rules
from reader.library.saved import Saved
from reader.library.stories import Stories
from reader.model import (
    Analysis,
    Article,
    Entry,
    Feed,
)
from reader.store.schema import StoreError
from reader.store.store import Store
from reader.text import shown_url

if TYPE_CHECKING:
    from reader.library.workers import Workers
    from reader.net import Asking, Net, Patience, Response

_T = TypeVar("_T")


_NOTED = 3
"""Headlines that a notification names, which has little room."""
_SORTED = 1000
"""Articles that join stories before a refresh is over; where more wait, the reader lets them while it is open."""
_LOOK = 0.25
"""Seconds of a wait after which it is begun anew."""
_PAGES_AT_ONCE = 4
"""Pages fetched at a time ahead of being read."""


def utc_now() -> datetime:
    """The clock of a running program; tests pass their own."""
    return datetime.now(UTC)


class Library:
    """A person's library, with the network and the workers that fill it."""

    def __init__(
        self,
        path: Path,
        *,
        settings: Settings,
        pictures: Path | None = None,
        now: Callable[[], datetime] = utc_now,
        terminal: bool = False,
    ) -> None:
        """The library in the file `path`; `pictures` is a folder to keep articles' pictures in, None keeps none.

        With `terminal` the commands for passwords may ask there, as they can where no screen is drawn on it.
        """
        self.store = Store(path)
        self.settings = settings
        self.now = now
        self._starting = threading.Lock()
        self._stopped = False
        self._refreshing = threading.Lock()
        self._programs = Programs()
        self._passwords = Passwords(self._programs, terminal=terminal)
        self._analysing: dict[tuple[int, str], Future[tuple[Analysis, str | None]]] = {}
        self._net_or_none: Net | None = None
        self._workers_or_none: Workers | None = None
        self.feeds = Feeds(
            self.store,
            fetch=self._fetch,
            work=self._work,
            settings=settings,
            passwords=self._passwords,
            now=now,
        )
        self.rules = Rules(self.store, now=self._here)
        self.commands = Commands(self._programs)
        self.saved = Saved(self.store, work=self._work, settings=settings, now=now)
        self.pictures = Pictures(pictures, fetch=self._fetch, work=self._work)
        self.stories = Stories(
            self.store, work=self._work, analysed=self._analysis, rules=settings.alerts.tell, now=now
        )

    def apply(self, settings: Settings) -> None:
        """Let other settings hold from now on, but for the network, which is as it was when the library was opened."""
        self.settings = self.feeds.settings = self.saved.settings = settings
        self.stories.rules = settings.alerts.tell

    def stop(self) -> None:
        """Break off the network, the workers and what programs are run; whoever waits gets a LibraryError at once."""
        with self._starting:
            self._stopped = True
            net, workers = self._net_or_none, self._workers_or_none
        # Not under the lock, which those that are still running may want.
        if workers:
            workers.close()
        if net:
            net.close()
        # After the network: a password that is not there now is no failure of its feed's.
        self._programs.stop()

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

                self._net_or_none = Net(allow_private=self.settings.network.allow_private, now=self.now)
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
            while not future.done():  # Python sees a Ctrl-C that comes as a wait begins no sooner than at its end
                with suppress(TimeoutError):
                    return future.result(_LOOK)
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

        `report` is called once a feed, from another thread. A feed that fails never stops the others. New articles join
        stories where few wait for it; else `stories.sort` does that later.
        """
        from reader.library import log

        with self._refreshing, log.refreshing() as note:
            lists = self.feeds.renew_lists() if feeds is None else ()
            wanted = self.store.feeds() if feeds is None else feeds
            if not wanted:
                return Refreshed(checked=0, new=0, lists=lists)
            from reader.library.refresh import Refresh

            refresh = Refresh(
                self.store,
                lambda: self._workers,
                interval=self.settings.refresh.interval,
                now=self.now,
                passwords=self._passwords,
            )
            due = refresh.due(wanted, force=force)
            came = (
                self._await(self._submitted(lambda net: refresh.run(net, due, report)))
                if due
                else Refreshed(checked=0, new=0)
            )
            whole = {feed.id for feed in due if feed.settings.full_text}
            if whole and came.arrived:
                arrived = self.store.entries(came.arrived)
                self.fetch([id for id in came.arrived if id in arrived and arrived[id].feed_id in whole])
            if self.stories.unsorted(_SORTED + 1) <= _SORTED:
                self.stories.sort()
            self._keep_to_retention()
            came = replace(came, lists=lists, alerts=self.stories.alerts())
            note(came)
            return came

    def told(self, refreshed: Refreshed) -> list[tuple[str, list[Entry]]]:
        """What rules ask to be told of, by rule."""
        entries = self.store.entries([entry_id for _, entry_id in refreshed.told])
        by_rule: dict[str, list[Entry]] = {}
        for rule, entry_id in refreshed.told:
            if entry := entries.get(entry_id):
                by_rule.setdefault(rule, []).append(entry)
        return list(by_rule.items())

    def tell_desktop(self, refreshed: Refreshed) -> None:
        """Tell on the desktop what rules found, once a rule."""
        from reader.library.notify import on_desktop

        for rule, entries in self.told(refreshed):
            lines = [f"{entry.feed_title}: {entry.title}" for entry in entries[:_NOTED]]
            more = [f"and {len(entries) - _NOTED:,} more"] if len(entries) > _NOTED else []
            on_desktop(rule, "\n".join(lines + more))

    def _keep_to_retention(self) -> None:
        """Let go of what is older than the person wants to keep."""
        if keep := self.settings.library.keep:
            self.store.care.forget(before=self.now() - keep)

    def _submitted(self, asked: Callable[[Net], Coroutine[Any, Any, _T]]) -> Future[_T]:
        """Set going what the network is asked for."""
        from reader.net import NetError

        try:
            return self._net.submit(asked(self._net))
        except NetError as error:  # it was closed in this very moment
            raise LibraryError(f"It was broken off: {error}.") from None

    def _work(self, step: Callable[..., _T], *args: Any, longer: float = 0) -> _T:
        """Run a step in a worker process and wait for it, `longer` seconds more than for others if need be."""
        from reader.library.workers import WorkerKilled

        try:
            return self._await(self._workers.submit_longer(longer, step, *args))
        except WorkerKilled:  # by no fault of what it was given
            return self._await(self._workers.submit_longer(longer, step, *args))

    # --- read ---

    def search(self, query: str, *, limit: int | None = None) -> list[int]:
        """The ids of the entries that a query finds, newest first; raises QueryError for one that means nothing."""
        from reader.query import parse

        return self.store.search.find(parse(query), now=self._here(), limit=limit)

    def _here(self) -> datetime:
        """Now, in the person's time zone: what a day is in a query."""
        return self.now().astimezone()

    def open(
        self, entry_id: int, *, again: bool = False, text_first: Callable[[Opened], object] = lambda _: None
    ) -> Opened:
        """An entry with its fullest text and its claims; a page is fetched when the feed carried only a teaser.

        With `again` the page is fetched whatever is kept; a text that it replaces is kept as the one before. Where
        claims are yet to be looked for, which takes 20 s for 1 MB of text, `text_first` is called with all but them;
        words that are saved until they are there become their speakers'.
        """
        entry = self._entry(entry_id)
        article, notice = self._text(entry, again=again)
        opened = Opened(
            entry=entry,
            article=article,
            analysis=Analysis(),
            related=tuple(self.store.stories.related(entry_id)),
            highlights=self.saved.located(entry, article.text),
            notice=notice or article.notice,
            analysed=False,
        )
        analysis, failed = self._analysis(entry, article, missing=partial(text_first, opened))
        whole = replace(opened, analysis=analysis, notice=opened.notice or failed, analysed=True)
        return self.saved.attributed(whole)

    def _text(self, entry: Entry, *, again: bool, patience: Patience | None = None) -> tuple[Article, str | None]:
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
            ask = partial(self._page, patience=patience)
            page = whole(ask(entry.url), ask)
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
        try:
            self.store.save_article(entry.id, article, retrieved=self.now())
        except StoreError as error:  # a full disk, say: it is read all the same
            return article, str(error)
        return article, None

    def fetch(self, ids: Sequence[int], *, report: Callable[[int, str | None], None] = lambda *_: None) -> int:
        """Fetch the pages of entries whose whole text is not here yet; returns how many texts came.

        `report` is called for each entry that is done, from another thread, with why its page could not be read.
        """
        from reader.net import Patience

        came, patience = 0, Patience()

        def one(entry_id: int) -> bool:
            entry = self.store.entries([entry_id]).get(entry_id)
            kept = self.store.article(entry_id)
            if entry is None or entry.url is None or (kept and kept.extractor not in ("teaser", "feed")):
                report(entry_id, None)
                return False
            article, notice = self._text(entry, again=True, patience=patience)
            report(entry_id, notice)
            return notice is None and (kept is None or article.text != kept.text)

        with ThreadPoolExecutor(_PAGES_AT_ONCE, "pages") as threads:
            try:
                for fetched in threads.map(one, ids):
                    came += fetched
            except KeyboardInterrupt:  # nobody is to wait for servers that the threads are waiting for
                threads.shutdown(wait=False, cancel_futures=True)
                self.stop()
                raise
        return came

    def _fetch(self, url: str, **asking: Unpack[Asking]) -> Response:
        """Fetch a page or a list; a server that asks to be left alone is, by whoever would ask it next."""
        from reader.feeds.schedule import hold_until, is_due
        from reader.net import NetError, host_of

        until = self.store.holds().get(host_of(url))
        if until and not is_due(None, self.now(), held_until=until):
            raise NetError(f"its server asked to be left alone until {until.astimezone():%Y-%m-%d %H:%M}")
        try:
            return self._await(self._net.submit(self._net.get(url, **asking)))
        except NetError as error:
            if error.retry_after and error.host:
                self.store.hold(error.host, until=hold_until(error.retry_after, self.now()), now=self.now())
            raise

    def _page(self, url: str, *, patience: Patience | None = None) -> Article:
        """Fetch and extract one page."""
        from reader.library import steps
        from reader.net import PAGE, Patience

        response = self._fetch(url, accept=PAGE, patience=patience or Patience())
        return self._work(steps.read_page, response.body, response.url, response.content_type)

    def _analysis(
        self, entry: Entry, article: Article, *, missing: Callable[[], object] = lambda: None
    ) -> tuple[Analysis, str | None]:
        from reader.claims import MODEL

        if kept := self.store.analysis(entry.id, model=MODEL):
            return kept, None
        missing()
        with self._starting:  # one that is opened again, or compared, meanwhile waits for the same
            mine = (key := (entry.id, article.text)) not in self._analysing
            found = self._analysing.setdefault(key, Future())
        if mine:
            try:
                found.set_result(self._find_claims(entry, article))
            except BaseException as error:
                found.set_exception(error)
            finally:
                del self._analysing[key]
        return found.result()

    def _find_claims(self, entry: Entry, article: Article) -> tuple[Analysis, str | None]:
        from reader.library import steps
        from reader.library.workers import WorkerError

        outlet = article.site or entry.feed_title
        try:
            longer = steps.longer_for(article.text)
            found = self._work(steps.find_claims, article.text, article.title, outlet, longer=longer)
        except WorkerError as error:
            return Analysis(), f"Its claims could not be looked for: {error}."
        try:
            self.store.save_analysis(entry.id, found, text=article.text)
        except StoreError as error:  # and they are found again the next time
            return found, str(error)
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
