"""The one table of actions: keys, footer, palette, help and docs/keys.md all come from it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from reader.words import N_, _


class Place(StrEnum):
    """Where an action's keys work: each screen, and some widgets, name their places in `PLACES`."""

    EVERYWHERE = N_("Everywhere")
    LISTS = N_("Lists")
    TEXT = N_("In the article")
    SELECTING = N_("While selecting")
    READER = N_("Reading")
    SAVED = N_("Saved")
    FEEDS = N_("Feeds")
    COMPARE = N_("Side by side")
    LEDGER = N_("Ledger")
    SPEAKER = N_("Speakers")
    FAILURES = N_("Failures")
    SETTINGS = N_("Settings")


TOGETHER: tuple[frozenset[Place], ...] = (
    frozenset({Place.EVERYWHERE, Place.LISTS, Place.READER}),
    frozenset({Place.EVERYWHERE, Place.LISTS, Place.READER, Place.TEXT}),
    frozenset({Place.EVERYWHERE, Place.SELECTING}),
    *(
        frozenset({Place.EVERYWHERE, Place.LISTS, place})
        for place in (
            Place.SAVED,
            Place.FEEDS,
            Place.COMPARE,
            Place.LEDGER,
            Place.SPEAKER,
            Place.FAILURES,
            Place.SETTINGS,
        )
    ),
)
"""Places whose keys work at the same time, so that none may mean two things in them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """One thing a person can do with a key."""

    id: str
    """The name of the `action_` method that does it, on whatever names the action's place; unique in the table."""
    keys: tuple[str, ...]
    """As a person would write them, the one to show first: "j", "gg", "Ctrl-d"."""
    label: str
    """A word or two for the footer."""
    help: str
    """One sentence for the help."""
    place: Place
    footer: bool = False
    """Whether the footer shows it."""
    counts: bool = False
    """Whether a number typed before it is handed to it."""


# As a person writes them, and as Textual names them.
_NAMES = {
    "↓": "down", "↑": "up", "←": "left", "→": "right", "Enter": "enter", "Esc": "escape", "Tab": "tab",
    "Shift-Tab": "shift+tab", "Space": "space", "Home": "home", "End": "end", "PgUp": "pageup", "PgDn": "pagedown",
    "Del": "delete", "Backspace": "backspace",
}  # fmt: skip
_SHOWN = {name: shown for shown, name in _NAMES.items()}
_ASKED = {written.lower(): name for written, name in _NAMES.items()} | {name: name for name in _NAMES.values()}
_CHORD = re.compile(r"(ctrl|shift|alt|super)[-+](?:(ctrl|shift|alt|super)[-+])?(\S+)", re.IGNORECASE)
_FUNCTION = re.compile(r"f([1-9]|1\d|2[0-4])", re.IGNORECASE)


def as_keys(written: str) -> tuple[str, ...]:
    """The keys that somebody wrote down: "gg" is two, "Ctrl-d" and "PgDn" are one; raises ValueError for none."""
    keys: list[str] = []
    for part in written.split():
        if name := _ASKED.get(part.lower()):
            keys.append(name)
        elif _FUNCTION.fullmatch(part):
            keys.append(part.lower())
        elif chord := _CHORD.fullmatch(part):
            last = _ASKED.get(chord[3].lower(), chord[3].lower())
            keys.append("+".join([*(one.lower() for one in chord.groups()[:2] if one), last]))
        elif part.isprintable() and len(part) <= 4:
            keys += part
        else:
            raise ValueError(f"{part!r} is no key; write j, gg, Ctrl-d, PgDn, Space, …")
    if not keys:
        raise ValueError("there is no key in it; write j, gg, Ctrl-d, PgDn, Space, …")
    return tuple(keys)


def shown(key: str) -> str:
    """A key as a person would write it."""
    *held, last = key.split("+") if len(key) > 1 else [key]
    return _SHOWN.get(key) or "-".join([*(one.capitalize() for one in held), _SHOWN.get(last, last)])


