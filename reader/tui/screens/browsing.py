"""Going to a page of the web: where it leads is told first."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from textual.screen import Screen

from reader.feeds.hosts import Lead
from reader.tui.messages import say
from reader.words import _


def browse(screen: Screen[Any], to: Lead) -> None:
    """Open a page in the browser; the person is told where it leads, and asked where that is not what it seems."""
    hand_on(
        screen, to, partial(screen.run_worker, partial(screen.app.open_url, to.url), thread=True, exit_on_error=False)
    )


def hand_on(screen: Screen[Any], to: Lead, do: Callable[[], object]) -> None:
    """Do something with an address that opens it, as `browse` does."""

    def answered(sure: bool | None) -> None:
        if sure:
            say(screen, _("Opening {url}").format(url=to.url))
            do()

    if not to.warning:
        answered(True)
        return
    from reader.tui.screens.ask import SureScreen

    question = _("The address leads to {host}.").format(host=to.host)
    screen.app.push_screen(SureScreen(f"{question}\n⚠ {to.warning}", yes=_("open")), answered)
