"""Letters before links, one of which is typed to follow its link."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

_LETTERS = "asdfghjklqwertyuiopzxcvbnm"
"""Those under the fingers first."""


def labels(count: int) -> list[str]:
    """A label for each of `count` links, at most 676: one letter where that is enough, else two for all."""
    if count <= len(_LETTERS):
        return list(_LETTERS[:count])
    return ["".join(pair) for pair in product(_LETTERS, repeat=2)][:count]


class Hints:
    """The links in sight by their labels, and what was typed so far."""

    def __init__(self, links: Sequence[tuple[int, str]]) -> None:
        """Take where each link is to be marked, and its address."""
        self._links = dict(zip(labels(len(links)), links, strict=False))
        self.typed = ""

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
