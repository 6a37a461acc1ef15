import json
import time

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from reader.articles import metadata, page
from reader.model import Origins
from reader.text import clean, one_line

HERE = "https://www.courier.test/news/baths"
PROSE = f"<p>{'The council voted on Tuesday to close the baths by the river. ' * 4}</p>" * 3


def read(head: str = "", body: str = PROSE, *, url: str | None = HERE, lang: str = "") -> metadata.Metadata:
    root = page.tree(f"<html {lang}><head>{head}</head><body>{body}</body></html>")
    assert root is not None
    return metadata.read(root, url)


def linked(*items: object) -> str:
    return "".join(f'<script type="application/ld+json">{json.dumps(item)}</script>' for item in items)


def named(name: str, content: str) -> str:
    return f'<meta property="{name}" content="{content}">'


def test_a_page_that_says_nothing_of_itself():
    assert read(url=None) == metadata.Metadata(
        title="",
        byline=None,
        site=None,
        published=None,
        modified=None,
        language=None,
        canonical=None,
        next_page=None,
        image=None,
        is_free=None,
        body="",
        origins=Origins(),
    )


def test_each_fact_says_where_it_was_read():
    item = {"@type": "NewsArticle", "author": "Ada Byrne", "datePublished": "2024-05-03", "dateModified": "2024-05-09"}
    found = read(linked(item), "<h1>Council votes to close the baths</h1>" + PROSE)
    assert found.origins == Origins(title="h1", byline="json-ld", published="json-ld", modified="json-ld")
    assert read("<title>Baths</title>").origins == Origins(title="title")


@pytest.mark.parametrize(
    ("head", "site"),
    [
        (named("og:site_name", "The Courier"), "The Courier"),
        (linked({"@type": "Article", "publisher": {"name": "The Courier"}}), "The Courier"),
        (linked({"@type": "Article", "publisher": [{"name": "The Courier"}]}), "The Courier"),
        (linked({"@type": "Article", "publisher": "The Courier"}), "The Courier"),
        (named("og:site_name", "A") + linked({"@type": "Article", "publisher": "B"}), "A"),
        (linked({"@type": "WebPage", "publisher": "The Courier"}), None),
        (linked({"@type": "Article", "publisher": []}), None),
    ],
)
def test_site(head, site):
    assert read(head).site == site


@pytest.mark.parametrize(
    ("lang", "language"),
    [
        ("lang=en-GB", "en-GB"),
        ("lang=pt_BR", "pt-BR"),
        ("lang=' de '", "de"),
        ("lang='{{ x }}'", None),
        ("lang=e", None),
    ],
)
def test_language(lang, language):
    assert read(lang=lang).language == language


@pytest.mark.parametrize(
    ("head", "canonical"),
    [
        ("<link rel=canonical href=/a>", "https://www.courier.test/a"),
        ("<link rel='shortlink CANONICAL' href=/a>", "https://www.courier.test/a"),
        ("<link rel=canonical href=/a>" + named("og:url", "/b"), "https://www.courier.test/a"),
        (named("og:url", "https://b.test/"), "https://b.test/"),
        ("<link rel=canonical href='javascript:x'>", None),
        ("<link rel=canonical href='http://['>", None),
        ("<link rel=alternate href=/a>", None),
    ],
)
def test_canonical(head, canonical):
    assert read(head).canonical == canonical


@pytest.mark.parametrize(
    ("url", "href", "found"),
    [
        ("https://a.test/baths", "/baths?page=2", True),
        ("https://a.test/baths?page=2", "/baths?page=3", True),
        ("https://a.test/baths", "/baths/2", True),
        ("https://a.test/baths/", "/baths/page/2/", True),
        ("https://a.test/baths.html", "/baths-2.html", True),
        ("https://a.test/baths", "/bridge", False),
        ("https://a.test/baths", "/baths", False),
        ("https://a.test/baths", "https://b.test/baths?page=2", False),
        ("https://a.test/baths", "http://[", False),
        (None, "https://a.test/baths?page=2", False),
    ],
)
@pytest.mark.parametrize("tag", ["<link rel=next href='{}'>", "<a rel='nofollow Next' href='{}'>2</a>"])
def test_next_page(url, href, found, tag):
    there = read(body=tag.format(href) + PROSE, url=url).next_page
    assert (there is not None) is found
    assert there is None or there == f"https://a.test{href}"


def test_a_link_that_only_looks_like_the_next_page_is_none():
    assert read(body="<a rel=nextel href='?page=2'>2</a>" + PROSE).next_page is None
    assert read(body="<a href='?page=2'>Next</a>" + PROSE).next_page is None


