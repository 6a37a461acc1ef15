"""Take the screenshots of the docs from the running demo: `make screenshots`."""

import asyncio
import os
import tempfile
from datetime import UTC, datetime
from functools import partial
from ipaddress import ip_network
from pathlib import Path

from reader.config import Network, Settings
from reader.library.library import Library
from reader.newsroom import Newsroom
from reader.tui.app import NewsApp
from reader.tui.screens.reading import ReadingScreen
from reader.tui.widgets.headlines import Headlines

HERE = Path(__file__).parent
NOW = datetime(2026, 11, 12, 9, 0, tzinfo=UTC)
SETTINGS = Settings(network=Network(allow_private=(ip_network("127.0.0.0/8"),)))
PORT = 47812
CONFIG = Path("~/.config/newsreader/config.toml")
"""Shown, and never read: nothing is called so."""
FOLDERS = {"Vantage: defence and technology": "Trade", "The Exchange Ledger: companies and markets": "Trade"}
FAILING = (
    ("Harbour Gazette", f"http://127.0.0.1:{PORT}/gazette/feed/"),
    ("The Meridian Post: opinion", f"http://127.0.0.1:{PORT}/meridian/"),
)
"""Some always do: one is gone, of one the page's address was taken for the feed's."""
SHELLS = "open declassified intelligence says"
FERRY = "open Seventeen dead in Skerra"
WIDE, USUAL = (160, 45), (100, 30)
SHOTS: dict[str, tuple[tuple[int, int], tuple[str, ...]]] = {
    "stories": (WIDE, ()),
    "reading": (WIDE, (FERRY, "]", "]", "s")),
    "story": (WIDE, (FERRY, "tab", "tab", "tab")),
    "medium": (USUAL, (SHELLS, "]", "]")),
    "narrow": ((80, 24), (SHELLS, "]", "]")),
    "links": (USUAL, ("open Report: Sanctions push", ";")),
    "picture": ((100, 36), (FERRY, "z")),
    "compare": (WIDE, (FERRY, "L", "n", "l", "l", "c")),
    "ledger": (WIDE, (FERRY, "L", "n")),
    "coverage": ((120, 36), (SHELLS, "L", "v")),
    "speakers": (USUAL, ("5",)),
    "speaker": (USUAL, ("5", "/", "type transport", "enter", "enter")),
    "saved": (USUAL, (SHELLS, "]", "s", "]", "s", "4")),
    "feeds": (USUAL, ("3",)),
    "edit": (USUAL, ("3", "j", "j", "e")),
    "failures": (USUAL, ("F",)),
    "search": ((130, 36), ("/", "type hospital speaker:coastguard", "enter", "enter", "n")),
    "palette": (USUAL, ("ctrl+p", "type feed")),
    "settings": (USUAL, (",",)),
    "theme": (USUAL, (",", "j", "j", "j", "enter", "j", "j")),
    "help": ((100, 50), ("?",)),
}
EMPTY: dict[str, tuple[tuple[int, int], tuple[str, ...]]] = {
    "welcome": (USUAL, ()),
    "add": (USUAL, ("j", "enter", f"type http://127.0.0.1:{PORT}/concord/", "enter")),
}
"""Those of a library that is empty yet."""


async def shoot(library: Library, name: str, size: tuple[int, int], keys: tuple[str, ...]) -> None:
    """Press the keys, type what is to be typed, open what is to be opened, and keep what the screen shows."""
    app = NewsApp(library, refresh_on_start=False, title="newsreader", config=CONFIG)
    async with app.run_test(size=size) as pilot:
        for key in keys:
            step, _space, words = key.partition(" ")
            if words and step == "open":
                headlines = app.screen.query_one(Headlines)
                assert isinstance(app.screen, ReadingScreen)
                rows = range(headlines.row_count())
                headlines.cursor = next(row for row in rows if words in headlines.entry(row).title)  # type: ignore[union-attr]
                key = "enter"
            await pilot.press(*(words if words and step == "type" else [key]))
            while app.keyboard.in_doubt:
                await pilot.pause(0.02)
            for _ in range(3):  # what one worker brings may set another going
                await app.workers.wait_for_complete()
                await pilot.pause()
        app.clear_notifications()
        await pilot.pause()
        (HERE / f"{name}.svg").write_text(app.export_screenshot(), encoding="utf-8")


def main() -> None:
    """Fill a library from the newsroom and take every screenshot, each with the library opened anew."""
    os.environ["TZ"] = "UTC"
    with tempfile.TemporaryDirectory() as folder, Newsroom(now=NOW, port=PORT) as newsroom:
        opened = partial(Library, Path(folder) / "library.sqlite", settings=SETTINGS, now=lambda: NOW)
        for name, (size, keys) in EMPTY.items():
            with opened() as library:
                asyncio.run(shoot(library, name, size, keys))
        with opened() as library:
            for title, url in (*newsroom.feeds, *FAILING):
                library.store.add_feed(url, title=title, site=None, folder=FOLDERS.get(title, "News"), now=NOW)
            library.refresh()
            for entry_id in library.store.headlines():
                library.open(entry_id)  # a page that was read says more than a teaser
            library.rules.keep("Figures in dispute", "has:conflict")
        for name, (size, keys) in SHOTS.items():
            with opened() as library:
                asyncio.run(shoot(library, name, size, keys))
                for highlight in library.store.highlights.all():
                    library.saved.remove([highlight.id])


if __name__ == "__main__":
    main()
