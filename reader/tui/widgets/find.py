"""Finding words in the text that is shown, and the line in which they are typed."""

from __future__ import annotations

import re
import unicodedata
from array import array
from collections.abc import Sequence
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.message import Message
from textual.widgets import Input, Static

from reader.model import Span
from reader.words import _

# Accents, vowel points and what is not seen at all; the voicing marks of Japanese make other letters.
_UNHEARD = re.compile(
    "[\u0300-\u036f\u0591-\u05c7\u0610-\u065f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\u00ad\u200b-\u200d\ufe00-\ufe0f]"
)
_ALIKE = str.maketrans("‘’‚‛“”„‟«»‐‑‒–—―−\n\t", "''''" + '"' * 6 + "-" * 7 + "  ")


def _folded(char: str) -> str:
    plain = _UNHEARD.sub("", unicodedata.normalize("NFKD", char.translate(_ALIKE)))
    return unicodedata.normalize("NFC", plain.casefold()) if plain else ""


class Folded:
    """A text without case, accents and the kinds of its quotation marks, which remembers where each character was."""

    def __init__(self, text: str) -> None:
        self.text = text
        table = {ord(char): _folded(char) for char in set(text)}
        self._words = text.translate(table)
        self._places: Sequence[int] | None = None
        """The offset that each folded character comes from; None where that is its own."""
        if any(len(folded) != 1 for folded in table.values()):
            places = array("L")
            for offset, char in enumerate(text):
                places.extend([offset] * len(table[ord(char)]))
            self._places = places

    def find(self, words: str) -> list[Span]:
        """Where `words` stand, whatever their case and accents; hits don't overlap."""
        sought = "".join(map(_folded, words))
        hits: list[Span] = []
        if not sought.strip():
            return hits
        at = self._words.find(sought)
        while at >= 0:
            hits.append(self._span(at, at + len(sought)))
            at = self._words.find(sought, at + len(sought))
        return hits

    def _span(self, start: int, end: int) -> Span:
        if self._places is None:
            return Span(start, end)
        following = self._places[end] if end < len(self._places) else len(self.text)
        # Marks after the last letter are its own; a following letter may be of the same character.
        return Span(self._places[start], max(self._places[end - 1] + 1, following))


class FindLine(Horizontal):
    """A line for words to find; it tells what is typed, and how many of them there are."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave(False)", show=False),
        Binding("down", "step(1)", show=False),
        Binding("up", "step(-1)", show=False),
    ]
    DEFAULT_CSS = """
    FindLine {
        dock: bottom; height: 1; background: $panel;
        & > .label { width: auto; padding: 0 1 0 3; text-style: bold; }
        & > Input { width: 1fr; background: $panel; }
        & > .count { width: auto; padding: 0 1; color: $text-muted; }
    }
    """

    class Typed(Message):
        """Other words are to be found."""

        def __init__(self, words: str) -> None:
            self.words = words
            super().__init__()

    class Stepped(Message):
        """Another of the hits is to be gone to."""

        def __init__(self, by: int) -> None:
            self.by = by
            super().__init__()

    class Left(Message):
        """The line is done with; the hits stay if they are kept."""

        def __init__(self, *, kept: bool) -> None:
            self.kept = kept
            super().__init__()

    def __init__(self, words: str = "") -> None:
        super().__init__()
        self._words = words

    def compose(self) -> ComposeResult:
        """What to do, the words, and how many there are."""
        yield Static(_("Find"), classes="label", markup=False)
        yield Input(self._words, placeholder=_("Enter keeps the hits, Esc forgets them"), compact=True)
        yield Static("", classes="count", markup=False)

    def on_mount(self) -> None:
        """Type at once; words that were looked for before are typed over."""
        self.query_one(Input).focus()

    def say(self, words: str) -> None:
        """Say how many hits there are."""
        for count in self.query(".count").results(Static):
            count.update(words)

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        self.post_message(self.Typed(event.value))

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.action_leave(True)

    @on(events.DescendantBlur)
    def _blurred(self) -> None:
        """Whoever goes elsewhere keeps the hits; who only looks at another window comes back to the line."""
        if self.app.app_focus:
            self.action_leave(True)

    def action_leave(self, kept: bool) -> None:
        """Be done with it."""
        self.post_message(self.Left(kept=kept))

    def action_step(self, by: int) -> None:
        """Go to another hit."""
        self.post_message(self.Stepped(by))
