"""The application: it owns the library and the screens, turns keys into actions, and nothing else."""

from __future__ import annotations

import asyncio
import gc
import signal
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual import events, on
from textual.app import App
from textual.binding import BindingType
from textual.dom import DOMNode
from textual.driver import Driver
from textual.drivers.linux_driver import LinuxDriver
from textual.notifications import Notify, SeverityLevel
from textual.screen import ModalScreen
from textual.timer import Timer
from textual.widgets import Input, TextArea
from textual.worker import WorkerFailed

from reader.config import ConfigError, Settings
from reader.library.library import Library
from reader.model import Entry, Feed, SavedQuery
from reader.tui import theme
from reader.tui.actions import ACTIONS, Action, Place
from reader.tui.keyboard import Keyboard, Keymap, KeymapError, Meant, chain, places_of
from reader.tui.memory import Memory
from reader.tui.messages import Notice, SettingsChanged, say, telling
from reader.tui.screens.following import FollowingScreen
from reader.tui.screens.help import HelpScreen
from reader.tui.screens.reading import ReadingScreen
from reader.tui.screens.welcome import WelcomeScreen
from reader.tui.session import Session
from reader.tui.setup import ConfigWatch, themes_of
from reader.tui.terminal import TerminalDriver
from reader.tui.widgets.keys import KeysLine
from reader.words import _

if TYPE_CHECKING:
    from reader.tui.screens.palette import Hit

_COLLECTED = (10_000, 20, 100)
"""How often garbage is looked for: as Python has it, the screen would stand still for up to 40 ms during a refresh."""
_LOOK = 1.0
"""Seconds between two looks at the configuration."""
_PATIENCE = 0.5
"""Seconds that keys wait for what an earlier one set going."""
_SOON = 0.25
"""Seconds within which a digit is part of a count: 2 shows the stories, 2j moves two down."""


