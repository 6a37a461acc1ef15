"""The one table of actions: bindings, footer, help and docs/keys.md all come from it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from textual.binding import Binding


class Place(StrEnum):
    """Where an action's keys work."""

    EVERYWHERE = "Everywhere"
    LISTS = "Lists"
    READER = "Reading"
    SAVED = "Saved"
    FEEDS = "Feeds"


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """One thing a person can do with a key."""

    id: str
    """The name of the `action_` method that does it."""
    keys: tuple[str, ...]
    """As Textual names them, the one to show first."""
    label: str
    """A word or two for the footer."""
    help: str
    """One sentence for the help."""
    place: Place
    footer: bool = False
    """Whether the footer shows it."""

    @property
    def shown_keys(self) -> str:
        """The keys as a person would write them."""
        return " ".join(_SHOWN.get(key, key) for key in self.keys)


_SHOWN = {
    "down": "↓", "up": "↑", "left": "←", "right": "→", "enter": "Enter", "escape": "Esc", "tab": "Tab",
    "shift+tab": "Shift-Tab", "space": "Space", "slash": "/", "question_mark": "?", "exclamation_mark": "!",
    "right_square_bracket": "]", "left_square_bracket": "[", "home": "Home", "end": "End", "pageup": "PgUp",
    "pagedown": "PgDn", "ctrl+d": "Ctrl-d", "ctrl+u": "Ctrl-u", "ctrl+z": "Ctrl-z", "ctrl+c": "Ctrl-c",
}  # fmt: skip


def _action(place: Place, name: str, keys: str, label: str, text: str, *, footer: bool = False) -> Action:
    return Action(id=name, keys=tuple(keys.split()), label=label, help=text, place=place, footer=footer)


