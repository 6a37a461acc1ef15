"""Two articles of a story side by side: what both claim, how they differ in it, and what one of them leaves out."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Mapping, Sequence
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.message import Message

from reader.library.answers import LibraryError, Opened, StoryTold
from reader.model import Claim, Span
from reader.store.schema import StoreError
from reader.tui.actions import Place
from reader.tui.messages import say, telling
from reader.tui.screens import saving
from reader.tui.screens.base import Page
from reader.tui.session import Session
from reader.tui.widgets.compare import Beside
from reader.tui.widgets.keys import KeysLine
from reader.tui.widgets.pair import Pair
from reader.tui.widgets.story import StoryPlace
from reader.words import _


class PairKnown(Message):
    """What was found in two articles, and what was saved of them, by entry."""

    def __init__(self, claims: Mapping[int, Sequence[Claim]], saved: Mapping[int, Sequence[Span]]) -> None:
        self.claims, self.saved = claims, saved
        super().__init__()


class CompareScreen(Page[StoryPlace | None]):
    """An article of a story beside another one; Enter leads to the words at hand."""

    PLACES: ClassVar[tuple[Place, ...]] = (Place.COMPARE,)
    VERTICAL_BREAKPOINTS = [(0, "-low"), (26, "-high")]  # noqa: RUF012 - as Textual types it
    CSS = """
    CompareScreen {
        & Beside { height: 1fr; }
        & #sides { height: 1fr; }
        & Side { width: 1fr; height: 1fr; }
        & #side-1 { border-left: solid $panel-lighten-2; }
        &.-narrow #sides { layout: vertical; }
        &.-narrow #side-1 { border-left: none; }
        &.-low Told { height: 3; }
    }
    """

    def __init__(self, session: Session, told: StoryTold, one: int, other: int, *, row: int | None = None) -> None:
        """Articles `one`, on the left, and `other` of a story, from the claim of a row of its ledger on, if asked."""
        super().__init__()
        self.session = session
        self.library = session.library
        self._row = row
        settings = self.library.settings.reading
        self.beside = Beside(
            Pair(told, one, other), measure=settings.measure, now=self.library.now, keymap=session.keymap
        )

    def compose(self) -> ComposeResult:
        """The two articles with the claim at hand below them, and the keys."""
        yield self.beside
        yield KeysLine(self.session.keymap)

    def on_mount(self) -> None:
        """Begin at the claim that was asked for, else at the top."""
        self.beside.focus_side(0)
        if self._row is not None and (point := self.pair.of_row(self._row)):
            self.beside.go(point)
        self.look()

    @property
    def pair(self) -> Pair:
        """The articles that are shown."""
        return self.beside.pair

    @work(thread=True, exclusive=True, group="look")
    def look(self) -> None:
        """See who stands behind the articles' speakers, and what was saved of them."""
        from reader.claims import MODEL

        pair, claims, saved = self.pair, dict[int, Sequence[Claim]](), dict[int, Sequence[Span]]()
        with contextlib.suppress(StoreError):  # the articles can be read without
            for entry_id, article in zip(pair.entry_ids, pair.articles, strict=True):
                if found := self.library.store.analysis(entry_id, model=MODEL):
                    claims[entry_id] = found.claims
                if entry := self.library.store.entries([entry_id]).get(entry_id):
                    saved[entry_id] = self.library.saved.spans(entry, article.text)
            self.post_message(PairKnown(claims, saved))

    @on(PairKnown)
    def _known(self, event: PairKnown) -> None:
        if set(self.pair.entry_ids) == event.saved.keys():
            self.beside.know(event.claims, event.saved)

    @on(Beside.Chosen)
    def _chosen(self) -> None:
        side, span = self.beside.chosen
        self.dismiss(StoryPlace(self.pair.entry_ids[side], span, span.of(self.pair.articles[side].text)))

    # What the keys do.

    def action_close_compare(self) -> None:
        """Go back to reading."""
        self.dismiss(None)

    def action_next_match(self, count: int = 1) -> None:
        """Go to the next claim that both make."""
        self._step(count)

    def action_previous_match(self, count: int = 1) -> None:
        """Go to the claim before that both make."""
        self._step(-count)

    def _step(self, by: int) -> None:
        if not self.pair.matches:
            say(self, _("These two have no claim in common, so far as can be told."))
        elif not self.beside.step(by):
            say(self, _("There is no further claim that both make.") if by > 0 else _("There is none before it."))

    def action_next_difference(self) -> None:
        """Go to the next claim that they tell differently."""
        self._step_difference(1)

    def action_previous_difference(self) -> None:
        """Go to the difference before."""
        self._step_difference(-1)

    def _step_difference(self, by: int) -> None:
        if not any(point.contrasts for point in self.pair.matches):
            say(self, _("What both claim they tell alike, so far as can be told."))
        elif not self.beside.step_difference(by):
            say(self, _("They tell nothing else differently."))

    def action_next_missing(self) -> None:
        """Go to the next claim of the other that is missing here."""
        here = self.beside.here
        if self.beside.step_missing():
            return
        words = (
            _("Nothing else of it is missing here.")
            if self.pair.missing[1 - here]
            else _("Nothing that {other} and others claim is missing in {outlet}.")
        )
        say(self, words.format(other=self.pair.outlets[1 - here], outlet=self.pair.outlets[here]))

    def action_other_side(self) -> None:
        """Go to the other article."""
        self.beside.focus_side(1 - self.beside.here)

    def action_other_outlet(self) -> None:
        """Show the next article of the story in the place of the one that has not the focus."""
        pair, here, current = self.pair, self.beside.here, self.beside.current
        own, before = pair.entry_ids[here], pair.entry_ids[1 - here]
        read = [one.id for one in pair.told.entries if one.id in pair.told.articles and pair.told.articles[one.id].text]
        at = read.index(before) if before in read else -1
        others = [one for one in (*read[at + 1 :], *read[: max(0, at)]) if one not in (own, before)]
        if not others:
            say(self, _("No other article of this story is here to compare with."))
            return
        shown = Pair(pair.told, *((own, others[0]) if here == 0 else (others[0], own)))
        # The same claim, where this one makes it, too; else where the next one does.
        self._row = current.row.id if current and current.row else self._row
        again = shown.of_row(self._row) if self._row is not None else None
        self.beside.show(shown, again if again and again.number else None)
        self.look()

    async def action_save_match(self) -> None:
        """Save the claim at hand: as it was found in its article, else the words."""
        if (point := self.beside.current) is None:
            say(self, _("] goes to a claim, and s saves it."))
            return
        side, span = self.beside.chosen
        pair, library = self.pair, self.library
        with telling(self):
            claims = pair.claims_at(point, side)
            what: Claim | Span = claims[0] if claims else Span(span.start, span.end)
            opened = await asyncio.to_thread(self._kept, pair, side)
            await saving.keep(self, self.session, library.saved.of(opened, what))

    def _kept(self, pair: Pair, side: int) -> Opened:
        """An article as it is shown, to save from; nothing is fetched."""
        opened = self.library.stories.kept_of(pair.entry_ids[side])
        if opened.article.text != pair.articles[side].text:
            raise LibraryError(_("The article has another text by now; open the comparison again."))
        return opened

    async def show_saved(self) -> None:
        """Show what is saved as it is now."""
        if self.is_attached:
            self.look()
