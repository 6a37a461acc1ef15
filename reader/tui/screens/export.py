"""Taking what was saved elsewhere: as which kind of file, and where to."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Button, Input, Static

from reader.library.answers import LibraryError
from reader.library.saved import Written
from reader.library.writing import write_whole
from reader.model import Highlight
from reader.store.schema import StoreError
from reader.text import clean
from reader.tui.screens.ask import SureScreen
from reader.tui.screens.base import Dialog
from reader.tui.session import Session
from reader.tui.widgets.choice import ChoiceLine
from reader.tui.widgets.form import Field
from reader.tui.widgets.rows import Piece, Rows
from reader.words import N_, _, ngettext

_NAME = "newsreader-saved"
_NOTES = "notes"
"""The way out that is no file but a folder of them."""
_WAYS: tuple[tuple[str, str, str], ...] = (
    ("markdown", "Markdown", N_("to read and to go on writing")),
    (_NOTES, "Obsidian", N_("a folder of notes, one for each source; your own words in them stay")),
    ("html", "HTML", N_("a page to print or to send")),
    ("bibtex", "BibTeX", N_("the articles, for LaTeX")),
    ("csl-json", "CSL-JSON", N_("the articles, for Zotero and Pandoc")),
    ("csv", "CSV", N_("for Readwise and spreadsheets")),
    ("jsonld", "JSON-LD", N_("W3C Web Annotations")),
    ("json", "JSON", N_("everything, for newsreader elsewhere")),
)
"""By what they are asked for, how they are called, and what they are good for."""
_PER: tuple[tuple[str, str], ...] = (
    ("article", N_("article")),
    ("speaker", N_("speaker")),
    ("outlet", N_("outlet")),
)
_MARGINS = 7
"""Lines of the dialog that are no fields."""


class WayRows(Rows):
    """The kinds of files, each with what it is good for."""

    DEFAULT_CSS = "WayRows { margin-bottom: 1; }"

    def __init__(self, at: int) -> None:
        super().__init__(id="ways")
        self.styles.height = len(_WAYS)
        self.set_reactive(WayRows.cursor, at)

    @property
    def way(self) -> str:
        """The one that is chosen."""
        return _WAYS[self.cursor][0]

    def row_count(self) -> int:
        """How many there are."""
        return len(_WAYS)

    def row_height(self) -> int:
        """A line each."""
        return 1

    def draw(self, index: int, width: int) -> list[list[Piece]]:
        """Its name and what it is good for; a full dot before the one that is chosen."""
        del width
        _way, name, good_for = _WAYS[index]
        holds = index == self.cursor
        return [
            [
                ("● " if holds else "○ ", "mark"),
                (name.ljust(10), "strong" if holds else "plain"),
                (_(good_for), "faint"),
            ]
        ]

    def watch_cursor(self, before: int, now: int) -> None:
        """The dots move along."""
        super().watch_cursor(before, now)
        if self.is_mounted:
            self.redraw()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wanted:
    """What is to be written where."""

    way: str
    per: str
    path: Path


class ExportScreen(Dialog[str | None]):
    """Writes highlights where the person says; returns what to say of it, or None where they went back.

    A file that is there is only replaced after a yes, unless it has just these bytes.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "close", "Back"),
        Binding("ctrl+s", "write", show=False),
        Binding("enter", "write", show=False),
        Binding("down", "app.focus_next", show=False),
        Binding("up", "app.focus_previous", show=False),
    ]
    VERTICAL_BREAKPOINTS = [(0, "-low"), (24, "-high")]  # noqa: RUF012 - as Textual types it
    DEFAULT_CSS = """
    ExportScreen {
        #question { text-style: bold; margin-bottom: 1; }
        #fields { height: auto; scrollbar-size-vertical: 1; }
        #each { height: auto; }
        #each > Static { width: 14; color: $text-muted; }
        #last { height: auto; margin-top: 1; }
        #last > #told { width: 1fr; height: auto; margin: 0 0 0 2; color: $foreground-muted; }
        Button { width: auto; min-width: 0; padding: 0 1; }
        &.-low #question, &.-low WayRows { margin-bottom: 0; }
        &.-low #dialog { padding: 0 2; }
    }
    """

    def __init__(self, session: Session, highlights: Sequence[Highlight]) -> None:
        super().__init__()
        self.session, self.library = session, session.library
        self._highlights = highlights
        self._writing = False
        ways = [way for way, _name, _good_for in _WAYS]
        last = session.memory.word("saved-export", ways[0])
        self._first = ways.index(last) if last in ways else 0
        self._offered = ""
        """The place that was put into the line; one that the person typed stays."""

    def compose(self) -> ComposeResult:
        """What is written, as what, and where to."""
        count = len(self._highlights)
        title = ngettext("Export {n} highlight", "Export {n} highlights", count).format(n=f"{count:,}")
        with Vertical(id="dialog"):
            yield Static(title, id="question", markup=False)
            with VerticalScroll(id="fields", can_focus=False):
                yield WayRows(self._first)
                with Horizontal(id="each"):
                    yield Static(_("Note for each"), markup=False)
                    yield ChoiceLine([_(name) for _per, name in _PER], 0, id="per")
                yield Field(_("Write to"), Input(compact=True, id="where", select_on_focus=False))
            with Horizontal(id="last"):
                yield Button(_("Write"), compact=True, variant="primary", id="write")
                yield Static(_("Enter writes · Tab the next field · Esc back"), id="told", markup=False)

    def on_mount(self) -> None:
        """Offer what was taken the last time."""
        self.query_one(WayRows).focus()
        self._offer()

    def on_resize(self) -> None:
        """What is told below the fields stays in sight."""
        self.query_one("#fields").styles.max_height = max(3, int(self.app.size.height * 0.9) - _MARGINS)

    @on(Rows.Moved)
    def _moved(self) -> None:
        self._offer()

    def _offer(self) -> None:
        """Offer a place for what is chosen, in that of the one before, unless the person typed another."""
        from reader.highlights.export import Format

        way, line = self.query_one(WayRows).way, self.query_one("#where", Input)
        self.query_one("#each").display = way == _NOTES
        folder = Path(self.library.settings.saved.folder)
        offered = str(folder / "notes" if way == _NOTES else folder / f"{_NAME}{Format(way).suffix}")
        if line.value.strip() in ("", self._offered):
            line.value = offered
            line.cursor_position = len(offered)
        self._offered = offered

    @on(Rows.Chosen)
    @on(Input.Submitted)
    @on(Button.Pressed)
    def _taken(self) -> None:
        self.action_write()

    def action_write(self) -> None:
        """Write them, once."""
        if self._writing:
            return
        typed = clean(self.query_one("#where", Input).value).strip()
        if not typed:
            self._tell(_("Type where to write to."))
            self.query_one("#where").focus()
            return
        try:
            path = Path(typed).expanduser()
        except RuntimeError:
            self._tell(_("{path} is in the home of somebody who has none here.").format(path=typed))
            return
        way = self.query_one(WayRows).way
        self.session.memory.keep_word("saved-export", way)
        self._writing = True
        self.query_one("#told", Static).update(_("Writing…"))
        self._write(_Wanted(way=way, per=_PER[self.query_one(ChoiceLine).chosen][0], path=path))

    @work
    async def _write(self, wanted: _Wanted) -> None:
        with self._telling(wanted.path):
            if wanted.way == _NOTES:
                self.dismiss(await self._notes(wanted))
                return
            path, body = wanted.path, await asyncio.to_thread(self._bytes, wanted.way)
            if await asyncio.to_thread(_differs, path, body):
                question = _("{path} is there already. Replace it?").format(path=path)
                self.app.push_screen(SureScreen(question, yes=_("replace")), partial(self._answered, path, body))
            else:
                await self._put(path, body)

    def _answered(self, path: Path, body: bytes, sure: bool | None) -> None:
        if sure:
            self._replace(path, body)
        else:
            self._tell("")

    @work
    async def _replace(self, path: Path, body: bytes) -> None:
        with self._telling(path):
            await self._put(path, body)

    async def _put(self, path: Path, body: bytes) -> None:
        await asyncio.to_thread(_put, path, body)
        count = len(self._highlights)
        words = ngettext("Wrote {n} highlight to {path}.", "Wrote {n} highlights to {path}.", count)
        self.dismiss(words.format(n=f"{count:,}", path=path))

    @contextmanager
    def _telling(self, path: Path) -> Iterator[None]:
        """Say below the fields what could not be done, so that it can be mended there."""
        try:
            yield
        except (LibraryError, StoreError) as error:
            self._tell(str(error))
        except OSError as error:
            why = error.strerror or str(error)
            self._tell(_("{path} can't be written: {why}.").format(path=path, why=why))

    def _bytes(self, way: str) -> bytes:
        from reader.highlights.export import Format

        return self.library.saved.written(self._highlights, Format(way)).encode("utf-8", "replace")

    async def _notes(self, wanted: _Wanted) -> str:
        """Write them as notes into a folder; returns what to say of it."""
        from reader.highlights.vault import Per

        write = self.library.saved.write_notes
        return _of_notes(
            await asyncio.to_thread(write, self._highlights, wanted.path, per=Per(wanted.per)), wanted.path
        )

    def _tell(self, words: str) -> None:
        """Say what went wrong, or for nothing what the keys do."""
        self._writing = False
        hint = Content(_("Enter writes · Tab the next field · Esc back"))
        told = Content.styled(f"! {words}", "bold $text-error") if words else hint
        self.query_one("#told", Static).update(told)

    def action_close(self) -> None:
        """Go back; nothing is written but what is being written."""
        self.dismiss(None)


def _differs(path: Path, body: bytes) -> bool:
    """Whether something else is there; OSError for what can't be read or is no file."""
    try:
        return path.read_bytes() != body
    except FileNotFoundError:
        return False


def _put(path: Path, body: bytes) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_whole(path, body)


def _of_notes(came: Written, folder: Path) -> str:
    """What became of the notes."""
    words = ngettext("Wrote {n} note to {path}.", "Wrote {n} notes to {path}.", came.written)
    said = [words.format(n=f"{came.written:,}", path=folder)]
    if came.unchanged:
        words = ngettext("{n} is as it was.", "{n} are as they were.", came.unchanged)
        said.append(words.format(n=f"{came.unchanged:,}"))
    if came.left:
        words = ngettext(
            "{n} was changed by hand and is left alone: {name}.",
            "{n} were changed by hand and are left alone: {name}, …",
            len(came.left),
        )
        said.append(words.format(n=f"{len(came.left):,}", name=came.left[0].name))
    return " ".join(said)
