"""The commands about what was saved: printing it, taking it elsewhere, and bringing in what others saved."""

from __future__ import annotations

import argparse
import sys
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from reader.cli.commands import Commands
from reader.cli.output import FAILED, OK, Failure, count, opened, read_bytes, tell
from reader.model import CitationStyle
from reader.text import one_line

if TYPE_CHECKING:
    from reader.library.library import Library
    from reader.model import Highlight

_FORMATS = ("markdown", "html", "bibtex", "csl-json", "json", "jsonld", "csv")
_PER = ("article", "speaker", "outlet")


def offer(commands: Commands) -> None:
    """Declare them."""
    saved = commands.several("saved", print_saved, "print what you saved, export it, or import what others saved")
    root = saved.root
    root.epilog = f"examples:\n{_EXAMPLES}"
    form = root.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="as JSON; see docs/highlights-json.md")
    form.add_argument("--markdown", action="store_true", help="as Markdown")
    root.set_defaults(query="", since=None, style=None, removed=False)

    one = saved.add("list", print_saved, "print what you saved, newest first, one citation a line", _LIST)
    _take_which(one)
    form = one.add_mutually_exclusive_group()
    form.add_argument(
        "--json", action="store_true", default=argparse.SUPPRESS, help="as JSON; see docs/highlights-json.md"
    )
    form.add_argument("--markdown", action="store_true", default=argparse.SUPPRESS, help="as Markdown")
    form.add_argument("--style", choices=[*CitationStyle], help="how to cite, if not as the configuration says")
    one.add_argument("--removed", action="store_true", help="what you removed instead")

    one = saved.add("export", export, "write what you saved to a file, or to notes in a folder", _EXPORT)
    _take_which(one)
    one.add_argument("--format", choices=_FORMATS, default="markdown", help="Markdown unless you say otherwise")
    one.add_argument("--notes", type=Path, metavar="FOLDER", help="a Markdown note for each article, as for Obsidian")
    one.add_argument("--per", choices=_PER, default="article", help="what each of the notes is about")
    one.add_argument("--template", type=Path, metavar="FILE", help="a Jinja2 template for Markdown, HTML or notes")
    one.add_argument("--output", "-o", type=Path, metavar="FILE", help="the file; without one, standard output")

    one = saved.add("import", take_in, "take in what was saved elsewhere", _IMPORT)
    one.add_argument("file", metavar="FILE", help="an export of this program, of Readwise (CSV) or Hypothes.is (JSON)")

    one = saved.add("restore", restore, "bring back what you removed")
    one.add_argument("uid", nargs="+", metavar="UID", help="as saved list --removed --json has it")


