"""Stories in a library: sorted, told, kept and chosen, over a real server, real workers and a real file."""

import contextlib
import ctypes
import signal
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from ipaddress import ip_network
from pathlib import Path
from typing import NamedTuple

import pytest
from hostile_server import HostileServer, reply

from reader.config import Alerts, Network, Settings
from reader.library import steps
from reader.library.answers import LibraryError, Refreshed
from reader.library.library import Library
from reader.library.workers import Workers
from reader.model import AlertRule, Change, Verdict
from reader.store.store import Store

NOON = datetime(2026, 11, 12, 12, tzinfo=UTC)
OUTLETS = ("Courier", "Times", "Post", "Herald")


class Piece(NamedTuple):
    """An article as an outlet's feed carries it."""

    outlet: str
    title: str
    text: str
    """One paragraph a line."""
    hours: float | None
    """After noon."""
    guid: str = ""
    link: str = ""


CRANE = {
    "Courier": Piece(
        "Courier",
        "Crane falls into the harbour at Orde",
        "A crane fell into the harbour at Orde on Thursday morning. Nobody stood near it.\n"
        "Rebuilding the quay will cost the city $4 million, the harbour minister, Ilse Brandt, said.\n"
        "“We had asked for new cables three times,” Brandt said.",
        0,
    ),
    "Times": Piece(
        "Times",
        "Fallen crane blocks harbour of Orde",
        "Ships waited outside the harbour at Orde after a crane fell into the water on Thursday.\n"
        "Rebuilding the quay will cost the city $4 million, according to the prosecutor, Ola Moe.\n"
        "Her office has searched nine rooms of a company in Vorn.",
        1,
    ),
    "Post": Piece(
        "Post",
        "Harbour master of Orde whistled at over crane",
        "Nils Falk, the harbour master of Orde, met reporters after a crane fell into the harbour.\n"
        "He denied that rebuilding the quay would cost the city $4 million.\n"
        "Some of those who listened whistled, and he left through a side door.",
        2,
    ),
    "Herald": Piece(
        "Herald",
        "Divers look at fallen crane in Orde harbour",
        "Divers went into the harbour at Orde to look for the cables of the crane that fell on Thursday.\n"
        "Rebuilding the quay will cost the city $9 million, auditors in Tolm said.\n"
        "The divers go on at dawn if the wind allows it.",
        3,
    ),
}
CRANE_LATER = Piece(
    "Courier",
    "Fallen crane of Orde harbour to be sold",
    "The crane that fell into the harbour at Orde will be cut up and sold by weight.\n"
    "A yard in Vorn has offered to do that within a week.",
    8,
)
FIRE = (
    Piece(
        "Courier",
        "Tram depot in Vorn burns",
        "A fire broke out in the tram depot of Vorn on Thursday night. Twelve trams were lost.\n"
        "Signe Dahl, who leads the tram company, said the wiring was to blame.",
        4,
    ),
    Piece(
        "Times",
        "Twelve trams lost in Vorn depot fire",
        "Twelve trams burned in a fire at the depot in Vorn on Thursday night.\n"
        "Nobody was hurt, the fire brigade of Vorn said. The depot will stay closed until spring.",
        5,
    ),
)
EARLIER_FIRE = Piece(
    "Post",
    "Fire damages tram depot in Vorn",
    "Three trams were lost in a fire at the depot in Vorn. Signe Dahl, who leads the tram company, said the cause was "
    "not known.",
    -24 * 24,
)
GOATS = Piece(
    "Post",
    "Goats win first prize at Skerra fair",
    "A farmer from Tolm took first prize with three goats at the fair in Skerra. The judges praised their horns.",
    6,
)
GOATS_AGAIN = Piece(
    "Herald",
    "Three goats take first prize at fair in Skerra",
    "The judges of the fair in Skerra gave the first prize to three goats of a farmer from Tolm for their horns.",
    7,
)
RATE = (
    Piece(
        "Herald",
        "Central bank of Lund cuts its rate",
        "The central bank of Lund cut its key rate by half a point on Thursday, to 3 percent.\n"
        "Prices had hardly risen since spring, the bank's governor, Per Holm, said.",
        6.5,
    ),
    Piece(
        "Courier",
        "Lund's central bank lowers key rate to 3 percent",
        "The key rate falls to 3 percent, the central bank of Lund said on Thursday.\n"
        "Governor Per Holm said that prices had hardly risen.",
        7.5,
    ),
)
NEWS = sorted((*CRANE.values(), *FIRE, GOATS, *RATE), key=lambda piece: piece.hours)
TOLD_APART = {frozenset(piece.title for piece in story) for story in (CRANE.values(), FIRE, (GOATS,), RATE)}


