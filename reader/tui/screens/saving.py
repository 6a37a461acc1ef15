"""Saving, wherever it is done: kept at once, with the way back, and told to the person's own command."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from textual.screen import Screen

from reader.library.answers import LibraryError
from reader.model import Highlight
from reader.tui.messages import say, telling
from reader.tui.session import Session
from reader.words import _

Changed = Callable[[], Awaitable[object]]
"""Shows what is saved as it is now."""


async def keep(screen: Screen[Any], session: Session, highlight: Highlight, changed: Changed) -> None:
    """Save a highlight, be it that it could not be, and say so."""
    with telling(screen):
        saved = await asyncio.to_thread(session.library.saved.keep, highlight)
        session.changes.made(_("the highlight"), partial(_set_aside, session, saved, changed))
        if command := session.library.settings.commands.on_save:
            screen.app.run_worker(_tell(screen, session, command, saved), exit_on_error=False)
        await changed()
        words = _("Saved: {speaker}. 4 shows what you saved.")
        say(screen, words.format(speaker=saved.speaker or _("speaker not said")))


async def change(screen: Screen[Any], session: Session, before: Highlight, now: Highlight, changed: Changed) -> None:
    """Keep the note, tags and colour that a highlight has now, and say so."""
    with telling(screen):
        await asyncio.to_thread(session.library.saved.change, [now])
        session.changes.made(_("the note"), partial(_change_back, session, before, changed))
        await changed()
        say(screen, _("Kept; u undoes it."))


async def _set_aside(session: Session, saved: Highlight, changed: Changed) -> None:
    await asyncio.to_thread(session.library.saved.remove, [saved.id])
    await changed()


async def _change_back(session: Session, before: Highlight, changed: Changed) -> None:
    await asyncio.to_thread(session.library.saved.change, [before])
    await changed()


async def _tell(screen: Screen[Any], session: Session, command: str, saved: Highlight) -> None:
    from reader.highlights.exchange import to_json

    try:
        await asyncio.to_thread(session.library.commands.run, command, given=to_json([saved]))
    except LibraryError as error:
        say(screen, _("Saved, but the command for it failed: {why}").format(why=error), error=True, longer=True)
