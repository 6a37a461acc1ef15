"""Where a link leads is seen before anybody goes there, and only pages of the web are gone to."""

import re
import sqlite3
import sys
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reader.config import Commands
from reader.feeds.hosts import lead
from reader.library.library import Library
from reader.model import BLANK_LINE, Arrival, Article, Block, BlockKind, Brought, FeedCheck, Link, ParsedEntry, Span
from reader.store.packed import pack
from reader.tui import app as app_module
from reader.tui.app import NewsApp
from reader.tui.widgets.article import ArticleView

ODD = {
    # what it is: where it leads, what is said of that, and what a browser is given
    "https://a.example/1?b=c#d": ("a.example", "", "https://a.example/1?b=c#d"),
    "HTTPS://A.Example:8080/B c": ("a.example:8080", "", "https://a.example:8080/B%20c"),
    "https://bank.example@evil.example/a": ("evil.example", "looks like bank.example", "https://evil.example/a"),
    "https://bank.example:443@evil.example/": ("evil.example", "looks like bank.example", "https://evil.example/"),
    "https://bank.example%2flogin@evil.example/": (
        "evil.example", "looks like bank.example/login", "https://evil.example/",
    ),
    "https://me:s3cret@host.example/a": ("host.example", "a user name is left out", "https://host.example/a"),
    "https://evil.example\\@bank.example/": ("evil.example", "", "https://evil.example/@bank.example/"),
    "https://ev\til.exam\nple/": ("evil.example", "", "https://evil.example/"),
    "https://%65vil.example/": ("evil.example", "", "https://evil.example/"),
    "https://evil\uff0eexample/": ("evil.example", "", "https://evil.example/"),
    "https://ba\u00adnk.example/": ("bank.example", "", "https://bank.example/"),
    "https://xn--pple-43d.com/": (
        "xn--pple-43d.com", "looks like \u0430pple.com, of mixed alphabets", "https://xn--pple-43d.com/",
    ),
    "https://\u0430pple.com/": (
        "xn--pple-43d.com", "looks like \u0430pple.com, of mixed alphabets", "https://xn--pple-43d.com/",
    ),
    "https://\u0440\u0430\u0443\u0440\u0430\u04cf.com": (
        "xn--80aa0cbo65f.com", "looks like \u0440\u0430\u0443\u0440\u0430\u04cf.com", "https://xn--80aa0cbo65f.com",
    ),
    "https://m\u00fcnchen.de/": ("xn--mnchen-3ya.de", "looks like m\u00fcnchen.de", "https://xn--mnchen-3ya.de/"),
    "https://\u65e5\u672c\u8a9e.jp": ("xn--wgv71a119e.jp", "looks like \u65e5\u672c\u8a9e.jp", "https://xn--wgv71a119e.jp"),
    "http://0x7f.1/": ("127.0.0.1", "", "http://127.0.0.1/"),
    "http://2130706433:80/": ("127.0.0.1:80", "", "http://127.0.0.1:80/"),
    "http://[0:0::1]:80/": ("[::1]:80", "", "http://[::1]:80/"),
}  # fmt: skip
NOWHERE = (
    "", "--flag", "-rf", "file:///etc/passwd", "javascript:alert(1)", "java\nscript:alert(1)", "data:text/html,x",
    "ftp://a.example/", "//a.example/", "/etc/passwd", "https:///a", "https://a b/", "https://a.example:x/",
    "https://user@/", "https://[::1", "https://xn--99999999999/", "https://xn--abc-/", "http://1.2.3.4.5/",
    "http://256.1/", "http://1_0.1/", "https://x\u202egnp.example/", "https://" + "a" * 300 + ".example/",
)  # fmt: skip


@pytest.mark.scorecard(8, 14)
def test_where_an_address_leads_is_told_as_browsers_go_there(record_property):
    for address, (host, warning, url) in ODD.items():
        to = lead(address)
        assert to is not None, address
        assert (to.host, to.warning, to.url) == (host, warning, url), address
        assert to.words == (f"{host} ⚠ {warning}" if warning else host)
        assert lead(to.url).host == host, "what a browser is given leads there, too"
    for address in NOWHERE:
        assert lead(address) is None, address
    record_property("figure", f"{len(ODD)} shapes of addresses told, {len(NOWHERE)} that are no page refused")


