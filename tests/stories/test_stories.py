import json
import random
import re
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise, product
from pathlib import Path
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reader.model import Assignment, Related, StoryDoc
from reader.stories import index
from reader.stories.cluster import Stories, story_json

NOON = datetime(2026, 11, 12, 12, tzinfo=UTC)

# Five stories as three outlets might tell them, in order of hours after noon.
NEWSROOM = [json.loads(line) for line in Path(__file__).with_name("newsroom.jsonl").read_text("utf-8").splitlines()]
GOLD = {str(n): row["story"] for n, row in enumerate(NEWSROOM)}


def newsroom(*, titles_only=False, dated=True):
    return [
        StoryDoc(
            id=str(n),
            title=row["title"],
            text="" if titles_only else row["text"],
            published=NOON + timedelta(hours=row["hours"]) if dated else None,
        )
        for n, row in enumerate(NEWSROOM)
    ]


def assign(docs, kept=()):
    """The story of each of `docs`, going on from what was kept."""
    stories = Stories(kept)
    return tuple(stories.add(one) for one in docs)


def grouped(assignments, gold=None):
    groups = {}
    for one in assignments:
        groups.setdefault(one.story if gold is None else gold[one.id], set()).add(one.id)
    return sorted(map(sorted, groups.values()))


def doc(id, title="", text="", published=NOON, **rest):
    return StoryDoc(id=id, title=title, text=text, published=published, **rest)


# --- what belongs together


@pytest.mark.parametrize("dated", [True, False])
def test_five_stories_are_told_apart(dated):
    found = assign(newsroom(dated=dated))
    assert grouped(found) == grouped(found, GOLD)


def test_titles_alone_are_enough_for_most():
    found = {one.id: one.story for one in assign(newsroom(titles_only=True))}
    pairs = [(a, b) for a in found for b in found if a < b]
    assert not [(a, b) for a, b in pairs if found[a] == found[b] and GOLD[a] != GOLD[b]]
    assert sum(found[a] == found[b] for a, b in pairs) >= 5


def test_a_story_bears_the_id_of_its_first_article():
    for one in assign(newsroom()):
        first = next(id for id, story in GOLD.items() if story == GOLD[one.id])
        assert one.story == first


@pytest.mark.parametrize(
    ("first", "second", "other"),
    [
        (
            "Der Bundestag stimmt über das Heizungsgesetz ab. Die Opposition lehnt den Entwurf von Minister Habich ab.",
            "Heizungsgesetz: Bundestag beschließt Entwurf. Minister Habich sprach von einem guten Tag für das Klima.",
            "Der Zoo von Leipzig hat einen neuen Elefanten. Die Besucher können das Tier von heute an sehen.",
        ),
        (
            "東京で震度5弱の地震があり、新幹線が一時運転を見合わせた。気象庁によると津波の心配はない。",
            "地震で新幹線が停止、東京で震度5弱 気象庁は津波の心配はないと発表した。",
            "大阪の動物園で生まれたパンダの赤ちゃんの名前が決まった。来月から公開される。",
        ),
        (
            "दिल्ली में भारी बारिश से सड़कें डूब गईं और मेट्रो सेवा रोकी गई।",
            "भारी बारिश के बाद दिल्ली की सड़कें डूबीं, मेट्रो सेवा कई घंटे बंद रही।",
            "मुंबई की टीम ने क्रिकेट का खिताब लगातार तीसरी बार जीता।",
        ),
        (
            "Землетрясение магнитудой 6,1 произошло у берегов Камчатки, сообщили сейсмологи.",
            "У берегов Камчатки зафиксировано землетрясение магнитудой 6,1. Сейсмологи ждут новых толчков.",
            "Сборная по хоккею выиграла второй матч турнира в Праге.",
        ),
    ],
)
def test_stories_are_found_in_any_language(first, second, other):
    found = assign([doc("a", text=first), doc("b", text=other), doc("c", text=second)])
    assert [one.story for one in found] == ["a", "b", "a"]


def test_the_same_event_a_year_on_is_another_story():
    storm = "Storm Agnes floods the harbour at Whitby and cuts power to 3,000 homes"
    now, later = doc("a", storm), doc("b", storm, published=NOON + timedelta(days=365))
    assert [one.story for one in assign([now, later])] == ["a", "b"]


def test_an_article_without_a_date_joins_the_latest_story():
    docs = newsroom()
    docs[2] = replace(docs[2], published=None)
    found = assign(docs)
    assert grouped(found) == grouped(found, GOLD)


# --- the order of arrival is all that counts


@given(st.lists(st.integers(0, len(NEWSROOM)), max_size=3))
def test_batches_do_not_matter(cuts):
    docs = newsroom()
    whole = assign(docs)
    batched, kept = [], []
    for start, end in pairwise([0, *sorted(cuts), len(docs)]):
        stories = Stories(kept)
        batched += [stories.add(one) for one in docs[start:end]]
        kept += [stories.kept(one.id) for one in docs[start:end]]
    assert tuple(batched) == whole


