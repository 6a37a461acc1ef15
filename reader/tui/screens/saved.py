"""What the person saved."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.screen import Screen
from textual.widgets import Static

from reader.model import Highlight
from reader.tui import layout
from reader.tui.actions import Place
from reader.tui.messages import say, telling
from reader.tui.session import Session
from reader.tui.widgets.keys import KeysLine
from reader.tui.widgets.rows import Piece, Rows
from reader.words import _


class SavedRows(Rows):
    """Highlights, newest first."""

    @property
    def empty(self) -> str:
        """What an empty list says."""
        return _("Nothing saved yet. In an article, ] goes to a claim and s saves it.")

    highlights: tuple[Highlight, ...] = ()

    def row_count(self) -> int:
        """How many highlights there are."""
        return len(self.highlights)

    def draw(self, index: int, width: int) -> list[list[Piece]]:
        """Who said it, the words, and where they are from."""
        highlight = self.highlights[index]
        width = min(width, 96)
        speaker = highlight.speaker or _("Speaker not said")
        said = [highlight.outlet, highlight.title, layout.day(highlight.published) if highlight.published else ""]
        words = " ".join(highlight.quote.exact.split())
        via = _("← citing {names}").format(names=", ".join(highlight.via)) if highlight.via else ""
        return [
            [(layout.cut(speaker, width), "strong")],
            *([(part, "good")] for part in layout.paragraph(via, width) if via),
            *([(part, "plain")] for part in layout.paragraph(words, width)),
            *([(part, "faint")] for part in layout.paragraph(" · ".join(filter(None, said)), width, most=2)),
            [],
        ]


class SavedScreen(Screen[Highlight | None]):
    """The list; Enter opens a highlight at its place in the article."""

    PLACES: ClassVar[tuple[Place, ...]] = (Place.SAVED,)

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self.library = session.library

    def compose(self) -> ComposeResult:
        """The list between a line of state and the keys."""
        yield Static(id="state", markup=False)
        yield SavedRows(id="saved")
        yield KeysLine(self.session.keymap)

    async def on_mount(self) -> None:
        """Show what is saved."""
        self.query_one(SavedRows).focus()
        await self.reload()

    async def reload(self) -> None:
        """Show what is saved now."""
        rows = self.query_one(SavedRows)
        with telling(self):
            rows.highlights = tuple(await asyncio.to_thread(self.library.store.highlights))
        rows.redraw()
        self.query_one("#state", Static).update(f" {_('Saved')} · {len(rows.highlights)}")

    def _under_cursor(self) -> Highlight | None:
        rows = self.query_one(SavedRows)
        return rows.highlights[rows.cursor] if rows.highlights else None

    @on(Rows.Chosen)
    def _chosen(self) -> None:
        highlight = self._under_cursor()
        if highlight and highlight.entry_id is None:
            say(self, _("Its article is no longer in the library; what you saved is all here."))
        else:
            self.dismiss(highlight)

    def action_close_saved(self) -> None:
        """Go back to reading."""
        self.dismiss(None)

    async def action_remove_saved(self) -> None:
        """Remove the highlight under the cursor."""
        if highlight := self._under_cursor():
            with telling(self):
                await asyncio.to_thread(self.library.remove_highlight, highlight.id)
                self.session.changes.made(_("the removal"), partial(self._bring_back, highlight))
                say(self, _("Removed; u brings it back."))
            await self.reload()

    async def _bring_back(self, highlight: Highlight) -> None:
        await asyncio.to_thread(self.library.store.restore_highlight, highlight.id)
        if self.is_attached:
            await self.reload()

    def action_copy_saved(self) -> None:
        """Copy the highlight with its citation."""
        if highlight := self._under_cursor():
            self.app.copy_to_clipboard(self.library.citation(highlight))
            say(self, _("Copied with its citation."))
