"""What a setting can be: each kind reads TOML's value into ours, gives ours back as TOML's, and knows what is typed."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import timedelta
from enum import StrEnum
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Any

from reader.words import _

Plain = bool | int | str | list[str]
"""A value as TOML has it."""


class Kind:
    """Text on one line, the plainest kind; the others differ from it in what they say."""

    takes = _("words on one line")
    """What can be set, to be read after "must be"."""

    def read(self, plain: Any) -> Any:
        """Our value; raises ValueError, that says why, for what is none."""
        if not isinstance(plain, str) or not plain.isprintable():
            raise self.wrong()
        return plain

    def wrong(self) -> ValueError:
        """What to raise for what can't be set."""
        return ValueError(_("must be {what}").format(what=self.takes))

    def plain(self, value: Any) -> Plain:
        """Our value as TOML has it."""
        return value  # type: ignore[no-any-return]

    def typed(self, words: str) -> Plain:
        """What a person typed, as TOML has it; what is wrong with it `read` will say."""
        return words

    def shown(self, value: Any) -> str:
        """Our value as a person would type it."""
        return str(self.plain(value))


class Flag(Kind):
    """True or false."""

    takes = _("true or false")

    def read(self, plain: Any) -> bool:
        """A boolean of TOML alone."""
        if not isinstance(plain, bool):
            raise self.wrong()
        return plain

    def typed(self, words: str) -> Plain:
        """True or false, in any case."""
        return {"true": True, "false": False}.get(words.casefold(), words)

    def shown(self, value: bool) -> str:
        """As TOML writes it."""
        return "true" if value else "false"


class Number(Kind):
    """A whole number between two."""

    def __init__(self, least: int, most: int) -> None:
        self.least, self.most = least, most
        self.takes = _("a whole number from {least} to {most}").format(least=least, most=most)

    def read(self, plain: Any) -> int:
        """A number in its bounds."""
        if not isinstance(plain, int) or isinstance(plain, bool) or not self.least <= plain <= self.most:
            raise self.wrong()
        return plain

    def typed(self, words: str) -> Plain:
        """A number, if it is one."""
        return int(words) if words.isascii() and words.isdecimal() and len(words) < 10 else words


class Time(Kind):
    """A time such as 30m; one that may be `open` is None where nothing is set."""

    def __init__(self, least: timedelta, most: timedelta, *, examples: str, is_open: bool = False) -> None:
        self.least, self.most, self.is_open = least, most, is_open
        self.takes = _("a time such as {examples}").format(examples=examples)

    def read(self, plain: Any) -> timedelta | None:
        """A time in its bounds."""
        if self.is_open and plain == "":
            return None
        time = duration(plain) if isinstance(plain, str) else None
        if time is None or not self.least <= time <= self.most:
            raise self.wrong()
        return time

    def plain(self, value: timedelta | None) -> str:
        """In the largest unit that it is whole in."""
        return spelled(value) if value is not None else ""


class Choice(Kind):
    """One of a few words."""

    def __init__(self, words: type[StrEnum]) -> None:
        self.words = words
        self.takes = _("one of {words}").format(words=_quoted(words))

    def read(self, plain: Any) -> StrEnum:
        """The word."""
        try:
            return self.words(plain)
        except ValueError:
            raise self.wrong() from None

    def plain(self, value: StrEnum) -> str:
        """The word."""
        return value.value


class Several(Kind):
    """A list, in TOML, that a person types with commas."""

    def plain(self, value: Iterable[Any]) -> list[str]:
        """The words."""
        return [str(one) for one in value]

    def typed(self, words: str) -> Plain:
        """What stands between the commas."""
        return [one.strip() for one in words.split(",") if one.strip()]

    def shown(self, value: Iterable[Any]) -> str:
        """With commas."""
        return ", ".join(self.plain(value))


class Choices(Several):
    """Some of a few words, each once."""

    def __init__(self, words: type[StrEnum]) -> None:
        self.words = words
        self.takes = _("a list of some of {words}").format(words=_quoted(words))

    def read(self, plain: Any) -> tuple[StrEnum, ...]:
        """The words, as they are listed."""
        try:
            return tuple(dict.fromkeys(self.words(one) for one in (plain if isinstance(plain, list) else [""])))
        except (ValueError, TypeError):
            raise self.wrong() from None


class Networks(Several):
    """Networks."""

    takes = _('a list such as ["192.168.1.0/24"]')

    def read(self, plain: Any) -> tuple[IPv4Network | IPv6Network, ...]:
        """The networks."""
        if not isinstance(plain, list):
            raise self.wrong()
        try:
            return tuple(ip_network(one) for one in plain)
        except (ValueError, TypeError) as error:
            raise ValueError(_("holds something that is no network: {why}").format(why=error)) from None


def _quoted(words: Iterable[str]) -> str:
    return ", ".join(f'"{word}"' for word in words)


_DURATION = re.compile(r"(\d{1,6})\s*(s|m|h|d|w)")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


def duration(text: str) -> timedelta | None:
    """A time such as 30m, 12h, 90d or 2w; None for what is none."""
    match = _DURATION.fullmatch(text.strip())
    return timedelta(**{_UNITS[match[2]]: int(match[1])}) if match else None


def spelled(time: timedelta) -> str:
    """A time as `duration` reads it, in the largest unit up to days that it is whole in: 90m, 2h, 14d."""
    units = [("d", timedelta(days=1)), ("h", timedelta(hours=1)), ("m", timedelta(minutes=1))]
    unit, length = next((unit for unit in units if time and not time % unit[1]), ("s", timedelta(seconds=1)))
    return f"{time // length}{unit}"
