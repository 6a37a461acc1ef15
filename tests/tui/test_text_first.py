"""An article that is read while its claims are looked for."""

import threading
from dataclasses import replace

import pytest
from test_article import SENTENCE, long_article, store

from reader.library import steps
from reader.library.library import Library
from reader.library.workers import WorkerError
from reader.query import parse
from reader.tui.widgets.find import FindLine
from reader.tui.widgets.panel import Panel, Sources

pytestmark = pytest.mark.anyio


class Gates:
    """Has those wait who look for claims, each at a gate of its own, until all are opened."""

    def __init__(self, library: Library) -> None:
        self.gates: list[threading.Event] = []
        self.are_open = False
        self.broken = ""
        self._work, library._work = library._work, self.work

    def work(self, step, *args, longer=0):
        if step is steps.find_claims:
            self.gates.append(gate := threading.Event())
            assert self.are_open or gate.wait(60)
            if self.broken:
                raise WorkerError(self.broken)
        return self._work(step, *args, longer=longer)

    def open(self) -> None:
        self.are_open = True
        for gate in self.gates:
            gate.set()


@pytest.fixture
def gates(empty_library: Library):
    gates = Gates(empty_library)
    yield gates
    gates.open()


async def until(reader, met) -> None:
    for _ in range(500):
        if met():
            return
        await reader.pilot.pause(0.02)
    raise AssertionError("it never came to that")


async def read(reader, gates: Gates) -> None:
    """Open the article, whose claims wait."""
    reader.headlines.focus()
    await reader.pilot.press("enter")
    await until(reader, lambda: gates.gates and reader.article.opened)
    assert not reader.article.opened.analysed


async def analysed(reader, gates: Gates) -> None:
    gates.open()
    await until(reader, lambda: reader.article.opened.analysed)
    await reader.settle()


async def saved(reader, count: int) -> None:
    await until(reader, lambda: len(reader.article.opened.highlights) == count)


def text_in_the_middle(reader) -> list[str]:
    return [line.split("│")[1][:-2] for line in reader.shown().splitlines()[8:14]]


async def test_words_that_are_saved_meanwhile_become_their_speakers(start, empty_library: Library, gates: Gates):
    store(empty_library, long_article(20))
    async with start(on=empty_library) as reader:
        await read(reader, gates)
        skipped = len(SENTENCE[: SENTENCE.index("31 people")].split())
        await reader.pilot.press("v", "o", *["b"] * skipped, "s")
        await saved(reader, 1)
        (before,) = empty_library.store.highlights.all()
        assert before.speaker is None
        await analysed(reader, gates)
        (after,) = empty_library.store.highlights.all()
        assert (after.uid, after.quote) == (before.uid, before.quote)
        assert after.speaker == "the harbour master of Skerra"
        assert empty_library.store.highlights.find(parse("speaker:harbour"), now=after.created) == [after]
        assert [one.highlight for one in reader.article.opened.highlights] == [after]


async def test_keys_about_claims_say_that_they_are_awaited(start, empty_library: Library, gates: Gates):
    store(empty_library, long_article(20))
    async with start(on=empty_library, size=(190, 45)) as reader:
        await read(reader, gates)
        reader.screen.query_one(Panel).turn_to(reader.screen.query_one(Sources))
        await reader.pilot.pause()
        assert "cites nobody" not in reader.shown()
        for key in ("s", "right_square_bracket"):
            reader.app.clear_notifications()
            await reader.pilot.press(key)
            assert "Its claims are still being looked for" in reader.said()[-1], key
        await analysed(reader, gates)
        await reader.press("right_square_bracket", "s")
        assert [one.kind for one in empty_library.store.highlights.all()] == ["claim"]


async def test_a_saved_claim_that_is_opened_is_the_current_one_as_soon_as_it_can_be(
    start, empty_library: Library, gates: Gates
):
    store(empty_library, long_article(20))
    async with start(on=empty_library) as reader:
        await read(reader, gates)
        await analysed(reader, gates)
        await reader.press("right_square_bracket", "right_square_bracket", "s")
        claim, (highlight,) = reader.article.claim, empty_library.store.highlights.all()
        with empty_library.store._at.transaction() as db:
            db.execute("DELETE FROM analyses")
        reader.article.wait("")
        gates.gates, gates.are_open = [], False
        reader.screen.open_entry(highlight.entry_id, at=highlight)
        await until(reader, lambda: gates.gates and reader.article.opened)
        assert reader.article.claim is None
        await analysed(reader, gates)
        assert reader.article.claim.content == claim.content
        assert reader.claims.claim() == reader.article.claim


async def test_what_is_opened_again_is_as_it_was_opened_last(start, empty_library: Library, gates: Gates):
    store(empty_library, long_article(40))
    async with start(on=empty_library) as reader:
        await read(reader, gates)
        await reader.pilot.press("v", "s")
        await saved(reader, 1)
        reader.screen.open_entry(reader.article.opened.entry.id)
        await until(reader, lambda: reader.screen._held is None)
        reader.article.action_find_in_page()
        await reader.pilot.press("b", "r")
        await analysed(reader, gates)
        assert len(gates.gates) == 1, "the second waits for what the first looks for"
        assert len(reader.article.opened.highlights) == 1
        assert reader.article.query(FindLine)
        assert reader.article.finding


async def test_a_page_that_is_fetched_again_meanwhile_stays(start, empty_library: Library, gates: Gates, monkeypatch):
    store(empty_library, long_article(40))
    new = long_article(30)
    new = replace(new, text=new.text.replace("31", "32"))
    monkeypatch.setattr(empty_library, "_page", lambda *_, **__: new)
    async with start(on=empty_library) as reader:
        await read(reader, gates)
        await reader.pilot.press("E")
        await until(reader, lambda: len(gates.gates) == 2)
        gates.gates[1].set()
        await until(reader, lambda: reader.article.opened.analysed)
        await analysed(reader, gates)
        assert "32 people" in reader.shown()
        assert "31 people" not in reader.shown()


async def test_that_no_claims_can_be_found_is_said_and_the_text_stands_still(
    start, empty_library: Library, gates: Gates
):
    store(empty_library, long_article(60))
    gates.broken = "it took too long"
    async with start(on=empty_library, size=(120, 30)) as reader:
        await read(reader, gates)
        await reader.pilot.press("ctrl+d", "ctrl+d")
        lines = text_in_the_middle(reader)
        await analysed(reader, gates)
        assert reader.article.opened.notice == "Its claims could not be looked for: it took too long."
        assert text_in_the_middle(reader) == lines
