"""Whatever is done to a library in whichever order, it holds what a few plain dictionaries hold (35)."""

from __future__ import annotations

import tempfile
import unicodedata
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import hypothesis.strategies as st
import pytest
from arrivals import NOW, arrival, came, found, highlight
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from reader.model import Action, ActionKind, Article, Color, FeedSettings, Highlight
from reader.query import parse
from reader.store.store import Store

URLS = [f"https://{name}.example/feed" for name in "abc"]
GUIDS = [str(n) for n in range(12)]
TAGS = ["sea", "work"]
RULE = ("Ferries", "ferry", (Action(ActionKind.READ), Action(ActionKind.TAG, "ruled")))

urls = st.sampled_from(URLS)
guids = st.sampled_from(GUIDS)
which = st.integers(0, 9999)
"""Which of those that are there."""
phrases = st.lists(st.sampled_from(["ferry", "harbour", "bridge", "Café", "strike"]), min_size=1, max_size=4).map(
    " ".join
)
brought = st.tuples(guids, phrases, phrases, st.integers(1, 5), st.none() | guids)
"""What a feed says of an entry: its id, headline, text, age in hours, and the id that it had before."""


def plausible(arrivals: list[Any]) -> list[Any]:
    """What `identity.renamed` leaves of what a feed says: no id is another's of before that is there still."""
    ids, had = {one[0] for one in arrivals}, set[str | None]()
    left = []
    for guid, title, text, hours, was in arrivals:
        left.append((guid, title, text, hours, None if was in ids | had else was))
        had.add(was)
    return left


arrivals = st.lists(brought, min_size=1, max_size=6, unique_by=lambda one: one[0]).map(plausible)


@dataclass(slots=True)
class Told:
    """A feed as the model has it."""

    id: int
    followed: bool = True
    muted: bool = False
    forgotten: set[str] = field(default_factory=set)


@dataclass(slots=True)
class Item:
    """An entry as the model has it."""

    id: int
    feed: Told
    guid: str
    title: str
    text: str
    sorted: float
    added: int
    extractor: str = "feed"
    read: bool = False
    starred: bool = False
    muted: bool = False
    tags: set[str] = field(default_factory=set)

    @property
    def url(self) -> str:
        return f"https://a.example/{self.guid}"

    @property
    def words(self) -> set[str]:
        return words(f"{self.title} {self.text}")


def words(text: str) -> set[str]:
    plain = unicodedata.normalize("NFD", text.casefold())
    return set("".join(char for char in plain if not unicodedata.combining(char)).split())


