"""When a feed is next asked for."""

from __future__ import annotations

from datetime import datetime, timedelta

from reader.model import FeedCheck

_DAY = timedelta(days=1)
_LONGEST_RETRY_AFTER = timedelta(days=7)


def next_check(
    *,
    now: datetime,
    interval: timedelta,
    ttl: int | None = None,
    max_age: int | None = None,
    retry_after: datetime | None = None,
    failures: int = 0,
) -> datetime:
    """When to ask again, having asked `now`.

    The person's `interval` is lengthened by what the publisher asks for, `ttl` in minutes and `max_age` in seconds, and
    doubled with each of the `failures` in a row; neither beyond a day, that no feed is lost to a slip or an outage.
    `retry_after` is honoured up to a week.
    """
    asked = timedelta(seconds=min(max((ttl or 0) * 60, max_age or 0, 0), 86400))
    backing_off = interval * 2 ** min(failures, 11) if failures else interval  # 11 doublings make a minute a day
    due = now + max(interval, min(max(asked, backing_off), _DAY))
    return max(due, min(retry_after, now + _LONGEST_RETRY_AFTER)) if retry_after else due


def is_due(check: FeedCheck | None, now: datetime) -> bool:
    """Whether a feed may be asked for at `now`, going by the last check of it.

    A clock set back leaves checks in the future. By up to a day the feed just waits that much longer; by more it is due
    at once, and the check that follows puts its times right.
    """
    if check is None or check.next_at is None or check.next_at <= now:
        return True
    checked_at = check.checked_at or check.next_at - _LONGEST_RETRY_AFTER
    return now < checked_at - _DAY
