"""The story of the open article across its outlets: whose report it was, where figures differ, who states what."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from reader.library.answers import StoryTold
from reader.model import Change, Clash, Edit, Entry, Row, Span, Verdict
from reader.stories.wording import differences
from reader.tui import layout
from reader.tui.widgets.rows import Piece, Rows
from reader.words import _, ngettext

_WORDS = 3
"""Lines of a claim's words; the articles have them all."""
_SHOWN = 60
"""Rows of the ledger that are shown, those that most outlets carry."""
_HOW = {
    Verdict.DENIES: _("denies"),
    Verdict.DIFFERS: _("another figure"),
    Verdict.STATES: "",
    Verdict.ATTRIBUTES_OTHERWISE: _("on other authority"),
}
_EDITS = {
    Change.ADDED: _("added"),
    Change.REMOVED: _("removed"),
    Change.SOFTENED: _("softened"),
    Change.REWORDED: _("reworded"),
}


class StoryPlace(NamedTuple):
    """Where a row leads."""

    entry_id: int
    span: Span
    words: str
    """Those of the span: the text may be another when the entry is opened."""


@dataclass(frozen=True, slots=True)
class _Line:
    """A row of the list: what it shows, and where it leads."""

    pieces: tuple[tuple[str, str], ...]
    """Paragraphs, each with its style."""
    place: StoryPlace | None = None


