"""Articles as editors change them, with where the words that were saved stand afterwards."""

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass

from reader.model import Span

SENTENCE = re.compile(r"[A-Z“\"][^\n.!?]{40,300}[.!?][”\"]?(?=\s|$)")
WORD = re.compile(r"[\w’'-]+")
FIGURE = re.compile(r"\d[\d,.]*\d(?: (?:percent|million|billion|people|years|dollars))?")


@dataclass(frozen=True)
class Case:
    """A text before and after, what was saved of the one, and where it stands in the other."""

    kind: str
    before: str
    saved: Span
    after: str
    truth: Span | None


@dataclass(frozen=True)
class Page:
    """A text as its paragraphs, one of which holds the words that were saved."""

    paragraphs: tuple[str, ...]
    number: int
    saved: Span
    """In its paragraph."""

    def text(self) -> str:
        return "\n\n".join(self.paragraphs)

    def place(self) -> Span:
        at = sum(len(one) + 2 for one in self.paragraphs[: self.number])
        return Span(at + self.saved.start, at + self.saved.end)

    def put(self, paragraph: str, saved: Span) -> "Page":
        changed = (*self.paragraphs[: self.number], paragraph, *self.paragraphs[self.number + 1 :])
        return Page(changed, self.number, saved)


def cases(text: str, rng: random.Random) -> Iterator[Case]:
    """One case of each kind that the text has room for."""
    for kind, edit in EDITS.items():
        if page := pick(text, rng, figure=kind.endswith("figure"), part=rng.random() < 0.4):
            edited = edit(page, rng)
            if edited is not None:
                after, truth = edited
                yield Case(kind, page.text(), page.place(), after, truth)


def pick(text: str, rng: random.Random, *, figure: bool, part: bool) -> Page | None:
    """Words of a text to be saved: a sentence of their own kind, a part of one, or a figure."""
    paragraphs = tuple(one for one in text.split("\n\n") if one.strip())
    found = []
    for number, paragraph in enumerate(paragraphs):
        for match in SENTENCE.finditer(paragraph):
            if text.count(match[0]) > 1:
                continue
            spans = [Span(*match.span())]
            if figure:
                spans = [
                    Span(match.start() + one.start(), match.start() + one.end()) for one in FIGURE.finditer(match[0])
                ]
            elif part:
                words = list(WORD.finditer(match[0]))
                if len(words) < 10:
                    continue
                first = rng.randrange(0, len(words) - 8)
                last = rng.randrange(first + 5, len(words))
                spans = [Span(match.start() + words[first].start(), match.start() + words[last].end())]
            found += [Page(paragraphs, number, span) for span in spans]
    return rng.choice(found) if found and len(paragraphs) >= 4 else None


def replaced(words: str, rng: random.Random, share: float, page: Page) -> str:
    """Words of which some are others: taken from elsewhere in the text, left out, or put in; figures counted on."""
    others = [word for one in page.paragraphs for word in WORD.findall(one)]
    places = list(WORD.finditer(words))
    count = max(1, round(share * len(places)))
    for match in sorted(rng.sample(places, min(count, len(places))), key=lambda one: -one.start()):
        old = match[0]
        if old.isdigit():
            new = str(int(old[:9]) + rng.randrange(1, 9))
        else:
            new = rng.choice([rng.choice(others), rng.choice(others), f"{old} {rng.choice(others)}", ""])
        words = words[: match.start()] + new + words[match.end() :]
    return re.sub(r"  +", " ", words).strip()


def reworded(page: Page, rng: random.Random, share: float = 0.15) -> Page:
    """The saved words reworded where they stand."""
    paragraph, (start, end) = page.paragraphs[page.number], page.saved
    new = replaced(paragraph[start:end], rng, share, page)
    return page.put(paragraph[:start] + new + paragraph[end:], Span(start, start + len(new)))


def words_changed(page: Page, rng: random.Random):
    edited = reworded(page, rng)
    return edited.text(), edited.place()


def many_words_changed(page: Page, rng: random.Random):
    edited = reworded(page, rng, 0.3)
    return edited.text(), edited.place()


