"""What the person saved, as a list in groups."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum
from functools import cache
from types import MappingProxyType
from typing import ClassVar, NamedTuple

from rich.cells import cell_len
from textual.strip import Strip

from reader.model import Color, Highlight, HighlightKind
from reader.text import one_line
from reader.tui import layout
from reader.tui.widgets.rows import Piece, Rows
from reader.words import N_, _, ngettext

_SIGNS = {
    HighlightKind.CLAIM: "”",
    HighlightKind.WORDS: "¶",
    HighlightKind.FIGURE: "=",
    HighlightKind.ARTICLE: "≡",
}
_NO_STORIES: Mapping[int, tuple[int, str]] = MappingProxyType({})
_NO_FEEDS: Mapping[int, str] = MappingProxyType({})


class By(StrEnum):
    """What the list is grouped by."""

    TIME = N_("time")
    STORY = N_("story")
    SPEAKER = N_("speaker")
    TAG = N_("tag")
    FEED = N_("feed")


def kind_of(highlight: Highlight) -> str:
    """What of an article a highlight is, in a word or two."""
    match highlight.kind:
        case HighlightKind.CLAIM:
            return _("Claim")
        case HighlightKind.FIGURE:
            return _("Figure")
        case HighlightKind.WORDS:
            return _("Words")
        case HighlightKind.ARTICLE:
            return _("Whole article") if highlight.quote.exact else _("Note on a page")


def color_name(color: Color | None) -> str:
    """A colour in the person's language."""
    match color:
        case None:
            return _("none")
        case Color.YELLOW:
            return _("yellow")
        case Color.BLUE:
            return _("blue")
        case Color.PINK:
            return _("pink")
        case Color.ORANGE:
            return _("orange")
        case Color.GREEN:
            return _("green")
        case Color.PURPLE:
            return _("purple")


# --- groups ----------------------------------------------------------------------------------------------------------


class Row(NamedTuple):
    """A highlight in the list; the first of its group has the group's name, and how many are in it."""

    highlight: Highlight
    heading: tuple[str, int] | None


def grouped(
    highlights: Iterable[Highlight],
    by: By,
    *,
    now: datetime,
    stories: Mapping[int, tuple[int, str]] = _NO_STORIES,
    feeds: Mapping[int, str] = _NO_FEEDS,
) -> tuple[Row, ...]:
    """Highlights that come newest first, in groups; one that has several tags is under each of them.

    `stories` has the number and headline of an entry's story, `feeds` the name of its feed.
    """
    today = now.astimezone()
    groups: dict[Hashable, tuple[str, list[Highlight]]] = {}
    for one in highlights:
        for key, name in _groups(one, by, today, stories, feeds):
            groups.setdefault(key, (name, []))[1].append(one)
    named = list(groups.items())
    if by is By.SPEAKER:
        named.sort(key=lambda group: (-len(group[1][1]), group[1][0].casefold()))
    elif by in (By.TAG, By.FEED):
        named.sort(key=lambda group: group[1][0].casefold())
    named.sort(key=lambda group: group[0] is None)
    return tuple(
        Row(one, (name, len(those)) if at == 0 else None)
        for _key, (name, those) in named
        for at, one in enumerate(those)
    )


def _groups(
    one: Highlight, by: By, today: datetime, stories: Mapping[int, tuple[int, str]], feeds: Mapping[int, str]
) -> list[tuple[Hashable, str]]:
    """The groups that a highlight is in, each with its name; that of those without any is None, and comes last."""
    match by:
        case By.TIME:
            name = _when(one.created, today)
            return [(name, name)]
        case By.STORY:
            story = stories.get(one.entry_id or 0)
            return [(story[0], one_line(story[1]) or _("Untitled"))] if story else [(None, _("In no story"))]
        case By.SPEAKER:
            who = one_line(one.speaker or "")
            return [(who.casefold(), who)] if who else [(None, _("Speaker not said"))]
        case By.TAG:
            tags = {tag.casefold(): tag for tag in map(one_line, reversed(one.tags))}
            return [(key, f"#{tag}") for key, tag in tags.items()] or [(None, _("No tag"))]
        case By.FEED:
            feed = one_line(feeds.get(one.entry_id or 0) or one.outlet)
            return [(feed.casefold(), feed)] if feed else [(None, _("No feed"))]


