"""Stretches of text."""

from __future__ import annotations

from typing import NamedTuple


class Span(NamedTuple):
    """A half-open stretch `[start, end)` of a text, in code points."""

    start: int
    end: int

    def of(self, text: str) -> str:
        """The words of this span in `text`."""
        return text[self.start : self.end]

    def shifted(self, by: int) -> Span:
        """The same stretch where the text before it is `by` code points longer."""
        return Span(self.start + by, self.end + by)
