"""Highlights as the notes of an Obsidian vault, which can be written again without harm to what was added to them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from enum import StrEnum
from hashlib import sha256

from reader.highlights.rendering import Template, yaml
from reader.highlights.works import Work, digest, work_key, works
from reader.model import Highlight
from reader.text import one_line

OWN_WORDS = "%% newsreader: your own words below this line stay %%"
"""What we write ends with this line; what follows is the person's."""

# Where a line begins: a title in the front matter may say the same.
_END = re.compile(f"^{re.escape(OWN_WORDS)}", re.MULTILINE)
_HASH = re.compile(r'^newsreader-hash: "([0-9a-f]{64})"\n', re.MULTILINE)
# What stays true of a note when nothing is saved of it; each is one line, for it is JSON.
_ABOUT = re.compile("(?:title|url|outlet|author|published|speaker): ")
_KEY_END = len("1f0c2a9b3d.md")
_NAME_BYTES = 120


class Per(StrEnum):
    """What a note is for."""

    ARTICLE = "article"
    SPEAKER = "speaker"
    OUTLET = "outlet"


def notes(highlights: Iterable[Highlight], *, per: Per = Per.ARTICLE, template: str | None = None) -> dict[str, str]:
    """Write notes: a file name for each, safe on every system and the same whenever it is written, with its text.

    A note is YAML front matter, what the template (Jinja2, else the one that we bring) makes of its articles, and the
    line below which a person's own words stay. Raises ValueError, in one sentence, for a template that is wrong.
    """
    body = Template(template, html=False)
    found: dict[str, str] = {}
    for heading, key, about in _sources(highlights, per):
        written = body.render(heading, about, per=per).replace(OWN_WORDS, "").rstrip("\n") + "\n"
        day = about[0].published.date().isoformat() if per is Per.ARTICLE and about[0].published else ""
        found[_file_name(day, heading, key)] = _sealed(_front_matter(heading, per, about), written)
    return found


def renewed(existing: str | None, new: str) -> str | None:
    """What to write where a note may be already: `new`, with what its owner wrote below the line of that one.

    None when that one must be left alone: it is not one of ours, or what is above that line was edited.
    """
    if existing is None:
        return new
    own, end = _own(existing), _END.search(new)
    return None if own is None or end is None else new[: end.end()] + own


def emptied(existing: str) -> str | None:
    """What to write over the note of that of which nothing is saved any more; None when it must be left alone."""
    if (own := _own(existing)) is None:
        return None
    front = existing.replace("\r\n", "\n").partition("\n---\n")[0]
    about = "".join(f"{line}\n" for line in front.split("\n") if _ABOUT.match(line))
    note = _sealed(f"{about}highlights: 0\n", "Nothing of this is saved any more.\n")
    return note.removesuffix("\n") + own


def kept_name(name: str, there: Iterable[str]) -> str:
    """The file that holds a note already, whatever it was called by then; else the name that it would get now."""
    end = name[-_KEY_END:].lstrip()
    same = [one for one in there if one == end or (one.endswith(f" {end}") and one[0] != ".")]
    return name if name in same else min(same, default=name)


def _own(existing: str) -> str | None:
    """What its owner wrote below the line of a note; None where it is not ours, or was edited above the line."""
    if (end := _END.search(existing)) is None:
        return None
    above = existing[: end.end()].removeprefix("\ufeff").replace("\r\n", "\n")
    sealed = _HASH.search(above)
    if not above.startswith("---\n") or sealed is None or sealed[1] != _seal(_HASH.sub("", above, count=1)):
        return None
    return existing[end.end() :]


# --- what a note is of -----------------------------------------------------------------------------------------------


def key_of(highlight: Highlight, per: Per) -> str:
    """Tells which note a highlight is in: the same for all that are in one, whatever else is saved."""
    if per is Per.ARTICLE:
        return work_key(highlight)
    return digest(per, unicodedata.normalize("NFC", _name(highlight, per)).casefold())


def _name(highlight: Highlight, per: Per) -> str:
    return one_line(highlight.outlet if per is Per.OUTLET else highlight.speaker or "")


def _sources(highlights: Iterable[Highlight], per: Per) -> list[tuple[str, str, list[Work]]]:
    """Each note's heading, key and articles, in the order in which the first of each was saved."""
    found: dict[str, list[Highlight]] = {}
    for one in sorted(highlights, key=lambda one: (one.created, one.uid)):
        found.setdefault(key_of(one, per), []).append(one)
    # What is told of an article is what came with this note's highlights, so that no other changes the note.
    return [(_heading(saved[0], per, about), key, about) for key, saved in found.items() if (about := works(saved))]


def _heading(first: Highlight, per: Per, about: list[Work]) -> str:
    match per:
        case Per.ARTICLE:
            return about[0].title or "Untitled"
        case Per.SPEAKER:
            return _name(first, per) or "Nobody by name"
        case Per.OUTLET:
            return _name(first, per) or "No outlet"


def _front_matter(heading: str, per: Per, about: list[Work]) -> str:
    saved = [one for work in about for one in work.highlights]
    facts: dict[str, object] = {"title": heading}
    if per is Per.ARTICLE:
        (work,) = about
        facts |= {
            "url": work.url,
            "outlet": work.outlet,
            "author": [author.name for author in work.authors],
            "published": work.published.date().isoformat() if work.published else "",
        }
    else:
        facts |= {str(per): _name(saved[0], per), "articles": len(about)}
    facts |= {
        "tags": sorted({tag for work in about for tag in map(_tag, work.tags)} - {""}),
        "highlights": len(saved),
        "newsreader": [one_line(one.uid) for one in saved],
    }
    return "".join(f"{name}: {yaml(value)}\n" for name, value in facts.items() if value)


def _tag(tag: str) -> str:
    """A tag as Obsidian has them: one word of letters, numbers, `-`, `_` and `/`."""
    word = re.sub(r"[^\w/-]+", "-", tag).strip("-/")
    return f"{word}-" if word.isdecimal() else word


def _sealed(front_matter: str, body: str) -> str:
    unsealed = f"---\n{front_matter}---\n\n{body}\n{OWN_WORDS}"
    return f'---\n{front_matter}newsreader-hash: "{_seal(unsealed)}"\n---\n\n{body}\n{OWN_WORDS}\n'


def _seal(text: str) -> str:
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


# --- file names ------------------------------------------------------------------------------------------------------


def _file_name(day: str, heading: str, key: str) -> str:
    """2026-11-12 Report due in spring 1f0c2a9b3d.md: letters, digits, spaces and hyphens, 120 bytes at the most."""
    end = f" {key[:10]}.md"
    start = " ".join(filter(None, (day, _words(heading))))
    fitting = start.encode()[: _NAME_BYTES - len(end)].decode("utf-8", "ignore").rstrip()
    return f"{fitting}{end}".lstrip()


def _words(heading: str) -> str:
    """The words of a heading; every character but letters, digits and hyphens between them is a space."""
    kept: list[str] = []
    for character in unicodedata.normalize("NFC", heading[:200]):
        kind = unicodedata.category(character)[0]
        joined = kept and kept[-1] not in " -"
        kept.append(character if kind in "LN" or (joined and (kind == "M" or character == "-")) else " ")
    return " ".join(word.strip("-") for word in "".join(kept).split() if word.strip("-"))
