"""What a person does with feeds: every method is one thing they do to what they follow.

Methods block, and raise LibraryError when they can't.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlsplit

from reader.config import Settings
from reader.feeds.links import plainest
from reader.library.answers import AlreadyFollowed, FeedPreview, Imported, LibraryError, SeveralFeeds
from reader.library.passwords import PasswordError, Passwords
from reader.model import Brought, Carried, Feed, FeedCheck, FeedSettings, FollowedList, Moved, Outline
from reader.store.store import Store
from reader.text import one_line, shown_url

if TYPE_CHECKING:
    from reader.library.steps import Reading
    from reader.net import Response

_USUAL = FeedSettings()
_AT_ONCE = 200
"""Articles from another reader that are read and written together."""


_TEASING = 0.5
"""The share of openings among a feed's texts from which on it pays to fetch the pages."""
_SHOWN = 8
"""Headlines of a feed that is not followed yet."""
_LISTS = timedelta(days=1)
"""How long a list of feeds rests between two checks."""


class _Renewed(NamedTuple):
    imported: Imported
    error: str | None


class Feeds:
    """The feeds of a library; reached as `Library.feeds`."""

    def __init__(
        self,
        store: Store,
        *,
        fetch: Callable[..., Response],
        work: Callable[..., Any],
        settings: Settings,
        passwords: Passwords,
        now: Callable[[], datetime],
    ) -> None:
        """`work` runs a step in a worker, `fetch` asks the network; both wait for it."""
        self._store, self._fetch, self._work = store, fetch, work
        self.settings, self._passwords, self._now = settings, passwords, now

    # --- subscribe ---

    def add(self, address: str, *, folder: str | None = None, settings: FeedSettings = _USUAL) -> tuple[Feed, int]:
        """Follow the feed at `address`, or the one that the page there advertises; returns it and how many came.

        The feed is fetched exactly once. Raises SeveralFeeds when the person must choose, LibraryError otherwise.
        """
        return self.follow(self.preview(address, settings=settings), folder=folder, settings=settings)

    def preview(self, address: str, *, settings: FeedSettings = _USUAL) -> FeedPreview:
        """Read the feed at `address`, or the one that the page there advertises, as `add` would; nothing is kept.

        Raises SeveralFeeds when the person must choose, AlreadyFollowed, and LibraryError otherwise.
        """
        from reader.feeds.advice import pace

        url, response, reading = self._look(address, settings)
        entries = [arrival.entry for arrival in reading.arrivals]
        if all(entry.published for entry in entries):
            entries.sort(key=lambda entry: entry.published or self._now(), reverse=True)
        teasers = sum(arrival.article.extractor == "teaser" for arrival in reading.arrivals)
        return FeedPreview(
            url=url,
            title=reading.title or shown_url(url),
            site=reading.site,
            headlines=tuple((entry.title, entry.published) for entry in entries[:_SHOWN]),
            count=len(entries),
            openings=bool(entries) and teasers / len(entries) >= _TEASING,
            a_day=pace([entry.published for entry in entries if entry.published], now=self._now()),
            reading=reading,
            response=response,
        )

    def follow(
        self, preview: FeedPreview, *, folder: str | None = None, settings: FeedSettings = _USUAL
    ) -> tuple[Feed, int]:
        """Follow a feed that was read, and keep what was read; returns it and how many entries came."""
        self._refuse_when_followed(preview.url)
        feed, _ = self._store.add_feed(
            preview.url, title=preview.title, site=preview.site, folder=folder, now=self._now()
        )
        if settings != feed.settings:
            feed = replace(feed, settings=settings)
            self._store.change_feed(feed)
        return feed, self._keep(feed, preview.response, preview.reading)

    def move(self, feed: Feed, address: str) -> tuple[Feed, int]:
        """Follow a feed at another address, or at the one that the page there advertises, with all that it brought.

        Returns it as it is then, and how many entries came. The feed is fetched exactly once; raises as `add` does.
        """
        url, response, reading = self._look(address, feed.settings, known=self._store.carried(feed.id))
        feed = replace(feed, url=url)
        return feed, self._keep(feed, response, reading)

    def _keep(self, feed: Feed, response: Response, reading: Reading) -> int:
        """Keep what was read at a feed's address as its first check there; returns how many entries are new."""
        from reader.library.refresh import brought

        check = FeedCheck(feed_id=feed.id, body_hash=hashlib.sha256(response.body).hexdigest())
        interval = self.settings.refresh.interval
        came = brought(feed, check, response, reading=reading, interval=interval, now=self._now())
        landed = self._store.save([replace(came, url=feed.url)], now=self._now().astimezone())
        return len(landed.new[0])

    def _look(
        self, address: str, settings: FeedSettings, *, known: Sequence[Carried] = ()
    ) -> tuple[str, Response, Reading]:
        """The feed at an address, or the one that the page there advertises: where it is, the answer, what it says."""
        from reader.feeds import FeedError
        from reader.library import steps
        from reader.library.refresh import asks, personal
        from reader.library.workers import WorkerError
        from reader.net import NetError

        url = _typed(address)
        self._refuse_when_followed(url)
        try:
            asking = personal(settings, self._passwords.printed_by(asks(settings)))
            response = self._fetch(url, **asking)
            try:
                reading = self._read(response, known)
            except FeedError as error:
                found = self._work(steps.find_feeds, response.body, response.url)
                if not found:
                    raise LibraryError(f"{shown_url(url)} can't be followed: {error}, and it names no feed.") from None
                if len(found) > 1:
                    raise SeveralFeeds(shown_url(url), found) from None
                if (settings.user or settings.cookie) and _server(found[0].url) != _server(url):
                    there = shown_url(found[0].url)
                    raise LibraryError(
                        f"{shown_url(url)} names a feed on another server; add {there} itself."
                    ) from None
                url = plainest(found[0].url)
                self._refuse_when_followed(url)
                response = self._fetch(url, **asking)
                reading = self._read(response, known)
        except (NetError, FeedError, WorkerError, PasswordError) as error:
            raise LibraryError(f"{shown_url(url)} can't be followed: {error}.") from None
        url = plainest(response.moved_to or url)
        self._refuse_when_followed(url)
        return url, response, reading

    def _refuse_when_followed(self, url: str) -> None:
        for feed in self._store.feeds():
            if feed.url == url:
                raise AlreadyFollowed(shown_url(url), feed)

    def _read(self, response: Response, known: Sequence[Carried]) -> Reading:
        from reader.library import steps

        reading: Reading = self._work(steps.read_feed, response.body, response.url, response.content_type, known)
        return reading

    # --- what is followed ---

    def find(self, named: str) -> Feed:
        """The one feed that a person means: by its number, its address, or a part of its title or address."""
        feeds, wanted = self._store.feeds(), named.casefold().strip()
        if not wanted:
            raise LibraryError("Name a feed: by its number, its address, or a part of its title.")
        for test in (
            lambda feed: str(feed.id) == wanted,
            lambda feed: feed.url.casefold() == wanted or feed.title.casefold() == wanted,
            lambda feed: wanted in feed.title.casefold() or wanted in shown_url(feed.url).casefold(),
        ):
            found = [feed for feed in feeds if test(feed)]
            if len(found) == 1:
                return found[0]
            if found:
                some = ", ".join(f"{feed.id} {feed.title}" for feed in found[:5])
                raise LibraryError(f"“{one_line(named)}” may be {len(found)} feeds: {some}; name one by its number.")
        raise LibraryError(f"No feed is named “{one_line(named)}”; newsreader list --feeds shows them all.")

    def cut_short(self) -> frozenset[int]:
        """The feeds that carry mostly openings, and whose pages are not fetched as they come."""
        shares = self._store.teasers()
        return frozenset(
            feed.id
            for feed in self._store.feeds()
            if shares.get(feed.id, 0) >= _TEASING and not feed.settings.full_text
        )

    def change(self, feed: Feed) -> None:
        """Keep a feed's title, folder and settings as they are in `feed`."""
        self._store.change_feed(feed)

    def remove(self, feed: Feed) -> int:
        """Follow a feed no more; what is saved from it stays, and its number is returned."""
        return self._store.remove_feed(feed.id, now=self._now())

    def restore(self, feed: Feed, *, at: str | None = None) -> Feed:
        """Have a feed again as it was, though it was removed since, or moved to the address `at`; returns it as it is.

        Nothing is fetched: of what went when it was removed, the next refresh brings what the feed carries then.
        """
        there, _ = self._store.add_feed(
            at or feed.url, title=feed.title, site=feed.site, folder=feed.folder, now=self._now()
        )
        if there.url != feed.url:
            self._store.save([Brought(check=FeedCheck(feed_id=there.id), url=feed.url)], now=self._now().astimezone())
        restored = replace(feed, id=there.id)
        self._store.change_feed(restored)
        return restored

    # --- in and out ---

    def take_in(self, body: bytes) -> Imported:
        """Follow the feeds of a list: OPML, or newsboat's `urls`; nothing is fetched until the next refresh."""
        from reader.feeds import FeedError
        from reader.library import steps
        from reader.library.workers import WorkerError

        try:
            outlines, refused = self._work(steps.read_list, body)
        except (FeedError, WorkerError) as error:
            raise LibraryError(f"The file can't be imported: {error}.") from None
        return self._follow(outlines, refused)

    def _follow(self, outlines: Sequence[Outline], refused: tuple[str, ...]) -> Imported:
        outlines = [
            outline if (url := plainest(outline.url)) == outline.url else replace(outline, url=url)
            for outline in outlines
        ]
        added = self._store.add_feeds(outlines, now=self._now())
        return Imported(added=added, known=len(outlines) - added, refused=refused)

    def move_in(self, body: bytes) -> Imported:
        """Take in the articles that another reader exported as JSON, with what was read, starred and tagged there."""
        from reader.feeds import FeedError
        from reader.library import steps
        from reader.library.workers import WorkerError

        try:
            moved, refused = self._work(steps.read_elsewhere, body, longer=len(body) / 1e6)
        except (FeedError, WorkerError) as error:
            raise LibraryError(f"The file can't be imported: {error}.") from None
        return self._settle(moved, refused)

    def move_from_newsboat(self, cache: Path) -> Imported:
        """Take in the feeds and articles of newsboat's cache.db; the file is only read."""
        from reader.store.newsboat import articles

        return self._settle(articles(cache), ())

    def _settle(self, moved: Iterable[Moved], refused: tuple[str, ...]) -> Imported:
        """Keep articles that are brought along, with their feeds."""
        from reader.library import steps
        from reader.library.workers import WorkerError

        came = known = feeds = 0
        lost = []
        articles = iter(moved)
        while some := list(islice(articles, _AT_ONCE)):
            some = [replace(one, feed=replace(one.feed, url=plainest(one.feed.url))) for one in some]
            feeds += self._store.add_feeds([one.feed for one in some], now=self._now())
            try:
                arrivals = self._work(steps.arrivals, some, longer=_AT_ONCE / 20)
            except WorkerError as error:
                lost.append(f"{len(some)} articles from “{some[0].entry.title}” on: {error}")
                continue
            new = self._store.bring_in(list(zip(some, arrivals, strict=True)), now=self._now())
            came, known = came + new, known + len(some) - new
        return Imported(added=feeds, known=0, articles=came, articles_known=known, refused=(*refused, *lost))

    # --- lists that change ---

    def follow_list(self, address: str, *, folder: str | None = None) -> Imported:
        """Follow the feeds of the list at an address, and those that come into it later."""
        url = _typed(address)
        followed = FollowedList(url=url, folder=folder)
        came = self._renew(followed)
        if came.error:
            raise LibraryError(f"{shown_url(url)} can't be followed: {came.error}.")
        return came.imported

    def renew_lists(self) -> tuple[tuple[str, str], ...]:
        """Ask for the lists that are due; returns those that failed, and why. A feed that leaves a list stays."""
        failed = []
        for followed in self._store.lists.all():
            if followed.next_at is None or followed.next_at <= self._now():
                came = self._renew(followed)
                if came.error:
                    failed.append((followed.url, came.error))
        return tuple(failed)

    def _renew(self, followed: FollowedList) -> _Renewed:
        from reader.feeds import FeedError
        from reader.feeds.schedule import next_check
        from reader.library import steps
        from reader.library.refresh import validators
        from reader.library.workers import WorkerError
        from reader.net import NetError

        known = bool(followed.body_hash)
        try:
            response = self._fetch(
                followed.url,
                etag=followed.etag,
                modified=followed.modified,
                validators_of=followed.validators_of,
            )
            digest = hashlib.sha256(response.body).hexdigest()
            outlines: Sequence[Outline] = ()
            refused: tuple[str, ...] = ()
            if response.status != 304 and digest != followed.body_hash:
                outlines, refused = self._work(steps.read_list, response.body)
                followed = replace(followed, body_hash=digest)
        except (NetError, FeedError, WorkerError) as error:
            failures = followed.failures + 1
            retry = getattr(error, "retry_after", None)
            again = next_check(now=self._now(), interval=_LISTS, retry_after=retry, failures=failures)
            if known:
                self._store.lists.keep(replace(followed, failures=failures, error=str(error), next_at=again))
            return _Renewed(Imported(added=0, known=0), str(error))
        named = set(followed.named)
        fresh = [replace(one, folder=one.folder or followed.folder) for one in outlines if one.url not in named]
        imported = self._follow(fresh, refused)
        followed = replace(followed, named=(*followed.named, *dict.fromkeys(one.url for one in fresh)))
        kept = validators(followed, response)
        self._store.lists.keep(replace(followed, **kept, next_at=self._now() + _LISTS, failures=0, error=None))
        return _Renewed(imported, None)

    def export(self, *, passwords: bool = False) -> tuple[bytes, int]:
        """All feeds as an OPML file, and of how many the user name and password in the address were left out."""
        from reader.feeds.opml import write

        feeds = self._store.feeds()
        kept = [feed if passwords else _without_user(feed) for feed in feeds]
        outlines = [Outline(url=feed.url, title=feed.title, site=feed.site, folder=feed.folder) for feed in kept]
        left_out = sum(feed != bare for feed, bare in zip(feeds, kept, strict=True))
        return write(outlines, title="newsreader", created=self._now()), left_out


def _typed(address: str) -> str:
    """An address as a person types it, whole."""
    address = one_line(address)
    return plainest(address if "://" in address else f"https://{address}")


def _without_user(feed: Feed) -> Feed:
    """A feed without the user names and passwords that its addresses carry."""

    def bare(url: str) -> str:
        return shown_url(url) if shown_url(url) != one_line(url) else url

    return replace(feed, url=bare(feed.url), site=feed.site and bare(feed.site))


def _server(url: str) -> tuple[str, str]:
    """What a password or cookie for `url` may be sent to."""
    parts = urlsplit(url)
    return parts.scheme, parts.netloc.rpartition("@")[2].lower()
