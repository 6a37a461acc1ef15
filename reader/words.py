"""The program's own words in the person's language: gettext, with English where a catalogue has nothing.

News is never translated: only what this program says itself. The language is the environment's, by the usual variables
(LANGUAGE, LC_ALL, LC_MESSAGES, LANG), and is settled when the program starts.
"""

from __future__ import annotations

import gettext
from pathlib import Path

_CATALOGUE = gettext.translation("newsreader", Path(__file__).parent / "locale", fallback=True)

_ = _CATALOGUE.gettext
"""A sentence in the person's language; what varies is put in afterwards: `_("Saved: {speaker}.").format(...)`."""

ngettext = _CATALOGUE.ngettext
"""A sentence that counts: `ngettext("{n} claim", "{n} claims", n).format(n=n)`."""


def N_(words: str) -> str:
    """Words of a table, as they are: this only puts them into the catalogue; where they are shown, `_` translates."""
    return words
