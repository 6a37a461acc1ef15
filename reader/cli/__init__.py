"""The commands. Results go to stdout, everything else to stderr; the screens are imported only to be run.

Exit codes: 0 ok, 1 failed, 2 usage, 3 some feeds failed, 4 the library is busy or newer than this program.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from reader import __version__
from reader.cli import evaluate, evaluate_pages, evaluate_stories, filters, library, report
from reader.cli.output import FAILED, OK, UNAVAILABLE, USAGE, Failure, tell

__all__ = ["main"]

_EXAMPLES = """\
examples:
  newsreader                                   open the reader
  newsreader demo                              look around in the bundled newsroom
  newsreader add https://www.npr.org           follow the feed that a page advertises
  newsreader refresh                           fetch what is new, for cron or a timer
  newsreader list --unread --json              headlines for a script
  newsreader extract page.html | newsreader claims -    who said what on a page
  newsreader report https://example.org/story  pack a page that reads badly into one file
"""

_CLAIMS_EXAMPLES = """\
examples:
  newsreader eval claims tests/claims/cases           how the extractor does on the project's own cases
  newsreader eval claims article.json --json          the same for one article, for a script
"""

_EXTRACT_EXAMPLES = """\
each DIR holds truth.jsonl and html/ID.html.gz; see docs/json.md

examples:
  newsreader eval extract pages                       how much of the pages in ./pages is read
  newsreader eval extract pages --worst 10            and which of them are read worst
"""

_STORIES_EXAMPLES = """\
FILE has a line an article, with its story; DIR holds one story's articles and its ledger; see docs/json.md

