"""The article: its one text with a current claim, words to find, links to follow and text to select."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.cells import cell_len
from rich.segment import Segment
from textual import events, on
from textual.message import Message
from textual.strip import Strip

from reader.config import Reading
from reader.feeds.hosts import lead
from reader.library.answers import Opened
from reader.model import Claim, Span
from reader.tui.messages import say
from reader.tui.widgets.find import FindLine, Folded
from reader.tui.widgets.hints import Hints
from reader.tui.widgets.marks import Mark, Marks
from reader.tui.widgets.selecting import SelectableText
from reader.tui.widgets.text import GUTTER
from reader.words import _

WAITING = _("Its claims are still being looked for; v selects words to save meanwhile.")
"""What is said where keys are about a claim and there are none yet."""


class ArticleView(SelectableText):
    """An opened entry, with a current claim that `]` and `[` move."""

    class ClaimMoved(Message):
        """The person moved to another claim in the text."""

        def __init__(self, claim: Claim) -> None:
            self.claim = claim
            super().__init__()

    class LinkChosen(Message):
        """The person follows a link of the text."""

        def __init__(self, url: str) -> None:
            self.url = url
            super().__init__()

    def __init__(self, reading: Reading, *, id: str | None = None) -> None:
        super().__init__(reading, id=id)
        self._hits: Sequence[Span] = ()
        self._hit_marks = Marks()
        self._hit: int | None = None
        """Which of the hits the person is at."""
        self._sought = ""
        """The words typed last; empty where hits came from elsewhere."""
        self._folded: Folded | None = None
        self._find_from = 0
        """The line that was at the top when finding began."""
        self._hints: Hints | None = None
        self._legend_above = False
        """Whether what says where links lead stands above, not below."""
        self._hidden: Sequence[tuple[int, str]] = ()
        """Links in sight that have no letters yet; ; gives them some."""

    @property
    def takes_keys(self) -> bool:
        """Whether letters are typed here, which then mean no action."""
        return self._hints is not None

    # What is shown.

    def wait(self, words: str) -> None:
        """Show `words` in place of an article."""
        self.opened = self.claim = self._pointed = None
        self._tags = ()
        self._welcome = words
        self._forget_all()
        self._lay_out()
        self.scroll_home(animate=False)

    def show(self, opened: Opened) -> None:
        """Show an entry from its top; the same entry again keeps its place."""
        again = self.opened is not None and self.opened.entry.id == opened.entry.id
        same_text = again and self.opened is not None and self.opened.article.text == opened.article.text
        awaited = same_text and self.opened is not None and not self.opened.analysed and opened.analysed
        self.opened = opened
        if awaited and (pointed := self._pointed):  # at a claim, as it turns out
            self.claim = next((one for one in opened.analysis.claims if one.start == pointed.start), None)
            self._pointed = None if self.claim else pointed
        if self.claim not in opened.analysis.claims:  # another entry, or another text of this one
            self.claim = None
        if not again:
            self._tags = ()
        if not same_text:
            self._pointed = None
            self._forget_all(picture=not again)
            self._lay_out()
        else:
            self._lay_out_again()
        if not again:
            self.scroll_home(animate=False)

    def _forget_all(self, *, picture: bool = True) -> None:
        self._folded = None
        self.forget_hits()
        self._leave_hints()
        self._select(None)
        if picture:
            self._drop_picture()

    def go_to(self, claim: Claim) -> None:
        """Make a claim the current one and bring it into sight."""
        self.claim, self._pointed = claim, None
        self.refresh()
        self._bring(Span(claim.start, claim.content[-1].end))

    def reveal(self, span: Span) -> None:
        """Mark a span of the text in the place of a current claim, and bring it into sight."""
        self.claim, self._pointed = None, span
        self.refresh()
        self._bring(span)

    def step(self, by: int) -> None:
        """Go to the next claim, or the one before; from nowhere, to the first one in sight."""
        if self.opened and not self.opened.analysed:
            say(self, WAITING)
        if not self.opened or not self.opened.analysis.claims:
            return
        claims = self.opened.analysis.claims
        if self.claim is None:
            top = int(self.scroll_offset.y)
            seen = (index for index, claim in enumerate(claims) if self.line_of(claim.start) >= top)
            index = next(seen, len(claims) - 1)
        else:
            index = max(0, min(len(claims) - 1, claims.index(self.claim) + by))
        self.go_to(claims[index])
        self.post_message(self.ClaimMoved(claims[index]))

    def action_choose(self) -> None:
        """Go to the next claim."""
        self.step(1)

    @property
    def _seen_height(self) -> int:
        return self.size.height - len(self.query(FindLine))

    def _marks_over(self, line: Span) -> Iterator[Mark]:
        yield from super()._marks_over(line)
        yield from self._hit_marks.within(line)
        if self._hit is not None:
            yield Mark(self._hits[self._hit], "at-hit")

    # Finding.

    def action_find_in_page(self) -> None:
        """Open the line in which words to find are typed."""
        if self.opened and not self.query(FindLine):
            self._find_from = int(self.scroll_offset.y)
            self.mount(FindLine(self._sought))

    @property
    def finding(self) -> bool:
        """Whether there are hits to walk through."""
        return bool(self._hits)

    def show_hits(self, spans: Sequence[Span]) -> None:
        """Mark what a search found here; the first hit is gone to when it is asked for."""
        self._sought = ""
        self._set_hits(sorted(spans))

    def forget_hits(self) -> None:
        """Mark none any more."""
        self._close_find()
        self._sought = ""
        self._set_hits(())

    def _set_hits(self, hits: Sequence[Span]) -> None:
        self._hits, self._hit = hits, None
        self._hit_marks = Marks(Mark(span, "hit") for span in hits)
        self.refresh()

    def find_next(self, by: int) -> bool:
        """Go to a following hit, or one before; False where there is none.

        Words that were typed are found again from the other end; what a search found ends with the last hit.
        """
        if not self._hits:
            return False
        if self._hit is None:
            top = int(self.scroll_offset.y)
            below = next((i for i, span in enumerate(self._hits) if self.line_of(span.start) >= top), len(self._hits))
            index = below + by - (by > 0)
        else:
            index = self._hit + by
        if self._sought:
            index %= len(self._hits)
        elif not 0 <= index < len(self._hits):
            return False
        self._go_to_hit(index)
        return True

    def _go_to_hit(self, index: int | None) -> None:
        self._hit = index
        if index is not None:
            self._bring(self._hits[index])
        self.refresh()
        for line in self.query(FindLine):
            if not self._sought:
                line.say("")
            elif index is None:
                line.say(_("not found"))
            else:
                line.say(_("{n} of {all}").format(n=index + 1, all=len(self._hits)))

    @on(FindLine.Typed)
    def _find_typed(self, event: FindLine.Typed) -> None:
        """Find what is typed so far, from where the person was reading."""
        event.stop()
        if not self.opened or not self.query(FindLine):
            return
        if self._folded is None:
            self._folded = Folded(self.opened.article.text)
        self._sought = event.words
        self._set_hits(self._folded.find(event.words))
        self._scroll_to_line(self._find_from)
        below = (i for i, span in enumerate(self._hits) if self.line_of(span.start) >= self._find_from)
        self._go_to_hit(next(below, 0) if self._hits else None)

    @on(FindLine.Stepped)
    def _find_stepped(self, event: FindLine.Stepped) -> None:
        event.stop()
        self.find_next(event.by)

    @on(FindLine.Left)
    def _find_left(self, event: FindLine.Left) -> None:
        event.stop()
        if not self.query(FindLine):
            return
        if event.kept:
            self._close_find()
        else:
            self.forget_hits()
            self._scroll_to_line(self._find_from)

    def _close_find(self) -> None:
        for line in self.query(FindLine):
            if line.has_focus_within:
                self.focus()
            line.remove()

    # Following links.

    def action_hints(self) -> None:
        """Show a letter before each link in sight and where they lead, and follow the one whose letter is typed."""
        if not self.opened:
            return
        seen = self._in_sight()
        links = [
            (max(link.span.start, seen.start), link.url)
            for link in self.opened.article.links
            if link.span.start < seen.end and seen.start < link.span.end and lead(link.url)
        ]
        if not links:
            say(self, _("No link is in sight."))
            return
        self._offer(links)

    def _offer(self, links: Sequence[tuple[int, str]]) -> None:
        """Put letters before links; where they lead stands over the text, below or where that hides fewer of them."""
        below, above = self._hinted(links, above=False), self._hinted(links, above=True)
        self._legend_above = len(above.labels()) > len(below.labels())
        self._hints = above if self._legend_above else below
        offered = {offset for offset, _label in self._hints.labels()}
        self._hidden = [link for link in links if link[0] not in offered]
        self.refresh()

    def _hinted(self, links: Sequence[tuple[int, str]], *, above: bool) -> Hints:
        """Letters for links, but for those that the lines hide that say where the links lead, and what there's no room
        for: these lines take half of the view."""
        rows = [self.line_of(offset) - int(self.scroll_offset.y) for offset, _url in links]
        most, height, width = max(1, self._seen_height // 2), 0, self.size.width - GUTTER - 1
        while True:
            seen = range(height, self._seen_height) if above else range(self._seen_height - height)
            shown = [link for link, row in zip(links, rows, strict=True) if row in seen]
            hints = Hints(shown, more=len(links) - len(shown))
            while height == most and len(hints.legend(width)) > most and len(shown) > 1:
                shown = shown[:-1]
                hints = Hints(shown, more=len(links) - len(shown))
            needed = len(hints.legend(width))
            if needed <= height or height == most:
                return hints
            height = min(needed, most)

    def _legend(self, y: int) -> str | None:
        """The line of where the links lead that stands at a line of the view."""
        lines = self._hints.legend(self.size.width - GUTTER - 1) if self._hints else []
        at = y if self._legend_above else y - self._seen_height + len(lines)
        return lines[at] if 0 <= at < len(lines) else None

    def _leave_hints(self) -> None:
        self._hints = None
        self.refresh()

    def on_key(self, event: events.Key) -> None:
        """Take the letters of a link; any other key leaves."""
        if self._hints is None:
            return
        event.stop()
        event.prevent_default()
        if event.character == ";" and self._hidden:
            self._offer(self._hidden)
            return
        url = self._hints.press(event.character) if event.character and event.is_printable else None
        if url != "":
            self._leave_hints()
        if url:
            self.post_message(self.LinkChosen(url))
        self.refresh()

    def on_resize(self) -> None:
        """Links move away from under their letters."""
        self._hints = None

    def on_blur(self) -> None:
        """Whoever goes elsewhere in the reader follows no link."""
        if self.app.app_focus:
            self._leave_hints()

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Links move away from under their letters."""
        super().watch_scroll_y(old_value, new_value)
        self._hints = None

    def render_line(self, y: int) -> Strip:
        """One line of the visible part, with the letters of links over it."""
        strip = super().render_line(y)
        if self._hints is None:
            return strip
        if (words := self._legend(y)) is not None:
            style = self.rich_style + self._style("hosts")
            return Strip([Segment(" " * GUTTER + words, style)]).adjust_cell_length(self.size.width, style)
        line = self._line_at(y)
        if line is None:
            return strip
        at = {glyph.start: glyph.x + GUTTER + cell_len(line.prefix) for glyph in self._glyphs(line)}
        for offset, label in self._hints.labels():
            if offset in at:
                x, end = at[offset], at[offset] + len(label)
                shown = Strip([Segment(label, self.rich_style + self._style("hint"))], len(label))
                strip = Strip.join([strip.crop(0, x), shown, strip.crop(end, strip.cell_length)])
        return strip.adjust_cell_length(self.size.width, self.rich_style)

    # The mouse.

    def on_click(self, event: events.Click) -> None:
        """Make the claim that was clicked the current one."""
        if self._dragged or event.widget is not self:
            return
        self._select(None)
        offset = self.offset_at(event.x, event.y)
        if offset is None or not self.opened:
            return
        for claim in self.opened.analysis.claims:
            if any(span.start <= offset < span.end for span in (*claim.content, *claim.source, *claim.cue)):
                self.go_to(claim)
                self.post_message(self.ClaimMoved(claim))
                return
