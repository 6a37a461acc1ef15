"""The keys of the place the person is in."""

from __future__ import annotations

from typing import Any, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen, Screen
from textual.widgets import Static

from reader.tui.actions import by_place
from reader.tui.keyboard import Keymap, places_of


class HelpScreen(ModalScreen[None]):
    """Every key that works here, from the table of actions."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,q,question_mark,enter", "close", "Back")]

    def __init__(self, here: Screen[Any], keymap: Keymap) -> None:
        super().__init__()
        self._keymap = keymap
        self._places = places_of(here)

    def compose(self) -> ComposeResult:
        """A table a place."""
        with VerticalScroll(id="help"):
            for place, actions in by_place(self._places).items():
                yield Static(Content.styled(place.value, "bold"))
                for action in actions:
                    with Horizontal():
                        yield Static(Content(self._keymap.keys(action)), classes="keys")
                        yield Static(Content(action.help), classes="what")
                yield Static()

    def action_close(self) -> None:
        """Go back."""
        self.dismiss(None)
