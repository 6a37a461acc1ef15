"""The gate: extraction of the pages beside this file, against the floors kept in floors.toml.

    python tests/articles/gate.py            print the tables, and what lies below its floor; exit code 1 then
    python tests/articles/gate.py --write    measure anew and write the floors

Of each page in pages/, NAME.html, its NAME.toml says what it states: what must and must not be in the text, title,
byline, dates and so on; a fact that it does not name is one that the page does not state: finding it is inventing it.
`error` is true, or words of the sentence, where the page must be refused; `kind` says what the page is there for.
Where the two sets of the benchmarks are at hand (`--shared`), they are measured too, by the rules of
`newsreader eval extract`. The floors of a set are good for the very pages they were measured on and no other.
"""

import argparse
import gzip
import hashlib
import sys
import tomllib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import lxml.html
from lxml import etree
from readability import Document

from reader.articles import ExtractError
from reader.articles.extract import extract
from reader.articles.score import Scores, score
from reader.cli import evaluate_pages
from reader.cli.evaluate import share_row
from reader.model import Article, EmphasisKind, Share

PAGES = Path(__file__).parent / "pages"
FLOORS = Path(__file__).parent / "floors.toml"
SHARED = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "pages"
SHARED_SETS = ("scrapinghub", "wcxb")
MARGIN = 0.5
"""What a change may cost before the gate closes, in points; the same page gives the same article anywhere."""

FACTS = ("byline", "published", "modified", "site", "language", "canonical", "image", "wall")
"""What a page may state or not."""

KEYS = {
    "kind", "url", "content_type", "title", *FACTS, "must", "must_not", "captions", "kinds", "strong", "links", "error",
}  # fmt: skip
"""What a page's TOML may say."""

FAR = 10
"""Points of words' F1 by which a page may not fall below what readability finds by itself."""

REMEASURE = "measure again with: make eval FLOORS=write"


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What one set of pages scores."""

    corpus: str
    """The SHA-256 of the set."""
    figures: dict[str, float]
    """What is kept above a floor, in per cent."""
    table: str


def main() -> int:
    parser = argparse.ArgumentParser(description="Score extraction on our own pages and compare with the floors.")
    parser.add_argument("--write", action="store_true", help="write the floors instead: measured minus a margin")
    parser.add_argument("--shared", type=Path, default=SHARED, metavar="DIR", help="where the benchmarks' sets lie")
    asked = parser.parse_args()
    sets = {"pages": measure()}
    for name in SHARED_SETS:
        if (asked.shared / name / "truth.jsonl").is_file():
            sets[name] = measure_shared(asked.shared / name)
        else:
            print(f"{name} is not in {asked.shared}; going on without it.\n")
    for name, measured in sets.items():
        print(f"{name}: {measured.table}\n")
    floors = FLOORS.read_text(encoding="utf-8") if FLOORS.exists() else ""
    if asked.write:
        FLOORS.write_text(as_toml(sets, floors), encoding="utf-8")
        print(f"Floors written to {FLOORS}.")
        return 0
    wrong = compare(sets, floors)
    print("\n".join(wrong) or "Everything is above its floor.")
    return 1 if wrong else 0


# --- our own pages ---------------------------------------------------------------------------------------------------


def measure() -> Measured:
    """What our own pages score."""
    right: Counter[str] = Counter()
    of: Counter[str] = Counter()
    files = sorted(PAGES.glob("*.toml"))
    for file in files:
        for name, is_right in judged(file):
            right[name] += is_right
            of[name] += 1
    shares = {name: Share(right=right[name], of=of[name]) for name in sorted(of, key=_place)}
    figures = {name: share.percent for name, share in shares.items() if share.percent is not None}
    whole = corpus([*files, *PAGES.glob("*.html")])
    return Measured(corpus=whole, figures=figures, table=table(len(files), shares))


def judged(file: Path) -> list[tuple[str, bool]]:
    """All that a page's TOML asks for, by name, and whether it is so."""
    page = tomllib.loads(file.read_text(encoding="utf-8"))
    if unknown := page.keys() - KEYS:
        raise ValueError(f"{file.name} says what nobody reads: {', '.join(sorted(unknown))}")
    try:
        article = extract(
            file.with_suffix(".html").read_bytes(), url=page["url"], content_type=page.get("content_type")
        )
    except ExtractError as error:
        if "error" in page:
            return [("error", page["error"] is True or page["error"] in str(error))]
        return [(name, False) for name in ("must", "title", *FACTS) if name in page]
    else:
        if "error" in page:
            return [("error", False)]
    return [*_of_facts(page, article), *_of_text(page, article)]


def _of_facts(page: dict[str, Any], article: Article) -> Iterable[tuple[str, bool]]:
    yield "title", page["title"] == article.title
    found = {name: getattr(article, name) for name in FACTS if name != "image"}
    found["image"] = article.lead.url if article.lead else None
    for name in FACTS:
        if name not in page:
            yield f"no_{name}", found[name] is None
        elif name in ("published", "modified"):
            yield name, _same_time(page[name], found[name])
        else:
            yield name, page[name] == found[name]


def _of_text(page: dict[str, Any], article: Article) -> Iterable[tuple[str, bool]]:
    text = folded(article.text)
    for words in page.get("must", ()):
        yield "must", folded(words) in text
    for words in page.get("must_not", ()):
        yield "must_not", folded(words) not in text
    under = [folded(caption.text) for caption in article.captions]
    under += [folded(article.lead.caption)] if article.lead else []
    for words in page.get("captions", ()):
        yield "captions", folded(words) not in text and any(folded(words) in caption for caption in under)
    kinds = Counter(str(block.kind) for block in article.blocks)
    for kind, count in page.get("kinds", {}).items():
        yield "kinds", kinds[kind] == count
    strong = [folded(one.span.of(article.text)) for one in article.emphasis if one.kind == EmphasisKind.STRONG]
    for words in page.get("strong", ()):
        yield "strong", any(folded(words) in one for one in strong)
    for url in page.get("links", ()):
        yield "links", any(url == link.url for link in article.links)


