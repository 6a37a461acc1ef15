"""From keys to actions: sequences such as `gg`, counts such as `5j`, and keys that the person chose."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from textual.dom import DOMNode
from textual.screen import Screen

from reader.tui.actions import ACTIONS, TOGETHER, Action, Place, as_keys, shown

Keys = tuple[str, ...]
"""Keys to be pressed one after the other: characters, or names as Textual has them for those that have none."""


class KeymapError(ValueError):
    """The keys that were chosen can't be used; the message is one plain sentence without the file's name."""

    def __init__(self, words: str, *, action_id: str) -> None:
        super().__init__(words)
        self.action_id = action_id


class Keymap:
    """Which keys lead to which action: the table's, but for those that the person chose."""

    def __init__(self, chosen: Mapping[str, Sequence[str]] | None = None) -> None:
        """Take keys by action; raises KeymapError for an unknown action, a key that is none, and clashes."""
        self.choose(chosen or {})

    def choose(self, chosen: Mapping[str, Sequence[str]]) -> None:
        """Take other keys, here and wherever this keymap is in use; where they are refused it stays as it was."""
        known = {action.id: action for action in ACTIONS}
        for action_id in chosen:
            if action_id not in known:
                near = difflib.get_close_matches(action_id, known, n=1)
                hint = f"; did you mean {near[0]!r}?" if near else "; docs/keys.md has them all"
                raise KeymapError(f"there is no action {action_id!r}{hint}", action_id=action_id)
        by_action: dict[str, tuple[Keys, ...]] = {}
        for action in ACTIONS:
            try:
                by_action[action.id] = tuple(as_keys(one) for one in chosen.get(action.id, action.keys))
            except ValueError as error:
                raise KeymapError(str(error), action_id=action.id) from None
        _refuse_clashes(by_action, chosen)
        self._keys = by_action
        self._by_place: dict[Place, dict[Keys, Action]] = {place: {} for place in Place}
        for action in ACTIONS:
            for keys in by_action[action.id]:
                self._by_place[action.place].setdefault(keys, action)

    def keys(self, action: Action) -> str:
        """The keys of an action as a person would write them, the one to show first."""
        return " ".join(written(keys) for keys in self._keys[action.id])

    def first_key(self, action: Action) -> str:
        """The key to show; nothing for an action that has none."""
        return written(self._keys[action.id][0]) if self._keys[action.id] else ""

    def hint(self, action_id: str) -> str:
        """An action as the footer would show it, for what says so in its own place."""
        action = next(action for action in ACTIONS if action.id == action_id)
        return f"{self.keys(action)} {action.label}"

    def find(self, keys: Keys, places: Iterable[Place]) -> Action | None:
        """The action that keys mean, the innermost of `places` first."""
        return next((found for place in places if (found := self._by_place[place].get(keys))), None)

    def begins(self, keys: Keys, places: Iterable[Place]) -> bool:
        """Whether more keys may follow."""
        return any(
            len(those) > len(keys) and those[: len(keys)] == keys for place in places for those in self._by_place[place]
        )


def _refuse_clashes(by_action: Mapping[str, tuple[Keys, ...]], chosen: Mapping[str, Sequence[str]]) -> None:
    for places in TOGETHER:
        taken: dict[Keys, Action] = {}
        # Those that were chosen come last, for it is they that are at fault.
        here = [action for action in ACTIONS if action.place in places]
        for action in sorted(here, key=lambda one: one.id in chosen):
            for keys in by_action[action.id]:
                near = (
                    one for those, one in taken.items() if those[: len(keys)] == keys or keys[: len(those)] == those
                )
                other = next(near, None)
                if other is not None and other.id != action.id:
                    words = f"the key {written(keys)} is taken by {other.id!r} where {action.id!r} works"
                    raise KeymapError(words, action_id=action.id)
                taken[keys] = action


def written(keys: Keys) -> str:
    """Keys as a person would write them."""
    return "".join(shown(key) for key in keys) if all(len(key) == 1 for key in keys) else " ".join(map(shown, keys))


class Meant(NamedTuple):
    """An action that was asked for, and how many times."""

    action: Action
    times: int | None


@dataclass(slots=True)
class Keyboard:
    """The keys pressed so far, until they mean something."""

    keymap: Keymap
    _keys: Keys = ()
    _count: str = ""
    _digit: Action | None = None
    """What the first digit means if no other key follows it soon."""

    @property
    def typed(self) -> str:
        """What waits for more keys, to be shown."""
        return self._count + written(self._keys)

    @property
    def in_doubt(self) -> bool:
        """Whether what was typed means something unless another key follows soon: ask `settle` then."""
        return self._digit is not None

    def press(self, key: str, places: Sequence[Place]) -> tuple[list[Meant], bool]:
        """What a key leads to, and whether it was taken: a key that nothing here knows is left to others."""
        if not self._keys and key.isdecimal() and key.isascii() and (self._count or key != "0"):
            self._digit = self.keymap.find((key,), places) if not self._count else None
            self._count += key
            return [], True
        keys = (*self._keys, key)
        if action := self.keymap.find(keys, places):
            return self._mean(action), True
        if self.keymap.begins(keys, places):
            self._keys = keys
            return [], True
        waited = bool(self._keys or self._count)
        before = self.settle()
        if waited and key == "escape":
            return [], True
        if not waited:
            return [], False
        after, taken = self.press(key, places)
        return [*before, *after], taken or bool(before)

    def _mean(self, action: Action) -> list[Meant]:
        count = int(self._count[:4]) if self._count else None
        before = [] if action.counts else self.settle()
        self.forget()
        return [*before, Meant(action, count if action.counts else None)]

    def settle(self) -> list[Meant]:
        """No more keys come: what those pressed so far mean."""
        meant = [Meant(self._digit, None)] if self._digit else []
        self.forget()
        return meant

    def forget(self) -> None:
        """Begin anew."""
        self._keys, self._count, self._digit = (), "", None


def chain(screen: Screen[Any]) -> list[DOMNode]:
    """What keys go to, the innermost first: the focused widget, what it stands in, the screen, the app."""
    # A pane that is coming to the front has the keys before it can have the focus.
    start: DOMNode = screen.focused or getattr(screen, "pane", None) or screen
    return [*start.ancestors_with_self]


def places_of(screen: Screen[Any]) -> list[Place]:
    """The places a person is in, the innermost first."""
    return list(dict.fromkeys(place for node in chain(screen) for place in getattr(node, "PLACES", ())))
