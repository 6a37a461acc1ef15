import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reader.articles import byline, head, headline, page
from reader.articles.stated import stated
from reader.text import one_line

TITLE = "Council votes to close the river baths"
PROSE = f"<p>{'The council voted on Tuesday to close the baths by the river. ' * 4}</p>" * 3


def read(body: str = "", *, meta: str = "", data: object = None, url: str | None = "https://www.courier.test/1"):
    linked = "" if data is None else f'<script type="application/ld+json">{json.dumps(data)}</script>'
    root = page.tree(
        f"<html><head>{meta}{linked}</head><body><article><h1>{TITLE}</h1>{body}{PROSE}</article></body></html>"
    )
    assert root is not None
    facts = stated(root, url)
    return byline.read(root, facts, head.lines(root, headline.read(root, facts).element))


def article(author: object, **more: object) -> dict[str, object]:
    return {"@type": "NewsArticle", "author": author, **more}


def named(name: str) -> str:
    return f'<meta name="author" content="{name}">'


LINE = "<p>By Ada Byrne</p>"


@pytest.mark.parametrize(
    ("author", "names"),
    [
        ("Ada Byrne", "Ada Byrne"),
        ({"@type": "Person", "name": "Ada Byrne"}, "Ada Byrne"),
        ([{"name": "Ada Byrne"}, {"name": "Tom Reed"}, {"name": "Ada Byrne"}], "Ada Byrne, Tom Reed"),
        (["Ada Byrne", "By Tom Reed"], "Ada Byrne, Tom Reed"),
        ("By: Ada Byrne,", "Ada Byrne"),
        ("Von Ada Byrne", "Ada Byrne"),
        ("Byron Price", "Byron Price"),
        ("Vonda McIntyre", "Vonda McIntyre"),
        ("Ada&amp;nbsp;Byrne\n", "Ada Byrne"),
        ("Ada Byrne &amp; Tom Reed", "Ada Byrne & Tom Reed"),
        ("市川房枝", "市川房枝"),
        ({"name": ["Ada Byrne"]}, None),
        ({"name": {"name": "Ada"}}, None),
        (3, None),
        ([None, [], {}], None),
        ("x" * 101, None),
    ],
)
def test_what_json_ld_states(author, names):
    found = read(data=article(author))
    assert found == (names, "json-ld" if names else None)


@pytest.mark.parametrize(
    "name",
    [
        *(
            "admin",
            "Administrator",
            "editor",
            "staff",
            "Guest",
            "unknown",
            "null",
            "undefined",
            "Super User",
            "редакция",
        ),
        *("https://courier.test/ada", "www.courier.test", "courier.com", "ada@courier.test", "---", "42", ""),
    ],
)
def test_accounts_and_addresses_are_nobody(name):
    assert read(data=article(name)).text is None
    assert read(meta=named(name)).text is None
    assert read(f"<p>By {name}</p>").text is None


def test_rank():
    person, other = article("Ada Byrne"), named("Tom Reed")
    assert read("<p>By Lena Ost</p>", meta=other, data=person) == ("Ada Byrne", "json-ld")
    assert read("<p>By Lena Ost</p>", meta=other) == ("Tom Reed", "meta author")
    assert read('<p class="byline">Lena Ost</p><p>By Ada Byrne</p>') == ("Lena Ost", "markup")
    assert read(LINE) == ("Ada Byrne", "shown")
    assert read(f'{PROSE}<div><span class="author-name">Lena Ost</span></div>') == ("Lena Ost", "markup")
    assert read() == (None, None)


@pytest.mark.parametrize(
    ("name", "origin"),
    [("parsely-author", "meta parsely-author"), ("dc.creator", "meta dc.creator"), ("BYL", "meta byl")],
)
def test_meta_elements(name, origin):
    assert read(meta=f'<meta name="{name}" content="By Ada Byrne">') == ("Ada Byrne", origin)


def test_catalogues_put_the_family_name_first():
    assert read(meta='<meta name="dc.creator" content="Byrne, Ada B.">').text == "Ada B. Byrne"
    assert read(meta='<meta name="author" content="Byrne, Ada">').text == "Byrne, Ada"


@pytest.mark.parametrize(
    "house",
    ["The Courier", "the courier", "thecourier", "adabyrne", "Courier Media Inc.", "Courier Verlag GmbH"],
)
def test_the_site_a_company_or_an_account_stated_ranks_after_a_name_shown(house):
    site = '<meta property="og:site_name" content="The Courier">'
    url = "https://www.thecourier.test/1"
    assert read(LINE, meta=site + named(house), url=url) == ("Ada Byrne", "shown")
    assert read(meta=site + named(house), url=url) == (house, "meta author")


