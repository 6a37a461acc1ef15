"""The line in which a search is typed."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widgets import Input

from reader.words import _


class SearchLine(Input):
    """An input that can be left without searching."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", _("Back"))]

    class Left(Message):
        """The person gave the search up."""

    def __init__(self) -> None:
        super().__init__(placeholder=_("Search titles and texts; Enter searches, Esc goes back"))

    def action_leave(self) -> None:
        """Give the search up."""
        self.post_message(self.Left())
