"""The demo newsroom's stories, whose truth is known, lined up; and what a ledger promises of any articles."""

import json
import re
import tomllib
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reader.claims.find import find
from reader.model import Ledger, StoryDoc, Telling, Verdict
from reader.newsroom import read_outlets, read_pieces, seeds_folder
from reader.stories import ARTICLES
from reader.stories.cluster import Stories
from reader.stories.ledger import ledger, ledger_json

FOLDER = seeds_folder() / "newsroom"
PIECES, OUTLETS = read_pieces(FOLDER), read_outlets(FOLDER)
TRUTH = tomllib.loads((FOLDER / "truth.toml").read_text(encoding="utf-8"))
NOW = datetime(2026, 3, 14, 15, 9, tzinfo=UTC)


def text_of(id: str) -> str:
    body = re.sub(r"\[([^\]]+)\]\([^)\s]+\)", r"\1", PIECES[id].body)
    return "\n\n".join(" ".join(block.lstrip("#>- ").split()) for block in re.split(r"\n\s*\n", body))


@cache
def telling(id: str) -> Telling:
    piece, outlet, text = PIECES[id], OUTLETS[PIECES[id].outlet].name, text_of(id)
    published = NOW - timedelta(hours=piece.hours)
    analysis = find(text, title=piece.title, outlet=outlet)
    return Telling(id=id, title=piece.title, text=text, outlet=outlet, published=published, analysis=analysis)


@cache
def of(story: str) -> Ledger:
    return ledger(telling(id) for id in TRUTH["stories"][story]["articles"])


STORIES = sorted(TRUTH["stories"])


# --- the demo newsroom


def test_the_newsrooms_stories_are_found_as_they_arrive():
    stories, told = Stories(), {}
    for piece in sorted(PIECES.values(), key=lambda piece: -piece.hours):
        doc = StoryDoc(
            id=piece.id,
            title=piece.title,
            text=text_of(piece.id),
            published=NOW - timedelta(hours=piece.hours),
            outlet=OUTLETS[piece.outlet].name,
        )
        told[piece.id] = stories.add(doc).story
    assert {frozenset(id for id in told if told[id] == story) for story in told.values()} == {
        frozenset(story["articles"]) for story in TRUTH["stories"].values()
    }


def test_every_planted_conflict_is_found_and_no_other():
    told = {
        (story, frozenset((clash.one[1].value, clash.other[1].value)))
        for story in STORIES
        for clash in of(story).clashes
        if not clash.updated
    }
    planted = {
        (known["story"], frozenset(float(figure["value"]) for figure in known["figures"]))
        for known in TRUTH["conflict"]
    }
    assert told == planted


@pytest.mark.parametrize("known", TRUTH["conflict"], ids=lambda known: known["quantity"])
def test_a_conflict_is_between_the_articles_that_give_the_figures(known):
    pairs = [{clash.one[0], clash.other[0]} for clash in of(known["story"]).clashes if not clash.updated]
    assert {figure["article"] for figure in known["figures"]} in pairs
    cells = [cell for row in of(known["story"]).rows for cell in row.cells.values()]
    assert Verdict.DIFFERS in {cell.verdict for cell in cells}


def test_no_update_is_called_a_conflict():
    for known in TRUTH["update"]:
        values = {float(figure["value"]) for figure in known["figures"]}
        conflicts = {
            frozenset((clash.one[1].value, clash.other[1].value))
            for clash in of(known["story"]).clashes
            if not clash.updated
        }
        planted = {
            frozenset(float(figure["value"]) for figure in conflict["figures"])
            for conflict in TRUTH["conflict"]
            if conflict["story"] == known["story"]
        }
        assert not {pair for pair in conflicts - planted if pair <= values}


@pytest.mark.parametrize("story", STORIES)
def test_wire_copies_are_found_and_nothing_else_is_called_one(story):
    known = {
        frozenset((wire["original"], *wire["copies"]))
        for wire in TRUTH["wire"]
        if PIECES[wire["original"]].story == story
    }
    assert {frozenset(group) for group in of(story).copies} == known
    for group in of(story).copies:
        assert group[0] in {wire["original"] for wire in TRUTH["wire"]}


@pytest.mark.parametrize("known", [known for known in TRUTH["provenance"] if "origin" in known])
def test_who_cites_whom_is_found(known):
    origin = of(PIECES[known["article"]].story).origin
    links = {(one.article, one.origin) for one in origin.chain}
    assert (known["article"], known["origin"]) in links
    (cited,) = {one.cites for one in origin.chain if one.article == known["article"] and one.origin}
    assert cited.removeprefix("The ") == known["cites"].removeprefix("The ")


@pytest.mark.parametrize("story", STORIES)
def test_the_origin_of_a_story_is_the_report_that_the_others_lead_to(story):
    known = TRUTH["stories"][story]
    first = min(known["articles"], key=lambda id: (-PIECES[id].hours, id))
    assert of(story).origin.article == known.get("origin", first)


