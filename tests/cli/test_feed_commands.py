"""What a person does with feeds: add, remove, rename, move, pause, set, refresh; against servers on loopback."""

import json
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from harbour import FILL, HEADERS, feed, harbour_post
from hostile_server import HostileServer, reply
from terminal import environment


@pytest.fixture
def server():
    with HostileServer() as server:
        server.routes["/post"] = harbour_post()
        yield server


def feeds(run) -> dict[str, dict]:
    return {row["title"]: row for row in json.loads(run("list", "--feeds", "--json").stdout)}


def told(done) -> str:
    return done.stderr.decode()


def test_a_feed_is_renamed_moved_and_removed(run, library):
    done = run("rename", "harbour", "Post\x1b[31m\n of the harbour")
    assert done.returncode == 0, told(done)
    assert set(feeds(run)) == {"Courier", "Post [31m of the harbour"}
    assert run("move", "harbour", "Sea / North").returncode == 0
    assert feeds(run)["Post [31m of the harbour"]["folder"] == "Sea / North"
    assert b"in no folder" in run("move", "harbour", "").stdout
    assert feeds(run)["Post [31m of the harbour"]["folder"] is None
    assert run("mark", "saved", "bridge").returncode == 0
    done = run("remove", "harbour")
    assert done.stdout.decode().endswith("is followed no more; 1 saved entry stays.\n")
    assert set(feeds(run)) == {"Courier"}
    assert b"nothing was saved from it" in run("remove", "courier").stdout
    assert feeds(run) == {}


@pytest.mark.parametrize(
    ("given", "why"),
    [
        (("rename", "nothing", "x"), "No feed is named “nothing”"),
        (("remove", "o"), "may be 2 feeds"),
        (("set", "harbour", "--password-command", "pass show x"), "name it with --user"),
    ],
)
def test_what_can_not_be_done_is_one_sentence_and_changes_nothing(run, library, given, why):
    before = feeds(run)
    done = run(*given)
    assert (done.returncode, done.stdout) == (1, b"")
    assert why in told(done)
    assert len(told(done).splitlines()) == 1
    assert feeds(run) == before


@pytest.mark.parametrize("given", [("remove", ""), ("rename", "harbour", " "), ("pause", "\n"), ("refresh", "")])
def test_an_empty_name_means_no_feed(run, library, given):
    assert run("remove", "courier").returncode == 0
    done = run(*given)
    assert done.returncode == 2
    assert "it is empty" in told(done)
    assert set(feeds(run)) == {"The Harbour Post"}


def test_settings_are_shown_changed_and_unset(run, library):
    assert b"interval          as configured" in run("set", "harbour").stdout
    given = ("--interval", "2h", "--full-text", "--mute", "--user", "ada", "--password-command", "echo  'a  b'")
    done = run("set", "harbour", *given, "--user-agent", "Mozilla/5.0", "--cookie", "-", stdin=b"id=s3cret\nmore")
    assert done.returncode == 0, told(done)
    shown = done.stdout.decode()
    for line in (
        "interval          120 minutes",
        "full text         yes",
        "muted             yes",
        "user agent        Mozilla/5.0",
        "user              ada",
        "password command  echo  'a  b'",
        "cookie            set",
    ):
        assert line in shown
    assert "s3cret" not in shown
    assert run("set", "harbour").stdout == done.stdout, "what was set is kept"
    row = feeds(run)["The Harbour Post"]
    assert (row["interval"], row["full_text"], row["muted"]) == (120, True, True)
    unset = ("--interval", "", "--no-full-text", "--no-mute", "--user", "", "--password-command", "", "--cookie", "")
    shown = run("set", "harbour", *unset).stdout.decode()
    for line in (
        "interval          as configured",
        "full text         no",
        "user              none",
        "cookie            none",
    ):
        assert line in shown
    assert "user agent        Mozilla/5.0" in shown, "what was not named stays"


@pytest.mark.parametrize("time", ["30", "0m", "x", "999999d", "-1h", "²h", "31d"])
def test_a_time_that_is_none_is_usage(run, library, time):
    done = run("set", "harbour", f"--interval={time}")
    assert done.returncode == 2
    assert "--interval" in told(done)


def test_adding_with_settings_asks_with_them(run, server):
    given = ("--user", "ada", "--password-command", "echo s3cret", "--user-agent", "Mine/1", "--cookie", "a=b")
    done = run("add", server.url("/post"), "--folder", "World", "--interval", "30m", "--full-text", *given)
    assert (done.returncode, told(done)) == (0, "")
    (asked,) = server.asked
    assert (asked.header("User-Agent"), asked.header("Cookie")) == ("Mine/1", "a=b")
    assert asked.header("Authorization")
    row = feeds(run)["The Harbour Post"]
    assert (row["folder"], row["interval"], row["full_text"]) == ("World", 30, True)


def test_a_feed_of_openings_is_told_of(run, server):
    server.routes["/short"] = reply(body=feed("Short", {"a": ("A bridge closes", "It closed on Monday ...")}))
    done = run("add", server.url("/short"))
    assert "newsreader set 1 --full-text" in told(done)
    assert feeds(run)["Short"]["openings"] == 1
    assert b"(openings only)" in run("list", "--feeds").stdout
    assert "100% of its texts are openings" in run("set", "1").stdout.decode()


