from __future__ import annotations

import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reader.feeds.identity import Known, renamed
from reader.model import ParsedEntry

NOON = datetime(2025, 3, 4, 12, tzinfo=UTC)
LATER = NOON + timedelta(hours=1)
STORY = "https://news.example/2025/dam"


def known(guid: str, url: str | None = STORY, title: str = "Dam holds", published: datetime | None = NOON) -> Known:
    return Known(guid, url, title, published)


def came(
    guid: str, url: str | None = STORY, title: str = "Dam holds", published: datetime | None = NOON
) -> ParsedEntry:
    return ParsedEntry(guid=guid, url=url, title=title, published=published)


def test_a_feed_that_names_all_its_entries_anew() -> None:
    before = [known(f"old-{n}", f"http://www.news.example/{n}/", f"Story {n}") for n in range(50)]
    now = [came(f"new-{n}", f"https://news.example/{n}?utm_source=rss#top", f"Story {n}") for n in range(60)]
    assert renamed(before, now) == {f"new-{n}": f"old-{n}" for n in range(50)}


@pytest.mark.parametrize(
    "url",
    [
        "http://news.example/2025/dam",
        "https://www.news.example/2025/dam/",
        "https://NEWS.example/2025/dam#comments",
        "https://news.example/2025/dam?utm_source=rss&utm_medium=feed",
        "https://news.example/2025/dam?at_medium=RSS&at_campaign=KARANGA&fbclid=x&gclid=y&CMP=share",
    ],
)
def test_an_address_is_the_same_however_it_is_linked(url: str) -> None:
    assert renamed([known("old")], [came("new", url, "Dam broke", LATER)]) == {"new": "old"}


@pytest.mark.parametrize(
    "url",
    ["https://news.example/2025/dam-2", "https://news.example/2025/dam?page=2", "https://eu.news.example/2025/dam"],
)
def test_another_address_is_another_entry(url: str) -> None:
    assert renamed([known("old")], [came("new", url, "Dam broke", LATER)]) == {}
    assert renamed([known("old")], [came("new", url, published=LATER)]) == {}


def test_a_site_that_moves_keeps_titles_and_dates() -> None:
    assert renamed([known("old")], [came("new", "https://other.example/a")]) == {"new": "old"}
    assert renamed([known("old", None)], [came("new")]) == {"new": "old"}
    assert renamed([known("old", None, "")], [came("new", None, "")]) == {}
    assert renamed([known("old", None, published=None)], [came("new", None, published=None)]) == {}


def test_one_still_carried_has_not_been_renamed() -> None:
    assert renamed([known("old")], [came("old"), came("new")]) == {}


def test_pages_of_which_only_the_latest_state_is_linked_lose_nothing() -> None:
    for url in ("https://weather.example/", "https://weather.example/warnings"):
        assert renamed([known("old", url, "Storm")], [came("new", url, "Flood", LATER)]) == {}
        assert renamed([known("old", url, "Today")], [came("new", url, "Today", LATER)]) == {}
        assert renamed([known("old", url, "Today")], [came("new", url, "Today", NOON)]) == {"new": "old"}


def test_an_update_of_a_page_that_several_entries_share_is_an_entry_of_its_own() -> None:
    before = [known("live-1", title="Polls open"), known("live-2", title="Polls close", published=LATER)]
    assert renamed(before, [came("live-2"), came("live-3", title="Count starts", published=LATER)]) == {}
    assert renamed(before, [came("x", title="Polls open", published=LATER + timedelta(1))]) == {"x": "live-1"}


def test_the_better_evidence_goes_first() -> None:
    before = [known("a", title="One"), known("b", title="Two", published=LATER)]
    now = [came("x", title="Two", published=LATER), came("y", title="One")]
    assert renamed(before, now) == {"x": "b", "y": "a"}


def test_copies_that_nothing_tells_apart_stop_at_those_there_are() -> None:
    assert renamed([known("a"), known("b")], [came("c")]) == {"c": "a"}
    assert renamed([known("a")], [came("b"), came("c")]) == {"b": "a"}


GUIDS = st.sampled_from("abcdefgh")
URLS = st.none() | st.sampled_from(
    ["http://n.example/1", "https://www.n.example/1/", "https://n.example/2?utm_a=b", "https://n.example/", "http://["]
)
DATES = st.none() | st.sampled_from([NOON, LATER])
KNOWN = st.lists(st.builds(Known, GUIDS, URLS, st.sampled_from(["", "S", "T"]), DATES), unique_by=lambda k: k.guid)
ARRIVED = st.lists(
    st.builds(ParsedEntry, guid=GUIDS, url=URLS, title=st.sampled_from(["", "S", "T"]), published=DATES),
    unique_by=lambda entry: entry.guid,
)


@given(KNOWN, ARRIVED)
def test_new_guids_are_given_to_those_gone_one_to_one(before: list[Known], now: list[ParsedEntry]) -> None:
    found = renamed(before, now)
    held, carried = {entry.guid for entry in before}, {entry.guid for entry in now}
    assert found.keys() <= carried - held
    assert set(found.values()) <= held - carried
    assert len(set(found.values())) == len(found)


@given(KNOWN, ARRIVED)
def test_what_was_found_once_is_found_out_for_good(before: list[Known], now: list[ParsedEntry]) -> None:
    found = renamed(before, now)
    settled = [replace(entry, guid=found.get(entry.guid, entry.guid)) for entry in now]
    assert len({entry.guid for entry in settled}) == len(settled)
    assert renamed(before, settled) == {}
    assert renamed(before, now) == found


@given(ARRIVED)
def test_a_feed_that_changes_nothing_but_guids_adds_nothing(now: list[ParsedEntry]) -> None:
    tellable = [entry for entry in now if (entry.url is not None and "[" not in entry.url) + bool(entry.title) > 1]
    before = [Known(entry.guid, entry.url, entry.title, entry.published) for entry in tellable]
    again = [replace(entry, guid=f"{entry.guid}{entry.guid}") for entry in tellable]
    assert renamed(before, again).keys() == {entry.guid for entry in again}


@given(st.text(max_size=40), st.text(max_size=40))
def test_any_address_is_survived(one: str, other: str) -> None:
    renamed([known("a", one), known("b", f"https://{other}")], [came("c", f"https://{one}?{other}"), came("d", other)])


def test_many_and_long_ones_take_no_time() -> None:
    start = time.process_time()
    before = [known(f"a{n}", f"https://n.example/{n}-{'-' * 2000}", f"T{n}") for n in range(5000)]
    assert len(renamed(before, [came(f"b{k.guid}", k.url, k.title) for k in before])) == 5000
    renamed([known("a", "https://n.example/" + "x" * 10**6)], [came("b", "https://n.example/" + "-x" * 10**6)])
    for unit in ("/", "/a", "-", "-/", "_a/", "&a=b", "?"):
        renamed(
            [known("a", "https://n.example/" + unit * 300_000)], [came("b", "https://n.example/x" + unit * 300_000)]
        )
    assert time.process_time() - start < 10
