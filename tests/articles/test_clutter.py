"""What is taken out of a page before its article is looked for, and out of the article after."""

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from markup import root

from reader.articles import clutter
from reader.articles.clutter import is_closing, is_label, prune
from reader.articles.render import Flow, Piece, flow
from reader.model import BlockKind, Link, Span

PROSE = [
    f"The council heard on day {number} from those who swim in the baths by the river, and from those who never do."
    for number in range(6)
]
LONG = [
    f"{prose} It rained, and nobody who came that evening went home before the last of them had spoken."
    for prose in PROSE
]
BODY = "".join(f"<p>{prose}</p>" for prose in PROSE)


def stripped(body: str) -> Flow:
    tree = root(f"<html><body>{body}</body></html>")
    clutter.strip(tree)
    return flow(tree)


def left(body: str) -> list[str]:
    """What is left of a page beside its prose."""
    return [piece.text for piece in stripped(body + BODY).pieces if piece.text not in PROSE]


def block(text: str, kind: BlockKind = BlockKind.PARAGRAPH, *, linked: float = 0) -> Piece:
    links = (Link(span=Span(0, round(linked * len(text))), url="/x"),) if linked else ()
    return Piece(kind, text, links)


def pruned(*pieces: Piece | str, title: str = "", byline: str | None = None) -> list[str]:
    made = [block(piece) if isinstance(piece, str) else piece for piece in pieces]
    return [piece.text for piece in prune(made, title=title, byline=byline)]


# --- by name ---------------------------------------------------------------------------------------------------------

SIDE = [
    *("advertisement", "ad", "top-ads", "promo-text", "sponsored_box", "newsletter", "sign-up", "subscribe-now"),
    *("cookie-banner", "related-stories", "most-read", "read-more", "share-bar", "social", "comments", "disqus_thread"),
    *("byline", "author-box", "tags", "toc", "breadcrumb", "post-nav", "sr-only", "screen-reader-text", "tooltip"),
]


@pytest.mark.parametrize("name", SIDE)
@pytest.mark.parametrize("attribute", ["class", "id"])
def test_boxes_go_by_their_names(name, attribute):
    assert left(f"<div {attribute}='{name}'><p>Some words.</p></div>") == []
    assert left(f"<div {attribute}='x {name.upper()} y'>Some words.</div>") == []


@pytest.mark.parametrize(
    "name", ["adsorption", "shareholder", "roadside", "commentary-text", "tagsoup", "stocks", "related-article-body"]
)
def test_names_end_where_a_word_does_and_the_articles_own_are_stronger(name):
    assert left(f"<div class='{name}'><p>Some words.</p></div>") == ["Some words."]


@pytest.mark.parametrize("tag", ["h2", "h4", "a", "b", "em", "strong", "i"])
def test_headings_and_links_are_never_removed_by_their_names(tag):
    assert left(f"<{tag} class='related-stories promo'>Some words</{tag}>") == ["Some words"]


@pytest.mark.parametrize("tag", ["h2", "a", "p", "div"])
def test_what_is_hidden_is_no_part_of_the_page_whatever_it_is(tag):
    assert left(f"<{tag} hidden>Some words</{tag}><{tag} style='color:red; display : none'>More words</{tag}>") == []
    assert left(f"<{tag} style='display:block'>Some words</{tag}>") == ["Some words"]


def test_what_is_hidden_and_large_is_shown_and_so_is_what_reacts_server_sends_late():
    assert [piece.text for piece in stripped(f"<div style='display:none'>{BODY}</div>").pieces] == PROSE
    assert left("<div hidden id='S:0'>Some words.</div>") == ["Some words."]


def test_an_id_of_many_words_is_a_headings_own_words():
    assert left("<div id='tags-in-the-old-town'>Some words.</div>") == ["Some words."]
    assert left("<div id='tags-in-town'>Some words.</div>") == []


def test_one_of_many_paragraphs_is_no_side_matter_but_a_lone_one_is():
    assert left("<p class='promo-text x'>Some words.</p>") == []
    many = "".join(f"<p class='promo-text x'>Words {number}.</p>" for number in range(4))
    assert left(many) == [f"Words {number}." for number in range(4)]
    assert left("<p class='promo-text'>One.</p>" * 4) == [], "one class alone is a name like any other"
    assert left("".join(f"<p class='promo-{number} x{number}'>One.</p>" for number in range(4))) == []


def test_side_boxes_go_only_if_they_are_small():
    for tag in ("nav", "aside", "footer", "dialog", "button"):
        assert left(f"<{tag}>Some words.</{tag}>") == []
        assert [piece.text for piece in stripped(f"<{tag}>{BODY}</{tag}>").pieces] == PROSE, tag
    assert [piece.text for piece in stripped(f"<div class=comments>{BODY}</div>").pieces] == PROSE


def test_the_body_and_the_article_are_never_boxes():
    tree = root(
        f"<html><body class='social'><main class=related><article class='sponsored'>{BODY}</article></main><body>"
    )
    clutter.strip(tree)
    assert [piece.text for piece in flow(tree).pieces] == PROSE


