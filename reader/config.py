"""The person's settings: TOML in, `Settings` out. No globals; paths follow XDG."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Any

import platformdirs

from reader.model import AlertRule
from reader.text import one_line


class ConfigError(ValueError):
    """The configuration can't be used; the message is one plain sentence with the file and line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """The table `[network]`."""

    allow_private: tuple[IPv4Network | IPv6Network, ...] = ()
    """Networks that feeds and pages may live on beside the public ones."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refresh:
    """The table `[refresh]`."""

    interval: timedelta = timedelta(hours=1)
    """How long a feed rests between two checks, unless it asks for longer."""
    on_start: bool = True
    """Whether opening the reader refreshes the feeds that are due."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Keeping:
    """The table `[library]`."""

    keep: timedelta | None = None
    """How long entries are kept of which nothing is saved; None: for ever."""


class NotifyBy(StrEnum):
    """The way by which rules tell what they found."""

    AUTO = "auto"
    """The terminal in the reader; the desktop from `newsreader refresh`, where there is one."""
    TERMINAL = "terminal"
    DESKTOP = "desktop"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Notify:
    """The table `[notify]`."""

    by: NotifyBy = NotifyBy.AUTO


@dataclass(frozen=True, slots=True, kw_only=True)
class Alerts:
    """The table `[alerts]`."""

    tell: tuple[AlertRule, ...] = tuple(AlertRule)
    """What to tell when news comes in of a story whose ledger was opened."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """The table `[reading]`."""

    measure: int = 72
    """Cells of a line of text at most."""
    justify: bool = True
    """Whether lines are drawn out to the measure."""
    images: bool = True
    """Whether an article's lead picture is fetched and shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Screen:
    """The table `[screen]`."""

    theme: str = "auto"
    """A theme by its name; `auto` is a dark or a light one, as the terminal is."""
    themes: str = ""
    """A folder with Base16 themes; empty: `themes` beside the configuration."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Commands:
    """The table `[commands]`: what keys hand things to."""

    pipe: str = ""
    """Gets the article's text on its standard input; empty: the reader asks."""
    open_with: str = ""
    """Gets the article's address for its last argument; empty: the reader asks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything a person can set, with its defaults."""

    network: Network = field(default_factory=Network)
    refresh: Refresh = field(default_factory=Refresh)
    library: Keeping = field(default_factory=Keeping)
    notify: Notify = field(default_factory=Notify)
    alerts: Alerts = field(default_factory=Alerts)
    reading: Reading = field(default_factory=Reading)
    screen: Screen = field(default_factory=Screen)
    commands: Commands = field(default_factory=Commands)
    keys: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """The table `[keys]`: by action the keys that do it in place of its own."""


def config_path() -> Path:
    """Where the configuration lives unless `--config` says otherwise."""
    return platformdirs.user_config_path("newsreader") / "config.toml"


def library_path() -> Path:
    """Where the library lives unless `--library` says otherwise."""
    return platformdirs.user_data_path("newsreader") / "library.sqlite"


def demo_path() -> Path:
    """Where the demo keeps a library of its own."""
    return platformdirs.user_data_path("newsreader") / "demo.sqlite"


def reports_path() -> Path:
    """Where the reader puts reports of pages that read badly."""
    return platformdirs.user_state_path("newsreader") / "reports"


def load(path: Path, *, required: bool = False) -> Settings:
    """Read the settings from `path`; a missing file means the defaults unless it is `required`."""
    try:
        source = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        if required:
            raise ConfigError(f"There is no configuration file at {path}.") from None
        return Settings()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"The configuration {path} can't be read: {error}.") from None
    return parse(source, name=str(path))


def parse(source: str, *, name: str = "config.toml") -> Settings:
    """Settings from TOML `source`; unknown keys and wrong values are refused with the line and a suggestion."""
    try:
        tables = tomllib.loads(source)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{name} is not valid TOML: {error}.") from None
    reading = _Reading(source, name)
    reading.check_keys(tables, _KEYS, where=None)
    for table, keys in _KEYS.items():
        if not isinstance(tables.get(table, {}), dict):
            raise reading.refuse(table, None, "must be a table")
        reading.check_keys(tables.get(table, {}), keys, where=table)
    network, refresh, library, notify, alerts = (tables.get(name, {}) for name in _KEYS)
    return Settings(
        network=Network(allow_private=reading.networks(network.get("allow_private", []))),
        refresh=Refresh(
            interval=reading.duration(refresh["interval"], "refresh", "interval", _INTERVALS)
            if "interval" in refresh
            else Refresh().interval,
            on_start=reading.boolean(refresh.get("on_start", Refresh().on_start), "refresh", "on_start"),
        ),
        library=Keeping(
            keep=None if library.get("keep", "") == "" else reading.duration(library["keep"], "library", "keep", _KEEPS)
        ),
        notify=Notify(by=reading.way(notify.get("by", Notify().by))),
        alerts=Alerts(tell=reading.rules(alerts["tell"]) if "tell" in alerts else Alerts().tell),
    )


