"""The program's own words in the person's language: gettext, with English where a catalogue has nothing.

News is never translated: only what this program says itself. The language is the environment's, by the usual variables
(LANGUAGE, LC_ALL, LC_MESSAGES, LANG), and is settled when the program starts.
"""

from __future__ import annotations

import gettext
from pathlib import Path


def _catalogue() -> gettext.NullTranslations:
    # gettext.translation would load what it takes to copy catalogues, and take a quarter as long again.
    found = gettext.find("newsreader", Path(__file__).parent / "locale")
    if found is None:
        return gettext.NullTranslations()
    with Path(found).open("rb") as file:
        return gettext.GNUTranslations(file)


_CATALOGUE = _catalogue()

_ = _CATALOGUE.gettext
"""A sentence in the person's language; what varies is put in afterwards: `_("Saved: {speaker}.").format(...)`."""

ngettext = _CATALOGUE.ngettext
"""A sentence that counts: `ngettext("{n} claim", "{n} claims", n).format(n=n)`."""


def N_(words: str) -> str:
    """Words of a table, as they are: this only puts them into the catalogue; where they are shown, `_` translates."""
    return words
