"""Adding a feed, and importing a list of them."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from reader.library.answers import LibraryError, SeveralFeeds
from reader.store.schema import StoreError
from reader.tui.messages import say
from reader.tui.session import Session


class _Outcome(Message):
    """What an attempt came to."""

    def __init__(self, words: str, *, done: bool, choices: tuple[tuple[str, str], ...] = ()) -> None:
        self.words, self.done, self.choices = words, done, choices
        super().__init__()


class _Asking(ModalScreen[bool]):
    """A question with one line to answer it in; a subclass does what was asked, in a thread."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "close", "Back")]
    QUESTION = ""
    HINT = ""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self.library = session.library

    def compose(self) -> ComposeResult:
        """The question, the answer, and what came of it."""
        with Vertical(id="dialog"):
            yield Static(self.QUESTION, id="question", markup=False)
            yield Input(placeholder=self.HINT, id="answer", select_on_focus=False)
            yield Static("Enter goes on, Esc goes back.", id="outcome", markup=False)
            yield OptionList(id="choices")

    def on_mount(self) -> None:
        """No choices yet."""
        self.query_one("#choices").display = False

    def do(self, answer: str) -> _Outcome:
        """Do what was asked."""
        raise NotImplementedError

    @on(Input.Submitted)
    def _answered(self, event: Input.Submitted) -> None:
        if event.value.strip():
            self._try(event.value.strip())

    def _try(self, answer: str) -> None:
        self.query_one("#outcome", Static).update("One moment…")
        self.query_one(Input).disabled = True
        self._run(answer)

    @work(thread=True, exclusive=True, group="ask")
    def _run(self, answer: str) -> None:
        try:
            self.post_message(self.do(answer))
        except (LibraryError, StoreError) as error:
            self.post_message(_Outcome(str(error), done=False))

    @on(_Outcome)
    def _came(self, event: _Outcome) -> None:
        self.query_one("#outcome", Static).update(event.words)
        self.query_one(Input).disabled = False
        self.query_one(Input).focus()
        choices = self.query_one("#choices", OptionList)
        choices.display = bool(event.choices)
        choices.clear_options()
        choices.add_options([Option(Content(words), id=url) for url, words in event.choices])
        if event.choices:
            choices.highlighted = 0
            choices.focus()
        if event.done:
            say(self, event.words)
            self.dismiss(True)

    @on(OptionList.OptionSelected)
    def _chosen(self, event: OptionList.OptionSelected) -> None:
        if event.option_id:
            self._try(event.option_id)

    def action_close(self) -> None:
        """Go back without doing anything more."""
        self.dismiss(False)


class AddScreen(_Asking):
    """Asks for an address and follows the feed there, or the one that the page there advertises."""

    QUESTION = "Which feed, or whose page, do you want to follow?"
    HINT = "https://example.org"

    def do(self, answer: str) -> _Outcome:
        """Follow the feed; several to choose from are offered."""
        try:
            feed, new = self.library.feeds.add(answer)
        except SeveralFeeds as several:
            choices = {
                found.url: f"{found.title} — {found.url}" if found.title else found.url for found in several.found
            }
            return _Outcome("This page offers several feeds:", done=False, choices=tuple(choices.items()))
        return _Outcome(f"Following {feed.title}; entries: {new}.", done=True)


class ImportScreen(_Asking):
    """Asks for an OPML file and follows all feeds in it."""

    QUESTION = "Which OPML file do you want to import?"
    HINT = "~/feeds.opml"

    def do(self, answer: str) -> _Outcome:
        """Import the file."""
        try:
            body = Path(answer).expanduser().read_bytes()
        except (OSError, ValueError, RuntimeError) as error:  # RuntimeError: "~nobody"
            raise LibraryError(f"{answer} can't be read: {getattr(error, 'strerror', None) or error}.") from None
        came = self.library.feeds.take_in(body)
        refused = f"; refused: {len(came.refused)}" if came.refused else ""
        return _Outcome(f"Feeds added: {came.added}; followed already: {came.known}{refused}.", done=True)
