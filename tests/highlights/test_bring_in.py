import csv
import io
import json
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from highlights.anything import any_highlights
from highlights.test_exchange import highlight
from hypothesis import given
from hypothesis import strategies as st

from reader.highlights.bring_in import FORMATS, Came, read
from reader.highlights.exchange import guarded, to_annotations, to_csv, to_json
from reader.model import Color, HighlightKind, Quote

FILES = Path(__file__).parent / "files"
NOW = datetime(2026, 11, 13, 9, 0, 30, 999, tzinfo=UTC)
LATER = NOW + timedelta(days=3)
WRITERS = pytest.mark.parametrize("written", [to_json, to_annotations, to_csv])
WORDS = "The crane had rusted"


def brought(name: str) -> Came:
    return read((FILES / name).read_bytes(), now=NOW)


def read_item(**changes: object) -> Came:
    """Read our own JSON with one good item and one changed item; a change to `...` takes the key away."""
    good, changed = json.loads(to_json([highlight(1), highlight(2)]))["highlights"]
    changed = {name: value for name, value in (changed | changes).items() if value is not ...}
    return read(json.dumps({"newsreader": 1, "highlights": [changed, good]}).encode(), now=NOW)


# --- other programs' files


def test_the_annotations_of_hypothesis_come_in_with_all_that_they_carry():
    whole_page, words, pdf = sorted(brought("hypothesis_api.json").highlights, key=lambda one: one.quote.exact)
    pdf, words = (words, pdf) if words.url is None else (pdf, words)
    assert words.quote == Quote(exact=WORDS, prefix="said that ", suffix=" for years", start=120)
    assert (words.kind, words.title, words.outlet) == (HighlightKind.WORDS, "Crane closes the quay", "harbour.example")
    assert words.url == "https://www.harbour.example/crane"
    assert (words.note, words.tags) == ("Who measured it?\n\nAsk **Lind**.", ("ports", "rust"))
    assert words.created == datetime(2026, 3, 2, 10, 15, 30, tzinfo=UTC)
    assert words.changed == datetime(2026, 3, 2, 10, 20, tzinfo=UTC)
    assert (words.speaker, words.source, words.via, words.author, words.text_hash) == (None, None, (), None, "")
    assert (whole_page.kind, whole_page.quote.exact, whole_page.note) == (HighlightKind.ARTICLE, "", "Read this again.")
    assert whole_page.title == "The whole story"
    assert (pdf.quote.exact, pdf.url, pdf.outlet, pdf.quote.start) == ("a footnote", None, "", -1)


def test_a_reply_is_no_highlight():
    assert brought("hypothesis_api.json").refused == (
        "Item 3: it is a reply to another annotation, and highlights no words.",
    )


def test_the_client_of_hypothesis_exports_the_same_highlight_as_its_api():
    [one] = brought("hypothesis_client.json").highlights
    assert one.uid in {other.uid for other in brought("hypothesis_api.json").highlights}
    assert one.quote.prefix == "said that "  # the half of a flag that JavaScript cut off is gone


def test_what_readwise_exports_comes_in():
    first, second = brought("readwise_export.csv").highlights
    assert first.quote == Quote(exact='The crane "had" rusted, she said.', prefix="", suffix="", start=-1)
    assert (first.title, first.author, first.outlet, first.url) == ("Crane closes the quay", "Ana Duarte", "", None)
    assert (first.note, first.tags, first.color) == ("Ask the port.", ("ports", "rust", "harbour"), Color.YELLOW)
    assert first.created == first.changed == datetime(2026, 4, 1, 8, 30, tzinfo=UTC)
    assert (second.quote.exact, second.author, second.color, second.tags) == ("Second words", "B. Writer", None, ())
    assert brought("readwise_export.csv").refused == ("Item 3: it has no words that were highlighted.",)