ACTIONS: tuple[Action, ...] = (
    _action(Place.EVERYWHERE, "help", "question_mark", "Keys", "Show the keys of this place.", footer=True),
    _action(Place.EVERYWHERE, "quit_now", "Q ctrl+c", "Quit", "Leave the reader from anywhere."),
    _action(Place.EVERYWHERE, "suspend_process", "ctrl+z", "Suspend", "Put the reader to sleep; `fg` wakes it."),
    _action(Place.LISTS, "down", "j down", "Down", "Move down."),
    _action(Place.LISTS, "up", "k up", "Up", "Move up."),
    _action(Place.LISTS, "first", "g home", "First", "Go to the first row or the top of the text."),
    _action(Place.LISTS, "last", "G end", "Last", "Go to the last row or the end of the text."),
    _action(Place.LISTS, "half_down", "ctrl+d", "Half down", "Move half a page down."),
    _action(Place.LISTS, "half_up", "ctrl+u", "Half up", "Move half a page up."),
    _action(Place.LISTS, "page_down", "pagedown", "Page down", "Move a page down."),
    _action(Place.LISTS, "page_up", "pageup", "Page up", "Move a page up."),
    _action(
        Place.LISTS, "choose", "enter", "Open", "Open the entry; on a claim or source, go to its sentence.", footer=True
    ),
    _action(Place.READER, "back", "escape", "Back", "Go back to the list, then to all stories.", footer=True),
    _action(Place.READER, "back_or_leave", "q", "Back", "Go back; at the top, leave the reader."),
    _action(
        Place.READER, "next_pane", "tab l right", "Next pane", "Go to the next pane: headlines, article, claims, …"
    ),
    _action(Place.READER, "previous_pane", "shift+tab h left", "Previous pane", "Go to the pane before."),
    _action(Place.READER, "next_claim", "right_square_bracket", "Claim", "Go to the next claim.", footer=True),
    _action(Place.READER, "previous_claim", "left_square_bracket", "Previous claim", "Go to the claim before."),
    _action(Place.READER, "order_claims", "w", "Sort", "List claims by their worth of checking or as the text does."),
    _action(
        Place.READER, "save", "s", "Save", "Save the claim under the cursor, with its speaker and source.", footer=True
    ),
    _action(Place.READER, "copy", "y", "Copy", "Copy the claim with its citation; in the list, the link."),
    _action(Place.READER, "browser", "o", "Browser", "Open the article in the browser."),
    _action(Place.READER, "report", "exclamation_mark", "Report", "Pack a page that reads badly, to report it."),
    _action(Place.READER, "page_or_next", "space", "Page, next", "Move a page down; at the end, the next unread."),
    _action(Place.READER, "next_unread", "n", "Unread", "Open the next unread entry.", footer=True),
    _action(Place.READER, "previous_unread", "N", "Previous unread", "Open the unread entry before."),
    _action(Place.READER, "toggle_read", "m", "Read", "Mark the entry read or unread."),
    _action(Place.READER, "read_all", "A", "All read", "Mark all the headlines shown as read."),
    _action(Place.READER, "undo", "u", "Undo", "Undo the last change: read marks, stories and what was saved."),
    _action(Place.READER, "split_story", "x", "Split", "Take the entry out of its story, into one of its own."),
    _action(Place.READER, "merge_story", "M", "Merge", "Mark a story; on another one, merge the marked one into it."),
    _action(Place.READER, "pin_story", "P", "Pin", "Keep the entry in its story, whatever is found later."),
    _action(Place.READER, "fetch_again", "E", "Fetch again", "Fetch the page again; Story tells how it was edited."),
    _action(Place.READER, "refresh_all", "r R", "Refresh", "Fetch what is new in all feeds."),
    _action(Place.READER, "search", "slash", "Search", "Search titles and texts.", footer=True),
    _action(Place.READER, "add_feed", "a", "Add", "Follow another feed."),
    _action(Place.READER, "headlines", "1", "Headlines", "Show all headlines by time."),
    _action(Place.READER, "stories", "2", "Stories", "Show headlines grouped by story."),
    _action(Place.READER, "feeds", "3", "Feeds", "Show the feeds, and what went wrong with any."),
    _action(Place.READER, "saved", "4", "Saved", "Show what you saved.", footer=True),
    _action(Place.SAVED, "close", "escape q 4", "Back", "Go back to reading.", footer=True),
    _action(Place.SAVED, "remove", "d", "Remove", "Remove the highlight; u brings it back.", footer=True),
    _action(Place.SAVED, "undo", "u", "Undo", "Bring back what was removed last.", footer=True),
    _action(Place.SAVED, "copy", "y", "Copy", "Copy the highlight with its citation.", footer=True),
    _action(Place.FEEDS, "close", "escape q 3", "Back", "Go back to reading.", footer=True),
    _action(Place.FEEDS, "refresh_one", "r", "Refresh", "Fetch what is new in this feed.", footer=True),
)  # fmt: skip


def bindings(*places: Place, priority: bool = False) -> list[Binding]:
    """The bindings of the actions that work in `places`; those with priority act before the next key is looked at."""
    return [
        Binding(
            ",".join(action.keys),
            action.id,
            action.label,
            show=action.footer,
            priority=priority,
            key_display=_SHOWN.get(action.keys[0], action.keys[0]),
        )
        for action in ACTIONS
        if action.place in places
    ]


def hint(action_id: str) -> str:
    """An action as the footer would show it, for what says so in its own place."""
    return next(f"{action.shown_keys} {action.label}" for action in ACTIONS if action.id == action_id)


def by_place(places: Iterable[Place] = Place) -> dict[Place, list[Action]]:
    """The actions of `places`, in the table's order."""
    return {place: [action for action in ACTIONS if action.place == place] for place in places}


def keys_page() -> str:
    """docs/keys.md."""
    page = (
        "# Keys\n\nMade from the table of actions in `reader/tui/actions.py`; `?` shows the same inside the reader.\n"
    )
    for place, actions in by_place().items():
        page += f"\n## {place.value}\n\n| keys | what it does |\n|---|---|\n"
        page += "".join(
            f"| `{action.shown_keys.replace('|', chr(92) + '|')}` | {action.help} |\n" for action in actions
        )
    return page
