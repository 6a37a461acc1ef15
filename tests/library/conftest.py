from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from hostile_server import HostileServer, reply
from press import PAGE, SETTINGS, Clock

from reader.config import Settings
from reader.library.library import Library


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def server() -> Iterator[HostileServer]:
    with HostileServer() as server:
        server.routes["/page"] = reply(body=PAGE.encode(), headers=["Content-Type: text/html; charset=utf-8"])
        yield server


@pytest.fixture
def elsewhere() -> Iterator[HostileServer]:
    """A server of another host."""
    with HostileServer(host="127.0.0.2") as server:
        yield server


@pytest.fixture
def start(tmp_path: Path, clock: Clock) -> Iterator[Callable[..., Library]]:
    """Opens the one library, as each start of the program does."""
    with ExitStack() as running:

        def start(settings: Settings = SETTINGS) -> Library:
            return running.enter_context(Library(tmp_path / "library.sqlite", settings=settings, now=clock))

        yield start


@pytest.fixture
def library(start: Callable[..., Library]) -> Library:
    return start()