def _action(
    place: Place, name: str, keys: str, label: str, text: str, *, footer: bool = False, counts: bool = False
) -> Action:
    return Action(id=name, keys=tuple(keys.split()), label=label, help=text, place=place, footer=footer, counts=counts)


ACTIONS: tuple[Action, ...] = (
    _action(Place.EVERYWHERE, "help", "?", _("Keys"), _("Show the keys of this place."), footer=True),
    _action(Place.EVERYWHERE, "palette", "Ctrl-p", _("Palette"), _("Find an action, a feed, a story, what you saved or a setting, and go there.")),
    _action(Place.EVERYWHERE, "command", ":", _("Command"), _("Type a command: `:add URL`, `:theme nord`, …")),
    _action(Place.EVERYWHERE, "undo", "u", _("Undo"), _("Undo the last change, and the one before: marks, stories, feeds, what was saved.")),
    _action(Place.EVERYWHERE, "settings", ",", _("Settings"), _("Show the settings, and change them.")),
    _action(Place.EVERYWHERE, "quit_now", "Q Ctrl-c", _("Quit"), _("Leave the reader from anywhere.")),
    _action(Place.EVERYWHERE, "suspend_process", "Ctrl-z", _("Suspend"), _("Put the reader to sleep; `fg` wakes it.")),
    _action(Place.LISTS, "down", "j ↓", _("Down"), _("Move down."), counts=True),
    _action(Place.LISTS, "up", "k ↑", _("Up"), _("Move up."), counts=True),
    _action(Place.LISTS, "first", "gg Home", _("First"), _("Go to the first row or the top of the text; with a number, to that row."), counts=True),
    _action(Place.LISTS, "last", "G End", _("Last"), _("Go to the last row or the end of the text; with a number, to that row."), counts=True),
    _action(Place.LISTS, "half_down", "Ctrl-d", _("Half down"), _("Move half a page down.")),
    _action(Place.LISTS, "half_up", "Ctrl-u", _("Half up"), _("Move half a page up.")),
    _action(Place.LISTS, "page_down", "PgDn Ctrl-f", _("Page down"), _("Move a page down.")),
    _action(Place.LISTS, "page_up", "PgUp Ctrl-b", _("Page up"), _("Move a page up.")),
    _action(Place.LISTS, "choose", "Enter", _("Open"), _("Open the entry; on a claim or source, go to its sentence."), footer=True),
    _action(Place.READER, "back", "Esc", _("Back"), _("Go back: to the list, then to where you came from."), footer=True),
    _action(Place.READER, "back_or_leave", "q", _("Back"), _("Go back; at the top, leave the reader.")),
    _action(Place.READER, "next_pane", "Tab l →", _("Next pane"), _("Go to the next pane: sidebar, headlines, article, claims, …")),
    _action(Place.READER, "previous_pane", "Shift-Tab h ←", _("Previous pane"), _("Go to the pane before.")),
    _action(Place.READER, "next_claim", "]", _("Claim"), _("Go to the next claim."), footer=True, counts=True),
    _action(Place.READER, "previous_claim", "[", _("Previous claim"), _("Go to the claim before."), counts=True),
    _action(Place.READER, "save", "s", _("Save"), _("Save the claim under the cursor, with its speaker and source; in the list, the whole article."), footer=True),
    _action(Place.READER, "save_as", "S", _("Save as"), _("Save the claim, one of its figures or the whole article, with a note, tags and a colour; of what is saved, change them.")),
    _action(Place.READER, "compare", "c", _("Compare"), _("Read the article beside another outlet's of the same story."), footer=True),
    _action(Place.READER, "ledger", "L", _("Ledger"), _("Show who states what in this story as a table, and who reported it when.")),
    _action(Place.READER, "speaker", "p", _("Speaker"), _("Show all that this claim's speaker said, in all articles.")),
    _action(Place.READER, "order_claims", "w", _("Sort claims"), _("List claims by their worth of checking or as the text does.")),
    _action(Place.READER, "copy", "y", _("Copy"), _("Copy the claim with its citation; in the list, the link.")),
    _action(Place.READER, "tag", "t", _("Tag"), _("Put tags on the entry, or take them off.")),
    _action(Place.READER, "browser", "o", _("Browser"), _("Open the article in the browser.")),
    _action(Place.READER, "open_with", "O", _("Open with"), _("Open the article's address with a command that you name.")),
    _action(Place.READER, "pipe", "|", _("Pipe"), _("Hand the article's text to a command that you name.")),
    _action(Place.READER, "report", "!", _("Report"), _("Pack a page that reads badly, to report it.")),
    _action(Place.READER, "page_or_next", "Space", _("Page, next"), _("Move a page down; at the end, the next unread.")),
    _action(Place.READER, "next_unread", "n", _("Unread"), _("Open the next unread entry; while words are looked for, go to the next of them."), footer=True),
    _action(Place.READER, "previous_unread", "N", _("Previous unread"), _("Open the unread entry before; while words are looked for, go to those before.")),
    _action(Place.READER, "toggle_read", "m", _("Read"), _("Mark the entry read or unread.")),
    _action(Place.READER, "read_all", "A", _("All read"), _("Mark all the headlines shown as read.")),
    _action(Place.READER, "split_story", "x", _("Split"), _("Take the entry out of its story, into one of its own.")),
    _action(Place.READER, "merge_story", "M", _("Merge"), _("Mark a story; on another one, merge the marked one into it.")),
    _action(Place.READER, "pin_story", "P", _("Pin"), _("Keep the entry in its story, whatever is found later.")),
    _action(Place.READER, "fetch_again", "E", _("Fetch again"), _("Fetch the page again; Story tells how it was edited.")),
    _action(Place.READER, "refresh_here", "r", _("Refresh"), _("Fetch what is new in the feed that is shown, or in all.")),
    _action(Place.READER, "refresh_all", "R", _("Refresh all"), _("Fetch what is new in all feeds.")),
    _action(Place.READER, "failures", "F", _("Failures"), _("Show which feeds failed, why, and what to do.")),
    _action(Place.READER, "search", "/", _("Search"), _("Search titles, texts and claims."), footer=True),
    _action(Place.READER, "keep_search", "K", _("Keep"), _("Keep the search as a smart feed.")),
    _action(Place.READER, "add_feed", "a", _("Add"), _("Follow another feed.")),
    _action(Place.READER, "today", "1", _("Today"), _("Show what came in the last day.")),
    _action(Place.READER, "stories", "2", _("Stories"), _("Show all headlines, grouped by story.")),
    _action(Place.READER, "feeds", "3", _("Feeds"), _("Show the feeds, and what went wrong with any.")),
    _action(Place.READER, "saved", "4", _("Saved"), _("Show what you saved."), footer=True),
    _action(Place.READER, "speakers", "5", _("Speakers"), _("Show who is cited by name, the most cited first.")),
    _action(Place.READER, "sort_list", "gs", _("Sort"), _("Sort headlines by time, by outlet, or the most told first.")),
    _action(Place.READER, "group_list", "gt", _("Group"), _("Group headlines by story, or show them one by one.")),
    _action(Place.READER, "sidebar", "b", _("Sidebar"), _("Show the sidebar, or hide it.")),
    _action(Place.READER, "zen", "z", _("Zen"), _("Show the text alone, or everything again.")),
    _action(Place.READER, "wider", ">", _("Wider"), _("Make the pane wider."), counts=True),
    _action(Place.READER, "narrower", "<", _("Narrower"), _("Make the pane narrower."), counts=True),
    _action(Place.TEXT, "find_in_page", "f", _("Find"), _("Find words in this text; n and N go on to others.")),
    _action(Place.TEXT, "hints", ";", _("Links"), _("Follow a link: type the letters that stand before it.")),
    _action(Place.TEXT, "select_text", "v", _("Select"), _("Select text to save or copy, from the sentence at hand.")),
    _action(Place.SELECTING, "select_more", "j ↓ ) l →", _("More"), _("Select the next sentence, too."), footer=True, counts=True),
    _action(Place.SELECTING, "select_less", "k ↑ ( h ←", _("Less"), _("Select a sentence less."), footer=True, counts=True),
    _action(Place.SELECTING, "select_word_more", "w", _("Word"), _("Select the next word, too."), counts=True),
    _action(Place.SELECTING, "select_word_less", "b", _("Word less"), _("Select a word less."), counts=True),
    _action(Place.SELECTING, "select_start", "o", _("Other end"), _("Move the other end of what is selected.")),
    _action(Place.SELECTING, "save_selection", "s Enter", _("Save"), _("Save what is selected, with its source."), footer=True),
    _action(Place.SELECTING, "save_selection_as", "S", _("Save as"), _("Save what is selected with a note, tags and a colour.")),
    _action(Place.SELECTING, "copy_selection", "y", _("Copy"), _("Copy what is selected, with its citation."), footer=True),
    _action(Place.SELECTING, "leave_selection", "Esc q v", _("Back"), _("Select nothing."), footer=True),
    _action(Place.SAVED, "close_saved", "Esc q 4", _("Back"), _("Go back: out of a search or of what was removed, then to reading."), footer=True),
    _action(Place.SAVED, "remove_saved", "d Del", _("Remove"), _("Remove what is marked, or the highlight; in the list of what was removed, bring it back."), footer=True),
    _action(Place.SAVED, "copy_saved", "y", _("Copy"), _("Copy what is marked, or the highlight, with its citation, in the style of the settings."), footer=True),
    _action(Place.SAVED, "edit_saved", "e", _("Note"), _("Change the note, the tags and the colour."), footer=True),
    _action(Place.SAVED, "search_saved", "/", _("Search"), _("Search what you saved, in the query language; nothing shows all again."), footer=True),
    _action(Place.SAVED, "group_saved", "gs", _("Group"), _("List by time, story, speaker, tag or feed."), footer=True),
    _action(Place.SAVED, "mark_saved", "Space", _("Mark"), _("Mark the highlight, or take the mark away: what follows is done to all that are marked.")),
    _action(Place.SAVED, "mark_all_saved", "A", _("Mark all"), _("Mark all that are listed, or none.")),
    _action(Place.SAVED, "tag_saved", "t", _("Tag"), _("Put tags on what is marked, or take them off.")),
    _action(Place.SAVED, "export_saved", "x", _("Export"), _("Write what is marked, or all that is listed, to a file or a folder of notes."), footer=True),
    _action(Place.SAVED, "browser_saved", "o", _("Browser"), _("Open the article of the highlight in the browser.")),
    _action(Place.SAVED, "removed_saved", "D", _("Removed"), _("List what you removed, where d brings it back; or what is saved again.")),
    _action(Place.FEEDS, "close_feeds", "Esc q 3", _("Back"), _("Go back to reading."), footer=True),
    _action(Place.FEEDS, "add_feed_here", "a", _("Add"), _("Follow another feed."), footer=True),
    _action(Place.FEEDS, "edit_feed", "e", _("Edit"), _("Change a feed's name, folder and settings, or a smart feed's query."), footer=True),
    _action(Place.FEEDS, "pause_feed", "p", _("Pause"), _("Stop asking a feed for news, or ask again.")),
    _action(Place.FEEDS, "mute_feed", "m", _("Mute"), _("Keep a feed's entries out of the lists, or show them again.")),
    _action(Place.FEEDS, "remove_feed", "d Del", _("Remove"), _("Stop following a feed; what you saved stays."), footer=True),
    _action(Place.FEEDS, "refresh_one", "r", _("Refresh"), _("Fetch what is new in this feed."), footer=True),
    _action(Place.COMPARE, "close_compare", "Esc q c", _("Back"), _("Go back to reading."), footer=True),
    _action(Place.COMPARE, "next_match", "]", _("Next claim"), _("Go to the next claim that both make."), footer=True, counts=True),
    _action(Place.COMPARE, "previous_match", "[", _("Previous claim"), _("Go to the claim before that both make."), counts=True),
    _action(Place.COMPARE, "next_difference", "n", _("Difference"), _("Go to the next claim that they tell differently."), footer=True),
    _action(Place.COMPARE, "previous_difference", "N", _("Previous difference"), _("Go to the difference before.")),
    _action(Place.COMPARE, "other_outlet", "Space", _("Other outlet"), _("Compare with the next outlet of the story."), footer=True),
    _action(Place.COMPARE, "next_missing", "x", _("Missing"), _("Go to the next claim of the other that is missing here."), footer=True),
    _action(Place.COMPARE, "other_side", "Tab Shift-Tab l h → ←", _("Other side"), _("Go to the other article.")),
    _action(Place.COMPARE, "save_match", "s", _("Save"), _("Save the claim under the cursor, with its speaker and source.")),
    _action(Place.LEDGER, "close_ledger", "Esc q L", _("Back"), _("Go back to reading."), footer=True),
    _action(Place.LEDGER, "next_outlet", "l → Tab", _("Next outlet"), _("Go to the next outlet's cell."), counts=True),
    _action(Place.LEDGER, "previous_outlet", "h ← Shift-Tab", _("Outlet before"), _("Go to the cell of the outlet before."), counts=True),
    _action(Place.LEDGER, "coverage", "v", _("Coverage"), _("Show who reported when and who cites whom, or the table again."), footer=True),
    _action(Place.LEDGER, "next_conflict", "n", _("Conflict"), _("Go to the next row in which outlets differ."), footer=True),
    _action(Place.LEDGER, "save_cell", "s", _("Save"), _("Save what the outlet says in this cell, with its speaker and source."), footer=True),
    _action(Place.LEDGER, "compare_cell", "c", _("Compare"), _("Read the two articles beside each other at this claim."), footer=True),
    _action(Place.SPEAKER, "close_speaker", "Esc q 5", _("Back"), _("Go back."), footer=True),
    _action(Place.SPEAKER, "save_statement", "s", _("Save"), _("Save the statement, with its speaker and source."), footer=True),
    _action(Place.SPEAKER, "copy_statement", "y", _("Copy"), _("Copy the statement with its citation; in the list of speakers, the name."), footer=True),
    _action(Place.SPEAKER, "find_speaker", "/", _("Find"), _("Show only the rows that hold what you type; Esc shows all again."), footer=True),
    _action(Place.FAILURES, "close_failures", "Esc q F", _("Back"), _("Go back to reading."), footer=True),
    _action(Place.FAILURES, "edit_failed", "e", _("Edit"), _("Change this feed's address and settings."), footer=True),
    _action(Place.FAILURES, "try_again", "r", _("Try again"), _("Fetch this feed again."), footer=True),
    _action(Place.FAILURES, "try_all_again", "R", _("Try all"), _("Fetch all feeds that failed again."), footer=True),
    _action(Place.FAILURES, "pause_failed", "p", _("Pause"), _("Stop asking this feed for news."), footer=True),
    _action(Place.FAILURES, "remove_failed", "d Del", _("Remove"), _("Stop following this feed; what you saved stays."), footer=True),
    _action(Place.SETTINGS, "close_settings", "Esc q", _("Back"), _("Go back to reading."), footer=True),
    _action(Place.SETTINGS, "reset_setting", "d Del", _("Default"), _("Take the setting out of the file, back to its default."), footer=True),
    _action(Place.SETTINGS, "edit_file", "e", _("Edit file"), _("Open config.toml in your editor."), footer=True),
)  # fmt: skip


def by_place(places: Iterable[Place] = Place) -> dict[Place, list[Action]]:
    """The actions of `places`, in the table's order."""
    return {place: [action for action in ACTIONS if action.place == place] for place in places}


def keys_page() -> str:
    """docs/keys.md."""
    page = (
        "# Keys\n\nMade from the table of actions in `reader/tui/actions.py`; `?` shows the same inside the reader. A number\n"
        "before some keys repeats them (`5j`). Other keys are chosen by the name in the last column, in the table `[keys]`\n"
        "of the [configuration](configuration.md).\n"
    )
    for place, actions in by_place().items():
        page += f"\n## {place.value}\n\n| keys | what it does | name |\n|---|---|---|\n"
        for action in actions:
            keys = " ".join(action.keys).replace("|", "\\|")
            page += f"| `{keys}` | {action.help} | `{action.id}` |\n"
    return page
