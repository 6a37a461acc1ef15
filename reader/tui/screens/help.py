"""The keys of the place the person is in."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen, Screen
from textual.widgets import Static

from reader.tui.actions import Place, by_place
from reader.tui.screens.feeds import FeedsScreen
from reader.tui.screens.reading import ReadingScreen
from reader.tui.screens.saved import SavedScreen


class HelpScreen(ModalScreen[None]):
    """Every key that works here, from the table of actions."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,q,question_mark,enter", "close", "Back")]

    def __init__(self, here: Screen[object]) -> None:
        super().__init__()
        places = {SavedScreen: Place.SAVED, FeedsScreen: Place.FEEDS, ReadingScreen: Place.READER}
        own = places.get(type(here))
        self._places = (*((own,) if own else ()), Place.LISTS, Place.EVERYWHERE)

    def compose(self) -> ComposeResult:
        """A table a place."""
        with VerticalScroll(id="help"):
            for place, actions in by_place(self._places).items():
                yield Static(Content.styled(place.value, "bold"))
                for action in actions:
                    with Horizontal():
                        yield Static(Content(action.shown_keys), classes="keys")
                        yield Static(Content(action.help), classes="what")
                yield Static()

    def action_close(self) -> None:
        """Go back."""
        self.dismiss(None)
