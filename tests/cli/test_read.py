"""`newsreader read`: the annotated article as text."""

import html
import json
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from ipaddress import ip_network
from pathlib import Path

import pytest
from hostile_server import HostileServer, reply
from terminal import Terminal, environment

from reader.config import Network, Settings
from reader.library.library import Library

NOW = datetime(2026, 11, 12, 9, 0, tzinfo=UTC)
LOOPBACK = Settings(network=Network(allow_private=(ip_network("127.0.0.0/8"),)))
BRIDGE = """
<p>“Nobody will cross the north bridge before spring,” said Ada Lind, the harbour master of Skerra.</p>
<h2>What was found</h2>
<p>Cracks were found in two piers of the bridge, according to <a href="https://u:p@office.example/report">a report</a>
by the Skerra Harbour Office. The office said that 12 people had been hurt when the north bridge of Skerra closed.</p>
<ul><li>The north bridge is closed to all.</li><li>The ferry across Skerra sound is free.</li></ul>
<p>The council denied that it had been warned about the bridge in Skerra, its spokesman, Per Holm, said on Monday.</p>
"""
COURIER = """
<p>The north bridge of Skerra closed on Monday after cracks were found in two piers of the bridge, the Skerra Harbour
Office said.</p>
<p>The harbour office said that 15 people had been hurt when the north bridge of Skerra closed. “Nobody will cross the
north bridge before spring,” said Ada Lind, the harbour master of Skerra.</p>
<p>The mayor, Ida Falk, said that the repair of the north bridge would cost nine million crowns.</p>
"""
HOSTILE = "<p>“Bell &#27;]52;c;x&#7; &#x202e;evil,” said Ada &#27;[31mLind of the &#155;harbour.</p>" * 8
HOSTILE += "<p>She said more in <a href='https://аррӏе.example/'>a statement</a> of Monday, which few have read.</p>"


def page(title: str, body: str) -> bytes:
    return f"<html><head><title>{title}</title></head><body><article><h1>{title}</h1>{body}</article></body>".encode()


def feed(title: str, items: dict[str, tuple[str, str]]) -> bytes:
    entries = "".join(
        f"<item><title>{name}</title><link>https://post.example/{at}</link><guid>{at}</guid><author>Eva Sund</author>"
        f"<pubDate>Thu, 12 Nov 2026 0{number}:00:00 GMT</pubDate><description>{html.escape(body)}</description></item>"
        for number, (at, (name, body)) in enumerate(items.items(), 1)
    )
    return f'<rss version="2.0"><channel><title>{title}</title>{entries}</channel></rss>'.encode()


@pytest.fixture(scope="session")
def bridges(tmp_path_factory) -> Path:
    """A library in which two outlets tell one story, with a claim saved."""
    path = tmp_path_factory.mktemp("bridges") / "library.sqlite"
    with HostileServer() as server, Library(path, settings=LOOPBACK, now=lambda: NOW) as library:
        items = {"bridge": ("North bridge of Skerra closes", BRIDGE), "evil": ("Evil &#27;[31m bells", HOSTILE)}
        server.routes["/post"] = reply(body=feed("The Harbour Post", items))
        server.routes["/courier"] = reply(
            body=feed("Courier", {"closed": ("Skerra north bridge closed until spring", COURIER)})
        )
        for title, name in (("The Harbour Post", "/post"), ("Courier", "/courier")):
            library.store.add_feed(server.url(name), title=title, site=None, folder=None, now=NOW)
        assert library.refresh().new == 3
        for entry_id in library.store.headlines():
            opened = library.open(entry_id)
            if opened.entry.title.startswith("North"):
                library.saved.keep(library.saved.of(opened, opened.analysis.claims[0]))
    return path


@pytest.fixture
def library(bridges: Path, tmp_path: Path) -> Path:
    shutil.copy(bridges, tmp_path / "library.sqlite")
    return tmp_path / "library.sqlite"


Read = Callable[..., subprocess.CompletedProcess[bytes]]


@pytest.fixture
def read(run, library: Path) -> Read:
    def read(*arguments: str) -> subprocess.CompletedProcess[bytes]:
        return run("read", "--library", str(library), *arguments)

    return read


def number(run, library: Path, title: str) -> str:
    rows = json.loads(run("list", "--json", "--library", str(library)).stdout)
    return next(str(row["id"]) for row in rows if row["title"].startswith(title))


@pytest.fixture
def bridge(run, library: Path) -> str:
    return number(run, library, "North")


def shown(done: subprocess.CompletedProcess[bytes]) -> str:
    assert (done.returncode, done.stderr) == (0, b"")
    return done.stdout.decode()


def parts(text: str) -> dict[str, str]:
    """The parts by heading; what stands before the first is the article."""
    article, *rest = re.split(r"^(Claims|Sources|Links|Story)\n-+\n", text, flags=re.MULTILINE)
    return {"": article} | dict(zip(rest[::2], rest[1::2], strict=True))


