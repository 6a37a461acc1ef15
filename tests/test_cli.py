"""The commands, as a script would call them."""

import gzip
import json
import re
import sqlite3
from pathlib import Path

import pytest
from hostile_server import HostileServer, reply
from terminal import newsreader

SHARED = Path(__file__).resolve().parents[1].parent / "shared"

CONFIG = '[network]\nallow_private = ["127.0.0.0/8"]\n'
ARTICLE = (
    "<html><head><title>Bridge closes</title></head><body><nav>Home | World</nav><article><h1>Bridge closes</h1>"
    + "<p>The north bridge closed on Monday, the harbour office said, after cracks were found in two of its piers.</p>"
    + "<p>“Nobody will cross it before spring,” said Ada Lind, the harbour master, who inspected the piers herself.</p>"
    + "<p>According to the ministry, repairs will cost 14 million crowns and take at least five months of work.</p>" * 3
    + "</article><footer>Related Articles</footer></body></html>"
)


def feed(title: str, *items: tuple[str, str]) -> bytes:
    entries = "".join(
        f"<item><title>{words}</title><link>{url}</link><guid>{url}</guid>"
        f"<pubDate>Thu, 12 Nov 2026 08:00:00 GMT</pubDate><description>{words} ...</description></item>"
        for words, url in items
    )
    return f'<rss version="2.0"><channel><title>{title}</title>{entries}</channel></rss>'.encode()


@pytest.fixture
def server():
    with HostileServer() as server:
        page = reply(body=ARTICLE.encode(), headers=["Content-Type: text/html; charset=utf-8"])
        good = feed("The Harbour Post", ("Bridge closes", server.url("/bridge")))
        server.routes |= {
            "/feed": reply(body=good, headers=["Content-Type: application/rss+xml", 'ETag: "one"']),
            "/bridge": page,
            "/": reply(body=b'<html><link rel="alternate" type="application/rss+xml" href="/feed"></html>'),
            "/two": reply(
                body=b'<html><head><link rel="alternate" type="application/rss+xml" href="/feed">'
                b'<link rel="alternate" type="application/atom+xml" href="/other"></head></html>'
            ),
            "/page": page,
            "/empty": reply(body=b""),
            "/gone": reply("404 Not Found"),
            "/cut": reply(body=good[: len(good) // 2]),
            "/latin": reply(
                body=b'<?xml version="1.0" encoding="utf-8"?>' + feed("Caf\xe9", ("D\xe9j\xe0", "http://a.example/")).decode().encode("latin-1")
            ),
        }  # fmt: skip
        yield server


@pytest.fixture
def run(tmp_path: Path):
    (tmp_path / "config.toml").write_text(CONFIG)

    def run(*arguments: str, stdin: bytes = b""):
        options = ("--library", str(tmp_path / "library.sqlite"), "--config", str(tmp_path / "config.toml"))
        done = newsreader(*arguments, *options, home=tmp_path, stdin=stdin)
        assert b"Traceback" not in done.stderr, done.stderr.decode()
        return done

    return run


def answer(done) -> object:
    assert done.returncode == 0, done.stderr.decode()
    return json.loads(done.stdout)


def test_add_refresh_list(run, server):
    done = run("add", server.url("/feed"))
    assert (done.returncode, done.stdout) == (
        0,
        f"Following The Harbour Post ({server.url('/feed')}): 1 entry.\n".encode(),
    )
    assert server.targets() == ["/feed"], "adding a feed is one request"
    (entry,) = answer(run("list", "--json"))
    assert (entry["title"], entry["feed"], entry["read"]) == ("Bridge closes", "The Harbour Post", False)
    assert entry["published"] == "2026-11-12T08:00:00+00:00"
    assert b"Bridge closes" in run("list").stdout
    assert run("refresh").returncode == 0
    assert server.targets() == ["/feed"], "not due yet"
    assert run("refresh", "--force").returncode == 0
    assert server.asked[-1].header("If-None-Match") == '"one"'
    assert len(answer(run("list", "--json"))) == 1
    assert run("add", server.url("/feed")).returncode == 1


def test_add_finds_the_feed_of_a_page_and_asks_when_there_are_two(run, server):
    assert run("add", server.url("/")).returncode == 0
    assert server.targets() == ["/", "/feed"]
    done = run("add", server.url("/two"))
    assert done.returncode == 1
    assert server.url("/other") in done.stderr.decode()


def test_a_private_address_needs_the_persons_word(run, server, tmp_path):
    (tmp_path / "config.toml").write_text("")
    done = run("add", server.url("/feed"))
    assert done.returncode == 1
    assert b"allow_private" in done.stderr
    assert server.connections == 0


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("/page", "web page"),
        ("/empty", "empty"),
        ("/gone", "404"),
    ],
)
def test_what_is_no_feed_is_refused_in_one_line(run, server, path, why):
    done = run("add", server.url(path))
    assert done.returncode == 1
    (line,) = done.stderr.decode().splitlines()
    assert server.url(path) in line
    assert why in line


