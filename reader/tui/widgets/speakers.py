"""Who is cited by name, and what one of them said over time."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import ClassVar, TypeVar

from rich.cells import cell_len
from textual.binding import Binding, BindingType
from textual.geometry import Size
from textual.message import Message
from textual.widgets import Input

from reader.library.answers import Spoke, Statement
from reader.model import Quotation, SourceKind
from reader.tui import layout
from reader.tui.widgets.rows import Piece, Rows
from reader.tui.widgets.story import StoryPlace
from reader.words import _

_T = TypeVar("_T")

_MEASURE = 84
"""Cells of a line of words, as long as reads well."""
_WORDS_SHOWN = 4
"""Lines of a statement's words; the one under the cursor is shown whole."""
_DAY = 13
"""Cells of the margin in which days stand."""
_KINDS = {
    SourceKind.PERSON: _("person"),
    SourceKind.ORGANISATION: _("organisation"),
    SourceKind.OUTLET: _("outlet"),
    SourceKind.DOCUMENT: _("document"),
    SourceKind.GROUP: _("group"),
    SourceKind.UNKNOWN: "",
}

_STROKES = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ð": "d", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th"})
"""Letters that Unicode does not take apart into one and a mark."""


def kind_of(spoke: Spoke) -> str:
    """What sort of speaker it is, in a word; nothing where that is not known."""
    return _KINDS[spoke.voice.kind]


class FilterLine(Input):
    """A line to type in what the rows shown must hold."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", show=False),
        Binding("down", "submit", show=False),
    ]
    DEFAULT_CSS = """
    FilterLine.-textual-compact { height: 1; padding: 0 2; }
    """

    class Left(Message):
        """The person goes on to the rows."""

    def __init__(self, placeholder: str) -> None:
        super().__init__(placeholder=placeholder, compact=True, id="filter")

    async def action_submit(self) -> None:
        """Go on to the rows that are left."""
        self.post_message(self.Left())

    def action_leave(self) -> None:
        """Go back to all the rows."""
        self.value = ""
        self.post_message(self.Left())


def _folded(text: str) -> str:
    """As it is compared: without case and accents."""
    plain = unicodedata.normalize("NFKD", text.casefold().translate(_STROKES))
    return "".join(char for char in plain if not unicodedata.combining(char))


class _Found(Rows):
    """Rows of which those are shown that hold all the words of a filter."""

    nothing = ""
    """What an empty list says."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._words: tuple[str, ...] = ()

    @property
    def empty(self) -> str:
        """What an empty list says."""
        return _("Nothing here has those words.") if self._words else self.nothing

    def wait(self, words: str) -> None:
        """Say `words` as long as there are no rows."""
        self.nothing = words
        self.redraw()

    def hold(self, typed: str) -> None:
        """Show only the rows that hold every word typed, wherever it stands in them; all of them for none."""
        self._words = tuple(_folded(typed).split())
        self.find()
        self.set_reactive(Rows.cursor, 0)
        self.redraw()
        self.scroll_home(animate=False)

    def find(self) -> None:
        """Choose the rows to show."""
        raise NotImplementedError

    def _holding(self, rows: Iterable[_T], text: Callable[[_T], str]) -> tuple[_T, ...]:
        if not self._words:
            return tuple(rows)
        return tuple(row for row in rows if all(word in _folded(text(row)) for word in self._words))