@pytest.mark.parametrize(
    "button",
    [
        "<h3><button>What will it cost?</button></h3>",
        "<button><h3>What will it cost?</h3></button>",
        "<div class='faq-item'><button>What will it cost?</button></div>",
        "<button class='accordion__toggle'>What will it cost?</button>",
    ],
)
def test_buttons_that_are_headings_stay(button):
    assert left(button) == ["What will it cost?"]


@pytest.mark.parametrize("button", ["<button>Share this</button>", "<div class=faq><button>Close</button></div>"])
def test_other_buttons_go(button):
    assert left(button) == []


def test_captions_are_near_pictures_and_short():
    near = "<div><div><img src=a.jpg></div><div class='image-caption'>The baths.</div></div>"
    assert (left(near), [one.caption for one in stripped(near + BODY).figures]) == ([], ["The baths."])
    assert left("<div class='wp-caption-text'>The baths.</div>") == ["The baths."]
    far = "<div><section><div><p class=caption>The baths.</p></div></section></div><p><img src=a.jpg></p>"
    assert left(far) == ["The baths."]
    long = "<div><img src=a.jpg><div class=caption>" + "The baths. " * 60 + "</div></div>"
    assert len(left(long)) == 1
    assert left("<figure><figcaption>The baths.</figcaption></figure>") == []


def test_a_quoted_post_is_no_widget_and_its_own_box_no_social_one():
    post = "<div class='social-embed'><blockquote class='twitter-tweet'><p>We swim.</p></blockquote></div>"
    assert left(post) == ["We swim."]


def test_a_page_without_a_body_is_left_alone():
    tree = root("<html><frameset><frame></frameset></html>")
    clutter.strip(tree)


# --- by words --------------------------------------------------------------------------------------------------------

LABELS = [
    *("Advertisement", "ADVERTISEMENT", "Ad", "Sponsored", "Story continues below advertisement", "Continue reading"),
    *("Read more", "Read more »", "More from Business", "Related", "Related Articles:", "See also", "Most Read"),
    *("Share", "Share on Facebook", "Tweet", "Print", "Copy link", "Sign up for our weekly newsletter", "Log in"),
    *(
        "Leave a comment",
        "12 comments",
        "No comments",
        "Tags:",
        "5 min read",
        "3 minutes read",
        "Listen to this article",
    ),
    *("Table of contents", "Skip to content", "Back to top", "Loading...", "Video", "1.", "***", "•", "— —"),
    *("The post Baths to close appeared first on The Courier.", "Photo: Lena Ost", "Image credit: Lena Ost"),
    *("Photograph by Lena Ost", "Lena Ost/Getty Images", "File photo: AP", "Illustration © Lena Ost"),
    *("Temps de lecture : 5 minutes", "5 min de lecture", "Lire aussi : Le bassin", "Lesezeit: 5 Minuten"),
    *("5 Min. Lesezeit", "Lesen Sie auch: Das Bad", "Tiempo de lectura: 5 minutos", "5 min de lectura"),
    *("Tempo di lettura: 5 minuti", "5 min de leitura", "Leestijd 5 minuten"),
    "Lees ook: Het bad",
]


@pytest.mark.parametrize("text", LABELS)
def test_labels(text):
    assert is_label(block(text))
    assert pruned(PROSE[0], text, PROSE[1]) == [PROSE[0], PROSE[1]]


@pytest.mark.parametrize(
    "text",
    [
        *("Yes.", "“No.”", "Ada Byrne", "1911 was the year.", "The ad was withdrawn.", "More than 6,100 signed."),
        *(
            "Related to the mayor by marriage, she abstained.",
            "Share prices fell.",
            "Comments were few.",
            "5 min later",
        ),
        *("Read more books, she said.", "Photographs of it are rare.", "市議会", "الآن", "Print is dead, he wrote."),
    ],
)
def test_what_a_label_is_not(text):
    assert not is_label(block(text))
    assert pruned(PROSE[0], text, PROSE[1]) == [PROSE[0], text, PROSE[1]]


def test_code_and_tables_are_never_labels():
    assert not is_label(block("print", BlockKind.CODE))
    assert not is_label(block("1", BlockKind.TABLE))
    assert is_label(block("Related", BlockKind.HEADING))


def test_pointers_are_mostly_links():
    pointer = "Read more: the pool that never was"
    assert is_label(block(pointer, linked=0.9))
    assert not is_label(block("More: the council wants the pool as well", linked=0.1))
    assert is_label(block("THE POOL THAT NEVER WAS", linked=1))
    assert not is_label(block("THE POOL THAT NEVER WAS"))


@pytest.mark.parametrize(
    ("text", "is_business"),
    [
        ("This page has affiliate links.", True),
        ("We may earn a small commission if you buy something.", True),
        ("Already a subscriber? Log in.", True),
        ("Subscribe to unlock this story. Cancel anytime.", True),
        ("The commission earned its name.", False),
        ("He wanted to unlock the door.", False),
    ],
)
def test_what_a_page_says_of_its_own_business(text, is_business):
    assert is_label(block(text)) is is_business