def test_one_bad_feed_never_stops_the_others_and_loses_nothing(run, server, tmp_path):
    names = ("feed", "page", "empty", "gone", "cut", "latin")
    outlines = "".join(f'<outline type="rss" text="{name}" xmlUrl="{server.url("/" + name)}"/>' for name in names)
    (tmp_path / "feeds.opml").write_text(f'<opml version="2.0"><body>{outlines}</body></opml>')
    assert b"6 feeds added" in run("import", str(tmp_path / "feeds.opml")).stdout
    done = run("refresh")
    assert done.returncode == 3
    told = {line.split(":")[1].split()[0]: line for line in done.stderr.decode().splitlines() if "http" in line}
    assert set(told) == {"page", "empty", "gone"}
    assert "web page" in told["page"]
    assert "empty" in told["empty"]
    assert "404" in told["gone"]
    before = answer(run("list", "--json"))
    assert {entry["title"] for entry in before} >= {"Bridge closes", "Déjà"}
    server.routes["/feed"] = reply("500 Internal Server Error")
    assert run("refresh", "--force").returncode == 3
    assert answer(run("list", "--json")) == before
    failed = {row["title"]: row["error"] for row in answer(run("list", "--feeds", "--json"))}
    assert "500" in failed["feed"]
    assert failed["latin"] is None


def test_opml_goes_out_as_it_came_in(run, tmp_path):
    opml = b'<opml version="2.0"><body><outline text="World"><outline type="rss" text="A &amp; B" xmlUrl="https://a.example/feed"/></outline></body></opml>'
    assert run("import", "opml", "-", stdin=opml).returncode == 0
    assert run("export", str(tmp_path / "out.opml")).returncode == 0
    again = run("import", str(tmp_path / "out.opml"))
    assert again.stdout == b"0 feeds added, 1 followed already, 0 refused.\n"
    undated = lambda opml: re.sub(rb"<dateCreated>.*?</dateCreated>", b"", opml)  # noqa: E731
    assert undated(run("export", "opml").stdout) == undated((tmp_path / "out.opml").read_bytes())
    assert run("import", str(tmp_path / "none.opml")).returncode == 1


def test_the_filters_on_a_file_a_url_and_standard_input(run, server, tmp_path):
    (tmp_path / "page.html").write_text(ARTICLE, encoding="utf-8")
    (tmp_path / "feed.xml").write_bytes(feed("Post", ("One", "https://a.example/1")))
    parsed = answer(run("feed", str(tmp_path / "feed.xml")))
    assert list(parsed) == ["title", "link", "entries", "warnings"]
    assert list(parsed["entries"][0]) == [
        "id", "title", "link", "published", "author", "summary", "content", "image", "enclosures",
    ]  # fmt: skip
    assert answer(run("feed", "--json", server.url("/feed")))["title"] == "The Harbour Post"
    article = answer(run("extract", server.url("/page")))
    assert list(article) == [
        "id", "title", "byline", "published", "site", "language", "text", "blocks", "links", "extractor",
        "modified", "origins", "canonical", "next_page", "emphasis", "image", "captions", "wall", "notice",
    ]  # fmt: skip
    assert "Related Articles" not in article["text"]
    assert article == answer(run("extract", str(tmp_path / "page.html")))
    piped = answer(run("claims", "-", stdin=json.dumps(article).encode()))
    assert piped["text"] == article["text"]
    speakers = {claim["speaker"] for claim in piped["claims"]}
    assert "Ada Lind" in speakers
    assert answer(run("claims", server.url("/page")))["claims"] == piped["claims"]
    text = b"\xe2\x80\x9cNever,\xe2\x80\x9d said\tAda Lind.\r\n\x1b[31mRed"
    said = answer(run("claims", stdin=text))
    assert len(said["text"]) == len(text.decode())
    assert "\x1b" not in said["text"]


