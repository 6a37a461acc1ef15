import re
import unicodedata
from datetime import UTC, date, datetime, timedelta, timezone
from itertools import count
from pathlib import Path
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reader.model import Span
from reader.query import (
    DEEPEST,
    LONGEST,
    MOST,
    Ago,
    And,
    Claimed,
    ClaimType,
    Field,
    Has,
    Not,
    Or,
    Query,
    QueryError,
    State,
    Where,
    Words,
    fields_of,
    parse,
)
from reader.store.connections import Connections, seconds
from reader.store.packed import zipped
from reader.store.search import Search

NOW = datetime(2026, 11, 12, 9, 0, tzinfo=UTC)
HOUR = 3600


class Library:
    """A library to be filled row by row; what is not said of an entry is not so."""

    def __init__(self, path: Path) -> None:
        self.at = Connections(path)
        self.search = Search(self.at)
        self.texts: dict[int, tuple[str, str]] = {}

    def rows(self, table: str, **values: object) -> None:
        places = ", ".join("?" * len(values))
        self.at.db.execute(f"INSERT INTO {table} ({', '.join(values)}) VALUES ({places})", tuple(values.values()))

    def feed(self, id: int, title: str, *, folder: str | None = None, removed: int | None = None) -> None:
        url = f"https://f{id}.example/feed"
        self.rows("feeds", id=id, url=url, title=title, folder=folder, added=0, removed=removed)

    def entry(
        self, id: int, title: str, text: str = "", *, feed: int = 1, hours: float = 0, author: str | None = None
    ) -> None:
        at = seconds(NOW) - int(hours * HOUR)
        self.texts[id] = (title, text)
        self.rows("entries", id=id, feed_id=feed, guid=id, title=title, author=author, added=at, sorted=at)
        self.rows("articles", entry_id=id, title=title, text=zipped(text), extractor="feed", rest=zipped("{}"))
        self.rows("search", rowid=id, title=title, text=text)

    def state(self, id: int, **states: int) -> None:
        self.rows("states", entry_id=id, changed_at=0, **states)

    def claim(
        self, id: int, speaker: str, content: str, *, named: int = 1, quotation: str = "direct", denied: int = 0,
        figures: int = 0,
    ) -> None:  # fmt: skip
        self.rows(
            "claims", entry_id=id, number=0, speaker=speaker, named=named, quotation=quotation, denied=denied,
            figures=figures, content=content,
        )  # fmt: skip

    def highlight(self, id: int, *, note: str = "", tags: str = "[]", removed: int | None = None) -> None:
        self.rows(
            "highlights", uid=str(uuid4()), entry_id=id, exact="x",
            prefix="", suffix="", start=0, via="[]", outlet="o", title="t",
            created=0, text_hash="h", note=note, tags=tags, removed=removed,
        )  # fmt: skip

    def find(self, query: str, *, now: datetime = NOW, limit: int | None = None) -> list[int]:
        return self.search.find(parse(query), now=now, limit=limit)


@pytest.fixture
def library(tmp_path):
    library = Library(tmp_path / "library.sqlite")
    library.feed(1, "The Meridian Post", folder="World")
    library.feed(2, "Élan Quotidien", folder="Europe / France")
    yield library
    library.at.close()


