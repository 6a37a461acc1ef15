"""Speakers: who is cited by name, and all that one of them said, in all articles."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Input, Static

from reader.library.answers import LibraryError, Spoke, Statement
from reader.model import SourceKind
from reader.store.schema import StoreError
from reader.tui import layout
from reader.tui.actions import Place
from reader.tui.messages import say, telling
from reader.tui.screens import saving
from reader.tui.screens.base import Page
from reader.tui.session import Session
from reader.tui.widgets.keys import KeysLine
from reader.tui.widgets.rows import Rows
from reader.tui.widgets.speakers import FilterLine, SpeakerRows, StatementRows, kind_of, other_names
from reader.tui.widgets.story import StoryPlace
from reader.words import _, ngettext


class SpeakersScreen(Page[StoryPlace | None]):
    """Who is cited by name; Enter shows what that speaker said, and from there leads to where it stands."""

    PLACES: ClassVar[tuple[Place, ...]] = (Place.SPEAKER,)
    DEFAULT_CSS = """
    SpeakersScreen SpeakerRows { height: 1fr; padding: 0 1; }
    """

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session

    def compose(self) -> ComposeResult:
        """The list between a line of state, one to type in, and the keys."""
        yield Static(id="state", markup=False)
        yield FilterLine(_("Find a name"))
        yield SpeakerRows(id="speakers")
        yield KeysLine(self.session.keymap)

    def on_mount(self) -> None:
        """Ask who is cited."""
        self._rows.focus()
        self._rows.wait(_("Telling the speakers apart…"))
        self._load()

    @property
    def _rows(self) -> SpeakerRows:
        return self.query_one(SpeakerRows)

    @work(exclusive=True)
    async def _load(self) -> None:
        try:
            spoke = await asyncio.to_thread(self.session.library.stories.speakers)
        except (LibraryError, StoreError) as error:
            self._rows.wait(str(error))
            return
        self._rows.show(spoke)
        shown = ngettext("{n} speaker cited by name", "{n} speakers cited by name", len(spoke)).format(
            n=f"{len(spoke):,}"
        )
        claims = sum(one.claims for one in spoke)
        cited = ngettext("{n} claim", "{n} claims", claims).format(n=f"{claims:,}")
        self.query_one("#state", Static).update(f" {_('Speakers')} · {shown} · {cited}")

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        self._rows.hold(event.value)

    @on(FilterLine.Left)
    def _left_filter(self) -> None:
        self._rows.focus()

    @on(Rows.Chosen)
    def _chosen(self) -> None:
        if spoke := self._rows.speaker():
            self.app.push_screen(SpeakerScreen(self.session, spoke.voice.name, kind=spoke.voice.kind), self._left)

    def _left(self, place: StoryPlace | None) -> None:
        if place is not None:
            self.dismiss(place)

    def action_find_speaker(self) -> None:
        """Type a part of a name."""
        self.query_one(FilterLine).focus()

    def action_copy_statement(self) -> None:
        """Copy the speaker's name: there is no statement here."""
        if spoke := self._rows.speaker():
            self.app.copy_to_clipboard(spoke.voice.name)
            say(self, _("Copied the name."))

    def action_save_statement(self) -> None:
        """Say where statements are: there is none here."""
        say(self, _("Enter shows what the speaker said, and s saves it there."))

    def action_close_speaker(self) -> None:
        """Go back to reading."""
        self.dismiss(None)


