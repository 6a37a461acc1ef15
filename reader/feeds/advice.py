"""What a person may want to know of a feed: how much it brings, and what to do when it fails."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta

from reader.model import FeedSettings
from reader.words import _

_STATUS = re.compile(r"\bthe server answered (\d{3})\b")

_BY_WORDS: tuple[tuple[tuple[str, ...], str], ...] = (
    (
        ("it is a web page",),
        _("There is a page at this address now, no feed. Give it its site's address: the feed is looked for there."),
    ),
    (
        ("it is not a feed", "it is empty"),
        _(
            "What is at this address can't be read. If that lasts, give it its site's "
            "address: the feed is looked for there."
        ),
    ),
    (
        ("certificate can't be trusted", "no secure connection"),
        _(
            "Nothing is fetched over a connection that can't be trusted. Its outlet has to "
            "mend that; if others fail so too, check your clock."
        ),
    ),
    (
        ("name could not be looked up",),
        _("If other feeds fail too, check your network. If not, its site may have moved: give it its new address."),
    ),
    (
        ("did not answer", "refused the connection", "broke off the connection", "can't be reached"),
        _("If other feeds fail too, check your network. If not, its server may be down: wait, for it is tried again."),
    ),
    (("the network is not in use",), _("Wait: it is tried again.")),
    (
        ("proxy refused",),
        _("Check the proxy that HTTPS_PROXY and HTTP_PROXY name, or leave its host out with NO_PROXY."),
    ),
    (("asked to be left alone",), _("There is nothing to do: its server is left alone as long as it asks for that.")),
    (
        ("is larger than",),
        _("It is too large to be read. Its outlet may offer a smaller one: give it that one's address."),
    ),
    (
        ("redirected more than", "redirects to something", "without saying where"),
        _("Its address leads nowhere. Give it another one, or remove it."),
    ),
    (
        ("address is private",),
        _("If it is a machine of your own, allow its network in the configuration; if not, remove it."),
    ),
    (
        ("not a valid URL", "must begin with http", "names no server", "names a port"),
        _("Its address is mistyped. Give it another one."),
    ),
    (("command for its password",), _("Mend the command that prints its password.")),
    (("can't be sent",), _("Mend what you set to be sent to it.")),
    (("valid HTTP", "gzip"), _("Its server sends nonsense. Its outlet has to mend that; wait, for it is tried again.")),
)


def advice(error: str, settings: FeedSettings) -> str:
    """What to do about a feed whose last check failed, going by what is kept of that: one sentence or two."""
    if found := _STATUS.search(error):
        return _by_status(int(found[1]), settings)
    for words, what in _BY_WORDS:
        if any(some in error for some in words):
            return what
    return _("Wait: it is tried again. If this lasts, its outlet has to mend it.")


def _by_status(status: int, settings: FeedSettings) -> str:
    match status:
        case 404 | 410:
            return _(
                "There is nothing at its address any more. Give it its new one, or that of its site, or remove it."
            )
        case 401 if settings.user:
            return _("Its server does not take the name and password that you set. Mend them.")
        case 401:
            return _("Its server wants a user name and a password. Set them.")
        case 402 | 403 | 405 | 406 | 418 | 451 if settings.user_agent:
            return _(
                "Its server turns this reader away, under the User-Agent that you set too. Set another, or remove it."
            )
        case 402 | 403 | 405 | 406 | 418 | 451:
            return _("Its server turns readers away that it doesn't know. Set a User-Agent, or a name and password.")
        case 407:
            return _("The proxy wants a password. Put it into the address in HTTPS_PROXY.")
        case 429:
            return _("There is nothing to do: its server asks for fewer visits, and gets them.")
        case status if status >= 500:
            return _("Its server is in trouble. Wait, for it is tried again; if that lasts, look at its site.")
    return _("Its server refuses. Wait, for it is tried again; if that lasts, give it another address.")


def pace(published: Sequence[datetime], *, now: datetime) -> float | None:
    """How many entries a feed brings a day, going by when the newer half came; None where too few tell."""
    times = sorted((min(time, now) for time in published), reverse=True)
    half = len(times) // 2
    if half < 1:
        return None
    took = times[0] - times[half]
    return half / (took / timedelta(days=1)) if took > timedelta(minutes=1) else None
