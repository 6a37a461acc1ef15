"""What the tests of the library have their feeds and pages made of, and the clock that they go by."""

from collections.abc import Iterable
from datetime import UTC, datetime
from ipaddress import ip_network

from hostile_server import Asked, HostileServer, reply

from reader.config import Network, Settings
from reader.library.library import Library
from reader.model import Feed

SETTINGS = Settings(network=Network(allow_private=(ip_network("127.0.0.0/8"),)))
PARAGRAPHS = (
    "<p>“Nobody will cross it before spring,” said Ada Lind, the harbour master, who inspected the piers herself.</p>"
    "<p>According to the ministry, repairs will cost 14 million crowns and take at least five months of work.</p>"
    "<p>The north bridge has carried the road to the islands for ninety years and has never been closed before.</p>"
)
HEAD = "<html><head><title>Bridge closes</title></head><body><article><h1>Bridge closes</h1>"
PAGE = f"{HEAD}{PARAGRAPHS * 2}</article></body></html>"


class Clock:
    """Stands still unless it is set."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 12, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


def item(
    guid: str,
    *,
    link: str = "",
    title: str = "Bridge closes",
    text: str = "The north bridge …",
    published: str = "",
) -> str:
    dated = f"<pubDate>{published}</pubDate>" if published else ""
    return f"<item><guid isPermaLink='false'>{guid}</guid><title>{title}</title><link>{link}</link>{dated}<description><![CDATA[{text}]]></description></item>"  # noqa: E501


def rss(*items: str, title: str = "The Harbour Post", asks: str = "") -> bytes:
    return f"<rss version='2.0'><channel><title>{title}</title>{asks}{''.join(items)}</channel></rss>".encode()


def feed(*items: str, headers: Iterable[str] = (), title: str = "The Harbour Post", asks: str = "") -> bytes:
    """A server's answer that holds a feed."""
    return reply(body=rss(*items, title=title, asks=asks), headers=["Content-Type: application/rss+xml", *headers])


def redirect(status: int, to: str) -> bytes:
    return reply(f"{status} Elsewhere", headers=[f"Location: {to}"])


def followed(library: Library, url: str) -> Feed:
    """Follow a feed that has not been fetched."""
    feed, _ = library.store.add_feed(url, title=url, site=None, folder=None, now=library.now())
    return feed


def asked(server: HostileServer, target: str) -> list[Asked]:
    """The requests for a target."""
    return [request for request in server.asked if request.target == target]


def titles(library: Library) -> list[str]:
    """All headlines, newest first."""
    entries = library.store.entries(library.store.headlines())
    return [entries[id].title for id in library.store.headlines()]