def _same_time(stated: Any, found: datetime | None) -> bool:
    """Whether an instant is the one stated, or on the day where only a day is stated."""
    if found is None:
        return False
    words = str(stated)
    if len(words) == len("2026-11-12"):
        return words == f"{found:%Y-%m-%d}"
    instant = datetime.fromisoformat(words)
    return found == (instant if instant.tzinfo else instant.replace(tzinfo=UTC))


def folded(text: str) -> str:
    """A text with its white space folded."""
    return " ".join(text.split())


def _place(name: str) -> int:
    """Where a measure stands in the table."""
    order = ("must", "must_not", "title", *FACTS, "captions", "kinds", "strong", "links", "error")
    return order.index(name) if name in order else len(order) + FACTS.index(name.removeprefix("no_"))


def table(pages: int, shares: dict[str, Share]) -> str:
    """The scores as a table for a person."""
    lines = [f"{pages} pages", "", f"{'right':<16}{'per cent':>10}{'of':>8}"]
    lines += [share_row(name, share) for name, share in shares.items() if not name.startswith("no_")]
    lines += ["", f"{'invented':<16}{'pages':>10}{'of':>8}"]
    for name, share in shares.items():
        if name.startswith("no_"):
            lines.append(f"{name.removeprefix('no_'):<16}{share.of - share.right:>10}{share.of:>8}")
    return "\n".join(lines)


# --- the benchmarks' sets --------------------------------------------------------------------------------------------


def measure_shared(folder: Path) -> Measured:
    """What a set of a benchmark scores."""
    pages = evaluate_pages.read_pages(str(folder))
    scores = evaluate_pages.score_pages(pages)
    figures = {
        "precision": scores.shingle.precision,
        "recall": scores.shingle.recall,
        "f1": scores.shingle.f1,
        "words": scores.words,
        "not_empty": round(100 * (1 - scores.empty / len(pages)), 1),
    }
    figures |= {name: share.percent for name, share in scores.shares.items() if share.percent is not None}
    if scores.invented.percent is not None:
        figures["no_date"] = round(100 - scores.invented.percent, 1)
    far = far_below_readability(pages, scores)
    figures["near_readability"] = round(100 * (1 - len(far) / len(pages)), 1)
    whole = corpus([folder / "truth.jsonl", *(page.file for page in pages)])
    lines = [
        evaluate_pages.table(scores),
        "",
        f"{len(far)} pages more than {FAR} points below readability itself",
        *far,
    ]
    return Measured(corpus=whole, figures=figures, table="\n".join(lines))


def far_below_readability(pages: Sequence[evaluate_pages.Page], ours: Scores) -> list[str]:
    """The pages on which readability-lxml by itself finds far more of the words, with both figures."""
    found = [{"text": readability_text(gzip.decompress(page.file.read_bytes()))} for page in pages]
    theirs = score([page.truth for page in pages], found)
    return [
        f"  {one.id}: {100 * one.words:.1f}, readability {100 * other.words:.1f}"
        for one, other in zip(ours.pages, theirs.pages, strict=True)
        if 100 * (other.words - one.words) > FAR
    ]


def readability_text(html: bytes) -> str:
    """What readability-lxml makes of a page without us; nothing where it gives up."""
    try:
        return str(lxml.html.fromstring(Document(html).summary(html_partial=True)).text_content())
    except (ValueError, etree.ParserError):
        return ""


# --- floors ----------------------------------------------------------------------------------------------------------


def corpus(files: Iterable[Path]) -> str:
    """The SHA-256 of files, with their names, in the order of their names."""
    digest = hashlib.sha256()
    for path in sorted(files, key=lambda path: path.name):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def as_toml(sets: dict[str, Measured], last: str = "") -> str:
    """The floors of what was measured; those in `last` of sets that were not are kept."""
    floors: dict[str, dict[str, Any]] = tomllib.loads(last)
    for name, measured in sets.items():
        less = {figure: round(max(0.0, value - MARGIN), 1) for figure, value in measured.figures.items()}
        floors[name] = {"corpus": measured.corpus} | less
    lines = ["# What extraction reaches, less a margin; `make eval FLOORS=write` writes this file."]
    for name, kept in floors.items():
        lines += ["", f"[{name}]"]
        lines += [f'{key} = "{value}"' if key == "corpus" else f"{key} = {value}" for key, value in kept.items()]
    return "\n".join(lines) + "\n"


def compare(sets: dict[str, Measured], toml: str) -> list[str]:
    """What is wrong, in plain sentences; nothing when the gate is open."""
    floors = tomllib.loads(toml)
    wrong = []
    for name, measured in sets.items():
        least = floors.get(name, {})
        if least.get("corpus") != measured.corpus:
            wrong.append(
                f"{name}: the pages are not those that the floors were measured on; look at the table, then {REMEASURE}"
            )
            continue
        for figure, floor in least.items():
            if figure != "corpus" and (value := measured.figures.get(figure, 0.0)) < floor:
                wrong.append(f"{name}: {figure} is {value}, below its floor of {floor}.")
    return wrong


if __name__ == "__main__":
    sys.exit(main())