class Desk:
    """A library that follows a few outlets, and what they publish for it."""

    def __init__(self, library: Library, server: HostileServer, name: str) -> None:
        self.library, self.stories, self._server, self._name = library, library.stories, server, name
        self._published: dict[str, dict[str, str]] = {outlet: {} for outlet in OUTLETS}
        for outlet in OUTLETS:
            library.store.add_feed(server.url(self._path(outlet)), title=outlet, site=None, folder=None, now=NOON)

    def _path(self, outlet: str) -> str:
        return f"/{self._name}/{outlet}"

    def follow(self, outlet: str, *pieces: Piece) -> None:
        """Have pieces published by an outlet that is not followed yet, and follow it."""
        self._published[outlet] = {piece.guid or piece.title: _item(piece) for piece in pieces}
        self._serve()
        self.library.feeds.add(self._server.url(self._path(outlet)))

    def page(self, path: str, text: str) -> str:
        """Have a page with this text; returns its address."""
        body = "".join(f"<p>{line}</p>" for line in text.split("\n"))
        html = f"<html><body><article>{body}</article></body></html>".encode()
        self._server.routes[f"/{self._name}{path}"] = reply(body=html, headers=["Content-Type: text/html"])
        return self._server.url(f"/{self._name}{path}")

    def _serve(self) -> None:
        for outlet, items in self._published.items():
            newest_first = "".join(reversed(items.values()))
            body = f"<rss version='2.0'><channel><title>{outlet}</title>{newest_first}</channel></rss>"
            self._server.routes[self._path(outlet)] = reply(body=body.encode())

    def bring(self, *pieces: Piece) -> Refreshed:
        """Have pieces published, and refresh."""
        for piece in pieces:
            self._published[piece.outlet][piece.guid or piece.title] = _item(piece)
        self._serve()
        came = self.library.refresh(force=True)
        assert came.failed == ()
        return came

    def id(self, piece: Piece) -> int:
        entries = self.library.store.entries(self.library.store.headlines())
        return next(entry.id for entry in entries.values() if entry.title == piece.title)

    def story(self, piece: Piece) -> int | None:
        return self.library.store.stories.story_of(self.id(piece))

    def together(self, *pieces: Piece) -> bool:
        return len({self.story(piece) for piece in pieces}) == 1

    def titles(self) -> set[frozenset[str]]:
        """All stories, as the person sees them."""
        entries = self.library.store.entries(self.library.store.headlines())
        return {frozenset(entries[id].title for id in story) for story in self.library.store.story_headlines()}

    def edit(self, piece: Piece, text: str) -> None:
        """Have another text of an article kept."""
        article = self.library.store.article(self.id(piece))
        self.library.store.save_article(self.id(piece), replace(article, text=text))

    def lose_workers(self) -> None:
        self.library._workers_or_none = Workers()
        self.library._workers_or_none.close()


def _item(piece: Piece) -> str:
    date = "" if piece.hours is None else format_datetime(NOON + timedelta(hours=piece.hours))
    body = "".join(f"<p>{line}</p>" for line in piece.text.split("\n"))
    return (
        f"<item><guid isPermaLink='false'>{piece.guid or piece.title}</guid><title><![CDATA[{piece.title}]]></title>"
        f"<link>{piece.link}</link><pubDate>{date}</pubDate><description><![CDATA[{body}]]></description></item>"
    )


Start = Callable[..., Desk]


@pytest.fixture(scope="module")
def server() -> Iterator[HostileServer]:
    with HostileServer() as server:
        yield server


@pytest.fixture(scope="module")
def workers() -> Iterator[Workers]:
    with Workers(processes=1, timeout=20.0) as workers:
        yield workers


@pytest.fixture
def start(tmp_path: Path, server: HostileServer, workers: Workers) -> Iterator[Start]:
    opened: list[Library] = []

    def start(*, tell: Sequence[AlertRule] = tuple(AlertRule), by: Workers = workers) -> Desk:
        settings = Settings(
            network=Network(allow_private=(ip_network("127.0.0.0/8"),)), alerts=Alerts(tell=tuple(tell))
        )
        name = f"library-{len(opened)}"
        library = Library(tmp_path / f"{name}.sqlite", settings=settings, now=lambda: NOON + timedelta(days=1))
        library._workers_or_none = by
        opened.append(library)
        return Desk(library, server, name)

    yield start
    for library in opened:
        if library._workers_or_none is workers:
            library._workers_or_none = None  # the next test uses them too
        library.close()


