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
SHOTS: dict[str, tuple[tuple[int, int], tuple[str, ...]]] = {
    "stories": ((160, 45), ()),
    "reading": ((160, 45), ("open", "right_square_bracket", "right_square_bracket", "right_square_bracket", "s")),
    "story": ((160, 45), ("open", "tab", "tab", "tab")),
    "medium": ((100, 30), ("open", "right_square_bracket", "right_square_bracket")),
    "narrow": ((80, 24), ("open", "right_square_bracket", "right_square_bracket")),
    "saved": ((100, 30), ("open", "right_square_bracket", "s", "right_square_bracket", "s", "4")),
    "feeds": ((100, 30), ("3",)),
    "help": ((100, 50), ("question_mark",)),
}
STORY = "declassified intelligence says"


async def shoot(library: Library, name: str, size: tuple[int, int], keys: tuple[str, ...]) -> None:
    """Press the keys and keep what the screen shows."""
    app = NewsApp(library, refresh_on_start=False, title="newsreader")
    async with app.run_test(size=size) as pilot:
        for key in keys:
            if key == "open":
                headlines = app.screen.query_one(Headlines)
                assert isinstance(app.screen, ReadingScreen)
                rows = range(headlines.row_count())
                headlines.cursor = next(row for row in rows if STORY in headlines.entry(row).title)  # type: ignore[union-attr]
                key = "enter"
            await pilot.press(key)
            await app.workers.wait_for_complete()
            await pilot.pause()
        app.clear_notifications()
        await pilot.pause()
        (HERE / f"{name}.svg").write_text(app.export_screenshot(), encoding="utf-8")


def main() -> None:
    """Fill a library from the newsroom and take every screenshot, each with the library opened anew."""
    os.environ["TZ"] = "UTC"
    with tempfile.TemporaryDirectory() as folder, Newsroom(now=NOW, port=47812) as newsroom:
        opened = partial(Library, Path(folder) / "library.sqlite", settings=SETTINGS, now=lambda: NOW)
        with opened() as library:
            asyncio.run(shoot(library, "welcome", (100, 30), ()))
        with opened() as library:
            for title, url in newsroom.feeds:
                library.store.add_feed(url, title=title, site=None, folder=None, now=NOW)
            library.refresh()
            entries = library.store.entries(library.store.headlines()).values()
            told = next(entry for entry in entries if STORY in entry.title).story
            for entry in library.store.stories.story_entries(told or 0):
                library.open(entry.id)  # a page that was read says more than a teaser
        for name, (size, keys) in SHOTS.items():
            with opened() as library:
                asyncio.run(shoot(library, name, size, keys))
                for highlight in library.store.highlights():
                    library.remove_highlight(highlight.id)


if __name__ == "__main__":
    main()
