"""The program's own words in other languages: the catalogues are whole, and are those of the code."""

import ast
import gettext
import subprocess
import sys
from pathlib import Path
from string import Formatter

import pytest

pofile = pytest.importorskip("babel.messages.pofile", reason="catalogues are made and looked at with babel")
extract = pytest.importorskip("babel.messages.extract")

ROOT = Path(__file__).resolve().parent.parent
LOCALE = ROOT / "reader" / "locale"
LANGUAGES = sorted(path.parent.parent.name for path in LOCALE.glob("*/LC_MESSAGES/newsreader.po"))
HINT = "run make words, then translate what is new; see docs/translating.md"


def catalogue(language: str):
    with (LOCALE / language / "LC_MESSAGES" / "newsreader.po").open("rb") as file:
        return pofile.read_po(file, locale=language)


def messages(language: str):
    return [message for message in catalogue(language) if message.id]


def forms(words: object) -> tuple[str, ...]:
    return words if isinstance(words, tuple) else (str(words),)


def fields(words: str) -> set[str]:
    return {field for _, field, _, _ in Formatter().parse(words) if field is not None}


def test_german_is_there():
    assert "de" in LANGUAGES


def test_the_template_and_every_catalogue_have_the_words_of_the_code():
    code = {words for _, _, words, _, _ in extract.extract_from_dir(ROOT / "reader")}
    with (LOCALE / "newsreader.pot").open("rb") as file:
        template = {message.id for message in pofile.read_po(file) if message.id}
    assert template == code, HINT
    for language in LANGUAGES:
        assert {message.id for message in messages(language)} == code, HINT


def test_what_is_translated_is_written_out_in_the_code():
    """Words put together before they are looked up are in no catalogue; a name stands for those in `N_()`."""
    wrong = []
    for path in (ROOT / "reader").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Name)
                and node.func.id in ("_", "N_", "ngettext")
            ):
                given = node.args[: 2 if node.func.id == "ngettext" else 1]
                fit = (ast.Constant, ast.Name, ast.Attribute) if node.func.id == "_" else ast.Constant
                if not all(isinstance(one, fit) for one in given):
                    wrong.append(f"{path.relative_to(ROOT)}:{node.lineno}")
    assert not wrong


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_left_untranslated_or_in_doubt(language):
    left = [message.id for message in messages(language) if message.fuzzy or not all(forms(message.string))]
    assert not left, HINT


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_put_in_afterwards_is_the_same_in_every_language(language):
    wrong = {}
    for message in messages(language):
        # In a plural the words for one may leave the number out.
        wanted = fields(forms(message.id)[-1])
        for form in filter(None, forms(message.string)):
            if fields(form) != wanted and not (message.pluralizable and fields(form) == wanted - {"n"}):
                wrong[message.id] = form
            outer = [(words[: len(words) - len(words.lstrip())], words[len(words.rstrip()) :]) for words in (
                forms(message.id)[0], form)]  # fmt: skip
            if outer[0] != outer[1]:
                wrong[message.id] = form
    assert not wrong


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_the_program_reads_is_what_was_translated(language):
    with (LOCALE / language / "LC_MESSAGES" / "newsreader.mo").open("rb") as file:
        read = gettext.GNUTranslations(file)
    for message in messages(language):
        if not all(forms(message.string)):
            continue
        if message.pluralizable:
            one, several = message.id
            assert [read.ngettext(one, several, n) for n in (1, 2)] == list(message.string), HINT
        else:
            assert read.gettext(message.id) == message.string, HINT


def python(code: str, **around: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, cwd=ROOT, env={"PATH": "", **around}
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.mark.parametrize(
    ("around", "words"),
    [
        ({"LANGUAGE": "de", "LC_ALL": "C.UTF-8"}, "Aussagen"),
        ({"LANG": "de_AT.UTF-8"}, "Aussagen"),
        ({"LC_MESSAGES": "de_DE.UTF-8", "LANG": "en_GB.UTF-8"}, "Aussagen"),
        ({"LANGUAGE": "tlh:de"}, "Aussagen"),
        ({"LANGUAGE": "tlh"}, "Claims"),
        ({"LANG": "C"}, "Claims"),
        ({}, "Claims"),
    ],
)
def test_the_language_is_that_of_the_environment(around, words):
    assert python("from reader.words import _; print(_('Claims'))", **around, PYTHONIOENCODING="utf-8") == words


def test_the_words_load_in_a_moment_and_without_what_makes_them():
    code = """
import argparse, pathlib, sys, time  # which every command loads
begun = time.perf_counter()
import reader.words
took = time.perf_counter() - begun
assert not [name for name in sys.modules if name.startswith("babel")]
print(took)
"""
    for language in ("de", "C"):
        assert min(float(python(code, LANGUAGE=language)) for _ in range(5)) < 0.02, "3 ms on a machine at rest"
