"""What comes in from other readers, and what goes out."""

import json
import sqlite3
from pathlib import Path

import pytest
from hostile_server import HostileServer, reply

OPML = b'<opml version="2.0"><body><outline text="A" xmlUrl="https://a.example/feed"/></body></opml>'
URLS = b'https://a.example/feed World "~A"\nexec:~/bin/feed\n'
JSON = json.dumps(
    {
        "items": [
            {
                "id": "1",
                "title": "Bridge closes",
                "canonical": [{"href": "https://a.example/1"}],
                "published": 1_700_000_000,
                "summary": {"content": "<p>The north bridge closed on Monday.</p>"},
                "categories": ["user/-/state/com.google/read", "user/-/state/com.google/starred"],
                "origin": {"streamId": "feed/https://a.example/feed", "title": "A"},
            },
        ]
    }
).encode()


def followed(run) -> list[str]:
    return [row["url"] for row in json.loads(run("list", "--feeds", "--json").stdout)]


@pytest.mark.parametrize("form", [[], ["opml"]])
@pytest.mark.parametrize("piped", [False, True])
def test_a_list_of_feeds(run, tmp_path: Path, form, piped):
    (tmp_path / "feeds.opml").write_bytes(OPML)
    done = run("import", *form, "-" if piped else "feeds.opml", stdin=OPML if piped else b"")
    assert (done.returncode, done.stdout) == (0, b"1 feed added, 0 followed already, 0 refused.\n")
    assert followed(run) == ["https://a.example/feed"]


@pytest.mark.parametrize("form", [[], ["newsboat"]])
def test_newsboats_urls(run, tmp_path: Path, form):
    (tmp_path / "urls").write_bytes(URLS)
    done = run("import", *form, "urls")
    assert (done.returncode, done.stdout) == (0, b"1 feed added, 0 followed already, 1 refused.\n")
    assert b"a program to run" in done.stderr
    assert followed(run) == ["https://a.example/feed"]


@pytest.mark.parametrize("form", [[], ["newsboat"]])
def test_newsboats_articles(run, tmp_path: Path, form):
    db = sqlite3.connect(tmp_path / "cache.db")
    db.executescript(
        """
        CREATE TABLE rss_feed (rssurl, url, title);
        CREATE TABLE rss_item (id, guid, title, author, url, feedurl, pubDate, content, unread, flags, deleted);
        INSERT INTO rss_feed VALUES ('https://a.example/feed', 'https://a.example/', 'A');
        INSERT INTO rss_item VALUES
            (1, 'g', 'Bridge closes', '', 'https://a.example/1', 'https://a.example/feed',
             1700000000, '<p>It closed.', 0, 's', 0);
        """
    )
    db.close()
    before = (tmp_path / "cache.db").read_bytes()
    done = run("import", *form, "cache.db")
    assert done.stdout == b"1 feed added, 1 article brought along, 0 here already, 0 refused.\n", done.stderr
    (row,) = json.loads(run("list", "--json").stdout)
    assert (row["title"], row["read"], row["starred"]) == ("Bridge closes", True, True)
    assert (tmp_path / "cache.db").read_bytes() == before
    assert b"0 feeds added, 0 articles brought along, 1 here already" in run("import", "cache.db").stdout
    for given in (["opml", "cache.db"], ["json", "cache.db"], ["-"]):
        done = run("import", *given, stdin=before)
        assert done.returncode == 1
        assert b"newsboat's cache.db, named as a file" in done.stderr


@pytest.mark.parametrize("form", [[], ["json"]])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf", b"\n "])
def test_articles_as_json(run, form, mark):
    done = run("import", *form, "-", stdin=mark + JSON)
    assert done.stdout == b"1 feed added, 1 article brought along, 0 here already, 0 refused.\n", done.stderr
    (row,) = json.loads(run("list", "--json").stdout)
    assert (row["title"], row["read"], row["starred"]) == ("Bridge closes", True, True)


def test_a_list_at_an_address_is_followed_as_it_changes(run):
    with HostileServer() as server:
        server.routes["/list"] = reply(body=OPML.replace(b"https://a.example", server.url("").encode()))
        done = run("import", server.url("/list"))
        assert done.stdout == b"1 feed added, 0 followed already, 0 refused.\n"
        assert server.url("/list").encode() not in run("list", "--feeds").stdout, "taken in once, and no more"
        done = run("import", "opml", server.url("/list"), "--live")
        assert done.stdout == b"0 feeds added, 1 followed already, 0 refused.\n"
        assert server.url("/list").encode() in run("list", "--feeds").stdout
        assert server.targets() == ["/list", "/list"]
        assert b"its feeds stay" in run("remove", server.url("/list")).stdout
        assert server.url("/list").encode() not in run("list", "--feeds").stdout
        assert followed(run) == [server.url("/feed")]
        done = run("import", server.url("/nowhere"))
        assert done.returncode == 1
        assert b"404" in done.stderr
        assert run("import", server.url("/nowhere"), "--live").returncode == 1


@pytest.mark.parametrize(
    ("given", "stdin", "why"),
    [
        (["--live", "feeds.opml"], b"", "Only a list of feeds at a URL"),
        (["--live", "json", "https://a.example/"], b"", "Only a list of feeds at a URL"),
        (["nowhere.opml"], b"", "can't be read"),
        (["."], b"", "can't be read"),
        (["-"], b"", "can't be imported"),
        (["-"], b"\x00\xff notes of mine", "can't be imported"),
        (["-"], b'{"neither": 1}', "can't be imported"),
        (["json", "-"], OPML, "can't be imported"),
        (["-"], b"SQLite format 3\0", "named as a file"),
    ],
)
def test_what_can_not_be_taken_in_is_one_sentence(run, given, stdin, why):
    done = run("import", *given, stdin=stdin)
    assert (done.returncode, done.stdout) == (1, b"")
    (line,) = done.stderr.decode().splitlines()
    assert why in line


def test_what_is_followed_goes_out_and_comes_in_again(run, library, tmp_path: Path):
    assert run("export", "opml", "out.opml").returncode == 0
    before = followed(run)
    done = run("--library", str(tmp_path / "new.sqlite"), "import", "out.opml")
    assert done.stdout == b"2 feeds added, 0 followed already, 0 refused.\n"
    rows = json.loads(run("--library", str(tmp_path / "new.sqlite"), "list", "--feeds", "--json").stdout)
    assert [row["url"] for row in rows] == before
    assert run("export", "no/such/folder.opml").returncode == 1
    assert run("export", "a", "b").returncode == 1