@pytest.mark.parametrize(
    ("head", "image"),
    [
        (named("og:image", "/a.jpg"), "https://www.courier.test/a.jpg"),
        (named("twitter:image", "/a.jpg"), "https://www.courier.test/a.jpg"),
        (named("twitter:image", "/b.jpg") + named("og:image", "/a.jpg"), "https://www.courier.test/a.jpg"),
        (named("og:image", "data:x") + named("twitter:image", "/b.jpg"), "https://www.courier.test/b.jpg"),
        (linked({"@type": "Article", "image": "/a.jpg"}), "https://www.courier.test/a.jpg"),
        (linked({"@type": "Article", "image": [{"url": "/a.jpg"}, "/b.jpg"]}), "https://www.courier.test/a.jpg"),
        (linked({"@type": "Article", "image": {"url": ["/a.jpg"]}}), None),
        ("", None),
    ],
)
def test_image(head, image):
    assert read(head).image == image


@pytest.mark.parametrize(
    ("value", "is_free"),
    [
        *[(True, True), (False, False), ("True", True), ("false", False), (" FALSE ", False)],
        *[("http://schema.org/False", False), ("https://schema.org/True", True), ("no", None), (0, None), (None, None)],
        *[([False], None), ({"@value": False}, None)],
    ],
)
def test_whether_anybody_may_read_it(value, is_free):
    assert read(linked({"@type": "Article", "isAccessibleForFree": value})).is_free is is_free
    later = {"@type": "Article", "isAccessibleForFree": True}
    assert read(linked({"@type": "Article", "isAccessibleForFree": value}, later)).is_free is (is_free is not False)


def test_body():
    items = {"@type": "Article", "articleBody": 3}, {"@type": "Article", "articleBody": "One.\n\nTwo."}
    assert read(linked(*items)).body == "One.\n\nTwo."


@pytest.mark.parametrize("kind", ["Article", "BlogPosting", "Report", "Review", ["Thing", "NewsArticle"]])
def test_json_ld_is_found_wherever_it_stands(kind):
    item = {"@type": kind, "author": "Ada Byrne"}
    for data in (item, [item], {"@graph": [item]}, {"@graph": {"@graph": [[item]]}}, {"mainEntity": item}):
        assert read(linked("x", data)).byline == "Ada Byrne"
    assert read(linked({"about": item})).byline is None
    assert read(linked({"@type": "Person", "author": "Ada Byrne"})).byline is None


def test_json_ld_with_line_breaks_in_its_strings():
    assert (
        read('<script type="application/ld+json">{"@type":"Article","author":"Ada\nByrne"}</script>').byline
        == "Ada Byrne"
    )


def test_the_first_meta_element_of_a_name_counts():
    assert read(named("og:title", "Baths to close") + named("og:title", "Bridge to open")).title == "Baths to close"
    assert read('<meta name="author twitter:x" content="Ada Byrne">').byline == "Ada Byrne"
    assert read('<meta itemprop="author" content="Ada Byrne">').byline == "Ada Byrne"


def test_what_a_page_says_of_itself_is_cleaned():
    evil = "Ada\x1b]0;x\x07 \u202eByrne\n&#x202e;"
    found = read(named("author", evil) + named("og:site_name", evil) + f"<title>{evil} {evil}</title>")
    assert found.byline == "Ada ]0;x Byrne" or found.byline is None
    for text in (found.title, found.byline, found.site):
        assert text is None or text == one_line(text)


# --- properties ------------------------------------------------------------------------------------------------------

tags = st.sampled_from(
    [
        *("p", "div", "span", "a", "h1", "h2", "time", "nav", "footer", "article", "main", "br", "title", "meta", "li"),
        *("abbr", "table", "td", "section", "header", "form", "b"),
    ]
)
values = st.sampled_from(
    [
        *("author", "byline", "date", "datePublished", "og:title", "og:type", "website", "article:published_time"),
        *("2024-05-03", "3 May 2024", "9999-12-31T23:00:00-23:59", "Ada Byrne", "By Ada Byrne", "next", "canonical"),
        *("http://[", "/2", "\x1b[0m", "\u202e", "NİSAN", "x" * 200, "&amp;amp;", "comments", "1/1/2024", "-", "name"),
        *("", "文：王小明"),
    ]
)
names = st.sampled_from(
    [
        *("class", "id", "itemprop", "rel", "href", "datetime", "pubdate", "content", "property", "name", "lang"),
    ]
)
strings = st.one_of(values, st.text(max_size=20))
attributes = st.dictionaries(names, strings, max_size=3)
leaves = st.tuples(tags, attributes, strings)
trees = st.recursive(leaves, lambda inner: st.tuples(tags, attributes, st.lists(inner, max_size=4)), max_leaves=12)
keys = st.sampled_from(
    [
        *(
            "@type",
            "@graph",
            "author",
            "name",
            "publisher",
            "headline",
            "datePublished",
            "dateModified",
            "image",
            "url",
        ),
        *("isAccessibleForFree", "articleBody", "mainEntity"),
    ]
)
things = st.recursive(
    st.one_of(strings, st.none(), st.booleans(), st.integers(), st.floats()),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(keys, inner, max_size=4)),
    max_leaves=12,
)


