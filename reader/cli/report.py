"""`newsreader report`: a page that reads badly, packed to be looked into."""

from __future__ import annotations

import argparse
import contextlib
from functools import partial
from pathlib import Path

from reader.cli.commands import Commands
from reader.cli.filters import Given, Work
from reader.cli.output import OK, Failure, read_bytes, tell


def offer(commands: Commands) -> None:
    """Declare it."""
    text = "pack a page that reads badly into one file, to be looked into"
    one = commands.add("report", report_page, text, _EXAMPLES)
    one.add_argument("input", metavar="URL|FILE", help="the page")
    one.add_argument(
        "--output", type=Path, metavar="FILE", help="where to write it; without one, report-….zip in this folder"
    )


def report_page(arguments: argparse.Namespace) -> int:
    """Pack a page with what is read from it, or with why nothing is."""
    from reader.library.library import utc_now
    from reader.library.report import HOLDS, Report, ReportError, outcome, write
    from reader.library.steps import read_page

    name, at = arguments.input, utc_now()
    with contextlib.ExitStack() as stack:
        work = Work(arguments, stack)
        is_address = name.lower().startswith(("http://", "https://"))
        given = work.given(name, is_page=True) if is_address else Given(body=read_bytes(name))
        report = Report(
            page=given.body,
            url=name if is_address else Path(name).name,
            final_url=given.url or None,
            content_type=given.content_type,
            outcome=outcome(partial(work.run, read_page, given.body, given.url, given.content_type)),
            at=at,
        )
    try:
        print(write(report, arguments.output or Path(report.name)))
    except ReportError as error:
        raise Failure(str(error)) from None
    tell(f"The file holds {HOLDS}; nothing is sent.")
    return OK


_EXAMPLES = """\
  newsreader report https://example.org/story.html    pack the page and what was read from it into one file here
  newsreader report page.html --output page.zip       the same for a page you have kept
"""
