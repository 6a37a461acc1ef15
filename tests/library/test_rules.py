"""Saved queries at work: on what comes in, on what is there, and when they are broken."""

import time
from datetime import UTC, datetime

import pytest
from press import feed, followed, item

from reader.library.answers import LibraryError
from reader.library.library import Library
from reader.model import Action, ActionKind
from reader.query import QueryError


def serve(library: Library, server, *titles: str) -> dict[str, int]:
    """Let the one feed carry some headlines; returns the entries by headline."""
    server.routes["/feed"] = feed(*(item(title, title=title) for title in titles))
    if not library.store.feeds():
        followed(library, server.url("/feed"))
    library.refresh(force=True)
    return dict(library.store._at.db.execute("SELECT title, id FROM entries").fetchall())


@pytest.mark.parametrize(
    ("action", "does"),
    [
        ("mute", {"muted": True}),
        ("read", {"read": True}),
        ("save", {"starred": True}),
        ("tag:sea news", {}),
        ("notify", {}),
    ],
)
def test_a_rule_does_its_one_thing_to_what_comes_in_and_matches(library: Library, server, action, does):
    before = serve(library, server, "Ferry on time")
    library.rules.keep("Ferries", "title:ferry", [action])
    came = serve(library, server, "Ferry on time", "Ferry sinks", "Bridge closes")
    entries = library.store.entries(list(came.values()))
    usual = dict.fromkeys(("muted", "read", "starred"), False)
    states = {title: {state: getattr(entries[id], state) for state in usual} for title, id in came.items()}
    assert states == {"Ferry on time": usual, "Ferry sinks": usual | does, "Bridge closes": usual}
    tags = {title: library.store.tags(id) for title, id in came.items()}
    assert tags == dict.fromkeys(came, ()) | ({"Ferry sinks": ("sea news",)} if action.startswith("tag") else {})
    assert before["Ferry on time"] in library.store.headlines()


def test_what_a_rule_wants_told_is_told_once(library: Library, server):
    library.rules.keep("Ferries", "title:ferry", ["notify", "tag:sea"])
    library.rules.keep("Quiet", "title:ferry", ["tag:quiet"])
    server.routes["/feed"] = feed(item("1", title="Ferry sinks"), item("2", title="Bridge closes"))
    followed(library, server.url("/feed"))
    (told,) = library.refresh(force=True).told
    assert (told[0], library.store.entries([told[1]])[told[1]].title) == ("Ferries", "Ferry sinks")
    assert library.refresh(force=True).told == ()


def test_what_a_rule_mutes_appears_in_no_list_and_no_count(library: Library, server):
    library.rules.keep("No ferries", "title:ferry", ["mute"])
    came = serve(library, server, "Ferry sinks", "Bridge closes")
    (one,) = library.store.feeds()
    shown = [came["Bridge closes"]]
    assert library.store.headlines() == shown
    assert library.store.headlines(feed_id=one.id) == shown
    assert library.store.story_headlines() == [shown]
    assert library.store.unread() == {one.id: 1}
    assert library.store.unread_ids() == frozenset(shown)
    assert library.search("ferry") == []
    assert library.search("ferry is:muted") == [came["Ferry sinks"]]
    assert library.rules.waiting(library.rules.keep("All", "title:ferry OR title:bridge")) == 1


def test_rules_act_in_their_order_and_see_what_was_done_before_them(library: Library, server):
    library.rules.keep("Late", "tag:sea", ["tag:late"])
    library.rules.keep("First", "title:ferry", ["tag:sea"])
    library.rules.keep("Then", "tag:sea is:unread", ["save", "read"])
    library.rules.keep("Last", "tag:sea is:unread", ["tag:never"])
    came = serve(library, server, "Ferry sinks")
    entry_id = came["Ferry sinks"]
    assert library.store.tags(entry_id) == ("sea",)
    entry = library.store.entries([entry_id])[entry_id]
    assert (entry.starred, entry.read) == (True, True)


