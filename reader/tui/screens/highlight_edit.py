"""The note, the tags and the colour of what is saved; of what is yet to be saved, also what of the article it is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.suggester import Suggester
from textual.widgets import Button, Input, Static, TextArea

from reader.model import Color, Highlight
from reader.text import clean, one_line
from reader.tui import layout
from reader.tui.screens.base import Dialog
from reader.tui.widgets.choice import ChoiceLine
from reader.tui.widgets.form import Field
from reader.tui.widgets.rows import Piece, Rows
from reader.tui.widgets.saved import color_name, words_of
from reader.words import _

_AROUND = 6
"""Lines of the dialog that are no fields: its border, its padding, its title and what is told below."""
_WIDTH = 82
"""Cells of the dialog, so that all the colours stand on one line."""
_LOW = 24
"""Lines of the screen below which the note has fewer."""


_SHADES = {
    Color.YELLOW: "$text-warning",
    Color.BLUE: "$text-primary",
    Color.PINK: "$text-error",
    Color.ORANGE: "$text-accent",
    Color.GREEN: "$text-success",
    Color.PURPLE: "$text-secondary",
}
"""The colours as the theme has them."""


def tags_of(typed: str) -> tuple[str, ...]:
    """The tags that somebody typed, each once: between commas, or between spaces where there are no commas."""
    parts = typed.split(",") if "," in typed else typed.split()
    tags = (one_line(part).lstrip("#").strip() for part in parts)
    return tuple({tag.casefold(): tag for tag in tags if tag}.values())


def typed_of(tags: Sequence[str]) -> str:
    """Tags as they would be typed, so that `tags_of` finds the same ones."""
    return one_line(", ".join(tags)) + ("," if len(tags) == 1 and " " in tags[0] else "")


def tagged(highlight: Highlight, words: str) -> Highlight:
    """A highlight with the tags that somebody typed, and without those behind a `-`."""
    typed = tags_of(words)
    off = {one[1:].lstrip("#").casefold() for one in typed if one.startswith("-")}
    tags = {tag.casefold(): tag for tag in highlight.tags if tag.casefold() not in off}
    for tag in typed:
        if not tag.startswith("-"):
            tags.setdefault(tag.casefold(), tag)
    return replace(highlight, tags=tuple(tags.values()))


class TagLine(Input):
    """A line of tags, the last of which is completed as one that is known."""

    def __init__(self, value: str, known: Iterable[str], *, id: str) -> None:
        hint = _("words, with commas or spaces between them")
        super().__init__(value, placeholder=hint, suggester=_Known(known), compact=True, id=id, select_on_focus=False)


class _Known(Suggester):
    def __init__(self, tags: Iterable[str]) -> None:
        super().__init__(case_sensitive=True)
        self._tags = sorted(set(map(one_line, tags)), key=str.casefold)

    async def get_suggestion(self, value: str) -> str | None:
        """The value with its last word completed."""
        begun = value.rpartition("," if "," in value else " ")[2].lstrip(" #-").casefold()
        found = next((tag for tag in self._tags if begun and tag.casefold().startswith(begun)), None)
        return value + found[len(begun) :] if found else None


class WhatRows(Rows):
    """What of an article may be saved; the one under the cursor is."""

    DEFAULT_CSS = "WhatRows { max-height: 6; margin-bottom: 1; }"

    def __init__(self, labels: Sequence[str]) -> None:
        super().__init__(id="what")
        self._labels = labels
        self.styles.height = len(labels)

    def row_count(self) -> int:
        """How many there are."""
        return len(self._labels)

    def row_height(self) -> int:
        """A line each."""
        return 1

    def draw(self, index: int, width: int) -> list[list[Piece]]:
        """What it is; a full dot before the one that is chosen."""
        holds = index == self.cursor
        words = layout.cut(one_line(self._labels[index]), width - 2)
        return [[("● " if holds else "○ ", "mark"), (words, "strong" if holds else "plain")]]

    def watch_cursor(self, before: int, now: int) -> None:
        """The dots move along."""
        super().watch_cursor(before, now)
        if self.is_mounted:
            self.redraw()


class HighlightEditScreen(Dialog[Highlight | None]):
    """Asks for the note, the tags and the colour of a highlight; returns it with them, or None where nothing changes.

    With `choices`, each a label and a highlight, the person first chooses which of those it is; the first one is chosen
    already, so that Enter takes it. `known` are tags that are completed.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "close", "Back"),
        Binding("ctrl+s", "keep", show=False),
        Binding("enter", "keep", show=False),
        Binding("down", "app.focus_next", show=False),
        Binding("up", "app.focus_previous", show=False),
    ]
    DEFAULT_CSS = """
    HighlightEditScreen {
        #question { text-style: bold; margin-bottom: 1; }
        #fields { height: auto; scrollbar-size-vertical: 1; }
        #quoted { color: $text-muted; margin-bottom: 1; max-height: 3; }
        .named { color: $text-muted; }
        TextArea { height: 5; margin-bottom: 1; padding: 0 1; border: none; background: $panel; }
        TextArea:focus { border: none; background: $primary-muted 40%; }
        &.-low TextArea { height: 3; margin-bottom: 0; }
        &.-low #quoted { max-height: 1; margin-bottom: 0; }
        &.-low #question { margin-bottom: 0; }
        Button { width: auto; min-width: 0; padding: 0 1; }
        &.-low #dialog { padding: 0 2; }
        #last { height: auto; margin-top: 1; }
        &.-low #last { margin-top: 0; }
        #last > Static { width: 1fr; margin: 0 0 0 2; color: $foreground-muted; }
        #coloured { height: auto; }
        #coloured > Static { width: 14; color: $text-muted; }
    }
    """
    VERTICAL_BREAKPOINTS = [(0, "-low"), (_LOW, "-high")]  # noqa: RUF012 - as Textual types it

    def __init__(
        self,
        highlight: Highlight,
        *,
        title: str,
        choices: Sequence[tuple[str, Highlight]] = (),
        known: Iterable[str] = (),
    ) -> None:
        super().__init__()
        self._highlight, self._title = highlight, title
        self._choices, self._known = choices, known
        self._colors: list[Color | None] = [None, *Color]

    def compose(self) -> ComposeResult:
        """What it is, its note, its tags, its colour, and how to keep them."""
        one = self._highlight
        with Vertical(id="dialog") as dialog:
            dialog.styles.width = _WIDTH
            yield Static(self._title, id="question", markup=False)
            with VerticalScroll(id="fields", can_focus=False):
                if self._choices:
                    yield WhatRows([label for label, _one in self._choices])
                yield Static(id="quoted", markup=False)
                yield Static(_("Note"), classes="named", markup=False)
                yield TextArea(clean(one.note), id="note", compact=True, highlight_cursor_line=False)
                yield Field(_("Tags"), TagLine(typed_of(one.tags), self._known, id="tags"))
                with Horizontal(id="coloured"):
                    yield Static(_("Colour"), markup=False)
                    names = [color_name(color) for color in self._colors]
                    styles = ["", *(_SHADES[color] for color in Color)]
                    yield ChoiceLine(names, self._colors.index(one.color), styles=styles, id="color")
            with Horizontal(id="last"):
                yield Button(_("Save"), compact=True, variant="primary", id="keep")
                yield Static(_("Ctrl-s saves · Tab the next field · Esc back"), markup=False)

    def on_mount(self) -> None:
        """Begin with what is to be chosen, or with the note."""
        self._show_quoted(self._chosen())
        note = self.query_one(TextArea)
        note.move_cursor(note.document.end)
        (self.query_one(WhatRows) if self._choices else note).focus()

    def on_resize(self) -> None:
        """What is told below the fields stays in sight."""
        self.query_one("#fields").styles.max_height = max(3, int(self.app.size.height * 0.9) - _AROUND)

    def _chosen(self) -> Highlight:
        return self._choices[self.query_one(WhatRows).cursor][1] if self._choices else self._highlight

    def _show_quoted(self, one: Highlight) -> None:
        words, width = words_of(one, 200), min(self.app.size.width * 95 // 100, _WIDTH) - 6
        self.query_one("#quoted", Static).update("\n".join(layout.paragraph(words, width, most=3)))

    @on(Rows.Moved)
    def _moved(self, event: Rows.Moved) -> None:
        before, now = self._highlight, self._choices[event.index][1]
        self._show_quoted(now)
        note, tags = self.query_one(TextArea), self.query_one(TagLine)
        color = self.query_one(ChoiceLine)
        made = (note.text, tags.value, self._colors[color.chosen])
        if made == (clean(before.note), typed_of(before.tags), before.color):  # what was typed goes along
            note.text, tags.value = clean(now.note), typed_of(now.tags)
            color.chosen = self._colors.index(now.color)
        self._highlight = now

    @on(Rows.Chosen)
    @on(Input.Submitted)
    @on(Button.Pressed)
    def _taken(self) -> None:
        self.action_keep()

    def action_keep(self) -> None:
        """Return the highlight with what was made of it."""
        typed = self.query_one(TagLine).value
        before = self._chosen().tags  # those with commas in them can't be typed
        self.dismiss(
            replace(
                self._chosen(),
                note=clean(self.query_one(TextArea).text).strip(),
                tags=before if typed == typed_of(before) else tags_of(typed),
                color=self._colors[self.query_one(ChoiceLine).chosen],
            )
        )

    def action_close(self) -> None:
        """Go back; nothing changes."""
        self.dismiss(None)
