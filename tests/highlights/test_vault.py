"""Notes of a vault: their names, their front matter, and what a person wrote below."""

import json
import re
import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made import HOSTILE, SAVED, highlight, highlights

from reader.highlights.export import Format, written
from reader.highlights.vault import OWN_WORDS, Per, emptied, kept_name, key_of, notes, renewed
from reader.model.highlights import HighlightKind

WINDOWS = {"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in "0123456789¹²³")}


def the_note(saved, **how):
    (note,) = notes(saved, **how).values()
    return note


def front_matter(note):
    """Front matter as any YAML reader has it: a key a line, each value JSON, which YAML is a superset of."""
    assert note.startswith("---\n")
    inside, _, _ = note[4:].partition("\n---\n")
    pairs = [line.split(": ", 1) for line in inside.split("\n")]
    assert all(re.fullmatch("[a-z-]+", name) for name, _ in pairs)
    assert len({name for name, _ in pairs}) == len(pairs)
    return {name: json.loads(value) for name, value in pairs}


# --- what is in a note


def test_a_note_of_an_article():
    saved = [
        highlight("Second.", n=1, start=9, author="By Ana Duarte and Reuters", tags=("ports", "harbour news", "2026")),
        highlight("First.", n=2, note="Ask."),
    ]
    ((name, note),) = notes(saved).items()
    assert re.fullmatch(r"2026-11-12 Report due in spring [0-9a-f]{10}\.md", name)
    facts = front_matter(note)
    assert re.fullmatch("[0-9a-f]{64}", facts.pop("newsreader-hash"))
    assert facts == {
        "title": "Report due in spring",
        "url": "https://harbour.example/report",
        "outlet": "The Harbour Post",
        "author": ["Ana Duarte", "Reuters"],
        "published": "2026-11-12",
        "tags": ["2026-", "harbour-news", "ports"],
        "highlights": 2,
        "newsreader": [saved[1].uid, saved[0].uid],
    }
    assert note.partition("\n---\n\n")[2] == (
        "# Report due in spring\n\n"
        "The Harbour Post, by Ana Duarte and Reuters, 12 November 2026, <https://harbour.example/report>\n\n"
        "> First.\n\n— Ana Duarte (via Lusa)\n\nNote: Ask.\n\n"
        "> Second.\n\n— Ana Duarte (via Lusa)\n\nTags: ports, harbour news, 2026\n\n"
        f"{OWN_WORDS}\n"
    )


def test_a_note_for_each_speaker_has_what_that_speaker_said_by_article():
    saved = [
        highlight("One.", n=1),
        highlight("Two.", n=2, speaker="Raj Patel"),
        highlight("Three.", n=3, title="Another", url="https://b.example/"),
        highlight("Four.", n=4, speaker="ANA DUARTE"),
        highlight("Five.", n=5, speaker=None),
    ]
    made = {name[:-14]: note for name, note in notes(saved, per=Per.SPEAKER).items()}
    assert list(made) == ["Ana Duarte", "Raj Patel", "Nobody by name"]
    assert re.findall("^(?:## |> )(.*)$", made["Ana Duarte"], re.MULTILINE) == [
        "Report due in spring", "One.", "Four.", "Another", "Three.",
    ]  # fmt: skip
    facts = front_matter(made["Ana Duarte"])
    assert (facts["speaker"], facts["articles"], facts["highlights"]) == ("Ana Duarte", 2, 3)
    assert "speaker" not in front_matter(made["Nobody by name"])


def test_a_note_for_each_outlet():
    saved = [highlight(n=1), highlight(n=2, outlet="Lusa", url=None), highlight(n=3, outlet="", url=None, title="X")]
    assert [name[:-14] for name in notes(saved, per=Per.OUTLET)] == ["The Harbour Post", "Lusa", "No outlet"]


def test_a_note_after_a_template_keeps_front_matter_and_the_line():
    note = the_note([highlight()], template=f"{{{{ heading }}}} ({{{{ per }}}})\n{OWN_WORDS}")
    assert front_matter(note)["title"] == "Report due in spring"
    assert note.endswith(f"\n---\n\nReport due in spring (article)\n\n{OWN_WORDS}\n")
    assert note.count(OWN_WORDS) == 1


def test_a_wrong_template_is_told():
    with pytest.raises(ValueError, match="The template is wrong in line 1"):
        notes([highlight()], template="{{ nothing }}")


@pytest.mark.scorecard(40)
@pytest.mark.parametrize("per", Per)
@given(highlights(), st.randoms())
def test_no_text_breaks_front_matter_or_body(per, saved, random):
    made = notes(saved, per=per)
    assert notes(random.sample(saved, len(saved)), per=per) == made
    told = []
    for note in made.values():
        note.encode()
        facts = front_matter(note)
        assert facts["highlights"] == len(facts["newsreader"])
        assert facts.get("url", "https://").startswith(("https://", "http://"))
        assert all(re.fullmatch(r"[\w/-]*[^\W\d][\w/-]*|[\w/-]*[-/_][\w/-]*", tag) for tag in facts.get("tags", ()))
        told += facts["newsreader"]
        assert len(re.findall(f"^{OWN_WORDS}", note, re.MULTILINE)) == 1
        assert note.endswith(f"\n\n{OWN_WORDS}\n")
        assert re.findall("^---$", note, re.MULTILINE) == ["---"] * 2
    assert sorted(told) == sorted(one.uid for one in saved)


@pytest.mark.scorecard(40)
@given(highlights())
def test_front_matter_is_what_a_yaml_reader_reads(saved):
    yaml = pytest.importorskip("yaml")
    for note in notes(saved).values():
        assert yaml.safe_load(note[4:].partition("\n---\n")[0]) == front_matter(note)


@pytest.mark.parametrize("per", Per)
@given(highlights())
def test_highlights_of_one_key_are_in_one_note_which_no_others_change(per, saved):
    keys = {key_of(one, per) for one in saved}
    made = notes(saved, per=per)
    assert len(made) == len(keys)
    apart = [notes([one for one in saved if key_of(one, per) == key], per=per) for key in keys]
    assert {name: note for each in apart for name, note in each.items()} == made


# --- written again


def test_a_note_that_is_not_there_is_written():
    new = the_note([highlight()])
    assert renewed(None, new) == new


@pytest.mark.parametrize("own", ["", "\n## Mine\n\n[[Harbour]] and “more”\n", "x", "\r\nfrom Windows\r\n", OWN_WORDS])
def test_what_a_person_wrote_below_the_line_stays(own):
    old, new = the_note([highlight()]), the_note([highlight(), highlight("More.", n=2)])
    assert renewed(old + own, new) == new + own
    assert renewed(old + own, old) == old + own
    assert renewed(renewed(old + own, new), new) == new + own


def test_what_a_person_wrote_on_the_line_itself_stays():
    note = the_note([highlight()])
    assert renewed(note.rstrip("\n") + " mine", note) == note.rstrip("\n") + " mine"


@pytest.mark.parametrize(
    "edit",
    [
        lambda _: "",
        lambda _: "# My own note\n",
        lambda _: f"{OWN_WORDS}\n",
        lambda _: f"---\ntitle: mine\n---\n{OWN_WORDS}\n",
        lambda note: note.replace(OWN_WORDS, ""),
        lambda note: note.replace("> We", "> **We**"),
        lambda note: note.replace('title: "', 'title: "My '),
        lambda note: note.replace("---\n", "---\nmine: 1\n", 1),
        lambda note: "\n" + note,
        lambda note: re.sub('newsreader-hash: "[0-9a-f]+"\n', "", note),
        lambda note: re.sub('newsreader-hash: "[0-9a-f]+', 'newsreader-hash: "' + "0" * 64, note),
    ],
)
def test_a_note_that_is_not_ours_or_was_edited_above_the_line_is_left_alone(edit):
    note = the_note([highlight()])
    assert edit(note) != note
    assert renewed(edit(note), note) is None


def test_line_ends_and_a_mark_of_another_editor_are_no_edit():
    note = the_note([highlight()])
    assert renewed("\ufeff" + note.replace("\n", "\r\n") + "mine", note) == note.removesuffix("\n") + "\r\nmine"


@given(highlights(), highlights(), st.text())
def test_any_note_is_renewed_and_then_stays_as_it_is(one, other, own):
    for old, new in zip(notes(one).values(), notes(other).values(), strict=False):
        now = renewed(old + own, new)
        assert now == new + own
        assert renewed(now, new) == now


@pytest.mark.scorecard(39)
@given(st.text() | st.sampled_from(HOSTILE))
def test_nobody_elses_file_is_written_over(text):
    assert renewed(text, the_note([highlight()])) is None


# --- names


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Report: due in spring?", "2026-11-12 Report due in spring"),
        ("../../etc/passwd", "2026-11-12 etc passwd"),
        ("C:\\Users\\*|<>", "2026-11-12 C Users"),
        ("Zürich — “naïve” plan, 50 %", "2026-11-12 Zürich naïve plan 50"),
        ("हिन्दी में समाचार", "2026-11-12 हिन्दी में समाचार"),
        ("港の計画", "2026-11-12 港の計画"),
        ("Anglo-French --rf -x", "2026-11-12 Anglo-French rf x"),
        ("🎉", "2026-11-12"),
        ("", "2026-11-12 Untitled"),
    ],
)
def test_a_name_is_the_day_and_the_words_of_the_title(title, expected):
    (name,) = notes([highlight(title=title)])
    assert name[:-14] == expected


