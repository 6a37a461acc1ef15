"""Importing a list of feeds."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, Static

from reader.library.answers import Imported, LibraryError
from reader.store.schema import StoreError
from reader.text import one_line
from reader.tui.messages import say
from reader.tui.screens.base import Dialog
from reader.tui.session import Session
from reader.words import _


class _Came(Message):
    """What an import came to, or `why` it failed."""

    def __init__(self, imported: Imported | None, why: str = "") -> None:
        self.imported, self.why = imported, why
        super().__init__()


class ImportScreen(Dialog[bool]):
    """Asks for a file and follows all feeds in it; returns whether it did."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "close", "Back")]

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.library = session.library
        self._importing = False

    def compose(self) -> ComposeResult:
        """The question, the answer, and what came of it."""
        with Vertical(id="dialog"):
            yield Static(_("Which OPML file, or newsboat's urls, do you want to import?"), id="question", markup=False)
            yield Input(placeholder="~/feeds.opml", id="answer", select_on_focus=False)
            yield Static(_("Enter imports, Esc goes back."), id="outcome", markup=False)

    @on(Input.Submitted)
    def _answered(self, event: Input.Submitted) -> None:
        if event.value.strip() and not self._importing:
            self._importing = True
            self.query_one("#outcome", Static).update(_("One moment…"))
            self._import(event.value.strip())

    @work(thread=True, group="import")
    def _import(self, named: str) -> None:
        try:
            body = Path(named).expanduser().read_bytes()
        except (OSError, ValueError, RuntimeError) as error:  # RuntimeError: "~nobody"
            why = getattr(error, "strerror", None) or str(error)
            words = _("{file} can't be read: {why}.").format(file=one_line(named), why=one_line(why))
            self.post_message(_Came(None, words))
            return
        try:
            self.post_message(_Came(self.library.feeds.take_in(body)))
        except (LibraryError, StoreError) as error:
            self.post_message(_Came(None, str(error)))

    @on(_Came)
    def _came(self, event: _Came) -> None:
        self._importing = False
        if event.imported is None:
            self.query_one("#outcome", Static).update(Content.styled(f"! {event.why}", "bold $text-error"))
            return
        came = event.imported
        words = _("Feeds added: {added}; followed already: {known}; refused: {refused}.")
        say(self, words.format(added=came.added, known=came.known, refused=len(came.refused)))
        self.dismiss(True)

    def action_close(self) -> None:
        """Go back without doing anything more."""
        self.dismiss(False)