def test_what_is_laid_out_for_readwise_comes_in():
    came = brought("readwise_import.csv")
    words, dash = sorted(came.highlights, key=lambda one: one.created)
    assert words.quote == Quote(exact=WORDS, prefix="", suffix="", start=120)
    assert (words.title, words.author, words.note) == ("Crane closes the quay", "Ana Duarte", "Ask the port.")
    assert (words.url, words.outlet) == ("https://www.harbour.example/crane", "harbour.example")
    assert words.created == datetime(2026, 4, 1, 8, 30, tzinfo=UTC)
    assert dash.quote.exact == "- a dash is no formula here"
    assert dash.created == dash.changed == NOW.replace(microsecond=0)


@given(any_highlights())
def test_of_our_csv_readwise_gets_what_its_columns_carry(highlights):
    saved = [one for one in highlights if one.quote.exact.strip()]
    file = io.StringIO(newline="")
    csv.writer(file).writerows(row[:7] for row in csv.reader(io.StringIO(to_csv(saved), newline="")))
    back = read(file.getvalue().encode(), now=NOW).highlights

    def carried(one):
        texts = (one.quote.exact, one.title, one.author or "", one.note)
        return (*map(guarded, texts), one.url, one.created, one.quote.start)

    def as_it_is(one):  # to Readwise, an apostrophe before what could be a formula is one
        return one.quote.exact, one.title, one.author or "", one.note, one.url, one.created, one.quote.start

    assert {as_it_is(one) for one in back} <= {tuple(carried(one)) for one in saved}


def test_the_web_annotations_of_other_programs_come_in():
    came = brought("foreign.jsonld")
    words, page = came.highlights
    assert words.quote == Quote(exact=WORDS, prefix="said that ", suffix="", start=-1)
    assert (words.note, words.tags) == ("First thought.\n\nSecond thought.", ("rust",))
    assert (words.url, words.title, words.outlet) == (
        "https://harbour.example/crane",
        "Crane closes the quay",
        "harbour.example",
    )
    assert words.kind is HighlightKind.WORDS
    assert (page.kind, page.quote.exact, page.note) == (HighlightKind.ARTICLE, "", "A comment on the page.")
    assert page.uid == "0b5cbb3e-6e4a-4c7c-9b57-0f5c6f3c1d11"
    assert came.refused == (
        "Item 3: it is a reply to another annotation, and highlights no words.",
        "Item 4: it has no words that were highlighted.",
    )


def test_one_annotation_alone_is_a_file_too():
    [one] = json.loads(to_annotations([highlight()]))["first"]["items"]
    assert read(json.dumps(one).encode(), now=NOW).highlights[0].quote.exact == WORDS


def test_what_was_exported_before_highlights_had_a_uid_comes_in():
    [one] = brought("old_saved.json").highlights
    assert one.kind is HighlightKind.CLAIM
    assert one.quote == Quote(exact=WORDS, prefix="said on Monday that ", suffix=".", start=41)
    assert (one.speaker, one.source, one.via) == ("Ada Lind", "the mayor of Orde", ("Lusa",))
    assert (one.id, one.entry_id, one.text_hash, one.tags) == (0, None, "a" * 64, ("ports",))
    assert one.changed == one.created == datetime(2026, 11, 12, 9, 30, tzinfo=UTC)


@pytest.mark.parametrize("name", sorted(path.name for path in FILES.iterdir()))
def test_the_same_file_twice_brings_nothing_new(name):
    first, second = brought(name), read((FILES / name).read_bytes(), now=LATER)
    assert {one.uid for one in first.highlights} == {one.uid for one in second.highlights}
    assert len({one.uid for one in first.highlights}) == len(first.highlights) > 0
    assert all(str(UUID(one.uid)) == one.uid for one in first.highlights)


@WRITERS
def test_of_one_highlight_twice_in_a_file_the_later_change_comes_in(written):
    early = highlight(note="Early.")
    late = highlight(note="Late.", changed=early.changed + timedelta(minutes=1))
    for both in ([early, late], [late, early]):
        assert [one.note for one in read(written(both).encode(), now=NOW).highlights] == ["Late."]


def test_items_that_say_the_same_are_one_and_others_by_its_name_are_refused():
    one, other = highlight(1), highlight(2, quote=Quote(exact="Other words", prefix="", suffix="", start=9))
    came = read(to_json([one, one, replace(other, uid=one.uid), other]).encode(), now=NOW)
    assert ([found.uid for found in came.highlights], came.repeated) == ([one.uid, other.uid], 1)
    assert came.refused == ("Item 3: another item of the file is known by its name.",)


