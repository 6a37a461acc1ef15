"""A refresh: the feeds that are due are asked for, read in workers, and stored by one writer in batches.

Runs on the net's loop. Few answers are held at a time, so that a thousand feeds take no more memory than fifty, and
what came is written together, for a disk that is asked to be sure after every feed makes all of them wait.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from reader.feeds import FeedError
from reader.feeds.links import plainest
from reader.feeds.schedule import hold_until, is_due, next_check
from reader.library import steps
from reader.library.answers import Checked, Refreshed
from reader.library.passwords import PasswordError, Passwords
from reader.library.workers import WorkerError, WorkerKilled, Workers
from reader.model import Brought, Feed, FeedCheck, FeedSettings, FollowedList
from reader.net import Asking, Net, NetError, Patience, Response, host_of
from reader.store.store import Store

_UNDER_WAY = 24
"""Feeds whose answers are held in memory."""
_TOGETHER = 40
"""Feeds written in one transaction at most, …"""
_SOON = 0.4
"""… and the seconds that the first of them waits for the others."""
_SURE = 3
"""Times in a row that a feed must have moved to one address before it is asked for there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one feed of a refresh."""

    feed: Feed
    brought: Brought
    error: str | None = None
    postponed: datetime | None = None
    """Its server asked to be left alone until then."""


class Refresh:
    """One refresh of some feeds."""

    def __init__(
        self,
        store: Store,
        workers: Callable[[], Workers],
        *,
        interval: timedelta,
        now: Callable[[], datetime],
        passwords: Passwords,
    ) -> None:
        self._store, self._workers = store, workers
        self._interval, self._now, self._passwords = interval, now, passwords
        self._checks: dict[int, FeedCheck] = {}
        self._holds: dict[str, datetime] = {}
        self._asked: dict[str, Future[str]] = {}
        self._patience = Patience()

    def due(self, feeds: Sequence[Feed], *, force: bool) -> list[Feed]:
        """Those of some feeds that may be asked for now; `force` ignores when, but not what a server asked for."""
        self._checks, self._holds, now = self._store.checks(), self._store.holds(), self._now()
        return [
            feed
            for feed in feeds
            if not feed.settings.paused
            and (
                not self._check_of(feed).gone
                if force
                else is_due(self._check_of(feed), now, held_until=self._holds.get(host_of(feed.url)))
            )
        ]

    async def run(self, net: Net, due: Sequence[Feed], report: Callable[[Checked], None]) -> Refreshed:
        """Check feeds that are `due`, on the loop of `net`.

        A feed that fails never stops the others, a library that can't be written does.
        """
        done: asyncio.Queue[Outcome | Exception] = asyncio.Queue(_TOGETHER)
        waiting = iter(_dealt(due))

        async def check() -> None:
            try:
                for feed in waiting:
                    await done.put(await self._check(net, feed))
            except Exception as error:  # not of a feed's making: whoever waits is to have it
                await done.put(error)

        failed: list[tuple[Feed, str]] = []
        postponed: list[tuple[Feed, datetime]] = []
        new: list[int] = []
        told: list[tuple[str, int]] = []
        # One thread, for each has a connection with a memory of its own, and what an index gathers is megabytes.
        writer = ThreadPoolExecutor(1, "writer")
        tasks = [asyncio.create_task(check()) for _ in range(min(_UNDER_WAY, len(due)))]
        try:
            count = 0
            while count < len(due):
                batch = await _batch(done, most=len(due) - count)
                here = self._now().astimezone()  # the days of rules are the person's
                save = partial(self._store.save, [outcome.brought for outcome in batch], now=here)
                saved = await asyncio.get_running_loop().run_in_executor(writer, save)
                told += saved.told
                for outcome, ids in zip(batch, saved.new, strict=True):
                    count += 1
                    new += ids
                    if outcome.postponed:
                        postponed.append((outcome.feed, outcome.postponed))
                    elif outcome.error:
                        failed.append((outcome.feed, outcome.error))
                    report(Checked(feed=outcome.feed, new=len(ids), error=outcome.error, done=count, total=len(due)))
        finally:  # the library itself failed (a full disk, say): nothing more can be stored
            for unfinished in tasks:
                unfinished.cancel()
            writer.shutdown()  # what is being written is: the file must not be closed under it
        return Refreshed(
            checked=len(due) - len(postponed),
            new=len(new),
            failed=tuple(failed),
            postponed=tuple(postponed),
            told=tuple(told),
            arrived=tuple(new),
        )

    def _check_of(self, feed: Feed) -> FeedCheck:
        return self._checks.get(feed.id, FeedCheck(feed_id=feed.id))

    async def _check(self, net: Net, feed: Feed) -> Outcome:
        """Ask for one feed and read what is new; a failure is remembered, not raised."""
        check = self._check_of(feed)
        until = self._holds.get(host_of(feed.url)) if self._holds else None
        if until and not is_due(None, self._now(), held_until=until):
            return Outcome(feed=feed, brought=Brought(check=replace(check, next_at=until)), postponed=until)
        try:
            asking = Asking(
                etag=check.etag,
                modified=check.modified,
                validators_of=check.validators_of,
                patience=self._patience,
            )
            asking |= personal(feed.settings, await self._password(feed.settings))
            response = await net.get(feed.url, **asking)
            brought = await self._read(feed, check, response)
        except (NetError, FeedError, WorkerError, PasswordError) as error:
            if getattr(error, "status", None) == 401 and feed.settings.password_command:
                self._passwords.forget(feed.settings.password_command)
            if isinstance(error, NetError) and error.retry_after and error.host:
                await self._hold(error.host, error.retry_after)
            return Outcome(feed=feed, brought=Brought(check=self._failed(feed, check, error)), error=_told(error))
        return Outcome(feed=feed, brought=brought)

    async def _password(self, settings: FeedSettings) -> str:
        """The password of a feed; whatever its command comes to, a failure too, it is asked once in a refresh."""
        command = asks(settings)
        if not command:
            return ""
        if command not in self._asked:
            self._asked[command] = self._passwords.asked(command)
        return await asyncio.wrap_future(self._asked[command])

    async def _read(self, feed: Feed, check: FeedCheck, response: Response) -> Brought:
        """What a response brings; a body that is the last one's is not read again."""
        digest = hashlib.sha256(response.body).hexdigest()
        if response.status == 304 or digest == check.body_hash:
            return brought(feed, check, response, reading=None, interval=self._interval, now=self._now())
        known = await asyncio.to_thread(self._store.carried, feed.id)

        def read() -> asyncio.Future[steps.Reading]:
            given = response.body, response.url, response.content_type, known
            return asyncio.wrap_future(self._workers().submit(steps.read_feed, *given))

        try:
            reading = await read()
        except WorkerKilled:  # by no fault of the feed's
            reading = await read()
        check = replace(check, body_hash=digest)
        return brought(feed, check, response, reading=reading, interval=self._interval, now=self._now())

    def _failed(self, feed: Feed, check: FeedCheck, error: Exception) -> FeedCheck:
        failures, now = check.failures + 1, self._now()
        next_at = next_check(
            now=now,
            interval=self._interval,
            own=_own_interval(feed),
            conditional=bool(check.etag or check.modified or not check.body_hash),
            ttl=check.ttl,
            skip_hours=check.skip_hours,
            skip_days=check.skip_days,
            retry_after=getattr(error, "retry_after", None),
            failures=failures,
        )
        return replace(
            check,
            checked_at=now,
            failures=failures,
            error=_told(error),
            gone=getattr(error, "status", None) == 410,
            moved_to=None,
            moved=0,
            next_at=next_at,
        )

    async def _hold(self, host: str, retry_after: datetime) -> None:
        """Leave a server alone as long as it asks for."""
        self._holds[host] = until = hold_until(retry_after, self._now())
        await asyncio.to_thread(self._store.hold, host, until=until, now=self._now())


