"""Citations: plain, as Markdown, and as two manuals of style have them."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from made import HOSTILE, highlight, highlights
from markdown_it import MarkdownIt

from reader.highlights.byline import Author, authors
from reader.highlights.citation import citation
from reader.model import CitationStyle
from reader.model.highlights import HighlightKind

BY = "By Ana Duarte and Raj Patel"


def test_a_plain_citation_has_words_speaker_outlet_day_and_address():
    assert citation(highlight()) == (
        "“We will publish the report.” — Ana Duarte (via Lusa), The Harbour Post, 12 November 2026,"
        " https://harbour.example/report"
    )


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"speaker": None, "via": ()}, "“Yes.” — the minister, The Harbour Post"),
        ({"speaker": None, "source": None, "via": ()}, "“Yes.” — The Harbour Post"),
        ({"speaker": None, "source": None, "via": (), "outlet": ""}, "“Yes.”"),
        ({"speaker": None, "source": None}, "“Yes.” — (via Lusa), The Harbour Post"),
        ({"via": ("Lusa", "officials")}, "“Yes.” — Ana Duarte (via Lusa, officials), The Harbour Post"),
    ],
)
def test_a_citation_leaves_out_what_is_not_known(changes, expected):
    assert citation(highlight("Yes.", published=None, url=None, **changes)) == expected


def test_a_citation_does_not_double_the_quotation_marks():
    assert citation(highlight("“Yes.”")).startswith("“Yes.” — ")
    assert citation(highlight("“Yes,” she said. “No.”")).startswith("“‘Yes,’ she said. ‘No.’” — "), "they are no pair"
    assert citation(highlight('He said "never" to it.')).startswith("“He said ‘never’ to it.” — ")
    for style in CitationStyle:
        assert "“He said ‘never’" in citation(highlight("He said “never” to it."), style)
    assert citation(highlight('"')).startswith('“"” — ')


@pytest.mark.parametrize(
    ("words", "cited"),
    [
        ("“Yes.”", "Yes."),
        ('"Yes," he said. "No."', "‘Yes,’ he said. ‘No.’"),
        ("“She said “never” to me.”", "She said ‘never’ to me."),
        ('"She said "never" to me."', "She said ‘never’ to me."),
        ('A 5" pipe', 'A 5" pipe'),
        ('"I never—" he said ("oh").', "‘I never—’ he said (‘oh’)."),
        ("“One. “Two.”", "‘One. ‘Two.’"),
    ],
)
def test_marks_within_are_single_and_those_around_all_of_it_fall_away(words, cited):
    assert citation(highlight(words)).startswith(f"“{cited}” — ")


def test_markdown_has_the_outlet_in_italics_and_a_link():
    assert citation(highlight(), CitationStyle.MARKDOWN) == (
        "“We will publish the report.” — Ana Duarte (via Lusa), *The Harbour Post*,"
        " [Report due in spring](https://harbour.example/report), 12 November 2026"
    )
    assert citation(highlight("Yes.", url="ftp://x", via=()), CitationStyle.MARKDOWN) == (
        "“Yes.” — Ana Duarte, *The Harbour Post*, Report due in spring, 12 November 2026"
    )


def test_an_address_keeps_to_its_parentheses():
    url = "https://a.example/x_(y)?a=1&copy;=2"
    (link,) = links(citation(highlight(url=url), CitationStyle.MARKDOWN))
    assert link == "https://a.example/x_%28y%29?a=1&copy;=2"


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        (
            {"author": BY},
            "“Yes.” (Ana Duarte, via Lusa, as cited in Duarte & Patel, 2026). Duarte, A., & Patel, R."
            " (2026, November 12). Report due in spring. The Harbour Post. https://harbour.example/report",
        ),
        (
            {"author": "Jean-Luc M. van der Berg, Martin King, Jr., Reuters", "via": ()},
            "“Yes.” (Ana Duarte, as cited in van der Berg et al., 2026). van der Berg, J.-L. M., King, M., Jr.,"
            " & Reuters. (2026, November 12). Report due in spring. The Harbour Post. https://harbour.example/report",
        ),
        (
            {"speaker": None, "source": None, "via": (), "title": "Who knew?"},
            "“Yes.” (“Who knew?,” 2026). Who knew? (2026, November 12). The Harbour Post. https://harbour.example/report",
        ),
        (
            {"title": "", "published": None, "url": None, "via": ()},
            "“Yes.” (Ana Duarte, as cited in The Harbour Post, n.d.). The Harbour Post. (n.d.).",
        ),
        ({"title": "", "outlet": "", "url": None, "via": ()}, "“Yes.” (Ana Duarte)."),
        ({"title": "", "outlet": "", "url": None, "via": (), "speaker": None, "source": None}, "“Yes.”"),
        (
            {"author": "The Harbour Post", "via": ()},
            "“Yes.” (Ana Duarte, as cited in The Harbour Post, 2026). The Harbour Post. (2026, November 12)."
            " Report due in spring. https://harbour.example/report",
        ),
    ],
)
def test_apa(changes, expected):
    assert citation(highlight("Yes.", **changes), CitationStyle.APA) == expected


def test_apa_shortens_more_than_twenty_authors():
    names = [f"Ana Duarte{chr(97 + n)}" for n in range(21)]
    cited = citation(highlight(author=", ".join(names), kind=HighlightKind.ARTICLE), CitationStyle.APA)
    assert "Duartes, A., … Duarteu, A. (2026" in cited
    assert "Duartet" not in cited


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        (
            {"author": BY},
            "“Yes.” — Ana Duarte (via Lusa), quoted in Ana Duarte and Raj Patel, “Report due in spring,”"
            " The Harbour Post, November 12, 2026, https://harbour.example/report.",
        ),
        (
            {"author": "Ana Duarte, Raj Patel, Li Wei, Jo Ito", "title": "The “plan” revealed", "url": None, "via": ()},
            "“Yes.” — Ana Duarte, quoted in Ana Duarte et al., “The ‘plan’ revealed,”"
            " The Harbour Post, November 12, 2026.",
        ),
        (
            {"author": "Ana Duarte; Raj Patel & Li Wei", "outlet": "", "published": None, "url": None, "via": ()},
            "“Yes.” — Ana Duarte, quoted in Ana Duarte, Raj Patel, and Li Wei, “Report due in spring.”",
        ),
        (
            {"speaker": None, "source": None, "via": ()},
            "“Yes.” — “Report due in spring,” The Harbour Post, November 12, 2026, https://harbour.example/report.",
        ),
        ({"title": "", "outlet": "", "url": None, "published": None, "via": ()}, "“Yes.” — Ana Duarte"),
    ],
)
def test_chicago(changes, expected):
    assert citation(highlight("Yes.", **changes), CitationStyle.CHICAGO) == expected


def test_a_whole_article_is_cited_without_its_text():
    whole = highlight("All of it.", kind=HighlightKind.ARTICLE, author=BY, title='Of "it"')
    assert [citation(whole, style) for style in CitationStyle] == [
        "Ana Duarte and Raj Patel, “Of ‘it’”, The Harbour Post, 12 November 2026, https://harbour.example/report",
        'Ana Duarte and Raj Patel, *The Harbour Post*, [Of "it"](https://harbour.example/report), 12 November 2026',
        'Duarte, A., & Patel, R. (2026, November 12). Of "it". The Harbour Post. https://harbour.example/report',
        "Ana Duarte and Raj Patel, “Of ‘it’,” The Harbour Post, November 12, 2026, https://harbour.example/report.",
    ]


@pytest.mark.parametrize("style", CitationStyle)
def test_the_day_is_that_of_the_outlet(style):
    late = datetime(2026, 11, 13, 0, 30, tzinfo=UTC)
    there = citation(highlight(published=late.astimezone(highlight().published.tzinfo)), style)
    assert "12" in there
    assert "13" not in there
    assert "13" in citation(highlight(published=late), style)


@pytest.mark.scorecard(40)
@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "data:text/html,x", "//host/x", "https://", "http://[", "ftp://x"]
)
@pytest.mark.parametrize("style", CitationStyle)
def test_only_web_addresses_are_cited(style, url):
    assert url not in citation(highlight(url=url), style)


def test_a_password_in_an_address_is_not_passed_on():
    assert citation(highlight(url="https://ana:secret@a.example/x@y")).endswith(" https://a.example/x@y")


@given(highlights(most=1))
def test_a_citation_of_anything_is_at_most_one_line(saved):
    for style in CitationStyle:
        cited = citation(saved[0], style)
        assert len(cited.splitlines()) <= 1
        assert cited == cited.strip()


@pytest.mark.scorecard(40)
@given(highlights(most=1))
def test_a_markdown_citation_of_anything_holds_one_web_link_at_most_and_no_other_markup(saved):
    cited = citation(saved[0], CitationStyle.MARKDOWN)
    found = links(cited)
    assert len(found) <= 1
    assert all(url.startswith(("https://", "http://")) for url in found)


def links(line):
    tokens = MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(line)
    inside = [child for token in tokens for child in token.children or ()]
    kinds = {token.type for token in (*tokens, *inside)}
    assert {kind.removesuffix("_open").removesuffix("_close") for kind in kinds} <= {
        "paragraph", "inline", "text", "text_special", "link", "em",
    }  # fmt: skip
    return [child.attrs["href"] for child in inside if child.type == "link_open"]


# --- bylines


def people(*names):
    return tuple(Author(given=given, family=family) for given, family in names)


@pytest.mark.parametrize(
    ("byline", "expected"),
    [
        ("Ana Duarte", people(("Ana", "Duarte"))),
        ("By Ana Duarte and Raj Patel", people(("Ana", "Duarte"), ("Raj", "Patel"))),
        ("By Ana Duarte.", people(("Ana", "Duarte"))),
        ("BY ANA DUARTE", people(("ANA", "DUARTE"))),
        ("Words by Ana Duarte, Raj Patel & Li Wei", people(("Ana", "Duarte"), ("Raj", "Patel"), ("Li", "Wei"))),
        ("Ana Duarte, Raj Patel, and Li Wei", people(("Ana", "Duarte"), ("Raj", "Patel"), ("Li", "Wei"))),
        ("Ana Duarte und Jörg Müller", people(("Ana", "Duarte"), ("Jörg", "Müller"))),
        ("Ana Duarte in Lisbon and Raj Patel in New Delhi", people(("Ana", "Duarte"), ("Raj", "Patel"))),
        ("Ana Duarte, Political Correspondent", people(("Ana", "Duarte"))),
        ("Ursula von der Leyen", people(("Ursula", "von der Leyen"))),
        ("J. R. R. Tolkien, J.K. Rowling", people(("J. R. R.", "Tolkien"), ("J.K.", "Rowling"))),
        ("Siobhán O’Neil-Smith", people(("Siobhán", "O’Neil-Smith"))),
        ("Martin Luther King, Jr.", (Author(given="Martin Luther", family="King", suffix="Jr."),)),
        ("Martin Luther King Jr.", (Author(given="Martin Luther", family="King", suffix="Jr."),)),
        ("Reuters", (Author(family="Reuters"),)),
        ("Ana Duarte, Reuters", (*people(("Ana", "Duarte")), Author(family="Reuters"))),
        ("Agence France-Presse", (Author(family="Agence France-Presse"),)),
        ("The Associated Press", (Author(family="The Associated Press"),)),
        ("BBC News", (Author(family="BBC News"),)),
        ("Duarte, Ana", (Author(family="Duarte, Ana"),)),
        ("José Ortega y Gasset", (Author(family="José Ortega y Gasset"),)),
        ("王小明", (Author(family="王小明"),)),
        ("Ana Duarte, who was there", (Author(family="Ana Duarte, who was there"),)),
        ("ana@post.example", (Author(family="ana@post.example"),)),
        ("Ana Duarte, Ana Duarte", people(("Ana", "Duarte"))),
        ("By", (Author(family="By"),)),
        (" ", ()),
    ],
)
def test_a_byline_is_split_into_names_where_it_plainly_has_them(byline, expected):
    assert authors(byline) == expected


def test_an_outlet_has_no_family_name():
    assert authors("Harbour Post", "harbour post") == (Author(family="Harbour Post"),)


@pytest.mark.parametrize("text", [*HOSTILE, "a" * 50_000 + "1", "A. " * 20_000, "Ana in " * 20_000, "by " * 20_000])
def test_any_byline_is_read_at_once(text):
    assert len(authors(text)) <= len(text)
