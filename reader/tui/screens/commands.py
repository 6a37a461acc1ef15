"""What can be typed after a colon."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from reader.library.answers import LibraryError
from reader.model import Order
from reader.tui.messages import say
from reader.tui.screens import views
from reader.tui.screens.reading import ReadingScreen
from reader.words import _


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """Something that is done with an argument; what can't be is a LibraryError, QueryError or StoreError."""

    name: str
    argument: str
    """What it takes, as the palette shows it."""
    help: str
    run: Callable[[ReadingScreen, str], Awaitable[None]]


async def _add(screen: ReadingScreen, address: str) -> None:
    from reader.tui.screens.add import AddScreen

    screen.add_feed(AddScreen(screen.session, address))


async def _search(screen: ReadingScreen, query: str) -> None:
    await screen.turn_to(views.of_query(query))


async def _feed(screen: ReadingScreen, name: str) -> None:
    await screen.turn_to(views.of_feed(await asyncio.to_thread(screen.library.feeds.find, name)))


async def _folder(screen: ReadingScreen, name: str) -> None:
    folders = {feed.folder for feed in await asyncio.to_thread(screen.library.store.feeds) if feed.folder}
    found = next((one for one in sorted(folders) if one.casefold().startswith(name.casefold())), None)
    if found is None:
        raise LibraryError(_("No folder is called {name}.").format(name=name))
    await screen.turn_to(views.of_folder(found))


async def _open(screen: ReadingScreen, number: str) -> None:
    if not number.isdecimal() or len(number) > 15:
        raise LibraryError(_("{words} is no entry's number.").format(words=number))
    screen.open_entry(int(number))


async def _speaker(screen: ReadingScreen, name: str) -> None:
    from reader.tui.screens.speakers import SpeakerScreen

    screen.app.push_screen(SpeakerScreen(screen.session, name), screen.left_story)


async def _order(screen: ReadingScreen, name: str) -> None:
    order = next((one for one in Order if one == name), None)
    if order is None:
        raise LibraryError(_("Headlines can be sorted by {orders}.").format(orders=", ".join(Order)))
    await screen.set_order(order=order)


async def _group(screen: ReadingScreen, how: str) -> None:
    if how not in ("", "story", "none"):
        raise LibraryError(_("Headlines are grouped by `story` or by `none`."))
    await screen.set_order(grouped=how != "none")


async def _keep(screen: ReadingScreen, name: str) -> None:
    await screen.keep_search(name)


async def _tag(screen: ReadingScreen, words: str) -> None:
    await screen.add_tags(words)


async def _pipe(screen: ReadingScreen, command: str) -> None:
    screen.pipe_to(command)


async def _with(screen: ReadingScreen, command: str) -> None:
    screen.open_with(command)


async def _theme(screen: ReadingScreen, name: str) -> None:
    await _set(screen, f"screen.theme {name}")


async def _set(screen: ReadingScreen, words: str) -> None:
    from reader import config
    from reader.tui.screens.settings import as_typed, change

    name, _space, value = words.partition(" ")
    table, _dot, key = name.partition(".")
    try:
        await change(screen, screen.session, table, key, as_typed(table, key, value.strip()))
    except config.ConfigError as error:
        raise LibraryError(str(error)) from None
    say(screen, _("{name} is now {value}.").format(name=name, value=value.strip() or _("as it was at first")))


def _does(action_id: str) -> Callable[[ReadingScreen, str], Awaitable[None]]:
    async def do(screen: ReadingScreen, _argument: str) -> None:
        await screen.run_action(action_id)

    return do


def _command(name: str, argument: str, text: str, run: Callable[[ReadingScreen, str], Awaitable[None]]) -> Command:
    return Command(name=name, argument=argument, help=text, run=run)


COMMANDS: tuple[Command, ...] = (
    _command("add", _("ADDRESS"), _("Follow a feed, or the one that a page has."), _add),
    _command("feed", _("NAME"), _("Show one feed's headlines."), _feed),
    _command("folder", _("NAME"), _("Show the headlines of a folder."), _folder),
    _command("group", "story|none", _("Group headlines by story, or not."), _group),
    _command("keep", _("NAME"), _("Keep the search that is shown as a smart feed."), _keep),
    _command("ledger", "", _("Show who states what in this story."), _does("ledger")),
    _command("open", _("NUMBER"), _("Open an entry by its number."), _open),
    _command("pipe", _("COMMAND"), _("Hand the article's text to a command."), _pipe),
    _command("quit", "", _("Leave the reader."), _does("app.quit_now")),
    _command("read", "", _("Mark all the headlines shown as read."), _does("read_all")),
    _command("refresh", "", _("Fetch what is new in all feeds."), _does("refresh_all")),
    _command("saved", "", _("Show what you saved."), _does("saved")),
    _command("search", _("QUERY"), _("Search titles, texts and claims."), _search),
    _command("set", _("TABLE.KEY VALUE"), _("Change a setting; without a value back to its default."), _set),
    _command("sort", "time|outlet|told", _("Sort headlines."), _order),
    _command("speaker", _("NAME"), _("Show all that somebody said."), _speaker),
    _command("tag", _("WORDS"), _("Put tags on the entry; commas stand between them."), _tag),
    _command("theme", _("NAME"), _("Show everything in other colours."), _theme),
    _command("undo", "", _("Undo the last change."), _does("app.undo")),
    _command("with", _("COMMAND"), _("Open the article's address with a command."), _with),
)


def named(words: str) -> tuple[Command, str]:
    """The command that was typed, and its argument; LibraryError where there is none of the name, or nothing for it."""
    name, _space, argument = words.strip().partition(" ")
    fitting = [one for one in COMMANDS if one.name == name] or [one for one in COMMANDS if one.name.startswith(name)]
    if len(fitting) != 1 or not name:
        known = ", ".join(one.name for one in COMMANDS)
        raise LibraryError(_("There is no command “{name}”; there are {known}.").format(name=name, known=known))
    command, argument = fitting[0], argument.strip()
    if command.argument and not argument and command.name != "group":
        raise LibraryError(_(":{name} needs {what}.").format(name=command.name, what=command.argument))
    return command, argument
