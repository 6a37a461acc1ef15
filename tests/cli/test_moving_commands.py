"""What comes in from other readers, and what goes out."""

import json
import os
import sqlite3
import stat
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from highlights.made import HOSTILE
from hostile_server import HostileServer, reply
from terminal import environment

from reader.config import Settings
from reader.library.library import Library
from reader.model import Feed
from reader.text import one_line

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


# What goes out comes in again, and stands where it was asked for.


def with_feeds(path: Path) -> list[Feed]:
    """A library of feeds with hostile names and folders, and with passwords in some addresses."""
    names = [one_line(one).replace("\uffff", "") for one in HOSTILE]  # which is no character of XML
    with Library(path, settings=Settings()) as library:
        for number, name in enumerate(names):
            user = f"ada:p{number}@" if number % 3 == 0 else "ada@" if number % 7 == 0 else ""
            user = f"ada:p/{number}@" if number % 8 == 0 else user  # typed as it is
            url = f"https://{user}a.example/{number}?x=1&y=%3C{number}"
            folder = [None, name, f"In / {name}", "Plain"][number % 4]
            library.store.add_feed(
                url, title=name, site=f"https://a.example/?{number}", folder=folder, now=library.now()
            )
    return feeds_of(path)


def feeds_of(path: Path) -> list[Feed]:
    with Library(path, settings=Settings()) as library:
        return sorted((replace(feed, id=0) for feed in library.store.feeds()), key=lambda feed: feed.site or "")


@pytest.mark.scorecard(38)
def test_feeds_with_hostile_names_come_in_equal(run, tmp_path: Path, record_property):
    feeds = with_feeds(tmp_path / "own.sqlite")
    assert run("--library", "own.sqlite", "export", "--with-passwords", "all.opml").stderr == b""
    assert run("--library", "all.sqlite", "import", "all.opml").returncode == 0
    assert feeds_of(tmp_path / "all.sqlite") == feeds
    record_property("figure", f"{len(feeds)} feeds with hostile titles and folders as OPML: equal")


@pytest.mark.scorecard(38, 41)
def test_without_being_asked_for_no_password_goes_out(run, tmp_path: Path, record_property):
    feeds = with_feeds(tmp_path / "own.sqlite")
    secret = [feed for feed in feeds if "@" in feed.url]
    done = run("--library", "own.sqlite", "export", "opml", "feeds.opml")
    assert done.stderr.decode() == (
        f"newsreader: The user name and password in the address of {len(secret)} feeds were left out;"
        " --with-passwords writes them, too.\n"
    )
    opml = (tmp_path / "feeds.opml").read_text()
    assert "ada" not in opml
    assert run("--library", "bare.sqlite", "import", "feeds.opml").returncode == 0
    bare = [replace(feed, url=f"https://{feed.url.rpartition('@')[2]}") if feed in secret else feed for feed in feeds]
    assert feeds_of(tmp_path / "bare.sqlite") == bare
    record_property("figure", f"{len(secret)} passwords left out, told on standard error, and all else equal")