class SpeakerScreen(Page[StoryPlace | None]):
    """What one speaker said; Enter leads to where it stands."""

    PLACES: ClassVar[tuple[Place, ...]] = (Place.SPEAKER,)
    DEFAULT_CSS = """
    SpeakerScreen #speaker { height: auto; max-height: 6; padding: 0 2; background: $panel; }
    SpeakerScreen StatementRows { height: 1fr; padding: 1 1 0 1; }
    """

    def __init__(self, session: Session, name: str, *, kind: SourceKind | None = None) -> None:
        """The speaker who goes by `name`; `kind` tells a person from a place of the same name."""
        super().__init__()
        self.session = session
        self._speaker, self._kind = name, kind

    def compose(self) -> ComposeResult:
        """What the statements come to, a line to type in, the statements and the keys."""
        yield Static(Content.styled(self._speaker, "bold"), id="speaker", markup=False)
        yield FilterLine(_("Find words or an outlet"))
        yield StatementRows(id="statements")
        yield KeysLine(self.session.keymap)

    def on_mount(self) -> None:
        """Ask what it said."""
        self._rows.focus()
        self._rows.wait(_("Looking through all articles…"))
        self._load()

    @property
    def _rows(self) -> StatementRows:
        return self.query_one(StatementRows)

    @work(exclusive=True)
    async def _load(self) -> None:
        stories = self.session.library.stories

        def ask() -> tuple[Spoke, tuple[Statement, ...]]:
            return stories.speaker(self._speaker, kind=self._kind), stories.said(self._speaker, kind=self._kind)

        try:
            spoke, statements = await asyncio.to_thread(ask)
        except (LibraryError, StoreError) as error:
            self._rows.wait(str(error))
            return
        self.query_one("#speaker", Static).update(_heading(spoke, statements))
        self._rows.show(spoke.voice.name, statements)

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        self._rows.hold(event.value)

    @on(FilterLine.Left)
    def _left_filter(self) -> None:
        self._rows.focus()

    @on(Rows.Chosen)
    def _chosen(self) -> None:
        if place := self._rows.place():
            self.dismiss(place)

    def action_find_speaker(self) -> None:
        """Type words that it said."""
        self.query_one(FilterLine).focus()

    async def action_save_statement(self) -> None:
        """Save the statement."""
        library, statement = self.session.library, self._rows.statement()
        if statement is None:
            return
        with telling(self):
            opened = await asyncio.to_thread(library.stories.kept, statement)
            saved = await asyncio.to_thread(library.saved.located, opened.entry, opened.article.text)
            if replace(opened, highlights=saved).saved_at(statement.claim):
                say(self, _("This claim is saved already; 4 shows what you saved."))
                return
            await saving.keep(self, self.session, library.saved.of(opened, statement.claim))

    async def action_copy_statement(self) -> None:
        """Copy the statement with its citation."""
        library, statement = self.session.library, self._rows.statement()
        if statement is None:
            return
        with telling(self):
            opened = await asyncio.to_thread(library.stories.kept, statement)
            self.app.copy_to_clipboard(library.saved.citation(library.saved.of(opened, statement.claim)))
            say(self, _("Copied with its citation."))

    def action_close_speaker(self) -> None:
        """Go back to where one came from."""
        self.dismiss(None)


def _heading(spoke: Spoke, statements: Sequence[Statement]) -> Content:
    """The name; other names; how much it said, where, and when."""
    everywhere = [one for said in statements for one in (said, *said.also)]
    articles, outlets = {one.entry.id for one in everywhere}, {one.outlet for one in everywhere}
    told = [
        ngettext("{n} statement", "{n} statements", len(statements)).format(n=f"{len(statements):,}"),
        ngettext("in {n} article", "in {n} articles", len(articles)).format(n=f"{len(articles):,}"),
        ngettext("of {n} outlet", "of {n} outlets", len(outlets)).format(n=f"{len(outlets):,}"),
    ]
    lines = [Content.assemble((spoke.voice.name, "bold"), "  ", (kind_of(spoke), "$text-muted"))]
    if others := other_names(spoke):
        lines.append(Content(others))
    counted = " ".join(told)
    if everywhere:
        days = [layout.date(pick(one.entry.when for one in everywhere)) for pick in (min, max)]
        counted += " · " + " – ".join(dict.fromkeys(days))
    return Content("\n").join([*lines, Content.styled(counted, "$text-muted")])
