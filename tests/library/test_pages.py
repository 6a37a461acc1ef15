"""Articles of several pages, over a real server and real workers."""

from datetime import UTC, datetime
from ipaddress import ip_network

import pytest
from hostile_server import HostileServer, reply

from reader.config import Network, Settings
from reader.library import pages
from reader.library.library import Library
from reader.library.pages import whole
from reader.library.steps import best_text
from reader.model import Article, Wall

NOW = datetime(2026, 11, 12, 9, 0, tzinfo=UTC)
SETTINGS = Settings(network=Network(allow_private=(ip_network("127.0.0.0/8"),)))
STANDFIRST = "Inspectors found cracks in two of the piers that carry the road to the islands across the sound."
SAID = {
    1: "“Nobody will cross it before spring,” said <em>Ada Lind</em>, the harbour master, who inspected the piers.",
    2: "According to the ministry, repairs will cost <strong>14 million crowns</strong> and take five months of work.",
    3: "“We were warned about this ten years ago,” said Bo Vik, who sat on the council when the money was refused.",
}
MORE = "The ferry has run every twenty minutes since on day {number}, and most who live there walk to the landing."


def page(number: int, *, head: str = "", of: int = 3, teaser: bool = False) -> bytes:
    own = [SAID.get(number, f"Page {number} tells of the hundred and {number} lamps that stood along the old road.")]
    own += [MORE.format(number=f"{number}{count}") for count in range(4)]
    text = "".join(f"<p>{one}</p>" for one in (STANDFIRST, f"Page {number} of {of}", *own))
    html = f"<title>Bridge closes</title>{head}</head><body><article><h1>Bridge closes</h1>{text}</article></body>"
    return reply(body=f"<html><head>{html}</html>".encode(), headers=["Content-Type: text/html; charset=utf-8"])


def next_page(href: str) -> str:
    return f'<link rel="next" href="{href}">'


@pytest.fixture
def server():
    with HostileServer() as server:
        server.routes |= {
            "/story": page(1, head=next_page("/story?page=2")),
            "/story?page=2": page(2, head=next_page("?page=3") + '<link rel="prev" href="/story">'),
            "/story?page=3": page(3, head='<link rel="prev" href="/story?page=2">'),
        }
        yield server


def test_another_article_is_not_joined_though_its_address_differs_by_a_number_alone():
    first = Article(url="https://a.test/12/", title="Bridge closes", text="One.", next_page="https://a.test/13/")
    another = Article(url="https://a.test/13/", title="Baths to close", text="Two.")
    read = whole(first, {"https://a.test/13/": another}.__getitem__)
    assert read.text == "One."
    assert "another article" in read.notice
    second = Article(url="https://a.test/13/", title="Bridge closes | Page 2", text="Two.")
    assert whole(first, {"https://a.test/13/": second}.__getitem__).text == "One.\n\nTwo."


def test_the_teaser_of_a_walled_page_says_so():
    walled = Article(url="https://a.test/1", title="", text="One.", wall=Wall.PAYWALL, notice="Only the opening.")
    teaser = Article(url="https://a.test/1", title="", text="One, and two …", extractor="teaser")
    kept = best_text(walled, teaser)
    assert (kept.text, kept.extractor, kept.notice) == ("One, and two …", "feed", "Only the opening.")


@pytest.fixture
def library(tmp_path):
    with Library(tmp_path / "library.sqlite", settings=SETTINGS, now=lambda: NOW) as library:
        yield library


@pytest.fixture
def open_story(library: Library, server: HostileServer):
    """Follow a feed of the one story, and open it."""

    def open_story(text: str = "The north bridge …"):
        if not library.store.feeds():
            item = f"<guid>1</guid><title>Bridge closes</title><link>{server.url('/story')}</link>"
            item += f"<description><![CDATA[{text}]]></description>"
            server.routes["/feed"] = reply(
                body=f"<rss version='2.0'><channel><title>Post</title><item>{item}</item></channel></rss>".encode()
            )
            library.feeds.add(server.url("/feed"))
            server.asked.clear()
        return library.open(library.store.headlines()[0])

    return open_story


def test_three_pages_are_read_as_one_article_and_kept(server, open_story):
    opened = open_story()
    article = opened.article
    assert server.targets() == ["/story", "/story?page=2", "/story?page=3"]
    assert opened.notice is None
    assert article.next_page is None
    assert article.text.count(STANDFIRST) == 1
    assert "of 3" not in article.text
    order = [article.text.index(words) for words in ("Nobody will cross", "According to the ministry", "warned about")]
    assert order == sorted(order)
    assert [one.span.of(article.text) for one in article.emphasis] == ["Ada Lind", "14 million crowns"]
    speakers = {claim.speaker.name for claim in opened.analysis.claims if claim.speaker}
    assert {"Ada Lind", "Bo Vik"} <= speakers, "claims are found in all of it"
    server.routes.clear()
    assert open_story() == opened
    assert len(server.asked) == 3


def test_pages_that_lead_in_a_circle_are_read_once(server, open_story):
    server.routes["/story?page=3"] = page(3, head=next_page("/story?page=2"))
    opened = open_story()
    assert server.targets() == ["/story", "/story?page=2", "/story?page=3"]
    assert opened.notice is None
    assert "warned about" in opened.article.text


