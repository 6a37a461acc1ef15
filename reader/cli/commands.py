"""How commands are declared: what all of them have in common, and the values that they take."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from reader.text import one_line

Run = Callable[[argparse.Namespace], int]

_MOST = 1_000_000_000
_LONGEST = timedelta(days=36_500)


class Commands:
    """The commands below a parser, each with a parser of its own."""

    def __init__(self, root: argparse.ArgumentParser, *, title: str, metavar: str, required: bool) -> None:
        self.root = root
        self._shared = shared()
        self._parsers = root.add_subparsers(title=title, metavar=metavar, required=required)

    def add(self, name: str, run: Run | None, text: str, examples: str = "") -> argparse.ArgumentParser:
        """A command that does what `text` says, with a line an example."""
        one = self._parsers.add_parser(
            name,
            help=text,
            description=text[0].upper() + text[1:] + ".",
            epilog=f"examples:\n{examples}" if examples else None,
            formatter_class=argparse.RawDescriptionHelpFormatter,
            parents=[self._shared],
        )
        one.set_defaults(run=run)
        return one

    def several(self, name: str, run: Run | None, text: str, examples: str = "") -> Commands:
        """A command that consists of others; without one of them it does `run`, if there is that."""
        one = self.add(name, run, text, examples)
        return Commands(one, title="what to do", metavar="WHAT", required=run is None)


def shared() -> argparse.ArgumentParser:
    """The options of every command."""
    parser = argparse.ArgumentParser(add_help=False, argument_default=argparse.SUPPRESS)
    parser.add_argument("--library", type=Path, metavar="PATH", help="the library to use instead of your own")
    parser.add_argument("--config", type=Path, metavar="PATH", help="the configuration to use instead of your own")
    return parser


def takes_query(parser: argparse.ArgumentParser) -> None:
    """Let a command take a query, be it one argument or several."""
    parser.add_argument(
        "query", nargs="+", metavar="QUERY", help="what to look for; see docs/query.md, and put -- before a first -word"
    )


def takes_json(parser: argparse.ArgumentParser) -> None:
    """Let a command write JSON."""
    parser.add_argument("--json", action="store_true", help="as JSON; see docs/json.md")


def some_words(text: str) -> str:
    """A name or title, of one line; none may be empty, or a script whose variable is would mean any."""
    if named := one_line(text):
        return named
    raise argparse.ArgumentTypeError("it is empty")


def number(text: str) -> int:
    """A number of things, at least one."""
    if text.isascii() and text.isdigit() and 0 < int(text[:20]) <= _MOST:
        return int(text)
    raise argparse.ArgumentTypeError(f"{text!r} is not a number from 1 on")


def duration(text: str) -> timedelta:
    """A time such as 30m, 12h, 90d or 2w."""
    from reader import config

    time = config.duration(text)
    if time and time <= _LONGEST:
        return time
    raise argparse.ArgumentTypeError(f"{text!r} is not a time such as 30m, 12h, 90d or 2w")
