"""Why two articles belong together, as one plain phrase."""

from __future__ import annotations

from collections.abc import Mapping

NEARLY_THE_SAME = 0.3
"""Share of the shorter opening's runs of words that the other repeats; chance never gives as many."""


def why(shared: list[str], names: list[str], shown: Mapping[str, str], *, copied: bool) -> str:
    """Say what two articles have in common: words copied, else names, else telling words.

    `shared` are the terms of both and `names` the names among them, each the weightiest first; `shown` is how an
    article writes a term.
    """
    if copied:
        return "nearly the same words"
    # "Gina Raimondo" says more than "Raimondo".
    parts = {part for name in names if " " in name for part in name.split(" ")}
    if chosen := _distinct([name for name in names if name not in parts], 2):
        return f"both name {' and '.join(shown[name] for name in chosen)}"
    chosen = _distinct([term for term in shared if " " not in term] or shared, 3)
    return f"share the word{'s' if len(chosen) > 1 else ''} {', '.join(shown[term] for term in chosen)}"


def _distinct(ordered: list[str], most: int) -> list[str]:
    """The first terms that differ: neither "Gina Raimondo" with "Raimondo" nor "Syria" with "Syrian"."""
    chosen: list[str] = []
    stems: set[str] = set()
    for term in ordered:
        own = {word[:4] for word in term.split(" ")}
        if stems.isdisjoint(own):
            chosen.append(term)
            stems |= own
            if len(chosen) == most:
                break
    return chosen
