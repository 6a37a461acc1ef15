"""Stretches of an article that are not the story."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from reader.model import Span

_CAPTION_CHARS = 420
"""A longer block is a paragraph, whatever it ends in."""
_AGENCIES = (
    r"(?:Getty(?: Images)?|AFP|Reuters|AP|EPA|PA|Shutterstock|Alamy|Bloomberg|Press Association|Associated Press)"
)
_CREDIT = re.compile(
    r"(?:\b(?i:photo|photograph|picture|image|credit|illustration|screenshot|video|graphic)s?"
    r"(?:\s?:\s?|\s(?:by|via)\s)"
    r"[A-Z©@][^\n]{1,60}"
    r"|\((?i:(?:(?:staff|file|handout|courtesy) )?(?:photo|photograph|picture|image|file|courtesy|credit))\b"
    r"[^()\n]{0,60}\)"
    rf"|\([^()\n]{{0,60}}\b{_AGENCIES}\b[^()\n]{{0,40}}\)"
    rf"|(?:/|\||\bvia|\bcourtesy of|[.—–-])\s?{_AGENCIES}(?: (?:Photo|Images))?"
    rf"|(?:/|\|)\s?{_AGENCIES}[^\n]{{0,30}})$"
)
_CREDIT_LINE = re.compile(r"(?:photo|photograph|image|picture|credit|caption|source|video|graphic)s?\s?:\s?\S", re.I)
_FURNITURE = re.compile(
    r"related(?::| (?:articles?|stories|story|content|links|posts|news|topics|coverage|reading|video))"
    r"|back to top(?: button)?|(?:read|see|watch|listen) (?:more|next|also|now)\b"
    r"|(?:most|more) (?:read|popular|viewed)\b"
    r"|see also\b|you (?:may|might) also (?:like|enjoy)|more (?:on this story|on this topic|from|stories|like this)\b"
    r"|sign (?:up|in)\b|log ?in\b|subscribe\b|newsletters?\b|get (?:our|the) .{0,40}(?:newsletter|inbox|app)\b"
    r"|(?:want|looking for) more\b|advertis(?:ements?|ing)$|story continues below|continue reading|article continues"
    r"|share (?:this|on)\b|click here|tap here"
    r"|follow (?:us|the|our|.{1,40} on (?:twitter|facebook|instagram|x|threads))\b"
    r"|(?:like|join|find) us on\b|join (?:the|our) (?:conversation|newsletter|channel|whatsapp|community)\b"
    r"|(?:recommended|trending|sponsored|editors?['’]s? picks?|editors['’] picks?|top stories|must reads?|in pictures)"
    r"(?: .{0,30})?:?$|\d* ?comments?$|leave a (?:comment|reply)|skip to\b|print$|email$|tags?:|topics?:|filed under\b"
    r"|all rights reserved|©|copyright (?:©|\(c\)|\d{4})|our standards:|vote:|poll:\s|quiz:\s|have your say|tell us\b"
    r"|have you (?:been affected|got a story|witnessed|any information)\b"
    r"|do you (?:have|know) (?:a story|more|anything)\b"
    r"|\(?(?:additional |further )?(?:reporting|writing|editing|compiled|edited|translated)(?: and \w+)? by\b"
    r"|(?:with )?(?:additional )?(?:reporting|files|inputs?) (?:from|by)\b"
    r"|this (?:article|story|post|piece) (?:was |has been |is )?(?:originally|first|updated|part of|republished)\b"
    r"|(?:download|get) (?:the|our)\b.{0,40}\bapp\b|support (?:us|our|local|independent|quality)\b.{0,60}"
    r"|(?:become|be) (?:a|an) .{0,30}(?:member|subscriber|supporter)\b|donate\b|listen to (?:this|the)\b|watch:|video:"
    r"|(?:e-?mail|contact|write to) (?:us|the (?:author|writer|reporter)|me)\b|hide caption|toggle caption|enlarge\b",
    re.I,
)
_CLOSING = (
    re.compile(r"\bcontributed (?:to this (?:report|story|article)|reporting)\.?$", re.I),
    re.compile(r"\bour (?:free )?(?:daily |weekly )?(?:app|newsletter)s?\b", re.I),
    re.compile(r"\b(?:sign up|subscribe) (?:to|for|here|now)\b", re.I),
)
"""Lines that end an article: who helped, and what else there is to read."""
_FURNITURE_CHARS = 200
_PULLED_WORDS = 5
"""A shorter repetition is a phrase, not a pull quote."""
_COPIES = 4
"""Of more pull quotes that begin with the same words the rest is passed over, so that time stays linear."""
_SIGNED = re.compile(r"(?:\s[-–—]\s?|\n[-–—]?\s?)[^\n\"“”]{2,60}$")
"""Who a pull quote is by."""
_WORD = re.compile(r"\w+")


def is_boilerplate(block: str) -> bool:
    """True of a block that is a caption, a credit, a link list's head or a call to subscribe."""
    line = block.strip()
    plain = len(line) <= _FURNITURE_CHARS and not line.endswith(("”", '"'))
    if plain and (_FURNITURE.match(line) or _CREDIT_LINE.match(line) or any(p.search(line) for p in _CLOSING)):
        return True
    if len(line) > _CAPTION_CHARS:
        return False
    return bool(_CREDIT.search(line.rstrip(". "), max(0, len(line) - 120)))


def find_boilerplate(text: str, blocks: Sequence[Span]) -> tuple[Span, ...]:
    """The blocks that are not the story, in order: furniture, captions, and pull quotes that repeat the body."""
    known = {span for span in blocks if is_boilerplate(text[span.start : span.end])}
    body = [span for span in blocks if span not in known]
    known.update(_pulled(text, body))
    return tuple(span for span in blocks if span in known)


def _pulled(text: str, blocks: Sequence[Span]) -> Iterator[Span]:
    """Short quoted or signed blocks whose words stand in a longer block, one after the other."""
    short: dict[tuple[str, ...], list[tuple[Span, list[str]]]] = {}
    for span in blocks:
        block = text[span.start : min(span.end, span.start + _CAPTION_CHARS + 1)]
        if len(block) <= _CAPTION_CHARS and (block[0] in "\"“‘'" or _SIGNED.search(block)):
            words = _words(_SIGNED.sub("", block))
            if len(words) >= _PULLED_WORDS:
                short.setdefault(tuple(words[:_PULLED_WORDS]), []).append((span, words))
    if not short:
        return
    found: dict[Span, None] = {}
    for span in blocks:
        words = _words(text[span.start : span.end])
        for at in range(len(words) - _PULLED_WORDS + 1):
            for pulled, repeated in short.get(tuple(words[at : at + _PULLED_WORDS]), ())[:_COPIES]:
                if len(words) > len(repeated) and words[at : at + len(repeated)] == repeated:
                    found[pulled] = None
    yield from found


def _words(block: str) -> list[str]:
    return _WORD.findall(block.lower())
