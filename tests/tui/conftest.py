"""The demo newsroom, refreshed and opened once into a library; each test drives the real app on a copy of it."""

import shutil
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.worker import WorkerCancelled

from reader.config import Network, Settings
from reader.library.library import Library
from reader.newsroom import Newsroom
from reader.tui.app import NewsApp
from reader.tui.screens.reading import ReadingScreen
from reader.tui.widgets.article import ArticleView
from reader.tui.widgets.headlines import Headlines
from reader.tui.widgets.panel import Claims

NOW = datetime(2026, 11, 12, 9, 0, tzinfo=UTC)
LOOPBACK = Settings(network=Network(allow_private=(ip_network("127.0.0.0/8"),)))


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(autouse=True)
def brisk(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look twice as often whether the app is idle: there are thousands of waits."""
    monkeypatch.setattr("textual._wait.SLEEP_GRANULARITY", 0.01)


@pytest.fixture(scope="session")
def newsroom() -> Iterator[Newsroom]:
    with Newsroom(now=NOW) as room:
        yield room


@pytest.fixture(scope="session")
def filled(newsroom: Newsroom, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("newsroom") / "library.sqlite"
    with Library(path, settings=LOOPBACK, now=lambda: NOW) as library:
        new = 0
        for title, url in newsroom.feeds:
            feed, _ = library.store.add_feed(url, title=title, site=None, folder=None, now=NOW)
            came = library.refresh([feed])  # one after the other: some entries are of the same minute
            assert not came.failed
            new += came.new
        assert new > 35
        for entry_id in library.store.headlines():
            assert library.open(entry_id).notice is None
    return path


@pytest.fixture
def library(filled: Path, tmp_path: Path) -> Iterator[Library]:
    shutil.copy(filled, tmp_path / "library.sqlite")
    with Library(tmp_path / "library.sqlite", settings=LOOPBACK, now=lambda: NOW) as library:
        yield library


@pytest.fixture
def empty_library(tmp_path: Path) -> Iterator[Library]:
    with Library(tmp_path / "empty.sqlite", settings=LOOPBACK, now=lambda: NOW) as library:
        yield library


@dataclass
class Reader:
    """A person at the keyboard."""

    pilot: Pilot[str]
    app: NewsApp

    async def press(self, *keys: str) -> None:
        """Press keys, and wait until all that they set going has come back."""
        for key in keys:
            await self.pilot.press(key)
            await self.settle()

    async def settle(self) -> None:
        while self.app.keyboard.in_doubt:  # a digit that may yet be a count
            await self.pilot.pause(0.02)
        for _ in range(3):  # what one worker brings may set another going
            with suppress(WorkerCancelled):  # one that a later one took the place of
                await self.app.workers.wait_for_complete()
            await self.pilot.pause()

    @property
    def screen(self) -> ReadingScreen:
        return next(screen for screen in self.app.screen_stack if isinstance(screen, ReadingScreen))

    @property
    def headlines(self) -> Headlines:
        return self.screen.query_one(Headlines)

    @property
    def article(self) -> ArticleView:
        return self.screen.query_one(ArticleView)

    @property
    def claims(self) -> Claims:
        return self.screen.query_one(Claims)

    def row_of(self, words: str) -> int:
        """The row of the headline that holds `words`."""
        for index in range(self.headlines.row_count()):
            if (entry := self.headlines.entry(index)) and words in entry.title:
                return index
        raise AssertionError(f"no headline holds {words!r}")

    async def open(self, words: str) -> None:
        """Open the headline that holds `words`."""
        self.headlines.focus()
        self.headlines.cursor = self.row_of(words)
        await self.press("enter")

    def shown(self) -> str:
        """What the terminal shows, as lines of text."""
        strips = self.app.screen._compositor.render_strips()
        return "\n".join(strip.text.rstrip() for strip in strips)

    def said(self) -> list[str]:
        """The notifications, newest last."""
        return [note.message for note in self.app._notifications]


Start = Callable[..., AbstractAsyncContextManager[Reader]]


@pytest.fixture
def start(library: Library) -> Start:
    @asynccontextmanager
    async def start(
        size: tuple[int, int] = (160, 45),
        *,
        on: Library = library,
        refresh: bool = False,
        app: type[NewsApp] = NewsApp,
        **more: Any,
    ) -> AsyncIterator[Reader]:
        opened = app(on, refresh_on_start=refresh, **more)
        async with opened.run_test(size=size) as pilot:
            reader = Reader(pilot, opened)
            await reader.settle()
            yield reader

    return start
