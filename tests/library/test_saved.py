"""What is saved stays saved, wherever its article goes (34), and comes along to other libraries (38)."""

import json
import stat
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from press import PARAGRAPHS, SETTINGS, Clock, feed, followed, item

from reader.highlights.export import Format
from reader.highlights.vault import Per
from reader.library.answers import LibraryError
from reader.library.library import Library
from reader.model import Claim, Color, Fit, HighlightKind, Source, SourceKind, Span
from reader.query import QueryError

WHOLE = PARAGRAPHS * 3
DAY = timedelta(days=1)


@pytest.fixture
def opened(library: Library, server):
    """An article whose page is kept."""
    server.routes["/feed"] = feed(item("1", link=server.url("/bridge"), text=WHOLE))
    followed(library, server.url("/feed"))
    library.refresh(force=True)
    (entry_id,) = library.store.headlines()
    return library.open(entry_id)


def everything(library: Library):
    return {(one.uid, one.quote.exact, one.note, one.tags, one.color) for one in library.store.highlights.all()}


def saved_of_each_kind(library: Library, opened):
    claim = next(one for one in opened.analysis.claims if one.figures)
    made = [library.saved.of(opened, what) for what in (claim, claim.figures[0], Span(3, 40), opened.article)]
    return [library.saved.keep(one) for one in made]


def test_each_kind_is_kept_with_its_source_and_found_at_its_place(library: Library, opened, clock: Clock):
    claim, figure, words, whole = saved_of_each_kind(library, opened)
    text = opened.article.text
    assert [one.kind for one in (claim, figure, words, whole)] == [
        HighlightKind.CLAIM, HighlightKind.FIGURE, HighlightKind.WORDS, HighlightKind.ARTICLE,
    ]  # fmt: skip
    assert figure.speaker == claim.speaker is not None, "a figure is of whoever gave it"
    assert words.quote.exact == text[3:40]
    assert whole.quote.exact == text, "complete in itself"
    assert len({one.uid for one in (claim, figure, words, whole)}) == 4
    assert claim.retrieved == claim.created == clock.now
    again = library.open(opened.entry.id)
    assert {one.highlight.kind: (one.span, one.anchor.fit) for one in again.highlights} == {
        one.kind: (Span(one.quote.start, one.quote.start + len(one.quote.exact)), Fit.EXACT)
        for one in (claim, figure, words, whole)
    }
    assert again.entry.highlights == 4
    assert again.whole == (whole,)
    assert {one.highlight for one in again.marked} == {claim, figure, words}


def test_what_is_removed_while_claims_are_looked_for_needs_no_writing_to_be_read(library: Library, opened):
    kept = library.saved.keep(library.saved.of(opened, Span(0, 20)))
    library.saved.remove([kept.id])
    before = replace(opened, highlights=library.saved.located(opened.entry, opened.article.text))
    library.saved.restore([kept.id])
    now = library.saved.attributed(before)
    library.saved.remove([kept.id])
    library.store._at.db.execute("PRAGMA query_only = ON")
    assert library.saved.attributed(now).highlights == ()


@pytest.mark.scorecard(34)
def test_nothing_that_becomes_of_an_article_takes_what_was_saved_of_it(library: Library, opened, server, clock: Clock):
    saved_of_each_kind(library, opened)
    before = everything(library)
    entry = opened.entry
    # The article is edited.
    edited = WHOLE.replace("14 million", "15 million")
    server.routes["/feed"] = feed(item("1", link=server.url("/bridge"), text=edited))
    library.refresh(force=True)
    assert everything(library) == before
    # Its id changes, beside another entry's.
    server.routes["/feed"] = feed(item("urn:new", link=server.url("/bridge"), text=edited), item("2", title="Other"))
    library.refresh(force=True)
    assert everything(library) == before
    assert library.store.entries([entry.id])[entry.id].highlights == 4
    # Its feed carries it no more, and it is older than what is kept.
    server.routes["/feed"] = feed(item("2", title="Other"))
    clock.now += 400 * DAY
    library.refresh(force=True)
    library.store.care.forget(before=clock.now - DAY)
    assert everything(library) == before
    # Its feed is removed.
    library.feeds.remove(library.store.feeds()[0])
    assert everything(library) == before
    assert library.open(entry.id).article.text, "and the article with it"