@pytest.fixture(scope="module")
def newsstand(tmp_path_factory):
    """Articles of one day that differ in everything a query can ask for."""
    library = Library(tmp_path_factory.mktemp("newsstand") / "library.sqlite")
    library.feed(1, "Alpha Post", folder="World")
    library.feed(2, "Beta_100% Post")
    library.feed(3, "Gone Post", removed=1)
    texts = ["a b c", "b c d", "c++ isn't a d", "don't e", "", "a b a b", "É é", "f ab abc"]
    for id in range(1, 25):
        # Neither in the order of their numbers nor of their reversal.
        library.entry(
            id,
            texts[id % 5],
            texts[id * 7 % 8],
            feed=1 + id % 3,
            hours=(id * 11 % 24) * 3,
            author=[None, "Ann Á"][id % 2],
        )
        if id % 2:
            library.state(id, read=id % 3 == 0, starred=id % 5 == 0, muted=id % 7 == 0)
        for number in range(id % 4):
            library.claim(
                id, ["Ann Powell", "Bob", ""][(id + number) % 3], texts[(id + number) % 8], named=number % 2,
                quotation=["direct", "indirect", "mixed"][number], denied=id % 6 == 0, figures=(id + number) % 3,
            )  # fmt: skip
        library.rows("stories", entry_id=id, story=3 if id == 10 else [id, id, 4][id % 3])
        if id % 8 == 0:
            library.rows("tags", entry_id=id, tag=["Work", "été"][id % 16 == 0])
        if id % 6 == 0:
            library.highlight(id, note=["", "n"][id % 4 == 0], tags=["[]", '["work"]'][id % 9 == 0], removed=None)
            library.rows("enclosures", entry_id=id, url="u")
    library.highlight(1, note="n", tags='["work"]', removed=1)
    library.rows("highlights", uid="u", exact="x", prefix="", suffix="", start=0, via="[]", outlet="o", title="t",
                 created=0, text_hash="h", tags='["work"]', note="n")  # fmt: skip
    library.rows("story_choices", entry_id=5, story=7, chosen=0)
    library.rows("story_choices", entry_id=3, story=50, chosen=0)
    library.rows("story_choices", entry_id=8, story=8, chosen=0)
    library.rows("ledgers", story=4, made_of="", body="", conflicts=1)
    yield library
    library.at.close()


PIECES = re.findall(
    r'(?:"[^"]*"|[^\s"])+',
    """
a b c d e f ab* "a b" "b a"* é E c++ isn't zzz + speaker:Powell speaker:bob type:figure type:denied type:direct
type:quotation type:anonymous type:named claim:a claim:"b c" in:claims in:title in:text title:a text:"a b" is:read
is:unread is:starred is:saved is:muted has:claims has:figures has:conflict has:note has:tag has:media has:story newer:1d
older:36h on:2026-11-11 newer:2026-11-11 older:2026-11-11 tag:work tag:ÉTÉ feed:alpha feed:f2.ex feed:a_1 feed:"0% p"
folder:WORLD author:ann author:"N á" story:4 story:7 entry:9
""",
)
pieces = st.sampled_from(PIECES)
queries = st.recursive(
    pieces,
    lambda inner: st.tuples(
        st.sampled_from(["{} {}", "{} {}", "{} OR {}", "({}) {}", "-{} {}", "-({} {})"]), inner, inner
    ).map(lambda made: made[0].format(made[1], made[2])),
    max_leaves=12,
)


@pytest.mark.parametrize("piece", PIECES)
def test_each_piece_finds_what_it_says(newsstand, piece):
    for source in (piece, f"-{piece}", f"d {piece}", f"d OR {piece}", f"-d {piece}", f"-(d {piece})"):
        if not source.startswith("-in:"):
            agrees(newsstand, source)


@given(queries)
def test_what_is_found_is_what_matches_read_row_by_row(newsstand, source):
    agrees(newsstand, source)


def agrees(newsstand: Library, source: str) -> None:
    try:
        query = parse(source)
    except QueryError:
        return
    truth = Truth(newsstand)
    matching = {id for id in newsstand.texts if truth.of(query, id)}
    assert newsstand.search.matches(query, list(newsstand.texts), now=NOW) == matching
    assert newsstand.search.matches(query, [9, 4, 77], now=NOW) == matching & {9, 4}
    muted = any(field.value is State.MUTED for field in fields_of(query))
    shown = [
        id
        for id in newsstand.find("is:muted OR -is:muted")
        if id in matching and (muted or not truth.one("SELECT muted FROM states WHERE entry_id = ?", id))
    ]
    assert newsstand.find(source) == shown
    assert newsstand.find(source, limit=3) == shown[:3]


