"""The first steps, when no feed is followed yet."""

from __future__ import annotations

import asyncio
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import Screen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from reader.library.answers import LibraryError
from reader.newsroom import seeds_folder
from reader.store.schema import StoreError
from reader.tui.messages import say
from reader.tui.screens.add import AddScreen, ImportScreen
from reader.tui.session import Session

_STEPS = (
    ("demo", "Look around", "six invented outlets, offline, in a library of their own"),
    ("add", "Add a feed", "by its address, or the address of any page that has one"),
    ("starter", "Start with a list", "some 60 well-known news feeds, in folders"),
    ("import", "Import OPML", "the feeds of another reader"),
)


class WelcomeScreen(Screen[str]):
    """Offers the four ways to begin; returns "demo", "quit", or "filled" once a feed is followed."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j", "cursor(1)", show=False),
        Binding("k", "cursor(-1)", show=False),
        Binding("escape,q", "leave", "Quit"),
    ]

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self.library = session.library

    def compose(self) -> ComposeResult:
        """What this is, and the ways to begin."""
        with Vertical(id="welcome"):
            yield Static("newsreader", id="welcome-name", markup=False)
            yield Static("News, and who said what. Your library is empty; how do you want to begin?", markup=False)
            yield OptionList(
                *(Option(Content.assemble((f"{name}\n", "bold"), f"  {what}"), id=step) for step, name, what in _STEPS)
            )
            yield Static("Enter begins · ? shows the keys · q leaves", id="welcome-keys", markup=False)

    def on_mount(self) -> None:
        """Ready to choose."""
        self.query_one(OptionList).focus()

    def action_cursor(self, by: int) -> None:
        """Move between the ways."""
        options = self.query_one(OptionList)
        (options.action_cursor_down if by > 0 else options.action_cursor_up)()

    def action_leave(self) -> None:
        """Leave the reader."""
        self.dismiss("quit")

    @on(OptionList.OptionSelected)
    async def _chosen(self, event: OptionList.OptionSelected) -> None:
        match event.option_id:
            case "demo":
                self.dismiss("demo")
            case "add":
                self.app.push_screen(AddScreen(self.session), self._filled)
            case "import":
                self.app.push_screen(ImportScreen(self.session), self._filled)
            case "starter":
                await self._start_with_list()

    async def _start_with_list(self) -> None:
        try:
            opml = (seeds_folder() / "feeds.opml").read_bytes()
            await asyncio.to_thread(self.library.feeds.take_in, opml)
        except (LibraryError, StoreError, OSError) as error:
            say(self, str(error), error=True)
        else:
            self._filled(True)

    def _filled(self, done: bool | None) -> None:
        if done:
            self.dismiss("filled")
