"""What is kept of an article to compare others with it: a few hundred bytes of one size, whatever the article's."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from reader.model import StoryDoc
from reader.stories import meaning
from reader.stories.terms import LEAD, OPENING, TITLE, Terms, terms, words

TERMS = 64
"""Terms kept of an article, the weightiest."""
_NUMBERS = 8
RUN = 5
"""Words of a run; two texts that share several were not written apart."""
_RUNS = 24
_NUMBER = re.compile(r"\d(?:[\d,.]*\d)?")
_FIRST_FEEDS = datetime(1999, 1, 1)

SKETCH = np.dtype(
    [
        ("terms", "<u4", TERMS),  # hashes in rising order; 0 for none, at the end
        ("weights", "<f2", TERMS),
        ("names", "<u8"),  # a bit for each term that never stands in lower case
        ("sure", "<u8"),  # … whose capital can only mean a name
        ("titled", "<u8"),  # … that stands in the title
        ("numbers", "<u4", _NUMBERS),
        ("title", "i1", meaning.WIDTH),
        ("lead", "i1", meaning.WIDTH),
        ("opening", "i1", meaning.WIDTH),
        ("runs", "<u4", _RUNS),  # the smallest hashes of its runs of words (Broder 1997), in rising order
        ("day", "<f4"),  # since 1999, NaN for none
        ("known", "<f4"),  # what its dot products with the story's members before it come to
        ("outlet", "<u4"),
        ("has_text", "?"),
    ]
)
"""One article's row."""
Sketch = NDArray[np.void]
"""A row of that type, or an array of them."""
_NONE = np.uint32(2**32 - 1)
_BITS = np.uint64(1) << np.arange(TERMS, dtype=np.uint64)


class Reading(NamedTuple):
    """An article read for its sketch, before its terms are weighed."""

    found: Terms
    hashes: NDArray[np.uint32]
    """Of each of its terms, in the order of `found.counts`."""
    titled: frozenset[str]
    """Those that stand in the title."""


def read(doc: StoryDoc) -> Reading:
    """The terms of an article."""
    found = terms(doc.title, doc.text)
    titled = frozenset(terms(doc.title, "").counts)
    return Reading(found, np.array([hashed(term) for term in found.counts], np.uint32), titled)


def sketch(doc: StoryDoc, reading: Reading, weights: NDArray[np.float64]) -> Sketch:
    """The row of an article, given a weight for each of its terms; those kept get length one together."""
    row = np.zeros((), SKETCH)
    row["runs"] = _NONE
    names = reading.found.names
    kept = np.argsort(-weights, kind="stable")[:TERMS]
    kept = kept[np.argsort(reading.hashes[kept], kind="stable")]
    size = len(kept)
    row["terms"][:size] = reading.hashes[kept]
    row["weights"][:size] = weights[kept] / max(float(np.sqrt((weights[kept] ** 2).sum())), 1e-9)
    written = list(reading.found.counts)
    row["names"] = _bits(np.array([written[at] in names for at in kept], bool))
    row["sure"] = _bits(np.array([names.get(written[at], False) for at in kept], bool))
    row["titled"] = _bits(np.array([written[at] in reading.titled for at in kept], bool))
    said = _NUMBER.findall(f"{doc.title[:TITLE]} {doc.text[:OPENING]}")
    numbers = sorted({hashed(number.replace(",", "")) for number in said})[:_NUMBERS]
    row["numbers"][: len(numbers)] = numbers
    known = meaning.shipped()
    row["title"] = _in_bytes(known.of(doc.title[:TITLE]))
    row["lead"] = _in_bytes(known.of(f"{doc.title[:TITLE]} {doc.text[:LEAD]}"))
    row["opening"] = _in_bytes(known.of(f"{doc.title[:TITLE]} {doc.text[:OPENING]}"))
    sequence = words(doc.text)
    runs = sorted({hashed(" ".join(sequence[at : at + RUN])) for at in range(len(sequence) - RUN + 1)})[:_RUNS]
    row["runs"][: len(runs)] = runs
    row["day"] = day(doc.published)
    row["outlet"] = hashed(doc.outlet.casefold()) if doc.outlet else 0
    row["has_text"] = bool(sequence)
    return row


def hashed(term: str) -> int:
    """A term as 32 bits, never 0; two of one hash count as one, which among a million happens to a few hundred."""
    return crc32(term.encode("utf-8", "replace")) or 1


def day(published: datetime | None) -> float:
    """Days since 1999; NaN for no date, and for one before there were feeds: a clock that was never set."""
    if published is None:
        return float("nan")
    since = (published.replace(tzinfo=None) - _FIRST_FEEDS) / timedelta(days=1)
    return since if since >= 0 else float("nan")


def shared(one: Sketch, other: Sketch) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Where the terms that two rows have in common stand in each."""
    at = np.searchsorted(other["terms"][: filled(other)], one["terms"][: filled(one)])
    at[at == filled(other)] = 0
    same = other["terms"][at] == one["terms"][: filled(one)] if filled(other) else np.zeros(filled(one), bool)
    return np.flatnonzero(same), at[same]


def filled(row: Sketch) -> int:
    """How many terms a row holds."""
    return int(np.count_nonzero(row["terms"]))


def is_set(bits: Any, at: NDArray[np.intp]) -> NDArray[np.bool_]:
    """Whether the bit of each of some terms is set in a row's `names` or `sure`."""
    found: NDArray[np.bool_] = (bits & _BITS[at]) != 0
    return found


def numbers(row: Sketch) -> set[int]:
    """The hashes of a row's numbers."""
    return set(row["numbers"].tolist()) - {0}


def copied(one: Sketch, other: Sketch) -> float:
    """How much of the shorter opening stands in the other, 0 to 1, guessed from the smallest of both's runs."""
    a, b = (row["runs"][row["runs"] != _NONE] for row in (one, other))
    if not len(a) or not len(b):
        return 0.0
    end = min(a[-1] if len(a) == _RUNS else _NONE, b[-1] if len(b) == _RUNS else _NONE)
    a, b = a[a <= end], b[b <= end]
    return len(np.intersect1d(a, b, assume_unique=True)) / max(min(len(a), len(b)), 1)


def _bits(flags: NDArray[np.bool_]) -> np.uint64:
    return np.uint64(np.where(flags, _BITS[: len(flags)], np.uint64(0)).sum(dtype=np.uint64))


def _in_bytes(vector: meaning.Floats) -> NDArray[np.int8]:
    inside: NDArray[np.int8] = np.round(vector * 127).astype(np.int8)
    return inside
