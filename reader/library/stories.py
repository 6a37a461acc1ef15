"""A story as the library tells it: its articles with their claims, lined up, and what a person makes of it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence

from reader.library.answers import LibraryError, StoryTold
from reader.model import Analysis, Article, Entry, Ledger, Telling
from reader.store.store import Store
from reader.stories import LEDGER


def told(
    store: Store,
    story: int,
    *,
    analysed: Callable[[Entry, Article], Analysis],
    lined_up: Callable[[Sequence[Telling]], Ledger],
) -> StoryTold:
    """The story with its ledger, kept from last time where it is of the same texts; asks for nothing from the network."""
    entries = store.story_entries(story)
    if not entries:
        raise LibraryError("That story is no longer in the library.")
    articles = {entry.id: article for entry in entries if (article := store.article(entry.id)) and article.text}
    tellings = [
        Telling(
            id=str(entry.id),
            title=entry.title,
            text=article.text,
            outlet=article.site or entry.feed_title,
            published=entry.published,
            analysis=analysed(entry, article),
        )
        for entry in entries
        if (article := articles.get(entry.id))
    ]
    made_of = _made_of(tellings)
    ledger = store.ledger(story, made_of=made_of)
    if ledger is None:
        ledger = lined_up(tellings)
        store.save_ledger(story, ledger, made_of=made_of)
    return StoryTold(id=story, entries=tuple(entries), articles=articles, ledger=ledger)


def _made_of(tellings: Sequence[Telling]) -> str:
    """What a ledger is made of, as a hash: another text, another extractor, another way of lining up give another."""
    held = hashlib.sha256(LEDGER.encode())
    for telling in tellings:
        for part in (telling.id, telling.outlet, str(telling.published), telling.analysis.model, telling.text):
            held.update(part.encode("utf-8", "replace") + b"\0")
    return held.hexdigest()


def merged(store: Store, one: int, other: int) -> dict[int, int | None]:
    """Which entries have to be chosen anew for two stories to be one, that of the first."""
    return {entry.id: one for entry in store.story_entries(other)}


def split(store: Store, entry_ids: Sequence[int]) -> dict[int, int | None]:
    """Which entries have to be chosen anew for some to make a story of their own.

    A story bears the id of one of its entries, so the part that does not hold that one gets another name.
    """
    stories = {store.story_of(entry_id) for entry_id in entry_ids}
    if len(stories) != 1 or (story := stories.pop()) is None:
        raise LibraryError("Only articles of one story can be taken out of it together.")
    whole = [entry.id for entry in store.story_entries(story)]
    out = [entry_id for entry_id in whole if entry_id in set(entry_ids)]
    rest = [entry_id for entry_id in whole if entry_id not in set(entry_ids)]
    if not rest:
        raise LibraryError("These articles are a story by themselves already.")
    moved = rest if story in out else out
    return dict.fromkeys(moved, min(moved))
