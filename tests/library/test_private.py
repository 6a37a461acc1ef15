"""Addresses that a feed, a page or a list supplies reach no private network (13).

The person allowed 127.0.0.1, where their own server is. Everything hostile is on 127.0.0.2, which they did not.
"""

import socket
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from ipaddress import ip_address, ip_network
from pathlib import Path

import pytest
from hostile_server import HostileServer, reply
from press import HEAD, PAGE, PARAGRAPHS, Clock, feed, followed, item, redirect
from terminal import newsreader

from reader.config import Network, Settings
from reader.library.answers import LibraryError
from reader.library.library import Library
from reader.model import FeedSettings, Picture

OWN = Settings(network=Network(allow_private=(ip_network("127.0.0.1/32"),)))
SPELLINGS = (
    "127.0.0.2", "127.2", "0x7f.2", "0x7f000002", "2130706434", "0177.0.0.2", "127。0。0。2", "[::ffff:127.0.0.2]",
    "[::ffff:7f00:2]", "[64:ff9b::7f00:2]", "[2002:7f00:2::]", "inside.test",
)  # fmt: skip
"""Of the one address, as a feed may have it."""
OTHERS = (
    "0.0.0.0", "[::1]", "[::]", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "224.0.0.1",
    "255.255.255.255", "[fe80::1]", "[fc00::1]", "[ff02::1]", "[64:ff9b::a00:1]",
)  # fmt: skip
"""Of other networks that are nobody else's business."""

HTML = ["Content-Type: text/html; charset=utf-8"]

pytestmark = pytest.mark.scorecard(13)

_dialled: list[tuple[object, ...]] = []
_watching = False


def _watch(event: str, details: tuple[object, ...]) -> None:
    if _watching and event == "socket.connect" and isinstance(details[1], tuple):
        _dialled.append(details[1])
        address = ip_address(details[1][0])
        if not (getattr(address, "ipv4_mapped", None) or address).is_loopback:
            raise OSError("a test that fails leaves this machine no more than one that passes")


@pytest.fixture(scope="module", autouse=True)
def watch() -> None:
    """Every connection that this process begins is noted; such a hook can't be taken away again."""
    sys.addaudithook(_watch)


@pytest.fixture(autouse=True)
def names(monkeypatch) -> dict[str, list[str]]:
    """A name server under our thumb, which gives the next address each time, and the last for ever."""
    names = {"inside.test": ["127.0.0.2"]}
    system = socket.getaddrinfo

    def getaddrinfo(host, port, *args, **more):
        if host in names:
            host = names[host].pop(0) if len(names[host]) > 1 else names[host][0]
        return system(host, port, *args, **more)

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    for proxy in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(proxy, raising=False)
    return names


@pytest.fixture
def inside() -> Iterator[HostileServer]:
    """What must not be reached: it would answer for anything."""
    with HostileServer(host="127.0.0.2") as inside:
        yield inside


@pytest.fixture
def own(start: Callable[..., Library]) -> Library:
    """A library whose person allowed their own server, and nothing else."""
    return start(OWN)


@pytest.fixture
def reached(server: HostileServer, inside: HostileServer) -> Iterator[Callable[[], list[tuple[object, ...]]]]:
    """Where connections went beside the person's own server."""
    global _watching
    _dialled.clear()
    _watching = True

    def reached() -> list[tuple[object, ...]]:
        return [address for address in _dialled if address[:2] != ("127.0.0.1", server.port)]

    yield reached
    _watching = False
    assert reached() == []
    assert inside.connections == 0


@pytest.fixture
def addresses(inside: HostileServer, full: bool) -> Callable[[str], list[str]]:
    """All that a feed may write for a place inside, or a few of each kind."""
    hosts = SPELLINGS + OTHERS if full else SPELLINGS[::3] + SPELLINGS[-1:] + OTHERS[::4]
    return lambda path: [f"http://{host}:{inside.port}{path}" for host in hosts]


