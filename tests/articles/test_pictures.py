"""An article's lead picture and the captions of the others."""

import lxml.html
import pytest

from reader.articles import page
from reader.articles.extract import extract
from reader.articles.render import flow, source
from reader.model import Article, Picture

PROSE = [
    f"The council heard on day {number} from those who swim in the baths by the river, and from those who never do."
    for number in range(6)
]
BASE = "https://a.test/news/1"


def article(body: str, *, head: str = "") -> Article:
    page = f"<html><head><title>Baths to close</title>{head}</head><body><article>{body}</article></body></html>"
    return extract(page.encode(), url=BASE)


def with_prose(*before: str, end: str = "") -> str:
    """Six paragraphs, some HTML before the first of them."""
    parts = [*before, *[""] * (len(PROSE) - len(before))]
    return "".join(f"{part}<p>{prose}</p>" for part, prose in zip(parts, PROSE, strict=True)) + end


def figure(name: str, caption: str) -> str:
    return f"<figure><img src=/{name}.jpg><figcaption>{caption}</figcaption></figure>"


def captions(found: Article) -> list[tuple[str, str]]:
    """Each caption with the words that stand where it stood."""
    return [(caption.text, found.text[caption.at :].partition("\n")[0]) for caption in found.captions]


def test_captions_stand_apart_from_the_text_and_know_their_place():
    found = article(with_prose(figure("a", "The baths."), "", figure("b", "A pool."), end=figure("c", "The end.")))
    assert found.text == "\n\n".join(PROSE)
    assert captions(found) == [("The baths.", PROSE[0]), ("A pool.", PROSE[2]), ("The end.", "")]


def test_captions_in_one_place_keep_their_order():
    gallery = "".join(figure(name, f"{name} is the one.") for name in "zya")
    assert [text for text, _ in captions(article(with_prose("", gallery)))] == [
        *("z is the one.", "y is the one.", "a is the one."),
    ]


def test_a_caption_before_a_block_that_is_left_out_stands_before_the_next():
    pointer = "<p>Read more: <a href=/x>The pool that never was</a></p>"
    found = article(with_prose("", "", figure("b", "A pool.") + pointer))
    assert "Read more" not in found.text
    assert captions(found) == [("A pool.", PROSE[2])]
    found = article(with_prose(end=figure("b", "A pool.") + pointer))
    assert found.captions[0].at == len(found.text)


def test_a_caption_that_is_written_twice_is_told_once():
    long = "The baths by the river, seen from the bridge in the early morning of the day they closed"
    found = article(with_prose(figure("a", f"{long}."), figure("b", f"{long}, by Lena Ost.")))
    assert captions(found) == [(f"{long}, by Lena Ost.", PROSE[0])]


@pytest.mark.parametrize(
    ("caption", "words"),
    [
        ("<p>One.</p><p>Two.</p>", "One. Two."),
        ("One.<br>Two.", "One. Two."),
        ("<b>One</b> two<span>.</span>", "One two."),
        ("One.<button>Enlarge</button><script type=application/ld+json>{}</script>", "One."),
        ("<p>One.<figcaption>Two.</figcaption></p>", "One. Two."),
        (" One\u00ad.\u200b \n\x1b ", "One."),
        ("<img src=/x.jpg> ", None),
    ],
)
def test_what_a_caption_says(caption, words):
    root = page.tree(f"<body><figure><img src=a.jpg><figcaption>{caption}</figcaption></figure>")
    assert [figure.caption for figure in flow(root).figures] == ([words] if words else [])


def test_a_text_called_a_caption_is_one_near_a_picture_only():
    near = "<div><div><img src=a.jpg></div><p class='photo-caption'>The baths.</p></div>"
    assert captions(article(with_prose("", near))) == [("The baths.", PROSE[1])]
    far = f"<p class='photo-caption'>What we know of it so far: {PROSE[1][:70]}.</p>"
    found = article(with_prose("", far))
    assert found.captions == ()
    assert "What we know" in found.text


def test_a_caption_belongs_to_the_picture_of_its_own_figure():
    film = "<figure><video></video><figcaption>A film.</figcaption></figure>"
    page = f"<div>{figure('a', 'A picture.')}{film}</div>"
    assert [one.image for one in flow(lxml.html.document_fromstring(page), base=BASE).figures] == [
        *("https://a.test/a.jpg", ""),
    ]
    boxed = "<div><div><img src=a.jpg></div><div><figcaption>One.</figcaption></div></div>"
    assert flow(lxml.html.document_fromstring(boxed), base=BASE).figures[0].image == "https://a.test/news/a.jpg"


# --- which picture ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("attributes", "url"),
    [
        ("src=a.jpg", "https://a.test/news/a.jpg"),
        ("src='data:image/gif;base64,R0' data-src=/b.jpg", "https://a.test/b.jpg"),
        ("src=/blank.gif data-lazy-src=/b.jpg", "https://a.test/b.jpg"),
        ("src=/blank.gif data-original=//c.test/b.jpg", "https://c.test/b.jpg"),
        ("srcset='/s.jpg 400w, /l.jpg 800w'", "https://a.test/s.jpg"),
        ("srcset='/s.jpg, /l.jpg 2x'", "https://a.test/s.jpg"),
        ("srcset='https://c.test/w_4,h_3/s.jpg 400w, /l.jpg 800w'", "https://c.test/w_4,h_3/s.jpg"),
        ("srcset='data:image/gif;base64,R0 1w' data-srcset='/s.jpg 400w'", "https://a.test/s.jpg"),
        ("src='data:image/png;base64,R0'", ""),
        ("src=''", ""),
        ("", ""),
        ("srcset=' , '", ""),
        ("src=/pixel.gif width=1 height=1", ""),
        ("src=/pixel.gif height=1px", ""),
        ("src=/pixel.gif width=0", ""),
        ("src=/real.jpg width=100% height=auto", "https://a.test/real.jpg"),
    ],
)
def test_the_address_of_a_picture(attributes, url):
    assert source(lxml.html.fragment_fromstring(f"<img {attributes}>"), BASE) == url


NAMED = "<meta property='og:image' content='https://cdn.test/i/baths.jpg?w=1200'>"


def test_the_lead_is_the_picture_the_page_names_with_its_caption():
    body = with_prose(figure("first", "No."), "<figure><img src=/s/Baths.jpg?w=9><figcaption>The baths.</figure>")
    assert article(body, head=NAMED).lead == Picture(url="https://cdn.test/i/baths.jpg?w=1200", caption="The baths.")
    assert article(with_prose(), head=NAMED).lead == Picture(url="https://cdn.test/i/baths.jpg?w=1200")


def test_else_it_is_the_first_picture_with_a_caption_else_the_first_that_is_no_pixel():
    body = with_prose("<img src=/plain.jpg>", figure("a", "The baths."), figure("b", "A pool."))
    assert article(body).lead == Picture(url="https://a.test/a.jpg", caption="The baths.")
    body = with_prose(
        "<img src=/count.gif width=1 height=1>", "<img src='data:x' data-src=/lazy.jpg>", "<img src=/b.jpg>"
    )
    assert article(body).lead == Picture(url="https://a.test/lazy.jpg")
    assert article(with_prose()).lead is None