def test_an_organisation_that_is_the_publisher_wrote_nothing():
    for name in ("The Courier", "The Courier Sport"):
        data = article({"@type": "NewsMediaOrganization", "name": name}, publisher={"name": "The Courier"})
        assert read(data=data).text is None
    other = article({"@type": "Organization", "name": "Press Union"}, publisher={"name": "The Courier"})
    assert read(data=other) == ("Press Union", "json-ld")
    person = article({"@type": "Person", "name": "The Courier Cat"}, publisher=[{"name": "The Courier"}])
    assert read(data=person) == ("The Courier Cat", "json-ld")


def test_the_page_may_name_more_than_a_meta_element():
    marked = '<p class="byline"><span>Ada Byrne</span> and <span>Tom Reed</span></p>'
    assert read(marked, meta=named("Ada Byrne")) == ("Ada Byrne and Tom Reed", "markup")
    assert read(marked, meta=named("Lena Ost")) == ("Lena Ost", "meta author")


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("By Ada Byrne", "Ada Byrne"),
        ("BY ADA BYRNE", "ADA BYRNE"),
        ("Written by: Ada Byrne", "Ada Byrne"),
        ("Words by Ada Byrne", "Ada Byrne"),
        ("Von Ada Byrne", "Ada Byrne"),
        ("Par Ada Byrne", "Ada Byrne"),
        ("Por Ada Byrne", "Ada Byrne"),
        ("Di Ada Byrne", "Ada Byrne"),
        ("Door Ada Byrne", "Ada Byrne"),
        ("Av Ada Byrne", "Ada Byrne"),
        ("Автор: Анна Орлова", "Анна Орлова"),
        ("作者：王小明", "王小明"),
        ("文：市川房枝", "市川房枝"),
        ("By Ludwig van der Berg", "Ludwig van der Berg"),
        ("By María de la Cruz", "María de la Cruz"),
        ("By J. R. O'Neill-Price", "J. R. O'Neill-Price"),
        ("By Dr. Ada Byrne", "Dr. Ada Byrne"),
        ("By Ada Byrne, MD", "Ada Byrne, MD"),
        ("By Ada Byrne, Ph.D.", "Ada Byrne, Ph.D."),
        ("By Ada Byrne and Tom Reed", "Ada Byrne and Tom Reed"),
        ("By Ada Byrne, Tom Reed & Lena Ost", "Ada Byrne, Tom Reed & Lena Ost"),
        ("Von Ada Byrne und Tom Reed", "Ada Byrne und Tom Reed"),
        ("By Ada Byrne, Political Editor", "Ada Byrne"),
        ("By Ada Byrne, Senior Climate and Energy Reporter", "Ada Byrne"),
        ("By Ada Byrne Staff Writer", "Ada Byrne"),
        ("By Ada Byrne, The Courier", "Ada Byrne"),
        ("By Ada Byrne | 3 May 2024", "Ada Byrne"),
        ("By Ada Byrne 3 May 2024", "Ada Byrne"),
        ("By Ada Byrne on May 3, 2024", "Ada Byrne"),
        ("By Ada Byrne Updated 10:15", "Ada Byrne"),
        ("By Ada Byrne - 4 min read", "Ada Byrne"),
        ("3 May 2024 by Ada Byrne", "Ada Byrne"),
        ("Ada Byrne, 3 May 2024", "Ada Byrne"),
        ("Ada Byrne (@adabyrne)", "Ada Byrne"),
        ("Story by Ada Byrne, photographs by Tom Reed", "Ada Byrne"),
        ("Photos by Tom Reed, words by Ada Byrne", "Ada Byrne"),
        ("Photo by Ada Byrne", None),
        ("The baths. Photo by Ada Byrne", None),
        ("Edited by Ada Byrne", None),
        ("By the river", None),
        ("By ada byrne", None),
        ("By Byrne", None),
        ("Read More 3 May 2024", None),
        ("View All, 3 May 2024", None),
        ("The Courier, 3 May 2024", None),
        ("DATE: 3 May 2024", None),
        ("Ada Byrne", None),
    ],
)
def test_what_a_line_says(line, names):
    assert read(f"<p>{line}</p>").text == names