def brought(
    feed: Feed,
    check: FeedCheck,
    response: Response,
    *,
    reading: steps.Reading | None,
    interval: timedelta,
    now: datetime,
) -> Brought:
    """A check that succeeded, with what was read; nothing where nothing is new."""
    asks = check if reading is None else reading
    kept = validators(check, response)
    moved = (check.moved + 1 if check.moved_to == response.moved_to else 1) if response.moved_to else 0
    next_at = next_check(
        now=now,
        interval=interval,
        own=_own_interval(feed),
        conditional=kept["validators_of"] is not None,
        ttl=asks.ttl,
        max_age=response.max_age,
        skip_hours=asks.skip_hours,
        skip_days=asks.skip_days,
    )
    succeeded = replace(
        check,
        **kept,
        checked_at=now,
        next_at=next_at,
        failures=0,
        error=None,
        gone=False,
        moved_to=response.moved_to,
        moved=moved,
        ttl=asks.ttl,
        skip_hours=asks.skip_hours,
        skip_days=asks.skip_days,
    )
    url = plainest(response.moved_to) if response.moved_to and moved >= _SURE else None
    if reading is None:
        return Brought(check=succeeded, url=url)
    return Brought(check=succeeded, arrivals=reading.arrivals, title=reading.title, site=reading.site, url=url)


