"""Every action of the table, by its first key, in its place: it is done, and the person sees that something was."""

from pathlib import Path

import pytest

from reader.library.library import Library
from reader.tui import app as app_module
from reader.tui.actions import ACTIONS, Action, Place, as_keys
from reader.tui.app import NewsApp
from reader.tui.screens.reading import ReadingScreen
from tests.tui.conftest import NOW

pytestmark = pytest.mark.anyio

SHELLS = "declassified intelligence says"
OPEN = ("open", "]")
WAYS: dict[Place, tuple[str, ...]] = {
    Place.EVERYWHERE: (),
    Place.LISTS: ("j", "j"),
    Place.READER: (*OPEN, "]"),
    Place.TEXT: OPEN,
    Place.SELECTING: (*OPEN, "v", "j", "w"),
    Place.SAVED: (*OPEN, "s", "4"),
    Place.FEEDS: ("3",),
    Place.COMPARE: (*OPEN, "c", "]"),
    Place.LEDGER: (*OPEN, "L", "l"),
    Place.SPEAKER: (*OPEN, "p"),
    Place.FAILURES: ("F",),
    Place.SETTINGS: (",", "j"),
}
"""The keys that lead to each place, and to where its actions have something to do."""
FIRST: dict[str, tuple[str, ...]] = {
    "undo": ("m",),
    "up": ("j", "j"),
    "first": ("G",),
    "half_up": ("G",),
    "page_up": ("G",),
    "previous_claim": ("]",),
    "keep_search": ("/", *"shells", "Enter"),
    "previous_unread": ("G",),
    "next_unread": ("gg",),
    "narrower": ("Tab",),
    "wider": ("Tab",),
    "previous_match": ("]", "]"),
    "previous_outlet": ("l", "l"),
    "reset_setting": ("k",),
    "sidebar": ("Esc",),
    "select_less": ("j",),
    "select_word_less": ("w", "w"),
    "removed_saved": ("d",),
}
"""What is pressed before, where an action would have nothing to do."""
QUIET = {
    "select_start": "which end moves is seen with the key after it; test_article_keys does it",
    "suspend_process": "the driver of these tests can't be suspended; test_deaths does it in a terminal",
    "edit_file": "it hands the terminal to an editor; test_settings does it",
}
"""Actions of which nothing is seen here, and why."""


class Recorded(NewsApp):
    """The app, which notes what was asked of it."""

    CSS_PATH = str(Path(app_module.__file__).with_name("newsreader.tcss"))

    def __init__(self, *given, **more):
        super().__init__(*given, **more)
        self.did: list[str] = []

    async def run_action(self, action, default_namespace=None, namespaces=None):
        self.did.append(str(action))
        return await super().run_action(action, default_namespace, namespaces)


@pytest.fixture
def failing(library: Library) -> Library:
    """A library one of whose feeds fails."""
    feed, _ = library.store.add_feed("http://127.0.0.1:9/feed", title="Silent", site=None, folder=None, now=NOW)
    library.refresh([feed], force=True)
    return library


async def go(reader, keys) -> None:
    for key in keys:
        if key == "open":
            await reader.open(SHELLS)
            continue
        for one in as_keys(key):
            await reader.press({"]": "right_square_bracket", "/": "slash", ",": "comma"}.get(one, one))


def seen(reader) -> tuple[object, ...]:
    """All that a person could notice."""
    app = reader.app
    focused = app.focused
    strips = app.screen._compositor.render_strips()
    drawn = tuple((part.text, part.style) for strip in strips for part in strip)
    return (
        drawn, tuple(reader.said()), app.clipboard, len(app.screen_stack), app._exit,
        focused.id if focused else None, getattr(focused, "scroll_offset", None), app.theme,
    )  # fmt: skip


def of(place: Place) -> list[Action]:
    return [action for action in ACTIONS if action.place is place]


@pytest.mark.parametrize(
    ("place", "action"), [pytest.param(place, action, id=action.id) for place in Place for action in of(place)]
)
async def test_a_key_does_something_that_is_seen(start, failing: Library, tmp_path, monkeypatch, place, action):
    monkeypatch.setenv("BROWSER", "true")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    config = tmp_path / "config.toml"
    config.write_text("[reading]\njustify = false\n")
    async with start(app=Recorded, size=(160, 30), config=config) as reader:
        await go(reader, WAYS[place])
        await go(reader, FIRST.get(action.id, ()))
        before = seen(reader)
        reader.app.did.clear()
        await go(reader, [action.keys[0]])
        assert any(did.partition("(")[0] == action.id for did in reader.app.did), "the key does it"
        if action.id not in QUIET:
            assert seen(reader) != before, "and something is seen of it"


def test_the_quiet_ones_are_told_of_elsewhere():
    assert set(QUIET) <= {action.id for action in ACTIONS}
    assert set(WAYS) == set(Place)
    assert set(FIRST) <= {action.id for action in ACTIONS}


def test_no_screen_of_ours_binds_keys_beside_the_table():
    assert ReadingScreen._merged_bindings
    assert not [key for key in ReadingScreen._merged_bindings.key_to_bindings if len(key) == 1]