@pytest.mark.scorecard(39)
def test_an_export_stands_where_it_was_asked_for_whole_and_for_its_owner_alone(
    run, library, tmp_path, full, record_property
):
    inside = tmp_path / "a" / "b"
    inside.mkdir(parents=True)
    whole = run("export", cwd=inside).stdout
    size = len(whole)
    aim = tmp_path / "aim"
    aim.write_text("mine")
    (inside / "link.opml").symlink_to(tmp_path / "a" / "own.opml")  # one's own, which is followed
    (inside / "planted.opml.part").symlink_to(aim)
    (inside / "old.opml").write_text("old")
    written = {
        "../up.opml": tmp_path / "a" / "up.opml",
        "planted.opml": inside / "planted.opml",
        "-rf": inside / "-rf",
        "x" * 250: inside / ("x" * 250),
        "new\nline": inside / "new\nline",
        "link.opml": inside / "link.opml",
        "old.opml": inside / "old.opml",
    }
    refused = ["x" * 300, "no/such/folder", ".", "", "../up.opml/x", "x" * 5000]
    if not full:
        written, refused = dict(list(written.items())[:2]), refused[:1]
    for name, path in written.items():
        assert run("export", "--", name, cwd=inside).returncode == 0
        assert (len(path.read_bytes()), path.is_symlink()) == (size, name == "link.opml")
        assert stat.S_IMODE(path.stat().st_mode) == 0o600 or name == "old.opml", "that of a file that was there stays"
    for name in refused:
        done = run("export", "--", name, cwd=inside)
        assert done.returncode == 1
        assert done.stderr.startswith(b"newsreader: ")
        assert done.stderr.count(b"\n") == 1
    assert aim.read_text() == "mine"
    was = {"planted.opml.part", "link.opml", "old.opml"}
    assert {path.name for path in inside.iterdir()} == ({*written} | was) - {"../up.opml"}
    assert {path.name for path in inside.parent.iterdir()} == {"b", "up.opml", *(["own.opml"] if full else [])}
    os.mkfifo(inside / "pipe")
    with subprocess.Popen(["cat", inside / "pipe"], stdout=subprocess.PIPE) as reading:
        assert run("export", "pipe", cwd=inside).returncode == 0
        assert len(reading.communicate(timeout=30)[0]) == size
    assert stat.S_ISFIFO((inside / "pipe").stat().st_mode)
    record_property(
        "figure", f"{len(written)} odd names written where they say, {len(refused)} refused, no planted link followed"
    )


KILLED = """
import os, signal, sys
from pathlib import Path
from reader.cli import main

def dies(*_, **__):
    os.kill(os.getpid(), signal.SIGKILL)

points = {
    "temporary": ("tempfile", "mkstemp"), "fdopen": ("builtins", "open"), "synced": ("os", "fsync"),
    "all synced": ("os", "sync"), "renamed": ("pathlib.Path", "replace"), "to the end": None,
}
commands = {
    "opml": ["export", "file"], "json": ["saved", "export", "--format", "json", "--output", "file"],
    "notes": ["saved", "export", "--notes", "."],
}
if sys.argv[1:] == ["short"]:
    points = {name: points[name] for name in ("synced", "all synced", "renamed", "to the end")}
    del commands["json"]
killed = 0
for name, words in commands.items():
    for point, patched in points.items():
        folder = Path(f"{name}-{point}")
        folder.mkdir()
        if name != "notes":
            (folder / "file").write_text("old")
        if child := os.fork():
            killed += os.waitpid(child, 0)[1] == signal.SIGKILL
            continue
        os.chdir(folder)
        from reader.library import writing
        if patched:
            where = {"tempfile": writing.tempfile, "builtins": __builtins__, "os": os, "pathlib.Path": Path}[patched[0]]
            setattr(where, patched[1], dies)
        os._exit(main(["--config", "../config.toml", *words]))
print(killed)
"""


@pytest.mark.scorecard(39)
def test_killed_at_any_moment_an_export_leaves_no_half_file(library, tmp_path: Path, full, record_property):
    with Library(library, settings=Settings()) as own:
        for entry_id in own.store.headlines():
            opened = own.stories.kept_of(entry_id)
            own.saved.keep(own.saved.of(opened, opened.article))
    (tmp_path / "config.toml").write_text("")
    done = subprocess.run(
        [sys.executable, "-c", KILLED, *(() if full else ("short",))],
        capture_output=True,
        env=environment(tmp_path),
        cwd=tmp_path,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr.decode()
    killed = int(done.stdout.split()[-1])
    assert killed >= (11 if full else 4)
    for name in ("opml", "json") if full else ("opml",):
        came = {path.parent.name: path.read_bytes() for path in tmp_path.glob(f"{name}-*/file")}
        whole = len(came.pop(f"{name}-to the end"))
        assert whole > len(b"old")
        assert all(body == b"old" or len(body) == whole for body in came.values())
        assert b"old" in came.values()
    notes = {path.name: path.read_bytes() for path in (tmp_path / "notes-to the end").glob("*.md")}
    assert len(notes) == 4
    assert all(path.read_bytes() == notes[path.name] for path in tmp_path.glob("notes-*/*.md"))
    record_property("figure", f"{killed} kills within an export: the file is the old one or the whole new one")
