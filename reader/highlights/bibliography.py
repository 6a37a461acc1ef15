"""The articles of highlights for reference managers: BibTeX, and CSL-JSON as Zotero and pandoc read it."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable
from datetime import datetime

from reader.highlights.byline import Author
from reader.highlights.works import Work, who, works
from reader.model import Highlight, HighlightKind
from reader.text import one_line

# A brace that is escaped by a backslash still counts where BibTeX looks for the end of a field.
_TEX = {
    "\\": r"\textbackslash{}", "{": r"\textbraceleft{}", "}": r"\textbraceright{}", "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}", "<": r"\textless{}", ">": r"\textgreater{}", "|": r"\textbar{}",
    '"': r"\textquotedbl{}", "$": r"\$", "&": r"\&", "#": r"\#", "_": r"\_", "%": r"\%",
}  # fmt: skip
_TEX_SPECIAL = re.compile(r'[\\{}~^<>|"$&#_%]')
_TEX_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_SMALL_WORDS = frozenset([
    "a", "an", "and", "as", "at", "by", "for", "from", "in", "into", "is", "of", "on", "or", "the", "to", "with",
])  # fmt: skip


def to_bibtex(highlights: Iterable[Highlight]) -> str:
    """Write the articles of highlights as BibTeX, in ASCII keys and UTF-8; what was saved of each is its annotation."""
    return "\n".join(_entry(work) for work in works(highlights))


def to_csl(highlights: Iterable[Highlight]) -> str:
    """Write the articles of highlights as a CSL-JSON array; what was saved of each is its `annote`."""
    return json.dumps([_item(work) for work in works(highlights)], ensure_ascii=False, indent=2) + "\n"


def _key(work: Work) -> str:
    """duarte2026report-1f0c2a9b: to be recognised by, and never another's or another."""
    family = _ascii(work.authors[0].family if work.authors else work.outlet)
    year = str(work.published.year) if work.published else ""
    named = (word for word in map(_ascii, work.title.split()) if word and word not in _SMALL_WORDS)
    return f"{family[:24]}{year}{next(named, '')[:24]}-{work.key[:8]}".lstrip("-")


def _ascii(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]", "", plain.lower())


def _annotation(work: Work) -> str:
    """What was saved, each with who said it and the note, in one line; of whole articles the note alone."""
    told = []
    for one in work.highlights:
        words = "" if one.kind is HighlightKind.ARTICLE else one_line(one.quote.exact)
        parts = (f"“{words}”" if words else "", who(one) if words else "", one_line(one.note))
        told.append(" — ".join(filter(None, parts)))
    return "; ".join(filter(None, told))


def _keywords(work: Work) -> str:
    return ", ".join(one_line(tag.replace(",", " ")) for tag in work.tags)


# --- BibTeX ----------------------------------------------------------------------------------------------------------


def _entry(work: Work) -> str:
    fields = [("author", " and ".join(map(_tex_name, work.authors))), ("title", _braced(work.title))]
    fields.append(("journal", _tex(work.outlet)))
    if when := work.published:
        fields += [("date", when.date().isoformat()), ("year", str(when.year))]
    fields += [
        ("url", work.url),
        ("urldate", work.retrieved.date().isoformat()),
        ("keywords", _tex(_keywords(work))),
        ("annote", _tex(_annotation(work))),
    ]
    lines = [f"  {name} = {{{value}}}," for name, value in fields if value]
    if when:
        lines.insert([line.startswith("  year") for line in lines].index(True) + 1, f"  month = {_month(when)},")
    return "\n".join([f"@{'article' if work.outlet else 'online'}{{{_key(work)},", *lines, "}"]) + "\n"


def _month(when: datetime) -> str:
    return _TEX_MONTHS[when.month - 1]


def _tex_name(author: Author) -> str:
    if not author.given:
        return _braced(author.family)
    return ", ".join(_tex(part) for part in (author.family, author.suffix, author.given) if part)


def _braced(text: str) -> str:
    """Text that keeps its capitals, and is one whatever words are in it."""
    return f"{{{_tex(text)}}}" if text else ""


def _tex(text: str) -> str:
    return _TEX_SPECIAL.sub(lambda match: _TEX[match[0]], text)


# --- CSL-JSON --------------------------------------------------------------------------------------------------------


def _item(work: Work) -> dict[str, object]:
    known = {
        "title": work.title,
        "author": [_csl_name(author) for author in work.authors],
        "container-title": work.outlet,
        "issued": _csl_day(work.published),
        "accessed": _csl_day(work.retrieved),
        "URL": work.url,
        "keyword": _keywords(work),
        "annote": _annotation(work),
    }
    return {"id": _key(work), "type": "article-newspaper", **{name: value for name, value in known.items() if value}}


def _csl_name(author: Author) -> dict[str, str]:
    if not author.given:
        return {"literal": author.family}
    named = {"family": author.family, "given": author.given}
    return named | {"suffix": author.suffix} if author.suffix else named


def _csl_day(when: datetime | None) -> dict[str, list[list[int]]] | None:
    return {"date-parts": [[when.year, when.month, when.day]]} if when else None
