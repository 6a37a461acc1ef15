"""The promises of the house that a linter can't see: what is loaded when, and that docs come from the code."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

HEAVY = {"textual", "rich", "lxml", "feedparser", "readability", "httpx", "jinja2", "pebble", "tqdm", "sqlite3",
         "numpy", "onnxruntime", "pint", "py3langid", "tokenizers", "PIL", "textual_image"}  # fmt: skip
MODEL = {"numpy", "onnxruntime", "pint", "py3langid", "tokenizers"}


def loaded(code: str) -> set[str]:
    """The top-level modules that are loaded once `code` has run in a fresh interpreter."""
    script = f"import sys\n{code}\nprint('loaded:', *{{name.split('.')[0] for name in sys.modules}})"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return set(done.stdout.rpartition("loaded:")[2].split())


def test_the_version_loads_nothing_heavy():
    code = "from reader.cli import main\ntry: main(['--version'])\nexcept SystemExit: pass"
    assert not loaded(code) & HEAVY


@pytest.mark.parametrize(
    "room",
    [
        "feeds",
        "articles",
        "articles.joined",
        "claims",
        "claims.view",
        "stories",
        "highlights",
        "library",
        "library.pages",
        "store",
        "newsroom",
    ],
)
def test_importing_a_room_loads_nothing_heavy(room):
    assert not loaded(f"import reader.{room}") & HEAVY


def test_the_library_starts_without_the_patterns_of_a_page():
    modules = "print('loaded:', *(name for name in sys.modules if name.startswith('reader.articles')))"
    done = subprocess.run(
        [sys.executable, "-c", f"import sys, reader.library.library\n{modules}"], capture_output=True, text=True
    )
    assert done.stdout.split() == ["loaded:"], done.stderr


def test_the_screens_start_without_the_parsers():
    assert not loaded("import reader.tui.app") & (
        {"lxml", "feedparser", "readability", "jinja2", "httpx", "PIL", "textual_image", "tomlkit"} | MODEL
    )


def test_the_reader_shows_claims_without_the_model_in_its_own_process(tmp_path):
    code = f"""
import asyncio
from datetime import UTC, datetime
from pathlib import Path
from reader.config import Settings
from reader.library.library import Library
from reader.model import Arrival, Article, Brought, FeedCheck, ParsedEntry
from reader.store.packed import pack
from reader.tui.app import NewsApp
from reader.tui.widgets.panel import Claims, Sources

NOW = datetime(2026, 11, 12, 9, 0, tzinfo=UTC)
TEXT = "“Nobody will cross the bridge before spring,” said Ada Lind, the harbour master of Skerra."

async def read(library):
    app = NewsApp(library, refresh_on_start=False)
    async with app.run_test() as pilot:
        for key in ("1", "enter"):
            await pilot.press(key)
            for _ in range(3):
                await app.workers.wait_for_complete()
                await pilot.pause()
        assert app.screen.query_one(Claims).row_count() == app.screen.query_one(Sources).row_count() == 1

with Library(Path({str(tmp_path / "l.sqlite")!r}), settings=Settings(), now=lambda: NOW) as library:
    feed, _ = library.store.add_feed("https://example.org/", title="Post", site=None, folder=None, now=NOW)
    article = Article(url=None, title="Bridge closes", text=TEXT, extractor="feed")
    arrival = Arrival(entry=ParsedEntry(guid="1", title="Bridge closes"), article=pack(article))
    library.store.save([Brought(check=FeedCheck(feed_id=feed.id), arrivals=(arrival,))], now=NOW)
    asyncio.run(read(library))
"""
    assert not loaded(code) & ({"lxml", "feedparser", "readability", "jinja2"} | MODEL)


def test_refresh_loads_no_screen_and_parses_nothing_itself(tmp_path):
    code = f"from reader.cli import main\nassert main(['refresh', '--library', {str(tmp_path / 'l.sqlite')!r}]) == 0"
    assert not loaded(code) & ({"textual", "rich", "lxml", "feedparser", "readability"} | MODEL)


@pytest.mark.parametrize("command", ["claims", "extract", "report"])
def test_a_page_is_read_in_a_worker_and_nowhere_else(command, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "page.html").write_text("<p>“We will rebuild,” Mayor Ada Lind said of the baths by the river.</p>" * 3)
    code = f"from reader.cli import main\n    assert main([{command!r}, 'page.html']) == 0"
    parsers = {"lxml", "readability", "selectolax"}
    assert not loaded(f"if __name__ == '__main__':\n    {code}") & ({"textual", "rich"} | parsers | MODEL)


def test_the_page_of_keys_is_the_table_of_actions():
    from reader.tui.actions import keys_page

    assert (ROOT / "docs" / "keys.md").read_text(encoding="utf-8") == keys_page()


def test_modules_keep_to_their_budget():
    long = {
        str(path.relative_to(ROOT)): lines
        for path in (ROOT / "reader").rglob("*.py")
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > 750
    }
    assert not long


def test_finding_claims_leaves_nothing_in_the_home_folder_and_calls_nobody(tmp_path):
    text = "The mayor of Orde said on Monday that the crane had rusted."
    home = {"HOME": str(tmp_path), "PATH": os.environ["PATH"]}
    run = [sys.executable, "-m", "reader", "claims", "--json", "-"]
    subprocess.run(run, input=text.encode(), env=home | {"PYTHONPATH": str(ROOT)}, cwd=tmp_path, check=True)
    assert list(tmp_path.rglob("*")) == []
