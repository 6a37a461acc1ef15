"""The demo newsroom is served as real sites are, and what its truth file says of its articles is true."""

from __future__ import annotations

import gzip
import http.client
import io
import json
import re
import subprocess
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urljoin, urlsplit
from xml.etree import ElementTree as ET

import feedparser
import lxml.html
import pytest

from reader.newsroom import Newsroom, blocks, read_outlets, read_pieces, seeds_folder

NOW = datetime(2026, 3, 14, 15, 9, 26, tzinfo=UTC)
FOLDER = seeds_folder() / "newsroom"
OUTLETS = read_outlets(FOLDER)
PIECES = read_pieces(FOLDER)
TRUTH = tomllib.loads((FOLDER / "truth.toml").read_text(encoding="utf-8"))

Reply = tuple[int, dict[str, str], bytes]


@pytest.fixture(scope="module")
def room() -> Iterator[Newsroom]:
    with Newsroom(now=NOW) as room:
        yield room


def ask(room: Newsroom, path: str, *, method: str = "GET", **headers: str) -> Reply:
    connection = http.client.HTTPConnection(urlsplit(room.url).netloc, timeout=5)
    try:
        connection.request(method, path, headers={name.replace("_", "-"): value for name, value in headers.items()})
        reply = connection.getresponse()
        return reply.status, {name.lower(): value for name, value in reply.getheaders()}, reply.read()
    finally:
        connection.close()


def entries(room: Newsroom, url: str) -> dict[str, tuple[str, datetime]]:
    """Title and date of every entry of a feed by its link."""
    _, headers, body = ask(room, urlsplit(url).path)
    if "json" in headers["content-type"]:
        items = json.loads(body)["items"]
        return {item["url"]: (item["title"], datetime.fromisoformat(item["date_published"])) for item in items}
    feed = feedparser.parse(io.BytesIO(body))
    assert not feed.bozo
    return {entry.link: (entry.title, datetime(*entry.published_parsed[:6], tzinfo=UTC)) for entry in feed.entries}


def plain(text: str) -> str:
    """`text` without link targets, with straight quotation marks and single spaces."""
    text = re.sub(r"\[([^\]]+)\]\([^)\s]+\)", r"\1", text)
    return " ".join(text.translate(str.maketrans("“”‘’", "\"\"''")).split())


def words_of(html: str) -> str:
    return " ".join(lxml.html.fromstring(html).text_content().split())


# --- the server ------------------------------------------------------------------------------------------------------


def test_every_feed_lists_its_outlet_with_dates_counted_from_now(room: Newsroom) -> None:
    assert [title for title, _ in room.feeds] == [outlet.title for outlet in OUTLETS.values()]
    for outlet, (_, url) in zip(OUTLETS.values(), room.feeds, strict=True):
        assert entries(room, url) == {
            f"{room.url}/{piece.id}": (piece.title, NOW - timedelta(hours=piece.hours))
            for piece in PIECES.values()
            if piece.outlet == outlet.key
        }


def test_two_outlets_use_each_format_and_one_carries_full_text() -> None:
    assert Counter(outlet.format for outlet in OUTLETS.values()) == {"rss": 2, "atom": 2, "json": 2}
    assert [outlet.key for outlet in OUTLETS.values() if outlet.full_text] == ["concord"]


def test_the_full_text_feed_carries_every_paragraph(room: Newsroom) -> None:
    _, _, body = ask(room, "/concord/wire.rss")
    for entry in feedparser.parse(io.BytesIO(body)).entries:
        piece = PIECES[urlsplit(entry.link).path[1:]]
        content = words_of(entry.content[0].value)
        assert all(words_of(f"<p>{block.html}</p>") in content for block in blocks(piece.body))


def test_every_link_of_every_feed_leads_to_the_whole_article(room: Newsroom) -> None:
    for _, url in room.feeds:
        for link in entries(room, url):
            piece = PIECES[urlsplit(link).path[1:]]
            status, headers, body = ask(room, urlsplit(link).path)
            page = body.decode()
            assert (status, headers["content-type"]) == (200, "text/html; charset=utf-8")
            assert page.startswith(("<!doctype html>", "<!DOCTYPE html>"))
            shown = words_of(page)
            missing = [block for block in blocks(piece.body) if words_of(f"<div>{block.html}</div>") not in shown]
            assert not missing, piece.id


