"""Captured feeds and pages, served on loopback to the real program: subscribe, refresh, open, save."""

import gzip
import json
import re
from contextlib import suppress
from pathlib import Path
from xml.sax.saxutils import escape

import pytest
from hostile_server import HostileServer, reply
from terminal import Terminal, newsreader
from textual.worker import WorkerCancelled

from reader.config import parse
from reader.library.library import Library
from reader.tui.app import NewsApp
from reader.tui.screens.reading import ReadingScreen
from reader.tui.widgets.article import ArticleView

SHARED = Path(__file__).resolve().parents[1].parent / "shared"
PAGES = SHARED / "data" / "pages" / "scrapinghub"
FEEDS = SHARED / "data" / "feeds" / "captured"

pytestmark = pytest.mark.skipif(not (PAGES.is_dir() and FEEDS.is_dir()), reason="shared/data is not here")

TEN = 10


def article(shown: str) -> str:
    """The first lines of the article on the screen, once it is there."""
    middle = [line.split("│")[1] for line in shown.splitlines()[1:7] if line.count("│") > 1]
    return "" if "Fetching" in "".join(middle) or " min" not in "".join(middle) else "".join(middle)


@pytest.fixture
def server():
    """Eight captured feeds, and a feed of ten captured pages."""
    truths = [json.loads(line) for line in (PAGES / "truth.jsonl").read_text(encoding="utf-8").splitlines()]
    with HostileServer() as server:
        items = ""
        for truth in [truth for truth in truths if len(truth["text"]) > 1500][:TEN]:
            body = gzip.decompress((PAGES / "html" / f"{truth['id']}.html.gz").read_bytes())
            server.routes[f"/page/{truth['id']}"] = reply(body=body, headers=["Content-Type: text/html"])
            title = escape(" ".join(truth["text"].split()[:6]))
            link = server.url(f"/page/{truth['id']}")
            items += f"<item><title>{title}</title><guid>{truth['id']}</guid><link>{link}</link></item>"
        index = f"<rss version='2.0'><channel><title>Captured pages</title>{items}</channel></rss>"
        server.routes["/pages"] = reply(body=index.encode())
        for path in sorted(FEEDS.iterdir())[:8]:
            server.routes[f"/feed/{path.name}"] = reply(body=path.read_bytes())
        yield server


@pytest.fixture
def options(tmp_path, server) -> tuple[str, ...]:
    """The library that follows them all."""
    (tmp_path / "config.toml").write_text('[network]\nallow_private = ["127.0.0.0/8"]\n[refresh]\non_start = false\n')
    feeds = [path for path in server.routes if path.startswith("/feed/") or path == "/pages"]
    outlines = "".join(f"<outline type='rss' text='{path}' xmlUrl='{server.url(path)}'/>" for path in feeds)
    (tmp_path / "feeds.opml").write_text(f"<opml version='2.0'><body>{outlines}</body></opml>")
    options = ("--library", str(tmp_path / "library.sqlite"), "--config", str(tmp_path / "config.toml"))
    assert newsreader("import", str(tmp_path / "feeds.opml"), *options, home=tmp_path).returncode == 0
    done = newsreader("refresh", *options, home=tmp_path)
    assert done.returncode == 0, done.stderr.decode()
    return options


def test_a_reader_walks_captured_feeds_and_pages_in_a_terminal(tmp_path, server, options):
    entries = json.loads(newsreader("list", "--json", *options, home=tmp_path).stdout)
    assert len(entries) > 100
    assert sum(entry["feed"] == "/pages" for entry in entries) == TEN
    with Terminal(*options, home=tmp_path, size=(160, 45)) as terminal:
        terminal.until("Stories · ")
        terminal.press("3")
        terminal.until("Feeds · 9")
        terminal.press("G")
        terminal.until(lambda shown: "▌" in next((line for line in shown.splitlines() if " /pages" in line), ""))
        terminal.press("enter")
        terminal.until("/pages · 10 shown")
        terminal.press("enter")
        terminal.until(article)
        saved = False
        for _ in range(TEN - 1):
            terminal.until(lambda shown: re.search(r"Claims \d|No claims were found", shown) is not None)
            shown = terminal.shown()
            if re.search(r"Claims \d", shown) and not saved:
                terminal.press("]", "s")
                terminal.until("Saved: ")
                saved = True
            terminal.press("n")
            terminal.until(lambda shown, before=shown: article(shown) and article(shown) != article(before))
        assert saved
        terminal.press("Q")
        assert terminal.wait() == 0
    kept = json.loads(newsreader("saved", "--json", *options, home=tmp_path).stdout)
    assert len(kept["highlights"] if isinstance(kept, dict) else kept) == 1


@pytest.mark.anyio
@pytest.mark.parametrize("anyio_backend", ["asyncio"])
async def test_a_person_subscribes_refreshes_opens_and_saves_captured_pages(tmp_path, server, anyio_backend):
    truths = {}
    for line in (PAGES / "truth.jsonl").read_text(encoding="utf-8").splitlines():
        truth = json.loads(line)
        truths[truth["id"]] = truth["text"]
    settings = parse('[network]\nallow_private = ["127.0.0.0/8"]')
    with Library(tmp_path / "library.sqlite", settings=settings) as library:
        app = NewsApp(library, refresh_on_start=False)
        async with app.run_test(size=(160, 40)) as pilot:

            async def press(*keys: str) -> None:
                for key in keys:
                    await pilot.press(key)
                for _ in range(3):
                    with suppress(WorkerCancelled):  # one that a later one took the place of
                        await app.workers.wait_for_complete()
                    await pilot.pause()

            await press("j", "enter")
            feed = next(path for path in server.routes if path.startswith("/feed/"))
            await press(*server.url(feed), "enter")
            await press("enter")  # what was found is shown, and then followed
            await press("a")
            await press(*server.url("/pages"), "enter")
            await press("enter")
            assert len(library.store.feeds()) == 2
            await press("r")
            assert server.targets().count("/pages") == 2
            screen = app.screen
            assert isinstance(screen, ReadingScreen)
            article = screen.query_one(ArticleView)
            pages = next(feed for feed in library.store.feeds() if feed.title == "Captured pages")
            for entry_id in library.store.headlines(feed_id=pages.id):
                screen.open_entry(entry_id)
                await press()  # what is awaited has come
                await press("right_square_bracket", "s")
                assert article.opened.entry.id == entry_id
                assert article.opened.notice is None
                wanted = re.findall(r"\w+", truths[article.opened.entry.guid])
                read = re.findall(r"\w+", article.opened.article.text)
                both = len(set(wanted) & set(read))
                assert 2 * both / (len(set(wanted)) + len(set(read))) > 0.85
                for block in article.opened.article.blocks:
                    assert block.span.of(article.opened.article.text).strip()
            saved = library.store.highlights.all()
            assert len(saved) >= TEN // 2
            for highlight in saved:
                text = library.store.article(highlight.entry_id).text
                assert text[highlight.quote.start :].startswith(highlight.quote.exact)
