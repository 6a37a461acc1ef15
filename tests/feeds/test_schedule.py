from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from reader.feeds.schedule import is_due, next_check
from reader.model import FeedCheck

NOW = datetime(2025, 3, 4, 9, 30, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def after(interval: timedelta = HOUR, *, retry_after: timedelta | None = None, **asked: int) -> timedelta:
    due = next_check(
        now=NOW, interval=interval, retry_after=None if retry_after is None else NOW + retry_after, **asked
    )
    assert due is not None
    return due - NOW


def test_the_interval_unless_the_publisher_asks_for_longer() -> None:
    assert after() == HOUR
    assert after(ttl=30) == HOUR
    assert after(ttl=180) == 3 * HOUR
    assert after(max_age=7200) == 2 * HOUR
    assert after(ttl=180, max_age=7200) == 3 * HOUR
    assert after(ttl=10**15, max_age=10**15) == DAY
    assert after(7 * DAY, ttl=10**9) == 7 * DAY


def test_failures_back_off_to_a_day() -> None:
    assert [after(failures=n) // HOUR for n in range(7)] == [1, 2, 4, 8, 16, 24, 24]
    assert after(timedelta(minutes=1), failures=10**9) == DAY
    assert after(7 * DAY, failures=3) == 7 * DAY


def test_retry_after_is_honoured_up_to_a_week() -> None:
    assert after(retry_after=timedelta(minutes=5)) == HOUR
    assert after(retry_after=3 * DAY) == 3 * DAY
    assert after(retry_after=1000 * DAY) == 7 * DAY
    assert after(retry_after=-DAY) == HOUR


def test_due() -> None:
    check = FeedCheck(feed_id=1, checked_at=NOW, next_at=NOW + HOUR)
    assert is_due(None, NOW)
    assert is_due(FeedCheck(feed_id=1), NOW)
    assert not is_due(check, NOW)
    assert not is_due(check, NOW + HOUR - timedelta(seconds=1))
    assert is_due(check, NOW + HOUR)


def test_a_clock_set_back_a_little_makes_nothing_due() -> None:
    checks = [FeedCheck(feed_id=n, checked_at=NOW, next_at=NOW + HOUR) for n in range(100)]
    assert not any(is_due(check, NOW - 3 * HOUR) for check in checks)


def test_a_clock_that_was_years_ahead_keeps_no_feed_waiting() -> None:
    ahead = NOW + 3650 * DAY
    assert is_due(FeedCheck(feed_id=1, checked_at=ahead, next_at=ahead + HOUR), NOW)
    assert is_due(FeedCheck(feed_id=1, next_at=ahead), NOW)


@given(
    st.timedeltas(timedelta(minutes=1), timedelta(days=30)),
    st.none() | st.integers(),
    st.none() | st.integers(),
    st.none() | st.datetimes(timezones=st.just(UTC)),
    st.integers(0),
)
def test_never_sooner_than_the_interval_nor_later_than_a_week_beyond(
    interval: timedelta, ttl: int | None, max_age: int | None, retry_after: datetime | None, failures: int
) -> None:
    due = next_check(now=NOW, interval=interval, ttl=ttl, max_age=max_age, retry_after=retry_after, failures=failures)
    assert due is not None
    assert NOW + interval <= due <= NOW + max(interval, 7 * DAY)
    check = FeedCheck(feed_id=1, checked_at=NOW, next_at=due)
    assert not is_due(check, NOW)
    assert is_due(check, due)
