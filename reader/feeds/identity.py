"""Which entries are known already though their feed names them anew."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterable, Sequence
from datetime import datetime
from typing import NamedTuple
from urllib.parse import parse_qsl, urlencode, urlsplit

from reader.model import ParsedEntry

_TRACKING = re.compile(
    r"(?:utm|at|mc|pk|mtm|ns)_.*|(?:fb|g|d|y|tw|ms)clid|igshid|cmp|cmpid|ncid|ocid|smid|xtor|ftag", re.IGNORECASE
)
_ONE_ARTICLE = re.compile(r"\d|[-_][^-_/]+[-_]")


class Known(NamedTuple):
    """What tells an entry of the library from the others of its feed."""

    guid: str
    url: str | None
    title: str
    published: datetime | None


def renamed(known: Sequence[Known], arrived: Sequence[ParsedEntry]) -> dict[str, str]:
    """The guids that are new to the library though their entries are not, with those by which it knows them.

    Only an entry that its feed has ceased to carry under its own guid can have come back under another. An address is
    the same whatever its scheme, "www.", closing slash, fragment and tracking parameters. In doubt two entries are two:
    one shown twice is a nuisance, one that never shows is lost.
    """
    before = {entry.guid: entry._replace(url=_address(entry.url)) for entry in known}
    now = {entry.guid: Known(entry.guid, _address(entry.url), entry.title, entry.published) for entry in arrived}
    gone, new = before.keys() - now.keys(), now.keys() - before.keys()
    found: dict[str, str] = {}
    for key in (_everything, _address_and_date, _address_and_title, _own_address, _title_and_date):
        groups = _grouped(before.values(), key)
        for shared, news in _grouped(now.values(), key).items():
            olds = groups.get(shared, [])
            # Those alike in everything may be told apart by nothing, so it is all one which is which.
            if key is not _everything and len(olds) * len(news) != 1:
                continue
            for old, entry in zip([o for o in olds if o in gone], [n for n in news if n in new], strict=False):
                found[entry] = old
                gone.remove(old)
                new.remove(entry)
    return found


def _grouped(entries: Iterable[Known], key: Callable[[Known], Hashable]) -> dict[Hashable, list[str]]:
    groups: dict[Hashable, list[str]] = {}
    for entry in entries:
        if (shared := key(entry)) is not None:
            groups.setdefault(shared, []).append(entry.guid)
    return groups


# What entries can have in common, the best evidence first; None where one has too little to compare.


def _everything(entry: Known) -> Hashable:
    return entry[1:] if sum(map(bool, entry[1:])) > 1 else None


def _address_and_date(entry: Known) -> Hashable:
    return (entry.url, entry.published) if entry.url and entry.published else None


def _address_and_title(entry: Known) -> Hashable:
    return (entry.url, entry.title) if entry.title and _own_address(entry) else None


def _own_address(entry: Known) -> Hashable:
    """An address with a number or a slug of some words: any other may be a page that new entries take in turns."""
    return entry.url if entry.url and _ONE_ARTICLE.search(entry.url.partition("/")[2]) else None


def _title_and_date(entry: Known) -> Hashable:
    return (entry.title, entry.published) if entry.title and entry.published else None


def _address(url: str | None) -> str | None:
    """What all the links to one page have in common."""
    try:
        parts = urlsplit(url or "")
        stated = parse_qsl(parts.query, keep_blank_values=True)
        query = urlencode(sorted(pair for pair in stated if not _TRACKING.fullmatch(pair[0])))
    except ValueError:
        return url
    host = parts.netloc.lower().removeprefix("www.")
    return f"{host}/{parts.path.strip('/')}?{query}".rstrip("?") if host else None
