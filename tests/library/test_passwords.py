"""Passwords come from commands, go to their own server, and stand nowhere (41)."""

import base64
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from hostile_server import reply
from press import asked, feed, item, redirect

from reader.library.answers import LibraryError
from reader.library.library import Library
from reader.library.passwords import PasswordError, Passwords
from reader.model import FeedSettings

CANARY = "canary-7f3a"


def printing(script: Path, *lines: str, status: int = 0) -> str:
    """A command that prints some lines, made to be found in no argument of it."""
    script.write_text(
        f"import sys\nprint({chr(10).join(lines)!r})\nprint('oh no', file=sys.stderr)\nsys.exit({status})"
    )
    return f"{sys.executable} {script}"


def basic(user: str, password: str) -> str:
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


def test_the_password_is_the_first_line_that_the_command_prints(tmp_path: Path):
    assert Passwords().printed_by(printing(tmp_path / "pass.py", CANARY, "user: ada")) == CANARY
    assert Passwords().printed_by("") == ""


def test_a_command_is_asked_once(tmp_path: Path):
    passwords = Passwords()
    command = printing(tmp_path / "pass.py", CANARY)
    assert passwords.printed_by(command) == CANARY
    (tmp_path / "pass.py").write_text("raise SystemExit(1)")
    assert passwords.printed_by(command) == CANARY


def test_no_shell_reads_the_command(tmp_path: Path):
    made = tmp_path / "made"
    assert Passwords().printed_by(f"{printing(tmp_path / 'pass.py', CANARY)} ; touch {made} $(touch {made})") == CANARY
    assert not made.exists()


@pytest.mark.scorecard(41)
@pytest.mark.parametrize(
    ("command", "why"),
    [
        ("/nowhere/at/all", "can't be run: No such file"),
        ("' never closed", "can't be run: No closing quotation"),
        ("  ", "can't be run"),
        (f"{sys.executable} -c 'print(\"{CANARY}\"); raise SystemExit(3)'", "failed with status 3"),
        (f"{sys.executable} -c ''", "printed none"),
        (f"{sys.executable} -c 'print(); print(\"{CANARY}\")'", "printed none"),
    ],
)
def test_a_command_that_gives_none_is_said_without_what_it_printed(command, why):
    with pytest.raises(PasswordError, match=why) as failed:
        Passwords().printed_by(command)
    assert CANARY not in str(failed.value)
    assert str(failed.value).isprintable()


@pytest.mark.scorecard(41)
def test_it_is_sent_to_the_feeds_own_server_alone_with_cookie_and_user_agent(
    library: Library, server, elsewhere, tmp_path: Path
):
    settings = FeedSettings(
        user="ada", password_command=printing(tmp_path / "pass.py", CANARY), cookie="session=1", user_agent="Mine/1"
    )
    server.routes |= {"/feed": feed(item("1")), "/other": feed(item("2")), "/away": redirect(302, elsewhere.url("/x"))}
    elsewhere.routes["/x"] = feed(item("3"))
    one, _ = library.feeds.add(server.url("/feed"), settings=settings)
    away, _ = library.feeds.add(server.url("/away"), settings=settings)
    library.feeds.add(server.url("/other"))
    library.refresh(force=True)
    assert [feed.settings for feed in library.store.feeds() if feed in (one, away)] == [settings] * 2

    def sent(to, target) -> set[tuple[str | None, ...]]:
        return {
            tuple(request.header(name) for name in ("Authorization", "Cookie", "User-Agent"))
            for request in asked(to, target)
        }

    assert sent(server, "/feed") == sent(server, "/away") == {(basic("ada", CANARY), "session=1", "Mine/1")}
    assert sent(elsewhere, "/x") == {(None, None, "Mine/1")}
    ((nothing, no_cookie, usual),) = sent(server, "/other")
    assert (nothing, no_cookie) == (None, None)
    assert usual.startswith("newsreader/")


