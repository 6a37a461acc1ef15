"""A library in which every field of others' is hostile, and a walk over all screens with it on a real terminal.

    python -m tests.tui.hostile_walk LIBRARY CONFIG REPORT FEED [each]

`each` does each action of the table, in a reader begun anew; else the screens alone are walked, in one go.
"""

from __future__ import annotations

import asyncio
import html
import io
import json
import shutil
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import textual._wait
from hostile_server import HostileServer, reply
from PIL import Image
from textual.pilot import Pilot
from textual.screen import Screen
from textual.widgets import Input
from textual.worker import WorkerCancelled

from reader import config
from reader.library.library import Library
from reader.model import Color
from reader.text import one_line
from reader.tui import app as app_module
from reader.tui.actions import ACTIONS, Action, as_keys
from reader.tui.app import NewsApp
from reader.tui.screens.reading import ReadingScreen
from reader.tui.widgets.article import ArticleView
from tests.tui.test_every_action import FIRST, OPEN, WAYS

MARKUP = "[/foo] [/ [bold] [@click=app.planted]press[/] $error [red]x"
ESCAPES = (
    "A\x9b31mB\u202eC\u2066D\x1b]52;c;aGFja2Vk\x07E\x1b[31;66mF\x9b5mG\x1b[?1049lH\x1b]8;;https://evil.example\x1b\\I"
    "\x1bP1$r\x1b\\J\x1bcK\x85L\u2028M\x7fN\u200fO\r"
)
PLANTED = ("\x1b]52;c;aGFja2Vk", "\x1b[31;66m", "\x1b]8;", "\x1bP1$r", "\x1bc", "\u202e", "\u2066", "\u2028", "\u200f")


def words(kind: str) -> str:
    """What somebody hostile puts into a field: markup of ours, and what steers a terminal."""
    return f"{kind} {MARKUP} {ESCAPES}"


def _marked(kind: str) -> str:
    """The same for XML and HTML, the escapes as they are and as references."""
    return "".join(f"&#{ord(c)};" if c in "\x1b\x07" else html.escape(c) for c in words(kind))


# --- the library -----------------------------------------------------------------------------------------------------


def _article(outlet: str, people: int) -> str:
    """The body of an article: both outlets tell of the same, with other figures."""
    return (
        f"<p>“Nobody will cross the bridge before spring,” said Ada Lind {_marked('Speaker')}, the harbour master.</p>"
        f"<p>According to the ministry {_marked('Office')}, {people} people were on the bridge when it was closed.</p>"
        f"<p>“The piers of the north bridge are cracked,” Ada Lind told {_marked(outlet)} on Monday.</p>"
        f"<p><a href='https://bank.example@evil.example/{_marked('p')}'>{_marked('Link')}</a> tells more of it.</p>"
        f"<figure><img src='/picture.png' width='80'><figcaption>{_marked('Caption')}</figcaption></figure>"
        f"<blockquote>{_marked('Quote')}</blockquote><pre>{_marked('Code')}</pre><h2>{_marked('Heading')}</h2>"
        f"<ul><li>{_marked('Item')} of a list that says a little more than one word.</li></ul>"
        + "<p>The north bridge has carried the road to the islands for ninety years, and was never closed.</p>"
        * 3
    )


def _page(n: int) -> bytes:
    body = (
        f"<html><head><title>{_marked('Title')}</title><meta property='og:site_name' content='{_marked('Site')}'>"
        f"<meta name='author' content='{_marked('By')}'><meta property='og:image' content='/picture.png'>"
        f"<meta property='og:image:alt' content='{_marked('Alt')}'></head>"
        f"<body><article><h1>North bridge {n} closes {_marked('H')}</h1>{_article('Post', 31)}</article></body></html>"
    )
    return reply(body=body.encode(), headers=["Content-Type: text/html; charset=utf-8"])


