"""The gate of extraction is open, and it closes when it should."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from articles import gate

from reader.articles import ExtractError
from reader.model import Article, Block, BlockKind, Caption, Emphasis, EmphasisKind, Link, Picture, Span, Wall

ARTICLE = Article(
    url="https://a.example/",
    title="Baths to close",
    text="The baths close.\n\nNo one asked.",
    blocks=(
        Block(kind=BlockKind.PARAGRAPH, span=Span(0, 16)),
        Block(kind=BlockKind.QUOTE, span=Span(18, 31)),
    ),
    links=(Link(span=Span(4, 9), url="https://a.example/baths"),),
    emphasis=(
        Emphasis(span=Span(0, 9), kind=EmphasisKind.STRONG),
        Emphasis(span=Span(10, 15), kind=EmphasisKind.EM),
    ),
    captions=(Caption(text="The old  boilers", at=16),),
    lead=Picture(url="https://a.example/lead.jpg", caption="The roof"),
    byline="Ada Byrne",
    published=datetime(2026, 11, 12, 7, 30, tzinfo=UTC),
)
STATED = {"url": "https://a.example/", "title": "Baths to close"}
FOUND = {
    "byline": "Ada Byrne",
    "published": "2026-11-12T08:30:00+01:00",
    "image": "https://a.example/lead.jpg",
    "must": ["baths  close. No one"],
    "must_not": ["Share this"],
    "captions": ["old boilers", "The roof"],
    "kinds": {"quote": 1, "table": 0},
    "strong": ["baths"],
    "links": ["https://a.example/baths"],
}


def toml(page) -> str:
    def written(value) -> str:
        if isinstance(value, dict):
            return "{" + ", ".join(f"{kind} = {count}" for kind, count in value.items()) + "}"
        return "true" if value is True else repr(value)

    return "\n".join(f"{key} = {written(value)}" for key, value in page.items())


@pytest.fixture
def judged(tmp_path, monkeypatch):
    """The judgements on a page whose TOML and whose article are given."""

    def judged(page, article=ARTICLE):
        def extracted(*_, **__):
            if isinstance(article, Exception):
                raise article
            return article

        (tmp_path / "page.toml").write_text(toml(page), encoding="utf-8")
        (tmp_path / "page.html").write_text("<p>")
        monkeypatch.setattr(gate, "extract", extracted)
        return gate.judged(tmp_path / "page.toml")

    return judged


@pytest.fixture(scope="module")
def sets():
    return {"pages": gate.measure()}


def test_the_gate_is_open(sets):
    assert gate.compare(sets, gate.FLOORS.read_text(encoding="utf-8")) == []


def test_other_pages_close_it(sets):
    floors = gate.as_toml(sets)
    assert gate.compare(sets, floors) == []
    for other in (floors.replace(sets["pages"].corpus, "0" * 64), ""):
        (wrong,) = gate.compare(sets, other)
        assert "make eval FLOORS=write" in wrong


@pytest.mark.parametrize("figures", [{"must": 0.0}, {}])
def test_a_worse_extraction_closes_it(sets, figures):
    floors = gate.as_toml({"pages": replace(sets["pages"], figures={"must": 97.0})})
    assert "must = 96.5" in floors
    worse = {"pages": replace(sets["pages"], figures=figures)}
    assert gate.compare(worse, floors) == ["pages: must is 0.0, below its floor of 96.5."]


def test_the_floors_of_a_set_that_is_not_at_hand_are_kept(sets):
    last = gate.as_toml({"wcxb": replace(sets["pages"], corpus="w", figures={"f1": 95.3}), "pages": sets["pages"]})
    assert gate.as_toml(sets, last) == last
    assert gate.compare(sets, last) == []


def test_all_that_is_stated_and_found_is_right(judged):
    names = judged(STATED | FOUND)
    assert [name for name, is_right in names if not is_right] == []
    assert {name for name, _ in names} == {
        "title", "byline", "published", "no_modified", "no_site", "no_language", "no_canonical", "image", "no_wall",
        "must", "must_not", "captions", "kinds", "strong", "links",
    }  # fmt: skip


def test_what_is_not_stated_is_invented(judged):
    article = replace(ARTICLE, site="The Courier", wall=Wall.PAYWALL)
    wrong = [name for name, is_right in judged(STATED, article) if not is_right]
    assert wrong == ["no_byline", "no_published", "no_site", "no_image", "no_wall"]


@pytest.mark.parametrize(
    ("stated", "wrong"),
    [
        ({"title": "Baths to close?"}, "title"),
        ({"byline": "By Ada Byrne"}, "byline"),
        ({"published": "2026-11-12T08:30:00+00:00"}, "published"),
        ({"published": "2026-11-11"}, "published"),
        ({"modified": "2026-11-12"}, "modified"),
        ({"wall": "paywall"}, "wall"),
        ({"must": ["the baths"]}, "must"),
        ({"must_not": ["No one"]}, "must_not"),
        ({"captions": ["No one asked."]}, "captions"),
        ({"kinds": {"quote": 2}}, "kinds"),
        ({"strong": ["close"]}, "strong"),
        ({"links": ["https://a.example/"]}, "links"),
    ],
)
def test_what_is_wrong_is_seen(judged, stated, wrong):
    assert [name for name, is_right in judged(STATED | FOUND | stated) if not is_right] == [wrong]


def test_a_caption_in_the_text_is_not_kept_apart(judged):
    article = replace(ARTICLE, text=f"{ARTICLE.text}\n\nThe old boilers")
    wrong = [name for name, is_right in judged(STATED | FOUND | {"captions": ["boilers"]}, article) if not is_right]
    assert wrong == ["captions"]


def test_a_day_is_compared_as_a_day(judged):
    assert ("published", True) in judged(STATED | {"published": "2026-11-12"})


def test_a_slip_in_a_pages_toml_is_seen(judged):
    with pytest.raises(ValueError, match="nobody reads: mustnt"):
        judged(STATED | {"mustnt": ["Share this"]})


def test_a_page_that_can_not_be_read_says_why_or_is_all_wrong(judged):
    refused = ExtractError("it is an image, not a page")
    assert judged(STATED | {"error": "an image"}, refused) == [("error", True)]
    assert judged(STATED | {"error": True}, refused) == [("error", True)]
    assert judged(STATED | {"error": "a sound"}, refused) == [("error", False)]
    assert judged(STATED | {"error": "an image"}) == [("error", False)]
    names = dict(judged(STATED | FOUND, refused))
    assert {"title", "must"} <= names.keys()
    assert not any(names.values())
