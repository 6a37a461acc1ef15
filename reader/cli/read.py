"""`newsreader read`: an article as text, with who said what, for pipes and screen readers."""

from __future__ import annotations

import argparse
import contextlib
import os
import shutil
import sys
from typing import TYPE_CHECKING

from reader.cli.commands import Commands
from reader.cli.output import OK, Failure, library_path, opened
from reader.text import shown_url

if TYPE_CHECKING:
    from reader.cli.paper import Reading
    from reader.library.library import Library
    from reader.model import Analysis

_MEASURE = 72
"""Cells: the line length that reads best."""
_NARROWEST = 20


def offer(commands: Commands) -> None:
    """Declare it."""
    text = "print an article as text, with who said what in it"
    one = commands.add("read", read_article, text, _EXAMPLES)
    one.add_argument(
        "article",
        metavar="ID|URL",
        type=_article,
        help="an entry's number, as list prints it, or an address; one that is not in the library is read and not kept",
    )
    one.add_argument(
        "--color", choices=("auto", "always", "never"), default="auto", help="auto: where a terminal shows it"
    )
    one.add_argument(
        "--width",
        type=_width,
        metavar="N",
        help=f"break lines after N characters, 0 not at all; otherwise as wide as the terminal, {_MEASURE} at most",
    )
    one.add_argument("--plain", action="store_true", help="words in place of signs, for a screen reader")


def read_article(arguments: argparse.Namespace) -> int:
    """Print an article."""
    from reader.cli.paper import Paper, print_article

    paper = Paper(width=_room(arguments.width), colour=_colour(arguments.color), plain=arguments.plain)
    named: int | str = arguments.article
    with contextlib.ExitStack() as stack:
        library: Library | None = None
        # An address is read where there is no library, too.
        if isinstance(named, int) or library_path(arguments, new=True).exists():
            library = stack.enter_context(opened(arguments))
        entry_id = library.store.entry_at(named) if library and isinstance(named, str) else named
        if library and isinstance(entry_id, int):
            reading = _kept(library, entry_id)
        else:
            reading = _fetched(arguments, str(named))
        print_article(reading, paper)
    return OK


def _article(text: str) -> int | str:
    """What names an article: a number or an address."""
    if text.isascii() and text.isdigit():
        return min(int(text[:20]), 2**63 - 1)
    if text.lower().startswith(("http://", "https://")):
        return text.strip()
    raise argparse.ArgumentTypeError(f"{text!r} is neither an entry's number nor an http address")


def _width(text: str) -> int:
    if text.isascii() and text.isdigit() and (text == "0" or int(text[:9]) >= _NARROWEST):
        return int(text[:9])
    raise argparse.ArgumentTypeError(f"{text!r} is not a width: 0, or a number from {_NARROWEST} on")


def _room(asked: int | None) -> int:
    """Cells of a line."""
    if asked is not None:
        return asked
    if not sys.stdout.isatty():
        return _MEASURE
    return max(_NARROWEST, min(_MEASURE, shutil.get_terminal_size().columns))


def _colour(asked: str) -> bool:
    if asked != "auto":
        return asked == "always"
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def _kept(library: Library, entry_id: int) -> Reading:
    """An entry of the library."""
    from reader.cli.paper import Reading

    came = library.open(entry_id)
    entry, article = came.entry, came.article
    return Reading(
        title=entry.title or article.title,
        outlet=article.site or entry.feed_title,
        byline=article.byline or entry.author or "",
        published=came.published,
        url=entry.url,
        article=article,
        analysis=came.analysis,
        saved=frozenset(one.span.start for one in came.marked if one.span),
        notice=came.notice,
        here=str(entry_id),
        told=lambda: library.stories.told(entry_id),
    )


def _fetched(arguments: argparse.Namespace, url: str) -> Reading:
    """A page that is in no library; it is not kept."""
    from reader.articles import ExtractError
    from reader.cli.filters import Work
    from reader.cli.paper import Reading
    from reader.library import steps
    from reader.library.workers import WorkerError

    with contextlib.ExitStack() as stack:
        work = Work(arguments, stack)
        try:
            article = work.article(work.given(url, is_page=True))
            longer = steps.longer_for(article.text)
            found: Analysis = work.run(steps.find_claims, article.text, article.title, article.site, longer=longer)
        except (ExtractError, WorkerError) as error:
            raise Failure(f"{shown_url(url)}: {error}.") from None
    return Reading(
        title=article.title,
        outlet=article.site or "",
        byline=article.byline or "",
        published=article.published,
        url=article.url or url,
        article=article,
        analysis=found,
        notice=article.notice,
    )


_EXAMPLES = """\
  newsreader read 42                                  the entry with this number, as list prints it
  newsreader read https://example.org/story.html      a page, from the library or read once
  newsreader read 42 --color always | less -R
  newsreader read 42 --plain | espeak                 in words, for a screen reader
  newsreader read 42 --width 0 | grep Powell          a paragraph a line
"""