def test_every_address_on_every_page_is_answered_and_on_this_server(room: Newsroom) -> None:
    seen, waiting = set(), ["/"]
    while waiting:
        path = waiting.pop()
        if path in seen:
            continue
        seen.add(path)
        status, headers, body = ask(room, path)
        assert status == 200, path
        if headers["content-type"].startswith("text/html"):
            for address in lxml.html.fromstring(body).xpath("//@href | //@src | //@srcset"):
                target = urlsplit(urljoin(room.url + path, address))
                assert f"{target.scheme}://{target.netloc}" == room.url, (path, address)
                waiting.append(target.path)
    assert {f"/{id}" for id in PIECES} <= seen


def test_pages_state_what_they_are(room: Newsroom) -> None:
    for piece in PIECES.values():
        page = lxml.html.fromstring(ask(room, f"/{piece.id}")[2])
        assert page.xpath("string(//meta[@property='og:site_name']/@content)") == OUTLETS[piece.outlet].name
        assert page.xpath("count(//h1)") == 1
        data = json.dumps(json.loads(page.xpath("string(//script[@type='application/ld+json'])")))
        assert "NewsArticle" in data
        assert (NOW - timedelta(hours=piece.hours)).isoformat() in data


def test_an_outlets_front_page_advertises_its_feed(room: Newsroom) -> None:
    for outlet, (_, url) in zip(OUTLETS.values(), room.feeds, strict=True):
        page = lxml.html.fromstring(ask(room, f"/{outlet.key}/")[2])
        (link,) = page.xpath("//link[@rel='alternate']")
        assert urljoin(f"{room.url}/{outlet.key}/", link.get("href")) == url
        assert ask(room, urlsplit(url).path)[1]["content-type"] == f"{link.get('type')}; charset=utf-8"


def test_a_path_without_its_slash_is_sent_on(room: Newsroom) -> None:
    status, headers, _ = ask(room, "/meridian")
    assert (status, headers["location"]) == (301, "/meridian/")


def test_an_unchanged_page_is_not_sent_again(room: Newsroom) -> None:
    for path in ("/meridian/rss.xml", "/ledger/feed.json", "/meridian/norrmark-rate-cut", "/static/ferry.svg"):
        _, first, _ = ask(room, path)
        etag, date = first["etag"], first["last-modified"]
        for headers in (
            {"If_None_Match": etag},
            {"If_None_Match": f'"other", {etag}'},
            {"If_None_Match": "*"},
            {"If_Modified_Since": date},
        ):
            status, again, body = ask(room, path, **headers)
            assert (status, body, again["etag"]) == (304, b"", etag), headers
        # The tag decides where both are given.
        assert ask(room, path, If_None_Match='"other"', If_Modified_Since=date)[0] == 200
        assert ask(room, path, If_Modified_Since="not a date")[0] == 200


def test_gzip_when_asked_for(room: Newsroom) -> None:
    _, headers, body = ask(room, "/npb/news.atom")
    _, packed_headers, packed = ask(room, "/npb/news.atom", Accept_Encoding="br, gzip")
    assert "content-encoding" not in headers
    assert packed_headers["content-encoding"] == "gzip"
    assert gzip.decompress(packed) == body
    assert len(packed) < len(body) / 2


def test_head_is_get_without_the_body(room: Newsroom) -> None:
    _, headers, body = ask(room, "/courier/feed/")
    status, head, nothing = ask(room, "/courier/feed/", method="HEAD")
    assert (status, nothing) == (200, b"")
    assert int(head["content-length"]) == len(body)
    assert head["etag"] == headers["etag"]


