"""A fault of ours in a command, and the log: what the person is told, what is left for whoever mends it, no secrets."""

import logging
import pickle
import re
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from hostile_server import HostileServer, reply
from terminal import environment

from reader.config import Settings
from reader.library import crash, log
from reader.library.crash import trace, without_secrets
from reader.library.library import Library
from reader.library.workers import _carried

pytestmark = pytest.mark.scorecard(6)

CANARY = "canary-7f3a"
NEWS = "The minister said that the bridge would stay closed until spring"
HOSTILE = (
    f"GET https://ada:{CANARY}@host.example/feed?key={CANARY} \x1b]52;c;aGFja2Vk\x07\x1b[31m\x9b5m\n\u202e"
    f" '{NEWS}' in '/home/ada/my news/library.sqlite' and /srv/ada/library.sqlite" + " and more" * 1000
)
BREAKS = """
import sys
import reader.cli as cli

class Odd(Exception):
    def __str__(self):
        raise RuntimeError("no words")

def deep(n):
    return deep(n + 1)

def breaks(arguments):
    secret = "canary-" + "7f3a"
    match sys.argv[1]:
        case "plain":
            raise RuntimeError({hostile!r})
        case "chained":
            try:
                raise KeyError({hostile!r})
            except KeyError as error:
                raise RuntimeError({hostile!r}) from error
        case "group":
            raise ExceptionGroup({hostile!r}, [ValueError({hostile!r}), OSError(5, {hostile!r}, secret)])
        case "noted":
            error = RuntimeError("x")
            error.add_note({hostile!r})
            raise error
        case "odd":
            raise Odd(secret)
        case "deep":
            deep(0)
        case "thread":
            import threading
            from pathlib import Path
            from reader import config
            from reader.library import log
            def lost():
                raise RuntimeError({hostile!r})
            with log.kept(config.log_path()):
                thread = threading.Thread(target=lost)
                thread.start()
                thread.join()
            return 0
        case "interrupt":
            raise KeyboardInterrupt

parser = cli._parser
def broken():
    made = parser()
    made.set_defaults(run=breaks)
    return made
cli._parser = broken
sys.exit(cli.main([]))
"""


def breaks(home: Path, kind: str) -> subprocess.CompletedProcess[bytes]:
    """What comes of a command that breaks down."""
    code = BREAKS.format(hostile=HOSTILE)
    return subprocess.run([sys.executable, "-c", code, kind], capture_output=True, env=environment(home), timeout=60)


def reports(home: Path) -> list[Path]:
    return sorted((home / ".local/state/newsreader/crashes").glob("*"))


def assert_nothing_secret(text: str) -> None:
    assert CANARY not in text
    assert NEWS[:45] not in text
    assert "ada" not in text
    assert text.replace("\n", "").isprintable()


KINDS = ("plain", "group", "chained", "noted", "odd", "deep")


def test_a_fault_of_ours_is_one_sentence_and_a_report(tmp_path, full, record_property):
    kinds = KINDS if full else KINDS[:2]
    for kind in kinds:
        (tmp_path / kind).mkdir()
        assert_sentence_and_report(breaks(tmp_path / kind, kind), tmp_path / kind)
    record_property("figure", f"{len(kinds)} kinds of faults in commands: a sentence and a report each, 0 secrets")


