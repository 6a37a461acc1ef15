"""One of a few words, chosen on one line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.geometry import Size
from textual.reactive import reactive
from textual.style import Style
from textual.widget import Widget


class ChoiceLine(Widget, can_focus=True):
    """A few words of which one holds; the arrows, h, l and Space go on to another, and so does a click."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("right,l,space", "turn(1)", show=False),
        Binding("left,h", "turn(-1)", show=False),
    ]
    DEFAULT_CSS = """
    ChoiceLine { height: auto; width: 1fr; link-style: none; link-color: $foreground; link-style-hover: underline; }
    ChoiceLine:focus { background: $primary-muted; }
    """
    takes_keys = True

    chosen: reactive[int] = reactive(0, layout=True)

    def __init__(self, words: Sequence[str], chosen: int, *, styles: Sequence[str] = (), id: str) -> None:
        """`styles` has a style for each word."""
        super().__init__(id=id)
        self._words, self._styles = words, styles
        self.set_reactive(ChoiceLine.chosen, chosen)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """As many lines as the words take."""
        del container, viewport
        return len(self._lines(width))

    def render(self) -> Content:
        """The words, the one that holds with a full dot before it."""
        return Content("\n").join(self._lines(self.size.width))

    def _lines(self, width: int) -> list[Content]:
        """The words in lines; none is parted from its dot."""
        lines: list[Content] = []
        for at, word in enumerate(self._words):
            holds = at == self.chosen
            style = self._styles[at] if self._styles else ""
            part = Content.assemble(("● " if holds else "○ ", style), (word, "bold" if holds else ""))
            part = part.stylize(
                Style.from_meta({"@click": f"take({at})"}), 2
            )  # a dot has its own colour, links have not
            if lines and lines[-1].cell_length + 2 + part.cell_length <= width:
                lines[-1] = Content.assemble(lines[-1], "  ", part)
            else:
                lines.append(part)
        return lines

    def action_turn(self, by: int) -> None:
        """Go on to the next word, or to the one before."""
        self.chosen = (self.chosen + by) % len(self._words)

    def action_take(self, at: int) -> None:
        """Take a word."""
        self.focus()
        self.chosen = at
