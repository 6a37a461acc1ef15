"""Saved queries, and what rules do."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple


class ActionKind(StrEnum):
    """What a rule does to an entry that it finds."""

    MUTE = "mute"
    READ = "read"
    SAVE = "save"
    TAG = "tag"
    NOTIFY = "notify"


class Action(NamedTuple):
    """One thing that a rule does."""

    kind: ActionKind
    tag: str = ""


class Order(StrEnum):
    """How a list of headlines is sorted."""

    TIME = "time"
    """The newest first."""
    OUTLET = "outlet"
    """By the feed's title, the newest first within."""
    TOLD = "told"
    """The story that most feeds tell first, then the newest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedQuery:
    """A query that the person keeps: a smart feed, or with actions a rule for what comes in."""

    id: int
    name: str
    query: str
    actions: tuple[Action, ...] = ()