def figure_updated(page: Page, rng: random.Random):
    paragraph, (start, end) = page.paragraphs[page.number], page.saved
    new = re.sub(r"\d", lambda match: str((int(match[0]) + rng.randrange(1, 9)) % 10), paragraph[start:end], count=2)
    edited = page.put(paragraph[:start] + new + paragraph[end:], Span(start, start + len(new)))
    return edited.text(), edited.place()


def surroundings_changed(page: Page, rng: random.Random):
    """The rest of the paragraph and what stands beside it is reworded; news is put before."""
    paragraph, (start, end) = page.paragraphs[page.number], page.saved
    before = replaced(paragraph[:start], rng, 0.3, page) + " " if paragraph[:start].strip() else ""
    after = " " + replaced(paragraph[end:], rng, 0.3, page) if paragraph[end:].strip() else ""
    edited = page.put(before + paragraph[start:end] + after, Span(len(before), len(before) + end - start))
    return moved_down(edited)


def moved_down(page: Page):
    news = "UPDATED 14:05 — This story has been updated with further reporting from our correspondents."
    edited = Page((news, *page.paragraphs), page.number + 1, page.saved)
    return edited.text(), edited.place()


def paragraph_moved(page: Page, rng: random.Random):
    others = [one for number, one in enumerate(page.paragraphs) if number != page.number]
    to = rng.choice([number for number in range(len(others) + 1) if number != page.number])
    edited = Page((*others[:to], page.paragraphs[page.number], *others[to:]), to, page.saved)
    return edited.text(), edited.place()


def moved_and_reworded(page: Page, rng: random.Random):
    moved = paragraph_moved(page, rng)
    text, place = moved
    paragraphs = text.split("\n\n")
    number = text[: place.start].count("\n\n")
    at = sum(len(one) + 2 for one in paragraphs[:number])
    edited = reworded(Page(tuple(paragraphs), number, Span(place.start - at, place.end - at)), rng, 0.1)
    return edited.text(), edited.place()


def sentence_moved(page: Page, rng: random.Random):
    """The sentence becomes a paragraph of its own, elsewhere."""
    paragraph, (start, end) = page.paragraphs[page.number], page.saved
    if end - start < 60:
        return None
    rest = re.sub(r"  +", " ", paragraph[:start] + paragraph[end:]).strip()
    others = list(page.paragraphs)
    others[page.number] = rest or others[page.number - 1]
    to = rng.randrange(0, len(others) + 1)
    edited = Page((*others[:to], paragraph[start:end], *others[to:]), to, Span(0, end - start))
    return edited.text(), edited.place()


def paragraph_cut(page: Page, rng: random.Random):
    others = [one for number, one in enumerate(page.paragraphs) if number != page.number]
    return "\n\n".join(others), None


def sentence_cut(page: Page, rng: random.Random):
    """The sentence around the saved words goes, those beside it stay."""
    paragraph = page.paragraphs[page.number]
    for match in SENTENCE.finditer(paragraph):
        if match.start() <= page.saved.start and page.saved.end <= match.end():
            rest = re.sub(r"  +", " ", paragraph[: match.start()] + paragraph[match.end() :]).strip()
            words = paragraph[page.saved.start : page.saved.end]
            after = page.put(rest, Span(0, 0)).text()
            return None if re.search(rf"\b{re.escape(words)}\b", after) else (after, None)
    return None


def short_words_cut(page: Page, rng: random.Random):
    """A figure's paragraph goes, and the same figure is told of something else elsewhere."""
    words = page.paragraphs[page.number][page.saved.start : page.saved.end]
    others = [one for number, one in enumerate(page.paragraphs) if number != page.number]
    at = rng.randrange(len(others))
    others[at] = f"The town hall has had {words} since the fire of last spring. {others[at]}"
    return "\n\n".join(others), None