@pytest.mark.parametrize("label", ["By", "by:", "Author", "Written by", "Par"])
def test_a_label_in_its_own_line(label):
    assert read(f"<p>{label}</p><p>Ada Byrne</p>").text == "Ada Byrne"
    assert read(f"<p>{label}</p><p>the river</p>").text is None


def test_a_name_with_what_the_person_is():
    assert read("<div>Ada Byrne</div><div>Co-Founder &amp; Marketing Director</div>").text == "Ada Byrne"
    assert read("<div>Ada Byrne</div><div>Old Town</div>").text is None


@pytest.mark.parametrize(
    "line",
    [
        '<p><a href="/category/homes">Real Estate</a> 3 May 2024</p>',
        '<p><a href="/topics">Mobile Apps</a> 3 May 2024</p>',
        '<p><span class="kicker">Mobile Apps</span> 3 May 2024</p>',
        '<p><a rel="category tag" href="/x">Real Estate</a> 3 May 2024</p>',
    ],
)
def test_a_section_before_the_date_is_no_name(line):
    assert read(line).text is None


def test_a_section_that_the_page_states_is_no_name():
    line = "<p>Real Estate, 3 May 2024</p>"
    assert read(line).text == "Real Estate"
    assert read(line, meta='<meta property="article:section" content="Real estate">').text is None
    assert read(line, meta='<meta name="keywords" content="homes, real estate">').text is None
    assert read(line, data=article(None, articleSection=["Homes", "Real Estate"])).text is None


@pytest.mark.parametrize(
    "markup",
    [
        '<div class="byline">Ada Byrne</div>',
        '<div class="post-author"><a href="/u/1">Ada Byrne</a></div>',
        '<span itemprop="author"><span itemprop="name">Ada Byrne</span></span>',
        '<p><a rel="author" href="/u/1">Ada Byrne</a></p>',
        '<p><a href="/author/ada">Ada Byrne</a></p>',
        '<div id="author">By Ada Byrne | 3 May 2024</div>',
        '<div class="author-photo">Tom Reed</div><div class="author">Ada Byrne</div>',
        '<p><a href="/author/ada">Ada Byrne</a></p>' + PROSE + '<p><a href="/author/tom">Tom Reed</a></p>',
    ],
)
def test_what_markup_says(markup):
    assert read(markup) == ("Ada Byrne", "markup")


def test_several_marked_names():
    links = [f'<a href="/author/{name[0]}">{name}</a>' for name in ("Ada Byrne", "Tom Reed", "Lena Ost")]
    marked = f"<p>{links[0]}, {links[1]} and {links[2]}</p>"
    assert read(marked).text == "Ada Byrne, Tom Reed, Lena Ost"


def test_two_boxes_about_authors_say_nothing():
    boxes = '<div><span class="author-name">Lena Ost</span></div><div><span class="author-name">Tom Reed</span></div>'
    assert read(PROSE + boxes) == (None, None)


def test_who_comments_did_not_write_the_article():
    assert read('<div class="comments"><p class="author">Tom Reed</p><p>By Tom Reed</p></div>').origin != "shown"


def check(found: byline.Byline) -> None:
    assert (found.text is None) == (found.origin is None)
    assert found.text is None or (found.text == one_line(found.text) != "")


words = st.sampled_from(
    ["By", "Ada", "Byrne", "de", ",", " ", "and", "|", "-", "@a", "3 May 2024", "王", "J.", "MD", "in", "\x1b"]
)
texts = st.one_of(st.text(max_size=60), st.lists(words, max_size=12).map(" ".join))


@given(texts, texts, st.sampled_from(["byline", "author", "x"]))
def test_any_text_is_a_clean_name_or_none(stated_name, shown, marks):
    escaped = shown.replace("&", "&amp;").replace("<", "&lt;")
    check(read(f'<p class="{marks}">{escaped}</p>', data=article(stated_name)))
    check(read(f'<p class="{marks}">{escaped}</p>'))


@pytest.mark.parametrize(
    "text",
    [
        "By Jo Bo," + "A" * 60 + "!",
        "by " * 50_000,
        "By Ada " * 20_000,
        "Ada, " * 50_000,
        "1" * 200_000,
        ", senior " * 20_000,
        "A." * 50_000,
        "x" * 10**6,
    ],
)
def test_hostile_names_are_quick(text):
    started = time.process_time()
    read(
        f'<p class="author">{text}</p>{"<span class=author>" * 100}{text}', meta=named(text), data=article([text] * 20)
    )
    assert time.process_time() - started < 1
