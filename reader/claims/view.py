"""What others do with an analysis: print it, ask whom it cites. Loads neither the model nor the rules."""

from __future__ import annotations

from typing import Any

from reader.model import Analysis, Claim, Figure, Source, SourceKind, Span


def claims_json(analysis: Analysis, *, id: str | None, text: str) -> dict[str, Any]:
    """The analysis as the plain JSON that `newsreader claims` prints: a gold annotation's fields, flattened."""
    return {
        "id": id,
        "text": text,
        "claims": [_claim_json(claim) for claim in analysis.claims],
        "figures": [_figure_json(figure) for figure in analysis.figures],
        "boilerplate": [list(span) for span in analysis.boilerplate],
        "model": analysis.model,
        "language": analysis.language,
    }


def sources(analysis: Analysis) -> tuple[Source, ...]:
    """The distinct speakers with all their mentions, the one with most claims first."""
    claims: dict[str, int] = {}
    merged: dict[str, Source] = {}
    spans: dict[str, dict[Span, None]] = {}
    for claim in analysis.claims:
        if claim.speaker is None:
            continue
        key = claim.speaker.name.casefold()
        merged.setdefault(key, claim.speaker)
        claims[key] = claims.get(key, 0) + 1
        spans.setdefault(key, {}).update(dict.fromkeys(claim.source))
    order = sorted(merged, key=lambda key: -claims[key])
    return tuple(
        Source(name=s.name, kind=s.kind, named=s.named, spans=tuple(sorted(spans[key])))
        for key in order
        for s in (merged[key],)
    )


def _claim_json(claim: Claim) -> dict[str, Any]:
    return {
        "id": claim.id,
        "content": [list(span) for span in claim.content],
        "cue": [list(span) for span in claim.cue],
        "source": [list(span) for span in claim.source],
        "speaker": claim.speaker.name if claim.speaker else None,
        "kind": str(claim.speaker.kind if claim.speaker else SourceKind.UNKNOWN),
        "named": bool(claim.speaker and claim.speaker.named),
        "quotation": str(claim.quotation),
        "via": list(claim.via),
        "denied": claim.denied,
        "figures": [_figure_json(figure) for figure in claim.figures],
        "score": claim.score,
        "reasons": list(claim.reasons),
        "worth": claim.worth,
        "telling": list(claim.telling),
    }


def _figure_json(figure: Figure) -> dict[str, Any]:
    return {
        "span": list(figure.span),
        "value": figure.value,
        "unit": figure.unit,
        "bound": str(figure.bound),
        "high": figure.high,
    }
