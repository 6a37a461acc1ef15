"""The commands that bring in what other readers keep, and give out what is followed here."""

from __future__ import annotations

import argparse
import contextlib
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from reader.cli.commands import Commands
from reader.cli.output import FAILED, OK, Failure, count, opened, read_bytes, tell

if TYPE_CHECKING:
    from reader.library.answers import Imported
    from reader.library.library import Library

_SQLITE = b"SQLite format 3\0"
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


def offer(commands: Commands) -> None:
    """Declare them."""
    text = "take in a list of feeds, or the articles that another reader keeps"
    one = commands.add("import", take_in, text, _IMPORT_EXAMPLES)
    one.add_argument(
        "format",
        nargs="?",
        choices=["opml", "newsboat", "json"],
        help="what it is, if not what it looks like: OPML, newsboat's urls or cache.db, or the JSON of FreshRSS,"
        " Google Reader or Miniflux",
    )
    one.add_argument("file", metavar="FILE|URL", help="the file or address; - is standard input")
    one.add_argument("--live", action="store_true", help="follow the list at a URL: feeds that come into it later too")
    one = commands.add("export", give_out, "write all feeds as OPML")
    one.add_argument("file", nargs="*", metavar="[opml] [FILE]", help="the file; without one, standard output")
    text = "write also the user names and passwords that stand in the addresses of feeds"
    one.add_argument("--with-passwords", action="store_true", help=text)


def take_in(arguments: argparse.Namespace) -> int:
    """Take in a list of feeds, or articles."""
    is_address = arguments.file.lower().startswith(("http://", "https://"))
    if arguments.live and (not is_address or arguments.format not in (None, "opml")):
        raise Failure("Only a list of feeds at a URL can be followed; leave --live out for anything else.")
    with contextlib.ExitStack() as stack:
        if arguments.live:
            came = stack.enter_context(opened(arguments, new=True)).feeds.follow_list(arguments.file)
        else:  # read before a library is made for what may not be there
            body = _fetched(arguments) if is_address else _read(arguments.file)
            came = _taken(stack.enter_context(opened(arguments, new=True)), arguments, body)
    for line in came.refused:
        tell(line)
    refused = f"{len(came.refused)} refused."
    if came.articles or came.articles_known:
        brought = f"{count(came.articles, 'article')} brought along, {came.articles_known:,} here already"
        print(f"{count(came.added, 'feed')} added, {brought}, {refused}")
    else:
        print(f"{count(came.added, 'feed')} added, {came.known} followed already, {refused}")
    return FAILED if came.refused and not came.added + came.known + came.articles + came.articles_known else OK


def _fetched(arguments: argparse.Namespace) -> bytes:
    from reader.cli.filters import Work

    with contextlib.ExitStack() as stack:
        return Work(arguments, stack).given(arguments.file, is_page=False).body


def _read(name: str) -> bytes:
    """A file's bytes; of a database, which is read where it is, the first."""
    with contextlib.suppress(OSError, ValueError):
        if Path(name).is_file():  # and no pipe, whose beginning could be read once only
            with Path(name).open("rb") as file:
                if (begins := file.read(len(_SQLITE))) == _SQLITE:
                    return begins
    return read_bytes(name)


def _taken(library: Library, arguments: argparse.Namespace, body: bytes) -> Imported:
    """What a body brings, as what it was said to be or looks like."""
    if body.startswith(_SQLITE):
        if arguments.format not in (None, "newsboat") or not Path(arguments.file).is_file():
            raise Failure("A database can only be newsboat's cache.db, named as a file.")
        return library.feeds.move_from_newsboat(Path(arguments.file))
    looks_like_json = body.removeprefix(_BYTE_ORDER_MARK).lstrip()[:1] in (b"{", b"[")
    if arguments.format == "json" or (arguments.format is None and looks_like_json):
        return library.feeds.move_in(body)
    return library.feeds.take_in(body)


def give_out(arguments: argparse.Namespace) -> int:
    """Write all feeds as OPML."""
    name = _named(arguments.file)
    with opened(arguments) as library:
        opml, left_out = library.feeds.export(passwords=arguments.with_passwords)
    if name is None or name == "-":
        sys.stdout.buffer.write(opml)
    else:
        _write(Path(name), opml)
    if left_out:
        whose = "of 1 feed was" if left_out == 1 else f"of {left_out:,} feeds were"
        tell(f"The user name and password in the address {whose} left out; --with-passwords writes them, too.")
    return OK


def _write(path: Path, opml: bytes) -> None:
    """Write a file whole or not at all; what is no file, such as a pipe, is written to as it is."""
    from reader.library.writing import write_whole

    try:
        write_whole(path, opml)
    except (OSError, ValueError) as error:
        raise Failure(f"{path} can't be written: {getattr(error, 'strerror', None) or error}.") from None


def _named(words: list[str]) -> str | None:
    """The file in `[opml] FILE`."""
    names = words[1:] if words[:1] == ["opml"] else words
    if len(names) > 1:
        raise Failure("Name one file.")
    return names[0] if names else None


_IMPORT_EXAMPLES = """\
  newsreader import feeds.opml
  newsreader import https://example.org/blogroll.opml --live   and what comes into the list later
  newsreader import ~/.newsboat/urls                           newsboat's feeds
  newsreader import ~/.newsboat/cache.db                       and its articles, read or not
  newsreader import starred.json                               articles from FreshRSS, Google Reader or Miniflux
  curl … | newsreader import -
"""
