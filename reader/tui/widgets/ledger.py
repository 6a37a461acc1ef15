"""The ledger of a story as a table: a row for each claim, a column for each outlet, a sign for how it takes it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from rich.cells import cell_len, set_cell_size
from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from reader.library.answers import StoryTold
from reader.model import Cell, Claim, Row, Span, Verdict
from reader.tui import layout
from reader.tui.widgets.coverage import Headed
from reader.tui.widgets.rows import Piece
from reader.tui.widgets.story import StoryPlace
from reader.words import _, ngettext

_LOW = 15
"""Lines of a table below which it keeps its head and its rows short."""
_CELL, _CELL_WIDE = 12, 26
"""Columns of an outlet's cell: the least and the most."""
_CLAIM, _CLAIM_NARROW, _CLAIM_WIDE = 30, 24, 64
"""Columns of the claim's words: the least, the same on a narrow screen, and what more than suffices."""
_SIGNS = {
    Verdict.DENIES: ("✗", "bad", _("denies")),
    Verdict.DIFFERS: ("≠", "warn", _("other figure")),
    Verdict.STATES: ("✓", "good", _("states")),
    Verdict.ATTRIBUTES_OTHERWISE: ("◐", "other", _("other source")),
}
"""Of several articles of one outlet the verdict that comes first counts."""
_SILENT = ("·", "faint", _("silent"))
_OPENING = ("t", "faint", _("opening only"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Compare:
    """Two articles to be read beside each other."""

    one: int
    other: int
    row: int
    """The id of the ledger's row to begin at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """An outlet of the story."""

    outlet: str
    articles: tuple[str, ...]
    """As the ledger names them, the earliest first."""
    opening: bool
    """None of them is known but by a feed's opening words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Square:
    """What an outlet makes of a claim."""

    sign: str
    style: str
    how: str
    article: str | None = None
    """The one of its articles that makes it; None where it is silent."""
    cell: Cell | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Detail:
    """All there is to tell of one square."""

    square: Square
    head: str
    words: str
    who: str
    reasons: tuple[str, ...]


class Sheet:
    """A story's ledger by outlets, seen from one of its articles."""

    def __init__(self, told: StoryTold, here: int, *, saved: Mapping[int, Sequence[Span]]) -> None:
        self.told, self.here, self.saved = told, str(here), saved
        self.rows = told.ledger.rows
        self.claims: Mapping[int, Sequence[Claim]] = MappingProxyType({})
        """By entry what was found in its text, as soon as that is known."""
        self.entries = {str(entry.id): entry for entry in told.entries}
        self.missing = frozenset(told.ledger.missing.get(self.here, ()))
        theirs: dict[str, list[str]] = {}
        for article in self.entries:
            if article in told.outlets:
                theirs.setdefault(told.outlets[article], []).append(article)
        # The open article's own outlet first: what the others say is read against it.
        names = sorted(theirs, key=lambda name: name != told.outlets.get(self.here))
        self.columns = [
            Column(outlet=name, articles=tuple(theirs[name]), opening=all(map(self._is_opening, theirs[name])))
            for name in names
        ]

    def _is_opening(self, article: str) -> bool:
        return self.told.articles[int(article)].extractor == "teaser"

    def words(self, article: str, spans: Sequence[Span]) -> str:
        """The words of some spans in one line."""
        text = self.told.articles[int(article)].text
        return " … ".join(" ".join(span.of(text).split()) for span in spans)

    def owner(self, row: Row) -> str:
        """The article in whose words a row is told: the open one, else the first that makes the claim."""
        return self.here if self.here in row.cells else next(iter(row.cells))

    def square(self, row: Row, column: Column) -> Square:
        """What an outlet makes of a row."""
        order = list(_SIGNS)
        making = [(at, article) for at, article in enumerate(column.articles) if article in row.cells]
        if not making:
            sign, style, how = _OPENING if column.opening else _SILENT
            return Square(sign=sign, style=style, how=how)
        # Of equals the open article, then the latest.
        _at, article = min(
            making, key=lambda one: (order.index(row.cells[one[1]].verdict), one[1] != self.here, -one[0])
        )
        cell = row.cells[article]
        sign, style, how = _SIGNS[cell.verdict]
        return Square(sign=sign, style=style, how=how, article=article, cell=cell)

    def short(self, row: Row, square: Square) -> str:
        """What a square says beside its sign: its figure where figures are at odds, then whom it has it from."""
        cell, article = square.cell, square.article
        if cell is None or article is None:
            return ""
        figures = dict.fromkeys(
            self.words(article, [figure.span])
            for clash in self.told.ledger.clashes
            for of, figure in (clash.one, clash.other)
            if clash.row == row.id and of == article
        )
        by = cell.speaker.name if cell.speaker else ""
        if not by and cell.verdict is Verdict.ATTRIBUTES_OTHERWISE:
            by = _("itself")
        return ", ".join([*figures, by] if by else figures)

    def is_saved(self, row: Row, column: Column) -> bool:
        """Whether something was saved of what an outlet says there."""
        return any(
            saved.start < span.end and span.start < saved.end
            for article in column.articles
            if article in row.cells
            for span in row.cells[article].spans
            for saved in self.saved.get(int(article), ())
        )

    def differs(self, row: Row) -> bool:
        """Whether outlets can't all be right in a row."""
        return any(cell.verdict in (Verdict.DIFFERS, Verdict.DENIES) for cell in row.cells.values())

    def count(self, row: Row) -> str:
        """How many outlets make a claim, and how many of them by themselves."""
        count = len({self.told.outlets[article] for article in row.cells})
        said = ngettext("{n} outlet", "{n} outlets", count).format(n=count)
        return said + ", " + _("{n} independent").format(n=row.independent) if count > 1 else said

    def flags(self, row: Row) -> str:
        """What else is to be known of a row, if anything."""
        missing = [_("! missing here")] if row.id in self.missing else []
        return " · ".join([*missing, _("≠ at odds")] if self.differs(row) else missing)

    def detail(self, row: Row, column: Column, now: datetime) -> Detail:
        """All there is to tell of a square."""
        square = self.square(row, column)
        if square.cell is None or square.article is None:
            owner = self.owner(row)
            head = " · ".join((f"{square.sign} {square.how}", column.outlet))
            who = _("so far as {outlet} has it").format(outlet=self.told.outlets[owner])
            return Detail(
                square=square, head=head, words=self.words(owner, row.cells[owner].spans), who=who, reasons=()
            )
        entry = self.entries[square.article]
        head = " · ".join(
            (f"{square.sign} {square.how}", column.outlet, layout.ago(entry.when, now), " ".join(entry.title.split()))
        )
        return Detail(
            square=square,
            head=head,
            words=self.words(square.article, square.cell.spans),
            who=self._who(square.article, square.cell, column),
            reasons=tuple(self._reasons(row, square.article)),
        )

    def _who(self, article: str, cell: Cell, column: Column) -> str:
        """Whom an article has a claim from, who is behind that, and whose report it goes back to."""
        said = [cell.speaker.name if cell.speaker else _("in its own voice")]
        via = next((claim.via for claim in self._claims(article, cell) if claim.via), ())
        if via:
            said.append(_("← citing {names}").format(names=", ".join(via)))
        root = self.told.outlets.get(cell.root) or cell.root.removeprefix("outlet ")
        if root and root not in (column.outlet, said[0]):
            said.append(_("← from {outlet}").format(outlet=root))
        return " ".join(said)

    def _claims(self, article: str, cell: Cell) -> list[Claim]:
        """The claims that a cell is made of: with its speaker, in its words."""
        return [
            claim
            for claim in self.claims.get(int(article), ())
            if (claim.speaker.name if claim.speaker else None) == (cell.speaker.name if cell.speaker else None)
            and any(own.start < span.end and span.start < own.end for own in claim.content for span in cell.spans)
        ]

    def _reasons(self, row: Row, article: str) -> list[str]:
        return [
            (_("↻ Updated: {why}") if clash.updated else _("≠ {why}")).format(why=" ".join(clash.why.split()))
            for clash in sorted(self.told.ledger.clashes, key=lambda one: one.updated)
            if clash.row == row.id and article in (clash.one[0], clash.other[0])
        ]


class LedgerTable(Headed):
    """The table; its cursor is at one cell, and outlets that do not fit come when the cursor goes to them."""

    column: reactive[int] = reactive(0)

    def __init__(self, sheet: Sheet, now: Callable[[], datetime], *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.sheet = sheet
        self._now = now
        self._first = 0
        """The leftmost outlet that is shown."""

    @property
    def empty(self) -> str:
        """What an empty table says."""
        return _("No claim of these articles is known.")

    # What the cursor is at.

    @property
    def row(self) -> Row | None:
        """The claim under the cursor."""
        return self.sheet.rows[self.cursor] if self.sheet.rows else None

    @property
    def outlet(self) -> Column | None:
        """The outlet under the cursor."""
        return self.sheet.columns[self.column] if self.sheet.columns else None

    @property
    def detail(self) -> Detail | None:
        """All there is to tell of the cell under the cursor."""
        return self.sheet.detail(self.row, self.outlet, self._now()) if self.row and self.outlet else None

    def place(self) -> StoryPlace | None:
        """Where the cell under the cursor leads; an article known by its opening alone, to its page."""
        if self.row is None or self.outlet is None:
            return None
        square = self.sheet.square(self.row, self.outlet)
        if square.cell and square.article:
            span = square.cell.spans[0]
            return StoryPlace(int(square.article), span, span.of(self.sheet.told.articles[int(square.article)].text))
        return StoryPlace(int(self.outlet.articles[-1]), Span(0, 0), "") if self.outlet.opening else None

    def compared(self) -> Compare | None:
        """The open article and the cell's; at its own outlet's, the next one's that makes the claim, or any other's."""
        row, sheet = self.row, self.sheet
        if row is None or self.outlet is None or sheet.here not in sheet.told.outlets:
            return None
        others = sorted(
            (one for one in sheet.columns if one.articles != (sheet.here,)),
            key=lambda one: (one is not self.outlet, not any(article in row.cells for article in one.articles)),
        )
        for column in others:
            article = sheet.square(row, column).article or column.articles[-1]
            if article != sheet.here:
                return Compare(one=int(sheet.here), other=int(article), row=row.id)
        return None

    # Drawing.

    def row_count(self) -> int:
        """How many claims there are."""
        return len(self.sheet.rows)

    def _widths(self, width: int) -> tuple[int, int, int]:
        """Of the claim's words and of a cell; and how many outlets fit."""
        count = len(self.sheet.columns)
        least = _CLAIM if width >= 80 else _CLAIM_NARROW
        fit = max(1, min(count, (width - least) // (_CELL + 1)))
        wish = max(least, min(_CLAIM_WIDE, width * 45 // 100))
        cell = max(1, min(_CELL_WIDE, max(_CELL, (width - wish) // fit - 1), width // 2))
        return max(1, width - fit * (cell + 1)), cell, fit

    def _shown(self, fit: int) -> list[tuple[int, Column]]:
        """The outlets that are shown, each with its place; the cursor's among them."""
        last = max(0, len(self.sheet.columns) - fit)
        self._first = max(0, min(self._first, self.column, last), min(self.column - fit + 1, last))
        return list(enumerate(self.sheet.columns))[self._first : self._first + fit]

    def head_height(self) -> int:
        """Two lines of an outlet's name, and what is to be known of it; on a low screen, one of each."""
        return 0 if not self.sheet.columns else 3 if self.size.height >= _LOW else 2

    def head(self, width: int) -> list[list[Piece]]:
        """The outlets, and how many more there are on either side."""
        claim, cell, fit = self._widths(width)
        shown, height = self._shown(fit), self.head_height()
        before, behind = self._first, len(self.sheet.columns) - self._first - len(shown)
        more = [_("‹ {n} more").format(n=before)] if before else []
        more += [_("{n} more ›").format(n=behind)] if behind else []
        count = _("Claim {at} of {all}").format(at=self.cursor + 1, all=len(self.sheet.rows)) if self.sheet.rows else ""
        left = [count, *[""] * (height - 2), " · ".join(more)]
        lines: list[list[Piece]] = [[(_fill(words, claim), "mark" if at else "faint")] for at, words in enumerate(left)]
        for at, column in shown:
            here = self.sheet.here in column.articles
            names = layout.paragraph(("▸ " if here else "") + column.outlet, cell, most=height - 1)
            names += [""] * (height - 1 - len(names))
            style = "cell" if at == self.column and self.has_focus else "mark" if here else "strong"
            for line, words in zip(lines, names, strict=False):
                line += [(" ", "plain"), (_fill(words, cell), style if words else "plain")]
            lines[-1] += [(" ", "plain"), (_fill(self._about(column), cell), "faint")]
        return lines

    def _about(self, column: Column) -> str:
        """When an outlet first told the story, whether before all others, and in how many articles."""
        told = self.sheet.told
        origin = told.ledger.origin.article if told.ledger.origin else None
        first = self.sheet.entries[column.articles[0]]
        parts = ["◆"] if origin in column.articles else []
        parts += ["t"] if column.opening else []
        parts.append(layout.ago(first.when, self._now()))
        parts += [f"×{len(column.articles)}"] if len(column.articles) > 1 else []
        return " ".join(parts)

    def draw(self, index: int, width: int) -> list[list[Piece]]:
        """A claim's words, who makes it, and how each outlet takes it; the cursor is drawn elsewhere."""
        row, sheet = self.sheet.rows[index], self.sheet
        claim, cell, fit = self._widths(width)
        owner = sheet.owner(row)
        words = layout.paragraph(
            sheet.words(owner, row.cells[owner].spans[:2]), claim - 1, most=3 if self.size.height >= _LOW else 2
        )
        lines: list[list[Piece]] = [[(_fill(part, claim) + " ", "plain")] for part in words]
        lines += [
            [(_fill(note, claim) + " ", style)]
            for note, style in ((sheet.count(row), "faint"), (sheet.flags(row), "warn"))
            if note
        ]
        for _at, column in self._shown(fit):
            square = sheet.square(row, column)
            short = ("★ " if sheet.is_saved(row, column) else "") + sheet.short(row, square)
            parts = layout.paragraph(short, cell - 2, most=len(lines)) if short else []
            for at, line in enumerate(lines):
                said = parts[at] if at < len(parts) else ""
                sign = square.sign if at == 0 else " "
                line.append((_fill(f"{sign} {said}", cell) + " ", square.style))
        return [*lines, []]

    def _lines(self, index: int, width: int) -> list[list[Piece]]:
        lines = super()._lines(index, width)
        if index != self.cursor or not self.has_focus or not self.sheet.columns:
            return lines
        at = 1 + self.column - self._first
        return [
            [*line[:at], (line[at][0][:-1], "cell"), (" ", "plain"), *line[at + 1 :]] if line else line
            for line in lines
        ]

    # Moving.

    def go_outlet(self, column: int) -> None:
        """Move the cursor to another outlet's cell, and say so."""
        column = max(0, min(column, len(self.sheet.columns) - 1))
        if self.sheet.columns and column != self.column:
            before, fit = self._first, self._widths(self._row_width)[2]
            self.column = column
            self._shown(fit)
            if self._first != before:
                self._drawn.clear()
            self.refresh()
            self.post_message(self.Moved(self, self.cursor))

    def next_conflict(self) -> bool:
        """Go to the next row in which outlets differ, and to the first of those that do; False where there is none."""
        sheet, count = self.sheet, len(self.sheet.rows)
        for step in range(1, count + 1):
            index = (self.cursor + step) % count
            if sheet.differs(sheet.rows[index]):
                self.go(index)
                at_odds = [
                    at
                    for at, column in enumerate(sheet.columns)
                    if sheet.square(sheet.rows[index], column).style in ("bad", "warn")
                ]
                if self.column not in at_odds:
                    # The open article's own is the one that is known.
                    self.go_outlet(next((at for at in at_odds if at), at_odds[0]))
                return True
        return False

    def clicked(self, index: int, x: int) -> None:
        """Go to a cell; a click on the one under the cursor opens it."""
        claim, cell, fit = self._widths(self._row_width)
        over = (x - 1 - claim) // (cell + 1)
        column = self._first + over if 0 <= over < fit else self.column
        if (index, column) == (self.cursor, self.column):
            self.post_message(self.Chosen(self, index))
        self.go(index)
        self.go_outlet(column)


class CellDetail(Widget):
    """What an article says of a claim, on whose word, and what is at odds with it."""

    DEFAULT_CSS = """
    CellDetail { height: 7; padding: 0 1; border-top: solid $panel-lighten-1; border-title-color: $text-muted; }
    """

    detail: reactive[Detail | None] = reactive(None)

    def on_mount(self) -> None:
        """The signs are told below the table."""
        order = (Verdict.STATES, Verdict.DIFFERS, Verdict.ATTRIBUTES_OTHERWISE, Verdict.DENIES)
        signs = [*(_SIGNS[verdict] for verdict in order), _SILENT, _OPENING]
        words = "  ".join([*(f"{sign} {how}" for sign, _style, how in signs), "★ " + _("saved")])
        self.border_title = Content(words)

    def render(self) -> Content:
        """The head, as many of the words as there is room for, the speaker, what is at odds."""
        if (detail := self.detail) is None:
            return Content("")
        width, height = self.content_size
        tail = [(layout.cut(reason, width), "$text-warning") for reason in detail.reasons[: max(1, height - 4)]]
        if detail.who:
            tail.insert(0, (layout.cut(detail.who, width), "bold" if detail.square.cell else "$text-muted"))
        words = layout.paragraph(detail.words, width, most=max(1, height - 1 - len(tail)))
        style = "" if detail.square.cell else "$text-muted"
        lines = [
            Content.styled(layout.cut(detail.head, width), "$text-accent"),
            *(Content.styled(part, style) for part in words),
            *(Content.styled(part, its) for part, its in tail),
        ]
        return Content("\n").join(lines[: max(1, height)])


def _fill(words: str, width: int) -> str:
    """Words in exactly so many cells."""
    return set_cell_size(words if cell_len(words) <= width else layout.cut(words, width), width)