def _when(created: datetime, today: datetime) -> str:
    then = created.astimezone()
    days = (today.date() - then.date()).days
    if days <= 0:
        return _("Today")
    if days == 1:
        return _("Yesterday")
    return _("This week") if days < 7 else _month(then.year, then.month)


@cache
def _month(year: int, month: int) -> str:
    return f"{date(year, month, 1):%B %Y}"


# --- the list --------------------------------------------------------------------------------------------------------


class ColoredRows(Rows):
    """Rows that know the colours of highlights."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {*Color, "out", "in", "bad", "label"}
    DEFAULT_CSS = """
    ColoredRows {
        & > .yellow { color: $text-warning; }
        & > .blue { color: $text-primary; }
        & > .pink { color: $text-error; }
        & > .orange { color: $text-accent; }
        & > .green { color: $text-success; }
        & > .purple { color: $text-secondary; }
        & > .out { color: $text-error; text-style: strike; }
        & > .in { color: $text-success; text-style: underline; }
        & > .bad { color: $text-error; text-style: bold; }
        & > .label { color: $foreground-muted; }
    }
    """


def stripe_of(highlight: Highlight) -> Piece:
    """What stands beside saved words: a stripe in their colour, a thin one where they have none."""
    return ("┃ ", highlight.color) if highlight.color else ("│ ", "faint")


class SavedRows(ColoredRows):
    """Highlights in their groups; its heights are told without drawing, for there may be ten thousand."""

    rows: Sequence[Row] = ()
    nothing: str = ""
    marked: frozenset[int] = frozenset()

    @property
    def empty(self) -> str:
        """What an empty list says."""
        return self.nothing

    def show(self, rows: Sequence[Row], *, nothing: str, anew: bool) -> None:
        """Show rows, or the words `nothing`; but for `anew` the cursor stays on its highlight, or at its place."""
        before, here = self.cursor, self.highlight()
        line = self._place(before)[0] - int(self.scroll_offset.y) if here else 0
        self.rows, self.nothing = rows, nothing
        self.marked &= {row.highlight.id for row in rows}
        self.redraw()
        same = [at for at, row in enumerate(rows) if here and row.highlight.id == here.id]
        stay = min(same, key=lambda at: abs(at - before)) if same else before
        self.cursor = 0 if anew else max(0, min(stay, len(rows) - 1))
        if here and rows and not anew:
            self.scroll_to(y=max(0, self._place(self.cursor)[0] - line), animate=False, force=True)
        self.show_cursor()

    def highlight(self) -> Highlight | None:
        """The highlight under the cursor."""
        return self.rows[self.cursor].highlight if self.cursor < len(self.rows) else None

    def mark(self, ids: Iterable[int]) -> None:
        """Let these be the ones that are marked."""
        self.marked = frozenset(ids)
        self._drawn.clear()
        self._strips.clear()
        self.refresh()

    def row_count(self) -> int:
        """How many rows there are, which may be more than highlights."""
        return len(self.rows)

    def height_of(self, index: int, width: int) -> int:
        """The heading, who, one or two lines of words, where from, and a line between."""
        row, room = self.rows[index], width - 4
        words = words_of(row.highlight, width)
        wide = len(words) > room if words.isascii() else cell_len(words) > room
        return (row.heading is not None) + 4 + wide

    def draw(self, index: int, width: int) -> list[list[Piece]]:
        """Who said it or what it is, the beginning of the words, and where they are from."""
        highlight, heading = self.rows[index]
        room = width - 4
        told = layout.paragraph(words_of(highlight, width), room, most=2)
        words: list[list[Piece]] = [[(part, "plain")] for part in told]
        if highlight.kind is HighlightKind.FIGURE and len(words) == 1:
            words = [figure_of(highlight, room)]
        lines = [
            *([_heading(*heading, width)] if heading else []),
            self._who(highlight, width),
            *([("  ", ""), stripe_of(highlight), *part] for part in words),
            [("    ", ""), *_origin(highlight, room)],
        ]
        return [*lines, *([] for _at in range(self.height_of(index, width) - len(lines)))]

    def _who(self, highlight: Highlight, width: int) -> list[Piece]:
        mark = "✓ " if highlight.id in self.marked else "  "
        who, via = speaker_of(highlight)
        color = f" ● {color_name(highlight.color)}" if highlight.color else ""
        room = width - 4 - cell_len(color)
        name = layout.cut(who, room)
        rest = layout.cut(f"  {via}", room - cell_len(name)) if via else ""
        gap = " " * max(0, room - cell_len(name) - cell_len(rest))
        sign: Piece = (_SIGNS[highlight.kind] + " ", highlight.color or "faint")
        return [(mark, "mark"), sign, (name, "strong"), (rest, "good"), (gap, ""), (color, highlight.color or "")]

    def _row_line(self, index: int, at: int, width: int, *, on_cursor: bool) -> Strip:
        """The heading of a group is no part of the row under the cursor, nor is the line between."""
        row, last = self.rows[index], self._place(index)[1] - 1
        return super()._row_line(index, at, width, on_cursor=on_cursor and (row.heading is not None) <= at < last)


def _heading(name: str, count: int, width: int) -> list[Piece]:
    told = f" {count:,} "
    name = layout.cut(name, width - len(told) - 2)
    return [(name, "mark"), (told, "faint"), ("─" * max(0, width - cell_len(name) - len(told)), "faint")]


def speaker_of(highlight: Highlight) -> tuple[str, str]:
    """Who said it, or what it is; and those it came through."""
    who = one_line(highlight.speaker or highlight.source or "")
    if highlight.kind is HighlightKind.FIGURE:
        who = " · ".join(filter(None, (who, kind_of(highlight))))
    elif highlight.kind is HighlightKind.CLAIM:
        who = who or _("Speaker not said")
    via = ", ".join(map(one_line, highlight.via))
    return who or kind_of(highlight), _("← citing {names}").format(names=via) if via else ""


def words_of(highlight: Highlight, width: int) -> str:
    """As much as two lines may hold of the words; of a whole article its title."""
    if highlight.kind is HighlightKind.ARTICLE:
        return one_line(highlight.title) or _("Untitled")
    return one_line(highlight.quote.exact[: 8 * width])[: 3 * width]


def figure_of(highlight: Highlight, width: int) -> list[Piece]:
    """A figure on one line among the words that stood around it: alone it says little."""
    quote = highlight.quote
    figure = layout.cut(one_line(quote.exact), width)
    # What is cut off at the far ends are parts of words.
    before, after = quote.prefix.rpartition("\n")[2], quote.suffix.partition("\n")[0]
    before = before.partition(" ")[2] if before == quote.prefix else before
    after = after.rpartition(" ")[0] if after == quote.suffix else after
    before, after = one_line(before), one_line(after)
    joined = " " if quote.suffix[:1].isspace() else ""
    before = f"{before}{' ' if before and quote.prefix[-1:].isspace() else ''}"
    if cell_len(before) + cell_len(figure) > width:
        before = ""
    left = width - cell_len(before) - cell_len(figure)
    return [(before, "faint"), (figure, "strong"), (layout.cut(f"{joined}{after}", left), "faint")]


def length_of(highlight: Highlight) -> str:
    """How many words it has."""
    count = len(highlight.quote.exact.split())
    return ngettext("{n} word", "{n} words", count).format(n=f"{count:,}")


def _origin(highlight: Highlight, width: int) -> list[Piece]:
    """Outlet and title as far as there is room, then the day, the tags and the sign of a note."""
    is_whole = highlight.kind is HighlightKind.ARTICLE
    where = [highlight.outlet, length_of(highlight) if is_whole else highlight.title]
    day = layout.day(highlight.published) if highlight.published else ""
    tags = layout.cut(" ".join(f"#{one_line(tag)}" for tag in highlight.tags), width // 2)
    note = "✎" if highlight.note else ""
    after = [(day, "faint"), (tags, "figure"), (note, "mark")]
    room = width - sum(cell_len(words) + 3 for words, _style in after if words)
    from_where = layout.cut(" · ".join(filter(None, map(one_line, where))), room)
    pieces: list[Piece] = []
    for words, style in [(from_where, "faint"), *after]:
        if words:
            pieces += [(" · ", "faint")] if pieces else []
            pieces.append((words, style))
    return pieces