@pytest.mark.parametrize(
    "path",
    [
        "/nothing",
        "/meridian/nothing",
        "/../pyproject.toml",
        "/static/../outlets.toml",
        "/static/..%2foutlets.toml",
        "/static/%2e%2e/outlets.toml",
        "/static//etc/passwd",
        "//etc/passwd",
        "/meridian/..%5c..%5ctruth.toml",
        "/static/ferry.svg%00",
        "/truth.toml",
    ],
)
def test_what_is_not_there_is_not_found(room: Newsroom, path: str) -> None:
    status, _, body = ask(room, path)
    assert status == 404
    assert b"Page not found" in body
    assert b"[stories" not in body


def test_the_same_now_and_port_give_the_same_bytes() -> None:
    paths = ["/", "/vantage/", "/meridian/rss.xml", "/npb/news.atom", "/ledger/feed.json", "/courier/fire-neighbours"]
    with Newsroom(now=NOW) as first:
        port = urlsplit(first.url).port
        once = [ask(first, path)[2] for path in paths]
    assert port is not None
    with Newsroom(now=NOW, port=port) as second:
        assert [ask(second, path)[2] for path in paths] == once


def test_nothing_is_served_once_the_block_is_left() -> None:
    with Newsroom(now=NOW) as room:
        assert ask(room, "/")[0] == 200
        url = urlsplit(room.url).netloc
    with pytest.raises(ConnectionRefusedError):
        http.client.HTTPConnection(url, timeout=5).connect()


