"""An article as the JSON of the command-line filters."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

from reader.model import Article


def article_json(article: Article, *, id: str | None) -> dict[str, Any]:
    """The object that `newsreader extract` writes for an article."""
    return {
        "id": id,
        "title": article.title,
        "byline": article.byline,
        "published": _instant(article.published),
        "site": article.site,
        "language": article.language,
        "text": article.text,
        "blocks": [{"kind": str(block.kind), **block.span._asdict()} for block in article.blocks],
        "links": [{**link.span._asdict(), "url": link.url} for link in article.links],
        "extractor": article.extractor,
        "modified": _instant(article.modified),
        "origins": asdict(article.origins),
        "canonical": article.canonical,
        "next_page": article.next_page,
        "emphasis": [{"kind": str(one.kind), **one.span._asdict()} for one in article.emphasis],
        "image": asdict(article.lead) if article.lead else None,
        "captions": [asdict(caption) for caption in article.captions],
        "wall": article.wall,
        "notice": article.notice,
    }


def _instant(when: datetime | None) -> str | None:
    return when.isoformat() if when else None
