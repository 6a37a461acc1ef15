"""What stands beside the article: claims, sources and related articles."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static, TabbedContent, TabPane
from textual.widgets.tabbed_content import ContentTabs

from reader.library.answers import Opened, StoryTold
from reader.model import Claim, Entry, Quotation, Related, Source, SourceKind
from reader.tui import layout
from reader.tui.keyboard import Keymap
from reader.tui.messages import StoryArrived
from reader.tui.widgets.rows import Piece, Rows
from reader.tui.widgets.story import StoryRows
from reader.words import _, ngettext

_WORDS_SHOWN = 4  # lines of a claim's words; the article beside it has them all
_QUOTATIONS = {
    Quotation.DIRECT: _("direct"),
    Quotation.INDIRECT: _("indirect"),
    Quotation.MIXED: _("mixed"),
}
_KINDS = {
    SourceKind.PERSON: _("person"),
    SourceKind.ORGANISATION: _("organisation"),
    SourceKind.OUTLET: _("outlet"),
    SourceKind.DOCUMENT: _("document"),
    SourceKind.GROUP: _("group"),
    SourceKind.UNKNOWN: _("unknown"),
}
_TABS = {"claims": _("Claims"), "sources": _("Sources"), "story": _("Story"), "related": _("Related")}


class Claims(Rows):
    """The claims of the open article, the one most worth checking first or in the order of the text."""

    opened: Opened | None = None
    by_worth = True

    def __init__(self, keymap: Keymap, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.keymap = keymap
        self.claims: list[Claim] = []
        """As they are shown."""

    @property
    def empty(self) -> str:
        """What an empty list says."""
        if self.opened and not self.opened.analysed:
            return _("Looking for claims…")
        return _("No claims were found in this text.") if self.opened else ""

    @property
    def heading(self) -> str:
        """What is to be known of the list: the order it is in, and that a text can't be read."""
        language = self.opened.analysis.language if self.opened else None
        if language not in (None, "en"):
            return _("Not English ({language}): quotations only.").format(language=language)
        if not self.claims:
            return ""
        order = _("Most worth checking first") if self.by_worth else _("In the order of the text")
        return f"{order} · {self.keymap.hint('order_claims')}"

    def show(self, opened: Opened | None) -> None:
        """Show the claims of an entry; of the same one again, the cursor stays."""
        again = self.opened and opened and self.opened.entry.id == opened.entry.id
        here = self.claim() if again else None
        self.opened = opened
        self._arrange(here)
        if not again:
            self.scroll_home(animate=False)

    def turn(self) -> None:
        """List the claims in the other order; the cursor stays at its claim."""
        self.by_worth = not self.by_worth
        self._arrange(self.claim())
        self.show_cursor()

    def _arrange(self, here: Claim | None) -> None:
        """Put the claims in order, with the cursor at one of them, else at the first."""
        self.claims = list(self.opened.analysis.claims) if self.opened else []
        if self.by_worth:
            self.claims.sort(key=lambda claim: -claim.worth)  # a stable sort: equals stay as the text has them
        self.set_reactive(Claims.cursor, self.claims.index(here) if here in self.claims else 0)
        self.redraw()

    def row_count(self) -> int:
        """How many claims there are."""
        return len(self.claims)

    def claim(self) -> Claim | None:
        """The claim under the cursor."""
        return self.claims[self.cursor] if self.claims else None

    def point_at(self, claim: Claim) -> None:
        """Put the cursor at a claim."""
        if claim in self.claims:  # another article's may stand there by now
            self.cursor = self.claims.index(claim)

    def draw(self, index: int, width: int) -> list[list[Piece]]:
        """Who said it, down to those behind the speaker; the words; kind and figures; its worth; why it was found."""
        assert self.opened
        claim, text = self.claims[index], self.opened.article.text
        saved = self.opened.saved_at(claim)
        lines: list[list[Piece]] = [[(part, "strong")] for part in layout.paragraph(_speaker(claim), width)]
        if saved:
            lines[0] = [("★ ", "mark"), (layout.cut(lines[0][0][0], width - 2), "strong")]
        if claim.via:
            via = _("← citing {names}").format(names=", ".join(claim.via))
            lines += [[(part, "good")] for part in layout.paragraph(via, width)]
        words = " ".join(claim.words(text).split())
        lines += [[(part, "plain")] for part in layout.paragraph(words, width, most=_WORDS_SHOWN)]
        lines += [[(part, "faint")] for part in layout.paragraph(" · ".join(_facts(claim, text)), width)]
        if claim.figures:
            figures = ", ".join(" ".join(figure.span.of(text).split()) for figure in claim.figures)
            lines += [[(part, "figure")] for part in layout.paragraph("# " + figures, width, most=2)]
        worth = ": ".join(
            filter(None, (_("worth {worth}").format(worth=f"{claim.worth:.2f}"), "; ".join(claim.telling)))
        )
        lines += [[(part, "faint")] for part in layout.paragraph(worth, width, most=2)]
        if claim.reasons:
            why = _("why: {reasons}").format(reasons="; ".join(claim.reasons))
            lines += [[(part, "faint")] for part in layout.paragraph(why, width, most=3)]
        return [*lines, []]