def away(status: int, url: str) -> bytes:
    return redirect(status, url.encode().decode("latin-1"))


def is_refused(why: str | None) -> bool:
    """Whether it was the address that was wrong, and not what came from there."""
    return any(words in (why or "") for words in ("address is private", "is no address", "is not a valid URL"))


def page(head: str = "", text: str = PARAGRAPHS) -> bytes:
    return reply(body=HEAD.replace("</head>", f"{head}</head>").encode() + f"{text}</article>".encode(), headers=HTML)


def test_links_and_pages_to_which_they_redirect(
    own: Library, server, inside, reached, addresses, tmp_path: Path, record_property
):
    links = addresses("/")
    server.routes |= {f"/to{n}": away(302, url) for n, url in enumerate(links)}
    behind = [server.url(f"/to{n}") for n in range(len(links))]
    server.routes["/feed"] = feed(
        *(item(str(n), link=url, title=f"Piece {n}") for n, url in enumerate([*links, *behind])),
    )
    own.feeds.change(replace(followed(own, server.url("/feed")), settings=FeedSettings(full_text=True)))
    assert own.refresh().new == len(links) * 2, "and their pages are asked for as they come"
    ids = own.store.headlines()
    assert len(ids) == len(links) * 2
    said: list[str | None] = []
    assert own.fetch(ids, report=lambda _, why: said.append(why)) == 0
    assert all(map(is_refused, said))
    entries = own.store.entries(ids)
    for entry_id in (ids[0], ids[-1]):
        assert "private" in own.open(entry_id).notice
        assert "private" in own.open(entry_id, again=True).notice
        with pytest.raises(LibraryError, match="can't be reported"):
            own.report(entry_id, tmp_path / "reports")
    assert {entry.url for entry in entries.values()} >= set(behind)
    record_property(
        "figure", f"{len(ids)} links and redirects to private addresses opened: {len(reached())} connections"
    )


def test_next_pages(own: Library, server, inside, reached, names):
    server.routes |= {
        "/redirected": page('<link rel="next" href="/redirected?page=2">'),
        "/redirected?page=2": redirect(302, inside.url("/redirected?page=2")),
        "/elsewhere": page(f'<link rel="next" href="{inside.url("/elsewhere?page=2")}">'),
        "/rebound": page('<link rel="next" href="/rebound?page=2">'),
    }
    names["rebound.test"] = ["127.0.0.1", "127.0.0.2"]
    links = [server.url("/redirected"), server.url("/elsewhere"), f"http://rebound.test:{server.port}/rebound"]
    server.routes["/feed"] = feed(*(item(str(n), link=url, title=str(n)) for n, url in enumerate(links)))
    own.feeds.add(server.url("/feed"))
    for entry_id in own.store.headlines():
        opened = own.open(entry_id)
        assert "Nobody will cross it" in opened.article.text
        if opened.entry.title != "1":
            assert "private (127.0.0.2)" in opened.notice
    assert names["rebound.test"] == ["127.0.0.2"], "it was looked up for each page, and refused the second time"


def test_pictures(own: Library, server, inside, reached, addresses):
    for n, url in enumerate(addresses("/lead.png")):
        server.routes |= {f"/{n}": page(f'<meta property="og:image" content="{url}">'), f"/to{n}": away(302, url)}
        with pytest.raises(LibraryError, match="can't be shown"):
            own.pictures.fetch(Picture(url=url))
        with pytest.raises(LibraryError, match="can't be shown"):
            own.pictures.fetch(Picture(url=server.url(f"/to{n}")))
    server.routes["/feed"] = feed(item("1", link=server.url("/0")))
    own.feeds.add(server.url("/feed"))
    lead = own.open(own.store.headlines()[0]).article.lead
    assert lead.url == inside.url("/lead.png"), "the page's own word for it"
    with pytest.raises(LibraryError, match="private"):
        own.pictures.fetch(lead)


