"""What the person saved."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Container
from textual.widgets import Input, Static

from reader.feeds.hosts import lead
from reader.model import Highlight
from reader.query import parse
from reader.text import one_line
from reader.tui.actions import Place
from reader.tui.messages import say, telling
from reader.tui.screens import saving
from reader.tui.screens.base import Page
from reader.tui.screens.browsing import browse
from reader.tui.session import Session
from reader.tui.widgets.keys import KeysLine
from reader.tui.widgets.rows import Rows
from reader.tui.widgets.saved import By, Row, SavedRows, grouped
from reader.tui.widgets.saved_detail import SavedDetail, Standing, standing
from reader.tui.widgets.search import SearchLine
from reader.words import _, ngettext

_SETTLED = 0.05
"""Seconds that the cursor rests before what is under it is told: keys that are held down run over it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Listing:
    """What is listed."""

    highlights: Sequence[Highlight]
    rows: Sequence[Row]


class SavedScreen(Page[Highlight | None]):
    """The list and what there is to tell of the one under the cursor; Enter opens it at its place in the article."""

    PLACES: ClassVar[tuple[Place, ...]] = (Place.SAVED,)
    HORIZONTAL_BREAKPOINTS = [(0, "-below"), (110, "-beside")]  # noqa: RUF012 - as Textual types it
    VERTICAL_BREAKPOINTS = [(0, "-low"), (26, "-high")]  # noqa: RUF012 - as Textual types it
    DEFAULT_CSS = """
    SavedScreen {
        #kept { height: 1fr; layout: horizontal; }
        #saved { width: 1fr; height: 1fr; padding: 0 1; }
        SavedDetail { width: 46%; max-width: 100; border-left: solid $panel-lighten-1; }
        SavedDetail:focus { border-left: heavy $accent; }
        &.-below #kept { layout: vertical; }
        &.-below SavedDetail {
            width: 1fr; max-width: 100%; height: 40%; border-left: none; border-top: solid $panel-lighten-1;
        }
        &.-below SavedDetail:focus { border-top: heavy $accent; }
        &.-below.-low SavedDetail { display: none; }
        SearchLine { display: none; }
    }
    """

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self.library = session.library
        self._listing = _Listing(highlights=(), rows=())
        self._query = ""
        self._of_removed = False
        kept = session.memory.word("saved-groups", By.TIME)
        self._by = By(kept) if kept in [*By] else By.TIME
        self._asked = 0
        """How often the library was asked for what to list: of several answers only the last one counts."""

    def compose(self) -> ComposeResult:
        """The list and the detail between a line of state and the keys."""
        yield Static(id="state", markup=False)
        with Container(id="kept"):
            yield SavedRows(id="saved")
            yield SavedDetail(id="detail")
        line = SearchLine()
        line.placeholder = _("Search what you saved; Enter searches, nothing shows all, Esc goes back")
        yield line
        yield KeysLine(self.session.keymap)

    def on_mount(self) -> None:
        """Show what is saved."""
        self._rows.focus()
        self.run_worker(self.show_saved())

    @property
    def _rows(self) -> SavedRows:
        return self.query_one(SavedRows)

    # What is listed.

    async def show_saved(self) -> None:
        """Show what is saved now, with the cursor where it is."""
        await self._list(anew=False)

    async def _list(self, *, anew: bool) -> None:
        if not self.is_attached:
            return
        self._asked += 1
        asked = self._asked
        with telling(self):
            listing = await asyncio.to_thread(self._ask, self._query, removed=self._of_removed, by=self._by)
            if asked == self._asked and self.is_attached:
                self._listing = listing
                self._rows.show(listing.rows, nothing=self._nothing(), anew=anew)
                self._tell_state()
                self._show_detail()

    def _ask(self, query: str, *, removed: bool, by: By) -> _Listing:
        """Find what is to be listed, in its groups."""
        store = self.library.store.highlights
        highlights = store.all(removed=True) if removed else self.library.saved.found(query)
        stories = store.stories() if by is By.STORY else {}
        feeds = store.feeds() if by is By.FEED else {}
        rows = grouped(highlights, by, now=self.library.now(), stories=stories, feeds=feeds)
        return _Listing(highlights=highlights, rows=rows)

    def _nothing(self) -> str:
        if self._of_removed:
            return _("Nothing was removed.")
        if self._query:
            return _("Nothing that you saved matches; / and Enter show all again.")
        return _("Nothing saved yet. In an article, ] goes to a claim and s saves it.")

    def _tell_state(self) -> None:
        marked = len(self._rows.marked)
        parts = [
            _("Removed") if self._of_removed else _("Saved"),
            f"{len(self._listing.highlights):,}",
            _("{n} marked").format(n=f"{marked:,}") if marked else "",
            self._query,
            _("by {what}").format(what=_(self._by)) if self._listing.highlights else "",
        ]
        self.query_one("#state", Static).update(f" {' · '.join(filter(None, parts))}")

    async def action_group_saved(self) -> None:
        """Group by the next of time, story, speaker, tag and feed."""
        order = [*By]
        self._by = order[(order.index(self._by) + 1) % len(order)]
        self.session.memory.keep_word("saved-groups", self._by)
        await self.show_saved()

    def action_search_saved(self) -> None:
        """Type what to look for."""
        line = self.query_one(SearchLine)
        line.value = self._query
        line.display = True
        line.focus()

    @on(Input.Submitted)
    async def _search(self, event: Input.Submitted) -> None:
        event.stop()
        query = event.value.strip()
        with telling(self):
            parse(query)
            self._close_search()  # what is mistyped stays to be mended
            self._query, self._of_removed = query, False
            await self._list(anew=True)

    @on(SearchLine.Left)
    def _close_search(self) -> None:
        line = self.query_one(SearchLine)
        line.display = False
        if self.focused in (line, None):
            self._rows.focus()

    async def action_removed_saved(self) -> None:
        """List what was removed, or what is saved again."""
        self._of_removed, self._query = not self._of_removed, ""
        await self._list(anew=True)

    async def action_close_saved(self) -> None:
        """Go back: to all that is saved, and from there to reading."""
        if self._of_removed or self._query:
            self._of_removed, self._query = False, ""
            await self._list(anew=True)
        else:
            self.dismiss(None)

    # The one under the cursor.

    @on(Rows.Moved)
    def _moved(self, event: Rows.Moved) -> None:
        if event.rows is self._rows:
            self._show_detail()

    @work(exclusive=True, group="detail")
    async def _show_detail(self) -> None:
        """Tell of the highlight that the cursor rests on, and where its words stand now."""
        if not self.is_attached:
            return
        detail, highlight = self.query_one(SavedDetail), self._rows.highlight()
        if highlight is None or highlight == detail.highlight:
            known = detail.standing if highlight else None
            detail.show(highlight, known)
        else:
            await asyncio.sleep(_SETTLED)
            if not detail.is_attached:
                return  # the person has gone back meanwhile
            detail.show(highlight)
        if highlight:
            with telling(self):
                found = await asyncio.to_thread(self._stands, highlight)
                if detail.is_attached and self._rows.highlight() is highlight:
                    detail.show(highlight, found)

    def _stands(self, highlight: Highlight) -> Standing:
        entry_id = highlight.entry_id
        return standing(highlight, self.library.store.article(entry_id) if entry_id is not None else None)

    @on(Rows.Chosen)
    def _chosen(self) -> None:
        highlight = self._rows.highlight()
        if highlight and highlight.entry_id is None:
            say(self, _("Its article is no longer in the library; what you saved is all here, o opens its address."))
        elif highlight:
            self.dismiss(highlight)

    def action_browser_saved(self) -> None:
        """Open the article in the browser."""
        if highlight := self._rows.highlight():
            if to := lead(highlight.url or ""):
                browse(self, to)
            else:
                say(self, _("This highlight has no web address."), error=True)

    async def action_edit_saved(self) -> None:
        """Change the note, the tags and the colour."""
        from reader.tui.screens.highlight_edit import HighlightEditScreen

        before = self._rows.highlight()
        if before is None:
            return

        def edited(now: Highlight | None) -> None:
            if now and now != before:
                change = [(before, now)]
                self.run_worker(saving.change(self, self.session, change, _("the note"), _("Kept; u undoes it.")))

        known = await asyncio.to_thread(self.library.store.highlights.tags)
        self.app.push_screen(HighlightEditScreen(before, title=_("Change the note"), known=known), edited)

    # All that are marked.

    def action_mark_saved(self) -> None:
        """Mark the highlight or take the mark away, and go on."""
        rows = self._rows
        if highlight := rows.highlight():
            rows.mark(rows.marked ^ {highlight.id})
            rows.go(rows.cursor + 1)
            self._tell_state()

    def action_mark_all_saved(self) -> None:
        """Mark all that are listed, or none."""
        every = {one.id for one in self._listing.highlights}
        self._rows.mark(() if self._rows.marked == every else every)
        self._tell_state()

    def _meant(self) -> list[Highlight]:
        """Those that are marked, in the order in which they stand in the library; else the one under the cursor."""
        marked = self._rows.marked
        if marked:
            return [one for one in self._listing.highlights if one.id in marked]
        highlight = self._rows.highlight()
        return [highlight] if highlight else []

    async def action_copy_saved(self) -> None:
        """Copy what is marked with its citations."""
        if meant := self._meant():
            cited = await asyncio.to_thread(lambda: "\n\n".join(map(self.library.saved.citation, meant)))
            self.app.copy_to_clipboard(cited)
            words = ngettext(
                "Copied the highlight with its citation.", "Copied {n} highlights with their citations.", len(meant)
            )
            say(self, words.format(n=f"{len(meant):,}"))

    async def action_remove_saved(self) -> None:
        """Remove what is marked; of what was removed, bring it back."""
        if not (ids := [one.id for one in self._meant()]):
            return
        back = self._of_removed
        with telling(self):
            await saving.put(self.app, self.session, ids, removed=not back)
            undo = partial(saving.put, self.app, self.session, ids, removed=back)
            self.session.changes.made(_("the return") if back else _("the removal"), undo)
            words = (
                ngettext("It is saved again.", "{n} are saved again.", len(ids))
                if back
                else ngettext(
                    "The highlight is removed; u brings it back.",
                    "{n} highlights are removed; u brings them back.",
                    len(ids),
                )
            )
            say(self, words.format(n=f"{len(ids):,}"))

    async def action_tag_saved(self) -> None:
        """Put tags on what is marked, or take them off."""
        from reader.tui.screens.ask import AskScreen

        meant = self._meant()
        if not meant:
            return

        def typed(words: str | None) -> None:
            if words:
                self.run_worker(self._tag(meant, words))

        count = len(meant)
        question = ngettext("Tags for this highlight?", "Tags for {n} highlights?", count).format(n=f"{count:,}")
        used = await asyncio.to_thread(self.library.store.highlights.tags)
        hint = one_line(" ".join(f"#{tag}" for tag in used[:6]))
        hint = _("new words; -word takes one off") + (f" · {hint}" if hint else "")
        self.app.push_screen(AskScreen(question, hint=hint), typed)

    async def _tag(self, meant: Sequence[Highlight], words: str) -> None:
        from reader.tui.screens.highlight_edit import tagged

        changes = [(one, now) for one in meant if (now := tagged(one, words)) != one]
        if not (count := len(changes)):
            say(self, _("They have these tags already."))
            return
        told = ngettext("Tags of {n} highlight are changed.", "Tags of {n} highlights are changed.", count)
        await saving.change(self, self.session, changes, _("the tags"), told.format(n=f"{count:,}"))

    def action_export_saved(self) -> None:
        """Write what is marked, or all that is listed, to a file or a folder of notes."""
        from reader.tui.screens.export import ExportScreen

        meant = self._meant() if self._rows.marked else [*self._listing.highlights]
        if not meant:
            say(self, _("There is nothing here to export."))
            return

        def written(words: str | None) -> None:
            if words:
                say(self, words, longer=True)

        self.app.push_screen(ExportScreen(self.session, meant), written)
