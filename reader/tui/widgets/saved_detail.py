"""All there is to tell of one thing that the person saved, and where its words stand now."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from rich.cells import cell_len
from textual import events
from textual.strip import Strip

from reader.feeds.hosts import lead
from reader.highlights.diff import Became, Part, are_near, changes
from reader.model import Article, Fit, Highlight, HighlightKind
from reader.text import clean, one_line, shown_url
from reader.tui import layout
from reader.tui.widgets.rows import Piece
from reader.tui.widgets.saved import ColoredRows, color_name, figure_of, kind_of, length_of, speaker_of, stripe_of
from reader.words import _, ngettext

_SHOWN = 20_000
"""Characters of a quote or a note that the detail shows: more than a long article has."""
_OPENING = 600
"""Characters that the detail shows of an article that was saved whole."""
_LABEL = 11
"""Cells of what stands before a fact."""

# --- where the words stand now ---------------------------------------------------------------------------------------


class Standing(NamedTuple):
    """What became of saved words in their article, and how they differ from what stands there."""

    sign: str
    style: str
    words: str
    parts: tuple[Part, ...] = ()


def standing(highlight: Highlight, article: Article | None) -> Standing:
    """Look where saved words stand in their article as it is now; takes its time, so never on the event loop."""
    from reader.highlights.anchor import Anchoring

    if highlight.entry_id is None:
        return Standing("○", "warn", _("Its article is not in the library; what you saved is all here."))
    if article is None:
        return Standing("○", "warn", _("The text of its article is not here; opening it fetches the page."))
    anchoring, quote = Anchoring(article.text), highlight.quote
    anchor = anchoring.of(highlight)
    if highlight.kind is HighlightKind.ARTICLE and not quote.exact:
        return Standing("✓", "good", _("A note on the whole page, of which no words were saved."))
    if highlight.kind is HighlightKind.ARTICLE and anchor:
        if anchor.fit is Fit.EXACT:
            return Standing("✓", "good", _("The article stands as you saved it."))
        return Standing("≈", "warn", _("The article's text has changed since; you have it as it was."))
    if anchor is None:
        if quote.start < 0 and not quote.prefix + quote.suffix and quote.exact in article.text:
            return Standing("≈", "warn", _("The article has these words more than once; which you saved is not known."))
        near = anchoring.nearest(quote)
        parts = changes(quote.exact, near.of(article.text)) if near else ()
        if not are_near(parts):
            return Standing("✗", "bad", _("No longer in the article, and nothing there comes near."))
        return Standing("✗", "bad", _("No longer in the article. What comes nearest there:"), parts)
    match anchor.fit:
        case Fit.EXACT:
            return Standing("✓", "good", _("The article has these words where you saved them."))
        case Fit.MOVED:
            return Standing("≈", "warn", _("The article has these words, but among others than before."))
        case Fit.REWORDED:
            parts = changes(quote.exact, anchor.span.of(article.text))
            return Standing("≈", "warn", _("The article has reworded it:"), parts)


_AROUND = {Became.KEPT: ("", "", "plain"), Became.OUT: ("[-", "-]", "out"), Became.IN: ("{+", "+}", "in")}
"""What words are put between, so that what became of them is seen without colours, and their style."""


def _flow(parts: Iterable[Part], width: int) -> list[list[Piece]]:
    """Differences as lines of words."""
    lines: list[list[Piece]] = [[]]
    x = 0
    for became, words in parts:
        before, after, style = _AROUND[became]
        first = True
        for word in f"{before}{words}{after}".split(" "):
            for at, piece in enumerate(layout.paragraph(word, width)):
                if x and x + (at == 0) + cell_len(piece) > width:
                    lines.append([])
                    x = 0
                elif x and at == 0:
                    lines[-1].append((" ", "plain" if first else style))
                    x += 1
                lines[-1].append((piece, style))
                x += cell_len(piece)
            first = False
    return lines


# --- one of them -----------------------------------------------------------------------------------------------------


class SavedDetail(ColoredRows):
    """All there is to tell of one highlight, line by line; the keys of lists scroll it."""

    DEFAULT_CSS = """
    SavedDetail { padding: 0 1; }
    """

    highlight: Highlight | None = None
    standing: Standing | None = None
    _made: Sequence[list[Piece]] = ()

    @property
    def empty(self) -> str:
        """What it says of nothing."""
        return ""

    def show(self, highlight: Highlight | None, standing: Standing | None = None) -> None:
        """Show a highlight from its beginning, and where it stands once that is known."""
        is_same = highlight is not None and self.highlight is not None and highlight.id == self.highlight.id
        self.highlight, self.standing = highlight, standing
        self.redraw()
        if not is_same:
            self.scroll_home(animate=False)

    def redraw(self) -> None:
        """Lay the lines out anew."""
        self._made = list(_told(self.highlight, self.standing, self._row_width)) if self.highlight else ()
        super().redraw()

    def row_count(self) -> int:
        """How many lines there are."""
        return len(self._made)

    def row_height(self) -> int:
        """A line each."""
        return 1

    def draw(self, index: int, width: int) -> list[list[Piece]]:
        """A line."""
        del width  # they were laid out at it
        return [self._made[index]]

    def _row_line(self, index: int, at: int, width: int, *, on_cursor: bool) -> Strip:
        del on_cursor  # none of its lines is more than the others
        return super()._row_line(index, at, width, on_cursor=False)

    def show_cursor(self) -> None:
        """There is none."""

    def go(self, index: int) -> None:
        """Scroll to a line."""
        self.scroll_to(y=max(0, index), animate=False)

    def action_down(self, count: int = 1) -> None:
        """Scroll down."""
        self._scroll(count)

    def action_up(self, count: int = 1) -> None:
        """Scroll up."""
        self._scroll(-count)

    def action_half_down(self) -> None:
        """Scroll half a page down."""
        self._scroll(self.size.height // 2)

    def action_half_up(self) -> None:
        """Scroll half a page up."""
        self._scroll(-self.size.height // 2)

    def action_page_down(self) -> None:
        """Scroll a page down."""
        self._scroll(self.size.height)

    def action_page_up(self) -> None:
        """Scroll a page up."""
        self._scroll(-self.size.height)

    def _scroll(self, lines: int) -> None:
        self.scroll_relative(y=lines, animate=False)

    def on_click(self, event: events.Click) -> None:
        """A click only takes the focus."""
        event.stop()


def _told(one: Highlight, standing: Standing | None, width: int) -> Iterator[list[Piece]]:
    """A highlight as lines: who and what, the words, where they stand now, what the person made of it, its origin."""
    who, via = speaker_of(one)
    for part in layout.paragraph(who, width):
        yield [(part, "strong")]
    source = one_line(one.source or "")
    if source and source != who:
        yield from _fact("", _("in the text: “{words}”").format(words=source), width)
    for part in layout.paragraph(via, width) if via else ():
        yield [(part, "good")]
    yield []
    if one.kind is HighlightKind.FIGURE and cell_len(one.quote.exact) <= width - 2:
        yield [stripe_of(one), *figure_of(one, width - 2)]
    else:
        most = _OPENING if one.kind is HighlightKind.ARTICLE else _SHOWN
        for part in _text(one.quote.exact, most, width - 2):
            yield [stripe_of(one), (part, "plain")]
    yield []
    if standing:
        for at, part in enumerate(layout.paragraph(standing.words, width - 2)):
            yield [(standing.sign + " " if at == 0 else "  ", standing.style), (part, standing.style)]
        for line in _flow(standing.parts, width - 2) if standing.parts else ():
            yield [("  ", ""), *line]
    else:
        yield [("…", "faint")]
    yield []
    if one.note:
        yield [("✎ ", "mark"), (_("Your note"), "label")]
        for part in _text(one.note, _SHOWN, width - 2):
            yield [("  ", ""), (part, "plain")]
        yield []
    yield from _facts(one, width)


def _text(words: str, most: int, width: int) -> Iterator[str]:
    yield from layout.paragraph(clean(words[:most]).strip("\n"), width)
    if (left := len(words) - most) > 0:
        yield ngettext("… and {n} more character", "… and {n} more characters", left).format(n=f"{left:,}")


def _facts(one: Highlight, width: int) -> Iterator[list[Piece]]:
    if one.tags:
        yield from _fact(_("Tags"), " ".join(f"#{one_line(tag)}" for tag in one.tags), width, "figure")
    if one.color:
        yield from _fact(_("Colour"), f"● {color_name(one.color)}", width, one.color)
    yield from _fact(_("What"), f"{kind_of(one)} · {length_of(one)}", width)
    yield from _fact(_("Outlet"), one.outlet, width)
    yield from _fact(_("Title"), one.title, width)
    yield from _fact(_("Author"), one.author or "", width)
    if one.published:
        yield from _fact(
            _("Published"), f"{layout.day(one.published)}, {one.published:%H:%M} {one.published:%Z}", width
        )
    yield from _fact(_("Fetched"), _instant(one.retrieved) if one.retrieved else "", width)
    if url := one.url:
        to = lead(url)
        yield from _fact(_("Site"), to.words if to else "", width, "warn" if to and to.warning else "strong")
        yield from _fact(_("Address"), shown_url(url), width)
    yield from _fact(_("Saved"), _instant(one.created), width)
    yield from _fact(_("Changed"), _instant(one.changed) if one.changed != one.created else "", width)


def _fact(label: str, words: str, width: int, style: str = "plain") -> Iterator[list[Piece]]:
    """What is known, behind its name; nothing of what is not."""
    room = _LABEL if label else 0
    for at, part in enumerate(layout.paragraph(one_line(words), width - room) if words else ()):
        yield [(label.ljust(room) if at == 0 else " " * room, "label"), (part, style if label else "faint")]


def _instant(when: datetime) -> str:
    return f"{layout.date(when)}, {when.astimezone():%H:%M}"
