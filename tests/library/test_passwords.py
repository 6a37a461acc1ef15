"""Passwords come from commands, go to their own server, and stand nowhere (41)."""

import base64
import os
import socket
import sys
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from fifo import Fifo
from hostile_server import HostileServer, reply
from press import asked, feed, followed, item, redirect

from reader.library.answers import LibraryError
from reader.library.library import Library
from reader.library.passwords import PasswordError, Passwords
from reader.library.programs import Programs
from reader.model import Feed, FeedSettings

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
    assert Passwords(Programs()).printed_by(printing(tmp_path / "pass.py", CANARY, "user: ada")) == CANARY
    assert Passwords(Programs()).printed_by("") == ""


def test_a_command_is_asked_once(tmp_path: Path):
    passwords = Passwords(Programs())
    command = printing(tmp_path / "pass.py", CANARY)
    assert passwords.printed_by(command) == CANARY
    (tmp_path / "pass.py").write_text("raise SystemExit(1)")
    assert passwords.printed_by(command) == CANARY


def test_no_shell_reads_the_command(tmp_path: Path):
    made = tmp_path / "made"
    command = f"{printing(tmp_path / 'pass.py', CANARY)} ; touch {made} $(touch {made})"
    assert Passwords(Programs()).printed_by(command) == CANARY
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
        Passwords(Programs()).printed_by(command)
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


def locked(library: Library, urls: Sequence[str], command: str) -> list[Feed]:
    """Feeds that share a command for their password."""
    feeds = [followed(library, url) for url in urls]
    for one in feeds:
        library.feeds.change(replace(one, settings=FeedSettings(user="ada", password_command=command)))
    return feeds


class Held:
    """A command that is given its password by the test, and until then hangs."""

    def __init__(self, fifo: Path) -> None:
        os.mkfifo(fifo)
        self._fifo = fifo
        self.command = f"cat {fifo}"

    def give(self, password: str) -> None:
        """Wait until the command runs, and let it end."""
        self._fifo.write_text(f"{password}\n")


def refreshing(library: Library, heard: Callable[[str], object]) -> threading.Thread:
    """A refresh under way; `heard` is told each feed's title as it is done."""
    thread = threading.Thread(
        target=lambda: library.refresh(force=True, report=lambda one: heard(one.feed.title)), daemon=True
    )
    thread.start()
    return thread


def test_a_command_that_hangs_holds_up_no_other_feed(library: Library, server, tmp_path: Path):
    held = Held(tmp_path / "held")
    server.routes |= {f"/{n}": feed(item(str(n))) for n in range(40)}
    waiting = [server.url(f"/{n}") for n in range(30)]
    locked(library, waiting, held.command)
    free = {followed(library, server.url(f"/{n}")).title for n in range(30, 40)}
    left, came = set(free), threading.Event()

    def heard(title: str) -> None:
        left.discard(title)
        if not left:
            came.set()

    refresh = refreshing(library, heard)
    assert came.wait(5), f"{len(left)} feeds wait for the password of others"
    assert not any(asked(server, f"/{n}") for n in range(30))
    held.give(CANARY)
    refresh.join(10)
    assert {asked(server, f"/{n}")[0].header("Authorization") for n in range(30)} == {basic("ada", CANARY)}


def test_a_refusal_stops_nothing_while_another_command_runs(library: Library, server, tmp_path: Path):
    held, running = Held(tmp_path / "held"), threading.Event()
    over = threading.Event()

    def refuse(server: HostileServer, connection: socket.socket) -> None:
        running.wait(10)
        connection.sendall(reply("401 Unauthorized"))

    server.routes |= {"/refused": refuse, "/waiting": feed(item("1"))}
    # Feeds come by title: its command is asked first.
    locked(library, [server.url("/refused")], printing(tmp_path / "pass.py", "wrong"))
    locked(library, [server.url("/waiting")], f"sh -c 'echo up > {tmp_path}/up; {held.command}'")
    up = Fifo(tmp_path / "up")
    refresh = refreshing(library, lambda title: title.endswith("/refused") and over.set())
    try:
        assert up.said() == "up\n"
        running.set()
        assert over.wait(5), "the refusal is told while the other command runs"
    finally:
        held.give(CANARY)
        up.close()
    refresh.join(10)
    assert asked(server, "/waiting")


def test_a_failure_counts_for_a_refresh_and_the_next_asks_again(library: Library, server, tmp_path: Path):
    runs = tmp_path / "runs"
    command = f"sh -c 'echo run >> {runs}; exit 3'"
    locked(library, [server.url(f"/{n}") for n in range(8)], command)
    for times in (1, 2):
        assert [why for _, why in library.refresh(force=True).failed] == [
            "the command for its password failed with status 3"
        ] * 8
        assert runs.read_text().split() == ["run"] * times
    settings = FeedSettings(user="ada", password_command=command)
    with pytest.raises(LibraryError, match="status 3"):
        library.feeds.preview(server.url("/new"), settings=settings)
    assert len(runs.read_text().split()) == 3


def test_those_who_wait_share_one_answer_and_commands_are_asked_one_at_a_time(tmp_path: Path):
    passwords, held = Passwords(Programs()), Held(tmp_path / "held")
    several = [passwords.asked(held.command) for _ in range(4)]
    other = passwords.asked(f"touch {tmp_path / 'other'}")
    with pytest.raises(TimeoutError):
        other.result(0.2)
    assert not (tmp_path / "other").exists()
    held.give(CANARY)
    assert [one.result(5) for one in several] == [CANARY] * 4
    with pytest.raises(PasswordError, match="printed none"):
        other.result(5)


def test_a_library_is_closed_while_a_command_hangs_and_others_wait_for_their_turn(library: Library, server, tmp_path):
    up = Fifo(tmp_path / "up")
    command = f"sh -c 'exec 3>{up.path}; (echo up >&3; sleep 30); echo {CANARY}'"
    (one,) = locked(library, [server.url("/feed")], command)
    with ThreadPoolExecutor(2) as threads:
        refresh = threads.submit(library.refresh, force=True)
        assert up.said() == "up\n"
        settings = FeedSettings(user="ada", password_command=f"touch {tmp_path / 'other'}")
        adding = threads.submit(library.feeds.add, server.url("/other"), settings=settings)
        began = time.monotonic()
        library.stop()
        for waiting in (refresh, adding):
            with pytest.raises(LibraryError, match="broken off"):
                waiting.result(1)
        assert time.monotonic() - began < 1
    assert up.said(seconds=0) == "", "nothing of the command is left"
    up.close()
    assert not (tmp_path / "other").exists()
    assert one.id not in library.store.checks(), "that one leaves is no failure of a feed"
    assert server.asked == []


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