def test_all_trace_back_to_one_report_only_where_they_do():
    assert of("outage").origin.all
    assert [story for story in STORIES if of(story).origin.all] == ["outage"]


def test_the_chain_begins_with_whom_the_first_report_has_it_from():
    first, *others = of("shells").origin.chain
    assert (first.article, first.cites) == (
        "meridian/russia-north-korea-shells",
        "newly declassified American intelligence",
    )
    assert ("declassified US intelligence",) in {one.behind for one in others}


@pytest.mark.parametrize("known", [k for k in TRUTH["denial"] if k["article"] == "concord/north-korea-denies-shells"])
def test_a_denial_is_told(known):
    cells = [row.cells[known["article"]] for row in of("shells").rows if known["article"] in row.cells]
    assert Verdict.DENIES in {cell.verdict for cell in cells}


@pytest.mark.parametrize("known", TRUTH["omission"], ids=lambda known: known["claim"][:30])
def test_no_article_that_omits_a_claim_is_said_to_state_it(known):
    if known["claim"].startswith("The account traces back"):
        return  # that is provenance, not a row
    for row in of(known["story"]).rows:
        holders = {
            id
            for id, cell in row.cells.items()
            if any(known["words"] in span.of(text_of(id)).replace("\n", " ") for span in cell.spans)
        }
        if len(holders) > 1:
            stating = {id for id in row.cells if row.cells[id].verdict is not Verdict.ATTRIBUTES_OTHERWISE}
            assert not stating & set(known["omitted_by"]), (row, known["claim"])


def test_copies_count_once():
    copies = {wire["original"] for wire in TRUTH["wire"]} | {id for wire in TRUTH["wire"] for id in wire["copies"]}
    rows = [row for row in of("wildfire").rows if set(row.cells) <= copies]
    assert len(rows) > 5
    assert {row.independent for row in rows} == {1}


def test_outlets_that_cite_one_report_count_as_one():
    shells = of("shells")
    lead = next(row for row in shells.rows if "concord/russia-shells-report" in row.cells and len(row.cells) > 4)
    assert lead.independent < len({PIECES[id].outlet for id in lead.cells}) - 2


# --- any articles


some = [telling(id) for id in TRUTH["stories"]["ferry"]["articles"]]
any_telling = st.builds(
    lambda one, id, hours, text: replace(
        one,
        id=str(id),
        text=text if text is not None else one.text,
        analysis=one.analysis if text is None else find(text),
        published=None if hours is None else NOW - timedelta(hours=hours),
    ),
    st.sampled_from(some),
    st.integers(0, 5),
    st.none() | st.integers(0, 50),
    st.none() | st.sampled_from(["", "—", "“Nobody knows,” she said. " * 9, "日本\n\n語", "Twelve died. Twelve died."]),
)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(any_telling, max_size=5))
def test_any_articles_are_lined_up(tellings):
    by_id = {one.id: one for one in tellings}
    told = ledger(tellings)
    assert ledger(reversed(list(by_id.values()))) == ledger(by_id.values())
    assert [row.id for row in told.rows] == list(range(len(told.rows)))
    for row in told.rows:
        assert 1 <= row.independent <= max(1, len(row.cells))
        for id, cell in row.cells.items():
            assert cell.spans
            assert all(0 <= start < end <= len(by_id[id].text) for start, end in cell.spans)
    for clash in told.clashes:
        assert clash.why
        for id, figure in (clash.one, clash.other):
            assert id in told.rows[clash.row].cells
            assert figure in by_id[id].analysis.figures
    for one in told.quotations:
        for id, span in (one.one, one.other):
            assert len(span.of(by_id[id].text)) == span.end - span.start > 0
    for id, rows in told.missing.items():
        assert all(id not in told.rows[at].cells and told.rows[at].independent >= 2 for at in rows)
    assert set(told.missing) == set(by_id)
    assert json.loads(json.dumps(ledger_json(told)))["rows"] == ledger_json(told)["rows"]


def test_no_article_makes_no_ledger():
    assert ledger([]) == Ledger()


def test_of_a_huge_story_the_first_and_the_latest_count():
    one = telling("concord/rate-cut-brief")
    told = ledger(
        replace(one, id=f"{n:04}", outlet=f"Outlet {n}", published=NOW + timedelta(minutes=n)) for n in range(5_000)
    )
    seen = {id for row in told.rows for id in row.cells}
    assert len(seen) <= ARTICLES
    assert {"0000", "4999"} <= seen
    assert len(told.copies[0]) == ARTICLES
    assert {row.independent for row in told.rows} == {1}


def test_rows_are_ordered_by_how_many_independent_outlets_carry_them():
    for story in STORIES:
        carried = [row.independent for row in of(story).rows]
        assert carried == sorted(carried, reverse=True)