@pytest.mark.scorecard(8)
@given(
    st.lists(
        st.sampled_from(
            [*ODD, *NOWHERE, *"@:/\\?#[]%.- \u0430\u00fc\u200b", "https://", "xn--", "bank.example", "evil.example"]
        ),
        max_size=6,
    ).map("".join)
    | st.text(max_size=40).map("https://{}/".format)
)
def test_whatever_an_address_is_only_pages_come_out_of_it(address):
    to = lead(address)
    if to is not None:
        assert re.fullmatch(r"https?://[!-~]+?(/.*|[?#].*)?", to.url, re.DOTALL)
        assert "@" not in to.host
        assert to.host.isascii()
        assert to.url.partition("://")[2].startswith(to.host)
        assert lead(to.url) == replace(to, warning=lead(to.url).warning)
        assert to.words.isprintable()


# --- on the screen ---------------------------------------------------------------------------------------------------

CROWD = tuple(f"https://outlet{n}.example/story" for n in range(30))
LOOKALIKE = "https://www.bank.example.with.a.name.so.long.that.its.end.is.gone.in.sixty.cells.\u0430pple.com/pay"


def article(url: str, title: str, links: list[str]) -> Article:
    """An article with a link in each of its paragraphs."""
    paragraphs = [f"Link {n} of {title} stands here." for n in range(len(links) or 1)]
    blocks, found, at = [], [], 0
    for n, words in enumerate(paragraphs):
        blocks.append(Block(kind=BlockKind.PARAGRAPH, span=Span(at, at + len(words))))
        if links:
            found.append(Link(span=Span(at, at + len(f"Link {n}")), url=links[n]))
        at += len(words) + len(BLANK_LINE)
    text = BLANK_LINE.join(paragraphs)
    return Article(
        url="https://a.example/", title=title, text=text, blocks=tuple(blocks), links=tuple(found), extractor="feed"
    )


def store(library: Library, path: Path, *given: tuple[str, str, list[str]]) -> None:
    """Entries by address, title and links; addresses are written by SQL, past all that looks at them."""
    feed, _ = library.store.add_feed(
        "https://a.example/feed", title="The Post", site=None, folder=None, now=library.now()
    )
    arrivals = tuple(
        Arrival(
            entry=ParsedEntry(guid=title, url=f"https://a.example/{at}", title=title),
            article=pack(article(url, title, links)),
        )
        for at, (url, title, links) in enumerate(given)
    )
    library.store.save([Brought(check=FeedCheck(feed_id=feed.id), arrivals=arrivals)], now=library.now())
    with closing(sqlite3.connect(path)) as db, db:
        for url, title, _links in given:
            assert db.execute("UPDATE entries SET url = ? WHERE title = ?", (url, title)).rowcount == 1


class Watched(NewsApp):
    """The app, which notes what it opens."""

    CSS_PATH = str(Path(app_module.__file__).with_name("newsreader.tcss"))

    def __init__(self, *given, **more):
        super().__init__(*given, **more)
        self.opened: list[str] = []

    def open_url(self, url, *, new_tab=True):
        self.opened.append(url)


def together(shown: str) -> str:
    """What is shown, whichever way it was wrapped."""
    return re.sub(r"[\s\u2500-\u259f]+", "", shown)


@pytest.mark.anyio
@pytest.mark.scorecard(8)
@pytest.mark.parametrize("size", [(160, 45), (60, 20)])
async def test_a_person_sees_where_it_leads_before_the_browser_opens(
    start, empty_library: Library, tmp_path, size, record_property
):
    odd = [address for address, (_host, warning, _url) in ODD.items() if warning]
    store(
        empty_library, tmp_path / "empty.sqlite",
        (LOOKALIKE, "Alike", []), ("https://bank.example:443@evil.example/x", "User", []),
        ("https://a.example/", "Links", odd),
    )  # fmt: skip
    async with start(size=size, on=empty_library, app=Watched) as reader:
        await reader.press("g", "t")  # they tell the same, but each has its row
        for address in (LOOKALIKE, "https://bank.example:443@evil.example/x"):
            to = lead(address)
            title = "Alike" if address == LOOKALIKE else "User"
            await reader.open(title)
            assert to.warning
            head = "".join(words.strip() for words, _ in reader.article._head)
            assert together(to.words) in together(head), "whole, be it longer than a line"
            for place in (reader.article, reader.headlines):
                place.focus()
                reader.app.opened.clear()
                await reader.press("o")
                assert together(to.host) in together(reader.shown())
                assert together(to.warning) in together(reader.shown()), "it is on the screen, and asked about"
                await reader.press("escape")
                assert not reader.app.opened
                await reader.press("o", "enter")
                assert reader.app.opened == [to.url]
                assert "@" not in to.url
        await reader.open("Links")
        asked = 6
        for at, address in enumerate(odd):
            reader.article.focus()
            reader.app.opened.clear()
            await reader.press(";")
            if at >= len(reader.article._hints.labels()):
                await reader.press("escape")
                break
            assert together(lead(address).words) in together(reader.shown())
            await reader.press("asdfghjkl"[at])
            assert together(lead(address).warning) in together(reader.shown())
            assert not reader.app.opened
            await reader.press("enter")
            assert reader.app.opened == [lead(address).url]
            asked += 1
        assert asked >= 9
    record_property("figure", f"{asked} times: the host and why it is odd stood there before a browser was asked")