@pytest.mark.scorecard(34)
def test_what_was_saved_of_an_entry_that_is_gone_is_found_when_its_address_comes_again(
    library: Library, opened, server, tmp_path: Path
):
    saved = saved_of_each_kind(library, opened)
    body = library.saved.written(saved, Format.JSON).encode()
    with Library(tmp_path / "other.sqlite", settings=SETTINGS) as other:
        came = other.saved.take_in(body)
        assert (came.new, came.known, came.refused) == (4, 0, ())
        assert [one.entry_id for one in other.store.highlights.all()] == [None] * 4
        assert other.saved.take_in(body).known == 4, "once is enough"
        server.routes["/elsewhere"] = feed(item("x9", link=server.url("/bridge"), text=WHOLE))
        followed(other, server.url("/elsewhere"))
        other.refresh(force=True)
        (entry_id,) = other.store.headlines()
        there = other.open(entry_id)
        assert {one.highlight.uid for one in there.highlights} == {one.uid for one in saved}
        assert all(one.anchor for one in there.highlights)
        assert there.entry.highlights == 4
        assert other.store.care.faults() == []


def test_the_same_page_in_two_feeds_shows_what_was_saved_in_both(library: Library, opened, server):
    saved_of_each_kind(library, opened)
    server.routes["/second"] = feed(item("77", link=server.url("/bridge"), text=WHOLE))
    second = followed(library, server.url("/second"))
    library.refresh(force=True)
    (entry_id,) = library.store.headlines(feed_id=second.id)
    assert library.store.entries([entry_id])[entry_id].highlights == 4
    assert len(library.open(entry_id).highlights) == 4


def test_note_tags_and_colour_are_changed_and_nothing_else(library: Library, opened, clock: Clock):
    saved, *_ = saved_of_each_kind(library, opened)
    clock.now += DAY
    (changed,) = library.saved.change(
        [(saved, replace(saved, note="Check it", tags=("bridge", "cost"), color=Color.GREEN))]
    )
    assert changed.changed == clock.now
    assert changed in library.store.highlights.all()
    assert replace(changed, note="", tags=(), color=None, changed=saved.changed) == saved
    assert library.saved.found(since=clock.now) == [changed]


def test_what_was_removed_can_be_brought_back_years_later_and_is_not_imported_anew(library: Library, opened, clock):
    saved = saved_of_each_kind(library, opened)
    body = library.saved.written(saved, Format.JSON).encode()
    library.saved.remove([one.id for one in saved])
    assert library.store.highlights.all() == []
    assert library.saved.take_in(body).known == 4
    clock.now += 2000 * DAY
    removed = library.store.highlights.all(removed=True)
    library.saved.restore([one.id for one in removed])
    assert sorted(library.store.highlights.all(), key=lambda one: one.id) == saved


@pytest.mark.parametrize(
    ("query", "kinds"),
    [
        ("", "claim figure words article"),
        ("tag:Cost", "claim"),
        ("has:note", "claim"),
        ("-has:note", "figure words article"),
        ("check", "claim"),
        ("type:figure has:tag", "claim"),
        ("feed:harbour newer:2d", "claim figure words article"),
        ("older:2d", ""),
        ("is:saved title:bridge", "claim figure words article"),
        ("is:unread", "claim figure words article"),
        ("is:read", ""),
        ("nowhere OR tag:cost", "claim"),
        ("speaker:ministry has:note", "claim"),
        ("speaker:nobody", ""),
    ],
)
def test_what_is_saved_is_searched_in_the_query_language(library: Library, opened, query, kinds):
    saved, *_ = saved_of_each_kind(library, opened)
    library.saved.change([(saved, replace(saved, note="check with the port", tags=("cost",)))])
    assert {str(one.kind) for one in library.saved.found(query)} == set(kinds.split())


def test_a_query_that_means_nothing_is_said_to(library: Library):
    with pytest.raises(QueryError):
        library.saved.found("tag:")


