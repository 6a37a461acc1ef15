"""The manual page, made from the very parser that reads the commands."""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator

from reader import __version__

_OWN = ("--help", "--library", "--config")
"""Options that all commands have, and that are told of once."""
_FILES = (
    ("~/.config/newsreader/config.toml", "the configuration; --config names another"),
    ("~/.local/share/newsreader/library.sqlite", "the library; --library names another"),
    ("~/.local/state/newsreader", "reports of pages that read badly"),
)
_CODES = (
    ("0", "it went well"),
    ("1", "it failed; standard error says why"),
    ("2", "it was asked for wrongly: an option, a query, the configuration"),
    ("3", "some feeds failed, the others were fetched"),
    ("4", "the library is busy, or newer than this program"),
)


def page(parser: argparse.ArgumentParser) -> str:
    """The page, in the language of man(7)."""
    lines = [
        f'.TH NEWSREADER 1 "" "newsreader {__version__}" "User Commands"',
        ".SH NAME",
        r"newsreader \- a terminal news reader that shows who said what",
        ".SH SYNOPSIS",
        r".B newsreader",
        r"[\fICOMMAND\fR] [\fIOPTIONS\fR]",
        ".SH DESCRIPTION",
        _plain(parser.description or ""),
        ".SH OPTIONS",
        *_arguments(parser, without=()),
        ".SH COMMANDS",
    ]
    for command in _commands(parser):
        lines += [f'.SS "{_plain(_usage(command))}"', _plain(command.description or "")]
        lines += _arguments(command, without=_OWN)
        lines += _examples(command.epilog)
    lines += [".SH EXIT STATUS", *_listed(_CODES), ".SH FILES", *_listed(_FILES)]
    return "\n".join(lines) + "\n"


def _commands(parser: argparse.ArgumentParser) -> Iterator[argparse.ArgumentParser]:
    """All commands, each before those that it consists of."""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for command in action.choices.values():
                yield command
                yield from _commands(command)


def _usage(command: argparse.ArgumentParser) -> str:
    """How a command is written, on one line and without what all have in common."""
    usage = " ".join(command.format_usage().split())
    for common in ("[-h]", "[--library PATH]", "[--config PATH]"):
        usage = usage.replace(f"{common} ", "").removesuffix(f" {common}")
    return usage.removeprefix("usage: ")


def _arguments(parser: argparse.ArgumentParser, *, without: tuple[str, ...]) -> Iterator[str]:
    for action in parser._actions:
        is_command = isinstance(action, argparse._SubParsersAction)
        if is_command or not action.help or set(action.option_strings) & set(without):
            continue
        named = ", ".join(action.option_strings) or _value(action)
        value = f" {_value(action)}" if action.option_strings and action.nargs != 0 else ""
        yield from (".TP", rf"\fB{_plain(named)}\fR\fI{_plain(value)}\fR", _plain(action.help))


def _value(action: argparse.Action) -> str:
    """What stands for an argument's value."""
    if isinstance(action.metavar, str):
        return action.metavar
    return "|".join(map(str, action.choices)) if action.choices else action.dest.upper()


def _examples(epilog: str | None) -> Iterator[str]:
    if epilog:
        yield from (".PP", ".nf", *(_plain(line) for line in epilog.splitlines()), ".fi")


def _listed(rows: tuple[tuple[str, str], ...]) -> Iterator[str]:
    for name, text in rows:
        yield from (".TP", rf"\fB{_plain(name)}\fR", _plain(text))


def _plain(text: str) -> str:
    """A text in which nothing means anything to roff; a line may not begin with a dot or an apostrophe."""
    escaped = text.replace("\\", r"\e").replace("-", r"\-").replace('"', r"\(dq").replace("'", r"\(aq")
    return re.sub(r"^(?=[.])", r"\\&", escaped.replace("`", r"\(ga").replace("^", r"\(ha").replace("~", r"\(ti"))