def assert_sentence_and_report(done: subprocess.CompletedProcess[bytes], home: Path) -> None:
    assert (done.returncode, done.stdout) == (1, b"")
    (said,) = done.stderr.decode().splitlines()
    (report,) = reports(home)
    told = re.fullmatch(
        r"newsreader: This command broke down \(\w+\); nothing that was saved is lost\. To report it, look through"
        r" (\S+) and send it with an issue at https://\S+\.",
        said,
    )
    assert told
    assert Path(told[1]) == report
    text = report.read_text()
    assert_nothing_secret(said.replace(str(home), ""))
    assert_nothing_secret(text)
    assert str(home) not in text
    assert not re.search(r"(?<![\w.])/(?:home|srv|root|tmp|usr|work)\b", text), "no path of this computer"
    assert re.search(r"^newsreader \S+, Python 3\.\d+\.\d+", text, re.MULTILINE)
    assert re.search(r"^terminal \d+ x \d+", text, re.MULTILINE)
    assert re.search(r"^  reader/cli/__init__\.py:\d+ in main$", text, re.MULTILINE)
    assert max(map(len, text.splitlines())) < 260
    assert len(text.splitlines()) < 120
    assert stat.S_IMODE(report.stat().st_mode) == 0o600
    assert stat.S_IMODE(report.parent.stat().st_mode) == 0o700
    kept = (home / ".local/state/newsreader/log").read_text()
    assert_nothing_secret(kept)
    assert re.fullmatch(r"\S+ error A command broke down: \w+ at \S+:\d+\n", kept)


def test_a_thread_that_nobody_waits_for_prints_no_traceback(tmp_path):
    done = breaks(tmp_path, "thread")
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    kept = (tmp_path / ".local/state/newsreader/log").read_text()
    assert_nothing_secret(kept)
    assert "in the background: RuntimeError at" in kept


def test_an_interrupt_is_no_crash(tmp_path):
    done = breaks(tmp_path, "interrupt")
    assert (done.returncode, done.stdout, done.stderr) == (130, b"", b"")
    assert reports(tmp_path) == []


def test_without_room_for_a_report_it_is_said_still(tmp_path):
    (tmp_path / ".local").write_text("no folder")
    done = breaks(tmp_path, "plain")
    assert done.returncode == 1
    (said,) = done.stderr.decode().splitlines()
    assert said.endswith("No report of it could be written: Not a directory.")
    assert_nothing_secret(said)


def test_ten_reports_are_kept_and_none_is_written_over(tmp_path):
    said = []
    for number in range(13):
        said.append(crash.told("This command", ValueError(str(number)), tmp_path / "crashes"))
    kept = sorted((tmp_path / "crashes").iterdir())
    assert [path.read_text().splitlines()[-1] for path in kept] == [f"ValueError: {n}" for n in range(3, 13)]
    assert all(str(path) in words for path, words in zip(kept, said[3:], strict=True))


def test_a_planted_link_is_not_followed(tmp_path):
    aim = tmp_path / "aim"
    aim.write_text("mine")
    (tmp_path / "log").symlink_to(aim)
    with log.kept(tmp_path / "log"):
        log.LOG.error("words")
    assert aim.read_text() == "mine"


def test_the_trace_has_no_values_and_no_code():
    def fails(secret: str) -> None:
        raise ValueError(f"token={secret}")

    try:
        fails(CANARY)
    except ValueError as error:
        lines = trace(error).splitlines()
    assert re.fullmatch(r"  tests/cli/test_crash\.py:\d+ in \S+", lines[0])
    assert lines[-1] == "ValueError: token= …"


@pytest.mark.parametrize(
    ("words", "left"),
    [
        ("https://ada:s3cret@a.example/feed", "https://a.example/feed"),
        ("https://s3cret@a.example/", "https://a.example/"),
        ("https://ada:s3/cr@et@a.example/", "https://a.example/"),
        ("two: https://u:s3cret@a/x?y=s3cret#s3cret, http://v:s3cret@b", "two: https://a/x?… http://b"),
        ("https://a.example/@ada/feed", "https://a.example/@ada/feed"),
        ("Authorization: Basic s3cret", "Authorization: …"),
        ("sent {'Cookie': 's3cret; s3cret'}", "sent {'Cookie': …"),
        ("the password=s3cret was refused", "the password= …"),
        ("the command for its password failed with status 1", "the command for its password failed with status 1"),
        ("a\x1b[31mb\r\nc\u202ed", "a [31mb c d"),
    ],
)
def test_secrets_are_taken_out_of_words(words, left):
    assert without_secrets(words) == left
    assert "s3cret" not in without_secrets(words)