def test_a_name_stays_when_more_is_saved_from_an_article_that_was_retitled():
    (name,) = notes([highlight()])
    assert list(notes([highlight(), highlight(n=2, title="Retitled", published=SAVED)])) == [name]


def test_articles_of_one_day_and_title_have_names_of_their_own():
    saved = [highlight(n=n, url=f"https://a.example/{n}", title="REPORT" if n % 2 else "report") for n in range(200)]
    assert len({name.casefold() for name in notes(saved)}) == 200


@pytest.mark.scorecard(39)
@pytest.mark.parametrize("per", Per)
@given(highlights())
def test_names_are_safe_everywhere(per, saved):
    made = list(notes(saved, per=per))
    assert len({unicodedata.normalize("NFC", name).casefold() for name in made}) == len(made)
    for name in made:
        assert len(name.encode()) <= 120
        assert name.endswith(".md")
        assert name.count(".") == 1
        assert name[0] not in " .-~"
        assert not name[:-3].endswith((" ", "."))
        assert name.split(".")[0].strip().casefold() not in WINDOWS
        assert not set(name) & set('/\\:*?"<>|[]#^\x00')
        assert {unicodedata.category(character)[0] for character in name} <= {"L", "M", "N", "P", "Z"}
        assert set(name) & {c for c in name if unicodedata.category(c)[0] in "PZ"} <= {" ", "-", "."}


