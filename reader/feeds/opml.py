"""Lists of subscriptions as OPML 2.0 (http://opml.org/spec2.opml), which every reader writes and few write well."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any

from lxml import etree

from reader.feeds import FeedError
from reader.feeds.links import absolute
from reader.model import Outline
from reader.text import one_line

_BETWEEN = " / "
_DEEPEST = 32
"""Folders beyond this depth are merged into the one above, or a path could outgrow the file it came from."""
_STRAY_AMPERSAND = re.compile(rb"&(?!(?:#[0-9]{1,7}|#x[0-9a-fA-F]{1,6}|amp|lt|gt|quot|apos);)")
_QUOTATION_MARK = re.compile(rb"""(?P<opens>(?<==))?"(?P<closes>(?=\s+[\w:]+="|\s*[/?]?>\s*(?:<|$)))?""")
_FEED_TYPES = ("rss", "atom", "link", "include")
_NOT_XML = {0xFFFE: 0xFFFD, 0xFFFF: 0xFFFD}


def read(body: bytes) -> tuple[tuple[Outline, ...], tuple[str, ...]]:
    """The subscriptions in a file, and a line for each item that is refused, with the reason.

    A file that is not well-formed is read as far as it can be. Raises `FeedError` for what is no OPML.
    """
    if not body.strip():
        raise FeedError("it is empty")
    outlines = _Outlines()
    try:
        _parse(body, outlines, recover=False)
    except (etree.XMLSyntaxError, ValueError, LookupError):
        outlines = _Outlines()
        _parse(_repaired(body), outlines, recover=True)
        stated = body.replace(b"\0", b"").lower().count(b"xmlurl")
        if outlines.is_opml and (lost := stated - len(outlines.found) - len(outlines.refused)) > 0:
            outlines.refused.append(f"{lost} more could not be read: the file is not well-formed there")
    if not outlines.is_opml:
        raise FeedError("it is not OPML")
    return tuple(outlines.found), tuple(outlines.refused)


def _parse(body: bytes, outlines: _Outlines, *, recover: bool) -> None:
    # Only entities the file itself defines are resolved, and as `huge_tree` is off, libxml2 keeps its limits on their
    # growth and on depth (256).
    etree.fromstring(body, etree.XMLParser(target=outlines, recover=recover, no_network=True, load_dtd=False))


def _repaired(body: bytes) -> bytes:
    """Escape the ampersands and quotation marks that people leave bare in attributes.

    libxml2's own recovery would drop the word after such an ampersand, and the rest of an outline after such a mark.
    """
    if b"\0" in body:  # UTF-16, where neither is one byte
        return body
    inside = False

    def escaped(mark: re.Match[bytes]) -> bytes:
        nonlocal inside
        if inside and mark["closes"] is None:
            return b"&quot;"
        inside = not inside and mark["opens"] is not None
        return mark[0]

    return _QUOTATION_MARK.sub(escaped, _STRAY_AMPERSAND.sub(b"&amp;", body))


class _Outlines:
    """Receives the parser's events; builds no tree."""

    def __init__(self) -> None:
        self.is_opml = False
        self.found: list[Outline] = []
        self.refused: list[str] = []
        self._folders: list[str | None] = [None]

    def start(self, tag: str | bytes, attrib: Mapping[Any, Any]) -> None:
        if str(tag).lower() == "opml":
            self.is_opml = True
        elif str(tag).lower() == "outline":
            self._folders.append(self._outline({str(key).lower(): str(value) for key, value in attrib.items()}))

    def end(self, tag: str | bytes) -> None:
        if str(tag).lower() == "outline" and len(self._folders) > 1:
            self._folders.pop()

    def data(self, data: str | bytes) -> None: ...

    def comment(self, text: str | bytes) -> None: ...

    def close(self) -> None: ...

    def _outline(self, attributes: Mapping[str, str]) -> str | None:
        """Take or refuse a subscription; returns the folder that what stands inside this outline belongs to."""
        folder = self._folders[-1]
        text, title = one_line(attributes.get("text", "")), one_line(attributes.get("title", ""))
        address = attributes.get("xmlurl", "").strip()
        if address and (url := absolute(address)):
            site = absolute(attributes.get("htmlurl", ""))
            self.found.append(Outline(url=url, title=title or text, site=site, folder=folder))
        elif address:
            shown = one_line(address)[:80]
            self.refused.append(f"{title or text or 'An item'}: {shown} is not an http or https address")
        elif (kind := attributes.get("type", "").lower()) in _FEED_TYPES:
            self.refused.append(f"{title or text or 'An item'}: it is marked {kind} but has no feed address")
        elif name := text or title:
            if folder is None:
                return name
            return f"{folder}{_BETWEEN}{name}" if len(self._folders) <= _DEEPEST else folder
        return folder


def write(outlines: Iterable[Outline], *, title: str, created: datetime) -> bytes:
    """The subscriptions as an OPML file, in the order given; neighbours in one folder share its outline."""
    opml = etree.Element("opml", version="2.0")
    head = etree.SubElement(opml, "head")
    etree.SubElement(head, "title").text = _xml(title)
    etree.SubElement(head, "dateCreated").text = format_datetime(created.astimezone(UTC), usegmt=True)
    open_folders: list[tuple[str, etree._Element]] = [("", etree.SubElement(opml, "body"))]
    for outline in outlines:
        path = _xml(outline.folder or "").split(_BETWEEN) if outline.folder else []
        shared = 0
        while shared < len(path) and shared + 1 < len(open_folders) and open_folders[shared + 1][0] == path[shared]:
            shared += 1
        del open_folders[shared + 1 :]
        for name in path[shared:]:
            open_folders.append((name, etree.SubElement(open_folders[-1][1], "outline", text=name)))
        name = _xml(outline.title)
        attributes = {"type": "rss", "text": name, "title": name, "xmlUrl": _xml(outline.url)}
        if outline.site:
            attributes["htmlUrl"] = _xml(outline.site)
        etree.SubElement(open_folders[-1][1], "outline", attributes)
    return etree.tostring(opml, encoding="UTF-8", xml_declaration=True, pretty_print=True)


def _xml(text: str) -> str:
    return one_line(text).translate(_NOT_XML)