@given(st.lists(st.integers(0, 60), max_size=4))
def test_batches_do_not_matter_where_articles_are_forgotten(cuts):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(index, "REMEMBERED", 20)
        patch.setattr(index, "FRESH", 7)
        docs = [replace(one, id=f"{turn} {one.id}") for turn in range(4) for one in newsroom()]
        whole = assign(docs)
        batched, kept = [], []
        for start, end in pairwise([0, *sorted(cuts), len(docs)]):
            stories = Stories(kept)
            for one in docs[start:end]:
                batched.append(stories.add(one))
                kept.append(stories.kept(one.id))
            first = index.oldest(len(batched))
            kept = [one for one in kept if one.number >= first]
        assert tuple(batched) == whole


def test_what_comes_later_changes_nothing():
    docs = newsroom()
    whole = assign(docs)
    for end in range(len(docs)):
        assert assign(docs[:end]) == whole[:end]


any_doc = st.builds(
    StoryDoc,
    id=st.text(max_size=3),
    title=st.sampled_from([row["title"] for row in NEWSROOM])
    | st.text(st.characters(exclude_categories=()), max_size=40),
    text=st.sampled_from(["", *(row["text"] for row in NEWSROOM)])
    | st.text(st.characters(exclude_categories=()), max_size=80),
    published=st.none() | st.datetimes(timezones=st.just(UTC)) | st.just(NOON),
)


@given(st.lists(any_doc, max_size=25))
def test_any_articles_are_each_given_a_story_that_an_earlier_one_opened(docs):
    found = assign(docs)
    assert [one.id for one in found] == [one.id for one in docs]
    for number, one in enumerate(found):
        before = {earlier.id for earlier in docs[:number]}
        assert one.story in before | {one.id}
        assert len(one.related) <= 10
        for other in one.related:
            assert other.id in before
            assert 0 <= other.score <= 1
            assert other.why
    assert assign(docs) == found


# --- awkward articles


def test_an_article_without_words_never_joins_and_is_never_joined():
    blank = [doc("a"), doc("b", " ", "\n"), doc("c", "…", "— 7 !"), doc("d", "the", "and of it")]
    found = assign([*blank, *newsroom()])
    assert [one.story for one in found[:4]] == ["a", "b", "c", "d"]
    assert grouped(found[4:]) == grouped(found[4:], GOLD)


def test_an_article_that_comes_twice_keeps_its_story():
    stories = Stories()
    for one in newsroom():
        stories.add(one)
    again = stories.add(replace(newsroom()[2], title="Something else", text="Quite different words"))
    assert again == Assignment(id="2", story="0")


def test_an_item_posted_500_times_is_one_story_and_the_rest_stay_apart():
    repeats = [doc(f"r{n}", "Subscribe to the Harbour Post newsletter", outlet="Harbour Post") for n in range(500)]
    docs = newsroom()
    found = assign([*docs[:5], *repeats, *docs[5:]])
    assert {one.story for one in found if one.id.startswith("r")} == {"r0"}
    rest = [one for one in found if not one.id.startswith("r")]
    assert grouped(rest) == grouped(rest, GOLD)


def test_no_story_swallows_a_stream_of_like_titles():
    template = "{} beats {} in league match"
    docs = [doc(str(n), template.format(f"Team{n}", f"Club{n}")) for n in range(1500)]
    sizes = {}
    for one in assign(docs):
        sizes[one.story] = sizes.get(one.story, 0) + 1
    assert max(sizes.values()) < 500


@pytest.mark.parametrize("year", [1, 1970, 2099, 9999])
def test_wrong_dates_do_no_harm_to_others(year):
    wrong = [doc(f"w{n}", f"Clock {n} is wrong", published=datetime(year, 1, 1, tzinfo=UTC)) for n in range(3)]
    docs = newsroom()
    found = assign([*docs[:4], *wrong, *docs[4:9], replace(docs[9], published=None), *docs[10:]])
    rest = [one for one in found if not one.id.startswith("w")]
    assert grouped(rest) == grouped(rest, GOLD)


def test_a_date_before_there_were_feeds_counts_as_none():
    first, second = newsroom()[0], newsroom()[2]
    unset = replace(second, published=datetime(1970, 1, 1, tzinfo=UTC))
    assert assign([first, unset])[1].story == "0"


@pytest.mark.parametrize(("remembered", "story"), [(40, "0"), (20, "2")])
def test_the_oldest_articles_are_forgotten(monkeypatch, remembered, story):
    monkeypatch.setattr(index, "REMEMBERED", remembered)
    monkeypatch.setattr(index, "FRESH", 1)
    others = [doc(f"x{n}", f"Word{n} thing{n}") for n in range(30)]
    assert assign([newsroom()[0], *others, newsroom()[2]])[-1].story == story


# --- why


def related(*docs):
    return assign(docs)[-1].related


