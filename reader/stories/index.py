"""The latest articles' sketches, and an index that gives a new one's likeness to each of them at once."""

from __future__ import annotations

from array import array

import numpy as np
from numpy.typing import NDArray

from reader.stories.sketch import SKETCH, TERMS, Sketch, filled

REMEMBERED = 40_000
"""Articles that can still be found, at least; what bounds the memory."""
FRESH = 1_000
"""Articles after which the index is sorted anew, and those of its beginning forgotten."""


def oldest(last: int) -> int:
    """The number of the first row that is still held once the row of number `last` has come."""
    return max(1, last // FRESH * FRESH - REMEMBERED)


class Index:
    """Rows by slot, the number of arrival modulo the slots there are.

    The rows up to the last multiple of FRESH stand in one sorted array of (term, slot, weight), the others in lists:
    the state depends on nothing but the rows that are held and their numbers.
    """

    def __init__(self, first: int = 1) -> None:
        self.first = self.next = first
        """Numbers of the first row held and of the next that comes."""
        self.rows: Sketch = np.zeros(FRESH, SKETCH)
        self._terms = np.zeros(0, np.uint32)
        self._slots = np.zeros(0, np.int32)
        self._weights = np.zeros(0, np.float32)
        self._fresh: dict[int, tuple[array[int], array[float]]] = {}
        """Term -> slots, weights."""

    def __len__(self) -> int:
        return self.next - self.first

    def slot(self, number: int) -> int:
        """Where the row of a number is."""
        return number % len(self.rows)

    def add(self, row: Sketch) -> tuple[int, range]:
        """Take in a row; returns its number, and the numbers of the rows that are forgotten."""
        number = self.next
        forgotten = range(0)
        if number % FRESH == 0:
            forgotten = self._settle()
        self._hold(number - self.first + 1)
        slot = self.slot(number)
        self.rows[slot] = row
        self._note(slot)
        self.next = number + 1
        return number, forgotten

    def load(self, rows: Sketch) -> None:
        """Take in rows that come in their order of arrival, into an index that is empty."""
        end = self.first + len(rows)
        settled = (end - 1) // FRESH * FRESH  # where `add` last sorted the index
        self._hold(len(rows))
        self.rows[np.arange(self.first, end) % len(self.rows)] = rows
        self.next = min(max(settled, self.first), end)
        self._settle(forget=False)
        for number in range(self.next, end):
            self._note(self.slot(number))
        self.next = end

    def frequencies(self, terms: NDArray[np.uint32]) -> NDArray[np.int64]:
        """How many of the rows held have each term."""
        settled = np.searchsorted(self._terms, terms, "right") - np.searchsorted(self._terms, terms, "left")
        fresh = [len(self._fresh[term][0]) if term in self._fresh else 0 for term in terms.tolist()]
        found: NDArray[np.int64] = settled + np.array(fresh, np.int64)
        return found

    def dots(self, row: Sketch) -> NDArray[np.float64]:
        """The cosine of a row with each one held, by slot; 0 for those that share no term and those forgotten."""
        size = filled(row)
        terms, weights = row["terms"][:size], row["weights"][:size].astype(np.float32)
        starts, ends = np.searchsorted(self._terms, terms, "left"), np.searchsorted(self._terms, terms, "right")
        lengths = ends - starts
        at = np.arange(lengths.sum()) + np.repeat(starts - (lengths.cumsum() - lengths), lengths)
        slots, products = [self._slots[at]], [self._weights[at] * np.repeat(weights, lengths)]
        for term, weight in zip(terms.tolist(), weights, strict=True):
            if (fresh := self._fresh.get(term)) is not None:
                slots.append(np.frombuffer(fresh[0], np.int32))
                products.append(np.frombuffer(fresh[1], np.float32) * weight)
        # Of nothing it makes integers.
        return np.bincount(np.concatenate(slots), np.concatenate(products), len(self.rows)).astype(np.float64)

    def _note(self, slot: int) -> None:
        """Put the terms of a row into the lists."""
        row = self.rows[slot]
        size = filled(row)
        for term, weight in zip(row["terms"][:size].tolist(), row["weights"][:size].tolist(), strict=True):
            held = self._fresh.get(term)
            if held is None:
                held = self._fresh[term] = (array("i"), array("f"))
            held[0].append(slot)
            held[1].append(weight)

    def _hold(self, count: int) -> None:
        """Make room for so many rows; REMEMBERED and as many as come until some are forgotten are the most."""
        if count <= len(self.rows):
            return
        room = min(max(2 * len(self.rows), count), REMEMBERED + 2 * FRESH)
        numbers = np.arange(self.first, self.next)
        old, self.rows = self.rows, np.zeros(room, SKETCH)
        self.rows[numbers % room] = old[numbers % len(old)]
        # Slots have changed.
        moved = np.zeros(len(old), np.int32)
        moved[numbers % len(old)] = numbers % room
        self._slots = moved[self._slots]
        self._fresh = {
            term: (array("i", moved[np.frombuffer(slots, np.int32)].tolist()), weights)
            for term, (slots, weights) in self._fresh.items()
        }

    def _settle(self, *, forget: bool = True) -> range:
        """Sort the index anew without the oldest rows; returns the numbers of those."""
        first = max(self.first, self.next - REMEMBERED) if forget else self.first
        forgotten, self.first = range(self.first, first), first
        slots = (np.arange(first, self.next) % len(self.rows)).astype(np.int32)
        terms = self.rows["terms"][slots].ravel()
        order = np.argsort(terms, kind="stable")
        order = order[np.searchsorted(terms, 1, sorter=order) :]  # 0 is no term
        self._terms = terms[order]
        self._slots = slots[order // TERMS]
        self._weights = self.rows["weights"][slots].ravel()[order].astype(np.float32)
        self._fresh = {}
        return forgotten