def _rss(server: HostileServer) -> bytes:
    items = "".join(
        f"<item><title>North bridge {n} closes {_marked('Item')}</title><link>{server.url(f'/page{n}')}</link>"
        f"<guid>{_marked(str(n))}</guid><author>{_marked('Author')}</author><category>{_marked('Category')}</category>"
        f"<pubDate>Thu, 12 Nov 2026 0{n}:00:00 GMT</pubDate><description>{_marked('Summary')}</description>"
        f"<enclosure url='https://a.example/{_marked('e')}' type='{_marked('audio')}' length='1'/></item>"
        for n in range(3)
    )
    body = f"<rss version='2.0'><channel><title>{_marked('Feed')}</title><description>{_marked('About')}</description>{items}</channel></rss>"  # noqa: E501
    return reply(body=body.encode(), headers=["Content-Type: application/rss+xml; charset=utf-8"])


def _json() -> bytes:
    """A second outlet, whose feed holds the escapes themselves."""
    items = [
        {
            "id": words(str(n)), "url": f"https://c.example/{n}", "title": f"North bridge {n} closed {words('Story')}",
            "content_html": html.unescape(_article("Courier", 40)), "tags": [words("tag")],
            "authors": [{"name": words("Author")}], "date_published": f"2026-11-12T0{n}:30:00Z",
            "attachments": [{"url": "https://c.example/a.mp3", "mime_type": words("audio"), "title": words("Sound")}],
        }
        for n in range(2)
    ]  # fmt: skip
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": words("Courier"), "items": items}
    return reply(body=json.dumps(feed).encode(), headers=["Content-Type: application/feed+json"])


FAULTS = {
    "/reason": reply(f"500 {MARKUP} A\x9b31m\xadB"),
    "/control": reply("500 A\x1b]52;c;aGFja2Vk\x07\x1b[31;66mB"),
    "/coding": reply(body=b"x", headers=[f"Content-Encoding: {MARKUP}\x9b5m"]),
    "/coded": reply(body=b"x", headers=["Content-Encoding: gzip"]),
    "/moved": reply("302 Found", headers=[f"Location: http://[/foo]\x9b31m{MARKUP}"]),
    "/script": reply("301 Moved", headers=[f"Location: javascript:alert(1)//{MARKUP}"]),
    "/far": reply("302 Found", headers=["Location: http://10.0.0.1/[/foo][bold]"]),
    "/page": reply(body=f"<html><title>{_marked('T')}</title></html>".encode()),
    "/parser": reply(body=f"<rss version='2.0'><channel><{MARKUP}></chan {ESCAPES}".encode()),
    "/charset": reply(
        body=f"<?xml version='1.0' encoding='{MARKUP}'?><rss><x".encode(),
        headers=[f"Content-Type: text/xml; charset={MARKUP}\x9b"],
    ),
    "/type": reply(body=b"\x1b[31;66m\x9b\x00", headers=[f"Content-Type: {MARKUP}"]),
    "/broken": f"HTTP/1.1 \x1b[31;66m {MARKUP}\r\n\r\n".encode(),
}  # fmt: skip
"""Feeds that fail, with as many words of the server's own in what is told of that as there can be."""


def serve(server: HostileServer) -> None:
    """Give a server all that is fetched."""
    picture = io.BytesIO()
    Image.new("RGB", (80, 40), "teal").save(picture, "png")
    server.routes |= {f"/page{n}": _page(n) for n in range(3)}
    server.routes |= FAULTS | {
        "/feed": _rss(server),
        "/json": _json(),
        "/picture.png": reply(body=picture.getvalue(), headers=["Content-Type: image/png"]),
    }