class Truth:
    """What a query means, told without indexes, in the plainest way."""

    def __init__(self, library: Library) -> None:
        self._library = library

    def one(self, sql: str, *values: object) -> object:
        row = self._library.at.db.execute(sql, values).fetchone()
        return row and row[0]

    def of(self, query: Query, id: int) -> bool:
        match query:
            case And(parts=parts):
                return all(self.of(part, id) for part in parts)
            case Or(parts=parts):
                return any(self.of(part, id) for part in parts)
            case Not(part=part):
                return not self.of(part, id)
            case Words(where=where):
                title, text = self._library.texts[id]
                return (where is not Where.TEXT and holds(title, query)) or (
                    where is not Where.TITLE and holds(text, query)
                )
            case Claimed(what=what):
                claims = self._library.at.db.execute("SELECT * FROM claims WHERE entry_id = ?", (id,))
                return any(self._of_claim(what, claim) for claim in claims)
        return bool(self._field(query.name, query.value, id))

    def _of_claim(self, query: Query, claim) -> bool:
        match query:
            case And(parts=parts):
                return all(self._of_claim(part, claim) for part in parts)
            case Or(parts=parts):
                return any(self._of_claim(part, claim) for part in parts)
            case Words(where=where):
                return holds(claim["speaker" if where is Where.SPEAKER else "content"], query)
            case Field(value=ClaimType.FIGURE):
                return bool(claim["figures"])
            case Field(value=ClaimType.QUOTATION):
                return claim["quotation"] in ("direct", "mixed")
            case Field(value=ClaimType.DENIED):
                return bool(claim["denied"])
            case Field(value=ClaimType.NAMED):
                return bool(claim["named"])
            case Field(value=ClaimType.ANONYMOUS):
                return not claim["named"]
            case Field(value=value):
                return claim["quotation"] == value
        raise AssertionError(query)

    def _field(self, name: str, value: object, id: int) -> object:
        one = self.one
        tagged = {tag for (tag,) in self._library.at.db.execute("SELECT tag FROM tags WHERE entry_id = ?", (id,))}
        saved = list(
            self._library.at.db.execute(
                "SELECT note, tags FROM highlights WHERE entry_id = ? AND removed IS NULL", (id,)
            )
        )
        tagged |= {tag for row in saved for tag in re.findall('"(.*?)"', row["tags"])}
        feed = "SELECT {} FROM feeds JOIN entries ON feed_id = feeds.id WHERE entries.id = ?"
        at = datetime.fromtimestamp(one("SELECT sorted FROM entries WHERE id = ?", id), UTC)
        story = one("SELECT story FROM told WHERE entry_id = ?", id)
        match name, value:
            case "is", State.READ | State.STARRED | State.MUTED:
                return one(f"SELECT {value} FROM states WHERE entry_id = ?", id)
            case "is", State.UNREAD:
                return not one("SELECT read FROM states WHERE entry_id = ?", id)
            case "is", State.SAVED:
                return saved or one("SELECT starred FROM states WHERE entry_id = ?", id)
            case "has", Has.CLAIMS:
                return one("SELECT 1 FROM claims WHERE entry_id = ?", id)
            case "has", Has.FIGURES:
                return one("SELECT 1 FROM claims WHERE entry_id = ? AND figures", id)
            case "has", Has.CONFLICT:
                return story == 4
            case "has", Has.NOTE:
                return any(row["note"] for row in saved)
            case "has", Has.TAG:
                return tagged
            case "has", Has.MEDIA:
                return one("SELECT 1 FROM enclosures WHERE entry_id = ?", id)
            case "has", Has.STORY:
                return one("SELECT count(*) FROM told WHERE story = ?", story) > 1
            case "tag", str():
                return value.casefold() in map(str.casefold, tagged)
            case "feed", str():
                return any(
                    value.casefold() in one(feed.format(f"feeds.{part}"), id).casefold() for part in ("title", "url")
                )
            case "folder", str():
                return value.casefold() in (one(feed.format("folder"), id) or "").casefold()
            case "author", str():
                return value.casefold() in (one(feed.format("author"), id) or "").casefold()
            case "story", _:
                return story == value
            case "entry", _:
                return id == value
            case "newer", Ago():
                return at >= NOW - timedelta(seconds=value.seconds)
            case "older", Ago():
                return at < NOW - timedelta(seconds=value.seconds)
            case "newer", date():
                return at.date() >= value
            case "older", date():
                return at.date() < value
            case "on", date():
                return at.date() == value
        raise AssertionError(name)


