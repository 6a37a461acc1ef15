"""The person's settings: TOML in, `Settings` out, and one setting at a time back. No globals; paths follow XDG."""

from __future__ import annotations

import difflib
import os
import re
import tomllib
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Any

import platformdirs

from reader.config.kinds import Choice, Choices, Flag, Kind, Networks, Number, Plain, Time
from reader.config.kinds import duration as duration
from reader.config.kinds import spelled as spelled
from reader.model import AlertRule, CitationStyle
from reader.text import one_line
from reader.words import N_, _


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
    on_save: str = ""
    """Run for each new highlight, which it gets as JSON on its standard input; empty: nothing is run."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Saving:
    """The table `[saved]`."""

    citation: CitationStyle = CitationStyle.PLAIN
    folder: str = "~/newsreader"
    """Where the reader writes exports."""


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
    saved: Saving = field(default_factory=Saving)
    keys: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """The table `[keys]`: by action the keys that do it in place of its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One thing that can be set."""

    table: str
    key: str
    kind: Kind
    help: str
    """One sentence, to be translated where it is shown."""

    def of(self, settings: Settings) -> Any:
        """Its value."""
        return getattr(getattr(settings, self.table), self.key)


def _setting(table: str, key: str, kind: Kind, text: str) -> Setting:
    return Setting(table=table, key=key, kind=kind, help=text)


_EVERY = Time(timedelta(minutes=1), timedelta(days=30), examples=_('"30m", "1h" or "2d", from 1m to 30d'))
_KEEPS = Time(
    timedelta(days=1),
    timedelta(days=36_500),
    examples=_('"30d" or "365d", from 1d on; "" for ever'),
    is_open=True,
)

SETTINGS: tuple[Setting, ...] = (
    _setting("reading", "measure", Number(40, 120), N_("How many columns a line of an article has at most.")),
    _setting("reading", "justify", Flag(), N_("Whether lines are drawn out to the same length.")),
    _setting("reading", "images", Flag(), N_("Whether an article's lead picture is fetched and shown.")),
    _setting("screen", "theme", Kind(), N_("The colours, by a theme's name; auto: dark or light as the terminal is.")),
    _setting("screen", "themes", Kind(), N_("A folder with Base16 schemes; empty: `themes` beside this file.")),
    _setting("refresh", "interval", _EVERY, N_("How long a feed rests between two checks, unless it asks for longer.")),
    _setting("refresh", "on_start", Flag(), N_("Whether opening the reader refreshes the feeds that are due.")),
    _setting("library", "keep", _KEEPS, N_("How long articles are kept that you did not save, star or tag.")),
    _setting("alerts", "tell", Choices(AlertRule), N_("What to tell of stories whose ledger you opened.")),
    _setting("notify", "by", Choice(NotifyBy), N_("How rules tell; auto: the terminal here, else the desktop.")),
    _setting("commands", "pipe", Kind(), N_("The command that gets an article's text; empty: the reader asks.")),
    _setting("commands", "open_with", Kind(), N_("The command that gets its address; empty: the reader asks.")),
    _setting("commands", "on_save", Kind(), N_("The command that gets each new highlight as JSON; empty: none.")),
    _setting("saved", "citation", Choice(CitationStyle), N_("The style in which quotes are copied.")),
    _setting("saved", "folder", Kind(), N_("The folder that exports of what you saved are written to.")),
    _setting("network", "allow_private", Networks(), N_("Networks feeds may live on beside the public ones.")),
)  # fmt: skip
"""All that can be set but for keys, which are the screens' affair: the table is `[keys]`, each key an action."""


def setting(table: str, key: str) -> Setting:
    """The setting of a name; ConfigError, with what was perhaps meant, where there is none."""
    for one in SETTINGS:
        if (one.table, one.key) == (table, key):
            return one
    names = [f"{one.table}.{one.key}" for one in SETTINGS]
    raise ConfigError(f"{table}.{key} is not a setting{_hint(f'{table}.{key}', names)}.")