def fill(library: Library, server: HostileServer) -> None:
    """Follow feeds, list, search, tag, rule and save, all under hostile names; feeds that fail have failed once."""
    for path in ("/feed", "/json"):
        library.feeds.add(server.url(path), folder=one_line(words("Folder")))  # as all that take one do
    outlines = "".join(
        f'<outline text="{_marked(f"Outline {path[1:]}")}"><outline type="rss" text="{_marked(path[1:])}" '
        f'description="{_marked("about")}" xmlUrl="{server.url(path)}"/></outline>'
        for path in FAULTS
    )
    head = f"<head><title>{_marked('List')}</title></head>"
    library.feeds.take_in(f'<opml version="2.0">{head}<body>{outlines}</body></opml>'.encode())
    library.rules.keep(words("Smart")[:60], "bridge")
    library.rules.keep(words("Rule")[:60], "bridge", [f"tag:{words('ruled')[:40]}".replace(",", " "), "notify"])
    library.refresh(force=True)
    entries = library.store.headlines()
    library.store.tag(entries, words("Tag")[:50], tagged=True)
    for entry_id in entries:
        opened = library.open(entry_id)
        for claim in opened.analysis.claims[:2]:
            kept = library.saved.keep(library.saved.of(opened, claim))
            noted = replace(kept, note=words("Note"), tags=(words("Mine")[:40],), color=Color.PINK)
            library.saved.change([(kept, noted)])
    opened = library.open(entries[0])
    library.saved.keep(library.saved.of(opened, opened.article))
    library.saved.take_in(json.dumps([_hypothesis(server)]).encode(), format=None)
    library.saved.remove([library.saved.keep(library.saved.of(opened, opened.analysis.claims[-1])).id])


def _hypothesis(server: HostileServer) -> dict:
    """A highlight that came from elsewhere, as Hypothes.is writes it."""
    return {
        "id": "abc", "created": "2026-11-12T09:00:00+00:00", "updated": "2026-11-12T09:00:00+00:00",
        "uri": server.url("/page0"), "text": words("Note"), "tags": [words("there")],
        "document": {"title": [words("Elsewhere")]}, "user": words("acct"),
        "target": [{"source": server.url("/page0"), "selector": [
            {"type": "TextQuoteSelector", "exact": words("Exact"), "prefix": words("p"), "suffix": words("s")}]}],
    }  # fmt: skip


# --- the walk --------------------------------------------------------------------------------------------------------

SCREENS = (
    ("Ctrl-p", *"bri", "Enter"), (":", *"smart", "Esc"), ("a", "feed", "Enter", "Enter"), ("?", "j"),
    ("Ctrl-p", *"theme", "Enter", "Enter"),
    ("/", *"brid", "Enter", "K"), ("5", "Enter", "j", "c", "Esc"), ("gs", "gs", "gt"), ("R",),
    (*OPEN, "S", "Tab"), (*OPEN, "Tab", "Tab", "Tab", "Enter"), (*OPEN, "f", *"[/fo", "Enter"), (*OPEN, "s", "t"),
    (*OPEN, "o", "Esc", "O"), (*OPEN, "|"), (*OPEN, ";", "a"), (*OPEN, "c", "]", "n"), (*OPEN, "L", "l", "v"),
    (*OPEN, "p"),
    ("4", "gs", "gs", "gs", "gs", "D", "D", "j", "e"), ("4", "x", "Enter"), ("4", "j", "t"),
    ("3", "e"), ("3", "G", "e"), ("3", "j", "j", "d", "Enter"), ("F", "G", "e", "Esc", "r"),
)  # fmt: skip
"""Keys that lead to all screens, and to where they show the most of what others wrote."""
LEAVE = {"quit_now", "back_or_leave", "suspend_process"}
"""Actions that end the walk; test_deaths does them at a terminal."""


class Walker(NewsApp):
    """The app, which notes what it did and shows."""

    CSS_PATH = str(Path(app_module.__file__).with_name("newsreader.tcss"))

    def __init__(self, *given, **more) -> None:
        super().__init__(*given, **more)
        self.screens: set[str] = set()
        self.actions: set[str] = set()
        self.planted: list[str] = []
        self.literal = 0

    def action_planted(self) -> None:
        """What a title of theirs would have run."""
        self.planted.append("ran")

    async def run_action(self, action, default_namespace=None, namespaces=None):
        self.actions.add(str(action).partition("(")[0])
        return await super().run_action(action, default_namespace, namespaces)

    def look(self) -> None:
        """Note what is on the screen."""
        self.screens.add(type(self.screen).__name__)
        for strip in self.screen._compositor.render_strips():
            self.literal += "[/foo]" in strip.text or "[@click" in strip.text or "[bold]" in strip.text
            for segment in strip:
                if segment.style and ("planted" in repr(segment.style.meta) or segment.style.link):
                    self.planted.append(segment.text)