def test_the_same_words_marked_twice_are_two_and_stay_two():
    """Readwise gives neither a name nor always a day."""
    rows = b"Highlight,Title,Note\r\nWords,a,one\r\nWords,a,two\r\nWords,a,one\r\nWords,b,one\r\n"
    came, later = read(rows, now=NOW), read(rows, now=LATER)
    assert sorted((one.title, one.note) for one in came.highlights) == [("a", "one"), ("a", "two"), ("b", "one")]
    assert came.repeated == 1
    assert {one.uid for one in came.highlights} == {one.uid for one in later.highlights}
    first = read(rows[: rows.index(b"Words,a,two")], now=NOW).highlights[0]
    assert first.uid in {one.uid for one in came.highlights}, "by whichever name it had come in"


# --- items that are damaged


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        (
            {"quote": {"exact": "  \n", "prefix": "", "suffix": "", "start": 0}},
            "it has no words that were highlighted.",
        ),
        ({"quote": None}, "it has no words that were highlighted."),
        ({"quote": ...}, "it has no words that were highlighted."),
        ({"quote": "The crane"}, "its “quote” is not an object."),
        ({"quote": {"exact": 5}}, "its “exact” is not text."),
        ({"quote": {"exact": "a\ud800b"}}, "its “exact” has a broken character in it."),
        ({"quote": {"exact": "a", "start": True}}, "its “start” is not a place in a text."),
        ({"quote": {"exact": "a", "start": 10**30}}, "its “start” is not a place in a text."),
        ({"quote": {"exact": "a", "start": 1e400}}, "its “start” is not a place in a text."),
        ({"note": ["a"]}, "its “note” is not text."),
        ({"note": "a" * 5_000_001}, "its “note” is too long."),
        ({"title": "a" * 20_000}, "its “title” is too long."),
        ({"speaker": {}}, "its “speaker” is not text."),
        ({"tags": "ports"}, "its “tags” is not a list of names."),
        ({"tags": [1]}, "its “tags” is not text."),
        ({"via": {"a": 1}}, "its “via” is not a list of names."),
        ({"url": 7}, "its “url” is not text."),
        ({"created": 1700000000}, "its “created” is not text."),
        ({"created": "yesterday"}, "its “created” is not a date as 2026-11-12T09:30:00Z."),
        ({"published": "2026-13-01"}, "its “published” is not a date as 2026-11-12T09:30:00Z."),
        ({"published": "0001-01-01T00:00:00+14:00"}, "its “published” is not a date as 2026-11-12T09:30:00Z."),
        ({"changed": "9999-12-31T23:59:59-14:00"}, "its “changed” is not a date as 2026-11-12T09:30:00Z."),
        ({"retrieved": "12026-01-01"}, "its “retrieved” is not a date as 2026-11-12T09:30:00Z."),
    ],
)
def test_a_damaged_item_is_refused_with_the_reason_and_the_others_come_in(changes, reason):
    came = read_item(**changes)
    assert came.refused == (f"Item 1: {reason}",)
    assert came.highlights == read(to_json([highlight(1)]).encode(), now=NOW).highlights


@pytest.mark.parametrize("item", [None, 1, "text", [], True])
def test_an_item_that_is_no_object_is_refused(item):
    good = json.loads(to_json([highlight()]))["highlights"]
    came = read(json.dumps({"newsreader": 1, "highlights": [*good, item]}).encode(), now=NOW)
    assert came.refused == ("Item 2: it is not an object.",)
    assert len(came.highlights) == 1


