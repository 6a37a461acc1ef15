"""The commands. Results go to stdout, everything else to stderr; the screens are imported only to be run.

Exit codes: 0 ok, 1 failed, 2 usage, 3 some feeds failed, 4 the library is busy or newer than this program.
"""

from __future__ import annotations

import argparse
import errno
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from reader import __version__
from reader.cli import (
    articles,
    care,
    evaluate,
    evaluate_pages,
    evaluate_stories,
    feeds,
    filters,
    moving,
    opening,
    queries,
    read,
    report,
    saved,
    serve,
    shell,
)
from reader.cli.commands import Commands, shared
from reader.cli.output import FAILED, OK, UNAVAILABLE, USAGE, Failure, tell

__all__ = ["main"]

_EXAMPLES = """\
examples:
  newsreader                                   open the reader
  newsreader demo                              look around in the bundled newsroom
  newsreader add https://www.npr.org           follow the feed that a page advertises
  newsreader refresh                           fetch what is new, for cron or a timer
  newsreader list --unread --json              headlines for a script
  newsreader search speaker:Powell type:figure   who said what, in all that is kept
  newsreader extract page.html | newsreader claims -    who said what on a page
  newsreader report https://example.org/story  pack a page that reads badly into one file

exit codes: 0 ok, 1 failed, 2 usage, 3 some feeds failed, 4 the library is busy or newer than this program
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command; returns its exit code."""
    parser = _parser()
    words = sys.argv[1:] if argv is None else argv
    if any("\0" in word for word in words):
        parser.error("an argument holds a NUL character, which no name or address does")
    arguments = parser.parse_args(words)
    _prepare_streams()
    try:
        code: int = arguments.run(arguments)
        sys.stdout.flush()
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:  # the reader of our output has seen enough
        _drop_output()
        return OK
    except Exception as error:
        return _explain(error, getattr(arguments, "library", None))
    return code


def _prepare_streams() -> None:
    """Make both outputs fit for any text; one that was closed before we began takes all, an input has nothing."""
    sys.stdin = sys.stdin or open(os.devnull, encoding="utf-8")  # noqa: PTH123, SIM115
    sys.stdout = sys.stdout or open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115
    sys.stderr = sys.stderr or sys.stdout
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="replace")  # type: ignore[union-attr]  # news has characters that a terminal may lack


def _drop_output() -> None:
    """Let go of what was not written yet, or the interpreter would try again as it ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _explain(error: Exception, library: Path | None) -> int:
    """Print what went wrong as one sentence; of what we did not foresee, a report is left."""
    from reader.config import ConfigError
    from reader.library.answers import LibraryError
    from reader.query import QueryError
    from reader.store.schema import StoreError, StoreUnavailable

    if isinstance(error, OSError) and error.errno == errno.ENOSPC:
        _drop_output()
        error = Failure("The output can't be written: the disk is full; free some space and try again.")
    if not isinstance(error, Failure | ConfigError | LibraryError | QueryError | StoreError):
        error = _broken(error, library)
    tell(str(error))
    if isinstance(error, QueryError):
        print(error.pointed(), file=sys.stderr)
    if isinstance(error, StoreUnavailable):
        return UNAVAILABLE
    return USAGE if isinstance(error, ConfigError | QueryError) else FAILED


def _broken(error: Exception, library: Path | None) -> Failure:
    """What to say of a fault of ours: Python would print its message as it is, and where our files are."""
    from reader import config
    from reader.library import crash, log

    with log.kept(config.log_path()):
        log.LOG.error("A command broke down: %s", crash.printed(error))
    return Failure(crash.told("This command", error, config.crashes_path(), library=library or config.library_path()))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="newsreader",
        description="A terminal news reader that shows who said what. Without a command it opens the reader.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        parents=[shared()],
    )
    parser.add_argument("--version", action="version", version=f"newsreader {__version__}")
    parser.set_defaults(run=opening.open_reader)
    commands = Commands(parser, title="commands", metavar="COMMAND", required=False)
    for group in (opening, serve, feeds, articles, saved, read, queries, moving, care, filters, report):
        group.offer(commands)
    measures = commands.several("eval", None, "measure the reader on annotated articles and pages")
    for group in (evaluate, evaluate_pages, evaluate_stories):
        group.offer(measures)
    shell.offer(commands)
    return parser
