import csv
import io
import json
import random
import re
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from uuid import UUID

import pytest
from highlights.anything import TEXT, TRICKY, any_highlights
from hypothesis import given
from hypothesis import strategies as st

from reader.highlights.bring_in import read
from reader.highlights.exchange import COLUMNS, guarded, joined, parted, to_annotations, to_csv, to_json, unguarded
from reader.model import Color, Highlight, HighlightKind, Quote

NOW = datetime(2026, 11, 13, 9, tzinfo=UTC)
WRITERS = pytest.mark.parametrize("written", [to_json, to_annotations, to_csv])


def highlight(number: int = 1, **changes: object) -> Highlight:
    facts = {
        "id": number,
        "uid": str(UUID(int=number)),
        "entry_id": 7,
        "kind": HighlightKind.CLAIM,
        "quote": Quote(exact="The crane had rusted", prefix="She said: ", suffix=".", start=41),
        "speaker": "Ada Lind",
        "source": "the mayor",
        "via": ("Lusa", "officials"),
        "outlet": "The Harbour Post",
        "title": "Crane closes the quay",
        "author": "Ana Duarte",
        "url": "https://harbour.example/crane",
        "published": datetime(2026, 11, 12, 23, 30, tzinfo=timezone(timedelta(hours=2))),
        "retrieved": datetime(2026, 11, 12, 22, 0, tzinfo=UTC),
        "created": datetime(2026, 11, 13, 8, 0, tzinfo=UTC),
        "changed": datetime(2026, 11, 13, 8, 30, tzinfo=UTC),
        "text_hash": "a" * 64,
        "note": "Ask the port.",
        "tags": ("ports", "rust"),
        "color": Color.BLUE,
    }
    return Highlight(**{**facts, **changes})


def sorted_and_unkept(highlights):
    unkept = (replace(one, id=0, entry_id=None) for one in highlights)
    return tuple(sorted(unkept, key=lambda one: (one.created, one.uid)))


# --- nothing is lost


@pytest.mark.scorecard(38)
@WRITERS
@given(any_highlights())
def test_what_is_written_comes_back_equal_whatever_it_is(written, highlights):
    came = read(written(highlights).encode(), now=NOW)
    assert came.refused == ()
    assert came.highlights == sorted_and_unkept(highlights)
    zones = [one.published and one.published.utcoffset() for one in came.highlights]
    assert zones == [one.published and one.published.utcoffset() for one in sorted_and_unkept(highlights)]


@WRITERS
def test_the_number_of_a_highlight_and_of_its_entry_stay_at_home(written):
    assert written([highlight(1, id=4711, entry_id=4712)]) == written([highlight(1, id=1, entry_id=None)])


@WRITERS
@given(any_highlights(), st.randoms())
def test_the_order_given_changes_nothing(written, highlights, chance):
    shuffled = list(highlights)
    chance.shuffle(shuffled)
    assert written(shuffled) == written(highlights)


@WRITERS
def test_what_was_saved_first_stands_first_and_of_the_same_second_the_lower_uid(written):
    saved = [highlight(1, created=NOW, note="Note c"), highlight(3, note="Note b"), highlight(2, note="Note a")]
    assert re.findall("Note [abc]", written(saved)) == ["Note a", "Note b", "Note c"]


@WRITERS
def test_nothing_that_could_steer_a_terminal_or_not_be_encoded_gets_into_a_file(written):
    hostile = highlight(title="a\u202eb\ud800c\x9bd", note="\x1b]0;pwned\x07")
    text = written([hostile])
    assert not set(text) & {"\u202e", "\ud800", "\x9b", "\x1b", "\x07"}
    assert text.encode()


@WRITERS
def test_ten_thousand_are_written_in_half_a_second_and_read_in_two(written):
    words = "“We will publish the report in the spring,” said Ana Duarte on the quay. " * 3
    many = [highlight(number, quote=Quote(exact=words, prefix="x" * 32, suffix="y" * 32, start=number))
            for number in range(1, 10_001)]  # fmt: skip
    random.Random(1).shuffle(many)
    body, seconds = _timed(lambda: written(many).encode())
    # Three times what it takes on an idle machine of two cores, which this one may not be.
    assert seconds < 1.5
    came, seconds = _timed(lambda: read(body, now=NOW))
    assert seconds < 6
    assert len(came.highlights) == 10_000


def _timed(run):
    began = time.perf_counter()
    return run(), time.perf_counter() - began


# --- JSON


def test_the_json_has_a_version_and_every_field_by_its_name():
    document = json.loads(to_json([highlight()]))
    assert document == {
        "newsreader": 1,
        "highlights": [
            {
                "uid": "00000000-0000-0000-0000-000000000001",
                "kind": "claim",
                "quote": {"exact": "The crane had rusted", "prefix": "She said: ", "suffix": ".", "start": 41},
                "speaker": "Ada Lind",
                "source": "the mayor",
                "via": ["Lusa", "officials"],
                "outlet": "The Harbour Post",
                "title": "Crane closes the quay",
                "author": "Ana Duarte",
                "url": "https://harbour.example/crane",
                "published": "2026-11-12T23:30:00+02:00",
                "retrieved": "2026-11-12T22:00:00Z",
                "created": "2026-11-13T08:00:00Z",
                "changed": "2026-11-13T08:30:00Z",
                "text_hash": "a" * 64,
                "note": "Ask the port.",
                "tags": ["ports", "rust"],
                "color": "blue",
            }
        ],
    }