class StoryRows(Rows):
    """What all outlets of the story make of it, seen from the open article."""

    def __init__(self, now: Callable[[], datetime], *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._now = now
        self._rows: list[_Line] = []
        self._waiting = ""
        self.count = 0
        """Claims that more than one outlet makes."""

    @property
    def empty(self) -> str:
        """What an empty list says."""
        return self._waiting or _("No other outlet tells this story.")

    def wait(self, words: str) -> None:
        """Show nothing yet."""
        self._rows, self._waiting, self.count = [], words, 0
        self.redraw()

    def show(self, told: StoryTold | None, here: int, edited: tuple[str, tuple[Edit, ...]] | None = None) -> None:
        """Show a story as the entry `here` sees it, None where only it tells it; and how its article was edited."""
        self._waiting = ""
        self._rows = list(_edited(here, *edited)) if edited else []
        self.count = 0
        if told is not None and len(told.entries) > 1:
            self._rows += _lines(told, here, self._now())
            self.count = sum(len(row.cells) > 1 for row in told.ledger.rows)
        self.set_reactive(StoryRows.cursor, 0)
        self.redraw()
        self.scroll_home(animate=False)

    def place(self, index: int) -> StoryPlace | None:
        """Where a row leads."""
        return self._rows[index].place if index < len(self._rows) else None

    def row_count(self) -> int:
        """How many rows there are."""
        return len(self._rows)

    def draw(self, index: int, width: int) -> list[list[Piece]]:
        """The paragraphs of a row."""
        lines: list[list[Piece]] = []
        for words, style in self._rows[index].pieces:
            most = _WORDS if style == "plain" else 4
            lines += [[(part, style)] for part in layout.paragraph(words, width, most=most)]
        return [*lines, []]


def _edited(here: int, before: str, edits: tuple[Edit, ...]) -> Iterator[_Line]:
    """How the article was last edited: first in numbers, then what was taken out or softened."""
    counts = [(change, sum(edit.change is change for edit in edits)) for change in Change]
    said = ", ".join(f"{count} {_EDITS[change]}" for change, count in counts if count)
    yield _Line(((_("Edited: {what}").format(what=said or _("nothing of what it claims")), "warn"),))
    for edit in edits:
        if edit.before is None or edit.change is Change.REWORDED:
            continue
        pieces = (
            (f"{_EDITS[edit.change].capitalize()}: {edit.why}", "faint"),
            (_words_of(before, edit.before), "plain"),
        )
        yield _Line(pieces, StoryPlace(here, edit.after, "") if edit.after else None)


def _words_of(text: str, span: Span) -> str:
    return " ".join(span.of(text).split())


def _lines(told: StoryTold, here: int, now: datetime) -> Iterator[_Line]:
    names = {str(entry.id): entry for entry in told.entries}
    yield _summary(told, names, now)
    for clash in told.ledger.clashes:
        yield _clash(told, clash, here)
    yield from _quotations(told, here)
    missing = set(told.ledger.missing.get(str(here), ()))
    for row in told.ledger.rows[:_SHOWN]:
        if len(row.cells) > 1 or row.id in missing:
            yield _row(told, row, here, missing=row.id in missing)


def _quotations(told: StoryTold, here: int) -> Iterator[_Line]:
    """The article's quotations that others give in other words: what is not in theirs, and what only theirs has."""
    for one in told.ledger.quotations:
        ends = sorted((one.one, one.other), key=lambda end: end[0] != str(here))
        (mine, span), (theirs, _span) = ends
        if one.same_words or mine != str(here):
            continue
        own, another = (_words_of(told.articles[int(id)].text, at) for id, at in ends)
        lead = _("Quoted otherwise by {outlet}:").format(outlet=told.outlets[theirs])
        pieces = ((lead, "faint"), (_parted(own, another), "plain"))
        yield _Line(pieces, _place(told, here, span))


def _parted(own: str, other: str) -> str:
    """Two wordings as one: [-what only the own has-] {+what only the other has+}, as wdiff writes it."""
    shown, at = "", 0
    for part in differences(own, other):
        gone, come = part.one.of(own), part.other.of(other)
        shown += own[at : part.one.start] + (f"[-{gone}-]" if gone else "") + (f"{{+{come}+}}" if come else "")
        at = part.one.end
    return shown + own[at:]


def _summary(told: StoryTold, names: dict[str, Entry], now: datetime) -> _Line:
    """How many tell it and how many of them by themselves, and whose report it was."""
    count, articles = len(set(told.outlets.values())), len(told.articles)
    parts = [ngettext("{n} outlet", "{n} outlets", count).format(n=count)]
    parts += [_("{n} independent").format(n=told.independent)] if told.independent != count else []
    parts.append(ngettext("{n} article", "{n} articles", articles).format(n=articles))
    teasers = sum(article.extractor == "teaser" for article in told.articles.values())
    parts += [_("{n} of them known by a teaser alone").format(n=teasers)] if teasers else []
    words, more = ", ".join(parts), len(told.entries) - articles
    if more > 0:
        words += "; " + ngettext("{n} more is not read here", "{n} more are not read here", more).format(n=more)
    pieces = [(words, "strong")]
    place: StoryPlace | None = None
    if origin := told.ledger.origin:
        if origin.article in names:
            first = names[origin.article]
            place = _place(told, first.id, Span(0, 0))
            led = [one for one in origin.chain if one.article != origin.article]
            lead = (
                _("All trace back to {name}, {ago}")
                if origin.all
                else _("Others trace back to {name}, {ago}")
                if led
                else _("First: {name}, {ago}")
            )
            whose = lead.format(name=told.outlets[origin.article], ago=layout.ago(first.when, now))
            pieces.append((whose, "good"))
        elif origin.name:
            lead = _("All trace back to {name}") if origin.all else _("Traces back to {name}")
            pieces.append((lead.format(name=origin.name), "good"))
        for one in origin.chain:
            if one.article in names:
                behind = " ← ".join((told.outlets[one.article], one.cites, *one.behind))
                pieces.append((behind, "faint"))
    return _Line(tuple(pieces), place)


def _place(told: StoryTold, entry_id: int, span: Span) -> StoryPlace:
    return StoryPlace(entry_id, span, span.of(told.articles[entry_id].text))


def _clash(told: StoryTold, clash: Clash, here: int) -> _Line:
    ends = [(int(article), figure.span) for article, figure in (clash.one, clash.other)]
    ends.sort(key=lambda end: end[0] != here)
    words = (_("↻ Updated: {why}") if clash.updated else _("≠ {why}")).format(why=clash.why)
    return _Line(((words, "faint" if clash.updated else "warn"),), _place(told, *ends[0]))


def _row(told: StoryTold, row: Row, here: int, *, missing: bool) -> _Line:
    """A claim in the words of this article, or of the first that makes it, and what the others make of it."""
    own = str(here) if str(here) in row.cells else next(iter(row.cells))
    text = told.articles[int(own)].text
    words = " … ".join(_words_of(text, span) for span in row.cells[own].spans[:2])
    pieces = [(_("Missing here:"), "warn")] if missing else []
    pieces.append((words, "plain"))
    outlets = told.outlets
    verdicts: dict[str, set[Verdict]] = {}
    for article, cell in row.cells.items():
        if article != str(here):
            verdict = cell.verdict
            if verdict is Verdict.DIFFERS and str(here) in row.cells and not told.differ(row.id, str(here), article):
                verdict = Verdict.STATES
            verdicts.setdefault(outlets[article], set()).add(verdict)
    said: dict[str, list[str]] = {}
    for outlet, its in verdicts.items():  # of several articles the one that tells most of it
        said.setdefault(_HOW[next(verdict for verdict in _HOW if verdict in its)], []).append(outlet)
    parts = [", ".join(names) + (f" ({how})" if how else "") for how, names in sorted(said.items())]
    # What a teaser leaves out its page may have.
    whole = {name for article, name in outlets.items() if told.articles[int(article)].extractor != "teaser"}
    silent = whole - verdicts.keys() - {outlets.get(str(here), "")}
    if parts:
        pieces.append(("+ " + "; ".join(parts), "good"))
    if silent:
        pieces.append(("− " + ", ".join(sorted(silent)), "faint"))
    return _Line(tuple(pieces), _place(told, int(own), row.cells[own].spans[0]))
