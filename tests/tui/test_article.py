"""What the article shows besides its claims: emphasis, notices, the days it was published and updated."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from rich.style import Style

from reader.library.answers import Opened
from reader.library.library import Library
from reader.model import (
    Analysis,
    Arrival,
    Article,
    Block,
    BlockKind,
    Brought,
    Caption,
    Emphasis,
    EmphasisKind,
    FeedCheck,
    ParsedEntry,
    Picture,
    Span,
)
from reader.store.packed import pack

pytestmark = pytest.mark.anyio

TEXT = "The old harbour\n\n“Nobody will cross it before spring,” said Ada Lind, the harbour master of Skerra, gravely."
NEW_YORK = timezone(timedelta(hours=-5))


def span(words: str) -> Span:
    return Span(TEXT.index(words), TEXT.index(words) + len(words))


def article(**fields) -> Article:
    heading, paragraph = TEXT.split("\n\n")
    kinds = ((BlockKind.HEADING, heading), (BlockKind.PARAGRAPH, paragraph))
    blocks = tuple(Block(kind=kind, span=span(words)) for kind, words in kinds)
    given = {"url": "https://a.example/1", "title": "Bridge closes", "text": TEXT, "extractor": "readability"}
    return Article(**given | {"blocks": blocks} | fields)


def store(library: Library, article: Article, published: datetime | None = None) -> None:
    feed, _ = library.store.add_feed(
        "https://a.example/feed", title="The Post", site=None, folder=None, now=library.now()
    )
    entry = ParsedEntry(guid="1", url=article.url, title=article.title, published=published)
    arrival = Arrival(entry=entry, article=pack(article))
    library.store.save([Brought(check=FeedCheck(feed_id=feed.id), arrivals=(arrival,))], now=library.now())


def styles(reader, words: str) -> list[Style]:
    """The styles that `words` of the text are drawn in, character by character."""
    view, place = reader.article, span(words)
    drawn = []
    for offset in range(*place):
        y = view.line_of(offset) - int(view.scroll_offset.y)
        x = next(x for x in reversed(range(view.size.width)) if view.offset_at(x, y) == offset)
        (segment,) = view.render_line(y).crop(x, x + 1)
        assert segment.text == TEXT[offset]
        drawn.append(segment.style)
    return drawn


async def test_emphasis_is_italic_or_bold_beside_the_claims_marks(start, empty_library: Library):
    kinds = (
        ("harbour", "em"),
        ("cross it before spring,” said Ada", "em"),
        ("harbour master", "strong"),
        ("gravely", "em"),
    )
    emphasis = [Emphasis(span=span(words), kind=EmphasisKind(kind)) for words, kind in kinds]
    store(empty_library, article(emphasis=tuple(emphasis)))
    async with start(on=empty_library) as reader:
        await reader.open("Bridge closes")
        assert len(reader.article.opened.analysis.claims) == 1
        assert all(style.italic and not style.bold for style in styles(reader, "gravely"))
        assert all(style.bold and not style.italic for style in styles(reader, "harbour master"))
        assert not any(style.italic or style.bold for style in styles(reader, "of Skerra"))
        plain, set_off = styles(reader, "Nobody")[0], styles(reader, "spring")[0]
        assert set_off.italic
        assert not plain.italic
        assert set_off.color == plain.color != styles(reader, "of")[0].color, "the claim's colour stays"
        assert all(style.italic and style.bold for style in styles(reader, "Ada")), "a source is bold, and both count"
        assert all(style.bold and not style.italic for style in styles(reader, "old harbour")), "a heading is a heading"
        await reader.press("right_square_bracket")
        assert all(style.italic and style.bgcolor != plain.bgcolor for style in styles(reader, "spring"))


async def test_an_articles_notice_is_shown_from_the_store_as_well(start, empty_library: Library):
    notice = "The article goes on, but its further pages could not be read: the server answered 500."
    store(empty_library, article(notice=notice, next_page="https://a.example/1?page=2"))
    for _ in range(2):
        async with start(size=(100, 30), on=empty_library) as reader:
            await reader.open("Bridge closes")
            assert reader.article.opened.notice == notice
            assert "The article goes on, but" in reader.shown()


async def test_captions_are_not_text(start, empty_library: Library):
    picture = Picture(url="https://a.example/1.jpg", caption="A pier in the fog")
    store(empty_library, article(lead=picture, captions=(Caption(text="A gull on a post", at=0),)))
    async with start(on=empty_library) as reader:
        await reader.open("Bridge closes")
        assert "Nobody will cross" in reader.shown()
        assert "fog" not in reader.shown()
        assert "gull" not in reader.shown()


@pytest.mark.parametrize(
    ("published", "modified", "feed", "shown", "hidden"),
    [
        ("2026-05-01T23:30-05:00", "2026-05-03T23:30-05:00", None, ["1 May 2026 · updated 3 May 2026 ·"], []),
        ("2026-05-01T09:00-05:00", "2026-05-01T23:30-05:00", None, ["1 May 2026 ·"], ["updated"]),
        ("2026-05-01T23:30-05:00", None, "2026-05-02T04:30+00:00", ["1 May 2026 ·"], ["updated", "2 May"]),
        ("2025-05-01T23:30-05:00", None, "2026-05-02T04:30+00:00", ["2 May 2026 ·"], ["2025"]),
        (None, "2026-05-03T01:00+09:00", "2026-05-01T20:00+00:00", ["1 May 2026 · updated 3 May 2026"], []),
        (None, "2026-05-03T01:00+09:00", None, ["updated 3 May 2026"], ["no date"]),
        ("2026-05-03T01:00+09:00", "2026-05-02T20:00+00:00", None, ["3 May 2026 ·"], ["updated"]),
        (None, None, None, ["no date"], ["updated"]),
    ],
)
async def test_days_are_the_pages_own(start, empty_library: Library, published, modified, feed, shown, hidden):
    made, touched, fed = (datetime.fromisoformat(one) if one else None for one in (published, modified, feed))
    store(empty_library, article(published=made, modified=touched), fed)
    async with start(size=(160, 30), on=empty_library) as reader:
        await reader.open("Bridge closes")
        head = "\n".join(words for words, _ in reader.article._head)
        assert all(words in head for words in shown), head
        assert not any(words in head for words in hidden), head


async def test_the_header_fits_sixty_columns(start, empty_library: Library):
    store(
        empty_library,
        article(
            byline="Ada Lind", published=datetime(2026, 5, 1, tzinfo=UTC), modified=datetime(2026, 5, 3, tzinfo=UTC)
        ),
    )
    async with start(size=(60, 24), on=empty_library) as reader:
        await reader.open("Bridge closes")
        assert "The Post · Ada Lind · 1 May 2026 · updated 3 May 2026" in reader.shown()
        assert all(len(line) <= 60 for line in reader.shown().splitlines())


async def test_the_day_that_is_shown_is_the_day_that_is_cited(start, empty_library: Library):
    store(
        empty_library,
        article(published=datetime(2026, 5, 1, 23, 30, tzinfo=NEW_YORK)),
        datetime(2026, 5, 2, 4, 30, tzinfo=UTC),
    )
    (entry_id,) = empty_library.store.headlines()
    kept = empty_library.store.article(entry_id).published
    assert kept.isoformat() == "2026-05-01T23:30:00-05:00", "the store keeps the zone"
    opened = empty_library.open(entry_id)
    assert isinstance(opened, Opened)
    assert opened.analysis != Analysis()
    assert ", 1 May 2026" in empty_library.citation(empty_library.highlight_of(opened, opened.analysis.claims[0]))
