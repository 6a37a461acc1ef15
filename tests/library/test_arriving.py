"""What becomes of entries as their feeds change, and of what the person made of them."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hostile_server import reply
from press import PARAGRAPHS, SETTINGS, Clock, feed, followed, item, titles

from reader.config import Keeping
from reader.library.library import Library
from reader.model import FeedSettings

DAY = timedelta(days=1)
WHOLE = PARAGRAPHS * 3


def serve(library: Library, server, *items: str) -> None:
    """Let the one feed carry some items, and have it checked."""
    server.routes["/feed"] = feed(*items)
    if not library.store.feeds():
        followed(library, server.url("/feed"))
    assert library.refresh(force=True).failed == ()


def saved_from(library: Library, entry_id: int) -> int:
    """Save the first claim of an entry; returns the highlight's id."""
    opened = library.open(entry_id)
    return library.saved.keep(library.saved.of(opened, opened.analysis.claims[0])).id


# --- edits


@pytest.mark.parametrize("text", [WHOLE, "The north bridge …"], ids=["whole", "teaser"])
def test_a_headline_that_is_edited_is_shown_kept_as_it_was_and_stays_read(library: Library, server, text):
    serve(library, server, item("1", title="Bridge closes", text=text))
    (entry_id,) = library.store.headlines()
    library.mark([entry_id], read=True)
    serve(library, server, item("1", title="Bridge shut until spring", text=text))
    entry = library.store.entries([entry_id])[entry_id]
    assert (entry.title, entry.read) == ("Bridge shut until spring", True)
    assert library.store.headlines() == [entry_id]
    assert library.store.article(entry_id).title == "Bridge shut until spring"
    assert library.search("shut") == [entry_id]
    assert library.search("title:closes") == []
    kept = library.store._at.db.execute("SELECT title FROM revisions WHERE entry_id = ?", (entry_id,)).fetchall()
    assert [row[0] for row in kept] == ["Bridge closes"]


def test_a_headlines_edit_hides_no_edit_of_the_text_and_is_none_itself(library: Library, server):
    serve(library, server, item("1", text=WHOLE))
    (entry_id,) = library.store.headlines()
    first = library.store.article(entry_id).text
    serve(library, server, item("1", title="Bridge shut", text=WHOLE))
    assert library.store.revision(entry_id) is None
    serve(library, server, item("1", title="Bridge shut", text=WHOLE.replace("14 million", "15 million")))
    serve(library, server, item("1", title="Bridge closed", text=WHOLE.replace("14 million", "15 million")))
    assert library.store.revision(entry_id) == first


def test_an_entry_that_is_given_another_guid_is_the_same_one(library: Library, server):
    link = server.url("/2026/11/12/bridge-closes-for-winter")
    serve(library, server, item("1", link=link, text=WHOLE))
    (entry_id,) = library.store.headlines()
    highlight_id = saved_from(library, entry_id)
    library.mark([entry_id], read=True)
    library.store.tag([entry_id], "bridges", tagged=True)
    serve(library, server, item("urn:another", link=link, text=WHOLE))
    serve(library, server, item("urn:another", link=link, text=WHOLE), item("2", title="Ferry sinks"))
    assert library.store.entries([entry_id])[entry_id].guid == "urn:another"
    assert titles(library).count("Bridge closes") == 1
    assert library.store.entries([entry_id])[entry_id].read
    assert library.store.tags(entry_id) == ("bridges",)
    entry, article = library.store.entries([entry_id])[entry_id], library.store.article(entry_id)
    (located,) = library.saved.located(entry, article.text)
    assert (located.highlight.id, located.highlight.entry_id) == (highlight_id, entry_id)
    assert located.span is not None


def test_an_entry_that_its_feed_carries_no_more_stays(library: Library, server):
    serve(library, server, item("1", text=WHOLE))
    (entry_id,) = library.store.headlines()
    saved_from(library, entry_id)
    serve(library, server, item("2", title="Ferry sinks"))
    assert sorted(titles(library)) == ["Bridge closes", "Ferry sinks"]
    entry, article = library.store.entries([entry_id])[entry_id], library.store.article(entry_id)
    (located,) = library.saved.located(entry, article.text)
    assert located.span is not None


# --- feeds that go and come (34)


