"""The docs hold: links lead somewhere, keys do what pages say, and nothing there is to see is left out."""

import importlib
import inspect
import pkgutil
import re
import runpy
import tomllib
from itertools import pairwise
from pathlib import Path

import pytest
from textual.screen import Screen

from reader.tui import screens
from reader.tui.actions import ACTIONS
from reader.tui.screens.commands import COMMANDS

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
GUIDE = DOCS / "guide"
PAGES = (ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted(DOCS.rglob("*.md")))

_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
_CODE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
_HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
_KEYS_HEAD = "| keys | what it does | name |"

# Each screen with its page, and words by which a person knows it there.
SCREENS = {
    "WelcomeScreen": ("first-steps", "how you want to begin"),
    "HelpScreen": ("first-steps", "the keys of this place"),
    "ImportScreen": ("first-steps", "Import OPML"),
    "SureScreen": ("first-steps", "asks first"),
    "ReadingScreen": ("reading", "beside it who said what"),
    "CompareScreen": ("side-by-side", "beside another outlet's"),
    "LedgerScreen": ("ledger", "a row for each claim, a column for each outlet"),
    "SpeakersScreen": ("speakers", "who is cited by name"),
    "SpeakerScreen": ("speakers", "all that the speaker said"),
    "SavedScreen": ("saved", "what you saved"),
    "HighlightEditScreen": ("saved", "change note, tags and colour"),
    "ExportScreen": ("saved", "asks for a format and a place"),
    "FeedsScreen": ("feeds", "what you follow"),
    "AddScreen": ("feeds", "asks for an address"),
    "FeedEditScreen": ("feeds", "opens a form"),
    "QueryEditScreen": ("feeds", "changes its name and query"),
    "FailuresScreen": ("feeds", "the feeds that failed"),
    "AskScreen": ("search", "under a name"),
    "PaletteScreen": ("palette", "one line to type in"),
    "SettingsScreen": ("settings", "everything that can be set"),
    "ChooseScreen": ("settings", "each is shown while the cursor is on it"),
}


def text(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def anchors(page: Path) -> set[str]:
    """What can stand behind a # in a link to a page, as GitHub makes it of headings."""
    headings = (re.sub(r"[`*]|\[|\]\([^)]*\)", "", one) for one in _HEADING.findall(_CODE.sub("", text(page))))
    return {re.sub(r"[^\w\- ]", "", one.strip().lower()).replace(" ", "-") for one in headings}


def rows(page: Path, head: str) -> list[list[str]]:
    """The cells of all tables that begin with a row."""
    found: list[list[str]] = []
    for table in text(page).split(head)[1:]:
        for line in table.lstrip("\n").splitlines()[1:]:
            if not line.startswith("|"):
                break
            found.append([cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]])
    return found


def ticked(cell: str) -> list[str]:
    """What stands in backticks."""
    return [one.replace("\\|", "|") for one in re.findall(r"`([^`]+)`", cell)]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_to_a_file_and_to_a_heading_in_it(page):
    for target in _LINK.findall(_CODE.sub("", text(page))):
        if re.match(r"[a-z]+:", target):
            continue
        path, _hash, anchor = target.partition("#")
        there = (page.parent / path).resolve() if path else page
        assert there.is_relative_to(ROOT), target
        assert there.exists(), target
        if anchor:
            assert anchor in anchors(there), target


def test_the_guide_lists_its_pages_and_each_leads_on_to_the_next():
    names = [_LINK.findall(cells[1])[0] for cells in rows(GUIDE / "README.md", "| | page | |")]
    assert {*names, "README.md"} == {page.name for page in GUIDE.glob("*.md")}
    for page, after in pairwise(names):
        assert f"]({after})." in text(GUIDE / page).rstrip().splitlines()[-1], page


@pytest.mark.parametrize("page", sorted(GUIDE.glob("*.md")), ids=lambda page: page.name)
def test_every_key_that_a_guide_page_gives_does_what_it_says(page):
    actions = {action.id: action for action in ACTIONS}
    assert text(page).count("| keys |") == text(page).count(_KEYS_HEAD), "a table of keys without names is not checked"
    for keys, what, names in rows(page, _KEYS_HEAD):
        named = [actions[name] for name in ticked(names)]
        given = ticked(keys)
        assert given, what
        assert named, what
        for key in given:
            assert any(key in action.keys for action in named), f"{key}: {what}"
        for action in named:
            assert set(given) & set(action.keys), f"{action.id}: {what}"


def test_the_guide_tells_of_every_action():
    told = {name for page in GUIDE.glob("*.md") for row in rows(page, _KEYS_HEAD) for name in ticked(row[2])}
    assert {action.id for action in ACTIONS} - told == set()


def test_every_key_in_the_readme_is_one_of_the_table():
    known = {key for action in ACTIONS for key in action.keys}
    table = rows(ROOT / "README.md", "| key | | key | |")
    assert table
    for row in table:
        assert set(ticked(row[0])) | set(ticked(row[2])) <= known


def test_the_guide_has_every_command():
    page = text(GUIDE / "palette.md")
    assert [one.name for one in COMMANDS if not re.search(rf"`:{one.name}\b", page)] == []


def test_every_screen_has_a_page_that_tells_of_it():
    classes: dict[str, type] = {}
    for module in pkgutil.iter_modules(screens.__path__):
        loaded = importlib.import_module(f"{screens.__name__}.{module.name}")
        for name, one in inspect.getmembers(loaded, inspect.isclass):
            if issubclass(one, Screen) and one.__module__.startswith(screens.__name__):
                classes[name] = one
    parts = {base.__name__ for one in classes.values() for base in one.__mro__[1:]}
    assert set(classes) - parts == set(SCREENS)
    for name, (page, words) in SCREENS.items():
        assert words in " ".join(text(GUIDE / f"{page}.md").split()), name


def test_every_screenshot_is_made_by_the_script_and_shown_somewhere():
    made = runpy.run_path(str(DOCS / "screenshots" / "make.py"))
    names = {*made["SHOTS"], *made["EMPTY"]}
    assert {shot.stem for shot in (DOCS / "screenshots").glob("*.svg")} == names
    shown = {name for page in PAGES for name in re.findall(r"screenshots/([\w-]+)\.svg", text(page))}
    assert shown == names


def test_every_dependency_has_its_reason():
    project = tomllib.loads(text(ROOT / "pyproject.toml"))["project"]
    reasons = text(DOCS / "dependencies.md")
    asked = [*project["dependencies"], *(one for group in project["optional-dependencies"].values() for one in group)]
    names = [re.match(r"[\w-]+", one)[0] for one in asked]  # type: ignore[index]
    assert [name for name in names if not re.search(rf"\b{re.escape(name)}\b", reasons)] == []
