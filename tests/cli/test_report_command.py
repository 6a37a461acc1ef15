"""`newsreader report`, against a server on loopback."""

import io
import json
import re
import stat
import zipfile
from pathlib import Path

import pytest
from hostile_server import HostileServer, reply

from reader import __version__

ARTICLE = (
    "<html><head><title>Bridge closes</title></head><body><article><h1>Bridge closes</h1>"
    + "<p>The north bridge closed on Monday, the harbour office said, after cracks were found in two piers.</p>" * 4
    + "</article></body></html>"
).encode()


@pytest.fixture
def server():
    with HostileServer() as server:
        html = ["Content-Type: text/html; charset=utf-8"]
        server.routes |= {
            "/bridge": reply(body=ARTICLE, headers=html),
            "/moved": reply("301 Moved Permanently", headers=["Location: /bridge"]),
            "/empty": reply(body=b"  ", headers=html),
        }
        yield server


def packed(path: Path):
    """The members of a report; the JSON ones read."""
    body = path.read_bytes()
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        assert archive.testzip() is None
        members = {name: archive.read(name) for name in archive.namelist()}
    assert set(members) == {"page.html", "response.json", "result.json", "versions.json"}
    return {name: json.loads(body) if name.endswith(".json") else body for name, body in members.items()}


def test_a_page_is_packed_with_what_was_read(run, server, tmp_path):
    done = run("report", server.url("/moved"))
    assert done.returncode == 0, done.stderr
    name = done.stdout.decode().strip()
    assert re.fullmatch(r"report-127\.0\.0\.1-\d{8}-\d{6}\.zip", name)
    (told,) = done.stderr.decode().splitlines()
    assert "the page as it was fetched" in told
    assert "nothing is sent" in told
    path = tmp_path / name
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(tmp_path.glob(".report-*")) == []
    members = packed(path)
    assert members["page.html"] == ARTICLE
    assert members["response.json"] == {
        "url": server.url("/moved"),
        "final_url": server.url("/bridge"),
        "content_type": "text/html; charset=utf-8",
    }
    assert members["result.json"]["title"] == "Bridge closes"
    assert members["result.json"]["text"].startswith("The north bridge")
    assert members["versions.json"]["newsreader"] == __version__
    assert set(members["versions.json"]) == {"newsreader", "python", "lxml", "readability", "selectolax", "platform"}
    assert server.asked[-1].header("Accept").startswith("text/html"), "asked for as the reader asks for pages"


def test_a_file_is_packed_too_and_only_its_name_is_told(run, tmp_path):
    (tmp_path / "The page.html").write_bytes(ARTICLE)
    done = run("report", str(tmp_path / "The page.html"))
    name = done.stdout.decode().strip()
    assert re.fullmatch(r"report-the-page\.html-\d{8}-\d{6}\.zip", name)
    members = packed(tmp_path / name)
    assert members["response.json"] == {"url": "The page.html", "final_url": None, "content_type": None}
    assert str(tmp_path) not in json.dumps(members["response.json"]) + json.dumps(members["result.json"])


def test_a_page_that_can_not_be_read_is_reported_all_the_same(run, server, tmp_path):
    done = run("report", server.url("/empty"), "--output", "out.zip")
    assert (done.returncode, done.stdout) == (0, b"out.zip\n")
    members = packed(tmp_path / "out.zip")
    assert members["result.json"] == {"error": "the page is empty"}
    assert members["page.html"] == b"  "


@pytest.mark.scorecard(39)
def test_no_file_is_ever_overwritten(run, server, tmp_path):
    kept = tmp_path / "kept.zip"
    kept.write_bytes(b"mine")
    (tmp_path / "link.zip").symlink_to("nowhere")
    for name in ("kept.zip", "link.zip", "."):
        done = run("report", server.url("/bridge"), "--output", name)
        assert done.returncode == 1
        assert done.stdout == b""
        (told,) = done.stderr.decode().splitlines()
        assert "is there already" in told
    assert kept.read_bytes() == b"mine"
    assert not (tmp_path / "nowhere").exists()
    assert list(tmp_path.glob(".report-*")) == []


@pytest.mark.scorecard(41)
def test_a_password_is_neither_packed_nor_printed(run, server, tmp_path):
    done = run("report", server.url("/bridge").replace("//", "//ada:s3cret@"), "--output", "out.zip")
    assert done.returncode == 0
    assert server.asked[-1].header("Authorization"), "it is sent to its own server"
    members = packed(tmp_path / "out.zip")
    assert members["response.json"]["url"] == server.url("/bridge")
    assert "s3cret" not in str(members)
    assert b"s3cret" not in done.stdout + done.stderr
    assert "ada" not in run("report", server.url("/bridge").replace("//", "//ada:s3cret@")).stdout.decode()


@pytest.mark.parametrize(
    ("given", "why"),
    [
        (["/gone"], "404"),
        (["/bridge", "--output", "no/such/folder.zip"], "no/such/folder.zip can't be written: No such file"),
    ],
)
def test_what_fails_is_one_sentence(run, server, tmp_path, given, why):
    done = run("report", server.url(given[0]), *given[1:])
    assert done.returncode == 1
    (told,) = done.stderr.decode().splitlines()
    assert why in told
    assert list(tmp_path.glob("*.zip")) == []


def test_usage(run):
    assert run("report").returncode == 2
    assert b"can't be read" in run("report", "/nowhere").stderr
    assert b"examples:" in run("report", "--help").stdout
