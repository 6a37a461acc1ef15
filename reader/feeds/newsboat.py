"""Newsboat's list of subscriptions: its file `urls`."""

from __future__ import annotations

import re

from reader.feeds import FeedError
from reader.feeds.links import absolute
from reader.model import Outline
from reader.text import one_line, shown_url

_TOKEN = re.compile(r'"((?:[^"\\]|\\.)*+)"?|([^\s"]\S*+)', re.DOTALL)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_BLANKS = {"n": "\n", "r": "\r", "t": "\t", "v": "\v"}
_NOT_FEEDS = {
    "query": "a search among articles, not a feed; save it as a search here instead",
    "exec": "a program to run, and none is ever run; follow the address it reads from instead",
    "filter": "a program to run, and none is ever run; follow the feed it filters instead",
    "file": "a file on the machine; only http and https addresses are followed",
}


def read(body: bytes) -> tuple[tuple[Outline, ...], tuple[str, ...]]:
    """The subscriptions in a file, and a line for each that is refused, with the reason.

    The first tag is the folder, a tag that begins with "~" the title; "!" hides a feed there and means nothing here.
    Raises `FeedError` for what is no such file.
    """
    if not body.strip():
        raise FeedError("it is empty")
    found: list[Outline] = []
    refused: list[str] = []
    own = False
    for number, line in enumerate(body.decode("utf-8-sig", "replace").split("\n"), 1):
        address, *tags = _tokens(line) or [""]
        kind = address.partition(":")[0].lower()
        if url := absolute(address):
            titles = (one_line(tag[1:]) for tag in tags if tag.startswith("~"))
            folders = (one_line(tag) for tag in tags if not tag.startswith(("~", "!")))
            folder = next(filter(None, folders), None)
            found.append(Outline(url=url, title=next(titles, ""), folder=folder))
        elif kind in _NOT_FEEDS and ":" in address:
            own = True
            refused.append(f"Line {number}: it is {_NOT_FEEDS[kind]}")
        elif address:
            refused.append(one_line(f"Line {number}: {shown_url(address)[:80]} is not an http or https address"))
    if refused and not found and not own:
        raise FeedError("it is not a list of newsboat's subscriptions")
    return tuple(found), tuple(refused)


def _tokens(line: str) -> list[str]:
    """The words of a line up to a comment; quotation marks hold several together, a backslash keeps what follows it."""
    tokens = []
    for match in _TOKEN.finditer(line):
        quoted, plain = match.groups()
        if plain and plain.startswith("#"):
            break
        tokens.append(plain if plain is not None else _ESCAPED.sub(lambda mark: _BLANKS.get(mark[1], mark[1]), quoted))
    return tokens