def test_a_rule_that_can_not_be_understood_any_more_does_nothing_and_stops_no_other(library: Library, server):
    library.rules.keep("Ferries", "title:ferry", ["tag:sea"])
    kept = library.rules.keep("Broken", "title:bridge", ["mute"])
    library.store._at.db.execute("UPDATE queries SET query = 'is:(', position = 0 WHERE id = ?", (kept.id,))
    came = serve(library, server, "Ferry sinks", "Bridge closes")
    assert library.store.tags(came["Ferry sinks"]) == ("sea",)
    assert len(library.store.headlines()) == 2
    assert library.rules.waiting(library.rules.named("Broken")) == 0
    with pytest.raises(QueryError):
        library.rules.apply(library.rules.named("Broken"))


def test_a_saved_query_without_actions_does_nothing(library: Library, server):
    library.rules.keep("Ferries", "title:ferry")
    came = serve(library, server, "Ferry sinks")
    assert library.store.headlines() == [came["Ferry sinks"]]
    assert library.rules.waiting(library.rules.named("Ferries")) == 1
    library.mark([came["Ferry sinks"]], read=True)
    assert library.rules.waiting(library.rules.named("Ferries")) == 0


def test_a_dry_run_tells_what_a_rule_would_act_on_and_changes_nothing(library: Library, server):
    came = serve(library, server, "Ferry sinks", "Bridge closes", "Ferry found")
    rule = library.rules.keep("Ferries", "title:ferry", ["mute", "tag:sea", "notify"])
    before = "\n".join(library.store._at.db.iterdump())
    assert {entry.title for entry in library.rules.found_by(rule.query)} == {"Ferry sinks", "Ferry found"}
    assert "\n".join(library.store._at.db.iterdump()) == before
    assert library.rules.apply(rule) == 2
    assert library.store.headlines() == [came["Bridge closes"]]
    assert library.store.tags(came["Ferry found"]) == ("sea",)


def test_a_rule_applied_again_changes_nothing_more(library: Library, server):
    serve(library, server, "Ferry sinks", "Bridge closes")
    rule = library.rules.keep("Ferries", "title:ferry", ["save", "read", "tag:sea"])
    library.rules.apply(rule)
    before = "\n".join(library.store._at.db.iterdump())
    library.rules.apply(rule)
    assert "\n".join(library.store._at.db.iterdump()) == before


def test_a_name_has_one_query_which_keeps_its_place(library: Library):
    library.rules.keep("A", "one", ["read"])
    library.rules.keep("B", "two")
    library.rules.keep(" A\n", "three  four", ["tag: x  y "])
    first, second = library.store.queries.all()
    assert (first.name, first.query, first.actions) == ("A", "three four", (Action(ActionKind.TAG, "x y"),))
    assert second.name == "B"
    assert library.rules.remove("A") == first
    assert library.store.queries.all() == [second]
    with pytest.raises(LibraryError, match="No saved query is named “A”"):
        library.rules.remove("A")


@pytest.mark.parametrize("action", ["delete", "tag", "tag:", "mute:x", "", "TAG:x", "read\x1b"])
def test_what_no_rule_can_do_is_refused(library: Library, action):
    with pytest.raises(LibraryError, match="is nothing that a rule can do") as refused:
        library.rules.keep("A", "ferry", [action])
    assert str(refused.value).isprintable()
    with pytest.raises(LibraryError, match="needs a name"):
        library.rules.keep(" \n", "ferry")
    with pytest.raises(QueryError):
        library.rules.keep("A", "is:nothing")
    assert library.store.queries.all() == []


def test_the_days_of_a_rule_are_those_of_the_persons_own_zone(library: Library, server, clock, monkeypatch):
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    time.tzset()
    try:
        clock.now = datetime(2026, 11, 12, 20, 0, tzinfo=UTC)  # early on the 13th in Tokyo
        library.rules.keep("That day", "on:2026-11-13", ["save"])
        server.routes |= {"/added": feed(item("1")), "/feed": feed(item("2"))}
        library.feeds.add(server.url("/added"))
        followed(library, server.url("/feed"))
        library.refresh()
        entries = library.store.entries(library.store.headlines())
        assert [entry.starred for entry in entries.values()] == [True, True]
        assert len(library.rules.found_by("on:2026-11-13")) == 2
    finally:
        monkeypatch.undo()
        time.tzset()


def test_what_waits_is_counted_whatever_the_query_is_like(library: Library):
    deep = "(" * 8 + "nothing-such OR bridge" + ")" * 8
    saved = library.rules.keep("Deep", deep)
    assert library.rules.waiting(saved) == len(library.search(deep))
