"""What background work tells the screens, and how the screens tell the person."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from textual.app import App
from textual.message import Message
from textual.notifications import Notification
from textual.widget import Widget

from reader.config import Settings
from reader.library.answers import Checked, LibraryError, Opened, Refreshed, StoryTold
from reader.model import Edit, Entry, Related
from reader.query import QueryError
from reader.store.schema import StoreError
from reader.text import clean, one_line
from reader.words import _, ngettext

_MOMENT = 0.01


@dataclass
class Notice(Notification):
    """A notification of which there is always a moment left.

    Where it ends while it is put on another screen, Textual would start a timer of less than nothing, which never gives
    the event loop back.
    """

    @property
    def time_left(self) -> float:
        """Seconds until it goes."""
        return max(_MOMENT, super().time_left)

    @property
    def has_expired(self) -> bool:
        """Whether it is not to be shown any more."""
        return super().time_left <= 0


def say(here: Widget, words: str, *, error: bool = False, longer: bool = False) -> None:
    """Tell the person something in a corner of the screen, in place of what was said before; never as markup.

    What others say may be in it: servers, parsers, commands. It is cleaned here, whatever was done to it before.
    """
    here.app.clear_notifications()
    seconds = 8 if error or longer else 3
    here.notify(clean(words), markup=False, severity="error" if error else "information", timeout=seconds)


@contextmanager
def telling(here: Widget) -> Iterator[None]:
    """Tell the person what the library could not do; what comes after it in the block is not done."""
    try:
        yield
    except (LibraryError, StoreError) as error:
        say(here, str(error), error=True)
    except QueryError as error:
        say(here, f"{error}\n{error.pointed()}", error=True)


class EntryOpened(Message):
    """An entry's text is there, and in most cases its claims with it; else it comes once more with them."""

    def __init__(self, opened: Opened) -> None:
        self.opened = opened
        super().__init__()


class OpenFailed(Message):
    """An entry could not be opened."""

    def __init__(self, entry_id: int, why: str) -> None:
        self.entry_id, self.why = entry_id, why
        super().__init__()


class PictureCame(Message):
    """The lead picture of an entry's article is there, as bytes of our own making."""

    def __init__(self, entry_id: int, image: bytes, caption: str) -> None:
        self.entry_id, self.image, self.caption = entry_id, image, caption
        super().__init__()


class WholeCame(Message):
    """An article that is to be saved whole is here; `why` says so when it is not."""

    def __init__(self, opened: Opened | None, why: str = "") -> None:
        self.opened, self.why = opened, why
        super().__init__()


class StoryArrived(Message):
    """What the story of an entry's article comes to is there: as far as it could be found out.

    `edited` is the article's earlier text and what became of its claims since, None of one that was not changed.
    """

    def __init__(
        self,
        entry_id: int,
        told: StoryTold | None,
        relatives: list[tuple[Entry, Related]],
        edited: tuple[str, tuple[Edit, ...]] | None,
    ) -> None:
        self.entry_id, self.told, self.relatives, self.edited = entry_id, told, relatives, edited
        super().__init__()


class PageReported(Message):
    """A page was packed to be reported; `why` says so when it could not be."""

    def __init__(self, path: Path | None, why: str | None = None) -> None:
        self.path, self.why = path, why
        super().__init__()

    def tell(self, here: Widget) -> None:
        """Tell the person where it is."""
        if self.path is None:
            say(here, self.why or _("The page could not be reported."), error=True)
        else:
            words = _("The page is packed in {path}; nothing is sent.").format(path=self.path)
            say(here, words, longer=True)


class FeedChecked(Message):
    """One feed of a running refresh is done."""

    def __init__(self, checked: Checked) -> None:
        self.checked = checked
        super().__init__()

    def can_replace(self, message: Message) -> bool:
        """Only the latest progress matters."""
        return isinstance(message, FeedChecked)


class SettingsChanged(Message):
    """The person changed the settings, which the file has already."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        super().__init__()


class StoriesSorted(Message):
    """Articles that waited for it have joined stories."""


class RefreshEnded(Message):
    """A refresh is over; `why` says so when it broke off."""

    def __init__(self, refreshed: Refreshed | None, why: str | None = None) -> None:
        self.refreshed, self.why = refreshed, why
        super().__init__()

    def tell_terminal(self, app: App[Any]) -> None:
        """Tell through the terminal what the rules found: it shows that though another window has the focus."""
        if self.refreshed and self.refreshed.told and app._driver:
            rules = ", ".join(dict.fromkeys(name for name, _entry in self.refreshed.told))
            words = _("{rules}: {n} new").format(rules=one_line(rules), n=len(self.refreshed.told))
            app._driver.write(f"\x1b]9;newsreader: {words}\x1b\\")

    def tell(self, here: Widget) -> None:
        """Tell the person what the refresh came to."""
        if self.refreshed is None:
            say(here, self.why or _("The refresh broke off."), error=True)
            return
        if self.refreshed.failed:
            feed, why = self.refreshed.failed[0]
            others = len(self.refreshed.failed) - 1
            words = f"{feed.title}: {why}."
            if others:
                more = ngettext(
                    "{n} other feed failed too; 3 shows which.", "{n} other feeds failed too; 3 shows which.", others
                )
                words += " " + more.format(n=others)
            say(here, words, error=True)
        if alerts := self.refreshed.alerts:
            first = alerts[0]
            more = " " + _("And {n} more.").format(n=len(alerts) - 1) if len(alerts) > 1 else ""
            words = f"“{first.words[:120]}” ({first.entry.feed_title})"
            say(here, f"{first.rule.capitalize()}: {first.why}. {words}.{more}", longer=True)
        if told := self.refreshed.told:
            rules = ", ".join(dict.fromkeys(name for name, _entry in told))
            say(here, _("{rules}: {n} new.").format(rules=rules, n=len(told)), longer=True)
        if not self.refreshed.failed and not alerts and not told and (checked := self.refreshed.checked):
            words = ngettext("{new} new in {n} feed.", "{new} new in {n} feeds.", checked)
            say(here, words.format(new=self.refreshed.new, n=checked))