# --- 10,000 highlights


def test_ten_thousand_highlights_are_written_in_a_second_and_a_half():
    words = "The committee will publish its report, she said, before the end of the *month*. " * 3
    saved = [
        highlight(
            words,
            n=n,
            start=n,
            url=f"https://harbour.example/{n % 3000}",
            title=f"Report {n % 3000} is due in spring",
            author="By Ana Duarte and Raj Patel",
            speaker=f"Speaker {n % 900}",
            note="Ask her [again]." if n % 3 else "",
            tags=("ports",),
            kind=HighlightKind.WORDS,
        )
        for n in range(10_000)
    ]
    took = []
    for write in (lambda: written(saved, Format.MARKDOWN), lambda: notes(saved), lambda: written(saved, Format.HTML)):
        began = time.process_time()
        write()
        took.append(time.process_time() - began)
    assert max(took) < 1.5
    assert len(notes(saved)) == 3000


def test_a_note_is_found_by_what_it_is_of_whatever_it_was_called_by_then():
    (name,) = notes([highlight(title="Old headline")])
    (later,) = notes([highlight(title="New headline")])
    assert name != later
    assert kept_name(later, ["Another 0123456789.md", name]) == name
    assert kept_name(later, ["Another 0123456789.md"]) == later
    assert kept_name(later, [name, later]) == later
    assert kept_name(later, [f".{name}", f"x{name[-13:]}"]) == later
    assert kept_name(name[-14:], [name]) == name
    assert kept_name(name, [name[-13:]]) == name[-13:], "a title without a word leaves but the key"


def test_a_note_of_nothing_says_so_keeps_its_owners_words_and_is_ours_still():
    (note,) = notes([highlight()]).values()
    empty = emptied(note + "My own words.\n")
    assert empty is not None
    assert "Nothing of this is saved any more." in empty
    assert "We will publish" not in empty
    facts = front_matter(empty)
    assert (facts["title"], facts["url"], facts["highlights"]) == (
        "Report due in spring",
        "https://harbour.example/report",
        0,
    )
    assert "newsreader" not in facts
    assert empty.endswith("My own words.\n")
    assert emptied(empty) == empty
    assert renewed(empty, note) == note.removesuffix("\n") + empty[empty.index("\nMy own words") :]
    assert emptied("Somebody else's.") is None
    assert emptied(note.replace("We will", "They will")) is None