def _speaker(claim: Claim) -> str:
    return claim.speaker.name if claim.speaker else _("Speaker not said")


def _facts(claim: Claim, text: str) -> list[str]:
    facts = [_QUOTATIONS[claim.quotation]]
    if claim.speaker:
        facts.append(_KINDS[claim.speaker.kind])
        facts += [] if claim.speaker.named else [_("not named")]
    facts += [_("denied")] if claim.denied else []
    cue = ", ".join(" ".join(span.of(text).split()) for span in claim.cue)
    return [*facts, f"“{cue}”"] if cue else facts


class Sources(Rows):
    """Who the open article cites, with how many claims each."""

    @property
    def empty(self) -> str:
        """What an empty list says."""
        return _("Looking for claims…") if self._awaited else _("This text cites nobody that was found.")

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.sources: tuple[tuple[Source, int], ...] = ()
        self._awaited = False

    def show(self, sources: tuple[tuple[Source, int], ...], *, awaited: bool) -> None:
        """Show sources, each with how many claims it makes, or that they are awaited."""
        self.sources, self._awaited = sources, awaited
        self.redraw()

    def row_count(self) -> int:
        """How many sources there are."""
        return len(self.sources)

    def draw(self, index: int, width: int) -> list[list[Piece]]:
        """The name, then what sort of source it is."""
        source, claims = self.sources[index]
        facts = [
            _KINDS[source.kind],
            _("named") if source.named else _("not named"),
            ngettext("{n} claim", "{n} claims", claims).format(n=claims),
        ]
        return [
            *([(part, "strong")] for part in layout.paragraph(source.name, width, most=3)),
            [(layout.cut(" · ".join(facts), width), "faint")],
            [],
        ]


