"""The head of an article: its title, who published it, when, and how long it takes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from reader.feeds.hosts import lead
from reader.library.answers import Opened
from reader.tui import layout
from reader.words import _

_SHORT = 16
_WORDS_A_MINUTE = 230
_SIGNS_A_MINUTE = 500
_SIGN = re.compile("[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")
"""Japanese and Chinese are not read by words."""
_WORD = re.compile(r"\w\S*")


def header(opened: Opened, tags: Sequence[str], width: int) -> Iterator[tuple[str, str]]:
    """The title, who published it, when, how long it takes, where it is from, and its tags: lines with their style."""
    entry, article = opened.entry, opened.article
    for part in layout.paragraph(entry.title or article.title or _("Untitled"), width):
        yield part, "title"
    published, modified = opened.published, article.modified
    # Sites touch their pages up within the day; another day's reader is told.
    is_updated = modified and (published is None or modified.date() > published.date())
    said = [
        article.site or entry.feed_title,
        article.byline or entry.author or "",
        layout.day(published) if published else "" if is_updated else _("no date"),
        _("updated {day}").format(day=layout.day(modified)) if modified and is_updated else "",
        _("{n} min").format(n=_minutes(article.text)),
    ]
    # A date or "2 min" is not torn apart.
    whole = [fact.replace(" ", "\u00a0") if len(fact) < _SHORT else fact for fact in said if fact]
    for part in layout.paragraph(" · ".join(whole), width):
        yield part.replace("\u00a0", " "), "meta"
    # Never cut: the end of a host says whose it is.
    if entry.url and (to := lead(entry.url)):
        for part in layout.paragraph(to.words, width):
            yield part, "notice" if to.warning else "meta"
    for part in layout.paragraph(" ".join(f"#{tag}" for tag in tags), width) if tags else ():
        yield part, "tag"
    for saved in opened.whole:
        words = _("★ saved whole") if saved.quote.exact else _("★ a note on the page")
        yield layout.cut(" · ".join(filter(None, (words, " ".join(saved.note.split())))), width), "tag"
    for part in layout.paragraph(opened.notice, width) if opened.notice else ():
        yield part, "notice"


def _minutes(text: str) -> int:
    signs = 0 if text.isascii() else len(_SIGN.findall(text))
    words = len(_WORD.findall(_SIGN.sub(" ", text))) if signs else len(text.split())
    return max(1, round(words / _WORDS_A_MINUTE + signs / _SIGNS_A_MINUTE))