def test_a_site_that_answers_for_a_page_it_has_not_with_one_it_has(server, open_story):
    server.routes["/story?page=3"] = reply("302 Found", headers=["Location: /story"])
    opened = open_story()
    assert opened.notice is None
    assert server.targets() == ["/story", "/story?page=2", "/story?page=3", "/story"]
    assert opened.article.text.count("Nobody will cross") == 1


@pytest.mark.scorecard("H24")
@pytest.mark.parametrize("number", [1, 2])
def test_no_page_of_another_host_is_asked_for(server, open_story, number):
    with HostileServer(host="127.0.0.2") as other:
        other.routes["/story?page=9"] = page(9)
        path = "/story" if number == 1 else "/story?page=2"
        server.routes[path] = page(number, head=next_page(other.url("/story?page=9")))
        opened = open_story()
        assert other.asked == []
        assert opened.notice is None
        assert len(server.asked) == number


def test_what_another_host_says_after_a_redirect_is_not_the_articles(server, open_story):
    with HostileServer(host="127.0.0.2") as other:
        other.routes["/story?page=3"] = page(9)
        server.routes["/story?page=3"] = reply("302 Found", headers=[f"Location: {other.url('/story?page=3')}"])
        opened = open_story()
        assert "lamps" not in opened.article.text
        assert opened.notice == (
            "The article goes on, but its further pages could not be read: the site leads to another article."
        )


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (reply("500 Internal Server Error"), "the server answered 500 Internal Server Error"),
        (reply(body=b""), "the page is empty"),
        (reply(body=b"\x89PNG\r\n\x1a\n" + bytes(100)), "it is an image, not a page"),
    ],
)
def test_a_second_page_that_can_not_be_read_leaves_the_first_which_says_so_for_good(server, open_story, answer, why):
    server.routes["/story?page=2"] = answer
    opened = open_story()
    assert "Nobody will cross" in opened.article.text
    assert opened.notice == f"The article goes on, but its further pages could not be read: {why}."
    assert opened.article.next_page == server.url("/story?page=2")
    assert server.targets() == ["/story", "/story?page=2"]
    server.routes.clear()
    assert open_story() == opened, "from the store too"


@pytest.mark.scorecard("H24")
def test_no_amp_and_no_print_version_is_ever_asked_for(server, open_story):
    versions = '<link rel="amphtml" href="/story/amp"><link rel="alternate" media="print" href="/story?print=1">'
    versions += '<link rel="next" href="/story/amp?page=2"><link rel="next" href="/story?print=1">'
    server.routes["/story"] = page(1, head=versions)
    assert "Nobody will cross" in open_story().article.text
    assert server.targets() == ["/story"]


@pytest.mark.scorecard("H24")
def test_no_more_than_ten_pages_are_read(server, open_story):
    for number in range(1, 30):
        path = f"/story?page={number}" if number > 1 else "/story"
        server.routes[path] = page(number, head=next_page(f"/story?page={number + 1}"), of=30)
    opened = open_story()
    assert len(server.asked) == 10
    assert "hundred and 10 lamps" in opened.article.text
    assert opened.notice.endswith("could not be read: no more than 10 are asked for.")
    assert opened.article.next_page == server.url("/story?page=11")


def test_the_feeds_text_is_weighed_against_all_the_pages(server, open_story):
    carried = "<p>" + " ".join(MORE.format(number=f"9{count}") for count in range(16)) + " [&hellip;]</p>"
    opened = open_story(carried)
    assert opened.article.extractor != "feed", "one page is less than half of it, three are more"
    assert "warned about" in opened.article.text


def test_a_site_that_takes_long_is_not_waited_for(monkeypatch):
    clock = iter([0.0, 1.0, 10.0, 30.0])
    monkeypatch.setattr(pages, "monotonic", lambda: next(clock))
    url = "https://a.example/story?page={}".format

    def read(address: str) -> Article:
        number = int(address.rpartition("=")[2])
        return Article(url=address, title="T", text=f"Text {number}.", next_page=url(number + 1))

    article = whole(read(url(1)), read)
    assert article.text == "Text 1.\n\nText 2.\n\nText 3."
    assert article.next_page == url(4)
    assert "takes too long" in article.notice


@pytest.mark.scorecard("H24")
def test_a_report_is_of_the_one_page_that_it_holds(server, library, open_story, tmp_path):
    opened = open_story()
    server.asked.clear()
    library.report(opened.entry.id, tmp_path / "reports")
    assert server.targets() == ["/story"]


def test_what_is_cited_is_the_day_that_the_page_has(server, open_story, library):
    published = '<meta property="article:published_time" content="2026-11-10T23:30:00-05:00">'
    server.routes["/story"] = page(1, head=published)
    opened = open_story()
    assert opened.article.published.isoformat() == "2026-11-10T23:30:00-05:00"
    assert library.store.article(opened.entry.id).published.isoformat() == "2026-11-10T23:30:00-05:00"
    assert ", 10 November 2026, " in library.saved.citation(library.saved.of(opened, opened.analysis.claims[0]))
