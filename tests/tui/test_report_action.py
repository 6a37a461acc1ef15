"""`!` packs a page that reads badly."""

import json
import stat
import zipfile
from pathlib import Path

import pytest

from reader.library.library import Library
from reader.net import NetError
from reader.tui.screens import handing

SHELLS = "Russia turns to North Korea"
REPORT = "exclamation_mark"

pytestmark = pytest.mark.anyio


@pytest.fixture
def reports(tmp_path: Path, monkeypatch) -> Path:
    folder = tmp_path / "state" / "newsreader" / "reports"
    monkeypatch.setattr(handing, "reports_path", lambda: folder)
    return folder


def written(folder: Path) -> list[Path]:
    return list(folder.iterdir()) if folder.exists() else []


async def test_the_open_page_is_packed_and_the_person_told_where(start, reports: Path):
    async with start() as reader:
        await reader.open(SHELLS)
        await reader.press(REPORT)
        (path,) = written(reports)
        assert reader.said() == [f"The page is packed in {path}; nothing is sent."]
        title = reader.article.opened.entry.title
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert path.name.startswith("report-127.0.0.1-")
    with zipfile.ZipFile(path) as archive:
        assert json.loads(archive.read("result.json"))["title"] == title
        assert b"<html" in archive.read("page.html")


async def test_in_the_list_it_is_the_page_under_the_cursor(start, reports: Path, library: Library):
    async with start() as reader:
        reader.headlines.cursor = reader.row_of(SHELLS)
        entry = reader.headlines.entry(reader.headlines.cursor)
        await reader.press(REPORT)
        (path,) = written(reports)
        assert library.store.entries([entry.id])[entry.id].read is False
    with zipfile.ZipFile(path) as archive:
        assert json.loads(archive.read("response.json"))["url"] == entry.url


async def test_an_earlier_report_is_not_overwritten(start, reports: Path):
    async with start() as reader:  # its clock stands still, so that both have the same name
        await reader.open(SHELLS)
        await reader.press(REPORT)
        (path,) = written(reports)
        before = path.read_bytes()
        await reader.press(REPORT)
        assert reader.said() == [f"{path} is there already, and a report takes no other file's place."]
        assert path.read_bytes() == before


async def test_what_fails_is_one_sentence(start, reports: Path, library: Library, monkeypatch):
    def refuse(*_, **__):
        raise NetError("the server answered 404 Not Found")

    monkeypatch.setattr(library, "_fetch", refuse)
    async with start() as reader:
        await reader.open(SHELLS)
        await reader.press(REPORT)
        (said,) = reader.said()
        assert said.endswith("can't be reported: the server answered 404 Not Found.")
        assert reader.app.is_running
    assert written(reports) == []


async def test_where_nothing_is_open_there_is_nothing_to_pack(start, reports: Path, empty_library: Library):
    empty_library.store.add_feed("https://a.example/", title="A", site=None, folder=None, now=empty_library.now())
    async with start(on=empty_library) as reader:
        await reader.press(REPORT)
        assert reader.said() == []
    assert written(reports) == []
