"""Pages of one article, joined: the same words, the same marks on them, nothing twice."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from reader.articles.joined import is_read, joined, onward, strays, unfinished
from reader.model import Article, Block, BlockKind, Caption, Emphasis, EmphasisKind, Link, Picture, Span, Wall

URL = "https://a.example/story"
LONG = "The north bridge has carried the road to the islands for ninety years and was never closed."


def page(*texts: str, **fields) -> Article:
    """A page with a block for each text; words in *stars* are emphasised, and links to themselves."""
    blocks, links, emphasis, at = [], [], [], 0
    for text in texts:
        blocks.append(Block(kind=BlockKind.PARAGRAPH, span=Span(at, at + len(text))))
        if "*" in text:
            span = Span(at + text.index("*"), at + text.rindex("*") + 1)
            links.append(Link(span=span, url=f"https://a.example/{text}"))
            emphasis.append(Emphasis(span=span, kind=EmphasisKind.EM))
        at += len(text) + 2
    given = {"url": URL, "title": "Bridge closes", "text": "\n\n".join(texts)}
    return Article(**given | {"blocks": tuple(blocks), "links": tuple(links), "emphasis": tuple(emphasis)} | fields)


words = st.text(st.sampled_from("ab *é新\n"), min_size=1, max_size=12).filter(str.strip)
repeated = st.sampled_from(["Yes.", LONG, "Page 2 of 3", "By *Ada* Lind"])


@st.composite
def pages(draw) -> Article:
    texts = draw(st.lists(words | repeated, max_size=6))
    made = page(*texts)
    at = st.integers(0, len(made.text))
    captions = draw(st.lists(st.builds(Caption, text=st.sampled_from(["Harbour", "Pier"]), at=at), max_size=2))
    return page(*texts, captions=tuple(captions)) if draw(st.booleans()) else page(*texts)


@given(st.lists(pages(), min_size=1, max_size=4))
def test_spans_stay_in_bounds_and_mean_the_same_words(given_pages):
    whole = joined(given_pages)
    if len(given_pages) == 1:
        assert whole is given_pages[0]
        return
    assert "\n\n".join(block.span.of(whole.text) for block in whole.blocks) == whole.text
    before = [block.span.of(one.text) for one in given_pages for block in one.blocks]
    kept = iter(before)
    assert all(block.span.of(whole.text) in kept for block in whole.blocks), "in their order"
    for marks in ("links", "emphasis"):
        said = {mark.span.of(one.text) for one in given_pages for mark in getattr(one, marks)}
        now = [mark.span for mark in getattr(whole, marks)]
        assert {span.of(whole.text) for span in now} <= said
        assert len(now) == sum("*" in block.span.of(whole.text) for block in whole.blocks)
        assert all(0 <= one.start < one.end <= other.start for one, other in itertools.pairwise(now))
        assert all(span.end <= len(whole.text) for span in now)
    assert all(
        link.url.endswith(link.span.of(whole.text)) or link.span.of(whole.text) in link.url for link in whole.links
    )
    assert {one.text for one in whole.captions} == {one.text for page in given_pages for one in page.captions}
    assert all(0 <= one.at <= len(whole.text) for one in whole.captions)


def test_what_a_later_page_repeats_is_left_out_with_its_marks():
    standfirst, byline, bio = "Cracks were found in *two* piers.", "By *Ada Lind*", f"Ada Lind is our reporter. {LONG}"
    first = page(standfirst, byline, "Page 1 of 2", f"One. {LONG}", "“Yes.”", bio, next_page=f"{URL}?page=2")
    later = page("Bridge closes", standfirst, byline, "Seite 2/2", f"Two. {LONG}", "“Yes.”", f"*Three.* {LONG}", bio)
    whole = joined([first, later])
    assert whole.text.split("\n\n") == [
        standfirst, byline, f"One. {LONG}", "“Yes.”", bio, f"Two. {LONG}", "“Yes.”", f"*Three.* {LONG}",
    ]  # fmt: skip
    assert [link.span.of(whole.text) for link in whole.links] == ["*two*", "*Ada Lind*", "*Three.*"]
    assert [one.span.of(whole.text) for one in whole.emphasis] == ["*two*", "*Ada Lind*", "*Three.*"]
    assert whole.next_page is None


def test_the_first_page_says_what_the_article_is():
    first = page(
        LONG, byline="Ada Lind", lead=Picture(url="https://a.example/1.jpg"), captions=(Caption(text="A", at=0),)
    )
    later = page("New.", title="Page 2", byline="Bo", captions=(Caption(text="A", at=0), Caption(text="B", at=4)))
    whole = joined([first, later])
    assert (whole.title, whole.byline, whole.lead) == (first.title, "Ada Lind", first.lead)
    assert whole.captions == (Caption(text="A", at=0), Caption(text="B", at=len(whole.text)))
    walled = joined([first, page("New.", wall=Wall.PAYWALL, notice="This is only the opening.")])
    assert (walled.wall, walled.notice) == (Wall.PAYWALL, "This is only the opening.")


def test_an_article_that_was_not_read_to_its_end_says_so_in_one_sentence():
    cut = unfinished(page(LONG), at=f"{URL}?page=2", why="the server answered 500")
    assert cut.next_page == f"{URL}?page=2"
    assert cut.notice == "The article goes on, but its further pages could not be read: the server answered 500."
    assert unfinished(page(LONG, notice="Walled."), at=URL, why="it").notice == "Walled."


def test_where_an_article_goes_on():
    two, three = f"{URL}?page=2", f"{URL}?page=3"
    assert onward([page(LONG)]) is None
    assert onward([page(LONG, next_page=two)]) == two
    assert onward([page(LONG, next_page="https://b.example/story?page=2")]) is None
    assert onward([page(LONG, next_page="https://a.example:8080/story?page=2")]) is None
    first = page(LONG, next_page=two)
    for again in (URL, f"{URL}/", f"{URL}#text", two, two.replace("//a", "//A")):
        assert onward([first, page("New.", url=two, next_page=again)]) is None, again
    assert onward([first, page("New.", url=two, next_page=three)]) == three


def test_a_page_that_is_read_already_or_that_came_from_elsewhere():
    first = page(LONG)
    assert is_read(page("New."), [first])
    assert is_read(page(LONG, url=f"{URL}?page=9"), [first])
    assert not is_read(page("New.", url=f"{URL}?page=2"), [first])
    assert not strays(page("New.", url=f"{URL}/2/"), f"{URL}/2")
    for elsewhere in ("https://a.example/", "https://b.example/story/2", f"{URL}/2?login=1"):
        assert strays(page("New.", url=elsewhere), f"{URL}/2")