# --- notes


def test_notes_are_written_once_renewed_when_something_changed_and_keep_their_owners_words(
    library: Library, opened, tmp_path: Path
):
    saved, *_ = saved_of_each_kind(library, opened)
    folder = tmp_path / "vault" / "news"
    did = library.saved.write_notes([saved], folder, per=Per.ARTICLE)
    assert (did.written, did.unchanged, did.left) == (1, 0, ())
    (note,) = folder.iterdir()
    assert opened.article.text[3:40] in note.read_text(), "all that was saved of the article"
    stamp = note.stat().st_mtime_ns
    assert library.saved.write_notes([saved], folder, per=Per.ARTICLE).unchanged == 1
    assert note.stat().st_mtime_ns == stamp, "a second run writes nothing"
    note.write_text(note.read_text() + "\nMy own thoughts.\n")
    library.saved.change([(saved, replace(saved, note="A new note"))])
    assert library.saved.write_notes([saved], folder, per=Per.ARTICLE).written == 1
    assert "A new note" in note.read_text()
    assert note.read_text().endswith("\nMy own thoughts.\n")
    note.write_text("Another program's file, by chance of that name.")
    did = library.saved.write_notes([saved], folder, per=Per.ARTICLE)
    assert did.left == (note,)
    assert note.read_text() == "Another program's file, by chance of that name."


@pytest.mark.scorecard(39)
def test_notes_stay_within_their_folder_whatever_they_are_called(library: Library, opened, tmp_path: Path):
    saved, *_ = saved_of_each_kind(library, opened)
    titles = ["../../escape", "/etc/passwd", "a\0b", "x" * 300, "-rf", "CON", "..", "", "naïve 🚢 " * 40]
    for number, title in enumerate(titles):
        library.saved.keep(
            replace(saved, uid=f"00000000-0000-4000-8000-00000000000{number}", title=title, url=f"https://x.example/{number}",
                    entry_id=None)
        )  # fmt: skip
    folder = tmp_path / "in" / "here"
    did = library.saved.write_notes(library.store.highlights.all(), folder, per=Per.ARTICLE)
    assert did.written == len(titles) + 1
    assert len(list(folder.iterdir())) == len(titles) + 1
    assert [one.name for one in tmp_path.iterdir() if one.name not in ("in", "library.sqlite")] == [
        one.name for one in tmp_path.iterdir() if one.name.startswith("library.sqlite-")
    ]
    assert list((tmp_path / "in").iterdir()) == [folder]


def test_a_folder_that_cannot_be_written_is_told(library: Library, opened, tmp_path: Path):
    saved, *_ = saved_of_each_kind(library, opened)
    (tmp_path / "file").write_text("")
    with pytest.raises(LibraryError, match="can't be written"):
        library.saved.write_notes([saved], tmp_path / "file", per=Per.ARTICLE)


def test_a_template_of_ones_own_is_used_and_one_that_is_wrong_is_told(library: Library, opened, tmp_path: Path):
    saved, *_ = saved_of_each_kind(library, opened)
    with pytest.raises(LibraryError):
        library.saved.written([saved], Format.MARKDOWN, template="{% for %}")
    with pytest.raises(LibraryError):
        library.saved.write_notes([saved], tmp_path, per=Per.ARTICLE, template="{{ ''.__class__.__mro__ }}")


# --- import


@pytest.mark.scorecard(38)
def test_a_damaged_file_gives_a_line_for_each_item_and_the_rest(library: Library, opened, tmp_path: Path):
    saved = saved_of_each_kind(library, opened)
    whole = json.loads(library.saved.written(saved, Format.JSON))
    items = whole["highlights"]
    damaged = {**whole, "highlights": [items[0], 7, {"quote": {}}, items[1], None, {**items[2], "created": "soon"}]}
    with Library(tmp_path / "other.sqlite", settings=SETTINGS) as other:
        came = other.saved.take_in(json.dumps(damaged).encode())
        assert came.new >= 2
        assert len(came.refused) == len(damaged["highlights"]) - came.new
        assert all(line.endswith(".") for line in came.refused)
        for body in (b"", b"\x00\x01", b"[" * 100_000, b"<html>", b"SQLite format 3\0"):
            with pytest.raises(LibraryError):
                other.saved.take_in(body)
        assert other.store.highlights.count() == came.new


