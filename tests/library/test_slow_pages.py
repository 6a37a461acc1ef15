"""Pages that are built to take long, through real workers: they cost an entry its page, never the reader."""

from datetime import UTC, datetime
from ipaddress import ip_network

import pytest
from hostile_server import HostileServer, reply

from reader.config import Network, Settings
from reader.library import steps
from reader.library.library import Library
from reader.library.workers import Workers, WorkerTimeout

LIMIT = 2.0
SLOW = b"<html><body><p>Bridge closes</p><select>" + b"<option>a</option>" * 100_000
"""What a browser's parser takes three quarters of a minute for."""
SETTINGS = Settings(network=Network(allow_private=(ip_network("127.0.0.0/8"),)))
TEASER = "The north bridge …"
PROSE = "".join(
    f"<p>On day {day} the ferry ran every twenty minutes, as it has since the bridge closed.</p>" for day in "123456"
)


def impatient() -> Workers:
    return Workers(processes=1, timeout=LIMIT)


@pytest.mark.scorecard(17)
def test_a_page_that_takes_too_long_fails_its_task_and_no_other():
    with impatient() as workers:
        slow = workers.submit(steps.read_page, SLOW, "https://a.test/", "text/html")
        with pytest.raises(WorkerTimeout, match="took longer than 2 s"):
            slow.result(timeout=30)
        page = f"<article>{PROSE}</article>".encode()
        assert workers.submit(steps.read_page, page, "https://a.test/", None).result(timeout=30).text.count("\n\n") == 5


EMPTY = {
    "deep": "<div>" * 60_000,
    "deep-picture": "<div>" * 60_000 + "<img src=x>" + "</div>" * 60_000,
    "deep-script": "<blockquote>" * 60_000 + "<script>let a = 1</script>",
    "comment": "<!-- " + "x" * 2_000_000,
    "unseen": "<p>" + "\u200b" * 500_000,
    "choices": "<select>" + "<option>a</option>" * 1_000,
    "blanks": " " * 2_000_000,
    "binary": "\x01" * 50_000,
}
"""Pages that hold nothing to be read."""
DEEP = {f"deep-{tag}": f"<{tag}>" * 60_000 + PROSE for tag in ("div", "pre", "span", "blockquote")}


@pytest.mark.scorecard(20)
def test_no_page_is_shown_as_nothing(tmp_path, record_property):
    with HostileServer() as server, Library(tmp_path / "library.sqlite", settings=SETTINGS) as library:
        items = "".join(
            f"<item><guid>{name}</guid><title>{name}</title><link>{server.url(f'/{name}')}</link>"
            f"<description>{TEASER}</description></item>"
            for name in (*EMPTY, *DEEP)
        )
        server.routes["/feed"] = reply(body=f"<rss><channel><title>Post</title>{items}</channel></rss>".encode())
        for name, body in (EMPTY | DEEP).items():
            html = f"<html><body>{body}".encode()
            server.routes[f"/{name}"] = reply(body=html, headers=["Content-Type: text/html; charset=utf-8"])
        library.feeds.add(server.url("/feed"))
        for entry in library.store.entries(library.store.headlines()).values():
            opened = library.open(entry.id)
            if entry.title in DEEP:
                assert opened.notice is None
                assert "day 6" in opened.article.text
            else:
                assert opened.article.text == TEASER
                assert opened.notice.startswith("The page could not be read: ")
                assert opened.notice.endswith("This is what the feed says.")
    record_property(
        "figure", f"{len(DEEP)} pages nested 60,000 deep read, {len(EMPTY)} of nothing: the feed's text shown"
    )


@pytest.mark.scorecard(17, 20)
def test_its_entry_opens_with_the_feeds_text_and_says_why(tmp_path):
    now = datetime(2026, 11, 12, 9, 0, tzinfo=UTC)
    with HostileServer() as server, Library(tmp_path / "library.sqlite", settings=SETTINGS, now=lambda: now) as library:
        library._workers_or_none = impatient()
        item = f"<guid>1</guid><title>Bridge closes</title><link>{server.url('/page')}</link>"
        item += f"<description>{TEASER}</description>"
        feed = f"<rss version='2.0'><channel><title>Post</title><item>{item}</item></channel></rss>"
        server.routes["/feed"] = reply(body=feed.encode())
        server.routes["/page"] = reply(body=SLOW, headers=["Content-Type: text/html"])
        library.feeds.add(server.url("/feed"))
        (entry,) = library.store.headlines()
        opened = library.open(entry)
        assert opened.article.text == TEASER
        assert opened.notice == (
            "The page could not be read: reading it took longer than 2 s. This is what the feed says."
        )
        server.routes["/page"] = reply(body=f"<article>{PROSE}</article>".encode(), headers=["Content-Type: text/html"])
        opened = library.open(entry)
        assert opened.notice is None, "it was not kept, so the next time the page is read"
        assert "day 6" in opened.article.text