@pytest.fixture
def desk(start: Start) -> Desk:
    return start()


# --- sorted ----------------------------------------------------------------------------------------------------------


def test_a_refresh_sorts_what_came_into_the_same_stories_whatever_batches_it_came_in(start):
    def told(*batches):
        desk = start()
        for batch in batches:
            desk.bring(*batch)
        entries = desk.library.store.entries(desk.library.store.headlines())
        related = {
            entry.title: {(other.title, why.score, why.why) for other, why in desk.library.store.stories.related(id)}
            for id, entry in entries.items()
        }
        return desk.titles(), related

    at_once = told(NEWS)
    assert at_once[0] == TOLD_APART
    assert told(*([piece] for piece in NEWS)) == at_once
    assert told(NEWS[:2], NEWS[2:3], NEWS[3:]) == at_once


# --- told ------------------------------------------------------------------------------------------------------------


def test_a_story_is_told_with_its_claims_lined_up_and_how_many_outlets_did_not_copy(desk):
    copy = CRANE["Times"]._replace(outlet="Post", title="Harbour of Orde blocked by fallen crane", hours=1.5)
    desk.bring(CRANE["Courier"], CRANE["Times"], copy, CRANE["Herald"])
    told = desk.stories.told(desk.id(CRANE["Times"]))
    assert [entry.title for entry in told.entries] == [
        CRANE["Courier"].title,
        CRANE["Times"].title,
        copy.title,
        CRANE["Herald"].title,
    ]
    assert set(told.outlets.values()) == set(OUTLETS)
    assert told.independent == 3, "the Post copied"
    cost = cost_row(told)
    assert cost.independent == 3
    assert {told.entry(article).feed_title: cell.speaker.name for article, cell in cost.cells.items()} == {
        "Courier": "Ilse Brandt",
        "Times": "Ola Moe",
        "Post": "Ola Moe",
        "Herald": "auditors in Tolm",
    }


def test_who_denies_a_figure_is_not_said_to_give_it(desk):
    desk.bring(*CRANE.values())
    told = desk.stories.told(desk.id(CRANE["Post"]))
    post, herald = (str(desk.id(CRANE[outlet])) for outlet in ("Post", "Herald"))
    assert cost_row(told).cells[post].verdict is Verdict.DENIES
    clashing = {frozenset((clash.one[0], clash.other[0])) for clash in told.ledger.clashes}
    assert clashing == {frozenset((str(desk.id(CRANE[outlet])), herald)) for outlet in ("Courier", "Times")}


def test_a_story_that_was_told_once_is_told_again_without_any_worker(desk):
    desk.bring(*CRANE.values())
    told = desk.stories.told(desk.id(CRANE["Courier"]))
    desk.lose_workers()
    assert desk.stories.told(desk.id(CRANE["Herald"])) == told


def test_a_story_is_told_anew_when_an_article_of_it_was_edited(desk):
    desk.bring(CRANE["Courier"], CRANE["Times"])
    before = desk.stories.told(desk.id(CRANE["Courier"]))
    assert before.ledger.clashes == ()
    desk.edit(CRANE["Times"], before.articles[desk.id(CRANE["Times"])].text.replace("$4 million", "$9 million"))
    after = desk.stories.told(desk.id(CRANE["Courier"]))
    (clash,) = after.ledger.clashes
    assert {clash.one[1].value, clash.other[1].value} == {4e6, 9e6}


def test_a_story_that_was_edited_is_not_told_from_what_was_kept_when_no_worker_is_there(desk):
    desk.bring(CRANE["Courier"], CRANE["Times"])
    desk.stories.told(desk.id(CRANE["Courier"]))
    desk.edit(CRANE["Times"], "The quay at Orde is open again, the harbour office said.")
    desk.lose_workers()
    with pytest.raises(LibraryError, match="could not be lined up"):
        desk.stories.told(desk.id(CRANE["Courier"]))


def test_an_entry_that_is_in_no_story_yet_says_so(desk):
    with pytest.raises(LibraryError, match="not sorted into a story yet"):
        desk.stories.told(1)


