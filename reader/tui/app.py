"""The application: it owns the library and the screens, and nothing else."""

from __future__ import annotations

import asyncio
import signal
from concurrent.futures import ThreadPoolExecutor
from typing import ClassVar

from textual.app import App
from textual.binding import BindingType

from reader.library.library import Library
from reader.tui.actions import Place, bindings
from reader.tui.screens.help import HelpScreen
from reader.tui.screens.reading import ReadingScreen
from reader.tui.screens.welcome import WelcomeScreen


class NewsApp(App[str]):
    """A terminal news reader that shows who said what; it returns "demo" when the person asks for the newsroom."""

    TITLE = "newsreader"
    CSS_PATH = "newsreader.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Place.EVERYWHERE)]
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (90, "-medium"), (120, "-wide")]  # noqa: RUF012 - as Textual types it
    ENABLE_COMMAND_PALETTE = False

    def __init__(self, library: Library, *, refresh_on_start: bool, title: str = "newsreader") -> None:
        super().__init__()
        self.library = library
        self.title = title
        self._refresh_on_start = refresh_on_start

    def on_mount(self) -> None:
        """Open on the headlines, or on the first steps when no feed is followed yet."""
        for end in (signal.SIGTERM, signal.SIGHUP):
            # Left to themselves they would leave the terminal in the alternate screen with the mouse on.
            asyncio.get_running_loop().add_signal_handler(end, self.exit)
        # Opening waits for slow servers in threads; the few that asyncio gives would soon all wait.
        asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(32))
        reading = ReadingScreen(self.library)
        self.push_screen(reading)
        if not self.library.store.feeds():
            self.push_screen(WelcomeScreen(self.library), reading.welcomed)
        elif self._refresh_on_start:
            reading.refresh_feeds()

    def on_unmount(self) -> None:
        """Let nothing that a slow server holds up keep the program from ending."""
        self.library.stop()

    def action_help(self) -> None:
        """Show the keys of this place."""
        if not isinstance(self.screen, HelpScreen):
            self.push_screen(HelpScreen(self.screen))

    def action_quit_now(self) -> None:
        """Leave from anywhere."""
        self.exit()