def test_feeds_that_a_page_names_or_that_a_feed_leads_to(own: Library, server, inside, reached, addresses):
    for n, url in enumerate(addresses("/feed")):
        link = f'<link rel="alternate" type="application/rss+xml" href="{url}">'
        server.routes |= {f"/page{n}": reply(body=f"<html><head>{link}</head>".encode()), f"/to{n}": away(301, url)}
        for address in (url, server.url(f"/page{n}"), server.url(f"/to{n}")):
            with pytest.raises(LibraryError, match="can't be followed"):
                own.feeds.add(address)
    assert own.store.feeds() == []


@pytest.mark.parametrize("status", [301, 302])
def test_a_feed_that_moves_inside(own: Library, server, inside, reached, addresses, status):
    server.routes["/feed"] = feed(item("1"))
    was, _ = own.feeds.add(server.url("/feed"))
    for url in addresses("/feed")[:6]:
        server.routes["/feed"] = away(status, url)
        ((_, why),) = own.refresh(force=True).failed
        assert is_refused(why)
    assert own.store.feeds() == [was], "it stays where it was, for it never answered there"
    server.routes["/feed"] = feed(item("1"), item("2"))
    assert own.refresh(force=True).new == 1


def test_a_feed_whose_name_is_given_another_address_later(own: Library, server, inside, reached, names):
    names["rebound.test"] = ["127.0.0.1", "127.0.0.1", "127.0.0.2"]
    server.routes["/feed"] = feed(item("1"))
    own.feeds.add(f"http://rebound.test:{server.port}/feed")
    assert own.refresh(force=True).failed == ()
    ((_, why),) = own.refresh(force=True).failed
    assert "private (127.0.0.2)" in why


def test_lists_and_what_stands_in_them(own: Library, server, inside, reached, addresses, clock: Clock):
    outlines = "".join(f"<outline type='rss' text='x' xmlUrl='{url}'/>" for url in addresses("/feed"))
    body = f"<opml version='2.0'><body>{outlines}</body></opml>".encode()
    server.routes |= {"/list": reply(body=body), "/moved": redirect(302, inside.url("/list"))}
    own.feeds.follow_list(server.url("/list"))
    own.feeds.take_in(body)
    assert len(own.store.feeds()) >= 6
    came = own.refresh()
    assert len(came.failed) == came.checked == len(own.store.feeds())
    assert all(is_refused(why) for _, why in came.failed)
    for address in (inside.url("/list"), server.url("/moved")):
        with pytest.raises(LibraryError, match="private"):
            own.feeds.follow_list(address)
    server.routes["/list"] = redirect(302, inside.url("/list"))
    clock.now += timedelta(days=2)
    ((_, why),) = own.refresh().lists
    assert "private" in why


def test_as_it_is_installed_not_even_the_persons_own_machine(start, server, reached, tmp_path: Path):
    """Without a word of theirs, that is under the settings that a new library has."""
    server.routes |= {
        "/feed": feed(item("1", link=server.url("/page"))),
        "/page": reply(body=PAGE.encode(), headers=HTML),
    }
    library = start(Settings())
    for host in ("127.0.0.1", "localhost", "127.1", "0x7f.1", "2130706433", "[::ffff:127.0.0.1]"):
        url = f"http://{host}:{server.port}"
        for refused in (library.feeds.add, library.feeds.follow_list):
            with pytest.raises(LibraryError, match="private"):
                refused(f"{url}/feed")
        followed(library, f"{url}/feed")
        with pytest.raises(LibraryError, match="private"):
            library.pictures.fetch(Picture(url=f"{url}/a.png"))
    assert {why.partition(" (")[0] for _, why in library.refresh().failed} == {"the address is private"}
    for command in (["read", server.url("/page")], ["extract", server.url("/page")]):
        done = newsreader(*command, home=tmp_path)
        assert done.returncode != 0
        assert b"private" in done.stderr, (command, done.stderr)
    assert server.connections == 0
