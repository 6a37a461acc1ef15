"""The keys of the place the person is in."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen, Screen
from textual.widgets import Static

from reader.tui.actions import Place, by_place
from reader.tui.screens.feeds import FeedsScreen
from reader.tui.screens.saved import SavedScreen


class HelpScreen(ModalScreen[None]):
    """Every key that works here, from the table of actions."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,q,question_mark,enter", "close", "Back")]

    def __init__(self, here: Screen[object]) -> None:
        super().__init__()
        place = {SavedScreen: Place.SAVED, FeedsScreen: Place.FEEDS}.get(type(here), Place.READER)
        self._places = (place, Place.LISTS, Place.EVERYWHERE)

    def compose(self) -> ComposeResult:
        """A table a place."""
        with VerticalScroll(id="help"):
            for place, actions in by_place(self._places).items():
                yield Static(Content.styled(place.value, "bold"))
                yield Static(
                    Content("\n".join(f"  {action.shown_keys:<16} {action.help}" for action in actions) + "\n")
                )

    def action_close(self) -> None:
        """Go back."""
        self.dismiss(None)
