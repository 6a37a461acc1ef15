"""Gives every reader of others' files each body it is given, and fails if one opens, connects to or runs anything."""

import sys
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path.cwd()))

from reader.articles import ExtractError
from reader.articles.extract import extract, from_feed
from reader.feeds import FeedError, elsewhere, newsboat, opml
from reader.feeds.discovery import discover
from reader.feeds.parse import parse
from reader.highlights import bring_in
from reader.library import steps

URL = "file:///etc/hostname"
READERS = (
    lambda body: parse(body, url=URL),
    lambda body: extract(body, url=URL),
    lambda body: from_feed(body.decode(), url=URL, title=body.decode()),
    lambda body: discover(body, url=URL),
    opml.read,
    newsboat.read,
    steps.read_list,
    elsewhere.read,
    lambda body: bring_in.read(body, now=datetime.now(UTC)),
    lambda body: bring_in.read(body, now=datetime.now(UTC), format="csv"),
)
WATCHED = ("open", "socket.", "subprocess.", "os.exec", "os.posix_spawn", "os.system", "os.fork", "exec")
happened = []


def all_of(bodies: list[bytes]) -> None:
    for body in bodies:
        for read in READERS:
            try:
                read(body)
            except (FeedError, ExtractError):
                pass
            except ValueError as error:
                if type(error) is not ValueError:
                    raise


def watch(event: str, args: tuple[object, ...]) -> None:
    if event.startswith(WATCHED):
        happened.append((event, str(args)[:200]))


given = [body.encode("utf-8", "surrogateescape") for body in sys.argv[1:]]
all_of(given)  # once, so that whatever is loaded lazily is loaded
sys.addaudithook(watch)
all_of(given)
sys.exit(str(happened) if happened else 0)