@pytest.mark.parametrize(
    ("changes", "field", "expected"),
    [
        ({"url": "javascript:alert(1)"}, "url", None),
        ({"url": "file:///etc/passwd"}, "url", None),
        ({"url": "https://[not-an-address"}, "url", None),
        ({"url": " https://a.example/b c\n"}, "url", "https://a.example/b%20c"),
        ({"color": "ultraviolet"}, "color", None),
        ({"color": "Blue"}, "color", Color.BLUE),
        ({"color": 3}, "color", None),
        ({"kind": "dream"}, "kind", HighlightKind.CLAIM),
        ({"kind": "dream", "source": None}, "kind", HighlightKind.WORDS),
        ({"text_hash": "<b>"}, "text_hash", ""),
        ({"title": " a\u202e\nb\x1b "}, "title", "a b"),
        ({"note": "a\x1b[2J\nb"}, "note", "a [2J\nb"),
        ({"tags": ["a", " a ", "", "b\nc"]}, "tags", ("a", "b c")),
        ({"created": "2026-11-12"}, "created", datetime(2026, 11, 12, tzinfo=UTC)),
        ({"created": "2026-11-12T10:00:00.5"}, "created", datetime(2026, 11, 12, 10, tzinfo=UTC)),
        ({"changed": ...}, "changed", highlight().created),
        ({"created": None, "changed": None}, "created", NOW.replace(microsecond=0)),
        ({"uid": "00000000-0000-0000-0000-00000000000A"}, "uid", "00000000-0000-0000-0000-00000000000a"),
    ],
)
def test_what_can_be_set_right_is_set_right(changes, field, expected):
    came = read_item(**changes)
    assert came.refused == ()
    [one] = (one for one in came.highlights if one.uid != highlight(1).uid)
    assert getattr(one, field) == expected


def test_what_is_not_known_by_a_uid_gets_one_of_its_own():
    came = read_item(uid="not one")
    [uid] = {one.uid for one in came.highlights} - {highlight(1).uid}
    assert UUID(uid).version == 5
    assert read_item(uid=None) == came


@pytest.mark.parametrize("deep", ["[" * 50_000 + "]" * 50_000, '{"a":' * 50_000 + "1" + "}" * 50_000, "9" * 10_000])
def test_what_is_too_deep_or_too_great_is_refused_alone(deep):
    good = to_json([highlight()]).strip().removeprefix("{").partition("[")[2].rpartition("]")[0]
    came = read(f'{{"newsreader": 1, "highlights": [{{"note": {deep}}}, {good}]}}'.encode(), now=NOW)
    assert came.refused == ("Item 1: it is damaged and can't be read.",)
    assert [one.quote.exact for one in came.highlights] == [WORDS]


@pytest.mark.parametrize(
    "damage",
    ['{"tags": ["a"]], "b": 1}', '{"tags": ["a", "b": 1}', '{"a": "b"}}', "{'a': 1}", '{"a": 1 "b": 2}', "{,}"],
)
def test_brackets_too_many_or_too_few_take_only_their_own_item_along(damage):
    first, second = (json.dumps(one) for one in json.loads(to_json([highlight(1), highlight(2)]))["highlights"])
    came = read(f'{{"newsreader": 1, "highlights": [{first}, {damage}, {second}]}}'.encode(), now=NOW)
    assert len(came.highlights) == 2
    assert came.refused[0] == "Item 2: it is damaged and can't be read."


# --- files that are damaged


@pytest.mark.parametrize("written", [to_json, to_annotations], ids=["json", "jsonld"])
@pytest.mark.parametrize(
    ("sound", "damaged"),
    [
        ('"N4."', '"N4.'), ('"N4."', '"N"4."'), ('"N4."', 'N4."'), ('"N4."', '"N4.", {'), ('"N4."', '"N4."]'),
        ('"N4."', '"N4.\n"'), ('"N4."', '"N\\x4."'),
    ],
)  # fmt: skip
def test_one_damaged_item_of_a_json_file_costs_no_other(written, sound, damaged):
    ten = [highlight(number, note=f"N{number}.") for number in range(10)]
    text = written(ten)
    assert text.count(sound) == 1
    came = read(text.replace(sound, damaged).encode(), now=NOW)
    assert came.highlights == tuple(one for one in read(text.encode(), now=NOW).highlights if one.note != "N4.")
    assert came.refused == ("Item 5: it is damaged and can't be read.",)