class Libraries(RuleBasedStateMachine):
    """A library, and what it should hold."""

    steps = 0
    checked = 0

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.path = Path(self.folder.name) / "library.sqlite"
        self.store = Store(self.path)
        self.minutes = self.copies = 0
        self.feeds: dict[str, Told] = {}
        self.items: dict[int, Item] = {}
        self.saved: dict[int, Highlight] = {}
        self.put_away: set[int] = set()
        self.rules = False

    @property
    def now(self) -> Any:
        return NOW + timedelta(minutes=self.minutes)

    def teardown(self) -> None:
        faults = self.store.care.faults()
        self.store.close()
        self.folder.cleanup()
        assert faults == []
        type(self).checked += 1

    # --- feeds and what they bring

    @initialize(arrivals=arrivals)
    def begin(self, arrivals: list[Any]) -> None:
        self.follow(URLS[0])
        self.bring(0, arrivals)

    @rule(url=urls)
    def follow(self, url: str) -> None:
        feed, new = self.store.add_feed(url, title=url, site=None, folder=None, now=self.now)
        before = self.feeds.get(url)
        assert new == (before is None or not before.followed)
        if before is None:
            self.feeds[url] = Told(feed.id)
        else:
            assert feed.id == before.id
            before.followed = True

    @precondition(lambda self: self.followed())
    @rule(at=which)
    def remove_feed(self, at: int) -> None:
        url, feed = self.one(self.followed(), at)
        kept = self.store.remove_feed(feed.id, now=self.now)
        of_it = [item for item in self.items.values() if item.feed is feed]
        assert kept == sum(map(self.is_kept, of_it))
        for item in of_it:
            if not self.is_kept(item):
                del self.items[item.id]
        if kept:
            feed.followed = False
        else:
            del self.feeds[url]

    @precondition(lambda self: self.followed())
    @rule(at=which)
    def mute_feed(self, at: int) -> None:
        _, told = self.one(self.followed(), at)
        feed = next(one for one in self.store.feeds() if one.id == told.id)
        told.muted = not told.muted
        self.store.change_feed(replace(feed, settings=FeedSettings(muted=told.muted)))
        for item in self.items.values():
            if item.feed is told:
                item.muted = told.muted

    @precondition(lambda self: self.followed())
    @rule(at=which, arrivals=arrivals)
    def bring(self, at: int, arrivals: list[Any]) -> None:
        _, feed = self.one(self.followed(), at)
        new = came(
            self.store,
            feed.id,
            *(
                replace(arrival(guid, title=title, text=text, hours=hours, carried="c"), was=was)
                for guid, title, text, hours, was in arrivals
            ),
            now=self.now,
        )
        awaited = iter(new)
        added = []
        for guid, title, text, hours, was in arrivals:
            known = {item.guid: item for item in self.items.values() if item.feed is feed}
            if was in known and guid not in known:
                known[guid] = known.pop(was)
                known[guid].guid = guid
                self.link(known[guid])
            if guid in known:
                known[guid].title = title
                if known[guid].extractor == "feed":
                    known[guid].text = text
            elif guid not in feed.forgotten:
                id = next(awaited)
                assert id not in self.items
                item = Item(id, feed, guid, title, text, sorted=-hours, added=self.minutes, muted=feed.muted)
                self.items[id] = item
                added.append(item)
                self.link(item)
        assert next(awaited, None) is None
        for item in added:
            if self.rules and "ferry" in item.words:
                item.read = True
                item.tags.add("ruled")

    def link(self, item: Item) -> None:
        """What was saved without its article is of the one that has its address now."""
        for one in self.saved.values():
            if one.entry_id is None and one.url == item.url:
                self.saved[one.id] = replace(one, entry_id=item.id)

    @precondition(lambda self: self.items)
    @rule(at=which, text=phrases)
    def fetch_page(self, at: int, text: str) -> None:
        item = self.one(self.items, at)[1]
        self.store.save_article(item.id, Article(url=item.url, title=item.title, text=text, extractor="page"))
        item.text, item.extractor = text, "page"

    @rule(rules=st.booleans())
    def set_rules(self, rules: bool) -> None:
        if rules:
            self.store.queries.keep(*RULE)
        else:
            assert self.store.queries.remove(RULE[0]) == self.rules
        self.rules = rules

    @rule(minutes=st.integers(0, 30))
    def forget(self, minutes: int) -> None:
        before = self.minutes - minutes
        gone = self.store.care.forget(before=NOW + timedelta(minutes=before))
        old = [item for item in self.items.values() if item.added < before and not self.is_kept(item)]
        assert gone == len(old)
        for item in old:
            item.feed.forgotten.add(item.guid)
            del self.items[item.id]

    # --- what the person does to entries

    @precondition(lambda self: self.items)
    @rule(at=st.lists(which, max_size=4), read=st.booleans())
    def mark(self, at: list[int], read: bool) -> None:
        chosen = [self.one(self.items, one)[1] for one in at]
        self.store.mark([item.id for item in chosen], read=read, now=self.now)
        for item in chosen:
            item.read = read

    @precondition(lambda self: self.items)
    @rule(at=which, starred=st.booleans())
    def star(self, at: int, starred: bool) -> None:
        item = self.one(self.items, at)[1]
        self.store.star([item.id], starred=starred, now=self.now)
        item.starred = starred

    @precondition(lambda self: self.items)
    @rule(at=which, tag=st.sampled_from(TAGS), tagged=st.booleans())
    def tag(self, at: int, tag: str, tagged: bool) -> None:
        item = self.one(self.items, at)[1]
        self.store.tag([item.id, 999_999], tag, tagged=tagged)
        (item.tags.add if tagged else item.tags.discard)(tag)

    # --- what the person saves

    @precondition(lambda self: self.items)
    @rule(at=which, exact=phrases)
    def save(self, at: int, exact: str) -> None:
        item = self.one(self.items, at)[1]
        made = replace(highlight(item.id, exact=exact), url=item.url, created=self.now, changed=self.now)
        one = self.store.highlights.add(made)
        same = [
            kept
            for kept in self.saved.values()
            if (kept.entry_id, kept.url, kept.kind, kept.quote) == (made.entry_id, made.url, made.kind, made.quote)
            and kept.id not in self.put_away
        ]
        if same:
            assert one in same, "what is saved already is not saved twice"
            return
        assert one == replace(made, id=one.id)
        assert one.id not in self.saved
        self.saved[one.id] = one

    @precondition(lambda self: self.saved)
    @rule(at=which, note=phrases, tag=st.sampled_from(TAGS), color=st.sampled_from([None, *Color]))
    def change(self, at: int, note: str, tag: str, color: Color | None) -> None:
        one = self.one(self.saved, at)[1]
        changed = replace(one, note=note, tags=(tag,), color=color, changed=self.now)
        self.store.highlights.change([(one, replace(changed, title="nothing else is taken"))], now=self.now)
        self.saved[one.id] = changed

    @precondition(lambda self: self.saved)
    @rule(at=st.lists(which, max_size=3))
    def put_aside(self, at: list[int]) -> None:
        ids = [self.one(self.saved, one)[0] for one in at]
        self.store.highlights.remove(ids, now=self.now)
        self.put_away |= set(ids)

    @precondition(lambda self: self.put_away)
    @rule(at=which)
    def restore(self, at: int) -> None:
        id = sorted(self.put_away)[at % len(self.put_away)]
        self.store.highlights.restore([id], now=self.now)
        self.put_away.discard(id)

    @rule(at=which, guid=guids, exact=phrases, known=st.booleans())
    def take_in(self, at: int, guid: str, exact: str, known: bool) -> None:
        new = replace(highlight(None, exact=exact), url=f"https://a.example/{guid}", created=self.now)
        coming, removed = [new], 0
        if known and self.saved:
            id, old = self.one(self.saved, at)
            coming.append(replace(old, note="of another library"))
            removed = id in self.put_away
        assert self.store.highlights.take_in(coming, now=self.now) == (1, removed)
        (here,) = (one for one in self.store.highlights.all() if one.uid == new.uid)
        of = min((item.id for item in self.items.values() if item.url == new.url), default=None)
        self.saved[here.id] = replace(new, id=here.id, entry_id=of)

    # --- the library as a file

    @rule()
    def reopen(self) -> None:
        self.store.close()
        self.store = Store(self.path)

    @rule()
    def back_up(self) -> None:
        self.copies += 1
        copy = self.path.with_name(f"copy-{self.copies}")
        self.store.care.backup(copy)
        with closing(Store(copy)) as other:
            self.agree(other)
            assert other.care.faults() == []
        copy.unlink()

    @rule()
    def tidy(self) -> None:
        self.store.care.tidy()

    # --- what should be true

    @invariant()
    def holds_what_it_should(self) -> None:
        type(self).steps += 1
        self.minutes += 1
        self.agree(self.store)
        if self.minutes % 10 == 0:
            assert self.store.care.faults() == []
            type(self).checked += 1

    def agree(self, store: Store) -> None:
        heard = [item for item in self.items.values() if item.feed.followed and not item.muted]
        assert store.headlines() == in_order(heard)
        unread = Counter(item.feed.id for item in heard if not item.read)
        assert (store.unread(), store.unread_ids()) == (unread, {item.id for item in heard if not item.read})
        assert {feed.id for feed in store.feeds()} == {feed.id for feed in self.feeds.values() if feed.followed}
        entries = store.entries(list(self.items))
        assert {
            one.id: (one.feed_id, one.guid, one.url, one.title, one.read, one.starred, one.muted, one.highlights)
            for one in entries.values()
        } == {
            one.id: (
                one.feed.id, one.guid, one.url, one.title, one.read, one.starred, one.muted, len(self.saved_from(one)),
            )
            for one in self.items.values()
        }  # fmt: skip
        assert {id: set(store.tags(id)) for id in self.items} == {id: item.tags for id, item in self.items.items()}
        assert {id: store.article(id).text for id in self.items} == {id: item.text for id, item in self.items.items()}
        there = [one for one in self.saved.values() if one.id not in self.put_away]
        away = [one for one in self.saved.values() if one.id in self.put_away]
        assert store.highlights.all() == newest(there)
        assert store.highlights.all(removed=True) == newest(away)
        for query, holds in QUERIES.items():
            wanted = [item for item in self.items.values() if not item.muted and holds(self, item)]
            assert found(store, query) == in_order(
                item for item in wanted if item.feed.followed or self.is_kept(item)
            ), query
        for word in ("ferry", "cafe"):
            wanted = [one for one in there if word in words(f"{one.quote.exact} {one.title} {one.speaker} {one.note}")]
            assert store.highlights.find(parse(word), now=NOW) == newest(wanted)

    # --- asking the model

    def followed(self) -> dict[str, Told]:
        return {url: feed for url, feed in self.feeds.items() if feed.followed}

    def one(self, of: dict[Any, Any], at: int) -> tuple[Any, Any]:
        return list(of.items())[at % len(of)]

    def saved_from(self, item: Item) -> list[Highlight]:
        there = (one for id, one in self.saved.items() if id not in self.put_away)
        return [one for one in there if one.entry_id == item.id or one.url == item.url]

    def is_kept(self, item: Item) -> bool:
        return bool(item.starred or item.tags or [one for one in self.saved.values() if one.entry_id == item.id])

    def tags_of(self, item: Item) -> set[str]:
        return item.tags.union(*(one.tags for one in self.saved_of(item)))

    def is_saved(self, item: Item) -> bool:
        return item.starred or bool(self.saved_of(item))

    def saved_of(self, item: Item) -> list[Highlight]:
        """What was saved from an entry, or from its address elsewhere."""
        here = (one for id, one in self.saved.items() if id not in self.put_away)
        return [one for one in here if one.entry_id == item.id or (one.url is not None and one.url == item.url)]


