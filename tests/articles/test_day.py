import json
import time
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reader.articles import day, head, headline, page
from reader.articles.stated import stated

TITLE = "Council votes to close the river baths"
PROSE = f"<p>{'The council voted on Tuesday to close the baths by the river. ' * 4}</p>" * 3


def instant(text: str) -> datetime:
    when = datetime.fromisoformat(text)
    return when if when.tzinfo else when.replace(tzinfo=UTC)


def find(html: str, url: str | None = None) -> tuple[day.Day, day.Day]:
    root = page.tree(html)
    assert root is not None
    facts = stated(root, url)
    return day.read(root, facts, head.lines(root, headline.read(root, facts).element), url)


def read(
    body: str = "", *, meta: str = "", data: object = None, url: str | None = None, lang: str = "en", after: str = ""
):
    linked = "" if data is None else f'<script type="application/ld+json">{json.dumps(data)}</script>'
    article = f"<article><h1>{TITLE}</h1>{body}{PROSE}</article>"
    return find(f"<html lang={lang}><head>{meta}{linked}</head><body>{article}{after}</body></html>", url)


def published(body: str = "", **more: object) -> tuple[str, str | None] | None:
    """The day of publication in ISO form, and its origin."""
    found = read(body, **more)[0]
    return None if found.when is None else (found.when.isoformat()[:10], found.origin)


def named(name: str, content: str) -> str:
    return f'<meta property="{name}" content="{content}">'


def article(**more: object) -> dict[str, object]:
    return {"@type": "NewsArticle", **more}


SHOWN = "<p>Published 3 May 2024</p>"
NOTHING = (day.Day(None, None), day.Day(None, None))


def test_a_page_that_states_no_day_has_none():
    assert read() == NOTHING
    assert read(meta=named("date", "yesterday"), data=article(datePublished="soon", dateModified=None)) == NOTHING
    assert read(data=article(datePublished={"@value": "2024-05-03"})) == NOTHING


def test_rank():
    meta = named("article:published_time", "2024-05-03T08:00Z")
    data = article(datePublished="2024-05-03T07:00:00Z")
    time_element = '<time itemprop="datePublished" datetime="2024-05-03T09:00Z">3 May 2024</time>'
    body = f"<p>{time_element}</p>"
    url = "https://courier.test/2024/05/02/baths"
    assert read(body, meta=meta, data=data, url=url)[0] == day.Day(instant("2024-05-03T07:00"), "json-ld")
    assert read(body, meta=meta, url=url)[0] == day.Day(instant("2024-05-03T08:00"), "meta article:published_time")
    assert read(body, url=url)[0] == day.Day(instant("2024-05-03T09:00"), "microdata")
    assert read(SHOWN, url=url)[0] == day.Day(instant("2024-05-03"), "shown")
    assert published(PROSE, after="<div class=post-date>4 May 2024</div>", url=url) == ("2024-05-04", "markup")
    assert published(url=url) == ("2024-05-02", "address")


@pytest.mark.parametrize(
    "name",
    ["og:published_time", "datePublished", "parsely-pub-date", "DC.date.issued", "date", "pubdate", "citation_date"],
)
def test_meta_elements(name):
    assert published(meta=named(name, "2024-05-03")) == ("2024-05-03", f"meta {name.lower()}")


@pytest.mark.parametrize("name", ["article:modified_time", "og:updated_time", "lastmod"])
def test_when_it_was_changed(name):
    meta = named("article:published_time", "2024-05-03") + named(name, "2024-05-05T10:00+02:00")
    changed = read(meta=meta)[1]
    assert changed == day.Day(instant("2024-05-05T10:00+02:00"), f"meta {name}")
    assert read(meta=meta, data=article(dateModified="2024-05-06"))[1].origin == "json-ld"


def test_a_change_at_the_very_instant_of_publication_is_none():
    data = article(datePublished="2024-05-03T10:00:00Z", dateModified="2024-05-03T12:00:00+02:00")
    assert read(data=data)[1] == day.Day(None, None)


