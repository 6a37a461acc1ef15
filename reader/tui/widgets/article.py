"""The article: its one text, laid out, with the claims marked in it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import ClassVar
from urllib.parse import urlsplit

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.geometry import Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from reader.library.answers import Opened
from reader.model import BlockKind, Claim, Quotation, Span
from reader.tui import layout
from reader.tui.actions import Place
from reader.tui.layout import Line

_MEASURE = 72  # cells: the line length that reads best
_WORDS_A_MINUTE = 230
_GUTTER = 3


@dataclass(frozen=True, slots=True)
class _Mark:
    """A span shown in a style; a later one is laid over an earlier."""

    span: Span
    style: str


class ArticleView(ScrollView, can_focus=True):
    """An opened entry, with a current claim that `]` and `[` move."""

    PLACES: ClassVar[tuple[Place, ...]] = (Place.TEXT, Place.LISTS)
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "title", "meta", "notice", "heading", "quote", "code", "em", "strong", "direct", "indirect", "source", "cue",
        "figure", "link", "saved", "current", "gutter", "faint", "aside",
    }  # fmt: skip
    DEFAULT_CSS = """
    ArticleView {
        overflow-x: hidden;
        scrollbar-size-vertical: 1;
        padding: 0 0 0 0;
        & > .title { text-style: bold; color: $foreground; }
        & > .meta { text-style: dim; }
        & > .notice { color: $text-warning; }
        & > .heading { text-style: bold; color: $foreground; }
        & > .quote { text-style: italic; }
        & > .code { color: $text-secondary; }
        & > .em { text-style: italic; }
        & > .strong { text-style: bold; }
        & > .aside { text-style: dim; }
        & > .direct { color: $text-success; }
        & > .indirect { color: $text-primary; }
        & > .source { text-style: bold; color: $text-accent; }
        & > .cue { text-style: italic; }
        & > .figure { text-style: bold; }
        & > .link { text-style: underline; }
        & > .saved { background: $warning-muted; }
        & > .current { background: $primary-muted; }
        & > .gutter { color: $accent; text-style: bold; }
        & > .faint { text-style: dim; }
    }
    """

    class ClaimMoved(Message):
        """The person moved to another claim in the text."""

        def __init__(self, claim: Claim) -> None:
            self.claim = claim
            super().__init__()

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.opened: Opened | None = None
        self.claim: Claim | None = None
        self._pointed: Span | None = None
        """Words that are no claim and were asked for."""
        self._welcome = "Choose a headline."
        self._head: list[tuple[str, str]] = []
        self._lines: list[Line] = []
        self._starts: list[int] = []
        self._marks: list[list[_Mark]] = []
        self._signs: list[str] = []
        """What the margin says of each line: where a claim begins and of which kind, and where something was saved."""
        self._styles: dict[str, Style] = {}

    # What is shown.

    def wait(self, words: str) -> None:
        """Show `words` in place of an article."""
        self.opened = self.claim = self._pointed = None
        self._welcome = words
        self._lay_out()
        self.scroll_home(animate=False)

    def show(self, opened: Opened) -> None:
        """Show an entry from its top; the same entry again keeps its place."""
        again = self.opened is not None and self.opened.entry.id == opened.entry.id
        self.opened = opened
        if self.claim not in opened.analysis.claims:  # another entry, or another text of this one
            self.claim = None
        if not again:
            self._pointed = None
        self._lay_out()
        if not again:
            self.scroll_home(animate=False)

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

    def _bring(self, span: Span) -> None:
        """Scroll so that a span of the text is seen, in the upper part of the view."""
        first, last = self.line_of(span.start), self.line_of(max(span.start, span.end - 1))
        if first < self.scroll_offset.y + 1 or last >= self.scroll_offset.y + self.size.height - 1:
            self.scroll_to(y=max(0, first - self.size.height // 4), animate=False, force=True)

    def line_of(self, offset: int) -> int:
        """The line of the view on which a character of the text stands."""
        return len(self._head) + self._index_of(offset)

    def _index_of(self, offset: int) -> int:
        return max(0, bisect_right(self._starts, offset) - 1)

    def step(self, by: int) -> None:
        """Go to the next claim, or the one before; from nowhere, to the first one in sight."""
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

    @property
    def at_end(self) -> bool:
        """Whether the last line is in sight."""
        return self.scroll_offset.y + self.size.height >= self.virtual_size.height

    # Laying out.

    def _lay_out(self) -> None:
        width = min(_MEASURE, self.scrollable_content_region.width - _GUTTER - 2)
        self._head, self._lines = [], []
        if width > 4 and self.opened:
            self._head = [*_header(self.opened, width), ("", "")]
            self._lines = layout.lay_out(self.opened.article, width)
        self._starts = [line.start for line in self._lines]
        self._mark_up()
        # A last line of air shows that the text ends here.
        self.virtual_size = Size(self.size.width, len(self._head) + len(self._lines) + 1)
        self.refresh()

    def _mark_up(self) -> None:
        """Which marks touch which line; the current claim's come while drawing, for it moves."""
        self._marks, self._signs = [[] for _ in self._lines], [" "] * len(self._lines)
        if not self._lines or not self.opened:
            return
        analysis = self.opened.analysis
        marks = [_Mark(span, "aside") for span in analysis.boilerplate]
        marks += [_Mark(link.span, "link") for link in self.opened.article.links]
        marks += [_Mark(one.span, one.kind) for one in self.opened.article.emphasis if not self._in_heading(one.span)]
        for claim in analysis.claims:
            style = "indirect" if claim.quotation == Quotation.INDIRECT else "direct"
            marks += [_Mark(span, style) for span in claim.content]
            marks += [_Mark(span, "source") for span in claim.source]
            marks += [_Mark(span, "cue") for span in claim.cue]
            self._signs[self._index_of(claim.start)] = "›" if style == "indirect" else "”"
        marks += [_Mark(figure.span, "figure") for figure in analysis.figures]
        for _, span in self.opened.highlights:
            if span:
                marks.append(_Mark(span, "saved"))
                self._signs[self._index_of(span.start)] = "★"
        for mark in marks:
            index = self._index_of(mark.span.start)
            while index < len(self._lines) and self._lines[index].start < mark.span.end:
                if self._lines[index].end > mark.span.start:
                    self._marks[index].append(mark)
                index += 1

    def _in_heading(self, span: Span) -> bool:
        """Whether a span stands in a heading, which is set off as a whole."""
        return self._lines[self._index_of(span.start)].kind == BlockKind.HEADING

    def on_resize(self) -> None:
        """Lay out again, keeping the line at the top at the top."""
        top = int(self.scroll_offset.y) - len(self._head)
        offset = self._starts[top] if 0 < top < len(self._starts) else None
        self._lay_out()
        if offset is not None:
            self.scroll_to(y=self.line_of(offset), animate=False, force=True)
        if self.claim:
            self._bring(Span(self.claim.start, self.claim.content[-1].end))

    def notify_style_update(self) -> None:
        """Styles are looked up again after a change of theme."""
        super().notify_style_update()
        self._styles.clear()

    # Drawing.

    def _style(self, name: str) -> Style:
        if name not in self._styles:
            self._styles[name] = self.get_component_rich_style(name, partial=True)
        return self._styles[name]

    def render_line(self, y: int) -> Strip:
        """One line of the visible part."""
        width, base = self.size.width, self.rich_style
        y += int(self.scroll_offset.y)
        if self.opened is None:
            words = layout.cut(self._welcome, width - _GUTTER) if y == 1 else ""
            segments = [Segment(" " * _GUTTER + words, base + self._style("faint"))]
            return Strip(segments).adjust_cell_length(width, base)
        if y < len(self._head):
            words, name = self._head[y]
            # The bar shows the focus where there are no colours.
            bar = "▌  " if self.has_focus and words else " " * _GUTTER
            segments = [
                Segment(bar, base + self._style("gutter")),
                Segment(words, base + self._style(name) if name else base),
            ]
        elif y - len(self._head) < len(self._lines):
            segments = self._text_line(y - len(self._head), base)
        else:
            segments = []
        return Strip(segments).adjust_cell_length(width, base)

    def _text_line(self, index: int, base: Style) -> list[Segment]:
        assert self.opened
        line, text = self._lines[index], self.opened.article.text
        if name := {BlockKind.HEADING: "heading", BlockKind.QUOTE: "quote", BlockKind.CODE: "code"}.get(line.kind):
            base += self._style(name)
        marks, bar = self._marks[index], " "
        marked = self.claim.content if self.claim else (self._pointed,) if self._pointed else ()
        if current := [span for span in marked if span.start < line.end and line.start < span.end]:
            marks, bar = [*marks, *(_Mark(span, "current") for span in current)], "▌"
        margin = Segment(f"{bar}{self._signs[index]} ", self.rich_style + self._style("gutter"))
        segments = [margin, Segment(line.prefix, base)]
        cuts = {line.start, line.end}
        for mark in marks:
            cuts |= {min(max(mark.span.start, line.start), line.end), min(mark.span.end, line.end)}
        places = sorted(cuts)
        for start, end in pairwise(places):
            style = base
            for mark in marks:
                if mark.span.start <= start and end <= mark.span.end:
                    style += self._style(mark.style)
            segments.append(Segment(text[start:end].replace("\t", " "), style))
        return segments

    def offset_at(self, x: int, y: int) -> int | None:
        """The character of the text at a cell of the view; None outside the text."""
        index = y + int(self.scroll_offset.y) - len(self._head)
        if not self.opened or not 0 <= index < len(self._lines):
            return None
        line, cells = self._lines[index], x - _GUTTER - cell_len(self._lines[index].prefix)
        for offset in range(line.start, line.end):
            cells -= cell_len(self.opened.article.text[offset].replace("\t", " "))
            if cells < 0:
                return offset
        return None

    def on_click(self, event: events.Click) -> None:
        """Make the claim that was clicked the current one."""
        offset = self.offset_at(event.x, event.y)
        if offset is None or not self.opened:
            return
        for claim in self.opened.analysis.claims:
            if any(span.start <= offset < span.end for span in (*claim.content, *claim.source, *claim.cue)):
                self.go_to(claim)
                self.post_message(self.ClaimMoved(claim))
                return

    # Moving.

    def _move(self, lines: int) -> None:
        self.scroll_to(y=self.scroll_offset.y + lines, animate=False, force=True)

    def action_down(self, count: int = 1) -> None:
        """Scroll lines down."""
        self._move(count)

    def action_up(self, count: int = 1) -> None:
        """Scroll lines up."""
        self._move(-count)

    def action_first(self, line: int = 1) -> None:
        """Go to the top, or to a line of the text."""
        self.scroll_to(y=line - 1, animate=False, force=True)

    def action_last(self, line: int | None = None) -> None:
        """Go to the end, or to a line of the text."""
        self.scroll_to(y=(line or self.virtual_size.height) - 1, animate=False, force=True)

    def action_half_down(self) -> None:
        """Scroll half a page down."""
        self._move(self.size.height // 2)

    def action_half_up(self) -> None:
        """Scroll half a page up."""
        self._move(-(self.size.height // 2))

    def action_page_down(self) -> None:
        """Scroll a page down, keeping one line."""
        self._move(max(1, self.size.height - 1))

    def action_page_up(self) -> None:
        """Scroll a page up, keeping one line."""
        self._move(-max(1, self.size.height - 1))

    def action_choose(self) -> None:
        """Go to the next claim."""
        self.step(1)


def _header(opened: Opened, width: int) -> Sequence[tuple[str, str]]:
    """The title, who published it, when, how long it takes, and where it is from."""
    entry, article = opened.entry, opened.article
    lines = [(part, "title") for part in layout.paragraph(entry.title or article.title or "Untitled", width)]
    published, modified = opened.published, article.modified
    # Sites touch their pages up within the day; another day's reader is told.
    is_updated = modified and (published is None or modified.date() > published.date())
    minutes = max(1, round(len(article.text.split()) / _WORDS_A_MINUTE))
    said = [
        article.site or entry.feed_title,
        article.byline or entry.author or "",
        layout.day(published) if published else "" if is_updated else "no date",
        f"updated {layout.day(modified)}" if modified and is_updated else "",
        f"{minutes} min",
    ]
    lines += [(part, "meta") for part in layout.paragraph(" · ".join(filter(None, said)), width)]
    if entry.url:
        lines.append((layout.cut(urlsplit(entry.url).netloc.rpartition("@")[2], width), "meta"))
    if opened.notice:
        lines += [(part, "notice") for part in layout.paragraph(opened.notice, width)]
    return lines
