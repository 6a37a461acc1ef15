"""Queries kept as smart feeds and rules, what other programs bring, and stories that are sorted behind one's back."""

import asyncio

import pytest
from store.arrivals import arrival
from tui.conftest import NOW

from reader.library.library import Library
from reader.model import Brought, FeedCheck
from reader.store.store import Store

pytestmark = pytest.mark.anyio


async def test_a_saved_query_is_a_feed_with_its_unread(start, library: Library):
    library.rules.keep("At sea", "ferry")
    found = library.search("ferry")
    library.mark(found[:1], read=True)
    async with start() as reader:
        await reader.press("3")
        shown = reader.shown()
        assert "Smart feeds" in shown
        assert f"{len(found) - 1} At sea" in shown
        await reader.press("enter")
        assert f"At sea · {len(found)} shown" in reader.shown()
        assert [row.entry_id for row in reader.headlines.rows] == found


async def test_a_query_that_means_nothing_is_pointed_at_and_the_list_stays(start):
    async with start() as reader:
        before = reader.headlines.row_count()
        await reader.press("slash", *"ferry spaeker:Ng", "enter")
        (said,) = reader.said()
        assert "spaeker" in said
        assert said.splitlines()[-1].strip() == "^" * len("spaeker:")
        assert reader.headlines.row_count() == before
        assert "Stories" in reader.shown()


async def test_what_another_program_brings_is_there_within_a_second_or_two(start, library: Library):
    async with start() as reader:
        before, cursor = reader.headlines.row_count(), reader.headlines.cursor
        here = reader.headlines.entry(cursor).id
        other = Store(library.store.path)
        check = FeedCheck(feed_id=other.feeds()[0].id)
        other.save([Brought(check=check, arrivals=(arrival("cron", title="Brought by cron"),))], now=NOW)
        other.close()
        async with asyncio.timeout(10):
            while reader.headlines.row_count() == before:
                await reader.pilot.pause(0.05)
        assert reader.headlines.row_count() == before + 1
        assert reader.headlines.entry(reader.headlines.cursor).id == here


async def test_articles_that_wait_for_it_join_stories_while_one_reads(start, library: Library):
    check = FeedCheck(feed_id=library.store.feeds()[0].id)
    landed = library.store.save([Brought(check=check, arrivals=(arrival("waits"),))], now=NOW)
    (waiting,) = landed.new[0]
    assert library.store.stories.story_of(waiting) is None
    async with start() as reader:
        await reader.settle()
        assert library.store.stories.story_of(waiting) is not None