# --- relatives -------------------------------------------------------------------------------------------------------


def test_relatives_are_never_of_the_articles_own_story(desk):
    desk.bring(EARLIER_FIRE, *FIRE, GOATS)
    one, other = FIRE

    def relatives(piece):
        return {entry.title for entry, _ in desk.stories.relatives(desk.id(piece))}

    assert desk.together(one, other)
    assert relatives(one) == relatives(other) == {EARLIER_FIRE.title}
    desk.stories.split([desk.id(other)])
    assert relatives(one) == {EARLIER_FIRE.title, other.title}, "it is another story now"
    desk.stories.merge(desk.story(one), desk.story(EARLIER_FIRE))
    assert relatives(one) == {other.title}, "the earlier one is of this story now"


def test_the_relatives_of_a_large_story_are_found_as_those_of_a_small_one(desk):
    one, other = FIRE
    many = [other._replace(title=f"{other.title} ({n})") for n in range(90)]
    desk.bring(EARLIER_FIRE, one, *many)
    desk.stories.choose({desk.id(piece): desk.story(one) for piece in many})
    assert len(desk.library.store.stories.story_entries(desk.story(one))) > 90
    assert EARLIER_FIRE.title in {entry.title for entry, _ in desk.stories.relatives(desk.id(one))}


# --- edits -----------------------------------------------------------------------------------------------------------

FERRY = Piece(
    "Times",
    "Ferry Ansa runs onto a sandbank",
    "The ferry Ansa ran onto a sandbank outside Skerra on Monday with 80 people on board.\n"
    "The captain was drunk and had left the bridge an hour before.\n"
    "Tugs from Vorn pulled the ship free at noon, and she went on to Orde under her own power.\n"
    "A school class from Tolm sang on the upper deck until the boats arrived.\n"
    "The company that owns the ferry will inspect the hull before she sails again, and until then a smaller ship takes "
    "the route twice a day, with no room for lorries.",
    0,
)
FERRY_EDITED = FERRY._replace(
    text=FERRY.text.replace("The captain was drunk", "The captain was possibly drunk").replace(
        "A school class from Tolm sang on the upper deck until the boats arrived.",
        "Prosecutors in Orde have taken the ship's papers.",
    )
)
FERRY_EDITS = [
    (
        Change.SOFTENED,
        "The captain was drunk and had left the bridge an hour before.",
        "The captain was possibly drunk and had left the bridge an hour before.",
    ),
    (Change.ADDED, None, "Prosecutors in Orde have taken the ship's papers."),
    (Change.REMOVED, "A school class from Tolm sang on the upper deck until the boats arrived.", None),
]


def edits(desk: Desk, piece: Piece) -> list[tuple[Change, str | None, str | None]]:
    told = desk.stories.edits(desk.id(piece))
    assert told is not None, "the text that was kept is still the first one"
    before, found = told
    after = desk.library.store.article(desk.id(piece)).text
    return [
        (edit.change, edit.before and edit.before.of(before), edit.after and edit.after.of(after)) for edit in found
    ]


def test_an_article_whose_text_was_changed_tells_what_was_softened_added_and_removed(desk):
    desk.bring(FERRY)
    assert desk.stories.edits(desk.id(FERRY)) is None
    desk.edit(FERRY, FERRY_EDITED.text.replace("\n", "\n\n"))
    assert edits(desk, FERRY) == FERRY_EDITS


def test_an_article_that_its_feed_has_changed_tells_what_was_changed(desk):
    desk.bring(FERRY)
    desk.bring(FERRY_EDITED)
    assert edits(desk, FERRY) == FERRY_EDITS


def test_an_article_whose_page_is_fetched_again_tells_what_was_changed_and_its_teaser_is_no_version(desk):
    desk.bring(FERRY._replace(text="The ferry Ansa ran onto a sandbank …", link=desk.page("/ferry", FERRY.text)))
    desk.library.open(desk.id(FERRY))
    assert desk.stories.edits(desk.id(FERRY)) is None
    desk.page("/ferry", FERRY_EDITED.text)
    desk.library.open(desk.id(FERRY), again=True)
    assert edits(desk, FERRY) == FERRY_EDITS


# --- speakers --------------------------------------------------------------------------------------------------------