def test_what_went_wrong_in_a_worker_is_told_without_secrets():
    class Refused(ValueError):
        pass

    def fails(secret: str) -> None:
        raise Refused(f"of https://ada:{secret}@host.example/?{secret} {NEWS!r}")

    try:
        fails(CANARY)
    except ValueError as error:
        returned, carried = pickle.loads(_carried(error))
    assert not returned
    (note,) = carried.__notes__
    assert_nothing_secret(note)
    assert "in test_what_went_wrong_in_a_worker_is_told_without_secrets.<locals>.fails" in note
    assert str(Path.cwd()) not in note


# The log.


def test_the_log_says_why_a_feed_failed_and_nothing_secret(run, tmp_path, record_property):
    home = tmp_path / ".local/share/newsreader/library.sqlite"
    kept = tmp_path / ".local/state/newsreader/log"
    with HostileServer() as server, Library(home, settings=Settings()) as library:
        server.routes[f"/feed?key={CANARY}"] = reply("500 \x1b[31mOh no")
        url = server.url(f"/feed?key={CANARY}").replace("//", f"//ada:{CANARY}@")
        library.store.add_feed(url, title="Post", site=None, folder=None, now=library.now())
        assert run("refresh").returncode == 3
        shown = re.escape(server.url("/feed?…"))
    first, last = kept.read_text().splitlines()
    at = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d"
    assert re.fullmatch(rf"{at} warning Feed 1 failed: the server answered 500 .*; Post, {shown}", first)
    assert re.fullmatch(rf"{at} info Refreshed: 1 checked, 0 new, 1 failed", last)
    assert CANARY not in kept.read_text()
    assert kept.read_text().replace("\n", "").isprintable()
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert stat.S_IMODE(kept.parent.stat().st_mode) == 0o700
    done = run("doctor")
    assert str(kept) in done.stderr.decode()
    assert "newsreader/crashes" in done.stderr.decode()
    record_property("figure", "the log of a refresh: 2 lines, 0 secrets, mode 0600")


def test_the_log_is_three_files_of_a_megabyte_at_most(tmp_path, monkeypatch):
    monkeypatch.setattr(log, "_LARGEST", 2000)
    path = tmp_path / "state" / "log"
    with log.kept(path):
        for number in range(200):
            log.LOG.warning("line %d", number)
    files = [path, path.with_name("log.1"), path.with_name("log.2")]
    assert sorted(tmp_path.rglob("log*")) == files
    assert all(file.stat().st_size <= 2000 and stat.S_IMODE(file.stat().st_mode) == 0o600 for file in files)
    assert path.read_text().endswith("line 199\n")


def test_two_programs_write_one_log(tmp_path):
    path = tmp_path / "log"
    one, other = (log._File(path, maxBytes=400, backupCount=2, delay=True) for _ in range(2))
    for number in range(60):
        for file in (one, other):
            file.emit(logging.LogRecord("x", logging.INFO, "", 0, f"line {number}", None, None))
    assert path.read_text().splitlines()[-2:] == ["line 59", "line 59"]


def test_a_log_that_can_not_be_written_stops_nothing(tmp_path, capfd):
    (tmp_path / "log").mkdir()
    with log.kept(tmp_path / "log"):
        log.LOG.error("words")
    with log.kept(tmp_path / "log" / "deep" / "\0"):
        log.LOG.error("words")
    assert tuple(capfd.readouterr()) == ("", "")


def test_it_is_kept_no_longer_than_asked_for(tmp_path):
    before = list(logging.getLogger().handlers), threading.excepthook, sys.unraisablehook
    with log.kept(tmp_path / "log"):
        logging.getLogger("a library").warning("\x1b[31mof https://a:%s@b.example/", CANARY)
    assert (list(logging.getLogger().handlers), threading.excepthook, sys.unraisablehook) == before
    assert (tmp_path / "log").read_text().endswith("warning [31mof https://b.example/\n")


def test_starting_loads_neither_log_nor_report():
    code = (
        "import sys, reader.cli\ntry: reader.cli.main(['--version'])\nexcept SystemExit: pass\n"
        "print({'logging', 'reader.library', 'reader.config'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert done.stdout.splitlines()[-1] == "set()", done.stderr
