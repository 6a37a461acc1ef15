"""An article on paper: as text, with the claims marked in it and listed below; see `newsreader read`."""

from __future__ import annotations

import re
import sys
import unicodedata
from bisect import bisect_left, bisect_right
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import accumulate, pairwise

from reader.feeds.hosts import lead
from reader.library.answers import LibraryError, StoryTold
from reader.model import Analysis, Article, Block, BlockKind, Claim, Quotation, Source, SourceKind, Span
from reader.text import one_line, shown_url
from reader.words import _, ngettext

_WORDS_A_MINUTE = 230
_SHOWN = 20
"""Claims missing here that are printed, those that most outlets carry."""

_KINDS = {
    SourceKind.PERSON: _("person"),
    SourceKind.ORGANISATION: _("organisation"),
    SourceKind.OUTLET: _("outlet"),
    SourceKind.DOCUMENT: _("document"),
    SourceKind.GROUP: _("group"),
    SourceKind.UNKNOWN: _("of unknown kind"),
}
_HOW = {
    Quotation.DIRECT: _("quoted"),
    Quotation.INDIRECT: _("reported"),
    Quotation.MIXED: _("partly quoted"),
}
_STYLES = {
    "title": "1", "meta": "2", "notice": "33", "head": "1", "mark": "1;33",
    "heading": "1", "quote": "3", "code": "36", "em": "3", "strong": "1", "link": "4",
    "direct": "32", "indirect": "36", "source": "1;35", "cue": "3", "figure": "1",
    "good": "32", "warn": "33",
}  # fmt: skip
"""What a terminal is told for each style, in the colours of its own theme."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """An article with all that is to be said of it."""

    title: str
    outlet: str
    byline: str
    published: datetime | None
    url: str | None
    article: Article
    analysis: Analysis
    saved: frozenset[int] = frozenset()
    """Where the claims that were saved begin."""
    notice: str | None = None
    here: str = ""
    """The article in the ledger of its story."""
    told: Callable[[], StoryTold] | None = None
    """Asks for its story, which may take a while; None where the library has none."""


def print_article(reading: Reading, paper: Paper) -> None:
    """Print an article, part by part."""
    for part in (_header, _body, _claims, _sources, _links, _story):
        part(reading, paper)
        sys.stdout.flush()  # what others say of it may take a while


# --- how it is printed -----------------------------------------------------------------------------------------------

_Run = tuple[str, str]
"""Words, and the codes of their style."""
_GLUE = "\0"
"""A space at which no line breaks; it stands in no clean text."""

# CJK is set without spaces and may break anywhere; other words break at white space.
_CJK = "\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef"
_WORD = re.compile(rf"[{_CJK}]\0?[^\s{_CJK}]*\s*|[^\s{_CJK}]+\s*|\s+")
_CLOSING = re.compile(r"[^\w\s(\[{“‘«]{0,8}(?=\s|$)")
"""What belongs to the words before it: the full stop, the end of a quotation."""


class Paper:
    """Standard output, with what it can show."""

    def __init__(self, *, width: int, colour: bool, plain: bool) -> None:
        self.plain = plain
        self._width = width
        self._colour = colour

    def put(self, *runs: _Run, first: str = "", rest: str = "") -> None:
        """Print a paragraph; `first` stands before its first line, `rest` before the others."""
        text = "".join(words for words, _style in runs)
        starts = [0, *accumulate(len(words) for words, _style in runs)]
        before = first
        for line in _lines(text, self._width and self._width - _cells(rest)):
            bare = Span(line.start, line.start + len(line.of(text).rstrip()))
            print((before + self._painted(runs, starts, bare)).rstrip())
            before = rest

    def head(self, words: str) -> None:
        """Begin a part."""
        print()
        self.put(_styled(words, "head"))
        self.rule(words, "-")

    def rule(self, words: str, sign: str) -> None:
        """Underline a heading, where nobody has to listen to that."""
        if not self.plain:
            print(sign * min(_cells(words), self._width or len(words)))

    def list(self, *parts: str) -> str:
        """Facts on one line."""
        return (", " if self.plain else " · ").join(filter(None, parts))

    def _painted(self, runs: Sequence[_Run], starts: Sequence[int], line: Span) -> str:
        shown = ""
        for index in range(max(0, bisect_right(starts, line.start) - 1), bisect_left(starts, line.end)):
            (words, codes), at = runs[index], starts[index]
            part = words[max(0, line.start - at) : line.end - at].replace(_GLUE, " ").replace("\t", " ")
            shown += f"\x1b[{codes}m{part}\x1b[0m" if part and codes and self._colour else part
        return shown


def _styled(words: str, *styles: str) -> _Run:
    """Words with the codes of their styles, a later one laid over an earlier."""
    return words, ";".join(_STYLES[style] for style in styles)


def _lines(text: str, width: int) -> Iterator[Span]:
    """The lines of a text: at its newlines, and between words so that none is wider than `width`, unless that is 0.

    A word that is wider, such as an address, stays whole.
    """
    start = 0
    while start <= len(text):
        newline = text.find("\n", start)
        end = len(text) if newline < 0 else newline
        line, room = start, width
        for word in _WORD.finditer(text, start, end) if width else ():
            bare = _cells(word[0].rstrip())
            if bare > room and word.start() > line:
                yield Span(line, word.start())
                line, room = word.start(), width
            room -= bare + len(word[0]) - len(word[0].rstrip())
        yield Span(line, end)
        start = end + 1


def _cells(text: str) -> int:
    """The cells of a terminal that a text fills."""
    if text.isascii():
        return len(text)
    return sum(_cell(char) for char in text)


def _cell(char: str) -> int:
    if unicodedata.category(char) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def _joined(text: str, spans: Iterable[Span]) -> str:
    return one_line(" … ".join(span.of(text) for span in spans))


# --- its parts -------------------------------------------------------------------------------------------------------


def _header(reading: Reading, paper: Paper) -> None:
    title = one_line(reading.title) or _("Untitled")
    paper.put(_styled(title, "title"))
    paper.rule(title, "=")
    minutes = max(1, round(len(reading.article.text.split()) / _WORDS_A_MINUTE))
    byline = one_line(reading.byline)
    facts = paper.list(
        _("by {names}").format(names=byline) if byline else "",
        reading.published.date().isoformat() if reading.published else _("no date"),
        one_line(reading.outlet),
        ngettext("{n} minute to read", "{n} minutes to read", minutes).format(n=minutes),
    )
    paper.put(_styled(facts, "meta"))
    if reading.url:
        paper.put(_styled(shown_url(reading.url), "meta"))
    if reading.notice:
        paper.put(_styled(one_line(reading.notice), "notice"))
    print()


_SIGNS = {
    BlockKind.HEADING: ("## ", "   "),
    BlockKind.QUOTE: ("> ", "> "),
    BlockKind.LIST_ITEM: ("* ", "  "),
    BlockKind.CODE: ("    ", "    "),
}
"""What stands before the first line of a block and before its others."""


def _body(reading: Reading, paper: Paper) -> None:
    """The text, with the marks of its claims and links."""
    article = reading.article
    marks = sorted(_marks(reading, paper), key=lambda mark: mark[0])
    overlays = sorted(_overlays(reading), key=lambda one: one[0].start)
    before: BlockKind | None = None
    mark, overlay = 0, 0
    for block in article.blocks or (Block(kind=BlockKind.PARAGRAPH, span=Span(0, len(article.text))),):
        if before and not before == block.kind == BlockKind.LIST_ITEM:
            print()
        # Both are in order: what ends before this block is not looked at again.
        first = mark
        while mark < len(marks) and marks[mark][0] <= block.span.end:
            mark += 1
        while overlay < len(overlays) and overlays[overlay][0].end <= block.span.start:
            overlay += 1
        here = []
        for one in overlays[overlay:]:
            if one[0].start >= block.span.end:
                break
            here.append(one)
        signs = ("", "") if paper.plain else _SIGNS.get(block.kind, ("", ""))
        runs = _runs(article.text, block, here, marks[first:mark])
        paper.put(*runs, first=signs[0], rest=signs[1])
        before = block.kind


def _marks(reading: Reading, paper: Paper) -> Iterator[tuple[int, str]]:
    """The marks of claims and links, each with the place after whose words it stands."""
    text = reading.article.text

    def after(end: int) -> int:
        closing = _CLOSING.match(text, end)
        return closing.end() if closing else end

    for number, (span, _url) in _numbered(reading):
        yield after(span.end), _("(link {n})").format(n=number) if paper.plain else f"[^{number}]"
    for claim in reading.analysis.claims:
        number, saved = claim.id + 1, claim.start in reading.saved
        if paper.plain:
            facts = [_("claim {n}").format(n=number), _HOW[claim.quotation], *([_("saved")] if saved else [])]
            yield after(claim.content[-1].end), f"({', '.join(facts)})"
        else:
            yield after(claim.content[-1].end), f"[{number}{'★' * saved}]"


def _numbered(reading: Reading) -> Iterator[tuple[int, tuple[Span, str]]]:
    """The links with their numbers; those to one address have one number."""
    numbers: dict[str, int] = {}
    for link in reading.article.links:
        yield numbers.setdefault(link.url, len(numbers) + 1), (link.span, link.url)


def _overlays(reading: Reading) -> Iterator[tuple[Span, str]]:
    """What is set off in the text, and how."""
    article = reading.article
    for link in article.links:
        yield link.span, "link"
    for emphasis in article.emphasis:
        yield emphasis.span, emphasis.kind.value
    for claim in reading.analysis.claims:
        for span in claim.content:
            yield span, "indirect" if claim.quotation is Quotation.INDIRECT else "direct"
        for figure in claim.figures:
            yield figure.span, "figure"
        for span in claim.source:
            yield span, "source"
        for span in claim.cue:
            yield span, "cue"


def _runs(text: str, block: Block, overlays: list[tuple[Span, str]], marks: list[tuple[int, str]]) -> list[_Run]:
    """A block's words in runs of one style, with the marks among them."""
    span = block.span
    base = [block.kind.value] if block.kind in (BlockKind.HEADING, BlockKind.QUOTE, BlockKind.CODE) else []
    cuts = {span.start, span.end, *(min(max(at, span.start), span.end) for at, _words in marks)}
    for one, _style in overlays:
        cuts |= {min(max(at, span.start), span.end) for at in one}
    runs: list[_Run] = []
    waiting = deque(marks)

    def marked(at: int) -> None:
        while waiting and waiting[0][0] <= at:
            words = waiting.popleft()[1]
            runs.append(_styled((" " if " " in words else _GLUE) + words, "mark"))

    over: list[tuple[Span, str]] = []
    coming = deque(overlays)
    for start, end in pairwise(sorted(cuts)):
        marked(start)
        while coming and coming[0][0].start <= start:
            over.append(coming.popleft())
        over = [one for one in over if one[0].end > start]
        runs.append(_styled(text[start:end], *base, *(style for _span, style in over)))
    marked(span.end)
    return runs


