"""What the main screen does with what an article says: saving it, copying it, handing it on."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from functools import partial

from textual import on, work
from textual.worker import WorkerCancelled

from reader.config import reports_path
from reader.feeds.hosts import Lead, lead
from reader.library.answers import LibraryError
from reader.library.commands import split
from reader.model import Highlight
from reader.store.schema import StoreError
from reader.tui.messages import PageReported, WholeCame, say, telling
from reader.tui.screens import saving
from reader.tui.screens.browsing import browse, hand_on
from reader.tui.screens.opening import OpeningScreen
from reader.tui.widgets.article import WAITING, ArticleView
from reader.tui.widgets.panel import Panel
from reader.words import _

_SAID = 400
"""Characters of what a command said that are shown."""


class HandingScreen(OpeningScreen):
    """The part of the main screen that takes what an article says elsewhere."""

    # Saving.

    async def action_save(self) -> None:
        """Save the current claim; in the list, the whole article."""
        opened, claim = self._article.opened, self._claim()
        if self._in_lists and (entry := self._current()):
            say(self, _("Saving the whole article…"))
            self._save_whole(entry.id)
        elif opened and not opened.analysed:
            say(self, WAITING)
        elif opened is None or claim is None:
            say(self, _("Enter opens an article, ] goes to a claim, and s saves it."))
        elif opened.saved_at(claim):
            say(self, _("This claim is saved already; 4 shows what you saved, S changes its note."))
        else:
            await self._save(self.library.saved.of(opened, claim))

    @work(thread=True, group="save")
    def _save_whole(self, entry_id: int) -> None:
        try:
            self.post_message(WholeCame(self.library.open(entry_id)))
        except (LibraryError, StoreError) as error:
            self.post_message(WholeCame(None, str(error)))

    @on(WholeCame)
    async def _whole_came(self, event: WholeCame) -> None:
        opened = event.opened
        if opened is None:
            say(self, event.why, error=True)
        elif opened.kept(whole := self.library.saved.of(opened, opened.article)):
            say(self, _("This article is saved already; 4 shows what you saved."))
        else:
            await self._save(whole)

    async def action_save_as(self) -> None:
        """Save the claim, a figure of it or the whole article with a note, or change the note of what is saved."""
        from reader.tui.screens.highlight_edit import HighlightEditScreen

        opened, claim = self._article.opened, self._claim()
        if opened is None or self._in_lists:
            say(self, _("Enter opens an article, and S saves of it what you choose, with a note."))
            return
        make, text = partial(self.library.saved.of, opened, claim=claim), opened.article.text
        of_claim = [(_("The claim"), make(claim))] if claim else []
        for figure in claim.figures if claim else ():
            words = " ".join(figure.span.of(text).split())
            of_claim.append((_("The figure {words}").format(words=words), make(figure)))
        choices = []
        for label, made in (*of_claim, (_("The whole article"), make(opened.article))):
            kept = opened.kept(made)
            choices.append((_("{what} (saved)").format(what=label), kept) if kept else (label, made))
        known = await asyncio.to_thread(self.library.store.highlights.tags)
        edit = HighlightEditScreen(choices[0][1], title=_("Save"), choices=choices, known=known)
        self.app.push_screen(edit, partial(self._edited, {one.id: one for _label, one in choices}))

    def _edited(self, before: Mapping[int, Highlight], now: Highlight | None) -> None:
        """Save what is new; of what was saved already, keep its note."""
        if now is None:
            return
        if now.id == 0:
            self.run_worker(self._save(now), group="save")
        elif now != before[now.id]:
            change = saving.change(self, self.session, [(before[now.id], now)], _("the note"), _("Kept; u undoes it."))
            self.run_worker(change, group="save")

    async def _save(self, highlight: Highlight) -> None:
        await saving.keep(self, self.session, highlight)

    async def show_saved(self) -> None:
        """Show what is saved as it is now."""
        with suppress(WorkerCancelled):
            await self._saved_changed().wait()  # or a second s would save it again

    @work(exclusive=True, group="saved")
    async def _saved_changed(self) -> None:
        """Show the highlights as they are now, in the text and in the lists."""
        with telling(self):
            if opened := self._article.opened:
                highlights = await asyncio.to_thread(self.library.saved.located, opened.entry, opened.article.text)
                here = self._article.opened  # its claims may have come meanwhile
                if here and (here.entry.id, here.article.text) == (opened.entry.id, opened.article.text):
                    self._article.show(replace(here, highlights=highlights))
                    self.query_one(Panel).show_saved(self._article.opened)
            self._headlines.forget()
            self._count_places()

    def action_saved(self) -> None:
        """Show what was saved; one that is chosen is opened at its place."""
        from reader.tui.screens.saved import SavedScreen

        def chosen(highlight: Highlight | None) -> None:
            if highlight and highlight.entry_id is not None:
                self.open_entry(highlight.entry_id, at=highlight)
            self._saved_changed()

        self.app.push_screen(SavedScreen(self.session), chosen)

    @on(ArticleView.Selected)
    async def _selected(self, event: ArticleView.Selected) -> None:
        """Save or copy what was selected."""
        from reader.tui.screens.highlight_edit import HighlightEditScreen

        if opened := self._article.opened:
            highlight = self.library.saved.of(opened, event.span)
            match event.how:
                case "save":
                    await self._save(highlight)
                case "save as":
                    known = await asyncio.to_thread(self.library.store.highlights.tags)
                    edit = HighlightEditScreen(highlight, title=_("Save"), known=known)
                    self.app.push_screen(edit, partial(self._edited, {}))
                case "copy":
                    self.app.copy_to_clipboard(self.library.saved.citation(highlight))
                    say(self, _("Copied with its citation."))

    def action_copy(self) -> None:
        """Copy the claim with its citation, or the link."""
        opened, claim = self._article.opened, self._claim()
        if opened and claim:
            self.app.copy_to_clipboard(self.library.saved.citation(self.library.saved.of(opened, claim)))
            say(self, _("Copied the claim with its citation."))
        elif self._current() and (to := self._address()):
            self.app.copy_to_clipboard(to.url)
            words = _("Copied the link.")
            say(self, f"{words}\n{to.words}" if to.warning else words, longer=bool(to.warning))

    # Handing on.

    def _address(self) -> Lead | None:
        """Where the entry leads that keys are about; the person is told where it is no page of the web."""
        entry = self._current()
        # Browsers take flags, files and scripts for addresses; only pages are handed on.
        if entry and entry.url and (to := lead(entry.url)):
            return to
        say(self, _("This entry links to no web page."), error=True)
        return None

    def action_browser(self) -> None:
        """Open the article in the browser."""
        if to := self._address():
            browse(self, to)

    @on(ArticleView.LinkChosen)
    async def _link_chosen(self, event: ArticleView.LinkChosen) -> None:
        """Follow a link: to an article of the library here, else in the browser."""
        known = None
        with telling(self):
            known = await asyncio.to_thread(self.library.store.entry_at, event.url)
        if known is not None:
            self.open_entry(known)
        elif to := lead(event.url):
            browse(self, to)

    def action_open_with(self) -> None:
        """Open the article's address with a command."""
        usual = self.library.settings.commands.open_with
        self._ask_command(usual, _("Which command shall open the address?"), self.open_with)

    def open_with(self, command: str) -> None:
        """Open the article's address with a command."""
        if to := self._address():
            hand_on(self, to, partial(self._start, command, "", to.url))

    def action_pipe(self) -> None:
        """Hand the article's text to a command."""
        self._ask_command(self.library.settings.commands.pipe, _("Which command shall get the text?"), self.pipe_to)

    def pipe_to(self, command: str) -> None:
        """Hand the article's text to a command."""
        if opened := self._article.opened:
            self._start(command, f"{opened.entry.title}\n\n{opened.article.text}\n", None)
        else:
            say(self, _("Enter opens an article, and | hands its text to a command."))

    def _ask_command(self, usual: str, question: str, do: Callable[[str], None]) -> None:
        from reader.tui.screens.ask import AskScreen

        def answered(command: str | None) -> None:
            if command:
                do(command)

        if usual:
            answered(usual)
        else:
            self.app.push_screen(AskScreen(question, check=_check), answered)

    def _start(self, command: str, given: str, argument: str | None) -> None:
        """Run a command of the person's own, and say what it said."""
        self.run_worker(self._run(command, given, argument), group="command", exit_on_error=False)

    async def _run(self, command: str, given: str, argument: str | None) -> None:
        try:
            said = await asyncio.to_thread(self.library.commands.run, command, given=given, argument=argument)
        except LibraryError as error:
            say(self, str(error)[:_SAID], error=True, longer=True)
        else:
            name = command.split()[0]
            say(self, said[:_SAID] or _("{command} is done.").format(command=name), longer=True)

    def action_report(self) -> None:
        """Pack a page that reads badly, to report it."""
        if entry := self._current():
            say(self, _("Packing the page…"))
            self._report(entry.id)

    @work(thread=True, group="report")
    def _report(self, entry_id: int) -> None:
        try:
            self.post_message(PageReported(self.library.report(entry_id, reports_path())))
        except (LibraryError, StoreError) as error:
            self.post_message(PageReported(None, str(error)))

    @on(PageReported)
    def _page_reported(self, event: PageReported) -> None:
        event.tell(self)


def _check(command: str) -> None:
    """Raise ValueError for what is no command line."""
    try:
        split(command)
    except LibraryError as error:
        raise ValueError(str(error)) from None