def test_a_comma_that_is_missing_between_items_costs_none():
    text = to_json([highlight(number) for number in range(4)])
    assert text.count("},\n") > 3
    assert read(text.replace("    },\n    {", "    }\n    {").encode(), now=NOW) == read(text.encode(), now=NOW)


MARKS = "its quotation marks don't match; lines left out from line 5 of the file: {}."


@pytest.mark.parametrize(
    ("between", "lost"),
    [("}]}, ", set()), ("}x", set()), ("}}, ", set()), ("} ", set()), ("]}, ", {"N4."})],
)
def test_what_stands_between_items_of_a_json_file_costs_none_that_can_be_read(between, lost):
    given = [highlight(n, note=f"N{n}.") for n in range(5)]
    five = [json.dumps(one) for one in json.loads(to_json(given))["highlights"]]
    text = f'{{"newsreader": 1, "highlights": [{five[0]}, {five[1]}, {five[2]}, {five[3]}, {five[4][:-1]}{between}]}}'
    text = text.replace(five[0] + ", ", five[0][:-1] + between)
    came = read(text.encode(), now=NOW)
    kept = {one.note for one in came.highlights}
    assert kept | lost | {"N0."} >= {f"N{n}." for n in range(5)}
    assert len(came.highlights) + len(came.refused) >= 5


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    "body",
    [
        "Highlight,Note\n" + "".join(f"a,{n}\n" for n in range(20_000)),
        "Highlight,Title\n" + 'a","""\n' * 50_000,
        "Highlight,Title\n" + '"a\n' * 50_000,
        '{"newsreader": 1, "highlights": [x' + ',{"q":[1' * 300 + ",1" * 1_000_000,
        '{"newsreader": 1, "highlights": [x' + ',{"a":"b' * 100_000,
    ],
    ids=["the same words", "marks", "open marks", "nested", "broken strings"],
)
def test_a_file_takes_no_longer_than_its_length(body):
    read(body.encode(), now=NOW)


def test_a_row_whose_marks_match_is_refused_whole():
    rows = b'Highlight,Title,Note\n"First line\nsecond, with two, commas\nend",Book\nlast,B,n\n'
    came = read(rows, now=NOW)
    assert [one.quote.exact for one in came.highlights] == ["last"]
    assert came.refused == ("Item 1: it has 2 cells, but there are 3 columns.",)


def test_a_file_cut_off_within_a_character_is_in_its_encoding_all_the_same():
    came = read("Highlight,Title\ncafé,x\nwords,T".encode() + "中".encode()[:2], now=NOW)
    assert [one.quote.exact for one in came.highlights] == ["café"]
    assert len(came.refused) == 1


def test_items_with_a_name_that_is_none_are_told_apart_as_those_without():
    item = {"uid": "x", "quote": {"exact": "Words", "prefix": "", "suffix": "", "start": 0}}
    came = read(json.dumps({"newsreader": 1, "highlights": [item | {"note": n} for n in "ab"]}).encode(), now=NOW)
    assert sorted(one.note for one in came.highlights) == ["a", "b"]


ROWS = [f"Words {number},Title,Note\r\n" for number in range(500)]


@pytest.mark.parametrize(
    ("damaged", "lost", "reason"),
    [
        ('"Words 3,Title,Note\r\n', {3}, MARKS.format(1)),
        ('Words 3,"Title,Note\r\n', {3}, MARKS.format(1)),
        ('"Words "3",Title,Note\r\n', {3}, MARKS.format(1)),
        ('Words 3",Title,Note\r\n', set(), None),
        ('"Words 3\r\n\r\nand more,Title\r\n', {3},
         MARKS.format(3)),
        ("Words 3,Title\r\n", {3}, "it has 2 cells, but there are 3 columns."),
    ],
)  # fmt: skip
@pytest.mark.parametrize("later", [ROWS[9], '"Words 9",Title,Note\r\n', '"Words, 9","Ti\r\ntle",Note\r\n'])
def test_one_damaged_row_costs_no_other(damaged, lost, reason, later):
    """A quotation mark that is never closed would make one row of all that follow, or of those up to the next mark."""
    rows = [*ROWS[:3], damaged, *ROWS[4:9], later, *ROWS[10:]]
    came = read(("Highlight,Title,Note\r\n" + "".join(rows)).encode(), now=NOW)
    assert came.refused == ((f"Item 4: {reason}",) if reason else ())
    numbers = sorted(int(re.search(r"\d+", one.quote.exact)[0]) for one in came.highlights)
    assert numbers == [number for number in range(500) if number not in lost]


