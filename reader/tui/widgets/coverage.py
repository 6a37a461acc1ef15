"""Who reported a story when, and who has it from whom: its articles along a line of time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from textual import events
from textual.geometry import Region, Size
from textual.strip import Strip

from reader.library.answers import StoryTold
from reader.model import Entry, Span
from reader.tui import layout
from reader.tui.widgets.rows import Piece, Rows
from reader.tui.widgets.story import StoryPlace
from reader.words import _, ngettext

_DAY = timedelta(days=1)
_STEPS = (
    *(timedelta(minutes=minutes) for minutes in (1, 5, 15, 30, 60, 120, 180, 360, 720)),
    *(timedelta(days=days) for days in (1, 2, 7, 14, 28, 91, 365, 3650)),
)
"""Between two marks of the axis."""
_NAME = 32
"""Columns of an outlet's name at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """An article on the line."""

    entry: Entry
    outlet: str
    sign: str
    """◆ the first report, ● one of its own, ○ one that cites or copies another."""
    here: bool
    notes: tuple[str, ...]
    """Whom it has it from, and how it is known."""
    of: Entry | None
    """The article that it cites or copies."""


class Headed(Rows):
    """Rows under a head that stays while they scroll."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"head", "cell", "bad", "other"}
    DEFAULT_CSS = """
    Headed {
        scrollbar-gutter: stable;
        & > .head { background: $panel; }
        & > .bad { color: $text-error; text-style: bold; }
        & > .other { color: $text-primary; }
        & > .cell { text-style: bold reverse; }
    }
    """

    def head_height(self) -> int:
        """How many lines the head has."""
        raise NotImplementedError

    def head(self, width: int) -> list[list[Piece]]:
        """Its lines."""
        raise NotImplementedError

    @property
    def _measured(self) -> bool:
        """Whether rows have places yet: they are there before the screen has a size."""
        return len(self._tops) > self.row_count()

    def redraw(self) -> None:
        """Measure and draw again; the head takes the place of the first lines seen."""
        super().redraw()
        self.virtual_size = Size(self.size.width, self.virtual_size.height + self.head_height())

    def render_line(self, y: int) -> Strip:
        """One line of the head, or of the rows below it."""
        height = self.head_height()
        if y >= height:
            return super().render_line(y - height) if self._measured else Strip.blank(self.size.width, self.rich_style)
        base = self.rich_style + self._style("head")
        lines = self.head(self._row_width)
        pieces = lines[y] if y < len(lines) else []
        segments = [Segment(" ", base), *(Segment(words, base + self._style(name)) for words, name in pieces)]
        return Strip(segments).adjust_cell_length(self.size.width, base)

    def show_cursor(self) -> None:
        """Scroll so that the cursor's row is seen whole below the head."""
        if self.row_count() and self._measured:
            top, height = self._place(self.cursor)
            seen = Region(0, top, 1, min(height + self.head_height(), max(1, self.size.height)))
            self.scroll_to_region(seen, animate=False, force=True)

    def _page(self) -> int:
        rows = max(1, self.size.height - self.head_height())
        return max(1, rows // max(1, self._place(self.cursor)[1])) if self.row_count() else 1

    def on_click(self, event: events.Click) -> None:
        """Choose the row that was clicked."""
        event.prevent_default()
        if event.y >= self.head_height():
            index = self._index_at(event.y - self.head_height() + int(self.scroll_offset.y))
            if 0 <= index < self.row_count():
                self.clicked(index, event.x)

    def clicked(self, index: int, x: int) -> None:  # noqa: ARG002 - rows with columns ask for it
        """Choose a row."""
        self.cursor = index
        self.post_message(self.Chosen(self, index))


class Coverage(Headed):
    """The articles, the earliest first."""

    def __init__(self, told: StoryTold, here: int, now: Callable[[], datetime], *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._now = now
        self.reports = list(_reports(told, here))
        self._start = min((report.entry.when for report in self.reports), default=now())
        self._length = max((report.entry.when for report in self.reports), default=now()) - self._start
        at = next((index for index, report in enumerate(self.reports) if report.here), 0)
        self.set_reactive(Coverage.cursor, at)

    def row_count(self) -> int:
        """How many articles there are."""
        return len(self.reports)

    def place(self) -> StoryPlace | None:
        """The article under the cursor, from its top."""
        report = self.report
        return StoryPlace(report.entry.id, Span(0, 0), "") if report else None

    @property
    def report(self) -> Report | None:
        """The article under the cursor."""
        return self.reports[self.cursor] if self.reports else None

    def go_outlet(self, steps: int) -> None:
        """Go to the next article that is of another outlet, or to the one before; so many times."""
        step = 1 if steps > 0 else -1
        at = self.cursor
        for _time in range(abs(steps)):
            found = at
            while 0 <= found < len(self.reports) and self.reports[found].outlet == self.reports[at].outlet:
                found += step
            if not 0 <= found < len(self.reports):
                break
            at = found
        self.go(at)

    # Drawing.

    def _widths(self, width: int) -> tuple[int, int, int]:
        """Of the names, the axis and the ages."""
        names = max((cell_len(report.outlet) for report in self.reports), default=0) + 2
        ages = max((len(self._age(report)) for report in self.reports), default=0)
        name = min(names, _NAME, width // 3)
        return name, max(1, width - name - ages - 2), ages

    def _age(self, report: Report) -> str:
        return layout.ago(report.entry.when, self._now())

    def _x(self, when: datetime, axis: int) -> int:
        return round((when - self._start) / self._length * (axis - 1)) if self._length else 0

    def _ticks(self, axis: int) -> list[tuple[int, str]]:
        """The marks of the axis, each with what stands above it."""
        step = next((one for one in _STEPS if self._length / one * (14 if one >= _DAY else 8) <= axis), _STEPS[-1])
        # By the clock on the wall, so that days begin at midnight whatever becomes of summer time.
        start = self._start.astimezone().replace(tzinfo=None)
        at = datetime(start.year, start.month, start.day)
        at += -((at - start) // step) * step
        ticks: list[tuple[int, str]] = []
        while (when := at.astimezone()) <= self._start + self._length:
            if step >= _DAY:
                label = layout.day(at)
            elif not ticks or at.date() != (at - step).date():
                label = f"{at.day} {at:%b}" + (f" {at:%H:%M}" if at.hour or at.minute else "")
            else:
                label = f"{at:%H:%M}"
            ticks.append((self._x(when, axis), label))
            at += step
        return ticks or [(0, layout.date(self._start))]

    def head_height(self) -> int:
        """What the signs mean, the times, and the axis."""
        return 3 if self.reports else 0

    def head(self, width: int) -> list[list[Piece]]:
        """What the signs mean, the times, and the axis."""
        name, axis, _ages = self._widths(width)
        signs = (
            ("◆", _("first report")),
            ("●", _("own report")),
            ("○", _("cites or copies another")),
            ("▸", _("this article")),
        )
        legend = layout.cut("  ".join(f"{sign} {what}" for sign, what in signs), width)
        times, rule = "", ["─"] * axis
        for x, label in self._ticks(axis):
            rule[x] = "┬"
            x = min(x, axis - len(label))
            if x >= len(times) + bool(times):
                times = times.ljust(x) + label
        gap = " " * (name + 1)
        return [[(legend, "faint")], [(gap + times, "strong")], [(gap + "".join(rule), "faint")]]

    def draw(self, index: int, width: int) -> list[list[Piece]]:
        """An article's outlet, its mark on the axis with an arrow to what it has it from, its age, title, sources."""
        report = self.reports[index]
        name, axis, ages = self._widths(width)
        who = ("▸ " if report.here else "  ") + report.outlet
        label = set_cell_size(layout.cut(who, name), name + 1)
        lines: list[list[Piece]] = [
            [
                (label, "mark" if report.here else "strong"),
                *self._line(report, axis),
                (f" {self._age(report):>{ages}}", "faint"),
            ]
        ]
        indent = " " * (name + 1 if width >= 80 else 2)
        room = width - len(indent)
        title = " ".join(report.entry.title.split())
        lines += [[(indent + part, "plain")] for part in layout.paragraph(title, room, most=2)]
        for note in report.notes:
            lines += [[(indent + part, "good")] for part in layout.paragraph(note, room, most=2)]
        return [*lines, []]

    def _line(self, report: Report, axis: int) -> Iterator[Piece]:
        """The axis of one article."""
        x = self._x(report.entry.when, axis)
        line = [" "] * axis
        for tick, _label in self._ticks(axis):
            line[tick] = "┊"
        start = x
        if report.of and (start := self._x(report.of.when, axis)) < x:
            line[start:x] = ["◂", *"─" * (x - start - 1)]
        start = min(start, x)
        yield "".join(line[:start]), "faint"
        yield "".join(line[start:x]), "good"
        yield report.sign, "figure" if report.sign == "◆" else "mark"
        yield "".join(line[x + 1 :]), "faint"


def summary(told: StoryTold, now: datetime) -> tuple[str, str]:
    """How many tell a story and how many of them by themselves; whose report it was, empty of nobody's."""
    outlets, articles = len(set(told.outlets.values())), len(told.articles)
    parts = [ngettext("{n} outlet", "{n} outlets", outlets).format(n=outlets)]
    parts += [_("{n} independent").format(n=told.independent)] if told.independent != outlets else []
    parts.append(ngettext("{n} article", "{n} articles", articles).format(n=articles))
    openings = sum(article.extractor == "teaser" for article in told.articles.values())
    parts += [_("{n} of them known by a teaser alone").format(n=openings)] if openings else []
    more = len(told.entries) - articles
    parts += [_("{n} more not read here").format(n=more)] if more else []
    return ", ".join(parts), _origin(told, now)


def _origin(told: StoryTold, now: datetime) -> str:
    origin = told.ledger.origin
    first = next((entry for entry in told.entries if origin and str(entry.id) == origin.article), None)
    if origin is None or not (first or origin.name):
        return ""
    if first is None:
        lead = _("All trace back to {name}") if origin.all else _("Traces back to {name}")
        return lead.format(name=origin.name)
    led = any(one.article != origin.article for one in origin.chain)
    lead = (
        _("All trace back to {name}, {ago}")
        if origin.all and len(told.articles) > 1
        else _("Others trace back to {name}, {ago}")
        if led
        else _("First: {name}, {ago}")
    )
    return lead.format(name=told.outlets[str(first.id)], ago=layout.ago(first.when, now))


def _reports(told: StoryTold, here: int) -> Iterator[Report]:
    entries = {str(entry.id): entry for entry in told.entries}
    origin = told.ledger.origin
    copied = {id: group[0] for group in told.ledger.copies for id in group[1:]}

    def named(id: str) -> str:
        return told.outlets.get(id) or " ".join(entries[id].feed_title.split())

    for id, entry in sorted(entries.items(), key=lambda one: one[1].when):
        notes: list[str] = []
        of: str | None = None
        if (first := copied.get(id)) in entries and first is not None:
            notes.append(_("= copy of {outlet}").format(outlet=named(first)))
            of = first
        cites = [one for one in (origin.chain if origin else ()) if one.article == id]
        for one in cites:
            notes.append("← " + " ← ".join((one.cites, *one.behind)))
            of = of or (one.origin if one.origin in entries else None)
        if entry.id not in told.articles:
            notes.append(_("not read here yet"))
        elif told.articles[entry.id].extractor == "teaser":
            notes.append(_("known by its opening alone"))
        is_first = origin is not None and origin.article == id
        yield Report(
            entry=entry,
            outlet=named(id),
            sign="◆" if is_first else "○" if of or cites else "●",
            here=entry.id == here,
            notes=tuple(notes),
            of=entries[of] if of else None,
        )