def test_an_article_is_printed_with_its_claims_numbered_in_place_and_listed(read, bridge):
    came = parts(shown(read(bridge)))
    assert list(came) == ["", "Claims", "Sources", "Links", "Story"]
    title, rule, *head = came[""].splitlines()[:4]
    assert title == "North bridge of Skerra closes"
    assert rule == "=" * len(title)
    assert head == [
        "by Eva Sund · 2026-11-12 · The Harbour Post · 1 minute to read",
        "https://post.example/bridge",
    ]
    assert "“Nobody will cross the north bridge before spring,” [1★] said Ada" in came[""]
    assert "## What was found" in came[""]
    assert "* The north bridge is closed to all.\n* The ferry" in came[""]
    assert re.search(r"a\sreport \[\^1\]\s+by the Skerra", came[""])
    marks = re.findall(r"\[(\d+)★?\]", came[""])
    listed = re.findall(r"^\[(\d+)\] ", came["Claims"], flags=re.MULTILINE)
    assert listed == sorted(marks, key=int) == [str(n) for n in range(1, len(listed) + 1)]
    first = came["Claims"].split("[2]")[0].splitlines()
    assert first[0] == "[1] Ada Lind ★"
    assert first[1].strip() == "“Nobody will cross the north bridge before spring,”"
    assert first[2].strip() == "quoted · person · “said”"
    assert "# 12 people" in came["Claims"]
    assert "denied" in came["Claims"]
    assert "Ada Lind — person · 1 claim" in came["Sources"]
    assert came["Links"].strip() == "[^1]: https://office.example/report"


def test_the_story_says_who_else_tells_it_who_differs_and_what_is_missing(read, bridge):
    story = " ".join(parts(shown(read(bridge)))["Story"].split())
    assert story.startswith("2 outlets: ")
    assert "Courier" in story
    assert "The Harbour Post" in story
    assert re.search(r"Figures differ: .*12 people.*15 people|Figures differ: .*15 people.*12 people", story)


def test_lines_are_as_wide_as_asked(read, bridge):
    for width, most in (((), 72), (("--width", "30"), 30)):
        lines = [line for line in shown(read(bridge, *width)).splitlines() if "http" not in line]
        assert most - 10 < max(map(len, lines)) <= most
    whole = shown(read(bridge, "--width", "0"))
    assert "according to a report [^1] by the Skerra Harbour Office." in whole
    for wrong in ("-1", "5", "x", "²", ""):
        assert read(bridge, f"--width={wrong}").returncode == 2


def test_wide_characters_count_double_and_addresses_stay_whole():
    from reader.cli.paper import _cells, _lines

    text = "一二三四五 six https://example.org/a/very/long/address end é́ 一二三[1] x"
    lines = [line.of(text) for line in _lines(text, 10)]
    assert "".join(lines) == text
    assert "https://example.org/a/very/long/address" in [line.strip() for line in lines]
    assert all(_cells(line.rstrip()) <= 10 for line in lines if "https" not in line)


def test_in_a_pipe_there_are_no_colours_unless_they_are_asked_for(read, bridge):
    bare = shown(read(bridge))
    assert "\x1b" not in bare
    coloured = shown(read(bridge, "--color", "always"))
    assert "\x1b[32m“Nobody will cross" in coloured
    assert re.sub(r"\x1b\[[\d;]*m", "", coloured) == bare, "colours say nothing that signs don't"


def test_a_terminal_gets_colours_and_lines_that_it_has_room_for(library, bridge, tmp_path):
    with Terminal("read", bridge, "--library", str(library), home=tmp_path, size=(50, 24)) as terminal:
        assert terminal.wait() == 0
    output = terminal.output.decode()
    assert "\x1b[32m“Nobody will cross" in output
    lines = re.sub(r"\x1b\[[\d;]*m", "", output).splitlines()
    assert 40 < max(map(len, lines)) <= 50


@pytest.mark.parametrize(
    ("around", "asked", "coloured"),
    [
        ({}, "auto", True),
        ({"NO_COLOR": "1"}, "auto", False),
        ({"NO_COLOR": ""}, "auto", True),
        ({"TERM": "dumb"}, "auto", False),
        ({}, "never", False),
        ({"NO_COLOR": "1"}, "always", True),
    ],
)
def test_a_terminal_gets_no_colours_where_it_or_the_person_wants_none(monkeypatch, around, asked, coloured):
    from reader.cli.read import _colour

    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    for name, value in around.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    assert _colour(asked) is coloured


def test_plain_has_words_in_place_of_signs(read, bridge):
    plain = shown(read(bridge, "--plain", "--width", "0"))
    assert not set(plain) & set("★←·#[]^*=>|—")
    assert "spring,” (claim 1, quoted, saved) said Ada Lind" in plain
    assert "according to a report (link 1) by" in plain
    assert "\nWhat was found\n" in plain
    assert "Claim 1, quoted, saved.\nSpeaker: Ada Lind, person.\nAttributed by: said.\nWords: “Nobody" in plain
    assert "Figures: 12 people." in plain
    assert "Link 1: https://office.example/report" in plain