def _claims(reading: Reading, paper: Paper) -> None:
    """Who said what, in the order of the text."""
    found = reading.analysis
    paper.head(_("Claims"))
    if found.language not in (None, "en"):
        paper.put((_("Not English ({language}): quotations only.").format(language=found.language), ""))
    if not found.claims:
        paper.put((_("No claims were found in this text."), ""))
    for claim in found.claims:
        (_claim_in_words if paper.plain else _claim)(reading, claim, paper)


def _who(claim: Claim) -> str:
    return one_line(claim.speaker.name) if claim.speaker else _("Speaker not said")


def _how(claim: Claim) -> list[str]:
    """How it is said."""
    return [_HOW[claim.quotation], *([_("denied")] if claim.denied else [])]


def _what(source: Source | None) -> list[str]:
    """What a speaker is."""
    return [_KINDS[source.kind], *([] if source.named else [_("not named")])] if source else []


def _claim(reading: Reading, claim: Claim, paper: Paper) -> None:
    text = reading.article.text
    number = f"[{claim.id + 1}]"
    rest = " " * (len(number) + 1)
    via = " ← " + _("citing {names}").format(names=", ".join(map(one_line, claim.via))) if claim.via else ""
    star = " ★" if claim.start in reading.saved else ""
    paper.put(_styled(_who(claim), "source"), (via, ""), _styled(star, "mark"), first=f"{number} ", rest=rest)
    style = "indirect" if claim.quotation is Quotation.INDIRECT else "direct"
    paper.put(_styled(_joined(text, claim.content), style), first=rest, rest=rest)
    cue = _joined(text, claim.cue)
    paper.put(
        _styled(paper.list(*_how(claim), *_what(claim.speaker), f"“{cue}”" if cue else ""), "meta"),
        first=rest,
        rest=rest,
    )
    if claim.figures:
        figures = ", ".join(_joined(text, [figure.span]) for figure in claim.figures)
        paper.put(_styled(f"# {figures}", "figure"), first=rest, rest=rest)


