"""A story across its outlets: the table of who states what, and the line of time of who reported when."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.message import Message
from textual.widgets import Static

from reader.library.answers import LibraryError, StoryTold
from reader.model import Claim, Span
from reader.store.schema import StoreError
from reader.tui.actions import Place
from reader.tui.messages import say, telling
from reader.tui.screens import saving
from reader.tui.screens.base import Page
from reader.tui.session import Session
from reader.tui.widgets.coverage import Coverage, summary
from reader.tui.widgets.keys import KeysLine
from reader.tui.widgets.ledger import CellDetail, Compare, LedgerTable, Sheet
from reader.tui.widgets.rows import Rows
from reader.tui.widgets.story import StoryPlace
from reader.words import _

__all__ = ["Compare", "LedgerScreen"]


class ClaimsKnown(Message):
    """What was found in the story's articles, by entry."""

    def __init__(self, claims: Mapping[int, Sequence[Claim]]) -> None:
        self.claims = claims
        super().__init__()


class LedgerScreen(Page[StoryPlace | Compare | None]):
    """The ledger of a story, seen from the entry `here`; Enter opens the words of a cell."""

    PLACES: ClassVar[tuple[Place, ...]] = (Place.LEDGER,)
    VERTICAL_BREAKPOINTS = [(0, "-low"), (26, "-high")]  # noqa: RUF012 - as Textual types it
    CSS = """
    LedgerScreen {
        & #ledger-state { height: auto; max-height: 2; padding: 0 1; background: $panel; color: $foreground-muted; }
        & #ledger-table { height: 1fr; }
        & #ledger-coverage { height: 1fr; display: none; }
        &.-low CellDetail { height: 5; }
        &.-coverage #ledger-coverage { display: block; }
        &.-coverage #ledger-table { display: none; }
        &.-coverage CellDetail { display: none; }
    }
    """

    def __init__(
        self,
        session: Session,
        told: StoryTold,
        here: int,
        *,
        saved: Mapping[int, Sequence[Span]] = MappingProxyType({}),
    ) -> None:
        """`saved` is what the person saved of the articles, by entry."""
        super().__init__()
        self.session = session
        self.library = session.library
        self.told, self.here = told, here
        self.sheet = Sheet(told, here, saved=saved)

    def compose(self) -> ComposeResult:
        """The table with the cell under the cursor below it, or the line of time in their place."""
        now = self.library.now
        state = " · ".join(filter(None, (_("Ledger"), *summary(self.told, now()))))
        yield Static(state, id="ledger-state", markup=False)
        yield LedgerTable(self.sheet, now, id="ledger-table")
        yield CellDetail()
        yield Coverage(self.told, self.here, now, id="ledger-coverage")
        yield KeysLine(self.session.keymap)

    def on_mount(self) -> None:
        """Begin at the claim that most outlets make."""
        self._table.focus()
        self._tell_cell()
        self._look()

    @property
    def _table(self) -> LedgerTable:
        return self.query_one(LedgerTable)

    @property
    def _coverage(self) -> Coverage:
        return self.query_one(Coverage)

    @property
    def _covering(self) -> bool:
        return self.has_class("-coverage")

    @work(thread=True)
    def _look(self) -> None:
        """See who stands behind the articles' speakers."""
        from reader.claims import MODEL

        store = self.library.store
        with contextlib.suppress(StoreError):  # the table can do without
            found = {entry_id: store.analysis(entry_id, model=MODEL) for entry_id in self.told.articles}
            self.post_message(ClaimsKnown({entry_id: one.claims for entry_id, one in found.items() if one}))

    @on(ClaimsKnown)
    def _known(self, event: ClaimsKnown) -> None:
        self.sheet.claims = event.claims
        self._tell_cell()

    @on(Rows.Moved, "#ledger-table")
    def _tell_cell(self) -> None:
        self.query_one(CellDetail).detail = self._table.detail

    @on(Rows.Chosen)
    def _chosen(self) -> None:
        place = self._coverage.place() if self._covering else self._table.place()
        if place:
            self.dismiss(place)
        elif outlet := self._table.outlet:
            say(self, _("{outlet} says nothing of it.").format(outlet=outlet.outlet))

    # What the keys do.

    def action_close_ledger(self) -> None:
        """Go back to reading."""
        self.dismiss(None)

    def action_next_outlet(self, count: int = 1) -> None:
        """Go to the next outlet's cell."""
        if self._covering:
            self._coverage.go_outlet(count)
        else:
            self._table.go_outlet(self._table.column + count)

    def action_previous_outlet(self, count: int = 1) -> None:
        """Go to the cell of the outlet before."""
        if self._covering:
            self._coverage.go_outlet(-count)
        else:
            self._table.go_outlet(self._table.column - count)

    def action_coverage(self) -> None:
        """Show the line of time, or the table again."""
        self.toggle_class("-coverage")
        self.set_focus(self._coverage if self._covering else self._table)

    def action_next_conflict(self) -> None:
        """Go to the next row in which outlets differ."""
        if self._covering:
            self.action_coverage()
        before = self._table.cursor
        if not self._table.next_conflict():
            say(self, _("Nothing that these outlets say is at odds."))
        elif self._table.cursor == before:
            say(self, _("No other row is at odds."))

    async def action_save_cell(self) -> None:
        """Save what the outlet says there: the claim, or its words where it is none."""
        place = self._coverage.place() if self._covering else self._table.place()
        if place is None:
            if outlet := self._table.outlet:
                say(self, _("{outlet} says nothing of it.").format(outlet=outlet.outlet))
            return
        with telling(self):
            opened = await asyncio.to_thread(self.library.stories.kept_of, place.entry_id)
            if place.span.of(opened.article.text) != place.words:
                raise LibraryError(_("The article has another text by now; open the ledger again."))
            claims = self.sheet.claims.get(place.entry_id, ())
            claim = next((one for one in claims if one.start <= place.span.start < one.content[-1].end), None)
            span = Span(place.span.start, place.span.end)
            await saving.keep(self, self.session, self.library.saved.of(opened, claim or span))

    async def show_saved(self) -> None:
        """Show what is saved in the table as it is now."""
        told = self.told
        entries = [entry for entry in told.entries if entry.id in told.articles]
        ask = self.library.saved.spans
        self.sheet.saved = {
            entry.id: await asyncio.to_thread(ask, entry, told.articles[entry.id].text) for entry in entries
        }
        if self.is_attached:
            self._table.redraw()
            self._tell_cell()

    def action_compare_cell(self) -> None:
        """Read the open article beside another of the story."""
        compared = self._with_report() if self._covering else self._table.compared()
        if compared:
            self.dismiss(compared)
        else:
            say(self, _("There is no other article here to compare this one with."))

    def _with_report(self) -> Compare | None:
        """The open article and the one under the cursor, from the first claim that both make."""
        report, own = self._coverage.report, str(self.here)
        if report is None or report.here or not {self.here, report.entry.id} <= self.told.articles.keys():
            return None
        other = str(report.entry.id)
        rows = self.told.ledger.rows
        shared = (row.id for row in rows if own in row.cells and other in row.cells)
        row = next(shared, rows[0].id if rows else 0)
        return Compare(one=self.here, other=report.entry.id, row=row)
