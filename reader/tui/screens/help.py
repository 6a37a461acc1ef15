"""The keys of the place the person is in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical

from reader.tui import layout
from reader.tui.actions import Action, Place, by_place
from reader.tui.keyboard import Keymap
from reader.tui.screens.base import Dialog
from reader.tui.widgets.rows import Piece, Rows
from reader.words import _

_KEYS = 18
"""Cells for the keys."""


class HelpRows(Rows):
    """Actions, each with its keys and what it does, below the name of the place where they work."""

    def __init__(self, places: Sequence[Place], keymap: Keymap) -> None:
        super().__init__(id="keys")
        self._keymap = keymap
        self._rows: list[Place | Action] = []
        for place, actions in by_place(places).items():
            self._rows += [place, *(action for action in actions if keymap.first_key(action))]

    def on_mount(self) -> None:
        """Measure the rows."""
        self.redraw()

    def row_count(self) -> int:
        """How many rows there are."""
        return len(self._rows)

    def draw(self, index: int, width: int) -> list[list[Piece]]:
        """A place's name, or an action."""
        row = self._rows[index]
        if isinstance(row, Place):
            heading: list[Piece] = [(_(row.value), "strong")]
            return [[], heading] if index else [heading]
        keys = self._keymap.keys(row)
        lines = layout.paragraph(row.help, max(10, width - _KEYS))
        return [
            [(f"{layout.cut(keys, _KEYS - 1) if at == 0 else '':<{_KEYS}}", "figure"), (part, "plain")]
            for at, part in enumerate(lines)
        ]


class HelpScreen(Dialog[None]):
    """Every key that works here, from the table of actions."""

    PLACES: ClassVar[tuple[Place, ...]] = ()
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,q", "close", "Back")]

    def __init__(self, places: Sequence[Place], keymap: Keymap) -> None:
        super().__init__()
        self._places = places
        self._keymap = keymap

    def compose(self) -> ComposeResult:
        """The list."""
        with Vertical(id="help") as dialog:
            dialog.border_title, dialog.border_subtitle = _("Keys"), f"Esc {_('Back')}"
            yield HelpRows(self._places, self._keymap)

    @on(Rows.Chosen)
    def action_close(self) -> None:
        """Go back."""
        self.dismiss(None)
