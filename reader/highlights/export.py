"""Highlights as files, in every format there is."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from reader.highlights.works import works
from reader.model import Highlight
from reader.words import _


class Format(StrEnum):
    """What highlights can be written as."""

    MARKDOWN = "markdown"
    HTML = "html"
    BIBTEX = "bibtex"
    CSL = "csl-json"
    JSON = "json"
    ANNOTATIONS = "jsonld"
    """W3C Web Annotations."""
    CSV = "csv"
    """Readwise's columns first."""

    @property
    def suffix(self) -> str:
        """What names of such files end with."""
        return _SUFFIXES[self]


_SUFFIXES = {
    Format.MARKDOWN: ".md",
    Format.HTML: ".html",
    Format.BIBTEX: ".bib",
    Format.CSL: ".json",
    Format.JSON: ".json",
    Format.ANNOTATIONS: ".jsonld",
    Format.CSV: ".csv",
}


def written(highlights: Iterable[Highlight], format: Format, *, template: str | None = None) -> str:
    """Write highlights as a file; the same whatever the order they are given in, and whenever it is written.

    `template` is Jinja2, for Markdown and HTML in place of the ones that we bring. Raises ValueError, in one sentence,
    for one that is wrong, or that is given for another format.
    """
    # Each loads what it needs when it is asked for: a citation needs no Jinja2.
    from reader.highlights import bibliography, exchange

    match format:
        case Format.MARKDOWN | Format.HTML:
            from reader.highlights.rendering import Template

            return Template(template, html=format is Format.HTML).render("Highlights", works(highlights))
        case _ if template is not None:
            raise ValueError(_("A template makes Markdown or HTML, nothing else."))
        case Format.BIBTEX:
            return bibliography.to_bibtex(highlights)
        case Format.CSL:
            return bibliography.to_csl(highlights)
        case Format.JSON:
            return exchange.to_json(highlights)
        case Format.ANNOTATIONS:
            return exchange.to_annotations(highlights)
        case Format.CSV:
            return exchange.to_csv(highlights)
