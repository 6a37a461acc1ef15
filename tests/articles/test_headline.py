import time

import pytest

from reader.articles import headline, page
from reader.articles.stated import stated

LONG = "Council votes to close the river baths"


def read(head: str, body: str = "", url: str | None = None) -> headline.Headline:
    root = page.tree(f"<html><head>{head}</head><body>{body}<p>x</p></body></html>")
    return headline.read(root, stated(root, url))


def og(title: str, site: str = "") -> str:
    named = f'<meta property="og:site_name" content="{site}">' if site else ""
    return f'<meta property="og:title" content="{title}">{named}'


@pytest.mark.parametrize(
    ("head", "body", "text", "origin"),
    [
        (og(LONG), f"<h1>{LONG}</h1>", LONG, "h1"),
        (og("Baths to close"), f"<h1>{LONG}</h1>", LONG, "h1"),
        (og("Pupils leave the old school"), f"<h1>{LONG}</h1>", "Pupils leave the old school", "meta og:title"),
        (og(LONG), "<h1>Baths</h1>", LONG, "meta og:title"),
        (f'<meta name="twitter:title" content="{LONG}"><title>x</title>', "", LONG, "meta twitter:title"),
        (og(LONG) + '<meta name="twitter:title" content="Other words">', "", LONG, "meta og:title"),
        (og(LONG) + "<title>Other words altogether here</title>", "", LONG, "meta og:title"),
        (f"<title>{LONG}</title>", "", LONG, "title"),
        (f"<title>{LONG} - The Courier</title>", f"<h2>{LONG}</h2>", LONG, "title"),
        ("", f"<h1>{LONG}</h1>", LONG, "h1"),
        ("", f"<h1> </h1><h1><img src=x></h1><h1>{LONG}</h1><h1>Second</h1>", LONG, "h1"),
        ("", "", "", None),
        ("<title> </title>", "<h1></h1>", "", None),
    ],
)
def test_rank(head, body, text, origin):
    found = read(head, body)
    assert (found.text, found.origin) == (text, origin)


def test_a_heading_agrees_with_the_headline_that_json_ld_states():
    data = '<script type="application/ld+json">{"@type": "NewsArticle", "headline": "River baths to close"}</script>'
    head = "<title>Something else entirely here</title>" + data
    assert read(head, "<h1>River baths to close</h1>").origin == "h1"


def test_of_several_headings_the_one_that_is_the_headline():
    body = f"<h1>Latest news</h1><h1>{LONG}</h1><h1>{LONG}, again</h1>"
    found = read(og(LONG), body)
    assert (found.text, found.origin) == (LONG, "h1")
    assert found.element is not None
    assert found.element.text == LONG


@pytest.mark.parametrize("name", ["The Courier", "THE COURIER", "Thecourier"])
def test_a_heading_that_is_the_sites_name_is_none(name):
    assert read(og(LONG, "The Courier"), f"<h1>{name}</h1>", "https://www.thecourier.test/1").text == LONG
    assert read(f"<title>{LONG}</title>", f"<h1>{name}</h1>", "https://www.thecourier.co.test/1").origin == "title"


@pytest.mark.parametrize(
    ("title", "site", "url", "text"),
    [
        (f"{LONG} - The Courier", "The Courier", None, LONG),
        (f"The Courier: {LONG}", "The Courier", None, f"The Courier: {LONG}"),
        (f"The Courier | {LONG}", "The Courier", None, LONG),
        (f"The Courier – {LONG}", "The Courier", None, LONG),
        (f"{LONG} | The Courier | Local", "The Courier", None, LONG),
        (f"{LONG} | Local | The Courier", "", None, LONG),
        (f"{LONG} » The Courier", "The Courier", None, LONG),
        (f"{LONG} :: Courier", "", "https://courier.test/", LONG),
        (f"{LONG} - Courier", "", "https://courier.test/", LONG),
        (f"{LONG} — The Daily Courier", "", None, LONG),
        (f"{LONG}|The Courier", "", None, LONG),
        ("Baths - and what the council says of them now", "", None, "Baths - and what the council says of them now"),
        ("Half-term: what to do", "", None, "Half-term: what to do"),
        ("Baths - Courier", "", None, "Baths - Courier"),
        ("The Courier", "The Courier", None, "The Courier"),
        ("| |", "", None, "| |"),
    ],
)
def test_the_sites_name_is_cut(title, site, url, text):
    assert read(f"<title>{title}</title>" + (og("", site) if site else ""), url=url).text == text


def test_the_part_that_the_page_shows_is_the_headline():
    found = read(
        "<title>Old Town Post Daily Edition - Baths will close soon - x</title>", "<b>Baths will close soon</b>"
    )
    assert found.text == "Baths will close soon"
    assert found.element is not None
    assert found.element.tag == "b"


def test_titles_are_one_plain_line():
    assert (
        read("<title>Baths &amp;amp;amp; pools\n of &lt;b&gt;the\x1b river\u202e</title>").text
        == "Baths & pools of <b>the river"
    )
    assert read("", "<h1>Council votes<br>to close\n\n the <b>river</b> baths</h1>").text == LONG
    assert len(read(f"<title>{'word ' * 1000}</title>").text) <= 500
    assert len(read("", f"<h1>{'word ' * 1000}</h1>").text) <= 500


def test_fold():
    assert headline.fold("The “Courier’s” ÉTÉ, 2024!") == "the courier s été 2024"
    assert headline.fold("市議会・会") == headline.fold("市議会 会")


@pytest.mark.parametrize(
    ("head", "body"),
    [
        ("<title>" + "ab cd | " * 20_000 + "</title>", "<div>q</div>" * 5_000),
        ("<title>" + " - " * 30_000 + "</title>", ""),
        ("<title>" + " " * 200_000 + "|</title>", ""),
        ("<title>zzz</title>", "<h1>Abc def</h1>" * 20_000),
        (og("word " * 200_000), f"<h1>{'other ' * 100_000}</h1>"),
    ],
)
def test_hostile_titles_are_quick(head, body):
    root = page.tree(f"<html><head>{head}</head><body>{body}</body></html>")
    started = time.process_time()
    headline.read(root, stated(root, None))
    assert time.process_time() - started < 1
