"""Citations of what was saved, in one line."""

from __future__ import annotations

from datetime import datetime

from reader.highlights.byline import Author, listed
from reader.highlights.markdown import escape_line, link
from reader.highlights.works import MONTHS, Work, day, said_by, through, who, works
from reader.model import CitationStyle, Highlight, HighlightKind
from reader.text import one_line


def citation(highlight: Highlight, style: CitationStyle = CitationStyle.PLAIN) -> str:
    """Cite a highlight in one line; what is not known is left out, and of a whole article the words are.

    Plain: “quote” — speaker (via …), outlet, 12 November 2026, URL. The styles of manuals are plain text too, without
    italics. Days are those of the outlet's zone.
    """
    (work,) = works([highlight])
    words = "" if highlight.kind is HighlightKind.ARTICLE else _words(highlight.quote.exact)
    match style:
        case CitationStyle.PLAIN:
            return _plain(words, highlight, work)
        case CitationStyle.MARKDOWN:
            return _markdown(words, highlight, work)
        case CitationStyle.APA:
            return _apa(words, highlight, work)
        case CitationStyle.CHICAGO:
            return _chicago(words, highlight, work)


# --- ours ------------------------------------------------------------------------------------------------------------


def _plain(words: str, highlight: Highlight, work: Work) -> str:
    origin = [work.outlet, day(work.published), work.url]
    if not words:
        title = f"“{_inner(work.title)}”" if work.title else ""
        return ", ".join(filter(None, (_names(work.authors), title, *origin)))
    return " — ".join(filter(None, (f"“{words}”", ", ".join(filter(None, (who(highlight), *origin))))))


def _markdown(words: str, highlight: Highlight, work: Work) -> str:
    outlet = f"*{escape_line(work.outlet)}*" if work.outlet else ""
    origin = [outlet, link(work.title, work.url), day(work.published)]
    if not words:
        return ", ".join(filter(None, (escape_line(_names(work.authors)), *origin)))
    said = escape_line(who(highlight))
    return " — ".join(filter(None, (f"“{escape_line(words)}”", ", ".join(filter(None, (said, *origin))))))


def _names(authors: tuple[Author, ...]) -> str:
    return listed([author.name for author in authors])


# --- APA -------------------------------------------------------------------------------------------------------------


def _apa(words: str, highlight: Highlight, work: Work) -> str:
    reference = _apa_reference(work)
    if not words:
        return reference
    said, cited = ", ".join(filter(None, (said_by(highlight), through(highlight)))), _apa_in_text(work)
    if said and cited:
        cited = f"{said}, as cited in {cited}"
    inside = cited or said
    return " ".join(filter(None, (f"“{words}” ({inside})." if inside else f"“{words}”", reference)))


def _apa_reference(work: Work) -> str:
    """Author, A. A. (2026, November 12). Title. Outlet. URL; without authors, what comes next takes their place."""
    names = _apa_names(work.authors)
    by_outlet = work.outlet in {names, ""}
    parts = [names, work.title, "" if by_outlet else work.outlet]
    lead = next(filter(None, parts), "")
    if not lead:
        return work.url
    rest = [part for part in parts[parts.index(lead) + 1 :] if part]
    return " ".join(filter(None, (_stopped(lead), f"({_apa_day(work.published)}).", *map(_stopped, rest), work.url)))


def _apa_in_text(work: Work) -> str:
    families = [author.family for author in work.authors]
    match families:
        case []:
            lead = f"“{_inner(work.title)}”" if work.title else work.outlet
        case [_] | [_, _]:
            lead = " & ".join(families)
        case _:
            lead = f"{families[0]} et al."
    if not lead:
        return ""
    year = str(work.published.year) if work.published else "n.d."
    return f"{lead[:-1]},” {year}" if lead.endswith("”") else f"{lead}, {year}"


def _apa_names(authors: tuple[Author, ...]) -> str:
    names = [", ".join(filter(None, (one.family, _initials(one.given), one.suffix))) for one in authors]
    if len(names) > 20:
        return f"{', '.join(names[:19])}, … {names[-1]}"
    if len(names) == 2:
        return ", & ".join(names)
    return listed(names, "&")


def _initials(given: str) -> str:
    """J.-L. M. for Jean-Luc Marie; initials stay what they are."""
    return " ".join(
        "-".join(
            " ".join(f"{letter}." for letter in half.split(".") if letter) if "." in half else f"{half[0]}."
            for half in name.split("-")
            if half
        )
        if name[0].isupper()
        else name
        for name in given.split()
    )


def _apa_day(when: datetime | None) -> str:
    return f"{when.year}, {MONTHS[when.month - 1]} {when.day}" if when else "n.d."


def _stopped(text: str) -> str:
    return text if text.endswith((".", "?", "!", "…")) else f"{text}."


# --- Chicago ---------------------------------------------------------------------------------------------------------


def _chicago(words: str, highlight: Highlight, work: Work) -> str:
    note = _chicago_note(work)
    if not words:
        return note
    said = who(highlight)
    if said and note:
        return f"“{words}” — {said}, quoted in {note}"
    return " — ".join(filter(None, (f"“{words}”", said or note)))


def _chicago_note(work: Work) -> str:
    """Author First Last, “Title,” Outlet, November 12, 2026, URL."""
    names = [author.name for author in work.authors]
    authors = f"{names[0]} et al." if len(names) > 3 else listed(names)
    when = work.published
    date = f"{MONTHS[when.month - 1]} {when.day}, {when.year}" if when else ""
    rest = [one for one in ("" if work.outlet == authors else work.outlet, date, work.url) if one]
    title = f"“{_inner(work.title)}{',' if rest else '.'}”" if work.title else ""
    line = ", ".join(filter(None, (authors, " ".join(filter(None, (title, ", ".join(rest)))))))
    return f"{line}." if line and not line.endswith((".", ".”")) else line


# --- words -----------------------------------------------------------------------------------------------------------


def _words(text: str) -> str:
    """Words in one line as they stand in quotation marks: without those around all of them, and single ones within."""
    words = one_line(text)
    if len(words) > 1 and _paired(words).get(0) == len(words) - 1:
        words = words[1:-1].strip()
    return _single(words)


def _inner(title: str) -> str:
    """A title as it stands in quotation marks."""
    return _single(title.removesuffix("."))


def _single(words: str) -> str:
    """Words with single quotation marks in the place of double ones; a straight one without a fellow is a sign."""
    pairs = _paired(words)
    single = dict.fromkeys(pairs, "‘") | dict.fromkeys(pairs.values(), "’")
    written = (single.get(at, one) if one == '"' else one for at, one in enumerate(words))
    return "".join(written).replace("“", "‘").replace("”", "’")


def _paired(words: str) -> dict[int, int]:
    """Where double quotation marks open and where each closes; straight ones by what stands next to them."""
    pairs: dict[int, int] = {}
    opened: list[int] = []
    for at, mark in enumerate(words):
        if mark not in '“”"':
            continue
        before, after = words[max(at - 1, 0) : at], words[at + 1 : at + 2]
        if mark == "“" or (mark == '"' and after.strip() and (not before.strip() or before in _BEFORE)):
            opened.append(at)
        elif opened:
            pairs[opened.pop()] = at
    return pairs


_BEFORE = "([{<-–—/‘“"
"""What a straight quotation mark that opens may stand right after, other than a space."""