def _take_which(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--query", default="", metavar="QUERY", help="only what a query finds; see docs/query.md")
    parser.add_argument(
        "--since", type=_since, metavar="DAY|AGE", help="only what was saved or changed since, as 2026-11-01, 12h or 7d"
    )


def _since(text: str) -> date | timedelta:
    """A day, or how long ago."""
    from reader import config

    with suppress(ValueError):
        return date.fromisoformat(text)
    if ago := config.duration(text):
        return ago
    raise argparse.ArgumentTypeError(f"{text!r} is neither a day such as 2026-11-01 nor an age such as 12h, 7d or 2w")


def _found(library: Library, arguments: argparse.Namespace, *, removed: bool = False) -> list[Highlight]:
    """What the arguments ask for, of what is saved or of what was removed."""
    since: datetime | None = None
    match arguments.since:
        case date() as day:
            since = datetime.combine(day, time()).astimezone()
        case timedelta() as ago:
            with suppress(OverflowError):  # since for ever
                since = library.now() - ago
    return library.saved.found(arguments.query, since=since, removed=removed)


def print_saved(arguments: argparse.Namespace) -> int:
    """Print what was saved."""
    from reader.highlights.citation import citation
    from reader.highlights.export import Format

    with opened(arguments) as library:
        found = _found(library, arguments, removed=arguments.removed)
        if arguments.json or arguments.markdown:
            _print(library.saved.written(found, Format.JSON if arguments.json else Format.MARKDOWN))
            return OK
        for highlight in found:
            print(
                citation(highlight, CitationStyle(arguments.style))
                if arguments.style
                else library.saved.citation(highlight)
            )
    if not found:
        tell(f"Nothing that {'was removed' if arguments.removed else 'is saved'} fits that.")
    return OK


def export(arguments: argparse.Namespace) -> int:
    """Write what was saved to a file, or to notes in a folder."""
    from reader.highlights.export import Format
    from reader.highlights.vault import Per

    if arguments.notes and (arguments.output or arguments.format != "markdown"):
        raise Failure("Notes are Markdown in a folder; leave --output and --format out.")
    if not arguments.notes and arguments.per != "article":
        raise Failure("--per tells what notes are about; name their folder with --notes.")
    template = read_bytes(str(arguments.template)).decode("utf-8", "replace") if arguments.template else None
    with opened(arguments) as library:
        found = _found(library, arguments)
        if arguments.notes:
            gone = _found(library, arguments, removed=True)
            did = library.saved.write_notes(
                found, arguments.notes, per=Per(arguments.per), template=template, gone=gone
            )
            for path in did.left:
                tell(f"{path} was left as it is: it is no note of ours, or was changed above its last line.")
            print(f"{count(did.written, 'note')} written, {did.unchanged:,} unchanged, {len(did.left):,} left alone.")
            return FAILED if did.left and not did.written + did.unchanged else OK
        text = library.saved.written(found, Format(arguments.format), template=template)
    if arguments.output is None or str(arguments.output) == "-":
        _print(text)
        return OK
    from reader.library.writing import write_whole

    try:
        is_new = write_whole(arguments.output, text.encode("utf-8", "replace"))
    except (OSError, ValueError) as error:
        raise Failure(f"{arguments.output} can't be written: {getattr(error, 'strerror', None) or error}.") from None
    tell(f"{count(len(found), 'highlight')} {'written to' if is_new else 'stand already in'} {arguments.output}.")
    return OK


def _print(text: str) -> None:
    sys.stdout.buffer.write(text.encode("utf-8", "replace"))


def take_in(arguments: argparse.Namespace) -> int:
    """Take in what was saved elsewhere."""
    body = read_bytes(arguments.file)  # before a library is made for what may not be there
    with opened(arguments, new=True) as library:
        came = library.saved.take_in(body)
    for line in came.refused:
        tell(line)
    print(f"{count(came.new, 'highlight')} added, {came.known:,} here already, {len(came.refused):,} refused.")
    if came.removed:
        tell(
            f"Of those here already, {came.removed:,} had been removed, and stay so: `newsreader saved list --removed`"
            " shows them, `newsreader saved restore` brings them back."
        )
    return FAILED if came.refused and not came.new + came.known else OK


def restore(arguments: argparse.Namespace) -> int:
    """Bring back what was removed."""
    with opened(arguments) as library:
        removed = {one.uid: one for one in library.store.highlights.all(removed=True)}
        if unknown := [uid for uid in arguments.uid if uid not in removed]:
            raise Failure(f"Nothing that was removed is called {one_line(unknown[0])}.")
        library.saved.restore([removed[uid].id for uid in arguments.uid])
    print(f"{count(len(arguments.uid), 'highlight')} brought back.")
    return OK


_EXAMPLES = """\
  newsreader saved                                             one citation a line
  newsreader saved list --query 'speaker:Powell' --style apa
  newsreader saved export --notes ~/vault/news                 a note for each article, as for Obsidian
  newsreader saved import readwise.csv
"""
_LIST = """\
  newsreader saved list --query 'tag:steel newer:30d'
  newsreader saved list --style chicago
  newsreader saved list --removed --json
"""
_EXPORT = """\
  newsreader saved export --output saved.md
  newsreader saved export --notes ~/vault/news --since 7d       only articles of which something was saved or changed
  newsreader saved export --notes ~/vault/people --per speaker
  newsreader saved export --format csv --output readwise.csv
  newsreader saved export --format bibtex --query tag:thesis >> thesis.bib
  newsreader saved export --format html --template mine.j2
"""
_IMPORT = """\
  newsreader saved import saved.json             another library's
  newsreader saved import readwise-data.csv
  newsreader saved import hypothesis.json
"""
