"""The main screen: where to go, headlines, the article, and beside it who said what, as many of them as fit.

Whatever asks the library more than a page of rows does so in a thread, and state changes when the answer is back.
"""

from __future__ import annotations

import gc
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.widget import Widget
from textual.widgets import Static, TabbedContent

from reader.config import Reading
from reader.tui.actions import Place
from reader.tui.messages import say
from reader.tui.screens.handing import HandingScreen
from reader.tui.session import Session
from reader.tui.widgets.article import ArticleView
from reader.tui.widgets.headlines import Headlines
from reader.tui.widgets.keys import KeysLine
from reader.tui.widgets.panel import Claims, Panel, RelatedArticles, Sources
from reader.tui.widgets.rows import Rows
from reader.tui.widgets.search import SearchLine
from reader.tui.widgets.sidebar import Sidebar
from reader.tui.widgets.splitter import Splitter
from reader.tui.widgets.story import StoryRows
from reader.words import _

_STEP = 4
"""Columns that < and > move a border."""
_ROOMY = 120
"""Columns of a screen from which panes have widths of their own."""
_READ = 34
"""Columns that are left to the article, with the borders."""
_LEAST = 16
"""Columns that a pane keeps."""
_SIDED = ("sidebar", "headlines", "panel")
"""Panes that have a width; the article takes what they leave."""