def test_starting_loads_no_template_engine() -> None:
    code = (
        "import sys; from datetime import UTC, datetime; from reader.newsroom import Newsroom\n"
        "with Newsroom(now=datetime.now(UTC)) as room: assert room.feeds\n"
        "assert not {'jinja2', 'lxml', 'feedparser', 'textual'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=30)


# --- the articles ----------------------------------------------------------------------------------------------------


def test_there_are_about_forty_articles_over_two_weeks() -> None:
    assert 38 <= len(PIECES) <= 48
    assert max(piece.hours for piece in PIECES.values()) <= 14 * 24
    assert min(piece.hours for piece in PIECES.values()) > 0
    for piece in PIECES.values():
        assert 90 <= len(piece.body.split()) <= 600, piece.id


def test_quotation_marks_are_of_one_kind_within_an_outlet() -> None:
    for piece in PIECES.values():
        strange = "“”‘’" if piece.outlet in ("concord", "courier") else "\"'"
        assert not set(strange) & set(piece.title + piece.summary + piece.body), piece.id
        assert piece.body.count("“") == piece.body.count("”"), piece.id
        assert piece.body.count('"') % 2 == 0, piece.id


def test_related_articles_and_images_exist() -> None:
    for piece in PIECES.values():
        assert all(f"{piece.outlet}/{name}" in PIECES for name in piece.related), piece.id
        assert not piece.image or (FOLDER / "static" / f"{piece.image}.svg").is_file(), piece.id
        assert all(sentence.rstrip(".") in piece.body for sentence in piece.pull.split(". ")), piece.id


def test_blocks_escape_words_and_link_them() -> None:
    body = "A & B <b> [say](/x/y)\nso [today].\n\n## Head\n\n> “One\n> two.”\n\n- a\n- b"
    assert list(blocks(body, "http://host")) == [
        ("paragraph", 'A &amp; B &lt;b&gt; <a href="http://host/x/y">say</a> so [today].'),
        ("heading", "Head"),
        ("quote", "“One two.”"),
        ("list", "<li>a</li><li>b</li>"),
    ]


# --- the truth -------------------------------------------------------------------------------------------------------


def test_every_article_belongs_to_one_story() -> None:
    told = {id: key for key, story in TRUTH["stories"].items() for id in story["articles"]}
    assert sum(len(story["articles"]) for story in TRUTH["stories"].values()) == len(told)
    assert told == {piece.id: piece.story for piece in PIECES.values()}
    for story in TRUTH["stories"].values():
        assert len({PIECES[id].outlet for id in story["articles"]}) >= 2
        assert story.get("origin", story["articles"][0]) in story["articles"]


def fivegrams(body: str) -> set[tuple[str, ...]]:
    words = re.findall(r"\w+", plain(body).lower())
    return set(zip(*(words[start:] for start in range(5)), strict=False))


def test_wire_copies_share_most_of_their_words_with_the_original_and_begin_with_their_own() -> None:
    copies = {(wire["original"], copy) for wire in TRUTH["wire"] for copy in wire["copies"]}
    assert copies == {(piece.wire, piece.id) for piece in PIECES.values() if piece.wire}
    for original, copy in copies:
        theirs, ours = fivegrams(PIECES[original].body), fivegrams(PIECES[copy].body)
        assert len(theirs & ours) / len(ours) > 0.8
        assert PIECES[copy].body[:40] not in PIECES[original].body
        assert PIECES[copy].hours < PIECES[original].hours


def test_no_other_articles_share_much() -> None:
    wires = {piece.wire for piece in PIECES.values()}
    own = [piece for piece in PIECES.values() if not piece.wire and piece.id not in wires]
    grams = {piece.id: fivegrams(piece.body) for piece in own}
    for one in own:
        for other in own:
            if one.id < other.id:
                shared = len(grams[one.id] & grams[other.id])
                assert shared < 0.2 * min(len(grams[one.id]), len(grams[other.id])), (one.id, other.id)


def says(id: str, words: str) -> bool:
    return plain(words) in plain(PIECES[id].body)


@pytest.mark.parametrize("kind", ["provenance", "denial"])
def test_an_articles_words_are_as_stated(kind: str) -> None:
    for known in TRUTH[kind]:
        assert says(known["article"], known["words"]), known


def test_provenance_leads_back_to_an_earlier_article_of_the_outlet_cited() -> None:
    for known in TRUTH["provenance"]:
        assert plain(known["cites"]) in plain(known["words"])
        if "origin" in known:
            origin = PIECES[known["origin"]]
            assert OUTLETS[origin.outlet].name.removeprefix("The ") in known["cites"]
            assert origin.hours > PIECES[known["article"]].hours
            assert origin.story == PIECES[known["article"]].story


@pytest.mark.parametrize("kind", ["conflict", "update"])
def test_the_figures_stand_in_the_articles(kind: str) -> None:
    for known in TRUTH[kind]:
        figures: list[dict[str, Any]] = known["figures"]
        for figure in figures:
            assert PIECES[figure["article"]].story == known["story"]
            assert says(figure["article"], figure["words"]), figure
        assert len({figure["value"] for figure in figures}) == len(figures)
        if kind == "update":
            hours = [PIECES[figure["article"]].hours for figure in figures]
            assert hours == sorted(hours, reverse=True)


def test_the_two_tolls_of_the_ferry_are_published_at_once() -> None:
    (ferry,) = (known for known in TRUTH["conflict"] if known["story"] == "ferry")
    assert len({PIECES[figure["article"]].hours for figure in ferry["figures"]}) == 1


def test_omitted_claims_are_stated_by_some_and_not_by_others() -> None:
    for known in TRUTH["omission"]:
        assert all(says(id, known["words"]) for id in known["stated_by"]), known
        assert not any(says(id, known["words"]) for id in known["omitted_by"]), known
        assert {PIECES[id].story for id in known["stated_by"] + known["omitted_by"]} == {known["story"]}


# --- the starter feeds -----------------------------------------------------------------------------------------------


def test_the_starter_feeds_are_well_formed() -> None:
    root = ET.fromstring((seeds_folder() / "feeds.opml").read_bytes())
    assert (root.tag, root.get("version")) == ("opml", "2.0")
    folders = root.findall("body/outline")
    feeds = root.findall("body/outline/outline")
    assert len({folder.get("text") for folder in folders}) == len(folders) >= 8
    assert all(len(folder) >= 3 for folder in folders)
    assert 55 <= len(feeds) <= 70
    assert len({feed.get("xmlUrl") for feed in feeds}) == len({feed.get("title") for feed in feeds}) == len(feeds)
    for feed in feeds:
        assert set(feed.keys()) == {"text", "title", "type", "xmlUrl", "htmlUrl"}
        assert feed.get("type") == "rss"
        for name in ("xmlUrl", "htmlUrl"):
            parts = urlsplit(feed.get(name, ""))
            assert parts.scheme == "https"
            assert "." in parts.netloc