def test_a_speaker_is_one_over_all_outlets_with_every_claim_counted(desk):
    desk.bring(
        CRANE["Courier"],
        Piece("Times", "Cables of the crane", "The cables were old, Harbour Minister Ilse Brandt told the council.", 1),
        Piece("Post", "A word on cranes", "Nobody will be charged for the crane, Brandt said.", 2),
    )
    read_all(desk)
    (brandt,) = desk.stories.speakers()
    assert (brandt.voice.name, set(brandt.voice.names)) == ("Ilse Brandt", {"Ilse Brandt", "Brandt"})
    assert brandt.claims == 4


def test_two_people_of_one_surname_are_two_speakers(desk):
    desk.bring(
        CRANE["Courier"],
        Piece("Times", "Choir of Tolm sings", "The choir never sang better, Olaf Brandt said.", 1),
        Piece("Post", "Snow in Tolm", "The roads will be clear by noon, Brandt said.", 2),
    )
    read_all(desk)
    claims = {spoke.voice.names: spoke.claims for spoke in desk.stories.speakers()}
    assert claims == {("Ilse Brandt",): 2, ("Olaf Brandt",): 1, ("Brandt",): 1}


# --- alerts ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("outlet", "rule", "words"),
    [
        ("Times", AlertRule.SECOND_SOURCE, "according to the prosecutor, Ola Moe"),
        ("Post", AlertRule.DENIAL, "He denied that rebuilding the quay would cost the city $4 million."),
        ("Herald", AlertRule.CONFLICT, "$9 million, auditors in Tolm said"),
    ],
)
def test_what_an_article_changes_in_a_story_that_was_opened_is_told_once(desk, outlet, rule, words):
    desk.bring(CRANE["Courier"])
    desk.stories.told(desk.id(CRANE["Courier"]))
    (alert,) = desk.bring(CRANE[outlet]).alerts
    assert (alert.rule, alert.entry.title) == (rule, CRANE[outlet].title)
    assert words in alert.words
    assert alert.why
    assert desk.bring().alerts == ()
    assert desk.bring(CRANE_LATER).alerts == ()
    assert desk.together(CRANE["Courier"], CRANE[outlet], CRANE_LATER)


@pytest.mark.parametrize("rule", AlertRule)
def test_only_what_the_settings_ask_for_is_told(start, rule):
    desk = start(tell=[rule])
    desk.bring(CRANE["Courier"])
    desk.stories.told(desk.id(CRANE["Courier"]))
    assert {alert.rule for alert in desk.bring(*CRANE.values()).alerts} == {rule}


def test_nothing_is_told_where_the_settings_ask_for_nothing(start):
    desk = start(tell=[])
    desk.bring(CRANE["Courier"])
    desk.stories.told(desk.id(CRANE["Courier"]))
    assert desk.bring(*CRANE.values()).alerts == ()


def test_nothing_is_told_of_a_story_that_was_never_opened(desk):
    desk.bring(CRANE["Courier"])
    assert desk.bring(*CRANE.values()).alerts == ()


def test_what_an_outlet_changes_that_is_newly_followed_is_told_at_the_next_refresh(desk):
    desk.bring(CRANE["Courier"])
    desk.stories.told(desk.id(CRANE["Courier"]))
    desk.follow("Gazette", CRANE["Post"])
    assert [(alert.rule, alert.entry.title) for alert in desk.bring().alerts] == [
        (AlertRule.DENIAL, CRANE["Post"].title)
    ]


# --- what the person chooses -----------------------------------------------------------------------------------------


def test_an_entry_taken_out_of_its_story_stays_out_whatever_comes_until_that_is_undone(desk):
    courier, times, post, herald = CRANE.values()
    desk.bring(courier, times, post)
    undo = desk.stories.split([desk.id(times)])
    desk.bring(herald, CRANE_LATER)
    desk.stories.sort()
    assert desk.together(courier, post)
    assert not desk.together(courier, times)
    assert not {courier.title, post.title} & {entry.title for entry in desk.stories.told(desk.id(times)).entries}
    desk.stories.choose(undo)
    assert desk.together(courier, times, post)


def test_what_joined_entries_that_were_taken_out_goes_back_with_them(desk):
    courier, times, post, herald = CRANE.values()
    desk.bring(courier, times, post)
    undo = desk.stories.split([desk.id(times), desk.id(post)])
    desk.bring(herald)
    assert desk.together(times, post, herald)
    assert not desk.together(courier, herald)
    desk.stories.choose(undo)
    assert desk.together(courier, times, post, herald)


