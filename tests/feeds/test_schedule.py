from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reader.feeds.schedule import hold_until, is_due, next_check
from reader.model import FeedCheck

NOW = datetime(2025, 3, 4, 9, 30, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def after(interval: timedelta = HOUR, *, retry_after: timedelta | None = None, **asked: Any) -> timedelta:
    due = next_check(
        now=NOW, interval=interval, retry_after=None if retry_after is None else NOW + retry_after, **asked
    )
    return due - NOW


@pytest.mark.scorecard("H7", "H8")
def test_the_interval_unless_the_publisher_asks_for_longer() -> None:
    assert after() == HOUR
    assert after(ttl=30) == HOUR
    assert after(ttl=180) == 3 * HOUR
    assert after(max_age=7200) == 2 * HOUR
    assert after(ttl=180, max_age=7200) == 3 * HOUR
    assert after(ttl=10**15, max_age=10**15) == DAY
    assert after(7 * DAY, ttl=10**9) == 7 * DAY


@pytest.mark.scorecard("H10")
def test_failures_back_off_to_a_day() -> None:
    assert [after(failures=n) // HOUR for n in range(7)] == [1, 2, 4, 8, 16, 24, 24]
    assert after(timedelta(minutes=1), failures=10**9) == DAY
    assert after(7 * DAY, failures=3) == 7 * DAY


@pytest.mark.scorecard("H9")
def test_retry_after_is_honoured_up_to_a_week() -> None:
    assert after(retry_after=timedelta(minutes=5)) == HOUR
    assert after(retry_after=3 * DAY) == 3 * DAY
    assert after(retry_after=1000 * DAY) == 7 * DAY
    assert after(retry_after=-DAY) == HOUR


@pytest.mark.scorecard("H7")
def test_a_feed_that_tells_nothing_to_ask_by_is_asked_for_once_a_day() -> None:
    assert after(conditional=False) == DAY
    assert after(2 * DAY, conditional=False) == 2 * DAY
    assert after(conditional=False, failures=3) == DAY


def test_the_feeds_own_interval_is_the_persons_word() -> None:
    assert after(own=10 * MINUTE) == 10 * MINUTE
    assert after(own=10 * MINUTE, conditional=False) == 10 * MINUTE
    assert after(own=3 * DAY) == 3 * DAY
    assert after(own=10 * MINUTE, ttl=60) == HOUR
    assert after(own=10 * MINUTE, failures=2) == 40 * MINUTE


@pytest.mark.scorecard("H20")
@pytest.mark.parametrize(
    ("hours", "days", "due"),
    [  # NOW is a Tuesday, 9:30; the interval ends at 10:30
        ({9, 11}, set(), "Tue 10:30"),
        ({10}, set(), "Tue 11:00"),
        ({10, 11, 12}, set(), "Tue 13:00"),
        (set(range(8, 24)), set(), "Wed 00:00"),
        (set(range(1, 24)), set(), "Wed 00:00"),
        (set(), {1}, "Wed 00:00"),
        (set(), {1, 2}, "Thu 00:00"),
        ({0, 1}, {1, 2}, "Thu 02:00"),
        ({*range(11), *range(12, 24)}, {1, 2, 3, 4, 5, 6}, "Mon 11:00"),
        (set(range(24)), set(), "Tue 10:30"),
        (set(), set(range(7)), "Tue 10:30"),
        (set(range(24)), {1}, "Wed 00:00"),
        ({24, -1}, {7}, "Tue 10:30"),
    ],
)
def test_hours_and_days_that_the_publisher_skips(hours: set[int], days: set[int], due: str) -> None:
    skip = {"skip_hours": frozenset(hours), "skip_days": frozenset(days)}
    assert f"{NOW + after(**skip):%a %H:%M}" == due


@pytest.mark.scorecard("H14")
def test_a_feed_that_is_gone_is_never_due_again() -> None:
    gone = FeedCheck(feed_id=1, checked_at=NOW, next_at=NOW + HOUR, gone=True)
    assert not any(is_due(gone, now) for now in (NOW - 1000 * DAY, NOW, NOW + 10_000 * DAY))
    assert not is_due(FeedCheck(feed_id=1, gone=True), NOW)


@pytest.mark.scorecard("H9", "H23")
def test_a_host_that_asks_not_to_be_asked_is_left_alone() -> None:
    assert is_due(None, NOW, held_until=NOW)
    assert not is_due(None, NOW, held_until=NOW + HOUR)
    assert is_due(None, NOW + HOUR, held_until=NOW + HOUR)
    assert not is_due(None, NOW, held_until=hold_until(NOW + 1000 * DAY, NOW))
    assert is_due(None, NOW + 7 * DAY, held_until=hold_until(NOW + 1000 * DAY, NOW))
    assert is_due(None, NOW - HOUR, held_until=NOW + 7 * DAY), "a clock set back"


def test_due() -> None:
    check = FeedCheck(feed_id=1, checked_at=NOW, next_at=NOW + HOUR)
    assert is_due(None, NOW)
    assert is_due(FeedCheck(feed_id=1), NOW)
    assert not is_due(check, NOW)
    assert not is_due(check, NOW + HOUR - timedelta(seconds=1))
    assert is_due(check, NOW + HOUR)


@pytest.mark.scorecard("H23")
def test_a_clock_set_back_a_little_makes_nothing_due() -> None:
    checks = [FeedCheck(feed_id=n, checked_at=NOW, next_at=NOW + HOUR) for n in range(100)]
    assert not any(is_due(check, NOW - 3 * HOUR) for check in checks)


@pytest.mark.scorecard("H23")
def test_a_clock_that_was_years_ahead_keeps_no_feed_waiting() -> None:
    ahead = NOW + 3650 * DAY
    assert is_due(FeedCheck(feed_id=1, checked_at=ahead, next_at=ahead + HOUR), NOW)
    assert is_due(FeedCheck(feed_id=1, next_at=ahead), NOW)


intervals = st.timedeltas(timedelta(minutes=1), timedelta(days=30))
asked = st.fixed_dictionaries(
    {
        "interval": intervals,
        "own": st.none() | intervals,
        "conditional": st.booleans(),
        "ttl": st.none() | st.integers(),
        "max_age": st.none() | st.integers(),
        "retry_after": st.none() | st.datetimes(timezones=st.just(UTC)),
        "skip_hours": st.frozensets(st.integers(-1, 24)),
        "skip_days": st.frozensets(st.integers(-1, 7)),
    }
)
instants = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))


