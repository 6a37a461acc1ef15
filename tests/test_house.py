"""The promises of the house that a linter can't see: what is loaded when, and that docs come from the code."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

HEAVY = {"textual", "rich", "lxml", "feedparser", "readability", "httpx", "jinja2", "pebble", "tqdm", "sqlite3"}


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
    "room", ["feeds", "articles", "claims", "stories", "highlights", "library", "store", "newsroom"]
)
def test_importing_a_room_loads_nothing_heavy(room):
    assert not loaded(f"import reader.{room}") & HEAVY


def test_the_screens_start_without_the_parsers():
    assert not loaded("import reader.tui.app") & {"lxml", "feedparser", "readability", "jinja2", "httpx", "onnxruntime"}


def test_refresh_loads_no_screen_and_parses_nothing_itself(tmp_path):
    code = f"from reader.cli import main\nassert main(['refresh', '--library', {str(tmp_path / 'l.sqlite')!r}]) == 0"
    assert not loaded(code) & {"textual", "rich", "lxml", "feedparser", "readability"}


def test_claims_loads_no_screen(tmp_path):
    (tmp_path / "text.txt").write_text("“We will rebuild,” Mayor Ada Lind said.")
    code = f"from reader.cli import main\nassert main(['claims', {str(tmp_path / 'text.txt')!r}]) == 0"
    assert not loaded(f"if __name__ == '__main__':\n    {code.replace(chr(10), chr(10) + '    ')}") & {
        "textual",
        "rich",
    }


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
