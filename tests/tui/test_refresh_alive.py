"""17: what hangs a parser is ended, the screen stays alive, and the other feeds finish."""

import asyncio
import time

import pytest
from hostile_server import HostileServer, reply

from reader.library.library import Library
from reader.library.workers import Workers

pytestmark = pytest.mark.anyio
LIMIT = 1.5
"""Seconds until a worker that hangs is ended; the program gives it five."""
LAG = 0.1
"""Seconds that a key may have to wait for its turn."""
HANGS = b"<rss><channel><title>Bad</title>" + b"<item>" * 700_000
ITEM = b"<item><guid>g</guid><title>Came in meanwhile</title></item>"
GOOD = b"<rss version='2.0'><channel><title>Good</title>" + ITEM + b"</channel></rss>"


@pytest.mark.scorecard(17)
async def test_keys_are_answered_while_a_feed_hangs_its_parser(start, library: Library, record_property) -> None:
    library._workers_or_none = Workers(timeout=LIMIT)
    with HostileServer() as server:
        server.routes |= {"/bad": reply(body=HANGS), "/good": reply(body=GOOD)}
        feeds = [
            library.store.add_feed(server.url(path), title=path, site=None, folder=None, now=library.now())[0]
            for path in ("/bad", "/good")
        ]
        async with start() as reader:
            headlines = reader.headlines
            headlines.focus()
            await reader.pilot.pause()
            reader.screen.refresh_feeds(feeds, force=True)
            began = time.monotonic()
            lags: list[float] = []
            feeling = asyncio.create_task(feel(lags))
            keys = 0
            while reader.screen._progress and time.monotonic() < began + 60:
                before, rows = headlines.cursor, headlines.row_count()
                await reader.pilot.press("k" if before else "j")
                assert headlines.cursor != before or headlines.row_count() != rows
                keys += 1
            took = time.monotonic() - began
            feeling.cancel()
            await reader.settle()
            assert reader.row_of("Came in meanwhile") >= 0
    checks = library.store.checks()
    assert checks[feeds[0].id].error == f"reading it took longer than {LIMIT:g} s"
    assert checks[feeds[1].id].error is None
    assert took >= LIMIT
    lags.sort()
    usual = lags[len(lags) * 9 // 10]
    assert keys >= 5
    assert usual < LAG
    record_property(
        "figure",
        f"ended after {took:.1f} s (limit {LIMIT:g} s); {keys} keys meanwhile, all answered; the screen was busy for"
        f" {usual * 1000:.0f} ms at a time at most, nine times of ten, never over {lags[-1] * 1000:.0f} ms",
    )


async def feel(lags: list[float]) -> None:
    """How long the loop that answers keys takes to come round, again and again."""
    while True:
        began = time.monotonic()
        await asyncio.sleep(0)
        lags.append(time.monotonic() - began)
        await asyncio.sleep(0.005)