class NewsApp(App[str]):
    """A terminal news reader that shows who said what; it returns "demo" when the person asks for the newsroom."""

    TITLE = "newsreader"
    CSS_PATH = "newsreader.tcss"
    BINDINGS: ClassVar[list[BindingType]] = []
    PLACES: ClassVar[tuple[Place, ...]] = (Place.EVERYWHERE,)
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (90, "-medium"), (120, "-wide"), (180, "-huge")]  # noqa: RUF012 - as Textual types it
    ENABLE_COMMAND_PALETTE = False

    def __init__(
        self,
        library: Library,
        *,
        refresh_on_start: bool,
        title: str = "newsreader",
        config: Path | None = None,
        keymap: Keymap | None = None,
        memory: Memory | None = None,
        dark: bool = True,
    ) -> None:
        """`dark` says whether the terminal is, which counts where the theme is left to it."""
        super().__init__()
        self.session = Session(library=library, config=config, keymap=keymap or Keymap(), memory=memory or Memory())
        self.title = title
        theme.settle_auto(self, dark=dark)
        theme.use(self, library.settings.screen.theme, themes_of(library.settings, config))
        self.keyboard = Keyboard(self.session.keymap)
        self.fault: Exception | None = None
        """What the app broke down of; whoever ran it tells of that once the terminal is as it was."""
        self._soon: Timer | None = None
        self._refresh_on_start = refresh_on_start

    def notify(
        self,
        message: str,
        *,
        title: str = "",
        severity: SeverityLevel = "information",
        timeout: float | None = None,
        markup: bool = True,
    ) -> None:
        """Tell the person something, for as long as `timeout`."""
        seconds = self.NOTIFICATION_TIMEOUT if timeout is None else timeout
        self.post_message(Notify(Notice(message, title, severity, seconds, markup=markup)))

    def get_driver_class(self) -> type[Driver]:
        """Textual's own driver for terminals, mended."""
        driver = super().get_driver_class()
        return TerminalDriver if driver is LinuxDriver else driver

    def on_load(self) -> None:
        """End in good order whenever it is asked for, from before the terminal is taken on."""
        for end in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
            # Left to themselves they would leave the terminal in the alternate screen with the mouse on, and what
            # SIGINT raises can be caught by whatever is running.
            self._end_at(end)

    def _end_at(self, end: signal.Signals) -> None:
        # What is being put together is put together first, for it would miss its parts.
        asyncio.get_running_loop().add_signal_handler(end, self.call_after_refresh, self.exit)

    @contextmanager
    def suspend(self) -> Iterator[None]:
        """Let another program have the terminal; Ctrl+C, which a terminal sends to both, is then that one's alone."""
        with super().suspend():
            asyncio.get_running_loop().remove_signal_handler(signal.SIGINT)
            signal.signal(signal.SIGINT, lambda *_: None)  # if it were ignored, so it would be by what is run
            try:
                yield
            finally:
                self._end_at(signal.SIGINT)

    def on_mount(self) -> None:
        """Open on the headlines, or on the first steps when no feed is followed yet."""
        gc.set_threshold(*_COLLECTED)
        # Opening waits for slow servers in threads; the few that asyncio gives would soon all wait.
        asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(32))
        if self.session.config:
            self.set_interval(_LOOK, partial(self._look_at_settings, ConfigWatch(self.session.config)))
        reading = ReadingScreen(self.session)
        self.push_screen(reading)
        if not self.session.library.store.feeds():
            self.push_screen(WelcomeScreen(self.session), reading.welcomed)
        elif self._refresh_on_start:
            reading.refresh_feeds()

    def on_unmount(self) -> None:
        """Let nothing that a slow server holds up keep the program from ending."""
        self.session.library.stop()

    # When it breaks down: Textual would print every frame with its values, secrets among them.

    def _handle_exception(self, error: Exception) -> None:
        cause = error.error if isinstance(error, WorkerFailed) else error
        self.fault = self.fault or (cause if isinstance(cause, Exception) else error)
        super()._handle_exception(error)

    def panic(self, *_renderables: object) -> None:
        """End, and print nothing."""
        self._close_messages_no_wait()

    def _fatal_error(self) -> None:
        self.panic()

    # Settings.

    @on(SettingsChanged)
    def _settings_changed(self, event: SettingsChanged) -> None:
        with self._telling_of_settings():
            self.apply_settings(event.settings)

    @contextmanager
    def _telling_of_settings(self) -> Iterator[None]:
        try:
            yield
        except (ConfigError, theme.ThemeError, KeymapError) as error:
            say(self.screen, _("{error} The settings stay as they were.").format(error=error), error=True)

    def apply_settings(self, settings: Settings) -> None:
        """Let everything be as the settings are now, but for the network, which stays as it is until the next start."""
        library = self.session.library
        library.apply(replace(settings, network=library.settings.network))
        self.session.keymap.choose(settings.keys)
        theme.use(self, settings.screen.theme, themes_of(settings, self.session.config))
        for screen in self.screen_stack:
            if isinstance(screen, ReadingScreen):
                screen.set_reading(settings.reading)
            for line in screen.query(KeysLine):
                line.refresh()

    def _look_at_settings(self, watch: ConfigWatch) -> None:
        """Take in what the person changed in the file meanwhile."""
        with self._telling_of_settings():
            if settings := watch.changed():
                self.apply_settings(settings)

    # Keys.

    async def on_event(self, event: events.Event) -> None:
        """Keys are looked up in the keymap, but for those that a person types as text."""
        if isinstance(event, events.Key) and not event.is_forwarded and await self._pressed(event):
            return
        await super().on_event(event)

    async def _pressed(self, event: events.Key) -> bool:
        if self._soon:
            self._soon.stop()
            self._soon = None
        typing = isinstance(self.focused, Input | TextArea) or getattr(self.focused, "takes_keys", False)
        if typing and event.key not in ("ctrl+c", "ctrl+z"):
            self.keyboard.forget()
            return False
        character = event.character if event.is_printable and event.key != "space" else None
        meant, taken = self.keyboard.press(character or event.key, places_of(self.screen))
        if self.keyboard.in_doubt:
            self._soon = self.set_timer(_SOON, self._settle)
        await self._do(meant)
        self._show_typed()
        return taken

    async def _settle(self) -> None:
        await self._do(self.keyboard.settle())
        self._show_typed()

    def _show_typed(self) -> None:
        for screen in self.screen_stack:
            for line in screen.query(KeysLine):
                line.typed = self.keyboard.typed

    async def _do(self, meant: Iterable[Meant]) -> None:
        for action, count in meant:
            for node in chain(self.screen):
                if action.place in getattr(node, "PLACES", ()):
                    await self._patiently(f"{action.id}({count})" if count else action.id, node)
                    break

    async def _patiently(self, action: str, node: DOMNode) -> None:
        """Do an action before the next key is looked at, but for one that waits for the disk: keys must lead out."""
        doing = asyncio.ensure_future(self.run_action(action, node))
        await asyncio.wait({doing}, timeout=_PATIENCE)
        if doing.done():
            doing.result()
        else:
            doing.add_done_callback(self._done_late)

    def _done_late(self, done: asyncio.Future[bool]) -> None:
        if not done.cancelled() and (error := done.exception()) and isinstance(error, Exception):
            self._handle_exception(error)

    async def action_do(self, action_id: str) -> None:
        """Do one of the table's actions, where the person is."""
        await self._do(Meant(action, None) for action in ACTIONS if action.id == action_id)

    # What can be done everywhere.

    def action_help(self) -> None:
        """Show the keys of this place, or hide them again."""
        if isinstance(self.screen, HelpScreen):
            self.screen.dismiss()
        else:
            self.push_screen(HelpScreen(places_of(self.screen), self.session.keymap))

    async def action_undo(self) -> None:
        """Undo the last change."""
        with telling(self.screen):
            what = await self.session.changes.undo()
            for screen in self.screen_stack if what else ():
                if isinstance(screen, ReadingScreen | FollowingScreen):
                    await screen.reload()
            say(self.screen, _("Undone: {what}.").format(what=what) if what else _("Nothing to undo."))

    def action_palette(self) -> None:
        """Find an action, a feed, a story, something saved or a setting."""
        self._ask_palette(commands=False)

    def action_command(self) -> None:
        """Type a command."""
        self._ask_palette(commands=True)

    def _ask_palette(self, *, commands: bool) -> None:
        from reader.tui.screens.palette import PaletteScreen

        if not isinstance(self.screen, ModalScreen):
            self.push_screen(PaletteScreen(self.session, places_of(self.screen), commands=commands), self._found)

    async def _found(self, hit: Hit | None) -> None:
        """Go to what was found in the palette, or do it."""
        from reader.tui.screens import views
        from reader.tui.screens.commands import named
        from reader.tui.screens.settings import SettingsScreen

        if hit is None:
            return
        target = hit.target
        if isinstance(target, Action):
            await self._do([Meant(target, None)])
        elif isinstance(target, tuple):
            self.push_screen(SettingsScreen(self.session, at=target))
        else:
            reading = self._go_home()
            with telling(reading):
                if isinstance(target, str):
                    command, argument = named(target)
                    await command.run(reading, argument)
                elif isinstance(target, Feed):
                    await reading.turn_to(views.of_feed(target))
                elif isinstance(target, SavedQuery):
                    await reading.turn_to(views.of_smart_feed(target))
                elif isinstance(target, Entry):
                    reading.open_entry(target.id)
                elif target.entry_id is not None:
                    reading.open_entry(target.entry_id, at=target)
                else:
                    say(reading, _("Its article is no longer in the library; 4 shows what you saved."))

    def _go_home(self) -> ReadingScreen:
        """Leave what stands over the main screen."""
        while not isinstance(self.screen, ReadingScreen):
            self.screen.dismiss(None)
        return self.screen

    def action_settings(self) -> None:
        """Show the settings, and change them."""
        from reader.tui.screens.settings import SettingsScreen

        if not isinstance(self.screen, ModalScreen | SettingsScreen):
            self.push_screen(SettingsScreen(self.session))

    def action_quit_now(self) -> None:
        """Leave from anywhere."""
        self.exit()
