"""The commands about what is followed."""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from reader.cli.commands import Commands, duration, some_words, takes_json
from reader.cli.output import (
    FAILED,
    OK,
    SOME_FAILED,
    Failure,
    count,
    local,
    opened,
    progress,
    tell,
    write_json,
)
from reader.text import clean, one_line, shown_url

if TYPE_CHECKING:
    from reader.library.answers import Refreshed
    from reader.library.library import Library
    from reader.model import Entry, Feed, FeedSettings

_LONGEST = timedelta(days=30)
"""A feed's rest between two checks; more would be to pause it."""
_COUNTED = 1_000_000
"""Articles without a story that are counted at most."""
_NAMED = 10
"""Articles that a rule found and that are named one by one."""


def offer(commands: Commands) -> None:
    """Declare them."""
    text = "follow a feed, by its address or that of a page that has one"
    one = commands.add("add", add_feed, text, _ADD_EXAMPLES)
    one.add_argument("url", metavar="URL", help="the address")
    one.add_argument("--folder", type=one_line, help="the folder to put it in")
    one.add_argument("--full-text", action="store_true", help="fetch the pages of new entries as they come")
    _take_settings(one)
    one = commands.add("remove", remove_feed, "follow a feed or a list of feeds no more; what you saved from it stays")
    _take_feed(one)
    one = commands.add("rename", rename_feed, "give a feed another title")
    _take_feed(one)
    one.add_argument("title", metavar="TITLE", type=some_words, help="its title from now on")
    one = commands.add("move", move_feed, "put a feed into a folder", _MOVE_EXAMPLES)
    _take_feed(one)
    one.add_argument("folder", metavar="FOLDER", type=one_line, help='its folder from now on; "" is none')
    for name, paused, text in (
        ("pause", True, "let a feed rest: it stays, and is not asked for"),
        ("resume", False, "ask for a feed again that was paused"),
    ):
        one = commands.add(name, pause_feed, text)
        one.set_defaults(paused=paused)
        _take_feed(one)
    one = commands.add("set", set_feed, "show or change the settings of a feed", _SET_EXAMPLES)
    _take_feed(one)
    switch = argparse.BooleanOptionalAction
    one.add_argument("--full-text", action=switch, help="fetch the pages of new entries as they come")
    one.add_argument("--mute", action=switch, dest="muted", help="keep what it brings out of all lists")
    _take_settings(one)
    one = commands.add("refresh", refresh, "fetch what is new in the feeds that are due", _REFRESH_EXAMPLES)
    one.add_argument("feeds", nargs="*", metavar="FEED", type=some_words, help="only these; without any, all")
    one.add_argument("--force", action="store_true", help="whether due or not (validators are still used)")
    one.add_argument("--quiet", action="store_true", help="no progress and no summary; failures are still told")
    takes_json(one)


def _take_feed(parser: argparse.ArgumentParser) -> None:
    text = "its number, its address, or a part of its title or address"
    parser.add_argument("feed", metavar="FEED", type=some_words, help=text)


def _take_settings(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--interval", type=_minutes, metavar="TIME", help="how long it rests between two checks: 30m, 2h or 1d"
    )
    parser.add_argument("--user-agent", type=one_line, metavar="NAME", help="the name to ask for it under")
    parser.add_argument("--user", type=one_line, metavar="NAME", help="the user name that its server wants")
    parser.add_argument(
        "--password-command", type=clean, metavar="COMMAND", help="what prints the password; it is run without a shell"
    )
    parser.add_argument(
        "--cookie", type=one_line, help="what to send as Cookie; - reads it from standard input, where nobody else sees"
    )


def _minutes(text: str) -> int | str:
    """Minutes between two checks; empty words stay so."""
    if text and duration(text) > _LONGEST:
        raise argparse.ArgumentTypeError(f"{text!r} is longer than 30d")
    return text and duration(text) // timedelta(minutes=1)


def _changed(settings: FeedSettings, arguments: argparse.Namespace) -> FeedSettings:
    """The settings with what was given in their place; empty words unset one."""
    given: dict[str, Any] = {}
    for name in ("interval", "full_text", "muted", "user_agent", "user", "password_command", "cookie"):
        if (value := getattr(arguments, name, None)) is not None:
            given[name] = None if value == "" else value
    if given.get("cookie") == "-":
        given["cookie"] = one_line(sys.stdin.readline()) or None
    changed = replace(settings, **given)
    if changed.password_command and not changed.user:
        raise Failure("A password goes with a user name; name it with --user.")
    return changed


