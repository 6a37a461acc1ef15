"""The commands that open the reader."""

from __future__ import annotations

import argparse
import contextlib
import gc
import os
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from reader.cli.commands import Commands
from reader.cli.output import OK, Failure, opened, settings

if TYPE_CHECKING:
    from reader.library.library import Library

DEMO_PORT = 47811
"""Always the same, so that the demo's feeds are the same ones next time."""


def offer(commands: Commands) -> None:
    """Declare them."""
    text = "open the reader on the bundled newsroom, offline, in a library of its own"
    one = commands.add("demo", open_demo, text)
    one.add_argument(
        "--port",
        type=int,
        default=DEMO_PORT,
        help="the loopback port it is served on; for another one name a --library of its own",
    )


def open_reader(arguments: argparse.Namespace) -> int:
    """Open the reader on the person's library."""
    with opened(arguments, new=True, terminal=False) as library:
        outcome = _run_app(library, _config(arguments), refresh_on_start=settings(arguments).refresh.on_start)
    if outcome == "demo":
        return open_demo(argparse.Namespace(port=DEMO_PORT, config=getattr(arguments, "config", None)))
    return OK


def open_demo(arguments: argparse.Namespace) -> int:
    """Open the reader on the bundled newsroom."""
    from ipaddress import ip_network

    from reader import config
    from reader.library.library import Library, utc_now
    from reader.newsroom import Newsroom

    loopback = config.Network(allow_private=(ip_network("127.0.0.0/8"),))
    path = getattr(arguments, "library", None) or config.demo_path()
    with contextlib.ExitStack() as stack:
        try:
            newsroom = stack.enter_context(Newsroom(now=utc_now(), port=arguments.port))
        except (OSError, OverflowError) as error:
            why = getattr(error, "strerror", None) or error
            hint = "close the other demo, or name another port with --port and a library with --library"
            raise Failure(f"Port {arguments.port} can't be used: {why}; {hint}.") from None
        library = stack.enter_context(Library(path, settings=replace(settings(arguments), network=loopback)))
        for title, url in newsroom.feeds:
            library.store.add_feed(url, title=title, site=None, folder=None, now=utc_now())
        _run_app(library, _config(arguments), refresh_on_start=True, title="newsreader demo")
    return OK


def _config(arguments: argparse.Namespace) -> Path:
    from reader import config

    return getattr(arguments, "config", None) or config.config_path()


def _run_app(library: Library, path: Path, *, refresh_on_start: bool, title: str = "newsreader") -> str | None:
    if not (sys.stdin.isatty() and sys.stdout.isatty()) and "TEXTUAL_DRIVER" not in os.environ:  # `serve` shows it
        raise Failure("The reader needs a terminal; see newsreader --help for commands that don't.")
    from reader import config
    from reader.library import crash, log
    from reader.tui.app import NewsApp
    from reader.tui.memory import Memory
    from reader.tui.setup import check, keymap_of
    from reader.tui.terminal import is_dark
    from reader.tui.theme import AUTO

    check(library.settings, path)
    gc.freeze()  # what is loaded stays: a list of 100,000 headlines is made in two thirds of the time
    # Asked before the app reads what the terminal says; and not at all for those who chose their colours.
    dark = library.settings.screen.theme != AUTO or is_dark()
    app = NewsApp(
        library,
        refresh_on_start=refresh_on_start,
        title=title,
        config=path,
        keymap=keymap_of(library.settings, path),
        memory=Memory(config.screen_path()),
        dark=dark,
    )
    with log.kept(config.log_path()):
        outcome = app.run()
        if app.fault:
            log.LOG.error("The reader broke down: %s", crash.printed(app.fault))
            raise Failure(crash.told("The reader", app.fault, config.crashes_path(), library=library.store.path))
    return outcome
