"""Keys: sequences, counts, remapping and its refusals."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reader.tui.actions import ACTIONS, TOGETHER, Place, as_keys, shown
from reader.tui.keyboard import Keyboard, Keymap, KeymapError, written

HERE = [Place.TEXT, Place.LISTS, Place.READER, Place.EVERYWHERE]


def meant(keys, keymap=None, places=HERE):
    """What keys lead to, one after the other, and at last when no more come."""
    keyboard = Keyboard(keymap or Keymap())
    came = [one for key in keys for one in keyboard.press(key, places)[0]] + keyboard.settle()
    return [(one.action.id, one.times) for one in came]


def test_a_sequence_means_something_only_when_it_is_whole():
    keyboard = Keyboard(Keymap())
    assert keyboard.press("g", HERE) == ([], True)
    assert keyboard.typed == "g"
    (came,), taken = keyboard.press("g", HERE)
    assert (came.action.id, taken) == ("first", True)
    assert keyboard.typed == ""


def test_a_count_is_handed_to_what_takes_one():
    assert meant("5j") == [("down", 5)]
    assert meant("12G") == [("last", 12)]
    assert meant("10]") == [("next_claim", 10)]
    assert meant("3gg") == [("first", 3)]


def test_a_digit_that_is_a_key_itself_means_that_when_nothing_counts_it():
    assert meant("2") == [("stories", None)]
    assert meant("2j") == [("down", 2)]
    assert meant("2m") == [("stories", None), ("toggle_read", None)]
    assert meant("22m") == [("toggle_read", None)], "a number is none of the keys"


def test_a_zero_counts_only_within_a_number():
    assert meant("20j") == [("down", 20)]
    assert Keyboard(Keymap()).press("0", HERE) == ([], False)


def test_a_sequence_that_leads_nowhere_is_dropped_and_its_last_key_counts():
    assert meant("gj") == [("down", None)]
    keyboard = Keyboard(Keymap())
    keyboard.press("g", HERE)
    assert keyboard.press("escape", HERE) == ([], True), "Esc forgets what was begun, and does no more"


def test_what_no_place_knows_is_left_to_others():
    assert Keyboard(Keymap()).press("f5", HERE) == ([], False)


def test_the_innermost_place_comes_first():
    assert meant("j", places=[Place.SELECTING, Place.LISTS]) == [("select_more", None)]


def test_keys_are_chosen_anew():
    keymap = Keymap({"save": ["gS", "Ctrl-s"], "zen": []})
    assert meant(["g", "S"], keymap) == [("save", None)]
    assert meant(["ctrl+s"], keymap) == [("save", None)]
    assert meant("s", keymap) == []
    assert meant("z", keymap) == []
    save = next(action for action in ACTIONS if action.id == "save")
    assert keymap.keys(save) == "gS Ctrl-s"


@pytest.mark.parametrize(
    ("chosen", "says"),
    [
        ({"sav": ["s"]}, "there is no action 'sav'; did you mean 'save'?"),
        ({"save": ["m"]}, "the key m is taken by 'toggle_read' where 'save' works"),
        ({"save": ["g"]}, "the key g is taken by"),
        ({"save": ["ggg"]}, "the key ggg is taken by 'first' where 'save' works"),
        ({"close_saved": ["j"]}, "the key j is taken by 'down' where 'close_saved' works"),
        ({"save": [""]}, "there is no key in it"),
        ({"save": ["Strg-s"]}, "'Strg-s' is no key"),
    ],
)
def test_what_can_not_be_used_is_refused_by_its_name(chosen, says):
    with pytest.raises(KeymapError) as refused:
        Keymap(chosen)
    assert says in str(refused.value)
    assert refused.value.action_id == next(iter(chosen))


def test_a_key_that_was_freed_can_be_taken():
    assert meant("m", Keymap({"save": ["m"], "toggle_read": ["U"]})) == [("save", None)]


def test_places_that_do_not_work_together_may_share_keys():
    assert Keymap({"remove_saved": ["c"]}) is not None


def test_every_action_has_a_name_of_its_own_a_place_where_it_works_and_words():
    assert len({action.id for action in ACTIONS}) == len(ACTIONS)
    for action in ACTIONS:
        assert any(action.place in places for places in TOGETHER), action.id
        assert action.help.endswith(".") or action.help.endswith("…"), action.id
        assert len(action.label) <= 20, action.id


@given(
    st.lists(st.sampled_from([*"abzG[];0", "enter", "ctrl+d", "shift+tab", "pagedown", "f5"]), min_size=1, max_size=3)
)
def test_what_is_shown_of_keys_can_be_typed_into_the_configuration(keys):
    assert as_keys(written(tuple(keys))) == tuple(keys)


def test_keys_are_shown_as_they_stand_on_the_keyboard():
    assert [shown(key) for key in ("escape", "ctrl+d", "shift+tab", "G", "space")] == [
        "Esc",
        "Ctrl-d",
        "Shift-Tab",
        "G",
        "Space",
    ]
