"""The settings: all that can be set, what it is now, and a way to change it; keys and colours among them."""

from __future__ import annotations

import asyncio
import os
import re
import shlex
import shutil
import subprocess
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import ClassVar

from textual import on
from textual.app import ComposeResult, SuspendNotSupported
from textual.content import Content
from textual.theme import Theme
from textual.widget import Widget
from textual.widgets import Static

from reader import config
from reader.config import ConfigError, Setting, Settings
from reader.config.kinds import Choice, Flag, Kind, Plain, Several
from reader.library.answers import LibraryError
from reader.tui import setup, theme
from reader.tui.actions import ACTIONS, Action, Place
from reader.tui.keyboard import Keymap
from reader.tui.messages import SettingsChanged, say
from reader.tui.screens.ask import AskScreen
from reader.tui.screens.base import Page
from reader.tui.screens.choose import ChooseScreen
from reader.tui.session import Session
from reader.tui.widgets.keys import KeysLine
from reader.tui.widgets.rows import Rows
from reader.tui.widgets.settings import SettingRows
from reader.words import _

_EDITORS = ("nano", "vim", "vi")


def as_typed(table: str, key: str, words: str) -> Plain | None:
    """What a person typed for a setting, as TOML has it; None, its default, for nothing. ConfigError for what is wrong.

    Several keys of an action have `or` between them: "j or Down", "gg or Home".
    """
    if table == "keys" and key not in {action.id for action in ACTIONS}:
        raise ConfigError(_("There is no action {name}; docs/keys.md has them all.").format(name=key))
    if table != "keys":
        config.setting(table, key)  # refuses what is none
    if not words:
        return None
    if table == "keys":
        return re.split(r"\s+or(?:\s+|$)", words)
    one = config.setting(table, key)
    plain = one.kind.typed(words)
    try:
        one.kind.read(plain)
    except ValueError as error:
        raise ConfigError(f"{table}.{key} {error}.") from None
    return plain


async def change(here: Widget, session: Session, table: str, key: str, plain: Plain | None) -> None:
    """Set one thing in the file, None to its default, so that it can be undone; ConfigError for what can't be."""
    app, path = here.app, session.config
    if path is None:
        raise ConfigError(_("There is no file to keep settings in."))

    async def put(value: Plain | None) -> None:
        _check(session, table, key, value)
        app.post_message(SettingsChanged(await asyncio.to_thread(config.save, path, table, key, value)))

    before = await asyncio.to_thread(config.current, path, table, key)
    await put(plain)

    async def undo() -> None:
        try:
            await put(before)
        except ConfigError as error:
            raise LibraryError(str(error)) from None

    session.changes.made(_("the change to {setting}").format(setting=f"[{table}] {key}"), undo)


def _check(session: Session, table: str, key: str, plain: Plain | None) -> None:
    """Raise ConfigError for keys and themes that can't be, of which the file knows nothing."""
    settings = session.library.settings
    try:
        if table == "keys":
            others = {action: keys for action, keys in settings.keys.items() if action != key}
            chosen = {} if plain is None else {key: tuple(plain) if isinstance(plain, list) else (str(plain),)}
            Keymap({**others, **chosen})
        elif table == "screen":
            value = str(config.setting(table, key).of(Settings()) if plain is None else plain)
            screen = settings.screen
            screen = replace(screen, theme=value) if key == "theme" else replace(screen, themes=value)
            changed = replace(settings, screen=screen)
            theme.named(changed.screen.theme, setup.themes_of(changed, session.config))
    except ValueError as error:
        words = str(error)
        raise ConfigError(f"{words[0].upper()}{words[1:]}.") from None