def test_shared_names_are_the_reason():
    before = doc("a", "Talks in Beijing end early", "Commerce chief Raimondo left Beijing after talks on chips.")
    new = doc("b", "Raimondo says chip talks failed", "The trip of Raimondo to Beijing brought no deal on chips.")
    (one,) = related(before, new)
    assert one.id == "a"
    assert set(one.why.removeprefix("both name ").split(" and ")) == {"Raimondo", "Beijing"}


def test_a_name_is_given_in_full():
    before = doc("a", "Rates", "The governor, Ilse Brandt, held the rate on Thursday.")
    new = doc("b", "Rates again", "There will be no cut in the rate, Ilse Brandt insisted.")
    assert related(before, new)[0].why == "both name Ilse Brandt"


def test_copied_words_are_the_reason():
    wire = NEWSROOM[0]["text"]
    (one,) = related(doc("a", "Ferry aground", wire), doc("b", "Drama at sea", "By our staff. " + wire))
    assert one.why == "nearly the same words"


def test_else_telling_words_are_the_reason():
    before = doc("a", "Ancient shells show early intelligence", "")
    (one,) = related(before, doc("b", "What shells tell of animal intelligence"))
    assert one.why in {"share the words shells, intelligence", "share the words intelligence, shells"}


def test_a_headline_in_title_case_names_nobody():
    (one,) = related(doc("a", "Flood Warning Issued For Valley"), doc("b", "Flood Warning Lifted For Valley"))
    assert one.why.startswith("share the words ")


def test_a_story_prints_as_json():
    one = Assignment(id="b", story="a", related=(Related(id="a", score=0.412, why="both name Raimondo"),))
    assert story_json(one) == {
        "id": "b",
        "story": "a",
        "related": [{"id": "a", "score": 0.412, "why": "both name Raimondo"}],
    }


# --- floors on development streams

SHARED = Path(__file__).resolve().parents[2].parent / "shared" / "eval"


@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared evaluation streams are not here")
@pytest.mark.parametrize(
    ("name", "lines", "floor"), [("wikinews", 276, 85.0), ("allsides", 1500, 85.0), ("uci", 1500, 60.0)]
)
def test_development_streams_reach_their_floors(name, lines, floor, monkeypatch):
    monkeypatch.syspath_prepend(str(SHARED))
    from score_stories import bcubed

    with (SHARED / "stories_dev" / f"{name}.jsonl").open(encoding="utf-8") as file:
        rows = [json.loads(line) for line, _ in zip(file, range(lines), strict=False)]
    docs = [
        StoryDoc(
            id=row["id"], title=row["title"], text=row["text"] or "", published=datetime.fromisoformat(row["published"])
        )
        for row in rows
    ]
    predicted = {one.id: one.story for one in assign(docs)}
    assert bcubed(predicted, {row["id"]: row["story"] for row in rows})["bcubed"]["F1"] >= floor


def test_the_items_of_a_series_are_no_story():
    draw = random.Random(1)
    names = ["".join(letters).capitalize() for letters in product("bkmrtv", "aeiou", "lnstgd", "aeiou")]
    for template in ("{} beats {} in league match", "{} reports record profit for {}"):
        docs = [
            doc(str(n), template.format(*draw.sample(names, 2)), published=NOON + timedelta(minutes=n))
            for n in range(300)
        ]
        assert Counter(one.story for one in assign(docs)).most_common(1)[0][1] < 75


def test_older_news_of_the_matter_does_not_hide_that_of_the_day():
    old = [
        doc(f"o{n}", f"Shells hit Vorn for day {n}", "Shells hit the city of Vorn.", NOON - timedelta(days=300 + n))
        for n in range(250)
    ]
    new = [
        doc("a", "Shells hit hospital in Vorn", "Shells hit the hospital of Vorn at night, Ilse Brandt said."),
        doc(
            "b", "Hospital in Vorn hit by shells", "The hospital of Vorn was hit by shells at night, Ilse Brandt said."
        ),
    ]
    assert assign([*old, *new])[-1].story == "a"


def test_a_story_of_five_thousand_articles_swallows_no_other_and_is_sorted_in_bounded_time():
    draw = random.Random(1)
    said = re.findall(
        "[a-z]+", "crane fell harbour cables rust mayor falk police divers boats night wind inquiry board"
    )
    docs, goats = [], []
    for n in range(5_000):
        text = f"The Orde crane: {' '.join(draw.sample(said, 9))}."
        if n % 100 == 50:
            text = (
                f"Goats won the fair of Tolm. {' '.join(draw.sample(['farmer', 'horns', 'prize', 'judge', 'hay'], 4))}."
            )
            goats.append(str(n))
        docs.append(doc(str(n), text[:60], text, NOON + timedelta(seconds=40 * n), outlet=f"Outlet {n % 60}"))
    stories, times, told = Stories(), [], {}
    for one in docs:
        begun = process_time()
        told[one.id] = stories.add(one).story
        times.append(process_time() - begun)
    assert {told[id] for id in goats} == {goats[0]}
    assert Counter(told.values())["0"] < 3_000
    assert sum(times[-500:]) < 6 * sum(times[500:1_000])
