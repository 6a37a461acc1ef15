"""The model that tells an article's blocks, and what it sees of them."""

import json
import math
from importlib import resources

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from markup import TREES, html, others, root

from reader.articles import judge, readable
from reader.articles.clutter import is_closing, is_label
from reader.articles.judge import FEATURES
from reader.articles.render import Piece, pieces
from reader.trees import trees

PROSE = "The council voted on Tuesday to close the swimming baths, which have stood by the river since 1911."
TITLE = "Baths to close"
some = settings(max_examples=80, suppress_health_check=[HealthCheck.too_slow])


def shipped() -> dict:
    return json.loads(resources.files("reader.articles").joinpath("data/judge.json").read_bytes())


def chances(page: list[Piece], chosen: list[bool], title: str = TITLE) -> list[float]:
    return judge.shipped().chances(np.array(judge.features(page, chosen, title=title))).tolist()


class Said:
    """Trees that say what they are told to."""

    def __init__(self, *chances: float) -> None:
        self.given = np.array(chances)

    def chances(self, rows):
        assert len(rows) == len(self.given)
        return self.given


def kept(markup: str, *said: float) -> list[str]:
    page = pieces(root(markup))
    return [piece.text for piece in judge.keep(page, [True] * len(page), title=TITLE, trees=Said(*said))]


# --- the trees -------------------------------------------------------------------------------------------------------


def test_the_shipped_model_sees_what_this_program_does():
    model = shipped()
    assert tuple(model["features"]) == FEATURES
    assert len(set(FEATURES)) == len(FEATURES)
    trees = judge.shipped()
    assert len(trees.roots) == len(model["roots"]) > 50
    assert len({len(trees.feature), len(trees.threshold), len(trees.left), len(trees.right), len(trees.value)}) == 1
    assert 0 <= trees.feature.min() <= trees.feature.max() < len(FEATURES)


@pytest.mark.parametrize(
    "change",
    [
        lambda names: [*names, "name_of_class"],
        lambda names: names[1:],
        lambda names: [names[1], names[0], *names[2:]],
    ],
)
def test_a_model_of_other_features_is_refused(change):
    model = shipped()
    with pytest.raises(ValueError, match="other features"):
        trees(model | {"features": change(model["features"])}, FEATURES)


def walked(model: dict, row: list[float]) -> float:
    def leaf(at: int) -> float:
        if model["left"][at] == at:
            return model["value"][at]
        return leaf(model["left" if row[model["feature"][at]] <= model["threshold"][at] else "right"][at])

    return 1 / (1 + math.exp(-sum(map(leaf, model["roots"]))))


@settings(max_examples=30)
@given(st.integers(0, 2**32 - 1))
def test_chances_are_those_of_a_plain_walk(seed):
    model, random = shipped(), np.random.default_rng(seed)
    # Columns of thresholds, so that "no more than" is told from "less than".
    edges = np.array(model["threshold"])[random.integers(len(model["threshold"]), size=(4, len(FEATURES)))]
    rows = np.concatenate([random.normal(scale=5, size=(4, len(FEATURES))), edges])
    assert trees(model, FEATURES).chances(rows) == pytest.approx([walked(model, row) for row in rows.tolist()])


# --- what is seen ----------------------------------------------------------------------------------------------------

PAGES = {
    "no prose": "<h1>Baths</h1><ul><li>One<li>Two</ul><p>Short.</p>",
    "one block": f"<p>{PROSE}</p>",
    "one letter": "a",
    "all links": f"<p><a href=/1>{PROSE}</a></p><ul><li><a href=/2>Two</a><li><a href=/3>Three</a></ul>",
    "the same again": f"<p>{PROSE}</p>" * 30,
    "a table": "<table><tr><th>a<th>b<tr><td>c<td>d</table>",
    "many": "".join(f"<div><p>{PROSE}</p><p>{number}</p></div>" for number in range(150)),
}


def check(page: list[Piece], chosen: list[bool], title: str) -> None:
    rows = judge.features(page, chosen, title=title)
    assert len(rows) == len(page)
    assert all(len(row) == len(FEATURES) and all(map(math.isfinite, row)) for row in rows)
    assert all(0 < chance < 1 for chance in chances(page, chosen, title))


@pytest.mark.parametrize("markup", PAGES.values(), ids=PAGES)
@pytest.mark.parametrize("title", ["", "Baths", "?!"])
@pytest.mark.parametrize("chosen", [True, False, None])
def test_every_block_of_any_page_has_a_number_for_all_that_is_seen(markup, title, chosen):
    tree = root(markup)
    page = pieces(tree)
    check(page, readable.chosen(tree, page) or [] if chosen is None else [chosen] * len(page), title)


@some
@given(TREES, st.data())
def test_every_block_of_a_random_page_has_a_number_for_all_that_is_seen(trees, data):
    page = pieces(root(html(trees)))
    if page:
        check(page, data.draw(st.lists(st.booleans(), min_size=len(page), max_size=len(page))), TITLE)


def test_what_the_figures_say():
    page = pieces(root(f"<h1>Baths to close</h1><div><p>{PROSE}</p><p>and <a href=/x>more</a>.</p></div>"))
    rows = [dict(zip(FEATURES, row, strict=True)) for row in judge.features(page, [False, True, False], title=TITLE)]
    heading, prose, last = rows
    assert (heading["headline"], heading["of_title"], heading["is_heading"], heading["from_headline"]) == (1, 1, 1, 0)
    assert (prose["headline"], prose["is_heading"], prose["from_headline"], prose["chosen"]) == (0, 0, 1, 1)
    assert prose["length"] == math.log1p(len(PROSE))
    assert (prose["prose"], prose["ends"], prose["lower"], prose["linked"], prose["in_container"]) == (1, 1, 0, 0, 1)
    assert (last["prose"], last["lower"], last["in_container"], last["since_chosen"]) == (0, 1, 0, 1)
    assert last["linked"] == pytest.approx(len("more") / len("and more."))
    assert (heading["previous_length"], last["next_length"]) == (-1, -1), "there is none"
    assert prose["0_share"] == prose["1_share"] == last["1_share"] == 1
    assert last["0_share"] == 0


