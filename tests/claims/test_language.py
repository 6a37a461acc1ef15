"""The language of a text: right on news of many languages, and English never taken for another."""

import json
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reader.claims import language as module
from reader.claims.language import language

PAGES = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "pages"

TEXTS = json.loads((Path(__file__).parent / "languages.json").read_text("utf-8"))
NEWS: dict[str, str] = TEXTS["news"]
"""One piece of news in many languages."""
ENGLISH: dict[str, str] = TEXTS["english"]
"""English that is easily taken for something else."""


@pytest.mark.parametrize("code", NEWS)
def test_news_of_many_languages(code):
    assert language(NEWS[code]) == code


@pytest.mark.parametrize("case", ENGLISH)
def test_english_is_never_called_something_else(case):
    assert language(ENGLISH[case]) in ("en", None)


def test_plain_english_loads_no_model():
    code = (
        "import sys; import reader.claims; from reader.claims.language import language; "
        f"assert language({ENGLISH['news']!r}) == 'en'; "
        "assert not {'numpy', 'py3langid'} & {name.split('.')[0] for name in sys.modules}"
    )
    assert subprocess.run([sys.executable, "-c", code], timeout=60, check=False).returncode == 0


@pytest.mark.parametrize("text", ["", " \n", "Die Brücke ist gesperrt.", "12 345 678 " * 50, "?!… " * 99, "😀" * 99])
def test_too_little_to_say(text):
    assert language(text) is None


def test_a_megabyte_costs_what_a_page_costs():
    assert language(NEWS["de"]) == "de"  # the model is loaded
    text = NEWS["de"] * 5000
    start = time.perf_counter()
    assert language(text) == "de"
    assert time.perf_counter() - start < 0.1


def test_a_long_article_is_not_judged_by_its_opening():
    assert language(NEWS["fr"] * 2 + ENGLISH["news"] * 40) == "en"


def test_a_model_that_cannot_be_loaded_is_no_answer(monkeypatch):
    def broken():
        raise OSError("no room for the model")

    monkeypatch.setattr(module, "_identifier", broken)
    assert language(NEWS["de"]) is None
    assert language(ENGLISH["news"]) == "en"


@given(st.text(alphabet=st.characters(), max_size=300) | st.lists(st.sampled_from([*NEWS.values()])).map(" ".join))
def test_any_text(text):
    code = language(text)
    assert code is None or (len(code) == 2 and code.isascii() and code.islower())
    assert language(text) == code


@pytest.mark.skipif(not PAGES.is_dir(), reason="shared/data/pages is not here")
def test_captured_pages():
    found = {}
    for name in ("scrapinghub", "wcxb"):
        for line in (PAGES / name / "truth.jsonl").read_text(encoding="utf-8").splitlines():
            truth = json.loads(line)
            found[truth["id"]] = language(truth["text"])
    assert Counter(found.values()) == {"en": 511, "pt": 6, "ru": 4, "de": 2, "id": 2, "it": 2, "ja": 2, "ko": 2}
