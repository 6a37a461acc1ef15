"""Choosing one of a few words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from reader.tui import layout
from reader.tui.screens.base import Dialog
from reader.tui.widgets.rows import Piece, Rows
from reader.words import _


class ChoiceRows(Rows):
    """Words, with a mark before the one that holds."""

    DEFAULT_CSS = "ChoiceRows { max-height: 20; }"

    def __init__(self, words: Sequence[str], now: str) -> None:
        super().__init__(id="words")
        self.words, self._now = words, now
        self.styles.height = len(words)
        self.set_reactive(ChoiceRows.cursor, words.index(now) if now in words else 0)

    def row_count(self) -> int:
        """How many there are."""
        return len(self.words)

    def row_height(self) -> int:
        """A line each."""
        return 1

    def draw(self, index: int, width: int) -> list[list[Piece]]:
        """A word."""
        now = self.words[index] == self._now
        return [
            [("● " if now else "  ", "mark"), (layout.cut(self.words[index], width - 2), "strong" if now else "plain")]
        ]


class ChooseScreen(Dialog[str | None]):
    """Asks which of `words` shall hold in place of `now`; returns it, or None where the person went back.

    It stands at the side, so that what is behind it can be seen. `preview` shows what a word would do, and raises
    ValueError with a sentence for one that can't be had.
    """

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,q", "close", "Back")]
    DEFAULT_CSS = """
    ChooseScreen { background: $background 30%; }
    #choosing {
        dock: right; width: 44; max-width: 96%; height: auto; max-height: 96%; margin: 1 2; padding: 1 2;
        background: $surface; border: round $primary;
    }
    #choosing #question { margin-bottom: 1; text-style: bold; }
    #choosing #outcome { margin-top: 1; color: $text-muted; }
    """

    def __init__(
        self, question: str, words: Sequence[str], now: str, *, preview: Callable[[str], object] | None = None
    ) -> None:
        super().__init__()
        self._question, self._words, self._now = question, words, now
        self._preview = preview

    def compose(self) -> ComposeResult:
        """The question and the words."""
        with Vertical(id="choosing"):
            yield Static(self._question, id="question", markup=False)
            yield ChoiceRows(self._words, self._now)
            yield Static(_("Enter takes it, Esc goes back."), id="outcome", markup=False)

    def on_mount(self) -> None:
        """Begin at the word that holds."""
        self.query_one(ChoiceRows).focus()

    @on(Rows.Moved)
    def _moved(self, event: Rows.Moved) -> None:
        self._show(self._words[event.index])

    def _show(self, word: str) -> bool:
        outcome = self.query_one("#outcome", Static)
        try:
            if self._preview:
                self._preview(word)
        except ValueError as error:
            outcome.update(Content.styled(f"! {error}.", "bold $text-error"))
            return False
        outcome.update(_("Enter takes it, Esc goes back."))
        return True

    @on(Rows.Chosen)
    def _chosen(self, event: Rows.Chosen) -> None:
        word = self._words[event.index]
        if self._show(word):
            self.dismiss(word)

    def action_close(self) -> None:
        """Go back, and to what held before."""
        self._show(self._now)
        self.dismiss(None)
