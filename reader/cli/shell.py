"""The commands for the shell: completion, and the manual page."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator

from reader.cli.commands import Commands
from reader.cli.output import OK

_FILES = ("FILE", "PATH", "DIR", "GOLD")
"""What stands in the names of arguments that are files."""


def offer(commands: Commands) -> None:
    """Declare them."""
    one = commands.add("completion", print_completion, "print the completion of commands for a shell", _EXAMPLES)
    one.add_argument("shell", choices=["bash", "zsh", "fish"], help="the shell")
    one.set_defaults(parser=commands.root)
    one = commands.add("man", print_manual, "print the manual page", "  newsreader man | man -l -\n")
    one.set_defaults(parser=commands.root)


def print_completion(arguments: argparse.Namespace) -> int:
    """Print a script with which a shell completes commands, options and files."""
    import shtab

    for parser in _all(arguments.parser):
        for action in parser._actions:
            if any(name in str(action.metavar) for name in _FILES):
                action.complete = shtab.FILE  # type: ignore[attr-defined]
    print(shtab.complete(arguments.parser, arguments.shell))
    return OK


def _all(parser: argparse.ArgumentParser) -> Iterator[argparse.ArgumentParser]:
    """A parser and all below it."""
    yield parser
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for below in action.choices.values():
                yield from _all(below)


def print_manual(arguments: argparse.Namespace) -> int:
    """Print the manual page as man reads it."""
    from reader.cli.manual import page

    sys.stdout.write(page(arguments.parser))
    return OK


_EXAMPLES = """\
  newsreader completion bash > ~/.local/share/bash-completion/completions/newsreader
  newsreader completion zsh > ~/.zfunc/_newsreader         a folder in your $fpath
  newsreader completion fish > ~/.config/fish/completions/newsreader.fish
"""
