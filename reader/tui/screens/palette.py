"""The palette: one line to type in, and below it every action, feed, story, saved claim and setting that it may mean.

With a colon before it the line is a command: `:search tariffs`, `:sort told`; see `commands`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from typing import Any, ClassVar, NamedTuple

from rich.cells import cell_len
from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.message import Message
from textual.widgets import Input

from reader.config import SETTINGS
from reader.model import Entry, Feed, Highlight, SavedQuery
from reader.store.schema import StoreError
from reader.tui import layout
from reader.tui.actions import ACTIONS, Action, Place
from reader.tui.screens.base import Dialog
from reader.tui.screens.commands import COMMANDS
from reader.tui.session import Session
from reader.tui.widgets.rows import Piece, Rows
from reader.words import _

_STORIES = 1000
"""The newest stories that can be found here; / finds all."""
_SAVED = 1000
_SHOWN = 100
_CLOSE = 75
"""How like, of 100, a word must be to one that is meant, when nothing has it as it was typed."""


class Hit(NamedTuple):
    """Something that can be gone to, or done."""

    kind: str
    words: str
    detail: str
    target: Action | Feed | SavedQuery | Entry | Highlight | tuple[str, str] | str
    """What it is; a setting is its table and key, a command what was typed."""


class _Gathered(Message):
    def __init__(self, hits: list[Hit]) -> None:
        self.hits = hits
        super().__init__()


def rank(typed: str, hits: Sequence[Hit]) -> list[Hit]:
    """The hits that have all the words typed, those that begin with them first; those close to them where none has."""
    words = typed.casefold().split()
    if not words:
        return list(hits[:_SHOWN])

    def weight(hit: Hit) -> int:
        name = hit.words.casefold()
        text = f"{name} {hit.detail.casefold()}"
        if not all(word in text for word in words):
            return 0
        at_start = name.startswith(words[0])
        begun = sum(f" {word}" in f" {name}" for word in words)
        return 1 + begun + 2 * at_start + sum(word in name for word in words)

    found = sorted(((weight(hit), -at) for at, hit in enumerate(hits)), reverse=True)
    ranked = [hits[-at] for weight, at in found if weight]
    if not ranked:
        from rapidfuzz import fuzz, process

        names = [hit.words.casefold() for hit in hits]
        close = process.extract(" ".join(words), names, scorer=fuzz.partial_ratio, limit=20, score_cutoff=_CLOSE)
        ranked = [hits[at] for _name, _score, at in close]
    return ranked[:_SHOWN]


class HitRows(Rows):
    """What may be meant."""

    can_focus = False
    DEFAULT_CSS = """
    HitRows { height: 1fr; & > .cursor { background: $primary-muted; } }
    """
    hits: Sequence[Hit] = ()

    @property
    def empty(self) -> str:
        """What an empty list says."""
        return _("Nothing is called so.")

    def show(self, hits: Sequence[Hit]) -> None:
        """Show other hits, with the cursor on the first."""
        self.hits = hits
        self.set_reactive(HitRows.cursor, 0)
        self.redraw()
        self.scroll_home(animate=False)

    def row_count(self) -> int:
        """How many hits there are."""
        return len(self.hits)

    def row_height(self) -> int:
        """A line each."""
        return 1

    def draw(self, index: int, width: int) -> list[list[Piece]]:
        """What it is called, what kind of thing it is, and more about it."""
        hit = self.hits[index]
        kind = layout.cut(hit.kind, 12)
        words = layout.cut(hit.words, max(10, width * 6 // 10))
        left = width - 13 - cell_len(words) - 2
        more = layout.cut(hit.detail, left)
        return [
            [
                (f"{kind:<12} ", "faint"),
                (words, "strong"),
                (f"  {more}", "faint"),
            ]
        ]


class PaletteScreen(Dialog[Hit | None]):
    """Asks what is meant; `commands` asks for a command alone."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "close", show=False),
        Binding("down,ctrl+n", "move(1)", show=False),
        Binding("up,ctrl+p", "move(-1)", show=False),
        Binding("pagedown", "move(10)", show=False),
        Binding("pageup", "move(-10)", show=False),
        Binding("tab", "complete", show=False),
    ]
    DEFAULT_CSS = """
    PaletteScreen { align: center top; }
    #palette {
        width: 100; max-width: 96%; height: 24; max-height: 90%; margin-top: 1;
        background: $surface; border: round $primary; padding: 0 1;
    }
    #palette Input { border: none; border-bottom: solid $panel-lighten-1; height: 2; padding: 0; background: $surface; }
    """

    def __init__(self, session: Session, places: Iterable[Place], *, commands: bool = False) -> None:
        super().__init__()
        self.session = session
        self._places = list(places)
        self._typed = ":" if commands else ""
        self._hits: list[Hit] = _actions(session, self._places)

    def compose(self) -> ComposeResult:
        """The line, and what it may mean."""
        with Vertical(id="palette"):
            yield Input(self._typed, placeholder=_("An action, feed, story, saved words, a setting; : for commands"))
            yield HitRows(id="hits")

    def on_mount(self) -> None:
        """Begin with the actions; the rest comes when it has been asked for."""
        line = self.query_one(Input)
        line.cursor_position = len(self._typed)
        line.focus()
        self._narrow(self._typed)
        self._gather()

    @work(thread=True, exclusive=True)
    def _gather(self) -> None:
        with suppress(StoreError):
            self.post_message(_Gathered(_places(self.session)))

    @on(_Gathered)
    def _gathered(self, event: _Gathered) -> None:
        rows = self.query_one(HitRows)
        here = rows.hits[rows.cursor] if rows.hits and rows.cursor else None
        self._hits = [*_actions(self.session, self._places), *event.hits]
        self._narrow(self.query_one(Input).value)
        if here and here in rows.hits:  # the person was on the way to it
            rows.go(list(rows.hits).index(here))

    @on(Input.Changed)
    def _changed(self, event: Input.Changed) -> None:
        self._narrow(event.value)

    def _narrow(self, typed: str) -> None:
        rows = self.query_one(HitRows)
        if typed.startswith(":"):
            rows.show(_commands(typed[1:]))
        else:
            rows.show(rank(typed, self._hits))

    @on(Input.Submitted)
    @on(Rows.Chosen)
    def _chosen(self) -> None:
        rows, typed = self.query_one(HitRows), self.query_one(Input).value
        hit = rows.hits[rows.cursor] if rows.hits else None
        if typed.startswith(":"):
            # What was typed is meant whole, but for a command's name that is not yet written out.
            name, _space, argument = typed[1:].strip().partition(" ")
            known = any(name == command.name for command in COMMANDS)
            if not known and hit and isinstance(hit.target, str):
                name = hit.target
            self.dismiss(Hit("", name, "", f"{name} {argument}".strip()))
        elif hit:
            self.dismiss(hit)

    def action_move(self, by: int) -> None:
        """Go to another hit."""
        rows = self.query_one(HitRows)
        rows.go(rows.cursor + by)

    def action_complete(self) -> None:
        """Write the command under the cursor out."""
        rows, line = self.query_one(HitRows), self.query_one(Input)
        if line.value.startswith(":") and rows.hits:
            line.value = f":{rows.hits[rows.cursor].target} "
            line.cursor_position = len(line.value)

    def action_close(self) -> None:
        """Go back."""
        self.dismiss(None)


