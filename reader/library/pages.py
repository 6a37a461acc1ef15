"""An article of several pages, read to its end."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from time import monotonic

from reader.articles.joined import is_another, is_read, joined, onward, strays, unfinished
from reader.model import Article

_MOST = 10
"""Pages of an article that are read."""
_PATIENCE = 20.0
"""Seconds after the first page from which no other is asked for; one under way keeps the network's own deadline."""


def whole(first: Article, read: Callable[[str], Article]) -> Article:
    """The article that begins with the page `first`; `read` fetches and extracts each further page.

    What fails with a NetError, an ExtractError or a WorkerError ends the article there, and the article says so.
    """
    if first.next_page is None:
        return first
    from reader.articles import ExtractError
    from reader.library.workers import WorkerError
    from reader.net import NetError

    pages, until = [first], monotonic() + _PATIENCE
    while url := onward(pages):
        if len(pages) == _MOST:
            return unfinished(joined(pages), at=url, why=f"no more than {_MOST} are asked for")
        if monotonic() > until:
            return unfinished(joined(pages), at=url, why="the site takes too long over them")
        try:
            page = read(url)
        except (NetError, ExtractError, WorkerError) as error:
            return unfinished(joined(pages), at=url, why=str(error))
        if is_read(page, pages):
            break
        if strays(page, url) or is_another(page, first):
            return unfinished(joined(pages), at=url, why="the site leads to another article")
        pages.append(page)
    return replace(joined(pages), next_page=None)