class SettingsScreen(Page[None]):
    """All settings; what is changed is written to the file, holds at once, and can be undone."""

    PLACES: ClassVar[tuple[Place, ...]] = (Place.SETTINGS,)
    DEFAULT_CSS = """
    #settings { height: 1fr; padding: 0 1; }
    #setting { dock: bottom; height: 3; margin-bottom: 1; padding: 0 2; background: $surface; }
    """

    def __init__(self, session: Session, *, at: tuple[str, str] | None = None) -> None:
        """`at` is the table and key to begin with."""
        super().__init__()
        self.session = session
        self._at = at

    def compose(self) -> ComposeResult:
        """The list, and more about the row under the cursor."""
        yield Static(self._state(), id="state", markup=False)
        yield SettingRows(self.session.library.settings, self.session.keymap)
        yield Static(id="setting", markup=False)
        yield KeysLine(self.session.keymap)

    def on_mount(self) -> None:
        """Begin where it was asked for."""
        rows = self.query_one(SettingRows)
        rows.focus()
        rows.redraw()
        # With the theme the app has taken over all the rest of the settings, too.
        self.app.theme_changed_signal.subscribe(self, self._taken_over)
        for index, row in enumerate(rows.rows):
            if isinstance(row, Setting) and (row.table, row.key) == self._at:
                rows.cursor = index
        self._tell()

    def _taken_over(self, _theme: Theme) -> None:
        self.query_one(SettingRows).show(self.session.library.settings, self.session.keymap)
        self._tell()

    def _state(self) -> str:
        return f" {_('Settings')} · {self.session.config or _('no file: nothing is kept')}"

    def _row(self) -> Setting | Action | None:
        rows = self.query_one(SettingRows)
        row = rows.rows[rows.cursor]
        return None if isinstance(row, str) else row

    @on(Rows.Moved)
    def _tell(self) -> None:
        """More about the row under the cursor."""
        row = self._row()
        about = self.query_one("#setting", Static)
        if row is None:
            about.update("")
            return
        table, key = _named(row)
        default = " or ".join(row.keys) if isinstance(row, Action) else row.kind.shown(row.of(Settings()))
        is_default = self.query_one(SettingRows).is_default(row)
        more = _("its default") if is_default else _("default: {value}").format(value=default or "—")
        if isinstance(row, Setting) and type(row.kind) is not Kind:
            more += f" · {row.kind.takes}"
        about.update(
            Content("\n").join(
                [
                    Content(_(row.help)),
                    Content.styled(f"[{table}] {key}", "bold") + Content.styled(f" · {more}", "$text-muted"),
                ]
            )
        )

    @on(Rows.Chosen)
    def _chosen(self) -> None:
        self._tell()
        row = self._row()
        if isinstance(row, Action):
            question = _("Which keys shall do this: {help}").format(help=row.help)
            hint = _("j, gg, Ctrl-d, PgDn; `or` between several; nothing for no key")
            self._ask_words(row, question, " or ".join(self._keys(row)), hint=hint)
        elif isinstance(row, Setting):
            self._ask(row)

    def _ask(self, one: Setting) -> None:
        """Turn what is true or false, offer what can be chosen, and ask for all else."""
        settings = self.session.library.settings
        now = one.kind.shown(one.of(settings))
        if isinstance(one.kind, Flag):
            self._set(one, not one.of(settings))
        elif isinstance(one.kind, Choice):
            self._choose(one, [word.value for word in one.kind.words], now)
        elif (one.table, one.key) == ("screen", "theme"):
            folder = setup.themes_of(settings, self.session.config)
            self._choose(one, theme.names(folder), now, preview=lambda name: theme.use(self.app, name, folder))
        else:
            self._ask_words(one, f"[{one.table}] {one.key}: {_(one.help)}", now, hint=one.kind.takes)

    def _ask_words(self, row: Setting | Action, question: str, now: str, *, hint: str) -> None:
        def answered(words: str | None) -> None:
            if words is not None and words != now:
                self._set(row, _typed(row, words))

        def check(words: str) -> None:
            _check(self.session, *_named(row), _typed(row, words))

        self.app.push_screen(AskScreen(question, value=now, hint=hint, optional=True, check=check), answered)

    def _choose(
        self, one: Setting, words: list[str], now: str, *, preview: Callable[[str], object] | None = None
    ) -> None:
        def chosen(word: str | None) -> None:
            if word is not None and word != now:
                self._set(one, word)

        self.app.push_screen(ChooseScreen(_(one.help), words, now, preview=preview), chosen)

    def _keys(self, action: Action) -> tuple[str, ...]:
        return self.session.library.settings.keys.get(action.id, action.keys)

    def _set(self, row: Setting | Action, plain: Plain | None) -> None:
        self.run_worker(self._change(row, plain), group="set")

    async def _change(self, row: Setting | Action, plain: Plain | None) -> None:
        table, key = _named(row)
        try:
            await change(self, self.session, table, key, plain)
        except ConfigError as error:
            say(self, str(error), error=True)
            with suppress(theme.ThemeError):  # which may have been shown before it was to be kept
                settings = self.session.library.settings
                theme.use(self.app, settings.screen.theme, setup.themes_of(settings, self.session.config))

    def action_reset_setting(self) -> None:
        """Take the setting under the cursor out of the file."""
        if row := self._row():
            self._set(row, None)

    def action_close_settings(self) -> None:
        """Go back."""
        self.dismiss(None)

    async def action_edit_file(self) -> None:
        """Open the file in the person's editor, and take over what it says then."""
        if (path := self.session.config) is None:
            return say(self, _("There is no file to keep settings in."), error=True)
        try:
            if not path.exists():
                config.write(path, config.example(commented=True))
            self._edit(path)
            settings = config.load(path)
            setup.check(settings, path)
        except ConfigError as error:
            return say(self, str(error), error=True)
        self.app.post_message(SettingsChanged(settings))
        return None

    def _edit(self, path: Path) -> None:
        usual = os.environ.get("VISUAL") or os.environ.get("EDITOR") or next(filter(shutil.which, _EDITORS), "")
        try:
            command = shlex.split(usual)
            if not command:
                raise ConfigError(_("There is no editor: set EDITOR to the one you like."))
            with self.app.suspend():
                subprocess.run([*command, str(path)], check=False)
        except (OSError, ValueError) as error:
            if isinstance(error, ConfigError):
                raise
            why = getattr(error, "strerror", None) or error
            raise ConfigError(_("The editor {name} can't be run: {why}.").format(name=usual, why=why)) from None
        except SuspendNotSupported:
            raise ConfigError(
                _("This terminal can't be handed to an editor; change {path} there.").format(path=path)
            ) from None


def _named(row: Setting | Action) -> tuple[str, str]:
    return ("keys", row.id) if isinstance(row, Action) else (row.table, row.key)


def _typed(row: Setting | Action, words: str) -> Plain | None:
    """An answer; nothing is the default, but of a list it is an empty one."""
    table, key = _named(row)
    several = isinstance(row, Action) or isinstance(row.kind, Several)
    return [] if several and not words else as_typed(table, key, words)