def example(*, commented: bool = False) -> str:
    """A configuration with every setting at its default and what it does; `commented` leaves all of them out."""
    parts: list[str] = []
    table = ""
    for one in SETTINGS:
        if one.table != table:
            table = one.table
            parts.append(f"{'' if not parts else chr(10)}[{table}]")
        parts.append(f"# {_(one.help)}")
        if type(one.kind) is not Kind:  # that a command is words goes without saying
            parts.append(f"# {one.kind.takes[0].upper()}{one.kind.takes[1:]}.")
        parts.append(f"{'# ' if commented else ''}{one.key} = {_toml(one.kind.plain(one.of(Settings())))}")
    return "\n".join(parts) + "\n"


def _toml(plain: Plain) -> str:
    import json  # whose booleans, numbers, strings and lists of them are TOML, too

    return json.dumps(plain, ensure_ascii=False)


# Where things are.


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


def pictures_path() -> Path:
    """Where pictures of articles are kept; what is in there can be fetched again."""
    return platformdirs.user_cache_path("newsreader") / "pictures"


def screen_path() -> Path:
    """Where the reader remembers how wide panes are, and what is hidden."""
    return platformdirs.user_state_path("newsreader") / "screen.json"


def log_path() -> Path:
    """Where the log is."""
    return platformdirs.user_state_path("newsreader") / "log"


def crashes_path() -> Path:
    """Where reports of crashes are put."""
    return platformdirs.user_state_path("newsreader") / "crashes"


# Reading.


def load(path: Path, *, required: bool = False) -> Settings:
    """Read the settings from `path`; a missing file means the defaults unless it is `required`."""
    source = _source(path)
    if source is None and required:
        raise ConfigError(f"There is no configuration file at {path}.")
    return parse(source or "", name=str(path))


def _source(path: Path) -> str | None:
    try:
        return path.read_bytes().decode("utf-8")
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"The configuration {path} can't be read: {error}.") from None


def parse(source: str, *, name: str = "config.toml") -> Settings:
    """Settings from TOML `source`; unknown keys and wrong values are refused with the line and a suggestion."""
    tables = _tables(source, name)
    known: dict[str, dict[str, Kind]] = {}
    for one in SETTINGS:
        known.setdefault(one.table, {})[one.key] = one.kind
    for table, given in tables.items():
        if table not in known and table != "keys":
            raise refusal(source, name, table, None, f"is not a setting{_hint(table, [*known, 'keys'])}")
        if not isinstance(given, dict):
            raise refusal(source, name, table, None, "must be a table")
    read: dict[str, dict[str, Any]] = {table: {} for table in known}
    for table, kinds in known.items():
        for key, plain in tables.get(table, {}).items():
            if key not in kinds:
                raise refusal(source, name, table, key, f"is not a setting{_hint(key, kinds)}")
            try:
                read[table][key] = kinds[key].read(plain)
            except ValueError as error:
                raise refusal(source, name, table, key, str(error)) from None
    keys: dict[str, tuple[str, ...]] = {}
    for action, plain in tables.get("keys", {}).items():
        written = [plain] * (plain != "") if isinstance(plain, str) else plain
        if not isinstance(written, list) or not all(isinstance(one, str) for one in written):
            why = 'must be keys such as "gg" or ["gg", "Home"]; "" for none'
            raise refusal(source, name, "keys", action, why)
        keys[action] = tuple(written)
    return Settings(
        network=Network(**read["network"]),
        refresh=Refresh(**read["refresh"]),
        library=Keeping(**read["library"]),
        notify=Notify(**read["notify"]),
        alerts=Alerts(**read["alerts"]),
        reading=Reading(**read["reading"]),
        screen=Screen(**read["screen"]),
        commands=Commands(**read["commands"]),
        saved=Saving(**read["saved"]),
        keys=keys,
    )


def _tables(source: str, name: str) -> dict[str, Any]:
    try:
        return tomllib.loads(source)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise ConfigError(f"{name} is not valid TOML: {error}.") from None


