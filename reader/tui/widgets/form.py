"""What forms are made of: lines with a name before them, one of which knows the folders, and what is ticked or not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.reactive import reactive
from textual.suggester import SuggestFromList
from textual.widget import Widget
from textual.widgets import Input, Static


class Field(Horizontal):
    """A line to be typed in, with its name before it."""

    DEFAULT_CSS = """
    Field { height: 1; }
    Field > Static { width: 14; color: $text-muted; }
    Field > Input { width: 1fr; }
    """

    def __init__(self, called: str, line: Input) -> None:
        super().__init__()
        self._called, self._line = called, line

    def compose(self) -> ComposeResult:
        """The name, the line."""
        yield Static(self._called, markup=False)
        yield self._line


class FolderLine(Input):
    """A folder: one that there is, by the arrows or as it is typed, or a new one."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "turn(1)", show=False),
        Binding("up", "turn(-1)", show=False),
    ]

    def __init__(self, folders: Sequence[str], *, value: str = "", hint: str, id: str) -> None:
        suggester = SuggestFromList(folders, case_sensitive=False)
        super().__init__(value, placeholder=hint, suggester=suggester, compact=True, id=id, select_on_focus=False)
        self._folders = ["", *folders]

    def action_turn(self, by: int) -> None:
        """Take the next folder, or the one before; none is one of them."""
        here = self._folders.index(self.value) if self.value in self._folders else 0
        self.value = self._folders[(here + by) % len(self._folders)]
        self.cursor_position = len(self.value)


class Tick(Widget, can_focus=True):
    """Something that is so or not; a space or a click changes it."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("space", "turn", show=False)]
    DEFAULT_CSS = """
    Tick { height: auto; width: 1fr; }
    Tick:focus { background: $primary-muted; text-style: bold; }
    """

    value: reactive[bool] = reactive(False)

    def __init__(self, words: str, *, value: bool = False, id: str) -> None:
        super().__init__(id=id)
        self._words = words
        self.set_reactive(Tick.value, value)

    def render(self) -> Content:
        """A box with a cross in it or none, and what it is about."""
        return Content(f"[{'x' if self.value else ' '}] {self._words}")

    def action_turn(self) -> None:
        """Change it."""
        self.value = not self.value

    def on_click(self) -> None:
        """Change it."""
        self.focus()
        self.action_turn()
