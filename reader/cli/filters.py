"""The filters: each stage of the reader on its own, from a file, URL or standard input to JSON (docs/json.md)."""

from __future__ import annotations

import argparse
import contextlib
import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from reader.cli.commands import Commands
from reader.cli.output import FAILED, OK, Failure, read_bytes, settings, tell, write_json, write_line
from reader.text import shown_url

if TYPE_CHECKING:
    from reader.model import Article


def offer(commands: Commands) -> None:
    """Declare them."""
    for name, run, text in (
        ("feed", parse_feed, "parse a feed and print it as JSON"),
        ("extract", extract_article, "take the article out of a page and print it as JSON"),
        ("claims", find_claims, "find who said what in a text or page and print it as JSON"),
        ("stories", group_stories, "group articles by story, in order of time; one JSON object a line"),
        ("ledger", line_up, "line up what the articles of one story claim; articles a line, one object out"),
        ("compare", compare_sentences, "tell whether two sentences say the same; one JSON object a line"),
    ):
        one = commands.add(name, run, text, _EXAMPLES.get(name, ""))
        lines = name in ("stories", "ledger", "compare")
        one.add_argument(
            "input",
            nargs="?",
            default="-",
            metavar="FILE|-" if lines else "FILE|URL|-",
            help="what to read; - is standard input",
        )
        if lines:
            one.add_argument(
                "--jsonl", action="store_true", help="a JSON object a line, the only form; see docs/json.md"
            )
            continue
        form = one.add_mutually_exclusive_group()
        form.add_argument("--json", action="store_true", help="one object for one input (the default)")
        form.add_argument("--jsonl", action="store_true", help="one object a line in, one a line out; see docs/json.md")


def parse_feed(arguments: argparse.Namespace) -> int:
    """Parse feeds."""

    def one(work: Work, given: Given) -> dict[str, Any]:
        from reader.feeds.as_json import feed_json
        from reader.feeds.parse import parse

        return feed_json(work.run(parse, given.body, url=given.url, content_type=given.content_type))

    return _filter(arguments, one, inline=None)


def extract_article(arguments: argparse.Namespace) -> int:
    """Take articles out of pages."""

    def one(work: Work, given: Given) -> dict[str, Any]:
        from reader.articles.as_json import article_json

        return article_json(work.article(given), id=given.line.get("id"))

    return _filter(arguments, one, inline="html")


def find_claims(arguments: argparse.Namespace) -> int:
    """Find who said what."""

    def one(work: Work, given: Given) -> dict[str, Any]:
        from reader.claims.view import claims_json
        from reader.library import steps
        from reader.text import clean

        text, line = given.body.decode("utf-8", "replace"), given.line
        if not isinstance(line.get("text"), str):  # a page, the output of `extract`, or bare text
            if text.lstrip()[:1] == "<" or "html" in (given.content_type or ""):
                article = work.article(given)
                line = line | {"text": article.text, "title": article.title}
            elif isinstance((extracted := _object(text) or {}).get("text"), str):
                line = extracted | line
            else:
                line = line | {"text": text}
        text, title = clean(line["text"]), line.get("title")
        title = clean(title) if isinstance(title, str) else ""
        found = work.run(steps.find_claims, text, title, None, longer=steps.longer_for(text))
        return claims_json(found, id=line.get("id"), text=text)

    return _filter(arguments, one, inline="text")


def group_stories(arguments: argparse.Namespace) -> int:
    """Give each article its story, from the lines before it alone."""

    from reader.stories.cluster import Stories, story_json
    from reader.stories.score import story_doc

    stories = Stories()
    code = OK
    for line, wrong in _lines(_source(arguments.input)):
        try:
            if wrong:
                raise Failure(wrong)
            answer = story_json(stories.add(story_doc(line)))
        except (Failure, ValueError) as refused:
            answer, code = {"id": line.get("id"), "error": str(refused)}, FAILED
        write_line(answer)
    return code