def _claim_in_words(reading: Reading, claim: Claim, paper: Paper) -> None:
    text = reading.article.text
    facts = [*_how(claim), *([_("saved")] if claim.start in reading.saved else [])]
    who = ", ".join([_who(claim), *_what(claim.speaker)])
    said = [
        _("Claim {n}, {facts}.").format(n=claim.id + 1, facts=", ".join(facts)),
        _("Speaker: {who}.").format(who=who),
        _("Citing: {names}.").format(names=", ".join(map(one_line, claim.via))) if claim.via else "",
        _("Attributed by: {words}.").format(words=_joined(text, claim.cue)) if claim.cue else "",
        _("Words: {words}").format(words=_joined(text, claim.content)),
        _("Figures: {figures}.").format(figures=", ".join(_joined(text, [one.span]) for one in claim.figures))
        if claim.figures
        else "",
    ]
    if claim.id:
        print()
    for words in filter(None, said):
        paper.put((words, ""))


def _sources(reading: Reading, paper: Paper) -> None:
    """Who is cited."""
    from reader.claims.view import sources

    paper.head(_("Sources"))
    cited = sources(reading.analysis)
    counts = Counter(one.speaker.name.casefold() for one in reading.analysis.claims if one.speaker)
    if not cited:
        paper.put((_("This text cites nobody that was found."), ""))
    for source in cited:
        count = counts[source.name.casefold()]
        facts = paper.list(
            *_what(source),
            ngettext("{n} claim", "{n} claims", count).format(n=count),
        )
        joint = ", " if paper.plain else " — "
        paper.put(_styled(one_line(source.name), "source"), _styled(joint + facts, "meta"), rest="    ")