@WRITERS
def test_of_a_file_that_breaks_off_every_whole_item_comes_in(written):
    saved = [highlight(number) for number in (1, 2, 3)]
    text = written(saved)
    whole = read(text.encode(), now=NOW).highlights
    ends = [match.end() for match in re.finditer(r'"(?:nr:)?color": "blue"\s*\}|,[-0-9a-f]{36}(?=\r\n)', text)]
    assert len(ends) == 3
    for end in range(ends[0], len(text)):
        came = read(text[:end].encode(), now=NOW)
        assert came.highlights == whole[: sum(at <= end for at in ends)]
        if written is not to_csv or not any(at <= end <= at + 2 for at in ends):
            assert len(came.refused) == 1 or end >= text.rindex("]")


def test_a_file_that_breaks_off_says_where():
    body = to_json([highlight(1), highlight(2)]).encode()
    came = read(body[:-100], now=NOW)
    assert came.refused == ("Item 2: the file breaks off here.",)
    assert [one.uid for one in came.highlights] == [highlight(1).uid]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@WRITERS
def test_a_file_may_be_in_the_encodings_of_windows(written, encoding):
    one = highlight(title="Grüße — “Skerra”", note="ß 🙂")
    [back] = read(written([one]).encode(encoding), now=NOW).highlights
    assert (back.title, back.note) == ("Grüße — “Skerra”", "ß 🙂")


def test_a_file_that_is_no_utf_8_is_of_old_windows_but_one_broken_byte_makes_none():
    text = "Highlight,Title\r\nDie Brücke,“Größe”\r\n"
    assert read(text.encode("cp1252"), now=NOW).highlights[0].title == "“Größe”"
    came = read(text.encode() + b"Noch \xff eine,x\r\nDrei,\xc3\r\n", now=NOW)
    assert {one.quote.exact for one in came.highlights} == {"Die Brücke"}
    assert came.refused == (
        "Item 2: its “exact” has a broken character in it.",
        "Item 3: its “title” has a broken character in it.",
    )


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_what_a_broken_byte_stands_in_is_refused_and_comes_in_when_it_is_sound(encoding):
    """JSON is UTF-8, however few other letters tell so; words that were taken in broken could not be mended."""
    whole = to_json([highlight(1), highlight(2, note="n")]).encode(encoding)
    broken = whole.replace(b'"note": "n"', b'"note": "\xc3n"')
    came = read(broken, now=NOW)
    assert [one.uid for one in came.highlights] == [highlight(1).uid]
    assert came.refused == ("Item 2: its “note” has a broken character in it.",)
    assert len(read(whole, now=NOW).highlights) == 2


def test_rows_with_other_numbers_of_cells_are_refused_and_those_around_them_come_in():
    body = b"Highlight,Title,Note\r\nOne,a,b\r\nTwo,a\r\nThree,a,b,c\r\n\r\nFour,a,b,,\r\nFi\0ve,a,b\r\n,,\r\n"
    came = read(body, now=NOW)
    assert {one.quote.exact for one in came.highlights} == {"One", "Four", "Fi ve"}
    assert came.refused == (
        "Item 2: it has 2 cells, but there are 3 columns.",
        "Item 3: it has 4 cells, but there are 3 columns.",
    )


def test_columns_may_stand_in_any_order_and_be_set_apart_as_spreadsheets_do():
    for delimiter in (";", "\t"):
        body = f"Note{delimiter}HIGHLIGHT {delimiter}Title\nnote{delimiter}words{delimiter}title\n".encode()
        [one] = read(body, now=NOW).highlights
        assert (one.note, one.quote.exact, one.title) == ("note", "words", "title")


