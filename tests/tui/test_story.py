"""The story beside the article: what the other outlets make of it, and what the person makes of the story."""

from dataclasses import replace

import pytest

from reader.library.answers import Alerted, Refreshed
from reader.model import AlertRule, Article
from reader.tui.messages import RefreshEnded
from reader.tui.widgets.panel import RelatedArticles
from reader.tui.widgets.story import StoryRows

pytestmark = pytest.mark.anyio
FERRY = "Seventeen dead in Skerra ferry disaster"
SHELLS = "shells"


def story(reader) -> StoryRows:
    return reader.screen.query_one(StoryRows)


def row_with(rows: StoryRows, words: str) -> int:
    for index in range(rows.row_count()):
        if words in " ".join(piece for line in rows.draw(index, 200) for piece, _ in line):
            return index
    raise AssertionError(f"no row holds {words!r}")


async def to_story(reader) -> None:
    while not story(reader).has_focus:
        await reader.press("tab")


async def test_the_story_says_whose_report_it_was_and_who_differs(start):
    async with start(size=(160, 60)) as reader:
        await reader.open(FERRY)
        await to_story(reader)
        shown = reader.shown()
        assert "5 outlets" in shown
        assert "trace back to Concord" in shown
        ends = ("Seventeen people (the main hospital in Port Ansel)", "Fifteen people (the coastguard)")
        either = [f"≠ {one} and at the same time {other}" for one, other in (ends, ends[::-1])]
        rows = story(reader)
        drawn = [" ".join(piece for line in rows.draw(n, 200) for piece, _ in line) for n in range(rows.row_count())]
        assert any(words in row for row in drawn for words in either)
        await reader.open("Russia turns to North Korea")
        await to_story(reader)
        assert "Others trace back to The Meridian Post" in reader.shown()


async def test_a_conflict_leads_to_its_figure_here_and_a_missing_claim_to_the_article_that_makes_it(start):
    async with start(size=(160, 60)) as reader:
        await reader.open(FERRY)
        here = reader.article.opened.entry.id
        await to_story(reader)
        story(reader).cursor = row_with(story(reader), "≠")
        await reader.press("enter")
        assert reader.article.has_focus
        assert reader.article.opened.entry.id == here
        story(reader).focus()
        index = row_with(story(reader), "Missing here:")
        other, span, _ = story(reader).place(index)
        story(reader).cursor = index
        await reader.press("enter")
        assert reader.article.opened.entry.id == other != here
        line = reader.article.line_of(span.start)
        top = reader.article.scroll_offset.y
        assert top <= line < top + reader.article.size.height


async def test_related_articles_tell_how_many_claims_they_share(start):
    async with start(size=(160, 60)) as reader:
        await reader.open(FERRY)
        related = reader.screen.query_one(RelatedArticles)
        words = [piece for n in range(related.row_count()) for line in related.draw(n, 200) for piece, _ in line]
        assert any("in common" in word for word in words)


async def test_an_entry_is_taken_out_of_its_story_and_put_back(start, library):
    async with start() as reader:
        row = reader.row_of("Ferry inquiry")
        entry = reader.headlines.entry(row)
        whole = library.store.stories.story_entries(entry.story)
        reader.headlines.cursor = row
        await reader.press("x")
        assert len(library.store.stories.story_entries(library.store.stories.story_of(entry.id))) == 1
        assert "Taken out; u undoes it." in reader.said()
        await reader.press("u")
        assert library.store.stories.story_entries(entry.story) == whole


async def test_two_stories_are_merged_and_parted_again(start, library):
    async with start() as reader:
        one, other = (reader.headlines.entry(reader.row_of(words)) for words in ("Ferry inquiry", "reef"))
        for entry in (one, other):
            reader.headlines.cursor = reader.row_of(entry.title)
            await reader.press("M")
        assert library.store.stories.story_of(one.id) == library.store.stories.story_of(other.id) == other.story
        await reader.press("u")
        assert library.store.stories.story_of(one.id) == one.story


async def test_a_pinned_entry_stays_whatever_the_machine_says(start, library):
    async with start() as reader:
        entry = reader.headlines.entry(reader.row_of("Ferry inquiry"))
        reader.headlines.cursor = reader.row_of("Ferry inquiry")
        await reader.press("P")
        assert library.store.stories.choices([entry.id]) == {entry.id: entry.story}
        await reader.press("u")
        assert library.store.stories.choices([entry.id]) == {entry.id: None}


async def test_an_article_that_was_edited_says_so(start, library):
    entry = next(e for e in library.store.entries(library.store.headlines()).values() if FERRY in e.title)
    article = library.store.article(entry.id)
    changed = article.text.replace("Seventeen people have died", "Some people may have died", 1)
    library.store.save_article(entry.id, replace(article, text=changed))
    async with start(size=(160, 60)) as reader:
        await reader.open(FERRY)
        await to_story(reader)
        assert "Edited: " in reader.shown()


