"""`newsreader report`: a page that reads badly, packed to be looked into."""

from __future__ import annotations

import argparse
import contextlib
from pathlib import Path

from reader.cli.filters import Given, Work
from reader.cli.output import OK, Failure, read_bytes, tell


def report_page(arguments: argparse.Namespace) -> int:
    """Pack a page with what is read from it, or with why nothing is."""
    from reader.articles import ExtractError
    from reader.articles.extract import extract
    from reader.library.library import utc_now
    from reader.library.report import HOLDS, Report, ReportError, write
    from reader.library.workers import WorkerError
    from reader.model import Article

    name, at = arguments.input, utc_now()
    outcome: Article | str
    with contextlib.ExitStack() as stack:
        work = Work(arguments, stack)
        is_address = name.lower().startswith(("http://", "https://"))
        given = work.page(name) if is_address else Given(body=read_bytes(name))
        try:
            outcome = work.run(extract, given.body, url=given.url, content_type=given.content_type)
        except (ExtractError, WorkerError) as error:
            outcome = str(error)
    report = Report(
        page=given.body,
        url=name if is_address else Path(name).name,
        final_url=given.url or None,
        content_type=given.content_type,
        outcome=outcome,
        at=at,
    )
    try:
        print(write(report, arguments.output or Path(report.name)))
    except ReportError as error:
        raise Failure(str(error)) from None
    tell(f"The file holds {HOLDS}; nothing is sent.")
    return OK