QUERIES: dict[str, Callable[[Libraries, Item], bool]] = {
    "ferry": lambda _, item: "ferry" in item.words,
    "cafe bridge": lambda _, item: {"cafe", "bridge"} <= item.words,
    "harbour -strike": lambda _, item: "harbour" in item.words and "strike" not in item.words,
    "title:strike": lambda _, item: "strike" in words(item.title),
    "tag:sea": lambda library, item: "sea" in library.tags_of(item),
    "is:unread harbour": lambda _, item: not item.read and "harbour" in item.words,
    "is:saved OR bridge": lambda library, item: library.is_saved(item) or "bridge" in item.words,
}


def in_order(items: Any) -> list[int]:
    return [item.id for item in sorted(items, key=lambda item: (item.sorted, item.id), reverse=True)]


def newest(highlights: list[Highlight]) -> list[Highlight]:
    return sorted(highlights, key=lambda one: (one.created, one.id), reverse=True)


@pytest.mark.scorecard(35)
@pytest.mark.timeout(1800)
def test_any_steps_in_any_order_agree_with_a_plain_model(full: bool, record_property: Callable[[str, object], None]):
    runs, steps, wanted = (240, 100, 10_000) if full else (12, 40, 300)  # some runs end early
    Libraries.steps = Libraries.checked = 0
    run_state_machine_as_test(
        Libraries,
        settings=settings(
            max_examples=runs,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            database=None,
            phases=tuple(Phase) if full else (Phase.generate,),  # to make a find short takes minutes
        ),
    )
    assert Libraries.steps >= wanted
    record_property(
        "figure", f"{Libraries.steps:,} steps, 0 differences; {Libraries.checked:,} times looked for faults"
    )
