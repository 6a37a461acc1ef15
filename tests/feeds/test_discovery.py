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
