"""The plainest pieces of HTML, read without a tree: paragraphs with links and stressed words, and nothing else.

Much of what feeds carry is no more than that, and a refresh reads thousands of them. What is read here is what the tree
would say, in half the time; all else is left to the tree.
"""

from __future__ import annotations

import re
from typing import cast

from lxml.html import HtmlElement

from reader.articles.render import INVISIBLE, Piece, Writer
from reader.text import clean, unescaped

_TOKEN = re.compile(
    r"""(?P<text>[^<>]+)
      | <(?P<name>p|br|a|em|strong|i|b)(?P<attributes>(?:\s+[a-z-]+="[^"<>]*")*)\s*(?P<void>/?)>
      | </(?P<closes>p|a|em|strong|i|b)>""",
    re.VERBOSE,
)
_HREF = re.compile(r'\shref="([^"]*)"')
_TELLING = re.compile(r"\s(?:style|hidden)=")
"""Attributes that may hide an element."""
_REFERENCE = re.compile(r"&#(?:[xX]([0-9a-fA-F]+)|(\d+))")
_BARE_AMPERSAND = re.compile(r"&(?!amp;)")
_NONCHARACTER = re.compile("[\0\ufffe\uffff]")
_DEEPEST = 8


class _Element:
    """An element as far as `Writer` looks at one."""

    __slots__ = ("_href", "tag")
    text = None

    def __init__(self, tag: str, href: str | None) -> None:
        self.tag = tag
        self._href = href

    def get(self, name: str) -> str | None:
        """Its only attribute that counts."""
        return self._href if name == "href" else None

    def getparent(self) -> None:
        """The tree that there is not."""


def _element(tag: str, href: str | None = None) -> HtmlElement:
    return cast(HtmlElement, _Element(tag, href))


def plain_fragment(content: str) -> list[Piece] | None:
    """The blocks of a piece of HTML that is as plain as can be; None where it is not."""
    if _NONCHARACTER.search(content):
        return None
    content = INVISIBLE.sub("", clean(content))
    writer, opened, at = Writer(None), list[HtmlElement](), 0
    for token in _TOKEN.finditer(content):
        if token.start() != at:
            return None
        at = token.end()
        if token.lastgroup == "text":
            words = _words(token[0])
            if words is None:
                return None
            writer.write(words)
        elif token.lastgroup == "closes":
            if not opened or opened[-1].tag != token["closes"]:
                return None
            writer.leave(opened.pop())
        elif not _open(writer, opened, token):
            return None
    if at < len(content):
        return None
    if opened and (len(opened) > 1 or opened[0].tag != "p"):
        return None
    if opened:
        writer.leave(opened.pop())
    writer.flush()
    return [piece._replace(element=None) for piece in writer.pieces]


def _open(writer: Writer, opened: list[HtmlElement], token: re.Match[str]) -> bool:
    """Begin an element; False where browsers would do more than that."""
    name, attributes = token["name"], token["attributes"]
    if name == "br":
        tag = _element("br")
        writer.enter(tag)
        writer.leave(tag)
        return True
    if token["void"] or _TELLING.search(attributes) or len(opened) > _DEEPEST:
        return False
    href = None
    if name == "p":
        if attributes or len(opened) > 1 or (opened and opened[0].tag != "p"):
            return False
        if opened:  # one that was left open
            writer.leave(opened.pop())
    elif name == "a":
        link = _HREF.search(attributes)
        href = link[1] if link else None
        if (href and _BARE_AMPERSAND.search(href)) or any(tag.tag == "a" for tag in opened):
            return False
        href = href and INVISIBLE.sub("", clean(href.replace("&amp;", "&")))
    opened.append(_element(name, href))
    writer.enter(opened[-1])
    return True


def _words(text: str) -> str | None:
    """What a text says; None for references to what is no character."""
    if "&" not in text:
        return text
    for reference in _REFERENCE.finditer(text):
        code = int(reference[1], 16) if reference[1] else int(reference[2]) if len(reference[2]) < 9 else 0
        if code < 32 or 127 <= code < 160 or 0xD800 <= code < 0xE000 or code & 0xFFFE == 0xFFFE or code > 0x10FFFF:
            return None
    return INVISIBLE.sub("", clean(unescaped(text)))
