"""`newsreader eval stories`: how well articles are sorted into stories, and a story's claims lined up."""

from __future__ import annotations

import argparse
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reader.cli.commands import Commands, takes_json
from reader.cli.output import OK, Failure, read_bytes, write_json

if TYPE_CHECKING:
    from reader.stories.score import Agreement, LinedUp, Links, Scores


def offer(measures: Commands) -> None:
    """Declare it."""
    text = "score how articles are sorted into stories, and how a story's claims are lined up"
    one = measures.add("stories", eval_stories, text, _EXAMPLES)
    takes_json(one)
    help = "a stream of articles with their stories, or the folder of one story with its ledger; see docs/json.md"
    one.add_argument("gold", nargs="+", metavar="FILE|DIR", help=help)


def eval_stories(arguments: argparse.Namespace) -> int:
    """Score streams of articles, and stories lined up by hand."""
    from reader.stories.score import StreamError, links_of, read_ledger, read_stream

    streams: dict[str, Scores] = {}
    ledgers: dict[str, tuple[Links, int]] = {}
    for name in arguments.gold:
        path = Path(name)
        try:
            if path.is_dir():
                files = sorted(path.glob("*.json"))
                if not files:
                    raise Failure(f"{name} has no story: no file in it ends in .json.")
                ledgers[path.name] = score_ledger(read_ledger([read_bytes(str(file)) for file in files]))
            else:
                streams[path.stem] = score_stream(*read_stream(read_bytes(name)))
        except StreamError as error:
            raise Failure(f"{name} can't be scored: {error}.") from None
    total = links_of([found for found, _ in ledgers.values()])
    if arguments.json:
        write_json(
            {
                "streams": {name: _stream_json(scores) for name, scores in streams.items()},
                "ledgers": {name: _links_json(*scores) for name, scores in ledgers.items()},
                "links": _links_json(total, sum(count for _, count in ledgers.values())) if ledgers else None,
            }
        )
    else:
        print("\n\n".join(filter(None, (_stream_table(streams), _ledger_table(ledgers, total)))))
    return OK


def score_stream(docs: Any, gold: Any) -> Scores:
    """Sort a stream's articles into stories and score them."""
    from reader.stories.cluster import Stories
    from reader.stories.score import score

    stories = Stories()
    return score({doc.id: stories.add(doc).story for doc in docs}, gold)


def score_ledger(story: LinedUp) -> tuple[Links, int]:
    """Line up a story's articles; the links found, and how many figures were said to be in conflict."""
    from reader.claims.find import find
    from reader.stories import telling
    from reader.stories.ledger import ledger
    from reader.stories.score import links

    told = ledger(telling(doc, find(doc.text, title=doc.title, outlet=doc.outlet)) for doc in story.docs)
    found = [
        (ids, [{at for span in row.cells[id].spans for at in range(*span)} for id in ids])
        for row in told.rows
        for ids in combinations(sorted(row.cells), 2)
    ]
    return links(story.links, found), sum(not clash.updated for clash in told.clashes)


def _stream_table(streams: dict[str, Scores]) -> str:
    if not streams:
        return ""
    lines = [
        f"{'stream':<20}{'articles':>9}{'stories':>9}{'told':>7}   {'BCubed P':>9}{'R':>7}{'F1':>7}   {'pairs P':>9}"
    ]
    lines[0] += f"{'R':>7}{'F1':>7}"
    for name, one in streams.items():
        lines.append(
            f"{name[:19]:<20}{one.articles:>9,}{one.stories:>9,}{one.predicted:>7,}   {_figures(one.bcubed)}"
            f"   {_figures(one.pairs)}"
        )
    return "\n".join(lines)


def _ledger_table(ledgers: dict[str, tuple[Links, int]], total: Links) -> str:
    if not ledgers:
        return ""
    lines = [f"{'story':<20}{'links':>7}{'told':>7}   {'precision':>9}{'recall':>7}{'F1':>7}{'conflicts':>11}"]
    rows = [*ledgers.items(), ("all", (total, sum(count for _, count in ledgers.values())))]
    for name, (one, conflicts) in rows:
        lines.append(f"{name[:19]:<20}{one.known:>7}{one.told:>7}   {_figures(one.agreement)}{conflicts:>11}")
    return "\n".join(lines)


def _figures(one: Agreement) -> str:
    return f"{one.precision:>9.1f}{one.recall:>7.1f}{one.f1:>7.1f}"


def _agreement_json(one: Agreement) -> dict[str, float]:
    return {"precision": round(one.precision, 1), "recall": round(one.recall, 1), "f1": round(one.f1, 1)}


def _stream_json(one: Scores) -> dict[str, Any]:
    return {
        "bcubed": _agreement_json(one.bcubed),
        "pairs": _agreement_json(one.pairs),
        "articles": one.articles,
        "stories": one.stories,
        "predicted": one.predicted,
    }


def _links_json(one: Links, conflicts: int) -> dict[str, Any]:
    return {**_agreement_json(one.agreement), "known": one.known, "told": one.told, "conflicts": conflicts}


_EXAMPLES = """\
  newsreader eval stories stream.jsonl                how well a stream is sorted into stories
  newsreader eval stories tests/stories/ledgers/*     how well the claims of some stories are lined up
"""