class ReadingScreen(HandingScreen):
    """Four panes from 180 columns, three from 120, two from 90, one below: those around what has the focus."""

    PLACES: ClassVar[tuple[Place, ...]] = (Place.READER,)
    AUTO_FOCUS = "#headlines"

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.pane: Widget | None = None
        """The pane that has the focus, or is about to."""

    def compose(self) -> ComposeResult:
        """The panes between a line of state and the keys."""
        yield Static(id="state", markup=False)
        with Horizontal(id="panes"):
            yield Sidebar(id="sidebar")
            yield Splitter("sidebar", after=True)
            yield Headlines(self._entries, self.library.now, id="headlines")
            yield Splitter("headlines", after=True)
            yield ArticleView(self.library.settings.reading, id="article")
            yield Splitter("panel", after=False)
            yield Panel(self.library.now, self.session.keymap, id="panel")
        yield SearchLine()
        yield KeysLine(self.session.keymap)

    async def on_mount(self) -> None:
        """Show what the library holds."""
        self.query_one(SearchLine).display = False
        self.set_class(self.session.memory.flag("sidebar", True), "-sidebar")
        self.query_one(KeysLine).progress = self._progress
        self._headlines.focus()
        await self._begin()
        gc.freeze()  # what is loaded by now stays, and going through it would stop the screen for 20 ms now and then
        self._sort()

    def set_reading(self, reading: Reading) -> None:
        """Show texts as the settings are now; where the article's pane is not there yet, it will come with them."""
        for article in self.query(ArticleView):
            article.set_reading(reading)

    # Panes.

    def _enter_article(self) -> None:
        self.add_class("-reading")
        self.remove_class("-in-panel", "-in-sidebar")
        self.set_focus(self._article)

    def _leave_article(self) -> None:
        self.remove_class("-reading", "-in-panel", "-in-sidebar", "-zen")
        self.set_focus(self._headlines)

    def _panes(self) -> list[Widget]:
        side = [self._sidebar] if self.has_class("-sidebar") else []
        panel = [*self.query(Claims), *self.query(Sources), *self.query(StoryRows), *self.query(RelatedArticles)]
        return [*side, self._headlines, self._article, *panel]

    def _turn_pane(self, by: int) -> None:
        self.remove_class("-zen")
        panes = self._panes()
        here = panes.index(self.pane) if self.pane in panes else 0
        self.pane = pane = panes[(here + by) % len(panes)]
        in_panel = self.query_one(Panel) in pane.ancestors
        self.set_focus(None)  # or what takes the focus when its pane is hidden would be shown again
        self.set_class(in_panel or pane is self._article, "-reading")
        self.set_class(in_panel, "-in-panel")
        self.set_class(pane is self._sidebar, "-in-sidebar")
        if in_panel and isinstance(pane, Rows):
            self.query_one(Panel).turn_to(pane)
        self.call_after_refresh(self._focus_on, pane)

    def _focus_on(self, pane: Widget, tries: int = 5) -> None:
        """Give a pane the focus: one that is only now coming to the front can't take it before it is drawn."""
        if pane is self.pane:
            self.set_focus(pane)
            if self.focused is not pane and tries:
                self.call_after_refresh(self._focus_on, pane, tries - 1)

    @on(TabbedContent.TabActivated)
    def _tab_shown(self, event: TabbedContent.TabActivated) -> None:
        """The pane that was turned to takes the focus, if its tab came to the front only after it was asked to."""
        if self.pane in list(event.pane.query(Rows)) and self.focused is None:
            self.call_after_refresh(self._focus_on, self.pane)

    @on(events.DescendantFocus)
    def _focused(self, event: events.DescendantFocus) -> None:
        self.pane = pane = event.widget
        in_panel = self.query_one(Panel) in pane.ancestors
        self.set_class(in_panel or pane is self._article or self._article in pane.ancestors, "-reading")
        self.set_class(in_panel, "-in-panel")
        self.set_class(pane is self._sidebar, "-in-sidebar")

    def action_next_pane(self) -> None:
        """Go to the next pane."""
        self._turn_pane(1)

    def action_previous_pane(self) -> None:
        """Go to the pane before."""
        self._turn_pane(-1)

    async def action_back(self) -> None:
        """One step back: out of what was looked for, out of the article, then to the list before."""
        if self.has_class("-zen"):
            self.action_zen()
        elif self._article.finding and not self._in_lists:
            self._article.forget_hits()
        elif self.focused is not self._headlines:
            self._leave_article()
        else:
            await self._go_back()

    async def action_back_or_leave(self) -> None:
        """One step back, and at the top out of the reader."""
        if self.focused is self._headlines and not self.has_class("-zen") and not await self._go_back():
            self.app.exit()
        elif self.focused is not self._headlines or self.has_class("-zen"):
            await self.action_back()

    def action_sidebar(self) -> None:
        """Show the sidebar, or hide it."""
        shown = not self.has_class("-sidebar")
        if not shown and self._sidebar.has_focus:
            self._leave_article()
        self.set_class(shown, "-sidebar")
        self.session.memory.keep_flag("sidebar", shown)

    def action_zen(self) -> None:
        """Show the text alone, or everything again."""
        if not self.has_class("-zen") and self._article.opened is None:
            return
        self.toggle_class("-zen")
        self._enter_article()

    # How wide they are.

    def on_resize(self) -> None:
        """Panes are as wide as the person made them where there is room for that."""
        self._set_widths()

    def _set_widths(self) -> None:
        roomy = self.size.width >= _ROOMY
        for name in _SIDED:
            width = self.session.memory.width(name) if roomy else None
            pane = self.query_one(f"#{name}")
            if width:
                pane.styles.width = min(width, self._most)
                pane.styles.max_width = self.size.width
            else:
                pane.styles.clear_rule("width")
                pane.styles.clear_rule("max_width")

    def _widen(self, pane: str, by: int) -> None:
        if self.size.width < _ROOMY:
            say(self, _("Panes are made wider from {n} columns on.").format(n=_ROOMY))
        elif not self.has_class("-zen"):
            width = self.query_one(f"#{pane}").outer_size.width + by
            self.session.memory.hold_width(pane, max(_LEAST, min(width, self._most)))
            self._set_widths()

    @property
    def _most(self) -> int:
        """The columns that a pane may take, so that two of them, and the sidebar where it is a fourth, leave some."""
        fourth = self._sidebar.outer_size.width if self.has_class("-huge") and self.has_class("-sidebar") else 0
        return (self.size.width - _READ - fourth) // 2

    def _widen_here(self, by: int) -> None:
        pane = self.pane
        if pane is self._article:
            self._widen("panel" if self._article.opened else "headlines", -by)
        elif pane is self._sidebar or pane is self._headlines:
            self._widen(pane.id or "", by)
        else:
            self._widen("panel", by)
        self.session.memory.write()

    def action_wider(self, times: int = 1) -> None:
        """Make the pane wider."""
        self._widen_here(_STEP * times)

    def action_narrower(self, times: int = 1) -> None:
        """Make the pane narrower."""
        self._widen_here(-_STEP * times)

    @on(Splitter.Dragged)
    def _dragged(self, event: Splitter.Dragged) -> None:
        if event.done:
            self.session.memory.write()
        else:
            self._widen(event.pane, event.by)