def test_a_page_can_not_have_it_sent_to_another_server(library: Library, server, elsewhere, tmp_path: Path):
    link = f'<link rel="alternate" type="application/rss+xml" href="{elsewhere.url("/feed")}">'
    server.routes["/home"] = reply(body=f"<html><head>{link}</head>".encode())
    elsewhere.routes["/feed"] = feed(item("1"))
    for personal in (
        FeedSettings(user="ada", password_command=printing(tmp_path / "pass.py", CANARY)),
        FeedSettings(cookie="session=1"),
    ):
        with pytest.raises(LibraryError, match="on another server"):
            library.feeds.add(server.url("/home"), settings=personal)
        assert library.store.feeds() == []
    assert elsewhere.asked == []
    library.feeds.add(server.url("/home"), settings=FeedSettings(interval=5))


def test_a_command_that_fails_is_its_feeds_failure_alone(library: Library, server, tmp_path: Path):
    server.routes |= {"/closed": feed(item("1")), "/open": feed(item("2"))}
    settings = FeedSettings(user="ada", password_command=printing(tmp_path / "pass.py", CANARY, status=1))
    with pytest.raises(LibraryError, match="failed with status 1"):
        library.feeds.add(server.url("/closed"), settings=settings)
    closed, _ = library.feeds.add(server.url("/closed"))
    library.feeds.add(server.url("/open"))
    library.feeds.change(replace(closed, settings=settings))
    server.asked.clear()
    came = library.refresh(force=True)
    assert [(feed.id, why) for feed, why in came.failed] == [
        (closed.id, "the command for its password failed with status 1")
    ]
    assert server.targets() == ["/open"]


def test_a_password_that_is_refused_is_said(library: Library, server, tmp_path: Path):
    server.routes["/feed"] = feed(item("1"))
    library.feeds.add(server.url("/feed"))
    server.routes["/feed"] = reply("401 Unauthorized")
    ((_, why),) = library.refresh(force=True).failed
    assert why == "the server answered 401 Unauthorized: it wants a user name and a password"


def test_after_a_refusal_the_command_is_asked_again(library: Library, server, tmp_path: Path):
    server.routes["/feed"] = reply("401 Unauthorized")
    feed_, _ = library.store.add_feed(server.url("/feed"), title="f", site=None, folder=None, now=library.now())
    settings = FeedSettings(user="ada", password_command=printing(tmp_path / "pass.py", CANARY))
    library.feeds.change(replace(feed_, settings=settings))
    assert library.refresh().failed
    printing(tmp_path / "pass.py", "another")
    library.refresh(force=True)
    assert [request.header("Authorization") for request in asked(server, "/feed")] == [
        basic("ada", CANARY), basic("ada", "another"),
    ]  # fmt: skip


@pytest.mark.scorecard(41)
def test_it_stands_in_no_file_and_no_message(library: Library, server, tmp_path: Path, capfd, caplog):
    command = printing(tmp_path / "pass.py", CANARY)
    server.routes["/feed"] = feed(item("1"))
    library.feeds.add(server.url("/feed"), settings=FeedSettings(user="ada", password_command=command))
    (tmp_path / "pass.py").unlink()
    messages = [repr(library.store.feeds())]
    for answer in (reply("401 Unauthorized"), reply("500 Oh no"), redirect(302, "http://["), b"nonsense\r\n\r\n"):
        server.routes["/feed"] = answer
        messages.append(repr(library.refresh(force=True)))
    messages += [repr(library.store.checks()), library.feeds.export()[0].decode(), caplog.text, *capfd.readouterr()]
    assert asked(server, "/feed")[-1].header("Authorization") == basic("ada", CANARY)
    library.store.care.backup(tmp_path / "backup")
    secrets = (CANARY, base64.b64encode(f"ada:{CANARY}".encode()).decode())
    assert [message for message in messages if any(secret in message for secret in secrets)] == []
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert len(files) >= 3
    assert [path for path in files if any(secret.encode() in path.read_bytes() for secret in secrets)] == []