def test_commands_of_ones_own_get_words_on_their_input_and_no_shell(library: Library):
    assert library.commands.run("cat", given="“Yes,” $(id)") == "“Yes,” $(id)"
    assert library.commands.run("printf %s", argument="$(id); -rf") == "$(id); -rf"
    wrong = {"": "no command", "'": "is no command", "no-such-program": "No such file", "false": "false"}
    for command, why in wrong.items():
        with pytest.raises(LibraryError, match=why):
            library.commands.run(command)


@pytest.mark.scorecard(39, 41)
def test_what_is_written_is_its_owners_alone(library: Library, opened, tmp_path: Path):
    saved, *_ = saved_of_each_kind(library, opened)
    library.saved.write_notes([saved], tmp_path / "notes", per=Per.OUTLET)
    (note,) = (tmp_path / "notes").iterdir()
    assert stat.S_IMODE(note.stat().st_mode) == 0o600


def test_the_page_is_the_one_that_was_fetched(library: Library, server, clock: Clock):
    server.routes["/feed"] = feed(item("1", link=server.url("/page")))
    followed(library, server.url("/feed"))
    library.refresh(force=True)
    clock.now += timedelta(hours=5)
    (entry_id,) = library.store.headlines()
    opened = library.open(entry_id)
    saved = library.saved.keep(library.saved.of(opened, Span(0, 20)))
    assert saved.retrieved == clock.now, "when the page was fetched, not when its feed named it"


def test_a_figure_and_words_are_the_speakers_whose_claim_is_closest_around_them(library: Library, opened):
    text = opened.article.text
    start = text.index("repairs will cost")
    inner = Span(start, start + 30)

    def claim(content: Span, name: str) -> Claim:
        speaker = Source(name=name, kind=SourceKind.PERSON, named=True, spans=())
        return replace(opened.analysis.claims[0], content=(content,), source=(), cue=(), speaker=speaker)

    outer, close = claim(Span(start - 20, start + 60), "Outer"), claim(inner, "Inner")
    nested = replace(opened, analysis=replace(opened.analysis, claims=(outer, close)))
    words = Span(start + 5, start + 12)
    assert library.saved.of(nested, words).speaker == "Inner"
    assert library.saved.of(nested, words, claim=outer).speaker == "Outer"
    twins = replace(opened, analysis=replace(opened.analysis, claims=(close, claim(inner, "Twin"))))
    assert library.saved.of(twins, words).speaker is None, "nobody's, where it can't be told"


def test_what_is_saved_already_is_not_saved_twice_and_can_be_again_once_removed(library: Library, opened):
    made = library.saved.of(opened, Span(3, 40))
    kept = library.saved.keep(made)
    with pytest.raises(LibraryError, match="saved already"):
        library.saved.keep(library.saved.of(opened, Span(3, 40)))
    library.saved.remove([kept.id])
    library.saved.keep(library.saved.of(opened, Span(3, 40)))
    assert library.store.highlights.count() == 1


def test_two_windows_change_one_highlight_and_neither_loses_what_the_other_wrote(library: Library, opened):
    seen, *_ = saved_of_each_kind(library, opened)
    library.saved.change([(seen, replace(seen, note="Long thoughts"))])
    (tagged,) = library.saved.change([(seen, replace(seen, tags=("cost",)))])
    assert (tagged.note, tagged.tags) == ("Long thoughts", ("cost",)), "a tag from an old list takes no note away"
    (more,) = library.saved.change([(seen, replace(seen, tags=("bridge",), color=Color.PINK))])
    assert set(more.tags) == {"cost", "bridge"}
    with pytest.raises(LibraryError, match="changed elsewhere"):
        library.saved.change([(seen, replace(seen, note="Other thoughts"))])
    assert library.store.highlights.of_entry(opened.entry)[-1].note == "Long thoughts"


