"""Reports of pages that read badly: how they are named, packed and written."""

import io
import json
import os
import stat
import zipfile
from datetime import UTC, datetime
from ipaddress import ip_network
from pathlib import Path

import pytest
from hostile_server import HostileServer, reply

from reader.config import Network, Settings
from reader.library.answers import LibraryError
from reader.library.library import Library
from reader.library.report import Report, ReportError, pack, write
from reader.model import Article

NOW = datetime(2026, 11, 12, 9, 5, 7, tzinfo=UTC)
SETTINGS = Settings(network=Network(allow_private=(ip_network("127.0.0.0/8"),)))


def report(**fields) -> Report:
    return Report(**{"page": b"<p>", "url": "https://a.example/x", "outcome": "the page is empty", "at": NOW} | fields)


def members(packed: bytes):
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.mark.scorecard(39)
@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://www.Example.org:8080/a/b?c", "www.example.org"),
        ("https://ada:s3cret@example.org/", "example.org"),
        ("https://münchen.example/", "m-nchen.example"),
        ("https://[::1]/", "1"),
        ("https://ada:s3cret@[broken/", "broken"),
        ("https://" + "a" * 300 + ".example/", "a" * 60),
        ("../../etc/passwd", "passwd"),
        ("..", "page"),
        ("page\n; rm -rf.html", "page-rm--rf.html"),
        ("", "page"),
    ],
)
def test_the_name_is_safe(url, host):
    name = report(url=url).name
    assert name == f"report-{host}-20261112-090507.zip"


def test_what_is_packed():
    article = Article(url="https://a.example/x", title="Title", text="Text", byline="Ada Byrne")
    packed = members(
        pack(report(outcome=article, final_url="https://ada:s3cret@b.example/y", content_type="text/html"))
    )
    assert list(packed) == ["page.html", "response.json", "result.json", "versions.json"]
    assert packed["page.html"] == b"<p>"
    assert json.loads(packed["response.json"]) == {
        "url": "https://a.example/x", "final_url": "https://b.example/y", "content_type": "text/html",
    }  # fmt: skip
    assert json.loads(packed["result.json"])["byline"] == "Ada Byrne"
    assert json.loads(packed["versions.json"])["platform"]


def test_words_that_no_file_can_hold_are_packed_as_well():
    packed = members(pack(report(outcome="\x1b[31mno \udc80 article", content_type="text/\udc80")))
    assert json.loads(packed["result.json"]) == {"error": " [31mno   article"}


@pytest.mark.scorecard(39)
def test_a_report_is_for_its_owner_alone_and_takes_no_other_files_place(tmp_path):
    umask = os.umask(0)
    try:
        path = write(report(), tmp_path / "one.zip")
    finally:
        os.umask(umask)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    before = path.read_bytes()
    with pytest.raises(ReportError, match=r"one\.zip is there already"):
        write(report(page=b"other"), path)
    assert path.read_bytes() == before
    assert [one.name for one in tmp_path.iterdir()] == ["one.zip"]


def test_a_disk_without_links_does_as_well(tmp_path, monkeypatch):
    def refuse(self, target):
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(Path, "hardlink_to", refuse)
    path = write(report(), tmp_path / "one.zip")
    assert members(path.read_bytes())["page.html"] == b"<p>"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with pytest.raises(ReportError, match="is there already"):
        write(report(), path)
    assert [one.name for one in tmp_path.iterdir()] == ["one.zip"]


@pytest.mark.scorecard(39)
def test_a_report_is_written_whole_or_not_at_all(tmp_path, monkeypatch):
    def full(handle):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(ReportError, match=r"can't be written: No space left on device\."):
        write(report(), tmp_path / "one.zip")
    assert list(tmp_path.iterdir()) == []


# --- of an entry -----------------------------------------------------------------------------------------------------


@pytest.fixture
def library(tmp_path: Path):
    with Library(tmp_path / "library.sqlite", settings=SETTINGS, now=lambda: NOW) as library:
        yield library


@pytest.fixture
def server():
    with HostileServer() as server:
        yield server


def entry(library: Library, server: HostileServer, link: str) -> int:
    """The id of an entry of a feed, which links to `link`."""
    item = f"<item><guid isPermaLink='false'>1</guid><title>A</title><link>{link}</link></item>"
    server.routes["/feed"] = reply(body=f"<rss version='2.0'><channel><title>F</title>{item}</channel></rss>".encode())
    library.feeds.add(server.url("/feed"))
    (entry_id,) = library.store.headlines()
    return entry_id


def test_an_entrys_page_is_packed_as_it_is_now(library, server, tmp_path):
    page = f"<title>Baths</title><article><h1>Baths</h1>{'<p>The council voted to close the baths.</p>' * 9}</article>"
    server.routes["/page"] = reply(body=page.encode(), headers=["Content-Type: text/html"])
    folder = tmp_path / "state" / "reports"
    path = library.report(entry(library, server, server.url("/page").replace("//", "//ada:s3cret@")), folder)
    assert path == folder / "report-127.0.0.1-20261112-090507.zip"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    packed = members(path.read_bytes())
    assert packed["page.html"] == page.encode()
    assert json.loads(packed["result.json"])["text"].startswith("The council voted")
    assert b"s3cret" not in b"".join(packed.values())


def test_an_entrys_page_that_can_not_be_read_is_packed_too(library, server, tmp_path):
    server.routes["/page"] = reply(body=b"%PDF-1.7")
    packed = members(library.report(entry(library, server, server.url("/page")), tmp_path).read_bytes())
    assert json.loads(packed["result.json"]) == {"error": "it is a PDF document, not a page"}


@pytest.mark.parametrize(
    ("link", "why"),
    [
        ("/gone", r"http://127\.0\.0\.1:\d+/gone can't be reported: the server answered 404 Not Found\."),
        ("", "links to no page"),
    ],
)
def test_an_entry_without_a_page_can_not_be_reported(library, server, tmp_path, link, why):
    with pytest.raises(LibraryError, match=why):
        library.report(entry(library, server, link and server.url(link)), tmp_path / "reports")


def test_a_folder_that_can_not_be_made_is_told(library, server, tmp_path):
    server.routes["/page"] = reply(body=b"<p>")
    (tmp_path / "file").write_text("")
    with pytest.raises(LibraryError, match="can't be made"):
        library.report(entry(library, server, server.url("/page")), tmp_path / "file" / "reports")
    with pytest.raises(LibraryError, match="no longer"):
        library.report(99, tmp_path)