class RelatedArticles(Rows):
    """Articles related to the open one, each with the reason."""

    @property
    def empty(self) -> str:
        """What an empty list says."""
        return _("No related article is in the library.")

    def __init__(self, now: Callable[[], datetime], *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._now = now
        self._related: list[tuple[Entry, Related]] = []

    def show(self, related: Iterable[tuple[Entry, Related]]) -> None:
        """Show articles that are related to the open one."""
        self._related = list(related)
        self.redraw()

    def also(self, others: Iterable[tuple[Entry, Related]], told: StoryTold | None, here: int) -> None:
        """Show those beyond the story, too, and of those in it how many claims they have in common with this one."""
        known = {entry.id for entry, _why in self._related}
        common = {entry.id: told.common(here, entry.id) for entry, _why in self._related} if told else {}
        counted = [
            (entry, replace(one, why=f"{one.why}; {_common(shared)}"))
            if (shared := common.get(entry.id))
            else (entry, one)
            for entry, one in self._related
        ]
        self.show([*counted, *((entry, one) for entry, one in others if entry.id not in known)])

    def row_count(self) -> int:
        """How many relatives there are."""
        return len(self._related)

    def entry_id(self, index: int) -> int | None:
        """The entry of a row."""
        return self._related[index][0].id if index < self.row_count() else None

    def draw(self, index: int, width: int) -> list[list[Piece]]:
        """The title, its outlet and age, and why it is here."""
        entry, why = self._related[index]
        return [
            *([(part, "plain" if entry.read else "strong")] for part in layout.paragraph(entry.title, width, most=3)),
            [(layout.cut(f"{entry.feed_title} · {layout.ago(entry.when, self._now())}", width), "faint")],
            *([(part, "good")] for part in layout.paragraph(why.why, width, most=2)),
            [],
        ]


def _common(count: int) -> str:
    return ngettext("{n} claim in common", "{n} claims in common", count).format(n=count)


class Panel(Vertical):
    """The lists, one at a time."""

    def __init__(self, now: Callable[[], datetime], keymap: Keymap, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._now = now
        self._keymap = keymap

    def compose(self) -> ComposeResult:
        """The lists, each in its tab."""
        with TabbedContent():
            with TabPane(Content(_TABS["claims"]), id="claims-pane"):
                yield Static(id="heading", markup=False)
                yield Claims(self._keymap, id="claims")
            with TabPane(Content(_TABS["sources"]), id="sources-pane"):
                yield Sources(id="sources")
            with TabPane(Content(_TABS["story"]), id="story-pane"):
                yield StoryRows(self._now, id="story")
            with TabPane(Content(_TABS["related"]), id="related-pane"):
                yield RelatedArticles(self._now, id="related")

    DEFAULT_CSS = """
    Panel #heading { height: auto; padding: 0 1; text-style: dim italic; }
    Panel #heading.-none { display: none; }
    """

    def on_mount(self) -> None:
        """The tabs are walked with the panes, so they take no focus of their own."""
        self.query_one(ContentTabs).can_focus = False

    def show(self, opened: Opened | None, sources: tuple[tuple[Source, int], ...]) -> None:
        """Fill the lists, and say in the tabs how much is in each."""
        self.query_one(Claims).show(opened)
        self.query_one(Sources).show(sources, awaited=bool(opened and not opened.analysed))
        self.query_one(RelatedArticles).show(opened.related if opened else ())
        self.query_one(StoryRows).wait(_("Lining up what the outlets say…") if opened else "")
        for pane, rows in (("claims", Claims), ("sources", Sources), ("related", RelatedArticles)):
            self._tell(pane, self.query_one(rows).row_count())
        self._tell("story", 0)
        self._head()

    def show_saved(self, opened: Opened | None) -> None:
        """Show what was saved of the same entry as it is now; all else stays."""
        self.query_one(Claims).show(opened)
        self._tell("claims", self.query_one(Claims).row_count())
        self._head()

    def show_story(self, arrived: StoryArrived) -> None:
        """Fill in what was found about the story of the entry that is shown."""
        story = self.query_one(StoryRows)
        story.show(arrived.told, arrived.entry_id, arrived.edited)
        self.query_one(RelatedArticles).also(arrived.relatives, arrived.told, arrived.entry_id)
        self._tell("story", story.count)
        self._tell("related", self.query_one(RelatedArticles).row_count())

    def _tell(self, pane: str, count: int) -> None:
        """Say in a tab how much is in it."""
        words = f"{_TABS[pane]} {count}" if count else _TABS[pane]
        tab = self.query_one(TabbedContent).get_tab(f"{pane}-pane")
        if tab.label_text != words:  # another label lays the whole screen out
            tab.label = Content(words)

    def turn_claims(self) -> None:
        """List the claims in the other order."""
        self.query_one(Claims).turn()
        self._head()

    def _head(self) -> None:
        """Say over the claims what is to be known of them."""
        heading, words = self.query_one("#heading", Static), self.query_one(Claims).heading
        if str(heading.content) != words:
            heading.set_class(not words, "-none")
            heading.update(words)

    def turn_to(self, rows: Rows) -> None:
        """Bring the tab of a list to the front."""
        self.query_one(TabbedContent).active = f"{rows.id}-pane"