def test_the_filters_line_by_line_keep_order_and_ids_and_say_which_line_is_bad(run, server, tmp_path):
    def lines(*given: object) -> bytes:
        return b"".join((one if isinstance(one, bytes) else json.dumps(one).encode()) + b"\n" for one in given)

    def rows(done) -> list[dict]:
        return [json.loads(line) for line in done.stdout.splitlines()]

    (tmp_path / "page.html").write_text(ARTICLE, encoding="utf-8")
    done = run(
        "extract", "--jsonl",
        stdin=lines(
            {"id": "a", "html": ARTICLE, "url": "https://a.example/x"}, b"{broken",
            {"id": "b", "path": str(tmp_path / "page.html")}, {"id": "c", "html": ""},
            {"id": "d"}, {"id": "e", "path": "/nowhere"},
        ),
    )  # fmt: skip
    assert done.returncode == 1
    came = rows(done)
    assert [row["id"] for row in came] == ["a", None, "b", "c", "d", "e"]
    assert ["error" in row for row in came] == [False, True, False, True, True, True]
    assert came[0]["text"] == came[2]["text"]
    done = run("claims", "--jsonl", stdin=lines({"id": 1, "title": "T", "text": "“No,” said Ada Lind."}, {"id": 2}))
    assert [list(row)[:2] for row in rows(done)] == [["id", "text"], ["id", "error"]]
    given = [{"id": 3, "path": str(tmp_path / "page.html")}, {"id": 4, "url": server.url("/page")}]
    said = [row["claims"] for row in rows(run("claims", "--jsonl", stdin=lines(*given)))]
    assert said[0] == said[1] != []
    secret = [{"id": 5, "url": str(tmp_path / "page.html")}, {"id": 6, "url": f"file://{tmp_path}/page.html"}]
    done = run("extract", "--jsonl", stdin=lines(*secret, {"id": 7, "path": "-"}, {"id": 8, "html": ARTICLE}))
    assert ["error" in row for row in rows(done)] == [True, True, True, False], "a line's url is never a file"
    done = run(
        "feed", "--jsonl", stdin=lines({"id": 7, "url": server.url("/feed")}, {"id": 8, "url": server.url("/gone")})
    )
    assert [row.get("title") or row["error"] for row in rows(done)] == [
        "The Harbour Post",
        f"{server.url('/gone')}: the server answered 404 Not Found",
    ]
    story = {
        "title": "Ferry Stella Vik sinks off Skerra",
        "text": "The ferry Stella Vik sank off Skerra, Coastguard says.",
    }
    done = run(
        "stories", "--jsonl",
        stdin=lines(
            {"id": "x", "published": "2026-11-12T08:00:00Z", **story},
            {"id": "y", "published": "2026-11-12T09:00:00Z", **story},
            {"id": "z", "title": "Parliament passes budget", "text": "The budget passed.", "published": "nonsense"},
            {"no": "id"},
        ),
    )  # fmt: skip
    came = rows(done)
    assert done.returncode == 1
    assert came[0]["story"] == came[1]["story"] != came[2]["story"]
    assert came[1]["related"][0]["id"] == "x"
    assert "error" in came[3]


def test_a_password_in_an_address_is_never_printed(run, server, tmp_path):
    url = server.url("/gone").replace("//", "//ada:s3cret@")
    untitled = server.url("/untitled").replace("//", "//ada:s3cret@")
    server.routes["/untitled"] = reply(
        body=b"<rss version='2.0'><channel><item><title>A</title></item></channel></rss>"
    )
    opml = f'<opml version="2.0"><body><outline xmlUrl="{url}"/></body></opml>'
    for done in (
        run("add", url), run("add", untitled), run("add", untitled), run("import", "-", stdin=opml.encode()),
        run("refresh", "--force"), run("list"), run("list", "--json"), run("list", "--feeds"), run("feed", url),
    ):  # fmt: skip
        assert b"s3cret" not in done.stdout + done.stderr


GOLD = {
    "id": "one",
    "text": "“Nobody will cross it before spring,” Ada Lind said.",
    "attributions": [
        {
            "content": [[0, 37]],
            "cue": [[47, 51]],
            "source": [[38, 46]],
            "speaker": "Ada Lind",
            "kind": "person",
            "named": True,
            "quotation": "direct",
            "via": [],
            "denied": False,
        }
    ],
}


