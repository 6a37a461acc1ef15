"""Completion and the manual page, as shells and man take them; and what every command says of itself."""

import argparse
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from reader.cli import _parser


def commands(parser: argparse.ArgumentParser) -> Iterator[argparse.ArgumentParser]:
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for command in action.choices.values():
                yield command
                yield from commands(command)


COMMANDS = list(commands(_parser()))


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_script_is_accepted_by_its_shell(run, tmp_path, shell):
    done = run("completion", shell)
    assert (done.returncode, done.stderr) == (0, b"")
    script = done.stdout.decode()
    for word in ("refresh", "untag", "--full-text", "--password-command", "newsboat"):
        assert word in script or word.removeprefix("--") in script
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not here")
    (tmp_path / "script").write_text(script)
    checked = subprocess.run([shell, "-n", str(tmp_path / "script")], capture_output=True, timeout=60)
    assert (checked.returncode, checked.stderr) == (0, b"")


@pytest.mark.skipif(shutil.which("bash") is None, reason="bash is not here")
@pytest.mark.parametrize(
    ("words", "completed"),
    [
        (["re"], {"read", "remove", "rename", "resume", "refresh", "report"}),
        (["mark", ""], {"read", "unread", "saved", "unsaved", "tag", "untag"}),
        (["rules", "a"], {"add", "apply"}),
        (["list", "--un"], {"--unread"}),
        (["completion", ""], {"bash", "zsh", "fish"}),
        (["backup", "libr"], {"library.sqlite"}),
        (["--config", "libr"], {"library.sqlite"}),
    ],
)
def test_bash_completes(run, tmp_path, words, completed):
    (tmp_path / "script").write_bytes(run("completion", "bash").stdout)
    (tmp_path / "library.sqlite").touch()
    typed = " ".join(f"'{word}'" for word in ["newsreader", *words])
    function = re.search(rb"complete .*-F (\w+) newsreader", (tmp_path / "script").read_bytes())
    assert function
    asked = f"COMP_WORDS=({typed}); COMP_CWORD={len(words)}; {function[1].decode()}"
    code = f"source ./script; {asked}; echo ${{COMPREPLY[@]}}"
    command = ["bash", "--norc", "--noprofile", "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, timeout=60)
    assert set(done.stdout.split()) == completed, done.stderr


def test_the_manual_names_every_command_and_option(run):
    done = run("man")
    assert (done.returncode, done.stderr) == (0, b"")
    page = done.stdout.decode().replace(r"\-", "-")
    assert page.startswith(".TH NEWSREADER 1")
    for command in COMMANDS:
        assert re.search(rf'^\.SS "{re.escape(command.prog)}[ "]', page, re.MULTILINE), command.prog
        for action in command._actions:
            assert all(option in page for option in action.option_strings)
    for section in ("NAME", "SYNOPSIS", "DESCRIPTION", "OPTIONS", "COMMANDS", "EXIT STATUS", "FILES"):
        assert f"\n.SH {section}\n" in page
    assert not re.search(r"^[.'](?!TH|SH|SS|TP|PP|nf$|fi$|B )", page, re.MULTILINE), (
        "no line of ours is a command of roff"
    )


@pytest.mark.skipif(shutil.which("groff") is None, reason="groff is not here")
def test_the_manual_is_read_without_a_warning(run):
    page = run("man").stdout
    command = ["groff", "-man", "-ww", "-Kutf8", "-Tutf8", "-P-c"]
    done = subprocess.run(command, input=page, capture_output=True, timeout=60)
    assert (done.returncode, done.stderr) == (0, b"")
    shown = re.sub(r".\x08", "", done.stdout.decode())
    assert "newsreader refresh [--force] [--quiet] [--json] [FEED ...]" in shown
    assert 'newsreader move npr ""' in shown


def test_the_page_of_commands_has_them_all():
    page = (Path(__file__).parents[2] / "docs" / "commands.md").read_text(encoding="utf-8")
    for command in COMMANDS:
        name, *below = command.prog.split()[1:]
        assert re.search(rf"`{name}\b", page), command.prog
        assert all(word in page for word in below), command.prog
        if name not in ("demo", "feed", "extract", "claims", "stories", "ledger", "compare", "eval", "report"):
            told = {option for action in command._actions for option in action.option_strings if option != "-h"}
            assert not [option for option in told if option not in page], command.prog


def test_commands_start_without_what_only_some_need():
    code = "import sys, reader.cli; reader.cli._parser(); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    heavy = {
        "shtab",
        "tqdm",
        "msgspec",
        "reader.library.library",
        "reader.store.store",
        "reader.query",
        "reader.config",
    }
    assert not heavy & set(done.stdout.split())


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.prog)
def test_every_command_explains_itself(command):
    help = command.format_help()
    assert command.description
    for action in command._actions:
        assert action.help or isinstance(action, argparse._SubParsersAction), f"{command.prog}: {action.dest}"
    forms = re.findall(r"^  newsreader", command.epilog or "", re.MULTILINE)
    optional = [
        one
        for one in command._actions
        if one.option_strings and not {"-h", "--library", "--config", "--json"} & set(one.option_strings)
    ]
    assert forms or len(optional) < 4, help
    for line in (command.epilog or "").splitlines():
        if line.startswith("  newsreader "):
            assert line.split()[1] == command.prog.split()[1]
