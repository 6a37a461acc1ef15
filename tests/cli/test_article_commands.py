"""Lists, searches and marks, on a library with four articles of two feeds."""

import json
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import ExitStack
from pathlib import Path

import pytest
from harbour import FILL, feed
from hostile_server import HostileServer, hang, reply
from terminal import Terminal, environment

ENTRY = ["id", "feed", "title", "url", "author", "published", "read", "story", "saved", "starred"]


def rows(done) -> list[dict]:
    assert done.returncode == 0, done.stderr.decode()
    return json.loads(done.stdout)


def titles(done) -> list[str]:
    return [row["title"] for row in rows(done)]


READING = [
    ["list"], ["unread", "--count"], ["search", "x"], ["fetch", "x"], ["mark", "read", "x"], ["saved"], ["speakers"],
    ["smart"], ["rules", "list"], ["rules", "test", "x"], ["export"], ["doctor"], ["backup", "x"], ["cleanup"],
    ["remove", "x"], ["rename", "x", "y"], ["move", "x", "y"], ["pause", "x"], ["resume", "x"], ["set", "x"],
]  # fmt: skip


@pytest.mark.parametrize("command", READING, ids=lambda command: command[0])
def test_where_no_library_is_none_is_made(run, tmp_path: Path, command):
    done = run(*command)
    assert (done.returncode, done.stdout) == (1, b"")
    (line,) = done.stderr.decode().splitlines()
    assert "There is no library at" in line
    assert "newsreader add URL" in line
    assert [path.name for path in tmp_path.rglob("*")] == ["config.toml"]


def test_a_library_without_feeds_says_how_to_begin(run):
    assert run("refresh").returncode == 0
    done = run("list", "--json")
    assert rows(done) == []
    assert b"newsreader add URL" in done.stderr


def test_headlines_are_listed_the_newest_first(run, library):
    came = rows(run("list", "--json"))
    assert [row["title"] for row in came] == ["Rates rise", "Ferry café opens", "Pier sold", "Bridge closes"]
    assert all(list(row) == ENTRY for row in came)
    assert titles(run("list", "--json", "--limit", "2")) == ["Rates rise", "Ferry café opens"]
    run("mark", "read", "title:rates")
    assert titles(run("list", "--json", "--unread", "--limit", "1")) == ["Ferry café opens"]
    lines = run("list").stdout.decode().splitlines()
    assert [line[7] for line in lines] == [" ", "*", "*", "*"]
    assert len(rows(run("list", "--feeds", "--json", "--limit", "1"))) == 1


@pytest.mark.parametrize("number", ["0", "-1", "x", "1" * 30, "²", ""])
def test_a_limit_that_is_no_number_is_usage(run, library, number):
    assert run("list", f"--limit={number}").returncode == 2


def test_the_unread_are_counted(run, library):
    assert run("unread", "--count").stdout == b"4\n"
    assert run("unread").stdout.decode().split("\n") == ["     1  Courier", "     3  The Harbour Post", ""]
    run("mark", "read", "feed:harbour")
    assert run("unread", "--count").stdout == b"1\n"
    assert run("unread").stdout == b"     1  Courier\n"
    run("mark", "saved", "pier")
    run("remove", "courier")
    assert run("unread", "--count").stdout == b"0\n", "what is kept of a feed that is gone is no news"


def test_a_search_shows_where_the_words_are(run, library):
    (row,) = rows(run("search", "--json", "cracks", "piers"))
    assert list(row) == [*ENTRY, "snippet", "hits"]
    assert [row["snippet"][start:end] for start, end in row["hits"]] == ["cracks", "piers"]
    done = run("search", "cafe")
    title, where, words = (line.strip() for line in done.stdout.decode().splitlines())
    assert title.endswith("Ferry café opens")
    assert where.startswith("The Harbour Post, 2026-11-12")
    assert words.startswith("The café on the ferry")
    assert b"\x1b" not in done.stdout
    assert (run("search", "nowhere").returncode, run("search", "nowhere").stdout) == (0, b"")


