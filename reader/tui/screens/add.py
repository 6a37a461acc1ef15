"""Adding a feed, after a look at it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from functools import partial
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, Static

from reader.feeds.hosts import lead
from reader.library.answers import AlreadyFollowed, FeedPreview, LibraryError, SeveralFeeds
from reader.model import Feed, FeedSettings, FoundFeed
from reader.store.schema import StoreError
from reader.text import one_line, shown_url
from reader.tui import layout
from reader.tui.messages import say
from reader.tui.screens.base import Dialog
from reader.tui.session import Session
from reader.tui.widgets.form import Field, FolderLine, Tick
from reader.tui.widgets.rows import Piece, Rows
from reader.words import _, ngettext

_WIDTH = 76
"""Cells of the dialog where there is room."""
_AROUND = 10
"""Lines of the dialog around what is told of a feed: its border, what is set, and the keys."""


class _Answered(Message):
    """What was found at an address that was asked about; `asked` tells which time."""

    def __init__(self, asked: int, found: FeedPreview | Exception) -> None:
        self.asked, self.found = asked, found
        super().__init__()


class _Followed(Message):
    """The feed is followed, or `why` it can't be."""

    def __init__(self, feed: Feed | None, *, new: int = 0, why: str = "") -> None:
        self.feed, self.new, self.why = feed, new, why
        super().__init__()


class FoundRows(Rows):
    """The feeds that a page offers."""

    found: Sequence[FoundFeed] = ()

    def row_count(self) -> int:
        """How many there are."""
        return len(self.found)

    def draw(self, index: int, width: int) -> list[list[Piece]]:
        """What the page calls it, and its address."""
        feed = self.found[index]
        address, warned = shown_url(feed.url), _warned(feed.url)
        address = f"{warned} · {address}" if warned else address
        lines: list[list[Piece]] = [[(layout.cut(feed.title or address, width), "strong")]]
        return [*lines, [(layout.cut(f"  {address}", width), "faint")]] if feed.title else lines


