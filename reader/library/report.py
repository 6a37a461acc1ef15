"""A page that reads badly, packed into one file with all that is needed to see why; nothing is sent anywhere."""

from __future__ import annotations

import json
import os
import platform
import re
import tempfile
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from reader import __version__
from reader.articles.as_json import article_json
from reader.model import Article
from reader.text import clean, shown_url

HOLDS = "the page as it was fetched, its address, what was read from it, and which programs and system did it"
"""What a report has in it, for the person to be told."""

_UNSAFE = re.compile(r"[^a-z0-9.-]+")


def outcome(read: Callable[[], Article]) -> Article | str:
    """What `read` makes of a page, or why it makes nothing of it."""
    from reader.articles import ExtractError
    from reader.library.workers import WorkerError

    try:
        return read()
    except (ExtractError, WorkerError) as error:
        return str(error)


class ReportError(Exception):
    """The report can't be written; the message is one plain sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A page that reads badly."""

    page: bytes
    """As it was fetched."""
    url: str
    """The address that was asked for, or the name of a file; a password in it is not packed."""
    final_url: str | None = None
    """Where the page came from in the end."""
    content_type: str | None = None
    outcome: Article | str
    """What was read from it, or why nothing was."""
    at: datetime

    @property
    def name(self) -> str:
        """What to call the file: report-HOST-YYYYMMDD-HHMMSS.zip."""
        shown = shown_url(self.url)
        try:
            host = urlsplit(shown).hostname
        except ValueError:
            host = None
        safe = _UNSAFE.sub("-", (host or Path(shown).name).lower())[:60].strip(".-")
        return f"report-{safe or 'page'}-{self.at:%Y%m%d-%H%M%S}.zip"


def pack(report: Report) -> bytes:
    """The report as a ZIP file: page.html, response.json, result.json and versions.json."""
    outcome = report.outcome
    response = {
        "url": shown_url(report.url),
        "final_url": shown_url(report.final_url) if report.final_url else None,
        "content_type": report.content_type,
    }
    versions = {
        "newsreader": __version__,
        "python": platform.python_version(),
        "lxml": version("lxml"),
        "readability": version("readability-lxml"),
        "selectolax": version("selectolax"),
        "platform": platform.platform(),
    }
    members = {
        "page.html": report.page,
        "response.json": _json(response),
        "result.json": _json({"error": clean(outcome)} if isinstance(outcome, str) else article_json(outcome, id=None)),
        "versions.json": _json(versions),
    }
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in members.items():
            member = zipfile.ZipInfo(name, report.at.timetuple()[:6])
            member.external_attr = 0o600 << 16
            archive.writestr(member, body, zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def write(report: Report, path: Path) -> Path:
    """Write a report whole or not at all, for nobody else to read, and never over another file; returns `path`."""
    part: Path | None = None
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=".report-", suffix=".part")  # mode 0600
        part = Path(name)
        with os.fdopen(handle, "wb") as file:
            file.write(pack(report))
            file.flush()
            os.fsync(handle)
        _put(part, path)
    except FileExistsError:
        raise ReportError(f"{path} is there already, and a report takes no other file's place.") from None
    except OSError as error:
        raise ReportError(f"{path} can't be written: {error.strerror or error}.") from None
    finally:
        if part:
            part.unlink(missing_ok=True)
    return path


def _put(part: Path, path: Path) -> None:
    """Give a finished file its name; raises FileExistsError where the name is taken, which a rename would not."""
    try:
        path.hardlink_to(part)
    except FileExistsError:
        raise
    except OSError:  # a disk without links: the name is taken first, and the file put there next
        path.open("xb").close()
        part.replace(path)


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1).encode("utf-8", "replace") + b"\n"
