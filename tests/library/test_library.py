"""The use-cases, over a real server, real workers and a real file, with a clock of our own."""

import hashlib
from datetime import timedelta

import pytest
from hostile_server import reply
from press import PARAGRAPHS, SETTINGS, Clock, followed, item, rss

from reader.library import steps
from reader.library.answers import LibraryError, SeveralFeeds
from reader.library.library import Library
from reader.library.workers import Workers
from reader.model import Arrival, Article, Brought, FeedCheck, ParsedEntry, Quotation
from reader.store.packed import pack


def test_a_refresh_asks_when_due_with_what_the_server_said_last(library: Library, server, clock: Clock):
    headers = ['ETag: W/"\xe91"', "Last-Modified: Thu, 12 Nov 2026 08:00:00 GMT"]
    server.routes["/feed"] = reply(body=rss(item("1")), headers=headers)
    followed(library, server.url("/feed"))
    assert library.refresh().new == 1
    assert (library.refresh().checked, len(server.asked)) == (0, 1)
    clock.now += timedelta(hours=1)
    server.routes["/feed"] = reply("304 Not Modified")
    assert library.refresh().checked == 1
    assert server.asked[-1].header("If-None-Match") == 'W/"\xe91"'
    assert server.asked[-1].header("If-Modified-Since") == "Thu, 12 Nov 2026 08:00:00 GMT"
    clock.now += timedelta(hours=1)
    library.refresh()
    assert server.asked[-1].header("If-None-Match") == 'W/"\xe91"', "a 304 leaves the validators as they were"


def test_a_body_equal_to_the_last_one_is_not_parsed_again(library: Library, server, clock: Clock):
    server.routes["/feed"] = reply(body=b"<html>no feed", headers=['ETag: "1"'])
    feed = followed(library, server.url("/feed"))
    library.refresh()
    assert library.store.checks()[feed.id].error, "as a feed it fails"
    last = FeedCheck(feed_id=feed.id, checked_at=clock.now, body_hash=hashlib.sha256(b"<html>no feed").hexdigest())
    library.store.save([Brought(check=last)], now=clock.now)
    clock.now += timedelta(hours=2)
    assert library.refresh(force=True).failed == ()
    assert library.store.checks()[feed.id].etag == '"1"'


def test_a_failure_is_remembered_and_the_feed_left_alone_for_longer_each_time(library: Library, server, clock: Clock):
    server.routes["/feed"] = reply("503 Service Unavailable")
    feed = followed(library, server.url("/feed"))
    waits = []
    for failures in (1, 2, 3):
        ((failed, why),) = library.refresh().failed
        assert (failed, why) == (feed, "the server answered 503 Service Unavailable")
        check = library.store.checks()[feed.id]
        assert (check.failures, check.error) == (failures, why)
        waits.append(check.next_at - clock.now)
        clock.now = check.next_at
    assert waits == sorted(waits)
    assert waits[0] < waits[-1]
    server.routes["/feed"] = reply(body=rss(item("1")))
    assert library.refresh().new == 1
    assert (library.store.checks()[feed.id].failures, library.store.checks()[feed.id].error) == (0, None)


def test_a_server_that_says_when_to_come_back_is_left_alone_until_then(library: Library, server, clock: Clock):
    server.routes["/feed"] = reply("429 Too Many Requests", headers=["Retry-After: 86400"])
    followed(library, server.url("/feed"))
    library.refresh()
    clock.now += timedelta(hours=23)
    assert library.refresh().checked == 0
    clock.now += timedelta(hours=2)
    assert library.refresh().checked == 1


@pytest.mark.scorecard(17)
def test_a_feed_that_hangs_its_parser_is_one_failure_among_others(library: Library, server):
    server.routes["/good"] = reply(body=rss(item("1")))
    server.routes["/bad"] = reply(body=b"<rss><channel>" + b"<item>" * 700_000)  # each within the one before
    followed(library, server.url("/bad"))
    followed(library, server.url("/good"))
    came = library.refresh()
    assert came.new == 1
    assert [(feed.url, why) for feed, why in came.failed] == [(server.url("/bad"), "reading it took longer than 5 s")]


def test_adding_takes_one_request_and_files_what_came(library: Library, server):
    server.routes["/feed"] = reply(body=rss(item("1"), item("2", title="Ferry sinks")))
    feed, new = library.feeds.add(f"  {server.url('/feed')}\n", folder="Local")
    assert (feed.title, feed.folder, new) == ("The Harbour Post", "Local", 2)
    assert server.targets() == ["/feed"]
    assert library.refresh().checked == 0
    with pytest.raises(LibraryError, match="followed already"):
        library.feeds.add(server.url("/feed"))


def test_what_can_not_be_added_is_said_in_one_sentence_and_leaves_nothing(library: Library, server):
    server.routes["/two"] = reply(
        body=b'<html><link rel="alternate" type="application/rss+xml" href="/a"><link rel="alternate" type="application/rss+xml" href="/b"></html>'  # noqa: E501
    )
    for address, words in (
        (server.url("/page"), "names no feed"),
        (server.url("/nowhere"), "404"),
        ("file:///etc/passwd", "http"),
        ("http://[", "can't be followed"),
        ("", "can't be followed"),
    ):
        with pytest.raises(LibraryError, match=words):
            library.feeds.add(address)
    with pytest.raises(SeveralFeeds) as several:
        library.feeds.add(server.url("/two"))
    assert [found.url for found in several.value.found] == [server.url("/a"), server.url("/b")]
    assert library.store.feeds() == []