def test_the_first_entry_of_a_story_can_be_taken_out_too(desk):
    desk.bring(CRANE["Courier"], CRANE["Times"], CRANE["Post"])
    undo = desk.stories.split([desk.id(CRANE["Courier"])])
    assert desk.titles() == {
        frozenset({CRANE["Courier"].title}),
        frozenset({CRANE["Times"].title, CRANE["Post"].title}),
    }
    desk.stories.choose(undo)
    assert desk.together(CRANE["Courier"], CRANE["Times"], CRANE["Post"])


def test_stories_made_one_stay_one_with_what_joins_them_until_that_is_undone(desk):
    desk.bring(CRANE["Courier"], CRANE["Times"], GOATS)
    undo = desk.stories.merge(desk.story(CRANE["Courier"]), desk.story(GOATS))
    desk.bring(CRANE["Herald"], GOATS_AGAIN)
    desk.stories.sort()
    (one,) = desk.titles()
    assert len(one) == 5
    assert len(desk.stories.told(desk.id(GOATS_AGAIN)).entries) == 5
    desk.stories.choose(undo)
    assert not desk.together(CRANE["Courier"], GOATS)
    assert desk.together(CRANE["Courier"], CRANE["Times"], CRANE["Herald"])


def test_stories_made_one_while_articles_are_sorted_get_those_articles(start):
    with Interrupted(processes=1, timeout=20.0) as workers:
        desk = start(by=workers)
        desk.bring(CRANE["Courier"], GOATS)
        workers.meanwhile = lambda: desk.stories.merge(desk.story(CRANE["Courier"]), desk.story(GOATS))
        desk.bring(GOATS_AGAIN)
        assert desk.together(CRANE["Courier"], GOATS, GOATS_AGAIN)


def test_a_pinned_entry_stays_in_its_story_when_the_machine_finds_another_until_that_is_undone(desk):
    desk.bring(CRANE["Courier"], GOATS)
    undo = desk.stories.pin([desk.id(CRANE["Courier"]), desk.id(GOATS)])
    find_one_story_in_all(desk)
    assert not desk.together(CRANE["Courier"], GOATS)
    desk.stories.choose(undo)
    assert desk.together(CRANE["Courier"], GOATS)


def test_undoing_gives_back_what_was_chosen_before_not_what_the_machine_found(desk):
    desk.bring(CRANE["Courier"], CRANE["Times"], GOATS)
    desk.stories.split([desk.id(CRANE["Times"])])
    chosen = desk.titles()
    undo = desk.stories.merge(desk.story(GOATS), desk.story(CRANE["Times"]))
    assert desk.together(GOATS, CRANE["Times"])
    desk.stories.choose(undo)
    assert desk.titles() == chosen


@pytest.mark.parametrize("pieces", [[CRANE["Courier"], GOATS], [GOATS]], ids=["of two stories", "the whole of one"])
def test_what_can_not_be_taken_out_is_said_and_left_as_it_is(desk, pieces):
    desk.bring(CRANE["Courier"], CRANE["Times"], GOATS)
    before = desk.titles()
    with pytest.raises(LibraryError):
        desk.stories.split([desk.id(piece) for piece in pieces])
    assert desk.titles() == before


# --- at its worst ----------------------------------------------------------------------------------------------------

POISON = GOATS._replace(title="Goats that no worker survives", hours=1.5)


def crash() -> None:
    ctypes.string_at(0)


def hang() -> None:
    signal.setitimer(signal.ITIMER_REAL, 0.1)  # the worker's own alarm, which would ring in seconds
    while True:
        pass


def sort_but_for_poison(grief: Callable[[], None], library: Path, at_once: int) -> steps.Sorted:
    with contextlib.closing(Store(library)) as store:
        if any(doc.title == POISON.title for doc in store.stories.unsorted(at_once=at_once)):
            grief()
    return steps.sort_stories(library, at_once)


class Poisoned(Workers):
    """Workers that come to grief over one article, as a flaw in somebody's C code would have them."""

    def __init__(self, grief: Callable[[], None]) -> None:
        super().__init__(processes=1, timeout=20.0)
        self._grief, self.failures = grief, 0

    def submit_longer(self, by, fn, /, *args, **kwargs):
        if fn is not steps.sort_stories:
            return super().submit_longer(by, fn, *args, **kwargs)
        future = super().submit_longer(by, sort_but_for_poison, self._grief, *args, **kwargs)
        self.failures += future.exception() is not None
        return future


