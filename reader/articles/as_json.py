"""An article as the JSON of the command-line filters."""

from __future__ import annotations

from typing import Any

from reader.model import Article


def article_json(article: Article, *, id: str | None) -> dict[str, Any]:
    """The object that `newsreader extract` writes for an article."""
    return {
        "id": id,
        "title": article.title,
        "byline": article.byline,
        "published": article.published.isoformat() if article.published else None,
        "site": article.site,
        "language": article.language,
        "text": article.text,
        "blocks": [{"kind": str(block.kind), **block.span._asdict()} for block in article.blocks],
        "links": [{**link.span._asdict(), "url": link.url} for link in article.links],
        "extractor": article.extractor,
    }
