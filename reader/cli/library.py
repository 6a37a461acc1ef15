"""The commands that open a person's library."""

from __future__ import annotations

import argparse
import contextlib
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reader.cli.output import FAILED, OK, SOME_FAILED, Failure, count, read_bytes, settings, tell, write_json
from reader.text import shown_url

if TYPE_CHECKING:
    from reader.library.library import Library

DEMO_PORT = 47811
"""Always the same, so that the demo's feeds are the same ones next time."""


def _library(arguments: argparse.Namespace) -> Library:
    from reader import config
    from reader.library.library import Library

    return Library(getattr(arguments, "library", None) or config.library_path(), settings=settings(arguments))


def _run_app(library: Library, *, refresh_on_start: bool, title: str = "newsreader") -> str | None:
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise Failure("The reader needs a terminal; see newsreader --help for commands that don't.")
    from reader.tui.app import NewsApp

    app = NewsApp(library, refresh_on_start=refresh_on_start, title=title)
    outcome = app.run()
    if app.return_code:
        raise Failure("The reader broke down; what stands above says where. Your library is as it was.")
    return outcome


def open_reader(arguments: argparse.Namespace) -> int:
    """Open the reader on the person's library."""
    with _library(arguments) as library:
        outcome = _run_app(library, refresh_on_start=settings(arguments).refresh.on_start)
    if outcome == "demo":
        return open_demo(argparse.Namespace(port=DEMO_PORT, config=getattr(arguments, "config", None)))
    return OK


def open_demo(arguments: argparse.Namespace) -> int:
    """Open the reader on the bundled newsroom."""
    from ipaddress import ip_network

    from reader import config
    from reader.library.library import Library, utc_now
    from reader.newsroom import Newsroom

    loopback = config.Network(allow_private=(ip_network("127.0.0.0/8"),))
    path = getattr(arguments, "library", None) or config.demo_path()
    with contextlib.ExitStack() as stack:
        try:
            newsroom = stack.enter_context(Newsroom(now=utc_now(), port=arguments.port))
        except (OSError, OverflowError) as error:
            why = getattr(error, "strerror", None) or error
            hint = "close the other demo, or name another port with --port and a library with --library"
            raise Failure(f"Port {arguments.port} can't be used: {why}; {hint}.") from None
        library = stack.enter_context(Library(path, settings=replace(settings(arguments), network=loopback)))
        for title, url in newsroom.feeds:
            library.store.add_feed(url, title=title, site=None, folder=None, now=utc_now())
        _run_app(library, refresh_on_start=True, title="newsreader demo")
    return OK


def add_feed(arguments: argparse.Namespace) -> int:
    """Follow a feed."""
    from reader.library.answers import SeveralFeeds

    with _library(arguments) as library:
        try:
            feed, new = library.add(arguments.url, folder=arguments.folder)
        except SeveralFeeds as several:
            tell(str(several))
            for found in several.found:
                tell(f"{shown_url(found.url)} {found.title}")
            return FAILED
    print(f"Following {feed.title} ({shown_url(feed.url)}): {count(new, 'entry')}.")
    return OK


def refresh(arguments: argparse.Namespace) -> int:
    """Fetch what is new."""
    from tqdm import tqdm

    with _library(arguments) as library:
        bar = tqdm(
            total=len(library.store.feeds()),
            unit="feed",
            leave=False,
            disable=arguments.quiet or not sys.stderr.isatty(),
        )
        with bar:

            def report(checked: Any) -> None:
                bar.total = checked.total
                bar.update()

            came = library.refresh(force=arguments.force, report=report)
    for alert in came.alerts:
        tell(f"{alert.rule}: {alert.why}. “{alert.words}” ({alert.entry.feed_title}: {alert.entry.title})")
    for feed, why in came.failed:
        tell(f"{feed.title} ({shown_url(feed.url)}): {why}")
    if not arguments.quiet:
        told = f"{count(came.checked, 'feed')} checked, {count(came.new, 'new entry')}, {len(came.failed)} failed."
        print(told, file=sys.stderr)
    return SOME_FAILED if came.failed else OK


def print_headlines(arguments: argparse.Namespace) -> int:
    """Print headlines, or feeds."""
    with _library(arguments) as library:
        if arguments.feeds:
            return _list_feeds(library, as_json=arguments.json)
        ids = library.store.headlines()
        entries = library.store.entries(ids)
        shown = [entries[one] for one in ids if one in entries and not (arguments.unread and entries[one].read)]
    if arguments.json:
        write_json(
            {
                "id": entry.id,
                "feed": entry.feed_title,
                "title": entry.title,
                "url": entry.url,
                "author": entry.author,
                "published": entry.published.isoformat() if entry.published else None,
                "read": entry.read,
                "story": entry.story,
                "saved": entry.highlights,
            }
            for entry in shown
        )
    else:
        for entry in shown:
            mark = " " if entry.read else "*"
            print(f"{entry.id:>6} {mark} {entry.when.astimezone():%Y-%m-%d %H:%M}  {entry.feed_title}: {entry.title}")
    return OK


def _list_feeds(library: Library, *, as_json: bool) -> int:
    feeds, checks, unread = library.store.feeds(), library.store.checks(), library.store.unread()
    error = {feed.id: checks[feed.id].error if feed.id in checks else None for feed in feeds}
    if as_json:
        write_json(
            {
                "id": feed.id,
                "title": feed.title,
                "url": shown_url(feed.url),
                "site": feed.site,
                "folder": feed.folder,
                "unread": unread.get(feed.id, 0),
                "error": error[feed.id],
            }
            for feed in feeds
        )
    else:
        for feed in feeds:
            failed = f"  ! {error[feed.id]}" if error[feed.id] else ""
            print(f"{unread.get(feed.id, 0):>6}  {feed.title}  {shown_url(feed.url)}{failed}")
    return OK


def print_saved(arguments: argparse.Namespace) -> int:
    """Print what was saved."""
    from reader.highlights.export import citation, to_json, to_markdown

    with _library(arguments) as library:
        highlights = library.store.highlights()
    if arguments.json or arguments.markdown:
        print(to_json(highlights) if arguments.json else to_markdown(highlights), end="")
    else:
        for highlight in highlights:
            print(citation(highlight))
    return OK


def print_speakers(arguments: argparse.Namespace) -> int:
    """Print who is cited by name in the articles read so far."""
    with _library(arguments) as library:
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


def import_opml(arguments: argparse.Namespace) -> int:
    """Follow the feeds of an OPML file."""
    body = read_bytes(arguments.file)
    with _library(arguments) as library:
        came = library.import_opml(body)
    for line in came.refused:
        tell(line)
    print(f"{count(came.added, 'feed')} added, {came.known} followed already, {len(came.refused)} refused.")
    return FAILED if came.refused and not came.added + came.known else OK


def export_opml(arguments: argparse.Namespace) -> int:
    """Write all feeds as OPML."""
    name = _named(arguments.file)
    with _library(arguments) as library:
        opml = library.export_opml()
    if name is None or name == "-":
        sys.stdout.buffer.write(opml)
        return OK
    part = Path(f"{name}.part")
    try:
        part.write_bytes(opml)
        part.replace(name)
    except OSError as error:
        raise Failure(f"{name} can't be written: {error.strerror or error}.") from None
    return OK


def _named(words: list[str]) -> str | None:
    """The file in `[opml] FILE`."""
    names = words[1:] if words[:1] == ["opml"] else words
    if len(names) > 1:
        raise Failure("Name one file.")
    return names[0] if names else None
