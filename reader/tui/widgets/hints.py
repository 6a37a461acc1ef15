"""Letters before links, one of which is typed to follow its link."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

from reader.feeds.hosts import lead
from reader.tui import layout
from reader.words import ngettext

_LETTERS = "asdfghjklqwertyuiopzxcvbnm"
"""Those under the fingers first."""


def labels(count: int) -> list[str]:
    """A label for each of `count` links, at most 676: one letter where that is enough, else two for all."""
    if count <= len(_LETTERS):
        return list(_LETTERS[:count])
    return ["".join(pair) for pair in product(_LETTERS, repeat=2)][:count]


class Hints:
    """The links in sight by their labels, and what was typed so far."""

    def __init__(self, links: Sequence[tuple[int, str]], *, more: int = 0) -> None:
        """Take where each link is to be marked, and its address; `more` links are in sight that get no label yet."""
        self._more = more
        self._links = dict(zip(labels(len(links)), links, strict=False))
        self.typed = ""
        self._legend: tuple[tuple[str, int], list[str]] | None = None

    def labels(self) -> list[tuple[int, str]]:
        """Where the labels stand that may still be meant, and what of them is to be typed yet."""
        return [
            (offset, label[len(self.typed) :])
            for label, (offset, _url) in self._links.items()
            if label.startswith(self.typed)
        ]

    def press(self, letter: str) -> str | None:
        """The address that a letter leads to, "" while more letters are needed, None for one that leads nowhere."""
        self.typed += letter.lower()
        if self.typed in self._links:
            return self._links[self.typed][1]
        return "" if any(label.startswith(self.typed) for label in self._links) else None

    def legend(self, width: int) -> list[str]:
        """Where the links lead whose labels may still be meant: each host once, behind its letters, wrapped."""
        if self._legend is None or self._legend[0] != (self.typed, width):
            self._legend = (self.typed, width), self._laid_out(width)
        return self._legend[1]

    def _laid_out(self, width: int) -> list[str]:
        hosts: dict[str, list[str]] = {}
        for label, (_offset, url) in self._links.items():
            if label.startswith(self.typed) and (to := lead(url)):
                hosts.setdefault(to.words, []).append(label[len(self.typed) :])
        # Letters are not torn from their host.
        said = [" ".join([*letters, "→", words]).replace(" ", "\u00a0") for words, letters in hosts.items()]
        if self._more and not self.typed:
            said.append(
                ngettext("; → {n} more", "; → {n} more", self._more).format(n=self._more).replace(" ", "\u00a0")
            )
        return [line.replace("\u00a0", " ") for line in layout.paragraph(" · ".join(said), width)]