@pytest.mark.anyio
@pytest.mark.scorecard(8)
@pytest.mark.parametrize("size", [(160, 45), (60, 20)])
async def test_each_letter_has_its_host_in_sight_and_each_link_its_letter(
    start, empty_library: Library, tmp_path, size
):
    store(empty_library, tmp_path / "empty.sqlite", ("https://a.example/", "Crowd", list(CROWD)))
    async with start(size=size, on=empty_library) as reader:
        await reader.open("Crowd")
        view: ArticleView = reader.article
        offered: set[str] = set()
        while True:
            await reader.press(";")
            while view.takes_keys:
                rows = {y: words for y in range(view.size.height) if (words := view._legend(y)) is not None}
                assert all(view.render_line(y).text.strip() == words for y, words in rows.items())
                legend = dict(re.findall(r"(\w+) → (\S+)", " ".join(rows.values())))
                for offset, label in view._hints.labels():
                    y = view.line_of(offset) - int(view.scroll_offset.y)
                    assert 0 <= y < view.size.height
                    assert y not in rows, "no letter is hidden"
                    assert view.render_line(y).text[3:].startswith(label)
                    link = next(link for link in view.opened.article.links if link.span.start == offset)
                    assert link.url == f"https://{legend[label]}/story"
                    offered.add(link.url)
                await reader.press(";")
            assert not any(view._legend(y) for y in range(view.size.height))
            if view.at_end:
                break
            await reader.press("ctrl+d")
        assert offered == set(CROWD)


@pytest.mark.anyio
@pytest.mark.scorecard(14)
async def test_what_is_no_page_reaches_neither_browser_nor_command_nor_clipboard(
    start, empty_library: Library, tmp_path, record_property
):
    bad = ("file:///etc/passwd", "javascript:alert(1)", "--flag=x", "https:///x")
    ran = tmp_path / "ran"
    command = f"{sys.executable} -c 'import sys; open(sys.argv[1], \"a\").write(sys.argv[2])' {ran}"
    empty_library.settings = replace(empty_library.settings, commands=Commands(open_with=command))
    good = ("https://me:s3cret@a.example/good", "Good", [])
    store(empty_library, tmp_path / "empty.sqlite", *((url, f"Bad {n}", list(bad)) for n, url in enumerate(bad)), good)
    async with start(size=(100, 30), on=empty_library, app=Watched) as reader:
        for n in range(len(bad)):
            await reader.open(f"Bad {n}")
            for place in (reader.article, reader.headlines):
                place.focus()
                for key in ("o", "O", "y"):
                    await reader.press(key)
                    assert reader.said() == ["This entry links to no web page."], (bad[n], key)
            reader.article.focus()
            await reader.press(";")
            assert not reader.article.takes_keys
            assert reader.said() == ["No link is in sight."]
            for url in bad:
                reader.article.post_message(ArticleView.LinkChosen(url))
            await reader.settle()
            await reader.press("right_square_bracket", "v", "y")
            assert "reader" not in reader.app.clipboard
            assert not any(url in reader.app.clipboard for url in bad), reader.app.clipboard
            reader.article.focus()
            await reader.press("v", "s", "4")
            await reader.press("o")
            assert reader.said() == ["This highlight has no web address."]
            await reader.press("y")
            assert not any(url in reader.app.clipboard for url in bad), reader.app.clipboard
            await reader.press("escape")
        assert reader.app.opened == []
        assert not ran.exists()
        await reader.open("Good")
        await reader.press("o", "enter", "O", "enter")
        assert reader.app.opened == ["https://a.example/good"]
        assert ran.read_text() == "https://a.example/good"
        reader.headlines.focus()
        await reader.press("y")
        assert reader.app.clipboard == "https://a.example/good"
        assert not any("s3cret" in words for words in reader.said())
    record_property("figure", f"{len(bad)} addresses of no page x 6 ways to hand one on: 0 went out")
