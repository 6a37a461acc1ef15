"""Text -> the language it is written in, or None when that is not sure.

English is told by its commonest words, which costs nothing; only what is not plainly English asks py3langid, whose
model takes half a second and 120 MB to load. The caller gives other languages their quotations only, so an English
article must practically never be called something else: what the library is not sure of is None.
"""

from __future__ import annotations

import functools
import re
from typing import Any

_STRETCH, _STRETCHES = 1000, 4
"""A long text is judged by so many characters at so many places, spread evenly."""
_ENOUGH = 60
"""Fewer letters than these (a dozen words) say too little."""
_PLAINLY = 0.1
"""The share of its commonest words above which a text is English: 98 % of English pages, no other."""
_SURE = 0.8
"""How likely the two best must be together that neither is English. Lists of names, easily mistaken, reach 0.6."""

_NO_LETTERS = re.compile(r"[\x00-@\[-`{-~\d]+")
"""Digits and the marks of ASCII, among them those of addresses and code."""
_WORD = re.compile(r"[^\W\d_]+")
_ENGLISH = {
    "the", "of", "to", "and", "that", "with", "this", "from", "have", "has", "they", "their", "which", "were", "said",
    "would", "but", "not", "his",
}  # fmt: skip


def language(text: str) -> str | None:
    """The language of `text` as ISO 639-1; None when the text is too short, of no language, or the answer unsure.

    The same text gives the same answer; a text of any length takes the same time. Never raises.
    """
    letters = _NO_LETTERS.sub(" ", _sample(text).casefold())
    words = _WORD.findall(letters)
    if sum(map(len, words)) < _ENOUGH:
        return None
    if sum(word in _ENGLISH for word in words) >= _PLAINLY * len(words):
        return "en"
    try:
        (code, sure), (next_code, next_sure) = _identifier().rank(letters)[:2]
    except (OSError, ValueError):  # the model can't be loaded, for the disk is full, say: there is no answer then
        return None
    if next_code != "en" and len(next_code) == 2:  # "Croatian, or Bosnian" is an answer; "French, or English" is not
        sure += next_sure
    return str(code) if sure >= _SURE and len(code) == 2 else None


def _sample(text: str) -> str:
    if len(text) <= _STRETCH * _STRETCHES:
        return text
    step = (len(text) - _STRETCH) // (_STRETCHES - 1)
    return "\n".join(text[i * step : i * step + _STRETCH] for i in range(_STRETCHES))


@functools.cache
def _identifier() -> Any:
    from py3langid import langid  # with numpy and its model: only when asked for

    return langid.LanguageIdentifier.from_model_file(langid.MODEL_FILE, norm_probs=True)
