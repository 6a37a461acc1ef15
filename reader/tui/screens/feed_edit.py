"""Changing what is set for a feed, and a smart feed's query."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any, ClassVar
from urllib.parse import urlsplit

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.screen import ScreenResultType
from textual.widget import Widget
from textual.widgets import Input, Static

from reader.config import duration, spelled
from reader.library.answers import LibraryError
from reader.model import Feed, SavedQuery
from reader.query import QueryError, parse
from reader.store.schema import StoreError
from reader.text import one_line, shown_url
from reader.tui.messages import say
from reader.tui.screens.base import Dialog
from reader.tui.session import Session
from reader.tui.widgets.form import Field, FolderLine, Tick
from reader.words import _

_AROUND = 9
"""Lines of a form that are no fields: its border and title, and what is told below."""
_SHORTEST, _LONGEST = timedelta(minutes=1), timedelta(days=30)


class _Kept(Message):
    """What was changed is kept, or `why` it is not."""

    def __init__(self, kept: Any, why: str = "") -> None:
        self.kept, self.why = kept, why
        super().__init__()


class _Wrong(ValueError):
    """What was typed in a field can't be kept; the message says why."""

    def __init__(self, words: str, field: str) -> None:
        super().__init__(words)
        self.field = field


class Form(Dialog[ScreenResultType]):
    """Fields that are kept all together with Enter; what is wrong is told below them, and nothing typed is lost."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "close", "Back"),
        Binding("enter", "keep", show=False),
        Binding("down", "app.focus_next", show=False),
        Binding("up", "app.focus_previous", show=False),
    ]
    DEFAULT_CSS = """
    Form #fields { height: auto; margin-top: 1; scrollbar-size-vertical: 1; }
    Form #outcome { height: auto; }
    """

    def __init__(self, session: Session, title: str) -> None:
        super().__init__()
        self.session = session
        self.library = session.library
        self._title = title
        self._keeping = False

    def fields(self) -> Iterable[Widget]:
        """What can be changed."""
        raise NotImplementedError

    def keep(self) -> None:
        """Keep what was changed, in a thread that posts what came of it; raises _Wrong for what will not do."""
        raise NotImplementedError

    def remember(self, kept: Any) -> None:
        """Remember how to take back what was kept, and say what it is."""
        raise NotImplementedError

    def compose(self) -> ComposeResult:
        """The fields below what they are of."""
        with Vertical(id="dialog"):
            yield Static(Content.styled(self._title, "bold"), id="question")
            with VerticalScroll(id="fields", can_focus=False):
                yield from self.fields()
            yield Static(_("Enter keeps it · Tab the next field · Space ticks · Esc back"), id="outcome", markup=False)

    def on_resize(self) -> None:
        """What is told below the fields stays in sight."""
        self.query_one("#fields").styles.max_height = max(3, int(self.app.size.height * 0.9) - _AROUND)

    def typed(self, field: str) -> str:
        """What stands in a field, on one line."""
        return one_line(self.query_one(f"#{field}", Input).value).strip()

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.action_keep()

    def action_keep(self) -> None:
        """Keep what was changed, once."""
        if self._keeping:
            return
        try:
            self.keep()
        except _Wrong as wrong:
            self._tell(str(wrong))
            self.query_one(f"#{wrong.field}").focus()

    def _tell(self, words: str) -> None:
        self._keeping = False
        self.query_one("#outcome", Static).update(Content.styled(f"! {words}", "bold $text-error"))

    @on(_Kept)
    def _was_kept(self, event: _Kept) -> None:
        if event.kept is None:
            self._tell(event.why)
        else:
            self.remember(event.kept)
            self.dismiss(event.kept)

    def action_close(self) -> None:
        """Go back and change nothing."""
        self.dismiss(None)


class FeedEditScreen(Form[Feed | None]):
    """A feed's address, name, folder and settings; returns it as it is then, None where nothing was changed."""

    def __init__(self, session: Session, feed: Feed, *, undo: Callable[[Feed, str], Awaitable[None]]) -> None:
        """`undo` takes the feed as it is now, and the address at which it will then be."""
        super().__init__(session, feed.title)
        self.feed, self._undo = feed, undo

    def fields(self) -> Iterable[Widget]:
        """The address is asked before it is kept; a page's leads to the feed that it advertises."""
        feed, settings = self.feed, self.feed.settings
        folders = sorted({one.folder for one in self.library.store.feeds() if one.folder})
        usual = _("{time}, as all").format(time=spelled(self.library.settings.refresh.interval))
        for name, line in (
            (_("Name"), _line(feed.title, "title")),
            (_("Address"), _line(veiled(feed.url), "address", hint=_("the feed's, or its site's"))),
            (_("Folder"), FolderLine(folders, value=feed.folder or "", hint=_("none"), id="folder")),
            (_("Asked every"), _line(_minutes(settings.interval), "interval", hint=usual)),
            (_("User-Agent"), _line(settings.user_agent, "agent", hint=_("this program's own"))),
            (_("User name"), _line(settings.user, "user", hint=_("if its server wants one"))),
            (_("Password by"), _line(settings.password_command, "password", hint=_("a command that prints it"))),
        ):  # fmt: skip
            yield Field(name, line)
        yield Tick(_("Fetch whole pages as new entries come"), value=settings.full_text, id="full-text")
        yield Tick(_("Muted: its entries stand in no list"), value=settings.muted, id="muted")
        yield Tick(_("Paused: it is not asked for news"), value=settings.paused, id="paused")

    def keep(self) -> None:
        """Keep it, at its new address if that leads to a feed."""
        if not (title := self.typed("title")):
            raise _Wrong(_("A feed needs a name."), "title")
        if not (address := self.typed("address")):
            raise _Wrong(_("A feed needs an address."), "address")
        address = unveiled(address, self.feed.url)
        every = duration(self.typed("interval")) if self.typed("interval") else None
        if self.typed("interval") and not (every and _SHORTEST <= every <= _LONGEST):
            raise _Wrong(_("Write 30m, 2h or 1d, from 1m to 30d; nothing is as for all feeds."), "interval")
        user, command = self.typed("user") or None, self.typed("password") or None
        if command and not user:
            raise _Wrong(_("A password goes with a user name."), "user")
        settings = replace(
            self.feed.settings,
            interval=every // timedelta(minutes=1) if every else None,
            user_agent=self.typed("agent") or None,
            user=user,
            password_command=command,
            full_text=self.query_one("#full-text", Tick).value,
            muted=self.query_one("#muted", Tick).value,
            paused=self.query_one("#paused", Tick).value,
        )
        after = replace(self.feed, title=title, folder=self.typed("folder") or None, settings=settings)
        if after == self.feed and address == self.feed.url:
            self.dismiss(None)
            return
        self._keeping = True
        if address != self.feed.url:
            self.query_one("#outcome", Static).update(_("Asking at the new address…"))
        self._keep(after, address)

    @work(thread=True, group="keep")
    def _keep(self, after: Feed, address: str) -> None:
        try:
            if address != self.feed.url:
                moved, _new = self.library.feeds.move(after, address)
                after = replace(after, url=moved.url)
            self.library.feeds.change(after)
        except (LibraryError, StoreError) as error:
            self.post_message(_Kept(None, str(error)))
            return
        self.post_message(_Kept(after))

    def remember(self, kept: Feed) -> None:
        """It can be had again as it was."""
        what = _("the change to {feed}").format(feed=self.feed.title)
        self.session.changes.made(what, partial(self._undo, self.feed, kept.url))
        say(self, _("Changed: {feed}.").format(feed=kept.title))