def test_hits_are_bold_on_a_terminal(library, tmp_path: Path):
    with Terminal("search", "cafe ferry", home=tmp_path) as terminal:
        assert terminal.wait() == 0
    output = terminal.output.decode()
    assert "\x1b[1mFerry\x1b[0m \x1b[1mcafé\x1b[0m opens" in output
    assert "The \x1b[1mcafé\x1b[0m on the \x1b[1mferry\x1b[0m serves" in output
    assert max(len(line.rstrip()) for line in terminal.shown().splitlines()) <= 80


def test_a_search_has_a_limit_and_says_so(run, library):
    done = run("search", "harbour", "--limit", "2", "--json")
    assert len(rows(done)) == 2
    assert b"These are the newest 2" in done.stderr
    assert run("search", "harbour", "--limit", "4").stderr == b""


def test_a_query_may_begin_with_a_minus(run, library):
    assert titles(run("search", "--json", "--", "-opinion", "-pier")) == []
    assert titles(run("search", "--json", "--", "-opinion")) == ["Ferry café opens", "Pier sold", "Bridge closes"]


@pytest.mark.parametrize("command", [["search"], ["fetch"], ["mark", "read"], ["smart", "add", "x"], ["rules", "test"]])
def test_a_query_that_means_nothing_is_pointed_at(run, library, command):
    done = run(*command, "rates", "spaeker:Powell")
    assert (done.returncode, done.stdout) == (2, b"")
    *_, message, query, carets = done.stderr.decode().splitlines()
    assert "did you mean" in message
    assert query == "rates spaeker:Powell"
    assert query[carets.index("^") : len(carets)] in ("spaeker:", "spaeker")


@pytest.mark.parametrize("query", ["x" * 10_001, "(" * 100, "a " * 300, "\x1b[31m)", "\udcff)"])
def test_a_query_out_of_all_bounds_is_refused_in_a_few_clean_lines(run, library, query):
    done = run("search", query)
    assert done.returncode == 2
    assert len(done.stderr) < 500
    assert b"\x1b" not in done.stderr


def test_a_nul_is_usage(capsys):
    from reader.cli import main

    with pytest.raises(SystemExit) as ended:
        main(["search", "a\0b"])
    assert ended.value.code == 2
    assert "NUL" in capsys.readouterr().err


def test_what_a_query_finds_is_marked(run, library):
    assert run("mark", "read", "title:pier").stdout == b"1 entry marked.\n"
    assert titles(run("search", "is:read", "--json")) == ["Pier sold"]
    run("mark", "unread", "is:read")
    assert titles(run("search", "is:read", "--json")) == []
    run("mark", "saved", "title:bridge OR title:rates")
    assert titles(run("search", "is:starred", "--json")) == ["Rates rise", "Bridge closes"]
    run("mark", "unsaved", "rates")
    assert titles(run("search", "is:starred", "--json")) == ["Bridge closes"]
    run("mark", "tag", " sea \x1b", "title:bridge", "OR", "ferry")
    assert titles(run("search", "tag:sea", "--json")) == ["Ferry café opens", "Bridge closes"]
    run("mark", "untag", "sea", "bridge")
    assert titles(run("search", "tag:sea", "--json")) == ["Ferry café opens"]
    assert run("mark", "read", "").stdout == b"4 entries marked.\n"
    assert run("unread", "--count").stdout == b"0\n"
    assert run("mark", "tag", " ", "x").returncode == 2
    assert run("mark", "read").returncode == 2
    assert run("mark").returncode == 2


