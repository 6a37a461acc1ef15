"""Saved words in articles that are edited, cut and read otherwise: found where they stand, never silently elsewhere."""

import gzip
import json
import random
from collections import Counter
from pathlib import Path

import pytest
from highlights import edit_cases

from reader.articles import ExtractError
from reader.articles.extract import extract
from reader.highlights.anchor import find, quote
from reader.model import Fit

PAGES = Path(__file__).parents[1] / "articles" / "pages"
SHARED = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "pages"
RIGHT = 0.98


def own_texts():
    for path in sorted(PAGES.glob("*.html")):
        try:
            text = extract(path.read_bytes()).text
        except ExtractError:
            continue
        if len(text) > 800:
            yield path.stem, text


def shared_texts():
    for folder in ("scrapinghub", "wcxb"):
        for line in (SHARED / folder / "truth.jsonl").read_text(encoding="utf-8").splitlines()[::3]:
            page = json.loads(line)
            if len(page["text"]) > 1500:
                paragraphs = [one.strip() for one in page["text"].split("\n") if one.strip()]
                yield (
                    page["id"],
                    "\n\n".join(paragraphs),
                    SHARED / folder / "html" / f"{page['id']}.html.gz",
                    page["url"],
                )


def judged(cases):
    """How many are right by kind, how many there are, and those that are wrong without its being said."""
    right, total, silent = Counter(), Counter(), []
    for case in cases:
        found = find(case.after, quote(case.before, case.saved.start, case.saved.end))
        is_right = edit_cases.is_right(case, found.span if found else None)
        total[case.kind] += 1
        right[case.kind] += is_right
        if found and found.fit is Fit.EXACT and not is_right:
            silent.append((case.kind, case.saved.of(case.before), found.span.of(case.after)))
    return right, total, silent


def report(right, total):
    return "\n".join(f"{kind:32} {right[kind]:5} of {total[kind]:5}" for kind in total)


def test_on_our_own_pages_words_are_found_again_after_edits():
    cases = [case for name, text in own_texts() for case in edit_cases.cases(text, random.Random(name))]
    right, total, silent = judged(cases)
    assert total.total() >= 300
    assert len(total) == len(edit_cases.EDITS)
    assert silent == []
    assert right.total() >= RIGHT * total.total(), report(right, total)


@pytest.mark.skipif(not SHARED.exists(), reason="the pages of others are not here; our own are tested above")
def test_on_real_pages_words_are_found_again_after_edits_and_in_another_extraction():
    cases = []
    for number, (name, text, page, url) in enumerate(shared_texts()):
        rng = random.Random(name)
        cases += edit_cases.cases(text, rng)
        if number % 3 == 0:  # extraction takes its time
            ours = extract(gzip.decompress(page.read_bytes()), url=url).text
            case = edit_cases.other_extraction(ours, text, rng)
            cases += [case] if case else []
    right, total, silent = judged(cases)
    assert total["read otherwise"] >= 20
    assert silent == []
    assert right.total() >= RIGHT * total.total(), report(right, total)
