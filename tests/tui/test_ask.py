"""The small dialog that asks for one line, and the one that asks whether one is sure."""

import pytest

from reader.tui.screens.ask import AskScreen, SureScreen

pytestmark = pytest.mark.anyio


def _refuse(answer: str) -> None:
    if answer == "no":
        raise ValueError("“no” will not do: [b]say[/b] something else.")


async def test_an_answer_that_will_not_do_is_told_and_can_be_mended(start):
    answers = []
    async with start(size=(60, 20)) as reader:
        reader.app.push_screen(AskScreen("Well [/]?", hint="a word", check=_refuse), answers.append)
        await reader.settle()
        assert "Well [/]?" in reader.shown()
        assert "a word" in reader.shown()
        await reader.press("enter")
        assert answers == []
        await reader.press("n", "o", "enter")
        assert "[b]say[/b] something else." in reader.shown()
        await reader.press("t", "space", "enter")
    assert answers == ["not"]


async def test_the_value_is_there_to_be_edited_and_esc_gives_no_answer(start):
    answers = []
    async with start(size=(60, 20)) as reader:
        reader.app.push_screen(AskScreen("Name?", value="Harbour"), answers.append)
        await reader.press("s", "enter")
        reader.app.push_screen(AskScreen("Name?", value="Harbour"), answers.append)
        await reader.press("q", "escape")
    assert answers == ["Harbours", None]


async def test_an_empty_answer_is_one_only_where_it_may_be(start):
    answers = []
    async with start(size=(60, 20)) as reader:
        reader.app.push_screen(AskScreen("Tags?", value="a", optional=True), answers.append)
        await reader.press("backspace", "enter")
    assert answers == [""]


@pytest.mark.parametrize(("key", "sure"), [("y", True), ("enter", True), ("n", False), ("escape", False), ("q", False)])
async def test_only_a_yes_is_one(start, key, sure):
    answers = []
    async with start(size=(60, 20)) as reader:
        reader.app.push_screen(SureScreen("Remove [b]it[/b]?", yes="remove"), answers.append)
        await reader.settle()
        assert "Remove [b]it[/b]?" in reader.shown()
        assert "Enter: remove" in reader.shown()
        await reader.press(key)
    assert answers == [sure]