class SpeakerRows(_Found):
    """Speakers, the one cited most first."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._all: tuple[Spoke, ...] = ()
        self._shown: tuple[Spoke, ...] = ()
        self._longest = 0

    def show(self, spoke: Sequence[Spoke]) -> None:
        """Show speakers as they come."""
        self._all = tuple(spoke)
        self._longest = max((cell_len(one.voice.name) for one in spoke), default=0)
        self.nothing = _("Nobody is cited by name in the articles read so far; claims are found when one is opened.")
        self.find()
        self.redraw()

    def find(self) -> None:
        """Choose the rows to show, by all names of a speaker."""
        self._shown = self._holding(self._all, lambda one: " ".join(one.voice.names))

    def speaker(self) -> Spoke | None:
        """The one under the cursor."""
        return self._shown[self.cursor] if self._shown else None

    def row_count(self) -> int:
        """How many speakers are shown."""
        return len(self._shown)

    def row_height(self) -> int:
        """Each is one line."""
        return 1

    def draw(self, index: int, width: int) -> list[list[Piece]]:
        """How often it is cited, its name, what it is, and its other names where there is room."""
        spoke = self._shown[index]
        kinds = max(map(cell_len, _KINDS.values())) + 2
        count = f"{spoke.claims:>6,}  "
        room = max(4, width - len(count) - kinds)
        names = min(self._longest + 2, max(24, width * 2 // 5), room)
        pieces = [
            (count, "figure"),
            (_padded(layout.cut(spoke.voice.name, names - 2), names), "strong"),
            (_padded(kind_of(spoke), kinds), "faint"),
        ]
        others = other_names(spoke)
        if others and width - len(count) - names - kinds > 8:
            pieces.append((layout.cut(others, width - len(count) - names - kinds), "plain"))
        return [pieces]


def other_names(spoke: Spoke) -> str:
    """What else a speaker is called, in one phrase; nothing where there is one name."""
    others = [name for name in spoke.voice.names if name != spoke.voice.name]
    return _("also {names}").format(names=", ".join(others)) if others else ""


def _padded(text: str, width: int) -> str:
    return text + " " * max(0, width - cell_len(text))


class StatementRows(_Found):
    """What a speaker said, the newest first, with the days in the margin."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._speaker = ""
        self._all: tuple[Statement, ...] = ()
        self._shown: tuple[Statement, ...] = ()
        self._days: tuple[date, ...] = ()
        self._whole: list[list[Piece]] | None = None
        """The lines of the row under the cursor, which is shown whole."""
        self._more = 0
        """How many lines it has beyond those that it is measured with."""

    def show(self, name: str, statements: Sequence[Statement]) -> None:
        """Show what the speaker of a name said."""
        self._speaker, self._all = name, tuple(statements)
        self.nothing = _("None of what it said is kept.")
        self.find()
        self.redraw()

    def find(self) -> None:
        """Choose the rows to show, by what was said, and where."""
        self._shown = self._holding(
            self._all, lambda one: " ".join((one.words, one.outlet, one.entry.title, *(it.outlet for it in one.also)))
        )
        self._days = tuple(one.entry.when.astimezone().date() for one in self._shown)

    def statement(self) -> Statement | None:
        """The one under the cursor."""
        return self._shown[self.cursor] if self._shown else None

    def place(self) -> StoryPlace | None:
        """Where the words of the one under the cursor stand."""
        said = self.statement()
        return StoryPlace(said.entry.id, said.span, said.passage) if said else None

    def row_count(self) -> int:
        """How many statements are shown."""
        return len(self._shown)

    def draw(self, index: int, width: int) -> list[list[Piece]]:
        """The day where it is another than the row's before, and beside it the statement, cut where it is long."""
        return self._draw(index, width, whole=False)

    def _draw(self, index: int, width: int, *, whole: bool) -> list[list[Piece]]:
        said = self._shown[index]
        new_day = index == 0 or self._days[index] != self._days[index - 1]
        day = layout.date(said.entry.when) if new_day else ""
        margin = _DAY if width >= 48 else 2
        lines: list[list[Piece]] = [[(day, "mark")]] if day and margin < _DAY else []
        room = min(_MEASURE, width - margin)
        for piece in _statement(said, self._speaker, room, whole=whole):
            lines.append([(_padded(day if not lines else "", margin), "mark"), *piece])
        return [*lines, []]

    # The row under the cursor may be higher than it was measured.

    def redraw(self) -> None:
        """Measure and draw again."""
        self._whole, self._more = None, 0
        super().redraw()
        self._unfold()

    def watch_cursor(self, before: int, now: int) -> None:
        """Show the row under the cursor whole, and the one before no longer."""
        self._unfold()
        super().watch_cursor(before, now)
        self.refresh()  # other heights move all rows below

    def _unfold(self) -> None:
        self._whole, self._more = None, 0
        if self._shown and self.cursor < len(self._tops) - 1:
            whole = self._draw(self.cursor, self._row_width, whole=True)
            self._more = len(whole) - super()._place(self.cursor)[1]
            self._whole = whole
        self.virtual_size = Size(self.size.width, self._tops[-1] + self._more)

    def _lines(self, index: int, width: int) -> list[list[Piece]]:
        return self._whole if self._whole and index == self.cursor else super()._lines(index, width)

    def _place(self, index: int) -> tuple[int, int]:
        top, height = super()._place(index)
        if index == self.cursor:
            return top, height + self._more
        return top + self._more * (index > self.cursor), height

    def _index_at(self, y: int) -> int:
        top, height = self._place(self.cursor) if self._shown else (0, 0)
        if y < top:
            return super()._index_at(y)
        return self.cursor if y < top + height else super()._index_at(y - self._more)