def test_the_words_of_the_program_are_in_the_persons_language_and_those_of_the_news_are_not(library, bridge, tmp_path):
    german = environment(tmp_path) | {"LANGUAGE": "de", "LC_ALL": "C.UTF-8"}
    command = [sys.executable, "-m", "reader", "read", bridge, "--library", str(library), "--plain"]
    done = subprocess.run(command, env=german, capture_output=True, timeout=60)
    text = shown(done)
    for words in (
        "von Eva Sund",
        "1 Minute Lesezeit",
        "\nAussagen\n",
        "Aussage 1, wörtlich",
        "\nQuellen\n",
        "2 Medien",
    ):
        assert words in text
    assert "“Nobody will cross the north bridge before spring,”" in text


def test_an_entry_is_found_by_its_address_too(read, bridge):
    assert shown(read("https://post.example/bridge")) == shown(read(bridge))


@pytest.mark.parametrize("kept", [True, False], ids=["with a library", "without one"])
def test_a_page_that_is_not_in_the_library_is_read_and_not_kept(run, library, tmp_path, kept):
    where = library if kept else tmp_path / "none.sqlite"
    with HostileServer() as server:
        body = page("North bridge of Skerra closes", BRIDGE * 2)
        server.routes["/bridge"] = reply(body=body, headers=["Content-Type: text/html"])
        came = parts(shown(run("read", "--library", str(where), server.url("/bridge"))))
    assert came[""].startswith("North bridge of Skerra closes\n")
    assert "[1] Ada Lind\n" in came["Claims"]
    assert "not in the library" in came["Story"]
    if kept:
        assert len(json.loads(run("list", "--json", "--library", str(where)).stdout)) == 3
    else:
        assert not where.exists()


def test_reading_changes_nothing(run, read, library, bridge):
    before = run("list", "--json", "--library", str(library)).stdout
    read(bridge)
    assert run("list", "--json", "--library", str(library)).stdout == before


def test_what_cannot_be_read_is_told_in_one_sentence(run, read, tmp_path):
    with HostileServer() as server:
        server.routes["/gone"] = reply("404 Not Found")
        for arguments, words in (
            (["99999"], "no longer in the library"),
            (["9" * 40], "no longer in the library"),
            ([server.url("/gone")], server.url("/gone")),
        ):
            done = read(*arguments)
            assert (done.returncode, done.stdout) == (1, b"")
            (line,) = done.stderr.decode().splitlines()
            assert words in line
    for wrong in ("bridge", "", "-3", "ftp://x.example/", "²"):
        assert run("read", "--", wrong).returncode == 2
    done = run("read", "3", "--library", str(tmp_path / "none.sqlite"))
    assert done.returncode == 1
    assert b"There is no library at" in done.stderr


@pytest.mark.scorecard(8)
def test_text_of_the_web_is_printed_clean(run, read, library):
    evil = number(run, library, "Evil")
    for options, warned in {(): " ⚠ ", ("--plain",): ", ", ("--width", "0"): " ⚠ "}.items():
        output = shown(read(evil, *options))
        assert "Bell" in output
        assert f"{warned}leads to xn--80ak6aa92e.example: looks like" in " ".join(output.split())
        assert not set(output) & {"\x1b", "\x07", "\x9b", "\u202e", "\0"}


def test_a_pipe_that_is_closed_early_is_no_failure(library, bridge, tmp_path):
    command = f"set -o pipefail; {sys.executable} -m reader read {bridge} --library {library} | head -1"
    done = subprocess.run(["bash", "-c", command], capture_output=True, env=environment(tmp_path), timeout=60)
    assert (done.returncode, done.stderr) == (0, b"")


def test_help_has_examples(run):
    done = run("read", "--help")
    assert b"examples:" in done.stdout
    assert b"--plain" in done.stdout


def test_a_text_of_many_links_and_claims_is_printed_in_a_moment(capsys):
    from reader.cli.paper import Paper, Reading, print_article
    from reader.model import Analysis, Article, Claim, Link, Span

    links = tuple(Link(span=Span(at, at + 4), url=f"https://e.example/{at}") for at in range(0, 400_000, 50))
    claims = tuple(Claim(id=at // 100, content=(Span(at, at + 60),)) for at in range(0, 400_000, 100))
    article = Article(url=None, title="Long", text="word said " * 40_000, links=links)
    reading = Reading(
        title="Long", outlet="", byline="", published=None, url=None, article=article, analysis=Analysis(claims=claims)
    )
    begun = time.perf_counter()
    print_article(reading, Paper(width=72, colour=True, plain=False))
    assert time.perf_counter() - begun < 5
    assert "[4000]" in capsys.readouterr().out