def test_pages_are_fetched_to_be_read_offline(run):
    whole = "<p>The north bridge closed on Monday, and nobody will cross it before spring, the office said.</p>" * 9
    page = f"<html><head><title>A bridge closes</title></head><body><article>{whole}</article></body></html>"
    with HostileServer() as server:
        items = {"bridge": ("A bridge closes", "It closed ..."), "gone": ("Gone", "It went ...")}
        server.routes["/feed"] = reply(body=feed("Short", items, at=server.url("")))
        server.routes["/bridge"] = reply(body=page.encode(), headers=["Content-Type: text/html"])
        run("add", server.url("/feed"))
        done = run("fetch", "bridge")
        assert (done.returncode, done.stdout) == (0, b"1 text fetched for 1 entry, 0 failed.\n")
        assert server.targets() == ["/feed", "/bridge"]
        done = run("fetch", "is:unread")
        assert (done.returncode, done.stdout) == (1, b"0 texts fetched for 2 entries, 1 failed.\n")
        assert b"Gone: The page could not be read" in done.stderr
        assert server.targets() == ["/feed", "/bridge", "/gone"], "what is here is not fetched again"
    assert titles(run("search", "spring", "--json")) == ["A bridge closes"]


def test_a_reader_that_has_seen_enough_is_no_failure(library, tmp_path: Path):
    """Of more output than a pipe holds; a closed output, and one that is full."""
    import subprocess

    from terminal import environment

    def shell(command: str) -> subprocess.CompletedProcess[bytes]:
        command = command.replace("newsreader", f"{sys.executable} -m reader")
        return subprocess.run(["bash", "-c", command], capture_output=True, env=environment(tmp_path), timeout=100)

    done = shell("set -o pipefail; newsreader man | head -1")
    assert (done.returncode, done.stderr) == (0, b"")
    assert shell("newsreader list --json >&-").stderr == b""
    assert shell("newsreader list 2>&- >&-").returncode == 0
    if Path("/dev/full").exists():
        done = shell("newsreader list > /dev/full")
        assert done.returncode == 1
        assert done.stderr.decode().splitlines() == [
            "newsreader: The output can't be written: the disk is full; free some space and try again."
        ]


def test_text_of_the_web_is_printed_clean(run):
    with HostileServer() as server:
        title = "Bell &#27;]52;c;x&#7; [/b] &#x202e;evil"
        server.routes["/feed"] = reply(body=feed(title, {"x": (title, FILL)}))
        assert run("add", server.url("/feed")).returncode == 0
    for command in (["list"], ["search", "bell"], ["list", "--feeds"], ["unread"], ["set", "1"], ["list", "--json"]):
        output = run(*command).stdout.decode()
        assert "Bell" in output
        assert not set(output) & {"\x1b", "\x07", "\u202e"}


def test_ctrl_c_breaks_off_the_pages_that_are_being_fetched(run, tmp_path: Path):
    """Servers that hang would hold it up until their time is over."""
    asked = threading.Semaphore(0)

    def held(server: HostileServer, connection: socket.socket) -> None:
        asked.release()
        hang(server, connection)

    with ExitStack() as running:
        servers = [running.enter_context(HostileServer(host=f"127.0.0.{n}")) for n in range(1, 5)]
        links = "".join(
            f"<item><title>Bridge {n}</title><link>{one.url(f'/{n}')}</link><description>Closed.</description></item>"
            for n, one in enumerate(servers * 10)
        )
        body = f"<rss version='2.0'><channel><title>The Post</title>{links}</channel></rss>".encode()
        servers[0].routes["/feed"] = reply(body=body)
        for one in servers:
            one.routes |= {f"/{n}": held for n in range(40)}
        run("add", servers[0].url("/feed"))
        fetching = subprocess.Popen(
            [sys.executable, "-m", "reader", "--config", str(tmp_path / "config.toml"), "fetch", "Bridge"],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=environment(tmp_path),
        )
        for _ in range(4):
            assert asked.acquire(timeout=10)
        began = time.monotonic()
        fetching.send_signal(signal.SIGINT)
        said = fetching.communicate(timeout=60)
        assert time.monotonic() - began < 2
        assert (fetching.returncode, *said) == (130, b"", b"")
