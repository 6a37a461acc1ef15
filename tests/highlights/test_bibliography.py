"""BibTeX and CSL-JSON: what reference managers make of the articles of highlights."""

import json
import re

from hypothesis import given
from hypothesis import strategies as st
from made import SAVED, highlight, highlights

from reader.highlights.bibliography import to_bibtex, to_csl
from reader.model.highlights import HighlightKind

ARTICLE = [
    highlight("First.", n=1, author="By Ana Duarte and Reuters", tags=("ports", "budget, new"), note="Ask."),
    highlight("Second {50 %}.", n=2, start=9, author="By Ana Duarte and Reuters", speaker=None, source=None, via=()),
    highlight("All of it.", n=3, start=0, author="By Ana Duarte and Reuters", kind=HighlightKind.ARTICLE),
]


def test_an_article_is_one_entry_with_all_that_was_saved_of_it():
    (entry,) = entries(to_bibtex(ARTICLE))
    kind, key, fields = entry
    assert kind == "article"
    assert re.fullmatch(r"duarte2026report-[0-9a-f]{8}", key)
    assert fields == {
        "author": "Duarte, Ana and {Reuters}",
        "title": "{Report due in spring}",
        "journal": "The Harbour Post",
        "date": "2026-11-12",
        "year": "2026",
        "month": "nov",
        "url": "https://harbour.example/report",
        "urldate": "2026-11-13",
        "keywords": "budget new, ports",
        "annote": r"“First.” — Ana Duarte (via Lusa) — Ask.; “Second \textbraceleft{}50 \%\textbraceright{}.”",
    }


def test_csl_has_an_item_an_article():
    (item,) = json.loads(to_csl(ARTICLE))
    assert item == {
        "id": entries(to_bibtex(ARTICLE))[0][1],
        "type": "article-newspaper",
        "title": "Report due in spring",
        "author": [{"family": "Duarte", "given": "Ana"}, {"literal": "Reuters"}],
        "container-title": "The Harbour Post",
        "issued": {"date-parts": [[2026, 11, 12]]},
        "accessed": {"date-parts": [[2026, 11, 13]]},
        "URL": "https://harbour.example/report",
        "keyword": "budget new, ports",
        "annote": "“First.” — Ana Duarte (via Lusa) — Ask.; “Second {50 %}.”",
    }


def test_what_is_not_known_is_left_out():
    bare = [highlight(title="", outlet="", url=None, published=None, speaker=None, source=None, via=())]
    ((kind, key, fields),) = entries(to_bibtex(bare))
    assert (kind, set(fields)) == ("online", {"urldate", "annote"})
    (item,) = json.loads(to_csl(bare))
    assert item == {
        "id": key,
        "type": "article-newspaper",
        "accessed": {"date-parts": [[2026, 11, 13]]},
        "annote": "“We will publish the report.”",
    }


def test_it_was_accessed_when_it_was_fetched():
    earlier = SAVED.replace(day=3)
    assert json.loads(to_csl([highlight(retrieved=earlier)]))[0]["accessed"] == {"date-parts": [[2026, 11, 3]]}


def test_keys_stay_when_more_is_saved_and_articles_are_retitled():
    url = "https://harbour.example/other"
    later = [*ARTICLE, highlight(n=8, title="Retitled"), highlight(n=9, url=url, author="Ana Duarte")]
    keys = [key for _, key, _ in entries(to_bibtex(later))]
    assert keys[0] == entries(to_bibtex(ARTICLE))[0][1]
    assert len(set(keys)) == 2
    assert keys[0].split("-")[0] == keys[1].split("-")[0]


def test_names_in_every_form():
    names = "Martin Luther King, Jr., Jan van der Berg and Jörg Müller"
    ((_, key, fields),) = entries(to_bibtex([highlight(author=names)]))
    assert fields["author"] == "King, Jr., Martin Luther and van der Berg, Jan and Müller, Jörg"
    assert key.startswith("king2026report-")
    authors = json.loads(to_csl([highlight(author=names)]))[0]["author"]
    assert authors[0] == {"family": "King", "given": "Martin Luther", "suffix": "Jr."}
    assert authors[1] == {"family": "van der Berg", "given": "Jan"}


def test_nothing_is_nothing():
    assert to_bibtex([]) == ""
    assert json.loads(to_csl([])) == []


@given(highlights(), st.randoms())
def test_no_text_leaves_its_field_and_the_order_given_does_not_matter(saved, random):
    shuffled = random.sample(saved, len(saved))
    written = to_bibtex(saved)
    assert to_bibtex(shuffled) == written
    assert to_csl(shuffled) == to_csl(saved)
    found, items = entries(written), json.loads(to_csl(saved))
    assert [key for _, key, _ in found] == [item["id"] for item in items]
    assert len({key for _, key, _ in found}) == len(found)
    for _, key, fields in found:
        assert re.fullmatch("[a-z0-9-]+", key)
        for name, value in fields.items():
            if name != "url":
                bare = re.sub(r"\\(?:text[a-z]+\{\}|[$&#_%])", "", value)
                assert not re.search(r"[\\~^<>|\"$&#_%]", bare), (name, value)
        assert fields.get("url", "https://").startswith(("https://", "http://"))


def entries(text):
    """Entries as BibTeX reads them: it counts braces, whether or not there is a backslash before them."""
    found, at = [], 0
    for opened in re.finditer(r"^@(\w+)\{([^,{}\s]+),\n", text, re.MULTILINE):
        assert text[at : opened.start()].strip() == ""
        at, fields = opened.end(), {}
        while text[at] != "}":
            name = re.compile(r"  (\w+) = (?:(\w+)|(?=\{))").match(text, at)
            at = name.end()
            if name[2] is None:
                at = closed(text, name.end())
            fields[name[1]] = name[2] or text[name.end() + 1 : at - 1]
            assert text[at : at + 2] == ",\n"
            at += 2
        found.append((opened[1], opened[2], fields))
        at += 1
    assert text[at:].strip() == ""
    return found


def closed(text, at):
    depth = 0
    while True:
        depth += {"{": 1, "}": -1}.get(text[at], 0)
        at += 1
        if not depth:
            return at
