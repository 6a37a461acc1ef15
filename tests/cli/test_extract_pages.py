"""`newsreader extract`, of articles that go on on further pages."""

import json

import pytest
from hostile_server import HostileServer, reply

SAID = "The north bridge closed on day {0}, the harbour office said, after cracks were found in pier number {0}."


def page(number: int, *, following: str = "") -> str:
    text = "".join(f"<p>{SAID.format(f'{number}{count}')}</p>" for count in range(5))
    head = f'<title>Bridge closes</title><link rel="next" href="{following}">'
    return f"<html><head>{head}</head><body><article><h1>Bridge closes</h1>{text}</article></body></html>"


@pytest.fixture
def server():
    with HostileServer() as server:
        server.routes["/story"] = reply(body=page(1, following="/story?page=2").encode())
        server.routes["/story?page=2"] = reply(body=page(2, following="/story").encode())
        yield server


def lines(done) -> list[dict]:
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_an_article_of_an_address_is_read_to_its_end(run, server):
    done = run("extract", server.url("/story"))
    assert done.returncode == 0
    article = json.loads(done.stdout)
    assert server.targets() == ["/story", "/story?page=2"]
    assert all(asked.header("Accept").startswith("text/html") for asked in server.asked)
    assert len(article["blocks"]) == 10
    last = article["blocks"][-1]
    assert article["text"][last["start"] : last["end"]] == SAID.format("24")
    assert (article["next_page"], article["notice"]) == (None, None)
    server.asked.clear()
    (line,) = lines(run("extract", "--jsonl", stdin=json.dumps({"id": 1, "url": server.url("/story")}).encode()))
    assert line["text"] == article["text"]
    (claimed,) = lines(run("claims", "--jsonl", stdin=json.dumps({"id": 1, "url": server.url("/story")}).encode()))
    assert claimed["text"] == article["text"]


def test_a_page_that_fails_is_told_in_the_article_and_is_no_failure(run, server):
    server.routes["/story?page=2"] = reply("500 Internal Server Error")
    done = run("extract", server.url("/story"))
    assert (done.returncode, done.stderr) == (0, b"")
    article = json.loads(done.stdout)
    assert len(article["blocks"]) == 5
    assert article["next_page"] == server.url("/story?page=2")
    assert article["notice"].endswith("could not be read: the server answered 500 Internal Server Error.")


def test_what_is_given_and_not_fetched_fetches_nothing(run, server, tmp_path):
    given = page(1, following="/story?page=2")
    (tmp_path / "page.html").write_text(given)
    rows = [
        {"id": 1, "html": given, "url": server.url("/story")},
        {"id": 2, "path": str(tmp_path / "page.html"), "url": server.url("/story")},
    ]
    came = lines(run("extract", "--jsonl", stdin=b"".join(json.dumps(row).encode() + b"\n" for row in rows)))
    assert [(len(row["blocks"]), row["next_page"]) for row in came] == [(5, server.url("/story?page=2"))] * 2
    for done in (run("extract", str(tmp_path / "page.html")), run("extract", "-", stdin=given.encode())):
        assert len(json.loads(done.stdout)["blocks"]) == 5
    assert server.asked == []