def test_a_teasers_page_is_fetched_once_and_kept_for_offline(library: Library, server):
    server.routes["/feed"] = reply(body=rss(item("1", link=server.url("/page"))))
    library.feeds.add(server.url("/feed"))
    (entry_id,) = library.store.headlines()
    opened = library.open(entry_id)
    assert opened.article.extractor == "readability"
    assert opened.notice is None
    (said, *_), text = opened.analysis.claims, opened.article.text
    assert (said.speaker.name, said.quotation) == ("Ada Lind", Quotation.DIRECT)
    assert said.words(text) == "“Nobody will cross it before spring,”"
    server.routes.clear()
    assert library.open(entry_id) == opened
    assert server.targets().count("/page") == 1
    assert library.search("ninety years") == [entry_id]


def test_a_feed_that_carries_the_whole_text_needs_no_page(library: Library, server):
    server.routes["/feed"] = reply(body=rss(item("1", link=server.url("/page"), text=PARAGRAPHS * 4)))
    library.feeds.add(server.url("/feed"))
    opened = library.open(library.store.headlines()[0])
    assert opened.article.extractor == "feed"
    assert server.targets() == ["/feed"]
    assert opened.analysis.claims


@pytest.mark.parametrize(
    ("page", "why"),
    [
        (reply("500 Internal Server Error"), "the server answered 500"),
        (reply(body=b""), "the page is empty"),
        (reply(body=b"\x89PNG\r\n\x1a\n" + bytes(100)), "an image"),
    ],
)
def test_a_page_that_can_not_be_read_leaves_the_feeds_words_and_is_tried_again(library: Library, server, page, why):
    server.routes["/bad"] = page
    server.routes["/feed"] = reply(body=rss(item("1", link=server.url("/bad"))))
    library.feeds.add(server.url("/feed"))
    (entry_id,) = library.store.headlines()
    opened = library.open(entry_id)
    assert opened.article.text == "The north bridge …"
    assert opened.notice is None or why in opened.notice
    server.routes["/bad"] = server.routes["/page"]
    assert "ninety years" in library.open(entry_id).article.text


def test_a_saved_claim_is_complete_in_itself_and_found_in_a_changed_text(library: Library, server, clock: Clock):
    server.routes["/feed"] = reply(body=rss(item("1", link=server.url("/page"))))
    library.feeds.add(server.url("/feed"))
    (entry_id,) = library.store.headlines()
    opened = library.open(entry_id)
    saved = library.saved.keep(library.saved.of(opened, opened.analysis.claims[0]))
    assert saved.quote.exact == "“Nobody will cross it before spring,”"
    assert (saved.speaker, saved.outlet, saved.url) == ("Ada Lind", "The Harbour Post", server.url("/page"))
    assert saved.created == clock.now
    assert saved.text_hash == hashlib.sha256(opened.article.text.encode()).hexdigest()
    assert "Ada Lind" in library.saved.citation(saved)
    moved = "A line before it all.\n\n" + opened.article.text
    (located,) = library.saved.located(opened.entry, moved)
    assert (located.highlight, located.span.of(moved)) == (saved, saved.quote.exact)
    (nowhere,) = library.saved.located(opened.entry, "Another text.")
    assert nowhere.anchor is None


def test_the_claims_of_a_long_text_get_the_time_that_its_length_takes(library: Library, clock: Clock):
    class Recorder(Workers):
        def submit_longer(self, by, fn, /, *args, **kwargs):
            given[fn] = by
            return super().submit_longer(by, fn, *args, **kwargs)

    given: dict[object, float] = {}
    library._workers_or_none = Recorder()
    feed = followed(library, "https://example.org/")
    text = "Das Ministerium teilte mit, die Brücke bleibe gesperrt. „Vor dem Frühling kommt dort niemand hinüber.“\n\n"
    article = Article(url=None, title="Brücke", text=text * (45_000 // len(text)), extractor="feed")
    arrival = Arrival(entry=ParsedEntry(guid="1", title="Brücke"), article=pack(article))
    library.store.save([Brought(check=FeedCheck(feed_id=feed.id), arrivals=(arrival,))], now=clock.now)
    (entry_id,) = library.store.headlines()
    opened = library.open(entry_id)
    assert given == {steps.find_claims: steps.longer_for(article.text)}
    assert given[steps.find_claims] > 5
    assert opened.notice is None
    assert opened.analysis.language == "de"
    assert opened.analysis.claims
    assert library.open(entry_id).analysis == opened.analysis, "the language is kept too"


def test_articles_of_one_story_meet_whichever_came_first(library: Library, server, clock: Clock):
    text = (
        "The ferry Stella Vik ran aground off Skerra in Carrick Sound, and twelve people died, the coastguard said. "
        * 2
    )
    for path, title in (
        ("/one", "Ferry Stella Vik runs aground off Skerra"),
        ("/two", "Twelve die as Stella Vik hits rocks off Skerra"),
    ):
        server.routes[path] = reply(body=rss(item("1", title=title, text=text), title=path))
        library.feeds.add(server.url(path))
    library.stories.sort()
    (group,) = library.store.story_headlines()
    assert len(group) == 2
    for entry_id in group:
        ((other, why),) = library.open(entry_id).related
        assert other.id != entry_id
        assert why.why


def test_two_programs_share_a_library(library: Library, server, tmp_path, clock: Clock):
    server.routes["/feed"] = reply(body=rss(item("1")))
    with Library(library.store.path, settings=SETTINGS, now=clock) as other:
        other.feeds.add(server.url("/feed"))
        (entry_id,) = library.store.headlines()
        library.mark([entry_id], read=True)
        assert other.store.entries([entry_id])[entry_id].read
