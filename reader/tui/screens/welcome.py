"""The first steps, when no feed is followed yet."""

from __future__ import annotations

import asyncio
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import Static

from reader.library.answers import LibraryError
from reader.newsroom import seeds_folder
from reader.store.schema import StoreError
from reader.tui import layout
from reader.tui.messages import say
from reader.tui.screens.add import AddScreen
from reader.tui.screens.base import Page
from reader.tui.screens.bring import ImportScreen
from reader.tui.session import Session
from reader.tui.widgets.rows import Piece, Rows
from reader.words import _

_STEPS = (
    ("demo", _("Look around"), _("six invented outlets, offline, in a library of their own")),
    ("add", _("Add a feed"), _("by its address, or the address of any page that has one")),
    ("starter", _("Start with a list"), _("some 60 well-known news feeds, in folders")),
    ("import", _("Import OPML"), _("the feeds of another reader")),
)


class StepRows(Rows):
    """The ways to begin."""

    def row_count(self) -> int:
        """How many there are."""
        return len(_STEPS)

    def draw(self, index: int, width: int) -> list[list[Piece]]:
        """What it is called, and what it brings."""
        _step, name, what = _STEPS[index]
        lines: list[list[Piece]] = [[(f" {name}", "strong")]]
        return [*lines, *([(f"   {part}", "faint")] for part in layout.paragraph(what, width - 3))]


class WelcomeScreen(Page[str]):
    """Offers the four ways to begin; returns "demo", "quit", or "filled" once a feed is followed."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,q", "leave", "Quit")]
    DEFAULT_CSS = """
    WelcomeScreen StepRows { height: auto; max-height: 16; margin: 1 0; }
    WelcomeScreen #welcome { max-height: 100%; }
    """

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self.library = session.library

    def compose(self) -> ComposeResult:
        """What this is, and the ways to begin."""
        with Vertical(id="welcome"):
            yield Static("newsreader", id="welcome-name", markup=False)
            yield Static(_("News, and who said what. Your library is empty; how do you want to begin?"), markup=False)
            yield StepRows()
            yield Static(_("Enter begins · ? shows the keys · q leaves"), id="welcome-keys", markup=False)

    def on_mount(self) -> None:
        """Ready to choose."""
        self.query_one(StepRows).focus()

    def action_leave(self) -> None:
        """Leave the reader."""
        self.dismiss("quit")

    @on(Rows.Chosen)
    async def _chosen(self, event: Rows.Chosen) -> None:
        match _STEPS[event.index][0]:
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

    def _filled(self, done: object) -> None:
        if done:
            self.dismiss("filled")
