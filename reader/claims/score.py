"""Annotated articles + what was found in them -> Scores: how much of the truth was found, and how much was true.

The measures are those of the annotation guide:

- attribution: one-to-one matches whose contents share half or more of their characters together and whose sources
  overlap, or are both left out; `content` asks for the contents alone;
- accuracies of speaker, kind, named, quotation and denied are shares of those matches. Names agree when their words
  do, titles aside, or one holds the other; `speaker_far` asks only where the name does not stand beside the cue;
- exact spans start and end where the annotator's do, once white space, quotation marks and stops are trimmed;
- speech: the share of the attributions found whose cue is a verb of speech;
- figures match as contents do; boilerplate counts characters.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NotRequired, TypedDict

import msgspec

from reader.model import Bound, Quotation, Share, SourceKind, Span

_FOUND = ("attribution", "content", "via", "exact_source", "exact_cue", "exact_content", "figures", "boilerplate")
_ACCURACY = (
    "speech_quoted", "speech_indirect", "speech_all", "speaker", "speaker_far", "kind", "named", "quotation", "denied",
    "figure_value", "figure_bound",
)  # fmt: skip

_ENOUGH = 0.5
"""Spans match that share at least so much of the characters they cover together."""
_TRIMMED = " \n\t\u00a0\"“”‘’'`,.;:"
_TITLES = {
    "the", "a", "an", "mr", "mrs", "ms", "miss", "dr", "sir", "lady", "lord", "prof", "professor", "president",
    "minister", "secretary", "senator", "sen", "rep", "gov", "governor", "chief", "justice", "judge", "king", "queen",
    "prince", "pope",
}  # fmt: skip
_NAME_WORD = re.compile(r"[\w&]+")

_SPEECH_STEMS = (
    "accord acknowledg add admit affirm agree alleg announc argu ask assert assur caution claim comment complain "
    "conced confirm contend continu declar describ disclos emphasis emphasiz estimat explain insist maintain mention "
    "observ predict quot recall remark report respond reveal stress suggest testif tweet urg warn writ"
)
_SPEECH_FORMS = (
    "cite cites cited citing deny denies denied denying note notes noted noting read reads reply replies replied "
    "replying say says said saying state states stated stating statement tell tells telling told wrote"
)
_SPEECH = re.compile(
    rf"\b(?:(?:{'|'.join(_SPEECH_STEMS.split())})\w*|{'|'.join(_SPEECH_FORMS.split())})\b", re.IGNORECASE
)


class GoldError(ValueError):
    """What was given is no annotated article; the message says why."""


class Attribution(TypedDict):
    """Who said what, as annotated or as `newsreader claims` prints it."""

    content: list[Span]
    cue: list[Span]
    source: list[Span]
    speaker: str | None
    kind: SourceKind
    named: bool
    quotation: Quotation
    via: list[str]
    denied: bool


class CheckableFigure(TypedDict):
    """A number, as annotated or as `newsreader claims` prints it."""

    span: Span
    value: float | None
    bound: Bound


class Gold(TypedDict):
    """An annotated article."""

    id: str
    text: str
    attributions: list[Attribution]
    title: NotRequired[str]
    figures: NotRequired[list[CheckableFigure]]
    boilerplate: NotRequired[list[Span]]
    held_out: NotRequired[bool]
    """True when nobody looks at it while the extractor is made."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """How much of the truth was found and how much of what was found is true, in per cent."""

    right: int
    gold: int
    predicted: int

    @property
    def precision(self) -> float:
        """The share of what was found that is true."""
        return round(100 * _ratio(self.right, self.predicted), 1)

    @property
    def recall(self) -> float:
        """The share of the truth that was found."""
        return round(100 * _ratio(self.right, self.gold), 1)

    @property
    def f1(self) -> float:
        """The harmonic mean of the two."""
        precision, recall = _ratio(self.right, self.predicted), _ratio(self.right, self.gold)
        return round(_ratio(200 * precision * recall, precision + recall), 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scores:
    """What a set of articles scores."""

    articles: int
    found: Mapping[str, Found]
    """By what was to be found: attribution, content, via, exact_source, …, figures, boilerplate."""
    accuracy: Mapping[str, Share]
    """By what can be right or wrong: speech_quoted, …, speaker, speaker_far, kind, …, figure_value, figure_bound."""


def read_gold(body: bytes) -> Gold:
    """An annotated article from its JSON; raises GoldError."""
    try:
        gold = msgspec.json.decode(body, type=Gold)
    except msgspec.ValidationError as error:
        raise GoldError(_plain(error)) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise GoldError(f"it is not JSON ({error})") from None
    spans = [*gold.get("boilerplate", []), *(f["span"] for f in gold.get("figures", []))]
    spans += [span for a in gold["attributions"] for span in (*a["content"], *a["cue"], *a["source"])]
    for start, end in spans:
        if not 0 <= start < end <= len(gold["text"]):
            raise GoldError(f"there is no span [{start}, {end}) in its text")
    return gold


def _plain(error: msgspec.ValidationError) -> str:
    """What is wrong with an article, and where: "object missing required field 'cue' at attributions[2]"."""
    what, _, where = str(error).partition(" - at ")
    where = where.strip("`").removeprefix("$.")
    return (what[0].lower() + what[1:] + (where and f" at {where}")).replace("`", "'")


def score(golds: Sequence[Gold], analyses: Sequence[Mapping[str, Any]]) -> Scores:
    """Compare annotated articles with what was found in each, in the form of `claims_json`."""
    tally = _Tally()
    for gold, analysis in zip(golds, analyses, strict=True):
        if analysis["text"] != gold["text"]:
            raise ValueError(f"{gold['id']}: what was analysed is not the annotated text")
        _attributions(tally, gold["text"], gold["attributions"], analysis["claims"])
        _figures(tally, gold.get("figures", []), analysis["figures"])
        truth, said = _characters(gold.get("boilerplate", [])), _characters(analysis["boilerplate"])
        tally.find("boilerplate", right=len(truth & said), gold=len(truth), predicted=len(said))
    return Scores(
        articles=len(golds),
        found={
            name: Found(right=tally.right[name], gold=tally.gold[name], predicted=tally.predicted[name])
            for name in _FOUND
        },
        accuracy={name: Share(right=tally.right[name], of=tally.gold[name]) for name in _ACCURACY},
    )


def scores_json(scores: Scores) -> dict[str, Any]:
    """The scores as the plain JSON that `newsreader eval claims --json` prints."""
    return {
        "articles": scores.articles,
        "found": {
            name: {
                "precision": found.precision,
                "recall": found.recall,
                "f1": found.f1,
                "gold": found.gold,
                "predicted": found.predicted,
            }
            for name, found in scores.found.items()
        },
        "accuracy": {name: {"percent": share.percent, "of": share.of} for name, share in scores.accuracy.items()},
    }


# --- counting --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Tally:
    """What was counted so far, by measure."""

    right: Counter[str] = field(default_factory=Counter)
    gold: Counter[str] = field(default_factory=Counter)
    predicted: Counter[str] = field(default_factory=Counter)

    def find(self, name: str, *, right: int, gold: int, predicted: int) -> None:
        self.right[name] += right
        self.gold[name] += gold
        self.predicted[name] += predicted

    def judge(self, name: str, right: bool) -> None:
        self.right[name] += right
        self.gold[name] += 1


def _attributions(tally: _Tally, text: str, golds: Sequence[Attribution], claims: Sequence[Attribution]) -> None:
    overlaps = _overlaps([g["content"] for g in golds], [c["content"] for c in claims])

    def same_source(i: int, j: int) -> bool:
        truth, said = _characters(golds[i]["source"]), _characters(claims[j]["source"])
        return bool(truth & said) or not (truth or said)

    matched = _match(overlaps, same_source)
    tally.find("attribution", right=len(matched), gold=len(golds), predicted=len(claims))
    tally.find("content", right=len(_match(overlaps)), gold=len(golds), predicted=len(claims))
    for role in ("source", "cue", "content"):
        truth, said = _trimmed(text, golds, role), _trimmed(text, claims, role)
        tally.find(f"exact_{role}", right=len(truth & said), gold=len(truth), predicted=len(said))
    for i, gold in enumerate(golds):
        if _SPEECH.search(_words(text, gold["cue"])):
            how = "indirect" if gold["quotation"] == Quotation.INDIRECT else "quoted"
            tally.judge(f"speech_{how}", i in matched)
            tally.judge("speech_all", i in matched)
    for i, j in matched.items():
        _fields(tally, text, golds[i], claims[j])
    behind = sum(
        any(same_name(name, other) for other in claims[j]["via"])
        for i, j in matched.items()
        for name in golds[i]["via"]
    )
    tally.find(
        "via", right=behind, gold=sum(len(g["via"]) for g in golds), predicted=sum(len(c["via"]) for c in claims)
    )


def _fields(tally: _Tally, text: str, gold: Attribution, claim: Attribution) -> None:
    """Judge what is told of a matched attribution."""
    right = same_name(gold["speaker"], claim["speaker"])
    tally.judge("speaker", right)
    if gold["speaker"] and _name_words(gold["speaker"]) != _name_words(_words(text, gold["source"])):
        tally.judge("speaker_far", right)
    tally.judge("kind", gold["kind"] == claim["kind"])
    tally.judge("named", gold["named"] == claim["named"])
    tally.judge("quotation", gold["quotation"] == claim["quotation"])
    tally.judge("denied", gold["denied"] == claim["denied"])


def _figures(tally: _Tally, golds: Sequence[CheckableFigure], figures: Sequence[CheckableFigure]) -> None:
    """Figures are matched in the order of the annotation, each with the first that is left."""
    left = list(figures)
    right = 0
    for gold in golds:
        truth = _characters([gold["span"]])
        found = next((f for f in left if _overlap(truth, _characters([f["span"]])) >= _ENOUGH), None)
        if found is None:
            continue
        left.remove(found)
        right += 1
        tally.judge("figure_bound", gold["bound"] == found["bound"])
        if gold["value"] is not None:
            tally.judge("figure_value", _same_value(gold["value"], found["value"]))
    tally.find("figures", right=right, gold=len(golds), predicted=len(figures))


# --- what agrees with what -------------------------------------------------------------------------------------------


def same_name(gold: str | None, said: str | None) -> bool:
    """Whether two names are of one speaker: the same words but for titles, or one holds the other; or both unknown."""
    truth, words = _name_words(gold), _name_words(said)
    if not truth or not words:
        return not truth and not words
    return truth <= words or words <= truth


def _name_words(name: str | None) -> set[str]:
    plain = (name or "").replace("’s", "").replace("'s", "").casefold()
    return set(_NAME_WORD.findall(plain)) - _TITLES


def _same_value(gold: float, said: float | None) -> bool:
    return said is not None and abs(said - gold) <= 1e-6 * max(1, abs(gold))


def _overlaps(golds: Iterable[Sequence[Span]], said: Iterable[Sequence[Span]]) -> list[tuple[float, int, int]]:
    """The pairs that share characters, those that share most first."""
    truths, others = [_characters(spans) for spans in golds], [_characters(spans) for spans in said]
    pairs = (
        (_overlap(truth, other), i, j)
        for i, truth in enumerate(truths)
        for j, other in enumerate(others)
        if not truth.isdisjoint(other)
    )
    return sorted(pairs, reverse=True)


def _match(
    overlaps: Iterable[tuple[float, int, int]], fits: Callable[[int, int], bool] | None = None
) -> dict[int, int]:
    """Gold -> found, one to one, the best pair first."""
    matched: dict[int, int] = {}
    taken: set[int] = set()
    for overlap, i, j in overlaps:
        if overlap >= _ENOUGH and i not in matched and j not in taken and (fits is None or fits(i, j)):
            matched[i] = j
            taken.add(j)
    return matched


def _overlap(one: set[int], other: set[int]) -> float:
    """The characters that both cover, of those that either covers."""
    return len(one & other) / len(one | other) if one or other else 0.0


def _characters(spans: Iterable[Span]) -> set[int]:
    return {at for start, end in spans for at in range(start, end)}


def _words(text: str, spans: Iterable[Span]) -> str:
    return " ".join(text[start:end] for start, end in spans)


def _trimmed(text: str, attributions: Iterable[Attribution], role: str) -> set[Span]:
    """The spans of a role, without the white space, quotation marks and stops around them."""
    trimmed = set()
    for attribution in attributions:
        for start, end in attribution[role]:  # type: ignore[literal-required]
            lead = len(words := text[start:end]) - len(words.lstrip(_TRIMMED))
            stripped = len(words.strip(_TRIMMED))
            trimmed.add(Span(start + lead, start + lead + stripped))
    return trimmed


def _ratio(part: float, whole: float) -> float:
    return part / whole if whole else 0.0
