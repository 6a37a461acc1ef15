"""What the person is told in a corner of the screen."""

import time

import pytest
from textual.widgets._toast import Toast

from reader.library.library import Library
from reader.tui.messages import Notice, say
from reader.tui.screens.listing import ListingScreen

pytestmark = pytest.mark.anyio


@pytest.mark.timeout(30)
async def test_a_notice_that_ends_as_it_is_put_on_a_screen_does_not_stop_the_program(start):
    async with start() as reader:
        notice = Notice("gone", timeout=1, raised_at=time.time() - 60)
        assert notice.has_expired
        await reader.app.screen.mount(Toast(notice))
        await reader.press("j")
        assert not reader.app.screen.query(Toast)


async def test_all_that_is_told_is_told_so(start):
    async with start() as reader:
        say(reader.app.screen, "a word")
        reader.app.notify("another")
        await reader.pilot.pause()
        assert [type(one) for one in reader.app._notifications] == [Notice, Notice]


async def test_a_list_that_comes_while_the_program_ends_is_dropped(start, library: Library):
    async with start() as reader:
        screen = reader.app.screen
        assert isinstance(screen, ListingScreen)
        await screen.query("#state").remove()
        await screen.reload()
