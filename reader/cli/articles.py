"""The commands about articles: what there is, what is found, what becomes of it."""

from __future__ import annotations

import argparse
import shutil
import sys
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

from reader.cli.commands import Commands, number, some_words, takes_json, takes_query
from reader.cli.feeds import list_feeds
from reader.cli.output import FAILED, OK, count, local, opened, progress, tell, write_json

if TYPE_CHECKING:
    from reader.library.library import Library
    from reader.model import Entry, Span
    from reader.query import Query

_PAGE = 500
"""Entries read together, so that the first are printed before the last are read."""
_FOUND = 50
"""What `search` prints unless it is asked for more."""
_SNIPPET = 160
"""Characters of a snippet where no terminal says how wide it is."""
_INDENT = " " * 8
_NARROWEST = 20
_BOLD, _PLAIN = "\x1b[1m", "\x1b[0m"
_MARKS = {
    "read": "mark it read",
    "unread": "mark it unread",
    "saved": "save it as a whole, to be kept for ever",
    "unsaved": "keep it no longer than other articles",
    "tag": "give it a tag, with which it is kept for ever",
    "untag": "take a tag from it",
}


def offer(commands: Commands) -> None:
    """Declare them."""
    one = commands.add("list", print_headlines, "print headlines, newest first", _LIST_EXAMPLES)
    takes_json(one)
    one.add_argument("--unread", action="store_true", help="only what is unread")
    one.add_argument("--feeds", action="store_true", help="the feeds instead, with their last failure")
    one.add_argument("--limit", type=number, metavar="N", help="only the first N")
    one = commands.add("unread", print_unread, "print how much is unread, by feed")
    one.add_argument("--count", action="store_true", help="one number alone, for a status bar")
    one = commands.add("search", search, "print what a query finds, newest first", _SEARCH_EXAMPLES)
    takes_query(one)
    takes_json(one)
    one.add_argument("--limit", type=number, default=_FOUND, metavar="N", help=f"the newest N; {_FOUND} if not given")
    one = commands.add("fetch", fetch, "fetch the pages of what a query finds, to read them offline", _FETCH_EXAMPLES)
    takes_query(one)
    one.add_argument("--limit", type=number, metavar="N", help="only the newest N")
    marks = commands.several("mark", None, "mark what a query finds", _MARK_EXAMPLES)
    for state, text in _MARKS.items():
        one = marks.add(state, mark, text)
        one.set_defaults(state=state)
        if state in ("tag", "untag"):
            one.add_argument("tag", metavar="NAME", type=some_words, help="the tag")
        takes_query(one)
    one = commands.add("speakers", print_speakers, "print who is cited by name in the articles read so far")
    takes_json(one)


# --- what there is ---------------------------------------------------------------------------------------------------


def print_headlines(arguments: argparse.Namespace) -> int:
    """Print headlines, or feeds."""
    with opened(arguments) as library:
        if arguments.feeds:
            return list_feeds(library, as_json=arguments.json, limit=arguments.limit)
        ids = library.store.headlines()
        if arguments.unread:
            unread = library.store.unread_ids()
            ids = [entry_id for entry_id in ids if entry_id in unread]
        entries = entries_of(library, ids[: arguments.limit])
        if arguments.json:
            write_json(entry_json(entry) for entry in entries)
        else:
            for entry in entries:
                print(headline(entry))
        if not library.store.feeds():
            tell("No feed is followed yet; newsreader add URL follows one.")
    return OK


def entries_of(library: Library, ids: Sequence[int]) -> Iterator[Entry]:
    """The entries of some ids, in their order."""
    for at in range(0, len(ids), _PAGE):
        found = library.store.entries(ids[at : at + _PAGE])
        yield from (found[entry_id] for entry_id in ids[at : at + _PAGE] if entry_id in found)


def headline(entry: Entry) -> str:
    """An entry as a line."""
    return f"{entry.id:>6} {' ' if entry.read else '*'} {local(entry.when)}  {entry.feed_title}: {entry.title}"


def entry_json(entry: Entry) -> dict[str, Any]:
    """An entry as scripts get it."""
    return {
        "id": entry.id,
        "feed": entry.feed_title,
        "title": entry.title,
        "url": entry.url,
        "author": entry.author,
        "published": entry.published.isoformat() if entry.published else None,
        "read": entry.read,
        "story": entry.story,
        "saved": entry.highlights,
        "starred": entry.starred,
    }


def print_unread(arguments: argparse.Namespace) -> int:
    """Print how much is unread."""
    with opened(arguments) as library:
        unread = library.store.unread()
        feeds = [(unread[feed.id], feed.title) for feed in library.store.feeds() if feed.id in unread]
    if arguments.count:
        print(sum(number for number, _ in feeds))
    else:
        for number, title in feeds:
            print(f"{number:>6}  {title}")
    return OK


# --- what is found ---------------------------------------------------------------------------------------------------


def search(arguments: argparse.Namespace) -> int:
    """Print what a query finds."""
    from reader.query import parse

    query = parse(written(arguments))
    with opened(arguments) as library:
        ids = library.search(written(arguments), limit=arguments.limit + 1)
        found = islice(entries_of(library, ids), arguments.limit)
        if arguments.json:
            write_json(_found_json(library, query, entry) for entry in found)
        else:
            for entry in found:
                _print_found(library, query, entry)
    if len(ids) > arguments.limit:
        tell(f"These are the newest {arguments.limit:,}; --limit N prints more.")
    elif not ids:
        tell("Nothing is found.")
    return OK