def build(parent, tree) -> None:
    tag, marks, inside = tree
    element = parent.makeelement(tag)
    for name, value in marks.items():
        element.set(name, clean(value).replace("\ufffe", "").replace("\uffff", ""))
    if isinstance(inside, str):
        element.text = clean(inside).replace("\ufffe", "").replace("\uffff", "")
        element.tail = element.text[::-1]
    else:
        for one in inside:
            build(element, one)
    parent.append(element)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(trees, max_size=4), things, st.sampled_from([None, HERE, "http://[", "x"]))
@example([("title", {}, "x" * 499 + " y")], [], None)
def test_any_page_has_clean_metadata(forest, data, url):
    kind = data.setdefault("@type", "Article") if isinstance(data, dict) else None
    root = page.tree(f"<html><head>{linked(data)}</head><body>{kind is None}</body></html>")
    assert root is not None
    for tree in forest:
        build(root.find("body"), tree)
    found = metadata.read(root, url)
    for text in (found.title, found.byline, found.site, found.language, found.origins.title, found.origins.byline):
        assert text is None or text == one_line(text)
    assert found.byline != ""
    for when in (found.published, found.modified):
        assert when is None or when.utcoffset() is not None
    for address in (found.canonical, found.next_page, found.image):
        assert address is None or address.startswith(("http://", "https://"))
    facts = (found.title or None, found.byline, found.published, found.modified)
    origins = (found.origins.title, found.origins.byline, found.origins.published, found.origins.modified)
    assert [fact is None for fact in facts] == [origin is None for origin in origins]


TYPED = '{"@type":"Article","author":{"name":"Ada Byrne"},"datePublished":"x"}'
LARGE = "y " * 1_000_000


@pytest.mark.parametrize(
    "html",
    [
        f'<meta name=author content="{LARGE}"><meta property=og:title content="{LARGE}"><title>{LARGE}</title>',
        f'<meta name=date content="{"1/" * 1_000_000}"><h1>{LARGE}</h1>',
        f'<meta name="{LARGE}" content=x>',
        "".join(f"<meta name=a{i} content=b>" for i in range(20_000)),
        f'<html lang="{"en-" * 500_000}">x',
        f"<script type=application/ld+json>{'[' * 50_000}{']' * 50_000}</script>x",
        "<script type=application/ld+json>" + '{"@graph":' * 900 + "1" + "}" * 900 + "</script>x",
        '<script type=application/ld+json>{"@type":"Article","isAccessibleForFree":'
        + "[" * 900
        + "]" * 900
        + "}</script>",
        "<script type=application/ld+json>[" + f"{TYPED}," * 20_000 + "1]</script>x",
        f"<script type=application/ld+json>{TYPED}</script>" * 5_000 + "x",
        f'<script type=application/ld+json>{{"@type":"Article","headline":"{LARGE}","author":"{LARGE}"}}</script>x',
        "<h1>Baths</h1>" + "a<br>" * 50_000,
        "a<br>" * 50_000 + "<h1>Baths</h1>",
        "<i> </i>" * 50_000 + "<h1>Baths</h1>" + "<i> </i>" * 50_000,
        "<div>" * 180 + "<h1>Baths</h1>" + "<p>a <time class=author>c</time></p>" * 5_000,
        "<a rel=next href=/2>x</a>" * 20_000,
    ],
)
def test_hostile_pages_are_quick(html):
    root = page.tree(html)
    assert root is not None
    started = time.process_time()
    metadata.read(root, HERE)
    assert time.process_time() - started < 1


@pytest.mark.parametrize("url", ["/2024/05/03" * 50_000, "/page/1" * 50_000, "1-" * 100_000])
def test_hostile_addresses_are_quick(url):
    root = page.tree("<link rel=next href=/2><h1>Baths</h1>")
    assert root is not None
    started = time.process_time()
    metadata.read(root, f"https://courier.test{url}")
    assert time.process_time() - started < 1


def test_addresses_are_relative_to_what_the_page_says():
    root = page.tree(
        '<base href="https://cdn.test/a/"><link rel=canonical href=story><meta property=og:image content=b.jpg>'
    )
    found = metadata.read(root, "https://a.test/x/", base="https://cdn.test/a/")
    assert (found.canonical, found.image) == ("https://cdn.test/a/story", "https://cdn.test/a/b.jpg")


def test_no_password_of_an_address_is_kept():
    root = page.tree("<link rel=canonical href=/story>")
    assert metadata.read(root, "https://ada:s3cret@a.test/x/").canonical == "https://a.test/story"