class QueryEditScreen(Form[SavedQuery | None]):
    """A smart feed's name and query; returns it as it is then, None where nothing was changed."""

    def __init__(
        self, session: Session, saved: SavedQuery, *, undo: Callable[[SavedQuery, str], Awaitable[None]]
    ) -> None:
        """`undo` takes the smart feed as it is now, and the name that it will then have."""
        super().__init__(session, _("Smart feed: {name}").format(name=saved.name))
        self.saved, self._undo = saved, undo

    def fields(self) -> Iterable[Widget]:
        """Both are needed."""
        yield Field(_("Name"), _line(self.saved.name, "title"))
        yield Field(_("Query"), _line(self.saved.query, "query", hint=_("as behind /: speaker:Powell is:unread")))

    def keep(self) -> None:
        """Keep it; a query that means nothing is pointed at."""
        name, query = self.typed("title"), self.typed("query")
        if not name:
            raise _Wrong(_("A smart feed needs a name."), "title")
        try:
            parse(query)
        except QueryError as error:
            raise _Wrong(f"{error}\n{error.pointed()}", "query") from None
        if (name, query) == (self.saved.name, self.saved.query):
            self.dismiss(None)
            return
        self._keeping = True
        self._keep(name, query)

    @work(thread=True, group="keep")
    def _keep(self, name: str, query: str) -> None:
        queries = self.library.store.queries
        try:
            if name != self.saved.name and any(one.name == name for one in queries.all()):
                words = _("There is a smart feed of the name {name} already.").format(name=name)
                self.post_message(_Kept(None, words))
                return
            kept = queries.keep(name, query, self.saved.actions)
            if name != self.saved.name:
                queries.remove(self.saved.name)
        except StoreError as error:
            self.post_message(_Kept(None, str(error)))
            return
        self.post_message(_Kept(kept))

    def remember(self, kept: SavedQuery) -> None:
        """It can be had again as it was."""
        what = _("the change to {feed}").format(feed=self.saved.name)
        self.session.changes.made(what, partial(self._undo, self.saved, kept.name))
        say(self, _("Changed: {feed}.").format(feed=kept.name))


def veiled(url: str) -> str:
    """An address as it is shown to be changed: a password in it is an ellipsis, and so is a user name alone."""
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018 - see shown_url
    except ValueError:
        return shown_url(url)
    user, at, server = parts.netloc.rpartition("@")
    name, colon, _password = user.partition(":")
    return parts._replace(netloc=f"{name if colon else ''}{colon}…@{server}").geturl() if at else url


def unveiled(typed: str, url: str) -> str:
    """What was typed in place of `veiled(url)`, with the password again; for another server it goes without."""
    if typed == veiled(url):
        return url
    try:
        was, now = urlsplit(url), urlsplit(typed)
    except ValueError:
        return typed
    user, _at, server = was.netloc.rpartition("@")
    shown, _at, given = now.netloc.rpartition("@")
    if not shown.endswith("…"):
        return typed
    same = (was.scheme, server.lower()) == (now.scheme, given.lower())
    return now._replace(netloc=f"{user}@{given}" if same else given).geturl()


def _line(value: str | None, id: str, *, hint: str = "") -> Input:
    return Input(value or "", placeholder=hint, compact=True, id=id, select_on_focus=False)


def _minutes(minutes: int | None) -> str:
    return spelled(timedelta(minutes=minutes)) if minutes else ""
