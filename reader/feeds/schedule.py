"""When a feed is next asked for."""

from __future__ import annotations

from datetime import datetime, timedelta

from reader.model import FeedCheck

_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)
_LONGEST_HOLD = timedelta(days=7)
_HOURS = frozenset(range(24))
_DAYS = frozenset(range(7))


def next_check(
    *,
    now: datetime,
    interval: timedelta,
    own: timedelta | None = None,
    conditional: bool = True,
    ttl: int | None = None,
    max_age: int | None = None,
    skip_hours: frozenset[int] = frozenset(),
    skip_days: frozenset[int] = frozenset(),
    retry_after: datetime | None = None,
    failures: int = 0,
) -> datetime:
    """When to ask again, having asked `now`, in UTC.

    The person's `interval`, or the feed's `own` that they set, is lengthened by what the publisher asks for, `ttl` in
    minutes and `max_age` in seconds, and doubled with each of the `failures` in a row; neither beyond a day, that no
    feed is lost to a slip or an outage. A feed that can't be asked for what is new only, not `conditional`, is asked
    for once a day, unless the person set its own interval. `retry_after` is honoured up to a week. What falls into
    hours or days that the publisher wants skipped waits for their end, unless that would be for ever.
    """
    base = own or (interval if conditional else max(interval, _DAY))
    asked = timedelta(seconds=min(max((ttl or 0) * 60, max_age or 0, 0), 86400))
    backing_off = base * 2 ** min(failures, 11) if failures else base  # 11 doublings make a minute a day
    due = now + max(base, min(max(asked, backing_off), _DAY))
    if retry_after:
        due = max(due, hold_until(retry_after, now))
    return _after_skipped(due, skip_hours, skip_days)


def hold_until(retry_after: datetime, now: datetime) -> datetime:
    """Until when a host is left alone that asked `now` to be, at most a week."""
    return min(retry_after, now + _LONGEST_HOLD)


def is_due(check: FeedCheck | None, now: datetime, *, held_until: datetime | None = None) -> bool:
    """Whether a feed may be asked for at `now`, going by the last check of it and by what its host asked for.

    A clock set back leaves checks in the future. By up to a day the feed just waits that much longer; by more it is due
    at once, and the check that follows puts its times right. A hold that ends later than any can counts
    for nothing.
    """
    if held_until and now < held_until <= now + _LONGEST_HOLD:
        return False
    if check is None:
        return True
    if check.gone:
        return False
    if check.next_at is None or check.next_at <= now:
        return True
    checked_at = check.checked_at or check.next_at - _LONGEST_HOLD
    return now < checked_at - _DAY


def _after_skipped(due: datetime, hours: frozenset[int], days: frozenset[int]) -> datetime:
    """The first instant from `due` on that is in no skipped hour and on no skipped day."""
    hours, days = (frozenset() if hours >= _HOURS else hours), (frozenset() if days >= _DAYS else days)
    while due.weekday() in days or due.hour in hours:
        midnight = due.replace(hour=0, minute=0, second=0, microsecond=0)
        due = midnight + (_DAY if due.weekday() in days else (due.hour + 1) * _HOUR)
    return due
