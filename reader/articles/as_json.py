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
        "modified": _instant(article.modified),
        "site": article.site,
        "language": article.language,
        "text": article.text,
        "blocks": [{"kind": str(block.kind), **block.span._asdict()} for block in article.blocks],
        "links": [{**link.span._asdict(), "url": link.url} for link in article.links],
        "emphasis": [{"kind": str(one.kind), **one.span._asdict()} for one in article.emphasis],
        "captions": [{"text": caption.text, "at": caption.at} for caption in article.captions],
        "image": {"url": article.lead.url, "caption": article.lead.caption} if article.lead else None,
        "canonical": article.canonical,
        "origins": asdict(article.origins),
        "wall": article.wall,
        "notice": article.notice,
        "extractor": article.extractor,
    }


def _instant(when: datetime | None) -> str | None:
    return when.isoformat() if when else None