async def settle(pilot: Pilot) -> None:
    """Wait until all that was set going has come back."""
    app = pilot.app
    while app.keyboard.in_doubt:
        await pilot.pause(0.02)
    for _ in range(3):
        with suppress(WorkerCancelled):
            await app.workers.wait_for_complete()
        await pilot.pause()


async def press(pilot: Pilot, written: str, feed: str) -> None:
    """Press a key as it is written in the table; words are names of more than that."""
    app = pilot.app
    match written:
        case "open":
            reading = next(screen for screen in app.screen_stack if isinstance(screen, ReadingScreen))
            reading._headlines.focus()
            await pilot.press("enter")
        case "feed":
            app.screen.query_one(Input).value = feed
        case _:
            for key in as_keys(written):
                names = {"]": "right_square_bracket", "[": "left_square_bracket", "/": "slash", ",": "comma"}
                await pilot.press(names.get(key, key))
    await settle(pilot)
    app.look()


async def home(pilot: Pilot) -> None:
    """Take back what was done, and go back to the list of headlines."""
    app = pilot.app
    while not isinstance(app.screen, ReadingScreen):
        app.screen.dismiss(None)
        await settle(pilot)
    while await app.session.changes.undo():
        await settle(pilot)
    screen = app.screen
    view = screen.query_one(ArticleView)
    view._select(None)
    view.forget_hits()
    view._leave_hints()
    if screen._view.query:
        for key in "12":
            await pilot.press(key)
            await settle(pilot)
    screen._headlines.focus()
    await settle(pilot)


def routes(actions: list[Action]) -> Iterator[tuple[str, ...]]:
    """The keys that lead to actions, and do them."""
    for action in actions:
        if action.id not in LEAVE:
            yield (*WAYS[action.place], *FIRST.get(action.id, ()), action.keys[0])


def walk(app: Walker, ways: list[tuple[str, ...]], feed: str) -> None:
    """Go some ways in the reader, on the terminal that this process has."""

    async def pilot_(pilot: Pilot) -> None:
        await settle(pilot)
        app.look()
        for keys in ways:
            for key in keys:
                await press(pilot, key, feed)
            if len(ways) > 1:
                await home(pilot)
        app.exit()

    asyncio.run(app.run_async(auto_pilot=pilot_))


def main() -> None:
    path, conf, report, feed, *each = sys.argv[1:]
    settings = config.load(Path(conf), required=True)
    textual._wait.SLEEP_GRANULARITY = 0.01
    found: dict[str, set | int | list] = {"screens": set(), "actions": set(), "planted": [], "literal": 0}
    faults: list[str] = []

    def begin(library_path: Path, ways: list[tuple[str, ...]]) -> None:
        with Library(library_path, settings=settings, now=lambda: datetime(2026, 11, 12, 9, 0, tzinfo=UTC)) as library:
            app = Walker(library, refresh_on_start=True, config=Path(conf))
            walk(app, ways, feed)
            found["screens"] |= app.screens
            found["actions"] |= app.actions
            found["planted"] += app.planted
            found["literal"] += app.literal
            if app.fault:
                faults.append(repr(app.fault))

    ways = list(SCREENS)
    if each:
        ways += routes(list(ACTIONS))
        for at, keys in enumerate(ways):
            copy = Path(path).with_name(f"copy{at}.sqlite")
            shutil.copy(path, copy)
            begin(copy, [keys])
            copy.unlink()
    else:
        begin(Path(path), ways)
    begin(Path(path).with_name("empty.sqlite"), [("G", "Enter", "Esc")])
    all_screens = {c.__name__ for c in _leaves(Screen) if c.__module__.startswith("reader.tui.screens")}
    Path(report).write_text(
        json.dumps({key: sorted(value) if isinstance(value, set) else value for key, value in found.items()}
        | {"missed": sorted(all_screens - found["screens"]), "faults": faults, "ways": len(ways)})
    )  # fmt: skip


def _leaves(kind: type) -> Iterator[type]:
    below = kind.__subclasses__()
    if not below:
        yield kind
    for one in below:
        yield from _leaves(one)


if __name__ == "__main__":
    main()
