"""What the objects of each JSON format state, by the names of our own: `fields.highlight` checks it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from reader.highlights.bring_in.fields import LAST_OFFSET, Facts, Refused
from reader.model import HighlightKind
from reader.words import _

Shape = Callable[[dict[str, Any]], Facts]
"""Reads the facts of one object; raises `Refused` where it is no highlight."""

_MOST_PARTS = 1_000


def shape(item: object) -> Shape | None:
    """The format of an object by its looks; None where it is of none."""
    if isinstance(item, dict):
        if "quote" in item:
            return ours
        if "Annotation" in _types(item):
            return annotation
        if isinstance(item.get("uri"), str) and ("target" in item or "text" in item):
            return hypothesis
    return None


def ours(item: dict[str, Any]) -> Facts:
    """Our own JSON, also that of before highlights had a `uid`."""
    quote = item.get("quote")
    if quote is None:
        quote = {}
    if not isinstance(quote, dict):
        raise Refused(_("its “{field}” is not an object.").format(field="quote"))
    return item | {name: quote.get(name) for name in ("exact", "prefix", "suffix", "start")} | {"known_as": None}


def annotation(item: dict[str, Any]) -> Facts:
    """A W3C Web Annotation, ours or another program's."""
    if "Annotation" not in _types(item):
        raise Refused(_("it is not an annotation."))
    if "replying" in _several(item.get("motivation")):
        raise Refused(_("it is a reply to another annotation, and highlights no words."))
    target, selectors = _target(item.get("target"))
    quote, start = _quote(selectors)
    source = target.get("source", target.get("id"))
    about = source if isinstance(source, dict) else {}
    url = about.get("id", about.get("@id")) if about else source
    state = next((one for one in _objects(target.get("state")) if "TimeState" in _types(one)), {})
    note, tags = _bodies(item)
    return {
        **quote,
        "start": start,
        "speaker": item.get("nr:speaker"),
        "source": item.get("nr:source"),
        "via": item.get("nr:via"),
        "outlet": item.get("nr:outlet"),
        "title": item.get("nr:title", about.get("title", about.get("dcterms:title"))),
        "author": item.get("nr:author"),
        "url": url if isinstance(url, str) else None,
        "published": item.get("nr:published"),
        "retrieved": state.get("sourceDate"),
        "created": item.get("created"),
        "changed": item.get("modified"),
        "text_hash": item.get("nr:textHash"),
        "note": note,
        "tags": tags,
        "color": item.get("nr:color"),
        "kind": item["nr:kind"] if "nr:kind" in item else _kind(quote, selectors, url),
        "uid": item.get("id", item.get("@id")),
        "known_as": _name(item.get("id", item.get("@id"))),
    }


def hypothesis(item: dict[str, Any]) -> Facts:
    """An annotation of Hypothes.is, as its API and its client export it."""
    if item.get("references"):
        raise Refused(_("it is a reply to another annotation, and highlights no words."))
    target, selectors = _target(item.get("target"))
    quote, start = _quote(selectors)
    url = item.get("uri") or target.get("source")
    document = item.get("document")
    titles = _several(document.get("title")) if isinstance(document, dict) else []
    name = _name(item.get("id"))
    return {
        **quote,
        "start": start,
        "title": titles[0] if titles else None,
        "url": url if isinstance(url, str) else None,
        "created": item.get("created"),
        "changed": item.get("updated"),
        "note": item.get("text"),
        "tags": item.get("tags"),
        "kind": _kind(quote, selectors, url),
        "uid": name,
        # Its address, by which it is known as a Web Annotation too.
        "known_as": name and f"https://hypothes.is/a/{name}",
    }


def _several(value: object) -> list[Any]:
    """What stands alone or in a list, as JSON-LD has it; none for null."""
    if value is None:
        return []
    return value[:_MOST_PARTS] if isinstance(value, list) else [value]


def _objects(value: object) -> list[dict[str, Any]]:
    return [one for one in _several(value) if isinstance(one, dict)]


def _types(item: dict[str, Any]) -> list[Any]:
    stated = _several(item.get("type", item.get("@type")))
    return [one.removeprefix("oa:") if isinstance(one, str) else one for one in stated]


def _name(value: object) -> str | None:
    return value if value and isinstance(value, str) else None


def _target(value: object) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The first target that quotes words, or else the first, and its selectors with those that refine them."""
    targets = [{"source": one} if isinstance(one, str) else one for one in _several(value)]
    read = [(one, list(_selectors(one.get("selector")))) for one in targets if isinstance(one, dict)]
    quoting = (one for one in read if any("TextQuoteSelector" in _types(selector) for selector in one[1]))
    return next(quoting, read[0] if read else ({}, []))


def _selectors(value: object) -> Iterator[dict[str, Any]]:
    waiting = _objects(value)[::-1]
    for _turn in range(_MOST_PARTS):
        if not waiting:
            return
        one = waiting.pop()
        yield one
        waiting += _objects(one.get("refinedBy"))[::-1]


def _quote(selectors: list[dict[str, Any]]) -> tuple[dict[str, Any], int]:
    quote = next((one for one in selectors if "TextQuoteSelector" in _types(one)), {})
    starts = (one.get("start") for one in selectors if "TextPositionSelector" in _types(one))
    start = next((at for at in starts if type(at) is int and 0 <= at <= LAST_OFFSET), -1)
    return {name: quote.get(name) for name in ("exact", "prefix", "suffix")}, start


def _kind(quote: dict[str, Any], selectors: list[dict[str, Any]], url: object) -> HighlightKind:
    """What another program's annotation is of: the whole page where it selects nothing of it."""
    is_page = isinstance(url, str) and url.startswith(("https://", "http://"))
    return HighlightKind.ARTICLE if is_page and not selectors and not quote["exact"] else HighlightKind.WORDS


def _bodies(item: dict[str, Any]) -> tuple[object, list[object]]:
    """The note and the tags; several notes become paragraphs of one."""
    motives = _several(item.get("motivation"))
    notes = [value] if isinstance(value := item.get("bodyValue"), str) else []
    tags: list[object] = []
    for body in _objects(item.get("body")):  # a string is the address of something
        value = body.get("value")
        if value is None:
            continue
        if not isinstance(value, str):
            raise Refused(_("its “{field}” is not text.").format(field="body"))
        purposes = _several(body.get("purpose")) or motives
        if "tagging" in purposes:
            tags.append(value)
        else:
            notes.append(value)
    return "\n\n".join(notes), tags
