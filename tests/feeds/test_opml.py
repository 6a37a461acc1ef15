from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reader.feeds import FeedError
from reader.feeds.opml import read, write
from reader.model import Outline
from reader.text import one_line

CREATED = datetime(2025, 3, 4, 9, 30, tzinfo=UTC)


def opml(body: str) -> bytes:
    return f'<?xml version="1.0" encoding="UTF-8"?><opml version="2.0"><body>{body}</body></opml>'.encode()


def test_folders_titles_and_sites() -> None:
    found, refused = read(
        opml(
            """<outline text="News"><outline text="World &amp; trade">
              <outline type="rss" text="A" title="The A" xmlUrl="https://a.example/f?x=1&amp;y=2" htmlUrl="https://a.example/"/>
            </outline><outline text="B" XMLURL="http://b.example/"/></outline>
            <outline text="C" xmlUrl=" http://c.example/ "/><outline text="Empty folder"/>"""
        )
    )
    assert found == (
        Outline(
            url="https://a.example/f?x=1&y=2", title="The A", site="https://a.example/", folder="News / World & trade"
        ),
        Outline(url="http://b.example/", title="B", folder="News"),
        Outline(url="http://c.example/", title="C"),
    )
    assert refused == ()


@pytest.mark.scorecard(37)
@pytest.mark.parametrize(
    "address",
    ["exec:rm -rf ~", "file:///etc/passwd", "|cmd", "query:unread", "filter:x:http://a/", "a.example", "//a/"],
)
def test_only_the_web_is_followed_and_the_rest_reported(address: str) -> None:
    found, refused = read(
        opml(f'<outline text="Odd \u202e" xmlUrl="{address}"/><outline text="B" xmlUrl="http://b/"/>')
    )
    assert [outline.url for outline in found] == ["http://b/"]
    assert refused == (f"Odd: {address} is not an http or https address",)


def test_a_feed_without_an_address_is_reported() -> None:
    assert read(opml('<outline type="rss" text="A"/>')) == ((), ("A: it is marked rss but has no feed address",))


def test_bare_marks_in_attributes_lose_nothing() -> None:
    found, refused = read(
        opml(
            '<outline text="Bed & "Breakfast" weekly" description="<a href="x">x</a>." xmlUrl="http://a/?a=1&b=2&copy=3"/>'
            '<outline text="x < y" xmlUrl="http://b/"/><outline text=""Quoted"" xmlUrl="http://c/">'
        )
    )
    assert [(outline.title, outline.url) for outline in found] == [
        ('Bed & "Breakfast" weekly', "http://a/?a=1&b=2&copy=3"),
        ("x < y", "http://b/"),
        ('"Quoted"', "http://c/"),
    ]
    assert refused == ()


def test_what_a_broken_file_loses_is_counted() -> None:
    found, refused = read(b'<opml><body><outline text="A" xmlUrl="http://a/"/><outline text="B" xmlUrl="http://b')
    assert [outline.url for outline in found] == ["http://a/"]
    assert refused == ("1 more could not be read: the file is not well-formed there",)


@pytest.mark.parametrize(
    "body", [b"", b" \n", b"words", b"<rss><channel/></rss>", b"<!doctype html><p>x", bytes(range(256))]
)
def test_what_is_not_opml(body: bytes) -> None:
    with pytest.raises(FeedError, match=r"^it is (empty|not OPML)$"):
        read(body)


@pytest.mark.parametrize("codec", ["utf-16", "iso-8859-1", "utf-8-sig"])
def test_encodings(codec: str) -> None:
    name = codec.removesuffix("-sig")
    text = f'<?xml version="1.0" encoding="{name}"?><opml><body><outline text="Élan" xmlUrl="http://a/"/></body></opml>'
    assert read(text.encode(codec))[0][0].title == "Élan"


@pytest.mark.scorecard(16)
def test_entities_reach_no_file_and_do_not_grow() -> None:
    laughs = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    external = '<!ENTITY x SYSTEM "file:///etc/hostname">'
    body = '<opml><body><outline text="&e9;" xmlUrl="http://a/"/><outline text="b">&x;</outline></body></opml>'
    start = time.process_time()
    found, _ = read(f'<!DOCTYPE opml [<!ENTITY e0 "haha">{laughs}{external}]>{body}'.encode())
    assert time.process_time() - start < 1
    assert sum(len(outline.title) for outline in found) < 10_000


@pytest.mark.scorecard(37)
@pytest.mark.parametrize("tail", [b"", b"</outline>" * 100_000 + b"</body></opml>"])
def test_deep_nesting(tail: bytes) -> None:
    start = time.process_time()
    inner = b'<outline text="A" xmlUrl="http://a/"/>'
    found, refused = read(b"<opml><body>" + inner + b'<outline text="deep">' * 100_000 + inner + tail)
    assert time.process_time() - start < 5
    assert [outline.url for outline in found] == ["http://a/"]
    assert refused == ("1 more could not be read: the file is not well-formed there",)


@pytest.mark.scorecard(37)
def test_200_000_outlines() -> None:
    outlines = "".join(f'<outline text="Feed {n}" xmlUrl="http://a.example/{n}"/>' for n in range(200_000))
    start = time.process_time()
    assert len(read(opml(outlines))[0]) == 200_000
    assert time.process_time() - start < 5


WORDS = st.text(st.characters(exclude_characters="\ufffe\uffff"), max_size=12).map(one_line)
ADDRESSES = st.text(st.characters(exclude_categories=["C", "Z"], exclude_characters="\\"), max_size=12).map(
    lambda path: f"https://a.example/{path}"
)
FOLDERS = st.lists(WORDS.filter(bool), max_size=4).map(lambda names: one_line(" / ".join(names)) or None)
OUTLINES = st.lists(
    st.builds(Outline, url=ADDRESSES, title=WORDS, site=st.none() | ADDRESSES, folder=FOLDERS), max_size=8
)


@given(OUTLINES, WORDS)
def test_what_is_written_is_read_again_equal(outlines: list[Outline], title: str) -> None:
    body = write(outlines, title=title, created=CREATED)
    assert read(body) == (tuple(outlines), ())
    assert write(outlines, title=title, created=CREATED) == body


def test_written_files_nest_folders_and_hold_the_date() -> None:
    body = write(
        [
            Outline(url="http://a/", title="A & B", folder="News / World"),
            Outline(url="http://b/", title="C\x1b\ufffe", folder="News"),
        ],
        title="Mine",
        created=CREATED,
    ).decode()
    assert "<dateCreated>Tue, 04 Mar 2025 09:30:00 GMT</dateCreated>" in body
    assert body.count('<outline text="News">') == 1
    assert 'title="A &amp; B"' in body
    assert "\x1b" not in body


@pytest.mark.scorecard(18)
@given(st.binary(max_size=300))
def test_any_bytes_give_outlines_or_a_feed_error(body: bytes) -> None:
    for whole in (body, b"<opml><body><outline text='x' xmlUrl='http://a/'/><outline " + body):
        try:
            found, refused = read(whole)
        except FeedError:
            continue
        for outline in found:
            assert outline.url.startswith(("http://", "https://"))
            assert one_line(outline.title) == outline.title
        assert all(one_line(line) == line for line in refused)