def test_the_pages_own_zone_is_kept():
    east = timezone(timedelta(hours=2))
    data = article(datePublished="2024-05-03T23:30:00Z")
    found = read('<p><time datetime="2024-05-04T01:30:00+02:00">4 May</time></p>', data=data)[0].when
    assert found == instant("2024-05-03T23:30")
    assert found.utcoffset() == east.utcoffset(None)
    assert read(data=article(datePublished="2024-05-04T01:30:00+02:00"))[0].when.utcoffset() == east.utcoffset(None)
    other = read('<p><time datetime="2024-05-04T02:30:00+02:00">4 May</time></p>', data=data)[0].when
    assert other.utcoffset() == timedelta()


@pytest.mark.parametrize(
    ("line", "published_on", "changed_on"),
    [
        ("3 May 2024", "2024-05-03", None),
        ("Published: 3 May 2024", "2024-05-03", None),
        ("Ada Byrne | May 3, 2024 at 10:15", "2024-05-03", None),
        ("Updated 5 May 2024", "2024-05-05", "2024-05-05"),
        ("Published 3 May 2024, updated 5 May 2024", "2024-05-03", "2024-05-05"),
        ("Updated 5 May 2024 | First published 3 May 2024", "2024-05-03", "2024-05-05"),
        ("Stand: 5. Mai 2024 | Erschienen: 3. Mai 2024", "2024-05-03", "2024-05-05"),
        ("Publié le 3 mai 2024, mis à jour le 5 mai 2024", "2024-05-03", "2024-05-05"),
        ("公開 2024年5月3日 更新 2024年5月5日", "2024-05-03", "2024-05-05"),
        ("Updated daily. Published 3 May 2024", "2024-05-03", None),
        ("Understand the plan. 3 May 2024", "2024-05-03", None),
        ("Credited to the mayor, 3 May 2024", "2024-05-03", None),
        ("By Jane Osborn 3 May 2024", "2024-05-03", None),
        ("3 May 2024 – 5 May 2024", None, None),
        ("3 May 2024 to 5 May 2024", None, None),
        ("3–5 May 2024", None, None),
        ("10:15–3 May 2024", "2024-05-03", None),
        ("© 3 May 2024 The Courier", None, None),
        ("Deadline: 3 May 2024", None, None),
        ("Reader since 3 May 2024", None, None),
        ("Event: 3 May 2024", None, None),
        ("The council met to vote on its plan for the first time on 3 May 2024", None, None),
        ("Council | It met on 3 May 2024", "2024-05-03", None),
        ("May 2024", None, None),
        ("3/4/2024", None, None),
    ],
)
def test_what_a_line_near_the_headline_says(line, published_on, changed_on):
    found, changed = read(f"<p>{line}</p>")
    assert (found.when and found.when.date().isoformat()) == published_on
    assert (changed.when and changed.when.date().isoformat()) in {changed_on, None}
    if changed_on and changed_on != published_on:
        assert changed.when


def test_a_number_is_a_month_as_the_pages_language_has_it():
    assert published("<p>3/4/2024</p>", lang="en-GB") == ("2024-04-03", "shown")
    assert published("<p>3/4/2024</p>", lang="en-US") == ("2024-03-04", "shown")


def test_a_label_in_a_line_of_its_own():
    found, changed = read("<p>Updated</p><p>5 May 2024</p><p>Published</p><p>3 May 2024</p>")
    assert found.when == instant("2024-05-03")
    assert changed.when == instant("2024-05-05")


def test_a_page_that_shows_only_when_it_was_changed_says_how_old_it_is():
    assert published("<p>Updated 5 May 2024</p>") == ("2024-05-05", "shown")


@pytest.mark.parametrize("words", ["2 hours ago", "yesterday", ""])
def test_a_time_element_says_what_its_words_do_not(words):
    body = f'<p>Posted <time datetime="2024-05-03T10:15:00+02:00">{words}</time></p>'
    assert published(body) in {("2024-05-03", "time"), ("2024-05-03", "markup")}
    assert read(f'<p>Updated <time datetime="2024-05-03">2 hours ago</time></p>{SHOWN}')[0].origin == "shown"


