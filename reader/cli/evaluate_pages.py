"""`newsreader eval extract`: how much of the articles of pages is read, measured on pages whose text is known."""

from __future__ import annotations

import argparse
import gzip
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reader.cli.commands import Commands, takes_json
from reader.cli.evaluate import share_row
from reader.cli.output import OK, Failure, count, read_bytes, write_json
from reader.text import one_line, shown_url

if TYPE_CHECKING:
    from reader.articles.score import Scores, Truth
    from reader.library.workers import Workers

_AT_ONCE = 2
"""Pages extracted side by side: as many as there are workers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page with the truth about it."""

    truth: Truth
    file: Path
    """Its bytes, packed with gzip."""


def offer(measures: Commands) -> None:
    """Declare it."""
    text = "score the articles that are taken out of pages whose text is known"
    one = measures.add("extract", eval_extract, text, _EXAMPLES)
    takes_json(one)
    help = "a directory of pages with their truth: truth.jsonl and html/ID.html.gz; see docs/json.md"
    one.add_argument("pages", nargs="+", metavar="DIR", help=help)
    one.add_argument("--worst", type=int, default=0, metavar="N", help="also the N pages whose words were found least")


def eval_extract(arguments: argparse.Namespace) -> int:
    """Score the extraction of pages whose text is known."""
    from reader.articles.score import scores_json

    scores = score_pages([page for name in arguments.pages for page in read_pages(name)])
    worst = max(0, arguments.worst)
    if arguments.json:
        write_json(scores_json(scores, worst=worst))
    else:
        print(table(scores, worst=worst))
    return OK


def read_pages(name: str) -> list[Page]:
    """The pages of a directory, in the order of its truth.jsonl."""
    from reader.articles.score import TruthError, read_truth

    folder = Path(name)
    if not (file := folder / "truth.jsonl").is_file():
        raise Failure(f"{name} holds no pages with their truth: there is no truth.jsonl in it.")
    pages = []
    for number, line in enumerate(read_bytes(str(file)).split(b"\n"), 1):
        if not line.strip():
            continue
        try:
            truth = read_truth(line)
        except TruthError as error:
            raise Failure(f"{file}, line {number} is not the truth of a page: {error}.") from None
        if Path(truth["id"]).name != truth["id"]:
            raise Failure(f"{file}, line {number} has an id that is no file's name.")
        pages.append(Page(truth=truth, file=folder / "html" / f"{truth['id']}.html.gz"))
        if not pages[-1].file.is_file():
            raise Failure(f"{file}, line {number} is of a page that is not there: {pages[-1].file}.")
    if not pages:
        raise Failure(f"{file} is empty.")
    return pages


def score_pages(pages: Sequence[Page]) -> Scores:
    """Extract pages in worker processes, which a hostile one can kill without harm, and score them."""
    from concurrent.futures import ThreadPoolExecutor

    from reader.articles.score import score
    from reader.library.workers import Workers

    with Workers(processes=_AT_ONCE) as workers, ThreadPoolExecutor(_AT_ONCE) as threads:
        articles = list(threads.map(partial(_extracted, workers), pages))
    return score([page.truth for page in pages], articles)


def _extracted(workers: Workers, page: Page) -> dict[str, Any] | None:
    """The article of a page as JSON; None where there is none."""
    from reader.articles import ExtractError
    from reader.articles.as_json import article_json
    from reader.library.steps import read_page
    from reader.library.workers import WorkerError

    try:
        html = gzip.decompress(page.file.read_bytes())
    except (OSError, EOFError, zlib.error) as error:
        why = getattr(error, "strerror", None) or error
        raise Failure(f"{page.file} can't be read: {why}.") from None
    try:
        article = workers.submit(read_page, html, page.truth.get("url"), None).result()
    except (ExtractError, WorkerError):
        return None
    return article_json(article, id=page.truth["id"])


def table(scores: Scores, *, worst: int = 0) -> str:
    """The scores as a table for a person."""
    shingle = scores.shingle
    lines = [f"{count(len(scores.pages), 'page')}, {scores.empty} empty", ""]
    lines += [f"{'found':<16}{'precision':>10}{'recall':>8}{'F1':>7}"]
    lines += [f"{'shingle':<16}{shingle.precision:>10.1f}{shingle.recall:>8.1f}{shingle.f1:>7.1f}"]
    lines += [f"{'words':<16}{scores.words:>25.1f}"]
    lines += ["", f"{'right':<16}{'per cent':>10}{'of':>8}"]
    lines += [share_row(name, share) for name, share in scores.shares.items()]
    lines += ["", f"{'dates invented':<16}{scores.invented.right:>10}{scores.invented.of:>8}"]
    if worst:
        lines += ["", f"{'words':>6}  the worst pages"]
        lines += [
            f"{100 * page.words:>6.1f}  {one_line(page.id)}  {shown_url(page.url or '–')}"
            for page in scores.worst(worst)
        ]
    return "\n".join(lines)


_EXAMPLES = """\
  newsreader eval extract pages                       how much of the pages in ./pages is read
  newsreader eval extract pages --worst 10            and which of them are read worst
"""