def _actions(session: Session, places: Iterable[Place]) -> list[Hit]:
    here = [action for place in places for action in ACTIONS if action.place == place]
    return [
        Hit(_("key") + " " + session.keymap.first_key(action), action.label, action.help, action) for action in here
    ]


def _commands(typed: str) -> list[Hit]:
    name, space, _argument = typed.strip().partition(" ")
    fits: Callable[[str], bool] = (lambda one: one == name) if space else (lambda one: one.startswith(name))
    return [
        Hit(_("command"), f":{command.name} {command.argument}".strip(), command.help, command.name)
        for command in COMMANDS
        if fits(command.name)
    ]


def _places(session: Session) -> list[Hit]:
    """Feeds, smart feeds, settings, stories and what was saved."""
    store = session.library.store
    smart, feed, setting, story, saved = _("smart"), _("feed"), _("setting"), _("story"), _("saved")
    hits: list[Hit] = [Hit(smart, query.name, query.query, query) for query in store.queries.all()]
    hits += [Hit(feed, one.title, one.folder or "", one) for one in store.feeds()]
    hits += [Hit(setting, f"{one.table} {one.key}", _(one.help), (one.table, one.key)) for one in SETTINGS]
    newest = [group[0] for group in store.story_headlines()[:_STORIES]]
    entries: dict[int, Any] = store.entries(newest)
    hits += [Hit(story, entries[id].title, entries[id].feed_title, entries[id]) for id in newest if id in entries]
    for one in store.highlights.all()[:_SAVED]:
        words = " ".join(one.quote.exact.split())
        hits.append(Hit(saved, words, f"{one.speaker or ''} {one.outlet}".strip(), one))
    return hits