def test_the_date_above_the_headline_counts_if_it_is_near():
    near = f"<div><p>3 May 2024</p><h1>{TITLE}</h1>{PROSE}</div>"
    assert find(f"<html><body>{near}</body></html>")[0] == day.Day(instant("2024-05-03"), "shown")


TEMPLATE = {"@type": "WebPage", "datePublished": "2024-05-03T07:00:00+00:00"}


def test_a_templates_date_counts_only_where_the_page_shows_that_day():
    assert read(data=TEMPLATE) == NOTHING
    assert read("<p>9 June 2024</p>", data=TEMPLATE)[0] == day.Day(instant("2024-06-09"), "shown")
    assert read("<p>3 May 2024</p>", data=TEMPLATE)[0] == day.Day(instant("2024-05-03T07:00"), "json-ld")
    assert read("<p>Updated 3 May 2024</p>", data=TEMPLATE)[0].origin == "shown"


def test_what_calls_itself_a_website_counts_only_where_the_page_shows_that_day():
    meta = named("og:type", "website") + named("article:published_time", "2024-05-03T07:00Z")
    assert read(meta=meta) == NOTHING
    assert published(meta=meta, after="<p>3 May 2024</p>") == ("2024-05-03", "meta article:published_time")
    assert published(meta=meta, after="<time datetime=2024-05-03>x</time>") == (
        "2024-05-03",
        "meta article:published_time",
    )
    assert published(meta=meta, after="<script>'3 May 2024'</script>") is None


def test_the_older_of_a_stated_and_a_shown_day_is_the_first_publication():
    meta = named("article:published_time", "2024-05-20")
    assert published(SHOWN, meta=meta) == ("2024-05-03", "shown")
    assert published("<p>3 May 2024</p>", meta=meta) == ("2024-05-03", "shown")
    assert published("<p>Updated daily. Published 3 May 2024</p>", meta=meta) == ("2024-05-03", "shown")
    assert published("<p>Published 9 June 2024</p>", meta=meta) == ("2024-05-20", "meta article:published_time")
    assert published("<p>Updated 3 May 2024</p>", meta=meta) == ("2024-05-20", "meta article:published_time")
    assert published("<p>3 May 2024</p><p>4 May 2024</p>", meta=meta) == ("2024-05-20", "meta article:published_time")


def test_a_shown_day_within_a_day_of_the_stated_instant_is_the_same():
    meta = named("article:published_time", "2024-05-03T23:30:00Z")
    assert published("<p>4 May 2024</p>", meta=meta) == ("2024-05-03", "meta article:published_time")
    assert published("<p>3 May 2024</p>", meta=meta) == ("2024-05-03", "meta article:published_time")


def test_a_page_passes_the_day_of_its_last_change_for_its_date():
    data = article(datePublished="2024-05-03", dateModified="2024-06-09T12:00:00Z")
    assert read("<p>9 June 2024</p>", data=data)[0] == day.Day(instant("2024-06-09"), "shown")
    assert published("<p>Updated 9 June 2024</p>", data=data) == ("2024-05-03", "json-ld")
    assert published("<p>Published 9 June 2024</p>", data=data) == ("2024-05-03", "json-ld")


def test_a_date_in_a_lists_item_is_of_what_the_items_heading_says():
    event = "<ul><li><div>16 March 2026</div><h3>Swimming gala</h3><p>Harbour hall</p></li></ul>"
    assert published(event) is None
    assert published("<ul><li>16 March 2026</li><li>4 min read</li></ul>") == ("2026-03-16", "shown")


def test_many_days_without_a_label_are_a_lists():
    listed = "<p>3 May 2024</p><p>4 May 2024</p><p>5 May 2024</p>"
    assert read(listed) == NOTHING
    assert published("<p>Published 2 May 2024</p>" + listed) == ("2024-05-02", "shown")