def written(arguments: argparse.Namespace) -> str:
    """The query as the person wrote it."""
    return " ".join(arguments.query)


class _Found(NamedTuple):
    """What to show of an entry that was found."""

    title: tuple[Span, ...]
    """The hits in its title."""
    words: str
    """A stretch of its text, …"""
    hits: list[Span]
    """… and the hits in that."""


def _found(library: Library, query: Query, entry: Entry, width: int) -> _Found:
    from reader.query import snippet

    article = library.store.article(entry.id)
    text = article.text if article else ""
    title, hits = library.store.search.hits(query, entry.id)
    window = snippet(text, hits, width)
    shown = [hit.shifted(-window.start) for hit in hits if window.start <= hit.start and hit.end <= window.end]
    return _Found(title, window.of(text).replace("\n", " "), shown)


def _found_json(library: Library, query: Query, entry: Entry) -> dict[str, Any]:
    found = _found(library, query, entry, _SNIPPET)
    return entry_json(entry) | {"snippet": found.words, "hits": found.hits}


def _print_found(library: Library, query: Query, entry: Entry) -> None:
    if sys.stdout.isatty():
        width = max(shutil.get_terminal_size().columns - len(_INDENT), _NARROWEST)
        title_hits, words, hits = _found(library, query, entry, width)
        title, words = _marked(entry.title, title_hits), _marked(words, hits)
    else:
        title, words = entry.title, _found(library, query, entry, _SNIPPET).words
    print(f"{entry.id:>6}  {title}")
    print(f"{_INDENT}{entry.feed_title}, {local(entry.when)}")
    if words:
        print(f"{_INDENT}{words}")


def _marked(text: str, hits: Sequence[Span]) -> str:
    """A text with the hits in bold."""
    marked, at = "", 0
    for hit in hits:
        marked += f"{text[at : hit.start]}{_BOLD}{hit.of(text)}{_PLAIN}"
        at = hit.end
    return marked + text[at:]


def fetch(arguments: argparse.Namespace) -> int:
    """Fetch the pages of what a query finds."""
    failed: list[tuple[int, str]] = []
    with opened(arguments) as library:
        ids = library.search(written(arguments), limit=arguments.limit)
        with progress(len(ids), "page") as bar:

            def report(entry_id: int, why: str | None) -> None:
                if why:
                    failed.append((entry_id, why))
                bar.update()

            came = library.fetch(ids, report=report)
        entries = library.store.entries([entry_id for entry_id, _ in failed])
    for entry_id, why in failed:
        tell(f"{entries[entry_id].title if entry_id in entries else entry_id}: {why}")
    print(f"{count(came, 'text')} fetched for {count(len(ids), 'entry')}, {len(failed)} failed.")
    return FAILED if failed else OK


def mark(arguments: argparse.Namespace) -> int:
    """Mark what a query finds."""
    with opened(arguments) as library:
        ids, store, now = library.search(written(arguments)), library.store, library.now()
        match arguments.state:
            case "read" | "unread":
                library.mark(ids, read=arguments.state == "read")
            case "saved" | "unsaved":
                store.star(ids, starred=arguments.state == "saved", now=now)
            case "tag" | "untag":
                store.tag(ids, arguments.tag, tagged=arguments.state == "tag")
    print(f"{count(len(ids), 'entry')} marked.")
    return OK


# --- who speaks ------------------------------------------------------------------------------------------------------


def print_speakers(arguments: argparse.Namespace) -> int:
    """Print who is cited by name in the articles read so far."""
    with opened(arguments) as library:
        spoke = library.stories.speakers()
    if arguments.json:
        write_json(
            {"name": one.voice.name, "kind": str(one.voice.kind), "names": list(one.voice.names), "claims": one.claims}
            for one in spoke
        )
    elif not spoke:
        tell("Nobody is cited by name in the articles read so far.")
    else:
        for one in spoke:
            others = ", ".join(name for name in one.voice.names if name != one.voice.name)
            print(f"{one.claims:>6}  {one.voice.name}" + (f" ({others})" if others else ""))
    return OK


_LIST_EXAMPLES = """\
  newsreader list --limit 20
  newsreader list --unread --json     headlines for a script
  newsreader list --feeds             number, unread, title, address, and why the last check failed
"""
_SEARCH_EXAMPLES = """\
  newsreader search tariffs steel newer:2w
  newsreader search 'speaker:Powell type:figure' --json
  newsreader search '"interest rate" OR inflation' --limit 10
  newsreader search -- -opinion is:unread
"""
_FETCH_EXAMPLES = """\
  newsreader fetch is:unread newer:2d         before a journey
  newsreader fetch feed:guardian --limit 50
"""
_MARK_EXAMPLES = """\
  newsreader mark read older:2w
  newsreader mark saved speaker:Powell newer:1d
  newsreader mark tag election 'elect* newer:1w'
  newsreader mark read ''                     everything
"""