def holds(text: str, words: Words) -> bool:
    """Whether the words stand in a text one after the other."""
    held, sought = (tokens(side) for side in (text, words.text))
    for at in range(len(held) - len(sought) + 1):
        last = held[at + len(sought) - 1]
        if held[at : at + len(sought) - 1] == sought[:-1] and (
            last.startswith(sought[-1]) if words.prefix else last == sought[-1]
        ):
            return True
    return False


def tokens(text: str) -> list[str]:
    plain = "".join(char for char in unicodedata.normalize("NFD", text) if not unicodedata.combining(char))
    return re.findall(r"\w+", plain.lower())


def test_the_newest_stands_first_whatever_came_first(library):
    for id, hours in [(1, 3), (2, 9), (3, 1), (4, 1)]:
        library.entry(id, "Ferry", "sinks", hours=hours)
    assert library.find("ferry") == [4, 3, 1, 2]
    assert library.find("ferry", limit=2) == [4, 3]
    assert library.find("", limit=2) == [4, 3]
    assert library.find("ferry", limit=0) == []


def test_muted_entries_are_found_only_when_they_are_asked_for(library):
    library.entry(1, "Ferry")
    library.entry(2, "Ferry")
    library.state(2, muted=1)
    assert library.find("ferry") == [1]
    assert library.find("ferry is:muted") == [2]
    assert library.search.matches(parse("ferry"), [1, 2], now=NOW) == {1, 2}


def test_of_a_removed_feed_only_what_is_kept_is_found(library):
    library.feed(3, "Gone", removed=1)
    for id in range(1, 5):
        library.entry(id, "Ferry", feed=3)
    library.state(1, starred=1)
    library.rows("tags", entry_id=2, tag="x")
    library.highlight(3)
    assert library.find("ferry") == [3, 2, 1]


def test_names_are_found_in_any_case(library):
    library.entry(1, "Ferry", feed=2, author="ÉLODIE Œuvre")
    for query in ("feed:élan", "feed:ÉLAN", "feed:F2.example", "folder:france", "author:élodie", "author:œuvre"):
        assert library.find(query) == [1], query
    library.feed(3, "Новая газета", folder="Ведомости")
    library.entry(2, "Ferry", feed=3)
    for query in ('feed:"новая газета"', 'feed:"НОВАЯ ГАЗЕТА"', "folder:ведомости"):
        assert library.find(query) == [2], query
    assert library.find("feed:_lan") == library.find("feed:%") == []


def test_days_are_those_of_the_zone_of_now(library):
    library.entry(1, "Ferry", hours=9.5)  # 23:30 of the day before in UTC
    assert library.find("on:2026-11-11") == [1]
    assert library.find("on:2026-11-12") == []
    berlin = NOW.astimezone(timezone(timedelta(hours=1)))
    assert library.find("on:2026-11-11", now=berlin) == []
    assert library.find("on:2026-11-12", now=berlin) == [1]


def test_a_day_begins_at_midnight_and_ends_before_the_next(library):
    library.entry(1, "Ferry", hours=9)
    library.entry(2, "Ferry", hours=33)
    assert library.find("on:2026-11-11") == library.find("older:2026-11-12") == [2]
    assert library.find("newer:2026-11-12") == [1]
    assert library.find("newer:9h") == [1]
    assert library.find("older:9h") == [2]


def test_what_is_asked_of_one_claim_is_true_of_one(library):
    library.entry(1, "Rates")
    library.claim(1, "Jerome Powell", "rates stay")
    library.claim(1, "Janet Yellen", "rates rise by 2 per cent", figures=1)
    assert library.find("speaker:powell type:figure") == []
    assert library.find("speaker:powell (type:figure)") == [1]
    assert library.find("speaker:yellen type:figure in:claims rise") == [1]
    assert library.find("speaker:powell in:claims rise") == []
    assert library.find("(speaker:powell OR speaker:yellen) type:figure") == [1]
    assert library.find("speaker:powell -type:figure") == []