# --- no names, no words ----------------------------------------------------------------------------------------------


def renamed(name: str) -> str:
    return name and f"x{others(name)}"


@some
@given(TREES, st.data())
def test_other_class_names_and_other_letters_are_the_same_page_but_for_its_labels(trees, data):
    """readability and clutter read class names before the judge does: what they chose is given here."""
    page = pieces(root(html(trees)))
    other = pieces(root(html(trees, words=others, names=renamed)))
    assert [len(piece.text) for piece in other] == [len(piece.text) for piece in page]
    if not page:
        return
    chosen = data.draw(st.lists(st.booleans(), min_size=len(page), max_size=len(page)))
    own, their = judge.features(page, chosen, title=TITLE), judge.features(other, chosen, title=others(TITLE))
    differ = {
        name
        for row, like in zip(own, their, strict=True)
        for name, a, b in zip(FEATURES, row, like, strict=True)
        if a != b
    }
    assert differ <= {"label", "closing"}
    if [(is_label(one), is_closing(one)) for one in page] == [(is_label(one), is_closing(one)) for one in other]:
        assert chances(page, chosen) == chances(other, chosen, others(TITLE))


def test_class_names_alone_change_nothing():
    markup = f"<h1>{TITLE}</h1><div class=story><p class='text'>{PROSE}</p><p class='promo'>Sign up for more.</p></div>"
    page, other = pieces(root(markup)), pieces(root(markup.replace("story", "comments").replace("promo", "article")))
    assert chances(page, [True] * 3) == chances(other, [True] * 3)


def test_what_tells_a_label_is_its_words_and_only_that():
    page = pieces(root(f"<div><p>{PROSE}</p><p>Advertisement</p><p>{PROSE}</p></div>"))
    other = pieces(root(f"<div><p>{PROSE}</p><p>Nqiregvfrzrag</p><p>{PROSE}</p></div>"))
    own, their = (judge.features(one, [True] * 3, title=TITLE) for one in (page, other))
    assert own[0] == their[0]
    assert own[2] == their[2]
    differ = {name for name, a, b in zip(FEATURES, own[1], their[1], strict=True) if a != b}
    assert differ == {"label"}


# --- what is kept ----------------------------------------------------------------------------------------------------


def test_what_is_likely_is_kept():
    assert kept("<p>One</p><p>Two</p><p>Three</p>", 0.5, 0.49, 0.9) == ["One", "Three"]


@pytest.mark.parametrize(
    ("said", "is_kept"),
    [
        ((0.9, 0.36, 0.9), True),
        ((0.9, 0.34, 0.9), False),
        ((0.4, 0.4, 0.9), False),
        ((0.9, 0.4, 0.4), False),
    ],
)
def test_prose_between_two_kept_blocks_needs_less(said, is_kept):
    markup = f"<p>One</p><p>{PROSE}</p><p>Three</p>"
    assert (PROSE in kept(markup, *said)) is is_kept
    assert "A label" not in kept(markup.replace(PROSE, "A label"), *said)


LIST = "<ul><li>{0}One</a><li>{0}Two</a><li>{0}Three</a></ul>"


@pytest.mark.parametrize("link", ["", "<a href=/x>"])
@pytest.mark.parametrize("item", ["{}", "<p>{}</p>", "<div><p>{}</p></div>"])
def test_a_list_that_a_sentence_announces_is_kept_with_it(link, item):
    items = [item.format(f"{link}{word}") for word in ("One", "Two", "Three")]
    markup = f"<p>They want:</p><ul>{''.join(f'<li>{one}</li>' for one in items)}</ul><p>End</p>"
    expected = ["They want:", *(["One", "Two", "Three"] if "div" not in item else [])]
    assert kept(markup, 0.9, 0.1, 0.1, 0.1, 0.1) == expected


def test_only_the_list_that_is_announced_is_kept():
    assert kept("<p>They want.</p>" + LIST.format("<a>"), 0.9, 0.1, 0.1, 0.1) == ["They want."]
    assert kept("<p>They want:</p>" + LIST.format("<a>"), 0.1, 0.1, 0.1, 0.1) == []
    two = "<p>They want:</p><ul><li>One</ul><ul><li>Two</ul>"
    assert kept(two, 0.9, 0.1, 0.1) == ["They want:", "One"]
    assert kept("<p>They want:</p><ul><li>One</ul><p>Two</p>", 0.9, 0.1, 0.1) == ["They want:", "One"]


@pytest.mark.parametrize(("last", "is_kept"), [("— Ada Byrne", True), ("– Ada Byrne", True), ("Ada Byrne", False)])
def test_who_said_what_is_quoted_is_kept(last, is_kept):
    markup = f"<blockquote><p>Close it.</p><p>{last}</p></blockquote>"
    assert (last in kept(markup, 0.9, 0.1)) is is_kept
    assert last not in kept(f"<blockquote>Close it.</blockquote><p>{last}</p>", 0.9, 0.1)
    assert kept(markup, 0.1, 0.1) == []
