from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reader.feeds import FeedError
from reader.feeds.newsboat import read
from reader.model import Outline
from reader.text import one_line


def test_tags_titles_and_comments() -> None:
    found, refused = read(
        rb"""# my feeds
https://a.example/feed "~The \"A\" paper" News "World news" ! # the good one

   "https://b.example/?a=1&b=2#top"
https://c.example/feed	"!hidden" ~C	Tech
https://d.example/feed "~Back\\slash" ""
#https://gone.example/feed
---
"""
    )
    assert found == (
        Outline(url="https://a.example/feed", title='The "A" paper', folder="News"),
        Outline(url="https://b.example/?a=1&b=2#top"),
        Outline(url="https://c.example/feed", title="C", folder="Tech"),
        Outline(url="https://d.example/feed", title="Back\\slash"),
    )
    assert refused == ("Line 8: --- is not an http or https address",)


def test_what_is_no_feed_is_refused_and_never_run(tmp_path) -> None:
    ran = tmp_path / "ran"
    found, refused = read(
        f""""query:Unread:unread = \\"yes\\""
exec:"touch {ran}"
"exec:touch {ran}"
"filter:touch {ran}:https://user:secret@a.example/feed"
file://{ran}
https://b.example/feed
`touch {ran}`
|touch {ran}
""".encode()
    )
    assert found == (Outline(url="https://b.example/feed"),)
    assert refused == (
        "Line 1: it is a search among articles, not a feed; save it as a search here instead",
        "Line 2: it is a program to run, and none is ever run; follow the address it reads from instead",
        "Line 3: it is a program to run, and none is ever run; follow the address it reads from instead",
        "Line 4: it is a program to run, and none is ever run; follow the feed it filters instead",
        "Line 5: it is a file on the machine; only http and https addresses are followed",
        "Line 7: `touch is not an http or https address",
        "Line 8: |touch is not an http or https address",
    )
    assert not ran.exists()


@pytest.mark.parametrize("body", [b"", b" \n\t\n"])
def test_empty(body: bytes) -> None:
    with pytest.raises(FeedError, match=r"^it is empty$"):
        read(body)


@pytest.mark.parametrize("body", [b"Just words.", b"<opml/>", b"{}", bytes(range(256))])
def test_what_is_no_list(body: bytes) -> None:
    with pytest.raises(FeedError, match=r"^it is not a list of newsboat's subscriptions$"):
        read(body)


def test_only_comments_are_no_fault() -> None:
    assert read(b"# nothing yet\n") == ((), ())


def test_marks_that_never_close_take_no_time() -> None:
    start = time.process_time()
    read(b"https://a.example/ " + b'"' * 1_000_000 + b"\n" + b'"\\' * 1_000_000 + b"\n" + b"\\" * 1_000_000)
    assert time.process_time() - start < 5


@given(st.binary(max_size=200))
def test_any_bytes_give_outlines_or_a_feed_error(tail: bytes) -> None:
    for body in (tail, b"https://a.example/ " + tail, b'https://a.example/ "~' + tail + b'" "' + tail):
        try:
            found, refused = read(body)
        except FeedError:
            continue
        for outline in found:
            assert outline.url.startswith(("http://", "https://"))
            assert one_line(outline.title) == outline.title
            assert one_line(outline.folder or "") == (outline.folder or "")
            assert outline.folder != ""
        assert all(one_line(line) == line for line in refused)