def add_feed(arguments: argparse.Namespace) -> int:
    """Follow a feed."""
    from reader.library.answers import SeveralFeeds
    from reader.model import FeedSettings

    wanted = _changed(FeedSettings(), arguments)
    with opened(arguments, new=True) as library:
        try:
            feed, new = library.feeds.add(arguments.url, folder=arguments.folder or None, settings=wanted)
        except SeveralFeeds as several:
            tell(str(several))
            for found in several.found:
                tell(f"{shown_url(found.url)} {found.title}")
            return FAILED
        if wanted.full_text:
            library.fetch(library.store.headlines(feed_id=feed.id))
        library.stories.sort()
        teasing = feed.id in library.feeds.cut_short()
    print(f"Following {feed.title} ({shown_url(feed.url)}): {count(new, 'entry')}.")
    if teasing:
        tell(f"It carries little but openings; newsreader set {feed.id} --full-text fetches the pages as they come.")
    return OK


def list_feeds(library: Library, *, as_json: bool, limit: int | None) -> int:
    """Print what is followed: feeds, and lists of them."""
    store = library.store
    feeds, checks, unread, teasers = store.feeds()[:limit], store.checks(), store.unread(), store.teasers()
    cut_short = library.feeds.cut_short()
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
                "paused": feed.settings.paused,
                "muted": feed.settings.muted,
                "full_text": feed.settings.full_text,
                "interval": feed.settings.interval,
                "openings": round(teasers.get(feed.id, 0), 2),
            }
            for feed in feeds
        )
        return OK
    for feed in feeds:
        opens = feed.id in cut_short
        marks = ["paused"] * feed.settings.paused + ["muted"] * feed.settings.muted + ["openings only"] * opens
        marked = f"  ({', '.join(marks)})" if marks else ""
        failed = f"  ! {error[feed.id]}" if error[feed.id] else ""
        print(f"{feed.id:>5} {unread.get(feed.id, 0):>6}  {feed.title}  {shown_url(feed.url)}{marked}{failed}")
    for followed in store.lists.all():
        failed = f"  ! {followed.error}" if followed.error else ""
        print(f" list         {shown_url(followed.url)}{failed}")
    return OK


def remove_feed(arguments: argparse.Namespace) -> int:
    """Follow a feed no more, or a list of feeds."""
    with opened(arguments) as library:
        if library.store.lists.remove(arguments.feed):
            print(f"The list {shown_url(arguments.feed)} is followed no more; its feeds stay.")
            return OK
        feed = library.feeds.find(arguments.feed)
        kept = library.feeds.remove(feed)
    stays = f"{count(kept, 'saved entry')} {'stays' if kept == 1 else 'stay'}" if kept else "nothing was saved from it"
    print(f"{_called(feed)} is followed no more; {stays}.")
    return OK


def rename_feed(arguments: argparse.Namespace) -> int:
    """Give a feed another title."""
    with opened(arguments) as library:
        feed = library.feeds.find(arguments.feed)
        library.feeds.change(replace(feed, title=arguments.title))
    print(f"{_called(feed)} is {arguments.title} from now on.")
    return OK


def move_feed(arguments: argparse.Namespace) -> int:
    """Put a feed into a folder, or out of all."""
    with opened(arguments) as library:
        feed = library.feeds.find(arguments.feed)
        library.feeds.change(replace(feed, folder=arguments.folder or None))
    print(f"{_called(feed)} is in " + (f"the folder {arguments.folder}." if arguments.folder else "no folder."))
    return OK


def pause_feed(arguments: argparse.Namespace) -> int:
    """Let a feed rest, or ask for it again."""
    with opened(arguments) as library:
        feed = library.feeds.find(arguments.feed)
        library.feeds.change(replace(feed, settings=replace(feed.settings, paused=arguments.paused)))
    print(f"{_called(feed)} " + ("is paused." if arguments.paused else "is asked for again."))
    return OK


def set_feed(arguments: argparse.Namespace) -> int:
    """Change the settings of a feed, and show them."""
    with opened(arguments) as library:
        feed = library.feeds.find(arguments.feed)
        wanted = _changed(feed.settings, arguments)
        if wanted != feed.settings:
            library.feeds.change(replace(feed, settings=wanted))
        teasing = library.store.teasers().get(feed.id, 0)
    print(_called(feed))
    yes = {True: "yes", False: "no"}
    for name, value in (
        ("folder", feed.folder),
        ("interval", count(wanted.interval, "minute") if wanted.interval else "as configured"),
        ("full text", yes[wanted.full_text] + (f" ({teasing:.0%} of its texts are openings)" if teasing else "")),
        ("paused", yes[wanted.paused]),
        ("muted", yes[wanted.muted]),
        ("user agent", wanted.user_agent),
        ("user", wanted.user),
        ("password command", wanted.password_command),
        ("cookie", "set" if wanted.cookie else None),
    ):
        print(f"  {name:<17} {value or 'none'}")
    return OK