class Interrupted(Workers):
    """Workers whose next sorting ends just after something else was done."""

    meanwhile: Callable[[], object] | None = None

    def submit_longer(self, by, fn, /, *args, **kwargs):
        future = super().submit_longer(by, fn, *args, **kwargs)
        if fn is steps.sort_stories and self.meanwhile:
            future.result()
            do, self.meanwhile = self.meanwhile, None
            do()
        return future


@pytest.mark.parametrize("grief", [crash, hang])
def test_an_article_that_kills_its_worker_is_a_story_by_itself_and_the_others_are_sorted(start, grief):
    with Poisoned(grief) as workers:
        desk = start(by=workers)
        desk.bring(*CRANE.values(), POISON, GOATS)
        assert workers.failures
        assert desk.titles() == {
            frozenset(piece.title for piece in CRANE.values()),
            frozenset({POISON.title}),
            frozenset({GOATS.title}),
        }


def test_an_article_that_kills_its_worker_costs_the_few_it_came_with_only_a_few_tries(start):
    with Poisoned(crash) as workers:
        desk = start(by=workers)
        desk.bring(*CRANE.values(), POISON)
        assert workers.failures <= 5, "each takes five seconds where the worker hangs"


def test_the_oddest_input_is_sorted_told_and_related_without_a_failure(desk):
    odd = [
        Piece("Courier", "", "", 0, "empty"),
        Piece("Courier", "", "A text without a title.", 0, "untitled"),
        Piece("Courier", "A title without a text", "", 0),
        Piece("Courier", "…", "!!! ??? — “”", 0),
        Piece("Times", "Of the year 1970", GOATS.text, -24 * 20_770),
        Piece("Times", "Of the year 2099", GOATS.text, 24 * 26_500),
        Piece("Times", "Of no year", GOATS.text, None),
        Piece("Post", "Kran stürzt in den Hafen", "Ein Kran stürzte am Donnerstag in den Hafen von Orde.", 1),
        Piece("Post", "クレーンが港に落ちた", "木曜日、オルデの港でクレーンが倒れた。けが人はいない。", 1),
        Piece("Post", "سقطت رافعة في ميناء", "سقطت رافعة في ميناء أورده يوم الخميس ولم يصب أحد.", 1),
        Piece("Post", "क्रेन गिरी", "गुरुवार को ओरदे के बंदरगाह में एक क्रेन गिर गई।", 1),
        Piece("Herald", "a" * 5_000, "b" * 20_000, 1),
        Piece("Herald", "\u202e\ufffd\u0301", "\u200d\u200d \U0001f410\U0001f410 \u0301\u0301", 1),
    ]
    same = [GOATS._replace(outlet="Herald", guid=f"goats-{n}") for n in range(500)]
    assert desk.bring(*odd, *same).new == len(odd) + len(same)
    store = desk.library.store
    assert len(list(store.stories.sketches(first=1))) == len(odd) + len(same), "no worker failed at any"
    assert {id for story in store.story_headlines() for id in story} == set(store.headlines())
    by_title = {entry.title: entry.id for entry in store.entries(store.headlines()).values()}
    for entry_id in by_title.values():
        told = desk.stories.told(entry_id)
        assert entry_id in {entry.id for entry in told.entries}
        own = {entry.id for entry in told.entries}
        assert not own & {entry.id for entry, _ in desk.stories.relatives(entry_id)}
        assert desk.stories.edits(entry_id) is None
    desk.stories.speakers()


# --- what the tests above ask ----------------------------------------------------------------------------------------


def cost_row(told):
    """The row of the crane's story that says what the quay will cost."""
    (row,) = [
        row
        for row in told.ledger.rows
        if all(
            "ebuilding the quay" in span.of(told.articles[int(article)].text)
            for article, cell in row.cells.items()
            for span in cell.spans
        )
    ]
    return row


def read_all(desk: Desk) -> None:
    for entry_id in desk.library.store.headlines():
        desk.stories.told(entry_id)


def find_one_story_in_all(desk: Desk) -> None:
    """Let the machine have found another story for everything, as an upgrade that sorts by other means might."""
    with contextlib.closing(sqlite3.connect(desk.library.store.path)) as db, db:
        db.execute("UPDATE stories SET story = (SELECT min(story) FROM stories)")