def test_a_paused_feed_is_not_asked_for(run, server):
    run("add", server.url("/post"))
    assert b"is paused" in run("pause", "harbour").stdout
    assert b"(paused)" in run("list", "--feeds").stdout
    done = run("refresh", "--force")
    assert (done.returncode, len(server.asked)) == (0, 1)
    assert "0 feeds checked" in told(done)
    assert run("resume", "harbour").returncode == 0
    assert "1 feed checked" in told(run("refresh", "--force"))
    assert len(server.asked) == 2


def test_only_the_feeds_that_are_named_are_refreshed(run, server):
    server.routes["/other"] = reply(body=feed("Other", {"x": ("X", FILL)}))
    run("add", server.url("/post"))
    run("add", server.url("/other"))
    server.asked.clear()
    done = run("refresh", "harbour", "1")
    assert server.asked == []
    assert "1 feed of those named not asked for: not due yet" in told(done)
    done = run("refresh", "harbour", "--force")
    assert server.targets() == ["/post"]
    assert "1 feed checked" in told(done)
    assert "not due yet" not in told(run("refresh"))
    assert run("refresh", "nothing").returncode == 1


def test_a_refresh_tells_what_failed_what_was_put_off_and_lists_that_failed(run, server):
    opml = '<opml version="2.0"><body><outline text="Gone" xmlUrl="{}"/></body></opml>'
    server.routes["/list"] = reply(body=opml.format(server.url("/gone")).encode())
    assert run("import", server.url("/list"), "--live").returncode == 0
    run("add", server.url("/post"))
    server.routes["/post"] = reply("429 Too Many Requests", headers=["Retry-After: 7200"])
    done = run("refresh", "--force", "--json")
    assert done.returncode == 3
    came = json.loads(done.stdout)
    assert list(came) == ["checked", "new", "failed", "postponed", "lists", "told", "alerts", "unsorted"]
    assert sorted(row["title"] for row in came["failed"]) == ["Gone", "The Harbour Post"]
    assert all(set(row) == {"id", "title", "url", "error"} for row in came["failed"])
    done = run("refresh", "--force", "--json")
    came = json.loads(done.stdout)
    assert {row["title"] for row in came["postponed"]} == {"Gone", "The Harbour Post"}, "they are of one server"
    assert all(set(row) == {"id", "title", "url", "until"} for row in came["postponed"])
    assert (done.returncode, came["checked"], came["failed"]) == (0, 0, [])
    assert told(done).count("its server asks to be left alone until") == 2


def test_quiet_says_nothing_but_failures(run, server):
    run("add", server.url("/post"))
    done = run("refresh", "--quiet", "--force")
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    server.routes["/post"] = reply("500 Internal Server Error")
    done = run("refresh", "--quiet", "--force")
    assert (done.returncode, done.stdout) == (3, b"")
    assert told(done).count("\n") == 1


def test_nothing_followed_is_said(run):
    assert "No feed is followed yet" in told(run("refresh"))
    assert run("refresh", "--quiet").stderr == b""


@pytest.mark.parametrize(("by", "notes"), [("auto", 1), ("desktop", 1), ("terminal", 0), ("none", 0)])
def test_what_a_rule_tells_is_printed_and_notified(run, server, tmp_path: Path, by, notes):
    """A program of the desktop's name is there; it writes down what it was asked to show."""
    run("add", server.url("/post"))
    assert run("rules", "add", "Ships", "title:ship*", "--do", "notify,tag:sea").returncode == 0
    config = tmp_path / "config.toml"
    config.write_text(config.read_text() + f'[notify]\nby = "{by}"\n')
    (tmp_path / "bin").mkdir()
    program = tmp_path / "bin" / "notify-send"
    program.write_text('#!/bin/sh\nfor word; do echo "$word"; done >> "$HOME/notes"\n')
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    items = {f"s{n}": (f"Ship {n} &lt;b&gt; leaves", f"Ship {n} left. {FILL}") for n in range(1, 6)}
    server.routes["/post"] = reply(body=feed("The Harbour Post", items), headers=HEADERS)
    outside = environment(tmp_path)
    outside |= {"PATH": f"{program.parent}:{outside['PATH']}", "DISPLAY": ":0"}
    command = [sys.executable, "-m", "reader", "refresh", "--force", "--json", "--config", str(config)]
    done = subprocess.run(command, capture_output=True, env=outside, timeout=100)
    assert done.returncode == 0, told(done)
    rows = json.loads(done.stdout)["told"]
    assert [list(row) for row in rows] == [["rule", "entry", "feed", "title", "url"]] * 5
    assert {row["rule"] for row in rows} == {"Ships"}
    assert told(done).count("Ships: The Harbour Post: Ship ") == 5
    shown = (tmp_path / "notes").read_text().splitlines() if notes else []
    assert shown[2:3] == ["Ships"] * notes
    assert (sum("Ship" in line and "leaves" in line for line in shown), "and 2 more" in shown) == (
        3 * notes,
        bool(notes),
    )
    assert (tmp_path / "notes").exists() == bool(notes)
    assert len(json.loads(run("search", "tag:sea", "--json").stdout)) == 5
