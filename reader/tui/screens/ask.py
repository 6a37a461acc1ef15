"""Asking for one line of text, or for a yes."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, Static

from reader.tui.screens.base import Dialog
from reader.words import _


class AskScreen(Dialog[str | None]):
    """A question with one line to answer it in; returns the answer, or None where the person went back.

    `check` raises ValueError with a sentence for an answer that will not do, which is then told below the line. An
    empty answer does nothing, unless it is `optional`: then it is the answer.
    """

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "close", "Back")]
    DEFAULT_CSS = """
    AskScreen #question { margin-bottom: 1; text-style: bold; }
    """

    def __init__(
        self,
        question: str,
        *,
        value: str = "",
        hint: str = "",
        optional: bool = False,
        check: Callable[[str], object] | None = None,
    ) -> None:
        super().__init__()
        self._question, self._value, self._hint = question, value, hint
        self._optional, self._check = optional, check

    def compose(self) -> ComposeResult:
        """The question, a line for the answer, and what is wrong with it."""
        with Vertical(id="dialog"):
            yield Static(self._question, id="question", markup=False)
            yield Input(self._value, placeholder=self._hint, id="answer", select_on_focus=False)
            yield Static(_("Enter goes on, Esc goes back."), id="outcome", markup=False)

    def on_mount(self) -> None:
        """Ready to be typed in, behind what stands there."""
        self.query_one(Input).focus()

    @on(Input.Submitted)
    def _answered(self, event: Input.Submitted) -> None:
        event.stop()
        answer = event.value.strip()
        if not answer and not self._optional:
            return
        try:
            if self._check:
                self._check(answer)
        except ValueError as error:
            self.query_one("#outcome", Static).update(Content.styled(f"! {error}", "bold $text-error"))
        else:
            self.dismiss(answer)

    def action_close(self) -> None:
        """Go back without an answer."""
        self.dismiss(None)


class SureScreen(Dialog[bool]):
    """Asks before something is done that can't be undone whole; Enter or y does it, all else does not."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y,enter", "close(True)", "Yes"),
        Binding("n,escape,q", "close(False)", "No"),
    ]
    DEFAULT_CSS = """
    SureScreen #question { text-style: bold; }
    """

    def __init__(self, question: str, *, yes: str) -> None:
        """`yes` says what Enter does, in a word or two."""
        super().__init__()
        self._question, self._yes = question, yes

    def compose(self) -> ComposeResult:
        """The question and the two keys."""
        with Vertical(id="dialog"):
            yield Static(self._question, id="question", markup=False)
            keys = _("Enter: {yes} · Esc: go back").format(yes=self._yes)
            yield Static(keys, id="outcome", markup=False)

    def action_close(self, sure: bool) -> None:
        """Go back with the answer."""
        self.dismiss(sure)