@given(instants, asked, st.integers(0))
def test_never_sooner_than_the_interval_nor_later_than_what_is_honoured(
    now: datetime, asked: dict[str, Any], failures: int
) -> None:
    due = next_check(now=now, **asked, failures=failures)
    interval = asked["own"] or asked["interval"]
    assert now + interval <= due
    unskipped = next_check(now=now, **asked | {"skip_hours": frozenset(), "skip_days": frozenset()}, failures=failures)
    assert unskipped <= now + max(interval, 7 * DAY)
    assert unskipped <= due <= unskipped + 7 * DAY
    check = FeedCheck(feed_id=1, checked_at=now, next_at=due)
    assert not is_due(check, now)
    assert is_due(check, due)


@given(instants, asked, st.integers(0))
def test_what_is_skipped_is_skipped_and_never_all(now: datetime, asked: dict[str, Any], failures: int) -> None:
    due = next_check(now=now, **asked, failures=failures)
    assert due.hour not in asked["skip_hours"] or asked["skip_hours"] >= set(range(24))
    assert due.weekday() not in asked["skip_days"] or asked["skip_days"] >= set(range(7))


@given(instants, asked, st.integers(0, 30), st.integers(0, 30))
def test_more_failures_never_mean_sooner(now: datetime, asked: dict[str, Any], few: int, more: int) -> None:
    few, more = sorted((few, more))
    assert next_check(now=now, **asked, failures=few) <= next_check(now=now, **asked, failures=more)


@given(instants, asked, st.integers(0, 30), st.timedeltas(timedelta(0), timedelta(days=36500)))
def test_a_clock_set_back_keeps_no_feed_waiting_for_longer_than_a_day(
    now: datetime, asked: dict[str, Any], failures: int, back: timedelta
) -> None:
    due = next_check(now=now, **asked, failures=failures)
    check, then = FeedCheck(feed_id=1, checked_at=now, next_at=due), now - back
    assert is_due(check, then) == (back > DAY)
    assert is_due(check, then) or is_due(check, then + (due - now) + DAY)
