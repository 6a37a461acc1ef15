"""Saving, wherever it is done: kept at once, shown wherever it is seen, with the way back, and told to a command."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from functools import partial
from typing import Any, Protocol, runtime_checkable

from textual.app import App
from textual.screen import Screen

from reader.library.answers import LibraryError
from reader.model import Highlight
from reader.text import clean
from reader.tui.messages import say, telling
from reader.tui.session import Session
from reader.words import _

_SAID = 400
"""Characters of what a command complained of that are shown."""


@runtime_checkable
class ShowsSaved(Protocol):
    """A screen that shows what is saved."""

    async def show_saved(self) -> None:
        """Show what is saved as it is now."""


async def told(app: App[Any]) -> None:
    """Show what is saved as it is now on every screen, also on those below: what is undone may be of any."""
    for screen in [*app.screen_stack]:
        if isinstance(screen, ShowsSaved):
            await screen.show_saved()


async def keep(screen: Screen[Any], session: Session, highlight: Highlight) -> None:
    """Save a highlight, be it that it could not be, and say so."""
    app = screen.app
    with telling(screen):
        saved = await asyncio.to_thread(session.library.saved.keep, highlight)
        session.changes.made(_("the highlight"), partial(put, app, session, [saved.id], removed=True))
        if command := session.library.settings.commands.on_save:
            app.run_worker(_tell(app, session, command, saved), exit_on_error=False)
        await told(app)
        words = _("Saved: {speaker}. 4 shows what you saved.")
        say(screen, words.format(speaker=saved.speaker or _("speaker not said")))


async def change(
    screen: Screen[Any], session: Session, changes: Sequence[tuple[Highlight, Highlight]], what: str, words: str
) -> None:
    """Keep what notes, tags and colours became; `what` is what is undone, `words` what is said of it."""
    app = screen.app
    with telling(screen):
        kept = await asyncio.to_thread(session.library.saved.change, changes)
        seen = {one.id: one for one, _after in changes}
        back = [(one, seen[one.id]) for one in kept]
        session.changes.made(what, partial(_change_back, app, session, back))
        await told(app)
        say(screen, words)


async def put(app: App[Any], session: Session, ids: Sequence[int], *, removed: bool) -> None:
    """Put highlights away, or bring them back."""
    saved = session.library.saved
    await asyncio.to_thread(saved.remove if removed else saved.restore, ids)
    await told(app)


async def _change_back(app: App[Any], session: Session, changes: Sequence[tuple[Highlight, Highlight]]) -> None:
    await asyncio.to_thread(session.library.saved.change, changes)
    await told(app)


async def _tell(app: App[Any], session: Session, command: str, saved: Highlight) -> None:
    from reader.highlights.exchange import to_json

    try:
        await asyncio.to_thread(session.library.commands.run, command, given=to_json([saved]), lasting=True)
    except LibraryError as error:
        why = clean(str(error))[:_SAID]
        say(app.screen, _("Saved, but the command for it failed: {why}").format(why=why), error=True, longer=True)