def _links(reading: Reading, paper: Paper) -> None:
    """The addresses that the text links to."""
    addresses = {number: url for number, (_span, url) in _numbered(reading)}
    if not addresses:
        return
    paper.head(_("Links"))
    for number, url in addresses.items():
        mark = _("Link {n}:").format(n=number) if paper.plain else f"[^{number}]:"
        to, warned = lead(url), ""
        if to and to.warning:
            told = _("leads to {host}: {warning}").format(host=to.host, warning=to.warning)
            warned = f", {told}" if paper.plain else f" ⚠ {told}"
        paper.put((f"{mark}{_GLUE}{shown_url(url)}", ""), (warned, "warn"))


def _story(reading: Reading, paper: Paper) -> None:
    """What the outlets make of it."""
    paper.head(_("Story"))
    if reading.told is None:
        paper.put((_("This article is not in the library, so it is compared with no other."), ""))
        return
    try:
        told = reading.told()
    except LibraryError as error:
        paper.put((str(error), ""))
        return
    if len(told.entries) < 2:
        paper.put((_("No other outlet tells this story."), ""))
        return
    for words, style in _told(told, reading.here):
        paper.put(_styled(words, *filter(None, [style])), rest="" if paper.plain else "  ")


def _told(told: StoryTold, here: str) -> Iterator[tuple[str, str]]:
    """Who tells the story, whose report it was, where figures differ, and what is missing here; each with a style."""
    names = list(dict.fromkeys(told.outlets.values()))
    count = len(names)
    yield (
        ngettext("{n} outlet: {names}.", "{n} outlets: {names}.", count).format(n=count, names=", ".join(names)),
        "strong",
    )
    if told.independent != count:
        yield (
            ngettext("{n} of them independent.", "{n} of them independent.", told.independent).format(
                n=told.independent
            ),
            "",
        )
    if unread := len(told.entries) - len(told.articles):
        yield (
            ngettext(
                "{n} more article of it is not read here.", "{n} more articles of it are not read here.", unread
            ).format(n=unread),
            "",
        )
    if origin := told.ledger.origin:
        first = one_line(told.outlets.get(origin.article or "") or origin.name or "")
        led = origin.article is None or any(one.article != origin.article for one in origin.chain)
        if origin.all:
            yield _("All trace back to {outlet}.").format(outlet=first), "good"
        elif led:
            yield _("Others trace back to {outlet}.").format(outlet=first), "good"
        else:
            yield _("First: {outlet}.").format(outlet=first), "good"
    for clash in told.ledger.clashes:
        words = _("Updated: {why}") if clash.updated else _("Figures differ: {why}")
        yield words.format(why=one_line(clash.why)), "" if clash.updated else "warn"
    missing = set(told.ledger.missing.get(here, ()))
    for row in [row for row in told.ledger.rows if row.id in missing][:_SHOWN]:
        article, cell = next(iter(row.cells.items()))
        text = _joined(told.articles[int(article)].text, cell.spans[:2])
        outlets = ", ".join(dict.fromkeys(told.outlets[id] for id in row.cells))
        yield _("Missing here: {words} ({outlets})").format(words=text, outlets=outlets), "warn"
