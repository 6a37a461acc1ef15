"""The last line of a screen: the keys that matter here, what was typed of a sequence, and what goes on meanwhile."""

from __future__ import annotations

from textual.content import Content
from textual.reactive import reactive
from textual.style import Style
from textual.widget import Widget

from reader.tui import layout
from reader.tui.actions import ACTIONS, Action, as_keys
from reader.tui.keyboard import Keymap, places_of


class KeysLine(Widget):
    """A footer made from the table of actions; a click on a key does what the key does."""

    DEFAULT_CSS = """
    KeysLine {
        dock: bottom; height: 1; background: $panel; color: $foreground; padding: 0 1;
        link-style: none; link-style-hover: underline; link-background-hover: $primary-muted; link-color: $foreground;
    }
    """

    typed: reactive[str] = reactive("")
    """Keys that wait for more."""
    progress: reactive[str] = reactive("")
    """What goes on behind the screen; empty when nothing does."""

    def __init__(self, keymap: Keymap) -> None:
        super().__init__()
        self.keymap = keymap

    def on_mount(self) -> None:
        """Another focus has other keys."""
        self.watch(self.screen, "focused", self._focus_moved, init=False)

    def _focus_moved(self) -> None:
        self.refresh()

    def _actions(self) -> list[Action]:
        places = places_of(self.screen)

        def is_meant(action: Action) -> bool:
            key = self.keymap.first_key(action)
            return bool(key) and self.keymap.find(as_keys(key), places) is action

        here = [action for action in ACTIONS if action.footer and action.place in places and is_meant(action)]
        return sorted(here, key=lambda action: places.index(action.place))

    def render(self) -> Content:
        """As many keys as fit beside what is typed and what goes on."""
        width = self.size.width - 2
        right = self.typed or layout.cut(self.progress, width // 2)
        room = width - Content(right).cell_length - 2
        parts: list[Content] = []
        for action in self._actions():
            part = Content.assemble((f"{self.keymap.first_key(action)} ", "bold $accent"), action.label)
            parts.append(part.stylize(Style.from_meta({"@click": f"app.do('{action.id}')"})))
        # The last one stays: it shows all those that there is no room for.
        while parts and sum(part.cell_length + 2 for part in parts) - 2 > room:
            parts.pop(max(0, len(parts) - 2))
        left = Content("  ").join(parts)
        gap = " " * max(2, width - left.cell_length - Content(right).cell_length)
        return Content.assemble(left, gap, (right, "bold" if self.typed else "$text-muted"))
