"""The line between two panes, which the mouse can drag."""

from __future__ import annotations

from textual import events
from textual.message import Message
from textual.widget import Widget


class Splitter(Widget):
    """A column between panes; dragging it asks for another width of the pane that it belongs to."""

    DEFAULT_CSS = """
    Splitter { width: 1; height: 1fr; color: $panel-lighten-2; background: $background; }
    Splitter:hover, Splitter.-dragged { color: $accent; }
    """

    class Dragged(Message):
        """The pane is to be so many columns wider; `done` once the mouse lets go."""

        def __init__(self, pane: str, by: int, *, done: bool) -> None:
            self.pane, self.by, self.done = pane, by, done
            super().__init__()

    def __init__(self, pane: str, *, after: bool) -> None:
        super().__init__(id=f"{pane}-splitter")
        self._pane = pane
        self._sign = 1 if after else -1
        """A splitter after its pane widens it to the right, one before it to the left."""

    def render(self) -> str:
        """One line from top to bottom."""
        return "\n".join("│" * self.size.height)

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Take hold of it."""
        self.capture_mouse()
        self.add_class("-dragged")
        event.stop()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Follow the mouse."""
        if self.has_class("-dragged") and event.screen_x != self.region.x:
            self.post_message(self.Dragged(self._pane, self._sign * int(event.screen_x - self.region.x), done=False))

    def on_mouse_up(self) -> None:
        """Let go of it."""
        if self.has_class("-dragged"):
            self.release_mouse()
            self.remove_class("-dragged")
            self.post_message(self.Dragged(self._pane, 0, done=True))