def test_what_is_saved_of_a_feed_outlives_it_and_is_there_once_when_it_is_followed_again(library: Library, server):
    items = [item(str(n), title=f"Headline {n}", text=WHOLE) for n in range(5)]
    serve(library, server, *items)
    plain, highlighted, starred, tagged, put_away = sorted(library.store.headlines())
    highlight_id = saved_from(library, highlighted)
    library.saved.remove([saved_from(library, put_away)])
    library.store.star([starred], starred=True, now=library.now())
    library.store.tag([tagged], "bridges", tagged=True)
    texts = {id: library.store.article(id).text for id in (highlighted, starred, tagged)}

    (gone,) = library.store.feeds()
    assert library.feeds.remove(gone) == 4
    assert library.store.feeds() == library.store.headlines() == library.store.story_headlines() == []
    assert plain not in library.store.entries([plain])
    assert (library.store.unread(), library.store.unread_ids()) == ({}, frozenset()), "no list has them to be read"
    assert {id: library.store.article(id).text for id in texts} == texts
    assert sorted(library.search("bridge")) == [highlighted, starred, tagged, put_away]
    assert [one.id for one in library.store.highlights.all()] == [highlight_id]
    assert library.refresh(force=True).checked == 0
    assert library.store.care.faults() == []

    serve(library, server, *items)
    assert sorted(titles(library)) == [f"Headline {n}" for n in range(5)]
    assert set(library.store.headlines()) >= {highlighted, starred, tagged, put_away}
    assert library.store.entries([starred])[starred].starred


def test_a_feed_of_which_nothing_is_saved_goes_whole(library: Library, server):
    serve(library, server, item("1", text=WHOLE))
    (gone,) = library.store.feeds()
    assert library.feeds.remove(gone) == 0
    tables = ("feeds", "entries", "articles", "checks", "stories", "analyses", "states")
    left = {table: library.store._at.db.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in tables}
    assert left == dict.fromkeys(tables, 0)
    assert library.store.care.faults() == []


# --- what is let go


def test_what_is_old_is_let_go_but_for_what_is_kept_for_ever_and_never_comes_again(start, server, clock: Clock):
    settings = replace(SETTINGS, library=Keeping(keep=30 * DAY))
    items = [item(str(n), title=f"Headline {n}", text=WHOLE) for n in range(4)]
    with start(settings) as library:
        serve(library, server, *items)
        plain, highlighted, starred, tagged = sorted(library.store.headlines())
        saved_from(library, highlighted)
        library.store.star([starred], starred=True, now=library.now())
        library.store.tag([tagged], "bridges", tagged=True)
        clock.now += 30 * DAY
        serve(library, server, *items)
        assert len(library.store.headlines()) == 4, "not a day too soon"
        clock.now += timedelta(seconds=1)
        serve(library, server, *items, item("new", title="Ferry sinks"))
        assert plain not in library.store.headlines()
    with start(settings) as library:
        for edited in ("", " again"):
            serve(library, server, *(one.replace("Headline", f"Headline{edited}") for one in items))
        left = library.store.headlines()
        assert set(left) >= {highlighted, starred, tagged}
        assert len(left) == 4
        assert library.search("Ferry")
        assert library.store.care.faults() == []


def test_without_a_word_about_it_everything_is_kept(library: Library, server, clock: Clock):
    serve(library, server, item("1"))
    clock.now += 4000 * DAY
    serve(library, server)
    assert titles(library) == ["Bridge closes"]


# --- muted feeds


def test_a_muted_feed_is_found_but_stands_in_no_list_and_counts_as_no_news(library: Library, server):
    serve(library, server, item("1"))
    (one,) = library.store.feeds()
    library.feeds.change(replace(one, settings=FeedSettings(muted=True)))
    serve(library, server, item("1"), item("2", title="Ferry sinks"))
    assert library.store.headlines() == library.store.story_headlines() == library.search("ferry") == []
    assert (library.store.unread(), library.store.unread_ids()) == ({}, frozenset())
    assert len(library.search("is:muted")) == 2
    assert len(library.store.headlines(feed_id=one.id)) == 2, "who opens the feed itself wants to see it"
    library.feeds.change(one)
    assert sorted(titles(library)) == ["Bridge closes", "Ferry sinks"]
    assert library.store.unread() == {one.id: 2}


# --- the library itself fails


@pytest.mark.parametrize(
    ("answer", "fault"),
    [
        (
            reply("429 Too Many Requests", headers=["Retry-After: 60"]),
            "CREATE TRIGGER fault BEFORE INSERT ON hosts BEGIN SELECT raise(ABORT, 'fault'); END",
        ),
        (feed(item("1")), "DROP TABLE forgotten"),
    ],
    ids=["a hold", "what is known"],
)
@pytest.mark.timeout(30)
def test_a_library_that_fails_under_a_refresh_ends_it(library: Library, server, answer, fault):
    from reader.store.schema import StoreError

    server.routes["/feed"] = answer
    followed(library, server.url("/feed"))
    library.store._at.db.execute(fault)
    with pytest.raises(StoreError):
        library.refresh()
