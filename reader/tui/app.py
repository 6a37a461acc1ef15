"""The application: it owns the library and the screens, and nothing else."""

from __future__ import annotations

import webbrowser
from functools import partial
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
    HORIZONTAL_BREAKPOINTS: ClassVar[list[tuple[int, str]] | None] = [(0, "-narrow"), (90, "-medium"), (120, "-wide")]
    ENABLE_COMMAND_PALETTE = False

    def __init__(self, library: Library, *, refresh_on_start: bool, title: str = "newsreader") -> None:
        super().__init__()
        self.library = library
        self.title = title
        self._refresh_on_start = refresh_on_start

    def on_mount(self) -> None:
        """Open on the headlines, or on the first steps when no feed is followed yet."""
        reading = ReadingScreen(self.library)
        self.push_screen(reading)
        if not self.library.store.feeds():
            self.push_screen(WelcomeScreen(self.library), reading.welcomed)
        elif self._refresh_on_start:
            reading.refresh_feeds()

    def say(self, words: str, *, error: bool = False) -> None:
        """Tell the person something in a corner; never as markup."""
        self.notify(words, markup=False, severity="error" if error else "information", timeout=8 if error else 4)

    def browse(self, url: str | None) -> None:
        """Open a page in the person's browser; anything but http and https is refused."""
        if not url or not url.startswith(("http://", "https://")):
            self.say("This entry links to no web page.", error=True)
            return
        self.run_worker(partial(webbrowser.open, url), thread=True, exit_on_error=False)
        self.say(f"Opening {url}")

    def action_help(self) -> None:
        """Show the keys of this place."""
        if not isinstance(self.screen, HelpScreen):
            self.push_screen(HelpScreen(self.screen))

    def action_quit_now(self) -> None:
        """Leave from anywhere."""
        self.exit()