async def test_an_article_that_nobody_else_tells_has_no_story(start, library):
    assert isinstance(library.store.article(library.store.headlines()[0]), Article)
    async with start(size=(160, 60)) as reader:
        row = reader.row_of("Ferry inquiry")
        reader.headlines.cursor = row
        await reader.press("x")
        await reader.open("Ferry inquiry")
        await to_story(reader)
        assert "No other outlet tells this story." in reader.shown()


async def test_what_was_taken_out_is_what_is_merged(start, library):
    async with start() as reader:
        await reader.open("Ferry inquiry")
        entry = reader.article.opened.entry
        others = [one for one in library.store.stories.story_entries(entry.story) if one.id != entry.id]
        await reader.press("x")
        await reader.press("M")
        await reader.press("escape")
        reef = reader.headlines.entry(reader.row_of("reef"))
        reader.headlines.cursor = reader.row_of(reef.title)
        await reader.press("M")
        of = library.store.stories.story_of
        assert of(entry.id) == of(reef.id)
        assert {of(one.id) for one in others}.isdisjoint({of(reef.id)})


async def test_the_story_follows_what_is_taken_out(start):
    async with start(size=(160, 60)) as reader:
        await reader.open(FERRY)
        assert story(reader).row_count() > 1
        await reader.press("x")
        await reader.settle()
        assert story(reader).row_count() == 0


async def test_a_page_that_is_fetched_again_says_how_it_was_edited(start, library):
    entry = next(e for e in library.store.entries(library.store.headlines()).values() if FERRY in e.title)
    library.open(entry.id)
    article = library.store.article(entry.id)
    library.store.save_article(entry.id, replace(article, text="The ferry sank. Nobody has been found so far."))
    async with start(size=(160, 60)) as reader:
        await reader.open(FERRY)
        await reader.press("E")
        await reader.settle()
        assert reader.article.opened.article.text == article.text
        assert row_with(story(reader), "Edited: ") == 0


async def test_a_claim_is_found_in_the_fuller_text_of_an_article_that_was_a_teaser(start, library):
    ferry = next(e for e in library.store.entries(library.store.headlines()).values() if FERRY in e.title)
    for other in library.store.stories.story_entries(ferry.story):
        if other.id != ferry.id:
            whole = library.open(other.id).article
            teaser = replace(whole, text=whole.text.split("\n\n", 1)[1], extractor="teaser")
            library.store.save_article(other.id, teaser)
    async with start(size=(160, 60)) as reader:
        await reader.open(FERRY)
        await to_story(reader)
        story(reader).cursor = row_with(story(reader), "Missing here:")
        place = story(reader).place(story(reader).cursor)
        await reader.press("enter")
        await reader.settle()
        text = reader.article.opened.article.text
        assert text.index(place.words) > place.span.start
        line = reader.article.line_of(text.index(place.words))
        assert 0 <= line - reader.article.scroll_offset.y < reader.article.size.height


async def test_what_changed_in_a_story_is_told_though_a_feed_failed(start, library):
    entry = next(iter(library.store.entries(library.store.headlines()).values()))
    alert = Alerted(entry=entry, rule=AlertRule.CONFLICT, words="Twelve drowned", why="12 people against 15 people")
    failed = ((library.store.feeds()[0], "the server answered 404"),)
    async with start() as reader:
        RefreshEnded(Refreshed(checked=6, new=1, failed=failed, alerts=(alert,))).tell(reader.screen)
        await reader.settle()
        told = " ".join(reader.said())
        assert "404" in told
        assert "12 people against 15 people" in told
        assert "Twelve drowned" in told


async def test_saving_a_claim_leaves_the_story_as_it_is(start):
    async with start(size=(160, 60)) as reader:
        await reader.open(FERRY)
        rows = story(reader).row_count()
        assert rows > 1
        await reader.press("right_square_bracket")
        await reader.press("s")
        await reader.settle()
        assert any(said.startswith("Saved:") for said in reader.said())
        assert story(reader).row_count() == rows


async def test_a_teaser_leaves_nothing_out(start, library):
    ferry = next(e for e in library.store.entries(library.store.headlines()).values() if FERRY in e.title)
    others = [other for other in library.store.stories.story_entries(ferry.story) if other.id != ferry.id]
    library.open(ferry.id)
    for other in others:
        article = library.store.article(other.id)
        library.store.save_article(other.id, replace(article, extractor="teaser"))
    async with start(size=(160, 60)) as reader:
        await reader.open(FERRY)
        drawn = [
            piece for n in range(story(reader).row_count()) for line in story(reader).draw(n, 200) for piece, _ in line
        ]
        assert any(f"{len(others)} of them known by a teaser alone" in piece for piece in drawn)
        assert not any(piece.startswith("−") for piece in drawn)