def test_eval_claims(run, tmp_path):
    (tmp_path / "gold").mkdir()
    (tmp_path / "gold" / "one.json").write_text(json.dumps(GOLD), encoding="utf-8")
    done = run("eval", "claims", str(tmp_path / "gold"))
    assert done.returncode == 0
    lines = done.stdout.decode().splitlines()
    assert lines[0] == "1 article"
    assert lines[2].split() == ["found", "precision", "recall", "F1", "gold", "predicted"]
    assert lines[3].split() == ["attribution", "100.0", "100.0", "100.0", "1", "1"]
    assert lines[-1].split() == ["figure", "bound", "–", "0"]
    assert len({len(line) for line in lines[2:11]}) == 1, "the columns are aligned"
    scores = answer(run("eval", "claims", "--json", str(tmp_path / "gold"), str(tmp_path / "gold" / "one.json")))
    assert scores["articles"] == 2
    assert scores["found"]["attribution"] == {"precision": 100, "recall": 100, "f1": 100, "gold": 2, "predicted": 2}
    assert scores["accuracy"]["speaker"] == {"percent": 100, "of": 2}


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (None, "can't be read: No such file"),
        ("not JSON", "is not an annotated article: it is not JSON"),
        (json.dumps(GOLD | {"text": None}), "is not an annotated article: expected 'str'"),
        ('{"id": "one", "text": ""}', "is not an annotated article: object missing required field 'attributions'."),
    ],
)
def test_eval_of_what_is_not_annotated(run, tmp_path, body, why):
    if body is not None:
        (tmp_path / "gold.json").write_text(body, encoding="utf-8")
    done = run("eval", "claims", str(tmp_path / "gold.json"))
    assert done.returncode == 1
    assert why in done.stderr.decode()
    assert done.stderr.count(b"\n") == 1


def test_eval_of_nothing(run, tmp_path):
    (tmp_path / "empty").mkdir()
    done = run("eval", "claims", str(tmp_path / "empty"))
    assert done.returncode == 1
    assert b"no annotated articles" in done.stderr
    assert run("eval").returncode == 2
    assert run("eval", "claims").returncode == 2
    assert b"examples:" in run("eval", "claims", "--help").stdout


def test_usage_and_exit_codes(run, tmp_path):
    assert run("nonsense").returncode == 2
    assert run("feed", "/nowhere").returncode == 1
    assert run("feed", "--json", "--jsonl").returncode == 2
    (tmp_path / "config.toml").write_text("[netwrok]\n")
    done = run("list")
    assert done.returncode == 2
    assert b"line 1" in done.stderr
    assert b"did you mean 'network'" in done.stderr
    assert newsreader("list", "--config", str(tmp_path / "none.toml"), home=tmp_path).returncode == 2


def test_a_library_of_a_newer_program_is_exit_code_4(run, tmp_path):
    assert run("refresh").returncode == 0
    db = sqlite3.connect(tmp_path / "library.sqlite")
    db.execute("PRAGMA user_version = 1000")
    db.close()
    done = run("list")
    assert done.returncode == 4
    assert b"newer newsreader" in done.stderr


def test_what_a_library_is_not(run, tmp_path):
    (tmp_path / "library.sqlite").write_bytes(b"these are my notes, not a library\n" * 200)
    done = run("list")
    assert done.returncode == 1
    assert b"not a library" in done.stderr
    assert (tmp_path / "library.sqlite").read_bytes().startswith(b"these are my notes")


@pytest.mark.skipif(not (SHARED / "data" / "feeds" / "captured").is_dir(), reason="shared/data/feeds is not here")
def test_every_captured_feed_goes_through(run):
    captured = sorted((SHARED / "data" / "feeds" / "captured").iterdir())
    given = "".join(json.dumps({"id": path.name, "path": str(path)}) + "\n" for path in captured)
    done = run("feed", "--jsonl", stdin=given.encode())
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert [row["id"] for row in rows] == [path.name for path in captured]
    assert [row for row in rows if "error" in row] == []
    assert sum(len(row["entries"]) for row in rows) > 1000


@pytest.mark.skipif(not (SHARED / "eval" / "claims_dev").is_dir(), reason="shared/eval/claims_dev is not here")
def test_the_claims_of_the_seed_story_are_found(run):
    gold = json.loads((SHARED / "eval" / "claims_dev" / "seed.json").read_text(encoding="utf-8"))
    line = json.dumps({"id": gold["id"], "title": gold["title"], "text": gold["text"]}) + "\n"
    (found,) = [json.loads(line) for line in run("claims", "--jsonl", stdin=line.encode()).stdout.splitlines()]
    assert found["text"] == gold["text"]
    said = {claim["speaker"] for claim in found["claims"]}
    assert {"The New York Times", "Gina Raimondo", "Frederick W. Kagan"} <= said
    (cited,) = [claim for claim in found["claims"] if "declassified US intelligence" in claim["via"]][:1]
    assert cited["speaker"] == "The New York Times"


def test_a_page_packed_with_gzip_is_read(run, server):
    headers = ["Content-Type: text/html", "Content-Encoding: gzip"]
    server.routes["/packed"] = reply(body=gzip.compress(ARTICLE.encode()), headers=headers)
    assert "Ada Lind" in answer(run("extract", server.url("/packed")))["text"]
