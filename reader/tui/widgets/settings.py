"""All that can be set, in a list."""

from __future__ import annotations

from rich.cells import cell_len
from textual.geometry import Region

from reader.config import SETTINGS, Setting, Settings
from reader.tui import layout
from reader.tui.actions import Action, by_place
from reader.tui.keyboard import Keymap
from reader.tui.widgets.rows import Piece, Rows
from reader.words import _

_NAME = 20
_WIDE = 84
"""Columns from which a row has room for what its setting does."""


class SettingRows(Rows):
    """The settings by table, then the actions by place, each with what it is now."""

    def __init__(self, settings: Settings, keymap: Keymap) -> None:
        super().__init__(id="settings")
        self._settings, self._keymap = settings, keymap
        self.rows: list[str | Setting | Action] = []
        """Headings, settings and actions."""
        table = ""
        for one in SETTINGS:
            if one.table != table:
                table = one.table
                self.rows.append(f"[{table}]")
            self.rows.append(one)
        for place, actions in by_place().items():
            self.rows += [f"[keys] {_(place.value)}", *actions]
        self.set_reactive(SettingRows.cursor, 1)

    def show(self, settings: Settings, keymap: Keymap) -> None:
        """Show what is set now."""
        self._settings, self._keymap = settings, keymap
        self.redraw()

    def row_count(self) -> int:
        """Settings, actions and their headings."""
        return len(self.rows)

    def value(self, row: Setting | Action) -> str:
        """What it is now, as a person would type it."""
        if isinstance(row, Action):
            return self._keymap.keys(row) or _("no key")
        return row.kind.shown(row.of(self._settings))

    def is_default(self, row: Setting | Action) -> bool:
        """Whether that is what it is without a configuration."""
        if isinstance(row, Action):
            return self._settings.keys.get(row.id, row.keys) == row.keys
        return bool(row.of(self._settings) == row.of(Settings()))

    def draw(self, index: int, width: int) -> list[list[Piece]]:
        """A heading, or a name with what it is and does; a dot before what is not at its default."""
        row = self.rows[index]
        if isinstance(row, str):
            heading: list[Piece] = [(layout.cut(row, width), "strong")]
            return [[], heading] if index else [heading]
        name = layout.cut(row.label if isinstance(row, Action) else row.key, _NAME - 1)
        mark, style = ("  ", "plain") if self.is_default(row) else ("• ", "strong")
        room = width - _NAME - 2
        if width >= _WIDE:
            room = min(34, room // 3)
        value = layout.cut(self.value(row) or "—", room - 1)
        pieces: list[Piece] = [
            (mark, "mark"),
            (name + " " * (_NAME - cell_len(name)), style),
            (value, "figure" if mark.strip() else "plain"),
        ]
        if width >= _WIDE:
            text = layout.cut(_(row.help), width - _NAME - 2 - room)
            pieces.append((" " * (room - cell_len(value)) + text, "faint"))
        return [pieces]

    def go(self, index: int) -> None:
        """Headings are passed over."""
        index = max(0, min(index, self.row_count() - 1))
        if isinstance(self.rows[index], str):
            index += -1 if 0 < index < self.cursor else 1
        super().go(index)

    def show_cursor(self) -> None:
        """The heading of the cursor's row is seen with it."""
        super().show_cursor()
        if self.is_mounted and isinstance(self.rows[self.cursor - 1], str):
            top, height = self._place(self.cursor - 1)
            self.scroll_to_region(Region(0, top, 1, height + 1), animate=False, force=True)