def typeset_otherwise(page: Page, rng: random.Random):
    """Straight quotation marks, other dashes and spaces, soft hyphens, and lines in the place of paragraphs."""
    mark_start, mark_end = "\ue000", "\ue001"
    text, place = page.text(), page.place()
    marked = text[: place.start] + mark_start + text[place.start : place.end] + mark_end + text[place.end :]
    for old, new in {"“": '"', "”": '"', "’": "'", "‘": "'", "–": "-", "—": "–", "…": "...", "\n\n": "\n"}.items():
        marked = marked.replace(old, new)
    marked = re.sub(r"(?<=\w{5})(?=\w{5})", lambda _: "\u00ad" if rng.random() < 0.2 else "", marked)
    marked = re.sub(r"(?<=\d) (?=\w)", "\u00a0", marked)
    start = marked.index(mark_start)
    end = marked.index(mark_end) - 1
    return marked.replace(mark_start, "").replace(mark_end, ""), Span(start, end)


def clause_put_in(page: Page, rng: random.Random):
    paragraph, (start, end) = page.paragraphs[page.number], page.saved
    words = list(WORD.finditer(paragraph, start, end))
    if len(words) < 8:
        return None
    at = words[len(words) // 2].end()
    clause = ", according to two people who were briefed on the matter and asked not to be named,"
    edited = page.put(paragraph[:at] + clause + paragraph[at:], Span(start, end + len(clause)))
    return edited.text(), edited.place()


def shortened(page: Page, rng: random.Random):
    """A third of the saved words goes, from their beginning or their end."""
    paragraph, (start, end) = page.paragraphs[page.number], page.saved
    words = list(WORD.finditer(paragraph, start, end))
    if len(words) < 9:
        return None
    third = len(words) // 3
    if rng.random() < 0.5:
        cut = Span(start, words[third].start())
        edited = page.put(paragraph[: cut.start] + paragraph[cut.end :], Span(start, end - (cut.end - cut.start)))
    else:
        cut = Span(words[-third].end(), words[-1].end())
        edited = page.put(paragraph[: cut.start] + paragraph[cut.end :], Span(start, end - (cut.end - cut.start)))
    return edited.text(), edited.place()


EDITS = {
    "words changed": words_changed,
    "many words changed": many_words_changed,
    "figure updated: figure": figure_updated,
    "surroundings changed": surroundings_changed,
    "surroundings changed: figure": surroundings_changed,
    "paragraph moved": paragraph_moved,
    "paragraph moved: figure": paragraph_moved,
    "moved and reworded": moved_and_reworded,
    "sentence moved": sentence_moved,
    "paragraph cut": paragraph_cut,
    "paragraph cut: figure": paragraph_cut,
    "sentence cut": sentence_cut,
    "short words elsewhere: figure": short_words_cut,
    "typeset otherwise": typeset_otherwise,
    "clause put in": clause_put_in,
    "shortened": shortened,
}


def words_in(text: str) -> list[str]:
    """The words of a text, whatever way it is typeset."""
    return re.findall(r"\w+", re.sub("[\u00ad\u200b]", "", text).casefold())


def other_extraction(one: str, other: str, rng: random.Random) -> Case | None:
    """A sentence of one extraction, and where it stands in another, if that can be told by its words alone."""
    page = pick(one, rng, figure=False, part=False)
    if page is None:
        return None
    words = words_in(page.paragraphs[page.number][page.saved.start : page.saved.end])
    places = list(re.finditer(r"\w+", re.sub("[\u00ad\u200b]", "\ue000", other)))
    folded = [match[0].casefold() for match in places]
    at = [n for n in range(len(folded) - len(words) + 1) if folded[n : n + len(words)] == words]
    if len(at) == 1:
        truth = Span(places[at[0]].start(), places[at[0] + len(words) - 1].end())
    elif not at and not any(" ".join(words[n : n + 3]) in " ".join(folded) for n in range(len(words) - 2)):
        truth = None
    else:
        return None
    return Case("read otherwise", page.text(), page.place(), other, truth)


def is_right(case: Case, found: Span | None) -> bool:
    """Whether the words were found where they stand, within the words at their edges; or not, if they don't."""
    if case.truth is None or found is None:
        return case.truth is found
    shared = min(found.end, case.truth.end) - max(found.start, case.truth.start)
    whole = max(found.end, case.truth.end) - min(found.start, case.truth.start)
    return shared >= 0.7 * whole
