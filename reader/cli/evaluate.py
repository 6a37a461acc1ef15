"""`newsreader eval`: how good the reader is at what it does, measured on annotated articles and pages."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from reader.cli.commands import Commands, takes_json
from reader.cli.output import OK, Failure, count, read_bytes, write_json

if TYPE_CHECKING:
    from reader.claims.score import Gold, Scores
    from reader.model import Share


def offer(measures: Commands) -> None:
    """Declare it."""
    text = "score the claims that are found in annotated articles"
    one = measures.add("claims", eval_claims, text, _EXAMPLES)
    takes_json(one)
    one.add_argument("gold", nargs="+", metavar="GOLD", help="an annotated article, or a directory of them (*.json)")


def eval_claims(arguments: argparse.Namespace) -> int:
    """Score the claims that are found in annotated articles."""
    from reader.claims.score import scores_json

    scores = score_claims([gold for name in arguments.gold for gold in _golds(name)])
    if arguments.json:
        write_json(scores_json(scores))
    else:
        print(table(scores))
    return OK


def score_claims(golds: list[Gold]) -> Scores:
    """Find the claims of annotated articles and score them."""
    from reader.claims.find import find
    from reader.claims.score import score
    from reader.claims.view import claims_json
    from reader.text import clean

    found = (find(clean(gold["text"]), title=clean(gold.get("title", ""))) for gold in golds)
    return score(
        golds, [claims_json(one, id=gold["id"], text=gold["text"]) for gold, one in zip(golds, found, strict=True)]
    )


def table(scores: Scores) -> str:
    """The scores as a table for a person."""
    lines = [count(scores.articles, "article"), ""]
    lines += [f"{'found':<16}{'precision':>10}{'recall':>8}{'F1':>7}{'gold':>7}{'predicted':>11}"]
    for name, found in scores.found.items():
        figures = f"{found.precision:>10.1f}{found.recall:>8.1f}{found.f1:>7.1f}{found.gold:>7}{found.predicted:>11}"
        lines.append(f"{_words(name):<16}{figures}")
    lines += ["", f"{'right':<16}{'per cent':>10}{'of':>8}"]
    lines += [share_row(name, share) for name, share in scores.accuracy.items()]
    return "\n".join(lines)


def share_row(name: str, share: Share) -> str:
    """One line of a table of what is right."""
    percent = "–" if share.percent is None else f"{share.percent:.1f}"
    return f"{_words(name):<16}{percent:>10}{share.of:>8}"


def _words(name: str) -> str:
    return name.replace("_", " ")


def _golds(name: str) -> list[Gold]:
    """The annotated articles of a file, or of the JSON files of a directory in the order of their names."""
    from reader.claims.score import GoldError, read_gold

    path = Path(name)
    files = sorted(path.glob("*.json")) if path.is_dir() else [path]
    if not files:
        raise Failure(f"{name} has no annotated articles: no file in it ends in .json.")
    golds = []
    for file in files:
        try:
            golds.append(read_gold(read_bytes(str(file))))
        except GoldError as error:
            raise Failure(f"{file} is not an annotated article: {error}.") from None
    return golds


_EXAMPLES = """\
  newsreader eval claims tests/claims/cases           how the extractor does on the project's own cases
  newsreader eval claims article.json --json          the same for one article, for a script
"""