def test_what_is_not_known_is_null():
    unknown = highlight(speaker=None, source=None, author=None, url=None, published=None, retrieved=None, color=None)
    [one] = json.loads(to_json([unknown]))["highlights"]
    fields = ("speaker", "source", "author", "url", "published", "retrieved", "color")
    assert [one[name] for name in fields] == [None] * len(fields)


# --- Web Annotations


def annotation(**changes):
    [one] = json.loads(to_annotations([highlight(**changes)]))["first"]["items"]
    return one


def test_the_annotations_are_a_collection_with_what_the_standard_asks_for():
    collection = json.loads(to_annotations([highlight(1), highlight(2)]))
    context, own = collection["@context"]
    assert context == "http://www.w3.org/ns/anno.jsonld"
    assert (collection["type"], collection["total"], collection["first"]["type"]) == (
        "AnnotationCollection", 2, "AnnotationPage")  # fmt: skip
    for one in collection["first"]["items"]:
        prefixes = {name.partition(":")[0] for name in one if ":" in name}
        assert prefixes == {"nr"} <= own.keys()


def test_an_annotation_has_the_words_their_place_and_when_the_text_was_fetched():
    one = annotation()
    assert one["id"] == "urn:uuid:00000000-0000-0000-0000-000000000001"
    assert (one["type"], one["created"], one["modified"]) == (
        "Annotation", "2026-11-13T08:00:00Z", "2026-11-13T08:30:00Z")  # fmt: skip
    assert one["target"] == {
        "type": "SpecificResource",
        "source": "https://harbour.example/crane",
        "state": {"type": "TimeState", "sourceDate": "2026-11-12T22:00:00Z"},
        "selector": [
            {"type": "TextQuoteSelector", "exact": "The crane had rusted", "prefix": "She said: ", "suffix": "."},
            {"type": "TextPositionSelector", "start": 41, "end": 61},
        ],
    }


def test_the_note_of_an_annotation_comments_and_each_tag_tags():
    bodies = [(body["purpose"], body["value"]) for body in annotation()["body"]]
    assert bodies == [("commenting", "Ask the port."), ("tagging", "ports"), ("tagging", "rust")]
    assert "body" not in annotation(note="", tags=())


@pytest.mark.parametrize(
    ("changes", "motivation"),
    [
        ({}, ["highlighting", "commenting"]),
        ({"note": ""}, "highlighting"),
        ({"note": "", "kind": HighlightKind.ARTICLE}, "bookmarking"),
    ],
)
def test_an_annotation_says_why_it_was_made(changes, motivation):
    assert annotation(**changes)["motivation"] == motivation


def test_an_annotation_without_an_address_has_a_target_all_the_same():
    source = annotation(url=None)["target"]["source"]
    assert re.fullmatch(r"urn:[a-z]+:[a-z]+", source)


def test_an_annotation_says_nothing_of_a_place_that_was_never_known():
    quote = Quote(exact="rusted", prefix="", suffix="", start=-1)
    assert [one["type"] for one in annotation(quote=quote)["target"]["selector"]] == ["TextQuoteSelector"]


# --- CSV


def cells(text):
    return list(csv.reader(io.StringIO(text, newline="")))


def test_the_csv_begins_with_the_columns_that_readwise_imports():
    text = to_csv([highlight()])
    header, row = cells(text)
    assert header[:7] == ["Highlight", "Title", "Author", "URL", "Note", "Location", "Date"]
    assert row[:7] == [
        "The crane had rusted",
        "Crane closes the quay",
        "Ana Duarte",
        "https://harbour.example/crane",
        "Ask the port.",
        "41",
        "2026-11-13T08:00:00Z",
    ]
    assert dict(zip(header, row, strict=True))["Tags"] == "ports; rust"
    assert tuple(header) == COLUMNS


def test_rows_end_as_rfc_4180_has_it_and_quotes_are_doubled():
    text = to_csv([highlight(quote=Quote(exact='a "b"\nc, d', prefix="", suffix="", start=0))])
    assert text.count("\r\n") == 2
    assert text.endswith("\r\n")
    assert '\r\n"a ""b""\nc, d",Crane' in text


@pytest.mark.scorecard(40)
@given(any_highlights())
def test_no_cell_is_a_formula(highlights):
    for row in cells(to_csv(highlights)):
        for cell in row:
            assert cell.lstrip(' \n\u00a0\u200b"')[:1] not in {*"=+-@|%\t\r＝＋－＠｜％"}


@pytest.mark.scorecard(40)
@pytest.mark.parametrize(
    "text", ["=1", "+1", "-1", "@A1", "|x", "%x", "\t=1", "\r", " =1", "\n=1", "'=1", " '' =1", "＝1", "－1"]
)
def test_what_could_be_a_formula_gets_an_apostrophe_and_loses_it_again(text):
    assert guarded(text) == f"'{text}"
    assert unguarded(guarded(text)) == text


@pytest.mark.parametrize("text", ["", "'", "'tis so", "''", "a=1", "“—”", "1-1"])
def test_what_is_no_formula_stays_as_it_is(text):
    assert guarded(text) == unguarded(text) == text


@given(TEXT | TRICKY)
def test_every_text_comes_back_from_its_cell(text):
    assert unguarded(guarded(text)) == text


@given(st.lists((st.text(min_size=1) | TRICKY).map(str.strip).filter(bool)))
def test_every_list_comes_back_from_its_cell(names):
    assert parted(joined(names)) == names
