"""Text as Markdown that shows it and nothing else: CommonMark, GitHub's, and Obsidian's with its own marks."""

from __future__ import annotations

import re

from reader.text import clean, one_line

# What means something anywhere; then what does so only at the start of a line. `$` begins mathematics, `%%` a comment
# and `==` a highlight in Obsidian, `^` the name of a block.
_SPECIAL = re.compile(r"[\\`*_{}\[\]<>#|~&@$%=^]|:(?=//)|(?<=[wW])\.")
_OPENS_BLOCK = re.compile(r"^(?:[-+:]|\d+[.)])")


def escape(text: str) -> str:
    """Escape text; its line breaks stay, its indentation does not."""
    return "\n".join(_escape(one_line(line)) for line in clean(text).strip().split("\n"))


def escape_line(text: str) -> str:
    """Escape text and fold it into one line."""
    return _escape(one_line(text))


def quoted(text: str) -> str:
    """Text as a block quote, a line of it a line."""
    return "\n".join(f"> {line}".rstrip() for line in escape(text).split("\n"))


def link(text: str, url: str) -> str:
    """A link with a text; the text alone where there is no address. `url` is one that `works.web` made."""
    shown = escape_line(text)
    if not url:
        return shown
    address = url.replace("(", "%28").replace(")", "%29").replace("&", "\\&")
    return f"[{shown}]({address})" if shown else f"<{url}>"


def _escape(line: str) -> str:
    escaped = _SPECIAL.sub(r"\\\g<0>", line)
    return _OPENS_BLOCK.sub(lambda match: match[0][:-1] + "\\" + match[0][-1], escaped, count=1)