@pytest.mark.parametrize(
    ("piece", "is_last"),
    [
        (block("What was found", BlockKind.HEADING), True),
        (block("Follow us on Mastodon"), True),
        (block("Sign up for our letter and never miss a swim."), True),
        (block("© The Courier 2024"), True),
        (block("Tags: baths, council, river"), True),
        (block("The library to open late", linked=1), True),
        (block("“Close it,” he said."), False),
        (block(f"Subscribe to this: {' '.join(PROSE)}"), False),
    ],
)
def test_what_says_that_an_article_is_over(piece, is_last):
    assert is_closing(piece) is is_last
    assert pruned(PROSE[0], piece, piece) == ([PROSE[0]] if is_last else [PROSE[0], piece.text, piece.text])
    assert piece.text in pruned(PROSE[0], piece, PROSE[1]), "only the last ones go"
    assert pruned(piece) == [piece.text], "and never all"


# --- what stands twice -----------------------------------------------------------------------------------------------


def test_headline_byline_and_date_go_from_the_top():
    head = [
        block("Baths to close!", BlockKind.HEADING),
        block("Baths to close"),
        block("By Ada Byrne"),
        block("Ada Byrne"),
    ]
    head += [
        block("3 May 2024, 10:30"),
        block("Published on May 3, 2024"),
        block("Ada Byrne | 3 May 2024 | Old town, town"),
    ]
    assert pruned(*head, *PROSE[:2], title="Baths to close", byline="Ada Byrne") == PROSE[:2]
    assert pruned(*PROSE, *LONG, "Ada Byrne", PROSE[0], byline="Ada Byrne")[-2] == "Ada Byrne", "only from the top"
    assert pruned(block("3 May 2024", BlockKind.HEADING), PROSE[0])[0] == "3 May 2024", "a heading may be a day"


def test_a_page_that_holds_its_article_twice_gives_it_once():
    assert pruned(*LONG, *LONG) == LONG
    assert pruned(*LONG, *LONG, *LONG, PROSE[0]) == [*LONG, PROSE[0]]
    assert pruned(*LONG, PROSE[0], *LONG[2:]) == [*LONG, PROSE[0]]


def test_what_is_only_said_again_stays():
    questions = [text for prose in LONG for text in ("What did they say?", "They said:", prose)]
    assert pruned(*questions) == questions
    assert pruned(*LONG, LONG[0], PROSE[0], LONG[1]) == [*LONG, LONG[0], PROSE[0], LONG[1]]
    verses = ["Row, row, row your boat.", "Gently down the stream."] * 5
    assert pruned(*verses) == verses


def test_a_pulled_quotation_goes_and_one_that_is_only_quoted_stays():
    said = "Nobody asked the people who swim there"
    told = f"“{said},” said Ada Byrne, who leads the residents’ committee in the old town by the river."
    assert pruned(told, block(f"{said}!", BlockKind.QUOTE), PROSE[0]) == [told, PROSE[0]]
    other = block("We will swim in it whatever they say.", BlockKind.QUOTE)
    assert pruned(told, other, PROSE[0]) == [told, other.text, PROSE[0]]
    short = block("the old town", BlockKind.QUOTE)
    assert pruned(told, short, PROSE[0]) == [told, short.text, PROSE[0]], "any words may stand in a paragraph too"
    again = block(said, BlockKind.LIST_ITEM)
    assert pruned(told, again, PROSE[0]) == [told, again.text, PROSE[0]]


# --- again -----------------------------------------------------------------------------------------------------------

BLOCKS = st.builds(
    block,
    st.sampled_from(
        [
            *PROSE[:3],
            *LONG[:4],
            "Advertisement",
            "Baths to close",
            "“Yes.”",
            "Follow us on Mastodon",
            LONG[0][:60],
            "2024",
        ]
    ),
    st.sampled_from(BlockKind),
    linked=st.sampled_from([0, 0, 0.5, 1]),
)
MATTER = st.builds(block, st.sampled_from(["By Ada Byrne", "3 May 2024", "Ada Byrne"]))


@settings(max_examples=300)
@given(st.lists(BLOCKS, max_size=30))
def test_pruning_again_changes_nothing(pieces):
    once = prune(pieces, title="", byline=None)
    assert prune(once, title="", byline=None) == once


@settings(max_examples=200)
@given(st.lists(MATTER, max_size=4), st.lists(BLOCKS, min_size=1, max_size=12))
def test_pruning_takes_blocks_out_and_does_nothing_else(matter, pieces):
    title, byline = "Baths to close", "Ada Byrne"
    page = [*matter, *pieces]
    kept = prune(page, title=title, byline=byline)
    rest = iter(page)
    assert all(any(one is piece for piece in rest) for one in kept), "in the order in which they were"
    assume(not any(is_label(piece) for piece in pieces))
    assert kept or all(len(piece.text) < 60 for piece in page)