def validators(before: FeedCheck | FollowedList, response: Response) -> dict[str, Any]:
    """What to ask with the next time: what a server gave, or, where nothing is new, what it was given."""
    unchanged = response.status == 304
    etag = response.etag or (before.etag if unchanged else None)
    modified = response.modified or (before.modified if unchanged else None)
    of = response.validators_of if etag or modified else None
    return {"etag": etag, "modified": modified, "validators_of": of}


def _own_interval(feed: Feed) -> timedelta | None:
    return timedelta(minutes=feed.settings.interval) if feed.settings.interval else None


def asks(settings: FeedSettings) -> str:
    """The command that is to be asked for a feed's password; empty for none."""
    return (settings.password_command or "") if settings.user else ""


def personal(settings: FeedSettings, password: str) -> Asking:
    """What the person set to be sent to a feed's own server."""
    asking = Asking()
    if settings.user_agent:
        asking["user_agent"] = settings.user_agent
    if settings.cookie:
        asking["cookie"] = settings.cookie
    if settings.user:
        asking["auth"] = (settings.user, password)
    return asking


def _told(error: Exception) -> str:
    """A failure in a sentence, with what to do where that is plain."""
    match getattr(error, "status", None):
        case 401:
            return f"{error}: it wants a user name and a password"
        case 410:
            return f"{error}: it is gone for good and not asked for any more"
    return str(error)


def _dealt(feeds: Sequence[Feed]) -> list[Feed]:
    """Feeds in such an order that those of one server don't stand in each other's way.

    Those that wait for a person to say a password come last: all who are under way may wait for it.
    """
    before = Counter[str]()
    order: list[tuple[bool, int, Feed]] = []
    for feed in feeds:
        host = host_of(feed.url)
        order.append((bool(asks(feed.settings)), before[host], feed))
        before[host] += 1
    return [feed for *_, feed in sorted(order, key=lambda one: one[:2])]


async def _batch(done: asyncio.Queue[Outcome | Exception], *, most: int) -> list[Outcome]:
    """What is done: at least one, and those that come soon after it."""
    came = [await done.get()]
    with suppress(TimeoutError):
        async with asyncio.timeout(_SOON):
            while len(came) < min(most, _TOGETHER):
                came.append(await done.get())
    batch = []
    for one in came:
        if isinstance(one, Exception):
            raise one
        batch.append(one)
    return batch