def _statement(said: Statement, name: str, width: int, *, whole: bool) -> list[list[Piece]]:
    """Where it stands; the words; whom they are from; who else has them. Whole: all words, and all that is known."""
    saved = said.saved or any(one.saved for one in said.also)
    star = "★ " if saved else ""
    outlet = layout.cut(said.outlet, max(4, width - len(star)))
    beside = "".join(f" · {part}" for part in (f"“{said.cue}”" if said.cue else "", said.entry.title) if part)
    head = [(star, "mark"), (outlet, "strong"), (layout.cut(beside, width - len(star) - cell_len(outlet)), "faint")]
    lines: list[list[Piece]] = [[piece for piece in head if piece[0]]]
    lines += _words(said, width, most=None if whole else _WORDS_SHOWN)
    if said.claim.via:
        via = _("← citing {names}").format(names=", ".join(said.claim.via))
        lines += [[("  ", ""), (part, "good")] for part in layout.paragraph(via, width - 2, most=None if whole else 1)]
    if whole:
        facts = [_(said.claim.quotation.value), *([_("denied")] if said.claim.denied else [])]
        speaker = said.claim.speaker
        if speaker and speaker.name != name:
            facts.append(_("cited there as {name}").format(name=speaker.name))
        if said.claim.figures:
            facts.append("# " + ", ".join(dict.fromkeys(_figures(said))))
        lines += [[("  ", ""), (part, "faint")] for part in layout.paragraph(" · ".join(facts), width - 2)]
    lines += [[("  ", ""), *piece] for piece in _others(said, width - 2, whole=whole)]
    return lines


def _words(said: Statement, width: int, *, most: int | None) -> list[list[Piece]]:
    """The words behind the sign that the article's margin has for their kind, and a word of warning if denied."""
    sign = "› " if said.claim.quotation is Quotation.INDIRECT else "” "
    denied = _("denies: ") if said.claim.denied else ""
    lines: list[list[Piece]] = []
    for part in layout.paragraph(denied + said.words, width - 2, most=most):
        if lines:
            lines.append([("  ", ""), (part, "plain")])
        else:
            start = len(denied) if part.startswith(denied) else 0
            lines.append([(sign, "mark"), (part[:start], "warn"), (part[start:], "plain")])
    return lines


def _figures(said: Statement) -> Iterable[str]:
    base = said.claim.start
    for figure in said.claim.figures:
        if figure.span.start >= base:
            yield " ".join(said.passage[figure.span.start - base : figure.span.end - base].split())


def _others(said: Statement, width: int, *, whole: bool) -> list[list[Piece]]:
    """The other places that carry the same words: their outlets, or each with its day and title."""
    others = [one for one in said.also if one.entry.id != said.entry.id]
    if not others:
        return []
    if whole:
        told = (" · ".join((one.outlet, layout.date(one.entry.when), one.entry.title)) for one in others)
        return [[("+ ", "good"), (layout.cut(line, width - 2), "faint")] for line in dict.fromkeys(told)]
    outlets = [outlet for outlet in dict.fromkeys(one.outlet for one in others) if outlet != said.outlet]
    again = _("+ also in {outlets}") if outlets else _("+ again in {outlets}")
    return [[(layout.cut(again.format(outlets=", ".join(outlets or [said.outlet])), width), "good")]]