def line_up(arguments: argparse.Namespace) -> int:
    """Line up the claims of the articles of one story."""
    from reader.library import steps
    from reader.library.workers import WorkerError
    from reader.model import StoryDoc, Telling
    from reader.stories import ARTICLES, chosen, telling
    from reader.stories.ledger import ledger_json
    from reader.stories.score import story_doc

    code, docs, tellings = OK, dict[str, StoryDoc](), list[Telling]()
    for line, wrong in _lines(_source(arguments.input)):
        try:
            if wrong:
                raise Failure(wrong)
            doc = story_doc(line)
            if doc.id in docs:
                raise Failure(f"the article {doc.id} comes twice")
        except (Failure, ValueError) as refused:
            tell(f"{line['id']}: {refused}." if "id" in line else f"{refused}.")
            code = FAILED
            continue
        docs[doc.id] = doc
    if len(docs) > ARTICLES:
        tell(f"Of {len(docs)} articles the first and the latest are lined up, {ARTICLES} together.")
    with contextlib.ExitStack() as stack:
        work = Work(arguments, stack)
        for doc in chosen(docs.values()):
            try:
                longer = steps.longer_for(doc.text)
                found = work.run(steps.find_claims, doc.text, doc.title, doc.outlet, longer=longer)
            except WorkerError as refused:
                tell(f"{doc.id}: {refused}.")
                code = FAILED
                continue
            tellings.append(telling(doc, found))
        if not tellings:
            raise Failure("There is no article to line up.")
        try:
            write_json(ledger_json(work.run(steps.line_up, tellings, longer=len(tellings) / 4)))
        except WorkerError as error:
            raise Failure(f"The articles can't be lined up: {error}.") from None
    return code


def compare_sentences(arguments: argparse.Namespace) -> int:
    """Compare two sentences a line."""
    from reader.stories.compare import compare, compared_json
    from reader.text import clean

    code = OK
    for line, wrong in _lines(_source(arguments.input)):
        try:
            if wrong:
                raise Failure(wrong)
            sides = [line.get(key) for key in ("a", "b")]
            if not all(isinstance(side, str) for side in sides):
                raise Failure("the line does not have two sentences, a and b")
            one, other = (clean(str(side)[:_SENTENCE]) for side in sides)
            answer = compared_json(compare(one, other), id=line.get("id"))
        except Failure as refused:
            answer, code = {"id": line.get("id"), "error": str(refused)}, FAILED
        write_line(answer)
    return code


