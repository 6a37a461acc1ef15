"""What the settings come to in the reader: keys that do not clash, a theme that there is, a file that is watched."""

from __future__ import annotations

from pathlib import Path

from reader.config import ConfigError, Settings, load, refusal
from reader.tui import theme
from reader.tui.keyboard import Keymap, KeymapError


def keymap_of(settings: Settings, path: Path) -> Keymap:
    """The keys that the settings choose; ConfigError, with the line of the file, for those that can't be."""
    try:
        return Keymap(settings.keys)
    except KeymapError as error:
        raise _refusal(path, "keys", error.action_id, str(error)) from None


def themes_of(settings: Settings, path: Path | None) -> Path:
    """The folder with the person's themes: `~` is their home, and what is relative begins at the configuration."""
    beside = path.parent if path else Path()
    return beside / Path(settings.screen.themes or "themes").expanduser()


def check(settings: Settings, path: Path) -> None:
    """Raise ConfigError, with the line of the file, for keys or a theme that can't be."""
    keymap_of(settings, path)
    try:
        theme.named(settings.screen.theme, themes_of(settings, path))
    except theme.ThemeError as error:
        raise _refusal(path, "screen", "theme", str(error)) from None


def _refusal(path: Path, table: str, key: str, why: str) -> ConfigError:
    try:
        source = path.read_text(encoding="utf-8")
    except (OSError, ValueError):
        source = ""
    return refusal(source, str(path), table, key, f"can't be used: {why}")


class ConfigWatch:
    """Looks now and then whether the configuration was changed: one question to the system each time."""

    def __init__(self, path: Path) -> None:
        """Begin with the file as it is now."""
        self._path = path
        self._seen = self._state()

    def changed(self) -> Settings | None:
        """The settings, if the file is another than when this was last asked; ConfigError for those that can't be."""
        state = self._state()
        if state == self._seen:
            return None
        self._seen = state
        settings = load(self._path)
        check(settings, self._path)
        return settings

    def _state(self) -> tuple[int, int, int] | None:
        try:
            found = self._path.stat()
        except OSError:
            return None
        return found.st_mtime_ns, found.st_size, found.st_ino
