"""A stretch of an article being selected, by sentences, by words, or with the mouse."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence

from reader.model import Article, Span

_WORD = re.compile(r"\S+")
_CJK_SENTENCE = re.compile("[^。！？]*[。！？]+[」』”）〉》]*|[^。！？]+")

Units = Callable[[Span], Sequence[Span]]
"""The sentences or the words of a block."""


class Selection:
    """What is selected of a text, and which of its ends moves."""

    def __init__(self, article: Article, span: Span) -> None:
        self._text = article.text
        self._blocks = [block.span for block in article.blocks] or [Span(0, len(article.text))]
        self._known: dict[Span, Sequence[Span]] = {}
        self.span = span
        self.at_start = False
        """Whether it is the start that moves."""

    @classmethod
    def of_sentence(cls, article: Article, seen: Span) -> Selection | None:
        """The first sentence that begins in what is seen of an article, else the one that goes on there."""
        selection = cls(article, seen)
        at = seen.start
        for block in selection._blocks[selection._block(at) :]:
            if block.start >= seen.end:
                break
            for sentence in selection._sentences(block):
                if seen.start <= sentence.start < seen.end:
                    selection.span = sentence
                    return selection
        inside = [one for one in selection._sentences(selection._blocks[selection._block(at)]) if one.end > at]
        selection.span = inside[0] if inside else seen
        return selection if inside else None

    @property
    def offset(self) -> int:
        """The character at the end that moves."""
        return self.span.start if self.at_start else self.span.end - 1

    def turn(self) -> None:
        """Move the other end from now on."""
        self.at_start = not self.at_start

    def more_sentences(self, count: int) -> None:
        """Move the end that moves by sentences: on, or back where `count` is negative."""
        self._move(self._sentences, count)

    def more_words(self, count: int) -> None:
        """Move the end that moves by words."""
        self._move(self._words, count)

    def _move(self, units: Units, count: int) -> None:
        for _time in range(abs(count)):
            grows = count > 0
            if self.at_start:
                start = self._start_before(units) if grows else self._start_after(units)
                self.span = Span(self.span.start if start is None else start, self.span.end)
            else:
                end = self._end_after(units) if grows else self._end_before(units)
                self.span = Span(self.span.start, self.span.end if end is None else end)

    def _end_after(self, units: Units) -> int | None:
        return next((one.end for one in self._from(units, self.span.end) if one.end > self.span.end), None)

    def _end_before(self, units: Units) -> int | None:
        """At least one unit, or what of it is selected, stays."""
        before = [one.end for one in self._back(units, self.span.end, self.span.start) if one.end < self.span.end]
        return next((end for end in before if end > self.span.start), None)

    def _start_before(self, units: Units) -> int | None:
        return next((one.start for one in self._back(units, self.span.start, 0) if one.start < self.span.start), None)

    def _start_after(self, units: Units) -> int | None:
        after = next((one.start for one in self._from(units, self.span.start) if one.start > self.span.start), None)
        return after if after is not None and after < self.span.end else None

    def _from(self, units: Units, offset: int) -> Iterator[Span]:
        for block in self._blocks[self._block(offset) :]:
            yield from units(block)

    def _back(self, units: Units, offset: int, until: int) -> Iterator[Span]:
        for block in reversed(self._blocks[: self._block(offset) + 1]):
            if block.end < until:
                return
            yield from reversed(units(block))

    def _block(self, offset: int) -> int:
        return max(0, bisect_right([block.start for block in self._blocks], offset) - 1)

    def _words(self, block: Span) -> Sequence[Span]:
        return [Span(*match.span()) for match in _WORD.finditer(self._text, *block)]

    def _sentences(self, block: Span) -> Sequence[Span]:
        """The sentences of a block; a quotation belongs whole to the sentence it stands in."""
        from reader.claims.segment import paragraphs  # it reads lexicons

        if block not in self._known:
            found: list[Span] = []
            for paragraph in paragraphs(self._text, [block]):
                for sentence in paragraph.sentences:
                    for match in _CJK_SENTENCE.finditer(self._text, *sentence.span):
                        if match[0].strip():
                            start = match.start() + len(match[0]) - len(match[0].lstrip())
                            found.append(Span(start, start + len(match[0].strip())))
            if found and found[0].start > block.start:  # where and when it was written
                found[0] = Span(block.start, found[0].end)
            self._known[block] = found
        return self._known[block]
