"""How commands end that are told to, and that were given no input: without a word too many, and with nothing left."""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from hostile_server import HostileServer, reply
from terminal import environment

FEED = b'<rss version="2.0"><channel><title>News</title><item><guid>1</guid><title>One</title></item></channel></rss>'


@pytest.mark.parametrize(("way", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
def test_a_command_that_is_ended_leaves_nothing_running_and_nothing_behind(run, tmp_path: Path, way, code):
    asked = threading.Event()

    def hang(server, connection):
        asked.set()
        server.released.wait()

    with HostileServer() as server:
        server.routes |= {"/one": reply(body=FEED), "/two": reply(body=FEED)}
        for path in ("/one", "/two"):
            assert run("add", server.url(path)).returncode == 0
        server.routes |= {"/one": reply(body=FEED.replace(b"One", b"Once")), "/two": hang}
        command = [sys.executable, "-m", "reader", "refresh", "--force", "--config", str(tmp_path / "config.toml")]
        outside = environment(tmp_path)
        with subprocess.Popen(command, env=outside, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
            assert asked.wait(30)
            end = time.monotonic() + 30
            while not list(tmp_path.glob("pymp-*")) and time.monotonic() < end:  # the workers' own folder
                time.sleep(0.01)
            process.send_signal(way)
            out, complaints = process.communicate(timeout=20)
    assert (process.returncode, out, complaints) == (code, b"", b"")
    assert list(tmp_path.glob("pymp-*")) == []


@pytest.mark.parametrize(("way", "code"), [("SIGTERM", 143), ("SIGINT", 130)])
def test_it_ends_as_well_in_its_first_moments(tmp_path: Path, way, code):
    program = f"""
import builtins, os, signal, sys
from reader.__main__ import main
imported = builtins.__import__
def importing(name, *more):
    if name == "reader.cli.commands":
        os.kill(os.getpid(), signal.{way})
    return imported(name, *more)
builtins.__import__ = importing
sys.exit(main())
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, env=environment(tmp_path), timeout=60)
    assert (done.returncode, done.stdout, done.stderr) == (code, b"", b"")


@pytest.mark.parametrize(
    ("words", "code"), [("claims -", 0), ("compare -", 0), ("import -", 1), ("saved import -", 1), ("feed -", 1)]
)
def test_an_input_that_was_closed_has_nothing_in_it(tmp_path: Path, words, code):
    def closed() -> None:
        os.close(0)

    command = [sys.executable, "-m", "reader", *words.split()]
    done = subprocess.run(command, capture_output=True, env=environment(tmp_path), preexec_fn=closed, timeout=60)
    assert b"broke down" not in done.stderr
    assert (done.returncode, done.stderr.count(b"\n")) == (code, 1 if code else 0), done.stderr
