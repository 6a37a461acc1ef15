"""What a speaker said over all articles: found under all its names, told once, cited from the text that is kept."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from press import feed, followed, item

from reader.claims import MODEL
from reader.library.answers import LibraryError, Statement
from reader.library.library import Library
from reader.library.stories import once
from reader.model import Analysis, Claim, Entry, Figure, Source, SourceKind, Span
from reader.store.packed import unzipped

NOON = datetime(2026, 11, 10, 12, tzinfo=UTC)
CRANE = (
    "Rebuilding the quay will cost $4 million, the harbour minister, Ilse Brandt, said.\n"
    "“We had asked for new cables three times,” Brandt said."
)
ECHO = "The minister spoke in Tolm. “We had asked for new cables three times,” Ilse Brandt told reporters."
PAPER = "The cables were forty years old, Brandt said, citing engineers of the port."
FOR_ALL = "for everybody who owns a boat in the northern ports of the country from the first of May"
RAIN = "Jordan says that it will rain."
SNOW = "Jordan says that it will snow."
GOATS = "The goats were the best in years, Nils Falk said."


def read(library: Library, server, **told: tuple[tuple[str, float], ...]) -> None:
    """Have outlets carry articles, each a text and its hours after noon, and open them all."""
    for outlet, articles in told.items():
        items = [
            item(
                f"{outlet}-{at}",
                title=f"{outlet} {at}",
                text="".join(f"<p>{line}</p>" for line in text.split("\n")),
                published=format_datetime(NOON + timedelta(hours=hours)),
            )
            for at, (text, hours) in enumerate(articles)
        ]
        server.routes[f"/{outlet}"] = feed(*items, title=outlet)
        followed(library, server.url(f"/{outlet}"))
    assert library.refresh().failed == ()
    for entry_id in library.store.headlines():
        library.open(entry_id)


def brief(statements: tuple[Statement, ...]) -> list[tuple[str, str]]:
    return [(one.entry.title, one.words) for one in statements]


def test_all_that_a_speaker_said_is_found_under_each_of_its_names_newest_first_as_its_articles_have_it(
    library: Library, server
):
    read(library, server, Courier=((CRANE, 0),), Times=((PAPER, 2), (GOATS, 1)))
    said = library.stories.said("Brandt")
    assert [one.entry.title for one in said] == ["Times 0", "Courier 0", "Courier 0"]
    for one in said:
        article = library.store.article(one.entry.id)
        assert one.span.of(article.text) == one.passage, "words are a span of the kept text"
    cables = said[0]
    assert cables.words == "The cables were forty years old"
    assert (cables.cue.startswith("said"), cables.outlet) == (True, "Times")
    assert said[1].words.strip("“”,") == "We had asked for new cables three times"
    assert library.stories.said("Ilse Brandt") == said
    assert library.stories.said("ilse BRANDT") == said
    assert library.stories.speaker("Brandt").claims == 3


def test_a_speaker_whom_nobody_cites_is_said_to_be_unknown(library: Library, server):
    read(library, server, Courier=((CRANE, 0),))
    with pytest.raises(LibraryError, match="Ada Moe is cited by name in none of the articles"):
        library.stories.said("Ada Moe")


def test_a_person_and_a_place_of_one_name_are_told_apart(library: Library, server):
    read(library, server, Courier=((f"{RAIN} {SNOW}", 0), (RAIN, 2)), Times=((SNOW, 1),))
    kinds = {RAIN: SourceKind.PERSON, SNOW: SourceKind.ORGANISATION}
    for entry_id in library.store.headlines():
        text = library.store.article(entry_id).text
        claims = tuple(
            Claim(
                id=at,
                content=(Span(start := text.index(said), start + len(said)),),
                speaker=Source(name="Jordan", kind=kinds[said], named=True),
            )
            for at, said in enumerate(said for said in kinds if said in text)
        )
        library.store.save_analysis(entry_id, Analysis(claims=claims, model=MODEL), text=text)
    assert {one.words for one in library.stories.said("Jordan", kind=SourceKind.PERSON)} == {RAIN}
    assert {one.words for one in library.stories.said("Jordan", kind=SourceKind.ORGANISATION)} == {SNOW}
    assert len({one.words for one in library.stories.said("Jordan")}) == 1, "one of them, never both"


def test_what_several_outlets_carry_is_told_once_by_the_first_of_them(library: Library, server):
    read(library, server, Courier=((CRANE, 0),), Times=((ECHO, 3),))
    cables = [one for one in library.stories.said("Ilse Brandt") if "cables" in one.words]
    assert [(one.outlet, [other.outlet for other in one.also]) for one in cables] == [("Courier", ["Times"])]


def test_only_the_articles_that_cite_the_speaker_are_read(library: Library, server):
    read(library, server, Courier=((CRANE, 0),), Times=((GOATS, 1), (GOATS + " It rained.", 2)), Post=((GOATS, 5),))
    names = library.stories.speaker("Ilse Brandt").voice.names
    unpacked: list[bytes] = []

    def counted(text: bytes) -> str:
        unpacked.append(text)
        return unzipped(text)

    asked: list[str] = []
    library.store._at.db.create_function("unzipped", 1, counted)
    library.store._at.db.set_trace_callback(asked.append)
    assert len(library.store.stories.said(names, person=True)) == 2
    assert len(unpacked) == 2, "one text and what is kept beside it"
    library.store._at.db.set_trace_callback(None)
    plan = [row["detail"] for sql in asked for row in library.store._at.db.execute(f"EXPLAIN QUERY PLAN {sql}")]
    assert any("claims_by_entry" in step for step in plan)
    assert [step for step in plan if step.startswith("SCAN") and "json_each" not in step] == []


def test_a_statement_that_was_saved_says_so_and_is_cited_from_the_text_that_is_kept(library: Library, server):
    read(library, server, Courier=((CRANE, 0),))
    one, other = library.stories.said("Ilse Brandt")
    assert not one.saved
    assert not other.saved
    highlight = library.saved.keep(library.saved.of(library.stories.kept(one), one.claim))
    assert (highlight.speaker, highlight.quote.exact, highlight.outlet) == ("Ilse Brandt", one.passage, "Courier")
    assert [said.saved for said in library.stories.said("Ilse Brandt")] == [True, False]
    article = library.store.article(one.entry.id)
    library.store.save_article(one.entry.id, replace(article, text="Nobody said anything."))
    with pytest.raises(LibraryError, match="another text"):
        library.stories.kept(one)
    with pytest.raises(LibraryError, match="cited by name in none"):
        library.stories.said("Ilse Brandt")


def test_what_is_read_later_is_told_too(library: Library, server):
    read(library, server, Courier=((CRANE, 0),))
    assert len(library.stories.said("Ilse Brandt")) == 2
    read(library, server, Times=((PAPER, 2),))
    assert len(library.stories.said("Brandt")) == 3


# --- the same words --------------------------------------------------------------------------------------------------


def statement(words: str, *, days: float = 0, id: int = 1, story: int | None = None, **claim: object) -> Statement:
    when = NOON + timedelta(days=days)
    entry = Entry(
        id=id, feed_id=id, feed_title=str(id), guid=str(id), url=None, title=str(id), author=None,
        published=when, added=when, story=story,
    )  # fmt: skip
    made = Claim(id=0, content=(Span(5, 5 + len(words)),), **claim)
    return Statement(entry=entry, outlet=str(id), claim=made, passage=words, cue="said", saved=False)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("We will organise the whole of the evacuation", "We will organize the whole of the evacuation"),
        (
            "The labour in the theatre was travelled to once",
            "The labor in the theater was traveled to once",
        ),
        ("“We had asked for new cables three times,”", '"We had asked for new cables three times"'),
        (
            "the old town hall would be sold before the next election",
            "that the old town hall would be sold before the next election",
        ),
    ],
)
def test_another_spelling_is_the_same_statement(one, other):
    (told,) = once([statement(one), statement(other, id=2, days=1)])
    assert (told.outlet, [later.outlet for later in told.also]) == ("1", ["2"])


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (f"The tax will rise {FOR_ALL}", f"The tax will fall {FOR_ALL}"),
        ("They are likely to leave the northern ports by May", "They are unlikely to leave the northern ports by May"),
        ("We will attack the northern ports of Iran in spring", "We will attack the northern ports of Iraq in spring"),
        ("We will leave the northern ports by the spring", "We will not leave the northern ports by the spring"),
        ("We should leave the northern ports by the spring", "We shouldn’t leave the northern ports by the spring"),
        ("There were 13 people aboard the ferry that sank", "There were 12 people aboard the ferry that sank"),
        ("We will prevent all of it in the northern ports", "We will present all of it in the northern ports"),
        ("A few of the families want to return to the valley", "Few of the families want to return to the valley"),
    ],
)  # fmt: skip
def test_words_that_say_another_thing_stay_apart_however_alike(one, other):
    assert len(once([statement(one), statement(other, id=2)])) == 2


def test_the_same_words_denied_or_with_another_figure_are_another_statement():
    words = "the northern ports would cost 4 million"
    dollars, euros = (Figure(span=Span(35, 44), value=4e6, unit=unit) for unit in ("USD", "EUR"))
    assert len(once([statement(words), statement(words, id=2, denied=True)])) == 2
    assert len(once([statement(words, figures=(dollars,)), statement(words, id=2, figures=(euros,))])) == 2
    assert len(once([statement(words, figures=(dollars,)), statement(words, id=2, figures=(dollars,))])) == 1


@pytest.mark.parametrize(
    ("words", "days", "stories", "told"),
    [
        ("We will never give the northern ports up", 2, (1, 2), 1),
        ("We will never give the northern ports up", 20, (1, 2), 2),
        ("We will never give the northern ports up", 20, (1, 1), 1),
        ("no comment", 0.1, (1, 2), 2),
        ("no comment", 0.1, (1, 1), 1),
        ("no comment", 0.1, (None, None), 2),
    ],
)
def test_the_same_words_are_said_again_when_they_come_late_or_are_few_but_in_one_story(words, days, stories, told):
    first, later = stories
    assert len(once([statement(words, story=first), statement(words, id=2, days=days, story=later)])) == told


def test_statements_come_newest_first_whatever_order_they_are_found_in():
    made = [statement(f"the port of {name} will close", days=days, id=days + 1) for days, name in enumerate("ABC")]
    for order in (made, made[::-1]):
        assert [one.outlet for one in once(order)] == ["3", "2", "1"]