@pytest.mark.parametrize(
    "elsewhere",
    [
        "<nav><p class=date>4 May 2024</p></nav>",
        "<footer><p class=date>4 May 2024</p></footer>",
        "<aside><time>4 May 2024</time></aside>",
        "<div id=comments><time>4 May 2024</time></div>",
        "<ol class=commentlist><li class=date>4 May 2024</li></ol>",
        "<div class=site-header><span class=date>4 May 2024</span></div>",
        "<p>The council met on 4 May 2024.</p>",
        "<p class=date>4 May 2024</p><p class=date>6 May 2024</p>",
        "<p class=updated>4 May 2024</p>",
        "<time datetime=2024-05-04>2024</time>",
        "<p class=event-date>Event: 4 May 2024</p>",
    ],
)
def test_a_date_of_something_else_is_not_the_articles(elsewhere):
    assert read(PROSE, after=elsewhere) == NOTHING


@pytest.mark.parametrize("tag", ["nav", "aside", "figcaption", "div class=comments", "footer"])
def test_a_date_beside_the_headline_in_another_part_is_not_the_articles(tag):
    name = tag.split()[0]
    part = f"<{tag}><p>4 May 2024</p></{name}>"
    html = f"<html><body><div>{part}<h1>{TITLE}</h1>{part}<p>x</p></div></body></html>"
    assert find(html)[0] == day.Day(None, None)


def test_the_foot_of_the_article_itself_is_its_own():
    html = f"<html><body><article><h1>{TITLE}</h1><footer><p>4 May 2024</p></footer>{PROSE}</article></body></html>"
    assert find(html)[0].when == instant("2024-05-04")


@pytest.mark.parametrize(
    ("url", "when"),
    [
        ("https://a.test/2024/05/03/baths", "2024-05-03"),
        ("https://a.test/news/2024-05-03-baths.html", "2024-05-03"),
        ("https://a.test/2024/5/3/", "2024-05-03"),
        ("https://a.test/2024/02/31/baths", None),
        ("https://a.test/2024/13/03/baths", None),
        ("https://a.test/2024/05/baths", None),
        ("https://a.test/12024/05/03", None),
        ("https://a.test/2024/05/031", None),
        (None, None),
    ],
)
def test_addresses(url, when):
    assert published(url=url) == ((when, "address") if when else None)


lines = st.lists(
    st.sampled_from(
        [
            *(
                "3 May 2024",
                "Updated",
                "Published",
                "4/5/2024",
                "–",
                "2024-05-09",
                "©",
                "x" * 160,
                "<br>",
                "<p>",
                "<h1>",
            ),
            *("<h1>", "<time datetime=", "'2024-01-01'>", "</time>", "<nav>", "</div>", "9999-12-31", "0001-01-01"),
        ]
    ),
    max_size=15,
).map(" ".join)


@given(lines, st.sampled_from(["", "2024-05-03", "9999-12-31T23:59:59-12:00", "x"]), st.booleans())
def test_any_page_has_aware_days_with_an_origin_or_none(body, when, is_article):
    data = {"@type": "Article" if is_article else "WebPage", "datePublished": when, "dateModified": when[::-1]}
    for found in read(body, data=data):
        assert (found.when is None) == (found.origin is None)
        assert found.when is None or found.when.utcoffset() is not None


@pytest.mark.parametrize(
    "body",
    [
        "<time datetime=2024-01-01>x</time>" * 50_000,
        "<p><time datetime=2024-01-01T00:00>3 May 2024</time>" * 10_000,
        "<div class=date>" * 150 + "word " * 20_000,
        "<time itemprop=datePublished datetime=x>y</time>" * 20_000,
        "1/1/" * 50_000,
        f"<p class='{'date ' * 100_000}'>1/1/2020</p>" * 3,
    ],
)
@pytest.mark.parametrize("meta", ["", named("og:type", "website") + named("date", "2023-01-01")])
def test_hostile_pages_are_quick(body, meta):
    root = page.tree(f"<html><head>{meta}</head><body><h1>{TITLE}</h1>{body}</body></html>")
    assert root is not None
    started = time.process_time()
    facts = stated(root, None)
    day.read(root, facts, head.lines(root, headline.read(root, facts).element), None)
    assert time.process_time() - started < 1