def test_hits_are_spans_of_title_and_text(library):
    title, text = "Fed’s café: 新 rates", "Don't cut rates, the café said. A rate-setter can’t."
    library.entry(1, title, text)

    def hits(query: str) -> tuple[list[str], list[str]]:
        found = library.search.hits(parse(query), 1)
        return [span.of(title) for span in found[0]], [span.of(text) for span in found[1]]

    assert hits("CAFE") == (["café"], ["café"])
    assert hits("rat*") == (["rates"], ["rates", "rate"])
    assert hits('"cut rates" don\'t') == ([], ["Don't", "cut rates"])
    assert hits("title:rates in:text cafe") == (["rates"], ["café"])
    assert hits("rates -cafe") == (["rates"], ["rates"])
    assert hits("claim:rates") == ([], ["rates"])
    assert hits("speaker:rates is:read") == ([], [])
    assert hits("zzz OR 新") == (["新"], [])
    assert library.search.hits(parse("rates"), 2) == ((), ())


def test_hits_in_an_empty_text_and_of_nothing(library):
    library.entry(1, "", "")
    assert library.search.hits(parse("a"), 1) == library.search.hits(parse(""), 1) == ((), ())


def test_an_edited_text_is_found_by_its_new_words(library):
    library.entry(1, "Ferry", "old")
    library.at.db.execute("UPDATE articles SET text = ? WHERE entry_id = 1", (zipped("new"),))
    assert (library.find("old"), library.find("new")) == ([], [1])
    assert library.search.hits(parse("new"), 1) == ((), (Span(0, 3),))


# 42: 43 odd queries and any other give no error but that of a query.
WIDEST = "(a OR -(b c) OR " * DEEPEST + "a" + ")" * DEEPEST
NARROWEST = "(a -(b OR " * (DEEPEST // 2) + "a" + "))" * (DEEPEST // 2)
ODD = [
    "c++", "don't", '"unclosed', "(((", "-", "OR OR", "a\0b", "😀", "NEAR(a b)", "AND", "*", ":", '""', "a:b:c",
    '-"x y"*', "", ")", "--", "NOT", "a OR", '"""', '""""', "a*b*", "https://x.example/?a=b", "10:30", "feed:", "is:x",
    "newer:99999y", "older:1000-01-01", "on:2999-12-31", "story:999999999999999999", "\ud800", "' OR 1=1 --",
    "{title} : x", "^a + b", "title:*", 'speaker:"', "tag:\"a'b\"", "x" * LONGEST, "a " * MOST, "-a " * MOST,
    "is:read OR " * (MOST - 1) + "a", WIDEST, NARROWEST, "speaker:a OR " * (MOST - 1) + "a", '"' + "a " * 4000 + '"',
]  # fmt: skip


@pytest.mark.scorecard(42)
@pytest.mark.parametrize("source", ODD, ids=count())
def test_odd_queries(newsstand, source):
    answered(newsstand, source)


@pytest.mark.scorecard(42)
@pytest.mark.timeout(7200)
def test_no_query_raises_but_a_query_error(newsstand, full, record_property):
    tried = 0

    @settings(max_examples=10_000 if full else 300, suppress_health_check=list(HealthCheck))
    @given(
        st.text(st.characters(exclude_categories=()))
        | st.lists(pieces | st.text(max_size=3) | st.sampled_from('()"-')).map(" ".join)
    )
    def ask(source):
        nonlocal tried
        tried += 1
        answered(newsstand, source)

    ask()
    record_property("figure", f"{len(ODD)} odd and {tried:,} random queries, 0 errors")


def answered(library: Library, source: str) -> None:
    try:
        query = parse(source)
    except QueryError:
        return
    found = library.search.find(query, now=NOW)
    assert set(found) <= library.search.matches(query, found, now=NOW) if found else True
    library.search.hits(query, 1)