def test_since_asks_when_anything_was_done_here(library: Library, opened, clock: Clock, tmp_path: Path):
    saved, other, *_ = saved_of_each_kind(library, opened)
    body = library.saved.written([saved, other], Format.JSON).encode()
    clock.now += 30 * DAY
    assert library.saved.found(since=clock.now - DAY) == []
    library.saved.remove([saved.id])
    library.saved.restore([saved.id])
    assert [one.id for one in library.saved.found(since=clock.now - DAY)] == [saved.id]
    library.saved.remove([other.id])
    assert [one.id for one in library.saved.found(since=clock.now - DAY, removed=True)] == [other.id]
    with Library(tmp_path / "other.sqlite", settings=SETTINGS, now=clock) as elsewhere:
        elsewhere.saved.take_in(body)
        assert len(elsewhere.saved.found(since=clock.now - DAY)) == 2, "however old they are"


def test_what_is_older_than_computers_is_listed(library: Library, opened):
    old = datetime(1895, 3, 1, tzinfo=UTC)
    made = replace(library.saved.of(opened, Span(3, 40)), created=old, changed=old, published=old)
    kept = library.saved.keep(made)
    assert library.saved.found() == [kept]
    assert library.saved.found("older:1900-01-01") == [kept]


def test_a_highlight_whose_entry_goes_belongs_to_the_other_entry_of_its_address(library: Library, opened, server):
    saved_of_each_kind(library, opened)
    server.routes["/second"] = feed(item("77", link=server.url("/bridge"), text=WHOLE))
    second = followed(library, server.url("/second"))
    library.refresh(force=True)
    (other,) = library.store.headlines(feed_id=second.id)
    assert set(library.search("is:saved")) == {opened.entry.id, other}
    library.store._at.db.execute("DELETE FROM entries WHERE id = ?", (opened.entry.id,))
    assert {one.entry_id for one in library.store.highlights.all()} == {other}
    assert library.search("is:saved") == [other]


def test_words_that_became_somebodys_leave_the_note_of_nobodys(library: Library, opened, tmp_path: Path):
    first, second, other = (
        library.saved.keep(replace(library.saved.of(opened, Span(n, n + 30)), speaker=None, source=None))
        for n in (0, 40, 80)
    )
    library.store.highlights.attribute([replace(other, speaker="Bo Ek")], now=library.now())
    folder = tmp_path / "people"
    library.saved.write_notes(library.saved.found(), folder, per=Per.SPEAKER)
    (nobodys,) = [note for note in folder.iterdir() if note.name.startswith("Nobody by name")]
    for highlight, left in ((first, "highlights: 1\n"), (second, "highlights: 0\n")):
        library.store.highlights.attribute([replace(highlight, speaker="Ada Lind")], now=library.now())
        library.saved.write_notes(library.saved.found(), folder, per=Per.SPEAKER)
        assert left in nobodys.read_text()
    assert sorted(note.name.split()[0] for note in folder.iterdir()) == ["Ada", "Bo", "Nobody"]


def test_a_note_keeps_its_file_when_its_title_changes_and_says_so_when_nothing_is_saved_any_more(
    library: Library, opened, tmp_path: Path
):
    claim, *others = saved_of_each_kind(library, opened)
    uid = "00000000-0000-4000-8000-000000000001"
    late = library.saved.keep(replace(claim, uid=uid, title="Bridge shut", text_hash="another"))
    folder = tmp_path / "vault"
    library.saved.write_notes(library.saved.found(), folder, per=Per.ARTICLE)
    (note,) = folder.iterdir()
    note.write_text(note.read_text() + "My own thoughts.\n")
    library.saved.remove([claim.id, *(one.id for one in others)])
    did = library.saved.write_notes(
        library.saved.found(), folder, per=Per.ARTICLE, gone=library.saved.found(removed=True)
    )
    assert (did.written, [*folder.iterdir()]) == (1, [note]), "no second note beside the one with the owner's words"
    library.saved.remove([late.id])
    library.saved.write_notes([], folder, per=Per.ARTICLE)
    assert "Nothing of this is saved any more." in note.read_text()
    assert note.read_text().endswith("My own thoughts.\n")
