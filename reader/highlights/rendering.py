"""Highlights through Jinja2 templates, ours or a person's own, as Markdown or HTML.

A person's own runs in Jinja2's sandbox. What a template prints is escaped for the format, unasked: in Markdown,
every expression goes through `markdown.escape` unless it is marked safe.
"""

from __future__ import annotations

import json
import re
from base64 import b64encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, TypeVar

from reader.highlights import markdown
from reader.highlights.byline import listed
from reader.highlights.citation import citation
from reader.highlights.works import Work, day, who
from reader.model import CitationStyle, Highlight
from reader.text import clean, one_line
from reader.words import _

if TYPE_CHECKING:
    from jinja2 import Environment

T = TypeVar("T")

_FOLDER = Path(__file__).parent / "templates"
_NAME = "<template>"
"""What Jinja2 calls a template that was given as text."""

# What YAML lets nobody write as it is, in quotation marks either.
_UNPRINTABLE = re.compile("[^\t\n\r\x20-\x7e\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class Saved:
    """A highlight as templates see it; text without what steers a terminal, and `None` for nothing nowhere."""

    _highlight: Highlight
    uid: str
    kind: str
    words: str
    """What was saved; its line breaks stay."""
    speaker: str
    source: str
    via: tuple[str, ...]
    who: str
    """Who said it, with those it came through: Ana Duarte (via Lusa)."""
    note: str
    tags: tuple[str, ...]
    color: str
    created: datetime
    changed: datetime


@dataclass(frozen=True)
class Article:
    """An article as templates see it."""

    title: str
    url: str
    """A web address, or empty."""
    outlet: str
    author: str
    published: datetime | None
    day: str
    """The day on which it was published: 12 November 2026."""
    tags: list[str]
    highlights: list[Saved]


class Template:
    """A template that was read once, to be rendered many times; without a source, the one that we bring."""

    def __init__(self, source: str | None, *, html: bool) -> None:
        """`source` is Jinja2; raises ValueError, in one sentence with its line, where it is no template."""
        self._html = html
        self._ours = source is None
        name = "highlights.html.j2" if html else "highlights.md.j2"
        self._source = source if source is not None else (_FOLDER / name).read_text(encoding="utf-8")
        self._render = self._guarded(lambda: self._environment.from_string(self._source).render)

    def render(self, heading: str, works: Sequence[Work], *, per: str = "") -> str:
        """What the template makes of articles and of all that it is given beside them.

        `per` is what a note is for, empty for a file of all. Raises ValueError, in one sentence with the
        line, where the template asks for something that there isn't.
        """
        articles = [_told(work) for work in works]
        context: dict[str, object] = {
            "heading": one_line(heading),
            "per": per,
            "articles": articles,
            "count": sum(len(article.highlights) for article in articles),
        }
        if self._html:
            context |= self._style
        return self._guarded(lambda: self._render(context)).rstrip("\n") + "\n"

    @cached_property
    def _environment(self) -> Environment:
        from jinja2 import Environment, StrictUndefined, Undefined
        from jinja2.sandbox import ImmutableSandboxedEnvironment
        from markupsafe import Markup

        def shown(value: Any) -> Any:
            """What an expression prints."""
            if value is None:
                return ""
            if self._html or isinstance(value, Markup | Undefined):
                return value
            return Markup(markdown.escape(str(value)))

        def cited(one: Saved, style: str = CitationStyle.PLAIN) -> str:
            line = citation(one._highlight, CitationStyle(style))
            return Markup(line) if style == CitationStyle.MARKDOWN and not self._html else line

        # Ours needs no sandbox, which takes a third as long again.
        kind = Environment if self._ours else ImmutableSandboxedEnvironment
        environment = kind(
            autoescape=True,
            finalize=shown,
            keep_trailing_newline=True,
            lstrip_blocks=True,
            trim_blocks=True,
            undefined=StrictUndefined,
        )
        environment.filters |= {"cited": cited, "day": day}
        if not self._html:
            environment.filters |= {
                "markdown": lambda text: Markup(markdown.escape(str(text))),
                "quoted": lambda text: Markup(markdown.quoted(str(text))),
                "link": lambda article: Markup(markdown.link(article.title, article.url)),
                "address": lambda article: Markup(f"<{article.url}>" if article.url else ""),
                "yaml": lambda value: Markup(yaml(value)),
            }
        return environment

    @cached_property
    def _style(self) -> dict[str, object]:
        """The style sheet and the one thing that a page allows itself: this style sheet, by its hash."""
        from markupsafe import Markup

        css = (_FOLDER / "highlights.css").read_text(encoding="utf-8")
        hashed = b64encode(sha256(css.encode()).digest()).decode()
        policy = f"default-src 'none'; style-src 'sha256-{hashed}'; base-uri 'none'; form-action 'none'"
        return {"css": Markup(css), "policy": policy}

    def _guarded(self, work: Callable[[], T]) -> T:
        """What `work` gives; whatever a template does wrong is one plain sentence."""
        from jinja2 import TemplateSyntaxError

        try:
            return work()
        except TemplateSyntaxError as error:
            raise _wrong(error, error.lineno) from error
        except Exception as error:  # Expressions raise all that Python can.
            raise _wrong(error, _line(error.__traceback__)) from error


def yaml(value: object) -> str:
    """A string, a number, or a list of them as YAML on one line; strings in quotation marks, as JSON writes them."""
    text = json.dumps(value, ensure_ascii=False, default=str)
    return _UNPRINTABLE.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def _told(work: Work) -> Article:
    return Article(
        title=work.title or "Untitled",
        url=work.url,
        outlet=work.outlet,
        author=listed([author.name for author in work.authors]),
        published=work.published,
        day=day(work.published),
        tags=work.tags,
        highlights=[_saved(one) for one in work.highlights],
    )


def _saved(one: Highlight) -> Saved:
    return Saved(
        _highlight=one,
        uid=one_line(one.uid),
        kind=one.kind.value,
        words=clean(one.quote.exact).strip(),
        speaker=one_line(one.speaker or ""),
        source=one_line(one.source or ""),
        via=tuple(map(one_line, one.via)),
        who=who(one),
        note=clean(one.note).strip(),
        tags=tuple(filter(None, map(one_line, one.tags))),
        color=one.color.value if one.color else "",
        created=one.created,
        changed=one.changed,
    )


def _wrong(error: Exception, line: int) -> ValueError:
    why = one_line(str(error)).replace(f"{__name__}.", "").rstrip(".") or type(error).__name__
    if line:
        return ValueError(_("The template is wrong in line {line}: {why}.").format(line=line, why=why))
    return ValueError(_("The template is wrong: {why}.").format(why=why))


def _line(trace: TracebackType | None) -> int:
    """The line of the template in which it went wrong; 0 for none."""
    line = 0
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == _NAME:
            line = trace.tb_lineno
        trace = trace.tb_next
    return line