def test_a_whole_article_fits_into_a_cell():
    text = "All of it. " * 90_000
    whole = highlight(kind=HighlightKind.ARTICLE, quote=Quote(exact=text, prefix="", suffix="", start=0))
    assert read(to_csv([whole]).encode(), now=NOW).highlights[0].quote.exact == text


@pytest.mark.parametrize(
    "body",
    [
        b"", b"  \n", b"hello", b"{", b"[", b"{}", b"[1, 2]", b"null", b'"text"', b"<html></html>", b"\x00" * 50,
        b'{"version": "https://jsonfeed.org/version/1.1", "items": [{"id": "1", "url": "https://a.example/"}]}',
        b"[garbage", b"Title,Note\r\na,b\r\n", b"[" * 50_000, b'{"a":' * 50_000, b"\xff\xfe\x00",
    ],
)  # fmt: skip
def test_a_file_of_no_format_is_told_in_one_sentence(body):
    with pytest.raises(ValueError, match=r"^(The file is empty\.|The file holds no highlights as .*\.)$"):
        read(body, now=NOW)


def test_a_file_of_a_newer_newsreader_is_left_alone():
    with pytest.raises(ValueError, match="newer newsreader"):
        read(b'{"newsreader": 2, "highlights": []}', now=NOW)


@WRITERS
def test_a_library_without_highlights_makes_a_file_that_can_be_read(written):
    assert read(written([]).encode(), now=NOW) == Came((), ())


def test_a_format_can_be_given():
    body = to_csv([highlight()]).encode()
    assert read(body, now=NOW, format="csv") == read(body, now=NOW)
    with pytest.raises(ValueError, match="holds no highlights"):
        read(body, now=NOW, format="json")
    with pytest.raises(ValueError, match="There is no format “docx”"):
        read(body, now=NOW, format="docx")


# --- anything at all


def comes_or_is_refused(body: bytes, format: str | None = None) -> None:
    said = ""
    try:
        came = read(body, now=NOW, format=format)
    except ValueError as error:
        came, said = Came((), ()), str(error)
    assert re.fullmatch(r"|[A-Z][^\n]*\.", said)
    assert all(re.fullmatch(r"Item \d+: [^\n]*\.", line) for line in came.refused)
    # What came in can be kept: it is written and comes back the same.
    assert read(to_json(came.highlights).encode(), now=NOW) == Came(came.highlights, ())


@given(st.binary(max_size=200), st.none() | st.sampled_from(FORMATS))
def test_any_bytes_come_in_or_are_refused(body, format):
    comes_or_is_refused(body, format)


PIECES = st.sampled_from([b'"', b"[", b"]", b"{", b"}", b",", b"\\ud800", b"null", b"-1", b"\r\n"])
VALID = [path.read_bytes() for path in sorted(FILES.iterdir())] + [
    written([highlight(1), highlight(2)]).encode() for written in (to_json, to_annotations, to_csv)
]


@given(st.data())
def test_any_damage_to_a_good_file_comes_in_or_is_refused(data):
    body = bytearray(data.draw(st.sampled_from(VALID)))
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(body)))
        gone = data.draw(st.integers(0, 30))
        body[at : at + gone] = data.draw(st.binary(max_size=6) | PIECES)
    comes_or_is_refused(bytes(body))


NAMES = ["quote", "exact", "prefix", "start", "type", "target", "selector", "refinedBy", "body", "bodyValue", "value",
         "purpose", "uri", "text", "document", "title", "tags", "via", "state", "sourceDate", "source", "id", "url",
         "references", "motivation", "nr:kind", "nr:via", "created", "uid", "outlet", "@type"]  # fmt: skip
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=6) | st.just("Annotation"),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(NAMES),
            inner,
            max_size=5,
        )
    ),
    max_leaves=15,
)


@given(st.lists(JSON, max_size=3), st.sampled_from(("highlights", "items", "rows", "annotations", "@graph")),
       st.none() | st.sampled_from(FORMATS))  # fmt: skip
def test_json_of_any_shape_comes_in_or_is_refused(items, key, format):
    comes_or_is_refused(json.dumps({"newsreader": 1, key: items}).encode(), format)
    comes_or_is_refused(json.dumps(items).encode(), format)