def _called(feed: Feed) -> str:
    return f"{feed.title} ({shown_url(feed.url)})"


# --- refresh ---------------------------------------------------------------------------------------------------------


def refresh(arguments: argparse.Namespace) -> int:
    """Fetch what is new."""
    from reader import config
    from reader.config import NotifyBy
    from reader.library import log

    quiet: bool = arguments.quiet
    with log.kept(config.log_path()), opened(arguments, new=True) as library:
        named = list(dict.fromkeys(library.feeds.find(name) for name in arguments.feeds))
        with progress(len(named or library.store.feeds()), "feed", quiet=quiet) as bar:

            def report(checked: Any) -> None:
                bar.total = checked.total
                bar.update()

            came = library.refresh(named or None, force=arguments.force, report=report)
        unsorted = library.stories.unsorted(_COUNTED)
        told = library.told(came)
        if library.settings.notify.by in (NotifyBy.AUTO, NotifyBy.DESKTOP):
            library.tell_desktop(came)
        followed = len(library.store.feeds())
    if arguments.json:
        write_json(_refreshed_json(came, told, unsorted))
    _tell_news(came, told)
    for feed, why in came.failed:
        tell(f"{_called(feed)}: {why}")
    for url, why in came.lists:
        tell(f"The list {shown_url(url)}: {why}")
    if not quiet:
        _tell_rest(came, named=len(named), followed=followed, unsorted=unsorted)
    return SOME_FAILED if came.failed or came.lists else OK


def _tell_news(came: Refreshed, told: list[tuple[str, list[Entry]]]) -> None:
    """Tell what the rules found, and what became of stories that were opened."""
    for rule, entries in told:
        for entry in entries[:_NAMED]:
            tell(f"{rule}: {entry.feed_title}: {entry.title}")
        if len(entries) > _NAMED:
            tell(f"{rule}: and {len(entries) - _NAMED:,} more")
    for alert in came.alerts:
        tell(f"{alert.rule}: {alert.why}. “{alert.words}” ({alert.entry.feed_title}: {alert.entry.title})")


def _tell_rest(came: Refreshed, *, named: int, followed: int, unsorted: int) -> None:
    """Sum a refresh up."""
    for feed, until in came.postponed:
        tell(f"{_called(feed)} was put off: its server asks to be left alone until {local(until)}.")
    if not followed:
        tell("No feed is followed yet; newsreader add URL follows one.")
    if named and (resting := named - came.checked - len(came.postponed)):
        tell(f"{count(resting, 'feed')} of those named not asked for: not due yet, which --force ignores, or at rest.")
    if unsorted:
        tell(f"{count(unsorted, 'article')} not sorted into stories yet; the reader goes on with them.")
    tell(f"{count(came.checked, 'feed')} checked, {count(came.new, 'new entry')}, {len(came.failed)} failed.")


def _refreshed_json(came: Refreshed, told: list[tuple[str, list[Entry]]], unsorted: int) -> dict[str, Any]:
    def feed_json(feed: Feed) -> dict[str, Any]:
        return {"id": feed.id, "title": feed.title, "url": shown_url(feed.url)}

    def entry_json(entry: Entry) -> dict[str, Any]:
        return {"entry": entry.id, "feed": entry.feed_title, "title": entry.title, "url": entry.url}

    return {
        "checked": came.checked,
        "new": came.new,
        "failed": [feed_json(feed) | {"error": why} for feed, why in came.failed],
        "postponed": [feed_json(feed) | {"until": until.isoformat()} for feed, until in came.postponed],
        "lists": [{"url": shown_url(url), "error": why} for url, why in came.lists],
        "told": [{"rule": rule} | entry_json(entry) for rule, entries in told for entry in entries],
        "alerts": [
            {"rule": str(alert.rule), "why": alert.why, "words": alert.words} | entry_json(alert.entry)
            for alert in came.alerts
        ],
        "unsorted": unsorted,
    }


_ADD_EXAMPLES = """\
  newsreader add https://www.npr.org --folder Radio
  newsreader add https://example.org/feed --full-text --interval 30m
  newsreader add https://example.org/feed --user ada --password-command "pass show example"
"""
_MOVE_EXAMPLES = """\
  newsreader move npr Radio
  newsreader move npr ""              out of its folder
"""
_SET_EXAMPLES = """\
  newsreader set npr                              show the settings
  newsreader set npr --full-text --interval 2h    change some; the others stay
  newsreader set npr --interval "" --no-full-text
  newsreader set npr --cookie - < cookie          an option with "" unsets it
"""
_REFRESH_EXAMPLES = """\
  newsreader refresh                  every feed that is due
  newsreader refresh npr --force      one feed, due or not
  newsreader refresh --quiet          for cron: prints nothing but failures, and what rules tell
"""