_KEYS: dict[str, tuple[str, ...]] = {
    "network": ("allow_private",),
    "refresh": ("interval", "on_start"),
    "library": ("keep",),
    "notify": ("by",),
    "alerts": ("tell",),
}
_DURATION = re.compile(r"(\d{1,6})\s*(s|m|h|d|w)")
_INTERVALS = (timedelta(minutes=1), timedelta(days=30), '"30m", "1h" or "2d", from 1m to 30d')
_KEEPS = (timedelta(days=1), timedelta(days=36_500), '"30d" or "365d", from 1d on; "" for ever')
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


def duration(text: str) -> timedelta | None:
    """A time such as 30m, 12h, 90d or 2w; None for what is none."""
    match = _DURATION.fullmatch(text.strip())
    return timedelta(**{_UNITS[match[2]]: int(match[1])}) if match else None


class _Reading:
    """One pass over one file: turns values into types, and says on which line a wrong one stands."""

    def __init__(self, source: str, name: str) -> None:
        self._lines = source.splitlines()
        self._name = name

    def check_keys(
        self, given: Mapping[str, Any], known: Mapping[str, Any] | tuple[str, ...], where: str | None
    ) -> None:
        for key in given:
            if key not in known:
                near = difflib.get_close_matches(key, list(known), n=1)
                hint = f"; did you mean {near[0]!r}?" if near else f"; known here: {', '.join(known)}"
                raise self.refuse(where or key, key if where else None, "is not a setting" + hint)

    def networks(self, value: Any) -> tuple[IPv4Network | IPv6Network, ...]:
        if not isinstance(value, list):
            raise self.refuse("network", "allow_private", 'must be a list such as ["192.168.1.0/24"]')
        try:
            return tuple(ip_network(item) for item in value)
        except (ValueError, TypeError) as error:
            raise self.refuse("network", "allow_private", f"holds something that is no network: {error}") from None

    def duration(self, value: Any, table: str, key: str, between: tuple[timedelta, timedelta, str]) -> timedelta:
        time = duration(value) if isinstance(value, str) else None
        least, most, examples = between
        if time is None or not least <= time <= most:
            raise self.refuse(table, key, f"must be a time such as {examples}")
        return time

    def way(self, value: Any) -> NotifyBy:
        try:
            return NotifyBy(value)
        except ValueError:
            raise self.refuse("notify", "by", "must be one of " + ", ".join(f'"{way}"' for way in NotifyBy)) from None

    def rules(self, value: Any) -> tuple[AlertRule, ...]:
        try:
            return tuple(dict.fromkeys(AlertRule(rule) for rule in (value if isinstance(value, list) else [""])))
        except ValueError:
            known = ", ".join(f'"{rule}"' for rule in AlertRule)
            raise self.refuse("alerts", "tell", f"must be a list of some of {known}") from None

    def boolean(self, value: Any, table: str, key: str) -> bool:
        if not isinstance(value, bool):
            raise self.refuse(table, key, "must be true or false")
        return value

    def refuse(self, table: str, key: str | None, why: str) -> ConfigError:
        what = f"[{table}] {key}" if key else f"[{table}]"
        return ConfigError(one_line(f"{self._name}, line {self._line(table, key)}: {what} {why}."))

    def _line(self, table: str, key: str | None) -> int:
        """The line where `key` of `table` stands: tomllib keeps none, so we look for the word."""
        word = re.compile(rf"(?<![\w-]){re.escape(key or table)}(?![\w-])")
        inside = None
        for number, line in enumerate(self._lines, 1):
            if header := re.match(r"\s*\[+\s*([^\]]+?)\s*\]", line):
                inside = header[1]
            if word.search(line.split("#")[0]) and (key is None or inside in (table, None)):
                return number
        return 1