examples:
  newsreader eval stories stream.jsonl                how well a stream is sorted into stories
  newsreader eval stories tests/stories/ledgers/*     how well the claims of some stories are lined up
"""

_REPORT_EXAMPLES = """\
examples:
  newsreader report https://example.org/story.html    pack the page and what was read from it into one file here
  newsreader report page.html --output page.zip       the same for a page you have kept
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command; returns its exit code."""
    arguments = _parser().parse_args(argv)
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="replace")  # type: ignore[union-attr]  # news has characters that a terminal may lack
    try:
        code: int = arguments.run(arguments)
        sys.stdout.flush()
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:  # the reader of our output has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return OK
    except Exception as error:
        return _explain(error)
    return code


def _explain(error: Exception) -> int:
    """Print what went wrong as one sentence; what we did not foresee is raised."""
    from reader.config import ConfigError
    from reader.library.answers import LibraryError
    from reader.store.schema import StoreError, StoreUnavailable

    if not isinstance(error, Failure | ConfigError | LibraryError | StoreError):
        raise error
    tell(str(error))
    if isinstance(error, StoreUnavailable):
        return UNAVAILABLE
    return USAGE if isinstance(error, ConfigError) else FAILED


def _parser() -> argparse.ArgumentParser:
    shared = argparse.ArgumentParser(add_help=False, argument_default=argparse.SUPPRESS)
    shared.add_argument("--library", type=Path, metavar="PATH", help="the library to use instead of your own")
    shared.add_argument("--config", type=Path, metavar="PATH", help="the configuration to use instead of your own")
    parser = argparse.ArgumentParser(
        prog="newsreader",
        description="A terminal news reader that shows who said what. Without a command it opens the reader.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        parents=[shared],
    )
    parser.add_argument("--version", action="version", version=f"newsreader {__version__}")
    parser.set_defaults(run=library.open_reader)
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")

    def command(name: str, run: Any, text: str) -> argparse.ArgumentParser:
        one = commands.add_parser(name, help=text, description=text[0].upper() + text[1:] + ".", parents=[shared])
        one.set_defaults(run=run)
        return one

    one = command(
        "demo", library.open_demo, "open the reader on the bundled newsroom, offline, in a library of its own"
    )
    one.add_argument(
        "--port",
        type=int,
        default=library.DEMO_PORT,
        help="the loopback port it is served on; for another one name a --library of its own",
    )
    one = command("add", library.add_feed, "follow a feed, by its address or that of a page that has one")
    one.add_argument("url")
    one.add_argument("--folder", help="the folder to put it in")
    one = command("refresh", library.refresh, "fetch what is new in the feeds that are due")
    one.add_argument("--force", action="store_true", help="whether due or not (validators are still used)")
    one.add_argument("--quiet", action="store_true", help="no progress and no summary; failures are still told")
    one = command("list", library.print_headlines, "print headlines, newest first")
    one.add_argument("--json", action="store_true", help="as a JSON array")
    one.add_argument("--unread", action="store_true", help="only what is unread")
    one.add_argument("--feeds", action="store_true", help="the feeds instead, with their last failure")
    one = command("speakers", library.print_speakers, "print who is cited by name in the articles read so far")
    one.add_argument("--json", action="store_true", help="as a JSON array")
    one = command("saved", library.print_saved, "print what you saved, newest first")
    one.add_argument("--json", action="store_true", help="as one JSON object")
    one.add_argument("--markdown", action="store_true", help="as Markdown, by article")
    one = command("import", library.import_opml, "follow the feeds of an OPML file")
    one.add_argument("format", nargs="?", choices=["opml"], help="the only format so far")
    one.add_argument("file", help="the file; - is standard input")
    one = command("export", library.export_opml, "write all feeds as OPML")
    one.add_argument("file", nargs="*", metavar="[opml] [FILE]", help="the file; without one, standard output")
    for name, run, text in (
        ("feed", filters.parse_feed, "parse a feed and print it as JSON"),
        ("extract", filters.extract_article, "take the article out of a page and print it as JSON"),
        ("claims", filters.find_claims, "find who said what in a text or page and print it as JSON"),
        ("stories", filters.group_stories, "group articles by story, in order of time; one JSON object a line"),
        ("ledger", filters.line_up, "line up what the articles of one story claim; articles a line, one object out"),
        ("compare", filters.compare_sentences, "tell whether two sentences say the same; one JSON object a line"),
    ):
        one = command(name, run, text)
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
    one = command("report", report.report_page, "pack a page that reads badly into one file, to be looked into")
    one.epilog, one.formatter_class = _REPORT_EXAMPLES, argparse.RawDescriptionHelpFormatter
    one.add_argument("input", metavar="URL|FILE", help="the page")
    one.add_argument(
        "--output", type=Path, metavar="FILE", help="where to write it; without one, report-….zip in this folder"
    )
    measures = command("eval", None, "measure the reader on annotated articles and pages").add_subparsers(
        title="what to measure", metavar="WHAT", required=True
    )

    def measure(name: str, run: Any, text: str, examples: str) -> argparse.ArgumentParser:
        one = measures.add_parser(
            name,
            help=text,
            description=text[0].upper() + text[1:] + ".",
            epilog=examples,
            formatter_class=argparse.RawDescriptionHelpFormatter,
            parents=[shared],
        )
        one.set_defaults(run=run)
        one.add_argument("--json", action="store_true", help="as one JSON object; see docs/json.md")
        return one

    text = "score the claims that are found in annotated articles"
    one = measure("claims", evaluate.eval_claims, text, _CLAIMS_EXAMPLES)
    one.add_argument("gold", nargs="+", metavar="GOLD", help="an annotated article, or a directory of them (*.json)")
    text = "score the articles that are taken out of pages whose text is known"
    one = measure("extract", evaluate_pages.eval_extract, text, _EXTRACT_EXAMPLES)
    one.add_argument("pages", nargs="+", metavar="DIR", help="a directory of pages with their truth")
    one.add_argument("--worst", type=int, default=0, metavar="N", help="also the N pages whose words were found least")
    text = "score how articles are sorted into stories, and how a story's claims are lined up"
    one = measure("stories", evaluate_stories.eval_stories, text, _STORIES_EXAMPLES)
    one.add_argument("gold", nargs="+", metavar="FILE|DIR", help="a stream of articles, or the folder of one story")
    return parser
