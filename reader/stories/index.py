"""The latest articles' sketches, and an index that gives a new one's likeness to each of them at once."""

from __future__ import annotations

from array import array
from collections.abc import Iterable

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
        # All there will ever be room for: what is not written to yet takes no memory, and nothing is moved later.
        self.rows: Sketch = np.zeros(REMEMBERED + 2 * FRESH, SKETCH)
        self.days = np.full(len(self.rows), np.nan, np.float32)
        """Those of the rows, where all are asked for at once."""
        self._terms = np.zeros(0, np.uint32)
        self._slots = np.zeros(0, np.uint16)
        self._weights = np.zeros(0, np.float16)
        self._settled = first
        """The number up to which rows are in the sorted index."""
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
        slot = self.slot(number)
        self.rows[slot] = row
        self.days[slot] = row["day"]
        self._note(slot)
        self.next = number + 1
        return number, forgotten

    def load(self, rows: Iterable[bytes]) -> None:
        """Take in rows that come in their order of arrival, as bytes, into an index that is empty."""
        for row in rows:
            self.rows[self.slot(self.next)] = np.frombuffer(row, SKETCH)[0]
            self.next += 1
        self.days[:] = self.rows["day"]
        end = self.next
        settled = (end - 1) // FRESH * FRESH  # where `add` last sorted the index
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
        slots = [self._slots[at].astype(np.int32)]
        products = [self._weights[at].astype(np.float32) * np.repeat(weights, lengths)]
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

    def _settle(self, *, forget: bool = True) -> range:
        """Put what came into the sorted index and take the oldest rows out; returns the numbers of those."""
        first = max(self.first, self.next - REMEMBERED) if forget else self.first
        forgotten, self.first = range(self.first, first), first
        gone = np.zeros(len(self.rows), bool)
        gone[np.arange(forgotten.start, forgotten.stop) % len(self.rows)] = True
        keep = ~gone[self._slots]
        new = (np.arange(max(self._settled, first), self.next) % len(self.rows)).astype(np.uint16)
        # Term and place in one number each, sorted where they are.
        keys = self.rows["terms"][new].ravel().astype(np.uint64) << np.uint64(32)
        keys |= np.arange(len(keys), dtype=np.uint32)
        keys.sort()
        keys = keys[np.searchsorted(keys, np.uint64(1 << 32)) :]  # 0 is no term
        at = keys.astype(np.uint32)
        keys >>= np.uint64(32)
        came = keys.astype(np.uint32)
        del keys
        slots, weights = new[at // np.uint32(TERMS)], self.rows["weights"][new].ravel()[at]
        if len(keep):  # one after the other, so that no more than one is there twice
            self._terms = self._terms[keep]
            where = np.searchsorted(self._terms, came, "right")
            self._terms = np.insert(self._terms, where, came)
            self._slots = np.insert(self._slots[keep], where, slots)
            self._weights = np.insert(self._weights[keep], where, weights)
        else:  # loaded, all at once
            self._terms, self._slots, self._weights = came, slots, weights
        self._fresh, self._settled = {}, self.next
        return forgotten
