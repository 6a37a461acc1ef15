"""What all our screens are."""

from __future__ import annotations

from textual.await_complete import AwaitComplete
from textual.screen import ModalScreen, Screen, ScreenResultType


class Page(Screen[ScreenResultType]):
    """A screen that is answered once."""

    def dismiss(self, result: ScreenResultType | None = None) -> AwaitComplete:
        """Go back with a result; a second answer to the same question is none, for it would take away what is below."""
        return super().dismiss(result) if self.is_current else AwaitComplete()


class Dialog(ModalScreen[ScreenResultType]):
    """A dialog that is answered once."""

    def dismiss(self, result: ScreenResultType | None = None) -> AwaitComplete:
        """Go back with a result; a second answer to the same question is none, for it would take away what is below."""
        return super().dismiss(result) if self.is_current else AwaitComplete()