def _hint(given: str, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(given, list(known), n=1)
    return f"; did you mean {near[0]!r}?" if near else f"; known here: {', '.join(known)}"


def refusal(source: str, name: str, table: str, key: str | None, why: str) -> ConfigError:
    """What to raise about a setting of the file `name`: the file, the line and the setting before `why`."""
    what = f"[{table}] {key}" if key else f"[{table}]"
    return ConfigError(one_line(f"{name}, line {line_of(source, table, key)}: {what} {why}."))


def line_of(source: str, table: str, key: str | None = None) -> int:
    """The line of `source`, counted from 1, where a table or a key of it stands; 1 where none is found.

    tomllib keeps no lines, so we look: for where the name is set, and where that fails for the word.
    """
    word = rf"(?<![\w-])[\"']?{re.escape(key or table)}[\"']?(?![\w-])"
    for pattern in (rf"{word}\s*=" if key else rf"^\s*(\[\s*)?{word}", word):
        inside = None
        for number, line in enumerate(source.splitlines(), 1):
            if header := re.match(r"\s*\[+\s*[\"']?([^\]\"']+?)[\"']?\s*\]", line):
                inside = header[1]
            if re.search(pattern, line.split("#")[0]) and (key is None or inside in (table, None)):
                return number
    return 1


# Writing.


def current(path: Path, table: str, key: str) -> Plain | None:
    """What the file sets, as TOML has it; None where it does not."""
    source = _source(path) or ""
    plain = _table(_tables(source, str(path)), source, path, table).get(key)
    return plain if isinstance(plain, bool | int | str | list) else None


def _table(tables: dict[str, Any], source: str, path: Path, name: str) -> dict[str, Any]:
    held = tables.get(name, {})
    if not isinstance(held, dict):
        raise refusal(source, str(path), name, None, "must be a table")
    return held


def save(path: Path, table: str, key: str, value: Plain | None) -> Settings:
    """Set one thing in the file, or with None take it out, and return what the file says then.

    Comments and order stay. A file that could not be read again is never written: ConfigError says why.
    """
    import tomlkit
    from tomlkit.exceptions import TOMLKitError

    source = _source(path) or ""
    wanted = _tables(source, str(path))
    _table(wanted, source, path, table)
    if value is not None:
        wanted.setdefault(table, {})[key] = value
    elif key in wanted.get(table, {}):
        del wanted[table][key]
    else:
        return parse(source, name=str(path))
    try:
        document = tomlkit.parse(source)
        if value is None:
            del document[table][key]
        elif table in document:
            document[table][key] = value
        else:
            document[table] = tomlkit.table()
            document[table][key] = value
        written = tomlkit.dumps(document)
    except (TOMLKitError, KeyError, TypeError, AttributeError):
        written = None
    if written is None or _or_nothing(written) != {name: held for name, held in wanted.items() if held != {}}:
        why = "can't be changed as the file is written; change it there yourself"
        raise refusal(source, str(path), table, key, why)
    settings = parse(written, name=str(path))
    write(path, written)
    return settings


def _or_nothing(source: str) -> dict[str, Any] | None:
    with suppress(tomllib.TOMLDecodeError):
        return {name: held for name, held in tomllib.loads(source).items() if held != {}}
    return None


def write(path: Path, source: str) -> None:
    """Put `source` where the file is, whole or not at all; a link stays one, and who may read it stays."""
    import tempfile

    target = Path(os.path.realpath(path))
    temporary = None
    try:
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=".config-")
        with os.fdopen(handle, "wb") as file:
            file.write(source.encode())
            file.flush()
            os.fsync(file.fileno())
        if target.exists():
            Path(temporary).chmod(target.stat().st_mode & 0o7777)
        Path(temporary).replace(target)
    except OSError as error:
        if temporary:
            Path(temporary).unlink(missing_ok=True)
        raise ConfigError(f"The configuration {path} can't be written: {error.strerror or error}.") from None
