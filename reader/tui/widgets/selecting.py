"""Selecting a stretch of the article, with keys and with the mouse."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from textual import events
from textual.message import Message

from reader.config import Reading
from reader.model import Span
from reader.tui.actions import Place
from reader.tui.widgets.keys import KeysLine
from reader.tui.widgets.marks import Mark
from reader.tui.widgets.selection import Selection
from reader.tui.widgets.text import TextView


class SelectableText(TextView):
    """An article of which a stretch can be selected; keys of its own work meanwhile."""

    class Selected(Message):
        """The person selected a stretch of the text, to save it, to save it with a note, or to copy it."""

        def __init__(self, span: Span, how: Literal["save", "save as", "copy"]) -> None:
            self.span, self.how = span, how
            super().__init__()

    def __init__(self, reading: Reading, *, id: str | None = None) -> None:
        super().__init__(reading, id=id)
        self._selection: Selection | None = None
        self._grabbed: int | None = None
        """Where the mouse was pressed."""
        self._dragged = False

    @property
    def PLACES(self) -> tuple[Place, ...]:
        """Other keys work while text is being selected."""
        return (Place.SELECTING,) if self._selection else (Place.TEXT, Place.LISTS)

    def _marks_over(self, line: Span) -> Iterator[Mark]:
        yield from super()._marks_over(line)
        if self._selection:
            yield Mark(self._selection.span, "selected")

    def _select(self, selection: Selection | None) -> None:
        if (self._selection is None) != (selection is None):
            for line in self.screen.query(KeysLine):
                line.refresh()
        self._selection = selection
        self.refresh()

    def action_select_text(self) -> None:
        """Select the words of the current claim, or the first sentence in sight."""
        if not self.opened:
            return
        article = self.opened.article
        if at := self._pointed_out():
            self._select(Selection(article, Span(at[0].start, at[-1].end)))
        else:
            self._select(Selection.of_sentence(article, self._in_sight()))
        if self._selection:
            self._keep_in_sight(self._selection.offset)

    def _move_end(self, *, sentences: int = 0, words: int = 0) -> None:
        if self._selection:
            self._selection.more_sentences(sentences)
            self._selection.more_words(words)
            self._keep_in_sight(self._selection.offset)
            self.refresh()

    def action_select_more(self, count: int = 1) -> None:
        """Select the next sentence, too."""
        self._move_end(sentences=count)

    def action_select_less(self, count: int = 1) -> None:
        """Select a sentence less."""
        self._move_end(sentences=-count)

    def action_select_word_more(self, count: int = 1) -> None:
        """Select the next word, too."""
        self._move_end(words=count)

    def action_select_word_less(self, count: int = 1) -> None:
        """Select a word less."""
        self._move_end(words=-count)

    def action_select_start(self) -> None:
        """Move the other end from now on."""
        if self._selection:
            self._selection.turn()
            self._keep_in_sight(self._selection.offset)

    def action_save_selection(self) -> None:
        """Save what is selected."""
        self._hand_on("save")

    def action_save_selection_as(self) -> None:
        """Save what is selected with a note."""
        self._hand_on("save as")

    def action_copy_selection(self) -> None:
        """Copy what is selected."""
        self._hand_on("copy")

    def action_leave_selection(self) -> None:
        """Select nothing."""
        self._select(None)

    def _hand_on(self, how: Literal["save", "save as", "copy"]) -> None:
        if self._selection and self.opened:
            start, words = self._selection.span.start, self._selection.span.of(self.opened.article.text)
            start += len(words) - len(words.lstrip())
            if words.strip():
                self.post_message(self.Selected(Span(start, start + len(words.strip())), how))
        self._select(None)

    # The mouse.

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Begin to select."""
        self._dragged = False
        if event.widget is self and event.button == 1 and self._line_at(event.y):
            self._grabbed = self._edge_at(event.x, event.y)
            self.capture_mouse()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Select as far as the mouse is; beyond the edge the text comes along."""
        if self._grabbed is None or not self.opened:
            return
        at = self._edge_at(event.x, max(0, min(event.y, self.size.height - 1)))
        if not self._dragged and at == self._grabbed:
            return
        if not self._dragged:
            self._dragged = True
            self._select(Selection(self.opened.article, Span(at, at)))
        if self._selection:
            self._selection.span = Span(min(at, self._grabbed), max(at, self._grabbed))
            self._selection.at_start = at < self._grabbed
        if not 0 <= event.y < self.size.height:
            self._move(-1 if event.y < 0 else 1)
        self.refresh()

    def on_mouse_up(self) -> None:
        """What is selected by now stays so until it is saved, copied or left."""
        if self._grabbed is not None:
            self._grabbed = None
            self.release_mouse()
            if self._selection and self._selection.span.start == self._selection.span.end:
                self._select(None)