class AddScreen(Dialog[Feed | None]):
    """Asks for an address, shows the feed there, and follows it.

    Returns the feed that is followed now, or was already and is to be gone to; None where the person went back.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "close", "Back"),
        Binding("enter", "follow", show=False),
    ]
    DEFAULT_CSS = """
    AddScreen .-hidden { display: none; }
    AddScreen #found { height: auto; max-height: 12; margin-top: 1; }
    AddScreen #preview { height: auto; margin-bottom: 1; }
    AddScreen #asking, AddScreen #following { height: auto; }
    """

    def __init__(self, session: Session, address: str = "") -> None:
        """With an `address` it looks there at once."""
        super().__init__()
        self.session = session
        self.library = session.library
        self._address = address
        self._asked = 0
        """How often something was asked; what comes back for an earlier time is stale."""
        self._asking = ""
        """The address that is asked about now."""
        self._known: Feed | None = None
        """The feed whose address stands in the line and that is followed already."""
        self._preview: FeedPreview | None = None
        self._saving = False

    def compose(self) -> ComposeResult:
        """The question and its answer, or the feeds to choose from, or the one that was found."""
        folders = sorted({feed.folder for feed in self.library.store.feeds() if feed.folder})
        with Vertical(id="dialog"):
            with Vertical(id="asking"):
                yield Static(_("Which feed, or whose page, do you want to follow?"), id="question", markup=False)
                yield Input(self._address, placeholder="https://example.org", id="answer", select_on_focus=False)
            yield FoundRows(id="found")
            yield Static(id="preview", markup=False)
            with Vertical(id="following"):
                hint = _("none; ↑ ↓ choose one, or type a new one") if folders else _("none; type one")
                yield Field(_("Folder"), FolderLine(folders, hint=hint, id="folder"))
                yield Tick(_("Fetch whole pages as new entries come"), id="full-text")
            yield Static(id="outcome", markup=False)

    def on_mount(self) -> None:
        """Ready for an address."""
        self._show_address(_("Enter looks there, Esc goes back."))
        if self._address:
            self._ask(self._address)

    def on_resize(self) -> None:
        """As many headlines as there is room for."""
        if self._preview:
            self._draw_preview(self._preview)

    # What is shown.

    def _show(self, *, address: bool, found: bool = False, preview: bool = False) -> None:
        self.query_one("#asking").set_class(not address, "-hidden")
        self.query_one("#found").set_class(not found, "-hidden")
        for part in self.query("#preview, #following"):
            part.set_class(not preview, "-hidden")

    def _say(self, words: str, *, wrong: bool = False) -> None:
        said = Content.styled(f"! {words}", "bold $text-error") if wrong else Content(words)
        self.query_one("#outcome", Static).update(said)

    def _show_address(self, words: str, *, wrong: bool = False) -> None:
        self._preview = None
        self._show(address=True)
        self._say(words, wrong=wrong)
        self.query_one("#answer").focus()

    def _show_found(self, found: Sequence[FoundFeed]) -> None:
        rows = self.query_one(FoundRows)
        rows.found = found
        self._show(address=True, found=True)
        rows.redraw()
        rows.cursor = 0
        rows.focus()
        self._say(_("This page offers several feeds: Enter looks at one, Esc goes back."))

    def _show_preview(self, preview: FeedPreview) -> None:
        self._preview = preview
        self._draw_preview(preview)
        self._show(address=False, preview=True)
        self._say(_("Enter follows · Tab the next field · Space ticks · Esc back"))
        self.query_one("#folder").focus()

    def _draw_preview(self, preview: FeedPreview) -> None:
        across, down = self.app.size
        width = min(_WIDTH, int(across * 0.95)) - 6  # as the style sheet has it
        parts = [
            Content.styled(layout.cut(preview.title, width), "bold $text-primary"),
            Content.styled(layout.cut(_where(preview), width), "$text-muted"),
            Content(layout.cut(_how_much(preview), width)),
        ]
        if warned := _warned(preview.url):
            parts.insert(2, Content.styled(layout.cut(warned, width), "$text-warning"))
        if preview.openings:
            words = _("It carries openings only: pages will be fetched when they are opened.")
            parts += [Content(line) for line in layout.paragraph(words, width)]
        parts.append(Content(""))
        now, room = self.library.now(), int(down * 0.9) - len(parts) - _AROUND
        for title, published in preview.headlines[: max(1, room)]:
            when = f"{layout.ago(published, now) if published else '':>11}  "
            title = layout.cut(title or _("Untitled"), width - len(when))
            parts.append(Content.assemble((when, "$text-muted"), title))
        self.query_one("#preview", Static).update(Content("\n").join(parts))

    # Asking.

    @on(Input.Submitted, "#answer")
    def _typed(self, event: Input.Submitted) -> None:
        event.stop()
        address = event.value.strip()
        if self._known:
            self.dismiss(self._known)
        elif address and address != self._asking:
            self._ask(address)

    @on(Input.Changed, "#answer")
    def _changed(self) -> None:
        self._known = None

    @on(Rows.Chosen)
    def _chosen(self, event: Rows.Chosen) -> None:
        self._ask(self.query_one(FoundRows).found[event.index].url)

    def _ask(self, address: str) -> None:
        self._asked += 1
        self._asking = address
        self._show(address=True)
        self.query_one("#answer").focus()
        self._say(_("Asking {host}… Esc stops.").format(host=_host(address)))
        self._look(self._asked, address)

    @work(thread=True, group="look")
    def _look(self, asked: int, address: str) -> None:
        try:
            self.post_message(_Answered(asked, self.library.feeds.preview(address)))
        except (LibraryError, StoreError) as error:
            self.post_message(_Answered(asked, error))

    @on(_Answered)
    def _came(self, event: _Answered) -> None:
        if event.asked != self._asked:
            return  # the person has gone on
        self._asking = ""
        match event.found:
            case FeedPreview() as preview:
                self._show_preview(preview)
            case SeveralFeeds() as several:
                self._show_found(several.found)
            case AlreadyFollowed() as known:
                words = _("{feed} is followed already. Enter goes to it, Esc goes back.")
                self._show_address(words.format(feed=known.feed.title))
                self._known = known.feed
            case error:
                self._show_address(str(error), wrong=True)

    def action_close(self) -> None:
        """One step back: stop asking, back to the address, out."""
        if self._asking:
            self._asked += 1
            self._asking = ""
            self._show_address(_("Stopped. Enter asks again, Esc goes back."))
        elif self._preview or not self.query_one("#found").has_class("-hidden"):
            self._show_address(_("Enter looks there, Esc goes back."))
        else:
            self.dismiss(None)

    # Following.

    @on(Input.Submitted, "#folder")
    def action_follow(self) -> None:
        """Follow the feed that is shown."""
        if self._preview and not self._saving:
            self._saving = True
            folder = one_line(self.query_one("#folder", FolderLine).value).strip() or None
            settings = FeedSettings(full_text=self.query_one("#full-text", Tick).value)
            self._follow(self._preview, folder, settings)

    @work(thread=True, group="follow")
    def _follow(self, preview: FeedPreview, folder: str | None, settings: FeedSettings) -> None:
        try:
            feed, new = self.library.feeds.follow(preview, folder=folder, settings=settings)
        except (LibraryError, StoreError) as error:
            self.post_message(_Followed(None, why=str(error)))
        else:
            self.post_message(_Followed(feed, new=new))

    @on(_Followed)
    def _done(self, event: _Followed) -> None:
        self._saving = False
        if event.feed is None:
            self._show_address(event.why, wrong=True)
            return
        what = _("following {feed}").format(feed=event.feed.title)
        self.session.changes.made(what, partial(_follow_no_more, self.session, event.feed))
        words = ngettext("Following {feed}, with {n} entry.", "Following {feed}, with {n} entries.", event.new)
        say(self, words.format(feed=event.feed.title, n=event.new))
        self.dismiss(event.feed)


async def _follow_no_more(session: Session, feed: Feed) -> None:
    await asyncio.to_thread(session.library.feeds.remove, feed)


def _host(address: str) -> str:
    """Whom an address that was typed asks."""
    shown = shown_url(address if "://" in address else f"https://{address}")
    to = lead(shown)
    return to.words if to else shown


def _warned(address: str) -> str:
    """Which host an address that looks like another's leads to; empty for nearly all."""
    to = lead(shown_url(address))  # a user name is the person's own here
    return f"{to.host} ⚠ {to.warning}" if to and to.warning else ""


def _where(preview: FeedPreview) -> str:
    address = shown_url(preview.url)
    return f"{shown_url(preview.site)} · {address}" if preview.site else address


def _how_much(preview: FeedPreview) -> str:
    if not preview.count:
        return _("It has no entries yet.")
    told = ngettext("{n} entry", "{n} entries", preview.count).format(n=preview.count)
    if preview.a_day is None:
        return told
    if preview.a_day >= 1:
        return _("{told} · about {n} a day").format(told=told, n=round(preview.a_day))
    if preview.a_day * 7 >= 1:
        return _("{told} · about {n} a week").format(told=told, n=round(preview.a_day * 7))
    return _("{told} · about {n} a year").format(told=told, n=max(1, round(preview.a_day * 365)))
