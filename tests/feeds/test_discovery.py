from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reader.feeds.discovery import discover
from reader.model import FoundFeed
from reader.text import one_line

URL = "https://www.news.example/world/"


def found(html: str | bytes, url: str = URL) -> list[str]:
    return [feed.url for feed in discover(html if isinstance(html, bytes) else html.encode(), url=url)]


def test_alternates_in_page_order_once_each() -> None:
    page = """<!doctype html><html><head>
      <link rel="alternate" type="application/rss+xml" title="  World\n news " href="rss.xml">
      <link rel="stylesheet" href="x.css"><link rel="alternate" hreflang="de" href="/de/">
      <link REL="Alternate home" TYPE="application/atom+xml; charset=utf-8" HREF="//feeds.example/atom">
      <link rel="alternate" type="application/feed+json" href="/feed.json">
      <link rel="alternate" type="application/json" href="/wp-json/wp/v2/posts/1">
      <link rel="alternate" type="application/json+oembed" href="/oembed?url=x">
      <link rel="alternate" type="application/rdf+xml" href="/rdf">
      <link rel="alternate" type="application/rss+xml" href="https://www.news.example/world/rss.xml">
      <link rel="alternate" type="application/rss+xml" href="javascript:alert(1)">
      <link rel="alternate" type="application/rss+xml" href="file:///etc/passwd">
      <link rel="alternate" type="application/rss+xml"></head><body><a href="/other.rss">Other</a></body>"""
    assert discover(page.encode(), url=URL) == (
        FoundFeed(url="https://www.news.example/world/rss.xml", title="World news"),
        FoundFeed(url="https://feeds.example/atom"),
        FoundFeed(url="https://www.news.example/feed.json"),
        FoundFeed(url="https://www.news.example/rdf"),
    )


def test_base_is_respected_when_it_is_an_address() -> None:
    link = '<link rel="alternate" type="application/rss+xml" href="feed">'
    assert found(f'<base href="/blog/">{link}') == ["https://www.news.example/blog/feed"]
    assert found(f'<base href="javascript:x">{link}') == ["https://www.news.example/world/feed"]


def test_links_in_the_text_count_only_where_nothing_better_is_named() -> None:
    page = """<a href="/about">About</a><a href="/feed/"><b>Our</b> feed</a><a href="https://news.example/eu.rss">EU</a>
      <a href="/releases.atom">Releases</a><a href="https://share.example/rss">Share</a><a href="/feedback">Write</a>"""
    assert discover(page.encode(), url=URL) == (
        FoundFeed(url="https://www.news.example/feed/", title="Our feed"),
        FoundFeed(url="https://news.example/eu.rss", title="EU"),
        FoundFeed(url="https://www.news.example/releases.atom", title="Releases"),
    )


def test_a_youtube_page_tells_its_channel() -> None:
    channel = "UC" + "a" * 22
    page = f'<body><meta itemprop="channelId" content="{channel}"></body>'
    feed = f"https://www.youtube.com/feeds/videos.xml?channel_id={channel}"
    assert found(page, "https://www.youtube.com/@someone") == [feed]
    assert found(page, "https://videos.example/@someone") == []
    assert found(page.replace(channel, "UC/../x"), "https://www.youtube.com/@someone") == []


def test_pages_of_well_known_sites_tell_their_feeds_themselves() -> None:
    reddit = """<head><link rel="alternate" media="only screen and (max-width: 640px)" href="https://m.reddit.com/r/news/">
      <link rel="alternate" type="application/atom+xml" title="RSS" href="https://www.reddit.com/r/news/.rss">
      <link rel="canonical" href="https://www.reddit.com/r/news/"></head>"""
    assert found(reddit, "https://www.reddit.com/r/news/") == ["https://www.reddit.com/r/news/.rss"]
    mastodon = """<link rel="alternate" type="application/json+oembed" href="https://social.example/api/oembed?url=x">
      <link rel="alternate" type="application/rss+xml" href="https://social.example/@ana.rss" title="RSS feed for @ana">
      <link rel="alternate" type="application/activity+json" href="https://social.example/users/ana">"""
    assert found(mastodon, "https://social.example/@ana") == ["https://social.example/@ana.rss"]
    channel = "https://www.youtube.com/feeds/videos.xml?channel_id=UC" + "a" * 22
    youtube = f"""<link rel="alternate" type="application/rss+xml" title="RSS" href="{channel}">
      <link rel="alternate" media="handheld" href="https://m.youtube.com/@someone">"""
    assert found(youtube, "https://www.youtube.com/@someone") == [channel]


def test_a_repository_tells_its_commits_releases_and_tags() -> None:
    home = """<link href="https://github.com/ana/dam/commits/main.atom" rel="alternate"
      title="Recent Commits to dam:main" type="application/atom+xml"><a href="/ana/dam/releases">Releases</a>"""
    assert discover(home.encode(), url="https://github.com/ana/dam") == (
        FoundFeed(url="https://github.com/ana/dam/commits/main.atom", title="Recent Commits to dam:main"),
    )
    releases = """<a href="/ana/dam/tags">Tags</a><link rel="alternate" type="application/atom+xml"
      title="dam Release Notes" href="https://github.com/ana/dam/releases.atom"><link rel="alternate"
      type="application/atom+xml" title="dam Tags" href="https://github.com/ana/dam/tags.atom">"""
    assert found(releases, "https://github.com/ana/dam/releases") == [
        "https://github.com/ana/dam/releases.atom",
        "https://github.com/ana/dam/tags.atom",
    ]
    assert found('<a href="/ana/dam/tags.atom">Feed</a>', "https://github.com/ana/dam/tags") == [
        "https://github.com/ana/dam/tags.atom"
    ]


@pytest.mark.parametrize(
    "url", ["https://www.reddit.com/r/news/", "https://github.com/ana/dam", "https://social.example/@ana"]
)
def test_no_address_is_made_up_for_a_page_that_names_none(url: str) -> None:
    page = f"""<head><meta property="og:url" content="{url}"><link rel="canonical" href="{url}"></head>
      <shreddit-app></shreddit-app><a href="{url}/releases">Releases</a>"""
    assert found(page, url) == []


@pytest.mark.parametrize("page", ["", "  ", "\0", "words", "<!-- -->", "<html></html>"])
def test_no_feed(page: str) -> None:
    assert found(page) == []


def test_titles_in_the_pages_own_encoding() -> None:
    page = '<head><meta charset="iso-8859-1"><link rel=alternate type=application/rss+xml title="Élan" href=/f></head>'
    assert discover(page.encode("latin-1"), url=URL)[0].title == "Élan"
    assert discover(page.encode(), url=URL)[0].title == "Élan"


def test_deep_nesting_is_survived() -> None:
    link = '<link rel="alternate" type="application/rss+xml" href="/f">'
    assert found(link + "<div>" * 100_000) == ["https://www.news.example/f"]


@given(st.binary(max_size=200))
def test_any_bytes_are_survived(tail: bytes) -> None:
    for page in (tail, b'<link rel="alternate" type="application/rss+xml" title="' + tail, b'<a href="/rss' + tail):
        for feed in discover(page, url=URL):
            assert feed.url.startswith(("http://", "https://"))
            assert one_line(feed.title) == feed.title