_SENTENCE = 4_000
"""Characters of a sentence that are looked at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """One input of a filter."""

    body: bytes
    url: str = ""
    content_type: str | None = None
    line: dict[str, Any] = field(default_factory=dict)
    """The JSON object that named or carried it, if one did."""
    fetched: bool = False
    """It came from `url` just now."""


class Work:
    """Runs the domains in worker processes, which a hostile input can kill without harm, and fetches for them."""

    def __init__(self, arguments: argparse.Namespace, stack: contextlib.ExitStack) -> None:
        from reader.library.workers import Workers

        self._arguments = arguments
        self._stack = stack
        self._workers = stack.enter_context(Workers())
        self._net: Any = None

    def run(self, step: Any, *given: Any, longer: float = 0, **named: Any) -> Any:
        """Run a function of a pure domain and wait for it, `longer` seconds more than for others if need be."""
        return self._workers.submit_longer(longer, step, *given, **named).result()

    def article(self, given: Given) -> Article:
        """The article of a page; a page that was fetched is read on where the article goes on."""
        from reader.library.pages import whole

        first = self._extracted(given)
        return whole(first, self._further) if given.fetched else first

    def _extracted(self, given: Given) -> Article:
        from reader.library.steps import read_page

        article: Article = self.run(read_page, given.body, given.url, given.content_type)
        return article

    def _further(self, url: str) -> Article:
        return self._extracted(self._fetched(url, is_page=True))

    def given(self, url: str, *, is_page: bool) -> Given:
        """A page or feed, asked for as the reader itself would; what fails is a Failure."""
        from reader.net import NetError

        try:
            return self._fetched(url, is_page=is_page)
        except NetError as error:
            raise Failure(f"{shown_url(url)}: {error}") from None

    def _fetched(self, url: str, *, is_page: bool) -> Given:
        from reader.net import FEED, PAGE, Net  # only when asked to fetch: it takes as long as all else

        if self._net is None:
            from reader.library.library import utc_now

            allowed = settings(self._arguments).network.allow_private
            self._net = self._stack.enter_context(Net(allow_private=allowed, now=utc_now))
        response = self._net.fetch(url, accept=PAGE if is_page else FEED)
        return Given(body=response.body, url=response.url, content_type=response.content_type, fetched=True)


def _filter(arguments: argparse.Namespace, one: Any, *, inline: str | None) -> int:
    """Run a filter over one input, or over each line.

    `inline` is the key under which a line may carry the input; what none may carry is a feed.
    """
    from reader.articles import ExtractError
    from reader.feeds import FeedError
    from reader.library.workers import WorkerError

    refusals = (Failure, FeedError, ExtractError, WorkerError)
    with contextlib.ExitStack() as stack:
        work = Work(arguments, stack)
        if not arguments.jsonl:
            try:
                write_json(one(work, _input(arguments.input, work, inline)))
            except Failure:
                raise
            except refusals as error:
                raise Failure(f"{shown_url(arguments.input)}: {error}.") from None
            return OK
        code = OK
        for line, wrong in _lines(_source(arguments.input)):
            try:
                if wrong:
                    raise Failure(wrong)
                answer = {"id": line.get("id")} | one(work, _line_input(line, work, inline))
            except refusals as refused:
                answer, code = {"id": line.get("id"), "error": str(refused)}, FAILED
            write_line(answer)
        return code


def _input(name: str, work: Work, inline: str | None) -> Given:
    """A file, URL or standard input."""
    if name.lower().startswith(("http://", "https://")):
        return work.given(name, is_page=inline is not None)
    return Given(body=read_bytes(name))


def _line_input(line: dict[str, Any], work: Work, inline: str | None) -> Given:
    """What a line carries or names."""
    url = line["url"] if isinstance(line.get("url"), str) else ""
    if inline and isinstance(line.get(inline), str):
        # The words are Unicode already: whatever charset a page states of itself is out of date.
        body = line[inline].encode("utf-8", "replace")
        return Given(body=body, url=url, content_type="text/html; charset=utf-8", line=line)
    if isinstance(path := line.get("path"), str):
        if path == "-":
            raise Failure("a line can't name standard input")
        return Given(body=read_bytes(path), url=url, line=line)
    if url:  # never a file: lines are often made from feeds
        return replace(work.given(url, is_page=inline is not None), line=line)
    raise Failure("the line has neither " + " nor ".join(filter(None, (inline, "path", "url"))))


def _source(name: str) -> IO[bytes]:
    try:
        return sys.stdin.buffer if name == "-" else Path(name).open("rb")
    except (OSError, ValueError) as error:
        raise Failure(f"{name} can't be read: {getattr(error, 'strerror', None) or error}.") from None


def _lines(source: IO[bytes]) -> Iterator[tuple[dict[str, Any], str | None]]:
    """The objects of a JSON Lines file, each with what is wrong with it; empty lines are passed over."""
    with source:
        for number, line in enumerate(source, 1):
            if line.strip():
                given = _object(line.decode("utf-8", "replace"))
                yield given or {}, None if given is not None else f"line {number} is not a JSON object"


def _object(text: str) -> dict[str, Any] | None:
    try:
        given = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return given if isinstance(given, dict) else None


_EXAMPLES = {
    "feed": """\
  newsreader feed https://example.org/feed
  newsreader feed --jsonl < feeds.jsonl
""",
    "extract": """\
  newsreader extract https://example.org/story.html
  newsreader extract page.html | newsreader claims -
  newsreader extract --jsonl < pages.jsonl
""",
    "claims": """\
  newsreader claims article.txt
  newsreader claims https://example.org/story.html
  newsreader claims --jsonl < articles.jsonl
""",
}
