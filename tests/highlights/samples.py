"""A highlight to begin with."""

from datetime import UTC, datetime
from uuid import NAMESPACE_URL, uuid5

from reader.model import Highlight, HighlightKind, Quote


def highlight(exact="We will publish the report.", *, id=1, start=0, prefix="", suffix="", **changes):
    facts = {
        "id": id,
        "uid": str(uuid5(NAMESPACE_URL, str(id))),
        "entry_id": 7,
        "kind": HighlightKind.CLAIM,
        "quote": Quote(exact=exact, prefix=prefix, suffix=suffix, start=start),
        "speaker": "Ana Duarte",
        "source": "the minister",
        "via": ("Lusa",),
        "outlet": "The Harbour Post",
        "title": "Report due in spring",
        "url": "https://harbour.example/report",
        "published": datetime(2026, 11, 12, 23, 30, tzinfo=UTC),
        "created": datetime(2026, 11, 13, 8, 0, id % 60, tzinfo=UTC),
        "changed": datetime(2026, 11, 13, 8, 0, id % 60, tzinfo=UTC),
        "text_hash": "0" * 64,
    }
    return Highlight(**{**facts, **changes})
